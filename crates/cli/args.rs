//! The command line: every option, its help text and its form.
//! Not here: what the options do, or defaults that a configuration file may change.

mod hooks;
mod secrets;

use std::{path::PathBuf, str::FromStr, sync::OnceLock};

use clap::{Args, Parser, Subcommand, ValueEnum};
use keylint_diagnostics::{Confidence, FailOn};
use keylint_engine::{PolicyKind, config::ConfigFile};
use keylint_report::{Format, Gate};

use crate::history::Updates;

pub(crate) use hooks::{
    Agent, CommitMsgArgs, GuardArgs, HookName, InstallHookArgs, PrePushArgs, PreReceiveArgs, Runner,
};
pub(crate) use secrets::{FixArgs, MergeArgs, RedactArgs, RespondArgs, TriageArgs};

/// Finds leaked credentials in files, without a network.
#[derive(Debug, Parser)]
#[command(name = "keylint", version = version(), args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 clean, 1 findings at the gate, 2 usage or configuration error, 3 scan incomplete."
)]
pub(crate) struct Cli {
    /// What to do; without a command, `check`.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

/// The version, and the date of the service catalogue that findings about policies depend on.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    let date = keylint_engine::Catalogue::get().date();
    VERSION.get_or_init(|| format!("{} (AWS service catalogue of {date})", env!("CARGO_PKG_VERSION")))
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct GlobalArgs {
    /// When to use colours; NO_COLOR, FORCE_COLOR and CLICOLOR are heeded by `auto`.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(crate) color: ColorChoice,
    /// Say less: no progress, no notes, nothing at all after a clean run.
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Say more: what was left out and why, and how to contain each finding.
    #[arg(short, long, global = true, help_heading = "Output")]
    pub(crate) verbose: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan files and folders (the default command).
    Check(CheckArgs),
    /// Scan the commits of a git repository: each version of each file once, over all branches and tags.
    Git(Box<GitArgs>),
    /// Scan container images that `docker save` or another tool wrote to a file: configuration, history, every layer.
    Image(Box<ImageArgs>),
    /// Check the IAM and resource policies in files of any name, and nothing else.
    Policy(Box<PolicyArgs>),
    /// List the rules.
    Rules(RulesArgs),
    /// Say what a rule finds, what a thief can do with it and how to revoke it.
    Explain(ExplainArgs),
    /// Accept what is found today, so that only what is new fails.
    Baseline {
        /// What to do with it.
        #[command(subcommand)]
        action: BaselineAction,
    },
    /// Take over the configuration, ignore lists and baselines of another scanner.
    Migrate(MigrateArgs),
    /// Copy a text, line by line, with placeholders in place of its secrets: `tail -f log | keylint redact`.
    Redact(RedactArgs),
    /// List the secrets found, one on each line: what is proved and worst first.
    Triage(TriageArgs),
    /// Print what to do about one secret: contain, revoke, look what was done with it, clean up.
    Respond(RespondArgs),
    /// Join the JSON reports of many repositories.
    Merge(MergeArgs),
    /// Write a commented `keylint.toml` to start from.
    Init,
    /// Let git run keylint before each commit or push.
    InstallHook(InstallHookArgs),
    /// As git's pre-push hook: scan the commits that a push sends.
    PrePush(PrePushArgs),
    /// As git's commit-msg hook: scan the message of a commit.
    CommitMsg(CommitMsgArgs),
    /// As git's pre-receive hook, on a server: scan the commits that a push brings, before they are accepted.
    PreReceive(PreReceiveArgs),
    /// As a hook of a coding agent: keep secrets out of prompts, tool calls and their output.
    Guard(GuardArgs),
    /// Look at the configuration.
    Config {
        /// What to do with it.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Print the completion script of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Serve an editor as a language server, over standard input and output.
    Lsp,
    /// Print the manual page.
    Man,
}

/// What `check` scans, and how it reports.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CheckArgs {
    /// Files and folders to scan, `-` for standard input; the current folder by default.
    pub(crate) paths: Vec<PathBuf>,

    /// Scan what is staged in git: the lines that the next commit adds.
    #[arg(long, help_heading = "Scope", conflicts_with_all = ["files_from", "stdin_filename", "paths"])]
    pub(crate) staged: bool,
    /// Scan the commits of HEAD that REF does not have: what each of them adds, also where it was removed again.
    #[arg(long, value_name = "REF", help_heading = "Scope", conflicts_with_all = ["range", "staged", "files_from", "stdin_filename", "paths"])]
    pub(crate) since: Option<String>,
    /// As --since, for the commits of B that A does not have; `A...B` is the same.
    #[arg(long, value_name = "A..B", help_heading = "Scope", conflicts_with_all = ["staged", "files_from", "stdin_filename", "paths"])]
    pub(crate) range: Option<String>,
    /// Whether all commits are scanned, as `git` does it.
    #[arg(skip)]
    pub(crate) all: bool,
    /// The updates of a push, whose commits are scanned.
    #[arg(skip)]
    pub(crate) updates: Option<Updates>,
    /// The file of a commit message, which is scanned.
    #[arg(skip)]
    pub(crate) message: Option<PathBuf>,
    /// Read every version of every file again, and remember nothing for the next run.
    #[arg(long, help_heading = "Scope")]
    pub(crate) no_cache: bool,
    /// Also scan the files listed in this file, one on each line or NUL-separated; `-` is standard input.
    #[arg(long, value_name = "FILE", help_heading = "Scope")]
    pub(crate) files_from: Option<PathBuf>,
    /// The path that standard input is taken to have.
    #[arg(long, value_name = "PATH", help_heading = "Scope")]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// Also scan what is in archives: gzip, xz, zstd, bzip2, tar, zip and what is built on it (jar, whl, docx, xlsx, odt).
    #[arg(long, help_heading = "Scope")]
    pub(crate) archives: bool,
    /// Whether the paths are container images, as `image` takes them.
    #[arg(skip)]
    pub(crate) image: bool,
    /// Leave out ignored files even where they are named on the command line, as pre-commit hooks need it.
    #[arg(long, help_heading = "Scope")]
    pub(crate) force_exclude: bool,
    /// Number of threads; by default one for each processor.
    #[arg(short = 'j', long, value_name = "N", help_heading = "Scope", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) threads: Option<u16>,

    /// A report to standard output or to a file; repeatable. Formats: text, concise, json, jsonl, sarif, github,
    /// gitlab, azure, junit, checkstyle, rdjson, markdown, html, csv.
    #[arg(long = "format", value_name = "FORMAT[:PATH]", help_heading = "Output")]
    pub(crate) formats: Vec<FormatArg>,
    /// Name the author of the commit that brought a secret.
    #[arg(long, help_heading = "Output")]
    pub(crate) author: bool,
    /// Print secrets as they are; they are masked otherwise.
    #[arg(long, help_heading = "Output")]
    pub(crate) show_secrets: bool,
    /// Also print what comments, the baseline or the configuration suppress, and which of them does (text, concise).
    #[arg(long, help_heading = "Output")]
    pub(crate) show_suppressed: bool,

    #[command(flatten)]
    pub(crate) gate: GateChoice,
    /// Let suppression comments on added lines suppress nothing, so that a change cannot silence its own findings.
    #[arg(long, help_heading = "Gate")]
    pub(crate) no_new_suppressions: bool,
    /// Exit with 0 although there are findings at the gate.
    #[arg(long, help_heading = "Gate")]
    pub(crate) exit_zero: bool,

    #[command(flatten)]
    pub(crate) fixes: FixArgs,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

/// Which findings fail, wherever the command line says it; else each folder's configuration does.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct GateChoice {
    /// The lowest severity that fails: info, low, medium, high, critical, or never [default: high].
    #[arg(long, value_name = "SEVERITY", help_heading = "Gate", value_parser = fail_on)]
    pub(crate) fail_on: Option<FailOn>,
    /// The lowest confidence that fails: low, medium, high or certain [default: medium].
    #[arg(long, value_name = "CONFIDENCE", help_heading = "Gate", value_parser = confidence)]
    pub(crate) min_confidence: Option<Confidence>,
}

impl GateChoice {
    /// Which findings fail where the configuration is `file`.
    pub(crate) fn over(self, file: &ConfigFile) -> Gate {
        Gate::new(self.fail_on.or(file.fail_on), self.min_confidence.or(file.min_confidence))
    }
}

/// What `git` scans.
#[derive(Args, Clone, Debug)]
pub(crate) struct GitArgs {
    /// Scan the commits of all branches, tags and other references; the default.
    #[arg(long, help_heading = "Scope", conflicts_with_all = ["since", "range", "staged"])]
    all: bool,
    #[command(flatten)]
    check: CheckArgs,
}

impl GitArgs {
    /// The check that this asks for.
    pub(crate) fn into_check(self) -> anyhow::Result<CheckArgs> {
        let mut check = self.check;
        if let Some(path) = check.paths.first() {
            anyhow::bail!("`git` scans commits, not single paths such as `{}`; use `check` for these", path.display());
        }
        check.all = self.all || (check.since.is_none() && check.range.is_none() && !check.staged);
        Ok(check)
    }
}

/// What `image` scans.
#[derive(Args, Clone, Debug)]
pub(crate) struct ImageArgs {
    #[command(flatten)]
    check: CheckArgs,
}

impl ImageArgs {
    /// The check that this asks for.
    pub(crate) fn into_check(self) -> anyhow::Result<CheckArgs> {
        let check = CheckArgs { image: true, archives: true, ..self.check };
        if check.paths.is_empty() {
            anyhow::bail!("which image? `docker save NAME -o image.tar` writes one to a file");
        }
        let stdin = check.stdin_filename.is_some() || check.paths.iter().any(|path| path.as_os_str() == "-");
        if stdin || check.staged || check.since.is_some() || check.range.is_some() {
            anyhow::bail!("`image` scans image files only; `docker save NAME -o image.tar` writes one");
        }
        Ok(check)
    }
}

/// What `policy` checks.
#[derive(Args, Clone, Debug)]
pub(crate) struct PolicyArgs {
    #[command(flatten)]
    check: CheckArgs,
}

impl PolicyArgs {
    /// The check that this asks for.
    pub(crate) fn into_check(self) -> CheckArgs {
        let rules = RuleChoice { policies_only: true, ..self.check.rules };
        CheckArgs { rules, ..self.check }
    }
}

/// Which configuration is in force.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RuleChoice {
    /// Use this configuration file and no other.
    #[arg(long, value_name = "PATH", help_heading = "Configuration")]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, help_heading = "Configuration", conflicts_with = "config")]
    pub(crate) isolated: bool,
    /// Use this baseline of accepted findings [default: keylint.baseline.json beside the configuration].
    #[arg(long, value_name = "PATH", help_heading = "Configuration")]
    pub(crate) baseline: Option<PathBuf>,
    /// Also run rules that are in preview.
    #[arg(long, help_heading = "Configuration")]
    pub(crate) preview: bool,
    /// Run only rules that speak to controls whose names begin so, as in `pci-dss-4` or `cis`; repeatable.
    #[arg(long, value_name = "CONTROL", help_heading = "Configuration")]
    pub(crate) compliance: Vec<String>,
    /// What the policies are attached to, where their place does not say it: identity, resource, kms-key, secret, trust,
    /// scp, rcp, vpc-endpoint, boundary or session.
    #[arg(long, value_name = "TYPE", help_heading = "Configuration", value_parser = policy_type)]
    pub(crate) policy_type: Option<PolicyKind>,
    /// Whether only policies are checked, in files of any name, as `policy` does it.
    #[arg(skip)]
    pub(crate) policies_only: bool,
    /// Run only the rules that this version of keylint had.
    #[arg(long, value_name = "VERSION", help_heading = "Configuration", value_parser = edition)]
    pub(crate) rules_edition: Option<String>,
}

/// Options of `rules`.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct RulesArgs {
    /// What to do instead of listing them.
    #[command(subcommand)]
    pub(crate) action: Option<RulesAction>,
    /// How to print the list.
    #[arg(long, default_value = "text")]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) choice: RuleChoice,
}

/// What `rules` does beside listing them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RulesAction {
    /// Try the rules of a folder: whether they read and compile, do what their examples say, and what they cost.
    Test {
        /// The folder, as `rules` in `keylint.toml` names it.
        folder: PathBuf,
    },
}

/// What `baseline` does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum BaselineAction {
    /// Write a baseline that accepts everything found today.
    Create(AcceptArgs),
    /// Accept what is new, and take over moves.
    Update(AcceptArgs),
    /// Remove what is not found any more.
    Prune(BaselineArgs),
}

/// Options of `baseline create` and `baseline update`.
#[derive(Args, Clone, Debug)]
pub(crate) struct AcceptArgs {
    #[command(flatten)]
    pub(crate) scan: BaselineArgs,
    /// Why the findings are accepted.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Who answers for them.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// The last day on which they are accepted.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub(crate) expires: Option<String>,
}

/// Options of everything that `baseline` does.
#[derive(Args, Clone, Debug)]
pub(crate) struct BaselineArgs {
    /// Files and folders to scan; the current folder by default.
    pub(crate) paths: Vec<PathBuf>,
    /// Write although something could not be scanned.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

/// Options of `migrate`.
#[derive(Args, Clone, Debug)]
pub(crate) struct MigrateArgs {
    /// The scanner that was used.
    #[arg(default_value = "auto")]
    pub(crate) from: Scanner,
    /// Write the files instead of showing them.
    #[arg(long)]
    pub(crate) write: bool,
    /// Rules of kingfisher or gitleaks that no configuration names: a file, or a folder of them; repeatable.
    #[arg(long, value_name = "PATH")]
    pub(crate) rules: Vec<PathBuf>,
    /// A JSON report of gitleaks, betterleaks or kingfisher whose findings were accepted; repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: Vec<PathBuf>,
}

/// Scanners whose configuration can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scanner {
    /// All whose files are here.
    Auto,
    /// gitleaks and betterleaks.
    Gitleaks,
    /// detect-secrets.
    DetectSecrets,
    /// secretlint.
    Secretlint,
    /// ggshield.
    Ggshield,
    /// kingfisher.
    Kingfisher,
}

/// How lists are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Options of `explain`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExplainArgs {
    /// The rule's id.
    pub(crate) rule: String,
    #[command(flatten)]
    pub(crate) choice: RuleChoice,
}

/// What `config` does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Check configuration files: the ones named, else the one in force here.
    Check {
        /// Configuration files.
        paths: Vec<PathBuf>,
    },
    /// Print the configuration in force for a path.
    Show {
        /// The path; the current folder by default.
        path: Option<PathBuf>,
    },
    /// Print the JSON Schema of the configuration file.
    Schema,
}

/// `--format F[:PATH]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormatArg {
    /// The format.
    pub(crate) format: Format,
    /// Where it goes; standard output without one.
    pub(crate) path: Option<PathBuf>,
}

impl FromStr for FormatArg {
    type Err = String;

    fn from_str(text: &str) -> Result<FormatArg, String> {
        let (format, path) = match text.split_once(':') {
            Some((_, "")) => return Err("a path is missing after the `:`".into()),
            Some((format, path)) => (format, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = format.parse().map_err(|error: keylint_report::UnknownFormat| error.to_string())?;
        Ok(FormatArg { format, path: path.filter(|path| path.as_os_str() != "-") })
    }
}

fn fail_on(word: &str) -> Result<FailOn, &'static str> {
    word.parse().map_err(|()| "expected info, low, medium, high, critical or never")
}

fn confidence(word: &str) -> Result<Confidence, &'static str> {
    word.parse().map_err(|()| "expected low, medium, high or certain")
}

fn date(word: &str) -> Result<String, &'static str> {
    keylint_engine::baseline::is_date(word).then(|| word.into()).ok_or("expected a date such as 2026-12-31")
}

fn edition(word: &str) -> Result<String, &'static str> {
    let parts: Vec<_> = word.split('.').collect();
    let numbers = parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok());
    numbers.then(|| word.into()).ok_or("expected a version such as 0.1.0")
}

fn policy_type(word: &str) -> Result<PolicyKind, String> {
    word.parse().map_err(|()| {
        let words: Vec<&str> = PolicyKind::ALL.iter().map(|(word, _)| *word).collect();
        format!("`{word}` is no policy type, only {}", words.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn formats_may_name_a_file() {
        let check = |text: &str, want: Option<&str>| {
            let arg: FormatArg = text.parse().expect(text);
            assert_eq!(arg.path, want.map(PathBuf::from));
        };
        check("text", None);
        check("json:-", None);
        check("sarif:out/a:b.sarif", Some("out/a:b.sarif"));
        assert!("sarif:".parse::<FormatArg>().is_err());
        assert!("serif".parse::<FormatArg>().is_err());
    }
}
