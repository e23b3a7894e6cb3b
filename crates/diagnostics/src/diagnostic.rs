//! What the engine says. Not how it is shown: a diagnostic holds spans, never the secret itself.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{Fingerprint, Fix, Mask, Span};

/// A rule's name: its file name, kebab-case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub Arc<str>);

impl RuleId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RuleId {
    fn from(id: &str) -> RuleId {
        RuleId(id.into())
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How bad it is if it is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing to fix; worth knowing.
    Info,
    /// Hardly any harm.
    Low,
    /// Narrow or read-only access.
    #[default]
    Medium,
    /// Writes, or private data.
    High,
    /// Money, a whole account, production.
    Critical,
}

/// From which severity on a finding fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Findings never fail it.
    Never,
    /// Findings of this severity and up do.
    Severity(Severity),
}

impl std::str::FromStr for FailOn {
    type Err = ();

    fn from_str(word: &str) -> Result<FailOn, ()> {
        if word == "never" { Ok(FailOn::Never) } else { word.parse().map(FailOn::Severity) }
    }
}

/// How sure it is; raised and lowered by evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Shown, but more often wrong than right.
    Low,
    /// More often right than wrong.
    #[default]
    Medium,
    /// Nearly always right.
    High,
    /// Proved, for instance by a checksum.
    Certain,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            /// The word used in rules, options and reports.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $word),* }
            }

            /// All values, lowest first.
            pub const ALL: &[$type] = &[$($type::$variant),*];
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = ();

            fn from_str(word: &str) -> Result<$type, ()> {
                $type::ALL.iter().copied().find(|value| value.as_str() == word).ok_or(())
            }
        }
    };
}

words!(Severity { Info = "info", Low = "low", Medium = "medium", High = "high", Critical = "critical" });
words!(Confidence { Low = "low", Medium = "medium", High = "high", Certain = "certain" });

/// One fact for or against a finding. `text` is never built from the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What sort of fact.
    pub kind: EvidenceKind,
    /// A short phrase: "checksum valid", "AWS account 123456789012", "expired 2023-01-01".
    pub text: String,
}

/// What sort of fact an [`Evidence`] states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// The token's own checksum was computed.
    Checksum,
    /// The value was parsed: a JWT, a key file, an identifier with parts.
    Structure,
    /// The account, project or tenant that it belongs to.
    Account,
    /// When it stops or stopped working.
    Expiry,
    /// The name or text around it.
    Context,
    /// How random or how word-like the value is.
    Randomness,
    /// The value looks made up: a placeholder, a sequence, a documentation sample.
    Placeholder,
    /// Its other half stands nearby.
    Partner,
    /// It was found inside an encoding.
    Decoded,
    /// A request that shows it.
    Witness,
    /// The state of the service catalogue that it depends on.
    Catalogue,
}

words!(EvidenceKind {
    Checksum = "checksum",
    Structure = "structure",
    Account = "account",
    Expiry = "expiry",
    Context = "context",
    Randomness = "randomness",
    Placeholder = "placeholder",
    Partner = "partner",
    Decoded = "decoded",
    Witness = "witness",
    Catalogue = "catalogue",
});

/// A span with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The document, where it is another one than the diagnostic's.
    pub path: Option<Box<str>>,
    /// Where.
    pub span: Span,
    /// What stands there, as a short phrase; may be empty.
    pub text: String,
    /// How much of the span a report may show; `None` where it is no secret.
    pub mask: Option<Mask>,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where it was written.
    pub kind: SuppressionKind,
    /// The reason given, if any.
    pub reason: Option<String>,
    /// Who answers for it, if said.
    pub owner: Option<String>,
    /// Until when, `YYYY-MM-DD`, if said.
    pub until: Option<String>,
}

/// Where a suppression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuppressionKind {
    /// A comment in the document.
    Inline,
    /// An entry of the baseline.
    Baseline,
    /// An allow-list of the configuration.
    Config,
}

words!(SuppressionKind { Inline = "inline", Baseline = "baseline", Config = "config" });

/// Where a document came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file of the work tree.
    #[default]
    Worktree,
    /// A staged blob.
    Index,
    /// A blob of a commit.
    Commit,
    /// A member of an archive or image.
    Archive,
    /// Standard input.
    Stdin,
}

words!(Origin { Worktree = "worktree", Index = "index", Commit = "commit", Archive = "archive", Stdin = "stdin" });

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that speaks.
    pub rule: RuleId,
    /// How bad if true.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One sentence, no full stop, never built from the secret.
    pub message: String,
    /// Where; its span is the secret itself, or the offending part of a policy.
    pub primary: Label,
    /// Other places that belong to it.
    pub related: Vec<Label>,
    /// What speaks for and against it.
    pub evidence: Vec<Evidence>,
    /// How to mend it.
    pub fixes: Vec<Fix>,
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// Why it does not count, if so.
    pub suppressed: Option<Suppression>,
}

/// A document, or a part of one, that was not scanned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skip {
    /// The document.
    pub path: String,
    /// Whether the scan is complete without it.
    pub kind: SkipKind,
    /// Why, as a short phrase: "binary", "permission denied", "more than 1000 findings".
    pub reason: String,
}

/// Whether a skipped document leaves a hole in the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipKind {
    /// Left out on purpose (ignored, binary, a pointer file): counted, no effect on the exit code.
    Excluded,
    /// Should have been scanned and was not: listed, exit code 3.
    Incomplete,
}
