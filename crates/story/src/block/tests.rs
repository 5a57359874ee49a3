use rapporteur_coder::Coding;

use super::*;
use crate::{Doc, merge};

/// A report of the meeting at a place; its own words in `extra`. At Tarnhead it burns.
fn text(place: &str, extra: &str) -> String {
    if place == "Tarnhead" {
        return format!(
            "Firemen fought all night for the ropeworks of Tarnhead, where hemp and pitch had caught a spark from \
             the smithy. Two horses were saved; the roof was not. {extra}"
        );
    }
    format!(
        "Envoys of both shores met in {place} on the old barge to settle the {place} fishing quarrel. \
         The {place} harbour council had asked for quiet nets and a fair share of the {place} herring. {extra}"
    )
}

fn digest(name: &str, day: &str, place: &str, extra: &str) -> Digest {
    let coding = Coding::default();
    let text = text(place, extra);
    let title = match place {
        "Tarnhead" => "Ropeworks burn down".to_owned(),
        _ => format!("{place} envoys meet over herring"),
    };
    Digest::of(&Doc {
        id: Id::of([name]),
        title: &title,
        text: &text,
        published: day.parse().ok(),
        site: "gazette.example",
        agency: None,
        coding: &coding,
    })
}

fn coverage() -> Vec<Digest> {
    vec![
        digest(
            "a",
            "2031-03-10",
            "Velmouth",
            "The first evening ended with soup.",
        ),
        digest(
            "b",
            "2031-03-11",
            "Velmouth",
            "A second evening brought maps and a longer list.",
        ),
        digest(
            "c",
            "2031-03-13",
            "Velmouth",
            "On the third day they counted boats and went home.",
        ),
        digest(
            "d",
            "2031-03-13",
            "Velmouth",
            "On the third day they counted boats and went home.",
        ),
        digest(
            "e",
            "2031-03-12",
            "Tarnhead",
            "Smoke stood over the quay until the evening tide.",
        ),
        digest("f", "", "Ostrey", "Nobody wrote the day on this page."),
    ]
}

/// Cuts, merges and stitches; the documents go in as they come.
fn run(docs: &[Digest], cut: &Cut) -> Vec<Stitched> {
    let mut blocks: BTreeMap<BlockKey, Vec<InBlock>> = BTreeMap::new();
    for digest in docs {
        for (at, block) in blocks_of(digest, cut).into_iter().enumerate() {
            let digest = digest.clone().for_stories();
            blocks.entry(block).or_default().push(InBlock {
                home: at == 0,
                digest,
            });
        }
    }
    let merged = blocks.iter().flat_map(|(key, docs)| merge_block(key, docs));
    stitch(merged.collect())
}

fn grouping(stories: &[Stitched]) -> Vec<Vec<Id>> {
    stories
        .iter()
        .map(|s| s.docs.iter().map(|d| d.0).collect())
        .collect()
}

#[test]
fn one_block_gives_what_a_merge_gives() {
    let docs = coverage();
    let whole = crate::merge_digests(&docs.iter().collect::<Vec<_>>());
    let cut = Cut {
        days: 0,
        ..Cut::default()
    };
    let blocks = run(&docs, &cut);
    let mut stories: Vec<(Id, Vec<Id>, String)> = whole
        .stories
        .iter()
        .map(|s| (s.id, s.docs.clone(), s.title.clone()))
        .collect();
    stories.sort();
    let found: Vec<(Id, Vec<Id>, String)> = blocks
        .iter()
        .map(|s| (s.id, s.docs.iter().map(|d| d.0).collect(), s.title.clone()))
        .collect();
    assert_eq!(found, stories);
    for family in &whole.families {
        for doc in &family.docs {
            let of = blocks
                .iter()
                .flat_map(|s| &s.docs)
                .find(|d| d.0 == *doc)
                .unwrap()
                .1;
            assert_eq!(of, family.id);
        }
    }
}

#[test]
fn a_border_within_a_story_is_stitched() {
    let docs = coverage();
    // 2031-03-12 begins a window of three days counted from 1970: the story lies on both sides.
    for days in [1, 2, 3] {
        let cut = Cut {
            days,
            before: 3,
            parties: false,
        };
        let found = run(&docs, &cut);
        let velmouth = found
            .iter()
            .find(|s| s.docs.iter().any(|d| d.0 == Id::of(["a"])))
            .unwrap();
        assert_eq!(velmouth.docs.len(), 4, "windows of {days} days: {found:?}");
        assert_eq!(velmouth.id, Id::of(["a"]));
        let family = |name: &str| {
            velmouth
                .docs
                .iter()
                .find(|d| d.0 == Id::of([name]))
                .unwrap()
                .1
        };
        assert_eq!(family("c"), family("d"));
    }
}

#[test]
fn order_and_repetition_change_nothing() {
    let docs = coverage();
    let cut = Cut {
        days: 2,
        before: 2,
        parties: true,
    };
    let once = run(&docs, &cut);
    let mut back: Vec<Digest> = docs.iter().rev().cloned().collect();
    back.extend(docs.iter().cloned());
    assert_eq!(run(&back, &cut), once);
    let all: usize = once.iter().map(|s| s.docs.len()).sum();
    assert_eq!(all, docs.len(), "every document in exactly one story");
    assert_eq!(grouping(&once).concat().len(), all);
}

#[test]
fn a_document_has_one_home_and_context_at_a_border() {
    let doc = digest("a", "2031-03-10", "Velmouth", "");
    let start = day_number("2031-03-10".parse().unwrap());
    let cut = Cut {
        days: 14,
        before: 14,
        parties: false,
    };
    let blocks = blocks_of(&doc, &cut);
    assert_eq!(blocks.len(), 2);
    assert_eq!(blocks[0].0, day_name(start.div_euclid(14) * 14));
    assert_eq!(day_name(-1), "1969-12-31");
    assert_eq!(merge(&[]).stories, []);
}
