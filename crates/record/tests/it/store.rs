//! One suite for every store.

use rapporteur_base::Id;
use rapporteur_record::{
    Applied, Desk, ErrorKind, InboxRow, Memory, NewCorrection, Query, Reading, Store,
};

use crate::make::{Dir, NOW, Page, corpus, rules};

fn apply(store: &mut dyn Store, pages: &[Page]) -> Vec<Applied> {
    let items: Vec<_> = pages.iter().map(Page::incoming).collect();
    store.apply(&items, NOW).unwrap()
}

fn found(store: &dyn Store, query: &str) -> Vec<String> {
    let hits = store.search(&Query::new(query)).unwrap();
    hits.into_iter().map(|hit| hit.title).collect()
}

fn applies_once(store: &mut dyn Store) {
    let pages = corpus();
    store.register(&rules("1"), NOW).unwrap();
    assert_eq!(apply(store, &pages), [Applied::New; 3]);
    let log = store.changes(0).unwrap();
    store.register(&rules("1"), NOW).unwrap();
    assert_eq!(apply(store, &pages), [Applied::Known; 3]);
    assert_eq!(store.changes(0).unwrap(), log);
    assert!(store.changes(log.last().unwrap().seq).unwrap().is_empty());

    let docs = store.documents(Reading::Active, None).unwrap();
    assert_eq!(docs.len(), 3);
    assert!(docs.is_sorted_by_key(|d| d.id));
    for page in &pages {
        let doc = store.document(page.bundle.doc_id()).unwrap().unwrap();
        assert_eq!(doc.article, page.bundle.article);
        assert_eq!(doc.coding, page.bundle.coding);
        assert_eq!(doc.times, page.bundle.times);
        assert_eq!(doc.sentences, page.bundle.sentences);
        assert_eq!(doc.raw, page.bundle.raw);
        assert_eq!(store.raw(&doc.raw.sha256).unwrap(), page.bytes);
    }
    assert!(store.document(Id::of(["none"])).unwrap().is_none());
    assert_eq!(
        store.raw(&"0".repeat(64)).unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

fn captures_move_the_day(store: &mut dyn Store) {
    let mut blog = corpus().remove(2);
    let id = blog.bundle.doc_id();
    apply(store, std::slice::from_ref(&blog));
    let known = |store: &dyn Store| {
        let doc = store.document(id).unwrap().unwrap();
        doc.known_at.unwrap().to_string()
    };
    assert_eq!(known(store), "2024-05-20");
    let mut again = blog.clone();
    again.bundle.raw.captured_at = Some("2023-01-02".into());
    assert_eq!(apply(store, &[again]), [Applied::NewCapture]);
    assert_eq!(known(store), "2023-01-02");
    blog.bundle.raw.captured_at = Some("2024-05-21".into());
    assert_eq!(apply(store, &[blog.clone()]), [Applied::NewCapture]);
    assert_eq!(known(store), "2023-01-02");
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(
        store
            .documents(Reading::Active, day("2023-01-01"))
            .unwrap()
            .len(),
        0
    );
    assert_eq!(
        store
            .documents(Reading::Active, day("2023-01-02"))
            .unwrap()
            .len(),
        1
    );
    // The index moved with it.
    let mut query = Query::new("Southland");
    query.to = day("2023-12-31");
    assert_eq!(store.search(&query).unwrap().len(), 1);
}

fn searches(store: &mut dyn Store) {
    apply(store, &corpus());
    let both = ["Talks resume after pause", "Envoys meet again"];
    assert_eq!(found(store, "troop"), both);
    assert_eq!(found(store, "\"Northland troops\" -threat"), both[..1]);
    assert_eq!(found(store, "resume OR threats"), both);
    assert_eq!(found(store, "envoy"), both[1..]);
    assert!(found(store, "nothing-of-this").is_empty());
    // The day when the blog was captured is later than both dates.
    let all = found(store, "");
    assert_eq!(all.len(), 3);
    assert_eq!(all[1..], both);
    for arabic in [
        "القوات",
        "والقوات",
        "قوات",
        "العراق",
        "العِراق",
        "الامريكية",
        "بغداد",
        "انسحاب",
    ] {
        assert_eq!(found(store, arabic), ["القوات تنسحب"], "{arabic}");
    }
    assert!(store.search(&Query::new("-troops")).is_err());

    let hit = &store.search(&Query::new("withdrawals")).unwrap()[0];
    assert_eq!(hit.marks[0].of(&hit.snippet), "withdrawal");
    assert_eq!(hit.site.as_deref(), Some("harbour-post"));
    let with = |set: &dyn Fn(&mut Query)| {
        let mut query = Query::new("southland");
        set(&mut query);
        store.search(&query).unwrap().len()
    };
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(with(&|q| q.from = day("2024-02-13")), 2);
    assert_eq!(with(&|q| q.to = day("2024-02-12")), 1);
    assert_eq!(with(&|q| q.as_of = day("2024-02-13")), 2);
    assert_eq!(with(&|q| q.place = Some("port ember".into())), 1);
    assert_eq!(with(&|q| q.kind = Some("REJECT".into())), 1);
    assert_eq!(with(&|q| q.actor = Some("NOR".into())), 3);
    assert_eq!(with(&|q| q.actor = Some("Nor".into())), 3);
    assert_eq!(with(&|q| q.actor = Some("Eastland".into())), 0);
    assert_eq!(with(&|q| q.limit = 1), 1);
    assert_eq!(with(&|q| (q.limit, q.offset) = (5, 2)), 1);
    assert_eq!(with(&|q| q.ranked = true), 3);
}

fn corrects(store: &mut dyn Store) {
    let body = NewCorrection {
        at: "2024-06-01T12:00:00Z".into(),
        who: "Ana".into(),
        why: "misread".into(),
        kind: "event".into(),
        key: "k".into(),
        field: "modality".into(),
        old: "actual".into(),
        new: "planned".into(),
    };
    let first = store.correct(&body).unwrap();
    assert_eq!(store.correct(&body).unwrap(), first);
    let undo = NewCorrection {
        kind: "undo".into(),
        key: "1".into(),
        ..body.clone()
    };
    let second = store.correct(&undo).unwrap();
    assert_eq!((second.seq, &second.prev), (2, &first.hash));
    let far = NewCorrection {
        key: "9".into(),
        ..undo
    };
    assert_eq!(store.correct(&far).unwrap_err().kind(), ErrorKind::NotFound);
    let nobody = NewCorrection {
        who: " ".into(),
        ..body
    };
    assert_eq!(
        store.correct(&nobody).unwrap_err().kind(),
        ErrorKind::Invalid
    );
    assert_eq!(store.corrections().unwrap(), [first, second]);
}

fn recodes(store: &mut dyn Store) {
    let pages = corpus();
    let (old, new) = (rules("1"), rules("2"));
    apply(store, &pages);
    assert_eq!(store.stale(old.id()).unwrap(), []);
    assert_eq!(store.stale(new.id()).unwrap().len(), 3);
    let mut next = pages[0].clone();
    next.bundle.ruleset = Some(new.id());
    next.bundle.article.text.push_str(" The rest is appended.");
    next.bundle.coding.events.clear();
    assert_eq!(apply(store, &[next.clone()]), [Applied::NewCoding]);
    let id = next.bundle.doc_id();
    assert_eq!(store.document(id).unwrap().unwrap().coding.events.len(), 1);
    assert_eq!(
        store.documents(Reading::By(new.id()), None).unwrap().len(),
        1
    );
    assert!(found(store, "appended").is_empty());
    assert_eq!(store.activate(new.id(), NOW).unwrap(), 1);
    assert_eq!(store.activate(new.id(), NOW).unwrap(), 0);
    assert!(
        store
            .document(id)
            .unwrap()
            .unwrap()
            .coding
            .events
            .is_empty()
    );
    assert_eq!(found(store, "appended"), ["Envoys meet again"]);
    assert_eq!(store.stale(new.id()).unwrap().len(), 2);
    assert_eq!(store.activate(old.id(), NOW).unwrap(), 1);
    assert!(found(store, "appended").is_empty());
}

fn keeps_the_inbox(store: &mut dyn Store) {
    let row = InboxRow {
        key: "a".into(),
        name: "a.html".into(),
        stage: "page".into(),
        result: "failed".into(),
        error: Some("no text".into()),
        remedy: Some("open it".into()),
        doc: None,
        at: NOW.into(),
    };
    store.journal(&row).unwrap();
    let page = corpus().remove(0);
    let mut item = page.incoming();
    let done = InboxRow {
        result: "done".into(),
        error: None,
        doc: Some(page.bundle.doc_id()),
        ..row.clone()
    };
    item.receipt = Some(done.clone());
    store.apply(&[item], NOW).unwrap();
    assert_eq!(store.journaled("a").unwrap(), Some(done.clone()));
    assert_eq!(store.journaled("b").unwrap(), None);
    assert_eq!(store.inbox().unwrap(), [done]);
}

const SUITE: &[fn(&mut dyn Store)] = &[
    applies_once,
    captures_move_the_day,
    searches,
    corrects,
    recodes,
    keeps_the_inbox,
];

#[test]
fn memory_conforms() {
    for test in SUITE {
        test(&mut Memory::default());
    }
}

#[test]
fn desk_conforms() {
    for test in SUITE {
        let dir = Dir::new("suite");
        let mut desk = Desk::init(&dir.0).unwrap();
        test(&mut desk);
        let report = desk.check().unwrap();
        assert_eq!(report.findings, []);
    }
}
