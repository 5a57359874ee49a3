//! Where a process stands: state, tracks, lights, levels, windows, ladder, dates.

use rapporteur_base::{Date, Interval};
use rapporteur_process::{
    Condition, LevelPoint, LevelRow, Lights, Standstill, StateRow, States, Status,
};
use rapporteur_record::Cite as RecordCite;

use super::{Page, charts, cites, lights, windows};
use crate::sections::Numbers;
use crate::{Line, Row, Section, day, words};

/// Levels shown of a scope.
const LEVELS: usize = 8;
/// States shown.
const STATES: usize = 40;
/// Letters of a passage that are shown.
const PASSAGE: usize = 140;

pub(super) fn sections(page: &Page<'_>, n: &Numbers) -> Vec<Section> {
    vec![
        states(page, n),
        parties(page, n),
        tracks(page, n),
        lights::conditions(page, n),
        levels(page, n),
        phases(page, n),
        windows::windows(page, n),
        ladder(page, n),
        dates(page, n),
    ]
}

fn states(page: &Page<'_>, n: &Numbers) -> Section {
    let states = &page.standing.states;
    // Newest last; of a long history the newest part.
    let first = states.rows.len().saturating_sub(STATES);
    let mut rows: Vec<Row> = states.rows[first..]
        .iter()
        .map(|row| state(row, n))
        .collect();
    rows.extend(page.standing.standstills.iter().map(|s| standstill(s, n)));
    for told in &states.disagreements {
        let side = |evidence: &[RecordCite]| {
            let first = evidence.first().map(|c| words::clipped(&c.text, PASSAGE));
            let line = Line::new().quote(first.unwrap_or_default());
            line.cite(cites(n, evidence))
        };
        rows.push(Row {
            key: "accounts differ".into(),
            line: Line::new().strong(told.topic.as_str()),
            below: vec![side(&told.a), side(&told.b)],
            ..Row::default()
        });
    }
    Section {
        anchor: "state",
        title: "State of the process".into(),
        note: match first {
            0 => newest(states),
            n => format!("{} {n} earlier ones are left out.", newest(states)),
        },
        key_title: "When",
        rows,
        figure: None,
    }
}

fn state(row: &StateRow, n: &Numbers) -> Row {
    let told = if row.denied {
        format!("not {}", row.state)
    } else {
        row.state.clone()
    };
    let mut line = Line::new().strong(told);
    if let Some(cite) = row.cites.first() {
        let passage = words::clipped(&cite.text, PASSAGE);
        line = line.text(" · ").quote(passage);
    }
    line = line.cite(cites(n, &row.cites));
    if row.docs > 1 {
        line = line.faint(format!(" · {} articles", row.docs));
    }
    Row {
        key: words::interval(row.date),
        line,
        ..Row::default()
    }
}

/// A suspension of the file.
fn standstill(stop: &Standstill, n: &Numbers) -> Row {
    let days = |ends: Option<(Date, Date)>, unknown: &str| {
        let when = ends.map(|(from, to)| words::interval(Some(Interval::between(from, to))));
        when.unwrap_or_else(|| unknown.to_owned())
    };
    let line = Line::new().strong("standstill").text(format!(
        " from {} to {}",
        days(stop.from, "an unknown day"),
        days(stop.to, "a day not known or not come yet")
    ));
    let line = if stop.cites.is_empty() {
        line.faint(" · entered by hand")
    } else {
        line.text(", cause").cite(cites(n, &stop.cites))
    };
    Row {
        key: "in the file".into(),
        line,
        below: remark(&stop.note),
        ..Row::default()
    }
}

/// The newest state, and those told without a day.
fn newest(states: &States) -> String {
    let mut out = match states.now.as_slice() {
        [] => "No report with a date tells a state.".into(),
        [one] => format!("Newest state told: {one}."),
        many => format!("The newest reports differ: {}.", many.join(" / ")),
    };
    let mut undated: Vec<&str> = states
        .rows
        .iter()
        .filter(|r| r.date.is_none() && !r.denied)
        .map(|r| r.state.as_str())
        .collect();
    undated.sort_unstable();
    undated.dedup();
    if !undated.is_empty() {
        let undated = undated.join(", ");
        out.push_str(&format!(
            " Told without a day, and so in no order: {undated}."
        ));
    }
    out
}

fn of<'p>(page: &'p Page<'_>, kind: &str, id: &str) -> &'p [RecordCite] {
    page.standing
        .cites
        .get(&format!("{kind} {id}"))
        .map_or(&[], Vec::as_slice)
}

/// The passages of a line of the file, or that it was entered by hand.
pub(super) fn resting(line: Line, page: &Page<'_>, n: &Numbers, kind: &str, id: &str) -> Line {
    let found = cites(n, of(page, kind, id));
    if found.is_empty() {
        line.faint(" · entered by hand")
    } else {
        line.cite(found)
    }
}

fn parties(page: &Page<'_>, n: &Numbers) -> Section {
    let mut rows = Vec::new();
    for party in &page.process.parties {
        let line = Line::new().strong(party.name.as_str());
        rows.push(Row {
            key: "party".into(),
            line: resting(line, page, n, "party", &party.id),
            below: remark(&party.note),
            ..Row::default()
        });
    }
    for body in &page.process.bodies {
        let members: Vec<&str> = body
            .members
            .iter()
            .map(|m| page.process.name_of(m))
            .collect();
        let mut line = Line::new().strong(body.name.as_str());
        if !members.is_empty() {
            line = line.text(format!(" of {}", members.join(", ")));
        }
        if !body.mandate.is_empty() {
            line = line.text(format!(": {}", body.mandate));
        }
        rows.push(Row {
            key: "body".into(),
            line: resting(line, page, n, "body", &body.id),
            below: remark(&body.note),
            ..Row::default()
        });
    }
    Section {
        anchor: "parties",
        title: "Parties and bodies".into(),
        key_title: "What",
        rows,
        ..Section::default()
    }
}

pub(super) fn remark(note: &str) -> Vec<Line> {
    if note.is_empty() {
        return Vec::new();
    }
    vec![Line::new().faint(note)]
}

fn tracks(page: &Page<'_>, n: &Numbers) -> Section {
    let row = |track: &rapporteur_process::Track| {
        let mut line = Line::new().strong(track.title.as_str());
        if !track.question.is_empty() && !track.question.eq_ignore_ascii_case(&track.title) {
            line = line.text(format!(": {}", track.question));
        }
        let mut below = remark(&track.note);
        for (condition, lights) in pairs(page) {
            if condition.track.as_ref() == Some(&track.id) {
                let status = lights.now().status.word();
                below.push(
                    Line::new()
                        .strong(status)
                        .text(format!(" · {}", condition.title)),
                );
            }
        }
        if below.is_empty() {
            below.push(Line::new().faint("no condition is attached to this track"));
        }
        Row {
            key: track.id.clone(),
            line: resting(line, page, n, "track", &track.id),
            below,
            ..Row::default()
        }
    };
    Section {
        anchor: "tracks",
        title: "Tracks".into(),
        key_title: "Track",
        rows: page.process.tracks.iter().map(row).collect(),
        ..Section::default()
    }
}

pub(super) fn pairs<'p>(page: &'p Page<'_>) -> impl Iterator<Item = (&'p Condition, &'p Lights)> {
    page.process.conditions.iter().zip(&page.standing.lights)
}

fn levels(page: &Page<'_>, n: &Numbers) -> Section {
    let mut rows = Vec::new();
    for scope in &page.standing.levels {
        rows.push(level(scope, n));
    }
    Section {
        anchor: "levels",
        title: "Levels and ceilings".into(),
        note: "A level is what sources tell, with its scope; levels of different scope are never added.".into(),
        key_title: "Scope",
        figure: charts::levels(page),
        rows,
    }
}

fn level(scope: &LevelRow, n: &Numbers) -> Row {
    let newest = scope.points.last();
    let line = match newest {
        Some(point) => Line::new()
            .strong(told(point))
            .text(format!(" · {}", scope.title)),
        None => Line::new()
            .strong("unknown")
            .text(format!(" · {}", scope.title)),
    };
    let mut below = Vec::new();
    for ceiling in &scope.ceilings {
        let met = match ceiling.met {
            Some(true) => "met",
            Some(false) => "not met",
            None => "not known",
        };
        let by = ceiling
            .date
            .map_or(String::new(), |d| format!(" by {}", day(d)));
        below.push(
            Line::new()
                .text(format!(
                    "ceiling of {}{by}: {} · ",
                    ceiling.phase,
                    ceiling.bound.written()
                ))
                .strong(met),
        );
    }
    for point in scope.points.iter().rev().take(LEVELS) {
        let when = point.date.map_or("date unknown".into(), day);
        let mut line = Line::new().text(format!("{when}: {} {}", told(point), point.kind));
        line = if point.cites.is_empty() {
            line.faint(" · entered by hand")
        } else {
            line.cite(cites(n, &point.cites))
        };
        below.push(line);
    }
    Row {
        key: scope.scope.clone(),
        line,
        below,
        ..Row::default()
    }
}

fn told(point: &LevelPoint) -> String {
    let value = words::number(point.value);
    match (point.low, point.high) {
        (Some(low), Some(high)) if low < high => {
            format!(
                "{value} ({} to {})",
                words::number(low),
                words::number(high)
            )
        }
        (Some(low), None) => format!("at least {}", words::number(low)),
        (None, Some(high)) => format!("at most {}", words::number(high)),
        _ => value,
    }
}

fn phases(page: &Page<'_>, n: &Numbers) -> Section {
    let status = |id: &String| {
        let found = pairs(page).find(|(c, _)| c.id == *id);
        found.map_or(Status::Unknown, |(_, l)| l.now().status)
    };
    let row = |phase: &rapporteur_process::Phase| {
        let kind = format!("{:?}", phase.kind).to_lowercase();
        let line = Line::new()
            .strong(phase.title.as_str())
            .faint(format!(" · {kind}"));
        let mut below = Vec::new();
        if !phase.after.is_empty() {
            below.push(Line::new().text(format!("after {}", phase.after.join(", "))));
        }
        below.extend(days_of(page, &phase.id));
        if phase.needs.is_empty() {
            below.push(Line::new().faint("no condition attached"));
        } else {
            let needs: Vec<String> = phase
                .needs
                .iter()
                .map(|id| format!("{id} {}", status(id).word()))
                .collect();
            below.push(Line::new().text(format!("needs {}", needs.join(", "))));
        }
        for (label, words_of) in [
            ("unless", vec![phase.unless.clone()]),
            ("except", phase.except.clone()),
            ("fields", phase.fields.clone()),
        ] {
            let said: Vec<String> = words_of.into_iter().filter(|w| !w.is_empty()).collect();
            if !said.is_empty() {
                below.push(Line::new().text(format!("{label}: {}", said.join(", "))));
            }
        }
        below.extend(remark(&phase.note));
        Row {
            key: phase.id.clone(),
            line: resting(line, page, n, "phase", &phase.id),
            below,
            ..Row::default()
        }
    };
    Section {
        anchor: "phases",
        title: "Phases".into(),
        key_title: "Phase",
        rows: page.process.ordered_phases().into_iter().map(row).collect(),
        ..Section::default()
    }
}

/// Dates of a phase as the file has them.
fn days_of(page: &Page<'_>, phase: &str) -> Option<Line> {
    let days = page.standing.phases.iter().find(|p| p.phase == phase)?;
    let told: Vec<String> = [
        ("done", days.done),
        ("no earlier than", days.no_earlier),
        ("no later than", days.no_later),
    ]
    .into_iter()
    .filter_map(|(label, date)| Some(format!("{label} {}", day(date?))))
    .collect();
    (!told.is_empty()).then(|| Line::new().text(told.join(", ")))
}

fn ladder(page: &Page<'_>, n: &Numbers) -> Section {
    let rows: Vec<Row> = page
        .standing
        .ladder
        .iter()
        .map(|c| {
            let by: Vec<&str> = c.by.iter().map(|b| page.process.name_of(b)).collect();
            let due = c.due.map_or(String::new(), |d| format!(", due {}", day(d)));
            let score = match c.score {
                Some(score) => format!("{score} of 3 ({})", page.process.name_of(&c.scored_by)),
                None => "not assessed".to_owned(),
            };
            let line = Line::new().strong(score).text(format!(
                " · {}: {}{due}",
                if by.is_empty() {
                    "not named".into()
                } else {
                    by.join(", ")
                },
                words::clipped(&c.what, 160)
            ));
            let line = if c.cites.is_empty() {
                line.faint(" · entered by hand")
            } else {
                line.cite(cites(n, &c.cites))
            };
            Row {
                key: c.strength.clone(),
                line,
                ..Row::default()
            }
        })
        .collect();
    let scored = |value| {
        page.standing
            .ladder
            .iter()
            .filter(|c| c.score == value)
            .count()
    };
    let parts: Vec<String> = (0..=3u8)
        .rev()
        .map(|v| format!("{} at {v}", scored(Some(v))))
        .collect();
    Section {
        anchor: "ladder",
        title: "Commitments".into(),
        note: format!(
            "Carried out: 3 full, 2 intermediate, 1 minimal, 0 none. Of {}: {}, {} not assessed.",
            rows.len(),
            parts.join(", "),
            scored(None)
        ),
        key_title: "Rung",
        rows,
        figure: None,
    }
}

fn dates(page: &Page<'_>, n: &Numbers) -> Section {
    let rows = page
        .standing
        .deadlines
        .iter()
        .map(|d| {
            let line = Line::new()
                .strong(words::clipped(&d.what, 160))
                .faint(format!(" · {}", d.row));
            Row {
                key: if d.vague {
                    format!("by {}", day(d.day))
                } else {
                    day(d.day)
                },
                line: line.cite(cites(n, &d.cites)),
                ..Row::default()
            }
        })
        .collect();
    Section {
        anchor: "dates",
        title: "Next dates".into(),
        key_title: "Date",
        rows,
        ..Section::default()
    }
}
