//! What the record has of each source on each day, and where it has nothing: a silent day of a
//! source is told apart from a day without news only by looking.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_base::Date;
use rapporteur_record::DocRow;

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;

/// Days shown when none are asked for, and at most; sources at most.
const DAYS: usize = 28;
const MOST: usize = 92;
const SOURCES: usize = 60;

/// Documents of one source by day, and its languages.
#[derive(Default)]
struct Source<'v> {
    /// Whether the outlet is known: a day of nobody is no gap of anybody.
    is_known: bool,
    days: BTreeMap<Date, usize>,
    langs: BTreeSet<&'v str>,
    undated: usize,
}

impl Source<'_> {
    fn count(&self) -> usize {
        self.days.values().sum::<usize>() + self.undated
    }

    /// Whether it published before and after a day, so that a day without anything is a gap.
    fn spans(&self, day: Date) -> bool {
        let first = self.days.keys().next();
        let last = self.days.keys().next_back();
        self.is_known
            && first.is_some_and(|first| *first < day)
            && last.is_some_and(|last| *last > day)
    }
}

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let mut filter = ask.filter()?;
    // The days choose the columns, not the documents: a gap needs what stands on both its sides.
    (filter.from, filter.to) = (None, None);
    let loaded = shared.view(&filter)?;
    let mut of: BTreeMap<&str, Source<'_>> = BTreeMap::new();
    for doc in &loaded.view.docs {
        let source = of
            .entry(doc.site.as_deref().unwrap_or(ui.t("unknown")))
            .or_default();
        add(source, doc);
    }
    let days = days(ask, &of)?;
    let mut body = filters(ask, &[]);
    let _ = write!(body, "<p class=\"note\">{}</p>", ui.t("coverage-days-note"));
    if days.is_empty() {
        let _ = write!(body, "<p>{}</p>", ui.t("nothing-here"));
        return Ok(Reply::page(ui.t("coverage-days"), body));
    }
    let _ = write!(
        body,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"grid\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>",
        ui.t("coverage-days"),
        ui.t("outlet"),
        ui.t("language"),
        ui.t("nav-documents"),
        ui.t("undated"),
    );
    for day in &days {
        let _ = write!(body, "<th scope=\"col\" class=\"day\">{day}</th>");
    }
    body.push_str("</tr></thead><tbody>");
    let mut rows: Vec<_> = of.iter().collect();
    rows.sort_by_key(|(name, source)| (std::cmp::Reverse(source.count()), **name));
    let mut gaps = 0;
    for (name, source) in rows.into_iter().take(SOURCES) {
        gaps += row(&mut body, ask, name, source, &days);
    }
    let _ = write!(body, "</tbody></table></div><p>{} {gaps}</p>", ui.t("gaps"));
    Ok(Reply::page(ui.t("coverage-days"), body))
}

fn add<'v>(source: &mut Source<'v>, doc: &'v DocRow) {
    source.is_known = doc.site.is_some();
    source.langs.extend(doc.lang.as_deref());
    match &doc.published {
        Some(published) => *source.days.entry(published.date).or_default() += 1,
        None => source.undated += 1,
    }
}

/// The days of the table: those asked for, or the last before the latest document.
fn days(ask: &Ask, of: &BTreeMap<&str, Source<'_>>) -> Result<Vec<Date>, Failure> {
    let (from, to) = (ask.day("from")?, ask.day("to")?);
    let latest = of.values().filter_map(|s| s.days.keys().next_back()).max();
    let Some(last) = to.or(latest.copied()) else {
        return Ok(Vec::new());
    };
    let back = |days: usize| last.saturating_sub(jiff::Span::new().days(days as i64 - 1));
    let first = from.unwrap_or_else(|| back(DAYS));
    if first > last {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("from {first} to {last}: there is no day between"),
            "give the earlier day first",
        ));
    }
    let first = first.max(back(MOST));
    let mut days = vec![first];
    while days.len() < MOST && days.last().is_some_and(|day| *day < last) {
        let next = days[days.len() - 1].saturating_add(jiff::Span::new().days(1));
        days.push(next);
    }
    Ok(days)
}

/// One source; returns its gaps. A gap has a word for who does not see its colour.
fn row(out: &mut String, ask: &Ask, name: &str, source: &Source<'_>, days: &[Date]) -> usize {
    let langs: Vec<&str> = source.langs.iter().copied().collect();
    let _ = write!(
        out,
        "<tr><th scope=\"row\" dir=\"auto\">{}</th><td>{}</td><td>{}</td><td>{}</td>",
        escape(name),
        escape(&langs.join(", ")),
        source.count(),
        source.undated
    );
    let mut gaps = 0;
    for day in days {
        match source.days.get(day) {
            Some(count) => {
                let _ = write!(out, "<td>{count}</td>");
            }
            None if source.spans(*day) => {
                gaps += 1;
                let _ = write!(
                    out,
                    "<td class=\"gap\"><abbr title=\"{}\">–</abbr></td>",
                    ask.ui.t("gap")
                );
            }
            None => out.push_str("<td></td>"),
        }
    }
    out.push_str("</tr>");
    gaps
}
