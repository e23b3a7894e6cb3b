//! Chooses between candidates for the same bytes, and joins the halves of a pair. Not how either was found.

use std::ops::Range;

use keylint_diagnostics::{Confidence, Evidence, Map};

/// Something that may become a diagnostic.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The rule's index.
    pub(crate) rule: u16,
    /// The secret, in the text that was scanned.
    pub(crate) span: Range<usize>,
    pub(crate) confidence: Confidence,
    pub(crate) evidence: Vec<Evidence>,
    /// How much the rule knows of what it found: patterns before names before generic.
    pub(crate) rank: Rank,
    /// What it is identified by: the secret, or a name where the secret could be guessed.
    pub(crate) identity: Vec<u8>,
    /// Length of the public prefix.
    pub(crate) prefix: usize,
    /// The other half of a pair.
    pub(crate) partner: Option<Box<Candidate>>,
}

/// How specific a candidate is; later is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// A name such as `password`, any value.
    Generic,
    /// A place (URL, header, file format), any value.
    Place,
    /// A place that a provider's tokens have (a DSN, a webhook URL), a value of the right shape.
    ProviderPlace,
    /// A provider's name and a value of the right shape.
    Named,
    /// A token known by its own shape.
    Pattern,
}

/// Keeps the best candidate for every byte; the others are dropped.
pub(crate) fn resolve(mut candidates: Vec<Candidate>, keyword_length: impl Fn(u16) -> usize) -> Vec<Candidate> {
    keylint_diagnostics::sort_by(&mut candidates, |a, b| {
        let order = |c: &Candidate| (c.rank, c.confidence, keyword_length(c.rule), c.span.len());
        order(b).cmp(&order(a)).then(a.rule.cmp(&b.rule)).then(a.span.start.cmp(&b.span.start))
    });
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    // Spans of what is kept, by start, with their places in `kept`; they never overlap.
    let mut taken: Map<usize, (usize, usize)> = Map::new();
    for candidate in candidates {
        let Range { start, end } = candidate.span;
        let before = taken.below(&end.max(start + 1));
        if let Some((&other, &(stop, index))) = before.filter(|&(&other, &(stop, _))| stop > start || other == start) {
            // A provider's name and the name of the value speak of the same thing: the surer of the two counts.
            let winner: &mut Candidate = &mut kept[index];
            if winner.rank == Rank::Named && candidate.rank == Rank::Generic && (other, stop) == (start, end) {
                winner.confidence = winner.confidence.max(candidate.confidence);
            }
            continue;
        }
        taken.insert(start, (end, kept.len()));
        kept.push(candidate);
    }
    keylint_diagnostics::sort_by_key(&mut kept, |candidate| (candidate.span.start, candidate.rule));
    kept
}

/// Joins each candidate of a rule with a partner to the nearest free one of the partner's rule.
pub(crate) fn join(candidates: Vec<Candidate>, partner_of: impl Fn(u16) -> Option<(u16, usize)>) -> Vec<Candidate> {
    let mut slots: Vec<Option<Candidate>> = candidates.into_iter().map(Some).collect();
    for index in 0..slots.len() {
        let Some(candidate) = &slots[index] else { continue };
        let Some((rule, within)) = partner_of(candidate.rule) else { continue };
        let span = candidate.span.clone();
        let distance = |other: &Candidate| {
            other.span.start.saturating_sub(span.end).max(span.start.saturating_sub(other.span.end))
        };
        // Candidates are sorted by place, so partners stand within a few slots; look both ways until too far.
        let ahead = (index + 1..slots.len()).take(NEIGHBOURS);
        let behind = (0..index).rev().take(NEIGHBOURS);
        let partner = ahead
            .chain(behind)
            .filter(|&other| slots[other].as_ref().is_some_and(|other| other.rule == rule && distance(other) <= within))
            .min_by_key(|&other| slots[other].as_ref().map_or(usize::MAX, &distance));
        if let Some(other) = partner {
            let other = slots[other].take();
            if let Some(candidate) = &mut slots[index] {
                candidate.partner = other.map(Box::new);
            }
        }
    }
    slots.into_iter().flatten().collect()
}

/// How many neighbours on each side may be a partner.
const NEIGHBOURS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(rule: u16, span: Range<usize>, rank: Rank) -> Candidate {
        Candidate {
            rule,
            span,
            confidence: Confidence::Medium,
            evidence: Vec::new(),
            rank,
            identity: Vec::new(),
            prefix: 0,
            partner: None,
        }
    }

    #[test]
    fn the_more_specific_rule_wins_a_span() {
        let all = vec![
            candidate(1, 0..10, Rank::Generic),
            candidate(2, 4..10, Rank::Pattern),
            candidate(3, 10..12, Rank::Generic),
            candidate(4, 8..30, Rank::Named),
            candidate(5, 20..30, Rank::Generic),
        ];
        let kept: Vec<u16> = resolve(all, |_| 4).iter().map(|c| c.rule).collect();
        assert_eq!(kept, [2, 3, 5]);
    }

    #[test]
    fn halves_of_a_pair_become_one() {
        let all = vec![
            candidate(1, 0..10, Rank::Pattern),
            candidate(2, 20..30, Rank::Named),
            candidate(2, 900..910, Rank::Named),
        ];
        let joined = join(all, |rule| (rule == 1).then_some((2, 100)));
        assert_eq!(joined.len(), 2);
        assert_eq!(joined[0].partner.as_ref().map(|partner| partner.span.clone()), Some(20..30));
    }
}
