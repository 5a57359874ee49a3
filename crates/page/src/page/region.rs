//! Which blocks are the article: flags are judged, the heaviest subtree is found, its heaviest run kept.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::{Block, Blocks};
use super::classes::Flags;
use super::guide::Guide;
use crate::html::{Dom, NodeId, Tag};
use crate::phrases::Kinds;

/// What was chosen.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    /// The element that holds the article.
    pub(crate) root: NodeId,
    /// Blocks of the article in order.
    pub(crate) blocks: Vec<usize>,
    /// Of every block of the page.
    pub(crate) weights: Vec<f32>,
}

/// Running text in a block, in words: what a real article has most of.
pub(crate) fn mass(block: &Block) -> usize {
    let prose = block.words >= 10
        && (block.stop || block.words >= 25)
        && block.links < 0.5
        && !block.flags.has(Flags::HEADING.or(Flags::POST));
    if prose { block.words } else { 0 }
}

/// Blocks of a subtree, as a range.
pub(super) fn range(list: &[Block], dom: &Dom<'_>, id: NodeId) -> (usize, usize) {
    let end = dom.node(id).end;
    (
        list.partition_point(|b| b.first < id),
        list.partition_point(|b| b.first < end),
    )
}

/// The element around a paragraph.
fn holder(dom: &Dom<'_>, block: &Block) -> NodeId {
    if dom.tag(block.node) == Tag::P {
        dom.node(block.node).parent
    } else {
        block.node
    }
}

/// The element around a paragraph, by tag and class: paragraphs of one article share it.
pub(super) fn style(dom: &Dom<'_>, block: &Block) -> (Tag, String) {
    let node = holder(dom, block);
    (
        dom.tag(node),
        dom.raw_attr(node, "class")
            .unwrap_or("")
            .chars()
            .take(200)
            .collect(),
    )
}

/// Blocks that stand close under a linked heading: a teaser of another page, or an item of a list.
fn announced(list: &[Block]) -> Vec<bool> {
    let mut left = 0;
    let each = |block: &Block| {
        if block.flags.has(Flags::HEADING) {
            left = if block.links > 0.8 { 3 } else { 0 };
            return false;
        }
        let under = left > 0;
        left = i32::max(left - 1, 0);
        under
    };
    list.iter().map(each).collect()
}

/// The style that most running text has, blocks with `out` aside.
pub(super) fn dominant(dom: &Dom<'_>, list: &[Block], out: Flags) -> Option<(Tag, String)> {
    let mut masses: BTreeMap<(Tag, String), usize> = BTreeMap::new();
    let announced = announced(list);
    for (_, block) in list
        .iter()
        .enumerate()
        .filter(|(at, b)| !(b.flags.has(out) || announced[*at] && b.flags.has(Flags::ITEM)))
    {
        // The page's own word for its body counts double, lists of teasers half.
        let body = if block.flags.has(Flags::BODY) { 4 } else { 2 };
        let held = mass(block)
            * if block.flags.has(Flags::ITEM) {
                body / 2
            } else {
                body
            };
        if held > 0 {
            *masses.entry(style(dom, block)).or_default() += held;
        }
    }
    masses
        .into_iter()
        .max_by_key(|(_, held)| *held)
        .map(|(style, _)| style)
}

/// Left out whatever it says.
pub(crate) fn ignored(block: &Block) -> bool {
    if block.flags.has(Flags::POST) {
        // The frame around an embedded post is often named like a caption or an advertisement.
        let elsewhere = Flags::COMMENT.or(Flags::NAV).or(Flags::ASIDE);
        return block
            .flags
            .has(elsewhere.or(Flags::HIDDEN).or(Flags::NOSCRIPT));
    }
    block.flags.has(Flags::OUT.or(Flags::HIDDEN))
}

fn weight(block: &Block, at_home: bool, stated: Option<bool>) -> f32 {
    if stated == Some(true) {
        return 1.0 + (block.words as f32 / 8.0).min(6.0);
    }
    if ignored(block) || block.flags.has(Flags::POST) {
        return -0.05;
    }
    let words = block.words as f32;
    let heading = block.flags.has(Flags::HEADING);
    let inside = block.flags.has(Flags::BODY) || at_home;
    let marker = block.start.has(Kinds::END) && block.words <= 14 || block.whole.has(Kinds::END);
    if marker {
        return if at_home && !heading { -1.5 } else { -4.0 };
    }
    if block.whole.has(Kinds::FURNITURE) && block.words <= 8 {
        return if inside { -0.3 } else { -1.0 };
    }
    if block.links > 0.5 && (block.words < 30 || !at_home) {
        return if inside { -0.5 } else { -1.5 };
    }
    let mut w = if block.words >= 10 && block.stop {
        (words / 8.0).clamp(1.0, 6.0)
    } else if block.words >= 20 {
        1.5
    } else if block.words >= 5 && block.stop {
        0.6
    } else if inside || heading {
        -0.15
    } else {
        -0.6
    };
    if stated == Some(false) && w > 0.0 {
        return -w.min(1.5);
    }
    if at_home {
        w += 0.5;
    } else if w > 0.0 && !inside {
        w *= 0.75;
    }
    w
}

/// Finds the article. `None` when no block looks like running text. `body` is what the page states
/// elsewhere as its text.
pub(crate) fn choose(dom: &Dom<'_>, blocks: &Blocks, body: Option<&str>) -> Option<Choice> {
    let list = &blocks.list;
    let home = dominant(dom, list, Flags::OUT.or(Flags::HIDDEN))
        .or_else(|| dominant(dom, list, Flags::COMMENT))?;
    let at_home: Vec<bool> = list.iter().map(|b| style(dom, b) == home).collect();
    let prose: usize = list
        .iter()
        .zip(&at_home)
        .filter(|(b, home)| **home && !ignored(b))
        .map(|(b, _)| mass(b))
        .sum();
    let guide = body
        .and_then(|b| Guide::new(b, list))
        .filter(|g| g.words() >= 250 || g.words() * 2 >= prose);
    let stated: Vec<Option<bool>> = list
        .iter()
        .map(|b| guide.as_ref().map(|g| g.covers(b)))
        .collect();
    let mut weights: Vec<f32> = (0..list.len())
        .map(|at| weight(&list[at], at_home[at], stated[at]))
        .collect();
    teasers(list, &at_home, &mut weights);
    let root = heaviest_subtree(dom, blocks, &weights)?;
    let (from, to) = range(list, dom, root);
    let (from, to) = heaviest_run(&weights, from, to)?;
    let from = first_head(dom, list, &at_home, from, to);
    let inner = inner_heads(dom, list, &at_home, from);
    let to = tables_and_lists(
        dom,
        list,
        &at_home,
        root,
        second_article(list, &inner, from, to),
    );
    let kept = (from..to)
        .filter(|at| {
            let block = &list[*at];
            let title = block.flags.has(Flags::H1) && !inner[*at];
            !title && (stated[*at] == Some(true) || keeps(block, at_home[*at]))
        })
        .collect();
    Some(Choice {
        root,
        blocks: kept,
        weights,
    })
}

/// Text under a linked heading, outside the body and in another style, announces another article;
/// inside the body three such headings say the same.
fn teasers(list: &[Block], at_home: &[bool], weights: &mut [f32]) {
    let linked = |b: &Block| b.flags.has(Flags::HEADING) && b.links > 0.8;
    let many = list
        .iter()
        .enumerate()
        .filter(|(at, b)| linked(b) && !at_home[*at] && b.flags.has(Flags::BODY))
        .count()
        >= 3;
    let mut left = 0;
    for (at, block) in list.iter().enumerate() {
        let outside = (many || !block.flags.has(Flags::BODY)) && !at_home[at];
        if block.flags.has(Flags::HEADING) {
            left = if linked(block) && outside { 3 } else { 0 };
        } else if left > 0 {
            left -= 1;
            if outside && weights[at] > 0.0 {
                weights[at] = -0.3;
            }
        } else if outside
            && block.flags.has(Flags::ITEM)
            && !block.flags.has(Flags::BODY)
            && weights[at] > 0.0
        {
            weights[at] *= 0.4;
        }
    }
}

/// Rows and items that end the body's own element belong to it although they are no sentences, and
/// so do the headings over them.
fn tables_and_lists(
    dom: &Dom<'_>,
    list: &[Block],
    at_home: &[bool],
    root: NodeId,
    to: usize,
) -> usize {
    let end = dom.node(root).end;
    let container = container(dom, list, at_home, to);
    let mut kept = to;
    for (at, block) in list.iter().enumerate().skip(to) {
        let sibling =
            || container.is_some_and(|c| block.first > c && block.first < dom.node(c).end);
        let inside = block.flags.has(Flags::BODY) || sibling();
        let marker = block.start.has(Kinds::END) && !block.flags.has(Flags::ITEM)
            || block.whole.has(Kinds::END.or(Kinds::FURNITURE));
        let linked = block.links >= 0.3 && !block.flags.has(Flags::POST);
        if !inside || marker || ignored(block) || linked || block.first >= end {
            break;
        }
        if block
            .flags
            .has(Flags::TABLE.or(Flags::ITEM).or(Flags::POST))
        {
            kept = at + 1;
        } else if block.words > 12 || block.stop {
            break;
        }
    }
    kept
}

/// The element that holds most of the article's paragraphs up to `to`.
fn container(dom: &Dom<'_>, list: &[Block], at_home: &[bool], to: usize) -> Option<NodeId> {
    let held = |from: usize, to: usize| -> usize {
        (from..to)
            .filter(|at| at_home[*at])
            .map(|at| mass(&list[at]))
            .sum()
    };
    let last = (0..to)
        .rev()
        .find(|at| at_home[*at] && mass(&list[*at]) > 0)?;
    let all = held(0, to);
    dom.ancestors(list[last].node).take(12).find(|id| {
        let (from, end) = range(list, dom, *id);
        held(from, end.min(to)) * 10 >= all * 6
    })
}

/// A head over the first paragraph belongs to the text where others of its name follow: the items of
/// a list, the entries of a live blog.
fn first_head(dom: &Dom<'_>, list: &[Block], at_home: &[bool], from: usize, to: usize) -> usize {
    let Some(head) = from.checked_sub(1).map(|at| &list[at]) else {
        return from;
    };
    let name = |b: &Block| (dom.tag(b.node), dom.raw_attr(b.node, "class"));
    let plain = head.flags.has(Flags::HEADING)
        && !head.flags.has(Flags::H1)
        && !ignored(head)
        && head.links < 0.5
        && !head.start.has(Kinds::END)
        && !head.whole.has(Kinds::END.or(Kinds::FURNITURE));
    let alike = |b: &&Block| b.flags.has(Flags::HEADING) && name(b) == name(head);
    let belongs = plain
        && at_home.get(from).copied().unwrap_or(false)
        && list[from..to].iter().filter(alike).count() >= 2;
    if belongs { from - 1 } else { from }
}

/// Where another article begins: at a first-level heading with much text before it.
fn second_article(list: &[Block], inner: &[bool], from: usize, to: usize) -> usize {
    let mut ahead: usize = list[from..to].iter().map(mass).sum();
    let mut before = 0;
    let mut heads: BTreeSet<&str> = BTreeSet::new();
    for at in from..to {
        let block = &list[at];
        if block.flags.has(Flags::H1) {
            let heading = !ignored(block) && !inner[at] && block.links < 0.5;
            let parts = before >= 150 && ahead >= 60 && ahead < before * 20;
            if heading && parts && !heads.contains(block.text.as_str()) {
                return at;
            }
            heads.insert(&block.text);
        }
        before += mass(block);
        ahead -= mass(block);
    }
    to
}

/// First-level headings that stand in the very element that holds the paragraph before them: they
/// part one article and begin no other.
fn inner_heads(dom: &Dom<'_>, list: &[Block], at_home: &[bool], from: usize) -> Vec<bool> {
    let mut last: Option<NodeId> = None;
    let mut inner = vec![false; list.len()];
    for at in from..list.len() {
        if list[at].flags.has(Flags::H1) {
            inner[at] = last.is_some_and(|h| dom.ancestors(list[at].node).any(|a| a == h));
        } else if at_home[at] && mass(&list[at]) > 0 {
            last = Some(holder(dom, &list[at]));
        }
    }
    inner
}

/// The blocks as the choice saw them, for those who write rules.
pub(crate) fn explain(dom: &Dom<'_>, blocks: &Blocks, body: Option<&str>) -> String {
    let choice = choose(dom, blocks, body).unwrap_or_default();
    let mut out = format!(
        "root {} {:?}\n",
        choice.root,
        dom.raw_attr(choice.root, "class")
    );
    for (at, b) in blocks.list.iter().enumerate() {
        let kept = if choice.blocks.contains(&at) {
            '+'
        } else {
            ' '
        };
        let inside = b.first >= choice.root && b.first < dom.node(choice.root).end;
        let text: String = b.text.chars().take(90).collect();
        out += &format!(
            "{kept}{} {:5.2} w{} l{:.1} {:?} {} {text}\n",
            if inside { '|' } else { ' ' },
            choice.weights.get(at).unwrap_or(&0.0),
            b.words,
            b.links,
            dom.tag(b.node),
            b.flags.names()
        );
    }
    out
}

fn heaviest_subtree(dom: &Dom<'_>, blocks: &Blocks, weights: &[f32]) -> Option<NodeId> {
    let mut sums = vec![0.0f32];
    for w in weights {
        sums.push(sums[sums.len() - 1] + w);
    }
    let mut best: Option<(f32, NodeId)> = None;
    let mut flagged = blocks.flagged.iter().peekable();
    for id in dom.all() {
        let flags = flagged
            .next_if(|f| f.0 == id)
            .map_or(Flags::default(), |f| f.1);
        let tag = dom.tag(id);
        if tag == Tag::Text || !(tag.is_block() || tag == Tag::Other) {
            continue;
        }
        let (from, to) = range(&blocks.list, dom, id);
        if from == to {
            continue;
        }
        let mut score = sums[to] - sums[from];
        if score > 0.0 && flags.has(Flags::BODY) {
            score = score * 1.1 + 2.0;
        }
        if score > 0.0 && best.is_none_or(|(s, _)| score >= s) {
            best = Some((score, id));
        }
    }
    best.map(|(_, id)| id)
}

fn heaviest_run(weights: &[f32], from: usize, to: usize) -> Option<(usize, usize)> {
    let (mut best, mut run) = (0.0f32, None);
    let (mut sum, mut start) = (0.0f32, from);
    for (at, w) in weights.iter().enumerate().take(to).skip(from) {
        if sum <= 0.0 {
            (sum, start) = (0.0, at);
        }
        sum += w;
        if sum > best {
            (best, run) = (sum, Some((start, at + 1)));
        }
    }
    run
}

fn keeps(block: &Block, at_home: bool) -> bool {
    if ignored(block) {
        return false;
    }
    if block.flags.has(Flags::POST) {
        return true;
    }
    let marker = block.start.has(Kinds::END) || block.whole.has(Kinds::END);
    if (marker || block.start.has(Kinds::FURNITURE)) && block.words <= 20
        || block.whole.has(Kinds::FURNITURE)
    {
        return false;
    }
    let linked =
        block.links > 0.8 && block.words < 40 || block.links > 0.5 && !at_home && block.words < 30;
    // "Region: town, town": every name is a link, the line is text.
    let names =
        at_home && block.flags.has(Flags::PARAGRAPH) && block.anchors >= 2 && block.links <= 0.95;
    let linked = linked && !names;
    if linked {
        return false;
    }
    true
}
