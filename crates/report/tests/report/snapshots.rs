//! One fixed result for each sink. `UPDATE=1 cargo test -p keylint-report` writes them anew; read the difference.
//! Not here: anything that a rule file could change.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::{fs, path::Path};

use keylint_diagnostics::{Label, Span};
use keylint_report::{Format, Options};

use crate::sample;

fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var("UPDATE").is_ok() {
        fs::write(&path, text).expect("the snapshot is written");
    }
    let want = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(text.replace("\r\n", "\n") == want, "{name} differs; it is now:\n{text}");
}

#[test]
fn every_sink_prints_the_sample() {
    let options = Options::default();
    for &format in Format::ALL {
        check(&format!("sample.{format}"), &sample::print(format, &options, &sample::documents()));
    }
}

#[test]
fn text_has_colours_links_and_ascii() {
    let options = Options { color: true, hyperlinks: true, verbose: true, ..Options::default() };
    check("styled.text", &sample::print(Format::Text, &options, &sample::documents()[..1]));
    let options = Options { ascii: true, width: 60, ..Options::default() };
    check("ascii.text", &sample::print(Format::Text, &options, &sample::documents()));
}

#[test]
fn a_clean_run_says_so() {
    for &format in Format::ALL {
        let mut summary = sample::summary(Default::default());
        summary.skipped.clear();
        summary.complete = true;
        let text = sample::print_with(format, &Options::default(), &[], &summary);
        check(&format!("clean.{format}"), &text);
    }
}

/// Where labels may stand: together on a line, a line apart, folded, far away; long, empty, over several lines.
#[test]
fn frames_hold_labels_wherever_they_stand() {
    let text = format!(
        "one: 1\n密码 two: 22, three: 333\n\nfour: 4\n{}five: 5\n{}six: {}\n",
        "x\n".repeat(4) + "nine\nx\n",
        "\n".repeat(2000),
        "6".repeat(300)
    );
    let label = |what: &str, value: &str| sample::label(text.as_bytes(), value.as_bytes(), what, None);
    let mut near = sample::finding("demo-token", label("two", "22"));
    near.related = vec![label("three", "333"), label("one", "1"), label("four", "4"), label("five", "5")];
    let mut far = sample::finding("demo-token", label("six", &"6".repeat(300)));
    far.related = vec![label("two", "22"), Label { span: Span { start: 4, end: 4 }, ..label("empty", "1") }];
    let ninth = sample::finding("demo-token", label("ninth", "nine"));
    let block = sample::finding("demo-token", label("a block", "333\n\nfour: 4"));
    let printed = sample::print(
        Format::Text,
        &Options::default(),
        &[sample::Found::new("a.txt", text.clone(), vec![near, ninth, far, block])],
    );
    check("labels.text", &printed);
}
