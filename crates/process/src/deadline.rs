//! Dates ahead: ceilings of phases, due dates of commitments, ratings that run out.

use rapporteur_base::Date;
use rapporteur_record::Cite;
use serde::Serialize;

use crate::light::judges;
use crate::model::{Cited, Kind, Phase, When};
use crate::world::World;

/// A date ahead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deadline {
    /// The day.
    pub day: Date,
    /// Whether only its month or a longer time is known; the day is then the last of it.
    pub vague: bool,
    /// What falls due.
    pub what: String,
    /// Row of the file: `phase p1`, `commitment c2`.
    pub row: String,
    /// Passages.
    pub cites: Vec<Cite>,
}

/// The days of a phase, as the file gives them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseDays {
    /// The phase.
    pub phase: String,
    /// Not before.
    pub no_earlier: Option<Date>,
    /// The date ceiling.
    pub no_later: Option<Date>,
    /// Done on.
    pub done: Option<Date>,
}

/// A time when the talks stood still, as the file gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standstill {
    /// Days between which it began; `None`: not known.
    pub from: Option<(Date, Date)>,
    /// Days between which it ended; `None`: not ended by the day, or not known.
    pub to: Option<(Date, Date)>,
    /// Passages on its cause.
    pub cites: Vec<Cite>,
    /// A remark.
    pub note: String,
}

/// The days of every phase.
pub(crate) fn phase_days(world: &World<'_>) -> Vec<PhaseDays> {
    let last = |when: &Option<When>| when.as_ref().and_then(|w| world.days(w)).map(|d| d.1);
    let one = |phase: &Phase| PhaseDays {
        phase: phase.id.clone(),
        no_earlier: phase
            .no_earlier
            .as_ref()
            .and_then(|w| world.days(w))
            .map(|d| d.0),
        no_later: last(&phase.no_later),
        done: last(&phase.done).filter(|d| *d <= world.day),
    };
    world.process.phases.iter().map(one).collect()
}

/// Suspensions that had begun, or may have, by the day.
pub(crate) fn standstills(world: &World<'_>) -> Vec<Standstill> {
    let known = world
        .process
        .suspensions
        .iter()
        .filter(|s| world.counts(&s.cause, None));
    let all = known.map(|s| Standstill {
        from: world.days(&s.from),
        to: s
            .to
            .as_ref()
            .and_then(|w| world.days(w))
            .filter(|d| d.0 <= world.day),
        cites: world.cites(&s.cause),
        note: s.note.clone(),
    });
    all.filter(|s| s.from.is_none_or(|f| f.0 <= world.day))
        .collect()
}

/// Dates found.
struct Found<'w, 'v> {
    world: &'w World<'v>,
    out: Vec<Deadline>,
}

impl Found<'_, '_> {
    /// A passed date is none any more.
    fn add(&mut self, when: Option<&When>, cite: &Cited, row: &str, what: String) {
        let Some((from, to)) = when.and_then(|w| self.world.days(w)) else {
            return;
        };
        if to >= self.world.day && self.world.counts(cite, None) {
            self.out.push(Deadline {
                day: to,
                vague: from != to,
                what,
                row: row.to_owned(),
                cites: self.world.cites(cite),
            });
        }
    }

    fn phase(&mut self, phase: &Phase) {
        let (row, name) = (format!("phase {}", phase.id), &phase.title);
        let early = format!("{name}: not before this");
        self.add(phase.no_earlier.as_ref(), &phase.cite, &row, early);
        let exception = match phase.unless.as_str() {
            "" => String::new(),
            words => format!(" (unless: {words})"),
        };
        let late = format!("{name}: ceiling{exception}");
        self.add(phase.no_later.as_ref(), &phase.cite, &row, late);
    }
}

/// All of them, in order.
pub(crate) fn deadlines(world: &World<'_>) -> Vec<Deadline> {
    let mut found = Found {
        world,
        out: Vec::new(),
    };
    for phase in &world.process.phases {
        found.phase(phase);
    }
    for c in &world.process.commitments {
        let row = format!("commitment {}", c.id);
        found.add(c.due.as_ref(), &c.cite, &row, format!("Due: {}", c.what));
    }
    for condition in &world.process.conditions {
        let Kind::Judged(judged) = &condition.kind else {
            continue;
        };
        let Some(valid) = judged.valid else { continue };
        let span = jiff::Span::new().months(valid.months).days(valid.days);
        for judge in judges(world, condition, judged, world.day) {
            let Some(on) = judge.on else { continue };
            let end = on.saturating_add(span);
            let name = world.process.name_of(&judge.by);
            let what = format!("{name}'s rating of {} runs out", condition.title);
            let row = format!("condition {}", condition.id);
            found.add(Some(&When::Days(end, end)), &None, &row, what);
        }
    }
    let mut out = found.out;
    out.sort_by(|a, b| (a.day, &a.row, &a.what).cmp(&(b.day, &b.row, &b.what)));
    out
}
