//! Timeline and brief: rows as cited lines. No line without a passage; a line is the source's own
//! sentence, or put together from the values of one row.

use std::collections::BTreeMap;

use rapporteur_base::{Interval, Quantity};
use rapporteur_coder::{Actor, Modality, Strength};
use rapporteur_story::Relation;

use super::View;
use super::build::unique;
use super::fields::written;
use crate::{Brief, BriefLine, BriefSection, Cite, EventRow, TimelineRow};

/// Lines of a section at most: a brief is read in two minutes.
const LINES: usize = 12;
/// Longest sentence that is shown whole; of a longer one the clause.
const SENTENCE: usize = 420;

impl View {
    /// Events in order of time, each as a cited sentence.
    pub fn timeline(&self) -> Vec<TimelineRow> {
        self.events
            .iter()
            .map(|event| {
                let cites = passages(event);
                TimelineRow {
                    event: event.id.clone(),
                    date: event.date,
                    kind: event.kind.clone(),
                    modality: event.modality,
                    status: event.status.clone(),
                    origins: event.counts.origins,
                    text: cites.first().map(|c| one_line(&c.text)).unwrap_or_default(),
                    cites,
                }
            })
            .filter(|row| !row.text.is_empty())
            .collect()
    }

    /// The brief: sections of cited lines.
    pub fn brief(&self) -> Brief {
        let state = self.state();
        let told: Vec<&str> = state
            .iter()
            .flat_map(|l| &l.rows)
            .map(String::as_str)
            .collect();
        let sections = [
            ("state", "Where it stands", state.clone()),
            ("events", "What happened", self.happened(&told)),
            (
                "ahead",
                "What is planned, asked for or offered",
                self.ahead(),
            ),
            ("positions", "Who wants what", self.wishes()),
            ("commitments", "Who undertook what", self.undertakings()),
            ("figures", "Numbers", self.numbers()),
            ("conflicts", "Where accounts differ", self.differences()),
            ("quotes", "In their words", self.words()),
            (
                "assessments",
                "What the authors judge (not facts)",
                self.judgements(),
            ),
        ];
        let copies: usize = self
            .families
            .iter()
            .map(|f| f.docs.len().saturating_sub(1))
            .sum();
        Brief {
            title: self.headline(),
            docs: self.docs.len(),
            families: self.docs.len().saturating_sub(copies),
            published: self.published(),
            undated: self.docs.iter().filter(|d| d.published.is_none()).count(),
            as_of: self.filter.as_of,
            sections: sections
                .into_iter()
                .map(|(name, heading, lines)| BriefSection {
                    name: name.into(),
                    heading: heading.into(),
                    lines: fold(lines),
                })
                .filter(|section| !section.lines.is_empty())
                .collect(),
        }
    }

    /// Title of the greatest story.
    fn headline(&self) -> String {
        let first = self
            .stories
            .iter()
            .max_by_key(|s| (s.docs.len(), std::cmp::Reverse(&s.id)));
        first.map(|s| s.title.clone()).unwrap_or_default()
    }

    /// The newest events that say in which state something lasting is.
    fn state(&self) -> Vec<BriefLine> {
        let told = |e: &&EventRow| {
            e.modality == Modality::Actual && e.members.iter().any(|m| m.event.phase.is_some())
        };
        let mut events: Vec<&EventRow> = self.events.iter().filter(told).collect();
        events.sort_by_key(|e| std::cmp::Reverse((last_day(e), e.counts.origins, &e.id)));
        events.into_iter().take(3).map(event_line).collect()
    }

    /// What happened, weightiest first to choose, in order of time to read.
    fn happened(&self, told: &[&str]) -> Vec<BriefLine> {
        let mut events: Vec<&EventRow> = self
            .events
            .iter()
            .filter(|e| e.modality == Modality::Actual && !told.contains(&e.id.as_str()))
            .collect();
        events.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.id.cmp(&b.id)));
        events.truncate(LINES);
        let mut lines: Vec<(Option<_>, &str, BriefLine)> = events
            .into_iter()
            .map(|e| {
                (
                    e.date.and_then(|d| d.from.or(d.to)),
                    e.id.as_str(),
                    event_line(e),
                )
            })
            .collect();
        lines.sort_by_key(|(day, id, _)| (day.is_none(), *day, *id));
        lines.into_iter().map(|(_, _, line)| line).collect()
    }

    fn ahead(&self) -> Vec<BriefLine> {
        let wanted = [Modality::Planned, Modality::Demanded, Modality::Offered];
        let mut events: Vec<&EventRow> = self
            .events
            .iter()
            .filter(|e| wanted.contains(&e.modality))
            .collect();
        events.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.id.cmp(&b.id)));
        events.into_iter().take(LINES / 2).map(event_line).collect()
    }

    fn wishes(&self) -> Vec<BriefLine> {
        let mut rows: Vec<_> = self.positions.iter().collect();
        rows.sort_by_key(|p| (&p.holder.name, &p.issue));
        rows.into_iter()
            .take(LINES)
            .map(|p| {
                line(
                    format!(
                        "{}: {} {}",
                        p.holder.name,
                        stance(&p.stance),
                        one_line(&p.issue)
                    ),
                    &p.id,
                    p.evidence.clone(),
                )
            })
            .collect()
    }

    fn undertakings(&self) -> Vec<BriefLine> {
        let mut rows: Vec<_> = self.commitments.iter().collect();
        rows.sort_by_key(|c| std::cmp::Reverse(c.strength));
        rows.into_iter()
            .take(LINES)
            .map(|c| {
                let due = match &c.due {
                    Some(due) => match (&due.interval, &due.cite) {
                        (Some(days), _) => format!("due {}", written(Some(days))),
                        (None, Some(cite)) => format!("due “{}”", one_line(&cite.text)),
                        (None, None) => "no date given".into(),
                    },
                    None => "no date given".into(),
                };
                let who = names(&c.by);
                let text = format!(
                    "{who}: {} [{}, {due}]",
                    one_line(&c.what),
                    strength(c.strength)
                );
                let mut made = line(text, &c.id, c.evidence.clone());
                made.date = c.due.as_ref().and_then(|d| d.interval);
                made
            })
            .collect()
    }

    fn numbers(&self) -> Vec<BriefLine> {
        let mut rows: Vec<_> = self.series.iter().collect();
        rows.sort_by(|a, b| {
            (b.counts.origins, b.figures.len())
                .cmp(&(a.counts.origins, a.figures.len()))
                .then(a.of.cmp(&b.of))
                .then(a.id.cmp(&b.id))
        });
        rows.into_iter()
            .take(LINES)
            .map(|s| {
                let mut text = format!("{}: {}", one_line(&s.of), amount(&s.best));
                if s.counts.origins > 1 {
                    text.push_str(&format!(" ({} independent sources)", s.counts.origins));
                }
                line(text, &s.id, s.evidence.clone())
            })
            .collect()
    }

    fn differences(&self) -> Vec<BriefLine> {
        let shown = [
            Relation::Contradiction,
            Relation::Denies,
            Relation::Updates,
            Relation::Refines,
        ];
        self.comparisons
            .iter()
            .filter(|c| shown.contains(&c.kind) && !c.b.is_empty())
            .filter(|c| !matches!(c.decision.as_deref(), Some("error" | "reconciled")))
            .take(LINES)
            .map(|c| {
                let verb = match c.kind {
                    Relation::Contradiction => "against",
                    Relation::Denies => "denied",
                    Relation::Updates => "later",
                    _ => "more exactly",
                };
                let (a, b) = (one_line(&c.values.0), one_line(&c.values.1));
                let text = format!("{}: {a} — {verb}: {b}", one_line(&c.topic));
                let mut cites = c.a.clone();
                cites.extend(c.b.iter().cloned());
                line(text, &c.id, cites)
            })
            .collect()
    }

    fn words(&self) -> Vec<BriefLine> {
        let mut rows: Vec<_> = self
            .quotes
            .iter()
            .filter(|q| q.speaker.is_some() && q.kind != rapporteur_coder::QuoteKind::Indirect)
            .collect();
        // A sentence says more than a word in quotes.
        rows.sort_by_key(|q| std::cmp::Reverse(q.text.chars().count().min(200)));
        rows.into_iter()
            .take(LINES / 2)
            .map(|q| {
                let speaker = q.speaker.as_ref().map_or("", |s| s.name.as_str());
                line(
                    format!("“{}” — {speaker}", one_line(&q.text)),
                    &q.id,
                    q.evidence.clone(),
                )
            })
            .collect()
    }

    fn judgements(&self) -> Vec<BriefLine> {
        self.assessments
            .iter()
            .take(LINES / 2)
            .map(|a| {
                let mut made = line(one_line(&a.claim), &a.id, a.evidence.clone());
                made.verbatim = true;
                made
            })
            .collect()
    }
}

/// Sentence of the best report, then the clauses of the others.
fn passages(event: &EventRow) -> Vec<Cite> {
    let best = event.members.iter().max_by(|a, b| {
        let fits = |m: &crate::MentionRow| m.sentence.text.len() <= SENTENCE;
        fits(a)
            .cmp(&fits(b))
            .then(a.event.score.total_cmp(&b.event.score))
            .then(b.id.cmp(&a.id))
    });
    let Some(best) = best else {
        return event.evidence.clone();
    };
    let whole = best.sentence.text.len() <= SENTENCE && !best.sentence.text.is_empty();
    let mut cites = vec![if whole {
        best.sentence.clone()
    } else {
        best.cite.clone()
    }];
    let others = event.members.iter().filter(|m| m.id != best.id);
    cites.extend(others.map(|m| m.cite.clone()));
    unique(cites)
}

fn event_line(event: &EventRow) -> BriefLine {
    let cites = passages(event);
    let mut made = line(
        cites.first().map(|c| one_line(&c.text)).unwrap_or_default(),
        &event.id,
        cites,
    );
    made.date = event.date;
    made.verbatim = true;
    made.status.clone_from(&event.status);
    made
}

fn line(text: String, row: &str, cites: Vec<Cite>) -> BriefLine {
    BriefLine {
        date: None,
        text,
        verbatim: false,
        rows: vec![row.to_owned()],
        cites,
        status: String::new(),
    }
}

/// Lines of the same words become one; a line without a passage or without words goes.
fn fold(lines: Vec<BriefLine>) -> Vec<BriefLine> {
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<BriefLine> = Vec::new();
    for line in lines {
        if line.cites.is_empty() || line.text.is_empty() {
            continue;
        }
        match at.get(&line.text) {
            Some(seen) => {
                let first = &mut out[*seen];
                first.rows.extend(line.rows);
                first.cites.extend(line.cites);
                first.cites = unique(std::mem::take(&mut first.cites));
            }
            None => {
                at.insert(line.text.clone(), out.len());
                out.push(line);
            }
        }
    }
    out
}

fn last_day(event: &EventRow) -> Option<rapporteur_base::Date> {
    event.date.and_then(|d: Interval| d.to.or(d.from))
}

/// Told by more origins, dated, with both sides named: worth a line.
fn weight(event: &EventRow) -> f64 {
    let known = |yes: bool, worth: f64| if yes { worth } else { 0.0 };
    (event.counts.origins as f64).sqrt() * 2.0
        + known(event.date.is_some(), 1.0)
        + known(!event.source.is_empty(), 0.5)
        + known(!event.target.is_empty(), 0.5)
        + known(event.status == "disputed", 0.5)
        + f64::from(event.score)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(actors: &[Actor]) -> String {
    if actors.is_empty() {
        return "not named".into();
    }
    actors
        .iter()
        .map(|a| a.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn stance(stance: &str) -> &str {
    match stance {
        "for" => "for",
        "against" => "against",
        "conditional" => "on conditions:",
        _ => "open on",
    }
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Declared => "declared",
        Strength::Aim => "aim",
        Strength::Mandate => "mandate",
        Strength::Agreed => "agreed",
        Strength::Scheduled => "scheduled",
        Strength::Done => "done",
    }
}

/// A number with its qualifier in words.
fn amount(quantity: &Quantity) -> String {
    use rapporteur_base::Operator as Op;
    let number = |n: Option<f64>| n.map_or("?".into(), |n| format!("{n}"));
    let value = number(quantity.value.or(quantity.low).or(quantity.high));
    match quantity.op {
        Op::Equal => value,
        Op::About => format!("about {value}"),
        Op::Over => format!("over {value}"),
        Op::AtLeast => format!("at least {value}"),
        Op::Under => format!("under {value}"),
        Op::AtMost => format!("at most {value}"),
        Op::Range => format!("{} to {}", number(quantity.low), number(quantity.high)),
    }
}
