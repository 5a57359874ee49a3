//! The headline: of the lines above the text, the one that opens it.

use super::super::lines::Line;
use super::super::notice::Marks;
use super::super::region::Region;
use super::byline::{is_bare_by, is_byline, is_role};
use super::dates::is_dated;
use super::is_credit;
use crate::names;
use crate::phrases::{self, Kinds};

/// Lines above the body that may hold the title.
const REACH: usize = 60;
/// Lines into the region at which a headline is still looked for.
const INSIDE: usize = 25;
/// Paragraphs of the text whose words are compared with a headline's.
const SAMPLE: usize = 24;

/// Characters of each that are.
const LONG: usize = 3000;

/// What the lines are compared with.
struct Page<'l, 't> {
    lines: &'l [Line<'t>],
    region: &'l Region,
    /// The text's first paragraphs in lower case.
    body: String,
}

/// The line of the headline.
pub(super) fn find(lines: &[Line<'_>], region: &Region) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    for (at, score) in scores(lines, region) {
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

/// What speaks for each line that may be the headline.
pub(in super::super) fn scores(lines: &[Line<'_>], region: &Region) -> Vec<(usize, f32)> {
    let body: String = region
        .lines
        .iter()
        .take(SAMPLE)
        .map(|at| head(lines[*at].text).to_lowercase() + " ")
        .collect();
    let page = Page {
        lines,
        region,
        body,
    };
    let from = region.first.saturating_sub(REACH);
    let to = (region.first + INSIDE).min(region.last + 1);
    let total: usize = lines[region.first..=region.last]
        .iter()
        .filter(|l| l.is_prose())
        .map(|l| l.words)
        .sum();
    let mut before = 0;
    let mut out = Vec::new();
    for at in from..to {
        if at >= region.first {
            // Inside the region only a line with its own byline, and little text before it, is a headline.
            before += if lines[at].is_prose() {
                lines[at].words
            } else {
                0
            };
            let late = before * 4 > total
                || page.header_follows(at) < 1.0
                || page.shared(&lines[at]) < 0.6;
            let after_text = lines[region.first].words >= 40;
            if at > region.first + usize::from(!after_text) && late {
                continue;
            }
        }
        let score = page.score(at);
        if score > 0.0 {
            out.push((at, score));
        }
    }
    out
}

/// The beginning of a paragraph of any length.
fn head(text: &str) -> &str {
    let end = text.char_indices().nth(LONG);
    end.map_or(text, |(at, _)| &text[..at])
}

/// A long word without its ending.
fn stem(word: &str) -> &str {
    let count = word.chars().count();
    let end = word.char_indices().nth(count.saturating_sub(2).max(6));
    end.map_or(word, |(at, _)| &word[..at])
}

/// "Envoys meet (video)": the label of what stands with the text is none of its title.
pub(super) fn without_label(title: &str) -> &str {
    const LABELS: &[&str] = &[
        "video", "videos", "watch", "photo", "photos", "listen", "audio", "gallery", "pictures",
        "vidéo", "vídeo", "fotos", "bilder",
    ];
    let Some(at) = title.rfind(['(', '[']).filter(|at| *at > 0) else {
        return title;
    };
    let label = title[at..]
        .trim_matches(['(', '[', ')', ']'])
        .to_lowercase();
    let closed = title.ends_with([')', ']']);
    if closed && LABELS.contains(&label.as_str()) {
        return title[..at].trim_end();
    }
    title
}

/// Whether a line may be a headline at all.
pub(super) fn may_be_title(line: &Line<'_>) -> bool {
    let never = Marks::NOTICE.or(Marks::CREDIT).or(Marks::CAPTION);
    (2..=34).contains(&line.words)
        && line.text.len() < 400
        && !line.marks.has(never)
        && !(line.is_furniture()
            || line.is_date_only()
            || line.marks.has(Marks::AGO) && line.words <= 8
            || is_byline(line)
            || line.whole.has(Kinds::END)
            || is_credit(line))
        && !line.text.starts_with(['…', '>', '@', '—'])
}

impl Page<'_, '_> {
    /// Share of the longer words of a line that the body has too; of its pairs of signs where a
    /// script puts no spaces.
    fn shared(&self, line: &Line<'_>) -> f32 {
        let letters: Vec<char> = line.lower.chars().filter(|c| c.is_alphanumeric()).collect();
        let unspaced = letters.iter().filter(|c| phrases::is_unspaced(**c)).count();
        if unspaced * 2 > letters.len() {
            let pairs: Vec<String> = letters.windows(2).map(|w| w.iter().collect()).collect();
            let found = pairs
                .iter()
                .filter(|p| self.body.contains(p.as_str()))
                .count();
            return found as f32 / pairs.len().max(1) as f32;
        }
        let content: Vec<&str> = line
            .lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.chars().count() > 3)
            .map(stem)
            .collect();
        // Two words may stand in any text.
        let found = content.iter().filter(|w| self.body.contains(**w)).count();
        found as f32 / content.len().max(4) as f32
    }

    fn score(&self, at: usize) -> f32 {
        let line = &self.lines[at];
        let inside = at >= self.region.first;
        let sentence =
            line.stop && !line.text.ends_with(['?', '!']) && self.header_follows(at) < 1.5;
        if !may_be_title(line) || inside && (sentence || line.words > 22) {
            return 0.0;
        }
        let opens = self.lines[0].lower.starts_with(&line.lower) && at > 0 && line.words >= 4;
        let again =
            line.repeats == 2 || opens || line.words >= 4 && (3..=4).contains(&line.repeats);
        let shared = self.shared(line);
        let mut score = 1.0 + 4.0 * shared - if shared < 0.3 { 0.8 } else { 0.0 };
        score += match line.words {
            5..=20 => 1.5,
            4 | 21..=26 => 0.8,
            2 | 3 => -0.4,
            _ => 0.0,
        };
        score += self.header_follows(at);
        score += if again { 0.8 } else { 0.0 };
        score - self.trail(at) - self.clutter(at) - self.below_title(at) - self.distance(at)
    }

    /// "Home News Headline" and "Headline Back to video" beside "Headline": the shorter is the title.
    fn trail(&self, at: usize) -> f32 {
        let long = &self.lines[at];
        let from = at.saturating_sub(12);
        let to = (at + 12).min(self.lines.len());
        let inner = self.lines[from..to].iter().any(|l| {
            l.words >= 3
                && l.lower.len() < long.lower.len()
                && l.lower.len() * 2 >= long.lower.len()
                && (long.lower.ends_with(&l.lower) || long.lower.starts_with(&l.lower))
        });
        if inner { 2.5 } else { 0.0 }
    }

    /// Whether a line of crumbs over this one ends with it.
    fn crumbed(&self, at: usize) -> bool {
        let line = &self.lines[at];
        line.words >= 2
            && self.lines[at.saturating_sub(4)..at]
                .iter()
                .any(|l| l.lower.len() > line.lower.len() + 3 && l.lower.ends_with(&line.lower))
    }

    /// What speaks against a line by itself.
    fn clutter(&self, at: usize) -> f32 {
        let line = &self.lines[at];
        let mut cost = 0.0;
        let quoted = line
            .text
            .starts_with(['"', '“', '„', '«', '»', '‘', '\'', '「']);
        if line.stop && line.text.ends_with(['.', '…', ':', '。']) && !quoted {
            cost += if self.header_follows(at) > 1.5 {
                0.6
            } else {
                1.2
            };
        }
        // "Home / News / Headline", "12 min read"
        let trail = line.text.matches(" / ").count()
            + line.text.matches(" > ").count()
            + line.text.matches(" » ").count();
        if trail >= 2 || line.lower.ends_with("min read") {
            cost += 2.5;
        }
        if line.bullet {
            cost += 2.5;
        }
        // The head of an entry of a rolling page.
        let entry = |l: &Line<'_>| l.marks.has(Marks::CLOCK) && l.words <= 2;
        if at > 0 && entry(&self.lines[at - 1]) {
            cost += 3.0;
        }
        if line.marks.has(Marks::CLOCK) || line.text.ends_with(['–', '—', '|']) {
            cost += 1.5;
        }
        if line.marks.has(Marks::HINT) && line.words <= 8 {
            cost += 1.0;
        }
        if line.start.has(Kinds::FURNITURE.or(Kinds::END)) {
            cost += 2.5;
        }
        let named = names::is_person(line.text) && line.words <= 3;
        if named && self.shared(line) < 0.5
            || line.words <= 8 && names::leading_person(line.text).is_some()
        {
            cost += 2.0;
        }
        cost
    }

    /// Whether a line looks like a title that others may stand under.
    fn is_title(&self, at: usize) -> bool {
        let line = &self.lines[at];
        may_be_title(line)
            && !line.bullet
            && !line.start.has(Kinds::FURNITURE.or(Kinds::END))
            && !line.text.ends_with(['–', '—', ':'])
            && (line.words >= 5 || line.words >= 3 && self.crumbed(at))
            && self.trail(at) < 1.0
    }

    /// Whether text, crumbs or another print of the line speak for it.
    fn is_known(&self, at: usize) -> bool {
        let line = &self.lines[at];
        self.shared(line) >= 0.25 || self.crumbed(at) || line.words >= 5 && line.repeats == 2
    }

    /// The second of two headlines is a standfirst. A line between byline and text is none either.
    fn below_title(&self, at: usize) -> f32 {
        let line = |at: usize| &self.lines[at];
        let title = |at: usize| self.is_title(at);
        let known = |at: usize| self.is_known(at);
        let Some(above) = at.checked_sub(1) else {
            return 0.0;
        };
        let mut cost = 0.0;
        // A row of such lines over the byline: the first that speaks of the text is the title.
        let row = (at.saturating_sub(3)..at)
            .rev()
            .take_while(|a| line(a + 1).gap < 4 && title(*a));
        let earlier = row
            .filter(|a| self.shared(line(*a)) >= 0.4 || self.crumbed(*a))
            .count();
        if earlier > 0 {
            cost += 2.2;
        } else if line(at).gap < 4 && title(above) {
            let two = !above.checked_sub(1).is_some_and(title) && self.header_follows(at) > 1.0;
            cost += match (two, known(above)) {
                (true, true) => 2.2,
                (true, false) => 1.5,
                (false, true) => 1.2,
                (false, false) => 0.0,
            };
        }
        // A sentence a little under a title is its standfirst.
        let near = at.saturating_sub(4)..at;
        if line(at).text.ends_with('.')
            && near
                .clone()
                .any(|a| title(a) && !line(a).stop && self.shared(line(a)) >= 0.25)
        {
            cost += 1.2;
        }
        // A job under a name.
        let named = names::is_person(line(above).text) && is_role(line(at));
        if line(at).gap == 0 && is_byline(line(above)) || named {
            cost += 3.0;
        }
        cost + self.below_byline(at)
    }

    /// A line between byline and text is no title where one stands over the byline.
    fn below_byline(&self, at: usize) -> f32 {
        let line = |at: usize| &self.lines[at];
        let own = self.header_follows(at) > 1.0 || line(at).repeats == 2 && line(at).words >= 4;
        let byline = (at.saturating_sub(28)..at)
            .rev()
            .find(|b| is_byline(line(*b)) || is_dated(line(*b)));
        if let Some(byline) = byline.filter(|_| !own) {
            // The line right over a byline needs no more to show that it is a title.
            let over = byline > 0 && self.is_title(byline - 1);
            let up =
                (byline.saturating_sub(8)..byline).any(|a| self.is_title(a) && self.is_known(a));
            return match (over || up, at - byline) {
                (true, ..=2) => 2.5,
                (true, _) => 1.5,
                _ => 0.0,
            };
        }
        0.0
    }

    /// A byline or a date soon after a line makes it a headline.
    fn header_follows(&self, at: usize) -> f32 {
        let near = self
            .lines
            .iter()
            .enumerate()
            .skip(at + 1)
            .take(14)
            .filter(|(_, l)| !l.is_furniture() && !l.is_social())
            .take(6)
            .take_while(|(i, _)| *i < self.region.first + 4);
        let mut prose = 0;
        for (step, (_, line)) in near.enumerate() {
            if is_byline(line) || is_bare_by(line) || is_dated(line) || line.is_date_only() {
                return match step {
                    0 => 1.6,
                    1 | 2 => 1.3,
                    _ => 0.6,
                };
            }
            // A standfirst may stand between, the text does not.
            prose += usize::from(line.words > 40 && line.stop);
            if prose > 1 {
                break;
            }
        }
        0.0
    }

    /// What stands between a line and the body speaks against it.
    fn distance(&self, at: usize) -> f32 {
        let between = self.lines.get(at + 1..self.region.first).unwrap_or(&[]);
        let cost: f32 = between
            .iter()
            .map(|l| {
                if l.is_furniture() || l.is_date_only() || is_byline(l) || is_credit(l) {
                    0.02
                } else if l.bullet {
                    0.07
                } else {
                    0.08
                }
            })
            .sum();
        cost.min(2.5)
    }
}
