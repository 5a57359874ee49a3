//! The dates of the page and which of them is that of first publication.

use rapporteur_base::Date;

use super::super::lines::Line;
use super::super::notice::Marks;
use super::super::region::Region;
use super::byline::is_byline;
use crate::article::{Article, DateEvidence, Published};
use crate::phrases::{self, Kinds};
use crate::when::{self, Found};

/// A short line with a date that is no sentence: "A. Writer, 3 May 2024, 19:35".
pub(super) fn is_dated(line: &Line<'_>) -> bool {
    let Some(date) = line.date else { return false };
    let said = line.start.has(Kinds::DATED.or(Kinds::UPDATED));
    let opens = date.from == 0 && line.words <= 24 && line.text.len() < 160;
    opens && !is_running(line, &date)
        || line.words <= 12 && (!line.stop || line.text.ends_with('!') || said)
        || said && line.words <= 26 && date.from < 40
}

/// Text that begins with a date: "3 May 2024 was the day on which ..."
fn is_running(line: &Line<'_>, date: &Found) -> bool {
    let behind = line.text.get(date.to..).unwrap_or("");
    let words = behind
        .split_whitespace()
        .filter(|w| w.chars().all(char::is_lowercase) && w.chars().count() > 2);
    line.stop && words.count() > 3
}

/// A date with its place among the evidence.
struct Dated {
    date: Date,
    role: &'static str,
    rank: u8,
}

impl Dated {
    fn origin(&self) -> &'static str {
        if self.role == "modified" {
            "line:updated"
        } else {
            "line"
        }
    }
}

/// Every date is kept as evidence; one near the title is the publication date.
pub(super) fn read(
    lines: &[Line<'_>],
    region: &Region,
    (from, to, top): (usize, usize, usize),
    crawled: Option<Date>,
    article: &mut Article,
) {
    let late = |day: Date| crawled.is_some_and(|c| day > c);
    let month_first = month_first(lines);
    let text = first_text(lines, region, top);
    let mut best: Option<(u8, Date, &'static str)> = None;
    for (at, line) in lines.iter().enumerate() {
        if line.date.is_none() {
            continue;
        }
        let head = is_byline(line) || is_dated(line) && at < region.first + 8;
        if region.lines.binary_search(&at).is_ok() && !line.is_date_only() && !head {
            continue;
        }
        // Behind the first paragraph a date alone is that of an inset.
        let said = line.start.has(Kinds::DATED.or(Kinds::UPDATED)) || is_byline(line);
        let bare = line.is_date_only() && !said;
        let near = (from..to).contains(&at) && (!bare || at <= text);
        let after = at > region.last && at <= region.last + 6;
        let (role, rank) = match role(line, near, after, at, top) {
            // Some papers print day and hour under the text.
            (_, 0) if after && closes(lines, region.last, at) => ("published", 5),
            found => found,
        };
        for found in parts(line, role, rank, month_first) {
            article.dates.push(DateEvidence {
                date: found.date,
                origin: "line".into(),
                role: found.role.into(),
                text: line.text.chars().take(120).collect(),
            });
            let better = best.is_none_or(|(r, ..)| found.rank < r);
            if found.rank > 0 && !late(found.date) && better {
                best = Some((found.rank, found.date, found.origin()));
            }
        }
    }
    best = best.or_else(|| {
        let day = by_clock(&lines[..to], from, top)?;
        (!late(day)).then_some((7, day, "line:clock"))
    });
    article.published = best.map(|(rank, date, origin)| Published {
        date,
        time: None,
        origin: origin.into(),
        rank,
    });
}

/// "Published 14:05" on a page that names the day in its head.
fn by_clock(lines: &[Line<'_>], from: usize, top: usize) -> Option<Date> {
    let hour = lines.get(from..)?.iter().any(is_hour);
    let day = lines.iter().take(top).rev().find_map(clock);
    day.filter(|_| hour)
}

/// "Published 14:05": an hour of publication without its day.
fn is_hour(line: &Line<'_>) -> bool {
    let hour = line.text.split_whitespace().any(|w| {
        let parts: Vec<&str> = w.split([':', '.']).collect();
        parts.len() == 2
            && parts
                .iter()
                .all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    });
    let said = line
        .lower
        .split(['|', '•', '·'])
        .any(|p| phrases::start(p).has(Kinds::DATED));
    hour && said && line.words <= 6 && line.date.is_none()
}

/// The day of a page's clock: a weekday and a date and no more.
fn clock(line: &Line<'_>) -> Option<Date> {
    let found = line.date?;
    when::is_clock(line.text, &found).then_some(found.date)
}

/// A day with its hour right behind the text, with no title between.
fn closes(lines: &[Line<'_>], last: usize, at: usize) -> bool {
    let line = &lines[at];
    let hour = line
        .date
        .and_then(|d| line.text.get(d.to..))
        .is_some_and(|t| t.contains(':') && t.chars().any(|c| c.is_ascii_digit()));
    line.is_date_only()
        && hour
        && lines[last + 1..at]
            .iter()
            .all(|l| l.words < 4 || l.is_furniture())
}

/// The first paragraph of the text, a standfirst right under the title aside.
fn first_text(lines: &[Line<'_>], region: &Region, top: usize) -> usize {
    let text = |at: &&usize| {
        let line = &lines[**at];
        line.is_prose()
            && line.words >= 25
            && (**at > top + 3 || line.words > 60)
            && !line.marks.has(Marks::ROLE)
    };
    region
        .lines
        .iter()
        .find(text)
        .copied()
        .unwrap_or(region.last)
}

/// The dates of one line. In "Updated 4 May 2024, first published 2 May 2024" the words before
/// each tell which is which.
fn parts(line: &Line<'_>, role: &'static str, rank: u8, month_first: bool) -> Vec<Dated> {
    let found = when::find(line.text);
    let several = found.len() > 1 && rank > 0;
    let mut out: Vec<Dated> = Vec::new();
    let mut from = 0;
    for (n, date) in found.iter().enumerate().take(4) {
        let day = if month_first {
            date.swapped.unwrap_or(date.date)
        } else {
            date.date
        };
        let said = line.text.get(from..date.from).unwrap_or("").to_lowercase();
        from = date.to;
        let (role, rank) = match said_of(&said) {
            Some("modified") if several => ("modified", 6),
            Some("published") if several => ("published", rank.min(2)),
            _ if n > 0 => ("unknown", 0),
            _ => (role, rank),
        };
        out.push(Dated {
            date: day,
            role,
            rank,
        });
    }
    out
}

/// What the words before a date call it.
fn said_of(before: &str) -> Option<&'static str> {
    let words: Vec<&str> = before
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let tail = words.len().saturating_sub(4);
    let mut said = None;
    for word in &words[tail..] {
        let kinds = phrases::exact_start(word);
        if kinds.has(Kinds::UPDATED) {
            said = Some("modified");
        } else if kinds.has(Kinds::DATED) && word.chars().count() > 3 {
            said = Some("published");
        }
    }
    said
}

/// The role of a date line and the rank of it as evidence for publication; rank 0 is none.
fn role(line: &Line<'_>, near: bool, after: bool, at: usize, top: usize) -> (&'static str, u8) {
    let copyright = line.text.contains('©') || line.lower.contains("copyright");
    if copyright {
        return ("copyright", 0);
    }
    if !near && !after {
        let clock = at < top && line.is_date_only();
        return (if clock { "clock" } else { "related" }, 0);
    }
    // A weekday and a date over the headline, and no more, are the page's clock.
    let bare = line.date.is_some_and(|d| when::is_clock(line.text, &d));
    let said = line.start.has(Kinds::DATED.or(Kinds::UPDATED)) || is_byline(line);
    if at < top && bare && !said {
        return ("clock", 0);
    }
    let dated = line.start.has(Kinds::DATED)
        || line.lower.contains("published")
        || line.lower.contains("posted");
    if line.start.has(Kinds::UPDATED) && !dated {
        return ("modified", 6);
    }
    match (dated, near) {
        (true, true) => ("published", 2),
        (true, false) => ("published", 3),
        (false, true) if is_byline(line) => ("published", 2),
        (false, true) if line.is_date_only() => ("published", if at >= top { 3 } else { 4 }),
        (false, true) if is_dated(line) => ("published", 4),
        (false, true) if line.words <= 14 && !line.stop => ("published", 5),
        _ => ("unknown", 0),
    }
}

/// Whether the page writes the month first in `3/4/2024`: another of its dates, or a clock of
/// twelve hours, tells.
fn month_first(lines: &[Line<'_>]) -> bool {
    let (mut month, mut day) = (0, 0);
    for line in lines {
        let Some(found) = line.date else { continue };
        let written = line.text.get(found.from..found.to).unwrap_or("");
        let mut numbers = written.split('/').map(|n| n.parse::<u32>().unwrap_or(0));
        let (a, b) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        month += u32::from(b > 12 && a <= 12 && a > 0);
        day += u32::from(a > 12 && a < 32 && b > 0 && b <= 12);
        let clock = line.lower.get(found.to..).is_some_and(|t| {
            t.contains(" pm") || t.contains(" am") || t.contains("p.m.") || t.contains("a.m.")
        });
        month += u32::from(found.swapped.is_some() && clock);
    }
    month > day
}
