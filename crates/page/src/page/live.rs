//! Live blogs: one page, many entries, each with its own time.

use std::collections::BTreeMap;

use rapporteur_base::{Date, Span};

use super::blocks::{Block, Blocks};
use crate::article::{Article, LiveEntry, ParagraphKind};
use crate::html::{Dom, NodeId, Tag};
use crate::meta::{Schema, Update};
use crate::names::squash;
use crate::when;

/// Fewer entries are no live blog.
const LEAST: usize = 3;
/// Time marks and entries that are looked at.
const MOST: usize = 2000;

/// The time of one entry, where it stands.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    node: NodeId,
    from: u32,
    to: u32,
    date: Option<Date>,
    time: Option<String>,
}

/// Finds the entries of a live blog in an article whose text is complete; none in other pages.
pub(super) fn entries(
    dom: &Dom<'_>,
    root: NodeId,
    marks: &[Mark],
    schema: &Schema,
    article: &Article,
) -> Vec<LiveEntry> {
    if marks.len() >= LEAST {
        for ranges in [around(dom, root, marks), between(dom, root, marks)] {
            let found = entry_list(&ranges, marks, article, &schema.updates);
            if !found.is_empty() {
                return found;
            }
        }
    }
    stated(&schema.updates, article)
}

/// The time marks of one kind that stand most often inside the article.
pub(super) fn marks(dom: &Dom<'_>, blocks: &Blocks, root: NodeId) -> Vec<Mark> {
    let mut by_name: BTreeMap<(Tag, &str), Vec<Mark>> = BTreeMap::new();
    let name = |id: NodeId| (dom.tag(id), dom.raw_attr(id, "class").unwrap_or(""));
    let end = dom.node(root).end;
    let times = dom.subtree(root).filter(|id| dom.tag(*id) == Tag::Time);
    let stated = times.filter_map(|id| Some((name(id), of_time(dom, id)?)));
    let inside = |b: &&Block| b.first > root && b.first < end;
    let lines = blocks.list.iter().filter(inside);
    let shown = lines.filter_map(|b| Some((name(b.node), of_line(b)?)));
    for (name, mark) in stated.chain(shown) {
        let list = by_name.entry(name).or_default();
        if list.len() < MOST {
            list.push(mark);
        }
    }
    let most = by_name.into_values().max_by_key(Vec::len);
    // Three bare clocks may be the lengths of three videos.
    let enough = |m: &Vec<Mark>| m.len() >= LEAST + usize::from(m.iter().all(|m| m.date.is_none()));
    most.filter(enough).unwrap_or_default()
}

/// The mark of a `<time>` element that gives a time of day.
fn of_time(dom: &Dom<'_>, id: NodeId) -> Option<Mark> {
    let shown = dom.text_of(id, 80);
    let stated = dom.attr(id, "datetime").unwrap_or_default();
    let date = when::iso_day(&stated).or_else(|| when::find(&shown).first().map(|f| f.date));
    let time = (stated.len() > 10 && date.is_some())
        .then(|| stated.trim().to_owned())
        .or_else(|| clock(&shown))?;
    Some(Mark {
        node: id,
        from: dom.node(id).from,
        to: end_of(dom, id),
        date,
        time: Some(time),
    })
}

/// The mark of a line that is a time, or of a paragraph that begins with one.
fn of_line(block: &Block) -> Option<Mark> {
    let line = is_time(block);
    let time = if line {
        clock(&block.text)?
    } else {
        opening_clock(&block.text)?
    };
    let dated = line.then(|| when::find(&block.text));
    Some(Mark {
        node: block.first,
        from: block.origin.start,
        to: block.origin.end,
        date: dated.and_then(|d| d.first().map(|f| f.date)),
        time: Some(time),
    })
}

/// Whether a block is the time of an entry and no more: told as data, not as text.
pub(super) fn is_time(block: &Block) -> bool {
    block.words <= 8 && block.text.len() <= 80 && clock(&block.text).is_some()
}

/// The clock of a line that is a time and no more: "18:27", "7.05 Uhr", "3 March 2031, 6:30 pm".
fn clock(text: &str) -> Option<String> {
    let rest = match when::find(text).first() {
        Some(date) => format!("{} {}", text.get(..date.from)?, text.get(date.to..)?),
        None => text.to_owned(),
    };
    let digit = |c: char| when::digit(c).is_some();
    let parts: Vec<&str> = rest
        .split(|c: char| !(digit(c) || matches!(c, ':' | '.' | 'h')))
        .filter(|p| p.chars().any(digit))
        .collect();
    let [one] = parts[..] else { return None };
    let numbers: Vec<&str> = one
        .trim_matches(['.', ':', 'h'])
        .split([':', '.', 'h'])
        .collect();
    let ([hour, minute] | [hour, minute, _]) = numbers[..] else {
        return None;
    };
    let value = |n: &str| n.chars().try_fold(0, |v, c| Some(v * 10 + when::digit(c)?));
    let fits = (1..=2).contains(&hour.chars().count())
        && minute.chars().count() == 2
        && value(hour)? < 25
        && value(minute)? < 60;
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    // "18:40 GMT" is a time, "18:40 Headlines" a line of a programme; a weekday may stand by a date.
    let most = if rest.len() < text.len() { 14 } else { 4 };
    (fits && letters <= most).then(|| rest.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The clock that a head or paragraph begins with: "18.40 Uhr: Convoy reaches the bridge".
fn opening_clock(text: &str) -> Option<String> {
    when::digit(text.chars().next()?)?;
    let (at, mark) = text
        .char_indices()
        .take(24)
        .skip(5)
        .find(|(at, c)| matches!(c, ':' | '–' | '—' | '|' | '-') && !glued(text, *at))?;
    let rest = text.get(at + mark.len_utf8()..)?;
    clock(text.get(..at)?).filter(|_| rest.starts_with(' '))
}

/// Whether a sign stands between two digits.
fn glued(text: &str, at: usize) -> bool {
    let behind = text[at..].chars().nth(1).and_then(when::digit);
    behind.is_some()
        && text[..at]
            .chars()
            .next_back()
            .and_then(when::digit)
            .is_some()
}

/// First source byte behind a subtree.
fn end_of(dom: &Dom<'_>, id: NodeId) -> u32 {
    let end = dom.node(id).end as usize;
    dom.nodes.get(end).map_or(dom.src.len() as u32, |n| n.from)
}

/// Source bytes of each entry: the largest element around its mark that holds no other.
fn around(dom: &Dom<'_>, root: NodeId, marks: &[Mark]) -> Vec<(u32, u32)> {
    let range = |(at, mark): (usize, &Mark)| {
        let before = at.checked_sub(1).map_or(0, |b| marks[b].node);
        let after = marks.get(at + 1).map_or(u32::MAX, |m| m.node);
        let alone = |id: &NodeId| *id > before && dom.node(*id).end <= after && *id != root;
        let own = dom.ancestors(mark.node).take_while(alone).last();
        let own = own.unwrap_or(mark.node);
        (dom.node(own).from, end_of(dom, own))
    };
    marks.iter().enumerate().map(range).collect()
}

/// The same where entries have no element of their own: what stands between two marks.
fn between(dom: &Dom<'_>, root: NodeId, marks: &[Mark]) -> Vec<(u32, u32)> {
    let next = |at: usize| marks.get(at + 1).map_or(end_of(dom, root), |m| m.from);
    let range = |(at, mark): (usize, &Mark)| (mark.from, next(at));
    marks.iter().enumerate().map(range).collect()
}

/// The entries of the article for the source ranges; empty when they are not most of its text.
fn entry_list(
    ranges: &[(u32, u32)],
    marks: &[Mark],
    article: &Article,
    updates: &[Update],
) -> Vec<LiveEntry> {
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); ranges.len()];
    let mut covered = 0;
    let mut at = 0;
    for (n, paragraph) in article.paragraphs.iter().enumerate() {
        let Some(start) = paragraph.origin.map(|o| o.start) else {
            continue;
        };
        while at < ranges.len() && ranges[at].1 <= start {
            at += 1;
        }
        if ranges.get(at).is_some_and(|r| r.0 <= start) {
            groups[at].push(n);
            covered += 1;
        }
    }
    // A head stands over the entry that follows it.
    for at in 1..groups.len() {
        let head = groups[at - 1].last().copied();
        let loose = head.filter(|n| {
            article.paragraphs[*n].kind == ParagraphKind::Subhead && groups[at - 1].len() > 1
        });
        if let Some(head) = loose {
            groups[at - 1].pop();
            groups[at].insert(0, head);
        }
    }
    let filled = groups.iter().filter(|g| !g.is_empty()).count();
    if filled < LEAST || covered * 10 < article.paragraphs.len() * 6 {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (group, mark) in groups.iter().zip(marks) {
        if let Some(mut entry) = entry(group, article) {
            entry.date = mark.date;
            entry.time.clone_from(&mark.time);
            entry.origin = Some(Span::new(mark.from as usize, mark.to as usize));
            if entry.date.is_none()
                && let Some(update) = updates.iter().find(|u| says(u, &entry, article))
            {
                entry.date = update.date;
                entry.time = update.time.clone().or(entry.time);
            }
            out.push(entry);
        }
    }
    out
}

fn entry(paragraphs: &[usize], article: &Article) -> Option<LiveEntry> {
    let (first, last) = (*paragraphs.first()?, *paragraphs.last()?);
    let head = &article.paragraphs[first];
    let title = (head.kind == ParagraphKind::Subhead && last > first)
        .then(|| head.span.of(&article.text).to_owned());
    Some(LiveEntry {
        date: None,
        time: None,
        title,
        span: Span {
            start: head.span.start,
            end: article.paragraphs[last].span.end,
        },
        origin: None,
    })
}

/// Whether the page's data speak of this entry.
fn says(update: &Update, entry: &LiveEntry, article: &Article) -> bool {
    let text = squash(entry.span.of(&article.text));
    opening(update).is_some_and(|o| text.contains(&o))
}

/// The headline of a stated entry, or how its text begins, letters alone.
fn opening(update: &Update) -> Option<String> {
    let text = update.headline.as_deref().or(update.body.as_deref())?;
    let opening: String = squash(text).chars().take(60).collect();
    (opening.chars().count() >= 10).then_some(opening)
}

/// Entries by the page's data alone, where each can be found in the text.
fn stated(updates: &[Update], article: &Article) -> Vec<LiveEntry> {
    let openings: Vec<(String, &Update)> = updates
        .iter()
        .take(MOST)
        .filter_map(|u| Some((opening(u)?, u)))
        .collect();
    if openings.len() < LEAST {
        return Vec::new();
    }
    let mut starts: Vec<(usize, &Update)> = Vec::new();
    let by_opening: BTreeMap<&str, &Update> =
        openings.iter().map(|(o, u)| (o.as_str(), *u)).collect();
    for (n, paragraph) in article.paragraphs.iter().enumerate() {
        let text = squash(paragraph.span.of(&article.text));
        let head: String = text.chars().take(60).collect();
        let found = by_opening.get(head.as_str()).or_else(|| {
            let (key, update) = by_opening.range(..=head.as_str()).next_back()?;
            head.starts_with(key).then_some(update)
        });
        if let Some(update) = found {
            starts.push((n, update));
        }
    }
    if starts.len() < LEAST {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (at, (first, update)) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(article.paragraphs.len(), |s| s.0);
        let group: Vec<usize> = (*first..end).collect();
        if let Some(mut entry) = entry(&group, article) {
            entry.date = update.date;
            entry.time.clone_from(&update.time);
            out.push(entry);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{clock, opening_clock};

    #[test]
    fn lines_that_are_a_time() {
        for text in [
            "18:27",
            "7.05 Uhr",
            "14h05",
            "3 March 2031, 6:30 pm",
            "٦:٣٠ مساء",
            "18:27:03 GMT",
        ] {
            assert!(clock(text).is_some(), "{text}");
        }
        assert_eq!(
            opening_clock("18.40 Uhr: Convoy there").as_deref(),
            Some("18.40 Uhr")
        );
        assert_eq!(
            opening_clock("18:40 - Convoy there").as_deref(),
            Some("18:40")
        );
        assert_eq!(opening_clock("12 dead: police"), None);
        assert_eq!(opening_clock("2031-03-04: a day"), None);
        for text in [
            "The score was 2:1",
            "5.5 million",
            "18",
            "Talks resumed at 18:27 in the old town",
            "99:10",
        ] {
            assert!(clock(text).is_none(), "{text}");
        }
    }
}
