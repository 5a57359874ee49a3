//! The inbox: what was read, what failed and what to do; the forms that give the desk something
//! to read; what is missing by outlet and month.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::{Filter, InboxRow, Store};

use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::web::accounts::Role;
use crate::web::{Given, Shared};

const ROWS: usize = 100;
/// Outlets and months of the table of coverage.
const OUTLETS: usize = 20;
const MONTHS: usize = 18;

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let mut rows = shared.desk()?.inbox()?;
    rows.reverse();
    let failed = rows.iter().filter(|r| r.result == "failed").count();
    let mut body = forms(ask);
    let _ = write!(
        body,
        "<p class=\"note\" role=\"status\">{} {} · {} {failed}</p>",
        ui.t("rows"),
        rows.len(),
        ui.t("failed")
    );
    let only = ask.get("only") == Some("failed");
    let shown: Vec<&InboxRow> = rows
        .iter()
        .filter(|r| !only || r.result == "failed")
        .collect();
    let _ = write!(
        body,
        "<p><a href=\"{}\">{}</a></p><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        escape(&ask.with("only", if only { "" } else { "failed" })),
        if only {
            ui.t("all-inputs")
        } else {
            ui.t("only-failed")
        },
        ui.t("result"),
        ui.t("input")
    );
    let from = (ask.page() * ROWS).min(shown.len());
    for row in shown.iter().skip(from).take(ROWS) {
        line(&mut body, ask, row);
    }
    body.push_str("</tbody></table>");
    body.push_str(&super::lists::pager(ask, shown.len(), ROWS));
    super::watched::section(&mut body, shared, ask)?;
    coverage(&mut body, shared, ask)?;
    Ok(Reply::page(ui.t("nav-inbox"), body))
}

fn forms(ask: &Ask) -> String {
    let ui = ask.ui;
    if !ask.visit.may(Role::Analyst) {
        return String::new();
    }
    let token = &ask.token;
    format!(
        "<div class=\"give\">\
         <form method=\"post\" action=\"/inbox\" enctype=\"multipart/form-data\" id=\"drop\"><h2>{0}</h2><input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <label>{1} <input type=\"file\" name=\"files\" multiple></label><button>{2}</button></form>\
         <form method=\"post\" action=\"/inbox\"><h2>{3}</h2><input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <label>{4} <textarea name=\"text\" rows=\"4\" dir=\"auto\"></textarea></label><button>{2}</button></form>\
         <form method=\"post\" action=\"/inbox\"><h2>{5}</h2><input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <label>{6} <input type=\"url\" name=\"address\" dir=\"ltr\" placeholder=\"https://\"></label><button>{2}</button></form></div>",
        ui.t("give-files"),
        ui.t("files-note"),
        ui.t("read-it"),
        ui.t("give-text"),
        ui.t("text-note"),
        ui.t("give-address"),
        ui.t("address-note"),
    )
}

fn line(out: &mut String, ask: &Ask, row: &InboxRow) {
    let _ = write!(
        out,
        "<tr><th scope=\"row\">{}<span class=\"id\">{}</span></th><td><bdi dir=\"auto\">{}</bdi> <span class=\"faint\"><bdi>{}</bdi></span>",
        escape(&row.result),
        escape(&row.stage),
        escape(&row.name),
        escape(&row.at)
    );
    if let Some(doc) = row.doc {
        let id = doc.to_string();
        let _ = write!(
            out,
            " <a href=\"/d/d-{}\">{}</a>",
            id.get(..12).unwrap_or(&id),
            ask.ui.t("document")
        );
    }
    for (text, class) in [(&row.error, "problem"), (&row.remedy, "faint")] {
        if let Some(text) = text {
            let _ = write!(
                out,
                "<span class=\"below {class}\" dir=\"auto\">{}</span>",
                escape(text)
            );
        }
    }
    let may = ask.visit.may(Role::Analyst);
    if may && row.result == "failed" && row.name.starts_with("http") {
        let _ = write!(
            out,
            "<form method=\"post\" action=\"/inbox\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"address\" value=\"{}\"><button>{}</button></form>",
            ask.token,
            escape(&row.name),
            ask.ui.t("try-again")
        );
    }
    out.push_str("</td></tr>");
}

/// Documents of each outlet in each month: a silent month stands out as one.
fn coverage(out: &mut String, shared: &Shared, ask: &Ask) -> Result<(), Failure> {
    let loaded = shared.view(&Filter::default())?;
    let ui = ask.ui;
    let mut counts: BTreeMap<&str, BTreeMap<(i16, i8), usize>> = BTreeMap::new();
    for doc in &loaded.view.docs {
        let site = doc.site.as_deref().unwrap_or(ui.t("unknown"));
        if let Some(published) = &doc.published {
            let month = (published.date.year(), published.date.month());
            *counts.entry(site).or_default().entry(month).or_default() += 1;
        }
    }
    let Some(first) = counts.values().flat_map(|m| m.keys()).min().copied() else {
        return Ok(());
    };
    let last = counts
        .values()
        .flat_map(|m| m.keys())
        .max()
        .copied()
        .unwrap_or(first);
    let months = months(first, last);
    let _ = write!(
        out,
        "<section><h2 id=\"coverage\">{}</h2><p class=\"note\">{}</p><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"coverage\"><table class=\"grid\"><thead><tr><th scope=\"col\">{}</th>",
        ui.t("coverage"),
        ui.t("coverage-note"),
        ui.t("outlet")
    );
    for (year, month) in &months {
        let _ = write!(out, "<th scope=\"col\">{year:04}-{month:02}</th>");
    }
    out.push_str("</tr></thead><tbody>");
    let mut outlets: Vec<_> = counts.into_iter().collect();
    outlets.sort_by_key(|(site, m)| (std::cmp::Reverse(m.values().sum::<usize>()), *site));
    for (site, of) in outlets.into_iter().take(OUTLETS) {
        let _ = write!(
            out,
            "<tr><th scope=\"row\" dir=\"auto\">{}</th>",
            escape(site)
        );
        for month in &months {
            match of.get(month) {
                Some(n) => {
                    let _ = write!(out, "<td>{n}</td>");
                }
                None => out.push_str("<td class=\"gap\">–</td>"),
            }
        }
        out.push_str("</tr>");
    }
    let _ = write!(
        out,
        "</tbody></table></div><p><a href=\"/coverage\">{}</a></p></section>",
        ui.t("coverage-days")
    );
    Ok(())
}

/// The months from `first` to `last`, the latest [`MONTHS`] of them.
fn months(first: (i16, i8), last: (i16, i8)) -> Vec<(i16, i8)> {
    let mut months = vec![last];
    while months.len() < MONTHS && months.last().is_some_and(|m| *m > first) {
        let (year, month) = months[months.len() - 1];
        months.push(if month == 1 {
            (year - 1, 12)
        } else {
            (year, month - 1)
        });
    }
    months.reverse();
    months
}

/// Files, a pasted text or an address.
pub(super) fn post(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let mut given: Vec<Given> = form
        .files
        .iter()
        .map(|(name, bytes)| Given::File {
            name: name.clone(),
            bytes: bytes.clone(),
        })
        .collect();
    if let Some(text) = form.get("text") {
        given.push(Given::Text {
            name: format!("pasted {}", shared.config.world.now()),
            text: text.to_owned(),
        });
    }
    given.extend(form.get("address").map(|a| Given::Address(a.to_owned())));
    if given.is_empty() {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "nothing was given to read",
            "choose a file, paste a text or write an address",
        ));
    }
    let world = &shared.config.world;
    let taken = shared.alone(|| world.take(&shared.config.dir, given));
    taken.map_err(|why| {
        Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            why,
            "nothing was lost; try again when the desk is free",
        )
    })?;
    Ok(Reply::Go {
        to: "/inbox".into(),
        who: None,
    })
}
