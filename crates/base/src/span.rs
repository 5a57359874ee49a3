use serde::{Deserialize, Serialize};

/// A half-open range of bytes of one text.
///
/// Both ends lie on character boundaries of the text the span was made from; a span that is asked
/// for on another text gives an empty slice instead of a panic.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end`. Texts over 4 GiB do not occur: pages are bounded far below.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// The slice of `text` that the span names, or `""` where it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// As an index range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether no byte is inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether every byte of `other` is inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether at least one byte is shared.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span with both inside.
    pub fn cover(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The same span, `by` bytes later.
    pub fn shift(self, by: usize) -> Self {
        Self::new(self.start as usize + by, self.end as usize + by)
    }

    /// The span without leading and trailing white space.
    pub fn trim(self, text: &str) -> Self {
        let slice = self.of(text);
        let start = self.start as usize + (slice.len() - slice.trim_start().len());
        Self::new(start, start + slice.trim().len())
    }
}

/// Converts byte offsets of one text to code point offsets and back.
///
/// Building is one pass; each conversion is a binary search over checkpoints every 64 bytes.
/// A text that is all ASCII costs nothing.
#[derive(Clone, Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points before byte `64 * i` (rounded down to a boundary); empty when all ASCII.
    checkpoints: Vec<u32>,
}

const STEP: usize = 64;

impl<'t> CodePoints<'t> {
    /// Indexes `text`.
    pub fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return Self {
                text,
                checkpoints: Vec::new(),
            };
        }
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 2);
        let mut count = 0u32;
        for (at, byte) in text.bytes().enumerate() {
            if at % STEP == 0 {
                checkpoints.push(count);
            }
            count += u32::from(byte & 0xC0 != 0x80);
        }
        checkpoints.push(count);
        Self { text, checkpoints }
    }

    /// The code point offset of byte `at` (clamped to the text).
    pub fn from_byte(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        if self.checkpoints.is_empty() {
            return at;
        }
        let block = at / STEP;
        let tail = &self.text.as_bytes()[block * STEP..at];
        self.checkpoints[block] as usize + tail.iter().filter(|b| **b & 0xC0 != 0x80).count()
    }

    /// The byte offset of code point `at` (clamped to the text).
    pub fn to_byte(&self, at: usize) -> usize {
        if self.checkpoints.is_empty() {
            return at.min(self.text.len());
        }
        let block = self
            .checkpoints
            .partition_point(|c| (*c as usize) <= at)
            .saturating_sub(1);
        let mut byte = (block * STEP).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte += 1;
        }
        let missing = at.saturating_sub(self.from_byte(byte));
        byte += self.text[byte..]
            .chars()
            .take(missing)
            .map(char::len_utf8)
            .sum::<usize>();
        byte
    }

    /// A byte span as code point offsets `(start, end)`.
    pub fn span(&self, span: Span) -> (usize, usize) {
        (
            self.from_byte(span.start as usize),
            self.from_byte(span.end as usize),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_and_trims() {
        let text = "  the talks  ";
        assert_eq!(Span::new(0, text.len()).trim(text).of(text), "the talks");
        assert_eq!(Span::new(5, 90).of(text), "");
    }

    #[test]
    fn code_points_agree_with_chars() {
        let text = "قال رئيس الوزراء إن المحادثات — “talks” — بدأت في بغداد ".repeat(9);
        let points = CodePoints::new(&text);
        for (count, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(points.from_byte(byte), count);
            assert_eq!(points.to_byte(count), byte);
        }
        assert_eq!(points.from_byte(text.len()), text.chars().count());
        assert_eq!(points.to_byte(usize::MAX), text.len());
    }
}
