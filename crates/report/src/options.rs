//! What a sink is told: the format, how to print, and which findings fail a run.
//! Not here: where these come from (arguments, the terminal, a configuration).

use std::{fmt, str::FromStr};

use keylint_diagnostics::{Confidence, Diagnostic, FailOn, Severity};

/// A result format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Frames for people, as rustc draws them.
    #[default]
    Text,
    /// One line for each finding, `path:line:col: severity[rule] message`.
    Concise,
    /// One JSON object (`share/keylint-report.schema.json`).
    Json,
    /// One JSON object on each line: the findings, then the summary.
    Jsonl,
    /// SARIF 2.1.0, as GitHub code scanning takes it.
    Sarif,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// Logging commands of Azure Pipelines.
    Azure,
    /// JUnit XML.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
    /// One JSON object for reviewdog.
    Rdjson,
    /// A page of Markdown.
    Markdown,
    /// A page for a browser, with filters, that needs nothing else.
    Html,
    /// A table for spreadsheets.
    Csv,
}

impl Format {
    /// All formats.
    pub const ALL: &[Format] = &[
        Format::Text,
        Format::Concise,
        Format::Json,
        Format::Jsonl,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Azure,
        Format::Junit,
        Format::Checkstyle,
        Format::Rdjson,
        Format::Markdown,
        Format::Html,
        Format::Csv,
    ];

    /// The word used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Azure => "azure",
            Format::Junit => "junit",
            Format::Checkstyle => "checkstyle",
            Format::Rdjson => "rdjson",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Csv => "csv",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Format, UnknownFormat> {
        Format::ALL.iter().copied().find(|format| format.as_str() == word).ok_or_else(|| UnknownFormat(word.into()))
    }
}

/// A word that names no [`Format`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
        write!(f, "no format is called `{}`: there are {}", self.0.escape_debug(), known.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

/// How a sink prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether to use colours (text).
    pub color: bool,
    /// Whether rule ids link to their pages, by OSC 8 (text).
    pub hyperlinks: bool,
    /// Columns of the terminal; longer source lines are cut around the secret (text).
    pub width: usize,
    /// Prints secrets as they are, in text frames and JSON excerpts. Nothing else unmasks anything.
    pub show_secrets: bool,
    /// Prints suppressed findings too, and what suppresses them (text, concise). The formats that have a field for it
    /// hold them anyway; those that a service counts never do.
    pub show_suppressed: bool,
    /// Says more: what was left out on purpose, how to contain (text).
    pub verbose: bool,
    /// Uses ASCII only, for terminals that are not UTF-8 (text, concise).
    pub ascii: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            color: false,
            hyperlinks: false,
            width: 100,
            show_secrets: false,
            show_suppressed: false,
            verbose: false,
            ascii: false,
        }
    }
}

impl Options {
    /// Whether a format for people prints `diagnostic`.
    pub(crate) fn prints(&self, diagnostic: &Diagnostic) -> bool {
        self.show_suppressed || diagnostic.suppressed.is_none()
    }
}

/// Which findings fail a run. Configurations of folders may differ in it, so it comes with each document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The lowest severity that fails; `None` means that nothing does.
    pub fail_on: Option<Severity>,
    /// The lowest confidence that fails.
    pub min_confidence: Confidence,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate { fail_on: Some(Severity::High), min_confidence: Confidence::Medium }
    }
}

impl Gate {
    /// The one that is asked for; what is not is as by default.
    pub fn new(fail_on: Option<FailOn>, min_confidence: Option<Confidence>) -> Gate {
        let standard = Gate::default();
        let fail_on = match fail_on {
            None => standard.fail_on,
            Some(FailOn::Never) => None,
            Some(FailOn::Severity(severity)) => Some(severity),
        };
        Gate { fail_on, min_confidence: min_confidence.unwrap_or(standard.min_confidence) }
    }

    /// Whether `diagnostic` fails the run.
    pub fn fails(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.suppressed.is_none()
            && self.fail_on.is_some_and(|least| diagnostic.severity >= least)
            && diagnostic.confidence >= self.min_confidence
    }
}
