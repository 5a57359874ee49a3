//! Rows of the record as HTML: the same sections as the brief, with links into the desk.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapporteur_base::CodePoints;
use rapporteur_record::{Cite as Passage, DocRow, View};

use crate::html::escape;
use crate::{Brief, Cite, Line, Row, Run, Section, Source, chart};

/// A document that may be cited: id, title, outlet, text.
type Cited<'v> = (&'v str, &'v str, &'v str, &'v str);

/// Most passages of one line on a screen; the row's own screen has all of them.
const CITES: usize = 8;

/// Writes sections whose citations count the documents of a view or the sources of a brief.
pub(crate) struct Writer<'v> {
    docs: Vec<Cited<'v>>,
    /// Code points of the documents cited so far.
    points: BTreeMap<usize, CodePoints<'v>>,
}

/// Address of a row's own screen.
pub(crate) fn address(id: &str) -> String {
    match id.as_bytes().first() {
        Some(b'd') => format!("/d/{id}"),
        Some(b'e') => format!("/e/{id}"),
        Some(b'n') => format!("/a/{id}"),
        Some(b's') => format!("/s/{id}"),
        _ => format!("/r/{id}"),
    }
}

/// The drawn timeline, its marks leading to the screens of their rows.
pub(crate) fn chart(brief: &Brief) -> String {
    chart::svg(brief)
        .replace("href=\"#e-", "href=\"/e/e-")
        .replace("href=\"#c-", "href=\"/r/c-")
}

/// Address of a passage: its document, opened at it.
pub(crate) fn passage(cite: &Passage) -> String {
    format!("/d/{}?c={}-{}#c", cite.doc, cite.start, cite.end)
}

impl<'v> Writer<'v> {
    /// Citations count the documents of a view.
    pub(crate) fn new(view: &'v View) -> Self {
        let cited = |doc: &'v DocRow| -> Cited<'v> {
            let site = doc.site.as_deref().unwrap_or_default();
            (&doc.id, &doc.title, site, &doc.text)
        };
        Self {
            docs: view.docs.iter().map(cited).collect(),
            points: BTreeMap::new(),
        }
    }

    /// Citations count the sources of a brief.
    pub(crate) fn of(brief: &'v Brief) -> Self {
        let cited = |source: &'v Source| -> Cited<'v> {
            let id = source.id.as_deref().unwrap_or_default();
            (id, &source.title, &source.site, &source.text)
        };
        Self {
            docs: brief.sources.iter().map(cited).collect(),
            points: BTreeMap::new(),
        }
    }

    /// A table of the section's rows.
    pub(crate) fn table(&mut self, section: &Section, value_title: &str) -> String {
        let is_keyed = section.is_keyed();
        let mut out = String::from("<table class=\"rows\"><thead><tr>");
        if is_keyed {
            let _ = write!(out, "<th scope=\"col\">{}</th>", escape(section.key_title));
        }
        let _ = write!(
            out,
            "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
            escape(value_title)
        );
        for row in &section.rows {
            self.row(&mut out, row, is_keyed);
        }
        out.push_str("</tbody></table>\n");
        out
    }

    fn row(&mut self, out: &mut String, row: &Row, is_keyed: bool) {
        let id = row.id.as_deref();
        let anchor = id.map(|id| format!(" id=\"{}\"", escape(id)));
        let _ = write!(out, "<tr{}>", anchor.unwrap_or_default());
        if is_keyed {
            Self::key(out, row, id);
        }
        out.push_str("<td><span class=\"line\" dir=\"auto\">");
        self.line(out, &row.line);
        out.push_str("</span>");
        for line in &row.below {
            out.push_str("<span class=\"line below\" dir=\"auto\">");
            self.line(out, line);
            out.push_str("</span>");
        }
        out.push_str("</td></tr>\n");
    }

    fn key(out: &mut String, row: &Row, id: Option<&str>) {
        let _ = write!(out, "<th scope=\"row\"><bdi>{}</bdi>", escape(&row.key));
        if let Some(id) = id {
            let _ = write!(
                out,
                "<a class=\"id\" href=\"{}\">{}</a>",
                escape(&address(id)),
                escape(id)
            );
        }
        out.push_str("</th>");
    }

    /// One line: what holds it has the direction of its first letter, and the style sheet keeps
    /// every run apart, so that an Arabic quotation in an English line stands right and the other
    /// way round.
    fn line(&mut self, out: &mut String, line: &Line) {
        let mut cites = 0;
        for run in &line.0 {
            let _ = match run {
                Run::Text(words) => write!(out, "<span>{}</span>", escape(words)),
                Run::Strong(words) => {
                    write!(out, "<strong>{}</strong>", escape(words))
                }
                Run::Quote(words) => write!(out, "<q>{}</q>", escape(words)),
                Run::Faint(words) => {
                    write!(out, "<span class=\"faint\">{}</span>", escape(words))
                }
                Run::Cite(cite) => {
                    cites += 1;
                    if cites <= CITES {
                        self.cite(out, *cite);
                    }
                    Ok(())
                }
            };
        }
        if cites > CITES {
            let _ = write!(out, " <span class=\"faint\">+{}</span>", cites - CITES);
        }
    }

    fn cite(&mut self, out: &mut String, cite: Cite) {
        let found = cite.source.checked_sub(1).and_then(|at| self.docs.get(at));
        let Some((id, title, site, text)) = found.copied() else {
            return;
        };
        let points = self
            .points
            .entry(cite.source)
            .or_insert_with(|| CodePoints::new(text));
        let (start, end) = points.span(cite.span);
        let _ = write!(
            out,
            " <a class=\"cite\" href=\"/d/{}?c={start}-{end}#c\" title=\"{} {}\">[{}]</a>",
            escape(id),
            escape(title),
            escape(site),
            cite.source
        );
    }
}
