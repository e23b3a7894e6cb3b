//! `triage`, `respond` and `merge`: what goes first, what to do, and many reports as one.
//! Not here: the reports themselves (`output.rs`).

use serde_json::Value;

use crate::sandbox::{Sandbox, token};

fn password(seed: u64) -> String {
    keylint_rules::expand::template("{alnum:12}#{alnum:8}", seed, &|_, _| None).text
}

fn leaky() -> Sandbox {
    let both = format!("a = \"{}\"\n", token(1));
    let sandbox = Sandbox::repository(&[
        ("src/a.txt", &both),
        ("lib/b.txt", &both),
        ("src/app.py", &format!("db_password = \"{}\"\n", password(2))),
        (".github/CODEOWNERS", "* @all\n/src/ @team/src\n"),
    ]);
    sandbox.write("report/.keep", b"");
    sandbox
}

#[test]
fn broken_reports_are_errors() {
    let sandbox = leaky();
    sandbox.keylint(&["--format", "json:r.json", "--format", "jsonl:r.jsonl", "--exit-zero"]).code(0);
    // One that is cut off is not scanned as a document, in which nothing would be found.
    for name in ["r.json", "r.jsonl"] {
        let whole = sandbox.read(name);
        sandbox.write(&format!("cut-{name}"), &whole.as_bytes()[..whole.len() / 2]);
        sandbox.keylint(&["triage", &format!("cut-{name}")]).code(2).warns(&["cannot read the report `cut-r"]);
    }
    sandbox.write("new.json", sandbox.read("r.json").replace("\"version\":1", "\"version\":9").as_bytes());
    sandbox.keylint(&["triage", "new.json"]).code(2).warns(&["it has version 9"]);
    // A scope is not needed, a finding without its fields is an error.
    sandbox.write("bare.json", br#"{"version": 1, "diagnostics": [], "summary": {}}"#);
    sandbox.keylint(&["triage", "bare.json"]).code(0).says(&["no findings"]);
    sandbox.keylint(&["merge", "bare.json"]).code(0).says(&["\"kind\":\"merged\""]);
    sandbox.write("half.json", br#"{"version": 1, "diagnostics": [{}], "summary": {}}"#);
    sandbox.keylint(&["triage", "half.json"]).code(2).warns(&["a finding has no"]);
    sandbox.keylint(&["respond", "abcd", "--report", "half.json"]).code(2).warns(&["a finding has no"]);
}

#[test]
fn what_is_proved_comes_first() {
    let sandbox = leaky();
    let ran = sandbox.keylint(&["triage"]).code(0).hides(&[&token(1), &password(2)]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].starts_with("certain  critical github-personal-access-token"), "{ran:#?}");
    assert!(lines[0].contains("2 places") && lines[0].contains("@all,@team/src"), "{ran:#?}");
    assert!(lines[0].ends_with("lib/b.txt:1:6, src/a.txt:1:6"), "{ran:#?}");
    assert!(
        lines[1].contains("1 place ") && lines[1].contains("@team/src") && lines[1].ends_with("src/app.py:1:16"),
        "{ran:#?}"
    );
    assert!(lines.last().is_some_and(|line| line.starts_with("2 secrets in 3 places")), "{ran:#?}");

    // The same from a report, also in JSON and from a folder below.
    sandbox.keylint(&["--format", "json:report/r.json", "--exit-zero"]).code(0);
    let again = sandbox.keylint(&["triage", "report/r.json"]).code(0);
    assert_eq!(again.out, ran.out);
    let json = sandbox.keylint(&["triage", "--format", "json", "report/r.json"]).code(0);
    let json: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["secrets"][0]["places"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["secrets"][1]["owners"][0], "@team/src");
    sandbox.keylint_in("src", &["triage"]).code(0).says(&["@team/src"]).hides(&["@all"]);
    Sandbox::new(&[]).keylint(&["triage"]).code(0).says(&["no findings"]);
}

#[test]
fn history_counts_less() {
    let sandbox = Sandbox::repository(&[("r.json", "")]);
    let finding = |fingerprint: &str, head: bool, line: u32| {
        serde_json::json!({
            "rule": "generic-secret", "family": "secret", "severity": "high", "confidence": "high", "message": "m",
            "path": "a.txt", "origin": "commit", "span": {"start": 0, "end": 1}, "start": {"line": line, "column": 1},
            "end": null, "excerpt": "", "related": [], "evidence": [], "fixes": [], "suppressed": null,
            "fingerprint": fingerprint.repeat(32), "inHead": head, "commit": {"id": "abcdef0123456789", "date": "2024-01-01"},
        })
    };
    let list = [finding("a", false, 1), finding("a", false, 2), finding("b", true, 3)];
    let report = serde_json::json!({"version": 1, "diagnostics": list, "skipped": [], "scope": {}, "summary": {}});
    sandbox.write("r.json", report.to_string().as_bytes());
    let ran = sandbox.keylint(&["triage", "r.json"]).code(0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].contains("bbbbbbbb in HEAD") && lines[1].contains("aaaaaaaa history"), "{ran:#?}");
    assert!(lines[1].ends_with("a.txt:1:1 (abcdef0), a.txt:2:1 (abcdef0)"), "{ran:#?}");
}

#[test]
fn a_runbook() {
    let sandbox = leaky();
    let list = sandbox.keylint(&["triage", "--format", "json"]).code(0);
    let list: Value = serde_json::from_str(&list.out).expect("JSON");
    let fingerprint = list["secrets"][0]["fingerprint"].as_str().expect("a fingerprint").to_string();
    let steps = [
        "Contain",
        "Revoke",
        "Where it is used",
        "src/a.txt:1:6",
        "See what was done",
        "git filter-repo",
        "--replace-text",
        "github.com/settings/tokens",
    ];
    sandbox.keylint(&["respond", &fingerprint]).code(0).says(&steps).hides(&[&token(1), "ghp_"]);
    sandbox.keylint(&["--format", "json:r.json", "--exit-zero"]).code(0);
    let placeholder = format!("<secret:github-personal-access-token:{}>", &fingerprint[..4]);
    sandbox.keylint(&["respond", &placeholder, "--report", "r.json"]).code(0).says(&steps);
    sandbox.keylint(&["respond", "zz"]).code(2).warns(&["no fingerprint"]);
    sandbox.keylint(&["respond", &"0".repeat(32)]).code(2).warns(&["no finding has the fingerprint"]);
    sandbox
        .keylint(&["respond", "1234", "--report", "src/a.txt"])
        .code(2)
        .warns(&["cannot read the report `src/a.txt`"]);
}

#[test]
fn an_aws_key_is_looked_up_by_a_variable() {
    let pair = keylint_rules::expand::template(
        "aws_access_key_id = AKIAQ{base32:15}\naws_secret_access_key = {base64:40}\n",
        3,
        &|_, _| None,
    )
    .text;
    let sandbox = Sandbox::new(&[("credentials", &pair)]);
    let report = sandbox.keylint(&["--format", "json"]);
    let report: Value = serde_json::from_str(&report.out).expect("JSON");
    let fingerprint = report["diagnostics"][0]["fingerprint"].as_str().expect("a finding").to_string();
    let ran = sandbox.keylint(&["respond", &fingerprint]).code(0);
    ran.says(&["cloudtrail lookup-events", "AttributeValue=\"$ACCESS_KEY_ID\""]).hides(&[&pair[20..40]]);
}

#[test]
fn reports_are_merged() {
    let sandbox = Sandbox::new(&[
        ("one/a.txt", &format!("a = \"{}\"\n", token(1))),
        ("two/b.txt", &format!("a = \"{}\"\nb = \"{}\"\n", token(1), token(2))),
    ]);
    sandbox.keylint_in("one", &["--format", "json:../one.json", "--exit-zero"]).code(0);
    sandbox.keylint_in("two", &["--format", "jsonl:../two.json", "--exit-zero"]).code(0);
    let merged = sandbox.keylint(&["merge", "one.json", "two.json"]).code(0).hides(&[&token(1)]);
    sandbox.write("all.json", merged.out.as_bytes());
    let report: Value = serde_json::from_str(&merged.out).expect("JSON");
    assert_eq!(report["summary"]["findings"], 3);
    assert_eq!(report["summary"]["severities"]["critical"], 3);
    assert_eq!(report["summary"]["complete"], true);
    assert_eq!(report["scope"]["scopes"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["diagnostics"][2]["repository"], "two");
    let schema = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/share/keylint-report.schema.json"));
    let schema: Value = serde_json::from_str(&schema.expect("the schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    // What is merged can be merged, ranked and tabled again.
    sandbox
        .keylint(&["merge", "all.json", "--format", "text"])
        .code(0)
        .says(&["2 different secrets, 1 of them in more than one repository"]);
    sandbox.keylint(&["merge", "one.json", "two.json", "--format", "text"]).code(0).says(&[
        "repository",
        "one ",
        "two ",
        "all ",
    ]);
    let ranked = sandbox.keylint(&["triage", "one.json", "two.json"]).code(0);
    ranked.says(&["one: a.txt:1:6, two: b.txt:1:6"]);
    sandbox.write("bad.json", b"{\"version\":2}");
    sandbox.keylint(&["merge", "bad.json"]).code(2).warns(&["version 2"]);
}
