//! What a number counts: its noun with modifiers and the phrase that identifies it.

use super::lists::{FALLEN, HARM, LENGTHS, STOPS};
use rapporteur_base::Span;
use rapporteur_text::{Deprel, Sentence, Upos};

use super::lexicon::{self, Class};
use super::number::Number;
use crate::actors::words::Line;

/// What is counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    pub(super) unit: String,
    pub(super) of: String,
    /// First byte, when a currency sign stands before the number.
    pub(super) start: Option<u32>,
    /// Last byte of the noun.
    pub(super) end: Option<u32>,
    pub(super) rule: &'static str,
}

/// What follows the number (or leads it: "$"). `None`: nothing is counted.
pub(super) fn noun(
    text: &str,
    line: &Line<'_>,
    low: &Number,
    end: &Number,
    inherited: Option<(String, String)>,
) -> Option<Counted> {
    if let Some(found) = money(text, line, low, end) {
        return Some(found);
    }
    let tail = text.get(end.end as usize..).unwrap_or("");
    let next = line.words.get(end.last + 1);
    if tail.starts_with('%')
        || next
            .is_some_and(|w| w.soft && matches!(w.norm.as_str(), "percent" | "pc" | "percentage"))
        || (next.is_some_and(|w| w.norm == "per")
            && line
                .words
                .get(end.last + 2)
                .is_some_and(|w| w.norm == "cent"))
    {
        return Some(percent(text, line, end, tail));
    }
    if next.is_some_and(|w| w.soft && harm_word(&w.norm).is_some())
        && let Some(found) = harm(line, low, end)
    {
        return Some(found);
    }
    if let Some(sentence) = line.sentence
        && let Some(found) = parsed(text, line, sentence, end)
    {
        return Some(found);
    }
    if let Some(found) = neighbours(text, line, end) {
        return Some(found);
    }
    harm(line, low, end).or_else(|| {
        // "about 2,500 troops in one country and 900 in another"
        let (unit, of) = inherited?;
        let next = next?;
        let elliptic = !next.soft
            || matches!(
                next.norm.as_str(),
                "in" | "from" | "at" | "near" | "on" | "of" | "were" | "are" | "others" | "more"
            );
        elliptic.then_some(Counted {
            unit,
            of,
            rule: "figures/ellipsis",
            ..Counted::default()
        })
    })
}

/// "The toll rose to 88", "put the number of deserters at 3,100", "a death toll of 23": the noun that
/// names the measure stands before the number.
pub(super) fn level(line: &Line<'_>, low: &Number, end: &Number) -> Option<Counted> {
    let words = &line.words;
    let before = low.first.checked_sub(1)?;
    let next = words.get(end.last + 1);
    let free = next.is_none_or(|w| {
        !w.soft
            || matches!(
                w.upos,
                Upos::Adp | Upos::Cconj | Upos::Sconj | Upos::Verb | Upos::Aux | Upos::Adv
            )
    });
    let mut to = before;
    while matches!(
        lexicon::class(&words[to..=to]),
        Some(Class::About | Class::Over | Class::Under)
    ) {
        to = to.checked_sub(1)?;
    }
    if !free || !matches!(words[to].norm.as_str(), "to" | "of" | "at") {
        return None;
    }
    let from = to.saturating_sub(8);
    let noun = (from..to)
        .rev()
        .find(|i| MEASURES.contains(&words[*i].norm.as_str()) && words[*i].upos == Upos::Noun)?;
    if words[to].norm == "of" && noun + 1 != to {
        return None;
    }
    if (noun..to).any(|i| i > noun && !words[i].soft) {
        return None;
    }
    let (unit, of) = measured(line, noun, to)?;
    Some(Counted {
        unit,
        of,
        rule: "figures/level",
        ..Counted::default()
    })
}

/// Unit and phrase of what the measure at `noun` counts; its number stands behind `to`.
fn measured(line: &Line<'_>, noun: usize, to: usize) -> Option<(String, String)> {
    let words = &line.words;
    // "the number of deserters at": what is numbered.
    let named = words
        .get(noun + 1)
        .filter(|w| w.norm == "of" && noun + 1 < to)
        .and_then(|_| run(line, noun + 2))
        .filter(|(_, last)| *last < to);
    // "the number of dead at": an adjective that stands for people.
    let people = words.get(noun + 2).filter(|w| {
        words[noun + 1].norm == "of" && noun + 3 == to && FALLEN.contains(&w.norm.as_str())
    });
    let death = noun > 0 && words[noun - 1].norm == "death";
    let name = |first: usize, last: usize| {
        let norms: Vec<&str> = words[first..=last]
            .iter()
            .map(|w| w.norm.as_str())
            .collect();
        norms.join(" ")
    };
    Some(match named {
        Some((first, last)) => (words[last].norm.clone(), name(first, last)),
        None if people.is_some() => (words[noun + 2].norm.clone(), name(noun + 2, noun + 2)),
        // "Put the number at 64": of what is told elsewhere.
        None if words[noun].norm == "number" && noun + 1 == to && words[to].norm == "at" => {
            ("number".to_owned(), "number".to_owned())
        }
        None if death => ("deaths".to_owned(), "death toll".to_owned()),
        None if words[noun].norm == "toll" => ("toll".to_owned(), "toll".to_owned()),
        None => return None,
    })
}

/// Nouns that name a measure whose number stands elsewhere.
const MEASURES: &[&str] = &["toll", "number", "total", "count", "tally", "strength"];

fn money(text: &str, line: &Line<'_>, low: &Number, end: &Number) -> Option<Counted> {
    let start = line.words[low.first].span.start as usize;
    let before = text.get(..start)?;
    let sign = [
        ("US$", "USD"),
        ("A$", "AUD"),
        ("C$", "CAD"),
        ("$", "USD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("¥", "JPY"),
        ("₪", "ILS"),
    ]
    .into_iter()
    .find(|(sign, _)| before.ends_with(sign));
    let (unit, first, last) = if let Some((sign, unit)) = sign {
        (unit, Some(u32::try_from(start - sign.len()).ok()?), None)
    } else {
        let at = end.last + 1;
        let word = line.words.get(at).filter(|w| w.soft)?;
        let (at, word) = if matches!(word.norm.as_str(), "us" | "american") {
            (at + 1, line.words.get(at + 1)?)
        } else {
            (at, word)
        };
        let Some(Class::Currency(unit)) = lexicon::class(std::slice::from_ref(word)) else {
            return None;
        };
        (unit, None, Some(line.words[at].span.end))
    };
    let after = last.unwrap_or(end.end);
    Some(Counted {
        unit: unit.to_owned(),
        of: of_phrase(text, line, after).unwrap_or_default(),
        start: first,
        end: last,
        rule: "figures/money",
    })
}

/// "of the budget", "in aid": the words right after an amount.
fn of_phrase(text: &str, line: &Line<'_>, after: u32) -> Option<String> {
    let at = line.words.partition_point(|w| w.span.start < after);
    let lead = line.words.get(at).filter(|w| w.soft)?;
    let from = match lead.norm.as_str() {
        "of" | "in" | "worth" => at + 1,
        _ if matches!(lead.upos, Upos::Noun | Upos::Adj) => at,
        _ => return None,
    };
    let (first, last) = run(line, from)?;
    Some(slice(text, line, first, last))
}

fn percent(text: &str, line: &Line<'_>, end: &Number, tail: &str) -> Counted {
    let stop = if tail.starts_with('%') {
        end.end + 1
    } else {
        let two = usize::from(
            line.words
                .get(end.last + 1)
                .is_some_and(|w| w.norm == "per"),
        );
        line.words[(end.last + 1 + two).min(line.words.len() - 1)]
            .span
            .end
    };
    Counted {
        unit: "percent".to_owned(),
        of: of_phrase(text, line, stop).unwrap_or_default(),
        end: Some(stop),
        rule: "figures/percent",
        start: None,
    }
}

/// The noun that the parse hangs the number on.
fn parsed(text: &str, line: &Line<'_>, sentence: &Sentence, end: &Number) -> Option<Counted> {
    let token = line.words[end.last].token?;
    let tokens = &sentence.tokens;
    let mut at = token;
    // The number may be inside a compound number, or hang on the noun through another.
    for _ in 0..3 {
        if matches!(
            tokens[at].deprel,
            Deprel::Nummod | Deprel::Compound | Deprel::Amod | Deprel::Flat | Deprel::Det
        ) && let Some(head) = tokens[at].head
        {
            at = head;
            if tokens[at].upos != Upos::Num && at > token {
                break;
            }
        }
    }
    if at <= token || at - token > 7 || !matches!(tokens[at].upos, Upos::Noun | Upos::Propn) {
        return None;
    }
    // Nothing but words of the phrase may stand between.
    if tokens[token + 1..at].iter().any(|t| {
        matches!(t.upos, Upos::Verb | Upos::Aux | Upos::Adp | Upos::Pron)
            && !t.xpos.starts_with("VB") | matches!(t.upos, Upos::Aux | Upos::Adp | Upos::Pron)
    }) {
        return None;
    }
    let first_word = end.last + 1;
    let last_word = line.words.iter().rposition(|w| w.token == Some(at))?;
    if last_word < first_word {
        return None;
    }
    Some(finish(
        text,
        line,
        Some((sentence, at)),
        first_word,
        last_word,
    ))
}

/// Words after the number up to the last noun of the run.
fn neighbours(text: &str, line: &Line<'_>, end: &Number) -> Option<Counted> {
    let mut from = end.last + 1;
    while line.words.get(from).is_some_and(|w| {
        w.soft
            && matches!(
                w.norm.as_str(),
                "or" | "so" | "more" | "of" | "its" | "their" | "the" | "his"
            )
    }) {
        from += 1;
    }
    let (first, last) = run(line, from)?;
    let _ = first;
    Some(finish(text, line, None, from, last))
}

/// A run of adjectives and nouns: first and last word.
fn run(line: &Line<'_>, from: usize) -> Option<(usize, usize)> {
    let mut last = None;
    let mut at = from;
    while let Some(word) = line.words.get(at).filter(|w| w.soft) {
        let fits = matches!(word.upos, Upos::Noun | Upos::Propn | Upos::Adj)
            || word.poss
            || (word.upos == Upos::Det && at == from)
            || (word.upos == Upos::X
                && word.norm.len() > 3
                && !STOPS.contains(&word.norm.as_str()))
            || (word.hyphen && matches!(word.upos, Upos::Verb | Upos::Adv));
        if !fits || at > from + 5 {
            break;
        }
        if matches!(word.upos, Upos::Noun | Upos::Propn | Upos::X) {
            last = Some(at);
        }
        at += 1;
    }
    last.map(|l| (from, l))
}

fn finish(
    text: &str,
    line: &Line<'_>,
    parsed: Option<(&Sentence, usize)>,
    first: usize,
    last: usize,
) -> Counted {
    let unit = line.words[last].norm.clone();
    let mut of = slice(text, line, first, last);
    if let Some((sentence, head)) = parsed {
        if let Some(more) = identifying(sentence, head) {
            let span = line.words[first].span.cover(more);
            of = span
                .of(text)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
        } else if let Some(to) = participial(line, last) {
            of = slice(text, line, first, to);
        } else if let Some(verb) = harmed(sentence, head) {
            of = format!("{of} {verb}");
        }
    }
    if LENGTHS.contains(&unit.as_str()) {
        // "a 60-day truce": the truce is so long.
        if let Some((from, to)) = run(line, last + 1).filter(|_| !unit.ends_with('s')) {
            of = slice(text, line, from, to);
        }
        return Counted {
            unit: if unit.ends_with('s') {
                unit
            } else {
                format!("{unit}s")
            },
            of,
            end: Some(line.words[last].span.end),
            rule: "figures/length",
            start: None,
        };
    }
    Counted {
        unit,
        of,
        end: Some(line.words[last].span.end),
        rule: "figures/count",
        start: None,
    }
}

/// "attacks targeting coalition troops", "members of the group": words that say which.
fn identifying(sentence: &Sentence, head: usize) -> Option<Span> {
    let tokens = &sentence.tokens;
    let mut end = head;
    for child in sentence
        .children(head)
        .filter(|c| *c > head && *c - head <= 3)
    {
        let of = tokens[child].deprel == Deprel::Nmod
            && sentence.children(child).any(|c| {
                tokens[c].deprel == Deprel::Case
                    && matches!(tokens[c].lemma.as_str(), "of" | "on" | "against")
            });
        let participle = tokens[child].deprel == Deprel::Acl && tokens[child].xpos == "VBG";
        if of || participle {
            let tree = sentence.subtree(child);
            // Not further than the next clause or place.
            let mut last = child;
            for at in tree.into_iter().filter(|i| *i > child) {
                let stop = matches!(tokens[at].upos, Upos::Punct)
                    || (tokens[at].deprel == Deprel::Case
                        && matches!(
                            tokens[at].lemma.as_str(),
                            "in" | "since" | "by" | "from" | "at" | "during" | "after" | "near"
                        ));
                if stop || at > last + 1 {
                    break;
                }
                last = at;
            }
            end = end.max(last);
        }
    }
    (end > head && end - head <= 9).then(|| tokens[end].span)
}

/// "attacks targeting coalition troops" where the parse takes the participle for the main verb.
fn participial(line: &Line<'_>, last: usize) -> Option<usize> {
    let verb = line
        .words
        .get(last + 1)
        .filter(|w| w.soft && w.upos == Upos::Verb)?;
    let names = matches!(
        verb.norm.as_str(),
        "targeting"
            | "involving"
            | "belonging"
            | "guarding"
            | "fighting"
            | "serving"
            | "backing"
            | "opposing"
            | "supporting"
    );
    let from = last
        + 2
        + usize::from(
            line.words
                .get(last + 2)
                .is_some_and(|w| matches!(w.norm.as_str(), "the" | "to")),
        );
    names.then(|| run(line, from)).flatten().map(|(_, to)| to)
}

/// The noun is the victim of its verb: "40 people were killed".
fn harmed(sentence: &Sentence, head: usize) -> Option<String> {
    let tokens = &sentence.tokens;
    let verb = tokens[head].head?;
    let victim = matches!(tokens[head].deprel, Deprel::NsubjPass | Deprel::Obj)
        || (tokens[head].deprel == Deprel::Nsubj && matches!(tokens[verb].lemma.as_str(), "die"));
    if !victim || !HARM.contains(&tokens[verb].lemma.as_str()) {
        return None;
    }
    Some(participle(&tokens[verb].lemma).to_owned())
}

fn participle(lemma: &str) -> &str {
    match lemma {
        "kill" | "die" => "killed",
        "wound" => "wounded",
        "injure" | "hurt" => "injured",
        "arrest" => "arrested",
        "detain" => "detained",
        "abduct" => "abducted",
        _ => "displaced",
    }
}

/// "killed 40 and wounded 100": people, though no noun says so.
fn harm(line: &Line<'_>, low: &Number, end: &Number) -> Option<Counted> {
    let next = line.words.get(end.last + 1).filter(|w| w.soft);
    let direct = next.and_then(|w| harm_word(&w.norm));
    let before = || {
        line.words[..low.first]
            .iter()
            .rev()
            .take(4)
            .find_map(|w| harm_word(&w.norm))
    };
    let passive = || {
        next.filter(|w| {
            matches!(
                w.norm.as_str(),
                "were" | "was" | "are" | "have" | "had" | "others" | "more"
            )
        })?;
        line.words[end.last + 2..]
            .iter()
            .take(2)
            .find_map(|w| harm_word(&w.norm))
    };
    let word = direct.or_else(passive).or_else(before)?;
    let free = direct.is_some()
        || next.is_none_or(|w| !matches!(w.upos, Upos::Noun | Upos::Adj | Upos::Propn))
        || next.is_some_and(|w| matches!(w.norm.as_str(), "others" | "more"));
    free.then(|| Counted {
        unit: "people".to_owned(),
        of: format!("people {word}"),
        rule: "figures/harm",
        ..Counted::default()
    })
}

fn harm_word(norm: &str) -> Option<&'static str> {
    Some(match norm {
        "killed" | "killing" | "kills" | "dead" => "killed",
        "wounded" | "wounding" => "wounded",
        "injured" | "injuring" => "injured",
        "arrested" | "arresting" => "arrested",
        "detained" => "detained",
        "displaced" | "displacing" => "displaced",
        _ => return None,
    })
}

fn slice(text: &str, line: &Line<'_>, first: usize, last: usize) -> String {
    let raw = line.words[first].span.cover(line.words[last].span).of(text);
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}
