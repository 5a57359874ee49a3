//! Words looked up by their hash of 64 bits. Every clause asks for hundreds of words; comparing
//! strings was a tenth of the time.

use crate::actors::words::{hash, join};

/// A table from words (or pairs of words) to values, made once and then only asked.
#[derive(Debug)]
pub(super) struct Keys<V> {
    /// Open addressing; the length is a power of two and at least twice the number of words.
    slots: Vec<Option<(u64, V)>>,
}

/// The key of a word.
pub(super) fn key(word: &str) -> u64 {
    hash(word)
}

/// The key of two words.
pub(super) fn pair(first: &str, second: &str) -> u64 {
    join(hash(first), hash(second))
}

impl<V: Copy> Keys<V> {
    /// A table of `rows`; of two with one key the first stands.
    pub(super) fn new(rows: impl Iterator<Item = (u64, V)>) -> Self {
        let rows: Vec<(u64, V)> = rows.collect();
        let size = (2 * rows.len()).next_power_of_two().max(2);
        let mut table = Self {
            slots: vec![None; size],
        };
        for (key, value) in rows {
            let at = table.slot(key);
            if table.slots[at].is_none() {
                table.slots[at] = Some((key, value));
            }
        }
        table
    }

    /// Where a key stands or would stand.
    fn slot(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        while self.slots[at].is_some_and(|(other, _)| other != key) {
            at = (at + 1) & mask;
        }
        at
    }

    /// The value of a key.
    pub(super) fn get(&self, key: u64) -> Option<V> {
        self.slots[self.slot(key)].map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, key, pair};

    #[test]
    fn words_are_found_and_others_are_not() {
        let words = ["attack", "raid", "talk", "truce"];
        let table = Keys::new(words.iter().enumerate().map(|(at, w)| (key(w), at)));
        for (at, word) in words.iter().enumerate() {
            assert_eq!(table.get(key(word)), Some(at));
        }
        assert_eq!(table.get(key("raids")), None);
        assert_ne!(pair("a", "bc"), pair("ab", "c"));
        assert_eq!(Keys::<u8>::new(std::iter::empty()).get(key("x")), None);
    }
}
