//! The net that reads a sentence: tags, heads and relations from one look at all its words.
//!
//! Each word is the sum of what is known of it ([`inputs`]). Layers of gated memories run over the
//! sentence in both directions ([`memory`]). On top of them every word asks for its head by a
//! product with every other word, and the best tree is taken ([`tree`]).

pub(crate) mod explain;
pub(crate) mod inputs;
pub(crate) mod math;
pub(crate) mod memory;
pub(crate) mod tree;

use crate::Deprel;
use crate::clusters::Clusters;
use crate::tagger::best;
use crate::word::Word;
use explain::Without;
use inputs::features;
use math::{Packed, bend, dot};
use tree::Arcs;

/// Numbers that stand for a word.
pub(crate) const INPUT: usize = 96;
/// Memories of one direction.
pub(crate) const HALF: usize = 64;
/// Both directions.
pub(crate) const WIDTH: usize = 2 * HALF;
/// Sums of a layer: new value, keep gate, out gate, in both directions.
pub(crate) const SUMS: usize = 6 * HALF;
/// Layers.
pub(crate) const LAYERS: usize = 3;
/// Numbers by which a word asks for a head, or offers itself as one.
pub(crate) const ARC: usize = 64;
/// Numbers by which a relation is told.
pub(crate) const LABEL: usize = 64;
/// The four views of a word: as dependent and as head, for arcs and for relations.
pub(crate) const VIEWS: usize = 2 * ARC + 2 * LABEL;
/// Classes of distance between a word and its head, the root's last.
pub(crate) const DISTANCES: usize = 17;
/// Room for classes of tags and of relations.
pub(crate) use crate::tagger::CLASSES;

/// Dense weights in the order of the file.
pub(crate) const DENSE: usize = {
    let views = WIDTH * VIEWS + VIEWS;
    let asks = (ARC + 1) * (ARC + DISTANCES);
    let layers = (INPUT + (LAYERS - 1) * WIDTH + LAYERS) * SUMS + LAYERS * WIDTH;
    layers
        + (WIDTH + 1) * CLASSES
        + views
        + asks
        + ARC
        + LABEL * (DISTANCES + 1)
        + (LABEL + 1) * CLASSES
};

/// Most words read as one: the work grows with their square, and no sentence of prose is longer.
pub(crate) const MOST: usize = 256;

/// The weights, ready to read with.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    /// Row of each feature.
    index: Clusters,
    /// Rows of [`INPUT`] bytes, and what a unit of each row is worth.
    rows: &'static [u8],
    units: Vec<f32>,
    layers: Vec<Layer>,
    tags: Packed,
    views: Packed,
    asks: Packed,
    root_arc: Vec<f32>,
    root_label: Vec<f32>,
    distances: Vec<f32>,
    labels: Packed,
}

#[derive(Clone, Debug, Default)]
struct Layer {
    sums: Packed,
    keep: Vec<f32>,
}

/// Buffers and results of one sentence.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Rows of the words' features, and where each word's end.
    rows: Vec<usize>,
    ends: Vec<usize>,
    input: Vec<f32>,
    sums: Vec<f32>,
    output: Vec<f32>,
    views: Vec<f32>,
    asker: Vec<f32>,
    asks: Vec<f32>,
    label_input: Vec<f32>,
    /// Scores of each word's tags, [`CLASSES`] a word.
    pub tag_scores: Vec<f32>,
    /// Scores of the arcs.
    pub arcs: Arcs,
    /// Scores of each word's relation to its head, [`CLASSES`] a word.
    pub label_scores: Vec<f32>,
    pub tags: Vec<u8>,
    /// Heads; as many as there are words stands for the root.
    pub heads: Vec<u32>,
    pub relations: Vec<u8>,
}

/// Takes matrices off a block, one after another.
struct Cursor<'b>(&'b [f32]);

impl<'b> Cursor<'b> {
    fn take(&mut self, count: usize) -> &'b [f32] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn packed(&mut self, rows: usize, cols: usize) -> Packed {
        let weights = self.take(rows * cols);
        Packed::new(weights, rows, cols, self.take(cols))
    }
}

impl Default for Net {
    /// A net that knows nothing.
    fn default() -> Self {
        Self::new(&[], &[], Vec::new(), &[])
    }
}

impl Net {
    /// Takes the blocks of a model apart; unusable blocks leave a net that knows nothing.
    pub(crate) fn new(
        index: &'static [u8],
        rows: &'static [u8],
        units: Vec<f32>,
        dense: &[f32],
    ) -> Self {
        let empty = vec![0f32; DENSE];
        let usable = dense.len() == DENSE && rows.len() == units.len() * INPUT;
        let mut cursor = Cursor(if usable { dense } else { &empty });
        let mut layers = Vec::new();
        for layer in 0..LAYERS {
            layers.push(Layer {
                sums: cursor.packed(if layer == 0 { INPUT } else { WIDTH }, SUMS),
                keep: cursor.take(WIDTH).to_vec(),
            });
        }
        Self {
            index: Clusters::new(if usable { index } else { &[] }, &[]),
            rows,
            units,
            layers,
            tags: cursor.packed(WIDTH, CLASSES),
            views: cursor.packed(WIDTH, VIEWS),
            asks: cursor.packed(ARC, ARC + DISTANCES),
            root_arc: cursor.take(ARC).to_vec(),
            root_label: cursor.take(LABEL).to_vec(),
            distances: cursor.take(DISTANCES * LABEL).to_vec(),
            labels: cursor.packed(LABEL, CLASSES),
        }
    }

    /// Reads a sentence. One of more than [`MOST`] words is read in pieces, whose roots hang on the
    /// first.
    pub(crate) fn read(&self, words: &[Word], cased: bool, scratch: &mut Scratch) {
        if words.len() <= MOST {
            return self.read_without(words, cased, Without::Nothing, scratch);
        }
        let (mut tags, mut heads, mut relations) = (Vec::new(), Vec::new(), Vec::new());
        let mut top = None;
        for piece in words.chunks(MOST) {
            self.read_without(piece, cased, Without::Nothing, scratch);
            let start = heads.len() as u32;
            for (head, relation) in scratch.heads.iter().zip(&scratch.relations) {
                let below = (*head as usize) < piece.len();
                let (head, relation) = match top {
                    _ if below => (start + head, *relation),
                    Some(top) => (top, Deprel::Parataxis as u8),
                    None => {
                        top = Some(heads.len() as u32);
                        (words.len() as u32, *relation)
                    }
                };
                heads.push(head);
                relations.push(relation);
            }
            tags.append(&mut scratch.tags);
        }
        (scratch.tags, scratch.heads, scratch.relations) = (tags, heads, relations);
    }

    /// Reads a sentence with something left out.
    fn read_without(&self, words: &[Word], cased: bool, without: Without, scratch: &mut Scratch) {
        scratch.rows.clear();
        scratch.ends.clear();
        for (at, word) in words.iter().enumerate() {
            let keys = features(word, at, cased).into_iter().enumerate();
            let kept = keys.filter(|(feature, _)| without.keeps(at, *feature));
            let rows = kept.filter_map(|(_, key)| self.index.of(key).map(usize::from));
            scratch
                .rows
                .extend(rows.filter(|row| *row < self.units.len()));
            scratch.ends.push(scratch.rows.len());
        }
        math::widest(Decide { net: self, scratch });
    }

    /// The sum of each word's rows.
    #[inline(always)]
    fn inputs(&self, scratch: &mut Scratch) {
        scratch.input.clear();
        scratch.input.resize(scratch.ends.len() * INPUT, 0.0);
        let mut start = 0;
        let slots = scratch.input.chunks_exact_mut(INPUT);
        for (end, slot) in scratch.ends.iter().zip(slots) {
            for row in &scratch.rows[start..*end] {
                let unit = self.units[*row];
                let bytes = &self.rows[row * INPUT..][..INPUT];
                for (sum, byte) in slot.iter_mut().zip(bytes) {
                    *sum += unit * f32::from(*byte as i8);
                }
            }
            start = *end;
        }
    }

    /// Everything after the input.
    #[inline(always)]
    fn decide<S: pulp::Simd>(&self, simd: S, scratch: &mut Scratch) {
        for (depth, layer) in self.layers.iter().enumerate() {
            layer.sums.apply(simd, &scratch.input, &mut scratch.sums);
            memory::run(&scratch.sums, &layer.keep, &mut scratch.output);
            if depth > 0 {
                let old = scratch.input.iter();
                scratch
                    .output
                    .iter_mut()
                    .zip(old)
                    .for_each(|(o, i)| *o += i);
            }
            std::mem::swap(&mut scratch.input, &mut scratch.output);
        }
        self.tags
            .apply(simd, &scratch.input, &mut scratch.tag_scores);
        let scores = scratch.tag_scores.chunks_exact(CLASSES);
        scratch.tags.clear();
        scratch.tags.extend(scores.map(|s| best(&s[..CLASSES - 1])));
        self.views.apply(simd, &scratch.input, &mut scratch.views);
        self.arcs(simd, scratch);
        scratch.arcs.tree(&mut scratch.heads);
        self.label(simd, scratch);
    }

    /// Scores every arc: what the word asks for, times what the other offers, and the distance.
    #[inline(always)]
    fn arcs<S: pulp::Simd>(&self, simd: S, scratch: &mut Scratch) {
        let words = scratch.tags.len();
        scratch.asker.clear();
        for view in scratch.views.chunks_exact_mut(VIEWS) {
            view[..2 * ARC].iter_mut().for_each(|x| *x = bend(*x));
            scratch.asker.extend_from_slice(&view[..ARC]);
        }
        self.asks.apply(simd, &scratch.asker, &mut scratch.asks);
        let wide = scratch.asks.len() / words.max(1);
        scratch.arcs.reset(words);
        for (word, asks) in scratch.asks.chunks_exact(wide.max(1)).enumerate() {
            let (ask, far) = asks.split_at(ARC);
            let row = scratch.arcs.row_mut(word);
            for (head, view) in scratch.views.chunks_exact(VIEWS).enumerate() {
                if head != word {
                    row[head] =
                        dot(simd, ask, &view[ARC..2 * ARC]) + far[distance(word, head, words)];
                }
            }
            row[words] = dot(simd, ask, &self.root_arc) + far[distance(word, words, words)];
        }
    }

    /// The relation of each word to its head.
    #[inline(always)]
    fn label<S: pulp::Simd>(&self, simd: S, scratch: &mut Scratch) {
        let words = scratch.heads.len();
        scratch.label_input.clear();
        for (word, head) in scratch.heads.iter().enumerate() {
            let head = *head as usize;
            let own = &scratch.views[word * VIEWS + 2 * ARC..][..LABEL];
            let other = if head == words {
                &self.root_label[..]
            } else {
                &scratch.views[head * VIEWS + 2 * ARC + LABEL..][..LABEL]
            };
            let far = &self.distances[distance(word, head, words) * LABEL..][..LABEL];
            let sums = own.iter().zip(other).zip(far);
            scratch
                .label_input
                .extend(sums.map(|((own, other), far)| bend(own + other + far)));
        }
        self.labels
            .apply(simd, &scratch.label_input, &mut scratch.label_scores);
        scratch.relations.clear();
        for (scores, head) in scratch
            .label_scores
            .chunks_exact_mut(CLASSES)
            .zip(&scratch.heads)
        {
            let root = Deprel::Root as usize;
            scores[Deprel::Unknown as usize..].fill(tree::NEVER);
            scores[root] = if *head as usize == words {
                -tree::NEVER
            } else {
                tree::NEVER
            };
            scratch.relations.push(best(scores));
        }
    }
}

/// The work on one sentence, compiled once for plain registers and once for wide ones.
struct Decide<'n> {
    net: &'n Net,
    scratch: &'n mut Scratch,
}

impl pulp::WithSimd for Decide<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        self.net.inputs(self.scratch);
        self.net.decide(simd, self.scratch);
    }
}

/// The class of a distance, by direction; the root's is the last.
#[inline(always)]
pub(crate) fn distance(word: usize, head: usize, words: usize) -> usize {
    if head == words {
        return DISTANCES - 1;
    }
    let (far, side) = if head > word {
        (head - word, 0)
    } else {
        (word - head, (DISTANCES - 1) / 2)
    };
    side + match far {
        0..=4 => far.saturating_sub(1),
        5..=6 => 4,
        7..=10 => 5,
        11..=20 => 6,
        _ => 7,
    }
}
