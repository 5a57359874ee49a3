//! Files of any selection, each with its codebook and manifest beside it.

use std::fmt::Write as _;

use rapporteur_record::export::{self, Format};

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::{Room, brief, html, markdown};

const PROGRAM: &str = concat!("rapporteur ", env!("CARGO_PKG_VERSION"));

/// The brief without a limit on its lines.
const ALL: Room = Room {
    events: usize::MAX,
    rows: usize::MAX,
    since: None,
};

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let ui = ask.ui;
    let query = ask.whole.split_once('?').map_or("", |(_, query)| query);
    let mut body = filters(ask, &[]);
    let _ = write!(
        body,
        "<p class=\"note\">{} {} {}</p><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("export-note"),
        ui.t("documents"),
        loaded.view.docs.len(),
        ui.t("form"),
        ui.t("files"),
    );
    let mut row = |name: &str, files: &[String]| {
        let _ = write!(body, "<tr><th scope=\"row\">{}</th><td>", escape(name));
        for file in files {
            let _ = write!(
                body,
                "<a href=\"/export/{}/{}?{}\">{}</a> ",
                escape(name),
                escape(file),
                escape(query),
                escape(file)
            );
        }
        body.push_str("</td></tr>");
    };
    row("brief", &["brief.html".into(), "brief.md".into()]);
    for format in Format::ALL {
        let names: Vec<String> = export::export(&loaded.view, format, PROGRAM)
            .into_iter()
            .map(|file| file.name)
            .collect();
        row(format.name(), &names);
    }
    body.push_str("</tbody></table>");
    Ok(Reply::page(ui.t("nav-export"), body))
}

pub(super) fn file(shared: &Shared, ask: &Ask, format: &str, name: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let missing = || Failure::not_found(format!("there is no file {format}/{name}"));
    let bytes = match (format, name) {
        ("brief", "brief.md") => markdown(&brief(&loaded.view, ALL)).into_bytes(),
        ("brief", "brief.html") => html(&brief(&loaded.view, ALL)).into_bytes(),
        _ => {
            let format = Format::parse(format).ok_or_else(missing)?;
            let files = export::export(&loaded.view, format, PROGRAM);
            let file = files.into_iter().find(|file| file.name == name);
            file.ok_or_else(missing)?.bytes
        }
    };
    Ok(Reply::File {
        kind: "application/octet-stream",
        body: bytes,
        name: Some(name.to_owned()),
    })
}
