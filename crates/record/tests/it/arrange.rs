//! Events joined, parted and confirmed by people.

use rapporteur_record::{Filter, Item, Memory, NewCorrection, Store, View};

use crate::make::{NOW, Page, corpus};

fn record() -> Memory {
    let mut store = Memory::default();
    let items: Vec<_> = corpus().iter().map(Page::incoming).collect();
    store.apply(&items, NOW).unwrap();
    store
}

fn load(store: &Memory) -> View {
    View::load(store, &Filter::default()).unwrap()
}

fn put(store: &mut Memory, proposed: Vec<NewCorrection>) -> Vec<u64> {
    let made = proposed.into_iter().map(|proposed| {
        let new = NewCorrection {
            at: "2024-06-02T09:00:00Z".into(),
            who: "Ana".into(),
            why: "read both".into(),
            ..proposed
        };
        store.correct(&new).unwrap().seq
    });
    made.collect()
}

fn reports(view: &View) -> Vec<usize> {
    let mut sizes: Vec<usize> = view.events.iter().map(|e| e.members.len()).collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn two_events_become_one_and_two_again() {
    let mut store = record();
    let before = load(&store);
    let (a, b) = (&before.events[0], &before.events[1]);
    let (stays, goes) = (a.id.clone(), b.id.clone());
    let made = before.propose_merge(&stays, &[&goes]).unwrap();
    let seqs = put(&mut store, made);
    let after = load(&store);
    assert_eq!(after.events.len(), before.events.len() - 1);
    let Item::Event(one) = after.find(&stays).unwrap() else {
        panic!("an event");
    };
    assert_eq!(one.members.len(), a.members.len() + b.members.len());
    assert_eq!(one.counts.mentions, one.members.len());
    assert!(
        one.counts.origins <= one.counts.families && one.counts.families <= one.counts.articles
    );
    assert_eq!(one.edits[0].field, "merge");
    assert!(after.orphaned.is_empty());
    // The old id still leads to it.
    let Item::Event(same) = after.find(&goes).unwrap() else {
        panic!("an event");
    };
    assert_eq!(same.id, stays);
    assert!(before.propose_merge(&stays, &[&stays]).is_err());
    assert!(after.propose_merge(&stays, &[&goes]).is_err());
    let undo = NewCorrection {
        kind: "undo".into(),
        key: seqs[0].to_string(),
        ..NewCorrection::default()
    };
    put(&mut store, vec![undo]);
    assert_eq!(load(&store).events, before.events);
}

#[test]
fn a_report_is_taken_out_of_its_event() {
    let mut store = record();
    let apart = load(&store);
    let made = apart
        .propose_merge(&apart.events[0].id, &[&apart.events[1].id])
        .unwrap();
    put(&mut store, made);
    let before = load(&store);
    let event = before
        .events
        .iter()
        .max_by_key(|e| e.members.len())
        .unwrap();
    assert!(event.members.len() > 1);
    let wrong = event.members[1].id.clone();
    let made = before.propose_split(&event.id, &[&wrong]).unwrap();
    put(&mut store, made);
    let after = load(&store);
    assert_eq!(after.events.len(), before.events.len() + 1);
    let own = after
        .events
        .iter()
        .find(|e| e.members[0].id == wrong)
        .unwrap();
    assert_eq!((own.members.len(), own.counts.mentions), (1, 1));
    assert_eq!(own.status, "single-source");
    let Item::Event(rest) = after.find(&event.id).unwrap() else {
        panic!("an event");
    };
    assert_eq!(rest.members.len(), event.members.len() - 1);
    let total = |sizes: Vec<usize>| sizes.iter().sum::<usize>();
    assert_eq!(total(reports(&after)), total(reports(&before)));
    assert!(before.propose_split(&event.id, &[]).is_err());
    assert!(
        before
            .propose_split(&event.id, &["m-0123456789ab"])
            .is_err()
    );
    let all: Vec<&str> = event.members.iter().map(|m| m.id.as_str()).collect();
    assert!(before.propose_split(&event.id, &all).is_err());
}

#[test]
fn a_confirmation_stands_beside_the_event_and_not_in_its_status() {
    let mut store = record();
    let before = load(&store);
    let event = &before.events[0];
    let made = before.propose_confirm(&event.id).unwrap();
    put(&mut store, vec![made]);
    let after = load(&store);
    let Item::Event(row) = after.find(&event.id).unwrap() else {
        panic!("an event");
    };
    assert_eq!(row.confirmed().unwrap().who, "Ana");
    assert_eq!(row.status, event.status);
    assert_eq!(after.present(&event.id, "confirmed").unwrap(), "true");
}

#[test]
fn a_join_whose_report_is_gone_is_listed() {
    let mut store = record();
    let before = load(&store);
    let made = before
        .propose_merge(&before.events[0].id, &[&before.events[1].id])
        .unwrap();
    put(&mut store, made);
    for member in &before.events[1].members {
        let made = before.propose(&member.id, "suppressed", "true").unwrap();
        put(&mut store, vec![made]);
    }
    let after = load(&store);
    assert_eq!(after.orphaned.len(), 1);
    assert_eq!(after.orphaned[0].body.field, "merge");
}
