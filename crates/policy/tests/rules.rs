//! The rules about policy rules: each file has its check and each check its file, and both do what the examples say.
//! Not here: how accurate they are on real policies (`cargo xtask accuracy`).

mod edits;

use std::{collections::BTreeSet, fs, path::Path};

use edits::apply;
use keylint_diagnostics::{Diagnostic, Document, Edit};
use keylint_policy::{Detector, checks::CHECKS};
use keylint_rules::{Example, Family, RuleFile, expand};

/// Every rule file of the policy family, or the errors of those that do not read.
fn files() -> Vec<Result<RuleFile, String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/policy");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("rules").map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    let read = |path: &Path| {
        let id = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name");
        RuleFile::parse(Family::Policy, id, &fs::read_to_string(path).expect("readable"))
            .map_err(|error| error.to_string())
    };
    paths.iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).map(|path| read(path)).collect()
}

/// Runs `check` on every rule and fails with all complaints at once.
fn each(check: impl Fn(&RuleFile) -> Vec<String>) {
    let only = std::env::var("KEYLINT_RULE").ok();
    let complaints: Vec<String> = files()
        .iter()
        .flat_map(|file| match file {
            Err(error) => vec![error.clone()],
            Ok(file) if only.as_ref().is_some_and(|only| !file.rule.id.contains(only.as_str())) => Vec::new(),
            Ok(file) => check(file).into_iter().map(|complaint| format!("{}: {complaint}", file.rule.id)).collect(),
        })
        .collect();
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n"));
}

fn expanded(example: &Example) -> expand::Expanded {
    expand::example(example, 1, &|_, _| None)
}

/// What the rule of `file` says of a text.
fn scan(file: &RuleFile, example: &Example, text: &str) -> Vec<Diagnostic> {
    let kind = example.policy_type.as_deref().and_then(|word| word.parse().ok());
    let detector = Detector::new(std::slice::from_ref(&file.rule), b"test", kind);
    detector.scan(&Document::new(example.path.as_deref().unwrap_or("policy.json"), text.as_bytes()))
}

#[test]
fn each_rule_has_a_check_and_each_check_a_rule() {
    let of_rules: BTreeSet<String> = files().into_iter().flatten().map(|file| file.rule.id).collect();
    let of_checks: BTreeSet<String> = CHECKS.iter().map(|check| check.rule()).collect();
    assert_eq!(of_rules, of_checks);
}

#[test]
fn examples_say_what_is_found() {
    each(|file| {
        let mut complaints = Vec::new();
        for (number, example) in file.examples.iter().enumerate() {
            let want = expanded(example);
            let mut found: Vec<_> = scan(file, example, &want.text)
                .iter()
                .map(|d| (d.primary.span.range().start, d.primary.span.range().end))
                .collect();
            found.sort_unstable();
            let show = |spans: &[(usize, usize)]| {
                spans.iter().map(|&(from, to)| want.text[from..to].to_string()).collect::<Vec<_>>()
            };
            if found != want.marked {
                complaints.push(format!("example {number}: want {:?}, got {:?}", show(&want.marked), show(&found)));
            }
        }
        complaints
    });
}

#[test]
fn fixes_do_what_the_examples_say() {
    each(|file| {
        let fixed = file.examples.iter().enumerate().filter_map(|(number, e)| Some((number, e, e.fixed.as_ref()?)));
        let mut complaints = Vec::new();
        for (number, example, fixed) in fixed {
            let text = expanded(example).text;
            let diagnostics = scan(file, example, &text);
            let edits: Vec<&Edit> =
                diagnostics.iter().filter_map(|d| d.fixes.first()).flat_map(|fix| &fix.edits).collect();
            let now = apply(&text, edits);
            if now != *fixed {
                complaints.push(format!("example {number}: fixed to {now}"));
            } else if !scan(file, example, &now).is_empty() {
                complaints.push(format!("example {number}: still found after the fix"));
            }
        }
        complaints
    });
}

#[test]
fn rules_are_documented() {
    each(|file| {
        let mut complaints = Vec::new();
        let mut want = |holds: bool, what: &str| {
            if !holds {
                complaints.push(what.to_string());
            }
        };
        let about = &file.about;
        want(about.docs.len() >= 100, "docs say too little");
        want(!about.references.is_empty(), "no reference");
        want(about.references.iter().all(|link| link.starts_with("https://")), "a reference is not https");
        let marked = |example: &&Example| example.text.contains('«');
        want(file.examples.iter().any(|example| marked(&example)), "no example that must be found");
        want(file.examples.iter().any(|example| !marked(&example)), "no example that must stay silent");
        want(
            file.examples.iter().all(|e| {
                e.policy_type.as_deref().is_none_or(|word| word.parse::<keylint_policy::PolicyKind>().is_ok())
            }),
            "an example names no policy type",
        );
        want(!file.rule.title.ends_with('.'), "the title ends with a full stop");
        complaints
    });
}
