//! Values that are arguments of calls: `setPassword("v")`, `strcmp(password, "v")`, `password.equals("v")`.
//! Not names that are themselves arguments in quotes (`key`).

use crate::binding::Operator;
use crate::literal::literal_at;
use crate::name::Name;
use crate::quote::Quote;
use crate::source::{Source, one_of};
use crate::tie::site;
use crate::value::{self, Found};
use crate::{MAX_VALUE, expression, pair, table};

/// `setPassword("v")`, `password("v")`: the first literal, or the second where two stand.
pub(crate) fn of_call(source: Source<'_>, name: &Name, bracket: usize) -> Option<Found> {
    let first = source.skip_space(bracket + 1, 64);
    let opens = Quote::opening(source, first).is_some()
        || (source.byte(first).is_ascii_alphabetic() || source.byte(first) == b'[' || source.byte(first) == b'@');
    if !opens {
        return None;
    }
    if names_other(source, first) {
        return None;
    }
    let site = site(source, name);
    let (literal, after) = match literal_at(source, first, first + MAX_VALUE) {
        Some(literal) => {
            if value::quote_ends_string(source, first, site) {
                return None;
            }
            let after = source.skip_space(literal.end, 64);
            (literal, after)
        }
        None => {
            // `setPassword(user, "v")`, `SetSecret([]byte("v"))`.
            let (span, kind) = match expression::read(source, first)? {
                expression::Right::Other(span, kind) => (span, kind),
                right => return Some(value::of_right(source, right, Operator::Argument, site)),
            };
            let comma = source.skip_space(span.end, 64);
            let next = source.skip_space(comma + 1, 64);
            if source.byte(comma) == b','
                && let Some(literal) = literal_at(source, next, next + MAX_VALUE)
                && source.byte(source.skip_space(literal.end, 64)) == b')'
            {
                return Some(value::of_literal(source, &literal, Operator::Argument, site));
            }
            return Some(value::bare(span, kind, Operator::Argument));
        }
    };
    if source.byte(after) == b','
        && let next = source.skip_space(after + 1, 64)
        && let Some(second) = literal_at(source, next, next + MAX_VALUE)
        && source.byte(source.skip_space(second.end, 64)) == b')'
    {
        return Some(value::of_literal(source, &second, Operator::Argument, site));
    }
    Some(value::of_literal(source, &literal, Operator::Argument, site))
}

/// Names of arguments that say nothing of them: what the call is named after is its value.
const PLAIN: &[&[u8]] = &[
    b"value",
    b"val",
    b"v",
    b"default",
    b"text",
    b"content",
    b"data",
    b"string",
    b"s",
    b"plain",
    b"plaintext",
    b"raw",
    b"initial",
    b"new",
    b"secret",
    b"fallback",
    b"default_value",
    b"defaultValue",
];

/// Whether the argument at `at` has a name of its own, which is asked for itself: `get_credentials(provider="v")`.
pub(crate) fn names_other(source: Source<'_>, at: usize) -> bool {
    let end = source.skip_word(at, 60);
    let tied = source.skip_blank(end, 4);
    end > at
        && source.byte(tied) == b'='
        && !matches!(source.byte(tied + 1), b'=' | b'>' | b'~')
        && !one_of(source.slice(at..end), PLAIN)
}

/// `password, "v"`: a header of a table, a column of an insert, a comparison by call.
pub(crate) fn after_comma(source: Source<'_>, name: &Name, comma: usize) -> Option<Found> {
    let next = source.skip_space(comma + 1, 64);
    if Quote::opening(source, next).is_some() {
        // `strcmp(password, "v")`, `assertEquals(token, "v")`; a call only, with the value last.
        let literal = literal_at(source, next, next + MAX_VALUE)?;
        let open = source.slice(name.outer.start.saturating_sub(60)..name.outer.start);
        let bracket = memchr::memrchr(b'(', open)?;
        let callee = open[..bracket].to_ascii_lowercase();
        let compares = [&b"cmp"[..], b"equal", b"assert", b"compare", b"expect"]
            .iter()
            .any(|part| memchr::memmem::find(&callee, part).is_some());
        let last = source.byte(source.skip_space(literal.end, 64)) == b')';
        if compares && last {
            return Some(value::of_literal(source, &literal, Operator::Compare, site(source, name)));
        }
        return None;
    }
    table::insert(source, site(source, name)).or_else(|| pair::beside(source, site(source, name)))
}

/// `password.equals("v")`, `token.set("v")`.
pub(crate) fn method(source: Source<'_>, name: &Name, dot: usize) -> Option<Found> {
    let end = source.skip_word(dot + 1, 40);
    let word = source.slice(dot + 1..end);
    let operator = if one_of(word, &[b"equals", b"equalsIgnoreCase", b"contentEquals", b"compareTo", b"eq", b"eql"]) {
        Operator::Compare
    } else if one_of(
        word,
        &[
            b"set",
            b"setValue",
            b"setText",
            b"sendKeys",
            b"send_keys",
            b"fill",
            b"type",
            b"default",
            b"value",
            b"assign",
            b"put",
        ],
    ) {
        Operator::Argument
    } else {
        return None;
    };
    if source.byte(end) != b'(' {
        return None;
    }
    let first = source.skip_space(end + 1, 32);
    let literal = literal_at(source, first, first + MAX_VALUE)?;
    let site = site(source, name);
    if value::quote_ends_string(source, first, site) {
        return None;
    }
    Some(value::of_literal(source, &literal, operator, site))
}
