//! What the class and id names of elements say of them.

use std::sync::OnceLock;

use crate::html::{Dom, NodeId, Tag};

const TABLE: &str = include_str!("../../../../data/page/class_words.tsv");

/// A set of properties of an element or block; most are inherited by what is inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags(u32);

impl Flags {
    pub(crate) const COMMENT: Self = Self(1);
    pub(crate) const DROP: Self = Self(1 << 1);
    pub(crate) const CAPTION: Self = Self(1 << 2);
    pub(crate) const BYLINE: Self = Self(1 << 3);
    pub(crate) const LEAD: Self = Self(1 << 4);
    pub(crate) const BODY: Self = Self(1 << 5);
    pub(crate) const KICKER: Self = Self(1 << 6);
    pub(crate) const HIDDEN: Self = Self(1 << 7);
    pub(crate) const NAV: Self = Self(1 << 8);
    pub(crate) const ASIDE: Self = Self(1 << 9);
    pub(crate) const HEADER: Self = Self(1 << 10);
    pub(crate) const ARTICLE: Self = Self(1 << 11);
    pub(crate) const ITEM: Self = Self(1 << 12);
    pub(crate) const TABLE: Self = Self(1 << 13);
    pub(crate) const HEADING: Self = Self(1 << 14);
    pub(crate) const H1: Self = Self(1 << 15);
    pub(crate) const QUOTE: Self = Self(1 << 16);
    pub(crate) const PARAGRAPH: Self = Self(1 << 17);
    pub(crate) const NOSCRIPT: Self = Self(1 << 18);
    /// An embedded post of a social network.
    pub(crate) const POST: Self = Self(1 << 19);
    /// A dialog, or what asks for consent: never the article, however long.
    pub(crate) const DIALOG: Self = Self(1 << 20);
    /// Any reason to leave a block out.
    pub(crate) const OUT: Self = Self(
        Self::COMMENT.0
            | Self::DROP.0
            | Self::CAPTION.0
            | Self::BYLINE.0
            | Self::NAV.0
            | Self::ASIDE.0
            | Self::NOSCRIPT.0
            | Self::KICKER.0
            | Self::DIALOG.0,
    );

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// For people.
    pub(crate) fn names(self) -> String {
        const NAMES: [&str; 21] = [
            "comment", "drop", "caption", "byline", "lead", "body", "kicker", "hidden", "nav",
            "aside", "header", "article", "item", "table", "heading", "h1", "quote", "p",
            "noscript", "post", "dialog",
        ];
        let set = NAMES
            .iter()
            .enumerate()
            .filter(|(at, _)| self.0 >> at & 1 == 1);
        set.map(|(_, n)| *n).collect::<Vec<_>>().join(",")
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "comment" => Self::COMMENT,
            "drop" => Self::DROP,
            "caption" => Self::CAPTION,
            "byline" => Self::BYLINE,
            "lead" => Self::LEAD,
            "body" => Self::BODY,
            "kicker" => Self::KICKER,
            "hidden" => Self::HIDDEN,
            "post" => Self::POST,
            "dialog" => Self::DIALOG,
            _ => return None,
        })
    }
}

fn words() -> &'static [(&'static str, Flags)] {
    static ROWS: OnceLock<Vec<(&'static str, Flags)>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows: Vec<_> = TABLE
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| {
                let mut cells = l.split('\t');
                Some((cells.next()?, Flags::named(cells.next()?)?))
            })
            .collect();
        rows.sort_by_key(|r| r.0);
        rows
    })
}

fn look(word: &[u8]) -> Flags {
    let rows = words();
    rows.binary_search_by(|r| r.0.as_bytes().cmp(word))
        .map_or(Flags::default(), |at| rows[at].1)
}

/// Names longer than this are generated, and say nothing.
const LONGEST_NAME: usize = 300;

/// Flags of a class or id attribute.
pub(crate) fn of_names(value: &str) -> Flags {
    let mut flags = Flags::default();
    if value.len() > LONGEST_NAME {
        return flags;
    }
    for name in value.split_ascii_whitespace() {
        flags = flags.or(of_name(name.as_bytes()));
    }
    flags
}

/// One name: its words, and neighbouring words joined. `entry-meta`, `entryMeta`, `entry__meta`.
fn of_name(name: &[u8]) -> Flags {
    let mut flags = Flags::default();
    let mut joined = [0u8; 64];
    let (mut previous, mut len) = (0usize, 0usize);
    let mut at = 0;
    // Utility classes ("md:hidden", "has-sidebar", "no-comments") speak of something else.
    let prefixed = memchr::memchr(b':', name).is_some()
        || [b"has".as_slice(), b"no-", b"is-", b"with", b"overflow"]
            .iter()
            .any(|p| name.starts_with(p));
    if prefixed {
        return flags;
    }
    while at < name.len() {
        if !name[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let from = at;
        at += 1;
        while at < name.len()
            && name[at].is_ascii_alphabetic()
            && !(name[at].is_ascii_uppercase() && name[at - 1].is_ascii_lowercase())
        {
            at += 1;
        }
        let word = &name[from..at];
        if len + word.len() > joined.len() {
            return flags;
        }
        joined[len..len + word.len()].copy_from_slice(word);
        joined[len..len + word.len()].make_ascii_lowercase();
        flags = flags.or(look(&joined[len..len + word.len()]));
        if previous < len {
            flags = flags.or(look(&joined[previous..len + word.len()]));
        }
        previous = len;
        len += word.len();
    }
    flags
}

/// Flags that an element adds for what is inside.
pub(crate) fn of_element(dom: &Dom<'_>, id: NodeId) -> Flags {
    let tag = dom.tag(id);
    let mut flags = of_tag(tag);
    let mut named = Flags::default();
    for (name, value) in dom.attrs(id) {
        match name {
            "class" | "id" | "data-component" | "data-testid" | "data-module" => {
                named = named.or(of_names(value))
            }
            "hidden" => flags = flags.or(Flags::HIDDEN),
            "aria-hidden" if value == "true" => flags = flags.or(Flags::HIDDEN),
            "style" if hides(value) => flags = flags.or(Flags::HIDDEN),
            "role" => flags = flags.or(of_role(value)),
            "itemprop" => flags = flags.or(of_itemprop(value)),
            _ => {}
        }
    }
    match tag {
        // The document's own names describe the kind of page.
        Tag::Html | Tag::Body => flags,
        // Those of a row or cell its content: `player`, `author`, `credit`.
        Tag::Tr | Tag::Td | Tag::Th => flags.or(named.without(
            Flags::CAPTION
                .or(Flags::BYLINE)
                .or(Flags::KICKER)
                .or(Flags::LEAD),
        )),
        // What embeds a post is a quotation; other elements of these names are its frame.
        Tag::Blockquote if named.has(Flags::POST) => flags.or(Flags::POST),
        _ => flags.or(named.without(Flags::POST)),
    }
}

fn hides(style: &str) -> bool {
    let bare: String = style
        .chars()
        .take(200)
        .filter(|c| !c.is_whitespace())
        .collect();
    bare.contains("display:none") || bare.contains("visibility:hidden")
}

fn of_role(role: &str) -> Flags {
    match role {
        "navigation" | "search" | "banner" | "contentinfo" | "menu" | "menubar" | "toolbar"
        | "tablist" => Flags::NAV,
        "dialog" | "alertdialog" => Flags::DIALOG,
        "complementary" => Flags::ASIDE,
        "article" => Flags::ARTICLE,
        _ => Flags::default(),
    }
}

fn of_itemprop(value: &str) -> Flags {
    match value {
        "articleBody" => Flags::BODY,
        "author" | "datePublished" | "dateModified" => Flags::BYLINE,
        "comment" => Flags::COMMENT,
        "caption" => Flags::CAPTION,
        _ => Flags::default(),
    }
}

fn of_tag(tag: Tag) -> Flags {
    match tag {
        Tag::Nav | Tag::Menu | Tag::Footer => Flags::NAV,
        Tag::Dialog => Flags::DIALOG,
        Tag::Form | Tag::Fieldset | Tag::Label | Tag::Legend => Flags::DROP,
        Tag::Aside => Flags::ASIDE,
        Tag::Header => Flags::HEADER,
        Tag::Article => Flags::ARTICLE,
        Tag::Figcaption | Tag::Caption | Tag::Figure => Flags::CAPTION,
        Tag::Li | Tag::Dd | Tag::Dt => Flags::ITEM,
        Tag::Table => Flags::TABLE,
        Tag::H1 => Flags::HEADING.or(Flags::H1),
        Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => Flags::HEADING,
        Tag::Blockquote => Flags::QUOTE,
        Tag::P => Flags::PARAGRAPH,
        Tag::Noscript => Flags::NOSCRIPT,
        _ => Flags::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_words_and_pairs() {
        assert!(of_names("c-article-body").has(Flags::BODY));
        assert!(of_names("entryContent wide").has(Flags::BODY));
        assert!(of_names("post__comments").has(Flags::COMMENT));
        assert!(of_names("related-posts").has(Flags::DROP));
        assert_eq!(
            of_names("has-sidebar md:hidden leadership"),
            Flags::default()
        );
    }

    #[test]
    fn the_table_is_well_formed() {
        for (at, line) in TABLE
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.starts_with('#'))
        {
            let cells: Vec<_> = line.split('\t').collect();
            let fits = cells.len() == 3
                && Flags::named(cells[1]).is_some()
                && cells[0].bytes().all(|b| b.is_ascii_lowercase());
            assert!(
                fits,
                "data/page/class_words.tsv:{}: word (a-z), what it says, rests on",
                at + 1
            );
        }
    }
}
