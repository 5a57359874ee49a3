//! The brief as Markdown: sections, lists, and footnotes that name the passage.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{Brief, Cite, Line, Row, Run, Source, day};

/// Writes the brief as Markdown with one footnote a cited passage.
pub fn markdown(brief: &Brief) -> String {
    let mut notes = Notes::default();
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", escape(&brief.title));
    for basis in &brief.basis {
        let _ = writeln!(out, "{}  ", escape(basis));
    }
    for section in brief.filled() {
        let _ = writeln!(out, "\n## {}\n", escape(&section.title));
        if !section.note.is_empty() {
            let _ = writeln!(out, "*{}*\n", escape(&section.note));
        }
        for row in &section.rows {
            list_item(&mut out, row, &mut notes);
        }
    }
    let _ = writeln!(out, "\n## Sources\n");
    for (at, source) in brief.sources.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", at + 1, source_line(source, at + 1));
    }
    out.push('\n');
    for (cite, number) in &notes.by_cite {
        if let Some(source) = brief.sources.get(cite.source.wrapping_sub(1)) {
            let words = cite.span.of(&source.text);
            let _ = writeln!(
                out,
                "[^{number}]: Source {}, bytes {}–{}: “{}”",
                cite.source,
                cite.span.start,
                cite.span.end,
                escape(&one_line(words))
            );
        }
    }
    out
}

#[derive(Default)]
struct Notes {
    by_cite: BTreeMap<Cite, usize>,
}

impl Notes {
    fn number(&mut self, cite: Cite) -> usize {
        let next = self.by_cite.len() + 1;
        *self.by_cite.entry(cite).or_insert(next)
    }
}

fn list_item(out: &mut String, row: &Row, notes: &mut Notes) {
    out.push_str("- ");
    if !row.key.is_empty() {
        let _ = write!(out, "**{}** ", escape(&row.key));
    }
    line(out, &row.line, notes);
    out.push('\n');
    for below in &row.below {
        out.push_str("  - ");
        line(out, below, notes);
        out.push('\n');
    }
}

fn line(out: &mut String, line: &Line, notes: &mut Notes) {
    for run in &line.0 {
        match run {
            Run::Text(words) | Run::Faint(words) => out.push_str(&escape(words)),
            Run::Strong(words) => {
                let _ = write!(out, "**{}**", escape(words.trim()));
            }
            Run::Quote(words) => {
                let _ = write!(out, "“{}”", escape(&one_line(words)));
            }
            Run::Cite(cite) => {
                let _ = write!(out, "[^{}]", notes.number(*cite));
            }
        }
    }
}

fn source_line(source: &Source, number: usize) -> String {
    let title = if source.title.is_empty() {
        "(no title)"
    } else {
        &source.title
    };
    let mut parts = vec![format!("**{}**", escape(title))];
    if !source.site.is_empty() {
        parts.push(escape(&source.site));
    }
    if !source.authors.is_empty() {
        parts.push(escape(&source.authors.join(", ")));
    }
    parts.push(match source.published {
        Some(date) => format!("{} ({})", day(date), escape(&source.date_origin)),
        None => "no publication date".into(),
    });
    if let Some(original) = source.copy_of.filter(|n| *n != number) {
        parts.push(format!("same text as source {original}"));
    }
    if let Some(url) = source.url.as_deref().filter(|url| url.starts_with("http")) {
        parts.push(format!("<{}>", url.replace(['<', '>', ' '], "")));
    }
    parts.join(" · ")
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Backslashes before what Markdown or HTML would read as markup.
pub(crate) fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 8);
    for c in words.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() && c != '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_a_source_is_shown_not_read() {
        assert_eq!(escape("<b>*x*</b> a_b"), "&lt;b&gt;\\*x\\*&lt;/b&gt; a\\_b");
    }
}
