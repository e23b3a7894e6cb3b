//! The right side of an assignment in program source: which literal it comes down to, or what it is instead.
//! Not an evaluator: calls are told apart by the names of what is called.

use std::ops::Range;

use crate::binding::{MAX_VALUE, ValueKind};
use crate::literal::{Literal, literal_at};
use crate::numbers::bytes_at;
use crate::quote::Quote;
use crate::source::{Source, is_quote, is_space, is_word, one_of};
use crate::{FileKind, Language, Text};

/// A right side.
pub(crate) enum Right {
    /// It is, or falls back to, this literal.
    Literal(Literal),
    /// It is a list of numbers: their place and the bytes they spell.
    Bytes(Range<usize>, Text),
    /// It is something else.
    Other(Range<usize>, ValueKind),
}

/// Longest path, index or argument list that is followed.
const LONGEST: usize = 300;

/// Calls in calls and defaults of defaults that are followed.
const DEEPEST: usize = 4;

/// Calls that only wrap the literal in their first argument, by their last name.
const WRAPPERS: &[&[u8]] = &[
    b"string",
    b"str",
    b"bytes",
    b"byte",
    b"bytearray",
    b"from",
    b"of",
    b"some",
    b"just",
    b"new",
    b"cstr",
    b"cstring",
    b"securestring",
    b"secret",
    b"secretstring",
    b"secretstr",
    b"sensitive",
    b"password",
    b"b64decode",
    b"b64encode",
    b"base64decode",
    b"base64encode",
    b"decodestring",
    b"encodetostring",
    b"encode",
    b"decode",
    b"atob",
    b"btoa",
    b"text",
    b"literal",
    b"raw",
    b"ptr",
    b"pointer",
    b"stringptr",
    b"into",
    b"ok",
    b"unhex",
    b"unhexlify",
    b"fromhex",
    b"decodehex",
    b"frombase64string",
    b"getbytes",
    b"utf8",
    b"char",
    b"quote",
    b"trim",
    b"strip",
    b"freeze",
    b"box",
    b"arc",
    b"rc",
    b"osstring",
    b"nsstring",
    b"urlencode",
    b"encodeuricomponent",
    b"quote_plus",
    b"key",
    b"token",
    b"toslice",
    b"value",
    b"to",
    b"nonsensitive",
    b"tostring",
    b"frombytes",
    b"fromstring",
    b"parse",
    b"parse_str",
    b"of_string",
    b"pack",
    b"apikey",
    b"credential",
    b"constant",
    b"static",
    b"plain",
    b"cleartext",
    b"unencrypted",
    b"secretvalue",
    b"unsafeplaintext",
    b"unsafe_plain_text",
    b"bytestring",
    b"nspw",
    b"u8",
    b"mustparse",
    b"must",
    b"parsekey",
    b"stringpointer",
    b"uint8array",
    b"pointerto",
    b"pulumi",
    b"lit",
    b"strdup",
    b"_t",
    b"text_",
    b"l",
    b"tochararray",
];

/// Calls that look a name up, with a default as their second argument.
const GETTERS: &[&[u8]] = &[
    b"getenv",
    b"get",
    b"env",
    b"environ",
    b"fetch",
    b"getproperty",
    b"getordefault",
    b"lookupenv",
    b"option",
    b"config",
    b"getstring",
    b"val",
    b"value",
    b"setting",
    b"default",
    b"get_env",
    b"getenvordefault",
    b"env_or",
    b"envor",
    b"getenvor",
    b"get_or",
    b"environ_get",
    b"envstring",
    b"getenvwithdefault",
    b"env_var",
    b"getvalue",
    b"defaultvalue",
    b"property",
    b"read",
    b"coalesce",
    b"parameter",
    b"getparameter",
    b"str",
    b"mustgetenv",
    b"getattr",
    b"add_argument",
    b"lookup",
    b"var",
    b"unwrap_or",
    b"getconfig",
];

/// The right side that begins at `at`.
pub(crate) fn read(source: Source<'_>, at: usize) -> Option<Right> {
    side(source, at, 0)
}

fn side(source: Source<'_>, at: usize, depth: usize) -> Option<Right> {
    if depth > DEEPEST {
        return None;
    }
    let start = at;
    let at = skip_prefix(source, at);
    if let Some(literal) = literal(source, at) {
        return Some(Right::Literal(literal));
    }
    let byte = source.byte(at);
    if byte.is_ascii_digit()
        || byte == b'-' && source.byte(at + 1).is_ascii_digit()
        || byte == b'.' && source.byte(at + 1).is_ascii_digit()
    {
        let end = at + 1 + source.rest(at + 1, 80).iter().take_while(|&&b| is_word(b) || b == b'.').count();
        return Some(Right::Other(start..end, ValueKind::Number));
    }
    let end = path_end(source, at);
    if end == at {
        return None;
    }
    let path = source.slice(at..end);
    if one_of(path, &[b"true", b"false"]) {
        return Some(Right::Other(start..end, ValueKind::Boolean));
    }
    if one_of(path, &[b"null", b"nil", b"none", b"undefined", b"nullptr", b"nothing"]) {
        return fallback_of(source, end, depth).map(Right::Literal).or(Some(Right::Other(start..end, ValueKind::Null)));
    }
    let called = source.skip_blank(end, 4);
    if source.byte(called) == b'(' {
        return call(source, start, at..end, called, depth);
    }
    // `[]byte{…}`, `new byte[] {…}`, `[1, 2, 3]`.
    for open in [called, at] {
        if matches!(source.byte(open), b'{' | b'[')
            && let Some((span, text)) = bytes_at(source, open)
        {
            return Some(Right::Bytes(span, text));
        }
    }
    if let Some(literal) = fallback_of(source, end, depth) {
        return Some(Right::Literal(literal));
    }
    Some(Right::Other(start..end, ValueKind::Reference))
}

fn literal(source: Source<'_>, at: usize) -> Option<Literal> {
    let byte = source.byte(at);
    let may =
        is_quote(byte) || matches!(byte, b'@' | b'$' | b'\\' | b'&' | b'#' | 0xe2) || byte.is_ascii_alphanumeric();
    if may { literal_at(source, at, at + MAX_VALUE) } else { None }
}

/// Skips what may stand before a value without changing it: `new`, `&`, `await`, casts.
fn skip_prefix(source: Source<'_>, from: usize) -> usize {
    let mut at = from;
    for _ in 0..4 {
        let byte = source.byte(at);
        let word = source.skip_word(at, 12);
        if one_of(
            source.slice(at..word),
            &[b"new", b"await", b"return", b"const", b"mut", b"ref", b"not", b"yield", b"try", b"move", b"box"],
        ) && is_space(source.byte(word))
        {
            at = source.skip_blank(word, 16);
        } else if matches!(byte, b'!' | b'&' | b'*' | b'~' | b'+') && !is_space(source.byte(at + 1)) {
            if Quote::opening(source, at).is_some() {
                return at;
            }
            at += 1;
        } else if byte == b'(' {
            at = cast_end(source, at).unwrap_or(source.skip_space(at + 1, 64));
        } else {
            break;
        }
    }
    at
}

/// `(char *)"v"`, `(string) x`: after the closing bracket and blanks.
fn cast_end(source: Source<'_>, at: usize) -> Option<usize> {
    let inside = source.rest(at + 1, 40);
    let close = inside.iter().position(|&byte| byte == b')')?;
    let is_type = close > 0
        && inside[..close]
            .iter()
            .all(|&byte| is_word(byte) || matches!(byte, b' ' | b'*' | b'.' | b'<' | b'>' | b'[' | b']' | b'?'));
    let next = source.skip_blank(at + close + 2, 4);
    let operand = Quote::opening(source, next).is_some() || is_word(source.byte(next));
    (is_type && operand).then_some(next)
}

/// The end of `a.b::c->d[e]<f>`.
fn path_end(source: Source<'_>, at: usize) -> usize {
    let limit = at + LONGEST;
    let mut place = at;
    while place < limit {
        let (byte, next) = (source.byte(place), source.byte(place + 1));
        match byte {
            _ if is_word(byte) || byte >= 0x80 => place += 1,
            b'.' | b'$' | b'@' | b'\\' if is_word(next) || next == b'{' || next == b'$' => place += 1,
            b'?' if next == b'.' => place += 2,
            b'?' | b'!' if place > at && matches!(next, b',' | b';' | b')' | b' ' | b'\n' | b'\r' | b'.' | b'[') => {
                place += 1
            }
            b':' if next == b':' => place += 2,
            b':' if place == at && is_word(next) => place += 1,
            b'-' if next == b'>' => place += 2,
            b'[' => match closing(source, place, b'[', b']') {
                Some(end) => place = end,
                None => break,
            },
            b'{' if place > at && matches!(source.before(place), b'$' | b'#' | b'%') => {
                match closing(source, place, b'{', b'}') {
                    Some(end) => place = end,
                    None => break,
                }
            }
            b'<' if place > at && (next.is_ascii_alphabetic() || next == b'\'') => {
                match closing(source, place, b'<', b'>') {
                    Some(end) if !source.slice(place..end).iter().any(|b| matches!(b, b';' | b'"' | b'{')) => {
                        place = end
                    }
                    _ => break,
                }
            }
            b'\'' if place > at && source.before(place) == b'&' => place += 1,
            _ => break,
        }
    }
    place
}

/// After the bracket that closes the one at `at`; strings within are stepped over. Within a line or a few.
fn closing(source: Source<'_>, at: usize, open: u8, close: u8) -> Option<usize> {
    let limit = (at + LONGEST).min(source.text.len());
    let mut depth = 0u32;
    let mut place = at;
    while place < limit {
        let byte = source.byte(place);
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(place + 1);
            }
        } else if byte == b'"' || byte == b'`' || byte == b'\'' && !is_word(source.before(place)) {
            match literal_at(source, place, limit) {
                Some(literal) => {
                    place = literal.end;
                    continue;
                }
                None if byte == b'\'' => {}
                None => return None,
            }
        }
        place += 1;
    }
    None
}

/// A call whose name is `path` and whose bracket opens at `bracket`.
fn call(source: Source<'_>, start: usize, path: Range<usize>, bracket: usize, depth: usize) -> Option<Right> {
    let name = last_name(source.slice(path.clone()));
    let first = source.skip_space(bracket + 1, 64);
    let argument = literal(source, first);
    if let Some(literal) = &argument {
        let after = source.skip_space(literal.end, 64);
        let second = source.skip_space(after + 1, 64);
        if source.byte(after) == b','
            && one_of(name, GETTERS)
            && let Some(default) = literal_of(source, second, depth)
        {
            return Some(Right::Literal(default));
        }
        let wraps = one_of(name, WRAPPERS) && matches!(source.byte(after), b')' | b',' | b'+' | b'.');
        if wraps || source.byte(after) == b')' && constructs(source, start..path.end, name) {
            return argument.map(Right::Literal);
        }
    } else if depth < 3
        && source.has(first, b"default")
        && let Some(literal) = literal_of(source, first, depth)
    {
        // `Field(default="v")`: a declaration by call.
        return Some(Right::Literal(literal));
    } else if one_of(name, WRAPPERS)
        && depth < 3
        && let Some(inner @ (Right::Literal(_) | Right::Bytes(..))) = side(source, first, depth + 1)
    {
        return Some(inner);
    }
    let end = closing(source, bracket, b'(', b')').unwrap_or_else(|| source.line_end(bracket, LONGEST));
    if let Some(literal) = fallback_of(source, end, depth) {
        return Some(Right::Literal(literal));
    }
    // `Optional.ofNullable(x).orElse("v")`, `.unwrap_or("v")`, `.GetValue("v")`.
    if source.byte(end) == b'.' {
        let method = end + 1;
        let word = source.skip_word(method, 40);
        let or = one_of(
            source.slice(method..word),
            &[
                b"orElse",
                b"unwrap_or",
                b"getOrElse",
                b"or",
                b"ifEmpty",
                b"default",
                b"unwrap_or_else",
                b"withDefault",
                b"unwrap_or_default",
            ],
        );
        if or
            && source.byte(word) == b'('
            && let Some(literal) = literal_of(source, source.skip_space(word + 1, 16), depth)
        {
            return Some(Right::Literal(literal));
        }
    }
    Some(Right::Other(start..end, ValueKind::Call))
}

/// Whether the call at `call` makes an object of its argument: `new Credential("v")`, `Credential("v")`.
fn constructs(source: Source<'_>, call: Range<usize>, name: &[u8]) -> bool {
    use Language::{Dart, JavaScript, Kotlin, Python, Rust, Scala, Swift, TypeScript};
    const READS: &[&[u8]] = &[
        b"get", b"read", b"load", b"find", b"fetch", b"env", b"lookup", b"input", b"config", b"field", b"column",
        b"file", b"path",
    ];
    let lower = name.to_ascii_lowercase();
    if READS.iter().any(|verb| lower.starts_with(verb) || lower.ends_with(verb)) {
        return false;
    }
    let text = source.slice(call);
    let upper = name.first().is_some_and(u8::is_ascii_uppercase);
    let by_case =
        matches!(source.kind, FileKind::Code(Dart | JavaScript | Kotlin | Python | Rust | Scala | Swift | TypeScript));
    text.starts_with(b"new ") || upper && by_case && !text.contains(&b'.')
}

/// The literal at `at`, or the one that a wrapper there holds.
fn literal_of(source: Source<'_>, at: usize, depth: usize) -> Option<Literal> {
    let at = match source.skip_word(at, 24) {
        // A named argument: `default="v"`, `defaultValue: "v"`.
        word if word > at && matches!(source.byte(word), b'=' | b':') && source.byte(word + 1) != b':' => {
            source.skip_blank(word + 1, 8)
        }
        _ => at,
    };
    match side(source, at, depth + 1)? {
        Right::Literal(literal) => Some(literal),
        Right::Bytes(..) | Right::Other(..) => None,
    }
}

/// `String` of `std::string::String`, `from` of `Buffer.from`.
fn last_name(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&byte| is_word(byte)).map_or(0, |last| last + 1);
    let cut = path[..end].iter().position(|&byte| byte == b'<').unwrap_or(end);
    let path = &path[..cut];
    let end = path.iter().rposition(|&byte| is_word(byte)).map_or(0, |last| last + 1);
    let start = path[..end].iter().rposition(|&byte| !is_word(byte)).map_or(0, |found| found + 1);
    &path[start..end]
}

/// The literal that stands in where the left side has no value: `x || "v"`, `x ?? "v"`, `x or "v"`, `x ?: "v"`,
/// `x ? "v" : y`, `y if x else "v"`, `a = b = "v"`.
pub(crate) fn fallback(source: Source<'_>, end: usize) -> Option<Literal> {
    fallback_of(source, end, 0)
}

fn fallback_of(source: Source<'_>, end: usize, depth: usize) -> Option<Literal> {
    let at = source.skip_space(end, 64);
    let lines = memchr::memchr(b'\n', source.slice(end..at)).is_some();
    let rest = source.rest(at, 3);
    let skip = match rest {
        [b'|', b'|', ..] | [b'?', b'?', ..] | [b'?', b':', ..] | [b'/', b'/', b' '] if !lines || rest[0] != b'/' => 2,
        [b'o', b'r', b' '] if !lines => 3,
        [b'?', b' ', _] => 1,
        [b'=', next, ..] if !lines && !matches!(next, b'=' | b'>' | b'~') => 1,
        [b'i', b'f', b' '] if !lines => {
            let line = source.slice(at..source.line_end(at, 160));
            memchr::memmem::find(line, b" else ")? + 6
        }
        _ => return None,
    };
    if rest.starts_with(b"//") && !matches!(source.kind, FileKind::Code(Language::Perl)) {
        return None;
    }
    let from = source.skip_space(at + skip, 64);
    literal_of(source, from, depth)
}
