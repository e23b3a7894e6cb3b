//! What a text is after a fix. Not here: who offers fixes.

use keylint_diagnostics::{Edit, Insert};

/// Applies edits that do not overlap; of equal ones, one.
pub(crate) fn apply(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    edits.dedup();
    let mut out = String::new();
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.range().start.max(at)]);
        for insert in &edit.insert {
            match insert {
                Insert::Text(text) => out.push_str(text),
                Insert::CopyOf(span) => out.push_str(&text[span.range()]),
            }
        }
        at = edit.span.range().end;
    }
    out + &text[at..]
}
