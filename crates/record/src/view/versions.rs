//! The same address read more than once: the versions in order, and what changed between them.

use std::collections::BTreeMap;

use rapporteur_base::Date;
use rapporteur_page::versions::{self, Step};
use serde::Serialize;

use super::View;
use crate::{Cite, DocRow};

/// One reading of an address.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VersionRow {
    /// `d-…`.
    pub doc: String,
    /// First capture that the record knows: a time, or a day; `None`: nobody knows.
    pub captured: Option<String>,
    /// Publication that the page stated then.
    pub published: Option<Date>,
    /// Title that it had then.
    pub title: String,
    /// What differs from the version before; empty for the first.
    pub changes: Vec<VersionChange>,
}

/// One difference between a version and the one before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VersionChange {
    /// `title`, `published`, `added`, `removed`, `changed`.
    pub kind: &'static str,
    /// What it said before.
    pub old: Option<String>,
    /// What it says now.
    pub new: Option<String>,
    /// The paragraph before.
    pub before: Option<Cite>,
    /// The paragraph now.
    pub after: Option<Cite>,
}

/// An address of which the record holds more than one version.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VersionsRow {
    /// The address as its first version has it.
    pub url: String,
    /// Versions, the oldest first; those of unknown capture come first.
    pub versions: Vec<VersionRow>,
}

impl View {
    /// Addresses that were read more than once with different content, sorted.
    pub fn versions(&self) -> Vec<VersionsRow> {
        let mut by_address: BTreeMap<String, Vec<&DocRow>> = BTreeMap::new();
        for doc in &self.docs {
            if let Some(url) = &doc.url {
                by_address
                    .entry(versions::address(url))
                    .or_default()
                    .push(doc);
            }
        }
        by_address
            .into_values()
            .filter(|docs| docs.len() > 1)
            .map(|mut docs| {
                docs.sort_by_key(|d| (captured(d), published(d), d.id.clone()));
                row(&docs)
            })
            .collect()
    }
}

/// The first capture of a document.
fn captured(doc: &DocRow) -> Option<String> {
    let times = doc.captures.iter().map(|(at, _)| at.as_str());
    times.filter(|at| !at.is_empty()).min().map(str::to_owned)
}

fn published(doc: &DocRow) -> Option<Date> {
    doc.published.as_ref().map(|p| p.date)
}

fn row(docs: &[&DocRow]) -> VersionsRow {
    let mut out = VersionsRow {
        url: docs[0].url.clone().unwrap_or_default(),
        versions: Vec::new(),
    };
    for (at, doc) in docs.iter().enumerate() {
        out.versions.push(VersionRow {
            doc: doc.id.clone(),
            captured: captured(doc),
            published: published(doc),
            title: doc.title.clone(),
            changes: at
                .checked_sub(1)
                .map(|before| changes(docs[before], doc))
                .unwrap_or_default(),
        });
    }
    out
}

fn paragraphs(doc: &DocRow) -> Vec<&str> {
    let spans = doc.paragraphs.iter().map(|p| p.span);
    spans.map(|span| span.of(&doc.text)).collect()
}

/// What differs between two documents.
fn changes(old: &DocRow, new: &DocRow) -> Vec<VersionChange> {
    let mut out = Vec::new();
    let mut field = |kind, old: Option<String>, new: Option<String>| {
        if old != new {
            out.push(VersionChange {
                kind,
                old,
                new,
                before: None,
                after: None,
            });
        }
    };
    field("title", Some(old.title.clone()), Some(new.title.clone()));
    let day = |doc: &DocRow| published(doc).map(|d| d.to_string());
    field("published", day(old), day(new));
    let (a, b) = (paragraphs(old), paragraphs(new));
    for step in versions::compare(&a, &b) {
        let (kind, i, j) = match step {
            Step::Kept(..) => continue,
            Step::Changed(i, j) => ("changed", Some(i), Some(j)),
            Step::Added(j) => ("added", None, Some(j)),
            Step::Removed(i) => ("removed", Some(i), None),
        };
        out.push(VersionChange {
            kind,
            old: None,
            new: None,
            before: i.map(|i| old.cite(old.paragraphs[i].span)),
            after: j.map(|j| new.cite(new.paragraphs[j].span)),
        });
    }
    out
}
