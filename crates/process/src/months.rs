//! Calendar months as whole numbers (`year * 12 + month - 1`), and spans of them.

use rapporteur_base::Date;

/// The number of the month that `day` lies in.
pub fn month_of(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

/// First day of a month; months outside of the calendar are clamped to it.
pub fn first_day(month: i32) -> Date {
    let year = month.div_euclid(12).clamp(-9999, 9999);
    let within = month.rem_euclid(12) + 1;
    i16::try_from(year)
        .ok()
        .zip(i8::try_from(within).ok())
        .and_then(|(year, month)| Date::new(year, month, 1).ok())
        .unwrap_or(Date::ZERO)
}

/// Last day of a month.
pub fn last_day(month: i32) -> Date {
    first_day(month).last_of_month()
}

/// The last month that is over at the end of `day`.
pub fn last_complete(day: Date) -> i32 {
    let month = month_of(day);
    if day == last_day(month) {
        month
    } else {
        month - 1
    }
}

/// `2024-02`.
pub fn written(month: i32) -> String {
    let day = first_day(month);
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Days from one to another.
pub fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_agree() {
        let day = Date::constant(2024, 2, 20);
        let month = month_of(day);
        assert_eq!(written(month), "2024-02");
        assert_eq!(last_day(month), Date::constant(2024, 2, 29));
        assert_eq!(written(last_complete(day)), "2024-01");
        assert_eq!(last_complete(last_day(month)), month);
        assert_eq!(first_day(i32::MAX), first_day(9999 * 12 + 7));
    }
}
