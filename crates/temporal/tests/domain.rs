//! The sentences of `data/temporal/domain.tsv` and `arabic_domain.tsv` with their expected expressions.

use rapporteur_temporal::{Timex, tag};

/// One expected expression, written as a found one is written by [`written`].
fn wanted(cell: &str) -> Vec<String> {
    if cell == "-" {
        return Vec::new();
    }
    cell.split(" ; ")
        .map(|item| item.trim().to_owned())
        .collect()
}

/// A found expression with the fields that `want` is about.
fn written(text: &str, found: &Timex, want: &str) -> String {
    let mut out = format!("{} = {}", found.span.of(text), found.value);
    let mut add = |key: &str, value: Option<String>| {
        if want.contains(&format!(" {key}=")) {
            out.push_str(&format!(" {key}={}", value.unwrap_or_default()));
        }
    };
    add("mod", found.modifier.clone());
    add("to", found.value_to.clone());
    add("rel", found.relation.clone());
    add("zone", found.zone.clone());
    let end = |date: Option<rapporteur_base::Date>| date.map_or(String::new(), |d| d.to_string());
    let days = found.interval.map_or("none".to_owned(), |i| {
        format!("{}..{}", end(i.from), end(i.to))
    });
    add("in", Some(days));
    out
}

fn run(table: &str) {
    let mut wrong = Vec::new();
    for (number, line) in table.lines().enumerate() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(
            cells.len(),
            3,
            "line {}: three cells are needed",
            number + 1
        );
        let want = wanted(cells[2]);
        let found = tag(cells[1], cells[0].parse().ok());
        let got: Vec<String> = found
            .iter()
            .enumerate()
            .map(|(at, t)| written(cells[1], t, want.get(at).map_or("", String::as_str)))
            .collect();
        if got != want {
            wrong.push(format!(
                "line {}: wanted {want:?}\n          found {got:?}",
                number + 1
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn english_domain_sentences() {
    run(include_str!("../data/domain.tsv"));
}

#[test]
fn arabic_domain_sentences() {
    run(include_str!("../data/arabic_domain.tsv"));
}
