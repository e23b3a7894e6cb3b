//! Every format points at the same characters, whatever stands before the secret.
//! Not here: masking.

use keylint_diagnostics::Mask;
use keylint_report::{Format, Options};
use serde_json::Value;

use crate::sample::{self, Found};

/// Prints a document in every format and compares the place of `value`, in Unicode characters from 1.
fn check(text: &[u8], value: &[u8], line: u64, columns: (u64, u64)) {
    let found = sample::finding("demo-token", sample::label(text, value, "", Some(Mask::token(5))));
    let found = [Found::new("a b.txt", text, vec![found])];
    let print = |format| sample::print(format, &Options::default(), &found);
    let (start, end) = columns;
    assert!(print(Format::Text).contains(&format!("--> a b.txt:{line}:{start}\n")), "{}", print(Format::Text));
    assert!(print(Format::Concise).starts_with(&format!("a b.txt:{line}:{start}: critical[demo-token]")));
    let github = format!("::error file=a b.txt,line={line},endLine={line},col={start},endColumn={end},title=");
    assert!(print(Format::Github).starts_with(&github), "{}", print(Format::Github));
    let json: Value = serde_json::from_str(&print(Format::Json)).expect("JSON");
    let jsonl = print(Format::Jsonl);
    let jsonl: Value = serde_json::from_str(jsonl.lines().next().unwrap_or_default()).expect("JSON");
    for found in [&json["diagnostics"][0], &jsonl] {
        assert_eq!(found["start"], serde_json::json!({"line": line, "column": start}));
        assert_eq!(found["end"], serde_json::json!({"line": line, "column": end}));
        let span = &found["span"];
        let at = |key: &str| span[key].as_u64().map(|at| at as usize).unwrap_or_default();
        assert_eq!(&text[at("start")..at("end")], value, "spans count stored bytes");
    }
    let sarif: Value = serde_json::from_str(&print(Format::Sarif)).expect("JSON");
    assert_eq!(sarif["runs"][0]["columnKind"], "unicodeCodePoints");
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.txt");
    let region = &place["region"];
    assert_eq!((&region["startLine"], &region["endLine"]), (&line.into(), &line.into()));
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&start.into(), &end.into()));
    assert_eq!(region["snippet"]["text"], "demo_************wxyz");
}

#[test]
fn characters_outside_ascii_count_once() {
    let token = sample::token('x');
    let length = token.len() as u64;
    let line = format!("éé😀{token}");
    check(line.as_bytes(), token.as_bytes(), 1, (4, 4 + length));
    check(format!("a\r\nb\r{line}\n").as_bytes(), token.as_bytes(), 3, (4, 4 + length));
    check(format!("\u{feff}{line}").as_bytes(), token.as_bytes(), 1, (4, 4 + length));
    check(format!("\t\t{line}").as_bytes(), token.as_bytes(), 1, (6, 6 + length));
    check([b"\xe9\xff\xe4", token.as_bytes()].concat().as_slice(), token.as_bytes(), 1, (4, 4 + length));
    check(format!("密码：{token}").as_bytes(), token.as_bytes(), 1, (4, 4 + length));
}

#[test]
fn wide_encodings_count_characters_too() {
    let token = sample::token('x');
    let length = token.len() as u64;
    let text = format!("\u{feff}# a\n# b\nk=éé😀{token}\n");
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    check(&wide(&text), &wide(&token), 3, (6, 6 + length));
    let long = |text: &str| text.chars().map(u32::from).flat_map(u32::to_le_bytes).collect::<Vec<_>>();
    check(&long(&text), &long(&token), 3, (6, 6 + length));
}

#[test]
fn a_cut_line_keeps_its_columns() {
    let token = sample::token('x');
    let text = format!("{}{token}{}", "é".repeat(100_000), "x".repeat(100_000));
    check(text.as_bytes(), token.as_bytes(), 1, (100_001, 100_001 + token.len() as u64));
}

/// The carets of a frame stand under the secret, also behind tabs and wide characters.
#[test]
fn carets_stand_under_the_secret() {
    let token = sample::token('x');
    for before in ["", "\t", "éé😀", "密码：", "\u{1b}[31m", "\u{202e}"] {
        let text = format!("{before}{token}").into_bytes();
        let found = sample::finding("demo-token", sample::label(&text, token.as_bytes(), "", Some(Mask::token(5))));
        let printed = sample::print(Format::Text, &Options::default(), &[Found::new("a", text, vec![found])]);
        let lines: Vec<&str> = printed.lines().collect();
        let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
        let source = lines.iter().position(|line| line.starts_with("1 |")).expect("a source line");
        let start = lines[source].find("demo_").map(|at| width(&lines[source][..at]));
        assert_eq!(start, lines[source + 1].find('^').map(|at| width(&lines[source + 1][..at])), "{printed}");
    }
}
