//! Whole pages, all of them invented, read to articles; and what must never happen on any bytes.

use proptest::prelude::*;
use rapporteur_page::{Article, AuthorKind, Input, ParagraphKind, extract, extract_entry, feed};

fn html(page: &str) -> Article {
    extract(
        Input::Html {
            bytes: page.as_bytes(),
            charset: None,
        },
        None,
        None,
    )
}

fn text(page: &str) -> Article {
    extract(Input::Text(page), None, None)
}

/// One line a paragraph, for snapshots.
fn shape(article: &Article) -> String {
    let mut out = format!("title: {}\n", article.title);
    for author in &article.authors {
        out += &format!(
            "author: {} ({:?}, {})\n",
            author.name, author.kind, author.origin
        );
    }
    if let Some(p) = &article.published {
        out += &format!("published: {} ({}, rank {})\n", p.date, p.origin, p.rank);
    }
    let fields = [
        ("site", &article.site),
        ("section", &article.section),
        ("lang", &article.lang),
        ("agency", &article.agency),
        ("place", &article.dateline_place),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            out += &format!("{name}: {value}\n");
        }
    }
    for p in &article.paragraphs {
        out += &format!("{:?}: {}\n", p.kind, p.span.of(&article.text));
    }
    for note in &article.notes {
        out += &format!("note: {}\n", note.rule);
    }
    for link in &article.links {
        out += &format!(
            "link: {} {:?}\n",
            link.title,
            link.date.map(|d| d.to_string())
        );
    }
    out
}

#[test]
fn a_news_page() {
    insta::assert_snapshot!(shape(&html(include_str!("pages/news.html"))));
}

#[test]
fn an_arabic_page() {
    insta::assert_snapshot!(shape(&html(include_str!("pages/arabic.html"))));
}

#[test]
fn a_pasted_magazine_page() {
    insta::assert_snapshot!(shape(&text(include_str!("pages/magazine.txt"))));
}

#[test]
fn a_pasted_blog_post_has_no_date() {
    let article = text(include_str!("pages/blog.txt"));
    assert!(article.published.is_none());
    insta::assert_snapshot!(shape(&article));
}

#[test]
fn a_pasted_arabic_page() {
    insta::assert_snapshot!(shape(&text(include_str!("pages/dump-ar.txt"))));
}

/// The same Arabic page with the month in each of the sets of names, and in both kinds of digits.
#[test]
fn arabic_dates_in_every_set_of_names() {
    let page = include_str!("pages/arabic.html");
    let levant = [
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ];
    let common = [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ];
    let maghreb = [
        "جانفي",
        "فيفري",
        "مارس",
        "أفريل",
        "ماي",
        "جوان",
        "جويلية",
        "أوت",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ];
    for names in [levant, common, maghreb] {
        for (at, name) in names.iter().enumerate() {
            for (day, year) in [("٤", "٢٠٣١"), ("4", "2031")] {
                let dated = page.replace("٤ آذار/مارس ٢٠٣١", &format!("{day} {name} {year}"));
                let article = html(&dated);
                let found = article.published.map(|p| p.date.to_string());
                assert_eq!(found, Some(format!("2031-{:02}-04", at + 1)), "{name}");
                assert_eq!(article.authors[0].name, "سلمى حداد");
            }
        }
    }
}

#[test]
fn pages_without_an_article_say_so() {
    let links: String = (0..60)
        .map(|i| format!("<li><a href='/{i}'>Headline number {i} about the talks</a>"))
        .collect();
    let cases = [
        (format!("<html><body><ul>{links}</ul>"), "page/no-body"),
        ("<html><body><div id=app></div><script>load()</script>".to_owned(), "page/no-body"),
        ("<title>404</title><h1>Page not found</h1><p>Sorry, the page you are looking for has moved or never was here at all.</p>".to_owned(), "page/error-page"),
        ("<title>Courier</title><div><p>We and our partners use cookies to store data, and need your consent to show you the pages of this paper.</p></div>".to_owned(), "page/consent-wall"),
        (String::new(), "page/no-body"),
    ];
    for (page, rule) in cases {
        let article = html(&page);
        assert_eq!(article.text, "", "{rule}");
        assert!(
            article.notes.iter().any(|n| n.rule == rule),
            "{rule}: {:?}",
            article.notes
        );
    }
}

#[test]
fn a_brief_about_denied_access_is_no_error_page() {
    let article = html(
        "<meta property='article:published_time' content='2031-03-04'><h1>Access denied to the silos</h1><p>Observers said on Tuesday that access denied to them on Monday had been granted again.</p>",
    );
    assert!(article.text.starts_with("Observers"));
}

#[test]
fn text_in_a_hidden_slot_is_found() {
    let paragraphs: String = (0..6).map(|i| format!("<p>Paragraph {i} says that envoys met in the harbour hall and spoke for two hours.</p>")).collect();
    let article = html(&format!(
        "<h1>Envoys meet</h1><div hidden id='S:2'>{paragraphs}</div>"
    ));
    assert_eq!(article.paragraphs.len(), 6);
}

#[test]
fn a_wrapper_with_a_bad_name_does_not_cost_the_article() {
    let paragraphs: String = (0..6).map(|i| format!("<p>Paragraph {i} says that envoys met in the harbour hall and spoke for two hours.</p>")).collect();
    let article = html(&format!(
        "<h1>Envoys meet</h1><div class='widget sidebar-grid'><div class='category-news'>{paragraphs}</div></div>"
    ));
    assert_eq!(article.paragraphs.len(), 6);
}

#[test]
fn origins_point_at_the_source() {
    let page = include_str!("pages/news.html");
    let article = html(page);
    for p in &article.paragraphs {
        let source = p
            .origin
            .expect("every paragraph of this page is one run")
            .of(page);
        let first = p.span.of(&article.text).split_whitespace().next().unwrap();
        assert!(source.contains(first), "{source} / {first}");
    }
    let page = include_str!("pages/magazine.txt");
    let article = text(page);
    for p in &article.paragraphs {
        assert_eq!(p.origin.unwrap().of(page), p.span.of(&article.text));
    }
}

#[test]
fn a_feed_entry_brings_its_date() {
    let entry = feed::Entry {
        url: Some("https://courier.example/7".into()),
        title: Some("Envoys meet".into()),
        published: "2031-03-04".parse().ok(),
        published_time: Some("2031-03-04T08:00:00Z".into()),
        authors: vec!["Ana Lind".into()],
        html: Some("<p>Envoys of the two governments met on Tuesday and promised a timetable for the harbour.</p>".into()),
        ..feed::Entry::default()
    };
    let article = extract_entry(&entry, None, None);
    let published = article.published.unwrap();
    assert_eq!(
        (
            published.date.to_string().as_str(),
            published.origin.as_str()
        ),
        ("2031-03-04", "feed")
    );
    assert_eq!(
        (article.title.as_str(), article.authors[0].kind),
        ("Envoys meet", AuthorKind::Person)
    );
    assert_eq!(article.paragraphs[0].kind, ParagraphKind::Body);
}

#[test]
fn hostile_pages_are_bounded() {
    let deep = format!(
        "<p>{}</p>{}",
        "Envoys met in the harbour hall and spoke for two hours. ".repeat(5),
        "<div><b>".repeat(100_000)
    );
    let article = html(&deep);
    assert!(article.notes.iter().any(|n| n.rule == "page/limit"));
    assert!(!article.text.is_empty());
    html(&format!("<a title=\"{}\">x</a>", "y".repeat(3_000_000)));
    html(&"<table><tr><td>".repeat(30_000));
    html(&"<p class='comments share'>one two".repeat(30_000));
    let long = text(&"word ".repeat(2_000_000));
    assert!(long.text.len() < 9_000_000 && long.notes[0].rule == "page/too-long");
    text(&"15 March 2031 by A. Lind, ".repeat(50_000));
    text(&"• Envoys met\n".repeat(50_000));
}

/// Shapes that cost a careless reader time or memory; each ends with an article or a note.
#[test]
fn hostile_shapes_are_read_to_their_end() {
    let said = "The envoys met in the harbour hall and spoke for two hours about the gate.";
    let shapes = [
        "<div><p>x y".to_owned(),
        "<a href=x><p>one two three".to_owned(),
        "<table><tr><td>".to_owned(),
        "<ul><li>one two".to_owned(),
        "<!--".to_owned(),
        "<x-a></x-b>".to_owned(),
        "<b><p></b></i>".to_owned(),
        "&amp;&#x41;&nbsp;x ".to_owned(),
        "<p>4 March 2031 by Ana Lind</p>".to_owned(),
        format!("<h1>Head</h1><p>{said}</p>"),
        format!("<h2><a href=x>Head</a></h2><p>{said}</p>"),
        format!("<p>18:40</p><p>{said}</p>"),
        format!("<div class='widget share related'><p>{said}</p></div>"),
        format!("<blockquote class='twitter-tweet'><p>{said}</p></blockquote>"),
    ];
    for shape in shapes {
        let article = html(&shape.repeat(400_000 / shape.len()));
        check(&article);
        assert!(
            !article.text.is_empty() || !article.notes.is_empty(),
            "{shape}"
        );
    }
    let deep = format!(
        "<script type='application/ld+json'>{}</script>",
        "[".repeat(400_000)
    );
    check(&html(&deep));
    let many = html(&"<i>x".repeat(600_000));
    assert!(many.notes.iter().any(|n| n.rule == "page/limit"));
}

fn check(article: &Article) {
    let mut end = 0;
    for p in &article.paragraphs {
        assert!(p.span.start as usize >= end);
        assert!(
            article
                .text
                .get(p.span.range())
                .is_some_and(|t| !t.is_empty())
        );
        end = p.span.end as usize;
    }
    assert_eq!(end, article.text.len());
}

proptest! {
    #[test]
    fn any_bytes_give_an_article(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let input = Input::Html { bytes: &bytes, charset: None };
        let article = extract(input, None, None);
        check(&article);
        prop_assert_eq!(article, extract(input, None, None));
    }

    #[test]
    fn any_tags_give_an_article(page in "(<(/?(p|div|h1|li|ul|a|td|tr|table|b|br|article|script|title|time)( class='(byline|share|body)')?>)|&(amp|#[0-9]{1,5}|nbsp);|[A-Z][a-zé]{1,8} |\\. |By |3 March 2031 |<!--|\"){0,120}") {
        let article = html(&page);
        check(&article);
        for p in &article.paragraphs {
            prop_assert!(p.origin.is_none_or(|o| page.get(o.range()).is_some()));
        }
    }

    #[test]
    fn any_text_gives_an_article(page in "([A-Z][a-zéش]{1,8} |\\. |\n|• |By |٣ آذار ٢٠٣١ |© |İß|年){0,200}|.{0,300}") {
        let article = text(&page);
        check(&article);
        for p in &article.paragraphs {
            prop_assert!(p.origin.is_none_or(|o| page.get(o.range()).is_some()));
        }
    }

    #[test]
    fn a_truncated_page_is_still_read(cut in 0usize..4000) {
        let page = include_str!("pages/news.html").as_bytes();
        check(&extract(Input::Html { bytes: &page[..cut.min(page.len())], charset: None }, None, None));
    }
}
