//! Reads the configuration of secretlint and ggshield.
//! Not here: gitleaks, detect-secrets and kingfisher, which say more.

use std::{fs, path::Path};

use keylint_engine::config::Allow;
use serde_json::Value as Json;

use super::{
    gitleaks::compiles,
    plan::{Plan, Record, Value},
    tables::{strings, yaml},
};
use crate::terminal::counted;

/// The first of `names` that is in `root`: its name and its content, which is YAML or JSON.
pub(super) fn first(root: &Path, names: &[&str], plan: &mut Plan) -> Option<(String, Json)> {
    let name = names.iter().find(|name| root.join(name).is_file())?;
    let text = fs::read_to_string(root.join(name)).map_err(|error| error.to_string());
    match text.and_then(|text| yaml(&text)) {
        Ok(value) => Some((name.to_string(), value)),
        Err(error) => {
            plan.lose(*name, format!("it cannot be read: {error}"));
            None
        }
    }
}

/// Reads `.secretlintrc` (<https://github.com/secretlint/secretlint/blob/master/docs/configuration.md>) and
/// `.secretlintignore`.
pub(super) fn secretlint(root: &Path, plan: &mut Plan) {
    if let Ok(text) = fs::read_to_string(root.join(".secretlintignore")) {
        ignore_file(".secretlintignore", &text, plan);
    }
    if root.join(".secretlintrc.js").is_file() {
        plan.lose(".secretlintrc.js", "it is a program, and keylint runs none");
    }
    let names = [".secretlintrc.json", ".secretlintrc", ".secretlintrc.yml", ".secretlintrc.yaml"];
    let Some((name, file)) = first(root, &names, plan) else { return };
    let rules = file.get("rules").and_then(Json::as_array).cloned().unwrap_or_default();
    plan.read.push(format!("{name}: {}", counted(rules.len(), "rule")));
    for rule in &rules {
        secretlint_rule(&name, rule, plan);
        // A preset has its rules inside.
        for inner in rule.get("rules").and_then(Json::as_array).into_iter().flatten() {
            secretlint_rule(&name, inner, plan);
        }
    }
}

fn secretlint_rule(name: &str, rule: &Json, plan: &mut Plan) {
    let id = rule.get("id").and_then(Json::as_str).unwrap_or_default();
    let provider = id.rsplit("secretlint-rule-").next().unwrap_or_default();
    let known = !provider.starts_with("preset-")
        && keylint_rules::builtin().iter().any(|rule| rule.id.starts_with(&format!("{provider}-")));
    let rules: Vec<String> = known.then(|| format!("{provider}-*")).into_iter().collect();
    if rule.get("disabled").and_then(Json::as_bool) == Some(true) {
        match rules.first() {
            Some(rule) => plan.ignore.push(rule.clone()),
            None => plan.lose(name, format!("`{id}` is switched off; keylint's rules for it are not known")),
        }
        return;
    }
    if !strings(rule.get("allowMessageIds")).is_empty() {
        plan.lose(name, format!("`allowMessageIds` of `{id}` has no counterpart"));
    }
    let mut patterns = Vec::new();
    for source in strings(rule.get("options").and_then(|options| options.get("allows"))) {
        let pattern = javascript(&source);
        match compiles(&pattern) {
            Ok(()) => patterns.push(pattern),
            Err(error) => plan.lose(name, format!("the pattern `{source}` does not compile here: {error}")),
        }
    }
    if !patterns.is_empty() {
        plan.allow.push(Allow { rules, patterns, reason: Some(format!("allowed in {name}")), ..Allow::default() });
    }
}

/// `/pattern/flags`, or a text that is meant as it stands.
fn javascript(source: &str) -> String {
    match source.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) {
        Some((pattern, flags)) if flags.bytes().all(|flag| flag.is_ascii_lowercase()) => {
            if flags.contains('i') {
                format!("(?i){pattern}")
            } else {
                pattern.into()
            }
        }
        _ => regex_syntax::escape(source),
    }
}

/// Reads a file in the format of `.gitignore`.
fn ignore_file(name: &str, text: &str, plan: &mut Plan) {
    let mut count = 0;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        match line.as_bytes().first() {
            None | Some(b'#') => {}
            Some(b'!') => plan
                .lose(format!("{name}:{}", index + 1), "`!` has no counterpart in `exclude`; `.keylintignore` has it"),
            Some(_) => {
                count += 1;
                plan.exclude.push(line.into());
            }
        }
    }
    plan.read.push(format!("{name}: {}", counted(count, "path")));
}

/// Reads `.gitguardian.yaml` (<https://docs.gitguardian.com/ggshield-docs/configuration>), versions 1 and 2.
pub(super) fn ggshield(root: &Path, plan: &mut Plan) {
    let names = [".gitguardian.yaml", ".gitguardian.yml"];
    let Some((name, file)) = first(root, &names, plan) else { return };
    let secret = file.get("secret").unwrap_or(&file);
    let get = |keys: &[&str]| keys.iter().find_map(|key| secret.get(*key));
    let paths = strings(get(&["ignored_paths", "ignored-paths", "paths-ignore", "paths_ignore"]));
    let matches = get(&["ignored_matches", "ignored-matches", "matches-ignore", "matches_ignore"]);
    let matches = matches.and_then(Json::as_array).cloned().unwrap_or_default();
    plan.read.push(format!("{name}: {}, {}", counted(paths.len(), "path"), counted(matches.len(), "finding")));
    plan.exclude.extend(paths);
    for (index, entry) in matches.iter().enumerate() {
        let Some(value) = entry.as_str().or_else(|| entry.get("match")?.as_str()) else { continue };
        let digest = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        let said = entry.get("name").and_then(Json::as_str).map(str::trim).filter(|said| !said.is_empty());
        plan.records.push(Record {
            source: format!("{name}, ignored match {}", index + 1),
            path: None,
            commit: None,
            line: None,
            value: if digest { Value::Sha256(value.to_ascii_lowercase()) } else { Value::Plain(value.into()) },
            reason: said.map_or_else(|| format!("ignored in {name}"), |said| format!("ignored in {name}: {said}")),
        });
    }
    for detector in
        strings(get(&["ignored_detectors", "ignored-detectors", "banlisted-detectors", "banlisted_detectors"]))
    {
        plan.lose(&name, format!("the detector `{detector}` is ignored; keylint's rules for it are not known"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_javascript_are_read() {
        assert_eq!(javascript("/ab+c/i"), "(?i)ab+c");
        assert_eq!(javascript("/a/"), "a");
        assert_eq!(javascript("a.b"), r"a\.b");
    }
}
