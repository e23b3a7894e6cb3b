//! Findings as JavaScript sees them: what a report says of them, and where they stand in UTF-16 units from 0.
//! Not here: how a report is printed (`keylint-report`).

use keylint_diagnostics::{Diagnostic, Encoding, Label, LineIndex, Position, RuleId, Skip, SkipKind, Span, Unit};
use keylint_report::{Format, Options, Sink};
use keylint_rules::Rule;
use serde::Serialize;

/// What a finding has beside what a report says of it.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    span: Span,
    rule: RuleId,
    places: PlacesOut,
}

#[derive(Clone, Debug, Serialize)]
struct PlacesOut {
    range: Option<RangeOut>,
    related: Vec<Option<RangeOut>>,
    edits: Vec<Vec<Option<RangeOut>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<SpanOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<RefusedOut>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct RangeOut {
    start: PositionOut,
    end: PositionOut,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct PositionOut {
    line: u32,
    character: u32,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct SpanOut {
    start: u32,
    end: u32,
}

/// A suppression that does not count since the change itself brings it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RefusedOut {
    pub(crate) kind: &'static str,
    pub(crate) reason: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) until: Option<String>,
}

/// Finds places in one document.
pub(crate) struct Finder<'a> {
    path: &'a str,
    lines: LineIndex<'a>,
}

impl<'a> Finder<'a> {
    /// For the document at `path`. In a JavaScript `string` a byte-order mark is a character; editors do not count it.
    pub(crate) fn new(path: &'a str, text: &'a [u8], string: bool) -> Finder<'a> {
        let first = Position { line: 1, column: 1 };
        let lines = if string { LineIndex::piece(text, Encoding::Utf8, 0, first) } else { LineIndex::new(text) };
        Finder { path, lines }
    }

    /// The places of a finding.
    pub(crate) fn places(&self, diagnostic: &Diagnostic, comment: Option<Span>, refused: Option<RefusedOut>) -> Places {
        let here = |path: Option<&str>| path.is_none_or(|path| path == self.path);
        let label = |label: &Label| here(label.path.as_deref()).then(|| self.range(label.span));
        let edits = diagnostic.fixes.iter().map(|fix| {
            let ranges = fix.edits.iter().map(|edit| here(Some(&edit.path)).then(|| self.range(edit.span)));
            ranges.collect()
        });
        let places = PlacesOut {
            range: label(&diagnostic.primary),
            related: diagnostic.related.iter().map(label).collect(),
            edits: edits.collect(),
            comment: comment.map(|span| SpanOut { start: span.start, end: span.end }),
            refused,
        };
        Places { span: diagnostic.primary.span, rule: diagnostic.rule.clone(), places }
    }

    fn range(&self, span: Span) -> RangeOut {
        RangeOut { start: self.position(span.start), end: self.position(span.end) }
    }

    fn position(&self, offset: u32) -> PositionOut {
        let Position { line, column } = self.lines.position(offset, Unit::Utf16);
        PositionOut { line: line - 1, character: column - 1 }
    }
}

/// The JSON of documents' findings. `documents` gives each to a sink; `diagnostics` are the same ones in this order.
pub(crate) fn findings<'d>(
    rules: &[Rule],
    documents: impl FnOnce(&mut dyn Sink) -> std::io::Result<()>,
    diagnostics: impl Iterator<Item = (&'d Diagnostic, &'d [Places])>,
) -> String {
    let mut lines = Vec::new();
    let mut sink = keylint_report::sink(Format::Jsonl, rules, Options::default(), Box::new(&mut lines));
    // Writing to memory cannot fail.
    let _ = documents(sink.as_mut());
    drop(sink);
    let text = String::from_utf8_lossy(&lines);
    let mut out = String::from("[");
    for (line, (diagnostic, places)) in text.lines().zip(diagnostics) {
        if out.len() > 1 {
            out.push(',');
        }
        let known = places.iter().find(|known| known.span == diagnostic.primary.span && known.rule == diagnostic.rule);
        let places = known.map_or("null".into(), |known| crate::json(&known.places));
        out.push_str(&format!("{{\"report\":{line},\"places\":{places}}}"));
    }
    out.push(']');
    out
}

#[derive(Serialize)]
struct SkipOut<'a> {
    path: &'a str,
    kind: &'static str,
    reason: &'a str,
}

/// The JSON of what was not scanned.
pub(crate) fn skips<'s>(skipped: impl IntoIterator<Item = &'s Skip>) -> String {
    let out = |skip: &'s Skip| {
        let kind = match skip.kind {
            SkipKind::Excluded => "excluded",
            SkipKind::Incomplete => "incomplete",
        };
        SkipOut { path: &skip.path, kind, reason: &skip.reason }
    };
    crate::json(&skipped.into_iter().map(out).collect::<Vec<_>>())
}
