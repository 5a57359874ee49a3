//! Joining, parting, confirming and taking out events.

use std::fmt::Write as _;

use axum::http::StatusCode;
use rapporteur_record::{EventRow, Filter, Item, NewCorrection, Store, View};

use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::web::Shared;
use crate::web::accounts::Role;
use crate::{sections, words};

/// Events offered to be joined.
const NEAR: usize = 8;

/// Who signs, and why.
fn signature(ask: &Ask) -> String {
    format!(
        "{} <label>{} <input name=\"why\" required dir=\"auto\"></label>",
        super::signature(ask),
        ask.ui.t("reason")
    )
}

fn start(ask: &Ask, event: &EventRow) -> String {
    format!(
        "<form method=\"post\" action=\"/arrange\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"id\" value=\"{}\"><input type=\"hidden\" name=\"seen\" value=\"{}\">",
        ask.token,
        escape(&event.id),
        escape(&seen(event))
    )
}

/// The reports of an event, as its page showed them.
fn seen(event: &EventRow) -> String {
    let ids: Vec<&str> = event.members.iter().map(|m| m.id.as_str()).collect();
    ids.join(",")
}

/// The forms on the screen of an event.
pub(super) fn forms(out: &mut String, ask: &Ask, view: &View, event: &EventRow) {
    if !ask.visit.may(Role::Analyst) {
        return;
    }
    let ui = ask.ui;
    let _ = write!(
        out,
        "<section aria-labelledby=\"arrange\"><h2 id=\"arrange\">{}</h2>",
        ui.t("arrange")
    );
    match event.confirmed() {
        Some(edit) => {
            let _ = write!(
                out,
                "<p>✓ {} <bdi>{}</bdi> (<bdi>{}</bdi>): <span dir=\"auto\">{}</span></p>",
                ui.t("confirmed-by"),
                escape(&edit.who),
                escape(&edit.at),
                escape(&edit.why)
            );
        }
        None => {
            let _ = write!(
                out,
                "<details><summary>{0}</summary>{1}{2} <button name=\"do\" value=\"confirm\">{0}</button></form></details>",
                ui.t("confirm"),
                start(ask, event),
                signature(ask)
            );
        }
    }
    join(out, ask, view, event);
    if event.members.len() > 1 {
        part(out, ask, event);
    }
    let _ = write!(
        out,
        "<details><summary>{0}</summary><p class=\"note\">{1}</p>{2}{3} <button name=\"do\" value=\"suppress\">{0}</button></form></details></section>",
        ui.t("take-out"),
        ui.t("take-out-note"),
        start(ask, event),
        signature(ask)
    );
}

fn join(out: &mut String, ask: &Ask, view: &View, event: &EventRow) {
    let ui = ask.ui;
    let _ = write!(
        out,
        "<details id=\"join\"><summary>{0}</summary><p class=\"note\">{1}</p>{2}<ul class=\"near\">",
        ui.t("join"),
        ui.t("join-note"),
        start(ask, event)
    );
    for (at, other) in near(view, event).into_iter().enumerate() {
        let _ = write!(
            out,
            "<li><label><input type=\"checkbox\" name=\"other.{at}\" value=\"{0}\"> <span dir=\"auto\">{1} · {2} · {3}</span></label> <a href=\"/e/{0}\">{0}</a></li>",
            escape(&other.id),
            escape(&words::interval(other.date)),
            escape(&words::kind(&other.kind)),
            escape(&sections::parties(other)),
        );
    }
    let _ = write!(
        out,
        "</ul><label>{} <input name=\"other\" placeholder=\"e-…\" dir=\"ltr\"></label> {} <button name=\"do\" value=\"merge\">{}</button></form></details>",
        ui.t("other-event"),
        signature(ask),
        ui.t("join")
    );
}

fn part(out: &mut String, ask: &Ask, event: &EventRow) {
    let ui = ask.ui;
    let _ = write!(
        out,
        "<details id=\"part\"><summary>{0}</summary><p class=\"note\">{1}</p>{2}<ul class=\"near\">",
        ui.t("part"),
        ui.t("part-note"),
        start(ask, event)
    );
    for (at, member) in event.members.iter().enumerate() {
        let _ = write!(
            out,
            "<li><label><input type=\"checkbox\" name=\"report.{at}\" value=\"{}\"> <q dir=\"auto\">{}</q></label></li>",
            escape(&member.id),
            escape(&words::clipped(&member.sentence.text, 160))
        );
    }
    let _ = write!(
        out,
        "</ul>{} <button name=\"do\" value=\"split\">{}</button></form></details>",
        signature(ask),
        ui.t("part")
    );
}

/// Events of the same type on days near it, or with a party in common on the very days; those that
/// share most come first.
fn near<'v>(view: &'v View, event: &EventRow) -> Vec<&'v EventRow> {
    let names = |e: &EventRow| -> Vec<String> {
        let all = e.source.iter().chain(&e.target);
        all.map(|a| a.name.clone()).collect()
    };
    let own = names(event);
    let mut found: Vec<(usize, i64, &EventRow)> = view
        .events
        .iter()
        .filter(|e| e.id != event.id)
        .filter_map(|e| {
            let apart = apart(event, e)?;
            let shared = names(e).iter().filter(|n| own.contains(n)).count();
            let score = 2 * usize::from(e.kind == event.kind) + shared;
            (apart <= 5 && score > 1).then_some((score, apart, e))
        })
        .collect();
    found.sort_by(|a, b| (b.0, a.1, &a.2.id).cmp(&(a.0, b.1, &b.2.id)));
    found.into_iter().take(NEAR).map(|(_, _, e)| e).collect()
}

/// Days between the first days of two events; an unknown date is near to every other.
fn apart(a: &EventRow, b: &EventRow) -> Option<i64> {
    let first = |e: &EventRow| e.date.and_then(|d| d.from.or(d.to));
    match (first(a), first(b)) {
        (Some(x), Some(y)) => Some(i64::from((x - y).get_days()).abs()),
        (None, None) => None,
        _ => Some(5),
    }
}

pub(super) fn post(shared: &Shared, form: &Form) -> Result<Reply, Failure> {
    let id = form.need("id", "id")?;
    let who = form.need("who", "name")?.to_owned();
    let why = form.need("why", "reason")?.to_owned();
    let action = form.get("do").unwrap_or_default();
    let chosen = |start: &str| -> Vec<&str> {
        let fields = form.fields.iter().filter(|(name, _)| {
            name.as_str() == start
                || name
                    .strip_prefix(start)
                    .is_some_and(|rest| rest.starts_with('.'))
        });
        fields
            .map(|(_, value)| value.trim())
            .filter(|v| !v.is_empty())
            .collect()
    };
    shared.write(|desk| {
        let view = View::load(&*desk, &Filter::default())?;
        let Item::Event(event) = view.find(id)? else {
            return Err(Failure::not_found(format!("{id} is no event")));
        };
        if form.get("seen").is_some_and(|was| was != seen(&event)) {
            return Err(Failure::new(
                StatusCode::CONFLICT,
                format!("{id} has other reports now than when you looked"),
                "open it again and decide anew; nothing was changed",
            ));
        }
        let proposed = match action {
            "merge" => view.propose_merge(id, &chosen("other"))?,
            "split" => view.propose_split(id, &chosen("report"))?,
            "confirm" => vec![view.propose_confirm(id)?],
            "suppress" => vec![view.propose(id, "suppressed", "true")?],
            other => return Err(Failure::not_found(format!("an event cannot be {other:?}"))),
        };
        if proposed.is_empty() {
            return Err(Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "no other event was named",
                "choose one of those offered, or write its id; nothing was changed",
            ));
        }
        for proposed in proposed {
            desk.correct(&NewCorrection {
                at: shared.config.world.now(),
                who: who.clone(),
                why: why.clone(),
                ..proposed
            })?;
        }
        Ok(())
    })?;
    let to = match action {
        "suppress" => "/log".to_owned(),
        _ => format!("/e/{id}"),
    };
    Ok(Reply::Go { to, who: Some(who) })
}
