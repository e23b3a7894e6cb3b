//! Values over several lines: YAML block and folded scalars, values on the line after their key, heredocs.
//! Not the keys.

use std::ops::Range;

use keylint_diagnostics::Span;

use crate::binding::{MAX_VALUE, Operator, Quoting, Value, ValueKind};
use crate::name::Name;
use crate::source::{Source, is_blank, is_space, is_word};
use crate::value::{Found, bare};
use crate::{FileKind, Text, classify, template};

/// What stands after the colon of a YAML key.
pub(crate) enum Yaml {
    /// A value on the same line (or the next), to be read as usual.
    Here(usize),
    /// A value that was read.
    Found(Found),
    /// No scalar.
    Nothing,
}

/// Reads tags, anchors, aliases and block scalars at `at`, after the colon of the key `name`.
pub(crate) fn yaml(source: Source<'_>, at: usize, name: &Name) -> Yaml {
    let mut at = at;
    loop {
        match source.byte(at) {
            b'!' => {
                let end = at + source.rest(at, 60).iter().take_while(|&&byte| !is_space(byte)).count();
                let tag = source.slice(at..end);
                let standard = tag.starts_with(b"!!") || tag == b"!str" || tag == b"!" || tag == b"!binary";
                let next = source.skip_blank(end, 60);
                if standard {
                    at = next;
                    continue;
                }
                if tag == b"!vault" || tag == b"!Sub" && matches!(source.byte(next), b'|' | b'>') {
                    return Yaml::Nothing;
                }
                // `!Ref X`, `!Sub "…"`, `!GetAtt a.b`, `!ENV X`: the tag makes something else of what follows.
                let end = source.line_end(next, MAX_VALUE);
                return Yaml::Found(bare(at..trim_end(source, at, end), ValueKind::Reference, Operator::Colon));
            }
            b'&' if is_word(source.byte(at + 1)) => {
                let end = at + source.rest(at, 60).iter().take_while(|&&byte| !is_space(byte)).count();
                at = source.skip_blank(end, 60);
                continue;
            }
            b'*' if is_word(source.byte(at + 1)) => {
                let end = source.line_end(at, 80);
                let end = trim_end(source, at, end);
                if source.slice(at + 1..end).iter().all(|&byte| is_word(byte) || matches!(byte, b'-' | b'.' | b'*')) {
                    if source.before(end) == b'*' {
                        return Yaml::Here(at);
                    }
                    return Yaml::Found(bare(at..end, ValueKind::Reference, Operator::Colon));
                }
                return Yaml::Here(at);
            }
            b'|' | b'>' => {
                let header =
                    source.rest(at + 1, 4).iter().take_while(|&&b| matches!(b, b'-' | b'+' | b'0'..=b'9')).count();
                let after = source.skip_blank(at + 1 + header, 60);
                if matches!(source.byte(after), b'\n' | b'\r' | b'#') {
                    return match scalar(source, after, name) {
                        Some(found) => Yaml::Found(found),
                        None => Yaml::Nothing,
                    };
                }
                return Yaml::Here(at);
            }
            b'\n' | b'\r' => return next_line(source, at, name),
            b'#' => return Yaml::Nothing,
            0 => return Yaml::Nothing,
            _ => return Yaml::Here(at),
        }
    }
}

/// The indent of the line of `at`: its blanks, with the dashes of a list counted as blanks.
fn indent(source: Source<'_>, at: usize) -> usize {
    let (start, _) = source.line_start(at, 400);
    let mut place = start;
    while place < at && (is_blank(source.byte(place)) || source.byte(place) == b'-' && is_blank(source.byte(place + 1)))
    {
        place += 1;
    }
    place - start
}

/// A plain or quoted scalar, or the first item of a list, on the line after its key.
fn next_line(source: Source<'_>, at: usize, name: &Name) -> Yaml {
    let Some(line) = source.next_line(at, 8) else { return Yaml::Nothing };
    let first = source.skip_blank(line, 200);
    let deeper = first - line > indent(source, name.outer.start);
    let item = source.byte(first) == b'-' && is_blank(source.byte(first + 1));
    if is_space(source.byte(first)) || !(deeper || item) {
        return Yaml::Nothing;
    }
    let value = if item { source.skip_blank(first + 1, 20) } else { first };
    let text = source.slice(value..source.line_end(value, MAX_VALUE));
    let quoted = matches!(text.first(), Some(b'"' | b'\''));
    // Another key is a mapping, a brace or bracket or comment no scalar.
    let mapping = memchr::memmem::find(text, b": ").is_some() && !quoted || text.trim_ascii_end().ends_with(b":");
    let key_in_quotes =
        quoted && text[1..].iter().position(|&b| b == text[0]).is_some_and(|end| text.get(end + 2) == Some(&b':'));
    if mapping
        || key_in_quotes
        || matches!(text.first(), Some(b'#' | b'{' | b'[' | b'-' | b'!' | b'&' | b'*' | b'|' | b'>') | None)
    {
        return Yaml::Nothing;
    }
    Yaml::Here(value)
}

/// The lines below a key that ends before `at`, indented deeper than the key.
fn scalar(source: Source<'_>, at: usize, name: &Name) -> Option<Found> {
    let outer = indent(source, name.outer.start);
    let mut line = source.next_line(at, 200)?;
    let limit = line + MAX_VALUE;
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut inner = None;
    while line < limit.min(source.text.len()) {
        let end = source.line_end(line, MAX_VALUE);
        let first = source.skip_blank(line, end - line);
        if first < end {
            let depth = first - line;
            if depth <= outer || inner.is_some_and(|inner| depth < inner) {
                break;
            }
            let inner = *inner.get_or_insert(depth);
            lines.push(line + inner..trim_end(source, line, end));
        }
        match source.next_line(end, 4) {
            Some(next) => line = next,
            None => break,
        }
    }
    lines_found(source, &lines, Operator::Colon, Quoting::Block)
}

/// `<<EOF`, `<<-EOF`, `<<~'EOF'`, PHP's `<<<EOF`.
pub(crate) fn heredoc(source: Source<'_>, at: usize, operator: Operator) -> Option<Found> {
    if !matches!(
        source.kind,
        FileKind::Hcl
            | FileKind::Shell
            | FileKind::Code(_)
            | FileKind::Dockerfile
            | FileKind::Yaml
            | FileKind::Unknown
            | FileKind::Markdown
    ) {
        return None;
    }
    let mut tag = at + source.rest(at, 3).iter().take_while(|&&byte| byte == b'<').count();
    tag += source.rest(tag, 2).iter().take_while(|&&byte| matches!(byte, b'-' | b'~' | b'"' | b'\'')).count();
    let end = source.skip_word(tag, 40);
    let word = source.slice(tag..end);
    if word.is_empty() || word[0].is_ascii_digit() {
        return None;
    }
    let mut line = source.next_line(end, 200)?;
    let limit = line + MAX_VALUE;
    let mut lines = Vec::new();
    while line < limit.min(source.text.len()) {
        let end = source.line_end(line, MAX_VALUE);
        let text = source.slice(line..end);
        if text.trim_ascii().strip_prefix(word).is_some_and(|rest| rest.first().is_none_or(|&byte| !is_word(byte))) {
            return lines_found(source, &lines, operator, Quoting::Heredoc);
        }
        let first = source.skip_blank(line, end - line);
        if first < end {
            lines.push(first..trim_end(source, line, end));
        }
        line = source.next_line(end, 4)?;
    }
    None
}

/// Lines as one value: of one line its bytes, of more the lines joined by line breaks.
fn lines_found(source: Source<'_>, lines: &[Range<usize>], operator: Operator, quoting: Quoting) -> Option<Found> {
    let (first, last) = (lines.first()?, lines.last()?);
    let span = first.start..last.end;
    let joined = (lines.len() > 1).then(|| {
        let mut text = Text::default();
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                text.unit(b"\n", lines[index - 1].end, 1);
            }
            text.copy(source.slice(line.clone()), line.start);
        }
        text
    });
    let bytes = source.slice(span.clone());
    let kind = if template::has_placeholder(bytes) {
        ValueKind::Template
    } else if lines.len() == 1 && matches!(classify::kind_of(bytes), ValueKind::Reference | ValueKind::Template) {
        classify::kind_of(bytes)
    } else {
        ValueKind::Literal
    };
    let end = span.end;
    Some(Found { operator, value: Value { span: Span::new(span), joined, kind }, quoting, end })
}

fn trim_end(source: Source<'_>, start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start && is_space(source.before(end)) {
        end -= 1;
    }
    end
}
