//! Any row: its fields, why it is there, what a person may correct in it.

use std::fmt::Write as _;

use rapporteur_record::{Filter, Item, View, WhyRow};
use serde_json::Value;

use super::{Ask, Failure, Reply};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::passage;

/// Fields that only programs read.
const HIDDEN: [&str; 10] = [
    "row",
    "bytes",
    "start",
    "end",
    "span",
    "sentences",
    "paragraphs",
    "key",
    "text",
    "why",
];

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let view = &loaded.view;
    let item = view.find(id)?;
    let value = serde_json::to_value(&item).map_err(|_| Failure::internal())?;
    let mut body = format!("<p class=\"id\">{}</p>", escape(id));
    fields(&mut body, &value);
    reasons(&mut body, ask, &view.why(id)?);
    if let Some(kind) = kind(&item) {
        edit_forms(&mut body, ask, view, id, kind)?;
    }
    Ok(Reply::page(named(&item), body))
}

/// The kind that the fields of corrections go by.
fn kind(item: &Item) -> Option<&'static str> {
    Some(match item {
        Item::Doc(_) => "document",
        Item::Event(_) => "entry",
        Item::Mention(_) => "event",
        Item::Figure(_) => "figure",
        Item::Quote(_) => "quote",
        Item::Position(_) => "position",
        Item::Commitment(_) => "commitment",
        Item::Indicator(_) => "indicator",
        Item::Assessment(_) => "assessment",
        Item::Actor(_) => "actor",
        Item::Comparison(_) => "comparison",
        Item::Series(_)
        | Item::Story(_)
        | Item::Saga(_)
        | Item::Family(_)
        | Item::Place(_)
        | Item::Time(_) => {
            return None;
        }
    })
}

fn named(item: &Item) -> String {
    match item {
        Item::Doc(r) => r.title.clone(),
        Item::Figure(r) => r.of.clone(),
        Item::Series(r) => r.of.clone(),
        Item::Quote(r) => crate::words::clipped(&r.text, 80),
        Item::Position(r) => format!("{}: {}", r.holder.name, r.issue),
        Item::Commitment(r) => r.what.clone(),
        Item::Indicator(r) => r.name.clone(),
        Item::Comparison(r) => r.topic.clone(),
        Item::Actor(r) => r.name.clone(),
        Item::Place(r) => r.name.clone(),
        Item::Story(r) => r.title.clone(),
        Item::Saga(r) => r.title.clone(),
        Item::Event(r) => crate::words::kind(&r.kind),
        Item::Mention(r) => crate::words::kind(&r.event.kind),
        Item::Assessment(r) => crate::words::clipped(&r.claim, 80),
        Item::Family(r) => r.id.clone(),
        Item::Time(r) => r.value.clone(),
    }
}

/// The fields of a row, passages as links into their documents.
fn fields(out: &mut String, value: &Value) {
    match value {
        Value::Object(map) if is_cite(value) => {
            let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
            let at = |name: &str| map.get(name).and_then(Value::as_u64).unwrap_or_default();
            let _ = write!(
                out,
                "<q dir=\"auto\">{}</q> <a class=\"cite\" href=\"/d/{}?c={}-{}#c\">↗</a>",
                escape(text("text")),
                escape(text("doc")),
                at("start"),
                at("end")
            );
        }
        Value::Object(map) => {
            out.push_str("<dl class=\"facts\">");
            let shown = map.iter().filter(|(name, value)| {
                !HIDDEN.contains(&name.as_str())
                    && !value.is_null()
                    && !value.as_array().is_some_and(Vec::is_empty)
            });
            for (name, value) in shown {
                let _ = write!(out, "<div><dt>{}</dt><dd dir=\"auto\">", escape(name));
                fields(out, value);
                out.push_str("</dd></div>");
            }
            out.push_str("</dl>");
        }
        Value::Array(items) if items.iter().all(|i| !i.is_object()) => {
            let words: Vec<String> = items.iter().map(plain).collect();
            out.push_str(&escape(&words.join(", ")));
        }
        Value::Array(items) => {
            out.push_str("<ul>");
            for item in items.iter().take(200) {
                out.push_str("<li>");
                fields(out, item);
                out.push_str("</li>");
            }
            out.push_str("</ul>");
        }
        other => out.push_str(&escape(&plain(other))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_cite(value: &Value) -> bool {
    value.get("doc").is_some() && value.get("text").is_some() && value.get("bytes").is_some()
}

/// Why a row says what it says.
pub(super) fn reasons(out: &mut String, ask: &Ask, rows: &[WhyRow]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<section aria-labelledby=\"why\"><h2 id=\"why\">{}</h2><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ask.ui.t("why"),
        ask.ui.t("field"),
        ask.ui.t("reason")
    );
    for row in rows {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td><strong dir=\"auto\">{}</strong>",
            escape(&row.field),
            escape(&row.value)
        );
        if let Some(cite) = &row.cite {
            let _ = write!(
                out,
                " <q dir=\"auto\">{}</q> <a class=\"cite\" href=\"{}\">↗</a>",
                escape(&cite.text),
                escape(&passage(cite))
            );
        }
        let _ = write!(
            out,
            "<span class=\"below\"><code>{}</code> <span dir=\"auto\">{}</span></span>",
            escape(&row.why.rule),
            escape(&row.why.reason)
        );
        if !row.why.features.is_empty() {
            let weights: Vec<String> = row
                .why
                .features
                .iter()
                .map(|(name, weight)| format!("{weight:+.2} {name}"))
                .collect();
            let _ = write!(
                out,
                "<span class=\"below faint\" dir=\"ltr\">{}</span>",
                escape(&weights.join(" · "))
            );
        }
        out.push_str("</td></tr>");
    }
    out.push_str("</tbody></table></section>");
}

/// Forms for the fields of a row that may be corrected.
pub(super) fn edit_forms(
    out: &mut String,
    ask: &Ask,
    view: &View,
    id: &str,
    kind: &str,
) -> Result<(), Failure> {
    let ui = ask.ui;
    let _ = write!(
        out,
        "<section aria-labelledby=\"correct\"><h2 id=\"correct\">{}</h2><details><summary>{}</summary>",
        ui.t("correct"),
        ui.t("correct-note")
    );
    for (at, (field, form)) in View::fields(kind).iter().enumerate() {
        let old = view.present(id, field)?;
        let _ = write!(
            out,
            "<form method=\"post\" action=\"/correct\" class=\"edit\"><fieldset><legend>{0}</legend>\
             <input type=\"hidden\" name=\"token\" value=\"{1}\"><input type=\"hidden\" name=\"id\" value=\"{2}\">\
             <input type=\"hidden\" name=\"field\" value=\"{0}\"><input type=\"hidden\" name=\"old\" value=\"{3}\">\
             <label>{4} <input name=\"value\" value=\"{3}\" dir=\"auto\" aria-describedby=\"form-{at}\"></label> <span class=\"faint\" id=\"form-{at}\">{5}</span>\
             <label>{6} <input name=\"who\" required value=\"{7}\" dir=\"auto\"></label>\
             <label>{8} <input name=\"why\" required dir=\"auto\"></label> <button>{9}</button></fieldset></form>",
            escape(field),
            ask.token,
            escape(id),
            escape(&old),
            ui.t("new-value"),
            escape(form),
            ui.t("your-name"),
            escape(&ask.who),
            ui.t("reason"),
            ui.t("save"),
        );
    }
    out.push_str("</details></section>");
    Ok(())
}
