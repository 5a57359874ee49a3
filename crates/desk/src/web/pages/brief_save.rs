//! What the form of a brief sends: a new version, made from the one that its page showed.

use axum::http::StatusCode;
use rapporteur_record::{Filter, Kept, Store};

use super::brief_edit::{Open, editor};
use super::briefs::{KIND, missing, read, titled, written};
use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::own::{
    Evidence, MOST_SECTIONS, MOST_SENTENCES, OwnBrief, OwnSection, Piece, Quoted, Sentence,
    read_mark,
};
use crate::web::Shared;

/// A section as it was sent: its head, and for each text field the sentences in it.
struct Sent {
    title: String,
    fields: Vec<Vec<Sentence>>,
}

pub(super) fn post(shared: &Shared, ask: &Ask, form: &Form, id: &str) -> Result<Reply, Failure> {
    let who = form.need("who", "name")?.to_owned();
    let seen: u64 = form
        .need("version", "version")?
        .parse()
        .map_err(|_| bad("the form names no version"))?;
    let action = form.get("do").unwrap_or("save").to_owned();
    let desk = shared.desk()?;
    let history = desk.history(KIND, id)?;
    let newest = history.first().ok_or_else(|| missing(id))?.clone();
    let before = read(
        history
            .iter()
            .find(|k| k.version == seen)
            .unwrap_or(&newest),
    )?;
    let loaded = shared.view(&Filter::default())?;
    let log = desk.corrections()?;
    let evidence = Evidence::of(&loaded.view, &log);
    let own = match action.as_str() {
        "cite" => cited(&before, form, &evidence)?,
        "restore" => {
            let wanted = form.get("restore").and_then(|v| v.parse::<u64>().ok());
            let found = history.iter().find(|k| Some(k.version) == wanted);
            read(found.ok_or_else(|| missing(id))?)?
        }
        _ => changed(&before, form, &evidence, &action),
    };
    fits(&own)?;
    if newest.version != seen {
        return Ok(meanwhile(ask, id, &newest, &own, &evidence));
    }
    let body = match action.as_str() {
        "remove" => String::new(),
        _ => written(&own),
    };
    if body != newest.body {
        let new = Kept {
            kind: KIND.into(),
            id: id.to_owned(),
            version: seen,
            at: shared.config.world.now(),
            who: who.clone(),
            body,
        };
        if let Some(newest) = faster(shared, &new)? {
            return Ok(meanwhile(ask, id, &newest, &own, &evidence));
        }
    }
    Ok(Reply::Go {
        to: target(id, &action, &own, form),
        who: Some(who),
    })
}

/// Keeps a version; the newest one when somebody was faster between the look and the pen.
fn faster(shared: &Shared, new: &Kept) -> Result<Option<Kept>, Failure> {
    match shared.write(|desk| Ok(desk.keep(new)?)) {
        Ok(_) => Ok(None),
        Err(failure) if failure.status == StatusCode::CONFLICT => {
            Ok(shared.desk()?.history(KIND, &new.id)?.into_iter().next())
        }
        Err(failure) => Err(failure),
    }
}

/// Where to go after an action.
fn target(id: &str, action: &str, own: &OwnBrief, form: &Form) -> String {
    match action.split_once('.') {
        _ if action == "remove" => "/b".to_owned(),
        _ if action == "cite" => {
            let into = form.get("into").and_then(place).unwrap_or((0, 0));
            format!("/b/{id}#t-{}-{}", into.0, into.1)
        }
        Some(("find", at)) => {
            let at = place(at).unwrap_or((0, 0));
            let at = landed(own, form, at);
            format!("/b/{id}?into={}.{}#find", at.0, at.1)
        }
        Some((_, at)) => {
            let at = place(at).unwrap_or((0, 0));
            format!("/b/{id}#t-{}-{}", at.0, at.1)
        }
        None => format!("/b/{id}"),
    }
}

/// Place of a text field among the sentences that were kept: empty fields are gone.
fn landed(own: &OwnBrief, form: &Form, (n, m): (usize, usize)) -> (usize, usize) {
    let filled = |m: &usize| {
        let text = form.fields.get(&format!("t.{n}.{m}"));
        text.map_or(0, |text| parts(text).count())
    };
    let before: usize = (0..m).map(|m| filled(&m)).sum();
    let most = own.sections.get(n).map_or(0, |s| s.sentences.len());
    (
        n.min(own.sections.len().saturating_sub(1)),
        before.min(most),
    )
}

/// `SECTION.SENTENCE`, from 0.
pub(super) fn place(text: &str) -> Option<(usize, usize)> {
    let (n, m) = text.split_once('.')?;
    let (n, m) = (n.parse().ok()?, m.parse().ok()?);
    (n < MOST_SECTIONS && m <= MOST_SENTENCES).then_some((n, m))
}

fn bad(what: &str) -> Failure {
    Failure::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        what,
        "open the brief again and repeat the change; nothing was changed",
    )
}

fn fits(own: &OwnBrief) -> Result<(), Failure> {
    let too_long = own
        .sections
        .iter()
        .any(|s| s.sentences.len() > MOST_SENTENCES);
    if own.sections.len() > MOST_SECTIONS || too_long {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("more than {MOST_SECTIONS} sections or {MOST_SENTENCES} sentences in one"),
            "go back and make two briefs of it; nothing was changed",
        ));
    }
    Ok(())
}

/// Sentences of a text field: an empty line parts two.
fn parts(text: &str) -> impl Iterator<Item = String> + '_ {
    let lines = text.lines().map(str::trim);
    let mut all: Vec<String> = vec![String::new()];
    for line in lines {
        if line.is_empty() {
            all.push(String::new());
        } else if let Some(last) = all.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(line);
        }
    }
    all.into_iter().filter(|part| !part.is_empty())
}

/// The brief as the form has it, with one action done to it.
fn changed(before: &OwnBrief, form: &Form, evidence: &Evidence<'_>, action: &str) -> OwnBrief {
    let known: Vec<Quoted> = before.cites().cloned().collect();
    let mut sent = Vec::new();
    for n in 0..=MOST_SECTIONS {
        let Some(title) = form.fields.get(&format!("h.{n}")) else {
            break;
        };
        let fields = (0..=MOST_SENTENCES).map_while(|m| form.fields.get(&format!("t.{n}.{m}")));
        sent.push(Sent {
            title: one_line(title),
            fields: fields
                .map(|text| {
                    parts(text)
                        .map(|typed| Sentence::read(&typed, &known, evidence))
                        .collect()
                })
                .collect(),
        });
    }
    if let Some((what, at)) = action.split_once('.')
        && let Some((n, m)) = place(at)
    {
        act(&mut sent, what, n, m, evidence);
    }
    let mut sections: Vec<OwnSection> = sent
        .into_iter()
        .map(|section| OwnSection {
            title: section.title,
            sentences: section.fields.into_iter().flatten().collect(),
        })
        .filter(|section| !section.title.is_empty() || !section.sentences.is_empty())
        .collect();
    if action == "section" || sections.is_empty() {
        sections.push(OwnSection::default());
    }
    OwnBrief {
        title: one_line(form.fields.get("title").map_or("", String::as_str)),
        sections,
    }
}

fn act(sent: &mut [Sent], what: &str, n: usize, m: usize, evidence: &Evidence<'_>) {
    let sections = sent.len();
    let Some(section) = sent.get_mut(n) else {
        return;
    };
    let fields = &mut section.fields;
    match what {
        "up" if m > 0 && m < fields.len() => fields.swap(m, m - 1),
        "up" if n > 0 && m < fields.len() => {
            let moved = fields.remove(m);
            sent[n - 1].fields.push(moved);
        }
        "down" if m + 1 < fields.len() && !fields[m + 1].is_empty() => fields.swap(m, m + 1),
        "down" if m < fields.len() && n + 1 < sections => {
            let moved = sent[n].fields.remove(m);
            sent[n + 1].fields.insert(0, moved);
        }
        "drop" if m < fields.len() => {
            fields.remove(m);
        }
        "renew" if m < fields.len() => {
            let pieces = fields[m].iter_mut().flat_map(|s| &mut s.pieces);
            for piece in pieces {
                if let Piece::Cite(cite) = piece {
                    *cite = evidence.renewed(cite);
                }
            }
        }
        _ => {}
    }
}

/// The brief with a passage cited in one of its sentences, or in a new one.
fn cited(before: &OwnBrief, form: &Form, evidence: &Evidence<'_>) -> Result<OwnBrief, Failure> {
    let mark = form.need("mark", "passage")?;
    let (doc, start, end) = read_mark(mark).ok_or_else(|| bad("the form names no passage"))?;
    let into = form.get("into").and_then(place);
    let (n, m) = into.ok_or_else(|| bad("the form names no sentence"))?;
    let mut own = before.clone();
    if own.sections.is_empty() {
        own.sections.push(OwnSection::default());
    }
    let section = own
        .sections
        .get_mut(n)
        .ok_or_else(|| bad("the brief has no such section any more"))?;
    if m >= section.sentences.len() {
        section.sentences.push(Sentence::default());
    }
    let at = m.min(section.sentences.len() - 1);
    let pieces = &mut section.sentences[at].pieces;
    if matches!(pieces.last(), Some(Piece::Words(words)) if !words.ends_with(' ')) {
        pieces.push(Piece::Words(" ".into()));
    }
    pieces.push(Piece::Cite(evidence.quoted(&doc, start, end)));
    Ok(own)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Somebody saved meanwhile: their text beside the form, which still holds what was typed.
fn meanwhile(ask: &Ask, id: &str, newest: &Kept, own: &OwnBrief, evidence: &Evidence<'_>) -> Reply {
    let ui = ask.ui;
    let theirs = read(newest).unwrap_or_default();
    let mut body = format!(
        "<p class=\"problem\" role=\"alert\"><bdi>{}</bdi> {} ({} {}, <bdi>{}</bdi>). {}</p><section class=\"card\" aria-labelledby=\"theirs\"><h2 id=\"theirs\">{}</h2>",
        escape(&newest.who),
        ui.t("saved-meanwhile"),
        ui.t("version"),
        newest.version,
        escape(&newest.at),
        ui.t("saved-meanwhile-remedy"),
        ui.t("their-text")
    );
    for section in &theirs.sections {
        body.push_str(&format!(
            "<h3 dir=\"auto\">{}</h3><ol>",
            escape(&section.title)
        ));
        for sentence in &section.sentences {
            let mine = own
                .sentences()
                .any(|(_, _, s)| s.typed() == sentence.typed());
            let typed = escape(&sentence.typed());
            body.push_str(&if mine {
                format!("<li dir=\"auto\">{typed}</li>")
            } else {
                format!("<li dir=\"auto\"><ins>{typed}</ins></li>")
            });
        }
        body.push_str("</ol>");
    }
    body.push_str("</section>");
    let open = Open {
        id,
        version: newest.version,
        own,
        evidence,
    };
    body.push_str(&editor(ask, &open));
    Reply::Told {
        status: StatusCode::CONFLICT,
        title: titled(own, newest).to_owned(),
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_parts_two_sentences() {
        let all: Vec<String> = parts("one\r\ntwo\r\n\r\n\r\nthree\n").collect();
        assert_eq!(all, ["one two", "three"]);
        assert_eq!(parts(" \n ").count(), 0);
        assert_eq!(place("3.0"), Some((3, 0)));
        for odd in ["", "3", "x.1", "99.0", "0.9999"] {
            assert_eq!(place(odd), None, "{odd}");
        }
    }
}
