//! Who deals with whom: pairs of actors by class of event, as a drawing and as the list of its
//! edges.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rapporteur_coder::Modality;
use rapporteur_record::{Cite, View};

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::passage;
use crate::{Lane, words};

/// Actors that are drawn; the list has all edges.
const DRAWN: usize = 24;
const ROWS: usize = 60;

/// One pair of actors in one class of event.
#[derive(Debug, Default)]
struct Edge<'v> {
    /// Types of event with their numbers.
    kinds: BTreeMap<String, usize>,
    cites: Vec<&'v Cite>,
}

type Edges<'v> = BTreeMap<(&'v str, &'v str, Lane), Edge<'v>>;

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let view = &loaded.view;
    let ui = ask.ui;
    let edges = edges(view);
    let mut body = filters(ask, &[]);
    let _ = write!(body, "<p class=\"note\">{}</p>", ui.t("network-note"));
    if edges.is_empty() {
        let _ = write!(body, "<p>{}</p>", ui.t("nothing-here"));
        return Ok(Reply::page(ui.t("nav-network"), body));
    }
    draw(&mut body, ask, &edges);
    table(&mut body, ask, view, &edges);
    Ok(Reply::page(ui.t("nav-network"), body))
}

/// Pairs of events told as facts. In a meeting all parties stand on one side: every two of them
/// are a pair.
fn edges(view: &View) -> Edges<'_> {
    let mut out = Edges::new();
    for event in view
        .events
        .iter()
        .filter(|e| e.modality == Modality::Actual)
    {
        let lane = words::lane(&event.kind);
        let sources: Vec<&str> = event.source.iter().map(|a| a.name.as_str()).collect();
        let targets: Vec<&str> = event.target.iter().map(|a| a.name.as_str()).collect();
        let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (at, a) in sources.iter().enumerate() {
            let others = if targets.is_empty() {
                &sources[at + 1..]
            } else {
                &targets[..]
            };
            pairs.extend(others.iter().filter(|b| *b != a).map(|b| (*a, *b)));
        }
        for (a, b) in pairs {
            let edge = out.entry((a, b, lane)).or_default();
            *edge.kinds.entry(words::kind(&event.kind)).or_default() += 1;
            edge.cites.extend(event.evidence.first());
        }
    }
    out
}

impl Edge<'_> {
    fn count(&self) -> usize {
        self.kinds.values().sum()
    }
}

/// The actors of most events, with their numbers.
fn most<'v>(edges: &Edges<'v>) -> Vec<(&'v str, usize)> {
    let mut weight: BTreeMap<&str, usize> = BTreeMap::new();
    for ((a, b, _), edge) in edges {
        *weight.entry(*a).or_default() += edge.count();
        *weight.entry(*b).or_default() += edge.count();
    }
    let mut names: Vec<(&str, usize)> = weight.into_iter().collect();
    names.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    names.truncate(DRAWN);
    names
}

fn draw(out: &mut String, ask: &Ask, edges: &Edges<'_>) {
    let names = most(edges);
    let spots: BTreeMap<&str, (f64, f64)> = names
        .iter()
        .enumerate()
        .map(|(at, (name, _))| {
            let turn = at as f64 / names.len() as f64 * std::f64::consts::TAU;
            (
                *name,
                (480.0 + 300.0 * turn.sin(), 270.0 - 215.0 * turn.cos()),
            )
        })
        .collect();
    let _ = write!(
        out,
        "<figure><svg viewBox=\"0 0 960 540\" role=\"group\" aria-labelledby=\"net-title\" class=\"chart net\"><title id=\"net-title\">{}</title>",
        ask.ui.t("network-title")
    );
    for ((a, b, lane), edge) in edges {
        let (Some((x1, y1)), Some((x2, y2))) = (spots.get(a), spots.get(b)) else {
            continue;
        };
        let bend = match lane {
            Lane::Talks => 30.0,
            Lane::Violence => -30.0,
            _ => 0.0,
        };
        let (mx, my) = ((x1 + x2) / 2.0 + bend, (y1 + y2) / 2.0 + bend);
        let _ = write!(
            out,
            "<path d=\"M{x1:.0} {y1:.0}Q{mx:.0} {my:.0} {x2:.0} {y2:.0}\" class=\"edge lane-{}\" stroke-width=\"{:.1}\"><title>{} – {}: {}</title></path>",
            lane.label().to_lowercase(),
            1.0 + (edge.count() as f64).sqrt(),
            escape(a),
            escape(b),
            edge.count()
        );
    }
    for (name, count) in &names {
        let (x, y) = spots[name];
        let anchor = if x < 470.0 { "end" } else { "start" };
        let side = if x < 470.0 { -9.0 } else { 9.0 };
        let _ = write!(
            out,
            "<a href=\"/network?actor={}\"><circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{:.1}\" class=\"node\"/><text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{}</text></a>",
            form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>(),
            3.0 + (*count as f64).sqrt(),
            x + side,
            y + 4.0,
            escape(&words::clipped(name, 40))
        );
    }
    let _ = write!(
        out,
        "</svg><figcaption>{}</figcaption></figure>",
        ask.ui.t("network-caption")
    );
}

fn table(out: &mut String, ask: &Ask, view: &View, edges: &Edges<'_>) {
    let ui = ask.ui;
    let mut rows: Vec<_> = edges.iter().collect();
    rows.sort_by_key(|(key, edge)| (std::cmp::Reverse(edge.count()), **key));
    let _ = write!(
        out,
        "<table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("pair"),
        ui.t("events")
    );
    let count = rows.len();
    let from = (ask.page() * ROWS).min(count);
    for ((a, b, lane), edge) in rows.into_iter().skip(from).take(ROWS) {
        let kinds: Vec<String> = edge.kinds.iter().map(|(k, n)| format!("{k} {n}")).collect();
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><bdi>{}</bdi> – <bdi>{}</bdi><span class=\"id\">{}</span></th><td>{}",
            escape(a),
            escape(b),
            lane.label(),
            escape(&kinds.join(", "))
        );
        for cite in edge.cites.iter().take(6) {
            let title = view.doc(&cite.doc).map_or("", |d| d.title.as_str());
            let _ = write!(
                out,
                " <a class=\"cite\" href=\"{}\" title=\"{}\">↗</a>",
                escape(&passage(cite)),
                escape(title)
            );
        }
        out.push_str("</td></tr>");
    }
    out.push_str("</tbody></table>");
    out.push_str(&super::lists::pager(ask, count, ROWS));
}
