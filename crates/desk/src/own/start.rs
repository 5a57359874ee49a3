//! The first version of a person's brief, from the brief that the record makes of a selection.

use rapporteur_base::CodePoints;

use super::{Evidence, MOST_SECTIONS, MOST_SENTENCES, OwnBrief, OwnSection, Piece, Sentence};
use crate::{Brief, Cite, Line, Row, Run};

/// Each row becomes a sentence that cites what the row cites; remarks are left out.
pub fn from_brief(brief: &Brief, evidence: &Evidence<'_>) -> OwnBrief {
    let sections = brief.filled().take(MOST_SECTIONS).map(|section| {
        let rows = section.rows.iter().take(MOST_SENTENCES);
        OwnSection {
            title: section.title.clone(),
            sentences: rows.map(|row| sentence(brief, row, evidence)).collect(),
        }
    });
    OwnBrief {
        title: brief.title.trim_start_matches("Brief: ").to_owned(),
        sections: sections.collect(),
    }
}

fn sentence(brief: &Brief, row: &Row, evidence: &Evidence<'_>) -> Sentence {
    let mut words = words(&row.line);
    if words.is_empty() {
        words = row
            .below
            .iter()
            .map(self::words)
            .find(|w| !w.is_empty())
            .unwrap_or_default();
    }
    if !row.key.is_empty() {
        words = format!("{}: {words}", row.key);
    }
    let mut cites: Vec<Cite> = Vec::new();
    for cite in row.cites() {
        if !cites.contains(&cite) {
            cites.push(cite);
        }
    }
    let mut pieces = vec![Piece::Words(format!("{words} "))];
    pieces.extend(cites.into_iter().filter_map(|cite| {
        let source = brief.sources.get(cite.source.checked_sub(1)?)?;
        let (start, end) = CodePoints::new(&source.text).span(cite.span);
        let quoted = evidence.quoted(source.id.as_deref()?, start, end);
        Some(Piece::Cite(quoted))
    }));
    Sentence { pieces }
}

fn words(line: &Line) -> String {
    let runs = line.0.iter().filter_map(|run| match run {
        Run::Text(words) | Run::Strong(words) => Some(words.clone()),
        Run::Quote(words) => Some(format!("“{words}”")),
        Run::Faint(_) | Run::Cite(_) => None,
    });
    let all: String = runs.collect();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}
