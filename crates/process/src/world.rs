//! The record as a process sees it: rows that the file names, coverage by month, who is meant.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{CodePoints, Date, Interval, Span};
use rapporteur_coder::Actor;
use rapporteur_record::{Cite, DocRow, View};

use crate::model::{Cited, Coverage, Process, When};
use crate::months::{first_day, last_day, month_of};
use crate::query::passage;

/// What a row of the record is for the file that cites it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row<'v> {
    pub date: Option<Interval>,
    pub cites: Vec<&'v Cite>,
}

/// A process beside the record, on one day.
pub(crate) struct World<'v> {
    pub process: &'v Process,
    pub view: &'v View,
    /// The day of judgement.
    pub day: Date,
    rows: BTreeMap<&'v str, Row<'v>>,
    months: BTreeMap<i32, Coverage>,
    /// Publication of each document.
    published: BTreeMap<&'v str, Option<Date>>,
    /// Lower-case name of a place: its country.
    countries: BTreeMap<String, String>,
}

impl<'v> World<'v> {
    pub(crate) fn of(process: &'v Process, view: &'v View, day: Date) -> Self {
        let countries = view.places.iter().filter_map(|p| {
            let country = p.country.clone()?;
            Some((p.name.to_lowercase(), country))
        });
        Self {
            process,
            view,
            day,
            rows: rows(view),
            months: coverage(view),
            published: view
                .docs
                .iter()
                .map(|d| (d.id.as_str(), date_of(d)))
                .collect(),
            countries: countries.collect(),
        }
    }

    /// The row of that id.
    pub(crate) fn row(&self, id: &str) -> Option<&Row<'v>> {
        self.rows.get(id)
    }

    /// Whether the record holds a row, or a passage of a document.
    pub(crate) fn holds(&self, id: &str) -> bool {
        self.rows.contains_key(id) || self.passage(id).is_some()
    }

    /// A passage of a document.
    fn passage(&self, id: &str) -> Option<Cite> {
        let (doc, start, end) = passage(id)?;
        let doc = self.view.docs.iter().find(|d| d.id == doc)?;
        let points = CodePoints::new(&doc.text);
        let span = Span::new(points.to_byte(start), points.to_byte(end));
        let cite = doc.cite(span);
        (cite.end == end && !cite.text.is_empty()).then_some(cite)
    }

    /// Passages of what a line of the file cites.
    pub(crate) fn cites(&self, cited: &Cited) -> Vec<Cite> {
        if let Some(cite) = cited.as_deref().and_then(|id| self.passage(id)) {
            return vec![cite];
        }
        let row = cited.as_deref().and_then(|id| self.row(id));
        row.map(|r| r.cites.iter().map(|c| (*c).clone()).collect())
            .unwrap_or_default()
    }

    /// Whether a line counts on the day: what it cites was known, or it was entered by hand and is
    /// dated no later.
    pub(crate) fn counts(&self, cited: &Cited, asof: Option<&When>) -> bool {
        let known = cited.as_deref().is_none_or(|id| self.holds(id));
        let dated = match asof {
            Some(when) => self.days(when).is_none_or(|(from, _)| from <= self.day),
            None => true,
        };
        known && dated
    }

    /// First and last day meant; `None`: not known.
    pub(crate) fn days(&self, when: &When) -> Option<(Date, Date)> {
        match when {
            When::Days(from, to) => Some((*from, *to)),
            When::Row(id) => {
                let date = self.row(id)?.date?;
                let (from, to) = (date.from.or(date.to)?, date.to.or(date.from)?);
                Some((from, to))
            }
            When::After(months) => {
                let anchor = self.process.anchor.as_ref()?;
                // An anchor that counts from itself has no day.
                if matches!(anchor, When::After(_)) {
                    return None;
                }
                let (from, to) = self.days(anchor)?;
                let add = |day: Date| day.saturating_add(jiff::Span::new().months(*months));
                Some((add(from), add(to)))
            }
        }
    }

    /// Articles and outlets of a month.
    pub(crate) fn coverage(&self, month: i32) -> Coverage {
        let none = Coverage {
            articles: 0,
            sources: 0,
        };
        self.months.get(&month).copied().unwrap_or(none)
    }

    /// First month with an article.
    pub(crate) fn first_covered(&self) -> Option<i32> {
        self.months.keys().next().copied()
    }

    /// Publication of a document.
    pub(crate) fn published(&self, doc: &str) -> Option<Date> {
        self.published.get(doc).copied().flatten()
    }

    /// Whether an actor is meant by a word of an indicator.
    pub(crate) fn is_actor(&self, actor: &Actor, term: &str) -> bool {
        self.names(term).iter().any(|name| {
            let code =
                |c: &Option<String>| c.as_deref().is_some_and(|c| c.eq_ignore_ascii_case(name));
            code(&actor.country) || code(&actor.sector) || has_words(&actor.name, name)
        })
    }

    /// Whether a place is meant: itself, or the country that it lies in.
    pub(crate) fn is_place(&self, place: &str, term: &str) -> bool {
        if has_words(place, term) {
            return true;
        }
        let of = |name: &str| self.countries.get(&name.to_lowercase()).map(String::as_str);
        let wanted = of(term).unwrap_or(term);
        of(place).is_some_and(|country| country.eq_ignore_ascii_case(wanted))
    }

    /// All names of what a term calls: those of a party of the file, or the term.
    fn names(&self, term: &str) -> Vec<String> {
        let mut out = vec![term.to_owned()];
        for party in &self.process.parties {
            let all: Vec<&String> = [&party.id, &party.name]
                .into_iter()
                .chain(&party.aliases)
                .collect();
            if all.iter().any(|n| n.eq_ignore_ascii_case(term)) {
                out.extend(all.into_iter().cloned());
            }
        }
        out
    }

    /// Whether the parties of an event are the process's: none named, or two of them, or one and
    /// nobody else's.
    pub(crate) fn is_ours(&self, actors: &[&Actor]) -> bool {
        let parties = &self.process.parties;
        let is = |a: &&&Actor| parties.iter().any(|p| self.is_actor(a, &p.id));
        let foreign = actors
            .iter()
            .filter(|a| a.country.is_some() && !is(a))
            .count();
        parties.is_empty() || foreign == 0
    }
}

/// Whether the words stand in a name, in a row, whole and in any case.
pub(crate) fn has_words(name: &str, words: &str) -> bool {
    let cut = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (name, words) = (cut(name), cut(words));
    !words.is_empty() && name.windows(words.len()).any(|run| run == words.as_slice())
}

fn date_of(doc: &DocRow) -> Option<Date> {
    doc.published.as_ref().map(|p| p.date)
}

/// Articles of each month: copies of one text count once, and so does their outlet. Documents that
/// name no outlet are together one outlet.
fn coverage(view: &View) -> BTreeMap<i32, Coverage> {
    let mut families: BTreeMap<i32, BTreeMap<&str, String>> = BTreeMap::new();
    for doc in &view.docs {
        let Some(day) = date_of(doc) else { continue };
        let family = doc.family.as_deref().unwrap_or(&doc.id);
        let month = families.entry(month_of(day)).or_default();
        month.entry(family).or_insert_with(|| outlet(doc));
    }
    families
        .into_iter()
        .map(|(month, texts)| {
            let sources: BTreeSet<&String> = texts.values().collect();
            let coverage = Coverage {
                articles: texts.len(),
                sources: sources.len(),
            };
            (month, coverage)
        })
        .collect()
}

fn outlet(doc: &DocRow) -> String {
    let host = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("");
        host.trim_start_matches("www.").to_lowercase()
    };
    doc.agency
        .clone()
        .or_else(|| doc.site.clone())
        .map(|name| name.to_lowercase())
        .or_else(|| doc.url.as_deref().map(host))
        .unwrap_or_default()
}

/// Every row that a file may cite.
fn rows(view: &View) -> BTreeMap<&str, Row<'_>> {
    let mut out = BTreeMap::new();
    let mut put = |id, date, cites| {
        out.insert(id, Row { date, cites });
    };
    for event in &view.events {
        put(
            event.id.as_str(),
            event.date,
            event.evidence.iter().collect(),
        );
        for report in &event.members {
            // A report without a day of its own happened when the event did.
            let date = report.event.date.as_ref().map(|d| d.interval);
            put(&report.id, date.or(event.date), vec![&report.cite]);
        }
    }
    for row in &view.figures {
        let cite = row.evidence.first().unwrap_or(&row.context);
        put(&row.id, row.as_of, vec![cite]);
    }
    for row in &view.commitments {
        let due = row.due.as_ref().and_then(|d| d.interval);
        put(&row.id, due, row.evidence.iter().collect());
    }
    macro_rules! undated {
        ($($list:ident),*) => {
            $(for row in &view.$list {
                put(&row.id, None, row.evidence.iter().collect());
            })*
        };
    }
    undated!(positions, quotes, indicators, assessments);
    for row in &view.actors {
        put(&row.id, None, row.evidence.iter().take(3).collect());
    }
    for row in &view.times {
        put(&row.id, row.interval, row.evidence.iter().collect());
    }
    for doc in &view.docs {
        put(&doc.id, date_of(doc).map(Interval::day), Vec::new());
    }
    out
}

/// The month that an interval lies in, when it lies in one.
pub(crate) fn month_within(interval: Interval) -> Option<i32> {
    let (from, to) = (month_of(interval.from?), month_of(interval.to?));
    (from == to).then_some(from)
}

/// Months of which an interval covers more than half.
pub(crate) fn months_covered(from: Date, to: Date) -> Vec<i32> {
    (month_of(from)..=month_of(to))
        .filter(|month| {
            let (first, last) = (first_day(*month), last_day(*month));
            let inside = crate::months::days(first.max(from), last.min(to)) + 1;
            inside * 2 > i64::from(last.day())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert!(has_words("Coalition troops", "coalition"));
        assert!(!has_words("Coalitions", "coalition"));
        assert!(has_words("the US-led coalition", "us led"));
        assert!(!has_words("", "us") && !has_words("us", ""));
    }

    #[test]
    fn a_period_covers_months_by_more_than_half() {
        let from = Date::constant(2023, 10, 11);
        let to = Date::constant(2024, 1, 27);
        let months: Vec<String> = months_covered(from, to)
            .into_iter()
            .map(crate::months::written)
            .collect();
        assert_eq!(months, ["2023-10", "2023-11", "2023-12", "2024-01"]);
    }
}
