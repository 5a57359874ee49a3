//! Feeds of saved queries: Atom (RFC 4287) and JSON Feed 1.1. The same record gives the same bytes:
//! ids are those of rows, times those of the change log.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapporteur_record::{Edit, Filter, Query, Store};
use rapporteur_story::Relation;
use serde_json::json;

use super::saved::{KIND, Saved};
use super::{Ask, Failure, Reply};
use crate::html::escape;
use crate::web::visits::doc_id;
use crate::web::{Shared, ask};
use crate::{sections, words};

/// Entries of a feed.
const MOST: usize = 50;
/// Time of what the change log does not know.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// An entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Id of its row.
    pub(super) id: String,
    title: String,
    /// Address in the desk.
    path: String,
    /// Words of a source.
    words: String,
    /// When it last changed.
    updated: String,
    /// Documents that it rests on.
    pub(super) docs: Vec<String>,
}

/// What a saved query finds, in the order of its list.
pub(super) fn found(shared: &Shared, saved: &Saved) -> Result<Found, Failure> {
    let filter = saved.filter()?;
    match saved.path.as_str() {
        "/search" | "/documents" => documents(shared, saved, &filter),
        "/conflicts" => conflicts(shared, &filter),
        _ => events(shared, &filter),
    }
}

/// What a saved query finds, what changed last first.
fn entries(shared: &Shared, saved: &Saved) -> Result<Vec<Entry>, Failure> {
    let mut out = found(shared, saved)?;
    let desk = shared.desk()?;
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for change in desk.changes(0)? {
        if change.kind == "document" {
            known.entry(doc_id(&change.key)).or_insert(change.at);
        }
    }
    for (entry, edits) in &mut out {
        let docs = entry.docs.iter().filter_map(|doc| known.get(doc));
        let edited = edits.iter().map(|edit| &edit.at);
        let last = docs.chain(edited).max();
        entry.updated = last.map_or_else(|| NEVER.to_owned(), Clone::clone);
    }
    let mut out: Vec<Entry> = out.into_iter().map(|(entry, _)| entry).collect();
    out.sort_by(|a, b| (&b.updated, &a.id).cmp(&(&a.updated, &b.id)));
    Ok(out)
}

/// Entries without their times, with the corrections of their rows.
pub(super) type Found = Vec<(Entry, Vec<Edit>)>;

fn documents(shared: &Shared, saved: &Saved, filter: &Filter) -> Result<Found, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let view = &loaded.view;
    let words = ask::pairs(&saved.query).remove("q").unwrap_or_default();
    let ids: Vec<String> = if words.trim().is_empty() {
        let narrowed = shared.view(filter)?;
        narrowed.view.docs.iter().map(|d| d.id.clone()).collect()
    } else {
        let query = Query {
            from: filter.from,
            to: filter.to,
            actor: filter.actor.clone(),
            kind: filter.kind.clone(),
            place: filter.place.clone(),
            as_of: filter.as_of,
            limit: 2_000,
            ..Query::new(words)
        };
        let hits = shared.desk()?.search(&query)?;
        hits.into_iter().map(|hit| hit.doc).collect()
    };
    let docs = ids.iter().filter_map(|id| view.doc(id));
    Ok(docs
        .map(|doc| {
            let first = doc.sentences.first().map(|s| s.of(&doc.text));
            let entry = Entry {
                id: doc.id.clone(),
                title: super::document::titled(doc).to_owned(),
                path: format!("/d/{}", doc.id),
                words: words::clipped(first.unwrap_or_default(), 300),
                updated: String::new(),
                docs: vec![doc.id.clone()],
            };
            (entry, doc.edits.clone())
        })
        .collect())
}

fn conflicts(shared: &Shared, filter: &Filter) -> Result<Found, Failure> {
    let loaded = shared.view(filter)?;
    let rows = loaded.view.comparisons.iter().filter(|c| {
        matches!(c.kind, Relation::Contradiction | Relation::Denies) && !c.b.is_empty()
    });
    Ok(rows
        .map(|row| {
            let cites = row.a.iter().chain(&row.b);
            let entry = Entry {
                id: row.id.clone(),
                title: format!("{}: {} / {}", row.topic, row.values.0, row.values.1),
                path: format!("/r/{}", row.id),
                words: row.a.first().map_or_else(String::new, |c| c.text.clone()),
                updated: String::new(),
                docs: cites.map(|c| c.doc.clone()).collect(),
            };
            (entry, row.edits.clone())
        })
        .collect())
}

fn events(shared: &Shared, filter: &Filter) -> Result<Found, Failure> {
    let loaded = shared.view(filter)?;
    let rows = loaded.view.events.iter();
    Ok(rows
        .map(|event| {
            let first = event.members.first();
            let entry = Entry {
                id: event.id.clone(),
                title: format!(
                    "{} · {} · {}",
                    words::interval(event.date),
                    words::kind(&event.kind),
                    sections::parties(event)
                ),
                path: format!("/e/{}", event.id),
                words: first.map_or_else(String::new, |m| m.sentence.text.clone()),
                updated: String::new(),
                docs: event.members.iter().map(|m| m.doc.clone()).collect(),
            };
            (entry, event.edits.clone())
        })
        .collect())
}

/// `ID.atom` or `ID.json`.
pub(super) fn page(shared: &Shared, _ask: &Ask, file: &str) -> Result<Reply, Failure> {
    let missing = || Failure::not_found(format!("there is no feed {file}"));
    let (id, form) = file.rsplit_once('.').ok_or_else(missing)?;
    let kept = shared.desk()?.kept(KIND, id)?.ok_or_else(missing)?;
    let saved = Saved::read(&kept)?;
    let mut all = entries(shared, &saved)?;
    all.truncate(MOST);
    let base = format!("http://{}", shared.config.listen);
    let (kind, text) = match form {
        "atom" => (
            "application/atom+xml; charset=utf-8",
            atom(&base, &kept, &saved, &all),
        ),
        "json" => (
            "application/feed+json; charset=utf-8",
            json_feed(&base, id, &saved, &all),
        ),
        _ => return Err(missing()),
    };
    Ok(Reply::File {
        kind,
        body: text.into_bytes(),
        name: None,
    })
}

/// Text as it may stand in XML: signs that XML cannot hold become a space.
fn xml(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            '\u{fffe}' | '\u{ffff}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    escape(&clean)
}

fn atom(base: &str, kept: &rapporteur_record::Kept, saved: &Saved, all: &[Entry]) -> String {
    let updated = all.first().map_or(kept.at.as_str(), |e| e.updated.as_str());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>urn:rapporteur:{0}</id>\n<title>{1}</title>\n<updated>{2}</updated>\n\
         <link rel=\"self\" href=\"{base}/feeds/{0}.atom\"/>\n<link rel=\"alternate\" href=\"{base}/saved\"/>\n<author><name>Rapporteur</name></author>\n",
        xml(&kept.id),
        xml(&saved.name),
        xml(updated),
    );
    for entry in all {
        let _ = write!(
            out,
            "<entry>\n<id>urn:rapporteur:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link rel=\"alternate\" href=\"{base}{}\"/>\n<summary>{}</summary>\n</entry>\n",
            xml(&entry.id),
            xml(&entry.title),
            xml(&entry.updated),
            xml(&entry.path),
            xml(&entry.words)
        );
    }
    out.push_str("</feed>\n");
    out
}

fn json_feed(base: &str, id: &str, saved: &Saved, all: &[Entry]) -> String {
    let items = all.iter().map(|entry| {
        json!({
            "id": format!("urn:rapporteur:{}", entry.id),
            "url": format!("{base}{}", entry.path),
            "title": entry.title,
            "content_text": entry.words,
            "date_modified": entry.updated,
        })
    });
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": saved.name,
        "home_page_url": format!("{base}/saved"),
        "feed_url": format!("{base}/feeds/{id}.json"),
        "items": items.collect::<Vec<_>>(),
    });
    // A browser that is made to take this for a page finds no tag in it.
    let text = feed.to_string();
    text.replace('<', "\\u003c").replace('>', "\\u003e")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_source_is_markup_in_a_feed() {
        let entry = Entry {
            id: "e-1".into(),
            title: "<b>&\u{1}".into(),
            path: "/e/e-1".into(),
            words: "]]><script>".into(),
            updated: NEVER.into(),
            docs: Vec::new(),
        };
        let kept = rapporteur_record::Kept {
            id: "v-1".into(),
            ..rapporteur_record::Kept::default()
        };
        let feed = atom(
            "http://127.0.0.1:1",
            &kept,
            &Saved::default(),
            std::slice::from_ref(&entry),
        );
        assert!(feed.contains("&lt;b&gt;&amp; </title>"), "{feed}");
        assert!(!feed.contains("<script"));
        let feed = json_feed("http://127.0.0.1:1", "v-1", &Saved::default(), &[entry]);
        assert!(!feed.contains('<') && feed.contains("urn:rapporteur:e-1"));
    }
}
