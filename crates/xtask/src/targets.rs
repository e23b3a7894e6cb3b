//! The fuzz targets: each takes any bytes and panics where something that must hold does not.
//! Not here: where the bytes come from.

mod messages;
mod policies;
mod trees;

use std::sync::OnceLock;

use keylint_diagnostics::{Diagnostic, Document, Encoding, Span};
use keylint_engine::{Config, Engine, config};
use keylint_rules::{Family, RuleFile};
use keylint_syntax::{FileKind, Text, binding_at, decode, joined_at};

pub use messages::lsp;
pub use policies::policy;
pub use trees::{hcl, json, yaml};

/// A function that takes any bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and the name of its corpus.
    pub name: &'static str,
    /// What must hold.
    pub about: &'static str,
    /// Runs it.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "engine",
        about: "a scan ends, its spans lie in the text, and a second one says the same",
        run: engine,
    },
    Target { name: "syntax", about: "bindings, joined literals and decoded texts stay inside the text", run: syntax },
    Target { name: "config", about: "a configuration is read or refused", run: configuration },
    Target { name: "rule", about: "a rule file is read or refused, and what is read can scan", run: rule },
    Target { name: "json", about: "a tree stays inside the text, and serde_json reads no more", run: json },
    Target { name: "yaml", about: "trees stay inside the text, and copies have an end", run: yaml },
    Target { name: "hcl", about: "a tree stays inside the text", run: hcl },
    Target { name: "lsp", about: "any message is answered or ignored, and what is open is scanned right", run: lsp },
    Target { name: "policy", about: "policies of any format are checked, and fixes stay inside the text", run: policy },
    Target { name: "stream", about: "pieces give what the whole gives", run: stream },
];

/// Paths that make the engine read a text in different ways; the first byte of an input chooses one.
pub const PATHS: &[&str] = &[
    "document.txt",
    "app/settings.py",
    "src/index.js",
    "config/app.json",
    "deploy/values.yaml",
    "main.tf",
    "Cargo.toml",
    ".env",
    "Dockerfile",
    "web.config",
    "src/main.go",
    "App.java",
    "notebook.ipynb",
    "run.sh",
    "Makefile",
    "dump.sql",
    "README.md",
    ".npmrc",
    "users.csv",
    "index.php",
    "test/fixtures/example.rb",
    "package-lock.json",
    "bundle.min.js",
    "id_rsa",
];

/// The first bytes that choose no known format, a language and a data format.
pub const WIDEST: &[u8] = &[0, 1, 4];

/// The path that `byte` chooses.
fn path(byte: u8) -> &'static str {
    PATHS[usize::from(byte) % PATHS.len()]
}

/// An engine with all rules; making one is slow beside scanning a small text.
fn shared() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let make = || Engine::new(Config { preview: true, ..Config::default() });
    ENGINE.get_or_init(|| make().unwrap_or_else(|error| panic!("the built-in rules do not build: {error}")))
}

/// Scans the text behind the first byte, which chooses the path.
pub fn engine(data: &[u8]) {
    let Some((&first, text)) = data.split_first() else { return };
    let document = Document::new(path(first), text);
    let mut scanner = shared().scanner();
    let scan = scanner.scan(&document);
    check(&scan.diagnostics, text.len());
    assert_eq!(scanner.scan(&document), scan, "a second scan differs");
    let mut other = shared().scanner();
    assert_eq!(other.scan(&document), scan, "another scanner differs");
}

/// What holds of the findings of any text of `length` bytes.
fn check(diagnostics: &[Diagnostic], length: usize) {
    for diagnostic in diagnostics {
        for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.related) {
            inside(label.span, length);
        }
        assert!(!diagnostic.primary.span.is_empty(), "{}: an empty span", diagnostic.rule);
    }
    let order = |d: &Diagnostic| (d.primary.span.start, d.primary.span.end, d.rule.clone());
    assert!(diagnostics.is_sorted_by_key(order), "findings are out of order");
}

fn inside(span: Span, length: usize) {
    assert!(span.start <= span.end && span.end as usize <= length, "{span:?} lies outside of {length} bytes");
}

/// Words that bindings are looked for at.
const WORDS: &[&[u8]] = &[b"passw", b"token", b"key", b"secret", b"pwd", b"auth"];

/// Looks for bindings, joined literals and decoded texts everywhere.
pub fn syntax(data: &[u8]) {
    let Some((&first, text)) = data.split_first() else { return };
    let kind = FileKind::of(path(first), &text[..text.len().min(256)]);
    // Every position costs a bounded amount of work, so only so many are tried.
    for at in (0..text.len()).take(2048) {
        let lower = |word: &&&[u8]| text[at..].get(..word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word));
        let word = WORDS.iter().find(lower);
        if let Some(binding) = word.and_then(|word| binding_at(text, at..at + word.len(), kind)) {
            inside(binding.name, text.len());
            inside(binding.value.span, text.len());
            binding.value.joined.iter().for_each(|joined| mapped(joined, text.len()));
        }
        if matches!(text[at], b'"' | b'\'' | b'`') {
            joined_at(text, at + 1).iter().for_each(|joined| mapped(joined, text.len()));
        }
    }
    let decoders = [decode::base64, decode::hex, decode::percent, decode::entities, decode::escapes];
    for decoded in decoders.iter().filter_map(|decode| decode(text)) {
        mapped(&decoded, text.len());
        // A text inside a text: the maps compose.
        for inner in decoders.iter().filter_map(|decode| decode(&decoded.bytes)) {
            mapped(&Text { map: decoded.map.compose(&inner.map), bytes: inner.bytes }, text.len());
        }
    }
    for encoding in [Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be] {
        mapped(&decode::to_utf8(text, encoding), text.len());
    }
}

/// Every byte of a decoded text stands for bytes of the text it came from.
fn mapped(decoded: &Text, length: usize) {
    assert_eq!(decoded.map.decoded_len(), decoded.bytes.len(), "the map is not as long as the text");
    let ends = [
        0..decoded.bytes.len(),
        0..decoded.bytes.len().min(1),
        decoded.bytes.len().saturating_sub(1)..decoded.bytes.len(),
    ];
    ends.into_iter().for_each(|range| inside(decoded.map.span(range), length));
}

/// Reads a configuration, and builds an engine from it.
pub fn configuration(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(file) = config::parse(&text, "keylint.toml") {
        // Without allow-lists there is nothing of the user's to compile.
        if !file.allow.is_empty() || file.select.is_some() {
            let _ = Engine::new(file.over(config::ConfigFile::default()).into_config(Vec::new(), None));
        }
    }
}

/// Reads a rule file, and scans its own examples with it.
pub fn rule(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(file) = RuleFile::parse(Family::Secret, "fuzzed", &text) else { return };
    let examples: Vec<String> = file.examples.iter().map(|example| example.text.clone()).collect();
    let config = Config { select: vec!["fuzzed".into()], rules: vec![file], ..Config::default() };
    let Ok(engine) = Engine::new(config) else { return };
    let mut scanner = engine.scanner();
    for text in examples {
        check(&scanner.scan(&Document::new("document.txt", text.as_bytes())).diagnostics, text.len());
    }
}

/// Where a stream settles what it has read for the first time. Only the target's power depends on it.
const EDGE: usize = 4 << 20;

/// Puts the text across the edge of a block and pushes it in pieces; the first two bytes say how.
pub fn stream(data: &[u8]) {
    let [first, second, text @ ..] = data else { return };
    let before = EDGE - text.len().min(EDGE) * usize::from(*second) / 256;
    let mut whole = b"x = 1\n".repeat(before / 6);
    whole.resize(before, b'\n');
    whole.extend_from_slice(text);
    let path = path(*first);
    let mut scanner = shared().scanner();
    let want = scanner.scan(&Document::new(path, &whole));
    let mut stream = scanner.stream(path);
    let mut got = Vec::new();
    let mut rest = &whole[..];
    let mut step = usize::from(*first) << 12 | usize::from(*second);
    while !rest.is_empty() {
        step = step.wrapping_mul(0x9e37_79b1).wrapping_add(0x7f4a_7c15);
        let (piece, more) = rest.split_at(rest.len().min(1 + step % (EDGE / 2)));
        got.extend(stream.push(piece));
        rest = more;
    }
    let end = stream.finish();
    got.extend(end.diagnostics);
    // A limit is reached at another place.
    if want.skipped.is_empty() && end.skipped.is_empty() {
        assert_eq!(secrets(got), secrets(want.diagnostics), "the stream differs");
    }
}

/// What a stream gives: secrets only, and no fix, since it never sees the whole document.
fn secrets(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.retain(|diagnostic| diagnostic.rule.as_str() != "unused-suppression");
    diagnostics.iter_mut().for_each(|diagnostic| diagnostic.fixes.clear());
    diagnostics
}
