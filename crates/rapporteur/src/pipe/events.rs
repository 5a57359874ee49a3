use std::fs;
use std::path::PathBuf;

use rapporteur_base::{CodePoints, Date};
use rapporteur_coder::{ActorMention, Coder, Coding, Count, Event, Input, Party};
use rapporteur_text::Reader;
use serde_json::{Value, json};

use super::{Outcome, day, field, lines, refuse};

/// Arguments of `rapporteur pipe events`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Your own actors: phrase, code, valid from, to (tab-separated). Only they are parties then, and
    /// events come out as dyads, one a pair
    #[arg(long, value_name = "FILE")]
    actors: Option<PathBuf>,
    /// Your own agents: phrase, code (`~` stands for the actor's code)
    #[arg(long, value_name = "FILE")]
    agents: Option<PathBuf>,
}

/// `{"id","text","date"?,"pair"?}` -> events.
pub(super) fn run(jobs: usize, args: &Args) -> u8 {
    let reader = Reader::embedded();
    let coder = match coder(args) {
        Ok(coder) => coder,
        Err(message) => return refuse(&message),
    };
    lines(jobs, |row| filter(&reader, &coder, row))
}

fn coder(args: &Args) -> Result<Coder, String> {
    let mut coder = Coder::embedded();
    if args.actors.is_some() || args.agents.is_some() {
        let read = |path: &Option<PathBuf>| match path {
            None => Ok(String::new()),
            Some(path) => fs::read_to_string(path)
                .map_err(|error| format!("{}: {error}: give a readable table", path.display())),
        };
        coder.actors = coder
            .actors
            .with_dictionary(&read(&args.actors)?, &read(&args.agents)?)?;
    }
    Ok(coder)
}

pub(super) fn filter(reader: &Reader, coder: &Coder, row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let published = day(row, "date")?;
    let sentences = reader.read(text);
    let times = rapporteur_temporal::tag(text, published);
    let input = Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &times,
        published,
    };
    let coding = coder.code(&input);
    let points = CodePoints::new(text);
    let events: Vec<Value> = match row.get("pair") {
        Some(pair) => {
            let side = |name: &str| pair.get(name).and_then(Value::as_str).unwrap_or("");
            let (source, target) = (side("source"), side("target"));
            coder
                .events
                .relation(&input, &coding, source, target)
                .map(|event| {
                    let mut out = one(text, &coding, &points, &event);
                    out["source"] = json!([{"text": source}]);
                    out["target"] = json!([{"text": target}]);
                    out
                })
                .into_iter()
                .collect()
        }
        None => coding
            .events
            .iter()
            .map(|e| one(text, &coding, &points, e))
            .collect(),
    };
    Ok(json!({"id": row.get("id"), "events": events}))
}

fn one(text: &str, coding: &Coding, points: &CodePoints<'_>, event: &Event) -> Value {
    let party = |p: &Party| json!({"text": words(text, coding, p), "name": p.actor.name, "code": p.actor.country, "sector": p.actor.sector});
    let parties = |list: &[Party]| list.iter().map(party).collect::<Vec<_>>();
    json!({
        // A statement of a dictionary coder has no type.
        "type": Some(&event.kind).filter(|kind| !kind.is_empty()),
        "mode": event.mode,
        "quad": event.quad,
        "scale": event.scale,
        "contexts": event.contexts.iter().map(|c| json!({"name": c.name, "scope": c.scope})).collect::<Vec<_>>(),
        "counts": event.counts.iter().filter_map(|c| count(text, coding, c)).collect::<Vec<_>>(),
        "modality": event.modality,
        "phase": event.phase,
        "source": parties(&event.source),
        "target": parties(&event.target),
        "place": event.place.as_ref().map(|(_, name)| name),
        "date": event.date.as_ref().and_then(|d| single(d.interval.from, d.interval.to)),
        "trigger": event.trigger.iter().map(|s| points.span(*s)).collect::<Vec<_>>(),
        "rule": event.why.rule,
        "why": event.why.reason,
        "score": event.score,
    })
}

/// How many were killed, injured, arrested or took part: the words and what they come to.
fn count(text: &str, coding: &Coding, count: &Count) -> Option<Value> {
    let figure = coding.figures.get(count.figure)?;
    Some(json!({"of": count.of, "text": figure.span.of(text), "quantity": figure.quantity}))
}

/// The words of a party: those that a pronoun stands for, where the text gives them.
fn words<'t>(text: &'t str, coding: &Coding, party: &Party) -> &'t str {
    const PRONOUNS: &[&str] = &[
        "he", "she", "it", "they", "him", "her", "them", "his", "its", "their",
    ];
    let mut span = party.span;
    for _ in 0..4 {
        let known = coding
            .actors
            .iter()
            .find(|m| m.span == span && m.actor.name == party.actor.name);
        // "Both sides" names neither of the two that it stands for.
        let points = |m: &ActorMention| {
            m.why.rule == "coref/both" || PRONOUNS.contains(&span.of(text).to_lowercase().as_str())
        };
        let Some(before) = known.filter(|m| points(m)).and_then(|m| m.antecedent) else {
            break;
        };
        span = before;
    }
    span.of(text)
}

/// A day, or the two ends of an interval.
fn single(from: Option<Date>, to: Option<Date>) -> Option<String> {
    match (from, to) {
        (Some(a), Some(b)) if a == b => Some(a.to_string()),
        (None, None) => None,
        (a, b) => {
            let side = |d: Option<Date>| d.map_or_else(|| "..".to_owned(), |d| d.to_string());
            Some(format!("{}/{}", side(a), side(b)))
        }
    }
}
