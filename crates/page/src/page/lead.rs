//! The standfirst: between the headline and the text, outside the text's own element.

use super::blocks::Block;
use super::classes::Flags;
use super::region::Choice;
use crate::article::Article;
use crate::html::Dom;
use crate::names::squash;
use crate::phrases::Kinds;

/// Blocks above the text that are looked at.
const REACH: usize = 30;

/// Blocks of the standfirst, in order.
pub(crate) fn find(
    _dom: &Dom<'_>,
    list: &[Block],
    choice: &Choice,
    article: &Article,
) -> Vec<usize> {
    let Some(&first) = choice.blocks.first() else {
        return Vec::new();
    };
    let from = first.saturating_sub(REACH);
    let title = squash(&article.title);
    let head = (from..first).rev().find(|at| {
        list[*at].flags.has(Flags::H1) && list[*at].links < 0.5
            || !title.is_empty() && squash(&list[*at].text) == title
    });
    let described = article
        .description
        .as_deref()
        .map(words)
        .unwrap_or_default();
    let mut out: Vec<usize> = Vec::new();
    let start = head.map_or(from, |at| at + 1);
    for at in start..first {
        let block = &list[at];
        let plain = !block.flags.has(
            Flags::NAV
                .or(Flags::COMMENT)
                .or(Flags::CAPTION)
                .or(Flags::HIDDEN)
                .or(Flags::NOSCRIPT),
        );
        let sized = (5..=90).contains(&block.words) && block.links < 0.4;
        let said = block.whole != Kinds::default()
            || block.start.has(
                Kinds::BY
                    .or(Kinds::END)
                    .or(Kinds::FURNITURE)
                    .or(Kinds::DATED)
                    .or(Kinds::UPDATED),
            );
        if !plain || !sized || said || out.len() >= 3 {
            continue;
        }
        let close = head.is_some();
        let lead = block.flags.has(Flags::LEAD) && close;
        let described = !described.is_empty() && shared(&words(&block.text), &described);
        let sentence = close && block.stop && block.words >= 8 && !block.flags.has(Flags::OUT);
        let again = out
            .iter()
            .chain(&choice.blocks)
            .any(|other| list[*other].text == block.text);
        if (lead || described || sentence) && !again && squash(&block.text) != title {
            out.push(at);
        }
    }
    out
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether most of `a` stands in `b`.
fn shared(a: &[String], b: &[String]) -> bool {
    let found = a.iter().filter(|w| b.contains(w)).count();
    a.len() >= 6 && found * 10 >= a.len() * 8
}
