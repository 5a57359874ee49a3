//! Text in capitals throughout, as wires and old translations have it, in ordinary letters: same
//! length, so that every offset stays right.
//!
//! Common words become small; words of names, and words no list knows, keep a first capital; short
//! forms stay as they are. What is common is read from the classes of words in
//! `data/text/clusters.tsv`: a class most of whose words are names of people or states is one of names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::lexicon::{list, names_of_states};

const CLUSTERS: &str = include_str!("../../../../data/text/clusters.tsv");
const PEOPLE: &str = include_str!("../../../../data/text/people.tsv");

/// The most frequent words are common whatever list they stand in.
const FREQUENT: usize = 1500;

/// A word of the vocabulary.
#[derive(Clone, Copy, Debug)]
struct Entry {
    rank: usize,
    class: usize,
}

/// What is known of words.
#[derive(Debug)]
struct Vocabulary {
    words: BTreeMap<&'static str, Entry>,
    /// Names of people and states, small.
    people: Vec<String>,
    states: Vec<String>,
    /// By class: how many of a hundred words are names.
    named: Vec<usize>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);

impl Vocabulary {
    fn read() -> Self {
        let mut words = BTreeMap::new();
        let rows = CLUSTERS.lines().filter(|line| !line.starts_with('#'));
        for (rank, line) in rows.enumerate() {
            let mut fields = line.split('\t');
            if let (Some(word), Some(class)) = (fields.next(), fields.next()) {
                let class = class.parse().unwrap_or(0);
                words.entry(word).or_insert(Entry { rank, class });
            }
        }
        let mut people: Vec<String> = PEOPLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| Some(line.split('\t').next()?.to_lowercase()))
            .collect();
        people.sort_unstable();
        let states = names_of_states();
        let classes = words.values().map(|e| e.class + 1).max().unwrap_or(0);
        let (mut all, mut named) = (vec![0usize; classes], vec![0usize; classes]);
        for (word, entry) in &words {
            all[entry.class] += 1;
            named[entry.class] += usize::from(has(&people, word) || has(&states, word));
        }
        let named = named
            .iter()
            .zip(&all)
            .map(|(n, all)| n * 100 / (*all).max(1))
            .collect();
        Self {
            words,
            people,
            states,
            named,
        }
    }

    /// Whether a small word is common, if the vocabulary has it.
    fn common(&self, word: &str) -> Option<bool> {
        let entry = *self.words.get(word)?;
        let (person, state) = (has(&self.people, word), has(&self.states, word));
        let month = list("months").contains(&word);
        if entry.rank < FREQUENT && !month && !(state && !person && word.len() > 4) {
            return Some(true);
        }
        let mut form = String::with_capacity(word.len() + 3);
        let inflected = ["s", "ed", "ing", "er", "es", "ly", "d"]
            .iter()
            .filter(|suffix| {
                form.clear();
                form.push_str(word);
                form.push_str(suffix);
                self.words.contains_key(form.as_str())
            })
            .count();
        let share = self.named.get(entry.class).copied().unwrap_or(0);
        Some(match (inflected, person || state || month) {
            (2.., _) => true,
            (_, true) if share > 30 => false,
            (n, true) => n >= 1,
            (_, false) => share < 60,
        })
    }

    fn is_common(&self, word: &str) -> bool {
        self.common(word) == Some(true)
    }

    /// Whether a small word is written small: a common word, a form of one or a compound.
    fn small(&self, word: &str) -> bool {
        if let Some(known) = self.common(word) {
            return known;
        }
        // The article; initials are settled before.
        if word.len() == 1 {
            return true;
        }
        if word.len() > 5 {
            let derived = list("suffixes")
                .iter()
                .filter_map(|suffix| word.strip_suffix(suffix))
                .any(|stem| self.stem(stem));
            if derived || list("endings").iter().any(|end| word.ends_with(end)) {
                return true;
            }
        }
        let plain = ["s", "es", "ed", "d"];
        let compound = |tail: &&&str| {
            word.strip_suffix(**tail)
                .is_some_and(|first| first.len() > 2 && self.is_common(first))
        };
        let prefixed = |prefix: &&&str| {
            word.strip_prefix(**prefix)
                .is_some_and(|rest| rest.len() > 3 && self.is_common(rest))
        };
        plain
            .iter()
            .filter_map(|suffix| word.strip_suffix(suffix))
            .any(|stem| self.is_common(stem))
            || list("compounds").iter().any(|tail| compound(&tail))
            || list("prefixes").iter().any(|prefix| prefixed(&prefix))
    }

    /// A stem as it stands, with its `e`, without its doubled letter, or with `y`.
    fn stem(&self, stem: &str) -> bool {
        let cut = stem
            .char_indices()
            .next_back()
            .map_or("", |(at, _)| &stem[..at]);
        let bytes = stem.as_bytes();
        let doubled = bytes.len() > 2 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
        self.is_common(stem)
            || self.is_common(&format!("{stem}e"))
            || (doubled && self.is_common(cut))
            || self.is_common(&format!("{cut}y"))
    }
}

fn has(sorted: &[String], word: &str) -> bool {
    sorted.binary_search_by(|w| w.as_str().cmp(word)).is_ok()
}

/// A run of ASCII letters.
#[derive(Clone, Debug)]
struct Run {
    start: usize,
    end: usize,
    small: String,
}

/// The text in ordinary letters when it is in capitals throughout (four letters of five), of the
/// same length in bytes; else nothing.
pub(super) fn recase(text: &str) -> Option<String> {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    if letters < 20 || capitals * 5 < letters * 4 {
        return None;
    }
    let vocabulary = &*VOCABULARY;
    let bytes = text.as_bytes();
    let runs = runs(bytes);
    let acronyms = acronyms(vocabulary, text);
    let mut out = bytes.to_ascii_lowercase();
    for run in &runs {
        if is_acronym(vocabulary, bytes, run, &acronyms) {
            out[run.start..run.end].make_ascii_uppercase();
        } else if !clitic(bytes, run)
            && (starts_sentence(bytes, run.start)
                || run.small == "i"
                || !vocabulary.small(&run.small))
        {
            out[run.start..=run.start].make_ascii_uppercase();
        }
    }
    long_forms(text, &runs, &acronyms, &mut out);
    String::from_utf8(out).ok()
}

fn runs(bytes: &[u8]) -> Vec<Run> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = at
            + bytes[at..]
                .iter()
                .take_while(|b| b.is_ascii_alphabetic())
                .count();
        if end > at {
            let small = bytes[at..end]
                .iter()
                .map(|b| b.to_ascii_lowercase() as char)
                .collect();
            out.push(Run {
                start: at,
                end,
                small,
            });
        }
        at = end + 1;
    }
    out
}

/// `'S`, `'T`, `'LL` after a word.
fn clitic(bytes: &[u8], run: &Run) -> bool {
    run.start > 0
        && bytes[run.start - 1] == b'\''
        && ["s", "t", "d", "ll", "re", "ve"].contains(&run.small.as_str())
}

/// Whether a sentence begins at a byte: after a stop, a blank line or nothing.
fn starts_sentence(bytes: &[u8], at: usize) -> bool {
    let before = &bytes[..at];
    let kept = before
        .iter()
        .rposition(|b| !matches!(b, b' ' | b'\n' | b'"' | b'('));
    let Some(last) = kept else { return true };
    if before[last + 1..].windows(2).any(|pair| pair == b"\n\n") {
        return true;
    }
    // The stop of an initial or of a short title ends nothing.
    let initial = last > 0
        && before[last - 1].is_ascii_uppercase()
        && (last < 2 || !before[last - 2].is_ascii_alphabetic());
    matches!(before[last], b'.' | b'?' | b'!') && !initial
}

/// Short forms in brackets: their bytes, brackets excluded.
fn bracketed(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    for (open, _) in text.match_indices(['(', '[']) {
        let inside = &text[open + 1..];
        let Some(close) = inside.find([')', ']']).filter(|n| (2..=10).contains(n)) else {
            continue;
        };
        let word = &inside[..close];
        if word.bytes().all(|b| b.is_ascii_uppercase() || b == b'-')
            && word.as_bytes()[0].is_ascii_uppercase()
        {
            out.push((open + 1, open + 1 + close));
        }
    }
    out
}

/// The short forms that the text introduces in brackets, small and sorted.
fn acronyms(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
    let mut out: Vec<String> = bracketed(text)
        .into_iter()
        .map(|(start, end)| text[start..end].to_ascii_lowercase())
        .filter(|word| word.len() <= 7 && !vocabulary.is_common(word))
        .collect();
    out.sort();
    out.dedup();
    out
}

fn is_acronym(vocabulary: &Vocabulary, bytes: &[u8], run: &Run, acronyms: &[String]) -> bool {
    let word = run.small.as_str();
    if clitic(bytes, run) {
        return false;
    }
    let initial = word.len() == 1 && bytes.get(run.end) == Some(&b'.');
    let unspoken = (2..=4).contains(&word.len())
        && !word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        && vocabulary.common(word).is_none()
        && !list("abbreviated").contains(&word);
    let known = word != "us" && list("known-acronyms").contains(&word);
    has(acronyms, word) || initial || unspoken || known
}

/// Capitals for the words before a short form in brackets: they are the name in full.
fn long_forms(text: &str, runs: &[Run], acronyms: &[String], out: &mut [u8]) {
    /// Most words of a name in full.
    const MOST: usize = 8;
    for (start, end) in bracketed(text) {
        if !has(acronyms, &text[start..end].to_ascii_lowercase()) {
            continue;
        }
        let mut next = start - 1;
        let before = runs.partition_point(|run| run.end < start);
        for run in runs[..before].iter().rev().take(MOST) {
            let gap = &text[run.end..next];
            if gap.contains(['.', ',', ';', ':', '(', ')'])
                || list("long-form-stop").contains(&run.small.as_str())
            {
                break;
            }
            if !list("particles").contains(&run.small.as_str()) {
                out[run.start..=run.start].make_ascii_uppercase();
            }
            next = run.start;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_become_ordinary_letters() {
        let text = "REBELS OF THE SIERRA LIBERATION FRONT (SLF) BURNED A BUS IN TARAPAYA.  COLONEL PEDRO QUIROZ SAID SO.";
        let cased = recase(text).unwrap();
        assert_eq!(cased.len(), text.len());
        assert_eq!(
            cased,
            "Rebels of the Sierra Liberation Front (SLF) burned a bus in Tarapaya.  Colonel Pedro Quiroz said so."
        );
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        assert_eq!(
            recase("The rebels burned a bus in the CAPITAL today."),
            None
        );
    }

    #[test]
    fn other_bytes_stay() {
        let text = "EL CAPITÁN DIJO «NO» — THE ENVOY'S CAR (A \u{1F697}) WAS HIT NEAR ÑUÑOA.";
        let cased = recase(text).unwrap();
        assert_eq!(cased.len(), text.len());
        assert!(cased.contains('Á') && cased.contains("envoy's"));
    }
}
