//! The main actions, with scripts and without: both must do the same.

use crate::driver::{Browser, Mode};
use crate::room;

/// Whether the words stand on the screen.
fn says(browser: &Browser, words: &str) -> bool {
    let script = format!(
        "return document.body.innerText.includes({})",
        serde_json::to_string(words).unwrap()
    );
    browser.run(&script) == true
}

fn arrived(browser: &Browser, path: &str) {
    let script =
        format!("return location.pathname === {path:?} && document.readyState === 'complete'");
    browser.wait(path, &script);
}

/// Corrects the place of an event, sees it, takes it back.
fn correct_and_take_back(browser: &Browser, event: &str) {
    browser.open(event);
    browser.click("section[aria-labelledby=correct] summary");
    let form = "form.edit:has(input[name=field][value=place])";
    browser.fill(&format!("{form} input[name=value]"), "Port Karim");
    browser.fill(&format!("{form} input[name=who]"), "Ana Example");
    browser.fill(&format!("{form} input[name=why]"), "read the page again");
    browser.click(&format!("{form} button"));
    arrived(browser, event);
    assert!(says(browser, "Port Karim"));
    browser.open("/log");
    assert!(says(browser, "Ana Example") && says(browser, "read the page again"));
    browser.click("tr#c-1 summary");
    // The desk remembers who signed last.
    let who = browser.run("return document.querySelector('tr#c-1 input[name=who]').value");
    assert_eq!(who, "Ana Example");
    browser.fill("tr#c-1 input[name=why]", "it was right before");
    browser.click("tr#c-1 form button");
    browser.wait("undo", "return !!document.querySelector('tr#c-2')");
    browser.open(event);
    let place = "return document.querySelector('dl.facts').innerText.includes('Port Karim')";
    assert_eq!(browser.run(place), false);
}

/// Decides a contradiction on the board.
fn decide(browser: &Browser) {
    browser.open("/conflicts?all=1");
    let card = "article.card";
    browser.fill(&format!("{card} input[name=who]"), "Ana Example");
    browser.fill(&format!("{card} input[name=why]"), "two counts of two days");
    browser.click(&format!("{card} button[value=reconciled]"));
    browser.wait(
        "decision",
        "return !!document.querySelector('article.card button[value=reconciled][aria-pressed=true]')",
    );
}

/// Pastes a page and finds it by a word that only it has.
fn paste_and_find(browser: &Browser) {
    browser.open("/inbox");
    browser.fill(
        "textarea[name=text]",
        "Envoys return to Sahrawat\n\n5 March 2024\n\nThe envoys of both sides returned to Sahrawat on Monday and agreed to \
         exchange prisoners before the end of the month, a spokesman of the foreign ministry told reporters.",
    );
    browser.click("form:has(textarea) button");
    browser.wait(
        "paste",
        "return document.body.innerText.includes('pasted 2')",
    );
    browser.fill("input[type=search]", "Sahrawat");
    browser.click(".find button");
    arrived(browser, "/search");
    browser.wait("hit", "return !!document.querySelector('ol.hits mark')");
    browser.click("ol.hits a");
    browser.wait("document", "return location.pathname.startsWith('/d/')");
    assert!(says(browser, "Sahrawat"));
}

/// Narrows a list, and clears it again.
fn narrow(browser: &Browser) {
    browser.open("/timeline");
    let rows = "return document.querySelectorAll('table.rows tbody tr').length";
    let all = browser.run(rows).as_u64().unwrap();
    browser.click("details.filters summary");
    browser.click("details.filters option[value=CONSULT]");
    browser.click("details.filters button");
    browser.wait("filter", "return location.search.includes('type=CONSULT')");
    let some = browser.run(rows).as_u64().unwrap();
    assert!(0 < some && some < all, "{some} of {all}");
}

/// The other language and back; the desk remembers it.
fn speak(browser: &Browser) {
    browser.open("/actors");
    browser.click("a.lang");
    browser.wait("Arabic", "return document.documentElement.dir === 'rtl'");
    assert_eq!(browser.run("return location.pathname"), "/actors");
    browser.open("/timeline");
    assert_eq!(browser.run("return document.documentElement.lang"), "ar");
    browser.click("a.lang");
    browser.wait("English", "return document.documentElement.dir === 'ltr'");
}

/// One click from a claim to its words, one more to the page as it came.
fn follow(browser: &Browser) {
    browser.open("/timeline");
    browser.click("table.rows tbody a.cite");
    browser.wait("passage", "return location.pathname.startsWith('/d/')");
    let seen = "const m = document.querySelector('mark.cited'); if (!m) return false;
        const r = m.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.height > 0";
    browser.wait("the passage is in sight", seen);
    browser.click("a[href$='/original']");
    browser.wait("original", "return location.pathname.endsWith('/original')");
    assert_eq!(
        browser.run("return !!document.querySelector('pre.source')"),
        true
    );
}

fn act(scripts: bool) {
    let Some(room) = room(Mode { scripts }) else {
        return;
    };
    let browser = &room.browser;
    browser.look(1280, false);
    let screens = room.served.screens();
    let (_, event) = screens.iter().find(|(name, _)| *name == "event").unwrap();
    follow(browser);
    narrow(browser);
    correct_and_take_back(browser, event);
    decide(browser);
    paste_and_find(browser);
    speak(browser);
}

#[test]
#[ignore = "drives Chromium"]
fn the_main_actions_work_with_scripts() {
    act(true);
}

#[test]
#[ignore = "drives Chromium"]
fn the_main_actions_work_without_scripts() {
    act(false);
}
