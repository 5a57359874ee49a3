use rapporteur_base::Date;

use super::Facts;
use crate::article::{Article, DateEvidence, Published};
use crate::html::{Dom, Tag};
use crate::page::{Blocks, Flags};
use crate::phrases::Kinds;
use crate::when;

/// Names of `<meta>` that state first publication, best first.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "og:published_time",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_at",
    "article.published",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "date",
    "og:pubdate",
    "rnews:datepublished",
    "lp.article:published_time",
    "last-published",
    "originalpublicationdate",
    "date_published",
    "displaydate",
    "ptime",
    "timestamp",
    "created",
    "dcterms.date",
    "bt:pubdate",
    "vr:published_time",
    "iso-8601-publish-date",
    "article_date_original",
    "analyticsattributes.articledate",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
];

struct Candidate {
    date: Date,
    time: Option<String>,
    origin: String,
    rank: u8,
    role: &'static str,
    text: String,
}

/// Gathers the dates and chooses that of first publication.
pub(super) fn read(
    dom: &Dom<'_>,
    blocks: &Blocks,
    facts: &Facts<'_>,
    crawled: Option<Date>,
    article: &mut Article,
) {
    let mut found: Vec<Candidate> = Vec::new();
    stated(facts, &mut found);
    times(dom, blocks, facts, &mut found);
    visible(blocks, facts, &mut found);
    if let Some(date) = facts.url.or(facts.canonical.as_deref()).and_then(of_url) {
        found.push(Candidate {
            date,
            time: None,
            origin: "url".into(),
            rank: 8,
            role: "url",
            text: String::new(),
        });
    }
    let late = |d: Date| crawled.is_some_and(|c| d > c.saturating_add(rapporteur_day()));
    let best = found
        .iter()
        .filter(|c| c.rank > 0 && !late(c.date))
        .min_by_key(|c| c.rank);
    let best = best.map(|c| own_zone(c, &found));
    article.published = best.map(|c| Published {
        date: c.date,
        time: c.time.clone(),
        origin: c.origin.clone(),
        rank: c.rank,
    });
    article.dates = found
        .into_iter()
        .take(60)
        .map(|c| DateEvidence {
            date: c.date,
            origin: c.origin,
            role: c.role.into(),
            text: c.text,
        })
        .collect();
}

/// A time in UTC may name the day after or before the page's own: where the page itself shows a
/// neighbouring day, or states the time with its zone, that day is the one meant.
fn own_zone<'c>(best: &'c Candidate, found: &'c [Candidate]) -> &'c Candidate {
    let utc = best
        .time
        .as_deref()
        .is_some_and(|t| t.ends_with('Z') || t.ends_with("+00:00") || t.ends_with("+0000"));
    if best.rank > 2 || !utc && best.time.as_deref().and_then(utc_shift).is_none() {
        return best;
    }
    let zoned = |c: &Candidate| {
        c.time
            .as_deref()
            .is_some_and(|t| t.len() > 19 && !t.ends_with('Z') && !t.ends_with("+00:00"))
    };
    let shown = |c: &Candidate| {
        c.role == "published"
            && (c.origin == "text" || c.origin == "time" && c.time.is_none() || zoned(c))
            || c.role == "url"
    };
    let plain = |c: &Candidate| shown(c) && (utc || !zoned(c));
    if found.iter().any(|c| plain(c) && c.date == best.date) {
        return best;
    }
    if !utc {
        // The day of the same instant in UTC, where that is what the page shows.
        let shift = best.time.as_deref().and_then(utc_shift).unwrap_or(0);
        let days = |c: &Candidate| c.date.since(best.date).map_or(0, |s| s.get_days());
        let told = |c: &&Candidate| c.origin == "text" && c.role == "published" && days(c) == shift;
        return found.iter().find(told).unwrap_or(best);
    }
    // The morning in UTC is the evening before in the Americas; its evening is the next morning in Asia.
    let hour: i32 = best
        .time
        .as_deref()
        .and_then(|t| t.get(11..13)?.parse().ok())
        .unwrap_or(0);
    let wanted = if hour < 12 { -1 } else { 1 };
    let next =
        |c: &&Candidate| shown(c) && c.date.since(best.date).map_or(0, |s| s.get_days()) == wanted;
    found.iter().find(next).unwrap_or(best)
}

/// By how many days a time with an offset lies off its UTC day: 1, -1, or `None` when on the same day.
fn utc_shift(time: &str) -> Option<i32> {
    let hour: i32 = time.get(11..13)?.parse().ok()?;
    let rest = time.get(13..)?;
    let at = rest.rfind(['+', '-'])?;
    let offset: i32 = rest.get(at + 1..at + 3)?.parse().ok()?;
    let utc = if rest[at..].starts_with('-') {
        hour + offset
    } else {
        hour - offset
    };
    match utc {
        24.. => Some(1),
        ..0 => Some(-1),
        _ => None,
    }
}

/// A capture in another zone may be a day behind the page.
fn rapporteur_day() -> std::time::Duration {
    std::time::Duration::from_secs(86_400)
}

/// The day and, where given, the time of a machine-readable date; prose dates are read too.
fn value(text: &str) -> Option<(Date, Option<String>)> {
    let text = text.trim();
    if let Some(date) = when::iso_day(text) {
        let time = (text.len() > 10).then(|| text.to_owned());
        return Some((date, time));
    }
    if text.len() >= 8
        && text.bytes().take(8).all(|b| b.is_ascii_digit())
        && (text.len() == 8 || text.len() == 14 || text.as_bytes()[8] == b'T')
    {
        let iso = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]);
        return when::iso_day(&iso).map(|d| (d, None));
    }
    if text.len() > 80 {
        return None;
    }
    when::find(text).first().map(|f| (f.date, None))
}

fn stated(facts: &Facts<'_>, found: &mut Vec<Candidate>) {
    let mut add = |text: &str, origin: String, rank, role| {
        if let Some((date, time)) = value(text) {
            found.push(Candidate {
                date,
                time,
                origin,
                rank,
                role,
                text: text.chars().take(80).collect(),
            });
        }
    };
    if let Some(text) = &facts.schema.published {
        add(text, "json-ld:datePublished".into(), 1, "published");
    }
    for name in PUBLISHED {
        for text in facts.all(name).take(2) {
            add(text, format!("meta:{name}"), 2, "published");
        }
    }
    if let Some(text) = &facts.schema.modified {
        add(text, "json-ld:dateModified".into(), 7, "modified");
    }
    for name in MODIFIED {
        for text in facts.all(name).take(1) {
            add(text, format!("meta:{name}"), 7, "modified");
        }
    }
}

/// `<time>` elements and `itemprop="datePublished"`, the nearer to the text the better.
fn times(dom: &Dom<'_>, blocks: &Blocks, facts: &Facts<'_>, found: &mut Vec<Candidate>) {
    let start = blocks
        .list
        .get(facts.first_block)
        .map_or(u32::MAX, |b| b.first);
    let mut seen = 0;
    for id in dom.all() {
        let prop = dom.raw_attr(id, "itemprop").unwrap_or("");
        let is_time = dom.tag(id) == Tag::Time;
        if !is_time && prop != "datePublished" || dom.tag(id) == Tag::Meta {
            continue;
        }
        seen += 1;
        if seen > 40 {
            break;
        }
        let text = dom
            .attr(id, "datetime")
            .or(dom.attr(id, "content"))
            .map_or_else(|| dom.text_of(id, 80), |t| t.into_owned());
        let Some((date, time)) = value(&text).or_else(|| value(&dom.text_of(id, 80))) else {
            continue;
        };
        let class = dom.raw_attr(id, "class").unwrap_or("").to_ascii_lowercase();
        let pubdate = prop == "datePublished"
            || dom.raw_attr(id, "pubdate").is_some()
            || class.contains("publish") && !class.contains("update");
        let modified =
            prop == "dateModified" || class.contains("update") || class.contains("modif");
        let near = id < start
            && blocks.list[..facts.first_block.min(blocks.list.len())]
                .iter()
                .rev()
                .take_while(|b| b.first > id)
                .count()
                < 14;
        let (rank, role) = match (modified, pubdate, near) {
            (true, ..) => (7, "modified"),
            (_, true, _) => (3, "published"),
            (_, _, true) => (4, "published"),
            _ => (0, "related"),
        };
        found.push(Candidate {
            date,
            time,
            origin: "time".into(),
            rank,
            role,
            text,
        });
    }
}

/// Dates in the lines around the head of the article.
fn visible(blocks: &Blocks, facts: &Facts<'_>, found: &mut Vec<Candidate>) {
    let first = facts.first_block.min(blocks.list.len());
    let near = first.saturating_sub(14);
    let to = (first + 3).min(blocks.list.len());
    // Between headline and text there may be an introduction; there only a stated date counts.
    let title = (first.saturating_sub(80)..first)
        .rev()
        .find(|at| blocks.list[*at].flags.has(Flags::H1));
    let from = title.map_or(near, |t| near.min(t));
    let title = title.filter(|t| *t >= near);
    for (at, block) in blocks.list.iter().enumerate().take(to).skip(from) {
        if block.words > 24 || block.text.len() > 300 {
            continue;
        }
        if at < near && !block.start.has(Kinds::DATED.or(Kinds::UPDATED)) {
            continue;
        }
        let Some(written) = when::find(&block.text).first().copied() else {
            continue;
        };
        let date = written.date;
        let lower = block.lower();
        let over = title.is_some_and(|t| at < t);
        let dated = block.start.has(Kinds::DATED)
            || lower.contains("published")
            || lower.contains("posted");
        let (rank, role) = if lower.contains('©') || lower.contains("copyright") {
            (0, "copyright")
        } else if block.start.has(Kinds::UPDATED) && !dated {
            (6, "modified")
        } else if over
            && !dated
            && (when::is_clock(&block.text, &written) || title.is_some_and(|t| at + 3 < t))
        {
            (0, "clock")
        } else if dated || block.flags.has(Flags::BYLINE) {
            (4, "published")
        } else if block.links > 0.5 || block.flags.has(Flags::NAV.or(Flags::DROP)) {
            (0, "related")
        } else if block.stop && block.words >= 10 {
            // A day named in a sentence is that of an event.
            (0, "unknown")
        } else {
            (5, "published")
        };
        found.push(Candidate {
            date,
            time: None,
            origin: "text".into(),
            rank,
            role,
            text: block.text.chars().take(120).collect(),
        });
    }
}

/// `/2024/02/15/`, `/2024-02-15-`, `/20240215/` in an address.
pub(super) fn of_url(url: &str) -> Option<Date> {
    let path = url.split("://").nth(1).unwrap_or(url);
    let path = &path[path.find('/')?..];
    let bytes = path.as_bytes();
    for at in 0..bytes.len() {
        let starts = at == 0 || !bytes[at - 1].is_ascii_digit();
        // A digit is a whole letter, so that what follows may cut the path here.
        if !starts || !matches!(bytes[at], b'1' | b'2') {
            continue;
        }
        let digits = bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let iso = if digits == 8 {
            path.get(at..at + 8)
                .map(|d| format!("{}-{}-{}", &d[..4], &d[4..6], &d[6..8]))
        } else if digits == 4 {
            split_date(&path[at..])
        } else {
            None
        };
        if let Some(date) = iso
            .and_then(|d| when::iso_day(&d))
            .filter(|d| d.year() >= 1990)
        {
            return Some(date);
        }
    }
    None
}

fn split_date(text: &str) -> Option<String> {
    let mut parts = text.splitn(4, ['/', '-', '_']);
    let year = parts.next()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day = parts.next()?;
    let digits: String = day.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() > 2 {
        return None;
    }
    let day: u8 = digits.parse().ok()?;
    Some(format!("{year}-{month:02}-{day:02}"))
}
