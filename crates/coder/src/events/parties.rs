//! Whom a noun phrase stands for: mentions, owners, groups "of" somebody, pronouns of a speaker.

use rapporteur_base::Span;
use rapporteur_text::{Deprel, EntityKind, Name, Upos};

use crate::actors::dictionary::CODED;
use crate::{Actor, Party};

use super::tree::{DEPTH, Tree};

impl<'a> Tree<'a> {
    /// The actors that the noun phrase headed by `at` stands for, its conjuncts included.
    pub(super) fn parties(&self, at: usize) -> Vec<Party> {
        let mut found: Vec<Party> = Vec::new();
        let mut add = |party: Option<Party>| {
            if let Some(party) =
                party.filter(|p| !found.iter().any(|f: &Party| f.span.overlaps(p.span)))
            {
                found.push(party);
            }
        };
        add(self.coordinate_before(at));
        for head in self.conjuncts(at) {
            for joined in self.joined_before(head) {
                add(Some(joined));
            }
            add(self
                .party(head, 0)
                .or_else(|| self.country_subject(at, head)));
            // "representatives of Chad and Mali", "the presidents of Chile and Peru".
            for prep in ["of", "from"] {
                for of in self.by_prep(head, prep) {
                    for other in self.conjuncts(of).into_iter().skip(1) {
                        add(self.actor_at(other).map(|m| Party {
                            span: m.span,
                            actor: m.actor.clone(),
                        }));
                    }
                }
            }
        }
        if found.is_empty() {
            found.extend(self.coded_phrase(at));
        }
        self.twins(&mut found);
        found
    }

    /// "Both sides" stands for two: the other mention of the same words beside the one that was found.
    fn twins(&self, found: &mut Vec<Party>) {
        for mention in &self.twins {
            if let Some(one) = found.iter().position(|p| p.span == mention.span)
                && !found.iter().any(|p| p.actor.name == mention.actor.name)
            {
                found.insert(
                    one + 1,
                    Party {
                        span: mention.span,
                        actor: mention.actor.clone(),
                    },
                );
            }
        }
    }

    /// "French and Egyptian warships": the states joined before the last one, that the noun's own
    /// mention leaves out.
    fn joined_before(&self, head: usize) -> Vec<Party> {
        let Some((mut first, _)) = self
            .actor_at(head)
            .and_then(|m| self.sentence.tokens_in(m.span))
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        while let Some(mention) = first
            .checked_sub(2)
            .filter(|_| matches!(self.lemma(first - 1), "and" | "," | "&" | "/"))
            .filter(|at| {
                self.head(*at) == Some(head)
                    || self.head(*at).is_some_and(|up| self.head(up) == Some(head))
                    || self.head(first) == Some(*at)
            })
            .filter(|at| {
                matches!(
                    self.rel(*at),
                    Deprel::Amod | Deprel::Compound | Deprel::Conj | Deprel::NmodPoss
                ) && matches!(self.upos(*at), Upos::Adj | Upos::Propn)
            })
            .and_then(|at| self.actor_at(at))
            .filter(|m| m.actor.country.is_some())
        {
            found.insert(
                0,
                Party {
                    span: mention.span,
                    actor: mention.actor.clone(),
                },
            );
            let Some((start, _)) = self.sentence.tokens_in(mention.span) else {
                break;
            };
            first = start;
        }
        found
    }

    /// With a user's dictionary a noun phrase stands for the first actor in it.
    fn coded_phrase(&self, at: usize) -> Option<Party> {
        let mention = self
            .under(at, true)
            .into_iter()
            .filter(|i| self.is_noun(at) || *i == at)
            .find_map(|i| self.actor_at(i).filter(|m| m.why.rule == CODED))?;
        Some(Party {
            span: mention.span,
            actor: mention.actor.clone(),
        })
    }

    /// A country that acts as subject is its government, whatever it was taken for.
    fn country_subject(&self, subject: usize, head: usize) -> Option<Party> {
        let acts = matches!(self.rel(subject), Deprel::Nsubj | Deprel::OblAgent)
            && self.case(head).is_none_or(|c| c == "by");
        self.place_at(head)
            .filter(|p| acts && p.precision == 1)
            .and_then(|_| self.place_party(head))
    }

    /// "…, Chad and the rebels met": the actor before "and" that the parser tore off the subject.
    fn coordinate_before(&self, at: usize) -> Option<Party> {
        if !matches!(self.rel(at), Deprel::Nsubj | Deprel::NsubjPass) {
            return None;
        }
        let mut first = self.under(at, true).into_iter().next()?;
        if self.lemma(first) == "and" {
            first += 1;
        }
        let and = first.checked_sub(1).filter(|i| self.lemma(*i) == "and")?;
        let mention = self.actor_at(and.checked_sub(1)?)?;
        let (start, _) = self.sentence.tokens_in(mention.span)?;
        let before = start.checked_sub(1).map(|i| self.lemma(i));
        matches!(before, None | Some("," | "the" | "both" | "that")).then(|| Party {
            span: mention.span,
            actor: mention.actor.clone(),
        })
    }

    /// The actor that one noun stands for.
    pub(super) fn party(&self, at: usize, depth: usize) -> Option<Party> {
        if depth > 4 {
            return None;
        }
        if let Some(mention) = self.actor_at(at) {
            return Some(Party {
                span: mention.span,
                actor: mention.actor.clone(),
            });
        }
        let lemma = self.lemma(at);
        if self.upos(at) == Upos::Pron && matches!(lemma, "it" | "he" | "she" | "they" | "we" | "i")
        {
            return self.speaker_of(at).and_then(|s| self.party(s, depth + 1));
        }
        if (self.words.has("quantities", lemma) || self.upos(at) == Upos::Num)
            && let Some(of) = self.by_prep(at, "of").first()
        {
            return self.party(*of, depth + 1).map(|mut p| {
                p.span = self.phrase(at).cover(p.span);
                p
            });
        }
        // "The West Bank" is no bank.
        if self.upos(at) == Upos::Propn && self.place_at(at).is_some() {
            return None;
        }
        let owner = self.owner(at);
        let agent = self.words.has("agents", lemma)
            || owner.is_some() && (self.headcount(at) || self.doer(at));
        if self.words.has("belongings", lemma) && !agent {
            return owner;
        }
        if let Some(owner) = owner.as_ref().filter(|_| agent) {
            return Some(Party {
                span: owner.span.cover(self.span(at)),
                actor: owner.actor.clone(),
            });
        }
        if agent || (self.upos(at) == Upos::Propn && self.named(at)) || self.headcount(at) {
            return Some(self.unknown(at));
        }
        None
    }

    /// "Chad said it would leave": the pronoun that opens the content is the speaker.
    fn speaker_of(&self, pronoun: usize) -> Option<usize> {
        if self.rel(pronoun) != Deprel::Nsubj {
            return None;
        }
        let mut verb = self.head(pronoun)?;
        for _ in 0..DEPTH {
            let up = self.head(verb)?;
            match self.rel(verb) {
                Deprel::Ccomp if self.words.has("say", self.lemma(up)) => return self.subject(up),
                Deprel::Conj | Deprel::Xcomp | Deprel::Advcl => verb = up,
                _ => return None,
            }
        }
        None
    }

    /// A plural that its ending makes one of people: "sappers", "islanders", "guardsmen".
    fn doer(&self, at: usize) -> bool {
        let form = self.form(at).to_lowercase();
        self.xpos(at) == "NNS"
            && ["ers", "ors", "ists", "ians", "men", "eers"]
                .iter()
                .any(|ending| form.len() > ending.len() + 2 && form.ends_with(ending))
    }

    fn headcount(&self, at: usize) -> bool {
        self.words.has("people", self.lemma(at))
    }

    /// Whose it is: possessor, demonym or name before the noun, or the "of" after it.
    fn owner(&self, at: usize) -> Option<Party> {
        self.before(at).into_iter().next().or_else(|| {
            self.by_prep(at, "of")
                .into_iter()
                .chain(self.by_prep(at, "from"))
                .chain(self.by_prep(at, "by"))
                .find_map(|c| self.actor_at(c))
                .map(|m| Party {
                    span: m.span,
                    actor: m.actor.clone(),
                })
        })
    }

    /// Actors before the noun inside its phrase ("US–Iraq talks", "the army's raid").
    pub(super) fn before(&self, at: usize) -> Vec<Party> {
        let mut found: Vec<Party> = Vec::new();
        for child in self.children(at) {
            if child < at
                && matches!(
                    self.rel(child),
                    Deprel::Amod
                        | Deprel::Compound
                        | Deprel::NmodPoss
                        | Deprel::Nmod
                        | Deprel::NmodDesc
                        | Deprel::Flat
                        | Deprel::Dep
                )
            {
                for i in self.under(child, true) {
                    if i < at
                        && let Some(mention) = self.actor_at(i)
                        && !found.iter().any(|p| p.span == mention.span)
                    {
                        found.push(Party {
                            span: mention.span,
                            actor: mention.actor.clone(),
                        });
                    }
                }
                // "The coalition's proposal": an owner that no table names.
                if found.is_empty()
                    && self.rel(child) == Deprel::NmodPoss
                    && self.upos(child) != Upos::Pron
                {
                    found.extend(self.party(child, 1));
                }
            }
        }
        found
    }

    /// A name that no table knows, but not one of a month, a place or a thing.
    fn named(&self, at: usize) -> bool {
        self.place_at(at).is_none()
            && self
                .name(at)
                .is_some_and(|n| n.kind != EntityKind::Misc && n.kind != EntityKind::Loc)
    }

    /// The name at a word; a run that is too long for a name is none.
    pub(super) fn name(&self, at: usize) -> Option<&'a Name> {
        self.sentence
            .names
            .iter()
            .find(|n| n.first <= at && at <= n.last && n.last - n.first < 7)
            .filter(|n| (n.first..=n.last).all(|i| i >= self.len() || !self.is_verb(i)))
    }

    /// A party in the text's own words.
    pub(super) fn unknown(&self, at: usize) -> Party {
        let span = self
            .name(at)
            .filter(|_| self.upos(at) == Upos::Propn)
            .map_or_else(|| self.phrase(at), |n| n.span);
        Party {
            span,
            actor: Actor {
                name: span.of(self.text).to_owned(),
                ..Actor::default()
            },
        }
    }

    /// The words of a noun phrase up to its head, articles left out.
    pub(super) fn phrase(&self, at: usize) -> Span {
        let mut span = self.span(at);
        for child in self.children(at).filter(|c| *c < at) {
            if matches!(
                self.rel(child),
                Deprel::Amod | Deprel::Compound | Deprel::Nummod | Deprel::NmodPoss | Deprel::Flat
            ) {
                for i in self.under(child, true).into_iter().filter(|i| *i < at) {
                    span = span.cover(self.span(i));
                }
            }
        }
        for child in self.children(at).filter(|c| *c == at + 1) {
            if matches!(self.rel(child), Deprel::Flat) {
                span = span.cover(self.span(child));
            }
        }
        span
    }

    /// A place as a party: "attacked the town".
    pub(super) fn place_party(&self, at: usize) -> Option<Party> {
        let place = self.place_at(at).or_else(|| {
            self.children(at)
                .filter(|c| {
                    matches!(
                        self.rel(*c),
                        Deprel::Compound
                            | Deprel::Appos
                            | Deprel::Nmod
                            | Deprel::Amod
                            | Deprel::Flat
                    )
                })
                .find_map(|c| self.place_at(c))
        })?;
        Some(Party {
            span: place.span,
            actor: Actor {
                name: place.name.clone(),
                country: place.country.clone(),
                ..Actor::default()
            },
        })
    }
}
