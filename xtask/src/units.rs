//! Invented coverage in any number of articles, as units: `make-units` writes archives and the
//! truth about them, `measure-units` sets found stories and families against it.
//!
//! Seeded, and the truth comes from the making: a happening has places and people of its own, is
//! told over up to four days by some outlets in words of their own, and one article in four is a
//! reprint of another. Half of the happenings are about no process at all.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use rapporteur_base::Date;
use rapporteur_coder::Coding;
use rapporteur_record::{Packed, RawRef};
use rapporteur_story::{Digest, Doc, Stitched};
use serde_json::{Value, json};
use toml::Table;

use crate::{option, say};

/// SplitMix64 over a counter: the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// Countries with their adjectives.
const COUNTRIES: [(&str, &str); 16] = [
    ("France", "French"),
    ("Japan", "Japanese"),
    ("Brazil", "Brazilian"),
    ("Kenya", "Kenyan"),
    ("Norway", "Norwegian"),
    ("Chile", "Chilean"),
    ("Morocco", "Moroccan"),
    ("Vietnam", "Vietnamese"),
    ("Peru", "Peruvian"),
    ("Ghana", "Ghanaian"),
    ("Jordan", "Jordanian"),
    ("Nepal", "Nepalese"),
    ("Poland", "Polish"),
    ("Senegal", "Senegalese"),
    ("Oman", "Omani"),
    ("Serbia", "Serbian"),
];

const OUTLETS: usize = 40;
/// Happenings that are open on a day tell about so many articles each.
const TOLD: usize = 6;

struct Kind {
    name: String,
    topic: bool,
    titles: Vec<String>,
    told: Vec<Vec<String>>,
    adds: Vec<String>,
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    let list = value.and_then(toml::Value::as_array);
    let texts = list.into_iter().flatten().filter_map(toml::Value::as_str);
    texts.map(str::to_owned).collect()
}

fn kinds(path: &Path) -> Result<Vec<Kind>, String> {
    let told = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let text = std::fs::read_to_string(path).map_err(|e| told(&e))?;
    let table: Table = text.parse().map_err(|e| told(&e))?;
    let list = table.get("kind").and_then(toml::Value::as_array);
    let kinds: Vec<Kind> = list
        .into_iter()
        .flatten()
        .map(|kind| Kind {
            name: kind
                .get("name")
                .and_then(toml::Value::as_str)
                .unwrap_or("")
                .to_owned(),
            topic: kind
                .get("topic")
                .and_then(toml::Value::as_bool)
                .unwrap_or(false),
            titles: strings(kind.get("titles")),
            told: kind
                .get("told")
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten()
                .map(|one| strings(Some(one)))
                .collect(),
            adds: strings(kind.get("adds")),
        })
        .collect();
    if kinds
        .iter()
        .any(|k| k.titles.is_empty() || k.told.iter().any(Vec::is_empty))
    {
        return Err(told(&"a kind without titles or wordings"));
    }
    Ok(kinds)
}

/// A name of syllables.
fn name(dice: &mut Dice, parts: usize) -> String {
    const HEADS: [&str; 20] = [
        "Vel", "Ost", "Tar", "Mor", "Lin", "Bre", "Sal", "Kor", "Fen", "Hal", "Dra", "Pel", "Wes",
        "Gor", "Nim", "Zar", "Ula", "Ith", "Cal", "Rov",
    ];
    const TAILS: [&str; 20] = [
        "mouth", "rey", "head", "dale", "wick", "ova", "stad", "mere", "ford", "heim", "ana",
        "bury", "esk", "orn", "ath", "ille", "und", "aro", "ish", "ev",
    ];
    const MIDDLES: [&str; 16] = [
        "a", "e", "i", "o", "an", "en", "in", "on", "ar", "er", "ir", "or", "al", "el", "il", "ol",
    ];
    let mut out = (*dice.of(&HEADS)).to_owned();
    for _ in 0..parts {
        let middle: &&str = dice.of(&MIDDLES);
        out.push_str(middle);
        out.push(char::from(*dice.of(b"bdfgklmnprstvz")));
    }
    let tail: &&str = dice.of(&TAILS);
    out.push_str(tail);
    out
}

/// One happening: what its reports share.
struct Happening<'k> {
    id: usize,
    kind: &'k Kind,
    slots: BTreeMap<&'static str, String>,
    /// Nouns that its reports share.
    own: Vec<String>,
    /// Texts of its families so far.
    written: Vec<(usize, String, Vec<String>)>,
    left: usize,
}

fn happening<'k>(id: usize, day: Date, kinds: &'k [Kind], dice: &mut Dice) -> Happening<'k> {
    let topic = dice.below(2) == 0;
    let fitting: Vec<&Kind> = kinds.iter().filter(|k| k.topic == topic).collect();
    let a = dice.below(COUNTRIES.len());
    let b = (a + 1 + dice.below(COUNTRIES.len() - 1)) % COUNTRIES.len();
    let body = format!(
        "{} {}",
        name(dice, 1),
        dice.of(&["Commission", "Council", "Relief Board", "Institute"])
    );
    let slots = BTreeMap::from([
        ("{a}", COUNTRIES[a].0.to_owned()),
        ("{b}", COUNTRIES[b].0.to_owned()),
        ("{A}", COUNTRIES[a].1.to_owned()),
        ("{B}", COUNTRIES[b].1.to_owned()),
        ("{town}", name(dice, 1)),
        ("{region}", name(dice, 2)),
        (
            "{man}",
            format!(
                "{} {}",
                dice.of(&["Karel", "Otto", "Emil", "Anton", "Milan", "Hugo"]),
                name(dice, 1)
            ),
        ),
        (
            "{woman}",
            format!(
                "{} {}",
                dice.of(&["Anna", "Vera", "Ilse", "Nadia", "Marta", "Clara"]),
                name(dice, 1)
            ),
        ),
        ("{body}", body),
        ("{n}", (12 + dice.below(880)).to_string()),
        ("{m}", (3 + dice.below(60)).to_string()),
        ("{day}", long(day)),
        ("{ahead}", long(later(day, 10 + dice.below(60) as u64))),
    ]);
    Happening {
        id,
        kind: fitting[dice.below(fitting.len())],
        slots,
        own: (0..14).map(|_| noun(dice.below(NOUNS))).collect(),
        written: Vec::new(),
        left: 1 + dice.below(2 * TOLD - 1),
    }
}

fn later(day: Date, days: u64) -> Date {
    day.checked_add(std::time::Duration::from_secs(days * 86_400))
        .unwrap_or(day)
}

/// "4 March 2031".
fn long(day: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS[usize::from(day.month().unsigned_abs()).saturating_sub(1) % 12];
    format!("{} {month} {}", day.day(), day.year())
}

impl Happening<'_> {
    fn fill(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (slot, value) in &self.slots {
            out = out.replace(slot, value);
        }
        out
    }

    /// Title, paragraphs and family of the next report.
    fn report(&mut self, next: &mut usize, dice: &mut Dice) -> (String, Vec<String>, usize) {
        if !self.written.is_empty() && dice.below(4) == 0 {
            let (family, title, text) = dice.of(&self.written).clone();
            return (title, text, family);
        }
        let title = self.fill(dice.of(&self.kind.titles).as_str());
        let mut text: Vec<String> = self
            .kind
            .told
            .iter()
            .map(|one| self.fill(dice.of(one).as_str()))
            .collect();
        for add in &self.kind.adds {
            if dice.below(2) == 0 {
                text.insert(1 + dice.below(text.len()), self.fill(add));
            }
        }
        // Words of the outlet's own, so that two reports are no copies of each other.
        for _ in 0..8 + dice.below(8) {
            let at = 1 + dice.below(text.len());
            text.insert(at, colour(&self.own, dice));
        }
        let family = *next;
        *next += 1;
        self.written.push((family, title.clone(), text.clone()));
        (title, text, family)
    }
}

/// A sentence of the outlet's own words. Half of its nouns are those of the happening, which other
/// outlets use too, the rest come from a large stock by Zipf's law.
fn colour(own: &[String], dice: &mut Dice) -> String {
    const FRAMES: [&str; 12] = [
        "By evening the {0} had reached the {1}, and nobody spoke of the {2} any more.",
        "A {0} stood beside the {1} while the {2} was counted.",
        "Those who keep the {0} had asked for a {1} and were given a {2}.",
        "Behind the {0} lay a {1}, as old as the {2} itself.",
        "It was the {0} that worried them, more than any {1} or {2}.",
        "They had brought a {0}, left the {1} at home and borrowed a {2}.",
        "Without the {0} there would be no {1}, an elder explained over a {2}.",
        "The {0} is cheaper now than the {1}; the {2} costs what it always did.",
        "Half of the {0} was sold, the {1} went to a cousin, and the {2} remains.",
        "Rumours of a {0} came with the {1} and went with the {2}.",
        "Neither the {0} nor the {1} will be there next year, if the {2} is to be believed.",
        "An inventory lists one {0}, two sorts of {1} and a broken {2}.",
    ];
    let mut out = (*dice.of(&FRAMES)).to_owned();
    for slot in ["{0}", "{1}", "{2}"] {
        let word = match dice.below(2) {
            0 => dice.of(own).clone(),
            _ => noun(zipf(dice)),
        };
        out = out.replace(slot, &word);
    }
    out
}

/// Nouns of the stock.
const NOUNS: usize = 20_000;

/// A rank by Zipf's law.
fn zipf(dice: &mut Dice) -> usize {
    let unit = (dice.next() >> 11) as f64 / (1u64 << 53) as f64;
    ((unit * (NOUNS as f64).ln()).exp() as usize).min(NOUNS - 1)
}

/// A compound noun: the stock has each once.
fn noun(at: usize) -> String {
    const FIRST: [&str; 40] = [
        "salt", "mill", "lamp", "stone", "river", "wool", "copper", "hay", "bell", "ferry",
        "glass", "rope", "tar", "slate", "honey", "peat", "chalk", "linen", "birch", "crane",
        "anchor", "barley", "candle", "dyke", "ember", "flax", "gravel", "harbour", "iron",
        "juniper", "kettle", "ledger", "marsh", "needle", "orchard", "paper", "quarry", "resin",
        "sail", "thimble",
    ];
    const SECOND: [&str; 50] = [
        "barrel", "basket", "beam", "bench", "boat", "box", "bridge", "cart", "chest", "cloth",
        "crate", "cup", "door", "dust", "field", "fence", "gate", "guild", "hall", "hook", "house",
        "jar", "key", "ladder", "loft", "map", "market", "measure", "mould", "pail", "path",
        "pole", "press", "pump", "rack", "ring", "road", "roof", "room", "sack", "scale", "shed",
        "shelf", "stall", "stove", "tax", "tower", "tub", "wagon", "yard",
    ];
    const MARKS: [&str; 10] = [
        "", "old", "new", "great", "small", "upper", "lower", "winter", "summer", "half",
    ];
    let (first, rest) = (at % FIRST.len(), at / FIRST.len());
    let (second, mark) = (rest % SECOND.len(), rest / SECOND.len() % MARKS.len());
    format!("{}{}{}", MARKS[mark], FIRST[first], SECOND[second])
}

fn page(title: &str, text: &[String], site: &str, day: Date) -> String {
    let paragraphs: String = text.iter().map(|p| format!("<p>{p}</p>\n")).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | {site}</title>\n\
         <meta property=\"og:site_name\" content=\"{site}\">\n\
         <meta property=\"article:published_time\" content=\"{day}T08:00:00Z\"></head>\n\
         <body><header><nav><ul><li><a href=\"/\">Front page</a></li><li><a href=\"/world\">World</a></li>\
         <li><a href=\"/weather\">Weather</a></li></ul></nav></header>\n<article><h1>{title}</h1>\n{paragraphs}</article>\n\
         <aside><h2>Most read</h2><ul><li><a href=\"/1\">What the tide brings</a></li><li><a href=\"/2\">Letters to the editor</a></li></ul></aside>\n\
         <footer>{site}. All rights reserved. <a href=\"/imprint\">Imprint</a></footer></body></html>\n"
    )
}

/// Where units and truth go.
struct Out {
    dir: PathBuf,
    unit: BufWriter<File>,
    gold: BufWriter<File>,
    per_unit: usize,
    in_unit: usize,
    units: usize,
    digests: bool,
}

/// `make-units --articles N --out DIR [--per-unit N] [--a-day N] [--seed N] [--digests]`: with
/// `--digests` no archives but what merging reads of each article, for `rapporteur pipe blocks`: a
/// merge of any size without reading the pages first.
pub(crate) fn make(args: &[String]) -> Result<(), String> {
    let number = |name: &str, otherwise: usize| match option(args, name) {
        None => Ok(otherwise),
        Some(text) => text
            .parse()
            .map_err(|_| format!("{name} {text}: no number")),
    };
    let articles = number("--articles", 20_000)?;
    let (per_unit, a_day) = (
        number("--per-unit", 1_000)?.max(1),
        number("--a-day", 5_000)?.max(1),
    );
    let mut dice = Dice(number("--seed", 1)? as u64);
    let dir = PathBuf::from(option(args, "--out").ok_or("--out DIR is missing")?);
    let kinds = kinds(&templates())?;
    let mut out = Out::new(dir, per_unit, args.iter().any(|a| a == "--digests"))?;
    let mut day: Date = "2031-01-06".parse().map_err(|e| format!("{e}"))?;
    let (mut open, mut count, mut families): (Vec<Happening<'_>>, usize, usize) =
        (Vec::new(), 0, 0);
    // A happening is told for about four days: as many are open as tell four days' articles.
    let wide = (4 * a_day / TOLD).max(1);
    for n in 0..articles {
        if n > 0 && n.is_multiple_of(a_day) {
            day = later(day, 1);
        }
        while open.len() < wide {
            open.push(happening(count, day, &kinds, &mut dice));
            count += 1;
        }
        let at = dice.below(open.len());
        let event = &mut open[at];
        let (title, text, family) = event.report(&mut families, &mut dice);
        out.article(n, &title, &text, day, event, family)
            .map_err(|e| e.to_string())?;
        event.left -= 1;
        if event.left == 0 {
            open.swap_remove(at);
        }
    }
    out.unit
        .flush()
        .and_then(|()| out.gold.flush())
        .map_err(|e| e.to_string())?;
    say(&format!(
        "{articles} articles of {count} happenings in {} units",
        out.units
    ));
    Ok(())
}

/// Where the sentences are.
fn templates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/story/scale.toml")
}

impl Out {
    fn new(dir: PathBuf, per_unit: usize, digests: bool) -> Result<Self, String> {
        std::fs::create_dir_all(dir.join("units"))
            .map_err(|e| format!("{}: {e}", dir.display()))?;
        let file = |path: PathBuf| {
            let file = File::create(&path).map(BufWriter::new);
            file.map_err(|e| format!("{}: {e}", path.display()))
        };
        Ok(Self {
            unit: file(match digests {
                true => dir.join("digests.jsonl"),
                false => dir.join("units/unit-00000.warc.gz"),
            })?,
            gold: file(dir.join("gold.jsonl"))?,
            dir,
            per_unit,
            in_unit: 0,
            units: 1,
            digests,
        })
    }

    /// Writes article `n` and the truth about it.
    fn article(
        &mut self,
        n: usize,
        title: &str,
        text: &[String],
        day: Date,
        event: &Happening<'_>,
        family: usize,
    ) -> std::io::Result<()> {
        let often = ["Morning", "Evening", "Daily", "Weekly"][n % 4];
        let outlet = n % OUTLETS;
        let html = page(title, text, &format!("{often} {}", outlet / 4), day);
        let url = format!("https://outlet{outlet}.example/{n}");
        let raw = RawRef {
            url: Some(url.clone()),
            captured_at: Some(format!("{day}T20:00:00Z")),
            charset: Some("utf-8".into()),
            ..RawRef::of(html.as_bytes(), "text/html", url)
        };
        let gold = json!({
            "doc": raw.doc_id(), "event": event.id, "family": family, "kind": event.kind.name,
            "topic": event.kind.topic,
        });
        if self.digests {
            let digest = Digest::of(&Doc {
                id: raw.doc_id(),
                title,
                text: &text.join("\n\n"),
                published: Some(day),
                site: often,
                agency: None,
                coding: &Coding::default(),
            });
            serde_json::to_writer(&mut self.unit, &digest.for_stories())?;
            self.unit.write_all(b"\n")?;
            return writeln!(self.gold, "{gold}");
        }
        self.put(&raw, html.as_bytes(), &gold)
    }

    fn put(&mut self, raw: &RawRef, page: &[u8], gold: &Value) -> std::io::Result<()> {
        if self.in_unit == self.per_unit {
            self.unit.flush()?;
            let name = format!("units/unit-{:05}.warc.gz", self.units);
            self.unit = BufWriter::new(File::create(self.dir.join(name))?);
            self.in_unit = 0;
            self.units += 1;
        }
        self.in_unit += 1;
        self.unit.write_all(&Packed::new(raw, page).into_member())?;
        writeln!(self.gold, "{gold}")
    }
}

/// `measure-units --gold FILE --stories FILE`: B-cubed of stories and families against the truth.
pub(crate) fn measure(args: &[String]) -> Result<(), String> {
    let lines = |name: &str| -> Result<_, String> {
        let path = option(args, name).ok_or(format!("{name} FILE is missing"))?;
        let file = File::open(path).map_err(|e| format!("{path}: {e}"))?;
        Ok(BufReader::new(file).lines())
    };
    let mut gold: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for line in lines("--gold")? {
        let row: Value = line
            .map_err(|e| e.to_string())
            .and_then(|line| serde_json::from_str(&line).map_err(|e| e.to_string()))?;
        let number = |name: &str| row[name].as_u64().unwrap_or(u64::MAX);
        let doc = row["doc"].as_str().unwrap_or("").to_owned();
        gold.insert(doc, (number("event"), number("family")));
    }
    let (mut stories, mut families) = (Vec::new(), Vec::new());
    let mut count = 0;
    for line in lines("--stories")? {
        let story: Stitched = line
            .map_err(|e| e.to_string())
            .and_then(|line| serde_json::from_str(&line).map_err(|e| e.to_string()))?;
        count += 1;
        for (doc, family) in &story.docs {
            let Some((event, text)) = gold.get(&doc.to_string()) else {
                continue;
            };
            stories.push((story.id.to_string(), *event));
            families.push((family.to_string(), *text));
        }
    }
    say(&format!(
        "{} articles in {count} stories of {} in the truth",
        stories.len(),
        gold.len()
    ));
    for (name, pairs) in [("stories", &stories), ("families", &families)] {
        let (p, r) = b_cubed(pairs);
        let f = 2.0 * p * r / (p + r).max(f64::MIN_POSITIVE);
        say(&format!(
            "{name}: B-cubed precision {p:.4}, recall {r:.4}, F1 {f:.4}"
        ));
    }
    Ok(())
}

/// Bagga and Baldwin's B-cubed over (found, true) labels: mean over the items of the share of its
/// found group that is truly with it, and of its true group that was found with it.
fn b_cubed<L: Ord>(pairs: &[(L, u64)]) -> (f64, f64) {
    let (mut found, mut truth, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (f, t) in pairs {
        *found.entry(f).or_insert(0u64) += 1;
        *truth.entry(t).or_insert(0u64) += 1;
        *both.entry((f, t)).or_insert(0u64) += 1;
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for ((f, t), n) in &both {
        let n = *n as f64;
        precision += n * n / found[f] as f64;
        recall += n * n / truth[t] as f64;
    }
    let all = (pairs.len() as f64).max(1.0);
    (precision / all, recall / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_cubed_of_a_split_and_of_a_lump() {
        let split = [("a", 1), ("b", 1), ("c", 2)];
        let (p, r) = b_cubed(&split);
        assert!((p - 1.0).abs() < 1e-9 && (r - 2.0 / 3.0).abs() < 1e-9);
        let lump = [("a", 1), ("a", 2)];
        assert!((b_cubed(&lump).0 - 0.5).abs() < 1e-9);
    }

    #[test]
    fn reports_have_no_open_slots() {
        let kinds = kinds(&templates()).unwrap();
        let mut dice = Dice(1);
        let day = "2031-01-06".parse().unwrap();
        for n in 0..200 {
            let mut event = happening(n, day, &kinds, &mut dice);
            let mut next = 0;
            let (title, text, _) = event.report(&mut next, &mut dice);
            assert!(
                !title.contains('{') && !text.concat().contains('{'),
                "{title}\n{text:?}"
            );
        }
    }
}
