//! The arc-hybrid transition system (Kuhlmann, Gomez-Rodriguez and Satta 2011): its states, its
//! moves and the classes of arcs that the model tells apart.

use crate::Deprel;

/// Moves the next word of the buffer to the stack.
pub(crate) const SHIFT: usize = 0;

/// Where an arc goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The word on top of the stack hangs on the next word of the buffer.
    Left,
    /// The word on top of the stack hangs on the one below it.
    Right,
}

/// Classes of the transition model: shift, then arcs by direction and kind of relation. Kinds
/// keep the classes few; which relation of the kind it is, the relation model says.
pub(crate) const MOVES: usize = 24;

/// Kinds of arcs to the left; what is in none is the class after the last.
const LEFT: [&[Deprel]; 10] = [
    &[Deprel::Det, Deprel::DetPredet, Deprel::NmodPoss],
    &[Deprel::Amod, Deprel::Nummod],
    &[
        Deprel::Compound,
        Deprel::Flat,
        Deprel::NmodDesc,
        Deprel::Goeswith,
        Deprel::Fixed,
        Deprel::Dep,
    ],
    &[Deprel::Case],
    &[Deprel::Mark],
    &[Deprel::Cc, Deprel::CcPreconj],
    &[
        Deprel::Nsubj,
        Deprel::NsubjPass,
        Deprel::NsubjOuter,
        Deprel::Expl,
        Deprel::Csubj,
        Deprel::CsubjPass,
        Deprel::CsubjOuter,
    ],
    &[Deprel::Aux, Deprel::AuxPass, Deprel::Cop],
    &[Deprel::Punct],
    &[Deprel::Advmod],
];

/// Kinds of arcs to the right.
const RIGHT: [&[Deprel]; 11] = [
    &[Deprel::Obj, Deprel::Iobj],
    &[
        Deprel::Nmod,
        Deprel::NmodPoss,
        Deprel::NmodUnmarked,
        Deprel::NmodDesc,
    ],
    &[Deprel::Obl, Deprel::OblAgent, Deprel::OblUnmarked],
    &[Deprel::Conj],
    &[Deprel::Punct],
    &[Deprel::Acl, Deprel::AclRelcl],
    &[
        Deprel::Advcl,
        Deprel::AdvclRelcl,
        Deprel::Ccomp,
        Deprel::Csubj,
    ],
    &[Deprel::Xcomp],
    &[
        Deprel::Parataxis,
        Deprel::Appos,
        Deprel::List,
        Deprel::Dislocated,
        Deprel::Discourse,
        Deprel::Vocative,
    ],
    &[
        Deprel::Flat,
        Deprel::Fixed,
        Deprel::Compound,
        Deprel::CompoundPrt,
        Deprel::Goeswith,
    ],
    &[Deprel::Advmod],
];

/// First class of the arcs to the right.
const FIRST_RIGHT: usize = LEFT.len() + 2;

/// The class of every relation, to the left and to the right.
const CLASS: [[u8; RELATIONS]; 2] = [classes(&LEFT, 1), classes(&RIGHT, FIRST_RIGHT as u8)];

const fn classes(kinds: &[&[Deprel]], first: u8) -> [u8; RELATIONS] {
    let mut class = [first + kinds.len() as u8; RELATIONS];
    let mut kind = 0;
    while kind < kinds.len() {
        let mut at = 0;
        while at < kinds[kind].len() {
            class[kinds[kind][at] as usize] = first + kind as u8;
            at += 1;
        }
        kind += 1;
    }
    class
}

/// The class of an arc.
#[cfg(feature = "train")]
#[inline]
pub(crate) fn class_of(way: Way, relation: u8) -> usize {
    usize::from(CLASS[way as usize][usize::from(relation)])
}

/// The direction of a class; `None` for [`SHIFT`].
#[inline]
pub(crate) fn way(action: usize) -> Option<Way> {
    match action {
        SHIFT => None,
        a if a < FIRST_RIGHT => Some(Way::Left),
        _ => Some(Way::Right),
    }
}

/// Classes of the relation model: [`crate::Deprel`] in its order, padded.
pub(crate) const RELATIONS: usize = 56;

/// No word.
pub(crate) const NONE: u32 = u32::MAX;

/// What is known of a word's dependents while parsing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub head: u32,
    pub relation: u8,
    /// Numbers of left and right dependents.
    pub lefts: u8,
    pub rights: u8,
    /// Outermost and next outermost dependents on each side.
    pub left: [u32; 2],
    pub right: [u32; 2],
}

impl Default for Node {
    fn default() -> Self {
        Self {
            head: NONE,
            relation: u8::MAX,
            lefts: 0,
            rights: 0,
            left: [NONE; 2],
            right: [NONE; 2],
        }
    }
}

/// A state of the parser.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub stack: Vec<u32>,
    pub next: u32,
    pub nodes: Vec<Node>,
}

impl State {
    /// The start for a sentence of `words` words.
    pub(crate) fn reset(&mut self, words: usize) {
        self.stack.clear();
        self.next = 0;
        self.nodes.clear();
        self.nodes.resize(words + 1, Node::default());
    }

    /// Index of the root, one past the words.
    #[inline]
    pub(crate) fn root(&self) -> u32 {
        self.nodes.len() as u32 - 1
    }

    /// Whether every word has its head.
    pub(crate) fn done(&self) -> bool {
        self.next == self.root() && self.stack.is_empty()
    }

    /// Which of shift, left and right keep the result a tree with a single root.
    #[inline]
    pub(crate) fn legal(&self) -> [bool; 3] {
        let words_left = self.next < self.root();
        let depth = self.stack.len();
        [
            words_left,
            depth > 0 && (words_left || depth == 1),
            depth > 1,
        ]
    }

    /// The arc (head, dependent) that goes a way.
    #[inline]
    pub(crate) fn arc(&self, way: Way) -> Option<(u32, u32)> {
        let top = *self.stack.last()?;
        let head = match way {
            Way::Left => self.next,
            Way::Right => self.stack[self.stack.len().checked_sub(2)?],
        };
        Some((head, top))
    }

    /// Makes a transition; `relation` is that of the new arc.
    pub(crate) fn apply(&mut self, action: usize, relation: u8) {
        let Some((head, dependent)) = way(action).and_then(|way| self.arc(way)) else {
            self.stack.push(self.next);
            self.next += 1;
            return;
        };
        self.stack.pop();
        let node = &mut self.nodes[dependent as usize];
        node.head = head;
        node.relation = relation;
        let node = &mut self.nodes[head as usize];
        if dependent < head {
            node.lefts = node.lefts.saturating_add(1);
            node.left = [dependent, node.left[0]];
        } else {
            node.rights = node.rights.saturating_add(1);
            node.right = [dependent, node.right[0]];
        }
    }

    #[inline]
    pub(crate) fn node(&self, at: u32) -> Node {
        self.nodes.get(at as usize).copied().unwrap_or_default()
    }
}

/// The best legal class; the first of equals.
#[inline]
pub(crate) fn choose(scores: &[f32; MOVES], legal: [bool; 3]) -> usize {
    let ranges = [0..1, 1..FIRST_RIGHT, FIRST_RIGHT..MOVES];
    let mut best = (f32::MIN, SHIFT);
    for (range, _) in ranges.into_iter().zip(legal).filter(|(_, legal)| *legal) {
        for action in range {
            if scores[action] > best.0 {
                best = (scores[action], action);
            }
        }
    }
    best.1
}

/// The best relation of a class.
pub(crate) fn best_relation(scores: &[f32; RELATIONS], way: Way, action: usize) -> u8 {
    let class = &CLASS[way as usize];
    let mut best = (f32::MIN, Deprel::Dep as u8);
    for relation in 0..Deprel::Unknown as usize {
        let fits = usize::from(class[relation]) == action && relation != Deprel::Root as usize;
        if fits && scores[relation] > best.0 {
            best = (scores[relation], relation as u8);
        }
    }
    best.1
}
