//! What JavaScript tells a scanner, a document and a report, as JSON. Not here: what is done with it.

use keylint_diagnostics::{Confidence, FailOn};
use keylint_engine::fields::{self, Fields, Wrong};

/// What a scanner is made of.
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug)]
pub(crate) struct Configuration {
    /// How errors call it.
    pub(crate) name: String,
    /// The TOML.
    pub(crate) text: String,
}

/// What a document is beside its path and text.
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug)]
pub(crate) struct CommitOptions {
    pub(crate) id: String,
    pub(crate) date: String,
    pub(crate) author: Option<String>,
    pub(crate) in_head: bool,
}

/// How a report is printed.
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeOptions {
    pub(crate) kind: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) config_hash: Option<String>,
}

impl ScannerOptions {
    /// Reads the JSON of `createScanner`.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<ScannerOptions, Wrong> {
        let rule = |node: &_| fields::pair(node, fields::word);
        Ok(ScannerOptions {
            configurations: fields.objects("configurations", &Configuration::read)?.unwrap_or_default(),
            today: fields.word("today")?,
            rules: fields.list("rules", &rule)?.unwrap_or_default(),
            baseline: fields.word("baseline")?,
            baseline_name: fields.word("baselineName")?,
            policy_type: fields.word("policyType")?,
            compliance: fields.words("compliance")?.unwrap_or_default(),
            fail_on: fields.word("failOn")?,
            min_confidence: fields.chosen("minConfidence", "a confidence in `minConfidence`")?,
        })
    }
}

impl Configuration {
    fn read(fields: &mut Fields<'_>) -> Result<Configuration, Wrong> {
        Ok(Configuration { name: fields.needed("name")?, text: fields.needed("text")? })
    }
}

impl DocumentOptions {
    /// Reads the JSON of `scan` and `add`.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<DocumentOptions, Wrong> {
        let lines = |node: &_| fields::pair(node, fields::number);
        Ok(DocumentOptions {
            path: fields.word("path")?,
            baseline_path: fields.word("baselinePath")?,
            origin: fields.word("origin")?,
            commit: fields.object("commit", &CommitOptions::read)?,
            lines: fields.list("lines", &lines)?,
            new_suppressions: fields.switch("newSuppressions")?,
            string: fields.switch("string")?.unwrap_or_default(),
        })
    }
}

impl CommitOptions {
    fn read(fields: &mut Fields<'_>) -> Result<CommitOptions, Wrong> {
        Ok(CommitOptions {
            id: fields.needed("id")?,
            date: fields.needed("date")?,
            author: fields.word("author")?,
            in_head: fields.switch("inHead")?.ok_or_else(|| fields.missing("inHead"))?,
        })
    }
}

impl RenderOptions {
    /// Reads the JSON of `render`.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<RenderOptions, Wrong> {
        Ok(RenderOptions {
            show_secrets: fields.switch("showSecrets")?.unwrap_or_default(),
            show_suppressed: fields.switch("showSuppressed")?.unwrap_or_default(),
            verbose: fields.switch("verbose")?.unwrap_or_default(),
            color: fields.switch("color")?.unwrap_or_default(),
            hyperlinks: fields.switch("hyperlinks")?.unwrap_or_default(),
            width: fields.number("width")?,
            ascii: fields.switch("ascii")?.unwrap_or_default(),
            scope: fields.object("scope", &ScopeOptions::read)?.unwrap_or_default(),
            elapsed: fields.number("elapsed")?,
        })
    }
}

impl ScopeOptions {
    fn read(fields: &mut Fields<'_>) -> Result<ScopeOptions, Wrong> {
        Ok(ScopeOptions {
            kind: fields.word("kind")?,
            repository: fields.word("repository")?,
            commit: fields.word("commit")?,
            config_hash: fields.word("configHash")?,
        })
    }
}

/// Severities that fail a run: one, or `never`.
pub(crate) fn fail_on(word: &str) -> Result<FailOn, String> {
    word.parse().map_err(|()| format!("`failOn` is a severity or `never`, not `{}`", word.escape_debug()))
}
