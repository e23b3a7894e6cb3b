//! Tokens inside base64, hexadecimal, percent encoding and string escapes. A keyword's encoded forms are keywords too, so
//! that only text which holds one is decoded. Not here: whole documents in UTF-16 (`keylint-syntax`).

use std::ops::Range;

use keylint_syntax::{Text, decode};

pub(crate) use crate::table::Form;

/// Layers that are taken off: a Kubernetes secret in a Helm value in a pipeline variable has three.
pub(crate) const MAX_DEPTH: usize = 3;
/// Bytes decoded around an encoded keyword; a longer run is cut, so that a bundle full of base64 stays cheap.
const MAX_RUN: usize = 8 * 1024;
impl Form {
    /// What a report says.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Form::Base64(_) => "inside base64",
            Form::Hex => "inside hexadecimal",
            Form::Percent => "inside percent encoding",
            Form::Escape => "inside string escapes",
        }
    }

    /// The stretch of `text` around an encoded keyword that is worth decoding.
    fn run(self, text: &[u8], keyword: Range<usize>) -> Range<usize> {
        let low = keyword.start.saturating_sub(MAX_RUN / 4);
        let high = text.len().min(keyword.end + MAX_RUN);
        let reach = |inside: &dyn Fn(u8) -> bool| {
            let start = (low..keyword.start).rev().find(|&at| !inside(text[at])).map_or(low, |at| at + 1);
            let end = (keyword.end..high).find(|&at| !inside(text[at])).unwrap_or(high);
            start..end
        };
        match self {
            Form::Base64(place) => {
                let run = reach(&|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'));
                // Groups of four are counted from the keyword: what stands before may not belong to it.
                let first = keyword.start - usize::from(place).min(keyword.start - run.start);
                let start = first - (first - run.start) / 4 * 4;
                let end = start
                    + (run.end - start) / 4 * 4
                    + if (run.end - start) % 4 >= 2 { (run.end - start) % 4 } else { 0 };
                start..end
            }
            Form::Hex => {
                let run = reach(&|b| b.is_ascii_hexdigit());
                let start = run.start + (keyword.start - run.start) % 2;
                start..start + (run.end - start) / 2 * 2
            }
            Form::Percent => reach(&|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>')),
            Form::Escape => reach(&|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'`')),
        }
    }

    /// What stands around an encoded keyword, decoded, with a map to `text`; also the stretch itself.
    pub(crate) fn decode(self, text: &[u8], keyword: Range<usize>) -> Option<(Range<usize>, Text)> {
        let run = self.run(text, keyword);
        let slice = &text[run.clone()];
        let decoded = match self {
            Form::Base64(_) => decode::base64(slice),
            Form::Hex => decode::hex(slice),
            Form::Percent => decode::percent(slice),
            Form::Escape => decode::escapes(slice),
        }?;
        let start = run.start;
        Some((run, decoded.shifted(start)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::base64;

    #[test]
    fn encoded_keywords_stand_in_the_encoded_text() {
        // What a library would write for "xxkey_word!" at each place of a group of three.
        for (lead, encoded) in [(0, "a2V5X3dvcmQh"), (1, "eGtleV93b3JkIQ=="), (2, "eHhrZXlfd29yZCE=")] {
            let (bytes, place) = base64(b"key_", lead);
            let at = encoded.find(std::str::from_utf8(&bytes).expect("ASCII")).expect("inside");
            assert_eq!(at % 4, usize::from(place), "{encoded}");
        }
    }

    #[test]
    fn finds_its_group_when_other_characters_stand_before() {
        let text = b"path/abeHhrZXlfd29yZCE= rest";
        let (bytes, place) = base64(b"key_", 2);
        let at = text.windows(bytes.len()).position(|window| window == bytes).expect("inside");
        let (_, decoded) = Form::Base64(place).decode(text, at..at + bytes.len()).expect("base64");
        assert!(decoded.bytes.windows(8).any(|window| window == b"key_word"), "{:?}", decoded.bytes);
    }
}
