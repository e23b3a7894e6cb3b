//! Scans documents, one worker for each thread, and gathers what they give.
//! Not here: which documents (`walk.rs`, `staged.rs`), or how results are printed (`output.rs`).

use std::{
    fs::File,
    io::{self, Read},
    mem,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use keylint_diagnostics::{Diagnostic, Document, Origin, Skip, SkipKind, Span};
use keylint_engine::{Engine, Scanner};

use crate::{
    config_file::Scopes,
    examples,
    pieces::{Piece, Tail, Text},
    place::{Here, Place, shown},
    progress::Counters,
    read::{self, Content},
};

/// Bytes of large files that all threads together may hold: the largest single one fits.
const LARGE_IN_FLIGHT: u64 = read::MAX_IN_MEMORY;
/// A thread's buffer is given back to the system when it has grown beyond this.
const KEPT_BUFFER: usize = 4 << 20;
/// How much of a streamed document is read at a time.
const STREAM_PIECE: usize = 1 << 20;

/// A document with findings.
#[derive(Debug)]
pub(crate) struct Found {
    /// The path, as it is shown.
    pub(crate) path: String,
    /// Where it came from.
    pub(crate) origin: Origin,
    /// The findings with the text around them.
    pub(crate) pieces: Vec<Piece>,
}

/// What scanning some documents gave.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Documents with findings.
    pub(crate) found: Vec<Found>,
    /// Documents, or parts, that were not scanned.
    pub(crate) skipped: Vec<Skip>,
    /// How many documents were scanned.
    pub(crate) files: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Why the run cannot go on: a configuration file is wrong.
    pub(crate) failure: Option<anyhow::Error>,
}

impl Outcome {
    /// Adds what other documents gave.
    pub(crate) fn merge(&mut self, other: Outcome) {
        self.found.extend(other.found);
        self.skipped.extend(other.skipped);
        self.files += other.files;
        self.bytes += other.bytes;
        if self.failure.is_none() {
            self.failure = other.failure;
        }
    }

    /// Notes a document that was not scanned.
    pub(crate) fn skip(&mut self, path: String, kind: SkipKind, reason: impl Into<String>) {
        self.skipped.push(Skip { path, kind, reason: reason.into() });
    }

    /// Brings everything into path order; a document that was reached twice stays once.
    pub(crate) fn sort(&mut self) {
        self.found.sort_by(|a, b| a.path.cmp(&b.path));
        self.found.dedup_by(|a, b| a.path == b.path && a.origin == b.origin);
        self.skipped.sort();
        self.skipped.dedup();
    }
}

/// What all workers of a run share.
pub(crate) struct Shared {
    /// The configurations.
    pub(crate) scopes: Arc<Scopes>,
    /// The current folder.
    pub(crate) here: Here,
    /// What the progress bar shows.
    pub(crate) counters: Arc<Counters>,
    /// Whether files named on the command line obey `exclude` too.
    pub(crate) force_exclude: bool,
    budget: Budget,
}

impl Shared {
    /// What the workers of a run share.
    pub(crate) fn new(scopes: Arc<Scopes>, here: Here, counters: Arc<Counters>, force_exclude: bool) -> Shared {
        let budget = Budget { free: Mutex::new(LARGE_IN_FLIGHT), freed: Condvar::new() };
        Shared { scopes, here, counters, force_exclude, budget }
    }
}

/// A document that is not a file, or not read from one.
pub(crate) struct Source<'a> {
    /// Its folder, absolute.
    pub(crate) folder: &'a Path,
    /// Its file name.
    pub(crate) name: &'a str,
    /// Its path, as it is shown.
    pub(crate) shown: String,
    /// Where it came from.
    pub(crate) origin: Origin,
}

/// Gives the lines that count, as spans; asked only where there are findings.
pub(crate) type Lines<'a> = &'a dyn Fn() -> Vec<Span>;

/// Scans documents on one thread.
pub(crate) struct Worker<'s> {
    shared: &'s Shared,
    buffer: Vec<u8>,
    path: String,
    place: Option<(PathBuf, Place)>,
    scanners: Vec<(&'static Engine, Scanner<'static>)>,
    outcome: Outcome,
}

impl<'s> Worker<'s> {
    /// A worker that has scanned nothing yet.
    pub(crate) fn new(shared: &'s Shared) -> Worker<'s> {
        Worker { shared, buffer: Vec::new(), path: String::new(), place: None, scanners: Vec::new(), outcome: Outcome::default() }
    }

    /// What the documents gave.
    pub(crate) fn finish(&mut self) -> Outcome {
        mem::take(&mut self.outcome)
    }

    /// Whether the run cannot go on.
    pub(crate) fn failed(&self) -> bool {
        self.outcome.failure.is_some()
    }

    /// Notes a file that was not scanned.
    pub(crate) fn skip(&mut self, path: &Path, kind: SkipKind, reason: impl Into<String>) {
        self.outcome.skip(shown(path), kind, reason);
    }

    /// Scans the file at `path`; `named` says that the user asked for this very file.
    pub(crate) fn file(&mut self, path: &Path, named: bool) {
        if !self.enter(path.parent().unwrap_or(Path::new(""))) {
            return;
        }
        self.name(&path.file_name().unwrap_or_default().to_string_lossy());
        if (!named || self.shared.force_exclude) && self.excluded() {
            return self.skip(path, SkipKind::Excluded, "excluded by the configuration");
        }
        let mut buffer = mem::take(&mut self.buffer);
        let mut permit = None;
        match read::read(path, &mut buffer, |bytes| permit = Some(self.shared.budget.take(bytes))) {
            Content::Text(length) => self.text(&buffer[..length], Origin::Worktree, || shown(path), None),
            Content::Large(mut file, size) => self.large_file(path, &mut file, size, &mut buffer),
            // The user named something that cannot be read as a document, so something asked for was not scanned.
            Content::Skip(SkipKind::Excluded, reason) if named && reason != "binary" && reason != "LFS pointer" => {
                self.skip(path, SkipKind::Incomplete, reason);
            }
            Content::Skip(kind, reason) => self.skip(path, kind, reason),
        }
        if buffer.len() > KEPT_BUFFER {
            buffer.truncate(KEPT_BUFFER);
            buffer.shrink_to_fit();
        }
        self.buffer = buffer;
    }

    /// Scans a text that did not come from a file. With `lines`, only findings on these lines count.
    pub(crate) fn source(&mut self, source: Source<'_>, text: &[u8], lines: Option<Lines<'_>>) {
        if !self.enter_absolute(source.folder) {
            return;
        }
        self.name(source.name);
        match read::not_text(text) {
            Some(reason) => self.outcome.skip(source.shown, SkipKind::Excluded, reason),
            None => self.text(text, source.origin, || source.shown.clone(), lines),
        }
    }

    /// Scans what comes from `input`, of any length: what was read so far is in `head`.
    pub(crate) fn stream(&mut self, source: Source<'_>, head: &[u8], input: &mut impl Read) -> io::Result<()> {
        if !self.enter_absolute(source.folder) {
            return Ok(());
        }
        self.name(source.name);
        match read::not_text(head) {
            Some(reason) => self.outcome.skip(source.shown, SkipKind::Excluded, reason),
            None => {
                let mut pieces = head.chain(input);
                self.pieces(&mut pieces, source.origin, &source.shown)?;
            }
        }
        Ok(())
    }

    /// Whether the configuration excludes the document that was named last.
    pub(crate) fn excluded(&self) -> bool {
        self.place.as_ref().is_some_and(|(_, place)| place.scope.excludes(&self.path))
    }

    /// Makes `folder`, absolute or relative to the current one, the folder of the next documents.
    fn enter(&mut self, folder: &Path) -> bool {
        if self.place.as_ref().is_some_and(|(known, _)| known.as_os_str() == folder.as_os_str()) {
            return true;
        }
        let absolute = self.shared.here.folder(folder);
        self.change_place(folder, &absolute)
    }

    /// As `enter`, and says whether the document `name` in the folder is excluded.
    pub(crate) fn excludes(&mut self, folder: &Path, name: &str) -> bool {
        self.enter_absolute(folder) && {
            self.name(name);
            self.excluded()
        }
    }

    fn enter_absolute(&mut self, folder: &Path) -> bool {
        self.change_place(folder, folder)
    }

    fn change_place(&mut self, folder: &Path, absolute: &Path) -> bool {
        match Place::new(&self.shared.scopes, absolute) {
            Ok(place) => self.place = Some((folder.into(), place)),
            Err(error) => self.outcome.failure = Some(error),
        }
        !self.failed()
    }

    /// Makes `name` the file name of the document, for the path that the engine sees.
    fn name(&mut self, name: &str) {
        self.path.clear();
        if let Some((_, place)) = &self.place {
            self.path.push_str(&place.prefix);
        }
        self.path.push_str(name);
    }

    fn text(&mut self, text: &[u8], origin: Origin, shown: impl Fn() -> String, lines: Option<Lines<'_>>) {
        self.count(text.len() as u64);
        let Some((_, place)) = &self.place else { return };
        let expanded = place.scope.expands_examples().then(|| examples::expand(&self.path, text)).flatten();
        let path = mem::take(&mut self.path);
        let (name, text) = match &expanded {
            Some(expanded) => (examples::name(&path), expanded.as_bytes()),
            None => (path.as_str(), text),
        };
        let scan = self.scanner().scan(&Document::new(name, text));
        self.path = path;
        self.outcome.skipped.extend(scan.skipped.into_iter().map(|skip| Skip { path: shown(), ..skip }));
        if scan.diagnostics.is_empty() {
            return;
        }
        let pieces = match lines {
            None => Text::whole(text).cut(scan.diagnostics),
            Some(lines) => on_lines(text, scan.diagnostics, &lines()),
        };
        if !pieces.is_empty() {
            self.outcome.found.push(Found { path: shown(), origin, pieces });
        }
    }

    fn large_file(&mut self, path: &Path, file: &mut File, size: u64, buffer: &mut Vec<u8>) {
        buffer.resize(STREAM_PIECE.max(buffer.len()), 0);
        match read::piece(file, &mut buffer[..STREAM_PIECE]) {
            Ok(length) => match read::not_text(&buffer[..length]) {
                Some(reason) => self.skip(path, SkipKind::Excluded, reason),
                None => match self.pieces(&mut buffer[..length].chain(file), Origin::Worktree, &shown(path)) {
                    Ok(read) if read < size => self.skip(path, SkipKind::Incomplete, "it shrank while it was read"),
                    Ok(_) => {}
                    Err(error) => self.skip(path, SkipKind::Incomplete, read::reason(&error)),
                },
            },
            Err(error) => self.skip(path, SkipKind::Incomplete, read::reason(&error)),
        }
    }

    /// Scans a document that comes piece by piece; gives its length.
    fn pieces(&mut self, input: &mut impl Read, origin: Origin, shown: &str) -> io::Result<u64> {
        let path = mem::take(&mut self.path);
        let mut buffer = vec![0; STREAM_PIECE];
        let mut tail = Tail::new();
        let mut pieces = Vec::new();
        let mut length = 0;
        let mut failure = None;
        let mut stream = self.scanner().stream(&path);
        loop {
            match read::piece(input, &mut buffer) {
                Ok(0) => break,
                Ok(n) if length + n as u64 > read::MAX_SIZE => {
                    failure = Some(io::Error::other("larger than 4 GiB"));
                    break;
                }
                Ok(n) => {
                    length += n as u64;
                    tail.push(&buffer[..n]);
                    let settled = stream.push(&buffer[..n]);
                    if !settled.is_empty() {
                        pieces.extend(tail.text().cut(settled));
                    }
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        let scan = stream.finish();
        self.path = path;
        if !scan.diagnostics.is_empty() {
            pieces.extend(tail.text().cut(scan.diagnostics));
        }
        self.outcome.skipped.extend(scan.skipped.into_iter().map(|skip| Skip { path: shown.into(), ..skip }));
        if !pieces.is_empty() {
            self.outcome.found.push(Found { path: shown.into(), origin, pieces });
        }
        self.count(length);
        match failure {
            Some(error) => Err(error),
            None => Ok(length),
        }
    }

    fn count(&mut self, bytes: u64) {
        self.outcome.files += 1;
        self.outcome.bytes += bytes;
        self.shared.counters.add(bytes);
    }

    /// This thread's scanner for the configuration of the current folder. There are few, so a list is enough.
    fn scanner(&mut self) -> &mut Scanner<'static> {
        let engine = match &self.place {
            Some((_, place)) => place.scope.engine,
            None => unreachable!("documents are scanned in a folder that was entered"),
        };
        let known = self.scanners.iter().position(|(known, _)| std::ptr::eq(*known, engine));
        let index = known.unwrap_or_else(|| {
            self.scanners.push((engine, engine.scanner()));
            self.scanners.len() - 1
        });
        &mut self.scanners[index].1
    }
}

/// The pieces around the findings that touch one of `lines`. The other findings are not reported, and overwritten where
/// they stand in a piece, since nothing else would mask them.
fn on_lines(text: &[u8], diagnostics: Vec<Diagnostic>, lines: &[Span]) -> Vec<Piece> {
    let touches = |diagnostic: &Diagnostic| {
        let own = diagnostic.related.iter().filter(|label| label.path.is_none());
        let mut spans = own.map(|label| label.span).chain([diagnostic.primary.span]);
        spans.any(|span| lines.iter().any(|line| line.overlaps(span)))
    };
    let (kept, others): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(touches);
    if kept.is_empty() {
        return Vec::new();
    }
    let mut hidden = text.to_vec();
    for other in others {
        if kept.iter().all(|kept| !kept.primary.span.overlaps(other.primary.span)) {
            hidden.get_mut(other.primary.span.range()).unwrap_or_default().fill(b'*');
        }
    }
    Text::whole(&hidden).cut(kept)
}

/// Memory for large files, shared by all threads.
struct Budget {
    free: Mutex<u64>,
    freed: Condvar,
}

/// A share of a [`Budget`], given back when it is dropped.
struct Permit<'b> {
    budget: &'b Budget,
    bytes: u64,
}

impl Budget {
    /// Waits until `bytes` are free; at most the whole budget is asked for.
    fn take(&self, bytes: u64) -> Permit<'_> {
        let bytes = bytes.min(LARGE_IN_FLIGHT);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.freed.wait_while(free, |free| *free < bytes).unwrap_or_else(PoisonError::into_inner);
        *free -= bytes;
        Permit { budget: self, bytes }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.freed.notify_all();
    }
}
