use rapporteur_base::{Date, Id, Span};
use serde::Serialize;

use crate::{Filter, Tokens};

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Words; all must occur. `"…"` is a phrase, `a OR b` either, `-word` none, `word*` a prefix.
    pub text: String,
    /// First day known.
    pub from: Option<Date>,
    /// Last day known.
    pub to: Option<Date>,
    /// Name, or country code, of an actor in the document.
    pub actor: Option<String>,
    /// PLOVER type of an event in the document.
    pub kind: Option<String>,
    /// Place in the document.
    pub place: Option<String>,
    /// Only what was known by that day.
    pub as_of: Option<Date>,
    /// By relevance (BM25) instead of newest first.
    pub ranked: bool,
    /// Greatest number of hits.
    pub limit: usize,
    /// Hits to skip.
    pub offset: usize,
}

impl Query {
    /// Newest first, the first twenty.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            from: None,
            to: None,
            actor: None,
            kind: None,
            place: None,
            as_of: None,
            ranked: false,
            limit: 20,
            offset: 0,
        }
    }

    /// Words in the part of the record that a filter asks for; a story is not looked at.
    pub fn of(filter: Filter, text: impl Into<String>) -> Self {
        Self {
            from: filter.from,
            to: filter.to,
            actor: filter.actor,
            kind: filter.kind,
            place: filter.place,
            as_of: filter.as_of,
            ..Self::new(text)
        }
    }
}

/// A document found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// `d-…`.
    pub doc: String,
    /// Full id.
    pub key: Id,
    /// Title.
    pub title: String,
    /// Words of the query in the title, bytes.
    pub title_marks: Vec<Span>,
    /// Outlet.
    pub site: Option<String>,
    /// Day from which it was known.
    pub known_at: Option<Date>,
    /// Publication date.
    pub published: Option<Date>,
    /// A piece of the text around the first match.
    pub snippet: String,
    /// Where the snippet stands in the text, bytes.
    pub snippet_span: Span,
    /// Words of the query inside the snippet, bytes of the snippet.
    pub marks: Vec<Span>,
}

/// A query as it is meant: the same for the index and for a store in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Tokens in a row.
    Phrase(Vec<String>),
    /// A word that begins so: folded, not stemmed.
    Prefix(String),
    /// Any of them.
    Any(Vec<Self>),
}

/// A parsed query: every `all`, no `none`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub all: Vec<Node>,
    pub none: Vec<Node>,
}

/// Longest query that is read; the rest is left out.
const MAX_QUERY: usize = 2_000;

impl Meaning {
    /// Reads the words of a query. Nothing is an error: signs without a meaning are left out.
    pub(crate) fn parse(text: &str) -> Self {
        let mut out = Self::default();
        let mut either = false;
        for (negated, piece, quoted) in pieces(text) {
            if !quoted && piece == "OR" {
                either = !out.all.is_empty();
                continue;
            }
            let Some(node) = node(piece, quoted) else {
                continue;
            };
            if negated {
                out.none.push(node);
            } else if std::mem::take(&mut either) {
                match out.all.last_mut() {
                    Some(Node::Any(nodes)) => nodes.push(node),
                    Some(last) => *last = Node::Any(vec![last.clone(), node]),
                    None => out.all.push(node),
                }
            } else {
                out.all.push(node);
            }
        }
        out
    }

    /// Tokens and beginnings that are marked in what is found.
    pub(crate) fn marks(&self, token: &str) -> bool {
        fn in_node(node: &Node, token: &str) -> bool {
            match node {
                Node::Phrase(tokens) => tokens.iter().any(|t| t == token),
                Node::Prefix(start) => token.starts_with(start),
                Node::Any(nodes) => nodes.iter().any(|n| in_node(n, token)),
            }
        }
        self.all.iter().any(|node| in_node(node, token))
    }

    /// Whether a token that is marked may begin with `byte`.
    fn may_begin(&self, byte: u8) -> bool {
        fn in_node(node: &Node, byte: u8) -> bool {
            let begins = |t: &String| t.as_bytes().first() == Some(&byte);
            match node {
                Node::Phrase(tokens) => tokens.iter().any(begins),
                Node::Prefix(start) => begins(start),
                Node::Any(nodes) => nodes.iter().any(|n| in_node(n, byte)),
            }
        }
        self.all.iter().any(|node| in_node(node, byte))
    }

    /// Whether a document with these tokens is meant.
    pub(crate) fn matches(&self, tokens: &Tokens) -> bool {
        let fields: Vec<Vec<&str>> = [&tokens.title, &tokens.body]
            .iter()
            .map(|f| f.split(' ').collect())
            .collect();
        let has = |node: &Node| fields.iter().any(|field| occurs(node, field));
        let any_field = |node: &Node| match node {
            Node::Any(nodes) => nodes.iter().any(has),
            node => has(node),
        };
        self.all.iter().all(any_field) && !self.none.iter().any(any_field)
    }
}

fn occurs(node: &Node, field: &[&str]) -> bool {
    match node {
        Node::Phrase(tokens) => field
            .windows(tokens.len())
            .any(|run| run.iter().zip(tokens).all(|(a, b)| a == b)),
        Node::Prefix(start) => field.iter().any(|t| t.starts_with(start)),
        Node::Any(nodes) => nodes.iter().any(|n| occurs(n, field)),
    }
}

/// Parts a query at white space and quotes: negated, text, quoted.
fn pieces(text: &str) -> Vec<(bool, &str, bool)> {
    let mut end = text.len().min(MAX_QUERY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = text[..end].trim_start();
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (negated, body) = match rest.strip_prefix('-') {
            Some(body) if !body.starts_with(char::is_whitespace) => (true, body),
            _ => (false, rest),
        };
        let open = ['"', '“', '”', '«'];
        if let Some(inner) = body.strip_prefix(open) {
            let close = inner.find(['"', '“', '”', '»']).unwrap_or(inner.len());
            out.push((negated, &inner[..close], true));
            rest = inner[close..].trim_start_matches(['"', '“', '”', '»']);
        } else {
            let end = body.find(char::is_whitespace).unwrap_or(body.len());
            out.push((negated, &body[..end], false));
            rest = &body[end..];
        }
        rest = rest.trim_start();
    }
    out
}

fn node(piece: &str, quoted: bool) -> Option<Node> {
    if !quoted && let Some(start) = piece.strip_suffix('*') {
        let start = crate::known::fold_words(start);
        // A beginning of several words is a phrase of them.
        if !start.is_empty() && !start.contains(' ') {
            return Some(Node::Prefix(start));
        }
    }
    let mut tokens = Vec::new();
    crate::analyse::each(piece, |token, _| {
        tokens.push(token.to_owned());
        true
    });
    (!tokens.is_empty()).then_some(Node::Phrase(tokens))
}

/// Bytes of text before the first match that a snippet shows, and its length.
const LEAD: usize = 60;
const LENGTH: usize = 220;

/// What a hit is made from.
#[derive(Debug)]
pub(crate) struct Found {
    pub key: Id,
    pub title: String,
    pub site: Option<String>,
    pub known_at: Option<Date>,
    pub published: Option<Date>,
    pub text: String,
}

/// Cuts the snippet around the first word that is meant, on word edges.
pub(crate) fn hit(found: Found, meaning: &Meaning) -> Hit {
    let mut title_marks = Vec::new();
    crate::analyse::each(&found.title, |token, span| {
        if meaning.marks(token) {
            title_marks.push(span);
        }
        true
    });
    let text = &found.text;
    let first = first_match(text, meaning);
    let mut start = edge(text, first.saturating_sub(LEAD), first);
    // A snippet never begins in the paragraph before.
    if let Some(at) = text[start..first].rfind('\n') {
        start += at + 1;
    }
    let end = edge_back(text, (start + LENGTH).min(text.len()), first);
    let span = Span::new(start, end).trim(text);
    let mut marks = Vec::new();
    crate::analyse::each(span.of(text), |token, at| {
        if meaning.marks(token) {
            marks.push(at);
        }
        true
    });
    Hit {
        doc: crate::known::short('d', found.key),
        key: found.key,
        title_marks,
        site: found.site,
        known_at: found.known_at,
        published: found.published,
        snippet: span.of(text).to_owned(),
        snippet_span: span,
        marks,
        title: found.title,
    }
}

fn first_match(text: &str, meaning: &Meaning) -> usize {
    let mut first = 0;
    if !meaning.all.is_empty() {
        let wanted = |byte| meaning.may_begin(byte);
        crate::analyse::each_with(text, wanted, |token, span| {
            let found = meaning.marks(token);
            if found {
                first = span.start as usize;
            }
            !found
        });
    }
    first
}

/// First start of a word at or behind `at`, not behind `limit`.
fn edge(text: &str, at: usize, limit: usize) -> usize {
    if at == 0 {
        return 0;
    }
    let mut at = at;
    while !text.is_char_boundary(at) {
        at += 1;
    }
    match text[at..limit].find(char::is_whitespace) {
        Some(found) => at + found,
        None => limit,
    }
}

/// Last end of a word at or before `at`, behind `limit`.
fn edge_back(text: &str, at: usize, limit: usize) -> usize {
    if at == text.len() {
        return at;
    }
    let mut at = at;
    while !text.is_char_boundary(at) {
        at += 1;
    }
    match text[limit..at].rfind(char::is_whitespace) {
        Some(found) if found > 0 => limit + found,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(body: &str) -> Tokens {
        Tokens {
            version: crate::analyse::VERSION,
            title: String::new(),
            body: crate::analyse::tokens(body),
        }
    }

    fn found(query: &str, body: &str) -> bool {
        Meaning::parse(query).matches(&tokens(body))
    }

    #[test]
    fn reads_words_phrases_choices_and_exclusions() {
        let body = "Envoys of both capitals met in the harbour town before the truce.";
        assert!(found("envoy capital", body));
        assert!(found("\"harbour town\"", body) && !found("\"town harbour\"", body));
        assert!(found("ceasefire OR truce", body) && !found("ceasefire OR accord", body));
        assert!(found("truce -accord", body) && !found("envoys -truce", body));
        assert!(found("harb*", body) && !found("arb*", body));
        assert!(found("", body) && found("- * OR \"\"", body));
    }

    #[test]
    fn snippets_are_cut_at_words() {
        let text =
            "First paragraph of no weight.\n\nThe ministers agreed on a ceasefire on Monday.";
        let made = hit(
            Found {
                key: Id::of(["x"]),
                title: "A ceasefire".into(),
                site: None,
                known_at: None,
                published: None,
                text: text.into(),
            },
            &Meaning::parse("ceasefires"),
        );
        assert_eq!(
            made.snippet,
            "The ministers agreed on a ceasefire on Monday."
        );
        assert_eq!(made.marks[0].of(&made.snippet), "ceasefire");
        assert_eq!(made.title_marks[0].of(&made.title), "ceasefire");
        assert_eq!(made.snippet_span.of(text), made.snippet);
    }

    proptest! {
        #[test]
        fn never_panics(query in "\\PC{0,30}", text in "\\PC{0,400}") {
            let meaning = Meaning::parse(&query);
            let made = hit(
                Found { key: Id::of(["x"]), title: text.clone(), site: None, known_at: None, published: None, text: text.clone() },
                &meaning,
            );
            prop_assert_eq!(made.snippet_span.of(&text), made.snippet.as_str());
            meaning.matches(&tokens(&text));
        }
    }
}
