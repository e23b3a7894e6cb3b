//! What a SARIF log says of a rule.
//! Not here: what a result says.

use keylint_diagnostics::{Confidence, Severity};
use keylint_rules::{About, Family, Rule, Secret};

use super::model::{Configuration, Help, ReportingDescriptor, RuleProperties, Text};
use crate::escape;

/// GitHub takes at most this many characters of a full description.
const MAX_DESCRIPTION: usize = 1024;

/// A rule that spoke; `own` is what it says where it is one of the user. `severity` is the worst it spoke with, which the
/// configuration may have moved.
pub(super) fn descriptor(id: &str, rules: &[Rule], own: Option<&About>, severity: Severity) -> ReportingDescriptor {
    let rule = rules.iter().find(|rule| rule.id == id);
    let built_in = keylint_rules::about(id).filter(|_| own.is_none());
    let about = own.or(built_in);
    let title = rule.map_or(id, |rule| rule.title.as_str());
    let docs = about.map_or(title, |about| about.docs.as_str());
    let page = built_in.map(|_| keylint_rules::page(id));
    ReportingDescriptor {
        id: id.into(),
        name: pascal(id),
        short_description: Text::new(sentence(title)),
        full_description: Text::new(sentence(&cut(&escape::one_line(docs), MAX_DESCRIPTION - 1))),
        help: Help {
            text: help(docs, about, page.as_deref(), false),
            markdown: help(docs, about, page.as_deref(), true),
        },
        // A page of the provider's own is the next best.
        help_uri: page.or_else(|| about?.references.first().cloned()),
        default_configuration: Configuration { level: level(severity) },
        properties: RuleProperties {
            security_severity: score(severity),
            precision: precision(rule.and_then(|rule| rule.secret.as_ref())),
            tags: tags(rule.map_or(Family::Secret, |rule| rule.family)),
        },
    }
}

/// GitHub reads above 9.0 as critical, from 7.0 as high, from 4.0 as medium, from 0.1 as low.
fn score(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// How often a finding of the rule is right: a checksum proves it, a shape of its own nearly so, a name does not.
fn precision(secret: Option<&Secret>) -> &'static str {
    let Some(secret) = secret else { return "high" };
    let usual = if secret.pattern.is_some() { Confidence::High } else { Confidence::Medium };
    match secret.confidence.unwrap_or(usual) {
        Confidence::High if secret.checksum.is_some() => "very-high",
        Confidence::Certain => "very-high",
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn tags(family: Family) -> Vec<&'static str> {
    match family {
        // Use of hard-coded credentials.
        Family::Secret => vec!["security", "secret", "external/cwe/cwe-798"],
        // Incorrect permission assignment for a critical resource.
        Family::Policy => vec!["security", "policy", "external/cwe/cwe-732"],
        Family::Infrastructure => vec!["security", "infrastructure"],
        Family::Code => vec!["security", "code"],
    }
}

/// What it is, what to do, where to read on.
fn help(docs: &str, about: Option<&About>, page: Option<&str>, markdown: bool) -> String {
    let mut text = String::from(docs);
    if let Some(about) = about {
        let response = &about.response;
        let steps = [("Contain", &response.contain), ("Revoke", &response.revoke), ("Audit", &response.audit)];
        for (name, step) in steps.into_iter().filter(|(_, step)| !step.is_empty()) {
            let name = if markdown { format!("**{name}**") } else { name.into() };
            text.push_str(&format!("\n\n{name}: {step}"));
        }
        for (index, reference) in about.references.iter().enumerate() {
            text.push_str(if index == 0 { "\n\n" } else { "\n" });
            text.push_str(&if markdown { format!("- <{reference}>") } else { reference.clone() });
        }
    }
    if let Some(page) = page {
        text.push_str(&if markdown { format!("\n\n[The rule's page]({page})") } else { format!("\n\n{page}") });
    }
    text
}

/// `aws-access-key` as `AwsAccessKey`, which is how SARIF names rules.
fn pascal(id: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect::<String>()
    };
    id.split('-').map(capital).collect()
}

/// `text` with a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…']) { text.into() } else { format!("{text}.") }
}

/// At most `max` characters, cut between words.
fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.into(),
        Some((end, _)) => {
            // One character is kept free for the ellipsis.
            let head = text[..end].char_indices().next_back().map_or("", |(last, _)| &text[..last]);
            format!("{}…", head.rsplit_once(' ').map_or(head, |(words, _)| words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shaped() {
        assert_eq!(pascal("aws-access-key"), "AwsAccessKey");
        assert_eq!(sentence("AWS access key"), "AWS access key.");
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 9), "one two…");
        assert_eq!(cut("ééééé", 3), "éé…");
    }
}
