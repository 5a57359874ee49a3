//! The tables of the marks: actors, places, times, and the evidence of every row.

use super::table::{Table, cell, column, days, word};
use super::tables::{EDITS, ID, RULE};
use crate::{Cite, View};

pub(super) fn actors(view: &View) -> Table {
    let mut out = Table::new(
        "actors",
        "Actors by canonical name.",
        &[
            ID,
            column(
                "name",
                "canonical name, or the text's words when no table knows them",
            ),
            column("aliases", "other words used, parted by `;`"),
            column("sector", "PLOVER sector"),
            column(
                "country",
                "ISO 3166-1 alpha-3 or a PLOVER international code",
            ),
            column(
                "roles",
                "offices and roles in the texts' words, parted by `;`",
            ),
            column("mentions", "number of mentions").whole(),
            column("docs", "documents, parted by `;`"),
            EDITS,
        ],
    );
    for a in &view.actors {
        out.push(vec![
            a.id.clone(),
            a.name.clone(),
            a.aliases.join("; "),
            cell(a.sector.as_ref()),
            cell(a.country.as_ref()),
            a.roles.join("; "),
            a.mentions.to_string(),
            a.docs.join("; "),
            a.edits.len().to_string(),
        ]);
    }
    out
}

pub(super) fn places(view: &View) -> Table {
    let mut out = Table::new(
        "places",
        "Places by canonical name.",
        &[
            ID,
            column("name", "canonical name"),
            column("country", "country it lies in"),
            column(
                "precision",
                "1 country, 2 province, 3 district, 4 city, 5 below; 0 unknown",
            )
            .whole(),
            column("latitude", "degrees").number(),
            column("longitude", "degrees").number(),
            column("mentions", "number of mentions").whole(),
        ],
    );
    for p in &view.places {
        out.push(vec![
            p.id.clone(),
            p.name.clone(),
            cell(p.country.as_ref()),
            p.precision.to_string(),
            cell(p.position.map(|p| p.0)),
            cell(p.position.map(|p| p.1)),
            p.evidence.len().to_string(),
        ]);
    }
    out
}

pub(super) fn times(view: &View) -> Table {
    let mut out = Table::new(
        "times",
        "Time expressions.",
        &[
            ID,
            column("type", "TIMEX3 type"),
            column("value", "TIMEX3 value"),
            column("mod", "TIMEX3 modifier"),
            column("from", "first day meant").day(),
            column("to", "last day meant").day(),
            column("precision", "of those days"),
            RULE,
        ],
    );
    for t in &view.times {
        let [from, to, precision] = days(t.interval.as_ref());
        out.push(vec![
            t.id.clone(),
            word(&t.kind),
            t.value.clone(),
            cell(t.modifier.as_ref()),
            from,
            to,
            precision,
            t.why.rule.clone(),
        ]);
    }
    out
}

pub(super) fn evidence(view: &View) -> Table {
    let mut out = Table::new(
        "evidence",
        "The passage that each row rests on.",
        &[
            column("row", "id of the row"),
            column("side", "`a` or `b` of a comparison; else empty"),
            column("doc", "document"),
            column("start", "first code point in the document's text").whole(),
            column("end", "one past the last code point").whole(),
            column("byte_start", "first byte (UTF-8)").whole(),
            column("byte_end", "one past the last byte").whole(),
            column("text", "the words"),
        ],
    );
    let mut put = |row: &str, side: &str, cites: &[Cite]| {
        for c in cites {
            out.push(vec![
                row.to_owned(),
                side.to_owned(),
                c.doc.clone(),
                c.start.to_string(),
                c.end.to_string(),
                c.bytes.start.to_string(),
                c.bytes.end.to_string(),
                c.text.clone(),
            ]);
        }
    };
    for e in &view.events {
        for m in &e.members {
            put(&m.id, "", std::slice::from_ref(&m.cite));
        }
    }
    view.figures
        .iter()
        .for_each(|r| put(&r.id, "", &r.evidence));
    view.quotes.iter().for_each(|r| put(&r.id, "", &r.evidence));
    view.positions
        .iter()
        .for_each(|r| put(&r.id, "", &r.evidence));
    view.commitments
        .iter()
        .for_each(|r| put(&r.id, "", &r.evidence));
    view.indicators
        .iter()
        .for_each(|r| put(&r.id, "", &r.evidence));
    view.assessments
        .iter()
        .for_each(|r| put(&r.id, "", &r.evidence));
    for c in &view.comparisons {
        put(&c.id, "a", &c.a);
        put(&c.id, "b", &c.b);
    }
    view.actors.iter().for_each(|r| put(&r.id, "", &r.evidence));
    view.places.iter().for_each(|r| put(&r.id, "", &r.evidence));
    view.times.iter().for_each(|r| put(&r.id, "", &r.evidence));
    out
}
