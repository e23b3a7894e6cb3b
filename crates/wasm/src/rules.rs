//! The rules as JavaScript sees them. Not here: which of them run.

use keylint_rules::{About, Rule};
use serde::Serialize;

#[derive(Serialize)]
struct RuleOut<'a> {
    id: &'a str,
    family: &'static str,
    title: &'a str,
    severity: &'static str,
    stage: keylint_rules::Stage,
    since: &'a str,
    formerly: &'a [String],
    page: String,
    keywords: &'a [String],
    docs: &'a str,
    references: &'a [String],
    response: &'a keylint_rules::Response,
}

/// All of them.
pub(crate) fn list() -> String {
    let none = About::default();
    let rules: Vec<_> = keylint_rules::builtin().iter().map(|rule| out(rule, &none)).collect();
    crate::json(&rules)
}

/// The one of this id, now or formerly.
pub(crate) fn one(id: &str) -> Option<String> {
    let rules = keylint_rules::builtin();
    let formerly = || rules.iter().find(|rule| rule.formerly.iter().any(|former| former == id));
    let rule = rules.iter().find(|rule| rule.id == id).or_else(formerly)?;
    Some(crate::json(&out(rule, &About::default())))
}

fn out<'a>(rule: &'a Rule, none: &'a About) -> RuleOut<'a> {
    let about = keylint_rules::about(&rule.id).unwrap_or(none);
    RuleOut {
        id: &rule.id,
        family: rule.family.as_str(),
        title: &rule.title,
        severity: rule.severity.as_str(),
        stage: rule.stage,
        since: &rule.since,
        formerly: &rule.formerly,
        page: keylint_rules::page(&rule.id),
        keywords: rule.secret.as_ref().map(|secret| &secret.keywords[..]).unwrap_or_default(),
        docs: &about.docs,
        references: &about.references,
        response: &about.response,
    }
}
