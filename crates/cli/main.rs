//! The keylint program: everything that touches the world (arguments, files, git, threads, the terminal).
//! Not here: what a finding is (`keylint-engine`), or what a report looks like (`keylint-report`).

mod added;
mod archive;
mod args;
mod baseline;
mod budget;
mod check;
mod config_file;
mod config_show;
mod examples;
mod explain;
mod fix;
mod git;
mod guard;
mod history;
mod hook;
mod image;
mod init;
mod install_hook;
mod lsp;
mod merge;
mod migrate;
mod module;
mod new_suppressions;
mod output;
mod owners;
mod pieces;
mod place;
mod progress;
mod read;
mod redact;
mod replace;
mod reports;
mod respond;
mod rules_test;
mod scan;
mod shell;
mod staged;
mod stream;
mod terminal;
mod triage;
mod walk;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command, RulesAction, RulesArgs};

/// A usage or configuration error; findings are 1, an incomplete scan is 3, clean is 0.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    terminal::quieten_panics();
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::error(&error);
            ExitCode::from(USAGE)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        None => check::run(&cli.check, &cli.global),
        Some(Command::Check(check)) => check::run(&check, &cli.global),
        Some(Command::Git(git)) => check::run(&git.into_check()?, &cli.global),
        Some(Command::Image(image)) => check::run(&image.into_check()?, &cli.global),
        Some(Command::Policy(policy)) => check::run(&policy.into_check(), &cli.global),
        Some(Command::Rules(RulesArgs { action: Some(RulesAction::Test { folder }), .. })) => rules_test::run(&folder),
        Some(Command::Rules(rules)) => explain::rules(&rules),
        Some(Command::Explain(explain)) => explain::explain(&explain, &cli.global),
        Some(Command::Baseline { action }) => baseline::run(&action, &cli.global),
        Some(Command::Migrate(migrate)) => migrate::run(&migrate, &cli.global),
        Some(Command::Redact(args)) => redact::run(&args),
        Some(Command::Triage(args)) => triage::run(&args, &cli.global),
        Some(Command::Respond(args)) => respond::run(&args, &cli.global),
        Some(Command::Merge(args)) => merge::run(&args),
        Some(Command::Init) => init::run(),
        Some(Command::InstallHook(args)) => install_hook::run(&args),
        Some(Command::PrePush(args)) => hook::pre_push(&args, &cli.global),
        Some(Command::CommitMsg(args)) => hook::commit_msg(&args, &cli.global),
        Some(Command::PreReceive(args)) => hook::pre_receive(&args, &cli.global),
        Some(Command::Guard(args)) => guard::run(&args),
        Some(Command::Config { action }) => config_show::run(&action),
        Some(Command::Completions { shell }) => shell::completions(shell),
        Some(Command::Lsp) => lsp::run(),
        Some(Command::Man) => shell::man(),
    }
}
