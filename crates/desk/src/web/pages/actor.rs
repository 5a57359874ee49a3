//! Actors: the list, and one with its roles, events, quotes, positions and counterparts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapporteur_coder::Actor;
use rapporteur_record::{ActorRow, Filter, Item, View};

use super::row::edit_forms;
use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::sections::{self, Numbers};
use crate::web::Shared;
use crate::web::rows::{Writer, passage};
use crate::{Row, Section, words};

const ROWS: usize = 100;
/// Rows of one section of an actor's screen.
const MOST: usize = 60;

pub(super) fn list(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let (ui, actors) = (ask.ui, &loaded.view.actors);
    let mut body = filters(ask, &[]);
    let _ = write!(
        body,
        "<p class=\"note\">{} {}</p><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("rows"),
        actors.len(),
        ui.t("mentions"),
        ui.t("actor")
    );
    let from = (ask.page() * ROWS).min(actors.len());
    for actor in actors.iter().skip(from).take(ROWS) {
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{}</th><td><a href=\"/a/{}\" dir=\"auto\">{}</a> <span class=\"faint\" dir=\"auto\">{}</span></td></tr>",
            actor.mentions,
            escape(&actor.id),
            escape(&actor.name),
            escape(&about(actor))
        );
    }
    body.push_str("</tbody></table>");
    body.push_str(&super::lists::pager(ask, actors.len(), ROWS));
    Ok(Reply::page(ui.t("nav-actors"), body))
}

fn about(actor: &ActorRow) -> String {
    let mut parts: Vec<&str> = Vec::new();
    parts.extend(actor.country.as_deref());
    parts.extend(actor.sector.as_deref());
    parts.extend(actor.roles.iter().take(3).map(String::as_str));
    parts.join(" · ")
}

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let (view, numbers, ui) = (&loaded.view, &loaded.numbers, ask.ui);
    let Item::Actor(actor) = view.find(id)? else {
        return Err(Failure::not_found(format!("{id} is no actor")));
    };
    let mut body = head(ask, &actor);
    let mut writer = Writer::new(view);
    for (anchor, title, key_title, rows) in parts(ask, view, numbers, &actor) {
        if rows.is_empty() {
            continue;
        }
        let more = rows.len().saturating_sub(MOST);
        let section = Section {
            key_title,
            rows: rows.into_iter().take(MOST).collect(),
            ..Section::default()
        };
        let _ = write!(
            body,
            "<section aria-labelledby=\"{anchor}\"><h2 id=\"{anchor}\">{title}</h2>{}",
            writer.table(&section, ui.t("what-and-where"))
        );
        if more > 0 {
            let _ = write!(body, "<p class=\"note\">+{more}</p>");
        }
        body.push_str("</section>");
    }
    edit_forms(&mut body, ask, view, &actor.id, "actor")?;
    Ok(Reply::page(actor.name.clone(), body))
}

/// A part of an actor's screen: anchor, title, head of the first column, rows.
type Part = (&'static str, &'static str, &'static str, Vec<Row>);

fn parts(ask: &Ask, view: &View, numbers: &Numbers, actor: &ActorRow) -> [Part; 5] {
    let ui = ask.ui;
    let is_it = |party: &Actor| party.name == actor.name;
    let events: Vec<_> = view
        .events
        .iter()
        .filter(|e| e.source.iter().chain(&e.target).any(is_it))
        .collect();
    let told = events.iter().filter_map(|e| sections::event(e, numbers));
    let positions = view.positions.iter().filter(|p| is_it(&p.holder));
    let positions = positions.filter_map(|p| sections::position(p, numbers));
    let quotes = view.quotes.iter();
    let quotes = quotes.filter(|q| q.speaker.as_ref().is_some_and(is_it));
    let quotes = quotes.filter_map(|q| sections::quote(q, numbers));
    let promised = view.commitments.iter();
    let promised = promised.filter(|c| c.by.iter().any(is_it));
    let promised = promised.filter_map(|c| sections::commitment(c, numbers));
    [
        ("events", ui.t("events"), ui.t("date"), told.collect()),
        (
            "positions",
            ui.t("nav-positions"),
            ui.t("holder"),
            positions.collect(),
        ),
        (
            "quotes",
            ui.t("nav-quotes"),
            ui.t("speaker"),
            quotes.collect(),
        ),
        (
            "commitments",
            ui.t("nav-commitments"),
            ui.t("rung"),
            promised.collect(),
        ),
        (
            "dyads",
            ui.t("dyads"),
            ui.t("counterpart"),
            dyads(actor, &events, numbers),
        ),
    ]
}

fn head(ask: &Ask, actor: &ActorRow) -> String {
    let ui = ask.ui;
    let mut out = format!(
        "<p class=\"id\">{}</p><p class=\"basis\" dir=\"auto\">{}</p>",
        escape(&actor.id),
        escape(&about(actor))
    );
    if !actor.aliases.is_empty() {
        let _ = write!(
            out,
            "<p class=\"meta\">{} <span dir=\"auto\">{}</span></p>",
            ui.t("also-called"),
            escape(&words::clipped(&actor.aliases.join("; "), 400))
        );
    }
    let _ = write!(
        out,
        "<p class=\"meta\">{} {}",
        ui.t("mentions"),
        actor.mentions
    );
    for cite in actor.evidence.iter().take(6) {
        let _ = write!(
            out,
            " <a class=\"cite\" href=\"{}\" dir=\"auto\">{}</a>",
            escape(&passage(cite)),
            escape(&cite.text)
        );
    }
    out.push_str("</p>");
    out
}

/// With whom, by class of event: the edges of a network around one actor.
fn dyads(actor: &ActorRow, events: &[&rapporteur_record::EventRow], numbers: &Numbers) -> Vec<Row> {
    let mut pairs: BTreeMap<&str, (BTreeMap<String, usize>, Vec<crate::Cite>)> = BTreeMap::new();
    for event in events {
        let all = event.source.iter().chain(&event.target);
        for other in all.filter(|a| a.name != actor.name) {
            let entry = pairs.entry(&other.name).or_default();
            *entry.0.entry(words::kind(&event.kind)).or_default() += 1;
            entry.1.extend(numbers.cites(&event.evidence));
        }
    }
    let mut rows: Vec<Row> = pairs
        .into_iter()
        .map(|(name, (kinds, cites))| {
            let kinds: Vec<String> = kinds.iter().map(|(k, n)| format!("{k} {n}")).collect();
            Row {
                key: name.to_owned(),
                line: crate::Line::new().text(kinds.join(", ")).cite(cites),
                ..Row::default()
            }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.cites().count()));
    rows
}
