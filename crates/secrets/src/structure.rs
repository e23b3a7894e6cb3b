//! What a token says of itself when it is parsed: the account in an AWS key id, the claims of a JWT, the kind of a
//! private key. Evidence only; nothing here decides alone whether something is reported.

mod key_file;
mod service_account;

use std::ops::Range;

use keylint_diagnostics::{Confidence, Evidence, EvidenceKind};

use crate::judge;
use key_file::KeyFile;

/// A structure by its name in rule files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Structure {
    AwsAccessKeyId,
    /// The signature of an Azure SAS; what it signs stands before it.
    AzureSas,
    /// `user:password` in base64.
    BasicAuthorization,
    /// The private key in the JSON file of a Google service account.
    GcpServiceAccount,
    Jwt,
    /// A password that a place tells, such as the one in a URL.
    Password,
    PrivateKey,
}

/// What parsing gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) evidence: Vec<Evidence>,
    /// Raises or lowers the confidence to this; `None` leaves it.
    pub(crate) confidence: Option<Confidence>,
    /// The thing is known not to be a secret.
    pub(crate) harmless: bool,
    /// The thing is not what its shape says.
    pub(crate) rejected: bool,
}

/// Names in rule files.
const NAMES: &[(&str, Structure)] = &[
    ("aws-access-key-id", Structure::AwsAccessKeyId),
    ("azure-sas", Structure::AzureSas),
    ("basic-authorization", Structure::BasicAuthorization),
    ("gcp-service-account", Structure::GcpServiceAccount),
    ("jwt", Structure::Jwt),
    ("password", Structure::Password),
    ("private-key", Structure::PrivateKey),
];

impl Structure {
    pub(crate) fn named(name: &str) -> Option<Structure> {
        NAMES.iter().find(|(known, _)| *known == name).map(|&(_, structure)| structure)
    }

    /// Parses `secret`, which stands at `span` of `text`; `today` is `YYYY-MM-DD`.
    pub(crate) fn parse(self, secret: &[u8], text: &[u8], span: Range<usize>, today: Option<&str>) -> Parsed {
        match self {
            Structure::AwsAccessKeyId => aws_access_key_id(secret),
            Structure::AzureSas => azure_sas(&text[..span.start], today),
            Structure::BasicAuthorization => basic_authorization(secret),
            Structure::Password => password_at(text, span),
            Structure::Jwt => jwt(secret, today).unwrap_or_default(),
            Structure::GcpServiceAccount => {
                let parsed = private_key(secret, text, span.clone());
                Parsed { evidence: [service_account::fields(text, span), parsed.evidence].concat(), ..parsed }
            }
            Structure::PrivateKey => private_key(secret, text, span),
        }
    }
}

fn fact(kind: EvidenceKind, text: impl Into<String>) -> Evidence {
    Evidence { kind, text: text.into() }
}

/// Accounts whose keys are bait, published by their makers: using such a key raises an alarm at its owner.
const CANARY_ACCOUNTS: &[(u64, &str)] = &[
    (534_261_010_715, "canarytokens.org"),
    (717_712_589_309, "canarytokens.org"),
    (266_735_846_894, "canarytokens.org"),
    (819_147_034_852, "canarytokens.org"),
    (992_382_622_183, "canarytokens.org"),
    (730_335_385_048, "canarytokens.org"),
    (893_192_397_702, "canarytokens.org"),
];

/// The account of AWS's own documentation samples.
const DOCUMENTATION_ACCOUNT: u64 = 581_039_954_779;

/// Key ids are base32; since 2019 they hold the account number in 40 of the first 48 bits.
fn aws_access_key_id(secret: &[u8]) -> Parsed {
    let Some(body) = secret.get(4..20) else { return Parsed::default() };
    if !body.iter().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7')) {
        let text = "not in the base32 alphabet that AWS issues";
        return Parsed {
            evidence: vec![fact(EvidenceKind::Structure, text)],
            confidence: Some(Confidence::Medium),
            ..Parsed::default()
        };
    }
    // Keys whose fifth letter is I or J are older and hold no account.
    if matches!(body[0], b'I' | b'J') {
        return Parsed::default();
    }
    let digit = |b: u8| u64::from(if b.is_ascii_uppercase() { b - b'A' } else { b - b'2' + 26 });
    let bits = body[..10].iter().fold(0, |value, &b| value << 5 | digit(b)) >> 2;
    let account = (bits & 0x7fff_ffff_ff80) >> 7;
    let mut evidence = vec![fact(EvidenceKind::Account, format!("AWS account {account:012}"))];
    if let Some((_, owner)) = CANARY_ACCOUNTS.iter().find(|(canary, _)| *canary == account) {
        evidence.push(fact(EvidenceKind::Account, format!("a canary of {owner}: using it raises an alarm")));
    }
    if account == DOCUMENTATION_ACCOUNT {
        evidence.push(fact(EvidenceKind::Placeholder, "a key of the AWS documentation"));
        return Parsed { evidence, confidence: Some(Confidence::Low), harmless: true, rejected: false };
    }
    Parsed { evidence, harmless: account > 999_999_999_999, ..Parsed::default() }
}

/// A signature of fewer characters than this is none.
const SIGNATURE: usize = 22;

/// Header and claims; the signature cannot be checked without the key.
fn jwt(secret: &[u8], today: Option<&str>) -> Option<Parsed> {
    let mut parts = secret.split(|&b| b == b'.');
    let header = base64url(parts.next()?)?;
    let claims = base64url(parts.next()?)?;
    let mut parsed = Parsed::default();
    let Some(algorithm) = text_field(&header, "alg") else {
        let text = "its header is no JWT header";
        return Some(Parsed {
            evidence: vec![fact(EvidenceKind::Structure, text)],
            confidence: Some(Confidence::Medium),
            ..Parsed::default()
        });
    };
    // The shortest algorithm signs with 32 bytes; what is shorter than half of it was typed: `….signature`.
    let signature = parts.next().unwrap_or_default();
    if signature.len() < SIGNATURE && judge::wordy(signature) {
        return Some(Parsed { rejected: true, ..Parsed::default() });
    }
    if algorithm.len() <= 10 && algorithm.bytes().all(|b| b.is_ascii_alphanumeric()) {
        parsed.evidence.push(fact(EvidenceKind::Structure, format!("JWT signed with {algorithm}")));
    }
    // The token that jwt.io shows, and every tutorial after it.
    if text_field(&claims, "name").as_deref() == Some("John Doe")
        && text_field(&claims, "sub").as_deref() == Some("1234567890")
    {
        parsed.evidence.push(fact(EvidenceKind::Placeholder, "the sample token of jwt.io"));
        parsed.harmless = true;
    }
    if let Some(expires) = number_field(&claims, "exp") {
        let told = expiry(&date(expires), today);
        parsed.evidence.extend(told.evidence);
        parsed.confidence = told.confidence;
    }
    if !may_be_signed(&algorithm, signature) {
        let text = format!("its signature is none that {algorithm} makes: cut, or made up");
        parsed.evidence.push(fact(EvidenceKind::Structure, text));
        parsed.confidence = Some(Confidence::Low);
    }
    Some(parsed)
}

/// How many bytes a signature has (RFC 7518, 3.1; RFC 8037, 3.1). Those of RSA are as long as the key.
const SIGNATURES: &[(&str, usize)] =
    &[("HS256", 32), ("HS384", 48), ("HS512", 64), ("ES256", 64), ("ES384", 96), ("ES512", 132), ("EdDSA", 64)];

/// Whether `signature` may be one of `algorithm`: of its length, and without a bit set behind its last byte.
fn may_be_signed(algorithm: &str, signature: &[u8]) -> bool {
    let Some(&(_, bytes)) = SIGNATURES.iter().find(|(known, _)| *known == algorithm) else { return true };
    let last = signature.last().and_then(|&digit| base64url(&[b'A', b'A', b'A', digit]));
    let spare = [0, 0b1111, 0b11][bytes % 3];
    signature.len() == (bytes * 4).div_ceil(3) && last.is_some_and(|bytes| bytes[2] & spare == 0)
}

/// A user and a password, or a user alone; words after `Basic` decode to neither.
fn basic_authorization(secret: &[u8]) -> Parsed {
    // Of four characters, none stands alone.
    if secret.len() % 4 == 1 {
        return Parsed { rejected: true, ..Parsed::default() };
    }
    let decoded = base64url(secret).unwrap_or_default();
    let printable = |b: &u8| !b.is_ascii_control();
    let Some(colon) = memchr::memchr(b':', &decoded).filter(|_| decoded.iter().all(printable)) else {
        // Letters alone are a word of a sentence; with digits or padding it was meant as base64.
        let letters = secret.iter().all(u8::is_ascii_alphabetic) || judge::wordy(secret);
        let text = "does not decode to a user and a password";
        return Parsed {
            evidence: vec![fact(EvidenceKind::Structure, text)],
            confidence: Some(Confidence::Medium),
            rejected: letters,
            ..Parsed::default()
        };
    };
    let (user, chosen) = (&decoded[..colon], &decoded[colon + 1..]);
    let told = fact(EvidenceKind::Structure, "decodes to a user and a password");
    // A client without a secret, which anybody may name.
    if chosen.is_empty() && judge::wordy(user) {
        let none = fact(EvidenceKind::Structure, "a user of words and no password");
        return Parsed { evidence: vec![told, none], confidence: Some(Confidence::Low), ..Parsed::default() };
    }
    // An API key often stands for the user, with no password or a fixed word.
    let parsed = password(if chosen.len() < 4 || user.len() > 20 { user } else { chosen });
    Parsed { evidence: [vec![told], parsed.evidence].concat(), rejected: false, ..parsed }
}

/// How far before the signature of a SAS its fields stand.
const SAS: usize = 1024;

/// When the signature stops to count: the field `se` before it.
fn azure_sas(before: &[u8], today: Option<&str>) -> Parsed {
    let near = &before[before.len().saturating_sub(SAS)..];
    let query = near.rsplit(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<')).next().unwrap_or(near);
    let day =
        query.split(|b| matches!(b, b'&' | b'?' | b';')).rev().find_map(|field| field.strip_prefix(b"se=")?.get(..10));
    let dated = |day: &&[u8]| {
        day.iter().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() })
    };
    match day.filter(dated).and_then(|day| std::str::from_utf8(day).ok()) {
        Some(day) => expiry(day, today),
        None => Parsed::default(),
    }
}

/// What a day of expiry says.
fn expiry(day: &str, today: Option<&str>) -> Parsed {
    let expired = today.is_some_and(|today| day < today);
    let text = format!("{} {day}", if expired { "expired" } else { "expires" });
    let confidence = expired.then_some(Confidence::Low);
    Parsed { evidence: vec![fact(EvidenceKind::Expiry, text)], confidence, ..Parsed::default() }
}

/// Names of hosts that stand in documents only (RFC 2606): nobody has an account there.
const DOCUMENTATION_HOSTS: &[&str] = &["example.com", "example.org", "example.net"];
/// How much of a URL or a connection string around a password is searched for its host.
const ADDRESS: usize = 256;

/// Whether the host that the password at `span` belongs to is one of documentation: the one behind it, as in a URL, or
/// one before it in the same string, as in `Host=db.example.com;Password=…` and `//db.example.com/?password=…`.
pub(crate) fn documented(text: &[u8], span: Range<usize>) -> bool {
    let ends = |b: &u8| matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\n');
    let host = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let after = text[span.end..].strip_prefix(b"@").unwrap_or_default();
    let after = &after[..after.iter().take(ADDRESS).take_while(|b| host(b)).count()];
    let before = &text[span.start.saturating_sub(ADDRESS)..span.start];
    // The password may have quotes of its own in the string.
    let opened = before.split_last().filter(|(last, _)| ends(last)).map_or(before, |(_, rest)| rest);
    let before = opened.rsplit(ends).next().unwrap_or(opened);
    let named = |host: &[u8], known: &str| {
        host.strip_suffix(known.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."))
    };
    DOCUMENTATION_HOSTS.iter().any(|known| {
        named(after, known)
            || memchr::memmem::find_iter(before, known.as_bytes()).any(|at| {
                let end = at + known.len();
                let start = at - before[..at].iter().rev().take_while(|b| host(b)).count();
                // `user@example.com` is the name of somebody.
                let tied = start.checked_sub(1).is_some_and(|tie| matches!(before[tie], b'=' | b'/'));
                tied && !before.get(end).is_some_and(host) && named(&before[start..end], known)
            })
    })
}

/// What is said where a password is `documented`.
pub(crate) const DOCUMENTED: &str = "its host is one of documentation";

/// The account that Oracle shipped for samples, and that documents of databases have shown since.
const SAMPLE_ACCOUNT: (&[u8], &[u8]) = (b"scott:", b"tiger");

/// How the password at `span` reads, without percent encoding, and whether its host can be one at all.
fn password_at(text: &[u8], span: Range<usize>) -> Parsed {
    if text[..span.start].ends_with(SAMPLE_ACCOUNT.0) && text[span.clone()] == *SAMPLE_ACCOUNT.1 {
        let evidence = vec![fact(EvidenceKind::Placeholder, "the sample account of databases")];
        return Parsed { evidence, confidence: Some(Confidence::Low), ..Parsed::default() };
    }
    let parsed = password(&percent(&text[span.clone()]));
    if !documented(text, span) {
        return parsed;
    }
    let evidence = [parsed.evidence, vec![fact(EvidenceKind::Context, DOCUMENTED)]].concat();
    Parsed { evidence, confidence: Some(Confidence::Low), ..parsed }
}

/// `text` with its percent escapes taken off.
fn percent(text: &[u8]) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let escaped = match after {
            [high, low, ..] if first == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        out.push(escaped.map_or(first, |(high, low)| high << 4 | low));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    out
}

/// How a password reads: random, of words, or one of a sample.
fn password(secret: &[u8]) -> Parsed {
    let (confidence, text) = match judge::strength(secret) {
        judge::Strength::Random => (None, "random characters"),
        judge::Strength::Words => (Some(Confidence::Medium), "made of words: weak, or made up"),
        judge::Strength::Sample => (Some(Confidence::Low), "a word of samples"),
    };
    Parsed { evidence: vec![fact(EvidenceKind::Randomness, text)], confidence, ..Parsed::default() }
}

/// The kind of key, whether a password protects it, and whether its public half stands beside it.
fn private_key(secret: &[u8], text: &[u8], span: Range<usize>) -> Parsed {
    let has = |needle: &str| memchr::memmem::find(secret, needle.as_bytes()).is_some();
    let file = KeyFile::read(secret);
    let marked = || has("ENCRYPTED") || has("Encryption: aes");
    let encrypted = file.encrypted.unwrap_or_else(marked);
    let told = if encrypted { "encrypted with a password" } else { "not encrypted" };
    let mut evidence = file.evidence();
    if file.damage.is_none() {
        evidence.push(fact(EvidenceKind::Structure, told));
    }
    let beside = file.beside(text, span);
    let confidence = match (encrypted, file.damage, &beside) {
        (true, ..) => Some(Confidence::Low),
        (false, Some(_), _) => Some(Confidence::Medium),
        // Both halves of a pair do not come together by chance.
        (false, None, Some(_)) => Some(Confidence::Certain),
        (false, None, None) => None,
    };
    evidence.extend(beside);
    Parsed { evidence, confidence, ..Parsed::default() }
}

/// What in `text` is the public half of the private key `key`, as words: `public key`, `certificate`.
pub fn public_half(key: &[u8], text: &[u8]) -> Option<&'static str> {
    KeyFile::read(key).public_half(text)
}

/// Decodes unpadded base64url.
pub(crate) fn base64url(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for &byte in text.iter().filter(|&&b| b != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

/// What follows `"name":` in flat JSON.
fn field<'a>(json: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let quoted = format!("\"{name}\"");
    let at = memchr::memmem::find(json, quoted.as_bytes())? + quoted.len();
    let rest = json[at..].trim_ascii_start().strip_prefix(b":")?;
    Some(rest.trim_ascii_start())
}

fn text_field(json: &[u8], name: &str) -> Option<String> {
    let rest = field(json, name)?.strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', rest)?;
    std::str::from_utf8(&rest[..end]).ok().map(str::to_string)
}

fn number_field(json: &[u8], name: &str) -> Option<u64> {
    let rest = field(json, name)?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// The UTC day of a Unix time, as `YYYY-MM-DD` (Howard Hinnant's days-to-civil algorithm).
fn date(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sas_expires() {
        let check = |before: &str, want: Option<Confidence>| {
            assert_eq!(azure_sas(before.as_bytes(), Some("2026-01-01")).confidence, want, "{before}");
        };
        check("https://x.example/c?se=2023-12-20T22:54:52Z&sv=2021-06-08&sig=", Some(Confidence::Low));
        check("?st=2020-01-01&amp;se=2023-12-20T22:54:52Z&amp;sv=2021-06-08&amp;sig=", Some(Confidence::Low));
        check("?se=2027-12-20T22:54:52Z&sig=", None);
        check("?se=2023-12-20 &sig=", None);
    }

    #[test]
    fn a_signature_has_the_length_of_its_algorithm() {
        let check = |algorithm: &str, length: usize, last: &str, want: bool| {
            let signature = format!("{}{last}", "q".repeat(length - 1));
            assert_eq!(may_be_signed(algorithm, signature.as_bytes()), want, "{algorithm} {length} {last}");
        };
        check("HS256", 43, "w", true);
        check("HS256", 43, "F", false);
        check("HS256", 40, "w", false);
        check("HS512", 86, "Q", true);
        check("ES256", 86, "w", true);
        check("EdDSA", 86, "8", false);
        check("ES384", 128, "F", true);
        check("RS256", 300, "F", true);
    }

    #[test]
    fn the_password_of_a_url_is_judged_decoded() {
        let check = |before: &str, secret: &str, after: &str, want: Option<Confidence>| {
            let text = format!("{before}{secret}{after}");
            let parsed = password_at(text.as_bytes(), before.len()..before.len() + secret.len());
            assert_eq!(parsed.confidence, want, "{text}");
        };
        check("a://b:", "%2F%40", "@foo/", Some(Confidence::Low));
        check("a://b:", "qzvkwtbf9", "@db.acme.io/x", None);
        check("a://scott:", "tiger", "@db.acme.io/x", Some(Confidence::Low));
        check("a://b:", "dragonfly", "@db.acme.io/x", Some(Confidence::Medium));
        for (before, after) in [
            ("a://b:", "@db.example.com/x"),
            ("a://b:", "@example.org"),
            ("Host=db.example.com;Password=", ";"),
            ("//db.example.net:22/?password=", ""),
            ("Host=db.example.com;Password='", "';"),
        ] {
            check(before, "qzvkwtbf9", after, Some(Confidence::Low));
        }
        for (before, after) in [
            ("a://b:", "@notexample.com/x"),
            ("Host=example.com.acme.io;Password=", ""),
            ("user=me@example.com;password=", ""),
            ("'//example.com' password=", ""),
        ] {
            check(before, "qzvkwtbf9", after, None);
        }
    }

    #[test]
    fn dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(951_782_400), "2000-02-29");
        assert_eq!(date(1_700_000_000), "2023-11-14");
    }

    #[test]
    fn an_aws_key_id_names_its_account() {
        // The account is packed the other way round here, so that no key id stands in the source.
        let account = 123_456_789_012u64;
        let bits = account << 7 << 2 | 1 << 49;
        let digit = |value: u64| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[value as usize];
        let mut id = b"AKIA".to_vec();
        id.extend((0..10).map(|i| digit(bits >> (45 - 5 * i) & 31)));
        id.extend_from_slice(b"ABCDEF");
        let parsed = aws_access_key_id(&id);
        assert_eq!(parsed.evidence[0].text, "AWS account 123456789012");
    }
}
