//! Any text as a search and as a correction: answered or refused, and the record still loads.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use rapporteur::pipeline::{RawPage, Rules, process_page};
use rapporteur_record::{Desk, Filter, Incoming, Memory, Mode, NewCorrection, Packed, Query, Store, View};

const PAGE: &str = "Envoys meet in Geneva\n\n12 March 2024\n\nDelegations from France and Japan met in Geneva on 12 March 2024. \
    France said that 400 observers would leave before the end of May. \u{201c}We will come back,\u{201d} the foreign minister of Japan said on Monday.";
const NOW: &str = "2024-06-01T00:00:00Z";

struct Made {
    item: Incoming,
    memory: Memory,
    desk: Desk,
    view: View,
    rows: Vec<String>,
}

fn make() -> Made {
    let page = RawPage {
        bytes: PAGE.as_bytes().to_vec(),
        mime: "text/plain".into(),
        source: "a.txt".into(),
        ..RawPage::default()
    };
    let bundle = process_page(&page, &Rules::embedded());
    let item = Incoming {
        page: Packed::new(&bundle.raw, &page.bytes),
        bundle,
        receipt: None,
    };
    let dir = std::env::temp_dir().join(format!("rapporteur-fuzz-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let mut desk = Desk::init(&dir).expect("a desk");
    let mut memory = Memory::default();
    desk.apply(std::slice::from_ref(&item), NOW).expect("applied");
    memory.apply(std::slice::from_ref(&item), NOW).expect("applied");
    drop(desk);
    let desk = Desk::open(&dir, Mode::Read).expect("a desk");
    let view = View::load(&memory, &Filter::default()).expect("a view");
    let mut rows: Vec<String> = view.docs.iter().map(|r| r.id.clone()).collect();
    rows.extend(view.events.iter().map(|r| r.id.clone()));
    rows.extend(view.figures.iter().map(|r| r.id.clone()));
    rows.extend(view.quotes.iter().map(|r| r.id.clone()));
    rows.extend(view.actors.iter().map(|r| r.id.clone()));
    Made { item, memory, desk, view, rows }
}

thread_local! {
    static MADE: RefCell<Made> = RefCell::new(make());
}

fuzz_target!(|text: &str| {
    MADE.with_borrow_mut(|made| {
        for ranked in [false, true] {
            let query = Query { ranked, ..Query::new(text) };
            let (one, two) = (made.desk.search(&query), made.memory.search(&query));
            assert_eq!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
        }
        let mut parts = text.splitn(3, '\n');
        let (row, field, new) = (parts.next(), parts.next(), parts.next());
        let (Some(row), Some(field), Some(new)) = (row, field, new) else { return };
        let known = row.parse::<usize>().ok().map(|n| made.rows[n % made.rows.len()].clone());
        let id = known.unwrap_or_else(|| row.to_owned());
        let Ok(proposed) = made.view.propose(&id, field, new) else { return };
        let mut store = Memory::default();
        store.apply(std::slice::from_ref(&made.item), NOW).expect("applied");
        let body = NewCorrection { at: NOW.into(), who: "Ana".into(), why: "read again".into(), ..proposed };
        if store.correct(&body).is_ok() {
            let view = View::load(&store, &Filter::default()).expect("the record still loads");
            assert!(!view.docs.is_empty() || body.field == "suppressed");
        }
    });
});
