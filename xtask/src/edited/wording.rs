//! How a fact of the edited set is worded: numbers in digits or letters, days, what the words allow.

use rapporteur_base::Date;

use super::make::Dice;
use super::tables::Wanted;

pub(super) fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| {
        c.to_uppercase().collect::<String>() + chars.as_str()
    })
}

/// A number in digits or letters, and what the words allow.
pub(super) fn number(n: f64, loose: bool, dice: &mut Dice) -> (String, f64, f64) {
    const SMALL: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    if loose {
        // The last place that is not zero is rounded away for "more than" and "about".
        let place = if n >= 1000.0 {
            100.0
        } else if n >= 100.0 {
            10.0
        } else {
            5.0
        };
        let below = ((n - 1.0) / place).floor() * place;
        match dice.below(4) {
            0 if below > 0.0 => {
                return (format!("more than {}", digits(below)), below, f64::INFINITY);
            }
            1 if n >= 20.0 => {
                let near = (n / place).round() * place;
                return (format!("about {}", digits(near)), near * 0.9, near * 1.1);
            }
            2 if below > 0.0 => {
                return (format!("at least {}", digits(below)), below, f64::INFINITY);
            }
            _ => {}
        }
    }
    let spelled = SMALL.get(n as usize).filter(|_| dice.below(2) == 0);
    (spelled.map_or_else(|| digits(n), |s| (*s).to_owned()), n, n)
}

fn digits(n: f64) -> String {
    let n = n as u64;
    if n >= 1000 {
        format!("{},{:03}", n / 1000, n % 1000)
    } else {
        n.to_string()
    }
}

pub(super) fn date(
    day: Date,
    published: Date,
    wanted: Option<&Wanted>,
    loose: bool,
    dice: &mut Dice,
) -> (String, Date, Date) {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const WEEK: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let month = MONTHS[(day.month() - 1) as usize];
    let (ahead, by) = wanted.map_or((false, false), |w| (w.ahead, w.by));
    let at = if by { "by" } else { "on" };
    if loose && !by && dice.below(3) == 0 {
        return (
            format!("in {month}"),
            day.first_of_month(),
            day.last_of_month(),
        );
    }
    let weekday = WEEK[day.weekday().to_monday_zero_offset() as usize];
    let text = match dice.below(if ahead { 2 } else { 4 }) {
        0 => format!("{at} {} {month}", day.day()),
        1 => format!("{at} {month} {}", day.day()),
        2 if (published - day).get_days() <= 6 => format!("on {weekday}"),
        _ => format!("on {weekday}, {month} {}", day.day()),
    };
    (text, day, day)
}
