//! Reads characters out of stored bytes, in any encoding a document may have, for printing.
//! Not here: decoding for detectors, which keeps offset maps (`keylint-syntax`).

use keylint_diagnostics::Encoding;

/// The first character of `text`, which is not empty, and how many bytes it takes. What is no character is U+FFFD.
pub(crate) fn first(text: &[u8], encoding: Encoding) -> (char, usize) {
    let unit = encoding.unit();
    if text.len() < unit {
        return (char::REPLACEMENT_CHARACTER, text.len());
    }
    match encoding {
        Encoding::Utf8 => utf8(text),
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let read = |at: usize| -> Option<u16> {
                let bytes = text.get(at..at + 2)?.try_into().ok()?;
                Some(if encoding == Encoding::Utf16Le { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
            };
            let units = [read(0).unwrap_or_default(), read(2).unwrap_or_default()];
            match char::decode_utf16(units).next() {
                Some(Ok(c)) => (c, 2 * c.len_utf16()),
                _ => (char::REPLACEMENT_CHARACTER, 2),
            }
        }
        Encoding::Utf32Le | Encoding::Utf32Be => {
            let bytes = text[..4].try_into().unwrap_or_default();
            let code =
                if encoding == Encoding::Utf32Le { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 4)
        }
    }
}

fn utf8(text: &[u8]) -> (char, usize) {
    let length = match text[0] {
        0x00..0x80 => return (text[0] as char, 1),
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => 1,
    };
    let decoded = text.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()?.chars().next());
    decoded.map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, length))
}

/// `text` as UTF-8. Bytes of an ASCII-compatible encoding stay as they are.
pub(crate) fn to_utf8(text: &[u8], encoding: Encoding) -> Vec<u8> {
    if encoding == Encoding::Utf8 {
        return text.to_vec();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let (c, length) = first(&text[at..], encoding);
        out.push(c);
        at += length;
    }
    out.into_bytes()
}

/// The nearest start of a character at or before `at`, looking no further back than `floor`, which is one.
pub(crate) fn align(text: &[u8], encoding: Encoding, floor: usize, at: usize) -> usize {
    let mut at = at.clamp(floor, text.len());
    let unit = encoding.unit();
    at -= (at - floor) % unit;
    let inside = |at: usize| match encoding {
        Encoding::Utf8 => text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80),
        Encoding::Utf16Le => text.get(at + 1).is_some_and(|byte| byte & 0xfc == 0xdc),
        Encoding::Utf16Be => text.get(at).is_some_and(|byte| byte & 0xfc == 0xdc),
        Encoding::Utf32Le | Encoding::Utf32Be => false,
    };
    // A character has at most three bytes behind its first.
    for _ in 0..3 {
        if at >= floor + unit && inside(at) {
            at -= unit;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_encoding() {
        let text = "aé😀";
        let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        let long = |bytes: fn(u32) -> [u8; 4]| text.chars().map(u32::from).flat_map(bytes).collect::<Vec<_>>();
        let check = |stored: Vec<u8>, encoding| {
            assert_eq!(to_utf8(&stored, encoding), text.as_bytes());
            let end = stored.len();
            let last = align(&stored, encoding, 0, end - 1);
            assert_eq!(first(&stored[last..], encoding), ('😀', end - last));
        };
        check(text.into(), Encoding::Utf8);
        check(wide(u16::to_le_bytes), Encoding::Utf16Le);
        check(wide(u16::to_be_bytes), Encoding::Utf16Be);
        check(long(u32::to_le_bytes), Encoding::Utf32Le);
        check(long(u32::to_be_bytes), Encoding::Utf32Be);
    }

    #[test]
    fn what_is_no_character_is_replaced() {
        let check = |stored: &[u8], encoding, length| {
            assert_eq!(first(stored, encoding), (char::REPLACEMENT_CHARACTER, length));
        };
        check(b"\xff\xfe", Encoding::Utf8, 1);
        check(b"\xf0\x9f", Encoding::Utf8, 1);
        check(b"\x00\xdc", Encoding::Utf16Le, 2);
        check(b"\x00\xd8a", Encoding::Utf16Le, 2);
        check(b"a", Encoding::Utf16Le, 1);
        check(b"\xff\xff\xff\xff", Encoding::Utf32Be, 4);
    }
}
