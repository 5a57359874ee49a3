use rapporteur_base::Span;
use serde::Serialize;

use crate::known::{link, short};
use crate::{Error, Filter, Reading, Store, StoredDoc, View};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked: `spans`, `counts`, `raw`, `segments`, `rows`, `index`, `database`, `corrections`, `changes`.
    pub what: String,
    /// Id of the row or name of the file.
    pub at: String,
    /// What is wrong, and what that means.
    pub text: String,
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many of what were checked, in the order of checking: `("spans", 1204)`.
    pub checked: Vec<(String, u64)>,
    /// What is wrong; empty is good.
    pub findings: Vec<Finding>,
    /// Corrections whose target is gone: kept, listed, not an error.
    pub orphaned: Vec<crate::Correction>,
}

impl Report {
    /// Documents that could not be read.
    pub(crate) fn damage(&mut self, damaged: &[crate::Damage]) {
        for one in damaged {
            let why = format!("cannot be read ({}): restore a backup", one.why);
            self.find("rows", &one.doc, why);
        }
    }

    pub(crate) fn find(&mut self, what: &str, at: &str, text: impl Into<String>) {
        self.findings.push(Finding {
            what: what.to_owned(),
            at: at.to_owned(),
            text: text.into(),
        });
    }

    pub(crate) fn count(&mut self, what: &str, n: u64) {
        self.checked.push((what.to_owned(), n));
    }
}

/// Checks what every store can check: each span fits its text, each page its hash, each id its
/// parts, the chain of corrections is whole. [`crate::Desk::check`] adds what is on disk.
pub fn check(store: &dyn Store) -> Result<Report, Error> {
    let mut report = Report::default();
    let (mut docs, mut spans, mut pages) = (0, 0, 0);
    store.visit(Reading::Active, None, &mut |doc| {
        docs += 1;
        spans += check_spans(&doc, &mut report);
        pages += 1;
        check_page(store, &doc, &mut report);
        Ok(())
    })?;
    report.damage(&store.damaged());
    report.count("documents", docs);
    report.count("spans", spans);
    report.count("pages", pages);
    check_chain(store, &mut report)?;
    Ok(report)
}

/// Every span that the document's rows cite must cut its text at characters.
fn check_spans(doc: &StoredDoc, report: &mut Report) -> u64 {
    let text = doc.article.text.as_str();
    let at = short('d', doc.id);
    let mut seen = 0;
    let mut wrong = 0;
    let mut see = |span: Span, may_be_empty: bool| {
        seen += 1;
        let slice = text.get(span.range());
        if slice.is_none_or(|s| s.is_empty() && !may_be_empty) {
            wrong += 1;
        }
    };
    doc.sentences.iter().for_each(|s| see(*s, true));
    doc.article
        .paragraphs
        .iter()
        .for_each(|p| see(p.span, true));
    doc.times.iter().for_each(|t| see(t.span, false));
    let coding = &doc.coding;
    coding.actors.iter().for_each(|a| see(a.span, false));
    coding.places.iter().for_each(|p| see(p.span, false));
    for figure in &coding.figures {
        see(figure.span, false);
        see(figure.context, false);
    }
    for quote in &coding.quotes {
        quote
            .content
            .iter()
            .chain(&quote.cue)
            .for_each(|s| see(*s, true));
        quote.speaker.iter().for_each(|p| see(p.span, false));
    }
    for event in &coding.events {
        see(event.clause, false);
        event.trigger.iter().for_each(|s| see(*s, false));
        let parties = event.source.iter().chain(&event.target);
        parties.for_each(|p| see(p.span, false));
    }
    for position in &coding.positions {
        see(position.span, false);
        see(position.holder.span, false);
    }
    for commitment in &coding.commitments {
        see(commitment.span, false);
        see(commitment.what_span, false);
    }
    for indicator in &coding.indicators {
        see(indicator.span, false);
        see(indicator.context, false);
    }
    coding.assessments.iter().for_each(|a| see(a.span, false));
    if wrong > 0 {
        report.find(
            "spans",
            &at,
            format!("{wrong} of {seen} passages do not fit the text: read the page again with `rapporteur recode`"),
        );
    }
    let astray = coding
        .events
        .iter()
        .flat_map(|e| &e.figures)
        .filter(|f| **f >= coding.figures.len())
        .count();
    if astray > 0 {
        report.find(
            "counts",
            &at,
            format!("{astray} events name a figure that is not there"),
        );
    }
    seen
}

fn check_page(store: &dyn Store, doc: &StoredDoc, report: &mut Report) {
    let at = short('d', doc.id);
    match store.raw(&doc.raw.sha256) {
        Ok(bytes) => {
            let found = rapporteur_base::sha256_hex(&bytes);
            if found != doc.raw.sha256 {
                report.find(
                    "raw",
                    &at,
                    format!(
                        "the page's bytes have hash {found}, not {}: restore pages/ from a backup",
                        doc.raw.sha256
                    ),
                );
            }
        }
        Err(error) => report.find("raw", &at, format!("the page cannot be read: {error}")),
    }
    if doc.raw.doc_id() != doc.id {
        report.find(
            "counts",
            &at,
            "its id does not belong to its page and address",
        );
    }
}

fn check_chain(store: &dyn Store, report: &mut Report) -> Result<(), Error> {
    let log = store.corrections()?;
    report.count("corrections", log.len() as u64);
    let mut prev = "0".repeat(64);
    for (at, line) in log.iter().enumerate() {
        let seq = at as u64 + 1;
        if line.seq != seq || line.prev != prev || line.hash != link(&prev, seq, &line.body) {
            report.find(
                "corrections",
                &line.seq.to_string(),
                "the chain is broken here: a line was changed or removed; restore a backup",
            );
        }
        prev.clone_from(&line.hash);
    }
    if !log.is_empty() {
        report.orphaned = View::load(store, &Filter::default())?.orphaned;
    }
    Ok(())
}
