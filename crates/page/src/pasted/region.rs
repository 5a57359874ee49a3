//! The run of lines that is the article.

use super::lines::Line;
use crate::article::ParagraphKind;
use crate::phrases::Kinds;

/// Lines of the article, first to last, furniture between them left out.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) lines: Vec<usize>,
}

/// The contiguous run of greatest weight, trimmed and filtered.
pub(crate) fn find(lines: &[Line<'_>]) -> Option<Region> {
    let (first, last) = heaviest(lines)?;
    let last = cut(lines, first, last);
    let (first, last) = trim(lines, first, last)?;
    let kept = kept(lines, first, last);
    let prose: usize = kept.iter().map(|at| lines[*at].words).sum();
    (prose >= 12 && !kept.is_empty()).then_some(Region {
        first,
        last,
        lines: kept,
    })
}

fn heaviest(lines: &[Line<'_>]) -> Option<(usize, usize)> {
    let (mut best, mut range) = (0.0f32, None);
    let (mut sum, mut from) = (0.0f32, 0);
    for (at, line) in lines.iter().enumerate() {
        if sum <= 0.0 {
            (sum, from) = (0.0, at);
        }
        sum += line.weight;
        if sum > best {
            (best, range) = (sum, Some((from, at)));
        }
    }
    range
}

/// Share of the run's prose that must stand before a heading of related matter for a cut there.
const BEFORE: f32 = 0.55;
/// Share of lines behind it that are no prose.
const LOOSE: f32 = 0.45;

/// Cuts the run at the first heading of comments or related matter behind which lines grow loose.
fn cut(lines: &[Line<'_>], first: usize, last: usize) -> usize {
    let prose = |from: usize, to: usize| {
        lines[from..to]
            .iter()
            .filter(|l| l.is_prose())
            .map(|l| l.words)
            .sum::<usize>() as f32
    };
    let all = prose(first, last + 1);
    let mut before = 0.0;
    let loose: Vec<usize> = lines[first..=last]
        .iter()
        .rev()
        .scan(0, |n, l| {
            *n += usize::from(!l.is_prose());
            Some(*n)
        })
        .collect();
    for (at, line) in lines.iter().enumerate().take(last + 1).skip(first) {
        if line.is_prose() {
            before += line.words as f32;
        } else if line.is_final() && at > first && before >= BEFORE * all {
            let behind = last - at;
            if behind == 0 || loose[behind - 1] as f32 >= LOOSE * behind as f32 {
                return at - 1;
            }
        }
    }
    last
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

/// The lines that stay: furniture goes, and with a heading of related matter the titles under it.
fn kept(lines: &[Line<'_>], first: usize, last: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let mut listing = false;
    for at in first..=last {
        let line = &lines[at];
        let marker = line.is_end_marker() || line.start.has(Kinds::END) && line.words <= 25;
        listing = marker || listing && !line.stop && line.words < 25;
        if !listing && keeps(lines, at) {
            out.push(at);
        }
    }
    out
}

fn keeps(lines: &[Line<'_>], at: usize) -> bool {
    let line = &lines[at];
    if line.is_furniture() || line.is_social() {
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
    if line.is_date_only() {
        return false;
    }
    true
}

/// What a kept line is.
pub(crate) fn paragraph_kind(lines: &[Line<'_>], at: usize) -> ParagraphKind {
    let line = &lines[at];
    if line.bullet {
        return ParagraphKind::Item;
    }
    if line.words <= 14 && !line.stop {
        return ParagraphKind::Subhead;
    }
    ParagraphKind::Body
}
