//! Events in the columns of other projects. Each loses something; the codebook says what.

use std::sync::OnceLock;

use rapporteur_base::{Date, Id, Interval, Precision};
use rapporteur_coder::{Actor, Modality};

use super::table::{Table, cell, column, day, lossy, names};
use crate::{EventRow, FigureRow, View};

const CAMEO: &str = include_str!("../../../../data/record/cameo.tsv");

/// The CAMEO code nearest to a type and mode.
fn cameo(kind: &str, mode: Option<&str>) -> &'static str {
    static TABLE: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let lines = CAMEO.lines().filter(|l| !l.starts_with('#'));
        lines
            .filter_map(|l| {
                let mut cells = l.split('\t');
                Some((cells.next()?, cells.next()?))
            })
            .collect()
    });
    let find = |name: &str| {
        table
            .iter()
            .find(|(of, _)| *of == name)
            .map(|(_, code)| *code)
    };
    mode.and_then(|mode| find(&format!("{kind}/{mode}")))
        .or_else(|| find(kind))
        .unwrap_or("")
}

fn actual(view: &View) -> impl Iterator<Item = &EventRow> {
    view.events
        .iter()
        .filter(|e| e.modality == Modality::Actual)
}

/// Digits of an id that a 64-bit integer of any reader holds.
fn number(id: Id) -> String {
    let bytes = id.as_bytes();
    let value = bytes[..6].iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
    value.to_string()
}

fn start(date: Option<&Interval>) -> Option<Date> {
    date.and_then(|d| d.from.or(d.to))
}

fn urls(view: &View, event: &EventRow) -> Vec<String> {
    let docs = event.members.iter().filter_map(|m| view.doc(&m.doc));
    let mut out: Vec<String> = docs.filter_map(|d| d.url.clone()).collect();
    out.dedup();
    out
}

fn sites(view: &View, event: &EventRow) -> Vec<String> {
    let docs = event.members.iter().filter_map(|m| view.doc(&m.doc));
    let mut out: Vec<String> = docs.filter_map(|d| d.site.clone()).collect();
    out.sort();
    out.dedup();
    out
}

fn place(view: &View, event: &EventRow) -> (String, u8, Option<(f64, f64)>) {
    let name = event.place.clone().unwrap_or_default();
    let known = view.places.iter().find(|p| p.name == name);
    (
        known.and_then(|p| p.country.clone()).unwrap_or_default(),
        known.map_or(0, |p| p.precision),
        known.and_then(|p| p.position),
    )
}

/// Country and sector as one CAMEO-like code.
fn code(actor: Option<&Actor>) -> String {
    let Some(actor) = actor else {
        return String::new();
    };
    [&actor.country, &actor.sector]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect()
}

pub(super) fn gdelt(view: &View) -> Table {
    let mut out = Table::new(
        "gdelt",
        "Events in columns of GDELT 2 Events (with a head and commas).",
        &[
            lossy(
                "GLOBALEVENTID",
                "first digits of the event's id as a number",
                "the id itself: see ID",
            ),
            lossy(
                "SQLDATE",
                "first day, YYYYMMDD; empty: unknown",
                "last day and precision",
            ),
            lossy("MonthYear", "YYYYMM", "last day and precision"),
            lossy("Year", "YYYY", "last day and precision"),
            lossy(
                "Actor1Code",
                "country and sector of the first source",
                "further sources",
            ),
            lossy("Actor1Name", "name of the first source", "further sources"),
            column("Actor1CountryCode", "its country"),
            column("Actor1Type1Code", "its sector"),
            lossy(
                "Actor2Code",
                "country and sector of the first target",
                "further targets",
            ),
            lossy("Actor2Name", "name of the first target", "further targets"),
            column("Actor2CountryCode", "its country"),
            column("Actor2Type1Code", "its sector"),
            column("IsRootEvent", "1"),
            lossy(
                "EventCode",
                "CAMEO code nearest to the PLOVER type",
                "PLOVER mode and contexts",
            ),
            lossy(
                "EventBaseCode",
                "its first three digits",
                "PLOVER mode and contexts",
            ),
            lossy(
                "EventRootCode",
                "its first two digits",
                "PLOVER mode and contexts",
            ),
            column("QuadClass", "quad class"),
            column("GoldsteinScale", "empty: not computed"),
            column("NumMentions", "reports"),
            column("NumSources", "independent origins, not addresses"),
            column("NumArticles", "documents"),
            column("AvgTone", "empty: not computed"),
            lossy(
                "ActionGeo_Type",
                "1 country, 2 and 3 below it, 4 city; empty: unknown",
                "places below a city",
            ),
            column("ActionGeo_Fullname", "place"),
            column(
                "ActionGeo_CountryCode",
                "its country (three letters, not FIPS)",
            ),
            column("ActionGeo_Lat", "degrees"),
            column("ActionGeo_Long", "degrees"),
            lossy(
                "SOURCEURL",
                "address of the first report",
                "the other reports, every passage",
            ),
            column("ID", "id of the event in the record"),
        ],
    );
    for e in actual(view) {
        let (one, two) = (e.source.first(), e.target.first());
        let date = start(e.date.as_ref()).map_or(String::new(), |d| d.to_string().replace('-', ""));
        let cut = |n: usize| date.get(..n).unwrap_or("").to_owned();
        let code_of = cameo(&e.kind, e.mode.as_deref());
        let digits = |n: usize| code_of.get(..n).unwrap_or(code_of).to_owned();
        let (country, precision, position) = place(view, e);
        let geo = match precision {
            0 => String::new(),
            p => p.min(4).to_string(),
        };
        out.push(vec![
            number(e.key),
            date.clone(),
            cut(6),
            cut(4),
            code(one),
            cell(one.map(|a| &a.name)),
            cell(one.and_then(|a| a.country.as_ref())),
            cell(one.and_then(|a| a.sector.as_ref())),
            code(two),
            cell(two.map(|a| &a.name)),
            cell(two.and_then(|a| a.country.as_ref())),
            cell(two.and_then(|a| a.sector.as_ref())),
            "1".into(),
            code_of.to_owned(),
            digits(3),
            digits(2),
            e.quad.to_string(),
            String::new(),
            e.counts.mentions.to_string(),
            e.counts.origins.to_string(),
            e.counts.articles.to_string(),
            String::new(),
            geo,
            cell(e.place.as_ref()),
            country,
            cell(position.map(|p| p.0)),
            cell(position.map(|p| p.1)),
            cell(urls(view, e).first()),
            e.id.clone(),
        ]);
    }
    out
}

/// Event type and sub-event type of ACLED; `None`: not among its events.
fn acled_type(e: &EventRow) -> Option<(&'static str, &'static str)> {
    let target = e.target.first().and_then(|a| a.sector.as_deref());
    let armed = |s: &str| matches!(s, "MIL" | "REB" | "COP" | "SPY" | "UAF");
    let mode = e.mode.as_deref().unwrap_or("");
    Some(match e.kind.as_str() {
        "ASSAULT" => match mode {
            "aerial" | "drone" => ("Explosions/Remote violence", "Air/drone strike"),
            "heavy-weapons" => (
                "Explosions/Remote violence",
                "Shelling/artillery/missile attack",
            ),
            "suicide-attack" => ("Explosions/Remote violence", "Suicide bomb"),
            "explosives" => (
                "Explosions/Remote violence",
                "Remote explosive/landmine/IED",
            ),
            "abduct" => (
                "Violence against civilians",
                "Abduction/forced disappearance",
            ),
            "sexual" => ("Violence against civilians", "Sexual violence"),
            _ if target.is_some_and(armed) => ("Battles", "Armed clash"),
            _ if target == Some("CVL") => ("Violence against civilians", "Attack"),
            _ => ("", ""),
        },
        "PROTEST" if mode == "riot" => ("Riots", "Violent demonstration"),
        "PROTEST" => ("Protests", ""),
        "AGREE" => ("Strategic developments", "Agreement"),
        _ => return None,
    })
}

/// The deaths that a figure of the event gives.
fn deaths<'v>(view: &'v View, event: &EventRow) -> Option<&'v FigureRow> {
    const WORDS: [&str; 6] = ["killed", "dead", "deaths", "death", "fatalities", "died"];
    let figures = event
        .figures
        .iter()
        .filter_map(|id| view.figures.iter().find(|f| f.id == *id));
    let mut told = figures.filter(|f| {
        let words = crate::known::fold_words(&format!("{} {}", f.of, f.unit));
        words.split(' ').any(|w| WORDS.contains(&w))
    });
    told.next()
}

/// 1 a day, 2 within a week or month, 3 wider or unknown.
fn time_precision(date: Option<&Interval>) -> &'static str {
    match date.map(|d| d.precision) {
        Some(Precision::Day) => "1",
        Some(Precision::Week | Precision::Month) => "2",
        _ => "3",
    }
}

pub(super) fn acled(view: &View) -> Table {
    let mut out = Table::new(
        "acled",
        "Violence, protests and agreements in columns of ACLED.",
        &[
            column("event_id_cnty", "id of the event"),
            lossy("event_date", "first day; empty: unknown", "last day"),
            column("year", "its year"),
            lossy(
                "time_precision",
                "1 day, 2 week or month, 3 wider or unknown",
                "the bounds themselves",
            ),
            lossy(
                "event_type",
                "event type; empty: the actors do not settle it",
                "PLOVER type",
            ),
            lossy("sub_event_type", "sub-event type", "PLOVER mode"),
            lossy(
                "actor1",
                "sources, parted by `;`",
                "direction: ACLED implies none",
            ),
            lossy(
                "actor2",
                "targets, parted by `;`",
                "direction: ACLED implies none",
            ),
            column("country", "country of the place, three letters"),
            column("location", "place"),
            column("latitude", "degrees"),
            column("longitude", "degrees"),
            lossy(
                "geo_precision",
                "1 city or below, 2 district or province, 3 country; empty: unknown",
                "finer levels",
            ),
            column("source", "outlets, parted by `;`"),
            lossy("notes", "clause of the first report", "the other reports"),
            lossy(
                "fatalities",
                "number written; empty: none told, which is not zero",
                "operator and bounds: see figures",
            ),
        ],
    );
    for e in actual(view) {
        let Some((kind, sub)) = acled_type(e) else {
            continue;
        };
        let (country, precision, position) = place(view, e);
        let first = start(e.date.as_ref());
        let geo = match precision {
            4 | 5 => "1",
            2 | 3 => "2",
            1 => "3",
            _ => "",
        };
        out.push(vec![
            e.id.clone(),
            day(first),
            cell(first.map(|d| d.year())),
            time_precision(e.date.as_ref()).to_owned(),
            kind.to_owned(),
            sub.to_owned(),
            names(&e.source),
            names(&e.target),
            country,
            cell(e.place.as_ref()),
            cell(position.map(|p| p.0)),
            cell(position.map(|p| p.1)),
            geo.to_owned(),
            sites(view, e).join("; "),
            e.evidence.first().map_or(String::new(), |c| c.text.clone()),
            cell(deaths(view, e).and_then(|f| f.value)),
        ]);
    }
    out
}

/// 1 a state on one side, armed others opposite; 3 one-sided, against civilians.
fn violence(e: &EventRow) -> &'static str {
    let sector = |actors: &[Actor]| actors.first().and_then(|a| a.sector.clone());
    let state = |s: &str| matches!(s, "GOV" | "MIL" | "COP" | "SPY");
    match (sector(&e.source).as_deref(), sector(&e.target).as_deref()) {
        (_, Some("CVL")) => "3",
        (Some(a), Some(b)) if state(a) && (state(b) || b == "REB") => "1",
        (Some("REB"), Some(b)) if state(b) => "1",
        (Some("REB"), Some("REB")) => "2",
        _ => "",
    }
}

/// UCDP's 1 to 5: day, within days, week, month, wider.
fn date_precision(date: Option<&Interval>) -> &'static str {
    match date.map(|d| d.precision) {
        Some(Precision::Day) => "1",
        Some(Precision::Week) => "3",
        Some(Precision::Month) => "4",
        Some(_) => "5",
        None => "",
    }
}

pub(super) fn ucdp(view: &View) -> Table {
    let mut out = Table::new(
        "ucdp",
        "Assaults with deaths in columns of UCDP GED.",
        &[
            column("id", "id of the event"),
            column("year", "year of the first day"),
            column(
                "type_of_violence",
                "1 state-based, 2 non-state, 3 one-sided; empty: not settled",
            ),
            lossy(
                "side_a",
                "sources, parted by `;`; empty: not named",
                "dyad and conflict ids",
            ),
            lossy(
                "side_b",
                "targets, parted by `;`; empty: not named",
                "dyad and conflict ids",
            ),
            column("number_of_sources", "independent origins, not addresses"),
            column("source_article", "addresses, parted by `;`"),
            column("source_office", "outlets, parted by `;`"),
            lossy(
                "where_prec",
                "1 place, 2 near it, 3 district, 4 province, 6 country; empty: unknown",
                "finer levels",
            ),
            column("where_coordinates", "place"),
            column("country", "its country, three letters"),
            column("latitude", "degrees"),
            column("longitude", "degrees"),
            column(
                "date_prec",
                "1 day, 3 week, 4 month, 5 wider; empty: unknown",
            ),
            column("date_start", "earliest day"),
            column("date_end", "latest day"),
            lossy("best", "number written", "operator: see figures"),
            column("high", "greatest value that the words allow; empty: open"),
            column("low", "smallest value that the words allow; empty: open"),
        ],
    );
    for e in actual(view).filter(|e| e.kind == "ASSAULT") {
        let Some(figure) = deaths(view, e) else {
            continue;
        };
        let (country, precision, position) = place(view, e);
        let whereabouts = match precision {
            4 | 5 => "1",
            3 => "3",
            2 => "4",
            1 => "6",
            _ => "",
        };
        out.push(vec![
            e.id.clone(),
            cell(start(e.date.as_ref()).map(|d| d.year())),
            violence(e).to_owned(),
            names(&e.source),
            names(&e.target),
            e.counts.origins.to_string(),
            urls(view, e).join("; "),
            sites(view, e).join("; "),
            whereabouts.to_owned(),
            cell(e.place.as_ref()),
            country,
            cell(position.map(|p| p.0)),
            cell(position.map(|p| p.1)),
            date_precision(e.date.as_ref()).to_owned(),
            day(e.date.and_then(|d| d.from)),
            day(e.date.and_then(|d| d.to)),
            cell(figure.value),
            cell(figure.high),
            cell(figure.low),
        ]);
    }
    out
}
