//! The weights: a table of features by role, in hundredths.

use std::collections::BTreeMap;

use super::Role;
use super::features::Features;

/// Feature that every entity has.
pub(super) const BIAS: &str = "(every)";

/// Name of the row that holds the cut.
pub(super) const CUT: &str = "(cut)";

/// Weights of every role.
#[derive(Debug, Default)]
pub(super) struct Model {
    weights: BTreeMap<String, [i32; Role::ALL.len()]>,
    /// The least sum that fills each role.
    cut: [i32; Role::ALL.len()],
}

impl Model {
    /// Reads the table.
    ///
    /// # Errors
    /// The line that is wrong, and the remedy.
    pub(super) fn read(table: &str) -> Result<Self, String> {
        let mut out = Self::default();
        for (number, line) in table.lines().enumerate() {
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let broken = || {
                format!(
                    "data/roles/weights.tsv:{}: not a feature and {} numbers; train again with `cargo xtask train-roles`",
                    number + 1,
                    Role::ALL.len()
                )
            };
            let (feature, numbers) = line.split_once('\t').ok_or_else(broken)?;
            let mut row = [0; Role::ALL.len()];
            let mut fields = numbers.split('\t');
            for slot in &mut row {
                *slot = fields
                    .next()
                    .and_then(|n| n.parse().ok())
                    .ok_or_else(broken)?;
            }
            if feature == CUT {
                out.cut = row;
            } else {
                out.weights.insert(feature.to_owned(), row);
            }
        }
        Ok(out)
    }

    fn weight(&self, feature: &str, role: Role) -> i32 {
        self.weights
            .get(feature)
            .map_or(0, |row| row[role as usize])
    }

    /// The sum of an entity's weights, in hundredths.
    pub(super) fn sum(&self, role: Role, features: &Features) -> i32 {
        self.weight(BIAS, role) + features.iter().map(|f| self.weight(f, role)).sum::<i32>()
    }

    /// Whether a sum fills a role.
    pub(super) fn fills(&self, role: Role, sum: i32) -> bool {
        sum >= self.cut[role as usize]
    }

    /// The features that weigh most for a role, heaviest first.
    #[expect(clippy::cast_precision_loss, reason = "small sums")]
    pub(super) fn reasons(
        &self,
        role: Role,
        features: &Features,
        most: usize,
    ) -> Vec<(String, f32)> {
        let mut out: Vec<(&String, i32)> = features
            .iter()
            .map(|f| (f, self.weight(f, role)))
            .filter(|(_, weight)| *weight > 0)
            .collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        out.truncate(most);
        out.into_iter()
            .map(|(f, weight)| (f.clone(), weight as f32 / 100.0))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_line_by_line() {
        let table = "# head\n(cut)\t-100\t0\t0\t0\t0\n(every)\t-300\t0\t0\t0\t0\nR:AG.kill\t250\t0\t0\t0\t0\n";
        let model = Model::read(table).unwrap();
        let features = Features::from(["R:AG.kill".to_owned()]);
        let sum = model.sum(Role::Perpetrator, &features);
        assert_eq!(sum, -50);
        assert!(model.fills(Role::Perpetrator, sum));
        assert_eq!(
            model.reasons(Role::Perpetrator, &features, 3),
            [("R:AG.kill".to_owned(), 2.5)]
        );
        assert!(
            Model::read("R:AG.kill\t250\n")
                .unwrap_err()
                .starts_with("data/roles/weights.tsv:1:")
        );
    }
}
