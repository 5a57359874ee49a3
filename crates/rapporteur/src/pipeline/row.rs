//! Article rows: what a feed entry or a line of JSON Lines says of an article, as one JSON object.
//!
//! `{"url"?,"title"?,"text"|"html","published"?,"published_from"?,"site"?,"authors"?,"lang"?}`

use rapporteur_base::{Date, Note, Span};
use rapporteur_page::{
    Article, Author, AuthorKind, DateEvidence, Input, Paragraph, ParagraphKind, Published,
    TitleForm,
};
use serde_json::Value;

/// Rank of a publication date that a feed or row states: behind what the page itself states,
/// before what is guessed from an address or a modification.
const RANK: u8 = 3;

/// The article of a row.
pub(super) fn article(bytes: &[u8], url: Option<&str>, captured: Option<Date>) -> Article {
    let row: Value = match serde_json::from_slice(bytes) {
        Ok(row) => row,
        Err(error) => {
            return Article {
                notes: vec![Note::new(
                    "pipeline/row",
                    format!("not a JSON object: {error}"),
                )],
                ..Article::default()
            };
        }
    };
    let said = |name: &str| row.get(name).and_then(Value::as_str).map(str::trim);
    let title = said("title").filter(|t| !t.is_empty());
    let mut article = match (said("html"), said("text"), title) {
        (Some(html), _, _) => {
            let input = Input::Html {
                bytes: html.as_bytes(),
                charset: Some("utf-8"),
            };
            rapporteur_page::extract(input, url, captured)
        }
        // A row with a title and a text is an article already: nothing to clean.
        (None, Some(text), Some(_)) => plain(text, url),
        (None, Some(text), None) => rapporteur_page::extract(Input::Text(text), url, captured),
        (None, None, _) => Article::default(),
    };
    let origin = said("published_from").unwrap_or("row");
    if let Some(title) = title {
        if article.title.is_empty() {
            title.clone_into(&mut article.title);
        }
        article.title_forms.push(TitleForm {
            origin: origin.to_owned(),
            text: title.to_owned(),
        });
    }
    if let Some(time) = said("published") {
        dated(&mut article, time, origin);
    }
    article
        .dates
        .extend(said("modified").and_then(|time| modified(time, origin)));
    if article.site.is_none() {
        article.site = said("site").map(str::to_owned);
    }
    if article.lang.is_none() {
        article.lang = said("lang").map(str::to_owned);
    }
    if article.authors.is_empty() {
        article.authors = authors(&row, origin);
    }
    article
}

fn modified(time: &str, origin: &str) -> Option<DateEvidence> {
    Some(DateEvidence {
        date: time.get(..10)?.parse().ok()?,
        origin: origin.to_owned(),
        role: "modified".to_owned(),
        text: time.to_owned(),
    })
}

fn dated(article: &mut Article, time: &str, origin: &str) {
    let Some(date) = time.get(..10).and_then(|day| day.parse::<Date>().ok()) else {
        article.notes.push(Note::new(
            "pipeline/row-date",
            format!("the row's publication date is not like 2024-02-15: {time:?}"),
        ));
        return;
    };
    article.dates.push(DateEvidence {
        date,
        origin: origin.to_owned(),
        role: match origin {
            "feed" | "sitemap" => origin,
            _ => "published",
        }
        .to_owned(),
        text: time.to_owned(),
    });
    if article.published.as_ref().is_none_or(|p| p.rank > RANK) {
        article.published = Some(Published {
            date,
            time: (time.len() > 10).then(|| time.to_owned()),
            origin: origin.to_owned(),
            rank: RANK,
        });
    }
}

fn authors(row: &Value, origin: &str) -> Vec<Author> {
    let names = row.get("authors").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str())
        .map(|name| Author {
            name: name.trim().to_owned(),
            kind: AuthorKind::Person,
            origin: origin.to_owned(),
        })
        .filter(|author| !author.name.is_empty())
        .collect()
}

/// An article whose text is clean: paragraphs are what blank lines part.
fn plain(text: &str, url: Option<&str>) -> Article {
    let mut article = Article {
        url: url.map(str::to_owned),
        ..Article::default()
    };
    let text = text.replace("\r\n", "\n");
    let mut paragraph = String::new();
    for line in text.lines().chain([""]) {
        if !line.trim().is_empty() {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line.trim());
            continue;
        }
        if paragraph.is_empty() {
            continue;
        }
        if !article.text.is_empty() {
            article.text.push_str("\n\n");
        }
        let start = article.text.len();
        article.text.push_str(&paragraph);
        article.paragraphs.push(Paragraph {
            span: Span::new(start, article.text.len()),
            kind: ParagraphKind::Body,
            origin: None,
        });
        paragraph.clear();
    }
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_taken_as_it_is() {
        let row = br#"{"title":"Envoys meet","text":"They met on Monday.\r\n\r\nA statement followed.","published":"2024-02-15T08:00:00Z","site":"Example Wire","authors":["A. Writer"]}"#;
        let article = article(row, Some("https://example.org/1"), None);
        assert_eq!(article.text, "They met on Monday.\n\nA statement followed.");
        assert_eq!(
            article.paragraphs[1].span.of(&article.text),
            "A statement followed."
        );
        assert_eq!(article.published.unwrap().date.to_string(), "2024-02-15");
        assert_eq!(article.authors[0].name, "A. Writer");
    }

    #[test]
    fn a_bad_date_stays_unknown() {
        let article = article(
            br#"{"title":"x","text":"y","published":"yesterday"}"#,
            None,
            None,
        );
        assert!(article.published.is_none() && !article.notes.is_empty());
    }
}
