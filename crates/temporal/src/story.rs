//! What a document is and what it has told: the state that dates without a year are read in.

use rapporteur_base::Date;

use crate::cal::{Gran, Point};
use crate::lex::Gap;
use crate::lexicon::{Class, mask};
use crate::ops::{Found, State};
use crate::pattern::{Slot, Source};
use crate::rules::{Grammar, Op};
use crate::tagger::Hit;
use crate::timex::TimexType;

/// Reads what kind of document this is from its matches.
pub(crate) fn survey(
    grammar: &Grammar,
    source: Source<'_>,
    hits: &[Hit],
    dct: Option<Date>,
) -> State {
    let (mut deictic, mut dated, mut old, mut quarters) = (0, 0, 0, 0);
    let mut habit = Habit::default();
    let now = dct.map(|d| i32::from(d.year()));
    for hit in hits {
        let rule = &grammar.rules[usize::from(hit.rule)];
        let year = hit.caps.get(Slot::Year);
        match rule.op {
            Op::RelativeDay => deictic += 1,
            Op::Calendar if hit.caps.has(Slot::Wday) && year.is_none() => deictic += 1,
            Op::Directed if matches!(hit.caps.get(Slot::Dir), Some(-1 | 1)) => deictic += 1,
            Op::Quarter => quarters += 1,
            Op::Slash => habit.digits(source.word(hit.from)),
            Op::Calendar if hit.caps.has(Slot::Day) => habit.words(source, hit),
            _ => {}
        }
        if let Some(year) = year {
            dated += 1;
            let old_one = now.is_none_or(|now| (now - year).abs() > 1);
            old += usize::from(old_one || hit.caps.has(Slot::Era));
        }
    }
    State {
        dct,
        narrative: old >= 8 && old * 3 > dated * 2 && old > 3 * deictic,
        earnings: quarters >= 1,
        last: None,
        last_day: None,
        quarter: None,
        day_first: habit.day_first(),
    }
}

/// In which order a document writes days and months.
#[derive(Default)]
struct Habit {
    /// Slashed dates that allow one reading only: day first, month first.
    digits: [usize; 2],
    /// Dates in words: "12 February", "February 12".
    words: [usize; 2],
}

impl Habit {
    fn digits(&mut self, word: &str) {
        if let Some((first, second, _)) = crate::digits::split(word) {
            self.digits[0] += usize::from(first > 12);
            self.digits[1] += usize::from(second > 12);
        }
    }

    fn words(&mut self, source: Source<'_>, hit: &Hit) {
        const NUMBER: u64 = mask(&[Class::Dd, Class::OrdD]);
        const MONTH: u64 = mask(&[Class::Month, Class::MonthAmb, Class::MonthAbb]);
        let place = |bits: u64| (hit.from..hit.to).find(|at| source.tokens[*at].mask & bits != 0);
        if let (Some(day), Some(month)) = (place(NUMBER), place(MONTH)) {
            self.words[usize::from(day > month)] += 1;
        }
    }

    /// Dates in digits decide; dates in words where those leave it open.
    fn day_first(&self) -> Option<bool> {
        [self.digits, self.words]
            .iter()
            .find(|[day, month]| day != month)
            .map(|[day, month]| day > month)
    }
}

/// Lets the state follow what was told.
pub(crate) fn remember(source: Source<'_>, state: &mut State, found: &Found, hit: &Hit) {
    let Some(point) = found.point else {
        return;
    };
    if found.kind == TimexType::Duration || found.kind == TimexType::Set {
        return;
    }
    if matches!(point.gran, Gran::Decade | Gran::Century | Gran::Millennium) {
        return;
    }
    if state.narrative && aside(source, state, hit, point) {
        return;
    }
    if point.gran == Gran::Quarter {
        state.quarter = state.quarter.or(Some(point));
    }
    let finer = state.last.is_some_and(|last| {
        point.gran == Gran::Year && last.gran < point.gran && within(point, last.start)
    });
    if !finer {
        state.last = Some(point);
    }
    if point.gran == Gran::Day {
        state.last_day = Some(point.start);
    } else if state.last_day.is_some_and(|day| !within(point, day)) {
        state.last_day = None;
    }
}

/// A year far from the story that is not where a sentence sets its scene: a source, a parallel,
/// a plan. It does not move the story.
fn aside(source: Source<'_>, state: &State, hit: &Hit, point: Point) -> bool {
    let Some(last) = state.last else {
        return false;
    };
    if hit.caps.get(Slot::Dir) == Some(1) && point.gran > Gran::Week {
        return true;
    }
    let jump = (i32::from(point.start.year()) - i32::from(last.start.year())).abs();
    let near = hit.from.saturating_sub(6)..hit.from;
    let planned = source.tokens[near].iter().any(|t| t.has(Class::Future));
    let settled = hit
        .from
        .checked_sub(1)
        .is_some_and(|at| matches!(source.word(at), "in" | "of" | "during" | "In" | "During"));
    if point.gran != Gran::Year || jump == 0 || (settled && !planned && jump == 1) {
        return false;
    }
    let near = hit.from.saturating_sub(5);
    let opens = (near..=hit.from).any(|at| {
        source.tokens[at].gap == Gap::Break
            || (at > near && matches!(source.word(at - 1), "." | "!" | "?" | "\"" | "”"))
    });
    !opens
}

fn within(point: Point, day: Date) -> bool {
    point.start <= day && point.end().is_some_and(|end| day <= end)
}
