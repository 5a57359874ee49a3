//! What stands beside the data: the meaning of every column, licence, citation, manifest.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::json;

use super::table::Table;
use super::{File, Format};
use crate::View;

const JSON: &str = "`record.json` is one object: `docs`, `times`, `actors`, `events`, `figures`, `quotes`, \
`positions`, `commitments`, `indicators`, `assessments`, `comparisons`, `stories`. `evidence` is a list of \
`{doc, start, end, text}`; offsets count Unicode code points of that document's `text`, the end is exclusive, and \
`text` equals that slice. `null` is unknown: nothing is filled in from elsewhere. A date is `null` or \
`{from, to, precision}`, where an end may be open (`null`); a week is `bounded`.\n";

const PARQUET: &str = "\nEvery column may hold null, which is unknown or none: where a column says \"empty\", read null. \
Whole numbers are INT64, numbers DOUBLE, days DATE, texts UTF-8; what a column holds stands in the file too, under \
`column:NAME` of its key-value metadata.\n";

pub(super) const LICENCE: &str = "Codes, dates and comparisons were made by Rapporteur and may be used freely. \
Texts, titles and quoted passages belong to their publishers.\n";

pub(super) const CITATION: &str = "Cite as: desk of (your project), coded with the program and rules named in \
`manifest.json`, and each source by its address and day of publication.\n";

/// What the formats of other projects cannot hold at all.
fn left_out(format: Format) -> &'static str {
    match format {
        Format::Gdelt => {
            "Only events told as actual are written: the format has no modality, and a demand or a plan \
             must not turn into a deed. Quotes, positions, commitments, comparisons and every passage are \
             left out. Codes are the CAMEO codes nearest to the PLOVER type. Tone and Goldstein scale are \
             not computed and stay empty. The id is made of the first digits of ours."
        }
        Format::Acled => {
            "Only actual violence, protests and agreements are written, as the format knows no other \
             events. Actors have no direction in it. Places have no administrative levels here. \
             Fatalities are written only where a figure of the event says so; empty is not zero."
        }
        Format::Ucdp => {
            "Only actual assaults with a figure of deaths are written. Sides are source and target of \
             the event; the type of violence is left empty where the actors do not settle it."
        }
        Format::TimelineJs => {
            "Only events told as facts with a date are slides; an uncertain date has both ends and says so in \
             words, as the format draws no soft ends. Only the first passage of each is shown."
        }
        Format::GeoJson => {
            "Only events whose place has a position are written; the property `precision` is 1 for a country, 2 \
             and 3 for areas, 4 for a town, 5 for a spot: a point is never more exact than that."
        }
        Format::FollowTheMoney => {
            "Actors are `LegalEntity`, documents `Article`, events told as facts `Event`. `involved` has no \
             direction; quotes, positions, commitments and comparisons have no schema there and are left out."
        }
        Format::Annotations => {
            "Offsets count Unicode code points of the cleaned text. `prov:wasGeneratedBy` names the rule and the \
             set of rules, `prov:wasDerivedFrom` the document and the SHA-256 of its page."
        }
        Format::Calendar => {
            "Commitments whose words give a day by which; `DTSTART` is the last day that they allow. What has no \
             such day is left out."
        }
        Format::Json | Format::Csv | Format::Parquet => "",
    }
}

pub(super) fn page(format: Format, tables: &[Table]) -> String {
    let mut out = format!("# Codebook of the {} export\n\n", format.name());
    if format == Format::Json {
        out.push_str(JSON);
    }
    let rest = left_out(format);
    if !rest.is_empty() {
        let _ = writeln!(out, "{rest}");
    }
    let is_parquet = format == Format::Parquet;
    if is_parquet {
        out.push_str(PARQUET);
    } else if !tables.is_empty() {
        out.push_str("\nCells are UTF-8, parted by commas, quoted as in RFC 4180. An empty cell is unknown or none.\n");
    }
    for table in tables {
        let end = if is_parquet { "parquet" } else { "csv" };
        let _ = writeln!(out, "\n## {}.{end}\n\n{}\n", table.name, table.about);
        out.push_str(if is_parquet {
            "| column | kind | holds | loses |\n|---|---|---|---|\n"
        } else {
            "| column | holds | loses |\n|---|---|---|\n"
        });
        for c in &table.columns {
            let kind = if is_parquet {
                format!(" {} |", c.kind.name())
            } else {
                String::new()
            };
            let _ = writeln!(out, "| {} |{kind} {} | {} |", c.name, c.about, c.lossy);
        }
    }
    let _ = write!(out, "\n## Licence and citation\n\n{LICENCE}\n{CITATION}");
    out
}

pub(super) fn manifest(view: &View, format: Format, program: &str, files: &[File]) -> String {
    let rules: BTreeSet<String> = view.docs.iter().map(|d| d.ruleset.to_string()).collect();
    let listed: Vec<_> = files
        .iter()
        .map(|f| {
            json!({
                "name": f.name, "bytes": f.bytes.len(), "sha256": rapporteur_base::sha256_hex(&f.bytes),
            })
        })
        .collect();
    let counts = json!({
        "docs": view.docs.len(), "events": view.events.len(), "figures": view.figures.len(),
        "quotes": view.quotes.len(), "positions": view.positions.len(), "commitments": view.commitments.len(),
        "indicators": view.indicators.len(), "assessments": view.assessments.len(),
        "comparisons": view.comparisons.len(), "stories": view.stories.len(), "actors": view.actors.len(),
        "places": view.places.len(), "times": view.times.len(),
    });
    let pages: Vec<_> = view
        .docs
        .iter()
        .map(|d| json!({"doc": d.id, "sha256": d.sha256}))
        .collect();
    let mut all = json!({
        "program": program, "format": format.name(), "filter": view.filter, "rulesets": rules,
        "counts": counts, "pages": pages, "files": listed,
        "orphaned_corrections": view.orphaned.len(),
    });
    if !view.damaged.is_empty() {
        all["damaged"] = json!(view.damaged);
    }
    let mut out = serde_json::to_string_pretty(&all).expect("invariant: values have a JSON form");
    out.push('\n');
    out
}
