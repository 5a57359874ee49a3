//! Text to tokens with the classes that rules ask for. One pass, no look-behind beyond one token,
//! look-ahead bounded by the token itself.

use crate::lexicon::{Class, Lexicon, mask};

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    None,
    Space,
    /// A blank line or the start of the text: nothing spans it.
    Break,
}

/// One word, number or sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Classes; see [`Class::bit`].
    pub(crate) mask: u64,
    /// Value of a number; meaning by class.
    pub(crate) num: i32,
    /// Lexicon word, 0 if unknown.
    pub(crate) word: u16,
    pub(crate) gap: Gap,
}

impl Token {
    pub(crate) fn has(&self, class: Class) -> bool {
        self.mask & class.bit() != 0
    }

    pub(crate) fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }
}

/// Longest word that can be in the lexicon, in bytes.
const LONGEST: usize = 40;

struct Lexer<'a> {
    bytes: &'a [u8],
    text: &'a str,
    lexicon: &'a Lexicon,
    tokens: Vec<Token>,
}

/// All tokens of `text`, in order. Texts beyond 4 GiB are read up to there.
pub(crate) fn tokens(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    let mut lexer = Lexer {
        bytes: text.as_bytes(),
        text,
        lexicon,
        tokens: Vec::with_capacity(text.len() / 5 + 8),
    };
    lexer.run();
    lexer.tokens
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut at = 0;
        let mut gap = Gap::Break;
        while at < self.bytes.len().min(u32::MAX as usize - 8) {
            let byte = self.bytes[at];
            if byte.is_ascii_alphabetic() {
                at = self.word(at, gap);
            } else if byte.is_ascii_digit() {
                at = self.number(at, gap);
            } else if byte.is_ascii_whitespace() {
                let (next, found) = self.space(at);
                at = next;
                gap = gap.max(found);
                continue;
            } else if byte < 128 {
                self.push(at, at + 1, gap, 0, 0);
                at += 1;
            } else {
                match self.foreign(at, gap) {
                    Foreign::Token(end) => at = end,
                    Foreign::Space(end) => {
                        at = end;
                        gap = gap.max(Gap::Space);
                        continue;
                    }
                }
            }
            gap = Gap::None;
        }
    }

    fn push(&mut self, start: usize, end: usize, gap: Gap, extra: u64, num: i32) {
        let word = if end - start <= 4 {
            self.lexicon.find(&self.bytes[start..end])
        } else {
            0
        };
        let mask = extra | self.lexicon.classes(word, false, false);
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            mask,
            num,
            word,
            gap,
        });
    }

    fn space(&self, from: usize) -> (usize, Gap) {
        let mut at = from;
        let mut lines = 0;
        while at < self.bytes.len() && self.bytes[at].is_ascii_whitespace() {
            lines += usize::from(self.bytes[at] == b'\n');
            at += 1;
        }
        (at, if lines > 1 { Gap::Break } else { Gap::Space })
    }

    /// A word of letters, with the stop of a known abbreviation.
    fn word(&mut self, start: usize, gap: Gap) -> usize {
        let mut end = start;
        let mut plain = true;
        while end < self.bytes.len() {
            let byte = self.bytes[end];
            if byte.is_ascii_alphabetic() {
                end += 1;
            } else if byte >= 128 {
                match self.text[end..].chars().next() {
                    Some(c) if c.is_alphabetic() => {
                        end += c.len_utf8();
                        plain = false;
                    }
                    _ => break,
                }
            } else {
                break;
            }
        }
        let end = if plain {
            self.initials(start, end)
        } else {
            end
        };
        let (word, mask, end) = self.look_up(start, end);
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            mask,
            num: 0,
            word,
            gap,
        });
        end
    }

    /// `a.m.`, `B.C.`: two single letters with stops.
    fn initials(&self, start: usize, end: usize) -> usize {
        let tail = &self.bytes[end..];
        if end - start == 1 && tail.len() >= 2 && tail[0] == b'.' && tail[1].is_ascii_alphabetic() {
            let after = tail.get(2).copied().unwrap_or(b' ');
            if after == b'.' {
                let whole = self.lower(start, end + 3);
                if self.lexicon.find(&whole.0[..whole.1]) != 0 {
                    return end + 3;
                }
            } else if !after.is_ascii_alphanumeric() {
                let whole = self.lower(start, end + 2);
                if self.lexicon.find(&whole.0[..whole.1]) != 0 {
                    return end + 2;
                }
            }
        }
        end
    }

    fn lower(&self, start: usize, end: usize) -> ([u8; LONGEST], usize) {
        let mut buffer = [0; LONGEST];
        let length = (end - start).min(LONGEST);
        for (to, from) in buffer[..length].iter_mut().zip(&self.bytes[start..end]) {
            *to = from.to_ascii_lowercase();
        }
        (buffer, length)
    }

    fn look_up(&self, start: usize, end: usize) -> (u16, u64, usize) {
        let first = self.bytes[start];
        let capitalised = first.is_ascii_uppercase();
        let cap = if capitalised { Class::Cap.bit() } else { 0 };
        if end - start > 20 {
            return (0, cap, end);
        }
        let (lower, length) = self.lower(start, end);
        let word = self.lexicon.find(&lower[..length]);
        if word == 0 {
            return (0, cap | self.tense(&lower[..length]), end);
        }
        let upper = self.bytes[start..end]
            .iter()
            .all(|b| b.is_ascii_uppercase() || *b == b'.');
        let classes = self.lexicon.classes(word, capitalised, upper);
        const STOPPED: u64 = mask(&[Class::MonthAbb, Class::WdayAbb]);
        let stop = classes & STOPPED != 0 && self.bytes.get(end) == Some(&b'.');
        (word, cap | classes, end + usize::from(stop))
    }

    /// A regular past shows in its ending.
    fn tense(&self, lower: &[u8]) -> u64 {
        if lower.len() > 4 && lower.ends_with(b"ed") && !lower.ends_with(b"eed") {
            Class::Past.bit()
        } else {
            0
        }
    }

    fn digits(&self, from: usize) -> (i32, usize) {
        let mut at = from;
        let mut value = 0_i32;
        while at < self.bytes.len() && self.bytes[at].is_ascii_digit() {
            value = value
                .saturating_mul(10)
                .saturating_add(i32::from(self.bytes[at] - b'0'));
            at += 1;
        }
        (value, at)
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Whether what stands before makes the number something else: money, a code, a decimal.
    fn spoiled(&self, start: usize, gap: Gap) -> bool {
        if gap != Gap::None {
            return false;
        }
        let before = self.byte(start.wrapping_sub(1));
        (before.is_ascii_alphabetic() && !self.counts_periods(start))
            || matches!(before, b'$' | b'#' | b'@' | b'_' | b'&' | b'=' | b'+')
            || self.text[..start].ends_with(['£', '€', '¥', '₪'])
            || (before == b'.' && self.byte(start.wrapping_sub(2)).is_ascii_digit())
            || (before == b'-' && self.code_before(start - 1))
    }

    /// `Q3`, `H1`, `FY2026`: letters that the digits go on with.
    fn counts_periods(&self, start: usize) -> bool {
        self.tokens.last().is_some_and(|token| {
            token.end as usize == start
                && matches!(token.of(self.text), "Q" | "q" | "H" | "FY" | "fy")
        })
    }

    /// `B-52`, `UH-60`: capitals and a hyphen before the digits.
    fn code_before(&self, hyphen: usize) -> bool {
        hyphen > 0
            && self.bytes[hyphen - 1].is_ascii_uppercase()
            && self
                .tokens
                .iter()
                .rev()
                .nth(1)
                .is_some_and(|t| t.end - t.start <= 4)
    }

    fn number(&mut self, start: usize, gap: Gap) -> usize {
        let (value, end) = self.digits(start);
        let spoiled = self.spoiled(start, gap);
        if !spoiled && let Some((stop, class, num)) = self.compound(start, value, end) {
            self.push(start, stop, gap, class.bit(), num);
            return stop;
        }
        let length = end - start;
        let (mut extra, mut stop) = (0, end);
        let suffix = self.bytes[end..]
            .iter()
            .take(3)
            .take_while(|b| b.is_ascii_alphabetic());
        let letters = suffix.count();
        let low = self.lower(end, end + letters).0;
        match &low[..letters] {
            b"st" | b"nd" | b"rd" | b"th" if length <= 4 => {
                extra = Class::OrdD.bit();
                stop = end + 2;
            }
            b"s" if (2..=4).contains(&length) => {
                extra = Class::DecN.bit();
                stop = end + 1;
            }
            b"" | b"am" | b"pm" | b"a" | b"p" | b"h" | b"gmt" if length <= 9 => {
                extra = shape(value, length);
            }
            _ => {}
        }
        if spoiled || self.byte(stop) == b'%' {
            extra = 0;
        }
        self.push(start, stop, gap, extra, value);
        stop
    }

    /// Digits with signs inside: clock times, dates, grouped numbers, decimals.
    fn compound(&self, start: usize, value: i32, end: usize) -> Option<(usize, Class, i32)> {
        let length = end - start;
        if length > 4 {
            return None;
        }
        let sign = self.byte(end);
        if !self.byte(end + 1).is_ascii_digit() {
            return None;
        }
        let (second, after) = self.digits(end + 1);
        let second_length = after - end - 1;
        match sign {
            b':' if length <= 2 && second_length == 2 && value < 25 && second < 60 => {
                let stop = if self.byte(after) == b':' && self.digits(after + 1).1 == after + 3 {
                    after + 3
                } else {
                    after
                };
                Some((stop, Class::Hm, value * 60 + second))
            }
            b'-' | b'/' | b'.' if second_length <= 2 => {
                let whole = self.date(length, second_length, sign, after);
                let half = || {
                    (sign == b'.').then(|| {
                        let milli = if second_length == 1 {
                            second * 100
                        } else {
                            second * 10
                        };
                        (after, Class::Float, value.saturating_mul(1000) + milli)
                    })
                };
                whole.or_else(half)
            }
            b'.' => Some((after, Class::Float, value.saturating_mul(1000))),
            b',' if length <= 3 && second_length == 3 => {
                let mut stop = after;
                let mut total = value.saturating_mul(1000).saturating_add(second);
                while self.byte(stop) == b',' && self.digits(stop + 1).1 == stop + 4 {
                    total = total
                        .saturating_mul(1000)
                        .saturating_add(self.digits(stop + 1).0);
                    stop += 4;
                }
                Some((stop, Class::Grouped, total))
            }
            _ => None,
        }
    }

    /// Three numbers that may be a date; `after` is the end of the second.
    fn date(
        &self,
        first: usize,
        second: usize,
        sign: u8,
        after: usize,
    ) -> Option<(usize, Class, i32)> {
        if self.byte(after) != sign {
            return None;
        }
        let (_, end) = self.digits(after + 1);
        let third = end - after - 1;
        if first == 4 && second == 2 && third == 2 && sign != b'.' {
            return Some((self.iso_time(end), Class::Iso, 0));
        }
        if first <= 2
            && (third == 4 || (third == 2 && sign == b'/'))
            && !(self.byte(end) == sign && self.byte(end + 1).is_ascii_digit())
        {
            return Some((end, Class::Slash, 0));
        }
        None
    }

    /// `T08:30:00Z` after an ISO date.
    fn iso_time(&self, date: usize) -> usize {
        if self.byte(date) != b'T' || !self.byte(date + 1).is_ascii_digit() {
            return date;
        }
        let mut at = date + 1;
        while at < date + 24 && matches!(self.byte(at), b'0'..=b'9' | b':' | b'.' | b'+' | b'-') {
            at += 1;
        }
        while matches!(self.byte(at - 1), b'.' | b':' | b'-' | b'+') {
            at -= 1;
        }
        at + usize::from(self.byte(at) == b'Z')
    }

    /// What begins with a byte beyond ASCII.
    fn foreign(&mut self, start: usize, gap: Gap) -> Foreign {
        let Some(c) = self.text[start..].chars().next() else {
            return Foreign::Space(self.bytes.len());
        };
        if c.is_whitespace()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
        {
            return Foreign::Space(start + c.len_utf8());
        }
        if crate::arabic::is_letter(c) {
            return Foreign::Token(crate::arabic::word(
                self.text,
                start,
                gap,
                self.lexicon,
                &mut self.tokens,
            ));
        }
        if crate::arabic::digit(c).is_some() {
            return Foreign::Token(self.eastern(start, gap));
        }
        if c.is_alphabetic() {
            return Foreign::Token(self.word(start, gap));
        }
        let end = start + c.len_utf8();
        let extra = 0;
        self.push(start, end, gap, extra, 0);
        Foreign::Token(end)
    }

    /// Arabic-Indic digits, alone or as a slashed date.
    fn eastern(&mut self, start: usize, gap: Gap) -> usize {
        let (value, length, mut end) = self.eastern_run(start);
        let mut extra = if length <= 9 { shape(value, length) } else { 0 };
        let part = |at: usize| {
            let (_, length, stop) = self.eastern_run(at + 1);
            (self.byte(at) == b'/' && (1..=4).contains(&length)).then_some(stop)
        };
        if length <= 2
            && let Some(second) = part(end)
            && let Some(third) = part(second)
        {
            (extra, end) = (Class::Slash.bit(), third);
        }
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            mask: extra,
            num: value,
            word: 0,
            gap,
        });
        end
    }

    fn eastern_run(&self, start: usize) -> (i32, usize, usize) {
        let (mut value, mut length, mut end) = (0_i32, 0, start);
        for c in self.text.get(start..).unwrap_or("").chars() {
            let Some(digit) = crate::arabic::digit(c) else {
                break;
            };
            value = value.saturating_mul(10).saturating_add(digit);
            length += 1;
            end += c.len_utf8();
        }
        (value, length, end)
    }
}

enum Foreign {
    Token(usize),
    Space(usize),
}

/// The classes of plain digits by length and value.
fn shape(value: i32, length: usize) -> u64 {
    let mut all = Class::Int.bit();
    if length <= 2 && (1..=31).contains(&value) {
        all |= Class::Dd.bit();
    }
    if length == 2 {
        all |= Class::Yy.bit();
    }
    if length == 4 && (1000..2200).contains(&value) {
        all |= Class::Yyyy.bit();
    }
    all
}
