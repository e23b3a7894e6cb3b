//! What the keywords of rules lead to: each rule's own, the words of names, and the encoded forms of tokens' keywords.
//! Not here: how a keyword is found, or what a rule does with it.

use keylint_diagnostics::sort_by;
use keylint_rules::{Rule, Secret};

use super::{Form, Keyword, Lead, Sought, encoding, words::GENERIC};

/// The keywords of secret rules, in order.
pub(crate) fn collect(rules: &[&Rule]) -> Vec<Sought> {
    // A keyword, where it leads, and whether it wants the start of a word.
    let mut all: Vec<(Keyword, Lead, bool)> = Vec::new();
    let mut add = |keyword: Keyword, lead: Lead, word: bool| all.push((keyword, lead, word));
    let mut forms: Vec<(Keyword, Form)> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let index = index as u16;
        if let Some((_, words)) = GENERIC.iter().find(|(id, _)| *id == rule.id) {
            for word in *words {
                let keyword = Keyword { bytes: word.as_bytes().to_vec(), fold: true };
                add(keyword, Lead::Rule { rule: index, next: u128::MAX }, false);
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
            add(Keyword { bytes, fold }, Lead::Rule { rule: index, next }, word);
        }
    }
    for (keyword, form) in forms {
        add(keyword, Lead::Encoded(form), false);
    }
    sort_by(&mut all, |a, b| a.0.cmp(&b.0));
    let sought = |same: &[(Keyword, Lead, bool)]| {
        let mut leads: Vec<Lead> = Vec::new();
        for (_, lead, _) in same {
            if !matches!(lead, Lead::Encoded(_)) || !leads.contains(lead) {
                leads.push(*lead);
            }
        }
        Sought { keyword: same[0].0.clone(), word: same.iter().all(|(_, _, word)| *word), leads }
    };
    all.chunk_by(|a, b| a.0 == b.0).map(sought).collect()
}

/// Whether the keywords of a rule are found in any case: names always, tokens where the pattern says so.
fn folds(secret: &Secret) -> bool {
    secret.pattern.as_ref().is_none_or(|pattern| pattern.contains("(?i"))
}

/// Whether its secrets begin with their keyword, and so can be told inside an encoding.
fn is_token(secret: &Secret) -> bool {
    secret.pattern.is_some() && secret.measure.at_keyword() && !secret.measure.place
}
