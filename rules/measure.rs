//! What can be said of a pattern without compiling it: how long its matches are, how far they reach before a keyword,
//! which bytes may follow one. Computed when a rule file is read, so that a scan starts without parsing any pattern.

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use serde::{Deserialize, Serialize};

/// The longest text a pattern may match, so that the worst input costs linear time: a private key with its certificate
/// stays below it, and so does every token of a provider.
pub const MAX_MATCH: usize = 16 * 1024;

/// The measures of a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// At most this many bytes of a match stand before its keyword.
    pub before: u16,
    /// The shortest match.
    pub shortest: u16,
    /// The longest match.
    pub longest: u16,
    /// Whether there is a group `secret`.
    pub group: bool,
    /// Whether the secret is only a part of the match: its place tells it (a URL, a header), not its shape.
    pub place: bool,
    /// Whether every match begins with its keyword and a word boundary.
    pub word: bool,
    /// How many bytes at the start of every match, as far as looked, are letters, digits, `-` or `_`; 0 where a match may
    /// begin before its keyword.
    pub plain: u8,
    /// A sign that stands in every match, and not only in its keyword; 0 where there is none.
    pub sign: u8,
    /// For each keyword, which bytes may follow it in a match, as [`fold`]ed values.
    pub next: Vec<u128>,
}

impl Measure {
    /// Whether every match begins with its keyword, so that it need not be searched for.
    pub fn at_keyword(&self) -> bool {
        self.before == 0
    }

    /// Whether `text` may begin with a match, by its first bytes. Most short prefixes stand in shorter words.
    pub fn may_match(&self, text: &[u8]) -> bool {
        text.get(..self.plain.into()).is_some_and(|begin| begin.iter().all(|&byte| is_plain(byte)))
    }

    /// Measures `source`, searched near `keywords`; says what is wrong with it otherwise.
    pub fn new(source: &str, keywords: &[String]) -> Result<Measure, String> {
        let hir = parse(source)?;
        let looks = hir.properties().look_set();
        if [Look::Start, Look::End, Look::StartLF, Look::EndLF, Look::StartCRLF, Look::EndCRLF]
            .iter()
            .any(|&look| looks.contains(look))
        {
            return Err("`^`, `$`, `\\A` and `\\z` have no meaning in a window of a document: use `\\b`".into());
        }
        let longest = hir.properties().maximum_len().ok_or("every repetition must be bounded")?;
        if longest > MAX_MATCH {
            return Err(format!("it can match {longest} bytes, and {MAX_MATCH} is the limit"));
        }
        let fold = source.contains("(?i");
        let reaches: Vec<Option<usize>> =
            keywords.iter().map(|keyword| reach(&hir, keyword.as_bytes(), fold)).collect();
        let before = reaches.iter().map(|reach| reach.unwrap_or(longest)).max().unwrap_or(longest);
        let follow = |keyword: &String| if before == 0 { following(&hir, keyword.len()) } else { u128::MAX };
        let bare = source.trim_start_matches("(?i)").trim_start_matches("\\b").trim_start_matches("{start-half}");
        let group = source.contains("(?<secret>");
        Ok(Measure {
            before: before as u16,
            shortest: hir.properties().minimum_len().unwrap_or(0) as u16,
            longest: longest as u16,
            group,
            place: group && !bare.starts_with("(?<secret>"),
            word: before == 0 && source.trim_start_matches("(?i)").starts_with("\\b"),
            plain: if before == 0 { plain(&hir) } else { 0 },
            sign: sign(&hir, keywords),
            next: keywords.iter().map(follow).collect(),
        })
    }
}

/// ASCII case folded by setting bit 5, and the 128 values that leaves, as a bit number.
pub fn fold(byte: u8) -> u32 {
    u32::from(byte >> 6 << 5 | byte & 0x1f)
}

/// Bytes, not Unicode: `\w` means ASCII, and compiling costs an eightieth.
fn parse(source: &str) -> Result<Hir, String> {
    let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(source).map_err(|error| error.to_string())
}

/// At most how many bytes of a match stand before the first `keyword`; `None` where that cannot be told.
fn reach(hir: &Hir, keyword: &[u8], fold: bool) -> Option<usize> {
    match hir.kind() {
        HirKind::Capture(capture) => reach(&capture.sub, keyword, fold),
        HirKind::Literal(literal) => find(&literal.0, keyword, fold),
        // Another keyword may serve the branches without this one.
        HirKind::Alternation(branches) => branches.iter().filter_map(|branch| reach(branch, keyword, fold)).max(),
        HirKind::Concat(parts) => {
            let mut before = 0;
            for (index, part) in parts.iter().enumerate() {
                if let Some(offset) = spelled(&parts[index..], keyword, fold).or_else(|| reach(part, keyword, fold)) {
                    return Some(before + offset);
                }
                before += part.properties().maximum_len()?;
            }
            None
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => reach(&repetition.sub, keyword, fold),
        _ => None,
    }
}

/// Where `keyword` stands in the literal that the first parts spell, taking a folded letter (`[Aa]`) as a letter.
fn spelled(parts: &[Hir], keyword: &[u8], fold: bool) -> Option<usize> {
    let mut text = Vec::new();
    let first = parts.first().and_then(|part| part.properties().maximum_len()).unwrap_or(0);
    for part in parts {
        // One that begins behind the first part is found when its own turn comes.
        if text.len() >= first + keyword.len() {
            break;
        }
        match part.kind() {
            HirKind::Literal(literal) => text.extend_from_slice(&literal.0),
            HirKind::Class(class) => text.push(folded_letter(class)?),
            HirKind::Look(_) => {}
            _ => break,
        }
        if let Some(at) = find(&text, keyword, fold) {
            return Some(at);
        }
    }
    None
}

/// The lower-case letter of a class that holds just the two cases of one.
fn folded_letter(class: &Class) -> Option<u8> {
    let Class::Bytes(class) = class else { return None };
    let letters: Vec<u8> = class.iter().flat_map(|range| range.start()..=range.end()).collect();
    match letters[..] {
        [upper, lower] if upper.is_ascii_uppercase() && upper.to_ascii_lowercase() == lower => Some(lower),
        _ => None,
    }
}

fn find(text: &[u8], keyword: &[u8], fold: bool) -> Option<usize> {
    text.windows(keyword.len())
        .position(|window| if fold { window.eq_ignore_ascii_case(keyword) } else { window == keyword })
}

/// Positions looked at; keywords that need it are short.
const POSITIONS: usize = 32;

/// Which bytes may stand at `position` of a match, folded; everything where a match may end before.
fn following(hir: &Hir, position: usize) -> u128 {
    if position >= POSITIONS || hir.properties().minimum_len().is_none_or(|shortest| shortest <= position) {
        return u128::MAX;
    }
    let mut sets = [0; POSITIONS];
    spread(hir, 1, &mut sets);
    sets[position]
}

/// Letters, digits, `-`, `_`, as [`fold`]ed values, and what folds to the same.
const PLAIN: u128 = {
    let bytes = *b"abcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut set, mut at) = (0, 0);
    while at < bytes.len() {
        set |= 1 << (bytes[at] >> 6 << 5 | bytes[at] & 0x1f);
        at += 1;
    }
    set
};

/// Whether `byte` is of those that [`Measure::plain`] counts.
pub fn is_plain(byte: u8) -> bool {
    PLAIN >> fold(byte) & 1 == 1
}

/// How many bytes at the start of every match are of [`PLAIN`].
fn plain(hir: &Hir) -> u8 {
    let shortest = hir.properties().minimum_len().unwrap_or(0).min(POSITIONS);
    let mut sets = [0; POSITIONS];
    spread(hir, 1, &mut sets);
    sets[..shortest].iter().take_while(|&&set| set & !PLAIN == 0).count() as u8
}

/// Signs, the rarest first as source text goes.
const SIGNS: &[u8] = b"~^|@%$&?#\\!+*[]<>;{}=:'\"()-_/.,";

/// The rarest sign that stands in every match, of those that no keyword holds anyway; else 0.
fn sign(hir: &Hir, keywords: &[String]) -> u8 {
    let needed = needed(hir);
    let tells = |sign: &&u8| needed >> **sign & 1 == 1 && !keywords.iter().any(|word| word.as_bytes().contains(sign));
    SIGNS.iter().find(tells).copied().unwrap_or(0)
}

/// The ASCII bytes that stand in every match, a bit each.
fn needed(hir: &Hir) -> u128 {
    match hir.kind() {
        HirKind::Literal(literal) => {
            literal.0.iter().filter(|byte| byte.is_ascii()).fold(0, |set, byte| set | 1 << *byte)
        }
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Concat(parts) => parts.iter().fold(0, |set, part| set | needed(part)),
        HirKind::Alternation(branches) => branches.iter().fold(u128::MAX, |set, branch| set & needed(branch)),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        // A class of one byte is a literal.
        _ => 0,
    }
}

/// Adds to `sets` the bytes that `hir` may have at each position when it begins at one of `starts` (a bit each);
/// returns where it may end.
fn spread(hir: &Hir, starts: u64, sets: &mut [u128; POSITIONS]) -> u64 {
    let add = |bytes: &mut dyn Iterator<Item = u8>, starts: u64, sets: &mut [u128; POSITIONS]| {
        let mask = bytes.fold(0u128, |mask, byte| mask | 1 << fold(byte));
        (0..POSITIONS).filter(|at| starts >> at & 1 == 1).for_each(|at| sets[at] |= mask);
        starts << 1
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => starts,
        HirKind::Capture(capture) => spread(&capture.sub, starts, sets),
        HirKind::Literal(literal) => {
            literal.0.iter().fold(starts, |starts, &byte| add(&mut std::iter::once(byte), starts, sets))
        }
        HirKind::Class(Class::Bytes(class)) => {
            add(&mut class.iter().flat_map(|range| range.start()..=range.end()), starts, sets)
        }
        HirKind::Class(Class::Unicode(_)) => add(&mut (0..=255), starts, sets),
        HirKind::Concat(parts) => parts.iter().fold(starts, |starts, part| spread(part, starts, sets)),
        HirKind::Alternation(branches) => branches.iter().fold(0, |ends, branch| ends | spread(branch, starts, sets)),
        HirKind::Repetition(repetition) => {
            let mut ends = if repetition.min == 0 { starts } else { 0 };
            let mut here = starts;
            for round in 1..=repetition.max.unwrap_or(u32::MAX).min(POSITIONS as u32) {
                here = spread(&repetition.sub, here, sets) & ((1 << POSITIONS) - 1);
                if here == 0 {
                    break;
                }
                if round >= repetition.min {
                    ends |= here;
                }
            }
            ends
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(source: &str, keyword: &str) -> Measure {
        Measure::new(source, &[keyword.into()]).expect(source)
    }

    #[test]
    fn knows_how_far_a_pattern_reaches() {
        let check = |source: &str, keyword: &str, before: u16, longest: u16| {
            let measure = measure(source, keyword);
            assert_eq!((measure.before, measure.longest), (before, longest), "{source}");
        };
        check(r"\bghp_[A-Za-z0-9]{36}\b", "ghp_", 0, 40);
        check(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b", "ASIA", 0, 20);
        check(r"[a-z]{3,8}://[a-z]{1,9}:(?<secret>[^@]{1,20})@", "://", 8, 42);
        check(r"(?i)x{2,4}Token=[0-9]{4}", "token=", 4, 14);
        check(r"(?:a|bb)-key-[0-9]{2}", "-key-", 2, 9);
    }

    #[test]
    fn knows_what_follows_a_keyword() {
        let check = |source: &str, keyword: &str, inside: &str, outside: &str| {
            let next = measure(source, keyword).next[0];
            assert!(inside.bytes().all(|byte| next >> fold(byte) & 1 == 1), "{source}");
            assert!(outside.bytes().all(|byte| next >> fold(byte) & 1 == 0), "{source}");
        };
        check(r"\bghp_[a-z]{36}", "ghp_", "aAz", "0_-");
        check(r"\bsk_(?:test_)?[0-9]{8}", "sk_", "t09", "az");
        check(r"key_x{0,2}[0-9]", "key_", "x0", "a");
        check(r"key_[0-9]{0,2}", "key_", "x0a", "");
    }

    #[test]
    fn knows_plain_starts() {
        let check =
            |source: &str, keyword: &str, want: u8| assert_eq!(measure(source, keyword).plain, want, "{source}");
        check(r"\bghp_[A-Za-z0-9]{36}\b", "ghp_", 32);
        check(r"\bEAA[A-Za-z0-9]{7,40}", "EAA", 10);
        check(r"\bkey_(?:[0-9]{4}|[a-z.]{5})", "key_", 4);
        check(r"\bkey_[0-9]{2}:[0-9]{9}", "key_", 6);
        check(r"[a-z]{2}key_[0-9]{9}", "key_", 0);
        let measure = measure(r"\bEAA[A-Za-z0-9]{7,40}", "EAA");
        assert!(
            measure.may_match(b"EAAabcdefg") && !measure.may_match(b"EAAabcdef") && !measure.may_match(b"EAAabcd,fg")
        );
    }

    #[test]
    fn knows_a_sign_of_every_match() {
        let check = |source: &str, keyword: &str, want: &[u8]| {
            assert_eq!(measure(source, keyword).sign, want.first().copied().unwrap_or(0), "{source}");
        };
        check(r"[a-z]{3,8}://[a-z]{1,9}:(?<secret>[^@]{1,20})@", "://", b"@");
        check(r"\bkey_[0-9]{2}:[0-9]{9}", "key_", b":");
        check(r"\bkey_(?:[0-9]{2}:|[0-9]{4}:)[0-9]{9}", "key_", b":");
        check(r"\bkey_(?:[0-9]{2}:){1,3}[0-9]{9}", "key_", b":");
        check(r"\bkey_(?:[0-9]{2}:)?[0-9]{9}", "key_", b"");
        check(r"\bkey_(?:[0-9]{2}:|[0-9]{4};)[0-9]{9}", "key_", b"");
        check(r"\bkey_[=:][0-9]{9}", "key_", b"");
        check(r"\bkey:[0-9]{9}", "key:", b"");
    }

    #[test]
    fn refuses_what_a_window_cannot_decide() {
        for source in ["^key", "key$", r"\Akey", "key-[a-z]+", "key-[0-9]{17000}", "key-[", r"\p{Greek}key"] {
            assert!(Measure::new(source, &["key".into()]).is_err(), "{source}");
        }
    }
}
