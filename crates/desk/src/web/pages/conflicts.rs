//! The board of contradictions: both passages side by side, and what a person decides.

use std::fmt::Write as _;

use rapporteur_record::{Cite, ComparisonRow, View};
use rapporteur_story::Relation;

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::web::accounts::Role;
use crate::web::rows::passage;

/// Cards on one page.
const CARDS: usize = 40;

const DECISIONS: [&str; 4] = ["stands", "reconciled", "error", "later"];

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let all = ask.get("all").is_some();
    let view = &loaded.view;
    let chosen: Vec<&ComparisonRow> = view
        .comparisons
        .iter()
        .filter(|c| {
            (all || matches!(c.kind, Relation::Contradiction | Relation::Denies)) && !c.b.is_empty()
        })
        .collect();
    let ui = ask.ui;
    let mut body = filters(ask, &["all"]);
    let open = chosen.iter().filter(|c| c.decision.is_none()).count();
    let _ = write!(
        body,
        "<p class=\"note\">{}</p><p>{} {} · {} {} · <a href=\"{}\">{}</a></p>",
        ui.t("conflicts-note"),
        ui.t("rows"),
        chosen.len(),
        ui.t("undecided"),
        open,
        escape(&ask.with("all", if all { "" } else { "1" })),
        if all {
            ui.t("only-contradictions")
        } else {
            ui.t("all-comparisons")
        }
    );
    let from = (ask.page() * CARDS).min(chosen.len());
    for row in chosen.iter().skip(from).take(CARDS) {
        card(&mut body, ask, view, row, 2);
    }
    if chosen.is_empty() {
        let _ = write!(body, "<p>{}</p>", ui.t("nothing-here"));
    }
    body.push_str(&super::lists::pager(ask, chosen.len(), CARDS));
    Ok(Reply::page(ui.t("nav-conflicts"), body))
}

/// A comparison as a card; `level` is that of its heading.
pub(super) fn card(out: &mut String, ask: &Ask, view: &View, row: &ComparisonRow, level: u8) {
    let ui = ask.ui;
    let kind = match row.kind {
        Relation::Contradiction => ui.t("contradiction"),
        Relation::Denies => ui.t("denies"),
        Relation::AttributesOnly => ui.t("attributes-only"),
        Relation::Refines => ui.t("refines"),
        Relation::Updates => ui.t("updates"),
        Relation::Confirmed => ui.t("confirmed"),
        _ => ui.t("other-relation"),
    };
    let _ = write!(
        out,
        "<article class=\"card\" id=\"{0}\" aria-labelledby=\"{0}-t\"><h{level} id=\"{0}-t\"><span class=\"kind-word\">{kind}</span> <span dir=\"auto\">{1}</span></h{level}><div class=\"sides\">",
        escape(&row.id),
        escape(&row.topic)
    );
    side(out, view, &row.values.0, &row.a);
    side(out, view, &row.values.1, &row.b);
    let _ = write!(
        out,
        "</div><p class=\"meta\" dir=\"auto\">{} · <a href=\"/r/{}\">{}</a></p>",
        escape(&row.why.reason),
        escape(&row.id),
        ui.t("why-and-correct")
    );
    decide(out, ask, view, row);
    out.push_str("</article>");
}

fn side(out: &mut String, view: &View, value: &str, cites: &[Cite]) {
    let _ = write!(out, "<div><strong dir=\"auto\">{}</strong>", escape(value));
    for cite in cites.iter().take(3) {
        let doc = view.doc(&cite.doc);
        let _ = write!(
            out,
            "<blockquote dir=\"auto\">{}</blockquote><p class=\"faint\"><a href=\"{}\" dir=\"auto\">{}</a></p>",
            escape(&cite.text),
            escape(&passage(cite)),
            escape(doc.map_or(cite.doc.as_str(), super::document::titled))
        );
    }
    out.push_str("</div>");
}

fn decide(out: &mut String, ask: &Ask, view: &View, row: &ComparisonRow) {
    let ui = ask.ui;
    if !ask.visit.may(Role::Analyst) {
        return;
    }
    let now = row.decision.as_deref().unwrap_or_default();
    // The value as corrections word it: what an undecided row says is a word too.
    let old = view.present(&row.id, "decision").unwrap_or_default();
    let _ = write!(
        out,
        "<form method=\"post\" action=\"/correct\" class=\"edit decide\"><input type=\"hidden\" name=\"token\" value=\"{}\">\
         <input type=\"hidden\" name=\"id\" value=\"{}\"><input type=\"hidden\" name=\"field\" value=\"decision\"><input type=\"hidden\" name=\"old\" value=\"{}\">\
         <input type=\"hidden\" name=\"back\" value=\"{}#{}\">{} \
         <label>{} <input name=\"why\" required dir=\"auto\"></label><span class=\"choices\">",
        ask.token,
        escape(&row.id),
        escape(&old),
        escape(&ask.whole),
        escape(&row.id),
        super::signature(ask),
        ui.t("reason"),
    );
    for value in DECISIONS {
        let words = match value {
            "stands" => ui.t("stands"),
            "reconciled" => ui.t("reconciled"),
            "error" => ui.t("error"),
            _ => ui.t("later"),
        };
        let _ = write!(
            out,
            "<button name=\"value\" value=\"{value}\" aria-pressed=\"{}\">{words}</button>",
            value == now
        );
    }
    out.push_str("</span></form>");
}
