//! The command `baseline`, and the baseline file of a run: reading it, applying it, writing it.
//! Not here: what an entry accepts (`keylint_engine::baseline`), or which file is in force (`config_file.rs`).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    thread,
    time::SystemTime,
};

use anyhow::{Context, bail};
use keylint_diagnostics::Diagnostic;
use keylint_engine::baseline::{Baseline, Changes, Place, Seen, Terms};

use crate::{
    args::{AcceptArgs, BaselineAction, BaselineArgs, CheckArgs, GlobalArgs, RuleChoice},
    config_file::{self, Loaded, Scopes},
    output,
    place::{Here, slashed, tops},
    progress::{Counters, Progress},
    replace::replace,
    scan::{Outcome, Shared},
    shell,
    terminal::{self, counted},
    walk::{self, Root},
};

/// The file's name, where none is chosen.
pub(crate) const NAME: &str = "keylint.baseline.json";
/// Bytes of a new key: as many as a fingerprint has.
const KEY: usize = 16;

/// A baseline that is in force.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    /// Tells it from the others of the run.
    pub(crate) number: usize,
    /// The file.
    pub(crate) path: PathBuf,
    /// The folder that its paths are relative to.
    pub(crate) root: PathBuf,
    /// What it says.
    pub(crate) baseline: Baseline,
    /// All paths that it names.
    paths: BTreeSet<String>,
}

/// What a run saw in the paths of each baseline, by its number.
pub(crate) type SeenBy = BTreeMap<usize, Seen>;

impl Accepted {
    /// The baseline of the file `path`.
    pub(crate) fn new(path: PathBuf, root: PathBuf, baseline: Baseline) -> Accepted {
        let paths = baseline.paths().into_iter().map(str::to_string).collect();
        Accepted { number: 0, path, root, baseline, paths }
    }

    /// Reads the file `path`.
    pub(crate) fn read(path: PathBuf, root: PathBuf) -> anyhow::Result<Accepted> {
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read the baseline `{}`", path.display()))?;
        let baseline = Baseline::parse(&text, &path.display().to_string())?;
        Ok(Accepted::new(path, root, baseline))
    }

    /// What stands before paths relative to `base` to make them relative to the baseline's folder.
    pub(crate) fn prefix(&self, base: &Path) -> String {
        let mut prefix = slashed(base.strip_prefix(&self.root).unwrap_or(Path::new("")));
        if !prefix.is_empty() {
            prefix.push('/');
        }
        prefix
    }

    /// Notes in `seen` what a document gave, if the baseline names its path.
    pub(crate) fn note<'d>(&self, seen: &mut SeenBy, path: &str, found: impl IntoIterator<Item = &'d Diagnostic>) {
        if self.paths.contains(path) {
            seen.entry(self.number).or_default().scanned(path, found);
        }
    }

    /// What the run saw, with the paths that do not exist any more.
    fn seen(&self, outcome: &mut Outcome) -> Seen {
        let mut seen = outcome.seen.remove(&self.number).unwrap_or_default();
        for path in self.paths.iter().filter(|path| is_gone(&self.root.join(path))) {
            seen.gone(path);
        }
        seen
    }

    /// The findings in documents that this baseline speaks of.
    fn places<'o>(&self, outcome: &'o mut Outcome) -> Vec<Place<'o>> {
        let mut places = Vec::new();
        for found in &mut outcome.found {
            let Some((number, path)) = &found.place else { continue };
            if *number == self.number {
                let diagnostics = found.pieces.iter_mut().flat_map(|piece| &mut piece.diagnostics);
                places.extend(diagnostics.map(|diagnostic| (path.clone(), diagnostic)));
            }
        }
        places
    }
}

/// Whether there is nothing at `path`, and not merely nothing that can be read.
fn is_gone(path: &Path) -> bool {
    let gone = |error: io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    fs::symlink_metadata(path).is_err_and(gone)
}

/// Marks what the baselines of a run accept.
pub(crate) fn apply(scopes: &Scopes, outcome: &mut Outcome) {
    for accepted in scopes.baselines() {
        if outcome.found.iter().any(|found| found.place.as_ref().is_some_and(|(number, _)| *number == accepted.number))
        {
            let seen = accepted.seen(outcome);
            accepted.baseline.apply(&mut accepted.places(outcome), &seen, Some(scopes.today()));
        }
    }
}

/// What a scan for a command other than `check` is told.
pub(crate) struct Wanted<'a> {
    /// Files and folders; the current folder where there are none.
    pub(crate) paths: &'a [PathBuf],
    /// Which configuration is in force.
    pub(crate) choice: &'a RuleChoice,
    /// The configuration of a folder, instead of the file that is there.
    pub(crate) instead: Option<(PathBuf, Loaded)>,
    /// The baseline to use instead of the file's text.
    pub(crate) accepted: Option<Accepted>,
}

/// Scans files and folders as `check` does, without a report.
pub(crate) fn scan(wanted: Wanted<'_>, global: &GlobalArgs) -> anyhow::Result<(Arc<Scopes>, Outcome)> {
    let here = Here::new()?;
    let paths = match wanted.paths {
        [] => vec![PathBuf::from(".")],
        paths => paths.to_vec(),
    };
    if let Some(missing) = paths.iter().find(|path| fs::symlink_metadata(path).is_err()) {
        bail!("cannot scan `{}`: no such file or folder", missing.display());
    }
    let roots: Vec<Root> = paths.into_iter().map(Root::new).collect();
    let folders = walk::folders_of(&here, &roots);
    let scopes = Scopes::new(wanted.choice, tops(&here, folders.iter().cloned()));
    let scopes = Arc::new(scopes.with(wanted.instead, wanted.accepted));
    scopes.of(folders.first().map_or(here.path(), PathBuf::as_path))?;
    let counters = Arc::new(Counters::default());
    let progress = Progress::start(&counters, !global.quiet);
    let args = CheckArgs { rules: wanted.choice.clone(), ..CheckArgs::default() };
    let shared = Arc::new(Shared::new(Arc::clone(&scopes), here, counters, &args));
    let mut outcome = walk::walk(&shared, roots, || thread::available_parallelism().map_or(1, usize::from));
    drop(progress);
    if let Some(error) = outcome.failure.take() {
        return Err(error);
    }
    outcome.sort();
    Ok((scopes, outcome))
}

/// Runs `baseline`.
pub(crate) fn run(action: &BaselineAction, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let (args, create, terms) = match action {
        BaselineAction::Create(args) => (&args.scan, true, Some(terms(args)?)),
        BaselineAction::Update(args) => (&args.scan, false, Some(terms(args)?)),
        BaselineAction::Prune(args) => (args, false, None),
    };
    let (path, named, root) = target(args)?;
    let accepted = match (create, path.exists()) {
        (true, true) => bail!("`{named}` exists already: `keylint baseline update` adds to it"),
        (true, false) => Accepted::new(path, root, Baseline::new(key()?)),
        (false, false) => bail!("there is no `{named}`: `keylint baseline create` makes one"),
        (false, true) => Accepted::read(path, root)?,
    };
    let wanted = Wanted { paths: &args.paths, choice: &args.rules, instead: None, accepted: Some(accepted.clone()) };
    let (_, mut outcome) = scan(wanted, global)?;
    if let Some(code) = refuse_incomplete(&outcome, args.force) {
        return Ok(code);
    }
    let before = accepted.baseline.text();
    let seen = accepted.seen(&mut outcome);
    let places = accepted.places(&mut outcome);
    let mut baseline = accepted.baseline.clone();
    let changes = match terms {
        Some(terms) => baseline.accept(&places, &seen, &terms),
        None => baseline.prune(&places, &seen),
    };
    let text = baseline.text();
    if text == before && !create {
        return shell::print(format!("{named} is up to date{}\n", words(&changes)).as_bytes());
    }
    replace(&accepted.path, text.as_bytes()).with_context(|| format!("cannot write `{named}`"))?;
    let count = counted(baseline.entries.len(), "accepted finding");
    shell::print(format!("wrote {named}: {count}{}\n", words(&changes)).as_bytes())
}

/// On which terms the findings are accepted.
fn terms(args: &AcceptArgs) -> anyhow::Result<Terms> {
    let today = config_file::today(SystemTime::now());
    if let Some(past) = args.expires.as_ref().filter(|day| **day < today) {
        bail!("`--expires {past}` is over, so nothing would be accepted");
    }
    Ok(Terms { reason: args.reason.clone(), owner: args.owner.clone(), expires: args.expires.clone(), today })
}

/// The file that the command works on, how it is shown, and the folder of its paths.
fn target(args: &BaselineArgs) -> anyhow::Result<(PathBuf, String, PathBuf)> {
    let here = Here::new()?;
    let folder = args.paths.first().map_or_else(|| here.path().to_path_buf(), |path| walk::folder_of(&here, path));
    let scopes = Scopes::new(&args.rules, tops(&here, [folder.clone()]));
    let (path, root) = scopes.baseline_of(&folder)?;
    let shown = path.strip_prefix(here.path()).unwrap_or(&path).display().to_string();
    Ok((path, shown, root))
}

/// Accepting what was found where something was not scanned would look complete and not be.
fn refuse_incomplete(outcome: &Outcome, force: bool) -> Option<ExitCode> {
    output::say_holes(outcome);
    if force || outcome.holes().next().is_none() {
        return None;
    }
    terminal::error(&anyhow::anyhow!(
        "the scan was not complete, so nothing was written; `--force` writes all the same"
    ));
    Some(ExitCode::from(output::INCOMPLETE))
}

/// What changed, in words.
fn words(changes: &Changes) -> String {
    let said = [
        (changes.added, format!("{} added", changes.added)),
        (changes.places, counted(changes.places, "new place")),
        (changes.moved, format!("{} moved", changes.moved)),
        (changes.renewed, format!("{} renewed", changes.renewed)),
        (changes.removed, format!("{} gone", counted(changes.removed, "place"))),
        (changes.dropped, format!("{} removed", changes.dropped)),
        (changes.expired, format!("{} expired and left so (`--expires` renews them)", changes.expired)),
    ];
    let said: Vec<String> = said.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
}

/// A new key for fingerprints.
pub(crate) fn key() -> anyhow::Result<Vec<u8>> {
    let mut key = vec![0; KEY];
    getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(key)
}
