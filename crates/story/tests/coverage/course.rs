//! Turns of one course: talks that were held and talks that were resumed.

use crate::page::{Page, Told};
use crate::run;

#[test]
fn an_undated_round_does_not_take_the_day_of_the_resumption() {
    let page = Page::new(
        "a",
        "east.example",
        "2024-02-15",
        "Talks\nNorland and Sudland held their first round of talks on the bases. The talks were resumed on 12 February.",
    )
    .event(&Told {
        kind: "CONSULT",
        what: "Norland and Sudland held their first round of talks on the bases",
        trigger: "talks",
        source: &["Norland", "Sudland"],
        ..Told::default()
    })
    .event(&Told {
        kind: "CONSULT",
        what: "The talks were resumed on 12 February",
        trigger: "talks",
        source: &["Norland", "Sudland"],
        day: Some("2024-02-12"),
        phase: Some("resumed"),
        ..Told::default()
    });
    let merged = run(&[page]);
    assert_eq!(merged.entries.len(), 2);
    let dated = merged.entries.iter().filter(|e| e.date.is_some()).count();
    assert_eq!(dated, 1, "the round has no day that the source gives");
}
