//! Names that speak of a secret (`DB_PASSWORD`, `apiToken`) and the values bound to them.
//! Not here: how a binding is read (`keylint-syntax`), or names of providers (`named.rs`).

use keylint_diagnostics::{Confidence, Evidence, EvidenceKind};
use keylint_syntax::{Binding, FileKind, Operator, Place, Quoting, ValueKind};

use crate::judge::{self, Fake};

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Chosen by a person: may be short, may hold words.
    Password,
    /// Issued by a machine: long and random.
    Token,
}

/// Words that make a name worth a look, each a keyword of the prefilter, and what it promises.
pub(crate) const NAME_WORDS: &[(&str, Promise)] = &[
    ("passw", Promise::Password),
    ("passphrase", Promise::Password),
    ("pass_phrase", Promise::Password),
    ("pwd", Promise::Password),
    ("_pass", Promise::Password),
    ("secret", Promise::Token),
    ("token", Promise::Token),
    ("key", Promise::Token),
    ("credential", Promise::Token),
    ("auth", Promise::Token),
];

/// What was made of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) promise: Promise,
    pub(crate) confidence: Confidence,
    pub(crate) evidence: Vec<Evidence>,
    /// Whether a dictionary would find the value, so that it must not be identified by its hash.
    pub(crate) weak: bool,
}

/// Whether the value of `binding` is a credential.
pub(crate) fn judge(binding: &Binding, promise: Promise, text: &[u8], kind: FileKind, place: Place) -> Option<Judgement> {
    let name = binding.name.of(text).to_ascii_lowercase();
    let value = binding.value.bytes(text);
    if binding.value.kind != ValueKind::Literal || promises_nothing(&name) || place.lock_file {
        return None;
    }
    if matches!(judge::fake(value), Some(Fake::Placeholder(_))) {
        return None;
    }
    let _ = kind;
    let mut evidence = Vec::new();
    let (mut confidence, weak) = match promise {
        Promise::Password => password(&name, value, binding)?,
        Promise::Token => (token(value)?, false),
    };
    if let Some(Fake::Typed(reason)) = judge::fake(value) {
        evidence.push(Evidence { kind: EvidenceKind::Placeholder, text: reason.into() });
        confidence = Confidence::Low;
    }
    if binding.operator == Operator::Prose {
        confidence = confidence.min(Confidence::Medium);
    }
    Some(Judgement { promise, confidence, evidence, weak })
}

/// Names that hold a word of the list and still name no secret: the word is part of another, or something about it.
fn promises_nothing(name: &[u8]) -> bool {
    const PARTS: &[&str] = &[
        "public", "keyword", "keyboard", "keycode", "key_id", "keyid", "key-id", "author", "tokeniz", "tokenis", "max_tokens", "token_type", "tokentype",
        "keyname", "key_name", "keypath", "key_path", "monkey", "primary_key", "primarykey", "foreign", "cache_key", "cachekey", "sort_key", "secret_name",
        "secretname", "token_url", "tokenurl", "auth_url", "authurl", "authority", "key_type", "keytype", "auth_type", "authtype", "auth_method", "keydown",
        "keyup", "keypress", "hotkey", "keymap", "keyspace", "keystore", "keyring", "password_hash", "passwordhash", "authenticat", "keyserver",
    ];
    const ENDS: &[&str] = &[
        "_file", "_path", "_url", "_uri", "_name", "_type", "_length", "_len", "_count", "_size", "_format", "_regex", "_pattern", "_label", "_hint", "_error",
        "_message", "_class", "_algorithm", "_field", "_text", "_title", "_description", "_prefix", "_suffix", "_header", "_expiry", "_expires", "_ttl", "_arn",
    ];
    let has = |words: &[&str]| words.iter().any(|word| memchr::memmem::find(name, word.as_bytes()).is_some());
    has(PARTS) || ENDS.iter().any(|end| name.ends_with(end.as_bytes()))
}

/// A value that a person chose. Weak ones are found too; what is left out are names, paths, prose and references.
fn password(name: &[u8], value: &[u8], binding: &Binding) -> Option<(Confidence, bool)> {
    if !(4..=128).contains(&value.len()) || value.iter().any(|b| b.is_ascii_whitespace() || *b < 0x20) {
        return None;
    }
    let lower = value.to_ascii_lowercase();
    let alphabetic = value.iter().all(u8::is_ascii_alphabetic);
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if alphabetic && (lower == name || memchr::memmem::find(&lower, b"pass").is_some() || memchr::memmem::find(&lower, b"secret").is_some()) {
        return None;
    }
    if value.contains(&b'/') && digits == 0 || value.starts_with(b"http") || value.starts_with(b"./") {
        return None;
    }
    let classes = [
        value.iter().any(u8::is_ascii_lowercase),
        value.iter().any(u8::is_ascii_uppercase),
        digits > 0,
        value.iter().any(u8::is_ascii_punctuation),
    ];
    let classes = classes.iter().filter(|&&b| b).count();
    let strong = value.len() >= 12 && classes >= 3 || value.len() >= 16 && classes >= 2 && digits > 0;
    let quoted = binding.quoting != Quoting::None;
    let confidence = match (strong, classes) {
        (true, _) => Confidence::High,
        (false, 2..) if digits > 0 => Confidence::Medium,
        _ if quoted => Confidence::Low,
        _ => return None,
    };
    Some((confidence, !strong))
}

/// A value that a machine issued.
fn token(value: &[u8]) -> Option<Confidence> {
    let inside = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b'/' | b'=' | b'~' | b':' | b'$' | b'!' | b'@' | b'%');
    if !(12..=1024).contains(&value.len()) || !value.iter().all(inside) {
        return None;
    }
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if digits < 2 || letters < 2 {
        return None;
    }
    // Words joined by separators or capitals are names, not secrets: count how often the class changes.
    let class = |b: u8| match b {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    };
    let changes = value.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    match changes * 100 / value.len() {
        35.. if value.len() >= 16 => Some(Confidence::High),
        20.. => Some(Confidence::Medium),
        _ => None,
    }
}
