//! A sorted map with one body of code for all types: each instance of the standard library's is kilobytes, which a page that
//! scans would have to fetch. Not for what a hostile document fills: a new key in front of `n` others moves `4n` bytes.

use std::{borrow::Borrow, cmp::Ordering};

use serde::{Serialize, Serializer};

/// Values by key, in the order of the keys.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    /// As they came.
    rows: Vec<(K, V)>,
    /// The rows in the order of their keys.
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
        let place = self.find(key).ok()?;
        Some(&self.rows[self.order[place] as usize].1)
    }

    /// The value of a key, to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key).ok()?;
        Some(&mut self.rows[self.order[place] as usize].1)
    }

    /// Whether it has a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// The value of a key, which is made where there is none.
    pub fn get_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let row = match self.find(&key) {
            Ok(place) => self.order[place] as usize,
            Err(place) => {
                self.order.insert(place, self.rows.len() as u32);
                self.rows.push((key, value()));
                self.rows.len() - 1
            }
        };
        &mut self.rows[row].1
    }

    /// Sets the value of a key; gives whether there was none.
    pub fn insert(&mut self, key: K, value: V) -> bool {
        match self.find(&key) {
            Ok(place) => {
                self.rows[self.order[place] as usize].1 = value;
                false
            }
            Err(place) => {
                self.order.insert(place, self.rows.len() as u32);
                self.rows.push((key, value));
                true
            }
        }
    }

    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        search(&self.order, &|row| self.rows[row as usize].0.borrow().cmp(key))
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

    /// In the order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.order.iter().map(|row| &self.rows[*row as usize]).map(|(key, value)| (key, value))
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map { rows: Vec::new(), order: Vec::new() }
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Map<K, V>) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(own, other)| own == other)
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(rows: T) -> Map<K, V> {
        let mut map = Map::default();
        for (key, value) in rows {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Where in an order something stands, or would stand.
fn search(order: &[u32], compare: &dyn Fn(u32) -> Ordering) -> Result<usize, usize> {
    // What comes in order is put at the end.
    match order.last().map(|last| compare(*last)) {
        None => Err(0),
        Some(Ordering::Less) => Err(order.len()),
        Some(_) => order.binary_search_by(|row| compare(*row)),
    }
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
