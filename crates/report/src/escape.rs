//! Makes text safe for the place it is printed in: a terminal, a workflow command, a SARIF message, a URI; in its
//! submodule XML, HTML, Markdown and CSV.
//! Not here: masking. A file name or a piece of evidence passes through here, a secret never does.

mod markup;

use std::fmt::Write;

pub(crate) use markup::{csv, markdown, markdown_code, xml, xml_exact};

/// Whether `c` would act on a terminal, hide, or reorder what stands around it.
fn hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Appends `c` so that it is seen and does nothing: control characters, bidirectional overrides and invisible ones
/// become `\u{…}`, with `ascii` everything outside ASCII does.
pub(crate) fn push_visible(out: &mut String, c: char, ascii: bool) {
    if hostile(c) || (ascii && !c.is_ascii()) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

/// `text` as one line of a terminal.
pub(crate) fn terminal(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => push_visible(&mut out, c, ascii),
        }
    }
    out
}

/// `text` with every run of white space as one space: prose of a rule file, made one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The message of a workflow command (`escapeData` of GitHub's toolkit). Other control characters are made visible.
pub(crate) fn command_data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            '\t' => out.push(c),
            _ => push_visible(&mut out, c, false),
        }
    }
    out
}

/// A property of a workflow command (`escapeProperty` of GitHub's toolkit). A path must stay exact, so nothing else
/// is changed.
pub(crate) fn command_property(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' => out.push_str("%3A"),
            ',' => out.push_str("%2C"),
            _ => out.push(c),
        }
    }
    out
}

/// A message or property of an Azure Pipelines command: `;` ends a property, `]` the list of them, and `%AZP25` is how
/// the agent spells a per cent sign
/// (<https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>).
pub(crate) fn azure(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%AZP25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ';' => out.push_str("%3B"),
            ']' => out.push_str("%5D"),
            _ => push_visible(&mut out, c, false),
        }
    }
    out
}

/// A SARIF plain-text message: brackets would make an embedded link (SARIF 2.1.0, 3.11.6), a brace before a digit a
/// placeholder (3.11.5).
pub(crate) fn sarif_message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '[' | ']' => out.extend(['\\', c]),
            '{' if chars.peek().is_some_and(char::is_ascii_digit) => out.push_str("{{"),
            _ => push_visible(&mut out, c, false),
        }
    }
    out
}

/// Where a document is, as SARIF wants it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Uri {
    /// A relative reference, or an absolute `file:` URI.
    pub(crate) text: String,
    /// Whether it is relative to the root of the scan.
    pub(crate) relative: bool,
}

/// The URI of a `/`-separated path (RFC 3986).
pub(crate) fn uri(path: &str) -> Uri {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    let drive = rest.len() > 2 && rest.as_bytes()[0].is_ascii_alphabetic() && &rest.as_bytes()[1..3] == b":/";
    let relative = !(drive || rest.starts_with('/'));
    let mut text = String::with_capacity(rest.len() + 8);
    if drive {
        text.push_str("file:///");
        text.push_str(&rest[..2]);
        rest = &rest[2..];
    } else if !relative {
        // Two slashes at the front would name a host.
        text.push_str("file:///");
        rest = rest.trim_start_matches('/');
    }
    for byte in rest.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => text.push(byte as char),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';'
            | b'=' | b'@' => text.push(byte as char),
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    Uri { text, relative }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_shows_what_would_act() {
        let check = |text: &str, want: &str| assert_eq!(terminal(text, false), want);
        check("a\u{1b}[31mb", "a\\u{1b}[31mb");
        check("x\u{202e}gpj.exe", "x\\u{202e}gpj.exe");
        check("a\nb\tc\u{9b}d", "a\\nb\\tc\\u{9b}d");
        check("éé😀", "éé😀");
        assert_eq!(terminal("é😀", true), "\\u{e9}\\u{1f600}");
    }

    #[test]
    fn commands_cannot_be_left() {
        assert_eq!(command_data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(command_property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }

    #[test]
    fn messages_hold_no_links() {
        assert_eq!(sarif_message("see [here](http://x) {0} {a}"), "see \\[here\\](http://x) {{0} {a}");
    }

    #[test]
    fn paths_become_uris() {
        let check = |path: &str, text: &str, relative: bool| assert_eq!(uri(path), Uri { text: text.into(), relative });
        check("src/a b#c?.rs", "src/a%20b%23c%3F.rs", true);
        check("./x:y/é%", "x%3Ay/%C3%A9%25", true);
        check("/etc/pass[wd]", "file:///etc/pass%5Bwd%5D", false);
        check("//host/x", "file:///host/x", false);
        check("C:/a b", "file:///C:/a%20b", false);
        check("../x", "../x", true);
    }
}
