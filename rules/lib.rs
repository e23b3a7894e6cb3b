//! The rules of keylint: one file each, packed at build time, and the type they are read into.
//! Not here: how rules are run. [`RuleFile::parse`] reads user rules, which have the same format.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod expand;
mod format;
mod measure;
mod read;

use std::{cmp::Ordering, sync::OnceLock};

pub use format::{About, Example, Family, Near, Policy, Response, Rule, RuleError, RuleFile, Secret, Stage, ended};
pub use measure::{MAX_MATCH, Measure, fold, is_plain};

/// The frameworks whose controls built-in rules name, each with its version.
pub const FRAMEWORKS: &[&str] =
    &["cis-1.4", "cis-3.0", "fsbp", "hipaa", "iso-27001-2022", "nist-800-53-r5", "pci-dss-4", "soc-2"];

static RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));
static ABOUT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/about.bin"));

/// How many built-in rules there are.
pub fn count() -> usize {
    header(0)
}

/// How many of them run by default.
pub fn default_count() -> usize {
    header(1)
}

/// The rules that run by default and are about no secret: a scan needs these at once, and they are few.
pub fn default_others() -> Vec<Rule> {
    (0..header(2)).map(|place| nth(header(HEADER + place))).collect()
}

/// Counts at the begin of the packed rules.
const HEADER: usize = 4;

fn header(place: usize) -> usize {
    RULES.as_chunks().0.get(place).map_or(0, |count| u32::from_le_bytes(*count) as usize)
}

/// The built-in rule of this number, decoded alone. A number that no rule has gives a rule that finds nothing.
pub fn nth(number: usize) -> Rule {
    // The blob was written by this crate's build script from the same type.
    let decoded = packed(number).and_then(|packed| postcard::take_from_bytes(packed).ok());
    let (mut rule, sets): (Rule, &[u8]) = decoded.unwrap_or_else(|| (Rule::nothing(), &[]));
    if let Some(secret) = &mut rule.secret {
        let known = RULES.get(sets_at()..).unwrap_or_default().as_chunks().0;
        let set = |number: &u8| known.get(usize::from(*number)).map_or(u128::MAX, |set| u128::from_le_bytes(*set));
        secret.measure.next = sets.iter().map(set).collect();
    }
    rule
}

/// The number of the built-in rule `id`, by which the rules are sorted.
pub fn number(id: &str) -> Option<usize> {
    let (mut low, mut high) = (0, count());
    while low < high {
        let middle = (low + high) / 2;
        // The id is the first field.
        let (known, _): (&str, _) = postcard::take_from_bytes(packed(middle)?).ok()?;
        match known.cmp(id) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Some(middle),
            Ordering::Greater => high = middle,
        }
    }
    None
}

/// Where the sets of bytes begin that may follow keywords.
fn sets_at() -> usize {
    4 * (HEADER + header(2))
}

/// A built-in rule as it is stored: behind the sets stand the lengths of all, and then they.
fn packed(number: usize) -> Option<&'static [u8]> {
    static ENDS: OnceLock<Vec<usize>> = OnceLock::new();
    let (lengths, rules) = RULES.get(sets_at() + 16 * header(3)..)?.split_at_checked(2 * count())?;
    let ends = ENDS.get_or_init(|| {
        let sum = |end: &mut usize, length: &[u8; 2]| {
            *end += usize::from(u16::from_le_bytes(*length));
            Some(*end)
        };
        lengths.as_chunks().0.iter().scan(0, sum).collect()
    });
    let start = number.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
    rules.get(start..*ends.get(number)?)
}

/// The built-in rules, sorted by id, decoded for the caller to keep: about a millisecond.
pub fn decode() -> Vec<Rule> {
    (0..count()).map(nth).collect()
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

/// What rules say to people. Where it is stored apart (`build.rs`), the host provides it.
static TEXTS: OnceLock<Vec<About>> = OnceLock::new();

/// The texts of the built-in rules, as [`provide_texts`] takes them; empty where they are stored apart.
pub fn packed_texts() -> &'static [u8] {
    ABOUT
}

/// Takes the texts of the built-in rules, for a build that was made without them. Gives whether they are those of these
/// rules, and none were there.
pub fn provide_texts(packed: &[u8]) -> bool {
    let texts: Vec<About> = postcard::from_bytes(packed).unwrap_or_default();
    texts.len() == count() && TEXTS.set(texts).is_ok()
}

/// What the built-in rule `id` says to people. Decoded apart from the rules, since a clean scan never reads it.
pub fn about(id: &str) -> Option<&'static About> {
    let index = number(id)?;
    if ABOUT.is_empty() {
        return TEXTS.get()?.get(index);
    }
    TEXTS.get_or_init(|| postcard::from_bytes(ABOUT).unwrap_or_default()).get(index)
}

/// The page of a built-in rule on the web: its file, which says all there is to say.
pub fn page(id: &str) -> String {
    let family = number(id).map_or(Family::Secret, |number| nth(number).family).as_str();
    format!("https://github.com/keylint/keylint/blob/main/rules/{family}/{id}.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_of_known_frameworks() {
        let framework = |control: &str| control.split(':').next().map(str::to_string);
        let mut named: Vec<String> =
            builtin().iter().flat_map(|rule| &rule.compliance).filter_map(|control| framework(control)).collect();
        named.sort();
        named.dedup();
        assert_eq!(named, FRAMEWORKS);
    }

    #[test]
    fn a_control_has_a_framework_and_no_space() {
        let read = |control: &str| {
            let text = format!(
                "title = 'a'\nseverity = 'low'\nsince = '0.1.0'\nreferences = []\ndocs = 'a'\ncompliance = ['{control}']\n[policy]\ncode = true\n"
            );
            RuleFile::parse(Family::Policy, "a", &text).is_ok()
        };
        for good in ["hipaa:164.312(a)(1)", "iso-27001-2022:A.8.2", "soc-2:CC6.3", "acme:4/2"] {
            assert!(read(good), "{good}");
        }
        for bad in ["CC6.3", "soc-2:", ":CC6.3", "SOC 2:CC6.3", "soc-2:CC6.3 ", "soc-2: CC6.3"] {
            assert!(!read(bad), "{bad}");
        }
    }
}
