//! Scans documents, one worker for each thread, and gathers what they give.
//! Not here: which documents (`walk.rs`, `staged.rs`), or how results are printed (`output.rs`).

use std::{
    fs::{self, File},
    io::Read,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
};

use keylint_diagnostics::{Diagnostic, Document, Origin, Skip, SkipKind, Span, not_text};
use keylint_engine::{Engine, Scanner, partner};
use keylint_report::{Commit, Format, Gate, LineHashes};
use keylint_rules::RuleFile;

use crate::{
    archive,
    args::CheckArgs,
    baseline::SeenBy,
    budget::{Budget, Permit},
    config_file::Scopes,
    examples,
    module::{Disk, Folder, Last},
    new_suppressions,
    pieces::{self, Piece, Text},
    place::{Here, Place, shown},
    progress::Counters,
    read::{self, Content},
    stream,
};

/// A thread's buffer is given back to the system when it has grown beyond this.
const KEPT_BUFFER: usize = 4 << 20;
/// A longer file beside a private key is not its public half.
const MAX_PUBLIC: u64 = 64 << 10;

/// A document with findings.
#[derive(Debug)]
pub(crate) struct Found {
    /// The path, as it is shown.
    pub(crate) path: String,
    /// Where it came from.
    pub(crate) origin: Origin,
    /// The findings with the text around them.
    pub(crate) pieces: Vec<Piece>,
    /// GitHub's hashes of the lines with findings, where they were asked for and the whole document was in memory.
    pub(crate) line_hashes: Option<LineHashes>,
    /// The commit that brought it, where a history was scanned.
    pub(crate) commit: Option<Box<Commit>>,
    /// The number of the baseline that speaks of it, and its path there.
    pub(crate) place: Option<(usize, String)>,
    /// Which of the findings fail, by the configuration of its folder.
    pub(crate) gate: Gate,
    /// The rules of the user in that configuration.
    pub(crate) own: &'static [RuleFile],
}

impl Found {
    /// The findings.
    pub(crate) fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.pieces.iter().flat_map(|piece| &piece.diagnostics)
    }

    /// Whether one of them fails a run.
    pub(crate) fn fails(&self) -> bool {
        self.diagnostics().any(|diagnostic| self.gate.fails(diagnostic))
    }
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
    /// What stands in the paths that baselines name.
    pub(crate) seen: SeenBy,
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
        for (number, seen) in other.seen {
            self.seen.entry(number).or_default().merge(seen);
        }
        if self.failure.is_none() {
            self.failure = other.failure;
        }
    }

    /// What should have been scanned and was not.
    pub(crate) fn holes(&self) -> impl Iterator<Item = &Skip> {
        self.skipped.iter().filter(|skip| skip.kind == SkipKind::Incomplete)
    }

    /// Notes a document that was not scanned.
    pub(crate) fn skip(&mut self, path: String, kind: SkipKind, reason: impl Into<String>) {
        self.skipped.push(Skip { path, kind, reason: reason.into() });
    }

    /// Brings everything into path order; a document that was reached twice stays once.
    pub(crate) fn sort(&mut self) {
        self.found.sort_by(|a, b| a.path.cmp(&b.path));
        self.found.dedup_by(|a, b| a.path == b.path && a.origin == b.origin && a.commit.is_none());
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
    /// Whether a report needs [`Found::line_hashes`].
    pub(crate) line_hashes: bool,
    /// Whether suppression comments on added lines count for nothing.
    pub(crate) no_new_suppressions: bool,
    /// Whether what is in archives is scanned.
    pub(crate) archives: bool,
    /// Memory for large documents.
    pub(crate) budget: Budget,
}

impl Shared {
    /// What the workers of a run with these options share.
    pub(crate) fn new(scopes: Arc<Scopes>, here: Here, counters: Arc<Counters>, args: &CheckArgs) -> Shared {
        let line_hashes = args.formats.iter().any(|wanted| wanted.format == Format::Sarif);
        Shared {
            scopes,
            here,
            counters,
            force_exclude: args.force_exclude,
            line_hashes,
            no_new_suppressions: args.no_new_suppressions,
            archives: args.archives,
            budget: Budget::new(),
        }
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
    module: Last,
    outcome: Outcome,
}

impl<'s> Worker<'s> {
    /// A worker that has scanned nothing yet.
    pub(crate) fn new(shared: &'s Shared) -> Worker<'s> {
        Worker {
            shared,
            buffer: Vec::new(),
            path: String::new(),
            place: None,
            scanners: Vec::new(),
            module: Last::default(),
            outcome: Outcome::default(),
        }
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
        if self.shared.archives {
            let folder = self.shared.here.folder_of(path);
            if archive::file(self, &folder, path, &shown(path)) {
                return;
            }
        }
        let mut buffer = mem::take(&mut self.buffer);
        let mut permit = None;
        match read::read(path, &mut buffer, |bytes| permit = Some(self.shared.budget.take(bytes))) {
            Content::Text(length) => {
                self.text(&buffer[..length], Origin::Worktree, || shown(path), None, Some(&Disk));
            }
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
        self.source_beside(source, text, lines, None);
    }

    /// The same of one that has other files beside it.
    pub(crate) fn source_beside(
        &mut self,
        source: Source<'_>,
        text: &[u8],
        lines: Option<Lines<'_>>,
        beside: Option<&dyn Folder>,
    ) {
        let holds_others = self.shared.archives && matches!(source.origin, Origin::Index | Origin::Stdin);
        if holds_others && archive::bytes(self, source.folder, &source.shown, text) {
            return;
        }
        if !self.enter_absolute(source.folder) {
            return;
        }
        self.name(source.name);
        match not_text(text) {
            Some(reason) => self.outcome.skip(source.shown, SkipKind::Excluded, reason),
            None => self.text(text, source.origin, || source.shown.clone(), lines, beside),
        }
    }

    /// Scans what comes from `input`, of any length: what was read so far is in `head`.
    pub(crate) fn stream(&mut self, source: Source<'_>, head: &[u8], input: &mut impl Read) {
        if self.shared.archives && source.origin == Origin::Stdin && archive::is_one(&source.shown, head) {
            let reason = "an archive on standard input that is larger than 64 MiB";
            return self.outcome.skip(source.shown, SkipKind::Incomplete, reason);
        }
        if !self.enter_absolute(source.folder) {
            return;
        }
        self.name(source.name);
        match not_text(head) {
            Some(reason) => self.outcome.skip(source.shown, SkipKind::Excluded, reason),
            None => {
                self.pieces(&mut head.chain(input), source.origin, &source.shown);
            }
        }
    }

    /// What is found in `text`, which is a part of the document, or was made from it.
    pub(crate) fn findings(&mut self, source: &Source<'_>, text: &[u8]) -> Vec<Diagnostic> {
        if !self.enter_absolute(source.folder) {
            return Vec::new();
        }
        self.name(source.name);
        let Some((_, place)) = &self.place else { return Vec::new() };
        let engine = place.scope.engine;
        let path = mem::take(&mut self.path);
        let shown = || source.shown.clone();
        let scan = self.guarded(engine, &shown, |scanner| scanner.scan(&Document::new(&path, text)));
        self.path = path;
        let Some(scan) = scan else { return Vec::new() };
        self.outcome.skipped.extend(scan.skipped.into_iter().map(|skip| Skip { path: shown(), ..skip }));
        scan.diagnostics
    }

    /// Notes a document of `bytes` bytes that was scanned part by part, and what was found in it.
    pub(crate) fn scanned(&mut self, source: Source<'_>, pieces: Vec<Piece>, bytes: u64) {
        self.count(bytes);
        if !self.enter_absolute(source.folder) {
            return;
        }
        self.name(source.name);
        let place = self.note(pieces.iter().flat_map(|piece| &piece.diagnostics));
        self.keep(source.shown, source.origin, pieces, None, place);
    }

    /// What the documents gave so far.
    pub(crate) fn outcome(&mut self) -> &mut Outcome {
        &mut self.outcome
    }

    /// Waits for memory for a large document.
    pub(crate) fn reserve(&self, bytes: u64) -> Permit<'s> {
        self.shared.budget.take(bytes)
    }

    /// The rules for the document that was named last.
    pub(crate) fn engine(&self) -> Option<&'static Engine> {
        self.place.as_ref().map(|(_, place)| place.scope.engine)
    }

    /// Whether the configuration excludes the document that was named last.
    pub(crate) fn excluded(&self) -> bool {
        self.place.as_ref().is_some_and(|(_, place)| place.scope.excludes(&self.path))
    }

    /// The configuration of the document that was named last: see [`Scope::digest`](crate::config_file::Scope).
    pub(crate) fn configuration(&self) -> u64 {
        self.place.as_ref().map_or(0, |(_, place)| place.scope.digest)
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

    fn text(
        &mut self,
        text: &[u8],
        origin: Origin,
        shown: impl Fn() -> String,
        lines: Option<Lines<'_>>,
        beside: Option<&dyn Folder>,
    ) {
        self.count(text.len() as u64);
        let Some((_, place)) = &self.place else { return };
        let engine = place.scope.engine;
        let expanded = place.scope.expands_examples().then(|| examples::expand(&self.path, text)).flatten();
        let path = mem::take(&mut self.path);
        let (name, text) = match &expanded {
            Some(expanded) => (examples::name(&path), expanded.as_bytes()),
            None => (path.as_str(), text),
        };
        let document = Document::new(name, text);
        let mut last = mem::take(&mut self.module);
        let module = match (&self.place, beside) {
            (Some((folder, _)), Some(files)) if engine.wants_module(&document) => {
                // Labels name the paths that are shown.
                Some(last.module(folder, origin, files, &Document::new(&shown(), text)))
            }
            _ => None,
        };
        let scan = self.guarded(engine, &shown, |scanner| match module {
            Some(module) => scanner.scan_in_module(&document, module),
            None => scanner.scan(&document),
        });
        self.module = last;
        self.path = path;
        let Some(mut scan) = scan else { return };
        if origin == Origin::Worktree
            && partner::wanted(&scan.diagnostics)
            && let Some(public) = self.public_half()
        {
            partner::note(&Document::new("", text), &mut scan.diagnostics, &public);
        }
        let settled = scan.skipped.is_empty();
        self.outcome.skipped.extend(scan.skipped.into_iter().map(|skip| Skip { path: shown(), ..skip }));
        let listed = self.note(scan.diagnostics.iter());
        if scan.diagnostics.is_empty() {
            return;
        }
        let line_hashes = self.shared.line_hashes.then(|| LineHashes::new(text, &scan.diagnostics));
        let pieces = match lines {
            None => Text::whole(text).cut(scan.diagnostics, settled),
            Some(lines) => {
                let mut lines = lines();
                if self.shared.no_new_suppressions {
                    let document = Document::new(&self.path, text);
                    new_suppressions::refuse(engine, &document, &mut scan.diagnostics, &mut lines);
                }
                pieces::on_lines(text, scan.diagnostics, settled, &lines)
            }
        };
        self.keep(shown(), origin, pieces, line_hashes, listed);
    }

    fn large_file(&mut self, path: &Path, file: &mut File, size: u64, buffer: &mut Vec<u8>) {
        buffer.resize(stream::PIECE.max(buffer.len()), 0);
        let head = match read::piece(file, &mut buffer[..stream::PIECE]) {
            Ok(length) => &buffer[..length],
            Err(error) => return self.skip(path, SkipKind::Incomplete, read::reason(&error)),
        };
        if let Some(reason) = not_text(head) {
            return self.skip(path, SkipKind::Excluded, reason);
        }
        if self.pieces(&mut head.chain(file), Origin::Worktree, &shown(path)).is_some_and(|length| length < size) {
            self.skip(path, SkipKind::Incomplete, read::SHRANK);
        }
    }

    /// Scans a document that comes piece by piece; gives its length, if it came to its end.
    fn pieces(&mut self, input: &mut impl Read, origin: Origin, shown: &str) -> Option<u64> {
        let (_, place) = self.place.as_ref()?;
        let engine = place.scope.engine;
        let path = mem::take(&mut self.path);
        let streamed = self.guarded(engine, &|| shown.into(), |scanner| stream::scan(scanner.stream(&path), input));
        self.path = path;
        let streamed = streamed?;
        self.count(streamed.length);
        self.outcome.skipped.extend(streamed.skipped.into_iter().map(|skip| Skip { path: shown.into(), ..skip }));
        let place = self.note(streamed.pieces.iter().flat_map(|piece| &piece.diagnostics));
        self.keep(shown.into(), origin, streamed.pieces, None, place);
        match streamed.failure {
            Some(error) => {
                self.outcome.skip(shown.into(), SkipKind::Incomplete, read::reason(&error));
                None
            }
            None => Some(streamed.length),
        }
    }

    /// The `.pub` file beside the file that was named last, if there is one of the size of a public key.
    fn public_half(&self) -> Option<Vec<u8>> {
        let (folder, _) = self.place.as_ref()?;
        let name = self.path.rsplit('/').next()?;
        let path = folder.join(format!("{name}.pub"));
        let fits = fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_PUBLIC);
        fits.then(|| fs::read(path).ok()).flatten()
    }

    /// Keeps what was found in the document that was named last.
    fn keep(
        &mut self,
        path: String,
        origin: Origin,
        pieces: Vec<Piece>,
        line_hashes: Option<LineHashes>,
        place: Option<(usize, String)>,
    ) {
        let scope = self.place.as_ref().map(|(_, place)| place.scope);
        let gate = scope.map(|scope| scope.gate).unwrap_or_default();
        let own: &[RuleFile] = scope.map(|scope| &scope.loaded.rules[..]).unwrap_or_default();
        if !pieces.is_empty() {
            self.outcome.found.push(Found { path, origin, pieces, line_hashes, commit: None, place, gate, own });
        }
    }

    /// Scans with this thread's scanner for `engine`. A bug that one document brings out must not hide what is in the
    /// others: the document counts as not scanned, and the scanner, whose state is unknown, is made anew.
    fn guarded<T>(
        &mut self,
        engine: &'static Engine,
        shown: &dyn Fn() -> String,
        scan: impl FnOnce(&mut Scanner<'static>) -> T,
    ) -> Option<T> {
        // There are few engines, so a list is enough.
        let known = self.scanners.iter().position(|(known, _)| std::ptr::eq(*known, engine));
        let index = known.unwrap_or_else(|| {
            self.scanners.push((engine, engine.scanner()));
            self.scanners.len() - 1
        });
        let scanner = &mut self.scanners[index].1;
        let scan = catch_unwind(AssertUnwindSafe(|| scan(scanner)));
        if scan.is_err() {
            self.scanners.remove(index);
            self.outcome.skip(shown(), SkipKind::Incomplete, "keylint itself failed on it; please report this");
        }
        scan.ok()
    }

    /// Tells the baseline in force what the document that was named last gave; gives its number and the path there.
    fn note<'d>(&mut self, found: impl Iterator<Item = &'d Diagnostic>) -> Option<(usize, String)> {
        let (accepted, prefix) = self.place.as_ref()?.1.scope.accepted.as_ref()?;
        let path = format!("{prefix}{}", self.path);
        accepted.note(&mut self.outcome.seen, &path, found);
        Some((accepted.number, path))
    }

    fn count(&mut self, bytes: u64) {
        self.outcome.files += 1;
        self.outcome.bytes += bytes;
        self.shared.counters.add(bytes);
    }
}
