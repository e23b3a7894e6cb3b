//! Decides whether every text that a pattern matches holds one of its keywords. Exact, except that look-around is taken
//! as always true. Runs in tests and in `keylint rules test`, not while scanning.

use std::collections::BTreeSet;

use regex_automata::nfa::thompson::{NFA, State, WhichCaptures};

use crate::pattern::options;

/// Product states visited before giving up: a hundred times what the largest built-in rule needs.
const MAX_STATES: usize = 20_000_000;

/// A text that the pattern `source` matches though it holds no keyword; `None` when there is none.
pub(crate) fn gap(source: &str, keywords: &[String]) -> Result<Option<Vec<u8>>, String> {
    let fold = source.contains("(?i");
    let nfa = NFA::compiler()
        .configure(NFA::config().which_captures(WhichCaptures::None).utf8(false))
        .syntax(options())
        .build(source)
        .map_err(|error| error.to_string())?;
    let words = Automaton::new(keywords, fold);
    let mut seen = BTreeSet::new();
    let mut open = vec![(nfa.start_anchored(), 0, None)];
    // Each entry remembers the one it came from, so that a text can be read back.
    let mut trail: Vec<(u8, Option<usize>)> = Vec::new();
    while let Some((state, word, from)) = open.pop() {
        if !seen.insert((state, word)) {
            continue;
        }
        if seen.len() > MAX_STATES {
            return Err("the pattern is too large to check its keywords".into());
        }
        let mut byte = |range: std::ops::RangeInclusive<u8>, next, open: &mut Vec<_>| {
            for byte in range {
                if let Some(word) = words.step(word, byte) {
                    trail.push((byte, from));
                    open.push((next, word, Some(trail.len() - 1)));
                }
            }
        };
        match nfa.state(state) {
            State::ByteRange { trans } => byte(trans.start..=trans.end, trans.next, &mut open),
            State::Sparse(sparse) => sparse.transitions.iter().for_each(|t| byte(t.start..=t.end, t.next, &mut open)),
            State::Dense(dense) => (0..=255).for_each(|b| {
                if let Some(next) = dense.matches_byte(b) {
                    byte(b..=b, next, &mut open);
                }
            }),
            State::Look { next, .. } | State::Capture { next, .. } => open.push((*next, word, from)),
            State::Union { alternates } => open.extend(alternates.iter().map(|&next| (next, word, from))),
            State::BinaryUnion { alt1, alt2 } => open.extend([(*alt2, word, from), (*alt1, word, from)]),
            State::Fail => {}
            State::Match { .. } => return Ok(Some(read(&trail, from))),
        }
    }
    Ok(None)
}

fn read(trail: &[(u8, Option<usize>)], mut at: Option<usize>) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some(index) = at {
        text.push(trail[index].0);
        at = trail[index].1;
    }
    text.reverse();
    text
}

/// Follows how much of each keyword has been seen; a full keyword ends the walk.
struct Automaton {
    /// `next[state][byte]`, `DONE` once a keyword is complete.
    next: Vec<[u32; 256]>,
}

const DONE: u32 = u32::MAX;

impl Automaton {
    fn new(keywords: &[String], fold: bool) -> Automaton {
        let words: Vec<Vec<u8>> = keywords
            .iter()
            .map(|word| if fold { word.to_ascii_lowercase().into_bytes() } else { word.clone().into_bytes() })
            .collect();
        let prefixes: BTreeSet<&[u8]> =
            words.iter().flat_map(|word| (0..word.len()).map(move |n| &word[..n])).collect();
        let prefixes: Vec<&[u8]> = prefixes.into_iter().collect();
        let state_of = |text: &[u8]| {
            if words.iter().any(|word| text.ends_with(word)) {
                return DONE;
            }
            let longest = (0..=text.len()).find_map(|skip| prefixes.binary_search(&&text[skip..]).ok());
            longest.unwrap_or(0) as u32
        };
        let next = prefixes
            .iter()
            .map(|prefix| {
                std::array::from_fn(|byte| {
                    let byte = if fold { (byte as u8).to_ascii_lowercase() } else { byte as u8 };
                    state_of(&[prefix, &[byte][..]].concat())
                })
            })
            .collect();
        Automaton { next }
    }

    fn step(&self, state: u32, byte: u8) -> Option<u32> {
        Some(self.next[state as usize][byte as usize]).filter(|&next| next != DONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_texts_without_a_keyword() {
        let check = |source: &str, keywords: &[&str], sound: bool| {
            let keywords: Vec<String> = keywords.iter().map(|&word| word.into()).collect();
            let gap = gap(source, &keywords).expect(source);
            assert_eq!(gap.is_none(), sound, "{source}: {gap:?}");
        };
        check(r"\bghp_[a-z]{4}", &["ghp_"], true);
        check(r"\b(?:AKIA|ASIA)[A-Z]{4}", &["AKIA"], false);
        check(r"\b(?:AKIA|ASIA)[A-Z]{4}", &["AKIA", "ASIA"], true);
        check(r"(?i)TOKEN=[0-9]{2}", &["token"], true);
        check(r"[Tt]oken=[0-9]{2}", &["token"], false);
        check(r"x?key_[ab]{2,3}", &["key_a", "key_b"], true);
        check(r"aab?ab", &["aabab"], false);
    }
}
