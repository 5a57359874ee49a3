//! The only place that reads the clock. What a page becomes never depends on it.

use rapporteur_base::Date;

/// Now, RFC 3339 in UTC, to the second.
#[expect(clippy::disallowed_methods, reason = "the command line's only clock")]
pub(crate) fn now() -> String {
    // A test sets the clock, also back; no release build looks.
    #[cfg(debug_assertions)]
    if let Ok(set) = std::env::var("RAPPORTEUR_CLOCK") {
        return set;
    }
    let now = std::time::SystemTime::now();
    let since = now
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let days = i32::try_from(since.as_secs() / 86_400).unwrap_or(0);
    let second = since.as_secs() % 86_400;
    format!(
        "{}T{:02}:{:02}:{:02}Z",
        day(days),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// Today, in UTC.
pub(crate) fn today() -> Date {
    now()
        .get(..10)
        .and_then(|day| day.parse().ok())
        .unwrap_or(Date::ZERO)
}

fn day(since_1970: i32) -> Date {
    Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(since_1970))
}
