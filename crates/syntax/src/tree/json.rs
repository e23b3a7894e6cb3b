//! JSON to a tree, by descent; comments and commas before a closing bracket are accepted, as editors accept them.
//! Not here: the tree itself, or what is left of a text that does not parse.

use std::ops::Range;

use keylint_diagnostics::Span;

use super::token::{character, token};
use super::{Entry, Kind, MAX_DEPTH, Node, Part, SyntaxError, Template};
use crate::{Text, decode::hex_number};

/// Reads one value with nothing but space and comments around it. The error stands at the first byte, word or string that
/// cannot go on; at the last one where the text ends too early.
pub fn json(text: &Text) -> Result<Node, SyntaxError> {
    let start = if text.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut reader = Reader { text, bytes: &text.bytes, at: start };
    let node = reader.value(0)?;
    reader.space()?;
    if reader.at < reader.bytes.len() {
        return Err(reader.unexpected("the end of the document"));
    }
    Ok(node)
}

/// A place in the text.
struct Reader<'a> {
    text: &'a Text,
    bytes: &'a [u8],
    at: usize,
}

type Read<T> = Result<T, SyntaxError>;

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Read<Node> {
        self.space()?;
        let start = self.at;
        let kind = match self.peek() {
            b'{' => Kind::Map(self.map(depth)?),
            b'[' => Kind::List(self.list(depth)?),
            b'"' => Kind::String(self.string()?),
            b'-' | b'0'..=b'9' => Kind::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Node { span: self.span(start..self.at), tag: None, kind })
    }

    fn map(&mut self, depth: usize) -> Read<Vec<Entry>> {
        self.open(depth)?;
        let mut entries = Vec::new();
        loop {
            self.space()?;
            if self.take(b'}') {
                return Ok(entries);
            }
            if self.peek() != b'"' {
                return Err(self.unexpected(if entries.is_empty() {
                    "a key in double quotes or `}`"
                } else {
                    "a key in double quotes"
                }));
            }
            let start = self.at;
            let key = self.string()?;
            let key_span = self.span(start..self.at);
            self.space()?;
            if !self.take(b':') {
                return Err(self.unexpected("a colon after the key"));
            }
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, key_span, value });
            if self.next_or_close(b'}', "a comma or `}`")? {
                return Ok(entries);
            }
        }
    }

    fn list(&mut self, depth: usize) -> Read<Vec<Node>> {
        self.open(depth)?;
        let mut elements = Vec::new();
        loop {
            self.space()?;
            if self.take(b']') {
                return Ok(elements);
            }
            elements.push(self.value(depth + 1)?);
            if self.next_or_close(b']', "a comma or `]`")? {
                return Ok(elements);
            }
        }
    }

    /// Goes behind an opening bracket.
    fn open(&mut self, depth: usize) -> Read<()> {
        if depth >= MAX_DEPTH {
            return Err(self.error(self.at..self.at + 1, &format!("nested more than {MAX_DEPTH} deep")));
        }
        self.at += 1;
        Ok(())
    }

    /// Goes behind a comma, or behind `close`: then true.
    fn next_or_close(&mut self, close: u8, expected: &str) -> Read<bool> {
        self.space()?;
        if self.take(b',') {
            return Ok(false);
        }
        if self.take(close) { Ok(true) } else { Err(self.unexpected(expected)) }
    }

    /// `true`, `false`, `null`.
    fn word(&mut self) -> Read<Kind> {
        let range = token(self.bytes, self.at);
        let kind = match &self.bytes[range.clone()] {
            b"true" => Kind::Bool(true),
            b"false" => Kind::Bool(false),
            b"null" => Kind::Null,
            _ => return Err(self.unexpected("a value")),
        };
        self.at = range.end;
        Ok(kind)
    }

    fn number(&mut self) -> Read<Box<str>> {
        let start = self.at;
        let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let end = start + self.bytes[start..].iter().take_while(part).count();
        let written = &self.bytes[start..end];
        if !is_number(written) {
            return Err(self.error(start..end, "not a number as JSON writes it"));
        }
        self.at = end;
        Ok(String::from_utf8_lossy(written).into())
    }

    /// A string, whose opening quote stands here.
    fn string(&mut self) -> Read<Template> {
        let open = self.at;
        let start = open + 1;
        self.at = start;
        let mut copied = start;
        // Only a string with escapes needs a map of its own.
        let mut decoded: Option<Text> = None;
        loop {
            let plain = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
            let Some(found) = self.bytes[self.at..].iter().position(plain) else {
                return Err(self.error(open..self.bytes.len(), "the string is not closed"));
            };
            let at = self.at + found;
            match self.bytes[at] {
                b'"' => {
                    self.at = at + 1;
                    let text = match decoded {
                        None => self.text.slice(start..at),
                        Some(mut text) => {
                            text.copy(&self.bytes[copied..at], copied);
                            Text { map: self.text.map.compose(&text.map), bytes: text.bytes }
                        }
                    };
                    return Ok(Template {
                        parts: if text.bytes.is_empty() { Vec::new() } else { vec![Part::Text(text)] },
                    });
                }
                b'\\' => {
                    let (character, len) = escape(&self.bytes[at..])
                        .map_err(|(len, message)| self.error(at..self.bytes.len().min(at + len), message))?;
                    let text = decoded.get_or_insert_default();
                    text.copy(&self.bytes[copied..at], copied);
                    text.character(character, at, len);
                    self.at = at + len;
                    copied = self.at;
                }
                b'\n' | b'\r' => return Err(self.error(open..at, "the string is not closed on its line")),
                _ => return Err(self.error(at..at + 1, "a control character must be written as an escape")),
            }
        }
    }

    /// Goes over white space and comments.
    fn space(&mut self) -> Read<()> {
        loop {
            let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            self.at += self.bytes[self.at..].iter().take_while(blank).count();
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"//") {
                self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            } else if rest.starts_with(b"/*") {
                let Some(end) = memchr::memmem::find(&rest[2..], b"*/") else {
                    return Err(self.error(self.at..self.at + 2, "the comment is not closed"));
                };
                self.at += end + 4;
            } else {
                return Ok(());
            }
        }
    }

    /// The byte here; 0, which stands nowhere outside of strings, at the end.
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn take(&mut self, byte: u8) -> bool {
        let here = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(here);
        here
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        let end = if self.at >= self.bytes.len() { "the text ends where it should go on: " } else { "" };
        self.error(token(self.bytes, self.at), &format!("{end}expected {expected}"))
    }

    fn error(&self, range: Range<usize>, message: &str) -> SyntaxError {
        SyntaxError { span: self.span(range), message: message.into() }
    }

    fn span(&self, range: Range<usize>) -> Span {
        self.text.map.span(range)
    }
}

/// The escape that `text` begins with: its character and its length; else the length of what is wrong, and what is.
/// A lone surrogate becomes U+FFFD.
fn escape(text: &[u8]) -> Result<(char, usize), (usize, &'static str)> {
    let simple = |character: char| Ok((character, 2));
    match text.get(1) {
        Some(b'"') => simple('"'),
        Some(b'\\') => simple('\\'),
        Some(b'/') => simple('/'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => {
            let unit = |from: usize| hex_number(text.get(from..from + 4)?);
            let Some(high) = unit(2) else { return Err((2, "`\\u` needs four hexadecimal digits")) };
            if (0xd800..0xdc00).contains(&high)
                && text.get(6..8) == Some(b"\\u")
                && let Some(low @ 0xdc00..=0xdfff) = unit(8)
                && let Some(character) = char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            {
                return Ok((character, 12));
            }
            Ok((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6))
        }
        // The whole character after the backslash is the one that is wrong.
        Some(_) => Err((1 + character(&text[1..]), "not an escape of JSON")),
        None => Err((1, "the string is not closed")),
    }
}

/// Whether `written` is a number of JSON: no sign but `-`, no zero in front, digits on both sides of a point.
fn is_number(written: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = written.strip_prefix(b"-").unwrap_or(written);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
