//! The checksums that providers put into their tokens. Offline proof that a token was issued, or made up.
//!
//! Sources: GitHub, "Behind GitHub's new authentication token formats" (CRC-32 in base 62, six digits); GitLab, "Routable
//! tokens" (CRC-32 in base 36, seven digits); the others were derived from tokens that the providers' tools issue.

use sha2::{Digest, Sha256};

const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A checksum by its name in rule files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// `prefix_` body, then CRC-32 of the body in base 62, six digits (GitHub classic, npm, Vercel).
    Crc32Base62,
    /// `github_pat_` and two parts: SHA-256 of the text before it in base 32, eight digits, eight from the end.
    GithubFineGrained,
    /// `prefix_` body, then CRC-32 of the body as eight hex digits (Cloudflare).
    Crc32Hex,
    /// `prefix_` body `_` CRC-32 of the body as eight hex digits (Zuplo).
    Crc32HexApart,
    /// `cflt` body, then CRC-32, little endian, in base 64, six digits (Confluent).
    Confluent,
    /// Everything up to the last seven characters, prefix included: CRC-32 in base 36 (GitLab routable tokens).
    GitlabRoutable,
}

/// Names in rule files.
const NAMES: &[(&str, Checksum)] = &[
    ("github", Checksum::Crc32Base62),
    ("npm", Checksum::Crc32Base62),
    ("vercel", Checksum::Crc32Base62),
    ("github-fine-grained", Checksum::GithubFineGrained),
    ("crc32-hex-8", Checksum::Crc32Hex),
    ("zuplo", Checksum::Crc32HexApart),
    ("confluent", Checksum::Confluent),
    ("gitlab-routable", Checksum::GitlabRoutable),
];

impl Checksum {
    /// The checksum that rule files call `name`.
    pub fn named(name: &str) -> Option<Checksum> {
        NAMES.iter().find(|(known, _)| *known == name).map(|&(_, checksum)| checksum)
    }

    /// Whether the checksum of `token` holds; `None` where the token has no place for one.
    pub fn holds(self, token: &[u8]) -> Option<bool> {
        let trailing = if self == Checksum::GithubFineGrained { 8 } else { 0 };
        let end = token.len().checked_sub(trailing)?;
        let start = end.checked_sub(self.digits())?;
        Some(self.compute(&token[..start])? == token[start..end])
    }

    /// The digits that complete a token of which `head` is everything before the checksum.
    pub fn compute(self, head: &[u8]) -> Option<Vec<u8>> {
        let body = |head: &[u8]| -> Option<Vec<u8>> {
            let at = head.iter().position(|&b| b == b'_')?;
            Some(head[at + 1..].to_vec())
        };
        let crc = crc32;
        Some(match self {
            Checksum::Crc32Base62 => digits(crc(&body(head)?), BASE62, 6),
            Checksum::GithubFineGrained => base32(&Sha256::digest(head), 8),
            Checksum::Crc32Hex => digits(crc(&body(head)?), &BASE36[..16], 8),
            Checksum::Crc32HexApart => digits(crc(body(head)?.strip_suffix(b"_")?), &BASE36[..16], 8),
            Checksum::Confluent => base64(&crc(head.strip_prefix(b"cflt")?).to_le_bytes()),
            Checksum::GitlabRoutable => digits(crc(head), BASE36, 7),
        })
    }

    /// How many characters it takes.
    fn digits(self) -> usize {
        match self {
            Checksum::Crc32Base62 | Checksum::Confluent => 6,
            Checksum::GithubFineGrained | Checksum::Crc32Hex | Checksum::Crc32HexApart => 8,
            Checksum::GitlabRoutable => 7,
        }
    }
}

/// CRC-32 of IEEE 802.3, bit by bit: tokens are short, and tables for speed would be 16 KiB of noise.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

fn digits(mut number: u32, alphabet: &[u8], width: usize) -> Vec<u8> {
    let base = alphabet.len() as u32;
    let mut out = vec![alphabet[0]; width];
    for place in out.iter_mut().rev() {
        *place = alphabet[(number % base) as usize];
        number /= base;
    }
    out
}

fn base32(bytes: &[u8], width: usize) -> Vec<u8> {
    let bit = |n: usize| bytes.get(n / 8).map_or(0, |byte| usize::from(byte >> (7 - n % 8) & 1));
    (0..width).map(|i| BASE32[(0..5).fold(0, |value, b| value << 1 | bit(i * 5 + b))]).collect()
}

fn base64(bytes: &[u8; 4]) -> Vec<u8> {
    let number = u64::from(u32::from_be_bytes(*bytes)) << 4;
    (0..6).map(|i| BASE64[(number >> (30 - 6 * i) & 63) as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_computes_holds_and_what_is_changed_does_not() {
        let check = |name: &str, head: &str, tail: &str| {
            let checksum = Checksum::named(name).expect(name);
            let sum = checksum.compute(head.as_bytes()).expect(name);
            let mut token = [head.as_bytes(), &sum, tail.as_bytes()].concat();
            assert_eq!(checksum.holds(&token), Some(true), "{name}");
            let place = head.len() - 2;
            token[place] ^= 1;
            assert_eq!(checksum.holds(&token), Some(false), "{name}");
        };
        let body = "ab".repeat(11);
        check("github", &format!("ghp_{body}{}", "c".repeat(8)), "");
        check("github-fine-grained", &format!("github_pat_{body}_{}", "d".repeat(43)), "12345678");
        check("crc32-hex-8", &format!("cfut_{}", "e".repeat(40)), "");
        check("zuplo", &format!("zpka_{}_", "f".repeat(32)), "");
        check("confluent", &format!("cflt{}", "g".repeat(54)), "");
        check("gitlab-routable", &format!("glpat-{}.01.1x", "h".repeat(27)), "");
    }

    #[test]
    fn a_token_without_room_has_no_checksum() {
        assert_eq!(Checksum::Crc32Base62.holds(b"ghp"), None);
        assert_eq!(Checksum::Crc32Base62.holds(b"abcdefghij"), None);
    }

    /// The documented CRC-32 check value, in each notation.
    #[test]
    fn notations() {
        let crc = crc32(b"123456789");
        assert_eq!(crc, 0xcbf4_3926);
        assert_eq!(digits(crc, &BASE36[..16], 8), b"cbf43926");
        assert_eq!(base32(b"foobar", 8), b"MZXW6YTB");
        assert_eq!(base64(b"foob"), b"Zm9vYg");
    }
}
