//! Rules made ready to run: patterns read, keywords collected, names resolved to indices. Not the scanning.

use std::collections::BTreeMap;

use keylint_diagnostics::{Confidence, Severity};
use keylint_rules::{Rule, Secret, ended};

use crate::{
    checksum::Checksum,
    encoded::{self, Form},
    generic::{NAME_WORDS, Promise},
    overlap::Rank,
    pattern::Pattern,
    prefilter::{Keyword, Prefilter},
    structure::Structure,
};

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
    /// Whether its secrets begin with their keyword, and so can be told inside an encoding.
    fn is_token(&self) -> bool {
        matches!(&self.search, Search::Pattern(pattern) if pattern.measure.at_keyword() && !pattern.measure.place)
    }

    pub(crate) fn rank(&self) -> Rank {
        match &self.search {
            Search::Binding(_) => Rank::Generic,
            Search::Value { .. } => Rank::Named,
            // A secret inside a larger match is told by its place: a URL, a header, a file format.
            Search::Pattern(pattern) if pattern.measure.place => Rank::Place,
            Search::Pattern(_) => Rank::Pattern,
        }
    }
}

/// What a keyword leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// A rule, when one of these bytes follows the keyword (`keylint_rules::fold`ed values).
    Rule { rule: u16, next: u128 },
    /// Text to decode.
    Encoded(Form),
}

/// The rules and what leads to them.
pub(crate) struct Ruleset {
    pub(crate) rules: Vec<Ready>,
    pub(crate) prefilter: Prefilter,
    /// For each keyword of the prefilter, what it leads to.
    pub(crate) leads: Vec<Vec<Lead>>,
}

/// The rules whose logic is `generic.rs`: their files hold metadata, and the names are the keywords.
pub(crate) const GENERIC: [(&str, Promise); 2] =
    [("generic-password", Promise::Password), ("generic-secret", Promise::Token)];

impl Ruleset {
    /// Makes `rules` ready. Patterns are read but not compiled, which would cost a hundred times as much.
    pub(crate) fn new(rules: &[Rule]) -> Result<Ruleset, BuildError> {
        let secrets: Vec<(&Rule, &Secret)> =
            rules.iter().filter_map(|rule| Some((rule, rule.secret.as_ref()?))).collect();
        let index_of = |id: &str| secrets.iter().position(|(rule, _)| rule.id == id).map(|index| index as u16);
        let mut ready = Vec::with_capacity(secrets.len());
        let mut leads: BTreeMap<Keyword, Vec<Lead>> = BTreeMap::new();
        let mut forms = Vec::new();
        for (index, (rule, secret)) in secrets.iter().enumerate() {
            let compiled = read(rule, secret, &index_of)?;
            let index = index as u16;
            match &compiled.search {
                Search::Binding(promise) => {
                    for (word, _) in NAME_WORDS.iter().filter(|(_, kept)| kept == promise) {
                        let keyword = Keyword { bytes: word.as_bytes().to_vec(), fold: true };
                        leads.entry(keyword).or_default().push(Lead::Rule { rule: index, next: u128::MAX });
                    }
                }
                Search::Pattern(_) | Search::Value { .. } => {
                    let fold = folds(secret);
                    for (place, word) in secret.keywords.iter().enumerate() {
                        let bytes =
                            if fold { word.to_ascii_lowercase().into_bytes() } else { word.clone().into_bytes() };
                        let next = secret.measure.next.get(place).copied().unwrap_or(u128::MAX);
                        if compiled.is_token() && !fold && bytes.len() >= 4 {
                            encoded::forms(&bytes, &mut forms);
                        }
                        leads.entry(Keyword { bytes, fold }).or_default().push(Lead::Rule { rule: index, next });
                    }
                }
            }
            ready.push(compiled);
        }
        for (keyword, form) in forms {
            let leads = leads.entry(keyword).or_default();
            if !leads.contains(&Lead::Encoded(form)) {
                leads.push(Lead::Encoded(form));
            }
        }
        let next = |leads: &[Lead]| {
            leads
                .iter()
                .fold(0, |known, lead| known | if let Lead::Rule { next, .. } = lead { *next } else { u128::MAX })
        };
        let (keywords, leads) = leads.into_iter().map(|(keyword, leads)| ((keyword, next(&leads)), leads)).unzip();
        Ok(Ruleset { rules: ready, prefilter: Prefilter::new(keywords), leads })
    }
}

/// Whether the keywords of a rule are found in any case: names always, tokens where the pattern says so.
fn folds(secret: &Secret) -> bool {
    secret.pattern.as_ref().is_none_or(|pattern| pattern.contains("(?i"))
}

fn read(rule: &Rule, secret: &Secret, index_of: &dyn Fn(&str) -> Option<u16>) -> Result<Ready, BuildError> {
    let refuse = |key: &str, reason: String| BuildError { rule: rule.id.clone(), key: key.into(), reason };
    if let Some(short) = secret.keywords.iter().find(|keyword| keyword.len() < 3 || !keyword.is_ascii()) {
        return Err(refuse("keywords", format!("`{short}` is shorter than 3 bytes or not ASCII")));
    }
    let generic = GENERIC.iter().find(|(id, _)| *id == rule.id);
    let search = match (generic, &secret.pattern, &secret.value) {
        (Some((_, promise)), ..) => Search::Binding(*promise),
        (None, Some(source), _) => Search::Pattern(Pattern::new(source, secret.measure.clone())),
        (None, None, source) => Search::Value {
            value: Pattern::new(&ended(source.as_deref().unwrap_or_default()), secret.measure.clone()),
            name: secret.name.as_deref().map(Pattern::within),
            random: secret.randomness.unwrap_or(true),
        },
    };
    let named = |key, name: &Option<String>| match name {
        Some(name) => Err(refuse(key, format!("`{name}` is not known"))),
        None => Ok(()),
    };
    let checksum = secret.checksum.as_deref().and_then(Checksum::named);
    let structure = secret.structure.as_deref().and_then(Structure::named);
    if checksum.is_none() {
        named("checksum", &secret.checksum)?;
    }
    if structure.is_none() {
        named("structure", &secret.structure)?;
    }
    let default = match search {
        Search::Pattern(_) => Confidence::High,
        _ => Confidence::Medium,
    };
    Ok(Ready {
        id: rule.id.as_str().into(),
        title: rule.title.clone(),
        severity: rule.severity,
        allow: secret.allow.iter().map(|source| Pattern::within(source)).collect(),
        public: secret.public,
        confidence: secret.confidence.unwrap_or(default),
        keywords: secret.keywords.iter().map(|keyword| keyword.clone().into_bytes()).collect(),
        longest_keyword: secret.keywords.iter().map(String::len).max().unwrap_or(0),
        // A partner that does not run cannot join.
        near: secret
            .near
            .as_ref()
            .and_then(|near| Some((index_of(&near.rule)?, near.within as usize, near.title.clone()))),
        search,
        checksum,
        structure,
    })
}
