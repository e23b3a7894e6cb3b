//! YAML trees: values, tags, aliases, and the way back from every byte of every kind of scalar.
//! Not here: what holds of all trees (`mod.rs`).

use keylint_syntax::tree::{Kind, MAX_DEPTH, Node, Part, yaml};
use keylint_syntax::{Text, tree::SyntaxError};

use super::{at, check, document, error};

/// Reads what must parse, and checks what holds of every tree.
fn read(text: &str) -> Vec<Node> {
    let (nodes, error) = yaml(&document(text));
    assert_eq!(error, None, "{text}");
    nodes.iter().for_each(|node| check(node, text, text.contains(['*'])));
    nodes
}

fn refused(text: &str) -> (Vec<Node>, SyntaxError) {
    let (nodes, error) = yaml(&document(text));
    (nodes, error.unwrap_or_else(|| panic!("{text} is accepted")))
}

/// The tree in one line: strings in quotes, everything else bare.
fn shown(node: &Node) -> String {
    let tag = node.tag.as_deref().map(|tag| format!("{tag} ")).unwrap_or_default();
    let value = match &node.kind {
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(written) => written.to_string(),
        Kind::String(_) => format!("{:?}", node.as_str().unwrap_or("?")),
        Kind::List(elements) => format!("[{}]", elements.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let entry = |entry: &keylint_syntax::tree::Entry| {
                format!("{}: {}", entry.key.as_str().unwrap_or("?"), shown(&entry.value))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Kind::Expression(_) => "expression".into(),
    };
    tag + &value
}

fn all(text: &str) -> String {
    read(text).iter().map(shown).collect::<Vec<_>>().join(" | ")
}

#[test]
fn tricky_texts() {
    for (text, want) in [
        ("", ""),
        ("# only a comment\n", ""),
        ("---\n", "null"),
        ("a: 1\n---\nb: 2\n...\n---\nc\n", "{a: 1} | {b: 2} | \"c\""),
        ("a: |\n  x\n    y\n\n  z\nb: |-\n  x\n\nc: |+\n  x\n\n", r#"{a: "x\n  y\n\nz\n", b: "x", c: "x\n\n"}"#),
        ("a: >\n  x\n  y\n\n  z\n    deep\n  w\n", r#"{a: "x y\nz\n  deep\nw\n"}"#),
        ("a: |2\n    two\n   one\n", r#"{a: "  two\n one\n"}"#),
        ("a: | # why\n\n  x\nb: >-2\n    y\n", r#"{a: "\nx\n", b: "  y"}"#),
        ("a:\r\n  - |\r\n    x\r\n    y\r\n  - z\r\n", r#"{a: ["x\ny\n", "z"]}"#),
        ("a: |\n  no break at the end", r#"{a: "no break at the end"}"#),
        ("- 'it''s'\n- 'a\n\n  b'\n- ''\n", r#"["it's", "a\nb", ""]"#),
        (r#"["\x41\u00e4\U0001F600\ud83d\ude00\n\t\"\/\_"]"#, "[\"Aä😀😀\\n\\t\\\"/\\u{a0}\"]"),
        ("a: \"x \\\n   y\n  z\n\n  w\"\n", r#"{a: "x y z\nw"}"#),
        ("a: one\n  two\n\n  three # end\nb: c#d\n", r#"{a: "one two\nthree", b: "c#d"}"#),
        ("{a: [1, {b: c}, [ ]], 'd': , e}", r#"{a: [1, {b: "c"}, []], d: null, e: null}"#),
        ("a:\n- 1\n-\n- - 2\n  - b: 3\n", "{a: [1, null, [2, {b: 3}]]}"),
        ("? a\n: b\n? [c]\n: d\n", r#"{a: "b", ?: "d"}"#),
        ("Version: 2012-10-17\nAt: 12:30:00\n", r#"{Version: "2012-10-17", At: "12:30:00"}"#),
        (
            "[yes, No, on, OFF, True, y, ~, Null, null, nulls]",
            r#"[true, false, true, false, true, "y", null, null, null, "nulls"]"#,
        ),
        (
            "[1, -1, +1, 0x1F, 0o7, 017, 012345678901, 1_000, 1.5, .5, 1., 1e3, 1.2.3, .inf, -x, _]",
            r#"[1, -1, +1, 0x1F, "0o7", 017, "012345678901", 1_000, 1.5, .5, 1., 1e3, "1.2.3", .inf, "-x", "_"]"#,
        ),
        ("[!!str 1, !!int 2, ! 3, 'no', \"4\"]", r#"["1", 2, "3", "no", "4"]"#),
        (
            "a: !Sub 'x'\nb: !GetAtt r.Arn\nc: !If [x, !Ref y, 1]\nd: !Ref 123\ne: !GetAZs\nf: !Base64\n  g: 1\n",
            r#"{a: !Sub "x", b: !GetAtt "r.Arn", c: !If ["x", !Ref "y", 1], d: !Ref "123", e: !GetAZs null, f: !Base64 {g: 1}}"#,
        ),
        (
            "a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  l: 3\nd: {<<: [*x, {k: 9, m: 4}]}\n",
            "{a: {k: 1, l: 2}, b: {k: 1, l: 2}, c: {l: 3, k: 1}, d: {k: 1, l: 2, m: 4}}",
        ),
        ("a: &x 1\nb: &y two\n*y : *x\n", r#"{a: 1, b: "two", two: 1}"#),
        ("a: &x 1\na: &x 2\nb: *x\n", "{a: 1, a: 2, b: 2}"),
        ("\u{feff}a: ä\n", r#"{a: "ä"}"#),
        ("'<<': x\n\"a\": {b: 1}\n", r#"{<<: "x", a: {b: 1}}"#),
        ("a: [\n  1\n]\nb: {\n}\n", "{a: [1], b: {}}"),
    ] {
        assert_eq!(all(text), want, "{text}");
    }
}

#[test]
fn every_character_leads_back() {
    // Each text has one string, whose parts after the `=` stand where the parts before it say.
    for (text, pairs) in [
        ("a: |\n    x\n      y\n\n    z\n", &[("x", "x"), ("\n", "\n"), ("  y", "  y"), ("z", "z")][..]),
        ("a: |\r\n  x\r\n  y\r\n", &[("x", "x"), ("\n", "\r\n"), ("y", "y")]),
        ("a: >\n  some\n  words\n\n  more\n", &[("some", "some"), (" ", "\n  "), ("words", "words"), ("more", "more")]),
        ("a: |\n  x\n     \n  y\n", &[("x", "x"), ("   ", "   "), ("y", "y")]),
        ("a: |-\n  x  \nb: 1\n", &[("x", "x"), ("  ", "  ")]),
        ("a: |+\n\n\n  x\n\n\n", &[("x", "x"), ("\n\n", "\n\n")]),
        ("a: |3\n     x\n", &[("  x", "  x")]),
        ("a: 'it''s \n  me'\n", &[("it", "it"), ("'", "''"), ("s", "s"), (" ", " \n  "), ("me", "me")]),
        (
            r#"a: "\u00e4\ud83d\ude00\x41\" b""#,
            &[("ä", r"\u00e4"), ("😀", r"\ud83d\ude00"), ("A", r"\x41"), ("\"", "\\\""), (" b", " b")],
        ),
        ("a: \"x\\\n   y\\\n  \\ z\"\n", &[("x", "x"), ("y", "y"), (" ", "\\ "), ("z", "z")]),
        ("a: \"x\\\n\n\n  y\"\n", &[("x", "x"), ("y", "y")]),
        ("a: one\n   two\n\n   thr\u{e9}e\n", &[("one", "one"), (" ", "\n   "), ("two", "two"), ("thrée", "thrée")]),
    ] {
        let nodes = read(text);
        let value = &nodes[0].entries()[0].value;
        let Kind::String(template) = &value.kind else { panic!("{value:?}") };
        let [Part::Text(inner)] = template.parts.as_slice() else { panic!("{template:?}") };
        let whole = std::str::from_utf8(&inner.bytes).expect("is UTF-8");
        let mut from = 0;
        for &(part, want) in pairs {
            from +=
                whole[from..].find(part).unwrap_or_else(|| panic!("no {part:?} in {:?} of {text:?}", &whole[from..]));
            assert_eq!(at(text, inner.map.span(from..from + part.len())), want, "{part:?} of {text:?}");
            from += part.len();
        }
    }
}

#[test]
fn places() {
    let text = "a: !Sub \"x\"  # why\nb:\n  - 1\n  - |\n    t\n\n# end\nc: {d: [1, 2 ] } \n";
    let nodes = read(text);
    let entries = nodes[0].entries();
    let place = |index: usize| at(text, entries[index].value.span);
    assert_eq!((place(0), place(1), place(2)), ("\"x\"", "- 1\n  - |\n    t\n", "{d: [1, 2 ] }"));
    assert_eq!(at(text, entries[1].key_span), "b");
    // A copy stands where it is written.
    let text = "a: &x [1]\nb: *x\n";
    let nodes = read(text);
    assert_eq!(nodes[0].entries()[1].value, nodes[0].entries()[0].value);
}

#[test]
fn a_document_in_a_string() {
    let outer = "{\"body\": \"a: |\\n  \\u00e4 b\\n\"}";
    let tree = keylint_syntax::tree::json(&document(outer)).expect("parses");
    let Kind::String(template) = &tree.entries()[0].value.kind else { panic!("{tree:?}") };
    let [Part::Text(inner)] = template.parts.as_slice() else { panic!("{template:?}") };
    let (nodes, error) = yaml(inner);
    assert_eq!(error, None);
    let value = &nodes[0].entries()[0].value;
    assert_eq!((value.as_str(), at(outer, value.span)), (Some("ä b\n"), r"\u00e4 b\n"));
}

#[test]
fn errors_are_located() {
    for (text, place, documents) in [
        ("a: *b\n", "*", 0),
        ("a: [1, 2\n", "[", 0),
        ("a: 'x\n", "'", 0),
        ("a: 1\n---\nb: *c\n", "*", 1),
        ("a: 1\n- 2\n", "2", 0),
        ("a: @x\n", "@", 0),
        ("a: &x [*x]\n", "*x", 0),
    ] {
        let (nodes, found) = refused(text);
        assert_eq!((error(text, &found).0, nodes.len()), (place, documents), "{text}: {found:?}");
        assert!(!found.message.is_empty(), "{text}");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let stored = b"a: 1 # caf\xe9\nb: \"\xff\"\n";
    let (nodes, error) = yaml(&Text::identity(stored, 0));
    assert_eq!(error, None);
    assert_eq!(nodes.iter().map(shown).collect::<Vec<_>>(), ["{a: 1, b: \"?\"}"]);
}

#[test]
fn copies_have_an_end() {
    let mut text = String::from("a: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}, ", level - 1);
        text += &format!("b{level}: &a{level} [{}]\n", alias.repeat(9));
    }
    assert_eq!(refused(&text).1.message, "anchors and aliases stand for too much text");
    // Each alias is one level deeper.
    let mut text = String::from("- &a0 [x]\n");
    (1..1000).for_each(|level| text += &format!("- &a{level} [*a{}]\n", level - 1));
    assert_eq!(refused(&text).1.message, format!("nested more than {MAX_DEPTH} deep"));
}

#[test]
fn deep_and_long_texts() {
    for open in ["[", "{a: ", "- ", "? ", "[{a: "] {
        let (nodes, error) = refused(&open.repeat(100_000));
        assert!(nodes.is_empty() && error.span.len() < 4, "{open}: {error:?}");
    }
    let nested: String = (0..20_000).map(|level| format!("{}a:\n", " ".repeat(level % 3000))).collect();
    refused(&nested);
    let steps: String = (0..300).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert!(refused(&steps).0.is_empty());
    let long = "- 'é'\n".repeat(50_000);
    assert_eq!(read(&long)[0].elements().len(), 50_000);
}

/// No clock: a cost that is not linear keeps this from ending.
#[test]
fn long_scalars() {
    let many = 400_000;
    let blanks = format!("- |\n  a\n{}\n  b\n", " ".repeat(many));
    let cases = [
        (blanks.as_str(), many + 3),
        (&format!("- \"{}\"\n", "é\\n".repeat(many)), 3 * many),
        (&format!("- '{}'\n", "''".repeat(many)), many),
    ];
    for (text, length) in cases {
        assert_eq!(read(text)[0].elements()[0].as_str().map(str::len), Some(length), "{}", &text[..20]);
    }
}

#[test]
fn every_cut_and_every_odd_byte_is_borne() {
    let text = "a: &x !T \"\\u00e4 \\\n  b\"\r\nb: >-\n\n   c\n  \n    d \n  e\n<<: {f: 'g''\n\n h'}\n? *x\n: |+1\n   i\n\n---\n[1, ]";
    for cut in 0..=text.len() {
        for byte in [b'"', b'\\', b'\n', b' ', b':', b'|', 0xff, b'\'', b'\t', b'\r'] {
            let bytes = [&text.as_bytes()[..cut], &[byte], &text.as_bytes()[cut..]].concat();
            for bytes in [&bytes[..], &text.as_bytes()[..cut]] {
                let readable: String = String::from_utf8_lossy(bytes).replace('\u{fffd}', "?");
                let (nodes, error) = yaml(&Text::identity(bytes, 0));
                if readable.len() == bytes.len() {
                    nodes.iter().for_each(|node| check(node, &readable, true));
                }
                assert!(error.is_none_or(|error| error.span.end as usize <= bytes.len()));
            }
        }
    }
}
