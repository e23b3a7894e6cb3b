//! Which policies are judged together: those of one principal or resource. Not here: who holds what (`hosts`).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Policy;

/// A policy that many hold is looked at with the other policies of each, so many times in all beyond once for each policy:
/// an account has some thousand attachments, of which most are alike and count once.
const MAX_AGAIN: usize = 10_000;

/// For each policy the different sets of policies that it is held with, by their places; at least that of itself.
pub(crate) fn of(policies: &[Policy]) -> Vec<Vec<Vec<usize>>> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, policy) in policies.iter().enumerate() {
        for name in &policy.attached {
            let held = by_name.entry(name).or_default();
            if held.last() != Some(&index) {
                held.push(index);
            }
        }
    }
    let mut again = MAX_AGAIN;
    let sets = policies.iter().enumerate().map(|(index, policy)| {
        let names = policy.attached.iter().filter_map(|name| by_name.get(&**name));
        let different: BTreeSet<&Vec<usize>> = names.take(again + 1).collect();
        again -= different.len().saturating_sub(1).min(again);
        if different.is_empty() { vec![vec![index]] } else { different.into_iter().cloned().collect() }
    });
    sets.collect()
}
