use rapporteur_base::Date;
use serde::{Deserialize, Serialize};

/// Which part of the record a view shows. Empty: all of it.
///
/// `from`, `to` ask for what may have happened then (an event with an uncertain date is shown when
/// any of its days is inside); rows without a date are left out only when one of them is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Name, alias or country code of an actor.
    pub actor: Option<String>,
    /// PLOVER type, with or without mode: `CONSULT`, `assault/aerial`.
    pub kind: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// Only what was known by that day; corrections count from their own day.
    pub as_of: Option<Date>,
    /// Only the documents of this story (`s-…`).
    pub process: Option<String>,
}
