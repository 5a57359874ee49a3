//! Reading one table of the file: every getter notes what is wrong and goes on.

use std::ops::Range;

use rapporteur_base::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Lines};
use crate::model::{At, Cited, Length, Reference, When};
use crate::near::valid;
use crate::query::{self, Bound};

/// A value that is named before all names are known.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub word: String,
    pub span: Range<usize>,
}

/// The file while it is read.
#[derive(Debug)]
pub(crate) struct Reading<'t> {
    lines: Lines<'t>,
    pub faults: Vec<Fault>,
    pub references: Vec<Reference>,
}

impl<'t> Reading<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self {
            lines: Lines::of(text),
            faults: Vec::new(),
            references: Vec::new(),
        }
    }

    pub(crate) fn fault(&mut self, span: &Range<usize>, what: impl Into<String>) {
        let (line, column) = self.lines.at(span.start);
        self.faults.push(Fault {
            line,
            column,
            what: what.into(),
        });
    }

    fn refer(&mut self, id: &str, span: &Range<usize>) {
        let (line, column) = self.lines.at(span.start);
        self.references.push(Reference {
            id: id.to_owned(),
            at: At { line, column },
        });
    }

    /// Opens a table; a key that it does not have is a fault.
    pub(crate) fn open<'v>(
        &mut self,
        head: &'static str,
        value: &'v Spanned<DeValue<'v>>,
        keys: &[&str],
    ) -> Option<Table<'v>> {
        let DeValue::Table(table) = value.get_ref() else {
            self.fault(&value.span(), format!("`{head}` is a table, like [{head}]"));
            return None;
        };
        for key in table.keys() {
            let word: &str = key.get_ref();
            if !keys.contains(&word) {
                let what = format!("unknown key `{word}` in [{head}]{}", valid(word, keys));
                self.fault(&key.span(), what);
            }
        }
        Some(Table {
            head,
            table,
            span: value.span(),
        })
    }
}

/// A table of the file.
#[derive(Debug)]
pub(crate) struct Table<'v> {
    pub head: &'static str,
    table: &'v DeTable<'v>,
    pub span: Range<usize>,
}

impl<'v> Table<'v> {
    fn value(&self, key: &str) -> Option<&'v Spanned<DeValue<'v>>> {
        self.table
            .iter()
            .find(|(k, _)| k.get_ref() == key)
            .map(|(_, v)| v)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// Where a key's value stands, or else the table.
    pub(crate) fn place(&self, key: &str) -> Range<usize> {
        self.value(key)
            .map_or_else(|| self.span.clone(), Spanned::span)
    }

    fn wrong(&self, r: &mut Reading<'_>, key: &str, wanted: &str) {
        let found = self
            .value(key)
            .map_or("nothing", |v| v.get_ref().type_str());
        let what = format!("`{key}` in [{}] is {wanted}, not {found}", self.head);
        r.fault(&self.place(key), what);
    }

    /// A text.
    pub(crate) fn text(&self, r: &mut Reading<'_>, key: &str) -> Option<String> {
        match self.value(key)?.get_ref() {
            DeValue::String(words) => Some(words.to_string()),
            _ => {
                self.wrong(r, key, "a text between quotation marks");
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, r: &mut Reading<'_>, key: &str) -> Option<String> {
        if !self.has(key) {
            r.fault(&self.span, format!("[{}] needs `{key}`", self.head));
            return None;
        }
        let words = self.text(r, key)?;
        if words.trim().is_empty() {
            r.fault(&self.place(key), format!("`{key}` is empty"));
            return None;
        }
        Some(words)
    }

    /// A short name: letters, digits, `-`, `_`, `/`, `.`.
    pub(crate) fn id(&self, r: &mut Reading<'_>) -> Option<Name> {
        let word = self.required(r, "id")?;
        let span = self.place("id");
        let fits = |c: char| c.is_alphanumeric() || "-_/.".contains(c);
        if word.chars().count() > 60 || !word.chars().all(fits) {
            r.fault(
                &span,
                format!(
                    "`{word}` is no short name: at most 60 letters, digits, `-`, `_`, `/`, `.`"
                ),
            );
            return None;
        }
        Some(Name { word, span })
    }

    /// A name of something declared elsewhere.
    pub(crate) fn name(&self, r: &mut Reading<'_>, key: &str) -> Option<Name> {
        let word = self.text(r, key)?;
        Some(Name {
            word,
            span: self.place(key),
        })
    }

    /// A list of texts; one text stands for a list of one.
    pub(crate) fn names(&self, r: &mut Reading<'_>, key: &str) -> Vec<Name> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut out = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(word) => out.push(Name {
                    word: word.to_string(),
                    span: item.span(),
                }),
                _ => {
                    self.wrong(r, key, "a list of texts");
                    return out;
                }
            }
        }
        out
    }

    /// The same without places.
    pub(crate) fn texts(&self, r: &mut Reading<'_>, key: &str) -> Vec<String> {
        self.names(r, key).into_iter().map(|n| n.word).collect()
    }

    /// A number.
    pub(crate) fn number(&self, r: &mut Reading<'_>, key: &str) -> Option<f64> {
        let read = match self.value(key)?.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().replace('_', "").parse().ok(),
            DeValue::Float(n) => n.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        let read = read.filter(|n: &f64| n.is_finite());
        if read.is_none() {
            self.wrong(r, key, "a number");
        }
        read
    }

    /// A whole number within bounds.
    pub(crate) fn whole(
        &self,
        r: &mut Reading<'_>,
        key: &str,
        (least, most): (u64, u64),
    ) -> Option<u64> {
        let number = self.number(r, key)?;
        if number.fract() != 0.0 || number < least as f64 || number > most as f64 {
            r.fault(
                &self.place(key),
                format!("`{key}` is a whole number from {least} to {most}, not {number}"),
            );
            return None;
        }
        Some(number as u64)
    }

    /// A small whole number.
    pub(crate) fn rung(&self, r: &mut Reading<'_>, key: &str, most: u8) -> Option<u8> {
        let number = self.whole(r, key, (0, u64::from(most)))?;
        u8::try_from(number).ok()
    }

    /// A word of a fixed list.
    pub(crate) fn one_of(
        &self,
        r: &mut Reading<'_>,
        key: &str,
        list: &[&'static str],
    ) -> Option<&'static str> {
        let word = self.text(r, key)?;
        let found = list.iter().find(|w| **w == word).copied();
        if found.is_none() {
            let what = format!("`{word}` is no {key}{}", valid(&word, list));
            r.fault(&self.place(key), what);
        }
        found
    }

    /// A date, as TOML or as text.
    pub(crate) fn when(&self, r: &mut Reading<'_>, key: &str) -> Option<When> {
        let value = self.value(key)?;
        let text = match value.get_ref() {
            DeValue::String(words) => words.to_string(),
            DeValue::Datetime(at) => match at.date {
                Some(date) => date.to_string(),
                None => at.to_string(),
            },
            DeValue::Integer(year) => year.as_str().to_owned(),
            _ => {
                self.wrong(
                    r,
                    key,
                    "a date like 2025-01-31, \"2025-01\" or \"+2 years\"",
                );
                return None;
            }
        };
        let when = self.parsed(r, key, query::when(&text))?;
        if let When::Row(id) = &when {
            r.refer(id, &self.place(key));
        }
        Some(when)
    }

    fn parsed<T>(&self, r: &mut Reading<'_>, key: &str, read: Result<T, String>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(what) => {
                r.fault(&self.place(key), format!("`{key}`: {what}"));
                None
            }
        }
    }

    /// A text read by one of the small languages.
    pub(crate) fn read<T>(
        &self,
        r: &mut Reading<'_>,
        key: &str,
        by: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let words = self.text(r, key)?;
        self.parsed(r, key, by(&words))
    }

    /// A test.
    pub(crate) fn bound(&self, r: &mut Reading<'_>, key: &str) -> Option<Bound> {
        self.read(r, key, query::bound)
    }

    /// A length of time.
    pub(crate) fn length(&self, r: &mut Reading<'_>, key: &str) -> Option<Length> {
        self.read(r, key, query::length)
    }

    /// Three lengths, the likeliest in the middle, in months.
    pub(crate) fn estimate(&self, r: &mut Reading<'_>, key: &str) -> Option<[f64; 3]> {
        if !self.has(key) {
            return None;
        }
        let words = self.texts(r, key);
        let mut out = Vec::new();
        for word in &words {
            out.push(self.parsed(r, key, query::length(word))?.in_months());
        }
        let rising = out.windows(2).all(|pair| pair[0] <= pair[1]);
        match out.as_slice() {
            [low, likely, high] if rising => Some([*low, *likely, *high]),
            _ => {
                r.fault(
                    &self.place(key),
                    format!("`{key}` is three rising lengths: [\"3 months\", \"6 months\", \"18 months\"]"),
                );
                None
            }
        }
    }

    /// A row of the record.
    pub(crate) fn cite(&self, r: &mut Reading<'_>, key: &str) -> Cited {
        let words = self.text(r, key)?;
        let Some(id) = query::row(words.trim()) else {
            r.fault(
                &self.place(key),
                format!("`{words}` is no row of the record; write its id, like `m-1f3b9a0c2d4e`"),
            );
            return None;
        };
        r.refer(id, &self.place(key));
        Some(id.to_owned())
    }

    /// Scope and bound of each ceiling.
    pub(crate) fn ceilings(&self, r: &mut Reading<'_>, key: &str) -> Vec<(Name, Bound)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(r, key, "a table like { \"iraq/us\" = \"<= 1500\" }");
            return Vec::new();
        };
        let mut out = Vec::new();
        for (scope, test) in table {
            let words = test.get_ref().as_str().unwrap_or("");
            match query::bound(words) {
                Ok(bound) => out.push((
                    Name {
                        word: scope.get_ref().to_string(),
                        span: scope.span(),
                    },
                    bound,
                )),
                Err(what) => r.fault(&test.span(), what),
            }
        }
        out
    }
}

/// Whether two dates of a file are in order, when both are days.
pub(crate) fn in_order(first: Option<&When>, second: Option<&When>) -> bool {
    let from = |w: &When| match w {
        When::Days(from, _) => Some(*from),
        _ => None,
    };
    let to = |w: &When| match w {
        When::Days(_, to) => Some(*to),
        _ => None,
    };
    let months = |w: &When| match w {
        When::After(months) => Some(*months),
        _ => None,
    };
    let days: (Option<Date>, Option<Date>) = (first.and_then(from), second.and_then(to));
    let spans = (first.and_then(months), second.and_then(months));
    !matches!(days, (Some(a), Some(b)) if a > b) && !matches!(spans, (Some(a), Some(b)) if a > b)
}
