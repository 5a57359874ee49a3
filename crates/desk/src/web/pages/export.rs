//! Files of any selection, each with its codebook and manifest beside it; each format packed, and
//! all of them in one.

use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::export::{self, Format};

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::{Loaded, Shared};
use crate::{BRIEFS, brief_file, bundle, packed};

const PROGRAM: &str = concat!("rapporteur ", env!("CARGO_PKG_VERSION"));
/// The archive with everything.
const WHOLE: &str = "whole.zip";

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let ui = ask.ui;
    let query = ask.whole.split_once('?').map_or("", |(_, query)| query);
    let mut body = filters(ask, &[]);
    let _ = write!(
        body,
        "<p class=\"note\">{} {} {}</p><p><a class=\"button\" href=\"/export/whole/{WHOLE}?{}\">{}</a></p>\
         <table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("export-note"),
        ui.t("documents"),
        loaded.view.docs.len(),
        escape(query),
        ui.t("export-whole"),
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
    row("brief", &BRIEFS.map(|(name, _)| name.to_owned()));
    for format in Format::ALL {
        let mut names = format.files();
        names.push(format!("{}.zip", format.name()));
        row(format.name(), &names);
    }
    body.push_str("</tbody></table>");
    Ok(Reply::page(ui.t("nav-export"), body))
}

pub(super) fn file(shared: &Shared, ask: &Ask, format: &str, name: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    Ok(Reply::File {
        kind: kind(name),
        body: bytes(&loaded, format, name)?,
        name: Some(name.to_owned()),
    })
}

/// A file of an export by its format and name.
pub(crate) fn bytes(loaded: &Loaded, format: &str, name: &str) -> Result<Vec<u8>, Failure> {
    let view = &loaded.view;
    let missing = || Failure::not_found(format!("there is no file {format}/{name}"));
    let large = || {
        Failure::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "this selection is more than a zip holds",
            "narrow it with a filter, or take its files one by one",
        )
    };
    match (format, Format::parse(format)) {
        ("brief", _) => brief_file(view, name).ok_or_else(missing),
        ("whole", _) if name == WHOLE => bundle(view, PROGRAM).ok_or_else(large),
        (_, Some(known)) if name == format!("{format}.zip") => {
            packed(view, known, PROGRAM).ok_or_else(large)
        }
        (_, Some(known)) => {
            let files = export::export(view, known, PROGRAM);
            let file = files.into_iter().find(|file| file.name == name);
            Ok(file.ok_or_else(missing)?.bytes)
        }
        _ => Err(missing()),
    }
}

/// Kind of content by the end of a file's name. What a browser would open as a page of the desk
/// is only ever saved.
pub(crate) fn kind(name: &str) -> &'static str {
    let end = name.rsplit('.').next().unwrap_or_default();
    match end {
        "json" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "zip" => "application/zip",
        "parquet" => "application/vnd.apache.parquet",
        "geojson" => "application/geo+json",
        "jsonld" => "application/ld+json",
        "ics" => "text/calendar; charset=utf-8",
        "docx" => BRIEFS[2].1,
        _ => "application/octet-stream",
    }
}
