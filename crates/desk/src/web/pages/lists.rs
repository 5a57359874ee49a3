//! Lists of one kind of row, a page at a time.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapporteur_record::{FigureRow, View};

use super::{Ask, Failure, Reply, filters};
use crate::sections::{self, Numbers};
use crate::web::Shared;
use crate::web::rows::Writer;
use crate::{Room, Row, Section, brief};

/// Rows on one page of a list.
const ROWS: usize = 50;

/// A list: its title, the head of its first column, its rows.
fn list(
    shared: &Shared,
    ask: &Ask,
    title: &'static str,
    key_title: &'static str,
    rows: impl FnOnce(&View, &Numbers) -> Vec<Row>,
    before: impl FnOnce(&View) -> String,
) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let mut all = rows(&loaded.view, &loaded.numbers);
    all.retain(|row| row.cites().next().is_some());
    let count = all.len();
    let from = (ask.page() * ROWS).min(count);
    let section = Section {
        key_title,
        rows: all.drain(from..(from + ROWS).min(count)).collect(),
        ..Section::default()
    };
    let mut body = filters(ask, &[]);
    body.push_str(&before(&loaded.view));
    let _ = write!(body, "<p class=\"note\">{} {}</p>", ask.ui.t("rows"), count);
    if count == 0 {
        let _ = write!(body, "<p>{}</p>", ask.ui.t("nothing-here"));
    } else {
        body.push_str(&Writer::new(&loaded.view).table(&section, ask.ui.t("what-and-where")));
    }
    body.push_str(&pager(ask, count, ROWS));
    Ok(Reply::page(title, body))
}

/// Links to the pages of a list.
pub(super) fn pager(ask: &Ask, count: usize, rows: usize) -> String {
    let pages = count.div_ceil(rows);
    if pages < 2 {
        return String::new();
    }
    let now = ask.page() + 1;
    let mut out = format!("<nav class=\"pager\" aria-label=\"{}\">", ask.ui.t("pages"));
    let mut link = |page: usize, words: &str| {
        let _ = write!(
            out,
            "<a href=\"{}\">{words}</a> ",
            crate::html::escape(&ask.with("page", &page.to_string()))
        );
    };
    if now > 1 {
        link(now - 1, ask.ui.t("before"));
    }
    if now < pages {
        link(now + 1, ask.ui.t("next"));
    }
    let _ = write!(out, "<span>{now} / {pages}</span></nav>");
    out
}

pub(super) fn timeline(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    list(
        shared,
        ask,
        ui.t("nav-timeline"),
        ui.t("date"),
        |view, numbers| sections::events(&view.events, numbers),
        |view| {
            let drawn = crate::web::rows::chart(&brief(
                view,
                Room {
                    events: 400,
                    rows: 400,
                    since: None,
                },
            ));
            if drawn.is_empty() {
                return drawn;
            }
            format!(
                "<figure>{drawn}<figcaption>{}</figcaption></figure>",
                ui.t("chart-caption")
            )
        },
    )
}

pub(super) fn events(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let rows = |view: &View, numbers: &Numbers| sections::events(&view.events, numbers);
    list(shared, ask, ui.t("events"), ui.t("date"), rows, |_| {
        String::new()
    })
}

pub(super) fn quotes(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let rows = |view: &View, n: &Numbers| {
        let rows = view.quotes.iter();
        rows.filter_map(|q| sections::quote(q, n)).collect()
    };
    list(
        shared,
        ask,
        ui.t("nav-quotes"),
        ui.t("speaker"),
        rows,
        |_| String::new(),
    )
}

pub(super) fn positions(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let rows = |view: &View, n: &Numbers| {
        let rows = view.positions.iter();
        let mut rows: Vec<Row> = rows.filter_map(|p| sections::position(p, n)).collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        rows
    };
    list(
        shared,
        ask,
        ui.t("nav-positions"),
        ui.t("holder"),
        rows,
        |_| String::new(),
    )
}

pub(super) fn commitments(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let rows = |view: &View, n: &Numbers| {
        let mut rows: Vec<_> = view.commitments.iter().collect();
        rows.sort_by_key(|c| std::cmp::Reverse(c.strength));
        let rows = rows.into_iter();
        rows.filter_map(|c| sections::commitment(c, n)).collect()
    };
    list(
        shared,
        ask,
        ui.t("nav-commitments"),
        ui.t("rung"),
        rows,
        |_| String::new(),
    )
}

pub(super) fn figures(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let rows = |view: &View, n: &Numbers| {
        let by_id: BTreeMap<&str, &FigureRow> =
            view.figures.iter().map(|f| (f.id.as_str(), f)).collect();
        let many = view.series.iter().filter(|s| s.figures.len() > 1);
        let mut rows: Vec<Row> = many
            .filter_map(|s| sections::series(s, &by_id, n))
            .collect();
        rows.extend(view.figures.iter().filter_map(|f| sections::figure(f, n)));
        rows
    };
    list(
        shared,
        ask,
        ui.t("nav-figures"),
        ui.t("value"),
        rows,
        |_| String::new(),
    )
}
