//! The mode of an event by the words of its clause, where its frame sets none or a broader one
//! (`modes.toml`), and two corrections of how it is told.

use crate::{Coding, Event, Modality};

use super::tree::Tree;

/// Sets the mode of `event` by its words.
pub(super) fn refine(tree: &Tree<'_>, coding: &Coding, event: &mut Event) {
    let Some((first, _)) = event
        .trigger
        .first()
        .and_then(|t| tree.sentence.tokens_in(*t))
    else {
        return;
    };
    // "Offered to host the talks": an offer is no agreement yet.
    if event.kind == "AGREE"
        && event.modality == Modality::Actual
        && tree
            .words
            .governor(super::words::Hold::Clause, tree.lemma(first))
            == Some(Modality::Offered)
    {
        event.modality = Modality::Offered;
    }
    let near: Vec<usize> = tree.under(first, true);
    // What somebody is accused of stands in a clause of its own.
    let whole = event.kind == "ACCUSE";
    let lemmas: Vec<&str> = if whole {
        let all = tree.under(first, false);
        all.iter().map(|i| tree.lemma(*i)).collect()
    } else {
        near.iter().map(|i| tree.lemma(*i)).collect()
    };
    if event.kind == "CONSULT" && event.mode.is_none() && many(tree, coding, event) {
        set(event, "multilateral", "", "three or more sides");
        return;
    }
    if let Some(row) = tree
        .words
        .mode_row(&event.kind, event.mode.as_deref(), &lemmas)
    {
        let word = row.word(&lemmas).unwrap_or_default().to_owned();
        let (mode, to) = (row.mode.clone(), row.to.clone());
        set(event, &mode, &to, &word);
        return;
    }
    if event.mode.is_none() && matches!(event.kind.as_str(), "REQUEST" | "REJECT") {
        let class = near.iter().skip_while(|i| **i <= first).find_map(|i| {
            let lemma = tree.lemma(*i);
            tree.words
                .content_noun(lemma)
                .or_else(|| tree.words.content_verb(lemma))
        });
        if let Some(mode @ ("assist" | "change" | "yield" | "meet")) = class {
            set(event, mode, "", mode);
        }
    }
}

fn set(event: &mut Event, mode: &str, to: &str, word: &str) {
    event.mode = Some(mode.to_owned());
    if !to.is_empty() {
        to.clone_into(&mut event.kind);
        event.quad = super::extract::quad(to);
    }
    event
        .why
        .features
        .push((format!("mode:{mode}<{word}"), 0.0));
}

/// Three parties, or "the leaders of eleven states".
fn many(tree: &Tree<'_>, coding: &Coding, event: &Event) -> bool {
    let sides = event.source.len() + event.target.len();
    sides >= 3
        || coding.figures.iter().any(|f| {
            tree.sentence.span.contains(f.span)
                && f.quantity.value.is_some_and(|v| v >= 3.0)
                && matches!(
                    f.quantity.unit.as_str(),
                    "states"
                        | "countries"
                        | "nations"
                        | "governments"
                        | "parties"
                        | "leaders"
                        | "ministers"
                        | "members"
                )
                && event.clause.contains(f.span)
        })
}
