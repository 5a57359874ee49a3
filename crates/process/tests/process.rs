//! A process from its file to its dates, on invented tables and an empty record.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use proptest::prelude::*;
use rapporteur_base::Date;
use rapporteur_process::{Past, origins};
use rapporteur_process::{
    Process, Projection, Standing, Status, Tables, WhatIf, calibrated, parse, projected,
};
use rapporteur_record::View;

const EXAMPLE: &str = include_str!("../../../examples/us-iraq-talks/process.toml");
const INCIDENTS: &str = include_str!("../../../examples/us-iraq-talks/incidents.csv");

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A process with one condition over a table.
fn small(more: &str) -> Process {
    let text = format!(
        "[process]\nid = \"p\"\ntitle = \"Talks\"\n[projection]\nhorizon = 12\ndraws = 400\n\
         [[table]]\nid = \"t\"\nfile = \"t.csv\"\n\
         [[condition]]\nid = \"quiet\"\nindicator = \"table(id=t)\"\nwindow = \"3 months\"\ntest = \"<= 4 / month\"\namber = \"<= 8 / month\"\nhold = \"2 windows\"\n\
         [[phase]]\nid = \"a\"\nneeds = [\"quiet\"]\nno_later = 2024-12-31\n{more}"
    );
    parse(&text).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"))
}

/// Months from January 2023 on.
fn table(values: &[&str]) -> Tables {
    let mut csv = "month,value\n".to_owned();
    for (at, value) in values.iter().enumerate() {
        csv.push_str(&format!("{}-{:02},{value}\n", 2023 + at / 12, at % 12 + 1));
    }
    Tables::from([("t".to_owned(), csv)])
}

fn ahead(process: &Process, tables: &Tables, on: &str) -> Projection {
    projected(process, &View::default(), tables, day(on), None)
}

#[test]
fn every_fault_is_told_at_once_with_what_was_meant() {
    let text = "[process]\nid = \"p\"\ntitel = \"T\"\n\n[[party]]\nid = \"us\"\nname = \"U\"\n\n[[condition]]\nid = \"c\"\njudged_by = [\"uss\"]\nwindow = \"3 months\"\n\n[[phase]]\nid = \"a\"\nneeds = [\"d\"]\nno_later = \"soon\"\n\n[[phse]]\nid = \"b\"\n";
    let told: Vec<String> = parse(text)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "1:1: [process] needs `title`",
            "3:1: unknown key `titel` in [process]; did you mean `title`?; valid: anchor, id, note, title",
            "11:14: `uss` is no party, body or judge; did you mean `us`?; valid: us",
            "12:10: `window` has no meaning in a judged condition",
            "16:10: `d` is no condition; did you mean `c`?; valid: c",
            "17:12: `no_later`: `soon` is no date; write `2025-01-31`, `2025-01`, `2025`, `2025-01..2025-03`, `+2 years` (after the anchor) or a row of the record like `ev:m-1f3b9a0c2d4e`",
            "19:3: unknown table [phse]; did you mean `phase`?; valid: body, commitment, condition, coverage, judge, level, party, phase, position, process, projection, rating, scope, suspension, table, track",
        ]
    );
}

#[test]
fn broken_toml_and_circles_are_told() {
    let broken = "[process]\nid = \"p\ntitle = \"T\"\n";
    assert_eq!(parse(broken).unwrap_err()[0].line, 2);
    let circle = "[process]\nid = \"p\"\ntitle = \"T\"\n[[phase]]\nid = \"a\"\nafter = [\"b\"]\n[[phase]]\nid = \"b\"\nafter = [\"a\"]\n";
    let told = parse(circle).unwrap_err();
    assert!(told[0].what.contains("in a circle: a, b"), "{told:?}");
}

#[test]
fn a_light_is_green_only_when_it_held_long_enough() {
    let process = small("");
    let status = |values: &[&str], on: &str| {
        let standing = Standing::of(&process, &View::default(), &table(values), day(on), &[]);
        standing.lights[0].now().status
    };
    assert_eq!(status(&["2", "2", "2", "2"], "2023-04-30"), Status::Green);
    // The second window has to pass too.
    assert_eq!(status(&["20", "2", "2", "2"], "2023-04-30"), Status::Amber);
    assert_eq!(status(&["6", "6", "6"], "2023-03-31"), Status::Amber);
    assert_eq!(status(&["9", "9", "9"], "2023-03-31"), Status::Red);
    // A month that is not told is not zero, but what is told can already be too much.
    assert_eq!(status(&["2", "", "2"], "2023-03-31"), Status::Unknown);
    assert_eq!(status(&["30", "", "2"], "2023-03-31"), Status::Red);
    assert_eq!(status(&["2", "2", "2"], "2023-06-30"), Status::Unknown);
}

#[test]
fn a_table_is_read_only_as_far_as_it_was_published() {
    let text = "[process]\nid = \"p\"\ntitle = \"T\"\n[[table]]\nid = \"t\"\nfile = \"t.csv\"\npublished = \"seen\"\n[[condition]]\nid = \"c\"\nindicator = \"table(id=t)\"\ntest = \"<= 4\"\n";
    let process = parse(text).unwrap();
    let csv = "month,value,seen\n2023-01,2,2023-03-05\n".to_owned();
    let tables = Tables::from([("t".to_owned(), csv)]);
    let cell = |on: &str| {
        let standing = Standing::of(&process, &View::default(), &tables, day(on), &[]);
        standing.lights[0].observed.clone().unwrap().known()
    };
    assert_eq!((cell("2023-02-28"), cell("2023-03-31")), (0, 1));
}

#[test]
fn phases_come_in_order_and_say_what_binds() {
    let process = small("[[phase]]\nid = \"b\"\nafter = [\"a\"]\ntakes = \"3 months\"\n");
    let quiet = ahead(&process, &table(&["1"; 12]), "2023-12-31");
    let months = |at: usize| quiet.phases[at].dates.as_ref().unwrap().quantile(0.5);
    assert_eq!(months(0), Some(2024 * 12));
    assert_eq!(months(1), Some(2024 * 12 + 3));
    assert_eq!(quiet.phases[0].by_ceiling, Some(1.0));
    let loud = ahead(&process, &table(&["40"; 24]), "2024-12-31");
    let first = &loud.phases[0];
    assert_eq!(first.binding[0].0, "quiet");
    assert!(first.dates.as_ref().unwrap().never > 0.5);
}

#[test]
fn what_nobody_knows_is_not_projected() {
    let process = small("[[phase]]\nid = \"b\"\nafter = [\"a\"]\n");
    let none = ahead(&process, &table(&["3", "", ""]), "2023-03-31");
    assert!(none.phases.iter().all(|p| p.dates.is_none()));
    assert!(
        none.phases[0].why.contains("1 known months of at least 3"),
        "{}",
        none.phases[0].why
    );
    assert!(none.phases[1].why.contains("comes after a"));
    let card = calibrated(
        &process,
        &View::default(),
        &table(&["3"]),
        day("2023-03-31"),
        &[],
    );
    assert_eq!((card.scored, card.brier), (0, None));
}

#[test]
fn more_attacks_put_the_phase_off_and_a_suspension_stops_the_clock() {
    let values = ["9", "6", "5", "3", "2", "3", "2", "1", "4", "3", "2", "2"];
    let plain = small("");
    let tables = table(&values);
    let before = ahead(&plain, &tables, "2023-12-31");
    let what = WhatIf {
        condition: "quiet".into(),
        value: Some(60.0),
        months: 2,
    };
    let after = projected(
        &plain,
        &View::default(),
        &tables,
        day("2023-12-31"),
        Some(&what),
    );
    let by = |p: &Projection| p.phases[0].dates.as_ref().unwrap().by(2024 * 12 + 3);
    assert!(
        by(&after) < by(&before) / 2.0,
        "{} {}",
        by(&after),
        by(&before)
    );
    let stopped = small("[[suspension]]\nfrom = 2023-12-20\n");
    let held = ahead(&stopped, &tables, "2023-12-31");
    let first = |p: &Projection| p.phases[0].dates.as_ref().unwrap().mass[0];
    assert!(first(&held) < 0.1 && first(&before) > 0.5);
    assert!(held.stopped[0] > 0.9);
}

#[test]
fn judges_stay_apart_and_only_their_agreement_is_green() {
    let text = |second: &str| {
        format!(
            "[process]\nid = \"p\"\ntitle = \"T\"\n[[judge]]\nid = \"x\"\nname = \"X\"\n[[judge]]\nid = \"y\"\nname = \"Y\"\n\
             [[condition]]\nid = \"ready\"\njudged_by = [\"x\", \"y\"]\npass = 2\nvalid = \"6 months\"\n\
             [[rating]]\ncondition = \"ready\"\nby = \"x\"\non = 2024-01-10\nvalue = 3\n{second}"
        )
    };
    let light = |second: &str, on: &str| {
        let process = parse(&text(second)).unwrap();
        let standing = Standing::of(&process, &View::default(), &Tables::new(), day(on), &[]);
        standing.lights[0].now().clone()
    };
    let other = |value: u8| {
        format!("[[rating]]\ncondition = \"ready\"\nby = \"y\"\non = 2024-02-01\nvalue = {value}\n")
    };
    assert_eq!(light(&other(2), "2024-03-01").status, Status::Green);
    let apart = light(&other(0), "2024-03-01");
    assert_eq!(apart.status, Status::Amber);
    assert_eq!(
        apart.ratings.iter().map(|j| j.value).collect::<Vec<_>>(),
        [Some(3), Some(0)]
    );
    assert_eq!(light("", "2024-03-01").status, Status::Unknown);
    // Before the second judge spoke, and after both ratings went stale.
    assert_eq!(light(&other(2), "2024-01-31").status, Status::Unknown);
    assert_eq!(light(&other(2), "2025-01-31").status, Status::Unknown);
}

#[test]
fn the_example_is_scored_against_its_own_past() {
    let process = parse(EXAMPLE).unwrap();
    let tables = Tables::from([("incidents".to_owned(), INCIDENTS.to_owned())]);
    let (on, empty) = (day("2024-02-20"), View::default());
    let past: Vec<Past> = origins(on, 24)
        .into_iter()
        .map(|day| Past::of(&process, &empty, &tables, day))
        .collect();
    let card = calibrated(&process, &empty, &tables, on, &past);
    assert!(card.scored > 30, "{card:?}");
    let all: usize = card.bins.iter().map(|b| b.n).sum();
    assert_eq!(all, card.scored);
}

#[test]
fn the_same_seed_gives_the_same_projection() {
    let process = small("");
    let tables = table(&["9", "6", "5", "3", "2", "3", "2", "1", "14", "3", "2", "7"]);
    let on = "2023-12-31";
    assert_eq!(ahead(&process, &tables, on), ahead(&process, &tables, on));
    let mut other = process.clone();
    other.settings.seed = 2;
    assert_ne!(
        ahead(&process, &tables, on).fans,
        ahead(&other, &tables, on).fans
    );
}

/// The example with the keys of each table in another order.
fn reordered(text: &str, turn: usize) -> String {
    let mut out = String::new();
    let mut keys: Vec<&str> = Vec::new();
    let flush = |out: &mut String, keys: &mut Vec<&str>| {
        let n = keys.len().max(1);
        keys.rotate_left(turn % n);
        for key in keys.drain(..) {
            out.push_str(key);
            out.push('\n');
        }
    };
    for line in text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        if line.starts_with('[') {
            flush(&mut out, &mut keys);
            out.push_str(line);
            out.push('\n');
        } else {
            keys.push(line);
        }
    }
    flush(&mut out, &mut keys);
    out
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(from in 0usize..6000, length in 0usize..60, put in ".{0,12}") {
        let chars: Vec<char> = EXAMPLE.chars().collect();
        let from = from.min(chars.len());
        let to = (from + length).min(chars.len());
        let text: String = chars[..from].iter().copied().chain(put.chars()).chain(chars[to..].iter().copied()).collect();
        match parse(&text) {
            Ok(mut process) => {
                process.settings.draws = 100;
                let tables = Tables::from([("incidents".to_owned(), INCIDENTS.to_owned())]);
                let on = day("2024-02-20");
                let _ = Standing::of(&process, &View::default(), &tables, on, &[]);
                let _ = projected(&process, &View::default(), &tables, on, None);
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }

    #[test]
    fn the_order_of_keys_does_not_matter(turn in 0usize..12) {
        let mut plain = parse(EXAMPLE).unwrap();
        let mut turned = parse(&reordered(EXAMPLE, turn)).unwrap();
        // Only the places in the file differ.
        plain.references.clear();
        turned.references.clear();
        prop_assert_eq!(plain, turned);
    }

    #[test]
    fn any_table_is_read_or_refused(text in "(month,value\n)?([0-9a-z,.\\-]{0,12}\n){0,8}", on in 0i16..400) {
        let process = small("");
        let tables = Tables::from([("t".to_owned(), text)]);
        let on = day("2023-01-01").saturating_add(jiff::Span::new().days(i64::from(on)));
        let standing = Standing::of(&process, &View::default(), &tables, on, &[]);
        let last = standing.lights[0].observed.as_ref().unwrap().cells.last().map(|c| c.month);
        prop_assert!(last.unwrap_or(0) <= rapporteur_process::months::last_complete(on));
    }
}
