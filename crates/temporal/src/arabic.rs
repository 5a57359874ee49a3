//! Arabic letters and digits: normalisation of words and the particles that are written joined to
//! them.

use crate::lex::{Gap, Token};
use crate::lexicon::Lexicon;

/// Whether `c` is an Arabic letter or vowel sign.
pub(crate) fn is_letter(c: char) -> bool {
    matches!(c, '\u{0621}'..='\u{064a}' | '\u{064b}'..='\u{0652}' | '\u{0670}' | '\u{0671}'..='\u{06d3}')
}

/// The value of an Arabic-Indic or Persian digit.
pub(crate) fn digit(c: char) -> Option<i32> {
    match c {
        '\u{0660}'..='\u{0669}' => Some(c as i32 - 0x0660),
        '\u{06f0}'..='\u{06f9}' => Some(c as i32 - 0x06f0),
        _ => None,
    }
}

/// One letter as the tables write it; `None` for signs that are left out.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{064b}'..='\u{0652}' | '\u{0670}' | '\u{0640}' => None,
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ى' => Some('ي'),
        'ة' => Some('ه'),
        other => Some(other),
    }
}

/// Conjunctions and prepositions that are written joined to the next word, longest first, and the
/// form that the rest has alone: after `لل`, `وال`, `بال` the article is part of the particle.
const JOINED: &[(&str, bool)] = &[
    ("وال", true),
    ("فال", true),
    ("بال", true),
    ("لل", true),
    ("وب", false),
    ("ول", false),
    ("و", false),
    ("ف", false),
    ("ب", false),
    ("ل", false),
    ("ك", false),
];

/// Reads one word from `start`, parts joined particles from a known word, and returns its end.
pub(crate) fn word(
    text: &str,
    start: usize,
    gap: Gap,
    lexicon: &Lexicon,
    tokens: &mut Vec<Token>,
) -> usize {
    let mut end = start;
    let mut normal = String::new();
    for c in text[start..].chars() {
        if !is_letter(c) {
            break;
        }
        end += c.len_utf8();
        if normal.len() < 60 {
            normal.extend(plain(c));
        }
    }
    let mut push = |from: usize, to: usize, gap: Gap, word: u16| {
        tokens.push(Token {
            start: from as u32,
            end: to as u32,
            mask: lexicon.classes(word, true, true),
            num: 0,
            word,
            gap,
        });
    };
    let whole = lexicon.find(normal.as_bytes());
    if whole != 0 {
        push(start, end, gap, whole);
        return end;
    }
    if let Some((letters, found)) = parted(&normal, lexicon) {
        let cut = text[start..end]
            .char_indices()
            .nth(letters)
            .map_or(end, |(at, _)| start + at);
        push(start, cut, gap, lexicon.find(&text.as_bytes()[start..cut]));
        push(cut, end, Gap::None, found);
        return end;
    }
    push(start, end, gap, 0);
    end
}

/// A known word behind a joined particle: how many letters the particle has, and the word.
fn parted(normal: &str, lexicon: &Lexicon) -> Option<(usize, u16)> {
    for (particle, article) in JOINED {
        let Some(rest) = normal
            .strip_prefix(particle)
            .filter(|rest| !rest.is_empty())
        else {
            continue;
        };
        let found = if *article {
            lexicon.find(["ال", rest].concat().as_bytes())
        } else {
            lexicon.find(rest.as_bytes())
        };
        if found != 0 {
            // The article stays with its word; of `لل` one letter does.
            let letters = if *article {
                1
            } else {
                particle.chars().count()
            };
            return Some((letters, found));
        }
    }
    None
}
