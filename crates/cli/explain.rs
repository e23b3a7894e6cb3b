//! The commands `rules` and `explain`: what the rules say to people.
//! Not here: the texts themselves (`rules/`).

use std::{collections::BTreeMap, collections::BTreeSet, fmt::Write, process::ExitCode};

use anyhow::bail;
use keylint_engine::config::nearest;
use keylint_report::printable;
use keylint_rules::{About, Rule};
use serde_json::json;

use crate::{
    args::{ExplainArgs, GlobalArgs, ListFormat, RuleChoice, RulesArgs},
    config_file::{self, Scope},
    shell,
    terminal::Terminal,
};

/// The rules as the configuration of the current folder has them.
struct Catalogue {
    scope: &'static Scope,
    rules: BTreeMap<String, Rule>,
    /// Ids of the rules that run.
    active: BTreeSet<String>,
}

impl Catalogue {
    fn new(choice: &RuleChoice) -> anyhow::Result<Catalogue> {
        let scope = config_file::here(choice)?;
        let own = scope.loaded.rules.iter().map(|file| &file.rule);
        let all = keylint_rules::builtin().iter().chain(own).chain(scope.engine.rules());
        let rules = all.map(|rule| (rule.id.clone(), rule.clone())).collect();
        let active = scope.engine.rules().iter().map(|rule| rule.id.clone()).collect();
        Ok(Catalogue { scope, rules, active })
    }

    fn about(&self, id: &str) -> About {
        let own = self.scope.loaded.rules.iter().find(|file| file.rule.id == id).map(|file| &file.about);
        own.or_else(|| keylint_rules::about(id)).cloned().unwrap_or_default()
    }

    /// The rule of this id, now or formerly.
    fn rule(&self, id: &str) -> anyhow::Result<&Rule> {
        let formerly = || self.rules.values().find(|rule| rule.formerly.iter().any(|former| former == id));
        if let Some(rule) = self.rules.get(id).or_else(formerly) {
            return Ok(rule);
        }
        match nearest(id, self.rules.keys().map(String::as_str)) {
            Some(hint) => bail!("no rule is called `{id}`, did you mean `{hint}`?"),
            None => bail!("no rule is called `{id}`; `keylint rules` lists them"),
        }
    }
}

/// Runs `rules`.
pub(crate) fn rules(args: &RulesArgs) -> anyhow::Result<ExitCode> {
    let catalogue = Catalogue::new(&args.choice)?;
    let text = match args.format {
        ListFormat::Text => rules_text(&catalogue),
        ListFormat::Json => rules_json(&catalogue)?,
    };
    shell::print(text.as_bytes())
}

fn rules_text(catalogue: &Catalogue) -> String {
    let width = catalogue.rules.keys().map(String::len).max().unwrap_or(0);
    let mut out = String::new();
    for rule in catalogue.rules.values() {
        let state = match () {
            () if catalogue.active.contains(&rule.id) => "",
            () if rule.stage == keylint_rules::Stage::Preview => " (preview)",
            () => " (off)",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:width$}  {:8}  {}{state}", rule.id, rule.severity.as_str(), printable(&rule.title));
    }
    out
}

fn rules_json(catalogue: &Catalogue) -> anyhow::Result<String> {
    let entry = |rule: &Rule| {
        let about = catalogue.about(&rule.id);
        json!({
            "id": rule.id,
            "family": rule.family,
            "title": rule.title,
            "severity": rule.severity,
            "stage": rule.stage,
            "since": rule.since,
            "formerly": rule.formerly,
            "active": catalogue.active.contains(&rule.id),
            "page": keylint_rules::page(&rule.id),
            "keywords": rule.secret.as_ref().map(|secret| secret.keywords.clone()).unwrap_or_default(),
            "docs": about.docs,
            "references": about.references,
            "response": { "contain": about.response.contain, "revoke": about.response.revoke, "audit": about.response.audit },
        })
    };
    let rules: Vec<_> = catalogue.rules.values().map(entry).collect();
    Ok(serde_json::to_string_pretty(&json!({ "version": 1, "rules": rules }))? + "\n")
}

/// Runs `explain`.
pub(crate) fn explain(args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let catalogue = Catalogue::new(&args.choice)?;
    let rule = catalogue.rule(&args.rule)?;
    let color = Terminal::detect(global.color).color;
    shell::print(page(rule, &catalogue.about(&rule.id), catalogue.active.contains(&rule.id), color).as_bytes())
}

fn page(rule: &Rule, about: &About, active: bool, color: bool) -> String {
    let bold = |text: &str| if color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_string() };
    let mut out = format!("{}: {}\n", bold(&rule.id), printable(&rule.title));
    let mut facts = vec![
        format!("family {}", rule.family.as_str()),
        format!("severity {}", rule.severity),
        format!("since {}", rule.since),
    ];
    if rule.stage == keylint_rules::Stage::Preview {
        facts.push("in preview".into());
    }
    if !active {
        facts.push("does not run here".into());
    }
    if !rule.formerly.is_empty() {
        facts.push(format!("formerly {}", rule.formerly.join(", ")));
    }
    let keywords = rule.secret.as_ref().map(|secret| secret.keywords.join(", ")).unwrap_or_default();
    let references: Vec<_> = about
        .references
        .iter()
        .map(String::as_str)
        .chain([&*keylint_rules::page(&rule.id)])
        .map(String::from)
        .collect();
    let sections = [
        ("", facts.join(" · ")),
        ("", about.docs.clone()),
        ("If it leaked", about.response.contain.clone()),
        ("Revoke", about.response.revoke.clone()),
        ("See what was done with it", about.response.audit.clone()),
        ("Keywords", keywords),
        ("References", references.join("\n")),
    ];
    for (title, text) in sections.iter().filter(|(_, text)| !text.is_empty()) {
        out.push('\n');
        let indent = if title.is_empty() { "" } else { "  " };
        if !title.is_empty() {
            let _ = writeln!(out, "{}", bold(title));
        }
        for line in text.lines() {
            let _ = writeln!(out, "{indent}{}", printable(line));
        }
    }
    out
}
