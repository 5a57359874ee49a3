//! Which figures of a sentence count the killed, injured and arrested of an event, and how many took
//! part or were moved.

use rapporteur_base::Span;
use rapporteur_text::Deprel;
use serde::Deserialize;

use crate::{Coding, Count, Counted, Event, Figure};

use super::extract::Found;
use super::rules::{RuleError, parse};
use super::tree::Tree;

const COUNTS: &str = include_str!("../../../../data/events/counts.toml");

/// Verbs of one deed's harm: "killed six and wounded nine" is one attack.
const HARM: &[&str] = &["kill", "wound", "injure", "hurt", "maim"];

/// Joins two attacks that only tell the dead and the wounded of one: same subject, verbs joined.
pub(super) fn join(tree: &Tree<'_>, found: &mut Vec<Found>) {
    let head = |f: &Found| {
        let trigger = f.event.trigger.first()?;
        let (at, _) = tree.sentence.tokens_in(*trigger)?;
        (f.event.kind == "ASSAULT" && HARM.contains(&tree.lemma(at))).then_some(at)
    };
    let mut at = 0;
    while at < found.len() {
        let second = head(&found[at]).and_then(|verb| {
            let first = tree.head(verb).filter(|_| {
                tree.rel(verb) == Deprel::Conj && tree.child(verb, &[Deprel::Nsubj]).is_none()
            })?;
            (0..found.len()).find(|i| *i != at && head(&found[*i]) == Some(first))
        });
        if let Some(first) = second {
            let wounded = found.remove(at);
            absorb(
                &mut found[first - usize::from(first > at)].event,
                wounded.event,
            );
        } else {
            at += 1;
        }
    }
}

fn absorb(first: &mut Event, other: Event) {
    let name = format!("merged:{}", other.why.rule);
    first.why.features.push((name, 0.0));
    first.trigger.extend(other.trigger);
    first.trigger.sort();
    first.clause = first.clause.cover(other.clause);
    first.figures.extend(other.figures);
    first.figures.sort_unstable();
    first.figures.dedup();
    first.counts.extend(other.counts);
    if first.source.is_empty() {
        first.source = other.source;
    }
    for party in other.target {
        if !first.target.iter().any(|t| t.span.overlaps(party.span)) {
            first.target.push(party);
        }
    }
    first.place = first.place.take().or(other.place);
    first.date = first.date.take().or(other.date);
}

/// "Armenia and Azerbaijan exchanged 33 prisoners": both do it to nobody; who is exchanged is counted.
pub(super) fn exchange(tree: &Tree<'_>, event: &mut Event) {
    let swaps = event
        .trigger
        .first()
        .and_then(|t| tree.sentence.tokens_in(*t))
        .is_some_and(|(at, _)| matches!(tree.lemma(at), "exchange" | "swap" | "trade"));
    if event.kind == "RETREAT" && swaps && event.source.len() > 1 {
        event.target.retain(|p| {
            p.actor.country.is_some() || p.span.of(tree.text).starts_with(char::is_uppercase)
        });
    }
}

#[derive(Deserialize)]
struct File {
    count: Vec<Rule>,
}

/// One rule of `counts.toml`.
#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    pub(super) of: Counted,
    kinds: Vec<String>,
    verbs: Vec<String>,
    falls: Vec<String>,
    states: Vec<String>,
    nouns: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) good: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) bad: Vec<String>,
}

pub(super) fn read() -> Result<Vec<Rule>, RuleError> {
    Ok(parse::<File>("counts.toml", COUNTS)?.count)
}

/// A figure's noun in the parse, and the verb that it hangs under.
struct Place {
    first: usize,
    last: usize,
    noun: usize,
    verb: Option<usize>,
    /// The noun is what the verb is done to.
    undergoes: bool,
    /// The noun is the plain subject.
    does: bool,
}

/// Binds every figure of the sentence that counts something of one of its events.
pub(super) fn bind<'e>(
    tree: &Tree<'_>,
    coding: &Coding,
    rules: &[Rule],
    events: impl Iterator<Item = &'e mut Event>,
) {
    let mut events: Vec<&mut Event> = events.collect();
    if events.is_empty() {
        return;
    }
    let from = coding
        .figures
        .partition_point(|f| f.span.end <= tree.sentence.span.start);
    for (at, figure) in coding.figures.iter().enumerate().skip(from) {
        if figure.span.start >= tree.sentence.span.end {
            break;
        }
        let Some(place) = place(tree, figure).filter(|_| countable(figure)) else {
            continue;
        };
        let Some((rule, owner)) = rules.iter().find_map(|rule| {
            let owner = owner(tree, rule, &place, figure, &events)?;
            Some((rule, owner))
        }) else {
            continue;
        };
        let event = &mut events[owner];
        event.counts.push(Count {
            of: rule.of,
            figure: at,
        });
        if !event.figures.contains(&at) {
            event.figures.push(at);
            event.figures.sort_unstable();
        }
        let name = format!("counts:{:?}", rule.of).to_lowercase();
        event.why.features.push((name, 0.0));
    }
}

/// People or things: no money, share or length of time; no part of a number told before.
fn countable(figure: &Figure) -> bool {
    let unit = figure.quantity.unit.as_str();
    !matches!(
        figure.why.rule.as_str(),
        "figures/money" | "figures/percent" | "figures/length"
    ) && unit != "percent"
        && !unit.ends_with("times")
}

fn place(tree: &Tree<'_>, figure: &Figure) -> Option<Place> {
    let (first, last) = tree.sentence.tokens_in(figure.span)?;
    // "Killed three people, including a child": told already.
    if first > 0 && matches!(tree.form(first - 1), "including" | "among") {
        return None;
    }
    let noun = (first..=last)
        .find(|i| tree.head(*i).is_none_or(|h| h < first || h > last))
        .unwrap_or(last);
    let (mut at, mut verb) = (noun, None);
    for _ in 0..5 {
        let Some(up) = tree.head(at) else { break };
        if tree.is_verb(up) {
            verb = Some(up);
            break;
        }
        at = up;
    }
    let rel = tree.rel(at);
    let undergoes = verb.is_some_and(|v| tree.object(v) == Some(at))
        || matches!(rel, Deprel::Obj | Deprel::NsubjPass);
    Some(Place {
        first,
        last,
        noun,
        verb,
        undergoes,
        does: rel == Deprel::Nsubj && !undergoes,
    })
}

/// The event that the rule gives the figure to.
fn owner(
    tree: &Tree<'_>,
    rule: &Rule,
    place: &Place,
    figure: &Figure,
    events: &[&mut Event],
) -> Option<usize> {
    let may = |event: &Event| {
        let mode = format!("{} {}", event.kind, event.mode.as_deref().unwrap_or(""));
        rule.kinds.iter().any(|k| *k == event.kind || *k == mode)
    };
    if rule.of == Counted::Size {
        return (0..events.len()).find(|at| {
            let event = &events[*at];
            may(event) && takes_part(tree, place, figure.span, event)
        });
    }
    if !says(tree, rule, place) {
        return None;
    }
    let own = place.verb.map(|v| tree.span(v));
    let by_trigger =
        |event: &Event| own.is_some_and(|v| event.trigger.iter().any(|t| t.contains(v)));
    let within = |event: &Event| event.clause.contains(figure.span);
    let distance = |event: &Event| {
        event
            .trigger
            .first()
            .map_or(u32::MAX, |t| t.start.abs_diff(figure.span.start))
    };
    (0..events.len())
        .filter(|at| may(events[*at]))
        .filter(|at| rule.of != Counted::Arrested || by_trigger(events[*at]) || within(events[*at]))
        .min_by_key(|at| {
            let event = &events[*at];
            (!by_trigger(event), !within(event), distance(event))
        })
}

/// Whether the words around the figure say what the rule counts.
fn says(tree: &Tree<'_>, rule: &Rule, place: &Place) -> bool {
    let has = |list: &[String], at: usize| {
        let (lemma, form) = (tree.lemma(at), tree.form(at));
        list.iter()
            .any(|w| w == lemma || w.eq_ignore_ascii_case(form))
    };
    let states = |at: usize| has(&rule.states, at);
    if let Some(verb) = place.verb {
        let done = place.undergoes && has(&rule.verbs, verb);
        let fallen = place.does && has(&rule.falls, verb);
        // "Shot dead two", "left six civilians dead".
        let left = tree.children(verb).any(|c| {
            states(c)
                && matches!(
                    tree.rel(c),
                    Deprel::Xcomp | Deprel::Advmod | Deprel::Amod | Deprel::CompoundPrt
                )
        }) && place.undergoes;
        if done || fallen || left {
            return true;
        }
    }
    let after = place.last + 1;
    (place.first..=place.last).any(states)
        || after < tree.len() && states(after) && !matches!(tree.xpos(after), "VBZ" | "VBP" | "MD")
        || tree.children(place.noun).any(|c| {
            states(c) && matches!(tree.rel(c), Deprel::Amod | Deprel::Acl | Deprel::AclRelcl)
        })
        || tree
            .head(place.noun)
            .is_some_and(|h| h < place.first && has(&rule.nouns, h))
}

/// The figure's noun takes part: in source or target, or on the event's words.
fn takes_part(tree: &Tree<'_>, place: &Place, figure: Span, event: &Event) -> bool {
    let word = |at: usize| event.trigger.iter().any(|t| t.contains(tree.span(at)));
    let on_verb = place.verb.is_some_and(word) && (place.undergoes || place.does);
    let on_noun = tree
        .head(place.noun)
        .is_some_and(|h| word(h) && tree.case(place.noun) == Some("of"));
    let party = event
        .source
        .iter()
        .chain(&event.target)
        .any(|p| p.span.overlaps(figure));
    on_verb || on_noun || party
}
