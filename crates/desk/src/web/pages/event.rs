//! An event: who, what, when, where; every passage; why it is coded so; what it is compared with.

use std::fmt::Write as _;

use rapporteur_coder::Scope;
use rapporteur_record::{ComparisonRow, EventRow, Filter, Item, View};

use super::row::{edit_forms, reasons};
use super::{Ask, Failure, Reply, conflicts};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::passage;
use crate::{sections, words};

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let view = &loaded.view;
    let Item::Event(event) = view.find(id)? else {
        return Err(Failure::not_found(format!("{id} is no event")));
    };
    let mut body = facts(ask, &event);
    passages(&mut body, ask, view, &event);
    compared(&mut body, ask, view, &event);
    reasons(&mut body, ask, &view.why(&event.id)?);
    super::arrange::forms(&mut body, ask, view, &event);
    edit_forms(&mut body, ask, view, &event.id, "entry")?;
    let title = format!(
        "{}: {}",
        sections::capital(&words::kind(&event.kind)),
        sections::parties(&event)
    );
    Ok(Reply::page(title, body))
}

fn facts(ask: &Ask, event: &EventRow) -> String {
    let ui = ask.ui;
    let code = match &event.mode {
        Some(mode) => format!("{} · {mode}", event.kind),
        None => event.kind.clone(),
    };
    let unknown = || ui.t("unknown").to_owned();
    let names = |actors: &[rapporteur_coder::Actor]| match words::names(actors) {
        none if none.is_empty() => unknown(),
        some => some,
    };
    let counts = &event.counts;
    let told = match words::modality(event.modality) {
        "" => ui.t("told-as-fact").to_owned(),
        other => other.to_owned(),
    };
    let rows = [
        (ui.t("code"), code),
        (ui.t("told"), told),
        (ui.t("who"), names(&event.source)),
        (ui.t("to-whom"), names(&event.target)),
        (ui.t("when"), words::interval(event.date)),
        (ui.t("date-basis"), event.date_basis.join(", ")),
        (ui.t("where"), event.place.clone().unwrap_or_else(unknown)),
        (ui.t("contexts"), contexts(event)),
        (ui.t("status"), event.status.clone()),
        (
            ui.t("counts"),
            format!(
                "{} · {} · {} · {}",
                counts.mentions, counts.articles, counts.families, counts.origins
            ),
        ),
    ];
    let mut out = format!(
        "<p class=\"id\">{}</p><dl class=\"facts\">",
        escape(&event.id)
    );
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(
            out,
            "<div><dt>{name}</dt><dd dir=\"auto\">{}</dd></div>",
            escape(value)
        );
    }
    out.push_str("</dl>");
    out
}

/// Contexts of the event; one that only its paragraph or document shows says so.
fn contexts(event: &EventRow) -> String {
    let named = event.contexts.iter().map(|context| match context.scope {
        Scope::Sentence => context.name.clone(),
        Scope::Paragraph => format!("{} (paragraph)", context.name),
        Scope::Document => format!("{} (document)", context.name),
    });
    named.collect::<Vec<_>>().join(", ")
}

fn passages(out: &mut String, ask: &Ask, view: &View, event: &EventRow) {
    let _ = write!(
        out,
        "<section aria-labelledby=\"passages\"><h2 id=\"passages\">{}</h2><ol class=\"passages\">",
        ask.ui.t("passages")
    );
    for (at, member) in event.members.iter().enumerate() {
        let doc = view.doc(&member.doc);
        let _ = write!(
            out,
            "<li id=\"ev-{at}\"><q dir=\"auto\">{}</q> <a class=\"cite\" href=\"{}\">{}</a> <span class=\"faint\" dir=\"auto\">{}</span></li>",
            escape(&member.sentence.text),
            escape(&passage(&member.cite)),
            ask.ui.t("in-its-page"),
            escape(doc.map_or("", |d| super::document::titled(d))),
        );
    }
    out.push_str("</ol></section>");
}

fn compared(out: &mut String, ask: &Ask, view: &View, event: &EventRow) {
    let touches = |c: &&ComparisonRow| {
        if c.b.is_empty() {
            return false;
        }
        let mut sides = c.a.iter().chain(&c.b);
        sides.any(|cite| {
            event
                .members
                .iter()
                .any(|m| m.doc == cite.doc && m.sentence.bytes.overlaps(cite.bytes))
        })
    };
    let rows: Vec<&ComparisonRow> = view.comparisons.iter().filter(touches).collect();
    if rows.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<section aria-labelledby=\"compared\"><h2 id=\"compared\">{}</h2>",
        ask.ui.t("compared")
    );
    for row in rows {
        conflicts::card(out, ask, view, row, 3);
    }
    out.push_str("</section>");
}
