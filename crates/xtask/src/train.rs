//! `cargo xtask train`: makes the tables of the randomness model (`crates/secrets/data`) from the project's own texts.
//! Not the acceptance data: nothing of it is read here. The same inputs give the same bytes on every machine.

use std::{collections::BTreeMap, fs, path::Path, process::ExitCode};

use anyhow::Context;
use keylint_secrets::model::{SYMBOLS, UNITS, symbol};

use crate::{args::Args, process::root};

/// Where the tables lie.
const FOLDER: &str = "crates/secrets/data";
/// Seed of everything random.
const SEED: u64 = 0x6b65_796c_696e_7401;
/// Training texts of each kind.
const TEXTS: usize = 400_000;
/// How strongly a shorter context speaks where a longer one was hardly seen, in counts.
const SMOOTH: u64 = 6;
/// Probabilities are fixed-point numbers of this scale.
const ONE: u64 = 1 << 24;

/// Alphabets of random strings, and how often each is drawn.
const ALPHABETS: &[(&str, usize)] = &[
    ("abcdefghijklmnopqrstuvwxyz", 5),
    ("abcdefghijklmnopqrstuvwxyz0123456789", 3),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 3),
    ("0123456789abcdef", 3),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 1),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 1),
];

/// With `--words`, collects the word list anew first; then trains the trigrams.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let words = args.switch("--words");
    args.finish()?;
    let folder = root().join(FOLDER);
    if words {
        write(&folder.join("words.txt"), collect()?.as_bytes())?;
    }
    let list =
        |name: &str| fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read `{FOLDER}/{name}`"));
    let table = table(&list("words.txt")?, &list("common-words.txt")?);
    write(&folder.join("trigrams.bin"), &table)?;
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let changed = fs::read(path).ok().as_deref() != Some(bytes);
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    println!("{} bytes, {}: {}", bytes.len(), if changed { "changed" } else { "as before" }, path.display());
    Ok(())
}

/// Words of three letters or more that stand twice or more in the rules' documentation, and in the sources without
/// their string literals (tests build token-like strings there).
fn collect() -> anyhow::Result<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut files = Vec::new();
    for folder in ["rules", "crates"] {
        list(&root().join(folder), &mut files)?;
    }
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let rule = file.extension().is_some_and(|extension| extension == "toml");
        for word in words(&if rule { prose(&text) } else { code(&text) }) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let kept = counts.iter().filter(|(word, count)| **count >= 2 && (3..=20).contains(&word.len()));
    Ok(kept.map(|(word, _)| format!("{word}\n")).collect())
}

fn list(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml" || extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The sentences of a rule file.
fn prose(text: &str) -> String {
    let Ok(table) = text.parse::<toml::Table>() else { return String::new() };
    let mut out = String::new();
    let mut add = |value: Option<&toml::Value>| {
        for word in value
            .and_then(toml::Value::as_str)
            .unwrap_or_default()
            .split_whitespace()
            .filter(|word| !word.contains("://"))
        {
            out.extend([word, " "]);
        }
    };
    add(table.get("title"));
    add(table.get("docs"));
    for key in ["contain", "audit"] {
        add(table.get("response").and_then(|response| response.get(key)));
    }
    out
}

/// A source without its string literals.
fn code(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let comment = line.trim_start().starts_with("//");
        let mut pieces = line.split('"');
        if comment {
            out.push_str(line);
        } else {
            while let Some(piece) = pieces.next() {
                out.extend([piece, " "]);
                pieces.next();
            }
        }
        out.push('\n');
    }
    out
}

/// The words of a text in lower case; `camelCase` and `HTTPServer` are two each.
fn words(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphabetic() {
            let hump = at > start && bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase();
            let end = at > start + 1 && bytes[at].is_ascii_lowercase() && bytes[at - 1].is_ascii_uppercase();
            if hump {
                break;
            }
            if end && bytes[at - 2].is_ascii_uppercase() {
                at -= 1;
                break;
            }
            at += 1;
        }
        if at > start {
            out.push(text[start..at].to_ascii_lowercase());
        } else {
            at += 1;
        }
    }
    out
}

/// The table of log odds, as two's complement bytes.
fn table(words: &str, common: &str) -> Vec<u8> {
    let mut random = Random(SEED);
    let words: Vec<&str> = words.lines().chain(common.lines()).collect();
    let mut written = Counts::new();
    let mut drawn = Counts::new();
    for _ in 0..TEXTS {
        written.add(&compound(&words, &mut random));
        drawn.add(&string(&mut random));
    }
    let mut out = Vec::with_capacity(SYMBOLS * SYMBOLS * SYMBOLS);
    for a in 0..SYMBOLS {
        for b in 0..SYMBOLS {
            for c in 0..SYMBOLS {
                let odds = eighths(drawn.probability(a, b, c)) - eighths(written.probability(a, b, c));
                out.push(odds.clamp(-127, 127) as i8 as u8);
            }
        }
    }
    out
}

/// One to three words as identifiers join them, at times with digits after.
fn compound(words: &[&str], random: &mut Random) -> String {
    let mut out = String::new();
    let count = [1, 1, 1, 2, 2, 3][random.below(6)];
    let separator = ["", "", "", "_", "-", ".", " "][random.below(7)];
    for index in 0..count {
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(words[random.below(words.len())]);
    }
    if random.below(5) == 0 {
        out.push_str(separator);
        (0..1 + random.below(4)).for_each(|_| out.push('0'));
    }
    out
}

/// A random string of one of the alphabets.
fn string(random: &mut Random) -> String {
    let whole: usize = ALPHABETS.iter().map(|(_, share)| share).sum();
    let mut pick = random.below(whole);
    let (alphabet, _) = ALPHABETS
        .iter()
        .find(|(_, share)| {
            let here = pick < *share;
            pick = pick.saturating_sub(*share);
            here
        })
        .unwrap_or(&ALPHABETS[0]);
    (0..4 + random.below(28)).map(|_| char::from(alphabet.as_bytes()[random.below(alphabet.len())])).collect()
}

/// How often each symbol followed each two, and what shorter contexts say.
struct Counts {
    three: Vec<u64>,
    two: Vec<u64>,
    one: Vec<u64>,
}

impl Counts {
    fn new() -> Counts {
        Counts { three: vec![0; SYMBOLS * SYMBOLS * SYMBOLS], two: vec![0; SYMBOLS * SYMBOLS], one: vec![0; SYMBOLS] }
    }

    fn add(&mut self, text: &str) {
        let (mut a, mut b) = (0, 0);
        for c in text.bytes().map(symbol).chain([0]) {
            self.three[(a * SYMBOLS + b) * SYMBOLS + c] += 1;
            self.two[b * SYMBOLS + c] += 1;
            self.one[c] += 1;
            (a, b) = (b, c);
        }
    }

    /// Of `c` after `ab`: the trigrams, leaning on the bigrams, leaning on the letters, leaning on chance.
    fn probability(&self, a: usize, b: usize, c: usize) -> u64 {
        let lean = |counts: &[u64], lower: u64| {
            let sum: u64 = counts.iter().sum();
            (counts[c] * ONE + SMOOTH * lower) / (sum + SMOOTH)
        };
        let chance = ONE / SYMBOLS as u64;
        let one = lean(&self.one, chance);
        let two = lean(&self.two[b * SYMBOLS..(b + 1) * SYMBOLS], one);
        let start = (a * SYMBOLS + b) * SYMBOLS;
        lean(&self.three[start..start + SYMBOLS], two)
    }
}

/// `UNITS * log2(value)`, rounded down, by squaring: floating point would differ between machines.
fn eighths(value: u64) -> i32 {
    let value = value.max(1);
    let whole = value.ilog2();
    let mut fraction = 0;
    let mut mantissa = (u128::from(value) << 32) >> whole;
    let mut unit = UNITS / 2;
    while unit > 0 {
        mantissa = (mantissa * mantissa) >> 32;
        if mantissa >> 33 > 0 {
            mantissa >>= 1;
            fraction += unit;
        }
        unit /= 2;
    }
    whole as i32 * UNITS + fraction
}

/// A xorshift generator.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) % limit as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_again_gives_the_same_bytes() {
        let folder = root().join(FOLDER);
        let list = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
        let bytes = fs::read(folder.join("trigrams.bin")).expect("trigrams.bin");
        assert!(table(&list("words.txt"), &list("common-words.txt")) == bytes, "run `cargo xtask train`");
    }
}
