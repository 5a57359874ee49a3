//! The brief's choice: which lines, in which order, each with the passage that supports it.

use std::collections::BTreeMap;

use rapporteur_base::{Date, Id, Interval, Why};
use rapporteur_coder::{Event, Modality, Strength};
use serde::{Deserialize, Serialize};

use crate::digest::line;
use crate::{Counts, Doc, Entry, Evidence, Merged};

/// Parts of a brief, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// What is new since the day asked for.
    New,
    /// What a reader must know so far: dated first, then what most origins tell.
    Background,
    /// What was undertaken and is not told as done.
    OpenCommitments,
    /// What cannot both hold.
    Disputed,
}

/// One line: plain data, never a sentence of our own making.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefLine {
    /// Where it belongs.
    pub section: Section,
    /// When, if known.
    pub date: Option<Interval>,
    /// The words of the best report, cut to a line.
    pub words: String,
    /// The passages it rests on, the best first; never empty.
    pub evidence: Vec<Evidence>,
    /// The four counts, where they apply.
    pub counts: Counts,
    /// Id of the entry or comparison behind it.
    pub of: Option<Id>,
    /// Why it was chosen.
    pub why: Why,
}

/// Lines of a section at most.
const LINES: usize = 24;
/// Passages of a line at most, one a document.
const PASSAGES: usize = 6;

/// The lines of a brief over `merged`; `docs` are the documents it was made of.
///
/// An entry is *new* when the first document that tells it was published on `since` or later.
/// Lines of [`Section::New`] run newest first, of [`Section::Background`] oldest first with undated
/// ones last. Told facts only: demands, offers and hypotheses stand in the record, not in the brief.
pub fn brief_lines(merged: &Merged, docs: &[Doc<'_>], since: Option<Date>) -> Vec<BriefLine> {
    let by_id: BTreeMap<Id, &Doc<'_>> = docs.iter().map(|d| (d.id, d)).collect();
    let mut fresh = Vec::new();
    let mut background = Vec::new();
    for entry in &merged.entries {
        let told = matches!(entry.modality, Modality::Actual | Modality::Planned);
        let Some(built) = told.then(|| entry_line(entry, &by_id)).flatten() else {
            continue;
        };
        let known = entry
            .members
            .iter()
            .filter_map(|(id, _)| by_id.get(id)?.published)
            .min();
        let is_new = matches!((since, known), (Some(since), Some(known)) if known >= since);
        if is_new {
            fresh.push(BriefLine {
                section: Section::New,
                ..built
            });
        } else {
            background.push(built);
        }
    }
    let mut out = most_told(fresh);
    out.reverse();
    out.extend(most_told(background));
    out.extend(commitments(docs));
    out.extend(disputed(merged, &by_id));
    out
}

/// The lines that most origins tell and that are dated, back in their order.
fn most_told(lines: Vec<BriefLine>) -> Vec<BriefLine> {
    let mut ranked: Vec<(usize, BriefLine)> = lines.into_iter().enumerate().collect();
    ranked.sort_by_key(|(at, l)| {
        let weight = 2 * l.counts.origins + 2 * usize::from(l.date.is_some());
        (std::cmp::Reverse(weight), *at)
    });
    ranked.truncate(LINES);
    ranked.sort_by_key(|(at, _)| *at);
    ranked.into_iter().map(|(_, l)| l).collect()
}

fn entry_line(entry: &Entry, by_id: &BTreeMap<Id, &Doc<'_>>) -> Option<BriefLine> {
    let mut reports: Vec<(&Doc<'_>, &Event)> = entry
        .members
        .iter()
        .filter_map(|(id, at)| {
            let doc = by_id.get(id)?;
            Some((*doc, doc.coding.events.get(*at)?))
        })
        .collect();
    reports.sort_by_key(|(doc, event)| {
        let detail = usize::from(event.date.is_some())
            + usize::from(event.place.is_some())
            + usize::from(!event.source.is_empty())
            + usize::from(!event.target.is_empty());
        (std::cmp::Reverse(detail), doc.published, doc.id)
    });
    reports.dedup_by_key(|(doc, _)| doc.id);
    let passage = |(doc, event): &(&Doc<'_>, &Event)| Evidence {
        doc: doc.id,
        span: if event.sentence.is_empty() {
            event.clause
        } else {
            event.sentence
        },
    };
    let evidence: Vec<Evidence> = reports.iter().take(PASSAGES).map(passage).collect();
    let first = evidence.first()?;
    let (doc, _) = reports.first()?;
    Some(BriefLine {
        section: Section::Background,
        date: entry.date,
        words: line(first.span.of(doc.text)),
        evidence,
        counts: entry.counts,
        of: Some(entry.id),
        why: Why::rule(
            "brief/entry",
            format!("told by {} independent origins", entry.counts.origins),
        ),
    })
}

fn commitments(docs: &[Doc<'_>]) -> Vec<BriefLine> {
    let mut out = Vec::new();
    for doc in docs {
        for c in &doc.coding.commitments {
            if c.strength == Strength::Done || c.span.is_empty() {
                continue;
            }
            out.push(BriefLine {
                section: Section::OpenCommitments,
                date: c.due.as_ref().and_then(|(_, days)| *days),
                words: line(c.span.of(doc.text)),
                evidence: vec![Evidence {
                    doc: doc.id,
                    span: c.span,
                }],
                counts: Counts {
                    mentions: 1,
                    articles: 1,
                    families: 1,
                    origins: 1,
                },
                of: None,
                why: Why::rule("brief/commitment", "undertaken, and not told as done"),
            });
        }
    }
    out.sort_by_key(|l| {
        let due = l.date.and_then(|d| d.to.or(d.from));
        (due.is_none(), due, l.evidence[0])
    });
    out.truncate(LINES);
    out
}

fn disputed(merged: &Merged, by_id: &BTreeMap<Id, &Doc<'_>>) -> Vec<BriefLine> {
    let conflicts = merged.comparisons.iter().filter(|c| c.kind.is_conflict());
    conflicts
        .filter(|c| c.a.iter().chain(&c.b).all(|e| by_id.contains_key(&e.doc)))
        .map(|c| BriefLine {
            section: Section::Disputed,
            date: None,
            words: format!("{}: {} / {}", c.topic, c.values.0, c.values.1),
            evidence: c.a.iter().chain(&c.b).copied().collect(),
            counts: Counts::default(),
            of: Some(c.id),
            why: c.why.clone(),
        })
        .take(LINES)
        .collect()
}
