//! More repairs of a parse: verbs that were read as parts of a noun phrase.

use rapporteur_text::{Deprel, Upos};

use super::repair::Graph;
use super::words::Words;

impl Graph {
    /// The repairs of this file.
    pub(super) fn mend_roots(&mut self, lemmas: &[String], words: &Words) {
        self.participle_as_modifier();
        self.participle_as_verb(lemmas);
        self.finite_as_subject(lemmas, words);
    }

    /// "The envoys of Chad presented gifts to Mali" read as one long noun phrase: where no verb is
    /// finite, the participle between two nouns is the verb, the first noun its subject.
    fn participle_as_modifier(&mut self) {
        let Some(root) = (0..self.head.len()).find(|i| self.head[*i].is_none()) else {
            return;
        };
        let finite = |i: usize| matches!(self.xpos[i].as_str(), "VBD" | "VBZ" | "VBP" | "MD");
        if !self.is_noun(root) || (0..self.head.len()).any(finite) {
            return;
        }
        let verb = (root + 1..self.head.len()).find(|v| {
            self.xpos[*v] == "VBN"
                && self.rel[*v] == Deprel::Amod
                && self.head[*v].is_some_and(|n| n > *v && n != root && self.is_noun(n))
                && self.is_noun(*v - 1)
        });
        if verb.is_none() {
            self.participle_after_name(root);
            self.participle_with_subject(root);
        }
        let Some((verb, object)) = verb.and_then(|v| Some((v, self.head[v]?))) else {
            return;
        };
        self.head[verb] = None;
        self.rel[verb] = Deprel::Root;
        self.upos[verb] = Upos::Verb;
        "VBD".clone_into(&mut self.xpos[verb]);
        self.attach(root, Some(verb), Deprel::Nsubj);
        self.attach(object, Some(verb), Deprel::Obj);
    }

    /// "The Red Crescent suspended aid deliveries" read as one long noun phrase: no participle stands
    /// between a name and the noun that both modify, so it is the verb between them.
    fn participle_after_name(&mut self, root: usize) {
        let inside = |at: usize| inside_of(self, at, root);
        let verb = (1..root).find(|v| {
            let before = *v - 1;
            self.xpos[*v] == "VBN"
                && self.rel[*v] == Deprel::Amod
                && inside(*v)
                && inside(before)
                && self.upos[before] == Upos::Propn
                && matches!(
                    self.rel[before],
                    Deprel::Compound | Deprel::Nmod | Deprel::NmodDesc
                )
        });
        let Some(verb) = verb else { return };
        let subject = verb - 1;
        self.head[verb] = None;
        self.rel[verb] = Deprel::Root;
        self.upos[verb] = Upos::Verb;
        "VBD".clone_into(&mut self.xpos[verb]);
        for child in 0..subject {
            if !inside_of(self, child, root) {
                continue;
            }
            let rel = self.rel[child];
            self.attach(child, Some(subject), rel);
        }
        self.attach(subject, Some(verb), Deprel::Nsubj);
        self.attach(root, Some(verb), Deprel::Obj);
    }

    /// "The sect threatened attacks" with "threatened" as a modifier that has a subject of its own: it is
    /// the verb.
    fn participle_with_subject(&mut self, root: usize) {
        let verb = (1..root).find(|v| {
            self.rel[*v] == Deprel::Amod
                && self.head[*v] == Some(root)
                && self
                    .children(*v)
                    .iter()
                    .any(|c| self.rel[*c] == Deprel::Nsubj && *c < *v)
        });
        let Some(verb) = verb.filter(|_| self.head[root].is_none()) else {
            return;
        };
        self.head[verb] = None;
        self.rel[verb] = Deprel::Root;
        self.upos[verb] = Upos::Verb;
        "VBD".clone_into(&mut self.xpos[verb]);
        self.attach(root, Some(verb), Deprel::Obj);
    }

    /// "The talks, agreed on in May, aim at a treaty" read as "agreed" with "aim" below it: a participle
    /// between a noun and its verb, set off by commas, belongs to the noun.
    fn participle_as_verb(&mut self, lemmas: &[String]) {
        for part in 2..lemmas.len() {
            if lemmas[part - 1] != ","
                || !matches!(self.xpos[part].as_str(), "VBN" | "VBD")
                || self.upos[part] != Upos::Verb
            {
                continue;
            }
            let noun = part - 2;
            self.passive_of_noun(noun, part, lemmas);
            let Some(verb) = self.head[noun].filter(|v| *v > part && self.is_noun(noun)) else {
                continue;
            };
            let own = |at: usize| {
                matches!(
                    self.rel[at],
                    Deprel::Aux | Deprel::AuxPass | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Cop
                )
            };
            if self.head[verb] != Some(part)
                || !matches!(self.rel[noun], Deprel::Nsubj | Deprel::NsubjPass)
                || self.children(part).into_iter().any(own)
                || !(part + 1..verb).any(|i| lemmas[i] == ",")
            {
                continue;
            }
            self.head[verb] = self.head[part];
            self.rel[verb] = self.rel[part];
            self.head[part] = None;
            self.attach(part, Some(noun), Deprel::Acl);
        }
    }

    /// The same with the noun as a passive subject of the participle, which has no auxiliary: the verb
    /// behind the second comma is told of the noun.
    fn passive_of_noun(&mut self, noun: usize, part: usize, lemmas: &[String]) {
        if self.head[noun] != Some(part) || self.rel[noun] != Deprel::NsubjPass {
            return;
        }
        let children = self.children(part);
        if children
            .iter()
            .any(|c| matches!(self.rel[*c], Deprel::AuxPass | Deprel::Aux))
        {
            return;
        }
        let verb = children.into_iter().find(|v| {
            let own = self.children(*v).into_iter().any(|c| {
                matches!(
                    self.rel[c],
                    Deprel::Nsubj | Deprel::NsubjPass | Deprel::Mark | Deprel::AuxPass
                )
            });
            *v > part
                && matches!(self.xpos[*v].as_str(), "VBD" | "VBN" | "VBZ" | "VBP")
                && matches!(
                    self.rel[*v],
                    Deprel::Advcl | Deprel::Conj | Deprel::Parataxis
                )
                && !own
                && (part..*v).any(|i| lemmas[i] == ",")
        });
        let Some(verb) = verb else { return };
        self.head[verb] = self.head[part];
        self.rel[verb] = self.rel[part];
        self.head[part] = None;
        self.head[noun] = None;
        self.attach(noun, Some(verb), Deprel::Nsubj);
        self.attach(part, Some(noun), Deprel::Acl);
        "VBN".clone_into(&mut self.xpos[part]);
    }

    /// "Chad departs from Mali, an official said" with "departs" as a subject of "said": a finite
    /// verb is nobody's subject, the noun before it is its own.
    fn finite_as_subject(&mut self, lemmas: &[String], words: &Words) {
        for verb in 1..self.head.len() {
            let Some(up) = self.head[verb].filter(|up| *up > verb) else {
                continue;
            };
            let finite = matches!(self.xpos[verb].as_str(), "VBZ" | "VBD" | "VBP");
            if !finite || self.upos[verb] != Upos::Verb || self.rel[verb] != Deprel::Nsubj {
                continue;
            }
            let told = words.has("say", &lemmas[up]);
            self.rel[verb] = if told {
                Deprel::Ccomp
            } else {
                Deprel::Parataxis
            };
            let before = verb - 1;
            if self.is_noun(before)
                && self.head[before] == Some(verb)
                && matches!(self.rel[before], Deprel::Compound | Deprel::Nmod)
            {
                self.rel[before] = Deprel::Nsubj;
            }
        }
    }
}

/// Whether a word hangs on `root` or on a noun joined into it.
fn inside_of(graph: &Graph, at: usize, root: usize) -> bool {
    graph.head[at].is_some_and(|up| {
        up == root || graph.rel[up] == Deprel::Compound && graph.head[up] == Some(root)
    })
}
