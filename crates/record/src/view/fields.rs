//! Values that a person may write into a field, and fields that a row has.

use rapporteur_base::{Date, Interval, Precision};
use rapporteur_coder::{Modality, Strength};

/// Fields of each kind of row, with the form of their values.
pub(crate) const FIELDS: &[(&str, &[(&str, &str)])] = &[
    (
        "document",
        &[
            ("title", "words"),
            ("site", "words"),
            ("published", "a day or `unknown`"),
            ("suppressed", "`true`"),
        ],
    ),
    ("entry", ENTRY),
    ("event", EVENT),
    (
        "figure",
        &[
            ("value", "a number"),
            ("unit", "words"),
            ("of", "words"),
            ("suppressed", "`true`"),
        ],
    ),
    (
        "quote",
        &[("speaker", "a name or `unknown`"), ("suppressed", "`true`")],
    ),
    (
        "position",
        &[
            ("holder", "a name"),
            ("issue", "words"),
            ("stance", "`for`, `against`, `conditional`, `open`"),
            ("suppressed", "`true`"),
        ],
    ),
    (
        "commitment",
        &[
            ("by", "names parted by `;`"),
            ("what", "words"),
            (
                "strength",
                "`declared`, `aim`, `mandate`, `agreed`, `scheduled`, `done`",
            ),
            ("due", DATES),
            ("suppressed", "`true`"),
        ],
    ),
    (
        "indicator",
        &[
            ("name", "words"),
            ("kind", "`stated`, `implied`"),
            ("suppressed", "`true`"),
        ],
    ),
    (
        "assessment",
        &[("voice", "a name or `author`"), ("suppressed", "`true`")],
    ),
    (
        "actor",
        &[
            (
                "name",
                "the name to use: another actor's name merges the two",
            ),
            ("country", "a code or `unknown`"),
            ("sector", "a code or `unknown`"),
            ("suppressed", "`true`"),
        ],
    ),
    (
        "comparison",
        &[
            ("decision", "`stands`, `reconciled`, `error`, `later`"),
            ("suppressed", "`true`"),
        ],
    ),
];

const DATES: &str = "2024-02-11, 2024-02, 2024, A..B (either end may be empty) or `unknown`";

const EVENT: &[(&str, &str)] = &[
    ("type", "a PLOVER type"),
    ("mode", "a PLOVER mode or `none`"),
    (
        "modality",
        "`actual`, `planned`, `demanded`, `offered`, `denied`, `hypothetical`",
    ),
    ("date", DATES),
    ("source", "names parted by `;`, or `unknown`"),
    ("target", "names parted by `;`, or `unknown`"),
    ("place", "a name or `unknown`"),
    ("suppressed", "`true`"),
];

/// A merged event: what a report has, and whether a person has checked it.
const ENTRY: &[(&str, &str)] = &[
    ("type", "a PLOVER type"),
    ("mode", "a PLOVER mode or `none`"),
    (
        "modality",
        "`actual`, `planned`, `demanded`, `offered`, `denied`, `hypothetical`",
    ),
    ("date", DATES),
    ("source", "names parted by `;`, or `unknown`"),
    ("target", "names parted by `;`, or `unknown`"),
    ("place", "a name or `unknown`"),
    ("confirmed", "`true`: a person has checked it"),
    ("suppressed", "`true`"),
];

/// Fields of a kind of row.
pub(crate) fn fields(kind: &str) -> &'static [(&'static str, &'static str)] {
    FIELDS
        .iter()
        .find(|(name, _)| *name == kind)
        .map_or(&[], |(_, fields)| fields)
}

/// PLOVER types: what `type` may be.
const TYPES: [&str; 16] = [
    "ACCUSE",
    "AGREE",
    "AID",
    "ASSAULT",
    "COERCE",
    "CONCEDE",
    "CONSULT",
    "COOPERATE",
    "MOBILIZE",
    "PROTEST",
    "REJECT",
    "REQUEST",
    "RETREAT",
    "SANCTION",
    "SUPPORT",
    "THREATEN",
];

/// Whether `value` may stand in `field`.
pub(crate) fn admits(kind: &str, field: &str, value: &str) -> bool {
    let one_of = |values: &[&str]| values.contains(&value);
    if !fields(kind).iter().any(|(name, _)| *name == field) {
        return false;
    }
    match (kind, field) {
        (_, "suppressed" | "confirmed") => value == "true",
        ("document", "published") => value == "unknown" || value.parse::<Date>().is_ok(),
        (_, "type") => one_of(&TYPES),
        (_, "modality") => modality(value).is_some(),
        (_, "date" | "due") => interval(value).is_some(),
        (_, "strength") => strength(value).is_some(),
        (_, "stance") => one_of(&["for", "against", "conditional", "open"]),
        (_, "decision") => one_of(&["stands", "reconciled", "error", "later"]),
        ("indicator", "kind") => one_of(&["stated", "implied"]),
        (_, "value") => value.parse::<f64>().is_ok_and(f64::is_finite),
        _ => !value.trim().is_empty(),
    }
}

pub(crate) fn modality(value: &str) -> Option<Modality> {
    serde_json::from_value(value.into()).ok()
}

pub(crate) fn strength(value: &str) -> Option<Strength> {
    serde_json::from_value(value.into()).ok()
}

/// `Some(None)` is an unknown date.
pub(crate) fn interval(value: &str) -> Option<Option<Interval>> {
    if value == "unknown" {
        return Some(None);
    }
    if let Some((from, to)) = value.split_once("..") {
        let end = |text: &str| -> Option<Option<Date>> {
            if text.is_empty() {
                return Some(None);
            }
            text.parse().ok().map(Some)
        };
        let (from, to) = (end(from)?, end(to)?);
        return match (from, to) {
            (None, None) => None,
            (Some(a), Some(b)) => Some(Some(Interval::between(a, b))),
            (from, to) => Some(Some(Interval {
                from,
                to,
                precision: Precision::Bounded,
            })),
        };
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = value.split('-').collect();
    match parts[..] {
        [year] if year.len() == 4 && digits(year) => Interval::year(year.parse().ok()?).map(Some),
        [year, month] if year.len() == 4 && month.len() == 2 && digits(year) && digits(month) => {
            Interval::month(year.parse().ok()?, month.parse().ok()?).map(Some)
        }
        _ => value.parse().ok().map(|day| Some(Interval::day(day))),
    }
}

/// How an interval is written: the form that [`interval`] reads, shortest first.
pub(crate) fn written(interval: Option<&Interval>) -> String {
    let Some(interval) = interval else {
        return "unknown".into();
    };
    match (interval.from, interval.to, interval.precision) {
        (Some(a), Some(b), _) if a == b => a.to_string(),
        (Some(a), Some(_), Precision::Month) => a.to_string()[..7].to_owned(),
        (Some(a), Some(_), Precision::Year) => a.to_string()[..4].to_owned(),
        (a, b, _) => {
            let end = |day: Option<Date>| day.map_or(String::new(), |d| d.to_string());
            format!("{}..{}", end(a), end(b))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        for text in [
            "2024-02-11",
            "2024-02",
            "2024",
            "2024-02-11..2024-03-01",
            "2024-02-11..",
            "..2024-02-11",
        ] {
            let read = interval(text).unwrap();
            assert_eq!(written(read.as_ref()), text);
        }
        assert_eq!(interval("unknown"), Some(None));
        for bad in ["", "..", "24", "2024-13", "2024-1", "Monday", "+024"] {
            assert_eq!(interval(bad), None, "{bad}");
        }
    }

    #[test]
    fn fields_know_their_values() {
        assert!(admits("event", "modality", "denied") && !admits("event", "modality", "Denied"));
        assert!(admits("entry", "type", "CONSULT") && !admits("entry", "type", "TALK"));
        assert!(!admits("quote", "date", "2024") && !admits("nothing", "date", "2024"));
        assert!(!admits("figure", "value", "NaN"));
    }
}
