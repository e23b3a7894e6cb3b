//! The right side of a binding: which reader it needs, and what came out.
//! Not the operators before it, nor how plain words, expressions and blocks are read in detail.

use std::ops::Range;

use crate::binding::{MAX_VALUE, Operator, Quoting, Value, ValueKind};
use crate::context::{Context, closes_enclosing};
use crate::literal::{Literal, decoded, literal_at};
use crate::name::Name;
use crate::numbers::bytes_at;
use crate::quote::Quote;
use crate::source::{Source, is_space, one_of};
use crate::{FileKind, Text, block, classify, expression, join, plain, template};

/// A value and how it is tied to its name.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) operator: Operator,
    pub(crate) value: Value,
    pub(crate) quoting: Quoting,
    /// After the closing quote, or the last byte.
    pub(crate) end: usize,
}

/// Where a value is read for.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) name: &'a Name,
    pub(crate) context: Context,
}

/// How far a value may stand from its operator: a line break and an indent.
const FAR: usize = 200;

/// Reads the value that begins at or after `at`.
pub(crate) fn read(source: Source<'_>, at: usize, operator: Operator, site: Site<'_>) -> Option<Found> {
    let mut at = source.skip_blank(at, FAR);
    if source.kind == FileKind::Yaml && operator == Operator::Colon && site.context.string.is_none() {
        match block::yaml(source, at, site.name) {
            block::Yaml::Here(from) => at = from,
            block::Yaml::Found(found) => return Some(found),
            block::Yaml::Nothing => return None,
        }
    }
    at = next_line(source, at, site)?;
    // Emphasis of Markdown around the value: `**password:** v`.
    if !source.kind.is_code() {
        let stars = source.rest(at, 3).iter().take_while(|&&byte| byte == b'*').count();
        if stars > 0 && (source.kind != FileKind::Yaml || stars > 1) {
            at = source.skip_blank(at + stars, 8);
        }
    }
    if let Some(found) = quoted(source, at, operator, site) {
        return found;
    }
    if source.has(at, b"<<")
        && let Some(found) = block::heredoc(source, at, operator)
    {
        return Some(found);
    }
    if matches!(source.byte(at), b'[' | b'(' | b'{') {
        if let Some(literal) = first_element(source, at) {
            return Some(of_literal(source, &literal, operator, site));
        }
        if let Some((span, text)) = bytes_at(source, at) {
            return Some(of_bytes(span, text, operator));
        }
        let typed = source.has(at, b"[]") && source.kind.is_code();
        if source.byte(at) != b'(' && !source.has(at, b"{{") && !typed {
            return None;
        }
    }
    let expects_code =
        source.kind.is_code() && !site.context.comment && !in_string(source, at, site) && !exports(source, at, site);
    if expects_code && operator != Operator::UrlQuery && operator != Operator::Flag {
        let right = expression::read(source, at)?;
        return Some(of_right(source, right, operator, site));
    }
    if let Some(found) = cmdlet(source, at, operator, site) {
        return Some(found);
    }
    let (span, kind) = plain::read(source, at, operator, site)?;
    // What is compared without quotes is another name, in any language.
    let kind = if operator == Operator::Compare && kind == ValueKind::Literal { ValueKind::Reference } else { kind };
    Some(of_plain(source, span, kind, operator))
}

/// Whether a line of a shell stands in a configuration, as in the text of a machine's first start: `export NAME=v`.
fn exports(source: Source<'_>, at: usize, site: Site<'_>) -> bool {
    let name = &site.name.outer;
    let (start, known) = source.line_start(name.start, 80);
    let lead = source.slice(start..name.start).trim_ascii();
    source.kind == FileKind::Hcl && known && lead == b"export" && at == name.end + 1
}

/// A command of PowerShell: `ConvertTo-SecureString "v" -AsPlainText` comes down to its text, others are calls.
fn cmdlet(source: Source<'_>, at: usize, operator: Operator, site: Site<'_>) -> Option<Found> {
    let end = at + source.rest(at, 40).iter().take_while(|&&byte| byte.is_ascii_alphabetic() || byte == b'-').count();
    let word = source.slice(at..end);
    if one_of(word, &[b"ConvertTo-SecureString"]) {
        let mut next = source.skip_blank(end, 8);
        if source.has_word(next, b"-String") {
            next = source.skip_blank(next + 7, 8);
        }
        let literal = literal_at(source, next, next + MAX_VALUE)?;
        return Some(of_literal(source, &literal, operator, site));
    }
    let verb = [&b"Get-"[..], b"Read-", b"New-", b"ConvertTo-", b"ConvertFrom-", b"Invoke-", b"Import-", b"Join-"];
    let called = source.kind == FileKind::PowerShell && verb.iter().any(|verb| word.starts_with(verb));
    called.then(|| bare(at..end, ValueKind::Call, operator))
}

/// Steps over a line break where the value may stand on the next line: a string after an operator, a continued line.
fn next_line(source: Source<'_>, at: usize, site: Site<'_>) -> Option<usize> {
    let at = if source.byte(at) == b'\\' && is_space(source.byte(at + 1)) { at + 1 } else { at };
    if !is_space(source.byte(at)) {
        return (at < source.text.len()).then_some(at);
    }
    let next = source.skip_space(at, FAR);
    let may =
        source.kind.is_code() || site.name.quote.is_some() || matches!(source.kind, FileKind::Sql | FileKind::Json);
    let opens = Quote::opening(source, next).is_some() || matches!(source.byte(next), b'(' | b'[');
    (may && opens && !site.context.comment).then_some(next)
}

/// Whether the quote at `at` closes the string that the name stands in, rather than opening a value.
pub(crate) fn quote_ends_string(source: Source<'_>, at: usize, site: Site<'_>) -> bool {
    site.name.quote.is_none() && closes_enclosing(source, at, &site.context)
}

/// A value in quotes at `at`: `None` where no quote opens, `Some(None)` where one stands that opens no value.
#[allow(clippy::option_option)]
fn quoted(source: Source<'_>, at: usize, operator: Operator, site: Site<'_>) -> Option<Option<Found>> {
    if Quote::opening(source, at).is_some() && quote_ends_string(source, at, site) {
        return Some(None);
    }
    if let Some(literal) = literal_at(source, at, at + MAX_VALUE) {
        return Some(Some(of_literal(source, &literal, operator, site)));
    }
    let quote = Quote::opening(source, at)?;
    // Never closed: the file is broken or cut. What stands on the line is still worth a look.
    let (span, kind) = plain::word(source, at + quote.len)?;
    Some(Some(of_plain(source, span, kind, operator)))
}

/// The first string in brackets: `["v", …]`, `("v"`.
fn first_element(source: Source<'_>, at: usize) -> Option<Literal> {
    if source.byte(at) == b'{' {
        return None;
    }
    let inside = source.skip_space(at + 1, FAR);
    Quote::opening(source, inside)?;
    literal_at(source, inside, inside + MAX_VALUE)
}

/// Whether an unquoted value stands in a string, so that its words are no names.
fn in_string(source: Source<'_>, at: usize, site: Site<'_>) -> bool {
    if site.context.string.is_some() {
        return true;
    }
    if !site.context.cut {
        return false;
    }
    // The begin of the line is not known: a string ends after the value, or a query goes on.
    let end = plain::word(source, at).map_or(at, |(span, _)| span.end);
    matches!(source.byte(end), b'"' | b'\'' | b'`' | b'&' | b'\\')
}

/// What a literal gives, joined with those that follow it.
pub(crate) fn of_literal(source: Source<'_>, literal: &Literal, operator: Operator, site: Site<'_>) -> Found {
    let joined = join::follow(source, literal);
    let text = if joined.pieces > 1 { Some(joined.text_of(source, literal)) } else { decoded(source, literal) };
    let mut span = joined.span.clone();
    let bytes = text.as_ref().map_or(source.slice(span.clone()), |text| &text.bytes);
    let mut kind = template::quoted_kind(source, literal, bytes);
    if joined.open && kind == ValueKind::Literal {
        kind = ValueKind::Template;
    }
    let mut operator = operator;
    if kind == ValueKind::Literal {
        if text.is_none()
            && let Some(scheme) = template::scheme(source.slice(span.clone()), site.name.span.clone(), source)
        {
            span.start += scheme;
            operator = Operator::Scheme;
        }
    } else if kind == ValueKind::Template
        && text.is_none()
        && let Some(default) = template::default_of(source, span.clone())
    {
        (span, kind) = (default, ValueKind::Literal);
    }
    if kind == ValueKind::Literal && classify::is_template_only(source.slice(span.clone())) {
        kind = ValueKind::Template;
    }
    let value = Value { span: keylint_diagnostics::Span::new(span), joined: text, kind };
    Found { operator, value, quoting: literal.quote.quoting(), end: joined.end }
}

/// What the right side of an assignment in program source gives.
pub(crate) fn of_right(source: Source<'_>, right: expression::Right, operator: Operator, site: Site<'_>) -> Found {
    match right {
        expression::Right::Literal(literal) => of_literal(source, &literal, operator, site),
        expression::Right::Bytes(span, text) => of_bytes(span, text, operator),
        expression::Right::Other(span, kind) => bare(span, kind, operator),
    }
}

fn of_bytes(span: Range<usize>, text: Text, operator: Operator) -> Found {
    let mut found = bare(span, ValueKind::Bytes, operator);
    found.value.joined = Some(text);
    found
}

/// What an unquoted value gives.
pub(crate) fn of_plain(source: Source<'_>, span: Range<usize>, kind: ValueKind, operator: Operator) -> Found {
    let (mut span, mut kind) = (span, kind);
    if kind == ValueKind::Template
        && let Some(default) = template::default_of(source, span.clone())
    {
        (span, kind) = (default, ValueKind::Literal);
    }
    bare(span, kind, operator)
}

/// A value of these bytes, without quotes.
pub(crate) fn bare(span: Range<usize>, kind: ValueKind, operator: Operator) -> Found {
    let end = span.end;
    let value = Value { span: keylint_diagnostics::Span::new(span), joined: None, kind };
    Found { operator, value, quoting: Quoting::None, end }
}
