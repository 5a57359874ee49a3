//! The exchange format: one JSON object, offsets in code points.

use rapporteur_base::Interval;
use rapporteur_coder::Actor;
use serde_json::{Value, json};

use super::table::precision;
use crate::{Cite, View};

pub(super) fn record(view: &View) -> String {
    let mut all = json!({
        "docs": docs(view),
        "times": times(view),
        "actors": actors(view),
        "events": events(view),
        "figures": figures(view),
        "quotes": quotes(view),
        "positions": positions(view),
        "commitments": commitments(view),
        "indicators": indicators(view),
        "assessments": assessments(view),
        "comparisons": comparisons(view),
        "stories": stories(view), "sagas": sagas(view),
    });
    if !view.damaged.is_empty() {
        all["damaged"] = json!(view.damaged);
    }
    let mut out = serde_json::to_string(&all).expect("invariant: values have a JSON form");
    out.push('\n');
    out
}

fn evidence(cites: &[Cite]) -> Value {
    cites
        .iter()
        .map(|c| json!({"doc": c.doc, "start": c.start, "end": c.end, "text": c.text}))
        .collect()
}

fn days(interval: Option<&Interval>) -> Value {
    interval.map_or(
        Value::Null,
        |i| json!({"from": i.from, "to": i.to, "precision": precision(i)}),
    )
}

fn names(actors: &[Actor]) -> Value {
    actors.iter().map(|a| json!(a.name)).collect()
}

/// A whole number without a fraction.
fn number(value: Option<f64>) -> Value {
    match value {
        Some(v) if v.fract() == 0.0 && v.abs() < 9e15 => json!(v as i64),
        Some(v) => json!(v),
        None => Value::Null,
    }
}

fn docs(view: &View) -> Value {
    let rows = view.docs.iter().map(|d| {
        json!({
            "id": d.id, "title": d.title, "authors": d.authors,
            "published": d.published.as_ref().map(|p| p.date), "site": d.site, "url": d.url, "text": d.text,
        })
    });
    rows.collect()
}

fn times(view: &View) -> Value {
    let rows = view.times.iter().map(|t| {
        json!({"id": t.id, "type": t.kind, "value": t.value, "evidence": evidence(&t.evidence)})
    });
    rows.collect()
}

fn actors(view: &View) -> Value {
    let rows = view.actors.iter().map(|a| {
        json!({
            "id": a.id, "name": a.name, "aliases": a.aliases, "sector": a.sector, "country": a.country,
            "evidence": evidence(&a.evidence),
        })
    });
    rows.collect()
}

fn events(view: &View) -> Value {
    let rows = view.events.iter().map(|e| {
        json!({
            "id": e.id, "type": e.kind, "mode": e.mode, "modality": e.modality,
            "quad": e.quad, "scale": e.scale, "contexts": e.contexts, "tolls": e.tolls,
            "voices": voices(e),
            "date": days(e.date.as_ref()), "source": names(&e.source), "target": names(&e.target),
            "place": e.place, "status": e.status, "counts": e.counts, "evidence": evidence(&e.evidence),
        })
    });
    rows.collect()
}

/// Who tells it in each report, from the inside out; a report of the author's own is an empty list.
fn voices(event: &crate::EventRow) -> Value {
    let of = |m: &crate::MentionRow| -> Value {
        m.event
            .said_by
            .iter()
            .chain(&m.event.relayed_by)
            .map(|p| json!(p.actor.name))
            .collect()
    };
    event.members.iter().map(of).collect()
}

fn figures(view: &View) -> Value {
    let rows = view.figures.iter().map(|f| {
        json!({
            "id": f.id, "value": number(f.value), "low": number(f.low), "high": number(f.high),
            "op": f.op.sign(), "unit": f.unit, "of": f.of, "as_of": days(f.as_of.as_ref()),
            "evidence": evidence(&f.evidence),
        })
    });
    rows.collect()
}

fn quotes(view: &View) -> Value {
    let rows = view.quotes.iter().map(|q| {
        json!({
            "id": q.id, "kind": q.kind, "speaker": q.speaker.as_ref().map(|s| &s.name), "text": q.text,
            "evidence": evidence(&q.evidence),
        })
    });
    rows.collect()
}

fn positions(view: &View) -> Value {
    let rows = view.positions.iter().map(|p| {
        json!({
            "id": p.id, "holder": p.holder.name, "issue": p.issue, "stance": p.stance,
            "strength": p.strength, "as_of": p.as_of,
            "evidence": evidence(&p.evidence),
        })
    });
    rows.collect()
}

fn commitments(view: &View) -> Value {
    let rows = view.commitments.iter().map(|c| {
        json!({
            "id": c.id, "by": names(&c.by), "what": c.what, "strength": c.strength,
            "due": days(c.due.as_ref().and_then(|d| d.interval.as_ref())),
            "due_text": c.due.as_ref().and_then(|d| d.cite.as_ref()).map(|c| &c.text),
            "condition": c.condition.as_ref().map(|c| &c.text),
            "links": c.links.iter().map(|l| json!({
                "kind": l.kind, "row": l.row, "claimed_by": l.claimed_by,
                "rule": l.why.rule, "reason": l.why.reason,
                "evidence": evidence(std::slice::from_ref(&l.evidence)),
            })).collect::<Vec<_>>(),
            "evidence": evidence(&c.evidence),
        })
    });
    rows.collect()
}

fn indicators(view: &View) -> Value {
    let rows = view.indicators.iter().map(|i| {
        json!({
            "id": i.id, "name": i.name, "kind": i.kind, "track": i.track, "controls": i.controls,
            "evidence": evidence(&i.evidence),
        })
    });
    rows.collect()
}

fn assessments(view: &View) -> Value {
    let rows = view.assessments.iter().map(|a| {
        json!({
            "id": a.id, "claim": a.claim, "hedge": a.hedge, "voice": a.voice,
            "evidence": evidence(&a.evidence),
        })
    });
    rows.collect()
}

fn comparisons(view: &View) -> Value {
    let rows = view.comparisons.iter().map(|c| {
        json!({
            "id": c.id, "kind": c.kind.broad(), "relation": c.kind, "topic": c.topic, "a": evidence(&c.a), "b": evidence(&c.b),
            "values": c.values,
        })
    });
    rows.collect()
}

/// Families as lists of their documents: a document without copies is a family of one.
fn stories(view: &View) -> Value {
    let rows = view.stories.iter().map(|s| {
        let mut families: Vec<Vec<&str>> = Vec::new();
        let mut done = std::collections::BTreeSet::new();
        for doc in &s.docs {
            let family = view.families.iter().find(|f| f.docs.contains(doc));
            match family {
                Some(f) if !done.insert(f.id.as_str()) => {}
                Some(f) => families.push(
                    f.docs
                        .iter()
                        .filter(|d| s.docs.contains(d))
                        .map(String::as_str)
                        .collect(),
                ),
                None => families.push(vec![doc]),
            }
        }
        json!({
            "id": s.id, "title": s.title, "docs": s.docs, "families": families, "origins": s.origins,
            "saga": s.saga,
        })
    });
    rows.collect()
}

fn sagas(view: &View) -> Value {
    let rows = view.sagas.iter().map(|s| {
        json!({
            "id": s.id, "title": s.title, "parties": s.parties, "matters": s.matters, "stories": s.stories,
            "articles": s.articles, "families": s.families, "from": s.published.0, "to": s.published.1,
        })
    });
    rows.collect()
}
