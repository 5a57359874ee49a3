//! More repairs of a parse: verbs that were read as parts of a noun phrase.

use rapporteur_text::{Deprel, Upos};

use super::repair::Graph;
use super::words::Words;

impl Graph {
    /// The repairs of this file.
    pub(super) fn mend_roots(&mut self, lemmas: &[String], words: &Words) {
        self.participle_as_modifier();
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
