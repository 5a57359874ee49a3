//! `stories`: what hangs together, with its counts.

use std::path::Path;

use rapporteur_desk::{Line, Row, Section, day};
use rapporteur_record::{SagaRow, StoryRow, View};
use serde::Serialize;

use super::{Filters, Stop, print, print_rows, style, view};
use crate::cli::exit;

/// Arguments of `stories`.
#[derive(Debug, clap::Args)]
pub(crate) struct Stories {
    #[command(flatten)]
    filters: Filters,
    /// Only the sagas
    #[arg(long)]
    sagas: bool,
    /// Least number of articles of a story
    #[arg(long, value_name = "N", default_value_t = 1)]
    least: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// One line of `--json`.
#[derive(Serialize)]
#[serde(tag = "row", rename_all = "lowercase")]
enum Told<'v> {
    Saga(&'v SagaRow),
    Story(&'v StoryRow),
}

impl Stories {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let view = view(desk, &self.filters.filter())?;
        let stories = self.chosen(&view);
        if self.json {
            let mut rows: Vec<Told<'_>> = view.sagas.iter().map(Told::Saga).collect();
            rows.extend(stories.iter().map(|s| Told::Story(s)));
            return print_rows(&rows);
        }
        let mut out = String::new();
        let sagas = Section {
            title: "Sagas".into(),
            rows: view.sagas.iter().map(saga).collect(),
            ..Section::default()
        };
        let stories = Section {
            title: "Stories".into(),
            rows: stories.into_iter().map(story).collect(),
            ..Section::default()
        };
        for section in [sagas, stories] {
            if !section.rows.is_empty() {
                out.push_str(&format!("{}\n", section.title));
                rapporteur_desk::rows(&mut out, style(), &section);
            }
        }
        if out.is_empty() {
            return Err(Stop::nothing("stories: nothing found"));
        }
        print(out.as_bytes())?;
        Ok(exit::OK)
    }

    /// Stories by first day, undated last.
    fn chosen<'v>(&self, view: &'v View) -> Vec<&'v StoryRow> {
        if self.sagas {
            return Vec::new();
        }
        let mut out: Vec<&StoryRow> = view
            .stories
            .iter()
            .filter(|s| s.docs.len() >= self.least)
            .collect();
        out.sort_by_key(|s| (s.published.is_none(), s.published, &s.id));
        out
    }
}

fn days((first, last): (rapporteur_base::Date, rapporteur_base::Date)) -> String {
    if first == last {
        day(first)
    } else {
        format!("{} to {}", day(first), day(last))
    }
}

fn counts(articles: usize, families: usize, origins: Option<usize>) -> String {
    let of = |n: usize, one: &str, more: &str| format!("{n} {}", if n == 1 { one } else { more });
    let mut out = vec![
        of(articles, "article", "articles"),
        of(families, "independent text", "independent texts"),
    ];
    out.extend(origins.map(|n| of(n, "origin", "origins")));
    out.join(", ")
}

fn saga(saga: &SagaRow) -> Row {
    Row {
        id: Some(saga.id.clone()),
        key: days(saga.published),
        line: Line::new().strong(saga.title.as_str()).faint(format!(
            " · {} stories, {} · {} · {}",
            saga.stories.len(),
            counts(saga.articles, saga.families, None),
            saga.parties.join(", "),
            saga.matters.join(", ")
        )),
        below: vec![Line::new().faint(saga.stories.join(" "))],
    }
}

fn story(story: &StoryRow) -> Row {
    let mut line = Line::new().strong(story.title.as_str()).faint(format!(
        " · {}",
        counts(story.docs.len(), story.families.len(), Some(story.origins))
    ));
    if let Some(saga) = &story.saga {
        line = line.faint(format!(" · part of {saga}"));
    }
    Row {
        id: Some(story.id.clone()),
        key: story.published.map_or_else(|| "undated".to_owned(), days),
        line,
        below: Vec::new(),
    }
}
