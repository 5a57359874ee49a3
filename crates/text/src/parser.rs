//! Dependency heads by arc-hybrid transitions, root at the end of the buffer; the relation is
//! chosen when an arc is made.

use crate::Deprel;
use crate::hash::feature;
use crate::table::Score;
pub(crate) use crate::transition::{MOVES, RELATIONS, State, best_relation, way};
use crate::transition::{NONE, choose};
use crate::word::Word;

/// What the parser sees of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Item {
    /// Normal form.
    w: u32,
    /// Joint tag + 1.
    t: u32,
    /// UPOS + 1.
    u: u32,
    /// Both.
    wt: u32,
    /// Fine and coarse class (with the tag for words in none).
    c: u32,
    k: u32,
    suffix: u32,
    shape: u32,
    /// Verbs, commas and like marks, conjunctions up to and with this word.
    verbs: u16,
    commas: u16,
    links: u16,
}

/// Makes the parser's view of a sentence, with the root behind its last word.
pub(crate) fn items(
    words: &[Word],
    tags: &[u8],
    upos_of: impl Fn(u8) -> crate::Upos,
    into: &mut Vec<Item>,
) {
    into.clear();
    let (mut verbs, mut commas, mut links) = (0u16, 0u16, 0u16);
    for (word, tag) in words.iter().zip(tags) {
        let upos = upos_of(*tag);
        verbs = verbs.saturating_add(u16::from(upos == crate::Upos::Verb));
        commas = commas.saturating_add(u16::from(upos == crate::Upos::Punct));
        links = links.saturating_add(u16::from(matches!(
            upos,
            crate::Upos::Cconj | crate::Upos::Sconj
        )));
        let t = u32::from(*tag) + 1;
        into.push(Item {
            w: word.norm,
            t,
            u: upos as u32 + 1,
            wt: word.norm.wrapping_mul(0x9E37_79B1) ^ t.wrapping_mul(0x85EB_CA6B),
            c: if word.fine == 0 {
                t | 0x1_0000
            } else {
                word.fine
            },
            k: if word.coarse == 0 {
                t | 0x1_0000
            } else {
                word.coarse
            },
            suffix: word.suffix[2],
            shape: word.shape,
            verbs,
            commas,
            links,
        });
    }
    into.push(Item {
        w: 2,
        t: 100,
        u: 30,
        wt: 4,
        c: 0x2_0000,
        k: 0x2_0000,
        verbs,
        commas,
        links,
        ..Item::default()
    });
}

#[inline]
fn item(items: &[Item], at: u32) -> Item {
    items.get(at as usize).copied().unwrap_or_default()
}

#[inline]
fn distance(from: u32, to: u32) -> u32 {
    match to.wrapping_sub(from) {
        d @ 0..=4 => d,
        5..=6 => 5,
        7..=10 => 6,
        11..=20 => 7,
        _ => 8,
    }
}

/// What stands between two words: verbs, marks, conjunctions, each counted to two.
#[inline]
fn between(left: Item, right_before: Item) -> u32 {
    let count = |a: u16, b: u16| u32::from(b.saturating_sub(a).min(2));
    count(left.verbs, right_before.verbs)
        | count(left.commas, right_before.commas) << 2
        | count(left.links, right_before.links) << 4
}

/// What stands between two words of a state, if both are there.
#[inline]
fn stretch(items: &[Item], left: u32, right: u32) -> u32 {
    if left == NONE || right == NONE || right == 0 {
        return 0;
    }
    between(item(items, left), item(items, right - 1))
}

/// What the features of a transition are made of.
struct View {
    s0: Item,
    s1: Item,
    s2: Item,
    b0: Item,
    b1: Item,
    b2: Item,
    s0l: Item,
    s0r: Item,
    s0l2: Item,
    s0r2: Item,
    s1l: Item,
    s1r: Item,
    b0l: Item,
    r0l: u32,
    r0r: u32,
    r1r: u32,
    r0l2: u32,
    r0r2: u32,
    rb: u32,
    far: u32,
    deep: u32,
    gap: u32,
    fall: u32,
    valency: u32,
    under: u32,
    tt: u32,
    uu: u32,
    depth: u32,
    last: u32,
    lefts: u32,
}

impl View {
    fn new(items: &[Item], state: &State) -> Self {
        let depth = state.stack.len();
        let at = |by: usize| depth.checked_sub(by).map_or(NONE, |i| state.stack[i]);
        let (i0, i1, i2) = (at(1), at(2), at(3));
        let (s0, s1, s2) = (item(items, i0), item(items, i1), item(items, i2));
        let n0 = state.next;
        let (b0, b1, b2) = (item(items, n0), item(items, n0 + 1), item(items, n0 + 2));
        let (ns0, ns1, nb0) = (state.node(i0), state.node(i1), state.node(n0));
        let [s0l, s0l2] = ns0.left.map(|i| item(items, i));
        let [s0r, s0r2] = ns0.right.map(|i| item(items, i));
        let (s1l, s1r) = (item(items, ns1.left[0]), item(items, ns1.right[0]));
        let b0l = item(items, nb0.left[0]);
        let relation = |i: u32| u32::from(state.node(i).relation);
        let [r0l, r0l2] = ns0.left.map(relation);
        let [r0r, r0r2] = ns0.right.map(relation);
        let (r1r, rb) = (relation(ns1.right[0]), relation(nb0.left[0]));
        let far = if i0 == NONE { 9 } else { distance(i0, n0) };
        let deep = if i1 == NONE { 9 } else { distance(i1, i0) };
        let gap = stretch(items, i0, n0);
        let fall = stretch(items, i1, i0);
        let valency = u32::from(ns0.lefts.min(3)) | u32::from(ns0.rights.min(3)) << 2;
        let under = u32::from(ns1.lefts.min(3)) | u32::from(ns1.rights.min(3)) << 2;
        let tt = s0.t | b0.t << 8 | s1.t << 16;
        let uu = s0.u | b0.u << 8 | s1.u << 16;
        Self {
            s0,
            s1,
            s2,
            b0,
            b1,
            b2,
            s0l,
            s0r,
            s0l2,
            s0r2,
            s1l,
            s1r,
            b0l,
            r0l,
            r0r,
            r1r,
            r0l2,
            r0r2,
            rb,
            far,
            deep,
            gap,
            fall,
            valency,
            under,
            tt,
            uu,
            depth: depth.min(4) as u32,
            last: u32::from(n0 == state.root()),
            lefts: u32::from(nb0.lefts.min(4)),
        }
    }
}

/// Features of a state for the choice of a transition.
pub(crate) fn move_features(items: &[Item], state: &State, out: &mut Vec<u64>) {
    out.clear();
    let view = View::new(items, state);
    words_and_pairs(&view, out);
    trees_around(&view, out);
    places(&view, out);
}

/// Words next to the stack's top, alone and in pairs.
fn words_and_pairs(v: &View, out: &mut Vec<u64>) {
    let View {
        s0,
        s1,
        s2,
        b0,
        b1,
        b2,
        far,
        deep,
        ..
    } = *v;
    out.extend([
        feature(40, s0.w, 0, 0),
        feature(41, s0.wt, 0, 0),
        feature(42, s0.t, s0.c, 0),
        feature(43, s1.wt, 0, 0),
        feature(44, s1.t, s1.c, 0),
        feature(45, b0.wt, 0, 0),
        feature(46, b0.t, b0.c, 0),
        feature(47, b1.wt, 0, 0),
        feature(48, b2.wt, 0, 0),
        feature(49, s2.wt, 0, 0),
        feature(50, s0.wt, b0.wt, 0),
        feature(51, s0.wt, b0.t, 0),
        feature(52, s0.t, b0.wt, 0),
        feature(53, s0.w, b0.w, 0),
        feature(54, s0.t, b0.t, far),
        feature(55, s0.c, b0.c, 0),
        feature(56, s0.k, b0.k, far),
        feature(57, s1.wt, s0.wt, 0),
        feature(58, s1.wt, s0.t, 0),
        feature(59, s1.t, s0.wt, 0),
        feature(60, s1.t, s0.t, deep),
        feature(61, s1.c, s0.c, 0),
        feature(62, s1.k, s0.k, deep),
    ]);
}

/// Tags three and four together, dependents and their relations.
fn trees_around(v: &View, out: &mut Vec<u64>) {
    let View {
        s0,
        s1,
        s2,
        b0,
        b1,
        b2,
        s0l,
        s0r,
        s0l2,
        s0r2,
        s1l,
        s1r,
        b0l,
        r0l,
        r0r,
        r1r,
        r0l2,
        r0r2,
        rb,
        valency,
        under,
        tt,
        lefts,
        ..
    } = *v;
    out.extend([
        feature(63, b0.t, b1.t, s0.t),
        feature(64, b0.wt, b1.t, s0.t),
        feature(65, tt, 0, 0),
        feature(66, tt, b1.t, 0),
        feature(67, s0.t, b0.t | b1.t << 8 | b2.t << 16, 0),
        feature(68, tt, s2.t, 0),
        feature(69, tt, s0l.t, 0),
        feature(70, tt, s0r.t, 0),
        feature(71, tt, s1r.t, 0),
        feature(72, tt, s1l.t, 0),
        feature(73, tt, b0l.t, 0),
        feature(74, s0.t, b0.t, s0l.t | s0l2.t << 8),
        feature(75, s0.t, b0.t, s0r.t | s0r2.t << 8),
        feature(76, s0.wt, r0l | r0r << 8, 0),
        feature(77, s0.t, r0l | r0r << 8 | r0l2 << 16 | r0r2 << 24, b0.t),
        feature(78, s1.t | s0.t << 8, r1r | r0r << 8, b0.t),
        feature(79, s1.wt, r1r, 0),
        feature(80, b0.t, rb, s0.t),
        feature(81, b0.wt, rb, 0),
        feature(82, s0.wt, valency, 0),
        feature(83, s0.t, valency, b0.t),
        feature(84, s1.t, under, s0.t),
        feature(85, s1.wt, under, 0),
        feature(86, b0.t, lefts, s0.t),
    ]);
}

/// Distances, what stands between, and words over a gap.
fn places(v: &View, out: &mut Vec<u64>) {
    let View {
        s0,
        s1,
        b0,
        b1,
        s0l,
        s0r,
        far,
        gap,
        fall,
        uu,
        depth,
        last,
        ..
    } = *v;
    out.extend([
        feature(87, s0.wt, far, 0),
        feature(88, b0.wt, far, 0),
        feature(89, s0.u | b0.u << 8, gap, 0),
        feature(90, s1.u | s0.u << 8, fall, 0),
        feature(91, uu, gap, fall),
        feature(92, s0.w, gap, b0.t),
        feature(93, s1.w, fall, s0.t),
        feature(94, s0.suffix, b0.suffix, 0),
        feature(95, s1.suffix, s0.suffix, 0),
        feature(96, s0.wt, b0.t | b1.t << 8, 0),
        feature(97, s1.wt, s0.t | b0.t << 8, 0),
        feature(98, s1.t, s0.wt, b0.t),
        feature(99, s1.t | s0.t << 8, b0.wt, 0),
        feature(100, s1.c, s0.t, b0.c),
        feature(101, s1.w, s0.w, b0.w),
        feature(102, s1.w, b0.w, s0.t),
        feature(103, s1.t | s0r.t << 8, s0.w, s0r.w),
        feature(104, s0.shape, b0.shape, s0.t),
        feature(106, s0.t, s0l.w, b0.t),
        feature(107, s1.c, s0.t | s0l.t << 8, s0l.w),
        feature(108, s0.c, b0.t, s0l.w),
        feature(105, depth, last, uu),
    ]);
}

/// Features of an arc for the choice of its relation.
pub(crate) fn arc_features(
    items: &[Item],
    state: &State,
    head: u32,
    dependent: u32,
    out: &mut Vec<u64>,
) {
    out.clear();
    let (h, d) = (item(items, head), item(items, dependent));
    let nd = state.node(dependent);
    let right = u32::from(dependent > head);
    let far = distance(head.min(dependent), head.max(dependent)) << 1 | right;
    let (dl, dr) = (item(items, nd.left[0]), item(items, nd.right[0]));
    let dl2 = item(items, nd.left[1]);
    let pair = h.t | d.t << 8 | right << 16;
    out.extend([
        feature(120, pair, 0, 0),
        feature(121, pair, far, 0),
        feature(122, h.wt, right, d.t),
        feature(123, d.wt, right, h.t),
        feature(124, h.wt, d.wt, right),
        feature(125, h.w, d.w, right),
        feature(126, d.w, right, 0),
        feature(127, h.w, right, 0),
        feature(128, h.c, d.c, right),
        feature(129, h.c, right, d.t),
        feature(130, d.c, right, h.t),
        feature(131, h.k, d.k, right),
        feature(132, pair, dl.t, dr.t),
        feature(133, d.t, dl.w, right),
        feature(134, pair, dl.w, 0),
        feature(135, h.wt, dl.w, d.t),
        feature(136, d.wt, dl.w, right),
        feature(137, pair, dl2.w, dl.w),
    ]);
    arc_surroundings(items, state, (head, dependent), far, out);
}

/// Features of an arc's neighbours: other dependents, words beside and between.
fn arc_surroundings(
    items: &[Item],
    state: &State,
    (head, dependent): (u32, u32),
    far: u32,
    out: &mut Vec<u64>,
) {
    let (h, d) = (item(items, head), item(items, dependent));
    let (nh, nd) = (state.node(head), state.node(dependent));
    let right = u32::from(dependent > head);
    let (dl, dr) = (item(items, nd.left[0]), item(items, nd.right[0]));
    let (hl, hr) = (item(items, nh.left[0]), item(items, nh.right[0]));
    let relation = |i: u32| u32::from(state.node(i).relation);
    let [rl, rl2] = nd.left.map(relation);
    let rr = relation(nd.right[0]);
    let [kl, kl2] = nh.left.map(relation);
    let [kr, kr2] = nh.right.map(relation);
    let (before, after) = (
        item(items, dependent.wrapping_sub(1)),
        item(items, dependent + 1),
    );
    let other = if right == 1 { (kr, kr2) } else { (kl, kl2) };
    let gap = between(
        item(items, head.min(dependent)),
        item(items, head.max(dependent).wrapping_sub(1)),
    );
    let pair = h.t | d.t << 8 | right << 16;
    out.extend([
        feature(138, pair, rl | rl2 << 8 | rr << 16, 0),
        feature(139, pair, other.0 | other.1 << 8, 0),
        feature(140, h.wt, other.0 | right << 8, d.t),
        feature(141, h.w, kl | kr << 8, d.t),
        feature(142, pair, kl | kr << 8, kl2 | kr2 << 8),
        feature(143, pair, before.t, after.t),
        feature(144, pair, before.w, 0),
        feature(145, d.t, after.w, right),
        feature(146, pair, gap, 0),
        feature(147, h.w, gap, d.t | right << 8),
        feature(148, d.suffix, h.t, right),
        feature(149, h.suffix, d.t, right),
        feature(150, pair, hl.t, hr.t),
        feature(151, pair, hl.w, 0),
        feature(152, d.c, h.t, dl.w),
        feature(153, h.c, d.c, dl.w),
        feature(154, d.shape, h.shape, pair),
        feature(155, h.w, dl.w, rl | right << 8),
        feature(156, d.c, h.w, right),
        feature(157, d.w, h.c, right),
        feature(158, pair, far, other.0),
        feature(159, d.t, dr.w, h.t | right << 8),
    ]);
}

/// Scratch space of one thread.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub features: Vec<u64>,
    pub state: State,
}

/// Parses; heads and relations stand in `scratch.state.nodes` afterwards.
pub(crate) fn parse(
    moves: &impl Score,
    relations: &impl Score,
    items: &[Item],
    scratch: &mut Scratch,
) {
    let Scratch { features, state } = scratch;
    state.reset(items.len() - 1);
    while !state.done() {
        move_features(items, state, features);
        let mut scores = [0f32; MOVES];
        moves.score(features, &mut scores);
        let action = choose(&scores, state.legal());
        let relation = relation_of(relations, items, state, action, features);
        state.apply(action, relation);
    }
}

/// The best relation for the arc that `action` makes, among those of its class; the root's is
/// fixed.
pub(crate) fn relation_of(
    relations: &impl Score,
    items: &[Item],
    state: &State,
    action: usize,
    features: &mut Vec<u64>,
) -> u8 {
    let Some((way, (head, dependent))) = way(action).and_then(|w| Some((w, state.arc(w)?))) else {
        return 0;
    };
    if head == state.root() {
        return Deprel::Root as u8;
    }
    arc_features(items, state, head, dependent, features);
    let mut scores = [0f32; RELATIONS];
    relations.score(features, &mut scores);
    best_relation(&scores, way, action)
}
