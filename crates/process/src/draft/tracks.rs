//! Tracks: the questions that working groups were given.

use rapporteur_record::Cite;

use super::{Draft, clean, slug, table, unique};
use crate::world::has_words;

/// A track found.
#[derive(Clone, Debug)]
pub(super) struct Track<'v> {
    pub id: String,
    pub question: String,
    pub row: &'v str,
    pub cite: &'v Cite,
}

/// Most parts of one mandate.
const MOST: usize = 6;

/// The questions: of the first mandate that has as many parts as there are groups, or else the
/// things that the groups are said to deal with.
pub(super) fn tracks<'v>(draft: &Draft<'v>) -> Vec<Track<'v>> {
    let groups = count(draft);
    let mut best: Vec<(String, &'v str, &'v Cite)> = Vec::new();
    for indicator in draft.view.indicators.iter().filter(|i| {
        i.track
            .as_deref()
            .is_some_and(|t| table().groups.iter().any(|g| has_words(t, g)))
    }) {
        let (Some(name), Some(context)) = (indicator.evidence.first(), indicator.evidence.last())
        else {
            continue;
        };
        let parts = parts(&clean(tail(name, context)));
        let wanted = groups.is_none_or(|n| parts.len() == n);
        if parts.len() >= 2 && parts.len() <= MOST && wanted {
            best = parts
                .into_iter()
                .map(|p| (p, indicator.id.as_str(), context))
                .collect();
            break;
        }
        let known =
            |(question, ..): &(String, &str, &Cite)| slug(question, 1) == slug(&indicator.name, 1);
        if !best.iter().any(known) && best.len() < MOST {
            best.push((clean(&indicator.name), &indicator.id, context));
        }
    }
    let mut taken = Vec::new();
    best.into_iter()
        .map(|(question, row, cite)| Track {
            id: unique(&slug(&question, 1), &mut taken),
            question,
            row,
            cite,
        })
        .collect()
}

/// How many groups the sources count, when they agree.
fn count(draft: &Draft<'_>) -> Option<usize> {
    let mut told: Vec<usize> = draft
        .view
        .figures
        .iter()
        .filter(|f| table().groups.iter().any(|g| has_words(&f.of, g)))
        .filter_map(|f| f.value)
        .filter(|v| (1.0..=MOST as f64).contains(v))
        .map(|v| v as usize)
        .collect();
    told.dedup();
    match told.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The sentence from the first question on.
fn tail<'c>(name: &Cite, context: &'c Cite) -> &'c str {
    let from = (name.bytes.start as usize).saturating_sub(context.bytes.start as usize);
    context.text.get(from..).unwrap_or(&context.text)
}

/// `the threat, the requirements, and the capabilities` in its parts.
fn parts(text: &str) -> Vec<String> {
    let text = text.trim_end_matches(['.', ';', ' ']);
    text.split(',')
        .map(|part| part.trim().trim_start_matches("and ").trim())
        .map(bare)
        .filter(|part| !part.is_empty())
        .collect()
}

/// A part without the verb that it begins with.
fn bare(part: &str) -> String {
    let mut words: Vec<&str> = part.split(' ').collect();
    while words.len() > 1 && table().verbs.contains(&words[0].to_lowercase()) {
        words.remove(0);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mandate_falls_into_its_questions() {
        let text = "the risk from raiders, addressing supply and weather requirements, and enhancing the reach of the border guard.";
        assert_eq!(
            parts(text),
            [
                "the risk from raiders",
                "supply and weather requirements",
                "the reach of the border guard"
            ]
        );
    }
}
