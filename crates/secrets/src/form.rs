//! Forms of values that say what they are: references, hashes, numbers, UUIDs, data in quotes.
//! Not here: whether a value is random or made up (`judge.rs`).

use crate::structure;

/// Whether the value names something else: a path, an address, a piece of code, a form that is filled in.
pub(crate) fn reference(value: &[u8]) -> bool {
    let find = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    let name = |text: &[u8]| !text.is_empty() && text.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    let word = |text: &[u8]| text.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_');
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
        // The next argument of a call, where a quote was taken for its end.
        || value.starts_with(b", ")
        // A name in the markup of a module's description: `V({key`.
        || matches!(value, [b'A'..=b'Z', b'(', b'{', ..])
        || filled(value)
        // A placeholder in angle brackets, as HTML writes it.
        || [b"&lt".as_slice(), b"&#60", b"&#x3c", b"&#x3C"].iter().any(|start| value.starts_with(start))
        || matches!(value.last(), Some(b'(' | b'{' | b'[' | b','))
        || [b"./".as_slice(), b"../", b"~/", b"@/"].iter().any(|start| value.starts_with(start))
        || value.strip_prefix(b"$").is_some_and(name)
        // A macro of Icinga: `$snmpv3_key$`.
        || value.len() > 4 && value.strip_prefix(b"$").and_then(|rest| rest.strip_suffix(b"$")).is_some_and(word)
        || encoding(value)
        || file(value)
        || variable(value)
        || value.len() <= 8 && value.starts_with(b"%") && value.last().is_some_and(u8::is_ascii_alphabetic)
}

/// Whether the value is a piece of an address or a format that is filled in: `v2/users/{id}`, `key={}`.
fn filled(value: &[u8]) -> bool {
    memchr::memchr_iter(b'{', value).any(|open| {
        let Some(close) = memchr::memchr(b'}', &value[open..]) else { return false };
        let name = &value[open + 1..open + close];
        let apart = open == 0 || matches!(value[open - 1], b'/' | b'=' | b':');
        apart && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
    })
}

/// Whether the value names how text is written as bytes: `password.encode("utf-8")`.
fn encoding(value: &[u8]) -> bool {
    const NAMES: &[&str] = &["utf8", "utf16", "utf16le", "utf16be", "utf32", "latin1", "ascii", "iso88591", "cp1252"];
    let plain: Vec<u8> =
        value.iter().filter(|b| !matches!(b, b'-' | b'_')).map(u8::to_ascii_lowercase).take(10).collect();
    NAMES.iter().any(|name| name.as_bytes() == plain)
}

/// Endings of files that a value in a program or a file of settings may name.
const FILES: &[&str] = &[
    "cfg", "conf", "crt", "css", "csv", "el", "go", "gz", "html", "img", "ini", "iso", "jar", "java", "jpg", "js",
    "json", "key", "log", "md", "pdf", "pem", "php", "png", "py", "raw", "rb", "rs", "sh", "sock", "svg", "tar", "tf",
    "tgz", "tpl", "ts", "txt", "vmdk", "xml", "yaml", "yml", "zip",
];

/// Whether the value names a file: letters and signs, or a path, and the ending of a file.
fn file(value: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', value).filter(|&dot| dot >= 3) else { return false };
    let (stem, ending) = (&value[..dot], &value[dot + 1..]);
    let inside = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/');
    FILES.iter().any(|known| known.as_bytes() == ending)
        && stem.iter().all(inside)
        && (stem.contains(&b'/') || !stem.iter().any(u8::is_ascii_digit))
}

/// Last words of the names of variables in an environment.
const VARIABLES: &[&str] = &[
    "AUTH",
    "BASE",
    "CREDENTIALS",
    "FILE",
    "HOST",
    "ID",
    "KEY",
    "NAME",
    "PASS",
    "PASSPHRASE",
    "PASSWORD",
    "PATH",
    "PWD",
    "SECRET",
    "TOKEN",
    "URL",
    "USER",
    "USERNAME",
];

/// Whether the value is the name of a variable: `get_env("ACME_API_KEY")`.
fn variable(value: &[u8]) -> bool {
    let named = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let last = value.rsplit(|&b| b == b'_').next().unwrap_or_default();
    last.len() < value.len() && value.iter().all(named) && VARIABLES.iter().any(|known| known.as_bytes() == last)
}

/// Whether the unquoted value is a piece of a program: `e.tokens[t]`, `null==x?a`.
pub(crate) fn code(value: &[u8]) -> bool {
    let bare = value.iter().rposition(|&b| b != b'=').map_or(value, |last| &value[..=last]);
    let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.');
    let indexed = || {
        let (head, index) = value.strip_suffix(b"]")?.split_at(memchr::memchr(b'[', value)?);
        Some(!head.is_empty() && !head[0].is_ascii_digit() && head.iter().chain(&index[1..]).all(word))
    };
    memchr::memmem::find(bare, b"==").is_some() || indexed().unwrap_or(false)
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
    let indexed = [b"[]".as_slice(), b"[0]", b"[-1]", b"[++", b"[0-9", b"[A-Z", b"[a-z", b"\\d", b"\\w"]
        .iter()
        .any(|part| find(part));
    // A host of four numbers, with a port or not; the six pairs of a network card.
    let host = value.split(|&b| b == b':').next().unwrap_or_default();
    let numbers =
        host.split(|&b| b == b'.').count() == 4 && host.split(|&b| b == b'.').all(|n| n.len() <= 3 && digits(n));
    let card = value.len() == 17
        && value.split(|b| matches!(b, b':' | b'-')).count() == 6
        && value
            .split(|b| matches!(b, b':' | b'-'))
            .all(|pair| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit));
    // `com.acme.api.account.…`: a name that a domain's owner gives.
    let domain = [b"com.".as_slice(), b"org.", b"io.", b"net."].iter().any(|start| value.starts_with(start))
        && value.iter().filter(|&&b| b == b'.').count() >= 3;
    // `20/m/ip`: how often something may be done.
    let mut parts = value.split(|&b| b == b'/');
    let rate = parts.next().is_some_and(|count| count.len() <= 4 && digits(count))
        && parts.next().is_some_and(|unit| matches!(unit, b"s" | b"m" | b"h" | b"d"));
    let rooted =
        [b"/run/".as_slice(), b"/var/", b"/etc/", b"/usr/", b"/home/", b"/tmp/", b"/opt/", b"/proc/", b"/srv/"]
            .iter()
            .any(|start| value.starts_with(start));
    let port = value.strip_suffix(b"/tcp").or(value.strip_suffix(b"/udp")).is_some_and(digits);
    let date = value.len() >= 19 && value[4] == b'-' && value[7] == b'-' && value[10] == b'T' && digits(&value[..4]);
    let stroke = [b"ctrl-".as_slice(), b"cmd-", b"alt-", b"shift-", b"mod-"]
        .iter()
        .any(|start| value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)));
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
        || numbers
        || card
        || domain
        || rate
        || rooted
        || value.starts_with(b".*")
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

/// Whether the name stands in an address that anybody may have: a badge in a readme, the link of a stored file.
pub(crate) fn shared(before: &[u8]) -> bool {
    let address = before.rsplit(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'(' | b'<')).next();
    let find = |needle: &[u8]| address.is_some_and(|address| memchr::memmem::find(address, needle).is_some());
    find(b"img.shields.io/")
        || find(b"badge.svg?")
        || find(b"badge.png?")
        || find(b"firebasestorage.googleapis.com/")
        || find(b"firebasestorage.app/")
}

/// Whether the value is a path, as the variable of a shell's working directory holds one.
pub(crate) fn path(value: &[u8]) -> bool {
    matches!(value, [b'/' | b'~', ..] | [b'.', b'/', ..] | [_, b':', b'\\' | b'/', ..])
}

/// Whether the value is the hash of a password or a digest, or what a password encrypted, in a form that tells so: it
/// opens nothing.
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
        // The base64 of `Salted__`, with which the output of `openssl enc` begins.
        "U2FsdGVkX1",
    ];
    // MySQL's: the double SHA-1 of the password.
    let mysql = value.len() == 41 && value[0] == b'*' && value[1..].iter().all(u8::is_ascii_hexdigit);
    mysql || STARTS.iter().any(|start| value.starts_with(start.as_bytes()))
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

/// Whether the value only says its name again: `_RING_PASS_`, `dbPassword`, also with a short word or the name of a
/// place before it, as in `getPassword` and `ec2:GetPasswordData`.
pub(crate) fn repeats(value: &[u8], name: &[u8]) -> bool {
    let fold = |text: &[u8]| {
        text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect::<Vec<u8>>()
    };
    let last = |text: &[u8]| fold(text.rsplit(|&b| matches!(b, b':' | b'.')).next().unwrap_or(text));
    let (folded, name) = (fold(value), fold(name));
    let added = folded.strip_suffix(name.as_slice());
    let short =
        || name.len() >= 6 && added.is_some_and(|rest| rest.len() <= 4 && rest.iter().all(u8::is_ascii_alphabetic));
    folded.len() >= 4 && memchr::memmem::find(&name, &folded).is_some()
        || name.len() >= 6 && last(value) == name
        || short()
}

/// Longest name that is asked for; what is longer may be the secret that is asked about.
const ASKED: usize = 20;

/// Whether the name is that of a call which asks for what its argument names: `getCredentials("acme")`, not
/// `getUserByToken("…")`.
pub(crate) fn asks(name: &[u8], value: &[u8]) -> bool {
    const VERBS: &[&str] = &["get", "find", "fetch", "lookup", "load", "read", "list", "resolve"];
    let by = [b"By".as_slice(), b"_by_", b"With", b"_with_", b"From", b"_from_"];
    if value.len() >= ASKED || by.iter().any(|word| memchr::memmem::find(name, word).is_some()) {
        return false;
    }
    VERBS.iter().any(|verb| {
        let head = name.get(..verb.len()).is_some_and(|head| head.eq_ignore_ascii_case(verb.as_bytes()));
        let next = name.get(verb.len());
        head && next.is_some_and(|b| *b == b'_' || b.is_ascii_uppercase() && name[verb.len() - 1].is_ascii_lowercase())
    })
}

/// Whether what stands before the value tells that it is an example: the key of an API's description.
pub(crate) fn exemplified(before: &[u8]) -> bool {
    let skip = |text: &[u8], signs: &[u8]| {
        text.iter().rposition(|b| !b.is_ascii_whitespace() && !signs.contains(b)).map_or(0, |last| last + 1)
    };
    let Some(tied) = before[..skip(before, b"\"'-")].strip_suffix(b":") else { return false };
    let key = &tied[..skip(tied, b"\"'")];
    let start = key.iter().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |last| last + 1);
    matches!(&key[start..], b"example" | b"examples" | b"sample" | b"placeholder")
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
        assert!(shared(b"![c](https://img.shields.io/codecov/c/gh/a/b?style=flat&") && !shared(b"https://acme.io/?"));
        for value in ["UTF-8", "latin1", "v2/users/{id}", "x/i18n.py", "auth-pass.el", "ACME_API_KEY", "$snmp_key$"] {
            assert!(reference(value.as_bytes()), "{value}");
        }
        for value in ["]35d/{pB9Fo9wJ", "a{b}c9", "utf8Kq7z", "Kq7zvx2.py", "ACME_K7ZV", "$snmp$key9", "AKEY7ZVQ"] {
            assert!(!reference(value.as_bytes()), "{value}");
        }
        for value in [
            "127.0.0.1:9000",
            "7a:8c:f9:1f:e5:cb",
            "com.acme.api.x9f86",
            "/run/x/9f",
            "20/m/ip",
            "spec/[0]/a",
            "ctrl-p",
        ] {
            assert!(identifier(value.as_bytes(), b"key"), "{value}");
        }
        assert!(code(b"e.tokens[t]") && code(b"null==i.key?a") && !code(b"qz8vkwtbf[x") && !code(b"a1b2c3=="));
        assert!(repeats(b"ec2:GetPasswordData", b"GetPasswordData") && repeats(b"getPassword", b"password"));
        assert!(!repeats(b"password1", b"password") && !repeats(b"qzvkwpassword", b"password"));
        assert!(asks(b"getCredentials", b"acme") && asks(b"find_secret", b"acme") && !asks(b"getter_token", b"acme"));
        assert!(!asks(b"getUserByToken", b"acme") && !asks(b"setPassword", b"acme") && !asks(b"getToken", &[b'a'; 32]));
        assert!(exemplified(b"\n  example: ") && exemplified(b"{\"example\": \"") && !exemplified(b"\n  password: "));
        assert!(repeats(b"_RING_PASS_", b"CLUSTER_RING_PASS") && !repeats(b"qzvkwtbf", b"password"));
        assert_eq!(encoded(b"b3VyLXdvcmQ=").as_deref(), Some(b"our-word".as_slice()));
        assert_eq!(longest_field(br#"{"a": "bc", "sig": "9f86d081884c"}"#), Some(b"9f86d081884c".as_slice()));
    }
}
