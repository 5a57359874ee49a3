//! The record in the forms of other tools: TimelineJS, GeoJSON, FollowTheMoney, Web Annotation,
//! iCalendar. Each holds less than the record; what it loses stands in the codebook.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{CodePoints, Date, Interval};
use rapporteur_coder::{Actor, Modality};
use serde_json::{Value, json};

use crate::{Cite, DocRow, EventRow, View};

/// Characters on either side of an exact quotation in an annotation's selector.
const AROUND: usize = 32;

fn pretty(value: &Value) -> String {
    let mut out = serde_json::to_string_pretty(value).expect("invariant: values have a JSON form");
    out.push('\n');
    out
}

fn names(actors: &[Actor]) -> String {
    let names: Vec<&str> = actors.iter().map(|a| a.name.as_str()).collect();
    names.join(", ")
}

/// `CONSULT: A, B → C`; what is not known says so.
fn headline(event: &EventRow) -> String {
    let side = |actors: &[Actor]| match names(actors) {
        none if none.is_empty() => "not named".to_owned(),
        some => some,
    };
    let mut out = format!("{}: {}", event.kind, side(&event.source));
    if !event.target.is_empty() {
        out.push_str(&format!(" → {}", side(&event.target)));
    }
    out
}

/// The sentence of an event's first report, and the document's address.
fn told<'v>(view: &'v View, event: &'v EventRow) -> (String, Option<&'v str>) {
    let member = event.members.first();
    let text = member.map(|m| m.sentence.text.clone()).unwrap_or_default();
    let doc = member.and_then(|m| view.doc(&m.doc));
    (text, doc.and_then(|d| d.url.as_deref()))
}

/// TimelineJS 3: one slide an event told as a fact with a date; an uncertain one has both ends and
/// says so.
pub(super) fn timelinejs(view: &View) -> String {
    let date = |d: Date| json!({"year": d.year(), "month": d.month(), "day": d.day()});
    let slides: Vec<Value> = view
        .events
        .iter()
        .filter(|e| e.modality == Modality::Actual)
        .filter_map(|event| {
            let when = event.date?;
            let (from, to) = (when.from.or(when.to)?, when.to.or(when.from)?);
            let (text, url) = told(view, event);
            let mut slide = json!({
                "unique_id": event.id,
                "start_date": date(from),
                "text": {"headline": escaped(&headline(event)), "text": escaped(&text)},
                "group": event.kind,
            });
            if from != to {
                slide["end_date"] = date(to);
                slide["display_date"] = json!(format!("between {from} and {to}"));
            }
            if let Some(url) = url {
                slide["text"]["text"] = json!(format!("{} ({})", escaped(&text), escaped(url)));
            }
            Some(slide)
        })
        .collect();
    pretty(&json!({"events": slides}))
}

/// TimelineJS reads its texts as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// GeoJSON (RFC 7946): one point an event with a place that has a position.
pub(super) fn geojson(view: &View) -> String {
    let places: BTreeMap<&str, _> = view.places.iter().map(|p| (p.name.as_str(), p)).collect();
    let features: Vec<Value> = view
        .events
        .iter()
        .filter_map(|event| {
            let place = places.get(event.place.as_deref()?)?;
            let (lat, lon) = place.position?;
            Some(json!({
                "type": "Feature",
                "id": event.id,
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": {
                    "type": event.kind, "mode": event.mode, "modality": event.modality,
                    "source": names(&event.source), "target": names(&event.target),
                    "from": event.date.and_then(|d| d.from), "to": event.date.and_then(|d| d.to),
                    "place": place.name, "country": place.country, "precision": place.precision,
                    "status": event.status, "origins": event.counts.origins, "text": told(view, event).0,
                },
            }))
        })
        .collect();
    pretty(&json!({"type": "FeatureCollection", "features": features}))
}

/// FollowTheMoney: one entity a line. Actors become legal entities, documents articles, events
/// told as facts events; what it has no place for is left out.
pub(super) fn followthemoney(view: &View) -> String {
    let mut lines = Vec::new();
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    for actor in &view.actors {
        ids.insert(&actor.name, &actor.id);
        let mut properties = json!({"name": [actor.name], "alias": actor.aliases});
        if let Some(country) = &actor.country {
            properties["notes"] = json!([format!("country code: {country}")]);
        }
        lines.push(json!({"id": actor.id, "schema": "LegalEntity", "properties": properties}));
    }
    for doc in &view.docs {
        lines.push(article_entity(doc));
    }
    for event in view
        .events
        .iter()
        .filter(|e| e.modality == Modality::Actual)
    {
        let involved: Vec<&str> = event
            .source
            .iter()
            .chain(&event.target)
            .filter_map(|a| ids.get(a.name.as_str()).copied())
            .collect();
        let proof: BTreeSet<&str> = event.members.iter().map(|m| m.doc.as_str()).collect();
        let mut properties = json!({
            "name": [headline(event)], "summary": [told(view, event).0],
            "involved": involved, "proof": proof,
        });
        let ends = [
            ("startDate", event.date.and_then(|d| d.from)),
            ("endDate", event.date.and_then(|d| d.to)),
        ];
        for (name, day) in ends {
            if let Some(day) = day {
                properties[name] = json!([day.to_string()]);
            }
        }
        if let Some(place) = &event.place {
            properties["location"] = json!([place]);
        }
        lines.push(json!({"id": event.id, "schema": "Event", "properties": properties}));
    }
    lines
        .iter()
        .fold(String::new(), |out, line| out + &line.to_string() + "\n")
}

/// A document as an article of FollowTheMoney, with what is known of it.
fn article_entity(doc: &DocRow) -> Value {
    let mut properties = json!({"title": [doc.title], "bodyText": [doc.text]});
    let known = [
        ("date", doc.published.as_ref().map(|p| p.date.to_string())),
        ("sourceUrl", doc.url.clone()),
        ("publisher", doc.site.clone()),
        ("language", doc.lang.clone()),
        ("contentHash", Some(doc.sha256.clone())),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            properties[name] = json!([value]);
        }
    }
    json!({"id": doc.id, "schema": "Article", "properties": properties})
}

/// W3C Web Annotation: every passage of an event, figure, quotation, position and commitment, by
/// quotation and by position, with the rule that made it as its PROV activity.
pub(super) fn annotations(view: &View) -> String {
    let mut items = Vec::new();
    for event in &view.events {
        for member in &event.members {
            items.push(annotation(
                view,
                &member.id,
                &event.kind,
                &member.cite,
                &member.event.why.rule,
            ));
        }
    }
    for row in &view.figures {
        add(
            &mut items,
            view,
            &row.id,
            "figure",
            &row.evidence,
            &row.why.rule,
        );
    }
    for row in &view.quotes {
        add(
            &mut items,
            view,
            &row.id,
            "quote",
            &row.evidence,
            &row.why.rule,
        );
    }
    for row in &view.positions {
        add(
            &mut items,
            view,
            &row.id,
            "position",
            &row.evidence,
            &row.why.rule,
        );
    }
    for row in &view.commitments {
        add(
            &mut items,
            view,
            &row.id,
            "commitment",
            &row.evidence,
            &row.why.rule,
        );
    }
    pretty(&json!({
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"prov": "http://www.w3.org/ns/prov#"}],
        "type": "AnnotationCollection",
        "total": items.len(),
        "items": items,
    }))
}

fn add(items: &mut Vec<Value>, view: &View, id: &str, tag: &str, cites: &[Cite], rule: &str) {
    items.extend(
        cites
            .iter()
            .map(|cite| annotation(view, id, tag, cite, rule)),
    );
}

fn annotation(view: &View, id: &str, tag: &str, cite: &Cite, rule: &str) -> Value {
    let doc = view.doc(&cite.doc);
    let (prefix, suffix) = doc.map_or_else(Default::default, |doc| around(&doc.text, cite));
    let url = doc.and_then(|d| d.url.clone());
    json!({
        "id": format!("urn:rapporteur:{id}:{}-{}", cite.start, cite.end),
        "type": "Annotation",
        "motivation": "tagging",
        "body": {"type": "TextualBody", "purpose": "tagging", "value": tag},
        "target": {
            "source": url.unwrap_or_else(|| format!("urn:rapporteur:{}", cite.doc)),
            "selector": [
                {"type": "TextQuoteSelector", "exact": cite.text, "prefix": prefix, "suffix": suffix},
                {"type": "TextPositionSelector", "start": cite.start, "end": cite.end},
            ],
        },
        "prov:wasDerivedFrom": {
            "id": format!("urn:rapporteur:{}", cite.doc),
            "sha256": doc.map(|d| d.sha256.as_str()),
        },
        "prov:wasGeneratedBy": {"rule": rule, "ruleset": doc.map(|d| d.ruleset.to_string())},
    })
}

/// A few characters before and after a passage.
fn around(text: &str, cite: &Cite) -> (String, String) {
    let range = cite.bytes.range();
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let points = CodePoints::new(before);
    let count = points.from_byte(before.len());
    let from = points.to_byte(count.saturating_sub(AROUND));
    let prefix = before.get(from..).unwrap_or_default().to_owned();
    (prefix, after.chars().take(AROUND).collect())
}

/// iCalendar (RFC 5545): the days by which something was promised. Only days that the words give.
pub(super) fn calendar(view: &View) -> String {
    let mut out = String::from(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Rapporteur//record//EN\r\nCALSCALE:GREGORIAN\r\n",
    );
    for row in &view.commitments {
        let due = row.due.as_ref().and_then(|due| due.interval);
        let Some(last) = due.and_then(|i: Interval| i.to.or(i.from)) else {
            continue;
        };
        let stamp = row
            .evidence
            .first()
            .and_then(|cite| view.doc(&cite.doc))
            .and_then(|doc| doc.known_at)
            .unwrap_or(last);
        let next = last.tomorrow().unwrap_or(last);
        let lines = [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@rapporteur", row.id),
            format!("DTSTAMP:{}T000000Z", compact(stamp)),
            format!("DTSTART;VALUE=DATE:{}", compact(last)),
            format!("DTEND;VALUE=DATE:{}", compact(next)),
            format!(
                "SUMMARY:{}",
                ical(&format!("Due: {}: {}", names(&row.by), row.what))
            ),
            format!(
                "DESCRIPTION:{}",
                ical(row.evidence.first().map_or("", |cite| cite.text.as_str()))
            ),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ];
        for line in lines {
            fold(&mut out, &line);
        }
    }
    out.push_str("END:VCALENDAR\r\n");
    out
}

fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn ical(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace(['\r', '\n'], " ")
}

/// Lines are at most 75 bytes; a longer one goes on behind a space.
fn fold(out: &mut String, line: &str) {
    let mut room = 75;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_calendar_lines_fold_between_characters() {
        let mut out = String::new();
        fold(&mut out, &format!("SUMMARY:{}", "ع".repeat(80)));
        assert!(out.split("\r\n").all(|line| line.len() <= 75), "{out}");
        assert_eq!(out.replace("\r\n ", "").trim_end().chars().count(), 88);
    }

    #[test]
    fn texts_for_calendars_and_timelines_carry_no_signs_of_their_own() {
        assert_eq!(ical("a, b; c\nd"), "a\\, b\\; c d");
        assert_eq!(escaped("<b>&"), "&lt;b&gt;&amp;");
    }
}
