//! How to mend a finding. A fix never holds the secret: it copies it from the document when it is applied.

use crate::Span;

/// A change that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative phrase.
    pub title: String,
    /// Whether it may be applied without a look.
    pub applicability: Applicability,
    /// The changes, which do not overlap.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Keeps the meaning: applied by `--fix`.
    Safe,
    /// May change behaviour: applied by `--fix --unsafe`.
    Unsafe,
    /// Only shown.
    DisplayOnly,
}

impl Applicability {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
            Applicability::DisplayOnly => "display-only",
        }
    }
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The document to change, which may be a new one.
    pub path: String,
    /// What is replaced, in stored bytes.
    pub span: Span,
    /// What stands there instead, piece by piece.
    pub insert: Vec<Insert>,
}

/// A piece of inserted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Insert {
    /// This text.
    Text(String),
    /// The bytes of this span of the diagnostic's document, copied when the fix is applied.
    CopyOf(Span),
}
