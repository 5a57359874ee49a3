//! Chooses what a brief says, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::Span;
use rapporteur_coder::{Modality, QuoteKind};
use rapporteur_record::{EventRow, FigureRow, View};
use rapporteur_story::Relation;

use crate::sections::{self, Numbers};
use crate::tidy::{merged, renumber};
use crate::{Brief, Cite, Line, Mark, Row, Section, Source, day, words};

/// How much of each kind a brief shows; the lists of the command line show all.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Lines of the timeline.
    pub events: usize,
    /// Rows of every other section.
    pub rows: usize,
    /// What is new since this day stands first; the timeline is the background to it.
    pub since: Option<rapporteur_base::Date>,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            events: 60,
            rows: 24,
            since: None,
        }
    }
}

/// Puts a brief together.
pub fn brief(view: &View, room: Room) -> Brief {
    let numbers = Numbers::of(view);
    let mut brief = Brief {
        title: title(view),
        basis: basis(view),
        sections: vec![
            sections::state(view, &numbers),
            timeline(view, &numbers, room),
            ahead(view, &numbers, room),
            positions(view, &numbers),
            commitments(view, &numbers),
            figures(view, &numbers),
            disagreements(view, &numbers),
            agreements(view, &numbers),
            quotes(view, &numbers),
            assessments(view, &numbers),
            unknowns(view, &numbers),
        ],
        marks: marks(view),
        sources: sources(view),
        ids: false,
    };
    if let Some(since) = room.since {
        let (fresh, ids) = crate::since::section(view, &numbers, since, room.rows);
        for section in brief.sections.iter_mut().filter(|s| s.anchor == "timeline") {
            let told = |row: &Row| row.id.as_ref().is_some_and(|id| ids.contains(id));
            section.rows.retain(|row| !told(row));
            section.title = "Background so far".into();
        }
        brief.sections.insert(0, fresh);
    }
    for section in &mut brief.sections {
        section.rows.retain(|row| row.cites().next().is_some());
        section.rows = merged(std::mem::take(&mut section.rows));
        if section.anchor != "timeline" && section.anchor != "state" {
            cut(section, room.rows);
        }
    }
    renumber(&mut brief);
    brief
}

/// One section alone, with the sources it cites: what a list of the command line shows.
pub fn list(view: &View, mut section: Section) -> Brief {
    section.rows.retain(|row| row.cites().next().is_some());
    let mut brief = Brief {
        sections: vec![section],
        sources: sources(view),
        ids: true,
        ..Brief::default()
    };
    renumber(&mut brief);
    brief
}

/// Leaves out what does not fit and says so in the section's note.
fn cut(section: &mut Section, most: usize) {
    let all = section.rows.len();
    if all > most {
        section.rows.truncate(most);
        section.note = format!("{} {most} of {all} shown.", section.note)
            .trim()
            .to_owned();
    }
}

fn title(view: &View) -> String {
    let largest = view.stories.iter().max_by_key(|story| {
        (
            story.families.len(),
            story.docs.len(),
            std::cmp::Reverse(&story.id),
        )
    });
    let title = largest.map(|s| s.title.as_str()).unwrap_or_default();
    match (title.is_empty(), view.docs.first()) {
        (false, _) => format!("Brief: {title}"),
        (true, Some(doc)) if !doc.title.is_empty() => format!("Brief: {}", doc.title),
        _ => "Brief".to_owned(),
    }
}

/// What the record rests on.
fn basis(view: &View) -> Vec<String> {
    let copies: usize = view
        .families
        .iter()
        .map(|f| f.docs.len().saturating_sub(1))
        .sum();
    let outlets: BTreeSet<&str> = view.docs.iter().filter_map(|d| d.site.as_deref()).collect();
    let mut parts = vec![
        words::count(view.docs.len(), "document", "documents"),
        words::count(
            view.docs.len() - copies.min(view.docs.len()),
            "independent text",
            "independent texts",
        ),
    ];
    if !outlets.is_empty() {
        parts.push(words::count(outlets.len(), "outlet", "outlets"));
    }
    if let Some((from, to)) = view.published() {
        let days = if from == to {
            day(from)
        } else {
            format!("{} – {}", day(from), day(to))
        };
        parts.push(format!("published {days}"));
    }
    let undated = view.docs.iter().filter(|d| d.published.is_none()).count();
    if undated > 0 {
        parts.push(format!("{undated} without a publication date"));
    }
    let mut lines = vec![format!("Rests on {}.", parts.join(" · "))];
    if let Some(as_of) = view.filter.as_of {
        lines.push(format!("As the record stood on {}.", day(as_of)));
    }
    if !view.damaged.is_empty() {
        let names: Vec<&str> = view.damaged.iter().map(|d| d.doc.as_str()).collect();
        lines.push(format!(
            "Damaged and left out: {} ({}).",
            words::count(names.len(), "document", "documents"),
            names.join(", ")
        ));
    }
    lines
}

/// Events told as facts, with a date, in order of time. The timeline of the most reported ones
/// when there are too many.
fn timeline(view: &View, numbers: &Numbers, room: Room) -> Section {
    let mut chosen: Vec<&EventRow> = view
        .events
        .iter()
        .filter(|e| e.modality == Modality::Actual && e.date.is_some())
        .collect();
    let all = chosen.len();
    chosen.sort_by(|a, b| {
        b.counts
            .origins
            .cmp(&a.counts.origins)
            .then(b.score.total_cmp(&a.score))
    });
    chosen.truncate(room.events);
    chosen.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut note = String::from("What is told as a fact, by date; the words are the source's own.");
    if all > chosen.len() {
        note.push_str(&format!(" The {} most reported of {all}.", chosen.len()));
    }
    Section {
        figure: None,
        anchor: "timeline",
        title: "Timeline".into(),
        note,
        key_title: "Date",
        rows: sections::events(chosen, numbers),
    }
}

fn order(event: &EventRow) -> impl Ord + use<'_> {
    let when = event.date;
    let from = when.and_then(|w| w.from.or(w.to));
    (from.is_none(), from, when.and_then(|w| w.to), &event.id)
}

/// Plans, demands, offers, denials.
fn ahead(view: &View, numbers: &Numbers, room: Room) -> Section {
    let mut chosen: Vec<&EventRow> = view
        .events
        .iter()
        .filter(|e| e.modality != Modality::Actual && e.modality != Modality::Hypothetical)
        .collect();
    chosen.sort_by(|a, b| {
        b.counts
            .origins
            .cmp(&a.counts.origins)
            .then(b.score.total_cmp(&a.score))
    });
    chosen.truncate(room.rows);
    chosen.sort_by(|a, b| (a.modality, order(a)).cmp(&(b.modality, order(b))));
    Section {
        figure: None,
        anchor: "ahead",
        title: "Planned, demanded, offered, denied".into(),
        note: "None of these is told as having happened.".into(),
        key_title: "Date",
        rows: sections::events(chosen, numbers),
    }
}

fn positions(view: &View, numbers: &Numbers) -> Section {
    let mut rows: Vec<Row> = view
        .positions
        .iter()
        .filter_map(|p| sections::position(p, numbers))
        .collect();
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    Section {
        figure: None,
        anchor: "positions",
        title: "Positions".into(),
        note: "Who wants what, side by side. A wish is not a decision.".into(),
        key_title: "Holder",
        rows,
    }
}

fn commitments(view: &View, numbers: &Numbers) -> Section {
    let mut chosen: Vec<_> = view.commitments.iter().collect();
    let due = |c: &rapporteur_record::CommitmentRow| {
        c.due
            .as_ref()
            .and_then(|d| d.interval)
            .and_then(|i| i.to.or(i.from))
    };
    chosen.sort_by_key(|c| (std::cmp::Reverse(c.strength), due(c).is_none(), due(c)));
    Section {
        figure: None,
        anchor: "commitments",
        title: "Commitments".into(),
        note: "Strongest first: done, scheduled, agreed, mandate, aim, declared.".into(),
        key_title: "Rung",
        rows: chosen
            .into_iter()
            .filter_map(|c| sections::commitment(c, numbers))
            .collect(),
    }
}

fn figures(view: &View, numbers: &Numbers) -> Section {
    let by_id: BTreeMap<&str, &FigureRow> =
        view.figures.iter().map(|f| (f.id.as_str(), f)).collect();
    let mut chosen: Vec<_> = view.series.iter().collect();
    chosen.sort_by(|a, b| {
        let rank = |s: &rapporteur_record::SeriesRow| (s.counts.origins, s.counts.mentions);
        rank(b)
            .cmp(&rank(a))
            .then_with(|| a.of.cmp(&b.of))
            .then_with(|| a.id.cmp(&b.id))
    });
    let in_series: BTreeSet<&str> = view
        .series
        .iter()
        .flat_map(|s| s.figures.iter().map(String::as_str))
        .collect();
    let mut rows: Vec<Row> = chosen
        .into_iter()
        .filter_map(|s| sections::series(s, &by_id, numbers))
        .collect();
    let alone = view
        .figures
        .iter()
        .filter(|f| !in_series.contains(f.id.as_str()));
    rows.extend(alone.filter_map(|f| sections::figure(f, numbers)));
    Section {
        figure: None,
        anchor: "figures",
        title: "Figures".into(),
        note: "Best value, then the lowest and highest told. Figures of different scope are never added.".into(),
        key_title: "Value",
        rows,
    }
}

fn compared(view: &View, numbers: &Numbers, kinds: &[Relation]) -> Vec<Row> {
    view.comparisons
        .iter()
        .filter(|c| kinds.contains(&c.kind) && !c.b.is_empty())
        .filter_map(|c| sections::comparison(c, numbers))
        .collect()
}

fn disagreements(view: &View, numbers: &Numbers) -> Section {
    Section {
        figure: None,
        anchor: "disagreements",
        title: "Disagreements".into(),
        note: "Accounts that cannot both hold. The record does not choose between them.".into(),
        key_title: "Kind",
        rows: compared(view, numbers, &[Relation::Contradiction, Relation::Denies]),
    }
}

fn agreements(view: &View, numbers: &Numbers) -> Section {
    Section {
        figure: None,
        anchor: "compared",
        title: "Confirmed, refined, updated".into(),
        note: String::new(),
        key_title: "Kind",
        rows: compared(
            view,
            numbers,
            &[
                Relation::Confirmed,
                Relation::Refines,
                Relation::Updates,
                Relation::AttributesOnly,
            ],
        ),
    }
}

fn quotes(view: &View, numbers: &Numbers) -> Section {
    let named = view
        .quotes
        .iter()
        .filter(|q| q.kind != QuoteKind::Indirect && q.speaker.is_some());
    let rows = named.filter_map(|q| sections::quote(q, numbers)).collect();
    Section {
        figure: None,
        anchor: "quotes",
        title: "Who said it, word for word".into(),
        note: String::new(),
        key_title: "Speaker",
        rows,
    }
}

fn assessments(view: &View, numbers: &Numbers) -> Section {
    let rows = view.assessments.iter().map(|a| {
        let mut line = Line::new()
            .quote(words::clipped(&a.claim, 240))
            .cite(numbers.cites(&a.evidence));
        if let Some(hedge) = &a.hedge {
            line = line.faint(format!(" · hedged: {hedge}"));
        }
        Row {
            id: Some(a.id.clone()),
            key: a.voice.clone(),
            line,
            below: Vec::new(),
        }
    });
    Section {
        figure: None,
        anchor: "assessments",
        title: "Judgements of authors and analysts".into(),
        note: "Opinions, kept apart: none of them enters the timeline.".into(),
        key_title: "Voice",
        rows: rows.collect(),
    }
}

/// What the sources leave open.
fn unknowns(view: &View, numbers: &Numbers) -> Section {
    let mut rows = Vec::new();
    for doc in view.docs.iter().filter(|d| d.published.is_none()) {
        let first = doc
            .paragraphs
            .first()
            .map_or(Span::new(0, doc.text.len()), |p| p.span);
        let cite = numbers.get(&doc.id).map(|source| Cite {
            source,
            span: first,
        });
        rows.push(Row {
            id: Some(doc.id.clone()),
            key: "undated source".into(),
            line: Line::new()
                .text(format!("{} states no publication date", name(&doc.title)))
                .cite(cite),
            below: Vec::new(),
        });
    }
    rows.extend(
        view.events
            .iter()
            .filter_map(|event| unknown(event, numbers)),
    );
    rows.sort_by_key(|row| match row.key.as_str() {
        "undated source" => 0,
        "no perpetrator" => 1,
        _ => 2,
    });
    Section {
        figure: None,
        anchor: "unknowns",
        title: "What the sources leave open".into(),
        note: "Unknown stays unknown: nothing here is filled in from elsewhere.".into(),
        key_title: "Unknown",
        rows,
    }
}

/// What an event's own evidence does not say: who attacked, or when it happened.
fn unknown(event: &EventRow, numbers: &Numbers) -> Option<Row> {
    let actual = event.modality == Modality::Actual;
    let attack = event.kind == "ASSAULT" && event.source.is_empty();
    let what = match (actual, attack, event.date.is_none()) {
        (true, true, _) => "perpetrator",
        (true, false, true) => "date",
        _ => return None,
    };
    let shown = event.evidence.first()?;
    let target = words::names(&event.target);
    let about = match (attack, target.is_empty()) {
        (true, true) => "attack ".to_owned(),
        (true, false) => format!("attack on {target} "),
        _ => format!(
            "{} · {} ",
            words::kind(&event.kind),
            sections::parties(event)
        ),
    };
    let line = Line::new()
        .text(about)
        .quote(words::clipped(&shown.text, 160))
        .cite(numbers.cites(&event.evidence));
    Some(Row {
        id: Some(event.id.clone()),
        key: format!("no {what}"),
        line,
        below: Vec::new(),
    })
}

fn name(title: &str) -> String {
    if title.is_empty() {
        "A document without a title".into()
    } else {
        format!("“{title}”")
    }
}

pub(crate) fn sources(view: &View) -> Vec<Source> {
    let first_of: BTreeMap<&str, usize> = view
        .families
        .iter()
        .filter_map(|family| {
            let first = view.docs.iter().position(|d| family.docs.contains(&d.id))?;
            Some((family.id.as_str(), first + 1))
        })
        .collect();
    let rows = view.docs.iter().enumerate().map(|(at, doc)| Source {
        id: Some(doc.id.clone()),
        title: doc.title.clone(),
        site: doc.site.clone().unwrap_or_default(),
        authors: doc.authors.clone(),
        published: doc.published.as_ref().map(|p| p.date),
        date_origin: doc
            .published
            .as_ref()
            .map(|p| p.origin.clone())
            .unwrap_or_default(),
        url: doc.url.clone(),
        lang: doc.lang.clone(),
        copy_of: doc
            .family
            .as_deref()
            .and_then(|family| first_of.get(family).copied())
            .filter(|first| *first != at + 1),
        text: doc.text.clone(),
    });
    rows.collect()
}

/// Marks of the drawn timeline: dated events and due dates.
fn marks(view: &View) -> Vec<Mark> {
    let dated = view
        .events
        .iter()
        .filter(|e| e.modality != Modality::Hypothetical);
    let mut marks: Vec<Mark> = dated
        .filter_map(|event| {
            let when = event.date?;
            let phase = event.members.iter().find_map(|m| m.event.phase.clone());
            let kind = words::kind(&event.kind);
            let kind = phase.map_or(kind.clone(), |phase| format!("{kind} {phase}"));
            let told = words::modality(event.modality);
            let told = if told.is_empty() {
                String::new()
            } else {
                format!(" ({told})")
            };
            Some(Mark {
                lane: words::lane(&event.kind),
                from: when.from,
                to: when.to,
                actual: event.modality == Modality::Actual,
                label: format!("{kind}{told}"),
                title: format!(
                    "{} · {kind}{told} · {}",
                    words::interval(event.date),
                    sections::parties(event)
                ),
                row: Some(event.id.clone()),
            })
        })
        .collect();
    marks.extend(view.commitments.iter().filter_map(|c| {
        let when = c.due.as_ref()?.interval?;
        Some(Mark {
            lane: crate::Lane::Commitments,
            from: when.from,
            to: when.to,
            actual: c.strength == rapporteur_coder::Strength::Done,
            label: words::strength(c.strength).to_owned(),
            title: format!(
                "due {} · {}: {}",
                words::interval(Some(when)),
                words::names(&c.by),
                words::clipped(&c.what, 90)
            ),
            row: Some(c.id.clone()),
        })
    }));
    marks
}
