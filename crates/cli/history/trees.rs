//! What each commit brought: the blobs that no parent has at that path.
//! Not here: what is in the blobs (`blobs.rs`).

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use gix::{
    ObjectId,
    bstr::{BString, ByteSlice},
    objs::{Find, TreeRefIter, tree, tree::EntryRef},
};
use keylint_diagnostics::{Skip, SkipKind};

use super::{
    cache::{Excluded, Reason},
    commits::{self, Commit},
    read_object,
};

/// Commits that a thread takes at a time: neighbours share most of their trees.
const COMMITS_AT_ONCE: usize = 64;
/// Folders in folders; git itself stops at 2048, and no file system of today at less than this.
const MAX_DEPTH: usize = 512;
/// Trees of one commit that differ from its parents': a hundred times those of the Linux kernel. A few small trees that
/// hold each other many times would otherwise make billions of paths.
const MAX_TREES: usize = 500_000;

/// A blob that a commit brought to a path.
#[derive(Clone, Debug)]
pub(super) struct Introduction {
    pub(super) blob: ObjectId,
    pub(super) path: BString,
    /// Place in the list of commits.
    pub(super) commit: u32,
}

/// What some commits brought.
#[derive(Debug, Default)]
pub(super) struct Introductions {
    pub(super) list: Vec<Introduction>,
    pub(super) excluded: BTreeSet<Excluded>,
    pub(super) holes: Vec<Skip>,
}

/// What `commits` brought.
pub(super) fn introductions(git: &gix::Repository, commits: &[Commit], threads: usize) -> Introductions {
    let known: HashMap<ObjectId, ObjectId> = commits.iter().map(|commit| (commit.id, commit.tree)).collect();
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Introductions::default());
    let work = |git: gix::Repository| {
        let mut trees = Trees::new(&git);
        loop {
            let first = next.fetch_add(COMMITS_AT_ONCE, Relaxed);
            let Some(rest) = commits.get(first..).filter(|rest| !rest.is_empty()) else { break };
            // The newest one first: in a pack, older trees are deltas of newer ones, and these are then at hand.
            for (index, commit) in rest.iter().take(COMMITS_AT_ONCE).enumerate().rev() {
                trees.commit(commit, (first + index) as u32, &known);
            }
        }
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        all.list.append(&mut trees.out.list);
        all.excluded.append(&mut trees.out.excluded);
        all.holes.append(&mut trees.out.holes);
    };
    // Starting threads would cost more than a few commits.
    let threads = threads.min(commits.len().div_ceil(COMMITS_AT_ONCE));
    let shared = git.clone().into_sync();
    if threads <= 1 {
        work(read_object::reader(&shared));
    } else {
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| work(read_object::reader(&shared)));
            }
        });
    }
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Compares trees on one thread.
struct Trees<'g> {
    git: &'g gix::Repository,
    /// Trees of parents that are not walked.
    parents: BTreeMap<ObjectId, Option<ObjectId>>,
    buffers: Vec<Vec<u8>>,
    path: Vec<u8>,
    commit: u32,
    left: usize,
    out: Introductions,
}

impl<'g> Trees<'g> {
    fn new(git: &'g gix::Repository) -> Trees<'g> {
        Trees {
            git,
            parents: BTreeMap::new(),
            buffers: Vec::new(),
            path: Vec::new(),
            commit: 0,
            left: 0,
            out: Introductions::default(),
        }
    }

    fn commit(&mut self, commit: &Commit, index: u32, known: &HashMap<ObjectId, ObjectId>) {
        let mut parents = Vec::with_capacity(commit.parents.len());
        for id in &commit.parents {
            let tree = known.get(id).copied().or_else(|| {
                let read = || commits::read(self.git, *id, &mut Vec::new()).map(|commit| commit.tree);
                *self.parents.entry(*id).or_insert_with(read)
            });
            // A parent that is missing is known as a hole already, or hidden: then more is reported, not less.
            parents.extend(tree);
        }
        if parents.contains(&commit.tree) {
            return;
        }
        (self.commit, self.left) = (index, MAX_TREES);
        self.path.clear();
        self.compare(commit.tree, &parents, 0);
    }

    fn compare(&mut self, tree: ObjectId, parents: &[ObjectId], depth: usize) {
        if self.left == 0 || depth > MAX_DEPTH {
            return self.hole("too many folders in a commit");
        }
        self.left -= 1;
        let mut buffer = self.buffers.pop().unwrap_or_default();
        let mut others: Vec<Vec<u8>> = parents.iter().map(|_| self.buffers.pop().unwrap_or_default()).collect();
        match self.git.objects.try_find(&tree, &mut buffer) {
            Ok(Some(data)) if data.kind.is_tree() => {
                let hash = data.object_hash;
                let sides: Vec<Side<'_>> = parents
                    .iter()
                    .zip(&mut others)
                    .filter_map(|(id, buffer)| self.git.objects.try_find(id, buffer).ok().flatten())
                    .filter(|data| data.kind.is_tree())
                    .map(|data| Side::new(TreeRefIter::from_bytes(data.data, data.object_hash)))
                    .collect();
                self.entries(TreeRefIter::from_bytes(data.data, hash), sides, depth);
            }
            _ => self.hole("the object of a folder is missing"),
        }
        self.buffers.push(buffer);
        self.buffers.append(&mut others);
    }

    fn entries(&mut self, entries: TreeRefIter<'_>, mut sides: Vec<Side<'_>>, depth: usize) {
        for entry in entries {
            let Ok(entry) = entry else { return self.hole("the object of a folder is damaged") };
            let is_tree = entry.mode.is_tree();
            let before: Vec<EntryRef<'_>> = sides.iter_mut().filter_map(|side| side.same_name(&entry)).collect();
            if before.iter().any(|old| old.oid == entry.oid && old.mode.is_link() == entry.mode.is_link()) {
                continue;
            }
            let length = self.path.len();
            if length > 0 {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(entry.filename);
            if is_tree {
                let parents: Vec<ObjectId> = before.iter().map(|old| old.oid.to_owned()).collect();
                self.compare(entry.oid.to_owned(), &parents, depth + 1);
            } else if entry.mode.is_blob() {
                let path = BString::from(self.path.as_slice());
                self.out.list.push(Introduction { blob: entry.oid.to_owned(), path, commit: self.commit });
            } else {
                let reason = if entry.mode.is_link() { Reason::Link } else { Reason::Submodule };
                self.out.excluded.insert(Excluded { path: self.path.to_str_lossy().into_owned(), reason });
            }
            self.path.truncate(length);
        }
    }

    fn hole(&mut self, reason: &str) {
        let path = if self.path.is_empty() { ".".into() } else { self.path.to_str_lossy().into_owned() };
        self.out.holes.push(Skip { path, kind: SkipKind::Incomplete, reason: reason.into() });
    }
}

/// The same folder of a parent, entry by entry.
struct Side<'a> {
    entries: TreeRefIter<'a>,
    next: Option<EntryRef<'a>>,
}

impl<'a> Side<'a> {
    fn new(mut entries: TreeRefIter<'a>) -> Side<'a> {
        let next = entries.next().and_then(Result::ok);
        Side { entries, next }
    }

    /// The entry of the same name, which must come behind the one that was asked for last. A file and a folder of the
    /// same name stand at different places of a tree, and are different things.
    fn same_name(&mut self, wanted: &EntryRef<'_>) -> Option<EntryRef<'a>> {
        let is_tree = wanted.mode.is_tree();
        while let Some(next) = self.next {
            match tree::name_order(next.filename, next.mode.is_tree(), wanted.filename, is_tree) {
                std::cmp::Ordering::Less => self.next = self.entries.next().and_then(Result::ok),
                std::cmp::Ordering::Equal => return Some(next),
                std::cmp::Ordering::Greater => return None,
            }
        }
        None
    }
}
