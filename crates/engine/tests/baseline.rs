//! What a baseline accepts: listed places, moves; not copies, not what has expired.
//! Not here: the file and the commands (`tests/it/baseline.rs`).
#![allow(clippy::disallowed_methods)]

use keylint_diagnostics::{Confidence, Diagnostic, Fingerprint, Label, Severity, Span, SuppressionKind};
use keylint_engine::{
    Config, Engine,
    baseline::{Baseline, Changes, Seen, Terms},
};

const KEY: &str = "00112233445566778899aabbccddeeff";

fn diagnostic(fingerprint: u128) -> Diagnostic {
    Diagnostic {
        rule: "x".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        message: String::new(),
        primary: Label { path: None, span: Span::default(), text: String::new(), mask: None },
        related: Vec::new(),
        evidence: Vec::new(),
        fixes: Vec::new(),
        fingerprint: Fingerprint(fingerprint),
        suppressed: None,
    }
}

fn baseline(findings: &str) -> Baseline {
    let text = format!("{{\"version\":1,\"key\":\"{KEY}\",\"findings\":[{findings}]}}");
    Baseline::parse(&text, "b.json").expect("it is well formed")
}

fn entry(fingerprint: u128, paths: &str, expires: &str) -> String {
    let print = Fingerprint(fingerprint);
    let expires = if expires.is_empty() { String::new() } else { format!(",\"expires\":\"{expires}\"") };
    format!("{{\"rule\":\"x\",\"fingerprint\":\"{print}\",\"paths\":{paths},\"added\":\"2026-01-01\"{expires}}}")
}

/// Everything that a scan of `paths` saw: which fingerprints each holds.
fn scan(paths: &[(&str, &[u128])]) -> (Vec<(String, Diagnostic)>, Seen) {
    let mut seen = Seen::default();
    let mut found = Vec::new();
    for (path, fingerprints) in paths {
        let diagnostics: Vec<_> = fingerprints.iter().map(|&print| diagnostic(print)).collect();
        seen.scanned(path, &diagnostics);
        found.extend(diagnostics.into_iter().map(|diagnostic| (path.to_string(), diagnostic)));
    }
    (found, seen)
}

/// What is said of each finding: nothing, its evidence, or that it is accepted.
fn applied(baseline: &Baseline, paths: &[(&str, &[u128])], today: &str) -> Vec<String> {
    let (mut found, seen) = scan(paths);
    let mut places: Vec<_> = found.iter_mut().map(|(path, diagnostic)| (path.clone(), diagnostic)).collect();
    baseline.apply(&mut places, &seen, Some(today));
    let said = |diagnostic: &Diagnostic| match &diagnostic.suppressed {
        Some(suppression) => {
            assert_eq!(suppression.kind, SuppressionKind::Baseline);
            "accepted".into()
        }
        None => diagnostic.evidence.first().map(|evidence| evidence.text.clone()).unwrap_or_default(),
    };
    found.iter().map(|(_, diagnostic)| said(diagnostic)).collect()
}

#[test]
fn a_move_is_accepted_and_a_copy_is_not() {
    let known = baseline(&entry(1, r#"["a"]"#, ""));
    let check =
        |paths: &[(&str, &[u128])], want: &[&str]| assert_eq!(applied(&known, paths, "2026-02-01"), want, "{paths:?}");
    check(&[("a", &[1])], &["accepted"]);
    check(&[("a", &[2])], &[""]);
    check(&[("a", &[1]), ("b", &[1])], &["accepted", "known secret, new place"]);
    check(&[("a", &[]), ("b", &[1])], &["accepted"]);
    check(&[("a", &[]), ("b", &[1]), ("c", &[1])], &["accepted", "known secret, new place"]);
    // The file of the same name is the one that moved.
    check(&[("a", &[]), ("b", &[1]), ("c/a", &[1])], &["known secret, new place", "accepted"]);
    // A run that did not look at `a` cannot know that the secret left it.
    check(&[("b", &[1])], &["known secret, new place"]);

    let mut seen = Seen::default();
    seen.gone("a");
    let mut moved = diagnostic(1);
    known.apply(&mut [("b".into(), &mut moved)], &seen, None);
    assert!(moved.suppressed.is_some());
}

#[test]
fn an_entry_ends_after_its_date() {
    let known = baseline(&entry(1, r#"["a"]"#, "2026-03-31"));
    assert_eq!(applied(&known, &[("a", &[1])], "2026-03-31"), ["accepted"]);
    assert_eq!(applied(&known, &[("a", &[1])], "2026-04-01"), ["the baseline accepted it until 2026-03-31"]);
}

#[test]
fn updates_keep_what_people_wrote() {
    let mut known = baseline(&entry(1, r#"["a"]"#, "2026-03-31"));
    known.entries[0].reason = Some("rotated".into());
    let mut accept = |paths: &[(&str, &[u128])], expires: Option<&str>| {
        let (mut found, seen) = scan(paths);
        let places: Vec<_> = found.iter_mut().map(|(path, diagnostic)| (path.clone(), diagnostic)).collect();
        let terms = Terms {
            today: "2026-04-01".into(),
            owner: Some("ops".into()),
            expires: expires.map(Into::into),
            reason: None,
        };
        known.accept(&places, &seen, &terms)
    };
    let changes = accept(&[("a", &[1, 2])], None);
    assert_eq!(changes, Changes { added: 1, expired: 1, ..Changes::default() });
    let changes = accept(&[("a", &[1, 2]), ("b", &[2])], Some("2026-12-31"));
    assert_eq!(changes, Changes { places: 1, renewed: 1, ..Changes::default() });
    assert_eq!(known.entries[0].reason.as_deref(), Some("rotated"));
    assert_eq!(known.entries[0].expires.as_deref(), Some("2026-12-31"));
    assert_eq!(known.entries[1].paths, ["a", "b"]);
    assert_eq!(known.entries[1].owner.as_deref(), Some("ops"));
}

#[test]
fn prunes_what_is_gone_where_it_looked() {
    let mut known =
        baseline(&[entry(1, r#"["a","b"]"#, ""), entry(2, r#"["a"]"#, ""), entry(3, r#"["c"]"#, "")].join(","));
    let (mut found, seen) = scan(&[("a", &[]), ("b", &[1]), ("d", &[2])]);
    let places: Vec<_> = found.iter_mut().map(|(path, diagnostic)| (path.clone(), diagnostic)).collect();
    let changes = known.prune(&places, &seen);
    assert_eq!(changes, Changes { moved: 1, removed: 1, ..Changes::default() });
    let left: Vec<_> = known.entries.iter().map(|entry| entry.paths.join(" ")).collect();
    assert_eq!(left, ["b", "d", "c"]);
}

#[test]
fn the_file_is_read_as_it_is_written() {
    let text = [
        format!("{{\"version\":1,\"key\":\"{KEY}\",\"findings\":["),
        entry(2, r#"["a","b"]"#, "2026-12-31") + ",",
        entry(3, r#"["é \"q\""]"#, ""),
        "]}\n".into(),
    ];
    let text = text.join("\n");
    assert_eq!(Baseline::parse(&text, "").map(|baseline| baseline.text()), Ok(text.clone()));
    // A merge that doubled an entry is mended.
    let doubled = baseline(&[entry(1, r#"["b"]"#, ""), entry(1, r#"["a"]"#, "")].join(","));
    assert_eq!((doubled.entries.len(), doubled.entries[0].paths.join(" ")), (1, "a b".into()));
    let refuse = |text: &str, want: &str| {
        let error = Baseline::parse(text, "b.json").expect_err(text).to_string();
        assert!(error.contains(want), "{error}");
    };
    refuse("{\"version\":1,\n\"keys\":1}", "b.json:2: unknown field `keys`");
    refuse(&text.replace("\"version\":1", "\"version\":2"), "version 2 is not known");
    refuse(&text.replace(KEY, "00ff"), "`key` is not a hex number");
    refuse(&text.replace("2026-12-31", "31.12.2026"), "finding 1: `expires` is wrong: `31.12.2026`");
    refuse(&text.replace("00000002\"", "2\""), "finding 1: `fingerprint` is wrong");
}

#[test]
fn a_weak_value_is_known_by_its_name() {
    let scan = |text: &str, key: Option<Vec<u8>>| {
        let engine =
            Engine::new(Config { fingerprint_key: key, ..Config::default() }).expect("the built-in rules build");
        let scan = engine.scanner().scan(&keylint_diagnostics::Document::new("app.env", text.as_bytes()));
        assert_eq!(scan.diagnostics.len(), 1, "{text}: {:?}", scan.diagnostics);
        scan.diagnostics[0].fingerprint
    };
    // A dictionary would find the value from its hash, so a change of it is no new finding, and its name is its identity.
    assert_eq!(scan("DB_PASSWORD=hunter2\n", None), scan("DB_PASSWORD=hunter3\n", None));
    assert_ne!(scan("DB_PASSWORD=hunter2\n", None), scan("ADMIN_PASSWORD=hunter2\n", None));
    // A strong one is known by itself, under whatever name.
    let strong = format!("{}#{}", "kQ7vTz93Lm", "Xw5pRd28Bn");
    assert_eq!(scan(&format!("DB_PASSWORD={strong}\n"), None), scan(&format!("ADMIN_PASSWORD={strong}\n"), None));
    assert_ne!(scan("DB_PASSWORD=hunter2\n", None), scan("DB_PASSWORD=hunter2\n", Some(vec![7; 16])));
}

/// No clock: a cost that is not linear keeps this from ending.
#[test]
fn many_findings_are_accepted() {
    let prints: Vec<u128> = (0..200_000).map(|number| number * 0x1_0001_0001).collect();
    let (mut found, seen) = scan(&[("a", &prints)]);
    let places: Vec<_> = found.iter_mut().map(|(path, diagnostic)| (path.clone(), diagnostic)).collect();
    let mut baseline = baseline("");
    let terms = Terms { today: "2026-01-01".into(), ..Terms::default() };
    assert_eq!(baseline.accept(&places, &seen, &terms).added, prints.len());
    assert_eq!(baseline.accept(&places, &seen, &terms), Changes::default());
}
