//! Dyads of a user's own dictionary: the same frames read as the coders of the KEDS, TABARI and
//! PETRARCH family do, with codes for parties. In force only where a user gives a dictionary.
//!
//! Conventions:
//!
//! * Only what the dictionary codes is a party. An event needs a source and a target; without
//!   one of them it is left out.
//! * A party's code is that of its noun phrase: the first actor in it with the agents joined to it.
//!   Units joined by "and" are parties together, one event for each pair; nobody acts on himself.
//! * A frame's slots go first. A side that they leave open is filled from the verb's own clause: the
//!   subject, else the last unit before the verb with no verb between; the nouns and the content
//!   that the verb governs, else the next unit after the verb before a clause of time or cause
//!   begins. The passive turns the sides. Two sources without any target act on each other.
//! * The verb names the type whatever its tense: "will meet" is a meeting, not the promise of one.
//!   The tie-breaks that make promises and threats of plans are not applied.
//! * Disapproval that the sentence denies ("did not quarrel over") is SUPPORT, and so is it when
//!   several "agree that" something is so without promising anything.
//! * Verbs make events; a bare noun does so only in a sentence without one.
//!   A verb in a clause of "after", "before", "since" only dates another and makes none.
//! * Meetings and visits are told from both sides.
//! * A sentence with no event whose main verb says, thinks or hopes relates speaker and the first
//!   party spoken of by a *statement*, an event without a type (the first category of CAMEO, which
//!   PLOVER dropped).

use std::collections::BTreeSet;

use rapporteur_base::Why;
use rapporteur_text::{Deprel, Upos};

use crate::actors::dictionary::Unit;
use crate::{Coding, Event, Input, Modality, Party};

use super::extract::{self, Found};
use super::rules::{Frames, OPEN};
use super::tree::{DEPTH, Tree};
use super::{Events, coded, rank};

/// Frames of a rite towards one side, not of a meeting.
const ONE_WAY: [&str; 2] = ["consult.credentials", "consult.depart"];

impl Events {
    /// Adds the dyads of `units` to `coding`, whose actors hold the units already.
    pub(crate) fn code_dyads(&self, input: &Input<'_>, coding: &mut Coding, units: &[Unit]) {
        let mut out = Vec::new();
        for sentence in input.sentences {
            if sentence.tokens.is_empty() || !coded(input, sentence.span) {
                continue;
            }
            let here: Vec<Unit> = units
                .iter()
                .filter(|u| sentence.span.contains(u.span))
                .cloned()
                .collect();
            if here.is_empty() {
                continue;
            }
            let tree = Tree::new(input.text, sentence, coding, &self.words);
            let reader = Reader::new(&tree, &here);
            let found = extract::candidates(&tree, input, coding, &self.frames);
            out.extend(reader.dyads(found, &self.frames, &self.ranker));
        }
        coding.events = out;
    }
}

/// A sentence with the units in it.
struct Reader<'a> {
    tree: &'a Tree<'a>,
    units: &'a [Unit],
    /// Tokens of each unit, first and last.
    at: Vec<(usize, usize)>,
}

/// Source and target of an event: indices of units.
#[derive(Default)]
struct Sides {
    source: Vec<usize>,
    target: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn new(tree: &'a Tree<'a>, units: &'a [Unit]) -> Self {
        let at = units
            .iter()
            .map(|u| tree.sentence.tokens_in(u.span).unwrap_or((0, 0)))
            .collect();
        Self { tree, units, at }
    }

    fn dyads(&self, mut found: Vec<Found>, frames: &Frames, ranker: &rank::Model) -> Vec<Event> {
        found.retain(|f| !f.content);
        let verbs = found.iter().any(|f| !f.nominal);
        found.retain(|f| !(f.nominal && verbs) && (!f.weak || self.main(f.fit.head)));
        found.retain(|f| !self.background(f.fit.head));
        for f in &mut found {
            untensed(f, frames);
        }
        extract::typed(self.tree, frames, ranker, &mut found);
        let mut out: Vec<Event> = Vec::new();
        for f in &found {
            for event in self.pairs(f) {
                if !out.iter().any(|o| same(o, &event)) {
                    out.push(event);
                }
            }
        }
        if out.is_empty() {
            out.extend(self.statement());
        }
        out
    }

    /// One event a pair.
    fn pairs(&self, f: &Found) -> Vec<Event> {
        let sides = self.sides(f);
        let mut told = f.event.clone();
        if sides.target.is_empty() && told.kind == "AGREE" && self.opinion(f) {
            turn(&mut told, "they agree that something is so");
        }
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let both =
            f.event.kind == "CONSULT" && !ONE_WAY.iter().any(|id| f.event.why.rule.ends_with(id));
        for s in &sides.source {
            for t in &sides.target {
                pairs.push((*s, *t));
                if both {
                    pairs.push((*t, *s));
                }
            }
        }
        if sides.target.is_empty() {
            let all = |s: &usize| sides.source.iter().map(|t| (*s, *t)).collect::<Vec<_>>();
            pairs.extend(sides.source.iter().flat_map(all));
        }
        pairs.retain(|(s, t)| self.units[*s].code != self.units[*t].code);
        let event = |(s, t): (usize, usize)| Event {
            source: vec![self.party(s)],
            target: vec![self.party(t)],
            ..told.clone()
        };
        pairs.into_iter().map(event).collect()
    }

    /// "agree that …": an opinion in common, no promise.
    fn opinion(&self, f: &Found) -> bool {
        f.fit
            .comp
            .is_some_and(|c| self.tree.mark(c) == Some("that"))
    }

    /// "after leaving Dorvan": told only to date something else.
    fn background(&self, head: usize) -> bool {
        let tree = self.tree;
        tree.rel(head) == Deprel::Advcl
            && tree
                .mark(head)
                .or_else(|| tree.case(head))
                .is_some_and(|m| matches!(m, "after" | "before" | "since"))
    }

    fn party(&self, unit: usize) -> Party {
        let unit = &self.units[unit];
        Party {
            span: unit.span,
            actor: unit.actor(self.tree.text),
        }
    }

    fn sides(&self, f: &Found) -> Sides {
        let head = f.fit.head;
        let passive = !f.nominal && self.tree.passive(head);
        let main = self.main(head);
        let mut sides = Sides {
            source: self.of_parties(&f.event.source),
            target: Vec::new(),
        };
        if sides.source.is_empty() {
            sides.source = f.fit.subj.map_or_else(Vec::new, |s| self.of_phrase(s));
        }
        if sides.source.is_empty() && main && !passive {
            sides.source = self.before(head);
        }
        sides.source = self.grouped(&sides.source, &[]);
        let fresh = |found: Vec<usize>, sides: &Sides| self.grouped(&found, &sides.source);
        if !passive && !f.nominal {
            sides.target = fresh(self.touching(head), &sides);
        }
        if sides.target.is_empty() {
            sides.target = fresh(self.of_parties(&f.event.target), &sides);
        }
        let slots = [f.fit.obj, f.fit.prep_head, f.fit.theme, f.fit.comp];
        for slot in slots.into_iter().flatten().filter(|_| !f.nominal) {
            if sides.target.is_empty() {
                sides.target = fresh(self.under(slot), &sides);
            }
        }
        if sides.target.is_empty() && main {
            let next = if passive {
                self.before(head)
            } else {
                Vec::new()
            };
            sides.target = fresh(next, &sides);
            if sides.target.is_empty() {
                sides.target = fresh(self.after(head, &sides.source), &sides);
            }
        }
        // "was criticised over its dispute with Dorvan": who else is there.
        if sides.source.is_empty() && passive && main {
            let other = self.after(head, &sides.target);
            sides.source = self.grouped(&other, &sides.target);
        }
        sides
    }

    /// Units that the parties of a frame rest on.
    fn of_parties(&self, parties: &[Party]) -> Vec<usize> {
        let mut out = Vec::new();
        for party in parties {
            let unit = (0..self.units.len()).find(|u| self.units[*u].span.overlaps(party.span));
            out.extend(unit.filter(|u| !out.contains(u)));
        }
        out
    }

    /// The first unit of each noun of a phrase.
    fn of_phrase(&self, head: usize) -> Vec<usize> {
        self.tree
            .conjuncts(head)
            .into_iter()
            .filter_map(|h| self.under(h).first().copied())
            .collect()
    }

    /// The first unit under a word, clauses of their own left out.
    fn under(&self, head: usize) -> Vec<usize> {
        let inside: BTreeSet<usize> = self.tree.under(head, true).into_iter().collect();
        (0..self.units.len())
            .find(|u| (self.at[*u].0..=self.at[*u].1).any(|t| inside.contains(&t)))
            .into_iter()
            .collect()
    }

    /// The unit right after a verb, its articles and adjectives left aside: its object.
    fn touching(&self, head: usize) -> Vec<usize> {
        (0..self.units.len())
            .find(|u| self.at[*u].0 > head)
            .filter(|u| {
                (head + 1..self.at[*u].0)
                    .all(|t| matches!(self.tree.upos(t), Upos::Det | Upos::Adj | Upos::Num))
            })
            .into_iter()
            .collect()
    }

    /// The last unit before a verb with no other verb between.
    fn before(&self, head: usize) -> Vec<usize> {
        let near = (0..self.units.len()).rev().find(|u| self.at[*u].1 < head);
        near.filter(|u| {
            let between = self.at[*u].1 + 1..head;
            !between
                .clone()
                .any(|t| self.tree.upos(t) == Upos::Verb && self.finite(t))
        })
        .into_iter()
        .collect()
    }

    fn finite(&self, at: usize) -> bool {
        matches!(self.tree.xpos(at), "VBD" | "VBZ" | "VBP")
    }

    /// The next unit after a verb that is not one of `but`, before a clause of time or cause.
    fn after(&self, head: usize, but: &[usize]) -> Vec<usize> {
        let codes: Vec<&str> = but.iter().map(|u| self.units[*u].code.as_str()).collect();
        let end = (head + 1..self.tree.len())
            .find(|t| {
                matches!(
                    self.tree.lemma(*t),
                    "after"
                        | "when"
                        | "while"
                        | "until"
                        | "since"
                        | "because"
                        | "before"
                        | "although"
                        | "as"
                )
            })
            .unwrap_or(self.tree.len());
        (0..self.units.len())
            .find(|u| {
                self.at[*u].0 > head
                    && self.at[*u].0 < end
                    && !codes.contains(&self.units[*u].code.as_str())
            })
            .into_iter()
            .collect()
    }

    /// The units with all that "and" joins to them, those of `but` left out.
    fn grouped(&self, units: &[usize], but: &[usize]) -> Vec<usize> {
        let groups: Vec<usize> = units.iter().map(|u| self.units[*u].group).collect();
        (0..self.units.len())
            .filter(|u| groups.contains(&self.units[*u].group))
            .filter(|u| {
                !but.iter()
                    .any(|b| b == u || self.units[*b].group == self.units[*u].group)
            })
            .collect()
    }

    /// A verb of the main line: the root, what it says or is joined to it, or the first of all.
    fn main(&self, head: usize) -> bool {
        let mut at = head;
        for _ in 0..DEPTH {
            match self.tree.rel(at) {
                Deprel::Root => return true,
                Deprel::Ccomp | Deprel::Xcomp | Deprel::Conj | Deprel::Parataxis => {}
                _ => break,
            }
            match self.tree.head(at) {
                Some(up) => at = up,
                None => return true,
            }
        }
        self.tree.head(head).is_none()
            || (0..self.tree.len()).find(|t| self.tree.upos(*t) == Upos::Verb) == Some(head)
    }

    /// The unit of the first "with" after a verb, no other verb between.
    fn with(&self, head: usize) -> Vec<usize> {
        let tree = self.tree;
        let clause =
            (head + 1..tree.len()).take_while(|t| !tree.is_verb(*t) && tree.lemma(*t) != "after");
        let with = clause.into_iter().find(|t| tree.lemma(*t) == "with");
        let unit = with.and_then(|w| {
            let next = (0..self.units.len()).find(|u| self.at[*u].0 > w)?;
            (w + 1..self.at[next].0)
                .all(|t| !tree.is_verb(t) && tree.lemma(t) != ",")
                .then_some(next)
        });
        unit.into_iter().collect()
    }

    /// Who said, thought or hoped something of whom.
    fn statement(&self) -> Vec<Event> {
        let tree = self.tree;
        let tells = |at: &usize| {
            let lemma = tree.lemma(*at);
            tree.upos(*at) == Upos::Verb
                && self.main(*at)
                && (tree.words.has("say", lemma) || tree.words.has("hope", lemma))
        };
        let told = (0..tree.len()).filter(tells).find_map(|at| {
            let subject = tree.subject(at);
            let source = subject.map_or_else(|| self.before(at), |s| self.of_phrase(s));
            let source = self.grouped(&source, &[]);
            let with = self.with(at);
            let target = if with.is_empty() {
                self.after(at, &source)
            } else {
                with
            };
            let target = self.grouped(&target, &source);
            let pair = |s: &usize| target.iter().map(|t| (*s, *t)).collect::<Vec<_>>();
            let pairs: Vec<(usize, usize)> = source.iter().flat_map(pair).collect();
            (!pairs.is_empty()).then_some((at, pairs))
        });
        let Some((at, pairs)) = told else {
            return Vec::new();
        };
        let event = |(s, t): (usize, usize)| Event {
            kind: String::new(),
            mode: None,
            contexts: Vec::new(),
            quad: 0,
            scale: 0.0,
            phase: None,
            modality: Modality::Actual,
            trigger: vec![tree.span(at)],
            clause: tree.sentence.span,
            sentence: tree.sentence.span,
            source: vec![self.party(s)],
            target: vec![self.party(t)],
            place: None,
            date: None,
            figures: Vec::new(),
            counts: Vec::new(),
            said_by: Some(self.party(s)),
            relayed_by: Vec::new(),
            score: 0.3,
            why: Why::rule(
                "events/statement",
                format!(
                    "\"{}\" tells a statement, no event of any type",
                    tree.form(at)
                ),
            ),
        };
        pairs.into_iter().map(event).collect()
    }
}

/// Takes back what a tie-break made of the tense.
fn untensed(f: &mut Found, frames: &Frames) {
    let frame = &frames.frames[f.fit.frame];
    let tense = frames.rewrites.iter().any(|r| {
        r.modality
            .iter()
            .any(|m| matches!(m, Modality::Planned | Modality::Offered))
            && f.event
                .why
                .features
                .iter()
                .any(|(name, _)| *name == format!("rewrite:{}", r.id))
    });
    if tense && frame.kind != OPEN {
        f.event.kind.clone_from(&frame.kind);
        f.event.quad = extract::quad(&frame.kind);
        f.event.why.reason.push_str("; the tense does not count");
    }
    if f.event.kind == "ACCUSE" && f.event.modality == Modality::Denied {
        turn(&mut f.event, "disapproval is denied");
    }
}

/// Makes it SUPPORT.
fn turn(event: &mut Event, reason: &str) {
    "SUPPORT".clone_into(&mut event.kind);
    event.mode = None;
    event.quad = extract::quad("SUPPORT");
    event.why.reason.push_str("; ");
    event.why.reason.push_str(reason);
}

fn same(a: &Event, b: &Event) -> bool {
    let code = |parties: &[Party]| parties.first().and_then(|p| p.actor.country.clone());
    a.kind == b.kind && code(&a.source) == code(&b.source) && code(&a.target) == code(&b.target)
}
