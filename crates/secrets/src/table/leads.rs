//! What the keywords of rules lead to: each rule's own, the words of names, and the encoded forms of tokens' keywords.
//! Not here: how a keyword is found, or what a rule does with it.

use keylint_diagnostics::sort_by;
use keylint_rules::{Rule, Secret};

use super::{Form, Keyword, Lead, Sought, encoding, words::GENERIC};

/// The keywords of secret rules, in order, without the encoded forms of tokens.
pub(crate) fn own(rules: &[&Rule]) -> Vec<Sought> {
    let mut all: Vec<Sought> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let lead = |next| vec![Lead::Rule { rule: index as u16, next }];
        if let Some((_, words)) = GENERIC.iter().find(|(id, _)| *id == rule.id) {
            all.extend(words.iter().map(|word| {
                let keyword = Keyword { bytes: word.as_bytes().to_vec(), fold: true };
                Sought { keyword, word: false, token: false, plain: 0, leads: lead(u128::MAX) }
            }));
            continue;
        }
        let Some(secret) = &rule.secret else { continue };
        let fold = folds(secret);
        for (place, word) in secret.keywords.iter().enumerate() {
            let bytes = if fold { word.to_ascii_lowercase().into_bytes() } else { word.clone().into_bytes() };
            let next = secret.measure.next.get(place).copied().unwrap_or(u128::MAX);
            let token = is_token(secret) && !fold && bytes.len() >= 4;
            // `Scanner::find` gives up inside a word.
            let starts = bytes.first().is_some_and(|&b| b.is_ascii_alphanumeric() || b == b'_');
            let word = secret.pattern.is_some() && secret.measure.word && starts;
            let plain = if secret.pattern.is_some() { secret.measure.plain } else { 0 };
            all.push(Sought { keyword: Keyword { bytes, fold }, word, token, plain, leads: lead(next) });
        }
    }
    joined(all)
}

/// The same with the encoded forms of tokens.
pub(crate) fn with_forms(mut all: Vec<Sought>) -> Vec<Sought> {
    let mut forms: Vec<(Keyword, Form)> = Vec::new();
    all.iter().filter(|own| own.token).for_each(|own| encoding::forms(&own.keyword.bytes, &mut forms));
    all.extend(forms.into_iter().map(|(keyword, form)| {
        let leads = vec![Lead::Encoded(form)];
        Sought { keyword, word: false, token: false, plain: 0, leads }
    }));
    joined(all)
}

/// Each keyword once, in order, with all that it leads to; it wants only what all of that wants.
fn joined(mut all: Vec<Sought>) -> Vec<Sought> {
    sort_by(&mut all, |a, b| a.keyword.cmp(&b.keyword));
    let mut joined: Vec<Sought> = Vec::with_capacity(all.len());
    for mut sought in all {
        // What is no longer than the keyword says nothing.
        if usize::from(sought.plain) <= sought.keyword.bytes.len() {
            sought.plain = 0;
        }
        match joined.last_mut().filter(|last| last.keyword == sought.keyword) {
            Some(last) => {
                let is_new = |lead: &Lead| !matches!(lead, Lead::Encoded(_)) || !last.leads.contains(lead);
                sought.leads.retain(is_new);
                last.leads.extend(sought.leads);
                last.word &= sought.word;
                last.token |= sought.token;
                last.plain = last.plain.min(sought.plain);
            }
            None => joined.push(sought),
        }
    }
    joined
}

/// Whether the keywords of a rule are found in any case: names always, tokens where the pattern says so.
fn folds(secret: &Secret) -> bool {
    secret.pattern.as_ref().is_none_or(|pattern| pattern.contains("(?i"))
}

/// Whether its secrets begin with their keyword, and so can be told inside an encoding.
fn is_token(secret: &Secret) -> bool {
    secret.pattern.is_some() && secret.measure.at_keyword() && !secret.measure.place
}
