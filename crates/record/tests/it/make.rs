//! Invented documents with a coding made by hand: the record is tested without the coder.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use rapporteur_base::{Interval, Operator, Quantity, Span, Why};
use rapporteur_coder::{
    Actor, ActorMention, Assessment, Coding, Commitment, Event, EventDate, Figure, Indicator,
    Modality, Party, PlaceMention, Position, Quote, QuoteKind, Strength,
};
use rapporteur_page::{Article, Author, AuthorKind, Paragraph, ParagraphKind, Published};
use rapporteur_record::{DocBundle, Incoming, Packed, RawRef, RuleSet};
use rapporteur_temporal::{Anchor, Timex, TimexType};

pub(crate) const NOW: &str = "2024-06-01T12:00:00Z";

pub(crate) fn rules(version: &str) -> RuleSet {
    RuleSet {
        label: format!("test {version}"),
        parts: vec![("all".into(), version.into())],
    }
}

/// A folder that is removed at the end.
#[derive(Debug)]
pub(crate) struct Dir(pub PathBuf);

impl Dir {
    pub(crate) fn new(name: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir =
            std::env::temp_dir().join(format!("rapporteur-{name}-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// First place of `words` in `text`.
pub(crate) fn at(text: &str, words: &str) -> Span {
    let start = text
        .find(words)
        .unwrap_or_else(|| panic!("{words:?} is not in {text:?}"));
    Span::new(start, start + words.len())
}

pub(crate) fn actor(name: &str, country: &str) -> Actor {
    Actor {
        name: name.into(),
        country: Some(country.into()),
        sector: Some("GOV".into()),
        ..Actor::default()
    }
}

fn why(rule: &str) -> Why {
    Why::rule(rule, "made by hand")
}

/// A page of plain text, with the marks that its words call for.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub bundle: DocBundle,
    pub bytes: Vec<u8>,
}

impl Page {
    pub(crate) fn new(site: &str, published: Option<&str>, title: &str, text: &str) -> Self {
        let bytes = format!("<h1>{title}</h1><p>{text}").into_bytes();
        let raw = RawRef {
            url: Some(format!("https://{site}.example/{}", title.len())),
            captured_at: Some("2024-05-20T08:00:00Z".into()),
            ..RawRef::of(&bytes, "text/html", format!("{site}.html"))
        };
        let article = Article {
            url: raw.url.clone(),
            title: title.into(),
            site: Some(site.into()),
            lang: Some("en".into()),
            authors: vec![Author {
                name: "A. Writer".into(),
                kind: AuthorKind::Person,
                origin: "byline".into(),
            }],
            published: published.map(|day| Published {
                date: day.parse().unwrap(),
                time: None,
                origin: "byline".into(),
                rank: 2,
            }),
            paragraphs: vec![Paragraph {
                span: Span::new(0, text.len()),
                kind: ParagraphKind::Body,
                origin: None,
            }],
            text: text.into(),
            ..Article::default()
        };
        let mut bundle = DocBundle::new(raw, &rules("1"), article);
        bundle.sentences = sentences(text);
        Self { bundle, bytes }
    }

    fn text(&self) -> &str {
        &self.bundle.article.text
    }

    fn sentence(&self, of: Span) -> Span {
        let all = self.bundle.sentences.iter();
        all.copied().find(|s| s.contains(of)).unwrap_or(of)
    }

    fn party(&self, words: &str, actor: &Actor) -> Party {
        Party {
            span: at(self.text(), words),
            actor: actor.clone(),
        }
    }

    pub(crate) fn coding(&mut self) -> &mut Coding {
        &mut self.bundle.coding
    }

    pub(crate) fn names(mut self, words: &str, actor: &Actor) -> Self {
        let mention = ActorMention {
            span: at(self.text(), words),
            actor: actor.clone(),
            antecedent: None,
            why: why("actors/table"),
        };
        self.coding().actors.push(mention);
        self
    }

    pub(crate) fn place(mut self, words: &str, country: &str) -> Self {
        let mention = PlaceMention {
            span: at(self.text(), words),
            name: words.into(),
            country: Some(country.into()),
            precision: 4,
            position: None,
            why: why("places/gazetteer"),
        };
        self.coding().places.push(mention);
        self
    }

    pub(crate) fn time(mut self, words: &str, day: &str) -> Self {
        let timex = Timex {
            zone: None,
            span: at(self.text(), words),
            kind: TimexType::Date,
            value: day.into(),
            modifier: None,
            value_to: None,
            interval: Some(Interval::day(day.parse().unwrap())),
            relation: None,
            anchor: Anchor::Publication,
            why: why("time/weekday"),
        };
        self.bundle.times.push(timex);
        self
    }

    /// Trigger, source words and actor, target words and actor, time words (of [`Page::time`]).
    pub(crate) fn event(
        mut self,
        kind: &str,
        trigger: &str,
        source: (&str, &Actor),
        target: (&str, &Actor),
        when: Option<&str>,
    ) -> Self {
        let trigger = at(self.text(), trigger);
        let sentence = self.sentence(trigger);
        let date = when.map(|words| {
            let span = at(self.text(), words);
            let time = self.bundle.times.iter().find(|t| t.span == span);
            EventDate {
                interval: time.and_then(|t| t.interval).unwrap(),
                span: Some(span),
                basis: "timex-in-clause".into(),
            }
        });
        let event = Event {
            kind: kind.into(),
            mode: None,
            phase: None,
            contexts: Vec::new(),
            scale: 2.5,
            quad: 1,
            modality: Modality::Actual,
            trigger: vec![trigger],
            clause: sentence,
            sentence,
            source: vec![self.party(source.0, source.1)],
            target: vec![self.party(target.0, target.1)],
            place: None,
            date,
            figures: Vec::new(),
            counts: Vec::new(),
            said_by: None,
            relayed_by: Vec::new(),
            score: 0.9,
            why: why("events/test"),
        };
        self.coding().events.push(event);
        self
    }

    pub(crate) fn figure(mut self, words: &str, value: f64, op: Operator, of: &str) -> Self {
        let span = at(self.text(), words);
        let figure = Figure {
            span,
            quantity: Quantity::new(value, op, "troops"),
            of: of.into(),
            place: None,
            as_of: None,
            by: None,
            context: self.sentence(span),
            why: why("figures/number"),
        };
        self.coding().figures.push(figure);
        self
    }

    pub(crate) fn quote(mut self, content: &str, cue: &str, speaker: (&str, &Actor)) -> Self {
        let quote = Quote {
            kind: QuoteKind::Direct,
            content: vec![at(self.text(), content)],
            cue: vec![at(self.text(), cue)],
            speaker: Some(self.party(speaker.0, speaker.1)),
            why: why("quotes/marks"),
        };
        self.coding().quotes.push(quote);
        self
    }

    /// One position, commitment, indicator and assessment.
    pub(crate) fn views(
        mut self,
        holder: (&str, &Actor),
        wish: &str,
        threat: &str,
        guess: &str,
    ) -> Self {
        let party = self.party(holder.0, holder.1);
        let (wish_at, threat_at, guess_at) = (
            at(self.text(), wish),
            at(self.text(), threat),
            at(self.text(), guess),
        );
        let context = self.sentence(threat_at);
        let coding = self.coding();
        coding.positions.push(Position {
            holder: party.clone(),
            issue: wish.into(),
            stance: "for".into(),
            strength: "plain".into(),
            span: wish_at,
            issue_span: wish_at,
            why: why("positions/want"),
        });
        coding.commitments.push(Commitment {
            by: vec![party],
            what: wish.into(),
            what_span: wish_at,
            strength: Strength::Aim,
            due: None,
            condition: None,
            span: wish_at,
            why: why("commitments/aim"),
        });
        coding.indicators.push(Indicator {
            name: threat.into(),
            kind: "stated".into(),
            track: None,
            controls: None,
            span: threat_at,
            context,
            why: why("indicators/depend"),
        });
        coding.assessments.push(Assessment {
            span: guess_at,
            hedge: None,
            voice: "author".into(),
            why: why("assessments/likely"),
        });
        self
    }

    pub(crate) fn incoming(&self) -> Incoming {
        Incoming {
            bundle: self.bundle.clone(),
            page: Packed::new(&self.bundle.raw, &self.bytes),
            receipt: None,
        }
    }
}

fn sentences(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = 0;
    for (end, _) in text.match_indices(['.', '\n']) {
        let span = Span::new(start, end + 1).trim(text);
        if span.len() > 1 {
            out.push(span);
        }
        start = end + 1;
    }
    if start < text.len() {
        out.push(Span::new(start, text.len()).trim(text));
    }
    out
}

pub(crate) fn north() -> Actor {
    actor("Northland", "NOR")
}

pub(crate) fn south() -> Actor {
    actor("Southland", "SOU")
}

/// Three invented documents: two dated, one without a date.
pub(crate) fn corpus() -> Vec<Page> {
    let (north, south) = (north(), south());
    let first = Page::new(
        "harbour-post",
        Some("2024-02-12"),
        "Envoys meet again",
        "Northland’s envoys met Southland negotiators in Port Ember on Sunday. About 2,500 Northland troops \
         are still there. “We want a swift withdrawal,” said Southland. The pace depends on the level of \
         threat. A deal could take years.",
    )
    .names("Northland", &north)
    .names("Southland", &south)
    .place("Port Ember", "SOU")
    .time("Sunday", "2024-02-11")
    .event("CONSULT", "met", ("Northland", &north), ("Southland", &south), Some("Sunday"))
    .figure("About 2,500 Northland troops", 2500.0, Operator::About, "Northland troops")
    .quote("We want a swift withdrawal,", "said", ("Southland", &south))
    .views(("Southland", &south), "a swift withdrawal", "the level of threat", "A deal could take years");
    let second = Page::new(
        "daily-lantern",
        Some("2024-02-13"),
        "Talks resume after pause",
        "Southland resumed talks with Northland on Monday. More than 2,000 Northland troops remain.",
    )
    .names("Southland", &south)
    .names("Northland", &north)
    .time("Monday", "2024-02-12")
    .event("CONSULT", "resumed talks", ("Southland", &south), ("Northland", &north), Some("Monday"))
    .figure("More than 2,000 Northland troops", 2000.0, Operator::Over, "Northland troops");
    let third = Page::new(
        "old-blog",
        None,
        "القوات تنسحب",
        "انسحاب القوات الأمريكية من العِراق وبغداد. Southland rejected the offer of Northland.",
    )
    .names("Southland", &south)
    .names("Northland", &north)
    .event(
        "REJECT",
        "rejected",
        ("Southland", &south),
        ("Northland", &north),
        None,
    );
    vec![first, second, third]
}
