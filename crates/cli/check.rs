//! The command `check`: what to scan, scanning it, and the report.
//! Not here: walking, reading, scanning and printing themselves.

use std::{
    fs,
    io::{self, Read, stdin},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    thread,
    time::Instant,
};

use anyhow::{Context, bail};
use keylint_diagnostics::{Origin, SkipKind};
use keylint_engine::config::nearest;
use keylint_report::Gate;

use crate::{
    args::{CheckArgs, Cli, GlobalArgs},
    baseline,
    config_file::Scopes,
    fix,
    history::{self, History},
    hook, image,
    output::{self, Run},
    place::{Here, shown, tops},
    progress::{Counters, Progress},
    read,
    scan::{Outcome, Shared, Source, Worker},
    staged,
    walk::{self, Root},
};

/// How standard input is called where it is not named.
const STDIN: &str = "<stdin>";
/// How a commit message is called; git's own name for it.
const MESSAGE: &str = "COMMIT_EDITMSG";

/// Runs `check`.
pub(crate) fn run(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let gathered = gather(args, global)?;
    if args.fixes.asked() { fix::run(args, global, gathered) } else { gathered.report(args, global) }
}

/// What a scan gave, and what a report says of it.
pub(crate) struct Gathered {
    /// What was found.
    pub(crate) outcome: Outcome,
    /// The configurations.
    pub(crate) scopes: Arc<Scopes>,
    /// Which findings fail, where what was scanned first lies.
    gate: Gate,
    kind: &'static str,
    commit: Option<String>,
    folders: Vec<PathBuf>,
    started: Instant,
}

impl Gathered {
    /// Writes the reports; gives the exit code.
    pub(crate) fn report(self, args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
        let Gathered { outcome, scopes, gate, kind, commit, folders, started } = self;
        output::report(Run { args, global, scopes: &scopes, gate, kind, commit, folders, started }, outcome)
    }

    /// The report that `--format json` would print.
    pub(crate) fn json(self, args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<String> {
        let Gathered { outcome, scopes, gate, kind, commit, folders, started } = self;
        output::json(&Run { args, global, scopes: &scopes, gate, kind, commit, folders, started }, &outcome)
    }
}

/// Scans what is asked for.
pub(crate) fn gather(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Gathered> {
    let started = Instant::now();
    output::check_formats(&args.formats)?;
    check_scope(args)?;
    let here = Here::new()?;
    let scope = match () {
        () if args.message.is_some() => Target::Message(args.message.clone().unwrap_or_default()),
        () if args.staged => Target::Staged(Box::new(staged::Repository::open(&here)?)),
        () if history::wanted(args) => Target::History(Box::new(History::open(&here, args)?)),
        () => target(args, &here)?,
    };
    let folders: Vec<PathBuf> = match &scope {
        Target::Staged(repository) => vec![repository.root().into()],
        Target::History(history) => vec![history.root().into()],
        Target::Message(_) => vec![here.path().into()],
        Target::Paths { roots, .. } if roots.is_empty() => vec![here.path().into()],
        Target::Paths { roots, .. } => walk::folders_of(&here, roots),
    };
    let scopes = Scopes::new(&args.rules, tops(&here, folders.iter().cloned()));
    let scopes = Arc::new(scopes.gated(args.gate));
    // A wrong configuration is said before a long scan, not after it.
    let first = scopes.of(folders.first().map_or(here.path(), PathBuf::as_path))?;

    let counters = Arc::new(Counters::default());
    let progress = Progress::start(&counters, !global.quiet);
    let shared = Arc::new(Shared::new(Arc::clone(&scopes), here, counters, args));
    let commit = match &scope {
        Target::History(history) => history.commit(),
        Target::Paths { .. } | Target::Staged(_) | Target::Message(_) => None,
    };
    let (mut outcome, kind) = match scope {
        Target::History(history) => {
            (history::scan(&shared, &history, args, threads(args), global.verbose)?, history.kind())
        }
        Target::Staged(repository) => (staged::scan(&shared, &repository)?, "index"),
        Target::Message(file) => (scan_message(&shared, &file)?, "message"),
        Target::Paths { roots, stdin } => scan_paths(&shared, args, roots, stdin)?,
    };
    drop(progress);
    if let Some(error) = outcome.failure.take() {
        return Err(error);
    }
    outcome.sort();
    baseline::apply(&scopes, &mut outcome);
    Ok(Gathered { outcome, gate: first.gate, scopes, kind, commit, folders, started })
}

/// Refuses options that the scope cannot honour, with the reason.
fn check_scope(args: &CheckArgs) -> anyhow::Result<()> {
    let commits = history::wanted(args);
    if commits && args.archives {
        bail!(
            "`--archives` does not look into commits, since each version of an archive would be unpacked again; \
             `check` and `--staged` take it"
        );
    }
    if commits && (args.files_from.is_some() || args.stdin_filename.is_some()) {
        bail!("`--files-from` and `--stdin-filename` speak of files, and `git` scans commits; use `check` for these");
    }
    if args.no_new_suppressions && (args.all || !commits && !args.staged) {
        bail!("`--no-new-suppressions` needs to know what is new: use it with `--staged`, `--since` or `--range`");
    }
    Ok(())
}

/// What is to be scanned.
enum Target {
    /// Files and folders, and perhaps standard input.
    Paths {
        /// The files and folders.
        roots: Vec<Root>,
        /// Whether standard input is a document too.
        stdin: bool,
    },
    /// What is staged.
    Staged(Box<staged::Repository>),
    /// What commits brought.
    History(Box<History>),
    /// The message of a commit.
    Message(PathBuf),
}

fn target(args: &CheckArgs, here: &Here) -> anyhow::Result<Target> {
    let listed = match &args.files_from {
        Some(list) => read_list(list)?,
        None => Vec::new(),
    };
    let stdin = args.paths.iter().any(|path| path.as_os_str() == "-") || args.stdin_filename.is_some();
    if stdin && args.files_from.as_ref().is_some_and(|list| list.as_os_str() == "-") {
        bail!("standard input cannot be both a document and the list of files");
    }
    let mut roots: Vec<PathBuf> = args.paths.iter().filter(|path| path.as_os_str() != "-").cloned().collect();
    if let Some(missing) = roots.iter().find(|path| fs::symlink_metadata(path).is_err()) {
        bail!("cannot scan `{}`: no such file or folder{}", missing.display(), meant_command(missing));
    }
    roots.extend(listed);
    // Reports name paths from the current folder, where they can.
    for root in roots.iter_mut().filter(|root| root.is_absolute()) {
        if let Ok(inner) = root.strip_prefix(here.path()) {
            *root = if inner.as_os_str().is_empty() { PathBuf::from(".") } else { inner.into() };
        }
    }
    if roots.is_empty() && !stdin && args.files_from.is_none() {
        roots.push(PathBuf::from("."));
    }
    Ok(Target::Paths { roots: roots.into_iter().map(Root::new).collect(), stdin })
}

/// A mistyped command is taken for a path, since a bare `keylint PATH` works.
fn meant_command(path: &Path) -> String {
    use clap::CommandFactory;
    let cli = Cli::command();
    let names = cli.get_subcommands().map(clap::Command::get_name);
    let meant = path.to_str().and_then(|word| nearest(word, names));
    meant.map(|name| format!("; did you mean the command `{name}`?")).unwrap_or_default()
}

/// The paths in a list: separated by NUL if there is one, else by line ends.
fn read_list(list: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let bytes = if list.as_os_str() == "-" {
        let mut bytes = Vec::new();
        stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(list)
    };
    let bytes = bytes.with_context(|| format!("cannot read the list of files `{}`", list.display()))?;
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let lines = bytes.split(|&byte| byte == separator);
    let lines = lines.map(|line| if separator == 0 { line } else { line.strip_suffix(b"\r").unwrap_or(line) });
    Ok(lines.filter(|line| !line.is_empty()).map(path_of).collect())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn scan_paths(
    shared: &Arc<Shared>,
    args: &CheckArgs,
    mut roots: Vec<Root>,
    stdin: bool,
) -> anyhow::Result<(Outcome, &'static str)> {
    let mut outcome = Outcome::default();
    if args.image {
        return Ok((image::scan(shared, roots.iter().map(|root| root.path.as_path())), "image"));
    }
    let kind = if stdin && roots.is_empty() { "stdin" } else { "paths" };
    if stdin {
        let mut worker = Worker::new(shared);
        let name = args.stdin_filename.as_deref().unwrap_or(Path::new(STDIN));
        scan_stdin(shared, &mut worker, name).context("cannot read standard input")?;
        outcome.merge(worker.finish());
    }
    if args.force_exclude {
        roots = walk::not_ignored(&shared.here, roots, &mut outcome);
    }
    outcome.merge(walk::walk(shared, roots, || threads(args)));
    Ok((outcome, kind))
}

fn scan_message(shared: &Arc<Shared>, file: &Path) -> anyhow::Result<Outcome> {
    let text = fs::read(file).with_context(|| format!("cannot read the commit message `{}`", file.display()))?;
    let mut worker = Worker::new(shared);
    let folder = shared.here.path().to_path_buf();
    let source = Source { folder: &folder, name: MESSAGE, shown: MESSAGE.into(), origin: Origin::Stdin };
    worker.source(source, hook::message(&text), None);
    Ok(worker.finish())
}

/// How many threads scan.
fn threads(args: &CheckArgs) -> usize {
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    args.threads.map_or_else(processors, usize::from)
}

fn scan_stdin(shared: &Shared, worker: &mut Worker<'_>, path: &Path) -> io::Result<()> {
    let folder = shared.here.folder_of(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let source = Source { folder: &folder, name: &name, shown: shown(path), origin: Origin::Stdin };
    if shared.force_exclude && worker.excludes(&folder, &name) {
        worker.skip(path, SkipKind::Excluded, "excluded by the configuration");
        return Ok(());
    }
    let mut input = stdin().lock();
    let mut head = Vec::new();
    input.by_ref().take(read::MAX_IN_MEMORY + 1).read_to_end(&mut head)?;
    if head.len() as u64 <= read::MAX_IN_MEMORY {
        worker.source(source, &head, None);
        return Ok(());
    }
    worker.stream(source, &head, &mut input);
    Ok(())
}
