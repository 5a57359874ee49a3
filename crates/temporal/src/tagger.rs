//! The pass over a document: finds matches, resolves them in order, reads the words that govern
//! them.

use rapporteur_base::{Date, Interval, Precision, Span, Why};

use crate::cal::{Gran, Point, Unit};
use crate::context::Guard;
use crate::lex::{Gap, Token, tokens};
use crate::lexicon::{Class, mask};
use crate::ops::{Found, Match, State, resolve};
use crate::pattern::{Caps, Slot, Source};
use crate::rules::{Grammar, Op, Rule};
use crate::timex::{Anchor, Timex, TimexType};

/// Classes near which rules are tried.
const TRIGGERS: u64 = mask(&[
    Class::Month,
    Class::MonthAmb,
    Class::MonthAbb,
    Class::Wday,
    Class::Wdays,
    Class::WdayAbb,
    Class::Unit,
    Class::Units,
    Class::UnitAbb,
    Class::Season,
    Class::Fall,
    Class::Part,
    Class::RelD,
    Class::Tonight,
    Class::Overnight,
    Class::SetAdv,
    Class::Yyyy,
    Class::DecN,
    Class::Hm,
    Class::Iso,
    Class::Slash,
    Class::Era,
    Class::AmPm,
    Class::Zone,
    Class::Hijri,
    Class::Holiday,
    Class::Card,
]);

/// How many tokens ahead of a trigger an expression may begin.
const AHEAD: usize = 9;

/// One match, before it is resolved.
#[derive(Clone, Copy, Debug)]
struct Hit {
    from: usize,
    to: usize,
    rule: u16,
    caps: Caps,
}

/// Tags one document.
pub(crate) fn run(grammar: &Grammar, text: &str, dct: Option<Date>) -> Vec<Timex> {
    let tokens = tokens(text, &grammar.lexicon);
    let source = Source {
        text,
        tokens: &tokens,
        lexicon: &grammar.lexicon,
    };
    let hits = hits(grammar, source);
    let mut state = survey(grammar, source, &hits, dct);
    let mut out: Vec<Timex> = Vec::with_capacity(hits.len());
    for (number, hit) in hits.iter().enumerate() {
        let rule = &grammar.rules[usize::from(hit.rule)];
        if rule.narrative && !state.narrative {
            continue;
        }
        let m = Match {
            source,
            state: &state,
            rule,
            caps: &hit.caps,
            from: hit.from,
            to: hit.to,
        };
        let Some(found) = resolve(m) else {
            continue;
        };
        remember(&mut state, &found, hit);
        let point = found.point;
        out.push(timex(grammar, source, &state, hit, found));
        let next = hits.get(number + 1).map_or(tokens.len(), |hit| hit.from);
        further(source, hit, point, next, &mut state, &mut out);
    }
    pair(text, &mut out);
    out
}

/// All matches, leftmost and longest, without overlap.
fn hits(grammar: &Grammar, source: Source<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let (mut at, mut trigger) = (0, 0);
    while at < source.tokens.len() {
        if trigger < at {
            trigger = at;
        }
        while trigger < source.tokens.len()
            && trigger <= at + AHEAD
            && source.tokens[trigger].mask & TRIGGERS == 0
        {
            trigger += 1;
        }
        let near = trigger <= at + AHEAD && trigger < source.tokens.len();
        match best(grammar, source, at, near) {
            Some(hit) => {
                at = hit.to;
                hits.push(hit);
            }
            None => at += 1,
        }
    }
    hits
}

fn best(grammar: &Grammar, source: Source<'_>, at: usize, near: bool) -> Option<Hit> {
    let token = &source.tokens[at];
    if token.word == 0 && token.mask & grammar.first_mask == 0 {
        return None;
    }
    let mut best: Option<Hit> = None;
    let mut attempt = |number: u16| {
        let rule = &grammar.rules[usize::from(number)];
        if !near && !rule.anywhere {
            return;
        }
        let Some((to, caps)) = rule.pattern.matches(source, at) else {
            return;
        };
        let better = best.is_none_or(|b| to > b.to || (to == b.to && number < b.rule));
        let hit = Hit {
            from: at,
            to,
            rule: number,
            caps,
        };
        if to > at && better && allowed(grammar, source, rule, &hit) {
            best = Some(hit);
        }
    };
    for &number in &grammar.by_word[usize::from(token.word)] {
        if token.word != 0 {
            attempt(number);
        }
    }
    let mut bits = token.mask & grammar.first_mask;
    while bits != 0 {
        for &number in &grammar.by_class[bits.trailing_zeros() as usize] {
            attempt(number);
        }
        bits &= bits - 1;
    }
    best
}

/// Words and numbers that look like times and are none.
fn allowed(grammar: &Grammar, source: Source<'_>, rule: &Rule, hit: &Hit) -> bool {
    let context = &grammar.context;
    let token = &source.tokens[hit.from];
    let alone = hit.to == hit.from + 1;
    let before = hit.from.checked_sub(1);
    let guard = |which: Guard| before.is_some_and(|at| context.guards(source, at, which));
    if rule.op == Op::Calendar && hit.caps.has(Slot::Year) && alone {
        return bare_year(grammar, source, hit);
    }
    if rule.op == Op::Calendar && hit.caps.has(Slot::Month) && alone {
        if token.has(Class::MonthAbb) {
            return token.of(source.text).ends_with('.') && guard(Guard::MonthBefore);
        }
        if token.has(Class::MonthAmb) {
            return guard(Guard::MonthBefore) && token.gap != Gap::Break;
        }
    }
    if token.has(Class::Fall) && alone && rule.op == Op::Season {
        return guard(Guard::FallBefore);
    }
    if rule.op == Op::Season && hit.caps.get(Slot::Season) == Some(4) && hit.to == hit.from + 2 {
        // "The fall" is a collapse unless something else makes it a season.
        return hit.caps.has(Slot::Mod)
            || context.guards(source, hit.from.wrapping_sub(1), Guard::FallBefore);
    }
    if rule.op == Op::Duration && matches!(source.word(hit.from), "a" | "an" | "A" | "An") {
        // "A year-long siege", "a month-old truce": the article is not the number.
        let joined = |at: usize| source.tokens.get(at).is_some_and(|t| t.gap == Gap::None);
        if joined(hit.from + 2) && source.word(hit.from + 2) == "-" && joined(hit.from + 3) {
            return false;
        }
    }
    if hit.caps.has(Slot::N) && token.has(Class::Int) && token.gap == Gap::None {
        // "1.5-2 years" and the like begin before this token.
        return before.is_none_or(|at| !source.tokens[at].has(Class::Int));
    }
    true
}

/// Whether four digits that stand alone are a year.
fn bare_year(grammar: &Grammar, source: Source<'_>, hit: &Hit) -> bool {
    let context = &grammar.context;
    let token = &source.tokens[hit.from];
    let before = hit.from.checked_sub(1);
    let after = source.tokens.get(hit.to);
    if before.is_some_and(|at| context.guards(source, at, Guard::NumberBefore)) {
        return false;
    }
    let spelled = !token.has(Class::Yyyy);
    let year = token.num;
    let plausible = spelled || (1500..2100).contains(&year);
    let preposition = token.gap == Gap::Break
        || before.is_some_and(|at| context.guards(source, at, Guard::YearBefore));
    let counts = context.guards(source, hit.to, Guard::NumberAfter)
        || after.is_some_and(|t| t.has(Class::Unit) || t.has(Class::Units));
    if counts && after.is_some_and(|t| t.gap != Gap::Break) {
        return false;
    }
    if after.is_some_and(|t| t.gap == Gap::None && t.of(source.text) == "-")
        && source
            .tokens
            .get(hit.to + 1)
            .is_some_and(|t| !t.has(Class::Int))
        && !preposition
    {
        return plausible && (1900..2100).contains(&year);
    }
    preposition && (1000..2100).contains(&year) || plausible
}

/// Reads what kind of document this is from its matches.
fn survey(grammar: &Grammar, source: Source<'_>, hits: &[Hit], dct: Option<Date>) -> State {
    let (mut deictic, mut dated, mut old, mut quarters, mut day_first) = (0, 0, 0, 0, false);
    let now = dct.map(|d| i32::from(d.year()));
    for hit in hits {
        let rule = &grammar.rules[usize::from(hit.rule)];
        let year = hit.caps.get(Slot::Year);
        match rule.op {
            Op::RelativeDay => deictic += 1,
            Op::Calendar if hit.caps.has(Slot::Wday) && year.is_none() => deictic += 1,
            Op::Directed if matches!(hit.caps.get(Slot::Dir), Some(-1 | 1)) => deictic += 1,
            Op::Quarter => quarters += 1,
            Op::Slash => {
                let split = crate::digits::split(source.word(hit.from));
                day_first |= split.is_some_and(|(first, _, _)| first > 12);
            }
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
        earnings: quarters >= 2,
        last: None,
        last_day: None,
        quarter: None,
        day_first,
    }
}

/// Lets the state follow what was told.
fn remember(state: &mut State, found: &Found, hit: &Hit) {
    let Some(point) = found.point else {
        return;
    };
    if found.kind == TimexType::Duration || found.kind == TimexType::Set {
        return;
    }
    if matches!(point.gran, Gran::Decade | Gran::Century | Gran::Millennium) {
        return;
    }
    let _ = hit;
    if point.gran == Gran::Quarter {
        state.quarter = state.quarter.or(Some(point));
    }
    state.last = Some(point);
    if point.gran == Gran::Day {
        state.last_day = Some(point.start);
    } else if state.last_day.is_some_and(|day| !within(point, day)) {
        state.last_day = None;
    }
}

fn within(point: Point, day: Date) -> bool {
    point.start <= day && point.end().is_some_and(|end| day <= end)
}

fn span(tokens: &[Token], from: usize, to: usize) -> Span {
    Span::new(tokens[from].start as usize, tokens[to - 1].end as usize)
}

fn timex(grammar: &Grammar, source: Source<'_>, state: &State, hit: &Hit, found: Found) -> Timex {
    let rule = &grammar.rules[usize::from(hit.rule)];
    let relation = grammar.context.relation(source, hit.from);
    let interval = governed(state, hit, &found, relation);
    let mut reason = rule.reason.clone();
    match (found.anchor, state.dct) {
        (Anchor::None, _) => {}
        (Anchor::Publication, Some(dct)) => {
            reason.push_str(&format!("; counted from the publication date {dct}"));
        }
        (Anchor::LastDate, _) => reason.push_str("; counted from the last date told"),
        _ => reason.push_str("; no date is known to count from"),
    }
    Timex {
        span: trimmed(source, hit),
        kind: found.kind,
        value: found.value,
        modifier: found.modifier.map(str::to_owned),
        value_to: found.value_to,
        interval,
        relation: relation.map(str::to_owned),
        anchor: found.anchor,
        why: Why::rule(format!("time/{}", rule.id), reason),
    }
}

/// The stop of an abbreviation is left outside, as the annotation guidelines have it, unless it
/// belongs to `a.m.` and the like.
fn trimmed(source: Source<'_>, hit: &Hit) -> Span {
    let span = span(source.tokens, hit.from, hit.to);
    let last = &source.tokens[hit.to - 1];
    let stopped = last.mask & mask(&[Class::MonthAbb, Class::WdayAbb]) != 0
        && last.of(source.text).ends_with('.');
    if stopped {
        Span::new(span.start as usize, span.end as usize - 1)
    } else {
        span
    }
}

/// What the governing word makes of the days.
fn governed(state: &State, hit: &Hit, found: &Found, relation: Option<&str>) -> Option<Interval> {
    if found.kind == TimexType::Duration {
        return found.interval.or_else(|| ahead(state, hit, relation));
    }
    let interval = found.interval?;
    let open = |from: Option<Date>, to: Option<Date>| {
        Some(Interval {
            from,
            to,
            precision: Precision::Bounded,
        })
    };
    match relation {
        Some("since") => {
            let end = state
                .dct
                .filter(|dct| interval.from.is_none_or(|from| from <= *dct));
            open(interval.from, end)
        }
        Some("from") => open(interval.from, None),
        Some("by" | "until") => open(None, interval.to),
        Some("before") => open(None, interval.from.and_then(|d| d.yesterday().ok())),
        Some("after") => open(interval.from, None),
        Some("within") => open(None, interval.to),
        _ => Some(interval),
    }
}

/// "Within two years": from the publication date on.
fn ahead(state: &State, hit: &Hit, relation: Option<&str>) -> Option<Interval> {
    if relation != Some("within") {
        return None;
    }
    let unit = hit.caps.get(Slot::Unit).and_then(Unit::from_code)?;
    let n = hit.caps.get(Slot::N2).or(hit.caps.get(Slot::N))?;
    crate::lengths::stretch(state.dct?, unit, n, 1)
}

/// Numbers after a date that go on with it: "April 6-7", "1960-63".
fn further(
    source: Source<'_>,
    hit: &Hit,
    point: Option<Point>,
    next: usize,
    state: &mut State,
    out: &mut Vec<Timex>,
) {
    let Some(point) = point else { return };
    let (mut at, mut rounds) = (hit.to, 0);
    while rounds < 6 && at + 1 < next {
        rounds += 1;
        let Some(join) = source.joined(at, false) else {
            return;
        };
        let word = join.of(source.text);
        let tight = join.gap == Gap::None && matches!(word, "-" | "–");
        let Some(token) = source.joined(at + 1, false) else {
            return;
        };
        let later = source.tokens.get(at + 2);
        let counts = later.is_some_and(|t| {
            t.gap == Gap::Space
                && t.of(source.text)
                    .starts_with(|c: char| c.is_ascii_lowercase())
        });
        let found = match point.gran {
            Gran::Year if tight && token.has(Class::Yy) && hit.caps.get(Slot::Era).is_none() => {
                let year = i32::from(point.start.year());
                Point::year(year.div_euclid(100) * 100 + token.num)
                    .filter(|p| p.start > point.start)
            }
            Gran::Day
                if hit.caps.has(Slot::Month)
                    && hit.caps.get(Slot::Year).is_none()
                    && token.has(Class::Dd)
                    && (tight || (!counts && matches!(word, "and" | "to" | "-" | "–"))) =>
            {
                crate::cal::day(
                    point.start.year().into(),
                    point.start.month().into(),
                    token.num,
                )
                .map(|day| Point::new(Gran::Day, day))
            }
            _ => None,
        };
        let Some(found) = found else { return };
        let first = out.len() - 1;
        let anchor = out[first].anchor;
        let value = Found::at(found, anchor);
        out.push(Timex {
            span: span(source.tokens, at + 1, at + 2),
            kind: TimexType::Date,
            value: value.value,
            modifier: None,
            value_to: None,
            interval: value.interval,
            relation: None,
            anchor,
            why: Why::rule("time/goes-on", "goes on with the date before it"),
        });
        state.last = Some(found);
        if found.gran == Gran::Day {
            state.last_day = Some(found.start);
        }
        at += 2;
    }
}

/// Two dates with "to", "until" or "and" between them are the ends of one range: the first
/// expression also carries the value of the second.
fn pair(text: &str, out: &mut [Timex]) {
    for second in 1..out.len() {
        let (head, tail) = out.split_at_mut(second);
        let (first, second) = (&mut head[head.len() - 1], &mut tail[0]);
        if first.kind == TimexType::Duration || second.kind != first.kind {
            continue;
        }
        let (from, to) = (first.span.end as usize, second.span.start as usize);
        let joint = text.get(from..to).unwrap_or("").trim();
        let tight = from + 3 >= to && matches!(joint, "-" | "–" | "—");
        let open = matches!(
            first.relation.as_deref(),
            Some("from" | "between" | "since")
        );
        let said = match joint {
            "to" | "until" | "till" | "through" => true,
            "and" => first.relation.as_deref() == Some("between"),
            _ => false,
        };
        if !(tight || (said && (open || joint != "and"))) || first.value_to.is_some() {
            continue;
        }
        let ends = (
            first.interval.and_then(|i| i.from),
            second.interval.and_then(|i| i.to.or(i.from)),
        );
        first.value_to = Some(second.value.clone());
        if second.relation.is_none() {
            second.relation = Some("until".to_owned());
        }
        if let (Some(from), Some(to)) = ends
            && from <= to
        {
            first.interval = Some(Interval::between(from, to));
        }
    }
}
