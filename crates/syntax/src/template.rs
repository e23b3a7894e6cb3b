//! What a literal says about itself: placeholders that something fills in, their defaults, authorization schemes.
//! Not whether the value looks like a secret.

use std::ops::Range;

use crate::binding::ValueKind;
use crate::literal::Literal;
use crate::source::{Source, is_word};
use crate::{FileKind, Language};

/// Authorization schemes (RFC 9110, section 11, and vendors' own), which stand before a credential.
const SCHEMES: &[&[u8]] = &[
    b"bearer",
    b"basic",
    b"token",
    b"apikey",
    b"api-key",
    b"digest",
    b"splunk",
    b"geniekey",
    b"ssws",
    b"key",
    b"pat",
    b"jwt",
    b"oauth",
    b"bot",
    b"negotiate",
    b"ntlm",
    b"credential",
    b"sso-key",
    b"apitoken",
    b"client-id",
    b"discogs",
    b"zoho-oauthtoken",
    b"klaviyo-api-key",
    b"tk",
    b"macaroon",
    b"privatetoken",
    b"x-api-key",
    b"token:",
    b"bearer:",
    b"dsn",
    b"nostr",
    b"aws",
];

/// What a literal of these (decoded) bytes is.
pub(crate) fn quoted_kind(source: Source<'_>, literal: &Literal, bytes: &[u8]) -> ValueKind {
    if bytes.is_empty() {
        return ValueKind::Empty;
    }
    if has_placeholder(bytes) {
        return ValueKind::Template;
    }
    if literal.formatted
        && matches!((memchr::memchr(b'{', bytes), memchr::memchr(b'}', bytes)), (Some(a), Some(b)) if a < b)
    {
        return ValueKind::Template;
    }
    if literal.quote.byte == b'"' && !literal.raw && fills_variables(source.kind) {
        if let [b'$', name @ ..] = bytes
            && !name.is_empty()
            && name.iter().all(|&byte| is_word(byte) || matches!(byte, b':' | b'.'))
            && !name[0].is_ascii_digit()
        {
            return ValueKind::Reference;
        }
        if names_variable(bytes) {
            return ValueKind::Template;
        }
    }
    let after = source.skip_blank(literal.end, 8);
    let formats = source.has(literal.end, b".format(")
        || source.byte(after) == b'%' && source.kind == FileKind::Code(Language::Python) && bytes.contains(&b'%');
    if formats { ValueKind::Template } else { ValueKind::Literal }
}

/// Whether `bytes` hold a placeholder of any template language: `${x}`, `{{ x }}`, `#{x}`, `$(x)`, `<%= x %>`, `%(x)s`.
pub(crate) fn has_placeholder(bytes: &[u8]) -> bool {
    let plain = bytes.iter().zip(bytes.iter().skip(1)).enumerate().any(|(at, pair)| {
        let next = bytes.get(at + 2).copied().unwrap_or(0);
        match pair {
            (b'$' | b'{', b'{') => true,
            (b'$', b'[') => next == b'[',
            (b'$', b'(') | (b'#', b'{') => is_word(next) || matches!(next, b' ' | b'@' | b'<' | b'$' | b'('),
            (b'<' | b'{', b'%') => matches!(next, b'=' | b' ' | b'-'),
            (b'[', b'[') => next == b' ',
            _ => false,
        }
    });
    plain || bytes.contains(&b'%') && (closes(bytes, b"%{", b"}") || closes(bytes, b"%(", b")s"))
}

/// Whether a word follows `open` somewhere, and `close` somewhere behind it.
fn closes(bytes: &[u8], open: &[u8], close: &[u8]) -> bool {
    let word = |at: &usize| bytes.get(at + open.len()).is_some_and(|&next| is_word(next));
    let first = memchr::memmem::find_iter(bytes, open).find(word);
    first.is_some_and(|at| memchr::memmem::find(&bytes[at..], close).is_some())
}

/// Languages in which `$name` in double quotes is filled in.
fn fills_variables(kind: FileKind) -> bool {
    use Language::{Dart, Groovy, Julia, Kotlin, Perl, Php};
    matches!(
        kind,
        FileKind::Shell
            | FileKind::PowerShell
            | FileKind::Makefile
            | FileKind::Dockerfile
            | FileKind::Env
            | FileKind::Yaml
            | FileKind::Markdown
            | FileKind::Unknown
            | FileKind::Plain
            | FileKind::Code(Dart | Groovy | Julia | Kotlin | Perl | Php)
    )
}

/// Whether `$name` stands in `bytes` as a word: three letters, of one case where it begins, no letter before it.
fn names_variable(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'$', bytes).any(|at| {
        let apart = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let name = bytes[at + 1..].iter().take_while(|&&byte| is_word(byte)).count();
        let word = &bytes[at + 1..at + 1 + name];
        let letters = word.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        apart && name >= 3 && letters
    })
}

/// Length of an authorization scheme and the blanks after it, where the rest of `bytes` is one word.
pub(crate) fn scheme(bytes: &[u8], name: Range<usize>, source: Source<'_>) -> Option<usize> {
    let space = bytes.iter().take(20).position(|&byte| byte == b' ')?;
    let rest = bytes[space..].trim_ascii_start();
    if rest.is_empty() || rest.contains(&b' ') {
        return None;
    }
    let word = &bytes[..space];
    let known = SCHEMES.iter().position(|known| known.eq_ignore_ascii_case(word))?;
    // Bearer and Basic are schemes anywhere, the others only after a name that expects one.
    let name = source.slice(name).to_ascii_lowercase();
    let expected =
        [&b"auth"[..], b"header", b"bearer", b"token"].iter().any(|part| memchr::memmem::find(&name, part).is_some());
    (known < 2 || expected).then(|| bytes.len() - rest.len())
}

/// The default of a placeholder that is the whole of `span`: `${NAME:-v}`, `${NAME:v}`, `${NAME-v}`.
pub(crate) fn default_of(source: Source<'_>, span: Range<usize>) -> Option<Range<usize>> {
    let bytes = source.slice(span.clone());
    let inner = bytes.strip_prefix(b"${")?.strip_suffix(b"}")?;
    let name = inner.iter().take_while(|&&byte| is_word(byte) || byte == b'.').count();
    if name == 0 {
        return None;
    }
    let skip = match &inner[name..] {
        [b':', b'-' | b'=', _, ..] => 2,
        // `:?` and `:+` are an error text and an alternative.
        [b':', b'?' | b'+', ..] => return None,
        [b':' | b'-' | b'=', _, ..] => 1,
        _ => return None,
    };
    let default = &inner[name + skip..];
    if has_placeholder(default) {
        return None;
    }
    let start = span.start + 2 + name + skip;
    let (mut from, mut to) = (start, span.end - 1);
    if let [b'"' | b'\'', .., b'"' | b'\''] = default {
        (from, to) = (from + 1, to - 1);
    }
    (from < to).then_some(from..to)
}
