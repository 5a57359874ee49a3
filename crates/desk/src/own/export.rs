//! A person's brief as Markdown, as a page for print, as JSON, and as the plain [`Brief`] that other
//! forms are made from. All of them refuse a brief with a sentence that nothing holds up.

use std::fmt::Write as _;

use rapporteur_base::{CodePoints, Span};
use rapporteur_record::DocRow;
use serde::Serialize;

use super::{Anchor, Evidence, OwnBrief, Piece, Quoted, Sentence};
use crate::html::escape;
use crate::markdown::escape as plain;
use crate::{Brief, Cite, Line, Row, Run, Section, Source, day};

/// A sentence that cannot leave the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncited {
    /// Number of its section, from 0.
    pub section: usize,
    /// Number in its section, from 0.
    pub sentence: usize,
    /// Its words.
    pub words: String,
    /// What is wrong, one line a citation; empty: it cites nothing.
    pub faults: Vec<String>,
}

/// A passage that the brief rests on, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Footnote {
    /// Number, from 1.
    pub number: usize,
    /// Document, `d-…`.
    pub doc: String,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words.
    pub exact: String,
    /// Title of the document.
    pub title: String,
    /// Outlet.
    pub site: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// Address.
    pub url: Option<String>,
}

impl OwnBrief {
    /// Sentences that no live citation holds up.
    pub fn uncited(&self, evidence: &Evidence<'_>) -> Vec<Uncited> {
        let mut out = Vec::new();
        for (section, sentence, of) in self.sentences() {
            let anchors: Vec<Anchor> = of.cites().map(|c| evidence.anchor(c)).collect();
            if !anchors.iter().any(Anchor::holds) {
                out.push(Uncited {
                    section,
                    sentence,
                    words: of.words(),
                    faults: anchors.iter().map(|a| a.fault().to_owned()).collect(),
                });
            }
        }
        out
    }

    /// As the plain brief that every form can be made from: a row a sentence. Citations that do not
    /// hold are left out; ask [`OwnBrief::uncited`] first.
    pub fn to_brief(&self, evidence: &Evidence<'_>) -> Brief {
        let mut notes = Notes::new(evidence);
        let sections = self.sections.iter().zip(ANCHORS).map(|(section, anchor)| {
            let rows = section.sentences.iter().map(|sentence| Row {
                line: notes.line(sentence),
                ..Row::default()
            });
            Section {
                anchor,
                title: section.title.clone(),
                rows: rows.collect(),
                ..Section::default()
            }
        });
        let sections = sections.collect();
        Brief {
            title: self.title.clone(),
            sections,
            sources: notes.docs.iter().map(|doc| source(doc)).collect(),
            ..Brief::default()
        }
    }
}

/// Anchors of sections.
const ANCHORS: [&str; super::MOST_SECTIONS] = [
    "part-1", "part-2", "part-3", "part-4", "part-5", "part-6", "part-7", "part-8", "part-9",
    "part-10", "part-11", "part-12", "part-13", "part-14", "part-15", "part-16", "part-17",
    "part-18", "part-19", "part-20", "part-21", "part-22", "part-23", "part-24", "part-25",
    "part-26", "part-27", "part-28", "part-29", "part-30", "part-31", "part-32", "part-33",
    "part-34", "part-35", "part-36", "part-37", "part-38", "part-39", "part-40",
];

/// Passages in the order in which they are cited first.
struct Notes<'e, 'v> {
    evidence: &'e Evidence<'v>,
    docs: Vec<&'v DocRow>,
    cited: Vec<(String, usize, usize)>,
}

impl<'e, 'v> Notes<'e, 'v> {
    fn new(evidence: &'e Evidence<'v>) -> Self {
        Self {
            evidence,
            docs: Vec::new(),
            cited: Vec::new(),
        }
    }

    /// Where a citation leads now; `None`: it does not hold.
    fn place(&self, cite: &Quoted) -> Option<(usize, usize)> {
        match self.evidence.anchor(cite) {
            Anchor::Live => Some((cite.start, cite.end)),
            Anchor::Moved(start, end) => Some((start, end)),
            Anchor::Corrected(_) | Anchor::Gone(_) => None,
        }
    }

    /// Number of a passage.
    fn number(&mut self, cite: &Quoted) -> Option<usize> {
        let (start, end) = self.place(cite)?;
        let key = (cite.doc.clone(), start, end);
        let known = self.cited.iter().position(|c| *c == key);
        Some(
            known.unwrap_or_else(|| {
                self.cited.push(key);
                self.cited.len() - 1
            }) + 1,
        )
    }

    fn line(&mut self, sentence: &Sentence) -> Line {
        let mut line = Line::new();
        for piece in &sentence.pieces {
            match piece {
                Piece::Words(words) => line = line.text(words.as_str()),
                Piece::Cite(cite) => {
                    if let Some(cite) = self.cite(cite) {
                        line.0.push(Run::Cite(cite));
                    }
                }
            }
        }
        line
    }

    fn cite(&mut self, cite: &Quoted) -> Option<Cite> {
        let (start, end) = self.place(cite)?;
        let doc = self.evidence.view().doc(&cite.doc)?;
        let at = self.docs.iter().position(|d| d.id == doc.id);
        let at = at.unwrap_or_else(|| {
            self.docs.push(doc);
            self.docs.len() - 1
        });
        let points = CodePoints::new(&doc.text);
        Some(Cite {
            source: at + 1,
            span: Span::new(points.to_byte(start), points.to_byte(end)),
        })
    }

    fn footnotes(&self) -> Vec<Footnote> {
        let view = self.evidence.view();
        let notes = self.cited.iter().enumerate();
        let notes = notes.filter_map(|(at, (doc, start, end))| {
            let row = view.doc(doc)?;
            let points = CodePoints::new(&row.text);
            let exact = row.text.get(points.to_byte(*start)..points.to_byte(*end))?;
            Some(Footnote {
                number: at + 1,
                doc: doc.clone(),
                start: *start,
                end: *end,
                exact: exact.to_owned(),
                title: row.title.clone(),
                site: row.site.clone(),
                published: row.published.as_ref().map(|p| p.date.to_string()),
                url: row.url.clone(),
            })
        });
        notes.collect()
    }
}

fn source(doc: &DocRow) -> Source {
    let published = doc.published.as_ref();
    Source {
        id: Some(doc.id.clone()),
        title: doc.title.clone(),
        site: doc.site.clone().unwrap_or_default(),
        authors: doc.authors.clone(),
        published: published.map(|p| p.date),
        date_origin: published.map(|p| p.origin.clone()).unwrap_or_default(),
        url: doc.url.clone(),
        lang: doc.lang.clone(),
        copy_of: None,
        text: doc.text.clone(),
    }
}

fn about(note: &Footnote) -> String {
    let mut parts = vec![if note.title.is_empty() {
        note.doc.clone()
    } else {
        note.title.clone()
    }];
    parts.extend(note.site.clone());
    let date = note.published.as_deref().and_then(|d| d.parse().ok());
    parts.push(date.map_or_else(|| "no publication date".into(), day));
    parts.push(format!("{}:{}-{}", note.doc, note.start, note.end));
    parts.join(" · ")
}

fn web(note: &Footnote) -> Option<&str> {
    note.url.as_deref().filter(|url| url.starts_with("http"))
}

/// Markdown: paragraphs with footnotes that hold the words of each passage.
///
/// # Errors
/// The sentences that nothing holds up.
pub fn markdown(own: &OwnBrief, evidence: &Evidence<'_>) -> Result<String, Vec<Uncited>> {
    refuse(own, evidence)?;
    let mut notes = Notes::new(evidence);
    let mut out = format!("# {}\n", plain(&own.title));
    for section in own.sections.iter().filter(|s| !s.sentences.is_empty()) {
        if !section.title.is_empty() {
            let _ = write!(out, "\n## {}\n", plain(&section.title));
        }
        for sentence in &section.sentences {
            out.push('\n');
            for piece in &sentence.pieces {
                match piece {
                    Piece::Words(words) => out.push_str(&plain(words)),
                    Piece::Cite(cite) => {
                        if let Some(number) = notes.number(cite) {
                            let _ = write!(out, "[^{number}]");
                        }
                    }
                }
            }
            out.push('\n');
        }
    }
    out.push('\n');
    for note in notes.footnotes() {
        let words: Vec<&str> = note.exact.split_whitespace().collect();
        let _ = write!(
            out,
            "[^{}]: “{}” {}",
            note.number,
            plain(&words.join(" ")),
            plain(&about(&note))
        );
        if let Some(url) = web(&note) {
            let _ = write!(out, " · <{}>", url.replace(['<', '>', ' '], ""));
        }
        out.push('\n');
    }
    Ok(out)
}

/// One page for screen and print: no script, no request.
///
/// # Errors
/// The sentences that nothing holds up.
pub fn html(own: &OwnBrief, evidence: &Evidence<'_>) -> Result<String, Vec<Uncited>> {
    refuse(own, evidence)?;
    let mut notes = Notes::new(evidence);
    let title = escape(&own.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"und\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"generator\" content=\"rapporteur\">\n<title>{title}</title>\n<style>\n{}</style>\n</head>\n<body>\n<header>\n<h1 dir=\"auto\">{title}</h1>\n</header>\n<main>\n",
        include_str!("../brief.css")
    );
    for section in own.sections.iter().filter(|s| !s.sentences.is_empty()) {
        out.push_str("<section>\n");
        if !section.title.is_empty() {
            let _ = writeln!(out, "<h2 dir=\"auto\">{}</h2>", escape(&section.title));
        }
        for sentence in &section.sentences {
            out.push_str("<p dir=\"auto\">");
            for piece in &sentence.pieces {
                match piece {
                    Piece::Words(words) => out.push_str(&escape(words)),
                    Piece::Cite(cite) => {
                        if let Some(n) = notes.number(cite) {
                            let _ = write!(out, "<a class=\"cite\" href=\"#n-{n}\">[{n}]</a>");
                        }
                    }
                }
            }
            out.push_str("</p>\n");
        }
        out.push_str("</section>\n");
    }
    out.push_str("<section aria-label=\"Sources\">\n<hr>\n<ol>\n");
    for note in notes.footnotes() {
        let _ = write!(
            out,
            "<li id=\"n-{}\"><q dir=\"auto\">{}</q> <span dir=\"auto\">{}</span>",
            note.number,
            escape(&note.exact),
            escape(&about(&note))
        );
        if let Some(url) = web(&note) {
            let url = escape(url);
            let _ = write!(out, " · <a href=\"{url}\" rel=\"noreferrer\">{url}</a>");
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n</section>\n</main>\n</body>\n</html>\n");
    Ok(out)
}

#[derive(Serialize)]
struct Whole<'b> {
    #[serde(flatten)]
    own: &'b OwnBrief,
    passages: Vec<Footnote>,
}

/// JSON: the brief as it is kept, and its passages as they stand now.
///
/// # Errors
/// The sentences that nothing holds up.
pub fn json(own: &OwnBrief, evidence: &Evidence<'_>) -> Result<String, Vec<Uncited>> {
    refuse(own, evidence)?;
    let mut notes = Notes::new(evidence);
    for cite in own.cites() {
        notes.number(cite);
    }
    let whole = Whole {
        own,
        passages: notes.footnotes(),
    };
    Ok(serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n")
}

fn refuse(own: &OwnBrief, evidence: &Evidence<'_>) -> Result<(), Vec<Uncited>> {
    let uncited = own.uncited(evidence);
    if uncited.is_empty() {
        Ok(())
    } else {
        Err(uncited)
    }
}
