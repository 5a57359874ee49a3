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
    let (first, last) = trim(lines, first, last)?;
    let kept: Vec<usize> = (first..=last).filter(|at| keeps(lines, *at)).collect();
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
