//! What dates the parties accept, and what would bring them together.

use rapporteur_process::{Overlap, Process, Window};

use super::now::remark;
use super::{Page, charts, cites, month};
use crate::sections::Numbers;
use crate::{Line, Row, Section, day, words};

pub(super) fn windows(page: &Page<'_>, n: &Numbers) -> Section {
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
