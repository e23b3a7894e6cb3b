//! Tells a value that was made up from one that was issued: placeholders, sequences, repetitions, words.
//! Not here: what its name or place says (`generic.rs`), or what its structure proves (`structure.rs`).

use crate::model;

/// Why a value is taken for made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fake {
    /// It says so, or something else fills it in: never reported.
    Placeholder(&'static str),
    /// It looks typed rather than issued: reported with low confidence.
    Typed(&'static str),
}

/// Words that only stand in samples, with a space between. Six letters or more, so that they hardly occur in random text.
const SAMPLE_WORDS: &str = "\
    example placeholder changeme change-me change_me changeit replaceme replace-me replace_me redacted dummy- \
    dummy_ dummyk dummyt dummys sample insert notreal not-real not_real fake- fake_ fakek faket fakes foobar \
    foo-bar foo_bar mysecret my-secret my_secret mytoken my-token my_token myapikey my-api my_api yourkey \
    yourtoken yoursecret yourapi yourpass your- your_ yourown xxxxx -xxx _xxx *** ..... -here _here <your goes-here \
    goeshere putyour put-your put_your secretkey secret-key secret_key somesecret some-secret some_secret \
    test-key test_key testkey testtoken test-token test_token testsecret tooshort too_short too-short invalid \
    undefined";

/// Whether `value`, without its public prefix, is made up.
pub(crate) fn fake(value: &[u8]) -> Option<Fake> {
    if value.is_empty() {
        return Some(Fake::Placeholder("empty"));
    }
    if template(value) {
        return Some(Fake::Placeholder("a template fills it in"));
    }
    if value.ends_with(b"...") || value.ends_with("…".as_bytes()) {
        return Some(Fake::Placeholder("it is cut"));
    }
    if few_characters(value) {
        return Some(Fake::Placeholder("hardly more than one character, repeated"));
    }
    let lower = value.to_ascii_lowercase();
    if SAMPLE_WORDS.split(' ').any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some()) {
        return Some(Fake::Placeholder("it holds a word of samples"));
    }
    if sequential(&lower) {
        return Some(Fake::Typed("a sequence of neighbouring characters"));
    }
    if interleaved(&lower) {
        return Some(Fake::Typed("sequences of neighbouring characters, interleaved"));
    }
    if periodic(&lower) {
        return Some(Fake::Typed("a short piece repeated"));
    }
    if stuttering(value) {
        return Some(Fake::Typed("a long piece of it stands there twice"));
    }
    None
}

/// Whether `value` reads like a name or prose rather than something issued: letters only, in words.
pub(crate) fn wordlike(value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if digits > 0 {
        return false;
    }
    let vowels =
        value.iter().filter(|b| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')).count();
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

/// Letters and digits that are all the same, or hardly more than that in a longer value.
fn few_characters(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    let mut count = 0;
    let mut distinct = 0;
    for &byte in value.iter().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii()) {
        count += 1;
        if !std::mem::replace(&mut seen[byte.to_ascii_lowercase() as usize], true) {
            distinct += 1;
        }
    }
    distinct <= 1 || count >= 6 && distinct <= 2 || count >= 12 && distinct <= 3
}

/// Rows of a keyboard and of the alphabet: neighbours in one of them count as a sequence.
const ROWS: [&[u8]; 5] = [b"abcdefghijklmnopqrstuvwxyz", b"01234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// Of as few characters as this, one in twenty random texts has neighbours enough, and of digits one in six, so some must
/// go on in one direction.
const FEW: usize = 12;

/// Whether six steps in ten lead to a neighbour or stay; three in four where there are few.
fn sequential(lower: &[u8]) -> bool {
    if lower.len() < 3 {
        return false;
    }
    // The row that a step follows, and whether it goes on in it or back.
    let row = |a: u8, b: u8| ROWS.iter().position(|row| row.windows(2).any(|pair| pair == [a, b]));
    let step = |pair: &[u8]| match (pair[0], pair[1]) {
        (a, b) if a == b => Some((ROWS.len(), true)),
        (a, b) => row(a, b).map(|row| (row, true)).or_else(|| Some((row(b, a)?, false))),
    };
    let all = lower.len() - 1;
    let steps: Vec<Option<(usize, bool)>> = lower.windows(2).map(step).collect();
    let taken = steps.iter().flatten().count();
    let few = lower.len() < FEW && taken < all;
    let on = || steps.windows(2).any(|pair| pair[0].is_some() && pair[0] == pair[1]);
    taken * 20 >= all * if lower.len() < 6 { 15 } else { 12 } && (!few || on())
}

/// Whether the value is a piece of at most a third of its length, repeated.
fn periodic(lower: &[u8]) -> bool {
    lower.len() >= 12 && (1..=lower.len() / 3).any(|period| lower[period..].iter().zip(lower).all(|(a, b)| a == b))
}

/// The shortest value that is searched for interleaved sequences, and the longest.
const INTERLEAVED: std::ops::RangeInclusive<usize> = 16..=256;

/// How far back the one before in an interleaved sequence may stand.
const APART: usize = 6;

/// Whether seven characters in ten of a value are told by those before them: by the one before it (`abc`), or by the one
/// that stands up to six places before it, letters and digits each the same step away every time (`a1b2c3`,
/// `abc123def456`). Two in ten of a random value are.
fn interleaved(lower: &[u8]) -> bool {
    let told: Vec<u8> = lower.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    if !INTERLEAVED.contains(&told.len()) {
        return false;
    }
    // How far it is from `a` on to `b`, which start again at their ends.
    let step = |a: u8, b: u8| match (a, b) {
        (b'0'..=b'9', b'0'..=b'9') => Some((true, usize::from((b + 10 - a) % 10))),
        (b'a'..=b'z', b'a'..=b'z') => Some((false, usize::from((b + 26 - a) % 26))),
        _ => None,
    };
    (2..=APART).any(|apart| {
        let mut next = 0;
        let (mut letters, mut digits) = ([0; APART + 1], [0; APART + 1]);
        for at in 1..told.len() {
            if step(told[at - 1], told[at]).is_some_and(|(_, by)| by == 1) {
                next += 1;
            } else if let Some((digit, by)) = at.checked_sub(apart).and_then(|before| step(told[before], told[at]))
                && (1..=apart).contains(&by)
            {
                let counts = if digit { &mut digits } else { &mut letters };
                counts[by] += 1;
            }
        }
        let most = |counts: [usize; APART + 1]| counts.into_iter().max().unwrap_or(0);
        (next + most(letters) + most(digits)) * 10 >= (told.len() - 1) * 7
    })
}

/// A piece of this length occurs twice in one of some millions of random values, also where these are hexadecimal.
const STUTTER: usize = 12;
/// How much of a value is searched for a piece that occurs twice: encoded text of any length repeats itself.
const STUTTERED: usize = 128;

/// Whether a piece of letters and digits stands in the value twice. Keys are made by a generator that does not repeat
/// itself; whoever types one does.
fn stuttering(value: &[u8]) -> bool {
    let plain = value.len() <= STUTTERED && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    plain
        && value.windows(STUTTER).enumerate().any(|(at, piece)| {
            piece.iter().all(u8::is_ascii_alphanumeric) && memchr::memmem::find(&value[at + STUTTER..], piece).is_some()
        })
}

/// How a password reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Random characters.
    Random,
    /// A word or words, or nearly so: weak, but chosen.
    Words,
    /// Only words of samples and defaults, or digits in order.
    Sample,
}

/// Bits of surprise from which a value is random. Words have about -20, random text of their length +20, so the exact
/// place matters little.
pub(crate) const RANDOM: i32 = 3;

/// How `value` reads.
pub(crate) fn strength(value: &[u8]) -> Strength {
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if fake(value).is_some() {
        return Strength::Sample;
    }
    if letters == 0 {
        return if digits >= 6 { Strength::Random } else { Strength::Sample };
    }
    if sample(value) {
        return Strength::Sample;
    }
    if wordy(value) {
        // Digits in order after a word add nothing: `dolphin_12345`.
        let counted = value.split(|b| !b.is_ascii_digit()).any(|run| run.len() >= 3 && sequential(run));
        return if counted { Strength::Sample } else { Strength::Words };
    }
    if model::surprise(value) >= RANDOM || digit_run(value) >= 4 {
        return Strength::Random;
    }
    if digits > 0 { Strength::Words } else { Strength::Sample }
}

/// The longest run of digits.
fn digit_run(value: &[u8]) -> usize {
    value.split(|b| !b.is_ascii_digit()).map(<[u8]>::len).max().unwrap_or(0)
}

/// The value with the digits and signs that people write for letters made letters again.
fn spelled(value: &[u8]) -> Vec<u8> {
    let letter = |b: &u8| match b {
        b'0' => b'o',
        b'1' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        other => other.to_ascii_lowercase(),
    };
    value.iter().map(letter).collect()
}

/// How much of a value tells what it is made of. Names may stand every few bytes, each with a value of thousands behind
/// it, so what is looked up for each sets the cost of the worst text.
const TELLING: usize = 128;

/// Whether the value is made of words of the dictionary, or reads like one, also with digits written for letters.
pub(crate) fn wordy(value: &[u8]) -> bool {
    let value = &value[..value.len().min(TELLING)];
    let letters = |text: &[u8]| text.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let made = |text: &[u8]| {
        let letters = letters(text);
        letters >= 3 && model::covered(text) * 10 >= letters * 8
    };
    made(value) || letters(value) > 0 && made(&spelled(value)) || letters(value) >= 4 && model::surprise(value) < -6
}

/// Words of samples and defaults, with a space between: `admin123`, `test_password`, `root`.
const SAMPLES: &str = "\
    always never random on_create password passwort passwd passphrase pass pwd pw testing tester test root administrator admin username user \
    guest demo secret foo bar baz qux token key default changed change login temp tmp qwerty qwe asdf asd zxc \
    hello world dummy fake some thing my your the new old value string database db mysql postgresql postgres sql \
    mongo redis rabbitmq dev local mock invalid valid wrong incorrect correct bad good super example sample sa \
    app client server service me is not this a in it no none null true false abcdef abcd abc aaa bbb xxx prod \
    stage api auth access private public here placeholder seekret sekret";

/// Whether nothing is left without the words of samples, digits and signs.
pub(crate) fn sample(value: &[u8]) -> bool {
    let only = |text: &[u8]| {
        let mut rest = text.to_ascii_lowercase();
        let mut any = false;
        for word in SAMPLES.split(' ') {
            while let Some(at) = memchr::memmem::find(&rest, word.as_bytes()) {
                // Something stays in its place, so that no new word comes together.
                rest.splice(at..at + word.len(), [b'.']);
                any = true;
            }
        }
        any && rest.iter().filter(|b| b.is_ascii_alphabetic()).count() <= 1 && digit_run(&rest) <= 6
    };
    only(value) || only(&spelled(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_made_up_values() {
        let placeholder =
            |value: &str| assert!(matches!(fake(value.as_bytes()), Some(Fake::Placeholder(_))), "{value}");
        let typed = |value: &str| assert!(matches!(fake(value.as_bytes()), Some(Fake::Typed(_))), "{value}");
        let real = |value: &str| assert_eq!(fake(value.as_bytes()), None, "{value}");
        for value in [
            "",
            "xxxxxxxxxxxx",
            "00000000-0000-0000",
            "your-api-key",
            "${TOKEN}",
            "{{ token }}",
            "<token>",
            "%s",
            "IOSFODNN7EXAMPLE",
            "sk-1****cdef",
            "hf-XXXX",
            "ya29.google-oauth...",
        ] {
            placeholder(value);
        }
        for value in [
            "abcdefghijklmnop",
            "0123456789abcdef",
            "qwertyuiopasdfgh",
            "qweasd",
            "aabbcc",
            "k3jq7mk3jq7mk3jq7m",
            "1234567890",
            "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            "aB1cD2eF3gH4iJ5kL6mN7oP8",
            "abc123def456ghi789jkl012mno345",
            "Rk7mQ2vN9xW4pT8cZ1_mQ2vN9xW4pT8cZ1b",
        ] {
            typed(value);
        }
        for value in ["k9Qx2vLt7Zp4", "hunter2", "9f86d081884c7d65", "Tr0ub4dor&3", "gbvbxj", "dlkyts", "772235"] {
            real(value);
        }
    }
}
