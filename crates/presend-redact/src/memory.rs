//! What was given for values, bounded.

use std::collections::BTreeMap;

/// How many different values are remembered of one kind; past it the one first seen longest ago is forgotten.
pub(crate) const MOST_VALUES: usize = 65_536;

/// A map by hash that keeps [`MOST_VALUES`] entries, in the order in which they came.
#[derive(Clone)]
pub(crate) struct Memory<V> {
    next: u64,
    values: BTreeMap<u64, (u64, V)>,
    /// By the order of coming, the hash.
    order: BTreeMap<u64, u64>,
}

impl<V> Default for Memory<V> {
    fn default() -> Self {
        Self { next: 0, values: BTreeMap::new(), order: BTreeMap::new() }
    }
}

impl<V> Memory<V> {
    pub(crate) fn get(&self, hash: u64) -> Option<&V> {
        self.values.get(&hash).map(|(_, value)| value)
    }

    /// Adds a value that is not there yet, and returns what had to go for it.
    pub(crate) fn insert(&mut self, hash: u64, value: V) -> Option<(u64, V)> {
        if let Some((at, _)) = self.values.insert(hash, (self.next, value)) {
            self.order.remove(&at);
        }
        self.order.insert(self.next, hash);
        self.next += 1;
        if self.values.len() <= MOST_VALUES {
            return None;
        }
        let (_, oldest) = self.order.pop_first()?;
        self.values.remove(&oldest).map(|(_, value)| (oldest, value))
    }

    /// All, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &V)> {
        self.order.values().filter_map(|hash| self.get(*hash).map(|value| (*hash, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_goes_when_there_are_too_many() {
        let mut memory = Memory::default();
        for hash in 0..MOST_VALUES as u64 {
            assert_eq!(memory.insert(hash, hash), None);
        }
        assert_eq!(memory.insert(9, 90), None);
        assert_eq!(memory.insert(1_000_000, 7), Some((0, 0)));
        assert_eq!((memory.get(0), memory.get(1), memory.get(9)), (None, Some(&1), Some(&90)));
        assert_eq!(memory.iter().count(), MOST_VALUES);
        assert_eq!(memory.iter().last(), Some((1_000_000, &7)));
    }
}
