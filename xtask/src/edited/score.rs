//! What the chain found, set against what was put in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rapporteur::pipeline::{RawPage, Rules, process_page};
use rapporteur_base::{Id, Span};
use rapporteur_record::DocBundle;
use rapporteur_story::{Comparison, Doc, Merged, Relation, merge};

use super::{Article, Holds, Kind, Pair, Set, Voice, pairs, situation};

/// Counts, from which the figures are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Score {
    articles: usize,
    /// Contradictions put in, and of those found.
    clashes: (usize, usize),
    /// Contradictions said, and of those wrong.
    said: (usize, usize),
    /// Families put in, and of those found exactly.
    families: (usize, usize),
    /// Pairs of like happenings, and of those kept apart.
    apart: (usize, usize),
    /// Pairs of independent tellings of one happening, and of those in one entry.
    joined: (usize, usize),
    /// For each relation: put in, found.
    relations: BTreeMap<&'static str, (usize, usize)>,
    /// The same for contradictions by kind of fact.
    kinds: BTreeMap<Kind, (usize, usize)>,
    /// Every miss and false alarm.
    pub(crate) remarks: Vec<String>,
}

fn share((all, some): (usize, usize)) -> f64 {
    if all == 0 {
        1.0
    } else {
        some as f64 / all as f64
    }
}

impl Score {
    pub(crate) fn contradictions(&self) -> f64 {
        share(self.clashes)
    }

    /// Share of the contradictions said that are none.
    pub(crate) fn alarms(&self) -> f64 {
        if self.said.0 == 0 {
            0.0
        } else {
            share(self.said)
        }
    }

    pub(crate) fn families(&self) -> f64 {
        share(self.families)
    }

    pub(crate) fn apart(&self) -> f64 {
        share(self.apart)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |(all, some): (usize, usize)| format!("{some}/{all}");
        write!(
            f,
            "{} articles; contradictions found {:.3} ({}), false alarms {:.3} ({}), families exact {:.3} ({}), \
             distinct events kept apart {:.3} ({}), same events joined {:.3} ({})",
            self.articles,
            self.contradictions(),
            of(self.clashes),
            self.alarms(),
            of(self.said),
            self.families(),
            of(self.families),
            self.apart(),
            of(self.apart),
            share(self.joined),
            of(self.joined),
        )?;
        for (name, counts) in &self.relations {
            write!(f, "; {name} {}", of(*counts))?;
        }
        for (kind, counts) in &self.kinds {
            write!(f, "; {kind:?} {}", of(*counts))?;
        }
        Ok(())
    }
}

/// Reads every page with the rules of the program, on two threads.
fn read(set: &Set) -> Vec<DocBundle> {
    let rules = Rules::embedded();
    let one = |article: &Article| {
        let raw = RawPage {
            bytes: article.html().into_bytes(),
            mime: "text/html".into(),
            url: Some(article.url()),
            source: article.id.clone(),
            ..RawPage::default()
        };
        process_page(&raw, &rules)
    };
    let (left, right) = set.articles.split_at(set.articles.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| right.iter().map(one).collect::<Vec<_>>());
        let mut all: Vec<DocBundle> = left.iter().map(one).collect();
        all.extend(
            other
                .join()
                .expect("invariant: process_page catches its panics"),
        );
        all
    })
}

fn merged(bundles: &[DocBundle]) -> Merged {
    let docs: Vec<Doc<'_>> = bundles
        .iter()
        .map(|b| Doc {
            id: b.doc_id(),
            title: &b.article.title,
            text: &b.article.text,
            published: b.article.published.as_ref().map(|p| p.date),
            site: b.article.site.as_deref().unwrap_or(""),
            agency: b.article.agency.as_deref(),
            coding: &b.coding,
        })
        .collect();
    merge(&docs)
}

/// Runs the chain over the set.
pub(crate) fn score(set: &Set) -> Score {
    let bundles = read(set);
    let merged = merged(&bundles);
    let ids: BTreeMap<Id, usize> = bundles
        .iter()
        .enumerate()
        .map(|(at, b)| (b.doc_id(), at))
        .collect();
    let bench = Bench {
        set,
        bundles,
        merged,
        ids,
    };
    let mut out = Score {
        articles: set.articles.len(),
        ..Score::default()
    };
    bench.contradictions(&mut out);
    bench.families(&mut out);
    bench.events(&mut out);
    out
}

struct Bench<'s> {
    set: &'s Set,
    bundles: Vec<DocBundle>,
    merged: Merged,
    ids: BTreeMap<Id, usize>,
}

/// What kind of fact a rule compares; `None`: any.
fn kind_of(rule: &str) -> Option<Kind> {
    Some(match rule.trim_start_matches("compare/") {
        "number" | "toll-rose" | "figure-grew" | "figure-changed" | "same-figure"
        | "figure-detail" | "figure-said" => Kind::Figure,
        "event-day" | "state-day" | "deadline" | "next-day" | "date-detail" => Kind::Date,
        "actor" => Kind::Actor,
        "state" | "state-moved-on" | "state-put-off" => Kind::Status,
        _ => return None,
    })
}

impl Bench<'_> {
    fn span(&self, at: usize, words: &str) -> Option<Span> {
        let text = &self.bundles[at].article.text;
        let start = text.find(words)?;
        Some(Span::new(start, start + words.len()))
    }

    /// Whether a comparison sets the two tellings of a pair side by side.
    fn cites(&self, c: &Comparison, pair: &Pair) -> bool {
        if kind_of(&c.why.rule).is_some_and(|kind| kind != pair.kind) {
            return false;
        }
        let (family_a, family_b) = (self.family(pair.a), self.family(pair.b));
        let on = |side: &[rapporteur_story::Evidence], family: &str, words: &str| {
            side.iter().any(|e| {
                self.ids.get(&e.doc).is_some_and(|at| {
                    let span = self.span(*at, words);
                    self.family(*at) == family && span.is_some_and(|s| s.overlaps(e.span))
                })
            })
        };
        let (p, q) = (&pair.words.0, &pair.words.1);
        (on(&c.a, family_a, p) && on(&c.b, family_b, q))
            || (on(&c.b, family_a, p) && on(&c.a, family_b, q))
    }

    fn family(&self, at: usize) -> &str {
        &self.set.articles[at].family
    }

    fn contradictions(&self, out: &mut Score) {
        let mut seen = BTreeSet::new();
        let mut gold = pairs(self.set);
        gold.retain(|p| {
            seen.insert((
                self.family(p.a).to_owned(),
                self.family(p.b).to_owned(),
                p.fact.clone(),
                p.holds,
            ))
        });
        for pair in &gold {
            let wanted = |c: &&Comparison| match pair.holds {
                Holds::Same => c.kind == Relation::Confirmed,
                Holds::Refines => c.kind == Relation::Refines,
                Holds::Updates => c.kind == Relation::Updates,
                Holds::Contradicts | Holds::Denies => c.kind.is_conflict(),
                Holds::AttributesOnly => c.kind == Relation::AttributesOnly,
            };
            let found = self
                .merged
                .comparisons
                .iter()
                .filter(wanted)
                .any(|c| self.cites(c, pair));
            let counts = out.relations.entry(pair.holds.name()).or_default();
            counts.0 += 1;
            counts.1 += usize::from(found);
            if pair.holds.clashes() {
                out.clashes.0 += 1;
                out.clashes.1 += usize::from(found);
                let counts = out.kinds.entry(pair.kind).or_default();
                counts.0 += 1;
                counts.1 += usize::from(found);
                if !found {
                    out.remarks.push(format!(
                        "MISS {} {}/{} {}\n    {}\n    {}",
                        pair.holds.name(),
                        self.set.articles[pair.a].id,
                        self.set.articles[pair.b].id,
                        pair.fact,
                        pair.words.0,
                        pair.words.1
                    ));
                }
            }
        }
        self.alarms(&gold, out);
    }

    fn alarms(&self, gold: &[Pair], out: &mut Score) {
        for c in self
            .merged
            .comparisons
            .iter()
            .filter(|c| c.kind.is_conflict())
        {
            out.said.0 += 1;
            let right = gold
                .iter()
                .any(|pair| pair.holds.clashes() && self.cites(c, pair));
            if !right {
                out.said.1 += 1;
                let side = |list: &[rapporteur_story::Evidence]| {
                    let texts = list.iter().filter_map(|e| {
                        let at = *self.ids.get(&e.doc)?;
                        let text = e.span.of(&self.bundles[at].article.text);
                        Some(format!("{}: {text}", self.set.articles[at].id))
                    });
                    texts.collect::<Vec<_>>().join(" | ")
                };
                out.remarks.push(format!(
                    "ALARM {} {} {:?}\n    {}\n    {}",
                    c.why.rule,
                    c.topic,
                    c.values,
                    side(&c.a),
                    side(&c.b)
                ));
            }
        }
    }

    fn families(&self, out: &mut Score) {
        let mut gold: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
        for (at, article) in self.set.articles.iter().enumerate() {
            gold.entry(&article.family)
                .or_default()
                .insert(self.bundles[at].doc_id());
        }
        let found: BTreeSet<BTreeSet<Id>> = self
            .merged
            .families
            .iter()
            .map(|f| f.docs.iter().copied().collect())
            .collect();
        for (name, docs) in gold {
            out.families.0 += 1;
            if found.contains(&docs) {
                out.families.1 += 1;
            } else {
                out.remarks.push(format!("FAMILY {name}"));
            }
        }
    }

    /// The entries that tell the first fact of an article in its own voice.
    fn main_entries(&self, at: usize) -> BTreeSet<Id> {
        let article = &self.set.articles[at];
        let main = article.tellings.iter().find(|t| t.voice == Voice::Own);
        let Some(span) = main.and_then(|t| self.span(at, &t.words)) else {
            return BTreeSet::new();
        };
        let (id, coding) = (self.bundles[at].doc_id(), &self.bundles[at].coding);
        let tells = |e: &&rapporteur_story::Entry| {
            e.members
                .iter()
                .any(|(doc, index)| *doc == id && coding.events[*index].sentence.overlaps(span))
        };
        self.merged
            .entries
            .iter()
            .filter(tells)
            .map(|e| e.id)
            .collect()
    }

    fn events(&self, out: &mut Score) {
        let mut by_event: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for (at, article) in self.set.articles.iter().enumerate() {
            by_event
                .entry(&article.event)
                .or_default()
                .entry(&article.family)
                .or_insert(at);
        }
        for (event, families) in &by_event {
            let told: Vec<BTreeSet<Id>> =
                families.values().map(|at| self.main_entries(*at)).collect();
            for (at, a) in told.iter().enumerate() {
                for b in told.iter().skip(at + 1) {
                    if !a.is_empty() && !b.is_empty() {
                        out.joined.0 += 1;
                        out.joined.1 += usize::from(!a.is_disjoint(b));
                    }
                }
            }
            let twin = by_event
                .iter()
                .filter(|(other, _)| *other > event && situation(other) == situation(event));
            for (other, families) in twin {
                out.apart.0 += 1;
                let all: BTreeSet<Id> = told.iter().flatten().copied().collect();
                let mixed = families
                    .values()
                    .any(|at| !self.main_entries(*at).is_disjoint(&all));
                out.apart.1 += usize::from(!mixed);
                if mixed {
                    out.remarks.push(format!("MIXED {event} and {other}"));
                }
            }
        }
    }
}

/// What was noted of every telling, for the eye.
pub(crate) fn dump(set: &Set) {
    for (article, bundle) in set.articles.iter().zip(read(set)) {
        let text = &bundle.article.text;
        let doc = Doc {
            id: bundle.doc_id(),
            title: &bundle.article.title,
            text,
            published: bundle.article.published.as_ref().map(|p| p.date),
            site: "",
            agency: None,
            coding: &bundle.coding,
        };
        let digest = rapporteur_story::Digest::of(&doc);
        crate::say(&format!("== {} actors {:?}", article.id, digest.actors));
        for telling in &article.tellings {
            crate::say(&format!("  {}: {}", telling.fact, telling.words));
            let Some(start) = text.find(&telling.words) else {
                continue;
            };
            let span = Span::new(start, start + telling.words.len());
            dump_events(&digest, span);
            dump_others(&digest, span);
        }
    }
}

fn dump_events(digest: &rapporteur_story::Digest, span: Span) {
    for e in digest.events.iter().filter(|e| e.clause.overlaps(span)) {
        let names = |l: &[rapporteur_coder::Actor]| {
            l.iter()
                .map(|a| a.name.clone())
                .collect::<Vec<_>>()
                .join("+")
        };
        crate::say(&format!(
            "     E {} {:?} {:?} phase {:?} {} -> {} at {:?} on {:?} nth {:?} n {:?} by {:?} trig {:?} [{}]",
            e.kind,
            e.mode,
            e.modality,
            e.phase,
            names(&e.source),
            names(&e.target),
            e.place.as_ref().map(|p| (&p.0, p.2)),
            e.date.map(|d| (d.from, d.to)),
            e.ordinal,
            e.numbers,
            e.said_by,
            e.trigger,
            e.words_of
        ));
    }
    for f in digest.figures.iter().filter(|f| f.context.overlaps(span)) {
        crate::say(&format!(
            "     F {:?} {:?}-{:?} unit {} of {:?} scope {:?} fate {:?} words {:?} place {:?} by {:?} asof {:?}",
            f.text,
            f.quantity.low,
            f.quantity.high,
            f.quantity.unit,
            f.of,
            f.scope,
            f.fate,
            f.words,
            f.place,
            f.by,
            f.as_of
        ));
    }
}

fn dump_others(digest: &rapporteur_story::Digest, span: Span) {
    for s in digest.states.iter().filter(|s| s.span.overlaps(span)) {
        crate::say(&format!(
            "     S {} {} denied {} nth {:?} {:?} {:?}",
            s.subject, s.phase, s.denied, s.ordinal, s.parties, s.date
        ));
    }
    for a in digest.acts.iter().filter(|a| a.span.overlaps(span)) {
        crate::say(&format!(
            "     A {} doers {:?} parties {:?} at {:?} on {:?} ahead {} denied {} said {}",
            a.kind,
            a.doers,
            a.parties,
            a.place,
            a.date.map(|d| (d.from, d.to)),
            a.ahead,
            a.denied,
            a.said
        ));
    }
    for c in digest.commitments.iter().filter(|c| c.span.overlaps(span)) {
        crate::say(&format!(
            "     C {:?} {:?} {:?} due {:?}",
            c.by, c.what, c.strength, c.due
        ));
    }
}
