//! Reads the blobs that commits brought and scans them, each once, on several threads.
//! Not here: which of the findings are reported (`collect.rs`).

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use gix::{
    ObjectId, ThreadSafeRepository,
    bstr::{BStr, BString, ByteSlice},
};
use ignore::IncrementalIgnore;
use keylint_diagnostics::{Diagnostic, Document, Origin, Skip, SkipKind, Span, not_text};
use keylint_engine::Place;

use super::{
    When,
    cache::{Cache, Clean, Excluded, Reason},
    collect::{self, Collector, Scanned},
    commits::Commit,
    read_object::{self, Blob},
    trees::Introduction,
};
use crate::{
    added, baseline, new_suppressions, read,
    scan::{Found, Outcome, Shared, Source, Worker},
    stream, walk,
};

/// Blobs that a thread takes at a time: they are in the order of their paths, since versions of a file are deltas of each
/// other.
const BLOBS_AT_ONCE: usize = 32;
/// Blobs above this share one budget of memory.
const SMALL: u64 = 256 << 10;
/// A thread's buffer is given back to the system when it has grown beyond this.
const KEPT_BUFFER: usize = 4 << 20;
/// Places of one blob with findings that nothing accepts: the path decides how sure a finding is, but a file that was
/// copied a thousand times needs no thousand scans.
const MAX_PLACES: usize = 32;

/// Rules that speak of what should be mended in a file, which nobody can do in an old version of it.
const OF_TODAY: [&str; 1] = ["unused-suppression"];

/// Where a blob was brought: the class of each path, and the commits that brought it there.
type Places<'i> = BTreeMap<&'i BStr, (u32, Vec<&'i Introduction>)>;

/// What is needed to scan blobs.
pub(super) struct Blobs<'a> {
    pub(super) shared: &'a Shared,
    pub(super) git: &'a ThreadSafeRepository,
    /// The root of the work tree.
    pub(super) root: &'a Path,
    /// Whether everything counts, or only lines that the commits add.
    pub(super) all: bool,
    pub(super) cache: &'a Cache,
    /// Whether only what the cache does not count is to be counted.
    pub(super) resumed: bool,
    pub(super) commits: &'a [Commit],
    pub(super) whens: &'a [When],
    pub(super) collector: Mutex<Collector>,
}

/// What scanning blobs gave beside findings.
#[derive(Debug, Default)]
pub(super) struct Result {
    /// How many blobs there are that the cache does not count, and how many of these it knew to be clean.
    pub(super) count: u64,
    pub(super) cached: u64,
    /// The bytes of all of them.
    pub(super) bytes: u64,
    /// How many of them are clean, and the bytes of these.
    pub(super) clean_blobs: u64,
    pub(super) clean_bytes: u64,
    /// What the cache should know.
    pub(super) clean: Vec<Clean>,
    pub(super) dirty: Vec<(ObjectId, BString, When)>,
    pub(super) excluded: BTreeSet<Excluded>,
    pub(super) holes: Vec<Skip>,
    /// The blobs that were scanned.
    pub(super) blobs: BTreeSet<ObjectId>,
    pub(super) failure: Option<anyhow::Error>,
}

impl Result {
    fn merge(&mut self, mut other: Result) {
        self.count += other.count;
        self.cached += other.cached;
        self.bytes += other.bytes;
        self.clean_blobs += other.clean_blobs;
        self.clean_bytes += other.clean_bytes;
        self.clean.append(&mut other.clean);
        self.dirty.append(&mut other.dirty);
        self.excluded.append(&mut other.excluded);
        self.holes.append(&mut other.holes);
        self.blobs.append(&mut other.blobs);
        self.failure = self.failure.take().or(other.failure);
    }
}

/// Tells places apart at which the same text is another document: the engine goes by the file name, says less in
/// documentation, and is another one under another configuration.
fn class(path: &str, configuration: u64) -> u32 {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let rest = [u8::from(Place::of(path).documentation)];
    let bytes = name.bytes().chain(rest).chain(configuration.to_be_bytes());
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv.
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Blobs<'_> {
    /// Scans the blobs of `introductions`; findings go to the collector.
    pub(super) fn scan(&self, mut introductions: Vec<Introduction>, threads: usize) -> Result {
        introductions.sort_unstable_by(|a, b| {
            let when = |one: &Introduction| self.whens[one.commit as usize];
            (&a.blob, when(a), &a.path).cmp(&(&b.blob, when(b), &b.path))
        });
        let mut groups: Vec<&[Introduction]> = introductions.chunk_by(|a, b| a.blob == b.blob).collect();
        // The newest version first: in a pack, older ones are deltas of newer ones, and these are then at hand.
        groups.sort_unstable_by(|a, b| {
            let when = |group: &[Introduction]| Reverse(self.whens[group[0].commit as usize]);
            (&a[0].path, when(a), a[0].blob).cmp(&(&b[0].path, when(b), b[0].blob))
        });
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let all = Mutex::new(Result::default());
        let work = || {
            let mut thread = Thread::new(self);
            while !failed.load(Relaxed) {
                let first = next.fetch_add(BLOBS_AT_ONCE, Relaxed);
                let Some(rest) = groups.get(first..).filter(|rest| !rest.is_empty()) else { break };
                rest.iter().take(BLOBS_AT_ONCE).for_each(|group| thread.group(group));
                failed.fetch_or(thread.result.failure.is_some(), Relaxed);
            }
            all.lock().unwrap_or_else(PoisonError::into_inner).merge(thread.result);
        };
        // Starting threads would cost more than a few blobs.
        let threads = threads.min(groups.len().div_ceil(BLOBS_AT_ONCE));
        if threads <= 1 {
            work();
        } else {
            thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
        }
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the collector of secrets that stand in `HEAD` in blobs that no commit of the range brought: in those at the
    /// same paths.
    pub(super) fn look_in_head(&self, scanned: &BTreeSet<ObjectId>) -> anyhow::Result<()> {
        let mut thread = Thread::new(self);
        let Some(head) = thread.head else { return Ok(()) };
        let mut seen = BTreeSet::new();
        let mut collector = self.collector.lock().unwrap_or_else(PoisonError::into_inner);
        for path in collector.paths_not_in_head() {
            let Some(blob) = read_object::at(&thread.git, head, path.as_bytes().as_bstr()) else { continue };
            if scanned.contains(&blob) || !seen.insert((blob, path.clone())) {
                continue;
            }
            let mut text = Vec::new();
            if let (Blob::Read, _) = read_object::blob(&thread.git, blob, &mut text, |_| ()) {
                let outcome = thread.document(path.as_bytes().as_bstr(), &text);
                let pieces = outcome.found.iter().flat_map(|found| &found.pieces);
                collector.stands_in_head(pieces.flat_map(|piece| &piece.diagnostics), &path);
            }
        }
        thread.result.failure.map_or(Ok(()), Err)
    }
}

/// Reads and scans on one thread.
struct Thread<'a> {
    blobs: &'a Blobs<'a>,
    git: gix::Repository,
    /// The tree that is checked out.
    head: Option<ObjectId>,
    worker: Worker<'a>,
    ignores: Option<IncrementalIgnore>,
    buffer: Vec<u8>,
    result: Result,
}

impl<'a> Thread<'a> {
    fn new(blobs: &'a Blobs<'a>) -> Thread<'a> {
        let git = read_object::reader(blobs.git);
        let head = git.head_tree_id().ok().map(|id| id.detach());
        let worker = Worker::new(blobs.shared);
        let ignores = walk::own_ignores(blobs.root);
        Thread { blobs, git, head, worker, ignores, buffer: Vec::new(), result: Result::default() }
    }

    /// Scans a blob at the places where it was brought, the first one first.
    fn group(&mut self, group: &[Introduction]) {
        let mut paths: Places<'_> = BTreeMap::new();
        for introduction in group {
            paths.entry(introduction.path.as_bstr()).or_default().1.push(introduction);
        }
        paths.retain(|path, (class, _)| match self.class(path) {
            Ok(found) => {
                *class = found;
                true
            }
            Err(reason) => {
                self.exclude(path, reason);
                false
            }
        });
        if paths.is_empty() || self.result.failure.is_some() {
            return;
        }
        let blob = group[0].blob;
        let known: Vec<Option<Clean>> =
            paths.values().map(|(class, _)| self.blobs.cache.clean(&blob, *class)).collect();
        if known.iter().all(Option::is_some) {
            return self.known(known.iter().flatten().copied(), paths.keys().copied());
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let budget = &self.blobs.shared.budget;
        let (read, permit) =
            read_object::blob(&self.git, blob, &mut buffer, |size| (size > SMALL).then(|| budget.take(size)));
        match read {
            Blob::Read => self.text(&buffer, blob, &paths),
            Blob::Missing(reason) => {
                for (path, (_, introductions)) in &paths {
                    self.hole(path, reason);
                    self.dirty(path, introductions);
                }
                self.result.count += 1;
            }
        }
        drop(permit);
        if buffer.capacity() > KEPT_BUFFER {
            buffer = Vec::new();
        }
        self.buffer = buffer;
    }

    /// Counts a blob that the cache knows to be clean at all its places.
    fn known<'p>(&mut self, known: impl Iterator<Item = Clean>, paths: impl Iterator<Item = &'p BStr>) {
        let all = self.blobs.all;
        let mut counted = false;
        let mut size = 0;
        for (clean, path) in known.zip(paths) {
            counted |= clean.counted && self.blobs.resumed;
            size = u64::from(clean.size);
            self.exclude(path, clean.kind);
            if all && !clean.counted {
                self.result.clean.push(Clean { counted: true, ..clean });
            }
        }
        self.blobs.shared.counters.add(size);
        if !counted {
            self.result.count += 1;
            self.result.cached += 1;
            self.result.bytes += size;
            self.result.clean_blobs += 1;
            self.result.clean_bytes += size;
        }
    }

    fn text(&mut self, text: &[u8], blob: ObjectId, paths: &Places<'_>) {
        let size = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let kind = not_text(text).and_then(Reason::of).unwrap_or(Reason::Text);
        let mut clean: Vec<u32> = Vec::new();
        let mut soiled = false;
        let mut open = 0;
        for (path, (class, introductions)) in paths {
            if clean.contains(class) {
                self.exclude(path, kind);
                continue;
            }
            if kind == Reason::Text && open >= MAX_PLACES {
                self.dirty(path, introductions);
                continue;
            }
            if kind == Reason::Text
                && let Some(accepted) = self.scan(path, text, blob, introductions)
            {
                soiled = true;
                open += usize::from(!accepted);
                self.dirty(path, introductions);
                continue;
            }
            self.exclude(path, kind);
            clean.push(*class);
        }
        let counted = self.blobs.all;
        self.result.clean.extend(clean.into_iter().map(|class| Clean { blob, class, size, kind, counted }));
        self.result.count += 1;
        self.result.bytes += text.len() as u64;
        if !soiled {
            self.result.clean_blobs += 1;
            self.result.clean_bytes += text.len() as u64;
        }
        if !self.blobs.all {
            self.result.blobs.insert(blob);
        }
    }

    /// Scans a blob at one place. Where something was found or left out, says whether all of it is accepted there.
    fn scan(&mut self, path: &BStr, text: &[u8], blob: ObjectId, introductions: &[&Introduction]) -> Option<bool> {
        let mut outcome = self.document(path, text);
        self.result.failure = outcome.failure.take();
        let nothing = outcome.found.is_empty() && outcome.skipped.is_empty();
        let mut accepted = outcome.skipped.is_empty();
        self.result.holes.append(&mut outcome.skipped);
        for mut found in outcome.found {
            let refused = self.refuse(&mut found, path, text, introductions);
            let all: Vec<&Diagnostic> = found.diagnostics().collect();
            accepted &= all.iter().all(|diagnostic| diagnostic.suppressed.is_some());
            let mut whens = self.whens(&all, path, text, introductions);
            for (known, refused) in whens.iter_mut().zip(&refused) {
                *known = [*known, *refused].into_iter().flatten().min();
            }
            let refused = all.iter().zip(refused).filter(|(_, since)| since.is_some());
            let refused = refused.map(|(diagnostic, _)| collect::key(diagnostic)).collect();
            let in_head = self.head.is_some_and(|head| read_object::at(&self.git, head, path) == Some(blob));
            let mut collector = self.blobs.collector.lock().unwrap_or_else(PoisonError::into_inner);
            collector.add(Scanned { found, whens, in_head, refused });
        }
        (!nothing).then_some(accepted)
    }

    /// Scans a text as the document at `path`. What a baseline accepts is marked here, version by version: whether a
    /// secret is accepted is decided by all of them.
    fn document(&mut self, path: &BStr, text: &[u8]) -> Outcome {
        let shown = path.to_str_lossy().into_owned();
        let (folder, name) = place(self.blobs.root, &shown);
        let source = Source { folder: &folder, name, shown: shown.clone(), origin: Origin::Commit };
        if text.len() as u64 <= read::MAX_IN_MEMORY {
            self.worker.source(source, text, None);
        } else {
            let (head, rest) = text.split_at(stream::PIECE);
            self.worker.stream(source, head, &mut Cursor::new(rest));
        }
        let mut outcome = self.worker.finish();
        baseline::apply(&self.blobs.shared.scopes, &mut outcome);
        for found in &mut outcome.found {
            found.place = None;
            for piece in &mut found.pieces {
                piece.diagnostics.retain(|diagnostic| !OF_TODAY.contains(&diagnostic.rule.as_str()));
            }
            found.pieces.retain(|piece| !piece.diagnostics.is_empty());
        }
        outcome.found.retain(|found| !found.pieces.is_empty());
        outcome
    }

    /// For each of the findings, since when a comment of the range would suppress it, where such comments do not count.
    fn refuse(
        &self,
        found: &mut Found,
        path: &BStr,
        text: &[u8],
        introductions: &[&Introduction],
    ) -> Vec<Option<When>> {
        let count = found.pieces.iter().map(|piece| piece.diagnostics.len()).sum();
        let mut since = vec![None; count];
        let Some(engine) = self.worker.engine().filter(|_| self.blobs.shared.no_new_suppressions && !self.blobs.all)
        else {
            return since;
        };
        let shown = path.to_str_lossy();
        let document = Document::new(&shown, text);
        for introduction in introductions {
            let mut lines = self.added(&self.blobs.commits[introduction.commit as usize], path, text);
            let mut since = since.iter_mut();
            for piece in &mut found.pieces {
                for diagnostic in &mut piece.diagnostics {
                    let was = diagnostic.suppressed.is_some();
                    new_suppressions::refuse(engine, &document, std::slice::from_mut(diagnostic), &mut lines);
                    let refused = was && diagnostic.suppressed.is_none();
                    if let Some(since) = since.next().filter(|_| refused) {
                        *since = Some(self.blobs.whens[introduction.commit as usize]);
                    }
                }
            }
        }
        since
    }

    /// For each of the findings, since when it stands at this path: of a range, since the first commit that added a line
    /// of it; `None` where none did.
    fn whens(
        &self,
        diagnostics: &[&Diagnostic],
        path: &BStr,
        text: &[u8],
        introductions: &[&Introduction],
    ) -> Vec<Option<When>> {
        let when = |introduction: &Introduction| self.blobs.whens[introduction.commit as usize];
        if self.blobs.all {
            return vec![introductions.iter().map(|introduction| when(introduction)).min(); diagnostics.len()];
        }
        let mut whens = vec![None; diagnostics.len()];
        for introduction in introductions {
            let lines = self.added(&self.blobs.commits[introduction.commit as usize], path, text);
            for (diagnostic, found) in diagnostics.iter().zip(&mut whens) {
                let own = diagnostic.related.iter().filter(|label| label.path.is_none()).map(|label| label.span);
                let touches =
                    own.chain([diagnostic.primary.span]).any(|span| lines.iter().any(|line| line.overlaps(span)));
                if touches && found.is_none_or(|known| when(introduction) < known) {
                    *found = Some(when(introduction));
                }
            }
        }
        whens
    }

    /// The lines that no parent of `commit` has at this path.
    fn added(&self, commit: &Commit, path: &BStr, text: &[u8]) -> Vec<Span> {
        let mut lines = vec![Span::new(0..text.len())];
        for parent in &commit.parents {
            let tree = super::commits::read(&self.git, *parent, &mut Vec::new()).map(|parent| parent.tree);
            let blob = tree.and_then(|tree| read_object::at(&self.git, tree, path));
            let mut before = Vec::new();
            // Without the old text, every line may be new.
            let Some(blob) = blob else { continue };
            if let (Blob::Read, _) = read_object::blob(&self.git, blob, &mut before, |_| ()) {
                lines = both(&lines, &added::since(&before, text));
            }
        }
        lines
    }

    /// The class of the document at `path`, or why it is left out.
    fn class(&mut self, path: &BStr) -> std::result::Result<u32, Reason> {
        let shown = path.to_str_lossy();
        if self.ignores.as_mut().is_some_and(|ignores| ignores.matched(&*shown, false).is_ignore()) {
            return Err(Reason::Ignored);
        }
        let (folder, name) = place(self.blobs.root, &shown);
        let excluded = self.worker.excludes(&folder, name);
        if self.worker.failed() {
            self.result.failure = self.worker.finish().failure;
        }
        if excluded { Err(Reason::Configuration) } else { Ok(class(&shown, self.worker.configuration())) }
    }

    fn exclude(&mut self, path: &BStr, reason: Reason) {
        if reason != Reason::Text {
            self.result.excluded.insert(Excluded { path: path.to_str_lossy().into_owned(), reason });
        }
    }

    fn hole(&mut self, path: &BStr, reason: &str) {
        let path = path.to_str_lossy().into_owned();
        self.result.holes.push(Skip { path, kind: SkipKind::Incomplete, reason: reason.into() });
    }

    /// Notes a place that the next run must look at again.
    fn dirty(&mut self, path: &BStr, introductions: &[&Introduction]) {
        let when = introductions.iter().map(|introduction| self.blobs.whens[introduction.commit as usize]).min();
        self.result.dirty.extend(when.map(|when| (introductions[0].blob, path.to_owned(), when)));
    }
}

/// The folder, absolute, and the name of the file at `path`.
fn place<'p>(root: &Path, path: &'p str) -> (PathBuf, &'p str) {
    match path.rsplit_once('/') {
        Some((folder, name)) => (root.join(folder), name),
        None => (root.into(), path),
    }
}

/// What lies in spans of both lists, which are in order.
fn both(a: &[Span], b: &[Span]) -> Vec<Span> {
    let (mut i, mut j) = (0, 0);
    let mut common = Vec::new();
    while let (Some(one), Some(other)) = (a.get(i), b.get(j)) {
        let span = Span { start: one.start.max(other.start), end: one.end.min(other.end) };
        if span.start < span.end {
            common.push(span);
        }
        if one.end < other.end { i += 1 } else { j += 1 }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_parts_of_spans() {
        let check = |a: &[(u32, u32)], b: &[(u32, u32)], want: &[(u32, u32)]| {
            let spans = |list: &[(u32, u32)]| list.iter().map(|&(start, end)| Span { start, end }).collect::<Vec<_>>();
            assert_eq!(both(&spans(a), &spans(b)), spans(want));
            assert_eq!(both(&spans(b), &spans(a)), spans(want));
        };
        check(&[(0, 10)], &[(2, 4), (6, 12)], &[(2, 4), (6, 10)]);
        check(&[(0, 3), (5, 8)], &[(3, 5)], &[]);
        check(&[(0, 3), (5, 8)], &[(0, 8)], &[(0, 3), (5, 8)]);
        check(&[], &[(0, 8)], &[]);
    }

    #[test]
    fn places_of_one_class() {
        let same = |a: &str, b: &str| class(a, 1) == class(b, 1);
        assert!(same("a/b.py", "c/b.py"));
        assert!(!same("a.json", "package-lock.json"));
        assert!(!same("a.py", "docs/a.py"));
        assert_ne!(class("a.py", 1), class("a.py", 2));
    }
}
