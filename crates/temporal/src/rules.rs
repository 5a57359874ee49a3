//! Rules from `data/*.toml`: a pattern, what to compute from it, and its own examples.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use toml::Spanned;

use crate::lexicon::{self, Lexicon};
use crate::pattern::Pattern;
use crate::timex::TimexType;

/// How the slots of a match become a value; one function of `ops` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Op {
    /// Year, month, day, weekday, as far as given.
    Calendar,
    /// Yesterday, today, tomorrow.
    RelativeDay,
    /// The third week of January, the last Friday of a month.
    Nth,
    /// Last, this, next, that, following with a unit or a name.
    Directed,
    /// So many units ago, earlier, later.
    Shift,
    /// A length.
    Duration,
    /// Every so many units, every Monday.
    Every,
    /// Daily, weekly.
    Often,
    /// Third quarter.
    Quarter,
    /// First half of a year.
    Half,
    /// 1960s.
    Decade,
    /// 19th century.
    Century,
    /// Spring of 1996.
    Season,
    /// The value stands in the rule.
    Fixed,
    /// A time of day.
    Clock,
    /// Christmas, Easter.
    Holiday,
    /// `2024-02-12`.
    Iso,
    /// `12/2/2024`.
    Slash,
    /// A month of the Islamic calendar.
    Hijri,
}

/// An example that must be found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), allow(dead_code, reason = "examples run as tests"))]
pub(crate) struct Good {
    /// A sentence.
    pub(crate) text: String,
    /// The words of it that are the expression.
    pub(crate) is: String,
    /// TIMEX3 value.
    pub(crate) value: String,
    /// Modifier, if the example is about one.
    #[serde(default)]
    pub(crate) modifier: Option<String>,
    /// Publication date; 2024-02-15 (a Thursday) when absent.
    #[serde(default)]
    pub(crate) dct: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    op: Op,
    pattern: Spanned<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    kind: Option<TimexType>,
    /// Only in running narratives.
    #[serde(default)]
    narrative: bool,
    /// Needs no unit or name of the calendar nearby.
    #[serde(default)]
    anywhere: bool,
    reason: String,
    good: Vec<Good>,
    #[serde(default)]
    bad: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    parts: BTreeMap<String, String>,
    #[serde(default)]
    rule: Vec<Row>,
}

/// One rule, ready to run.
#[derive(Debug)]
#[cfg_attr(not(test), allow(dead_code, reason = "examples run as tests"))]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) op: Op,
    pub(crate) pattern: Pattern,
    pub(crate) value: Option<String>,
    pub(crate) kind: Option<TimexType>,
    pub(crate) narrative: bool,
    pub(crate) anywhere: bool,
    pub(crate) reason: String,
    pub(crate) good: Vec<Good>,
    pub(crate) bad: Vec<String>,
    /// File and line, for messages.
    pub(crate) at: String,
}

/// All rules and the words they know.
#[derive(Debug)]
pub(crate) struct Grammar {
    pub(crate) lexicon: Lexicon,
    pub(crate) rules: Vec<Rule>,
    /// Rules that may begin with a class, by its bit.
    pub(crate) by_class: Vec<Vec<u16>>,
    /// Rules that may begin with a word, by word.
    pub(crate) by_word: Vec<Vec<u16>>,
    /// Classes with which any rule may begin.
    pub(crate) first_mask: u64,
    pub(crate) context: crate::context::Context,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$((
            concat!("data/temporal/", $name),
            include_str!(concat!("../data/", $name)),
        )),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "parts.toml",
    "named.toml",
    "dates.toml",
    "relative.toml",
    "durations.toml",
    "clock.toml",
    "vague.toml",
    "arabic.toml",
];

impl Grammar {
    /// The grammar that is built in, read once.
    pub(crate) fn get() -> &'static Self {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| {
            Self::read(FILES).expect("invariant: the embedded rules are read by the tests")
        })
    }

    /// Reads rule files: name and content of each.
    ///
    /// # Errors
    /// File, line and remedy of the first thing that cannot be read.
    pub(crate) fn read(files: &[(&str, &str)]) -> Result<Self, String> {
        let mut lexicon = lexicon::embedded()?;
        let mut documents = Vec::new();
        let mut parts = BTreeMap::new();
        for (file, content) in files {
            let mut document: Document = toml::from_str(content).map_err(|error| {
                let line = error.span().map_or(1, |span| line_of(content, span.start));
                format!("{file}:{line}: {}", error.message())
            })?;
            parts.append(&mut document.parts);
            documents.push((*file, *content, document));
        }
        let mut rules: Vec<Rule> = Vec::new();
        for (file, content, document) in documents {
            for row in document.rule {
                let line = line_of(content, row.id.span().start);
                if let Some(twin) = rules.iter().find(|rule| rule.id == *row.id.get_ref()) {
                    return Err(format!(
                        "{file}:{line}: the id `{}` is taken by {}; choose another",
                        twin.id, twin.at
                    ));
                }
                if row.good.is_empty() {
                    return Err(format!(
                        "{file}:{line}: a rule needs an example under `good`"
                    ));
                }
                let pattern = Pattern::compile(row.pattern.get_ref(), &parts, &mut lexicon)
                    .map_err(|what| {
                        let line = line_of(content, row.pattern.span().start);
                        format!("{file}:{line}: {what}")
                    })?;
                rules.push(Rule {
                    id: row.id.into_inner(),
                    op: row.op,
                    pattern,
                    value: row.value,
                    kind: row.kind,
                    narrative: row.narrative,
                    anywhere: row.anywhere,
                    reason: row.reason,
                    good: row.good,
                    bad: row.bad,
                    at: format!("{file}:{line}"),
                });
            }
        }
        let context = crate::context::Context::embedded(&mut lexicon)?;
        Ok(Self::index(lexicon, rules, context))
    }

    fn index(lexicon: Lexicon, rules: Vec<Rule>, context: crate::context::Context) -> Self {
        let mut by_class = vec![Vec::new(); 64];
        let mut by_word = vec![Vec::new(); lexicon.len()];
        let mut first_mask = 0;
        for (number, rule) in rules.iter().enumerate() {
            let number = number as u16;
            first_mask |= rule.pattern.first_mask;
            for (bit, list) in by_class.iter_mut().enumerate() {
                if rule.pattern.first_mask & (1 << bit) != 0 {
                    list.push(number);
                }
            }
            let mut words = rule.pattern.first_words.clone();
            words.sort_unstable();
            words.dedup();
            for word in words {
                by_word[usize::from(word)].push(number);
            }
        }
        Self {
            lexicon,
            rules,
            by_class,
            by_word,
            first_mask,
            context,
        }
    }
}

/// The line, from 1, of a byte of `content`.
pub(crate) fn line_of(content: &str, byte: usize) -> usize {
    content.as_bytes()[..byte.min(content.len())]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1
}
