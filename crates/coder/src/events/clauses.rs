//! More repairs of a parse: where one clause ends and the next begins. Relative clauses, clauses
//! after "after", verbs joined by "but", objects that were taken for adjuncts.

use rapporteur_text::{Deprel, Upos};

use super::repair::Graph;

/// Words that open a clause as well as a noun phrase.
const SUBORDINATORS: &[&str] = &["after", "before", "since", "until", "as", "than"];

/// Nouns that tell when, how long or how much without a preposition: never objects.
const MEASURES: &[&str] = &[
    "second",
    "minute",
    "hour",
    "day",
    "night",
    "week",
    "weekend",
    "month",
    "year",
    "decade",
    "century",
    "time",
    "morning",
    "afternoon",
    "evening",
    "noon",
    "midnight",
    "today",
    "tomorrow",
    "yesterday",
    "tonight",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "percent",
    "%",
    "kilometer",
    "kilometre",
    "km",
    "mile",
    "meter",
    "metre",
    "foot",
    "degree",
    "point",
    "way",
    "home",
    "moment",
    "spring",
    "summer",
    "autumn",
    "winter",
    "fall",
    "season",
    "part",
    "period",
    "quarter",
    "term",
];

impl Graph {
    /// Repairs between clauses, each once.
    pub(super) fn mend_clauses(&mut self, lemmas: &[String]) {
        self.relative_after_noun(lemmas);
        self.clause_after_subordinator(lemmas);
        self.adjunct_objects(lemmas);
        self.stray_objects(lemmas);
        self.second_subjects();
        self.parallel_passive();
        self.fronted_agent(lemmas);
    }

    /// "The talks, which began in May, …": a verb whose subject is the "which" right after a noun is
    /// that noun's relative clause.
    fn relative_after_noun(&mut self, lemmas: &[String]) {
        for which in 1..lemmas.len() {
            if !matches!(lemmas[which].as_str(), "which" | "who")
                || !matches!(self.rel[which], Deprel::Nsubj | Deprel::NsubjPass)
            {
                continue;
            }
            let Some(verb) = self.head[which].filter(|v| *v > which) else {
                continue;
            };
            if !matches!(
                self.rel[verb],
                Deprel::Advcl | Deprel::Ccomp | Deprel::Parataxis | Deprel::Dep
            ) {
                continue;
            }
            let noun = match lemmas[which - 1].as_str() {
                "," => which.checked_sub(2),
                _ => Some(which - 1),
            };
            if let Some(noun) = noun.filter(|n| self.is_noun(*n) && self.head[*n] != Some(verb)) {
                self.attach(verb, Some(noun), Deprel::AclRelcl);
            }
        }
    }

    /// "after an attack killed three soldiers": a participle with an object of its own, behind a word
    /// that opens clauses, is the verb of that clause.
    fn clause_after_subordinator(&mut self, lemmas: &[String]) {
        for verb in 2..lemmas.len() {
            if self.rel[verb] != Deprel::Acl
                || !matches!(self.xpos[verb].as_str(), "VBN" | "VBD")
                || !self.owns_object(verb, lemmas)
            {
                continue;
            }
            let Some(noun) = self.head[verb].filter(|n| *n < verb && self.is_noun(*n)) else {
                continue;
            };
            let case = self.children(noun).into_iter().find(|c| {
                *c < noun
                    && self.rel[*c] == Deprel::Case
                    && SUBORDINATORS.contains(&lemmas[*c].as_str())
            });
            let (Some(case), Some(above)) = (case, self.head[noun]) else {
                continue;
            };
            if !matches!(self.rel[noun], Deprel::Obl | Deprel::Nmod) {
                continue;
            }
            self.head[verb] = None;
            self.attach(verb, Some(above), Deprel::Advcl);
            self.head[noun] = None;
            self.attach(noun, Some(verb), Deprel::Nsubj);
            self.attach(case, Some(verb), Deprel::Mark);
            "VBD".clone_into(&mut self.xpos[verb]);
        }
    }

    /// Whether a noun phrase without a preposition follows the verb and is its object.
    fn owns_object(&self, verb: usize, lemmas: &[String]) -> bool {
        self.children(verb).into_iter().any(|c| {
            c > verb
                && (self.rel[c] == Deprel::Obj
                    || self.rel[c] == Deprel::OblUnmarked && self.could_be_object(verb, c, lemmas))
        })
    }

    /// A bare noun phrase right behind the verb that tells no time or measure.
    fn could_be_object(&self, verb: usize, at: usize, lemmas: &[String]) -> bool {
        self.is_noun(at)
            && !MEASURES.contains(&lemmas[at].as_str())
            && !self.children(at).into_iter().any(|c| {
                self.rel[c] == Deprel::Case && c < at && !lemmas[c].starts_with(['\'', '’'])
            })
            && (verb + 1..at).all(|i| {
                let particle = self.rel[i] == Deprel::CompoundPrt && self.head[i] == Some(verb);
                (particle || !matches!(
                    self.upos[i],
                    Upos::Punct | Upos::Adp | Upos::Verb | Upos::Adv
                )) && !MEASURES.contains(&lemmas[i].as_str())
            })
    }

    /// "held their first round of talks": a bare noun phrase behind an active verb that has no
    /// object is the object, not an adjunct.
    fn adjunct_objects(&mut self, lemmas: &[String]) {
        for at in 1..lemmas.len() {
            if !matches!(self.rel[at], Deprel::Obl | Deprel::OblUnmarked) {
                continue;
            }
            let Some(verb) = self.head[at].filter(|v| *v < at && self.upos[*v] == Upos::Verb)
            else {
                continue;
            };
            let taken = self.children(verb).into_iter().any(|c| {
                matches!(
                    self.rel[c],
                    Deprel::Obj | Deprel::AuxPass | Deprel::NsubjPass
                )
            });
            let described = self.rel[verb] == Deprel::Acl && self.xpos[verb] == "VBN";
            if !taken && !described && self.could_be_object(verb, at, lemmas) {
                self.rel[at] = Deprel::Obj;
            }
        }
    }

    /// "Havana released the prisoners after Quito took …" with "prisoners" below "took": a verb has one
    /// subject, and what stands before the word that opens its clause is not it.
    fn second_subjects(&mut self) {
        for at in 1..self.head.len() {
            let Some(verb) = self.head[at].filter(|v| *v > at && self.rel[at] == Deprel::Nsubj)
            else {
                continue;
            };
            let children = self.children(verb);
            let own = children.iter().any(|c| *c > at && self.rel[*c] == Deprel::Nsubj);
            let opened = children
                .iter()
                .any(|c| *c > at && *c < verb && self.rel[*c] == Deprel::Mark);
            let Some(outer) = self.head[verb].filter(|o| *o < at && own && opened) else {
                continue;
            };
            let taken = self.children(outer).into_iter().any(|c| {
                matches!(self.rel[c], Deprel::Obj | Deprel::AuxPass | Deprel::NsubjPass)
            });
            if self.upos[outer] == Upos::Verb && !taken && self.is_noun(at) {
                self.attach(at, Some(outer), Deprel::Obj);
            }
        }
    }

    /// "As the militias increase attacks, a pullout could follow" with "attacks" below "follow": the bare
    /// noun right behind an active verb with a subject and no object is what it is done to.
    fn stray_objects(&mut self, lemmas: &[String]) {
        for at in 2..lemmas.len() {
            let verb = at - 1;
            if !self.is_noun(at)
                || !matches!(self.rel[at], Deprel::Advcl | Deprel::Dep | Deprel::Parataxis)
                || self.upos[verb] != Upos::Verb
                || !matches!(self.xpos[verb].as_str(), "VBP" | "VBZ" | "VBD" | "VB")
                || self.head[at].is_none_or(|up| up == verb || self.head[verb] != Some(up))
            {
                continue;
            }
            let children = self.children(verb);
            let subject = children.iter().any(|c| self.rel[*c] == Deprel::Nsubj);
            let taken = children.iter().any(|c| {
                matches!(self.rel[*c], Deprel::Obj | Deprel::AuxPass | Deprel::NsubjPass)
            });
            let own = self.children(at).into_iter().any(|c| {
                matches!(self.rel[c], Deprel::Case | Deprel::Mark | Deprel::Nsubj | Deprel::Cop)
                    && c < at
            });
            if subject && !taken && !own {
                self.attach(at, Some(verb), Deprel::Obj);
            }
        }
    }

    /// "The talks were suspended after … but were resumed": a passive without a subject is joined to
    /// the passive of the main clause, not to an active verb of the clause between.
    fn parallel_passive(&mut self) {
        let passive = |g: &Self, v: usize| {
            g.children(v)
                .into_iter()
                .any(|c| g.rel[c] == Deprel::AuxPass)
        };
        for verb in 1..self.head.len() {
            if self.rel[verb] != Deprel::Conj || !passive(self, verb) {
                continue;
            }
            let own = self
                .children(verb)
                .into_iter()
                .any(|c| matches!(self.rel[c], Deprel::Nsubj | Deprel::NsubjPass));
            let Some(inner) = self.head[verb].filter(|h| !own && !passive(self, *h)) else {
                continue;
            };
            if !matches!(
                self.rel[inner],
                Deprel::Advcl | Deprel::Acl | Deprel::AclRelcl | Deprel::Ccomp
            ) {
                continue;
            }
            let outer = std::iter::successors(self.head[inner], |h| self.head[*h])
                .take(4)
                .find(|h| self.upos[*h] == Upos::Verb && *h < verb);
            if let Some(outer) = outer.filter(|o| passive(self, *o)) {
                self.attach(verb, Some(outer), Deprel::Conj);
            }
        }
    }

    /// "Despite the defeat of the rebels by the army, …": inside a phrase before its verb, what
    /// follows the noun belongs to the noun.
    fn fronted_agent(&mut self, lemmas: &[String]) {
        for at in 2..lemmas.len() {
            if self.rel[at] != Deprel::Obl && self.rel[at] != Deprel::OblAgent {
                continue;
            }
            let Some(verb) = self.head[at].filter(|v| *v > at) else {
                continue;
            };
            let marked = self.children(at).into_iter().any(|c| {
                self.rel[c] == Deprel::Case
                    && matches!(lemmas[c].as_str(), "by" | "of" | "between" | "against")
            });
            if !marked {
                continue;
            }
            let before = self.children(verb).into_iter().rev().find(|n| {
                *n < at
                    && self.is_noun(*n)
                    && matches!(
                        self.rel[*n],
                        Deprel::Obl | Deprel::Nsubj | Deprel::NsubjPass
                    )
            });
            if let Some(noun) = before.filter(|n| (*n..at).all(|i| lemmas[i] != ",")) {
                self.attach(at, Some(noun), Deprel::Nmod);
            }
        }
    }
}
