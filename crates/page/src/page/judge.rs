//! Which of the properties that names give to elements stand: those of furniture do not when the
//! element holds the running text.

use std::collections::BTreeMap;

use super::blocks::{Block, Blocks};
use super::classes::Flags;
use super::region::{dominant, mass, range, style};
use crate::html::{Dom, NodeId, Tag};

/// Keeps only those flags whose elements do not hold the running text: a wrapper named `widget`
/// around the article, or around every second paragraph of it, is no reason to drop it.
pub(crate) fn judge_flags(dom: &Dom<'_>, blocks: &mut Blocks) {
    let list = &mut blocks.list;
    let home = dominant(dom, list, Flags::COMMENT.or(Flags::NAV).or(Flags::HIDDEN));
    let told = home.as_ref().is_some_and(|s| !s.1.is_empty());
    let sums = Sums::of(dom, list, home.as_ref());
    let all = sums.whole().mass;
    let comments: usize = outermost(dom, &blocks.flagged, Flags::COMMENT)
        .map(|id| sums.within(dom, list, id))
        .filter(|h| h.heads == 0)
        .map(|h| h.mass)
        .sum();
    let article = if comments * 10 <= all * 9 {
        all - comments
    } else {
        all
    };
    let flagged = std::mem::take(&mut blocks.flagged);
    let kin = kin(dom, list, &flagged, &sums);
    let clean = dominant(dom, list, Flags::OUT.or(Flags::HIDDEN))
        .or_else(|| dominant(dom, list, Flags::COMMENT));
    spread(dom, list, &flagged, |list, id, flags| {
        if heads_home(dom, list, id, [clean.as_ref(), home.as_ref()]) {
            return flags.without(Flags::OUT.without(Flags::COMMENT));
        }
        let mut held = sums.within(dom, list, id);
        // A style without a class is anyone's.
        held.home = if told { held.home } else { 0 };
        let alike = kin.get(&name(dom, id)).copied().unwrap_or_default();
        judged(flags, &held, &alike, all, article)
    });
    blocks.flagged = flagged;
}

/// What an element holds, in words of running text.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    mass: usize,
    /// Of that, in the style of the article's paragraphs.
    home: usize,
    /// Number of first-level headings.
    heads: usize,
}

/// What stands before each block, so that any subtree is one subtraction.
struct Sums(Vec<Held>);

impl Sums {
    fn of(dom: &Dom<'_>, list: &[Block], home: Option<&(Tag, String)>) -> Self {
        let mut before = Held::default();
        let mut sums = vec![before];
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for block in list.iter().filter(|b| mass(b) > 0) {
            *seen.entry(&block.text).or_default() += 1;
        }
        for block in list {
            // What is said three times is no running text: a notice in place of each embedded post.
            let said = seen.get(block.text.as_str()).copied().unwrap_or(0);
            let own = if said > 2 { 0 } else { mass(block) };
            before.mass += own;
            if own > 0 && home == Some(&style(dom, block)) {
                before.home += own;
            }
            before.heads += usize::from(block.flags.has(Flags::H1));
            sums.push(before);
        }
        Self(sums)
    }

    fn whole(&self) -> Held {
        self.0.last().copied().unwrap_or_default()
    }

    fn between(&self, from: usize, to: usize) -> Held {
        let (a, b) = (self.0[from], self.0[to]);
        Held {
            mass: b.mass - a.mass,
            home: b.home - a.home,
            heads: b.heads - a.heads,
        }
    }

    fn within(&self, dom: &Dom<'_>, list: &[Block], id: NodeId) -> Held {
        let (from, to) = range(list, dom, id);
        self.between(from, to)
    }
}

/// Tag and class: elements of one template share both.
fn name<'s>(dom: &Dom<'s>, id: NodeId) -> (Tag, &'s str) {
    (dom.tag(id), dom.raw_attr(id, "class").unwrap_or(""))
}

/// What all elements of one name hold together: a template that is used for every item of a list
/// article plays one part in all of them, however short the item.
fn kin<'s>(
    dom: &Dom<'s>,
    list: &[Block],
    flagged: &[(NodeId, Flags)],
    sums: &Sums,
) -> BTreeMap<(Tag, &'s str), Held> {
    let mut out: BTreeMap<(Tag, &str), Held> = BTreeMap::new();
    let named = flagged
        .iter()
        .filter(|(_, f)| f.has(Flags::OUT.without(Flags::COMMENT)))
        .map(|(id, _)| (name(dom, *id), *id))
        .filter(|(name, _)| !name.1.is_empty());
    for (name, id) in named {
        let (from, to) = range(list, dom, id);
        let inside = |b: &Block| b.flags.has(Flags::BODY.or(Flags::ARTICLE));
        if !list[from..to].first().is_some_and(inside) {
            continue;
        }
        let held = sums.between(from, to);
        let sum = out.entry(name).or_default();
        sum.mass += held.mass;
        sum.home += held.home;
        sum.heads += held.heads;
    }
    out
}

/// Whether an element is a heading and no more, and the article's own text follows it.
fn heads_home(
    dom: &Dom<'_>,
    list: &[Block],
    id: NodeId,
    homes: [Option<&(Tag, String)>; 2],
) -> bool {
    let (from, to) = range(list, dom, id);
    let (Some(head), Some(next)) = (list.get(from), list.get(to)) else {
        return false;
    };
    to == from + 1
        && head.flags.has(Flags::HEADING)
        && head.links < 0.5
        && mass(next) > 0
        && homes.contains(&Some(&style(dom, next)))
}

fn judged(flags: Flags, held: &Held, alike: &Held, all: usize, article: usize) -> Flags {
    let mut out = flags;
    if held.heads > 0 || held.mass * 10 > all * 9 {
        out = out.without(Flags::COMMENT);
    }
    let large = |h: &Held| h.mass * 10 > article * 3;
    let template = large(alike);
    if large(held) || held.home >= 60 || template {
        out = out
            .without(Flags::OUT.without(Flags::COMMENT.or(Flags::DIALOG)))
            .without(Flags::LEAD);
    }
    // A page about cookies one can eat is named like a dialog too.
    if held.heads > 0 || held.mass * 10 > all * 9 {
        out = out.without(Flags::DIALOG);
    }
    if held.mass >= 40 {
        out = out.without(Flags::KICKER);
    }
    if held.mass * 2 > article {
        out = out.without(Flags::HIDDEN);
    }
    out
}

/// Gives every block the flags of the elements around it, each as `judge` lets it stand.
fn spread(
    dom: &Dom<'_>,
    list: &mut [Block],
    flagged: &[(NodeId, Flags)],
    judge: impl Fn(&[Block], NodeId, Flags) -> Flags,
) {
    let mut at = 0;
    let mut stack: Vec<(NodeId, Flags)> = Vec::new();
    for index in 0..list.len() {
        let first = list[index].first;
        while stack.last().is_some_and(|(end, _)| *end <= first) {
            stack.pop();
        }
        while let Some(&(id, flags)) = flagged.get(at).filter(|f| f.0 <= first) {
            at += 1;
            let end = dom.node(id).end;
            if end <= first {
                continue;
            }
            while stack.last().is_some_and(|(end, _)| *end <= id) {
                stack.pop();
            }
            let above = stack.last().map_or(Flags::default(), |s| s.1);
            stack.push((end, above.or(judge(list, id, flags))));
        }
        list[index].flags = stack.last().map_or(Flags::default(), |s| s.1);
    }
}

fn outermost<'f>(
    dom: &'f Dom<'_>,
    flagged: &'f [(NodeId, Flags)],
    flag: Flags,
) -> impl Iterator<Item = NodeId> + 'f {
    let mut end = 0;
    let outer = move |id: &NodeId| {
        let outer = *id >= end;
        if outer {
            end = dom.node(*id).end;
        }
        outer
    };
    flagged
        .iter()
        .filter(move |(_, f)| f.has(flag))
        .map(|(id, _)| *id)
        .filter(outer)
}
