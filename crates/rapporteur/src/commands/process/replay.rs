//! The record on a day and at past month ends: a replay never reads what was published later.

use std::path::Path;

use rapporteur_base::Date;
use rapporteur_process::{Past, origins};
use rapporteur_record::{Filter, Store as _, View};

use super::super::{Stop, open};

/// Past month ends that are looked at.
const MONTHS: usize = 24;

/// A record as it was known.
pub(super) struct Replay {
    /// The day of judgement.
    pub day: Date,
    /// What was known on it.
    pub view: View,
    /// Views of the past, each with the month ends that it serves.
    past: Vec<(Vec<Date>, View)>,
}

impl Replay {
    /// The record as of a day; without one, all of it on the day of its newest article.
    pub(super) fn of(desk: Option<&Path>, as_of: Option<Date>) -> Result<Self, Stop> {
        let store = open(desk)?;
        let load = |as_of| {
            View::load(
                &store,
                &Filter {
                    as_of,
                    ..Filter::default()
                },
            )
        };
        let view = load(as_of)?;
        let newest = view.published().map(|(_, last)| last);
        let Some(day) = as_of.or(newest) else {
            return Err(Stop::nothing(
                "no article of the record has a date; name a day with --as-of",
            ));
        };
        let corrections = store.corrections()?;
        let mut past: Vec<(Vec<Date>, View)> = Vec::new();
        let mut before: Option<(usize, usize)> = None;
        for origin in origins(day, MONTHS) {
            let known = view
                .docs
                .iter()
                .filter(|d| d.known_at.is_some_and(|k| k <= origin))
                .count();
            let limit = origin.to_string();
            let edits = corrections
                .iter()
                .filter(|c| c.body.at.get(..10).is_some_and(|d| d <= limit.as_str()));
            let key = (known, edits.count());
            // Nothing became known since: the same view serves.
            if before == Some(key)
                && let Some((days, _)) = past.last_mut()
            {
                days.push(origin);
                continue;
            }
            before = Some(key);
            let then = if known == 0 {
                View::default()
            } else {
                load(Some(origin))?
            };
            past.push((vec![origin], then));
        }
        Ok(Self { day, view, past })
    }

    /// The past, oldest first.
    pub(super) fn past(&self) -> Vec<Past<'_>> {
        self.past
            .iter()
            .flat_map(|(days, view)| days.iter().map(move |day| Past { day: *day, view }))
            .collect()
    }
}
