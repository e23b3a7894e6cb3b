//! Reads `kingfisher.yaml`, the baseline that it names, and rules in Kingfisher's own format.
//! Not here: rules in gitleaks' format, which it takes too (`gitleaks.rs`).
//!
//! Formats: <https://mongodb.github.io/kingfisher/usage/configuration>, <https://mongodb.github.io/kingfisher/rules/overview>.

use std::{
    fs,
    path::{Path, PathBuf},
};

use keylint_engine::config::Allow;
use serde_json::Value as Json;

use super::{
    gitleaks::{self, compiles},
    import::Foreign,
    others::first,
    pattern,
    plan::{Plan, Record, Value},
    tables::{strings, yaml},
};
use crate::{place::slashed, terminal::counted};

/// The group of a pattern that holds the secret, where it has a name.
const GROUP: &str = "TOKEN";
/// Folders below a folder of rules; a link may lead in a circle.
const MAX_DEPTH: usize = 8;
/// What a rule may say that has no counterpart here, and why.
const NOT_TAKEN: [(&str, &str); 5] = [
    ("min_entropy", "a rule with a pattern looks at no randomness"),
    ("pattern_requirements", "a pattern says all itself; write classes of characters into it"),
    ("depends_on_rule", "the rule speaks alone; `near` names a partner"),
    ("validation", "keylint asks no service"),
    ("revocation", "keylint asks no service; `[response]` says how a person revokes it"),
];

/// Reads everything of kingfisher that is in `root`.
pub(super) fn read(root: &Path, plan: &mut Plan) -> anyhow::Result<()> {
    let names = ["kingfisher.yaml", "kingfisher.yml", ".kingfisher.yaml", ".kingfisher.yml"];
    let Some((name, file)) = first(root, &names, plan) else { return Ok(()) };
    let filters = file.get("filters").cloned().unwrap_or_default();
    let (exclude, words, patterns) =
        (strings(filters.get("exclude")), strings(filters.get("skip_words")), strings(filters.get("skip_regex")));
    let counts = [(exclude.len(), "path"), (words.len(), "word"), (patterns.len(), "pattern")];
    let counts = counts.map(|(count, noun)| counted(count, noun)).join(", ");
    plan.read.push(format!("{name}: {counts}"));
    plan.exclude.extend(exclude);
    let reason = Some(format!("skipped in {name}"));
    if !words.is_empty() {
        plan.allow.push(Allow { words, reason: reason.clone(), ..Allow::default() });
    }
    for pattern in patterns {
        match compiles(&pattern) {
            Ok(()) => plan.allow.push(Allow { patterns: vec![pattern], reason: reason.clone(), ..Allow::default() }),
            Err(error) => plan.lose(&name, format!("the pattern `{pattern}` does not compile here: {error}")),
        }
    }
    let rules = file.get("rules").cloned().unwrap_or_default();
    for id in strings(rules.get("disabled")) {
        // The name of a rule is `kingfisher.provider.1`.
        let provider = id.trim_start_matches("kingfisher.").split('.').next().unwrap_or_default().to_string();
        match keylint_rules::builtin().iter().any(|rule| rule.id.starts_with(&format!("{provider}-"))) {
            true => plan.ignore.push(format!("{provider}-*")),
            false => plan.lose(&name, format!("the rule `{id}` is switched off; keylint's rules for it are not known")),
        }
    }
    for path in strings(rules.get("paths")) {
        self::rules(&root.join(path), root, plan)?;
    }
    for (key, what) in [
        ("skip_aws_accounts", "accounts cannot be left out; accept the findings in the baseline"),
        ("extra_ignore_comments", "other comments are not honoured"),
    ] {
        if !strings(filters.get(key)).is_empty() {
            plan.lose(&name, format!("`{key}`: {what}"));
        }
    }
    if let Some(path) = file.get("baseline").and_then(|baseline| baseline.get("file")).and_then(Json::as_str) {
        baseline(root, path.trim_start_matches("./"), plan);
    }
    Ok(())
}

/// Reads a file of rules, or all of those below a folder, in Kingfisher's format or in that of gitleaks.
pub(super) fn rules(path: &Path, root: &Path, plan: &mut Plan) -> anyhow::Result<()> {
    let mut files = Vec::new();
    below(path, 0, &mut files);
    if files.is_empty() {
        plan.lose(shown(path, root), "no file of rules is there (`.yml`, `.yaml`, `.toml`)");
    }
    for file in files {
        let name = shown(&file, root);
        if ends(&file, &["toml"]) {
            gitleaks::config(root, &name, 0, plan)?;
            continue;
        }
        let text = fs::read_to_string(&file).map_err(|error| error.to_string());
        match text.and_then(|text| yaml(&text)) {
            Ok(value) => rule_file(&name, &value, plan),
            Err(error) => plan.lose(name, format!("it cannot be read: {error}")),
        }
    }
    Ok(())
}

fn shown(path: &Path, root: &Path) -> String {
    let plain: PathBuf = path.components().collect();
    slashed(plain.strip_prefix(root).unwrap_or(&plain))
}

fn ends(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
}

/// The files of rules below `path`, in order.
fn below(path: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        if path.is_file() && ends(path, &["yml", "yaml", "toml"]) {
            files.push(path.into());
        }
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths.iter().filter(|_| depth < MAX_DEPTH) {
        below(path, depth + 1, files);
    }
}

fn rule_file(name: &str, file: &Json, plan: &mut Plan) {
    let rules = file.get("rules").and_then(Json::as_array).cloned().unwrap_or_default();
    plan.read.push(format!("{name}: {}", counted(rules.len(), "rule")));
    // The examples in it are tokens, which it would be a pity to find again.
    if Path::new(name).is_relative() {
        plan.exclude.push(format!("/{name}"));
    }
    for rule in &rules {
        import(name, rule, plan);
    }
}

/// Makes a rule file of one entry.
fn import(name: &str, rule: &Json, plan: &mut Plan) {
    let word = |key: &str| rule.get(key).and_then(Json::as_str).map(str::trim).filter(|word| !word.is_empty());
    let (Some(id), Some(source)) = (word("id"), word("pattern")) else {
        return plan.lose(name, "a rule without an `id` or a `pattern`");
    };
    if rule.get("visible").and_then(Json::as_bool) == Some(false) {
        return plan.lose(name, format!("rule `{id}`: it is not visible there, and only helps to validate another"));
    }
    let source = pattern::plain(source);
    let references = strings(rule.get("references")).into_iter().filter(|link| link.starts_with("https://"));
    let foreign = Foreign {
        scanner: "kingfisher",
        place: name,
        id,
        title: word("name").unwrap_or(id),
        pattern: &source,
        group: pattern::group(&source, GROUP).unwrap_or(0),
        keywords: Vec::new(),
        confidence: word("confidence").and_then(|word| word.parse().ok()),
        references: references.collect(),
    };
    let converted = match foreign.convert() {
        Ok(converted) => converted,
        Err(reason) => return plan.lose(name, format!("rule `{id}`: {reason}")),
    };
    let requirements = rule.get("pattern_requirements");
    let words = strings(requirements.and_then(|requirements| requirements.get("ignore_if_contains")));
    if let Some((here, _)) = converted.file.as_ref().filter(|_| !words.is_empty()) {
        let reason = Some(format!("`ignore_if_contains` in {name}"));
        plan.allow.push(Allow { rules: vec![here.clone()], words, reason, ..Allow::default() });
    }
    let asks = |key: &str| match rule.get(key) {
        Some(Json::Object(keys)) => keys.keys().any(|key| key != "ignore_if_contains"),
        Some(value) => !value.is_null(),
        None => false,
    };
    let not_taken = NOT_TAKEN.iter().filter(|(key, _)| asks(key)).map(|(key, why)| format!("`{key}`: {why}"));
    for note in converted.notes.into_iter().chain(not_taken) {
        plan.lose(name, format!("rule `{id}`: {note}"));
    }
    plan.rules.extend(converted.file);
}

/// Reads `ExactFindings`, of which keylint understands the places, not the fingerprints.
fn baseline(root: &Path, name: &str, plan: &mut Plan) {
    let Some((name, file)) = first(root, &[name], plan) else { return };
    let found = file.get("ExactFindings").and_then(|found| found.get("matches")).and_then(Json::as_array);
    let found = found.cloned().unwrap_or_default();
    plan.read.push(format!("{name}: {}", counted(found.len(), "finding")));
    plan.exclude.push(format!("/{name}"));
    for (index, entry) in found.iter().enumerate() {
        let Some(path) = entry.get("filepath").and_then(Json::as_str) else { continue };
        let line = entry.get("linenum").and_then(Json::as_u64).and_then(|line| u32::try_from(line).ok());
        plan.records.push(Record {
            source: format!("{name}, match {}", index + 1),
            path: Some(path.trim_end_matches('/').trim_start_matches("./").to_string()),
            commit: None,
            line,
            value: Value::Unknown,
            reason: format!("accepted in {name}"),
        });
    }
}
