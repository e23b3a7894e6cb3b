//! The tokens that open and close strings: plain, escaped within another string, doubled, tripled, HTML entities, curly.
//! Not what stands between them.

use crate::source::{Source, is_quote, is_word};
use crate::{FileKind, Quoting};

/// How a quote is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `"`, `'`, `` ` ``.
    Plain,
    /// `\"` within a string, `\\\"` within a string of a string, or an escape such as `\u0022`.
    Escaped,
    /// `&quot;`, `&#39;`.
    Entity,
    /// `""` within a string that writes quotes twice.
    Doubled,
    /// `"""`, `'''`.
    Triple,
    /// `“…”`.
    Curly,
}

/// A quote: the token that opens, and so also the one that closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    /// `"`, `'` or `` ` ``, however it is written.
    pub(crate) byte: u8,
    pub(crate) style: Style,
    /// Bytes of the token.
    pub(crate) len: usize,
    token: [u8; 8],
}

/// Tokens that stand for a quote in markup or escapes.
const ENTITIES: &[(&[u8], u8)] = &[
    (b"&quot;", b'"'),
    (b"&#34;", b'"'),
    (b"&#034;", b'"'),
    (b"&#x22;", b'"'),
    (b"&#39;", b'\''),
    (b"&#039;", b'\''),
    (b"&#x27;", b'\''),
    (b"&apos;", b'\''),
];
const ESCAPES: &[(&[u8], u8)] = &[(b"\\u0022", b'"'), (b"\\u0027", b'\''), (b"\\x22", b'"'), (b"\\x27", b'\'')];
const CURLY: &[(&[u8], &[u8], u8)] =
    &[(b"\xe2\x80\x9c", b"\xe2\x80\x9d", b'"'), (b"\xe2\x80\x98", b"\xe2\x80\x99", b'\'')];

/// Deepest nesting of strings in strings that is read: seven backslashes are three levels.
const MOST_BACKSLASHES: usize = 7;

impl Quote {
    fn new(byte: u8, style: Style, token: &[u8]) -> Quote {
        let mut bytes = [0; 8];
        let len = token.len().min(8);
        bytes[..len].copy_from_slice(&token[..len]);
        Quote { byte, style, len, token: bytes }
    }

    fn plain(byte: u8) -> Quote {
        Quote::new(byte, Style::Plain, &[byte])
    }

    /// The bytes that close.
    pub(crate) fn token(&self) -> &[u8] {
        &self.token[..self.len]
    }

    /// How a value in these quotes is quoted.
    pub(crate) fn quoting(&self) -> Quoting {
        match (self.style, self.byte) {
            (Style::Triple, _) => Quoting::Triple,
            (_, b'\'') => Quoting::Single,
            (_, b'`') => Quoting::Backtick,
            _ => Quoting::Double,
        }
    }

    /// The quote that opens at `at`.
    pub(crate) fn opening(source: Source<'_>, at: usize) -> Option<Quote> {
        let byte = source.byte(at);
        match byte {
            b'"' | b'\'' | b'`' => {
                let run = source.rest(at, 7).iter().take_while(|&&next| next == byte).count();
                if byte != b'`' && (run == 3 || run > 3 && run != 6) && has_triples(source.kind) {
                    return Some(Quote::new(byte, Style::Triple, &[byte; 3]));
                }
                if byte != b'`' && run == 2 && opens_doubled(source, at) {
                    return Some(Quote::new(byte, Style::Doubled, &[byte; 2]));
                }
                Some(Quote::plain(byte))
            }
            b'\\' => {
                let run = source.rest(at, MOST_BACKSLASHES + 1).iter().take_while(|&&next| next == b'\\').count();
                let end = source.byte(at + run);
                if run <= MOST_BACKSLASHES && is_quote(end) {
                    return Some(Quote::new(end, Style::Escaped, source.rest(at, run + 1)));
                }
                ESCAPES
                    .iter()
                    .find(|(token, _)| source.has(at, token))
                    .map(|(token, byte)| Quote::new(*byte, Style::Escaped, token))
            }
            b'&' => ENTITIES
                .iter()
                .find(|(token, _)| source.has(at, token))
                .map(|(token, byte)| Quote::new(*byte, Style::Entity, token)),
            0xe2 => CURLY
                .iter()
                .find(|(open, _, _)| source.has(at, open))
                .map(|(_, close, byte)| Quote::new(*byte, Style::Curly, close)),
            _ => None,
        }
    }

    /// The quote whose opening token ends at `end`, as looked at from the right: for a key in quotes.
    pub(crate) fn before(source: Source<'_>, end: usize) -> Option<Quote> {
        let byte = source.before(end);
        if is_quote(byte) {
            let lead = source.slice(end.saturating_sub(MOST_BACKSLASHES + 2)..end - 1);
            let slashes = lead.iter().rev().take_while(|&&b| b == b'\\').count();
            if slashes > 0 && slashes <= MOST_BACKSLASHES {
                return Some(Quote::new(byte, Style::Escaped, source.slice(end - 1 - slashes..end)));
            }
            if lead.last() == Some(&byte) && byte != b'`' {
                return Some(Quote::new(byte, Style::Doubled, &[byte; 2]));
            }
            return Some(Quote::plain(byte));
        }
        let stands = |token: &[u8]| end >= token.len() && source.has(end - token.len(), token);
        match byte {
            b';' => ENTITIES
                .iter()
                .find(|(token, _)| stands(token))
                .map(|(token, byte)| Quote::new(*byte, Style::Entity, token)),
            b'2' | b'7' => ESCAPES
                .iter()
                .find(|(token, _)| stands(token))
                .map(|(token, byte)| Quote::new(*byte, Style::Escaped, token)),
            0x9c | 0x98 => CURLY
                .iter()
                .find(|(open, _, _)| stands(open))
                .map(|(_, close, byte)| Quote::new(*byte, Style::Curly, close)),
            _ => None,
        }
    }

    /// Whether this quote closes at `at`.
    pub(crate) fn closes(&self, source: Source<'_>, at: usize) -> bool {
        source.has(at, self.token()) && (self.style != Style::Plain || source.before(at) != b'\\')
    }
}

/// Languages in which three quotes open a text of many lines. Elsewhere they are an empty string and a quote.
fn has_triples(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Code(_)
            | FileKind::Toml
            | FileKind::Markdown
            | FileKind::Plain
            | FileKind::Unknown
            | FileKind::Notebook
    )
}

/// `""v""`: a quote written twice because it stands in a string. An empty string is followed by something else than a word.
fn opens_doubled(source: Source<'_>, at: usize) -> bool {
    let byte = source.byte(at);
    let next = source.byte(at + 2);
    if !(is_word(next) || matches!(next, b'{' | b'$' | b'/' | b'+' | b'#' | b'!' | b'@')) {
        return false;
    }
    let line = source.slice(at + 2..source.line_end(at + 2, 300));
    line.windows(2).any(|pair| pair == [byte, byte])
}
