//! Speed (processor seconds) and memory of the stream on synthetic articles: `million [ARTICLES] [A DAY]`.
//!
//! Seeded. An article has a title and about 150 words: four fifths are the words of its happening,
//! the rest common ones by Zipf's law; one in four is a reprint. 5,000 articles a day unless told
//! otherwise. What is older than 14 days is let go. Prints articles a second and memory as it goes.
#![expect(clippy::print_stdout, reason = "a measuring program")]

use rapporteur_base::Date;
use rapporteur_story::{Arrival, Settings, Stream, Weights};

/// xorshift64*: enough for word frequencies.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Rank among 30,000 words by Zipf's law.
    fn rank(&mut self) -> u64 {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (unit * 30_000f64.ln()).exp() as u64
    }
}

fn word(mut n: u64) -> String {
    const LETTERS: &[u8] = b"bdfgklmnprstvz";
    let mut out = String::new();
    while n > 0 || out.len() < 4 {
        out.push(char::from(LETTERS[(n % 14) as usize]));
        out.push(char::from(b"aeiou"[(n % 5) as usize]));
        n /= 14;
    }
    out
}

/// Words of a happening: its own names and topic words.
fn happening(story: u64, dice: &mut Dice) -> String {
    let own = 40_000 + (story * 7919) % 400_000;
    let pick = own + dice.below(30);
    let text = word(pick);
    if pick.is_multiple_of(3) {
        let mut chars = text.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        return first.into_iter().chain(chars).collect();
    }
    text
}

fn article(story: u64, dice: &mut Dice) -> (String, String) {
    let run = |n: u64, dice: &mut Dice| {
        let mut words = Vec::new();
        for _ in 0..n {
            words.push(if dice.below(5) < 4 {
                happening(story, dice)
            } else {
                word(dice.rank())
            });
        }
        words.join(" ")
    };
    let title = run(8, dice);
    let sentences: Vec<String> = (0..8).map(|_| run(18, dice) + ".").collect();
    (title, sentences.join(" "))
}

/// Resident memory in MB, where the system tells it.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    let kb = line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok());
    kb.unwrap_or(0) / 1024
}

/// Processor seconds of this program so far: what others do on the machine does not count.
/// Clock ticks are hundredths of a second on Linux; elsewhere the clock on the wall.
fn seconds(start: std::time::Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse().ok())
        .collect();
    match ticks.as_slice() {
        [user, system] => (user + system) / 100.0,
        _ => start.elapsed().as_secs_f64(),
    }
}

fn main() {
    let began = std::time::Instant::now();
    let mut args = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse::<u64>().ok());
    let articles = args.next().unwrap_or(1_000_000);
    let a_day = args.next().unwrap_or(5_000);
    let start: Date = "2030-01-01".parse().expect("invariant: a date");
    let mut dice = Dice(0x5eed);
    let mut stream = Stream::new(Settings::default());
    let (mut spent, mut mark, mut lap) = (0.0f64, 0.0f64, 0u64);
    let mut day = start;
    let mut last = (String::new(), String::new());
    let mut made = Vec::new();
    for n in 0..articles {
        if n > 0 && n.is_multiple_of(a_day) {
            day = day.tomorrow().unwrap_or(day);
        }
        let reprint = n > 0 && dice.below(4) == 0;
        if !reprint {
            // A happening is told for about three days.
            let open = n / a_day * 300 + dice.below(900);
            last = article(open, &mut dice);
        }
        made.push((last.clone(), day));
        if made.len() == 1024 {
            // Reading the text is part of the work that is measured, making it up is not.
            let clock = seconds(began);
            read(&mut stream, &mut made);
            spent += seconds(began) - clock;
        }
        if (n + 1).is_multiple_of(100_000) {
            let speed = 100_000.0 / (spent - mark);
            println!("{} articles: {speed:.0} a second, {} MB", n + 1, memory());
            mark = spent;
            lap += 1;
        }
    }
    read(&mut stream, &mut made);
    let placed = stream.placed();
    let mut stories: Vec<usize> = placed.iter().map(|p| p.story).collect();
    stories.sort_unstable();
    stories.dedup();
    println!(
        "{articles} articles in {} stories, {:.0} a second, {lap} laps, {} MB at the end",
        stories.len(),
        articles as f64 / spent,
        memory()
    );
}

/// Reads a round into the stream and lets go of what is older than 14 days.
fn read(stream: &mut Stream, made: &mut Vec<((String, String), Date)>) {
    let round = made
        .iter()
        .map(|((title, text), day)| Arrival::of(title, text, Some(*day), &Weights::default()))
        .collect();
    stream.add(round);
    let today = made.last().map(|(_, day)| *day);
    made.clear();
    if let Some(old) = today.and_then(|day| day.checked_sub(jiff_days(14)).ok()) {
        stream.forget(old);
    }
}

fn jiff_days(n: i64) -> std::time::Duration {
    std::time::Duration::from_secs(n as u64 * 86_400)
}
