//! The identity of a finding: a keyed hash of its rule and its secret. It keeps a report from showing the value; it does
//! not protect a value that can be guessed, which is why weak ones are identified by their name instead.

use hmac::{Hmac, Mac};
use keylint_diagnostics::Fingerprint;
use sha2::Sha256;

/// The fingerprint of `secret` found by `rule`; `key` keys it.
pub fn of(key: &[u8], rule: &str, secret: &[u8]) -> Fingerprint {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Fingerprint::default() };
    mac.update(rule.as_bytes());
    mac.update(&[0]);
    mac.update(secret);
    let hash = mac.finalize().into_bytes();
    Fingerprint(hash.iter().take(16).fold(0, |value, &byte| value << 8 | u128::from(byte)))
}
