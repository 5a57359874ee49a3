//! The form of a brief: a text field a sentence, its citations as chips that lead to their words.

use std::fmt::Write as _;

use super::Ask;
use crate::html::escape;
use crate::own::{Anchor, Evidence, OwnBrief, Quoted, Sentence};

/// A brief that is open in the editor.
pub(super) struct Open<'o> {
    pub(super) id: &'o str,
    /// The version that what is changed here is made from.
    pub(super) version: u64,
    pub(super) own: &'o OwnBrief,
    pub(super) evidence: &'o Evidence<'o>,
}

pub(super) fn editor(ask: &Ask, open: &Open<'_>) -> String {
    let ui = ask.ui;
    let mut out = format!(
        "<form method=\"post\" action=\"/b/{}\" id=\"own\" class=\"own\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"version\" value=\"{}\">\
         <button class=\"unseen\" name=\"do\" value=\"save\" tabindex=\"-1\" aria-hidden=\"true\"></button>\
         <p class=\"note\">{}</p><label>{} <input name=\"title\" value=\"{}\" dir=\"auto\" size=\"50\"></label>",
        escape(open.id),
        ask.token,
        open.version,
        ui.t("marks-note"),
        ui.t("brief-title"),
        escape(&open.own.title),
    );
    for (n, section) in open.own.sections.iter().enumerate() {
        let _ = write!(
            out,
            "<fieldset class=\"part\"><legend>{} {}</legend><label>{} <input name=\"h.{n}\" value=\"{}\" dir=\"auto\" size=\"40\"></label>",
            ui.t("section"),
            n + 1,
            ui.t("heading"),
            escape(&section.title)
        );
        for (m, sentence) in section.sentences.iter().enumerate() {
            field(&mut out, ask, open, (n, m), sentence);
        }
        let m = section.sentences.len();
        let _ = write!(
            out,
            "<div class=\"sentence\"><label for=\"t-{n}-{m}\">{}</label><textarea id=\"t-{n}-{m}\" name=\"t.{n}.{m}\" rows=\"2\" dir=\"auto\"></textarea>\
             <p class=\"choices\"><button name=\"do\" value=\"find.{n}.{m}\">{}</button></p></div></fieldset>",
            ui.t("new-sentence"),
            ui.t("find-passage")
        );
    }
    let _ = write!(
        out,
        "<p class=\"choices\"><button name=\"do\" value=\"section\">{}</button></p><p class=\"choices\">{} \
         <button name=\"do\" value=\"save\" id=\"save\">{}</button> <kbd>Ctrl</kbd>+<kbd>Enter</kbd></p>\
         <details><summary>{}</summary><p><button name=\"do\" value=\"remove\">{}</button> {}</p></details></form>",
        ui.t("add-section"),
        super::signature(ask),
        ui.t("save"),
        ui.t("remove-brief"),
        ui.t("remove-brief"),
        ui.t("remove-brief-note"),
    );
    let _ = write!(
        out,
        "<dialog id=\"pick\" aria-label=\"{0}\"><label>{0} <input type=\"search\" id=\"pick-words\" dir=\"auto\" autocomplete=\"off\"></label><ul id=\"pick-list\"></ul>\
         <p id=\"pick-none\" hidden>{1}</p><button type=\"button\" id=\"pick-close\">{2}</button></dialog>",
        ui.t("find-passage"),
        ui.t("nothing-here"),
        ui.t("close")
    );
    out
}

fn field(
    out: &mut String,
    ask: &Ask,
    open: &Open<'_>,
    (n, m): (usize, usize),
    sentence: &Sentence,
) {
    let ui = ask.ui;
    let typed = sentence.typed();
    let rows = (typed.chars().count() / 90 + 2).min(12);
    let anchors: Vec<(&Quoted, Anchor)> = sentence
        .cites()
        .map(|cite| (cite, open.evidence.anchor(cite)))
        .collect();
    let is_stale = anchors.iter().any(|(_, a)| !matches!(a, Anchor::Live));
    let held = anchors.iter().any(|(_, anchor)| anchor.holds());
    let _ = write!(
        out,
        "<div class=\"sentence{}\"><label for=\"t-{n}-{m}\">{} {}.{}</label><textarea id=\"t-{n}-{m}\" name=\"t.{n}.{m}\" rows=\"{rows}\" dir=\"auto\" aria-describedby=\"c-{n}-{m}\">{}</textarea><p class=\"chips\" id=\"c-{n}-{m}\">",
        if held { "" } else { " loose" },
        ui.t("sentence"),
        n + 1,
        m + 1,
        escape(&typed)
    );
    for (cite, anchor) in &anchors {
        chip(out, ask, open, cite, anchor);
    }
    if anchors.is_empty() {
        let _ = write!(
            out,
            "<span class=\"problem\">{}</span>",
            ui.t("cites-nothing")
        );
    }
    out.push_str("</p><p class=\"choices\">");
    let mut button = |action: &str, words: &str| {
        let _ = write!(
            out,
            "<button name=\"do\" value=\"{action}.{n}.{m}\" aria-describedby=\"t-{n}-{m}\">{words}</button> "
        );
    };
    button("find", ui.t("find-passage"));
    button("up", ui.t("move-up"));
    button("down", ui.t("move-down"));
    button("drop", ui.t("remove"));
    if is_stale {
        button("renew", ui.t("renew"));
    }
    out.push_str("</p></div>");
}

/// A citation: where it leads, and whether it holds, in a sign and a word.
fn chip(out: &mut String, ask: &Ask, open: &Open<'_>, cite: &Quoted, anchor: &Anchor) {
    let ui = ask.ui;
    let (start, end) = match anchor {
        Anchor::Moved(start, end) => (*start, *end),
        _ => (cite.start, cite.end),
    };
    let (class, state) = match anchor {
        Anchor::Live => ("live", format!("✓ {}", ui.t("holds"))),
        Anchor::Moved(..) => ("live", format!("↦ {}", ui.t("moved"))),
        Anchor::Corrected(_) => ("stale", format!("⚠ {}", ui.t("stale"))),
        Anchor::Gone(_) => ("stale", format!("✗ {}", ui.t("gone"))),
    };
    let doc = open.evidence.view().doc(&cite.doc);
    let title = doc.map_or(cite.doc.as_str(), super::document::titled);
    let _ = write!(
        out,
        "<span class=\"chip {class}\"><a href=\"/d/{}?c={start}-{end}#c\" dir=\"auto\">{}</a> <span>{state}</span> <q dir=\"auto\">{}</q>",
        escape(&cite.doc),
        escape(&crate::words::clipped(title, 40)),
        escape(&crate::words::clipped(&cite.exact, 80))
    );
    if !anchor.fault().is_empty() {
        let _ = write!(
            out,
            " <span class=\"problem\" dir=\"auto\">{}</span>",
            escape(anchor.fault())
        );
    }
    out.push_str("</span> ");
}
