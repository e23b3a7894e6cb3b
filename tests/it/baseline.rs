//! What a baseline file accepts over several runs, and which comments count.
//! Not here: the pure part (`crates/engine/tests/baseline.rs`).

use serde_json::Value;

use crate::sandbox::{Sandbox, token};

const NAME: &str = "keylint.baseline.json";

fn file(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.read(NAME)).expect("a baseline is JSON")
}

fn entry(sandbox: &Sandbox, index: usize, key: &str) -> Value {
    file(sandbox)["findings"][index][key].clone()
}

#[test]
fn what_was_accepted_passes_and_what_is_new_fails() {
    let sandbox = Sandbox::repository(&[("a.txt", &token(1)), ("b/c.txt", &token(2))]);
    sandbox.keylint(&[]).code(1);
    sandbox.keylint(&["baseline", "update"]).code(2).warns(&["keylint baseline create"]);
    let args = ["baseline", "create", "--reason", "rotated", "--owner", "ops", "--expires", "2999-12-31"];
    sandbox.keylint(&args).code(0).says(&["wrote keylint.baseline.json: 2 accepted findings (2 added)"]);
    sandbox.keylint(&["baseline", "create"]).code(2).warns(&["exists already", "keylint baseline update"]);
    // The baseline itself is no document: its key and its fingerprints look like secrets.
    sandbox.keylint(&[]).code(0).says(&["2"]).hides(&[NAME]);
    let ran = sandbox.keylint(&["--format", "json"]).code(0);
    let report: Value = serde_json::from_str(&ran.out).expect("a report");
    let suppressed = &report["diagnostics"][0]["suppressed"];
    assert_eq!(suppressed["kind"], "baseline");
    assert_eq!(suppressed["reason"], "rotated");
    assert_eq!(report["summary"]["files"], 2);
    assert_eq!(entry(&sandbox, 0, "owner"), "ops");
    assert_eq!(entry(&sandbox, 0, "expires"), "2999-12-31");
    // From a folder below, and for a single file, it is the same one.
    sandbox.keylint_in("b", &[]).code(0);
    sandbox.keylint(&["b/c.txt"]).code(0);
    sandbox.keylint(&["--isolated"]).code(1);

    sandbox.write("d.txt", token(3).as_bytes());
    sandbox.keylint(&[]).code(1).says(&["d.txt", "1 finding"]).hides(&["c.txt"]);
    sandbox.keylint(&["baseline", "update"]).code(0).says(&["3 accepted findings (1 added)"]);
    assert_eq!(file(&sandbox)["findings"].as_array().map(Vec::len), Some(3));
    sandbox.keylint(&["baseline", "update"]).code(0).says(&["is up to date"]);
    // Nothing of a secret is in the file.
    let text = sandbox.read(NAME);
    assert!((1..4).all(|seed| !text.contains(&token(seed)[4..20])), "{text}");
}

#[test]
fn a_move_is_free_and_a_copy_is_new() {
    let sandbox = Sandbox::repository(&[("a.txt", &token(1))]);
    sandbox.keylint(&["baseline", "create"]).code(0);
    std::fs::rename(sandbox.path("a.txt"), sandbox.path("b.txt")).expect("it moves");
    sandbox.keylint(&[]).code(0);
    // Reformatting and other lines change nothing either.
    sandbox.write("b.txt", format!("# text\n\n  x = '{}'\n", token(1)).as_bytes());
    sandbox.keylint(&[]).code(0);
    sandbox.write("c.txt", token(1).as_bytes());
    sandbox.keylint(&[]).code(1).says(&["known secret, new place", "c.txt"]);
    std::fs::remove_file(sandbox.path("c.txt")).expect("it goes");
    sandbox.keylint(&["baseline", "update"]).code(0).says(&["1 moved"]);
    assert_eq!(entry(&sandbox, 0, "paths").to_string(), r#"["b.txt"]"#);

    // Where only a part is scanned, a place that was not looked at is not taken for left.
    sandbox.write("c.txt", token(1).as_bytes());
    sandbox.keylint(&["c.txt"]).code(1).says(&["known secret, new place"]);
    std::fs::remove_file(sandbox.path("c.txt")).expect("it goes");

    sandbox.write("b.txt", b"");
    sandbox.keylint(&["baseline", "prune"]).code(0).says(&["0 accepted findings (1 place gone, 1 removed)"]);
    assert!(file(&sandbox)["key"].as_str().is_some_and(|key| key.len() == 32));
}

#[test]
fn staged_lines_know_the_baseline() {
    let sandbox = Sandbox::repository(&[("a.txt", &format!("{}\nx\n", token(1)))]);
    sandbox.keylint(&["baseline", "create"]).code(0);
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "a"]);
    sandbox.git(&["mv", "a.txt", "b.txt"]);
    sandbox.keylint(&["--staged"]).code(0);
    // The secret is still in `a.txt`, on a line that did not change: this is a copy.
    sandbox.git(&["reset", "-q", "--hard"]);
    sandbox.write("a.txt", format!("{}\ny\n", token(1)).as_bytes());
    sandbox.write("b.txt", token(1).as_bytes());
    sandbox.git(&["add", "-A"]);
    sandbox.keylint(&["--staged"]).code(1).says(&["b.txt", "known secret, new place"]);
}

#[test]
fn dates_end_what_was_accepted() {
    let sandbox = Sandbox::repository(&[("a.txt", &token(1))]);
    sandbox
        .keylint(&["baseline", "create", "--expires", "2020-01-31"])
        .code(2)
        .warns(&["`--expires 2020-01-31` is over"]);
    sandbox.keylint(&["baseline", "create", "--expires", "2999-01-31"]).code(0);
    let accepted = sandbox.read("keylint.baseline.json").replace("2999", "2020");
    sandbox.write("keylint.baseline.json", accepted.as_bytes());
    sandbox.keylint(&[]).code(1).says(&["the baseline accepted it until 2020-01-31"]);
    sandbox.keylint(&["baseline", "update"]).code(0).says(&["up to date", "1 expired"]);
    sandbox.keylint(&["baseline", "update", "--expires", "2999-01-31"]).code(0).says(&["1 renewed"]);
    sandbox.keylint(&[]).code(0);
    sandbox.keylint(&["baseline", "update", "--expires", "soon"]).code(2).warns(&["2026-12-31"]);
    // What goes is accepted on no terms.
    sandbox.keylint(&["baseline", "prune", "--reason", "gone"]).code(2);
}

#[test]
fn the_file_may_stand_elsewhere() {
    let sandbox =
        Sandbox::repository(&[("a.txt", &token(1)), ("keylint.toml", "baseline = \"ci/known.json\"\n"), ("ci/x", "")]);
    sandbox.keylint(&[]).code(2).warns(&["cannot read the baseline", "known.json"]);
    sandbox.keylint(&["baseline", "create"]).code(0).says(&["wrote ci/known.json"]);
    sandbox.keylint(&[]).code(0);
    sandbox.keylint(&["config", "show"]).code(0).says(&["baseline = ", "known.json"]);
    sandbox.keylint(&["--isolated", "--baseline", "ci/known.json"]).code(0);
    let text = sandbox.read("ci/known.json");
    sandbox.write("ci/known.json", text.replace("\"version\":1", "\"version\":9").as_bytes());
    sandbox.keylint(&[]).code(2).warns(&["version 9 is not known"]);
    sandbox.write("ci/known.json", text.replace("\"rule\"", "\"ruel\"").as_bytes());
    sandbox.keylint(&[]).code(2).warns(&["known.json:2: unknown field `ruel`"]);
}

#[test]
fn nothing_is_accepted_where_something_was_not_scanned() {
    let sandbox = Sandbox::repository(&[("a.txt", &token(1))]);
    std::fs::write(sandbox.path("many.txt"), (0..1100).map(|seed| token(seed + 10) + "\n").collect::<String>())
        .expect("a file");
    sandbox.keylint(&["baseline", "create"]).code(3).warns(&["many.txt: more than 1000 findings", "--force"]);
    assert!(!sandbox.path(NAME).exists());
    sandbox.keylint(&["baseline", "create", "--force"]).code(0).says(&["1001 accepted findings"]);
}

#[test]
fn comments_that_suppress_nothing_are_reported() {
    let quiet = "x = 1  # keylint: ignore[github-personal-access-token] rotated\n";
    let sandbox = Sandbox::repository(&[
        ("a.py", &format!("x = '{}'  # keylint: ignore rotated\n{quiet}", token(1))),
        ("b.py", "# keylint: ignore-file[github-personal-acces-token]\n"),
        ("c.py", "x = 1  # gitleaks:allow\ntext = 'write keylint: ignore'\n"),
        ("README.md", "# keylint: ignore\n"),
    ]);
    let ran = sandbox.keylint(&["--format", "concise"]).code(0);
    ran.says(&["a.py:2:10", "unused-suppression", "b.py:1:3"]).hides(&["c.py", "README.md", "a.py:1:"]);
    sandbox.keylint(&[]).code(0).says(&["did you mean `github-personal-access-token`?"]);
    sandbox.write("keylint.toml", b"ignore = [\"unused-suppression\"]");
    sandbox.keylint(&["--format", "concise"]).code(0).hides(&["unused-suppression"]);
    // A rule that does not run cannot tell whether its comment is needed.
    sandbox.write("keylint.toml", b"ignore = [\"github-*\"]");
    sandbox.keylint(&["--format", "concise"]).code(0).hides(&["a.py:2:"]);
}

#[test]
fn comments_count_as_the_configuration_says() {
    let sandbox = Sandbox::repository(&[
        ("a.py", &format!("x = '{}'  # keylint: ignore\n", token(1))),
        ("b.py", &format!("x = '{}'  # gitleaks:allow\n", token(2))),
        ("c.js", &format!("/* secretlint-disable */\nx = '{}'\n/* secretlint-enable */\n", token(3))),
    ]);
    sandbox.keylint(&[]).code(0);
    sandbox.write("keylint.toml", b"require-reason = true");
    sandbox.keylint(&[]).code(1).says(&["a.py", "without the reason that is required"]).hides(&["b.py", "c.js"]);
    sandbox.write("keylint.toml", b"foreign-comments = false");
    sandbox.keylint(&[]).code(1).says(&["b.py", "c.js"]).hides(&["a.py"]);
    sandbox
        .write("c.js", format!("/* secretlint-disable */\n/* secretlint-enable */\nx = '{}'\n", token(3)).as_bytes());
    sandbox.write("keylint.toml", b"");
    sandbox.keylint(&[]).code(1).says(&["c.js"]);
}

#[test]
fn a_change_cannot_silence_its_own_findings() {
    let sandbox =
        Sandbox::repository(&[("a.py", &format!("x = '{}'  # keylint: ignore old\n", token(1))), ("b.py", &token(2))]);
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "a"]);
    let text = format!("x = '{}'  # keylint: ignore old\ny = '{}'  # keylint: ignore new\n", token(1), token(3));
    sandbox.write("a.py", text.as_bytes());
    // This comment would silence what stood there before.
    sandbox.write("b.py", format!("# keylint: ignore-file\n{}", token(2)).as_bytes());
    sandbox.git(&["add", "-A"]);
    sandbox.keylint(&["--staged"]).code(0);
    let ran = sandbox.keylint(&["--staged", "--no-new-suppressions", "--format", "concise"]).code(1);
    ran.says(&["a.py:2", "b.py:2"]).hides(&["a.py:1"]);
    let ran = sandbox.keylint(&["--staged", "--no-new-suppressions"]).code(1);
    ran.says(&["a comment that line 2 adds would suppress it", "2 findings"]);
    sandbox.git(&["commit", "-qm", "b"]);
    // The comment of the commit before still stands in what this one changes.
    let text = format!("{text}z = 1\n");
    sandbox.write("a.py", text.as_bytes());
    sandbox.git(&["commit", "-qam", "c"]);
    sandbox.keylint(&["--since", "HEAD~2"]).code(0);
    let ran = sandbox.keylint(&["--since", "HEAD~2", "--no-new-suppressions", "--format", "concise"]).code(1);
    ran.says(&["a.py:2", "b.py:2"]).hides(&["a.py:1"]);
    // To the last commit, the comment is an old one.
    sandbox.keylint(&["--range", "HEAD~1..HEAD", "--no-new-suppressions"]).code(0);
    for scope in [&["--no-new-suppressions"][..], &["git", "--no-new-suppressions"]] {
        sandbox.keylint(scope).code(2).warns(&["to know what is new"]);
    }
}
