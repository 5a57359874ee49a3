//! The parser's training: greedy, with a dynamic oracle (Goldberg and Nivre 2013).

use super::learner::{Learner, Stream};
use super::{Example, Tagset};
use crate::parser::{self, MOVES, RELATIONS, State};
use crate::table::Score;
use crate::transition::{SHIFT, class_of};
use crate::{Deprel, Upos};

const EPOCHS: usize = 8;

/// By how much the right transition must lead; a step moves the lead by about 138.
const LEAD: f32 = 70.0;

/// By how much the right relation must lead.
const MARGIN: f32 = 20.0;

/// How often a wrong choice of the model is followed.
const EXPLORE: f32 = 0.9;

/// Learns transitions and relations on the tags given.
pub(super) fn learn(examples: &[Example], tags: &[Vec<u8>], tagset: &Tagset) -> (Learner, Learner) {
    let upos = |t: u8| tagset.tags.get(usize::from(t)).map_or(Upos::X, |(u, _)| *u);
    let mut moves = Learner::new(MOVES, 3);
    let mut relations = Learner::new(RELATIONS, 2);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut stream = Stream(2);
    let mut items = Vec::new();
    let (mut features, mut more) = (Vec::new(), Vec::new());
    let mut state = State::default();

    for epoch in 0..EPOCHS {
        stream.shuffle(&mut order);
        for at in &order {
            let example = &examples[*at];
            parser::items(&example.words, &tags[*at], upos, &mut items);
            state.reset(example.words.len());
            while !state.done() {
                parser::move_features(&items, &state, &mut features);
                let mut scores = [0f32; MOVES];
                moves.score(&features, &mut scores);
                let (right, wrong) = rank(&scores, &state, example);
                let mut action = right;
                if let Some(wrong) = wrong {
                    if scores[wrong] + LEAD > scores[right] {
                        moves.update(&features, right, wrong, 1.0);
                    }
                    if scores[wrong] > scores[right] && epoch > 0 && stream.unit() < EXPLORE {
                        action = wrong;
                    }
                }
                moves.tick();
                let relation =
                    learn_relation(&mut relations, &items, &state, action, example, &mut more);
                state.apply(action, relation);
            }
        }
    }
    (moves, relations)
}

/// The best class that loses no arc it need not lose, and the best of the others. An arc of the
/// right tree has one right class; an arc that is wrong anyway may have any.
fn rank(scores: &[f32; MOVES], state: &State, example: &Example) -> (usize, Option<usize>) {
    let legal = state.legal();
    let costs = costs(state, example);
    let least = (0..3)
        .filter(|a| legal[*a])
        .map(|a| costs[a])
        .min()
        .unwrap_or(0);
    let mut best: [Option<usize>; 2] = [None; 2];
    for action in 0..MOVES {
        let way = parser::way(action);
        let direction = way.map_or(0, |w| w as usize + 1);
        if !legal[direction] {
            continue;
        }
        let arc = way.and_then(|w| Some((w, state.arc(w)?)));
        let fits = arc.is_none_or(|(way, (head, dependent))| {
            example.heads[dependent as usize] != head
                || class_of(way, example.relations[dependent as usize]) == action
        });
        let side = usize::from(costs[direction] != least || !fits);
        if best[side].is_none_or(|b| scores[action] > scores[b]) {
            best[side] = Some(action);
        }
    }
    (best[0].unwrap_or(SHIFT), best[1])
}

/// The relation that the model gives to the new arc; learns from it when the arc is right.
fn learn_relation(
    relations: &mut Learner,
    items: &[parser::Item],
    state: &State,
    action: usize,
    example: &Example,
    features: &mut Vec<u64>,
) -> u8 {
    let Some((way, (head, dependent))) = parser::way(action).and_then(|w| Some((w, state.arc(w)?)))
    else {
        return 0;
    };
    if head == state.root() {
        return Deprel::Root as u8;
    }
    parser::arc_features(items, state, head, dependent, features);
    let mut scores = [0f32; RELATIONS];
    relations.score(features, &mut scores);
    let guess = parser::best_relation(&scores, way, action);
    let right = example.relations[dependent as usize];
    if example.heads[dependent as usize] != head || class_of(way, right) != action {
        return guess;
    }
    scores[usize::from(right)] -= MARGIN;
    let rival = parser::best_relation(&scores, way, action);
    if rival != right {
        relations.update(features, usize::from(right), usize::from(rival), 1.0);
    }
    relations.tick();
    guess
}

/// How many arcs of the right tree shift, left and right make impossible.
pub(super) fn costs(state: &State, example: &Example) -> [u32; 3] {
    let heads = &example.heads;
    let mut costs = [0; 3];
    let next = state.next;
    let root = state.root();
    let head_of = |w: u32| heads.get(w as usize).copied().unwrap_or(u32::MAX);
    if let Some(top) = state.stack.last().copied() {
        let below = state.stack.len().checked_sub(2).map(|i| state.stack[i]);
        let waiting = (next..root).filter(|w| head_of(*w) == top).count() as u32;
        let head = head_of(top);
        costs[1] = waiting + u32::from((head > next && head <= root) || Some(head) == below);
        costs[2] = waiting + u32::from(head >= next && head <= root);
    }
    if next < root {
        let head = head_of(next);
        let top = state.stack.last().copied();
        for word in &state.stack {
            costs[SHIFT] += u32::from(head_of(*word) == next);
            costs[SHIFT] += u32::from(head == *word && Some(*word) != top);
        }
    }
    costs
}
