//! A page with all that stood on it, as plain text with what was left out and why; and the versions
//! of an address side by side.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rapporteur_page::PageBlock;
use rapporteur_page::versions::address;
use rapporteur_record::{Cite, DocRow, Filter, Store, VersionChange};

use super::{Ask, Failure, Reply};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::passage;

/// Blocks shown.
const MOST: usize = 2_000;

/// Links of a document to its whole page and, where there are any, its versions.
pub(super) fn links(ask: &Ask, docs: &[DocRow], doc: &DocRow) -> String {
    let mut out = format!(
        " · <a href=\"/d/{}/blocks\">{}</a>",
        doc.id,
        ask.ui.t("left-out")
    );
    let bare = |url: &str| url.split('?').next().unwrap_or_default().to_owned();
    let own = doc.url.as_deref().map(|url| (bare(url), address(url)));
    let mut others = docs.iter().filter(|d| d.id != doc.id);
    let has_others = own.is_some_and(|(start, own)| {
        others.any(|d| {
            let url = d.url.as_deref();
            url.is_some_and(|url| url.starts_with(&start) && address(url) == own)
        })
    });
    if has_others {
        let _ = write!(
            out,
            " · <a href=\"/d/{}/versions\">{}</a>",
            doc.id,
            ask.ui.t("versions")
        );
    }
    out
}

fn found<'v>(view: &'v rapporteur_record::View, id: &str) -> Result<&'v DocRow, Failure> {
    view.doc(id)
        .ok_or_else(|| Failure::not_found(format!("the record has no document {id}")))
}

/// Every block of the page in its order: what the article kept, what was left out and why. Nothing
/// of it is markup here.
pub(super) fn blocks(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let loaded = shared.view(&Filter::default())?;
    let doc = found(&loaded.view, id)?;
    let desk = shared.desk()?;
    let stored = desk.document(doc.key)?.ok_or_else(Failure::internal)?;
    let mut body = format!(
        "<p class=\"note\">{}</p><p><a href=\"/d/{}\">{}</a> · <a href=\"/d/{1}/original\">{}</a></p>",
        ui.t("left-out-note"),
        doc.id,
        ui.t("cleaned"),
        ui.t("original")
    );
    let bytes = desk.raw(&doc.sha256)?;
    let Some(all) = of_page(&stored.raw.mime, &bytes, stored.raw.charset.as_deref()) else {
        let _ = write!(body, "<p>{}</p>", ui.t("left-out-none"));
        return Ok(Reply::page(super::document::titled(doc), body));
    };
    let origins: BTreeSet<_> = doc.paragraphs.iter().filter_map(|p| p.origin).collect();
    let is_kept = |block: &PageBlock| origins.iter().any(|o| o.overlaps(block.origin));
    let out = all.iter().filter(|block| !is_kept(block)).count();
    let _ = write!(
        body,
        "<p role=\"status\">{} {} · {} {out}</p><div class=\"blocks\">",
        ui.t("blocks"),
        all.len(),
        ui.t("left-out")
    );
    for block in all.iter().take(MOST) {
        let text = escape(&block.text);
        if is_kept(block) {
            let _ = write!(body, "<p dir=\"auto\">{text}</p>");
        } else {
            let _ = write!(
                body,
                "<p class=\"out\"><span class=\"sign\">{}</span> <span dir=\"auto\">{text}</span></p>",
                reason(ask, block)
            );
        }
    }
    body.push_str("</div>");
    if all.len() > MOST {
        let _ = write!(body, "<p class=\"note\">{}</p>", ui.t("cut-off"));
    }
    Ok(Reply::page(super::document::titled(doc), body))
}

/// Blocks of a page as it is kept: an entry of a feed holds its page in a row of JSON.
fn of_page(mime: &str, bytes: &[u8], charset: Option<&str>) -> Option<Vec<PageBlock>> {
    match mime {
        "text/html" => Some(rapporteur_page::blocks(bytes, charset)),
        "application/json" => {
            let row: serde_json::Value = serde_json::from_slice(bytes).ok()?;
            let html = row.get("html")?.as_str()?;
            Some(rapporteur_page::blocks(html.as_bytes(), Some("utf-8")))
        }
        _ => None,
    }
}

fn reason(ask: &Ask, block: &PageBlock) -> &'static str {
    let ui = ask.ui;
    match block.reason {
        "comments" => ui.t("why-comments"),
        "navigation" => ui.t("why-navigation"),
        "caption" => ui.t("why-caption"),
        "byline" => ui.t("why-byline"),
        "hidden" => ui.t("why-hidden"),
        "aside" => ui.t("why-aside"),
        "dialog" => ui.t("why-dialog"),
        "no-script" => ui.t("why-no-script"),
        "kicker" => ui.t("why-kicker"),
        "named" => ui.t("why-named"),
        "notice" => ui.t("why-notice"),
        "links" => ui.t("why-links"),
        "" => ui.t("why-trimmed"),
        _ => ui.t("why-outside"),
    }
}

/// The versions of the document's address, each beside the one before.
pub(super) fn versions(shared: &Shared, ask: &Ask, id: &str) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let loaded = shared.view(&Filter::default())?;
    let doc = found(&loaded.view, id)?;
    let all = loaded.view.versions();
    let row = all
        .iter()
        .find(|row| row.versions.iter().any(|v| v.doc == doc.id))
        .ok_or_else(|| {
            Failure::not_found(format!("the record has one version of {id} and no more"))
        })?;
    let mut body = format!("<p class=\"url\" dir=\"ltr\">{}</p><ol>", escape(&row.url));
    for version in &row.versions {
        let _ = write!(
            body,
            "<li><a href=\"/d/{0}\" dir=\"auto\">{1}</a> <span class=\"faint\"><bdi>{2}</bdi></span>{3}</li>",
            escape(&version.doc),
            escape(&version.title),
            escape(version.captured.as_deref().unwrap_or(ui.t("unknown"))),
            if version.doc == doc.id { " ●" } else { "" }
        );
    }
    body.push_str("</ol>");
    for pair in row.versions.windows(2) {
        let [before, after] = pair else {
            continue;
        };
        let _ = write!(
            body,
            "<section aria-labelledby=\"v-{0}\"><h2 id=\"v-{0}\"><bdi>{1}</bdi> → <bdi>{2}</bdi></h2>",
            escape(&after.doc),
            escape(before.captured.as_deref().unwrap_or(ui.t("unknown"))),
            escape(after.captured.as_deref().unwrap_or(ui.t("unknown")))
        );
        if after.changes.is_empty() {
            let _ = write!(body, "<p>{}</p>", ui.t("no-changes"));
        }
        for change in &after.changes {
            one(&mut body, ask, change);
        }
        body.push_str("</section>");
    }
    Ok(Reply::page(ui.t("versions"), body))
}

fn one(out: &mut String, ask: &Ask, change: &VersionChange) {
    let ui = ask.ui;
    let kind = match change.kind {
        "added" => ui.t("added"),
        "removed" => ui.t("removed"),
        "title" => ui.t("brief-title"),
        "published" => ui.t("published"),
        _ => ui.t("changed"),
    };
    let _ = write!(
        out,
        "<article class=\"card\"><h3 class=\"kind-word\">{kind}</h3><div class=\"sides\">"
    );
    side(out, "del", change.old.as_deref(), change.before.as_ref());
    side(out, "ins", change.new.as_deref(), change.after.as_ref());
    out.push_str("</div></article>");
}

fn side(out: &mut String, element: &str, words: Option<&str>, cite: Option<&Cite>) {
    out.push_str("<div>");
    if let Some(words) = words.or(cite.map(|c| c.text.as_str())) {
        let _ = write!(out, "<{element} dir=\"auto\">{}</{element}>", escape(words));
    }
    if let Some(cite) = cite {
        let _ = write!(
            out,
            " <a class=\"cite\" href=\"{}\">↗</a>",
            escape(&passage(cite))
        );
    }
    out.push_str("</div>");
}
