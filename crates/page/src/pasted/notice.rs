//! The phrases of `data/page/notices.tsv`: sign-up boxes, picture credits, lines about the author,
//! and the small change of comments and lists.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::phrases;
use crate::when;

const TABLE: &str = include_str!("../../../../data/page/notices.tsv");

/// Most words of a line that one promotional phrase makes a notice.
const PROMO_WORDS: usize = 45;
/// The same for two of them, or one with a hint.
const PROMO_MORE: usize = 70;
/// Most words of a line that one hint makes a notice.
const HINT_WORDS: usize = 12;
/// Most words of a caption.
const CAPTION_WORDS: usize = 90;

/// What a line gives away about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u16);

impl Marks {
    /// Sign-up box, consent, offer of the house.
    pub(crate) const NOTICE: Self = Self(1);
    /// A picture's credit and no more.
    pub(crate) const CREDIT: Self = Self(1 << 1);
    /// Words under a picture, with its credit.
    pub(crate) const CAPTION: Self = Self(1 << 2);
    /// What writers are called.
    pub(crate) const ROLE: Self = Self(1 << 3);
    /// Buttons and counts under a comment.
    pub(crate) const CHAT: Self = Self(1 << 4);
    /// "3 hours ago".
    pub(crate) const AGO: Self = Self(1 << 5);
    /// Names an address or account to write to.
    pub(crate) const CONTACT: Self = Self(1 << 6);
    /// Begins with the time of day, as entries of rolling pages do.
    pub(crate) const CLOCK: Self = Self(1 << 7);
    /// A word of notices, not enough by itself.
    pub(crate) const HINT: Self = Self(1 << 8);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn set(&mut self, other: Self, on: bool) {
        if on {
            self.0 |= other.0;
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Promo,
    Hint,
    Credit,
    Photo,
    Role,
    Chat,
    Ago,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "promo" => Self::Promo,
            "hint" => Self::Hint,
            "credit" => Self::Credit,
            "photo" => Self::Photo,
            "role" => Self::Role,
            "chat" => Self::Chat,
            "ago" => Self::Ago,
            _ => return None,
        })
    }
}

struct Table {
    finder: Option<AhoCorasick>,
    kinds: Vec<Kind>,
}

fn table() -> &'static Table {
    static ROWS: OnceLock<Table> = OnceLock::new();
    ROWS.get_or_init(|| {
        let rows: Vec<(&str, Kind)> = TABLE
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| {
                let mut cells = l.split('\t');
                let kind = Kind::named(cells.next()?)?;
                Some((cells.next()?, kind))
            })
            .collect();
        Table {
            finder: AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .build(rows.iter().map(|r| r.0))
                .ok(),
            kinds: rows.iter().map(|r| r.1).collect(),
        }
    })
}

/// What was counted of each kind.
#[derive(Default)]
struct Counts {
    promo: usize,
    hint: usize,
    credit: usize,
    photo: usize,
    role: usize,
    chat: usize,
    ago: usize,
}

fn count(lower: &str) -> Counts {
    let mut out = Counts::default();
    let table = table();
    let Some(finder) = &table.finder else {
        return out;
    };
    let mut hints: Vec<&str> = Vec::new();
    for found in finder.find_overlapping_iter(lower) {
        if !is_word(lower, found.start(), found.end()) {
            continue;
        }
        let at = found.pattern().as_usize();
        let cell = match table.kinds[at] {
            Kind::Promo => &mut out.promo,
            // "Subscribe" and "subscription" are one hint.
            Kind::Hint if hints.contains(&stem(&lower[found.range()])) => continue,
            Kind::Hint => {
                hints.push(stem(&lower[found.range()]));
                &mut out.hint
            }
            Kind::Credit => &mut out.credit,
            Kind::Photo => &mut out.photo,
            Kind::Role => &mut out.role,
            Kind::Chat => &mut out.chat,
            Kind::Ago => &mut out.ago,
        };
        *cell += 1;
    }
    out
}

/// The first letters of a phrase.
fn stem(phrase: &str) -> &str {
    let end = phrase.char_indices().nth(6).map_or(phrase.len(), |c| c.0);
    &phrase[..end]
}

/// Whether a find stands at the edges of words.
fn is_word(text: &str, from: usize, to: usize) -> bool {
    let inner = |c: Option<char>, edge: Option<char>| {
        c.is_some_and(char::is_alphanumeric)
            && edge.is_some_and(char::is_alphanumeric)
            && !edge.is_some_and(phrases::is_unspaced)
    };
    let found = &text[from..to];
    !inner(text[..from].chars().next_back(), found.chars().next())
        && !inner(text[to..].chars().next(), found.chars().next_back())
}

/// What `text` gives away; `lower` is its lower case, `words` their number.
pub(crate) fn marks(text: &str, lower: &str, words: usize) -> Marks {
    let mut out = Marks::default();
    if lower.is_empty() {
        return out;
    }
    let found = count(lower);
    let digit = text.chars().any(|c| when::digit(c).is_some());
    let notice = found.promo > 0 && words <= PROMO_WORDS
        || found.promo > 0 && found.promo + found.hint > 1 && words <= PROMO_MORE
        || found.promo > 2
        || found.hint >= 2 && words <= 35
        || found.hint >= 3 && words <= 90
        || found.hint == 1 && (3..=HINT_WORDS).contains(&words) && asks(lower);
    out.set(Marks::NOTICE, notice);
    out.set(Marks::HINT, found.hint + found.promo > 0);
    let credited = found.credit > 0 || found.photo > 0;
    out.set(
        Marks::CREDIT,
        words <= 12 && (found.credit > 0 || found.photo > 0 && is_credit_list(text)),
    );
    let tail = words <= CAPTION_WORDS && credited && credit_tail(text);
    let glued = found.credit > 0 && words <= 60;
    out.set(
        Marks::CAPTION,
        tail || glued || is_signed(text, words) || is_counter(lower),
    );
    out.set(Marks::ROLE, found.role > 0);
    out.set(Marks::CHAT, found.chat > 0 && words <= 6);
    out.set(Marks::AGO, found.ago > 0 && digit && words <= 8);
    out.set(Marks::CONTACT, has_contact(text));
    out.set(Marks::CLOCK, opens_with_clock(text));
    out
}

/// Short lines with a hint are notices when they ask for something.
fn asks(lower: &str) -> bool {
    lower.ends_with(['!', ':', '.', '?', '>', '→']) || lower.starts_with("follow")
}

/// "Ana Lind/Getty Images", "Ana Lind, AP": names and agencies, parted by signs.
fn is_credit_list(text: &str) -> bool {
    let small = text
        .split_whitespace()
        .filter(|w| w.starts_with(char::is_lowercase))
        .count();
    if small > 2 {
        return false;
    }
    text.contains(['/', '|', '©', '(', ',', ':', '-', '–'])
        || text.split_whitespace().count() <= 2
        || phrases::whole(&text.to_lowercase()).has(phrases::Kinds::AGENCY)
}

/// A credit that ends a caption: in brackets, behind a bar or a sign of copyright, or behind a slash.
fn credit_tail(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ' ', '*']);
    let tail = if let Some(inner) = text.strip_suffix([')', ']', '）', '】']) {
        inner.rfind(['(', '[', '（', '【']).map(|at| &text[at..])
    } else {
        text.rfind(['|', '©']).map(|at| &text[at..])
    };
    let tail = tail.or_else(|| {
        // "... in the hall.Ana Lind/Agency"
        let slash = text.rfind('/')?;
        let from = text[..slash].rfind(['.', '!', '?', ')', '”', '"'])?;
        (text[from..].split_whitespace().count() <= 8).then(|| &text[from..])
    });
    let Some(tail) = tail else { return false };
    let lower = tail.to_lowercase();
    let found = count(&lower);
    let words = tail.split_whitespace().count();
    if words > 16 {
        return false;
    }
    // "(dpa)" ends wire copy; a credit names a person too, or is one of a library of pictures.
    found.credit > 0 || found.photo > 0 && (words > 1 || tail.contains('/') || !is_wire(&lower))
}

fn is_wire(lower: &str) -> bool {
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    phrases::whole(bare).has(phrases::Kinds::AGENCY) || bare.chars().count() <= 4
}

/// Words and then a sign of copyright with a name: "The hall on Monday. © Ana Lind".
fn is_signed(text: &str, words: usize) -> bool {
    let Some(at) = text.find('©') else {
        return false;
    };
    let (before, behind) = (&text[..at], &text[at..]);
    words <= CAPTION_WORDS
        && before.split_whitespace().count() >= 3
        && (1..=8).contains(&behind.split_whitespace().count())
        && !behind.chars().any(|c| when::digit(c).is_some())
}

/// "Image 1 of 4", "1 / 4": the counter of a gallery.
fn is_counter(lower: &str) -> bool {
    let mut numbers = 0;
    let mut words = 0;
    for part in lower.split(|c: char| c.is_whitespace() || c == '/') {
        if part.is_empty() {
            continue;
        }
        if part.chars().all(|c| c.is_ascii_digit()) && part.len() <= 3 {
            numbers += 1;
        } else {
            words += 1;
        }
    }
    let of = [" of ", "/", " von ", " de ", " sur ", " di ", " av ", " z "]
        .iter()
        .any(|w| lower.contains(w));
    numbers == 2 && words <= 3 && of
}

/// An address to write to, or an account that stands behind a word.
fn has_contact(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        text[at + 1..]
            .chars()
            .next()
            .is_some_and(char::is_alphanumeric)
    })
}

/// "10:31", "10.31 Uhr", "8h41".
fn opens_with_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hours = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=2).contains(&hours)
        && matches!(bytes.get(hours), Some(b':' | b'.' | b'h'))
        && bytes.get(hours + 1).is_some_and(u8::is_ascii_digit)
        && bytes.get(hours + 2).is_some_and(u8::is_ascii_digit)
        && !bytes
            .get(hours + 3)
            .is_some_and(|b| b.is_ascii_digit() || *b == b'.' || *b == b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Marks {
        marks(text, &text.to_lowercase(), super::super::count_words(text))
    }

    #[test]
    fn the_table_is_well_formed() {
        for (at, line) in TABLE
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.starts_with('#'))
        {
            let cells: Vec<_> = line.split('\t').collect();
            let place = format!("data/page/notices.tsv:{}", at + 1);
            assert_eq!(cells.len(), 4, "{place}: kind, phrase, languages, rests on");
            assert!(Kind::named(cells[0]).is_some(), "{place}: unknown kind");
            assert_eq!(cells[1], cells[1].to_lowercase(), "{place}: lower case");
        }
    }

    #[test]
    fn boxes_and_credits_are_known() {
        for text in [
            "Get the harbour news delivered to your inbox every morning.",
            "By submitting your address you agree to our Terms & Conditions.",
            "Melden Sie sich an und lesen Sie kostenlos weiter.",
        ] {
            assert!(of(text).has(Marks::NOTICE), "{text}");
        }
        for text in [
            "Envoys leave the harbour hall on Monday. (Ana Lind/Agency via Getty Images)",
            "Die Delegation vor dem Hafenamt. | Bild: Ana Lind",
            "Image 2 of 5",
            "The hall before the talks.Ana Lind/AFP",
        ] {
            assert!(of(text).has(Marks::CAPTION), "{text}");
        }
        assert!(of("Ana Lind/Getty Images").has(Marks::CREDIT));
        assert!(of("3 hours ago").has(Marks::AGO));
        assert!(of("10.31 Uhr: Fähren fahren wieder").has(Marks::CLOCK));
    }

    #[test]
    fn running_text_is_none_of_it() {
        for text in [
            "GENEVA (Reuters) - Envoys of the two governments met on Monday and spoke for two hours about the ports.",
            "Die Gespräche werden am Dienstag fortgesetzt. (dpa)",
            "The privacy of the talks, he said, had been kept by both sides throughout the long winter in the harbour.",
        ] {
            let said = Marks::NOTICE.or(Marks::CREDIT).or(Marks::CAPTION);
            assert!(!of(text).has(said), "{text}");
        }
    }
}
