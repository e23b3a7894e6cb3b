//! Forms of values that say what they are: references, hashes, numbers, UUIDs, data in quotes.
//! Not here: whether a value is random or made up (`judge.rs`).

use crate::structure;

/// Whether the value names something else: a path, an address, a piece of code, a form that is filled in.
pub(crate) fn reference(value: &[u8]) -> bool {
    let find = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    let name = |text: &[u8]| !text.is_empty() && text.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    // A literal of Markdown or of a message may hold the quotes of the program.
    let value = value.strip_prefix(b"'").or(value.strip_prefix(b"\"")).unwrap_or(value);
    find(b"://")
        || find(b"::")
        || find(b"->")
        || find(b"()")
        || find(b"...")
        || find(b"0x%")
        || matches!(value.last(), Some(b'(' | b'{' | b'[' | b','))
        || [b"./".as_slice(), b"../", b"~/", b"@/"].iter().any(|start| value.starts_with(start))
        || value.strip_prefix(b"$").is_some_and(name)
        || value.len() <= 8 && value.starts_with(b"%") && value.last().is_some_and(u8::is_ascii_alphabetic)
}

/// Whether the value is an identifier or a piece of a program, whatever its name promises: an ARN, a version range, a
/// type, an index, a regular expression, a date, a key stroke, the local name that a style sheet's build made.
pub(crate) fn identifier(value: &[u8], name: &[u8]) -> bool {
    let find = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let range = value.trim_ascii_start();
    let version = range.strip_prefix(b"^").or_else(|| range.strip_prefix(b"~")).unwrap_or(range);
    let indexed = find(b"[]") || find(b"[-1]") || find(b"[++") || find(b"[0-9") || find(b"\\d") || find(b"\\w");
    let date = value.len() >= 19 && value[4] == b'-' && value[7] == b'-' && value[10] == b'T' && digits(&value[..4]);
    let stroke =
        [b"Ctrl-".as_slice(), b"Cmd-", b"Alt-", b"Shift-", b"Mod-"].iter().any(|start| value.starts_with(start));
    let reserved = value.starts_with(b"__") && value.iter().all(|b| b.is_ascii_lowercase() || *b == b'_');
    let calendar = find(b"YYYY") && find(b"MM");
    let local = name.len() >= 3
        && value.len() > name.len()
        && value[..name.len()].eq_ignore_ascii_case(name)
        && value[name.len()..].starts_with(b"__");
    find(b"arn:aws")
        || find(b":arn:")
        || version.split(|&b| b == b'.').count() == 3 && version.split(|&b| b == b'.').all(digits)
        || indexed
        || date
        || stroke
        || local
        || reserved
        || calendar
        || value.len() > 4 && value.starts_with(b"__") && value.ends_with(b"__")
        || value.starts_with(b"/") && value[1..].contains(&b'/') && !value.iter().any(u8::is_ascii_digit)
}

/// Whether what stands around the name makes the value something public: the fingerprint of a PGP key, the token of a
/// badge, which only draws a picture, the name in an ARN.
pub(crate) fn public_place(before: &[u8]) -> bool {
    let lower = before.to_ascii_lowercase();
    let find = |needle: &[u8]| memchr::memmem::find(&lower, needle).is_some();
    // `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME`
    let arn = before
        .strip_suffix(b":")
        .is_some_and(|rest| rest.len() >= 12 && rest[rest.len() - 12..].iter().all(u8::is_ascii_digit));
    arn || lower.ends_with(b".svg?")
        || lower.ends_with(b".png?")
        || find(b"gpg")
        || find(b"pgp")
        || find(b"fingerprint")
}

/// Whether the value is the hash of a password, in a form that tells so: it opens nothing.
pub(crate) fn hashed(value: &[u8]) -> bool {
    const STARTS: &[&str] = &[
        "$1$",
        "$2:",
        "$2a$",
        "$2b$",
        "$2x$",
        "$2y$",
        "$3:",
        "$5$",
        "$6$",
        "$7$",
        "$apr1$",
        "$argon2",
        "$pbkdf2",
        "$scrypt$",
        "$y$",
        "$P$",
        "$H$",
        "$S$",
        "pbkdf2_",
        "pbkdf2:",
        "bcrypt",
        "argon2",
        "scrypt:",
        "sha1$",
        "sha256$",
        "sha256:",
        "sha512$",
        "sha1:",
        "md5:",
        "md5$",
        "{SHA",
        "{SSHA",
        "{CRYPT",
        "{bcrypt}",
        "SCRAM-SHA",
    ];
    STARTS.iter().any(|start| value.starts_with(start.as_bytes()))
}

/// Whether the value is a number of a program: `0x40001234`, `1.5`, `1_000_000`, `1.2.840.113549`, `-6.1e-10`, `28.5%`,
/// the address `ffffffffa0069c8f` of a kernel.
pub(crate) fn number(value: &[u8]) -> bool {
    let hex = value.strip_prefix(b"0x").or(value.strip_prefix(b"0X"));
    let parts = memchr::memchr2(b'.', b'_', value).is_some();
    let address = value.len() == 16 && value.starts_with(b"ffffff") && value.iter().all(u8::is_ascii_hexdigit);
    let part = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-' | b'%');
    let float = parts && value.len() <= 24 && value.iter().all(part);
    address
        || float
        || hex.is_some_and(|digits| digits.len() <= 16 && digits.iter().all(u8::is_ascii_hexdigit))
        || parts && value.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'))
}

/// Whether the value has the form of a hash in hexadecimal: MD5, SHA-1, SHA-2.
pub(crate) fn hash(value: &[u8]) -> bool {
    matches!(value.len(), 16 | 32 | 40 | 56 | 64 | 96 | 128) && value.iter().all(u8::is_ascii_hexdigit)
}

/// Whether the value has the form of what names a public key: 16 or 40 digits of its hash.
pub(crate) fn key_id(value: &[u8]) -> bool {
    matches!(value.len(), 16 | 40) && value.iter().all(u8::is_ascii_hexdigit)
}

/// Whether the value is a UUID.
pub(crate) fn uuid(value: &[u8]) -> bool {
    let fits = |(at, b): (usize, &u8)| if matches!(at, 8 | 13 | 18 | 23) { *b == b'-' } else { b.is_ascii_hexdigit() };
    value.len() == 36 && value.iter().enumerate().all(fits)
}

/// Whether the value is a JSON web token: another rule knows more of it.
pub(crate) fn jwt(value: &[u8]) -> bool {
    value.starts_with(b"eyJ") && memchr::memchr(b'.', value).is_some()
}

/// The text that the value is the base64 of, where all of it is printable.
pub(crate) fn encoded(value: &[u8]) -> Option<Vec<u8>> {
    let whole = value.len() >= 8
        && value.len().is_multiple_of(4)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    let decoded = whole.then(|| structure::base64url(value)).flatten()?;
    decoded.iter().all(|b| b.is_ascii_graphic() || *b == b' ' || *b == b'\n').then_some(decoded)
}

/// The longest run of letters and digits in the value of a field of JSON or of a cookie: `{"name": "x", "sig": "9f86…"}`.
pub(crate) fn longest_field(value: &[u8]) -> Option<&[u8]> {
    let object = value.first() == Some(&b'{') && memchr::memchr(b':', value).is_some();
    let runs = value.split(|b| !b.is_ascii_alphanumeric());
    object.then(|| runs.max_by_key(|run| run.len()))?
}

/// Whether the value only says its name again: `_RING_PASS_`, `dbPassword`.
pub(crate) fn repeats(value: &[u8], name: &[u8]) -> bool {
    let fold = |text: &[u8]| {
        text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect::<Vec<u8>>()
    };
    let (value, name) = (fold(value), fold(name));
    value.len() >= 4 && memchr::memmem::find(&name, &value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_say_what_a_value_is() {
        for value in ["../keys/a.pem", "https://x.io", "$TOKEN", "config.get(", "@/dev/stdin", "%passwd"] {
            assert!(reference(value.as_bytes()), "{value}");
        }
        for value in ["qzvkwtbf", "$8fk2x!", "a/b+c=="] {
            assert!(!reference(value.as_bytes()), "{value}");
        }
        for value in ["4.2E-1", "+81.07e+0", "-28.5%", "ffffffffa0069c8f"] {
            assert!(number(value.as_bytes()), "{value}");
        }
        assert!(identifier(b"__get_rel_str", b"token") && identifier(b"@GMT-YYYY.MM.DD-HH.MM.SS", b"Token"));
        assert!(reference(b"'../docs/intro.js'"));
        assert!(number(b"0x40001234") && number(b"1.2.840.113549") && !number(b"40928374"));
        assert!(hashed(b"$2a$10$abc") && !hashed(b"$8fk2x!"));
        assert!(repeats(b"_RING_PASS_", b"CLUSTER_RING_PASS") && !repeats(b"qzvkwtbf", b"password"));
        assert_eq!(encoded(b"b3VyLXdvcmQ=").as_deref(), Some(b"our-word".as_slice()));
        assert_eq!(longest_field(br#"{"a": "bc", "sig": "9f86d081884c"}"#), Some(b"9f86d081884c".as_slice()));
    }
}
