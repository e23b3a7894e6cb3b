//! Scans what is staged: the blobs of the index that differ from the commit, and of these the lines that were added.
//! Reads objects itself, so no git program is needed. Not here: scanning (`scan.rs`).

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use gix::{
    ObjectId,
    bstr::{BStr, ByteSlice},
    index::{
        Entry, State,
        entry::{Flags, Mode, Stage},
        extension,
    },
};
use keylint_diagnostics::{Origin, SkipKind, Span};
use keylint_engine::MAX_MODULE;

use crate::{
    added,
    module::Folder,
    place::{Here, slashed},
    read,
    scan::{Outcome, Shared, Source, Worker},
    walk,
};

/// A repository with a work tree.
pub(crate) struct Repository {
    git: gix::Repository,
    root: PathBuf,
}

impl Repository {
    /// Finds the repository of the current folder; a hook's `GIT_DIR` and `GIT_INDEX_FILE` are heeded, since
    /// `git commit FILE` uses an index of its own.
    pub(crate) fn open(here: &Here) -> anyhow::Result<Repository> {
        let git = gix::discover_with_environment_overrides(here.path())
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("`--staged` needs a git repository")?;
        let root = git.workdir().context("`--staged` needs a repository with a work tree")?;
        let root = here.folder(root);
        let root = root.canonicalize().unwrap_or(root);
        Ok(Repository { git, root })
    }

    /// The root of the work tree, absolute.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }
}

/// A staged file.
struct Change {
    path: String,
    blob: ObjectId,
    /// The blob of the commit; `None` for a new file.
    before: Option<ObjectId>,
}

/// Scans what is staged in `repository`.
pub(crate) fn scan(shared: &Shared, repository: &Repository) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let changes = changes(&repository.git, &mut outcome).context("cannot read the index")?;
    let mut ignores = walk::own_ignores(&repository.root);
    let index = repository.git.index_or_empty().map_err(|error| anyhow::anyhow!("{error}"))?;
    let staged = Staged { repository, index: &index };
    let mut worker = Worker::new(shared);
    for change in changes {
        let ignored = ignores.as_mut().is_some_and(|ignores| ignores.matched(&change.path, false).is_ignore());
        if ignored {
            outcome.skip(change.path, SkipKind::Excluded, "ignored");
        } else if let Err(error) = scan_change(&mut worker, &staged, &change) {
            outcome.skip(change.path, SkipKind::Incomplete, format!("{error:#}"));
        }
        if worker.failed() {
            break;
        }
    }
    outcome.merge(worker.finish());
    Ok(outcome)
}

/// What would be committed, whether it differs or not.
struct Staged<'a> {
    repository: &'a Repository,
    index: &'a State,
}

impl Staged<'_> {
    /// The path of a folder in the index, with a `/` at its end.
    fn prefix(&self, folder: &Path) -> Option<String> {
        let below = slashed(folder.strip_prefix(&self.repository.root).ok()?);
        Some(if below.is_empty() { below } else { format!("{below}/") })
    }
}

impl Folder for Staged<'_> {
    fn names(&self, folder: &Path) -> Vec<String> {
        let Some(prefix) = self.prefix(folder) else { return Vec::new() };
        let entries = self.index.prefixed_entries(prefix.as_str().into()).unwrap_or_default();
        let is_file = |entry: &&Entry| entry.stage() == Stage::Unconflicted && entry.mode != Mode::SYMLINK;
        let names = entries.iter().filter(is_file).filter_map(|entry| {
            let name = entry.path(self.index).get(prefix.len()..)?;
            (!name.contains(&b'/')).then(|| name.to_str().ok().map(str::to_string)).flatten()
        });
        names.collect()
    }

    fn read(&self, folder: &Path, name: &str) -> Option<Vec<u8>> {
        let path = format!("{}{name}", self.prefix(folder)?);
        let entry = self.index.entry_by_path(path.as_str().into())?;
        let header = self.repository.git.find_header(entry.id).ok()?;
        (header.size() <= MAX_MODULE as u64).then(|| blob(&self.repository.git, entry.id).ok()).flatten()
    }
}

fn scan_change(worker: &mut Worker<'_>, staged: &Staged<'_>, change: &Change) -> anyhow::Result<()> {
    let repository = staged.repository;
    let path = repository.root.join(&change.path);
    let folder = path.parent().unwrap_or(&repository.root);
    let name = change.path.rsplit('/').next().unwrap_or_default();
    if worker.excludes(folder, name) {
        worker.skip(Path::new(&change.path), SkipKind::Excluded, "excluded by the configuration");
        return Ok(());
    }
    let text = blob(&repository.git, change.blob)?;
    // Compared only where something was found.
    let added = || match change.before.map(|before| blob(&repository.git, before)) {
        Some(Ok(before)) => added::since(&before, &text),
        // Without the old text, every line may be new.
        Some(Err(_)) | None => vec![Span::new(0..text.len())],
    };
    let source = Source { folder, name, shown: change.path.clone(), origin: Origin::Index };
    worker.source_beside(source, &text, Some(&added), Some(staged));
    Ok(())
}

fn blob(repository: &gix::Repository, id: ObjectId) -> anyhow::Result<Vec<u8>> {
    let size = repository.find_header(id).map_err(|_| anyhow::anyhow!("its object is missing"))?.size();
    anyhow::ensure!(size <= read::MAX_IN_MEMORY, "larger than 64 MiB");
    let object = repository.find_object(id).map_err(|_| anyhow::anyhow!("its object cannot be read"))?;
    Ok(object.detach().data)
}

/// The files of the index that differ from the commit that is checked out.
fn changes(repository: &gix::Repository, outcome: &mut Outcome) -> anyhow::Result<Vec<Change>> {
    let index = repository.index_or_empty().map_err(|error| anyhow::anyhow!("{error}"))?;
    let head = repository.head_tree_id_or_empty().map_err(|error| anyhow::anyhow!("{error}"))?.detach();
    let mut comparison = Comparison { repository, index: &index, outcome, changes: Vec::new() };
    let tree = (!head.is_empty_tree()).then_some(head);
    comparison.folder(index.entries(), 0, tree, index.tree())?;
    Ok(comparison.changes)
}

struct Comparison<'a> {
    repository: &'a gix::Repository,
    index: &'a State,
    outcome: &'a mut Outcome,
    changes: Vec<Change>,
}

impl<'a> Comparison<'a> {
    /// Compares the entries of a folder, whose path has `depth` bytes, with its tree. `cache` is what the index knows of
    /// the tree that these entries would make: where it is the same, nothing below is looked at.
    fn folder(
        &mut self,
        entries: &'a [Entry],
        depth: usize,
        tree: Option<ObjectId>,
        cache: Option<&extension::Tree>,
    ) -> anyhow::Result<()> {
        if tree.is_some() && cache.is_some_and(|cache| cache.num_entries.is_some() && Some(cache.id) == tree) {
            return Ok(());
        }
        let before = self.tree(tree)?;
        let mut rest = entries;
        while let Some(entry) = rest.first() {
            let path: &'a BStr = entry.path(self.index);
            let name = &path[depth..];
            let Some(slash) = name.find_byte(b'/') else {
                self.file(entry, path, before.get(name).copied());
                rest = &rest[1..];
                continue;
            };
            let folder = &path[..depth + slash + 1];
            let end = rest.partition_point(|entry| entry.path(self.index).starts_with(folder));
            let name = &name[..slash];
            let tree = before.get(name).filter(|(_, is_tree)| *is_tree).map(|(id, _)| *id);
            let cache = cache.and_then(|cache| cache.children.iter().find(|child| child.name.as_slice() == name));
            self.folder(&rest[..end], folder.len(), tree, cache)?;
            rest = &rest[end..];
        }
        Ok(())
    }

    fn file(&mut self, entry: &Entry, path: &BStr, before: Option<(ObjectId, bool)>) {
        let path = path.to_str_lossy().into_owned();
        if entry.stage() != Stage::Unconflicted {
            if self.outcome.skipped.last().is_none_or(|skip| skip.path != path) {
                self.outcome.skip(path, SkipKind::Incomplete, "unresolved merge conflict");
            }
            return;
        }
        let before = before.filter(|(_, is_tree)| !is_tree).map(|(id, _)| id);
        if before == Some(entry.id) || entry.flags.contains(Flags::INTENT_TO_ADD) {
            return;
        }
        match entry.mode {
            Mode::FILE | Mode::FILE_EXECUTABLE => self.changes.push(Change { path, blob: entry.id, before }),
            Mode::SYMLINK => self.outcome.skip(path, SkipKind::Excluded, "symbolic link"),
            Mode::COMMIT => self.outcome.skip(path, SkipKind::Excluded, "submodule"),
            _ => self.outcome.skip(path, SkipKind::Incomplete, "a folder that is outside the sparse checkout"),
        }
    }

    /// The entries of a tree: the object and whether it is a tree, by name.
    fn tree(&self, id: Option<ObjectId>) -> anyhow::Result<BTreeMap<Vec<u8>, (ObjectId, bool)>> {
        let Some(id) = id else { return Ok(BTreeMap::new()) };
        let tree = self.repository.find_tree(id).map_err(|error| anyhow::anyhow!("{error}"))?;
        let mut entries = BTreeMap::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|error| anyhow::anyhow!("{error}"))?;
            entries.insert(entry.filename().to_vec(), (entry.object_id(), entry.mode().is_tree()));
        }
        Ok(entries)
    }
}
