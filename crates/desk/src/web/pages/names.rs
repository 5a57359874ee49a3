//! Actors and places that a desk adds to what the program knows.

use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::{Filter, Kept, Query, Store};

use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::web::accounts::Role;
use crate::web::{Named, Shared, guard};

/// The kind under which additions are kept, with who made them.
const KIND: &str = "name";
const ACTORS: [&str; 6] = ["person", "body", "office", "group", "media", "firm"];

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let world = &shared.config.world;
    let mut body = format!("<p class=\"note\">{}</p>", ui.t("names-note"));
    if let Some(added) = ask.get("added") {
        said(&mut body, shared, ask, added)?;
    }
    if ask.visit.may(Role::Analyst) {
        actor_form(&mut body, ask);
        place_form(&mut body, ask);
    }
    for (title, file) in [
        (ui.t("own-actors"), "actors.tsv"),
        (ui.t("own-places"), "places.tsv"),
    ] {
        let table = world
            .table(&shared.config.dir, file)
            .map_err(|why| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, why, "see the file"))?;
        let _ = write!(body, "<h2>{title}</h2>");
        if table.trim().is_empty() {
            let _ = write!(body, "<p>{}</p>", ui.t("nothing-here"));
        } else {
            let _ = write!(
                body,
                "<pre class=\"source\" dir=\"ltr\" tabindex=\"0\">{}</pre>",
                escape(&table)
            );
        }
    }
    Ok(Reply::page(ui.t("nav-names"), body))
}

/// What an addition comes to: which documents hold the words, and that they are not read again by
/// themselves.
fn said(out: &mut String, shared: &Shared, ask: &Ask, name: &str) -> Result<(), Failure> {
    let ui = ask.ui;
    let query = Query {
        limit: 2_000,
        ..Query::new(format!("\"{}\"", name.replace('"', " ")))
    };
    let touched = shared.desk()?.search(&query)?.len();
    let all = shared.view(&Filter::default())?.view.docs.len();
    let _ = write!(
        out,
        "<p class=\"card\" role=\"status\">✓ <strong dir=\"auto\">{}</strong>: {} {touched} {} {all}. {} <code>rapporteur recode</code></p>",
        escape(name),
        ui.t("named-in"),
        ui.t("of-documents"),
        ui.t("recode-note")
    );
    Ok(())
}

fn start(ask: &Ask, title: &str) -> String {
    let ui = ask.ui;
    format!(
        "<form method=\"post\" action=\"/names\" class=\"edit\"><fieldset><legend>{title}</legend><input type=\"hidden\" name=\"token\" value=\"{}\">\
         <label>{} <input name=\"name\" required dir=\"auto\"></label> <label>{} <input name=\"aliases\" dir=\"auto\"></label> \
         <label>{} <input name=\"country\" dir=\"ltr\" size=\"4\" maxlength=\"3\" pattern=\"[A-Z]{{3}}\" placeholder=\"SDN\"></label> ",
        ask.token,
        ui.t("name"),
        ui.t("aliases-note"),
        ui.t("country-code")
    )
}

fn end(ask: &Ask) -> String {
    let ui = ask.ui;
    format!(
        "{} <label>{} <input name=\"why\" required dir=\"auto\"></label> <button>{}</button></fieldset></form>",
        super::signature(ask),
        ui.t("reason"),
        ui.t("add")
    )
}

fn actor_form(out: &mut String, ask: &Ask) {
    let ui = ask.ui;
    out.push_str(&start(ask, ui.t("add-actor")));
    let _ = write!(out, "<label>{} <select name=\"kind\">", ui.t("type"));
    for kind in ACTORS {
        let words = match kind {
            "person" => ui.t("kind-person"),
            "body" => ui.t("kind-body"),
            "office" => ui.t("kind-office"),
            "group" => ui.t("kind-group"),
            "media" => ui.t("kind-media"),
            _ => ui.t("kind-firm"),
        };
        let _ = write!(out, "<option value=\"{kind}\">{words}</option>");
    }
    let _ = write!(
        out,
        "</select></label> <label>{} <input name=\"sector\" dir=\"ltr\" size=\"4\" maxlength=\"3\" placeholder=\"GOV\"></label> {}",
        ui.t("sector-code"),
        end(ask)
    );
}

fn place_form(out: &mut String, ask: &Ask) {
    let ui = ask.ui;
    out.push_str(&start(ask, ui.t("add-place")));
    let _ = write!(
        out,
        "<input type=\"hidden\" name=\"kind\" value=\"place\"><label>{} <select name=\"precision\"><option value=\"2\">{}</option><option value=\"3\">{}</option><option value=\"4\" selected>{}</option><option value=\"5\">{}</option></select></label> {}",
        ui.t("type"),
        ui.t("place-province"),
        ui.t("place-district"),
        ui.t("place-town"),
        ui.t("place-below"),
        end(ask)
    );
}

pub(super) fn post(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let who = form.need("who", "name")?.to_owned();
    let why = form.need("why", "reason")?.to_owned();
    let name = form.need("name", "name of the actor or place")?.to_owned();
    let word = |field: &str| cell(form.get(field).unwrap_or_default());
    let now = shared.config.world.now();
    let basis = cell(&format!("{who}, {}: {why}", now.get(..10).unwrap_or(&now)));
    let kind = word("kind");
    let row = match kind.as_str() {
        "place" => Named::Place([
            cell(&name),
            word("aliases"),
            word("country"),
            word("precision"),
            basis,
        ]),
        _ => Named::Actor([
            kind,
            cell(&name),
            word("aliases"),
            word("country"),
            word("sector"),
            String::new(),
            String::new(),
            String::new(),
            basis,
        ]),
    };
    let (file, line) = row.line();
    shared.write(|desk| {
        let world = &shared.config.world;
        world.name(&shared.config.dir, &row).map_err(|why| {
            Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                why,
                "go back and mend it; nothing was changed",
            )
        })?;
        desk.keep(&Kept {
            kind: KIND.into(),
            id: guard::hex(&world.random())[..16].to_owned(),
            version: 0,
            at: now.clone(),
            who: who.clone(),
            body: serde_json::json!({"file": file, "row": line, "why": why}).to_string(),
        })?;
        Ok(())
    })?;
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    Ok(Reply::Go {
        to: format!("/names?added={name}"),
        who: Some(who),
    })
}

/// A cell of a table: no tabs, no line ends.
fn cell(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}
