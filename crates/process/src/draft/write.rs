//! The draft as TOML: every entry with the passage it rests on as a comment.

use std::fmt::Write as _;

use rapporteur_record::Cite;

use super::parts::{Suspension, bodies, named_in, suspensions, wishes};
use super::tracks::{Track, tracks};
use super::{Draft, clean, slug, table, unique};
use crate::world::has_words;

/// Bodies, levels and commitments shown at most.
const BODIES: usize = 3;
const SCOPES: usize = 4;
const COMMITMENTS: usize = 15;

pub(super) struct Head<'h> {
    pub id: &'h str,
    pub title: &'h str,
}

/// A text between quotation marks.
fn text(words: &str) -> String {
    toml::Value::String(clean(words)).to_string()
}

fn list(words: &[String]) -> String {
    let all: Vec<String> = words.iter().map(|w| text(w)).collect();
    format!("[{}]", all.join(", "))
}

/// Writes a key with its value.
fn put(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "{key} = {value}");
}

fn open(out: &mut String, draft: &Draft<'_>, head: &str, cite: Option<&Cite>) {
    out.push('\n');
    if let Some(cite) = cite {
        let _ = writeln!(out, "{}", draft.quote(cite));
    }
    let _ = writeln!(out, "[[{head}]]");
}

pub(super) fn file(draft: &Draft<'_>, head: &Head<'_>) -> String {
    let mut out = String::new();
    let tracks = tracks(draft);
    let stops = suspensions(draft);
    begin(&mut out, draft, head);
    parties(&mut out, draft);
    let body = some_bodies(&mut out, draft);
    for track in &tracks {
        open(&mut out, draft, "track", Some(track.cite));
        put(&mut out, "id", &text(&track.id));
        put(&mut out, "title", &text(&capital(&track.question)));
        put(&mut out, "question", &text(&track.question));
        if let Some(body) = &body {
            put(&mut out, "body", &text(body));
        }
        put(&mut out, "cite", &text(track.row));
    }
    conditions(&mut out, draft, &tracks);
    incidents(&mut out, draft);
    levels(&mut out, draft);
    phases(&mut out, draft, &tracks);
    positions(&mut out, draft);
    for stop in &stops {
        suspension(&mut out, draft, stop);
    }
    commitments(&mut out, draft);
    out
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn begin(out: &mut String, draft: &Draft<'_>, head: &Head<'_>) {
    out.push_str(
        "# A draft made from the record. Read it against the passages quoted in it, correct it, add what\n\
         # is missing: tests, dates, judges. `rapporteur process check` tells what is wrong with it.\n\
         # `cite`, `said`, `from`, `to`, `cause` name rows of the record (`rapporteur show ID`); a line\n\
         # without one is shown as entered by hand.\n\n[process]\n",
    );
    put(out, "id", &text(&slug_id(head.id)));
    put(out, "title", &text(head.title));
    let begun = draft
        .view
        .events
        .iter()
        .flat_map(|e| &e.members)
        .filter(|m| m.event.phase.as_deref() == Some("begun") && m.event.date.is_some());
    if let Some(first) =
        begun.min_by_key(|m| (m.event.date.as_ref().and_then(|d| d.interval.from), &m.id))
    {
        let _ = writeln!(
            out,
            "# The day from which `+2 years` counts: {}",
            draft.quote(&first.cite).trim_start_matches("# ")
        );
        put(out, "anchor", &text(&format!("ev:{}", first.id)));
    }
    out.push_str(
        "\n# A month counts only with so many articles (copies of one text once) from so many outlets.\n\
         [coverage]\narticles = 3\nsources = 2\n",
    );
}

fn slug_id(id: &str) -> String {
    let kept: String = id
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    let kept = kept.trim_start_matches('.').to_owned();
    if kept.is_empty() {
        "process".into()
    } else {
        kept
    }
}

fn parties(out: &mut String, draft: &Draft<'_>) {
    for party in &draft.parties {
        open(out, draft, "party", None);
        put(out, "id", &text(&party.id));
        put(out, "name", &text(&party.name));
        put(out, "aliases", &list(&party.aliases));
        put(out, "cite", &text(&party.row));
    }
}

/// Writes the bodies and gives the first one's id.
fn some_bodies(out: &mut String, draft: &Draft<'_>) -> Option<String> {
    let mut taken = Vec::new();
    for body in bodies(draft).into_iter().take(BODIES) {
        open(out, draft, "body", Some(&body.cite));
        let id = unique(&slug(&body.name, 3), &mut taken);
        put(out, "id", &text(&id));
        put(out, "name", &text(&capital(&body.name)));
        let members = named_in(draft, &body.cite);
        if !members.is_empty() {
            put(out, "members", &list(&members));
        }
        put(out, "cite", &text(&body.row));
    }
    taken.into_iter().next()
}

fn conditions(out: &mut String, draft: &Draft<'_>, tracks: &[Track<'_>]) {
    let judges: Vec<String> = draft.parties.iter().map(|p| p.id.clone()).collect();
    if judges.is_empty() {
        return;
    }
    for track in tracks {
        open(out, draft, "condition", None);
        put(out, "id", &text(&format!("{}-met", track.id)));
        put(out, "title", &text(&capital(&track.question)));
        put(out, "track", &text(&track.id));
        out.push_str(
            "kind = \"judged\"      # or give `indicator`, `window`, `test`: see the guide\n",
        );
        out.push_str(
            "basis = \"inferred\"   # \"stated\" where a document names it as a condition\n",
        );
        put(out, "judged_by", &list(&judges));
        put(out, "cite", &text(track.row));
    }
    out.push_str("\n# What a judge says, 0 none to 3 full; each judge apart:\n# [[rating]]\n# condition = \"…\"\n# by = \"…\"\n# on = 2024-01-31\n# value = 1\n");
}

/// Counts of incidents: an indicator without its test, as a comment.
fn incidents(out: &mut String, draft: &Draft<'_>) {
    let counts =
        draft.view.figures.iter().filter(|f| {
            table().incidents.contains(&f.unit) && f.as_of.is_some_and(|a| a.from != a.to)
        });
    let Some(figure) = counts.min_by_key(|f| (&f.context.doc, &f.id)) else {
        return;
    };
    let _ = writeln!(
        out,
        "\n{}\n# No source gives a threshold: set `test` and take the marks away.\n\
         # [[condition]]\n# id = \"{unit}-low\"\n# title = \"Few {unit}\"\n# basis = \"inferred\"\n\
         # indicator = \"rate(of={unit})\"   # the mean a month of counts told for a period\n\
         # window = \"3 months\"\n# stat = \"mean\"\n# test = \"<= … / month\"\n# amber = \"<= … / month\"\n# hold = \"2 windows\"",
        draft.quote(&figure.context),
        unit = figure.unit,
    );
}

/// Places for which levels of forces are told.
fn levels(out: &mut String, draft: &Draft<'_>) {
    let mut places: Vec<(&str, &str, &Cite)> = Vec::new();
    for figure in &draft.view.figures {
        let Some(place) = figure.place.as_deref() else {
            continue;
        };
        let lost = table().losses.iter().any(|w| has_words(&figure.of, w));
        let forces = table().forces.contains(&figure.unit);
        if forces && !lost && !places.iter().any(|(known, ..)| *known == place) {
            places.push((place, &figure.unit, &figure.context));
        }
    }
    let mut taken = Vec::new();
    for (place, unit, cite) in places.into_iter().take(SCOPES) {
        open(out, draft, "scope", Some(cite));
        put(out, "id", &text(&unique(&slug(place, 3), &mut taken)));
        put(
            out,
            "title",
            &text(&format!("{} in {place}", capital(unit))),
        );
        let place = place.replace(['"', '(', ')'], " ");
        let query = format!("figure(unit={unit}, place=\"{place}\", not=killed)");
        put(out, "indicator", &text(&query));
    }
}

fn phases(out: &mut String, draft: &Draft<'_>, tracks: &[Track<'_>]) {
    let has = |cite: &Cite, words: &[String]| words.iter().any(|w| has_words(&cite.text, w));
    let passages = || super::parts::passages(draft.view);
    let reduced =
        passages().find(|(_, cite)| has(cite, &table().reduction) && has(cite, &table().presence));
    let Some((row, cite)) = reduced else {
        return;
    };
    open(out, draft, "phase", Some(cite));
    put(out, "id", "\"reduction\"");
    put(out, "title", "\"Phased reduction\"");
    let needs: Vec<String> = tracks.iter().map(|t| format!("{}-met", t.id)).collect();
    if !needs.is_empty() && !draft.parties.is_empty() {
        out.push_str("# a first guess: which of them a document makes a condition?\n");
        put(out, "needs", &list(&needs));
    }
    out.push_str("# no_later = 2025-09-30              # the date ceiling, where one is set\n");
    out.push_str("# levels = { \"SCOPE\" = \"<= 1500\" }   # ceilings of forces\n");
    put(out, "cite", &text(row));
    if let Some((row, cite)) = passages().find(|(_, cite)| has(cite, &table().transition)) {
        open(out, draft, "phase", Some(cite));
        put(out, "id", "\"partnership\"");
        put(out, "title", "\"Transition to another relation\"");
        put(out, "kind", "\"transition\"");
        put(out, "after", "[\"reduction\"]");
        put(out, "cite", &text(row));
    }
}

fn positions(out: &mut String, draft: &Draft<'_>) {
    if !out.contains("[[phase]]") {
        return;
    }
    for wish in wishes(draft) {
        open(out, draft, "position", Some(wish.cite));
        put(out, "party", &text(&wish.party));
        put(out, "on", "\"reduction\"");
        match &wish.range {
            Some((earliest, latest)) => {
                out.push_str("# counted from the anchor: does the source say from when?\n");
                put(out, "earliest", &text(earliest));
                put(out, "latest", &text(latest));
            }
            None => out.push_str("# no date named: earliest = …, best = …, latest = …\n"),
        }
        put(out, "said", &text(wish.row));
    }
}

fn suspension(out: &mut String, draft: &Draft<'_>, stop: &Suspension<'_>) {
    open(out, draft, "suspension", Some(&stop.from.sentence));
    match stop.between {
        Some((first, last)) => {
            let _ = writeln!(
                out,
                "# {}: the report gives no day; some day of these",
                stop.from.id
            );
            put(out, "from", &text(&format!("{first}..{last}")));
        }
        None => put(out, "from", &text(&format!("ev:{}", stop.from.id))),
    }
    if let Some(to) = stop.to {
        let _ = writeln!(out, "{}", draft.quote(&to.sentence));
        put(out, "to", &text(&format!("ev:{}", to.id)));
    }
    if let Some(cause) = stop.cause {
        put(out, "cause", &text(&cause.id));
    }
}

fn commitments(out: &mut String, draft: &Draft<'_>) {
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut taken = Vec::new();
    let mut rows: Vec<_> = draft.view.commitments.iter().collect();
    rows.sort_by_key(|c| (std::cmp::Reverse(c.strength), &c.id));
    for row in rows {
        let Some(cite) = row.evidence.first() else {
            continue;
        };
        let by: Vec<String> = row
            .by
            .iter()
            .map(|a| {
                draft
                    .party(a.country.as_deref())
                    .map_or(a.name.clone(), |p| p.id.clone())
            })
            .collect();
        let key = (slug(&by.join(" "), 4), slug(&row.what, 4));
        if seen.contains(&key) || clean(&row.what).is_empty() || seen.len() >= COMMITMENTS {
            continue;
        }
        seen.push(key);
        open(out, draft, "commitment", Some(cite));
        put(out, "id", &text(&unique(&slug(&row.what, 3), &mut taken)));
        let mut unique_by = by;
        unique_by.dedup();
        put(out, "by", &list(&unique_by));
        put(out, "what", &text(&row.what));
        put(
            out,
            "strength",
            &text(&format!("{:?}", row.strength).to_lowercase()),
        );
        if let Some(due) = row
            .due
            .as_ref()
            .and_then(|d| d.interval)
            .and_then(|d| Some((d.from.or(d.to)?, d.to.or(d.from)?)))
        {
            put(out, "due", &text(&format!("{}..{}", due.0, due.1)));
        }
        put(out, "cite", &text(&row.id));
    }
}
