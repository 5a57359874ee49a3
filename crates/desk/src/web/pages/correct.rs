//! Corrections: made, taken back, listed. Nothing is overwritten.

use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::{Correction, Filter, NewCorrection, Store, View};

use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::web::Shared;
use crate::web::accounts::Role;
use crate::web::rows::address;

/// One correction. The form holds the value that the person saw: if somebody changed it
/// meanwhile, nothing is written and both values are shown.
pub(super) fn post(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let id = form.need("id", "id")?;
    let field = form.need("field", "field")?;
    let who = form.need("who", "name")?.to_owned();
    let why = form.need("why", "reason")?.to_owned();
    let value = form.get("value").unwrap_or_default();
    let seen = form.fields.get("old").map(|old| old.trim());
    shared.write(|desk| {
        let view = View::load(&*desk, &Filter::default())?;
        let proposed = view.propose(id, field, value)?;
        if seen.is_some_and(|seen| seen != proposed.old.trim()) {
            return Err(Failure::new(
                StatusCode::CONFLICT,
                format!(
                    "somebody changed `{field}` meanwhile: it says {:?} now, you saw {:?}",
                    proposed.old,
                    seen.unwrap_or_default()
                ),
                "open the row again and decide anew; nothing was changed",
            ));
        }
        if proposed.old == proposed.new {
            return Err(Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("`{field}` says that already"),
                "nothing was changed",
            ));
        }
        desk.correct(&NewCorrection {
            at: shared.config.world.now(),
            who: who.clone(),
            why,
            ..proposed
        })?;
        Ok(())
    })?;
    let back = form.get("back").filter(|back| is_local(back));
    let to = match (back, field) {
        (Some(back), _) => back.to_owned(),
        (None, "suppressed") => "/log".to_owned(),
        (None, _) => address(id),
    };
    Ok(Reply::Go { to, who: Some(who) })
}

/// Whether an address leads into the desk.
pub(super) fn is_local(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.contains('\\')
}

pub(super) fn undo(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let seq = form.need("seq", "number")?.to_owned();
    let who = form.need("who", "name")?.to_owned();
    let why = form.need("why", "reason")?.to_owned();
    shared.write(|desk| {
        desk.correct(&NewCorrection {
            at: shared.config.world.now(),
            who: who.clone(),
            why,
            kind: "undo".into(),
            key: seq,
            ..NewCorrection::default()
        })?;
        Ok(())
    })?;
    Ok(Reply::Go {
        to: "/log".into(),
        who: Some(who),
    })
}

pub(super) fn log(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let all = shared.desk()?.corrections()?;
    let mut body = format!("<p class=\"note\">{} {}</p>", ui.t("rows"), all.len());
    if all.is_empty() {
        let _ = write!(body, "<p>{}</p>", ui.t("no-corrections"));
        return Ok(Reply::page(ui.t("nav-log"), body));
    }
    let undone: Vec<&str> = all
        .iter()
        .filter(|c| c.body.kind == "undo")
        .map(|c| c.body.key.as_str())
        .collect();
    let _ = write!(
        body,
        "<table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("number"),
        ui.t("correction")
    );
    for correction in all.iter().rev() {
        let is_undone = undone.contains(&correction.seq.to_string().as_str());
        line(&mut body, ask, correction, is_undone);
    }
    body.push_str("</tbody></table>");
    Ok(Reply::page(ui.t("nav-log"), body))
}

fn line(out: &mut String, ask: &Ask, correction: &Correction, is_undone: bool) {
    let (ui, body) = (ask.ui, &correction.body);
    let what = if body.kind == "undo" {
        format!("{} {}", ui.t("takes-back"), escape(&body.key))
    } else {
        format!(
            "{} {}: <del dir=\"auto\">{}</del> → <ins dir=\"auto\">{}</ins>",
            escape(&body.kind),
            escape(&body.field),
            escape(&body.old),
            escape(&body.new)
        )
    };
    let _ = write!(
        out,
        "<tr id=\"c-{0}\"><th scope=\"row\">{0}</th><td>{what}<span class=\"below faint\"><bdi>{1}</bdi> · <bdi>{2}</bdi> · <bdi>{3}</bdi></span>",
        correction.seq,
        escape(&body.at),
        escape(&body.who),
        escape(&body.why)
    );
    if is_undone {
        let _ = write!(out, "<span class=\"below\">{}</span>", ui.t("taken-back"));
    } else if body.kind != "undo" && ask.visit.may(Role::Analyst) {
        let _ = write!(
            out,
            "<details><summary>{0}</summary><form method=\"post\" action=\"/undo\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{1}\"><input type=\"hidden\" name=\"seq\" value=\"{2}\">\
             {3} <label>{4} <input name=\"why\" required dir=\"auto\"></label> <button>{0}</button></form></details>",
            ui.t("take-back"),
            ask.token,
            correction.seq,
            super::signature(ask),
            ui.t("reason")
        );
    }
    out.push_str("</td></tr>");
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn a_form_leads_back_only_into_the_desk() {
        assert!(is_local("/conflicts?page=2"));
        for out in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "x",
        ] {
            assert!(!is_local(out), "{out}");
        }
    }
}
