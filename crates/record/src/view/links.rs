//! What became of an undertaking: later events that keep or break it, and what is said of it.
//!
//! A link is no verdict: it names the rule, the passage and, where somebody claims it, who. Nothing is
//! linked to a day before the undertaking was published, nor by the type of an event alone.

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
    let published = |doc: &str| {
        view.docs
            .iter()
            .find(|d| d.id == doc)
            .and_then(|d| d.published.as_ref().map(|p| p.date).or(d.known_at))
    };
    let found: Vec<Vec<CommitmentLink>> = view
        .commitments
        .iter()
        .map(|c| links_of(rules, view, c, &published))
        .collect();
    for (commitment, links) in view.commitments.iter_mut().zip(found) {
        commitment.links = links;
    }
}

fn links_of(
    rules: &'static Rules,
    view: &View,
    commitment: &CommitmentRow,
    published: &impl Fn(&str) -> Option<Date>,
) -> Vec<CommitmentLink> {
    let Some(cite) = commitment.evidence.first() else {
        return Vec::new();
    };
    let Some(made) = published(&cite.doc).filter(|_| commitment.strength != Strength::Done) else {
        return Vec::new();
    };
    let promise = Promise::new(rules, commitment);
    let mut out = Vec::new();
    for event in &view.events {
        out.extend(event.members.iter().find_map(|report| {
            let told = published(&report.doc).filter(|d| *d >= made && report.doc != cite.doc)?;
            promise.judge(rules, event, report, made, told)
        }));
    }
    for later in view
        .commitments
        .iter()
        .filter(|l| l.strength == Strength::Done && l.by.iter().any(|a| promise.binds(a)))
    {
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
