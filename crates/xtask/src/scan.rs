//! Scans many small texts on all cores, for tasks that count findings. Not here: what is counted.

use std::thread;

use keylint_diagnostics::{Confidence, Document, Severity, Span};
use keylint_engine::{Config, Engine};

/// What is kept of a finding.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The rule's id.
    pub(crate) rule: String,
    /// Where, in bytes.
    pub(crate) span: Span,
    /// Where its other parts stand, such as the secret that belongs to a key id.
    pub(crate) related: Vec<Span>,
    /// How sure.
    pub(crate) confidence: Confidence,
    /// How bad.
    pub(crate) severity: Severity,
}

impl Finding {
    /// Every place in the document that the finding speaks of, its own first.
    pub(crate) fn spans(&self) -> impl Iterator<Item = Span> {
        std::iter::once(self.span).chain(self.related.iter().copied())
    }

    /// Whether it fails a run under the default gate.
    pub(crate) fn at_gate(&self) -> bool {
        self.severity >= Severity::High && self.confidence >= Confidence::Medium
    }
}

/// An engine with every stable rule, as a run without a configuration has it.
pub(crate) fn engine() -> anyhow::Result<Engine> {
    Ok(Engine::new(Config::default())?)
}

/// The findings of each document that are not suppressed, in the order of the documents.
pub(crate) fn all(engine: &Engine, documents: &[Document<'_>]) -> Vec<Vec<Finding>> {
    let workers = thread::available_parallelism().map_or(1, |n| n.get());
    let share = documents.len().div_ceil(workers).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = documents.chunks(share).map(|part| scope.spawn(move || some(engine, part))).collect();
        // A panic of the engine is a bug that must be seen, so it is passed on.
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn some(engine: &Engine, documents: &[Document<'_>]) -> Vec<Vec<Finding>> {
    let mut scanner = engine.scanner();
    let mut one = |document: &Document<'_>| {
        let open = scanner.scan(document).diagnostics.into_iter().filter(|diagnostic| diagnostic.suppressed.is_none());
        open.map(|diagnostic| Finding {
            rule: diagnostic.rule.as_str().into(),
            span: diagnostic.primary.span,
            // Labels in other documents say nothing about this one.
            related: diagnostic.related.iter().filter(|label| label.path.is_none()).map(|label| label.span).collect(),
            confidence: diagnostic.confidence,
            severity: diagnostic.severity,
        })
        .collect()
    };
    documents.iter().map(&mut one).collect()
}
