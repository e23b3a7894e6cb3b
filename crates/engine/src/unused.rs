//! Reports comments of ours that suppress nothing: they hide what may come to stand beside them.
//! Not here: which ones do (`suppression.rs`). Comments of other scanners are never reported; they may serve those.

use std::sync::OnceLock;

use keylint_diagnostics::{Confidence, Diagnostic, Document, Evidence, EvidenceKind, Fingerprint, Label, Severity};
use keylint_rules::Rule;
use keylint_syntax::Place;

use crate::{config::nearest, select, suppression::Own};

/// The rule that speaks; its file says what it is, its logic is here.
const RULE: &str = "unused-suppression";

/// What must be known to tell that a comment is unused.
#[derive(Debug)]
pub(crate) struct Unused {
    severity: Severity,
    /// The rules that run, sorted; the default ones are listed on first need.
    running: OnceLock<Vec<String>>,
    /// Whether all do that could.
    all: bool,
    key: Vec<u8>,
}

/// Unused comments reported for one document: a file with more has one cause.
const MOST: usize = 200;
/// Of these, so many get a suggestion: looking for the nearest of a thousand names is not free.
const SUGGESTED: usize = 10;

impl Unused {
    /// `None` where the rule does not run. `rules` are those that do, by id; `all` says that none were left out by name.
    pub(crate) fn new(rules: &[Rule], all: bool, key: &[u8]) -> Option<Unused> {
        let severity = rules.iter().find(|rule| rule.id == RULE)?.severity;
        Some(Unused { severity, running: OnceLock::from(ids(rules)), all, key: key.into() })
    }

    /// The same for the rules that run by default.
    pub(crate) fn builtin(key: &[u8]) -> Option<Unused> {
        let rule = keylint_rules::nth(keylint_rules::number(RULE)?);
        let severity = rule.is_default().then_some(rule.severity)?;
        Some(Unused { severity, running: OnceLock::new(), all: true, key: key.into() })
    }

    fn running(&self) -> &[String] {
        self.running.get_or_init(|| ids(&select::builtin()))
    }

    /// A finding for each of `comments` that nothing needs.
    pub(crate) fn diagnostics(&self, document: &Document<'_>, comments: &[Own]) -> Vec<Diagnostic> {
        // Prose quotes comments.
        if Place::of(document.path).documentation {
            return Vec::new();
        }
        let dead = comments.iter().filter(|own| own.commented && self.decided(own));
        dead.take(MOST).enumerate().map(|(place, own)| self.diagnostic(document, own, place < SUGGESTED)).collect()
    }

    /// Whether every rule that the comment could speak of has run.
    fn decided(&self, own: &Own) -> bool {
        let silent = |rule: &String| !self.runs(rule) && keylint_rules::builtin().iter().any(|known| known.id == *rule);
        if own.rules.is_empty() { self.all } else { !own.rules.iter().any(silent) }
    }

    fn runs(&self, rule: &str) -> bool {
        self.running().binary_search_by(|known| known.as_str().cmp(rule)).is_ok()
    }

    fn diagnostic(&self, document: &Document<'_>, own: &Own, suggest: bool) -> Diagnostic {
        let unknown = |rule: &&String| !self.runs(rule);
        let names = || self.running().iter().map(String::as_str);
        let said = |rule: &String| match suggest.then(|| nearest(rule, names())).flatten() {
            Some(hint) => format!("no rule is called `{rule}`, did you mean `{hint}`?"),
            None => format!("no rule is called `{rule}`"),
        };
        let evidence = |text| Evidence { kind: EvidenceKind::Context, text };
        let text = own.at.of(document.text).to_ascii_lowercase();
        Diagnostic {
            rule: RULE.into(),
            severity: self.severity,
            confidence: Confidence::High,
            message: "This comment suppresses no finding".into(),
            primary: Label { path: None, span: own.at, text: String::new(), mask: None },
            related: Vec::new(),
            evidence: own.rules.iter().filter(unknown).map(|rule| evidence(said(rule))).collect(),
            fixes: Vec::new(),
            fingerprint: Fingerprint::of(&self.key, RULE, &text),
            suppressed: None,
        }
    }
}

/// The ids of rules.
fn ids(rules: &[Rule]) -> Vec<String> {
    rules.iter().map(|rule| rule.id.clone()).collect()
}
