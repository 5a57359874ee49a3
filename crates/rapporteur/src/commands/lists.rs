//! The lists: one kind of row each, as text with cited sources or as JSON Lines.

use std::collections::BTreeMap;
use std::path::Path;

use rapporteur_desk::sections::{self, Numbers};
use rapporteur_desk::{Line, Row, Section, list, text, words};
use rapporteur_record::{ActorRow, FigureRow, Query, Store, TimelineRow, View};

use super::{Filters, Stop, open, print, print_rows, style, view};
use crate::cli::exit;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Timeline,
    Events,
    Actors,
    Figures,
    Quotes,
    Positions,
    Commitments,
}

/// Arguments of most lists.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    filters: Filters,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) fn run(&self, desk: Option<&Path>, what: What) -> Result<u8, Stop> {
        let view = view(desk, &self.filters.filter())?;
        if self.json {
            return match what {
                What::Timeline => print_rows(&view.timeline()),
                What::Events => print_rows(&view.events),
                What::Actors => print_rows(&view.actors),
                What::Figures => print_rows(&view.figures),
                What::Quotes => print_rows(&view.quotes),
                What::Positions => print_rows(&view.positions),
                What::Commitments => print_rows(&view.commitments),
            };
        }
        let numbers = Numbers::of(&view);
        let n = &numbers;
        let (title, rows): (&str, Vec<Row>) = match what {
            What::Timeline => ("Timeline", timeline(&view, n)),
            What::Events => ("Events", sections::events(&view.events, n)),
            What::Actors => ("Actors", view.actors.iter().map(|a| actor(a, n)).collect()),
            What::Figures => ("Figures", figures(&view, n)),
            What::Quotes => ("Quotes", rows(&view.quotes, |q| sections::quote(q, n))),
            What::Positions => (
                "Positions",
                rows(&view.positions, |p| sections::position(p, n)),
            ),
            What::Commitments => (
                "Commitments",
                rows(&view.commitments, |c| sections::commitment(c, n)),
            ),
        };
        show(&view, title, rows)
    }
}

fn rows<T>(from: &[T], row: impl Fn(&T) -> Option<Row>) -> Vec<Row> {
    from.iter().filter_map(row).collect()
}

fn show(view: &View, title: &str, rows: Vec<Row>) -> Result<u8, Stop> {
    if rows.is_empty() {
        return Err(Stop::nothing(format!(
            "{}: nothing found",
            title.to_lowercase()
        )));
    }
    let section = Section {
        title: title.to_owned(),
        rows,
        ..Section::default()
    };
    print(text(&list(view, section), style()).as_bytes())
}

fn timeline(view: &View, numbers: &Numbers) -> Vec<Row> {
    let row = |line: &TimelineRow| {
        let told = words::modality(line.modality);
        let mut head = Line::new().strong(words::kind(&line.kind));
        let mut remarks = Vec::new();
        if !told.is_empty() {
            remarks.push(told.to_owned());
        }
        if line.origins > 1 {
            remarks.push(format!("{} origins", line.origins));
        }
        if !matches!(line.status.as_str(), "single-source" | "corroborated" | "") {
            remarks.push(line.status.clone());
        }
        if !remarks.is_empty() {
            head = head.faint(format!(" · {}", remarks.join(", ")));
        }
        let words_of = Line::new().quote(words::clipped(&line.text, 400));
        Row {
            id: Some(line.event.clone()),
            key: words::interval(line.date),
            line: head,
            below: vec![words_of.cite(numbers.cites(&line.cites))],
        }
    };
    view.timeline().iter().map(row).collect()
}

fn actor(actor: &ActorRow, numbers: &Numbers) -> Row {
    let mut line = Line::new().strong(actor.name.as_str());
    let mut facts = Vec::new();
    facts.extend(actor.country.clone());
    facts.extend(actor.sector.clone());
    facts.extend(actor.roles.iter().take(3).cloned());
    if !facts.is_empty() {
        line = line.text(format!(" · {}", facts.join(", ")));
    }
    let mut below = Vec::new();
    if !actor.aliases.is_empty() {
        let names = words::clipped(&actor.aliases.join("; "), 200);
        below.push(Line::new().faint(format!("also: {names}")));
    }
    Row {
        id: Some(actor.id.clone()),
        key: format!("{} ×", actor.mentions),
        line: line.cite(numbers.cites(&actor.evidence)),
        below,
    }
}

fn figures(view: &View, numbers: &Numbers) -> Vec<Row> {
    let by_id: BTreeMap<&str, &FigureRow> =
        view.figures.iter().map(|f| (f.id.as_str(), f)).collect();
    let mut out = rows(&view.series, |s| {
        (s.figures.len() > 1)
            .then(|| sections::series(s, &by_id, numbers))
            .flatten()
    });
    out.extend(rows(&view.figures, |f| sections::figure(f, numbers)));
    out
}

/// Arguments of `conflicts`.
#[derive(Debug, clap::Args)]
pub(crate) struct Conflicts {
    #[command(flatten)]
    filters: Filters,
    /// Also what refines, updates, confirms, and what only one source has
    #[arg(long)]
    all: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Conflicts {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let view = view(desk, &self.filters.filter())?;
        let chosen: Vec<_> = view
            .comparisons
            .iter()
            .filter(|c| self.all || c.kind.is_conflict())
            .collect();
        if self.json {
            return print_rows(&chosen);
        }
        let numbers = Numbers::of(&view);
        let rows = chosen
            .iter()
            .filter_map(|c| sections::comparison(c, &numbers));
        show(&view, "Comparisons", rows.collect())
    }
}

/// Arguments of `search`.
#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    /// Words; all must occur. "a phrase", a OR b, -without, begin*
    #[arg(required = true)]
    words: Vec<String>,
    #[command(flatten)]
    filters: Filters,
    /// Best first instead of newest first
    #[arg(long)]
    ranked: bool,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// How many to pass over
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Search {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let f = &self.filters;
        let query = Query {
            from: f.from,
            to: f.to,
            actor: f.actor.clone(),
            kind: f.kind.clone(),
            place: f.place.clone(),
            as_of: f.as_of,
            ranked: self.ranked,
            limit: self.limit,
            offset: self.offset,
            ..Query::new(asked(&self.words))
        };
        let hits = open(desk)?.search(&query)?;
        if self.json {
            return print_rows(&hits);
        }
        if hits.is_empty() {
            return Err(Stop::nothing("no document has these words"));
        }
        let mut section = Section::default();
        for hit in &hits {
            let mut line = Line::new().strong(hit.title.as_str());
            if let Some(site) = &hit.site {
                line = line.text(format!(" · {site}"));
            }
            let known = hit.published.or(hit.known_at);
            section.rows.push(Row {
                key: known.map_or_else(|| "undated".to_owned(), rapporteur_desk::day),
                line: line.faint(format!(" {}", hit.doc)),
                below: vec![Line::new().quote(hit.snippet.as_str())],
                ..Row::default()
            });
        }
        let mut out = String::new();
        rapporteur_desk::rows(&mut out, style(), &section);
        print(out.as_bytes())?;
        Ok(exit::OK)
    }
}

/// The words as one query; an argument with a space in it was quoted in the shell: a phrase.
fn asked(words: &[String]) -> String {
    if let [one] = words {
        return one.clone();
    }
    let phrase = |word: &String| {
        if word.contains(char::is_whitespace) && !word.contains('"') {
            format!("\"{word}\"")
        } else {
            word.clone()
        }
    };
    words.iter().map(phrase).collect::<Vec<_>>().join(" ")
}
