//! The keywords of a set of rules, and the tables that lead from a text to them: `build.rs` makes those of the default
//! rules, so that a start computes nothing; a module that is fetched has the keywords alone. Not here: the search
//! (`prefilter.rs`).
//!
//! Windows of four bytes, ASCII case folded, lead to keywords. A keyword of five bytes or more has two neighbouring
//! windows, one of which stands at an even offset; for shorter ones the byte beside them is enumerated in the filter.

mod encoding;
pub(crate) mod leads;
mod rarity;
mod unpack;
mod words;

use std::borrow::Cow;

use keylint_rules::{Rule, fold};

pub(crate) use encoding::Form;
#[cfg(test)]
pub(crate) use encoding::base64;
pub(crate) use words::{GENERIC_PASSWORD, GENERIC_SECRET};

/// A literal to look for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Keyword {
    /// Three bytes or more; lower case when `fold` is set.
    pub(crate) bytes: Vec<u8>,
    /// Whether ASCII case is ignored.
    pub(crate) fold: bool,
}

/// What a keyword leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// A rule, when one of these bytes follows the keyword (`keylint_rules::fold`ed values).
    Rule {
        /// Its index among the secret rules.
        rule: u16,
        /// The bytes.
        next: u128,
    },
    /// Text to decode.
    Encoded(Form),
}

/// A keyword with all that is known of it.
pub(crate) struct Sought {
    /// The keyword.
    pub(crate) keyword: Keyword,
    /// Whether it counts at the start of a word only.
    pub(crate) word: bool,
    /// Whether tokens begin with it, which an encoding may hide.
    pub(crate) token: bool,
    /// How many bytes from its start on are letters, digits, `-` or `_` in all that it leads to.
    pub(crate) plain: u8,
    /// What it leads to.
    pub(crate) leads: Vec<Lead>,
}

/// log2 of the bits in the filter: 256 KiB. Text has few distinct windows, so most of it is never touched and the rest
/// stays in a core's first-level cache; a smaller table would be too full to tell anything.
pub(crate) const FILTER_BITS: u32 = 21;
/// Bytes of the filter.
pub(crate) const FILTER: usize = 1 << (FILTER_BITS - 3);
/// log2 of the places that tell what kinds of entries a window has.
pub(crate) const KIND_BITS: u32 = 16;
/// log2 of the bits that tell five bytes: 64 KiB.
pub(crate) const FIVE_BITS: u32 = 19;
/// Bytes of the table of five bytes.
pub(crate) const FIVE: usize = 1 << (FIVE_BITS - 3);
/// log2 of the buckets that lead from a window to its entries.
pub(crate) const BUCKET_BITS: u32 = 15;
/// ORed to a byte it folds ASCII letters; it also merges some other bytes, which the full comparison sorts out.
pub(crate) const FOLD: u32 = 0x2020_2020;

/// Kinds of entries: the window and the byte behind it must be those of a keyword.
pub(crate) const NEXT: u8 = 1;
/// The window and the byte before it.
pub(crate) const BEFORE: u8 = 2;
/// The window is a keyword.
pub(crate) const WHOLE: u8 = 4;
/// The first three bytes are a keyword.
pub(crate) const LOW: u8 = 8;
/// The first three bytes and the byte before the window are a keyword.
pub(crate) const END: u8 = 32;
/// The last three bytes are a keyword.
pub(crate) const HIGH: u8 = 16;

/// Bytes of an entry: key, bytes before, bytes behind, which of both are known, keyword, offset.
pub(crate) const ENTRY: usize = 24;
/// Bytes of a keyword's record: text, leads, their number, the bytes that may follow, length, flags.
pub(crate) const RECORD: usize = 16;
/// Bytes of a lead: the rule, or a form from here on, and its bytes that may follow.
const LEAD: usize = 4;
const FORMS: u16 = u16::MAX - 8;
/// Bit of a record's flags: ASCII case is ignored.
const FOLDED: u16 = 1;
/// Bit of a record's flags: it counts at the start of a word only.
const WORD: u16 = 2;
/// Bit of a record's flags: tokens begin with it.
const TOKEN: u16 = 4;
/// Where in a record's flags the number of plain bytes begins.
const PLAIN: u32 = 8;

/// A column of the table.
type Bytes = Cow<'static, [u8]>;

/// The keywords of a set of rules. All numbers are little-endian.
#[derive(Default)]
pub(crate) struct Table {
    /// A bit for each window.
    pub(crate) filter: Bytes,
    /// What kinds of entries the windows have.
    pub(crate) kinds: Bytes,
    /// A bit for a window, or the three bytes that count, and its neighbour.
    pub(crate) five: Bytes,
    /// The number of the first entry of each bucket, and the number of all.
    pub(crate) buckets: Bytes,
    /// By bucket.
    pub(crate) entries: Bytes,
    /// The keywords.
    pub(crate) records: Bytes,
    /// Their bytes.
    pub(crate) text: Bytes,
    /// Sets of bytes that may follow.
    pub(crate) nexts: Bytes,
    /// What the keywords lead to.
    pub(crate) leads: Bytes,
    /// The numbers of the built-in rules that are sought, where it was made of such.
    pub(crate) members: Bytes,
}

/// A keyword as a scan compares it.
#[derive(Clone, Copy)]
pub(crate) struct Record<'t> {
    /// Lower case when `fold` is set.
    pub(crate) bytes: &'t [u8],
    /// Whether ASCII case is ignored.
    pub(crate) fold: bool,
    /// Whether it counts at the start of a word only.
    pub(crate) word: bool,
    /// Whether tokens begin with it.
    token: bool,
    /// How many bytes from its start on are letters, digits, `-` or `_`.
    pub(crate) plain: u8,
    /// The bytes that may follow it, as [`fold`]ed values.
    pub(crate) next: u128,
}

impl Table {
    /// The table of these secret rules, whose indices are their places.
    pub(crate) fn of(rules: &[&Rule]) -> Table {
        Table::new(leads::with_forms(leads::own(rules)))
    }

    /// A table of these keywords, which are distinct and three bytes long or more (shorter ones are never found).
    pub(crate) fn new(sought: Vec<Sought>) -> Table {
        let mut table = Table::default();
        table.add_records(&sought);
        table.index();
        table
    }

    /// Makes the columns that lead from a text to the keywords.
    fn index(&mut self) {
        let mut entries = Vec::with_capacity(self.records.len() / RECORD * 2);
        let mut filter = vec![0; FILTER];
        let mut kinds = vec![0; 1 << KIND_BITS];
        let mut five = vec![0; FIVE];
        let rarity = rarity::Rarity::new();
        for (number, record) in (0..=u16::MAX).map_while(|number| Some((number, self.keyword(number)?))) {
            let bytes = record.bytes;
            let mut window = |gram: [u8; 4], kind: u8| {
                let gram = u32::from_le_bytes(gram) | FOLD;
                set(&mut filter, bit(gram));
                kinds[kind_at(gram)] |= kind;
                gram
            };
            let mut add = |key: u32, at: usize, kind: u8, beside: u8| {
                let length = if kind & (LOW | HIGH | END) == 0 { 4 } else { 3 };
                set(&mut five, five_at(key, beside, kind));
                entries.push(Entry::new(key, bytes, at, length, number));
            };
            // The end of the text reads as a zero.
            let next = record.next | 1 << fold(0);
            let following = || (0..128u8).filter(|value| next >> value & 1 == 1).map(unfold);
            match *bytes {
                [] | [_] | [_, _] => {}
                [a, b, c] => {
                    following().for_each(|after| {
                        window([a, b, c, after], LOW);
                    });
                    // Digits share their values with other bytes, so they are left to the comparison.
                    let letter = |before: &u8| record.word && before.is_ascii_alphabetic();
                    (0..128).map(unfold).filter(|before| !letter(before)).for_each(|before| {
                        window([before, a, b, c], HIGH);
                    });
                    add(low(a, b, c), 0, LOW, 0);
                    add(high(a, b, c), 0, HIGH, 0);
                }
                [a, b, c, d] => {
                    add(window([a, b, c, d], WHOLE), 0, WHOLE, 0);
                    following().for_each(|after| {
                        window([b, c, d, after], END);
                    });
                    add(low(b, c, d), 1, END, a);
                }
                [..] => {
                    let first = rarity.rarest_pair(bytes);
                    for at in [first, first + 1] {
                        let gram = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
                        let (kind, beside) = match bytes.get(at + 4) {
                            Some(&next) => (NEXT, next),
                            None => (BEFORE, bytes[at - 1]),
                        };
                        add(window(gram, kind), at, kind, beside);
                    }
                }
            }
        }
        (self.filter, self.kinds, self.five) = (filter.into(), kinds.into(), five.into());
        self.add_entries(&entries);
    }

    /// Puts the entries into their buckets, where they stay in order.
    fn add_entries(&mut self, entries: &[Entry]) {
        let mut buckets = vec![0u32; (1 << BUCKET_BITS) + 1];
        entries.iter().for_each(|entry| buckets[bucket(entry.key) + 1] += 1);
        for index in 0..1 << BUCKET_BITS {
            buckets[index + 1] += buckets[index];
        }
        let mut places = buckets.clone();
        let mut packed = vec![[0; ENTRY]; entries.len()];
        for entry in entries {
            let place = &mut places[bucket(entry.key)];
            packed[*place as usize] = entry.pack();
            *place += 1;
        }
        let buckets: Vec<[u8; 4]> = buckets.into_iter().map(u32::to_le_bytes).collect();
        self.buckets = buckets.into_flattened().into();
        self.entries = packed.into_flattened().into();
    }

    /// Adds the keywords, without what leads from a text to them.
    pub(crate) fn add_records(&mut self, sought: &[Sought]) {
        let (mut records, mut text, mut leads) = (Vec::new(), Vec::new(), Vec::new());
        let mut nexts: Vec<u128> = Vec::new();
        // There are less than a hundred.
        let mut place = |next: u128| {
            let known = nexts.iter().position(|known| *known == next);
            known.unwrap_or_else(|| {
                nexts.push(next);
                nexts.len() - 1
            }) as u16
        };
        for sought in sought {
            let Keyword { bytes, fold } = &sought.keyword;
            let flags = if *fold { FOLDED } else { 0 }
                | if sought.word { WORD } else { 0 }
                | if sought.token { TOKEN } else { 0 };
            let flags = flags | (u16::from(sought.plain) << PLAIN);
            records.extend((text.len() as u32).to_le_bytes());
            records.extend(((leads.len() / LEAD) as u32).to_le_bytes());
            records.extend((sought.leads.len() as u16).to_le_bytes());
            records.extend(place(sought.next()).to_le_bytes());
            records.extend((bytes.len() as u16).to_le_bytes());
            records.extend(flags.to_le_bytes());
            text.extend_from_slice(bytes);
            for lead in &sought.leads {
                let (code, next) = match *lead {
                    Lead::Rule { rule, next } => (rule, place(next)),
                    Lead::Encoded(form) => (FORMS + u16::from(form.code()), 0),
                };
                leads.extend(code.to_le_bytes());
                leads.extend(next.to_le_bytes());
            }
        }
        self.records = records.into();
        self.text = text.into();
        self.nexts = nexts.iter().flat_map(|next| next.to_le_bytes()).collect();
        self.leads = leads.into();
    }

    /// A keyword.
    pub(crate) fn keyword(&self, number: u16) -> Option<Record<'_>> {
        let record = self.records.as_chunks::<RECORD>().0.get(usize::from(number))?;
        let start = u32::from_le_bytes([record[0], record[1], record[2], record[3]]) as usize;
        let length = usize::from(u16::from_le_bytes([record[12], record[13]]));
        let flags = u16::from_le_bytes([record[14], record[15]]);
        Some(Record {
            bytes: self.text.get(start..start + length)?,
            fold: flags & FOLDED != 0,
            word: flags & WORD != 0,
            token: flags & TOKEN != 0,
            plain: (flags >> PLAIN) as u8,
            next: self.next(u16::from_le_bytes([record[10], record[11]])),
        })
    }

    /// What a keyword leads to.
    pub(crate) fn leads(&self, number: u16) -> impl Iterator<Item = Lead> {
        let record = self.records.as_chunks::<RECORD>().0.get(usize::from(number)).copied().unwrap_or_default();
        let first = u32::from_le_bytes([record[4], record[5], record[6], record[7]]) as usize;
        let count = usize::from(u16::from_le_bytes([record[8], record[9]]));
        let leads = self.leads.as_chunks::<LEAD>().0.get(first..first + count).unwrap_or_default();
        leads.iter().map(|&[low, high, next, more]| {
            let code = u16::from_le_bytes([low, high]);
            match code.checked_sub(FORMS).and_then(|form| Form::coded(form as u8)) {
                Some(form) => Lead::Encoded(form),
                None => Lead::Rule { rule: code, next: self.next(u16::from_le_bytes([next, more])) },
            }
        })
    }

    fn next(&self, place: u16) -> u128 {
        self.nexts.as_chunks().0.get(usize::from(place)).map_or(u128::MAX, |next| u128::from_le_bytes(*next))
    }

    /// The numbers of the built-in rules.
    pub(crate) fn members(&self) -> impl ExactSizeIterator<Item = u16> {
        self.members.as_chunks().0.iter().map(|number| u16::from_le_bytes(*number))
    }
}

impl Sought {
    /// The bytes that may follow the keyword, whatever it leads to.
    fn next(&self) -> u128 {
        let next = |lead: &Lead| if let Lead::Rule { next, .. } = lead { *next } else { u128::MAX };
        self.leads.iter().fold(0, |known, lead| known | next(lead))
    }
}

/// A keyword that a window leads to.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    /// The window, or what [`low`] and [`high`] make of three bytes.
    pub(crate) key: u32,
    /// The up to four bytes of the keyword before the window, folded; the nearest is the highest.
    pub(crate) head: u32,
    /// The up to four bytes of the keyword behind the window, folded; the nearest is the lowest.
    pub(crate) tail: u32,
    /// The bits of `head` that are known.
    heads: u32,
    /// The bits of `tail` that are known.
    tails: u32,
    /// The keyword.
    pub(crate) keyword: u16,
    /// Where in the keyword the window stands.
    pub(crate) offset: u16,
}

impl Entry {
    /// The entry for the window of `length` bytes at `at` of a keyword.
    fn new(key: u32, bytes: &[u8], at: usize, length: usize, keyword: u16) -> Entry {
        let (before, behind) = (&bytes[..at], &bytes[at + length..]);
        let (count, tails) = (before.len().min(4), behind.len().min(4));
        let four = |bytes: &[u8], from: usize| {
            let mut four = [0; 4];
            four[from..from + bytes.len()].copy_from_slice(bytes);
            u32::from_le_bytes(four)
        };
        let heads = four(&[0xff; 4][..count], 4 - count);
        let head = (four(&before[at - count..], 4 - count) | FOLD) & heads;
        let known = four(&[0xff; 4][..tails], 0);
        let tail = (four(&behind[..tails], 0) | FOLD) & known;
        Entry { key, head, tail, heads, tails: known, keyword, offset: at as u16 }
    }

    fn pack(&self) -> [u8; ENTRY] {
        let mut packed = [0; ENTRY];
        let places = u32::from(self.keyword) | u32::from(self.offset) << 16;
        let numbers = [self.key, self.head, self.tail, self.heads, self.tails, places];
        packed.as_chunks_mut().0.iter_mut().zip(numbers).for_each(|(four, number)| *four = number.to_le_bytes());
        packed
    }

    /// Reads what was packed.
    #[inline]
    pub(crate) fn unpack(packed: &[u8; ENTRY]) -> Entry {
        let p = packed;
        let number = |at: usize| u32::from_le_bytes([p[at], p[at + 1], p[at + 2], p[at + 3]]);
        Entry {
            key: number(0),
            head: number(4),
            tail: number(8),
            heads: number(12),
            tails: number(16),
            keyword: u16::from_le_bytes([p[20], p[21]]),
            offset: u16::from_le_bytes([p[22], p[23]]),
        }
    }

    /// Whether the folded bytes before and behind the window are those of the keyword, as far as they are known.
    #[inline]
    pub(crate) fn fits(&self, head: u32, tail: u32) -> bool {
        ((head ^ self.head) & self.heads) | ((tail ^ self.tail) & self.tails) == 0
    }
}

/// Any odd constant with well-spread bits (the golden ratio's).
const HASH: u32 = 0x9e37_79b1;

/// The bit of a window.
#[inline(always)]
pub(crate) fn bit(gram: u32) -> u32 {
    gram.wrapping_mul(HASH) >> (32 - FILTER_BITS)
}

/// The place of a window's kinds: other bits of the same hash, so that windows which share a bit of the filter part.
#[inline]
pub(crate) fn kind_at(gram: u32) -> usize {
    (gram.wrapping_mul(HASH) >> 5 & ((1 << KIND_BITS) - 1)) as usize
}

/// The bit of a window and the byte beside it.
#[inline]
pub(crate) fn five_at(gram: u32, beside: u8, kind: u8) -> u32 {
    let beside = (u32::from(beside | 0x20) << 8 | u32::from(kind)).wrapping_mul(0x85eb_ca6b);
    (gram ^ beside).wrapping_mul(0xc2b2_ae35) >> (32 - FIVE_BITS)
}

/// The bucket of a key.
#[inline]
pub(crate) fn bucket(key: u32) -> usize {
    (key.wrapping_mul(0x85eb_ca6b) >> (32 - BUCKET_BITS)) as usize
}

fn set(bits: &mut [u8], bit: u32) {
    bits[(bit >> 3) as usize] |= 1 << (bit & 7);
}

/// A key for the first three bytes of a window, which no window has: its highest byte is not folded.
#[inline]
pub(crate) fn low(a: u8, b: u8, c: u8) -> u32 {
    u32::from_le_bytes([a, b, c, 0]) | FOLD >> 8
}

/// A key for the last three bytes of a window, which no window has.
#[inline]
pub(crate) fn high(a: u8, b: u8, c: u8) -> u32 {
    u32::from_le_bytes([a, b, c, 0x40]) | FOLD >> 8
}

/// A byte that folds to `value`.
fn unfold(value: u8) -> u8 {
    value >> 5 << 6 | 0x20 | value & 0x1f
}
