//! Wire copy: the agency, the place and the day that open the first paragraph, as in
//! "GENEVA, Feb 15 (Agency) - ", and the agency that a closing line credits.

use rapporteur_base::{Date, Span};

use crate::article::{Article, CreditKind, ParagraphKind};
use crate::phrases::{self, Kinds};
use crate::when;

/// Longest dateline in bytes.
const LONGEST: usize = 110;
/// Words of an agency's name.
const NAME: usize = 4;

/// A dateline as it is written.
#[derive(Debug, Default, PartialEq)]
struct Dateline {
    place: Option<String>,
    agency: Option<String>,
    day: Option<Day>,
    /// Bytes of the paragraph, the dash not among them.
    len: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Day {
    Whole(Date),
    /// Month and day.
    OfYear(i8, i8),
}

/// Fills place, day and agency from the first body paragraph; the text itself is left as it is.
pub(crate) fn read(article: &mut Article) {
    let body = article
        .paragraphs
        .iter()
        .find(|p| p.kind == ParagraphKind::Body)
        .map(|p| p.span);
    if let Some(span) = body
        && let Some(found) = dateline(span.of(&article.text))
    {
        let start = span.start as usize;
        article.dateline = Some(Span::new(start, start + found.len));
        article.dateline_place = found.place;
        let published = article.published.as_ref().map(|p| p.date);
        article.dateline_date = found.day.and_then(|day| resolve(day, published));
        article.agency = article.agency.take().or(found.agency);
    }
    if article.agency.is_none() {
        let credits = article
            .credits
            .iter()
            .filter(|c| c.kind == CreditKind::Credit);
        article.agency = credits.filter_map(|c| credited(&c.text)).next();
    }
}

/// A day without a year is that of the last such day before publication; without a publication
/// date it stays unknown.
fn resolve(day: Day, published: Option<Date>) -> Option<Date> {
    match day {
        Day::Whole(date) => Some(date),
        Day::OfYear(month, day) => {
            let published = published?;
            // The wire may be dated in a zone ahead of the page.
            let latest = published.tomorrow().ok()?;
            [latest.year(), latest.year() - 1]
                .into_iter()
                .filter_map(|year| Date::new(year, month, day).ok())
                .find(|date| *date <= latest)
        }
    }
}

/// The agency that a closing line names.
fn credited(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '(' | ')' | '/'))
        .filter(|w| !w.is_empty())
        .collect();
    (0..words.len())
        .flat_map(|from| (1..=NAME).rev().map(move |len| (from, from + len)))
        .filter_map(|(from, to)| words.get(from..to))
        // A name of one short word may be any word unless it is written as a name.
        .filter(|w| w[0].starts_with(char::is_uppercase) || w[0].len() > 2)
        .map(|w| w.join(" "))
        .find(|name| phrases::whole(&name.to_lowercase()).has(Kinds::AGENCY))
}

/// Place, day and agency of a dateline, if the paragraph opens with one.
fn dateline(text: &str) -> Option<Dateline> {
    let mut cut = text.len().min(LONGEST);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let head = &text[..cut];
    let dash = |from: usize| {
        [" - ", " – ", " — ", "— ", "– ", " -- ", "—", ".- ", ".-"]
            .iter()
            .filter_map(|d| head[from..].find(d))
            .min()
            .map(|at| from + at)
    };
    let first = dash(0)?;
    let opening = head[..first].trim();
    // "(Agency) - PLACE, 15 FEB - ": the agency stands first.
    let alone = opening
        .strip_prefix('(')
        .and_then(|o| o.strip_suffix(')'))
        .filter(|a| is_agency(a));
    if let Some(agency) = alone {
        let behind = first
            + head[first..]
                .find(|c: char| c.is_alphanumeric())
                .unwrap_or(0);
        let found = dash(behind).and_then(|end| parts(&head[behind..end], true).map(|p| (p, end)));
        let (mut found, end) = found.unwrap_or((Dateline::default(), first));
        found.agency = Some(agency.to_owned());
        found.len = head[..end].trim_end().len();
        return Some(found);
    }
    let (before, agency) = match (opening.find('('), opening.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            (&opening[..open], Some(opening[open + 1..close].trim()))
        }
        _ => (opening, None),
    };
    let agency = agency.filter(|a| is_agency(a)).map(str::to_owned);
    let mut found = parts(before, agency.is_some())?;
    found.agency = agency;
    found.len = head[..first].trim_end().len();
    Some(found)
}

/// Place and day before the agency. A dash alone is not enough for a dateline: capitals or an agency
/// must say so too.
fn parts(before: &str, agency: bool) -> Option<Dateline> {
    let before = before.trim().trim_end_matches([',', '،']).trim();
    let place = place(before);
    let shouted = place.as_deref().is_some_and(|p| {
        p.chars().filter(|c| c.is_uppercase()).count() >= 3
            && !p
                .split_whitespace()
                .next()
                .is_some_and(|w| w.chars().any(char::is_lowercase))
    });
    let day = when::find(before)
        .first()
        .map(|f| Day::Whole(f.date))
        .or_else(|| {
            before
                .split([',', '،'])
                .find_map(when::day_of_month)
                .map(|(month, day)| Day::OfYear(month, day))
        });
    (agency || shouted).then_some(Dateline {
        place,
        day,
        ..Dateline::default()
    })
}

fn is_agency(text: &str) -> bool {
    let known = phrases::whole(&text.to_lowercase()).has(Kinds::AGENCY);
    let short = (2..=5).contains(&text.len()) && text.chars().all(|c| c.is_ascii_uppercase());
    known || short
}

fn place(before: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for part in before.split([',', '،', '/']) {
        let part = part.trim();
        let numbered = part.chars().any(|c| when::digit(c).is_some());
        if numbered || part.split_whitespace().count() > 4 {
            break;
        }
        words.push(part);
    }
    let place = words.join(", ");
    let fits = !place.is_empty()
        && place.split_whitespace().count() <= 6
        && place.chars().next().is_some_and(|c| !c.is_lowercase());
    fits.then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<String>) {
        let found = dateline(text).unwrap_or_default();
        (found.place, found.agency)
    }

    #[test]
    fn datelines() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(
            parts("GENEVA, Feb 15 (Reuters) - Envoys met."),
            (some("GENEVA"), some("Reuters"))
        );
        assert_eq!(
            parts("GENEVA/OSLO (AP) — Envoys met."),
            (some("GENEVA, OSLO"), some("AP"))
        );
        assert_eq!(
            parts("جنيف (رويترز) - اجتمع المبعوثون."),
            (some("جنيف"), some("رويترز"))
        );
        assert_eq!(parts("OSLO — Envoys met."), (some("OSLO"), None));
        assert_eq!(parts("The envoys - both of them - met."), (None, None));
        assert_eq!(parts("Envoys (and their aides) - met."), (None, None));
    }

    #[test]
    fn the_day_of_a_dateline() {
        let day = |text: &str, published: Option<&str>| {
            let published = published.and_then(|p| p.parse().ok());
            let found = dateline(text).unwrap().day;
            found
                .and_then(|d| resolve(d, published))
                .map(|d| d.to_string())
        };
        let some = |s: &str| Some(s.to_owned());
        let text = "GENEVA, Feb 15 (Reuters) - Envoys met.";
        assert_eq!(day(text, Some("2031-02-16")), some("2031-02-15"));
        assert_eq!(day(text, Some("2031-01-02")), some("2030-02-15"));
        assert_eq!(day(text, None), None);
        let text = "جنيف، ١٥ شباط ٢٠٣١ (رويترز) - اجتمع المبعوثون.";
        assert_eq!(day(text, None), some("2031-02-15"));
        let text = "(ANSA) - GINEVRA, 15 FEB - I delegati si sono visti.";
        assert_eq!(day(text, Some("2031-02-15")), some("2031-02-15"));
        assert_eq!(parts(text), (some("GINEVRA"), some("ANSA")));
    }

    #[test]
    fn the_span_of_a_dateline_is_its_words() {
        let text = "GENEVA, Feb 15 (Reuters) - Envoys met.";
        let found = dateline(text).unwrap();
        assert_eq!(&text[..found.len], "GENEVA, Feb 15 (Reuters)");
    }

    #[test]
    fn an_agency_in_a_closing_line() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(
            credited("Includes information from The Associated Press"),
            some("The Associated Press")
        );
        assert_eq!(credited("Mit Material von dpa und AFP"), some("dpa"));
        assert_eq!(credited("Reporting by Ana Lind; editing by Tom Berg"), None);
    }
}
