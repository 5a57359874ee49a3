//! Pasted text as lines, each with what can be seen of it and a weight.

use std::collections::BTreeMap;

use super::notice::{self, Marks};
use crate::phrases::{self, Kinds};
use crate::when::{self, Found};

/// One line that is not blank.
#[derive(Clone, Debug)]
pub(crate) struct Line<'t> {
    /// Trimmed, bullet taken off.
    pub(crate) text: &'t str,
    /// Byte of the source where `text` begins.
    pub(crate) from: usize,
    pub(crate) lower: String,
    /// Words; a third of the characters where a script puts no spaces.
    pub(crate) words: usize,
    pub(crate) bullet: bool,
    /// Blank lines before it.
    pub(crate) gap: usize,
    /// How often the line occurs.
    pub(crate) repeats: u32,
    /// Ends as a sentence does.
    pub(crate) stop: bool,
    pub(crate) whole: Kinds,
    pub(crate) start: Kinds,
    pub(crate) marks: Marks,
    pub(crate) date: Option<Found>,
    pub(crate) weight: f32,
}

impl Line<'_> {
    pub(crate) fn is_furniture(&self) -> bool {
        self.whole.has(Kinds::FURNITURE) && self.words <= 8
            || self.words <= 6
                && self
                    .lower
                    .split_whitespace()
                    .next()
                    .is_some_and(|w| w.chars().all(|c| c.is_ascii_digit()))
                && self.words == 1
            || self.is_social()
    }

    /// A row of share buttons, in whatever way it was glued.
    pub(crate) fn is_social(&self) -> bool {
        const NAMES: &[&str] = &[
            "facebook",
            "twitter",
            "whatsapp",
            "linkedin",
            "pinterest",
            "telegram",
            "instagram",
            "email",
            "reddit",
            "bluesky",
        ];
        self.words <= 8 && NAMES.iter().filter(|n| self.lower.contains(*n)).count() >= 2
    }

    /// A sentence of some length: running text.
    pub(crate) fn is_prose(&self) -> bool {
        self.words >= 12 && (self.stop || self.words >= 25)
    }

    /// A heading of what follows an article.
    pub(crate) fn is_end_marker(&self) -> bool {
        self.start.has(Kinds::END) && self.words <= 14
            || self.whole.has(Kinds::END)
            || self.is_final()
    }

    /// "Read more: Pilots vote on night shifts": a link to another page with its title, in one line.
    pub(crate) fn is_inline_link(&self) -> bool {
        let titled = self
            .text
            .split_once([':', '：'])
            .is_some_and(|(label, title)| count_words(label) <= 5 && count_words(title) >= 3);
        titled && !self.is_final() && self.start.has(Kinds::END.or(Kinds::FURNITURE))
    }

    /// A heading of what only follows an article: comments, tags, the author's life.
    pub(crate) fn is_final(&self) -> bool {
        self.start.has(Kinds::FINAL) && self.words <= 14 || self.whole.has(Kinds::FINAL)
    }

    /// Little besides a date.
    pub(crate) fn is_date_only(&self) -> bool {
        self.date
            .is_some_and(|d| self.text.chars().count() <= (d.to - d.from) + 26 && self.words <= 10)
    }
}

/// Closing quotes and brackets aside, whether the text ends as a sentence.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '”'
                    | '’'
                    | '\''
                    | '»'
                    | ')'
                    | ']'
                    | '」'
                    | '』'
                    | '“'
                    | '*'
                    | '«'
                    | '‹'
                    | '）'
            )
    });
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', ':', '।'])
        && !text.ends_with("...")
        || text.ends_with("....")
}

/// Words, or a third of the characters where there are no spaces.
pub(crate) fn count_words(text: &str) -> usize {
    let unspaced = text
        .chars()
        .filter(|c| phrases::is_unspaced(*c) && !matches!(*c as u32, 0xac00..=0xd7af))
        .count();
    if unspaced * 2 > text.chars().count() {
        return unspaced.div_ceil(3);
    }
    text.split_whitespace()
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .count()
}

/// Longest line, in bytes, that is looked at for dates and for phrases at its start.
const SHORT: usize = 400;
/// Longest line that is looked at for notices.
const LONG: usize = 1200;

/// Cuts `source` into lines and weighs them.
pub(crate) fn lines(source: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut gap = 0;
    let mut at = 0;
    for raw in source.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let here = at;
        at += raw.len()
            + source[at + raw.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        let text = raw.trim_matches(edge);
        if text.is_empty() {
            gap += 1;
            continue;
        }
        let from = here + (raw.len() - raw.trim_start_matches(edge).len());
        out.push(line(text, from, gap));
        gap = 0;
    }
    repeats(&mut out);
    for line in &mut out {
        line.weight = weight(line);
    }
    lift_lists(&mut out);
    damp_chatter(&mut out);
    damp_glued(&mut out);
    damp_notices(&mut out);
    out
}

fn edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\0')
}

fn line(text: &str, from: usize, gap: usize) -> Line<'_> {
    let bare = text
        .trim_start_matches(['•', '·', '◦', '▪', '‣', '●', '*'])
        .trim_start();
    let bullet = bare.len() < text.len() || text.starts_with("- ");
    let bare = bare.strip_prefix("- ").filter(|_| bullet).unwrap_or(bare);
    let from = from + text.len() - bare.len();
    let words = count_words(bare);
    let short = bare.len() <= SHORT;
    let lower = if bare.len() <= LONG {
        bare.to_lowercase()
    } else {
        String::new()
    };
    Line {
        text: bare,
        from,
        words,
        bullet,
        gap,
        repeats: 1,
        stop: ends_sentence(bare),
        whole: if short {
            phrases::whole(&lower).or(phrases::whole(without_count(&lower)))
        } else {
            Kinds::default()
        },
        start: if short {
            phrases::start(&lower).or(counted_start(&lower))
        } else {
            Kinds::default()
        },
        date: if short {
            when::find(bare).first().copied()
        } else {
            None
        },
        marks: notice::marks(bare, &lower, words),
        lower,
        weight: 0.0,
    }
}

/// "3 comments" without its count, "(12) Kommentare" too.
fn without_count(lower: &str) -> &str {
    let bare = lower.trim_start_matches(|c: char| {
        when::digit(c).is_some() || c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '.')
    });
    if lower.starts_with(|c: char| when::digit(c).is_some() || matches!(c, '(' | '[')) {
        bare
    } else {
        lower
    }
}

/// What only follows an article, with its count before it.
fn counted_start(lower: &str) -> Kinds {
    let bare = without_count(lower);
    if bare.len() == lower.len() {
        return Kinds::default();
    }
    let kinds = phrases::start(bare);
    if kinds.has(Kinds::FINAL) {
        Kinds::FINAL.or(Kinds::END)
    } else {
        Kinds::default()
    }
}

fn repeats(lines: &mut [Line<'_>]) {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for line in lines.iter() {
        *counts.entry(line.text).or_default() += 1;
    }
    for line in lines.iter_mut() {
        line.repeats = counts.get(line.text).copied().unwrap_or(1);
    }
}

/// Lines to each side that are looked at for the rhythm of comments and teasers.
const WINDOW: usize = 9;

/// Comments and teasers come in a rhythm: some words, then a date, a time past or a row of
/// buttons, again and again. Prose between such lines speaks for no article.
fn damp_chatter(lines: &mut [Line<'_>]) {
    // Sums up to each line: beats, and beats of comments; for each line the prose between its beats.
    let (mut beats, mut chats) = (vec![0u32], vec![0u32]);
    let mut between = vec![0usize; lines.len()];
    let mut last: Option<usize> = None;
    let (mut from, mut words) = (0, 0);
    for (at, line) in lines.iter().enumerate() {
        let chat = line.marks.has(Marks::CHAT);
        let beat = chat || line.marks.has(Marks::AGO) || line.is_date_only();
        // Neighbours are one beat: "published", "updated".
        let new = beat && last.is_none_or(|l| at > l + 1);
        let heading = line.is_end_marker() && !line.is_inline_link();
        if beat || heading {
            // What a heading of comments ends is enclosed by nothing.
            let enclosed = if beat { words } else { usize::MAX };
            between[from..at].fill(enclosed);
            from = at + 1;
            words = 0;
        }
        if beat {
            last = Some(at);
        } else if line.is_prose() {
            words += line.words;
        }
        beats.push(beats[at] + u32::from(new));
        chats.push(chats[at] + u32::from(chat && new));
    }
    between[from..].fill(words);
    let n = lines.len();
    for (at, line) in lines.iter_mut().enumerate() {
        if line.weight <= 0.0 {
            continue;
        }
        let (from, to) = (at.saturating_sub(WINDOW), (at + WINDOW + 1).min(n));
        let teasers = beats[to] - beats[from] >= 3 && between[at] <= 45;
        let comments = chats[to] - chats[from] >= 2 && between[at] <= 150;
        if teasers || comments {
            line.weight = -0.3;
        }
    }
}

/// The items of a list that a sentence leads up to belong to the text.
fn lift_lists(lines: &mut [Line<'_>]) {
    let mut led = false;
    for line in lines {
        if line.bullet {
            if led {
                line.weight = line.weight.max(-0.1);
            }
        } else {
            led = line.text.ends_with([':', '：']) && line.words >= 3 && !line.is_end_marker();
        }
    }
}

/// Titles with their teasers glued to them come in lists; three in one place are one.
fn damp_glued(lines: &mut [Line<'_>]) {
    let glued: Vec<bool> = lines
        .iter()
        .map(|l| l.is_prose() && l.words <= 60 && l.text.len() <= LONG && is_glued(l.text))
        .collect();
    for (at, line) in lines.iter_mut().enumerate() {
        let (from, to) = (
            at.saturating_sub(COMPANY),
            (at + COMPANY + 1).min(glued.len()),
        );
        let here = glued[from..to].iter().filter(|g| **g).count();
        if glued[at] && here >= 3 && line.weight > 0.0 {
            line.weight = -0.5;
        }
    }
}

/// "The harbour opensShips may enter": a capital inside a word, words before and behind.
fn is_glued(text: &str) -> bool {
    let mut last = ' ';
    let mut word = 0;
    for (at, c) in text.char_indices() {
        let inside = at >= word + 4 && (last.is_lowercase() || when::digit(last).is_some());
        if inside && c.is_uppercase() && !text[word..at].contains(['-', '\'', '’']) {
            let before = text[..at].split_whitespace().count();
            let behind = text[at..].split_whitespace().count();
            if before >= 3 && behind >= 4 {
                return true;
            }
        }
        if c.is_whitespace() {
            word = at + c.len_utf8();
        }
        last = c;
    }
    false
}

/// Lines to each side that are looked at for notices.
const COMPANY: usize = 6;

/// Prose among notices that has one of their words is one of them.
fn damp_notices(lines: &mut [Line<'_>]) {
    let mut sums = vec![0u32];
    for (at, line) in lines.iter().enumerate() {
        sums.push(sums[at] + u32::from(line.marks.has(Marks::NOTICE) && line.words >= 6));
    }
    let n = lines.len();
    for (at, line) in lines.iter_mut().enumerate() {
        let here = sums[(at + COMPANY + 1).min(n)] - sums[at.saturating_sub(COMPANY)];
        if line.weight > 0.0 && here >= 3 && line.marks.has(Marks::HINT) {
            line.weight = -1.0;
        }
    }
}

/// Whether small words stand between the others, as in text and not in a menu.
fn flows(line: &Line<'_>) -> bool {
    let words = line.text.split_whitespace().take(60);
    let (mut small, mut capital) = (0, 0);
    for word in words {
        small += usize::from(word.starts_with(char::is_lowercase));
        capital += usize::from(word.starts_with(char::is_uppercase));
    }
    small * 2 >= capital
}

/// A row of a table: words and at least two numbers, close under the row before it.
pub(crate) fn is_row(line: &Line<'_>) -> bool {
    let numbers = line
        .text
        .split_whitespace()
        .filter(|w| w.starts_with(|c: char| when::digit(c).is_some()))
        .count();
    line.gap == 0
        && !line.bullet
        && !line.stop
        && (3..=16).contains(&line.words)
        && numbers >= 2
        && line.date.is_none()
        && line.marks == Marks::default()
}

/// How much a line speaks for being part of the article; the scale is about one good sentence.
fn weight(line: &Line<'_>) -> f32 {
    let words = line.words as f32;
    if line.marks.has(Marks::NOTICE) {
        return -1.5;
    }
    // Pictures stand in the best articles.
    if line.marks.has(Marks::CAPTION) && line.words > 6 {
        return -0.3;
    }
    if line.marks.has(Marks::CREDIT) && !line.bullet {
        return -0.3;
    }
    if line.is_inline_link() {
        return -1.0;
    }
    if line.is_end_marker() {
        return -4.0;
    }
    if line.is_social() {
        return -1.9;
    }
    // Advertisements stand between the paragraphs of the best articles.
    if line.is_furniture() {
        return if line.bullet { -1.5 } else { -1.4 };
    }
    let mut w = 0.0;
    // Texts of the house are printed again and again.
    if line.repeats > 1 && line.text.len() >= 25 {
        w -= if line.text.len() <= 200 { 2.0 } else { 4.0 };
    }
    if line.bullet {
        w += if line.words < 9 {
            -1.5
        } else if line.stop {
            0.6
        } else {
            -0.4
        };
    }
    if line.start.has(Kinds::FURNITURE) {
        w -= 1.0;
    }
    if is_row(line) {
        return w + 0.15;
    }
    w + if line.words >= 12 && line.stop {
        (words / 8.0).min(6.0)
    } else if line.words >= 20 && flows(line) {
        1.5
    } else if line.words >= 7 && line.stop {
        0.6
    } else if line.words >= 4 && line.stop {
        -0.2
    } else if (3..=13).contains(&line.words) {
        -0.55
    } else {
        -0.9
    }
}
