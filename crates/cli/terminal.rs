//! What is known of the terminal: colours, links, width; and the one way to print errors.
//! Not here: reports (`output.rs`).

use std::{
    env,
    io::{IsTerminal, Write, stderr, stdout},
    panic,
};

use keylint_report::printable;

use crate::args::ColorChoice;

/// Columns where the terminal does not say: what CI logs show without wrapping.
const DEFAULT_WIDTH: usize = 100;

/// What the terminal can show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Whether to use colours on standard output.
    pub(crate) color: bool,
    /// Whether to make links on standard output.
    pub(crate) hyperlinks: bool,
    /// Columns of standard output.
    pub(crate) width: usize,
    /// Whether only ASCII can be shown.
    pub(crate) ascii: bool,
}

impl Terminal {
    /// Looks at standard output and the environment.
    pub(crate) fn detect(choice: ColorChoice) -> Terminal {
        let terminal = stdout().is_terminal();
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = terminal.then(terminal_size::terminal_size).flatten();
        Terminal {
            color: color(choice, terminal && !dumb),
            hyperlinks: terminal && !dumb && choice != ColorChoice::Never,
            width: width.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0)),
            ascii: terminal && !speaks_utf8(),
        }
    }
}

/// <https://no-color.org>, <https://force-color.org> and <https://bixense.com/clicolors>, in this order.
fn color(choice: ColorChoice, terminal: bool) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
        ColorChoice::Auto if set("FORCE_COLOR") || set("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => terminal && env::var_os("CLICOLOR").is_none_or(|value| value != "0"),
    }
}

/// Whether the locale is UTF-8; where none is set, it is taken to be.
fn speaks_utf8() -> bool {
    let value = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(env::var_os).find(|value| !value.is_empty());
    value.is_none_or(|value| {
        let value = value.to_string_lossy().to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}

/// Prints an error and its causes on standard error.
pub(crate) fn error(error: &anyhow::Error) {
    say("error", &format!("{error:#}"));
}

/// Prints a note on standard error.
pub(crate) fn note(text: &str) {
    say("note", text);
}

/// What is said may quote a file or its name, which must not reach the terminal as it is.
fn say(kind: &str, text: &str) {
    let lines: Vec<String> = text.lines().map(printable).collect();
    // Nothing can be done where standard error is closed.
    let _ = writeln!(stderr(), "{kind}: {}", lines.join("\n"));
}

/// Makes a panic, which is a bug, say where it happened and nothing else: its message may quote the text that was scanned.
pub(crate) fn quieten_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(stderr(), "error: keylint itself failed at {place}; please report this");
    }));
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
