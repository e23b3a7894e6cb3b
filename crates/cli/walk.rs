//! Walks folders with several threads, each of which scans what it meets: reading one file overlaps with finding the
//! next. Not here: what is done with a file (`scan.rs`).

use std::{
    collections::BTreeMap,
    fs::{self, FileType},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use ignore::{DirEntry, IncrementalIgnore, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use keylint_diagnostics::SkipKind;

use crate::{
    place::{Here, Place, repository, shown},
    read,
    scan::{Outcome, Shared, Worker},
};

/// Ignore files of keylint's own, beside `.gitignore` and `.ignore`.
const IGNORE_FILE: &str = ".keylintignore";

/// Ignore files that say what is not scanned, whatever git tracks.
pub(crate) const OWN_IGNORES: [&str; 2] = [IGNORE_FILE, ".ignore"];

/// Of files that are named one by one, at least this many make another thread worth its start.
const FILES_PER_THREAD: usize = 16;

/// Scans `roots`, files and folders.
pub(crate) fn walk(shared: &Arc<Shared>, roots: Vec<PathBuf>, threads: impl FnOnce() -> usize) -> Outcome {
    let folders = roots.iter().any(|root| root.is_dir());
    if !folders && roots.len() <= FILES_PER_THREAD {
        return files(shared, &roots);
    }
    // Starting threads would cost more than scanning a few files.
    let most = if folders { usize::MAX } else { roots.len().div_ceil(FILES_PER_THREAD) };
    let threads = threads().min(most);
    // A link to a folder is followed where the user names it; a `/` at the end does that.
    let mut roots = roots.into_iter().map(|root| if root.is_symlink() && root.is_dir() { root.join("") } else { root });
    let Some(first) = roots.next() else { return Outcome::default() };
    let mut builder = builder(&first);
    roots.for_each(|root| {
        builder.add(root);
    });
    let filter = Arc::clone(shared);
    builder.threads(threads).filter_entry(move |entry| enters(&filter, entry));
    let outcome = Mutex::default();
    builder.build_parallel().visit(&mut Visitors { shared, outcome: &outcome });
    outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Scans files that are named one by one, without what a walk needs: no ignore file speaks of them.
fn files(shared: &Shared, roots: &[PathBuf]) -> Outcome {
    let mut worker = Worker::new(shared);
    for root in roots {
        match fs::symlink_metadata(root) {
            Ok(metadata) => visit(&mut worker, root, metadata.file_type(), true),
            Err(error) => worker.skip(root, SkipKind::Incomplete, read::reason(&error)),
        }
        if worker.failed() {
            break;
        }
    }
    worker.finish()
}

/// The folder where the search for a repository or a configuration begins, absolute.
pub(crate) fn folder_of(here: &Here, root: &Path) -> PathBuf {
    if root.is_dir() { here.folder(root) } else { here.folder_of(root) }
}

/// Leaves out of `roots` what ignore files name; what is left out is noted in `outcome`.
pub(crate) fn not_ignored(here: &Here, roots: Vec<PathBuf>, outcome: &mut Outcome) -> Vec<PathBuf> {
    let mut matchers: BTreeMap<PathBuf, Option<IncrementalIgnore>> = BTreeMap::new();
    let mut ignored = |root: &PathBuf| {
        let folder = here.folder_of(root);
        let top = repository(&folder).unwrap_or(here.path()).to_path_buf();
        let path = folder.join(root.file_name().unwrap_or_default());
        let Ok(inner) = path.strip_prefix(&top) else { return false };
        let matcher = matchers.entry(top.clone()).or_insert_with(|| builder(&top).build_matchers().into_iter().next());
        inner.components().any(|part| part.as_os_str() == ".git")
            || matcher.as_mut().is_some_and(|matcher| matcher.matched(inner, root.is_dir()).is_ignore())
    };
    let (left_out, roots): (Vec<_>, Vec<_>) = roots.into_iter().partition(|root| ignored(root));
    for path in left_out {
        outcome.skip(shown(&path), SkipKind::Excluded, "ignored");
    }
    roots
}

/// A walk that heeds ignore files. A `.gitignore` counts inside a repository only, and those above its root do not, as
/// for git: in an unpacked archive it says nothing of what was published (Debian's kernel sources have one with `/*`),
/// and one in the home folder would silence everything.
fn builder(root: &Path) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    builder.hidden(false).require_git(true).add_custom_ignore_filename(IGNORE_FILE);
    builder
}

/// A matcher of `.ignore` and keylint's own ignore files only, below `root`: what git tracks is tracked.
pub(crate) fn own_ignores(root: &Path) -> Option<IncrementalIgnore> {
    let mut builder = builder(root);
    builder.git_ignore(false).git_global(false).git_exclude(false);
    builder.build_matchers().into_iter().next()
}

/// Whether a walk goes into `entry`. Files are looked at when they are visited, folders here.
fn enters(shared: &Shared, entry: &DirEntry) -> bool {
    if entry.file_name() == ".git" {
        return false;
    }
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    let (Some(parent), Some(name)) = (entry.path().parent(), entry.path().file_name()) else { return true };
    // A wrong configuration file is reported when the first document below it is visited.
    let Ok(place) = Place::new(&shared.scopes, &shared.here.folder(parent)) else { return true };
    !place.scope.excludes_any() || !place.scope.excludes(&format!("{}{}", place.prefix, name.to_string_lossy()))
}

/// Makes a visitor for each thread.
struct Visitors<'s> {
    shared: &'s Shared,
    outcome: &'s Mutex<Outcome>,
}

impl<'s> ParallelVisitorBuilder<'s> for Visitors<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor { worker: Worker::new(self.shared), outcome: self.outcome })
    }
}

/// Scans what one thread of the walk meets.
struct Visitor<'s> {
    worker: Worker<'s>,
    outcome: &'s Mutex<Outcome>,
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => {
                if let Some(kind) = entry.file_type() {
                    visit(&mut self.worker, entry.path(), kind, entry.depth() == 0);
                }
            }
            Err(error) => {
                let (path, reason) = cause(&error);
                self.worker.skip(path.unwrap_or(Path::new("?")), SkipKind::Incomplete, reason);
            }
        }
        if self.worker.failed() { WalkState::Quit } else { WalkState::Continue }
    }
}

/// Scans what stands at `path`; `named` says that the user asked for it.
fn visit(worker: &mut Worker<'_>, path: &Path, kind: FileType, named: bool) {
    if named && kind.is_symlink() {
        link(worker, path);
    } else if kind.is_file() {
        worker.file(path, named);
    } else if kind.is_symlink() {
        worker.skip(path, SkipKind::Excluded, "symbolic link");
    } else if let (false, Some(kind)) = (kind.is_dir(), read::irregular(&kind)) {
        let hole = if named { SkipKind::Incomplete } else { SkipKind::Excluded };
        worker.skip(path, hole, kind);
    }
}

/// A link that the user named is followed, but opening a pipe behind it would wait for a writer.
fn link(worker: &mut Worker<'_>, path: &Path) {
    let kind = fs::metadata(path).ok().and_then(|metadata| read::irregular(&metadata.file_type()));
    match kind {
        Some(kind) => worker.skip(path, SkipKind::Incomplete, kind),
        None => worker.file(path, true),
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let outcome = self.worker.finish();
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).merge(outcome);
    }
}

/// The path that an error of the walk is about, and what is wrong.
fn cause(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), cause(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => cause(err),
        ignore::Error::Io(error) => (None, read::reason(error)),
        other => (None, other.to_string()),
    }
}
