use serde::{Deserialize, Serialize};

/// How a number is qualified by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// "2,500 troops".
    Equal,
    /// "about 2,500", "some 40", "nearly 900".
    About,
    /// "over 150", "more than 30".
    Over,
    /// "at least five".
    AtLeast,
    /// "under 100", "fewer than ten".
    Under,
    /// "up to 60", "at most".
    AtMost,
    /// "two to five", "between 3 and 7".
    Range,
}

impl Operator {
    /// The sign of the exchange format: `= ~ > < range`. Inclusive bounds share the sign of the
    /// strict ones there; the difference stays in the record.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::About => "~",
            Self::Over | Self::AtLeast => ">",
            Self::Under | Self::AtMost => "<",
            Self::Range => "range",
        }
    }
}

/// A number as a text gives it: never more exact than the words.
///
/// `low..high` is the set of values that the words allow, an open end is `None`; `value` is the
/// number written, `None` for a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number written; `None` for a range.
    pub value: Option<f64>,
    /// Smallest value allowed.
    pub low: Option<f64>,
    /// Greatest value allowed.
    pub high: Option<f64>,
    /// How it is qualified.
    pub op: Operator,
    /// Unit: `troops`, `attacks`, `years`, `percent`, `USD`, …; empty when the text gives none.
    pub unit: String,
}

/// Half-width of "about": a tenth. News rounds to one or two digits; a tenth keeps 2,400 and 2,500 together.
const ABOUT: f64 = 0.1;

impl Quantity {
    /// A number with its qualifier; `Range` is made by [`Quantity::range`].
    pub fn new(value: f64, op: Operator, unit: impl Into<String>) -> Self {
        let (low, high) = match op {
            Operator::Equal | Operator::Range => (Some(value), Some(value)),
            Operator::About => (
                Some(value - value.abs() * ABOUT),
                Some(value + value.abs() * ABOUT),
            ),
            Operator::Over | Operator::AtLeast => (Some(value), None),
            Operator::Under | Operator::AtMost => (None, Some(value)),
        };
        Self {
            value: Some(value),
            low,
            high,
            op,
            unit: unit.into(),
        }
    }

    /// "two to five years".
    pub fn range(low: f64, high: f64, unit: impl Into<String>) -> Self {
        Self {
            value: None,
            low: Some(low.min(high)),
            high: Some(low.max(high)),
            op: Operator::Range,
            unit: unit.into(),
        }
    }

    /// Whether one number could satisfy both wordings. Units are the caller's concern.
    pub fn compatible(&self, other: &Self) -> bool {
        let below = |a: Option<f64>, b: Option<f64>| matches!((a, b), (Some(a), Some(b)) if a < b);
        !below(self.high, other.low) && !below(other.high, self.low)
    }

    /// Whether `other` says the same more exactly.
    pub fn refined_by(&self, other: &Self) -> bool {
        let inside = |outer: Option<f64>, inner: Option<f64>, least: bool| match (outer, inner) {
            (None, _) => true,
            (Some(o), Some(i)) => {
                if least {
                    i >= o
                } else {
                    i <= o
                }
            }
            (Some(_), None) => false,
        };
        self != other
            && inside(self.low, other.low, true)
            && inside(self.high, other.high, false)
            && (self.low, self.high) != (other.low, other.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wording_bounds_the_value() {
        let over = Quantity::new(2000.0, Operator::Over, "troops");
        let about = Quantity::new(2500.0, Operator::About, "troops");
        let exact = Quantity::new(900.0, Operator::Equal, "troops");
        assert!(over.compatible(&about) && over.refined_by(&about));
        assert!(!about.compatible(&exact));
        assert_eq!(Quantity::range(5.0, 2.0, "years").low, Some(2.0));
    }
}
