//! Escapes for XML, HTML, Markdown and CSV.
//! Not here: the formats that use them.

use super::terminal;

/// Text of an XML or HTML document, in an element or in a quoted attribute. What acts or hides is made visible.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in terminal(text, false).chars() {
        push_entity(&mut out, c);
    }
    out
}

/// An attribute that a program reads, such as a path: exact, but for characters that XML 1.0 cannot hold at all.
pub(crate) fn xml_exact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // A parser makes spaces of these where they stand as they are.
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            _ => push_entity(&mut out, c),
        }
    }
    out
}

fn push_entity(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        _ => out.push(c),
    }
}

/// One line of Markdown prose, also in a cell of a table: no link, image, emphasis, markup, mention or formula.
pub(crate) fn markdown(text: &str) -> String {
    let text = terminal(text, false);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '~' | '"' => out.extend(['\\', c]),
            // A backslash before a pipe would itself have to be escaped in a table.
            '|' => out.push_str("&#124;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Mentions are looked for in the rendered text, so an escape would not do.
            '@' => out.push_str("@<!-- -->"),
            '$' => out.push_str("<span>$</span>"),
            // What GitHub makes links of without being asked.
            ':' if text[at..].starts_with("://") => out.push_str("\\:"),
            '.' if ends_with_www(&text[..at]) => out.push_str("\\."),
            _ => out.push(c),
        }
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// One line of Markdown in a fixed-width font: a code span, or where that cannot hold it an element with entities.
pub(crate) fn markdown_code(text: &str) -> String {
    let text = terminal(text, false);
    if text.is_empty() {
        return String::new();
    }
    // In a table, a pipe ends a code span, and a backslash before it does not help in all cases.
    if !text.contains(['`', '|', '\\']) {
        return format!("`{text}`");
    }
    let mut out = String::from("<code>");
    for c in text.chars() {
        match c {
            '/' | '-' | ',' | ' ' => out.push(c),
            _ if c.is_ascii_punctuation() => out.push_str(&format!("&#{};", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push_str("</code>");
    out
}

/// A field of a CSV table (RFC 4180), always quoted, since some programs separate by `;`. What a spreadsheet would take
/// for a formula gets an apostrophe in front (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub(crate) fn csv(text: &str) -> String {
    let text = terminal(text, false);
    let first = text.trim_start().chars().next();
    let formula = first.is_some_and(|c| "=+-@＝＋－＠".contains(c));
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_cannot_be_left() {
        assert_eq!(xml("a<b>\"c'&\n\u{1b}\u{202e}"), "a&lt;b&gt;&quot;c&#39;&amp;\\n\\u{1b}\\u{202e}");
        assert_eq!(xml_exact("a\tb\n<\u{0}\u{ffff}é"), "a&#9;b&#10;&lt;\\u{0}\\u{ffff}é");
    }

    #[test]
    fn markdown_stays_text() {
        let check = |text: &str, want: &str| assert_eq!(markdown(text), want);
        check("AWS access key-pair 1.5", "AWS access key-pair 1.5");
        check("[a](b) | <i> @me", "\\[a\\]\\(b\\) &#124; &lt;i&gt; @<!-- -->me");
        check("http://x WWW.x.y ✓www.z", "http\\://x WWW\\.x.y ✓www\\.z");
        check("a\nb", "a\\\\nb");
        check("&amp; $x$", "&amp;amp; <span>$</span>x<span>$</span>");
        assert_eq!(markdown_code("src/a_b.rs"), "`src/a_b.rs`");
        assert_eq!(markdown_code("a`|\\b"), "<code>a&#96;&#124;&#92;b</code>");
        assert_eq!(markdown_code(""), "");
    }

    #[test]
    fn spreadsheets_do_not_compute() {
        let check = |text: &str, want: &str| assert_eq!(csv(text), want);
        check("a\"b,c;d", "\"a\"\"b,c;d\"");
        check("=1+1", "\"'=1+1\"");
        check(" @x", "\"' @x\"");
        check("-a", "\"'-a\"");
        check("＝1", "\"'＝1\"");
        check("\t=1", "\"\\t=1\"");
        check("a=1", "\"a=1\"");
    }
}
