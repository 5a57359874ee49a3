//! The brief as a document of a word processor (Office Open XML, ECMA-376): headings, lines, and
//! one endnote a cited passage.
//!
//! The package is a plain zip of a few parts, the same bytes every time; nothing of a source is
//! anything but escaped text in it. Words of right-to-left scripts are runs of their own, so that
//! they stand right in a line of the other direction.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapporteur_record::export::{File, zip};

use crate::{Brief, Cite, Line, Row, Run, Source, day};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
<Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>\
<Override PartName=\"/word/endnotes.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml\"/>\
<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>\
<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
<Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>";

const PARTS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>\
<Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/endnotes\" Target=\"endnotes.xml\"/>\
<Relationship Id=\"r3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings\" Target=\"settings.xml\"/>\
<Relationship Id=\"r4\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer1.xml\"/></Relationships>";

/// Styles: id, name, what they rest on, properties of the paragraph, properties of the run.
const STYLES: [(&str, &str, &str, &str, &str); 8] = [
    (
        "Title",
        "Title",
        "Normal",
        "<w:spacing w:after=\"120\"/>",
        "<w:b/><w:bCs/><w:sz w:val=\"36\"/><w:szCs w:val=\"36\"/>",
    ),
    (
        "Heading1",
        "heading 1",
        "Normal",
        "<w:keepNext/><w:spacing w:before=\"360\" w:after=\"80\"/><w:outlineLvl w:val=\"0\"/>",
        "<w:b/><w:bCs/><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>",
    ),
    (
        "Note",
        "Note",
        "Normal",
        "<w:keepNext/>",
        "<w:i/><w:iCs/><w:color w:val=\"595959\"/>",
    ),
    (
        "Basis",
        "Basis",
        "Normal",
        "",
        "<w:color w:val=\"595959\"/>",
    ),
    (
        "Entry",
        "Entry",
        "Normal",
        "<w:spacing w:before=\"80\" w:after=\"0\"/><w:ind w:left=\"0\"/>",
        "",
    ),
    (
        "Below",
        "Below",
        "Normal",
        "<w:spacing w:after=\"0\"/><w:ind w:left=\"360\"/>",
        "<w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/>",
    ),
    (
        "Source",
        "Source",
        "Normal",
        "<w:ind w:left=\"480\" w:hanging=\"480\"/>",
        "",
    ),
    (
        "EndnoteText",
        "endnote text",
        "Normal",
        "<w:spacing w:after=\"40\"/>",
        "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
    ),
];

/// Writes the brief as a `.docx`.
pub fn docx(brief: &Brief) -> Vec<u8> {
    let mut notes = Notes::default();
    let body = body(brief, &mut notes);
    let part = |name: &str, text: &str| File {
        name: name.to_owned(),
        bytes: format!("{HEAD}{text}").into_bytes(),
    };
    let files = [
        part("[Content_Types].xml", TYPES),
        part("_rels/.rels", RELATIONS),
        part("docProps/core.xml", &core(brief)),
        part("word/_rels/document.xml.rels", PARTS),
        part("word/document.xml", &body),
        part("word/endnotes.xml", &endnotes(brief, &notes)),
        part("word/footer1.xml", &footer()),
        part("word/settings.xml", &settings()),
        part("word/styles.xml", &styles()),
    ];
    zip(&files).expect("invariant: a brief is smaller than 4 GiB")
}

/// The passages that were cited, each with its number.
#[derive(Default)]
struct Notes {
    by_cite: BTreeMap<Cite, usize>,
    in_order: Vec<Cite>,
}

fn body(brief: &Brief, notes: &mut Notes) -> String {
    let mut out = format!(
        "<w:document xmlns:w=\"{MAIN}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>"
    );
    paragraph(&mut out, "Title", &brief.title, "");
    for basis in &brief.basis {
        paragraph(&mut out, "Basis", basis, "");
    }
    for section in brief.filled() {
        paragraph(&mut out, "Heading1", &section.title, "");
        if !section.note.is_empty() {
            paragraph(&mut out, "Note", &section.note, "");
        }
        for row in &section.rows {
            entry(&mut out, row, notes);
        }
    }
    paragraph(&mut out, "Heading1", "Sources", "");
    for (at, source) in brief.sources.iter().enumerate() {
        paragraph(&mut out, "Source", &described(source, at + 1), "");
    }
    // Endnotes follow on the last page: their head is the document's last line.
    paragraph(&mut out, "Heading1", "Passages", "");
    out.push_str(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"r4\"/><w:endnotePr><w:numFmt w:val=\"decimal\"/></w:endnotePr>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" \
         w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
    );
    out
}

fn entry(out: &mut String, row: &Row, notes: &mut Notes) {
    let words: String = row.line.0.iter().filter_map(words_of).collect();
    begin(out, "Entry", &words);
    if !row.key.is_empty() {
        runs(out, &row.key, "<w:b/><w:bCs/>");
        runs(out, "  ", "");
    }
    line(out, &row.line, notes);
    out.push_str("</w:p>");
    for below in &row.below {
        let words: String = below.0.iter().filter_map(words_of).collect();
        begin(out, "Below", &words);
        line(out, below, notes);
        out.push_str("</w:p>");
    }
}

fn words_of(run: &Run) -> Option<&str> {
    match run {
        Run::Text(words) | Run::Strong(words) | Run::Quote(words) | Run::Faint(words) => {
            Some(words)
        }
        Run::Cite(_) => None,
    }
}

fn line(out: &mut String, line: &Line, notes: &mut Notes) {
    for run in &line.0 {
        match run {
            Run::Text(words) => runs(out, words, ""),
            Run::Strong(words) => runs(out, words, "<w:b/><w:bCs/>"),
            Run::Faint(words) => runs(out, words, "<w:color w:val=\"595959\"/>"),
            Run::Quote(words) => runs(out, &format!("“{}”", one_line(words)), ""),
            Run::Cite(cite) => mark(out, *cite, notes),
        }
    }
}

/// The mark of a passage: an endnote the first time, a reference to that note later.
fn mark(out: &mut String, cite: Cite, notes: &mut Notes) {
    if let Some(number) = notes.by_cite.get(&cite) {
        let _ = write!(
            out,
            "<w:fldSimple w:instr=\" NOTEREF _n{number} \\h \"><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr>\
             <w:t xml:space=\"preserve\">{number}</w:t></w:r></w:fldSimple><w:r><w:t xml:space=\"preserve\"> </w:t></w:r>"
        );
        return;
    }
    notes.in_order.push(cite);
    let number = notes.in_order.len();
    notes.by_cite.insert(cite, number);
    let _ = write!(
        out,
        "<w:bookmarkStart w:id=\"{number}\" w:name=\"_n{number}\"/><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr>\
         <w:endnoteReference w:id=\"{number}\"/></w:r><w:bookmarkEnd w:id=\"{number}\"/><w:r><w:t xml:space=\"preserve\"> </w:t></w:r>"
    );
}

fn endnotes(brief: &Brief, notes: &Notes) -> String {
    let mut out = format!(
        "<w:endnotes xmlns:w=\"{MAIN}\"><w:endnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:endnote>\
         <w:endnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:endnote>"
    );
    for (at, cite) in notes.in_order.iter().enumerate() {
        let source = cite
            .source
            .checked_sub(1)
            .and_then(|n| brief.sources.get(n));
        let passage = source.map_or(String::new(), |s| one_line(cite.span.of(&s.text)));
        let title = source.map_or("", |s| s.title.as_str());
        let text = format!(
            " “{passage}” (source {}: {title}; bytes {}–{})",
            cite.source, cite.span.start, cite.span.end
        );
        let _ = write!(out, "<w:endnote w:id=\"{}\">", at + 1);
        let mark = "<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:endnoteRef/></w:r>";
        paragraph(&mut out, "EndnoteText", &text, mark);
        out.push_str("</w:endnote>");
    }
    out.push_str("</w:endnotes>");
    out
}

fn described(source: &Source, number: usize) -> String {
    let mut parts = vec![if source.title.is_empty() {
        "(no title)".to_owned()
    } else {
        source.title.clone()
    }];
    parts.extend(Some(source.site.clone()).filter(|s| !s.is_empty()));
    parts.extend(Some(source.authors.join(", ")).filter(|s| !s.is_empty()));
    parts.push(match source.published {
        Some(date) => format!("{} ({})", day(date), source.date_origin),
        None => "no publication date".to_owned(),
    });
    if let Some(original) = source.copy_of.filter(|n| *n != number) {
        parts.push(format!("same text as source {original}"));
    }
    parts.extend(source.url.clone());
    format!("{number}.\t{}", parts.join(" · "))
}

/// A paragraph of one text; `first` are runs before it.
fn paragraph(out: &mut String, style: &str, text: &str, first: &str) {
    begin(out, style, text);
    out.push_str(first);
    runs(out, text, "");
    out.push_str("</w:p>");
}

/// Opens a paragraph; its first strong letter gives its direction.
fn begin(out: &mut String, style: &str, words: &str) {
    let first = words.chars().find(|c| c.is_alphabetic());
    let bidi = if first.is_some_and(is_rtl) {
        "<w:bidi/>"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{bidi}</w:pPr>"
    );
}

/// Text as runs, one for each stretch of one direction.
fn runs(out: &mut String, text: &str, properties: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let is_right = rest.chars().find(|c| c.is_alphabetic()).is_some_and(is_rtl);
        let turn = |c: char| c.is_alphabetic() && is_rtl(c) != is_right;
        let (now, later) = rest.split_at(rest.find(turn).unwrap_or(rest.len()));
        let rtl = if is_right { "<w:rtl/>" } else { "" };
        out.push_str("<w:r>");
        if !properties.is_empty() || is_right {
            let _ = write!(out, "<w:rPr>{properties}{rtl}</w:rPr>");
        }
        let _ = write!(
            out,
            "<w:t xml:space=\"preserve\">{}</w:t></w:r>",
            escaped(now).replace('\t', "</w:t><w:tab/><w:t xml:space=\"preserve\">")
        );
        rest = later;
    }
}

/// Letters of Hebrew, Arabic and their neighbours.
fn is_rtl(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff)
}

/// Text that XML may hold: marks escaped, controls and other signs that it forbids left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' => out.push(' '),
            '\t' => out.push('\t'),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn core(brief: &Brief) -> String {
    format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>Rapporteur</dc:creator></cp:coreProperties>",
        escaped(&brief.title)
    )
}

fn footer() -> String {
    format!(
        "<w:ftr xmlns:w=\"{MAIN}\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>"
    )
}

fn settings() -> String {
    format!(
        "<w:settings xmlns:w=\"{MAIN}\"><w:endnotePr><w:endnote w:id=\"-1\"/><w:endnote w:id=\"0\"/></w:endnotePr></w:settings>"
    )
}

fn styles() -> String {
    let mut out = format!(
        "<w:styles xmlns:w=\"{MAIN}\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Arial\"/>\
         <w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/><w:lang w:val=\"en-GB\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:after=\"80\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
    );
    for (id, name, base, paragraph, run) in STYLES {
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"{base}\"/>\
             <w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        );
    }
    out.push_str("</w:styles>");
    out
}

#[cfg(test)]
mod tests {
    use rapporteur_base::Span;

    use super::*;
    use crate::Section;

    fn brief() -> Brief {
        let text = "Talks <resumed> on Monday. عادت المحادثات & more.";
        let cite = |from, to| Cite {
            source: 1,
            span: Span::new(from, to),
        };
        let line = Line::new().text("Said: ").quote("عادت Talks");
        Brief {
            title: "A & B\u{1}".into(),
            sections: vec![Section {
                anchor: "events",
                title: "Events".into(),
                rows: vec![Row {
                    key: "1 May".into(),
                    line: line.cite([cite(0, 5)]),
                    below: vec![Line::new().faint("once more").cite([cite(0, 5)])],
                    ..Row::default()
                }],
                ..Section::default()
            }],
            sources: vec![Source {
                title: "T".into(),
                text: text.into(),
                ..Source::default()
            }],
            ..Brief::default()
        }
    }

    #[test]
    fn a_passage_is_one_endnote_however_often_it_is_cited() {
        let mut notes = Notes::default();
        let body = body(&brief(), &mut notes);
        assert_eq!(body.matches("<w:endnoteReference").count(), 1);
        assert_eq!(body.matches("NOTEREF _n1").count(), 1);
        assert!(endnotes(&brief(), &notes).contains("“Talks” (source 1: T; bytes 0–5)"));
    }

    #[test]
    fn arabic_words_are_runs_of_their_own() {
        let mut out = String::new();
        runs(&mut out, "by عادت 12 then", "");
        assert_eq!(out.matches("<w:r>").count(), 3);
        assert_eq!(out.matches("<w:rtl/>").count(), 1);
        let mut line = String::new();
        begin(&mut line, "Entry", "12 عادت");
        assert!(line.contains("<w:bidi/>"));
    }

    #[test]
    fn nothing_of_a_source_is_markup_and_the_bytes_are_the_same_twice() {
        assert_eq!(
            escaped("<w:p>\u{0}&\u{ffff}\"\n"),
            "&lt;w:p&gt;&amp;&quot; "
        );
        let bytes = docx(&brief());
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(bytes, docx(&brief()));
    }
}
