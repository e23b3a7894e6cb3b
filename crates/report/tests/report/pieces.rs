//! A document that comes in pieces is told as one that comes whole.
//! Not here: what a piece may show (`masking.rs`).

use keylint_diagnostics::{Diagnostic, Encoding, Label, Mask, Origin, Position, Span};
use keylint_report::{Format, LineHashes, Options, View, sink};
use serde_json::Value;

use crate::sample::{self, Paper};

/// The document of these tests: one secret on lines 2, 5, 8 and so on.
fn document() -> (String, Vec<Diagnostic>) {
    let secret = sample::token('p');
    let text = format!("# header\nkey = '{secret}'\n# footer\n").repeat(8);
    let places = text.match_indices(&secret).map(|(start, _)| start);
    let found = places.map(|start| {
        let span = Span::new(start..start + secret.len());
        let label = Label { path: None, span, text: String::new(), mask: Some(Mask::token(5)) };
        Diagnostic { fingerprint: keylint_diagnostics::Fingerprint(1), ..sample::finding("demo-token", label) }
    });
    let found = found.collect();
    (text, found)
}

/// Prints the document as pieces of one finding and its line each.
fn print(format: Format, hashes: Option<&LineHashes>, settled: bool) -> String {
    let (text, found) = document();
    let paper = Paper::default();
    let rules = sample::rules();
    let mut sink = sink(format, &rules, Options::default(), Box::new(paper.clone()));
    for (index, found) in found.iter().enumerate() {
        let start = found.primary.span.start as usize - "key = '".len();
        let end = found.primary.span.end as usize + "'\n# foot".len();
        let first = Position { line: 3 * index as u32 + 2, column: 1 };
        let text = &text.as_bytes()[start..end];
        let view = View::piece("a.py", Origin::Worktree, text, Encoding::Utf8, start as u32, first);
        let view = View { settled, line_hashes: hashes, ..view };
        sink.document(&view, std::slice::from_ref(found)).expect("paper takes everything");
    }
    sink.finish(&sample::summary(Default::default())).expect("paper takes everything");
    paper.text()
}

#[test]
fn a_secret_has_one_frame() {
    let text = print(Format::Text, None, true);
    assert_eq!(text.matches("-->").count(), 1, "{text}");
    assert!(text.contains("key = 'demo_************wxyz'\n"), "{text}");
    assert!(text.contains("= also: +7 more places (lines 5, 8, 11, 14, 17, ...)\n"), "{text}");
    let text = print(Format::Text, None, false);
    assert!(text.contains("key = 'demo_************wxyz…\n"), "nothing is printed behind what is settled: {text}");
}

#[test]
fn line_hashes_come_from_the_whole() {
    let hashes = |text: &str| -> Vec<Value> {
        let sarif: Value = serde_json::from_str(text).expect("JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("results").iter();
        results.map(|result| result["partialFingerprints"]["primaryLocationLineHash"].clone()).collect()
    };
    let (text, found) = document();
    let known = LineHashes::new(text.as_bytes(), &found);
    let whole = hashes(&sample::print(Format::Sarif, &Options::default(), &[sample::Found::new("a.py", text, found)]));
    assert!(whole.iter().all(Value::is_string) && whole[0] != whole[1]);
    assert_eq!(hashes(&print(Format::Sarif, Some(&known), true)), whole);
    assert!(hashes(&print(Format::Sarif, None, true)).iter().all(Value::is_null));
}
