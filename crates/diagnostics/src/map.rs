//! A sorted map with one body of code for all types: each instance of the standard library's is kilobytes, which a page that
//! scans would have to fetch. Not for what is looked up all the time: a key is searched for in several runs.

use std::{borrow::Borrow, cmp::Ordering};

use serde::{Serialize, Serializer};

use crate::sort_by;

/// Values by key, in the order of the keys.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    /// As they came.
    rows: Vec<(K, V)>,
    /// The rows in runs, in each in the order of their keys; the lengths of the runs are the bits of how many there are.
    /// A new row joins runs as a carry joins bits, so that a row is moved as often as there are bits, however keys come.
    order: Vec<u32>,
}

impl<K: Ord, V> Map<K, V> {
    /// One without any.
    pub const fn new() -> Map<K, V> {
        Map { rows: Vec::new(), order: Vec::new() }
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).map(|row| &self.rows[row].1)
    }

    /// The value of a key, to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).map(|row| &mut self.rows[row].1)
    }

    /// Whether it has a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_some()
    }

    /// The last key below `key`, and its value.
    pub fn below(&self, key: &K) -> Option<(&K, &V)> {
        let last = |run: &[u32]| run.partition_point(|row| self.rows[*row as usize].0 < *key).checked_sub(1);
        let rows = runs(&self.order).filter_map(|run| Some(&self.rows[run[last(run)?] as usize]));
        rows.max_by(|a, b| a.0.cmp(&b.0)).map(|(key, value)| (key, value))
    }

    /// The value of a key, which is made where there is none.
    pub fn get_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let row = self.find(&key).unwrap_or_else(|| self.add(key, value()));
        &mut self.rows[row].1
    }

    /// Sets the value of a key; gives whether there was none.
    pub fn insert(&mut self, key: K, value: V) -> bool {
        match self.find(&key) {
            Some(row) => {
                self.rows[row].1 = value;
                false
            }
            None => {
                self.add(key, value);
                true
            }
        }
    }

    /// In the order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let mut order = self.order.clone();
        sort_by(&mut order, &by_key(&self.rows) as &dyn Fn(&u32, &u32) -> Ordering);
        order.into_iter().map(|row| &self.rows[row as usize]).map(|(key, value)| (key, value))
    }

    /// The row of a key.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        find(&self.order, &|row| self.rows[row as usize].0.borrow().cmp(key))
    }

    /// Adds a key that is not there; gives its row.
    fn add(&mut self, key: K, value: V) -> usize {
        let row = self.rows.len();
        self.rows.push((key, value));
        add(&mut self.order, &by_key(&self.rows));
        row
    }
}

impl<K, V> Map<K, V> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.order.clear();
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map { rows: Vec::new(), order: Vec::new() }
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Map<K, V>) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(own, other)| own == other)
    }
}

impl<K: Ord, V: Eq> Eq for Map<K, V> {}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(rows: T) -> Map<K, V> {
        let mut map = Map::default();
        for (key, value) in rows {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Ord + Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

fn by_key<K: Ord, V>(rows: &[(K, V)]) -> impl Fn(&u32, &u32) -> Ordering {
    |a, b| rows[*a as usize].0.cmp(&rows[*b as usize].0)
}

/// The runs of an order, the longest first.
fn runs(mut order: &[u32]) -> impl Iterator<Item = &[u32]> {
    std::iter::from_fn(move || {
        let (run, rest) = order.split_at(1 << order.len().checked_ilog2()?);
        order = rest;
        Some(run)
    })
}

/// The row that is equal to what is sought.
fn find(order: &[u32], compare: &dyn Fn(u32) -> Ordering) -> Option<usize> {
    runs(order).find_map(|run| Some(run[run.binary_search_by(|row| compare(*row)).ok()?] as usize))
}

/// Adds the next row.
fn add(order: &mut Vec<u32>, compare: &dyn Fn(&u32, &u32) -> Ordering) {
    order.push(order.len() as u32);
    let joined = 1 << order.len().trailing_zeros();
    let start = order.len() - joined;
    sort_by(&mut order[start..], compare);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn holds_what_the_standard_library_holds() {
        let (mut map, mut want) = (Map::new(), BTreeMap::new());
        let mut seed = 3u64;
        for value in 0..500 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let key = seed >> 33 & 127;
            assert_eq!(map.insert(key, value), want.insert(key, value).is_none());
            assert_eq!(map.below(&key), want.range(..key).next_back());
        }
        assert!(map.iter().eq(want.iter()));
        assert_eq!(map.len(), want.len());
        assert!(
            (0..130).all(|key| map.get(&key) == want.get(&key) && map.contains_key(&key) == want.contains_key(&key))
        );
        assert_eq!(*map.get_or_insert_with(1000, || 7), 7);
        assert_eq!(*map.get_or_insert_with(1000, || 8), 7);
    }
}
