//! Encoded bytes as text, each with a map back: UTF-16 and UTF-32, base64, hex, percent, string escapes, HTML entities.
//! Not here: where encoded text begins and ends in a document, and how deep to decode.

mod base;
mod entity;
mod escape;
mod wide;

use std::ops::Range;

use crate::OffsetMap;

pub use base::{base64, hex, percent};
pub use entity::entities;
pub use escape::escapes;
pub use wide::to_utf8;

/// A decoded text and where its bytes stand in what it was decoded from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The decoded bytes; UTF-8 where the source was text.
    pub bytes: Vec<u8>,
    /// From ranges of `bytes` to the source.
    pub map: OffsetMap,
}

impl Text {
    /// `slice` as it is, standing at offset `at`.
    pub fn identity(slice: &[u8], at: usize) -> Text {
        Text { bytes: slice.to_vec(), map: OffsetMap::identity(at, slice.len()) }
    }

    /// The same text, decoded from a slice that begins at offset `by` of a longer one.
    pub fn shifted(self, by: usize) -> Text {
        Text { map: self.map.shifted(by), bytes: self.bytes }
    }

    /// The bytes `range` as a text of their own; ranges are cut to the text.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let end = range.end.min(self.bytes.len());
        let start = range.start.min(end);
        Text { bytes: self.bytes[start..end].to_vec(), map: self.map.slice(start..end) }
    }

    /// Appends `slice`, standing as it is at offset `at`.
    pub fn copy(&mut self, slice: &[u8], at: usize) {
        self.bytes.extend_from_slice(slice);
        self.map.push(at, 1, 1, slice.len(), false);
    }

    /// Appends `bytes`, which the `len` source bytes at `at` stand for as a whole.
    pub fn unit(&mut self, bytes: &[u8], at: usize, len: usize) {
        self.bytes.extend_from_slice(bytes);
        self.map.push(at, bytes.len(), len, 1, true);
    }

    /// Appends a character that the `len` source bytes at `at` stand for.
    pub fn character(&mut self, character: char, at: usize, len: usize) {
        self.unit(character.encode_utf8(&mut [0; 4]).as_bytes(), at, len);
    }

    /// Appends another text.
    pub fn append(&mut self, other: &Text) {
        self.bytes.extend_from_slice(&other.bytes);
        self.map.append(&other.map);
    }

    /// `text` with the ranges replaced by what they decode to, so that a second look sees the decoded bytes between
    /// their true neighbours. Ranges are ascending and apart, each text maps into `text`; others are left out.
    pub fn spliced(text: &[u8], parts: &[(Range<usize>, Text)]) -> Text {
        let mut out = Text::default();
        let mut at = 0;
        for (range, part) in parts {
            if range.start < at || range.end < range.start || range.end > text.len() {
                continue;
            }
            out.copy(&text[at..range.start], at);
            out.append(part);
            at = range.end;
        }
        out.copy(&text[at..], at);
        out
    }
}

/// The value of a hexadecimal digit.
fn hex_digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

/// The number that all of `digits` spell in hexadecimal; none of more than eight.
pub(crate) fn hex_number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0, |number, &digit| Some(number << 4 | u32::from(hex_digit(digit)?)))
}
