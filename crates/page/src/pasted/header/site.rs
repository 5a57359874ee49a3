//! The outlet's name, from a notice of copyright or from the line that returns.

use super::super::lines::Line;
use super::super::notice::Marks;
use crate::names;
use crate::phrases::Kinds;
use crate::when;

/// The outlet: a copyright line's holder, in the form in which it stands alone on a line.
pub(super) fn find(lines: &[Line<'_>]) -> Option<String> {
    let picture = Marks::CREDIT.or(Marks::CAPTION);
    let notices = lines
        .iter()
        .filter(|l| l.words <= 100 && l.text.len() < 700)
        .filter(|l| !l.marks.has(picture) || l.marks.has(Marks::NOTICE));
    let held = notices.filter_map(holder).next();
    if let Some(name) = &held {
        let key = names::squash(name);
        let short = lines.iter().filter(|l| l.words <= 6);
        // "Example Post Ltd" is the "Example Post" of the page's head.
        let alone = short.clone().find(|l| names::squash(l.text) == key);
        let alone = alone.or_else(|| {
            short.take(12).find(|l| {
                let line = names::squash(l.text);
                line.chars().count() >= 5 && key.starts_with(&line)
            })
        });
        let found = alone.map_or(name.as_str(), |l| l.text);
        return Some(
            found
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_owned(),
        );
    }
    let most = lines.iter().take(80).filter(|l| {
        l.repeats >= 3
            && (1..=4).contains(&l.words)
            && !l.is_furniture()
            && !l.bullet
            && l.date.is_none()
            && l.whole == Kinds::default()
    });
    most.max_by_key(|l| l.repeats).map(|l| l.text.to_owned())
}

/// Who holds the copyright that a line claims.
fn holder(line: &Line<'_>) -> Option<String> {
    let at = line.text.find('©').or_else(|| {
        let at = line.lower.find("copyright")?;
        (line.words <= 14 && line.text.is_char_boundary(at)).then_some(at)
    })?;
    let letters = |c: char| !c.is_alphabetic();
    let rest = line.text[at..].trim_start_matches(letters);
    let rest = rest
        .strip_prefix("Copyright")
        .or(rest.strip_prefix("copyright"))
        .unwrap_or(rest);
    let rest = rest.trim_start_matches(letters).trim_start_matches("by ");
    let name = rest.split(['.', ',', '|', '-', '–', '·']).next()?.trim();
    let lower = name.to_lowercase();
    let cut = ["all right", " inc", " ltd", " llc", " gmbh"]
        .iter()
        .filter_map(|w| lower.find(w))
        .min();
    let name = cut.and_then(|c| name.get(..c)).unwrap_or(name);
    let year = |c: char| when::digit(c).is_some() || c.is_whitespace();
    let name = name.trim_matches(year);
    (2..=40).contains(&name.len()).then(|| name.to_owned())
}
