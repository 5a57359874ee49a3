//! What may come: dates of the phases, what binds, the conditions ahead, and the score card.

use rapporteur_process::{
    Calibration, DateDist, Fan, PhaseDates, Projection, WhatIf, months, number,
};

use super::{Ahead, Page, charts, month, percent, short_month};
use crate::{Line, Row, Section, day, words};

/// Months ahead told of a condition.
const TOLD: [usize; 6] = [1, 3, 6, 12, 18, 24];

pub(super) fn sections(page: &Page<'_>, ahead: Ahead<'_>) -> Vec<Section> {
    let mut out = vec![phases(page, ahead)];
    if let Some((what, plain, changed)) = ahead.what_if {
        out.push(compared(page, plain, what, changed));
    }
    out.push(fans(page, ahead.projection));
    out.push(card(ahead.calibration));
    out.push(assumptions(ahead.projection));
    out
}

fn title<'p>(page: &'p Page<'_>, phase: &'p str) -> &'p str {
    let found = page.process.phases.iter().find(|p| p.id == phase);
    found.map_or(phase, |p| p.title.as_str())
}

fn phases(page: &Page<'_>, ahead: Ahead<'_>) -> Section {
    let projection = ahead.projection;
    Section {
        anchor: "when",
        title: "When the phases may be done".into(),
        note: format!(
            "{} draws over {} months from {}, seed {}. P10, P50, P90: the month by which 10, 50, 90% of the draws are there. Read it with the score card below.",
            words::number(projection.draws as f64),
            projection.horizon,
            month(projection.origin + 1),
            projection.seed
        ),
        key_title: "Phase",
        rows: projection
            .phases
            .iter()
            .map(|p| phase(page, projection, p))
            .collect(),
        figure: charts::phases(page, projection),
    }
}

/// `Mar 2025`, or that it lies beyond.
fn quantile(projection: &Projection, dates: &DateDist, share: f64) -> String {
    dates
        .quantile(share)
        .map_or(format!("beyond {} months", projection.horizon), month)
}

fn phase(page: &Page<'_>, projection: &Projection, phase: &PhaseDates) -> Row {
    let name = title(page, &phase.phase);
    let Some(dates) = &phase.dates else {
        let said = if phase.why == "done" {
            "done"
        } else {
            "not projected"
        };
        let mut line = Line::new().strong(name).text(format!(" · {said}"));
        if phase.why != "done" {
            line = line.text(format!(": {}", phase.why));
        }
        return Row {
            key: phase.phase.clone(),
            line,
            ..Row::default()
        };
    };
    let line = Line::new().strong(name);
    let mut below = vec![Line::new().strong(quantiles(projection, dates))];
    let never = percent(dates.never);
    below.push(Line::new().text(format!("not within the horizon: {never}")));
    if let Some(ceiling) = phase.ceiling {
        below.push(match phase.by_ceiling {
            Some(chance) => Line::new()
                .text(format!("by its ceiling of {}: ", day(ceiling)))
                .strong(percent(chance)),
            None => Line::new().text(format!(
                "its ceiling of {} lies beyond the horizon",
                day(ceiling)
            )),
        });
    }
    let binding = phase.binding.iter().take(4);
    let binds: Vec<String> = binding
        .map(|(what, share)| format!("{what} {}", percent(*share)))
        .collect();
    if !binds.is_empty() {
        let binds = binds.join(", ");
        below.push(Line::new().text(format!("still missing the month before: {binds}")));
    }
    below.push(joint(phase));
    if !phase.why.is_empty() {
        below.push(Line::new().faint(phase.why.as_str()));
    }
    Row {
        key: phase.phase.clone(),
        line,
        below,
        ..Row::default()
    }
}

/// `P10 Mar 2025, P50 Jun 2026, P90 beyond 24 months`.
fn quantiles(projection: &Projection, dates: &DateDist) -> String {
    let q = |share| quantile(projection, dates, share);
    let beyond = projection.horizon;
    match [0.1, 0.5].map(|share| dates.quantile(share)) {
        [None, _] => format!("P10, P50 and P90 lie beyond {beyond} months"),
        [Some(_), None] => format!("P10 {}; P50 and P90 lie beyond {beyond} months", q(0.1)),
        _ => format!("P10 {}, P50 {}, P90 {}", q(0.1), q(0.5), q(0.9)),
    }
}

/// Dates and windows together.
fn joint(phase: &PhaseDates) -> Line {
    let Some(joint) = phase.joint else {
        return Line::new().faint("with the parties' windows: not known");
    };
    let peak = joint.peak.map_or(String::new(), |(m, p)| {
        format!(", most in {} ({})", month(m), percent(p))
    });
    Line::new().text(format!(
        "conditions first hold when the parties accept it: {}{peak}",
        percent(joint.chance)
    ))
}

/// The same phases with an assumption changed.
fn compared(page: &Page<'_>, plain: &Projection, what: &WhatIf, changed: &Projection) -> Section {
    let mut rows = Vec::new();
    for (before, after) in plain.phases.iter().zip(&changed.phases) {
        let (Some(b), Some(a)) = (&before.dates, &after.dates) else {
            continue;
        };
        let q = |p: &Projection, d: &DateDist| quantile(p, d, 0.5);
        let mut below =
            vec![Line::new().text(format!("P50 {} becomes {}", q(plain, b), q(changed, a)))];
        below.push(Line::new().text(format!(
            "not within the horizon: {} becomes {}",
            percent(b.never),
            percent(a.never)
        )));
        if let (Some(b), Some(a)) = (before.by_ceiling, after.by_ceiling) {
            below.push(Line::new().text(format!(
                "by the ceiling: {} becomes {}",
                percent(b),
                percent(a)
            )));
        }
        rows.push(Row {
            key: before.phase.clone(),
            line: Line::new().strong(title(page, &before.phase)),
            below,
            ..Row::default()
        });
    }
    let value = what
        .value
        .map_or("the greatest on record".to_owned(), number);
    Section {
        anchor: "what-if",
        title: "What if".into(),
        note: format!(
            "{} of {value} for {}, from here on.",
            words::count(what.months, "more month", "more months"),
            what.condition
        ),
        key_title: "Phase",
        rows,
        figure: None,
    }
}

fn fans(page: &Page<'_>, projection: &Projection) -> Section {
    let row = |fan: &Fan| {
        let condition = page.process.condition(&fan.condition);
        let name = condition.map_or(fan.condition.as_str(), |c| c.title.as_str());
        let at = |step: &usize| {
            let month = short_month(fan.start + i32::try_from(step - 1).unwrap_or(0));
            let holds = percent(*fan.holds.get(step - 1)?);
            let value = fan
                .quantiles
                .get(step - 1)
                .map_or(String::new(), |[low, mid, high]| {
                    format!(" {} ({} to {})", number(*mid), number(*low), number(*high))
                });
            Some(format!("{month}{value} holds {holds}"))
        };
        let steps: Vec<String> = TOLD.iter().filter_map(at).collect();
        let model = if fan.model.is_empty() {
            "ratings or estimate"
        } else {
            fan.model.as_str()
        };
        Row {
            key: fan.condition.clone(),
            line: Line::new().strong(name).faint(format!(" {model}")),
            below: steps.into_iter().map(|s| Line::new().text(s)).collect(),
            ..Row::default()
        }
    };
    Section {
        anchor: "fans",
        title: "The conditions ahead".into(),
        note: "Middle draw, with the 10th and 90th of a hundred in brackets, and the share of the draws in which the condition holds.".into(),
        key_title: "Condition",
        rows: projection.fans.iter().map(row).collect(),
        figure: charts::fans(page, projection),
    }
}

/// How past projections came out: always shown, also when there is nothing to score.
fn card(card: &Calibration) -> Section {
    let mut rows: Vec<Row> = card
        .bins
        .iter()
        .map(|bin| Row {
            key: format!("{:.0} to {:.0}%", bin.from * 100.0, bin.to * 100.0),
            line: Line::new()
                .text(format!("said {}, came true ", percent(bin.said)))
                .strong(percent(bin.met))
                .faint(format!(" of {}", bin.n)),
            ..Row::default()
        })
        .collect();
    let verdict = match (card.brier, card.base, card.gap) {
        (Some(brier), Some(base), Some(gap)) => {
            let skill = if brier < base { "better than" } else { "no better than" };
            format!("Brier {brier:.3}, {skill} always saying the share that came true ({base:.3}); mean gap {gap:.2}.")
        }
        _ => "No past projection can be scored: nothing speaks for the dates above but the evidence they are drawn from.".to_owned(),
    };
    rows.push(Row {
        key: "all".into(),
        line: Line::new().strong(verdict),
        ..Row::default()
    });
    Section {
        anchor: "card",
        title: "Score card of past projections".into(),
        note: format!(
            "Whether each measured condition holds 1, 3 and 6 months on, as it would have been projected at {} from what was known then; {} scored, {} not known.",
            words::count(card.origins, "past month end", "past month ends"),
            card.scored,
            card.open
        ),
        key_title: "Said",
        rows,
        figure: None,
    }
}

fn assumptions(projection: &Projection) -> Section {
    let mut rows: Vec<Row> = projection
        .assumptions
        .iter()
        .map(|a| Row {
            line: Line::new().text(a.as_str()),
            ..Row::default()
        })
        .collect();
    let stopped: Vec<String> = TOLD
        .iter()
        .filter_map(|s| {
            let share = projection.stopped.get(s - 1)?;
            let m = projection.origin + i32::try_from(*s).unwrap_or(0);
            Some(format!("{} {}", short_month(m), percent(*share)))
        })
        .collect();
    if !stopped.is_empty() {
        rows.push(Row {
            line: Line::new().text(format!("Talks at a standstill: {}.", stopped.join(", "))),
            ..Row::default()
        });
    }
    let last = months::last_day(projection.origin);
    rows.push(Row {
        line: Line::new().text(format!(
            "Evidence to {}; nothing later was used.",
            day(last)
        )),
        ..Row::default()
    });
    Section {
        anchor: "assumptions",
        title: "What was taken for granted".into(),
        key_title: "",
        rows,
        ..Section::default()
    }
}
