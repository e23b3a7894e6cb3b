//! What the keywords of rules lead to: each rule's own, the words of names, and the encoded forms of tokens' keywords.
//! Not here: how a keyword is found, or what a rule does with it.

use keylint_diagnostics::sort_by;
use keylint_rules::{Rule, Secret};

use super::{Form, Keyword, Lead, Sought, encoding, words::GENERIC};

/// A keyword where it leads to one thing, and what that wants.
struct Wish {
    keyword: Keyword,
    lead: Lead,
    /// The start of a word.
    word: bool,
    /// This many plain bytes ([`Measure::plain`](keylint_rules::Measure)).
    plain: u8,
}

/// The keywords of secret rules, in order.
pub(crate) fn collect(rules: &[&Rule]) -> Vec<Sought> {
    let mut all: Vec<Wish> = Vec::new();
    let mut add = |keyword, lead, word, plain| all.push(Wish { keyword, lead, word, plain });
    let mut forms: Vec<(Keyword, Form)> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let index = index as u16;
        if let Some((_, words)) = GENERIC.iter().find(|(id, _)| *id == rule.id) {
            for word in *words {
                let keyword = Keyword { bytes: word.as_bytes().to_vec(), fold: true };
                add(keyword, Lead::Rule { rule: index, next: u128::MAX }, false, 0);
            }
            continue;
        }
        let Some(secret) = &rule.secret else { continue };
        let fold = folds(secret);
        for (place, word) in secret.keywords.iter().enumerate() {
            let bytes = if fold { word.to_ascii_lowercase().into_bytes() } else { word.clone().into_bytes() };
            let next = secret.measure.next.get(place).copied().unwrap_or(u128::MAX);
            if is_token(secret) && !fold && bytes.len() >= 4 {
                encoding::forms(&bytes, &mut forms);
            }
            // `Scanner::find` gives up inside a word.
            let starts = bytes.first().is_some_and(|&b| b.is_ascii_alphanumeric() || b == b'_');
            let word = secret.pattern.is_some() && secret.measure.word && starts;
            let plain = if secret.pattern.is_some() { secret.measure.plain } else { 0 };
            add(Keyword { bytes, fold }, Lead::Rule { rule: index, next }, word, plain);
        }
    }
    for (keyword, form) in forms {
        add(keyword, Lead::Encoded(form), false, 0);
    }
    sort_by(&mut all, |a, b| a.keyword.cmp(&b.keyword));
    all.chunk_by(|a, b| a.keyword == b.keyword).map(sought).collect()
}

/// A keyword with all that it leads to, which wants only what all of that wants.
fn sought(same: &[Wish]) -> Sought {
    let mut leads: Vec<Lead> = Vec::new();
    for Wish { lead, .. } in same {
        if !matches!(lead, Lead::Encoded(_)) || !leads.contains(lead) {
            leads.push(*lead);
        }
    }
    let keyword = same[0].keyword.clone();
    let plain = same.iter().map(|wish| wish.plain).min().unwrap_or(0);
    // What is no longer than the keyword says nothing.
    let plain = if usize::from(plain) > keyword.bytes.len() { plain } else { 0 };
    Sought { keyword, word: same.iter().all(|wish| wish.word), plain, leads }
}

/// Whether the keywords of a rule are found in any case: names always, tokens where the pattern says so.
fn folds(secret: &Secret) -> bool {
    secret.pattern.as_ref().is_none_or(|pattern| pattern.contains("(?i"))
}

/// Whether its secrets begin with their keyword, and so can be told inside an encoding.
fn is_token(secret: &Secret) -> bool {
    secret.pattern.is_some() && secret.measure.at_keyword() && !secret.measure.place
}
