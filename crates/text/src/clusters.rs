//! Distributional word classes: which words stand in like places. A table of the model.

/// Slots of (hash of the normal form, class), open addressing; empty slots are zero.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clusters {
    /// Six bytes a slot; a power of two of slots, or none.
    slots: &'static [u8],
    /// Coarse class of each fine class.
    coarse: &'static [u8],
}

/// Bytes of a slot: hash, class.
const SLOT: usize = 6;

impl Clusters {
    pub(crate) fn new(slots: &'static [u8], coarse: &'static [u8]) -> Self {
        let usable = (slots.len() / SLOT).is_power_of_two();
        Self {
            slots: if usable { slots } else { &[] },
            coarse,
        }
    }

    /// The fine class of a normal form.
    #[inline]
    pub(crate) fn of(&self, norm: u32) -> Option<u16> {
        let count = self.slots.len() / SLOT;
        if count == 0 {
            return None;
        }
        let mut at = home(norm, count);
        for _ in 0..count {
            let slot = &self.slots[at * SLOT..at * SLOT + SLOT];
            let key = u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
            if key == norm {
                return Some(u16::from_le_bytes([slot[4], slot[5]]));
            }
            if key == 0 {
                return None;
            }
            at = (at + 1) & (count - 1);
        }
        None
    }

    /// The coarse class of a fine one.
    #[inline]
    pub(crate) fn coarse(&self, fine: u16) -> u32 {
        self.coarse
            .get(usize::from(fine))
            .map_or(0, |c| u32::from(*c))
    }
}

fn home(norm: u32, count: usize) -> usize {
    (norm.wrapping_mul(0x9E37_79B1) >> 8) as usize & (count - 1)
}

/// Lays out the slots for [`Clusters::new`]; words in the order given, the first of a hash wins.
#[cfg(feature = "train")]
pub(crate) fn lay_out(words: &[(u32, u16)]) -> Vec<u8> {
    let count = (words.len() * 3 / 2).next_power_of_two().max(2);
    let mut slots = vec![0u8; count * SLOT];
    for (norm, class) in words {
        let mut at = home(*norm, count);
        loop {
            let slot = &mut slots[at * SLOT..at * SLOT + SLOT];
            let key = u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
            if key == *norm {
                break;
            }
            if key == 0 {
                slot[..4].copy_from_slice(&norm.to_le_bytes());
                slot[4..].copy_from_slice(&class.to_le_bytes());
                break;
            }
            at = (at + 1) & (count - 1);
        }
    }
    slots
}
