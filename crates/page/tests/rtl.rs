//! Right-to-left pages of our own making, with gold: Arabic with the three sets of month names and
//! both kinds of digits, Hebrew, Persian, Urdu; each story as a page with data, as a page that only
//! shows, and as a paste.

use std::collections::BTreeMap;

use rapporteur_page::{Article, Input, extract};

const PAGES: &str = include_str!("pages/rtl.txt");

struct Case<'c> {
    id: &'c str,
    pasted: bool,
    lang: &'c str,
    gold: BTreeMap<&'c str, &'c str>,
    text: Vec<&'c str>,
    page: &'c str,
}

fn cases() -> Vec<Case<'static>> {
    let case = |part: &'static str| {
        let (head, page) = part
            .split_once("--- page\n")
            .expect("a fixture has all its parts");
        let (head, text) = head
            .split_once("--- text\n")
            .expect("a fixture has all its parts");
        let (name, fields) = head.split_once('\n').expect("a fixture has all its parts");
        let mut name = name.split(' ');
        Case {
            id: name.next().expect("a fixture has all its parts"),
            pasted: name.next() == Some("text"),
            lang: name.next().expect("a fixture has all its parts"),
            gold: fields.lines().filter_map(|l| l.split_once('\t')).collect(),
            text: text.lines().collect(),
            page,
        }
    };
    PAGES.split("=== ").skip(1).map(case).collect()
}

fn read(case: &Case<'_>) -> Article {
    let input = if case.pasted {
        Input::Text(case.page)
    } else {
        Input::Html {
            bytes: case.page.as_bytes(),
            charset: None,
        }
    };
    extract(input, None, None)
}

/// What is wrong with the article, one line a fault.
fn faults(case: &Case<'_>, article: &Article) -> Vec<String> {
    let mut out = Vec::new();
    let mut equal = |what: &str, got: &str, want: &str| {
        if got != want {
            out.push(format!("{}: {what}: {got:?}, not {want:?}", case.id));
        }
    };
    equal("title", &article.title, case.gold["title"]);
    let names: Vec<&str> = article.authors.iter().map(|a| a.name.as_str()).collect();
    equal("author", &names.join("; "), case.gold["author"]);
    let published = article.published.as_ref().map(|p| p.date.to_string());
    equal("date", &published.unwrap_or_default(), case.gold["date"]);
    if !case.pasted {
        equal("language", article.lang.as_deref().unwrap_or(""), case.lang);
    }
    let text: Vec<&str> = article
        .paragraphs
        .iter()
        .map(|p| p.span.of(&article.text))
        .collect();
    // A paste does not say what a standfirst is: with or without it.
    let from = usize::from(case.pasted && text.len() < case.text.len());
    equal("text", &text.join("\n"), &case.text[from..].join("\n"));
    out
}

#[test]
fn twenty_four_pages_of_four_languages() {
    let cases = cases();
    assert_eq!(cases.len(), 24);
    let faults: Vec<String> = cases.iter().flat_map(|c| faults(c, &read(c))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
