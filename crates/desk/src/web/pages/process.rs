//! Declared processes: tracks, lights with their evidence, levels, phases, windows, projection.

use std::fmt::Write as _;

use axum::http::StatusCode;

use super::{Ask, Failure, Reply, home};
use crate::html::escape;
use crate::web::Shared;

pub(super) fn list(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let known = shared.config.world.processes(&shared.config.dir);
    let mut body = format!("<p class=\"note\">{}</p><ul>", ui.t("processes-note"));
    for id in &known {
        let _ = write!(body, "<li><a href=\"/p/{0}\">{0}</a></li>", escape(id));
    }
    body.push_str("</ul>");
    if known.is_empty() {
        let _ = write!(
            body,
            "<p>{} <code>rapporteur process new</code></p>",
            ui.t("no-process")
        );
    }
    Ok(Reply::page(ui.t("nav-processes"), body))
}

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let world = &shared.config.world;
    if !world
        .processes(&shared.config.dir)
        .iter()
        .any(|known| known == id)
    {
        return Err(Failure::not_found(format!("the desk has no process {id}")));
    }
    let as_of = ask.day("as_of")?;
    let made = world.process(&shared.config.dir, id, as_of);
    let brief = made.map_err(|why| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            why,
            "`rapporteur process check` names every fault with its line",
        )
    })?;
    let ui = ask.ui;
    let mut body = format!(
        "<form class=\"since\" action=\"{}\"><label>{} <input type=\"date\" name=\"as_of\" value=\"{}\"></label> <button>{}</button></form>",
        escape(&ask.path),
        ui.t("as-of"),
        escape(ask.get("as_of").unwrap_or_default()),
        ui.t("show")
    );
    for basis in &brief.basis {
        let _ = write!(
            body,
            "<p class=\"basis\" dir=\"auto\">{}</p>",
            escape(basis)
        );
    }
    body.push_str(&home::sections(ask, &brief, usize::MAX));
    Ok(Reply::page(brief.title.clone(), body))
}
