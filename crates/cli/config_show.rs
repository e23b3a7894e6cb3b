//! The command `config`: checks, shows and describes configuration files.
//! Not here: where they are found (`config_file.rs`).

use std::{
    collections::BTreeSet,
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use keylint_engine::config::{Allow, ConfigFile};
use serde_json::Value;

use crate::{
    args::{ConfigAction, RuleChoice},
    config_file::{Loaded, Scopes, in_folder},
    place::{Here, tops},
    shell, walk,
};

/// The JSON Schema of the configuration file.
const SCHEMA: &str = include_str!("../../share/keylint.schema.json");

/// Runs `config`.
pub(crate) fn run(action: &ConfigAction) -> anyhow::Result<ExitCode> {
    match action {
        ConfigAction::Check { paths } => check(paths),
        ConfigAction::Show { path } => show(path.as_deref().unwrap_or(Path::new("."))),
        ConfigAction::Schema => shell::print(SCHEMA.as_bytes()),
    }
}

fn check(paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let paths = if paths.is_empty() { vec![in_force()?] } else { paths.to_vec() };
    let mut out = String::new();
    for path in &paths {
        check_one(path)?;
        let _ = writeln!(out, "{}: ok", path.display());
    }
    shell::print(out.as_bytes())
}

/// The file that is in force in the current folder.
fn in_force() -> anyhow::Result<PathBuf> {
    let here = Here::new()?;
    let tops = tops(&here, [here.path().into()]);
    for folder in here.path().ancestors() {
        if let Some(path) = in_folder(folder) {
            return Ok(path);
        }
        if tops.contains(folder) {
            break;
        }
    }
    bail!("no configuration file is in force here; `keylint init` writes one")
}

/// Reads the file as a scan does, which names lines, and then holds it against the schema that editors use.
fn check_one(path: &Path) -> anyhow::Result<()> {
    let choice = RuleChoice { config: Some(path.into()), ..RuleChoice::default() };
    let folder = env::current_dir().context("cannot find the current folder")?;
    Scopes::new(&choice, BTreeSet::from([folder.clone()])).of(&folder)?;
    let text = fs::read_to_string(path)?;
    against_schema(&text).with_context(|| format!("`{}` does not fit the schema", path.display()))
}

fn against_schema(text: &str) -> anyhow::Result<()> {
    let schema: Value = serde_json::from_str(SCHEMA)?;
    let value: Value = toml::from_str(text)?;
    let validator = jsonschema::validator_for(&schema)?;
    let errors: Vec<_> =
        validator.iter_errors(&value).map(|error| format!("{} at `{}`", error, error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { bail!("{}", errors.join("; ")) }
}

fn show(path: &Path) -> anyhow::Result<ExitCode> {
    let here = Here::new()?;
    let folder = walk::folder_of(&here, path);
    let scopes = Scopes::new(&RuleChoice::default(), tops(&here, [folder.clone()]));
    let scope = scopes.of(&folder)?;
    let mut out = describe(&scope.loaded);
    let _ = writeln!(out, "# {} rules run", scope.engine.rules().len());
    shell::print(out.as_bytes())
}

/// The configuration as TOML, with every key that has a default.
fn describe(loaded: &Loaded) -> String {
    let mut out = String::new();
    if loaded.sources.is_empty() {
        out.push_str("# no configuration file\n");
    }
    for source in &loaded.sources {
        let _ = writeln!(out, "# from {}", source.display());
    }
    let file = &loaded.file;
    for (key, value) in values(file) {
        let _ = writeln!(out, "{key} = {value}");
    }
    if let Some((path, _)) = &loaded.baseline {
        let _ = writeln!(out, "baseline = {}", quoted(&path.display().to_string()));
    }
    if !loaded.rules.is_empty() {
        let ids: Vec<_> = loaded.rules.iter().map(|file| file.rule.id.as_str()).collect();
        let _ = writeln!(out, "# own rules: {}", ids.join(", "));
    }
    if !file.severities.is_empty() {
        out.push_str("\n[severity]\n");
    }
    for (rule, severity) in file.severities.iter() {
        let _ = writeln!(out, "{} = {}", quoted(rule), quoted(severity.as_str()));
    }
    for allow in &file.allow {
        out.push_str("\n[[allow]]\n");
        for (key, value) in allow_values(allow) {
            let _ = writeln!(out, "{key} = {value}");
        }
    }
    out
}

fn values(file: &ConfigFile) -> Vec<(&'static str, String)> {
    let gate = keylint_report::Gate::new(file.fail_on, file.min_confidence);
    let fail_on = gate.fail_on.map_or("never", |severity| severity.as_str());
    let mut values = vec![
        ("select", list(file.select.as_deref().unwrap_or_default())),
        ("ignore", list(&file.ignore)),
        ("preview", file.preview.unwrap_or(false).to_string()),
        ("exclude", list(&file.exclude)),
        ("fail-on", quoted(fail_on)),
        ("min-confidence", quoted(gate.min_confidence.as_str())),
        ("inline", file.inline.unwrap_or(true).to_string()),
        ("foreign-comments", file.foreign_comments.unwrap_or(true).to_string()),
        ("require-reason", file.require_reason.unwrap_or(false).to_string()),
        ("expand-examples", file.expand_examples.unwrap_or(false).to_string()),
    ];
    if let Some(edition) = &file.rules_edition {
        values.insert(3, ("rules-edition", quoted(edition)));
    }
    values
}

/// The keys of an `[[allow]]` table, as TOML.
pub(crate) fn allow_values(allow: &Allow) -> Vec<(&'static str, String)> {
    let lists = [
        ("rules", &allow.rules),
        ("paths", &allow.paths),
        ("path-patterns", &allow.path_patterns),
        ("patterns", &allow.patterns),
        ("words", &allow.words),
    ];
    let mut values: Vec<_> =
        lists.into_iter().filter(|(_, words)| !words.is_empty()).map(|(key, words)| (key, list(words))).collect();
    values.extend(allow.reason.iter().map(|reason| ("reason", quoted(reason))));
    values
}

/// A list of strings, as TOML.
pub(crate) fn list(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

/// A JSON string is a TOML string, too.
pub(crate) fn quoted(word: &str) -> String {
    Value::from(word).to_string()
}

#[cfg(test)]
mod tests {
    use keylint_engine::config::{KEYS, parse};

    use super::*;

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).expect("the schema is JSON")
    }

    #[test]
    fn schema_and_parser_know_the_same_keys() {
        let schema = schema();
        let properties = schema["properties"].as_object().expect("an object");
        let mut keys: Vec<_> = properties.keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, KEYS);
    }

    #[test]
    fn schema_and_parser_agree() {
        let check = |text: &str, good: bool| {
            assert_eq!(parse(text, "").is_ok(), good, "the parser on {text}");
            assert_eq!(against_schema(text).is_ok(), good, "the schema on {text}");
        };
        check("", true);
        check("extends = 'a'\nselect = ['a']\nignore = []\npreview = true\nrules-edition = '0.1.0'", true);
        check("exclude = ['a']\nrules = 'r'\ninline = false\nexpand-examples = true", true);
        check("baseline = 'b.json'\nforeign-comments = false\nrequire-reason = true", true);
        check(
            "[severity]\na = 'info'\n[[allow]]\nrules = ['a']\npaths = ['a']\npath-patterns = ['a']\npatterns = ['a']\nwords = ['a']\nreason = 'r'",
            true,
        );
        for word in ["info", "low", "medium", "high", "critical", "never"] {
            check(&format!("fail-on = '{word}'"), true);
        }
        for word in ["low", "medium", "high", "certain"] {
            check(&format!("min-confidence = '{word}'"), true);
        }
        check("selct = []", false);
        check("select = 'a'", false);
        check("ignore = [1]", false);
        check("preview = 'yes'", false);
        check("rules-edition = '1'", false);
        check("fail-on = 'hihg'", false);
        check("min-confidence = 'info'", false);
        check("severity = 'low'", false);
        check("[severity]\na = 'never'", false);
        check("[[allow]]\nreason = 'r'", false);
        check("[[allow]]\npath = ['a']", false);
    }

    #[test]
    fn what_is_shown_can_be_read() {
        let text = "select = ['a\"b']\nrules-edition = '0.1.0'\nfail-on = 'low'\n[severity]\nx = 'low'\n[[allow]]\nwords = ['é']\nreason = 'r'";
        let file = parse(text, "").expect("it is well formed");
        let shown = describe(&Loaded { file: file.clone(), ..Loaded::default() });
        let again = parse(&shown, "shown").expect(&shown);
        assert_eq!((again.select, again.severities, again.allow), (file.select, file.severities, file.allow));
    }
}
