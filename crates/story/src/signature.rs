use serde::{Deserialize, Serialize};

use crate::words::{hash_lower, mix, words};

/// Words in a shingle.
const SHINGLE: usize = 5;
/// Shingles kept: whole up to here (about 4,000 words), a bottom-k sketch beyond.
const KEEP: usize = 4096;
/// One shingle in this many goes into the index of candidates.
const SAMPLE: u32 = 4;
/// And the smallest so many, so that copies of a few words find each other.
const LEAST: usize = 8;

/// What is needed of a text to find its copies: hashes of its five-word shingles.
///
/// Broder's "modulo" sketch rather than MinHash: shingles whose hash is divisible by 4 are indexed
/// and *counted*, so a cut-down copy is found by what it holds of the whole (containment), which
/// MinHash bands miss; the pairs found are then verified on all shingles, exactly up to 4,096 of
/// them and on the smallest 4,096 beyond. About four bytes a word; the text is not needed again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Distinct shingles of the text.
    count: u32,
    /// Their hashes, sorted; the smallest [`KEEP`] of them.
    kept: Vec<u32>,
}

/// How alike two texts are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// Shared shingles over all shingles.
    pub jaccard: f64,
    /// Shared shingles over those of the shorter text.
    pub containment: f64,
}

impl Signature {
    /// Reads title and text; case, punctuation and layout do not matter.
    pub fn of(title: &str, text: &str) -> Self {
        let hashes: Vec<u64> = words(title)
            .chain(words(text))
            .map(|word| hash_lower(word.text))
            .collect();
        let mut kept: Vec<u32> = hashes
            .windows(SHINGLE.min(hashes.len().max(1)))
            .map(|window| {
                let all = window
                    .iter()
                    .fold(0u64, |h, w| (h ^ w).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                (mix(all) >> 32) as u32
            })
            .collect();
        kept.sort_unstable();
        kept.dedup();
        let count = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        kept.truncate(KEEP);
        kept.shrink_to_fit();
        Self { count, kept }
    }

    /// Distinct shingles of the text.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there was no word.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The hashes that the index of candidates keeps.
    pub(crate) fn sample(&self) -> impl Iterator<Item = u32> + '_ {
        let all = self.kept.iter().copied().enumerate();
        all.filter(|(rank, h)| *rank < LEAST || h % SAMPLE == 0)
            .map(|(_, h)| h)
    }

    /// Jaccard index and containment: exact for texts within the sketch's size, estimated from the
    /// common range of hashes beyond.
    pub fn likeness(&self, other: &Self) -> Likeness {
        let bound = |s: &Self| {
            if s.count as usize > s.kept.len() {
                s.kept.last().copied().unwrap_or(0)
            } else {
                u32::MAX
            }
        };
        let limit = bound(self).min(bound(other));
        let within = |s: &Self| s.kept.partition_point(|h| *h <= limit);
        let (a, b) = (&self.kept[..within(self)], &other.kept[..within(other)]);
        let both = crate::words::shared(a, b) as f64;
        let either = (a.len() + b.len()) as f64 - both;
        let least = a.len().min(b.len()) as f64;
        Likeness {
            jaccard: if either > 0.0 { both / either } else { 0.0 },
            containment: if least > 0.0 { both / least } else { 0.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_does_not_matter_but_order_does() {
        let a = Signature::of("", "The envoys met in the hotel by the lake on Monday");
        let b = Signature::of("", "THE ENVOYS met -- in the hotel, by the lake on Monday.");
        assert_eq!(a, b);
        let c = Signature::of("", "On Monday by the lake in the hotel the envoys met");
        assert!(a.likeness(&c).jaccard < 0.3);
        assert_eq!(Signature::of("", "").len(), 0);
        assert_eq!(Signature::of("Ceasefire", "").len(), 1);
    }

    #[test]
    fn a_cut_copy_is_contained() {
        let long: String = (0..200).map(|i| format!("word{i} ")).collect();
        let short: String = (0..40).map(|i| format!("word{i} ")).collect();
        let likeness = Signature::of("", &long).likeness(&Signature::of("", &short));
        assert_eq!(likeness.containment, 1.0);
        assert!(likeness.jaccard < 0.2);
    }
}
