//! Makes a composed brief short: what reads the same is said once, what is not cited is not listed.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Brief, Cite, Line, Row, Run};

/// Reprints carry the same words: rows that read the same become one, with all their places.
pub(crate) fn merged(rows: Vec<Row>) -> Vec<Row> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        let reads = reading(&row);
        match places.get(&reads) {
            Some(at) => {
                for (line, more) in lines(&mut out[*at]).zip(lines(&mut row.clone())) {
                    add_cites(line, more);
                }
            }
            None => {
                places.insert(reads, out.len());
                out.push(row);
            }
        }
    }
    out
}

fn lines(row: &mut Row) -> impl Iterator<Item = &mut Line> {
    std::iter::once(&mut row.line).chain(&mut row.below)
}

/// The words of a row without its citations.
fn reading(row: &Row) -> String {
    let mut out = row.key.to_lowercase();
    for run in std::iter::once(&row.line)
        .chain(&row.below)
        .flat_map(|l| &l.0)
    {
        if let Run::Text(w) | Run::Strong(w) | Run::Quote(w) | Run::Faint(w) = run {
            out.push('|');
            out.push_str(
                w.to_lowercase()
                    .trim_matches(|c: char| !c.is_alphanumeric()),
            );
        }
    }
    out
}

/// Adds the citations of `more` behind those that the line has.
fn add_cites(line: &mut Line, more: &Line) {
    let have: BTreeSet<usize> = line.cites().map(|c| c.source).collect();
    let new: Vec<Cite> = more.cites().filter(|c| !have.contains(&c.source)).collect();
    let last = line.0.iter().rposition(|run| matches!(run, Run::Cite(_)));
    if let Some(at) = last {
        let runs = new.into_iter().map(Run::Cite);
        line.0.splice(at + 1..at + 1, runs);
    }
}

/// Keeps the sources that are cited, numbered in the order of the record, and the copies' notes
/// in step.
pub(crate) fn renumber(brief: &mut Brief) {
    let cited: BTreeSet<usize> = brief
        .sections
        .iter()
        .flat_map(|s| s.rows.iter().flat_map(Row::cites))
        .map(|c| c.source)
        .collect();
    let new: BTreeMap<usize, usize> = cited
        .iter()
        .enumerate()
        .map(|(at, old)| (*old, at + 1))
        .collect();
    let lines = brief
        .sections
        .iter_mut()
        .flat_map(|s| &mut s.rows)
        .flat_map(|row| std::iter::once(&mut row.line).chain(&mut row.below));
    for line in lines {
        for run in &mut line.0 {
            if let Run::Cite(cite) = run {
                cite.source = new.get(&cite.source).copied().unwrap_or(0);
            }
        }
    }
    let sources = std::mem::take(&mut brief.sources);
    for (at, mut source) in sources.into_iter().enumerate() {
        if new.contains_key(&(at + 1)) {
            source.copy_of = source.copy_of.and_then(|old| new.get(&old).copied());
            brief.sources.push(source);
        }
    }
}

#[cfg(test)]
mod tests {
    use rapporteur_base::Span;

    use super::*;
    use crate::{Section, Source};

    fn row(words: &str, source: usize) -> Row {
        let cite = Cite {
            source,
            span: Span::new(0, 5),
        };
        Row {
            key: "France".into(),
            below: vec![Line::new().quote(words).cite([cite])],
            ..Row::default()
        }
    }

    #[test]
    fn reprints_are_said_once_and_numbers_close_up() {
        let rows = vec![
            row("a fixed timetable", 2),
            row("A fixed timetable.", 4),
            row("no date", 4),
        ];
        let sources = ["a", "b", "c", "d"].map(|title| Source {
            title: title.into(),
            ..Source::default()
        });
        let mut brief = Brief {
            sections: vec![Section {
                rows: merged(rows),
                ..Section::default()
            }],
            sources: sources.into(),
            ..Brief::default()
        };
        renumber(&mut brief);
        let rows = &brief.sections[0].rows;
        assert_eq!(rows.len(), 2);
        assert_eq!(
            rows[0].cites().map(|c| c.source).collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!(rows[1].cites().map(|c| c.source).collect::<Vec<_>>(), [2]);
        let titles: Vec<_> = brief.sources.iter().map(|s| s.title.as_str()).collect();
        assert_eq!(titles, ["b", "d"]);
        assert!(brief.uncited().is_empty());
    }
}
