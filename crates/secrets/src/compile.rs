//! Rules made ready to run: patterns read, keywords collected, names resolved to indices. Not the scanning.

use std::{ops::Index, sync::OnceLock};

use keylint_diagnostics::{Confidence, Severity};
use keylint_rules::{Rule, Secret, ended};

use crate::{
    checksum::Checksum,
    generic::Promise,
    named,
    overlap::Rank,
    pattern::Pattern,
    structure::Structure,
    table::{GENERIC_PASSWORD, GENERIC_SECRET, Table},
};

/// The table of the default rules' keywords.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/table.bin"));
static KEYWORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keywords.bin"));

/// Why rules could not be made ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule `{rule}`, `{key}`: {reason}")]
pub struct BuildError {
    /// The rule.
    pub rule: String,
    /// The key in its `[secret]` table.
    pub key: String,
    /// What is wrong.
    pub reason: String,
}

/// A rule with its patterns read.
pub(crate) struct Ready {
    pub(crate) id: keylint_diagnostics::RuleId,
    pub(crate) title: String,
    pub(crate) severity: Severity,
    pub(crate) search: Search,
    pub(crate) checksum: Option<Checksum>,
    pub(crate) structure: Option<Structure>,
    pub(crate) allow: Vec<Pattern>,
    pub(crate) public: bool,
    /// Whether it asks for an id, which names somebody and opens nothing alone.
    pub(crate) identifies: bool,
    pub(crate) confidence: Confidence,
    pub(crate) keywords: Vec<Vec<u8>>,
    pub(crate) longest_keyword: usize,
    /// Rule index, distance and title of the pair.
    pub(crate) near: Option<(u16, usize, String)>,
}

/// How a rule finds its secrets.
pub(crate) enum Search {
    Pattern(Pattern),
    Value {
        value: Pattern,
        name: Option<Pattern>,
        random: bool,
    },
    /// The generic rule: any binding whose name keeps this promise.
    Binding(Promise),
}

impl Ready {
    pub(crate) fn rank(&self) -> Rank {
        match &self.search {
            Search::Binding(_) => Rank::Generic,
            Search::Value { .. } => Rank::Named,
            // The file says more of the key in it than the key does.
            Search::Pattern(_) if self.structure == Some(Structure::GcpServiceAccount) => Rank::Pattern,
            // A secret inside a larger match is told by its place: a URL, a header, a file format.
            Search::Pattern(pattern) if pattern.measure.place => match self.structure {
                Some(Structure::Password | Structure::BasicAuthorization) => Rank::Place,
                _ => Rank::ProviderPlace,
            },
            Search::Pattern(_) => Rank::Pattern,
        }
    }
}

/// The rules and what leads to them.
pub(crate) struct Ruleset {
    pub(crate) rules: Rules,
    pub(crate) table: Table,
}

/// The rules by index. Those of the default set are unpacked on first need: a scan meets few of them.
pub(crate) struct Rules {
    ready: Vec<OnceLock<Box<Ready>>>,
    /// For each rule its number among the built-in ones, while it is not ready; empty where all are.
    numbers: Vec<u16>,
}

/// The rules whose logic is `generic.rs`: their files hold metadata.
const PROMISES: [(&str, Promise); 2] = [(GENERIC_PASSWORD, Promise::Password), (GENERIC_SECRET, Promise::Token)];

impl Ruleset {
    /// The secret rules that run by default.
    pub(crate) fn builtin() -> Ruleset {
        // One of them was written by this crate's build script, and the other is empty.
        let table = Table::read(TABLE).or_else(|| Table::unpack(KEYWORDS)).unwrap_or_else(|| Table::of(&[]));
        let numbers: Vec<u16> = table.members().collect();
        let ready = std::iter::repeat_with(OnceLock::new).take(numbers.len()).collect();
        Ruleset { rules: Rules { ready, numbers }, table }
    }

    /// Makes `rules` ready. Patterns are read but not compiled, which would cost a hundred times as much.
    pub(crate) fn new(rules: &[Rule]) -> Result<Ruleset, BuildError> {
        let secrets: Vec<&Rule> = rules.iter().filter(|rule| rule.secret.is_some()).collect();
        let index_of = |id: &str| secrets.iter().position(|rule| rule.id == id).map(|index| index as u16);
        let mut ready = Vec::with_capacity(secrets.len());
        for &rule in &secrets {
            if let Some(secret) = &rule.secret {
                check(rule, secret)?;
            }
            ready.push(OnceLock::from(Box::new(read(rule, &index_of))));
        }
        Ok(Ruleset { rules: Rules { ready, numbers: Vec::new() }, table: Table::of(&secrets) })
    }
}

impl Rules {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ready.len()
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Ready> {
        (0..self.len()).map(|index| &self[index])
    }
}

impl Index<usize> for Rules {
    type Output = Ready;

    fn index(&self, index: usize) -> &Ready {
        self.ready[index].get_or_init(|| {
            let number = |id: &str| Some(keylint_rules::number(id)? as u16);
            let index_of = |id: &str| Some(self.numbers.binary_search(&number(id)?).ok()? as u16);
            Box::new(read(&keylint_rules::nth(self.numbers[index].into()), &index_of))
        })
    }
}

/// Refuses a rule that cannot be made ready.
fn check(rule: &Rule, secret: &Secret) -> Result<(), BuildError> {
    let refuse = |key: &str, reason: String| Err(BuildError { rule: rule.id.clone(), key: key.into(), reason });
    let unknown = |name: &Option<String>, known: &dyn Fn(&str) -> bool| name.clone().filter(|name| !known(name));
    if let Some(short) = secret.keywords.iter().find(|keyword| keyword.len() < 3 || !keyword.is_ascii()) {
        return refuse("keywords", format!("`{short}` is shorter than 3 bytes or not ASCII"));
    }
    if let Some(long) = secret.keywords.iter().find(|keyword| keyword.len() > LONGEST_KEYWORD) {
        return refuse("keywords", format!("`{long}` is longer than {LONGEST_KEYWORD} bytes"));
    }
    if let Some(name) = unknown(&secret.checksum, &|name| Checksum::named(name).is_some()) {
        return refuse("checksum", format!("`{name}` is not known"));
    }
    if let Some(name) = unknown(&secret.structure, &|name| Structure::named(name).is_some()) {
        return refuse("structure", format!("`{name}` is not known"));
    }
    Ok(())
}

/// Longest keyword: a tenth of it tells any token.
const LONGEST_KEYWORD: usize = 256;

fn read(rule: &Rule, index_of: &dyn Fn(&str) -> Option<u16>) -> Ready {
    let nothing = Secret::default();
    let secret = rule.secret.as_ref().unwrap_or(&nothing);
    let generic = PROMISES.iter().find(|(id, _)| *id == rule.id);
    let search = match (generic, &secret.pattern, &secret.value) {
        (Some((_, promise)), ..) => Search::Binding(*promise),
        (None, Some(source), _) => Search::Pattern(Pattern::new(source, secret.measure.clone())),
        (None, None, source) => Search::Value {
            value: Pattern::new(&ended(source.as_deref().unwrap_or_default()), secret.measure.clone()),
            name: secret.name.as_deref().map(Pattern::within),
            random: secret.randomness.unwrap_or(true),
        },
    };
    let default = match search {
        Search::Pattern(_) => Confidence::High,
        _ => Confidence::Medium,
    };
    Ready {
        id: rule.id.as_str().into(),
        title: rule.title.clone(),
        severity: rule.severity,
        allow: secret.allow.iter().map(|source| Pattern::within(source)).collect(),
        public: secret.public,
        identifies: named::identifies(&rule.id),
        confidence: secret.confidence.unwrap_or(default),
        keywords: secret.keywords.iter().map(|keyword| keyword.clone().into_bytes()).collect(),
        longest_keyword: secret.keywords.iter().map(String::len).max().unwrap_or(0),
        // A partner that does not run cannot join.
        near: secret
            .near
            .as_ref()
            .and_then(|near| Some((index_of(&near.rule)?, near.within as usize, near.title.clone()))),
        search,
        checksum: secret.checksum.as_deref().and_then(Checksum::named),
        structure: secret.structure.as_deref().and_then(Structure::named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_rules_are_what_their_files_say() {
        let packed = Ruleset::builtin();
        let rules: Vec<Rule> = keylint_rules::decode().into_iter().filter(Rule::is_default).collect();
        let built = Ruleset::new(&rules).expect("built-in rules");
        assert_eq!(packed.rules.len(), built.rules.len());
        for (packed, built) in packed.rules.iter().zip(built.rules.iter()) {
            assert_eq!((&packed.id, &packed.near), (&built.id, &built.near));
        }
        let numbers: Vec<u16> = packed.table.members().collect();
        let built = built.table.with_members(numbers.iter().copied());
        assert!(packed.table.whole() == built.whole(), "another table");
        let secrets: Vec<&Rule> = rules.iter().filter(|rule| rule.secret.is_some()).collect();
        let keywords = Table::keywords_of(&secrets).with_members(numbers.into_iter());
        let unpacked = Table::unpack(&keywords.pack()).expect("keywords");
        assert!(unpacked.whole() == built.whole(), "another table of the keywords");
    }
}
