//! The run of lines that is the article.

use std::collections::BTreeSet;

use super::lines::Line;
use super::notice::Marks;
use crate::article::ParagraphKind;
use crate::phrases::{self, Kinds};

/// Lines of the article, first to last, furniture between them left out.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) lines: Vec<usize>,
}

/// A run of lines and what it weighs.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: usize,
    last: usize,
    sum: f32,
}

/// The run of greatest weight, cut where an article ends, joined with what goes on behind an inset,
/// trimmed and filtered.
pub(crate) fn find(lines: &[Line<'_>], heads: &[usize]) -> Option<Region> {
    let run = choose(lines, heads)?;
    let last = cut(lines, run.first, run.last);
    let last = if last == run.last {
        goes_on(lines, heads, run.first, last)
    } else {
        last
    };
    let first = began(lines, heads, run.first, last);
    let (first, last) = trim(lines, first, last)?;
    let last = with_list(lines, first, last);
    let kept = super::keep::kept(lines, first, last);
    let prose: usize = kept.iter().map(|at| lines[*at].words).sum();
    (prose >= 12 && !kept.is_empty()).then_some(Region {
        first,
        last,
        lines: kept,
    })
}

/// What the head of an article just above its text is worth, and what it costs to run across one.
const HEAD: f32 = 5.0;
/// A run before the greatest is the page's article when it has a head and this share of the weight.
const EARLIER: f32 = 0.4;
/// Weight of a short article of its own.
const ENOUGH: f32 = 8.0;

/// The run of greatest weight; an article before it, with a head of its own, comes first: what
/// follows an article may be another one.
fn choose(lines: &[Line<'_>], heads: &[usize]) -> Option<Run> {
    let mut best = heaviest(lines, heads, 0, lines.len())?;
    for _ in 0..3 {
        let Some(earlier) = heaviest(lines, heads, 0, best.first) else {
            break;
        };
        let headed = heads
            .iter()
            .any(|h| *h < earlier.first + 3 && earlier.first <= h + 12 && *h < earlier.last);
        if !headed || earlier.sum < ENOUGH || earlier.sum < EARLIER * best.sum {
            break;
        }
        best = earlier;
    }
    Some(best)
}

fn heaviest(lines: &[Line<'_>], heads: &[usize], from: usize, to: usize) -> Option<Run> {
    let mut best: Option<Run> = None;
    let (mut sum, mut first) = (0.0f32, from);
    let mut head = heads.iter().skip_while(|h| **h < from).peekable();
    for (at, line) in lines.iter().enumerate().take(to).skip(from) {
        if head.next_if(|h| **h == at).is_some() {
            sum -= HEAD;
            if sum < HEAD {
                (sum, first) = (HEAD, at);
            }
        }
        if sum <= 0.0 {
            (sum, first) = (0.0, at);
        }
        sum += line.weight;
        if sum > best.map_or(0.0, |b| b.sum) {
            best = Some(Run {
                first,
                last: at,
                sum,
            });
        }
    }
    best
}

/// Words of prose that must stand before a heading of comments for a cut there.
const BEFORE: usize = 60;
/// Share of lines behind it that are no prose.
const LOOSE: f32 = 0.4;

/// Cuts the run at the first heading of comments or related matter behind which lines grow loose.
fn cut(lines: &[Line<'_>], first: usize, last: usize) -> usize {
    let mut before = 0;
    let loose: Vec<usize> = lines[first..=last]
        .iter()
        .rev()
        .scan(0, |n, l| {
            *n += usize::from(!l.is_prose() || l.weight <= 0.0);
            Some(*n)
        })
        .collect();
    let all: usize = lines[first..=last]
        .iter()
        .filter(|l| l.is_prose() && l.weight > 0.0)
        .map(|l| l.words)
        .sum();
    for (at, line) in lines.iter().enumerate().take(last + 1).skip(first) {
        if line.is_prose() && line.weight > 0.0 {
            before += line.words;
        } else if line.is_final() && at > first && before >= BEFORE && before * 4 >= all {
            let behind = last - at;
            if behind == 0 || loose[behind - 1] as f32 >= LOOSE * behind as f32 {
                return at - 1;
            }
        }
    }
    last
}

/// Longest inset, in lines, behind which an article may go on.
const INSET: usize = 60;
/// Longest run that is looked at behind an inset.
const BEHIND: usize = 160;
/// Share of the longer words of what stands behind an inset that the article has too.
const ALIKE: f32 = 0.3;
/// The same behind few lines, an advertisement or a link.
const ALIKE_NEAR: f32 = 0.2;
/// The same for paragraphs of many words: teasers and notices are short.
const ALIKE_LONG: f32 = 0.15;
/// Words of such paragraphs.
const LONG: usize = 55;
/// Lines of an inset of theirs.
const MIDDLE: usize = 30;
/// Lines of a small inset.
const NEAR: usize = 8;

/// An article goes on behind an inset, an offer or a list of links when what stands there is prose
/// of the same words.
fn goes_on(lines: &[Line<'_>], heads: &[usize], first: usize, mut last: usize) -> usize {
    for _ in 0..4 {
        let to = (last + BEHIND).min(lines.len());
        let end = (last + 1..to).find(|at| {
            lines[*at].is_final() && !lines[*at].start.has(Kinds::FURNITURE)
                || heads.binary_search(at).is_ok()
        });
        let Some(next) = heaviest(lines, &[], last + 1, end.unwrap_or(to)) else {
            break;
        };
        if next.first > last + INSET || !belongs(lines, (first, last), next) {
            break;
        }
        last = next.last;
    }
    last
}

/// The same before the run: a long list may have parted an article from its beginning.
fn began(lines: &[Line<'_>], heads: &[usize], mut first: usize, last: usize) -> usize {
    for _ in 0..3 {
        let from = first.saturating_sub(BEHIND);
        let head = heads.iter().rev().find(|h| **h < first).copied();
        let from = head.map_or(from, |h| from.max(h));
        let Some(before) = heaviest(lines, &[], from, first) else {
            break;
        };
        // A date between the two is that of a head.
        let crossed = lines[before.last + 1..first]
            .iter()
            .any(|l| l.is_final() || l.date.is_some() && l.words <= 24);
        if before.last + INSET < first || crossed || !belongs(lines, (first, last), before) {
            break;
        }
        first = before.first;
    }
    first
}

/// Whether another run is prose in the words of the article.
fn belongs(lines: &[Line<'_>], (first, last): (usize, usize), other: Run) -> bool {
    let prose: Vec<&Line<'_>> = lines[other.first..=other.last]
        .iter()
        .filter(|l| l.is_prose() && l.weight > 0.0)
        .collect();
    let words: usize = prose.iter().map(|l| l.words).sum();
    let own = vocabulary(lines[first..=last].iter().filter(|l| l.is_prose()));
    let theirs = vocabulary(prose.iter().copied());
    let alike = theirs.iter().filter(|w| own.contains(*w)).count();
    let apart = if other.first > last {
        other.first - last
    } else {
        first - other.last
    };
    let hinted = prose.iter().filter(|l| l.marks.has(Marks::HINT)).count();
    let share = match apart {
        _ if hinted * 2 > prose.len() => ALIKE,
        ..=MIDDLE if words >= LONG * prose.len() => ALIKE_LONG,
        ..=NEAR => ALIKE_NEAR,
        _ => ALIKE,
    };
    other.sum >= 3.0 && words >= 22 * prose.len() && alike as f32 >= share * theirs.len() as f32
}

/// Letters of a word that are looked at: endings differ.
const STEM: usize = 6;

/// The longer words of some lines without their endings; pairs of signs where a script puts no spaces.
pub(crate) fn vocabulary<'l, 't: 'l>(
    lines: impl Iterator<Item = &'l Line<'t>>,
) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for line in lines {
        for word in line.text.split(|c: char| !c.is_alphanumeric()) {
            if word.chars().any(phrases::is_unspaced) {
                let signs: Vec<char> = word.chars().collect();
                out.extend(signs.windows(2).map(|w| w.iter().collect::<String>()));
            } else if word.chars().nth(5).is_some() {
                out.insert(
                    word.chars()
                        .take(STEM)
                        .flat_map(char::to_lowercase)
                        .collect(),
                );
            }
        }
    }
    out
}

/// The run begins and ends with running text.
fn trim(lines: &[Line<'_>], mut first: usize, mut last: usize) -> Option<(usize, usize)> {
    let text = |at: usize| lines[at].weight > 0.0;
    while first <= last && !text(first) {
        first += 1;
    }
    while last > first && !text(last) {
        last -= 1;
    }
    (first <= last).then_some((first, last))
}

/// Items of a list that ends an article.
const ITEMS: usize = 4;

/// A list under a head of its own ends some articles: winners, standings, ingredients. Its head is
/// not one of related matter, and its items are no titles.
fn with_list(lines: &[Line<'_>], first: usize, last: usize) -> usize {
    let own = |at: usize| {
        lines
            .get(at)
            .filter(|l| !l.is_end_marker() && !l.is_furniture())
    };
    let mut end = last;
    for _ in 0..4 {
        // "The winners:" may be the last line already.
        let led = lines[end].text.ends_with([':', '：']) && lines[end].words >= 3;
        let from = if led { end + 1 } else { end + 2 };
        let head = if led { Some(&lines[end]) } else { own(end + 1) };
        let Some(head) = head.filter(|l| !l.bullet && (!l.stop || l.text.ends_with(':'))) else {
            break;
        };
        let items = (from..lines.len())
            .take_while(|at| own(*at).is_some_and(|l| l.bullet))
            .count();
        let list = &lines[from.min(lines.len())..(from + items).min(lines.len())];
        let named = list.iter().filter(|l| l.words >= 2).count();
        let titled = list.iter().filter(|l| l.words >= 8 && !l.stop).count();
        let other = Kinds::END.or(Kinds::FURNITURE);
        let dull = head.words > 14 || head.whole != Kinds::default() || head.start.has(other);
        if items < ITEMS || !led && (dull || titled * 2 > items) || named * 3 < items * 2 {
            break;
        }
        let words = vocabulary(lines[first..=last].iter());
        let known = vocabulary([head].into_iter().chain(list));
        if !led && !known.iter().any(|w| words.contains(w)) {
            break;
        }
        end = from + items - 1;
    }
    end
}

/// What a kept line is.
pub(crate) fn paragraph_kind(lines: &[Line<'_>], at: usize) -> ParagraphKind {
    let line = &lines[at];
    if line.bullet {
        return ParagraphKind::Item;
    }
    if line.marks.has(Marks::CLOCK) && line.words <= 2 {
        return ParagraphKind::EntryTime;
    }
    if line.words <= 14 && !line.stop {
        return ParagraphKind::Subhead;
    }
    ParagraphKind::Body
}
