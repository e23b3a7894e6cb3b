//! The identity of a finding: a keyed hash of its rule and of what it found. It keeps a report from showing a secret; it
//! does not protect one that can be guessed, which is why weak ones are identified by their name instead.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The identity of a finding: a keyed hash of rule and secret, independent of path, line and formatting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// The fingerprint of `content` (a secret, a statement) found by `rule`; `key` keys it.
    pub fn of(key: &[u8], rule: &str, content: &[u8]) -> Fingerprint {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Fingerprint::default() };
        mac.update(rule.as_bytes());
        mac.update(&[0]);
        mac.update(content);
        let hash = mac.finalize().into_bytes();
        Fingerprint(hash.iter().take(16).fold(0, |value, &byte| value << 8 | u128::from(byte)))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = ();

    fn from_str(text: &str) -> Result<Fingerprint, ()> {
        let digits = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if digits { u128::from_str_radix(text, 16).map(Fingerprint).map_err(drop) } else { Err(()) }
    }
}
