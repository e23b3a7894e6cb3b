//! Fixes as a unified diff, with every secret masked on both sides. It is to be read, not to be applied.
//! Not here: applying.

use std::{fmt::Write, ops::Range, path::Path};

use imara_diff::{Algorithm, Diff, InternedInput, sources::byte_lines};
use keylint_report::printable;

use super::{Rewritten, beside::Beside, beside::Line};
use crate::place::shown;

/// Lines around a change, as `diff -u` gives them.
const CONTEXT: u32 = 3;

/// The diff of a file that `name` names, which holds no secret.
pub(crate) fn between(name: &str, old: &str, new: &str, color: bool) -> String {
    let mut out = Out { text: String::new(), color };
    out.file(name, false);
    out.document(old.as_bytes(), new.as_bytes());
    out.text
}

/// The diff of all files.
pub(super) fn text(files: &[Rewritten], beside: &Beside, color: bool) -> String {
    let mut out = Out { text: String::new(), color };
    for file in files {
        out.file(&file.shown, false);
        out.document(&file.shown_old, &file.shown_new);
    }
    let here = std::env::current_dir().unwrap_or_default();
    for (path, lines) in &beside.files {
        let name = shown(path.strip_prefix(&here).unwrap_or(path));
        out.file(&name, !path.exists());
        out.added(path, lines);
    }
    out.text
}

struct Out {
    text: String,
    color: bool,
}

impl Out {
    fn file(&mut self, name: &str, new: bool) {
        let old = if new { "/dev/null".into() } else { format!("a/{name}") };
        self.line("", "--- ", old.as_bytes());
        self.line("", "+++ ", format!("b/{name}").as_bytes());
    }

    fn document(&mut self, old: &[u8], new: &[u8]) {
        let input = InternedInput::new(byte_lines(old), byte_lines(new));
        let diff = Diff::compute(Algorithm::Histogram, &input);
        let lines = |side: &[imara_diff::Token]| side.iter().map(|&line| input.interner[line]).collect::<Vec<&[u8]>>();
        let (before, after) = (lines(&input.before), lines(&input.after));
        let hunks: Vec<(Range<u32>, Range<u32>)> = diff.hunks().map(|hunk| (hunk.before, hunk.after)).collect();
        let mut first = 0;
        while first < hunks.len() {
            let mut last = first;
            while last + 1 < hunks.len() && hunks[last + 1].0.start - hunks[last].0.end <= 2 * CONTEXT {
                last += 1;
            }
            self.hunk(&hunks[first..=last], &before, &after);
            first = last + 1;
        }
    }

    /// Changes that stand close together, with the lines around them.
    fn hunk(&mut self, changes: &[(Range<u32>, Range<u32>)], before: &[&[u8]], after: &[&[u8]]) {
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return };
        let lead = first.0.start.min(CONTEXT);
        let tail = (before.len() as u32 - last.0.end).min(CONTEXT);
        let old = first.0.start - lead..last.0.end + tail;
        let new = first.1.start - lead..last.1.end + tail;
        let head = format!("-{},{} +{},{} @@", number(&old), old.len(), number(&new), new.len());
        self.line("36", "@@ ", head.as_bytes());
        let mut at = old.start;
        for (removed, added) in changes {
            self.lines("", " ", &before[at as usize..removed.start as usize]);
            self.lines("31", "-", &before[removed.start as usize..removed.end as usize]);
            self.lines("32", "+", &after[added.start as usize..added.end as usize]);
            at = removed.end;
        }
        self.lines("", " ", &before[at as usize..old.end as usize]);
    }

    /// Lines at the end of a file, of which nothing else is shown: `.env` is full of secrets.
    fn added(&mut self, path: &Path, lines: &[Line]) {
        let stored = std::fs::read(path).unwrap_or_default();
        let count = byte_lines(&stored).count();
        self.line("36", "@@ ", format!("-{count},0 +{},{} @@", count + 1, lines.len()).as_bytes());
        for line in lines {
            self.line("32", "+", &line.masked);
        }
    }

    fn lines(&mut self, color: &str, mark: &str, lines: &[&[u8]]) {
        for line in lines {
            self.line(color, mark, line);
        }
    }

    /// One line; what a terminal would obey is made visible.
    fn line(&mut self, color: &str, mark: &str, line: &[u8]) {
        let text = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line));
        let text = text.strip_suffix('\r').unwrap_or(&text);
        let text = text.split('\t').map(printable).collect::<Vec<_>>().join("\t");
        // Writing to a string cannot fail.
        let _ = match color {
            "" => writeln!(self.text, "{mark}{text}"),
            _ if !self.color => writeln!(self.text, "{mark}{text}"),
            _ => writeln!(self.text, "\x1b[{color}m{mark}{text}\x1b[0m"),
        };
    }
}

/// The number that a hunk's head gives for a range of lines: an empty one is named by the line before it.
fn number(lines: &Range<u32>) -> u32 {
    if lines.is_empty() { lines.start } else { lines.start + 1 }
}
