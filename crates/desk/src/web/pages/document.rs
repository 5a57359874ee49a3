//! A document: its cleaned text with what was found in it, and the page it came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rapporteur_base::{CodePoints, Span};
use rapporteur_page::ParagraphKind;
use rapporteur_record::{Cite, DocRow, Filter, Store, View};

use super::lists::pager;
use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::address;
use crate::{day, words};

/// Documents on one page of the list.
const ROWS: usize = 50;
/// Most of a page's source that is shown, in bytes.
const MOST: usize = 2 << 20;

/// Kinds of highlight: key of the address and of the words.
const KINDS: [&str; 6] = ["event", "figure", "quote", "time", "actor", "place"];

pub(super) fn list(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let view = &loaded.view;
    let from = (ask.page() * ROWS).min(view.docs.len());
    let mut body = filters(ask, &[]);
    let _ = write!(
        body,
        "<p class=\"note\">{} {}</p><table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ask.ui.t("rows"),
        view.docs.len(),
        ask.ui.t("published"),
        ask.ui.t("document")
    );
    for doc in view.docs.iter().skip(from).take(ROWS) {
        let _ = write!(
            body,
            "<tr><th scope=\"row\"><bdi>{}</bdi></th><td>{new}<a href=\"/d/{}\" dir=\"auto\">{}</a> <span class=\"faint\" dir=\"auto\">{}</span></td></tr>",
            published(ask, doc),
            doc.id,
            escape(titled(doc)),
            escape(&about(doc)),
            new = if ask.fresh.docs.contains(&doc.id) {
                format!("<span class=\"new-sign\">{}</span>", ask.ui.t("new"))
            } else {
                String::new()
            }
        );
    }
    body.push_str("</tbody></table>");
    body.push_str(&pager(ask, view.docs.len(), ROWS));
    Ok(Reply::page(ask.ui.t("nav-documents"), body))
}

pub(super) fn titled(doc: &DocRow) -> &str {
    if doc.title.is_empty() {
        &doc.id
    } else {
        &doc.title
    }
}

fn published(ask: &Ask, doc: &DocRow) -> String {
    let date = doc.published.as_ref().map(|p| day(p.date));
    date.unwrap_or_else(|| ask.ui.t("undated").to_owned())
}

pub(super) fn about(doc: &DocRow) -> String {
    let mut parts: Vec<&str> = Vec::new();
    parts.extend(doc.site.as_deref());
    parts.extend(doc.agency.as_deref());
    parts.extend(doc.authors.iter().map(String::as_str));
    parts.dedup();
    parts.join(" · ")
}

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let view = &loaded.view;
    let doc = view
        .doc(id)
        .ok_or_else(|| Failure::not_found(format!("the record has no document {id}")))?;
    let shown = kinds(ask);
    let mut body = head(ask, view, doc);
    body.push_str(&switches(ask, &shown));
    let lang = doc.lang.as_deref().unwrap_or("und");
    let _ = write!(
        body,
        "<div class=\"reading\"><article class=\"text\" lang=\"{}\" dir=\"auto\">",
        escape(lang)
    );
    let marks = Marks::of(view, doc, &shown, cited(ask, doc));
    marks.write(&mut body, doc);
    body.push_str("</article>");
    body.push_str(&beside(ask, view, doc));
    body.push_str("</div>");
    Ok(Reply::page(titled(doc), body))
}

/// The kinds of highlight that are shown.
fn kinds(ask: &Ask) -> BTreeSet<&'static str> {
    let asked = ask.query.get("show").map(String::as_str);
    let asked = asked.unwrap_or("event,figure,quote");
    let named: BTreeSet<&str> = asked.split(',').collect();
    KINDS.into_iter().filter(|k| named.contains(k)).collect()
}

/// The passage that the address names, in bytes.
fn cited(ask: &Ask, doc: &DocRow) -> Option<Span> {
    let (from, to) = ask.get("c")?.split_once('-')?;
    let points = CodePoints::new(&doc.text);
    let at = |text: &str| text.parse::<usize>().ok().map(|n| points.to_byte(n));
    let (from, to) = (at(from)?, at(to)?);
    (from < to && doc.text.get(from..to).is_some()).then(|| Span::new(from, to))
}

fn head(ask: &Ask, view: &View, doc: &DocRow) -> String {
    let mut known = vec![published(ask, doc)];
    known.extend(Some(about(doc)).filter(|about| !about.is_empty()));
    let mut out = format!(
        "<p class=\"basis\" dir=\"auto\">{}</p><p class=\"meta\">",
        escape(&known.join(" · "))
    );
    if let Some(p) = &doc.published {
        let _ = write!(out, "{} {} · ", ask.ui.t("date-from"), escape(&p.origin));
    }
    let _ = write!(
        out,
        "<a href=\"/d/{0}/original\">{1}</a> · <a href=\"/r/{0}\">{2}</a>",
        doc.id,
        ask.ui.t("original"),
        ask.ui.t("why-and-correct")
    );
    out.push_str(&super::whole::links(ask, &view.docs, doc));
    if let Some(url) = &doc.url {
        let _ = write!(
            out,
            " · <span class=\"url\" dir=\"ltr\">{}</span>",
            escape(url)
        );
    }
    out.push_str("</p>");
    let copies = view.families.iter().find(|f| f.docs.contains(&doc.id));
    if let Some(family) = copies {
        let _ = write!(out, "<p class=\"meta\">{}", ask.ui.t("copies"));
        for other in family.docs.iter().filter(|d| **d != doc.id) {
            let title = view.doc(other).map_or(other.as_str(), titled);
            let _ = write!(
                out,
                " <a href=\"/d/{}\" dir=\"auto\">{}</a>",
                escape(other),
                escape(title)
            );
        }
        out.push_str("</p>");
    }
    for note in &doc.notes {
        let _ = write!(
            out,
            "<p class=\"meta\" dir=\"auto\">{}</p>",
            escape(&note.text)
        );
    }
    out
}

fn switches(ask: &Ask, shown: &BTreeSet<&'static str>) -> String {
    let mut out = format!(
        "<nav class=\"kinds\" aria-label=\"{}\"><ul>",
        ask.ui.t("highlights")
    );
    for kind in KINDS {
        let is_on = shown.contains(kind);
        let next: Vec<&str> = KINDS
            .into_iter()
            .filter(|k| shown.contains(k) != (*k == kind))
            .collect();
        let next = if next.is_empty() {
            "none".to_owned()
        } else {
            next.join(",")
        };
        let _ = write!(
            out,
            "<li><a class=\"kind h-{kind}\" href=\"{}\" aria-pressed=\"{is_on}\" role=\"button\">{}{}</a></li>",
            escape(&ask.with("show", &next)),
            if is_on { "✓ " } else { "" },
            kind_words(ask, kind)
        );
    }
    out.push_str("</ul></nav>");
    out
}

fn kind_words(ask: &Ask, kind: &str) -> &'static str {
    let ui = ask.ui;
    match kind {
        "event" => ui.t("events"),
        "figure" => ui.t("nav-figures"),
        "quote" => ui.t("nav-quotes"),
        "time" => ui.t("times"),
        "actor" => ui.t("nav-actors"),
        _ => ui.t("places"),
    }
}

/// Passages to be marked, with the kind of each.
struct Marks {
    spans: Vec<(Span, &'static str)>,
    cited: Option<Span>,
}

impl Marks {
    fn of(view: &View, doc: &DocRow, shown: &BTreeSet<&'static str>, cited: Option<Span>) -> Self {
        let mut spans = Vec::new();
        let mut add = |kind: &'static str, cites: &[Cite]| {
            if shown.contains(kind) {
                let here = cites.iter().filter(|c| c.doc == doc.id);
                spans.extend(here.map(|c| (c.bytes, kind)));
            }
        };
        for event in &view.events {
            for member in event.members.iter().filter(|m| m.doc == doc.id) {
                add("event", &member.trigger);
            }
        }
        for row in &view.figures {
            add("figure", &row.evidence);
        }
        for row in &view.quotes {
            add("quote", &row.evidence);
        }
        for row in &view.times {
            add("time", &row.evidence);
        }
        for row in &view.actors {
            add("actor", &row.evidence);
        }
        for row in &view.places {
            add("place", &row.evidence);
        }
        spans.sort_unstable();
        Self { spans, cited }
    }

    fn write(&self, out: &mut String, doc: &DocRow) {
        let mut is_named = false;
        for paragraph in &doc.paragraphs {
            let element = match paragraph.kind {
                ParagraphKind::Subhead => "h3",
                ParagraphKind::PullQuote => "blockquote",
                _ => "p",
            };
            let _ = write!(out, "<{element} class=\"{}\">", class(paragraph.kind));
            self.write_span(out, &doc.text, paragraph.span, &mut is_named);
            let _ = write!(out, "</{element}>");
        }
    }

    /// One paragraph, cut at every border of a mark: a piece carries all kinds that cover it, so
    /// that nothing has to nest.
    fn write_span(&self, out: &mut String, text: &str, part: Span, is_named: &mut bool) {
        let covers = |span: Span| span.overlaps(part);
        let mut cuts = BTreeSet::from([part.range().start, part.range().end]);
        let here: Vec<_> = self.spans.iter().filter(|(s, _)| covers(*s)).collect();
        for span in here.iter().map(|(s, _)| *s).chain(self.cited) {
            let ends = [span.range().start, span.range().end];
            cuts.extend(ends.into_iter().filter(|at| part.range().contains(at)));
        }
        let cuts: Vec<usize> = cuts.into_iter().collect();
        for pair in cuts.windows(2) {
            let piece = Span::new(pair[0], pair[1]);
            let Some(words) = text.get(piece.range()) else {
                continue;
            };
            let mut classes: BTreeMap<&str, ()> = BTreeMap::new();
            for (_, kind) in here.iter().filter(|(s, _)| s.overlaps(piece)) {
                classes.insert(kind, ());
            }
            let is_cited = self.cited.is_some_and(|c| c.overlaps(piece));
            if classes.is_empty() && !is_cited {
                out.push_str(&escape(words));
                continue;
            }
            let mut names: Vec<String> = classes.keys().map(|k| format!("h-{k}")).collect();
            if is_cited {
                names.push("cited".to_owned());
            }
            let anchor = if is_cited && !std::mem::replace(is_named, true) {
                " id=\"c\" tabindex=\"-1\""
            } else {
                ""
            };
            let _ = write!(
                out,
                "<mark{anchor} class=\"{}\">{}</mark>",
                names.join(" "),
                escape(words)
            );
        }
    }
}

fn class(kind: ParagraphKind) -> &'static str {
    match kind {
        ParagraphKind::Standfirst => "standfirst",
        ParagraphKind::Caption => "caption",
        ParagraphKind::Post => "post",
        ParagraphKind::EntryTime => "entry-time",
        ParagraphKind::Item => "item",
        _ => "body",
    }
}

/// The rows that rest on this document.
fn beside(ask: &Ask, view: &View, doc: &DocRow) -> String {
    let mut out = format!(
        "<aside aria-label=\"{0}\"><h2>{0}</h2><ul>",
        ask.ui.t("found-here")
    );
    let mut any = false;
    for event in &view.events {
        for member in event.members.iter().filter(|m| m.doc == doc.id) {
            any = true;
            let _ = write!(
                out,
                "<li><a href=\"{}\">{}</a> <span dir=\"auto\">{}</span> <bdi class=\"faint\">{}</bdi> <a class=\"cite\" href=\"{}\">↧</a></li>",
                escape(&address(&event.id)),
                escape(&words::kind(&event.kind)),
                escape(&crate::sections::parties(event)),
                escape(&words::interval(event.date)),
                escape(
                    &ask.with("c", &format!("{}-{}#c", member.cite.start, member.cite.end))
                        .replace("%23", "#")
                ),
            );
        }
    }
    if !any {
        let _ = write!(out, "<li>{}</li>", ask.ui.t("nothing-here"));
    }
    out.push_str("</ul></aside>");
    out
}

/// The page as it came, as text: nothing of it is rendered.
pub(super) fn original(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let doc = loaded
        .view
        .doc(id)
        .ok_or_else(|| Failure::not_found(format!("the record has no document {id}")))?;
    let bytes = shared.desk()?.raw(&doc.sha256)?;
    let most = bytes.len().min(MOST);
    let text = String::from_utf8_lossy(&bytes[..most]);
    let mut body = format!(
        "<p class=\"note\">{} <code>{}</code></p><p><a href=\"/d/{}\">{}</a></p>",
        ask.ui.t("original-note"),
        escape(&doc.sha256),
        doc.id,
        ask.ui.t("cleaned")
    );
    let _ = write!(
        body,
        "<pre class=\"source\" dir=\"ltr\" tabindex=\"0\">{}</pre>",
        escape(&text)
    );
    if most < bytes.len() {
        let _ = write!(body, "<p class=\"note\">{}</p>", ask.ui.t("cut-off"));
    }
    Ok(Reply::page(titled(doc), body))
}
