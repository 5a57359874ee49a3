//! Speed of the record on synthetic articles: `hundred_thousand DIR [ARTICLES]`.
//!
//! Seeded, so every run has the same words: 250 to 549 of them an article, by Zipf's law, a quarter of
//! the articles in Arabic letters. Prints load, search and memory figures.
#![expect(clippy::print_stdout, reason = "a measuring program")]

use std::path::Path;
use std::time::Instant;

use rapporteur_base::Date;
use rapporteur_page::{Article, Published};
use rapporteur_record::{Desk, DocBundle, Incoming, Mode, Packed, Query, RawRef, RuleSet, Store};

const WORDS: usize = 50_000;
const BATCH: usize = 256;

/// xorshift64*: enough for word frequencies.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Rank by Zipf's law with exponent 1.
    fn rank(&mut self) -> usize {
        let rank = (self.unit() * (WORDS as f64).ln()).exp() as usize;
        rank.clamp(1, WORDS) - 1
    }
}

fn word(rank: usize, arabic: bool) -> String {
    let letters: Vec<char> = if arabic {
        "بتثجحخدرزسشصضطعغفقكلمن".chars().collect()
    } else {
        "bcdfghjklmnpqrstvwxz".chars().collect()
    };
    let vowels = if arabic {
        ['ا', 'و', 'ي']
    } else {
        ['a', 'o', 'e']
    };
    let mut n = rank + 1;
    let mut out = String::new();
    while n > 0 {
        out.push(letters[n % letters.len()]);
        out.push(vowels[n % 3]);
        n /= letters.len();
    }
    out
}

fn article(n: usize, dice: &mut Dice) -> Article {
    let arabic = n % 4 == 3;
    let count = 250 + (dice.next() % 300) as usize;
    let mut text = String::new();
    for at in 0..count {
        text.push_str(&word(dice.rank(), arabic));
        text.push_str(if at % 14 == 13 { ". " } else { " " });
    }
    let day = Date::constant(2020, 1, 1);
    let day = day.checked_add(jiff::Span::new().days((dice.next() % 1_800) as i64));
    Article {
        title: format!(
            "{} {} {n}",
            word(dice.rank(), arabic),
            word(dice.rank(), arabic)
        ),
        site: Some(format!("outlet-{}", n % 40)),
        published: day.ok().map(|date| Published {
            date,
            time: None,
            origin: "byline".into(),
            rank: 2,
        }),
        text,
        ..Article::default()
    }
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM"));
    line.unwrap_or("VmHWM: unknown").replace('\t', " ")
}

fn load(desk: &mut Desk, articles: usize) -> Result<(), rapporteur_record::Error> {
    let rules = RuleSet::default();
    let mut dice = Dice(20_261_122);
    let mut making = 0.0;
    let start = Instant::now();
    let mut batch = Vec::with_capacity(BATCH);
    for n in 0..articles {
        let from = Instant::now();
        let article = article(n, &mut dice);
        making += from.elapsed().as_secs_f64();
        let bytes = article.text.as_bytes();
        let raw = RawRef {
            captured_at: Some("2026-11-22".into()),
            ..RawRef::of(bytes, "text/plain", format!("{n}.txt"))
        };
        let page = Packed::new(&raw, bytes);
        batch.push(Incoming {
            bundle: DocBundle::new(raw, &rules, article),
            page,
            receipt: None,
        });
        if batch.len() == BATCH || n + 1 == articles {
            desk.apply(&batch, "2026-11-22T00:00:00Z")?;
            batch.clear();
        }
        if (n + 1) % 20_000 == 0 {
            println!("{} articles, {}", n + 1, memory());
        }
    }
    let took = start.elapsed().as_secs_f64() - making;
    println!(
        "load: {articles} in {took:.1} s = {:.0}/s (packing, analysing, rows, index, fsync; the generator's {making:.1} s taken off)",
        articles as f64 / took
    );
    Ok(())
}

fn search(desk: &Desk, name: &str, query: &Query) -> Result<(), rapporteur_record::Error> {
    let mut times = Vec::new();
    let mut hits = 0;
    for _ in 0..21 {
        let start = Instant::now();
        hits = desk.search(query)?.len();
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name}: median {:.2} ms, worst {:.2} ms, {hits} hits",
        times[10], times[20]
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = args.next().ok_or("give a folder")?;
    let articles = args.next().map_or(Ok(100_000), |n| n.parse())?;
    let dir = Path::new(&dir);
    if !Desk::is_desk(dir) {
        load(&mut Desk::init(dir)?, articles)?;
    }
    let desk = Desk::open(dir, Mode::Read)?;
    let (common, second, rare) = (word(0, false), word(6, false), word(30_000, false));
    let newest = |text: String| Query::new(text);
    search(&desk, "common word, newest first", &newest(common.clone()))?;
    search(
        &desk,
        "two words, newest first",
        &newest(format!("{common} {second}")),
    )?;
    search(&desk, "rare word, newest first", &newest(rare))?;
    search(
        &desk,
        "phrase, newest first",
        &newest(format!("\"{common} {second}\"")),
    )?;
    search(&desk, "Arabic word, newest first", &newest(word(3, true)))?;
    let mut dated = newest(common.clone());
    dated.from = Some(Date::constant(2021, 3, 1));
    dated.to = Some(Date::constant(2021, 3, 31));
    search(&desk, "common word in a month", &dated)?;
    let mut deep = newest(common.clone());
    deep.offset = 10_000;
    search(&desk, "common word, page 500", &deep)?;
    let mut ranked = newest(common);
    ranked.ranked = true;
    search(&desk, "common word, ranked", &ranked)?;
    println!("{}", memory());
    Ok(())
}
