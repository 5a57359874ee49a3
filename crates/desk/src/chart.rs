//! The drawn timeline: lanes, soft-ended bars for uncertain dates, hollow marks for what is not
//! told as a fact. A second view of the table under it, never the only one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapporteur_base::Date;

use crate::html::escape;
use crate::{Brief, Lane, Mark, day};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 108.0;
const RIGHT: f64 = 16.0;
const ROW: f64 = 20.0;
const TOP: f64 = 30.0;
/// Width of a letter of a label, in units of the drawing.
const LETTER: f64 = 6.2;
/// Most rows of a lane; further marks share the last row without labels.
const ROWS: usize = 8;
/// Most marks of a lane that are drawn one by one; more are counted by month.
const MOST: usize = 80;
/// Height of a lane of counts.
const BINS: f64 = 64.0;
/// Days shown before the first and after the last publication.
const BEFORE: i64 = 150;
const AFTER: i64 = 120;

/// The days that are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    from: Date,
    to: Date,
}

impl Window {
    fn x(self, date: Date) -> f64 {
        let whole = days(self.from, self.to).max(1) as f64;
        let part = days(self.from, date) as f64 / whole;
        LEFT + part.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    }

    fn overlaps(self, mark: &Mark) -> bool {
        mark.from.is_none_or(|from| from <= self.to) && mark.to.is_none_or(|to| to >= self.from)
    }
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Draws the marks of `brief`; empty when there is nothing to draw.
pub(crate) fn svg(brief: &Brief) -> String {
    let Some(window) = window(brief) else {
        return String::new();
    };
    let (inside, outside): (Vec<&Mark>, Vec<&Mark>) =
        brief.marks.iter().partition(|mark| window.overlaps(mark));
    let mut body = String::new();
    let mut top = TOP;
    for lane in Lane::ALL {
        let mut marks: Vec<&Mark> = inside.iter().copied().filter(|m| m.lane == lane).collect();
        if marks.is_empty() {
            continue;
        }
        if marks.len() > MOST {
            top = draw_counts(&mut body, window, lane, &marks, top);
            continue;
        }
        marks.sort_by_key(|m| (m.from.or(m.to), m.to, m.row.clone()));
        top = draw_lane(&mut body, window, lane, &marks, top);
    }
    let height = top + 8.0;
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"group\" aria-labelledby=\"chart-title\" class=\"chart\">\
         <title id=\"chart-title\">Timeline from {} to {}: {} in {} lanes. The table below has the same rows.</title>{}",
        day(window.from),
        day(window.to),
        crate::words::count(inside.len(), "mark", "marks"),
        Lane::ALL
            .iter()
            .filter(|l| inside.iter().any(|m| m.lane == **l))
            .count(),
        gradients(),
    );
    axis(&mut out, window, height);
    out.push_str(&body);
    out.push_str("</svg>");
    let is_counted = |lane: &Lane| inside.iter().filter(|m| m.lane == *lane).count() > MOST;
    if Lane::ALL.iter().any(is_counted) {
        let _ = write!(
            out,
            "<p class=\"note\" dir=\"auto\">A lane with more than {MOST} marks shows how many begin in each month.</p>"
        );
    }
    if !outside.is_empty() {
        let _ = write!(
            out,
            "<p class=\"note\" dir=\"auto\">{} outside of these months: see the table.</p>",
            crate::words::count(outside.len(), "entry lies", "entries lie")
        );
    }
    out
}

/// Fading ends for bars whose days are not known exactly, in the colour of each lane: faded on
/// both sides, to the left, to the right.
fn gradients() -> String {
    let (faded, full) = ("class=\"s0\"", "class=\"s1\"");
    let mut out = String::from("<defs>");
    for lane in Lane::ALL {
        let name = lane.label().to_lowercase();
        let _ = write!(
            out,
            "<g class=\"lane-{name}\">\
             <linearGradient id=\"soft-{name}\"><stop offset=\"0\" {faded}/><stop offset=\".3\" {full}/><stop offset=\".7\" {full}/><stop offset=\"1\" {faded}/></linearGradient>\
             <linearGradient id=\"soft-l-{name}\"><stop offset=\"0\" {faded}/><stop offset=\"1\" {full}/></linearGradient>\
             <linearGradient id=\"soft-r-{name}\"><stop offset=\"0\" {full}/><stop offset=\"1\" {faded}/></linearGradient></g>"
        );
    }
    out + "</defs>"
}

/// The months that the coverage is about: around its publication, and never more than what the
/// marks fill.
fn window(brief: &Brief) -> Option<Window> {
    let published: Vec<Date> = brief.sources.iter().filter_map(|s| s.published).collect();
    let mut ends: Vec<Date> = brief
        .marks
        .iter()
        .flat_map(|m| [m.from, m.to])
        .flatten()
        .collect();
    ends.sort_unstable();
    let (first, last) = (*ends.first()?, *ends.last()?);
    let (low, high) = match (published.iter().min(), published.iter().max()) {
        (Some(low), Some(high)) => (*low, *high),
        // Without any publication date the middle half of the marks says what it is about.
        _ => (ends[ends.len() / 4], ends[ends.len() * 3 / 4]),
    };
    let shift = |date: Date, by: i64| date.saturating_add(days_span(by));
    let from = first.max(shift(low, -BEFORE));
    let to = last.min(shift(high, AFTER));
    if from > to {
        return None;
    }
    let margin = (days(from, to) / 40).max(2);
    Some(Window {
        from: shift(from, -margin),
        to: shift(to, margin),
    })
}

fn days_span(days: i64) -> jiff::Span {
    jiff::Span::new().days(days)
}

fn axis(out: &mut String, window: Window, height: f64) {
    let months = days(window.from, window.to) / 28 + 1;
    let step = [1, 2, 3, 6, 12, 24, 60, 120]
        .into_iter()
        .find(|step| months / step <= 12)
        .unwrap_or(240);
    let mut at = window.from.first_of_month();
    let mut drawn = 0;
    while at <= window.to && drawn < 400 {
        drawn += 1;
        let due = (i64::from(at.year()) * 12 + i64::from(at.month()) - 1) % step == 0;
        if at >= window.from && due {
            let x = window.x(at);
            let label = day(at);
            let label = label.split_once(' ').map_or("", |(_, rest)| rest);
            let _ = write!(
                out,
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"20\" y2=\"{height}\" class=\"grid\"/>\
                 <text x=\"{x:.1}\" y=\"14\" class=\"tick\">{label}</text>"
            );
        }
        at = at.saturating_add(jiff::Span::new().months(1));
    }
}

fn draw_lane(out: &mut String, window: Window, lane: Lane, marks: &[&Mark], top: f64) -> f64 {
    // Right edge of what is drawn in each row so far.
    let mut edges: Vec<f64> = Vec::new();
    let mut shapes = String::new();
    for mark in marks {
        let (x0, x1) = ends(window, mark);
        let label = label_width(mark);
        let flipped = is_flipped(mark, x1);
        let left = if flipped { x0 - label } else { x0 - 6.0 };
        let free = edges.iter().position(|edge| *edge + 4.0 <= left);
        let row = free.unwrap_or_else(|| edges.len().min(ROWS - 1));
        let labelled = free.is_some() || edges.len() < ROWS;
        if row == edges.len() {
            edges.push(0.0);
        }
        let beside = if labelled && !flipped { label } else { 6.0 };
        edges[row] = edges[row].max(x1 + beside);
        let y = top + 4.0 + row as f64 * ROW;
        shape(&mut shapes, mark, lane, (x0, x1), y, labelled);
    }
    let bottom = top + edges.len().max(1) as f64 * ROW + 8.0;
    let middle = top + 17.0;
    let _ = write!(
        out,
        "<g class=\"lane lane-{}\"><rect x=\"0\" y=\"{top}\" width=\"{WIDTH}\" height=\"{}\" class=\"band\"/>\
         <text x=\"8\" y=\"{middle}\" class=\"lane-name\">{}</text>{shapes}</g>",
        lane.label().to_lowercase(),
        bottom - top - 2.0,
        lane.label(),
    );
    bottom
}

/// A lane with too many marks to tell apart: how many begin in each month.
fn draw_counts(out: &mut String, window: Window, lane: Lane, marks: &[&Mark], top: f64) -> f64 {
    let mut months: BTreeMap<Date, usize> = BTreeMap::new();
    for mark in marks {
        let begins = mark.from.or(mark.to).unwrap_or(window.from);
        *months
            .entry(begins.max(window.from).first_of_month())
            .or_default() += 1;
    }
    let most = months.values().max().copied().unwrap_or(1) as f64;
    let name = lane.label().to_lowercase();
    let _ = write!(
        out,
        "<g class=\"lane lane-{name}\"><rect x=\"0\" y=\"{top}\" width=\"{WIDTH}\" height=\"{}\" class=\"band\"/>\
         <text x=\"8\" y=\"{}\" class=\"lane-name\">{}</text>",
        BINS + 6.0,
        top + 17.0,
        lane.label(),
    );
    let width = months.len() as f64 * 14.0;
    let is_wide = width < WIDTH - LEFT - RIGHT;
    for (month, count) in months {
        let x0 = window.x(month.max(window.from));
        let x1 = window.x(month.last_of_month().min(window.to)).max(x0 + 1.0);
        let height = (count as f64 / most * (BINS - 18.0)).max(1.0);
        let label = day(month);
        let label = label.split_once(' ').map_or("", |(_, rest)| rest);
        let _ = write!(
            out,
            "<rect x=\"{x0:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\" class=\"bin\"><title>{label}: {count}</title></rect>",
            top + BINS - height,
            (x1 - x0 - 1.0).max(1.0)
        );
        if is_wide {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" class=\"count\">{count}</text>",
                (x0 + x1) / 2.0,
                top + BINS - height - 3.0
            );
        }
    }
    out.push_str("</g>");
    top + BINS + 8.0
}

fn label_width(mark: &Mark) -> f64 {
    mark.label.chars().count() as f64 * LETTER + 12.0
}

/// Whether the label stands on the left for want of room on the right.
fn is_flipped(mark: &Mark, x1: f64) -> bool {
    x1 + label_width(mark) > WIDTH
}

fn ends(window: Window, mark: &Mark) -> (f64, f64) {
    let x0 = window.x(mark.from.unwrap_or(window.from));
    let x1 = window.x(mark.to.unwrap_or(window.to));
    (x0, x1)
}

fn shape(out: &mut String, mark: &Mark, lane: Lane, (x0, x1): (f64, f64), y: f64, labelled: bool) {
    let class = if mark.actual { "fact" } else { "open" };
    let link = mark.row.as_deref().map(|row| format!("#{}", escape(row)));
    let _ = write!(
        out,
        "<a href=\"{}\"><title>{}</title>",
        link.as_deref().unwrap_or("#timeline"),
        escape(&mark.title)
    );
    let exact = mark.from.is_some() && mark.from == mark.to;
    if exact {
        point(out, lane, class, x0, y);
    } else {
        let fill = match (mark.from, mark.to) {
            (None, _) => "soft-l",
            (_, None) => "soft-r",
            _ => "soft",
        };
        let name = lane.label().to_lowercase();
        let width = (x1 - x0).max(8.0);
        let _ = write!(
            out,
            "<rect x=\"{x0:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"8\" rx=\"4\" fill=\"url(#{fill}-{name})\" class=\"bar {class}\"/>",
            y + 2.0
        );
    }
    if labelled {
        label(out, mark, (x0, x1), y);
    }
    out.push_str("</a>");
}

/// The mark of one day: each lane has its own.
fn point(out: &mut String, lane: Lane, class: &str, x0: f64, y: f64) {
    let middle = y + 6.0;
    match lane {
        Lane::Violence => {
            let _ = write!(
                out,
                "<path d=\"M{x0:.1} {y} l6 12 h-12 z\" class=\"{class}\"/>"
            );
        }
        Lane::Commitments => {
            let _ = write!(
                out,
                "<path d=\"M{x0:.1} {y} l6 6 -6 6 -6 -6 z\" class=\"{class}\"/>"
            );
        }
        Lane::Statements => {
            let _ = write!(
                out,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" class=\"{class}\"/>",
                x0 - 5.0,
                y + 1.0
            );
        }
        Lane::Talks => {
            let _ = write!(
                out,
                "<circle cx=\"{x0:.1}\" cy=\"{middle:.1}\" r=\"5.5\" class=\"{class}\"/>"
            );
        }
    }
}

fn label(out: &mut String, mark: &Mark, (x0, x1): (f64, f64), y: f64) {
    let exact = mark.from.is_some() && mark.from == mark.to;
    let at = if exact {
        x0 + 9.0
    } else {
        x1.max(x0 + 8.0) + 4.0
    };
    let anchor = if is_flipped(mark, x1) {
        format!("x=\"{:.1}\" text-anchor=\"end\"", x0 - 9.0)
    } else {
        format!("x=\"{at:.1}\"")
    };
    let _ = write!(
        out,
        "<text {anchor} y=\"{:.1}\" class=\"mark\">{}</text>",
        y + 10.0,
        escape(&mark.label)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn mark(from: &str, to: &str) -> Mark {
        Mark {
            lane: Lane::Talks,
            from: from.parse().ok(),
            to: to.parse().ok(),
            actual: true,
            label: "talks".into(),
            title: "talks <b>".into(),
            row: None,
        }
    }

    #[test]
    fn old_history_does_not_squeeze_the_picture() {
        let source = Source {
            published: "2024-02-15".parse().ok(),
            ..Source::default()
        };
        let brief = Brief {
            marks: vec![
                mark("2014-01-01", "2014-12-31"),
                mark("2024-01-27", "2024-01-27"),
                mark("2024-02-01", ""),
            ],
            sources: vec![source],
            ..Brief::default()
        };
        let drawn = svg(&brief);
        assert!(drawn.contains("Jan 2024") && !drawn.contains("2014"));
        assert!(drawn.contains("1 entry lies outside"));
        assert!(drawn.contains("soft-r") && drawn.contains("&lt;b&gt;"));
        assert!(svg(&Brief::default()).is_empty());
    }
}
