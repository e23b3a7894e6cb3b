//! The keylint program: everything that touches the world (arguments, files, git, threads, the terminal).
//! Not here: what a finding is (`keylint-engine`), or what a report looks like (`keylint-report`).

mod args;
mod budget;
mod check;
mod config_file;
mod config_show;
mod examples;
mod explain;
mod git;
mod init;
mod output;
mod pieces;
mod place;
mod progress;
mod read;
mod scan;
mod shell;
mod staged;
mod stream;
mod terminal;
mod walk;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

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
        Some(Command::Rules(rules)) => explain::rules(&rules),
        Some(Command::Explain(explain)) => explain::explain(&explain, &cli.global),
        Some(Command::Init) => init::run(),
        Some(Command::Config { action }) => config_show::run(&action),
        Some(Command::Completions { shell }) => shell::completions(shell),
        Some(Command::Man) => shell::man(),
    }
}
