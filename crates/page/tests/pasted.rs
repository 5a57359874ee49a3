//! Pasted pages, all of them invented, read to articles; what holds for any text; and how long the
//! worst of them may take.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rapporteur_page::{Article, AuthorKind, Input, ParagraphKind, explain_text, extract};

fn read(page: &str) -> Article {
    extract(Input::Text(page), None, None)
}

/// One line a paragraph, for snapshots.
fn shape(article: &Article) -> String {
    let mut out = format!("title: {}\n", article.title);
    for author in &article.authors {
        let (name, kind, origin) = (&author.name, author.kind, &author.origin);
        out += &format!("author: {name} ({kind:?}, {origin})\n");
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
    for date in &article.dates {
        out += &format!("date: {} {}\n", date.date, date.role);
    }
    for p in &article.paragraphs {
        out += &format!("{:?}: {}\n", p.kind, p.span.of(&article.text));
    }
    for note in &article.notes {
        out += &format!("note: {}\n", note.rule);
    }
    for link in &article.links {
        let date = link.date.map_or(String::new(), |d| format!(" ({d})"));
        out += &format!("link: {}{date}\n", link.title);
    }
    out
}

#[test]
fn a_newspaper_page() {
    insta::assert_snapshot!(shape(&read(include_str!("pages/dump-newspaper.txt"))));
}

#[test]
fn a_live_page() {
    insta::assert_snapshot!(shape(&read(include_str!("pages/dump-live.txt"))));
}

#[test]
fn a_brief_of_an_agency_among_teasers() {
    insta::assert_snapshot!(shape(&read(include_str!("pages/dump-brief.txt"))));
}

#[test]
fn a_german_page() {
    insta::assert_snapshot!(shape(&read(include_str!("pages/dump-de.txt"))));
}

#[test]
fn a_japanese_page() {
    insta::assert_snapshot!(shape(&read(include_str!("pages/dump-ja.txt"))));
}

#[test]
fn an_arabic_newspaper() {
    insta::assert_snapshot!(shape(&read(include_str!("pages/dump-arabic-paper.txt"))));
}

#[test]
fn a_recipe_keeps_its_lists() {
    insta::assert_snapshot!(shape(&read(include_str!("pages/dump-list.txt"))));
}

const PAGES: &[&str] = &[
    include_str!("pages/dump-newspaper.txt"),
    include_str!("pages/dump-live.txt"),
    include_str!("pages/dump-brief.txt"),
    include_str!("pages/dump-de.txt"),
    include_str!("pages/dump-ja.txt"),
    include_str!("pages/dump-arabic-paper.txt"),
    include_str!("pages/dump-ar.txt"),
    include_str!("pages/dump-list.txt"),
    include_str!("pages/magazine.txt"),
    include_str!("pages/blog.txt"),
];

#[test]
fn lines_that_are_never_text() {
    for page in PAGES {
        let article = read(page);
        for part in [
            "newsletter",
            "©",
            "terms of use",
            "Newsletter",
            "無断",
            "حقوق",
        ] {
            assert!(!article.text.contains(part), "{part}: {}", article.text);
        }
        assert!(
            article.paragraphs.iter().all(|p| !p
                .span
                .of(&article.text)
                .chars()
                .all(|c| c.is_ascii_digit())),
            "a counter is no paragraph: {}",
            article.text
        );
    }
}

#[test]
fn a_page_without_a_date_of_its_own_has_none() {
    let page = "Harbour Notes\nHome\nArchive\nEnvoys meet again\nThe envoys of the two governments met on 3 March 2031 in the customs hall, and spoke for nine hours about pilots.\nA second meeting is planned, but nobody in the hall would say for which day it had been called.\nRecent posts\nA walk along the quay\n9 March 2031\nThe price of rope\n7 March 2031\n© 2031 Harbour Notes";
    let article = read(page);
    assert_eq!(article.published, None);
    assert_eq!(article.title, "Envoys meet again");
    assert_eq!(article.links.len(), 2);
}

#[test]
fn a_house_is_no_person() {
    let page = "Quay Post\nEnvoys meet again in the hall\nby Quay Post 3 March 2031\nThe envoys of the two governments met on Monday in the customs hall, and spoke for nine hours about pilots.\n© 2031 Quay Post";
    let article = read(page);
    assert_eq!(article.authors[0].kind, AuthorKind::House);
    assert_eq!(article.site.as_deref(), Some("Quay Post"));
}

#[test]
fn the_times_of_a_live_page_are_kept_as_such() {
    let article = read(include_str!("pages/dump-live.txt"));
    let times = article
        .paragraphs
        .iter()
        .filter(|p| p.kind == ParagraphKind::EntryTime);
    assert_eq!(times.count(), 4);
}

fn check(article: &Article, source: &str) {
    let mut end = 0;
    for p in &article.paragraphs {
        assert!(p.span.start as usize >= end);
        let text = article.text.get(p.span.range());
        assert!(text.is_some_and(|t| !t.is_empty()));
        // Every paragraph is one run of the source, white space aside.
        let origin = p.origin.and_then(|o| source.get(o.range()));
        let words = |t: Option<&str>| -> Vec<String> {
            t.unwrap_or("")
                .split_whitespace()
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(words(origin), words(text));
        end = p.span.end as usize;
    }
    assert_eq!(end, article.text.len());
}

/// A word, a piece of a head, of a list, of a notice, in several scripts.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-zé]{1,9} ",
        "[\u{621}-\u{64a}]{2,8} ",
        "[\u{3041}-\u{30f0}\u{4e00}-\u{4e80}]{1,12}",
        Just("The envoys met in the customs hall on Monday and spoke for nine hours about the pilots. ".to_owned()),
        Just("By Ana Lind".to_owned()),
        Just("3 March 2031".to_owned()),
        Just("2 hours ago".to_owned()),
        Just("Reply".to_owned()),
        Just("Sign up for our newsletter".to_owned()),
        Just("(Ida Holm/Getty Images)".to_owned()),
        Just("• ".to_owned()),
        Just("12 comments".to_owned()),
        Just("10:31 ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("İß\u{200f}ﬁ".to_owned()),
        Just(": ".to_owned()),
        any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #[test]
    fn any_text_gives_an_article(pieces in prop::collection::vec(piece(), 0..160)) {
        let page = pieces.concat();
        let article = read(&page);
        check(&article, &page);
        prop_assert_eq!(&article, &read(&page));
        explain_text(&page);
    }

    #[test]
    fn a_cut_page_is_still_read(page in 0..PAGES.len(), cut in 0usize..4000) {
        let page = PAGES[page];
        let mut cut = cut.min(page.len());
        while !page.is_char_boundary(cut) {
            cut -= 1;
        }
        check(&read(&page[..cut]), &page[..cut]);
    }

    #[test]
    fn lines_in_any_order_give_an_article(page in 0..PAGES.len(), seed in any::<u64>()) {
        let mut lines: Vec<&str> = PAGES[page].lines().collect();
        let mut state = seed;
        for at in (1..lines.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            lines.swap(at, (state >> 33) as usize % (at + 1));
        }
        let page = lines.join("\n");
        check(&read(&page), &page);
    }
}

/// A megabyte of the worst kinds, each in a second or two without optimisation; ten where
/// `RAPPORTEUR_SLOW` is set. What is not linear takes minutes.
#[test]
fn large_pastes_take_linear_time() {
    let slow = std::env::var_os("RAPPORTEUR_SLOW").is_some();
    let size = if slow { 10 << 20 } else { 1 << 20 };
    let fill = |unit: &str| unit.repeat(size / unit.len());
    let sentence =
        "The envoys met in the customs hall on Monday and spoke for nine hours of pilots. ";
    let pages = [
        fill("harbour\n"),
        fill("harbour "),
        fill("h"),
        fill("aB"),
        fill("• item of a list\n"),
        fill("By Ana Lind\n3 March 2031\n"),
        fill("Reply\n2 hours ago\n"),
        fill("list:\n• 12 34 56 of it\n"),
        fill(&format!("{sentence}\n")),
        fill(&format!(
            "Envoys meet again in the hall\nBy Ana Lind, 3 March 2031\n{sentence}\n"
        )),
        fill("海峡の船が動く。\n"),
        fill("(Ida Holm/Getty Images\n"),
        fill("12/34/2031 "),
        (0..size / 10).map(|n| format!("word{n}\n")).collect(),
        format!(
            "Envoys meet again in the hall\nBy Ana Lind, 3 March 2031\n{}",
            fill(sentence)
        ),
        format!(
            "{}The list of all who met in the customs hall:\n{}",
            format!("{sentence}\n").repeat(20),
            (0..size / 30)
                .map(|n| format!("• Envoy number {n}\n"))
                .collect::<String>()
        ),
    ];
    for page in pages {
        let start = Instant::now();
        let article = read(&page);
        let took = start.elapsed();
        let head: String = page.chars().take(30).collect();
        assert!(took < Duration::from_secs(20), "{head:?} took {took:?}");
        assert!(article.text.len() <= page.len());
    }
}
