use rapporteur_base::CodePoints;
use rapporteur_page::Input;
use serde_json::{Value, json};

use super::{Outcome, day};

/// `{"id","url"?,"html"|"text","crawled"?}` -> the article.
pub(super) fn filter(row: &Value) -> Outcome {
    let input = match (
        row.get("html").and_then(Value::as_str),
        row.get("text").and_then(Value::as_str),
    ) {
        (Some(html), _) => Input::Html {
            bytes: html.as_bytes(),
            charset: Some("utf-8"),
        },
        (None, Some(text)) => Input::Text(text),
        (None, None) => return Err("neither `html` nor `text` is given".into()),
    };
    let url = row.get("url").and_then(Value::as_str);
    let article = rapporteur_page::extract(input, url, day(row, "crawled")?);
    let points = CodePoints::new(&article.text);
    Ok(json!({
        "id": row.get("id"),
        "title": article.title,
        // Every byline, as the page prints it; `bylines` tells people from houses and agencies.
        "authors": article.authors.iter().map(|a| &a.name).collect::<Vec<_>>(),
        "bylines": article.authors.iter().map(|a| json!({"name": a.name, "kind": a.kind})).collect::<Vec<_>>(),
        "published": article.published.as_ref().map(|p| p.date.to_string()),
        "published_time": article.published.as_ref().and_then(|p| p.time.clone()),
        "site": article.site,
        "section": article.section,
        "lang": article.lang,
        "agency": article.agency,
        "dateline": article.dateline.map(|span| {
            let (start, end) = points.span(span);
            json!({"place": article.dateline_place, "date": article.dateline_date.map(|d| d.to_string()), "start": start, "end": end})
        }),
        "credits": article.credits.iter().map(|c| json!({"kind": c.kind, "text": c.text})).collect::<Vec<_>>(),
        "text": article.text,
        "paragraphs": article.paragraphs.iter().map(|p| {
            let (start, end) = points.span(p.span);
            json!({"start": start, "end": end, "kind": p.kind})
        }).collect::<Vec<_>>(),
        "entries": article.entries.iter().map(|e| {
            let (start, end) = points.span(e.span);
            json!({"date": e.date.map(|d| d.to_string()), "time": e.time, "title": e.title, "start": start, "end": end})
        }).collect::<Vec<_>>(),
        "notes": article.notes.iter().map(|n| format!("{}: {}", n.rule, n.text)).collect::<Vec<_>>(),
    }))
}
