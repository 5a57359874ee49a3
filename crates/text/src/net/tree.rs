//! The best tree over scored arcs (Chu and Liu, Edmonds), with exactly one root.

/// Words tried as the root when the best arcs do not settle it.
const ROOTS: usize = 3;

/// Scores of arcs: `row(i)[j]` for head `j` of word `i`; the last column is the root.
#[derive(Debug, Default)]
pub(crate) struct Arcs {
    scores: Vec<f32>,
    words: usize,
}

/// No arc.
pub(crate) const NEVER: f32 = -1e9;

impl Arcs {
    /// Room for a sentence of so many words, all scores [`NEVER`].
    pub(crate) fn reset(&mut self, words: usize) {
        self.words = words;
        self.scores.clear();
        self.scores.resize(words * (words + 1), NEVER);
    }

    /// Scores of the heads of one word.
    pub(crate) fn row(&self, word: usize) -> &[f32] {
        &self.scores[word * (self.words + 1)..][..=self.words]
    }

    pub(crate) fn row_mut(&mut self, word: usize) -> &mut [f32] {
        &mut self.scores[word * (self.words + 1)..][..=self.words]
    }

    /// The heads of the best tree.
    pub(crate) fn tree(&self, heads: &mut Vec<u32>) {
        let root = self.words;
        heads.clear();
        heads.extend((0..root).map(|word| best_head(self.row(word), word) as u32));
        let roots = heads.iter().filter(|head| **head as usize == root).count();
        if roots == 1 && cycle(heads).is_none() {
            return;
        }
        let mut best = f32::MIN;
        for candidate in self.roots() {
            let found = best_tree(&self.rooted(candidate));
            let score: f32 = found
                .iter()
                .enumerate()
                .map(|(word, head)| self.row(word)[*head as usize])
                .sum();
            if score > best {
                best = score;
                heads.clone_from(&found);
            }
        }
    }

    /// The words that lose least as the root.
    fn roots(&self) -> Vec<usize> {
        let lead = |word: usize| {
            let (root, others) = (self.row(word)[self.words], &self.row(word)[..self.words]);
            root - others.iter().copied().fold(f32::MIN, f32::max)
        };
        let mut order: Vec<usize> = (0..self.words).collect();
        order.sort_by(|a, b| lead(*b).total_cmp(&lead(*a)).then(a.cmp(b)));
        order.truncate(ROOTS);
        order
    }

    /// The same arcs with `root` as the only word that may hang on the root.
    fn rooted(&self, root: usize) -> Vec<Vec<f32>> {
        (0..self.words)
            .map(|word| {
                let mut row = self.row(word).to_vec();
                if word == root {
                    row[..self.words].fill(NEVER);
                    row[self.words] = 0.0;
                } else {
                    row[self.words] = NEVER;
                }
                row
            })
            .collect()
    }
}

/// The head with the highest score, the first of equals, never the word itself.
fn best_head(row: &[f32], word: usize) -> usize {
    let mut best = usize::from(word == 0);
    for (head, score) in row.iter().enumerate() {
        if head != word && *score > row[best] {
            best = head;
        }
    }
    best
}

/// A cycle among the heads, if there is one.
fn cycle(heads: &[u32]) -> Option<Vec<usize>> {
    let mut seen = vec![0usize; heads.len()];
    for start in 0..heads.len() {
        let mut at = start;
        while at < heads.len() && seen[at] == 0 {
            seen[at] = start + 1;
            at = heads[at] as usize;
        }
        if at < heads.len() && seen[at] == start + 1 {
            let mut members = vec![at];
            let mut next = heads[at] as usize;
            while next != at {
                members.push(next);
                next = heads[next] as usize;
            }
            return Some(members);
        }
    }
    None
}

/// The best tree: a cycle of best arcs is folded into one word until none is left.
fn best_tree(rows: &[Vec<f32>]) -> Vec<u32> {
    let heads: Vec<u32> = rows
        .iter()
        .enumerate()
        .map(|(word, row)| best_head(row, word) as u32)
        .collect();
    match cycle(&heads) {
        None => heads,
        Some(members) => unfold(rows, heads, &members),
    }
}

fn unfold(rows: &[Vec<f32>], mut heads: Vec<u32>, members: &[usize]) -> Vec<u32> {
    let (words, root) = (rows.len(), rows.len());
    let outside: Vec<usize> = (0..words).filter(|w| !members.contains(w)).collect();
    let folded = outside.len();
    // Words outside keep their order, then the cycle, then the root.
    let place = |at: usize| if at > folded { root } else { outside[at] };
    let mut small = vec![vec![NEVER; folded + 2]; folded + 1];
    let (mut enter, mut leave) = (vec![0usize; folded + 2], vec![0usize; folded]);
    for (at, word) in outside.iter().enumerate() {
        for (to, score) in small[at].iter_mut().enumerate() {
            if to != folded && to != at {
                *score = rows[*word][place(to)];
            }
        }
        leave[at] = first_best(members, |member| rows[*word][member]);
        small[at][folded] = rows[*word][leave[at]];
    }
    for to in (0..folded + 2).filter(|to| *to != folded) {
        let gain = |member: usize| rows[member][place(to)] - rows[member][heads[member] as usize];
        enter[to] = first_best(members, gain);
        small[folded][to] = gain(enter[to]);
    }
    let found = best_tree(&small);
    for (at, word) in outside.iter().enumerate() {
        let head = found[at] as usize;
        heads[*word] = if head == folded {
            leave[at]
        } else {
            place(head)
        } as u32;
    }
    let into = found[folded] as usize;
    heads[enter[into]] = place(into) as u32;
    heads
}

fn first_best(members: &[usize], score: impl Fn(usize) -> f32) -> usize {
    let mut best = members[0];
    for member in &members[1..] {
        if score(*member) > score(best) {
            best = *member;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tree(words: usize, score: impl Fn(usize, usize) -> f32) -> (Arcs, Vec<u32>) {
        let mut arcs = Arcs::default();
        arcs.reset(words);
        for word in 0..words {
            for head in (0..=words).filter(|head| *head != word) {
                arcs.row_mut(word)[head] = score(word, head);
            }
        }
        let mut heads = Vec::new();
        arcs.tree(&mut heads);
        (arcs, heads)
    }

    /// Every tree of four words with one root.
    fn all(words: usize) -> Vec<Vec<u32>> {
        let count = (words + 1).pow(words as u32);
        (0..count)
            .map(|mut code| {
                let digit = |_| {
                    let head = code % (words + 1);
                    code /= words + 1;
                    head as u32
                };
                (0..words).map(digit).collect::<Vec<u32>>()
            })
            .filter(|heads| {
                heads.iter().filter(|h| **h as usize == words).count() == 1
                    && cycle(heads).is_none()
            })
            .collect()
    }

    proptest! {
        #[test]
        fn no_tree_is_better(scores in prop::collection::vec(-50i8..50, 12)) {
            let (arcs, heads) = tree(3, |word, head| f32::from(scores[word * 4 + head]));
            let total = |heads: &[u32]| -> f32 {
                heads.iter().enumerate().map(|(w, h)| arcs.row(w)[*h as usize]).sum()
            };
            let best = all(3).iter().map(|t| total(t)).fold(f32::MIN, f32::max);
            prop_assert_eq!(total(&heads), best);
        }

        #[test]
        fn always_one_tree(words in 1usize..20, seed in any::<u32>()) {
            let score = |word: usize, head: usize| {
                ((seed as usize).wrapping_mul(word * 31 + head * 17 + 1) % 97) as f32
            };
            let (_, heads) = tree(words, score);
            prop_assert_eq!(heads.len(), words);
            prop_assert!(cycle(&heads).is_none());
            prop_assert_eq!(heads.iter().filter(|h| **h as usize == words).count(), 1);
        }
    }

    #[test]
    fn equal_scores_still_give_a_tree() {
        let (_, heads) = tree(6, |_, _| 0.0);
        assert!(cycle(&heads).is_none());
    }
}
