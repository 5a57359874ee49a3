//! Every block of a page with the reason why it is no part of the article: for a reader who wants
//! to see what was left out.

use rapporteur_base::Span;

use super::blocks::{self, Block};
use super::classes::Flags;
use super::{MAX_BYTES, judge, region};
use crate::phrases::Kinds;
use crate::{html, meta, sniff};

/// A run of text under one block element of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageBlock {
    /// Its text.
    pub text: String,
    /// Bytes of the page's decoded source, as in [`Paragraph::origin`](crate::Paragraph::origin).
    pub origin: Span,
    /// Whether it stands under a heading element.
    pub is_heading: bool,
    /// Whether it was taken for the article, before the edges of the text were trimmed.
    pub is_kept: bool,
    /// Why it is left out: `comments`, `navigation`, `caption`, `byline`, `hidden`, `aside`,
    /// `dialog`, `no-script`, `kicker`, `named` (the page's own names call it furniture), `notice` (a
    /// known phrase), `links`, `outside` (apart from the running text). Empty for what is kept.
    pub reason: &'static str,
}

/// The blocks of an HTML document, in its order. Never fails.
pub fn blocks(bytes: &[u8], charset: Option<&str>) -> Vec<PageBlock> {
    let decoded = sniff::decode(&bytes[..bytes.len().min(MAX_BYTES)], charset);
    let dom = html::parse(&decoded.text);
    let mut found = blocks::blocks(&dom);
    judge::judge_flags(&dom, &mut found);
    let body = meta::schema(&dom).body;
    let kept = region::choose(&dom, &found, body.as_deref()).map_or(Vec::new(), |c| c.blocks);
    let list = found.list.into_iter().enumerate();
    list.map(|(at, block)| {
        let is_kept = kept.contains(&at);
        PageBlock {
            origin: block.origin,
            is_heading: block.flags.has(Flags::HEADING),
            is_kept,
            reason: if is_kept { "" } else { reason(&block) },
            text: block.text,
        }
    })
    .collect()
}

fn reason(block: &Block) -> &'static str {
    const REASONS: [(Flags, &str); 10] = [
        (Flags::HIDDEN, "hidden"),
        (Flags::COMMENT, "comments"),
        (Flags::NAV, "navigation"),
        (Flags::DIALOG, "dialog"),
        (Flags::CAPTION, "caption"),
        (Flags::BYLINE, "byline"),
        (Flags::NOSCRIPT, "no-script"),
        (Flags::KICKER, "kicker"),
        (Flags::ASIDE, "aside"),
        (Flags::DROP, "named"),
    ];
    let named = REASONS.iter().find(|(flag, _)| block.flags.has(*flag));
    match named {
        Some((_, reason)) => reason,
        None if block.whole.has(Kinds::FURNITURE.or(Kinds::END)) => "notice",
        None if block.links > 0.5 => "links",
        None => "outside",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><body><nav><a href='/'>Home page of the paper</a></nav><article><h1>Envoys meet</h1>\
        <p>The envoys of both sides met in the harbour town on Monday and spoke for three hours about the border.</p>\
        <p>They will meet again next week, a spokesman said after the talks, and nothing was signed on that day.</p></article>\
        <div class='comments'><p>I do not believe a word of what these people have written here, as ever.</p></div></body></html>";

    #[test]
    fn what_is_left_out_says_why() {
        let all = blocks(PAGE.as_bytes(), Some("utf-8"));
        let of = |words: &str| all.iter().find(|b| b.text.contains(words)).unwrap();
        assert!(of("spoke for three hours").is_kept);
        assert_eq!(of("Home page").reason, "navigation");
        assert_eq!(of("do not believe").reason, "comments");
        let kept = of("spoke for three hours");
        assert!(PAGE[kept.origin.range()].starts_with("The envoys"));
        let article = crate::extract(
            crate::Input::Html {
                bytes: PAGE.as_bytes(),
                charset: Some("utf-8"),
            },
            None,
            None,
        );
        let origins: Vec<_> = article.paragraphs.iter().filter_map(|p| p.origin).collect();
        assert!(origins.contains(&kept.origin));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = blocks(&bytes, None);
        }
    }
}
