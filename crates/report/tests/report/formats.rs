//! What each format promises of its own: XML that parses, a table without formulas, issues with one name each, a page that
//! lets nothing run but its own script.
//! Not here: the JSON contract (`schema`), SARIF's rules, which Microsoft's validator checks.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::{collections::BTreeSet, path::Path};

use keylint_diagnostics::Mask;
use keylint_report::{Format, Options};
use quick_xml::{Reader, events::Event};
use serde_json::Value;
use sha2::Digest;

use crate::{
    hostile::{self, EVIL},
    sample::{self, Found},
};

/// Reads `text` as its format says it can be read.
pub(crate) fn check(format: Format, text: &str) {
    match format {
        Format::Json | Format::Sarif | Format::Gitlab | Format::Rdjson => {
            serde_json::from_str::<Value>(text).expect(text);
        }
        Format::Jsonl => text.lines().for_each(|line| _ = serde_json::from_str::<Value>(line).expect(line)),
        Format::Junit | Format::Checkstyle => _ = elements(text),
        Format::Csv => _ = rows(text),
        Format::Html => page(text),
        Format::Markdown => table(text),
        Format::Azure => assert!(text.lines().all(|line| line.starts_with("##vso[task.logissue type=")), "{text}"),
        Format::Text | Format::Concise | Format::Github => {}
    }
}

fn runs() -> Vec<String> {
    let sample = |format| sample::print(format, &Options::default(), &sample::documents());
    Format::ALL.iter().map(|&format| sample(format)).collect()
}

#[test]
fn every_format_can_be_read() {
    for (&format, text) in Format::ALL.iter().zip(runs()) {
        check(format, &text);
        check(format, &sample::print(format, &Options::default(), &[]));
        check(format, &hostile::print(format, &Options::default()));
    }
}

/// The elements of an XML text, by name and attributes. Ends must belong to starts, and entities must be known ones.
fn elements(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    reader.config_mut().allow_unmatched_ends = false;
    let (mut found, mut depth) = (Vec::new(), 0);
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                depth += i32::from(matches!(event, Event::Start(_)));
                let name = tag.name().as_ref().to_string();
                let attribute = |attribute: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{error}: {text}"));
                    let key = attribute.key.as_ref().to_string();
                    let raw = attribute.value.to_string();
                    assert!(!raw.contains(['<', '\n', '\t']), "{raw}");
                    (key, quick_xml::escape::unescape(&raw).expect("known entities").into_owned())
                };
                found.push((name, tag.attributes().map(attribute).collect()));
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{text}");
    let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(legal), "XML 1.0 has no such character: {text}");
    found
}

fn attribute<'a>(element: &'a (String, Vec<(String, String)>), key: &str) -> &'a str {
    element.1.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str())
}

#[test]
fn xml_keeps_paths_and_counts() {
    let text = sample::print(Format::Junit, &Options::default(), &sample::documents());
    let all = elements(&text);
    let count = |name: &str| all.iter().filter(|element| element.0 == name).count();
    let sum = |key: &str| -> usize {
        let suites = all.iter().filter(|element| element.0 == "testsuite");
        suites.map(|suite| attribute(suite, key).parse::<usize>().expect(key)).sum()
    };
    assert_eq!((count("testcase"), count("failure")), (sum("tests"), sum("failures")));
    assert_eq!((count("skipped"), count("error")), (sum("skipped"), sum("errors")));
    assert!(count("failure") > 0 && count("skipped") > 0 && count("error") > 0);

    // A line end in a name comes back, since it was written as a number; what XML cannot hold does not.
    let name = "dir\n\"a\" <b>&'\t.txt";
    let token = sample::token('x');
    let label = sample::label(token.as_bytes(), token.as_bytes(), "", Some(Mask::token(5)));
    let found = [Found::new(name, token, vec![sample::finding("demo-token", label)])];
    for (format, key, of) in [(Format::Junit, "file", "testcase"), (Format::Checkstyle, "name", "file")] {
        let all = elements(&sample::print(format, &Options::default(), &found));
        let element = all.iter().find(|element| element.0 == of).expect("an element");
        assert_eq!(attribute(element, key), name, "{format}");
    }
    let evil = elements(&hostile::print(Format::Checkstyle, &Options::default()));
    let shown = attribute(evil.iter().find(|element| element.0 == "file").expect("a file"), "name").to_string();
    let want: String = EVIL
        .chars()
        .map(|c| if c < ' ' && !"\r\n".contains(c) { format!("\\u{{{:x}}}", c as u32) } else { c.into() })
        .collect();
    assert_eq!(shown, want);
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap_or_else(|error| panic!("{error}: {text}"))).collect()
}

#[test]
fn a_table_holds_no_formula() {
    let token = sample::token('x');
    let found: Vec<Found> = ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\";=1", "＝1"]
        .iter()
        .map(|path| {
            let text = format!("=HYPERLINK(\"http://x\") {token}");
            let label = sample::label(text.as_bytes(), token.as_bytes(), path, Some(Mask::token(5)));
            let mut finding = sample::finding("demo-token", label);
            finding.message = path.to_string();
            Found::new(path, text, vec![finding])
        })
        .collect();
    let text = sample::print(Format::Csv, &Options::default(), &found);
    for row in rows(&text) {
        for field in &row {
            assert!(!field.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{field} in {row:?}");
        }
    }
    // Also for a program that separates by semicolons: every text is quoted.
    assert!(text.contains(",\"a\"\";=1\","), "{text}");
    assert_eq!(rows(&text).len(), found.len() + 1, "the findings, and a document that was not scanned");
}

#[test]
fn gitlab_issues_have_one_name_each() {
    let severities = ["info", "minor", "major", "critical", "blocker"];
    let text = sample::print(Format::Gitlab, &Options::default(), &sample::documents());
    let issues: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let mut names = BTreeSet::new();
    for issue in &issues {
        let text = |key: &str| issue[key].as_str().expect(key).to_string();
        assert!(names.insert(text("fingerprint")), "{issue}");
        assert!(severities.contains(&text("severity").as_str()), "{issue}");
        assert!(text("description").contains(&text("check_name")) || text("check_name") == "incomplete-scan");
        assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{issue}");
        let path = issue["location"]["path"].as_str().expect("a path");
        assert!(!path.starts_with('/') && !path.starts_with("./"), "{path}");
    }
    assert!(issues.len() > 6);
    // The name does not follow the line.
    let of = |before: &str| {
        let text = format!("{before}{}", sample::token('x'));
        let label = sample::label(text.as_bytes(), sample::token('x').as_bytes(), "", Some(Mask::token(5)));
        let mut found = sample::finding("demo-token", label);
        found.fingerprint = keylint_diagnostics::Fingerprint(5);
        let printed = sample::print(Format::Gitlab, &Options::default(), &[Found::new("a", text, vec![found])]);
        serde_json::from_str::<Vec<Value>>(&printed).expect("JSON")[0]["fingerprint"].clone()
    };
    assert_eq!(of(""), of("\n\n"));
}

#[test]
fn an_azure_command_is_one_line() {
    let text = hostile::print(Format::Azure, &Options::default());
    assert_eq!(text.lines().count(), 3, "{text}");
    for line in text.lines() {
        let head = &line[.."##vso[".len() + line["##vso[".len()..].find(']').expect("an end")];
        assert_eq!(head.matches("sourcepath=").count(), 1, "{line}");
        assert!(!line.contains('\u{1b}') && !line["##vso[".len()..].contains("##vso["), "{line}");
    }
}

/// Every row of a table of Markdown has as many cells as its head, and nothing in it is markup but ours.
fn table(text: &str) {
    let mut cells = None;
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let count = line.replace("\\|", "").matches('|').count();
        assert_eq!(*cells.get_or_insert(count), count, "{line}");
    }
    let own = ["<code>", "</code>", "<span>$</span>", "@<!-- -->", "<https://"];
    let bare = own.iter().fold(text.to_string(), |text, own| text.replace(own, ""));
    // In a code span anything may stand.
    let outside: String = bare.split('`').step_by(2).collect();
    assert!(!outside.contains('<'), "{outside}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
}

#[test]
fn markdown_makes_no_links() {
    let text = hostile::print(Format::Markdown, &Options::default());
    assert!(!text.contains("](http") && !text.contains("<script>"), "{text}");
    assert!(text.lines().filter(|line| line.starts_with('|')).count() == 3, "{text}");
}

/// The page is closed: one script, one style, both named by their hashes in the policy, nothing with a source.
fn page(text: &str) {
    let inner = |tag: &str| {
        assert_eq!(text.matches(&format!("<{tag}>")).count(), 1, "{text}");
        let start = text.find(&format!("<{tag}>")).expect(tag) + tag.len() + 2;
        &text[start..start + text[start..].find(&format!("</{tag}>")).expect(tag)]
    };
    let hash = |text: &str| base64(&sha2::Sha256::digest(text.as_bytes()));
    let policy = format!(
        "content=\"default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\"",
        hash(inner("style")),
        hash(inner("script"))
    );
    assert!(text.contains(&policy), "the hashes in `html.rs` must become {policy}");
    let (head, rest) = text.split_once("<style>").expect("a style");
    let body = &rest[rest.find("</style>").expect("an end")..rest.find("<script>").expect("a script")];
    for part in [head, body] {
        for word in [" src=", " style=", " onclick", "javascript:", "<img", "<link", "<iframe", "<script"] {
            assert!(!part.contains(word), "`{word}` in {part}");
        }
    }
    for link in body.split("href=\"").skip(1) {
        assert!(link.starts_with("https://"), "{link}");
    }
    // Every mark that opens an element is one of ours.
    let known = [
        "article", "code", "fieldset", "form", "h1", "h2", "header", "input", "label", "legend", "li", "main", "mark",
        "option", "output", "p", "pre", "section", "select", "span", "ul", "a", "body", "head", "style",
    ];
    for tag in body.split('<').skip(1) {
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(known.contains(&name.as_str()), "<{tag}");
    }
}

fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().enumerate().fold(0_u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let letter = char::from(alphabet[(bits >> (18 - 6 * at) & 63) as usize]);
            text.push(if at <= group.len() { letter } else { '=' });
        }
    }
    text
}

/// A page that a person made would say the same; the snapshot shows it.
#[test]
fn the_page_needs_no_script() {
    let text = sample::print(Format::Html, &Options::default(), &sample::documents());
    let without = &text[..text.find("<script>").expect("a script")];
    assert!(without.contains("<mark>demo_************wxyz</mark>"), "{without}");
    assert!(without.contains("<form hidden"), "filters that do nothing are not shown");
    assert!(without.contains("permission denied"), "{without}");
}

/// The snapshots are files too, so that they can be looked at; none of them may be empty.
#[test]
fn every_format_has_a_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    for format in Format::ALL {
        assert!(folder.join(format!("sample.{format}")).is_file(), "{format}");
    }
}
