//! Vectors of words that training begins with.

use std::collections::BTreeMap;

use crate::clusters::Clusters;
use crate::word::Word;

/// Vectors by the normal form of their word.
#[derive(Debug)]
pub(super) struct Vectors {
    /// Place of each normal form, from one.
    places: BTreeMap<u32, u32>,
    bytes: Vec<u8>,
}

impl Vectors {
    /// Numbers of a vector.
    pub(super) const WIDTH: usize = 64;

    /// The unit of the file's bytes.
    const UNIT: f32 = 1.0 / 32.0;

    /// `words` in the order of the rows of `bytes`; the first word of a normal form counts.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>, bytes: &[u8]) -> Self {
        let none = Clusters::default();
        let mut places = BTreeMap::new();
        let rows = u32::try_from(bytes.len() / Self::WIDTH).unwrap_or(0);
        for (word, place) in words.zip(1..=rows) {
            places.entry(Word::new(word, &none).norm).or_insert(place);
        }
        Self {
            places,
            bytes: bytes.to_vec(),
        }
    }

    /// The place of a normal form; zero: none.
    pub(super) fn place(&self, norm: u32) -> u32 {
        self.places.get(&norm).copied().unwrap_or(0)
    }

    /// Every normal form that has a vector, and its place.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.places.iter().map(|(norm, place)| (*norm, *place))
    }

    /// Writes a vector; place zero leaves `into` as it is.
    pub(super) fn read(&self, place: u32, into: &mut [f32]) {
        let Some(row) = (place as usize).checked_sub(1) else {
            return;
        };
        let bytes = &self.bytes[row * Self::WIDTH..][..Self::WIDTH];
        for (number, byte) in into.iter_mut().zip(bytes) {
            *number = f32::from(*byte as i8) * Self::UNIT;
        }
    }
}
