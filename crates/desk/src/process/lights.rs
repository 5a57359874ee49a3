//! The lights: what each condition says, why, and what each judge says.

use rapporteur_process::{Condition, Judge, Kind, Light, Lights, Status, number};

use super::now::{pairs, remark, resting};
use super::{Page, charts, cites, month};
use crate::sections::Numbers;
use crate::{Line, Row, Section, day, words};

pub(super) fn conditions(page: &Page<'_>, n: &Numbers) -> Section {
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
        note: format!(
            "G green, A amber, R red, ? unknown.{span} A judged condition ends with the day itself."
        ),
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
    below.extend(now.ratings.iter().map(|j| judge(page, n, j)));
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

/// What one judge says.
fn judge(page: &Page<'_>, n: &Numbers, judge: &Judge) -> Line {
    let name = page.process.name_of(&judge.by);
    let (Some(value), Some(on)) = (judge.value, judge.on) else {
        return Line::new().text(format!("{name}: {}", judge.note));
    };
    let line = Line::new().text(format!("{name}: {value}, {}", day(on)));
    let line = if judge.cites.is_empty() {
        line.faint(" · entered by hand")
    } else {
        line.cite(cites(n, &judge.cites))
    };
    if judge.note.is_empty() {
        return line;
    }
    line.faint(format!(" · {}", judge.note))
}
