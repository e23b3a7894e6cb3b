//! Reads what gitleaks and betterleaks are configured with: `.gitleaks.toml`, `.gitleaksignore`, JSON reports.
//! Not here: how patterns are made to fit (`pattern.rs`), or which findings records mean (`records.rs`).
//!
//! Formats: <https://github.com/gitleaks/gitleaks#configuration>, `config/config.go` and `detect/baseline.go` there.

use std::{fs, path::Path};

use keylint_engine::config::Allow;
use serde_json::Value as Json;

use super::{
    counterparts,
    import::{Converted, Foreign},
    paths,
    plan::{Plan, Record, Value},
    tables::{Node, Toml, entry, items, keys, number, word, words},
};
use crate::terminal::counted;

/// Names of the configuration file; the first one is taken, as gitleaks does.
pub(super) const CONFIGS: [&str; 4] = [".gitleaks.toml", "gitleaks.toml", ".betterleaks.toml", ".config/gitleaks.toml"];
/// The list of findings to ignore.
pub(super) const IGNORE: &str = ".gitleaksignore";
/// Files that extend each other are followed so far, as gitleaks does.
const MAX_EXTENDS: usize = 2;

/// Reads everything of gitleaks that is in `root`.
pub(super) fn read(root: &Path, plan: &mut Plan) -> anyhow::Result<()> {
    if let Some(name) = CONFIGS.iter().find(|name| root.join(name).is_file()) {
        config(root, name, 0, plan)?;
    }
    if let Ok(text) = fs::read_to_string(root.join(IGNORE)) {
        ignore(&text, plan);
    }
    Ok(())
}

/// Reads a configuration file and those that it extends.
pub(super) fn config(root: &Path, name: &str, depth: usize, plan: &mut Plan) -> anyhow::Result<()> {
    let text = match fs::read_to_string(root.join(name)) {
        Ok(text) => text,
        Err(error) => {
            plan.lose(name, format!("it cannot be read: {error}"));
            return Ok(());
        }
    };
    let toml = match Toml::parse(&text, name) {
        Ok(toml) => toml,
        Err(error) => {
            plan.lose(name, format!("it is not TOML: {error}"));
            return Ok(());
        }
    };
    let (rules, lists) =
        (items(toml.get("rules")), [items(toml.get("allowlists")), items(toml.get("allowlist"))].concat());
    plan.read.push(format!("{name}: {}, {}", counted(rules.len(), "rule"), counted(lists.len(), "allow-list")));
    let own: Vec<&str> = rules.iter().filter_map(|rule| word(rule, "id")).collect();
    let mut names = Names { own: &own, imported: Vec::new() };
    for rule in &rules {
        import(&toml, rule, &mut names, plan);
    }
    for entry in lists {
        allow(&toml, entry, None, &names, plan);
    }
    let Some(extend) = toml.get("extend") else { return Ok(()) };
    for (node, id) in words(extend, "disabledRules") {
        match names.of(&id) {
            Some(rule) => plan.ignore.push(rule),
            None => plan.lose(
                toml.place(node),
                format!("the rule `{id}` is switched off; keylint's rules for it are not known"),
            ),
        }
    }
    if let Some(node) = entry(extend, "url") {
        plan.lose(toml.place(node), "a configuration on the web is not fetched");
    }
    match word(extend, "path") {
        Some(path) if depth < MAX_EXTENDS => config(root, path, depth + 1, plan),
        Some(path) => {
            plan.lose(name, format!("`{path}`: files extend each other too deeply"));
            Ok(())
        }
        None => Ok(()),
    }
}

/// How rules of gitleaks are called here.
struct Names<'t> {
    /// The ids in the file.
    own: &'t [&'t str],
    /// The ids of those that were imported, there and here.
    imported: Vec<(String, String)>,
}

impl Names<'_> {
    fn of(&self, id: &str) -> Option<String> {
        let imported = self.imported.iter().find(|(there, _)| there == id).map(|(_, here)| here.clone());
        imported.or_else(|| if self.own.contains(&id) { None } else { counterparts::of(id) })
    }
}

/// Makes a rule file of one `[[rules]]` table.
fn import(toml: &Toml<'_>, node: &Node<'_>, names: &mut Names<'_>, plan: &mut Plan) {
    let place = toml.place(node);
    let Some(id) = word(node, "id") else { return plan.lose(place, "a rule without an `id`") };
    let rule = match entry(node, "regex").and_then(|regex| regex.get_ref().as_str()) {
        Some(_) if id == "generic-api-key" => {
            Err("keylint's `generic-secret` and `generic-password` stand for it".into())
        }
        Some(regex) => convert(id, regex, node, &place),
        None if entry(node, "path").is_some() => Err("it finds files by their path, and keylint looks at texts".into()),
        // A table that only adds allow-lists to a rule of the default configuration.
        None => Ok(Converted::default()),
    };
    match rule {
        Err(reason) => {
            if let Some(rule) = counterparts::of(id) {
                names.imported.push((id.into(), rule));
            }
            plan.lose(place.clone(), format!("rule `{id}`: {reason}"));
        }
        Ok(converted) => {
            if let Some((here, text)) = converted.file {
                names.imported.push((id.into(), here.clone()));
                plan.rules.push((here, text));
            }
            for note in converted.notes {
                plan.lose(place.clone(), format!("rule `{id}`: {note}"));
            }
        }
    }
    for (key, text) in [
        ("entropy", "`entropy` is not taken over; keylint leaves out values that look made up"),
        ("path", "`path` is not taken over: the rule runs on all paths"),
        ("required", "`required` is not taken over: the rule speaks alone"),
    ] {
        if let Some(value) = entry(node, key).filter(|_| entry(node, "regex").is_some()) {
            plan.lose(toml.place(value), format!("rule `{id}`: {text}"));
        }
    }
    let lists = [items(entry(node, "allowlists")), items(entry(node, "allowlist"))].concat();
    if id == "generic-api-key" && entry(node, "regex").is_some() && !lists.is_empty() {
        // A copy of gitleaks' own rule, whose thousand stop words would silence real secrets of ours.
        return plan.lose(place, format!("rule `{id}`: its allow-lists belong to its pattern and are not taken over"));
    }
    for list in lists {
        match names.of(id) {
            Some(rule) => allow(toml, list, Some(rule), names, plan),
            None => plan.lose(toml.place(list), format!("an allow-list of the rule `{id}`, which is not known here")),
        }
    }
}

fn convert(id: &str, regex: &str, node: &Node<'_>, place: &str) -> Result<Converted, String> {
    let title = word(node, "description").map(str::trim).filter(|text| !text.is_empty()).unwrap_or(id);
    let foreign = Foreign {
        scanner: "gitleaks",
        place,
        id,
        title,
        pattern: regex,
        group: number(node, "secretGroup").unwrap_or(0),
        keywords: words(node, "keywords").into_iter().map(|(_, word)| word).collect(),
        confidence: None,
        references: Vec::new(),
    };
    foreign.convert()
}

/// Takes over an allow-list, of one rule or of all.
fn allow(toml: &Toml<'_>, node: &Node<'_>, rule: Option<String>, names: &Names<'_>, plan: &mut Plan) {
    let place = toml.place(node);
    let mut rules: Vec<String> = rule.into_iter().collect();
    let targets = words(node, "targetRules");
    for (target, id) in &targets {
        match names.of(id) {
            Some(rule) => rules.push(rule),
            None => {
                plan.lose(toml.place(target), format!("an allow-list for `{id}`: keylint's rules for it are not known"))
            }
        }
    }
    if !targets.is_empty() && rules.is_empty() {
        return;
    }
    let known = ["description", "paths", "regexes", "stopwords", "commits", "condition", "regexTarget", "targetRules"];
    for key in keys(node).into_iter().filter(|key| !known.contains(key)) {
        plan.lose(place.clone(), format!("`{key}` of an allow-list is not known"));
    }
    if let Some(commits) = entry(node, "commits").filter(|commits| !items(Some(commits)).is_empty()) {
        plan.lose(
            toml.place(commits),
            "commits cannot be left out; what stands in them counts where history is scanned",
        );
    }
    let reason = word(node, "description").map(|text| text.trim().to_string()).filter(|text| !text.is_empty());
    let whole = word(node, "regexTarget").is_some_and(|target| target != "secret");
    let mut regexes = Vec::new();
    for (regex, source) in words(node, "regexes") {
        match () {
            () if whole => {
                plan.lose(toml.place(regex), "`regexTarget` is the line or the match: keylint looks at the secret only")
            }
            () => match compiles(&source) {
                Ok(()) => regexes.push(source),
                Err(reason) => plan.lose(toml.place(regex), format!("the pattern does not compile here: {reason}")),
            },
        }
    }
    let mut places = Vec::new();
    for (path, source) in words(node, "paths") {
        match compiles(&source) {
            Ok(()) => places.push(source),
            Err(reason) => plan.lose(toml.place(path), format!("the pattern does not compile here: {reason}")),
        }
    }
    let stopwords: Vec<String> = words(node, "stopwords").into_iter().map(|(_, word)| word).collect();
    let entry = |path_patterns, patterns, words| Allow {
        rules: rules.clone(),
        path_patterns,
        patterns,
        words,
        reason: reason.clone(),
        ..Allow::default()
    };
    if word(node, "condition").is_some_and(|condition| matches!(condition, "AND" | "and" | "&&")) {
        // Everything must fit, so what could not be taken over must not make the rest fit more.
        if !whole && items(self::entry(node, "commits")).is_empty() {
            plan.allow.push(entry(places, regexes, stopwords));
        }
        return;
    }
    let mut patterns = Vec::new();
    for source in places {
        match paths::glob(&source).filter(|_| rules.is_empty()) {
            Some(glob) => plan.exclude.push(glob),
            None => patterns.push(source),
        }
    }
    for (filled, allow) in [
        (!patterns.is_empty(), entry(patterns.clone(), Vec::new(), Vec::new())),
        (!regexes.is_empty(), entry(Vec::new(), regexes.clone(), Vec::new())),
        (!stopwords.is_empty(), entry(Vec::new(), Vec::new(), stopwords.clone())),
    ] {
        if filled {
            plan.allow.push(allow);
        }
    }
}

/// Whether a pattern of an allow-list compiles as the engine compiles it.
pub(super) fn compiles(source: &str) -> Result<(), String> {
    let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(source).map(drop).map_err(|error| match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        _ => "it is not supported".into(),
    })
}

/// Reads `.gitleaksignore`: `file:rule:line`, or with a commit before it.
fn ignore(text: &str, plan: &mut Plan) {
    let mut count = 0;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let source = format!("{IGNORE}:{}", index + 1);
        match fingerprint(line) {
            Some((commit, path, line)) => {
                count += 1;
                let reason = format!("accepted in {IGNORE}");
                plan.records.push(Record {
                    source,
                    path: Some(path),
                    commit,
                    line: Some(line),
                    value: Value::Unknown,
                    reason,
                });
            }
            None => plan.lose(source, format!("`{}` is no fingerprint", line.escape_debug())),
        }
    }
    plan.read.push(format!("{IGNORE}: {}", counted(count, "finding")));
}

/// Commit, path and line of a fingerprint.
fn fingerprint(text: &str) -> Option<(Option<String>, String, u32)> {
    let (rest, line) = text.rsplit_once(':')?;
    let (rest, _rule) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    let is_commit = |text: &str| matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (commit, path) = match rest.split_once(':') {
        Some((commit, path)) if is_commit(commit) => (Some(commit.to_string()), path),
        _ => (None, rest),
    };
    let path = path.replace('\\', "/");
    Some((commit, path.trim_start_matches("./").to_string(), line)).filter(|(_, path, _)| !path.is_empty())
}

/// Reads a JSON report of findings that were accepted: of gitleaks and betterleaks, or of kingfisher.
pub(super) fn report(path: &Path, root: &Path, plan: &mut Plan) -> anyhow::Result<()> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| anyhow::anyhow!("cannot read `{name}`: {error}"))?;
    let parse = |text: &str| serde_json::from_str::<Json>(text);
    let all = match parse(&text) {
        Ok(Json::Array(items)) => items,
        Ok(Json::Object(object)) => object.get("findings").and_then(Json::as_array).cloned().unwrap_or_default(),
        // One object on each line.
        _ => text.lines().filter_map(|line| parse(line).ok()).collect(),
    };
    let mut count = 0;
    for (index, item) in all.iter().enumerate() {
        // Kingfisher puts them one level down.
        let inner = item.get("finding").unwrap_or(item);
        let get = |keys: &[&str]| keys.iter().find_map(|key| inner.get(*key).filter(|value| !value.is_null()));
        let text = |keys: &[&str]| get(keys).and_then(Json::as_str).map(str::to_string).filter(|text| !text.is_empty());
        let Some(file) = text(&["File", "path", "file_path", "filepath"]) else { continue };
        let inside = Path::new(&file).strip_prefix(root).map(crate::place::slashed).unwrap_or(file);
        let line =
            get(&["StartLine", "line", "linenum"]).and_then(Json::as_u64).and_then(|line| u32::try_from(line).ok());
        let secret =
            text(&["Secret", "snippet"]).filter(|secret| !secret.contains("REDACTED") && !secret.contains("***"));
        plan.records.push(Record {
            source: format!("{name}, finding {}", index + 1),
            path: Some(inside.replace('\\', "/").trim_start_matches("./").to_string()),
            commit: text(&["Commit"]),
            line,
            value: secret.map_or(Value::Unknown, Value::Plain),
            reason: format!("accepted in {}", path.file_name().unwrap_or_default().to_string_lossy()),
        });
        count += 1;
    }
    plan.read.push(format!("{name}: {}", counted(count, "finding")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let check = |text: &str, want: Option<(Option<&str>, &str, u32)>| {
            let want = want.map(|(commit, path, line)| (commit.map(str::to_string), path.to_string(), line));
            assert_eq!(fingerprint(text), want, "{text}");
        };
        check("a/b.py:generic-api-key:12", Some((None, "a/b.py", 12)));
        check(&format!("{commit}:a/b.py:aws:1"), Some((Some(commit), "a/b.py", 1)));
        check(r"a\b.py:aws:1", Some((None, "a/b.py", 1)));
        check("c:d.py:aws:1", Some((None, "c:d.py", 1)));
        check("a.py:aws", None);
    }
}
