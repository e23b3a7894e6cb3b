//! Tells random text from words and identifiers: character trigrams and a small dictionary, in integers only.
//! Not here: what is done with the answer (`generic.rs`), or the training (`cargo xtask train`).

use std::sync::OnceLock;

/// Symbols of the folded alphabet: boundary, the letters, any digit.
pub const SYMBOLS: usize = 28;
/// The unit of the table: this many make one bit.
pub const UNITS: i32 = 8;

/// `TABLE[(a * 28 + b) * 28 + c]`: eighths of a bit by which random text is likelier than words to go on from `ab` with `c`.
static TABLE: &[u8; SYMBOLS * SYMBOLS * SYMBOLS] = include_bytes!("../data/trigrams.bin");

/// Words that people write, collected from this project's own texts, and further everyday words and names. Sorted; each is
/// how many letters of the one before it it keeps, and its own.
static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.bin"));

/// The words, one a line.
fn words() -> &'static [u8] {
    static LINES: OnceLock<Vec<u8>> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut lines = Vec::new();
        let mut last = 0;
        for &byte in WORDS {
            if byte.is_ascii_control() {
                let kept = lines[last..last + usize::from(byte)].to_vec();
                lines.push(b'\n');
                last = lines.len();
                lines.extend(kept);
            } else {
                lines.push(byte);
            }
        }
        lines
    })
}

/// The folded symbol of a byte.
pub fn symbol(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a') + 1,
        b'A'..=b'Z' => usize::from(byte - b'A') + 1,
        b'0'..=b'9' => SYMBOLS - 1,
        _ => 0,
    }
}

/// How much likelier `text` is as random characters than as words, in bits; negative for words. What is not
/// ASCII is passed over.
pub(crate) fn surprise(text: &[u8]) -> i32 {
    let mut context = 0;
    let mut sum = 0;
    for next in text.iter().copied().filter(u8::is_ascii).map(symbol).chain([0]) {
        let index = context * SYMBOLS + next;
        sum += i32::from(TABLE[index] as i8);
        context = index % (SYMBOLS * SYMBOLS);
    }
    sum / UNITS
}

/// Whether `word`, in lower case, is in the dictionary.
pub(crate) fn is_word(word: &[u8]) -> bool {
    listed(words(), word, usize::MAX)
}

/// How many letters of `text` belong to words of the dictionary of three letters or more, laid side by side. Greedy from
/// the left, longest first: near enough, and linear.
pub(crate) fn covered(text: &[u8]) -> usize {
    const LONGEST: usize = 14;
    let lower = text.to_ascii_lowercase();
    let mut covered = 0;
    let mut at = 0;
    while at < lower.len() {
        let run = lower[at..].iter().take(LONGEST).take_while(|b| b.is_ascii_lowercase()).count();
        // Few places begin a word, and one look tells most of the others from them.
        let begins = run >= 3 && listed(words(), &lower[at..at + 3], 3);
        let longest = if begins { run } else { 0 };
        match (3..=longest).rev().find(|&length| is_word(&lower[at..at + length])) {
            Some(length) => {
                covered += length;
                at += length;
            }
            None => at += 1,
        }
    }
    covered
}

/// Binary search over sorted lines, of which the first `most` bytes count.
fn listed(list: &[u8], word: &[u8], most: usize) -> bool {
    let (mut low, mut high) = (0, list.len());
    while low < high {
        let middle = (low + high) / 2;
        let start = list[..middle].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let end = start + list[start..].iter().position(|&b| b == b'\n').unwrap_or(list.len() - start);
        match list[start..end.min(start.saturating_add(most))].cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_text_surprises_and_words_do_not() {
        for text in ["password", "someApiKey", "confluence", "iloveyou", "get_user_name", "hunter2"] {
            assert!(surprise(text.as_bytes()) < 0, "{text}");
        }
        for text in ["qzvkwtbf", "vxqw", "9f86d081884c7d65", "q7x4093815", "wqjvutkbzdoxmgg"] {
            assert!(surprise(text.as_bytes()) > 10, "{text}");
        }
    }

    #[test]
    fn lists_are_sorted_and_searched() {
        let files = [include_str!("../data/words.txt"), include_str!("../data/common-words.txt")];
        assert!(files.iter().flat_map(|file| file.lines()).all(|word| is_word(word.as_bytes())));
        let lines: Vec<&[u8]> = words().split(|byte| *byte == b'\n').collect();
        assert!(lines.is_sorted_by(|a, b| a < b) && lines.len() > files[0].lines().count());
        assert!(!is_word(b"xqzv") && !is_word(b""));
        assert_eq!(covered(b"PasswordToken9"), 13);
    }
}
