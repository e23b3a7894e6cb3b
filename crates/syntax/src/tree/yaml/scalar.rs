//! Scalars of YAML: which stored byte each byte of a value comes from, and what a plain one means.
//! Not here: the grammar; the value is known, and the text is walked along it.

use std::ops::Range;

use granit_parser::ScalarStyle;

use crate::Text;
use crate::tree::Kind;

/// The value with the way back to `bytes`, and the range that it stands in, quotes included. `range` is the parser's: of
/// a block scalar it begins with the content, and it may end later.
pub(super) fn written(bytes: &[u8], range: Range<usize>, style: ScalarStyle, value: &str) -> (Text, Range<usize>) {
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    if range.is_empty() && !block {
        return (Text::default(), range);
    }
    let inner = if quoted && range.len() >= 2 {
        range.start + 1..range.end - 1
    } else if block {
        content_start(bytes, range.start)..bytes.len()
    } else {
        range.clone()
    };
    let mut walk = Walk { bytes, at: inner.start, end: inner.end, style, value, out: Text::default() };
    walk.run();
    let mut text = walk.out;
    if text.bytes != value.as_bytes() {
        text = Text::default();
        value.bytes().for_each(|byte| text.unit(&[byte], range.start, 0));
    }
    let range = match text.map.span(0..text.bytes.len()) {
        span if block && !text.bytes.is_empty() => span.range(),
        _ => range,
    };
    (text, range)
}

/// Where the line after the header (`|`, `>-` …) begins. `at` lies in it or behind white space after it.
fn content_start(bytes: &[u8], at: usize) -> usize {
    let header = bytes[..at].iter().rposition(|byte| !is_white(*byte)).map_or(0, |last| last + 1);
    memchr::memchr(b'\n', &bytes[header..at]).map_or(at, |found| header + found + 1)
}

/// Goes along the value and the stored text at once. All that is no white space stands in both in the same order; white
/// space changes by the rules of folding and indentation.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    style: ScalarStyle,
    value: &'a str,
    out: Text,
}

impl<'a> Walk<'a> {
    fn run(&mut self) {
        let mut first = true;
        while self.out.bytes.len() < self.value.len() {
            let before = (self.at, self.out.bytes.len());
            self.gap(first);
            self.visible();
            first = false;
            if before == (self.at, self.out.bytes.len()) {
                // The text says something else than the parser. The rest stands at one place.
                let rest = self.rest();
                rest.iter().for_each(|&byte| self.out.unit(&[byte], self.at, 0));
            }
        }
    }

    /// What is left of the value.
    fn rest(&self) -> &'a [u8] {
        &self.value.as_bytes()[self.out.bytes.len().min(self.value.len())..]
    }

    /// The stored text that is left.
    fn stored(&self) -> &'a [u8] {
        &self.bytes[self.at.min(self.end)..self.end]
    }

    /// Goes over white space.
    fn gap(&mut self, first: bool) {
        let mut gap = self.at..self.at + white(self.stored());
        if gap.is_empty() {
            return;
        }
        let block = matches!(self.style, ScalarStyle::Literal | ScalarStyle::Folded);
        let breaks = breaks(self.bytes, gap.clone());
        let len = match breaks.len() {
            _ if block => white(self.rest()),
            0 => gap.len(),
            1 => 1,
            folded => folded - 1,
        };
        let value = &self.rest()[..len.min(self.rest().len())];
        if block && value.len() == self.rest().len() {
            // Behind the last line other things stand: no more lines than the value has.
            let lines = value.iter().filter(|&&byte| byte == b'\n').count();
            gap.end = match lines.checked_sub(1) {
                None if !first => gap.end.min(gap.start + value.len()),
                last => last.and_then(|last| breaks.get(last)).map_or(gap.end, |last| last.end),
            };
        }
        if *value == self.bytes[gap.clone()] {
            self.copy(value, gap.start);
        } else if value == b" " && !first && gap.len() < 256 {
            self.out.unit(value, gap.start, gap.len());
        } else {
            self.lines(value, gap.clone(), &breaks);
        }
        self.at = gap.end;
    }

    /// White space with line breaks: blanks at its begin and its end stand there in the text too, breaks in their order.
    fn lines(&mut self, value: &[u8], gap: Range<usize>, breaks: &[Range<usize>]) {
        let head = if value.contains(&b'\n') { blanks(value.iter()) } else { 0 };
        let head = head.min(blanks(self.bytes[gap.clone()].iter()));
        let tail = blanks(value[head..].iter().rev());
        let tail = tail.min(blanks(self.bytes[gap.clone()].iter().rev()));
        let middle = value.len() - tail;
        self.copy(&value[..head], gap.start);
        let start = gap.start + head;
        let mut at = start;
        let mut breaks = breaks.iter().skip_while(|line| line.start < start).peekable();
        // Where the blanks end that stand at `index`.
        let mut filled = head;
        for (index, &byte) in value.iter().enumerate().take(middle).skip(head) {
            if filled <= index {
                filled = index + blanks(value[index..].iter());
            }
            let next = breaks.next_if(|line| byte == b'\n' && line.end <= gap.end - tail);
            // Blanks of a line without more than the indentation needs stand before its break.
            let before = |line: &&Range<usize>| line.start.checked_sub(filled - index);
            match (next, breaks.peek().and_then(before).filter(|place| *place >= at)) {
                (Some(line), _) => {
                    self.out.unit(b"\n", line.start, line.len());
                    at = line.end;
                }
                (None, Some(place)) if byte != b'\n' => self.out.unit(&[byte], place, 1),
                _ => self.out.unit(&[byte], at, 0),
            }
        }
        self.copy(&value[middle..], gap.end - tail);
    }

    /// Goes over what is no white space, and over escapes.
    fn visible(&mut self) {
        loop {
            let (stored, rest) = (self.stored(), self.rest());
            let special = |byte: u8| match self.style {
                ScalarStyle::SingleQuoted => byte == b'\'',
                ScalarStyle::DoubleQuoted => byte == b'\\',
                _ => false,
            };
            let plain = |(one, other): &(&u8, &u8)| one == other && !is_white(**one) && !special(**one);
            let len = stored.iter().zip(rest).take_while(plain).count();
            if len > 0 {
                self.copy(&rest[..len], self.at);
                self.at += len;
            } else if !rest.is_empty() && stored.first().is_some_and(|&byte| special(byte)) {
                self.escape();
            } else {
                return;
            }
        }
    }

    /// Goes over an escape. What it stands for is known, only its length matters.
    fn escape(&mut self) {
        let next = self.stored().get(1).copied();
        if self.style == ScalarStyle::DoubleQuoted && matches!(next, Some(b'\n' | b'\r')) {
            // The line goes on in the next one that is not empty; the empty ones are line breaks.
            let gap = self.at + 1..self.at + 1 + white(&self.stored()[1..]);
            let breaks = breaks(self.bytes, gap.clone());
            breaks.iter().skip(1).for_each(|line| self.out.unit(b"\n", line.start, line.len()));
            self.at = gap.end;
            return;
        }
        let rest = self.value.get(self.out.bytes.len()..).unwrap_or_default();
        let character = rest.chars().next().unwrap_or_default();
        let len = match next {
            _ if self.style == ScalarStyle::SingleQuoted => 2,
            Some(b'x') => 4,
            // Two units of UTF-16, as JSON writes them.
            Some(b'u') if character > '\u{ffff}' => 12,
            Some(b'u') => 6,
            Some(b'U') => 10,
            _ => 2,
        };
        let len = len.min(self.stored().len());
        self.out.character(character, self.at, len);
        self.at += len;
    }

    fn copy(&mut self, value: &[u8], at: usize) {
        self.out.copy(value, at);
    }
}

/// The line breaks in `range`.
fn breaks(bytes: &[u8], range: Range<usize>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for at in range {
        match (bytes[at], out.last_mut()) {
            (b'\n', Some(last)) if last.end == at && bytes[last.start] == b'\r' && last.len() == 1 => last.end += 1,
            (b'\n' | b'\r', _) => out.push(at..at + 1),
            _ => {}
        }
    }
    out
}

fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// How much white space `text` begins with.
fn white(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_white(byte)).count()
}

/// How many blanks come first.
fn blanks<'a>(bytes: impl Iterator<Item = &'a u8>) -> usize {
    bytes.take_while(|&&byte| byte == b' ' || byte == b'\t').count()
}

/// What a plain scalar means when it is no string, by YAML 1.1 without dates and sexagesimal numbers.
pub(super) fn typed(value: &str) -> Option<Kind> {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => Some(Kind::Null),
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(Kind::Bool(true)),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(Kind::Bool(false)),
        _ if is_number(value.as_bytes()) => Some(Kind::Number(value.into())),
        _ => None,
    }
}

/// Whether YAML 1.1 reads a number, or JSON does. An account id such as `012345678901` is none, since it is not octal.
fn is_number(value: &[u8]) -> bool {
    let unsigned = match value {
        [b'-' | b'+', rest @ ..] => rest,
        rest => rest,
    };
    let all = |digits: &[u8], allowed: fn(&u8) -> bool| {
        !digits.is_empty() && digits.iter().all(|byte| allowed(byte) || *byte == b'_')
    };
    match unsigned {
        [b'0', b'b', digits @ ..] => all(digits, |byte| matches!(byte, b'0' | b'1')),
        [b'0', b'x', digits @ ..] => all(digits, u8::is_ascii_hexdigit),
        b".inf" | b".Inf" | b".INF" => true,
        b".nan" | b".NaN" | b".NAN" => value == unsigned,
        [b'0', digits @ ..] if all(digits, u8::is_ascii_digit) => {
            digits.iter().all(|byte| !matches!(byte, b'8' | b'9'))
        }
        [b'0'..=b'9' | b'.', ..] => is_decimal(unsigned),
        _ => false,
    }
}

/// Digits, perhaps a point, perhaps an exponent.
fn is_decimal(value: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    let whole = digits(value);
    if !value.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let mut rest = &value[whole..];
    let mut count = whole;
    if let Some(fraction) = rest.strip_prefix(b".") {
        count += digits(fraction);
        rest = &fraction[digits(fraction)..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
        return count > 0 && !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit);
    }
    count > 0 && rest.is_empty()
}
