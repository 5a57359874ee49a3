//! The pass over a document: finds matches, resolves them in order, reads the words that govern
//! them.

use rapporteur_base::{Date, Interval, Precision, Span, Why};

use crate::cal::{Gran, Point, Unit};
use crate::context::Guard;
use crate::lex::{Gap, Token, tokens};
use crate::lexicon::{Class, mask};
use crate::ops::{Found, Match, State, resolve};
use crate::pattern::{Caps, Slot, Source, Trail};
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
    Class::ArUnit,
    Class::ArThe,
    Class::ArUnits,
    Class::ArTheUnits,
    Class::Dual,
    Class::ArPart,
    Class::ArSeason,
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
        let relation = grammar.context.relation(source, hit.from);
        let m = Match {
            source,
            state: &state,
            rule,
            caps: &hit.caps,
            relation,
            from: hit.from,
            to: hit.to,
        };
        let Some(found) = resolve(m) else {
            continue;
        };
        let timex = timex(m, hit, &found);
        remember(source, &mut state, &found, hit);
        let point = found.point;
        out.push(timex);
        let next = hits.get(number + 1).map_or(tokens.len(), |hit| hit.from);
        further(source, hit, point, next, &mut state, &mut out);
    }
    pair(text, &mut out);
    out
}

/// All matches, leftmost and longest, without overlap.
fn hits(grammar: &Grammar, source: Source<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut trail = Trail::new();
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
        match best(grammar, source, at, near, &mut trail) {
            Some(hit) => {
                at = hit.to;
                hits.push(hit);
            }
            None => at += 1,
        }
    }
    hits
}

fn best(
    grammar: &Grammar,
    source: Source<'_>,
    at: usize,
    near: bool,
    trail: &mut Trail,
) -> Option<Hit> {
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
        let Some((to, caps)) = rule.pattern.matches(source, at, trail) else {
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
    let qualified = hit.caps.has(Slot::Mod) || hit.caps.has(Slot::Era);
    if rule.op == Op::Calendar
        && hit.caps.has(Slot::Year)
        && !hit.caps.has(Slot::Month)
        && !qualified
        && hit.to <= hit.from + 2
    {
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
    if hit.caps.get(Slot::Season) == Some(4) && !autumn(grammar, source, hit) {
        return false;
    }
    if rule.op == Op::Directed && (hit.caps.get(Slot::Unit) == Some(0) || hyphened(source, hit.to))
    {
        return false;
    }
    if rule.op == Op::Shift
        && !hit.caps.has(Slot::Cmp)
        && source
            .joined(hit.to, false)
            .is_some_and(|t| t.has(Class::Yyyy))
    {
        return false;
    }
    if rule.op == Op::Duration && !length_allowed(source, hit) {
        return false;
    }
    if hit.caps.has(Slot::N) && token.has(Class::Int) && token.gap == Gap::None {
        // "1.5-2 years" and the like begin before this token.
        return before.is_none_or(|at| !source.tokens[at].has(Class::Int));
    }
    true
}

/// Whether "fall" is the season: "the fall of the city" is not.
fn autumn(grammar: &Grammar, source: Source<'_>, hit: &Hit) -> bool {
    if hit.caps.has(Slot::Year) || hit.caps.has(Slot::Mod) {
        return true;
    }
    if source.word(hit.to) == "of" {
        return false;
    }
    let known = !matches!(hit.caps.get(Slot::Dir), None | Some(4));
    known
        || hit
            .from
            .checked_sub(1)
            .is_some_and(|at| grammar.context.guards(source, at, Guard::FallBefore))
}

/// Whether a hyphen joins the token before `at` to a word that changes its meaning.
fn hyphened(source: Source<'_>, at: usize) -> bool {
    source.tokens.get(at).is_some_and(|t| t.gap == Gap::None)
        && source.word(at) == "-"
        && matches!(
            source.word(at + 1),
            "old" | "olds" | "ago" | "earlier" | "long" | "end" | "round"
        )
}

/// Ages, fractions and ranks that look like lengths.
fn length_allowed(source: Source<'_>, hit: &Hit) -> bool {
    let joined = |at: usize| source.tokens.get(at).is_some_and(|t| t.gap == Gap::None);
    if source.word(hit.to) == "-"
        && joined(hit.to)
        && matches!(source.word(hit.to + 1), "old" | "olds")
    {
        return false;
    }
    // "A year-long siege", "a month-old truce": the article is not the number.
    if matches!(source.word(hit.from), "a" | "an" | "A" | "An")
        && joined(hit.from + 2)
        && source.word(hit.from + 2) == "-"
        && joined(hit.from + 3)
    {
        return false;
    }
    let one = hit.caps.get(Slot::N) == Some(1000) && !source.tokens[hit.from].has(Class::Card);
    let directed = hit.caps.has(Slot::Dir);
    match hit.caps.get(Slot::Unit).and_then(Unit::from_code) {
        // "A second", "a quarter of it", "three quarters".
        Some(Unit::Second) => !one,
        Some(Unit::Quarter) if hit.to == hit.from + 1 => false,
        Some(Unit::Quarter) => directed || !(one || hit.caps.get(Slot::N) == Some(3000)),
        _ => true,
    }
}

/// Whether four digits that stand alone are a year.
fn bare_year(grammar: &Grammar, source: Source<'_>, hit: &Hit) -> bool {
    let context = &grammar.context;
    let token = &source.tokens[hit.to - 1];
    let before = (hit.to - 1).checked_sub(1);
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
        earnings: quarters >= 1,
        last: None,
        last_day: None,
        quarter: None,
        day_first,
    }
}

/// Lets the state follow what was told.
fn remember(source: Source<'_>, state: &mut State, found: &Found, hit: &Hit) {
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

fn span(tokens: &[Token], from: usize, to: usize) -> Span {
    Span::new(tokens[from].start as usize, tokens[to - 1].end as usize)
}

fn timex(m: Match<'_>, hit: &Hit, found: &Found) -> Timex {
    let mut reason = m.rule.reason.clone();
    match (found.anchor, m.state.dct) {
        (Anchor::None, _) => {}
        (Anchor::Publication, Some(dct)) => {
            reason.push_str("; counted from the publication date ");
            reason.push_str(&Point::new(Gran::Day, dct).value());
        }
        (Anchor::LastDate, _) => reason.push_str("; counted from the last date told"),
        _ => reason.push_str("; no date is known to count from"),
    }
    Timex {
        span: trimmed(m.source, hit),
        kind: found.kind,
        value: found.value.clone(),
        modifier: found.modifier.map(str::to_owned),
        value_to: found.value_to.clone(),
        interval: governed(m, found),
        relation: m.relation.map(str::to_owned),
        anchor: found.anchor,
        why: Why::rule(["time/", &m.rule.id].concat(), reason),
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
fn governed(m: Match<'_>, found: &Found) -> Option<Interval> {
    let state = m.state;
    if found.kind == TimexType::Duration {
        return found.interval.or_else(|| ahead(m));
    }
    let interval = found.interval?;
    let open = |from: Option<Date>, to: Option<Date>| {
        Some(Interval {
            from,
            to,
            precision: Precision::Bounded,
        })
    };
    match m.relation {
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
fn ahead(m: Match<'_>) -> Option<Interval> {
    if m.relation != Some("within") {
        return None;
    }
    let unit = m.caps.get(Slot::Unit).and_then(Unit::from_code)?;
    let n = m.caps.get(Slot::N2).or(m.caps.get(Slot::N))?;
    crate::lengths::stretch(m.state.dct?, unit, n, 1)
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
