//! Longest-match lookup of word sequences: one hash step a word, case checked only on a hit.

#[expect(
    clippy::disallowed_types,
    reason = "lookup only, never iterated: order cannot reach output"
)]
type Table = std::collections::HashMap<u64, Node, std::hash::BuildHasherDefault<Direct>>;

use super::words::{Case, Line, Word, join, scan};
use rapporteur_base::Span;

/// Keys are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Direct(u64);

impl std::hash::Hasher for Direct {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// Position in `values` plus one; 0: no phrase ends here.
    value: u32,
    longer: bool,
}

#[derive(Debug, Clone, Copy)]
struct Value {
    id: u32,
    /// Two bits a word: 0 any case, 1 a capital, 2 all capitals.
    case: u64,
    /// Next value of the same words, plus one.
    next: u32,
}

/// Phrases with the number each stands for.
#[derive(Debug, Default, Clone)]
pub(crate) struct Phrases {
    nodes: Table,
    values: Vec<Value>,
}

/// Words that a headline in capitals would turn into names.
const COLLIDE: [&str; 12] = [
    "is", "who", "it", "ice", "car", "pa", "am", "aa", "spa", "aid", "ana", "ft",
];

/// Longest phrase, in words.
const MOST: usize = 14;

impl Phrases {
    /// Adds a phrase; capitals in it are asked of the text unless `any_case`. The first meaning of
    /// the same words in the same case wins.
    pub(crate) fn add(&mut self, phrase: &str, id: u32, any_case: bool) {
        let words = scan(phrase, Span::new(0, phrase.len()));
        if words.is_empty() || words.len() > MOST {
            return;
        }
        let mut key = 0;
        let mut case = 0u64;
        for (i, word) in words.iter().enumerate() {
            key = join(key, word.hash);
            if !any_case {
                case |= need(word) << (2 * i);
            }
            let node = self.nodes.entry(key).or_default();
            node.longer |= i + 1 < words.len();
        }
        let Some(node) = self.nodes.get_mut(&key) else {
            return;
        };
        let mut at = node.value;
        while let Some(value) = (at as usize)
            .checked_sub(1)
            .and_then(|i| self.values.get(i))
        {
            if value.case == case {
                return;
            }
            at = value.next;
        }
        self.values.push(Value {
            id,
            case,
            next: node.value,
        });
        node.value = u32::try_from(self.values.len()).unwrap_or(0);
    }

    /// The longest phrase that starts at word `at`: its last word and number.
    pub(crate) fn longest(&self, line: &Line<'_>, at: usize) -> Option<(usize, u32)> {
        let word = line.words.get(at)?;
        self.longest_from(line, at, word.hash).or_else(|| {
            let bare = word.bare?;
            self.longest_from(line, at, bare)
        })
    }

    /// The same where the first word is asked by `first`.
    fn longest_from(&self, line: &Line<'_>, at: usize, first: u64) -> Option<(usize, u32)> {
        let words = &line.words;
        let mut best = None;
        let mut key = 0;
        for last in at..words.len().min(at + MOST) {
            if last > at && !words[last].soft {
                break;
            }
            let hash = if last == at { first } else { words[last].hash };
            key = join(key, hash);
            let Some(node) = self.nodes.get(&key).copied() else {
                break;
            };
            let mut value = node.value;
            while let Some(v) = (value as usize)
                .checked_sub(1)
                .and_then(|i| self.values.get(i))
            {
                if fits(v.case, &words[at..=last], line.shouting) {
                    best = Some((last, v.id));
                    break;
                }
                value = v.next;
            }
            if !node.longer {
                break;
            }
        }
        best
    }
}

fn need(word: &Word) -> u64 {
    match word.case {
        Case::Upper if word.norm.len() <= 5 => 2,
        Case::Upper | Case::Title => 1,
        Case::Lower => 0,
    }
}

fn fits(case: u64, words: &[Word], shouting: bool) -> bool {
    words.iter().enumerate().all(|(i, word)| {
        let need = (case >> (2 * i)) & 3;
        if shouting && need == 2 && words.len() == 1 && COLLIDE.contains(&word.norm.as_str()) {
            return false;
        }
        match need {
            0 => true,
            1 => word.case != Case::Lower,
            _ => word.case == Case::Upper,
        }
    })
}
