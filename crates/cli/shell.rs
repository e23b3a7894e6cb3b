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
    sections(&mut page, &cli, "keylint")?;
    print(&page)
}

/// The sections of the commands below `above`, whose name is `name`.
fn sections(page: &mut Vec<u8>, above: &clap::Command, name: &str) -> io::Result<()> {
    for command in above.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = format!("{name} {}", command.get_name().to_uppercase());
        writeln!(page, ".SH \"{name}\"")?;
        let man = clap_mangen::Man::new(command.clone());
        man.render_description_section(page)?;
        man.render_options_section(page)?;
        sections(page, command, &name)?;
    }
    Ok(())
}

/// Prints on standard output; a reader that goes away is a broken pipe, which `main` knows.
pub(crate) fn print(bytes: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error: io::Error| error)?;
    Ok(ExitCode::SUCCESS)
}
