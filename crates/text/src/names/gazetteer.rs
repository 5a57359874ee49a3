//! Words and phrases that lists know: given names, families, towns, states, bodies. A hint for
//! the name model, which weighs it against everything else.

use crate::word::Word;

/// Kinds of lists, as bits.
#[cfg(feature = "train")]
pub mod kinds {
    /// A given name.
    pub const GIVEN: u8 = 1;
    /// A family's name.
    pub const FAMILY: u8 = 2;
    /// A town or another place.
    pub const TOWN: u8 = 4;
    /// A state.
    pub const STATE: u8 = 8;
    /// A body, office, outlet or firm.
    pub const BODY: u8 = 16;
    /// An armed group or movement.
    pub const GROUP: u8 = 32;
    /// A person by the whole name or a known surname.
    pub const PERSON: u8 = 64;
    /// A nationality.
    pub const NATION: u8 = 128;
    /// A common noun for one person.
    pub const ONE: u8 = 1;
    /// A common noun for several people.
    pub const SEVERAL: u8 = 2;
    /// A common noun for a body.
    pub const INSTITUTION: u8 = 4;
    /// A common noun for a place.
    pub const GROUND: u8 = 8;
    /// A common noun for armed people.
    pub const FORCE: u8 = 16;
}

/// Bytes of a slot: hash of the words, kinds.
const SLOT: usize = 5;

/// Longest phrase, in words.
const LONGEST: usize = 6;

/// Slots of (hash, kinds), open addressing; empty slots are zero.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gazetteer {
    slots: &'static [u8],
}

/// What the lists say of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Kinds of the word by itself.
    pub word: u8,
    /// Kinds of the longest phrase that covers it.
    pub phrase: u8,
    /// 0: no phrase; 1: a phrase begins here; 2: it goes on.
    pub place: u8,
}

impl Mark {
    /// As one number.
    pub(crate) fn code(self) -> u32 {
        u32::from(self.word) | u32::from(self.phrase) << 8 | u32::from(self.place) << 16
    }
}

/// One word more in the hash of a phrase.
#[inline]
pub(crate) fn join(key: u32, norm: u32) -> u32 {
    let mut h = key.rotate_left(9) ^ norm;
    h = h.wrapping_mul(0x85EB_CA6B);
    (h ^ h >> 15) | 1
}

/// Where the hash of words written in capitals begins: "IS" and "US" are asked only there.
pub(crate) const CAPITALS: u32 = 0x5EED;

/// Where the hash of a common noun begins.
pub(crate) const NOUN: u32 = 0xA0B1;

#[inline]
fn home(key: u32, count: usize) -> usize {
    ((u64::from(key.wrapping_mul(0x9E37_79B1)) * count as u64) >> 32) as usize
}

impl Gazetteer {
    pub(crate) fn new(slots: &'static [u8]) -> Self {
        Self {
            slots: &slots[..slots.len() / SLOT * SLOT],
        }
    }

    /// The kinds of a phrase's hash; 0: no list has it.
    #[inline]
    pub(crate) fn of(&self, key: u32) -> u8 {
        let count = self.slots.len() / SLOT;
        if count == 0 {
            return 0;
        }
        let mut at = home(key, count);
        for _ in 0..count {
            let slot = &self.slots[at * SLOT..at * SLOT + SLOT];
            let found = u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
            if found == key {
                return slot[4];
            }
            if found == 0 {
                return 0;
            }
            at = if at + 1 == count { 0 } else { at + 1 };
        }
        0
    }

    /// The kinds of a common noun.
    pub(crate) fn noun(&self, word: &Word) -> u8 {
        self.of(join(NOUN, word.norm))
    }

    /// Marks the words of a sentence that `asked` lets through as first words.
    pub(crate) fn mark(&self, words: &[Word], asked: impl Fn(&Word) -> bool, out: &mut Vec<Mark>) {
        out.clear();
        out.resize(words.len(), Mark::default());
        let mut covered = 0;
        for at in 0..words.len() {
            if !asked(&words[at]) {
                continue;
            }
            let mut key = join(0, words[at].norm);
            let mut single = self.of(key);
            if words[at].capitals() {
                single |= self.of(join(CAPITALS, words[at].norm));
            }
            out[at].word = single;
            if at < covered {
                continue;
            }
            let mut best = (at, single);
            for (last, word) in words.iter().enumerate().skip(at + 1).take(LONGEST - 1) {
                key = join(key, word.norm);
                let kinds = self.of(key);
                if kinds != 0 {
                    best = (last, kinds);
                }
            }
            if best.0 == at {
                continue;
            }
            covered = best.0 + 1;
            for (place, mark) in out[at..=best.0].iter_mut().enumerate() {
                mark.phrase = best.1;
                mark.place = 1 + u8::from(place > 0);
            }
        }
    }
}

/// Lays out phrases for [`Gazetteer::new`]; a phrase in several lists has all their kinds.
#[cfg(feature = "train")]
pub(crate) fn lay_out(phrases: &std::collections::BTreeMap<u32, u8>) -> Vec<u8> {
    let count = phrases.len() * 5 / 4 + 1;
    let mut slots = vec![0u8; count * SLOT];
    for (key, kinds) in phrases {
        let mut at = home(*key, count);
        while slots[at * SLOT..at * SLOT + 4] != [0; 4] {
            at = (at + 1) % count;
        }
        slots[at * SLOT..at * SLOT + 4].copy_from_slice(&key.to_le_bytes());
        slots[at * SLOT + 4] = *kinds;
    }
    slots
}
