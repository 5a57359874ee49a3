//! Fail points: named steps of a write at which a test may end the process or let the step fail.
//!
//! Only builds with debug assertions have them; in a release build [`point`] is an empty function.
//! `RAPPORTEUR_FAIL=NAME=ACTION@N` acts when `NAME` is passed for the Nth time (the first if `@N` is
//! left out). `abort` ends the process at once, like a kill: nothing is written, flushed or closed
//! behind it. `full` and `io` are the errors of a full and of a failing disk.

use crate::Error;

/// The steps of a write, in their order.
pub const POINTS: [&str; 12] = [
    "segment-appended",
    "segment-synced",
    "rows-written",
    "index-written",
    "rows-committed",
    "change-published",
    "rules-committed",
    "reading-written",
    "reading-committed",
    "correction-written",
    "correction-committed",
    "copy-written",
];

#[cfg(debug_assertions)]
struct Planned {
    name: String,
    action: String,
    at: u64,
    passed: std::sync::atomic::AtomicU64,
}

/// Passes the step `name`.
///
/// # Errors
/// The one that a test planned for this step.
#[cfg(debug_assertions)]
pub fn point(name: &str) -> Result<(), Error> {
    use std::io::ErrorKind as Io;
    use std::sync::OnceLock;
    use std::sync::atomic::Ordering;
    static PLAN: OnceLock<Option<Planned>> = OnceLock::new();
    let plan = PLAN.get_or_init(|| parse(&std::env::var("RAPPORTEUR_FAIL").ok()?));
    let Some(plan) = plan.as_ref().filter(|plan| plan.name == name) else {
        return Ok(());
    };
    if plan.passed.fetch_add(1, Ordering::Relaxed) + 1 != plan.at {
        return Ok(());
    }
    let error = |kind: Io| Err(Error::io(kind.into(), std::path::Path::new(name)));
    match plan.action.as_str() {
        "full" => error(Io::StorageFull),
        "io" => error(Io::Other),
        _ => std::process::abort(),
    }
}

/// Passes the step `name`: nothing at all in this build.
///
/// # Errors
/// None.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub const fn point(_name: &str) -> Result<(), Error> {
    Ok(())
}

#[cfg(debug_assertions)]
fn parse(text: &str) -> Option<Planned> {
    let (name, action) = text.split_once('=')?;
    let (action, at) = match action.split_once('@') {
        Some((action, at)) => (action, at.parse().ok()?),
        None => (action, 1),
    };
    Some(Planned {
        name: name.to_owned(),
        action: action.to_owned(),
        at,
        passed: 0.into(),
    })
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::*;

    #[test]
    fn a_plan_names_step_action_and_turn() {
        let plan = parse("rows-written=full@3").unwrap();
        assert_eq!(
            (plan.name.as_str(), plan.action.as_str(), plan.at),
            ("rows-written", "full", 3)
        );
        assert_eq!(parse("rows-written=abort").unwrap().at, 1);
        assert!(parse("rows-written").is_none() && parse("a=b@c").is_none());
        assert!(POINTS.iter().all(|name| point(name).is_ok()));
    }
}
