//! Which lines of the run stay: furniture, captions, links and the life of the author go.

use std::collections::BTreeSet;

use super::lines::Line;
use super::notice::Marks;
use super::region::Region;
use crate::article::Article;
use crate::phrases::Kinds;

/// Most words of a subhead; a longer line without an end is a link or a caption.
const SUBHEAD: usize = 12;

/// The lines that stay: furniture goes, and with a heading of related matter the titles under it.
pub(crate) fn kept(lines: &[Line<'_>], first: usize, last: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let mut listing = false;
    for at in first..=last {
        let line = &lines[at];
        let marker = line.is_end_marker() || line.start.has(Kinds::END) && line.words <= 25;
        let heading = marker && !line.is_inline_link();
        listing = heading || listing && !marker && !line.stop && line.words < 25;
        if !listing && keeps(lines, at) {
            out.push(at);
        }
    }
    drop_posts(lines, &mut out);
    drop_links(lines, &mut out);
    drop_copies(lines, &mut out);
    out
}

/// Posts of other networks are set into the text; their last line names the account and the day.
fn drop_posts(lines: &[Line<'_>], kept: &mut Vec<usize>) {
    let all = std::mem::take(kept);
    for at in all {
        let line = &lines[at];
        let link = ["pic.twitter.com/", "https://t.co/"]
            .iter()
            .any(|l| line.text.contains(l));
        if is_signature(line) || link {
            continue;
        }
        if !lines.get(at + 1).is_some_and(is_signature) {
            kept.push(at);
            continue;
        }
        // The post's own lines stand over its signature, close together.
        let mut top = at;
        while lines[top].gap == 0 && top > 0 && kept.last() == Some(&(top - 1)) {
            kept.pop();
            top -= 1;
        }
    }
}

/// "— Ana Lind (@analind) 3 March 2031"
fn is_signature(line: &Line<'_>) -> bool {
    line.text.starts_with(['—', '–', '-'])
        && line.text.contains("(@")
        && line.date.is_some()
        && line.words <= 20
}

/// A line that was printed twice stands once.
fn drop_copies(lines: &[Line<'_>], kept: &mut Vec<usize>) {
    let mut seen = BTreeSet::new();
    kept.retain(|at| lines[*at].repeats < 2 || seen.insert(lines[*at].text));
}

fn keeps(lines: &[Line<'_>], at: usize) -> bool {
    let line = &lines[at];
    if line.is_furniture() || line.is_social() {
        return false;
    }
    let small = Marks::NOTICE.or(Marks::CREDIT).or(Marks::CAPTION);
    if line.marks.has(small) || line.words <= 8 && line.marks.has(Marks::AGO) {
        return false;
    }
    let marker = line.start.has(Kinds::END)
        || line.whole.has(Kinds::END)
        || line.start.has(Kinds::FURNITURE);
    if marker && line.words <= 25 {
        return false;
    }
    if line.repeats > 1 && line.words < 25 {
        return false;
    }
    !line.is_date_only() && !credited(lines, at)
}

/// Most words of a caption whose credit stands apart from it.
const APART: usize = 30;

/// Words over a line that is a picture's credit: with nothing between, or short ones.
fn credited(lines: &[Line<'_>], at: usize) -> bool {
    let line = &lines[at];
    let credit = lines
        .get(at + 1)
        .filter(|n| n.marks.has(Marks::CREDIT) && n.words <= 12 && !n.stop);
    !line.bullet
        && line.gap > 0
        && credit
            .is_some_and(|n| n.gap == 0 && line.words <= 60 || n.gap <= 2 && line.words <= APART)
}

/// A head that stands alone between paragraphs is a subhead; longer lines without an end, and
/// titles in small lists, lead to other pages.
fn drop_links(lines: &[Line<'_>], kept: &mut Vec<usize>) {
    let open = |at: usize| {
        let line = &lines[at];
        !line.stop && !line.bullet && !line.marks.has(Marks::CLOCK)
    };
    let all = std::mem::take(kept);
    let mut links = false;
    for (n, at) in all.iter().enumerate() {
        let line = &lines[*at];
        if open(*at) && line.words > SUBHEAD && line.words < 22 {
            continue;
        }
        let first = line.bullet && !n.checked_sub(1).is_some_and(|b| lines[all[b]].bullet);
        if first {
            links = is_link_list(lines, &all, n);
        }
        if line.bullet && !line.stop && links {
            continue;
        }
        kept.push(*at);
    }
}

/// A few bullets of many words, from `from` on, under a full sentence or under a head.
fn is_link_list(lines: &[Line<'_>], kept: &[usize], from: usize) -> bool {
    let run = kept[from..].iter().take_while(|at| lines[**at].bullet);
    let (count, words) = run.fold((0, 0), |(n, w), at| (n + 1, w + lines[*at].words));
    let led = from > 0 && lines[kept[from - 1]].text.ends_with([':', '：']);
    count <= 5 && !led && words >= 5 * count
}

/// Share of the text, in words, behind which a line about the author ends it.
const TAIL: f32 = 0.6;

/// The same share for the author's name alone on a line; before it, the name leads to another page.
const SIGNED: f32 = 0.45;

/// Cuts the lines about the author that follow the text, and all behind them.
pub(crate) fn without_life(lines: &[Line<'_>], region: &mut Region, article: &Article) {
    let all: usize = region.lines.iter().map(|at| lines[*at].words).sum();
    let mut before = 0;
    let mut out = Vec::new();
    for (n, at) in region.lines.iter().enumerate() {
        let line = &lines[*at];
        let closing = n + CLOSING >= region.lines.len() && before as f32 >= TAIL * all as f32;
        if is_life(line, article) || closing && is_portrait(line) {
            let alone = article.authors.iter().any(|a| a.name == line.text);
            let share = if alone { SIGNED } else { TAIL };
            if before as f32 >= share * all as f32 {
                break;
            }
            continue;
        }
        before += line.words;
        out.push(*at);
    }
    region.lines = out;
}

/// Last lines of the text that may tell of any writer.
const CLOSING: usize = 3;

/// What follows the name in such a line.
const TELLS: &[&str] = &[
    "is", "covers", "writes", "ist", "schreibt", "est", "écrit", "es", "escribe", "è", "scrive",
    "é", "escreve", "schrijft", "är", "skriver", "jest", "pisze",
];

/// "Ana is a writer who lives by the sea": a name, and what writers are called.
fn is_portrait(line: &Line<'_>) -> bool {
    let mut words = line.text.split_whitespace();
    let mut name = 0;
    let next = words.by_ref().find(|w| {
        let capital = w.starts_with(char::is_uppercase);
        name += usize::from(capital);
        !capital
    });
    line.marks.has(Marks::ROLE)
        && (1..=3).contains(&name)
        && next.is_some_and(|w| TELLS.contains(&w))
        && (8..=70).contains(&line.words)
        && !line.text.contains(['"', '“', '”', '„', '«'])
}

fn is_life(line: &Line<'_>, article: &Article) -> bool {
    if line.bullet || line.words > 120 {
        return false;
    }
    let contact = line.marks.has(Marks::CONTACT);
    let role = line.marks.has(Marks::ROLE);
    if contact && role && line.words <= 70 {
        return true;
    }
    article.authors.iter().any(|a| {
        let text = line.text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some(rest) = text.strip_prefix(a.name.as_str()) else {
            return false;
        };
        // "Ana Lind covers the harbour"; her name alone; not "Ana Lind: And what then?"
        let lower = rest
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .chars()
            .next()
            .is_none_or(|c| !c.is_uppercase());
        rest.starts_with([' ', ',']) && lower && (role || contact || line.words >= 10)
            || rest.is_empty()
    })
}
