//! Learns the weights: deterministic, one thread, minutes. The command is `cargo xtask train`.

mod chain;
mod learner;
mod lemmas;
mod mentions;
mod names;
mod naming;
mod net;

use std::collections::BTreeMap;

use crate::clusters::{self, Clusters};
use crate::conllu::Block;
pub use crate::names::gazetteer::kinds;
use crate::table;
use crate::tagger;
use crate::word::Word;
use crate::{Upos, model};
pub use mentions::MentionText;
pub use names::NamedSentence;
pub use naming::{NameData, train as train_names};

/// What the models learn from.
#[derive(Debug, Default)]
pub struct Data {
    /// Treebank sentences.
    pub trees: Vec<Block>,
    /// Words and their distributional class, most frequent words first.
    pub clusters: Vec<(String, u16)>,
    /// Coarse class of each class.
    pub coarse: Vec<u8>,
    /// Vectors of the words of `clusters`, in their order.
    pub vectors: Vec<u8>,
}

/// What training made.
#[derive(Debug)]
pub struct Learnt {
    /// The model file.
    pub model: Vec<u8>,
    /// The lemma table.
    pub lemmas: String,
}

/// A sentence with everything as numbers.
#[derive(Debug)]
struct Example {
    words: Vec<Word>,
    cased: bool,
    /// Joint tags.
    tags: Vec<u8>,
    /// Index of the head; the number of words for the root.
    heads: Vec<u32>,
    relations: Vec<u8>,
}

/// Joint tags in the order of frequency, and the class of each pair.
struct Tagset {
    tags: Vec<(Upos, String)>,
    class: BTreeMap<(Upos, String), u8>,
}

impl Tagset {
    fn new(trees: &[Block]) -> Self {
        let mut counts: BTreeMap<(Upos, String), usize> = BTreeMap::new();
        for row in trees.iter().flat_map(|b| &b.words) {
            *counts.entry(pair(row)).or_default() += 1;
        }
        let mut order: Vec<_> = counts.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let tags: Vec<_> = order
            .iter()
            .take(tagger::CLASSES - 1)
            .map(|(t, _)| t.clone())
            .collect();
        let mut class: BTreeMap<_, _> = tags
            .iter()
            .enumerate()
            .map(|(i, t)| (t.clone(), i as u8))
            .collect();
        // What is too rare for a class of its own counts as the commonest with its UPOS.
        for (rare, _) in order.iter().skip(tagger::CLASSES - 1) {
            let near = tags.iter().position(|t| t.0 == rare.0).unwrap_or(0);
            class.insert(rare.clone(), near as u8);
        }
        Self { tags, class }
    }

    fn block(&self) -> Vec<u8> {
        let lines: Vec<String> = self
            .tags
            .iter()
            .map(|(u, x)| format!("{}\t{x}\n", u.name()))
            .collect();
        lines.concat().into_bytes()
    }
}

fn pair(row: &crate::conllu::Row) -> (Upos, String) {
    (
        Upos::from_name(&row.upos).unwrap_or_default(),
        row.xpos.clone(),
    )
}

/// Learns tags, trees and lemmas; `log` gets a line a step.
pub fn train(data: &Data, log: &mut dyn FnMut(String)) -> Learnt {
    let tagset = Tagset::new(&data.trees);
    let (slots, coarse) = cluster_blocks(data);
    let clusters = Clusters::new(slots.clone().leak(), coarse.clone().leak());
    let examples = examples(data, &tagset, &clusters);
    let mut blocks = vec![
        ("tags".to_owned(), tagset.block()),
        ("words".to_owned(), slots),
        ("coarse".to_owned(), coarse),
    ];
    blocks.extend(net::learn(&examples, data, log));
    Learnt {
        model: model::write(&blocks),
        lemmas: lemmas::learn(&data.trees),
    }
}

/// Treebank sentences as numbers, one in twelve again as a headline.
fn examples(data: &Data, tagset: &Tagset, clusters: &Clusters) -> Vec<Example> {
    let titled = data.trees.iter().skip(5).step_by(12);
    let headlines: Vec<Block> = titled.filter_map(headline).collect();
    data.trees
        .iter()
        .chain(&headlines)
        .map(|tree| example(tree, tagset, clusters))
        .collect()
}

/// A table ready for the file.
struct Laid {
    keys: Vec<u8>,
    rows: Vec<u8>,
    unit: f32,
    width: usize,
    learnt: usize,
}

impl Laid {
    fn new(rows: &[table::Row], width: usize, slots: usize) -> Self {
        let (keys, block, unit) = table::lay_out(rows, width, slots);
        Self {
            keys,
            rows: block,
            unit,
            width,
            learnt: rows.len(),
        }
    }

    fn kept(&self) -> usize {
        self.keys
            .chunks_exact(2)
            .filter(|k| k[0] != 0 || k[1] != 0)
            .count()
    }

    /// A copy that lives as long as the process: training reads its own product.
    fn table(&self) -> table::Table {
        table::Table::new(
            self.keys.clone().leak(),
            self.rows.clone().leak(),
            self.width,
            self.unit,
        )
    }
}

fn cluster_blocks(data: &Data) -> (Vec<u8>, Vec<u8>) {
    let none = Clusters::default();
    let words: Vec<(u32, u16)> = data
        .clusters
        .iter()
        .map(|(word, class)| (Word::new(word, &none).norm, *class))
        .collect();
    (clusters::lay_out(&words), data.coarse.clone())
}

fn example(tree: &Block, tagset: &Tagset, clusters: &Clusters) -> Example {
    let words: Vec<Word> = tree
        .words
        .iter()
        .map(|row| Word::new(&row.form, clusters))
        .collect();
    let size = words.len();
    Example {
        cased: tagger::cased(&words),
        words,
        tags: tree
            .words
            .iter()
            .map(|row| tagset.class.get(&pair(row)).copied().unwrap_or(0))
            .collect(),
        heads: tree
            .words
            .iter()
            .map(|row| if row.head == 0 { size } else { row.head - 1 } as u32)
            .collect(),
        relations: tree
            .words
            .iter()
            .map(|row| crate::Deprel::from_name(&row.deprel) as u8)
            .collect(),
    }
}

/// The sentence as a headline would print it: capitals on all but the small words, no full stop.
fn headline(tree: &Block) -> Option<Block> {
    let last = tree.words.last()?;
    let size = tree.words.len();
    let mut block = Block {
        words: tree.words.clone(),
        ..Block::default()
    };
    if size > 2 && last.form == "." && tree.words.iter().all(|w| w.head != size) {
        block.words.pop();
    }
    for row in &mut block.words {
        if !matches!(
            row.upos.as_str(),
            "ADP" | "DET" | "CCONJ" | "PART" | "SCONJ"
        ) {
            row.form = capitalised(&row.form);
        }
    }
    Some(block)
}

fn capitalised(form: &str) -> String {
    let mut letters = form.chars();
    letters
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// Cuts a text as [`crate::Reader::read`] does: the words of each sentence.
pub fn cut(text: &str) -> Vec<Vec<rapporteur_base::Span>> {
    crate::split::cut(text)
        .into_iter()
        .map(|c| c.tokens)
        .collect()
}
