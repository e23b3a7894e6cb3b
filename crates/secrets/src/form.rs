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
        // A piece of a program in an address.
        || [b"%7B".as_slice(), b"%7D", b"%22", b"%20"].iter().any(|escape| find(escape))
        // A placeholder in angle brackets, as HTML writes it.
        || [b"&lt".as_slice(), b"&#60", b"&#x3c", b"&#x3C"].iter().any(|start| value.starts_with(start))
        || matches!(value.last(), Some(b'(' | b'{' | b'[' | b','))
        || [b"./".as_slice(), b"../", b"~/", b"@/"].iter().any(|start| value.starts_with(start))
        || value.strip_prefix(b"$").is_some_and(name)
        || value.len() <= 8 && value.starts_with(b"%") && value.last().is_some_and(u8::is_ascii_alphabetic)
}

/// Whether the unquoted value is a name with the name of its place before it: `s:netrw_passwd` of Vim, `xsd:QName`.
pub(crate) fn qualified(value: &[u8]) -> bool {
    let place = value.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let inside = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.' | b':' | b'=' | b'[' | b']');
    (1..=8).contains(&place) && value.get(place) == Some(&b':') && value.iter().all(inside)
}

/// Whether the value is an identifier or a piece of a program, whatever its name promises: an ARN, a version range, a
/// type, an index, a regular expression, a date, a key stroke, a colour, the local name that a style sheet's build made.
pub(crate) fn identifier(value: &[u8], name: &[u8]) -> bool {
    let find = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let range = value.trim_ascii_start();
    let version = range.split_first().filter(|(sign, _)| b"^~@".contains(sign)).map_or(range, |(_, rest)| rest);
    let indexed =
        [b"[]".as_slice(), b"[-1]", b"[++", b"[0-9", b"[A-Z", b"[a-z", b"\\d", b"\\w"].iter().any(|part| find(part));
    let port = value.strip_suffix(b"/tcp").or(value.strip_suffix(b"/udp")).is_some_and(digits);
    let date = value.len() >= 19 && value[4] == b'-' && value[7] == b'-' && value[10] == b'T' && digits(&value[..4]);
    let stroke =
        [b"Ctrl-".as_slice(), b"Cmd-", b"Alt-", b"Shift-", b"Mod-"].iter().any(|start| value.starts_with(start));
    let reserved = value.starts_with(b"__") && value.iter().all(|b| b.is_ascii_lowercase() || *b == b'_');
    let calendar = find(b"YYYY") && find(b"MM");
    let colour = matches!(value.len(), 4 | 7 | 9) && value[0] == b'#' && value[1..].iter().all(u8::is_ascii_hexdigit);
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
        || colour
        || port
        || value.len() > 4 && value.starts_with(b"__") && value.ends_with(b"__")
        || value.starts_with(b"/") && value[1..].contains(&b'/') && !value.iter().any(u8::is_ascii_digit)
}

/// What the base64 of a public key begins with, by its algorithm: RSA of three lengths, P-256, P-384, Ed25519; SSH.
const PUBLIC_KEYS: &[&str] = &[
    "MIGfMA0GCSqGSIb3DQEBAQUAA4",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOC",
    "MIICIjANBgkqhkiG9w0BAQEFAAOC",
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0D",
    "MHYwEAYHKoZIzj0CAQYFK4EEACID",
    "MCowBQYDK2Vw",
    "AAAAB3NzaC1yc2E",
    "AAAAC3NzaC1lZDI1NTE5",
    "AAAAE2VjZHNhLXNoYTIt",
];

/// Whether the value is a public key.
pub(crate) fn public_key(value: &[u8]) -> bool {
    PUBLIC_KEYS.iter().any(|start| value.starts_with(start.as_bytes()))
}

/// Whether what stands around the name makes the value something public: the fingerprint of a PGP key, the token of a
/// badge, which only draws a picture.
pub(crate) fn public_place(before: &[u8]) -> bool {
    let lower = before.to_ascii_lowercase();
    let find = |needle: &[u8]| memchr::memmem::find(&lower, needle).is_some();
    lower.ends_with(b".svg?") || lower.ends_with(b".png?") || find(b"gpg") || find(b"pgp") || find(b"fingerprint")
}

/// Whether the name is the kind of a resource, and what follows its name: `arn:aws:secretsmanager:*:*:secret:NAME`, also
/// where a template joins the ARN from pieces: `":secret:NAME"`. Or whether it is the last part of a type's name.
pub(crate) fn resource(before: &[u8]) -> bool {
    let quote = |b: &u8| matches!(b, b'"' | b'\'' | b'`');
    let start = before.iter().rposition(|b| b.is_ascii_whitespace() || quote(b)).map_or(0, |at| at + 1);
    let piece = start > 0 && quote(&before[start - 1]) && &before[start..] == b":";
    // `"AWS::ApiGateway::ApiKey"`
    let kind = before[start..].starts_with(b"AWS::") && before.ends_with(b"::");
    piece || kind || before.ends_with(b":") && memchr::memmem::find(&before[start..], b"arn:").is_some()
}

/// Whether the name stands in the address of a picture that anybody may draw: a badge in a readme.
pub(crate) fn badge(before: &[u8]) -> bool {
    let address = before.rsplit(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'(' | b'<')).next();
    let find = |needle: &[u8]| address.is_some_and(|address| memchr::memmem::find(address, needle).is_some());
    find(b"img.shields.io/") || find(b"badge.svg?") || find(b"badge.png?")
}

/// Whether the value is a path, as the variable of a shell's working directory holds one.
pub(crate) fn path(value: &[u8]) -> bool {
    matches!(value, [b'/' | b'~', ..] | [b'.', b'/', ..] | [_, b':', b'\\' | b'/', ..])
}

/// Whether the value is the hash of a password or a digest, in a form that tells so: it opens nothing.
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
        "sha256-",
        "sha256=",
        "sha384-",
        "sha512-",
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

/// Whether the value is a name and a query: letters and digits, parted by one `?`, which no alphabet of tokens has.
/// Where passwords with signs are made, one of twenty characters has more than one.
pub(crate) fn queried(value: &[u8]) -> bool {
    let marks = value.iter().filter(|&&b| b == b'?').count();
    marks == 1
        && value.len() >= 16
        && value
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'?' | b'-' | b'_' | b'.' | b'=' | b'&' | b'/'))
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
        assert!(hashed(b"$2a$10$abc") && hashed(b"sha512-9f86d0+/==") && !hashed(b"$8fk2x!"));
        assert!(qualified(b"s:netrw_hup[host].passwd") && qualified(b"xsd:QName") && !qualified(b"admin:qz8vkwtbf"));
        assert!(identifier(b"#d8dee9", b"Token") && !identifier(b"#d8dee9q", b"Token"));
        assert!(identifier(b"464/tcp", b"kpasswd") && identifier(b"@11.19.1", b"token"));
        assert!(public_key(b"MCowBQYDK2VwAyEA") && !public_key(b"MC4CAQAwBQYDK2Vw"));
        assert!(queried(b"Rk7mQ2vN9xW4pT8cZ1?v=2") && !queried(b"Rk7?Q2!N9xW4pT8cZ1?v") && !queried(b"Rk7mQ2?N9xW"));
        assert!(reference(b"&lt;token&gt;") && path(b"/srv/a1") && !path(b"qzvkwtbf"));
        assert!(badge(b"![c](https://img.shields.io/codecov/c/gh/a/b?style=flat&") && !badge(b"https://acme.io/?"));
        assert!(repeats(b"_RING_PASS_", b"CLUSTER_RING_PASS") && !repeats(b"qzvkwtbf", b"password"));
        assert_eq!(encoded(b"b3VyLXdvcmQ=").as_deref(), Some(b"our-word".as_slice()));
        assert_eq!(longest_field(br#"{"a": "bc", "sig": "9f86d081884c"}"#), Some(b"9f86d081884c".as_slice()));
    }
}
