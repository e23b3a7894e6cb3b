//! Base64, hexadecimal and percent encoding. Not string escapes, which depend on a language.

use super::{Text, hex_digit};

/// What `slice` stands for in base64, of the standard or the URL alphabet (not mixed), with or without padding, also
/// broken over lines; `None` where it is not base64 as a whole.
pub fn base64(slice: &[u8]) -> Option<Text> {
    let mut out = Text { bytes: Vec::with_capacity(slice.len() / 4 * 3), ..Text::default() };
    let mut quad = Quad::default();
    let (mut standard, mut url, mut padding) = (false, false, 0);
    for (at, &byte) in slice.iter().enumerate() {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'/' => {
                standard = true;
                if byte == b'+' { 62 } else { 63 }
            }
            b'-' | b'_' => {
                url = true;
                if byte == b'-' { 62 } else { 63 }
            }
            b'\r' | b'\n' => continue,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 || standard && url {
            return None;
        }
        quad.push(sextet, at, &mut out);
    }
    let pads_well = padding == 0 || padding <= 2 && quad.len + padding == 4;
    if !pads_well || quad.len == 1 {
        return None;
    }
    quad.flush(&mut out);
    (!out.bytes.is_empty()).then_some(out)
}

/// Up to four characters of base64 that make three bytes.
#[derive(Default)]
struct Quad {
    bits: u32,
    places: [usize; 4],
    len: usize,
}

impl Quad {
    fn push(&mut self, sextet: u8, at: usize, out: &mut Text) {
        self.bits = self.bits << 6 | u32::from(sextet);
        self.places[self.len] = at;
        self.len += 1;
        if self.len == 4 {
            self.flush(out);
        }
    }

    fn flush(&mut self, out: &mut Text) {
        let bits = self.bits << (6 * (4 - self.len as u32));
        let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
        let count = [0, 0, 1, 2, 3][self.len];
        let together = self.len == 4 && self.places[3] - self.places[0] == 3;
        if together {
            out.bytes.extend_from_slice(&bytes);
            out.map.push(self.places[0], 3, 4, 1, false);
        } else {
            // A line break within, or the last characters: byte by byte, each from its first to its last character.
            for (index, &byte) in bytes.iter().take(count).enumerate() {
                let (first, last) = (self.places[index], self.places[index + 1]);
                out.bytes.push(byte);
                out.map.push(first, 1, last + 1 - first, 1, false);
            }
        }
        *self = Quad::default();
    }
}

/// What `slice` stands for in hexadecimal, an even number of digits of either case, an optional `0x` before them.
pub fn hex(slice: &[u8]) -> Option<Text> {
    let skip = if slice.starts_with(b"0x") || slice.starts_with(b"0X") { 2 } else { 0 };
    let digits = &slice[skip..];
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let pair = |pair: &[u8]| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?);
    let bytes: Vec<u8> = digits.chunks_exact(2).map(pair).collect::<Option<_>>()?;
    let mut out = Text::default();
    out.map.push(skip, 1, 2, bytes.len(), false);
    out.bytes = bytes;
    Some(out)
}

/// `slice` with `%XX` replaced by the byte; `None` where there is none.
pub fn percent(slice: &[u8]) -> Option<Text> {
    let mut out = Text::default();
    let mut at = 0;
    let mut changed = false;
    while at < slice.len() {
        let next = memchr::memchr(b'%', &slice[at..]).map_or(slice.len(), |found| at + found);
        out.copy(&slice[at..next], at);
        at = next;
        let Some(digits) = slice.get(at + 1..at + 3) else {
            out.copy(&slice[at..], at);
            break;
        };
        match super::hex_number(digits) {
            Some(byte) => {
                out.unit(&[byte as u8], at, 3);
                changed = true;
                at += 3;
            }
            None => {
                out.copy(b"%", at);
                at += 1;
            }
        }
    }
    changed.then_some(out)
}
