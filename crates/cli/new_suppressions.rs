//! Keeps a change from silencing its own findings: suppression comments on lines that it adds count for nothing.
//! Not here: what such comments look like (`keylint-engine`).

use keylint_diagnostics::{Diagnostic, Document, Evidence, EvidenceKind, LineIndex, Span, Unit};
use keylint_engine::Engine;

/// Reports what comments on `added` lines would suppress. A finding that stood there before becomes one of the change, so
/// its lines join `added`: the change is what would have silenced it.
pub(crate) fn refuse(engine: &Engine, document: &Document<'_>, found: &mut [Diagnostic], added: &mut Vec<Span>) {
    let comments = engine.comments(document, found);
    if comments.iter().all(Option::is_none) {
        return;
    }
    let lines = LineIndex::new(document.text);
    let mut joined = Vec::new();
    for (diagnostic, comment) in found.iter_mut().zip(comments) {
        let Some(comment) = comment else { continue };
        // A stretch that another scanner's comments switch off is new where it begins.
        let start = Span { start: comment.start, end: comment.start.saturating_add(1) };
        if !added.iter().any(|line| line.overlaps(start)) {
            continue;
        }
        let line = lines.position(comment.start, Unit::Character).line;
        diagnostic.suppressed = None;
        let text = format!("a comment that line {line} adds would suppress it, and new suppressions do not count");
        diagnostic.evidence.push(Evidence { kind: EvidenceKind::Context, text });
        joined.push(diagnostic.primary.span);
    }
    added.extend(joined);
}
