//! Whether a match is an event by itself: enough parties, told as done, or dated and of a kind whose
//! course is news without them.

use rapporteur_text::Deprel;

use crate::Modality;

use super::args::Roles;
use super::extract::enough;
use super::matching::Match;
use super::rules::{Frame, Needs};
use super::telling::Telling;
use super::tree::Tree;

/// Whether the match is too weak to stand alone, and whether it speaks of talks told before.
pub(super) fn standing(
    tree: &Tree<'_>,
    frame: &Frame,
    m: &Match,
    told: &Telling,
    roles: &Roles,
    dated: bool,
) -> (bool, bool) {
    let own_mark = told
        .by
        .is_some_and(|b| tree.head(b).is_some_and(|h| m.trigger.contains(&h)));
    let nobody = roles.source.is_empty() && roles.target.is_empty();
    // "The truce was agreed in June": what happened and when is known, by whom is not.
    let known_by_date = dated
        && !m.nominal
        && nobody
        && frame.needs == Needs::Any
        && matches!(told.modality, Modality::Actual | Modality::Planned)
        && m.theme
            .is_some_and(|t| settled(tree, t) && definite(tree, t));
    // "A timetable for the withdrawal of the troops" plans it.
    let timetabled = m.nominal
        && frame.kind == "RETREAT"
        && told.modality == Modality::Planned
        && !roles.source.is_empty()
        && told.by.is_some_and(|b| {
            matches!(
                tree.lemma(b),
                "timeline"
                    | "timetable"
                    | "schedule"
                    | "roadmap"
                    | "plan"
                    | "deadline"
                    | "agreement"
            )
        });
    let weak = !enough(frame.needs, roles) && !known_by_date && !assembled(tree, frame, m, roles)
        || (m.nominal
            && !matches!(told.modality, Modality::Actual | Modality::Denied)
            && !own_mark
            && !timetabled)
        || told.purpose && !timetabled
        || pondered(told)
        || (m.nominal
            && !timetabled
            && matches!(
                tree.case(m.head),
                Some("on" | "about" | "over" | "regarding" | "concerning" | "for" | "against")
            ))
        || (m.nominal && roles.target.is_empty() && roles.source.len() < 2 && !dated);
    let anaphor =
        !m.nominal && !told.purpose && nobody && m.theme.is_some_and(|t| definite_talks(tree, t));
    (weak, anaphor)
}

/// "The two sides met", "the joint committee met": one noun that stands for several who meet.
fn assembled(tree: &Tree<'_>, frame: &Frame, m: &Match, roles: &Roles) -> bool {
    let mutual =
        frame.kind == "CONSULT" || frame.kind == "ASSAULT" && frame.needs == Needs::BothOrTwo;
    if !mutual || m.nominal || roles.source.is_empty() {
        return false;
    }
    m.subj.is_some_and(|s| {
        let several = tree.children(s).any(|c| {
            tree.rel(c) == Deprel::Nummod && tree.lemma(c) != "one" || tree.lemma(c) == "both"
        });
        tree.words.has("joint_bodies", tree.lemma(s)) || tree.xpos(s) == "NNS" && several
    })
}

/// "Is considering sending aid": a thought of what could be done, which PLOVER leaves out with the
/// statements.
fn pondered(told: &Telling) -> bool {
    told.modality == Modality::Hypothetical
        && matches!(
            told.word.as_str(),
            "consider" | "mull" | "weigh" | "ponder" | "contemplate"
        )
}

/// Things whose course is news whoever takes part: talks, truces, agreements, withdrawals.
fn settled(tree: &Tree<'_>, noun: usize) -> bool {
    let lemma = tree.lemma(noun);
    ["talks", "truce", "agreement"]
        .iter()
        .any(|set| tree.words.has(set, lemma))
        || matches!(lemma, "withdrawal" | "pullout" | "drawdown" | "handover")
}

/// "The talks", "these talks", and the bare plural of running news: "Talks resumed in May".
fn definite(tree: &Tree<'_>, noun: usize) -> bool {
    let mut determiners = tree
        .children(noun)
        .filter(|c| {
            matches!(
                tree.rel(*c),
                Deprel::Det | Deprel::NmodPoss | Deprel::Nummod
            )
        })
        .peekable();
    if determiners.peek().is_none() {
        return tree.xpos(noun) == "NNS";
    }
    determiners.any(|c| matches!(tree.lemma(c), "the" | "these" | "this" | "those"))
}

fn definite_talks(tree: &Tree<'_>, theme: usize) -> bool {
    matches!(
        tree.lemma(theme),
        "talk"
            | "negotiation"
            | "dialogue"
            | "discussion"
            | "meeting"
            | "consultation"
            | "summit"
            | "round"
    ) && tree
        .children(theme)
        .any(|c| matches!(tree.lemma(c), "the" | "these" | "this" | "those"))
}
