//! Words, stems and hashes: the small change of this crate.

use std::sync::OnceLock;

use rapporteur_base::Span;

use crate::families::BuildPlain;

/// One word of a text: a run of letters, digits and underscores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'t> {
    /// Its first byte.
    pub(crate) start: usize,
    /// Its letters as written.
    pub(crate) text: &'t str,
}

/// The words of `text`, in order.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = edge(text, at, true)?;
        let end = edge(text, start, false).unwrap_or(text.len());
        at = end;
        Some(Word {
            start,
            text: &text[start..end],
        })
    })
}

/// The next character from `at` on that is of a word, or that is not.
fn edge(text: &str, mut at: usize, of_word: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii() {
            if (byte.is_ascii_alphanumeric() || byte == b'_') == of_word {
                return Some(at);
            }
            at += 1;
        } else {
            let c = text[at..].chars().next()?;
            if c.is_alphanumeric() == of_word {
                return Some(at);
            }
            at += c.len_utf8();
        }
    }
    None
}

/// Lower case without allocation for words that are lower case already.
pub(crate) fn lower(word: &str) -> std::borrow::Cow<'_, str> {
    if word
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    {
        word.into()
    } else {
        word.to_lowercase().into()
    }
}

/// Spreads every bit of `x` over the whole word (the finaliser of SplitMix64).
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A 64-bit hash of the letters of `word` (FNV-1a, then [`mix`]); the same on every machine.
pub(crate) fn hash(word: &str) -> u64 {
    let seed = 0xcbf2_9ce4_8422_2325;
    mix(word.bytes().fold(seed, |h: u64, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// [`hash`] of the lower-case form.
pub(crate) fn hash_lower(word: &str) -> u64 {
    if word.is_ascii() {
        let seed = 0xcbf2_9ce4_8422_2325;
        mix(word.bytes().fold(seed, |h: u64, b| {
            (h ^ u64::from(b.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
        }))
    } else {
        hash(&word.to_lowercase())
    }
}

/// A light English stem: plural, `-ed` and `-ing` endings off, silent `e` off. It only has to
/// bring forms of one word together, not to be a word. Other scripts stay as they are.
pub(crate) fn stem(lower: &str) -> String {
    let mut word = lower.to_owned();
    stem_in_place(&mut word);
    word
}

/// [`stem`] of a word in lower case, without a new one.
pub(crate) fn stem_in_place(word: &mut String) {
    if !word.is_ascii() || word.len() < 4 || word.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    if word.ends_with("sses") || (word.ends_with("ies") && word.len() > 4) {
        word.truncate(word.len() - 2);
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        word.truncate(word.len() - 1);
    }
    for ending in ["ing", "ed", "ement", "ment", "ation", "ion", "al"] {
        let Some(base) = word.strip_suffix(ending) else {
            continue;
        };
        if base.len() >= 3 && base.bytes().any(|b| b"aeiouy".contains(&b)) {
            word.truncate(base.len());
            let tail = word.as_bytes();
            let last = tail[tail.len() - 1];
            if last == tail[tail.len() - 2] && !b"lsz".contains(&last) {
                word.truncate(word.len() - 1);
            }
        }
        break;
    }
    if word.len() > 3 && word.ends_with('e') {
        word.truncate(word.len() - 1);
    }
    if word.len() > 2 && word.ends_with('y') {
        word.truncate(word.len() - 1);
        word.push('i');
    }
}

/// Words that carry no topic.
pub(crate) fn is_stop(lower: &str) -> bool {
    is_stop_hash(hash(lower))
}

/// [`is_stop`] of the [`hash`] of a word in lower case.
pub(crate) fn is_stop_hash(hash_of: u64) -> bool {
    static STOP: OnceLock<Table<()>> = OnceLock::new();
    STOP.get_or_init(|| {
        listed(include_str!("../../../data/story/stop.txt"))
            .map(|word| (hash(word), ()))
            .collect()
    })
    .contains_key(&hash_of)
}

/// A table by hash, for looking up only.
#[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
pub(crate) type Table<V> = std::collections::HashMap<u64, V, BuildPlain>;

/// The words of a list: lines of words, notes after `#`.
pub(crate) fn listed(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
}

/// Words that end in a full stop without ending a sentence.
const SHORTENED: [&str; 34] = [
    "mr", "mrs", "ms", "dr", "gen", "lt", "col", "maj", "sgt", "capt", "sen", "rep", "gov", "st",
    "no", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "vs", "inc", "corp", "co", "jr", "prof", "adm",
];

/// The sentences of `text`, without outer white space. A line break ends one.
pub(crate) fn sentences(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut push = |from: usize, to: usize| {
        let span = Span::new(from, to).trim(text);
        if !span.is_empty() {
            out.push(span);
        }
    };
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match c {
            '\n' => {
                push(start, at);
                start = end;
            }
            '.' | '!' | '?' | '…' if at >= start => {
                let rest = &text[end..];
                let tail = rest.trim_start_matches(['"', '”', '’', '\'', ')', '»']);
                let after = end + rest.len() - tail.len();
                if opens_sentence(tail) && !(c == '.' && shortened(&text[start..at])) {
                    push(start, after);
                    start = after;
                }
            }
            _ => {}
        }
    }
    push(start, text.len());
    out
}

fn opens_sentence(tail: &str) -> bool {
    let mut chars = tail.chars();
    chars.next().is_some_and(char::is_whitespace)
        && tail
            .trim_start()
            .chars()
            .next()
            .is_none_or(|c| !c.is_lowercase())
}

fn shortened(before: &str) -> bool {
    let from = before.rfind(|c: char| !c.is_alphabetic()).map_or(0, |i| {
        i + before[i..].chars().next().map_or(1, char::len_utf8)
    });
    let word = &before[from..];
    let one = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    one || SHORTENED.contains(&word.to_lowercase().as_str())
}

/// The stems of the topic-bearing words of `text`, sorted, each once.
pub(crate) fn content(text: &str) -> Vec<String> {
    let mut out: Vec<String> = words(text)
        .filter_map(|word| {
            let low = lower(word.text);
            (low.len() > 1 && !is_stop(&low)).then(|| stem(&low))
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// How many of two sorted lists are shared.
pub(crate) fn shared<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                n += 1;
                i += 1;
                j += 1;
            }
        }
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_place() {
        let text = "The talks — begun in “Oslo” — go on.";
        let found: Vec<&str> = words(text).map(|w| w.text).collect();
        assert_eq!(found, ["The", "talks", "begun", "in", "Oslo", "go", "on"]);
        assert!(words(text).all(|w| text[w.start..].starts_with(w.text)));
    }

    #[test]
    fn sentences_end_where_they_end() {
        let text =
            "Gen. A. Novak met Mr. Ito. “We agreed.” They left\nA second line. 12 came? Yes.";
        let found: Vec<&str> = sentences(text).iter().map(|s| s.of(text)).collect();
        assert_eq!(
            found,
            [
                "Gen. A. Novak met Mr. Ito.",
                "“We agreed.”",
                "They left",
                "A second line.",
                "12 came?",
                "Yes."
            ]
        );
    }

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for (a, b) in [
            ("withdrawals", "withdrawal"),
            ("suspended", "suspend"),
            ("resumed", "resume"),
            ("attacking", "attacks"),
            ("parties", "party"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} and {b}");
        }
        assert_eq!(hash_lower("OSLO"), hash("oslo"));
    }
}
