//! A fix of the engine as it is carried out here: changes of the document for the client, and lines for files beside it,
//! which may hold a secret and are therefore the host's to write. Not here: which fixes there are (`keylint_engine::fix`).

use keylint_diagnostics::{Applicability, Diagnostic, Document, Edit, Fix, Insert, Span};
use keylint_engine::fix::{choose, env, propose, splice};

use crate::{
    documents::Open,
    files::Pending,
    scan::{Scanned, World},
    show::UNUSED,
    text::Lines,
    types::TextEdit,
    uri::Uri,
};

/// Where local values live.
pub(crate) const ENV: &str = ".env";

/// What is to be done.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Changes of the document, which hold no secret.
    pub(crate) edits: Vec<TextEdit>,
    /// Lines that other files get, in this order, before the document is changed.
    pub(crate) lines: Vec<(Uri, Vec<u8>)>,
}

/// The finding with its fixes, in which no name is one that `.env` has with another value.
pub(crate) fn proposed(
    world: &mut World<'_>,
    scanned: &Scanned,
    open: &Open,
    finding: &Diagnostic,
) -> Result<Diagnostic, Pending> {
    let known = world.files.read(&scanned.scope.base.join(ENV))?.unwrap_or_default();
    let taken = |name: &str, value: &[u8]| env::is_taken(known.split(|&byte| byte == b'\n'), name, value);
    let mut diagnostics = scanned.diagnostics.clone();
    if !known.is_empty() {
        propose(&Document::new(&scanned.path, open.text.as_bytes()), &mut diagnostics, &taken);
    }
    let same = |other: &&Diagnostic| other.rule == finding.rule && other.primary.span == finding.primary.span;
    Ok(diagnostics.iter().find(same).unwrap_or(finding).clone())
}

/// How `fix` is carried out; `None` where it only says what to do, or would not help.
pub(crate) fn plan(
    scanned: &Scanned,
    open: &Open,
    uri: &Uri,
    finding: &Diagnostic,
    fix: &Fix,
    lines: &Lines<'_>,
) -> Option<Plan> {
    let text = open.text.as_bytes();
    let (here, beside): (Vec<&Edit>, Vec<&Edit>) = fix.edits.iter().partition(|edit| edit.path == scanned.path);
    let silent = !here.is_empty() && is_silent(scanned, text, finding, &here);
    if !silent || (!beside.is_empty() && !uri.has_folder()) {
        return None;
    }
    let edits: Option<Vec<TextEdit>> = here.iter().map(|edit| text_edit(edit, text, lines)).collect();
    let copied = |edit: &&Edit| {
        let piece = |insert: &Insert| match insert {
            Insert::Text(text) => text.clone().into_bytes(),
            Insert::CopyOf(span) => span.of(text).to_vec(),
        };
        let mut line: Vec<u8> = edit.insert.iter().flat_map(piece).collect();
        while line.last() == Some(&b'\n') {
            line.pop();
        }
        (scanned.scope.base.join(&edit.path), line)
    };
    let mut lines: Vec<(Uri, Vec<u8>)> = beside.iter().map(copied).collect();
    // What keeps `.env` out of git comes before it.
    keylint_diagnostics::sort_by_key(&mut lines, |(uri, _)| uri.name() == ENV);
    Some(Plan { edits: edits?, lines })
}

/// Whether the new text has no finding where it was changed: no secret, and not the same finding again.
fn is_silent(scanned: &Scanned, text: &[u8], finding: &Diagnostic, edits: &[&Edit]) -> bool {
    let spliced = splice(text.len(), edits, &|kept| text[kept].to_vec(), &|span| span.of(text).to_vec());
    let scan = scanned.again(&scanned.scope.engine, &spliced.text);
    // A policy that is mended may still have other faults in the same place.
    let speaks = |other: &&Diagnostic| {
        other.suppressed.is_none() && (other.primary.mask.is_some() || other.rule == finding.rule)
    };
    let mut labels = scan.diagnostics.iter().filter(speaks).flat_map(|other| {
        let related = other.related.iter().filter(|label| label.mask.is_some());
        std::iter::once(&other.primary).chain(related)
    });
    !labels.any(|label| label.path.is_none() && spliced.places.iter().any(|place| label.span.overlaps(*place)))
}

/// An edit of the document itself; `None` where it would copy a part of a secret.
fn text_edit(edit: &Edit, text: &[u8], lines: &Lines<'_>) -> Option<TextEdit> {
    let mut new_text = String::new();
    for insert in &edit.insert {
        match insert {
            Insert::Text(text) => new_text.push_str(text),
            Insert::CopyOf(_) => return None,
        }
    }
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    if edit.span.start >= end && text.last().is_some_and(|&last| last != b'\n') {
        new_text.insert(0, '\n');
    }
    Some(TextEdit { range: lines.range(edit.span), new_text })
}

/// The changes of all fixes that keep the meaning, and of all comments that suppress nothing.
pub(crate) fn all_safe(scanned: &Scanned, open: &Open, lines: &Lines<'_>) -> Vec<TextEdit> {
    let text = open.text.as_bytes();
    let shown = || scanned.diagnostics.iter().filter(|diagnostic| diagnostic.suppressed.is_none());
    let safe = |&(finding, fix): &(&Diagnostic, &Fix)| {
        fix.applicability == Applicability::Safe
            && fix.edits.iter().all(|edit| edit.path == scanned.path)
            && is_silent(scanned, text, finding, &fix.edits.iter().collect::<Vec<_>>())
    };
    let dead = shown().filter(|diagnostic| diagnostic.rule.as_str() == UNUSED);
    let removals: Vec<Fix> = dead.filter_map(|diagnostic| removal_fix(scanned, text, diagnostic)).collect();
    let all = shown().flat_map(|finding| finding.fixes.iter().map(move |fix| (finding, fix)));
    let fixes: Vec<&Fix> = all.filter(safe).map(|(_, fix)| fix).chain(&removals).collect();
    let edits = choose(&fixes).edits;
    edits.iter().filter_map(|edit| text_edit(edit, text, lines)).collect()
}

fn removal_fix(scanned: &Scanned, text: &[u8], diagnostic: &Diagnostic) -> Option<Fix> {
    let span = removal(text, diagnostic.primary.span)?;
    let edit = Edit { path: scanned.path.clone(), span, insert: Vec::new() };
    Some(Fix { title: "remove this comment".into(), applicability: Applicability::Safe, edits: vec![edit] })
}

/// What begins a comment, and what ends it where that is not the end of the line.
const COMMENTS: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("/*", "*/"),
    ("(*", "*)"),
    ("{#", "#}"),
    ("//", ""),
    ("--", ""),
    ("#", ""),
    (";", ""),
    ("%", ""),
    ("REM", ""),
];

/// The comment that the marker `at` stands in, with its line where nothing else stands there.
pub(crate) fn removal(text: &[u8], at: Span) -> Option<Span> {
    let line = Lines::new(text, keylint_diagnostics::Unit::Byte).line(at.start);
    let before = text.get(line.start as usize..at.start as usize)?.trim_ascii_end();
    let after = text.get(at.end as usize..line.end as usize)?;
    let (open, close) = COMMENTS.iter().find(|(open, _)| before.ends_with(open.as_bytes()))?;
    let mut start = line.start as usize + before.len() - open.len();
    // The end of a statement, or of a sentence, is no comment's beginning.
    if close.is_empty() && before[..before.len() - open.len()].last().is_some_and(|byte| !byte.is_ascii_whitespace()) {
        return None;
    }
    let mut end = match *close {
        // What follows another sign is another comment.
        "" if memchr::memmem::find(after, format!(" {open} ").as_bytes()).is_some() => return None,
        "" => line.end as usize,
        close => at.end as usize + memchr::memmem::find(after, close.as_bytes())? + close.len(),
    };
    if text[end..line.end as usize].trim_ascii().is_empty() {
        end = line.end as usize;
        let left = text[line.start as usize..start].trim_ascii_end();
        start = line.start as usize + left.len();
        if left.is_empty() {
            let rest = &text[end..];
            let line_end = if rest.starts_with(b"\r\n") { 2 } else { usize::from(!rest.is_empty()) };
            end += line_end;
        }
    }
    Some(Span::new(start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_removed_whole() {
        let marker = format!("keylint: {}[jwt]", "ignore");
        let check = |text: &str, want: Option<&str>| {
            let text = text.replace('@', &marker);
            let at = text.find(&marker).expect("a marker");
            let removed = removal(text.as_bytes(), Span::new(at..at + marker.len())).map(|span| {
                let mut text = text.clone();
                text.replace_range(span.range(), "");
                text
            });
            assert_eq!(removed.as_deref(), want, "{text}");
        };
        check("a\n  # @ reason\nb\n", Some("a\nb\n"));
        check("a = 1  # @ reason\r\nb\n", Some("a = 1\r\nb\n"));
        check("a /* @ reason */ + b\n", Some("a  + b\n"));
        check("<!-- @ -->", Some(""));
        check("// see below; @", None);
        check("x # @ reason # noqa", None);
        check("/* @ reason\n", None);
    }
}
