//! Golden files of every export: their bytes must not change by themselves.

use rapporteur_base::{Operator, Quantity, Why};
use rapporteur_record::export::{Format, export, zip};
use rapporteur_record::{ComparisonRow, Filter, Memory, SeriesRow, Store, StoryRow, View, diff};
use rapporteur_story::Relation;

use crate::make::{NOW, Page, corpus, rules};

fn view() -> View {
    let mut store = Memory::default();
    let mut items: Vec<_> = corpus().iter().map(Page::incoming).collect();
    store.apply(&items, NOW).unwrap();
    let view = View::load(&store, &Filter::default()).unwrap();
    // The order of arrival is not part of the record.
    items.reverse();
    let mut other = Memory::default();
    other.apply(&items, NOW).unwrap();
    assert_eq!(View::load(&other, &Filter::default()).unwrap(), view);
    view
}

/// The view with what merging decides set by hand: these files must change only when an export does.
fn fixed() -> View {
    let mut view = view();
    for (at, event) in view.events.iter_mut().enumerate() {
        event.id = format!("e-00000000000{at}");
        event.key = rapporteur_base::Id::of([format!("event {at}")]);
        event.status = "single-source".into();
    }
    let (a, b) = (&view.figures[0], &view.figures[1]);
    view.comparisons = vec![ComparisonRow {
        id: "x-000000000001".into(),
        kind: Relation::Refines,
        topic: "troops, \"still\" there".into(),
        a: a.evidence.clone(),
        b: b.evidence.clone(),
        values: ("about 2,500".into(), "more than 2,000".into()),
        decision: None,
        why: Why::rule("compare/test", "made by hand"),
        edits: Vec::new(),
    }];
    view.series = vec![SeriesRow {
        id: "g-000000000001".into(),
        of: "troops".into(),
        best: Quantity::new(2500.0, Operator::About, "troops"),
        low: Some(2000.0),
        high: None,
        figures: vec![a.id.clone(), b.id.clone()],
        counts: view.events[0].counts,
        status: "single-source".into(),
        evidence: a.evidence.clone(),
    }];
    view.stories = vec![StoryRow {
        id: "s-000000000001".into(),
        title: "Talks".into(),
        docs: view.docs.iter().map(|d| d.id.clone()).collect(),
        families: Vec::new(),
        origins: 1,
        published: None,
        saga: None,
    }];
    view.sagas.clear();
    view.families.clear();
    view
}

fn text(format: Format) -> String {
    let files = export(&fixed(), format, "rapporteur test");
    files
        .iter()
        .map(|f| format!("== {}\n{}", f.name, String::from_utf8_lossy(&f.bytes)))
        .collect()
}

#[test]
fn json_keeps_to_the_exchange_format() {
    let files = export(&view(), Format::Json, "rapporteur test");
    let record: serde_json::Value = serde_json::from_slice(&files[0].bytes).unwrap();
    let docs = record["docs"].as_array().unwrap();
    let lists = [
        "times",
        "actors",
        "events",
        "figures",
        "quotes",
        "positions",
        "commitments",
        "indicators",
        "assessments",
        "comparisons",
        "stories",
    ];
    let mut cites = Vec::new();
    for list in lists {
        for row in record[list].as_array().unwrap() {
            for side in ["evidence", "a", "b"] {
                cites.extend(row[side].as_array().into_iter().flatten());
            }
        }
    }
    assert!(cites.len() > 10, "{}", cites.len());
    for cite in cites {
        let doc = docs.iter().find(|d| d["id"] == cite["doc"]).unwrap();
        let at = |end: &str| cite[end].as_u64().unwrap() as usize;
        let points: Vec<char> = doc["text"].as_str().unwrap().chars().collect();
        let slice: String = points[at("start")..at("end")].iter().collect();
        assert_eq!(slice, cite["text"].as_str().unwrap());
    }
    let event = &record["events"][0];
    assert_eq!(event["modality"], "actual");
    assert_eq!(event["date"]["precision"], "day");
    assert_eq!(record["figures"][0]["op"], "~");
    insta::assert_snapshot!("json", text(Format::Json));
}

#[test]
fn csv_is_golden() {
    insta::assert_snapshot!("csv", text(Format::Csv));
}

#[test]
fn every_export_names_its_files_beforehand_and_packs_into_the_same_bytes() {
    for format in Format::ALL {
        let files = export(&fixed(), format, "rapporteur test");
        let names: Vec<String> = files.iter().map(|f| f.name.clone()).collect();
        assert_eq!(names, format.files());
        let packed = zip(&files).unwrap();
        assert!(packed == zip(&export(&fixed(), format, "rapporteur test")).unwrap());
        let data: usize = files.iter().map(|f| f.bytes.len()).sum();
        assert!(packed.len() > data);
    }
}

#[test]
fn parquet_holds_the_tables_of_the_csv() {
    let csv = export(&fixed(), Format::Csv, "rapporteur test");
    let parquet = export(&fixed(), Format::Parquet, "rapporteur test");
    assert_eq!(csv.len(), parquet.len());
    for (text, file) in csv
        .iter()
        .zip(&parquet)
        .filter(|(t, _)| t.name.ends_with(".csv"))
    {
        let head = String::from_utf8_lossy(&text.bytes);
        let head = head.lines().next().unwrap();
        assert!(file.bytes.starts_with(b"PAR1") && file.bytes.ends_with(b"PAR1"));
        for column in head.split(',') {
            let name = column.as_bytes();
            assert!(
                file.bytes.windows(name.len()).any(|w| w == name),
                "{}: {column}",
                file.name
            );
        }
    }
}

#[test]
fn shapes_of_others_are_golden() {
    let all: String = [Format::Gdelt, Format::Acled, Format::Ucdp]
        .map(text)
        .concat();
    insta::assert_snapshot!("shapes", all);
}

#[test]
fn forms_of_other_tools_are_golden() {
    let all: String = [
        Format::TimelineJs,
        Format::GeoJson,
        Format::FollowTheMoney,
        Format::Annotations,
        Format::Calendar,
    ]
    .map(text)
    .concat();
    insta::assert_snapshot!("others", all);
}

#[test]
fn the_selector_of_an_annotation_finds_its_passage() {
    let view = view();
    let files = export(&view, Format::Annotations, "rapporteur test");
    let all: serde_json::Value = serde_json::from_slice(&files[0].bytes).unwrap();
    let items = all["items"].as_array().unwrap();
    assert!(items.len() > 5);
    for item in items {
        let selectors = &item["target"]["selector"];
        let at = |end: &str| selectors[1][end].as_u64().unwrap() as usize;
        let id = item["prov:wasDerivedFrom"]["id"].as_str().unwrap();
        let doc = view.doc(id.trim_start_matches("urn:rapporteur:")).unwrap();
        let points: Vec<char> = doc.text.chars().collect();
        let slice: String = points[at("start")..at("end")].iter().collect();
        assert_eq!(slice, selectors[0]["exact"].as_str().unwrap());
        let whole = ["prefix", "exact", "suffix"].map(|part| selectors[0][part].as_str().unwrap());
        assert!(doc.text.contains(&whole.concat()));
    }
}

#[test]
fn recoding_shows_its_difference() {
    let mut store = Memory::default();
    let pages = corpus();
    let items: Vec<_> = pages.iter().map(Page::incoming).collect();
    store.apply(&items, NOW).unwrap();
    let rules = rules("2");
    let mut next = pages.clone();
    for page in &mut next {
        page.bundle.ruleset = Some(rules.id());
    }
    next[0].bundle.coding.events[0].kind = "AGREE".into();
    let moved = next[1].bundle.coding.events.remove(0);
    let mut other = next[2].bundle.coding.events[0].clone();
    other.trigger = other.target.iter().map(|p| p.span).collect();
    next[2].bundle.coding.events.push(other);
    let items: Vec<_> = next.iter().map(Page::incoming).collect();
    store.apply(&items, NOW).unwrap();
    let found = diff(&store, rules.id()).unwrap();
    assert_eq!(found.docs, 3);
    assert_eq!(
        (found.gained.len(), found.lost.len(), found.changed.len()),
        (1, 1, 1)
    );
    assert_eq!(found.changed[0].old, ["type: CONSULT"]);
    assert_eq!(found.changed[0].new, ["type: AGREE"]);
    assert_eq!(
        found.lost[0].text,
        moved.clause.of(&next[1].bundle.article.text)
    );
    assert_eq!(found.counts[1], ("events".into(), 3, 3));
}
