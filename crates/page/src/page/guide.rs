//! The article body that the page states in its JSON-LD, as a guide to the blocks on the page.

use super::blocks::Block;

/// Words in a run that is compared.
const GRAM: usize = 3;
/// Shorter bodies are teasers.
const LEAST: usize = 80;

/// The stated body as hashes of word runs, sorted.
#[derive(Debug)]
pub(crate) struct Guide {
    grams: Vec<u64>,
    words: usize,
}

fn hashes(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| {
            // FNV-1a over the lower-case letters.
            w.chars()
                .flat_map(char::to_lowercase)
                .fold(0xcbf2_9ce4_8422_2325, |h, c| {
                    (h ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
                })
        })
        .collect()
}

fn grams(words: &[u64]) -> impl Iterator<Item = u64> + '_ {
    words.windows(GRAM).map(|w| {
        w.iter().fold(7u64, |h, x| {
            (h.rotate_left(17) ^ x).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        })
    })
}

impl Guide {
    /// `None` when the stated body is short, or not what stands on the page.
    pub(crate) fn new(body: &str, blocks: &[Block]) -> Option<Self> {
        let words = hashes(body);
        if words.len() < LEAST || !crate::pasted::ends_sentence(body) {
            return None;
        }
        let mut sorted: Vec<u64> = grams(&words).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let guide = Self {
            grams: sorted,
            words: words.len(),
        };
        let on_page: usize = blocks
            .iter()
            .filter(|b| guide.covers(b))
            .map(|b| hashes(&b.text).len())
            .sum();
        (on_page * 10 >= guide.words * 7).then_some(guide)
    }

    /// Length of the stated body.
    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// Whether a block stands in the stated body.
    pub(crate) fn covers(&self, block: &Block) -> bool {
        let words = hashes(&block.text);
        let total = words.len().saturating_sub(GRAM - 1);
        if total < 2 {
            return false;
        }
        let found = grams(&words)
            .filter(|g| self.grams.binary_search(g).is_ok())
            .count();
        found * 10 >= total * 7
    }
}
