//! More repairs of a parse: where one clause ends and the next begins. Verbs joined by "but", objects
//! that were taken for adjuncts or hung on another verb.

use rapporteur_text::{Deprel, Upos};

use super::repair::Graph;

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
        self.adjunct_objects(lemmas);
        self.stray_objects(lemmas);
        self.parallel_passive();
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
                (particle
                    || !matches!(
                        self.upos[i],
                        Upos::Punct | Upos::Adp | Upos::Verb | Upos::Adv
                    ))
                    && !MEASURES.contains(&lemmas[i].as_str())
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

    /// "As the militias increase attacks, a pullout could follow" with "attacks" below "follow": the bare
    /// noun right behind an active verb with a subject and no object is what it is done to.
    fn stray_objects(&mut self, lemmas: &[String]) {
        for at in 2..lemmas.len() {
            let verb = at - 1;
            if !self.is_noun(at)
                || !matches!(
                    self.rel[at],
                    Deprel::Advcl | Deprel::Dep | Deprel::Parataxis
                )
                || self.upos[verb] != Upos::Verb
                || !matches!(self.xpos[verb].as_str(), "VBP" | "VBZ" | "VBD" | "VB")
                || self.head[at].is_none_or(|up| up == verb || self.head[verb] != Some(up))
            {
                continue;
            }
            let children = self.children(verb);
            let subject = children.iter().any(|c| self.rel[*c] == Deprel::Nsubj);
            let taken = children.iter().any(|c| {
                matches!(
                    self.rel[*c],
                    Deprel::Obj | Deprel::AuxPass | Deprel::NsubjPass
                )
            });
            let own = self.children(at).into_iter().any(|c| {
                matches!(
                    self.rel[c],
                    Deprel::Case | Deprel::Mark | Deprel::Nsubj | Deprel::Cop
                ) && c < at
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
}
