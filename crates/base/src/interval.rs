use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How exactly an [`Interval`] is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// One day.
    Day,
    /// Some day of a week.
    Week,
    /// Some day of a month.
    Month,
    /// Some day of a quarter or season.
    Season,
    /// Some day of a year.
    Year,
    /// Only bounds are known, from what came before or after; either end may be open.
    Bounded,
}

/// The days within which something lies, both ends included.
///
/// `None` is an open end. An interval with two open ends says nothing: use `Option<Interval>` and
/// `None` for an unknown date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// Earliest day, or open.
    pub from: Option<Date>,
    /// Latest day, or open.
    pub to: Option<Date>,
    /// How exactly it is known.
    pub precision: Precision,
}

impl Interval {
    /// One day.
    pub fn day(date: Date) -> Self {
        Self {
            from: Some(date),
            to: Some(date),
            precision: Precision::Day,
        }
    }

    /// All days of a month. `None` for a month outside 1..=12.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let from = Date::new(year, month, 1).ok()?;
        Some(Self {
            from: Some(from),
            to: Some(last_day_of_month(from)),
            precision: Precision::Month,
        })
    }

    /// All days of a year.
    pub fn year(year: i16) -> Option<Self> {
        Some(Self {
            from: Some(Date::new(year, 1, 1).ok()?),
            to: Some(Date::new(year, 12, 31).ok()?),
            precision: Precision::Year,
        })
    }

    /// Some day between two, both included; the ends are put in order.
    pub fn between(from: Date, to: Date) -> Self {
        Self {
            from: Some(from.min(to)),
            to: Some(from.max(to)),
            precision: if from == to {
                Precision::Day
            } else {
                Precision::Bounded
            },
        }
    }

    /// Whether a day may be in both. Open ends reach without limit.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before =
            |a: Option<Date>, b: Option<Date>| matches!((a, b), (Some(a), Some(b)) if a < b);
        !before(self.to, other.from) && !before(other.to, self.from)
    }

    /// Whether every day of `other` is inside.
    pub fn contains(&self, other: &Self) -> bool {
        let from = match (self.from, other.from) {
            (None, _) => true,
            (Some(a), Some(b)) => a <= b,
            (Some(_), None) => false,
        };
        let to = match (self.to, other.to) {
            (None, _) => true,
            (Some(a), Some(b)) => a >= b,
            (Some(_), None) => false,
        };
        from && to
    }
}

/// The last day of `date`'s month.
pub fn last_day_of_month(date: Date) -> Date {
    date.last_of_month()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_know_their_end() {
        let feb = Interval::month(2024, 2).unwrap();
        assert_eq!(feb.to.unwrap().to_string(), "2024-02-29");
        assert!(Interval::year(2024).unwrap().contains(&feb));
        assert!(Interval::month(2024, 13).is_none());
    }

    #[test]
    fn open_ends_overlap() {
        let since = Interval {
            from: Some(Date::constant(2023, 10, 11)),
            to: None,
            precision: Precision::Bounded,
        };
        assert!(since.overlaps(&Interval::year(2024).unwrap()));
        assert!(!since.overlaps(&Interval::year(2022).unwrap()));
    }
}
