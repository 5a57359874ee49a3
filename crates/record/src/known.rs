//! When a document counts as known, and what it names: shared by every store.

use std::collections::BTreeSet;

use rapporteur_base::{Date, Id};
use rapporteur_coder::Coding;
use rapporteur_page::Article;
use unicode_segmentation::UnicodeSegmentation;

use crate::analyse::fold;
use crate::bundle::day_of;
use crate::{Correction, Error, NewCorrection};

/// The day of publication; the first capture when that is earlier or when the page has no date.
///
/// A page cannot become known after somebody held it in hand, whatever date it prints.
pub(crate) fn known_at<'a>(
    published: Option<Date>,
    captures: impl IntoIterator<Item = &'a str>,
) -> Option<Date> {
    let captured = captures.into_iter().filter_map(day_of).min();
    match (published, captured) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Days since the start of year 0, plus one; 0 is unknown. Years before 0 count as year 0.
pub(crate) fn day_number(day: Option<Date>) -> i64 {
    day.map_or(0, |day| {
        let zero = Date::constant(0, 1, 1);
        i64::from((day - zero).get_days()).max(0) + 1
    })
}

/// The other way round.
pub(crate) fn day_from_number(number: i64) -> Option<Date> {
    let days = i32::try_from(number.checked_sub(1)?).ok()?;
    if days < 0 {
        return None;
    }
    Date::constant(0, 1, 1)
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

/// Words of `text`, folded, one space between two.
pub(crate) fn fold_words(text: &str) -> String {
    let words: Vec<String> = text
        .unicode_words()
        .map(fold)
        .filter(|w| !w.is_empty())
        .collect();
    words.join(" ")
}

/// Whether the words of `part` stand in `whole`, both folded.
pub(crate) fn has_words(whole: &str, part: &str) -> bool {
    if part.is_empty() {
        return false;
    }
    format!(" {whole} ").contains(&format!(" {part} "))
}

/// What the filters of search ask for: `(kind, folded value)`, sorted.
pub(crate) fn terms(article: &Article, coding: &Coding) -> BTreeSet<(&'static str, String)> {
    let mut out = BTreeSet::new();
    let mut put = |kind, text: &str| {
        let value = fold_words(text);
        if !value.is_empty() {
            out.insert((kind, value));
        }
    };
    for mention in &coding.actors {
        put("actor", &mention.actor.name);
        put("actor", mention.actor.country.as_deref().unwrap_or(""));
        if mention.antecedent.is_none() {
            put("actor", mention.span.of(&article.text));
        }
    }
    for event in &coding.events {
        put("type", &event.kind);
        if let Some(mode) = &event.mode {
            put("type", &format!("{} {mode}", event.kind));
        }
        if let Some((_, name)) = &event.place {
            put("place", name);
        }
    }
    for place in &coding.places {
        put("place", &place.name);
        put("place", place.country.as_deref().unwrap_or(""));
    }
    out
}

/// The next line of the correction log.
pub(crate) fn chain(last: Option<&Correction>, body: &NewCorrection) -> Correction {
    let prev = last.map_or_else(|| "0".repeat(64), |c| c.hash.clone());
    let seq = last.map_or(0, |c| c.seq) + 1;
    let hash = link(&prev, seq, body);
    Correction {
        seq,
        body: body.clone(),
        prev,
        hash,
    }
}

/// The line that says this very thing already: somebody sent it twice. What was changed again or
/// taken back behind that line is a correction anew, even if the clock shows the same second.
pub(crate) fn repeated<'l>(log: &'l [Correction], body: &NewCorrection) -> Option<&'l Correction> {
    let at = log.iter().rposition(|line| line.body == *body)?;
    let line = &log[at];
    let overtaken = log[at + 1..].iter().any(|later| {
        let later = &later.body;
        let same = (&later.kind, &later.key, &later.field) == (&body.kind, &body.key, &body.field);
        same || later.kind == "undo" && later.key == line.seq.to_string()
    });
    (!overtaken).then_some(line)
}

/// Hash of one line of the correction log.
pub(crate) fn link(prev: &str, seq: u64, body: &NewCorrection) -> String {
    let mut bytes = Vec::new();
    for part in [
        prev,
        &seq.to_string(),
        &body.at,
        &body.who,
        &body.why,
        &body.kind,
        &body.key,
        &body.field,
        &body.old,
        &body.new,
    ] {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part.as_bytes());
    }
    rapporteur_base::sha256_hex(&bytes)
}

/// What every store refuses to append.
pub(crate) fn admit(body: &NewCorrection, last: u64) -> Result<(), Error> {
    for (what, text) in [("who", &body.who), ("why", &body.why), ("when", &body.at)] {
        if text.trim().is_empty() {
            return Err(Error::invalid(
                format!("a correction says {what}"),
                "give who corrects and why",
            ));
        }
    }
    if day_of(&body.at).is_none() {
        return Err(Error::invalid(
            format!("{}: no time of a correction", body.at),
            "give an RFC 3339 time",
        ));
    }
    if body.kind == "undo" && !body.key.parse().is_ok_and(|n: u64| n >= 1 && n <= last) {
        return Err(Error::new(
            crate::ErrorKind::NotFound,
            format!("there is no correction {}", body.key),
            "see the numbers in the list of corrections",
        ));
    }
    Ok(())
}

/// Short id of a row: a letter for its kind and twelve digits.
pub(crate) fn short(letter: char, id: Id) -> String {
    let hex = id.to_string();
    format!("{letter}-{}", &hex[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_there_and_back() {
        for day in ["0001-01-01", "2024-02-29", "9999-12-31"] {
            let day: Date = day.parse().unwrap();
            assert_eq!(day_from_number(day_number(Some(day))), Some(day));
        }
        assert_eq!(day_from_number(day_number(None)), None);
    }

    #[test]
    fn the_same_correction_again_is_one_only_while_nothing_stands_between() {
        let body = |new: &str| NewCorrection {
            at: "2024-03-05T10:00:00Z".into(),
            who: "Ana".into(),
            kind: "document".into(),
            key: "k".into(),
            field: "title".into(),
            new: new.into(),
            ..NewCorrection::default()
        };
        let undo = NewCorrection {
            kind: "undo".into(),
            key: "1".into(),
            field: String::new(),
            ..body("")
        };
        let mut log: Vec<Correction> = Vec::new();
        for said in [body("a"), body("b")] {
            assert!(repeated(&log, &said).is_none());
            log.push(chain(log.last(), &said));
        }
        assert_eq!(repeated(&log, &body("b")).map(|c| c.seq), Some(2));
        assert!(repeated(&log, &body("a")).is_none(), "b stands between");
        let mut log = vec![chain(None, &body("a"))];
        log.push(chain(log.last(), &undo));
        assert!(repeated(&log, &body("a")).is_none(), "it was taken back");
        assert_eq!(repeated(&log, &undo).map(|c| c.seq), Some(2));
        log.push(chain(log.last(), &body("a")));
        assert_eq!(repeated(&log, &body("a")).map(|c| c.seq), Some(3));
    }

    #[test]
    fn known_is_publication_or_first_capture() {
        let day = |s: &str| s.parse::<Date>().ok();
        let both = ["2024-03-05T10:00:00Z", "2024-03-01"];
        assert_eq!(known_at(day("2024-02-01"), both), day("2024-02-01"));
        assert_eq!(known_at(None, both), day("2024-03-01"));
        assert_eq!(known_at(day("2030-01-01"), both), day("2024-03-01"));
        assert_eq!(known_at(None, [""]), None);
    }
}
