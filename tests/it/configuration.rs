//! Where configuration files are found, which one applies, and what is said of wrong ones.
//! Not here: the keys one by one; `keylint_engine::config` tests them.

use crate::sandbox::{Sandbox, token};

#[test]
fn the_nearest_file_applies() {
    let token = token(1);
    let sandbox = Sandbox::repository(&[
        ("keylint.toml", "exclude = [\"vendor\", \"b/skipped\"]"),
        ("a/x.txt", &token),
        ("vendor/x.txt", &token),
        ("b/.keylint.toml", "ignore = [\"github-*\"]"),
        ("b/x.txt", &token),
        ("b/c/.config/keylint.toml", "exclude = [\"*.log\"]"),
        ("b/c/x.txt", &token),
        ("b/c/x.log", &token),
        ("b/skipped/x.txt", &token),
    ]);
    sandbox.finds(&[], &["a/x.txt", "b/c/x.txt"]);
    sandbox.finds(&["b"], &["b/c/x.txt"]);
    sandbox.finds(&["b/c/x.log"], &["b/c/x.log"]);
    sandbox.finds(&["--force-exclude", "b/c/x.log", "vendor/x.txt"], &[]);
    sandbox.finds(&["vendor/x.txt"], &["vendor/x.txt"]);
    let all = ["a/x.txt", "b/c/x.log", "b/c/x.txt", "b/skipped/x.txt", "b/x.txt", "vendor/x.txt"];
    sandbox.finds(&["--isolated"], &all);
    let ran = sandbox.keylint_in("b/c", &["--format", "json"]);
    assert_eq!(ran.paths(), ["x.txt"]);
    sandbox.finds(&["--config", "b/.keylint.toml"], &[]);
}

#[test]
fn nothing_above_the_repository_counts() {
    let sandbox = Sandbox::new(&[
        ("keylint.toml", "ignore = [\"github-*\"]"),
        ("repository/.git/HEAD", "ref: refs/heads/main\n"),
        ("repository/a.txt", &token(1)),
        ("plain/a.txt", &token(1)),
    ]);
    sandbox.finds(&["repository"], &["repository/a.txt"]);
    // Without a repository the current folder is the top.
    sandbox.finds(&["plain"], &[]);
    assert_eq!(sandbox.keylint_in("plain", &["--format", "json"]).paths(), ["a.txt"]);
}

#[test]
fn files_extend_each_other() {
    let sandbox = Sandbox::new(&[
        ("keylint.toml", "extends = \"shared/base.toml\"\nfail-on = \"never\""),
        ("shared/base.toml", "exclude = [\"vendor\"]\nrules = \"rules\"\nfail-on = \"low\""),
        ("shared/rules/acme-token.toml", RULE),
        ("a.txt", "acme_0123456789abcdef\n"),
        ("vendor/a.txt", &token(1)),
    ]);
    sandbox.keylint(&["--format", "concise"]).code(0).says(&["a.txt:1:1", "acme-token"]).hides(&["vendor"]);
    sandbox.keylint(&["rules"]).code(0).says(&["acme-token", "Acme token"]);
    sandbox.keylint(&["explain", "acme-token"]).code(0).says(&["Delete it at Acme."]);

    sandbox.write("shared/base.toml", b"extends = \"../keylint.toml\"");
    sandbox.keylint(&[]).code(2).warns(&["extend each other in a circle", "base.toml"]);
    sandbox.write("keylint.toml", b"extends = \"nowhere.toml\"");
    sandbox.keylint(&[]).code(2).warns(&["cannot read the configuration", "nowhere.toml"]);
}

/// A rule of a user's own.
const RULE: &str = r#"
title = "Acme token"
severity = "high"
since = "0.1.0"
references = ["https://acme.example/tokens"]
docs = "Opens the door. Delete it at Acme."
[secret]
keywords = ["acme_"]
pattern = '\bacme_[0-9a-f]{16}\b'
[[example]]
text = '«acme_{hex:16}»'
"#;

#[test]
fn controls_that_no_rule_speaks_to_are_refused() {
    let sandbox = Sandbox::new(&[("a.txt", "x")]);
    sandbox.keylint(&["--compliance", "pci-dss-4"]).code(0);
    sandbox
        .keylint(&["--compliance", "pci-dds-4"])
        .code(2)
        .warns(&["error: no rule speaks", "begins with `pci-dds-4`"]);
}

#[test]
fn wrong_files_are_refused() {
    let check = |text: &str, want: &[&str]| {
        let sandbox = Sandbox::new(&[("keylint.toml", text), ("rules/bad.toml", "title = 1")]);
        sandbox.keylint(&[]).code(2).warns(want);
        sandbox.keylint(&["config", "check"]).code(2).warns(want);
        sandbox.keylint(&["--isolated"]).code(0);
    };
    check("\nselct = []", &["keylint.toml:2: unknown key `selct`, did you mean `select`?"]);
    check("select = [", &["keylint.toml:1:"]);
    check("exclude = [\"[\"]", &["the glob `[`"]);
    check("select = [\"github-personal-acces-token\"]", &["github-personal-access-token"]);
    check("rules = \"rules\"", &["bad"]);
    check("rules = \"nowhere\"", &["cannot read the rules"]);
    check("[[allow]]\npatterns = [\"(\"]", &["keylint.toml"]);

    // Also one that only a folder deep down has.
    let sandbox = Sandbox::new(&[("a/b/keylint.toml", "preview = 1"), ("a/b/c.txt", "")]);
    sandbox.keylint(&[]).code(2).warns(&["keylint.toml:1: expected `true` or `false`"]);
}

#[test]
fn the_gate_moves() {
    let sandbox = Sandbox::new(&[("a.txt", &token(1)), ("keylint.toml", "fail-on = \"never\"")]);
    sandbox.keylint(&[]).code(0).says(&["1 finding"]);
    sandbox.keylint(&["--fail-on", "low"]).code(1);
    sandbox.write("keylint.toml", b"[severity]\ngithub-personal-access-token = \"low\"");
    sandbox.keylint(&[]).code(0).says(&["1 low"]);
    sandbox.keylint(&["--fail-on", "low", "--min-confidence", "certain"]).code(1);
}

/// A severity below the usual gate, so that only what a file says makes such a finding fail.
const LOW: &str = "[severity]\ngithub-personal-access-token = \"low\"\n";

#[test]
fn each_folder_has_its_gate() {
    let low = |gate: &str| format!("{gate}\n{LOW}");
    let sandbox = Sandbox::repository(&[
        ("keylint.toml", "fail-on = \"never\""),
        ("x.py", &token(1)),
        ("strict/keylint.toml", &low("fail-on = \"low\"")),
        ("strict/deep/x.py", &token(2)),
        ("plain/keylint.toml", LOW),
        ("plain/x.py", &token(3)),
        ("outer/keylint.toml", &low("extends = \"../strict/keylint.toml\"\nmin-confidence = \"certain\"")),
        ("outer/x.py", &token(4)),
    ]);
    let failing = |args: &[&str], code: i32| -> Vec<String> {
        let ran = sandbox.keylint(&[args, &["--format", "json"]].concat()).code(code);
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("a report");
        let found = report["diagnostics"].as_array().expect("a list");
        let failing: Vec<&serde_json::Value> = found.iter().filter(|one| one["atGate"] == true).collect();
        assert_eq!(report["summary"]["atGate"], failing.len());
        failing.iter().map(|one| one["path"].as_str().expect("a path").to_string()).collect()
    };
    // What fails in its own folder fails the run, from wherever it is begun, and nothing else does.
    assert_eq!(failing(&[], 1), ["outer/x.py", "strict/deep/x.py"]);
    assert_eq!(failing(&["strict", "plain"], 1), ["strict/deep/x.py"]);
    assert_eq!(failing(&["plain", "x.py"], 0), [""; 0]);
    sandbox.keylint(&[]).code(1).says(&["4 findings", "2 at the gate"]);
    // The command line has the last word, everywhere.
    assert_eq!(failing(&["--fail-on", "high"], 1), ["x.py"]);
    assert_eq!(failing(&["--fail-on", "never"], 0), [""; 0]);
    // The same for what is staged.
    sandbox.git(&["add", "-A"]);
    assert_eq!(failing(&["--staged"], 1), ["outer/x.py", "strict/deep/x.py"]);
}

#[test]
fn commands_about_the_configuration() {
    let sandbox = Sandbox::new(&[]);
    sandbox.keylint(&["config", "check"]).code(2).warns(&["keylint init"]);
    sandbox.keylint(&["init"]).code(0).says(&["keylint.toml"]);
    sandbox.keylint(&["init"]).code(2).warns(&["exists already"]);
    assert!(sandbox.read("keylint.toml").starts_with("#:schema "));
    sandbox.keylint(&["config", "check"]).code(0).says(&["ok"]);
    sandbox.keylint(&["config", "show"]).code(0).says(&["fail-on = \"high\"", "rules run"]);
    let schema = sandbox.keylint(&["config", "schema"]).code(0);
    assert!(serde_json::from_str::<serde_json::Value>(&schema.out).is_ok());
}
