//! How results are printed, and where.
//! Not here: what the formats look like in detail; `keylint-report` tests that.

use std::process::Stdio;

use crate::sandbox::{Ran, Sandbox, token};

fn leaky() -> Sandbox {
    Sandbox::new(&[("a.txt", &format!("é = \"{}\"\n", token(1)))])
}

#[test]
fn several_formats_to_several_places() {
    let sandbox = leaky();
    let formats = [
        "--format",
        "json:out.json",
        "--format",
        "sarif:out.sarif",
        "--format",
        "jsonl:out.jsonl",
        "--format",
        "concise",
    ];
    let ran = sandbox.keylint(&[&["a.txt"][..], &formats[..]].concat()).code(1).says(&["a.txt:1:6"]);
    ran.hides(&[&token(1)]);
    for file in ["out.json", "out.sarif"] {
        let report: serde_json::Value = serde_json::from_str(&sandbox.read(file)).expect(file);
        assert!(report["version"].is_number() || report["version"].is_string(), "{file}");
    }
    for file in ["out.json", "out.sarif", "out.jsonl"] {
        assert!(!sandbox.read(file).contains(&token(1)), "{file} holds the secret");
    }
    sandbox.keylint(&["--format", "json", "--format", "sarif"]).code(2).warns(&["two reports"]);
    sandbox.keylint(&["--format", "yaml"]).code(2).warns(&["no format is called `yaml`"]);
    sandbox.keylint(&["--format", "json:no/such/folder/x"]).code(2).warns(&["cannot write the report"]);
}

#[test]
fn secrets_are_shown_only_when_asked() {
    let sandbox = leaky();
    sandbox.keylint(&[]).code(1).hides(&[&token(1)]);
    sandbox.keylint(&["--show-secrets"]).code(1).says(&[&token(1)]);
}

#[test]
fn suppressed_findings_are_shown_when_asked() {
    let text = format!("x = '{}'  # keylint: ignore rotated owner=ops\n", token(1));
    let sandbox = Sandbox::new(&[("a.py", &text)]);
    for format in ["text", "concise"] {
        sandbox.keylint(&["--format", format]).code(0).hides(&["a.py"]);
    }
    sandbox.keylint(&["--show-suppressed"]).code(0).says(&["--> a.py:1", "suppressed: inline, rotated, owner ops"]);
    sandbox.keylint(&["--show-suppressed", "--format", "concise"]).code(0).says(&["a.py:1:6", "(suppressed: inline)"]);
}

#[test]
fn colours() {
    let sandbox = leaky();
    let colored = |ran: Ran| ran.code(1).out.contains('\x1b');
    assert!(!colored(sandbox.keylint(&[])));
    assert!(colored(sandbox.keylint(&["--color", "always"])));
    assert!(colored(sandbox.keylint_env(&[], &[("FORCE_COLOR", "1")])));
    assert!(colored(sandbox.keylint_env(&[], &[("CLICOLOR_FORCE", "1")])));
    assert!(!colored(sandbox.keylint_env(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")])));
    assert!(!colored(sandbox.keylint_env(&["--color", "never"], &[("FORCE_COLOR", "1")])));
}

#[test]
fn quiet_runs_say_nothing_when_clean() {
    let sandbox = Sandbox::new(&[("a.txt", "nothing\n")]);
    let ran = sandbox.keylint(&["-q"]).code(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    leaky().keylint(&["-q"]).code(1).says(&["a.txt"]);
}

#[test]
fn a_closed_pipe_is_no_error_and_no_clean_scan() {
    let files: Vec<_> = (0..2000).map(|n| (format!("{n}.txt"), format!("\"{}\"\n", token(n)))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let sandbox = Sandbox::new(&files);
    let formats = ["--format", "text", "--format", "json:all.json"];
    let command = |args: &[&str]| {
        let mut command = sandbox.command();
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("keylint runs")
    };
    let mut child = command(&formats);
    drop(child.stdout.take());
    let ran = Ran::new(child.wait_with_output().expect("keylint ends")).code(1);
    assert_eq!(ran.err, "");
    // The other report is written all the same.
    let report: serde_json::Value = serde_json::from_str(&sandbox.read("all.json")).expect("a whole report");
    assert_eq!(report["summary"]["findings"], 2000);
    let mut child = command(&["rules"]);
    drop(child.stdout.take());
    Ran::new(child.wait_with_output().expect("keylint ends")).code(0);
}

#[test]
fn errors_do_nothing_to_a_terminal() {
    let sandbox = Sandbox::new(&[("a.txt", "x")]);
    for text in ["select = ['\\u001b[31m']", "extends = '\\u001b]0;x'", "'\\u001b[31m' = 1"] {
        sandbox.write("keylint.toml", text.replace('\'', "\"").as_bytes());
        sandbox.keylint(&[]).code(2).warns(&["\\u{1b}"]).hides(&["\u{1b}"]);
    }
    // Nor does what a rule of the repository says of itself.
    sandbox.write("keylint.toml", b"rules = \"own\"");
    let rule = "title = \"a\\u001b[31m\"\nseverity = \"low\"\nsince = \"0.1.0\"\nreferences = []\ndocs = \"b\\u001b[31m\"\n\
                [secret]\nkeywords = [\"acme_\"]\npattern = \"acme_[a-z]{8}\"\n";
    sandbox.write("own/acme.toml", rule.as_bytes());
    sandbox.keylint(&["rules"]).code(0).says(&["a\\u{1b}"]).hides(&["\u{1b}"]);
    sandbox.keylint(&["explain", "acme"]).code(0).says(&["a\\u{1b}", "b\\u{1b}"]).hides(&["\u{1b}"]);
}

#[test]
fn rules_and_explanations() {
    let sandbox = Sandbox::new(&[]);
    sandbox.keylint(&["rules"]).code(0).says(&["github-personal-access-token"]);
    let list = sandbox.keylint(&["rules", "--format", "json"]).code(0);
    let list: serde_json::Value = serde_json::from_str(&list.out).expect("JSON");
    let rules = list["rules"].as_array().expect("a list");
    assert!(rules.iter().all(|rule| rule["docs"].as_str().is_some_and(|docs| !docs.is_empty())));
    let page = sandbox.keylint(&["explain", "github-personal-access-token"]).code(0);
    page.says(&["severity", "ghp_", "https://", "Revoke"]);
    let unknown = sandbox.keylint(&["explain", "github-personal-acces-token"]).code(2);
    unknown.warns(&["did you mean `github-personal-access-token`?"]);
}

#[test]
fn shells_and_man() {
    let sandbox = Sandbox::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        sandbox.keylint(&["completions", shell]).code(0).says(&["keylint", "staged"]);
    }
    sandbox.keylint(&["man"]).code(0).says(&[".TH keylint", "fail\\-on", "keylint BASELINE CREATE", "\\-\\-expires"]);
}

#[test]
fn rules_of_the_user_speak_in_reports() {
    let rule = r#"
title = "Acme key"
severity = "high"
since = "0.1.0"
references = ["https://docs.acme.example/keys"]
docs = "Opens all of Acme."
[response]
contain = "Delete it."
revoke = "https://console.acme.example/keys"
audit = "The log."
[secret]
keywords = ["acme_live_"]
pattern = '\bacme_live_[A-Za-z0-9]{32}\b'
"#;
    let key = format!("acme_live_{}", &token(1)[4..36]);
    let files = [("keylint.toml", "rules = \"own\"\n"), ("own/acme.toml", rule), ("a.txt", &key)];
    let sandbox = Sandbox::new(&files);
    for format in ["text", "github", "junit", "markdown", "html", "sarif"] {
        let ran = sandbox.keylint(&["--format", format, "a.txt"]).code(1);
        // Among the rules of keylint it has no page.
        ran.says(&["https://console.acme.example/keys"]).hides(&["rules/secret/acme.toml", &key[14..30]]);
    }
    let ran = sandbox.keylint(&["--format", "sarif", "a.txt"]).code(1);
    ran.says(&["Opens all of Acme.", "\"helpUri\":\"https://docs.acme.example/keys\""]);
}
