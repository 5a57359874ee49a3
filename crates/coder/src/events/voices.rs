//! Who tells an event, from the nearest voice outwards: quotations around it and verbs of saying
//! above it ("the ministry said the group had claimed …").

use rapporteur_text::Deprel;

use crate::{Coding, Event, Party};

use super::tree::Tree;

/// Verbs whose gerund or infinitive is a claim of their subject ("admitted shelling the market").
const CLAIMS: &[&str] = &["claim", "admit", "acknowledge", "confirm", "deny", "report"];

/// Sets `said_by` and `relayed_by` of an event of this sentence.
pub(super) fn set(tree: &Tree<'_>, coding: &Coding, event: &mut Event) {
    let Some(trigger) = event.trigger.first().copied() else {
        return;
    };
    let mut voices: Vec<(usize, Party)> = Vec::new();
    for quote in &coding.quotes {
        if let (Some(run), Some(speaker)) = (
            quote.content.iter().find(|c| c.contains(trigger)),
            &quote.speaker,
        ) {
            voices.push((run.len(), speaker.clone()));
        }
    }
    above(tree, trigger, &mut voices);
    voices.sort_by_key(|(reach, _)| *reach);
    let mut out: Vec<Party> = Vec::new();
    for party in voices
        .into_iter()
        .map(|(_, p)| p)
        .chain(event.said_by.clone())
    {
        let known = out
            .iter()
            .any(|p| p.span.overlaps(party.span) || p.actor.name == party.actor.name);
        if !known {
            out.push(party);
        }
    }
    let mut out = out.into_iter();
    event.said_by = out.next();
    event.relayed_by = out.collect();
}

/// The subjects of the verbs of saying over the trigger.
fn above(tree: &Tree<'_>, trigger: rapporteur_base::Span, voices: &mut Vec<(usize, Party)>) {
    let Some((mut at, _)) = tree.sentence.tokens_in(trigger) else {
        return;
    };
    // "Claimed responsibility for the bombing".
    let claims = tree
        .object(at)
        .is_some_and(|o| tree.lemma(o) == "responsibility");
    if claims
        && let Some(party) = tree
            .subject(at)
            .and_then(|s| tree.parties(s).into_iter().next())
    {
        voices.push((0, party));
    }
    for _ in 0..12 {
        let Some(up) = tree.head(at) else { break };
        let lemma = tree.lemma(up);
        let says = match tree.rel(at) {
            Deprel::Ccomp => tree.words.has("say", lemma) || CLAIMS.contains(&lemma),
            Deprel::Xcomp => CLAIMS.contains(&lemma),
            _ => false,
        };
        if says
            && let Some(subject) = tree.subject(up)
            && let Some(party) = tree.parties(subject).into_iter().next()
            && !party.span.contains(trigger)
        {
            let reach = tree.cover(&tree.under(at, false)).len();
            voices.push((reach, party));
        }
        at = up;
    }
}
