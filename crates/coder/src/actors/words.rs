//! The text as a run of words, cut the same way whatever the tokenizer does: table entries and
//! texts meet on these. Each word knows its parser token, when there is a parse.

use rapporteur_base::Span;
use rapporteur_text::{Sentence, Upos};

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Title,
    Upper,
}

/// One word: letters and digits, apostrophes inside dropped, "U.S." in one piece, "'s" apart.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) span: Span,
    /// Lower case, without diacritics: what tables are asked for.
    pub(crate) norm: String,
    pub(crate) hash: u64,
    /// Hash of an Arabic word without the conjunction or preposition written onto it.
    pub(crate) bare: Option<u64>,
    pub(crate) case: Case,
    /// Only space, a hyphen or the like stands before it: a name may run across.
    pub(crate) soft: bool,
    /// Exactly a hyphen stands before it.
    pub(crate) hyphen: bool,
    /// "'s" after a name.
    pub(crate) poss: bool,
    /// Parser token with the most of it, if any.
    pub(crate) token: Option<usize>,
    pub(crate) upos: Upos,
}

/// The words of one sentence.
#[derive(Debug)]
pub(crate) struct Line<'s> {
    pub(crate) words: Vec<Word>,
    pub(crate) sentence: Option<&'s Sentence>,
    /// Mostly capitals: case says nothing.
    pub(crate) shouting: bool,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Hash of one normalised word.
pub(crate) fn hash(word: &str) -> u64 {
    word.bytes()
        .fold(SEED, |h, b| (h ^ u64::from(b)).wrapping_mul(PRIME))
}

/// Hash of a word sequence, one word longer.
pub(crate) fn join(sequence: u64, word: u64) -> u64 {
    (sequence.rotate_left(7) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʿ' | 'ʾ' | '`')
}

/// Lower case, without Latin diacritics, Arabic marks and letter variants.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                out.push(c.to_ascii_lowercase());
            }
            continue;
        }
        match c {
            'ً'..='ٟ' | 'ٰ' | 'ـ' => {}
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ى' => out.push('ي'),
            'ة' => out.push('ه'),
            'ı' => out.push('i'),
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'đ' | 'Đ' => out.push('d'),
            'ə' | 'Ə' => out.push('a'),
            _ if is_apostrophe(c) => {}
            _ => unicode_normalization::char::decompose_canonical(c, |d| {
                if d.is_alphanumeric() {
                    out.extend(d.to_lowercase());
                }
            }),
        }
    }
    out
}

/// Words of a name, folded, one space between.
pub(crate) fn fold_words(name: &str) -> String {
    name.split([' ', '-'])
        .map(fold)
        .collect::<Vec<_>>()
        .join(" ")
}

fn case_of(word: &str) -> Case {
    let mut upper = 0usize;
    let mut lower = 0usize;
    let mut first = None;
    for c in word.chars().filter(|c| c.is_alphabetic()) {
        first.get_or_insert(c);
        if c.is_uppercase() {
            upper += 1;
        } else if c.is_lowercase() {
            lower += 1;
        }
    }
    let digits = word.bytes().any(|b| b.is_ascii_digit());
    match first {
        // Scripts without case, Arabic among them.
        Some(c) if !c.is_uppercase() && !c.is_lowercase() => Case::Title,
        Some(c) if c.is_uppercase() => {
            if lower == 0 && (upper > 1 || digits) {
                Case::Upper
            } else {
                Case::Title
            }
        }
        _ => Case::Lower,
    }
}

/// Abbreviations after which a full stop does not part a name.
const DOTTED: [&str; 18] = [
    "mr", "mrs", "ms", "dr", "gen", "lt", "col", "sen", "rep", "st", "jr", "no", "maj", "adm",
    "gov", "brig", "capt", "sgt",
];

/// Cuts `text[range]` into words.
pub(crate) fn scan(text: &str, within: Span) -> Vec<Word> {
    let base = within.start as usize;
    let slice = within.of(text);
    let mut words: Vec<Word> = Vec::with_capacity(slice.len() / 6 + 1);
    let mut chars = slice.char_indices().peekable();
    let mut gap = 0usize;
    while let Some(&(start, c)) = chars.peek() {
        if !c.is_alphanumeric() {
            chars.next();
            continue;
        }
        let end = word_end(slice, start);
        while chars.peek().is_some_and(|(at, _)| *at < end) {
            chars.next();
        }
        push(&mut words, slice, (gap, start, end), base);
        gap = end;
        if let Some(after) = possessive(slice, end) {
            while chars.peek().is_some_and(|(at, _)| *at < after) {
                chars.next();
            }
            push(&mut words, slice, (end, end, after), base);
            if let Some(word) = words.last_mut() {
                word.poss = true;
                word.norm = "s".into();
                word.hash = hash("s");
                word.soft = true;
            }
            gap = after;
        }
    }
    words
}

/// Where the word that starts at `start` ends: letters, digits, dots of initials, inner apostrophes.
fn word_end(slice: &str, start: usize) -> usize {
    let mut end = start;
    let mut run = 0usize;
    let mut dotted = true;
    let mut rest = slice[start..].chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        if c.is_alphanumeric() || ('\u{0300}'..='\u{036f}').contains(&c) || is_arabic_mark(c) {
            run += 1;
            end += c.len_utf8();
        } else if c == '.' && run == 1 && dotted && next.is_some_and(char::is_alphabetic) {
            // "U.S", "p.m": single letters parted by dots.
            run = 0;
            end += 1;
        } else if c == '.' && run == 1 && dotted && slice[start..end].contains('.') {
            end += 1;
            break;
        } else if is_apostrophe(c) && next.is_some_and(char::is_alphabetic) {
            if possessive(slice, end).is_some() {
                break;
            }
            end += c.len_utf8();
        } else {
            break;
        }
        dotted &= run <= 1;
    }
    end
}

fn is_arabic_mark(c: char) -> bool {
    matches!(c, 'ً'..='ٟ' | 'ٰ' | 'ـ')
}

/// End of "'s" that starts at `at`, if it is one.
fn possessive(slice: &str, at: usize) -> Option<usize> {
    let mut rest = slice[at..].chars();
    let mark = rest.next().filter(|c| is_apostrophe(*c))?;
    let s = rest.next().filter(|c| matches!(c, 's' | 'S'))?;
    if rest.next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    Some(at + mark.len_utf8() + s.len_utf8())
}

fn push(words: &mut Vec<Word>, slice: &str, at: (usize, usize, usize), base: usize) {
    let (gap, start, end) = at;
    let raw = &slice[start..end];
    let between = slice.get(gap..start).unwrap_or("");
    let dotted = words
        .last()
        .is_some_and(|w| w.norm.len() == 1 || DOTTED.contains(&w.norm.as_str()));
    let norm = fold(raw);
    words.push(Word {
        span: Span::new(base + start, base + end),
        hash: hash(&norm),
        bare: without_clitics(&norm).map(|bare| hash(&bare)),
        norm,
        case: case_of(raw),
        soft: !words.is_empty() && is_soft(between, dotted),
        hyphen: matches!(between, "-" | "‐" | "‑" | "–"),
        poss: false,
        token: None,
        upos: Upos::X,
    });
}

/// "وللعراق" -> "العراق": conjunction and preposition come off where enough of the word is left.
/// Tables are asked for the word as it stands first.
fn without_clitics(norm: &str) -> Option<String> {
    if norm.is_ascii() {
        return None;
    }
    let long = |rest: &str| rest.chars().count() >= 3;
    let mut rest = norm;
    if let Some(after) = rest.strip_prefix(['و', 'ف']).filter(|r| long(r)) {
        rest = after;
    }
    if let Some(after) = rest.strip_prefix("لل").filter(|r| long(r)) {
        return Some(format!("ال{after}"));
    }
    if let Some(after) = rest.strip_prefix(['ب', 'ل', 'ك']).filter(|r| long(r)) {
        rest = after;
    }
    (rest.len() < norm.len()).then(|| rest.to_owned())
}

fn is_soft(between: &str, dotted: bool) -> bool {
    let mut lines = 0;
    for c in between.chars() {
        match c {
            '\n' => lines += 1,
            '-' | '‐' | '‑' | '–' | '/' | '+' => {}
            '.' if dotted => {}
            _ if c.is_whitespace() || is_apostrophe(c) => {}
            _ => return false,
        }
    }
    lines < 2
}

/// Whether a name of the tagger can be one: short, without verbs or sentence marks inside.
pub(crate) fn plausible(sentence: &Sentence, name: &rapporteur_text::Name) -> bool {
    name.last >= name.first
        && name.last - name.first < 9
        && sentence
            .tokens
            .get(name.first..=name.last)
            .is_some_and(|t| {
                t.iter()
                    .all(|t| !matches!(t.upos, Upos::Verb | Upos::Aux | Upos::Pron))
            })
}

/// The words of every sentence; without sentences, of every paragraph.
pub(crate) fn lines<'s>(text: &str, sentences: &'s [Sentence]) -> Vec<Line<'s>> {
    if sentences.is_empty() {
        let mut out = Vec::new();
        let mut from = 0;
        for part in text.split("\n\n") {
            let span = Span::new(from, from + part.len());
            out.push(line(text, span, None));
            from += part.len() + 2;
        }
        return out;
    }
    sentences
        .iter()
        .map(|s| line(text, s.span, Some(s)))
        .collect()
}

fn line<'s>(text: &str, span: Span, sentence: Option<&'s Sentence>) -> Line<'s> {
    let mut words = scan(text, span);
    if let Some(sentence) = sentence {
        let mut at = 0;
        for word in &mut words {
            while at < sentence.tokens.len() && sentence.tokens[at].span.end <= word.span.start {
                at += 1;
            }
            let Some(token) = sentence.tokens.get(at) else {
                break;
            };
            if token.span.start < word.span.end {
                // The last token that the word touches carries its syntax ("al-Sudani").
                let mut last = at;
                while sentence
                    .tokens
                    .get(last + 1)
                    .is_some_and(|t| t.span.start < word.span.end)
                {
                    last += 1;
                }
                word.token = Some(last);
                word.upos = sentence.tokens[last].upos;
            }
        }
    }
    let letters = words.iter().filter(|w| w.norm.len() > 1).count();
    let upper = words.iter().filter(|w| w.case == Case::Upper).count();
    Line {
        shouting: letters >= 3 && upper * 10 > letters * 6,
        words,
        sentence,
    }
}

/// The first word of the capitalised words that end at `last` and whose first letters are `initials`.
pub(super) fn spelt_out(line: &Line<'_>, last: usize, initials: &str) -> Option<usize> {
    let mut at = last;
    let mut letters = initials.chars().rev().peekable();
    loop {
        let word = line.words.get(at)?;
        if word.case == Case::Title {
            if letters.next() != word.norm.chars().next() {
                return None;
            }
            if letters.peek().is_none() {
                return Some(at);
            }
        } else if !matches!(word.norm.as_str(), "of" | "for" | "and" | "the" | "in") {
            return None;
        }
        at = at.checked_sub(1)?;
    }
}

/// "al-Sudani": the particle belongs to the surname.
pub(super) fn particle(line: &Line<'_>, at: usize) -> usize {
    if at > 0
        && line.words[at].hyphen
        && matches!(line.words[at - 1].norm.as_str(), "al" | "el" | "ul")
    {
        at - 1
    } else {
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn norms(text: &str) -> Vec<String> {
        scan(text, Span::new(0, text.len()))
            .into_iter()
            .map(|w| w.norm)
            .collect()
    }

    #[test]
    fn names_meet_in_one_shape() {
        assert_eq!(
            norms("the U.S.-led coalition"),
            ["the", "us", "led", "coalition"]
        );
        assert_eq!(norms("Iraq’s Da’esh"), ["iraq", "s", "daesh"]);
        assert_eq!(norms("Erdoğan, Goïta"), ["erdogan", "goita"]);
        assert_eq!(norms("العراق أعلن"), ["العراق", "اعلن"]);
        assert_eq!(norms("the U.S. It went"), ["the", "us", "it", "went"]);
    }

    #[test]
    fn arabic_clitics_come_off() {
        let bare = |word| without_clitics(word);
        assert_eq!(bare("وللعراق").as_deref(), Some("العراق"));
        assert_eq!(bare("بالعراق").as_deref(), Some("العراق"));
        assert_eq!(bare("العراق"), None);
        assert_eq!(bare("ولد"), None);
        assert_eq!(bare("and"), None);
    }

    #[test]
    fn commas_part_names() {
        let words = scan("Gen. Smith, the envoy", Span::new(0, 21));
        assert!(words[1].soft && !words[2].soft && words[3].soft);
    }

    #[test]
    fn spans_stay_inside() {
        let text = "a “x’s” — é’s 𝔘’S ‘";
        for word in scan(text, Span::new(0, text.len())) {
            assert!(!word.span.of(text).is_empty());
        }
    }
}
