//! HTML and XML character references. Not the markup around them.

use super::{Text, hex_number};

/// Named references that can stand in a secret, its quotes or its operator (HTML standard, section 13.5).
const NAMES: &[(&[u8], char)] = &[
    (b"amp", '&'),
    (b"apos", '\''),
    (b"ast", '*'),
    (b"bsol", '\\'),
    (b"colon", ':'),
    (b"comma", ','),
    (b"commat", '@'),
    (b"dollar", '$'),
    (b"equals", '='),
    (b"excl", '!'),
    (b"grave", '`'),
    (b"gt", '>'),
    (b"Hat", '^'),
    (b"hyphen", '\u{2010}'),
    (b"lbrack", '['),
    (b"lcub", '{'),
    (b"lowbar", '_'),
    (b"lpar", '('),
    (b"lsqb", '['),
    (b"lt", '<'),
    (b"nbsp", '\u{a0}'),
    (b"NewLine", '\n'),
    (b"num", '#'),
    (b"percnt", '%'),
    (b"period", '.'),
    (b"plus", '+'),
    (b"quest", '?'),
    (b"quot", '"'),
    (b"rbrack", ']'),
    (b"rcub", '}'),
    (b"rpar", ')'),
    (b"rsqb", ']'),
    (b"semi", ';'),
    (b"sol", '/'),
    (b"Tab", '\t'),
    (b"verbar", '|'),
];

/// Longest reference that is read, `&` and `;` included.
const LONGEST: usize = 12;

/// `slice` with `&amp;`, `&#39;`, `&#x27;` and the like replaced; `None` where there is none. The semicolon must be there.
pub fn entities(slice: &[u8]) -> Option<Text> {
    let mut out = Text::default();
    let mut at = 0;
    let mut changed = false;
    while at < slice.len() {
        let next = memchr::memchr(b'&', &slice[at..]).map_or(slice.len(), |found| at + found);
        out.copy(&slice[at..next], at);
        at = next;
        match read(&slice[at..]) {
            Some((character, len)) => {
                out.character(character, at, len);
                changed = true;
                at += len;
            }
            None if at < slice.len() => {
                out.copy(b"&", at);
                at += 1;
            }
            None => {}
        }
    }
    changed.then_some(out)
}

/// The reference that `text` begins with, and its length.
fn read(text: &[u8]) -> Option<(char, usize)> {
    let close = text.iter().take(LONGEST).position(|&byte| byte == b';')?;
    let name = text.get(1..close)?;
    let character = match name {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex_number(digits)?)?,
        [b'#', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => char::from_u32(
            digits.iter().fold(0u32, |number, digit| number.saturating_mul(10).saturating_add(u32::from(digit - b'0'))),
        )?,
        _ => NAMES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, close + 1))
}
