//! Strings and heredocs of HCL: literal parts with escapes and indentation undone, `${…}` and `%{…}` between them.
//! Not here: what stands in `${…}`.

use super::{Read, Reader};
use crate::Text;
use crate::decode::hex_number;
use crate::tree::token::character;
use crate::tree::{Expression, Kind, Node, Part, Template};

/// How a template is written.
#[derive(Clone, Copy)]
enum Form {
    /// In quotes, on one line, with escapes.
    Quoted,
    /// On lines of which so many blanks are indentation.
    Heredoc(usize),
}

/// The parts so far.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    /// What follows them, in offsets of the text that is read.
    open: Text,
    /// Whether `~}` takes the white space that follows.
    trim: bool,
    line_begins: bool,
}

/// What came next in a template.
enum Step {
    More,
    Directive,
    End,
}

impl Reader<'_> {
    /// A string in quotes. One that is nothing but `${expression}` is that expression.
    pub(super) fn string(&mut self) -> Read<Node> {
        let start = self.at;
        let template = self.quoted()?;
        Ok(self.node(start, kind(template)))
    }

    pub(super) fn quoted(&mut self) -> Read<Template> {
        let open = self.at;
        self.at += 1;
        let template = self.template(Form::Quoted, self.bytes.len())?;
        if !self.take(b'"') {
            return Err(self.error(open..self.at, "the string is not closed on its line"));
        }
        Ok(template)
    }

    /// All of the text as a template without quotes. One that is nothing but `${expression}` is that expression.
    pub(super) fn bare(&mut self) -> Read<Node> {
        let template = self.template(Form::Heredoc(0), self.bytes.len())?;
        Ok(self.node(0, kind(template)))
    }

    /// `<<WORD` or `<<-WORD`, lines, and the word alone on a line.
    pub(super) fn heredoc(&mut self) -> Read<Node> {
        let start = self.at;
        self.at += 2;
        let indented = self.take(b'-');
        let word_start = self.at;
        self.identifier("the word that ends the heredoc")?;
        let word = word_start..self.at;
        self.at += usize::from(self.has(b"\r\n"));
        self.expect(b'\n', "a new line")?;
        let content = self.at;
        let Some((line, end)) = self.last_line(content, &self.bytes[word.clone()]) else {
            self.unclosed = true;
            return Err(self.error(start..word.end, "the heredoc is not closed"));
        };
        let indentation = if indented { indentation(&self.bytes[content..line]) } else { 0 };
        let template = self.template(Form::Heredoc(indentation), line)?;
        if self.at != line {
            return Err(self.unexpected("the end of the heredoc"));
        }
        self.at = end;
        Ok(self.node(start, kind(template)))
    }

    /// Where the line that ends a heredoc begins, and where its word ends.
    fn last_line(&self, from: usize, word: &[u8]) -> Option<(usize, usize)> {
        let mut line = from;
        while line < self.bytes.len() {
            let end = memchr::memchr(b'\n', &self.bytes[line..]).map_or(self.bytes.len(), |len| line + len);
            let blank = self.bytes[line..end].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if self.bytes[line + blank..end].trim_ascii_end() == word {
                return Some((line, line + blank + word.len()));
            }
            line = end + 1;
        }
        None
    }

    /// The parts up to `end`, or to the quote or the line break that ends a string.
    fn template(&mut self, form: Form, end: usize) -> Read<Template> {
        let mut parts = Parts { line_begins: true, ..Parts::default() };
        loop {
            match self.step(&mut parts, form, end)? {
                Step::More => {}
                Step::Directive => {
                    let node = self.directives(&mut parts, form, end)?;
                    self.push(&mut parts, node);
                }
                Step::End => {
                    self.flush(&mut parts);
                    return Ok(Template { parts: parts.done });
                }
            }
        }
    }

    /// One stretch of literal text, or one thing that is none.
    fn step(&mut self, parts: &mut Parts, form: Form, end: usize) -> Read<Step> {
        if std::mem::take(&mut parts.trim) {
            self.at +=
                self.bytes[self.at..end.max(self.at)].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        }
        if let (Form::Heredoc(indentation), true) = (form, parts.line_begins) {
            let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
            self.at += self.bytes[self.at..end].iter().take(indentation).take_while(blank).count();
        }
        parts.line_begins = false;
        if self.at >= end {
            return Ok(Step::End);
        }
        let special = |byte: &u8| match form {
            Form::Quoted => matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n'),
            Form::Heredoc(_) => matches!(byte, b'$' | b'%' | b'\n'),
        };
        let plain = self.bytes[self.at..end].iter().position(special).unwrap_or(end - self.at);
        if plain > 0 {
            self.copy(parts, plain);
            return Ok(Step::More);
        }
        match (self.peek(), form) {
            (b'\n', Form::Heredoc(_)) => {
                self.copy(parts, 1);
                parts.line_begins = true;
            }
            (b'"' | b'\n', _) => return Ok(Step::End),
            (b'\\', _) => self.escape(parts)?,
            _ if self.has(b"$${") || self.has(b"%%{") => {
                parts.open.unit(&[self.peek(), b'{'], self.at, 3);
                self.at += 3;
            }
            _ if self.has(b"${") => {
                let node = self.interpolation(parts)?;
                self.push(parts, node);
            }
            _ if self.has(b"%{") => return Ok(Step::Directive),
            _ => self.copy(parts, 1),
        }
        Ok(Step::More)
    }

    /// Takes `len` bytes as they are.
    fn copy(&mut self, parts: &mut Parts, len: usize) {
        parts.open.copy(&self.bytes[self.at..self.at + len], self.at);
        self.at += len;
    }

    fn escape(&mut self, parts: &mut Parts) -> Read<()> {
        let rest = &self.bytes[self.at..];
        let number = |digits: usize| rest.get(2..2 + digits).and_then(hex_number).and_then(char::from_u32);
        let (character, len) = match rest.get(1) {
            Some(b'n') => (Some('\n'), 2),
            Some(b'r') => (Some('\r'), 2),
            Some(b't') => (Some('\t'), 2),
            Some(b'"') => (Some('"'), 2),
            Some(b'\\') => (Some('\\'), 2),
            Some(b'u') => (number(4), 6),
            Some(b'U') => (number(8), 10),
            Some(_) => (None, 1 + character(&rest[1..])),
            None => (None, 1),
        };
        let Some(character) = character else {
            return Err(self.error(self.at..self.at + len.min(rest.len()), "not an escape of HCL"));
        };
        parts.open.character(character, self.at, len);
        self.at += len;
        Ok(())
    }

    /// `${expression}`, perhaps with `~` that takes the white space beside it.
    fn interpolation(&mut self, parts: &mut Parts) -> Read<Node> {
        let start = self.at;
        self.begin(parts);
        let node = self.inner()?;
        self.close(parts)?;
        Ok(self.node(start, node.kind))
    }

    /// From `%{if …}` or `%{for …}` to its end: which text comes of it only a run knows.
    fn directives(&mut self, parts: &mut Parts, form: Form, end: usize) -> Read<Node> {
        let start = self.at;
        let mut open = 0;
        loop {
            let here = self.at;
            // Nothing of it is kept, so that what a `~` looks back over stays short.
            let mut inside = Parts::default();
            self.begin(if open == 0 { parts } else { &mut inside });
            self.space()?;
            let name = self.identifier("a directive")?;
            match (&*name, open) {
                ("if", _) => {
                    self.inner()?;
                    open += 1;
                }
                ("for", _) => {
                    self.for_intro()?;
                    open += 1;
                }
                ("else", 1..) => self.space()?,
                ("endif" | "endfor", 1..) => {
                    self.space()?;
                    open -= 1;
                }
                _ => return Err(self.error(here..self.at, "not a directive that can stand here")),
            }
            self.close(if open == 0 { parts } else { &mut inside })?;
            if open == 0 {
                return Ok(self.node(start, Kind::Expression(Expression::Other)));
            }
            while match self.step(&mut inside, form, end)? {
                Step::More => true,
                Step::Directive => false,
                Step::End => return Err(self.error(start..start + 2, "the directive is not closed")),
            } {}
        }
    }

    /// Goes behind `${` or `%{`.
    fn begin(&mut self, parts: &mut Parts) {
        self.at += 2;
        if self.take(b'~') {
            parts.open = parts.open.slice(0..parts.open.bytes.trim_ascii_end().len());
        }
    }

    /// Goes behind `}`.
    fn close(&mut self, parts: &mut Parts) -> Read<()> {
        parts.trim = self.take(b'~');
        self.expect(b'}', "`}`")
    }

    fn push(&self, parts: &mut Parts, node: Node) {
        self.flush(parts);
        parts.done.push(Part::Unknown(Box::new(node)));
    }

    /// Ends a literal part.
    fn flush(&self, parts: &mut Parts) {
        let text = std::mem::take(&mut parts.open);
        if !text.bytes.is_empty() {
            parts.done.push(Part::Text(Text { map: self.text.map.compose(&text.map), bytes: text.bytes }));
        }
    }
}

/// A string, or the one expression that it consists of.
fn kind(mut template: Template) -> Kind {
    match template.parts.pop() {
        Some(Part::Unknown(node)) if template.parts.is_empty() => node.kind,
        last => {
            template.parts.extend(last);
            Kind::String(template)
        }
    }
}

/// How many blanks all lines begin with that are not empty.
fn indentation(lines: &[u8]) -> usize {
    let of = |line: &[u8]| line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let filled = lines.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    filled.map(of).min().unwrap_or(0)
}
