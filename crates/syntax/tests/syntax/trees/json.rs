//! JSON trees: against serde_json, with comments, inside other texts, broken and hostile.
//! Not here: what holds of all trees (`mod.rs`).

use keylint_diagnostics::Encoding;
use keylint_syntax::tree::{Kind, MAX_DEPTH, Node, json};
use keylint_syntax::{Text, to_utf8};
use serde_json::Value;

use super::{at, check, document, error};

/// Reads what must parse, and checks what holds of every tree.
fn read(text: &str) -> Node {
    let node = json(&document(text)).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    check(&node, text, false);
    node
}

/// Whether the tree says what serde_json says, of the whole and of the text at every span.
fn same(node: &Node, value: &Value, text: &str) {
    assert_eq!(serde_json::from_str::<Value>(at(text, node.span)).ok().as_ref(), Some(value), "at {:?}", node.span);
    match (&node.kind, value) {
        (Kind::Null, Value::Null) => {}
        (Kind::Bool(one), Value::Bool(other)) => assert_eq!(one, other),
        (Kind::Number(written), Value::Number(_)) => assert_eq!(&**written, at(text, node.span)),
        (Kind::String(_), Value::String(other)) => assert_eq!(node.as_str(), Some(other.as_str())),
        (Kind::List(elements), Value::Array(others)) => {
            assert_eq!(elements.len(), others.len());
            elements.iter().zip(others).for_each(|(element, other)| same(element, other, text));
        }
        (Kind::Map(entries), Value::Object(others)) => {
            assert_eq!(entries.len(), others.len());
            for entry in entries {
                let key = entry.key.as_str().expect("keys are literal");
                assert_eq!(serde_json::from_str::<String>(at(text, entry.key_span)).ok().as_deref(), Some(key));
                same(&entry.value, &others[key], text);
            }
        }
        _ => panic!("{node:?} is not {value}"),
    }
}

#[test]
fn says_what_serde_json_says() {
    for text in [
        "null",
        " true ",
        "[]",
        "{}",
        "\"\"",
        "[0, -0, 12, 3.5e10, 1E-2, -7.25]",
        r#"{"a": {"b": ["x", {"c": null}]}, "": false, "ä€😀": "ä€😀"}"#,
        r#"["\"\\\/\b\f\n\r\t", "a\u00e4\u20ac\ud83d\ude00z", "\u0000"]"#,
        "{\r\n\t\"Version\" : \"2012-10-17\",\r\n\t\"Statement\" : [ ]\r\n}\r\n",
    ] {
        same(&read(text), &serde_json::from_str(text).expect(text), text);
    }
}

#[test]
fn comments_commas_and_marks() {
    let text =
        "\u{feff}// first\n{ /* a */ \"a\" /* b */ : [1, 2, /* c */ ], // d\r\n \"b\": \"// no\", }\n/* end */ // eof";
    let node = read(text);
    assert_eq!(node.entries().len(), 2);
    assert_eq!(node.get("a").map(|a| a.elements().len()), Some(2));
    assert_eq!(node.get("b").and_then(Node::as_str), Some("// no"));
}

#[test]
fn duplicate_keys_are_kept() {
    let node = read(r#"{"Action": 1, "Action": 2, "\u0041ction": 3}"#);
    let keys: Vec<_> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, [Some("Action"); 3]);
    assert!(matches!(node.get("Action").map(|first| &first.kind), Some(Kind::Number(one)) if &**one == "1"));
}

#[test]
fn a_place_in_a_string_leads_back() {
    let text = r#"["a\"\u00e4\ud83d\ude00:*"]"#;
    let node = read(text);
    let Kind::String(template) = &node.elements()[0].kind else { panic!("{node:?}") };
    let [keylint_syntax::tree::Part::Text(inner)] = template.parts.as_slice() else { panic!("{template:?}") };
    let whole = std::str::from_utf8(&inner.bytes).expect("is UTF-8");
    for (part, want) in [("a", "a"), ("\"", "\\\""), ("ä", r"\u00e4"), ("😀", r"\ud83d\ude00"), (":*", ":*")] {
        let from = whole.find(part).expect(part);
        assert_eq!(at(text, inner.map.span(from..from + part.len())), want);
    }
}

#[test]
fn a_document_in_a_string_in_another_encoding() {
    let text = r#"{"ä": "{\"Action\": \"s3:Get\\u002a€\"}"}"#;
    let stored: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let outer = json(&to_utf8(&stored, Encoding::Utf16Le)).expect("parses");
    let Kind::String(template) = &outer.entries()[0].value.kind else { panic!("{outer:?}") };
    let [keylint_syntax::tree::Part::Text(inner)] = template.parts.as_slice() else { panic!("{template:?}") };
    let inner = json(inner).expect("parses");
    let action = inner.get("Action").expect("is there");
    assert_eq!(action.as_str(), Some("s3:Get*€"));
    let units = |range: std::ops::Range<usize>| {
        let bytes = &stored[range];
        let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    assert_eq!(units(action.span.range()), r#"\"s3:Get\\u002a€\""#);
    let Kind::String(template) = &action.kind else { panic!("{action:?}") };
    let [keylint_syntax::tree::Part::Text(value)] = template.parts.as_slice() else { panic!("{template:?}") };
    assert_eq!(units(value.map.span(5..6).range()), "t");
    assert_eq!(units(value.map.span(6..7).range()), r"\\u002a");
    assert_eq!(units(value.map.span(7..10).range()), "€");
}

#[test]
fn errors_are_located() {
    let ends = |what: &str| format!("the text ends where it should go on: {what}");
    for (text, place, message) in [
        ("{\"a\": 1 \"b\": 2}", "\"", "expected a comma or `}`"),
        ("{\"a\": 1; }", ";", "expected a comma or `}`"),
        ("[1 2]", "2", "expected a comma or `]`"),
        ("[1, x_1 ]", "x_1", "expected a value"),
        ("[True]", "True", "expected a value"),
        ("{a: 1}", "a", "expected a key in double quotes or `}`"),
        ("{\"a\": 1, 'b': 2}", "'", "expected a key in double quotes"),
        ("{,}", ",", "expected a key in double quotes or `}`"),
        ("{\"a\" 1}", "1", "expected a colon after the key"),
        ("{} {}", "{", "expected the end of the document"),
        ("[€]", "€", "expected a value"),
        ("[01]", "01", "not a number as JSON writes it"),
        ("[1.]", "1.", "not a number as JSON writes it"),
        ("[-]", "-", "not a number as JSON writes it"),
        ("[1e+]", "1e+", "not a number as JSON writes it"),
        ("[\"a\nb\"]", "\"a", "the string is not closed on its line"),
        ("[\"ab", "\"ab", "the string is not closed"),
        ("[\"ab\\", "\\", "the string is not closed"),
        ("[\"a\tb\"]", "\t", "a control character must be written as an escape"),
        (r#"["\x41"]"#, r"\x", "not an escape of JSON"),
        (r#"["\€"]"#, r"\€", "not an escape of JSON"),
        (r#"["\u12"]"#, r"\u", "`\\u` needs four hexadecimal digits"),
        ("[1] /* open", "/*", "the comment is not closed"),
        ("{\"a\": [1, 2\n\n", "2", &ends("expected a comma or `]`")),
        ("{\"ä\" :\t", ":", &ends("expected a value")),
        ("", "", &ends("expected a value")),
        ("\u{feff}", "\u{feff}", &ends("expected a value")),
        (" \n", " ", &ends("expected a value")),
    ] {
        let found = json(&document(text)).expect_err(text);
        assert_eq!(error(text, &found), (place, message), "{text}");
    }
}

#[test]
fn every_cut_and_every_odd_byte_is_borne() {
    let text = "{\"ä\": [\"\\u00e4\\\"\", 1.5e3, true], /* c */ \"b\": {\"c\": null}, } // end";
    for cut in 0..=text.len() {
        for byte in [b'"', b'\\', b'{', 0, 0xff, b'/'] {
            let bytes = [&text.as_bytes()[..cut], &[byte], &text.as_bytes()[cut..]].concat();
            for bytes in [&bytes[..], &text.as_bytes()[..cut]] {
                match json(&Text::identity(bytes, 0)) {
                    Ok(node) => assert!(node.span.end as usize <= bytes.len()),
                    Err(error) => assert!(error.span.start <= error.span.end && error.span.end as usize <= bytes.len()),
                }
            }
        }
    }
}

#[test]
fn deep_and_long_texts() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let text = open.repeat(100_000);
        let found = json(&document(&text)).expect_err("is too deep");
        assert_eq!(found.message, format!("nested more than {MAX_DEPTH} deep"));
        assert_eq!(found.span.len(), 1);
    }
    let deepest = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
    read(&deepest);
    let long = format!("[{}0]", "\"é\", ".repeat(100_000));
    assert_eq!(read(&long).elements().len(), 100_001);
}
