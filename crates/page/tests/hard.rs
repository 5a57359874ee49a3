//! The hard cases of news pages, each as a small invented page.

use rapporteur_page::{Article, AuthorKind, Input, extract};

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

fn at(page: &str, url: &str, crawled: &str) -> Article {
    let bytes = page.as_bytes();
    let crawled = crawled.parse().ok();
    extract(
        Input::Html {
            bytes,
            charset: None,
        },
        Some(url),
        crawled,
    )
}

/// Six paragraphs of one article, each told apart by its number.
fn paragraphs() -> Vec<String> {
    let said = [
        "Envoys of the two coasts met in the harbour hall on Tuesday and spoke for two hours",
        "The guards at the northern gate let nine lorries pass before noon, an official counted",
        "Neither side would say who had asked for the meeting or when the next one would be",
        "A clerk read out the list of the held men, and two names on it were contested at once",
        "The monitors want a third post at the bend of the river, where boats cross at night",
        "Bread was sold at the old price again, the owner of a bakery near the quay told us",
    ];
    said.iter().map(|s| format!("<p>{s}.</p>")).collect()
}

fn body() -> String {
    paragraphs().concat()
}

fn authors(article: &Article) -> Vec<&str> {
    article.authors.iter().map(|a| a.name.as_str()).collect()
}

#[test]
fn headline_byline_and_times_before_the_first_sentence() {
    let page = format!(
        "<html><head><title>Gate opens | Courier</title></head><body><article><h1>Gate opens</h1>\
         <p>Ana Lind 4 March 2031, 18:20, updated 4 March 2031, 19:05</p>{}</article></body></html>",
        body()
    );
    let article = html(&page);
    assert!(article.text.starts_with("Envoys"), "{}", article.text);
    assert_eq!(article.paragraphs.len(), 6);
    assert_eq!(article.published.unwrap().date.to_string(), "2031-03-04");
    assert_eq!(article.authors[0].name, "Ana Lind");
}

#[test]
fn teasers_longer_than_a_brief() {
    let teasers: String = (0..12)
        .map(|i| format!("<li><h3><a href='/{i}'>Story number {i} of this week from the coast</a></h3><p>The story number {i} tells how a family on the coast lives, what it eats, and what it hopes for in spring.</p></li>"))
        .collect();
    let page = format!(
        "<title>Gate opens | Courier</title><article><h1>Gate opens</h1><div class='article-body'><p>The northern gate opened at noon on Tuesday after a week of talks.</p><p>Nine lorries had passed by evening, a guard said.</p></div></article><section><ul>{teasers}</ul></section>"
    );
    let article = html(&page);
    assert_eq!(article.paragraphs.len(), 2, "{}", article.text);
    assert!(article.links.len() >= 12);
}

#[test]
fn the_second_half_behind_an_inset_and_a_break() {
    let all = paragraphs();
    let page = format!(
        "<h1>Gate opens</h1><div class='content'>{}<aside><h3>Read also</h3><ul><li><a href='/1'>Bakers ask the council for cheaper flour</a></li></ul></aside>\
         <div class='paywall-teaser'>Subscribe now</div></div><div class='content'>{}</div>",
        all[..3].concat(),
        all[3..].concat()
    );
    let article = html(&page);
    assert_eq!(article.paragraphs.len(), 6, "{}", article.text);
    assert!(!article.text.contains("flour") && !article.text.contains("Subscribe"));
}

#[test]
fn the_article_in_a_hidden_paywall_element() {
    let page = format!(
        "<h1>Gate opens</h1><p>Read on with a subscription.</p><div class='paywall' hidden>{}</div>",
        body()
    );
    assert!(html(&page).text.contains("bakery near the quay"));
}

#[test]
fn an_unclosed_hidden_link_does_not_swallow_the_page() {
    let page = format!(
        "<body><a href='#main' style='display:none'>Skip to content<main><article><h1>Gate opens</h1>{}</article></main></body>",
        body()
    );
    assert_eq!(html(&page).paragraphs.len(), 6);
}

#[test]
fn a_cookie_dialog_longer_than_a_note() {
    let dialog: String = (0..8)
        .map(|i| format!("<p>Cookies of group {i} help us to measure how our pages are used and to show you what may interest you; you may refuse them at any time in your settings.</p>"))
        .collect();
    let page = format!(
        "<article class='post'><h1>The gate, a talk</h1><div class='entry-content'><p>Ana Lind speaks with a guard of the northern gate about the week in which nothing moved.</p><p>They also talk about bread, boats and the price of a crossing.</p></div></article><div id='cookie-consent' role='dialog'>{dialog}</div>"
    );
    let article = html(&page);
    assert!(
        article.text.starts_with("Ana Lind speaks"),
        "{}",
        article.text
    );
    assert!(!article.text.contains("Cookies of group"));
}

#[test]
fn a_transcript_under_a_show_note() {
    let lines: String = (0..20)
        .map(|i| format!("<p><b>Lind:</b> My question number {i} is what you saw from the gate that night, and whom you told.</p><p><b>Guard:</b> I saw lights on the river, as I said before, and I told the clerk number {i}.</p>"))
        .collect();
    let page = format!(
        "<article><h1>The gate, a talk</h1><div class='note'><p>Ana Lind speaks with a guard of the northern gate about the week in which nothing moved.</p></div><div class='transcript'><h2>Transcript</h2>{lines}</div></article>"
    );
    let article = html(&page);
    assert!(article.text.contains("speaks with a guard"));
    assert!(article.text.contains("question number 19"));
}

#[test]
fn a_list_article_keeps_every_item_and_its_head() {
    let items: String = (1..=12)
        .map(|i| format!("<div class='widget-item'><h2 class='widget-title'>{i}. Village number {i}</h2><p>Village number {i} has a well, a school and a bridge that the monitors want to see mended.</p></div>"))
        .collect();
    let page = format!(
        "<article><h1>Twelve villages</h1><p>The monitors have named the twelve villages that they will visit first this spring.</p>{items}</article>"
    );
    let article = html(&page);
    for i in 1..=12 {
        assert!(
            article.text.contains(&format!("{i}. Village number {i}")),
            "{i}"
        );
    }
}

#[test]
fn first_publication_among_many_dates() {
    let page = format!(
        "<html><head><title>Gate opens | Courier</title></head><body><div class='top'>Friday, 7 March 2031</div><h1>Gate opens</h1>\
         <p class='byline'>By Ana Lind</p><p>Published 4 March 2031</p><p>Updated 6 March 2031</p><article>{}</article>\
         <ul class='related'><li><a href='/1'>Bakers ask the council for cheaper flour</a> 2 March 2031</li></ul><footer>© 2031 Courier</footer></body></html>",
        body()
    );
    let article = at(&page, "https://courier.example/gate", "2031-03-07");
    assert_eq!(article.published.unwrap().date.to_string(), "2031-03-04");
    let role = |day: &str| {
        let mut found = article.dates.iter().filter(|d| d.date.to_string() == day);
        found.next().map(|d| d.role.clone())
    };
    assert_eq!(role("2031-03-06").as_deref(), Some("modified"));
    assert_ne!(role("2031-03-07").as_deref(), Some("published"));
}

#[test]
fn a_date_after_the_capture_is_none() {
    let page = format!("<h1>Gate opens</h1><p>Published 4 March 2039</p>{}", body());
    assert!(
        at(&page, "https://courier.example/gate", "2031-03-07")
            .published
            .is_none()
    );
}

#[test]
fn an_event_s_day_is_no_publication() {
    let page = "<h1>Gate opens</h1><article><p>The gate that was shut on 4 March 2031 has been opened again, a guard said.</p><p>Nine lorries passed it before noon, and nobody counted those that came later in the day.</p></article>";
    assert!(html(page).published.is_none());
}

#[test]
fn bylines_without_jobs_places_and_capitals() {
    let by = |line: &str| {
        let page = format!(
            "<html><head><meta property='og:site_name' content='Harbour Courier'></head><body><article><h1>Gate opens</h1><p class='byline'>{line}</p>{}</article></body></html>",
            body()
        );
        html(&page)
    };
    assert_eq!(authors(&by("By Ana Lind in Velden")), ["Ana Lind"]);
    assert_eq!(authors(&by("By ANA LIND, Political Editor")), ["Ana Lind"]);
    assert_eq!(
        authors(&by("By Ana Lind and Tom van der Berg")),
        ["Ana Lind", "Tom van der Berg"]
    );
    let data = |name: &str| {
        let page = format!(
            "<html><head><meta property='og:site_name' content='Harbour Courier'><meta name='author' content='{name}'></head><body><article><h1>Gate opens</h1>{}</article></body></html>",
            body()
        );
        html(&page).authors
    };
    assert_eq!(data("Harbour Courier")[0].kind, AuthorKind::House);
    assert_eq!(data("Reuters")[0].kind, AuthorKind::Agency);
    assert_eq!(data("Ana Lind, MSc, RDN").len(), 1);
}

#[test]
fn the_headline_among_several_first_level_headings() {
    let page = format!(
        "<html><head><title>Gate opens after a week of talks | Harbour Courier</title><meta property='og:site_name' content='Harbour Courier'></head><body>\
         <header><h1>Harbour Courier</h1></header><article><h1>Gate opens after a week of talks</h1>{}</article><h1>Most read</h1></body></html>",
        body()
    );
    assert_eq!(html(&page).title, "Gate opens after a week of talks");
}

#[test]
fn a_kicker_is_no_part_of_the_headline() {
    let page = format!(
        "<html><head><title>Gate opens after a week of talks | Courier</title><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Gate opens after a week of talks\"}}</script></head><body>\
         <article><h1>Northern coast: Gate opens after a week of talks</h1>{}</article></body></html>",
        body()
    );
    assert_eq!(html(&page).title, "Gate opens after a week of talks");
}

#[test]
fn a_title_made_for_search_engines_is_kept_as_evidence() {
    let page = format!(
        "<html><head><title>Gate news: northern gate opening times | Courier</title><meta property='og:title' content='Gate news: northern gate opening times'></head><body>\
         <article><h1>After a week of silence the northern gate opens</h1>{}</article></body></html>",
        body()
    );
    let article = html(&page);
    let told = |text: &str| article.title_forms.iter().any(|f| f.text == text);
    assert!(told("After a week of silence the northern gate opens"));
    assert!(told("Gate news: northern gate opening times"));
}

#[test]
fn posts_are_kept_as_posts_and_widgets_are_not() {
    let all = paragraphs();
    let post = "<blockquote class='twitter-tweet'><p>The gate is open. Drive slowly.</p>— Port of Velden (@portvelden) <a href='/t'>4 March 2031</a></blockquote>";
    let page = format!(
        "<h1>Gate opens</h1><article>{}<div class='embed social'>{post}</div>{}</article><aside>{post}</aside>",
        all[..3].concat(),
        all[3..].concat()
    );
    let article = html(&page);
    let posts: Vec<&str> = article
        .paragraphs
        .iter()
        .filter(|p| p.kind == rapporteur_page::ParagraphKind::Post)
        .map(|p| p.span.of(&article.text))
        .collect();
    assert_eq!(posts[0], "The gate is open. Drive slowly.");
    assert_eq!(article.text.matches("Drive slowly").count(), 1);
}

#[test]
fn closing_lines_are_kept_apart() {
    let page = format!(
        "<html><head><meta name='author' content='Ana Lind'></head><body><h1>Gate opens</h1><article>{}<p>Tom Berg contributed to this report.</p><p>Includes information from The Associated Press</p><p>Ana Lind is a reporter on the coast.</p><p>Disclaimer: the views are the writer’s own.</p></article></body></html>",
        body()
    );
    let article = html(&page);
    assert_eq!(article.paragraphs.len(), 6, "{}", article.text);
    assert_eq!(article.credits.len(), 4);
    assert_eq!(article.agency.as_deref(), Some("The Associated Press"));
}

#[test]
fn rows_of_a_table_and_items_that_end_the_text() {
    let rows: String = (1..=9)
        .map(|i| {
            format!(
                "<tr class='player-{i}'><td>{i}</td><td>Village {i}</td><td>{}</td></tr>",
                i * 7
            )
        })
        .collect();
    let page = format!(
        "<h1>Villages</h1><div class='story'>{}<h3>Wells</h3><ul><li>North: two</li><li>South: none</li></ul><table>{rows}</table></div>",
        body()
    );
    let article = html(&page);
    assert!(article.text.contains("South: none") && article.text.contains("9 Village 9 63"));
}

/// Found by the fuzzer: an address with letters beyond ASCII in its path.
#[test]
fn an_address_in_arabic_letters_is_read() {
    let html = "<html><body><article><h1>A headline</h1><p>Some words of the text.</p></article></body></html>";
    for (url, day) in [
        (
            "https://example.org/سياسة/2024/02/15/خبر.html",
            Some("2024-02-15"),
        ),
        ("https://example.org/سياسة/خبر", None),
        ("https://مثال.إختبار/1", None),
        ("https://example.org/2é024/1ü/20240215", Some("2024-02-15")),
    ] {
        let input = Input::Html {
            bytes: html.as_bytes(),
            charset: Some("utf-8"),
        };
        let article = extract(input, Some(url), None);
        let found = article.published.map(|p| p.date.to_string());
        assert_eq!(found.as_deref(), day, "{url}");
    }
}
