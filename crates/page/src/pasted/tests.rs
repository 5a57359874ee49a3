use super::*;
use crate::article::AuthorKind;

const BODY: &str = "Envoys of the two governments met in the customs hall on Monday and spoke for nine hours about pilots and buoys.\nThe harbour office expects that the first pilots will be sent on Thursday, when the wind is said to turn to the west.\nCaptains of the waiting ships said on Sunday that they would sail with pilots from both shores and with nobody else.";

fn read(head: &str, tail: &str) -> Article {
    extract(&format!("{head}\n{BODY}\n{tail}"), None, None)
}

fn published(head: &str) -> Option<String> {
    read(head, "").published.map(|p| p.date.to_string())
}

fn authors(head: &str) -> Vec<String> {
    let article = read(head, "");
    article.authors.into_iter().map(|a| a.name).collect()
}

#[test]
fn nothing_is_not_an_article() {
    let article = extract("Home\nNews\nContact", None, None);
    assert_eq!(article.text, "");
    assert_eq!(article.notes[0].rule, "page/no-body");
}

#[test]
fn the_first_of_two_lines_over_a_byline_is_the_title() {
    let title = "Envoys agree on pilots for the strait";
    for head in [
        format!(
            "{title}\nBoth shores will send their own people, but who pays is open\nBy Ana Lind\n3 March 2031"
        ),
        format!("Home News {title}\n{title}\nBoth shores will send their own people\nBy Ana Lind"),
        format!("Ports\n{title}\nBy Ana Lind\nVideo\nWhat the pilots of the strait say about it"),
    ] {
        assert_eq!(read(&head, "").title, title, "{head}");
    }
}

#[test]
fn bylines_in_many_forms() {
    let title = "Envoys agree on pilots for the strait";
    for byline in [
        "By Ana Lind and Tom Berg",
        "By ANA LIND and TOM BERG, Ports Correspondents",
        "By\nAna Lind\nTom Berg",
        "By\n• Ana Lind1,\n• Tom Berg2",
        "Ana Lind/Tom Berg\n3 March 2031",
        "3 March 2031 by Ana Lind, Tom Berg",
        "Von Ana Lind und Tom Berg",
        "By Ana Lind and Tom Berg on 3 March 2031 at 14:05",
        "By Ana Lind and Tom Berg, Institute of Ports and Pilots",
    ] {
        assert_eq!(
            authors(&format!("{title}\n{byline}")),
            ["Ana Lind", "Tom Berg"],
            "{byline}"
        );
    }
    for byline in [
        "Ana LindWriter\n3 March 2031",
        "Ana LindThe Northshore Daily\n3 March 2031",
        "Ana Lind\nPorts Correspondent",
        "Ana Lind 3 minutes read",
        "By\nProfile of Ana Lind",
    ] {
        assert_eq!(
            authors(&format!("{title}\n{byline}")),
            ["Ana Lind"],
            "{byline}"
        );
    }
    let agency = read(&format!("{title}\nBy The Associated Press"), "");
    assert_eq!(agency.authors[0].kind, AuthorKind::Agency);
}

#[test]
fn a_name_that_the_text_is_about_is_no_author() {
    let head = "Envoys of Ida Holm agree on pilots\nIda Holm\nEnvoys of Ida Holm, the new minister of the ports, agreed with the other shore on pilots for all of the grain ships.";
    assert!(authors(head).is_empty());
}

#[test]
fn first_publication_is_chosen_among_dates() {
    let title = "Envoys agree on pilots for the strait";
    for dates in [
        "Published 3 March 2031\nUpdated 4 March 2031",
        "Last updated: 4 March 2031, 09:10; first published: 3 March 2031, 18:20",
        "3 March 2031, 18:20 / Updated 4 March 2031",
        "By Ana Lind, 3 March 2031",
        "Ana Lind 3 March 2031 Comment now!",
    ] {
        let found = published(&format!("Wednesday, 5 March 2031\n{title}\n{dates}"));
        assert_eq!(found.as_deref(), Some("2031-03-03"), "{dates}");
    }
    assert_eq!(
        published(&format!("Wednesday, 5 March 2031\n{title}")),
        None
    );
}

#[test]
fn what_follows_an_article_is_not_of_it() {
    let head = "Envoys agree on pilots for the strait\nBy Ana Lind\n3 March 2031";
    let long = "I have always said that the pilots of both shores should be paid by those who own the ships and by nobody else.";
    for tail in [
        format!("12 comments\nGull\n2 days ago\n{long}\nReply\nKeel\n1 day ago\n{long} Or should they?\nReply"),
        format!("Fishermen count their losses\nBy Per Dahl\n2 March 2031\n{long}"),
        "Ana Lind is a writer who covers the ports of the north for this paper and has lived by the sea since she was a child.".to_owned(),
        "Get the news of the strait in your inbox every morning, before the first tide, and never miss a story of the ports.".to_owned(),
        "Pilots leave the customs hall after the first day of the talks. (Ida Holm/Getty Images)".to_owned(),
    ] {
        assert_eq!(read(head, &tail).paragraphs.len(), 3, "{tail}");
    }
}

#[test]
fn an_article_goes_on_behind_an_inset() {
    let inset = "Advertisement\nMost read\n• Ferry fares rise\n• A museum in the lighthouse\n• Storm warning for the islands\nAdvertisement";
    let article = read(
        "Envoys agree on pilots for the strait\nBy Ana Lind",
        &format!(
            "{inset}\nThe captains and the envoys will meet again in the customs hall on Thursday, when the pilots of both governments are expected at the harbour office."
        ),
    );
    assert_eq!(article.paragraphs.len(), 4);
    assert!(!article.text.contains("museum"));
}

#[test]
fn posts_of_other_networks_are_not_of_the_text() {
    let article = read(
        "Envoys agree on pilots for the strait\nBy Ana Lind",
        "\nPilots at last, after all of these weeks of waiting!\n\n— Harbour Gull (@gull) March 4, 2031\n\nThe harbour office will publish the names of the first pilots on Thursday, it said in a note to the captains.",
    );
    assert_eq!(article.paragraphs.len(), 4);
    assert!(!article.text.contains("Pilots at last"));
}

#[test]
fn an_hour_of_publication_takes_the_day_of_the_clock() {
    let found = read(
        "Tuesday, 4 March 2031\nEnvoys agree on pilots for the strait\nPublished 14:05",
        "",
    )
    .published
    .map(|p| (p.date.to_string(), p.origin));
    assert_eq!(
        found,
        Some(("2031-03-04".to_owned(), "line:clock".to_owned()))
    );
    let found = read(
        "Tuesday, 4 March 2031\nEnvoys agree on pilots for the strait\nVideo 14:05",
        "",
    );
    assert_eq!(found.published, None);
}

#[test]
fn labels_are_no_part_of_the_title() {
    let article = read(
        "Envoys agree on pilots for the strait (video)\nBy Ana Lind",
        "",
    );
    assert_eq!(article.title, "Envoys agree on pilots for the strait");
    assert_eq!(
        article.title_forms[0].text,
        "Envoys agree on pilots for the strait (video)"
    );
}

#[test]
fn a_menu_over_the_title_hides_no_byline() {
    let menu = "Quay Post\n• Ports\n• Interview\n• Security\n• Sports and Leisure\nLOGIN\n© 2031 QuayPost All rights reserved.\nPorts\n\nEnvoys agree on pilots for the strait\n\nby Quay Post March 3, 2031";
    let article = read(menu, "Quay Post");
    assert_eq!(article.authors[0].kind, AuthorKind::House);
    assert_eq!(article.authors[0].name, "Quay Post");
    assert_eq!(article.section.as_deref(), Some("Ports"));
}
