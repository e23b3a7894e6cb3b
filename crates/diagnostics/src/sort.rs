//! Sorting with one body of code for all types: each instance of the standard library's costs kilobytes, which a page that
//! scans would have to fetch. Not for what a scan sorts all the time: it takes about twice as long.

use std::cmp::Ordering;

/// Sorts; equals keep their order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by a key; equals keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by a comparison; equals keep their order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if !items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        let mut order = order(items.len(), &|a, b| compare(&items[a], &items[b]).is_gt());
        place(&mut order, &mut |a, b| items.swap(a, b));
    }
}

/// The places of things in the order that they should have, by merging runs. `above` says that one belongs behind another.
fn order(count: usize, above: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut merged = order.clone();
    let mut run = 1;
    while run < count {
        for (from, to) in order.chunks(2 * run).zip(merged.chunks_mut(2 * run)) {
            let (mut left, mut right) = from.split_at(run.min(from.len()));
            for place in to {
                let from_right = match (left, right) {
                    ([first, ..], [second, ..]) => above(*first, *second),
                    (left, _) => left.is_empty(),
                };
                let side = if from_right { &mut right } else { &mut left };
                if let Some((first, rest)) = side.split_first() {
                    (*place, *side) = (*first, rest);
                }
            }
        }
        std::mem::swap(&mut order, &mut merged);
        run *= 2;
    }
    order
}

/// Brings things into an order, cycle by cycle.
fn place(order: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at);
            if from == start {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut seed = 3u64;
        for count in [0, 1, 2, 3, 7, 8, 9, 100, 1000] {
            let mut items: Vec<(u64, usize)> = Vec::new();
            for place in 0..count {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                items.push((seed >> 33 & 31, place));
            }
            let mut want = items.clone();
            want.sort_by_key(|item| item.0);
            sort_by_key(&mut items, |item| item.0);
            assert_eq!(items, want);
            items.reverse();
            sort(&mut items);
            assert!(items.is_sorted());
        }
    }
}
