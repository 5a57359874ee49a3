//! Mentions: every phrase that stands for a person, an organisation or a place, named or not ("the
//! Foreign Secretary", "we", "the city of Mosul"). They nest and a state may be both a place and an
//! organisation, so each kind has two chains of its own: the longest and the shortest mentions.

use super::LABELS;
use super::chain::{self, Follow, Paths};
use super::gazetteer::{Gazetteer, Mark};
use crate::hash::feature;
use crate::sentence::{Deprel, EntityKind, Mention, Sentence};
use crate::table::{Score, Table};
use crate::word::Word;

/// Kinds that are asked for.
pub(crate) const KINDS: [EntityKind; 3] = [EntityKind::Per, EntityKind::Org, EntityKind::Loc];

/// Chains: for each kind the longest and the shortest mentions.
pub(crate) const CHAINS: usize = 2 * KINDS.len();

/// Labels of a chain: outside, begins, goes on.
pub(crate) const CHAIN: usize = 3;

/// Classes of a row.
pub(crate) const CLASSES: usize = CHAINS * CHAIN;

/// Template of the features that hold how labels follow each other.
pub(crate) const FOLLOW: u32 = 259;

/// What the model reads of a sentence, a word an entry.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    pub words: Vec<Word>,
    pub marks: Vec<Mark>,
    /// What kind of common noun.
    nouns: Vec<u32>,
    /// Part of speech.
    tags: Vec<u32>,
    /// Relation to the head.
    relations: Vec<u32>,
    /// Label of the name it is in.
    labels: Vec<u32>,
    /// Head of the phrase without what hangs behind it, and the word that this head hangs on.
    heads: Vec<(usize, Option<usize>)>,
    /// Whether it begins the phrase of that head.
    begins: Vec<bool>,
}

/// Relations inside a bare noun phrase.
fn inside(relation: Deprel) -> bool {
    matches!(
        relation,
        Deprel::Det
            | Deprel::DetPredet
            | Deprel::Amod
            | Deprel::Compound
            | Deprel::Nummod
            | Deprel::NmodPoss
            | Deprel::Case
            | Deprel::Flat
            | Deprel::Goeswith
            | Deprel::Advmod
            | Deprel::NmodDesc
    )
}

impl Scene {
    /// Reads a parsed sentence whose words and marks are given.
    pub(crate) fn new(words: Vec<Word>, lists: Gazetteer, sentence: &Sentence) -> Self {
        let mut marks = Vec::new();
        lists.mark(&words, |w| w.capital, &mut marks);
        let nouns = words.iter().map(|w| u32::from(lists.noun(w))).collect();
        let size = words.len();
        let tokens = &sentence.tokens;
        let mut labels = vec![0u32; size];
        for name in &sentence.names {
            for (at, label) in labels.iter_mut().enumerate() {
                if name.first <= at && at <= name.last {
                    *label = name.kind as u32 * 2 + 1 + u32::from(at > name.first);
                }
            }
        }
        let head = |from: usize| {
            let mut at = from;
            for _ in 0..6 {
                match tokens[at].head {
                    Some(up) if inside(tokens[at].deprel) => at = up,
                    _ => break,
                }
            }
            (at, tokens[at].head)
        };
        let heads: Vec<(usize, Option<usize>)> = (0..size).map(head).collect();
        let begins = (0..size)
            .map(|at| at == 0 || heads[at - 1].0 != heads[at].0)
            .collect();
        Self {
            tags: tokens.iter().map(|t| t.upos as u32).collect(),
            relations: tokens.iter().map(|t| t.deprel as u32).collect(),
            words,
            marks,
            nouns,
            labels,
            heads,
            begins,
        }
    }

    fn word(&self, at: Option<usize>) -> Word {
        at.and_then(|at| self.words.get(at))
            .copied()
            .unwrap_or_default()
    }

    /// Features of the word `at`.
    pub(crate) fn features(&self, at: usize, out: &mut Vec<u64>) {
        out.clear();
        let by = |step: isize| {
            at.checked_add_signed(step)
                .filter(|i| *i < self.words.len())
        };
        let get = |list: &[u32], step: isize| by(step).map_or(99, |i| list[i]);
        let w = self.words[at];
        let [p2, p1, n1, n2] = [-2, -1, 1, 2].map(|step| self.word(by(step)));
        let tag = |step| get(&self.tags, step);
        let label = |step| get(&self.labels, step);
        let relation = |step| get(&self.relations, step);
        let mark = |step| by(step).map_or(0, |i| self.marks[i].code());
        let (head, up) = self.heads[at];
        let (h, u) = (self.words[head], self.word(up));
        let side = side(at, head);
        let place = side | u32::from(self.begins[at]) << 4;
        let head_label = self.labels[head];
        let head_relation = self.relations[head];
        out.extend([
            feature(260, 0, 0, 0),
            feature(261, w.norm, 0, 0),
            feature(262, w.form, 0, 0),
            feature(263, w.suffix[2], w.shape, 0),
            feature(264, w.shape, tag(0), 0),
            feature(265, w.fine, 0, 0),
            feature(266, w.coarse, tag(0), 0),
            feature(267, tag(-1), tag(0), tag(1)),
            feature(268, tag(0), tag(1), tag(2)),
            feature(269, tag(-2), tag(-1), tag(0)),
            feature(270, p1.norm, 0, 0),
            feature(271, n1.norm, 0, 0),
            feature(272, p1.norm, w.norm, 0),
            feature(273, w.norm, n1.norm, 0),
            feature(274, p2.norm, p1.norm, tag(0)),
            feature(275, tag(0), n1.norm, n2.norm),
            feature(276, p1.fine, tag(0), 0),
            feature(277, n1.fine, tag(0), 0),
            feature(278, label(0), label(-1), label(1)),
            feature(279, label(0), w.norm, 0),
            feature(280, label(0), tag(0), place),
            feature(281, mark(0), label(0), 0),
            feature(282, h.norm, 0, 0),
            feature(283, h.norm, place, 0),
            feature(284, h.fine, 0, 0),
            feature(285, h.fine, place, 0),
            feature(286, h.coarse, place, relation(0)),
            feature(287, relation(0), tag(0), place),
            feature(288, relation(0), relation(-1), relation(1)),
            feature(292, u.norm, place, 0),
            feature(293, u.fine, place, head_relation),
            feature(294, p1.norm, h.norm, 0),
            feature(295, w.norm, h.norm, 0),
            feature(296, w.fine, h.fine, place),
            feature(297, head_label, w.norm, tag(1)),
            feature(298, label(1), label(2), tag(0)),
            feature(299, u.coarse, h.coarse, place),
        ]);
        self.nouns_around(at, place, out);
    }

    /// What kinds of common nouns stand at, above and behind the word `at`.
    fn nouns_around(&self, at: usize, place: u32, out: &mut Vec<u64>) {
        let by = |step: isize| {
            at.checked_add_signed(step)
                .filter(|i| *i < self.words.len())
        };
        let noun = |at: Option<usize>| at.map_or(99, |at| self.nouns[at]);
        let (head, up) = self.heads[at];
        let head_relation = self.relations[head];
        let head_label = self.labels[head];
        let relation = self.relations[at];
        let tag = |step| by(step).map_or(99, |i| self.tags[i]);
        out.extend([
            feature(289, head_relation, self.words[head].fine, 0),
            feature(290, head_relation, place, head_label),
            feature(291, head_label, self.words[head].coarse, place),
            feature(300, noun(Some(head)), place, 0),
            feature(301, noun(Some(head)), relation, head_relation),
            feature(302, noun(Some(head)), noun(up), place),
            feature(303, noun(Some(at)), tag(0), place),
            feature(304, noun(Some(head)), head_label, place),
            feature(305, noun(Some(at)), noun(by(1)), tag(-1)),
        ]);
    }
}

/// On which side of its head a word stands, and how far.
fn side(at: usize, head: usize) -> u32 {
    if at == head {
        return 8;
    }
    (head as i64 - at as i64).clamp(-3, 3) as u32 & 7
}

/// The model and how its labels follow each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct MentionModel {
    pub table: Table,
    pub follow: [Follow<CHAIN>; CHAINS],
}

impl MentionModel {
    pub(crate) fn new(table: Table) -> Self {
        Self {
            table,
            follow: follows(&table),
        }
    }

    /// Every mention of a sentence, in order; a longer one goes before what it holds.
    pub(crate) fn find(&self, scene: &Scene, sentence: &Sentence) -> Vec<Mention> {
        let mut scratch = Scratch::default();
        let mut found: Vec<Mention> = Vec::new();
        scratch.score(&self.table, scene);
        for (number, follow) in self.follow.iter().enumerate() {
            for (first, last, _) in chain::runs(scratch.decode(follow, number)) {
                let span = sentence.tokens[first]
                    .span
                    .cover(sentence.tokens[last].span);
                found.push(Mention {
                    first,
                    last,
                    span,
                    kind: KINDS[number / 2],
                });
            }
        }
        found.sort_by_key(|m| (m.first, std::cmp::Reverse(m.last), m.kind));
        found.dedup();
        found
    }
}

/// How labels follow each other in every chain.
pub(crate) fn follows(model: &impl Score) -> [Follow<CHAIN>; CHAINS] {
    std::array::from_fn(|number| Follow::read::<CLASSES>(model, FOLLOW, number * CHAIN))
}

/// Buffers of a sentence.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub features: Vec<u64>,
    pub rows: Vec<[f32; CLASSES]>,
    scores: Vec<[f32; CHAIN]>,
    paths: Paths<CHAIN>,
    labels: Vec<u8>,
}

impl Scratch {
    /// Scores of every class for every word.
    pub(crate) fn score(&mut self, model: &impl Score, scene: &Scene) {
        self.rows.clear();
        for at in 0..scene.words.len() {
            scene.features(at, &mut self.features);
            let mut row = [0f32; CLASSES];
            model.score(&self.features, &mut row);
            self.rows.push(row);
        }
    }

    /// The best labels of a chain.
    pub(crate) fn decode(&mut self, follow: &Follow<CHAIN>, number: usize) -> &[u8] {
        self.scores.clear();
        let from = number * CHAIN;
        self.scores.extend(
            self.rows
                .iter()
                .map(|row| -> [f32; CHAIN] { std::array::from_fn(|label| row[from + label]) }),
        );
        chain::decode(follow, &self.scores, &mut self.paths, &mut self.labels);
        &self.labels
    }
}

const _: () = assert!(LABELS == 2 * EntityKind::ALL.len() + 1);
