//! File names, text and evidence that try to break out of the place they are printed in.
//! Not here: secrets, which are never printed.

use keylint_diagnostics::{Diagnostic, Evidence, EvidenceKind, Label, Mask, Position, Skip, SkipKind, Span};
use keylint_report::{Format, Options, View, sink};
use serde_json::Value;

use crate::{
    formats,
    masking::Random,
    sample::{self, Found, Paper},
};

pub(crate) const EVIL: &str =
    "a\u{1b}]8;;http://x\u{7}b\r\n::error title=x::y\n##[add-mask]z\u{202e},:%0A\"}]<script>[l](http://x) {0}\u{9b}2J";

fn evil() -> Vec<Found> {
    let token = sample::token('x');
    let text = format!("\u{1b}[2J{EVIL} k={token} \u{7}\u{8}\u{0}{EVIL}\n").into_bytes();
    let mut found = sample::finding("demo-token", sample::label(&text, token.as_bytes(), EVIL, Some(Mask::token(5))));
    found.message = EVIL.into();
    found.evidence.push(Evidence { kind: EvidenceKind::Context, text: EVIL.into() });
    found.related.push(Label { path: Some(EVIL.into()), span: Span::default(), text: EVIL.into(), mask: None });
    vec![Found::new(EVIL, text, vec![found])]
}

pub(crate) fn print(format: Format, options: &Options) -> String {
    let mut summary = sample::summary(Default::default());
    summary.skipped.push(Skip { path: EVIL.into(), kind: SkipKind::Incomplete, reason: EVIL.into() });
    sample::print_with(format, options, &evil(), &summary)
}

#[test]
fn a_terminal_is_not_driven() {
    for format in [Format::Text, Format::Concise] {
        for ascii in [false, true] {
            let text = print(format, &Options { ascii, ..Options::default() });
            let control = text.chars().find(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'));
            assert_eq!(control, None, "{text}");
            assert!(!ascii || text.is_ascii(), "{text}");
            assert!(!text.lines().any(|line| line.starts_with("::error")), "{text}");
        }
    }
    // With links and colours the only escapes are the sink's own.
    let text = print(Format::Text, &Options { color: true, hyperlinks: true, ..Options::default() });
    assert!(!text.contains("\u{1b}]8;;http://x") && !text.contains("\u{1b}[2J"), "{text}");
}

#[test]
fn a_workflow_command_is_one_line() {
    let text = print(Format::Github, &Options::default());
    let own = |line: &str| {
        line.starts_with("::error file=a\u{1b}]8;;http%3A//x") || line.starts_with("::warning title=keylint::")
    };
    assert!(text.lines().all(own), "{text}");
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(!text.contains('\r'));
}

#[test]
fn json_stays_json() {
    let json: Value = serde_json::from_str(&print(Format::Json, &Options::default())).expect("JSON");
    let found = &json["diagnostics"][0];
    assert_eq!(found["path"], EVIL, "a path stays exact");
    assert_eq!(found["evidence"][0]["text"], EVIL);
    let excerpt = found["excerpt"].as_str().expect("a text");
    assert!(!excerpt.contains(|c: char| c.is_control() || c == '\u{202e}'), "{excerpt}");
    for line in print(Format::Jsonl, &Options::default()).lines() {
        serde_json::from_str::<Value>(line).expect("JSON on each line");
    }
}

#[test]
fn sarif_holds_no_links_and_no_spaces_in_uris() {
    let sarif: Value = serde_json::from_str(&print(Format::Sarif, &Options::default())).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    let message = result["message"]["text"].as_str().expect("a text");
    assert!(message.contains("\\[l\\](http://x) {{0}"), "{message}");
    let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a text");
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#?[]:".contains(&byte)), "{uri}");
}

/// Spans that are nonsense, pieces that are not where they say: nothing panics, and what is JSON stays JSON.
#[test]
fn nonsense_does_not_panic() {
    let mut random = Random(77);
    for round in 0..400 {
        let length = random.below(300);
        let bytes = [0, b'\n', b'\r', b'a', b'"', 0xff, 0xf0, 0x9f, 0x98, 0x80, 0xd8, 0xdc, b'\t', 0x1b];
        let text: Vec<u8> = (0..length).map(|_| bytes[random.below(bytes.len())]).collect();
        let mut offset = || match random.below(20) {
            0 => u32::MAX,
            _ => random.below(length + 3) as u32,
        };
        let diagnostics: Vec<Diagnostic> = (0..4)
            .map(|_| {
                let (start, end) = (offset(), offset());
                let (start, end) = if round % 8 == 0 { (start, end) } else { (start.min(end), start.max(end)) };
                let mask = (offset() % 3 > 0).then(|| Mask::token(offset() as usize % 20));
                let label = Label { path: None, span: Span { start, end }, text: "x".into(), mask };
                let mut found = sample::finding("demo-token", label.clone());
                found.related.push(Label { span: Span { start: offset(), end: offset() }, ..label });
                found
            })
            .collect();
        let encoding = keylint_diagnostics::Encoding::detect(&text);
        let base = if round % 2 == 0 { 0 } else { random.below(50) as u32 };
        let first = Position { line: 1 + random.below(3) as u32, column: 1 + random.below(9) as u32 };
        for &format in Format::ALL {
            for view in [
                View::whole("a", Default::default(), &text),
                View::piece("b", Default::default(), &text, encoding, base, first),
            ] {
                let paper = Paper::default();
                let rules = sample::rules();
                let options = Options { width: random.below(80), show_secrets: round % 5 == 0, ..Options::default() };
                let mut sink = sink(format, &rules, options, Box::new(paper.clone()));
                sink.document(&view, &diagnostics).expect("paper takes everything");
                sink.finish(&sample::summary(Default::default())).expect("paper takes everything");
                formats::check(format, &paper.text());
            }
        }
    }
}

#[test]
fn github_spends_its_annotations_on_the_worst() {
    let text = "x".repeat(100).into_bytes();
    let severities = keylint_diagnostics::Severity::ALL;
    let found: Vec<Diagnostic> = (0..100usize)
        .map(|at| {
            let label =
                Label { path: None, span: Span::new(at..at + 1), text: String::new(), mask: Some(Mask::HIDDEN) };
            let mut found = sample::finding("demo-token", label);
            found.severity = severities[at % severities.len()];
            found
        })
        .collect();
    let printed = sample::print(Format::Github, &Options::default(), &[Found::new("a", text, found)]);
    let count = |start: &str| printed.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("::error"), count("::warning"), count("::notice")), (10, 10, 10));
    assert_eq!(printed.matches("title=critical").count(), 10, "the worst errors come first");
    assert!(
        printed.ends_with(
            "::notice title=keylint::72 more findings are not shown as annotations: GitHub shows 10 of each level\n"
        ),
        "{printed}"
    );
}
