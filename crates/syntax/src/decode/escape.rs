//! Backslash escapes as the common languages write them, as one union: JSON, JavaScript, Python, Java, C, Go, Rust, shell.
//! Not where a string literal begins or ends.

use super::{Text, hex_number};

/// `slice`, the inside of a string literal, with its backslash escapes replaced; `None` where there is none.
/// `\` before a line break stands for nothing; `\` before any other letter or digit that no language gives a meaning is
/// kept (a Windows path, a pattern), before punctuation it is dropped.
pub fn escapes(slice: &[u8]) -> Option<Text> {
    let first = memchr::memchr(b'\\', slice)?;
    let mut out = Text::default();
    let mut at = 0;
    let mut next = first;
    let mut changed = false;
    loop {
        out.copy(&slice[at..next], at);
        at = next;
        if at >= slice.len() {
            break;
        }
        match read(&slice[at..]) {
            Some((character, len)) => {
                if let Some(character) = character {
                    out.character(character, at, len);
                }
                changed = true;
                at += len;
            }
            None => {
                // The character after the backslash too, so that its own backslash opens no escape.
                let len = if slice.len() - at > 1 { 2 } else { 1 };
                out.copy(&slice[at..at + len], at);
                at += len;
            }
        }
        next = memchr::memchr(b'\\', &slice[at..]).map_or(slice.len(), |found| at + found);
    }
    changed.then_some(out)
}

/// The escape that `text` begins with: what it stands for (nothing for a line continuation), and its length.
fn read(text: &[u8]) -> Option<(Option<char>, usize)> {
    let simple = |character: char| Some((Some(character), 2));
    match *text.get(1)? {
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'v' => simple('\u{b}'),
        b'a' => simple('\u{7}'),
        b'e' => simple('\u{1b}'),
        b'\n' => Some((None, 2)),
        b'\r' => Some((None, if text.get(2) == Some(&b'\n') { 3 } else { 2 })),
        b'x' => sized(text, 2, 2),
        b'u' if text.get(2) == Some(&b'{') => {
            let close = text.iter().take(12).position(|&byte| byte == b'}')?;
            let character = char::from_u32(hex_number(text.get(3..close)?)?)?;
            Some((Some(character), close + 1))
        }
        b'u' => utf16(text),
        b'U' => sized(text, 2, 8),
        b'0'..=b'7' => {
            let digits = text[1..].iter().take(3).take_while(|byte| (b'0'..=b'7').contains(*byte)).count();
            let number = text[1..=digits].iter().fold(0, |number, digit| number * 8 + u32::from(digit - b'0'));
            Some((Some(char::from_u32(number)?), digits + 1))
        }
        byte if byte.is_ascii_punctuation() => simple(byte as char),
        _ => None,
    }
}

/// An escape of exactly `digits` hexadecimal digits that begin at `from`.
fn sized(text: &[u8], from: usize, digits: usize) -> Option<(Option<char>, usize)> {
    let character = char::from_u32(hex_number(text.get(from..from + digits)?)?)?;
    Some((Some(character), from + digits))
}

/// `\uXXXX`, or two of them that make one character; a lone surrogate becomes U+FFFD.
fn utf16(text: &[u8]) -> Option<(Option<char>, usize)> {
    let unit = |from: usize| hex_number(text.get(from..from + 4)?);
    let high = unit(2)?;
    if let Some(character) = char::from_u32(high) {
        return Some((Some(character), 6));
    }
    if (0xd800..0xdc00).contains(&high)
        && text.get(6..8) == Some(b"\\u")
        && let Some(low @ 0xdc00..=0xdfff) = unit(8)
    {
        let character = char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?;
        return Some((Some(character), 12));
    }
    Some((Some(char::REPLACEMENT_CHARACTER), 6))
}
