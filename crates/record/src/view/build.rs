//! Rows of a view, each with its evidence.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Id, Span};
use rapporteur_coder::Actor;
use rapporteur_story::{Comparison, Counts, Entry, Evidence, Relation};

use super::View;
use super::events;
use super::load::{Citer, Loaded, Material, Sheet};
use super::overlay::{Overlay, is_suppressed};
use crate::known::short;
use crate::{
    AssessmentRow, Cite, CommitmentRow, ComparisonRow, DocRow, Due, FamilyRow, FigureRow,
    IndicatorRow, PositionRow, QuoteRow, SagaRow, SeriesRow, StoryRow, TimeRow,
};

/// Every row of the material.
pub(crate) fn rows(material: &Material, overlay: &mut Overlay) -> View {
    let mut view = View::default();
    let families = families(material, &mut view);
    let sheet = Sheet::new(material);
    for (doc, citer) in sheet.docs() {
        view.docs.push(document(doc, families.get(&doc.stored.id)));
        times(doc, citer, &mut view);
        figures(doc, citer, &mut view);
        quotes(doc, citer, &mut view);
        positions(doc, citer, &mut view);
        commitments(doc, citer, &mut view);
        indicators(doc, citer, &mut view);
        assessments(doc, citer, &mut view);
        view.keys.extend(keys(doc));
    }
    super::names::actors(&sheet, overlay, &mut view);
    super::names::places(&sheet, &mut view);
    view.events = events::rows(&sheet, overlay, &mut view.joined);
    view.series = series(&sheet);
    view.comparisons = comparisons(&sheet, overlay, &mut view.keys);
    view.stories = stories(material);
    view.sagas = sagas(material);
    cited_only(&mut view);
    view
}

/// No passage, no row.
fn cited_only(view: &mut View) {
    let cited = |cites: &[Cite]| cites.iter().any(|c| !c.text.is_empty());
    view.times.retain(|r| cited(&r.evidence));
    view.figures.retain(|r| cited(&r.evidence));
    view.quotes.retain(|r| cited(&r.evidence));
    view.positions.retain(|r| cited(&r.evidence));
    view.commitments.retain(|r| cited(&r.evidence));
    view.indicators.retain(|r| cited(&r.evidence));
    view.assessments.retain(|r| cited(&r.evidence));
    view.actors.retain(|r| cited(&r.evidence));
    view.places.retain(|r| cited(&r.evidence));
}

/// Stable keys of a document's rows by their ids.
fn keys(doc: &Loaded) -> impl Iterator<Item = (String, Id)> {
    let keys = &doc.keys;
    [
        ('m', &keys.events),
        ('f', &keys.figures),
        ('q', &keys.quotes),
        ('p', &keys.positions),
        ('c', &keys.commitments),
        ('i', &keys.indicators),
        ('a', &keys.assessments),
    ]
    .into_iter()
    .flat_map(|(letter, ids)| ids.iter().map(move |id| (short(letter, *id), *id)))
}

/// Families of more than one member, and the family of each document.
fn families(material: &Material, view: &mut View) -> BTreeMap<Id, String> {
    let mut of = BTreeMap::new();
    for family in &material.merged.families {
        if family.docs.len() < 2 {
            continue;
        }
        let id = short('w', family.id);
        of.extend(family.docs.iter().map(|doc| (*doc, id.clone())));
        view.families.push(FamilyRow {
            id,
            docs: family.docs.iter().map(|d| short('d', *d)).collect(),
            origin: family.origin.clone(),
        });
    }
    of
}

fn document(doc: &Loaded, family: Option<&String>) -> DocRow {
    let stored = &doc.stored;
    let article = &stored.article;
    let mut notes = article.notes.clone();
    notes.extend(stored.coding.notes.iter().cloned());
    notes.extend(stored.notes.iter().cloned());
    DocRow {
        id: doc.id.clone(),
        key: stored.id,
        title: article.title.clone(),
        authors: article.authors.iter().map(|a| a.name.clone()).collect(),
        published: article.published.clone(),
        known_at: stored.known_at,
        captures: stored.captures.clone(),
        site: article.site.clone(),
        url: article.url.clone().or_else(|| stored.raw.url.clone()),
        lang: article.lang.clone(),
        agency: article.agency.clone(),
        family: family.cloned(),
        text: article.text.clone(),
        paragraphs: article.paragraphs.clone(),
        sentences: stored.sentences.clone(),
        ruleset: stored.ruleset,
        sha256: stored.raw.sha256.clone(),
        notes,
        edits: doc.edits.document.clone(),
    }
}

fn times(doc: &Loaded, citer: &Citer<'_>, view: &mut View) {
    for (time, key) in doc.stored.times.iter().zip(&doc.keys.times) {
        view.times.push(TimeRow {
            id: short('t', *key),
            kind: time.kind,
            value: time.value.clone(),
            value_to: time.value_to.clone(),
            modifier: time.modifier.clone(),
            interval: time.interval,
            relation: time.relation.clone(),
            anchor: time.anchor,
            evidence: vec![citer.cite(time.span)],
            why: time.why.clone(),
        });
    }
}

fn figures(doc: &Loaded, citer: &Citer<'_>, view: &mut View) {
    let rows = doc.stored.coding.figures.iter().zip(&doc.keys.figures);
    for (at, (figure, key)) in rows.enumerate() {
        view.figures.push(FigureRow {
            id: short('f', *key),
            of: figure.of.clone(),
            op: figure.quantity.op,
            value: figure.quantity.value,
            low: figure.quantity.low,
            high: figure.quantity.high,
            unit: figure.quantity.unit.clone(),
            place: figure.place.map(|s| s.of(doc.text()).to_owned()),
            as_of: figure.as_of.map(|(_, interval)| interval),
            by: figure.by.as_ref().map(|p| p.actor.clone()),
            evidence: vec![citer.cite(figure.span)],
            context: citer.cite(figure.context),
            why: figure.why.clone(),
            edits: Loaded::edits(&doc.edits.figures, at),
        });
    }
}

fn quotes(doc: &Loaded, citer: &Citer<'_>, view: &mut View) {
    let rows = doc.stored.coding.quotes.iter().zip(&doc.keys.quotes);
    for (at, (quote, key)) in rows.enumerate() {
        let runs: Vec<&str> = quote.content.iter().map(|s| s.of(doc.text())).collect();
        view.quotes.push(QuoteRow {
            id: short('q', *key),
            kind: quote.kind,
            speaker: quote.speaker.as_ref().map(|p| p.actor.clone()),
            speaker_cite: quote.speaker.as_ref().map(|p| citer.cite(p.span)),
            cue: quote.cue.iter().map(|s| citer.cite(*s)).collect(),
            text: runs.join(" … "),
            evidence: unique(quote.content.iter().map(|s| citer.cite(*s)).collect()),
            why: quote.why.clone(),
            edits: Loaded::edits(&doc.edits.quotes, at),
        });
    }
}

fn positions(doc: &Loaded, citer: &Citer<'_>, view: &mut View) {
    let rows = doc.stored.coding.positions.iter().zip(&doc.keys.positions);
    for (at, (position, key)) in rows.enumerate() {
        view.positions.push(PositionRow {
            id: short('p', *key),
            holder: position.holder.actor.clone(),
            holder_cite: citer.cite(position.holder.span),
            issue: position.issue.clone(),
            stance: position.stance.clone(),
            strength: position.strength.clone(),
            as_of: doc.stored.article.published.as_ref().map(|p| p.date),
            evidence: vec![citer.cite(position.span)],
            why: position.why.clone(),
            edits: Loaded::edits(&doc.edits.positions, at),
        });
    }
}

fn commitments(doc: &Loaded, citer: &Citer<'_>, view: &mut View) {
    let coding = &doc.stored.coding;
    let rows = coding.commitments.iter().zip(&doc.keys.commitments);
    for (at, (row, key)) in rows.enumerate() {
        let edits = Loaded::edits(&doc.edits.commitments, at);
        // A deadline that a person gave has no words of its own.
        let given = edits.iter().any(|e| e.field == "due");
        view.commitments.push(CommitmentRow {
            id: short('c', *key),
            by: row.by.iter().map(|p| p.actor.clone()).collect(),
            what: row.what.clone(),
            strength: row.strength,
            due: row.due.map(|(span, interval)| Due {
                cite: (!given).then(|| citer.cite(span)),
                interval,
            }),
            condition: row.condition.map(|s| citer.cite(s)),
            links: Vec::new(),
            evidence: vec![citer.cite(row.span)],
            why: row.why.clone(),
            edits,
        });
    }
}

fn indicators(doc: &Loaded, citer: &Citer<'_>, view: &mut View) {
    let coding = &doc.stored.coding;
    let rows = coding.indicators.iter().zip(&doc.keys.indicators);
    for (at, (row, key)) in rows.enumerate() {
        view.indicators.push(IndicatorRow {
            id: short('i', *key),
            name: row.name.clone(),
            kind: row.kind.clone(),
            track: row.track.clone(),
            controls: row.controls.map(|s| s.of(doc.text()).to_owned()),
            evidence: unique(
                [Some(row.span), Some(row.context), row.controls]
                    .into_iter()
                    .flatten()
                    .map(|s| citer.cite(s))
                    .collect(),
            ),
            why: row.why.clone(),
            edits: Loaded::edits(&doc.edits.indicators, at),
        });
    }
}

fn assessments(doc: &Loaded, citer: &Citer<'_>, view: &mut View) {
    let coding = &doc.stored.coding;
    let rows = coding.assessments.iter().zip(&doc.keys.assessments);
    for (at, (row, key)) in rows.enumerate() {
        view.assessments.push(AssessmentRow {
            id: short('a', *key),
            claim: row.span.of(doc.text()).to_owned(),
            hedge: row.hedge.map(|s| s.of(doc.text()).to_owned()),
            voice: row.voice.clone(),
            evidence: vec![citer.cite(row.span)],
            why: row.why.clone(),
            edits: Loaded::edits(&doc.edits.assessments, at),
        });
    }
}

fn series(sheet: &Sheet<'_>) -> Vec<SeriesRow> {
    let mut out = Vec::new();
    for entry in &sheet.material.merged.figures {
        let mut row = SeriesRow {
            id: short('g', entry.id),
            of: entry.of.clone(),
            best: entry.best.clone(),
            low: entry.low,
            high: entry.high,
            figures: Vec::new(),
            counts: entry.counts,
            status: entry.status.clone(),
            evidence: Vec::new(),
        };
        for (doc, citer, at) in sheet.ordered(&entry.members) {
            let (Some(figure), Some(key)) =
                (doc.stored.coding.figures.get(at), doc.keys.figures.get(at))
            else {
                continue;
            };
            row.figures.push(short('f', *key));
            row.evidence.push(citer.cite(figure.span));
        }
        if !row.evidence.is_empty() {
            out.push(row);
        }
    }
    out
}

fn comparisons(
    sheet: &Sheet<'_>,
    overlay: &mut Overlay,
    keys: &mut BTreeMap<String, Id>,
) -> Vec<ComparisonRow> {
    let mut out = Vec::new();
    for found in &sheet.material.merged.comparisons {
        let edits = overlay.take("comparison", &comparison_key(found));
        if is_suppressed(&edits) {
            continue;
        }
        let a = cites(sheet, &found.a);
        let b = cites(sheet, &found.b);
        if a.is_empty() && b.is_empty() {
            continue;
        }
        let decision = edits.iter().rev().find(|e| e.field == "decision");
        let id = short('x', found.id);
        keys.insert(id.clone(), found.id);
        out.push(ComparisonRow {
            id,
            kind: found.kind,
            topic: found.topic.clone(),
            a,
            b,
            values: found.values.clone(),
            decision: decision.map(|e| e.new.clone()),
            why: found.why.clone(),
            edits,
        });
    }
    out.sort_by(|x, y| (rank(x.kind), &x.id).cmp(&(rank(y.kind), &y.id)));
    out
}

fn rank(kind: Relation) -> u8 {
    match kind {
        Relation::Contradiction => 0,
        Relation::Denies => 1,
        Relation::Updates => 2,
        Relation::Refines => 3,
        Relation::Confirmed => 4,
        Relation::AttributesOnly => 5,
        Relation::OnlyIn => 6,
    }
}

pub(crate) fn comparison_key(found: &Comparison) -> String {
    found.id.to_string()
}

fn cites(sheet: &Sheet<'_>, evidence: &[Evidence]) -> Vec<Cite> {
    let found = evidence.iter().filter_map(|e| {
        let at = *sheet.material.index.get(&e.doc)?;
        Some(sheet.citers[at].cite(e.span))
    });
    unique(found.collect())
}

fn stories(material: &Material) -> Vec<StoryRow> {
    let ids = |letter, ids: &[Id]| ids.iter().map(|id| short(letter, *id)).collect();
    let sagas = material.merged.sagas.iter();
    let saga_of: BTreeMap<Id, Id> = sagas
        .flat_map(|saga| saga.stories.iter().map(|story| (*story, saga.id)))
        .rev()
        .collect();
    let rows = material.merged.stories.iter().map(|story| StoryRow {
        id: short('s', story.id),
        title: story.title.clone(),
        docs: ids('d', &story.docs),
        families: ids('w', &story.families),
        origins: story.origins,
        published: story.first.zip(story.last),
        saga: saga_of.get(&story.id).map(|saga| short('h', *saga)),
    });
    rows.collect()
}

fn sagas(material: &Material) -> Vec<SagaRow> {
    let rows = material.merged.sagas.iter().map(|saga| SagaRow {
        id: short('h', saga.id),
        title: saga.title.clone(),
        parties: saga.parties.clone(),
        matters: saga.matters.clone(),
        stories: saga.stories.iter().map(|id| short('s', *id)).collect(),
        articles: saga.articles,
        families: saga.families,
        published: (saga.first, saga.last),
    });
    rows.collect()
}

/// Without repetitions, order kept.
pub(crate) fn unique(cites: Vec<Cite>) -> Vec<Cite> {
    let mut seen = BTreeSet::new();
    let mut out = cites;
    out.retain(|c| !c.text.is_empty() && seen.insert((c.doc.clone(), c.bytes)));
    out
}

/// Without repetitions of a name, order kept.
pub(crate) fn unique_actors(actors: Vec<Actor>) -> Vec<Actor> {
    let mut seen = BTreeSet::new();
    let mut out = actors;
    out.retain(|a| seen.insert(a.name.clone()));
    out
}

/// An event that merging did not place stands for itself.
pub(crate) fn single(doc: &Loaded, at: usize, trigger: Span) -> Entry {
    let event = &doc.stored.coding.events[at];
    Entry {
        id: Id::of([
            doc.stored.id.as_bytes().as_slice(),
            b"event",
            &trigger.start.to_le_bytes(),
            &(at as u64).to_le_bytes(),
        ]),
        kind: event.kind.clone(),
        mode: event.mode.clone(),
        modality: event.modality,
        date: event.date.as_ref().map(|d| d.interval),
        source: event.source.iter().map(|p| p.actor.clone()).collect(),
        target: event.target.iter().map(|p| p.actor.clone()).collect(),
        place: event.place.as_ref().map(|(_, name)| name.clone()),
        members: vec![(doc.stored.id, at)],
        counts: Counts {
            mentions: 1,
            articles: 1,
            families: 1,
            origins: 1,
        },
        status: "single-source".into(),
    }
}
