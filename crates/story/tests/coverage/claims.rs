//! Accounts of acts: their days, doers and denials; what is no contradiction; sagas.

use rapporteur_base::Operator::Equal;
use rapporteur_story::{Merged, Relation};

use crate::page::Page;
use crate::{of, run};

fn raid(name: &'static str, site: &'static str, published: &str, line: &str) -> Page {
    // What else each outlet saw: independent texts share the event, not the words.
    let own = match name {
        "a" => "Bakers swept glass from their doors and opened late.",
        "b" => "A clinic ran on candles until the generator was found.",
        "c" => "The brass band cancelled its concert and played at the gate instead.",
        _ => "Nobody could say when the ferry would run again.",
    };
    Page::new(
        name,
        site,
        published,
        &format!("Raid on Orda ({site})\n{line} {own}"),
    )
}

fn rules(merged: &Merged, kind: Relation) -> Vec<String> {
    of(merged, kind)
        .iter()
        .map(|c| c.why.rule.clone())
        .collect()
}

#[test]
fn two_days_of_one_act_clash() {
    let merged = run(&[
        raid(
            "a",
            "east.example",
            "2024-05-08",
            "Norland bombed the market in Orda on 7 May 2024.",
        ),
        raid(
            "b",
            "west.example",
            "2024-05-08",
            "On 6 May 2024 the market in Orda was bombed by Norland.",
        ),
    ]);
    assert_eq!(
        rules(&merged, Relation::Contradiction),
        ["compare/event-day"]
    );
}

#[test]
fn a_text_cannot_tell_what_came_after_it() {
    let merged = run(&[
        raid(
            "a",
            "east.example",
            "2024-05-06",
            "Norland bombed the market in Orda on 6 May 2024.",
        ),
        raid(
            "b",
            "west.example",
            "2024-05-08",
            "Norland bombed the market in Orda on 7 May 2024.",
        ),
    ]);
    assert!(of(&merged, Relation::Contradiction).is_empty(), "two raids");
}

#[test]
fn a_dateline_gives_no_day() {
    let merged = run(&[
        raid(
            "a",
            "east.example",
            "2024-05-08",
            "ORDA, May 8 (Lowland Wire) - Norland bombed the market in Orda on 7 May 2024.",
        ),
        raid(
            "b",
            "west.example",
            "2024-05-08",
            "The market in Orda was bombed by Norland on 7 May 2024.",
        ),
    ]);
    assert!(of(&merged, Relation::Contradiction).is_empty());
}

#[test]
fn two_doers_of_one_act_clash() {
    let merged = run(&[
        raid(
            "a",
            "east.example",
            "2024-05-08",
            "Norland bombed the covered market in Orda on 7 May 2024.",
        ),
        raid(
            "b",
            "west.example",
            "2024-05-08",
            "The covered market in Orda was bombed by the Hill Front on 7 May 2024.",
        ),
    ]);
    assert_eq!(rules(&merged, Relation::Contradiction), ["compare/actor"]);
}

#[test]
fn a_denial_is_told_as_one_and_a_claim_as_one() {
    let merged = run(&[
        raid(
            "a",
            "east.example",
            "2024-05-08",
            "Norland bombed the market in Orda on 7 May 2024.",
        ),
        raid(
            "b",
            "west.example",
            "2024-05-08",
            "Norland denied bombing the market in Orda.",
        ),
        raid(
            "c",
            "south.example",
            "2024-05-08",
            "Villagers accused Norland of bombing the market in Orda on 7 May 2024.",
        ),
    ]);
    assert!(rules(&merged, Relation::Denies).contains(&"compare/act-denied".to_owned()));
    assert_eq!(
        rules(&merged, Relation::AttributesOnly),
        ["compare/attributed"]
    );
    assert!(of(&merged, Relation::Contradiction).is_empty());
    assert_eq!(Relation::Denies.broad(), Relation::Contradiction);
}

#[test]
fn silence_contradicts_nothing() {
    let merged = run(&[
        raid(
            "a",
            "east.example",
            "2024-05-08",
            "Norland bombed the market in Orda on 7 May 2024.",
        ),
        raid(
            "b",
            "west.example",
            "2024-05-08",
            "The market in Orda was bombed.",
        ),
    ]);
    assert!(merged.comparisons.iter().all(|c| !c.kind.is_conflict()));
}

#[test]
fn a_page_that_contradicts_itself_is_said_to() {
    let text = "Two counts\nNorland and Sudland met. Norland keeps 900 Norland troops in Sudland. \
                Later the page says that there are 2,500 Norland troops in Sudland.";
    let page = Page::new("a", "east.example", "2024-05-08", text)
        .figure(
            "900 Norland troops",
            900.0,
            Equal,
            "troops",
            "Norland troops",
            "Norland keeps 900 Norland troops in Sudland",
            Some("Sudland"),
        )
        .figure(
            "2,500 Norland troops",
            2500.0,
            Equal,
            "troops",
            "Norland troops",
            "there are 2,500 Norland troops in Sudland",
            Some("Sudland"),
        );
    let merged = run(&[page]);
    assert_eq!(
        rules(&merged, Relation::Contradiction),
        ["compare/self-contradiction"]
    );
    assert_eq!(merged.figures[0].status, "disputed");
}

/// A round of talks, in words of its own.
fn round(name: &'static str, published: &str, line: &str) -> Page {
    Page::new(
        name,
        "east.example",
        published,
        &format!("{line}\n{line} Norland and Sudland."),
    )
}

#[test]
fn stories_of_one_process_make_a_saga() {
    let pages = [
        round(
            "a",
            "2024-01-10",
            "Norland and Sudland resumed talks on border wells in a school.",
        ),
        round(
            "b",
            "2024-03-25",
            "Norland and Sudland suspended talks over fishing boats and salt.",
        ),
        round(
            "c",
            "2024-06-20",
            "Norland and Sudland resumed talks on rail tariffs at the lake.",
        ),
        round(
            "d",
            "2025-03-25",
            "Norland and Sudland resumed talks about airspace and pilots.",
        ),
    ];
    let merged = run(&pages);
    assert_eq!(merged.stories.len(), 4);
    assert_eq!(
        merged.sagas.len(),
        1,
        "a year of silence ends it: {:#?}",
        merged.sagas
    );
    let saga = &merged.sagas[0];
    assert_eq!(saga.stories.len(), 3);
    assert_eq!(saga.id, pages[0].id(), "named by its earliest story");
    assert_eq!((saga.articles, saga.families), (3, 3));
    // A later text changes no name.
    let fewer = run(&pages[..2]);
    assert_eq!(fewer.sagas[0].id, saga.id);
}
