//! What JavaScript tells a scanner, a document and a report, as JSON. Not here: what is done with it.

use keylint_diagnostics::{Confidence, Severity};
use serde::Deserialize;

/// What a scanner is made of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ScannerOptions {
    /// Configuration files; each builds on the one behind it.
    pub(crate) configurations: Vec<Configuration>,
    /// Today.
    pub(crate) today: Option<String>,
    /// User rules: paths, `FAMILY/ID.toml` or `ID.toml`, and texts.
    pub(crate) rules: Vec<(String, String)>,
    /// The text of a baseline.
    pub(crate) baseline: Option<String>,
    /// How errors call the baseline.
    pub(crate) baseline_name: Option<String>,
    /// What the policies are attached to, where their place does not say it.
    pub(crate) policy_type: Option<String>,
    /// Only rules that speak to controls whose names begin so.
    pub(crate) compliance: Vec<String>,
    /// A severity or `never`.
    pub(crate) fail_on: Option<String>,
    /// The lowest confidence that fails.
    pub(crate) min_confidence: Option<Confidence>,
}

/// The text of a configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Configuration {
    /// How errors call it.
    pub(crate) name: String,
    /// The TOML.
    pub(crate) text: String,
}

/// What a document is beside its path and text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DocumentOptions {
    /// The path that rules, globs and the baseline see, where it differs from the one that is shown.
    pub(crate) path: Option<String>,
    /// The path in the baseline, where it differs from that one.
    pub(crate) baseline_path: Option<String>,
    /// Where it came from.
    pub(crate) origin: Option<String>,
    /// The commit that brought it.
    pub(crate) commit: Option<CommitOptions>,
    /// The lines that count: first from 1, and how many.
    pub(crate) lines: Option<Vec<(u32, u32)>>,
    /// Whether comments on these lines suppress.
    pub(crate) new_suppressions: Option<bool>,
    /// Whether the text is a JavaScript string, whose byte-order mark is a character.
    pub(crate) string: bool,
}

/// The commit that brought a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CommitOptions {
    pub(crate) id: String,
    pub(crate) date: String,
    #[serde(default)]
    pub(crate) author: Option<String>,
    pub(crate) in_head: bool,
}

/// How a report is printed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RenderOptions {
    pub(crate) show_secrets: bool,
    pub(crate) show_suppressed: bool,
    pub(crate) verbose: bool,
    pub(crate) color: bool,
    pub(crate) hyperlinks: bool,
    pub(crate) width: Option<usize>,
    pub(crate) ascii: bool,
    pub(crate) scope: ScopeOptions,
    /// Milliseconds.
    pub(crate) elapsed: Option<u64>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ScopeOptions {
    pub(crate) kind: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) config_hash: Option<String>,
}

/// Severities that fail a run: one, or `never`.
pub(crate) fn fail_on(word: &str) -> Result<Option<Severity>, String> {
    if word == "never" {
        return Ok(None);
    }
    let severity = word.parse().map(Some);
    severity.map_err(|()| format!("`failOn` is a severity or `never`, not `{}`", word.escape_debug()))
}
