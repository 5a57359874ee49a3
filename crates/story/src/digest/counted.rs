//! What is kept of a figure: what is counted, whose, and what became of it.

use std::sync::OnceLock;

use rapporteur_base::Span;

use super::{FigureNote, groups, plain};
use crate::Doc;
use crate::words::{content, lower, words};

pub(super) fn figure_note(doc: &Doc<'_>, index: usize) -> FigureNote {
    let figure = &doc.coding.figures[index];
    let context = figure.context.of(doc.text);
    let mut quantity = figure.quantity.clone();
    let of = match occurrences(&quantity.unit, context) {
        Some(counted) => {
            counted.clone_into(&mut quantity.unit);
            counted.to_owned()
        }
        None if figure.of.is_empty() => quantity.unit.clone(),
        None => figure.of.clone(),
    };
    let mut words = content(&of);
    words.extend(last_stem(&quantity.unit));
    words.extend(last_stem(&of));
    words.sort_unstable();
    words.dedup();
    FigureNote {
        index,
        quantity,
        scope: scope(&of),
        whose: whose(doc, figure.context),
        fate: fate(doc.text, figure.span, figure.context, &of),
        words,
        of,
        place: figure.place.map(|span| plain(span.of(doc.text))),
        as_of: figure.as_of.as_ref().map(|(_, interval)| *interval),
        by: figure.by.as_ref().map(|p| plain(&p.actor.name)),
        context: if figure.context.is_empty() {
            figure.span
        } else {
            figure.context
        },
        text: figure.span.of(doc.text).to_owned(),
        around: content(context),
    }
}

/// What happened so many "times", by the verb of the context.
fn occurrences(unit: &str, context: &str) -> Option<&'static str> {
    if unit != "times" {
        return None;
    }
    static TABLE: OnceLock<Vec<(&'static str, Vec<&'static str>)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = include_str!("../../../../data/story/times.tsv").lines();
        rows.filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let verbs = cells.next()?.split(' ').collect();
                Some((cells.next()?, verbs))
            })
            .collect()
    });
    words(context).find_map(|w| {
        let low = lower(w.text);
        let row = table
            .iter()
            .find(|(_, verbs)| verbs.contains(&low.as_ref()));
        row.map(|(counted, _)| *counted)
    })
}

/// Countries of the actors named in a passage, speakers left out where there are others.
fn whose(doc: &Doc<'_>, context: Span) -> Vec<String> {
    let inside = doc
        .coding
        .actors
        .iter()
        .filter(|m| context.contains(m.span));
    let mut out: Vec<String> = inside.filter_map(|m| m.actor.country.clone()).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The stem of the last word: what is counted, even when it is as plain as "people".
fn last_stem(text: &str) -> Option<String> {
    let last = words(text).last()?;
    Some(crate::words::stem(&lower(last.text)))
}

fn scope(of: &str) -> Vec<String> {
    static SCOPES: OnceLock<Vec<(&'static str, Vec<&'static str>)>> = OnceLock::new();
    let table = SCOPES.get_or_init(|| groups(include_str!("../../../../data/story/scopes.tsv")));
    let mut out: Vec<String> = words(of)
        .filter_map(|word| {
            let low = lower(word.text);
            if let Some((name, _)) = table.iter().find(|(_, list)| list.contains(&low.as_ref())) {
                return Some((*name).to_owned());
            }
            let capital = word.text.chars().next().is_some_and(char::is_uppercase);
            capital.then(|| low.into_owned())
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// What happened to the counted: the nearest fate word of the clause, within 60 bytes.
fn fate(text: &str, span: Span, context: Span, of: &str) -> Option<String> {
    static FATES: OnceLock<Vec<(&'static str, Vec<&'static str>)>> = OnceLock::new();
    let table = FATES.get_or_init(|| groups(include_str!("../../../../data/story/fates.tsv")));
    let find = |word: &str| {
        let low = lower(word);
        table
            .iter()
            .find(|(_, list)| list.contains(&low.as_ref()))
            .map(|(name, _)| (*name).to_owned())
    };
    if let Some(found) = words(of).find_map(|w| find(w.text)) {
        return Some(found);
    }
    let base = context.start as usize;
    words(context.of(text))
        .filter_map(|w| {
            let at = base + w.start;
            let distance = if at >= span.end as usize {
                at - span.end as usize
            } else {
                (span.start as usize).saturating_sub(at + w.text.len()) * 2
            };
            (distance < 60).then(|| find(w.text).map(|f| (distance, f)))?
        })
        .min()
        .map(|(_, f)| f)
}
