//! Every screen in every dress: widths, light and dark, both directions, scripts on and off.

use std::fmt::Write as _;

use serde_json::Value;

use crate::driver::{Browser, Mode};
use crate::room;

const WIDTHS: [u32; 4] = [360, 768, 1280, 1600];

/// What is wider than the window, if the page can be scrolled sideways.
const WIDE: &str = "
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return '';
    const out = [...document.querySelectorAll('body *')].filter(e => {
        const r = e.getBoundingClientRect();
        return r.width > 0 && (r.right > root.clientWidth + 1 || r.left < -1);
    });
    return `${root.scrollWidth} > ${root.clientWidth}: ` + out.slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(' | ');";

/// The rules of accessibility, if the file with them is at hand.
fn axe() -> Option<String> {
    let Ok(path) = std::env::var("AXE_JS") else {
        eprintln!("skipped: rules of accessibility (AXE_JS names no axe.min.js)");
        return None;
    };
    Some(std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("AXE_JS {path}: {why}")))
}

/// What the rules find on the page that is open, one line each.
fn violations(browser: &Browser, axe: &str) -> String {
    if browser.run("return typeof axe") != Value::String("object".into()) {
        browser.run(&format!("{axe}; window.axe = axe;"));
    }
    let found = browser.run_async(
        "const done = arguments[arguments.length - 1];
         const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
         axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
            .then(r => done(r.violations.map(v => [v.id, v.nodes.length,
                v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message)])))
            .catch(e => done([['failed', 0, [String(e)]]]));",
    );
    let mut out = String::new();
    for one in found.as_array().unwrap() {
        let _ = writeln!(out, "    {} ({}):", one[0], one[1]);
        for node in one[2].as_array().unwrap() {
            let _ = writeln!(out, "      {}", node.as_str().unwrap_or_default());
        }
    }
    out
}

/// Looks at every screen of one language in every dress; fails with what is wrong, a line each.
fn inspect(lang: &str, scripts: bool) {
    let Some(room) = room(Mode { scripts: true }) else {
        return;
    };
    let axe = axe();
    let mut wrong = String::new();
    room.browser.open(&format!("/?lang={lang}"));
    for (name, path) in room.served.screens() {
        room.browser.look(1280, false);
        // The rules are a script too: they come in when the page is there without its own.
        room.browser.scripts(scripts);
        room.browser.open(&path);
        room.browser.scripts(true);
        let told = room.browser.run("return [document.documentElement.lang, document.documentElement.dir, document.querySelectorAll('h1').length].join()");
        let expected = if lang == "ar" { "ar,rtl,1" } else { "en,ltr,1" };
        if told != expected {
            let _ = writeln!(wrong, "{name} {lang}: {told}");
        }
        let dress = format!("{name} {lang} scripts {scripts}");
        wrong.push_str(&dressed(&room.browser, axe.as_deref(), &dress));
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What is wrong with the page that is open, at every width, light and dark.
fn dressed(browser: &Browser, axe: Option<&str>, name: &str) -> String {
    let mut wrong = String::new();
    for width in WIDTHS {
        browser.look(width, false);
        let wide = browser.run(WIDE);
        if wide != "" {
            let _ = writeln!(wrong, "{name} {width}: scrolls sideways, {wide}");
        }
    }
    // The rules look at the narrow and at the wide layout, and at the wide one in the dark.
    for (width, is_dark) in [(360, false), (1280, false), (1280, true)] {
        browser.look(width, is_dark);
        let found = axe.map_or(String::new(), |axe| violations(browser, axe));
        if !found.is_empty() {
            let light = if is_dark { "dark" } else { "light" };
            let _ = writeln!(wrong, "{name} {width} {light}:\n{found}");
        }
    }
    wrong
}

#[test]
#[ignore = "drives Chromium"]
fn every_screen_fits_and_is_accessible_in_english() {
    inspect("en", true);
}

#[test]
#[ignore = "drives Chromium"]
fn every_screen_fits_and_is_accessible_in_arabic() {
    inspect("ar", true);
}

#[test]
#[ignore = "drives Chromium"]
fn every_screen_fits_and_is_accessible_in_english_without_scripts() {
    inspect("en", false);
}

#[test]
#[ignore = "drives Chromium"]
fn every_screen_fits_and_is_accessible_in_arabic_without_scripts() {
    inspect("ar", false);
}

#[test]
#[ignore = "drives Chromium"]
fn pages_that_stand_alone_fit_and_are_accessible() {
    let Some(room) = room(Mode { scripts: true }) else {
        return;
    };
    let axe = axe();
    let mut wrong = String::new();
    for (name, file) in room.served.pages() {
        room.browser.open(&file);
        wrong.push_str(&dressed(&room.browser, axe.as_deref(), name));
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Bytes of base 64.
fn decoded(text: &str) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut out, mut bits, mut have) = (Vec::new(), 0u32, 0);
    for six in text.bytes().filter_map(value) {
        bits = bits << 6 | u32::from(six);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
            bits &= (1 << have) - 1;
        }
    }
    out
}

#[test]
#[ignore = "drives Chromium"]
fn pictures_of_every_screen() {
    let Ok(dir) = std::env::var("RAPPORTEUR_SCREENS") else {
        eprintln!("skipped: RAPPORTEUR_SCREENS names no folder for pictures");
        return;
    };
    let Some(room) = room(Mode { scripts: true }) else {
        return;
    };
    std::fs::create_dir_all(&dir).unwrap();
    let shot = |name: &str, path: &str, width, is_dark| {
        room.browser.look(width, is_dark);
        room.browser.open(path);
        let bytes = decoded(&room.browser.picture(1400));
        std::fs::write(format!("{dir}/{name}.png"), bytes).unwrap();
    };
    let screens = room.served.screens();
    for (name, path) in &screens {
        shot(name, path, 1280, false);
    }
    for (name, path) in &screens {
        if [
            "brief",
            "timeline",
            "event",
            "document-marked",
            "process",
            "conflicts",
            "map",
            "network",
            "inbox",
        ]
        .contains(name)
        {
            shot(&format!("{name}-dark"), path, 1280, true);
            shot(&format!("{name}-360"), path, 360, false);
        }
    }
    room.browser.open("/?lang=ar");
    for (name, path) in &screens {
        if [
            "brief",
            "timeline",
            "event",
            "document",
            "process",
            "conflicts",
            "inbox",
            "export",
        ]
        .contains(name)
        {
            shot(&format!("{name}-ar"), path, 1280, false);
        }
    }
}
