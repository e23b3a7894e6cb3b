//! Options of what git and coding agents call: `pre-push`, `pre-receive`, `commit-msg`, `install-hook`, `guard`.
//! Not here: `--staged`, which is a scope of `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use keylint_diagnostics::Confidence;
use keylint_diagnostics::FailOn;

use super::{CheckArgs, FormatArg, GateChoice, RuleChoice};

/// Options that every hook has.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct HookArgs {
    /// A report, as for `check`; repeatable.
    #[arg(long = "format", value_name = "FORMAT[:PATH]", help_heading = "Output")]
    pub(crate) formats: Vec<FormatArg>,
    #[command(flatten)]
    pub(crate) gate: GateChoice,
    /// Say what is found, but let it pass.
    #[arg(long, help_heading = "Gate")]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

impl HookArgs {
    /// The check that these options ask for, of nothing yet.
    pub(crate) fn check(&self) -> CheckArgs {
        CheckArgs {
            formats: self.formats.clone(),
            gate: self.gate,
            exit_zero: self.exit_zero,
            rules: self.rules.clone(),
            // A hook must not leave files in a repository, least of all in a server's.
            no_cache: true,
            ..CheckArgs::default()
        }
    }
}

/// Options of `pre-receive`.
#[derive(Args, Clone, Debug)]
pub(crate) struct PreReceiveArgs {
    #[command(flatten)]
    pub(crate) hook: HookArgs,
}

/// Options of `pre-push`.
#[derive(Args, Clone, Debug)]
pub(crate) struct PrePushArgs {
    /// The remote, as git passes it.
    pub(crate) remote: Option<String>,
    /// Its address, as git passes it.
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) hook: HookArgs,
}

/// Options of `commit-msg`.
#[derive(Args, Clone, Debug)]
pub(crate) struct CommitMsgArgs {
    /// The file that holds the message, as git passes it.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) hook: HookArgs,
}

/// A hook of git.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HookName {
    /// What is staged, before each commit.
    PreCommit,
    /// The commits that a push sends, before it.
    PrePush,
    /// The message of each commit.
    CommitMsg,
}

/// What runs the hooks of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Runner {
    /// git alone, also where `core.hooksPath` is set.
    Git,
    /// husky.
    Husky,
    /// lefthook.
    Lefthook,
    /// pre-commit or prek.
    PreCommit,
}

/// Options of `install-hook`.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstallHookArgs {
    /// The hook; repeatable.
    #[arg(long = "hook", value_name = "HOOK", default_value = "pre-commit")]
    pub(crate) hooks: Vec<HookName>,
    /// For all repositories of this user; their own hooks are still called.
    #[arg(long)]
    pub(crate) global: bool,
    /// What runs the hooks here; found out by default.
    #[arg(long, value_name = "RUNNER", conflicts_with = "global")]
    pub(crate) runner: Option<Runner>,
    /// Add keylint to a hook that is already there.
    #[arg(long)]
    pub(crate) append: bool,
    /// Put a hook that is already there aside; `--uninstall` brings it back.
    #[arg(long, conflicts_with = "append")]
    pub(crate) force: bool,
    /// Remove what was installed.
    #[arg(long, conflicts_with_all = ["append", "force"])]
    pub(crate) uninstall: bool,
}

/// A coding agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Agent {
    /// Claude Code.
    Claude,
    /// Codex.
    Codex,
    /// GitHub Copilot, in the terminal and on GitHub.
    Copilot,
    /// Cursor.
    Cursor,
    /// Gemini CLI.
    Gemini,
    /// VS Code.
    Vscode,
}

/// Options of `guard`.
#[derive(Args, Clone, Debug)]
pub(crate) struct GuardArgs {
    /// The agent that asks; found out from what it says by default.
    #[arg(long, value_name = "AGENT")]
    pub(crate) agent: Option<Agent>,
    /// Let what cannot be read pass: input that is no JSON, too long, or of an unknown form. It is refused otherwise.
    #[arg(long)]
    pub(crate) fail_open: bool,
    /// Print the configuration that makes this agent ask keylint.
    #[arg(long, value_name = "AGENT", conflicts_with_all = ["agent", "fail_open"])]
    pub(crate) install: Option<Agent>,
    /// With `--install`: write it, beside what is there.
    #[arg(long, requires = "install")]
    pub(crate) write: bool,
    /// With `--install`: for all projects of this user.
    #[arg(long, requires = "install")]
    pub(crate) global: bool,
    /// The lowest severity that is refused: info, low, medium, high or critical [default: high].
    #[arg(long, value_name = "SEVERITY", help_heading = "Gate", value_parser = super::fail_on)]
    pub(crate) fail_on: Option<FailOn>,
    /// The lowest confidence that is refused: low, medium, high or certain [default: medium].
    #[arg(long, value_name = "CONFIDENCE", help_heading = "Gate", value_parser = super::confidence)]
    pub(crate) min_confidence: Option<Confidence>,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}
