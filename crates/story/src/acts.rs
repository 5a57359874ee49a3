//! Acts as the words tell them: who did it, where, on which day, and who denies it.
//!
//! Read beside the coded events, which are made for counting and leave out what has no two named
//! parties: an account of a strike is compared by its day and doer also where the coder has no event.

use std::borrow::Cow;
use std::sync::OnceLock;

use rapporteur_base::{Interval, Precision, Span};
use rapporteur_coder::ActorMention;
use rapporteur_temporal::{Timex, TimexType};
use serde::{Deserialize, Serialize};

use crate::Doc;
use crate::digest::{groups, key, line, ordinal, plain};
use crate::words::{content, lower, sentences, words};

/// One telling of an act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActNote {
    /// `attack`, `talks`, …; from the table of acts.
    pub kind: String,
    /// Whether it is done together.
    pub mutual: bool,
    /// Whether it is a standing matter: the same in reports of different occasions.
    pub standing: bool,
    /// Who did it, by key; empty where the sentence does not say.
    pub doers: Vec<String>,
    /// Everybody named in the sentence who stands for a state or an armed group, sorted.
    pub parties: Vec<String>,
    /// A city or spot: its name in the gazetteer, else as worded.
    pub place: Option<String>,
    /// The same as worded.
    #[serde(default)]
    pub spot: Option<String>,
    /// Days, from the words of the sentence.
    pub date: Option<Interval>,
    /// Whether it is still to come.
    pub ahead: bool,
    /// Whether the sentence says that it was not so.
    pub denied: bool,
    /// Whether it is told as what somebody claims.
    pub said: bool,
    /// Which of a numbered series.
    pub ordinal: Option<u8>,
    /// Stems of the sentence's topic words, sorted.
    pub words: Vec<String>,
    /// The evidence: the sentence.
    pub span: Span,
    /// Its words, cut to a line.
    pub text: String,
}

struct Kind {
    name: &'static str,
    words: Vec<&'static str>,
    with: Vec<&'static str>,
    mutual: bool,
    standing: bool,
}

fn kinds() -> &'static Vec<Kind> {
    static TABLE: OnceLock<Vec<Kind>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let list = |cell: Option<&'static str>| -> Vec<&'static str> {
            cell.unwrap_or("")
                .split(' ')
                .filter(|w| !w.is_empty())
                .collect()
        };
        include_str!("../../../data/story/acts.tsv")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| {
                let mut cells = line.split('\t');
                let name = cells.next().unwrap_or("");
                let (words, with) = (list(cells.next()), list(cells.next()));
                let mark = cells.next().unwrap_or("");
                Kind {
                    name,
                    words,
                    with,
                    mutual: mark == "m",
                    standing: mark == "s",
                }
            })
            .collect()
    })
}

/// Words of a voice: `denied`, `said`, `claimed`, `ahead`.
fn voice(name: &str) -> &'static [&'static str] {
    static TABLE: OnceLock<Vec<(&'static str, Vec<&'static str>)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| groups(include_str!("../../../data/story/voices.tsv")));
    let found = table.iter().find(|(n, _)| *n == name);
    found.map_or(&[], |(_, list)| list.as_slice())
}

/// Longest sentence that is read: longer ones are lists.
const LONGEST: usize = 600;

/// The acts of a document, in text order, one of a kind a sentence.
pub(crate) fn acts(doc: &Doc<'_>) -> Vec<ActNote> {
    let mut out: Vec<ActNote> = Vec::new();
    for span in sentences(doc.text) {
        let text = span.of(doc.text);
        if text.len() > LONGEST || text.ends_with('?') {
            continue;
        }
        let run: Vec<_> = words(text).collect();
        let low: Vec<Cow<'_, str>> = run.iter().map(|w| lower(w.text)).collect();
        let mut read = None;
        for kind in kinds() {
            let Some(at) = trigger(kind, &low) else {
                continue;
            };
            if out.iter().any(|a| a.span == span && a.kind == kind.name) {
                continue;
            }
            let sentence = read.get_or_insert_with(|| Sentence::read(doc, span, low.clone()));
            out.extend(sentence.note(doc, kind, at, run[at].start));
        }
    }
    out
}

/// The first word of the act that can carry it.
fn trigger(kind: &Kind, low: &[Cow<'_, str>]) -> Option<usize> {
    let company = |at: usize| {
        kind.with.is_empty()
            || low
                .iter()
                .enumerate()
                .any(|(i, w)| (i != at || kind.with.len() > 1) && kind.with.contains(&w.as_ref()))
    };
    (0..low.len()).find(|at| kind.words.contains(&low[*at].as_ref()) && company(*at))
}

/// What a sentence names, read once.
struct Sentence<'d> {
    span: Span,
    low: Vec<Cow<'d, str>>,
    /// First byte of each word in the sentence.
    starts: Vec<usize>,
    times: Vec<Timex>,
    mentions: Vec<&'d ActorMention>,
    /// Name and wording.
    places: Vec<(String, String)>,
    countries: Vec<String>,
}

impl<'d> Sentence<'d> {
    fn read(doc: &Doc<'d>, span: Span, low: Vec<Cow<'d, str>>) -> Self {
        let text = span.of(doc.text);
        let inside = doc.coding.places.iter().filter(|p| span.contains(p.span));
        let head = dateline(text);
        let mut countries: Vec<String> = inside
            .clone()
            .filter(|p| p.precision == 1)
            .filter_map(|p| p.country.clone())
            .collect();
        countries.sort_unstable();
        Self {
            span,
            low,
            starts: words(text).map(|w| w.start).collect(),
            times: {
                let mut times = rapporteur_temporal::tag(text, doc.published);
                times.retain(|t| t.span.start as usize >= head);
                times
            },
            mentions: doc
                .coding
                .actors
                .iter()
                .filter(|m| span.contains(m.span) && m.actor.country.is_some())
                .collect(),
            places: inside
                .filter(|p| p.precision >= 3)
                .map(|p| (plain(&p.name), plain(p.span.of(doc.text))))
                .collect(),
            countries,
        }
    }

    fn note(&self, doc: &Doc<'_>, kind: &Kind, at: usize, start: usize) -> Option<ActNote> {
        let text = self.span.of(doc.text);
        let verb = self.span.start + start as u32;
        let before = &self.low[..at];
        let has = |list: &[&str], words: &[Cow<'_, str>]| {
            words.iter().any(|w| list.contains(&w.as_ref()))
        };
        let negated = before
            .iter()
            .enumerate()
            .any(|(i, w)| (w == "not" || w == "never") && at - i <= 3);
        let date = self.date(kind);
        let last = date.and_then(|d| d.to);
        let future = has(voice("ahead"), &self.low) || has(&["next", "again"], &self.low);
        let ahead = future && matches!((last, doc.published), (Some(d), Some(p)) if d > p);
        let denied = negated || has(voice("denied"), before);
        if !ahead && !denied && has(&UNREAL, &before[at.saturating_sub(3)..]) {
            return None;
        }
        let parties = self.parties(doc, ahead);
        let doers = if kind.mutual {
            Vec::new()
        } else {
            self.doers(doc, verb, before)
        };
        let (place, spot) = match self.places.first().cloned() {
            Some((name, worded)) => (Some(name), Some(worded)),
            None => {
                let worded = self.spot(doc);
                (worded.clone(), worded)
            }
        };
        if doers.is_empty() && place.is_none() && parties.len() < 2 && !ahead {
            return None;
        }
        Some(ActNote {
            kind: kind.name.to_owned(),
            mutual: kind.mutual,
            standing: kind.standing && ahead,
            doers,
            parties,
            place,
            spot,
            date,
            ahead,
            denied,
            said: !denied && has(voice("claimed"), before),
            ordinal: ordinal(text),
            words: content(text),
            span: self.span,
            text: line(text),
        })
    }

    /// Keys of everybody named; of what is to come, else of those whom the article is about.
    fn parties(&self, doc: &Doc<'_>, ahead: bool) -> Vec<String> {
        let mut parties: Vec<String> = self.mentions.iter().map(|m| key(&m.actor)).collect();
        parties.extend(self.countries.iter().cloned());
        parties.sort_unstable();
        parties.dedup();
        if ahead && parties.len() < 2 {
            // "The next round is planned for May".
            parties.extend(crate::digest::leading_countries(doc).into_iter().take(2));
            parties.retain(|p| !crate::states::is_body(p));
            parties.sort_unstable();
            parties.dedup();
        }
        parties
    }

    /// The capitalised words behind "in", "near" and the like, where no gazetteer knows a place.
    fn spot(&self, doc: &Doc<'_>) -> Option<String> {
        const BEFORE: [&str; 6] = ["in", "at", "near", "around", "outside", "off"];
        const SPOTS: [&str; 12] = [
            "market",
            "town",
            "city",
            "port",
            "village",
            "outskirts",
            "district",
            "crossing",
            "base",
            "camp",
            "suburb",
            "province",
        ];
        const POINTS: [&str; 4] = ["north", "south", "east", "west"];
        let text = self.span.of(doc.text);
        let run: Vec<_> = words(text).collect();
        run.windows(2).enumerate().find_map(|(at, pair)| {
            let lead = lower(pair[0].text);
            let point = at > 0 && POINTS.contains(&lower(run[at - 1].text).as_ref());
            let before = (at > 0).then(|| lower(run[at - 1].text));
            let place = before.is_some_and(|w| SPOTS.contains(&w.as_ref()));
            if !(BEFORE.contains(&lead.as_ref()) || (lead == "of" && (point || place))) {
                return None;
            }
            let word = pair[1];
            let capital = word.text.chars().next().is_some_and(char::is_uppercase);
            let start = self.span.start + word.start as u32;
            let here = Span::new(start as usize, start as usize + word.text.len());
            let dated = self.times.iter().any(|t| {
                let (from, to) = (t.span.start as usize, t.span.end as usize);
                from <= word.start && word.start < to
            });
            let country = self.mentions.iter().any(|m| m.span.overlaps(here))
                || doc.coding.places.iter().any(|p| p.span.overlaps(here));
            (capital && !dated && !country).then(|| plain(word.text))
        })
    }

    /// The one named behind "by", else, where the verb is no passive, the last one named before it.
    fn doers(&self, doc: &Doc<'_>, verb: u32, before: &[Cow<'_, str>]) -> Vec<String> {
        let by = self.mentions.iter().find(|m| {
            let lead = &doc.text[self.span.start as usize..m.span.start as usize];
            let word = lead.trim_end().rsplit(' ').next().unwrap_or("");
            let behind = match word {
                "by" => true,
                "the" => lead.trim_end().ends_with("by the"),
                _ => false,
            };
            behind || doc.text[m.span.start as usize..].starts_with("by ")
        });
        if let Some(found) = by {
            return vec![key(&found.actor)];
        }
        // "The withdrawal of French forces": who stands behind the noun.
        let tail = &doc.text[verb as usize..self.span.end as usize];
        let noun = tail.find(' ').filter(|at| tail[*at..].starts_with(" of "));
        if let Some(at) = noun {
            let from = verb + at as u32;
            let own = self.mentions.iter().find(|m| m.span.start >= from);
            if let Some(found) = own.filter(|m| m.span.start - from <= 12) {
                return vec![key(&found.actor)];
            }
        }
        let near = &before[before.len().saturating_sub(3)..];
        let passive = near
            .iter()
            .any(|w| ["was", "were", "been", "being"].contains(&w.as_ref()));
        let speaks = |m: &ActorMention| {
            let tail = &doc.text[m.span.end as usize..verb as usize];
            let mut next = words(tail).take(2);
            next.any(|w| {
                let low = lower(w.text);
                voice("said").contains(&low.as_ref()) || voice("claimed").contains(&low.as_ref())
            })
        };
        let mut earlier = self.mentions.iter().rev().filter(|m| m.span.end <= verb);
        let last = earlier.find(|m| !speaks(m));
        match last {
            Some(found) if !passive => vec![key(&found.actor)],
            _ => Vec::new(),
        }
    }

    /// The days of the act: the only ones of the sentence, and no other act stands nearer to them.
    /// "The talks were suspended after an attack on Sunday" dates the attack.
    fn date(&self, kind: &Kind) -> Option<Interval> {
        let mut days = self.times.iter().filter(|t| {
            matches!(t.kind, TimexType::Date | TimexType::Time)
                && t.value.starts_with(|c: char| c.is_ascii_digit())
                && t.interval.is_some()
        });
        let (one, other) = (days.next()?, days.next());
        if other.is_some_and(|o| o.interval != one.interval) {
            return None;
        }
        let (from, to) = (one.span.start as usize, one.span.end as usize);
        let distance = |kind: &Kind| {
            let own = self.low.iter().zip(&self.starts);
            own.filter(|(w, _)| kind.words.contains(&w.as_ref()))
                .map(|(_, at)| {
                    if *at >= to {
                        at - to
                    } else {
                        from.abs_diff(*at)
                    }
                })
                .min()
        };
        let here = distance(kind)?;
        let nearer = kinds()
            .iter()
            .filter(|k| k.name != kind.name && trigger(k, &self.low).is_some())
            .filter_map(distance)
            .any(|d| d < here);
        if nearer { None } else { one.interval }
    }
}

/// Bytes of a dateline ("VELM, March 4 (Lowland Wire) - "): its day is not that of the act.
fn dateline(text: &str) -> usize {
    const LONGEST: usize = 80;
    let ends = [" - ", " – ", " — "];
    let found = ends
        .iter()
        .filter_map(|dash| Some((text.find(dash)?, dash.len())));
    let Some((at, len)) = found.min() else {
        return 0;
    };
    let head = &text[..at];
    let shouts = words(head)
        .next()
        .is_some_and(|w| w.text.len() > 1 && w.text.bytes().all(|b| !b.is_ascii_lowercase()));
    if at <= LONGEST && (shouts || head.ends_with(')')) {
        at + len
    } else {
        0
    }
}

/// Words that make an act a plan, a wish or a doubt when they stand shortly before it.
const UNREAL: [&str; 16] = [
    "will", "would", "to", "could", "may", "might", "if", "should", "must", "until", "unless",
    "can", "without", "cannot", "shall", "yet",
];

impl ActNote {
    /// The day, when it is one.
    pub(crate) fn day(&self) -> Option<i32> {
        let date = self.date?;
        if self.ahead {
            return date.to.map(crate::cluster::day_number);
        }
        (date.precision == Precision::Day)
            .then_some(date.from)
            .flatten()
            .map(crate::cluster::day_number)
    }
}
