//! What is said of a finding under the pointer: the secret masked, why it is believed, what to do.
//! Not here: the texts of the rules (`rules/`).

use keylint_diagnostics::{Diagnostic, Label, Mask};
use keylint_rules::About;

use crate::{
    scan::Scanned,
    show::{self, UNUSED},
};

/// The findings that `offset` lies in, as Markdown or as plain text.
pub(crate) fn at<'s>(
    scanned: &'s Scanned,
    text: &[u8],
    offset: u32,
    settings: &crate::client::Settings,
    markdown: bool,
) -> Option<(String, &'s Label)> {
    let shown = scanned.diagnostics.iter().filter(|diagnostic| show::is_shown(diagnostic, settings));
    let mut first = None;
    let mut parts = Vec::new();
    for diagnostic in shown {
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        let mut here = labels.filter(|label| label.path.is_none());
        let under = here.find(|label| label.span.start <= offset && offset <= label.span.end);
        if let Some(label) = under {
            first = first.or(Some(label));
            parts.push(finding(diagnostic, scanned, text, label, markdown));
        }
    }
    Some((parts.join(if markdown { "\n\n---\n\n" } else { "\n\n" }), first?))
}

fn finding(diagnostic: &Diagnostic, scanned: &Scanned, text: &[u8], label: &Label, markdown: bool) -> String {
    let rule = diagnostic.rule.as_str();
    let style = Style { markdown };
    let mut parts = vec![format!(
        "{} {} {}, {} confidence",
        style.bold(&diagnostic.message),
        style.code(rule),
        diagnostic.severity,
        diagnostic.confidence
    )];
    if let Some(mask) = label.mask {
        parts.push(style.code(&masked(mask, label.span.of(text))));
    }
    let evidence: Vec<String> = diagnostic.evidence.iter().map(|evidence| style.item(&evidence.text)).collect();
    if !evidence.is_empty() {
        parts.push(format!("{}\n{}", style.bold("Why"), evidence.join("\n")));
    }
    if let Some(about) = scanned.scope.about(rule) {
        parts.extend(said(about, style));
    }
    let fixes: Vec<String> = diagnostic.fixes.iter().map(|fix| style.item(&fix.title)).collect();
    if !fixes.is_empty() {
        parts.push(format!("{}\n{}", style.bold("Fix"), fixes.join("\n")));
    }
    if scanned.scope.own(rule).is_none() && markdown && rule != UNUSED {
        parts.push(format!("[{rule}]({})", keylint_rules::page(rule)));
    }
    parts.join("\n\n")
}

/// The page of a rule, for a comment that names it.
pub(crate) fn rule(scanned: &Scanned, id: &str, markdown: bool) -> Option<String> {
    let about = scanned.scope.about(id)?;
    let style = Style { markdown };
    let title = scanned.scope.own(id).map(|file| &file.rule);
    let title = title.or_else(|| keylint_rules::builtin().iter().find(|rule| rule.id == id))?;
    let mut parts = vec![format!("{} {} {}", style.bold(&title.title), style.code(id), title.severity)];
    parts.extend(said(about, style));
    Some(parts.join("\n\n"))
}

/// What a rule says to people.
fn said(about: &About, style: Style) -> Vec<String> {
    let response = [
        ("If it leaked", &about.response.contain),
        ("Revoke", &about.response.revoke),
        ("See what was done with it", &about.response.audit),
    ];
    let steps = response.iter().filter(|(_, text)| !text.is_empty());
    let steps: Vec<String> = steps.map(|(title, text)| style.item(&format!("{title}: {text}"))).collect();
    [about.docs.trim().to_string(), steps.join("\n")].into_iter().filter(|text| !text.is_empty()).collect()
}

/// The secret as it may be shown; of one with several lines nothing.
fn masked(mask: Mask, secret: &[u8]) -> String {
    if secret.contains(&b'\n') { Mask::HIDDEN.apply(secret) } else { mask.apply(secret) }
}

#[derive(Clone, Copy)]
struct Style {
    markdown: bool,
}

impl Style {
    fn bold(self, text: &str) -> String {
        if self.markdown { format!("**{text}**") } else { text.into() }
    }

    /// A backtick would end the code early.
    fn code(self, text: &str) -> String {
        if self.markdown { format!("`{}`", text.replace('`', "'")) } else { text.into() }
    }

    fn item(self, text: &str) -> String {
        format!("- {}", text.replace('\n', " "))
    }
}
