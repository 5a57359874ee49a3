//! Author names: bylines split into names, names cleaned, persons told from houses and agencies.

use crate::article::{Author, AuthorKind};
use crate::phrases::{self, Kinds};
use crate::when;

/// Small words inside names.
const PARTICLES: &[&str] = &[
    "de", "van", "von", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "el",
    "al", "bin", "ibn", "bint", "ter", "ten", "y", "e", "af", "zu", "ul", "abu", "ben", "dal",
    "das", "do", "mac", "st", "san", "o’", "o'", "i",
];

/// Words that no name begins with.
const NO_NAMES: &[&str] = &[
    "in", "on", "at", "the", "for", "from", "about", "all", "alle", "our", "more", "mehr", "das",
    "die", "der", "les", "los", "las", "this", "your",
];

/// Words that begin what is no longer a name: job, place, paper.
const CUTS: &[&str] = &[
    " | ",
    " - ",
    " – ",
    " — ",
    " in ",
    " at ",
    " for ",
    " with ",
    " from ",
    " via ",
    " the ",
    " • ",
    " · ",
    " // ",
    "(",
    "[",
    "@",
    "http",
    " updated",
    " published",
    " posted",
    " last updated",
    " / ",
    ":",
    " für ",
    " aus ",
    " à ",
    " en ",
    "…",
    "...",
    "\u{2022}",
];

/// Splits a byline into single names; the names are cleaned, `By` and what follows the name are gone.
pub(crate) fn split(byline: &str) -> Vec<String> {
    let mut text: String = byline.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(found) = when::find(&text).first() {
        // A weekday or "on" may stand before the date.
        text.truncate(found.from);
    }
    // "ByAna Lind": two lines that were glued.
    let glued = text.strip_prefix("By").or(text.strip_prefix("by"));
    if glued.is_some_and(|t| t.starts_with(|c: char| c.is_uppercase())) {
        text.insert(2, ' ');
    }
    let mut parts = vec![text.as_str()];
    for mark in [
        ";", " | ", "|", ",", " & ", "&", " and ", " und ", " et ", " y ", " och ", " og ",
        " oraz ", " ve ", "、", "，", "،", " و ", " with ", " mit ", " avec ",
    ] {
        parts = parts.into_iter().flat_map(|p| split_ci(p, mark)).collect();
    }
    let mut names: Vec<String> = Vec::new();
    for name in parts.into_iter().filter_map(clean) {
        // "Ana Lind, MS, RDN": degrees are no second author.
        if names.is_empty() || !is_degree(&name) {
            names.push(name);
        }
    }
    names
}

fn is_degree(name: &str) -> bool {
    (2..=5).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphabetic())
        && name.bytes().filter(u8::is_ascii_uppercase).count() >= 2
        && !phrases::whole(&name.to_lowercase()).has(Kinds::AGENCY)
}

/// Splits at an ASCII or exact mark, any case.
fn split_ci<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
    let lower = text.to_ascii_lowercase();
    let mut out = Vec::new();
    let mut from = 0;
    for (at, _) in lower.match_indices(mark) {
        if at >= from {
            out.push(&text[from..at]);
            from = at + mark.len();
        }
    }
    out.push(&text[from..]);
    out
}

/// One name: no "By", job, place, address or date.
pub(crate) fn clean(name: &str) -> Option<String> {
    let mut name = strip_by(name.trim());
    // What stands before a date or a job is the name.
    let lower = name.to_ascii_lowercase();
    let cut = CUTS
        .iter()
        .filter_map(|c| lower.find(c))
        .filter(|at| *at > 0)
        .min();
    if let Some(at) = cut {
        name = &name[..at];
    }
    let name = name.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';'
                    | ':'
                    | '|'
                    | '-'
                    | '–'
                    | '—'
                    | '•'
                    | '·'
                    | '*'
                    | '"'
                    | '“'
                    | '”'
                    | '/'
                    | '»'
            )
    });
    let name = name
        .strip_suffix('.')
        .filter(|n| {
            !n.ends_with(|c: char| c.is_uppercase())
                && n.chars().rev().take_while(|c| c.is_alphabetic()).count() > 2
        })
        .unwrap_or(name);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let fits = letters >= 2
        && name.chars().count() <= 60
        && !name.contains('@')
        && !name.starts_with("http")
        && !name.contains("www.");
    fits.then(|| normal_case(&without_titles(name)))
}

/// "by", "von", "بقلم" and the like taken off, repeatedly.
pub(crate) fn strip_by(text: &str) -> &str {
    let mut text = text.trim();
    for _ in 0..3 {
        let lower = text.to_lowercase();
        let Some(cut) = by_prefix(&lower) else { break };
        // Lower-casing may change lengths; only then is the prefix left alone.
        let Some(rest) = text.get(cut..) else { break };
        text = rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '|'));
    }
    text
}

/// Length of a byline word at the start of a lower-case text.
pub(crate) fn by_prefix(lower: &str) -> Option<usize> {
    let mut best = None;
    for (at, c) in lower.char_indices().take(30) {
        let behind = at + c.len_utf8();
        let word_end = lower[behind..]
            .chars()
            .next()
            .is_none_or(|n| n.is_whitespace() || matches!(n, ':' | '|' | '/'))
            || matches!(c, ':' | '/' | '：' | '者');
        if word_end
            && behind < lower.len()
            && phrases::exact_start(lower[..behind].trim_end()).has(Kinds::BY)
        {
            best = Some(behind);
        }
    }
    best
}

/// Whether a lower-case line is nothing but a byline word.
pub(crate) fn by_alone(lower: &str) -> bool {
    phrases::exact_start(lower.trim_end_matches([':', ' ', '|'])).has(Kinds::BY)
        || phrases::exact_start(lower).has(Kinds::BY)
}

/// "Ana Lind Example Post" of the Example Post is Ana Lind.
pub(crate) fn without_site(name: &str, site: Option<&str>) -> String {
    let Some(site) = site.map(squash).filter(|s| s.len() >= 4) else {
        return name.to_owned();
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    for keep in 2..words.len() {
        let tail = squash(&words[keep..].concat());
        if tail.len() >= 3 && (site.starts_with(&tail) || tail.starts_with(&site)) {
            return words[..keep].join(" ");
        }
    }
    name.to_owned()
}

/// Words of jobs that are no words of names.
const JOBS: &[&str] = &[
    "senior",
    "chief",
    "special",
    "freelance",
    "columnist",
    "analyst",
    "producer",
    "political",
    "foreign",
    "national",
    "deputy",
    "managing",
    "executive",
    "lead",
    "associate",
    "author",
];

/// Words for people who write, that may also stand in the name of a house.
const WRITERS: &[&str] = &[
    "editor",
    "editors",
    "writer",
    "reporter",
    "correspondent",
    "contributor",
    "staff",
    "redaktion",
    "redacción",
];

/// Degrees and job titles glued to the end of a name.
fn without_titles(name: &str) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let shouting = !name.chars().any(char::is_lowercase);
    while words.len() > 2 && !shouting {
        let last = words[words.len() - 1];
        let degree = (2..=5).contains(&last.len())
            && last.chars().all(|c| c.is_ascii_uppercase() || c == '.')
            && !matches!(last, "II" | "III" | "IV" | "JR" | "SR");
        let degree = degree && last.chars().filter(|c| c.is_ascii_uppercase()).count() >= 2;
        let lower = last.to_lowercase();
        let job = WRITERS.contains(&lower.as_str()) || JOBS.contains(&lower.as_str());
        if !degree && (!job || house(&words[..words.len() - 1].join(" "))) {
            break;
        }
        words.pop();
    }
    let mut out = words.join(" ");
    // "Ana LindWriter": two lines that were glued.
    if let Some((at, _)) = out
        .char_indices()
        .zip(out.chars().skip(1))
        .map(|((i, a), b)| (i + a.len_utf8(), (a, b)))
        .filter(|(_, (a, b))| a.is_lowercase() && b.is_uppercase())
        .last()
    {
        let tail = out[at..].to_lowercase();
        let tail = tail.split_whitespace().next().unwrap_or("");
        if phrases::word(tail).has(Kinds::HOUSE)
            || matches!(
                tail,
                "writer"
                    | "author"
                    | "freelance"
                    | "senior"
                    | "chief"
                    | "columnist"
                    | "analyst"
                    | "producer"
                    | "published"
                    | "updated"
                    | "follow"
            )
        {
            out.truncate(at);
        }
    }
    out
}

/// Names in capitals become ordinary ones.
fn normal_case(name: &str) -> String {
    let capitals = name.chars().filter(|c| c.is_uppercase()).count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let words = name.split_whitespace().count();
    if words < 2 || capitals != letters || letters < 6 {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len());
    let mut start = true;
    for c in name.chars() {
        if start {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        start = !c.is_alphabetic();
    }
    out
}

/// The person at the start of a line, before a number, a wide gap, a dash or a bar.
pub(crate) fn leading_person(text: &str) -> Option<String> {
    let gap = text.find("  ").into_iter().chain(text.find('\u{a0}'));
    let mark = text.find(|c: char| matches!(c, '|' | '·' | '•' | '/') || when::digit(c).is_some());
    let dash = [" - ", " – ", " — "]
        .iter()
        .filter_map(|d| text.find(d))
        .min();
    let end = gap.chain(mark).chain(dash).min()?;
    let name = text[..end].trim();
    is_person(name).then(|| normal_case(name))
}

/// Whether a string looks like the name of one person.
pub(crate) fn is_person(name: &str) -> bool {
    let chars = name.chars().count();
    if name.chars().any(phrases::is_unspaced) {
        return (2..=8).contains(&chars) && !house(name);
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let opens = words.first().map(|w| w.to_lowercase()).unwrap_or_default();
    if NO_NAMES.contains(&opens.as_str()) {
        return false;
    }
    if !(2..=5).contains(&words.len()) || house(name) || name.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    words.iter().all(|w| {
        let lower = w.to_lowercase();
        PARTICLES.contains(&lower.as_str())
            || w.starts_with("al-")
            || w.starts_with("el-")
            || w.chars().all(|c| {
                c.is_alphabetic()
                    || matches!(
                        c,
                        '.' | '\'' | '’' | '-' | '‘' | '`' | '\u{300}'..='\u{36f}'
                    )
            }) && w
                .chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || is_caseless(c))
    })
}

/// Letters of scripts without capitals.
fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
}

fn house(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|w| phrases::word(w).has(Kinds::HOUSE))
        || phrases::whole(&lower).has(Kinds::AGENCY)
}

/// Letters and digits alone, lower case: "PressNote" equals "Press Note".
pub(crate) fn squash(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What kind of byline a name is. `site` is the outlet's name, `host` the domain without ending.
pub(crate) fn kind(name: &str, site: Option<&str>, host: Option<&str>) -> AuthorKind {
    let lower = name.to_lowercase();
    if phrases::whole(&lower).has(Kinds::AGENCY) {
        return AuthorKind::Agency;
    }
    let squashed = squash(name);
    let same = |other: Option<&str>| {
        other
            .map(squash)
            .is_some_and(|s| !s.is_empty() && (s == squashed || s == format!("the{squashed}")))
    };
    let inside = |other: Option<&str>| {
        other.map(squash).is_some_and(|s| {
            s.len() >= 5 && squashed.contains(&s) || squashed.len() >= 8 && s.contains(&squashed)
        })
    };
    if same(site) || same(host) || inside(site) || inside(host) || house(name) {
        return AuthorKind::House;
    }
    AuthorKind::Person
}

/// Names to authors, without repeats.
pub(crate) fn authors(
    names: Vec<String>,
    origin: &str,
    site: Option<&str>,
    host: Option<&str>,
) -> Vec<Author> {
    let mut out: Vec<Author> = Vec::new();
    for name in names {
        let key = squash(&name);
        if !out.iter().any(|a| squash(&a.name) == key) {
            let kind = kind(&name, site, host);
            out.push(Author {
                name,
                kind,
                origin: origin.to_owned(),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_become_names() {
        assert_eq!(
            split("By Ana Lind and Tom van der Berg, Political Editor"),
            ["Ana Lind", "Tom van der Berg", "Political Editor"]
        );
        assert_eq!(split("by Noor Haddad February 15, 2024"), ["Noor Haddad"]);
        assert_eq!(split("Von MARIA MUSTER"), ["Maria Muster"]);
        assert_eq!(split("بقلم: سلمى حداد"), ["سلمى حداد"]);
        assert_eq!(
            split("Written by: J. R. Doe | The Daily Example"),
            ["J. R. Doe", "The Daily Example"]
        );
    }

    #[test]
    fn houses_are_not_persons() {
        assert_eq!(
            kind("Example Post", Some("ExamplePost"), None),
            AuthorKind::House
        );
        assert_eq!(kind("Reuters", None, None), AuthorKind::Agency);
        assert_eq!(kind("Web Desk", None, None), AuthorKind::House);
        assert_eq!(
            kind("Ana Lind", Some("Example Post"), None),
            AuthorKind::Person
        );
        assert!(
            is_person("Omar al-Rashid")
                && is_person("سلمى حداد")
                && !is_person("Talks resume today")
        );
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(?i)(by |von |İ|ß|[A-Z]\\.|, | and |[^ ]){0,20}") {
            for name in split(&text) { kind(&name, Some("x"), None); is_person(&name); }
        }
    }
}
