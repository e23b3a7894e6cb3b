//! What a shell or `man` wants to know of the command line.
//! Not here: the command line (`args.rs`).

use std::{
    io::{self, Write, stdout},
    process::ExitCode,
};

use clap::CommandFactory;

use crate::args::Cli;

/// Prints the completion script of `shell`.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "keylint", &mut script);
    print(&script)
}

/// Prints the manual page, with a section for each command.
pub(crate) fn man() -> anyhow::Result<ExitCode> {
    let mut page = Vec::new();
    let mut cli = Cli::command();
    cli.build();
    clap_mangen::Man::new(cli.clone()).render(&mut page)?;
    for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
        writeln!(page, ".SH \"keylint {}\"", command.get_name().to_uppercase())?;
        let man = clap_mangen::Man::new(command.clone());
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    print(&page)
}

/// Prints on standard output; a reader that goes away is a broken pipe, which `main` knows.
pub(crate) fn print(bytes: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error: io::Error| error)?;
    Ok(ExitCode::SUCCESS)
}
