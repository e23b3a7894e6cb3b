//! The diagnostic format of reviewdog, as one object
//! (<https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>). Its columns count bytes of UTF-8.
//! Not here: suggestions, which would have to hold the secret.

use std::io;

use keylint_diagnostics::{Diagnostic, Encoding};
use serde::Serialize;

use crate::{
    Sink, Summary, View, decode,
    entry::{self, Entry},
    masked::{Masked, Seen, stored},
};

const HEAD: &str =
    "{\"source\":{\"name\":\"keylint\",\"url\":\"https://github.com/keylint/keylint\"},\"diagnostics\":[";

/// The sink of [`crate::Format::Rdjson`].
pub(crate) struct Rdjson<'a> {
    out: Box<dyn io::Write + 'a>,
    begun: bool,
}

#[derive(Serialize)]
struct Found<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl<'a> Rdjson<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Rdjson<'a> {
        Rdjson { out, begun: false }
    }

    fn write(&mut self, found: &Found<'_>) -> io::Result<()> {
        let lead = if self.begun { ",\n" } else { HEAD };
        self.out.write_all(lead.as_bytes())?;
        if !self.begun {
            self.out.write_all(b"\n")?;
        }
        self.begun = true;
        serde_json::to_writer(&mut self.out, found)?;
        Ok(())
    }
}

impl Sink for Rdjson<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut Seen::default(), false);
        for entry in entry::open(&masked, diagnostics) {
            let severity = match entry.level {
                "error" => "ERROR",
                "warning" => "WARNING",
                _ => "INFO",
            };
            let url = keylint_rules::about(entry.rule()).map(|_| keylint_rules::page(entry.rule()));
            self.write(&Found {
                message: entry.sentence(),
                location: Location { path: view.path, range: range(&entry, &masked) },
                severity,
                code: Code { value: entry.rule(), url },
            })?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let (holes, more) = entry::holes(summary);
        let hole = |path, message| Found {
            message,
            location: Location { path, range: None },
            severity: "ERROR",
            code: Code { value: "incomplete-scan", url: None },
        };
        for skip in holes {
            self.write(&hole(&skip.path, format!("not scanned: {}", skip.reason)))?;
        }
        if more > 0 {
            self.write(&hole(".", format!("{more} more documents were not scanned")))?;
        }
        if !self.begun {
            self.out.write_all(HEAD.as_bytes())?;
        }
        self.out.write_all(if self.begun { b"\n]}\n" } else { b"]}\n" })?;
        self.out.flush()
    }
}

fn range(entry: &Entry<'_>, masked: &Masked<'_>) -> Option<Range> {
    let (start, end) = entry.range?;
    let span = entry.diagnostic.primary.span;
    let columns = column(masked, span.start).zip(column(masked, span.end));
    Some(Range {
        start: Position { line: start.line, column: columns.map(|(start, _)| start) },
        end: Position { line: end.line, column: columns.map(|(_, end)| end) },
    })
}

/// The column of an offset in bytes of UTF-8, from 1; `None` where the line begins before what is at hand.
fn column(masked: &Masked<'_>, offset: u32) -> Option<u32> {
    let view = masked.view;
    let line = masked.lines.line_at(offset);
    if line.start <= view.base && view.first.column > 1 {
        return None;
    }
    let before = stored(view, keylint_diagnostics::Span { start: line.start, end: offset.max(line.start) })?;
    let bytes = match view.encoding {
        Encoding::Utf8 => before.len(),
        wide => decode::to_utf8(before, wide).len(),
    };
    u32::try_from(bytes + 1).ok()
}
