//! Where a process stands: state, tracks, lights, levels, windows, ladder, dates.

use rapporteur_process::{
    Condition, Kind, LevelPoint, LevelRow, Light, Lights, Overlap, Process, Status, Window, number,
};

use super::{Page, charts, cites, month};
use crate::sections::Numbers;
use crate::{Line, Row, Section, day, words};

/// Levels shown of a scope.
const LEVELS: usize = 8;

pub(super) fn sections(page: &Page<'_>, n: &Numbers) -> Vec<Section> {
    vec![
        states(page, n),
        parties(page, n),
        tracks(page, n),
        conditions(page, n),
        levels(page, n),
        phases(page, n),
        windows(page, n),
        ladder(page, n),
        dates(page, n),
    ]
}

fn states(page: &Page<'_>, n: &Numbers) -> Section {
    let states = &page.standing.states;
    let mut rows: Vec<Row> = states
        .rows
        .iter()
        .map(|row| {
            let told = if row.denied {
                format!("not {}", row.state)
            } else {
                row.state.clone()
            };
            let mut line = Line::new().strong(told);
            if let Some(cite) = row.cites.first() {
                line = line.text(" · ").quote(words::clipped(&cite.text, 140));
            }
            let mut line = line.cite(cites(n, &row.cites));
            if row.docs > 1 {
                line = line.faint(format!(" · {} articles", row.docs));
            }
            Row {
                key: words::interval(row.date),
                line,
                ..Row::default()
            }
        })
        .collect();
    for told in &states.disagreements {
        let side = |cites_of: &[rapporteur_record::Cite]| {
            let words = cites_of
                .first()
                .map(|c| words::clipped(&c.text, 140))
                .unwrap_or_default();
            Line::new().quote(words).cite(cites(n, cites_of))
        };
        rows.push(Row {
            key: "accounts differ".into(),
            line: Line::new().strong(told.topic.as_str()),
            below: vec![side(&told.a), side(&told.b)],
            ..Row::default()
        });
    }
    let mut undated: Vec<&str> = states
        .rows
        .iter()
        .filter(|r| r.date.is_none() && !r.denied)
        .map(|r| r.state.as_str())
        .collect();
    undated.sort_unstable();
    undated.dedup();
    let mut now: String = match states.now.as_slice() {
        [] => "No report with a date tells a state.".into(),
        [one] => format!("Newest state told: {one}."),
        many => format!("The newest reports differ: {}.", many.join(" / ")),
    };
    if !undated.is_empty() {
        now.push_str(&format!(
            " Told without a day, and so in no order: {}.",
            undated.join(", ")
        ));
    }
    Section {
        anchor: "state",
        title: "State of the process".into(),
        note: now,
        key_title: "When",
        rows,
        figure: None,
    }
}

fn of<'p>(page: &'p Page<'_>, kind: &str, id: &str) -> &'p [rapporteur_record::Cite] {
    page.standing
        .cites
        .get(&format!("{kind} {id}"))
        .map_or(&[], Vec::as_slice)
}

/// The passages of a line of the file, or that it was entered by hand.
fn resting(line: Line, page: &Page<'_>, n: &Numbers, kind: &str, id: &str) -> Line {
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

fn remark(note: &str) -> Vec<Line> {
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

fn pairs<'p>(page: &'p Page<'_>) -> impl Iterator<Item = (&'p Condition, &'p Lights)> {
    page.process.conditions.iter().zip(&page.standing.lights)
}

fn conditions(page: &Page<'_>, n: &Numbers) -> Section {
    let rows: Vec<Row> = pairs(page).map(|(c, l)| condition(page, n, c, l)).collect();
    let first = page.standing.lights.iter().find_map(|l| l.history.first());
    let last = page.standing.lights.iter().find_map(|l| l.history.last());
    let span = match (first, last) {
        (Some(first), Some(last)) => {
            format!(
                " The strip runs from {} to {}.",
                month(first.month),
                month(last.month)
            )
        }
        _ => String::new(),
    };
    Section {
        anchor: "conditions",
        title: "Conditions".into(),
        note: format!("G green, A amber, R red, ? unknown.{span}"),
        key_title: "Light",
        figure: charts::lights(page),
        rows,
    }
}

fn condition(page: &Page<'_>, n: &Numbers, condition: &Condition, lights: &Lights) -> Row {
    let now = lights.now();
    let strip: String = lights.history.iter().map(|l| l.status.letter()).collect();
    let mut line = Line::new()
        .strong(condition.title.as_str())
        .text(format!("  {strip}"));
    if let Some(since) = lights.since {
        line = line.faint(format!(" since {}", month(since)));
    }
    let mut below = vec![evidence(now, n)];
    if let Kind::Measured(measure) = &condition.kind {
        below.push(Line::new().faint(format!(
            "{}, {} of {}: {}{}",
            measure.indicator.written(),
            format!("{:?}", measure.stat).to_lowercase(),
            words::count(measure.window, "month", "months"),
            measure.test.written(),
            measure.amber.map_or(String::new(), |a| format!(", amber {}", a.written()))
        )));
    }
    for judge in &now.ratings {
        let name = page.process.name_of(&judge.by);
        let said = match (judge.value, judge.on) {
            (Some(value), Some(on)) => format!("{name}: {value}, {}", day(on)),
            _ => format!("{name}: {}", judge.note),
        };
        let mut line = Line::new().text(said);
        if judge.value.is_some() {
            line = if judge.cites.is_empty() {
                line.faint(" · entered by hand")
            } else {
                line.cite(cites(n, &judge.cites))
            };
            if !judge.note.is_empty() {
                line = line.faint(format!(" · {}", judge.note));
            }
        }
        below.push(line);
    }
    below.extend(loose(lights, n));
    below.extend(revised(page, condition));
    let basis = if condition.stated {
        "stated by the documents"
    } else {
        "inferred by the analyst"
    };
    below.push(resting(
        Line::new().faint(format!("condition {}: {basis}", condition.id)),
        page,
        n,
        "condition",
        &condition.id,
    ));
    below.extend(remark(&condition.note));
    Row {
        key: now.status.word().to_uppercase(),
        line,
        below,
        ..Row::default()
    }
}

/// Why a light is what it is, with its passages.
fn evidence(light: &Light, n: &Numbers) -> Line {
    Line::new()
        .text(light.why.as_str())
        .cite(cites(n, &light.cites))
}

/// What matches but belongs to no month, and what is found of the month that is not over.
fn loose(lights: &Lights, n: &Numbers) -> Vec<Line> {
    let mut out = Vec::new();
    let Some(observed) = &lights.observed else {
        return out;
    };
    if let Some(cell) = &observed.so_far {
        let value = cell.value.or(cell.low).map_or("nothing".into(), number);
        let line = format!(
            "{} so far: {value}, not judged until the month is over",
            month(cell.month)
        );
        out.push(Line::new().text(line).cite(cites(n, &cell.cites)));
    }
    if !observed.loose.is_empty() {
        let line = format!(
            "{} matching without a month of its own",
            words::count(observed.loose.len(), "event", "events")
        );
        out.push(Line::new().text(line).cite(cites(n, &observed.loose)));
    }
    out
}

/// Lights that said something else at the time, months in a row together.
fn revised(page: &Page<'_>, condition: &Condition) -> Vec<Line> {
    let mut runs: Vec<(i32, i32, Status, Status)> = Vec::new();
    for r in &page.standing.revisions {
        if r.condition != condition.id {
            continue;
        }
        match runs.last_mut() {
            Some((_, to, then, now)) if *to + 1 == r.month && (*then, *now) == (r.then, r.now) => {
                *to = r.month;
            }
            _ => runs.push((r.month, r.month, r.then, r.now)),
        }
    }
    let line = |(from, to, then, now): &(i32, i32, Status, Status)| {
        let months = if from == to {
            month(*from)
        } else {
            format!("{} to {}", month(*from), month(*to))
        };
        Line::new().faint(format!(
            "{months}: {} at the time, {} by what was published later",
            then.word(),
            now.word()
        ))
    };
    runs.iter().map(line).collect()
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

fn windows(page: &Page<'_>, n: &Numbers) -> Section {
    let mut rows = Vec::new();
    for overlap in &page.standing.overlaps {
        for window in &overlap.windows {
            rows.push(window_row(page.process, &overlap.phase, window, n));
        }
        for party in &overlap.silent {
            rows.push(Row {
                key: overlap.phase.clone(),
                line: Line::new()
                    .strong(page.process.name_of(party))
                    .text(" has a position and names no date"),
                ..Row::default()
            });
        }
        rows.push(Row {
            key: overlap.phase.clone(),
            line: zone(page.process, overlap),
            below: gaps(page, &overlap.phase),
            ..Row::default()
        });
    }
    Section {
        anchor: "windows",
        title: "What dates the parties accept".into(),
        note: "The zone of agreement is the least of what the parties accept at a date.".into(),
        key_title: "Phase",
        figure: charts::windows(page),
        rows,
    }
}

fn window_row(process: &Process, phase: &str, window: &Window, n: &Numbers) -> Row {
    let ends = |m: Option<i32>, open: &str| m.map_or(open.to_owned(), month);
    let best = match window.best {
        Some((a, b)) if a == b => format!(", best {}", month(a)),
        Some((a, b)) => format!(", best {} to {}", month(a), month(b)),
        None => String::new(),
    };
    let mut line = Line::new()
        .strong(process.name_of(&window.party))
        .text(format!(
            " {} to {}{best}",
            ends(window.earliest, "no first date"),
            ends(window.latest, "no last date"),
        ));
    if let Some(said) = window.asof {
        line = line.faint(format!(", said {}", day(said)));
    }
    let line = if window.cites.is_empty() {
        line.faint(" · entered by hand")
    } else {
        line.cite(cites(n, &window.cites))
    };
    Row {
        key: phase.to_owned(),
        line,
        below: remark(&window.note),
        ..Row::default()
    }
}

/// Where the windows overlap, or what would open them.
fn zone(process: &Process, overlap: &Overlap) -> Line {
    let line = Line::new().strong("Overlap: ");
    if overlap.windows.len() < 2 {
        return line.text("not known; fewer than two parties named dates");
    }
    let but = if overlap.silent.is_empty() {
        ""
    } else {
        ", of those who named dates"
    };
    match (overlap.zone, overlap.peak) {
        (Some(_), Some((best, share))) => line.text(format!(
            "{}best {} at {share:.2}, {} of .5 or more{but}",
            span(overlap),
            month(best),
            words::count(overlap.wide, "month", "months"),
        )),
        _ => {
            let steps: Vec<String> = overlap
                .concessions
                .iter()
                .map(|c| {
                    format!(
                        "{} {} {}",
                        process.name_of(&c.party),
                        words::count(usize::try_from(c.months).unwrap_or(0), "month", "months"),
                        c.way
                    )
                })
                .collect();
            let opens = if steps.is_empty() {
                "no single step opens it".to_owned()
            } else {
                format!("opened by {}", steps.join(", or by "))
            };
            line.text(format!(
                "none, {} apart; {opens}{but}",
                words::count(usize::try_from(overlap.gap).unwrap_or(0), "month", "months")
            ))
        }
    }
}

fn span(overlap: &Overlap) -> String {
    match (overlap.zone, overlap.span()) {
        (Some((from, to)), Some((first, last))) => {
            format!("{} to {}, ", month(from.max(first)), month(to.min(last)))
        }
        _ => String::new(),
    }
}

/// How the gap moved as positions changed.
fn gaps(page: &Page<'_>, phase: &str) -> Vec<Line> {
    let rows: Vec<_> = page
        .standing
        .gaps
        .iter()
        .filter(|g| g.phase == phase)
        .collect();
    rows.iter()
        .map(|g| {
            let who: Vec<&str> = g.parties.iter().map(|p| page.process.name_of(p)).collect();
            let state = match g.gap {
                None => "overlap not known yet".to_owned(),
                Some(0) => format!(
                    "{} of overlap",
                    words::count(usize::try_from(g.months).unwrap_or(0), "month", "months")
                ),
                Some(gap) => format!(
                    "{} apart",
                    words::count(usize::try_from(gap).unwrap_or(0), "month", "months")
                ),
            };
            Line::new().text(format!("{}, {}: {state}", day(g.day), who.join(" and ")))
        })
        .collect()
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
