//! Reads JSON Lines `{"id","html"|"text","url"?}` and writes the articles, for measuring;
//! with `explain` as argument, how the blocks of each page were judged.

use std::io::{self, BufRead, Write};

use rapporteur_page::{AuthorKind, Input, extract};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| row.get(key).and_then(Value::as_str);
        let input = match (text("html"), text("text")) {
            (Some(html), _) => Input::Html {
                bytes: html.as_bytes(),
                charset: Some("utf-8"),
            },
            (None, found) => Input::Text(found.unwrap_or("")),
        };
        if std::env::args().nth(1).as_deref() == Some("explain") {
            let judged = match (text("html"), text("text")) {
                (Some(html), _) => rapporteur_page::explain(html.as_bytes(), None),
                (None, found) => rapporteur_page::explain_text(found.unwrap_or("")),
            };
            writeln!(out, "{}\n{judged}", row["id"])?;
            continue;
        }
        let crawled = text("crawled").and_then(|d| d.get(..10)?.parse().ok());
        let article = extract(input, text("url"), crawled);
        let people: Vec<_> = article
            .authors
            .iter()
            .filter(|a| a.kind == AuthorKind::Person)
            .map(|a| &a.name)
            .collect();
        let row = json!({"id": row["id"], "title": article.title, "authors": people, "text": article.text,
            "published": article.published.as_ref().map(|p| p.date.to_string()), "article": article});
        writeln!(out, "{row}")?;
    }
    out.flush()
}
