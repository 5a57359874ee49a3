//! Invented coverage of an invented process, with exact gold: families, entries, contradictions.

#![expect(clippy::unwrap_used, reason = "tests")]

mod any_text;
mod claims;
mod course;
mod page;

use page::{Page, Told};
use rapporteur_base::Operator::{About, Equal, Over};
use rapporteur_coder::Modality;
use rapporteur_story::{Comparison, Merged, Relation, merge};

const WIRE: &str = "Norland and Sudland hold second round of talks
The governments of Norland and Sudland held a second round of talks in Velm on 4 March 2024, officials of both said.
About 2,500 Norland troops are stationed in Sudland, and the envoys spoke about a timeline for their withdrawal.
The envoys met for six hours in a guesthouse by the river, with the water commissioners of both capitals in the next room.
A further meeting was not announced, but the hosts let it be known that the rooms had been kept for another week.
Traders in the border town said that lorries had begun to cross again in small numbers after a winter of closed gates.
Fishermen who had waited since autumn were told that licences would be looked at by the joint panel in its next sitting.";

const VELM: &str =
    "The governments of Norland and Sudland held a second round of talks in Velm on 4 March 2024";
const TROOPS: &str = "About 2,500 Norland troops are stationed in Sudland";

fn round_two(what: &'static str) -> Told<'static> {
    Told {
        kind: "CONSULT",
        what,
        trigger: "talks",
        source: &["Norland", "Sudland"],
        place: Some("Velm"),
        day: Some("2024-03-04"),
        ..Told::default()
    }
}

fn wire(name: &'static str, site: &'static str, published: &str, text: &str) -> Page {
    Page::new(name, site, published, text)
        .wire("Lowland Wire")
        .event(&round_two(VELM))
        .figure(
            "2,500",
            2500.0,
            About,
            "troops",
            "Norland troops",
            TROOPS,
            None,
        )
}

/// The wire story, a reprint under another title, and one cut down to its first half.
fn wires() -> Vec<Page> {
    let half: Vec<&str> = WIRE.lines().take(4).collect();
    vec![
        wire("wire", "lowland.example", "2024-03-04", WIRE),
        wire(
            "reprint",
            "harbour.example",
            "2024-03-05",
            &format!(
                "Talks go on in Velm\n{}",
                &WIRE[WIRE.find('\n').unwrap() + 1..]
            ),
        ),
        wire("cut", "meridian.example", "2024-03-05", &half.join("\n")),
    ]
}

/// Another outlet's own report of the same round.
fn own_report() -> Page {
    let text = "Velm round ends without a date\n\
        In Velm, delegations from Sudland and Norland sat down for a second round of talks on 4 March 2024. \
        Norland keeps 2,500 troops in its neighbour's south, and Sudland wants a timeline for a reduction of those forces.\n\
        Sudland's shops were shut for the holiday and few people in Velm noticed the motorcade.";
    Page::new("own", "courier.example", "2024-03-05", text)
        .event(&round_two(
            "delegations from Sudland and Norland sat down for a second round of talks on 4 March 2024",
        ))
        .figure("2,500 troops", 2500.0, Equal, "troops", "Norland troops", "Norland keeps 2,500 troops in its neighbour's south", None)
}

fn run(pages: &[Page]) -> Merged {
    let docs: Vec<_> = pages.iter().map(Page::doc).collect();
    let merged = merge(&docs);
    // Whatever the order.
    let mut turned = docs.clone();
    turned.reverse();
    assert_eq!(merge(&turned), merged);
    let digests: Vec<_> = docs.iter().map(rapporteur_story::Digest::of).collect();
    let kept = serde_json::to_string(&digests).unwrap();
    let read: Vec<rapporteur_story::Digest> = serde_json::from_str(&kept).unwrap();
    let light = rapporteur_story::merge_digests(&read.iter().collect::<Vec<_>>());
    assert_eq!(light, merged, "a digest that was stored says the same");
    for comparison in &merged.comparisons {
        for side in comparison.a.iter().chain(&comparison.b) {
            let page = pages.iter().find(|p| p.id() == side.doc).unwrap();
            assert!(!side.span.of(&page.text).is_empty());
        }
    }
    merged
}

fn of(merged: &Merged, kind: Relation) -> Vec<&Comparison> {
    merged
        .comparisons
        .iter()
        .filter(|c| c.kind == kind)
        .collect()
}

#[test]
fn three_reprints_are_one_source() {
    let merged = run(&wires());
    assert_eq!(merged.families.len(), 1);
    assert_eq!(merged.families[0].origin, "Lowland Wire");
    assert_eq!(merged.stories.len(), 1);
    assert_eq!(merged.entries.len(), 1);
    let counts = merged.entries[0].counts;
    assert_eq!(
        (
            counts.mentions,
            counts.articles,
            counts.families,
            counts.origins
        ),
        (3, 3, 1, 1)
    );
    assert_eq!(merged.entries[0].status, "single-source");
    assert!(merged.comparisons.is_empty(), "{:#?}", merged.comparisons);
}

#[test]
fn an_independent_report_confirms() {
    let mut pages = wires();
    pages.push(own_report());
    let merged = run(&pages);
    assert_eq!(merged.families.len(), 2);
    assert_eq!(merged.entries.len(), 1);
    assert_eq!(merged.entries[0].status, "corroborated");
    assert_eq!(merged.entries[0].counts.origins, 2);
    assert_eq!(
        merged.figures.len(),
        1,
        "about 2,500 and 2,500 are one number"
    );
    let topics: Vec<&str> = of(&merged, Relation::Confirmed)
        .iter()
        .map(|c| c.why.rule.as_str())
        .collect();
    assert!(topics.contains(&"compare/same-event"));
    assert!(topics.contains(&"compare/same-figure"));
    assert!(of(&merged, Relation::Contradiction).is_empty());
    let extent = of(&merged, Relation::Refines);
    assert_eq!(extent.len(), 1, "withdrawal and reduction: {extent:#?}");
    assert_eq!(extent[0].why.rule, "compare/extent");
}

/// What else each outlet had seen: independent texts share the event, not the words.
fn surroundings(name: &str) -> &'static str {
    match name {
        "a" => {
            "Sudland called in the envoy of its neighbour. Stalls of cloth and copper burned until noon while the fire brigade waited for water from the river."
        }
        "b" => {
            "Sudland said that it would write to every capital in the region. A teacher from the quarter described how pupils had been sent home before the bell."
        }
        "c" => {
            "Sudland closed the bridge. Nobody had expected aircraft again so soon, a baker told our reporter, sweeping glass from the door of a shop that had just been mended."
        }
        _ => {
            "Sudland shut its side of the border for lorries. Two wards of the clinic ran on a generator through the night, and nurses wrote the names of the dead on a wall."
        }
    }
}

fn strike(
    name: &'static str,
    site: &'static str,
    published: &str,
    day: &'static str,
    dead: u32,
) -> Page {
    let date: rapporteur_base::Date = day.parse().unwrap();
    let weekday = [
        "",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ][date.weekday().to_monday_one_offset() as usize];
    let text = format!(
        "Strike on Orda market ({site})\n{site}: Norland aircraft struck the market of Orda on {weekday}. \
         The strike killed {dead} people, the hospital said.\n{}",
        surroundings(name)
    );
    let clause = format!("Norland aircraft struck the market of Orda on {weekday}");
    let killed = format!("The strike killed {dead} people");
    Page::new(name, site, published, &text)
        .figure(
            &format!("{dead} people"),
            f64::from(dead),
            Equal,
            "people",
            "people",
            &killed,
            None,
        )
        .event(&Told {
            kind: "ASSAULT",
            what: &clause,
            trigger: "struck",
            source: &["Norland army"],
            target: &["Sudland"],
            place: Some("Orda"),
            day: Some(day),
            figures: &[0],
            ..Told::default()
        })
}

#[test]
fn two_strikes_in_a_week_stay_two() {
    let merged = run(&[
        strike("a", "east.example", "2024-05-06", "2024-05-06", 4),
        strike("b", "west.example", "2024-05-07", "2024-05-06", 4),
        strike("c", "east.example", "2024-05-09", "2024-05-09", 11),
        strike("d", "north.example", "2024-05-10", "2024-05-09", 11),
    ]);
    assert_eq!(merged.entries.len(), 2);
    assert!(merged.entries.iter().all(|e| e.counts.origins == 2));
    assert!(of(&merged, Relation::Contradiction).is_empty());
    assert_eq!(
        merged.figures.len(),
        2,
        "tolls of two strikes are two numbers"
    );
}

#[test]
fn tolls_of_one_strike_are_compared() {
    let same_day = run(&[
        strike("a", "east.example", "2024-05-06", "2024-05-06", 4),
        strike("b", "west.example", "2024-05-06", "2024-05-06", 9),
    ]);
    let found = of(&same_day, Relation::Contradiction);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].why.rule, "compare/number");
    let figure = &same_day.figures[0];
    assert_eq!((figure.low, figure.high), (Some(4.0), Some(9.0)));
    let later = run(&[
        strike("a", "east.example", "2024-05-06", "2024-05-06", 4),
        strike("b", "west.example", "2024-05-08", "2024-05-06", 9),
    ]);
    assert!(
        of(&later, Relation::Contradiction).is_empty(),
        "a toll rises"
    );
    assert_eq!(
        of(&later, Relation::Updates)[0].why.rule,
        "compare/toll-rose"
    );
}

fn account(name: &'static str, site: &'static str, published: &str, text: &str) -> Page {
    Page::new(name, site, published, text)
}

#[test]
fn days_of_one_resumption_clash() {
    let merged = run(&[
        account(
            "a",
            "east.example",
            "2024-02-15",
            "Back at the table\nNorland and Sudland resumed talks on February 12 after a pause of two weeks.",
        ),
        account(
            "b",
            "west.example",
            "2024-02-13",
            "Envoys return\nThe talks between Sudland and Norland were resumed on February 11, diplomats said.",
        ),
    ]);
    let found = of(&merged, Relation::Contradiction);
    assert_eq!(found.len(), 1, "{:#?}", merged.comparisons);
    assert_eq!(found[0].why.rule, "compare/state-day");
}

#[test]
fn a_process_that_moves_is_no_conflict() {
    let merged = run(&[
        account(
            "a",
            "east.example",
            "2024-01-30",
            "Talks on hold\nThe talks between Norland and Sudland, which began on January 27, were suspended on January 29.",
        ),
        account(
            "b",
            "west.example",
            "2024-02-15",
            "Back at the table\nNorland and Sudland resumed talks on February 12. The talks had begun on January 27.",
        ),
    ]);
    assert!(
        of(&merged, Relation::Contradiction).is_empty(),
        "{:#?}",
        merged.comparisons
    );
    let moved = of(&merged, Relation::Updates);
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0].why.rule, "compare/state-moved-on");
    assert!(
        of(&merged, Relation::Confirmed)
            .iter()
            .any(|c| c.why.rule == "compare/same-state"),
        "both give 27 January"
    );
}

#[test]
fn last_words_that_cannot_both_hold() {
    let concluded = account(
        "a",
        "notes.example",
        "",
        "What the round left\nNorland and Sudland have concluded a round of talks on the border.",
    );
    let denied = account(
        "b",
        "west.example",
        "2024-02-17",
        "No end yet\nNorland and Sudland met again. The round of talks did not conclude, one envoy said.",
    );
    let merged = run(&[concluded, denied]);
    let found = of(&merged, Relation::Denies);
    assert_eq!(found.len(), 1, "{:#?}", merged.comparisons);
    assert_eq!(found[0].why.rule, "compare/state-denied");
}

#[test]
fn a_denial_disputes_the_report() {
    let told = |name, site, text: &'static str, what, modality, by| {
        Page::new(name, site, "2024-06-02", text).event(&Told {
            kind: "ASSAULT",
            what,
            trigger: "shelled",
            source: &["Norland army"],
            target: &["Hill Front"],
            place: Some("Kessa"),
            day: Some("2024-06-01"),
            modality: Some(modality),
            said_by: by,
            ..Told::default()
        })
    };
    let merged = run(&[
        told(
            "a",
            "east.example",
            "Shells fall on Kessa\nNorland guns shelled Hill Front posts near Kessa on 1 June 2024, villagers said.",
            "Norland guns shelled Hill Front posts near Kessa on 1 June 2024",
            Modality::Actual,
            None,
        ),
        told(
            "b",
            "west.example",
            "Army rejects account\nNorland denied that its guns shelled Hill Front posts near Kessa on 1 June 2024.",
            "its guns shelled Hill Front posts near Kessa on 1 June 2024",
            Modality::Denied,
            Some("Norland army"),
        ),
    ]);
    let found = of(&merged, Relation::Denies);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].why.rule, "compare/denied");
    assert_eq!(
        merged.entries.len(),
        2,
        "report and denial do not corroborate each other"
    );
    assert!(merged.entries.iter().all(|e| e.status == "disputed"));
}

#[test]
fn different_scope_is_never_compared() {
    let text = |n: u32, whose: &str, place: &str| {
        format!(
            "Numbers\nNorland and Sudland differ on little. There are {n} {whose} troops in {place} today."
        )
    };
    let page = |name, site, n: u32, whose: &str, place: &str| {
        let of = format!("{whose} troops");
        let context = format!("There are {n} {whose} troops in {place} today");
        Page::new(name, site, "2024-04-02", &text(n, whose, place)).figure(
            &format!("{n} {whose} troops"),
            f64::from(n),
            Equal,
            "troops",
            &of,
            &context,
            Some(place),
        )
    };
    let merged = run(&[
        page("a", "east.example", 2500, "Norland", "Sudland"),
        page("b", "west.example", 900, "Norland", "Westland"),
        page("c", "south.example", 4100, "coalition", "Sudland"),
    ]);
    assert_eq!(merged.figures.len(), 3);
    assert!(of(&merged, Relation::Contradiction).is_empty());
}

#[test]
fn bounds_that_grow_are_no_conflict() {
    let page = |name, site, published, words: &str, value: f64| {
        let text = format!(
            "Attacks counted\nNorland and Sudland blame each other. There were {words} attacks on Norland convoys since mid-October."
        );
        let context = format!("There were {words} attacks on Norland convoys since mid-October");
        Page::new(name, site, published, &text).figure(
            &format!("{words} attacks"),
            value,
            Over,
            "attacks",
            "attacks on Norland convoys",
            &context,
            None,
        )
    };
    let merged = run(&[
        page("a", "east.example", "2024-01-27", "over 150", 150.0),
        page("b", "west.example", "2024-01-30", "more than 160", 160.0),
    ]);
    assert!(of(&merged, Relation::Contradiction).is_empty());
    assert_eq!(
        of(&merged, Relation::Updates)[0].why.rule,
        "compare/figure-grew"
    );
}

#[test]
fn a_month_and_a_day_refine() {
    let page = |name, site, text: &'static str, what: &'static str, day, month| {
        Page::new(name, site, "2024-03-09", text).event(&Told {
            kind: "CONSULT",
            what,
            trigger: "round",
            source: &["Norland", "Sudland"],
            day,
            month,
            ..Told::default()
        })
    };
    let merged = run(&[
        page(
            "a",
            "east.example",
            "A\nNorland and Sudland held the second round of talks on 4 March on border crossings.",
            "Norland and Sudland held the second round of talks on 4 March on border crossings",
            Some("2024-03-04"),
            None,
        ),
        page(
            "b",
            "west.example",
            "B\nIn March Sudland and Norland met for the second round of their talks on border crossings.",
            "In March Sudland and Norland met for the second round of their talks on border crossings",
            None,
            Some((2024, 3)),
        ),
        page(
            "c",
            "south.example",
            "C\nIn March Sudland and Norland met for the third round of their talks on border crossings.",
            "In March Sudland and Norland met for the third round of their talks on border crossings",
            None,
            Some((2024, 3)),
        ),
    ]);
    assert_eq!(merged.entries.len(), 2, "second and third round stay two");
    assert_eq!(
        of(&merged, Relation::Refines)[0].why.rule,
        "compare/date-detail"
    );
    assert!(of(&merged, Relation::Contradiction).is_empty());
}

#[test]
fn one_official_quoted_twice_is_one_origin() {
    let page = |name, site, text: &'static str, what| {
        Page::new(name, site, "2024-06-02", text).event(&Told {
            kind: "MOBILIZE",
            what,
            trigger: "moved",
            source: &["Norland army"],
            place: Some("Kessa"),
            day: Some("2024-06-01"),
            said_by: Some("Hill Front"),
            ..Told::default()
        })
    };
    let merged = run(&[
        page(
            "a",
            "east.example",
            "A\nHill Front said Norland moved two brigades to Kessa on Saturday.",
            "Norland moved two brigades to Kessa on Saturday",
        ),
        page(
            "b",
            "west.example",
            "B\nAccording to Hill Front, Norland has moved soldiers towards Kessa on Saturday, 1 June.",
            "Norland has moved soldiers towards Kessa on Saturday, 1 June",
        ),
    ]);
    assert_eq!(merged.entries.len(), 1);
    let entry = &merged.entries[0];
    assert_eq!((entry.counts.families, entry.counts.origins), (2, 1));
    assert_eq!(entry.status, "single-source");
    assert!(of(&merged, Relation::Confirmed).is_empty());
}

#[test]
fn one_deadline_is_a_detail_two_are_a_conflict() {
    let page = |name, site, text: &'static str, what, due| {
        Page::new(name, site, "2024-06-02", text).commitment("Norland", what, due)
    };
    let month = |m| rapporteur_base::Interval::month(2025, m).unwrap();
    let bare = page(
        "a",
        "east.example",
        "A\nNorland and Sudland spoke. Norland will hand over the border posts to joint patrols.",
        "hand over the border posts to joint patrols",
        None,
    );
    let june = page(
        "b",
        "west.example",
        "B\nNorland told Sudland that it will hand over the border posts to joint patrols by June 2025.",
        "hand over the border posts to joint patrols",
        Some(("June 2025", month(6))),
    );
    let may = page(
        "c",
        "south.example",
        "C\nBy May 2025, Norland says, it will hand over the border posts to joint patrols with Sudland.",
        "hand over the border posts to joint patrols",
        Some(("May 2025", month(5))),
    );
    let detail = run(&[bare.clone(), june.clone()]);
    assert_eq!(
        of(&detail, Relation::Refines)[0].why.rule,
        "compare/deadline-detail"
    );
    assert!(of(&detail, Relation::Contradiction).is_empty());
    let conflict = run(&[june, may]);
    assert_eq!(
        of(&conflict, Relation::Contradiction)[0].why.rule,
        "compare/deadline"
    );
}

#[test]
fn every_line_of_a_brief_is_cited() {
    let mut pages = wires();
    pages.push(own_report());
    pages.push(strike("a", "east.example", "2024-05-06", "2024-05-06", 4));
    pages.push(strike("b", "west.example", "2024-05-06", "2024-05-06", 9));
    let docs: Vec<_> = pages.iter().map(Page::doc).collect();
    let merged = merge(&docs);
    let lines = rapporteur_story::brief_lines(&merged, &docs, "2024-04-01".parse().ok());
    let of = |section| lines.iter().filter(|l| l.section == section).count();
    assert_eq!(of(rapporteur_story::Section::Background), 1);
    assert_eq!(of(rapporteur_story::Section::New), 1);
    assert_eq!(of(rapporteur_story::Section::Disputed), 1);
    for line in &lines {
        assert!(!line.evidence.is_empty());
        for e in &line.evidence {
            let page = pages.iter().find(|p| p.id() == e.doc).unwrap();
            assert!(!e.span.of(&page.text).is_empty());
        }
    }
}
