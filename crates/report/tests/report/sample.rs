//! One fixed set of documents and diagnostics, and a way to print them.
//! Not here: assertions.

use std::{cell::RefCell, io, rc::Rc, time::Duration};

use keylint_diagnostics::{
    Applicability, Confidence, Diagnostic, Edit, Evidence, EvidenceKind, Fingerprint, Fix, Insert, Label, Mask, Origin,
    Severity, Skip, SkipKind, Span, Suppression, SuppressionKind,
};
use keylint_report::{Format, Gate, Options, Scope, Summary, Tally, Tool, View, sink};
use keylint_rules::Rule;

/// A document and what was found in it.
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) origin: Origin,
    pub(crate) text: Vec<u8>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) gate: Gate,
}

impl Found {
    pub(crate) fn new(path: &str, text: impl Into<Vec<u8>>, diagnostics: Vec<Diagnostic>) -> Found {
        Found { path: path.into(), origin: Origin::Worktree, text: text.into(), diagnostics, gate: Gate::default() }
    }
}

/// A place to write to that can be read afterwards.
#[derive(Clone, Default)]
pub(crate) struct Paper(Rc<RefCell<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).expect("output is UTF-8")
    }
}

/// What `format` makes of `found`.
pub(crate) fn print(format: Format, options: &Options, found: &[Found]) -> String {
    let mut counts = Tally::default();
    for found in found {
        found.diagnostics.iter().for_each(|diagnostic| counts.add(diagnostic, &found.gate));
    }
    print_with(format, options, found, &summary(counts))
}

pub(crate) fn print_with(format: Format, options: &Options, found: &[Found], summary: &Summary) -> String {
    let paper = Paper::default();
    let rules = rules();
    let mut sink = sink(format, &rules, options.clone(), Box::new(paper.clone()));
    for found in found {
        let view = View { gate: found.gate, ..View::whole(&found.path, found.origin, &found.text) };
        sink.document(&view, &found.diagnostics).expect("paper takes everything");
    }
    sink.finish(summary).expect("paper takes everything");
    paper.text()
}

pub(crate) fn summary(counts: Tally) -> Summary {
    Summary {
        tool: Tool { version: "0.1.0".into(), rules: 2, catalogue: None },
        scope: Scope {
            kind: "paths".into(),
            repository: Some("https://example.org/shop.git".into()),
            commit: Some("0123456789abcdef0123456789abcdef01234567".into()),
            config_hash: Some("00000000deadbeef".into()),
        },
        files: 41,
        bytes: 1_234_567,
        excluded: 3,
        skipped: vec![
            Skip { path: "logo.png".into(), kind: SkipKind::Excluded, reason: "binary".into() },
            Skip { path: "private/key file".into(), kind: SkipKind::Incomplete, reason: "permission denied".into() },
        ],
        elapsed: Some(Duration::from_millis(9)),
        gate: Gate::default(),
        counts,
        complete: false,
    }
}

/// Two rules of a user, so that no snapshot changes with the built-in ones.
pub(crate) fn rules() -> Vec<Rule> {
    let rule = |id: &str, title: &str, severity| {
        let about = format!(
            "title = '{title}'\nseverity = '{severity}'\nsince = '0.1.0'\nreferences = []\ndocs = 'x'\n\
             [secret]\nkeywords = ['demo_']\npattern = 'demo_[a-z]{{8,64}}'\n"
        );
        keylint_rules::RuleFile::parse(keylint_rules::Family::Secret, id, &about).expect("a rule").rule
    };
    vec![rule("demo-password", "Demo password", Severity::High), rule("demo-token", "Demo token", Severity::Critical)]
}

/// A label on the first place of `secret` in `text`.
pub(crate) fn label(text: &[u8], secret: &[u8], what: &str, mask: Option<Mask>) -> Label {
    let start = text.windows(secret.len()).position(|window| window == secret).expect("the secret is in the text");
    Label { path: None, span: Span::new(start..start + secret.len()), text: what.into(), mask }
}

/// A finding with nothing but a place.
pub(crate) fn finding(rule: &str, primary: Label) -> Diagnostic {
    Diagnostic {
        rule: rule.into(),
        severity: Severity::Critical,
        confidence: Confidence::High,
        message: format!("{rule} in source"),
        fingerprint: Fingerprint(u128::from(primary.span.start) << 64 | u128::from(primary.span.end)),
        primary,
        related: Vec::new(),
        evidence: Vec::new(),
        fixes: Vec::new(),
        suppressed: None,
    }
}

/// A token of a made-up provider: built here, so that none stands in the repository.
pub(crate) fn token(fill: char) -> String {
    format!("demo_{}wxyz", String::from(fill).repeat(36))
}

/// The documents of the snapshots.
pub(crate) fn documents() -> Vec<Found> {
    vec![pair(), repeated(), long_line(), suppressed(), key_file(), wide()]
}

/// Two halves on two lines, with evidence and a fix.
fn pair() -> Found {
    let (id, secret) = (token('a'), "s".repeat(40));
    let text = format!("import os\n\nprefix = 'éé😀'; DEMO_ID = \"{id}\"\nDEMO_SECRET = \"{secret}\"\n").into_bytes();
    let mut found = finding("demo-token", label(&text, id.as_bytes(), "key id of account 42", Some(Mask::token(5))));
    found.related.push(label(&text, secret.as_bytes(), "its secret", Some(Mask::HIDDEN)));
    found.confidence = Confidence::Certain;
    found.evidence = vec![
        Evidence { kind: EvidenceKind::Checksum, text: "checksum valid".into() },
        Evidence { kind: EvidenceKind::Account, text: "demo account 42".into() },
    ];
    found.fixes = vec![Fix {
        title: "read it from the environment".into(),
        applicability: Applicability::Unsafe,
        edits: vec![
            Edit {
                path: "config.py".into(),
                span: found.primary.span,
                insert: vec![Insert::Text("os.environ[\"DEMO_ID\"]".into())],
            },
            Edit {
                path: ".env".into(),
                span: Span::default(),
                insert: vec![Insert::Text("DEMO_ID=".into()), Insert::CopyOf(found.primary.span)],
            },
        ],
    }];
    Found::new("config.py", text, vec![found])
}

/// The same secret on four lines, and one of its places accepted.
fn repeated() -> Found {
    let password = "hunter22hunter22";
    let text = format!("\tdb:\r\n\t\tpassword: {password}\r\n").repeat(4).into_bytes();
    let places = text.windows(password.len()).enumerate().filter(|(_, window)| *window == password.as_bytes());
    let mut diagnostics: Vec<Diagnostic> = places
        .map(|(start, _)| {
            let span = Span::new(start..start + password.len());
            let label = Label { path: None, span, text: String::new(), mask: Some(Mask::HIDDEN) };
            let mut found = finding("demo-password", label);
            found.severity = Severity::High;
            found.confidence = Confidence::Low;
            found.fingerprint = Fingerprint(7);
            found
        })
        .collect();
    diagnostics[3].suppressed = Some(Suppression {
        kind: SuppressionKind::Inline,
        reason: Some("a sample".into()),
        owner: Some("team shop".into()),
        until: Some("2030-01-01".into()),
    });
    Found::new("deploy/values.yaml", text, diagnostics)
}

/// Two secrets far apart on one minified line, one of them of a suppressed finding.
fn long_line() -> Found {
    let (first, second) = (token('b'), token('c'));
    let filler = "function(a,b){return a+b};".repeat(200);
    let text = format!("{filler}var k=\"{first}\",o=\"{second}\";{filler}").into_bytes();
    let mut accepted = finding("demo-token", label(&text, second.as_bytes(), "", Some(Mask::token(5))));
    accepted.suppressed = Some(Suppression { kind: SuppressionKind::Baseline, reason: None, owner: None, until: None });
    let mut found = finding("demo-token", label(&text, first.as_bytes(), "the token", Some(Mask::token(5))));
    found.severity = Severity::Medium;
    Found::new("dist/app.min.js", text, vec![found, accepted])
}

/// Only a finding that the configuration allows.
fn suppressed() -> Found {
    let text = format!("{}\n", token('d')).into_bytes();
    let mut found = finding("demo-token", label(&text, token('d').as_bytes(), "", Some(Mask::token(5))));
    found.suppressed =
        Some(Suppression { kind: SuppressionKind::Config, reason: Some("fixtures".into()), owner: None, until: None });
    Found::new("docs/sample.txt", text, vec![found])
}

/// A secret of several lines, and a related place in another document.
fn key_file() -> Found {
    let lines: String = (0..4).map(|_| format!("{}\n", "k".repeat(64))).collect();
    let key = format!("-----BEGIN DEMO KEY-----\n{lines}-----END DEMO KEY-----");
    let text = format!("cert: |\n{key}\nafter: 1\n").into_bytes();
    let mut found = finding("demo-password", label(&text, key.as_bytes(), "the key", Some(Mask::HIDDEN)));
    found.related.push(Label {
        path: Some("keys/demo.pub".into()),
        span: Span::new(0..10),
        text: "its public half".into(),
        mask: None,
    });
    Found::new("keys/demo.key", text, vec![found])
}

/// UTF-16 with a byte-order mark.
fn wide() -> Found {
    let secret = token('e');
    let stored: Vec<u8> =
        format!("\u{feff}[demo]\r\nschlüssel=\"{secret}\"\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hidden: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut found = finding("demo-token", label(&stored, &hidden, "", Some(Mask::token(5))));
    found.severity = Severity::Info;
    Found { origin: Origin::Index, ..Found::new("windows/app.ini", stored, vec![found]) }
}
