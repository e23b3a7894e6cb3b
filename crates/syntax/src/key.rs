//! The value of a name in quotes: a key of an object, an index, an argument, a flag in a list.
//! Not bare names (`tie`).

use crate::binding::Operator;
use crate::literal::literal_at;
use crate::name::Name;
use crate::source::{Source, is_quote, one_of};
use crate::tie::{BLANKS, declaration, operator_at, site};
use crate::value::{self, Found};
use crate::{FileKind, Language, MAX_VALUE, argument, expression, pair, table};

/// The value of a name in quotes.
pub(crate) fn quoted_name(source: Source<'_>, name: &Name) -> Option<Found> {
    // A column of MySQL: INSERT INTO `users` (`name`, `password`) VALUES …
    let column = source.byte(name.outer.start) == b'`' && matches!(source.byte(name.outer.end), b',' | b')');
    if column && let Some(found) = table::insert(source, site(source, name)) {
        return Some(found);
    }
    let mut at = name.outer.end;
    let mut closed = false;
    while matches!(source.byte(at), b']' | b')' | b'}') && at - name.outer.end < 4 {
        closed = true;
        at += 1;
    }
    let tied = source.skip_space(at, BLANKS);
    let lines = memchr::memchr(b'\n', source.slice(at..tied)).is_some();
    if closed && let Some(found) = after_index(source, name, at) {
        return Some(found);
    }
    if let Some((operator, after)) = operator_at(source, tied)
        && !(lines && operator == Operator::Compare)
    {
        let site = site(source, name);
        if operator == Operator::Colon
            && let Some(found) = declaration(source, after, site)
        {
            return Some(found);
        }
        return value::read(source, after, operator, site);
    }
    if tied == name.outer.end
        && let Some(open) = serialized(source, tied)
    {
        return value::read(source, open, Operator::Colon, site(source, name));
    }
    if let Some(found) = pair::beside(source, site(source, name)) {
        return Some(found);
    }
    match source.byte(tied) {
        // What follows the bracket that ends the call is no argument of it: `l("pass"), l("x")`.
        b',' if !closed => second_argument(source, name, tied),
        b'{' => pair::declared(source, tied, site(source, name)),
        b'|' if !lines => table::markdown(source, tied, site(source, name)),
        b't' if !lines && source.has(tied, b"to ") && source.kind == FileKind::Code(Language::Kotlin) => {
            value::read(source, tied + 3, Operator::Arrow, site(source, name))
        }
        b'i' if !lines && source.has(tied, b"is ") => {
            value::read(source, tied + 3, Operator::Prose, site(source, name))
        }
        byte if is_quote(byte) && tied > at && !lines => {
            let maps = matches!(
                source.kind,
                FileKind::Code(Language::Clojure) | FileKind::Plain | FileKind::Unknown | FileKind::Ini | FileKind::Hcl
            );
            maps.then(|| value::read(source, tied, Operator::Space, site(source, name))).flatten()
        }
        _ => None,
    }
}

/// `s:8:"password";s:5:"v";`, as PHP writes a map of texts: where the quote of the value opens.
fn serialized(source: Source<'_>, at: usize) -> Option<usize> {
    let length = source.rest(at, 12).strip_prefix(b";s:")?;
    let digits = length.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0 && length.get(digits) == Some(&b':')).then_some(at + 3 + digits + 1)
}

/// `x["password"] = "v"`, `get("password") || "v"`, `assertEquals(x["password"], "v")`.
fn after_index(source: Source<'_>, name: &Name, at: usize) -> Option<Found> {
    let tied = source.skip_blank(at, BLANKS);
    let bracket = source.before(at);
    if let Some((operator, after)) = operator_at(source, tied)
        && (operator != Operator::Colon || bracket == b']')
        && (bracket != b')' || operator == Operator::Compare)
    {
        return value::read(source, after, operator, site(source, name));
    }
    if source.byte(tied) == b',' && bracket == b']' {
        let next = source.skip_space(tied + 1, 32);
        let literal = literal_at(source, next, next + MAX_VALUE)?;
        let last = source.byte(source.skip_space(literal.end, 32)) == b')';
        return last.then(|| value::of_literal(source, &literal, Operator::Compare, site(source, name)));
    }
    if source.has(tied, b".") {
        let end = source.skip_word(tied + 1, 24);
        let fits = one_of(
            source.slice(tied + 1..end),
            &[b"default", b"orElse", b"unwrap_or", b"getOrElse", b"or", b"equals", b"withDefault"],
        );
        if fits && source.byte(end) == b'(' {
            let first = source.skip_space(end + 1, 32);
            let literal = literal_at(source, first, first + MAX_VALUE)?;
            return Some(value::of_literal(source, &literal, Operator::Argument, site(source, name)));
        }
        return None;
    }
    let literal = expression::fallback(source, at)?;
    Some(value::of_literal(source, &literal, Operator::Argument, site(source, name)))
}

/// `set("password", "v")`, `getenv("PASSWORD", "v")`, `["--password", "v"]`.
fn second_argument(source: Source<'_>, name: &Name, comma: usize) -> Option<Found> {
    let before = source.before(source.back_space(name.outer.start, 64));
    let next = source.skip_space(comma + 1, 120);
    let flag = name.dashes > 0;
    if !(before == b'(' || before == b',' || flag && before == b'[') {
        return table::insert(source, site(source, name));
    }
    let site = site(source, name);
    if let Some(literal) = literal_at(source, next, next + MAX_VALUE) {
        if flag && source.byte(literal.inner.start) == b'-' {
            return None;
        }
        let after = source.byte(source.skip_space(literal.end, 64));
        if !flag && before == b',' && after != b')' {
            return table::insert(source, site);
        }
        let operator = if flag { Operator::Flag } else { Operator::Argument };
        return Some(value::of_literal(source, &literal, operator, site));
    }
    if let Some(found) = table::insert(source, site) {
        return Some(found);
    }
    if argument::names_other(source, next) {
        return None;
    }
    match expression::read(source, next)? {
        expression::Right::Other(..) if before != b'(' => None,
        right => Some(value::of_right(source, right, Operator::Argument, site)),
    }
}
