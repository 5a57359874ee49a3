//! Every field of what is coded, against own sentences: `data/events/fields_test.tsv`.

use std::collections::BTreeMap;

use rapporteur_base::Span;
use rapporteur_coder::{
    Coder, Coding, Commitment, Counted, Event, Figure, Indicator, Input, Party, Position, Quote,
};
use rapporteur_text::Reader;

const TABLE: &str = include_str!("../../../data/events/fields_test.tsv");

/// Lines that hold, by field: what was reached when the set was read last. They may only rise.
const FLOORS: &[(&str, usize)] = &[
    ("attribution", 10),
    ("bound", 11),
    ("commitment", 20),
    ("context", 37),
    ("figure", 15),
    ("indicator", 9),
    ("modality", 21),
    ("mode", 56),
    ("position", 17),
    ("quote", 14),
    ("reciprocal", 3),
    ("scale", 7),
    ("several", 5),
    ("unknown", 7),
];

fn code(reader: &Reader, coder: &Coder, text: &str) -> Coding {
    let sentences = reader.read(text);
    let published = "2031-05-20".parse().ok();
    let times = rapporteur_temporal::tag(text, published);
    coder.code(&Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &times,
        published,
    })
}

/// Lower-case words hold those that are looked for.
fn holds(have: &str, want: &str) -> bool {
    have.to_lowercase().contains(&want.to_lowercase())
}

fn number(want: &str) -> Option<f64> {
    want.parse().ok()
}

struct Seen<'a> {
    text: &'a str,
    coding: &'a Coding,
}

impl Seen<'_> {
    fn party(&self, party: &Party, want: &str) -> bool {
        holds(party.span.of(self.text), want)
            || holds(&party.actor.name, want)
            || party.actor.role.as_deref().is_some_and(|r| holds(r, want))
    }

    fn any(&self, parties: &[Party], want: &str) -> bool {
        if want == "-" {
            return parties.is_empty();
        }
        parties.iter().any(|p| self.party(p, want))
    }

    fn one(&self, party: Option<&Party>, want: &str) -> bool {
        party.map_or(want == "-", |p| want != "-" && self.party(p, want))
    }

    fn words(&self, span: Option<Span>, want: &str) -> bool {
        span.map_or(want == "-", |s| want != "-" && holds(s.of(self.text), want))
    }

    fn event(&self, e: &Event, key: &str, want: &str) -> bool {
        let count = |of: Counted| {
            e.counts
                .iter()
                .any(|c| c.of == of && self.coding.figures[c.figure].quantity.value == number(want))
        };
        match key {
            "mode" => e.mode.as_deref() == Some(want),
            "modality" => format!("{:?}", e.modality).to_lowercase() == want,
            "quad" => e.quad.to_string() == want,
            "scale" => number(want).is_some_and(|w| (f64::from(e.scale) - w).abs() < 1e-6),
            "context" => e.contexts.iter().any(|c| {
                let scope = format!("{}@{:?}", c.name, c.scope).to_lowercase();
                scope == want || c.name == want
            }),
            "killed" => count(Counted::Killed),
            "injured" => count(Counted::Injured),
            "arrested" => count(Counted::Arrested),
            "size" => count(Counted::Size),
            "source" => self.any(&e.source, want),
            "target" => self.any(&e.target, want),
            "place" => e.place.as_ref().is_some_and(|(_, name)| holds(name, want)),
            "said" => {
                let voices: Vec<&Party> = e.said_by.iter().chain(&e.relayed_by).collect();
                if want == "-" {
                    return voices.is_empty();
                }
                let chain: Vec<&str> = want.split(" < ").collect();
                voices.len() == chain.len()
                    && voices.iter().zip(chain).all(|(p, w)| self.party(p, w))
            }
            _ => panic!("no key {key}"),
        }
    }

    fn quote(&self, q: &Quote, key: &str, want: &str) -> bool {
        match key {
            "kind" => format!("{:?}", q.kind).to_lowercase() == want,
            "speaker" => self.one(q.speaker.as_ref(), want),
            "cue" => q.cue.iter().any(|s| holds(s.of(self.text), want)),
            "text" => q.content.iter().any(|s| holds(s.of(self.text), want)),
            "role" => q
                .speaker
                .as_ref()
                .is_some_and(|p| p.actor.role.as_deref().is_some_and(|r| holds(r, want))),
            _ => panic!("no key {key}"),
        }
    }

    fn figure(&self, f: &Figure, key: &str, want: &str) -> bool {
        match key {
            "value" => f.quantity.value == number(want),
            "low" => f.quantity.low == number(want),
            "high" => f.quantity.high == number(want),
            "op" => {
                let op = format!("{:?}", f.quantity.op).to_lowercase();
                op == want.replace('-', "") || f.quantity.op.sign() == want
            }
            "unit" => holds(&f.quantity.unit, want),
            "of" => holds(&f.of, want),
            "place" => self.words(f.place, want),
            "by" => self.one(f.by.as_ref(), want),
            "asof" => f
                .as_of
                .and_then(|(_, days)| days.from.or(days.to))
                .is_some_and(|d| d.to_string().starts_with(want)),
            _ => panic!("no key {key}"),
        }
    }

    fn position(&self, p: &Position, key: &str, want: &str) -> bool {
        match key {
            "holder" => self.party(&p.holder, want),
            "issue" => holds(&p.issue, want),
            "stance" => p.stance == want,
            "strength" => p.strength == want,
            _ => panic!("no key {key}"),
        }
    }

    fn commitment(&self, c: &Commitment, key: &str, want: &str) -> bool {
        match key {
            "by" => self.any(&c.by, want),
            "what" => holds(&c.what, want),
            "strength" => format!("{:?}", c.strength).to_lowercase() == want,
            "condition" => self.words(c.condition, want),
            "due" => match &c.due {
                None => want == "-",
                Some((span, days)) => {
                    holds(span.of(self.text), want)
                        || days.is_some_and(|d| {
                            [d.from, d.to]
                                .into_iter()
                                .flatten()
                                .any(|d| d.to_string().starts_with(want))
                        })
                }
            },
            _ => panic!("no key {key}"),
        }
    }

    fn indicator(&self, i: &Indicator, key: &str, want: &str) -> bool {
        match key {
            "name" => holds(&i.name, want),
            "kind" => i.kind == want,
            "track" => i.track.as_deref().is_some_and(|t| holds(t, want)),
            "controls" => self.words(i.controls, want),
            _ => panic!("no key {key}"),
        }
    }

    /// Whether some item of the kind has all that is asked.
    fn item(&self, kind: &str, keys: &str) -> bool {
        let pairs: Vec<(&str, &str)> = keys
            .split('|')
            .filter(|k| !k.is_empty())
            .map(|k| k.split_once('=').unwrap_or_else(|| panic!("{keys}")))
            .collect();
        let all = |fits: &dyn Fn(&str, &str) -> bool| pairs.iter().all(|(k, w)| fits(k, w));
        let c = self.coding;
        match kind {
            "quote" => c.quotes.iter().any(|q| all(&|k, w| self.quote(q, k, w))),
            "figure" => c.figures.iter().any(|f| all(&|k, w| self.figure(f, k, w))),
            "position" => c
                .positions
                .iter()
                .any(|p| all(&|k, w| self.position(p, k, w))),
            "commitment" => c
                .commitments
                .iter()
                .any(|x| all(&|k, w| self.commitment(x, k, w))),
            "indicator" => c
                .indicators
                .iter()
                .any(|i| all(&|k, w| self.indicator(i, k, w))),
            kind => c
                .events
                .iter()
                .filter(|e| kind == "event" || e.kind == kind)
                .any(|e| all(&|k, w| self.event(e, k, w))),
        }
    }

    fn told(&self) -> String {
        let names = |p: &[Party]| self.names(p);
        let c = self.coding;
        let mut out = Vec::new();
        for e in &c.events {
            let contexts: Vec<String> = e
                .contexts
                .iter()
                .map(|c| format!("{}@{:?}", c.name, c.scope).to_lowercase())
                .collect();
            let counts: Vec<String> = e
                .counts
                .iter()
                .map(|x| format!("{:?}={:?}", x.of, c.figures[x.figure].quantity.value))
                .collect();
            out.push(format!(
                "{}/{} {:?} {} > {} said {} < {} [{}] [{}] {}",
                e.kind,
                e.mode.as_deref().unwrap_or("-"),
                e.modality,
                names(&e.source),
                names(&e.target),
                names(e.said_by.as_slice()),
                names(&e.relayed_by),
                contexts.join(" "),
                counts.join(" "),
                e.why.rule
            ));
        }
        out.extend(self.told_rest());
        out.join("\n      ")
    }

    fn names(&self, parties: &[Party]) -> String {
        let names: Vec<&str> = parties.iter().map(|p| p.span.of(self.text)).collect();
        names.join("+")
    }

    /// Quotations, figures, positions, commitments, indicators.
    fn told_rest(&self) -> Vec<String> {
        let names = |p: &[Party]| self.names(p);
        let c = self.coding;
        let mut out = Vec::new();
        for q in &c.quotes {
            let text: Vec<&str> = q.content.iter().map(|s| s.of(self.text)).collect();
            out.push(format!(
                "quote {:?} {} ({:?}): {}",
                q.kind,
                names(q.speaker.as_slice()),
                q.speaker.as_ref().and_then(|s| s.actor.role.clone()),
                text.join(" … ")
            ));
        }
        for f in &c.figures {
            out.push(format!(
                "figure {:?} {:?} {} of {} in {:?} as of {:?} by {}",
                f.quantity.op,
                f.quantity.value,
                f.quantity.unit,
                f.of,
                f.place.map(|s| s.of(self.text)),
                f.as_of.map(|(s, _)| s.of(self.text)),
                names(f.by.as_slice()),
            ));
        }
        for p in &c.positions {
            out.push(format!(
                "position {} {} {}: {} [{}]",
                names(std::slice::from_ref(&p.holder)),
                p.stance,
                p.strength,
                p.issue,
                p.why.rule
            ));
        }
        for x in &c.commitments {
            out.push(format!(
                "commitment {} {:?}: {} due {:?} if {:?} [{}]",
                names(&x.by),
                x.strength,
                x.what,
                x.due.map(|(s, _)| s.of(self.text)),
                x.condition.map(|s| s.of(self.text)),
                x.why.rule
            ));
        }
        for i in &c.indicators {
            out.push(format!(
                "indicator {} {} controls {:?} track {:?}",
                i.kind,
                i.name,
                i.controls.map(|s| s.of(self.text)),
                i.track
            ));
        }
        out
    }
}

#[test]
fn fields_hold_as_they_did() {
    let (reader, coder) = (Reader::embedded(), Coder::embedded());
    let mut held: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (number, line) in TABLE.lines().enumerate() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let [field, text, wants] = cells[..] else {
            panic!("fields_test.tsv:{}: three cells", number + 1);
        };
        let text = text.replace(" ¶ ", "\n\n");
        let coding = code(&reader, &coder, &text);
        let seen = Seen {
            text: &text,
            coding: &coding,
        };
        let right = wants.split(" ;; ").all(|want| {
            let (not, want) = match want.strip_prefix("no ") {
                Some(rest) => (true, rest),
                None => (false, want),
            };
            let (kind, keys) = want.split_once(' ').unwrap_or((want, ""));
            seen.item(kind, keys) != not
        });
        let slot = held.entry(field).or_default();
        slot.0 += usize::from(right);
        slot.1 += 1;
        if !right {
            println!("{field}: {text}\n      want {wants}\n      {}", seen.told());
        }
    }
    let all: usize = held.values().map(|(n, _)| n).sum();
    let of: usize = held.values().map(|(_, n)| n).sum();
    for (field, (n, of)) in &held {
        println!("FIELD {field}: {n} of {of}");
    }
    println!("FIELD all: {all} of {of}");
    for (field, floor) in FLOORS {
        let n = held.get(field).map_or(0, |(n, _)| *n);
        assert!(n >= *floor, "{field}: {n} lines hold, {floor} did");
    }
}
