//! Commitments by the terms of an agreement: what it lays down ("under the deal, X must …") and what
//! was done as it asks ("as the treaty required", "in line with the agreement").

use rapporteur_text::{Deprel, Upos};

use super::stances::{Stance, StanceRule};
use super::tree::Tree;

/// Words before a noun that names an agreement: what follows is done as it asks.
const IN_LINE: &[&str] = &[
    "line",
    "accordance",
    "keeping",
    "compliance",
    "fulfilment",
    "conformity",
];

/// Verbs of what an agreement or a promise asks ("as the treaty required").
const ASKS: &[&str] = &[
    "require",
    "agree",
    "promise",
    "pledge",
    "stipulate",
    "provide",
    "demand",
    "undertake",
    "oblige",
    "foresee",
    "schedule",
    "plan",
    "announce",
    "call",
];

/// The rule at one verb.
pub(super) fn fit<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    if tree.upos(at) != Upos::Verb || tree.negated(at) || tree.passive(at) {
        return None;
    }
    let fits = if rule.under {
        must(tree, at) && terms(tree, at, &["under", "according", "accord"])
    } else {
        done(tree, at)
            && tree.words.content_verb(tree.lemma(at)).is_some()
            && (asked(tree, at) || in_line(tree, at))
    };
    let subject = tree.subject(at).filter(|_| fits)?;
    let holders = tree.parties(subject);
    (tree.actor_at(subject).is_some() && !holders.is_empty()).then_some(Stance {
        rule,
        head: at,
        holders,
        issue: at,
        body: None,
        subject: Some(subject),
    })
}

/// "must", "will", "shall", "is to", "has to".
fn must(tree: &Tree<'_>, at: usize) -> bool {
    ["must", "will", "would", "shall"]
        .iter()
        .any(|aux| tree.has_aux(at, aux))
        || super::telling::be_to(tree, at).is_some()
}

/// A finite verb of the past without a modal.
fn done(tree: &Tree<'_>, at: usize) -> bool {
    let modal = tree
        .children(at)
        .any(|c| tree.rel(c) == Deprel::Aux && !matches!(tree.lemma(c), "have" | "be" | "do"));
    let past = tree.xpos(at) == "VBD" || tree.xpos(at) == "VBN" && tree.has_aux(at, "have");
    past && !modal
}

fn agreement(tree: &Tree<'_>, noun: usize) -> bool {
    tree.words.has("agreement", tree.lemma(noun))
        || matches!(
            tree.lemma(noun),
            "term" | "promise" | "pledge" | "commitment" | "truce" | "ceasefire" | "timetable"
        )
}

/// "Under the deal", on the verb.
fn terms(tree: &Tree<'_>, at: usize, cases: &[&str]) -> bool {
    tree.children(at)
        .any(|c| agreement(tree, c) && tree.case(c).is_some_and(|w| cases.contains(&w)))
}

/// "as the treaty required", "as agreed".
fn asked(tree: &Tree<'_>, at: usize) -> bool {
    tree.children(at).any(|c| {
        tree.rel(c) == Deprel::Advcl
            && ASKS.contains(&tree.lemma(c))
            && (tree.mark(c) == Some("as") || c > 0 && tree.form(c - 1) == "as")
    })
}

/// "in line with the agreement", "under the agreement".
fn in_line(tree: &Tree<'_>, at: usize) -> bool {
    terms(tree, at, &["under"])
        || tree.under(at, true).into_iter().any(|i| {
            IN_LINE.contains(&tree.lemma(i))
                && i > 0
                && tree.form(i - 1) == "in"
                && (i + 1..tree.len().min(i + 7)).any(|n| agreement(tree, n))
        })
}
