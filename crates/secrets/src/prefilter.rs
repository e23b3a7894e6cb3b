//! One pass over a text that finds every keyword. Not a regex engine: literals only, ASCII case folded in the filter.
//!
//! The filter looks at the four bytes at every *even* offset, hashes them into a bit table and goes on, which halves the
//! work of a classic four-gram filter. A set bit asks a second table for the byte beside the window; the few windows that
//! pass lead to the keywords that have those bytes at that place, which are then compared in full. No `unsafe`, so it
//! runs the same natively and as WASM, at one to three gigabytes a second, whatever the number of keywords.

use std::ops::Range;

use keylint_rules::fold;

use crate::table::{
    BEFORE, END, Entry, FILTER, FIVE, FOLD, HIGH, LOW, NEXT, Table, WHOLE, bit, bucket, five_at, kind_at,
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
        let mut at = 0;
        // Ten bytes hold the four windows at the even offsets of eight.
        while let Some(bytes) = text[at..].first_chunk::<10>() {
            let low =
                u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]);
            let high = u32::from_le_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]);
            let low = low | u64::from(FOLD) << 32 | u64::from(FOLD);
            let grams = [low as u32, (low >> 16) as u32, (low >> 32) as u32, high | FOLD];
            // Written out, since a call for each window would cost as much as the rest.
            let set = [
                is_set(filter, grams[0]),
                is_set(filter, grams[1]),
                is_set(filter, grams[2]),
                is_set(filter, grams[3]),
            ];
            if set[0] | set[1] | set[2] | set[3] != 0 {
                for (index, gram) in grams.into_iter().enumerate() {
                    if set[index] != 0 {
                        self.verify(text, at + 2 * index, gram, out);
                    }
                }
            }
            at += 8;
        }
        // At most nine bytes are left.
        let mut rest = [0; 16];
        rest[..text.len() - at].copy_from_slice(&text[at..]);
        for index in (0..text.len() - at).step_by(2) {
            let gram = u32::from_le_bytes([rest[index], rest[index + 1], rest[index + 2], rest[index + 3]]) | FOLD;
            if is_set(filter, gram) != 0 {
                self.verify(text, at + index, gram, out);
            }
        }
    }

    /// The range of an occurrence.
    pub(crate) fn range(&self, occurrence: Occurrence) -> Range<usize> {
        let start = occurrence.start as usize;
        start..start + self.keyword(occurrence.keyword).map_or(0, |keyword| keyword.bytes.len())
    }

    /// Finds the keywords with the window `gram` at `at`.
    fn verify(&self, text: &[u8], at: usize, gram: u32, out: &mut Vec<Occurrence>) {
        let kinds = self.kinds.get(kind_at(gram)).copied().unwrap_or(0);
        let (head, tail) = around(text, at);
        let before = (head >> 24) as u8;
        let Some(five) = self.five.first_chunk::<FIVE>() else { return };
        let five = |kind: u8, key: u32, beside: u8| {
            kinds & kind != 0 && {
                let bit = five_at(key, beside, kind);
                five[(bit >> 3) as usize & (FIVE - 1)] >> (bit & 7) & 1 != 0
            }
        };
        if five(NEXT, gram, tail as u8) || five(BEFORE, gram, before) || five(WHOLE, gram, 0) {
            self.look_up(gram, text, at, (head, tail), out);
        }
        let low = gram & 0x00ff_ffff;
        if five(LOW, low, 0) || five(END, low, before) {
            self.look_up(low, text, at, (head, tail), out);
        }
        let high = gram >> 8 | 0x4000_0000;
        if five(HIGH, high, 0) {
            self.look_up(high, text, at + 1, (head, tail), out);
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
        keyword.next >> following & 1 == 1 && same && !(keyword.word && inside())
    }
}

/// 1 where the filter has the window.
#[inline(always)]
fn is_set(filter: &[[u8; 4]; FILTER / 4], gram: u32) -> u32 {
    let bit = bit(gram);
    u32::from_le_bytes(filter[(bit >> 5) as usize & (FILTER / 4 - 1)]) >> (bit & 31) & 1
}

/// The four bytes before the window at `at`, and the four behind it, folded; where the text ends, as if zeros stood there.
#[inline]
fn around(text: &[u8], at: usize) -> (u32, u32) {
    if let Some(&[a, b, c, d, _, _, _, _, e, f, g, h]) =
        at.checked_sub(4).and_then(|start| text.get(start..)).and_then(|rest| rest.first_chunk::<12>())
    {
        return (u32::from_le_bytes([a, b, c, d]) | FOLD, u32::from_le_bytes([e, f, g, h]) | FOLD);
    }
    let byte = |place: usize| place.checked_sub(4).and_then(|at| text.get(at)).copied().unwrap_or(0);
    let four = |from: usize| u32::from_le_bytes([byte(from), byte(from + 1), byte(from + 2), byte(from + 3)]) | FOLD;
    (four(at), four(at + 8))
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
        Table::new(keywords.iter().map(|keyword| Sought { keyword: keyword.clone(), word, leads: leads() }).collect())
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
