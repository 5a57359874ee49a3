//! `versions`: an address that was read more than once, and what changed in it.

use std::path::Path;

use rapporteur_desk::{Line, wrap};
use rapporteur_page::versions::address;
use rapporteur_record::{Cite, Filter, VersionChange, VersionsRow};

use super::{Stop, print, print_rows, style, view};

/// Arguments of `versions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Versions {
    /// Address or document (d-…); all addresses with more than one version if not given
    page: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Versions {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let mut rows = view(desk, &Filter::default())?.versions();
        if let Some(asked) = &self.page {
            rows.retain(|row| {
                address(&row.url) == address(asked)
                    || row
                        .versions
                        .iter()
                        .any(|v| v.doc.starts_with(asked.as_str()))
            });
        }
        if rows.is_empty() {
            return Err(Stop::nothing(match &self.page {
                Some(asked) => format!("{asked}: the record holds no second version"),
                None => "no address was read twice with different content".to_owned(),
            }));
        }
        if self.json {
            return print_rows(&rows);
        }
        let mut out = String::new();
        for row in &rows {
            tell(&mut out, row);
        }
        print(out.as_bytes())
    }
}

fn tell(out: &mut String, row: &VersionsRow) {
    let style = style();
    wrap(out, style, 0, &Line::new().strong(row.url.as_str()));
    for version in &row.versions {
        let when = match (&version.captured, version.published) {
            (Some(captured), _) => format!("captured {captured}"),
            (None, Some(day)) => format!("published {day}"),
            (None, None) => "at an unknown time".to_owned(),
        };
        let line = Line::new()
            .text(format!("{when}: {}", version.title))
            .faint(format!(" {}", version.doc));
        wrap(out, style, 2, &line);
        for change in &version.changes {
            tell_change(out, change);
        }
    }
}

fn tell_change(out: &mut String, change: &VersionChange) {
    let style = style();
    let line = |sign: &str, text: &str| Line::new().strong(sign).text(text.to_owned());
    let fields = [("- ", &change.old), ("+ ", &change.new)];
    if change.before.is_none() && change.after.is_none() {
        let name = Line::new().text(change.kind);
        wrap(out, style, 4, &name);
        for (sign, value) in fields {
            let value = value.as_deref().unwrap_or("unknown");
            wrap(out, style, 6, &line(sign, value));
        }
        return;
    }
    let cited = |sign: &str, cite: &Cite| {
        line(sign, &cite.text).faint(format!(" {} {}–{}", cite.doc, cite.start, cite.end))
    };
    for (sign, cite) in [("- ", &change.before), ("+ ", &change.after)] {
        if let Some(cite) = cite {
            wrap(out, style, 4, &cited(sign, cite));
        }
    }
}
