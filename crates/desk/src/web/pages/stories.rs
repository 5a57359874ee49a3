//! Stories: the list, and one with its sources side by side.

use std::fmt::Write as _;

use rapporteur_record::{DocRow, Filter, Item, StoryRow, View};

use super::document::{about, titled};
use super::{Ask, Failure, Reply, conflicts, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::{day, sections, words};

const ROWS: usize = 60;
/// Sources side by side on one page of a story.
const COLUMNS: usize = 12;
/// Comparisons on a story's screen.
const CARDS: usize = 20;

pub(super) fn list(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let ui = ask.ui;
    let mut stories: Vec<&StoryRow> = loaded.view.stories.iter().collect();
    stories.sort_by_key(|s| (std::cmp::Reverse(s.families.len()), s.id.clone()));
    let mut body = filters(ask, &[]);
    sagas(&mut body, ask, &loaded.view);
    let _ = write!(
        body,
        "<p class=\"note\">{} {}</p><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("rows"),
        stories.len(),
        ui.t("texts"),
        ui.t("story")
    );
    let from = (ask.page() * ROWS).min(stories.len());
    for story in stories.iter().skip(from).take(ROWS) {
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{} / {}</th><td><a href=\"/s/{}\" dir=\"auto\">{}</a></td></tr>",
            story.families.len(),
            story.docs.len(),
            escape(&story.id),
            escape(&story.title)
        );
    }
    body.push_str("</tbody></table>");
    body.push_str(&super::lists::pager(ask, stories.len(), ROWS));
    Ok(Reply::page(ui.t("nav-stories"), body))
}

/// Processes over months: the stories that go on in each.
fn sagas(out: &mut String, ask: &Ask, view: &View) {
    if view.sagas.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<section aria-labelledby=\"sagas\"><h2 id=\"sagas\">{}</h2>",
        ask.ui.t("sagas")
    );
    for saga in view.sagas.iter().take(ROWS) {
        let (from, to) = saga.published;
        let _ = write!(
            out,
            "<details><summary><strong dir=\"auto\">{}</strong> <span class=\"faint\" dir=\"auto\">{} · {} – {}</span></summary><ol>",
            escape(&saga.title),
            escape(&saga.parties.join(", ")),
            day(from),
            day(to)
        );
        for id in &saga.stories {
            let title = view.stories.iter().find(|s| s.id == *id);
            let _ = write!(
                out,
                "<li><a href=\"/s/{}\" dir=\"auto\">{}</a></li>",
                escape(id),
                escape(title.map_or(id.as_str(), |s| s.title.as_str()))
            );
        }
        out.push_str("</ol></details>");
    }
    out.push_str("</section>");
}

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let (view, ui) = (&loaded.view, ask.ui);
    let Item::Story(story) = view.find(id)? else {
        return Err(Failure::not_found(format!("{id} is no story")));
    };
    let mut body = format!(
        "<p class=\"id\">{}</p><p class=\"basis\">{} {} · {} {}</p><p><a href=\"/?process={0}\">{}</a></p><div class=\"columns\">",
        escape(&story.id),
        ui.t("documents"),
        story.docs.len(),
        ui.t("texts"),
        story.families.len(),
        ui.t("brief-of-story")
    );
    let docs: Vec<&DocRow> = story.docs.iter().filter_map(|d| view.doc(d)).collect();
    let firsts: Vec<&&DocRow> = docs
        .iter()
        .filter(|doc| !is_copy(view, doc, &docs))
        .collect();
    let from = (ask.page() * COLUMNS).min(firsts.len());
    for doc in firsts.iter().skip(from).take(COLUMNS) {
        column(&mut body, ask, view, doc);
    }
    body.push_str("</div>");
    body.push_str(&super::lists::pager(ask, firsts.len(), COLUMNS));
    let inside = |c: &&rapporteur_record::ComparisonRow| {
        !c.b.is_empty()
            && c.a
                .iter()
                .chain(&c.b)
                .all(|cite| story.docs.contains(&cite.doc))
    };
    let _ = write!(
        body,
        "<section aria-labelledby=\"compared\"><h2 id=\"compared\">{}</h2>",
        ui.t("compared")
    );
    let compared: Vec<_> = view.comparisons.iter().filter(inside).collect();
    for row in compared.iter().take(CARDS) {
        conflicts::card(&mut body, ask, view, row, 3);
    }
    if compared.len() > CARDS {
        let _ = write!(
            body,
            "<p class=\"note\">{} {CARDS} / {} · <a href=\"/conflicts?all=1&amp;process={}\">{}</a></p>",
            ui.t("rows"),
            compared.len(),
            escape(&story.id),
            ui.t("all-rows")
        );
    }
    body.push_str("</section>");
    Ok(Reply::page(story.title.clone(), body))
}

/// Whether an earlier document of the story is the same text.
fn is_copy(view: &View, doc: &DocRow, docs: &[&DocRow]) -> bool {
    let family = view.families.iter().find(|f| f.docs.contains(&doc.id));
    family.is_some_and(|f| {
        let first = docs.iter().find(|d| f.docs.contains(&d.id));
        first.is_some_and(|first| first.id != doc.id)
    })
}

/// What one source tells, each event marked as its own or as told by others too.
fn column(out: &mut String, ask: &Ask, view: &View, doc: &DocRow) {
    let ui = ask.ui;
    let when = doc.published.as_ref().map(|p| day(p.date));
    let _ = write!(
        out,
        "<section class=\"column\"><h2><a href=\"/d/{}\" dir=\"auto\">{}</a></h2><p class=\"faint\" dir=\"auto\">{} · {}</p>",
        escape(&doc.id),
        escape(titled(doc)),
        when.as_deref().unwrap_or(ui.t("undated")),
        escape(&about(doc))
    );
    if let Some(family) = view.families.iter().find(|f| f.docs.contains(&doc.id)) {
        let _ = write!(
            out,
            "<details><summary>{} {}</summary><ul>",
            ui.t("copies"),
            family.docs.len() - 1
        );
        for other in family.docs.iter().filter(|d| **d != doc.id) {
            let title = view.doc(other).map_or(other.as_str(), titled);
            let _ = write!(
                out,
                "<li><a href=\"/d/{}\" dir=\"auto\">{}</a></li>",
                escape(other),
                escape(title)
            );
        }
        out.push_str("</ul></details>");
    }
    out.push_str("<ul>");
    for event in &view.events {
        let Some(member) = event.members.iter().find(|m| m.doc == doc.id) else {
            continue;
        };
        let shared = event.counts.families > 1;
        let _ = write!(
            out,
            "<li class=\"{}\"><span class=\"sign\">{}</span> <a href=\"/e/{}\">{}</a> <span dir=\"auto\">{}</span> <bdi class=\"faint\">{}</bdi> <a class=\"cite\" href=\"{}\">↗</a></li>",
            if shared { "both" } else { "only" },
            if shared {
                ui.t("both")
            } else {
                ui.t("only-here")
            },
            escape(&event.id),
            escape(&words::kind(&event.kind)),
            escape(&sections::parties(event)),
            escape(&words::interval(event.date)),
            escape(&crate::web::rows::passage(&member.cite))
        );
    }
    out.push_str("</ul></section>");
}
