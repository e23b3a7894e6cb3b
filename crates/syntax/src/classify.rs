//! What an unquoted word is by its looks: a number, a reference, a call, a placeholder, or a value.
//! Not where it ends (`plain`), and not whether it is a secret.

use crate::binding::ValueKind;
use crate::source::{is_word, one_of};
use crate::template::has_placeholder;

/// Whether a quoted value is nothing but a format directive.
pub(crate) fn is_template_only(bytes: &[u8]) -> bool {
    match bytes {
        [b'%', rest @ ..] => matches!(rest, b"s" | b"v" | b"d" | b"q" | b"x" | b"@" | b"S" | b"i" | b"1$s"),
        [b'{', inner @ .., b'}'] => inner.iter().all(|&byte| is_word(byte) || byte == b'.'),
        _ => false,
    }
}

/// Roots of paths that name a place where a value is kept.
const ROOTS: &[&[u8]] = &[
    b"process.env.",
    b"os.environ",
    b"env.",
    b"secrets.",
    b"vars.",
    b"var.",
    b"local.",
    b"data.",
    b"module.",
    b"self.",
    b"this.",
    b"config.",
    b"system.getenv",
    b"settings.",
    b"params.",
    b"request.",
    b"req.",
    b"import.meta.env",
    b"inputs.",
    b"steps.",
    b"github.",
    b"context.",
    b"values.",
    b"parameters.",
    b"variables.",
    b"args.",
    b"options.",
    b"opts.",
    b"user.",
    b"event.",
    b"props.",
    b"state.",
    b"session.",
    b"input.",
    b"body.",
    b"response.",
    b"res.",
    b"result.",
];

/// What an unquoted value of these bytes is, outside program source.
pub(crate) fn kind_of(bytes: &[u8]) -> ValueKind {
    if one_of(bytes, &[b"true", b"false", b"yes", b"no", b"on", b"off"]) {
        return ValueKind::Boolean;
    }
    if one_of(bytes, &[b"null", b"nil", b"none", b"~", b"undefined", b"nan"]) {
        return ValueKind::Null;
    }
    if bytes.iter().all(u8::is_ascii_digit) || is_decimal(bytes) {
        return ValueKind::Number;
    }
    if is_template_only(bytes) {
        return ValueKind::Template;
    }
    if is_duration(bytes) {
        return ValueKind::Reference;
    }
    match bytes {
        [b'$', b'(', ..] => return ValueKind::Call,
        // `$name`, `$env:NAME`, `$user->password`, not `$apr1$…`.
        [b'$', first, rest @ ..]
            if (first.is_ascii_alphabetic() || *first == b'_') && rest.iter().all(|&byte| is_path(byte)) =>
        {
            return ValueKind::Reference;
        }
        [b'%', inner @ .., b'%'] if inner.iter().all(|&byte| is_word(byte)) => return ValueKind::Reference,
        [b'@', inner @ .., b'@'] if inner.iter().all(|&byte| is_word(byte) || byte == b'.') => {
            return ValueKind::Template;
        }
        _ => {}
    }
    if has_placeholder(bytes) {
        return ValueKind::Template;
    }
    let path =
        bytes.iter().take_while(|&&byte| is_word(byte) || matches!(byte, b'.' | b':' | b'>' | b'-' | b'$')).count();
    if memchr::memmem::find(&bytes[..path], b"::").is_some() && path == bytes.len() && bytes[0].is_ascii_alphabetic() {
        return ValueKind::Reference;
    }
    if path > 1 && matches!(&bytes[path..], [b'!', b'(' | b'[', ..]) {
        return ValueKind::Call;
    }
    let called = path > 1
        && bytes.get(path) == Some(&b'(')
        && (bytes[0].is_ascii_alphabetic() || bytes[0] == b'_')
        && bytes.contains(&b')');
    if called {
        return ValueKind::Call;
    }
    let starts = |root: &&[u8]| bytes.len() > root.len() && bytes[..root.len()].eq_ignore_ascii_case(root);
    let rooted = bytes.contains(&b'.') && ROOTS.iter().any(starts);
    if rooted { ValueKind::Reference } else { ValueKind::Literal }
}

/// `1.day`, `8..72` of commented Ruby.
fn is_duration(bytes: &[u8]) -> bool {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &bytes[digits..];
    let method = rest
        .strip_prefix(b".")
        .is_some_and(|name| name.len() > 1 && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'));
    let range = rest.strip_prefix(b"..").is_some_and(|end| !end.is_empty() && end.iter().all(u8::is_ascii_digit));
    digits > 0 && digits < 6 && (method || range)
}

/// `1.5`, `-3`, `0x1f`.
fn is_decimal(bytes: &[u8]) -> bool {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let dots = digits.iter().filter(|&&byte| byte == b'.').count();
    dots <= 1 && digits.len() > dots && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// A byte of the path of a variable.
fn is_path(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b':' | b'.' | b'-' | b'>' | b'[' | b']' | b'\'')
}
