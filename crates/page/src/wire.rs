//! Wire copy: the agency and the place that open the first paragraph, as in "GENEVA (Agency) - ".

use crate::article::{Article, ParagraphKind};
use crate::phrases::{self, Kinds};
use crate::when;

/// Longest dateline in bytes.
const LONGEST: usize = 110;

/// Fills place and agency from the first body paragraph; the text itself is left as it is.
pub(crate) fn read(article: &mut Article) {
    let body = article
        .paragraphs
        .iter()
        .find(|p| p.kind == ParagraphKind::Body);
    let Some((place, agency)) = body.and_then(|p| dateline(p.span.of(&article.text))) else {
        return;
    };
    article.dateline_place = place;
    article.agency = article.agency.take().or(agency);
}

/// Place and agency of a dateline, if the paragraph opens with one.
fn dateline(text: &str) -> Option<(Option<String>, Option<String>)> {
    let mut cut = text.len().min(LONGEST);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let head = &text[..cut];
    let dash = [" - ", " – ", " — ", "— ", "– ", " -- ", "—"]
        .iter()
        .filter_map(|d| head.find(d))
        .min()?;
    let head = head[..dash].trim();
    let (before, agency) = match (head.find('('), head.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            (&head[..open], Some(head[open + 1..close].trim()))
        }
        _ => (head, None),
    };
    let agency = agency.filter(|a| is_agency(a)).map(str::to_owned);
    // "GENEVA, Feb 15 (Agency)": the day is no part of the place.
    let before = before.trim().trim_end_matches([',', '،']).trim();
    let place = place(before);
    let shouted = place.as_deref().is_some_and(|p| {
        p.chars().filter(|c| c.is_uppercase()).count() >= 3
            && !p
                .split_whitespace()
                .next()
                .is_some_and(|w| w.chars().any(char::is_lowercase))
    });
    // A dash alone is not enough: capitals or an agency must say so too.
    (agency.is_some() || shouted).then_some((place, agency))
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
        dateline(text).unwrap_or_default()
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
}
