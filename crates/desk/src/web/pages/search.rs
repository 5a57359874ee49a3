//! Search: hits with the words marked, facets in order of time.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapporteur_base::Span;
use rapporteur_record::{Hit, Query, Store};

use super::{Ask, Failure, Reply, filters};
use crate::day;
use crate::html::escape;
use crate::web::Shared;

const ROWS: usize = 20;
/// Hits that the facets count.
const COUNTED: usize = 2_000;

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let Some(words) = ask.get("q") else {
        let body = format!("<p>{}</p>{}", ui.t("search-help"), filters(ask, &["q"]));
        return Ok(Reply::page(ui.t("search"), body));
    };
    let filter = ask.filter()?;
    let query = Query {
        ranked: ask.get("order") == Some("best"),
        limit: COUNTED,
        offset: 0,
        ..Query::of(filter, words)
    };
    let desk = shared.desk()?;
    let counted = desk.search(&query)?;
    let from = (ask.page() * ROWS).min(counted.len());
    let mut body = filters(ask, &["q", "order"]);
    let is_best = query.ranked;
    let _ = write!(
        body,
        "<p class=\"note\">{} {}{} · <a href=\"{}\">{}</a></p>",
        ui.t("rows"),
        counted.len(),
        if counted.len() == COUNTED { "+" } else { "" },
        escape(&ask.with("order", if is_best { "" } else { "best" })),
        if is_best {
            ui.t("newest-first")
        } else {
            ui.t("best-first")
        }
    );
    facets(&mut body, ask, &counted);
    body.push_str("<ol class=\"hits\">");
    for hit in counted.iter().skip(from).take(ROWS) {
        one(&mut body, ask, hit);
    }
    body.push_str("</ol>");
    if counted.is_empty() {
        let _ = write!(
            body,
            "<p>{}</p><p>{}</p>",
            ui.t("no-hits"),
            ui.t("search-help")
        );
    }
    body.push_str(&super::lists::pager(ask, counted.len(), ROWS));
    Ok(Reply::page(format!("{}: {words}", ui.t("search")), body))
}

fn one(out: &mut String, ask: &Ask, hit: &Hit) {
    let when = hit.published.or(hit.known_at).map(day);
    let _ = write!(
        out,
        "<li><a href=\"/d/{}\" dir=\"auto\">{}</a> <span class=\"faint\" dir=\"auto\">{} · {}</span><p dir=\"auto\">{}</p></li>",
        escape(&hit.doc),
        marked(&hit.title, &hit.title_marks),
        when.as_deref().unwrap_or(ask.ui.t("undated")),
        escape(hit.site.as_deref().unwrap_or_default()),
        marked(&hit.snippet, &hit.marks)
    );
}

/// Text with the words found marked.
fn marked(text: &str, marks: &[Span]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        let range = mark.range();
        let (Some(before), Some(words)) = (text.get(at..range.start), text.get(range.clone()))
        else {
            continue;
        };
        let _ = write!(out, "{}<mark>{}</mark>", escape(before), escape(words));
        at = range.end;
    }
    out.push_str(&escape(text.get(at..).unwrap_or_default()));
    out
}

/// Hits of each month, in order of time, and of each outlet.
fn facets(out: &mut String, ask: &Ask, hits: &[Hit]) {
    let mut months: BTreeMap<String, usize> = BTreeMap::new();
    for date in hits.iter().filter_map(|h| h.published.or(h.known_at)) {
        *months
            .entry(format!("{:04}-{:02}", date.year(), date.month()))
            .or_default() += 1;
    }
    if months.len() < 2 {
        return;
    }
    let most = months.values().max().copied().unwrap_or(1);
    let _ = write!(
        out,
        "<nav class=\"facets\" aria-label=\"{}\"><ul>",
        ask.ui.t("by-month")
    );
    for (month, count) in months {
        let first = format!("{month}-01");
        let last = first.parse::<rapporteur_base::Date>().ok();
        let last = last
            .map(|d| d.last_of_month().to_string())
            .unwrap_or_default();
        let mut narrowed = ask.clone();
        narrowed.query.insert("from".into(), first);
        let href = narrowed.with("to", &last);
        let _ = write!(
            out,
            "<li><a href=\"{}\">{month} <meter min=\"0\" max=\"{most}\" value=\"{count}\">{count}</meter> {count}</a></li>",
            escape(&href)
        );
    }
    out.push_str("</ul></nav>");
}
