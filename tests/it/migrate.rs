//! `keylint migrate`: what each scanner's files become, and that every difference is listed.
//! Not here: how a pattern or a path is translated; the modules test that.

use crate::sandbox::{Sandbox, token};

fn sha(kind: gix::hash::Kind, text: &str) -> String {
    let mut hasher = gix::hash::hasher(kind);
    hasher.update(text.as_bytes());
    hasher.try_finalize().expect("a hash").to_string()
}

fn sha1(text: &str) -> String {
    sha(gix::hash::Kind::Sha1, text)
}

#[test]
fn nothing_to_migrate_is_an_error() {
    let sandbox = Sandbox::repository(&[("a.txt", "")]);
    sandbox.keylint(&["migrate"]).code(2).warns(&["no file of another scanner"]);
    sandbox.keylint(&["migrate", "gitleaks"]).code(2).warns(&["no file of gitleaks"]);
}

const GITLEAKS: &str = r#"
title = "ours"
[extend]
useDefault = true
disabledRules = ["slack-webhook-url", "nobody-knows"]

[[rules]]
id = "acme-token"
description = "Acme token."
regex = '''acme_([0-9a-f]{16,})\b'''
keywords = ["acme"]
entropy = 3.5
  [[rules.allowlists]]
  regexes = ['''^0{16}''']

[[rules]]
id = "look"
regex = '''acme(?=x)'''

[[allowlist]]
"#;

const ALLOWLISTS: &str = r#"
[[allowlists]]
description = "tests"
paths = ['''^vendor/''', '''(^|/)fixtures/.*\.json$''']
stopwords = ["abcdefgh"]
[[allowlists]]
regexTarget = "line"
regexes = ['''x''']
"#;

#[test]
fn gitleaks_is_taken_over() {
    let acme = |seed: u64| keylint_rules::expand::template("acme_{hex:24}", seed, &|_, _| None).text;
    let config = GITLEAKS.replace("[[allowlist]]\n", ALLOWLISTS);
    let sandbox = Sandbox::repository(&[
        (".gitleaks.toml", &config),
        (".gitleaksignore", "# known\nsrc/a.py:github-pat:1\nsrc/gone.py:github-pat:9\nnonsense\n"),
        ("src/a.py", &format!("x = '{}'\n", token(1))),
        ("src/b.py", &format!("x = '{}'\ny = '{}'\n", token(2), acme(1))),
        ("vendor/c.py", &token(3)),
        ("fixtures/deep/d.json", &format!("{{\"x\": \"{}\"}}", token(4))),
    ]);
    let ran = sandbox.keylint(&["migrate"]).code(0);
    let ran = ran.says(&[
        "read .gitleaks.toml: 2 rules, 2 allow-lists",
        "read .gitleaksignore: 2 findings",
        "would write keylint.toml",
        "exclude = [\"/vendor/\"]",
        "ignore = [\"slack-webhook-url\"]",
        "path-patterns = [",
        "words = [\"abcdefgh\"]",
        "would write keylint-rules/acme-token.toml",
        "keywords = [\"acme_\"]",
        "1 accepted finding\n",
        ".gitleaks.toml:12: rule `acme-token`: `entropy` is not taken over",
        "rule `look`: look-around, including look-ahead and look-behind, is not supported\n",
        "the rule `nobody-knows` is switched off; keylint's rules for it are not known",
        "`regexTarget` is the line or the match",
        ".gitleaksignore:4: `nonsense` is no fingerprint",
        "new finding: src/b.py:1:6: critical[github-personal-access-token]",
        "new finding: src/b.py:2:11: high[acme-token]",
        "only known to the other scanner: .gitleaksignore:3 (src/gone.py:9)",
        "nothing was written",
    ]);
    ran.hides(&["src/a.py:1:", "c.py", "d.json", &token(2)[8..20], &acme(1)[8..20]]);
    assert!(!sandbox.path("keylint.toml").exists() && !sandbox.path("keylint.baseline.json").exists());

    sandbox.keylint(&["migrate", "auto", "--write"]).code(0).says(&["wrote keylint.toml", "new finding: src/b.py:1:6"]);
    let ran = sandbox.keylint(&["--format", "concise"]).code(1);
    ran.says(&["src/b.py:1:6", "src/b.py:2:11"]).hides(&["a.py", "c.py", "d.json"]);
    sandbox.keylint(&["rules", "test", "keylint-rules"]).code(0).says(&["acme-token: ok"]);
    sandbox.keylint(&["config", "check"]).code(0);
    // A second time nothing is new, and nothing is written twice.
    let files = ["keylint.toml", "keylint.baseline.json", "keylint-rules/acme-token.toml"];
    let before = files.map(|name| sandbox.read(name));
    sandbox.keylint(&["migrate", "--write"]).code(0).hides(&["wrote", "changed"]);
    assert_eq!(files.map(|name| sandbox.read(name)), before);
}

#[test]
fn a_configuration_that_is_there_grows() {
    let sandbox = Sandbox::repository(&[
        (
            ".config/keylint.toml",
            "# ours\nexclude = [\n  \"third/\", # not ours\n]\nfail-on = \"low\"\nbaseline = \"known.json\"\n\n# quiet\n[severity]\njson-web-token = \"low\"\n",
        ),
        (".gitleaks.toml", &GITLEAKS.replace("[[allowlist]]\n", ALLOWLISTS)),
        (".gitleaksignore", "a.py:github-pat:1\n"),
        ("a.py", &format!("x = '{}'\n", token(1))),
        ("third/b.py", &token(2)),
        ("vendor/c.py", &token(3)),
    ]);
    let ran = sandbox.keylint(&["migrate"]).code(0);
    ran.says(&[
        "would change .config/keylint.toml:",
        "+  \"/vendor/\",",
        "+rules = \"../keylint-rules\"",
        "+[[allow]]",
        "would write keylint-rules/acme-token.toml",
        "would write .config/known.json: 1 accepted finding",
    ]);
    sandbox.keylint(&["migrate", "--write"]).code(0).says(&["changed .config/keylint.toml:", "no difference"]);
    let after = sandbox.read(".config/keylint.toml");
    for kept in ["# ours\n", "\"third/\", # not ours\n", "# quiet\n[severity]\n", "fail-on = \"low\"\n"] {
        assert!(after.contains(kept), "{kept}: {after}");
    }
    sandbox.keylint(&[]).code(0);
    sandbox.keylint(&["config", "check"]).code(0);
}

#[test]
fn a_repository_that_was_clean_stays_clean() {
    let weak = "hunter2";
    let audited = format!("password = \"{weak}\"\n");
    let sandbox = Sandbox::repository(&[
        ("src/a.py", &format!("x = '{}'\n", token(1))),
        ("src/b.py", &audited),
        ("docs/c.md", &token(2)),
        ("d.txt", &format!("{}  # gitleaks:allow\n", token(3))),
    ]);
    let baseline = serde_json::json!({
        "version": "1.5.0",
        "filters_used": [
            { "path": "detect_secrets.filters.allowlist.is_line_allowlisted" },
            { "path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^docs/"] },
        ],
        "results": {
            // Line numbers are out of date: the hash decides.
            "src/a.py": [{ "type": "GitHub Token", "hashed_secret": sha1(&token(1)), "line_number": 40 }],
            "src/b.py": [{ "type": "Secret Keyword", "hashed_secret": sha1(weak), "line_number": 1, "is_secret": false }],
        },
    });
    sandbox.write(".secrets.baseline", baseline.to_string().as_bytes());
    let ran = sandbox.keylint(&["migrate", "auto", "--write"]).code(0);
    ran.says(&["no difference", "2 accepted findings"]).hides(&[weak]);
    sandbox.keylint(&[]).code(0);
    let written = sandbox.read("keylint.baseline.json");
    assert!(written.contains("audited false positive") && !written.contains(&sha1(weak)), "{written}");
    // What comes later is new.
    sandbox.write("src/e.py", token(5).as_bytes());
    sandbox.keylint(&[]).code(1);
}

#[test]
fn history_is_looked_at() {
    let sandbox = Sandbox::repository(&[("a.py", &format!("x = '{}'\n", token(1)))]);
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "a"]);
    let commit = sandbox.git(&["rev-parse", "HEAD"]).trim().to_string();
    // The secret moved down since; the line in the commit tells which one it is.
    sandbox.write("a.py", format!("\n\n\nx = '{}'\n", token(1)).as_bytes());
    sandbox.write(".gitleaksignore", format!("{commit}:a.py:github-pat:1\n").as_bytes());
    sandbox.keylint(&["migrate", "--write"]).code(0).says(&["1 accepted finding\n", "no difference"]);
    sandbox.keylint(&[]).code(0);
    // One that only history holds is kept for scans of history.
    std::fs::remove_file(sandbox.path("keylint.baseline.json")).expect("it was written");
    sandbox.write("a.py", b"");
    sandbox.keylint(&["migrate", "--write"]).code(0).says(&["1 of them in history only"]);
}

#[test]
fn other_scanners_are_taken_over() {
    let sandbox = Sandbox::repository(&[
        (
            ".secretlintrc.json",
            r#"{"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend", "rules": [
            {"id": "@secretlint/secretlint-rule-slack", "disabled": true},
            {"id": "@secretlint/secretlint-rule-github", "options": {"allows": ["/^ghp_A/i"]}}]}]}"#,
        ),
        (".secretlintignore", "dist/\n!keep\n[\n"),
        (
            "kingfisher.yaml",
            "filters:\n  skip_words: [EXAMPLE]\n  exclude:\n    - third/\nbaseline:\n  file: ./known.yml\n",
        ),
        ("known.yml", "ExactFindings:\n  matches:\n  - filepath: b.py\n    fingerprint: '1'\n    linenum: 1\n"),
        ("a.py", &format!("x = '{}'\n", token(1))),
        ("b.py", &token(2)),
        ("c.py", &token(3)),
    ]);
    let guardian = format!(
        "version: 2\nsecret:\n  ignored_paths:\n    - '**/README.md'\n  ignored_matches:\n    - name: old key\n      match: {}\n",
        sha(gix::hash::Kind::Sha256, &format!("{},apikey", token(1)))
    );
    sandbox.write(".gitguardian.yaml", guardian.as_bytes());
    let report = serde_json::json!([{ "RuleID": "github-pat", "File": "c.py", "StartLine": 1, "Secret": token(3) }]);
    sandbox.write("report.json", report.to_string().as_bytes());
    let ran = sandbox.keylint(&["migrate", "--accepted", "report.json"]).code(0);
    ran.says(&[
        "ignore = [\"slack-*\"]",
        "\"dist/\"",
        "\"**/README.md\"",
        "\"third/\"",
        "rules = [\"github-*\"]",
        "patterns = [\"(?i)^ghp_A\"]",
        "words = [\"EXAMPLE\"]",
        "3 accepted findings",
        ".secretlintignore:2",
        "the glob `[`",
    ])
    .hides(&["a.py:1", "b.py:1", "c.py:1"]);
}

#[test]
fn rules_of_kingfisher_are_taken_over() {
    let acme = |seed: u64| keylint_rules::expand::template("acme_up_{hex:32}", seed, &|_, _| None).text;
    let sandbox = Sandbox::repository(&[
        ("kingfisher.yaml", "rules:\n  paths: [./scan/rules]\n"),
        ("a.py", &format!("upload = '{}'\n", acme(1))),
        ("b.py", &format!("upload = 'acme_up_{}test'\n", "0a".repeat(14))),
        ("scan/other.yml", OTHER),
    ]);
    let rules = RULES.replace("EXAMPLE", &acme(2));
    sandbox.write("scan/rules/acme.yml", rules.as_bytes());
    let ran = sandbox.keylint(&["migrate", "--rules", "scan/other.yml"]).code(0);
    ran.says(&[
        "read scan/rules/acme.yml: 3 rules",
        "read scan/other.yml: 1 rule\n",
        "would write keylint-rules/acme-upload-1.toml",
        "title = \"Acme upload key\"",
        "references = [\"https://acme.example/keys\"]",
        "keywords = [\"acme_up_\"]",
        "pattern = \"(?i)\\\\b(?<secret>acme_up_[a-z0-9]{32})\"",
        "confidence = \"high\"",
        "words = [\"test\"]",
        "would write keylint-rules/other-1.toml",
        "rule `acme.upload.1`: `validation`: keylint asks no service",
        "rule `acme.upload.1`: `pattern_requirements`",
        "rule `acme.helper`: it is not visible there",
        "scan/rules/acme.yml: a rule without an `id` or a `pattern`",
        "new finding: a.py:1:11: high[acme-upload-1] Acme upload key",
    ])
    .hides(&["b.py", "finding: scan", &acme(1)[12..]]);
    sandbox.keylint(&["migrate", "--write"]).code(0).says(&["wrote keylint-rules/acme-upload-1.toml"]);
    sandbox.keylint(&["rules", "test", "keylint-rules"]).code(0).says(&["acme-upload-1: ok"]);
    sandbox.keylint(&["--format", "concise"]).code(1).says(&["a.py:1:11"]).hides(&["acme.yml", "b.py"]);
}

const RULES: &str = r#"
rules:
  - name: Acme upload key.
    id: acme.upload.1
    pattern: |
      (?xi)
      \b                       # it stands alone
      (?P<TOKEN> acme_up_ [a-z0-9]{32} )
    min_entropy: 3.0
    confidence: high
    pattern_requirements:
      min_digits: 2
      ignore_if_contains: [test]
    examples: ["EXAMPLE"]
    references: ["https://acme.example/keys"]
    validation: { type: Http, content: {} }
  - name: Helper
    id: acme.helper
    pattern: 'acme_id_([0-9]{8})'
    visible: false
  - name: Nothing
"#;

const OTHER: &str = "rules:\n- name: Other\n  id: other.1\n  pattern: 'other_([a-f0-9]{16})\\b'\n";

#[test]
fn hooks_and_workflows_are_rewritten() {
    let sandbox = Sandbox::repository(&[
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: https://github.com/gitleaks/gitleaks\n  rev: v8.18.0\n  hooks:\n  - id: gitleaks\n",
        ),
        (".github/workflows/scan.yml", "jobs:\n  a:\n    steps:\n      - uses: gitleaks/gitleaks-action@v2\n"),
    ]);
    sandbox.write("package.json", br#"{"scripts": {"lint": "eslint . && secretlint ."}}"#);
    sandbox.keylint(&["migrate"]).code(0).says(&["would change .pre-commit-config.yaml:", "nothing was written"]);
    assert!(sandbox.read(".pre-commit-config.yaml").contains("gitleaks"));
    let ran = sandbox.keylint(&["migrate", "--write"]).code(0);
    ran.says(&[
        "changed .pre-commit-config.yaml:",
        "changed .github/workflows/scan.yml:",
        "package.json:1: `secretlint` runs here",
        "-- repo: https://github.com/gitleaks/gitleaks",
        "+- repo: https://github.com/keylint/keylint",
        "-      - uses: gitleaks/gitleaks-action@v2",
        concat!("+      - uses: keylint/keylint@v", env!("CARGO_PKG_VERSION")),
    ]);
    assert!(!sandbox.read(".pre-commit-config.yaml").contains("gitleaks"));
    assert!(sandbox.read(".github/workflows/scan.yml").ends_with(concat!(
        "      - uses: keylint/keylint@v",
        env!("CARGO_PKG_VERSION"),
        "\n"
    )));
    assert!(!sandbox.path("keylint.toml").exists());
    // What is left is what a person has to do.
    sandbox.keylint(&["migrate"]).code(0).hides(&["would change"]).says(&["package.json:1"]);
}
