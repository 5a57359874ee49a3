//! When, where and how many: binds time expressions, places and figures to one event.

use rapporteur_base::{Interval, Precision, Span};
use rapporteur_temporal::{Timex, TimexType};
use rapporteur_text::Deprel;

use crate::{Coding, EventDate, Input};

use super::matching::Match;
use super::tree::{Tree, within};

/// The date of an event, from the words that belong to it; never the publication date by itself.
pub(super) fn date(tree: &Tree<'_>, input: &Input<'_>, m: &Match) -> Option<EventDate> {
    let times: Vec<&Timex> = within(input.times, tree.sentence.span, |t| t.span)
        .iter()
        .filter(|t| matches!(t.kind, TimexType::Date | TimexType::Time) && t.interval.is_some())
        .collect();
    let clause = times.iter().filter_map(|t| {
        let at = anchor(tree, t.span)?;
        distance(tree, at, m).map(|d| (d, *t))
    });
    if let Some((_, timex)) = clause.min_by_key(|(d, t)| (*d, t.span.start)) {
        return dated(timex, "timex-in-clause");
    }
    // A parser may hang the time on the wrong word: the only one of a sentence with one clause.
    let [timex] = times.as_slice() else {
        return None;
    };
    let at = anchor(tree, timex.span)?;
    (!other_clause(tree, at, m))
        .then(|| dated(timex, "timex-in-sentence"))
        .flatten()
}

/// The day of the report bounds an event that somebody reports: it was not later.
pub(super) fn reported(tree: &Tree<'_>, input: &Input<'_>, holders: &[usize]) -> Option<EventDate> {
    within(input.times, tree.sentence.span, |t| t.span)
        .iter()
        .filter(|t| t.kind == TimexType::Date)
        .find_map(|t| {
            let to = t.interval?.to?;
            let says = tree.head(anchor(tree, t.span)?)?;
            (holders.contains(&says) && tree.words.has("say", tree.lemma(says))).then(|| {
                EventDate {
                    interval: Interval {
                        from: None,
                        to: Some(to),
                        precision: Precision::Bounded,
                    },
                    span: Some(t.span),
                    basis: "before-report".to_owned(),
                }
            })
        })
}

fn dated(timex: &Timex, basis: &str) -> Option<EventDate> {
    let interval: Interval = timex.interval?;
    Some(EventDate {
        interval,
        span: Some(timex.span),
        basis: basis.to_owned(),
    })
}

/// The token of the expression whose head lies outside it.
fn anchor(tree: &Tree<'_>, span: Span) -> Option<usize> {
    let (first, last) = tree.sentence.tokens_in(span)?;
    (first..=last)
        .find(|i| tree.head(*i).is_none_or(|h| h < first || h > last))
        .or(Some(first))
}

/// Steps from the time expression up to the event's words, through nominals and controlled verbs
/// only; `None` when another clause owns it.
fn distance(tree: &Tree<'_>, mut at: usize, m: &Match) -> Option<usize> {
    let event = chain(tree, m.head);
    for steps in 0..8 {
        if m.trigger.contains(&at) || m.head == at {
            return Some(steps);
        }
        if steps > 0
            && let Some(extra) = event.iter().position(|e| *e == at)
        {
            return Some(steps + 2 + extra);
        }
        if steps > 0 && (tree.is_verb(at) && !matches!(tree.rel(at), Deprel::Xcomp)) {
            return None;
        }
        at = tree.head(at)?;
    }
    None
}

/// Verbs above the event that share its time: "began to withdraw", "agreed … and signed".
fn chain(tree: &Tree<'_>, mut at: usize) -> Vec<usize> {
    let mut found = Vec::new();
    for _ in 0..6 {
        let shares = match tree.rel(at) {
            Deprel::Xcomp => true,
            Deprel::Conj => {
                tree.is_verb(at)
                    && tree
                        .child(at, &[Deprel::Nsubj, Deprel::NsubjPass])
                        .is_none()
            }
            Deprel::Advcl => tree.xpos(at) == "VBG",
            Deprel::Obj | Deprel::Obl | Deprel::Nmod | Deprel::NsubjPass => {
                !tree.is_verb(at)
                    && !matches!(
                        tree.case(at),
                        Some("after" | "before" | "since" | "until" | "despite" | "following")
                    )
            }
            _ => false,
        };
        let Some(up) = tree.head(at).filter(|_| shares) else {
            break;
        };
        found.push(up);
        at = up;
    }
    found
}

/// Whether the expression hangs in a clause that neither is nor holds the event's.
fn other_clause(tree: &Tree<'_>, mut at: usize, m: &Match) -> bool {
    for _ in 0..12 {
        let Some(up) = tree.head(at) else {
            return false;
        };
        if up == m.head || m.trigger.contains(&up) {
            return false;
        }
        if tree.is_verb(up) {
            return true;
        }
        at = up;
    }
    true
}

/// Where: a place on the trigger, else the only one of the clause.
pub(super) fn place(tree: &Tree<'_>, m: &Match) -> Option<(Span, String)> {
    const WHERE: &[&str] = &[
        "in", "at", "near", "on", "outside", "inside", "around", "across", "from", "to", "into",
        "off", "over", "along", "between", "of", "against", "by",
    ];
    let mut heads = m.trigger.clone();
    heads.extend(m.obj);
    heads.extend(m.theme);
    for head in &heads {
        for prep in WHERE {
            for n in tree.by_prep(*head, prep) {
                if let Some(p) = tree
                    .place_at(n)
                    .or_else(|| tree.children(n).find_map(|c| tree.place_at(c)))
                {
                    return Some((p.span, p.name.clone()));
                }
            }
        }
    }
    heads
        .iter()
        .flat_map(|h| tree.children(*h))
        .filter(|c| {
            matches!(
                tree.rel(*c),
                Deprel::Obl
                    | Deprel::Nmod
                    | Deprel::Obj
                    | Deprel::Compound
                    | Deprel::Amod
                    | Deprel::NsubjPass
                    | Deprel::NmodPoss
                    | Deprel::OblUnmarked
                    | Deprel::Advmod
            )
        })
        .flat_map(|c| tree.under(c, true))
        .find_map(|i| tree.place_at(i))
        .map(|p| (p.span, p.name.clone()))
}

/// The figures of the event's clause: positions in `coding.figures`.
pub(super) fn figures(coding: &Coding, clause: Span) -> Vec<usize> {
    coding
        .figures
        .iter()
        .enumerate()
        .filter(|(_, f)| clause.overlaps(f.span))
        .map(|(i, _)| i)
        .collect()
}

/// The clause: from the first to the last word under its head, own clauses and furniture of the
/// sentence left out.
pub(super) fn clause(tree: &Tree<'_>, m: &Match) -> Span {
    let mut words: Vec<usize> = tree
        .under(m.head, true)
        .into_iter()
        .filter(|i| !(tree.rel(*i) == Deprel::Punct || tree.rel(*i) == Deprel::Cc && *i < m.head))
        .collect();
    if m.nominal {
        words.retain(|i| tree.rel(*i) != Deprel::Case || *i > m.head);
    }
    words.extend(&m.trigger);
    tree.cover(&words)
}
