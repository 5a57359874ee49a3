//! Sentences of the record that hold the words of a search: what a citation is picked from.

use std::collections::BTreeSet;

use rapporteur_base::{CodePoints, Span};
use rapporteur_record::{Error, Query, Store, View, analyse};
use serde::Serialize;

/// Most sentences given of one document.
const OF_ONE: usize = 4;

/// A sentence that may be cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Document, `d-…`.
    pub doc: String,
    /// First code point of its text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words.
    pub text: String,
    /// How the passage is cited in a brief: `[@d-…:START-END]`.
    pub mark: String,
    /// Title of the document.
    pub title: String,
    /// Outlet.
    pub site: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
}

/// Sentences that hold the most of the words asked for, the best documents first.
///
/// # Errors
/// The store cannot be searched.
pub fn passages(
    store: &dyn Store,
    view: &View,
    query: &Query,
    most: usize,
) -> Result<Vec<Passage>, Error> {
    let wanted = stems(&query.text);
    let mut out = Vec::new();
    for hit in store.search(query)? {
        let Some(doc) = view.doc(&hit.doc) else {
            continue;
        };
        let mut scored: Vec<(usize, Span)> = doc
            .sentences
            .iter()
            .filter_map(|span| {
                let held = stems(doc.text.get(span.range())?);
                let score = wanted.intersection(&held).count();
                (score > 0).then_some((score, *span))
            })
            .collect();
        scored.sort_by_key(|(score, span)| (std::cmp::Reverse(*score), *span));
        let points = CodePoints::new(&doc.text);
        for (_, span) in scored.into_iter().take(OF_ONE) {
            let span = span.trim(&doc.text);
            let (start, end) = points.span(span);
            out.push(Passage {
                doc: doc.id.clone(),
                start,
                end,
                text: span.of(&doc.text).to_owned(),
                mark: crate::own::mark(&doc.id, start, end),
                title: doc.title.clone(),
                site: doc.site.clone(),
                published: doc.published.as_ref().map(|p| p.date.to_string()),
            });
            if out.len() == most {
                return Ok(out);
            }
        }
    }
    Ok(out)
}

fn stems(text: &str) -> BTreeSet<String> {
    let tokens = analyse::tokens(text);
    tokens.split_whitespace().map(str::to_owned).collect()
}
