//! Stable keys: what a correction holds on to. Made of the words, not of offsets or codes, so that
//! newer rules, which may shift the one and change the other, find the same thing again.

use std::collections::BTreeMap;

use rapporteur_base::{Id, Span};

use crate::StoredDoc;

/// Keys of one document's rows, in the order of its lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    pub times: Vec<Id>,
    pub events: Vec<Id>,
    pub figures: Vec<Id>,
    pub quotes: Vec<Id>,
    pub positions: Vec<Id>,
    pub commitments: Vec<Id>,
    pub indicators: Vec<Id>,
    pub assessments: Vec<Id>,
}

impl Keys {
    pub(crate) fn of(doc: &StoredDoc) -> Self {
        let text = doc.article.text.as_str();
        let mut seen = BTreeMap::new();
        let mut key = |kind: &str, spans: &[Span]| {
            let words: Vec<String> = spans
                .iter()
                .map(|s| s.of(text).split_whitespace().collect::<Vec<_>>().join(" "))
                .collect();
            let base = Id::of(
                [doc.id.as_bytes().as_slice(), kind.as_bytes()]
                    .into_iter()
                    .chain(words.iter().map(|w| w.as_bytes())),
            );
            // The same words twice in a document: the second one is another thing.
            let nth: &mut u32 = seen.entry(base).or_default();
            *nth += 1;
            if *nth == 1 {
                base
            } else {
                Id::of([base.as_bytes().as_slice(), &nth.to_le_bytes()])
            }
        };
        let coding = &doc.coding;
        Self {
            times: doc.times.iter().map(|t| key("time", &[t.span])).collect(),
            events: coding
                .events
                .iter()
                .map(|e| {
                    let mut spans = vec![e.sentence];
                    spans.extend(&e.trigger);
                    key("event", &spans)
                })
                .collect(),
            figures: coding
                .figures
                .iter()
                .map(|f| key("figure", &[f.context, f.span]))
                .collect(),
            quotes: coding
                .quotes
                .iter()
                .map(|q| key("quote", &q.content))
                .collect(),
            positions: coding
                .positions
                .iter()
                .map(|p| key("position", &[p.holder.span, p.span]))
                .collect(),
            commitments: coding
                .commitments
                .iter()
                .map(|c| key("commitment", &[c.span, c.what_span]))
                .collect(),
            indicators: coding
                .indicators
                .iter()
                .map(|i| key("indicator", &[i.context, i.span]))
                .collect(),
            assessments: coding
                .assessments
                .iter()
                .map(|a| key("assessment", &[a.span]))
                .collect(),
        }
    }
}
