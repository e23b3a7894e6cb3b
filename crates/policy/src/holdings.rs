//! Which policies are judged together: those of one principal or resource. Not here: who holds what (`hosts`).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Policy;

/// So many policies of a principal are judged together, and the next ones for themselves. AWS lets a principal have a few
/// dozen: its inline policies together have at most 10,240 characters.
const MAX_HELD: usize = 256;

/// The different sets of policies that are held together.
#[derive(Debug)]
pub(crate) struct Holdings {
    /// Places of policies, in their order.
    sets: Vec<Vec<usize>>,
    /// For each policy the places of the sets that it is in; at least one.
    of: Vec<Vec<usize>>,
}

impl Holdings {
    pub(crate) fn new(policies: &[Policy]) -> Holdings {
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut sets = BTreeSet::new();
        for (index, policy) in policies.iter().enumerate() {
            for name in &policy.attached {
                let held = by_name.entry(name).or_default();
                if held.last() != Some(&index) {
                    held.push(index);
                }
            }
            if policy.attached.is_empty() {
                sets.insert(vec![index]);
            }
        }
        // Principals that hold the same count once.
        sets.extend(
            by_name.into_values().flat_map(|held| held.chunks(MAX_HELD).map(<[_]>::to_vec).collect::<Vec<_>>()),
        );
        let sets: Vec<Vec<usize>> = sets.into_iter().collect();
        let mut of = vec![Vec::new(); policies.len()];
        for (place, set) in sets.iter().enumerate() {
            set.iter().for_each(|&index| of[index].push(place));
        }
        Holdings { sets, of }
    }

    /// The sets that a policy is in.
    pub(crate) fn of(&self, policy: usize) -> impl Iterator<Item = &[usize]> {
        self.of.get(policy).into_iter().flatten().filter_map(|&place| self.sets.get(place)).map(Vec::as_slice)
    }
}
