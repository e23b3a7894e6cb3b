//! Input that wants to hurt: random bytes, open quotes, lines of a megabyte. Nothing panics, spans stay inside, and the
//! cost grows with the length.

use keylint_syntax::{FileKind, Language, binding_at, further_values, joined_at, joined_in};

/// A small generator of numbers, the same in every run (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// Text of the pieces that the readers look for.
    pub(crate) fn text(&mut self, pieces: usize) -> Vec<u8> {
        let known: &[&str] = &[
            "password",
            "token",
            "\"",
            "'",
            "`",
            "\\",
            "\\\"",
            "=",
            ":",
            " ",
            "\n",
            "  ",
            "\t",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ",",
            "<",
            ">",
            "</",
            "/>",
            "value",
            "name",
            "- ",
            "|",
            "#",
            "//",
            "&amp;",
            "&quot;",
            "%41",
            "\\u0041",
            "\\n",
            "a",
            "Xy9",
            "==",
            "=>",
            "${",
            "{{",
            "+",
            ".",
            "<<EOF\n",
            "\nEOF\n",
            "\"\"\"",
            "default",
            "0x41, 7, 'c'",
            "é",
            "😀",
            "“",
            "”",
            ";",
            "&",
            "?",
            "-",
            "--",
            "password is ",
            "Bearer ",
            " BY ",
            "ENV ",
            "||",
            " or ",
            "?? ",
            "new f(",
            " if x else ",
            "get(",
            "| a |\n|---|\n",
            "VALUES (",
            "r#\"",
            "\"#",
            "\r\n",
            "!!str ",
            "&a ",
            "*a",
            "@\"",
        ];
        let mut text = Vec::new();
        for _ in 0..pieces {
            match self.below(12) {
                0 => text.push(self.below(256) as u8),
                _ => text.extend_from_slice(known[self.below(known.len())].as_bytes()),
            }
        }
        text
    }
}

fn kinds() -> Vec<FileKind> {
    use FileKind::*;
    let mut kinds = vec![
        Json, Yaml, Toml, Ini, Properties, Env, Xml, Html, Hcl, Dockerfile, Makefile, Shell, PowerShell, Batch, Sql,
        Notebook, Csv, Markdown, Plain, Lock, Minified, Unknown,
    ];
    use Language::*;
    kinds.extend(
        [Python, JavaScript, Java, Go, Rust, CSharp, Cpp, Php, Ruby, Perl, VisualBasic, Swift, Lua, Haskell].map(Code),
    );
    kinds
}

fn keywords(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for word in [&b"password"[..], b"token", b"value", b"name", b"Bearer"] {
        for at in 0..text.len().saturating_sub(word.len()) {
            if text[at..].starts_with(word) {
                found.push(at..at + word.len());
            }
        }
    }
    found
}

#[test]
fn random_text_never_panics_and_spans_stay_inside() {
    let mut random = Random(42);
    let kinds = kinds();
    for _ in 0..4000 {
        let pieces = random.below(60);
        let text = random.text(pieces);
        let kind = kinds[random.below(kinds.len())];
        for keyword in keywords(&text) {
            if let Some(binding) = binding_at(&text, keyword.clone(), kind) {
                for value in further_values(&text, &binding, kind) {
                    assert!(value.span.start <= value.span.end && value.span.end as usize <= text.len());
                }
                for span in [binding.name, binding.value.span] {
                    assert!(span.start <= span.end && span.end as usize <= text.len());
                }
                assert!(binding.name.start as usize <= keyword.start && keyword.end <= binding.name.end as usize);
                if let Some(joined) = &binding.value.joined {
                    assert_eq!(joined.map.decoded_len(), joined.bytes.len());
                    let whole = joined.map.span(0..joined.bytes.len());
                    assert!(whole.end as usize <= text.len());
                }
            }
        }
        let at = random.below(text.len() + 2);
        let _ = joined_at(&text, at);
        let _ = joined_in(&text, at, kind);
    }
}

#[test]
fn keywords_outside_the_text_are_harmless() {
    for (start, end) in [(0, 0), (5, 3), (2, 99), (99, 100)] {
        assert!(binding_at(b"token=x", start..end, FileKind::Env).is_none());
    }
    assert!(joined_at(b"", 0).is_none());
    assert!(joined_at(b"'a' + 'b'", 99).is_none());
}

/// A megabyte of each piece, with a keyword every few bytes: each keyword may cost a bounded number of bytes. The bound of
/// time is loose, since tests share the machine; quadratic cost would miss it by far.
#[test]
fn hostile_lines_cost_linear_time() {
    let units = [
        "password=\"",
        "password='",
        "password: ",
        "password",
        "\\\"password\\\": \\\"",
        "password=<<A\n",
        "password:\n  ",
        "\"password\"",
        "password == ",
        "<password>",
        "password \"",
        "name: \"token\", ",
        "(token, ",
        "token(",
        "token[",
        "password=[",
        "password={",
        "password=\"a\"+",
        "| password ",
        "password=${",
        "token: (((",
        "password=a.b(",
        "\"password\" ",
        "password.",
        "password=a||",
        "password=new f(new f(",
        "password=get(\"a\",",
        "password=a=",
        "--password ",
    ];
    // No clock: a cost that is not linear keeps this from ending at all.
    for unit in units {
        let text = unit.repeat(200_000 / unit.len()).into_bytes();
        for kind in
            [FileKind::Yaml, FileKind::Code(Language::JavaScript), FileKind::Xml, FileKind::Markdown, FileKind::Sql]
        {
            for keyword in keywords(&text).into_iter().step_by(4) {
                let _ = binding_at(&text, keyword, kind);
            }
        }
    }
}
