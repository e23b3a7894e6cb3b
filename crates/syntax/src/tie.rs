//! What follows a name: the operators that tie a value to it, told apart by a few bytes.
//! Not the values themselves.

use crate::binding::Operator;
use crate::literal::literal_at;
use crate::name::Name;
use crate::source::{Source, is_blank, is_quote, is_space, is_word, one_of};
use crate::value::{self, Found, Site};
use crate::{FileKind, Language, MAX_VALUE, argument, classify, key, markup, pair, table};

/// Blanks between a name and its operator: aligned columns of assignments.
pub(crate) const BLANKS: usize = 80;

/// Whether a name that this byte follows may be bound; decided before anything else is read.
pub(crate) fn may_bind(byte: u8) -> bool {
    is_space(byte)
        || is_quote(byte)
        || matches!(
            byte,
            b'=' | b':'
                | b'('
                | b'['
                | b']'
                | b'}'
                | b'?'
                | b'!'
                | b'*'
                | b'.'
                | b','
                | b'|'
                | b'\\'
                | b'%'
                | b'&'
                | b'<'
                | b'>'
                | b'-'
                | b'+'
                | b')'
                | b'/'
        )
}

/// The value of a name, wherever it stands.
pub(crate) fn value_of(source: Source<'_>, name: &Name) -> Option<Found> {
    if source.kind == FileKind::Csv
        && let Some(found) = table::csv(source, site(source, name))
    {
        return Some(found);
    }
    let found = if name.quote.is_some() { key::quoted_name(source, name) } else { bare_name(source, name) };
    found.or_else(|| left_of(source, name))
}

/// The value of a name that stands bare.
fn bare_name(source: Source<'_>, name: &Name) -> Option<Found> {
    let mut at = name.outer.end;
    let first = source.byte(at);
    if !may_bind(first) || first == 0 {
        return None;
    }
    at = skip_tail(source, at);
    let tied = source.skip_blank(at, BLANKS);
    match operator_at(source, tied) {
        Some((Operator::Compare, after)) => {
            let site = site(source, name);
            let found = value::read(source, after, Operator::Compare, site)?;
            return Some(found);
        }
        Some((operator, after)) => return assigned(source, name, operator, tied, after),
        None => {}
    }
    match source.byte(tied) {
        b'(' if tied - at <= 1 => argument::of_call(source, name, tied),
        b'>' if tied == at => markup::element(source, name.outer.start, name.span.end),
        b',' => argument::after_comma(source, name, tied),
        b'|' => table::markdown(source, tied, site(source, name)),
        b')' => table::insert(source, site(source, name)),
        b'<' if source.has(tied, b"</") => pair::beside(source, site(source, name)),
        b'%' if source.has(tied, b"%3D") || source.has(tied, b"%3d") => encoded_query(source, name, tied + 3),
        b'-' if source.has_word(tied, b"-eq") || source.has_word(tied, b"-ne") => {
            value::read(source, tied + 3, Operator::Compare, site(source, name))
        }
        b'{' if source.kind == FileKind::Code(Language::CSharp) => {
            let (operator, after) = operator_at(source, property_end(source, tied)?)?;
            value::read(source, after, operator, site(source, name))
        }
        b'\n' | b'\r' | 0 => pair::beside(source, site(source, name)),
        // After a quote or emphasis a blank ends what is named: `--password` in a text.
        _ if tied > at && (at == name.outer.end || is_word(source.before(at))) => after_blank(source, name, tied),
        b'.' => argument::method(source, name, tied),
        _ => None,
    }
}

/// What follows the accessors of a property: `ApiKey { get; set; } = "v"`.
fn property_end(source: Source<'_>, open: usize) -> Option<usize> {
    let inside = source.rest(open, 60);
    let close = memchr::memchr(b'}', inside)?;
    let accessors = memchr::memmem::find(&inside[..close], b"get;").is_some();
    accessors.then(|| source.skip_blank(open + close + 1, BLANKS))
}

pub(crate) fn site<'a>(source: Source<'_>, name: &'a Name) -> Site<'a> {
    Site { name, context: name.context(source) }
}

/// Skips what may stand between a name and its operator: an index, an optional mark, emphasis, a short path.
fn skip_tail(source: Source<'_>, at: usize) -> usize {
    let mut at = at;
    for _ in 0..3 {
        let (byte, next) = (source.byte(at), source.byte(at + 1));
        at = match byte {
            b'[' => {
                let close =
                    source.rest(at + 1, 24).iter().position(|&byte| !is_word(byte) && byte != b'"' && byte != b'\'');
                match close {
                    Some(close) if source.byte(at + 1 + close) == b']' => at + close + 2,
                    _ => return at,
                }
            }
            b']' | b'}' if !is_space(next) || matches!(source.byte(source.skip_blank(at + 1, 4)), b'=' | b':') => {
                at + 1
            }
            b'?' | b'!' if matches!(next, b':' | b' ') && source.byte(source.skip_blank(at + 1, 4)) != b'?' => {
                let after = source.byte(source.skip_blank(at + 1, 4));
                if matches!(after, b':' | b'=') { at + 1 } else { return at }
            }
            b')' if matches!(source.rest(source.skip_blank(at + 1, 4), 2), b"==" | b"!=") => at + 1,
            b'*' if next == b'*' => at + 2,
            b'*' | b'`' if matches!(next, b':' | b' ' | b'=') => at + 1,
            b'"' | b'\'' | b'`' if matches!(next, b':' | b'=') => at + 1,
            b'.' if is_word(next) => {
                let end = source.skip_word(at + 1, 32);
                let tie = source.skip_blank(end, 8);
                let properties =
                    matches!(source.kind, FileKind::Properties | FileKind::Ini | FileKind::Yaml | FileKind::Toml);
                let known = one_of(
                    source.slice(at + 1..end),
                    &[b"value", b"default", b"text", b"defaultValue", b"secret", b"key", b"token", b"content"],
                );
                if (properties || known) && matches!(source.byte(tie), b'=' | b':') { end } else { return at }
            }
            _ => return at,
        };
    }
    at
}

/// The operator at `at`, and the offset after it.
pub(crate) fn operator_at(source: Source<'_>, at: usize) -> Option<(Operator, usize)> {
    let four = source.rest(at, 4);
    let found = match four {
        [b'=', b'=', b'=', ..] | [b'!', b'=', b'=', ..] => (Operator::Compare, 3),
        [b'=', b'=', ..] | [b'!', b'=', ..] => (Operator::Compare, 2),
        [b'=', b'>', ..] => (Operator::Arrow, 2),
        [b'=', b'~', ..] => return None,
        [b'=', ..] => (Operator::Assign, 1),
        [b':', b':', b'=', ..] => (Operator::Assign, 3),
        [b':', b':', ..] => return None,
        [b':', b'=', ..] => (Operator::Assign, 2),
        [b':', b'@', next, ..] if is_quote(*next) => (Operator::Colon, 1),
        [b':', ..] => (Operator::Colon, 1),
        [b'?', b'?', b'=', ..] | [b'|', b'|', b'=', ..] => (Operator::Assign, 3),
        [b'+' | b'?' | b'.' | b'|' | b'%', b'=', next, ..] if *next != b'=' => (Operator::Assign, 2),
        [b'<', b'-', b' ', ..] => (Operator::Assign, 2),
        [b'<', b'>', b' ', ..] => (Operator::Compare, 2),
        [b'-', b'>', next, ..] if is_blank(*next) || is_quote(*next) => (Operator::Arrow, 2),
        [b'\\', b'=' | b':', ..] => (Operator::Assign, 2),
        _ => return None,
    };
    Some((found.0, at + found.1))
}

/// `name = v`, `name: v` and their like, the operator at `tied..after`.
fn assigned(source: Source<'_>, name: &Name, operator: Operator, tied: usize, after: usize) -> Option<Found> {
    if operator == Operator::Colon && is_used(source, name) {
        return None;
    }
    let site = site(source, name);
    let mut operator = operator;
    if operator == Operator::Assign && tied == name.outer.end && after == tied + 1 {
        if is_query(source, name) {
            operator = Operator::UrlQuery;
        } else if name.dashes > 0 {
            operator = Operator::Flag;
        } else if in_tag(source, name) && matches!(source.kind, FileKind::Xml | FileKind::Html) {
            operator = Operator::XmlAttribute;
        }
    }
    if name.dashes > 0 && operator == Operator::Colon && source.byte(name.outer.start.wrapping_sub(1)) == b'/' {
        operator = Operator::Flag;
    }
    if operator == Operator::Colon
        && matches!(source.kind, FileKind::Yaml | FileKind::Json)
        && site.context.string.is_none()
        && let Some(found) = declaration(source, after, site)
    {
        return Some(found);
    }
    if operator == Operator::Colon && after == tied + 1 && !site.context.comment {
        if let Some(found) = typed(source, after, site) {
            return Some(found);
        }
        let direct = !is_space(source.byte(after));
        if direct && source.kind.is_code() && source.before(name.outer.start) == b'{' && source.byte(after) != b'"' {
            // A format directive: `{token:?}`.
            return None;
        }
    }
    value::read(source, after, operator, site)
}

/// A mapping below a key, with a `default` or `value` in it.
pub(crate) fn declaration(source: Source<'_>, after: usize, site: Site<'_>) -> Option<Found> {
    let at = source.skip_space(after, 80);
    if source.byte(at) == b'{' && source.byte(at + 1) != b'{' {
        return pair::declared(source, at, site);
    }
    let line_end = matches!(source.byte(source.skip_blank(after, 80)), b'\n' | b'\r');
    if line_end && source.kind == FileKind::Yaml { pair::declared_below(source, after, site) } else { None }
}

/// `name: Type = v`: the value after the type.
fn typed(source: Source<'_>, after: usize, site: Site<'_>) -> Option<Found> {
    if !matches!(
        source.kind,
        FileKind::Code(_)
            | FileKind::Markdown
            | FileKind::Html
            | FileKind::Unknown
            | FileKind::Plain
            | FileKind::Notebook
    ) {
        return None;
    }
    let at = source.skip_blank(after, 16);
    let text = source.rest(at, 80);
    let len = text
        .iter()
        .take_while(|&&byte| {
            is_word(byte)
                || matches!(
                    byte,
                    b'.' | b'<' | b'>' | b'[' | b']' | b'&' | b'?' | b'\'' | b' ' | b'|' | b'*' | b':' | b'!' | b','
                )
        })
        .count();
    let tie = at + len;
    let is_type = len > 0 && (is_word(text[0]) || matches!(text[0], b'&' | b'[' | b'*')) && source.byte(tie) == b'=';
    let assigns = !matches!(source.byte(tie + 1), b'=' | b'>' | b'~');
    // Two words before `=` are a type only in the languages that have such types (`&'static str`, `string | null`).
    let words = text[..len].trim_ascii_end();
    let plain_type = !words.contains(&b' ') || words.contains(&b'|') || words[0] == b'&' || words.contains(&b'<');
    let separate = words.contains(&b',') && !words.contains(&b'<') && !words.contains(&b'[');
    (is_type && assigns && plain_type && !separate)
        .then(|| value::read(source, tie + 1, Operator::Assign, site))
        .flatten()
}

/// `$PWD:/src`, `${PASSWORD}: x`: the value of a variable of a shell, with something behind it.
fn is_used(source: Source<'_>, name: &Name) -> bool {
    let start = name.span.start;
    let braced = source.before(start) == b'{' && source.byte(start.wrapping_sub(2)) == b'$';
    source.before(start) == b'$' || braced && source.byte(name.span.end) == b'}'
}

/// `?token=v`, `&token=v`, `&amp;token=v`.
fn is_query(source: Source<'_>, name: &Name) -> bool {
    let start = name.outer.start;
    let before = source.before(start);
    if before == b'?' {
        return true;
    }
    if before == b'&' {
        // A shell's `&&` is no query.
        return source.before(start - 1) != b'&';
    }
    (start >= 5 && source.has(start - 5, b"&amp;")) || (start >= 6 && source.has(start - 6, b"\\u0026"))
}

fn encoded_query(source: Source<'_>, name: &Name, at: usize) -> Option<Found> {
    let value = source.rest(at, MAX_VALUE);
    let len =
        value.iter().take_while(|&&byte| is_word(byte) || matches!(byte, b'%' | b'-' | b'.' | b'~' | b'+')).count();
    let end = memchr::memmem::find(&value[..len], b"%26").unwrap_or(len);
    let _ = name;
    (end > 0).then(|| value::bare(at..at + end, classify::kind_of(&value[..end]), Operator::UrlQuery))
}

/// Whether the name is an attribute: an unclosed `<` stands before it on the line or a few lines up.
fn in_tag(source: Source<'_>, name: &Name) -> bool {
    let start = name.outer.start;
    let lead = source.slice(start.saturating_sub(300)..start);
    memchr::memrchr2(b'<', b'>', lead).is_some_and(|found| lead[found] == b'<')
}

/// `PASSWORD 'v'`, `--password v`, `ENV NAME v`, `password is v`, `password string = "v"`.
fn after_blank(source: Source<'_>, name: &Name, at: usize) -> Option<Found> {
    if matches!(source.kind, FileKind::Xml | FileKind::Html)
        && let Some(found) = markup::element(source, name.outer.start, name.span.end)
    {
        return Some(found);
    }
    crate::space::read(source, name, at, &|| site(source, name)).or_else(|| pair::beside(source, site(source, name)))
}

/// `"v" == name`, `"v".equals(name)`: the value on the left.
fn left_of(source: Source<'_>, name: &Name) -> Option<Found> {
    let mut start = name.outer.start;
    // Back over `this.`, `$this->`, `user.`.
    while start > 0
        && (is_word(source.before(start)) || matches!(source.before(start), b'.' | b'$' | b'>' | b'-' | b'@'))
        && name.outer.start - start < 40
    {
        if source.before(start) == b'>' && source.byte(start.wrapping_sub(2)) != b'-' {
            break;
        }
        start -= 1;
    }
    let end = source.back_blank(start, 8);
    let literal_end = match source.before(end) {
        b'=' if end >= 2 && matches!(source.byte(end - 2), b'=' | b'!') => {
            let tied = end
                - source
                    .slice(end.saturating_sub(3)..end)
                    .iter()
                    .rev()
                    .take_while(|b| matches!(b, b'=' | b'!'))
                    .count();
            source.back_blank(tied, 8)
        }
        b'(' => {
            let word = source.back_word(end - 1, 20);
            if !one_of(source.slice(word..end - 1), &[b"equals", b"equalsIgnoreCase", b"eq"])
                || source.before(word) != b'.'
            {
                return None;
            }
            word - 1
        }
        _ => return None,
    };
    let quote = source.before(literal_end);
    if !is_quote(quote) {
        return None;
    }
    let inside = source.slice(literal_end.saturating_sub(300)..literal_end - 1);
    let open = memchr::memrchr(quote, inside)?;
    let at = literal_end - 1 - (inside.len() - open);
    let literal = literal_at(source, at, literal_end)?;
    (literal.end == literal_end).then(|| value::of_literal(source, &literal, Operator::Compare, site(source, name)))
}
