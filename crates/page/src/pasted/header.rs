//! Title, byline, date and site from the lines around the article.

use rapporteur_base::Date;

use super::lines::Line;
use super::notice::Marks;
use super::region::Region;
use crate::article::{Article, AuthorKind, DateEvidence, Published, TitleForm};
use crate::names;
use crate::phrases::Kinds;
use crate::when;

/// Lines above the body that may hold title, byline and date.
const REACH: usize = 45;

/// Lines into the region at which a headline is still looked for.
const INSIDE: usize = 25;

/// Lines above and below a byline that hold headline and text of its article.
const AROUND: usize = 8;

/// The lines at which an article begins: a byline with its date, a title over it and prose under it.
pub(crate) fn heads(lines: &[Line<'_>]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.bullet || line.repeats > 2 || !is_byline(line) {
            continue;
        }
        let around = lines.get(at.saturating_sub(2)..(at + 3).min(lines.len()));
        let dated = around.is_some_and(|l| l.iter().any(|l| l.date.is_some()));
        let titled = (at.saturating_sub(AROUND)..at).rev().find(|above| {
            let above = &lines[*above];
            may_be_title(above) && above.words >= 4 && !above.bullet
        });
        let below = lines.get(at + 1..(at + 1 + AROUND).min(lines.len()));
        let prose = below.is_some_and(|l| l.iter().any(|l| l.is_prose() && l.weight > 0.0));
        if let Some(top) = titled.filter(|_| dated && prose)
            && out.last().is_none_or(|o| top > *o + 2)
        {
            out.push(top);
        }
    }
    out
}

/// Moves the start of the region to the headline: prose between the two belongs to the article,
/// what stands before the headline does not.
pub(crate) fn anchor(lines: &[Line<'_>], region: &mut Region) -> Option<usize> {
    let top = title(lines, region)?;
    if top >= region.first {
        region.lines.retain(|at| *at > top);
        region.first = region.lines.first().copied().unwrap_or(top);
        return Some(top);
    }
    let small = Marks::NOTICE.or(Marks::CREDIT).or(Marks::CAPTION);
    let own = |at: &usize| {
        let line = &lines[*at];
        let head = is_byline(line)
            || is_dated(line)
            || line.is_date_only()
            || is_credit(line)
            || is_bare_by(line);
        let text =
            line.stop && line.words >= 6 || *at == top + 1 && line.words >= 7 && !line.bullet;
        text && !head
            && !line.is_furniture()
            && !line.is_end_marker()
            && !line.start.has(Kinds::FURNITURE)
            && line.repeats == 1
            && !line.marks.has(small)
    };
    let near = |at: &usize| *at <= top + 4 || at + 6 >= region.first;
    let mut more: Vec<usize> = (top + 1..region.first).filter(near).filter(own).collect();
    more.append(&mut region.lines);
    region.lines = more;
    Some(top)
}

/// Fills title, authors, dates and site.
pub(crate) fn read(
    lines: &[Line<'_>],
    region: Option<(&Region, Option<usize>)>,
    crawled: Option<Date>,
    article: &mut Article,
) {
    article.site = site(lines);
    let Some((region, title)) = region else {
        return;
    };
    if let Some(at) = title {
        article.title = lines[at]
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        article.title_forms.push(TitleForm {
            origin: "line".into(),
            text: article.title.clone(),
        });
    }
    let top = title.unwrap_or(region.first);
    let from = top.saturating_sub(5);
    let to = (region.first + 5).min(lines.len());
    bylines(lines, from, to, top, article);
    dates(lines, region, (from, to, top), crawled, article);
}

/// Whether a line of the region belongs to the head of the article and not to its text.
pub(crate) fn is_part(line: &Line<'_>, at: usize, region: &Region, article: &Article) -> bool {
    if line
        .text
        .split_whitespace()
        .eq(article.title.split_whitespace())
    {
        return true;
    }
    at < region.first + 6
        && line.words <= 14
        && (is_byline(line) || is_dated(line) || is_credit(line))
}

/// A short line with a date that is no sentence: "A. Writer, 3 May 2024, 19:35".
fn is_dated(line: &Line<'_>) -> bool {
    line.date.is_some()
        && line.words <= 12
        && (!line.stop || line.start.has(Kinds::DATED.or(Kinds::UPDATED)))
}

fn is_byline(line: &Line<'_>) -> bool {
    if line.words > 18 || line.stop && line.words > 8 {
        return false;
    }
    let named = || {
        byline_names(line)
            .iter()
            .any(|n| names::is_person(n) || names::kind(n, None, None) != AuthorKind::Person)
    };
    let by = line.start.has(Kinds::BY)
        || line
            .text
            .strip_prefix("By")
            .or(line.text.strip_prefix("by"))
            .is_some_and(|t| t.starts_with(|c: char| c.is_uppercase()));
    let dated_by = || {
        line.date.is_some()
            && [" by ", " von ", " par ", " por "]
                .iter()
                .any(|w| line.lower.contains(w))
            && line.words <= 14
    };
    by && (line.date.is_some() || named()) || dated_by() && named()
}

/// "By" or "Author:" with the name on the next line.
fn is_bare_by(line: &Line<'_>) -> bool {
    line.words <= 2 && line.text.len() <= 24 && names::by_alone(&line.lower)
}

fn byline_names(line: &Line<'_>) -> Vec<String> {
    // "3 May 2024 by Ana Lind": the name stands behind the date.
    if let Some(behind) = line.date.and_then(|d| line.text.get(d.to..)) {
        let lower = behind.to_lowercase();
        let by = [" by ", " von ", " par ", " por "]
            .iter()
            .find_map(|w| Some(lower.find(w)? + w.len()));
        if let Some(rest) = by.and_then(|at| behind.get(at..)) {
            return names::split(rest);
        }
    }
    names::split(line.text)
}

/// Words of picture credits and notices, not of headlines.
fn is_credit(line: &Line<'_>) -> bool {
    const WORDS: &[&str] = &[
        "photo",
        "image",
        "credit",
        "courtesy",
        "getty",
        "illustration",
        "foto",
        "bild",
        "©",
        "commission",
        "affiliate",
        "cookie",
        "صورة",
    ];
    line.words <= 24
        && WORDS.iter().any(|w| {
            line.lower
                .split(|c: char| !c.is_alphanumeric() && c != '©')
                .any(|x| x == *w)
        })
        && (line.lower.contains(':')
            || line.lower.contains('/')
            || line.lower.contains(" by ")
            || line.lower.contains("we may")
            || line.lower.contains("courtesy")
            || line.lower.contains('('))
}

fn title(lines: &[Line<'_>], region: &Region) -> Option<usize> {
    let body: String = region
        .lines
        .iter()
        .take(12)
        .map(|at| lines[*at].text.to_lowercase() + " ")
        .collect();
    let from = region.first.saturating_sub(REACH);
    let to = (region.first + INSIDE).min(region.last + 1);
    let total: usize = lines[region.first..=region.last]
        .iter()
        .filter(|l| l.is_prose())
        .map(|l| l.words)
        .sum();
    let mut before = 0;
    let mut best: Option<(f32, usize)> = None;
    for at in from..to {
        if at >= region.first {
            // Inside the region only a line with its own byline, and little text before it, is a headline.
            before += if lines[at].is_prose() {
                lines[at].words
            } else {
                0
            };
            if at > region.first + 1
                && (before * 4 > total
                    || header_follows(lines, at, region) < 1.0
                    || shared(&lines[at], &body) < 0.6)
            {
                continue;
            }
        }
        let score = title_score(lines, at, region, &body);
        if score > 0.0 && best.is_none_or(|(s, _)| score > s) {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

/// Whether a line may be a headline at all.
fn may_be_title(line: &Line<'_>) -> bool {
    (2..=34).contains(&line.words)
        && line.text.len() < 400
        && !(line.is_furniture()
            || line.is_date_only()
            || is_byline(line)
            || line.whole.has(Kinds::END)
            || is_credit(line))
}

/// Share of the longer words of a line that the body has too; of its character pairs where a
/// script puts no spaces.
fn shared(line: &Line<'_>, body: &str) -> f32 {
    let letters: Vec<char> = line.lower.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters
        .iter()
        .filter(|c| crate::phrases::is_unspaced(**c))
        .count()
        * 2
        > letters.len()
    {
        let pairs: Vec<String> = letters.windows(2).map(|w| w.iter().collect()).collect();
        let found = pairs.iter().filter(|p| body.contains(p.as_str())).count();
        return found as f32 / pairs.len().max(1) as f32;
    }
    let content: Vec<&str> = line
        .lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() > 3)
        .collect();
    if content.is_empty() {
        return 0.0;
    }
    content.iter().filter(|w| body.contains(**w)).count() as f32 / content.len() as f32
}

fn title_score(lines: &[Line<'_>], at: usize, region: &Region, body: &str) -> f32 {
    let line = &lines[at];
    if !may_be_title(line) {
        return 0.0;
    }
    if at >= region.first && (line.stop && !line.text.ends_with(['?', '!']) || line.words > 22) {
        return 0.0;
    }
    let mut score = 1.0 + 3.0 * shared(line, body);
    score += match line.words {
        5..=20 => 1.5,
        4 | 21..=26 => 0.8,
        _ => 0.0,
    };
    score += header_follows(lines, at, region);
    let opens = lines[0].lower.starts_with(&line.lower) && at > 0 && line.words >= 4;
    score += if line.repeats == 2 || opens { 0.8 } else { 0.0 };
    score -= if line.stop && line.text.ends_with(['.', '…', ':', '。']) {
        1.2
    } else {
        0.0
    };
    // "Home / News / Headline", "12 min read"
    let trail = line.text.matches(" / ").count()
        + line.text.matches(" > ").count()
        + line.text.matches(" » ").count();
    score -= if trail >= 2 || line.lower.ends_with("min read") {
        2.5
    } else {
        0.0
    };
    score -= if line.bullet { 1.5 } else { 0.0 };
    score -= if line.start.has(Kinds::FURNITURE) || line.start.has(Kinds::END) {
        2.5
    } else {
        0.0
    };
    score -= if names::is_person(line.text) && line.words <= 3 && shared(line, body) < 0.5 {
        2.0
    } else {
        0.0
    };
    // The second of two headlines is a standfirst.
    let after_title = at > 0
        && lines[at - 1].gap < 4
        && may_be_title(&lines[at - 1])
        && !lines[at - 1].bullet
        && lines[at - 1].words >= 4
        && shared(&lines[at - 1], body) >= 0.3;
    score -= if after_title { 1.0 } else { 0.0 };
    score - distance(lines, at, region)
}

/// A byline or a date soon after a line makes it a headline.
fn header_follows(lines: &[Line<'_>], at: usize, region: &Region) -> f32 {
    let near = lines
        .iter()
        .enumerate()
        .skip(at + 1)
        .take(6)
        .take_while(|(i, l)| *i < region.first + 4 && !(l.words > 40 && l.stop));
    for (step, (_, line)) in near.enumerate() {
        if is_byline(line) || is_bare_by(line) || is_dated(line) || line.is_date_only() {
            return if step < 3 { 1.3 } else { 0.6 };
        }
    }
    0.0
}

/// What stands between a line and the body speaks against it.
fn distance(lines: &[Line<'_>], at: usize, region: &Region) -> f32 {
    let between = lines.get(at + 1..region.first).unwrap_or(&[]);
    let cost: f32 = between
        .iter()
        .map(|l| {
            if l.is_furniture() || l.is_date_only() || is_byline(l) || is_credit(l) {
                0.02
            } else if l.bullet {
                0.1
            } else {
                0.07
            }
        })
        .sum();
    cost.min(2.5)
}

/// The outlet: a copyright line's holder, in the form in which it stands alone on a line.
fn site(lines: &[Line<'_>]) -> Option<String> {
    let mut held = None;
    for line in lines.iter().filter(|l| l.words <= 14 && l.text.len() < 160) {
        let Some(at) = line.text.find('©').or_else(|| {
            line.lower
                .find("copyright")
                .filter(|at| line.text.is_char_boundary(*at))
        }) else {
            continue;
        };
        let rest = &line.text[at..];
        let rest = rest.trim_start_matches(|c: char| !c.is_alphabetic());
        let rest = rest
            .strip_prefix("Copyright")
            .or(rest.strip_prefix("copyright"))
            .unwrap_or(rest);
        let rest = rest
            .trim_start_matches(|c: char| !c.is_alphabetic())
            .trim_start_matches("by ");
        let name: String = rest
            .split(['.', ',', '|', '-', '–', '·'])
            .next()
            .unwrap_or("")
            .trim()
            .to_owned();
        let lower = name.to_lowercase();
        let cut = ["all right", " inc", " ltd", " llc", " gmbh"]
            .iter()
            .filter_map(|w| lower.find(w))
            .min();
        let name = cut
            .and_then(|c| name.get(..c))
            .unwrap_or(&name)
            .trim()
            .to_owned();
        if (2..=40).contains(&name.len()) {
            held = Some(name);
            break;
        }
    }
    if let Some(name) = &held {
        let key = names::squash(name);
        if let Some(line) = lines
            .iter()
            .find(|l| l.words <= 6 && names::squash(l.text) == key)
        {
            return Some(line.text.to_owned());
        }
        return held;
    }
    let most = lines.iter().take(80).filter(|l| {
        l.repeats >= 3
            && (1..=4).contains(&l.words)
            && !l.is_furniture()
            && !l.bullet
            && l.date.is_none()
            && l.whole == Kinds::default()
    });
    most.max_by_key(|l| l.repeats).map(|l| l.text.to_owned())
}

fn bylines(lines: &[Line<'_>], from: usize, to: usize, top: usize, article: &mut Article) {
    let site = article.site.clone();
    let mut found: Vec<String> = Vec::new();
    let mut origin = "byline";
    let mut last = None;
    for at in from..to {
        let line = &lines[at];
        // The bylines of one article stand together.
        if last.is_some_and(|l| at > l + 2) {
            break;
        }
        let before = found.len();
        if is_bare_by(line) {
            let next = lines[at + 1..to.max(at + 1)]
                .iter()
                .take(1)
                .filter(|l| l.words <= 12 && !l.is_furniture());
            found.extend(next.flat_map(byline_names));
        } else if is_byline(line) && !is_credit(line) {
            found.extend(byline_names(line));
        }
        if found.len() > before {
            last = Some(at);
        }
    }
    if found.is_empty() {
        found.extend(lone_name(lines, from, to, top));
        origin = "line";
    }
    let names: Vec<String> = found
        .into_iter()
        .map(|n| names::without_site(&n, site.as_deref()))
        .filter(|n| {
            names::is_person(n) || names::kind(n, site.as_deref(), None) != AuthorKind::Person
        })
        .collect();
    article.authors = names::authors(names, origin, site.as_deref(), None);
    article.agency = article
        .authors
        .iter()
        .find(|a| a.kind == AuthorKind::Agency)
        .map(|a| a.name.clone());
}

/// "3 May 2024 / Ana Lind"
fn behind_date(line: &Line<'_>) -> Option<String> {
    let behind = line.text.get(line.date?.to..)?;
    let name = behind.trim_matches(|c: char| !c.is_alphabetic());
    names::is_person(name).then(|| name.to_owned())
}

/// A name on a line of its own, next to the title or to the date.
fn lone_name(lines: &[Line<'_>], from: usize, to: usize, top: usize) -> Vec<String> {
    for at in from..to {
        let line = &lines[at];
        let dated = |l: Option<&Line<'_>>| l.is_some_and(|l| l.is_date_only() || is_dated(l));
        let near = at > top && at <= top + 3
            || dated(at.checked_sub(1).and_then(|b| lines.get(b)))
            || dated(lines.get(at + 1))
            || line.date.is_some();
        let lone = at != top
            && line.words <= 12
            && line.repeats <= 3
            && !line.is_furniture()
            && (!line.stop || line.date.is_some())
            && !line.start.has(Kinds::DATED.or(Kinds::UPDATED));
        if !near || !lone || line.whole != Kinds::default() || is_credit(line) {
            continue;
        }
        let names: Vec<String> = byline_names(line)
            .into_iter()
            .filter(|n| names::is_person(n))
            .collect();
        let all = names
            .iter()
            .map(|n| n.split_whitespace().count())
            .sum::<usize>();
        // "Ana Lind 2 minutes read", "3 May 2024 / Ana Lind"
        if at > top
            && at <= top + 3
            && line.words <= 9
            && let Some(name) = names::leading_person(line.text).or_else(|| behind_date(line))
        {
            return vec![name];
        }
        let whole = names
            .first()
            .is_some_and(|n| line.text.trim_start().starts_with(n.as_str()));
        if whole && (all + 3 + 2 * (names.len() - 1) >= line.words || line.date.is_some()) {
            return names;
        }
    }
    Vec::new()
}

/// Every date is kept as evidence; one near the title is the publication date.
fn dates(
    lines: &[Line<'_>],
    region: &Region,
    (from, to, top): (usize, usize, usize),
    crawled: Option<Date>,
    article: &mut Article,
) {
    let month_first = month_first(lines);
    let mut best: Option<(u8, Date, &'static str)> = None;
    for (at, line) in lines.iter().enumerate() {
        let Some(found) = line.date else { continue };
        let date = if month_first {
            found.swapped.unwrap_or(found.date)
        } else {
            found.date
        };
        let head = is_byline(line) || is_dated(line) && at < region.first + 6;
        if region.lines.binary_search(&at).is_ok() && !line.is_date_only() && !head {
            continue;
        }
        let near = (from..to).contains(&at);
        let after = at > region.last && at <= region.last + 6;
        let (role, rank) = role(line, near, after, at, top);
        article.dates.push(DateEvidence {
            date,
            origin: "line".into(),
            role: role.into(),
            text: line.text.chars().take(120).collect(),
        });
        let late = crawled.is_some_and(|c| date > c);
        if rank > 0 && !late && best.is_none_or(|(r, ..)| rank < r) {
            best = Some((
                rank,
                date,
                if role == "modified" {
                    "line:updated"
                } else {
                    "line"
                },
            ));
        }
    }
    article.published = best.map(|(rank, date, origin)| Published {
        date,
        time: None,
        origin: origin.into(),
        rank,
    });
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
