//! Over every own sentence and article of the repository: what is coded cites its slice and says why.

use rapporteur_base::{Span, Why};
use rapporteur_coder::{Coder, Coding, Input, Party};
use rapporteur_text::Reader;

const TABLES: &[(&str, &str)] = &[
    (
        "domain_test.tsv",
        include_str!("../../../data/events/domain_test.tsv"),
    ),
    (
        "handset.tsv",
        include_str!("../../../data/events/handset.tsv"),
    ),
    (
        "verbal_cooperation.tsv",
        include_str!("../../../data/events/sentences/verbal_cooperation.tsv"),
    ),
    (
        "verbal_conflict.tsv",
        include_str!("../../../data/events/sentences/verbal_conflict.tsv"),
    ),
    (
        "material_conflict.tsv",
        include_str!("../../../data/events/sentences/material_conflict.tsv"),
    ),
];

const ARTICLES: &[&str] = &[
    include_str!("articles/colombia.txt"),
    include_str!("articles/donbas.txt"),
    include_str!("articles/sahel.txt"),
];

/// Every own text: sentences of the tables, those of the fields, whole articles.
fn texts() -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (_, table) in TABLES {
        out.extend(rows(table).map(|row| row.split('\t').next().unwrap_or("").to_owned()));
    }
    let fields = include_str!("../../../data/events/fields_test.tsv");
    out.extend(rows(fields).filter_map(|row| Some(row.split('\t').nth(1)?.replace(" ¶ ", "\n\n"))));
    #[derive(serde::Deserialize)]
    struct File {
        article: Vec<Article>,
    }
    #[derive(serde::Deserialize)]
    struct Article {
        text: String,
    }
    let file: File = toml::from_str(include_str!("../../../data/events/articles.toml"))
        .expect("invariant: the coder reads this file too");
    out.extend(file.article.into_iter().map(|a| a.text.trim().to_owned()));
    out.extend(ARTICLES.iter().map(|&a| a.to_owned()));
    out
}

fn rows(table: &str) -> impl Iterator<Item = &str> {
    table
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
}

struct Proof<'a> {
    text: &'a str,
}

impl Proof<'_> {
    fn slice(&self, what: &str, span: Span) {
        let slice = self.text.get(span.range());
        assert!(
            slice.is_some_and(|s| !s.trim().is_empty()),
            "{what} {span:?} is no slice of: {}",
            self.text
        );
    }

    fn parties(&self, what: &str, parties: &[Party]) {
        for party in parties {
            self.slice(what, party.span);
            assert!(
                !party.actor.name.is_empty(),
                "{what} without a name: {}",
                self.text
            );
        }
    }

    fn why(&self, what: &str, why: &Why) {
        let (stage, rule) = why.rule.split_once('/').unwrap_or(("", ""));
        assert!(
            !stage.is_empty() && !rule.is_empty() && !why.reason.is_empty(),
            "{what} does not say why ({why:?}): {}",
            self.text
        );
    }

    fn events(&self, coding: &Coding) {
        for e in &coding.events {
            self.slice("clause", e.clause);
            self.slice("sentence", e.sentence);
            assert!(
                e.sentence.contains(e.clause),
                "clause beyond its sentence: {}",
                self.text
            );
            assert!(!e.trigger.is_empty(), "no trigger: {}", self.text);
            for trigger in &e.trigger {
                self.slice("trigger", *trigger);
                assert!(e.sentence.contains(*trigger), "{}", self.text);
            }
            let first = e.trigger[0]
                .of(self.text)
                .split_whitespace()
                .next()
                .unwrap_or("");
            assert!(
                e.why.reason.contains(first),
                "\"{first}\" not in {:?}: {}",
                e.why,
                self.text
            );
            assert!(!e.why.features.is_empty(), "no features: {:?}", e.why);
            assert!((1..=4).contains(&e.quad) && (-10.0..=10.0).contains(&e.scale));
            self.why("event", &e.why);
            self.parties("source", &e.source);
            self.parties("target", &e.target);
            self.parties("said by", e.said_by.as_slice());
            self.parties("relayed by", &e.relayed_by);
            for span in e.place.iter().map(|(s, _)| *s) {
                self.slice("place", span);
            }
            for span in e.date.iter().filter_map(|d| d.span) {
                self.slice("date", span);
            }
            for c in &e.contexts {
                self.slice("context", c.span);
            }
            for c in &e.counts {
                assert!(e.figures.contains(&c.figure) && c.figure < coding.figures.len());
            }
        }
    }

    fn rest(&self, coding: &Coding) {
        for f in &coding.figures {
            self.slice("figure", f.span);
            self.why("figure", &f.why);
        }
        for q in &coding.quotes {
            q.content
                .iter()
                .chain(&q.cue)
                .for_each(|s| self.slice("quote", *s));
            self.parties("speaker", q.speaker.as_slice());
            self.why("quote", &q.why);
        }
        for p in &coding.positions {
            self.slice("position", p.span);
            assert_eq!(p.issue_span.of(self.text), p.issue);
            assert!(matches!(p.strength.as_str(), "soft" | "plain" | "firm"));
            self.parties("holder", std::slice::from_ref(&p.holder));
            self.why("position", &p.why);
        }
        for c in &coding.commitments {
            self.slice("commitment", c.span);
            assert_eq!(c.what_span.of(self.text), c.what);
            self.parties("by", &c.by);
            c.condition.iter().for_each(|s| self.slice("condition", *s));
            c.due.iter().for_each(|(s, _)| self.slice("due", *s));
            self.why("commitment", &c.why);
        }
        for i in &coding.indicators {
            assert_eq!(i.span.of(self.text), i.name);
            i.controls.iter().for_each(|s| self.slice("controls", *s));
            self.why("indicator", &i.why);
        }
        for a in &coding.assessments {
            self.slice("assessment", a.span);
            self.why("assessment", &a.why);
        }
    }
}

#[test]
fn all_that_is_coded_cites_its_slice_and_says_why() {
    let (reader, coder) = (Reader::embedded(), Coder::embedded());
    let (mut events, mut others) = (0, 0);
    for text in texts() {
        let sentences = reader.read(&text);
        let published = "2031-05-20".parse().ok();
        let times = rapporteur_temporal::tag(&text, published);
        let coding = coder.code(&Input {
            text: &text,
            blocks: &[],
            sentences: &sentences,
            times: &times,
            published,
        });
        let proof = Proof { text: &text };
        proof.events(&coding);
        proof.rest(&coding);
        events += coding.events.len();
        others += coding.figures.len() + coding.quotes.len() + coding.positions.len();
    }
    println!("{events} events and {others} figures, quotations and positions hold");
    assert!(events > 2_000 && others > 1_000, "{events} {others}");
}
