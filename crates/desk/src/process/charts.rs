//! Drawings of a process: inline SVG, each a second view of the rows under it.

use std::fmt::Write as _;

use rapporteur_process::{DateDist, Fan, LevelRow, Overlap, Projection, Window, months};

use super::{Page, month, percent, short_month};
use crate::html::escape;
use crate::words;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 90.0;

/// Caption and drawing.
type Figure = Option<(String, String)>;

/// Months across the drawing.
#[derive(Clone, Copy)]
struct Across {
    from: i32,
    to: i32,
}

impl Across {
    fn x(self, month: f64) -> f64 {
        let whole = f64::from(self.to - self.from).max(1.0);
        LEFT + ((month - f64::from(self.from)) / whole).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    }

    /// Grid lines and labels from `top` to `bottom`.
    fn axis(self, out: &mut String, top: f64, bottom: f64) {
        let step = [1, 2, 3, 6, 12, 24, 60]
            .into_iter()
            .find(|step| (self.to - self.from) / step <= 10)
            .unwrap_or(120);
        for at in (self.from..=self.to).filter(|m| m.rem_euclid(step) == 0) {
            let x = self.x(f64::from(at));
            let _ = write!(
                out,
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.0}\" y2=\"{bottom:.0}\" class=\"grid\"/>\
                 <text x=\"{x:.1}\" y=\"{:.0}\" class=\"tick\">{}</text>",
                top - 6.0,
                short_month(at)
            );
        }
    }
}

fn open(id: &str, title: &str, height: f64) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-labelledby=\"c-{id}\" class=\"chart process\"><title id=\"c-{id}\">{}</title>",
        escape(title)
    )
}

fn label(out: &mut String, y: f64, words_of: &str) {
    let _ = write!(
        out,
        "<text x=\"8\" y=\"{y:.1}\" class=\"lane-name\">{}</text>",
        escape(&words::clipped(words_of, 30))
    );
}

/// Lights by month: each a square with its letter, so that colour is not the only sign.
pub(super) fn lights(page: &Page<'_>) -> Figure {
    let all = &page.standing.lights;
    let months = all
        .iter()
        .map(|l| l.history.len())
        .max()
        .filter(|n| *n > 0)?;
    let step = (WIDTH - LEFT - RIGHT) / months as f64;
    let height = 28.0 + 26.0 * all.len() as f64;
    let mut out = open(
        "lights",
        "Lights of the conditions by month; the table below says why.",
        height,
    );
    if let Some(lights) = all.first() {
        for (at, light) in lights.history.iter().enumerate() {
            let x = LEFT + step * (at as f64 + 0.5);
            let _ = write!(
                out,
                "<text x=\"{x:.1}\" y=\"14\" class=\"tick\">{}</text>",
                short_month(light.month)
            );
        }
    }
    for (row, lights) in all.iter().enumerate() {
        let y = 22.0 + 26.0 * row as f64;
        label(&mut out, y + 15.0, &lights.condition);
        for (at, light) in lights.history.iter().enumerate() {
            let x = LEFT + step * at as f64;
            let _ = write!(
                out,
                "<g class=\"light l-{}\"><title>{}: {}</title><rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"22\" rx=\"3\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
                light.status.word(),
                month(light.month),
                escape(&format!(
                    "{}, {}",
                    light.status.word(),
                    words::clipped(&light.why, 160)
                )),
                x + 1.0,
                step - 2.0,
                x + step / 2.0,
                y + 15.0,
                light.status.letter()
            );
        }
    }
    out.push_str("</svg>");
    Some((
        out,
        "G green, A amber, R red, ? unknown: no coverage, or not enough, is never zero.".into(),
    ))
}

/// Levels told and ceilings set, a panel a scope.
pub(super) fn levels(page: &Page<'_>) -> Figure {
    let shown: Vec<&LevelRow> = page
        .standing
        .levels
        .iter()
        .filter(|s| s.points.iter().any(|p| p.date.is_some()))
        .collect();
    let mut ends: Vec<i32> = Vec::new();
    for scope in &shown {
        ends.extend(
            scope
                .points
                .iter()
                .filter_map(|p| p.date)
                .map(months::month_of),
        );
        ends.extend(
            scope
                .ceilings
                .iter()
                .filter_map(|c| c.date)
                .map(months::month_of),
        );
    }
    let (from, to) = (*ends.iter().min()?, *ends.iter().max()?);
    let across = Across {
        from: from - 1,
        to: to + 1,
    };
    let height = 30.0 + 130.0 * shown.len() as f64;
    let mut out = open("levels", "Levels told and ceilings of the phases.", height);
    across.axis(&mut out, 24.0, height - 6.0);
    for (at, scope) in shown.iter().enumerate() {
        panel(&mut out, across, scope, 30.0 + 130.0 * at as f64);
    }
    out.push_str("</svg>");
    Some((
        out,
        "Dots: levels told, with their range. Lines: ceilings, from the phase's date on.".into(),
    ))
}

fn panel(out: &mut String, across: Across, scope: &LevelRow, top: f64) {
    let values = scope
        .points
        .iter()
        .flat_map(|p| [Some(p.value), p.high])
        .flatten();
    let bounds = scope.ceilings.iter().map(|c| c.bound.than);
    let most = values.chain(bounds).fold(1.0, f64::max) * 1.1;
    let y = |v: f64| top + 105.0 - (v / most).clamp(0.0, 1.0) * 100.0;
    label(out, top + 14.0, &scope.title);
    let _ = write!(
        out,
        "<text x=\"8\" y=\"{:.1}\" class=\"mark\">0 to {}</text><line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" class=\"grid\"/>",
        top + 30.0,
        words::number(most.round()),
        WIDTH - RIGHT,
        y(0.0),
        y(0.0)
    );
    for ceiling in &scope.ceilings {
        let Some(date) = ceiling.date else { continue };
        let x = across.x(f64::from(months::month_of(date)));
        let at = y(ceiling.bound.than);
        let named = format!("{} {}", ceiling.phase, ceiling.bound.written());
        bound_line(out, x, at, &named);
    }
    for point in &scope.points {
        let Some(date) = point.date else { continue };
        let x = across.x(f64::from(months::month_of(date)));
        let (low, high) = (
            point.low.unwrap_or(point.value),
            point.high.unwrap_or(point.value),
        );
        let _ = write!(
            out,
            "<g class=\"level {}\"><title>{}: {}</title><line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/><circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"4\"/></g>",
            escape(&point.kind),
            date,
            words::number(point.value),
            y(low),
            y(high),
            y(point.value)
        );
    }
}

/// Acceptance of each party over months, and the zone where they overlap.
pub(super) fn windows(page: &Page<'_>) -> Figure {
    let shown: Vec<&Overlap> = page
        .standing
        .overlaps
        .iter()
        .filter(|o| o.span().is_some())
        .collect();
    let ends: Vec<(i32, i32)> = shown.iter().filter_map(|o| o.span()).collect();
    let from = ends.iter().map(|e| e.0).min()?;
    let to = ends.iter().map(|e| e.1).max()?;
    let pad = ((to - from) / 10).max(2);
    let across = Across {
        from: from - pad,
        to: to + pad,
    };
    let rows: usize = shown.iter().map(|o| o.windows.len()).sum();
    let height = 30.0 + 54.0 * rows as f64;
    let mut out = open(
        "windows",
        "What dates each party accepts, by phase, and where they overlap.",
        height,
    );
    across.axis(&mut out, 24.0, height - 4.0);
    let mut top = 30.0;
    for overlap in shown {
        let depth = 54.0 * overlap.windows.len() as f64;
        if let Some((from, to)) = overlap.zone {
            let (x0, x1) = (
                across.x(f64::from(from.max(across.from))),
                across.x(f64::from(to.min(across.to))),
            );
            let _ = write!(
                out,
                "<rect x=\"{x0:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" class=\"zone\"/>",
                (x1 - x0).max(3.0),
                depth - 6.0
            );
        }
        for (at, window) in overlap.windows.iter().enumerate() {
            let base = top + 44.0 + 54.0 * at as f64;
            let name = page.process.name_of(&window.party);
            party(&mut out, across, window, (name, &overlap.phase), (base, at));
        }
        top += depth;
    }
    out.push_str("</svg>");
    Some((out, "Height: how far a date is accepted, from not at all to wholly. Shaded: all accept it to some degree.".into()))
}

/// One party's acceptance.
fn party(
    out: &mut String,
    across: Across,
    window: &Window,
    (name, phase): (&str, &str),
    (base, at): (f64, usize),
) {
    label(out, base - 14.0, name);
    let phase = escape(phase);
    let _ = write!(
        out,
        "<text x=\"8\" y=\"{base:.1}\" class=\"mark\">{phase}</text>"
    );
    let heights = (across.from..=across.to).map(|m| (m, window.accepts(m).unwrap_or(0.0)));
    let shape = area(across, base, 34.0, heights);
    let (class, name) = (at % 4, escape(name));
    let _ = write!(
        out,
        "<path d=\"{shape}\" class=\"party p{class}\"><title>{name}</title></path>"
    );
}

/// A closed shape over `base`, of shares of `height` by month.
fn area(
    across: Across,
    base: f64,
    height: f64,
    shares: impl Iterator<Item = (i32, f64)>,
) -> String {
    let mut out = format!("M{:.1} {base:.1}", across.x(f64::from(across.from)));
    for (m, share) in shares {
        let _ = write!(
            out,
            " L{:.1} {:.1}",
            across.x(f64::from(m)),
            base - height * share
        );
    }
    let _ = write!(out, " L{:.1} {base:.1} Z", across.x(f64::from(across.to)));
    out
}

/// Chance to be done by each month, a line a phase.
pub(super) fn phases(page: &Page<'_>, projection: &Projection) -> Figure {
    let dated: Vec<(&str, &DateDist, Option<i32>)> = projection
        .phases
        .iter()
        .filter_map(|p| {
            Some((
                p.phase.as_str(),
                p.dates.as_ref()?,
                p.ceiling.map(months::month_of),
            ))
        })
        .collect();
    let horizon = i32::try_from(projection.horizon).unwrap_or(0);
    let across = Across {
        from: projection.origin,
        to: projection.origin + horizon,
    };
    let height = 34.0 + 70.0 * dated.len() as f64;
    if dated.is_empty() {
        return None;
    }
    let mut out = open(
        "when",
        "Chance that each phase is done by the end of a month.",
        height,
    );
    across.axis(&mut out, 24.0, height - 6.0);
    for (at, (phase, dates, ceiling)) in dated.iter().enumerate() {
        let base = 30.0 + 70.0 * at as f64 + 60.0;
        let found = page.process.phases.iter().find(|p| p.id == *phase);
        let title = found.map_or(*phase, |p| p.title.as_str());
        label(&mut out, base - 36.0, title);
        dated_phase(&mut out, across, dates, *ceiling, (base, at));
    }
    out.push_str("</svg>");
    Some((
        out,
        "Height: share of the draws that are done by then. Upright line: the phase's date ceiling."
            .into(),
    ))
}

/// How the chance of one phase grows.
fn dated_phase(
    out: &mut String,
    across: Across,
    dates: &DateDist,
    ceiling: Option<i32>,
    (base, at): (f64, usize),
) {
    let right = WIDTH - RIGHT;
    let shape = area(
        across,
        base,
        54.0,
        (dates.start..=across.to).map(|m| (m, dates.by(m))),
    );
    let class = at % 4;
    let _ = write!(
        out,
        "<line x1=\"{LEFT}\" x2=\"{right:.1}\" y1=\"{base:.1}\" y2=\"{base:.1}\" class=\"grid\"/><path d=\"{shape}\" class=\"party p{class}\"/>"
    );
    if let Some(ceiling) = ceiling.filter(|c| *c <= across.to && *c >= across.from) {
        let (x, top) = (across.x(f64::from(ceiling)), base - 58.0);
        let _ = write!(
            out,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.1}\" y2=\"{base:.1}\" class=\"ceiling\"/>"
        );
    }
    let (x, y) = (right + 4.0, base - 54.0 * dates.by(across.to) + 4.0);
    let said = percent(1.0 - dates.never);
    let _ = write!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"mark\">{said}</text>"
    );
}

/// Past and drawn months of each measured condition.
pub(super) fn fans(page: &Page<'_>, projection: &Projection) -> Figure {
    let shown: Vec<&Fan> = projection
        .fans
        .iter()
        .filter(|f| !f.quantiles.is_empty())
        .collect();
    if shown.is_empty() {
        return None;
    }
    let past = i32::try_from(rapporteur_process::HISTORY).unwrap_or(12);
    let horizon = i32::try_from(projection.horizon).unwrap_or(0);
    let across = Across {
        from: projection.origin - past + 1,
        to: projection.origin + horizon,
    };
    let height = 30.0 + 120.0 * shown.len() as f64;
    let mut out = open(
        "fans",
        "Known months and drawn months of each measured condition.",
        height,
    );
    across.axis(&mut out, 24.0, height - 6.0);
    for (at, fan) in shown.iter().enumerate() {
        fan_panel(&mut out, page, across, fan, 30.0 + 120.0 * at as f64);
    }
    out.push_str("</svg>");
    Some((out, "Dots: known months; a month without a dot is unknown. Line: middle draw. Band: 80 of 100 draws. Dashed: the test.".into()))
}

fn fan_panel(out: &mut String, page: &Page<'_>, across: Across, fan: &Fan, top: f64) {
    let lights = page
        .standing
        .lights
        .iter()
        .find(|l| l.condition == fan.condition);
    let cells = lights
        .and_then(|l| l.observed.as_ref())
        .map_or(&[][..], |o| &o.cells);
    let condition = page.process.condition(&fan.condition);
    let test = condition.and_then(|c| match &c.kind {
        rapporteur_process::Kind::Measured(m) => Some(m.test.than),
        rapporteur_process::Kind::Judged(_) => None,
    });
    let inside: Vec<(i32, f64)> = cells
        .iter()
        .filter(|c| c.month >= across.from)
        .filter_map(|c| Some((c.month, c.value?)))
        .collect();
    let highs = fan.quantiles.iter().map(|q| q[2]);
    let most = inside
        .iter()
        .map(|p| p.1)
        .chain(highs)
        .chain(test)
        .fold(1.0, f64::max)
        * 1.05;
    let y = |v: f64| top + 100.0 - (v / most).clamp(0.0, 1.0) * 92.0;
    label(
        out,
        top + 14.0,
        condition.map_or(&fan.condition, |c| &c.title),
    );
    let (band, middle) = band(across, fan, y);
    let most = words::number(most.round());
    let _ = write!(
        out,
        "<text x=\"8\" y=\"{:.1}\" class=\"mark\">0 to {most}</text><path d=\"M{band} Z\" class=\"fan\"/><path d=\"M{middle}\" class=\"middle\"/>",
        top + 30.0,
    );
    if let Some(test) = test {
        bound_line(out, LEFT, y(test), &format!("test {}", words::number(test)));
    }
    for (m, v) in inside {
        let _ = write!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" class=\"known\"><title>{}: {}</title></circle>",
            across.x(f64::from(m)),
            y(v),
            month(m),
            rapporteur_process::number(v)
        );
    }
}

/// The outline between P10 and P90, and the line of P50.
fn band(across: Across, fan: &Fan, y: impl Fn(f64) -> f64) -> (String, String) {
    let point = |step: usize, v: f64| {
        let m = f64::from(fan.start + i32::try_from(step).unwrap_or(0));
        format!("{:.1} {:.1}", across.x(m), y(v))
    };
    let steps = || fan.quantiles.iter().enumerate();
    let ups = steps().map(|(s, q)| point(s, q[2]));
    let downs = steps().rev().map(|(s, q)| point(s, q[0]));
    let band: Vec<String> = ups.chain(downs).collect();
    let middle: Vec<String> = steps().map(|(s, q)| point(s, q[1])).collect();
    (band.join(" L"), middle.join(" L"))
}

/// A dashed line from `x` to the right edge, and what it is.
fn bound_line(out: &mut String, x: f64, y: f64, named: &str) {
    let right = WIDTH - RIGHT;
    let _ = write!(
        out,
        "<line x1=\"{x:.1}\" x2=\"{right:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" class=\"ceiling\"/><text x=\"{:.1}\" y=\"{:.1}\" class=\"mark\">{}</text>",
        right + 4.0,
        y + 4.0,
        escape(named)
    );
}
