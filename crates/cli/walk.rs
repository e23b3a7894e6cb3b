//! Walks folders with several threads, each of which scans what it meets: reading one file overlaps with finding the
//! next. Not here: what is done with a file (`scan.rs`).

use std::{
    collections::BTreeMap,
    fs::{self, FileType},
    io,
    panic::resume_unwind,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
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

/// A thread takes this many of the files that are named one by one at a time; fewer are not worth its start.
const FILES_PER_THREAD: usize = 16;

/// A file or folder that is named, and what it is: asked once, since a list may name all files of a large tree.
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    kind: io::Result<FileType>,
    /// Whether it is a folder, or a link to one.
    folder: bool,
}

impl Root {
    /// What stands at `path`.
    pub(crate) fn new(path: PathBuf) -> Root {
        let kind = fs::symlink_metadata(&path).map(|metadata| metadata.file_type());
        let folder = kind.as_ref().is_ok_and(|kind| kind.is_dir() || kind.is_symlink() && path.is_dir());
        Root { path, kind, folder }
    }
}

/// Scans `roots`, files and folders.
pub(crate) fn walk(shared: &Arc<Shared>, roots: Vec<Root>, threads: impl FnOnce() -> usize) -> Outcome {
    let (folders, named): (Vec<Root>, Vec<Root>) = roots.into_iter().partition(|root| root.folder);
    if folders.is_empty() && named.len() <= FILES_PER_THREAD {
        // Starting threads would cost more than scanning a few files.
        return files(shared, &named, &AtomicUsize::new(0));
    }
    let threads = threads();
    let mut outcome = all_files(shared, &named, threads.min(named.len().div_ceil(FILES_PER_THREAD)));
    // A link to a folder is followed where the user names it; a `/` at the end does that.
    let link = |root: &Root| root.kind.as_ref().is_ok_and(FileType::is_symlink);
    let mut folders = folders.into_iter().map(|root| if link(&root) { root.path.join("") } else { root.path });
    let Some(first) = folders.next() else { return outcome };
    let mut builder = builder(&first);
    folders.for_each(|folder| {
        builder.add(folder);
    });
    let filter = Arc::clone(shared);
    builder.threads(threads).filter_entry(move |entry| enters(&filter, entry));
    let walked = Mutex::default();
    builder.build_parallel().visit(&mut Visitors { shared, outcome: &walked });
    outcome.merge(walked.into_inner().unwrap_or_else(PoisonError::into_inner));
    outcome
}

/// Scans files that are named one by one with several threads.
fn all_files(shared: &Shared, roots: &[Root], threads: usize) -> Outcome {
    let next = AtomicUsize::new(0);
    let mut outcome = Outcome::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| files(shared, roots, &next))).collect();
        for worker in workers {
            outcome.merge(worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
    });
    outcome
}

/// Scans files that are named one by one, some at a time from `next` on, without what a walk needs: no ignore file speaks
/// of them.
fn files(shared: &Shared, roots: &[Root], next: &AtomicUsize) -> Outcome {
    let mut worker = Worker::new(shared);
    while let Some(roots) = roots.get(next.fetch_add(FILES_PER_THREAD, Ordering::Relaxed)..) {
        for root in &roots[..roots.len().min(FILES_PER_THREAD)] {
            match &root.kind {
                Ok(kind) => visit(&mut worker, &root.path, *kind, true),
                Err(error) => worker.skip(&root.path, SkipKind::Incomplete, read::reason(error)),
            }
        }
        if roots.len() <= FILES_PER_THREAD || worker.failed() {
            break;
        }
    }
    worker.finish()
}

/// The folder where the search for a repository or a configuration begins, absolute.
pub(crate) fn folder_of(here: &Here, path: &Path) -> PathBuf {
    if path.is_dir() { here.folder(path) } else { here.folder_of(path) }
}

/// Those folders for `roots`, in order; of neighbours that are the same, one.
pub(crate) fn folders_of(here: &Here, roots: &[Root]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for root in roots {
        let folder = if root.folder { here.folder(&root.path) } else { here.folder_of(&root.path) };
        if folders.last().is_none_or(|last| last.as_os_str() != folder.as_os_str()) {
            folders.push(folder);
        }
    }
    folders
}

/// Leaves out of `roots` what ignore files name; what is left out is noted in `outcome`.
pub(crate) fn not_ignored(here: &Here, roots: Vec<Root>, outcome: &mut Outcome) -> Vec<Root> {
    let mut matchers: BTreeMap<PathBuf, Option<IncrementalIgnore>> = BTreeMap::new();
    let mut ignored = |root: &Root| {
        let folder = here.folder_of(&root.path);
        let top = repository(&folder).unwrap_or(here.path()).to_path_buf();
        let path = folder.join(root.path.file_name().unwrap_or_default());
        let Ok(inner) = path.strip_prefix(&top) else { return false };
        let matcher = matchers.entry(top.clone()).or_insert_with(|| builder(&top).build_matchers().into_iter().next());
        inner.components().any(|part| part.as_os_str() == ".git")
            || matcher.as_mut().is_some_and(|matcher| matcher.matched(inner, root.folder).is_ignore())
    };
    let (left_out, roots): (Vec<_>, Vec<_>) = roots.into_iter().partition(|root| ignored(root));
    for root in left_out {
        outcome.skip(shown(&root.path), SkipKind::Excluded, "ignored");
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
