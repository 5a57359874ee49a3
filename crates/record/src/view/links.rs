//! What became of an undertaking: later events that keep or break it, and what is said of it.
//!
//! A link is no verdict: it names the rule, the passage and, where somebody claims it, who. Nothing is
//! linked to a day before the undertaking was published, nor by the type of an event alone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rapporteur_base::{Date, Why};
use rapporteur_coder::{Actor, Modality, Strength};
use serde::Deserialize;

use super::View;
use crate::{CommitmentLink, CommitmentRow, EventRow, LinkKind, MentionRow};

const LINKS: &str = include_str!("../../../../data/record/links.toml");

#[derive(Debug, Deserialize)]
struct Rules {
    same: Vec<Vec<String>>,
    breach: Vec<String>,
    kept: Vec<String>,
    fit: Vec<Fit>,
}

/// What fits one kind of undertaking.
#[derive(Debug, Deserialize)]
struct Fit {
    id: String,
    what: Vec<String>,
    kept: Vec<String>,
    broken: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    good: String,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    bad: String,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(LINKS).expect("invariant: the file is read by the tests of the rules")
});

/// Fills the links of every commitment of the view.
pub(crate) fn link(view: &mut View) {
    let rules = &*RULES;
    let found: Vec<Vec<CommitmentLink>> = {
        let told = Told::of(view);
        view.commitments
            .iter()
            .map(|c| links_of(rules, view, c, &told))
            .collect()
    };
    for (commitment, links) in view.commitments.iter_mut().zip(found) {
        commitment.links = links;
    }
}

/// What is told in the view, found by its words and its parties: an undertaking is judged against
/// what may concern it, not against every event there is.
struct Told<'v> {
    /// Day of publication of a document, or from which it is known.
    published: BTreeMap<&'v str, Date>,
    /// Events with a report whose sentence has a word, by its stem.
    words: BTreeMap<String, Vec<usize>>,
    /// Events by the name of a target.
    targets: BTreeMap<&'v str, Vec<usize>>,
    /// Names of targets in lower case, with the name as it stands.
    folded: Vec<(String, &'v str)>,
    /// Accusations, by the name and by the country of a target.
    accused: BTreeMap<&'v str, Vec<usize>>,
    /// Undertakings told as done, by the name and by the country of who is bound.
    done: BTreeMap<&'v str, Vec<usize>>,
}

impl<'v> Told<'v> {
    fn of(view: &'v View) -> Self {
        let mut out = Self {
            published: BTreeMap::new(),
            words: BTreeMap::new(),
            targets: BTreeMap::new(),
            folded: Vec::new(),
            accused: BTreeMap::new(),
            done: BTreeMap::new(),
        };
        for doc in &view.docs {
            let day = doc.published.as_ref().map(|p| p.date).or(doc.known_at);
            out.published.extend(day.map(|day| (doc.id.as_str(), day)));
        }
        for (at, event) in view.events.iter().enumerate() {
            out.event(at, event);
        }
        for (at, row) in view.commitments.iter().enumerate() {
            if row.strength == Strength::Done {
                for actor in &row.by {
                    put(&mut out.done, actor, at);
                }
            }
        }
        out.folded = out
            .targets
            .keys()
            .map(|name| (name.to_lowercase(), *name))
            .collect();
        out
    }

    fn event(&mut self, at: usize, event: &'v EventRow) {
        for target in &event.target {
            let list = self.targets.entry(&target.name).or_default();
            list.push(at);
            if event.kind == "ACCUSE" {
                put(&mut self.accused, target, at);
            }
        }
        if event.modality != Modality::Actual || event.source.is_empty() {
            return;
        }
        let mut all: Vec<String> = event
            .members
            .iter()
            .flat_map(|report| words(&report.sentence.text))
            .map(|word| stem(&word.to_lowercase()).to_owned())
            .collect();
        all.sort_unstable();
        all.dedup();
        for word in all {
            self.words.entry(word).or_default().push(at);
        }
    }

    /// Events that may bear on a promise, in the order of the view: a superset, each is judged.
    fn concerning(&self, rules: &Rules, promise: &Promise<'_>) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        let mut take = |list: Option<&Vec<usize>>| out.extend(list.into_iter().flatten());
        let words = if promise.names.is_empty() {
            &promise.things
        } else {
            &promise.names
        };
        for word in words {
            take(self.words.get(stem(word)));
            for group in &rules.same {
                if group.iter().any(|g| stem(g) == stem(word)) {
                    group.iter().for_each(|g| take(self.words.get(stem(g))));
                }
            }
        }
        for name in &promise.names {
            for (folded, target) in &self.folded {
                if folded.contains(name.as_str()) {
                    take(self.targets.get(target));
                }
            }
        }
        for by in &promise.row.by {
            take(self.targets.get(by.name.as_str()));
            take(self.accused.get(by.name.as_str()));
            take(by.country.as_deref().and_then(|c| self.accused.get(c)));
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Undertakings told as done by who is bound, in the order of the view.
    fn done(&self, promise: &Promise<'_>) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        for by in &promise.row.by {
            let keys = [Some(by.name.as_str()), by.country.as_deref()];
            let lists = keys.into_iter().flatten().filter_map(|k| self.done.get(k));
            out.extend(lists.flatten());
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

fn put<'v>(index: &mut BTreeMap<&'v str, Vec<usize>>, actor: &'v Actor, at: usize) {
    index.entry(&actor.name).or_default().push(at);
    if let Some(country) = &actor.country {
        index.entry(country).or_default().push(at);
    }
}

fn links_of(
    rules: &'static Rules,
    view: &View,
    commitment: &CommitmentRow,
    told: &Told<'_>,
) -> Vec<CommitmentLink> {
    let Some(cite) = commitment.evidence.first() else {
        return Vec::new();
    };
    let published = |doc: &str| told.published.get(doc).copied();
    let Some(made) = published(&cite.doc).filter(|_| commitment.strength != Strength::Done) else {
        return Vec::new();
    };
    let promise = Promise::new(rules, commitment);
    let mut out = Vec::new();
    for at in told.concerning(rules, &promise) {
        let event = &view.events[at];
        if !promise.may_concern(event) {
            continue;
        }
        out.extend(event.members.iter().find_map(|report| {
            let told = published(&report.doc).filter(|d| *d >= made && report.doc != cite.doc)?;
            promise.judge(rules, event, report, made, told)
        }));
    }
    for at in told.done(&promise) {
        let later = &view.commitments[at];
        if !later.by.iter().any(|a| promise.binds(a)) {
            continue;
        }
        out.extend(later.evidence.first().and_then(|done| {
            published(&done.doc).filter(|d| *d >= made && done.doc != cite.doc)?;
            let shared = promise.shares(rules, &done.text)?;
            let reason = format!("told as done; both name \"{shared}\"");
            Some(CommitmentLink {
                kind: LinkKind::Fulfilment,
                row: later.id.clone(),
                claimed_by: None,
                evidence: done.clone(),
                why: Why::rule("record/link.done", reason),
            })
        }));
    }
    out.sort_by(|a, b| (a.kind, &a.row).cmp(&(b.kind, &b.row)));
    out
}

/// An undertaking, prepared for comparison.
struct Promise<'c> {
    row: &'c CommitmentRow,
    fits: Vec<&'c Fit>,
    /// Names that its words hold, without those of the parties that are bound.
    names: Vec<String>,
    /// Its other content words.
    things: Vec<String>,
}

impl<'c> Promise<'c> {
    fn new(rules: &'c Rules, row: &'c CommitmentRow) -> Self {
        let what = row.what.to_lowercase();
        let starts = |w: &str| {
            what.match_indices(w)
                .any(|(at, _)| at == 0 || !what[..at].ends_with(char::is_alphanumeric))
        };
        let fits: Vec<&Fit> = rules
            .fit
            .iter()
            .filter(|f| f.what.iter().any(|w| starts(w)))
            .collect();
        let acts = |word: &str| {
            fits.iter()
                .any(|f| f.what.iter().any(|w| word.starts_with(w.as_str())))
        };
        let bound = |word: &str| {
            row.by.iter().any(|a| {
                a.name
                    .split_whitespace()
                    .any(|n| n.eq_ignore_ascii_case(word))
            })
        };
        let mut names = Vec::new();
        let mut things = Vec::new();
        for word in words(&row.what) {
            let lower = word.to_lowercase();
            if word.starts_with(char::is_uppercase) {
                if !bound(word) && !CALENDAR.contains(&lower.as_str()) {
                    names.push(lower);
                }
            } else if lower.chars().count() > 2 && !acts(&lower) && !EMPTY.contains(&lower.as_str())
            {
                things.push(lower);
            }
        }
        Self {
            row,
            fits,
            names,
            things,
        }
    }

    fn binds(&self, actor: &Actor) -> bool {
        self.row.by.iter().any(|by| {
            by.name == actor.name
                || by.country.is_some()
                    && by.country == actor.country
                    && [by, actor].iter().all(|a| state(a))
        })
    }

    /// Whether the parties of an event can bear on it at all: asked before its words are read.
    fn may_concern(&self, event: &EventRow) -> bool {
        event.source.iter().any(|s| self.binds(s))
            || event.kind == "ACCUSE" && event.target.iter().any(|t| self.binds(t))
    }

    /// What the text and the undertaking share: a name where it has any, else a thing.
    fn shares(&self, rules: &Rules, text: &str) -> Option<String> {
        let there: Vec<String> = words(text).map(str::to_lowercase).collect();
        if !self.names.is_empty() {
            return self.names.iter().find(|n| there.contains(n)).cloned();
        }
        self.things
            .iter()
            .find(|thing| {
                there.iter().any(|w| stem(w) == stem(thing))
                    || rules.same.iter().any(|group| {
                        let has = |word: &str| group.iter().any(|g| stem(g) == stem(word));
                        has(thing) && there.iter().any(|w| has(w))
                    })
            })
            .cloned()
    }

    /// The other parties of the undertaking or its names stand on the other side of the event.
    fn against(&self, event: &EventRow) -> bool {
        event.target.iter().any(|t| {
            let name = t.name.to_lowercase();
            self.names.iter().any(|n| name.contains(n.as_str()))
                || self.row.by.iter().any(|b| b.name == t.name)
        })
    }

    /// How a report of an event bears on it, if it does.
    fn judge(
        &self,
        rules: &'c Rules,
        event: &EventRow,
        report: &MentionRow,
        made: Date,
        told: Date,
    ) -> Option<CommitmentLink> {
        if event.kind == "ACCUSE" && event.target.iter().any(|t| self.binds(t)) {
            return self.accused(rules, event, report);
        }
        // A deed of before the promise is no answer to it.
        let last = event.date.and_then(|d| d.to.or(d.from));
        if event.modality != Modality::Actual
            || !event.source.iter().any(|s| self.binds(s))
            || last.is_some_and(|day| day < made)
        {
            return None;
        }
        let text = report.sentence.text.to_lowercase();
        let other = || self.against(event).then(|| "the other side".to_owned());
        let shared = self.shares(rules, &text).or_else(other)?;
        let (kind, rule, mut reason) = self.fits(rules, event, &text, &shared)?;
        let due = self.row.due.as_ref().and_then(|d| d.interval?.to);
        let day = event.date.and_then(|d| d.from);
        let late = kind == LinkKind::Fulfilment
            && told >= made
            && matches!((day, due), (Some(day), Some(due)) if day > due);
        if late {
            reason.push_str("; after the deadline");
        }
        let claimed_by = report.event.said_by.as_ref().map(|p| p.actor.name.clone());
        let kind = if late { LinkKind::Late } else { kind };
        Some(made_of(kind, event, report, claimed_by, rule, reason))
    }

    /// "Southland accused Northland of breaking the truce": a claim of the accuser.
    fn accused(
        &self,
        rules: &Rules,
        event: &EventRow,
        report: &MentionRow,
    ) -> Option<CommitmentLink> {
        let text = report.sentence.text.to_lowercase();
        let words = said(&rules.breach, &text)?;
        // The accuser's own name in the promise is no link to this accusation.
        let accuser = |word: &String| {
            let names = |a: &Actor| a.name.to_lowercase().contains(word.as_str());
            event.source.iter().any(names)
        };
        let shared = self.shares(rules, &text).filter(|word| !accuser(word));
        if shared.is_none() && !speaks_of_agreement(&text, self.row) {
            return None;
        }
        let claimed_by = event.source.first().map(|a| a.name.clone());
        let reason = format!("\"{words}\" in an accusation");
        let kind = LinkKind::Breach;
        Some(made_of(kind, event, report, claimed_by, "words", reason))
    }

    /// By the type of the deed, else by the words of its sentence.
    fn fits(
        &self,
        rules: &'c Rules,
        event: &EventRow,
        text: &str,
        shared: &str,
    ) -> Option<(LinkKind, &'c str, String)> {
        let code = format!("{} {}", event.kind, event.mode.as_deref().unwrap_or(""));
        let has = |list: &[String]| {
            list.iter()
                .any(|k| *k == code || *k == event.kind && (event.mode.is_none() || alone(list, k)))
        };
        let kind = &event.kind;
        if let Some(f) = self.fits.iter().find(|f| has(&f.kept)) {
            let reason = format!("{kind} fits what was undertaken; both name \"{shared}\"");
            return Some((LinkKind::Fulfilment, &f.id, reason));
        }
        if let Some(f) = self.fits.iter().find(|f| has(&f.broken)) {
            let reason = format!("{kind} goes against what was undertaken; both name \"{shared}\"");
            return Some((LinkKind::Breach, &f.id, reason));
        }
        if let Some(words) = said(&rules.breach, text) {
            return Some((LinkKind::Breach, "words", format!("\"{words}\"")));
        }
        let words = said(&rules.kept, text)?;
        Some((LinkKind::Fulfilment, "words", format!("\"{words}\"")))
    }
}

fn made_of(
    kind: LinkKind,
    event: &EventRow,
    report: &MentionRow,
    claimed_by: Option<String>,
    rule: &str,
    reason: String,
) -> CommitmentLink {
    CommitmentLink {
        kind,
        row: event.id.clone(),
        claimed_by,
        evidence: report.sentence.clone(),
        why: Why::rule(format!("record/link.{rule}"), reason),
    }
}

/// The first of the words that the text has.
fn said<'r>(list: &'r [String], text: &str) -> Option<&'r str> {
    list.iter().map(String::as_str).find(|w| text.contains(w))
}

/// A type is listed without any of its modes: all of them fit.
fn alone(list: &[String], kind: &str) -> bool {
    !list
        .iter()
        .any(|k| k.len() > kind.len() && k.starts_with(kind) && k.as_bytes()[kind.len()] == b' ')
}

fn state(actor: &Actor) -> bool {
    actor
        .sector
        .as_deref()
        .is_none_or(|s| matches!(s, "GOV" | "MIL" | "LEG" | "SPY" | "COP"))
}

/// The accusation speaks of an agreement, and one was undertaken.
fn speaks_of_agreement(text: &str, row: &CommitmentRow) -> bool {
    row.strength >= Strength::Agreed
        && [
            "agreement",
            "accord",
            "deal",
            "truce",
            "ceasefire",
            "treaty",
            "pact",
            "promise",
            "pledge",
        ]
        .iter()
        .any(|w| text.contains(w))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|w| !w.is_empty())
}

/// The word without the end of a plural.
fn stem(word: &str) -> &str {
    word.strip_suffix('s')
        .filter(|w| w.len() > 3)
        .unwrap_or(word)
}

const CALENDAR: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "the",
    "a",
    "an",
    "under",
    "by",
];

const EMPTY: &[&str] = &[
    "the", "its", "their", "all", "last", "first", "from", "with", "and", "for", "into", "out",
    "end", "next", "year", "month", "week", "day", "days", "weeks", "months", "years", "within",
    "will", "would", "that", "this", "before", "after", "until", "more", "than", "about", "some",
    "any", "both", "two", "three", "ten", "forty", "his", "her", "has", "have", "had", "was",
    "were", "are", "not", "new",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Type, mode and sentence of an example, judged against its promise.
    fn holds(fit: &Fit, example: &str) -> bool {
        let parts: Vec<&str> = example.split(" | ").collect();
        let [promise, code, deed] = parts[..] else {
            panic!("{}: {example}", fit.id);
        };
        let row = CommitmentRow {
            id: "c-1".into(),
            by: vec![Actor {
                name: "Northland".into(),
                ..Actor::default()
            }],
            what: promise
                .split_once(" to ")
                .map_or(promise, |(_, what)| what)
                .trim_end_matches('.')
                .into(),
            strength: Strength::Agreed,
            due: None,
            condition: None,
            links: Vec::new(),
            evidence: Vec::new(),
            why: Why::default(),
            edits: Vec::new(),
        };
        let promise = Promise::new(&RULES, &row);
        let list = |l: &[String]| {
            l.iter()
                .any(|k| k == code || code.starts_with(&format!("{k} ")))
        };
        let typed = promise
            .fits
            .iter()
            .any(|f| list(&f.kept) || list(&f.broken));
        typed && promise.shares(&RULES, deed).is_some()
    }

    #[test]
    fn every_fit_holds_its_examples() {
        for fit in &RULES.fit {
            assert!(holds(fit, &fit.good), "{}: {}", fit.id, fit.good);
            assert!(!holds(fit, &fit.bad), "{}: {}", fit.id, fit.bad);
        }
    }
}
