//! `keylint redact`: files, streams, placeholders.
//! Not here: how a text is cut; `crates/engine/tests/redact.rs` has the properties.

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use keylint_rules::expand;

use crate::sandbox::{Sandbox, token};

fn fill(template: &str, seed: u64) -> String {
    expand::template(template, seed, &|_, _| None).text
}

#[test]
fn placeholders_are_stable() {
    let sandbox = Sandbox::new(&[]);
    let password = fill("{alnum:12}#{alnum:8}", 5);
    let text =
        format!("a={}\nb={}\nx {} y\nDB_PASSWORD='{password}'\nlogin with {password}\n", token(1), token(2), token(1));
    let ran = sandbox.keylint_with(&["redact"], text.as_bytes()).code(0).hides(&[&token(1), &token(2), &password]);
    let lines: Vec<&str> = ran.out.lines().collect();
    let first = lines[0].strip_prefix("a=").expect("the name stays");
    assert!(first.starts_with("<secret:github-personal-access-token:") && first.len() == 42, "{first}");
    assert_eq!(lines[2], format!("x {first} y"));
    assert_ne!(lines[1].strip_prefix("b="), Some(first));
    // A password is known again where nothing names it.
    let placeholder =
        lines[3].strip_prefix("DB_PASSWORD='").and_then(|rest| rest.strip_suffix('\'')).expect("the quotes stay");
    assert_eq!(lines[4], format!("login with {placeholder}"));
    // The digits are those of the finding.
    let json = sandbox.keylint_with(&["-", "--format", "json"], text.as_bytes());
    let digits = first.trim_end_matches('>').rsplit(':').next().expect("digits");
    assert!(json.out.contains(&format!("\"fingerprint\":\"{digits}")), "{json:#?}");
}

#[test]
fn files_and_the_lowest_confidence() {
    let key = fill("AKIA{base32:16}", 3);
    let sandbox = Sandbox::new(&[("test/app.env", &format!("TOKEN={}\nnothing\n", token(1))), ("keys.txt", &key)]);
    let ran = sandbox.keylint(&["redact", "test/app.env"]).code(0).hides(&[&token(1)]);
    assert!(ran.out.ends_with("\nnothing\n"));
    sandbox.keylint(&["redact", "test/app.env", "--min-confidence", "certain"]).code(0).hides(&[&token(1)]);
    sandbox.keylint(&["redact", "no-such-file"]).code(2).warns(&["cannot read `no-such-file`"]);
    // Public keys are no secrets, and what a comment accepts is one all the same.
    let text = format!("{}\nx = {} # keylint: ignore\n", fill("pk_live_{alnum:24}", 1), token(4));
    let ran = sandbox.keylint_with(&["redact", "-"], text.as_bytes()).code(0).hides(&[&token(4)]);
    assert!(ran.out.starts_with("pk_live_"), "{ran:#?}");
}

#[test]
fn lines_come_out_at_once() {
    let sandbox = Sandbox::new(&[]);
    let mut child =
        sandbox.command().arg("redact").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("keylint runs");
    let mut input = child.stdin.take().expect("standard input");
    let mut output = BufReader::new(child.stdout.take().expect("standard output"));
    for (line, want) in [("plain\n".to_string(), "plain\n"), (format!("token={}\n", token(1)), "token=<secret:")] {
        input.write_all(line.as_bytes()).expect("keylint reads");
        input.flush().expect("keylint reads");
        let mut out = String::new();
        output.read_line(&mut out).expect("keylint writes");
        assert!(out.starts_with(want), "{out}");
    }
    drop(input);
    assert!(child.wait().expect("keylint ends").success());
}
