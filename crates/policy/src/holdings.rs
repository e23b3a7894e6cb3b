//! Which policies are judged together: those of one principal or resource. Not here: who holds what (`hosts`).

use keylint_diagnostics::sort;

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
        let mut held: Vec<(&str, usize)> = Vec::new();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for (index, policy) in policies.iter().enumerate() {
            held.extend(policy.attached.iter().map(|name| (&**name, index)));
            sets.extend(policy.attached.is_empty().then(|| vec![index]));
        }
        sort(&mut held);
        held.dedup();
        for held in held.chunk_by(|a, b| a.0 == b.0) {
            sets.extend(held.chunks(MAX_HELD).map(|held| held.iter().map(|(_, index)| *index).collect()));
        }
        // Principals that hold the same count once.
        sort(&mut sets);
        sets.dedup();
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
