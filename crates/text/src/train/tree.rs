//! The parser's training: greedy, with a dynamic oracle (Goldberg and Nivre 2013).

use super::learner::{Learner, Stream};
use super::{Example, MARGIN, Tagset};
use crate::parser::{self, LEFT, MOVES, RELATIONS, RIGHT, SHIFT, State};
use crate::table::Score;
use crate::{Upos, tagger};

const EPOCHS: usize = 8;

/// How often a wrong choice of the model is followed.
const EXPLORE: f32 = 0.9;

/// Learns transitions and relations on the tags given.
pub(super) fn learn(examples: &[Example], tags: &[Vec<u8>], tagset: &Tagset) -> (Learner, Learner) {
    let upos = |t: u8| tagset.tags.get(usize::from(t)).map_or(Upos::X, |(u, _)| *u);
    let mut moves = Learner::new(MOVES, 2);
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
                let legal = state.legal();
                let costs = costs(&state, example);
                let least = (0..MOVES)
                    .filter(|a| legal[*a])
                    .map(|a| costs[a])
                    .min()
                    .unwrap_or(0);
                let pick = |good: bool| {
                    (0..MOVES)
                        .filter(|a| legal[*a] && (costs[*a] == least) == good)
                        .max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)))
                };
                let right = pick(true).unwrap_or(SHIFT);
                let mut action = right;
                if let Some(wrong) = pick(false) {
                    if scores[wrong] + MARGIN > scores[right] {
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

/// The relation that the model gives to the new arc; learns from it when the arc is right.
fn learn_relation(
    relations: &mut Learner,
    items: &[parser::Item],
    state: &State,
    action: usize,
    example: &Example,
    features: &mut Vec<u64>,
) -> u8 {
    let Some((head, dependent)) = state.arc(action).filter(|_| action != SHIFT) else {
        return 0;
    };
    let guess = parser::relation_of(relations, items, state, action, features);
    if head == state.root() || example.heads[dependent as usize] != head {
        return guess;
    }
    let right = example.relations[dependent as usize];
    let mut scores = [0f32; RELATIONS];
    relations.score(features, &mut scores);
    scores[usize::from(right)] -= MARGIN;
    scores[crate::Deprel::Root as usize] = f32::MIN;
    let rival = tagger::best(&scores[..crate::Deprel::Unknown as usize]);
    if rival != right {
        relations.update(features, usize::from(right), usize::from(rival), 1.0);
    }
    relations.tick();
    guess
}

/// How many arcs of the right tree each transition makes impossible.
pub(super) fn costs(state: &State, example: &Example) -> [u32; MOVES] {
    let heads = &example.heads;
    let mut costs = [0; MOVES];
    let next = state.next;
    let root = state.root();
    let head_of = |w: u32| heads.get(w as usize).copied().unwrap_or(u32::MAX);
    if let Some(top) = state.stack.last().copied() {
        let below = state.stack.len().checked_sub(2).map(|i| state.stack[i]);
        let waiting = (next..root).filter(|w| head_of(*w) == top).count() as u32;
        let head = head_of(top);
        costs[LEFT] = waiting + u32::from((head > next && head <= root) || Some(head) == below);
        costs[RIGHT] = waiting + u32::from(head >= next && head <= root);
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
