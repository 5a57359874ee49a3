//! The one analyser of the search index and of queries.
//!
//! Words by UAX 29; compatibility forms, case and diacritics folded; Arabic without vowel marks and
//! with one form of each letter, then the light stemming of Larkey, Ballesteros and Connell
//! (`light10`, as in Lucene's `ArabicStemmer`); Latin words by the English Snowball stemmer. One
//! token a word, so a phrase is a run of tokens.
//!
//! ```
//! use rapporteur_record::analyse::tokens;
//! assert_eq!(tokens("The troops withdrew."), tokens("the TROOP, withdrew"));
//! assert_eq!(tokens("القوات"), tokens("والقوات"));
//! ```

use std::borrow::Cow;

use rapporteur_base::Span;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Version of the analyser: an index made by another is made again.
pub const VERSION: u32 = 1;

/// A word longer than this is cut: nobody searches for it, and it would fill the index.
const MAX_WORD: usize = 64;

/// Tokens of `text`, one space between two.
pub fn tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each(text, |token, _| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(token);
        true
    });
    out
}

/// Calls `each` with every token of `text` and its bytes, in order, until it returns `false`.
pub fn each(text: &str, each: impl FnMut(&str, Span) -> bool) {
    each_with(text, |_| true, each);
}

/// [`each`] without the words whose token cannot begin with a wanted byte. A word that begins with
/// an ASCII letter or digit gives a token that begins with it, in lower case: folding leaves it
/// alone and the stemmer never changes a first letter. Of other words nothing is said.
pub(crate) fn each_with(
    text: &str,
    wanted: impl Fn(u8) -> bool,
    mut each: impl FnMut(&str, Span) -> bool,
) {
    #[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
    let mut seen: std::collections::HashMap<&str, String> = std::collections::HashMap::new();
    let stemmer = Stemmer::create(Algorithm::English);
    words(text, |start, word| {
        let first = word.bytes().next().unwrap_or(0);
        if first.is_ascii_alphanumeric() && !wanted(first.to_ascii_lowercase()) {
            return true;
        }
        let span = Span::new(start, start + word.len());
        let token = seen.entry(word).or_insert_with(|| {
            let folded = fold(word);
            stem(&stemmer, &folded)
        });
        token.is_empty() || each(token, span)
    });
}

/// The words of UAX 29 with their offsets, until `each` returns `false`.
///
/// No rule of word boundaries looks across a space, so the pieces between spaces are read alone (a
/// mark that stands on a space is the word there, without the space that the rules give it);
/// of a piece that is one run of ASCII letters and digits between other ASCII signs, that run is
/// the only word (the rules that join need a letter or digit on both sides). That is most of any
/// Latin text, and the full rules are slow.
fn words<'t>(text: &'t str, mut each: impl FnMut(usize, &'t str) -> bool) {
    let mut start = 0;
    for piece in text.split(' ') {
        let from = start;
        start += piece.len() + 1;
        let go_on = match single(piece) {
            Some((_, "")) => true,
            Some((at, word)) => each(from + at, word),
            None => piece
                .unicode_word_indices()
                .all(|(at, word)| each(from + at, word)),
        };
        if !go_on {
            return;
        }
    }
}

/// The only word of an ASCII piece, if that is plain to see; empty: none.
fn single(piece: &str) -> Option<(usize, &str)> {
    let bytes = piece.as_bytes();
    let from = bytes
        .iter()
        .position(u8::is_ascii_alphanumeric)
        .unwrap_or(bytes.len());
    let end = bytes[from..]
        .iter()
        .position(|b| !b.is_ascii_alphanumeric())
        .map_or(bytes.len(), |n| from + n);
    let aside = |b: &u8| b.is_ascii() && !b.is_ascii_alphanumeric() && *b != b'_';
    let plain = bytes[..from].iter().all(aside) && bytes[end..].iter().all(aside);
    plain.then(|| (from, &piece[from..end]))
}

/// A word without case, diacritics and variant letters.
pub(crate) fn fold(word: &str) -> String {
    let word = ["'s", "’s", "'S", "’S"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    let mut out = String::with_capacity(word.len());
    if word.is_ascii() {
        out.extend(
            word.bytes()
                .filter(u8::is_ascii_alphanumeric)
                .map(|b| char::from(b.to_ascii_lowercase())),
        );
    } else {
        for c in word.nfkd().filter(|c| !is_dropped(*c)) {
            match letter(c) {
                Some(c) => out.push(c),
                None => out.extend(c.to_lowercase()),
            }
        }
    }
    if out.len() > MAX_WORD {
        let mut end = MAX_WORD;
        while !out.is_char_boundary(end) {
            end -= 1;
        }
        out.truncate(end);
    }
    out
}

/// Latin accents, Arabic vowel marks and hamza seats (left over by decomposition), tatweel, and
/// the punctuation that UAX 29 keeps inside a word ("U.S", "2,500", "don't").
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}')
        || matches!(
            c,
            '\'' | '’' | '.' | ',' | ':' | ';' | '_' | '·' | '\u{200c}' | '\u{200d}'
        )
        || c.is_whitespace()
}

/// One form for letters and digits that writers interchange.
fn letter(c: char) -> Option<char> {
    Some(match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ة' => 'ه',
        '\u{660}'..='\u{669}' => char::from(b'0' + (c as u32 - 0x660) as u8),
        '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (c as u32 - 0x6f0) as u8),
        _ => return None,
    })
}

fn stem(english: &Stemmer, folded: &str) -> String {
    if folded.bytes().all(|b| b.is_ascii_alphabetic()) {
        return match english.stem(folded) {
            Cow::Borrowed(same) => same.to_owned(),
            Cow::Owned(stem) => stem,
        };
    }
    if folded.chars().any(is_arabic) {
        return arabic(folded).to_owned();
    }
    folded.to_owned()
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}')
}

const PREFIXES: [&str; 7] = ["وال", "بال", "كال", "فال", "ال", "لل", "و"];
const SUFFIXES: [&str; 8] = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// `light10`: one prefix, then every suffix in order, while enough letters stay.
fn arabic(word: &str) -> &str {
    let letters = |s: &str| s.chars().count();
    let mut stem = word;
    for prefix in PREFIXES {
        // A lone "and" needs three letters behind it, an article two.
        let least = if prefix == "و" { 3 } else { 2 };
        if let Some(rest) = stem.strip_prefix(prefix)
            && letters(rest) >= least
        {
            stem = rest;
            break;
        }
    }
    for suffix in SUFFIXES {
        if let Some(rest) = stem.strip_suffix(suffix)
            && letters(rest) >= 2
        {
            stem = rest;
        }
    }
    stem
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(a: &str, b: &str) {
        assert_eq!(tokens(a), tokens(b), "{a} / {b}");
    }

    #[test]
    fn arabic_forms_meet() {
        same("القوات", "والقوات");
        same("القوات", "قوات");
        same("العراق", "العِراق");
        same("الامريكية", "الأمريكية");
        same("بغداد", "وبغداد");
        same("١٢", "12");
    }

    #[test]
    fn english_forms_meet() {
        same("withdrawals", "withdrawal");
        same("U.S. troops", "US troop");
        same("2,500", "2500");
        same("Türkiye’s", "turkiye");
        assert_ne!(tokens("peace"), tokens("pieces"));
        assert_eq!(tokens("al-Asad"), "al asad");
    }

    fn agree(text: &str) {
        let mut ours = Vec::new();
        words(text, |at, word| {
            ours.push((at, word));
            true
        });
        // A space never belongs to a word of ours.
        let theirs: Vec<_> = text
            .unicode_word_indices()
            .map(|(at, word)| {
                let letters = word.trim_start_matches(' ');
                (at + word.len() - letters.len(), letters)
            })
            .collect();
        assert_eq!(ours, theirs, "{text:?}");
    }

    #[test]
    fn a_mark_on_a_space_is_a_word_without_it() {
        agree(" \u{1e026}");
        agree("a \u{1e027}. b");
    }

    proptest! {
        #[test]
        fn the_quick_way_finds_the_words_of_uax_29(text in "\\PC{0,40}", ascii in "[a-c1-3 ._,:;'\"()\\-\n\r\tא\u{301}\u{200d}🇦カ٣ن]{0,40}") {
            agree(&text);
            agree(&ascii);
        }

        #[test]
        fn a_token_keeps_the_first_letter_of_its_word(word in "[a-zA-Z0-9][a-zA-Z0-9'.éكו\u{301}]{0,9}") {
            let mut first = true;
            each(&word, |token, span| {
                let byte = word.as_bytes()[span.start as usize];
                if byte.is_ascii_alphanumeric() {
                    assert_eq!(token.as_bytes()[0], byte.to_ascii_lowercase(), "{word:?}");
                }
                first = false;
                true
            });
            prop_assert!(!first);
        }

        #[test]
        fn never_panics_and_points_at_its_words(text in "\\PC{0,80}") {
            each(&text, |token, span| {
                assert!(!token.contains(' '), "{token:?}");
                assert!(!span.of(&text).is_empty());
                true
            });
        }
    }
}
