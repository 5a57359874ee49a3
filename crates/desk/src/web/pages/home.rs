//! The first screen: what the record rests on, where the process stands, what is disputed.

use std::fmt::Write as _;

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::Writer;
use crate::{Brief, Room, Section, brief};

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let ui = ask.ui;
    if loaded.view.docs.is_empty() {
        let body = format!(
            "<p>{}</p><p><a class=\"button\" href=\"/inbox\">{}</a></p>",
            ui.t("empty-record"),
            ui.t("nav-inbox")
        );
        return Ok(Reply::page(ui.t("nav-home"), body));
    }
    let room = Room {
        since: ask.day("since")?,
        ..Room::default()
    };
    let brief = brief(&loaded.view, room);
    let mut body = filters(ask, &["since"]);
    let _ = write!(
        body,
        "<form class=\"since\" action=\"/\"><label>{} <input type=\"date\" name=\"since\" value=\"{}\"></label> <button>{}</button></form>",
        ui.t("new-since"),
        escape(ask.get("since").unwrap_or_default()),
        ui.t("show")
    );
    for basis in &brief.basis {
        let _ = write!(
            body,
            "<p class=\"basis\" dir=\"auto\">{}</p>",
            escape(basis)
        );
    }
    let drawn = crate::web::rows::chart(&brief);
    if !drawn.is_empty() {
        let _ = write!(
            body,
            "<figure>{drawn}<figcaption>{}</figcaption></figure>",
            ui.t("chart-caption")
        );
    }
    body.push_str(&sections(ask, &brief, MOST));
    Ok(Reply::page(brief.title.clone(), body))
}

/// Most rows of one section on the first screen; the rest stands in the list of its kind.
const MOST: usize = 12;

/// The screen that has all rows of a section.
fn list_of(anchor: &str) -> &'static str {
    match anchor {
        "state" | "new" | "timeline" | "ahead" => "/timeline",
        "positions" => "/positions",
        "commitments" => "/commitments",
        "figures" => "/figures",
        "quotes" => "/quotes",
        "disagreements" => "/conflicts",
        "compared" => "/conflicts?all=1",
        // The others stand whole in the brief's file.
        _ => "/export",
    }
}

/// The rows of a section that a screen has room for, and a line that leads to the others.
fn shortened(ask: &Ask, section: &Section, most: usize) -> (Section, String) {
    let mut shown = section.clone();
    shown.rows.truncate(most);
    let all = section.rows.len();
    if all <= most {
        return (shown, String::new());
    }
    let more = format!(
        "<p class=\"note\">{} {most} / {all} · <a href=\"{}\">{}</a></p>",
        ask.ui.t("rows"),
        list_of(section.anchor),
        ask.ui.t("all-rows")
    );
    (shown, more)
}

/// The sections of a brief with their contents, every citation leading into the desk; `most` rows of
/// each.
pub(super) fn sections(ask: &Ask, brief: &Brief, most: usize) -> String {
    let ui = ask.ui;
    let mut body = format!(
        "<nav class=\"contents\" aria-label=\"{}\"><ul>",
        ui.t("contents")
    );
    for section in brief.filled() {
        let _ = write!(
            body,
            "<li><a dir=\"auto\" href=\"#{}\">{}</a></li>",
            section.anchor,
            escape(&section.title)
        );
    }
    body.push_str("</ul></nav>");
    let mut writer = Writer::of(brief);
    for section in brief.filled() {
        let _ = write!(
            body,
            "<section aria-labelledby=\"{0}\"><h2 id=\"{0}\" dir=\"auto\">{1}</h2><p class=\"note\" dir=\"auto\">{2}</p>",
            section.anchor,
            escape(&section.title),
            escape(&section.note),
        );
        if let Some((drawn, caption)) = &section.figure {
            let _ = write!(
                body,
                "<figure class=\"wide\" tabindex=\"0\">{drawn}<figcaption dir=\"auto\">{}</figcaption></figure>",
                escape(caption)
            );
        }
        let (shown, more) = shortened(ask, section, most);
        body.push_str(&writer.table(&shown, ui.t("what-and-where")));
        body.push_str(&more);
        body.push_str("</section>");
    }
    body
}
