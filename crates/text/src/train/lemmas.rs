use std::collections::BTreeMap;

use crate::conllu::Block;
use crate::lemma::by_rule;

/// The table of lemmas that the rules do not give: the commonest lemma of each form and tag.
pub(super) fn learn(trees: &[Block]) -> String {
    let mut counts: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
    for row in trees.iter().flat_map(|b| &b.words) {
        // Proper nouns keep their form; typing slips carry a mended lemma that is no rule.
        if matches!(row.upos.as_str(), "PROPN" | "X")
            || row.lemma == "_"
            || row.feats.contains("Typo=Yes")
        {
            continue;
        }
        let low = row.form.to_lowercase().replace('\u{2019}', "'");
        *counts
            .entry((low, row.xpos.clone()))
            .or_default()
            .entry(row.lemma.clone())
            .or_default() += 1;
    }
    let mut table = String::new();
    for ((form, xpos), lemmas) in counts {
        let best = lemmas.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let Some((lemma, _)) = best else { continue };
        if *lemma != by_rule(&form, &xpos) && !form.contains(['\t', '\n']) {
            table.push_str(&format!("{form}\t{xpos}\t{lemma}\n"));
        }
    }
    table
}
