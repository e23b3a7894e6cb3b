//! HCL to a tree: bodies, attributes and blocks, with a new start at the next block after an error.
//! Not here: expressions and templates (`hcl/`), or what Terraform makes of it.

mod expression;
mod template;

use std::ops::Range;

use keylint_diagnostics::Span;

use super::token::token;
use super::{Entry, Kind, MAX_DEPTH, Node, Part, SyntaxError, Template};
use crate::Text;

/// After so many errors reading goes on where the last one is, and not after the line that the broken block begins in: what
/// is read twice must stay a small multiple of the text.
const MAX_RETURNS: usize = 16;

/// What stands between the braces of a block, or in a whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// `name = value`.
    pub attributes: Vec<Entry>,
    /// `kind "label" { … }`.
    pub blocks: Vec<Block>,
}

/// `kind "label" "label" { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// From its kind to its closing brace.
    pub span: Span,
    /// `resource`, `data`, `statement` …
    pub kind: Box<str>,
    /// Where the kind is written.
    pub kind_span: Span,
    /// With the places where they are written, quotes included.
    pub labels: Vec<(Box<str>, Span)>,
    /// What stands in it.
    pub body: Body,
}

/// Reads. Of a block or an attribute of the file that does not parse nothing is kept but its first error; what follows, from
/// the next line that begins in its first column with the head of a block or an attribute, is read all the same.
pub fn hcl(text: &Text) -> (Body, Vec<SyntaxError>) {
    let start = if text.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut reader = Reader::new(text, start);
    let mut body = Body::default();
    let mut errors = Vec::new();
    loop {
        let space = reader.space();
        let start = reader.at;
        if space.is_ok() && start >= reader.bytes.len() {
            return (body, errors);
        }
        if let Err(error) = space.and_then(|()| reader.item(&mut body)) {
            errors.push(error);
            let unclosed = std::mem::take(&mut reader.unclosed);
            let from = match () {
                () if errors.len() <= MAX_RETURNS => Some(start),
                () if unclosed => None,
                () => Some(reader.at.max(start)),
            };
            let Some(next) = from.and_then(|from| head_after(reader.bytes, from)) else { return (body, errors) };
            (reader.at, reader.depth, reader.multiline) = (next, 0, false);
        }
    }
}

/// Reads a text that is a template as it stands, without quotes and escapes, as strings of Terraform's JSON syntax are.
pub fn hcl_template(text: &Text) -> Result<Node, SyntaxError> {
    Reader::new(text, 0).bare()
}

/// Where the next line begins that looks like the head of a block or an attribute: `kind "label" {`, `name =`.
fn head_after(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[from..]).map(|line| from + line + 1).find(|&start| {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |len| start + len);
        let line = &bytes[start..end];
        let name = identifier(line);
        let rest = line[name..].trim_ascii_start();
        let is_label = |byte: &u8| continues_identifier(*byte) || matches!(byte, b' ' | b'\t' | b'"' | b'.' | b'/');
        name > 0 && (rest.starts_with(b"=") || rest.iter().find(|byte| !is_label(byte)) == Some(&b'{'))
    })
}

/// A place in the text.
struct Reader<'a> {
    text: &'a Text,
    bytes: &'a [u8],
    at: usize,
    /// How many blocks and expressions are open here.
    depth: usize,
    /// Whether line breaks are white space here, as between parentheses.
    multiline: bool,
    /// Whether a heredoc or comment was met that nothing closes, so that it goes on to the end of the text.
    unclosed: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a Text, at: usize) -> Reader<'a> {
        Reader { text, bytes: &text.bytes, at, depth: 0, multiline: false, unclosed: false }
    }
}

type Read<T> = Result<T, SyntaxError>;

impl Reader<'_> {
    /// `name = value` or a block, with the end of its line.
    fn item(&mut self, body: &mut Body) -> Read<()> {
        let start = self.at;
        let name = self.identifier("an attribute or a block")?;
        let name_range = start..self.at;
        self.blanks()?;
        if self.peek() == b'=' {
            self.at += 1;
            self.blanks()?;
            let value = self.expression()?;
            let key = self.literal(name_range.clone());
            body.attributes.push(Entry { key, key_span: self.span(name_range), value });
            return self.end_of_line();
        }
        let mut labels = Vec::new();
        while self.peek() != b'{' {
            let at = self.at;
            let label = match self.peek() {
                b'"' => match self.quoted()?.as_str() {
                    Some(label) => label.into(),
                    None => return Err(self.error(at..self.at, "a label must be literal")),
                },
                _ => self.identifier("`=`, a label or `{`")?,
            };
            labels.push((label, self.span(at..self.at)));
            self.blanks()?;
        }
        let inner = self.nested(|reader| reader.body())?;
        let span = self.span(start..self.at);
        body.blocks.push(Block { span, kind: name, kind_span: self.span(name_range), labels, body: inner });
        self.end_of_line()
    }

    /// What stands between braces, the first of which stands here.
    fn body(&mut self) -> Read<Body> {
        let open = self.at;
        self.at += 1;
        let mut body = Body::default();
        loop {
            self.space()?;
            if self.take(b'}') {
                return Ok(body);
            }
            if self.at >= self.bytes.len() {
                return Err(self.error(open..open + 1, "the block is not closed"));
            }
            self.item(&mut body)?;
        }
    }

    /// After an attribute or a block comes a new line, a comment, or the brace that closes the block around it.
    fn end_of_line(&mut self) -> Read<()> {
        self.blanks()?;
        let comment = self.peek() == b'#' || self.has(b"//");
        if comment || self.at >= self.bytes.len() || matches!(self.peek(), b'\n' | b'}') {
            return Ok(());
        }
        Err(self.unexpected("a new line"))
    }

    /// Reads one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(token(self.bytes, self.at), &format!("nested more than {MAX_DEPTH} deep")));
        }
        self.depth += 1;
        let multiline = std::mem::take(&mut self.multiline);
        let out = read(self)?;
        self.multiline = multiline;
        self.depth -= 1;
        Ok(out)
    }

    fn identifier(&mut self, expected: &str) -> Read<Box<str>> {
        let len = identifier(&self.bytes[self.at..]);
        if len == 0 {
            return Err(self.unexpected(expected));
        }
        self.at += len;
        Ok(self.lossy(self.at - len..self.at))
    }

    /// Goes over blanks and comments, and over line breaks where they are white space.
    fn blanks(&mut self) -> Read<()> {
        if self.multiline {
            return self.space();
        }
        loop {
            let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r');
            self.at += self.bytes[self.at..].iter().take_while(blank).count();
            if !self.has(b"/*") {
                return Ok(());
            }
            self.comment()?;
        }
    }

    /// Goes over white space and comments.
    fn space(&mut self) -> Read<()> {
        loop {
            let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            self.at += self.bytes[self.at..].iter().take_while(blank).count();
            if self.peek() == b'#' || self.has(b"//") {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            } else if self.has(b"/*") {
                self.comment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn comment(&mut self) -> Read<()> {
        let Some(end) = memchr::memmem::find(&self.bytes[self.at + 2..], b"*/") else {
            self.unclosed = true;
            return Err(self.error(self.at..self.at + 2, "the comment is not closed"));
        };
        self.at += end + 4;
        Ok(())
    }

    /// The byte here; 0, which stands nowhere outside of strings, at the end.
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn has(&self, text: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(text)
    }

    fn take(&mut self, byte: u8) -> bool {
        let here = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(here);
        here
    }

    fn expect(&mut self, byte: u8, expected: &str) -> Read<()> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// A string that stands as it is.
    fn literal(&self, range: Range<usize>) -> Template {
        let text = self.text.slice(range);
        Template { parts: if text.bytes.is_empty() { Vec::new() } else { vec![Part::Text(text)] } }
    }

    fn lossy(&self, range: Range<usize>) -> Box<str> {
        String::from_utf8_lossy(&self.bytes[range]).into()
    }

    fn node(&self, start: usize, kind: Kind) -> Node {
        Node { span: self.span(start..self.at), tag: None, kind }
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

/// Bytes of the identifier that `text` begins with; they may hold dashes, and letters of any language.
fn identifier(text: &[u8]) -> usize {
    match text.first() {
        Some(first) if continues_identifier(*first) && !first.is_ascii_digit() && *first != b'-' => {
            text.iter().take_while(|byte| continues_identifier(**byte)).count()
        }
        _ => 0,
    }
}

fn continues_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | 0x80..)
}
