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

/// The built-in rules, sorted by id. Decoded on the first call, which costs well under a millisecond.
pub fn builtin() -> &'static [Rule] {
    static CELL: OnceLock<Vec<Rule>> = OnceLock::new();
    // The blob was written by this crate's build script from the same types.
    CELL.get_or_init(|| postcard::from_bytes(RULES).unwrap_or_default())
}

/// What the built-in rule `id` says to people. Decoded apart from the rules, since a clean scan never reads it.
pub fn about(id: &str) -> Option<&'static About> {
    static CELL: OnceLock<Vec<About>> = OnceLock::new();
    let index = builtin().binary_search_by(|rule| rule.id.as_str().cmp(id)).ok()?;
    CELL.get_or_init(|| postcard::from_bytes(ABOUT).unwrap_or_default()).get(index)
}

/// The page of a rule on the web.
pub fn page(id: &str) -> String {
    format!("https://keylint.dev/rules/{id}")
}
