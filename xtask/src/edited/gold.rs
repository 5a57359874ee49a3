//! What holds between two tellings, from their values alone: the gold of the set.

use rapporteur_base::Date;

use super::{Article, Fact, Kind, Set, Value, Voice, situation};

/// How two tellings of one fact stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holds {
    Same,
    Refines,
    Updates,
    Contradicts,
    Denies,
    AttributesOnly,
}

impl Holds {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Refines => "refines",
            Self::Updates => "updates",
            Self::Contradicts => "contradicts",
            Self::Denies => "denies",
            Self::AttributesOnly => "attributes-only",
        }
    }

    /// Whether the two cannot both hold.
    pub(crate) fn clashes(self) -> bool {
        matches!(self, Self::Contradicts | Self::Denies)
    }
}

/// Two tellings of one fact in two families.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) fact: String,
    pub(crate) kind: Kind,
    pub(crate) words: (String, String),
    pub(crate) holds: Holds,
}

/// Every pair of articles of different families with what holds of each fact that both tell.
pub(crate) fn pairs(set: &Set) -> Vec<Pair> {
    let mut out = Vec::new();
    for (a, x) in set.articles.iter().enumerate() {
        for (b, y) in set.articles.iter().enumerate().skip(a + 1) {
            if situation(&x.event) != situation(&y.event) || x.family == y.family {
                continue;
            }
            for told in &x.tellings {
                for other in y.tellings.iter().filter(|o| o.fact == told.fact) {
                    let key = (situation(&x.event).to_owned(), told.fact.clone());
                    let Some(fact) = set.facts.get(&key) else {
                        continue;
                    };
                    if x.event != y.event && !fact.standing {
                        continue;
                    }
                    if let Some(holds) = holds(fact, (x, told), (y, other)) {
                        out.push(Pair {
                            a,
                            b,
                            fact: told.fact.clone(),
                            kind: fact.kind,
                            words: (told.words.clone(), other.words.clone()),
                            holds,
                        });
                    }
                }
            }
        }
    }
    out
}

type Side<'s> = (&'s Article, &'s super::Telling);

fn holds(fact: &Fact, (x, a): Side<'_>, (y, b): Side<'_>) -> Option<Holds> {
    let days = (y.published - x.published).get_days();
    match (a.voice == Voice::Deny, b.voice == Voice::Deny) {
        (true, true) => return (a.value == b.value).then_some(Holds::Same),
        (true, false) | (false, true) => {
            // "Not yet" is no denial of what comes to be days later.
            let wait = if a.voice == Voice::Deny { days } else { -days };
            let moved = fact.kind == Kind::Status && wait > 2;
            let holds = if moved { Holds::Updates } else { Holds::Denies };
            return (a.value == b.value).then_some(holds);
        }
        _ => {}
    }
    let found = match (&a.value, &b.value) {
        (Value::Number(al, ah), Value::Number(bl, bh)) => {
            numbers(fact, (*al, *ah), (*bl, *bh), days)
        }
        (Value::Days(af, at), Value::Days(bf, bt)) => dates((*af, *at), (*bf, *bt)),
        (Value::Word(p), Value::Word(q)) if p == q => Holds::Same,
        (Value::Word(_), Value::Word(_)) if fact.kind == Kind::Actor => Holds::Contradicts,
        (Value::Word(p), Value::Word(q)) => {
            let clash = fact
                .clash
                .iter()
                .any(|(m, n)| (m == p && n == q) || (m == q && n == p));
            if days.abs() > 2 {
                Holds::Updates
            } else if clash {
                Holds::Contradicts
            } else {
                return None;
            }
        }
        _ => return None,
    };
    let one_attributes = (a.voice == Voice::Said) != (b.voice == Voice::Said);
    Some(match found {
        Holds::Same | Holds::Refines if one_attributes => Holds::AttributesOnly,
        other => other,
    })
}

fn numbers(fact: &Fact, a: (f64, f64), b: (f64, f64), days: i32) -> Holds {
    if a == b {
        return Holds::Same;
    }
    if a.0 <= b.1 && b.0 <= a.1 {
        return Holds::Refines;
    }
    let (later, earlier) = if days > 0 { (b, a) } else { (a, b) };
    if fact.rises && days != 0 && later.0 > earlier.1 {
        Holds::Updates
    } else {
        Holds::Contradicts
    }
}

fn dates(a: (Date, Date), b: (Date, Date)) -> Holds {
    if a == b {
        Holds::Same
    } else if a.0 <= b.1 && b.0 <= a.1 {
        Holds::Refines
    } else {
        Holds::Contradicts
    }
}
