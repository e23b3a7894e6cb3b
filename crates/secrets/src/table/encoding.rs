//! What a keyword looks like inside base64, hexadecimal, percent encoding and string escapes.
//! Not here: the text around an encoded keyword, and decoding it (`encoded.rs`).

use super::Keyword;

/// How a token may be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Base64; the keyword's first whole character is this one of its group of four.
    Base64(u8),
    /// Two digits a byte.
    Hex,
    /// `%67`.
    Percent,
    /// `\u0067`, `\x67`.
    Escape,
}

impl Form {
    /// A number for it, below eight.
    pub(crate) fn code(self) -> u8 {
        match self {
            Form::Base64(place) => place % 4,
            Form::Hex => 4,
            Form::Percent => 5,
            Form::Escape => 6,
        }
    }

    /// The form of a number.
    pub(crate) fn coded(code: u8) -> Option<Form> {
        match code {
            0..4 => Some(Form::Base64(code)),
            4 => Some(Form::Hex),
            5 => Some(Form::Percent),
            6 => Some(Form::Escape),
            _ => None,
        }
    }
}

/// Encoded keywords shorter than this stand in ordinary text too often.
const SHORTEST: usize = 5;

/// The encoded forms of a keyword that stands at the start of tokens.
pub(crate) fn forms(keyword: &[u8], out: &mut Vec<(Keyword, Form)>) {
    for lead in 0..3 {
        let (bytes, place) = base64(keyword, lead);
        if bytes.len() >= SHORTEST {
            out.push((Keyword { bytes, fold: false }, Form::Base64(place)));
        }
    }
    let each = |count: usize, digits: &dyn Fn(&mut Vec<u8>, u8)| {
        let mut bytes = Vec::with_capacity(count * 6);
        keyword.iter().take(count).for_each(|&byte| digits(&mut bytes, byte));
        Keyword { bytes, fold: true }
    };
    let hex = |out: &mut Vec<u8>, byte: u8| out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    let marked = |mark: &'static [u8]| {
        move |out: &mut Vec<u8>, byte: u8| {
            out.extend_from_slice(mark);
            hex(out, byte);
        }
    };
    out.push((each(6, &hex), Form::Hex));
    out.push((each(3, &marked(b"%")), Form::Percent));
    out.push((each(3, &marked(b"\\u00")), Form::Escape));
    out.push((each(3, &marked(b"\\x")), Form::Escape));
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The characters of base64 that `keyword` fills when `lead` bytes stand before it in its group of three, and which
/// place of a group of four the first of them has.
pub(crate) fn base64(keyword: &[u8], lead: usize) -> (Vec<u8>, u8) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let first = (lead * 8).div_ceil(6);
    let end = (lead + keyword.len()) * 8 / 6;
    let bit = |n: usize| usize::from(keyword[n / 8 - lead] >> (7 - n % 8) & 1);
    let digit = |place: usize| DIGITS[(place * 6..place * 6 + 6).fold(0, |value, n| value << 1 | bit(n))];
    ((first..end).map(digit).collect(), (first % 4) as u8)
}
