//! Decoders and their maps: what comes out, and that every decoded byte points at the bytes it was made of.
//! Not where encoded text is found.

use keylint_diagnostics::{Encoding, Span};
use keylint_syntax::decode::{base64, entities, escapes, hex, percent};
use keylint_syntax::{OffsetMap, Text, to_utf8};

use crate::hostile::Random;

fn span(start: u32, end: u32) -> Span {
    Span { start, end }
}

#[test]
fn decoders_give_the_text_and_refuse_the_rest() {
    type Decoder = fn(&[u8]) -> Option<Text>;
    let rows: &[(Decoder, &str, Option<&str>)] = &[
        (base64, "aGVsbG8=", Some("hello")),
        (base64, "aGVsbG8", Some("hello")),
        (base64, "aGVs\r\nbG8=", Some("hello")),
        (base64, "_-8=", None::<&str>.or(Some("\u{fffd}\u{fffd}"))),
        (base64, "aGVsbG8==", None),
        (base64, "aGVsb", None),
        (base64, "a+_b", None),
        (base64, "aGVs bG8=", None),
        (base64, "", None),
        (hex, "68656c6C6f", Some("hello")),
        (hex, "0x6869", Some("hi")),
        (hex, "686", None),
        (hex, "6g", None),
        (percent, "a%20b%2", Some("a b%2")),
        (percent, "100%", None),
        (percent, "%zz%41", Some("%zzA")),
        (escapes, r"a\n\x41B\u{43}\104\/\'", Some("a\nABCD/'")),
        (escapes, "\\ud83d\\ude00", Some("😀")),
        (escapes, r"\ud83d!", Some("\u{fffd}!")),
        (escapes, r"C:\Windows\q", None),
        (escapes, "a\\\nb", Some("ab")),
        (escapes, "plain", None),
        (entities, "a&amp;b&#39;&#x41;&unknown;&", Some("a&b'A&unknown;&")),
        (entities, "a&b", None),
    ];
    for (decoder, source, expected) in rows {
        let found = decoder(source.as_bytes()).map(|text| String::from_utf8_lossy(&text.bytes).into_owned());
        assert_eq!(found.as_deref(), *expected, "{source}");
    }
}

#[test]
fn spans_are_the_smallest_that_cover() {
    let map = |text: Option<Text>| text.expect("decodes").map;
    let rows = [
        // Byte by byte of base64: 6 bits a character.
        (map(base64(b"aGVsbG8=")), 0..1, span(0, 2)),
        (map(base64(b"aGVsbG8=")), 1..2, span(1, 3)),
        (map(base64(b"aGVsbG8=")), 2..3, span(2, 4)),
        (map(base64(b"aGVsbG8=")), 0..3, span(0, 4)),
        (map(base64(b"aGVsbG8=")), 3..5, span(4, 7)),
        (map(base64(b"aG\nVsbG8=")), 1..2, span(1, 4)),
        (map(hex(b"0x68656c")), 1..3, span(4, 8)),
        (map(percent(b"a%20b")), 1..2, span(1, 4)),
        (map(percent(b"a%20b")), 2..3, span(4, 5)),
        (map(escapes(br"x\u0041y")), 1..2, span(1, 7)),
        (map(escapes("x\\u00e9y".as_bytes())), 1..2, span(1, 7)),
        (map(entities(b"a&amp;b")), 1..3, span(1, 7)),
        (map(entities(b"a&amp;b")), 1..1, span(1, 1)),
        (map(entities(b"a&amp;b")), 3..9, span(7, 7)),
    ];
    for (map, range, expected) in rows {
        assert_eq!(map.span(range.clone()), expected, "{range:?} of {map:?}");
    }
}

#[test]
fn wide_encodings() {
    let wide = |text: &str, encoding: Encoding, mark: bool| -> Vec<u8> {
        let text = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
        match encoding {
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Utf32Le => text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect(),
            Encoding::Utf32Be => text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect(),
            Encoding::Utf8 => text.into_bytes(),
        }
    };
    let all = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be];
    for encoding in all {
        for mark in [false, true] {
            let text = "a é 😀 中 z";
            let stored = wide(text, encoding, mark);
            let decoded = to_utf8(&stored, encoding);
            assert_eq!(String::from_utf8_lossy(&decoded.bytes), text, "{encoding:?}");
            for (at, character) in text.char_indices() {
                let place = decoded.map.span(at..at + character.len_utf8());
                assert_eq!(
                    place.of(&stored),
                    wide(&character.to_string(), encoding, false),
                    "{character} in {encoding:?}"
                );
            }
        }
    }
    // A lone surrogate, and a byte too many.
    let decoded = to_utf8(&[0x41, 0, 0, 0xd8, 0x42, 0, 0x43], Encoding::Utf16Le);
    assert_eq!(decoded.bytes, "A\u{fffd}BC".as_bytes());
    assert_eq!(decoded.map.span(1..4), span(2, 4));
    assert_eq!(decoded.map.span(5..6), span(6, 7));
}

#[test]
fn maps_compose() {
    // base64 of percent-encoded text.
    let inner = percent(b"ab%63d").expect("decodes");
    let outer = base64(b"YWIlNjNk").expect("decodes");
    assert_eq!(outer.bytes, b"ab%63d");
    let map = outer.map.compose(&inner.map);
    assert_eq!(map.span(0..1), outer.map.span(0..1));
    assert_eq!(map.span(2..3), outer.map.span(2..5));
    assert_eq!(map.clone().shifted(10).span(2..3), outer.map.span(2..5).shifted(10));
    let mut appended = OffsetMap::identity(30, 2);
    appended.append(&map);
    assert_eq!(appended.span(1..2), span(31, 32));
    assert_eq!(appended.span(2..3), map.span(0..1));
    assert_eq!(appended.span(4..5), map.span(2..3));
}

#[test]
fn splices_keep_neighbours() {
    let source = b"token: aGVsbG8= end";
    let part = base64(&source[7..15]).expect("decodes").shifted(7);
    let text = Text::spliced(source, &[(7..15, part)]);
    assert_eq!(text.bytes, b"token: hello end");
    assert_eq!(text.map.span(7..12), span(7, 14));
    assert_eq!(text.map.span(13..16), span(16, 19));
}

/// Whatever is encoded decodes to itself, and the stored bytes of any piece decode to something that holds the piece.
#[test]
fn maps_are_true_for_random_text() {
    let mut random = Random(7);
    for _ in 0..400 {
        let plain: Vec<u8> = (0..random.below(40) + 1).map(|_| random.below(256) as u8).collect();
        let encoded: Vec<u8> = plain.iter().flat_map(|byte| format!("%{byte:02X}").into_bytes()).collect();
        let decoded = percent(&encoded).expect("decodes");
        assert_eq!(decoded.bytes, plain);
        let start = random.below(plain.len());
        let end = start + random.below(plain.len() - start) + 1;
        let place = decoded.map.span(start..end.min(plain.len()));
        assert_eq!(percent(place.of(&encoded)).expect("decodes").bytes, plain[start..end.min(plain.len())]);
        // Any mixture of escapes and raw text covers in order and without gaps.
        let mixed = random.text(60);
        for text in [escapes(&mixed), entities(&mixed), percent(&mixed)].into_iter().flatten() {
            assert_eq!(text.map.decoded_len(), text.bytes.len());
            let mut last = 0;
            for at in 0..text.bytes.len() {
                let place = text.map.span(at..at + 1);
                assert!(place.start >= last && place.end > place.start && place.end as usize <= mixed.len());
                last = place.start;
            }
        }
    }
}
