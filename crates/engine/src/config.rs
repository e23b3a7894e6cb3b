//! What a run is told: which rules, how severe, what to leave out. A plain struct, and its own builder.
//! Not here: where configuration files are looked for; hosts do that and hand their text to [`parse`].

mod exclude;
mod parse;
mod suggest;

pub use exclude::exclude;
pub use parse::{ConfigError, ConfigFile, KEYS, parse};
pub use suggest::nearest;

use keylint_diagnostics::{Map, Severity};
use keylint_policy::PolicyKind;
use keylint_rules::RuleFile;

/// The configuration of an engine. `Config::default()` runs every stable built-in rule.
#[derive(Clone, Debug)]
pub struct Config {
    /// Only these rules (ids, families, or ids with `*`); empty means all.
    pub select: Vec<String>,
    /// Never these rules.
    pub ignore: Vec<String>,
    /// Severities that differ from the rule's own, by id.
    pub severities: Map<String, Severity>,
    /// Whether rules in preview run.
    pub preview: bool,
    /// Only rules that this version of keylint had, `major.minor.patch`: new rules stay out of a pinned pipeline.
    pub rules_edition: Option<String>,
    /// Rules of the user, beside the built-in ones; one with the id of a built-in rule replaces it.
    pub rules: Vec<RuleFile>,
    /// What is known not to be a leak.
    pub allow: Vec<Allow>,
    /// Whether comments that suppress findings are honoured.
    pub inline: bool,
    /// Whether comments of other scanners are honoured too.
    pub foreign_comments: bool,
    /// Whether a comment of ours without a reason suppresses nothing.
    pub require_reason: bool,
    /// Today, `YYYY-MM-DD`: the only clock. Without it nothing expires.
    pub today: Option<String>,
    /// What every policy is attached to whose place does not say it.
    pub policy_type: Option<PolicyKind>,
    /// Whether policies are looked for in documents of any name.
    pub policies_anywhere: bool,
    /// Only rules that speak to controls whose names begin with one of these, as in `pci-dss-4`; empty means all.
    pub compliance: Vec<String>,
    /// Keys the fingerprints. Comes from the baseline, so that only its readers can compare values; else a public constant.
    pub fingerprint_key: Option<Vec<u8>>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            select: Vec::new(),
            ignore: Vec::new(),
            severities: Map::new(),
            preview: false,
            rules_edition: None,
            rules: Vec::new(),
            allow: Vec::new(),
            inline: true,
            foreign_comments: true,
            require_reason: false,
            today: None,
            policy_type: None,
            policies_anywhere: false,
            compliance: Vec::new(),
            fingerprint_key: None,
        }
    }
}

/// An entry of the allow-list: everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Rules it speaks of (as in `select`); empty means all.
    pub rules: Vec<String>,
    /// Globs of paths; empty means all.
    pub paths: Vec<String>,
    /// Patterns searched in the path, for what no glob can say; with `paths`, one of either must fit.
    pub path_patterns: Vec<String>,
    /// Patterns searched in the secret; empty means any.
    pub patterns: Vec<String>,
    /// Words of which the secret contains one, ignoring case; empty means any.
    pub words: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}
