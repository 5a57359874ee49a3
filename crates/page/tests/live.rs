//! Live blogs part into entries, each with its own time; the pages are invented.

use rapporteur_page::{Article, Input, extract};

fn html(page: &str) -> Article {
    let bytes = page.as_bytes();
    extract(
        Input::Html {
            bytes,
            charset: None,
        },
        None,
        None,
    )
}

fn told(article: &Article) -> Vec<(Option<String>, Option<String>, Option<String>)> {
    let entry = |e: &rapporteur_page::LiveEntry| {
        (
            e.date.map(|d| d.to_string()),
            e.time.clone(),
            e.title.clone(),
        )
    };
    article.entries.iter().map(entry).collect()
}

const TITLES: [&str; 4] = [
    "Convoy reaches the bridge",
    "Mayor asks for calm",
    "Talks adjourned",
    "First round begins",
];

fn entries_hold_their_text(article: &Article) {
    assert_eq!(article.entries.len(), 4, "{article:#?}");
    for (entry, title) in article.entries.iter().zip(TITLES) {
        let text = entry.span.of(&article.text);
        assert!(text.starts_with(title), "{text}");
        assert!(text.ends_with("since the morning."), "{text}");
    }
}

#[test]
fn entries_in_boxes_with_stated_times() {
    let page = include_str!("pages/live/boxes.html");
    let article = html(page);
    entries_hold_their_text(&article);
    let (date, time, title) = &told(&article)[0];
    assert_eq!(date.as_deref(), Some("2031-03-04"));
    assert_eq!(time.as_deref(), Some("2031-03-04T18:40:00+01:00"));
    assert_eq!(title.as_deref(), Some(TITLES[0]));
    let origin = article.entries[0].origin.unwrap();
    assert!(origin.of(page).contains("18:40"));
    assert!(!article.text.contains("18:40"));
}

#[test]
fn entries_under_bare_clocks_have_no_day() {
    let article = html(include_str!("pages/live/flat.html"));
    entries_hold_their_text(&article);
    let (date, time, _) = &told(&article)[2];
    assert_eq!((date.as_deref(), time.as_deref()), (None, Some("15:05")));
}

#[test]
fn entries_by_the_page_s_data_alone() {
    let article = html(include_str!("pages/live/data.html"));
    entries_hold_their_text(&article);
    assert_eq!(article.title, "Harbour talks: what happened hour by hour");
    let (date, time, _) = &told(&article)[3];
    assert_eq!(date.as_deref(), Some("2031-03-04"));
    assert_eq!(time.as_deref(), Some("2031-03-04T12:30:00+01:00"));
    assert_eq!(article.entries[3].origin, None);
}

#[test]
fn an_article_with_times_in_its_text_is_no_live_blog() {
    let body: String = (0..6)
        .map(|i| format!("<p>At 1{i}:30 a guard at the harbour gate wrote down the number of the lorry and let it pass.</p>"))
        .collect();
    let article = html(&format!(
        "<h1>Guards</h1><article><time datetime='2031-03-04T08:00Z'>8:00</time>{body}</article>"
    ));
    assert!(article.entries.is_empty());
    assert!(html(include_str!("pages/news.html")).entries.is_empty());
}
