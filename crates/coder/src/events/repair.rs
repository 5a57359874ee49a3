//! Mends what a small parser gets wrong in news prose, by rules of English that hold whatever the
//! model: no modifier stands across a preposition, a subject has no preposition, a sentence with one
//! finite-looking verb has it as its root. Each repair moves words inside one sentence only.

use rapporteur_text::{Deprel, Sentence, Upos};

use super::words::Words;

/// Heads, relations and tags that may be changed.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub(super) head: Vec<Option<usize>>,
    pub(super) rel: Vec<Deprel>,
    pub(super) upos: Vec<Upos>,
    pub(super) xpos: Vec<String>,
}

impl Graph {
    pub(super) fn new(sentence: &Sentence) -> Self {
        let n = sentence.tokens.len();
        Self {
            head: sentence
                .tokens
                .iter()
                .enumerate()
                .map(|(i, t)| t.head.filter(|h| *h < n && *h != i))
                .collect(),
            rel: sentence.tokens.iter().map(|t| t.deprel).collect(),
            upos: sentence.tokens.iter().map(|t| t.upos).collect(),
            xpos: sentence.tokens.iter().map(|t| t.xpos.clone()).collect(),
        }
    }

    pub(super) fn children(&self, at: usize) -> Vec<usize> {
        (0..self.head.len())
            .filter(|c| self.head[*c] == Some(at))
            .collect()
    }

    pub(super) fn attach(&mut self, at: usize, head: Option<usize>, rel: Deprel) {
        // A move that would close a circle is left undone.
        let mut up = head;
        for _ in 0..self.head.len() {
            match up {
                Some(h) if h == at => return,
                Some(h) => up = self.head[h],
                None => break,
            }
        }
        self.head[at] = head;
        self.rel[at] = rel;
    }

    pub(super) fn is_noun(&self, at: usize) -> bool {
        matches!(self.upos[at], Upos::Noun | Upos::Propn)
    }

    /// All repairs, each once.
    pub(super) fn mend(&mut self, lemmas: &[String], words: &Words) {
        self.between(lemmas, words);
        self.finite_after_noun(lemmas);
        self.bare_subject();
        self.mend_roots(lemmas, words);
        self.mend_clauses(lemmas);
    }

    /// "Talks between A and B broke down": the noun before "between" is the subject, A and B hang
    /// on it, however the verb was read.
    fn between(&mut self, lemmas: &[String], words: &Words) {
        for case in 1..lemmas.len() {
            if lemmas[case] != "between" {
                continue;
            }
            let noun = case - 1;
            if !(self.is_noun(noun)
                || words.has("talks", &lemmas[noun])
                || words.has("violence", &lemmas[noun]))
                || self.upos[noun] == Upos::Pron
            {
                continue;
            }
            let Some(first) = self.head[case].filter(|f| *f > case) else {
                continue;
            };
            self.upos[noun] = if self.is_noun(noun) {
                self.upos[noun]
            } else {
                Upos::Noun
            };
            let above = self.head[first];
            let verb = self.after_pair(first, lemmas);
            if above != Some(noun) || self.rel[first] != Deprel::Nmod {
                if self.rel[first] == Deprel::Nsubj || self.rel[first] == Deprel::NsubjPass {
                    self.lift(noun, above);
                }
                self.attach(first, Some(noun), Deprel::Nmod);
            }
            if let Some((second, verb)) = verb {
                if self.rel[second] != Deprel::Conj {
                    self.attach(second, Some(first), Deprel::Conj);
                }
                self.lift(noun, Some(verb));
            }
        }
    }

    /// The noun after "and" that a verb took for its subject, and that verb.
    fn after_pair(&self, first: usize, lemmas: &[String]) -> Option<(usize, usize)> {
        let and = (first + 1..lemmas.len().min(first + 8)).find(|i| lemmas[*i] == "and")?;
        let second = (and + 1..lemmas.len().min(and + 6)).find(|i| {
            self.is_noun(*i) && matches!(self.rel[*i], Deprel::Nsubj | Deprel::NsubjPass)
                || (self.is_noun(*i)
                    && self.rel[*i] == Deprel::Conj
                    && self.head[*i] == Some(first))
        })?;
        let verb = match self.rel[second] {
            Deprel::Conj => self
                .children(second)
                .into_iter()
                .chain(self.children(first))
                .find(|v| {
                    *v > second
                        && self.upos[*v] == Upos::Verb
                        && matches!(self.rel[*v], Deprel::Acl)
                })?,
            _ => self.head[second]?,
        };
        (verb > second).then_some((second, verb))
    }

    /// Makes `noun` the subject of `verb`; the verb takes the noun's place when it hung below it.
    fn lift(&mut self, noun: usize, verb: Option<usize>) {
        let Some(verb) = verb.filter(|v| *v != noun) else {
            return;
        };
        let below = {
            let mut up = Some(verb);
            let mut found = false;
            for _ in 0..self.head.len() {
                match up {
                    Some(u) if u == noun => {
                        found = true;
                        break;
                    }
                    Some(u) => up = self.head[u],
                    None => break,
                }
            }
            found
        };
        if below {
            self.head[verb] = self.head[noun];
            self.rel[verb] = self.rel[noun];
        }
        let passive = self
            .children(verb)
            .iter()
            .any(|c| self.rel[*c] == Deprel::AuxPass);
        self.head[noun] = None;
        self.attach(
            noun,
            Some(verb),
            if passive {
                Deprel::NsubjPass
            } else {
                Deprel::Nsubj
            },
        );
    }

    /// "Since May, attacks on convoys have occurred": a noun before a finite verb that has no other
    /// subject and no preposition of its own is what the verb is told of.
    fn bare_subject(&mut self) {
        for verb in 0..self.head.len() {
            if !matches!(self.xpos[verb].as_str(), "VBD" | "VBN" | "VBP" | "VBZ") {
                continue;
            }
            let children = self.children(verb);
            let has = |rels: &[Deprel]| children.iter().any(|c| rels.contains(&self.rel[*c]));
            let finite = self.xpos[verb] != "VBN" || has(&[Deprel::Aux]);
            let subject = [
                Deprel::Nsubj,
                Deprel::NsubjPass,
                Deprel::NsubjOuter,
                Deprel::Csubj,
                Deprel::Expl,
                Deprel::AuxPass,
            ];
            if !finite || has(&subject) {
                continue;
            }
            let bare = |c: &usize| {
                *c < verb
                    && self.rel[*c] == Deprel::Obl
                    && self.is_noun(*c)
                    && !self
                        .children(*c)
                        .iter()
                        .any(|x| matches!(self.rel[*x], Deprel::Case | Deprel::Mark))
            };
            if let Some(noun) = children.iter().copied().rev().find(bare) {
                self.rel[noun] = Deprel::Nsubj;
            }
        }
    }

    /// "The president resigned on Sunday" read as a noun with a participle: a sentence whose root is
    /// a noun and that has no finite verb takes the participle as its verb.
    fn finite_after_noun(&mut self, lemmas: &[String]) {
        let Some(root) = (0..self.head.len()).find(|i| self.head[*i].is_none()) else {
            return;
        };
        if !self.is_noun(root)
            || self
                .children(root)
                .iter()
                .any(|c| matches!(self.rel[*c], Deprel::Cop | Deprel::Nsubj))
        {
            return;
        }
        let verb = self.children(root).into_iter().find(|c| {
            *c > root
                && self.rel[*c] == Deprel::Acl
                && matches!(self.xpos[*c].as_str(), "VBN" | "VBD")
                && !self
                    .children(*c)
                    .iter()
                    .any(|x| self.rel[*x] == Deprel::Mark || lemmas[*x] == "by")
        });
        let Some(verb) = verb else { return };
        let passive = self
            .children(verb)
            .iter()
            .any(|c| self.rel[*c] == Deprel::AuxPass);
        self.head[verb] = None;
        self.rel[verb] = Deprel::Root;
        if !passive {
            "VBD".clone_into(&mut self.xpos[verb]);
        }
        for x in self.children(root) {
            if x > verb && x != verb {
                let rel = self.rel[x];
                let rel = if rel == Deprel::Nmod {
                    Deprel::Obl
                } else {
                    rel
                };
                self.attach(x, Some(verb), rel);
            }
        }
        self.attach(
            root,
            Some(verb),
            if passive {
                Deprel::NsubjPass
            } else {
                Deprel::Nsubj
            },
        );
    }
}
