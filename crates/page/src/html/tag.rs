/// The elements that extraction tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[rustfmt::skip]
pub(crate) enum Tag {
    Root, Text, Other,
    A, Abbr, Address, Area, Article, Aside, Audio, B, Base, Blockquote, Body, Br, Button, Canvas, Caption, Center,
    Cite, Code, Col, Colgroup, Dd, Details, Dialog, Div, Dl, Dt, Em, Embed, Fieldset, Figcaption, Figure, Font,
    Footer, Form, H1, H2, H3, H4, H5, H6, Head, Header, Hgroup, Hr, Html, I, Iframe, Img, Input, Label, Legend, Li,
    Link, Main, Mark, Menu, Meta, Meter, Nav, Noframes, Noscript, Object, Ol, Optgroup, Option, P, Param, Picture,
    Pre, Progress, Q, Rp, Rt, Ruby, S, Script, Section, Select, Small, Source, Span, Strong, Style, Sub, Summary,
    Sup, Svg, Table, Tbody, Td, Template, Textarea, Tfoot, Th, Thead, Time, Title, Tr, Track, U, Ul, Video, Wbr, Xmp,
}

use Tag::*;

/// Sorted by name.
#[rustfmt::skip]
const NAMES: &[(&str, Tag)] = &[
    ("a", A), ("abbr", Abbr), ("address", Address), ("area", Area), ("article", Article), ("aside", Aside),
    ("audio", Audio), ("b", B), ("base", Base), ("blockquote", Blockquote), ("body", Body), ("br", Br),
    ("button", Button), ("canvas", Canvas), ("caption", Caption), ("center", Center), ("cite", Cite), ("code", Code),
    ("col", Col), ("colgroup", Colgroup), ("dd", Dd), ("details", Details), ("dialog", Dialog), ("div", Div),
    ("dl", Dl), ("dt", Dt), ("em", Em), ("embed", Embed), ("fieldset", Fieldset), ("figcaption", Figcaption),
    ("figure", Figure), ("font", Font), ("footer", Footer), ("form", Form), ("h1", H1), ("h2", H2), ("h3", H3),
    ("h4", H4), ("h5", H5), ("h6", H6), ("head", Head), ("header", Header), ("hgroup", Hgroup), ("hr", Hr),
    ("html", Html), ("i", I), ("iframe", Iframe), ("img", Img), ("input", Input), ("label", Label),
    ("legend", Legend), ("li", Li), ("link", Link), ("main", Main), ("mark", Mark), ("menu", Menu), ("meta", Meta),
    ("meter", Meter), ("nav", Nav), ("noframes", Noframes), ("noscript", Noscript), ("object", Object), ("ol", Ol),
    ("optgroup", Optgroup), ("option", Option), ("p", P), ("param", Param), ("picture", Picture), ("pre", Pre),
    ("progress", Progress), ("q", Q), ("rp", Rp), ("rt", Rt), ("ruby", Ruby), ("s", S), ("script", Script),
    ("section", Section), ("select", Select), ("small", Small), ("source", Source), ("span", Span),
    ("strong", Strong), ("style", Style), ("sub", Sub), ("summary", Summary), ("sup", Sup), ("svg", Svg),
    ("table", Table), ("tbody", Tbody), ("td", Td), ("template", Template), ("textarea", Textarea),
    ("tfoot", Tfoot), ("th", Th), ("thead", Thead), ("time", Time), ("title", Title), ("tr", Tr), ("track", Track),
    ("u", U), ("ul", Ul), ("video", Video), ("wbr", Wbr), ("xmp", Xmp),
];

impl Tag {
    /// The element of that name, any case.
    pub(crate) fn of(name: &[u8]) -> Self {
        let mut low = [0u8; 12];
        if name.len() > low.len() {
            return Other;
        }
        low[..name.len()].copy_from_slice(name);
        low.make_ascii_lowercase();
        let low = &low[..name.len()];
        NAMES
            .binary_search_by(|(n, _)| n.as_bytes().cmp(low))
            .map_or(Other, |at| NAMES[at].1)
    }

    /// Elements without content or end tag.
    pub(crate) fn is_void(self) -> bool {
        matches!(
            self,
            Area | Base
                | Br
                | Col
                | Embed
                | Hr
                | Img
                | Input
                | Link
                | Meta
                | Param
                | Source
                | Track
                | Wbr
        )
    }

    /// Elements whose content is text up to their own end tag.
    pub(crate) fn raw_name(self) -> std::option::Option<&'static str> {
        Some(match self {
            Script => "script",
            Style => "style",
            Textarea => "textarea",
            Title => "title",
            Xmp => "xmp",
            Iframe => "iframe",
            Noframes => "noframes",
            _ => return None,
        })
    }

    /// Elements that begin a new line of text.
    pub(crate) fn is_block(self) -> bool {
        self.closes_paragraph()
            || matches!(
                self,
                Root | Html
                    | Head
                    | Body
                    | Li
                    | Dd
                    | Dt
                    | Tr
                    | Td
                    | Th
                    | Thead
                    | Tbody
                    | Tfoot
                    | Caption
                    | Legend
                    | Title
                    | Option
                    | Optgroup
                    | Select
                    | Noscript
                    | Template
                    | Video
                    | Audio
                    | Canvas
                    | Iframe
                    | Object
            )
    }

    /// Elements whose start ends an open `<p>`.
    pub(crate) fn closes_paragraph(self) -> bool {
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Center
                | Details
                | Dialog
                | Div
                | Dl
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hgroup
                | Hr
                | Main
                | Menu
                | Nav
                | Ol
                | P
                | Pre
                | Section
                | Summary
                | Table
                | Ul
                | Xmp
        )
    }

    pub(crate) fn is_heading(self) -> bool {
        matches!(self, H1 | H2 | H3 | H4 | H5 | H6)
    }

    /// Content that is never part of an article's text.
    pub(crate) fn is_silent(self) -> bool {
        matches!(
            self,
            Script
                | Style
                | Head
                | Template
                | Svg
                | Iframe
                | Object
                | Select
                | Option
                | Button
                | Textarea
                | Noframes
                | Canvas
                | Audio
                | Video
                | Title
                | Rp
                | Rt
                | Meter
                | Progress
        )
    }
}
