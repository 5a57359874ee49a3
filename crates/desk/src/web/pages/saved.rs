//! Saved queries: a selection with a name, what is new in it, its feeds.

use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::{Filter, Kept};
use serde::{Deserialize, Serialize};

use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::web::accounts::Role;
use crate::web::{Shared, ask, guard};

/// The kind under which queries are kept.
pub(super) const KIND: &str = "saved";
/// Screens whose selections can be saved.
const SCREENS: [&str; 10] = [
    "/",
    "/timeline",
    "/events",
    "/search",
    "/documents",
    "/conflicts",
    "/quotes",
    "/positions",
    "/commitments",
    "/figures",
];
/// Queries whose news the first screen counts.
const COUNTED: usize = 6;

/// A saved query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Saved {
    /// Its name.
    pub(super) name: String,
    /// The screen.
    pub(super) path: String,
    /// The query of its address.
    pub(super) query: String,
    /// Whether the first screen counts what is new in it.
    pub(super) alert: bool,
}

impl Saved {
    pub(super) fn read(kept: &Kept) -> Result<Self, Failure> {
        serde_json::from_str(&kept.body).map_err(|_| Failure::internal())
    }

    fn address(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// The selection of the record.
    pub(super) fn filter(&self) -> Result<Filter, Failure> {
        ask::filter(&ask::pairs(&self.query))
    }

    /// Rows of it that rest on documents which came in since the last visit.
    fn news(&self, shared: &Shared, ask: &Ask) -> Result<usize, Failure> {
        if ask.fresh.docs.is_empty() {
            return Ok(0);
        }
        let found = super::feeds::found(shared, self)?;
        let fresh = found
            .iter()
            .filter(|(e, _)| ask.fresh.has(e.docs.iter().map(String::as_str)));
        Ok(fresh.count())
    }
}

/// The form that saves what a screen shows.
pub(super) fn form(ask: &Ask) -> String {
    if !SCREENS.contains(&ask.path.as_str()) || !ask.visit.may(Role::Analyst) {
        return String::new();
    }
    let ui = ask.ui;
    let query = ask.whole.split_once('?').map_or("", |(_, query)| query);
    format!(
        "<details class=\"keep\"><summary>{0}</summary><form method=\"post\" action=\"/saved\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{1}\"><input type=\"hidden\" name=\"path\" value=\"{2}\"><input type=\"hidden\" name=\"query\" value=\"{3}\">\
         <label>{4} <input name=\"name\" required dir=\"auto\"></label> {5} <label><input type=\"checkbox\" name=\"alert\" value=\"1\" checked> {6}</label> <button>{0}</button></form></details>",
        ui.t("save-query"),
        ask.token,
        escape(&ask.path),
        escape(query),
        ui.t("name"),
        super::signature(ask),
        ui.t("count-news")
    )
}

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let all = shared.desk()?.all_kept(KIND)?;
    let mut body = format!("<p class=\"note\">{}</p>", ui.t("saved-note"));
    if all.is_empty() {
        let _ = write!(body, "<p>{}</p>", ui.t("nothing-here"));
        return Ok(Reply::page(ui.t("nav-saved"), body));
    }
    let _ = write!(
        body,
        "<table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("new"),
        ui.t("name")
    );
    for kept in &all {
        let saved = Saved::read(kept)?;
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{}</th><td><a href=\"{}\" dir=\"auto\">{}</a> <span class=\"faint\" dir=\"ltr\">{}</span> · <a href=\"/feeds/{4}.atom\">Atom</a> · <a href=\"/feeds/{4}.json\">JSON Feed</a>\
             <span class=\"below faint\"><bdi>{5}</bdi> · <bdi>{6}</bdi></span><form method=\"post\" action=\"/saved\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{7}\"><input type=\"hidden\" name=\"id\" value=\"{4}\"><input type=\"hidden\" name=\"version\" value=\"{8}\">\
             {9} <button name=\"do\" value=\"alert\" aria-pressed=\"{10}\">{11}</button> <button name=\"do\" value=\"remove\">{12}</button></form></td></tr>",
            saved.news(shared, ask)?,
            escape(&saved.address()),
            escape(&saved.name),
            escape(&saved.address()),
            escape(&kept.id),
            escape(&kept.who),
            escape(&kept.at),
            ask.token,
            kept.version,
            super::signature(ask),
            saved.alert,
            ui.t("count-news"),
            ui.t("remove")
        );
    }
    body.push_str("</tbody></table>");
    Ok(Reply::page(ui.t("nav-saved"), body))
}

/// What is new since the last visit, in all and in the queries that are watched, on the first
/// screen. Nothing when nothing is.
pub(super) fn news(shared: &Shared, ask: &Ask) -> Result<String, Failure> {
    if ask.fresh.docs.is_empty() && ask.fresh.corrections == 0 {
        return Ok(String::new());
    }
    let ui = ask.ui;
    let mut out = format!(
        "<p class=\"card\" role=\"status\">{}: {} {} · {} {}",
        ui.t("since-last-visit"),
        ui.t("documents"),
        ask.fresh.docs.len(),
        ui.t("corrections-count"),
        ask.fresh.corrections
    );
    let all = shared.desk()?.all_kept(KIND)?;
    let mut counted = 0;
    for kept in &all {
        let saved = Saved::read(kept)?;
        if !saved.alert || counted == COUNTED {
            continue;
        }
        counted += 1;
        let news = saved.news(shared, ask)?;
        if news > 0 {
            let _ = write!(
                out,
                " · <a href=\"{}\" dir=\"auto\">{}</a> {news}",
                escape(&saved.address()),
                escape(&saved.name)
            );
        }
    }
    out.push_str("</p>");
    Ok(out)
}

pub(super) fn post(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let who = form.need("who", "name")?.to_owned();
    let now = shared.config.world.now();
    let new = match form.get("id") {
        Some(id) => {
            let kept = shared
                .desk()?
                .kept(KIND, id)?
                .ok_or_else(|| Failure::not_found(format!("there is no saved query {id}")))?;
            let seen = form.get("version").and_then(|v| v.parse().ok());
            let body = match form.get("do") {
                Some("remove") => String::new(),
                _ => {
                    let mut saved = Saved::read(&kept)?;
                    saved.alert = !saved.alert;
                    written(&saved)
                }
            };
            Kept {
                version: seen.unwrap_or(kept.version),
                at: now,
                who: who.clone(),
                body,
                ..kept
            }
        }
        None => Kept {
            kind: KIND.into(),
            id: format!("v-{}", &guard::hex(&shared.config.world.random())[..12]),
            version: 0,
            at: now,
            who: who.clone(),
            body: written(&asked(form)?),
        },
    };
    shared.write(|desk| Ok(desk.keep(&new)?))?;
    Ok(Reply::Go {
        to: "/saved".into(),
        who: Some(who),
    })
}

fn asked(form: &Form) -> Result<Saved, Failure> {
    let path = form.get("path").unwrap_or("/");
    if !SCREENS.contains(&path) {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("a selection of {path} cannot be saved"),
            "save one of the lists or a search",
        ));
    }
    // Only what selects: not the page that was shown, nor the language of the reader.
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in ask::pairs(form.get("query").unwrap_or_default()) {
        let selects = !matches!(name.as_str(), "page" | "lang" | "since");
        if selects && !value.trim().is_empty() {
            query.append_pair(&name, &value);
        }
    }
    let saved = Saved {
        name: form.need("name", "name of the query")?.to_owned(),
        path: path.to_owned(),
        query: query.finish(),
        alert: form.get("alert").is_some(),
    };
    saved.filter()?;
    Ok(saved)
}

fn written(saved: &Saved) -> String {
    serde_json::to_string(saved).unwrap_or_default()
}
