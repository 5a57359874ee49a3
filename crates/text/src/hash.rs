//! Hashes of words and of features. Fixed for ever: the committed weights are addressed by them.

const K: u64 = 0x9E37_79B9_7F4A_7C15;
const M: u64 = 0xD6E8_FEB8_6659_FD93;

/// A 32-bit hash of a string that is built character by character.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Roll(u32);

impl Roll {
    pub(crate) const fn new(seed: u32) -> Self {
        Self(seed ^ 0x811C_9DC5)
    }

    #[inline]
    pub(crate) const fn push(&mut self, c: u32) {
        self.0 = (self.0 ^ c).wrapping_mul(0x0100_0193);
    }

    #[inline]
    pub(crate) const fn finish(self) -> u32 {
        let mut h = self.0;
        h ^= h >> 15;
        h = h.wrapping_mul(0x2C1B_3C6D);
        h ^= h >> 13;
        // Zero means "no word"; a real word never has it.
        h | 1
    }
}

/// Hash of a whole string.
pub(crate) fn word(text: &str) -> u32 {
    let mut roll = Roll::new(0);
    for c in text.chars() {
        roll.push(c as u32);
    }
    roll.finish()
}

/// One feature: a template's number and what fills it.
#[inline]
pub(crate) fn feature(template: u32, a: u32, b: u32, c: u32) -> u64 {
    let low = (u64::from(a) << 32 | u64::from(b)).wrapping_mul(K);
    let high = (u64::from(c) << 32 | u64::from(template) << 4 | 1).wrapping_mul(M);
    let mut h = low.rotate_left(29) ^ high;
    h ^= h >> 32;
    h = h.wrapping_mul(K);
    h ^ h >> 29
}
