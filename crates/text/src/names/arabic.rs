//! Arabic names: letters in one spelling, clitics parted from their word, a linear model over both.
//!
//! There is no Arabic tagger and no parse; what stands around a word must do. The span of a name is
//! that of its tokens: a conjunction or preposition written onto the name stays inside it.

use super::LABELS;
use super::chain::{self, Follow};
use super::gazetteer::{Gazetteer, Mark, join};
use crate::hash::{Roll, feature};
use crate::table::{Score, Table};

/// Template of the features that hold how labels follow each other.
pub(crate) const FOLLOW: u32 = 400;

/// Letters kept of a word.
const LONGEST: usize = 32;

/// One letter in its plain spelling; `None` for marks and the stroke that only stretches a word.
pub(crate) fn plain(c: char) -> Option<char> {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ى' | 'ی' => Some('ي'),
        'ة' => Some('ه'),
        'ک' => Some('ك'),
        'ؤ' => Some('و'),
        'ئ' => Some('ي'),
        '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' => None,
        '٠'..='٩' | '0'..='9' => Some('0'),
        c => Some(c.to_lowercase().next().unwrap_or(c)),
    }
}

/// Whether most letters of a sentence are Arabic.
pub(crate) fn is_arabic(forms: &[&str]) -> bool {
    let (mut arabic, mut other) = (0usize, 0usize);
    for c in forms.iter().flat_map(|f| f.chars()).take(400) {
        if ('\u{0620}'..='\u{06D3}').contains(&c) {
            arabic += 1;
        } else if c.is_alphabetic() {
            other += 1;
        }
    }
    arabic > other
}

/// What the model sees of a word. Zero stands for "no such word".
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Form {
    /// Plain spelling of the whole word.
    pub norm: u32,
    /// Without conjunction and preposition.
    pub stem: u32,
    /// Without the article too.
    pub bare: u32,
    /// Which clitics were taken off.
    clitics: u32,
    suffix: [u32; 3],
    prefix: [u32; 3],
    /// Class of characters and length.
    shape: u32,
}

impl Form {
    /// Reads a word.
    pub(crate) fn new(form: &str) -> Self {
        let mut letters = ['\0'; LONGEST];
        let mut count = 0;
        for c in form.chars().filter_map(plain) {
            if count < LONGEST {
                letters[count] = c;
                count += 1;
            }
        }
        let letters = &letters[..count];
        let whole = |letters: &[char]| {
            let mut roll = Roll::new(11);
            letters.iter().for_each(|c| roll.push(*c as u32));
            roll.finish()
        };
        let (mut clitics, mut at) = (0, 0);
        if count > 3 && matches!(letters[0], 'و' | 'ف') {
            clitics |= 1;
            at = 1;
        }
        let stem = if count - at > 4 && letters[at..].starts_with(&['ل', 'ل']) {
            clitics |= 2;
            let mut with: Vec<char> = vec!['ا', 'ل'];
            with.extend(&letters[at + 2..]);
            with
        } else if count - at > 3 && matches!(letters[at], 'ب' | 'ل' | 'ك') {
            clitics |= 4;
            letters[at + 1..].to_vec()
        } else {
            letters[at..].to_vec()
        };
        let bare = if stem.len() > 3 && stem.starts_with(&['ا', 'ل']) {
            clitics |= 8;
            &stem[2..]
        } else {
            &stem[..]
        };
        let mut made = Self {
            norm: whole(letters),
            stem: whole(&stem),
            bare: whole(bare),
            clitics,
            shape: shape(letters),
            ..Self::default()
        };
        for length in 1..=3usize {
            made.suffix[length - 1] = whole(&letters[count.saturating_sub(length)..]);
            made.prefix[length - 1] = whole(&bare[..bare.len().min(length + 1)]);
        }
        made
    }

    /// The hash that lists keep of a word.
    #[cfg(feature = "train")]
    pub(crate) fn key(form: &str) -> u32 {
        Self::new(form).norm
    }
}

fn shape(letters: &[char]) -> u32 {
    let mut shape = letters.len().min(9) as u32;
    for c in letters {
        shape |= match c {
            '0' => 16,
            c if c.is_ascii_alphabetic() => 32,
            c if c.is_alphabetic() => 64,
            _ => 128,
        };
    }
    shape
}

/// Longest phrase of a list, in words.
const PHRASE: usize = 5;

/// Marks what lists know: each word as it stands, then without its clitics.
pub(crate) fn mark(lists: &Gazetteer, forms: &[Form], out: &mut Vec<Mark>) {
    out.clear();
    out.resize(forms.len(), Mark::default());
    let mut covered = 0;
    for at in 0..forms.len() {
        let mut best = (at, 0u8);
        for first in [forms[at].norm, forms[at].stem] {
            let mut key = join(0, first);
            let kinds = lists.of(key);
            out[at].word |= kinds;
            for (last, form) in forms.iter().enumerate().skip(at + 1).take(PHRASE - 1) {
                key = join(key, form.norm);
                let kinds = lists.of(key);
                if kinds != 0 && last > best.0 {
                    best = (last, kinds);
                }
            }
        }
        if best.0 == at || at < covered {
            continue;
        }
        covered = best.0 + 1;
        for (place, mark) in out[at..=best.0].iter_mut().enumerate() {
            mark.phrase = best.1;
            mark.place = 1 + u8::from(place > 0);
        }
    }
}

/// Features of the word `at`.
pub(crate) fn features(forms: &[Form], marks: &[Mark], at: usize, out: &mut Vec<u64>) {
    let by = |step: isize| {
        at.checked_add_signed(step)
            .and_then(|i| forms.get(i))
            .copied()
    };
    let near = |step: isize| by(step).unwrap_or_default();
    let mark = |step: isize| {
        let found = at.checked_add_signed(step).and_then(|i| marks.get(i));
        found.map_or(0, |m| m.code())
    };
    let w = forms[at];
    let (p1, p2, n1, n2) = (near(-1), near(-2), near(1), near(2));
    out.clear();
    out.extend([
        feature(401, w.norm, 0, 0),
        feature(402, w.stem, 0, 0),
        feature(403, w.bare, 0, 0),
        feature(404, w.bare, w.clitics, 0),
        feature(405, w.suffix[0], w.clitics, 0),
        feature(406, w.suffix[1], 0, 0),
        feature(407, w.suffix[2], 0, 0),
        feature(408, w.prefix[0], 0, 0),
        feature(409, w.prefix[1], 0, 0),
        feature(410, w.prefix[2], 0, 0),
        feature(411, w.shape, w.clitics, 0),
        feature(412, p1.norm, 0, 0),
        feature(413, p1.bare, 0, 0),
        feature(414, p2.bare, 0, 0),
        feature(415, n1.norm, 0, 0),
        feature(416, n1.bare, 0, 0),
        feature(417, n2.bare, 0, 0),
        feature(418, p1.bare, w.bare, 0),
        feature(419, w.bare, n1.bare, 0),
        feature(420, p2.bare, p1.bare, 0),
        feature(421, n1.bare, n2.bare, 0),
        feature(422, p1.bare, w.clitics, w.suffix[0]),
        feature(423, p1.clitics, w.clitics, n1.clitics),
        feature(424, p1.shape, w.shape, n1.shape),
        feature(425, p1.bare, n1.bare, 0),
        feature(426, mark(0), 0, 0),
        feature(427, mark(0), mark(-1), 0),
        feature(428, mark(0), mark(1), 0),
        feature(429, mark(0), p1.bare, 0),
        feature(430, mark(0), w.clitics, w.suffix[0]),
        feature(431, mark(-1), mark(0), mark(1)),
        feature(432, p1.suffix[1], w.suffix[1], 0),
        feature(433, w.suffix[0], n1.suffix[0], n1.clitics),
        feature(434, p2.bare, 1, w.clitics),
    ]);
}

/// The model and how its labels follow each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct ArabicModel {
    pub table: Table,
    pub follow: Follow<LABELS>,
    /// Slope and offset of the names' scores.
    pub calibration: (f32, f32),
}

impl ArabicModel {
    pub(crate) fn new(table: Table, calibration: (f32, f32)) -> Self {
        Self {
            table,
            follow: Follow::read::<LABELS>(&table, FOLLOW, 0),
            calibration,
        }
    }

    /// Labels a sentence, into `scratch.labels`.
    pub(crate) fn label(&self, lists: &Gazetteer, words: &[&str], scratch: &mut super::Scratch) {
        let forms: Vec<Form> = words.iter().map(|w| Form::new(w)).collect();
        let mut marks = Vec::new();
        mark(lists, &forms, &mut marks);
        label(&self.table, &self.follow, &forms, &marks, scratch);
    }
}

/// Labels a sentence, into `scratch.labels`.
pub(crate) fn label(
    model: &impl Score,
    follow: &Follow<LABELS>,
    forms: &[Form],
    marks: &[Mark],
    scratch: &mut super::Scratch,
) {
    let super::Scratch {
        features: list,
        scores,
        paths,
        labels,
    } = scratch;
    scores.clear();
    for at in 0..forms.len() {
        features(forms, marks, at, list);
        let mut row = [0f32; LABELS];
        model.score(list, &mut row);
        scores.push(row);
    }
    chain::decode(follow, scores, paths, labels);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet() {
        let same = [
            ("العِراق", "العراق"),
            ("أمريكا", "امريكا"),
            ("عـــراق", "عراق"),
            ("حكومة", "حكومه"),
        ];
        for (a, b) in same {
            assert_eq!(Form::new(a).norm, Form::new(b).norm, "{a} {b}");
        }
    }

    #[test]
    fn clitics_come_off() {
        let bare = |word| Form::new(word).bare;
        for word in ["والعراق", "بالعراق", "للعراق", "وللعراق", "العراق"]
        {
            assert_eq!(bare(word), bare("عراق"), "{word}");
        }
        // Too short to carry one.
        assert_ne!(bare("ولد"), bare("لد"));
        assert_eq!(Form::new("").clitics, 0);
    }

    #[test]
    fn arabic_is_told_from_latin() {
        assert!(is_arabic(&["قال", "الوزير"]));
        assert!(!is_arabic(&["the", "وزير", "said", "so"]));
        assert!(!is_arabic(&["12", "."]));
    }
}
