//! The brief as one self-contained page: no script, no request, light and dark, for the screen
//! and for paper. Every citation leads to the highlighted passage in the text at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rapporteur_base::Span;

use crate::{Brief, Cite, Line, Row, Run, Section, Source, chart, day};

const STYLE: &str = include_str!("brief.css");

/// Writes the brief as an HTML page.
pub fn html(brief: &Brief) -> String {
    let mut out = String::with_capacity(64 << 10);
    let title = escape(&brief.title);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"generator\" content=\"rapporteur\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the brief</a>\n\
         <header>\n<h1 dir=\"auto\">{title}</h1>\n"
    );
    for basis in &brief.basis {
        let _ = writeln!(out, "<p class=\"basis\">{}</p>", escape(basis));
    }
    contents(&mut out, brief);
    out.push_str("</header>\n<main id=\"main\">\n");
    let mut seen = BTreeSet::new();
    for section in brief.filled() {
        write_section(&mut out, brief, section, &mut seen);
    }
    write_sources(&mut out, brief);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Text as it may stand in HTML and in attributes between double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn contents(out: &mut String, brief: &Brief) {
    out.push_str("<nav aria-label=\"Contents\"><ul>");
    for section in brief.filled() {
        let _ = write!(
            out,
            "<li><a href=\"#{}\">{}</a></li>",
            section.anchor,
            escape(&section.title)
        );
    }
    out.push_str("<li><a href=\"#sources\">Sources</a></li><li><a href=\"#texts\">Texts</a></li></ul></nav>\n");
}

fn write_section<'b>(
    out: &mut String,
    brief: &'b Brief,
    section: &'b Section,
    seen: &mut BTreeSet<&'b str>,
) {
    let _ = write!(
        out,
        "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n",
        section.anchor,
        escape(&section.title)
    );
    if !section.note.is_empty() {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(&section.note));
    }
    if section.anchor == "timeline" {
        let drawn = chart::svg(brief);
        if !drawn.is_empty() {
            let _ = writeln!(
                out,
                "<figure>{drawn}<figcaption>Filled: told as a fact. Hollow: planned, demanded, offered or denied. \
                 A bar that fades: the day is not known more exactly. Every mark leads to its row.</figcaption></figure>"
            );
        }
    }
    if let Some((drawn, caption)) = &section.figure {
        let _ = writeln!(
            out,
            "<figure tabindex=\"0\">{drawn}<figcaption>{}</figcaption></figure>",
            escape(caption)
        );
    }
    let is_keyed = section.is_keyed();
    out.push_str("<table>\n<thead><tr>");
    if is_keyed {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(section.key_title));
    }
    out.push_str("<th scope=\"col\">What, and where it stands</th></tr></thead>\n<tbody>\n");
    for row in &section.rows {
        write_row(out, brief, row, is_keyed, seen);
    }
    out.push_str("</tbody>\n</table>\n</section>\n");
}

fn write_row<'b>(
    out: &mut String,
    brief: &Brief,
    row: &'b Row,
    is_keyed: bool,
    seen: &mut BTreeSet<&'b str>,
) {
    out.push_str("<tr");
    // An event may stand in two sections; an anchor belongs to the first.
    if let Some(id) = row.id.as_deref().filter(|id| seen.insert(id)) {
        let _ = write!(out, " id=\"{}\"", escape(id));
    }
    out.push('>');
    if is_keyed {
        let id = row.id.as_deref().map(escape);
        let id = id.map(|id| format!("<span class=\"id\">{id}</span>"));
        let _ = write!(
            out,
            "<th scope=\"row\"><bdi>{}</bdi>{}</th>",
            escape(&row.key),
            id.unwrap_or_default()
        );
    }
    out.push_str("<td>");
    write_line(out, brief, &row.line);
    for line in &row.below {
        out.push_str("<span class=\"below\">");
        write_line(out, brief, line);
        out.push_str("</span>");
    }
    out.push_str("</td></tr>\n");
}

fn write_line(out: &mut String, brief: &Brief, line: &Line) {
    for (at, run) in line.0.iter().enumerate() {
        match run {
            Run::Text(words) => {
                let _ = write!(out, "<span dir=\"auto\">{}</span>", escape(words));
            }
            Run::Strong(words) => {
                let _ = write!(out, "<strong dir=\"auto\">{}</strong>", escape(words));
            }
            Run::Faint(words) => {
                let _ = write!(
                    out,
                    "<span class=\"faint\" dir=\"auto\">{}</span>",
                    escape(words)
                );
            }
            Run::Quote(words) => {
                let _ = write!(
                    out,
                    "<q dir=\"auto\"{}>{}</q>",
                    lang_of(brief, &line.0[at..]),
                    escape(words)
                );
            }
            Run::Cite(cite) => write_cite(out, brief, *cite),
        }
    }
}

/// The language of a quotation: that of the source cited next.
fn lang_of(brief: &Brief, runs: &[Run]) -> String {
    let source = runs.iter().find_map(|run| match run {
        Run::Cite(cite) => brief.sources.get(cite.source.wrapping_sub(1)),
        _ => None,
    });
    source
        .and_then(|s| s.lang.as_deref())
        .map(|lang| format!(" lang=\"{}\"", escape(lang)))
        .unwrap_or_default()
}

fn write_cite(out: &mut String, brief: &Brief, cite: Cite) {
    let source = brief.sources.get(cite.source.wrapping_sub(1));
    let title = source.map(|s| s.title.as_str()).unwrap_or_default();
    let _ = write!(
        out,
        "<a class=\"cite\" href=\"#{}\" aria-label=\"source {}: {}\">{}</a>",
        anchor(cite.source, cite.span),
        cite.source,
        escape(title),
        cite.source
    );
}

fn anchor(source: usize, span: Span) -> String {
    format!("s{source}-{}-{}", span.start, span.end)
}

fn write_sources(out: &mut String, brief: &Brief) {
    out.push_str("<section aria-labelledby=\"sources\">\n<h2 id=\"sources\">Sources</h2>\n<ol class=\"sources\">\n");
    for (at, source) in brief.sources.iter().enumerate() {
        let _ = write!(
            out,
            "<li><span class=\"num\">[{0}]</span><a href=\"#s{0}\"><bdi>{1}</bdi></a> ",
            at + 1,
            escape(named(source))
        );
        out.push_str(&about(source));
        out.push_str("</li>\n");
    }
    out.push_str(
        "</ol>\n</section>\n<section aria-labelledby=\"texts\">\n<h2 id=\"texts\">Texts</h2>\n\
         <p class=\"note\">The cleaned text of each source; what the brief cites is marked.</p>\n",
    );
    let mut spans: BTreeMap<usize, BTreeSet<Span>> = BTreeMap::new();
    let rows = brief.sections.iter().flat_map(|s| &s.rows);
    for cite in rows.flat_map(Row::cites) {
        spans.entry(cite.source).or_default().insert(cite.span);
    }
    for (at, source) in brief.sources.iter().enumerate() {
        let number = at + 1;
        let lang = source.lang.as_deref().map(escape);
        let _ = write!(
            out,
            "<article id=\"s{number}\"{}>\n<h3 dir=\"auto\">[{number}] {}</h3>\n<p class=\"meta\">{}</p>\n",
            lang.map(|l| format!(" lang=\"{l}\"")).unwrap_or_default(),
            escape(named(source)),
            about(source)
        );
        let cited = spans.remove(&number).unwrap_or_default();
        write_text(out, number, &source.text, &cited);
        out.push_str("</article>\n");
    }
    out.push_str("</section>\n");
}

fn named(source: &Source) -> &str {
    if source.title.is_empty() {
        "(no title)"
    } else {
        &source.title
    }
}

fn about(source: &Source) -> String {
    let mut parts = Vec::new();
    if !source.site.is_empty() {
        parts.push(format!("<bdi>{}</bdi>", escape(&source.site)));
    }
    if !source.authors.is_empty() {
        parts.push(format!("<bdi>{}</bdi>", escape(&source.authors.join(", "))));
    }
    parts.push(match source.published {
        Some(date) => format!("{} (read from {})", day(date), escape(&source.date_origin)),
        None => "no publication date".into(),
    });
    if let Some(first) = source.copy_of {
        parts.push(format!("same text as <a href=\"#s{first}\">[{first}]</a>"));
    }
    // Only addresses of the web become links: nothing of a page may run here.
    if let Some(url) = source.url.as_deref() {
        let shown = escape(url);
        if url.starts_with("https://") || url.starts_with("http://") {
            parts.push(format!(
                "<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>"
            ));
        } else {
            parts.push(shown);
        }
    }
    format!("<span class=\"meta\">{}</span>", parts.join(" · "))
}

/// Writes paragraphs with a `<mark>` around every cited passage. Passages may lie inside each
/// other or overlap: one that reaches beyond its surrounding mark is closed with it and goes on
/// behind it, so that elements always nest.
fn write_text(out: &mut String, number: usize, text: &str, cited: &BTreeSet<Span>) {
    let mut named = BTreeSet::new();
    let mut from = 0;
    for paragraph in text.split("\n\n") {
        let to = from + paragraph.len();
        out.push_str("<p dir=\"auto\">");
        let inside = cited
            .iter()
            .filter(|s| (s.start as usize) < to && s.end as usize > from);
        let mut spans: Vec<(usize, usize, Span)> = inside
            .map(|s| ((s.start as usize).max(from), (s.end as usize).min(to), *s))
            .collect();
        spans.sort_by_key(|(start, end, span)| (*start, std::cmp::Reverse(*end), *span));
        write_marks(out, number, text, (from, to), &spans, &mut named);
        out.push_str("</p>\n");
        from = to + 2;
    }
}

fn write_marks(
    out: &mut String,
    number: usize,
    text: &str,
    (from, to): (usize, usize),
    spans: &[(usize, usize, Span)],
    named: &mut BTreeSet<Span>,
) {
    let mut cuts: BTreeSet<usize> = spans.iter().flat_map(|(s, e, _)| [*s, *e]).collect();
    cuts.extend([from, to]);
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let mut open: Vec<(usize, Span)> = Vec::new();
    let mut next = 0;
    for pair in cuts.windows(2) {
        let at = pair[0];
        close(out, &mut open, at, number, named);
        while let Some((start, end, span)) = spans.get(next).filter(|(start, ..)| *start <= at) {
            debug_assert!(*start == at);
            start_mark(out, number, *span, named);
            open.push((*end, *span));
            next += 1;
        }
        out.push_str(&escape(text.get(at..pair[1]).unwrap_or("")));
    }
    close(out, &mut open, to, number, named);
}

fn start_mark(out: &mut String, number: usize, span: Span, named: &mut BTreeSet<Span>) {
    if named.insert(span) {
        let _ = write!(out, "<mark id=\"{}\">", anchor(number, span));
    } else {
        out.push_str("<mark>");
    }
}

/// Closes what ends at `at`, and opens again what only had to give way.
fn close(
    out: &mut String,
    open: &mut Vec<(usize, Span)>,
    at: usize,
    number: usize,
    named: &mut BTreeSet<Span>,
) {
    let Some(lowest) = open.iter().position(|(end, _)| *end <= at) else {
        return;
    };
    let tail = open.split_off(lowest);
    for _ in &tail {
        out.push_str("</mark>");
    }
    for (end, span) in tail.into_iter().filter(|(end, _)| *end > at) {
        start_mark(out, number, span, named);
        open.push((end, span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, spans: &[(usize, usize)]) -> String {
        let spans = spans.iter().map(|(s, e)| Span::new(*s, *e)).collect();
        let mut out = String::new();
        write_text(&mut out, 1, text, &spans);
        out
    }

    #[test]
    fn passages_nest_overlap_and_cross_paragraphs() {
        assert_eq!(
            marked("abcdef\n\ngh", &[(0, 4), (2, 3), (3, 6), (5, 9)]),
            "<p dir=\"auto\"><mark id=\"s1-0-4\">ab<mark id=\"s1-2-3\">c</mark><mark id=\"s1-3-6\">d</mark></mark>\
             <mark>e<mark id=\"s1-5-9\">f</mark></mark></p>\n<p dir=\"auto\"><mark>g</mark>h</p>\n"
        );
    }

    #[test]
    fn a_source_cannot_put_markup_into_the_page() {
        let brief = Brief {
            title: "<script>alert(1)</script>".into(),
            sources: vec![Source {
                title: "\"><img src=x onerror=alert(1)>".into(),
                url: Some("javascript:alert(1)".into()),
                text: "<script>bad</script>".into(),
                ..Source::default()
            }],
            ..Brief::default()
        };
        let page = html(&brief);
        assert!(!page.contains("<script") && !page.contains("<img"));
        assert!(!page.contains("href=\"javascript"));
    }

    proptest::proptest! {
        #[test]
        fn marks_always_nest(cuts in proptest::collection::vec((0usize..40, 1usize..20), 0..12)) {
            let text = "The talks began. ".repeat(3) + "\n\n" + &"They were paused. ".repeat(2);
            let spans: Vec<(usize, usize)> = cuts.iter().map(|(s, n)| (*s, s + n)).collect();
            let page = marked(&text, &spans);
            proptest::prop_assert_eq!(page.matches("<mark").count(), page.matches("</mark>").count());
            let bare: String = strip(&page);
            proptest::prop_assert_eq!(bare.replace('\n', ""), text.replace('\n', ""));
        }
    }

    fn strip(page: &str) -> String {
        let mut inside = false;
        page.chars()
            .filter(|c| match c {
                '<' => {
                    inside = true;
                    false
                }
                '>' => {
                    inside = false;
                    false
                }
                _ => !inside,
            })
            .collect()
    }
}
