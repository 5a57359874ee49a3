//! Values of the record in a reader's words.

use rapporteur_base::{Interval, Operator, Precision, Quantity};
use rapporteur_coder::{Actor, Modality, Strength};
use rapporteur_record::LinkKind;

use crate::{Lane, day};

/// Type, word, lane.
const EVENTS: &str = include_str!("../../../data/desk/events.tsv");

/// PLOVER types, as a list to choose from.
pub(crate) const TYPES: [&str; 16] = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "COOPERATE",
    "AID",
    "CONCEDE",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
];

fn event(kind: &str) -> Option<(&'static str, &'static str)> {
    EVENTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| {
            let mut cells = line.split('\t');
            (cells.next()? == kind).then_some(())?;
            Some((cells.next()?, cells.next()?))
        })
}

/// A PLOVER type in a word: `talks`, `attack`.
pub fn kind(kind: &str) -> String {
    event(kind).map_or_else(|| kind.to_lowercase(), |(word, _)| word.to_owned())
}

/// Where an event is drawn.
pub fn lane(kind: &str) -> Lane {
    match event(kind).map(|(_, lane)| lane) {
        Some("talks") => Lane::Talks,
        Some("violence") => Lane::Violence,
        _ => Lane::Statements,
    }
}

/// How an event is told; nothing for a fact.
pub fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Actual => "",
        Modality::Planned => "planned",
        Modality::Demanded => "demanded",
        Modality::Offered => "offered",
        Modality::Denied => "denied",
        Modality::Hypothetical => "possible",
    }
}

/// A later row that keeps or breaks a commitment.
pub fn link(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Breach => "against it",
        LinkKind::Fulfilment => "kept",
        LinkKind::Late => "kept late",
    }
}

/// Stance with how firm it is, where the words make it soft or firm.
pub fn stance(stance: &str, strength: &str) -> String {
    match strength {
        "soft" => format!("{stance}, softly"),
        "firm" => format!("{stance}, firmly"),
        _ => stance.to_owned(),
    }
}

/// A rung of the ladder of commitments.
pub fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Declared => "declared",
        Strength::Aim => "aim",
        Strength::Mandate => "mandate",
        Strength::Agreed => "agreed",
        Strength::Scheduled => "scheduled",
        Strength::Done => "done",
    }
}

/// The four counts where several texts tell a thing: ten reprints of one wire are one origin.
pub fn counts(counts: rapporteur_story::Counts) -> Option<String> {
    let of = |n: usize, one: &str| {
        let more = if n == 1 { "" } else { "s" };
        format!("{n} {one}{more}")
    };
    (counts.articles > 1).then(|| {
        format!(
            "{} in {}, {}, {}",
            of(counts.mentions, "report"),
            of(counts.articles, "article"),
            of(counts.families, "text"),
            of(counts.origins, "origin")
        )
    })
}

/// Names, parted by commas; what a person should be called by stands as it is.
pub fn names(actors: &[Actor]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for actor in actors {
        if !names.contains(&actor.name.as_str()) {
            names.push(&actor.name);
        }
    }
    names.join(", ")
}

/// An interval as a reader writes it: never more exact than it is.
pub fn interval(when: Option<Interval>) -> String {
    let Some(when) = when else {
        return "date unknown".into();
    };
    match (when.from, when.to) {
        (Some(from), Some(to)) if from == to => day(from),
        (Some(from), Some(to)) => match when.precision {
            Precision::Month if from.day() == 1 => month(from),
            Precision::Year if from.month() == 1 => from.year().to_string(),
            Precision::Week => format!("week of {}", day(from)),
            _ => range(from, to),
        },
        (Some(from), None) => format!("from {}", day(from)),
        (None, Some(to)) => format!("by {}", day(to)),
        (None, None) => "date unknown".into(),
    }
}

fn month(date: rapporteur_base::Date) -> String {
    let written = day(date);
    written
        .split_once(' ')
        .map_or(written.clone(), |(_, rest)| rest.to_owned())
}

fn range(from: rapporteur_base::Date, to: rapporteur_base::Date) -> String {
    let (start, end) = (day(from), day(to));
    if from.year() != to.year() {
        return format!("{start} – {end}");
    }
    if from.month() == to.month() {
        return format!("{}–{end}", from.day());
    }
    let start = start
        .rsplit_once(' ')
        .map_or(start.as_str(), |(head, _)| head);
    format!("{start} – {end}")
}

/// A number with its operator and unit, in the words of its kind: `about 2,500`, `over 150`,
/// `2 to 5 years`.
pub fn quantity(quantity: &Quantity, with_unit: bool) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), number);
    let value = number(quantity.value);
    let words = match quantity.op {
        Operator::Equal => value,
        Operator::About => format!("about {value}"),
        Operator::Over => format!("over {value}"),
        Operator::AtLeast => format!("at least {value}"),
        Operator::Under => format!("under {value}"),
        Operator::AtMost => format!("up to {value}"),
        Operator::Range => format!("{} to {}", number(quantity.low), number(quantity.high)),
    };
    if with_unit && !quantity.unit.is_empty() {
        format!("{words} {}", quantity.unit)
    } else {
        words
    }
}

/// A number with commas between the thousands.
pub fn number(value: f64) -> String {
    if value.fract() != 0.0 || value.abs() >= 1e15 {
        return value.to_string();
    }
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0.0 { format!("-{out}") } else { out }
}

/// `1 document`, `2 documents`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n as f64), if n == 1 { one } else { many })
}

/// The first words of a passage, cut between two words.
pub fn clipped(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let cut: usize = text
        .char_indices()
        .nth(most)
        .map_or(text.len(), |(at, _)| at);
    let end = text[..cut].rfind(' ').unwrap_or(cut);
    format!("{} …", text[..end].trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use rapporteur_base::Date;

    use super::*;

    #[test]
    fn dates_are_never_more_exact_than_they_are() {
        let date = Date::constant;
        let cases = [
            (Some(Interval::day(date(2024, 1, 27))), "27 Jan 2024"),
            (Interval::month(2023, 8), "Aug 2023"),
            (Interval::year(2014), "2014"),
            (
                Some(Interval::between(date(2024, 1, 27), date(2024, 2, 12))),
                "27 Jan – 12 Feb 2024",
            ),
            (
                Some(Interval::between(date(2024, 2, 1), date(2024, 2, 12))),
                "1–12 Feb 2024",
            ),
            (
                Some(Interval::between(date(2023, 12, 1), date(2024, 2, 12))),
                "1 Dec 2023 – 12 Feb 2024",
            ),
            (None, "date unknown"),
        ];
        for (when, words) in cases {
            assert_eq!(interval(when), words);
        }
    }

    #[test]
    fn numbers_keep_their_qualifier() {
        let about = Quantity::new(2500.0, Operator::About, "troops");
        assert_eq!(quantity(&about, true), "about 2,500 troops");
        assert_eq!(
            quantity(&Quantity::range(2.0, 5.0, "years"), true),
            "2 to 5 years"
        );
        assert_eq!(number(-1234567.0), "-1,234,567");
        assert_eq!(number(2.5), "2.5");
    }

    #[test]
    fn every_type_has_a_lane() {
        for line in EVENTS.lines().filter(|l| !l.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 3, "{line}");
        }
        assert_eq!(lane("ASSAULT"), Lane::Violence);
        assert_eq!(kind("NEWTYPE"), "newtype");
    }
}
