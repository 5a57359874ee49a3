//! Learns the weights: deterministic, one thread, minutes. The command is `cargo xtask train`.

mod chain;
mod learner;
mod lemmas;
mod mentions;
mod names;
mod naming;
mod tree;

use std::collections::BTreeMap;

use crate::clusters::{self, Clusters};
use crate::conllu::Block;
pub use crate::names::gazetteer::kinds;
use crate::table;
use crate::tagger;
use crate::word::Word;
use crate::{Upos, model, parser};
use learner::{Learner, Stream};
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
}

/// What training made.
#[derive(Debug)]
pub struct Learnt {
    /// The model file.
    pub model: Vec<u8>,
    /// The lemma table.
    pub lemmas: String,
    /// One line a step, for the log.
    pub log: Vec<String>,
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

/// Learns everything.
pub fn train(data: &Data) -> Learnt {
    let mut log = Vec::new();
    let tagset = Tagset::new(&data.trees);
    let (slots, coarse) = cluster_blocks(data);
    let clusters = Clusters::new(slots.clone().leak(), coarse.clone().leak());
    let examples = examples(data, &tagset, &clusters);
    let usual_block = usual(&examples);
    let usual_table = Clusters::new(usual_block.clone().leak(), &[]);
    let usual = |word: &Word| usual_table.of(word.norm).and_then(|t| u8::try_from(t).ok());

    let jack = jackknife(&examples, &usual, &mut log);
    let every: Vec<&Example> = examples.iter().collect();
    let tagger = learn_tagger(&every, &usual, TAG_EPOCHS).averaged();
    let tags = Laid::new(&tagger, tagger::CLASSES, TAG_SLOTS);
    let (moves, relations) = tree::learn(&examples, &jack, &tagset);
    let moves = Laid::new(&moves.averaged(), parser::MOVES, MOVE_SLOTS);
    let relations = Laid::new(&relations.averaged(), parser::RELATIONS, RELATION_SLOTS);

    let tables = [("tag", tags), ("mov", moves), ("rel", relations)];
    for (name, laid) in &tables {
        log.push(format!(
            "{name}: {} features learnt, {} kept",
            laid.learnt,
            laid.kept()
        ));
    }
    let units: Vec<f32> = tables.iter().map(|(_, laid)| laid.unit).collect();
    let mut blocks = vec![
        ("tags".to_owned(), tagset.block()),
        (
            "units".to_owned(),
            units.iter().flat_map(|u| u.to_le_bytes()).collect(),
        ),
        ("words".to_owned(), slots),
        ("coarse".to_owned(), coarse),
        ("usual".to_owned(), usual_block),
    ];
    for (name, laid) in tables {
        blocks.push((format!("{name}.key"), laid.keys));
        blocks.push((format!("{name}.row"), laid.rows));
    }
    Learnt {
        model: model::write(&blocks),
        lemmas: lemmas::learn(&data.trees),
        log,
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

/// Features that the model keeps of each part: what is lighter is left out.
const TAG_SLOTS: usize = 1 << 16;
const MOVE_SLOTS: usize = 1 << 18;
const RELATION_SLOTS: usize = 1 << 15;

const TAG_EPOCHS: usize = 6;

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

/// Words that have one tag nearly always: fifty times and more, all but one in two hundred.
fn usual(examples: &[Example]) -> Vec<u8> {
    let mut counts: BTreeMap<u32, BTreeMap<u8, usize>> = BTreeMap::new();
    for example in examples {
        for (word, tag) in example.words.iter().zip(&example.tags) {
            *counts
                .entry(word.norm)
                .or_default()
                .entry(*tag)
                .or_default() += 1;
        }
    }
    let rows: Vec<(u32, u16)> = counts
        .iter()
        .filter_map(|(norm, tags)| {
            let all: usize = tags.values().sum();
            let (tag, most) = tags.iter().max_by_key(|(tag, n)| (**n, u8::MAX - **tag))?;
            (all >= 50 && (all - most) * 200 <= all).then_some((*norm, u16::from(*tag)))
        })
        .collect();
    clusters::lay_out(&rows)
}

fn learn_tagger(
    examples: &[&Example],
    usual: &dyn Fn(&Word) -> Option<u8>,
    epochs: usize,
) -> Learner {
    let mut learner = Learner::new(tagger::CLASSES, 2);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut stream = Stream(1);
    let (mut features, mut tags) = (Vec::new(), Vec::new());
    for _ in 0..epochs {
        stream.shuffle(&mut order);
        for at in &order {
            let example = examples[*at];
            tags.clear();
            for (word, right) in example.tags.iter().enumerate() {
                if let Some(tag) = usual(&example.words[word]) {
                    tags.push(tag);
                    continue;
                }
                tagger::features(&example.words, word, &tags, example.cased, &mut features);
                let mut scores = [0f32; tagger::CLASSES];
                table::Score::score(&learner, &features, &mut scores);
                scores[usize::from(*right)] -= MARGIN;
                let guess = tagger::best(&scores[..tagger::CLASSES - 1]);
                if guess != *right {
                    learner.update(&features, usize::from(*right), usize::from(guess), 1.0);
                }
                scores[usize::from(*right)] += MARGIN;
                tags.push(tagger::best(&scores[..tagger::CLASSES - 1]));
                learner.tick();
            }
        }
    }
    learner
}

/// By how much the right tag must lead. A step moves the lead by about 74.
const MARGIN: f32 = 25.0;

/// Tags as the tagger gives them to text it has not seen: each half by the other half's tagger.
fn jackknife(
    examples: &[Example],
    usual: &dyn Fn(&Word) -> Option<u8>,
    log: &mut Vec<String>,
) -> Vec<Vec<u8>> {
    const FOLDS: usize = 2;
    let mut tagged: Vec<Vec<u8>> = vec![Vec::new(); examples.len()];
    let (mut right, mut all) = (0usize, 0usize);
    for fold in 0..FOLDS {
        let others: Vec<&Example> = (0..examples.len())
            .filter(|i| i / 16 % FOLDS != fold)
            .map(|i| &examples[i])
            .collect();
        let learner = learn_tagger(&others, usual, TAG_EPOCHS - 1);
        let model = Laid::new(&learner.averaged(), tagger::CLASSES, TAG_SLOTS).table();
        let mut scratch = tagger::Scratch::default();
        for i in (0..examples.len()).filter(|i| i / 16 % FOLDS == fold) {
            let example = &examples[i];
            tagger::tag(
                &model,
                usual,
                &example.words,
                example.cased,
                &mut scratch,
                &mut tagged[i],
            );
            right += tagged[i]
                .iter()
                .zip(&example.tags)
                .filter(|(a, b)| a == b)
                .count();
            all += example.tags.len();
        }
    }
    log.push(format!(
        "jack-knifed tags: {:.4}",
        right as f32 / all.max(1) as f32
    ));
    tagged
}

/// Cuts a text as [`crate::Reader::read`] does: the words of each sentence.
pub fn cut(text: &str) -> Vec<Vec<rapporteur_base::Span>> {
    crate::split::cut(text)
        .into_iter()
        .map(|c| c.tokens)
        .collect()
}
