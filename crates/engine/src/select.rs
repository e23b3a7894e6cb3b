//! Chooses the rules that run: `select`, `ignore`, preview, edition, severities, rules of the user.
//! Not here: what the rules do.

use keylint_diagnostics::Severity;
use keylint_rules::Rule;

use crate::{BuildError, Config, config::nearest};

/// Whether `config` asks for the rules that run by default, as they are.
pub(crate) fn is_default(config: &Config) -> bool {
    let Config { select, ignore, severities, preview, rules_edition, rules, compliance, .. } = config;
    select.is_empty()
        && ignore.is_empty()
        && severities.is_empty()
        && !preview
        && rules_edition.is_none()
        && rules.is_empty()
        && compliance.is_empty()
}

/// The rules that run by default, by id.
pub(crate) fn builtin() -> Vec<Rule> {
    keylint_rules::decode().into_iter().filter(Rule::is_default).collect()
}

/// The rules that `config` asks for, by id.
pub(crate) fn rules(config: &Config) -> Result<Vec<Rule>, BuildError> {
    let own = |id: &str| config.rules.iter().any(|file| file.rule.id == id);
    let mut all = keylint_rules::decode();
    all.retain(|rule| !own(&rule.id));
    all.extend(config.rules.iter().map(|file| file.rule.clone()));
    keylint_diagnostics::sort_by(&mut all, |a, b| a.id.cmp(&b.id));
    let severities: Vec<(&String, &Severity)> = config.severities.iter().collect();
    for name in config.select.iter().chain(&config.ignore).chain(severities.iter().map(|(name, _)| *name)) {
        if !all.iter().any(|rule| names(name, rule)) {
            let hint = nearest(name, all.iter().map(|rule| rule.id.as_str())).map(str::to_string);
            return Err(BuildError::UnknownRule { name: name.clone(), hint });
        }
    }
    if let Some(name) = config.compliance.iter().find(|name| !all.iter().any(|rule| speaks_to(rule, name))) {
        return Err(BuildError::UnknownControl(name.clone()));
    }
    let edition = config.rules_edition.as_deref().map(version);
    all.retain(|rule| {
        let named = config.select.iter().any(|name| names(name, rule));
        let chosen = config.select.is_empty() || named;
        let ready = rule.is_default() || config.preview || named;
        let known = edition.is_none_or(|edition| version(&rule.since) <= edition) || own(&rule.id);
        let controlled = config.compliance.is_empty() || config.compliance.iter().any(|name| speaks_to(rule, name));
        chosen && ready && known && controlled && !config.ignore.iter().any(|name| names(name, rule))
    });
    for rule in &mut all {
        if let Some((_, severity)) = severities.iter().find(|(name, _)| names(name, rule)) {
            rule.severity = **severity;
        }
    }
    Ok(all)
}

/// Whether a control of the rule begins with `name`.
fn speaks_to(rule: &Rule, name: &str) -> bool {
    let begins = |control: &String| control.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    rule.compliance.iter().any(begins)
}

/// Whether `name` (an id, a former id, a family, or an id with `*`) means `rule`.
pub(crate) fn names(name: &str, rule: &Rule) -> bool {
    name == rule.family.as_str() || fits(name, &rule.id) || rule.formerly.iter().any(|former| fits(name, former))
}

/// Whether `id` fits `name`, in which `*` stands for any text.
fn fits(name: &str, id: &str) -> bool {
    let Some((head, rest)) = name.split_once('*') else { return name == id };
    let Some(mut left) = id.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(tail)
}

/// `major.minor.patch` as numbers; what is missing or no number counts as 0.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (name, id, want) in [
            ("aws-*", "aws-access-key-id", true),
            ("*-webhook-url", "slack-webhook-url", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcd", false),
            ("aws", "aws-access-key-id", false),
            ("*", "anything", true),
        ] {
            assert_eq!(fits(name, id), want, "{name} {id}");
        }
    }

    #[test]
    fn the_default_set_is_what_an_empty_choice_gives() {
        let config = Config::default();
        assert!(is_default(&config));
        assert_eq!(rules(&config).expect("no names to refuse"), builtin());
        assert_eq!(builtin().len(), keylint_rules::default_count());
        assert!(!is_default(&Config { preview: true, ..Config::default() }));
    }

    #[test]
    fn compliance_takes_the_beginning_of_a_control() {
        for name in ["hipaa", "HIPAA:164.312(d)", "iso-27001", "soc-2:CC6.3", "pci"] {
            let config = Config { compliance: vec![name.into()], ..Config::default() };
            let chosen = rules(&config).expect("no names to refuse");
            assert!(!chosen.is_empty() && chosen.iter().all(|rule| speaks_to(rule, name)), "{name}");
        }
        // A run without rules would be clean whatever it looks at.
        let config = Config { compliance: vec!["pci".into(), "pic".into()], ..Config::default() };
        assert_eq!(rules(&config), Err(BuildError::UnknownControl("pic".into())));
    }

    #[test]
    fn editions_compare_as_numbers() {
        assert!(version("0.10.0") > version("0.9.12"));
        assert_eq!(version("1"), [1, 0, 0]);
    }
}
