//! A line above each policy with findings: how many, and the worst of them. Not here: secrets, which have squiggles only.

use keylint_diagnostics::{Diagnostic, Severity, Span};
use keylint_rules::Family;

use crate::{
    client::Settings,
    scan::Scanned,
    show,
    text::Lines,
    types::{CodeLens, Command, Range},
};

/// Findings in so many bytes of each other belong to one policy, where the engine does not say more.
const NEAR: u32 = 4096;

/// The lenses of a document.
pub(crate) fn of(
    scanned: &Scanned,
    text: &[u8],
    settings: &Settings,
    unit: keylint_diagnostics::Unit,
) -> Vec<CodeLens> {
    let rules = scanned.scope.engine.rules();
    let policy = |diagnostic: &&Diagnostic| {
        let rule = rules.binary_search_by(|rule| rule.id.as_str().cmp(diagnostic.rule.as_str()));
        rule.is_ok_and(|index| rules[index].family == Family::Policy) && show::is_shown(diagnostic, settings)
    };
    let lines = Lines::new(text, unit);
    groups(scanned.diagnostics.iter().filter(policy))
        .iter()
        .map(|group| {
            let start = lines.position(lines.line(group.span.start).start);
            let command = Command { title: group.title(), command: "", arguments: Vec::new() };
            CodeLens { range: Range { start, end: start }, command }
        })
        .collect()
}

/// A policy and what was found in it.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    span: Span,
    count: usize,
    worst: Severity,
    message: String,
}

impl Group {
    fn title(&self) -> String {
        let more = match self.count {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        format!("{}: {}{more}", self.worst, self.message)
    }
}

/// Findings, in order, by policy.
fn groups<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for diagnostic in diagnostics {
        let span = diagnostic.primary.span;
        match groups.last_mut() {
            Some(group) if span.start <= group.span.end.saturating_add(NEAR) => {
                group.count += 1;
                group.span.end = group.span.end.max(span.end);
                if diagnostic.severity > group.worst {
                    group.worst = diagnostic.severity;
                    group.message.clone_from(&diagnostic.message);
                }
            }
            _ => groups.push(Group { span, count: 1, worst: diagnostic.severity, message: diagnostic.message.clone() }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use keylint_diagnostics::{Confidence, Fingerprint, Label};

    use super::*;

    #[test]
    fn one_lens_for_each_policy() {
        let finding = |start: u32, severity, message: &str| Diagnostic {
            rule: "iam-any".into(),
            severity,
            confidence: Confidence::High,
            message: message.into(),
            primary: Label { path: None, span: Span { start, end: start + 1 }, text: String::new(), mask: None },
            related: Vec::new(),
            evidence: Vec::new(),
            fixes: Vec::new(),
            fingerprint: Fingerprint(0),
            suppressed: None,
        };
        let all =
            [finding(10, Severity::Low, "a"), finding(20, Severity::High, "b"), finding(90_000, Severity::Medium, "c")];
        let titles: Vec<String> = groups(all.iter()).iter().map(Group::title).collect();
        assert_eq!(titles, ["high: b, and 1 more", "medium: c"]);
    }
}
