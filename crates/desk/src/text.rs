//! The brief for a terminal: wrapped to its width, styled or plain.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::{Brief, Line, Row, Run, Section, Source, day};

/// How text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns.
    pub width: usize,
    /// Whether bold and dim may be used.
    pub color: bool,
}

/// Widest first column.
const KEY: usize = 22;

#[derive(Clone, Copy, PartialEq)]
enum Weight {
    Plain,
    Bold,
    Dim,
}

/// Writes the brief as terminal text.
pub fn text(brief: &Brief, style: Style) -> String {
    let style = Style {
        width: style.width.clamp(40, 110),
        ..style
    };
    let mut out = String::new();
    if !brief.title.is_empty() {
        wrap(&mut out, style, 0, &Line::new().strong(&brief.title));
    }
    for basis in &brief.basis {
        wrap(&mut out, style, 0, &Line::new().text(basis));
    }
    for section in brief.filled() {
        head(&mut out, style, &section.title);
        if !section.note.is_empty() {
            wrap(&mut out, style, 0, &Line::new().faint(&section.note));
        }
        if brief.ids {
            rows(&mut out, style, &named(section));
        } else {
            rows(&mut out, style, section);
        }
    }
    if !brief.sources.is_empty() {
        head(&mut out, style, "Sources");
        for (at, source) in brief.sources.iter().enumerate() {
            let key = format!("[{}]", at + 1);
            entry(&mut out, style, 5, &key, &source_line(source, at + 1));
        }
    }
    out
}

fn head(out: &mut String, style: Style, title: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    let title = title.to_uppercase();
    paint(out, style, Weight::Bold, &title);
    out.push('\n');
}

/// The section with the id of each row behind its line.
fn named(section: &Section) -> Section {
    let mut section = section.clone();
    for row in &mut section.rows {
        if let Some(id) = &row.id {
            let line = std::mem::take(&mut row.line);
            row.line = line.faint(format!(" {id}"));
        }
    }
    section
}

/// Writes a section's rows with a common first column.
pub fn rows(out: &mut String, style: Style, section: &Section) {
    let widest = section.rows.iter().map(|row| row.key.width()).max();
    let column = widest.unwrap_or(0).min(KEY).min(style.width / 3);
    for row in &section.rows {
        one_row(out, style, column, row);
    }
}

fn one_row(out: &mut String, style: Style, column: usize, row: &Row) {
    let indent = if column == 0 { 2 } else { column + 4 };
    if column == 0 {
        wrap(out, style, 2, &row.line);
    } else {
        entry(out, style, indent, &row.key, &row.line);
    }
    for line in &row.below {
        wrap(out, style, indent, line);
    }
}

/// A hanging key and its text.
fn entry(out: &mut String, style: Style, indent: usize, key: &str, line: &Line) {
    let mut body = String::new();
    wrap(&mut body, style, indent, line);
    let lead = if indent > 5 { "  " } else { "" };
    if key.width() + lead.len() < indent {
        let mut cell = String::from(lead);
        cell.push_str(key);
        let pad = indent - cell.width();
        cell.push_str(&" ".repeat(pad));
        out.push_str(&cell);
        out.push_str(body.get(indent..).unwrap_or(""));
    } else {
        out.push_str(lead);
        out.push_str(key);
        out.push('\n');
        out.push_str(&body);
    }
}

fn source_line(source: &Source, number: usize) -> Line {
    let mut line = Line::new();
    let title = if source.title.is_empty() {
        "(no title)"
    } else {
        &source.title
    };
    line = line.strong(title);
    let mut rest = Vec::new();
    if !source.site.is_empty() {
        rest.push(source.site.clone());
    }
    if !source.authors.is_empty() {
        rest.push(source.authors.join(", "));
    }
    rest.push(match source.published {
        Some(date) => format!("{} ({})", day(date), source.date_origin),
        None => "no publication date".into(),
    });
    if let Some(original) = source.copy_of.filter(|n| *n != number) {
        rest.push(format!("same text as [{original}]"));
    }
    if let Some(url) = &source.url {
        rest.push(url.clone());
    }
    if let Some(id) = &source.id {
        rest.push(id.clone());
    }
    line.text(format!(" · {}", rest.join(" · ")))
}

/// A run's words, and how they are drawn.
fn drawn(run: &Run) -> (String, Weight) {
    match run {
        Run::Text(words) => (words.clone(), Weight::Plain),
        Run::Strong(words) => (words.clone(), Weight::Bold),
        Run::Quote(words) => (format!("“{}”", words.trim()), Weight::Plain),
        Run::Faint(words) => (words.clone(), Weight::Dim),
        Run::Cite(cite) => (format!("[{}]", cite.source), Weight::Dim),
    }
}

/// Wraps one line at `style.width`, every row of it indented.
pub fn wrap(out: &mut String, style: Style, indent: usize, line: &Line) {
    let room = style.width.saturating_sub(indent).max(20);
    let mut used = 0;
    let mut pending_space = false;
    out.push_str(&" ".repeat(indent));
    let mut after_cite = false;
    for run in &line.0 {
        let (words, weight) = drawn(run);
        let is_cite = matches!(run, Run::Cite(_));
        pending_space |= (is_cite && !after_cite) || words.starts_with(char::is_whitespace);
        after_cite = is_cite;
        for (at, word) in words.split_whitespace().enumerate() {
            let space = used > 0 && (at > 0 || pending_space);
            let width = word.width() + usize::from(space);
            if used > 0 && used + width > room {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                used = 0;
            } else if space {
                out.push(' ');
                used += 1;
            }
            paint(out, style, weight, word);
            used += word.width();
            pending_space = false;
        }
        pending_space = words.ends_with(char::is_whitespace);
    }
    out.push('\n');
}

fn paint(out: &mut String, style: Style, weight: Weight, words: &str) {
    // Control characters of a hostile page must not reach the terminal.
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let code = match weight {
        Weight::Bold if style.color => "1",
        Weight::Dim if style.color => "2",
        _ => {
            out.extend(words.chars().map(clean));
            return;
        }
    };
    let _ = write!(out, "\u{1b}[{code}m");
    out.extend(words.chars().map(clean));
    out.push_str("\u{1b}[0m");
}

#[cfg(test)]
mod tests {
    use rapporteur_base::Span;

    use super::*;
    use crate::Cite;

    #[test]
    fn lines_wrap_and_keep_citations_together() {
        let cites = [2, 1].map(|source| Cite {
            source,
            span: Span::new(0, 4),
        });
        let line = Line::new()
            .strong("Talks")
            .text(" between the two delegations in the northern capital")
            .cite(cites);
        let mut out = String::new();
        wrap(
            &mut out,
            Style {
                width: 44,
                color: false,
            },
            2,
            &line,
        );
        assert_eq!(
            out,
            "  Talks between the two delegations in the\n  northern capital [1][2]\n"
        );
    }

    #[test]
    fn a_page_cannot_steer_the_terminal() {
        let mut out = String::new();
        let line = Line::new().quote("red \u{1b}[31m alert");
        wrap(
            &mut out,
            Style {
                width: 60,
                color: true,
            },
            0,
            &line,
        );
        assert!(!out.contains("\u{1b}[31m"));
    }
}
