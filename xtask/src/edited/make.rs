//! Articles from passages: ten of each situation and region, with known changes between them.
//!
//! | article | what it is |
//! |---|---|
//! | `wire`, `reprint`, `near`, `cut` | one family: the wire story, an exact reprint, one with a passage changed, one cut down |
//! | `own` | an independent report of the same, in other words, some numbers and days less exact |
//! | `edit` | an independent report with one value changed so that both cannot hold |
//! | `later` | three days on: tolls risen, the state moved on |
//! | `deny` | a denial where the situation has one, else what somebody claims |
//! | `again`, `again2` | another happening of the same kind, days later, told twice |

use std::collections::BTreeMap;
use std::path::Path;

use rapporteur_base::Date;

use super::tables::{Sentence, Situation, situation_of};
use super::wording::{date, number, upper};
use super::{Article, Kind, Set, Telling, Value, Voice};

const SITUATIONS: [&str; 7] = [
    "strike",
    "talks",
    "withdrawal",
    "truce",
    "sanctions",
    "exchange",
    "flight",
];

/// The finaliser of SplitMix64 over a counter: the same on every machine.
pub(super) struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// The values of one happening.
#[derive(Clone)]
struct Facts {
    numbers: BTreeMap<String, f64>,
    days: BTreeMap<String, Date>,
    words: BTreeMap<String, String>,
    round: usize,
}

/// All made articles of every `step`-th situation and region.
pub(crate) fn articles(folder: &Path, seed: u64, step: usize) -> Result<Set, String> {
    let path = folder.join("fillers.txt");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let fillers: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
    let mut out = Set::default();
    let mut count = 0;
    for name in SITUATIONS {
        let situation = situation_of(&folder.join(format!("{name}.toml")))?;
        for region in 0..situation.regions.len() {
            count += 1;
            if !(count - 1usize).is_multiple_of(step) {
                continue;
            }
            let dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(count as u64));
            let mut desk = Desk {
                event: format!("{}.{region}", situation.name),
                region: &situation.regions[region],
                fillers: fillers.clone(),
                situation: &situation,
                dice,
                told: 0,
                site: 0,
            };
            desk.dice.shuffle(&mut desk.fillers);
            for wanted in &situation.facts {
                let key = (desk.event.clone(), wanted.name.clone());
                out.facts.insert(key, wanted.fact.clone());
            }
            let start: Date = "2030-01-07".parse().map_err(|e| format!("{e}"))?;
            let years = seed.saturating_sub(super::SEED).min(60) as i32;
            desk.write(
                later(start, 330 * years + 9 * count as i32),
                count,
                &mut out.articles,
            );
        }
    }
    Ok(out)
}

fn later(day: Date, days: i32) -> Date {
    let mut out = day;
    for _ in 0..days {
        out = out.tomorrow().unwrap_or(out);
    }
    out
}

/// One situation in one region.
struct Desk<'s> {
    event: String,
    region: &'s BTreeMap<String, String>,
    situation: &'s Situation,
    fillers: Vec<&'s str>,
    dice: Dice,
    /// Wordings used so far: every family takes the next.
    told: usize,
    site: usize,
}

/// What an article is to tell.
struct Plan<'p> {
    facts: &'p Facts,
    published: Date,
    loose: bool,
    skip_main: bool,
    fillers: usize,
}

impl<'s> Desk<'s> {
    fn write(&mut self, day: Date, count: usize, out: &mut Vec<Article>) {
        let first = self.facts(day, 2);
        let published = later(day, 1);
        let plan = |facts, published| Plan {
            facts,
            published,
            loose: false,
            skip_main: false,
            fillers: 4,
        };
        self.wires(&first, published, out);
        let own = Plan {
            loose: true,
            ..plan(&first, published)
        };
        let told = self.tell(&own);
        self.put("own", "own", &own, &told, out);
        let (edited, status) = self.edited(&first, count);
        let edit = Plan {
            skip_main: status && self.situation.name == "exchange",
            ..plan(&edited, published)
        };
        let told = self.tell(&edit);
        self.put("edit", "edit", &edit, &told, out);
        let moved = self.moved(&first);
        let on = plan(&moved, later(published, 3));
        let told = self.tell(&on);
        self.put("later", "later", &on, &told, out);
        let denied = plan(&first, later(published, 1));
        let told = self.deny(&denied);
        self.put("deny", "deny", &denied, &told, out);
        self.twin(&first, later(day, 4), out);
    }

    /// The wire story and its copies.
    fn wires(&mut self, facts: &Facts, published: Date, out: &mut Vec<Article>) {
        let plan = Plan {
            facts,
            published,
            loose: false,
            skip_main: false,
            fillers: 5,
        };
        let told = self.tell(&plan);
        let dateline = |mut lines: Vec<(String, Vec<Telling>)>, city: &str| {
            if let Some(first) = lines.first_mut() {
                first.0 = format!("{}, (Estuary Wire) - {}", city.to_uppercase(), first.0);
            }
            lines
        };
        let city = self.region.get("city").cloned().unwrap_or_default();
        self.put("wire", "wire", &plan, &dateline(told.clone(), &city), out);
        self.put(
            "reprint",
            "wire",
            &plan,
            &dateline(told.clone(), &city),
            out,
        );
        let mut near = told.clone();
        let filler = near.iter().rposition(|(_, tells)| tells.is_empty());
        if let (Some(at), Some(other)) = (filler, self.fillers.pop()) {
            near[at].0 = self.fill(other, facts, published, false).0;
        }
        self.put("near", "wire", &plan, &near, out);
        let keep = (told.len() * 2).div_ceil(3);
        let mut cut: Vec<_> = told.into_iter().take(keep).collect();
        if let Some(last) = cut.last_mut() {
            last.0.push_str(" (Estuary Wire)");
        }
        self.put("cut", "wire", &plan, &cut, out);
    }

    /// A second happening of the kind, told by two outlets.
    fn twin(&mut self, first: &Facts, day: Date, out: &mut Vec<Article>) {
        let mut facts = self.facts(day, first.round + 1);
        for wanted in self.situation.facts.iter().filter(|w| w.fact.standing) {
            let name = &wanted.name;
            if let Some(n) = first.numbers.get(name) {
                facts.numbers.insert(name.clone(), *n);
            }
            if let Some(day) = first.days.get(name) {
                facts.days.insert(name.clone(), *day);
            }
        }
        let standing = |name: &String| {
            let own = self.situation.facts.iter().find(|w| w.name == *name);
            own.is_some_and(|w| w.fact.standing)
        };
        for (name, n) in &mut facts.numbers {
            if standing(name) {
                continue;
            }
            let old = first.numbers.get(name).copied().unwrap_or(0.0);
            if (*n - old).abs() < 0.3 * old {
                *n = (old * 1.6).round();
            }
        }
        let event = std::mem::take(&mut self.event);
        self.event = format!("{event}-again");
        for (name, days) in [("again", 0), ("again2", 1)] {
            let plan = Plan {
                facts: &facts,
                published: later(day, 1 + days),
                loose: false,
                skip_main: false,
                fillers: 4,
            };
            let mut told = self.tell(&plan);
            let hint = &self.situation.again[self.told % self.situation.again.len()];
            told.insert(1, (hint.clone(), Vec::new()));
            self.put(name, name, &plan, &told, out);
        }
        self.event = event;
    }

    fn facts(&mut self, day: Date, round: usize) -> Facts {
        let mut out = Facts {
            numbers: BTreeMap::new(),
            days: BTreeMap::new(),
            words: BTreeMap::new(),
            round,
        };
        for wanted in &self.situation.facts {
            let name = wanted.name.clone();
            match wanted.fact.kind {
                Kind::Figure => {
                    let range = ((wanted.high - wanted.low) / wanted.round) as usize;
                    let n = wanted.low + self.dice.below(range + 1) as f64 * wanted.round;
                    out.numbers.insert(name, n);
                }
                Kind::Date => {
                    let ahead = if wanted.ahead {
                        11 + self.dice.below(15)
                    } else {
                        0
                    };
                    out.days.insert(name, later(day, ahead as i32));
                }
                Kind::Actor | Kind::Status => {
                    out.words.insert(name, wanted.values[0].clone());
                }
            }
        }
        out
    }

    /// One value changed so that both cannot hold; whether it is a state.
    fn edited(&mut self, facts: &Facts, count: usize) -> (Facts, bool) {
        let mut out = facts.clone();
        let wanted = &self.situation.facts[count % self.situation.facts.len()];
        let name = wanted.name.clone();
        match wanted.fact.kind {
            Kind::Figure => {
                let old = facts.numbers[&name];
                let by = [0.5, 1.6, 0.6, 2.0][self.dice.below(4)];
                let new = (old * by / wanted.round).round() * wanted.round;
                out.numbers.insert(name, new);
            }
            Kind::Date => {
                let old = facts.days[&name];
                let new = if wanted.ahead {
                    later(old, 6 + self.dice.below(6) as i32)
                } else {
                    old.yesterday().unwrap_or(old)
                };
                out.days.insert(name, new);
            }
            Kind::Actor => {
                out.words.insert(name, wanted.values[1].clone());
            }
            Kind::Status => {
                let old = &facts.words[&name];
                let clash = wanted.fact.clash.iter().find(|(a, _)| a == old);
                let new = clash.map_or(old.clone(), |(_, b)| b.clone());
                out.words.insert(name, new);
                return (out, true);
            }
        }
        (out, false)
    }

    /// Days later: tolls have risen, the state is the next.
    fn moved(&mut self, facts: &Facts) -> Facts {
        let mut out = facts.clone();
        for wanted in &self.situation.facts {
            if let Some(n) = out.numbers.get_mut(&wanted.name)
                && wanted.fact.rises
            {
                *n = ((*n * 1.4 + 3.0) / wanted.round).round() * wanted.round;
            }
            if let (Some(word), Some(next)) = (out.words.get_mut(&wanted.name), &wanted.next) {
                word.clone_from(next);
            }
        }
        out
    }

    /// Lines of an article: the main sentence first, the other facts and fillers mixed.
    fn tell(&mut self, plan: &Plan<'_>) -> Vec<(String, Vec<Telling>)> {
        let mut lines = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for wanted in &self.situation.facts {
            if done.contains(&wanted.name.as_str()) {
                continue;
            }
            let Some(sentence) = self.sentence(&wanted.name, plan.facts, Voice::Own) else {
                continue;
            };
            done.extend(sentence.facts.iter().map(String::as_str));
            lines.push(self.line(sentence, plan));
        }
        self.told += 1;
        let mut main = lines.remove(0);
        if plan.skip_main {
            main = lines.remove(lines.len() - 1);
        }
        self.add_fillers(&mut lines, plan);
        lines.insert(0, main);
        lines
    }

    /// A denial of the first value, or a claim; and one other fact.
    fn deny(&mut self, plan: &Plan<'_>) -> Vec<(String, Vec<Telling>)> {
        let all = &self.situation.facts;
        let find = |voice| {
            let mut found = all
                .iter()
                .map(|w| self.sentence(&w.name, plan.facts, voice));
            found.find_map(|s| s)
        };
        let Some(sentence) = find(Voice::Deny).or_else(|| find(Voice::Said)) else {
            return Vec::new();
        };
        let first = self.line(sentence, plan);
        let mut lines = Vec::new();
        if let Some(figure) = all.iter().rev().find(|w| w.fact.kind == Kind::Figure)
            && let Some(sentence) = self.sentence(&figure.name, plan.facts, Voice::Own)
            && sentence.facts.len() == 1
        {
            lines.push(self.line(sentence, plan));
        }
        self.told += 1;
        self.add_fillers(&mut lines, plan);
        lines.insert(0, first);
        lines
    }

    fn add_fillers(&mut self, lines: &mut Vec<(String, Vec<Telling>)>, plan: &Plan<'_>) {
        for _ in 0..plan.fillers {
            if let Some(filler) = self.fillers.pop() {
                let text = self.fill(filler, plan.facts, plan.published, false).0;
                lines.push((text, Vec::new()));
            }
        }
        self.dice.shuffle(lines);
    }

    /// The sentence that tells a fact, with its present value.
    fn sentence(&self, fact: &str, facts: &Facts, voice: Voice) -> Option<&'s Sentence> {
        self.situation.sentences.iter().find(|s| {
            let value = s.value.as_ref().is_none_or(|v| {
                let told = s.facts.iter().find_map(|f| facts.words.get(f));
                told == Some(v)
            });
            s.voice == voice && value && s.facts.iter().any(|f| f == fact)
        })
    }

    fn line(&mut self, sentence: &Sentence, plan: &Plan<'_>) -> (String, Vec<Telling>) {
        let wording = &sentence.say[self.told % sentence.say.len()];
        let (text, values) = self.fill(wording, plan.facts, plan.published, plan.loose);
        let status = |name: &String| plan.facts.words.get(name).cloned().map(Value::Word);
        let tellings = sentence.facts.iter().filter_map(|name| {
            Some(Telling {
                fact: name.clone(),
                value: values.get(name).cloned().or_else(|| status(name))?,
                voice: sentence.voice,
                words: text.clone(),
            })
        });
        let tellings = tellings.collect();
        (text, tellings)
    }

    /// Puts names, numbers and days into a wording.
    fn fill(
        &mut self,
        wording: &str,
        facts: &Facts,
        published: Date,
        loose: bool,
    ) -> (String, BTreeMap<String, Value>) {
        let mut out = String::new();
        let mut values = BTreeMap::new();
        let mut rest = wording;
        while let Some((before, tail)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
            let (name, capital) = match name.strip_prefix('^') {
                Some(name) => (name, true),
                None => (name, false),
            };
            let (text, value) = self.phrase(name, facts, published, loose);
            if let Some(value) = value {
                values.insert(name.to_owned(), value);
            }
            // A sentence begins with a capital whatever stands there.
            let opens = capital || out.is_empty();
            out.push_str(&if opens { upper(&text) } else { text });
            rest = after;
        }
        out.push_str(rest);
        (out, values)
    }

    fn phrase(
        &mut self,
        name: &str,
        facts: &Facts,
        published: Date,
        loose: bool,
    ) -> (String, Option<Value>) {
        if let Some(n) = facts.numbers.get(name) {
            let (text, low, high) = number(*n, loose, &mut self.dice);
            return (text, Some(Value::Number(low, high)));
        }
        if let Some(day) = facts.days.get(name) {
            let wanted = self.situation.facts.iter().find(|w| w.name == name);
            let (text, from, to) = date(*day, published, wanted, loose, &mut self.dice);
            return (text, Some(Value::Days(from, to)));
        }
        if let Some(word) = facts.words.get(name)
            && let Some(text) = self.region.get(word)
        {
            return (text.clone(), Some(Value::Word(word.clone())));
        }
        if name == "nth" {
            let nth = ["first", "second", "third", "fourth"];
            return (nth[(facts.round - 1).min(3)].to_owned(), None);
        }
        let text = self.region.get(name).or(self.region.get("A"));
        (text.cloned().unwrap_or_default(), None)
    }

    fn put(
        &mut self,
        name: &str,
        family: &str,
        plan: &Plan<'_>,
        lines: &[(String, Vec<Telling>)],
        out: &mut Vec<Article>,
    ) {
        const SITES: [&str; 12] = [
            "estuarywire",
            "harbourdaily",
            "plainsherald",
            "northgate",
            "canalpost",
            "hillview",
            "morningbrook",
            "ferryman",
            "oldtowntimes",
            "lakeside",
            "quarryledger",
            "ropewalk",
        ];
        let title = &self.situation.titles[self.site % self.situation.titles.len()];
        let title = self.fill(title, plan.facts, plan.published, false).0;
        let slug = self.event.replace('.', "-");
        // The numbers shift from one situation to the next, so that no outlet has one voice.
        let site = if family == "wire" && name == "wire" {
            SITES[0]
        } else {
            SITES[1 + (self.site + self.event.len()) % (SITES.len() - 1)]
        };
        self.site += 1;
        let mut paragraphs = Vec::new();
        let mut tellings = Vec::new();
        for pair in lines.chunks(2) {
            let texts: Vec<&str> = pair.iter().map(|(t, _)| t.as_str()).collect();
            paragraphs.push(texts.join(" "));
            tellings.extend(pair.iter().flat_map(|(_, t)| t.iter().cloned()));
        }
        out.push(Article {
            id: format!("{slug}-{name}"),
            event: self.event.clone(),
            family: format!("{slug}-{family}"),
            site: format!("{site}.example"),
            published: plan.published,
            title,
            paragraphs,
            tellings,
        });
    }
}
