use rapporteur_base::Span;
use serde::{Deserialize, Serialize};

/// Universal part-of-speech tags (universaldependencies.org/u/pos).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "names of a standard")]
pub enum Upos {
    Adj,
    Adp,
    Adv,
    Aux,
    Cconj,
    Det,
    Intj,
    Noun,
    Num,
    Part,
    Pron,
    Propn,
    Punct,
    Sconj,
    Sym,
    Verb,
    #[default]
    X,
}

/// Universal dependency relations (universaldependencies.org/u/dep), subtypes that English uses
/// included: `nsubj:pass`, `obl:agent` is not English UD v2, agents are `obl` with case "by".
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[expect(missing_docs, reason = "names of a standard")]
pub enum Deprel {
    Acl,
    AclRelcl,
    Advcl,
    AdvclRelcl,
    Advmod,
    Amod,
    Appos,
    Aux,
    AuxPass,
    Case,
    Cc,
    CcPreconj,
    Ccomp,
    Clf,
    Compound,
    CompoundPrt,
    Conj,
    Cop,
    Csubj,
    CsubjPass,
    CsubjOuter,
    Dep,
    Det,
    DetPredet,
    Discourse,
    Dislocated,
    Expl,
    Fixed,
    Flat,
    Goeswith,
    Iobj,
    List,
    Mark,
    Nmod,
    NmodPoss,
    NmodUnmarked,
    NmodDesc,
    Nsubj,
    NsubjPass,
    NsubjOuter,
    Nummod,
    Obj,
    Obl,
    OblAgent,
    OblUnmarked,
    Orphan,
    Parataxis,
    Punct,
    Reparandum,
    Root,
    Vocative,
    Xcomp,
    #[default]
    Unknown,
}

/// One syntactic word.
///
/// A contraction ("don't") is two tokens whose spans part it ("do", "n't").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// Its bytes in the whole text.
    pub span: Span,
    /// Dictionary form, lower case except for proper nouns.
    pub lemma: String,
    /// Part of speech.
    pub upos: Upos,
    /// Penn Treebank tag (`VBD`, `NNS`, …): tense and number for the coder; empty when unknown.
    pub xpos: String,
    /// Index of the head in [`Sentence::tokens`]; `None` for the root.
    pub head: Option<usize>,
    /// Relation to the head.
    pub deprel: Deprel,
}

/// Kinds of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EntityKind {
    /// A person.
    Per,
    /// An organisation.
    Org,
    /// A place or a state.
    Loc,
    /// Another name (events, products, nationalities).
    Misc,
}

/// A name: a run of tokens of one sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Name {
    /// First token.
    pub first: usize,
    /// Last token, included.
    pub last: usize,
    /// Its bytes.
    pub span: Span,
    /// What it names.
    pub kind: EntityKind,
    /// Calibrated score, 0 to 1.
    pub score: f32,
}

/// A phrase that stands for a person, an organisation or a place, named or not: "the Foreign
/// Secretary", "we", "the city of Mosul".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// First token.
    pub first: usize,
    /// Last token, included.
    pub last: usize,
    /// Its bytes.
    pub span: Span,
    /// What it stands for; the same words may stand for two kinds.
    pub kind: EntityKind,
}

/// One sentence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its bytes, without outer white space.
    pub span: Span,
    /// Its words, in order.
    pub tokens: Vec<Token>,
    /// Names found in it, in order, without overlap.
    pub names: Vec<Name>,
}

impl Sentence {
    /// Indices of the tokens that hang on `head`, in order.
    pub fn children(&self, head: usize) -> impl Iterator<Item = usize> + '_ {
        self.tokens
            .iter()
            .enumerate()
            .filter(move |(_, t)| t.head == Some(head))
            .map(|(i, _)| i)
    }

    /// The root, if the sentence has words.
    pub fn root(&self) -> Option<usize> {
        self.tokens.iter().position(|t| t.head.is_none())
    }

    /// Index of the token that covers byte `at`.
    pub fn token_at(&self, at: u32) -> Option<usize> {
        let i = self.tokens.partition_point(|t| t.span.end <= at);
        (i < self.tokens.len() && self.tokens[i].span.start <= at).then_some(i)
    }

    /// Token indices `first..=last` touched by a span of bytes.
    pub fn tokens_in(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.tokens.partition_point(|t| t.span.end <= span.start);
        let after = self.tokens.partition_point(|t| t.span.start < span.end);
        (first < after).then(|| (first, after - 1))
    }

    /// Every token under `head`, itself included, in order. Bounded: a cycle ends the walk.
    pub fn subtree(&self, head: usize) -> Vec<usize> {
        let mut inside = vec![false; self.tokens.len()];
        let mut stack = vec![head];
        while let Some(at) = stack.pop() {
            if at < inside.len() && !inside[at] {
                inside[at] = true;
                stack.extend(self.children(at));
            }
        }
        inside
            .iter()
            .enumerate()
            .filter(|(_, x)| **x)
            .map(|(i, _)| i)
            .collect()
    }
}
