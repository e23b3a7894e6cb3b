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
    let gitlab: Value = serde_json::from_str(&print(Format::Gitlab)).expect("JSON");
    assert_eq!(gitlab[0]["location"], serde_json::json!({"path": "a b.txt", "lines": {"begin": line, "end": line}}));
    let azure = format!("type=error;sourcepath=a b.txt;linenumber={line};columnnumber={start};code=demo-token;]");
    assert!(print(Format::Azure).contains(&azure), "{}", print(Format::Azure));
    assert!(print(Format::Junit).contains(&format!("name=\"demo-token:{line}:{start}\"")));
    assert!(print(Format::Checkstyle).contains(&format!("<error line=\"{line}\" column=\"{start}\"")));
    assert!(print(Format::Markdown).contains(&format!("`a b.txt:{line}:{start}`")));
    assert!(print(Format::Html).contains(&format!("line {line}, column {start}, ")));
    assert!(print(Format::Csv).contains(&format!(",{line},{start},{line},{end},")));
    check_bytes(text, value, &print(Format::Rdjson), line);
}

/// reviewdog counts bytes of UTF-8 from the start of the line, whatever the file's own encoding is.
fn check_bytes(text: &[u8], value: &[u8], printed: &str, line: u64) {
    let rdjson: Value = serde_json::from_str(printed).expect("JSON");
    let range = &rdjson["diagnostics"][0]["location"]["range"];
    let at = text.windows(value.len()).position(|window| window == value).expect("the secret is there");
    let before = match text {
        [0xfe, 0xff, ..] => {
            let units = text[..at].chunks(2).filter_map(|bytes| Some(u16::from_be_bytes(bytes.try_into().ok()?)));
            String::from_utf16_lossy(&units.collect::<Vec<_>>()).into_bytes()
        }
        [0xff, 0xfe, 0, 0, ..] => {
            let units = text[..at].chunks(4).filter_map(|bytes| Some(u32::from_le_bytes(bytes.try_into().ok()?)));
            units.filter_map(char::from_u32).collect::<String>().into_bytes()
        }
        _ => text[..at].to_vec(),
    };
    let before = before.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&before);
    let start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    let column = before.len() - start + 1;
    let length = sample::token('x').len();
    assert_eq!(range["start"], serde_json::json!({"line": line, "column": column}));
    assert_eq!(range["end"], serde_json::json!({"line": line, "column": column + length}));
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
