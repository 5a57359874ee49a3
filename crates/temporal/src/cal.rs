//! Calendar arithmetic: stretches of the calendar, their TIMEX3 values and their days. The only
//! module that computes with dates.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use rapporteur_base::{Interval, Precision};

/// How long a [`Point`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gran {
    Day,
    Weekend,
    Week,
    Month,
    Season,
    Quarter,
    Half,
    Year,
    Decade,
    Century,
    Millennium,
}

/// A stretch of the calendar, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) gran: Gran,
    pub(crate) start: Date,
    /// Season 1..=5 as the lexicon numbers them (3 and 4 are autumn); otherwise 0.
    pub(crate) code: i8,
}

/// A unit of the lexicon (`unit` class).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    Weekend,
    Fortnight,
}

impl Unit {
    pub(crate) fn from_code(code: i32) -> Option<Self> {
        const ALL: [Unit; 13] = [
            Unit::Second,
            Unit::Minute,
            Unit::Hour,
            Unit::Day,
            Unit::Week,
            Unit::Month,
            Unit::Quarter,
            Unit::Year,
            Unit::Decade,
            Unit::Century,
            Unit::Millennium,
            Unit::Weekend,
            Unit::Fortnight,
        ];
        ALL.get(usize::try_from(code).ok()?).copied()
    }

    /// Whether it is part of a day.
    pub(crate) fn of_day(self) -> bool {
        matches!(self, Self::Second | Self::Minute | Self::Hour)
    }

    /// The stretch that one such unit is.
    pub(crate) fn gran(self) -> Gran {
        match self {
            Self::Second | Self::Minute | Self::Hour | Self::Day => Gran::Day,
            Self::Week | Self::Fortnight => Gran::Week,
            Self::Month => Gran::Month,
            Self::Quarter => Gran::Quarter,
            Self::Year => Gran::Year,
            Self::Decade => Gran::Decade,
            Self::Century => Gran::Century,
            Self::Millennium => Gran::Millennium,
            Self::Weekend => Gran::Weekend,
        }
    }
}

pub(crate) fn day(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

/// `date` moved by whole units; clamped to the end of shorter months. `None` beyond the calendar.
pub(crate) fn shift(date: Date, unit: Unit, by: i64) -> Option<Date> {
    if by.unsigned_abs() > 1_000_000 {
        return None;
    }
    let span = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => return Some(date),
        Unit::Day => by.days(),
        Unit::Week | Unit::Weekend => (7 * by).days(),
        Unit::Fortnight => (14 * by).days(),
        Unit::Month => return months(date, by),
        Unit::Quarter => return months(date, 3 * by),
        Unit::Year => return months(date, 12 * by),
        Unit::Decade => return months(date, 120 * by),
        Unit::Century => return months(date, 1200 * by),
        Unit::Millennium => return months(date, 12_000 * by),
    };
    date.checked_add(span).ok()
}

fn months(date: Date, by: i64) -> Option<Date> {
    let total = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + by;
    let year = i16::try_from(total.div_euclid(12)).ok()?;
    let month = i8::try_from(total.rem_euclid(12) + 1).ok()?;
    let first = Date::new(year, month, 1).ok()?;
    let last = first.last_of_month().day();
    Date::new(year, month, date.day().min(last)).ok()
}

/// The first month of a season; winter begins in December.
fn season_month(code: i8) -> i8 {
    match code {
        1 => 3,
        2 => 6,
        5 => 12,
        _ => 9,
    }
}

impl Point {
    pub(crate) fn new(gran: Gran, start: Date) -> Self {
        Self {
            gran,
            start,
            code: 0,
        }
    }

    /// A year; 0 is 1 BC.
    pub(crate) fn year(year: i32) -> Option<Self> {
        Some(Self::new(Gran::Year, day(year, 1, 1)?))
    }

    pub(crate) fn season(year: i32, code: i32) -> Option<Self> {
        let code = i8::try_from(code).ok()?;
        let start = day(year, i32::from(season_month(code)), 1)?;
        Some(Self {
            gran: Gran::Season,
            start,
            code,
        })
    }

    /// The stretch of length `gran` that holds `date`.
    pub(crate) fn around(gran: Gran, date: Date) -> Option<Self> {
        let (year, month) = (i32::from(date.year()), i32::from(date.month()));
        let start = match gran {
            Gran::Day => date,
            Gran::Week => monday(date)?,
            Gran::Weekend => shift(monday(date)?, Unit::Day, 5)?,
            Gran::Month => day(year, month, 1)?,
            Gran::Quarter => day(year, (month - 1) / 3 * 3 + 1, 1)?,
            Gran::Half => day(year, if month > 6 { 7 } else { 1 }, 1)?,
            Gran::Year | Gran::Season => day(year, 1, 1)?,
            Gran::Decade => day(year.div_euclid(10) * 10, 1, 1)?,
            Gran::Century => day(year.div_euclid(100) * 100, 1, 1)?,
            Gran::Millennium => day(year.div_euclid(1000) * 1000, 1, 1)?,
        };
        Some(Self::new(gran, start))
    }

    /// Its last day.
    pub(crate) fn end(&self) -> Option<Date> {
        let next = match self.gran {
            Gran::Day => return Some(self.start),
            Gran::Weekend => return shift(self.start, Unit::Day, 1),
            Gran::Week => return shift(self.start, Unit::Day, 6),
            Gran::Month => months(self.start, 1),
            Gran::Season | Gran::Quarter => months(self.start, 3),
            Gran::Half => months(self.start, 6),
            Gran::Year => months(self.start, 12),
            Gran::Decade => months(self.start, 120),
            Gran::Century => months(self.start, 1200),
            Gran::Millennium => months(self.start, 12_000),
        };
        shift(next?, Unit::Day, -1)
    }

    pub(crate) fn precision(&self) -> Precision {
        match self.gran {
            Gran::Day => Precision::Day,
            Gran::Week | Gran::Weekend => Precision::Week,
            Gran::Month => Precision::Month,
            Gran::Season | Gran::Quarter => Precision::Season,
            Gran::Year => Precision::Year,
            Gran::Half | Gran::Decade | Gran::Century | Gran::Millennium => Precision::Bounded,
        }
    }

    /// Its days.
    pub(crate) fn interval(&self) -> Option<Interval> {
        Some(Interval {
            from: Some(self.start),
            to: Some(self.end()?),
            precision: self.precision(),
        })
    }

    /// Its TIMEX3 value.
    pub(crate) fn value(&self) -> String {
        let year = i32::from(self.start.year());
        let month = self.start.month();
        match self.gran {
            Gran::Day => format!("{}-{month:02}-{:02}", year_value(year), self.start.day()),
            Gran::Month => format!("{}-{month:02}", year_value(year)),
            Gran::Quarter => format!("{}-Q{}", year_value(year), (month - 1) / 3 + 1),
            Gran::Half => format!("{}-H{}", year_value(year), if month > 6 { 2 } else { 1 }),
            Gran::Year => year_value(year),
            Gran::Season => format!("{}-{}", year_value(year), season_code(self.code)),
            Gran::Week | Gran::Weekend => {
                let week = self.start.iso_week_date();
                let base = format!("{}-W{:02}", year_value(week.year().into()), week.week());
                if self.gran == Gran::Weekend {
                    base + "-WE"
                } else {
                    base
                }
            }
            Gran::Decade => cut(year, 1),
            Gran::Century => cut(year, 2),
            Gran::Millennium => cut(year, 3),
        }
    }
}

/// A year value without its last digits.
fn cut(year: i32, digits: usize) -> String {
    // A BC decade is named by the years that share its written digits.
    let written = if year <= 0 {
        year_value(year + 10_i32.pow(digits as u32) - 1)
    } else {
        year_value(year)
    };
    written[..written.len() - digits].to_owned()
}

/// Four digits, or `BC` and four digits.
pub(crate) fn year_value(year: i32) -> String {
    if year <= 0 {
        format!("BC{:04}", 1 - year)
    } else {
        format!("{year:04}")
    }
}

/// `SP`, `SU`, `FA`, `WI`.
pub(crate) fn season_code(code: i8) -> &'static str {
    match code {
        1 => "SP",
        2 => "SU",
        5 => "WI",
        _ => "FA",
    }
}

/// The Monday of the week of `date`.
pub(crate) fn monday(date: Date) -> Option<Date> {
    let week = date.iso_week_date();
    ISOWeekDate::new(week.year(), week.week(), Weekday::Monday)
        .ok()
        .map(Date::from)
}

/// The latest such weekday (1 is Monday) that is not after `date`, or before it when `strict`.
pub(crate) fn weekday_back(date: Date, wday: i32, strict: bool) -> Option<Date> {
    let own = i32::from(date.weekday().to_monday_one_offset());
    let mut back = (own - wday).rem_euclid(7);
    if strict && back == 0 {
        back = 7;
    }
    shift(date, Unit::Day, -i64::from(back))
}

/// The next such weekday not before `date`, or after it when `strict`.
pub(crate) fn weekday_forward(date: Date, wday: i32, strict: bool) -> Option<Date> {
    let own = i32::from(date.weekday().to_monday_one_offset());
    let mut on = (wday - own).rem_euclid(7);
    if strict && on == 0 {
        on = 7;
    }
    shift(date, Unit::Day, i64::from(on))
}

/// Which part of a stretch: 1 its beginning, 2 its middle, 3 its end. A month is cut after its
/// 10th and 20th day, a year after April and August, everything else in thirds.
pub(crate) fn part(point: &Point, which: i32) -> Option<Interval> {
    let (from, to) = (point.start, point.end()?);
    let days = i64::from((to - from).get_days());
    let (a, b) = match point.gran {
        Gran::Day => return point.interval(),
        Gran::Month => (10, 20),
        Gran::Year => (
            i64::from((months(from, 4)? - from).get_days()),
            i64::from((months(from, 8)? - from).get_days()),
        ),
        _ => ((days + 1) / 3, (days + 1) * 2 / 3),
    };
    let at = |days: i64| shift(from, Unit::Day, days);
    let (from, to) = match which {
        1 => (from, at(a - 1)?),
        2 => (at(a)?, at(b - 1)?),
        _ => (at(b)?, to),
    };
    Some(Interval {
        from: Some(from),
        to: Some(to.max(from)),
        precision: match point.gran {
            Gran::Year => Precision::Season,
            _ => point.precision(),
        },
    })
}

/// A day of the tabular Islamic calendar (civil epoch, 19 July 622 in the Gregorian calendar; eleven
/// leap years in thirty). Days past the end of a month run into the next.
pub(crate) fn hijri(year: i32, month: i32, date: i32) -> Option<Date> {
    if !(1..=9000).contains(&year) || !(1..=12).contains(&month) || !(1..=30).contains(&date) {
        return None;
    }
    let before = (year - 1) * 354 + (3 + 11 * year) / 30 + (59 * (month - 1) + 1) / 2;
    shift(day(622, 7, 19)?, Unit::Day, i64::from(before + date - 1))
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher).
pub(crate) fn easter(year: i32) -> Option<Date> {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day(year, n / 31, n % 31 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_follow_timex3() {
        let date = Date::constant(2024, 2, 15);
        let value = |gran| Point::around(gran, date).unwrap().value();
        assert_eq!(value(Gran::Week), "2024-W07");
        assert_eq!(value(Gran::Weekend), "2024-W07-WE");
        assert_eq!(value(Gran::Quarter), "2024-Q1");
        assert_eq!(value(Gran::Decade), "202");
        assert_eq!(value(Gran::Century), "20");
        assert_eq!(Point::year(-480).unwrap().value(), "BC0481");
        assert_eq!(Point::season(2023, 5).unwrap().value(), "2023-WI");
    }

    #[test]
    fn months_are_clamped() {
        let date = Date::constant(2024, 3, 31);
        assert_eq!(
            shift(date, Unit::Month, -1),
            Some(Date::constant(2024, 2, 29))
        );
        assert_eq!(shift(date, Unit::Year, -30_000), None);
    }

    #[test]
    fn easter_of_known_years() {
        assert_eq!(easter(2024), Some(Date::constant(2024, 3, 31)));
        assert_eq!(easter(2025), Some(Date::constant(2025, 4, 20)));
    }

    #[test]
    fn hijri_days_are_within_a_day() {
        // Ramadan 1445 was announced for 11 March 2024, 1 Muharram 1446 for 7 July 2024.
        for (date, told) in [
            (hijri(1445, 9, 1), Date::constant(2024, 3, 11)),
            (hijri(1446, 1, 1), Date::constant(2024, 7, 7)),
        ] {
            assert!(
                (date.unwrap() - told).get_days().abs() <= 1,
                "{date:?} {told}"
            );
        }
    }

    #[test]
    fn parts_of_a_month_and_a_year() {
        let month = Point::around(Gran::Month, Date::constant(2023, 10, 5)).unwrap();
        let mid = part(&month, 2).unwrap();
        assert_eq!(mid.from, Some(Date::constant(2023, 10, 11)));
        assert_eq!(mid.to, Some(Date::constant(2023, 10, 20)));
        let late = part(&Point::year(2017).unwrap(), 3).unwrap();
        assert_eq!(late.from, Some(Date::constant(2017, 9, 1)));
    }
}
