//! Expands the placeholders of rule examples (`{hex:32}`, `{checksum:github}`) from a fixed seed, and finds the `«…»`
//! marks. So no token-shaped string stands in the repository. Not used while scanning.

use crate::Example;

/// An example made ready to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The text without marks.
    pub text: String,
    /// The byte ranges that stood between `«` and `»`.
    pub marked: Vec<(usize, usize)>,
}

/// Computes a checksum by name over the token so far.
pub type Checksum<'a> = &'a dyn Fn(&str, &[u8]) -> Option<String>;

/// Expands the text of `example`. `seed` varies the values; the same seed gives the same text.
pub fn example(example: &Example, seed: u64, checksum: Checksum<'_>) -> Expanded {
    template(&example.text, seed, checksum)
}

/// Expands any text with placeholders and marks.
pub fn template(text: &str, seed: u64, checksum: Checksum<'_>) -> Expanded {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut out = String::with_capacity(text.len() * 2);
    let mut marked = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        match next {
            '«' => open.push(out.len()),
            '»' => marked.push((open.pop().unwrap_or(0), out.len())),
            '{' => {
                if let Some((length, value)) =
                    placeholder(rest, &out[open.last().copied().unwrap_or(0)..], &mut random, checksum)
                {
                    out.push_str(&value);
                    rest = &rest[length..];
                    continue;
                }
                out.push('{');
            }
            other => out.push(other),
        }
        rest = &rest[next.len_utf8()..];
    }
    marked.sort_unstable();
    Expanded { text: out, marked }
}

/// The length of the placeholder that `text` begins with, and its value.
fn placeholder(text: &str, token: &str, random: &mut Random, checksum: Checksum<'_>) -> Option<(usize, String)> {
    let end = text.find('}')?;
    let (name, argument) = text[1..end].split_once(':').unwrap_or((&text[1..end], ""));
    let value = match name {
        "checksum" => checksum(argument, token.as_bytes())?,
        "uuid" => uuid(random),
        _ => {
            let alphabet = ALPHABETS.iter().find(|(known, _)| *known == name)?.1;
            random.text(alphabet, argument.parse().ok().filter(|&length| length <= 8192)?)
        }
    };
    Some((end + 1, value))
}

/// The alphabets that examples may name.
const ALPHABETS: &[(&str, &str)] = &[
    ("hex", "0123456789abcdef"),
    ("HEX", "0123456789ABCDEF"),
    ("digit", "0123456789"),
    ("alpha", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    ("lower", "abcdefghijklmnopqrstuvwxyz"),
    ("upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("alnum", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    ("loweralnum", "0123456789abcdefghijklmnopqrstuvwxyz"),
    ("upperalnum", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("base64", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"),
    ("base64url", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"),
    ("bech32", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
    ("base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
];

fn uuid(random: &mut Random) -> String {
    let hex = "0123456789abcdef";
    let mut part = |length| random.text(hex, length);
    let (a, b, c, d, e) = (part(8), part(4), part(3), part(3), part(12));
    format!("{a}-{b}-4{c}-a{d}-{e}")
}

/// Xorshift: small, and the same everywhere. The values only have to look random; tests that try many inputs use it too.
pub struct Random(pub u64);

impl Random {
    /// A number below `limit`; 0 below 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit.max(1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }

    /// Text of the alphabet; its ends are letters or digits, so that `\b` holds around it.
    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let bytes = alphabet.as_bytes();
        let mut pick = |inner: bool| loop {
            let byte = bytes[self.next() as usize % bytes.len()];
            if inner || byte.is_ascii_alphanumeric() {
                return byte as char;
            }
        };
        (0..length).map(|i| pick(i > 0 && i + 1 < length)).collect()
    }
}
