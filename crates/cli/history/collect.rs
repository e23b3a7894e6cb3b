//! Joins the findings of all versions of all files: one for each secret, with the first commit that brought it.
//! Not here: how the versions are scanned (`blobs.rs`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gix::ObjectId;
use keylint_diagnostics::{Diagnostic, Fingerprint, Label, RuleId, Span, Suppression, SuppressionKind};
use keylint_report::Commit;

use super::{When, read_object};
use crate::scan::Found;

/// Other paths of a secret that are named.
const MAX_PATHS: usize = 16;

/// A version of a file with findings.
pub(super) struct Scanned {
    pub(super) found: Found,
    /// For each finding, in order, since when it stands at this path; `None` where it does not count.
    pub(super) whens: Vec<Option<When>>,
    /// Whether `HEAD` has this very version.
    pub(super) in_head: bool,
    /// Those that a comment of the range would suppress, where such comments do not count.
    pub(super) refused: Vec<Key>,
}

/// A secret.
pub(super) type Key = (RuleId, Fingerprint);

/// Where and when a secret came.
type First = (When, String);

/// What is known of a secret.
#[derive(Debug, Default)]
struct Secret {
    first: Option<First>,
    /// Since when it stands at each path, and its span in the first version there.
    paths: BTreeMap<String, (When, Span)>,
    /// The paths at which it stands in `HEAD`.
    head: BTreeSet<String>,
    /// Whether one of these does not say that it is accepted; else what says so.
    open_in_head: bool,
    accepted_in_head: Option<Suppression>,
    /// The last version that has it, and what accepts it there.
    last: Option<(When, Option<Suppression>)>,
}

impl Secret {
    fn note(&mut self, found: &Scanned, when: Option<When>, diagnostic: &Diagnostic) {
        let path = &found.found.path;
        if found.in_head {
            self.stands_in_head(diagnostic, path);
        }
        let Some(when) = when else { return };
        if self.last.as_ref().is_none_or(|(last, _)| *last <= when) {
            self.last = Some((when, diagnostic.suppressed.clone()));
        }
        let known = self.paths.entry(path.clone()).or_insert((when, diagnostic.primary.span));
        *known = (*known).min((when, diagnostic.primary.span));
    }

    fn stands_in_head(&mut self, diagnostic: &Diagnostic, path: &str) {
        self.head.insert(path.into());
        match &diagnostic.suppressed {
            Some(suppression) => self.accepted_in_head = Some(suppression.clone()),
            None => self.open_in_head = true,
        }
    }

    /// What accepts the secret: the last word counts, not what the first version said.
    fn suppressed(&self) -> Option<Suppression> {
        if !self.head.is_empty() {
            return self.accepted_in_head.clone().filter(|_| !self.open_in_head);
        }
        self.last.as_ref().and_then(|(_, suppressed)| suppressed.clone())
    }
}

/// Gathers findings. What was superseded by an older version is dropped as soon as that is known.
#[derive(Default)]
pub(super) struct Collector {
    secrets: HashMap<Key, Secret>,
    kept: Vec<Scanned>,
    /// Secrets that comments of this range would suppress in one version or the other.
    refused: BTreeSet<Key>,
    /// How many of `kept` there were when it was last tidied up.
    tidied: usize,
}

impl Collector {
    /// Takes a version of a file.
    pub(super) fn add(&mut self, mut scanned: Scanned) {
        self.refused.extend(scanned.refused.drain(..));
        let mut first = false;
        let diagnostics = scanned.found.pieces.iter().flat_map(|piece| &piece.diagnostics);
        for (diagnostic, when) in diagnostics.zip(&scanned.whens) {
            let secret = self.secrets.entry(key(diagnostic)).or_default();
            secret.note(&scanned, *when, diagnostic);
            if let Some(when) = when {
                let own = (*when, scanned.found.path.clone());
                if secret.first.as_ref().is_none_or(|known| own < *known) {
                    secret.first = Some(own);
                    first = true;
                } else {
                    first |= secret.first.as_ref() == Some(&own);
                }
            }
        }
        if first {
            let secrets = &self.secrets;
            scanned.keep(&|path, when, diagnostic| is_first(secrets, path, when, diagnostic));
            self.kept.push(scanned);
        }
        if self.kept.len() > 2 * self.tidied + 64 {
            self.tidy();
        }
    }

    /// Drops what is known to be superseded.
    fn tidy(&mut self) {
        let secrets = &self.secrets;
        for scanned in &mut self.kept {
            scanned.keep(&|path, when, diagnostic| is_first(secrets, path, when, diagnostic));
        }
        self.kept.retain(|scanned| !scanned.found.pieces.is_empty());
        self.tidied = self.kept.len();
    }

    /// The paths of secrets that were not seen in `HEAD`.
    pub(super) fn paths_not_in_head(&self) -> BTreeSet<String> {
        let gone = self.secrets.values().filter(|secret| secret.head.is_empty());
        gone.flat_map(|secret| secret.paths.keys().cloned()).collect()
    }

    /// Takes what stands in a document of `HEAD` that is not reported itself.
    pub(super) fn stands_in_head<'d>(&mut self, diagnostics: impl Iterator<Item = &'d Diagnostic>, path: &str) {
        for diagnostic in diagnostics {
            if let Some(secret) = self.secrets.get_mut(&key(diagnostic)) {
                secret.stands_in_head(diagnostic, path);
            }
        }
    }

    /// The findings, the oldest first.
    pub(super) fn finish(mut self, git: &gix::Repository, author: bool, line_hashes: bool) -> Vec<Found> {
        self.tidy();
        let mut commits: BTreeMap<ObjectId, Commit> = BTreeMap::new();
        let mut all = Vec::new();
        for scanned in std::mem::take(&mut self.kept) {
            let whens: BTreeSet<When> = scanned.whens.iter().flatten().copied().collect();
            for (when, in_head) in whens.into_iter().flat_map(|when| [(when, true), (when, false)]) {
                let wanted = |_: &str, own: When, diagnostic: &Diagnostic| {
                    let secret = self.secrets.get(&key(diagnostic));
                    own == when && secret.is_some_and(|secret| secret.head.is_empty() != in_head)
                };
                let mut part =
                    Scanned { found: copy(&scanned.found), whens: scanned.whens.clone(), in_head, refused: Vec::new() };
                part.keep(&wanted);
                if part.found.pieces.is_empty() {
                    continue;
                }
                let commit = commits.entry(when.commit).or_insert_with(|| describe(git, when.commit, author));
                let mut found = part.found;
                found.commit = Some(Box::new(Commit { in_head, ..commit.clone() }));
                found.line_hashes = found.line_hashes.filter(|_| line_hashes);
                for diagnostic in found.pieces.iter_mut().flat_map(|piece| &mut piece.diagnostics) {
                    if let Some(secret) = self.secrets.get(&key(diagnostic)) {
                        let refused = self.refused.contains(&key(diagnostic));
                        let counts = |by: &Suppression| !refused || by.kind != SuppressionKind::Inline;
                        diagnostic.suppressed = secret.suppressed().filter(counts);
                        diagnostic.related.extend(elsewhere(secret, &found.path));
                    }
                }
                all.push((when, found));
            }
        }
        all.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
        all.into_iter().map(|(_, found)| found).collect()
    }
}

pub(super) fn key(diagnostic: &Diagnostic) -> Key {
    (diagnostic.rule.clone(), diagnostic.fingerprint)
}

fn is_first(secrets: &HashMap<Key, Secret>, path: &str, when: When, diagnostic: &Diagnostic) -> bool {
    let first = secrets.get(&key(diagnostic)).and_then(|secret| secret.first.as_ref());
    first.is_some_and(|(known, place)| *known == when && place == path)
}

/// The other paths of a secret, those in `HEAD` first, since there is something to do.
fn elsewhere(secret: &Secret, path: &str) -> Vec<Label> {
    let mut others: Vec<_> = secret.paths.iter().filter(|(other, _)| *other != path).collect();
    others.sort_by_key(|(other, (when, _))| (!secret.head.contains(*other), *when));
    let label = |(other, (when, span)): (&String, &(When, Span))| {
        let head = if secret.head.contains(other) { ", still in HEAD" } else { "" };
        let text = format!("the same since commit {}{head}", when.commit.to_hex_with_len(7));
        Label { path: Some(other.as_str().into()), span: *span, text, mask: None }
    };
    others.into_iter().take(MAX_PATHS).map(label).collect()
}

fn describe(git: &gix::Repository, commit: ObjectId, author: bool) -> Commit {
    let (date, name) = read_object::author(git, commit).unwrap_or_default();
    Commit { id: commit.to_string(), date, author: author.then_some(name), in_head: false }
}

fn copy(found: &Found) -> Found {
    Found {
        path: found.path.clone(),
        origin: found.origin,
        pieces: found.pieces.clone(),
        line_hashes: found.line_hashes.clone(),
        commit: None,
        place: None,
        gate: found.gate,
        own: found.own,
    }
}

impl Scanned {
    /// Keeps the findings that count and are `wanted`, by path and time; the others are overwritten where they stand in a
    /// piece, since nothing else would mask them.
    fn keep(&mut self, wanted: &dyn Fn(&str, When, &Diagnostic) -> bool) {
        let mut whens = std::mem::take(&mut self.whens).into_iter();
        let path = &self.found.path;
        for piece in &mut self.found.pieces {
            let diagnostics = std::mem::take(&mut piece.diagnostics);
            let mut others = Vec::new();
            for diagnostic in diagnostics {
                let when = whens.next().flatten();
                if when.is_some_and(|when| wanted(path, when, &diagnostic)) {
                    self.whens.push(when);
                    piece.diagnostics.push(diagnostic);
                } else {
                    others.push(diagnostic);
                }
            }
            others.iter().for_each(|other| piece.hide(other));
        }
        self.found.pieces.retain(|piece| !piece.diagnostics.is_empty());
    }
}
