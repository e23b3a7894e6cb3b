//! The baseline: findings that were accepted, by fingerprint and path, so that an old repository can start clean.
//! Not here: where the file stands, who writes it, what day it is; hosts say that.
//!
//! A secret may move, since where it stands says little; a copy of it is new, since it is one place more to clean up.

use keylint_diagnostics::{Diagnostic, Evidence, EvidenceKind, Fingerprint, Map, Suppression, SuppressionKind};
use serde::Serialize;

use crate::fields::{self, Fields, Wrong};

/// Bytes of a fingerprint key, at least: as many as a fingerprint has.
const MIN_KEY: usize = 16;

/// Accepted findings, and the key of their fingerprints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// Keys the fingerprints (`Config::fingerprint_key`). Random, so that fingerprints of two repositories tell nothing.
    pub key: Vec<u8>,
    /// What was accepted, by rule and fingerprint.
    pub entries: Vec<Entry>,
}

/// An accepted secret and the places where it may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The rule that found it; for readers, since the fingerprint holds it too.
    pub rule: String,
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// Where it may stand: `/`-separated, relative to the folder of the baseline, sorted.
    pub paths: Vec<String>,
    /// Why it was accepted.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it was accepted, `YYYY-MM-DD`.
    pub added: String,
    /// The last day on which it is accepted, `YYYY-MM-DD`.
    pub expires: Option<String>,
}

/// Why a baseline could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct BaselineError {
    /// The file, as the host names it, with the line where it is known.
    pub name: String,
    /// What is wrong.
    pub reason: String,
}

/// A finding and the path of its document, relative to the folder of the baseline.
pub type Place<'a> = (String, &'a mut Diagnostic);

/// What a run saw in the paths that a baseline lists: only with it can a move be told from a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(Map<String, Map<Fingerprint, ()>>);

/// What is said of entries that are made or renewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Why.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it is accepted.
    pub expires: Option<String>,
    /// The day, for `added`.
    pub today: String,
}

/// What changed in a baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Entries that are new.
    pub added: usize,
    /// Places added to entries.
    pub places: usize,
    /// Places that took over from others.
    pub moved: usize,
    /// Entries that had expired and have a new date.
    pub renewed: usize,
    /// Entries that have expired and stay so.
    pub expired: usize,
    /// Places removed, since the secret is gone from there.
    pub removed: usize,
    /// Entries removed, since they have no place left.
    pub dropped: usize,
}

impl Seen {
    /// Notes that the whole document at `path` was scanned and gave `diagnostics`.
    pub fn scanned<'d>(&mut self, path: &str, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) {
        let known = self.0.get_or_insert_with(path.into(), Map::new);
        for diagnostic in diagnostics {
            known.insert(diagnostic.fingerprint, ());
        }
    }

    /// Notes that there is no document at `path` any more.
    pub fn gone(&mut self, path: &str) {
        self.0.get_or_insert_with(path.into(), Map::new);
    }

    /// Adds what another part of the run saw.
    pub fn merge(&mut self, other: Seen) {
        for (path, fingerprints) in other.0.iter() {
            let known = self.0.get_or_insert_with(path.clone(), Map::new);
            for (fingerprint, ()) in fingerprints.iter() {
                known.insert(*fingerprint, ());
            }
        }
    }

    /// Whether the run knows of `path`.
    pub fn knows(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Whether the secret does not stand at `path` any more; not where the run did not look.
    fn left(&self, path: &str, fingerprint: Fingerprint) -> bool {
        self.0.get(path).is_some_and(|seen| !seen.contains_key(&fingerprint))
    }
}

impl Entry {
    /// Whether it does not count any more. Without a date of today nothing expires.
    pub fn expired(&self, today: Option<&str>) -> bool {
        matches!((&self.expires, today), (Some(expires), Some(today)) if expires.as_str() < today)
    }

    fn holds(&self, path: &str) -> bool {
        self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }

    /// Pairs the places that the secret left with new ones, `fresh`: one of the same file name first, then by path.
    /// Every place left excuses one new place, so a move and a copy at once leave the copy.
    fn moves(&self, fresh: &Map<String, ()>, seen: &Seen) -> Vec<(String, String)> {
        fn name(path: &str) -> Option<&str> {
            path.rsplit('/').next()
        }
        let left = self.paths.iter().filter(|path| seen.left(path, self.fingerprint));
        let mut fresh: Vec<&String> = fresh.iter().map(|(path, ())| path).collect();
        let mut moves = Vec::new();
        for old in left.take(fresh.len()) {
            let same = fresh.iter().position(|new| name(new) == name(old));
            moves.push((old.clone(), fresh.remove(same.unwrap_or(0)).clone()));
        }
        moves
    }

    fn suppression(&self) -> Suppression {
        Suppression {
            kind: SuppressionKind::Baseline,
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            until: self.expires.clone(),
        }
    }
}

impl Baseline {
    /// One that accepts nothing yet.
    pub fn new(key: Vec<u8>) -> Baseline {
        Baseline { key, entries: Vec::new() }
    }

    /// Reads the text of a baseline that errors call `name`.
    pub fn parse(text: &str, name: &str) -> Result<Baseline, BaselineError> {
        let refuse = |reason: String| BaselineError { name: name.into(), reason };
        let raw = fields::read(text, Raw::read)
            .map_err(|error| BaselineError { name: format!("{name}:{}", error.line), reason: error.reason })?;
        if raw.version != 1 {
            return Err(refuse(format!("version {} is not known; a newer keylint may read it", raw.version)));
        }
        let key = from_hex(&raw.key).filter(|key| key.len() >= MIN_KEY);
        let key = key.ok_or_else(|| refuse(format!("`key` is not a hex number of {MIN_KEY} bytes or more")))?;
        let mut baseline = Baseline::new(key);
        for (number, finding) in raw.findings.into_iter().enumerate() {
            let refuse =
                |key: &str, value: &str| refuse(format!("finding {}: `{key}` is wrong: `{value}`", number + 1));
            let dates = [("added", Some(&finding.added)), ("expires", finding.expires.as_ref())];
            for (key, date) in dates.into_iter().filter_map(|(key, date)| Some((key, date?))) {
                is_date(date).then_some(()).ok_or_else(|| refuse(key, date))?;
            }
            let entry = Entry {
                fingerprint: finding.fingerprint.parse().map_err(|()| refuse("fingerprint", &finding.fingerprint))?,
                rule: finding.rule,
                paths: finding.paths,
                reason: finding.reason,
                owner: finding.owner,
                added: finding.added,
                expires: finding.expires,
            };
            baseline.entries.push(entry);
        }
        baseline.tidy();
        Ok(baseline)
    }

    /// The text of the file: one finding on each line, so that a change of one is a change of one line.
    pub fn text(&self) -> String {
        let hex: String = self.key.iter().map(|byte| format!("{byte:02x}")).collect();
        let lines = self.entries.iter().map(|entry| {
            let raw = RawEntry {
                rule: entry.rule.clone(),
                fingerprint: entry.fingerprint.to_string(),
                paths: entry.paths.clone(),
                reason: entry.reason.clone(),
                owner: entry.owner.clone(),
                added: entry.added.clone(),
                expires: entry.expires.clone(),
            };
            // Strings and lists of strings cannot fail to be written.
            serde_json::to_string(&raw).unwrap_or_default()
        });
        let lines: Vec<String> = lines.collect();
        format!("{{\"version\":1,\"key\":\"{hex}\",\"findings\":[\n{}\n]}}\n", lines.join(",\n"))
    }

    /// Whether any entry names `path`.
    pub fn lists(&self, path: &str) -> bool {
        self.entries.iter().any(|entry| entry.holds(path))
    }

    /// All paths that entries name, each once, sorted.
    pub fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.entries.iter().flat_map(|entry| &entry.paths).map(String::as_str).collect();
        keylint_diagnostics::sort(&mut paths);
        paths.dedup();
        paths
    }

    /// Marks the findings that the baseline accepts, and says of others what it knows of them.
    pub fn apply(&self, places: &mut [Place<'_>], seen: &Seen, today: Option<&str>) {
        let by_fingerprint = self.index();
        let mut moved: Map<Fingerprint, Map<String, ()>> = Map::new();
        for (fingerprint, fresh) in self.fresh(places).iter() {
            let moves = by_fingerprint.get(*fingerprint).map(|entry| entry.moves(fresh, seen)).unwrap_or_default();
            moved.insert(*fingerprint, moves.into_iter().map(|(_, new)| (new, ())).collect());
        }
        for (path, diagnostic) in places.iter_mut().filter(|(_, diagnostic)| diagnostic.suppressed.is_none()) {
            let Some(entry) = by_fingerprint.get(diagnostic.fingerprint) else { continue };
            let said = match &entry.expires {
                Some(expires) if entry.expired(today) => format!("the baseline accepted it until {expires}"),
                _ if entry.holds(path) || moved.get(&entry.fingerprint).is_some_and(|new| new.contains_key(path)) => {
                    diagnostic.suppressed = Some(entry.suppression());
                    continue;
                }
                _ => "known secret, new place".into(),
            };
            diagnostic.evidence.push(Evidence { kind: EvidenceKind::Context, text: said });
        }
    }

    /// Accepts every finding that nothing else suppresses.
    pub fn accept(&mut self, places: &[Place<'_>], seen: &Seen, terms: &Terms) -> Changes {
        let mut changes = Changes { moved: self.relocate(places, seen), ..Changes::default() };
        let (mut fresh, mut renewed, mut expired) = (Map::new(), Map::new(), Map::new());
        let mut known: Map<Fingerprint, usize> =
            self.entries.iter().enumerate().map(|(index, entry)| (entry.fingerprint, index)).collect();
        for (path, diagnostic) in places.iter().filter(|(_, diagnostic)| accepted(diagnostic)) {
            let Some(&index) = known.get(&diagnostic.fingerprint) else {
                known.insert(diagnostic.fingerprint, self.entries.len());
                fresh.insert(diagnostic.fingerprint, ());
                self.entries.push(Entry {
                    rule: diagnostic.rule.to_string(),
                    fingerprint: diagnostic.fingerprint,
                    paths: vec![path.clone()],
                    reason: terms.reason.clone(),
                    owner: terms.owner.clone(),
                    added: terms.today.clone(),
                    expires: terms.expires.clone(),
                });
                continue;
            };
            let entry = &mut self.entries[index];
            if entry.expired(Some(&terms.today)) {
                // What has run out is accepted again on purpose only.
                let Some(date) = &terms.expires else {
                    expired.insert(entry.fingerprint, ());
                    continue;
                };
                renewed.insert(entry.fingerprint, ());
                entry.expires = Some(date.clone());
                entry.reason = terms.reason.clone().or(entry.reason.take());
                entry.owner = terms.owner.clone().or(entry.owner.take());
            }
            if let Err(at) = entry.paths.binary_search(path) {
                changes.places += usize::from(!fresh.contains_key(&entry.fingerprint));
                entry.paths.insert(at, path.clone());
            }
        }
        changes.added = fresh.len();
        changes.renewed = renewed.len();
        changes.expired = expired.len();
        self.tidy();
        changes
    }

    /// Accepts one secret, beside what is accepted of it already.
    pub fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.tidy();
    }

    /// Removes what the run did not find where it looked.
    pub fn prune(&mut self, places: &[Place<'_>], seen: &Seen) -> Changes {
        let mut changes = Changes { moved: self.relocate(places, seen), ..Changes::default() };
        let before = self.entries.len();
        for entry in &mut self.entries {
            let places = entry.paths.len();
            let fingerprint = entry.fingerprint;
            entry.paths.retain(|path| !seen.left(path, fingerprint));
            changes.removed += places - entry.paths.len();
        }
        self.entries.retain(|entry| !entry.paths.is_empty());
        changes.dropped = before - self.entries.len();
        changes
    }

    /// Lets new places take over from those that a secret has left.
    fn relocate(&mut self, places: &[Place<'_>], seen: &Seen) -> usize {
        let fresh = self.fresh(places);
        let mut moved = 0;
        for entry in &mut self.entries {
            let Some(fresh) = fresh.get(&entry.fingerprint) else { continue };
            for (old, new) in entry.moves(fresh, seen) {
                entry.paths.retain(|path| *path != old);
                entry.paths.push(new);
                moved += 1;
            }
            keylint_diagnostics::sort(&mut entry.paths);
        }
        moved
    }

    /// The places of known secrets that no entry names.
    fn fresh(&self, places: &[Place<'_>]) -> Map<Fingerprint, Map<String, ()>> {
        let by_fingerprint = self.index();
        let mut fresh: Map<Fingerprint, Map<String, ()>> = Map::new();
        for (path, diagnostic) in places.iter().filter(|(_, diagnostic)| accepted(diagnostic)) {
            if by_fingerprint.get(diagnostic.fingerprint).is_some_and(|entry| !entry.holds(path)) {
                fresh.get_or_insert_with(diagnostic.fingerprint, Map::new).insert(path.clone(), ());
            }
        }
        fresh
    }

    fn index(&self) -> Index<'_> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        keylint_diagnostics::sort_by_key(&mut entries, |entry| entry.fingerprint);
        Index(entries)
    }

    /// Sorts, and joins entries of one secret, which a merge of branches may have doubled.
    fn tidy(&mut self) {
        keylint_diagnostics::sort_by(&mut self.entries, |a, b| (&a.rule, a.fingerprint).cmp(&(&b.rule, b.fingerprint)));
        self.entries.dedup_by(|next, kept| {
            let same = next.fingerprint == kept.fingerprint;
            if same {
                kept.paths.append(&mut next.paths);
            }
            same
        });
        for entry in &mut self.entries {
            keylint_diagnostics::sort(&mut entry.paths);
            entry.paths.dedup();
        }
    }
}

/// Whether the baseline, and not a comment or an allow-list, decides on the finding.
fn accepted(diagnostic: &Diagnostic) -> bool {
    diagnostic.suppressed.as_ref().is_none_or(|suppression| suppression.kind == SuppressionKind::Baseline)
}

/// Whether `text` is a date, `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number =
        |part: &str, length: usize| part.parse::<u16>().ok().filter(|_| part.len() == length && !part.starts_with('+'));
    match parts[..] {
        [year, month, day] => {
            number(year, 4).is_some()
                && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
                && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
}

/// Entries by fingerprint.
struct Index<'b>(Vec<&'b Entry>);

impl<'b> Index<'b> {
    /// The entry of a fingerprint; the last one where rules share it.
    fn get(&self, fingerprint: Fingerprint) -> Option<&'b Entry> {
        let end = self.0.partition_point(|entry| entry.fingerprint <= fingerprint);
        self.0[..end].last().copied().filter(|entry| entry.fingerprint == fingerprint)
    }
}

/// The file as it is stored.
struct Raw {
    version: u64,
    key: String,
    findings: Vec<RawEntry>,
}

#[derive(Serialize)]
struct RawEntry {
    rule: String,
    fingerprint: String,
    paths: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    added: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

impl Raw {
    fn read(fields: &mut Fields<'_>) -> Result<Raw, Wrong> {
        let (version, key) = (fields.number("version")?, fields.word("key")?);
        let findings = fields.objects("findings", &RawEntry::read)?;
        fields.rest()?;
        Ok(Raw {
            version: version.ok_or_else(|| fields.missing("version"))?,
            key: key.ok_or_else(|| fields.missing("key"))?,
            findings: findings.ok_or_else(|| fields.missing("findings"))?,
        })
    }
}

impl RawEntry {
    fn read(fields: &mut Fields<'_>) -> Result<RawEntry, Wrong> {
        let (rule, fingerprint, added) = (fields.word("rule")?, fields.word("fingerprint")?, fields.word("added")?);
        let paths = fields.words("paths")?;
        let (reason, owner, expires) = (fields.word("reason")?, fields.word("owner")?, fields.word("expires")?);
        fields.rest()?;
        Ok(RawEntry {
            rule: rule.ok_or_else(|| fields.missing("rule"))?,
            fingerprint: fingerprint.ok_or_else(|| fields.missing("fingerprint"))?,
            paths: paths.ok_or_else(|| fields.missing("paths"))?,
            reason,
            owner,
            added: added.ok_or_else(|| fields.missing("added"))?,
            expires,
        })
    }
}
