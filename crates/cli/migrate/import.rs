//! Makes a rule file of a rule of another scanner: a pattern made to fit, with keywords that every match holds, and proved
//! to compile. Not here: the files that such rules stand in (`gitleaks.rs`, `kingfisher.rs`), or patterns (`pattern.rs`).

use std::fmt::Write;

use keylint_diagnostics::Confidence;
use keylint_rules::{Family, RuleFile};
use keylint_secrets::{Detector, prefilter_gap};

use super::pattern;
use crate::config_show::{list, quoted};

/// A rule of another scanner.
pub(super) struct Foreign<'r> {
    /// The scanner's name.
    pub(super) scanner: &'static str,
    /// Where the rule stands.
    pub(super) place: &'r str,
    pub(super) id: &'r str,
    pub(super) title: &'r str,
    pub(super) pattern: &'r str,
    /// The number of the group that holds the secret; 0 for the first one, if there is any.
    pub(super) group: u32,
    /// Words that the scanner looks for before it tries the pattern.
    pub(super) keywords: Vec<String>,
    pub(super) confidence: Option<Confidence>,
    pub(super) references: Vec<String>,
}

/// The same rule as one of keylint.
#[derive(Debug, Default)]
pub(super) struct Converted {
    /// Id and text.
    pub(super) file: Option<(String, String)>,
    /// What it says now that it did not before.
    pub(super) notes: Vec<String>,
}

impl Foreign<'_> {
    /// Makes the rule fit: bounded, with keywords that every match holds, and proved to compile.
    pub(super) fn convert(&self) -> Result<Converted, String> {
        let here = name(self.id);
        let given = (!self.keywords.is_empty()).then(|| self.keywords.clone());
        let mut last = String::new();
        for bound in pattern::BOUNDS {
            let mut fitted = pattern::fit(self.pattern, self.group, bound)?;
            let derived = pattern::keywords(&fitted.source);
            for keywords in derived.iter().chain(&given) {
                let text = self.text(keywords, ("pattern", &fitted.source));
                match prove(&here, &text) {
                    Ok(()) => return Ok(Converted { file: Some((here, text)), notes: fitted.notes }),
                    Err(reason) => last = reason,
                }
            }
            // The keyword stands near the match and not in it: the value that a name tells.
            if let Some(given) = given.as_ref().filter(|_| derived.is_none() && !fitted.source.contains("(?<secret>")) {
                let text = self.text(given, ("value", &fitted.source));
                if prove(&here, &text).is_ok() {
                    fitted
                        .notes
                        .push("its keywords stand outside of what it matches: only values near one are found".into());
                    return Ok(Converted { file: Some((here, text)), notes: fitted.notes });
                }
            }
        }
        Err(if last.is_empty() { "no literal of three bytes stands in all that it matches".into() } else { last })
    }

    fn text(&self, keywords: &[String], (key, source): (&str, &str)) -> String {
        let docs = format!(
            "Imported from the {} rule `{}` ({}). Say here what a thief can do with it and how to revoke it.",
            self.scanner, self.id, self.place
        );
        let mut text = format!(
            "title = {}\nseverity = \"high\"\nsince = \"{}\"\nreferences = {}\ndocs = {}\n\n[secret]\nkeywords = {}\n{key} = {}\n",
            quoted(self.title.trim_end_matches('.')),
            env!("CARGO_PKG_VERSION"),
            list(&self.references),
            quoted(&docs),
            list(keywords),
            quoted(source),
        );
        if let Some(confidence) = self.confidence {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "confidence = {}", quoted(confidence.as_str()));
        }
        text
    }
}

/// The id here: kebab-case, and not one that replaces a rule of keylint.
fn name(id: &str) -> String {
    let fold = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = id.chars().map(fold).collect();
    let name = name.trim_matches('-').to_string();
    let taken = keylint_rules::builtin().iter().any(|rule| rule.id == name);
    if taken || name.is_empty() { format!("imported-{name}").trim_end_matches('-').into() } else { name }
}

/// Whether the rule reads, compiles, and would be found by its keywords.
fn prove(id: &str, text: &str) -> Result<(), String> {
    let file = RuleFile::parse(Family::Secret, id, text).map_err(|error| error.reason)?;
    Detector::new(std::slice::from_ref(&file.rule), b"", None)
        .and_then(|detector| detector.compile())
        .map_err(|error| error.reason)?;
    match file.rule.secret.as_ref().map(prefilter_gap) {
        Some(Ok(Some(_))) => Err("it matches texts without any of its keywords".into()),
        Some(Err(reason)) => Err(reason),
        Some(Ok(None)) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_replace_no_rule() {
        assert_eq!(name("Acme_Token 2"), "acme-token-2");
        assert_eq!(name("slack-bot-token"), "imported-slack-bot-token");
    }
}
