//! Lists of numbers that spell bytes: `{0x12, 250, 'c'}`, `[1, 2, 3]`.
//! Not text in quotes.

use std::ops::Range;

use crate::source::{Source, is_word};
use crate::{MAX_VALUE, Text};

/// Fewer numbers are a size, a version or a colour.
const FEWEST: usize = 3;

/// The bytes that the list in the bracket at `at` spells: from the first number to the last, and what they are.
pub(crate) fn bytes_at(source: Source<'_>, at: usize) -> Option<(Range<usize>, Text)> {
    let close = match source.byte(at) {
        b'{' => b'}',
        b'[' => b']',
        b'(' => b')',
        _ => return None,
    };
    let limit = at + MAX_VALUE;
    let mut out = Text::default();
    let mut span = 0..0;
    let mut place = source.skip_space(at + 1, 200);
    while place < limit && source.byte(place) != close {
        let (byte, end) = number(source, place)?;
        if out.bytes.is_empty() {
            span.start = place;
        }
        out.unit(&[byte], place, (end - place).min(255));
        span.end = end;
        let next = source.skip_space(end, 200);
        match source.byte(next) {
            b',' => place = source.skip_space(next + 1, 200),
            byte if byte == close => place = next,
            _ => return None,
        }
    }
    (source.byte(place) == close && out.bytes.len() >= FEWEST).then_some((span, out))
}

/// One byte as a number or character, and where it ends; a cast may stand before it.
fn number(source: Source<'_>, at: usize) -> Option<(u8, usize)> {
    let mut from = at;
    if source.byte(from) == b'(' {
        let cast = source.rest(from + 1, 16).iter().position(|&byte| byte == b')')?;
        from = source.skip_blank(from + cast + 2, 4);
    }
    if source.byte(from) == b'\'' && source.byte(from + 2) == b'\'' {
        return Some((source.byte(from + 1), from + 3));
    }
    let negative = source.byte(from) == b'-';
    let start = from + usize::from(negative);
    let end = source.skip_word(start, 12);
    let word = source.slice(start..end);
    let suffix = word.iter().rev().take_while(|byte| matches!(byte, b'u' | b'U' | b'l' | b'L')).count();
    let digits = std::str::from_utf8(&word[..word.len() - suffix]).ok()?;
    let digits = digits.strip_suffix("u8").unwrap_or(digits);
    if !digits.bytes().next()?.is_ascii_digit() || is_word(source.byte(end)) {
        return None;
    }
    let value = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => u8::from_str_radix(&digits[2..], 16).ok()?,
        [b'0', b'b' | b'B', ..] => u8::from_str_radix(&digits[2..], 2).ok()?,
        [b'0', _, _, ..] => u8::from_str_radix(digits, 8).ok()?,
        _ => digits.parse().ok()?,
    };
    Some((if negative { value.wrapping_neg() } else { value }, end))
}
