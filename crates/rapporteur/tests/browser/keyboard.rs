//! The desk by keyboard alone.

use serde_json::Value;

use crate::driver::{Browser, Mode};
use crate::room;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// What has the focus, where it is, and how one sees that it has it: place in the order of the
/// document, whether it is inside the window, its outline.
const FOCUS: &str = "
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    const all = [...document.querySelectorAll('*')];
    const seen = r.width > 0 && r.height > 0 && r.right > 0 && r.left < innerWidth && r.bottom > 0 && r.top < innerHeight;
    const ring = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
    return [all.indexOf(e), seen, ring, e.outerHTML.slice(0, 120)];";

/// Goes through a screen with the tabulator key.
fn tour(browser: &Browser, path: &str) -> Vec<String> {
    browser.open(path);
    let mut wrong = Vec::new();
    let mut last = -1;
    // The tour before may have ended in the browser's own bars: come back into the page.
    browser.press(&[TAB]);
    let mut stops = 0;
    while browser.run("return document.activeElement.className") != "skip" && stops < 20 {
        browser.press(&[TAB]);
        stops += 1;
    }
    for _ in 0..70 {
        let now = browser.run(FOCUS);
        let Some(at) = now[0].as_i64() else { break };
        if at < last {
            break;
        }
        if now[1] != Value::Bool(true) {
            wrong.push(format!("{path}: out of sight: {}", now[3]));
        }
        if now[2] != Value::Bool(true) {
            wrong.push(format!("{path}: no sign of focus: {}", now[3]));
        }
        last = at;
        browser.press(&[TAB]);
    }
    if last < 0 {
        wrong.push(format!("{path}: nothing takes the focus"));
    }
    wrong
}

#[test]
#[ignore = "drives Chromium"]
fn focus_goes_in_order_and_is_seen() {
    let Some(room) = room(Mode { scripts: true }) else {
        return;
    };
    let mut wrong = Vec::new();
    for width in [1280, 360] {
        room.browser.look(width, false);
        for (_, path) in room.served.screens() {
            wrong.extend(tour(&room.browser, &path));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
#[ignore = "drives Chromium"]
fn the_first_stop_leads_past_the_navigation() {
    for scripts in [true, false] {
        let Some(room) = room(Mode { scripts }) else {
            return;
        };
        let browser = &room.browser;
        browser.look(1280, false);
        browser.open("/timeline");
        browser.press(&[TAB]);
        assert_eq!(
            browser.run("return document.activeElement.className"),
            "skip"
        );
        browser.press(&[ENTER]);
        browser.wait("the skip link", "return location.hash === '#main'");
        browser.press(&[TAB]);
        let inside =
            browser.run("return document.querySelector('main').contains(document.activeElement)");
        assert_eq!(inside, true);
    }
}

#[test]
#[ignore = "drives Chromium"]
fn letters_search_move_and_open() {
    let Some(room) = room(Mode { scripts: true }) else {
        return;
    };
    let browser = &room.browser;
    browser.look(1280, false);
    let here = || {
        browser.run("return [...document.querySelectorAll('table.rows tbody tr')].findIndex(r => r.classList.contains('here'))")
    };
    browser.open("/timeline");
    browser.press(&["j"]);
    assert_eq!(here(), 0);
    browser.press(&["j", "j"]);
    assert_eq!(here(), 2);
    browser.press(&["k"]);
    assert_eq!(here(), 1);
    let link = browser.run("return document.querySelectorAll('table.rows tbody tr')[1].querySelector('a[href]').getAttribute('href')");
    browser.press(&["o"]);
    let opened = format!("return location.pathname === {link}.split('?')[0]");
    browser.wait("o opens the row", &opened);
    browser.press(&["/"]);
    assert_eq!(
        browser.run("return document.activeElement.getAttribute('name')"),
        "q"
    );
    browser.press(&["t", "a", "l", "k", "s", ENTER]);
    browser.wait("search", "return location.pathname === '/search'");
    browser.press(&["g", "t"]);
    browser.wait("g t", "return location.pathname === '/timeline'");
    browser.press(&["?"]);
    assert_eq!(
        browser.run("return document.getElementById('keys').open"),
        true
    );
    browser.press(&[ESCAPE]);
    assert_eq!(
        browser.run("return document.getElementById('keys').open"),
        false
    );
}

#[test]
#[ignore = "drives Chromium"]
fn brackets_go_through_the_passages_of_a_document() {
    let Some(room) = room(Mode { scripts: true }) else {
        return;
    };
    let browser = &room.browser;
    browser.look(1280, false);
    let screens = room.served.screens();
    let (_, path) = screens
        .iter()
        .find(|(name, _)| *name == "document")
        .unwrap();
    browser.open(path);
    let at = || {
        browser.run("return [...document.querySelectorAll('article.text mark')].indexOf(document.activeElement)")
    };
    browser.press(&["]"]);
    assert_eq!(at(), 0);
    browser.press(&["]"]);
    assert_eq!(at(), 1);
    browser.press(&["["]);
    assert_eq!(at(), 0);
}
