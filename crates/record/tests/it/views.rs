//! What the record says, for now and for a day in the past.

use rapporteur_record::{Cite, Filter, Item, Memory, NewCorrection, Store, View};

use crate::make::{NOW, Page, corpus};

fn record() -> Memory {
    let mut store = Memory::default();
    let items: Vec<_> = corpus().iter().map(Page::incoming).collect();
    store.apply(&items, NOW).unwrap();
    store
}

fn load(store: &dyn Store, set: impl Fn(&mut Filter)) -> View {
    let mut filter = Filter::default();
    set(&mut filter);
    let view = View::load(store, &filter).unwrap();
    cites_hold(&view);
    view
}

/// Every cite of a view equals its slice, in bytes and in code points.
fn cites_hold(view: &View) {
    let json = serde_json::to_value(view).unwrap();
    let mut stack = vec![&json];
    let mut seen = 0;
    while let Some(value) = stack.pop() {
        if let Some(bytes) = value.get("bytes") {
            let doc = view.doc(value["doc"].as_str().unwrap()).unwrap();
            let at = |v: &serde_json::Value| v.as_u64().unwrap() as usize;
            let slice = &doc.text[at(&bytes["start"])..at(&bytes["end"])];
            assert_eq!(slice, value["text"].as_str().unwrap());
            let points: String = doc
                .text
                .chars()
                .skip(at(&value["start"]))
                .take(at(&value["end"]) - at(&value["start"]))
                .collect();
            assert_eq!(points, slice);
            seen += 1;
        }
        match value {
            serde_json::Value::Array(items) => stack.extend(items),
            serde_json::Value::Object(map) => stack.extend(map.values()),
            _ => {}
        }
    }
    assert!(seen > 0 || view.docs.is_empty());
}

fn day(text: &str) -> Option<rapporteur_base::Date> {
    Some(text.parse().unwrap())
}

fn fix(
    store: &mut Memory,
    view: &View,
    id: &str,
    field: &str,
    new: &str,
    at: &str,
) -> NewCorrection {
    let body = NewCorrection {
        at: at.into(),
        who: "Ana".into(),
        why: "read the page".into(),
        ..view.propose(id, field, new).unwrap()
    };
    store.correct(&body).unwrap();
    body
}

#[test]
fn rows_are_there_with_their_passages() {
    let view = load(&record(), |_| {});
    let counts = (
        view.docs.len(),
        view.figures.len(),
        view.quotes.len(),
        view.positions.len(),
        view.commitments.len(),
        view.indicators.len(),
        view.assessments.len(),
        view.times.len(),
    );
    assert_eq!(counts, (3, 2, 1, 1, 1, 1, 1, 2));
    let reports: usize = view.events.iter().map(|e| e.members.len()).sum();
    assert_eq!(reports, 3);
    // Undated documents come last, unknown dates of events too.
    assert!(view.docs[2].published.is_none());
    assert!(view.events.last().unwrap().date.is_none());
    let north = view.actors.iter().find(|a| a.name == "Northland").unwrap();
    assert_eq!((north.mentions, north.docs.len()), (3, 3));
    assert_eq!(view.places[0].name, "Port Ember");
}

#[test]
fn a_view_of_the_past_knows_only_the_past() {
    let store = record();
    assert_eq!(load(&store, |f| f.as_of = day("2024-02-11")).docs.len(), 0);
    assert_eq!(load(&store, |f| f.as_of = day("2024-02-12")).docs.len(), 1);
    assert_eq!(load(&store, |f| f.as_of = day("2024-03-01")).docs.len(), 2);
    // The page without a date counts from its capture.
    assert_eq!(load(&store, |f| f.as_of = day("2024-05-20")).docs.len(), 3);
}

#[test]
fn filters_narrow() {
    let store = record();
    let events = |set: &dyn Fn(&mut Filter)| load(&store, set).events.len();
    let all = events(&|_| {});
    assert_eq!(events(&|f| f.kind = Some("reject".into())), 1);
    assert_eq!(events(&|f| f.actor = Some("Northland".into())), all);
    assert_eq!(events(&|f| f.actor = Some("sou".into())), all);
    assert_eq!(events(&|f| f.actor = Some("Eastland".into())), 0);
    assert_eq!(events(&|f| f.place = Some("port ember".into())), 1);
    assert_eq!(events(&|f| f.from = day("2024-02-12")), 1);
    assert_eq!(events(&|f| f.to = day("2024-02-11")), 1);
    let narrow = load(&store, |f| f.from = day("2024-02-13"));
    assert_eq!(narrow.figures.len(), 1);
    let view = load(&store, |_| {});
    for story in &view.stories {
        let part = load(&store, |f| f.process = Some(story.id.clone()));
        assert_eq!(part.docs.len(), story.docs.len());
    }
}

#[test]
fn ids_find_rows_and_reasons() {
    let view = load(&record(), |_| {});
    let event = &view.events[0];
    assert_eq!(view.find(&event.id).unwrap(), Item::Event(event.clone()));
    assert_eq!(
        view.find(&event.id[..9]).unwrap(),
        Item::Event(event.clone())
    );
    let full = view.docs[0].key.to_string();
    assert_eq!(view.find(&full).unwrap(), Item::Doc(view.docs[0].clone()));
    assert!(view.find("e-").is_err() && view.find("nothing").is_err());
    let why = view.why(&event.id).unwrap();
    assert_eq!(why[0].why.rule, "events/test");
    let date = why.iter().find(|w| w.field == "date").unwrap();
    assert_eq!(date.cite.as_ref().unwrap().text, "Sunday");
    for row in &view.quotes {
        assert_eq!(view.why(&row.id).unwrap()[0].why.rule, "quotes/marks");
    }
}

#[test]
fn no_line_of_a_brief_without_a_passage() {
    let view = load(&record(), |_| {});
    let brief = view.brief();
    let names: Vec<&str> = brief.sections.iter().map(|s| s.name.as_str()).collect();
    assert!(names.starts_with(&["events"]), "{names:?}");
    for line in brief.sections.iter().flat_map(|s| &s.lines) {
        assert!(!line.cites.is_empty() && !line.rows.is_empty());
        let cite: &Cite = &line.cites[0];
        if line.verbatim {
            let words: Vec<&str> = cite.text.split_whitespace().collect();
            assert_eq!(line.text, words.join(" "));
        }
        for row in &line.rows {
            view.find(row).unwrap();
        }
    }
    let timeline = view.timeline();
    assert_eq!(timeline.len(), view.events.len());
    assert!(timeline.iter().all(|row| !row.cites.is_empty()));
}

#[test]
fn corrections_hold_from_their_day_and_can_be_undone() {
    let mut store = record();
    let before = load(&store, |_| {});
    let report = before.events[0].members[0].clone();
    fix(
        &mut store,
        &before,
        &report.id,
        "modality",
        "planned",
        "2024-06-02T00:00:00Z",
    );
    fix(
        &mut store,
        &before,
        &before.docs[2].id,
        "published",
        "2024-02-20",
        "2024-06-03",
    );
    let figure = before.figures[0].id.clone();
    fix(
        &mut store,
        &before,
        &figure,
        "suppressed",
        "true",
        "2024-06-04",
    );

    let after = load(&store, |_| {});
    let Item::Mention(changed) = after.find(&report.id).unwrap() else {
        panic!("a report");
    };
    assert_eq!(changed.event.modality, rapporteur_coder::Modality::Planned);
    assert_eq!(
        (changed.edits[0].old.as_str(), changed.edits[0].seq),
        ("actual", 1)
    );
    assert_eq!(
        after.docs[2].published.as_ref().unwrap().date.to_string(),
        "2024-02-20"
    );
    assert_eq!(after.figures.len(), 1);
    assert!(after.orphaned.is_empty());

    let past = load(&store, |f| f.as_of = day("2024-06-01"));
    assert_eq!(past.figures, before.figures);
    assert_eq!(past.events, before.events);

    let undo = NewCorrection {
        at: "2024-06-05".into(),
        who: "Ben".into(),
        why: "it was right".into(),
        kind: "undo".into(),
        key: "3".into(),
        ..NewCorrection::default()
    };
    store.correct(&undo).unwrap();
    assert_eq!(load(&store, |_| {}).figures.len(), 2);
    assert_eq!(
        load(&store, |f| f.as_of = day("2024-06-04")).figures.len(),
        1
    );
    let again = NewCorrection {
        key: "4".into(),
        why: "it was not".into(),
        ..undo
    };
    store.correct(&again).unwrap();
    assert_eq!(load(&store, |_| {}).figures.len(), 1);
}

#[test]
fn a_merged_event_is_corrected_as_a_whole() {
    let mut store = record();
    let view = load(&store, |_| {});
    let event = view.events[0].clone();
    fix(
        &mut store,
        &view,
        &event.id,
        "date",
        "2024-02-10",
        "2024-06-02",
    );
    fix(
        &mut store,
        &view,
        &event.id,
        "target",
        "Southland; Port authority",
        "2024-06-02",
    );
    let after = load(&store, |_| {});
    let Item::Event(row) = after.find(&event.id).unwrap() else {
        panic!("an event");
    };
    assert_eq!(row.date.unwrap().from, day("2024-02-10"));
    let names: Vec<&str> = row.target.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["Southland", "Port authority"]);
    assert_eq!(row.edits[0].old, "2024-02-11");
    assert!(view.propose(&event.id, "date", "some day").is_err());
    assert!(view.propose(&event.id, "colour", "red").is_err());
}

#[test]
fn actors_merge_by_correction() {
    let mut store = record();
    let view = load(&store, |_| {});
    let south = view.actors.iter().find(|a| a.name == "Southland").unwrap();
    fix(
        &mut store,
        &view,
        &south.id,
        "name",
        "Northland",
        "2024-06-02",
    );
    let after = load(&store, |_| {});
    let names: Vec<&str> = after.actors.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["Northland"]);
    assert_eq!(after.actors[0].edits.len(), 1);
    assert_eq!(after.actors[0].aliases, ["Southland"]);
}

#[test]
fn corrections_survive_recoding_or_are_listed() {
    let mut store = record();
    let view = load(&store, |_| {});
    let quote = view.quotes[0].clone();
    fix(
        &mut store,
        &view,
        &quote.id,
        "speaker",
        "A spokesman",
        "2024-06-02",
    );
    let rules = crate::make::rules("2");
    let mut pages = corpus();
    // Newer rules shift every offset of the first text.
    let text = pages[0].bundle.article.text.clone();
    pages[0] = {
        let mut page = pages[0].clone();
        page.bundle.ruleset = Some(rules.id());
        page.bundle.article.text = format!("A caption.\n\n{text}");
        let shift = "A caption.\n\n".len();
        for quote in &mut page.bundle.coding.quotes {
            quote.content.iter_mut().for_each(|s| *s = s.shift(shift));
        }
        page.bundle.coding.events.clear();
        page.bundle.coding.figures.clear();
        page.bundle.coding.quotes.truncate(1);
        page.bundle.coding.positions.clear();
        page.bundle.coding.commitments.clear();
        page
    };
    store.apply(&[pages[0].incoming()], NOW).unwrap();
    store.activate(rules.id(), NOW).unwrap();
    let after = load(&store, |_| {});
    assert_eq!(after.quotes[0].id, quote.id);
    assert_eq!(
        after.quotes[0].speaker.as_ref().unwrap().name,
        "A spokesman"
    );
    assert!(after.orphaned.is_empty());
    let figure = view.figures[0].clone();
    fix(&mut store, &view, &figure.id, "value", "2400", "2024-06-03");
    let after = load(&store, |_| {});
    assert_eq!(after.orphaned.len(), 1);
    assert_eq!(after.orphaned[0].body.new, "2400");
}

/// Spans that do not fit, as a broken rule might make them, never stop a view.
#[test]
fn wrong_spans_are_left_out() {
    use proptest::prelude::*;
    let page = corpus().remove(0);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let spans = proptest::collection::vec((0usize..400, 0usize..400), 6);
    let run = runner.run(&spans, |spans| {
        let mut page = page.clone();
        let at = |n: usize| rapporteur_base::Span::new(spans[n].0, spans[n].1);
        let coding = &mut page.bundle.coding;
        coding.events[0].clause = at(0);
        coding.events[0].sentence = at(1);
        coding.events[0].figures = vec![0, 7];
        coding.quotes[0].content = vec![at(2), at(3)];
        coding.actors[0].span = at(4);
        coding.positions[0].span = at(5);
        let mut store = Memory::default();
        store.apply(&[page.incoming()], NOW).unwrap();
        let view = load(&store, |_| {});
        view.brief();
        view.timeline();
        for format in rapporteur_record::export::Format::ALL {
            rapporteur_record::export::export(&view, format, "t");
        }
        rapporteur_record::check(&store).unwrap();
        Ok(())
    });
    run.unwrap();
}
