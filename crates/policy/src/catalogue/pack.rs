//! The packed file: a header with the date, then groups of byte streams, each group deflated by itself.
//! Not here: what the streams of a group mean (`names`, `relations`, `tables`), and the writing (xtask).

use std::{borrow::Cow, cmp::Ordering};

use super::layout::{GROUPS, MAGIC};

/// The most that one group may unpack to: the largest has 0.2 MB, and a broken file must not ask for all memory.
const MAX_GROUP: usize = 4 << 20;

/// The bytes are no catalogue, or not a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a packed catalogue of this version")]
pub struct PackError;

/// The groups in the order in which they stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Names,
    Resources,
    Keys,
    Dependents,
    Tables,
}

/// A packed file, its groups not yet unpacked.
#[derive(Default)]
pub(super) struct Pack {
    bytes: Cow<'static, [u8]>,
    date: String,
    /// Start, end and unpacked size.
    groups: [(usize, usize, usize); GROUPS],
}

impl Pack {
    pub(super) fn open(bytes: Cow<'static, [u8]>) -> Result<Pack, PackError> {
        let mut pack = Pack::header(&bytes).ok_or(PackError)?;
        pack.bytes = bytes;
        Ok(pack)
    }

    fn header(bytes: &[u8]) -> Option<Pack> {
        let mut reader = Reader(bytes.strip_prefix(MAGIC)?);
        let date = str::from_utf8(reader.take(10)?).ok()?.to_string();
        let mut sizes = [(0, 0); GROUPS];
        for size in &mut sizes {
            *size = (reader.number()?, reader.number()?);
        }
        let mut at = bytes.len() - reader.0.len();
        let mut groups = [(0, 0, 0); GROUPS];
        for (group, (packed, raw)) in groups.iter_mut().zip(sizes) {
            *group = (at, at.checked_add(packed)?, raw);
            at = group.1;
        }
        (at == bytes.len()).then_some(Pack { bytes: Cow::Borrowed(&[]), date, groups })
    }

    pub(super) fn date(&self) -> &str {
        &self.date
    }

    /// Unpacks a group; nothing where it is broken.
    pub(super) fn group(&self, group: Group) -> Option<Streams> {
        let (start, end, raw) = self.groups[group as usize];
        let packed = self.bytes.get(start..end)?;
        let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, raw.min(MAX_GROUP)).ok()?;
        if bytes.len() != raw {
            return None;
        }
        let mut reader = Reader(&bytes);
        let count = reader.number()?;
        let mut sizes = Vec::new();
        for _ in 0..count {
            sizes.push(reader.number()?);
        }
        let mut at = raw - reader.0.len();
        let mut ranges = Vec::with_capacity(sizes.len());
        for size in sizes {
            ranges.push((at, at.checked_add(size)?));
            at += size;
        }
        (at == raw).then_some(Streams { bytes, ranges })
    }

    /// Whether every group unpacks.
    pub(super) fn check(&self) -> Result<(), PackError> {
        let all = [Group::Names, Group::Resources, Group::Keys, Group::Dependents, Group::Tables];
        if all.iter().all(|&group| self.group(group).is_some()) { Ok(()) } else { Err(PackError) }
    }
}

/// The unpacked streams of one group.
#[derive(Default)]
pub(super) struct Streams {
    bytes: Vec<u8>,
    ranges: Vec<(usize, usize)>,
}

impl Streams {
    pub(super) fn get(&self, stream: usize) -> Option<&[u8]> {
        let &(start, end) = self.ranges.get(stream)?;
        self.bytes.get(start..end)
    }

    pub(super) fn lines(&self, stream: usize) -> Option<Lines> {
        Lines::new(str::from_utf8(self.get(stream)?).ok()?)
    }

    pub(super) fn reader(&self, stream: usize) -> Option<Reader<'_>> {
        self.get(stream).map(Reader)
    }
}

/// Reads bytes and numbers from the front; `None` at the end.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    /// A number of seven bits a byte, the lowest first.
    pub(super) fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

/// Texts by number: the lines of one text.
#[derive(Default)]
pub(super) struct Lines {
    text: Box<str>,
    /// Where each line begins, and one past the end as if another followed.
    starts: Vec<u32>,
}

impl Lines {
    /// Each line ends with a line feed.
    pub(super) fn new(text: &str) -> Option<Lines> {
        let mut starts = vec![0];
        for at in memchr::memchr_iter(b'\n', text.as_bytes()) {
            starts.push(u32::try_from(at + 1).ok()?);
        }
        Some(Lines { text: text.into(), starts })
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The line of this number; empty where there is none.
    pub(super) fn get(&self, index: usize) -> &str {
        match self.starts.get(index..index + 2) {
            Some(&[start, end]) => self.text.get(start as usize..end as usize - 1).unwrap_or_default(),
            _ => "",
        }
    }

    /// Where the line that is `name` but for case stands; the lines are sorted.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.find_by(|line| compare(line, name))
    }

    /// The same for lines that are rows, by their first column.
    pub(super) fn find_row(&self, name: &str) -> Option<usize> {
        self.find_by(|line| compare(line.split('\t').next().unwrap_or_default(), name))
    }

    fn find_by(&self, compare: impl Fn(&str) -> Ordering) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match compare(self.get(middle)) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

/// Names by their hash, for those that are looked up for every action and key of a policy.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The number of a name, from 1 on, at the place that its hash says or the next free one; 0 is free.
    slots: Vec<u16>,
}

impl Index {
    /// Of names that differ by more than case.
    pub(crate) fn new<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Option<Index> {
        let mut slots = vec![0; (2 * names.len() + 1).next_power_of_two()];
        let mask = slots.len() - 1;
        for (name, number) in names.zip(1_usize..) {
            let mut at = hash(name) & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = u16::try_from(number).ok()?;
        }
        Some(Index { slots })
    }

    /// The number of the name that is `wanted` but for case, where `name` gives the names.
    pub(crate) fn find<'n>(&self, wanted: &str, name: impl Fn(usize) -> &'n str) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(wanted) & mask;
        loop {
            let number = usize::from(self.slots[at]).checked_sub(1)?;
            let name = name(number);
            if name == wanted || name.eq_ignore_ascii_case(wanted) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
    }
}

/// Over eight bytes at a time, a letter being equal to its capital.
fn hash(name: &str) -> usize {
    let step = |hash: u64, word: u64| {
        (hash.rotate_left(5) ^ (word | 0x2020_2020_2020_2020)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(name.len() as u64, |hash, word| step(hash, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    (step(hash, u64::from_le_bytes(last)) >> 32) as usize
}

/// The order of all names in the catalogue: by their bytes, without regard to the case of ASCII letters.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    for (x, y) in a.iter().zip(b) {
        let order = x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase());
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}
