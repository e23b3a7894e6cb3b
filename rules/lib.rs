//! The rules of keylint: one file each, packed at build time, and the type they are read into.
//! Not here: how rules are run. [`RuleFile::parse`] reads user rules, which have the same format.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod expand;
mod format;
mod measure;

use std::sync::OnceLock;

pub use format::{About, Example, Family, Near, Response, Rule, RuleError, RuleFile, Secret, Stage, ended};
pub use measure::{MAX_MATCH, Measure, fold};

static RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));
static ABOUT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/about.bin"));

/// The built-in rules, sorted by id, decoded for the caller to keep: about a millisecond.
pub fn decode() -> Vec<Rule> {
    // The blob was written by this crate's build script from the same types.
    postcard::from_bytes(RULES).unwrap_or_default()
}

/// The built-in rules, sorted by id, decoded once.
pub fn builtin() -> &'static [Rule] {
    static CELL: OnceLock<Vec<Rule>> = OnceLock::new();
    CELL.get_or_init(decode)
}

/// Tells the built-in rules of two builds apart.
pub fn digest() -> u64 {
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv: stable, and nobody gains by a collision.
    RULES.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// What the built-in rule `id` says to people. Decoded apart from the rules, since a clean scan never reads it.
pub fn about(id: &str) -> Option<&'static About> {
    static CELL: OnceLock<Vec<About>> = OnceLock::new();
    let index = builtin().binary_search_by(|rule| rule.id.as_str().cmp(id)).ok()?;
    CELL.get_or_init(|| postcard::from_bytes(ABOUT).unwrap_or_default()).get(index)
}

/// The page of a built-in secret rule on the web: its file, which says all there is to say.
pub fn page(id: &str) -> String {
    format!("https://github.com/keylint/keylint/blob/main/rules/secret/{id}.toml")
}
