//! What dates each party accepts, where they overlap, and what would open an empty overlap.
//!
//! A position is a trapezoid over months: nothing before `earliest`, all of it at `best`, nothing
//! after `latest`. The zone of agreement is the least of the parties' acceptance.

use rapporteur_base::Date;
use rapporteur_record::Cite;
use serde::Serialize;

use crate::model::Position;
use crate::months::month_of;
use crate::world::World;

/// A party's acceptance over months.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Window {
    /// The party.
    pub party: String,
    /// First month not refused; `None`: no bound was said.
    pub earliest: Option<i32>,
    /// First and last month that it wants; `None`: not said.
    pub best: Option<(i32, i32)>,
    /// Last month not refused; `None`: no bound was said.
    pub latest: Option<i32>,
    /// Said when.
    pub asof: Option<Date>,
    /// Passages.
    pub cites: Vec<Cite>,
    /// The file's remark.
    pub note: String,
}

impl Window {
    /// Whether the party named any date.
    pub fn is_known(&self) -> bool {
        self.earliest.is_some() || self.best.is_some() || self.latest.is_some()
    }

    /// Acceptance of a month, 0 to 1; `None` where the party named no date at all.
    pub fn accepts(&self, month: i32) -> Option<f64> {
        if !self.is_known() {
            return None;
        }
        if self.earliest.is_some_and(|e| month < e) || self.latest.is_some_and(|l| month > l) {
            return Some(0.0);
        }
        let Some((first, last)) = self.best else {
            return Some(1.0);
        };
        // The end itself is still accepted, if barely; one month further is not.
        let slope = |from: i32, to: i32| f64::from(from) / f64::from(to.max(1));
        Some(match (self.earliest, self.latest) {
            (Some(e), _) if month < first => slope(month - e + 1, first - e + 1),
            (_, Some(l)) if month > last => slope(l - month + 1, l - last + 1),
            _ => 1.0,
        })
    }

    fn support(&self) -> (i32, i32) {
        (
            self.earliest.unwrap_or(i32::MIN / 2),
            self.latest.unwrap_or(i32::MAX / 2),
        )
    }
}

/// A single step of one party that opens an empty overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Concession {
    /// The party.
    pub party: String,
    /// How many months it would move.
    pub months: i32,
    /// `earlier` (its first date moves forward) or `later` (its last date moves back).
    pub way: String,
}

/// The parties' windows for one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overlap {
    /// The phase.
    pub phase: String,
    /// One a party that has a position.
    pub windows: Vec<Window>,
    /// Parties without a known date: the overlap with them is not known.
    pub silent: Vec<String>,
    /// First and last month that all who named dates accept at all.
    pub zone: Option<(i32, i32)>,
    /// Best month of the zone and its acceptance.
    pub peak: Option<(i32, f64)>,
    /// Months with at least half acceptance.
    pub wide: usize,
    /// Months between the parties when the zone is empty, else 0.
    pub gap: i32,
    /// The nearest single concessions, smallest first; empty when no one party can open the zone.
    pub concessions: Vec<Concession>,
}

impl Overlap {
    /// The zone of agreement at a month; `None` where it is not known.
    pub fn accepts(&self, month: i32) -> Option<f64> {
        if self.windows.len() < 2 {
            return None;
        }
        self.windows
            .iter()
            .map(|w| w.accepts(month))
            .reduce(|a, b| Some(a?.min(b?)))
            .flatten()
    }

    /// First and last month worth drawing.
    pub fn span(&self) -> Option<(i32, i32)> {
        let ends = |w: &Window| {
            let best = w.best.map(|(a, b)| [a, b]).into_iter().flatten();
            [w.earliest, w.latest]
                .into_iter()
                .flatten()
                .chain(best)
                .collect::<Vec<_>>()
        };
        let all: Vec<i32> = self.windows.iter().flat_map(ends).collect();
        Some((*all.iter().min()?, *all.iter().max()?))
    }
}

/// How the gap stood after a position changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GapRow {
    /// The phase.
    pub phase: String,
    /// The day of the newest position counted.
    pub day: Date,
    /// Whose position changed.
    pub parties: Vec<String>,
    /// Months between the parties; 0: they overlap; `None`: not known.
    pub gap: Option<i32>,
    /// Months of overlap.
    pub months: i32,
}

/// The overlap of each phase that any position is about, as of a day.
pub(crate) fn overlaps(world: &World<'_>, day: Date) -> Vec<Overlap> {
    let phases = &world.process.phases;
    phases
        .iter()
        .filter(|phase| world.process.positions.iter().any(|p| p.on == phase.id))
        .map(|phase| overlap(world, &phase.id, day))
        .collect()
}

/// When a position was said: its own day, or that of the article that it cites.
fn said(world: &World<'_>, position: &Position) -> Option<Date> {
    let own = position
        .asof
        .as_ref()
        .and_then(|w| world.days(w))
        .map(|d| d.1);
    own.or_else(|| world.published(&world.cites(&position.cite).first()?.doc))
}

fn overlap(world: &World<'_>, phase: &str, day: Date) -> Overlap {
    let mut windows = Vec::new();
    let mut silent = Vec::new();
    for party in &world.process.parties {
        let newest = world
            .process
            .positions
            .iter()
            .enumerate()
            .filter(|(_, p)| p.party == party.id && p.on == phase)
            .filter(|(_, p)| world.counts(&p.cite, p.asof.as_ref()))
            .map(|(at, p)| (said(world, p), at, p))
            .filter(|(said, ..)| said.is_none_or(|s| s <= day))
            .max_by_key(|(said, at, _)| (*said, *at));
        let Some((said, _, position)) = newest else {
            continue;
        };
        let window = window(world, position, said);
        if window.is_known() {
            windows.push(window);
        } else {
            silent.push(party.id.clone());
        }
    }
    of(phase, windows, silent)
}

fn window(world: &World<'_>, position: &Position, asof: Option<Date>) -> Window {
    let days = |when: &Option<crate::model::When>| when.as_ref().and_then(|w| world.days(w));
    Window {
        party: position.party.clone(),
        earliest: days(&position.earliest).map(|d| month_of(d.0)),
        best: days(&position.best).map(|d| (month_of(d.0), month_of(d.1))),
        latest: days(&position.latest).map(|d| month_of(d.1)),
        asof,
        cites: world.cites(&position.cite),
        note: position.note.clone(),
    }
}

/// Where windows overlap.
pub(crate) fn of(phase: &str, windows: Vec<Window>, silent: Vec<String>) -> Overlap {
    let zone = zone(windows.iter());
    let mut out = Overlap {
        phase: phase.to_owned(),
        windows,
        silent,
        zone: None,
        peak: None,
        wide: 0,
        gap: 0,
        concessions: Vec::new(),
    };
    if out.windows.len() < 2 {
        return out;
    }
    let (from, to) = zone;
    if from > to {
        out.gap = from - to;
        out.concessions = concessions(&out.windows);
        return out;
    }
    out.zone = Some((from, to));
    // Open ends are looked at only as far as any date was named.
    let (first, last) = out.span().unwrap_or((from, to));
    for month in from.max(first)..=to.min(last) {
        let accepted = out.accepts(month).unwrap_or(0.0);
        out.wide += usize::from(accepted >= 0.5);
        if out.peak.is_none_or(|(_, best)| accepted > best) {
            out.peak = Some((month, accepted));
        }
    }
    out
}

fn zone<'w>(windows: impl Iterator<Item = &'w Window>) -> (i32, i32) {
    windows
        .map(Window::support)
        .reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))
        .unwrap_or((0, 0))
}

/// What each party alone could do: it moves one end to where all others meet.
fn concessions(windows: &[Window]) -> Vec<Concession> {
    let mut out = Vec::new();
    for (at, own) in windows.iter().enumerate() {
        let others = windows
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != at)
            .map(|(_, w)| w);
        let (from, to) = zone(others);
        if from > to {
            continue;
        }
        let (earliest, latest) = own.support();
        let (months, way) = if earliest > to {
            (earliest - to, "earlier")
        } else {
            (from - latest, "later")
        };
        out.push(Concession {
            party: own.party.clone(),
            months,
            way: way.to_owned(),
        });
    }
    out.sort_by(|a, b| (a.months, &a.party).cmp(&(b.months, &b.party)));
    out
}

/// The gap after each change of a position, up to the day.
pub(crate) fn gaps(world: &World<'_>) -> Vec<GapRow> {
    let mut out = Vec::new();
    for phase in &world.process.phases {
        let mut changes: Vec<(Date, &str)> = world
            .process
            .positions
            .iter()
            .filter(|p| p.on == phase.id && world.counts(&p.cite, p.asof.as_ref()))
            .filter_map(|p| Some((said(world, p)?, p.party.as_str())))
            .filter(|(day, _)| *day <= world.day)
            .collect();
        changes.sort_unstable();
        changes.dedup();
        let mut days: Vec<Date> = changes.iter().map(|(day, _)| *day).collect();
        days.dedup();
        for day in days {
            let overlap = overlap(world, &phase.id, day);
            let known = overlap.windows.len() >= 2;
            let who = changes.iter().filter(|(d, _)| *d == day);
            let months = match (overlap.zone, overlap.span()) {
                (Some((from, to)), Some((first, last))) => to.min(last) - from.max(first) + 1,
                _ => 0,
            };
            out.push(GapRow {
                phase: phase.id.clone(),
                day,
                parties: who.map(|(_, p)| (*p).to_owned()).collect(),
                gap: known.then_some(overlap.gap),
                months: if known { months } else { 0 },
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(party: &str, earliest: i32, best: i32, latest: i32) -> Window {
        Window {
            party: party.into(),
            earliest: Some(earliest),
            best: Some((best, best)),
            latest: Some(latest),
            asof: None,
            cites: Vec::new(),
            note: String::new(),
        }
    }

    #[test]
    fn an_empty_overlap_names_the_nearest_step() {
        let two = of(
            "p",
            vec![window("a", 0, 3, 6), window("b", 10, 12, 20)],
            vec![],
        );
        assert_eq!((two.zone, two.gap), (None, 4));
        let steps: Vec<(&str, i32, &str)> = two
            .concessions
            .iter()
            .map(|c| (c.party.as_str(), c.months, c.way.as_str()))
            .collect();
        assert_eq!(steps, [("a", 4, "later"), ("b", 4, "earlier")]);
        // With a third party in between no one alone can open it.
        let three = vec![
            window("a", 0, 1, 2),
            window("b", 5, 6, 7),
            window("c", 10, 11, 12),
        ];
        assert!(of("p", three, vec![]).concessions.is_empty());
    }

    #[test]
    fn the_zone_is_the_least_acceptance() {
        let both = of(
            "p",
            vec![window("a", 0, 4, 8), window("b", 4, 8, 12)],
            vec![],
        );
        assert_eq!(both.zone, Some((4, 8)));
        assert_eq!(both.accepts(3), Some(0.0));
        assert_eq!(both.accepts(6), Some(0.6));
        assert_eq!(both.peak, Some((6, 0.6)));
        assert_eq!(both.wide, 1);
        // Without a date nothing is known, not even a refusal.
        let silent = Window {
            earliest: None,
            best: None,
            latest: None,
            ..window("c", 0, 0, 0)
        };
        assert_eq!(silent.accepts(3), None);
    }
}
