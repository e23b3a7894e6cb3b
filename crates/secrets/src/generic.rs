//! Values bound to names that speak of a secret (`DB_PASSWORD`, `apiToken`): is the value one?
//! Not here: how a binding is read (`keylint-syntax`), what a name promises (`claim.rs`), or names of providers (`named.rs`).

use keylint_diagnostics::{Confidence, Evidence, EvidenceKind};
use keylint_syntax::{Binding, FileKind, Operator, Place, Quoting, ValueKind, decode};

pub(crate) use crate::claim::Promise;
use crate::{
    claim::{self, Claim, Clarity},
    form,
    judge::{self, Fake, Strength},
    model, structure,
};

/// Bits of surprise from which a token is random. Words and identifiers have few or less than none, a random token of
/// twenty characters has sixty or more; a name that promises less asks for more.
const RANDOM_TOKEN: i32 = 12;
const RANDOM_VAGUE: i32 = 24;
/// From here a vague name does not matter.
const RANDOM_BEYOND_DOUBT: i32 = 80;
/// Longest token: the base64 of an RSA-4096 key and its certificate.
const LONGEST_TOKEN: usize = 4096;

/// What was made of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) promise: Promise,
    pub(crate) confidence: Confidence,
    pub(crate) evidence: Vec<Evidence>,
    /// Whether a dictionary would find the value, so that it must not be identified by its hash.
    pub(crate) weak: bool,
}

/// How much is seen of what stands before a name.
const BEFORE: usize = 16;

fn before(text: &[u8], name: usize) -> &[u8] {
    let line = &text[name.saturating_sub(BEFORE)..name];
    line.rsplit(|&b| b == b'\n').next().unwrap_or(line)
}

/// Whether the text says what the name stands for, and gives it no value: a parameter in the comment of a function, a
/// directive of a grammar, the label of a block, the file of Unix that holds no password any more.
fn described(binding: &Binding, text: &[u8], kind: FileKind) -> bool {
    let before = before(text, binding.name.range().start);
    let bare = binding.quoting == Quoting::None;
    let behind = &text[binding.value.span.range().end.min(text.len())..];
    let after = behind.trim_ascii_start();
    let parted = text[..binding.value.span.range().start].last() == Some(&b' ');
    let named = |value: &[u8]| value.strip_suffix(b"=").is_some_and(|name| name.iter().all(u8::is_ascii_alphabetic));
    // `@key: what it is for`
    bare && binding.comment && before.ends_with(b"@")
        // `%token NAME`
        || bare && before.ends_with(b"%")
        // `power_keys: gpio1 {`
        || bare && binding.operator == Operator::Colon && after.first() == Some(&b'{')
        || before.ends_with(b"/etc/")
        // `user= password= version=`: the next name of a list
        || bare && parted && named(binding.value.bytes(text))
        // `PASS: what was tested`
        || bare && binding.operator == Operator::Colon && !settings(kind) && binding.name.of(text) == b"PASS"
        // `message(CHECK_PASS "found")` of CMake
        || binding.operator == Operator::Space && binding.name.of(text) == b"CHECK_PASS"
        // `# pass: the sentence of a test`
        || bare && binding.comment && binding.operator == Operator::Colon && binding.name.of(text) == b"pass" && prose(behind)
        // `"failed to set password: QEMU agent unresponsive"`
        || bare && abbreviation(binding.value.bytes(text)) && prose(behind)
        // `<key>Name</key> <string>`, where a property list names what comes next
        || names_next(binding, text, behind)
        // `password = oldPassword;`, a line of a program that was taken out
        || bare && binding.comment && matches!(kind, FileKind::Code(_)) && after.first() == Some(&b';')
}

/// Whether a sentence goes on here: a blank and a word of small letters.
fn prose(behind: &[u8]) -> bool {
    let word = behind.strip_prefix(b" ").unwrap_or_default();
    let letters = word.iter().take_while(|b| b.is_ascii_lowercase()).count();
    letters >= 2 && word.get(letters).is_none_or(|b| matches!(b, b' ' | b'\n' | b',' | b'.'))
}

/// Whether a word is a name of few capitals.
fn abbreviation(word: &[u8]) -> bool {
    word.len() <= 6 && word.iter().all(u8::is_ascii_uppercase)
}

/// Elements of a property list that hold the value of the key before them.
const HELD: &[&str] = &["<string", "<integer", "<real", "<true", "<false", "<date", "<data", "<dict", "<array"];

fn names_next(binding: &Binding, text: &[u8], behind: &[u8]) -> bool {
    let next = behind.strip_prefix(b"</key>").map(<[u8]>::trim_ascii_start);
    binding.name.of(text) == b"key"
        && next.is_some_and(|next| HELD.iter().any(|element| next.starts_with(element.as_bytes())))
}

/// How much is seen of the address before a parameter, and of the ARN before the kind of its resource.
const ADDRESS: usize = 200;

/// Objects of a program: `self.password` says no more of the password than `password` does.
const OBJECTS: &[&[u8]] = &[
    b"self", b"this", b"args", b"opts", b"options", b"config", b"cfg", b"conf", b"data", b"params", b"req", b"request",
    b"body", b"obj", b"props", b"state", b"form",
];

/// The name with the one that stands before it in a file of settings: `datasource.password`, `as400.pass`.
fn owned<'t>(binding: &Binding, text: &'t [u8], kind: FileKind) -> &'t [u8] {
    let name = binding.name.range();
    let plain = settings(kind) || matches!(kind, FileKind::Plain | FileKind::Unknown);
    let tied = matches!(binding.operator, Operator::Assign | Operator::Colon);
    let Some(dot) = name.start.checked_sub(1).filter(|&dot| plain && tied && text[dot] == b'.') else {
        return &text[name];
    };
    let inside = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let start = dot - text[dot.saturating_sub(BEFORE)..dot].iter().rev().take_while(inside).count();
    let named = dot > start && !OBJECTS.iter().any(|object| object.eq_ignore_ascii_case(&text[start..dot]));
    &text[if named { start } else { name.start }..name.end]
}

/// Whether a name is that of a key with two halves: in prose, what follows is as often the id of the public one.
fn names_a_key(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let issued = |word: &&[u8]| memchr::memmem::find(&lower, word).is_some();
    lower.ends_with(b"key") && ![b"api".as_slice(), b"access", b"secret"].iter().any(issued)
}

/// Whether a name speaks of a request: its token only makes sure that it is carried out once.
fn names_a_request(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    [b"request".as_slice(), b"idempot", b"lifecycle", b"clienttoken", b"client_token"]
        .iter()
        .any(|word| memchr::memmem::find(&lower, word).is_some())
}

/// Whether the value of `binding` is a credential.
pub(crate) fn judge(
    binding: &Binding,
    promise: Promise,
    text: &[u8],
    kind: FileKind,
    place: Place,
) -> Option<Judgement> {
    // Most names are bound to code; that is cheaper to tell than what they promise.
    if place.lock_file || !matches!(binding.value.kind, ValueKind::Literal | ValueKind::Number | ValueKind::Bytes) {
        return None;
    }
    let name = binding.name.of(text);
    let claim = claim::of(if promise == Promise::Password { owned(binding, text, kind) } else { name })
        .filter(|claim| claim.promise == promise)?;
    let value = unquoted(binding.value.bytes(text).trim_ascii());
    match binding.value.kind {
        ValueKind::Literal => {}
        // The word of a vocabulary may begin with a sign: `"(password": 108351`.
        ValueKind::Number if kind == FileKind::Json && !before(text, binding.name.range().start).ends_with(b"\"") => {
            return None;
        }
        ValueKind::Number if settings(kind) || promise == Promise::Password && passed(claim, binding, kind) => {}
        ValueKind::Bytes => return bytes(claim, value),
        _ => return None,
    }
    if told(binding, promise, value, text, kind) || place.documentation && names_public_half(promise, name, value) {
        return None;
    }
    // What a screen calls a password, in one language or another.
    if place.translation && !value.iter().any(u8::is_ascii_digit) {
        return None;
    }
    // `item.key != "name-of-something"`: what a plain key is compared with names it.
    if binding.operator == Operator::Compare
        && claim.clarity == Clarity::Vague
        && model::surprise(value) < 2 * RANDOM_VAGUE
    {
        return None;
    }
    let quoted = !matches!(binding.quoting, Quoting::None | Quoting::Backtick);
    let (confidence, weak) = match promise {
        // The message of a program ends its line.
        Promise::Password
            if quoted && binding.value.bytes(text).ends_with(b"\n") && binding.quoting != Quoting::Block =>
        {
            return None;
        }
        Promise::Password => password(claim, value, quoted)?,
        Promise::Token => (token(claim, value, quoted)?, false),
    };
    let mut judgement = Judgement { promise, confidence, evidence: vec![reading(value, weak)], weak };
    match judge::fake(form::longest_field(value).unwrap_or(value)) {
        Some(Fake::Placeholder(_)) => return None,
        Some(Fake::Typed(_)) if value.len() < 16 => return None,
        Some(Fake::Typed(reason)) => judgement.doubt(EvidenceKind::Placeholder, reason),
        None => {}
    }
    if form::encoded(value).is_some_and(|decoded| judge::strength(&decoded) != Strength::Random) {
        judgement.doubt(EvidenceKind::Decoded, "base64 of plain words");
    }
    let start = binding.value.span.range().start;
    if form::exemplified(&text[start.saturating_sub(ADDRESS)..start]) {
        judgement.doubt(EvidenceKind::Context, "given as an example");
    }
    let addressed = promise == Promise::Password || binding.operator == Operator::UrlQuery;
    if addressed && structure::documented(text, binding.value.span.range()) {
        judgement.doubt(EvidenceKind::Context, structure::DOCUMENTED);
    }
    if binding.operator == Operator::Prose {
        judgement.confidence = judgement.confidence.min(Confidence::Medium);
    }
    Some(judgement)
}

impl Judgement {
    /// Adds what speaks against it.
    fn doubt(&mut self, kind: EvidenceKind, reason: &str) {
        self.evidence.push(Evidence { kind, text: reason.into() });
        self.confidence = Confidence::Low;
    }
}

/// Whether the form of the value or what stands around it tells what it is, and that this is no credential.
fn told(binding: &Binding, promise: Promise, value: &[u8], text: &[u8], kind: FileKind) -> bool {
    let name = binding.name.of(text);
    let start = binding.name.range().start;
    form::reference(value)
        || form::hashed(value)
        || form::number(value)
        || form::jwt(value)
        || form::repeats(value, name)
        || form::identifier(value, name)
        || form::public_key(value)
        || promise == Promise::Token && (form::queried(value) || form::public_place(before(text, start)))
        || form::uuid(value) && names_a_request(name)
        || described(binding, text, kind)
        || binding.quoting == Quoting::None && (form::qualified(value) || form::code(value))
        || binding.operator == Operator::Argument && form::asks(name, value)
        || cut(text, binding.value.span.range().end)
        || name.to_ascii_lowercase().ends_with(b"pwd") && form::path(value)
        || binding.operator == Operator::UrlQuery && form::shared(&text[start.saturating_sub(ADDRESS)..start])
        || binding.operator == Operator::Colon && form::resource(&text[start.saturating_sub(ADDRESS)..start])
}

/// Whether the value is the beginning of one: `oauth_token=234lsdkf...`.
fn cut(text: &[u8], end: usize) -> bool {
    let behind = &text[end.min(text.len())..];
    behind.starts_with(b"...") || behind.starts_with("…".as_bytes())
}

/// Whether a document names a public key by its id.
fn names_public_half(promise: Promise, name: &[u8], value: &[u8]) -> bool {
    promise == Promise::Token && form::key_id(value) && names_a_key(name)
}

/// What the value reads like.
fn reading(value: &[u8], weak: bool) -> Evidence {
    let (kind, text) = if form::uuid(value) {
        (EvidenceKind::Structure, "a UUID")
    } else if weak && judge::wordy(value) {
        (EvidenceKind::Randomness, "made of words: weak")
    } else {
        (EvidenceKind::Randomness, "random characters")
    };
    Evidence { kind, text: text.into() }
}

/// Whether a number without quotes may be a secret: a program means the number, a file of settings has no other way.
fn settings(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Yaml | FileKind::Env | FileKind::Ini | FileKind::Properties | FileKind::Json | FileKind::Toml
    )
}

/// The value without the quotes that are a part of it: a literal of a build script holds one of the program.
fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        _ => value,
    }
}

/// Whether a number is passed on a line of commands: `-e DB_PASSWORD=725225`.
fn passed(claim: Claim, binding: &Binding, kind: FileKind) -> bool {
    let commands = matches!(
        kind,
        FileKind::Shell
            | FileKind::Dockerfile
            | FileKind::Makefile
            | FileKind::Markdown
            | FileKind::Plain
            | FileKind::Unknown
    );
    let tied = matches!(binding.operator, Operator::Assign | Operator::Flag);
    commands && tied && claim.clarity == Clarity::Clear && claim.specific
}

/// Bytes written as numbers: most of them are tables and messages, so the name must be plain and the bytes not be text.
fn bytes(claim: Claim, value: &[u8]) -> Option<Judgement> {
    let mut seen = [false; 256];
    let distinct = value.iter().filter(|&&byte| !std::mem::replace(&mut seen[usize::from(byte)], true)).count();
    let random = (8..=256).contains(&value.len())
        && distinct * 4 >= value.len().min(64) * 3
        && !value.iter().all(u8::is_ascii_graphic)
        && !value.windows(2).all(|pair| pair[0].wrapping_add(1) == pair[1]);
    let evidence = vec![Evidence { kind: EvidenceKind::Structure, text: "bytes written as numbers".into() }];
    (random && claim.clarity == Clarity::Clear).then_some(Judgement {
        promise: claim.promise,
        confidence: Confidence::High,
        evidence,
        weak: false,
    })
}

/// A value that a person chose.
fn password(claim: Claim, value: &[u8], quoted: bool) -> Option<(Confidence, bool)> {
    if !(4..=128).contains(&value.len()) {
        return None;
    }
    let clear = claim.clarity == Clarity::Clear;
    let spaces = value.iter().filter(|b| b.is_ascii_whitespace()).count();
    let foreign = value.iter().filter(|b| !b.is_ascii()).count();
    if spaces > 0 || foreign > 0 {
        // A sentence, most of the time: a password is random all the same.
        let characters = value.len() as i32;
        let format = memchr::memchr(b'%', value).is_some();
        let scattered =
            !format && (foreign > 0 && spaces == 0 && foreign * 2 <= value.len() || foreign == 0 && spaces <= 4);
        let random = scattered && model::surprise(value) >= 2 * characters;
        return (random && clear && quoted).then_some((Confidence::High, false));
    }
    // Percent escapes alone look random; what they stand for may not be.
    let decoded = decode::percent(value).map(|decoded| decoded.bytes);
    match judge::strength(decoded.as_deref().unwrap_or(value)) {
        Strength::Random if clear || model::surprise(value) >= RANDOM_TOKEN => {
            Some((Confidence::High, value.len() < 12))
        }
        Strength::Random => Some((Confidence::Low, true)),
        // `hunter2`: a word with a digit is no label, and `DB_PASSWORD` no word of a sentence.
        Strength::Words if clear && value.iter().any(u8::is_ascii_digit) => {
            Some((if claim.specific { Confidence::Medium } else { Confidence::Low }, true))
        }
        Strength::Words if clear && claim.specific && quoted => Some((Confidence::Low, true)),
        _ => None,
    }
}

/// A value that a machine issued.
fn token(claim: Claim, value: &[u8], quoted: bool) -> Option<Confidence> {
    let clear = claim.clarity == Clarity::Clear;
    if let Some(field) = form::longest_field(value) {
        let random = clear && field.len() >= 20 && model::surprise(field) >= RANDOM_TOKEN;
        return random.then_some(Confidence::High);
    }
    let inside = |b: &u8| b.is_ascii_graphic() && !matches!(b, b'(' | b')' | b'<' | b'>' | b'"' | b'\\' | b'`');
    let shortest = match (clear, quoted) {
        (true, true) => 6,
        (true, false) => 8,
        _ => 12,
    };
    if !(shortest..=LONGEST_TOKEN).contains(&value.len()) || !value.iter().all(inside) {
        return None;
    }
    if form::uuid(value) {
        return clear.then_some(Confidence::High);
    }
    if value.iter().all(u8::is_ascii_digit) {
        return (clear && value.len() >= 8).then_some(if quoted { Confidence::High } else { Confidence::Medium });
    }
    let surprise = model::surprise(value);
    // The dictionary costs much more than the model, so it is asked last.
    let random = surprise >= RANDOM_TOKEN && !judge::wordy(value);
    match claim.clarity {
        _ if !random => None,
        // `app.settings.` goes on with a name.
        Clarity::Vague if matches!(value.last(), Some(b'.' | b':' | b'*')) => None,
        Clarity::Clear => Some(Confidence::High),
        Clarity::Vague if surprise >= RANDOM_BEYOND_DOUBT && !form::hash(value) => Some(Confidence::High),
        Clarity::Vague if surprise >= RANDOM_VAGUE => Some(Confidence::Medium),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use keylint_syntax::binding_at;

    use super::*;

    /// The confidence of the value bound to the first `keyword` of `text`.
    fn check(text: &str, keyword: &str, promise: Promise, want: Option<Confidence>) {
        let at = text.find(keyword).expect(text);
        let kind = FileKind::of("app.py", text.as_bytes());
        let binding = binding_at(text.as_bytes(), at..at + keyword.len(), kind).expect(text);
        let found = judge(&binding, promise, text.as_bytes(), kind, Place::default());
        assert_eq!(found.map(|judgement| judgement.confidence), want, "{text}");
    }

    #[test]
    fn passwords() {
        let check =
            |name: &str, value: &str, want| check(&format!("{name} = '{value}'"), "assword", Promise::Password, want);
        check("db_password", "qzvkwtbf", Some(Confidence::High));
        check("password", "7gRw#4*@81%nVq!zKPH", Some(Confidence::High));
        check("password", "trueB1rd5mW8yJv3", Some(Confidence::High));
        check("db_password", "hunter2", Some(Confidence::Medium));
        check("db_password", "dragonfly", Some(Confidence::Low));
        for value in
            ["password", "P@ssw0rd", "admin123", "dolphin_12345", "123456", "qwertyuiop", "Enter your password"]
        {
            check("db_password", value, None);
        }
        for value in ["$2a$10$N9qo8uLOickgx2ZMRZoMye", "********", "db_password", "${DB}", "0xC0001234"] {
            check("db_password", value, None);
        }
        for name in ["password_hash", "password_error", "LABEL_NEW_password", "passwordLength"] {
            check(name, "z4kq8mvx2w", None);
        }
    }

    #[test]
    fn tokens() {
        let random = "9iQz4vLm7Tp2XbR5";
        let check = |name: &str, value: &str, want| {
            let keyword = ["token", "secret", "Key", "key"].into_iter().find(|word| name.contains(word)).expect(name);
            check(&format!("{name} = '{value}'"), keyword, Promise::Token, want);
        };
        check("api_token", random, Some(Confidence::High));
        check("client_secret", "jqwkzvtbnxoylcpduhsrme", Some(Confidence::High));
        check("apiKey", random, Some(Confidence::High));
        check("key", random, Some(Confidence::High));
        check("api_token", "9df21e95-3848-409d-8f94-c675cdfee839", Some(Confidence::High));
        check("cacheKey", "9df21e95-3848-409d-8f94-c675cdfee839", None);
        check("public_key", random, None);
        check("token_url", random, None);
        check("api_token", "access_token_v2_default", None);
        check("api_token", "config.load_token", None);
        check("api_token", "your-api-key-goes-here-1234567890", None);
    }
}
