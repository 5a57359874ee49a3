//! Figures from raw text: the reader cuts sentences and words itself, and what it made is laid
//! beside the treebank by the places of the letters.

use std::collections::BTreeMap;

use rapporteur_text::Reader;
use rapporteur_text::conllu::{Block, Row};

/// A word's letters, counted without white space: first, and behind the last.
type Place = (usize, usize);

/// What is compared of a word.
#[derive(PartialEq)]
struct Fact {
    /// The head's place; none for the root.
    head: Option<Place>,
    deprel: String,
    upos: String,
}

/// F1 of sentences, words, tags, heads and labelled heads, in percent.
pub(crate) fn figures(reader: &Reader, blocks: &[Block]) -> [f64; 5] {
    let (truth, truth_ends) = gold(blocks);
    let (found, found_ends) = read(reader, &text(blocks));
    let f1 = |hits: usize, a: usize, b: usize| 200.0 * hits as f64 / (a + b).max(1) as f64;
    let share = |same: &dyn Fn(&Fact, &Fact) -> bool| {
        let hit = |(place, fact): &(&Place, &Fact)| truth.get(place).is_some_and(|t| same(t, fact));
        f1(found.iter().filter(hit).count(), found.len(), truth.len())
    };
    let ends = found_ends.iter().filter(|e| truth_ends.contains(e)).count();
    [
        f1(ends, found_ends.len(), truth_ends.len()),
        share(&|_, _| true),
        share(&|a, b| a.upos == b.upos),
        share(&|a, b| a.head == b.head),
        share(&|a, b| a.head == b.head && a.deprel == b.deprel),
    ]
}

/// The paragraphs of the documents, parted by blank lines.
fn text(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        let opens = |c: &String| c.starts_with("# newpar") || c.starts_with("# newdoc");
        if block.comments.iter().any(opens) && !text.is_empty() {
            text.truncate(text.trim_end().len());
            text.push_str("\n\n");
        }
        text.push_str(block.comment("text").unwrap_or_default());
        let last = block.words.last().map_or("", |w| w.misc.as_str());
        if !last.contains("SpaceAfter=No") {
            text.push(' ');
        }
    }
    text
}

fn main_type(deprel: &str) -> String {
    deprel.split(':').next().unwrap_or(deprel).to_owned()
}

type Facts = (BTreeMap<Place, Fact>, Vec<usize>);

/// The treebank's words and the ends of its sentences.
fn gold(blocks: &[Block]) -> Facts {
    let (mut facts, mut ends, mut at) = (BTreeMap::new(), Vec::new(), 0);
    for block in blocks {
        let places: Vec<Place> = block
            .words
            .iter()
            .map(|row: &Row| {
                let start = at;
                at += row.form.chars().filter(|c| !c.is_whitespace()).count();
                (start, at)
            })
            .collect();
        for (row, place) in block.words.iter().zip(&places) {
            let fact = Fact {
                head: row.head.checked_sub(1).and_then(|h| places.get(h).copied()),
                deprel: main_type(&row.deprel),
                upos: row.upos.clone(),
            };
            facts.insert(*place, fact);
        }
        ends.push(at);
    }
    (facts, ends)
}

/// The reader's words and the ends of its sentences.
fn read(reader: &Reader, text: &str) -> Facts {
    let mut letters = vec![0usize; text.len() + 1];
    let mut count = 0;
    for (at, c) in text.char_indices() {
        letters[at] = count;
        count += usize::from(!c.is_whitespace());
    }
    letters[text.len()] = count;
    let (mut facts, mut ends) = (BTreeMap::new(), Vec::new());
    for sentence in reader.read(text) {
        let place = |at: usize| -> Place {
            let span = sentence.tokens[at].span;
            let start = letters[span.start as usize];
            (start, start + span.of(text).chars().count())
        };
        for (at, token) in sentence.tokens.iter().enumerate() {
            let fact = Fact {
                head: token.head.map(place),
                deprel: main_type(token.deprel.name()),
                upos: token.upos.name().to_owned(),
            };
            facts.insert(place(at), fact);
            if at + 1 == sentence.tokens.len() {
                ends.push(place(at).1);
            }
        }
    }
    (facts, ends)
}
