//! "NAME, a foreign affairs adviser to X" and "the foreign minister, NAME,": office and name are
//! one actor.

use super::chunk::{Class, Found};
use super::words::Line;
use rapporteur_base::Span;
use rapporteur_text::Upos;

/// Ties names to the offices set beside them by commas. `found` is in text order.
pub(super) fn link(found: &mut [Found], line: &Line<'_>, text: &str) {
    for at in 0..found.len().saturating_sub(1) {
        let (left, right) = found.split_at_mut(at + 1);
        let rest_at = 0;
        let (Some(a), Some(b)) = (left.last_mut(), right.get_mut(rest_at)) else {
            continue;
        };
        if a.plural || b.plural || a.last >= b.first {
            continue;
        }
        let between = Span::new(a.span.end as usize, b.span.start as usize).of(text);
        if !between.starts_with(", ") || !beside(line, a.last, b.first) {
            continue;
        }
        let named = |f: &Found| f.class == Class::Person;
        if named(a) && b.class == Class::Role && a.actor.role.is_none() {
            let end = right
                .get(1)
                .map_or(right[0].last, |next| reach(line, right[0].last, next));
            let lead = lead(line, a.last, right[0].first);
            let role = words(line, text, lead, end);
            let country = right[0].actor.country.clone().or_else(|| {
                right
                    .get(1)
                    .filter(|next| next.last == end)
                    .and_then(|next| next.actor.country.clone())
            });
            adopt(a, &mut right[0], role, country);
        } else if a.class == Class::Role && named(b) && b.actor.role.is_none() {
            let role = a
                .actor
                .role
                .clone()
                .unwrap_or_else(|| a.span.of(text).to_owned());
            let country = a.actor.country.clone();
            adopt(b, a, role, country);
        }
    }
}

/// Gives the office to the name, and the name to the office.
fn adopt(name: &mut Found, office: &mut Found, role: String, country: Option<String>) {
    name.actor.country = name.actor.country.take().or(country);
    name.actor.sector = if role.starts_with("former ") {
        Some("ELI".into())
    } else {
        name.actor
            .sector
            .take()
            .or_else(|| office.actor.sector.clone())
    };
    name.actor.sector_2 = name
        .actor
        .sector_2
        .take()
        .or_else(|| office.actor.sector_2.clone());
    name.actor.role = Some(role);
    office.actor = name.actor.clone();
    office.antecedent = Some(name.span);
    office.rule = "actors/apposition";
    "an office beside the name of its holder".clone_into(&mut office.reason);
    office.bare = false;
}

/// Only a determiner and modifiers stand between the comma and the second mention.
fn beside(line: &Line<'_>, left: usize, right: usize) -> bool {
    right - left <= 6
        && line.words[left + 1..right]
            .iter()
            .enumerate()
            .all(|(i, w)| {
                (i == 0
                    && matches!(
                        w.norm.as_str(),
                        "a" | "an" | "the" | "his" | "her" | "its" | "their"
                    ))
                    || (w.soft
                        && matches!(
                            w.upos,
                            Upos::Adj | Upos::Noun | Upos::Propn | Upos::X | Upos::Adv | Upos::Num
                        ))
                    || (i == 0 && matches!(w.upos, Upos::Adj | Upos::Noun | Upos::Propn | Upos::X))
            })
}

/// First word of the office's wording, its determiner left out.
fn lead(line: &Line<'_>, left: usize, right: usize) -> usize {
    let next = left + 1;
    if next < right && matches!(line.words[next].norm.as_str(), "a" | "an" | "the") {
        next + 1
    } else {
        next.min(right)
    }
}

/// An office goes on over "to", "for", "of", "at" to the mention after it.
fn reach(line: &Line<'_>, last: usize, next: &Found) -> usize {
    let between = line.words.get(last + 1..next.first).unwrap_or(&[]);
    let tied = between
        .first()
        .is_some_and(|w| w.soft && matches!(w.norm.as_str(), "to" | "for" | "of" | "at" | "in"))
        && between.len() <= 3
        && between.iter().all(|w| w.soft)
        && line.words[next.first].soft;
    if tied { next.last } else { last }
}

fn words(line: &Line<'_>, text: &str, first: usize, last: usize) -> String {
    let raw = line.words[first].span.cover(line.words[last].span).of(text);
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}
