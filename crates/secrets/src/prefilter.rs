//! One pass over a text that finds every keyword. Not a regex engine: literals only, ASCII case folded in the filter.
//!
//! The filter looks at the four bytes at every *even* offset, hashes them into a bit table and goes on, which halves the
//! work of a classic four-gram filter. Some thousand bytes on, a second table is asked for the bytes beside the windows
//! whose bits were set; the few that pass lead to the keywords that have those bytes at that place, which are then compared
//! in full. No `unsafe`, so it runs the same natively and as WASM, at one to three gigabytes a second, whatever the number
//! of keywords.

use std::ops::Range;

use keylint_rules::{fold, is_plain};

use crate::table::{
    BEFORE, END, Entry, FILTER, FIVE, FOLD, HIGH, KIND_BITS, LOW, NEXT, Table, WHOLE, bit, bucket, five_at, kind_at,
};

/// A place where a keyword stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence {
    /// Offset of its first byte.
    pub(crate) start: u32,
    /// Its number in the table.
    pub(crate) keyword: u16,
}

impl Table {
    /// Appends to `out` every occurrence in `text` that may lead somewhere, by start (one may be a place out of order).
    pub(crate) fn find(&self, text: &[u8], out: &mut Vec<Occurrence>) {
        let Some(filter) = self.filter.first_chunk::<FILTER>() else { return };
        let filter = filter.as_chunks::<4>().0;
        let Some(filter) = filter.first_chunk::<{ FILTER / 4 }>() else { return };
        let mut groups = [0; GROUPS];
        let mut base = 0;
        // Ten bytes hold the four windows of a group.
        while text.len() - base >= 10 {
            let block = &text[base..text.len().min(base + 8 * GROUPS + 2)];
            let found = sift(filter, block, &mut groups);
            self.sift_again(text, base, &groups[..found], out);
            base += (block.len() - 2) / 8 * 8;
        }
        let mut rest = [0; 18];
        rest[..text.len() - base].copy_from_slice(&text[base..]);
        let found = sift(filter, &rest, &mut groups);
        self.sift_again(text, base, &groups[..found], out);
    }

    /// Finds the keywords of windows that the filter has.
    fn sift_again(&self, text: &[u8], base: usize, groups: &[u16], out: &mut Vec<Occurrence>) {
        let mut windows = [(0, 0); 4 * AGAIN];
        for groups in groups.chunks(AGAIN) {
            let mut found = 0;
            for &group in groups {
                let mut set = group & 15;
                while set != 0 {
                    let at = base + usize::from(group >> 4) * 8 + set.trailing_zeros() as usize * 2;
                    set &= set - 1;
                    let kinds = self.kinds(Window::at(text, at));
                    // Written whatever it is, so that no branch has to be guessed.
                    windows[found % (4 * AGAIN)] = (at as u32, kinds);
                    found += usize::from(kinds != 0);
                }
            }
            for &(at, kinds) in &windows[..found] {
                self.look(text, at as usize, kinds, out);
            }
        }
    }

    /// The range of an occurrence.
    pub(crate) fn range(&self, occurrence: Occurrence) -> Range<usize> {
        let start = occurrence.start as usize;
        start..start + self.keyword(occurrence.keyword).map_or(0, |keyword| keyword.bytes.len())
    }

    /// The kinds of entries that the window and its neighbours may have.
    #[inline(always)]
    fn kinds(&self, Window { gram, head, tail }: Window) -> u8 {
        let (Some(kinds), Some(five)) = (self.kinds.first_chunk::<KINDS>(), self.five.first_chunk::<FIVE>()) else {
            return 0;
        };
        let before = (head >> 24) as u8;
        let probe = |kind: u8, key: u32, beside: u8| {
            let bit = five_at(key, beside, kind);
            (five[(bit >> 3) as usize & (FIVE - 1)] >> (bit & 7) & 1) << kind.trailing_zeros()
        };
        let whole = probe(NEXT, gram, tail as u8) | probe(BEFORE, gram, before) | probe(WHOLE, gram, 0);
        let part = probe(LOW, first(gram), 0) | probe(END, first(gram), before) | probe(HIGH, last(gram), 0);
        kinds[kind_at(gram) & (KINDS - 1)] & (whole | part)
    }

    /// Finds the keywords of these kinds with the window at `at`.
    fn look(&self, text: &[u8], at: usize, kinds: u8, out: &mut Vec<Occurrence>) {
        let Window { gram, head, tail } = Window::at(text, at);
        if kinds & (NEXT | BEFORE | WHOLE) != 0 {
            self.look_up(gram, text, at, (head, tail), out);
        }
        if kinds & (LOW | END) != 0 {
            self.look_up(first(gram), text, at, (head, tail), out);
        }
        if kinds & HIGH != 0 {
            self.look_up(last(gram), text, at + 1, (head, tail), out);
        }
    }

    /// Finds the keywords with the entry `key` at `at`; what stands around is folded.
    fn look_up(&self, key: u32, text: &[u8], at: usize, (head, tail): (u32, u32), out: &mut Vec<Occurrence>) {
        let first = bucket(key);
        let buckets = self.buckets.as_chunks().0;
        let &[from, to] = buckets.get(first..).and_then(|rest| rest.first_chunk::<2>()).unwrap_or(&[[0; 4]; 2]);
        let range = u32::from_le_bytes(from) as usize..u32::from_le_bytes(to) as usize;
        for entry in self.entries.as_chunks().0.get(range).unwrap_or_default() {
            let entry = Entry::unpack(entry);
            if entry.key == key
                && entry.fits(head, tail)
                && let Some(start) = at.checked_sub(entry.offset.into())
                && self.stands(entry.keyword, text, start)
            {
                out.push(Occurrence { start: start as u32, keyword: entry.keyword });
            }
        }
    }

    /// Whether the keyword stands at `start` in a way that may lead somewhere.
    fn stands(&self, keyword: u16, text: &[u8], start: usize) -> bool {
        let Some(keyword) = self.keyword(keyword) else { return false };
        let end = start + keyword.bytes.len();
        let Some(found) = text.get(start..end) else { return false };
        let same = if keyword.fold { found.eq_ignore_ascii_case(keyword.bytes) } else { found == keyword.bytes };
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let inside = || start > 0 && is_word(text[start - 1]);
        let following = fold(text.get(end).copied().unwrap_or(0));
        keyword.next >> following & 1 == 1
            && same
            && !(keyword.word && inside())
            && goes_on(text, end, start + usize::from(keyword.plain))
    }
}

/// Groups of eight bytes that the filter sifts at a time: what passes is looked at together, since a branch for each
/// would be guessed wrongly for every fourth.
const GROUPS: usize = 1024;
/// Of these, how many are looked at again at a time.
const AGAIN: usize = 64;
/// Places that tell kinds.
const KINDS: usize = 1 << KIND_BITS;

/// Notes the groups of `block` with windows that the filter has: where a group begins, times two (its number times
/// sixteen), and a bit for each window. Says how many there are.
fn sift(filter: &[[u8; 4]; FILTER / 4], block: &[u8], groups: &mut [u16; GROUPS]) -> usize {
    let (mut found, mut at) = (0, 0);
    while let Some(bytes) = block[at..].first_chunk::<10>() {
        let low = u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]);
        let high = u32::from_le_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]);
        let low = low | u64::from(FOLD) << 32 | u64::from(FOLD);
        // Written out, since a call for each window would cost as much as the rest.
        let set = is_set(filter, low as u32)
            | is_set(filter, (low >> 16) as u32) << 1
            | is_set(filter, (low >> 32) as u32) << 2
            | is_set(filter, high | FOLD) << 3;
        groups[found % GROUPS] = (at as u16 * 2) | set as u16;
        found += usize::from(set != 0);
        at += 8;
    }
    found
}

/// 1 where the filter has the window.
#[inline(always)]
fn is_set(filter: &[[u8; 4]; FILTER / 4], gram: u32) -> u32 {
    let bit = bit(gram);
    u32::from_le_bytes(filter[(bit >> 5) as usize & (FILTER / 4 - 1)]) >> (bit & 31) & 1
}

/// Four bytes, those before and those behind, folded; where the text ends, as if zeros stood there.
#[derive(Clone, Copy)]
struct Window {
    gram: u32,
    /// The nearest is the highest.
    head: u32,
    /// The nearest is the lowest.
    tail: u32,
}

impl Window {
    #[inline(always)]
    fn at(text: &[u8], at: usize) -> Window {
        match at.checked_sub(4).and_then(|start| text.get(start..)?.first_chunk()) {
            Some(bytes) => Window::of(bytes),
            None => Window::of(&twelve_at_end(text, at)),
        }
    }

    #[inline(always)]
    fn of(bytes: &[u8; 12]) -> Window {
        let &[a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
        let four = |bytes: [u8; 4]| u32::from_le_bytes(bytes) | FOLD;
        Window { gram: four([e, f, g, h]), head: four([a, b, c, d]), tail: four([i, j, k, l]) }
    }
}

/// The bytes of a window and beside it, where not all are there.
#[cold]
fn twelve_at_end(text: &[u8], at: usize) -> [u8; 12] {
    std::array::from_fn(|place| (at + place).checked_sub(4).and_then(|at| text.get(at)).copied().unwrap_or(0))
}

/// The key of the first three bytes of a window.
#[inline]
fn first(gram: u32) -> u32 {
    gram & 0x00ff_ffff
}

/// The key of the last three bytes of a window.
#[inline]
fn last(gram: u32) -> u32 {
    gram >> 8 | 0x4000_0000
}

/// Whether plain bytes go on from `from` up to `to`, or a literal ends there, which may be joined with another.
fn goes_on(text: &[u8], from: usize, to: usize) -> bool {
    let rest = text.get(from..to).unwrap_or_default();
    rest.iter().find(|&&byte| !is_plain(byte)).is_none_or(|byte| matches!(byte, b'.' | b'"' | b'\'' | b'`'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Keyword, Lead, Sought};

    fn keyword(bytes: &str, fold: bool) -> Keyword {
        Keyword { bytes: bytes.as_bytes().to_vec(), fold }
    }

    /// The same by comparing at every place.
    fn naive(keywords: &[Keyword], text: &[u8]) -> Vec<Occurrence> {
        let at = |start: usize| {
            keywords
                .iter()
                .enumerate()
                .filter(move |(_, keyword)| {
                    let found = text.get(start..start + keyword.bytes.len());
                    found.is_some_and(|found| {
                        if keyword.fold { found.eq_ignore_ascii_case(&keyword.bytes) } else { found == keyword.bytes }
                    })
                })
                .map(move |(index, _)| Occurrence { start: start as u32, keyword: index as u16 })
        };
        (0..text.len()).flat_map(at).collect()
    }

    fn table(keywords: &[Keyword], word: bool) -> Table {
        let leads = || vec![Lead::Rule { rule: 0, next: u128::MAX }];
        Table::new(
            keywords
                .iter()
                .map(|keyword| Sought { keyword: keyword.clone(), word, token: false, plain: 0, leads: leads() })
                .collect(),
        )
    }

    fn check(keywords: &[Keyword], text: &[u8]) {
        let mut found = Vec::new();
        table(keywords, false).find(text, &mut found);
        found.sort();
        assert_eq!(found, naive(keywords, text), "in {:?}", String::from_utf8_lossy(text));
        let inside = |at: usize| at > 0 && (text[at - 1].is_ascii_alphanumeric() || text[at - 1] == b'_');
        let mut words = Vec::new();
        table(keywords, true).find(text, &mut words);
        words.sort();
        found.retain(|found| !inside(found.start as usize));
        assert_eq!(words, found, "at word starts in {:?}", String::from_utf8_lossy(text));
    }

    #[test]
    fn finds_what_a_naive_search_finds() {
        let keywords = [
            keyword("key", true),
            keyword("pwd", true),
            keyword("AKIA", false),
            keyword("token", true),
            keyword("sk_live_", false),
            keyword("password", true),
            keyword("passw", true),
        ];
        for text in [
            "",
            "k",
            "key",
            "xkey",
            "KEY",
            "AKIA",
            "xAKIAx",
            "akia",
            "my token",
            "PASSWORD=1 pwd",
            "sk_live_",
            "SK_LIVE_",
        ] {
            for lead in 0..9 {
                check(&keywords, &[&b"         "[..lead], text.as_bytes()].concat());
                check(&keywords, &[&b"         "[..lead], text.as_bytes(), b"-tail"].concat());
            }
        }
        let mut seed = 7u64;
        for _ in 0..2000 {
            let mut text = Vec::new();
            for _ in 0..24 {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                let pieces = ["key", "TOKEN", "AKI", "A", "pass", "w", "ord", "sk_live_", "\u{e9}", " ", "pwd", "\x14"];
                text.extend_from_slice(pieces[(seed >> 33) as usize % pieces.len()].as_bytes());
            }
            check(&keywords, &text);
        }
    }
}
