//! The record on a day and at past month ends: a replay never reads what was published later.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rapporteur_base::Date;
use rapporteur_process::{Past, origins};
use rapporteur_record::{Desk, Filter, Store as _, View};

use super::super::{Stop, open};
use super::files::File;

/// A record as it was known.
pub(super) struct Replay {
    /// The day of judgement.
    pub day: Date,
    /// What was known on it.
    pub view: View,
    /// The lights of past month ends, oldest first.
    pub past: Vec<Past>,
}

/// Month ends at which the record knew the same.
struct Stretch {
    days: Vec<Date>,
    /// Documents known.
    docs: usize,
    /// Corrections made.
    edits: usize,
}

impl Replay {
    /// The record as of a day; without one, all of it on the day of its newest article. The lights
    /// are those of so many past month ends.
    pub(super) fn of(
        desk: Option<&Path>,
        file: &File,
        as_of: Option<Date>,
        months: usize,
    ) -> Result<Self, Stop> {
        let store = open(desk)?;
        let view = load(&store, as_of)?;
        let newest = view.published().map(|(_, last)| last);
        let Some(day) = as_of.or(newest) else {
            return Err(Stop::nothing(
                "no article of the record has a date; name a day with --as-of",
            ));
        };
        let stretches = stretches(&store, &view, day, months)?;
        let past = replay(desk, file, &stretches)?;
        Ok(Self { day, view, past })
    }
}

fn load(store: &Desk, as_of: Option<Date>) -> Result<View, Stop> {
    let filter = Filter {
        as_of,
        ..Filter::default()
    };
    Ok(View::load(store, &filter)?)
}

/// Past month ends, those between which nothing became known together.
fn stretches(store: &Desk, view: &View, day: Date, months: usize) -> Result<Vec<Stretch>, Stop> {
    let corrections = store.corrections()?;
    let mut out: Vec<Stretch> = Vec::new();
    for origin in origins(day, months) {
        let known = view
            .docs
            .iter()
            .filter(|d| d.known_at.is_some_and(|k| k <= origin));
        let limit = origin.to_string();
        let made = corrections
            .iter()
            .filter(|c| c.body.at.get(..10).is_some_and(|d| d <= limit.as_str()));
        let (docs, edits) = (known.count(), made.count());
        match out.last_mut() {
            Some(last) if (last.docs, last.edits) == (docs, edits) => last.days.push(origin),
            _ => out.push(Stretch {
                days: vec![origin],
                docs,
                edits,
            }),
        }
    }
    Ok(out)
}

/// Judges each stretch from what was known at its end; a view lives only as long as it is needed.
fn replay(desk: Option<&Path>, file: &File, stretches: &[Stretch]) -> Result<Vec<Past>, Stop> {
    let done: Mutex<Vec<Result<Vec<Past>, Stop>>> = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut store = None;
        while let Some(stretch) = stretches.get(next.fetch_add(1, Ordering::Relaxed)) {
            let made = one(desk, &mut store, file, stretch);
            if let Ok(mut done) = done.lock() {
                done.push(made);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(stretches.len()).max(1) {
            scope.spawn(work);
        }
    });
    let mut out = Vec::new();
    for made in done.into_inner().unwrap_or_default() {
        out.extend(made?);
    }
    // Whichever thread was first, the order is that of time.
    out.sort_by_key(|past| past.day);
    Ok(out)
}

fn one(
    desk: Option<&Path>,
    store: &mut Option<Desk>,
    file: &File,
    stretch: &Stretch,
) -> Result<Vec<Past>, Stop> {
    let view = if stretch.docs == 0 {
        View::default()
    } else {
        let store = match store {
            Some(store) => store,
            None => store.insert(open(desk)?),
        };
        load(store, stretch.days.first().copied())?
    };
    let judged = |day: &Date| Past::of(&file.process, &view, &file.tables, *day);
    Ok(stretch.days.iter().map(judged).collect())
}
