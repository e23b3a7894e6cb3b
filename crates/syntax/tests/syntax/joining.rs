//! Concatenated literals around an offset.
//! Not bindings.

use keylint_syntax::{FileKind, Language, joined_at, joined_in};

#[test]
fn literals_are_joined() {
    let rows = [
        ("const t = \"abc\" + \"def\";", Some("abcdef")),
        ("const t = 'abc' +\n  'def' + // why\n  'ghi';", Some("abcdefghi")),
        ("T = (\"abc\"\n     \"def\")\n", Some("abcdef")),
        ("$t = 'abc' . 'def';", Some("abcdef")),
        ("t = \"abc\" .. \"def\"", Some("abcdef")),
        ("t = \"abc\" \\\n    \"def\"", Some("abcdef")),
        ("t = \"a\\u0062c\" + \"def\"", Some("abcdef")),
        ("t = \"abc\"", None),
        ("f(\"abc\", \"def\")", None),
        ("t = \"abc\" + x", None),
        ("cmd \"abc\" \"def\"", None),
        ("t = \"abc\"\nu = \"def\"", None),
    ];
    for (text, expected) in rows {
        let at = text.find("bc").or_else(|| text.find("u0062")).expect("a place in the literal");
        let joined = joined_at(text.as_bytes(), at).map(|joined| String::from_utf8_lossy(&joined.bytes).into_owned());
        assert_eq!(joined.as_deref(), expected, "{text}");
    }
}

#[test]
fn the_map_points_into_each_literal() {
    let text = b"t = \"abc\" + \"def\"";
    let joined = joined_at(text, 6).expect("two literals");
    assert_eq!(joined.map.span(0..3).range(), 5..8);
    assert_eq!(joined.map.span(3..6).range(), 13..16);
    assert_eq!(joined.map.span(2..4).range(), 7..14);
}

#[test]
fn a_known_kind_joins_only_its_own_way() {
    let join = |text: &str, kind| joined_in(text.as_bytes(), 1, kind).map(|joined| joined.bytes);
    assert_eq!(join("\"ab\" \"cd\"", FileKind::Code(Language::C)), Some(b"abcd".to_vec()));
    assert_eq!(join("\"ab\" \"cd\"", FileKind::Code(Language::JavaScript)), None);
    assert_eq!(join("\"ab\" . \"cd\"", FileKind::Code(Language::Php)), Some(b"abcd".to_vec()));
    assert_eq!(join("\"ab\" . \"cd\"", FileKind::Code(Language::Go)), None);
    assert_eq!(join("'ab' || 'cd'", FileKind::Sql), Some(b"abcd".to_vec()));
    assert_eq!(join("\"ab\"'cd'", FileKind::Shell), Some(b"abcd".to_vec()));
}
