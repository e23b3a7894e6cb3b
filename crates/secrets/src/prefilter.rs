//! One pass over a text that finds every keyword. Not a regex engine: literals only, ASCII case folded in the filter.
//!
//! The filter looks at the four bytes at every *even* offset, hashes them into a bit table and goes on; a set bit leads
//! to the few keywords that have those bytes at that place, which are then compared in full. A keyword of five bytes or
//! more has two neighbouring four-byte windows, one of which stands at an even offset; for a shorter one the bytes that
//! may follow it are enumerated (a pattern tells which). That halves the work of a classic four-gram filter and needs no `unsafe`, so it runs
//! the same natively and as WASM, at one to three gigabytes a second, whatever the number of keywords.

use std::ops::Range;

/// A keyword occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Offset of its first byte.
    pub(crate) start: u32,
    /// Its index in the list given to [`Prefilter::new`].
    pub(crate) keyword: u16,
}

/// A literal to look for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Keyword {
    /// Three bytes or more; lower case when `fold` is set.
    pub(crate) bytes: Vec<u8>,
    /// Whether ASCII case is ignored.
    pub(crate) fold: bool,
}

/// log2 of the bits in the filter: 256 KiB. Text has few distinct windows, so most of it is never touched and the rest
/// stays in a core's first-level cache; a smaller table would be too full to tell anything.
const FILTER_BITS: u32 = 21;
/// log2 of the buckets that lead from a set bit to its keywords.
const BUCKET_BITS: u32 = 16;
/// Any odd constant with well-spread bits (the golden ratio's).
const HASH: u32 = 0x9e37_79b1;
/// ORed to a byte it folds ASCII letters; it also merges some other bytes, which the full comparison sorts out.
const FOLD: u32 = 0x2020_2020;

/// Finds all of a fixed set of keywords.
pub(crate) struct Prefilter {
    keywords: Vec<Keyword>,
    filter: Box<[u64; 1 << (FILTER_BITS - 6)]>,
    /// `buckets[h]..buckets[h + 1]` are the entries of bucket `h`.
    buckets: Vec<u32>,
    entries: Vec<Entry>,
}

/// Keyword `keyword` may start `offset` bytes before the window that led here.
#[derive(Clone, Copy)]
struct Entry {
    gram: u32,
    /// The up to four bytes of the keyword that follow the window, folded, and which of them there are: they part
    /// keywords with a common beginning before the full comparison has to.
    tail: u32,
    mask: u32,
    keyword: u16,
    offset: i16,
}

impl Prefilter {
    /// A filter for these keywords, which are distinct and at least three bytes long (shorter ones are never found), each
    /// with the bytes that may follow it, as `keylint_rules::fold`ed values.
    pub(crate) fn new(keywords: Vec<(Keyword, u128)>) -> Prefilter {
        let mut entries = Vec::with_capacity(keywords.len() * 8);
        for (index, (keyword, next)) in keywords.iter().enumerate() {
            let mut add = |gram: [u8; 4], offset: i16| {
                let gram = u32::from_le_bytes(gram) | FOLD;
                let rest = keyword.bytes.get((offset + 4) as usize..).unwrap_or_default();
                let byte = |place: usize| rest.get(place).map_or(0, |&b| (u32::from(b) | 0x20) << (8 * place));
                let tail = (0..4).fold(0, |tail, place| tail | byte(place));
                let mask = (0..rest.len().min(4)).fold(0, |mask, place| mask | 0xff << (8 * place));
                entries.push(Entry { gram, tail, mask, keyword: index as u16, offset });
            };
            // The end of the text reads as a zero.
            let next = next | 1 << keylint_rules::fold(0);
            let following = || (0..128u8).filter(move |value| next >> value & 1 == 1).map(unfold);
            match keyword.bytes[..] {
                [] | [_] | [_, _] => {}
                [a, b, c] => {
                    following().for_each(|after| add([a, b, c, after], 0));
                    (0..128).map(unfold).for_each(|before| add([before, a, b, c], -1));
                }
                [a, b, c, d] => {
                    add([a, b, c, d], 0);
                    following().for_each(|after| add([b, c, d, after], 1));
                }
                ref long => {
                    let at = rarest_pair(long);
                    add([long[at], long[at + 1], long[at + 2], long[at + 3]], at as i16);
                    add([long[at + 1], long[at + 2], long[at + 3], long[at + 4]], at as i16 + 1);
                }
            }
        }
        let keywords = keywords.into_iter().map(|(keyword, _)| keyword).collect();
        let mut filter = Box::new([0; 1 << (FILTER_BITS - 6)]);
        let mut buckets = vec![0; (1 << BUCKET_BITS) + 1];
        for entry in &entries {
            let bit = bit(entry.gram);
            filter[(bit >> 6) as usize] |= 1 << (bit & 63);
            buckets[bucket(entry.gram) + 1] += 1;
        }
        for index in 0..1 << BUCKET_BITS {
            buckets[index + 1] += buckets[index];
        }
        Prefilter { keywords, filter, entries: grouped(&entries, &buckets), buckets }
    }

    /// Appends every occurrence in `text` to `hits`, by start (an occurrence may be one place out of order).
    pub(crate) fn find(&self, text: &[u8], hits: &mut Vec<Hit>) {
        let mut at = 0;
        // Ten bytes hold the four windows at the even offsets of eight.
        while let Some(bytes) = text[at..].first_chunk::<10>() {
            let low =
                u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]);
            let high = u32::from_le_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]);
            let grams = [low as u32 | FOLD, (low >> 16) as u32 | FOLD, (low >> 32) as u32 | FOLD, high | FOLD];
            let set = grams.map(|gram| self.set(gram));
            if set[0] | set[1] | set[2] | set[3] != 0 {
                for (index, gram) in grams.into_iter().enumerate() {
                    if set[index] != 0 {
                        self.verify(text, at + 2 * index, gram, hits);
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
            if self.set(gram) != 0 {
                self.verify(text, at + index, gram, hits);
            }
        }
    }

    /// The range of a hit.
    pub(crate) fn range(&self, hit: Hit) -> Range<usize> {
        let start = hit.start as usize;
        start..start + self.keywords[hit.keyword as usize].bytes.len()
    }

    #[inline(always)]
    fn set(&self, gram: u32) -> u64 {
        let bit = bit(gram);
        self.filter[(bit >> 6) as usize & ((1 << (FILTER_BITS - 6)) - 1)] >> (bit & 63) & 1
    }

    fn verify(&self, text: &[u8], at: usize, gram: u32, hits: &mut Vec<Hit>) {
        let bucket = bucket(gram);
        let entries = &self.entries[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        let next = text.get(at + 4..).and_then(|rest| rest.first_chunk::<4>());
        // At the very end of the text the full comparison decides alone.
        let (next, known) = next.map_or((0, 0), |next| (u32::from_le_bytes(*next) | FOLD, u32::MAX));
        for entry in entries.iter().filter(|entry| entry.gram == gram && (next ^ entry.tail) & entry.mask & known == 0)
        {
            let Some(start) = at.checked_add_signed(-isize::from(entry.offset)) else { continue };
            if self.keywords[entry.keyword as usize].stands_at(text, start) {
                hits.push(Hit { start: start as u32, keyword: entry.keyword });
            }
        }
    }
}

impl Keyword {
    fn stands_at(&self, text: &[u8], start: usize) -> bool {
        let Some(found) = text.get(start..start + self.bytes.len()) else { return false };
        if self.fold { found.eq_ignore_ascii_case(&self.bytes) } else { found == self.bytes }
    }
}

/// The entries by bucket, in one pass: sorting twenty thousand would cost more than a small scan.
fn grouped(entries: &[Entry], buckets: &[u32]) -> Vec<Entry> {
    let mut next = buckets.to_vec();
    let mut out = entries.to_vec();
    for entry in entries {
        let place = &mut next[bucket(entry.gram)];
        out[*place as usize] = *entry;
        *place += 1;
    }
    out
}

/// A byte that folds to `value`.
fn unfold(value: u8) -> u8 {
    value >> 5 << 6 | 0x20 | value & 0x1f
}

#[inline(always)]
fn bit(gram: u32) -> u32 {
    gram.wrapping_mul(HASH) >> (32 - FILTER_BITS)
}

/// A second view of the same hash, so that keywords which share a filter word part in the buckets.
fn bucket(gram: u32) -> usize {
    (gram.wrapping_mul(HASH) >> (32 - FILTER_BITS) & ((1 << BUCKET_BITS) - 1)) as usize
}

/// Where in a keyword of five bytes or more its two rarest neighbouring windows stand.
fn rarest_pair(bytes: &[u8]) -> usize {
    let common = |at: usize| commonness(&bytes[at..at + 4]).max(commonness(&bytes[at + 1..at + 5]));
    (0..=bytes.len() - 5).min_by_key(|&at| common(at)).unwrap_or(0)
}

/// log2 of how common four bytes are in source text, by the frequencies of their pairs; only speed depends on it.
fn commonness(gram: &[u8]) -> i32 {
    let pair = |a: u8, b: u8| i32::from(hex(PAIRS[class(a)][class(b)]));
    let single = |a: u8| i32::from(SINGLES[class(a)]);
    pair(gram[0], gram[1]) + pair(gram[1], gram[2]) + pair(gram[2], gram[3]) - single(gram[1]) - single(gram[2])
}

const fn hex(digit: u8) -> u8 {
    if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }
}

/// log2 of the frequency of each class.
const SINGLES: [u8; 29] = {
    let mut singles = [0; 29];
    let mut class = 0;
    while class < 29 {
        let (mut sum, mut next) = (0u32, 0);
        while next < 29 {
            sum += 1 << hex(PAIRS[class][next]);
            next += 1;
        }
        singles[class] = sum.ilog2() as u8;
        class += 1;
    }
    singles
};

/// A letter in any case, a digit, `_`, or anything else.
fn class(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => usize::from(byte.to_ascii_lowercase() - b'a'),
        b'0'..=b'9' => 26,
        b'_' => 27,
        _ => 28,
    }
}

/// For each pair of classes, log2 of its frequency in a hundred megabytes of C, Rust, Python and JavaScript (0 to f).
const PAIRS: [&[u8; 29]; 29] = [
    b"3788357371598907299a655663568",
    b"63547231750733640554702060658",
    b"83548628607764952758631140678",
    b"74469451821553651664633440579",
    b"85887873513979577a9958586168b",
    b"72456751801746840765614430579",
    b"54338345600445530665510010478",
    b"71249100701333620436405051468",
    b"6688787030387a873789274507467",
    b"20005000200020300040300000024",
    b"44227220500213220244313000267",
    b"84469831803732851377742560578",
    b"86568321701663771365643020478",
    b"8378978371564685148975345047a",
    b"5677475162678a680977856411268",
    b"82558426604733861867843060478",
    b"00203000101210121230700000156",
    b"9466a57290556784478885366057a",
    b"6474a44781655477358a73516358a",
    b"9465a52990365386297783568159a",
    b"58757650600778370888000400845",
    b"70328401600432540232100200557",
    b"60346206700534612652001000467",
    b"43545442500631263246100420878",
    b"22323130400455470365013000178",
    b"30017000200000300000000012234",
    b"55556541404131120122400800b7b",
    b"77877766835787685888666402776",
    b"a9a99978a568998a59aa988755a8f",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn keyword(bytes: &str, fold: bool) -> Keyword {
        Keyword { bytes: bytes.as_bytes().to_vec(), fold }
    }

    /// The same by comparing at every place.
    fn naive(keywords: &[Keyword], text: &[u8]) -> Vec<Hit> {
        let at = |start: usize| {
            keywords
                .iter()
                .enumerate()
                .filter(move |(_, keyword)| keyword.stands_at(text, start))
                .map(move |(index, _)| Hit { start: start as u32, keyword: index as u16 })
        };
        (0..text.len()).flat_map(at).collect()
    }

    fn check(keywords: &[Keyword], text: &[u8]) {
        let mut hits = Vec::new();
        Prefilter::new(keywords.iter().map(|keyword| (keyword.clone(), u128::MAX)).collect()).find(text, &mut hits);
        hits.sort();
        assert_eq!(hits, naive(keywords, text), "in {:?}", String::from_utf8_lossy(text));
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
                let pieces = ["key", "TOKEN", "AKI", "A", "pass", "w", "ord", "sk_live_", "\u{e9}", " ", "pwd"];
                text.extend_from_slice(pieces[(seed >> 33) as usize % pieces.len()].as_bytes());
            }
            check(&keywords, &text);
        }
    }
}
