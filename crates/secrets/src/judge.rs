//! Tells a value that was made up from one that was issued: placeholders, sequences, repetitions, words.
//! Not here: what its name or place says (`generic.rs`), or what its structure proves (`structure.rs`).

/// Why a value is taken for made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fake {
    /// It says so, or something else fills it in: never reported.
    Placeholder(&'static str),
    /// It looks typed rather than issued: reported with low confidence.
    Typed(&'static str),
}

/// Words that only stand in samples. Six letters or more, so that they hardly occur in random text.
const SAMPLE_WORDS: &[&str] = &[
    "example", "placeholder", "changeme", "change-me", "change_me", "changeit", "replaceme", "replace-me", "replace_me", "redacted",
    "dummy-", "dummy_", "dummyk", "dummyt", "dummys", "sample", "insert", "notreal", "not-real", "not_real", "fake-", "fake_", "fakek", "faket", "fakes",
    "foobar", "foo-bar", "foo_bar", "mysecret", "my-secret", "my_secret", "mytoken", "my-token", "my_token", "myapikey", "my-api", "my_api",
    "yourkey", "yourtoken", "yoursecret", "yourapi", "yourpass", "your-", "your_", "yourown", "xxxxx", "*****", ".....", "-here", "_here", "<your", "goes-here",
    "goeshere", "putyour", "put-your", "put_your", "secretkey", "secret-key", "secret_key", "somesecret", "some-secret", "some_secret", "test-key",
    "test_key", "testkey", "testtoken", "test-token", "test_token", "testsecret", "tooshort", "too_short", "too-short", "invalid", "undefined",
];

/// Whether `value`, without its public prefix, is made up.
pub(crate) fn fake(value: &[u8]) -> Option<Fake> {
    if value.is_empty() {
        return Some(Fake::Placeholder("empty"));
    }
    if template(value) {
        return Some(Fake::Placeholder("a template fills it in"));
    }
    if few_characters(value) {
        return Some(Fake::Placeholder("hardly more than one character, repeated"));
    }
    let lower = value.to_ascii_lowercase();
    if SAMPLE_WORDS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some()) {
        return Some(Fake::Placeholder("it holds a word of samples"));
    }
    if sequential(&lower) {
        return Some(Fake::Typed("a sequence of neighbouring characters"));
    }
    if periodic(&lower) {
        return Some(Fake::Typed("a short piece repeated"));
    }
    None
}

/// Whether `value` reads like a name or prose rather than something issued: letters only, in words.
pub(crate) fn wordlike(value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if digits > 0 {
        return false;
    }
    let vowels = value.iter().filter(|b| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let changes = value.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    letters > 0 && vowels * 100 / letters >= 28 && changes * 6 <= value.len()
}

/// `${X}`, `{{ x }}`, `<token>`, `%s`, `$(…)`, `#{…}`.
fn template(value: &[u8]) -> bool {
    let find = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    find(b"${")
        || find(b"{{")
        || find(b"$(")
        || find(b"#{")
        || find(b"<%")
        || value.first() == Some(&b'<') && value.last() == Some(&b'>')
        || value.first() == Some(&b'{') && value.last() == Some(&b'}')
        || value.first() == Some(&b'[') && value.last() == Some(&b']')
        || value.first() == Some(&b'%') && (value.last() == Some(&b'%') || value.len() <= 3)
}

/// Letters and digits of which three or fewer are distinct in a value of eight or more, or one in any.
fn few_characters(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    let mut count = 0;
    let mut distinct = 0;
    for &byte in value.iter().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii()) {
        count += 1;
        if !std::mem::replace(&mut seen[byte as usize], true) {
            distinct += 1;
        }
    }
    distinct <= 1 || count >= 12 && distinct <= 3
}

/// Rows of a keyboard and of the alphabet: neighbours in one of them count as a sequence.
const ROWS: [&[u8]; 4] = [b"abcdefghijklmnopqrstuvwxyz", b"01234567890", b"qwertyuiop", b"asdfghjkl"];

/// Whether six steps in ten lead to a neighbour.
fn sequential(lower: &[u8]) -> bool {
    if lower.len() < 8 {
        return false;
    }
    let neighbours = |a: u8, b: u8| ROWS.iter().any(|row| row.windows(2).any(|pair| pair == [a, b] || pair == [b, a]));
    let steps = lower.windows(2).filter(|pair| neighbours(pair[0], pair[1])).count();
    steps * 10 >= (lower.len() - 1) * 6
}

/// Whether the value is a piece of at most a third of its length, repeated.
fn periodic(lower: &[u8]) -> bool {
    lower.len() >= 12
        && (1..=lower.len() / 3).any(|period| lower[period..].iter().zip(lower).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_made_up_values() {
        let placeholder = |value: &str| assert!(matches!(fake(value.as_bytes()), Some(Fake::Placeholder(_))), "{value}");
        let typed = |value: &str| assert!(matches!(fake(value.as_bytes()), Some(Fake::Typed(_))), "{value}");
        let real = |value: &str| assert_eq!(fake(value.as_bytes()), None, "{value}");
        for value in ["", "xxxxxxxxxxxx", "00000000-0000-0000", "your-api-key", "${TOKEN}", "{{ token }}", "<token>", "%s", "IOSFODNN7EXAMPLE"] {
            placeholder(value);
        }
        for value in ["abcdefghijklmnop", "0123456789abcdef", "qwertyuiopasdfgh", "k3jq7mk3jq7mk3jq7m", "1234567890"] {
            typed(value);
        }
        for value in ["k9Qx2vLt7Zp4", "hunter2", "9f86d081884c7d65", "Tr0ub4dor&3"] {
            real(value);
        }
    }
}
