//! A declared process as a page: where it stands, what its lights say and why, and what dates
//! follow. The same page for the terminal and for HTML.

mod ahead;
mod charts;
mod lights;
mod now;
mod windows;

use rapporteur_process::{Calibration, Process, Projection, Standing, WhatIf, months};
use rapporteur_record::{Cite as RecordCite, View};

use crate::compose::sources;
use crate::sections::Numbers;
use crate::tidy::renumber;
use crate::{Brief, Cite, Section, day, words};

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Page<'p> {
    /// The file.
    pub process: &'p Process,
    /// Where it stands.
    pub standing: &'p Standing,
    /// What may come, with the score card of past projections: one is never shown without the other.
    pub ahead: Option<Ahead<'p>>,
    /// The record, for its sources.
    pub view: &'p View,
    /// Which version of the file it is, in words.
    pub version: &'p str,
}

/// The projection and how far past ones could be trusted.
#[derive(Clone, Copy, Debug)]
pub struct Ahead<'p> {
    /// The projection.
    pub projection: &'p Projection,
    /// What past ones were worth.
    pub calibration: &'p Calibration,
    /// What is changed, and the projection without and with it, drawn alike.
    pub what_if: Option<(&'p WhatIf, &'p Projection, &'p Projection)>,
}

/// Which parts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where it stands.
    Now,
    /// What may come.
    Ahead,
    /// Both.
    All,
}

/// Composes the page.
pub fn process(page: Page<'_>, part: Part) -> Brief {
    let numbers = Numbers::of(page.view);
    let mut sections: Vec<Section> = Vec::new();
    if part != Part::Ahead {
        sections.extend(now::sections(&page, &numbers));
    }
    if let Some(ahead) = page.ahead.filter(|_| part != Part::Now) {
        sections.extend(ahead::sections(&page, ahead));
    }
    let mut brief = Brief {
        title: page.process.title.clone(),
        basis: basis(&page),
        sections,
        sources: sources(page.view),
        ..Brief::default()
    };
    renumber(&mut brief);
    brief
}

fn basis(page: &Page<'_>) -> Vec<String> {
    let standing = page.standing;
    let mut out = vec![format!(
        "Process {} as of {}, from {}; {}.",
        page.process.id,
        day(standing.day),
        words::count(page.view.docs.len(), "article", "articles"),
        page.version
    )];
    let least = page.process.coverage;
    out.push(format!(
        "A month counts with at least {} from {}; a month without is unknown, never zero.",
        words::count(least.articles, "article", "articles"),
        words::count(least.sources, "outlet", "outlets"),
    ));
    let tail: Vec<String> = standing
        .coverage
        .iter()
        .rev()
        .take(6)
        .rev()
        .map(|(m, articles, outlets)| format!("{} {articles}/{outlets}", short_month(*m)))
        .collect();
    out.push(format!("Articles/outlets by month: {}.", tail.join(", ")));
    if standing.by_hand > 0 {
        out.push(format!(
            "{} of the file cite nothing: entered by hand.",
            words::count(standing.by_hand, "line", "lines")
        ));
    }
    if !page.process.note.is_empty() {
        out.push(page.process.note.clone());
    }
    out
}

/// `Feb 2024`.
fn month(month: i32) -> String {
    let written = day(months::first_day(month));
    written
        .split_once(' ')
        .map_or(written.clone(), |(_, rest)| rest.to_owned())
}

/// `Feb 24`.
fn short_month(month: i32) -> String {
    let written = self::month(month);
    let (name, year) = written.split_once(' ').unwrap_or((&written, ""));
    format!("{name} {}", year.get(2..).unwrap_or(year))
}

/// `15%`; less than one and more than ninety-nine are told as such.
fn percent(share: f64) -> String {
    let n = share * 100.0;
    if share > 0.0 && n < 1.0 {
        "under 1%".into()
    } else if share < 1.0 && n > 99.0 {
        "over 99%".into()
    } else {
        format!("{n:.0}%")
    }
}

fn cites(numbers: &Numbers, evidence: &[RecordCite]) -> Vec<Cite> {
    numbers.cites(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_cannot_put_markup_into_the_page() {
        let text = r#"
            [process]
            id = "p"
            title = "<script>a</script>"
            note = "<img src=x>"
            [[party]]
            id = "a"
            name = "<script>b</script>"
            [[scope]]
            id = "s"
            title = "<script>c</script>"
            [[level]]
            scope = "s"
            value = 5
            asof = 2024-01-31
            [[condition]]
            id = "c"
            title = "<script>d</script>"
            judged_by = ["a"]
            estimate = ["1 months", "2 months", "3 months"]
            [[phase]]
            id = "p"
            title = "<script>e</script>"
            needs = ["c"]
            levels = { "s" = "< 4" }
            no_later = 2024-06-30
            [[position]]
            party = "a"
            on = "p"
            earliest = "2024-03"
            note = "<script>f</script>"
        "#;
        let process = rapporteur_process::parse(text).unwrap();
        let (view, tables) = (View::default(), rapporteur_process::Tables::new());
        let day = "2024-02-29".parse().unwrap();
        let standing = Standing::of(&process, &view, &tables, day, &[]);
        let projection = rapporteur_process::projected(&process, &view, &tables, day, None);
        let calibration = Calibration::default();
        let page = Page {
            process: &process,
            standing: &standing,
            ahead: Some(Ahead {
                projection: &projection,
                calibration: &calibration,
                what_if: None,
            }),
            view: &view,
            version: "version 1",
        };
        let page = crate::html(&super::process(page, Part::All));
        assert!(page.contains("&lt;script&gt;e") && page.contains("<svg"));
        assert!(!page.contains("<script") && !page.contains("<img"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(48))]
        #[test]
        fn any_file_that_is_read_can_be_drawn(from in 0usize..8000, length in 0usize..40, put in "[0-9.+a-z\\-]{0,8}") {
            let text = include_str!("../../../../examples/us-iraq-talks/process.toml");
            let table = include_str!("../../../../examples/us-iraq-talks/incidents.csv");
            let chars: Vec<char> = text.chars().collect();
            let (from, to) = (from.min(chars.len()), (from + length).min(chars.len()));
            let damaged: String = chars[..from].iter().copied().chain(put.chars()).chain(chars[to..].iter().copied()).collect();
            if let Ok(mut process) = rapporteur_process::parse(&damaged) {
                process.settings.draws = 100;
                let (view, tables) = (View::default(), rapporteur_process::Tables::from([("incidents".into(), table.into())]));
                let day = "2024-02-29".parse().unwrap();
                let standing = Standing::of(&process, &view, &tables, day, &[]);
                let projection = rapporteur_process::projected(&process, &view, &tables, day, None);
                let calibration = Calibration::default();
                let ahead = Ahead { projection: &projection, calibration: &calibration, what_if: None };
                let page = Page { process: &process, standing: &standing, ahead: Some(ahead), view: &view, version: "" };
                let page = crate::html(&super::process(page, Part::All));
                proptest::prop_assert!(!page.contains("NaN"));
                proptest::prop_assert!(crate::ics::calendar(&process, &standing).ends_with("END:VCALENDAR\r\n"));
            }
        }
    }

    #[test]
    fn shares_and_months_are_told_plainly() {
        assert_eq!(percent(0.004), "under 1%");
        assert_eq!(percent(0.996), "over 99%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(month(2024 * 12 + 1), "Feb 2024");
        assert_eq!(short_month(2024 * 12 + 1), "Feb 24");
    }
}
