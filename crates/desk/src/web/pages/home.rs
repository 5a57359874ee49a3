//! The first screen: what the record rests on, where the process stands, what is disputed.

use std::fmt::Write as _;

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::Writer;
use crate::{Room, brief};

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
    let brief = brief(&loaded.view, Room::default());
    let mut body = filters(ask, &[]);
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
    body.push_str("<nav class=\"contents\" aria-label=\"Contents\"><ul>");
    for section in brief.filled() {
        let _ = write!(
            body,
            "<li><a href=\"#{}\">{}</a></li>",
            section.anchor,
            escape(&section.title)
        );
    }
    body.push_str("</ul></nav>");
    let mut writer = Writer::new(&loaded.view);
    for section in brief.filled() {
        let _ = write!(
            body,
            "<section aria-labelledby=\"{0}\"><h2 id=\"{0}\">{1}</h2><p class=\"note\">{2}</p>{3}</section>",
            section.anchor,
            escape(&section.title),
            escape(&section.note),
            writer.table(section, ui.t("what-and-where"))
        );
    }
    Ok(Reply::page(brief.title.clone(), body))
}
