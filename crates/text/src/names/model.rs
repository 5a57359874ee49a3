//! The file of the name models: read in place beside the parser's.

use super::arabic::ArabicModel;
use super::chain::Follow;
use super::gazetteer::Gazetteer;
use super::mentions::{self, MentionModel};
use super::{FOLLOW, LABELS};
use crate::model::{block, floats};
use crate::table::Table;

/// Everything learnt about names.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameModel {
    pub gazetteer: Gazetteer,
    pub names: Table,
    pub follow: Follow<LABELS>,
    pub arabic: ArabicModel,
    pub mentions: MentionModel,
    /// Slope and offset of the names' scores.
    pub calibration: (f32, f32),
}

impl NameModel {
    /// Names alone, while the rest is still learnt.
    #[cfg(feature = "train")]
    pub(crate) fn of_names(gazetteer: Gazetteer, names: Table) -> Self {
        Self {
            gazetteer,
            names,
            follow: Follow::read::<LABELS>(&names, FOLLOW, 0),
            ..Self::default()
        }
    }

    /// Reads a file; blocks that are missing leave their part empty.
    pub(crate) fn read(bytes: &'static [u8]) -> Self {
        let block = |name: &str| block(bytes, name).unwrap_or_default();
        let table = |name: &str, width: usize| {
            let units = floats(block(&format!("{name}.unit")));
            let unit = |at: usize| units.get(at).copied().unwrap_or(1.0);
            let (keys, rows) = (block(&format!("{name}.key")), block(&format!("{name}.row")));
            let table = Table::new(keys, rows, width, unit(0));
            (table, (unit(1), unit(2)))
        };
        let (names, calibration) = table("nam", LABELS);
        let (arabic, arabic_calibration) = table("ara", LABELS);
        Self {
            gazetteer: Gazetteer::new(block("lists")),
            names,
            follow: Follow::read::<LABELS>(&names, FOLLOW, 0),
            calibration,
            arabic: ArabicModel::new(arabic, arabic_calibration),
            mentions: MentionModel::new(table("men", mentions::CLASSES).0),
        }
    }
}
