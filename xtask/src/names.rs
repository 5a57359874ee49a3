//! What the name models learn from: corpora with names, and lists.

use std::fs;
use std::path::Path;

use rapporteur_base::{CodePoints, Span};
use rapporteur_text::EntityKind;
use rapporteur_text::conllu::Block;
use rapporteur_text::train::{self as learn, MentionText, NameData, NamedSentence, kinds};
use serde_json::Value;

use crate::train::{open_gum, read};

/// Everything, from the corpora in `dir` and the lists of the repository.
pub(crate) fn data(dir: &Path) -> Result<NameData, String> {
    Ok(NameData {
        names: names(dir)?,
        arabic: arabic(dir)?,
        lists: lists()?,
        nouns: nouns()?,
        mentions: mentions(dir)?,
    })
}

fn names(dir: &Path) -> Result<Vec<NamedSentence>, String> {
    let mut all = iob(&read(dir, "ner/uner_en_ewt-train.iob")?);
    all.extend(iob(&read(dir, "ner/wnut17_en-train.iob")?));
    all.extend(open_gum(dir)?.iter().map(treebank));
    Ok(all)
}

/// Arabic newswire. AQMAR (Wikipedia) was tried too: its other guidelines cost newswire more than
/// its sentences gained.
fn arabic(dir: &Path) -> Result<Vec<NamedSentence>, String> {
    Ok(iob(&read(dir, "ner/anercorp_ar-train.iob")?))
}

fn kind(name: &str) -> Option<EntityKind> {
    match name {
        "PER" | "PERS" | "person" | "Person" => Some(EntityKind::Per),
        "ORG" | "corporation" | "group" | "Organisation" => Some(EntityKind::Org),
        "LOC" | "location" | "Location" => Some(EntityKind::Loc),
        "OTH" | "MISC" | "MIS0" | "MIS1" | "MIS2" | "MIS3" | "product" | "creative-work"
        | "Nationality" => Some(EntityKind::Misc),
        _ => None,
    }
}

pub(crate) fn iob(text: &str) -> Vec<NamedSentence> {
    let mut all = Vec::new();
    let mut sentence = NamedSentence::default();
    for line in text.lines().chain([""]) {
        let Some((form, tag)) = line.split_once('\t') else {
            if !sentence.forms.is_empty() {
                all.push(std::mem::take(&mut sentence));
            }
            continue;
        };
        let (mark, name) = tag.trim().split_once('-').unwrap_or(("O", ""));
        sentence.forms.push(form.to_owned());
        sentence
            .names
            .push(kind(name).map(|kind| (kind, mark == "B")));
    }
    all
}

/// The documents of re3d whose licence allows training (BBC's does not), with their mentions and
/// the proper names inside these.
fn mentions(dir: &Path) -> Result<Vec<MentionText>, String> {
    let text = read(dir, "re3d/re3d_en-train.jsonl")?;
    Ok(documents(&text)?
        .into_iter()
        .filter(|row| !row["source"].as_str().is_none_or(|s| s.contains("BBC")))
        .map(|row| {
            let text = row["text"].as_str().unwrap_or_default().to_owned();
            let mentions = entities(&text, &row["entities"]);
            let names = named(&text, &proper_entities(&mentions, &text));
            MentionText {
                text,
                mentions,
                names,
            }
        })
        .collect())
}

/// Lines of JSON.
pub(crate) fn documents(text: &str) -> Result<Vec<Value>, String> {
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|e| format!("line {}: {e}", number + 1))
        })
        .collect()
}

/// The entities of a row by bytes.
pub(crate) fn entities(text: &str, rows: &Value) -> Vec<(Span, EntityKind)> {
    let points = CodePoints::new(text);
    rows.as_array()
        .into_iter()
        .flatten()
        .filter_map(|e| {
            let offset = |i: usize| Some(points.to_byte(usize::try_from(e[i].as_u64()?).ok()?));
            Some((Span::new(offset(0)?, offset(1)?), kind(e[2].as_str()?)?))
        })
        .collect()
}

/// The proper names inside the entities; a place that is also an organisation is a place, of
/// nested names the longest is kept.
fn proper_entities(mentions: &[(Span, EntityKind)], text: &str) -> Vec<(Span, EntityKind)> {
    let mut found: Vec<(Span, EntityKind)> = mentions
        .iter()
        .filter_map(|(span, kind)| Some((core(text, *span, *kind)?, *kind)))
        .collect();
    let order = |kind: EntityKind| match kind {
        EntityKind::Loc => 0,
        EntityKind::Per => 1,
        EntityKind::Org => 2,
        EntityKind::Misc => 3,
    };
    found.sort_by_key(|(span, kind)| (std::cmp::Reverse(span.len()), span.start, order(*kind)));
    let mut kept: Vec<(Span, EntityKind)> = Vec::new();
    for (span, kind) in found {
        if !kept.iter().any(|(other, _)| other.overlaps(span)) {
            kept.push((span, kind));
        }
    }
    kept
}

/// The run of capitalised words of a mention, without titles; `None` where common words are mixed
/// in ("Iraqi security forces").
fn core(text: &str, span: Span, kind: EntityKind) -> Option<Span> {
    let body = span.of(text);
    let mut words: Vec<Span> = learn::cut(body).into_iter().flatten().collect();
    let of = |w: &Span| w.of(body);
    let capital = |w: &Span| of(w).chars().any(char::is_uppercase);
    let lead = words.iter().position(capital)?;
    words.drain(..lead);
    let tail = words.iter().rposition(capital)?;
    if kind == EntityKind::Org && tail + 1 < words.len() && of(&words[tail + 1]) != "'s" {
        return None;
    }
    words.truncate(tail + 1);
    if kind == EntityKind::Per {
        let title = |w: &Span| TITLES.contains(&of(w).trim_end_matches('.'));
        let name = words.iter().rposition(title).map_or(0, |at| at + 1);
        words.drain(..name);
        if words.is_empty() || words.iter().any(|w| of(w).contains(',')) {
            return None;
        }
    }
    let small = [
        "of", "the", "and", "for", "-", "\u{2019}", "'", "al", "de", "in", "&", "bin",
    ];
    if words
        .iter()
        .any(|w| !capital(w) && !small.contains(&of(w)) && !of(w).contains("al-"))
    {
        return None;
    }
    let (first, last) = (words.first()?, words.last()?);
    let from = span.start as usize;
    Some(Span::new(
        from + first.start as usize,
        from + last.end as usize,
    ))
}

fn named(text: &str, entities: &[(Span, EntityKind)]) -> Vec<NamedSentence> {
    learn::cut(text)
        .iter()
        .map(|tokens| {
            let mut before: Option<Span> = None;
            let names = tokens
                .iter()
                .map(|token| {
                    let hit = entities.iter().find(|(span, _)| span.overlaps(*token));
                    let name = hit.map(|(span, kind)| (*kind, before != Some(*span)));
                    before = hit.map(|(span, _)| *span);
                    name
                })
                .collect();
            let forms = tokens.iter().map(|t| t.of(text).to_owned()).collect();
            NamedSentence { forms, names }
        })
        .collect()
}

/// Rows of a table of the repository without its head.
fn rows(path: &str, head: usize) -> Result<Vec<Vec<String>>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    Ok(text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(head)
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect())
}

/// Phrases with the kinds of the lists they stand in.
fn lists() -> Result<Vec<(String, u8)>, String> {
    let mut all: Vec<(String, u8)> = Vec::new();
    let people = fs::read_to_string("data/text/people.tsv").map_err(|e| e.to_string())?;
    for line in people.lines().filter(|line| !line.starts_with('#')) {
        let (name, kinds) = line.split_once('\t').unwrap_or((line, "0"));
        all.push((name.to_owned(), kinds.parse().unwrap_or(0)));
    }
    for row in rows("data/actors/states.tsv", 1)? {
        for (columns, kind) in [
            (&[1, 5, 6][..], kinds::STATE),
            (&[2, 3][..], kinds::NATION),
            (&[4][..], kinds::TOWN),
        ] {
            for form in columns
                .iter()
                .filter_map(|c| row.get(*c))
                .flat_map(|c| c.split(';'))
            {
                all.push((form.trim().to_owned(), kind));
            }
        }
    }
    for (table, kind) in [
        ("bodies", kinds::BODY),
        ("offices", kinds::BODY),
        ("media", kinds::BODY),
        ("firms", kinds::BODY),
        ("groups", kinds::GROUP),
        ("persons", kinds::PERSON),
    ] {
        for row in rows(&format!("data/actors/{table}.tsv"), 1)? {
            for form in row.iter().take(2).flat_map(|c| c.split(';')) {
                all.push((form.trim().to_owned(), kind));
            }
        }
    }
    for row in rows("data/places/own.tsv", 1)? {
        for form in row.iter().take(2).flat_map(|c| c.split(';')) {
            all.push((form.trim().to_owned(), kinds::TOWN));
        }
    }
    all.extend(towns()?.into_iter().map(|town| (town, kinds::TOWN)));
    all.retain(|(form, kinds)| !form.is_empty() && *kinds != 0);
    Ok(all)
}

/// Common nouns for people, bodies and places.
fn nouns() -> Result<Vec<(String, u8)>, String> {
    let mut all = Vec::new();
    for row in rows("data/text/nouns.tsv", 0)? {
        let kind = match row.first().map(String::as_str) {
            Some("person") => kinds::ONE,
            Some("people") => kinds::SEVERAL,
            Some("body") => kinds::INSTITUTION,
            _ => kinds::GROUND,
        };
        let words = row.get(1).map_or("", String::as_str).split(' ');
        all.extend(words.map(|word| (word.to_owned(), kind)));
    }
    for row in rows("data/actors/agents.tsv", 1)? {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        let kind = match (cell(1), cell(2)) {
            ("force", _) => kinds::FORCE,
            ("role", "p") | ("group", _) => kinds::SEVERAL,
            ("role", _) => kinds::ONE,
            _ => kinds::INSTITUTION,
        };
        if !cell(0).contains(' ') {
            all.push((cell(0).to_owned(), kind));
        }
    }
    Ok(all)
}

/// The names of the gazetteer's towns; how the bytes lie stands in `data/places/make_cities.py`.
fn towns() -> Result<Vec<String>, String> {
    let path = "data/places/cities.bin";
    let bytes = fs::read(path).map_err(|e| format!("{path}: {e}"))?;
    let number = |at: usize| {
        let four = bytes.get(at..at + 4).and_then(|b| b.try_into().ok());
        four.map_or(0, |b| u32::from_le_bytes(b) as usize)
    };
    let (countries, records, keys) = (number(4), number(8), number(12));
    let mut at = 20 + countries * 3 + records * 16 + keys * 12;
    let mut names = Vec::new();
    while let Some(length) = bytes.get(at).map(|b| usize::from(*b)) {
        let name = bytes.get(at + 1..at + 1 + length).unwrap_or_default();
        names.push(String::from_utf8_lossy(name).into_owned());
        at += 1 + length;
    }
    Ok(names)
}

/// The names among the entities of a treebank sentence: those headed by a proper noun, cut to the
/// run of proper nouns around the head.
fn treebank(block: &Block) -> NamedSentence {
    let mut names: Vec<Option<(EntityKind, bool)>> = vec![None; block.words.len()];
    let mut found = spans(block);
    // The longest first: a shorter one inside it is part of the name.
    found.sort_by_key(|e| (std::cmp::Reverse(e.last - e.first), e.first));
    for entity in found {
        let kind = match entity.kind.as_str() {
            "person" => EntityKind::Per,
            "organization" => EntityKind::Org,
            "place" => EntityKind::Loc,
            _ => continue,
        };
        let Some((first, last)) = proper(block, &entity, kind) else {
            continue;
        };
        let place = &mut names[first..=last];
        if place.iter().all(Option::is_none) {
            for (at, name) in place.iter_mut().enumerate() {
                *name = Some((kind, at == 0));
            }
        }
    }
    NamedSentence {
        forms: block.words.iter().map(|w| w.form.clone()).collect(),
        names,
    }
}

/// An entity of the MISC column.
struct Marked {
    first: usize,
    last: usize,
    kind: String,
    head: usize,
}

/// Entities that begin and end in the sentence: `(id-type-…-minspan-…` opens, `id)` closes.
fn spans(block: &Block) -> Vec<Marked> {
    let mut open: Vec<(String, String, usize, usize)> = Vec::new();
    let mut done = Vec::new();
    for (at, word) in block.words.iter().enumerate() {
        let Some(value) = word.misc.split('|').find_map(|m| m.strip_prefix("Entity=")) else {
            continue;
        };
        let mut rest = value;
        while !rest.is_empty() {
            if let Some(body) = rest.strip_prefix('(') {
                let end = body.find(['(', ')']).unwrap_or(body.len());
                let fields: Vec<&str> = body[..end].split('-').collect();
                let head = fields
                    .get(5)
                    .and_then(|f| f.split(',').next()?.parse::<usize>().ok());
                let kind = fields.get(1).copied().unwrap_or_default();
                open.push((
                    fields[0].to_owned(),
                    kind.to_owned(),
                    at,
                    at + head.unwrap_or(1) - 1,
                ));
                rest = &body[end..];
                if let Some(after) = rest.strip_prefix(')') {
                    done.extend(open.pop().map(|(_, kind, first, head)| Marked {
                        first,
                        last: at,
                        kind,
                        head,
                    }));
                    rest = after;
                }
            } else {
                let end = rest.find(')').unwrap_or(rest.len());
                let id = &rest[..end];
                if let Some(i) = open.iter().rposition(|o| o.0 == id) {
                    let (_, kind, first, head) = open.remove(i);
                    done.push(Marked {
                        first,
                        last: at,
                        kind,
                        head,
                    });
                }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
        }
    }
    done
}

/// The run of proper nouns around an entity's head, small words of bodies ("of the") included.
fn proper(block: &Block, entity: &Marked, kind: EntityKind) -> Option<(usize, usize)> {
    let word = |at: usize| &block.words[at];
    let named = |at: usize| {
        let capital = word(at).form.chars().next().is_some_and(char::is_uppercase);
        word(at).upos == "PROPN"
            || (capital && matches!(word(at).upos.as_str(), "ADJ" | "NOUN" | "NUM"))
    };
    let small = |at: usize| {
        matches!(
            word(at).form.as_str(),
            "of" | "the" | "and" | "for" | "&" | "-" | "'s" | "al" | "de" | "la"
        )
    };
    if word(entity.head.min(entity.last)).upos != "PROPN" {
        return None;
    }
    let (mut first, mut last) = (entity.head, entity.head);
    let reach = |from: usize, step: isize| -> Option<usize> {
        let mut at = from.checked_add_signed(step)?;
        for _ in 0..3 {
            if at < entity.first || at > entity.last {
                return None;
            }
            if named(at) {
                return Some(at);
            }
            if !small(at)
                || kind == EntityKind::Per && word(at).form != "-" && word(at).form != "al"
            {
                return None;
            }
            at = at.checked_add_signed(step)?;
        }
        None
    };
    while let Some(at) = reach(first, -1) {
        first = at;
    }
    while let Some(at) = reach(last, 1) {
        last = at;
    }
    if kind == EntityKind::Per {
        while first < last && TITLES.contains(&word(first).form.trim_end_matches('.')) {
            first += 1;
        }
    }
    Some((first, last))
}

/// Words before a person's name that are no part of it.
const TITLES: [&str; 40] = [
    "President",
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "Minister",
    "Prime",
    "Senator",
    "General",
    "Gen",
    "Secretary",
    "Foreign",
    "Professor",
    "Prof",
    "King",
    "Queen",
    "Prince",
    "Princess",
    "Sir",
    "Lord",
    "Lady",
    "Colonel",
    "Col",
    "Captain",
    "Capt",
    "Major",
    "Maj",
    "Lieutenant",
    "Lt",
    "Governor",
    "Gov",
    "Ambassador",
    "Justice",
    "Judge",
    "Chancellor",
    "Mayor",
    "Representative",
    "Rep",
    "Sen",
    "Defense",
];
