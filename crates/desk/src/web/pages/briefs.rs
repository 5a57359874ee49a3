//! Briefs that people write: the list, a new one, one as a file.

use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::{Filter, Kept, Store};

use super::brief_edit::{Open, editor};
use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::own::{Evidence, OwnBrief, OwnSection, Uncited, from_brief};
use crate::own::{own_html, own_json, own_markdown};
use crate::web::accounts::Role;
use crate::web::{Shared, ask, guard};
use crate::{Room, brief};

/// The kind under which briefs are kept.
pub(super) const KIND: &str = "brief";

pub(super) fn list(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let all = shared.desk()?.all_kept(KIND)?;
    let mut body = format!("<p class=\"note\">{}</p>", ui.t("briefs-note"));
    if all.is_empty() {
        let _ = write!(body, "<p>{}</p>", ui.t("nothing-here"));
    } else {
        let _ = write!(
            body,
            "<table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
            ui.t("version"),
            ui.t("brief-title")
        );
        for kept in &all {
            let own = read(kept)?;
            let _ = write!(
                body,
                "<tr><th scope=\"row\">{}</th><td><a href=\"/b/{}\" dir=\"auto\">{}</a> <span class=\"faint\"><bdi>{}</bdi> · <bdi>{}</bdi> · {} {}</span></td></tr>",
                kept.version,
                escape(&kept.id),
                escape(titled(&own, kept)),
                escape(&kept.who),
                escape(&kept.at),
                own.sentences().count(),
                ui.t("sentences")
            );
        }
        body.push_str("</tbody></table>");
    }
    let _ = write!(
        body,
        "<section aria-labelledby=\"new\"><h2 id=\"new\">{}</h2><form method=\"post\" action=\"/b\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\">\
         <label>{} <input name=\"title\" required dir=\"auto\"></label> {} <button>{}</button></form>\
         <p class=\"note\">{}</p></section>",
        ui.t("new-brief"),
        ask.token,
        ui.t("brief-title"),
        super::signature(ask),
        ui.t("start-it"),
        ui.t("from-selection-note"),
    );
    Ok(Reply::page(ui.t("nav-briefs"), body))
}

/// The form that makes a brief of the selection of a screen.
pub(super) fn from_selection(ask: &Ask) -> String {
    if !ask.visit.may(Role::Analyst) {
        return String::new();
    }
    let ui = ask.ui;
    let query = ask.whole.split_once('?').map_or("", |(_, query)| query);
    format!(
        "<form method=\"post\" action=\"/b\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"query\" value=\"{}\">\
         <input type=\"hidden\" name=\"from\" value=\"selection\">{} <button>{}</button></form>",
        ask.token,
        escape(query),
        super::signature(ask),
        ui.t("own-from-this"),
    )
}

/// A new brief: empty, or of the lines that the record has for a selection.
pub(super) fn create(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let who = form.need("who", "name")?.to_owned();
    let mut own = if form.get("from").is_some() {
        let filter = ask::filter(&ask::pairs(form.get("query").unwrap_or_default()))?;
        let selection = shared.view(&filter)?;
        let whole = shared.view(&Filter::default())?;
        let log = shared.desk()?.corrections()?;
        let evidence = Evidence::of(&whole.view, &log);
        from_brief(&brief(&selection.view, Room::default()), &evidence)
    } else {
        OwnBrief {
            sections: vec![OwnSection::default()],
            ..OwnBrief::default()
        }
    };
    if let Some(title) = form.get("title") {
        own.title = title.to_owned();
    }
    let id = format!("b-{}", &guard::hex(&shared.config.world.random())[..12]);
    let new = Kept {
        kind: KIND.into(),
        id: id.clone(),
        version: 0,
        at: shared.config.world.now(),
        who: who.clone(),
        body: written(&own),
    };
    shared.write(|desk| Ok(desk.keep(&new)?))?;
    Ok(Reply::Go {
        to: format!("/b/{id}"),
        who: Some(who),
    })
}

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let desk = shared.desk()?;
    if ask.get("history").is_some() {
        return history(shared, ask, id);
    }
    let kept = desk.kept(KIND, id)?.ok_or_else(|| missing(id))?;
    let own = read(&kept)?;
    let loaded = shared.view(&Filter::default())?;
    let log = desk.corrections()?;
    let evidence = Evidence::of(&loaded.view, &log);
    let open = Open {
        id,
        version: kept.version,
        own: &own,
        evidence: &evidence,
    };
    let mut body = format!(
        "<p class=\"meta\">{} {} · <bdi>{}</bdi> · <bdi>{}</bdi> · <a href=\"/b/{id}?history=1\">{}</a></p>",
        ask.ui.t("version"),
        kept.version,
        escape(&kept.who),
        escape(&kept.at),
        ask.ui.t("history"),
        id = escape(id),
    );
    body.push_str(&ready(ask, id, &own.uncited(&evidence)));
    if let Some(into) = ask.get("into") {
        super::brief_pick::picker(&mut body, shared, ask, &open, into)?;
    }
    body.push_str(&editor(ask, &open));
    Ok(Reply::page(titled(&own, &kept), body))
}

/// Files when the brief may leave the desk, else what stands in the way.
fn ready(ask: &Ask, id: &str, uncited: &[Uncited]) -> String {
    let ui = ask.ui;
    if uncited.is_empty() {
        let files = ["brief.md", "brief.html", "brief.json"].map(|file| {
            format!(
                "<a class=\"button\" href=\"/b/{}/{file}\">{file}</a>",
                escape(id)
            )
        });
        return format!("<p>{} {}</p>", ui.t("nav-export"), files.join(" "));
    }
    let mut out = format!(
        "<section class=\"card\" aria-labelledby=\"held\"><h2 id=\"held\">{} {}</h2><p>{}</p><ul>",
        uncited.len(),
        ui.t("cannot-leave"),
        ui.t("cannot-leave-remedy")
    );
    for one in uncited {
        fault(&mut out, ask, one);
    }
    out.push_str("</ul></section>");
    out
}

fn fault(out: &mut String, ask: &Ask, one: &Uncited) {
    let words = if one.words.is_empty() {
        ask.ui.t("no-words").to_owned()
    } else {
        crate::words::clipped(&one.words, 120)
    };
    let why = if one.faults.is_empty() {
        ask.ui.t("cites-nothing").to_owned()
    } else {
        one.faults.join("; ")
    };
    let _ = write!(
        out,
        "<li><a href=\"#t-{0}-{1}\">{2}.{3}</a> <span dir=\"auto\">{4}</span> <span class=\"problem\" dir=\"auto\">{5}</span></li>",
        one.section,
        one.sentence,
        one.section + 1,
        one.sentence + 1,
        escape(&words),
        escape(&why)
    );
}

fn history(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let all = shared.desk()?.history(KIND, id)?;
    let newest = all.first().ok_or_else(|| missing(id))?;
    let mut body = format!(
        "<p><a href=\"/b/{}\">{}</a></p><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        escape(id),
        ui.t("nav-briefs"),
        ui.t("version"),
        ui.t("brief-title")
    );
    for kept in &all {
        let own = read(kept).unwrap_or_default();
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{}</th><td><bdi>{}</bdi> · <bdi>{}</bdi> · <span dir=\"auto\">{}</span>",
            kept.version,
            escape(&kept.at),
            escape(&kept.who),
            escape(titled(&own, kept))
        );
        if kept.body.is_empty() {
            let _ = write!(body, " {}", ui.t("taken-away"));
        } else {
            body.push_str("<details><summary>…</summary><ol>");
            for (_, _, sentence) in own.sentences() {
                let _ = write!(body, "<li dir=\"auto\">{}</li>", escape(&sentence.typed()));
            }
            body.push_str("</ol></details>");
            if kept.version != newest.version {
                let _ = write!(
                    body,
                    "<form method=\"post\" action=\"/b/{}\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"version\" value=\"{}\">\
                     <input type=\"hidden\" name=\"restore\" value=\"{}\">{} <button name=\"do\" value=\"restore\">{}</button></form>",
                    escape(id),
                    ask.token,
                    newest.version,
                    kept.version,
                    super::signature(ask),
                    ui.t("restore")
                );
            }
        }
        body.push_str("</td></tr>");
    }
    body.push_str("</tbody></table>");
    Ok(Reply::page(ui.t("history"), body))
}

/// The brief as a file; refused while a sentence rests on nothing.
pub(super) fn file(shared: &Shared, ask: &Ask, id: &str, name: &str) -> Result<Reply, Failure> {
    let desk = shared.desk()?;
    let kept = desk.kept(KIND, id)?.ok_or_else(|| missing(id))?;
    let own = read(&kept)?;
    let loaded = shared.view(&Filter::default())?;
    let log = desk.corrections()?;
    let evidence = Evidence::of(&loaded.view, &log);
    let made = match name {
        "brief.md" => own_markdown(&own, &evidence),
        "brief.html" => own_html(&own, &evidence),
        "brief.json" => own_json(&own, &evidence),
        _ => return Err(Failure::not_found(format!("there is no file {name}"))),
    };
    match made {
        Ok(text) => Ok(Reply::File {
            kind: "application/octet-stream",
            body: text.into_bytes(),
            name: Some(name.to_owned()),
        }),
        Err(uncited) => Ok(Reply::Told {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            title: titled(&own, &kept).to_owned(),
            body: format!(
                "<p><a href=\"/b/{}\">{}</a></p>{}",
                escape(id),
                ask.ui.t("edit-brief"),
                ready(ask, id, &uncited)
                    .replace("href=\"#t-", &format!("href=\"/b/{}#t-", escape(id)))
            ),
        }),
    }
}

pub(super) fn titled<'o>(own: &'o OwnBrief, kept: &'o Kept) -> &'o str {
    if own.title.is_empty() {
        &kept.id
    } else {
        &own.title
    }
}

pub(super) fn missing(id: &str) -> Failure {
    Failure::not_found(format!("there is no brief {id}"))
}

pub(super) fn read(kept: &Kept) -> Result<OwnBrief, Failure> {
    if kept.body.is_empty() {
        return Ok(OwnBrief::default());
    }
    serde_json::from_str(&kept.body).map_err(|_| Failure::internal())
}

pub(super) fn written(own: &OwnBrief) -> String {
    serde_json::to_string(own).unwrap_or_default()
}
