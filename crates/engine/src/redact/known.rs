//! Secrets that were replaced lately, so that they are also replaced where nothing names them.
//! Not here: how they are found first.

use std::{collections::VecDeque, ops::RangeInclusive};

/// Secrets that are remembered, so that they are also replaced where nothing names them.
const KNOWN: usize = 256;
/// Only values of this length are: shorter ones stand in ordinary text by chance, longer ones are not repeated.
const KNOWN_LENGTH: RangeInclusive<usize> = 16..=512;

/// The secrets that were replaced lately. Looked for by their first bytes, so that a line without one costs next to
/// nothing however many there are.
#[derive(Default)]
pub(super) struct Known {
    values: VecDeque<(Vec<u8>, String)>,
    /// One bit for each hash of four bytes that begin a value.
    heads: Vec<u64>,
}

impl Known {
    /// Remembers a value, if it is one line of a fitting length.
    pub(super) fn add(&mut self, value: &[u8], placeholder: &str) {
        let one_line = KNOWN_LENGTH.contains(&value.len()) && !value.iter().any(u8::is_ascii_control);
        if !one_line || self.values.iter().any(|(known, _)| known == value) {
            return;
        }
        if self.values.len() == KNOWN {
            self.values.pop_front();
            self.heads.fill(0);
        }
        self.heads.resize(1 << 10, 0);
        self.values.push_back((value.into(), placeholder.into()));
        for (known, _) in &self.values {
            let bit = hash(known);
            self.heads[bit >> 6] |= 1 << (bit & 63);
        }
    }

    /// Where known values stand in `text`; the longest at each place.
    pub(super) fn find(&self, text: &[u8]) -> Vec<(usize, usize, &str)> {
        let mut found = Vec::new();
        if self.values.is_empty() {
            return found;
        }
        let mut at = 0;
        while at + *KNOWN_LENGTH.start() <= text.len() {
            let bit = hash(&text[at..]);
            let value = (self.heads[bit >> 6] >> (bit & 63) & 1 == 1)
                .then(|| {
                    self.values
                        .iter()
                        .filter(|(known, _)| text[at..].starts_with(known))
                        .max_by_key(|(known, _)| known.len())
                })
                .flatten();
            match value {
                Some((known, placeholder)) => {
                    found.push((at, at + known.len(), placeholder.as_str()));
                    at += known.len();
                }
                None => at += 1,
            }
        }
        found
    }
}

/// 16 bits of the first four bytes, by Knuth's multiplicative hashing.
fn hash(text: &[u8]) -> usize {
    let head = text.first_chunk::<4>().map_or(0, |head| u32::from_le_bytes(*head));
    (head.wrapping_mul(0x9e37_79b1) >> 16) as usize
}
