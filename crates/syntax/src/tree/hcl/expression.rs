//! Expressions of HCL. What they are is kept as far as a value can be read off; of the rest only where they end.
//! Not here: strings with `${…}` (`template.rs`).

use super::{Read, Reader, identifier};
use crate::tree::{Entry, Expression, Kind, Node, Part, Template};

impl Reader<'_> {
    /// An expression, to the end of its line where line breaks are none of its white space.
    pub(super) fn expression(&mut self) -> Read<Node> {
        let multiline = self.multiline;
        self.nested(|reader| {
            reader.multiline = multiline;
            reader.conditional()
        })
    }

    /// An expression in which line breaks are white space, with the white space around it.
    pub(super) fn inner(&mut self) -> Read<Node> {
        self.nested(|reader| {
            reader.multiline = true;
            reader.space()?;
            let node = reader.conditional()?;
            reader.space()?;
            Ok(node)
        })
    }

    /// Operands between operators, then perhaps `? first : second`.
    fn conditional(&mut self) -> Read<Node> {
        let start = self.at;
        let mut node = self.operand()?;
        loop {
            let end = self.at;
            self.blanks()?;
            if let Some(len) = self.operator() {
                self.at += len;
                self.blanks()?;
                self.operand()?;
                node = self.node(start, Kind::Expression(Expression::Other));
            } else if self.take(b'?') {
                self.blanks()?;
                let first = Box::new(self.expression()?);
                self.blanks()?;
                self.expect(b':', "`:` and the other value")?;
                self.blanks()?;
                let second = Box::new(self.expression()?);
                return Ok(self.node(start, Kind::Expression(Expression::Conditional(first, second))));
            } else {
                self.at = end;
                return Ok(node);
            }
        }
    }

    /// Bytes of the operator between two operands that stands here.
    fn operator(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        let long: [&[u8]; 6] = [b"==", b"!=", b"<=", b">=", b"&&", b"||"];
        if long.iter().any(|operator| rest.starts_with(operator)) {
            return Some(2);
        }
        let comment = rest.starts_with(b"//");
        rest.first().filter(|byte| b"<>+-*/%".contains(byte) && !comment).map(|_| 1)
    }

    /// A value with the signs before it and the accesses behind it.
    fn operand(&mut self) -> Read<Node> {
        let start = self.at;
        while matches!(self.peek(), b'-' | b'!') {
            self.at += 1;
            self.blanks()?;
        }
        let signs = start..self.at;
        let value = self.value()?;
        let value = self.accesses(value, signs.end)?;
        if signs.is_empty() {
            return Ok(value);
        }
        let kind = match value.kind {
            Kind::Number(digits) if self.bytes[signs] == *b"-" => Kind::Number(format!("-{digits}").into()),
            _ => Kind::Expression(Expression::Other),
        };
        Ok(self.node(start, kind))
    }

    fn value(&mut self) -> Read<Node> {
        let start = self.at;
        match self.peek() {
            b'"' => self.string(),
            b'<' if self.has(b"<<") => self.heredoc(),
            b'[' | b'{' => {
                let multiline = self.multiline;
                let node = if self.peek() == b'[' { self.list(start) } else { self.map(start) };
                self.multiline = multiline;
                node
            }
            b'(' => {
                self.at += 1;
                let node = self.inner()?;
                self.expect(b')', "`)`")?;
                Ok(self.node(start, node.kind))
            }
            b'0'..=b'9' => {
                self.at += number(&self.bytes[start..]);
                Ok(self.node(start, Kind::Number(self.lossy(start..self.at))))
            }
            _ => self.named(start),
        }
    }

    /// A word, a call, or the first name of a reference.
    fn named(&mut self, start: usize) -> Read<Node> {
        self.identifier("a value")?;
        while self.has(b"::") {
            self.at += 2;
            self.identifier("the name of a function")?;
        }
        let end = self.at;
        let name = self.lossy(start..end);
        self.blanks()?;
        if self.peek() == b'(' {
            let arguments = self.arguments()?;
            return Ok(self.node(start, Kind::Expression(Expression::Call { name, arguments })));
        }
        self.at = end;
        let kind = match &*name {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            _ => Kind::Expression(Expression::Reference(name)),
        };
        Ok(self.node(start, kind))
    }

    fn arguments(&mut self) -> Read<Vec<Node>> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            self.space()?;
            if self.take(b')') {
                return Ok(out);
            }
            out.push(self.inner()?);
            if self.has(b"...") {
                self.at += 3;
                self.space()?;
            }
            if !self.take(b',') {
                self.expect(b')', "a comma or `)`")?;
                return Ok(out);
            }
        }
    }

    /// `.name`, `[index]`, `.*` …: a reference goes on, anything else becomes something unknown.
    fn accesses(&mut self, node: Node, start: usize) -> Read<Node> {
        let first = self.at;
        let mut reference = match &node.kind {
            Kind::Expression(Expression::Reference(written)) => Some(String::from(&**written)),
            _ => None,
        };
        loop {
            let end = self.at;
            self.blanks()?;
            let known = match self.peek() {
                b'.' if !self.has(b"...") => {
                    self.at += 1;
                    self.blanks()?;
                    let name = identifier(&self.bytes[self.at..]);
                    let digits = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                    match name + digits {
                        0 => self.expect(b'*', "the name of an attribute")?,
                        len => self.at += len,
                    }
                    name + digits > 0
                }
                b'[' => {
                    self.at += 1;
                    self.space()?;
                    let splat = self.take(b'*');
                    if splat {
                        self.space()?;
                    } else {
                        self.inner()?;
                    }
                    self.expect(b']', "`]`")?;
                    !splat
                }
                _ => {
                    self.at = end;
                    break;
                }
            };
            match &mut reference {
                Some(written) if known => written.push_str(&self.without_space(end..self.at)),
                _ => reference = None,
            }
        }
        if self.at == first {
            return Ok(node);
        }
        let kind = reference.map_or(Expression::Other, |written| Expression::Reference(written.into()));
        Ok(self.node(start, Kind::Expression(kind)))
    }

    /// The text without white space outside of quotes.
    fn without_space(&self, range: std::ops::Range<usize>) -> String {
        let mut quoted = false;
        let mut keep = |byte: &u8| {
            quoted ^= *byte == b'"';
            quoted || !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
        };
        let kept: Vec<u8> = self.bytes[range].iter().copied().filter(|byte| keep(byte)).collect();
        String::from_utf8_lossy(&kept).into()
    }

    fn list(&mut self, start: usize) -> Read<Node> {
        self.at += 1;
        self.multiline = true;
        let mut out = Vec::new();
        loop {
            self.space()?;
            if out.is_empty() && self.is_for() {
                return self.for_expression(start, b']');
            }
            if self.take(b']') {
                return Ok(self.node(start, Kind::List(out)));
            }
            out.push(self.expression()?);
            self.space()?;
            if !self.take(b',') {
                self.expect(b']', "a comma or `]`")?;
                return Ok(self.node(start, Kind::List(out)));
            }
        }
    }

    fn map(&mut self, start: usize) -> Read<Node> {
        self.at += 1;
        self.multiline = false;
        let mut out = Vec::new();
        loop {
            self.space()?;
            if out.is_empty() && self.is_for() {
                return self.for_expression(start, b'}');
            }
            if self.take(b'}') {
                return Ok(self.node(start, Kind::Map(out)));
            }
            let (key, key_span) = self.key()?;
            self.blanks()?;
            if !self.take(b'=') {
                self.expect(b':', "`=` or `:` after the key")?;
            }
            self.blanks()?;
            let value = self.expression()?;
            out.push(Entry { key, key_span, value });
            self.blanks()?;
            let comment = self.peek() == b'#' || self.has(b"//");
            if !self.take(b',') && !comment && !matches!(self.peek(), b'\n' | b'}') {
                return Err(self.unexpected("a comma, a new line or `}`"));
            }
        }
    }

    /// A key of a map: a name, a string, or an expression.
    fn key(&mut self) -> Read<(Template, keylint_diagnostics::Span)> {
        let start = self.at;
        let name = identifier(&self.bytes[start..]);
        if name > 0 {
            self.at += name;
            self.blanks()?;
            if matches!(self.peek(), b'=' | b':') && !self.has(b"==") && !self.has(b"::") {
                return Ok((self.literal(start..start + name), self.span(start..start + name)));
            }
            self.at = start;
        }
        let node = self.expression()?;
        let span = node.span;
        let key = match node.kind {
            Kind::String(template) => template,
            Kind::Number(_) => self.literal(start..self.at),
            _ => Template { parts: vec![Part::Unknown(Box::new(node))] },
        };
        Ok((key, span))
    }

    /// Whether `for` stands here and begins no longer word and no key.
    fn is_for(&self) -> bool {
        let after = self.bytes.get(self.at + 3).copied().unwrap_or(0);
        self.has(b"for") && matches!(after, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'#') && {
            let rest = self.bytes[self.at + 3..].trim_ascii_start();
            !matches!(rest.first(), Some(b'=' | b':'))
        }
    }

    /// `for key, value in list : key => value... if condition`, and the bracket that closes it.
    fn for_expression(&mut self, start: usize, close: u8) -> Read<Node> {
        self.at += 3;
        self.for_intro()?;
        self.expect(b':', "`:`")?;
        self.inner()?;
        if self.has(b"=>") {
            self.at += 2;
            self.inner()?;
        }
        if self.has(b"...") {
            self.at += 3;
            self.space()?;
        }
        if self.has(b"if") {
            self.word(b"if", "`if`")?;
            self.inner()?;
        }
        self.expect(close, if close == b']' { "`]`" } else { "`}`" })?;
        Ok(self.node(start, Kind::Expression(Expression::Other)))
    }

    /// `key, value in list`.
    pub(super) fn for_intro(&mut self) -> Read<()> {
        self.space()?;
        self.identifier("a name")?;
        self.space()?;
        if self.take(b',') {
            self.space()?;
            self.identifier("a name")?;
            self.space()?;
        }
        self.word(b"in", "`in`")?;
        self.inner()?;
        Ok(())
    }

    fn word(&mut self, word: &[u8], expected: &str) -> Read<()> {
        let len = identifier(&self.bytes[self.at..]);
        if self.bytes[self.at..self.at + len] != *word {
            return Err(self.unexpected(expected));
        }
        self.at += len;
        Ok(())
    }
}

/// Bytes of the number that `text` begins with.
fn number(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if text.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        if text.len() > end + 1 + sign && digits(end + 1 + sign) > 0 {
            end += 1 + sign + digits(end + 1 + sign);
        }
    }
    end
}
