//! Search: our tokens, SQLite's index.

use rapporteur_base::{Date, Id};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::Desk;
use super::read::day_of_row;
use crate::known::{day_number, fold_words};
use crate::search::{Found, Meaning, Node, hit};
use crate::{Error, Hit, Query, codec};

/// Candidates that a ranked search scores at most: the newest. Scoring every match of a common
/// word would grow with the desk.
const RANKED: usize = 20_000;

/// The condition in the language of FTS5; tokens are letters and digits, so quotes are enough.
fn matching(meaning: &Meaning) -> String {
    fn write(node: &Node, out: &mut String) {
        match node {
            Node::Phrase(tokens) => {
                out.push('"');
                out.push_str(&tokens.join(" "));
                out.push('"');
            }
            Node::Prefix(start) => {
                out.push('"');
                out.push_str(start);
                out.push_str("\"*");
            }
            Node::Any(nodes) => {
                out.push('(');
                for (at, node) in nodes.iter().enumerate() {
                    if at > 0 {
                        out.push_str(" OR ");
                    }
                    write(node, out);
                }
                out.push(')');
            }
        }
    }
    let mut out = String::new();
    for (at, node) in meaning.all.iter().enumerate() {
        if at > 0 {
            out.push_str(" AND ");
        }
        write(node, &mut out);
    }
    if !meaning.none.is_empty() {
        out = format!("({out})");
        for node in &meaning.none {
            out.push_str(" NOT ");
            write(node, &mut out);
        }
    }
    out
}

const SELECT: &str =
    "SELECT d.doc_id, a.title, a.site, a.published, a.text_z, (d.known << 32) | d.n";
const JOIN: &str =
    "JOIN coding c ON c.coding_id = d.head JOIN article a ON a.article_id = c.article_id";

impl Desk {
    pub(super) fn find(&self, query: &Query) -> Result<Vec<Hit>, Error> {
        let meaning = Meaning::parse(&query.text);
        if meaning.all.is_empty() && !meaning.none.is_empty() {
            return Err(Error::invalid(
                "a search needs a word that must occur",
                "add a word without a minus",
            ));
        }
        let page = [
            Value::from(query.limit.min(10_000) as i64),
            Value::from(query.offset as i64),
        ];
        // Newest first without another filter every hit is shown: only those of the page are joined.
        let paged = !meaning.all.is_empty()
            && !query.ranked
            && query.actor.is_none()
            && query.kind.is_none()
            && query.place.is_none();
        let mut args: Vec<Value> = Vec::new();
        let mut sql = if meaning.all.is_empty() {
            // No words: the newest documents of the filters.
            let (from, to) = days(query);
            args.extend([Value::from(from), Value::from(to)]);
            format!("{SELECT} FROM document d {JOIN} WHERE d.known BETWEEN ?1 AND ?2")
        } else {
            let (from, to) = days(query);
            args.push(Value::from(matching(&meaning)));
            args.push(Value::from(from << 32));
            args.push(Value::from(to.min(i64::from(i32::MAX)) << 32 | 0xffff_ffff));
            let hits = "SELECT rowid AS r FROM fts WHERE fts MATCH ?1 AND rowid BETWEEN ?2 AND ?3";
            if query.ranked {
                format!(
                    "{SELECT} FROM (SELECT rowid AS r, bm25(fts, 4.0, 1.0) AS score FROM fts
                       WHERE fts MATCH ?1 AND rowid BETWEEN
                         (SELECT min(r) FROM ({hits} ORDER BY rowid DESC LIMIT {RANKED})) AND ?3) f
                     CROSS JOIN document d ON d.n = (f.r & 4294967295) {JOIN} WHERE 1"
                )
            } else {
                let page = if paged {
                    args.extend(page.clone());
                    " LIMIT ?4 OFFSET ?5"
                } else {
                    ""
                };
                format!(
                    "{SELECT} FROM ({hits} ORDER BY rowid DESC{page}) f
                     CROSS JOIN document d ON d.n = (f.r & 4294967295) {JOIN} WHERE 1"
                )
            }
        };
        for (kind, wanted) in [
            ("actor", &query.actor),
            ("type", &query.kind),
            ("place", &query.place),
        ] {
            if let Some(wanted) = wanted {
                args.push(Value::from(format!(" {} ", fold_words(wanted))));
                sql.push_str(&format!(
                    " AND EXISTS (SELECT 1 FROM term t WHERE t.n = d.n AND t.kind = '{kind}'
                        AND instr(' ' || t.value || ' ', ?{}) > 0)",
                    args.len()
                ));
            }
        }
        sql.push_str(match (meaning.all.is_empty(), query.ranked) {
            (false, true) => " ORDER BY f.score, f.r DESC",
            (false, false) => " ORDER BY f.r DESC",
            (true, _) => " ORDER BY d.known DESC, d.n DESC",
        });
        if !paged {
            args.extend(page);
            sql.push_str(&format!(
                " LIMIT ?{} OFFSET ?{}",
                args.len() - 1,
                args.len()
            ));
        }
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(args))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(hit(found(row)?, &meaning));
        }
        Ok(out)
    }
}

/// First and last day as numbers; documents of an unknown day are shown only without bounds.
fn days(query: &Query) -> (i64, i64) {
    let bound = |day: Option<Date>| day.map(|d| day_number(Some(d)));
    let to = match (bound(query.to), bound(query.as_of)) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let from = bound(query.from).unwrap_or(i64::from(to.is_some()));
    (from, to.unwrap_or(i64::from(i32::MAX)))
}

fn found(row: &Row<'_>) -> Result<Found, Error> {
    let key = row.get::<_, Vec<u8>>(0)?;
    Ok(Found {
        key: Id::from_bytes(&key).ok_or_else(|| Error::corrupt("a document without an id"))?,
        title: row.get(1)?,
        site: row.get(2)?,
        published: row
            .get::<_, Option<String>>(3)?
            .and_then(|day| day.parse().ok()),
        text: codec::expand_text(&row.get::<_, Vec<u8>>(4)?)?,
        known_at: day_of_row(row.get(5)?),
    })
}
