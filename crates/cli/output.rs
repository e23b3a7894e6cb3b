//! Hands what was found to the sinks, in path order, and turns it into an exit code.
//! Not here: what the formats look like (`keylint-report`).

use std::{
    fs::File,
    io::{self, BufWriter, Write, stdout},
    path::PathBuf,
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, bail};
use keylint_report::{Format, Gate, Options, Sink, Summary, Tally, Tool, View, printable};
use keylint_rules::Rule;

use crate::{
    args::{CheckArgs, FormatArg, GlobalArgs},
    config_file::Scopes,
    git,
    scan::{Found, Outcome},
    terminal::{self, Terminal},
};

const FINDINGS: u8 = 1;
/// The exit code where a scan was not complete.
pub(crate) const INCOMPLETE: u8 = 3;
/// How many documents that were not scanned are named where there is no report.
const MAX_NAMED: usize = 20;

/// What the report says of the run beside what was found.
pub(crate) struct Run<'a> {
    /// Options of the command.
    pub(crate) args: &'a CheckArgs,
    /// Options of every command.
    pub(crate) global: &'a GlobalArgs,
    /// The configurations.
    pub(crate) scopes: &'a Scopes,
    /// Which findings fail, where what was scanned first lies.
    pub(crate) gate: Gate,
    /// What was scanned: `paths`, `stdin`, `index`, `history` or `range`.
    pub(crate) kind: &'static str,
    /// The commit that was asked for; where none was, it is the one that is checked out.
    pub(crate) commit: Option<String>,
    /// The folders that were scanned, absolute.
    pub(crate) folders: Vec<PathBuf>,
    /// When it began.
    pub(crate) started: Instant,
}

/// Refuses reports that would be written into each other.
pub(crate) fn check_formats(formats: &[FormatArg]) -> anyhow::Result<()> {
    for (index, one) in formats.iter().enumerate() {
        if formats[..index].iter().any(|other| other.path == one.path) {
            match &one.path {
                Some(path) => bail!("two reports would be written to `{}`", path.display()),
                None => bail!(
                    "two reports would be written to standard output; name a file for one: `--format {}:PATH`",
                    one.format
                ),
            }
        }
    }
    Ok(())
}

/// Writes the reports; gives the exit code.
pub(crate) fn report(run: Run<'_>, outcome: Outcome) -> anyhow::Result<ExitCode> {
    // A report without findings says nothing of the rules, so they need not be decoded.
    let rules = if outcome.found.is_empty() { Vec::new() } else { rules(run.scopes) };
    let mut summary = summary(&run, &outcome);
    let default = [FormatArg { format: Format::Text, path: None }];
    let formats = if run.args.formats.is_empty() { &default[..] } else { &run.args.formats };
    if summary.files == 0 && summary.complete && !run.global.quiet {
        terminal::note("nothing was scanned: no file is there, or all of them are left out (`-v` lists what was)");
    }
    let silent = run.global.quiet && summary.counts == Tally::default() && summary.complete;
    for wanted in formats {
        let machine = !matches!(wanted.format, Format::Text | Format::Concise);
        if silent && !machine && wanted.path.is_none() {
            continue;
        }
        if machine && summary.scope.commit.is_none() {
            summary.scope.commit = run.folders.first().and_then(|folder| git::head(folder));
        }
        summary.elapsed = Some(run.started.elapsed());
        let name = wanted.path.as_ref().map_or("standard output".into(), |path| format!("`{}`", path.display()));
        match write(&run, wanted, &rules, &outcome.found, &summary) {
            // A reader that has seen enough is no error. What else is to be written is written, and the exit code stays.
            Err(error) if wanted.path.is_none() && error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written.with_context(|| format!("cannot write the report to {name}"))?,
        }
    }
    Ok(exit_code(run.args, &outcome))
}

/// The exit code of a scan: findings at the gate say more than a hole in the scan does.
pub(crate) fn exit_code(args: &CheckArgs, outcome: &Outcome) -> ExitCode {
    ExitCode::from(match () {
        () if !args.exit_zero && outcome.found.iter().any(Found::fails) => FINDINGS,
        () if outcome.holes().next().is_some() => INCOMPLETE,
        () => 0,
    })
}

/// Names on standard error what was not scanned, for commands without a report.
pub(crate) fn say_holes(outcome: &Outcome) {
    for skip in outcome.holes().take(MAX_NAMED) {
        terminal::note(&format!("not scanned: {}: {}", printable(&skip.path), printable(&skip.reason)));
    }
    let more = outcome.holes().count().saturating_sub(MAX_NAMED);
    if more > 0 {
        terminal::note(&format!("not scanned: {more} more"));
    }
}

/// The report that `--format json` would print, for the commands that go on from it.
pub(crate) fn json(run: &Run<'_>, outcome: &Outcome) -> anyhow::Result<String> {
    let rules = rules(run.scopes);
    let summary = summary(run, outcome);
    let mut text = Vec::new();
    let mut sink = keylint_report::sink(Format::Json, &rules, Options::default(), Box::new(&mut text));
    for found in &outcome.found {
        document(sink.as_mut(), found)?;
    }
    sink.finish(&summary)?;
    drop(sink);
    Ok(String::from_utf8(text)?)
}

/// Whether a report was cut off by its reader, as `head` does it: that is no error.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    kinds.into_iter().any(|kind| kind == io::ErrorKind::BrokenPipe)
}

fn write(run: &Run<'_>, wanted: &FormatArg, rules: &[Rule], found: &[Found], summary: &Summary) -> io::Result<()> {
    let out: Box<dyn Write> = match &wanted.path {
        Some(path) => Box::new(BufWriter::new(File::create(path)?)),
        None => Box::new(BufWriter::new(stdout().lock())),
    };
    let mut sink = keylint_report::sink(wanted.format, rules, options(run, wanted), out);
    for found in found {
        document(sink.as_mut(), found)?;
    }
    sink.finish(summary)
}

fn document(sink: &mut dyn Sink, found: &Found) -> io::Result<()> {
    for piece in &found.pieces {
        let view = View::piece(&found.path, found.origin, &piece.text, piece.encoding, piece.base, piece.first);
        let commit = found.commit.as_deref();
        let line_hashes = found.line_hashes.as_ref();
        let view = View { settled: piece.settled, line_hashes, commit, gate: found.gate, own: found.own, ..view };
        sink.document(&view, &piece.diagnostics)?;
    }
    Ok(())
}

fn options(run: &Run<'_>, wanted: &FormatArg) -> Options {
    let plain = Options {
        show_secrets: run.args.show_secrets,
        show_suppressed: run.args.show_suppressed,
        verbose: run.global.verbose,
        ..Options::default()
    };
    if wanted.path.is_some() {
        return plain;
    }
    let Terminal { color, hyperlinks, width, ascii } = Terminal::detect(run.global.color);
    Options { color, hyperlinks, width, ascii, ..plain }
}

/// The rules of all engines, by id.
fn rules(scopes: &Scopes) -> Vec<Rule> {
    let mut rules: Vec<Rule> = scopes.engines().iter().flat_map(|engine| engine.rules().iter().cloned()).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules.dedup_by(|a, b| a.id == b.id);
    rules
}

/// How many rules the engines have.
fn count(scopes: &Scopes) -> usize {
    match scopes.engines()[..] {
        [engine] => engine.rule_count(),
        _ => rules(scopes).len(),
    }
}

fn summary(run: &Run<'_>, outcome: &Outcome) -> Summary {
    let mut counts = Tally::default();
    for found in &outcome.found {
        found.diagnostics().for_each(|diagnostic| counts.add(diagnostic, &found.gate));
    }
    let excluded = outcome.skipped.len() - outcome.holes().count();
    Summary {
        tool: Tool {
            version: env!("CARGO_PKG_VERSION").into(),
            rules: count(run.scopes),
            catalogue: Some(keylint_engine::Catalogue::get().date().into()),
        },
        scope: keylint_report::Scope {
            kind: run.kind.into(),
            repository: None,
            commit: run.commit.clone(),
            config_hash: Some(run.scopes.hash()),
        },
        files: outcome.files,
        bytes: outcome.bytes,
        excluded: excluded as u64,
        skipped: outcome.skipped.clone(),
        elapsed: None,
        gate: run.gate,
        counts,
        complete: excluded == outcome.skipped.len(),
    }
}
