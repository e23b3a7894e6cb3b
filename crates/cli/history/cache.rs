//! Remembers which blobs gave nothing, so that the next run reads only new ones: one file in the repository's own folder.
//! It holds ids and paths, never a secret or a fingerprint: a blob with findings is only known as one to scan again.
//! Not here: what makes a cache useless (`key.rs`).

use std::{collections::BTreeSet, fs, io, path::Path, process};

use gix::{
    ObjectId,
    bstr::{BStr, BString, ByteSlice},
    hash::Kind,
};

use super::When;

/// Where it is, below the folder that all work trees of a repository share.
pub(super) const PATH: &str = "keylint/cache-v1";
/// How the file begins. The last digits are the version of its form.
const MAGIC: &[u8; 16] = b"keylint cache 01";
/// Magic, key, and eight numbers.
const HEADER: usize = 16 + 16 + 8 * 8;
/// A checksum stands at the end.
const CHECKSUM: usize = 8;
/// What stands behind the id of a commit: its order.
const COMMIT_TAIL: usize = 8;
/// What stands behind the id of a clean blob: its class, its size, and what it is.
const CLEAN_TAIL: usize = 9;
/// Marks a clean blob that is among those that the complete state counts.
const COUNTED: u8 = 0x80;

/// Why a document of a history is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    Text,
    Binary,
    Pointer,
    Link,
    Submodule,
    Configuration,
    Ignored,
}

impl Reason {
    /// In the order of the numbers that the file has for them. The first stands for a text, which is not left out.
    const ALL: [Reason; 7] = [
        Reason::Text,
        Reason::Binary,
        Reason::Pointer,
        Reason::Link,
        Reason::Submodule,
        Reason::Configuration,
        Reason::Ignored,
    ];

    /// As reports say it.
    pub(super) fn text(self) -> &'static str {
        match self {
            Reason::Text => "",
            Reason::Binary => "binary",
            Reason::Pointer => "LFS pointer",
            Reason::Link => "symbolic link",
            Reason::Submodule => "submodule",
            Reason::Configuration => "excluded by the configuration",
            Reason::Ignored => "ignored",
        }
    }

    /// The reason of this text.
    pub(super) fn of(text: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.text() == text)
    }
}

/// A path whose document is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Excluded {
    pub(super) path: String,
    pub(super) reason: Reason,
}

/// A blob in which nothing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clean {
    pub(super) blob: ObjectId,
    /// Tells names apart that make it another document: see `blobs::class`.
    pub(super) class: u32,
    /// In bytes; what does not fit is as large as possible.
    pub(super) size: u32,
    pub(super) kind: Reason,
    /// Whether it is counted in [`Complete::blobs`].
    pub(super) counted: bool,
}

/// What a run found out.
#[derive(Debug)]
pub(super) struct Update {
    pub(super) clean: Vec<Clean>,
    /// Where all commits were walked.
    pub(super) complete: Option<Complete>,
}

/// A walk over all commits.
#[derive(Debug)]
pub(super) struct Complete {
    /// Whether it went on where the cache ended.
    pub(super) resumed: bool,
    /// The commits that no other one comes from.
    pub(super) tips: BTreeSet<ObjectId>,
    /// The commits of the walk.
    pub(super) commits: Vec<When>,
    /// Commits of the cache at which it ended.
    pub(super) passed: BTreeSet<ObjectId>,
    /// Blobs to scan again: where they were, and since when.
    pub(super) dirty: Vec<(ObjectId, BString, When)>,
    pub(super) excluded: BTreeSet<Excluded>,
    /// How many clean blobs the walk met that the cache does not count yet, and their bytes.
    pub(super) blobs: u64,
    pub(super) bytes: u64,
}

/// A cache as it was read. One that is not there, or that something is wrong with, is empty.
#[derive(Debug)]
pub(super) struct Cache {
    file: Vec<u8>,
    id: usize,
    counts: Counts,
}

/// The numbers of the header, in their order.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    complete: u64,
    tips: u64,
    commits: u64,
    clean: u64,
    /// Bytes of the list of dirty blobs.
    dirty: u64,
    /// Bytes of the list of excluded paths.
    excluded: u64,
    blobs: u64,
    bytes: u64,
}

impl Cache {
    /// A cache that knows nothing.
    pub(super) fn empty(hash: Kind) -> Cache {
        Cache { file: Vec::new(), id: hash.len_in_bytes(), counts: Counts::default() }
    }

    /// Reads the cache at `path`, if it has this key.
    pub(super) fn open(path: &Path, key: u128, hash: Kind) -> Cache {
        let id = hash.len_in_bytes();
        let file = fs::read(path).unwrap_or_default();
        match Counts::read(&file, key).filter(|counts| counts.length(id) == Some(file.len() as u64)) {
            Some(counts) => Cache { file, id, counts },
            None => Cache::empty(hash),
        }
    }

    /// Whether it knows all commits that come before its tips.
    pub(super) fn is_complete(&self) -> bool {
        self.counts.complete == 1
    }

    /// How many commits it knows.
    pub(super) fn commits(&self) -> u64 {
        self.counts.commits
    }

    /// How many clean blobs they brought.
    pub(super) fn blobs(&self) -> u64 {
        self.counts.blobs
    }

    /// The bytes of these.
    pub(super) fn bytes(&self) -> u64 {
        self.counts.bytes
    }

    /// The commits that no other one comes from.
    pub(super) fn tips(&self) -> impl Iterator<Item = ObjectId> {
        self.section(0, self.counts.tips, self.id).chunks_exact(self.id.max(1)).map(ObjectId::from_bytes_or_panic)
    }

    /// The order of a commit that it knows.
    pub(super) fn commit(&self, id: &ObjectId) -> Option<u64> {
        let stride = self.id + COMMIT_TAIL;
        let records = self.section(self.commits_at(), self.counts.commits, stride);
        find(records, stride, id.as_slice()).map(|record| number(&record[self.id..]))
    }

    /// What it knows of a blob in which nothing was found under names of this class.
    pub(super) fn clean(&self, blob: &ObjectId, class: u32) -> Option<Clean> {
        let stride = self.id + CLEAN_TAIL;
        let wanted = [blob.as_slice(), &class.to_be_bytes()].concat();
        find(self.clean_records(), stride, &wanted).and_then(|record| Clean::read(record, self.id))
    }

    /// The blobs to scan again.
    pub(super) fn dirty(&self) -> Vec<(ObjectId, BString, When)> {
        let start = self.dirty_at();
        let mut rest = self.section(start, self.counts.dirty, 1);
        let mut list = Vec::new();
        while rest.len() >= 2 * self.id + 12 {
            let blob = ObjectId::from_bytes_or_panic(&rest[..self.id]);
            let commit = ObjectId::from_bytes_or_panic(&rest[self.id..2 * self.id]);
            let order = number(&rest[2 * self.id..]);
            let Some((path, more)) = text(&rest[2 * self.id + 8..]) else { break };
            list.push((blob, path.to_owned(), When { order, commit }));
            rest = more;
        }
        list
    }

    /// The paths that were left out.
    pub(super) fn excluded(&self) -> Vec<Excluded> {
        let mut rest = self.section(self.dirty_at() + self.counts.dirty as usize, self.counts.excluded, 1);
        let mut list = Vec::new();
        while let Some((&reason, more)) = rest.split_first() {
            let (Some(&reason), Some((path, more))) = (Reason::ALL.get(usize::from(reason)), text(more)) else { break };
            list.push(Excluded { path: path.to_str_lossy().into_owned(), reason });
            rest = more;
        }
        list
    }

    /// Writes the cache with what is new, so that a reader sees the old one or the new one.
    pub(super) fn write(&self, path: &Path, key: u128, update: Update) -> io::Result<()> {
        let same = |complete: &Complete| complete.resumed && complete.commits.is_empty();
        if update.clean.is_empty() && update.complete.as_ref().is_none_or(same) {
            return Ok(());
        }
        let file = self.with(key, update);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let temporary = path.with_extension(format!("{}.new", process::id()));
        let written = fs::write(&temporary, file).and_then(|()| fs::rename(&temporary, path));
        if written.is_err() {
            // It may not be there at all.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// The file with what is new.
    fn with(&self, key: u128, update: Update) -> Vec<u8> {
        let mut clean: Vec<Vec<u8>> = update.clean.iter().map(|clean| clean.record()).collect();
        clean.sort_unstable();
        let clean = merge(self.clean_records(), &clean, self.id + CLEAN_TAIL, self.id + 4);
        let mut counts = Counts { clean: (clean.len() / (self.id + CLEAN_TAIL)) as u64, ..self.counts };
        let mut sections = [
            self.section(0, self.counts.tips, self.id).to_vec(),
            self.section(self.commits_at(), self.counts.commits, self.id + COMMIT_TAIL).to_vec(),
            clean,
            self.section(self.dirty_at(), self.counts.dirty, 1).to_vec(),
            self.section(self.dirty_at() + self.counts.dirty as usize, self.counts.excluded, 1).to_vec(),
        ];
        if let Some(complete) = update.complete {
            let old = complete.resumed;
            let mut tips = complete.tips;
            tips.extend(self.tips().filter(|tip| old && !complete.passed.contains(tip)));
            let tip = |tip: &ObjectId| tip.as_slice().to_vec();
            sections[0] = tips.iter().flat_map(tip).collect();
            let record = |when: &When| [when.commit.as_slice(), &when.order.to_be_bytes()].concat();
            let mut commits: Vec<Vec<u8>> = complete.commits.iter().map(record).collect();
            commits.sort_unstable();
            let before = if old { &sections[1][..] } else { &[] };
            sections[1] = merge(before, &commits, self.id + COMMIT_TAIL, self.id);
            sections[3] =
                complete.dirty.iter().flat_map(|(blob, path, when)| dirty_record(blob, path.as_bstr(), when)).collect();
            sections[4] = complete.excluded.iter().flat_map(excluded_record).collect();
            counts.complete = 1;
            counts.tips = tips.len() as u64;
            counts.commits = (sections[1].len() / (self.id + COMMIT_TAIL)) as u64;
            counts.dirty = sections[3].len() as u64;
            counts.excluded = sections[4].len() as u64;
            counts.blobs = complete.blobs + if old { self.counts.blobs } else { 0 };
            counts.bytes = complete.bytes + if old { self.counts.bytes } else { 0 };
        }
        let mut file = Vec::with_capacity(HEADER + sections.iter().map(Vec::len).sum::<usize>() + CHECKSUM);
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&key.to_be_bytes());
        counts.numbers().iter().for_each(|number| file.extend_from_slice(&number.to_be_bytes()));
        sections.iter().for_each(|section| file.extend_from_slice(section));
        let sum = checksum(&file);
        file.extend_from_slice(&sum.to_be_bytes());
        file
    }

    /// `count` records of `stride` bytes, `start` bytes behind the header.
    fn section(&self, start: usize, count: u64, stride: usize) -> &[u8] {
        // The lengths were compared with that of the file when it was read.
        let start = HEADER + start;
        self.file.get(start..start + count as usize * stride).unwrap_or_default()
    }

    fn commits_at(&self) -> usize {
        self.counts.tips as usize * self.id
    }

    fn clean_records(&self) -> &[u8] {
        let start = self.commits_at() + self.counts.commits as usize * (self.id + COMMIT_TAIL);
        self.section(start, self.counts.clean, self.id + CLEAN_TAIL)
    }

    fn dirty_at(&self) -> usize {
        let commits = self.counts.commits as usize * (self.id + COMMIT_TAIL);
        self.commits_at() + commits + self.counts.clean as usize * (self.id + CLEAN_TAIL)
    }
}

impl Counts {
    /// The header of a file that is whole and has this key.
    fn read(file: &[u8], key: u128) -> Option<Counts> {
        let (rest, sum) = file.split_at_checked(file.len().checked_sub(CHECKSUM)?)?;
        let header = rest.get(..HEADER)?;
        let known = header.starts_with(MAGIC) && header[16..32] == key.to_be_bytes();
        if !known || sum != checksum(rest).to_be_bytes() {
            return None;
        }
        let mut numbers = header[32..].chunks_exact(8).map(number);
        let mut next = || numbers.next();
        Some(Counts {
            complete: next()?,
            tips: next()?,
            commits: next()?,
            clean: next()?,
            dirty: next()?,
            excluded: next()?,
            blobs: next()?,
            bytes: next()?,
        })
    }

    fn numbers(&self) -> [u64; 8] {
        let Counts { complete, tips, commits, clean, dirty, excluded, blobs, bytes } = *self;
        [complete, tips, commits, clean, dirty, excluded, blobs, bytes]
    }

    /// The length of a file with these numbers.
    fn length(&self, id: usize) -> Option<u64> {
        let id = id as u64;
        let fixed = (HEADER + CHECKSUM) as u64;
        let tips = self.tips.checked_mul(id)?;
        let commits = self.commits.checked_mul(id + COMMIT_TAIL as u64)?;
        let clean = self.clean.checked_mul(id + CLEAN_TAIL as u64)?;
        [tips, commits, clean, self.dirty, self.excluded].into_iter().try_fold(fixed, u64::checked_add)
    }
}

impl Clean {
    fn record(&self) -> Vec<u8> {
        let kind = Reason::ALL.iter().position(|kind| *kind == self.kind).unwrap_or_default() as u8;
        let kind = if self.counted { kind | COUNTED } else { kind };
        [self.blob.as_slice(), &self.class.to_be_bytes(), &self.size.to_be_bytes(), &[kind]].concat()
    }

    fn read(record: &[u8], id: usize) -> Option<Clean> {
        let tail = &record[id..];
        let small = |at: usize| Some(u32::from_be_bytes(tail.get(at..at + 4)?.try_into().ok()?));
        let kind = tail[8];
        Some(Clean {
            blob: ObjectId::from_bytes_or_panic(&record[..id]),
            class: small(0)?,
            size: small(4)?,
            kind: *Reason::ALL.get(usize::from(kind & !COUNTED))?,
            counted: kind & COUNTED != 0,
        })
    }
}

fn dirty_record(blob: &ObjectId, path: &BStr, when: &When) -> Vec<u8> {
    let length = (path.len() as u32).to_be_bytes();
    [blob.as_slice(), when.commit.as_slice(), &when.order.to_be_bytes(), &length, path].concat()
}

fn excluded_record(excluded: &Excluded) -> Vec<u8> {
    let reason = Reason::ALL.iter().position(|reason| *reason == excluded.reason).unwrap_or_default() as u8;
    let length = (excluded.path.len() as u32).to_be_bytes();
    [&[reason][..], &length, excluded.path.as_bytes()].concat()
}

/// The record that begins with `wanted`, of records in order.
fn find<'a>(records: &'a [u8], stride: usize, wanted: &[u8]) -> Option<&'a [u8]> {
    let record = |index: usize| &records[index * stride..(index + 1) * stride];
    let (mut low, mut high) = (0, records.len() / stride);
    while low < high {
        let middle = low + (high - low) / 2;
        match record(middle)[..wanted.len()].cmp(wanted) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(record(middle)),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// Both lists in one, in order; of two records that begin with the same `key` bytes the new one stays.
fn merge(old: &[u8], new: &[Vec<u8>], stride: usize, key: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(old.len() + new.len() * stride);
    let mut old = old.chunks_exact(stride).peekable();
    for (index, record) in new.iter().enumerate() {
        if new.get(index + 1).is_some_and(|next| next[..key] == record[..key]) {
            continue;
        }
        while let Some(before) = old.next_if(|before| before[..key] < record[..key]) {
            all.extend_from_slice(before);
        }
        old.next_if(|before| before[..key] == record[..key]);
        all.extend_from_slice(record);
    }
    old.for_each(|rest| all.extend_from_slice(rest));
    all
}

/// The number that `bytes` begin with.
fn number(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The text that `bytes` begin with, behind its length, and what follows.
fn text(bytes: &[u8]) -> Option<(&BStr, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (text, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    Some((text.as_bstr(), rest))
}

/// FNV-1a over words of eight bytes: a file that was cut off or damaged differs, and a repository's own folder needs no
/// guard against those who may write there.
fn checksum(bytes: &[u8]) -> u64 {
    let fold = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x100_0000_01b3).rotate_left(29);
    let words = bytes.chunks_exact(8);
    let rest = words.remainder().iter().fold(bytes.len() as u64, |rest, byte| rest << 8 | u64::from(*byte));
    fold(words.map(number).fold(0xcbf2_9ce4_8422_2325, fold), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(seed: u8) -> ObjectId {
        ObjectId::from_bytes_or_panic(&[seed; 20])
    }

    fn clean(seed: u8, class: u32) -> Clean {
        Clean { blob: id(seed), class, size: u32::from(seed) * 10, kind: Reason::Text, counted: false }
    }

    fn complete(commits: &[u8], resumed: bool, passed: &[u8]) -> Complete {
        let whens: Vec<When> = commits.iter().map(|seed| When { order: u64::from(*seed), commit: id(*seed) }).collect();
        Complete {
            resumed,
            tips: whens.last().map(|when| when.commit).into_iter().collect(),
            passed: passed.iter().map(|seed| id(*seed)).collect(),
            dirty: vec![(id(200), "a/é".into(), When { order: 7, commit: id(1) })],
            excluded: BTreeSet::from([Excluded { path: "logo.png".into(), reason: Reason::Binary }]),
            commits: whens,
            blobs: 2,
            bytes: 50,
        }
    }

    #[test]
    fn remembers_what_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(PATH);
        let open = || Cache::open(&path, 5, Kind::Sha1);
        assert!(!open().is_complete());
        let update = Update { clean: vec![clean(9, 1), clean(3, 2), clean(3, 1)], complete: None };
        open().write(&path, 5, update).expect("a file");
        let update = Update { clean: vec![clean(4, 1)], complete: Some(complete(&[8, 5], false, &[])) };
        open().write(&path, 5, update).expect("a file");
        let later = complete(&[6, 7], true, &[5]);
        open()
            .write(&path, 5, Update { clean: vec![Clean { counted: true, ..clean(9, 1) }], complete: Some(later) })
            .expect("a file");

        let cache = open();
        assert!(cache.is_complete());
        for (seed, class, want) in
            [(3, 1, true), (3, 2, true), (3, 3, false), (4, 1, true), (9, 1, true), (5, 1, false)]
        {
            assert_eq!(cache.clean(&id(seed), class).is_some(), want, "{seed} {class}");
        }
        assert_eq!(cache.clean(&id(9), 1), Some(Clean { counted: true, ..clean(9, 1) }));
        assert_eq!([5, 6, 7, 8, 9].map(|seed| cache.commit(&id(seed))), [Some(5), Some(6), Some(7), Some(8), None]);
        assert_eq!(cache.tips().collect::<Vec<_>>(), [id(7)]);
        assert_eq!(cache.dirty(), complete(&[], false, &[]).dirty);
        assert_eq!(cache.excluded(), [Excluded { path: "logo.png".into(), reason: Reason::Binary }]);
        assert_eq!((cache.commits(), cache.blobs(), cache.bytes()), (4, 4, 100));

        assert!(!Cache::open(&path, 6, Kind::Sha1).is_complete(), "another key");
        assert!(!Cache::open(&path, 5, Kind::Sha256).is_complete(), "other ids");
    }

    #[test]
    fn a_damaged_file_is_no_cache() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cache");
        let empty = Cache::empty(Kind::Sha1);
        let update = Update { clean: vec![clean(9, 1)], complete: Some(complete(&[1, 2], false, &[])) };
        empty.write(&path, 5, update).expect("a file");
        let whole = fs::read(&path).expect("a file");
        assert!(Cache::open(&path, 5, Kind::Sha1).is_complete());
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).expect("a file");
            assert!(!Cache::open(&path, 5, Kind::Sha1).is_complete(), "{length}");
            let mut damaged = whole.clone();
            damaged[length] ^= 1;
            fs::write(&path, damaged).expect("a file");
            assert!(!Cache::open(&path, 5, Kind::Sha1).is_complete(), "{length}");
        }
    }
}
