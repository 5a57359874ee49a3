//! Whether a citation still holds: its words are looked for by position, then by themselves with
//! what stood around them; what was corrected since is told.

use rapporteur_base::{CodePoints, Span};
use rapporteur_record::{Cite, Correction, DocRow, View, standing};

use super::Quoted;

/// Code points kept before and after a passage.
const AROUND: usize = 32;
/// Most rows that a citation remembers.
const ROWS: usize = 60;

/// How a citation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its words stand where they stood.
    Live,
    /// They stand elsewhere in the text now: first code point, one past the last.
    Moved(usize, usize),
    /// The words are there, but what the record says of them was corrected since: how.
    Corrected(String),
    /// The passage is gone: why.
    Gone(String),
}

impl Anchor {
    /// Whether a sentence may rest on it.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Live | Self::Moved(..))
    }

    /// What is wrong with it; empty when nothing is.
    pub fn fault(&self) -> &str {
        match self {
            Self::Live | Self::Moved(..) => "",
            Self::Corrected(why) | Self::Gone(why) => why,
        }
    }
}

/// What citations are checked against: the record now and the corrections that hold.
#[derive(Debug)]
pub struct Evidence<'v> {
    view: &'v View,
    standing: Vec<&'v Correction>,
    /// Number of the last correction.
    log: u64,
}

impl<'v> Evidence<'v> {
    /// A view of the whole record and the log of corrections.
    pub fn of(view: &'v View, log: &'v [Correction]) -> Self {
        Self {
            view,
            standing: standing(log),
            log: log.last().map_or(0, |line| line.seq),
        }
    }

    /// The view.
    pub fn view(&self) -> &'v View {
        self.view
    }

    /// A passage as it stands now; one that the record does not have has no words.
    pub fn quoted(&self, doc: &str, start: usize, end: usize) -> Quoted {
        let named = || Quoted {
            doc: doc.to_owned(),
            start,
            end,
            log: self.log,
            ..Quoted::default()
        };
        let Some(row) = self.view.doc(doc) else {
            return named();
        };
        let Some(span) = bytes(row, start, end) else {
            return named();
        };
        let (before, after) = row.text.split_at(span.range().start);
        let after = &after[span.len()..];
        let skip = before.chars().count().saturating_sub(AROUND);
        Quoted {
            exact: span.of(&row.text).to_owned(),
            prefix: before.chars().skip(skip).collect(),
            suffix: after.chars().take(AROUND).collect(),
            rows: self.rows(doc, span),
            ..named()
        }
    }

    /// How a citation stands now.
    pub fn anchor(&self, quoted: &Quoted) -> Anchor {
        let Some(doc) = self.view.doc(&quoted.doc) else {
            return Anchor::Gone(self.lost(&quoted.doc));
        };
        if quoted.exact.is_empty() {
            return Anchor::Gone("the document has no such passage".into());
        }
        let here = bytes(doc, quoted.start, quoted.end);
        let found = match here {
            Some(span) if span.of(&doc.text) == quoted.exact => Some(Anchor::Live),
            _ => again(doc, quoted).map(|(start, end)| Anchor::Moved(start, end)),
        };
        let Some(found) = found else {
            return Anchor::Gone("its words do not stand in the document any more".into());
        };
        match self.corrected(quoted) {
            Some(why) => Anchor::Corrected(why),
            None => found,
        }
    }

    /// The citation made anew where its words stand now, with what the record says now.
    pub fn renewed(&self, quoted: &Quoted) -> Quoted {
        let doc = self.view.doc(&quoted.doc);
        let place = doc.and_then(|doc| {
            let here = bytes(doc, quoted.start, quoted.end);
            match here {
                Some(span) if span.of(&doc.text) == quoted.exact => {
                    Some((quoted.start, quoted.end))
                }
                _ => again(doc, quoted),
            }
        });
        match place {
            Some((start, end)) => self.quoted(&quoted.doc, start, end),
            None => quoted.clone(),
        }
    }

    /// Why a document is not in the record.
    fn lost(&self, doc: &str) -> String {
        let gone = self.standing.iter().rev().find(|line| {
            line.body.kind == "document" && names(line) == doc && line.body.field == "suppressed"
        });
        match gone {
            Some(line) => format!(
                "the document was taken out by {}: {}",
                line.body.who, line.body.why
            ),
            None => "the record has no such document".into(),
        }
    }

    /// What was corrected of the rows that rest on a passage, after it was cited.
    fn corrected(&self, quoted: &Quoted) -> Option<String> {
        let later = self.standing.iter().filter(|line| line.seq > quoted.log);
        let mut touching = later.filter(|line| {
            let name = names(line);
            let plain = matches!(line.body.field.as_str(), "title" | "site" | "confirmed");
            !plain && (name == quoted.doc || quoted.rows.contains(&name))
        });
        let body = &touching.next()?.body;
        Some(match body.field.as_str() {
            "suppressed" => format!("{} was taken out by {}: {}", body.kind, body.who, body.why),
            field => format!(
                "{} of the {} was corrected by {}: {}",
                field, body.kind, body.who, body.why
            ),
        })
    }

    /// Rows that rest on a passage.
    fn rows(&self, doc: &str, span: Span) -> Vec<String> {
        let view = self.view;
        let touches = |cites: &[Cite]| cites.iter().any(|c| c.doc == doc && c.bytes.overlaps(span));
        let mut out = Vec::new();
        for member in view.events.iter().flat_map(|e| &e.members) {
            if member.doc == doc && member.cite.bytes.overlaps(span) {
                out.push(member.id.clone());
            }
        }
        macro_rules! add {
            ($($list:ident)*) => {$(
                out.extend(view.$list.iter().filter(|r| touches(&r.evidence)).map(|r| r.id.clone()));
            )*};
        }
        add!(figures quotes positions commitments indicators assessments);
        out.sort();
        out.dedup();
        out.truncate(ROWS);
        out
    }
}

/// The row that a correction is about.
fn names(line: &Correction) -> String {
    let letter = match line.body.kind.as_str() {
        "document" => 'd',
        "entry" | "event" => 'm',
        "figure" => 'f',
        "quote" => 'q',
        "position" => 'p',
        "commitment" => 'c',
        "indicator" => 'i',
        "assessment" => 'a',
        _ => return String::new(),
    };
    let key = line.body.key.get(..12).unwrap_or(&line.body.key);
    format!("{letter}-{key}")
}

/// Bytes of a stretch of code points.
fn bytes(doc: &DocRow, start: usize, end: usize) -> Option<Span> {
    let points = CodePoints::new(&doc.text);
    let (from, to) = (points.to_byte(start), points.to_byte(end));
    let span = (from < to).then(|| Span::new(from, to))?;
    // Past the end of the text every place is the last one.
    (points.span(span) == (start, end) && doc.text.get(from..to).is_some()).then_some(span)
}

/// Where the words stand now: the place with the most of what stood around them, then the nearest.
fn again(doc: &DocRow, quoted: &Quoted) -> Option<(usize, usize)> {
    let points = CodePoints::new(&doc.text);
    let places = doc.text.match_indices(&quoted.exact).map(|(at, words)| {
        let before = &doc.text[..at];
        let after = &doc.text[at + words.len()..];
        let same = common(before.chars().rev(), quoted.prefix.chars().rev())
            + common(after.chars(), quoted.suffix.chars());
        let (start, end) = points.span(Span::new(at, at + words.len()));
        (
            std::cmp::Reverse(same),
            start.abs_diff(quoted.start),
            start,
            end,
        )
    });
    let best = places.min()?;
    Some((best.2, best.3))
}

fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(x, y)| x == y).count()
}

#[cfg(test)]
mod tests {
    use rapporteur_base::Id;
    use rapporteur_record::NewCorrection;

    use super::*;

    fn doc(text: &str) -> DocRow {
        DocRow {
            id: "d-0a".into(),
            key: Id::of(["x"]),
            title: "A title".into(),
            authors: Vec::new(),
            published: None,
            known_at: None,
            captures: Vec::new(),
            site: None,
            url: None,
            lang: None,
            agency: None,
            family: None,
            text: text.into(),
            paragraphs: Vec::new(),
            sentences: Vec::new(),
            ruleset: Id::of(["r"]),
            sha256: String::new(),
            notes: Vec::new(),
            edits: Vec::new(),
        }
    }

    fn view(text: &str) -> View {
        let mut view = View::default();
        view.docs.push(doc(text));
        view
    }

    #[test]
    fn words_are_found_again_where_they_went() {
        let old = view("Émile said talks ended. Later talks began in the town.");
        let quoted = Evidence::of(&old, &[]).quoted("d-0a", 30, 35);
        assert_eq!(quoted.exact, "talks");
        assert_eq!(Evidence::of(&old, &[]).anchor(&quoted), Anchor::Live);
        let new = view("A new first line. Émile said talks ended. Later talks began in the town.");
        let evidence = Evidence::of(&new, &[]);
        assert_eq!(evidence.anchor(&quoted), Anchor::Moved(48, 53));
        assert_eq!(evidence.renewed(&quoted).start, 48);
        let gone = view("Nothing of it.");
        let anchor = Evidence::of(&gone, &[]).anchor(&quoted);
        assert!(matches!(anchor, Anchor::Gone(_)) && !anchor.holds());
    }

    #[test]
    fn a_document_taken_out_says_who_did_it_and_why() {
        let line = |seq, kind: &str, key: &str| Correction {
            seq,
            body: NewCorrection {
                who: "Ana".into(),
                why: "hoax".into(),
                kind: kind.into(),
                key: key.into(),
                field: "suppressed".into(),
                new: "true".into(),
                ..NewCorrection::default()
            },
            prev: String::new(),
            hash: String::new(),
        };
        let full = view("Talks ended.");
        let mut quoted = Evidence::of(&full, &[]).quoted("d-0a", 0, 5);
        quoted.rows.push("m-0b".into());
        let log = [line(1, "event", "0b")];
        let anchor = Evidence::of(&full, &log).anchor(&quoted);
        assert!(anchor.fault().contains("hoax"), "{anchor:?}");
        let log = [line(1, "event", "0b"), line(2, "undo", "1")];
        assert!(Evidence::of(&full, &log).anchor(&quoted).holds());
        let log = [line(1, "document", "0a")];
        let empty = View::default();
        let anchor = Evidence::of(&empty, &log).anchor(&quoted);
        assert!(anchor.fault().contains("Ana"), "{anchor:?}");
    }

    #[test]
    fn a_stretch_that_the_text_does_not_have_is_no_passage() {
        let short = view("Talks.");
        let evidence = Evidence::of(&short, &[]);
        for (start, end) in [(0, 99), (90, 99), (6, 7)] {
            let quoted = evidence.quoted("d-0a", start, end);
            assert!(!evidence.anchor(&quoted).holds(), "{start}-{end}");
        }
        assert!(!evidence.anchor(&evidence.quoted("d-0f", 0, 2)).holds());
    }
}
