//! Finding a passage for a sentence of a brief, without scripts: a search whose hits can be cited.

use std::fmt::Write as _;

use rapporteur_record::Query;

use super::brief_edit::Open;
use super::{Ask, Failure};
use crate::html::escape;
use crate::passages::passages;
use crate::web::Shared;

/// Passages shown.
const SHOWN: usize = 24;

/// The search, with what it found, each with a button that cites it in the sentence `into`
/// (`SECTION.SENTENCE`, from 0).
pub(super) fn picker(
    out: &mut String,
    shared: &Shared,
    ask: &Ask,
    open: &Open<'_>,
    into: &str,
) -> Result<(), Failure> {
    let ui = ask.ui;
    let Some((n, m)) = super::brief_save::place(into) else {
        return Err(Failure::not_found(format!("there is no sentence {into}")));
    };
    let sentence = open.own.sections.get(n).and_then(|s| s.sentences.get(m));
    let words = ask.get("find").map(str::to_owned);
    let _ = write!(
        out,
        "<section class=\"card\" aria-labelledby=\"find\"><h2 id=\"find\">{} {}.{}</h2>",
        ui.t("find-passage-for"),
        n + 1,
        m + 1
    );
    if let Some(sentence) = sentence {
        let _ = write!(out, "<p dir=\"auto\">{}</p>", escape(&sentence.words()));
    }
    let _ = write!(
        out,
        "<form action=\"/b/{}\" class=\"edit\"><input type=\"hidden\" name=\"into\" value=\"{}\"><label>{} <input type=\"search\" name=\"find\" value=\"{}\" dir=\"auto\" required></label> <button>{}</button> <a href=\"/b/{}\">{}</a></form>",
        escape(open.id),
        escape(into),
        ui.t("search-words"),
        escape(words.as_deref().unwrap_or_default()),
        ui.t("search"),
        escape(open.id),
        ui.t("close")
    );
    if let Some(words) = words {
        hits(out, shared, ask, open, (into, &words))?;
    }
    out.push_str("</section>");
    Ok(())
}

/// What the search found.
fn hits(
    out: &mut String,
    shared: &Shared,
    ask: &Ask,
    open: &Open<'_>,
    (into, words): (&str, &str),
) -> Result<(), Failure> {
    let ui = ask.ui;
    let query = Query {
        ranked: true,
        ..Query::new(words)
    };
    let found = passages(&shared.desk()?, open.evidence.view(), &query, SHOWN)?;
    if found.is_empty() {
        let _ = write!(out, "<p role=\"status\">{}</p>", ui.t("no-hits"));
    }
    out.push_str("<ol class=\"hits\">");
    for one in found {
        let _ = write!(
            out,
            "<li><q dir=\"auto\">{}</q> <a class=\"cite\" href=\"/d/{}?c={}-{}#c\" dir=\"auto\">{}</a>\
             <form method=\"post\" action=\"/b/{}\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"version\" value=\"{}\">\
             <input type=\"hidden\" name=\"into\" value=\"{}\"><input type=\"hidden\" name=\"mark\" value=\"{}\">{} <button name=\"do\" value=\"cite\">{}</button></form></li>",
            escape(&one.text),
            one.doc,
            one.start,
            one.end,
            escape(&one.title),
            escape(open.id),
            ask.token,
            open.version,
            escape(into),
            escape(&one.mark),
            super::signature(ask),
            ui.t("cite-it")
        );
    }
    out.push_str("</ol>");
    Ok(())
}
