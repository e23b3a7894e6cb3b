//! The rules about rules: every file reads, compiles, is sound, documented, and does what its examples say.
//! Not here: how accurate the rules are on real text (`cargo xtask accuracy`).

use std::{fs, path::Path};

use keylint_diagnostics::Document;
use keylint_rules::{Family, RuleFile, expand};
use keylint_secrets::{Checksum, Detector, prefilter_gap};

/// Every rule file of the secret family, or the errors of those that do not read.
fn files() -> Vec<Result<RuleFile, String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/secret");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("rules").map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    let read = |path: &Path| {
        let id = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name");
        RuleFile::parse(Family::Secret, id, &fs::read_to_string(path).expect("readable"))
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

#[test]
fn examples_say_what_is_found() {
    each(|file| {
        let mut rules = vec![file.rule.clone()];
        if let Some(secret) = &mut rules[0].secret {
            secret.near = None;
        }
        let detector = match Detector::new(&rules, b"test", None) {
            Ok(detector) => detector,
            Err(error) => return vec![error.to_string()],
        };
        let mut scanner = detector.scanner();
        let checksum = |name: &str, head: &[u8]| String::from_utf8(Checksum::named(name)?.compute(head)?).ok();
        let mut complaints = Vec::new();
        for (number, example) in file.examples.iter().enumerate() {
            for seed in 1..4 {
                let expanded = expand::example(example, seed, &checksum);
                let document = Document::new(example.path.as_deref().unwrap_or("app/config"), expanded.text.as_bytes());
                let found: Vec<_> = scanner
                    .scan(&document)
                    .0
                    .iter()
                    .map(|d| (d.primary.span.range().start, d.primary.span.range().end))
                    .collect();
                if found != expanded.marked {
                    complaints.push(format!(
                        "example {number}: want {:?}, got {found:?} in {:?}",
                        expanded.marked, expanded.text
                    ));
                    break;
                }
            }
        }
        complaints
    });
}

#[test]
fn patterns_compile_and_hold_their_keywords() {
    each(|file| {
        let compiles =
            Detector::new(std::slice::from_ref(&file.rule), b"test", None).and_then(|detector| detector.compile());
        if let Err(error) = compiles {
            return vec![error.to_string()];
        }
        let Some(secret) = &file.rule.secret else { return vec!["no [secret] table".into()] };
        match prefilter_gap(secret) {
            Err(error) => vec![error],
            Ok(Some(text)) => vec![format!("matches without a keyword: {:?}", String::from_utf8_lossy(&text))],
            Ok(None) => Vec::new(),
        }
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
        want(
            !about.response.contain.is_empty() && !about.response.revoke.is_empty() && !about.response.audit.is_empty(),
            "[response] is incomplete",
        );
        let marked = |example: &&keylint_rules::Example| example.text.contains('«');
        want(file.examples.iter().any(|example| marked(&example)), "no example that must be found");
        want(file.examples.iter().any(|example| !marked(&example)), "no example that must stay silent");
        want(!file.rule.title.ends_with('.'), "the title ends with a full stop");
        let keywords = file.rule.secret.as_ref().map_or(&[][..], |secret| &secret.keywords);
        let generic = file.rule.id.starts_with("generic-");
        // Three bytes are justified where the provider's prefix is that short; the engine refuses two.
        want(
            generic
                || keywords.iter().all(|keyword| {
                    keyword.len() >= 4 || file.rule.secret.as_ref().is_some_and(|s| s.pattern.is_some())
                }),
            "a keyword is shorter than 4 bytes",
        );
        complaints
    });
}

#[test]
fn the_rule_that_knows_most_speaks() {
    let rules: Vec<_> = files().into_iter().flatten().map(|file| file.rule).collect();
    let detector = Detector::new(&rules, b"", None).expect("rules");
    let mut scanner = detector.scanner();
    let mut check = |template: &str, want: &str| {
        let text = expand::template(template, 1, &|_, _| None).text;
        let (found, _) = scanner.scan(&Document::new("settings.txt", text.as_bytes()));
        assert_eq!(found.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), [want], "{template}");
    };
    check("RAVEN_DSN=https://{hex:32}:«{hex:32}»@sentry.io/1234", "sentry-dsn-secret");
    let key = r#"«-----BEGIN PRIVATE KEY-----\n{base64:64}\n{base64:64}\n{base64:64}\n-----END PRIVATE KEY-----\n»"#;
    check(
        &format!(r#"{{"private_key_id": "{{hex:40}}", "private_key": "{key}", "type": "service_account"}}"#),
        "gcp-service-account-key",
    );
}
