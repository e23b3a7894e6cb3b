//! UTF-16 and UTF-32 as UTF-8. Not how the encoding is known: that is `Encoding::detect`.

use keylint_diagnostics::Encoding;

use crate::Text;

/// `text` as UTF-8 without its byte-order mark. What is no character (lone surrogates, too large numbers) becomes U+FFFD,
/// bytes at the end that fill no unit are kept as they are. UTF-8 is copied.
pub fn to_utf8(text: &[u8], encoding: Encoding) -> Text {
    let mark = encoding.mark(text);
    let unit = encoding.unit();
    if unit == 1 {
        return Text::identity(&text[mark..], mark);
    }
    let mut out = Text { bytes: Vec::with_capacity(text.len() / unit), ..Text::default() };
    let mut at = mark;
    while at + unit <= text.len() {
        // Runs of ASCII are nearly everything; they make one run of the map.
        let ascii = text[at..].chunks_exact(unit).take_while(|u| value(u, encoding) < 0x80).count();
        if ascii > 0 {
            out.bytes.extend(text[at..].chunks_exact(unit).take(ascii).map(|u| value(u, encoding) as u8));
            out.map.push(at, 1, unit, ascii, false);
            at += ascii * unit;
            continue;
        }
        let first = value(&text[at..at + unit], encoding);
        let second = text.get(at + unit..at + 2 * unit).map(|u| value(u, encoding));
        match (first, second) {
            (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) if unit == 2 => {
                let point = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
                out.character(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), at, 4);
                at += 4;
            }
            _ => {
                out.character(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), at, unit);
                at += unit;
            }
        }
    }
    out.copy(&text[at.min(text.len())..], at);
    out
}

/// The number of one code unit.
fn value(unit: &[u8], encoding: Encoding) -> u32 {
    let little = matches!(encoding, Encoding::Utf16Le | Encoding::Utf32Le);
    let add = |number: u32, &byte: &u8| number << 8 | u32::from(byte);
    if little { unit.iter().rev().fold(0, add) } else { unit.iter().fold(0, add) }
}
