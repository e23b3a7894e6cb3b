//! What an engine does with its configuration: choice of rules, allow-lists, comments, pairs.
//! Not here: which secrets each rule finds (`crates/secrets/tests/rules.rs`).

use keylint_diagnostics::{Confidence, Diagnostic, Document, EvidenceKind, Map, Severity, SuppressionKind};
use keylint_engine::{Config, Engine, config::Allow};
use keylint_rules::{Family, RuleFile, expand};
use keylint_secrets::Checksum;

/// Placeholders filled in, so that no token stands in this file.
fn text(template: &str) -> String {
    let checksum = |name: &str, head: &[u8]| String::from_utf8(Checksum::named(name)?.compute(head)?).ok();
    expand::template(template, 7, &checksum).text
}

fn scan(config: Config, path: &str, template: &str) -> Vec<Diagnostic> {
    let engine = Engine::new(config).expect("a good configuration");
    engine.scanner().scan(&Document::new(path, text(template).as_bytes())).diagnostics
}

fn rules(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic.rule.as_str()).collect()
}

const GITHUB: &str = "x = 'ghp_{alnum:30}{checksum:github}'\n";

/// A rule of a user, with other keys put at its top.
fn own(keys: &str) -> RuleFile {
    let file = format!(
        "title = \"Acme key\"\nseverity = \"high\"\nsince = \"9.0.0\"\nreferences = []\ndocs = \"\"\n{keys}\n[secret]\nkeywords = [\"acme_\"]\npattern = '\\bacme_[a-z]{{20}}\\b'\n"
    );
    RuleFile::parse(Family::Secret, "acme-key", &file).expect("a good rule")
}

#[test]
fn select_ignore_and_severity_choose_the_rules() {
    let github = scan(Config::default(), "a.py", GITHUB);
    let rule = github[0].rule.to_string();
    assert_eq!(github[0].confidence, Confidence::Certain);
    assert_eq!(rules(&scan(Config { select: vec!["stripe-*".into()], ..Config::default() }, "a.py", GITHUB)), [""; 0]);
    let ignoring = scan(Config { ignore: vec![rule.clone(), "generic-*".into()], ..Config::default() }, "a.py", GITHUB);
    assert!(!rules(&ignoring).contains(&rule.as_str()));
    let low = Config { severities: Map::from_iter([(rule, Severity::Low)]), ..Config::default() };
    assert_eq!(scan(low, "a.py", GITHUB)[0].severity, Severity::Low);
}

#[test]
fn an_unknown_rule_is_an_error_with_a_suggestion() {
    let error = Engine::new(Config { ignore: vec!["aws-acess-key-id".into()], ..Config::default() })
        .expect_err("a misspelt rule");
    assert!(error.to_string().contains("did you mean `aws-access-key-id`?"), "{error}");
}

#[test]
fn rules_of_users_run_and_former_ids_keep_working() {
    let file = own("formerly = [\"acme-token\"]");
    let config = Config { rules: vec![file], ..Config::default() };
    let text = "acme_{lower:20}";
    assert_eq!(rules(&scan(config.clone(), "a", text)), ["acme-key"]);
    let ignoring = Config { ignore: vec!["acme-token".into()], ..config };
    assert!(scan(ignoring, "a", text).is_empty());
}

#[test]
fn preview_and_edition_keep_new_rules_out() {
    let preview = Config { rules: vec![own("stage = \"preview\"")], ..Config::default() };
    assert!(scan(preview.clone(), "a", "acme_{lower:20}").is_empty());
    assert_eq!(rules(&scan(Config { preview: true, ..preview }, "a", "acme_{lower:20}")), ["acme-key"]);
    let engine = Engine::new(Config { rules_edition: Some("0.0.9".into()), ..Config::default() }).expect("an edition");
    assert!(engine.rules().is_empty(), "every built-in rule is newer");
}

#[test]
fn a_bad_pattern_of_a_user_is_refused() {
    let mut file = own("");
    file.rule.secret.as_mut().expect("a secret").allow = vec!["(".into()];
    let error = Engine::new(Config { rules: vec![file], ..Config::default() }).expect_err("a bad pattern");
    assert!(error.to_string().contains("acme-key"), "{error}");
    let allow = Allow { patterns: vec!["a{100000}{1000}".into()], ..Allow::default() };
    let error = Engine::new(Config { allow: vec![allow], ..Config::default() }).expect_err("a huge pattern");
    assert!(error.to_string().contains("allow entry 1"), "{error}");
}

#[test]
fn allow_lists_suppress_and_say_why() {
    let suppressed = |allow: Allow| {
        let found = scan(Config { allow: vec![allow], ..Config::default() }, "docs/a.py", GITHUB);
        found[0].suppressed.as_ref().map(|suppression| (suppression.kind, suppression.reason.clone()))
    };
    let reason = Some("sample".to_string());
    let by_path = Allow { paths: vec!["docs".into()], reason: reason.clone(), ..Allow::default() };
    assert_eq!(suppressed(by_path.clone()), Some((SuppressionKind::Config, reason)));
    assert_eq!(suppressed(Allow { rules: vec!["stripe-*".into()], ..by_path.clone() }), None);
    assert_eq!(suppressed(Allow { paths: vec!["src/**".into()], ..by_path.clone() }), None);
    assert_eq!(
        suppressed(Allow { words: vec!["GHP_".into()], ..by_path.clone() }).map(|s| s.0),
        Some(SuppressionKind::Config)
    );
    assert_eq!(suppressed(Allow { patterns: vec!["^xox".into()], ..by_path }), None);
    for path in ["", "/"] {
        let allow = vec![Allow { paths: vec![path.into()], ..Allow::default() }];
        let error = Engine::new(Config { allow, ..Config::default() }).expect_err("a glob that would allow everything");
        assert!(error.to_string().contains("names no path"), "{error}");
    }
}

#[test]
fn comments_suppress_their_own_line() {
    let lines = [
        ("x = 'ghp_{alnum:30}{checksum:github}' # keylint: ignore rotated\n", true),
        ("# keylint: ignore-next-line\nx = 'ghp_{alnum:30}{checksum:github}'\n", true),
        ("# keylint: ignore-file\n\n\nx = 'ghp_{alnum:30}{checksum:github}'\n", true),
        ("x = 'ghp_{alnum:30}{checksum:github}' # gitleaks:allow\n", true),
        ("# pragma: allowlist nextline secret\nx = 'ghp_{alnum:30}{checksum:github}'\n", true),
        ("x = 'ghp_{alnum:30}{checksum:github}' # keylint: ignore[stripe-secret-key]\n", false),
        ("# keylint: ignore\nx = 'ghp_{alnum:30}{checksum:github}'\n", false),
        ("x = 'ghp_{alnum:30}{checksum:github}' # keylint: ignore until=2020-01-01\n", false),
        ("x = 'ghp_{alnum:30}{checksum:github}' # keylint: ignore until=2999-01-01.\n", true),
        ("x = 'ghp_{alnum:30}{checksum:github}' # keylint: ignore until=31.12.2999\n", false),
        ("x = 'ghp_{alnum:30}{checksum:github}' /* secretlint-disable */\n", false),
        ("/* secretlint-disable */ /* secretlint-enable */ x = 'ghp_{alnum:30}{checksum:github}'\n", false),
        ("/* secretlint-disable */ x = 'ghp_{alnum:30}{checksum:github}' /* secretlint-enable */\n", true),
    ];
    for (line, want) in lines {
        let config = Config { today: Some("2026-01-01".into()), ..Config::default() };
        let found = scan(config, "a.py", line);
        let github = found.iter().find(|diagnostic| diagnostic.rule.as_str().starts_with("github")).expect(line);
        assert_eq!(github.suppressed.is_some(), want, "{line}");
    }
}

#[test]
fn the_halves_of_an_aws_key_are_one_finding() {
    let found = scan(
        Config::default(),
        "credentials",
        "[default]\naws_access_key_id = AKIA{base32:16}\naws_secret_access_key = {base64:40}\n",
    );
    assert_eq!(rules(&found), ["aws-access-key-id"]);
    assert_eq!((found[0].severity, found[0].related.len()), (Severity::Critical, 1));
    let provider = "provider \"aws\" {\n  access_key = \"AKIA{base32:16}\"\n  secret_key = \"{base64:40}\"\n}\n";
    assert_eq!(rules(&scan(Config::default(), "main.tf", provider)), ["aws-access-key-id"]);
    let has = |kind| found[0].evidence.iter().any(|evidence| evidence.kind == kind);
    assert!(has(EvidenceKind::Partner) && has(EvidenceKind::Account), "{:?}", found[0].evidence);
}

#[test]
fn a_fingerprint_stays_when_the_secret_moves() {
    let print = |path: &str, before: &str| scan(Config::default(), path, &format!("{before}{GITHUB}"))[0].fingerprint;
    assert_eq!(print("a.py", ""), print("b/c.yml", "\n\n# moved\n"));
    let keyed =
        scan(Config { fingerprint_key: Some(b"other".to_vec()), ..Config::default() }, "a.py", GITHUB)[0].fingerprint;
    assert_ne!(keyed, print("a.py", ""));
}

#[test]
fn encodings_and_encoded_text_keep_their_places() {
    let token = text("ghp_{alnum:30}{checksum:github}");
    let engine = Engine::new(Config::default()).expect("the built-in rules");
    let wide: Vec<u8> = format!("é token = '{token}'").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = token.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let percent: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let check = |document: &[u8], stored: &[u8]| {
        let found = engine.scanner().scan(&Document::new("a.txt", document)).diagnostics;
        let github = found.iter().find(|diagnostic| diagnostic.rule.as_str().starts_with("github"));
        let span = github.map(|diagnostic| diagnostic.primary.span.of(document));
        assert_eq!(span, Some(stored), "{}", String::from_utf8_lossy(document));
    };
    let stored: Vec<u8> = token.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&[&[0xff, 0xfe], &wide[..]].concat(), &stored);
    check(format!("blob {hex} end").as_bytes(), hex.as_bytes());
    check(format!("var t=\"{escaped}\";").as_bytes(), escaped.as_bytes());
    check(format!("u=https%3A%2F%2F{percent}&x").as_bytes(), percent.as_bytes());
}

#[test]
fn every_value_of_a_column_and_of_a_list_is_found() {
    let found = scan(Config::default(), "users.csv", "name,password\nann,{alnum:16}\nbob,{alnum:16}\neve,{alnum:16}\n");
    assert_eq!(found.len(), 3, "{:?}", rules(&found));
    let found = scan(Config::default(), "app.py", "api_tokens = ['{alnum:32}', '{alnum:32}']\n");
    assert_eq!(found.len(), 2, "{:?}", rules(&found));
}
