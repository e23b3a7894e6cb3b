//! Finds out which of our findings another scanner knew and accepted.
//! Not here: what its files look like, or what becomes of the findings (`migrate.rs`).

use std::{collections::BTreeMap, path::Path};

use keylint_diagnostics::{Diagnostic, Document, Encoding, LineIndex, SuppressionKind, Unit};
use keylint_engine::Engine;

use super::plan::{Record, Value};
use crate::{
    pieces::{Piece, Text},
    scan::Found,
};

/// A line is searched for a value whose hash is known by all its parts; a longer one has too many.
const MAX_LINE: usize = 2048;
/// Places where a part of a line may begin or end.
const MAX_EDGES: usize = 160;
/// What ggshield hashes behind the secret: the kind of match, of its API.
const KINDS: [&str; 10] = [
    "apikey",
    "password",
    "token",
    "client_secret",
    "connection_uri",
    "private_key",
    "secret_key",
    "secret",
    "key",
    "webhook",
];

/// One of our findings, with what records are compared with.
pub(super) struct Known<'f> {
    /// The document, relative to the root.
    pub(super) path: String,
    /// The finding.
    pub(super) diagnostic: &'f Diagnostic,
    /// Whether it fails a run.
    pub(super) fails: bool,
    /// Its first and last line, from 1.
    lines: (u32, u32),
    /// The column, from 1.
    column: u32,
    /// The secret. Never printed.
    secret: Vec<u8>,
    /// Its first line, and where the secret stands in it.
    line: Vec<u8>,
    at: std::ops::Range<usize>,
}

impl Known<'_> {
    /// `path:line:column`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}:{}", self.path, self.lines.0, self.column)
    }

    /// Whether it stands where the record says and has the value that the record says.
    fn is(&self, record: &Record) -> bool {
        if record.path.as_ref().is_some_and(|path| *path != self.path) {
            return false;
        }
        let on_line = || record.line.is_some_and(|line| (self.lines.0..=self.lines.1).contains(&line));
        match &record.value {
            Value::Unknown => on_line(),
            Value::Plain(text) => {
                let text = text.as_bytes();
                self.secret == text || self.parts().any(|part| part == text) || contains(text, &self.secret)
            }
            Value::Sha1(hash) => self.hashed(gix::hash::Kind::Sha1, hash),
            Value::Sha256(hash) => {
                let kinds = KINDS.iter().map(|kind| [&self.secret[..], b",", kind.as_bytes()].concat());
                self.hashed(gix::hash::Kind::Sha256, hash)
                    || kinds.into_iter().any(|text| digest(gix::hash::Kind::Sha256, &text) == *hash)
            }
        }
    }

    /// Whether the secret, or a part of its line that overlaps it, has this hash: scanners draw the ends differently.
    fn hashed(&self, kind: gix::hash::Kind, hash: &str) -> bool {
        digest(kind, &self.secret) == hash || self.parts().any(|part| digest(kind, part) == hash)
    }

    /// The parts of the line that overlap the secret, from one change of character class to another.
    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let line = if self.line.len() <= MAX_LINE { &self.line[..] } else { &[] };
        let class = |byte: u8| if byte.is_ascii_alphanumeric() || byte >= 0x80 { 0 } else { byte };
        let inner = (1..line.len()).filter(|&at| class(line[at - 1]) != class(line[at]));
        let mut edges: Vec<usize> = std::iter::once(0).chain(inner).chain([line.len()]).collect();
        if edges.len() > MAX_EDGES {
            edges.retain(|edge| edge.abs_diff(self.at.start) < MAX_EDGES && edge.abs_diff(self.at.end) < MAX_EDGES);
        }
        let (from, to) = (self.at.start, self.at.end);
        let pairs: Vec<(usize, usize)> = edges
            .iter()
            .filter(|&&start| start < to)
            .flat_map(|&start| edges.iter().filter(move |&&end| end > start.max(from)).map(move |&end| (start, end)))
            .collect();
        pairs.into_iter().map(move |(start, end)| &line[start..end])
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    part.len() >= 8 && memchr::memmem::find(text, part).is_some()
}

fn digest(kind: gix::hash::Kind, text: &[u8]) -> String {
    let mut hasher = gix::hash::hasher(kind);
    hasher.update(text);
    hasher.try_finalize().map(|id| id.to_string()).unwrap_or_default()
}

/// The findings that nothing but a baseline suppresses.
pub(super) fn known(found: &[Found]) -> Vec<Known<'_>> {
    let mut all = Vec::new();
    for found in found {
        for piece in &found.pieces {
            all.extend(
                piece
                    .diagnostics
                    .iter()
                    .filter(|diagnostic| counts(diagnostic))
                    .map(|diagnostic| of(found, piece, diagnostic)),
            );
        }
    }
    all
}

fn counts(diagnostic: &Diagnostic) -> bool {
    diagnostic.suppressed.as_ref().is_none_or(|suppression| suppression.kind == SuppressionKind::Baseline)
}

fn of<'f>(found: &Found, piece: &Piece, diagnostic: &'f Diagnostic) -> Known<'f> {
    let text = Text { bytes: &piece.text, encoding: piece.encoding, base: piece.base, first: piece.first };
    let lines = text.lines();
    let span = diagnostic.primary.span;
    let start = lines.position(span.start, Unit::Character);
    let end = lines.position(span.end.saturating_sub(1).max(span.start), Unit::Character);
    let inside = |from: u32, to: u32| {
        let bytes = piece.text.get((from - piece.base.min(from)) as usize..(to - piece.base.min(to)) as usize);
        decoded(bytes.unwrap_or_default(), piece.encoding)
    };
    let line = lines.line_at(span.start);
    let before = inside(line.start, span.start).len();
    let secret = inside(span.start, span.end);
    Known {
        path: found.place.as_ref().map_or_else(|| found.path.clone(), |(_, path)| path.clone()),
        diagnostic,
        fails: found.gate.fails(diagnostic),
        lines: (start.line, end.line),
        column: start.column,
        at: before..before + secret.len(),
        secret,
        line: inside(line.start, line.end),
    }
}

/// UTF-16 and UTF-32 as bytes of ASCII, which is all that hashes of other scanners were made of.
fn decoded(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => bytes.to_vec(),
        _ => bytes.iter().copied().filter(|&byte| byte != 0).collect(),
    }
}

/// What the records mean among our findings.
#[derive(Default)]
pub(super) struct Matched {
    /// For each finding that a record means, its index and the record's.
    pub(super) accepted: BTreeMap<usize, usize>,
    /// Findings in commits: path, finding and the record's index.
    pub(super) history: Vec<(String, Diagnostic, usize)>,
    /// Records that mean none.
    pub(super) unmatched: Vec<usize>,
}

/// Compares `records` with our findings. `engine` looks at commits in the repository of `root`.
pub(super) fn compare(records: &[Record], known: &[Known<'_>], engine: &Engine, root: &Path) -> Matched {
    let mut matched = Matched::default();
    let repository = gix::discover(root).ok();
    for (index, record) in records.iter().enumerate() {
        let here: Vec<usize> = (0..known.len()).filter(|&at| known[at].is(record)).collect();
        // A line of a commit may hold something else today, so what stood there then decides.
        let then = record.commit.as_ref().and_then(|commit| in_commit(repository.as_ref()?, commit, record, engine));
        let mut any = false;
        if let Some(then) = &then {
            for diagnostic in then {
                any = true;
                let path = record.path.clone().unwrap_or_default();
                let still: Vec<usize> = (0..known.len())
                    .filter(|&at| known[at].diagnostic.fingerprint == diagnostic.fingerprint && known[at].path == path)
                    .collect();
                if still.is_empty() {
                    matched.history.push((path, diagnostic.clone(), index));
                }
                for at in still {
                    matched.accepted.entry(at).or_insert(index);
                }
            }
        } else {
            for at in here {
                any = true;
                matched.accepted.entry(at).or_insert(index);
            }
        }
        if !any {
            matched.unmatched.push(index);
        }
    }
    matched
}

/// What keylint finds where the record says, in the commit that it names; `None` where the commit is not at hand.
fn in_commit(repository: &gix::Repository, commit: &str, record: &Record, engine: &Engine) -> Option<Vec<Diagnostic>> {
    let id = gix::ObjectId::from_hex(commit.as_bytes()).ok()?;
    let path = record.path.as_ref()?;
    let tree = repository.find_commit(id).ok()?.tree().ok()?;
    let entry = tree.lookup_entry_by_path(path).ok()??;
    let text = entry.object().ok()?.detach().data;
    let lines = LineIndex::new(&text);
    let scan = engine.scanner().scan(&Document::new(path, &text));
    let on_line = |diagnostic: &Diagnostic| {
        let at = |offset| lines.position(offset, Unit::Character).line;
        let span = diagnostic.primary.span;
        record.line.is_none_or(|line| (at(span.start)..=at(span.end.saturating_sub(1))).contains(&line))
    };
    Some(scan.diagnostics.into_iter().filter(on_line).collect())
}
