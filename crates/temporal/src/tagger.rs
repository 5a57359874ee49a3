//! The pass over a document: finds matches, resolves them in order, reads the words that govern
//! them.

use rapporteur_base::{Date, Interval, Precision, Span, Why};

use crate::cal::{Gran, Point, Unit};
use crate::guard::allowed;
use crate::lex::{Gap, Token, tokens};
use crate::lexicon::{Class, mask};
use crate::ops::{Found, Match, State, resolve};
use crate::pattern::{Caps, Slot, Source, Trail};
use crate::rules::Grammar;
use crate::story::{remember, survey};
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
pub(crate) struct Hit {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) rule: u16,
    pub(crate) caps: Caps,
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
        let caps = lent_year(source, hit, hits.get(number + 1));
        let m = Match {
            source,
            state: &state,
            context: &grammar.context,
            rule,
            caps: &caps,
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
    lend_day(text, &mut out);
    out
}

/// "At 3 a.m. (0000 GMT) on Wednesday": times by the clock have the day that follows them.
fn lend_day(text: &str, out: &mut [Timex]) {
    for at in (0..out.len().saturating_sub(1)).rev() {
        let (head, tail) = out.split_at_mut(at + 1);
        let (time, day) = (&mut head[at], &tail[0]);
        let clock = time.kind == TimexType::Time && time.why.rule.starts_with("time/clock-");
        let own = time.why.rule == "time/clock-day";
        let bounded = matches!(day.kind, TimexType::Date | TimexType::Time)
            && day.interval.is_some_and(|i| i.precision == Precision::Day);
        let between = text.get(time.span.end as usize..day.span.start as usize);
        let joined = between.is_some_and(|words| {
            let words = words.trim_matches([' ', ',', '(', ')', '.']);
            matches!(words, "" | "on" | "local time" | "local time on")
        });
        let Some((_, hour)) = time.value.split_once('T').filter(|_| clock && !own) else {
            continue;
        };
        if let (true, true, Some(date)) = (bounded, joined, day.value.get(..10)) {
            time.value = [date, "T", hour].concat();
            time.interval = day.interval;
            time.anchor = day.anchor;
        }
    }
}

/// "Between April 16 and May 28, 2004": the first date has the year of the second.
fn lent_year(source: Source<'_>, hit: &Hit, next: Option<&Hit>) -> Caps {
    let mut caps = hit.caps;
    let (Some(month), Some(next)) = (caps.get(Slot::Month), next) else {
        return caps;
    };
    let bare = !caps.has(Slot::Year) && !caps.has(Slot::Dir);
    let joined = next.from == hit.to + 1
        && source.tokens[next.from].gap != Gap::Break
        && matches!(
            source.word(hit.to),
            "and" | "to" | "-" | "–" | "until" | "through" | "or"
        );
    if let (true, true, Some(year), Some(later)) = (
        bare,
        joined,
        next.caps.get(Slot::Year),
        next.caps.get(Slot::Month),
    ) {
        caps.set(Slot::Year, if month > later { year - 1 } else { year });
        if let Some(era) = next.caps.get(Slot::Era) {
            caps.set(Slot::Era, era);
        }
    }
    caps
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
        let bit = bits.trailing_zeros();
        for &number in &grammar.by_class[bit as usize] {
            // A rule that may begin with several classes of the token is tried once.
            let mask = grammar.rules[usize::from(number)].pattern.first_mask & token.mask;
            if mask.trailing_zeros() == bit {
                attempt(number);
            }
        }
        bits &= bits - 1;
    }
    best
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
        zone: crate::clock::zone(m),
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
        // "A letter from Sunday": what begins there does so in the future, or the words say "to".
        Some("from")
            if state
                .dct
                .is_none_or(|dct| interval.to.is_none_or(|to| to >= dct)) =>
        {
            open(interval.from, None)
        }
        Some("by" | "until") => open(None, interval.to),
        Some("before") => open(None, interval.from.and_then(|d| d.yesterday().ok())),
        Some("after") => open(interval.from, None),
        Some("within") => open(None, interval.to),
        _ => Some(interval),
    }
}

/// "Within two years": from the publication date on.
fn ahead(m: Match<'_>) -> Option<Interval> {
    let near = match m.relation {
        Some("within") => true,
        // "Will meet in two weeks"; "in two weeks of war" looks back.
        Some("in") => {
            crate::context::tense(m.source, m.from, m.to) == crate::context::Tense::Future
        }
        _ => false,
    };
    if !near {
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
        let found = continued(source, hit, point, at);
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
            zone: None,
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

/// The date that the number after the sign at `at` stands for.
fn continued(source: Source<'_>, hit: &Hit, point: Point, at: usize) -> Option<Point> {
    let join = source.joined(at, false)?;
    let word = join.of(source.text);
    let tight = join.gap == Gap::None && matches!(word, "-" | "–");
    let token = source.joined(at + 1, false)?;
    let later = source.tokens.get(at + 2);
    let counts = later.is_some_and(|t| {
        t.gap == Gap::Space
            && t.of(source.text)
                .starts_with(|c: char| c.is_ascii_lowercase())
    });
    match point.gran {
        // "The 2024/25 budget".
        Gran::Year if word == "/" && join.gap == Gap::None && token.has(Class::Yy) => {
            let year = i32::from(point.start.year());
            ((year + 1).rem_euclid(100) == token.num).then_some(())?;
            Point::year(year + 1)
        }
        Gran::Year if tight && token.has(Class::Yy) && hit.caps.get(Slot::Era).is_none() => {
            let year = i32::from(point.start.year());
            Point::year(year.div_euclid(100) * 100 + token.num).filter(|p| p.start > point.start)
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
        let tight = from + 3 >= to && matches!(joint, "-" | "–" | "—" | "/");
        let open = matches!(
            first.relation.as_deref(),
            Some("from" | "between" | "since")
        );
        let said = match joint {
            "to" | "until" | "till" | "through" => true,
            "and" | "و" => first.relation.as_deref() == Some("between"),
            _ => false,
        };
        if !(tight || (said && (open || !matches!(joint, "and" | "و")))) || first.value_to.is_some()
        {
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
