//! The file of the name models: read in place beside the parser's.

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
        let units = floats(block("nam.unit"));
        let unit = |at: usize| units.get(at).copied().unwrap_or(1.0);
        let names = Table::new(block("nam.key"), block("nam.row"), LABELS, unit(0));
        Self {
            gazetteer: Gazetteer::new(block("lists")),
            names,
            follow: Follow::read::<LABELS>(&names, FOLLOW, 0),
            mentions: MentionModel::new(Table::new(
                block("men.key"),
                block("men.row"),
                mentions::CLASSES,
                floats(block("men.unit")).first().copied().unwrap_or(1.0),
            )),
            calibration: (unit(1), unit(2)),
        }
    }
}
