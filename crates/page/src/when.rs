//! Calendar dates as pages print them, in the languages of `data/page/months.tsv`.

use std::sync::OnceLock;

use rapporteur_base::Date;

const MONTHS: &str = include_str!("../../../data/page/months.tsv");

/// A date found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) date: Date,
    /// The other reading of `3/4/2024`, where both are possible.
    pub(crate) swapped: Option<Date>,
    /// Bytes of the text.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

fn months() -> &'static [(&'static str, i8)] {
    static ROWS: OnceLock<Vec<(&'static str, i8)>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows: Vec<_> = MONTHS
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| {
                let mut cells = l.split('\t');
                Some((cells.next()?, cells.next()?.parse().ok()?))
            })
            .collect();
        rows.sort_unstable();
        rows
    })
}

fn month(word: &str) -> Option<i8> {
    let rows = months();
    let at = rows.binary_search_by(|(form, _)| (*form).cmp(word)).ok()?;
    Some(rows[at].1)
}

/// The value of a decimal digit in the scripts that news uses.
pub(crate) fn digit(c: char) -> Option<u32> {
    let c = c as u32;
    let zero = match c {
        0x30..=0x39 => 0x30,
        0x660..=0x669 => 0x660,
        0x6f0..=0x6f9 => 0x6f0,
        0x966..=0x96f => 0x966,
        0xff10..=0xff19 => 0xff10,
        _ => return None,
    };
    Some(c - zero)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Number {
        value: u32,
        digits: u8,
    },
    Month(i8),
    /// Words that may stand inside a date: "of", "de", "th".
    Filler,
    /// `-`, `/`, `.`, `,` and the East Asian signs for year, month, day.
    Sign(char),
    Other,
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    from: usize,
    to: usize,
    /// No white space before it.
    glued: bool,
}

const FILLERS: &[&str] = &[
    "of", "de", "del", "st", "nd", "rd", "th", "the", "er", "da", "den", "do", "dne", "ej", "من",
    "º", "tháng", "thang", "г",
];

fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut glued = false;
    while let Some((from, c)) = chars.next() {
        // Marks of direction and the Arabic letter mark have no width.
        if matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            continue;
        }
        if c.is_whitespace() {
            glued = false;
            continue;
        }
        let mut to = from + c.len_utf8();
        let kind = if let Some(first) = digit(c) {
            let (mut value, mut digits) = (first, 1u8);
            while let Some((at, d)) = chars.peek().and_then(|(at, c)| Some((*at, digit(*c)?))) {
                value = value.saturating_mul(10).saturating_add(d);
                digits = digits.saturating_add(1);
                to = at + chars.next().map_or(1, |(_, c)| c.len_utf8());
            }
            // "20249:30": a year and a clock that were glued; behind a month's name, any other number.
            let clock = matches!(digits, 5 | 6) && chars.peek().is_some_and(|(_, c)| *c == ':');
            if clock || matches!(digits, 5..=9) && follows_month(&out) {
                value /= 10u32.pow(u32::from(digits) - 4);
                digits = 4;
            }
            Kind::Number { value, digits }
        } else if matches!(c, '年' | '月' | '日' | '년' | '월' | '일') {
            Kind::Sign(c)
        } else if c.is_alphabetic() || c == 'º' {
            let mut last = c;
            // A capital inside a word begins what was another line: "LindFebruary".
            while let Some((at, c)) = chars.next_if(|(_, c)| {
                (c.is_alphabetic() || is_mark(*c)) && !(last.is_lowercase() && c.is_uppercase())
            }) {
                to = at + c.len_utf8();
                last = c;
            }
            word(&text[from..to])
        } else {
            Kind::Sign(if matches!(c, '،' | '、' | '，') {
                ','
            } else {
                c
            })
        };
        out.push(Token {
            kind,
            from,
            to,
            glued,
        });
        glued = true;
    }
    join_months(text, &mut out);
    out
}

/// Whether the last tokens are a month's name, or a month's name and a day.
fn follows_month(tokens: &[Token]) -> bool {
    let mut parts = tokens
        .iter()
        .rev()
        .take(4)
        .filter(|t| !matches!(t.kind, Kind::Sign(',' | '.')));
    match parts.next().map(|t| &t.kind) {
        Some(Kind::Month(_)) => true,
        Some(Kind::Number { digits: 1..=2, .. }) => {
            matches!(parts.next().map(|t| &t.kind), Some(Kind::Month(_)))
        }
        _ => false,
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}')
}

fn word(word: &str) -> Kind {
    let low = word.to_lowercase();
    if let Some(m) = month(&low) {
        return Kind::Month(m);
    }
    if FILLERS.contains(&low.as_str()) {
        Kind::Filler
    } else {
        Kind::Other
    }
}

/// Two-word names: "تشرين الأول".
fn join_months(text: &str, tokens: &mut [Token]) {
    for at in 1..tokens.len() {
        let (a, b) = (&tokens[at - 1], &tokens[at]);
        if a.kind != Kind::Other || b.kind != Kind::Other || b.glued {
            continue;
        }
        let joined = format!("{}_{}", &text[a.from..a.to], &text[b.from..b.to]);
        if let Some(m) = month(&joined) {
            tokens[at].kind = Kind::Month(m);
            tokens[at].from = tokens[at - 1].from;
            tokens[at - 1].kind = Kind::Filler;
        }
    }
}

/// One part of a date, with the tokens between it and the part before.
#[derive(Clone, Copy, Debug)]
struct Part {
    value: Value,
    at: usize,
}

#[derive(Clone, Copy, Debug)]
enum Value {
    Number(u32, u8),
    Month(i8),
}

/// All dates with a year in `text`, in order. Meant for lines, linear in their length.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let parts: Vec<Part> = tokens
        .iter()
        .enumerate()
        .filter_map(|(at, t)| {
            let value = match t.kind {
                Kind::Number { value, digits } => Value::Number(value, digits),
                Kind::Month(m) => Value::Month(m),
                _ => return None,
            };
            Some(Part { value, at })
        })
        .collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i + 2 < parts.len() {
        // "15 شباط/فبراير 2024": the second name repeats the first.
        let double = matches!(
            (parts[i + 1].value, parts.get(i + 2).map(|p| p.value)),
            (Value::Month(a), Some(Value::Month(b))) if a == b
        );
        let third = if double { i + 3 } else { i + 2 };
        let Some(last) = parts.get(third) else { break };
        let three = [parts[i], parts[i + 1], *last];
        if let Some((date, swapped)) = read(&three, &tokens) {
            out.push(Found {
                date,
                swapped,
                from: tokens[three[0].at].from,
                to: tokens[three[2].at].to,
            });
            i = third + 1;
        } else {
            i += 1;
        }
    }
    out
}

/// Month and day of a date without a year: "Feb 15", "15 شباط".
pub(crate) fn day_of_month(text: &str) -> Option<(i8, i8)> {
    let tokens = tokens(text);
    let known = |t: &Token| !matches!(t.kind, Kind::Other);
    let parts: Vec<&Token> = tokens
        .iter()
        .filter(|t| matches!(t.kind, Kind::Month(_) | Kind::Number { .. }))
        .collect();
    let day = |value: u32| i8::try_from(value).ok().filter(|d| (1..=31).contains(d));
    match parts.iter().map(|t| &t.kind).collect::<Vec<_>>()[..] {
        [
            Kind::Month(m),
            Kind::Number {
                value,
                digits: 1..=2,
            },
        ]
        | [
            Kind::Number {
                value,
                digits: 1..=2,
            },
            Kind::Month(m),
        ] if tokens.iter().all(known) => Some((*m, day(*value)?)),
        _ => None,
    }
}

fn read(parts: &[Part; 3], tokens: &[Token]) -> Option<(Date, Option<Date>)> {
    let first = gap(tokens, parts[0].at, parts[1].at)?;
    let second = gap(tokens, parts[1].at, parts[2].at)?;
    let plain = |c: char| matches!(c, ' ' | ',' | '.');
    match (parts[0].value, parts[1].value, parts[2].value) {
        (Value::Month(m), Value::Number(d, 1..=2), Value::Number(y, 4)) => {
            let fits = (plain(first) || matches!(first, '-' | '/'))
                && (plain(second) || matches!(second, '-' | '/'));
            fits.then(|| date(y, m, d)).flatten().map(|d| (d, None))
        }
        (Value::Number(d, 1..=2), Value::Month(m), Value::Number(y, 4)) => {
            date(y, m, d).map(|d| (d, None))
        }
        // "March 5, 203112 shares": a count was glued to the year.
        (Value::Month(m), Value::Number(d, 1..=2), Value::Number(glued, digits @ 5..=8))
            if second == ',' && first == ' ' =>
        {
            let y = glued / 10u32.pow(u32::from(digits) - 4);
            date(y, m, d).map(|d| (d, None))
        }
        (Value::Number(d, 1..=2), Value::Month(m), Value::Number(y, 2))
            if first == '-' && second == '-' =>
        {
            date(2000 + y, m, d).map(|d| (d, None))
        }
        (Value::Number(y, 4), Value::Month(m), Value::Number(d, 1..=2)) => {
            date(y, m, d).map(|d| (d, None))
        }
        (Value::Number(y, 4), Value::Number(m, 1..=2), Value::Number(d, 1..=2)) => {
            let fits = first == second && matches!(first, '-' | '/' | '.')
                || matches!((first, second), ('年', '月') | ('년', '월'));
            fits.then(|| date(y, m as i8, d))
                .flatten()
                .map(|d| (d, None))
        }
        (Value::Number(a, 1..=2), Value::Number(b, 1..=2), Value::Number(y, digits @ (2 | 4))) => {
            numeric(
                a,
                b,
                if digits == 2 { 2000 + y } else { y },
                first,
                second,
                digits,
            )
        }
        _ => None,
    }
}

fn numeric(
    a: u32,
    b: u32,
    y: u32,
    first: char,
    second: char,
    digits: u8,
) -> Option<(Date, Option<Date>)> {
    // "5 tháng 2 2024" has a word between; otherwise both signs are the same.
    let worded = first == 'w' && matches!(second, ' ' | ',' | '/' | '-' | 'w');
    let signs = first == second && matches!(first, '/' | '.' | '-');
    if !(worded || signs) || digits == 2 && first == '-' {
        return None;
    }
    let day_first = date(y, b as i8, a);
    let month_first = date(y, a as i8, b).filter(|_| first == '/' || first == '-');
    match (day_first, month_first) {
        (Some(d), Some(m)) if d != m => Some((d, Some(m))),
        (Some(d), _) | (None, Some(d)) => Some((d, None)),
        (None, None) => None,
    }
}

fn date(y: u32, m: i8, d: u32) -> Option<Date> {
    let year = i16::try_from(y).ok().filter(|y| (1900..2100).contains(y))?;
    Date::new(year, m, i8::try_from(d).ok()?).ok()
}

/// What stands between two parts: a sign, ' ' for white space or fillers, 'w' for a word of a date.
/// `None` when something else does.
fn gap(tokens: &[Token], a: usize, b: usize) -> Option<char> {
    let mut sign = ' ';
    if b - a > 5 {
        return None;
    }
    for t in &tokens[a + 1..b] {
        match t.kind {
            Kind::Filler => sign = if sign == ' ' { 'w' } else { sign },
            Kind::Month(_) => {}
            Kind::Sign(c)
                if matches!(
                    c,
                    '-' | '/' | '.' | '年' | '月' | '년' | '월' | '‐' | '–' | '−'
                ) =>
            {
                sign = if matches!(c, '‐' | '–' | '−') {
                    '-'
                } else {
                    c
                };
            }
            Kind::Sign(',') => sign = if sign == ' ' { ',' } else { sign },
            Kind::Sign('\'' | '’' | '(' | '|') => {}
            _ => return None,
        }
    }
    Some(if sign == 'w' && !is_vietnamese(tokens, a, b) {
        ' '
    } else {
        sign
    })
}

/// Only the word for "month" lets two bare numbers form a date.
fn is_vietnamese(tokens: &[Token], a: usize, b: usize) -> bool {
    tokens[a + 1..b]
        .iter()
        .any(|t| t.kind == Kind::Filler && t.to - t.from >= 5)
}

/// Whether a line is a weekday and a date and no more, as the clock in a page's header.
pub(crate) fn is_clock(text: &str, found: &Found) -> bool {
    let before = text
        .get(..found.from)
        .unwrap_or("")
        .trim_matches(|c: char| !c.is_alphanumeric());
    let after = text.get(found.to..).unwrap_or("");
    let weekday = !before.is_empty()
        && !before.contains(char::is_whitespace)
        && before.chars().all(char::is_alphabetic);
    weekday && !after.chars().any(char::is_alphanumeric)
}

/// The day of an ISO 8601 date or date-time, in the zone that it names itself.
pub(crate) fn iso_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let head = text.get(..10)?;
    let date: Date = head.parse().ok()?;
    let behind = text[10..].chars().next();
    (matches!(behind, None | Some('T' | 't' | ' ')) && (1900..2100).contains(&date.year()))
        .then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Vec<String> {
        find(text).iter().map(|f| f.date.to_string()).collect()
    }

    #[test]
    fn dates_in_many_notations() {
        for text in [
            "by A. Writer February 15, 2024",
            "A. WriterFeb 15, 202410:30",
            "A. WriterFebruary 15, 202401747",
            "February 15, 20243 years ago",
            "Thursday, 15 February 2024 at 10:30",
            "15th of February, 2024",
            "Feb. 15, 2024",
            "15-Feb-2024",
            "15. Februar 2024, 10.30 Uhr",
            "le 15 février 2024",
            "15 de febrero de 2024",
            "2024-02-15 08:00",
            "2024/02/15",
            "15.02.2024",
            "15/02/2024",
            "02/15/2024",
            "2024年2月15日",
            "2024년 2월 15일",
            "2024. február 15.",
            "١٥ فبراير ٢٠٢٤",
            "الخميس 15 شباط/فبراير 2024",
            "15 شباط 2024",
            "15 فيفري 2024",
            "15 tháng 2, 2024",
            "15 Şubat 2024",
            "15 февраля 2024 г.",
        ] {
            assert_eq!(days(text), ["2024-02-15"], "{text}");
        }
        assert_eq!(days("3 تشرين الأول 2023"), ["2023-10-03"]);
        assert_eq!(days("4 دجنبر 2023"), ["2023-12-04"]);
    }

    #[test]
    fn numbers_that_are_no_dates() {
        for text in [
            "© 2024",
            "Tel. 12 34 2024",
            "In February 2024",
            "1/2/3",
            "32 March 2024",
            "2 to 5 2024",
            "15, 2 2024",
        ] {
            assert!(find(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_doubtful_order_keeps_both_readings() {
        let found = find("03/04/2024")[0];
        assert_eq!(found.date.to_string(), "2024-04-03");
        assert_eq!(
            found.swapped.map(|d| d.to_string()).as_deref(),
            Some("2024-03-04")
        );
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[0-9/.٠-٩ abمn年,-]{0,40}|.{0,60}") {
            for f in find(&text) {
                assert!(text.get(f.from..f.to).is_some());
            }
        }
    }
}
