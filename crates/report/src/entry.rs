//! A finding in the words that the smaller formats share: where it is, how loud, what is said of it. Masked, not escaped.
//! Not here: SARIF, JSON and frames, which say more.

use keylint_diagnostics::{Diagnostic, Position, Severity, Skip};
use keylint_rules::About;

use crate::{
    Summary,
    excerpt::{Excerpt, Shape, excerpt},
    level,
    masked::Masked,
};

/// Columns of an excerpt: enough for a name and a secret, little enough for a cell of a table.
const EXCERPT: Shape = Shape { width: 120, tab: "    ", ascii: false };

/// A finding.
pub(crate) struct Entry<'a> {
    pub(crate) diagnostic: &'a Diagnostic,
    /// `error`, `warning` or `note`.
    pub(crate) level: &'static str,
    /// Start and end, in characters.
    pub(crate) range: Option<(Position, Position)>,
    /// The message, with the commit that brought it.
    pub(crate) message: String,
    /// What its rule says to people.
    about: Option<&'a About>,
}

impl<'a> Entry<'a> {
    pub(crate) fn new(masked: &Masked<'a>, diagnostic: &'a Diagnostic) -> Entry<'a> {
        let mut message = diagnostic.message.clone();
        if let Some(commit) = masked.view.commit {
            message.push_str(&format!(" ({})", commit.remark()));
        }
        Entry {
            diagnostic,
            level: level(diagnostic, &masked.view.gate),
            range: masked.position(&diagnostic.primary),
            message,
            about: masked.view.about(diagnostic.rule.as_str()),
        }
    }

    /// The rule's id.
    pub(crate) fn rule(&self) -> &'a str {
        self.diagnostic.rule.as_str()
    }

    /// `severity[rule] message`, and what speaks for it.
    pub(crate) fn sentence(&self) -> String {
        let mut text = format!("{}[{}] {}", self.diagnostic.severity, self.rule(), self.message);
        let facts = self.facts();
        if !facts.is_empty() {
            text.push_str(&format!("; {facts}"));
        }
        text
    }

    /// What speaks for and against it.
    pub(crate) fn facts(&self) -> String {
        let facts: Vec<_> = self.diagnostic.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
        facts.join(", ")
    }

    /// How to revoke it, in the words of its rule.
    pub(crate) fn revoke(&self) -> Option<&'a str> {
        Some(self.about?.response.revoke.trim()).filter(|revoke| !revoke.is_empty())
    }

    /// The line that it begins on, cut around it.
    pub(crate) fn excerpt(&self, masked: &Masked<'_>) -> Option<Excerpt> {
        self.range?;
        let span = self.diagnostic.primary.span;
        Some(excerpt(masked, masked.lines.line_at(span.start), &[span], EXCERPT))
    }

    /// `:line:column`, empty where that is not known.
    pub(crate) fn place(&self) -> String {
        self.range.map_or(String::new(), |(start, _)| format!(":{}:{}", start.line, start.column))
    }
}

/// The findings that are not suppressed.
pub(crate) fn open<'a>(masked: &Masked<'a>, diagnostics: &'a [Diagnostic]) -> Vec<Entry<'a>> {
    let open = diagnostics.iter().filter(|diagnostic| diagnostic.suppressed.is_none());
    open.map(|diagnostic| Entry::new(masked, diagnostic)).collect()
}

/// Documents that were not scanned and are named; a report with more of them would help nobody.
const MAX_SKIPS: usize = 1000;

/// The documents that leave a hole in the scan, and how many more there are.
pub(crate) fn holes(summary: &Summary) -> (Vec<&Skip>, usize) {
    let total = summary.incomplete().count();
    (summary.incomplete().take(MAX_SKIPS).collect(), total.saturating_sub(MAX_SKIPS))
}

/// Severities, worst first.
pub(crate) fn worst_first() -> impl Iterator<Item = Severity> {
    Severity::ALL.iter().rev().copied()
}
