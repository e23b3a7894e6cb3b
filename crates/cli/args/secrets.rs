//! Options of what is done about secrets once they are known: `redact`, `--fix`, `triage`, `respond`, `merge`.
//! Not here: options of scans (`args.rs`).

use std::path::PathBuf;

use clap::Args;
use keylint_diagnostics::Confidence;

use super::{ListFormat, RuleChoice};

/// Options of `redact`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RedactArgs {
    /// The file to read; standard input without one, or with `-`.
    pub(crate) file: Option<PathBuf>,
    /// The path that standard input is taken to have, which tells its kind.
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// The lowest confidence that is replaced: low, medium, high or certain [default: medium].
    #[arg(long, value_name = "CONFIDENCE", value_parser = super::confidence)]
    pub(crate) min_confidence: Option<Confidence>,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

/// How findings are mended.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct FixArgs {
    /// Mend what can be mended without changing what a program does. Moving a secret never is: see `--unsafe`.
    #[arg(long, help_heading = "Fixes", conflicts_with_all = ["staged", "stdin_filename", "exit_zero"])]
    pub(crate) fix: bool,
    /// With `--fix`: also move secrets to variables and `.env`, which must be set where the program runs.
    #[arg(long = "unsafe", help_heading = "Fixes", requires = "fix")]
    pub(crate) include_unsafe: bool,
    /// Show what `--fix --unsafe` (or, with it, `--fix`) would change, secrets masked, and change nothing.
    #[arg(long, help_heading = "Fixes", conflicts_with = "formats")]
    pub(crate) diff: bool,
}

impl FixArgs {
    /// Whether findings are to be mended, or it is to be shown how.
    pub(crate) fn asked(&self) -> bool {
        self.fix || self.diff
    }
}

/// Options of `triage`.
#[derive(Args, Clone, Debug)]
pub(crate) struct TriageArgs {
    /// Reports (`--format json`), or files and folders to scan; the current folder by default.
    pub(crate) inputs: Vec<PathBuf>,
    /// How to print the list.
    #[arg(long, default_value = "text")]
    pub(crate) format: ListFormat,
    /// Also list findings that are suppressed.
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

/// Options of `respond`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RespondArgs {
    /// The fingerprint of a finding, or its first digits.
    pub(crate) fingerprint: String,
    /// Files and folders to look for it in; the current folder by default.
    pub(crate) paths: Vec<PathBuf>,
    /// Look for it in this report (`--format json`) instead; repeatable.
    #[arg(long = "report", value_name = "REPORT.json", conflicts_with = "paths")]
    pub(crate) reports: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

/// Options of `merge`.
#[derive(Args, Clone, Debug)]
pub(crate) struct MergeArgs {
    /// Reports (`--format json` or `jsonl`), one for each repository.
    #[arg(required = true)]
    pub(crate) reports: Vec<PathBuf>,
    /// `json` for one report of all, `text` for a table of the repositories.
    #[arg(long, default_value = "json")]
    pub(crate) format: ListFormat,
}
