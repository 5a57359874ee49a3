//! What the models see of a word, computed once and kept as numbers.

use crate::clusters::Clusters;
use crate::hash::{Roll, word};

/// Hashes and classes of one word form. Zero stands for "no such word".
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Word {
    /// The form as written.
    pub form: u32,
    /// Lower case, digits as `0`, straight quotes.
    pub norm: u32,
    /// Last one, two, three and four characters of the normal form.
    pub suffix: [u32; 4],
    /// First one, two and three characters of the normal form.
    pub prefix: [u32; 3],
    /// `Xx`, `X`, `0,0`, …: classes of characters, runs cut at two.
    pub shape: u32,
    /// Distributional class, fine; zero when the word is in none.
    pub fine: u32,
    /// Distributional class, coarse.
    pub coarse: u32,
    /// Whether a digit, a hyphen or an upper case letter is inside; length class.
    pub marks: u32,
    /// Starts with an upper case letter.
    pub capital: bool,
}

/// Lower case, digits as `0`, straight quotes and plain hyphens: one character.
#[inline]
fn normal(c: char) -> char {
    match c {
        '0'..='9' => '0',
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`' => '\'',
        '\u{201C}' | '\u{201D}' => '"',
        '\u{2010}' | '\u{2011}' => '-',
        c if c.is_ascii() => c,
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

#[inline]
fn class(c: char) -> char {
    match c {
        'a'..='z' => 'x',
        'A'..='Z' => 'X',
        '0'..='9' => '0',
        c if c.is_ascii() => c,
        c if c.is_lowercase() => 'x',
        c if c.is_uppercase() => 'X',
        c if c.is_alphabetic() => 'a',
        c if c.is_numeric() => '0',
        c => normal(c),
    }
}

/// Letters kept of a word: longer words keep their head and are cut, which bounds the work.
const LONGEST: usize = 64;

impl Word {
    /// Reads a form.
    pub(crate) fn new(form: &str, clusters: &Clusters) -> Self {
        let mut letters = ['\0'; LONGEST];
        let mut count = 0;
        let (mut whole, mut shape) = (Roll::new(0), Roll::new(7));
        let (mut last, mut run) = ('\0', 0);
        let (mut digit, mut hyphen, mut upper, mut capital) = (false, false, false, false);
        for (at, c) in form.chars().enumerate() {
            let normalised = normal(c);
            whole.push(normalised as u32);
            if at < LONGEST {
                letters[at] = normalised;
                count = at + 1;
            }
            let class = class(c);
            run = if class == last { run + 1 } else { 1 };
            last = class;
            if run <= 2 {
                shape.push(class as u32);
            }
            digit |= class == '0';
            hyphen |= class == '-';
            if class == 'X' {
                upper = true;
                capital |= at == 0;
            }
        }
        let norm = whole.finish();
        let mut made = Self {
            form: word(form),
            norm,
            shape: shape.finish(),
            marks: u32::from(digit)
                | u32::from(hyphen) << 1
                | u32::from(upper) << 2
                | (count.min(12) as u32) << 3,
            capital,
            ..Self::default()
        };
        let letters = &letters[..count];
        affixes(letters.iter().rev(), 1, &mut made.suffix);
        affixes(letters.iter(), 2, &mut made.prefix);
        if let Some(cluster) = clusters.of(norm) {
            made.fine = u32::from(cluster) + 1;
            made.coarse = clusters.coarse(cluster) + 1;
        }
        made
    }
}

impl Word {
    /// Whether it is written in capitals throughout, two and more.
    pub(crate) fn capitals(&self) -> bool {
        self.shape == CAPITALS
    }
}

/// The shape of a run of capitals.
const CAPITALS: u32 = {
    let mut roll = Roll::new(7);
    roll.push('X' as u32);
    roll.push('X' as u32);
    roll.finish()
};

fn affixes<'c>(letters: impl Iterator<Item = &'c char>, seed: u32, into: &mut [u32]) {
    let mut roll = Roll::new(seed);
    for (slot, c) in into.iter_mut().zip(letters) {
        roll.push(*c as u32);
        *slot = roll.finish();
    }
}
