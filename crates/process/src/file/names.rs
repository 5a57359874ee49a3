//! Names across tables: declared once, known where they are used.

use std::collections::BTreeMap;
use std::ops::Range;

use super::table::{Name, Reading};
use crate::model::Process;
use crate::near::valid;

/// Names declared and used, by kind.
#[derive(Debug, Default)]
pub(crate) struct Named {
    declared: BTreeMap<&'static str, Vec<Name>>,
    /// The kinds it may be of, what it is called for a reader, the name.
    used: Vec<(&'static [&'static str], &'static str, Name)>,
}

impl Named {
    pub(crate) fn declare(&mut self, r: &mut Reading<'_>, kind: &'static str, name: &Name) {
        let known = self.declared.entry(kind).or_default();
        if known.iter().any(|n| n.word == name.word) {
            r.fault(
                &name.span,
                format!("{kind} `{}` is declared twice", name.word),
            );
            return;
        }
        known.push(name.clone());
    }

    pub(crate) fn using(
        &mut self,
        kinds: &'static [&'static str],
        called: &'static str,
        name: &Name,
    ) {
        self.used.push((kinds, called, name.clone()));
    }
}

/// Names that are used must be declared, and phases must not wait for each other in a circle.
pub(crate) fn resolve(r: &mut Reading<'_>, process: &Process, named: &Named) {
    for (kinds, called, name) in &named.used {
        let known: Vec<&str> = kinds
            .iter()
            .filter_map(|kind| named.declared.get(kind))
            .flatten()
            .map(|n| n.word.as_str())
            .collect();
        if !known.contains(&name.word.as_str()) {
            let what = format!(
                "`{}` is no {called}{}",
                name.word,
                valid(&name.word, &known)
            );
            r.fault(&name.span, what);
        }
    }
    let ordered = process.ordered_phases().len();
    let all_known = process
        .phases
        .iter()
        .flat_map(|p| &p.after)
        .all(|id| process.phases.iter().any(|p| p.id == *id));
    if all_known && ordered < process.phases.len() && r.faults.is_empty() {
        let placed = process.ordered_phases();
        let stuck: Vec<&str> = process
            .phases
            .iter()
            .filter(|p| !placed.iter().any(|q| q.id == p.id))
            .map(|p| p.id.as_str())
            .collect();
        let span = span_of(named, stuck.first().copied().unwrap_or(""));
        r.fault(
            &span,
            format!(
                "phases wait for each other in a circle: {}",
                stuck.join(", ")
            ),
        );
    }
}

fn span_of(named: &Named, id: &str) -> Range<usize> {
    let phases = named.declared.get("phase").into_iter().flatten();
    let found = phases.into_iter().find(|n| n.word == id);
    found.map_or(0..0, |n| n.span.clone())
}
