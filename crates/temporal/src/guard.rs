//! Matches that look like times and are none: ages, counts, codes, verbs.

use crate::cal::Unit;
use crate::context::Guard;
use crate::lex::Gap;
use crate::lexicon::Class;
use crate::ops::{FISCAL, SHORT};
use crate::pattern::{Slot, Source};
use crate::rules::{Grammar, Op, Rule};
use crate::tagger::Hit;

/// Words and numbers that look like times and are none.
pub(crate) fn allowed(grammar: &Grammar, source: Source<'_>, rule: &Rule, hit: &Hit) -> bool {
    let token = &source.tokens[hit.from];
    let alone = hit.to == hit.from + 1;
    let before = hit.from.checked_sub(1);
    if rule.op == Op::Calendar
        && let Some(verdict) = calendar_verdict(grammar, source, hit)
    {
        return verdict;
    }
    if rule.op == Op::Duration && over_place(grammar, source, hit) {
        return false;
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
    if alone && let Some(verdict) = lone_word(grammar, source, rule, hit) {
        return verdict;
    }
    if rule.op == Op::Season && alone && ranked(source, hit.from) {
        return false;
    }
    if matches!(rule.op, Op::Season | Op::Directed) && season_name(source, hit) {
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

/// What decides at once whether a date of the calendar stands; `None` where nothing does.
fn calendar_verdict(grammar: &Grammar, source: Source<'_>, hit: &Hit) -> Option<bool> {
    let token = &source.tokens[hit.from];
    let qualified = hit.caps.has(Slot::Mod) || hit.caps.has(Slot::Era);
    if name_of_day(grammar, source, hit) {
        return Some(false);
    }
    match hit.caps.get(Slot::Flag) {
        Some(SHORT) => return Some(short_year(grammar, source, hit)),
        Some(FISCAL) => return Some(true),
        _ => {}
    }
    let (month, year) = (hit.caps.has(Slot::Month), hit.caps.has(Slot::Year));
    if year && !month && !qualified && hit.to <= hit.from + 2 {
        return Some(bare_year(grammar, source, hit));
    }
    if month && hit.to == hit.from + 1 {
        let led = hit
            .from
            .checked_sub(1)
            .is_some_and(|at| grammar.context.guards(source, at, Guard::MonthBefore));
        if token.has(Class::MonthAbb) {
            return Some(token.of(source.text).ends_with('.') && led);
        }
        if token.has(Class::MonthAmb) {
            return Some(led && token.gap != Gap::Break);
        }
    }
    None
}

/// A day that names something: "the April 6 Youth Movement", "14 July Bridge".
fn name_of_day(grammar: &Grammar, source: Source<'_>, hit: &Hit) -> bool {
    if !hit.caps.has(Slot::Month) || hit.caps.has(Slot::Year) {
        return false;
    }
    let digits = |at: usize| source.joined(at, false).is_some_and(|t| t.has(Class::Dd));
    let day_before = hit.from.checked_sub(1).is_some_and(digits);
    // The month alone is tried where the whole day was turned down.
    let (end, dated) = match hit.caps.has(Slot::Day) {
        true => (hit.to, true),
        false if digits(hit.to) => (hit.to + 1, true),
        false => (hit.to, day_before),
    };
    let capital = |at: usize| {
        source
            .joined(at, false)
            .is_some_and(|t| t.has(Class::Cap) && t.gap == Gap::Space)
    };
    let names = |at: usize| capital(at) && grammar.context.guards(source, at, Guard::NameAfter);
    dated && (names(end) || (capital(end) && names(end + 1)))
}

/// "In '98": the sign stands apart from what is before it and close to the digits, and a word of
/// time leads to it.
fn short_year(grammar: &Grammar, source: Source<'_>, hit: &Hit) -> bool {
    let digits = &source.tokens[hit.to - 1];
    let sign = hit.to.checked_sub(2).and_then(|at| source.tokens.get(at));
    let tight = digits.gap == Gap::None && sign.is_some_and(|sign| sign.gap != Gap::None);
    let led = hit.to > hit.from + 2
        || hit.from.checked_sub(1).is_some_and(|at| {
            source.word(at) != "the" && grammar.context.guards(source, at, Guard::YearBefore)
        });
    let plural = source
        .joined(hit.to, false)
        .is_some_and(|t| t.gap == Gap::None && !matches!(t.of(source.text), "." | "," | ";" | ")"));
    tight && led && !plural
}

/// "Over three years the plan grew": here "over" leads to the length and says nothing of it.
fn over_place(grammar: &Grammar, source: Source<'_>, hit: &Hit) -> bool {
    source.word(hit.from).eq_ignore_ascii_case("over")
        && !hit
            .from
            .checked_sub(1)
            .is_some_and(|at| grammar.context.guards(source, at, Guard::OverBefore))
}

/// Words that alone are a time only after a preposition of time; `None` for all others.
fn lone_word(grammar: &Grammar, source: Source<'_>, rule: &Rule, hit: &Hit) -> Option<bool> {
    let before = hit.from.checked_sub(1);
    let guard = |which: Guard| before.is_some_and(|at| grammar.context.guards(source, at, which));
    let token = &source.tokens[hit.from];
    Some(match rule.op {
        // A score, a ratio or a time left.
        Op::Clock if token.has(Class::Hm) => token.gap != Gap::Break && guard(Guard::ClockBefore),
        // "A Christmas party" is told by its kind, not by its day.
        Op::Holiday => {
            guard(Guard::MonthBefore)
                || before.is_some_and(|at| matches!(source.word(at), "on" | "at" | "over" | "near"))
        }
        // Also a family name.
        Op::Hijri => guard(Guard::MonthBefore),
        _ => return None,
    })
}

/// "The hottest summer in years": one of many, not a time.
fn ranked(source: Source<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        let token = &source.tokens[before];
        let word = token.of(source.text);
        source.tokens[at].gap == Gap::Space
            && !token.has(Class::OrdW)
            && ((word.len() > 5 && word.ends_with("est")) || matches!(word, "worst" | "best"))
    })
}

/// Whether a season is part of a name: "the Winter Palace".
fn season_name(source: Source<'_>, hit: &Hit) -> bool {
    let last = &source.tokens[hit.to - 1];
    last.has(Class::Season)
        && last.has(Class::Cap)
        && source
            .joined(hit.to, false)
            .is_some_and(|t| t.has(Class::Cap))
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
    // "Expected to last weeks": a verb.
    let verb = hit.caps.get(Slot::Dir) == Some(-1)
        && source.word(hit.from) == "last"
        && hit.from.checked_sub(1).is_some_and(|at| {
            matches!(
                source.word(at),
                "to" | "will" | "would" | "could" | "can" | "may" | "might" | "not"
            )
        });
    if verb {
        return false;
    }
    let joined = |at: usize| source.tokens.get(at).is_some_and(|t| t.gap == Gap::None);
    if source.word(hit.to) == "old" && !joined(hit.to) {
        // An age.
        return false;
    }
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
    // "The last 42 days later": the last of them, and how long after.
    let told = matches!(
        source.word(hit.from),
        "the" | "last" | "first" | "final" | "The"
    );
    if told && matches!(source.word(hit.to), "later" | "ago" | "earlier") {
        return false;
    }
    // "Two hours a day": only a smaller unit goes on with a larger one.
    if let (Some(first), Some(second)) = (hit.caps.get(Slot::Unit), hit.caps.get(Slot::Unit2))
        && second >= first
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
