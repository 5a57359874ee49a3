//! Feeds and pages that the desk watches: their state on the inbox screen, and the forms for them.

use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::Kept;
use serde_json::Value;

use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::web::Shared;

/// The kind under which watched addresses are kept, and their state.
const KIND: &str = "watch";

pub(super) fn section(out: &mut String, shared: &Shared, ask: &Ask) -> Result<(), Failure> {
    let ui = ask.ui;
    let desk = shared.desk()?;
    let (all, states) = (desk.all_kept(KIND)?, desk.states(KIND)?);
    let _ = write!(
        out,
        "<section aria-labelledby=\"watched\"><h2 id=\"watched\">{}</h2><p class=\"note\">{} <code>rapporteur watch</code></p>",
        ui.t("watched"),
        ui.t("watched-note")
    );
    if !all.is_empty() {
        let is_on = ask.get("refresh").is_some();
        let _ = write!(
            out,
            "<p><a href=\"{}\">{}</a></p><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
            escape(&ask.with("refresh", if is_on { "" } else { "1" })),
            if is_on {
                ui.t("refresh-off")
            } else {
                ui.t("refresh-on")
            },
            ui.t("result"),
            ui.t("input")
        );
        for kept in &all {
            let state = states.get(&kept.id).map_or("", String::as_str);
            line(
                out,
                ask,
                kept,
                &serde_json::from_str(state).unwrap_or_default(),
            );
        }
        out.push_str("</tbody></table>");
    }
    let _ = write!(
        out,
        "<form method=\"post\" action=\"/watch\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><label>{} <input type=\"url\" name=\"url\" required dir=\"ltr\" placeholder=\"https://\"></label> \
         {} <button>{}</button></form></section>",
        ask.token,
        ui.t("address-note"),
        super::signature(ask),
        ui.t("watch-it")
    );
    Ok(())
}

fn line(out: &mut String, ask: &Ask, kept: &Kept, state: &Value) {
    let ui = ask.ui;
    let text = |name: &str| state.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| state.get(name).and_then(Value::as_u64).unwrap_or_default();
    let result = match (text("last"), number("errors")) {
        ("", _) => ui.t("not-read-yet"),
        (_, 0) => ui.t("read-well"),
        _ => ui.t("failed"),
    };
    let _ = write!(
        out,
        "<tr><th scope=\"row\">{result}<span class=\"id\">{} {}</span></th><td><bdi dir=\"ltr\" class=\"url\">{}</bdi> <span class=\"faint\"><bdi>{}</bdi> · <bdi>{}</bdi></span>",
        ui.t("new"),
        number("new"),
        escape(&kept.body),
        escape(text("last")),
        escape(&kept.who)
    );
    for (name, class) in [("error", "problem"), ("remedy", "faint")] {
        if !text(name).is_empty() {
            let _ = write!(
                out,
                "<span class=\"below {class}\" dir=\"auto\">{}</span>",
                escape(text(name))
            );
        }
    }
    let _ = write!(
        out,
        "<form method=\"post\" action=\"/watch\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"id\" value=\"{}\"><input type=\"hidden\" name=\"version\" value=\"{}\">\
         {} <button name=\"do\" value=\"remove\">{}</button></form></td></tr>",
        ask.token,
        escape(&kept.id),
        kept.version,
        super::signature(ask),
        ui.t("watch-no-longer")
    );
}

pub(super) fn post(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let who = form.need("who", "name")?.to_owned();
    let at = shared.config.world.now();
    let desk = shared.desk()?;
    let new = match form.get("id") {
        Some(id) => {
            let kept = desk.kept(KIND, id)?;
            let kept = kept.ok_or_else(|| Failure::not_found(format!("{id} is not watched")))?;
            let seen = form.get("version").and_then(|v| v.parse().ok());
            Kept {
                version: seen.unwrap_or(kept.version),
                at,
                who: who.clone(),
                body: String::new(),
                ..kept
            }
        }
        None => {
            let refuse = |why: String, remedy: &str| {
                Failure::new(StatusCode::UNPROCESSABLE_ENTITY, why, remedy)
            };
            let asked = form.need("url", "address")?;
            let (id, url) = shared
                .config
                .world
                .watchable(asked)
                .map_err(|why| refuse(why, "give the address of a feed or page of the web"))?;
            let history = desk.history(KIND, &id)?;
            if history.first().is_some_and(|kept| !kept.body.is_empty()) {
                return Err(refuse(
                    format!("{url} is watched already"),
                    "nothing was changed",
                ));
            }
            Kept {
                kind: KIND.into(),
                id,
                version: history.first().map_or(0, |kept| kept.version),
                at,
                who: who.clone(),
                body: url,
            }
        }
    };
    shared.write(|desk| Ok(desk.keep(&new)?))?;
    Ok(Reply::Go {
        to: "/inbox#watched".into(),
        who: Some(who),
    })
}
