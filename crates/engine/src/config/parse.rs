//! Reads the text of a configuration file. Pure: what `extends` and `rules` point to is read by the host.
//! Not here: whether rules exist and patterns compile; `Engine::new` says that.

use std::ops::Range;

use keylint_diagnostics::{Confidence, FailOn, Map, Severity};
use keylint_rules::RuleFile;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Allow, Config, nearest};

/// The keys of a configuration file, sorted. The JSON Schema has the same ones; a test holds them equal.
pub const KEYS: &[&str] = &[
    "allow",
    "baseline",
    "exclude",
    "expand-examples",
    "extends",
    "fail-on",
    "foreign-comments",
    "ignore",
    "inline",
    "min-confidence",
    "preview",
    "require-reason",
    "rules",
    "rules-edition",
    "select",
    "severity",
];

/// The keys of an `[[allow]]` table.
const ALLOW_KEYS: &[&str] = &["path-patterns", "paths", "patterns", "reason", "rules", "words"];

/// A configuration file as it is written; what it leaves out is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFile {
    /// A file that this one builds on, relative to its own folder.
    pub extends: Option<String>,
    /// Only these rules.
    pub select: Option<Vec<String>>,
    /// Never these rules.
    pub ignore: Vec<String>,
    /// Whether rules in preview run.
    pub preview: Option<bool>,
    /// Only rules that this version had.
    pub rules_edition: Option<String>,
    /// Severities by rule.
    pub severities: Map<String, Severity>,
    /// Globs of paths that are not scanned, relative to the file's folder.
    pub exclude: Vec<String>,
    /// What is known not to be a leak.
    pub allow: Vec<Allow>,
    /// A folder of user rules, relative to the file's own folder.
    pub rules: Option<String>,
    /// From which severity on a finding fails the run.
    pub fail_on: Option<FailOn>,
    /// From which confidence on a finding fails the run.
    pub min_confidence: Option<Confidence>,
    /// Whether comments that suppress findings are honoured.
    pub inline: Option<bool>,
    /// Whether comments of other scanners are honoured too.
    pub foreign_comments: Option<bool>,
    /// Whether our comments must give a reason.
    pub require_reason: Option<bool>,
    /// The baseline, relative to the file's own folder.
    pub baseline: Option<String>,
    /// Whether `*.template` files are scanned with their placeholders filled in.
    pub expand_examples: Option<bool>,
}

/// What is wrong in a configuration file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}:{line}: {reason}")]
pub struct ConfigError {
    /// The file, as the host names it.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl ConfigFile {
    /// This file on top of `base`, which it extends: single values replace, lists and tables are joined,
    /// and `select` replaces because a list that only grows could not choose fewer rules.
    pub fn over(self, base: ConfigFile) -> ConfigFile {
        let join = |mut base: Vec<String>, own: Vec<String>| {
            base.extend(own);
            base
        };
        let mut severities = base.severities;
        for (rule, severity) in self.severities.iter() {
            severities.insert(rule.clone(), *severity);
        }
        let mut allow = base.allow;
        allow.extend(self.allow);
        ConfigFile {
            extends: None,
            select: self.select.or(base.select),
            ignore: join(base.ignore, self.ignore),
            preview: self.preview.or(base.preview),
            rules_edition: self.rules_edition.or(base.rules_edition),
            severities,
            exclude: join(base.exclude, self.exclude),
            allow,
            rules: self.rules.or(base.rules),
            fail_on: self.fail_on.or(base.fail_on),
            min_confidence: self.min_confidence.or(base.min_confidence),
            inline: self.inline.or(base.inline),
            foreign_comments: self.foreign_comments.or(base.foreign_comments),
            require_reason: self.require_reason.or(base.require_reason),
            baseline: self.baseline.or(base.baseline),
            expand_examples: self.expand_examples.or(base.expand_examples),
        }
    }

    /// The configuration of an engine, with the user rules that the host has read.
    pub fn into_config(self, rules: Vec<RuleFile>, today: Option<String>) -> Config {
        Config {
            select: self.select.unwrap_or_default(),
            ignore: self.ignore,
            severities: self.severities,
            preview: self.preview.unwrap_or(false),
            rules_edition: self.rules_edition,
            rules,
            allow: self.allow,
            inline: self.inline.unwrap_or(true),
            foreign_comments: self.foreign_comments.unwrap_or(true),
            require_reason: self.require_reason.unwrap_or(false),
            today,
            ..Config::default()
        }
    }
}

/// Reads the text of a configuration file that errors call `name`.
pub fn parse(text: &str, name: &str) -> Result<ConfigFile, ConfigError> {
    let source = Source { text, name };
    let table = DeTable::parse(text)
        .map_err(|error| source.error(error.span().unwrap_or_default(), error.message().to_string()))?;
    let mut file = ConfigFile::default();
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "allow" => file.allow = source.list(value, |value| source.allow(value))?,
            "baseline" => file.baseline = Some(source.word(value)?),
            "exclude" => file.exclude = source.words(value)?,
            "expand-examples" => file.expand_examples = Some(source.switch(value)?),
            "extends" => file.extends = Some(source.word(value)?),
            "fail-on" => file.fail_on = Some(source.choice(value, "a severity or `never`")?),
            "foreign-comments" => file.foreign_comments = Some(source.switch(value)?),
            "ignore" => file.ignore = source.words(value)?,
            "inline" => file.inline = Some(source.switch(value)?),
            "min-confidence" => file.min_confidence = Some(source.choice(value, "a confidence")?),
            "preview" => file.preview = Some(source.switch(value)?),
            "require-reason" => file.require_reason = Some(source.switch(value)?),
            "rules" => file.rules = Some(source.word(value)?),
            "rules-edition" => file.rules_edition = Some(source.edition(value)?),
            "select" => file.select = Some(source.words(value)?),
            "severity" => file.severities = source.severities(value)?,
            other => return Err(source.unknown(key.span(), other, KEYS)),
        }
    }
    Ok(file)
}

type Value<'a> = Spanned<DeValue<'a>>;

/// The text that is read, for the lines of errors.
struct Source<'a> {
    text: &'a str,
    name: &'a str,
}

impl Source<'_> {
    fn error(&self, at: Range<usize>, reason: String) -> ConfigError {
        let before = self.text.as_bytes().get(..at.start).unwrap_or_default();
        ConfigError { name: self.name.into(), line: 1 + before.iter().filter(|&&b| b == b'\n').count(), reason }
    }

    fn unknown(&self, at: Range<usize>, key: &str, known: &[&str]) -> ConfigError {
        let hint = nearest(key, known.iter().copied()).map(|key| format!(", did you mean `{key}`?"));
        self.error(at, format!("unknown key `{key}`{}", hint.unwrap_or_default()))
    }

    fn wrong(&self, value: &Value<'_>, want: &str) -> ConfigError {
        self.error(value.span(), format!("expected {want}, found {}", value.get_ref().type_str()))
    }

    fn word(&self, value: &Value<'_>) -> Result<String, ConfigError> {
        value.get_ref().as_str().map(String::from).ok_or_else(|| self.wrong(value, "a string"))
    }

    fn switch(&self, value: &Value<'_>) -> Result<bool, ConfigError> {
        value.get_ref().as_bool().ok_or_else(|| self.wrong(value, "`true` or `false`"))
    }

    fn list<T>(
        &self,
        value: &Value<'_>,
        item: impl Fn(&Value<'_>) -> Result<T, ConfigError>,
    ) -> Result<Vec<T>, ConfigError> {
        let array = value.get_ref().as_array().ok_or_else(|| self.wrong(value, "a list"))?;
        array.iter().map(item).collect()
    }

    fn words(&self, value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
        self.list(value, |value| self.word(value))
    }

    fn choice<T: std::str::FromStr>(&self, value: &Value<'_>, want: &str) -> Result<T, ConfigError> {
        let word = self.word(value)?;
        word.parse().map_err(|_| self.error(value.span(), format!("expected {want}, found `{word}`")))
    }

    /// `major.minor.patch`; a shorter one would be ambiguous.
    fn edition(&self, value: &Value<'_>) -> Result<String, ConfigError> {
        let word = self.word(value)?;
        let parts: Vec<&str> = word.split('.').collect();
        if parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok()) {
            return Ok(word);
        }
        Err(self.error(value.span(), format!("expected a version such as `0.1.0`, found `{word}`")))
    }

    fn severities(&self, value: &Value<'_>) -> Result<Map<String, Severity>, ConfigError> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong(value, "a table of rules"))?;
        let entry = |(key, value): (&Spanned<_>, &Value<'_>)| {
            let rule: &std::borrow::Cow<'_, str> = key.get_ref();
            Ok((rule.to_string(), self.choice(value, "a severity")?))
        };
        table.iter().map(entry).collect()
    }

    fn allow(&self, value: &Value<'_>) -> Result<Allow, ConfigError> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong(value, "a table"))?;
        let mut allow = Allow::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "path-patterns" => allow.path_patterns = self.words(value)?,
                "paths" => allow.paths = self.words(value)?,
                "patterns" => allow.patterns = self.words(value)?,
                "reason" => allow.reason = Some(self.word(value)?),
                "rules" => allow.rules = self.words(value)?,
                "words" => allow.words = self.words(value)?,
                other => return Err(self.unknown(key.span(), other, ALLOW_KEYS)),
            }
        }
        let placed = !allow.paths.is_empty() || !allow.path_patterns.is_empty();
        if !placed && allow.rules.is_empty() && allow.patterns.is_empty() && allow.words.is_empty() {
            let reason = "an `[[allow]]` without `rules`, `paths`, `patterns` or `words` would allow everything";
            return Err(self.error(value.span(), reason.into()));
        }
        Ok(allow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(text: &str, want: &str) {
        assert_eq!(parse(text, "keylint.toml").map_err(|error| error.to_string()), Err(want.into()));
    }

    #[test]
    fn reads_every_key() {
        let text = r#"
extends = "base.toml"
select = ["secret"]
ignore = ["jwt"]
preview = true
rules-edition = "0.1.0"
exclude = ["vendor/**"]
rules = "rules"
fail-on = "never"
min-confidence = "high"
inline = false
foreign-comments = false
require-reason = true
baseline = "accepted.json"
expand-examples = true
[severity]
jwt = "low"
[[allow]]
rules = ["jwt"]
paths = ["docs/**"]
patterns = ["^x"]
words = ["example"]
reason = "documentation"
"#;
        let file = parse(text, "").expect("it is well formed");
        assert_eq!(file.severities.get("jwt"), Some(&Severity::Low));
        assert_eq!(file.fail_on, Some(FailOn::Never));
        assert_eq!(file.allow[0].reason.as_deref(), Some("documentation"));
        for key in KEYS {
            assert!(text.contains(key), "{key} is not tried");
        }
        assert!(KEYS.is_sorted());
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        refuse("\nselct = []", "keylint.toml:2: unknown key `selct`, did you mean `select`?");
        refuse("colour = 1", "keylint.toml:1: unknown key `colour`");
        refuse("select = 1", "keylint.toml:1: expected a list, found integer");
        refuse("select = [1]", "keylint.toml:1: expected a string, found integer");
        refuse("fail-on = 'hihg'", "keylint.toml:1: expected a severity or `never`, found `hihg`");
        refuse("rules-edition = '1'", "keylint.toml:1: expected a version such as `0.1.0`, found `1`");
        refuse("[[allow]]\npath = []", "keylint.toml:2: unknown key `path`, did you mean `paths`?");
        refuse(
            "[[allow]]\n[severity]\n",
            "keylint.toml:1: an `[[allow]]` without `rules`, `paths`, `patterns` or `words` would allow everything",
        );
        assert!(parse("a =", "").is_err());
    }

    #[test]
    fn extends_another() {
        let base = parse("select = ['a']\nignore = ['b']\npreview = true\n[severity]\nx = 'low'\ny = 'low'", "");
        let own = parse("ignore = ['c']\npreview = false\n[severity]\nx = 'high'", "");
        let file = own.and_then(|own| base.map(|base| own.over(base))).expect("both are well formed");
        assert_eq!(file.select.as_deref(), Some(&["a".to_string()][..]));
        assert_eq!(file.ignore, ["b", "c"]);
        assert_eq!(file.preview, Some(false));
        assert!(file.severities.iter().map(|(_, severity)| *severity).eq([Severity::High, Severity::Low]));
    }
}
