//! The words of the speaker, and who that is.

use rapporteur_base::Span;
use rapporteur_text::{Deprel, Sentence, Upos};

use super::cues::is_nominal;
use crate::{Actor, ActorMention, Party};

/// The noun phrase of `head`, as the speaker. `stop` is never inside it (the cue, quoted words).
pub(super) fn party(
    text: &str,
    sentence: &Sentence,
    head: usize,
    actors: &[ActorMention],
    stop: &dyn Fn(Span) -> bool,
) -> Option<Party> {
    let tokens = &sentence.tokens;
    if !is_nominal(tokens[head].upos)
        && tokens[head].upos != Upos::Adj
        && tokens[head].upos != Upos::Num
    {
        return None;
    }
    let lower = tokens[head].span.of(text).to_lowercase();
    if matches!(
        lower.as_str(),
        "it" | "that" | "this" | "which" | "what" | "there" | "i" | "we" | "you"
    ) {
        let known = mention_at(actors, tokens[head].span);
        return known.map(|m| Party {
            span: tokens[head].span,
            actor: m.actor.clone(),
        });
    }
    let mut span = phrase(text, sentence, head, stop);
    // The mention of the head is never cut ("X's office"), nor is the office beside its holder.
    for mention in actors.iter().filter(|m| m.span.contains(tokens[head].span)) {
        if !stop(mention.span) {
            span = span.cover(mention.span);
        }
    }
    let actor = who(text, actors, tokens[head].span, span);
    Some(Party { span, actor })
}

/// The mention that holds the head, else the longest inside the phrase that starts it.
fn who(text: &str, actors: &[ActorMention], head: Span, phrase: Span) -> Actor {
    let from = actors.partition_point(|m| m.span.end <= phrase.start);
    let near = actors[from.min(actors.len())..]
        .iter()
        .take_while(|m| m.span.start < phrase.end);
    let mut inside: Vec<&ActorMention> = near
        .filter(|m| phrase.contains(m.span) || m.span.contains(head))
        .collect();
    if let Some(pair) = two(text, &inside, phrase) {
        return pair;
    }
    inside.sort_by_key(|m| (!m.span.contains(head), std::cmp::Reverse(m.span.len())));
    if let Some(best) = inside.first() {
        let after = Span {
            start: best.span.end,
            end: head.end.max(best.span.end),
        }
        .of(text);
        if best.why.rule == "actors/agent" {
            // "Western diplomats": the whole phrase is the name.
            return Actor {
                name: bare(phrase.of(text)),
                ..best.actor.clone()
            };
        }
        if best.span.contains(head) || after.is_empty() {
            return best.actor.clone();
        }
        // "Iraqi parliament's security panel": a named owner with another head.
        let adjective = matches!(best.why.rule.as_str(), "actors/adjective" | "actors/state");
        return Actor {
            name: bare(phrase.of(text)),
            country: best.actor.country.clone(),
            sector: if adjective {
                None
            } else {
                best.actor.sector.clone()
            },
            sector_2: None,
            role: None,
        };
    }
    Actor {
        name: bare(phrase.of(text)),
        ..Actor::default()
    }
}

/// "Washington and Baghdad": two actors speak as one.
fn two(text: &str, inside: &[&ActorMention], phrase: Span) -> Option<Actor> {
    let [a, b] = inside else { return None };
    let between = Span {
        start: a.span.end,
        end: b.span.start.max(a.span.end),
    }
    .of(text);
    let joined = between.split_whitespace().collect::<Vec<_>>();
    let same = a.span == b.span;
    if a.actor.name == b.actor.name
        || !(same || matches!(joined.as_slice(), ["and"] | ["and", "the"]))
        || b.span.end < phrase.end && !same
    {
        return None;
    }
    Some(Actor {
        name: format!("{} and {}", a.actor.name, b.actor.name),
        sector: (a.actor.sector == b.actor.sector)
            .then(|| a.actor.sector.clone())
            .flatten(),
        ..Actor::default()
    })
}

fn mention_at(actors: &[ActorMention], span: Span) -> Option<&ActorMention> {
    actors.iter().find(|m| m.span.contains(span))
}

fn bare(phrase: &str) -> String {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let skip = usize::from(
        words
            .first()
            .is_some_and(|w| matches!(w.to_lowercase().as_str(), "the" | "a" | "an"))
            && words.len() > 1,
    );
    words[skip..].join(" ")
}

/// The contiguous words around `head` that belong to it, without relative clauses.
pub(super) fn phrase(
    text: &str,
    sentence: &Sentence,
    head: usize,
    stop: &dyn Fn(Span) -> bool,
) -> Span {
    let tokens = &sentence.tokens;
    let mut inside = vec![false; tokens.len()];
    let mut stack = vec![head];
    while let Some(at) = stack.pop() {
        if inside[at] {
            continue;
        }
        inside[at] = true;
        for child in sentence.children(at) {
            let leaves = matches!(
                tokens[child].deprel,
                Deprel::AclRelcl
                    | Deprel::Acl
                    | Deprel::Parataxis
                    | Deprel::Punct
                    | Deprel::Ccomp
                    | Deprel::Advcl
                    | Deprel::Dep
                    | Deprel::Cop
                    | Deprel::Aux
                    | Deprel::Nsubj
                    | Deprel::Obj
                    | Deprel::Obl
                    | Deprel::Mark
            );
            if !leaves && !stop(tokens[child].span) {
                stack.push(child);
            }
        }
    }
    let gap = |at: usize| {
        matches!(
            tokens[at].span.of(text),
            "," | "-" | "–" | "." | "'" | "’" | "\""
        )
    };
    let mut first = head;
    while first > 0
        && (inside[first - 1] || (gap(first - 1) && first > 1 && inside[first - 2]))
        && !stop(tokens[first - 1].span)
    {
        first -= 1;
    }
    let mut last = head;
    while last + 1 < tokens.len()
        && (inside[last + 1] || (gap(last + 1) && last + 2 < tokens.len() && inside[last + 2]))
        && !stop(tokens[last + 1].span)
    {
        last += 1;
    }
    tokens[first].span.cover(tokens[last].span).trim(text)
}
