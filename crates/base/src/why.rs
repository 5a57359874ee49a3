use serde::{Deserialize, Serialize};

use crate::Span;

/// Why a stage says what it says: the rule that fired and what weighed.
///
/// Every coded item carries one; `rapporteur why ID` prints it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// Id of the rule, as its data file names it: `events/consult.talks`, `time/month-day`.
    pub rule: String,
    /// Named features with their weights, heaviest first; empty for a plain rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<(String, f32)>,
    /// One plain sentence for a reader, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Why {
    /// A plain rule with a reason.
    pub fn rule(rule: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            features: Vec::new(),
            reason: reason.into(),
        }
    }
}

/// Something a stage noticed and an analyst may want to know: text analysis never fails, it
/// leaves notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Where, if at one place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Stable id of the kind of note: `page/no-body`, `page/consent-wall`, `time/no-anchor`.
    pub rule: String,
    /// What happened, for a reader.
    pub text: String,
}

impl Note {
    /// A note about the whole text.
    pub fn new(rule: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            span: None,
            rule: rule.into(),
            text: text.into(),
        }
    }

    /// The same note, at one place.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}
