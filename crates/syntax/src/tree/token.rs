//! How much of the text an error points at.
//! Not here: what is wrong there.

use std::ops::Range;

/// The word or the character at `at`; the last one that is no white space where the text ends before. Empty only in an
/// empty text.
pub(super) fn token(bytes: &[u8], at: usize) -> Range<usize> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    if at >= bytes.len() {
        let end = bytes.iter().rposition(|byte| !blank(byte)).map_or(bytes.len().min(1), |last| last + 1);
        let continued = bytes[..end].iter().rev().take(3).take_while(|byte| continues(byte)).count();
        return end.saturating_sub(1 + continued)..end;
    }
    let rest = &bytes[at..];
    let word = rest.iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
    at..at + if word > 0 { word } else { character(rest) }
}

/// Bytes of the character that `text`, which is not empty, begins with.
pub(super) fn character(text: &[u8]) -> usize {
    1 + text[1..].iter().take(3).take_while(|byte| continues(byte)).count()
}

/// Whether the byte belongs to the character before it.
fn continues(byte: &u8) -> bool {
    byte & 0xc0 == 0x80
}
