//! How rare a few bytes are in source text, to look for the rarest part of a keyword. Only speed depends on it.
//! Not here: the table that is made of the rarest parts (`mod.rs`).

use super::{FILTER_BITS, FOLD, bit, set};

/// Tells rare windows from common ones.
pub(crate) struct Rarity {
    /// A bit for each window of [`WORDS`].
    written: Vec<u8>,
}

impl Rarity {
    pub(crate) fn new() -> Rarity {
        let mut written = vec![0; 1 << (WRITTEN_BITS - 3)];
        let windows = WORDS.split(' ').flat_map(|word| word.as_bytes().windows(4));
        windows.for_each(|window| set(&mut written, place(window)));
        Rarity { written }
    }

    /// Where in a keyword of five bytes or more its two rarest neighbouring windows stand.
    pub(crate) fn rarest_pair(&self, bytes: &[u8]) -> usize {
        let common: Vec<i32> = bytes.windows(4).map(|window| self.commonness(window)).collect();
        let pairs = common.windows(2).map(|pair| pair[0].max(pair[1])).enumerate();
        pairs.min_by_key(|(_, common)| *common).map_or(0, |(at, _)| at)
    }

    /// How common four bytes are: what every text is full of comes after all that only could be.
    fn commonness(&self, window: &[u8]) -> i32 {
        let place = place(window);
        let written = self.written[(place >> 3) as usize] >> (place & 7) & 1 == 1;
        commonness(window) + if written { WRITTEN } else { 0 }
    }
}

/// log2 of the places for windows of words; there are some hundred, and two that share a place cost a little time.
const WRITTEN_BITS: u32 = 16;
/// More than what the pairs of letters say of any two windows that differ.
const WRITTEN: i32 = 14;

/// Words that source text is full of, and that keywords are made of: `segment_api_key` is looked for by its end. The pairs
/// of letters alone do not tell that `func` is common and `gyro` is not.
const WORDS: &str = "\
    accessibility amazon authentication breaks builds certificate channels clients closed codec columns component \
    configurable consumer controller converter cookies credentials cryptography customer database dependency details \
    disconnected documentation extras facebook functools https inlined installed interception keys literals logical \
    markers membership message metadata microsoft modes network offload overflow packages password performance \
    prefixed private production profiles protocols repository requests requires responses restore results security \
    segments sequences services signals simple sources stacks standard substream tasks template temporary thenable \
    tokens undefined unreachable unsigned validator viewport weight windows workspace world wrapping written";

/// The place of four bytes, ASCII case folded.
fn place(window: &[u8]) -> u32 {
    let gram = window.first_chunk().map_or(0, |&four| u32::from_le_bytes(four));
    bit(gram | FOLD) >> (FILTER_BITS - WRITTEN_BITS)
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
