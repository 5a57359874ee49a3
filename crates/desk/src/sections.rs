//! Rows of the record as rows of a page. Nothing is shown without the passage it rests on.

use std::collections::BTreeMap;

use rapporteur_base::Quantity;
use rapporteur_coder::Modality;
use rapporteur_record::{
    Cite as RecordCite, CommitmentRow, ComparisonRow, Edit, EventRow, FigureRow, MentionRow,
    PositionRow, QuoteRow, SeriesRow, View,
};
use rapporteur_story::Relation;

use crate::words;
use crate::{Cite, Line, Row, Section};

/// Longest passage shown whole; longer ones are cut between two words.
const PASSAGE: usize = 260;

/// Longest value that is set against another one; longer ones are in the passages anyway.
const VALUE: usize = 48;

/// Numbers of the documents: what `[3]` means.
#[derive(Debug)]
pub struct Numbers {
    by_doc: BTreeMap<String, usize>,
}

impl Numbers {
    /// Numbers the documents of a view in its order.
    pub fn of(view: &View) -> Self {
        let by_doc = view.docs.iter().enumerate();
        Self {
            by_doc: by_doc.map(|(at, doc)| (doc.id.clone(), at + 1)).collect(),
        }
    }

    /// The number of a document.
    pub fn get(&self, doc: &str) -> Option<usize> {
        self.by_doc.get(doc).copied()
    }

    /// Citations of these passages; those of documents outside of the view are left out.
    pub fn cites<'a>(&self, evidence: impl IntoIterator<Item = &'a RecordCite>) -> Vec<Cite> {
        evidence
            .into_iter()
            .filter_map(|cite| {
                Some(Cite {
                    source: self.get(&cite.doc)?,
                    span: cite.bytes,
                })
            })
            .collect()
    }
}

fn passage(cite: &RecordCite) -> String {
    words::clipped(&cite.text, PASSAGE)
}

/// What a person changed.
fn edited(mut row: Row, edits: &[Edit]) -> Row {
    for edit in edits {
        row.below.push(Line::new().faint(format!(
            "{} corrected by {}: was {:?} ({})",
            edit.field, edit.who, edit.old, edit.why
        )));
    }
    row
}

/// Who did it to whom, in the record's names; what is not known says so.
pub fn parties(event: &EventRow) -> String {
    let source = words::names(&event.source);
    let target = words::names(&event.target);
    let violent = matches!(event.kind.as_str(), "ASSAULT" | "COERCE" | "CRIME");
    match (source.is_empty(), target.is_empty()) {
        (false, false) if event.kind == "CONSULT" || event.kind == "AGREE" => {
            let mut all = event.source.clone();
            all.extend(event.target.iter().cloned());
            words::names(&all)
        }
        (false, false) => format!("{source} → {target}"),
        (false, true) => source,
        (true, false) if violent => format!("perpetrator not named → {target}"),
        (true, false) => format!("not named → {target}"),
        (true, true) if violent => "perpetrator and target not named".into(),
        (true, true) => "parties not named".into(),
    }
}

/// The report that is quoted: the best scored one whose sentence can be read at a glance.
fn quoted(event: &EventRow) -> Option<(&MentionRow, &RecordCite)> {
    let members = event.members.iter().filter(|m| !m.cite.text.is_empty());
    let best = members.min_by(|a, b| {
        let long = |m: &MentionRow| m.sentence.text.len() > PASSAGE;
        let score = b.event.score.total_cmp(&a.event.score);
        long(a).cmp(&long(b)).then(score)
    })?;
    let whole = !best.sentence.text.is_empty() && best.sentence.text.len() <= PASSAGE;
    Some((best, if whole { &best.sentence } else { &best.cite }))
}

/// One event.
pub fn event(event: &EventRow, numbers: &Numbers) -> Option<Row> {
    let cites = numbers.cites(&event.evidence);
    if cites.is_empty() {
        return None;
    }
    let told = words::modality(event.modality);
    let mut line = Line::new()
        .strong(capital(&words::kind(&event.kind)))
        .text(format!(" · {}", parties(event)));
    if let Some(place) = &event.place {
        line = line.text(format!(" · {place}"));
    }
    let mut remarks = Vec::new();
    if !told.is_empty() {
        remarks.push(told.to_owned());
    }
    if let Some(mode) = &event.mode {
        remarks.push(mode.clone());
    }
    remarks.extend(words::counts(event.counts));
    if !matches!(event.status.as_str(), "single-source" | "corroborated" | "") {
        remarks.push(event.status.clone());
    }
    if !remarks.is_empty() {
        line = line.faint(format!(" · {}", remarks.join(", ")));
    }
    let mut row = Row {
        id: Some(event.id.clone()),
        key: words::interval(event.date),
        line,
        below: Vec::new(),
    };
    match quoted(event) {
        Some((_, cite)) => {
            // The quoted passage first, then where else the same is told.
            let first = numbers.cites([cite]);
            let lead = first.first().map(|c| c.source);
            let rest = cites.into_iter().filter(|c| Some(c.source) != lead);
            let line = Line::new().quote(passage(cite)).cite(first);
            row.below.push(line.cite(rest));
        }
        None => row.line = row.line.cite(cites),
    }
    Some(edited(row, &event.edits))
}

pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Events as a section.
pub fn events<'a>(rows: impl IntoIterator<Item = &'a EventRow>, numbers: &Numbers) -> Vec<Row> {
    rows.into_iter().filter_map(|e| event(e, numbers)).collect()
}

/// States that something lasting went through, in order of time.
pub fn state(view: &View, numbers: &Numbers) -> Section {
    let mut rows = Vec::new();
    for event in view
        .events
        .iter()
        .filter(|e| e.modality == Modality::Actual)
    {
        let phase = event.members.iter().find_map(|m| m.event.phase.as_deref());
        let (Some(phase), Some((_, cite))) = (phase, quoted(event)) else {
            continue;
        };
        let cites = numbers.cites([cite]);
        let more = numbers.cites(&event.evidence);
        if cites.is_empty() {
            continue;
        }
        rows.push(Row {
            id: Some(event.id.clone()),
            key: words::interval(event.date),
            line: Line::new()
                .strong(capital(phase))
                .text(": ")
                .quote(passage(cite))
                .cite(cites.into_iter().chain(more)),
            below: Vec::new(),
        });
    }
    Section {
        figure: None,
        anchor: "state",
        title: "State of the process".into(),
        note: "What began, paused, resumed or ended, as told. Where accounts compete, both stand here and under Disagreements.".into(),
        key_title: "When",
        rows,
    }
}

/// One position.
pub fn position(position: &PositionRow, numbers: &Numbers) -> Option<Row> {
    let first = position.evidence.first()?;
    let line = Line::new()
        .strong(words::stance(&position.stance, &position.strength))
        .text(format!(" {} ", words::clipped(&position.issue, 140)))
        .cite(numbers.cites(&position.evidence));
    let mut row = Row {
        id: Some(position.id.clone()),
        key: position.holder.name.clone(),
        line,
        below: Vec::new(),
    };
    let below = Line::new()
        .quote(passage(first))
        .cite(numbers.cites([first]));
    below.cites().next()?;
    row.below.push(below);
    row.line.0.retain(|run| !matches!(run, crate::Run::Cite(_)));
    Some(edited(row, &position.edits))
}

/// One commitment.
pub fn commitment(commitment: &CommitmentRow, numbers: &Numbers) -> Option<Row> {
    let cites = numbers.cites(&commitment.evidence);
    let first = commitment.evidence.first()?;
    let by = words::names(&commitment.by);
    let by = if by.is_empty() {
        "not named".into()
    } else {
        by
    };
    let due = match &commitment.due {
        None => "no date given".to_owned(),
        Some(due) => match (due.interval, &due.cite) {
            (Some(when), _) => format!("due {}", words::interval(Some(when))),
            (None, Some(cite)) => format!("due “{}”", words::clipped(&cite.text, 60)),
            (None, None) => "no date given".to_owned(),
        },
    };
    let mut line = Line::new()
        .strong(by)
        .text(format!(": {}", words::clipped(&commitment.what, 160)))
        .faint(format!(" · {due}"));
    if let Some(condition) = &commitment.condition {
        line = line
            .text(" · if: ")
            .quote(words::clipped(&condition.text, 100));
    }
    let mut below = vec![Line::new().quote(passage(first)).cite(cites.clone())];
    below.extend(commitment.links.iter().map(|link| {
        let who = link.claimed_by.as_ref();
        let says = who.map_or_else(String::new, |name| format!(", says {name}"));
        Line::new()
            .strong(words::link(link.kind))
            .text(format!("{says}: "))
            .quote(words::clipped(&link.evidence.text, 200))
            .faint(format!(" {}", link.row))
            .cite(numbers.cites([&link.evidence]))
    }));
    let row = Row {
        id: Some(commitment.id.clone()),
        key: words::strength(commitment.strength).to_owned(),
        line,
        below,
    };
    (!cites.is_empty()).then(|| edited(row, &commitment.edits))
}

/// One number over sources.
pub fn series(
    series: &SeriesRow,
    figures: &BTreeMap<&str, &FigureRow>,
    numbers: &Numbers,
) -> Option<Row> {
    let cites = numbers.cites(&series.evidence);
    let own: Vec<&FigureRow> = series
        .figures
        .iter()
        .filter_map(|id| figures.get(id.as_str()).copied())
        .collect();
    let mut line = Line::new().text(words::clipped(&series.of, 110));
    if let Some(place) = own.iter().find_map(|f| f.place.as_deref())
        && !series.of.contains(place)
    {
        line = line.text(format!(" · {place}"));
    }
    let mut remarks = Vec::new();
    let spread = |n: Option<f64>| n.map_or_else(|| "open".to_owned(), words::number);
    if own.len() > 1 && series.low != series.high {
        remarks.push(format!(
            "low {}, high {}",
            spread(series.low),
            spread(series.high)
        ));
    }
    let by: Vec<_> = own.iter().filter_map(|f| f.by.clone()).collect();
    if !by.is_empty() {
        remarks.push(format!("says {}", words::names(&by)));
    }
    if let Some(as_of) = own.iter().filter_map(|f| f.as_of).next_back() {
        remarks.push(format!("as of {}", words::interval(Some(as_of))));
    }
    remarks.extend(words::counts(series.counts));
    if series.status == "disputed" {
        remarks.push("disputed".into());
    }
    if !remarks.is_empty() {
        line = line.faint(format!(" · {}", remarks.join(", ")));
    }
    let row = Row {
        id: Some(series.id.clone()),
        key: words::quantity(&series.best, false),
        line: line.cite(cites.clone()),
        below: Vec::new(),
    };
    (!cites.is_empty()).then_some(row)
}

/// One number of one document.
pub fn figure(figure: &FigureRow, numbers: &Numbers) -> Option<Row> {
    let quantity = Quantity {
        value: figure.value,
        low: figure.low,
        high: figure.high,
        op: figure.op,
        unit: figure.unit.clone(),
    };
    let cites = numbers.cites([&figure.context]);
    let mut line = Line::new().strong(words::clipped(&figure.of, 110));
    let mut remarks = Vec::new();
    remarks.extend(figure.place.clone());
    remarks.extend(figure.by.as_ref().map(|by| format!("says {}", by.name)));
    remarks.extend(
        figure
            .as_of
            .map(|w| format!("as of {}", words::interval(Some(w)))),
    );
    if !remarks.is_empty() {
        line = line.faint(format!(" · {}", remarks.join(", ")));
    }
    let row = Row {
        id: Some(figure.id.clone()),
        key: words::quantity(&quantity, false),
        line,
        below: vec![
            Line::new()
                .quote(passage(&figure.context))
                .cite(cites.clone()),
        ],
    };
    (!cites.is_empty()).then(|| edited(row, &figure.edits))
}

/// One quotation.
pub fn quote(quote: &QuoteRow, numbers: &Numbers) -> Option<Row> {
    let cites = numbers.cites(&quote.evidence);
    let speaker = quote.speaker.as_ref();
    let mut line = Line::new()
        .quote(words::clipped(&quote.text, PASSAGE))
        .cite(cites.clone());
    if let Some(role) = speaker.and_then(|s| s.role.as_deref()) {
        line = line.faint(format!(" · {role}"));
    }
    if quote.kind == rapporteur_coder::QuoteKind::Indirect {
        line = line.faint(" · in the outlet's words");
    }
    let row = Row {
        id: Some(quote.id.clone()),
        key: speaker.map_or_else(|| "not named".to_owned(), |s| s.name.clone()),
        line,
        below: Vec::new(),
    };
    (!cites.is_empty()).then(|| edited(row, &quote.edits))
}

/// Two passages side by side.
pub fn comparison(comparison: &ComparisonRow, numbers: &Numbers) -> Option<Row> {
    let word = match comparison.kind {
        Relation::Contradiction => "contradiction",
        Relation::Denies => "denied",
        Relation::AttributesOnly => "only said so",
        Relation::Refines => "more exact",
        Relation::Updates => "later",
        Relation::Confirmed => "confirmed",
        Relation::OnlyIn => "only in",
    };
    let a = comparison.a.first()?;
    let mut line = Line::new().strong(comparison.topic.clone());
    let (left, right) = (&comparison.values.0, &comparison.values.1);
    let short = |value: &str| !value.is_empty() && value.chars().count() <= VALUE;
    if short(left) && short(right) && left != right {
        line = line.text(format!(": {left} / {right}"));
    }
    if let Some(decision) = &comparison.decision {
        line = line.faint(format!(" · decided: {decision}"));
    }
    let mut below = vec![
        Line::new()
            .quote(passage(a))
            .cite(numbers.cites(&comparison.a)),
    ];
    if let Some(b) = comparison.b.first() {
        let line = Line::new().quote(passage(b));
        below.push(line.cite(numbers.cites(&comparison.b)));
    }
    let row = Row {
        id: Some(comparison.id.clone()),
        key: word.to_owned(),
        line,
        below,
    };
    let cited = row.cites().next().is_some();
    cited.then(|| edited(row, &comparison.edits))
}
