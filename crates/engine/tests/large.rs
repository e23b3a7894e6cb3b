//! Documents that are too large to be read for policies: where one may stand, that is said, and secrets are found.
//! Not here: how a document that comes in pieces is scanned for secrets (`stream.rs`).
#![allow(clippy::disallowed_methods)]

use keylint_diagnostics::{Document, SkipKind};
use keylint_engine::{Config, Engine, Scan};
use keylint_policy::hosts::MAX_DOCUMENT;
use keylint_rules::expand;

const POLICY: &str = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}";

/// Where a stream settles what it has read.
const BLOCK: usize = 4 << 20;

/// A text that is larger than the limit, with `planted` at an offset and a secret behind it.
fn large(planted: &str, at: usize) -> Vec<u8> {
    let mut text = "[1, 2, 3],\n".repeat(MAX_DOCUMENT / 11 + 1).into_bytes();
    text[at..at + planted.len()].copy_from_slice(planted.as_bytes());
    text.extend(expand::template("\nGITHUB_TOKEN=ghp_{alnum:36}\n", 7, &|_, _| None).text.bytes());
    text
}

fn streamed(engine: &Engine, path: &str, text: &[u8]) -> Scan {
    let mut scanner = engine.scanner();
    let mut stream = scanner.stream(path);
    let mut diagnostics = stream.push(text);
    let mut end = stream.finish();
    diagnostics.append(&mut end.diagnostics);
    Scan { diagnostics, skipped: end.skipped }
}

fn check(engine: &Engine, path: &str, text: &[u8], said: bool) {
    for (how, scan) in
        [("whole", engine.scanner().scan(&Document::new(path, text))), ("streamed", streamed(engine, path, text))]
    {
        let rules: Vec<&str> = scan.diagnostics.iter().map(|diagnostic| diagnostic.rule.as_str()).collect();
        assert_eq!(rules.len(), 1, "{path} {how}: {rules:?}");
        let skipped: Vec<_> = scan.skipped.iter().map(|skip| (&*skip.path, skip.kind)).collect();
        let want: &[_] = if said { &[(path, SkipKind::Incomplete)] } else { &[] };
        assert_eq!(skipped, want, "{path} {how}");
    }
}

#[test]
fn a_document_too_large_for_policies_is_incomplete() {
    let engine = Engine::new(Config::default()).expect("the built-in rules build");
    // Across the edge of a block too.
    for at in [100, BLOCK - 5] {
        check(&engine, "data.json", &large(POLICY, at), true);
    }
    let text = large(POLICY, 1 << 20);
    for (path, said) in [("a.yaml", true), ("main.tf", true), ("dump", true), ("a.log", false), ("bundle.js", false)] {
        check(&engine, path, &text, said);
    }
    check(&engine, "data.json", &large("[4]", 100), false);
}

#[test]
fn where_no_policy_is_asked_for_nothing_is_missed() {
    let config = Config { select: vec!["github-personal-access-token".into()], ..Config::default() };
    let engine = Engine::new(config).expect("the rule is built in");
    check(&engine, "data.json", &large(POLICY, 100), false);
}

#[test]
fn more_findings_than_are_reported_are_said() {
    let engine = Engine::new(Config::default()).expect("the built-in rules build");
    let actions = vec!["\"s3:GetObjcet\""; keylint_policy::MAX_DIAGNOSTICS + 1].join(",");
    let text = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": [{actions}], \"Resource\": \"*\"}}]}}"
    );
    let scan = engine.scanner().scan(&Document::new("policy.json", text.as_bytes()));
    assert_eq!(scan.skipped.iter().map(|skip| skip.kind).collect::<Vec<_>>(), [SkipKind::Incomplete]);
}
