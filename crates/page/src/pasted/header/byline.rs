//! Bylines: names behind a word for it, names on lines of their own, names at the end of the copy.

use super::super::lines::Line;
use super::super::notice::Marks;
use super::super::region::Region;
use super::dates::is_dated;
use super::is_credit;
use crate::article::{Article, AuthorKind};
use crate::names;
use crate::phrases::{self, Kinds};

/// Words that bring a name in behind a date.
const BEHIND: &[&str] = &[" by ", " von ", " par ", " por "];

/// Most lines of names under a "By" of its own.
const NAMES: usize = 8;

/// A line that names who wrote the article.
pub(super) fn is_byline(line: &Line<'_>) -> bool {
    if line.words > 18 || line.stop && line.words > 8 {
        return false;
    }
    let named = || {
        line_names(line)
            .iter()
            .any(|n| names::is_person(n) || names::kind(n, None, None) != AuthorKind::Person)
    };
    let by = line.start.has(Kinds::BY)
        || line
            .text
            .strip_prefix("By")
            .or(line.text.strip_prefix("by"))
            .is_some_and(|t| t.starts_with(|c: char| c.is_uppercase()));
    let dated_by =
        || line.date.is_some() && BEHIND.iter().any(|w| line.lower.contains(w)) && line.words <= 14;
    by && (line.date.is_some() || named()) || dated_by() && named()
}

/// "By" or "Author:" with the name on the next line.
pub(super) fn is_bare_by(line: &Line<'_>) -> bool {
    line.words <= 2
        && line.text.len() <= 24
        && (!line.bullet || line.text.ends_with(':'))
        && names::by_alone(&line.lower)
}

/// The names of a byline.
fn line_names(line: &Line<'_>) -> Vec<String> {
    // "3 May 2024 by Ana Lind": the name stands behind the date.
    if let Some(behind) = line.date.and_then(|d| line.text.get(d.to..)) {
        let lower = behind.to_lowercase();
        let by = BEHIND.iter().find_map(|w| Some(lower.find(w)? + w.len()));
        if let Some(rest) = by.and_then(|at| behind.get(at..)) {
            return names::split(rest);
        }
    }
    let text = line
        .date
        .and_then(|d| line.text.get(..d.from))
        .unwrap_or(line.text);
    let bare = names::strip_by(without_hinge(text)).trim_end_matches('.');
    if is_agency(bare) || is_outlet(bare) {
        return vec![bare.to_owned()];
    }
    let whole = unglued(bare);
    if whole != bare {
        return parted(&whole);
    }
    let mut out: Vec<String> = Vec::new();
    for name in names::split(without_hinge(text)) {
        // Behind the first place or office stand only more of it.
        if !names::is_person(&name) && out.iter().any(|n| names::is_person(n)) {
            break;
        }
        out.extend(parted(&name));
    }
    out
}

/// "Example Media": two or three words that end as an outlet's name does.
fn is_outlet(name: &str) -> bool {
    const TAILS: &[&str] = &[
        "media",
        "news",
        "press",
        "agency",
        "network",
        "group",
        "magazine",
        "times",
        "online",
        "desk",
        "staff",
        "newsroom",
        "redaktion",
        "nachrichten",
        "tribune",
        "herald",
        "gazette",
    ];
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    (2..=3).contains(&words.len())
        && words.last().is_some_and(|w| TAILS.contains(w))
        && !lower.contains([',', '|', '/'])
}

/// "The Associated Press" as much as "Associated Press".
fn is_agency(name: &str) -> bool {
    let lower = name.to_lowercase();
    let bare = lower.strip_prefix("the ").unwrap_or(&lower);
    phrases::whole(bare).has(Kinds::AGENCY)
}

/// "Ana Lind on" before a date is Ana Lind; so is "Ana Lind2,".
fn without_hinge(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let cut = text.trim_end_matches(|c: char| {
            c.is_ascii_digit()
                || c.is_whitespace()
                || matches!(c, ',' | '-' | '–' | '|' | '·' | '•' | ':')
        });
        let last = cut.rsplit(char::is_whitespace).next().unwrap_or("");
        let hinge = matches!(
            last,
            "on" | "am" | "vom" | "le" | "el" | "em" | "den" | "den." | "at"
        ) && last.len() < cut.len();
        if !hinge {
            return cut;
        }
        text = &cut[..cut.len() - last.len()];
    }
}

/// "Ana Lind/Tom Berg": two names that a stroke parts.
fn parted(name: &str) -> Vec<String> {
    let parts: Vec<&str> = name.split('/').map(str::trim).collect();
    if parts.len() > 1 && parts.iter().all(|p| names::is_person(p)) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![name.to_owned()]
}

/// Fills the authors and the agency.
pub(super) fn read(
    lines: &[Line<'_>],
    region: &Region,
    (from, to, top): (usize, usize, usize),
    article: &mut Article,
) {
    let mut origin = "byline";
    // What stands under the title is nearer than what stands over it.
    let mut found = stated(lines, top, to);
    if found.is_empty() {
        found = stated(lines, from, top);
    }
    if !found.iter().any(|n| names::is_person(n)) {
        let lone = lone_name(lines, region, (from, to, top), &article.title);
        if !lone.is_empty() {
            found = lone;
            origin = "line";
        }
    }
    if found.is_empty() {
        found = signed(lines, region);
        origin = "signature";
    }
    let site = article.site.clone();
    let names: Vec<String> = found
        .into_iter()
        .map(|n| names::without_site(&unglued(&n), site.as_deref()))
        .filter(|n| {
            names::is_person(n) || names::kind(n, site.as_deref(), None) != AuthorKind::Person
        })
        .filter(|n| !n.starts_with("in "))
        .collect();
    let mut authors = names::authors(names, origin, site.as_deref(), None);
    for author in &mut authors {
        if author.kind == AuthorKind::Person && heads_page(lines, top, &author.name) {
            author.kind = AuthorKind::House;
        }
    }
    article.agency = authors
        .iter()
        .find(|a| a.kind == AuthorKind::Agency)
        .map(|a| a.name.clone());
    // Beside persons, a house or an agency is where they work.
    if authors.iter().any(|a| a.kind == AuthorKind::Person) {
        authors.retain(|a| a.kind == AuthorKind::Person);
    }
    article.authors = authors;
}

/// Lines at the top of a page that hold the name of its site.
const PAGE_HEAD: usize = 12;

/// Whether a name stands alone in the head of the page: it is the outlet's.
fn heads_page(lines: &[Line<'_>], top: usize, name: &str) -> bool {
    let head = &lines[..top.min(PAGE_HEAD)];
    head.iter().any(|l| l.text == name)
}

/// The names behind a word for it; the bylines of one article stand together.
fn stated(lines: &[Line<'_>], from: usize, to: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut last = None;
    for at in from..to {
        let line = &lines[at];
        if last.is_some_and(|l| at > l + 2) {
            break;
        }
        let before = found.len();
        if is_bare_by(line) {
            found.extend(under_by(lines, at + 1));
        } else if is_byline(line) && !is_credit(line) {
            found.extend(line_names(line));
        }
        if found.len() > before {
            last = Some(at);
        }
    }
    found
}

/// The names on the lines under a "By": the first line, and those after it that are a name alone.
fn under_by(lines: &[Line<'_>], from: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (n, line) in lines.iter().skip(from).take(NAMES).enumerate() {
        if line.words > 12 || line.is_furniture() || n > 0 && is_role(line) {
            break;
        }
        let names = labelled(line).map_or_else(|| line_names(line), |n| vec![n]);
        let alone = |name: &String| {
            names::is_person(name) && name.split_whitespace().count() + 1 >= line.words
        };
        if n > 0 && !(names.len() == 1 && names.iter().all(alone)) {
            break;
        }
        for name in names {
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out
}

/// "Profile of Ana Lind", "More links for Ana Lind": the label of a picture or a button.
fn labelled(line: &Line<'_>) -> Option<String> {
    let name = [" for ", " of "]
        .iter()
        .find_map(|w| line.text.rsplit_once(w))?
        .1
        .trim();
    let whole = names::is_person(line.text);
    (!whole && names::is_person(name)).then(|| name.to_owned())
}

/// What stands before the date of a line, with the gap.
fn before_date<'t>(line: &Line<'t>) -> &'t str {
    let to = line.date.filter(|d| d.from > 0).map(|d| d.from);
    to.and_then(|to| line.text.get(..to)).unwrap_or(line.text)
}

/// "3 May 2024 / Ana Lind"
fn behind_date(line: &Line<'_>) -> Option<String> {
    let behind = line.text.get(line.date?.to..)?;
    let name = behind.trim_matches(|c: char| !c.is_alphabetic());
    names::is_person(name).then(|| name.to_owned())
}

/// A name on a line of its own, under the title or next to the date.
fn lone_name(
    lines: &[Line<'_>],
    region: &Region,
    (from, to, top): (usize, usize, usize),
    title: &str,
) -> Vec<String> {
    let body: Vec<&str> = region
        .lines
        .iter()
        .take(8)
        .map(|at| lines[*at].text)
        .filter(|t| t.len() > 60)
        .collect();
    // A name that title or text speak of is a topic; one that ends a caption is not.
    let topic = |name: &str| {
        title.contains(name) || body.iter().any(|b| b.contains(name) && !b.ends_with(name))
    };
    let dated = |at: Option<usize>| {
        at.and_then(|at| lines.get(at))
            .is_some_and(|l| l.is_date_only() || is_dated(l))
    };
    // What stands under the title is nearer than what stands over it.
    for at in (top..to).chain(from..top) {
        let line = &lines[at];
        let by_date = dated(at.checked_sub(1)) || dated(Some(at + 1)) || line.date.is_some();
        let role = lines.get(at + 1).is_some_and(is_role);
        let under = at > top && (at <= top + 3 || role && at <= top + 8 && at <= region.first);
        let near = if at < top {
            by_date && at + 2 >= top
        } else {
            by_date || under
        };
        let lone = at != top
            && line.words <= 12
            && line.repeats <= 4
            && !line.is_furniture()
            && (!line.stop || line.date.is_some())
            && !line.start.has(Kinds::DATED.or(Kinds::UPDATED))
            && !line.marks.has(Marks::CREDIT.or(Marks::NOTICE));
        if !near || !lone || is_credit(line) {
            continue;
        }
        if by_date && is_desk(line) {
            return vec![line.text.to_owned()];
        }
        if line.whole != Kinds::default() {
            continue;
        }
        let names = names_alone(line, at > top && at <= top + 8);
        if !names.is_empty() && (role || !names.iter().any(|n| topic(n))) {
            return names;
        }
    }
    Vec::new()
}

/// "NFL Analyst" under a name.
pub(super) fn is_role(line: &Line<'_>) -> bool {
    let house = |w: &str| phrases::word(w).has(Kinds::HOUSE);
    line.words <= 6
        && !line.bullet
        && !line.stop
        && (line.marks.has(Marks::ROLE) || line.lower.split_whitespace().any(house))
}

/// "Example Post Staff", an agency: a byline of a house, where a date stands beside it.
fn is_desk(line: &Line<'_>) -> bool {
    let desk = |w: &str| {
        matches!(
            w,
            "staff"
                | "newsroom"
                | "desk"
                | "redaktion"
                | "redacción"
                | "rédaction"
                | "redactie"
                | "redazione"
        )
    };
    line.words <= 4
        && !line.bullet
        && (line.whole.has(Kinds::AGENCY) || line.lower.split_whitespace().any(desk))
}

/// The names of a line that holds little else.
fn names_alone(line: &Line<'_>, below: bool) -> Vec<String> {
    if let Some(name) = unspaced_name(line, below) {
        return vec![name];
    }
    let names: Vec<String> = line_names(line)
        .into_iter()
        .map(|n| unglued(&n))
        .filter(|n| names::is_person(n) && !opens_small(n) && !n.chars().any(phrases::is_unspaced))
        .collect();
    let all = names
        .iter()
        .map(|n| n.split_whitespace().count())
        .sum::<usize>();
    let several = parted(before_date(line).trim());
    if below && several.len() > 1 {
        return several;
    }
    // "Ana Lind 2 minutes read", "3 May 2024 / Ana Lind"
    if below
        && line.words <= 9
        && let Some(name) = names::leading_person(before_date(line)).or_else(|| behind_date(line))
        && !opens_small(&name)
        && !name.chars().any(phrases::is_unspaced)
    {
        return parted(&name);
    }
    let whole = names
        .first()
        .is_some_and(|n| line.text.trim_start().starts_with(n.as_str()));
    if whole && (all + 3 + 2 * (names.len() - 1) >= line.words || line.date.is_some()) {
        return names;
    }
    Vec::new()
}

/// "Ana LindWriter", "Ana LindThe Example": the name ends where the paste glued another line to it.
fn unglued(name: &str) -> String {
    let mut word = 0;
    let mut last = ' ';
    for (at, c) in name.char_indices() {
        // "McDonald", "DeSantis" are whole.
        if last.is_lowercase() && c.is_uppercase() && at >= word + 4 {
            let head = name[..at].trim();
            if names::is_person(head) {
                return head.to_owned();
            }
        }
        if c.is_whitespace() || c == '-' {
            word = at + c.len_utf8();
        }
        last = c;
    }
    // "Ana Lind FOXBusiness"
    let (head, tail) = name.rsplit_once(' ').unwrap_or((name, ""));
    let capitals = tail.chars().filter(|c| c.is_uppercase()).count();
    let small = tail.chars().any(char::is_lowercase);
    if capitals >= 3 && small && !tail.contains(['-', '\'', '’', '.']) && names::is_person(head) {
        return head.to_owned();
    }
    name.to_owned()
}

/// A name in Han signs alone on a line, or before its date: three to six signs and no more.
fn unspaced_name(line: &Line<'_>, below: bool) -> Option<String> {
    let text = line
        .date
        .map_or(Some(line.text), |d| line.text.get(..d.from))?
        .trim();
    let signs = text.chars().filter(|c| !c.is_whitespace());
    let han = |c: char| matches!(c as u32, 0x3400..=0x9fff | 0xf900..=0xfaff);
    let fits = below
        && line.repeats <= 4
        && (3..=6).contains(&signs.clone().count())
        && signs.clone().all(han)
        && !["新聞", "通信", "記者", "编辑", "編集"]
            .iter()
            .any(|h| text.contains(h));
    fits.then(|| text.to_owned())
}

/// "In Local" is a rubric.
fn opens_small(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or("");
    matches!(
        first,
        "In" | "On"
            | "At"
            | "The"
            | "From"
            | "For"
            | "To"
            | "By"
            | "Of"
            | "And"
            | "More"
            | "Your"
            | "Our"
            | "All"
    )
}

/// Lines behind the text that may hold a signature.
const SIGNED: usize = 3;

/// "Reporting by Ana Lind." at the end of the copy.
fn signed(lines: &[Line<'_>], region: &Region) -> Vec<String> {
    let from = region.last.saturating_sub(2).max(region.first);
    let to = (region.last + 1 + SIGNED).min(lines.len());
    lines[from..to]
        .iter()
        .filter(|l| l.words <= 10 && is_byline(l) && !is_credit(l))
        .flat_map(line_names)
        .collect()
}
