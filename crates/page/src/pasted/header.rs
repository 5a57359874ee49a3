//! Title, byline, date and site from the lines around the article.

use rapporteur_base::Date;

use super::lines::Line;
use super::region::Region;
use crate::article::{Article, AuthorKind, DateEvidence, Published, TitleForm};
use crate::names;
use crate::phrases::Kinds;

/// Lines above the body that may hold title, byline and date.
const REACH: usize = 14;

/// Fills title, authors, dates and site.
pub(crate) fn read(
    lines: &[Line<'_>],
    region: Option<&Region>,
    crawled: Option<Date>,
    article: &mut Article,
) {
    article.site = site(lines);
    let Some(region) = region else { return };
    let title = title(lines, region);
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
    let to = (region.first + 4).min(lines.len());
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
    at < region.first + 6 && line.words <= 14 && is_byline(line)
}

fn is_byline(line: &Line<'_>) -> bool {
    if line.words > 16 || line.stop && line.words > 6 {
        return false;
    }
    line.start.has(Kinds::BY)
        && byline_names(line)
            .iter()
            .any(|n| names::is_person(n) || names::kind(n, None, None) != AuthorKind::Person)
        || line.start.has(Kinds::BY) && line.date.is_some()
}

fn byline_names(line: &Line<'_>) -> Vec<String> {
    names::split(line.text)
}

fn title(lines: &[Line<'_>], region: &Region) -> Option<usize> {
    let body: String = region
        .lines
        .iter()
        .take(12)
        .map(|at| lines[*at].text.to_lowercase() + " ")
        .collect();
    let from = region.first.saturating_sub(REACH);
    let mut best: Option<(f32, usize)> = None;
    for at in from..=region.first {
        let score = title_score(lines, at, region, &body);
        if score > 0.0 && best.is_none_or(|(s, _)| score >= s) {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

fn title_score(lines: &[Line<'_>], at: usize, region: &Region, body: &str) -> f32 {
    let line = &lines[at];
    if !(2..=32).contains(&line.words)
        || line.is_furniture()
        || line.is_date_only()
        || is_byline(line)
        || line.whole.has(Kinds::END)
    {
        return 0.0;
    }
    let inside = at == region.first;
    if inside && (line.stop || line.words > 20) {
        return 0.0;
    }
    let mut score = 1.0;
    let content: Vec<&str> = line
        .lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() > 3)
        .collect();
    let shared = content.iter().filter(|w| body.contains(**w)).count();
    if !content.is_empty() {
        score += 3.0 * shared as f32 / content.len() as f32;
    }
    score += match line.words {
        5..=20 => 1.5,
        4 | 21..=26 => 0.8,
        _ => 0.0,
    };
    if line.stop && !line.text.ends_with('?') && !line.text.ends_with('!') {
        score -= 1.2;
    }
    if line.bullet {
        score -= 1.5;
    }
    if line.start.has(Kinds::FURNITURE) || line.start.has(Kinds::END) {
        score -= 2.5;
    }
    // A headline stands in front of the body; a long way off is another article's.
    let far = lines[at + 1..region.first.max(at + 1)]
        .iter()
        .filter(|l| !l.is_furniture() && !l.is_date_only() && !is_byline(l))
        .count();
    score - 0.15 * far as f32
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
    for line in lines[from..to].iter().filter(|l| is_byline(l)) {
        found.extend(byline_names(line));
    }
    if found.is_empty() {
        // A name alone on a line, next to the title or to the date.
        for at in from..to {
            let line = &lines[at];
            let near = at.abs_diff(top) <= 2 && at > top
                || at > 0 && lines[at - 1].date.is_some() && lines[at - 1].is_date_only()
                || lines.get(at + 1).is_some_and(|n| n.is_date_only());
            let lone = at != top
                && !line.bullet
                && line.words <= 5
                && line.repeats <= 2
                && !line.is_furniture();
            if near
                && lone
                && names::is_person(line.text)
                && line.whole == Kinds::default()
                && line.start == Kinds::default()
            {
                found.extend(byline_names(line));
                origin = "line";
                break;
            }
        }
    }
    let names: Vec<String> = found
        .into_iter()
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

/// Every date is kept as evidence; one near the title is the publication date.
fn dates(
    lines: &[Line<'_>],
    region: &Region,
    (from, to, top): (usize, usize, usize),
    crawled: Option<Date>,
    article: &mut Article,
) {
    let mut best: Option<(u8, Date, &'static str)> = None;
    for (at, line) in lines.iter().enumerate() {
        let Some(found) = line.date else { continue };
        if region.lines.contains(&at) && !line.is_date_only() && !is_byline(line) {
            continue;
        }
        let near = (from..to).contains(&at);
        let after = at > region.last && at <= region.last + 6;
        let (role, rank) = role(line, near, after, at, top);
        article.dates.push(DateEvidence {
            date: found.date,
            origin: "line".into(),
            role: role.into(),
            text: line.text.chars().take(120).collect(),
        });
        let late = crawled.is_some_and(|c| found.date > c);
        if rank > 0 && !late && best.is_none_or(|(r, ..)| rank < r) {
            best = Some((
                rank,
                found.date,
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
        (false, true) if line.words <= 14 => ("published", 5),
        _ => ("unknown", 0),
    }
}
