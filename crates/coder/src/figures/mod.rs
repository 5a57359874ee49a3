//! Counts and amounts with operator, unit, what is counted, where and as of when.
//!
//! Numbers in digits and words are read off the words; what counts nothing (dates, names with
//! numbers, ages, "the two sides") is left out with a reason; vague words ("hundreds") never become
//! numbers. What is counted comes from the parse, from the neighbours where the parse has nothing.

mod counted;
mod exclude;
mod lexicon;
mod lists;
mod number;

use rapporteur_base::{Operator, Quantity, Span, Why};
use rapporteur_temporal::{Timex, TimexType};

use crate::actors::words::{self, Line};
use crate::{BlockKind, Coding, Figure, Input, Party};
use lexicon::Class;
use number::Number;

/// Every figure, in text order. `coding` holds the actors, places and quotations found before.
pub fn find(input: &Input<'_>, coding: &Coding) -> Vec<Figure> {
    let lines = words::lines(input.text, input.sentences);
    let mut out = Vec::new();
    for line in &lines {
        let Some(first) = line.words.first() else {
            continue;
        };
        if coded(input, first.span) {
            sentence(input, coding, line, &mut out);
        }
    }
    out
}

/// Pull-quotes and heads repeat what the body says.
fn coded(input: &Input<'_>, at: Span) -> bool {
    let block = input.blocks.iter().find(|(span, _)| span.contains(at));
    !matches!(block, Some((_, BlockKind::Repeat | BlockKind::Head)))
}

fn sentence(input: &Input<'_>, coding: &Coding, line: &Line<'_>, out: &mut Vec<Figure>) {
    let start = out.len();
    let context = line.sentence.map_or_else(
        || {
            line.words[0]
                .span
                .cover(line.words[line.words.len() - 1].span)
        },
        |s| s.span,
    );
    let times = within(input.times, context);
    let mut at = 0;
    while at < line.words.len() {
        let Some(number) = number::read(input.text, line, at) else {
            at += 1;
            continue;
        };
        at = number.last + 1;
        let range = upper(input.text, line, &number);
        if exclude::reason(input.text, line, &number, times, range.is_some()).is_some() {
            continue;
        }
        let end = range.as_ref().map_or(number, |(n, _)| *n);
        at = end.last + 1;
        // "cut from 900 to 250 men": the first number counts what the second does.
        let ahead = from_to(input.text, line, &number);
        let inherited = out[start..]
            .last()
            .map(|f| (f.quantity.unit.clone(), f.of.clone()));
        let counted = counted::noun(input.text, line, &number, &end, inherited)
            .or_else(|| counted::level(line, &number, &end));
        let counted = match (counted, ahead) {
            (Some(counted), _) => counted,
            (None, Some(later)) => match counted::noun(input.text, line, &later, &later, None) {
                Some(counted) => counted::Counted {
                    end: None,
                    ..counted
                },
                None => continue,
            },
            (None, None) => continue,
        };
        let figure = build(input, line, &number, range, counted);
        out.push(figure);
    }
    let spans: Vec<Span> = out[start..].iter().map(|f| f.span).collect();
    for (i, figure) in out[start..].iter_mut().enumerate() {
        figure.context = context;
        figure.place = place(input.text, coding, context, &spans, i);
        figure.as_of = as_of(input, line, times, figure.span);
        figure.by = by(coding, figure.span);
    }
}

/// The times of a sentence.
fn within(times: &[Timex], context: Span) -> &[Timex] {
    let first = times.partition_point(|t| t.span.end <= context.start);
    let after = times.partition_point(|t| t.span.start < context.end);
    &times[first.min(after)..after]
}

/// The upper end of a range: "two to five", "between 3 and 7", "10-15", "10 or 15".
fn upper(text: &str, line: &Line<'_>, low: &Number) -> Option<(Number, usize)> {
    let words = &line.words;
    let next = words.get(low.last + 1).filter(|w| w.soft)?;
    let between = low.first > 0 && words[low.first - 1].norm == "between";
    let from = low.first > 0 && words[low.first - 1].norm == "from";
    let at = match next.norm.as_str() {
        "to" | "or" => low.last + 2,
        "and" if between => low.last + 2,
        _ if next.hyphen && next.norm.bytes().all(|b| b.is_ascii_digit()) && low.digits => {
            low.last + 1
        }
        _ => return None,
    };
    let high = number::read(text, line, at).filter(|_| line.words[at].soft)?;
    let mut low_value = low.value;
    // "1 to 2 million", "two to three thousand"
    if low_value < high.value
        && high.last > high.first
        && high.value >= 1000.0
        && low_value < 1000.0
    {
        low_value *= scale_of(high.value);
    }
    let fits = low_value < high.value && (!from || next.norm == "to");
    fits.then_some((
        Number {
            value: high.value,
            ..high
        },
        low.first.saturating_sub(usize::from(between || from)),
    ))
}

/// The second number of "from 900 to 250 men".
fn from_to(text: &str, line: &Line<'_>, low: &Number) -> Option<Number> {
    let words = &line.words;
    let from = low.first > 0 && words[low.first - 1].norm == "from";
    let to = words.get(low.last + 1).is_some_and(|w| w.norm == "to");
    (from && to)
        .then(|| number::read(text, line, low.last + 2))
        .flatten()
}

fn scale_of(value: f64) -> f64 {
    [1e12, 1e9, 1e6, 1e3]
        .into_iter()
        .find(|s| value >= *s)
        .unwrap_or(1.0)
}

/// "handed over 240 rifles": no operator but a part of the verb.
fn particle(line: &Line<'_>, number: &Number) -> bool {
    let before = |back: usize| {
        let at = number.first.checked_sub(back)?;
        Some(line.words.get(at)?.norm.as_str())
    };
    const WITH_OVER: &[&str] = &[
        "hand", "handed", "handing", "hands", "turn", "turned", "turning", "take", "took", "taken",
        "taking", "give", "gave", "given",
    ];
    before(1) == Some("over") && before(2).is_some_and(|verb| WITH_OVER.contains(&verb))
}

/// Operator before or behind a number, and where the figure's words begin and end.
fn operator(text: &str, line: &Line<'_>, number: &Number, end: &Number) -> (Operator, usize, u32) {
    let words = &line.words;
    let mut first = number.first;
    let mut stop = end.end;
    let mut op = Operator::Equal;
    if let Some((from, class)) =
        lexicon::before(words, number.first).filter(|_| !particle(line, number))
        && words[number.first].soft
            | text
                .get(
                    words[number.first - 1].span.end as usize
                        ..words[number.first].span.start as usize,
                )
                .is_some_and(|g| g.trim_start().starts_with(['$', '€', '£']) || g.trim() == "US$")
    {
        let found = match class {
            Class::About => Some(Operator::About),
            Class::Over => Some(Operator::Over),
            Class::Least => Some(Operator::AtLeast),
            Class::Under => Some(Operator::Under),
            Class::Most => Some(Operator::AtMost),
            Class::Equal => Some(Operator::Equal),
            _ => None,
        };
        if let Some(found) = found {
            op = found;
            first = from;
        }
    }
    for reach in (1..=2).rev() {
        let from = end.last + 1;
        let Some(run) = words.get(from..from + reach) else {
            continue;
        };
        match lexicon::class(run) {
            Some(Class::AfterLeast) => {
                op = Operator::AtLeast;
                stop = run[reach - 1].span.end;
                break;
            }
            Some(Class::AfterAbout) => {
                op = Operator::About;
                stop = run[reach - 1].span.end;
                break;
            }
            _ => {}
        }
    }
    if text
        .get(end.end as usize..)
        .is_some_and(|t| t.starts_with('+'))
    {
        op = Operator::AtLeast;
        stop = end.end + 1;
    }
    (op, first, stop)
}

fn build(
    input: &Input<'_>,
    line: &Line<'_>,
    number: &Number,
    range: Option<(Number, usize)>,
    counted: counted::Counted,
) -> Figure {
    let end = range.as_ref().map_or(*number, |(n, _)| *n);
    let (op, mut first, stop) = operator(input.text, line, number, &end);
    if let Some((_, from)) = &range {
        first = first.min(*from);
    }
    let quantity = match &range {
        Some((high, _)) => {
            let scaled = if number.value < high.value
                && high.last > high.first
                && high.value >= 1000.0
                && number.value < 1000.0
            {
                number.value * scale_of(high.value)
            } else {
                number.value
            };
            Quantity::range(scaled, high.value, counted.unit)
        }
        None => Quantity::new(number.value, op, counted.unit),
    };
    let mut start = line.words[first].span.start;
    if first == number.first {
        start = counted.start.map_or(start, |s| s.min(start));
    }
    let end = counted.end.map_or(stop, |e| e.max(stop));
    Figure {
        span: Span { start, end }.trim(input.text),
        quantity,
        of: counted.of,
        place: None,
        as_of: None,
        by: None,
        context: Span { start, end },
        why: Why::rule(counted.rule, "a number with what it counts"),
    }
}

/// The place right after the figure and before the next one; the only place of the sentence else.
fn place(text: &str, coding: &Coding, context: Span, figures: &[Span], at: usize) -> Option<Span> {
    let from = coding
        .places
        .partition_point(|p| p.span.end <= context.start);
    let here: Vec<Span> = coding.places[from..]
        .iter()
        .take_while(|p| p.span.start < context.end)
        .map(|p| p.span)
        .collect();
    let figure = figures[at];
    let limit = figures.get(at + 1).map_or(context.end, |f| f.start);
    here.iter()
        .find(|p| {
            p.start >= figure.end
                && p.start < limit
                && !Span {
                    start: figure.end,
                    end: p.start,
                }
                .of(text)
                .contains([',', ';', '—'])
        })
        .or_else(|| {
            here.first()
                .filter(|p| here.len() == 1 && figures.len() == 1 && p.end <= figure.start)
        })
        .copied()
}

/// The date of the figure's own clause: both hang under the same verb. Without a parse, a date
/// that no comma parts from it.
fn as_of(
    input: &Input<'_>,
    line: &Line<'_>,
    times: &[Timex],
    figure: Span,
) -> Option<(Span, rapporteur_base::Interval)> {
    let mine = |span: Span| match line.sentence {
        Some(sentence) => verb_over(sentence, span) == verb_over(sentence, figure),
        None => {
            let gap = if span.start >= figure.end {
                Span {
                    start: figure.end,
                    end: span.start,
                }
            } else {
                Span {
                    start: span.end,
                    end: figure.start.max(span.end),
                }
            };
            !gap.of(input.text).contains(',')
        }
    };
    times
        .iter()
        .filter(|t| matches!(t.kind, TimexType::Date | TimexType::Time) && !t.span.overlaps(figure))
        .filter_map(|t| Some((t.span, t.interval?)))
        .filter(|(span, _)| mine(*span) && near(input.text, line, *span, figure))
        .min_by_key(|(span, _)| {
            if span.start >= figure.end {
                span.start - figure.end
            } else {
                figure.start.saturating_sub(span.end)
            }
        })
}

/// No comma parts date and figure, unless the date opens the sentence.
fn near(text: &str, line: &Line<'_>, date: Span, figure: Span) -> bool {
    let opens = line.words.iter().take(3).any(|w| date.contains(w.span));
    let gap = if date.start >= figure.end {
        Span {
            start: figure.end,
            end: date.start,
        }
    } else {
        Span {
            start: date.end,
            end: figure.start.max(date.end),
        }
    };
    opens || !gap.of(text).contains([',', ';', '—'])
}

/// The verb (or other head of a clause) that governs a span.
fn verb_over(sentence: &rapporteur_text::Sentence, span: Span) -> Option<usize> {
    let (_, last) = sentence.tokens_in(span)?;
    let mut at = last;
    for _ in 0..24 {
        let token = sentence.tokens.get(at)?;
        if matches!(token.upos, rapporteur_text::Upos::Verb) && at != last {
            return Some(at);
        }
        match token.head {
            Some(head) => at = head,
            None => return Some(at),
        }
    }
    Some(at)
}

/// Whose number it is: the speaker of the quotation that holds it.
fn by(coding: &Coding, figure: Span) -> Option<Party> {
    let quote = coding
        .quotes
        .iter()
        .rev()
        .find(|q| q.content.iter().any(|c| c.contains(figure)))?;
    quote.speaker.clone()
}
