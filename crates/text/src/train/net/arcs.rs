//! Heads and relations forwards and backwards.

use super::params::Dropper;
use super::pass::{Batch, Weights, back_bend, cross, times};
use crate::net::math::{bend, dot, widest};
use crate::net::{ARC, CLASSES, DISTANCES, LABEL, VIEWS, distance};

/// Numbers of an asking word.
const ASK: usize = ARC + DISTANCES;

fn add(into: &mut [f32], from: &[f32], by: f32) {
    into.iter_mut().zip(from).for_each(|(i, f)| *i += by * f);
}

/// One part of every word's views, side by side.
fn part(views: &[f32], from: usize, width: usize) -> Vec<f32> {
    let views = views.chunks_exact(VIEWS);
    views
        .flat_map(|v| v[from..from + width].iter().copied())
        .collect()
}

/// Adds slopes to one part of every word's views.
fn spread(back: &mut [f32], slopes: &[f32], from: usize, width: usize) {
    for (back, slopes) in back.chunks_exact_mut(VIEWS).zip(slopes.chunks_exact(width)) {
        add(&mut back[from..from + width], slopes, 1.0);
    }
}

/// A product of two vectors.
fn product(a: &[f32], b: &[f32]) -> f32 {
    struct Product<'p>(&'p [f32], &'p [f32]);
    impl pulp::WithSimd for Product<'_> {
        type Output = f32;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, simd: S) -> f32 {
            dot(simd, self.0, self.1)
        }
    }
    widest(Product(a, b))
}

/// Every word chooses among all heads of its sentence.
pub(super) fn heads(
    weights: &mut Weights,
    batch: &Batch<'_>,
    views: &[f32],
    back: &mut [f32],
    dropper: &mut Dropper,
    loss: &mut f64,
) {
    let (mut asker, mut offer) = (part(views, 0, ARC), part(views, ARC, ARC));
    let masks = (dropper.mask(asker.len()), dropper.mask(offer.len()));
    times(&mut asker, &masks.0);
    times(&mut offer, &masks.1);
    let asks = weights.asks.0.apply(&asker, Some(&weights.asks.1));
    let mut by_asks = vec![0f32; asks.len()];
    let mut by_offer = vec![0f32; offer.len()];
    let share = 1.0 / batch.words as f32;
    let mut scores = Vec::new();
    for (start, sentence) in batch.iter() {
        let words = sentence.heads.len();
        for (word, right) in sentence.heads.iter().enumerate() {
            let at = start + word;
            let (ask, far) = asks[at * ASK..(at + 1) * ASK].split_at(ARC);
            let offers = |head: usize| &offer[(start + head) * ARC..][..ARC];
            scores.clear();
            scores.extend((0..words).map(|head| match head == word {
                true => -1e9,
                false => product(ask, offers(head)) + far[distance(word, head, words)],
            }));
            scores.push(product(ask, &weights.root_arc.weights) + far[DISTANCES - 1]);
            *loss += cross(&mut scores, *right as usize, share);
            let (by_ask, by_far) = by_asks[at * ASK..(at + 1) * ASK].split_at_mut(ARC);
            for (head, slope) in scores.iter().enumerate().filter(|(head, _)| *head != word) {
                by_far[distance(word, head, words)] += slope;
                if head == words {
                    add(by_ask, &weights.root_arc.weights, *slope);
                    add(&mut weights.root_arc.slopes, ask, *slope);
                } else {
                    add(by_ask, offers(head), *slope);
                    add(&mut by_offer[(start + head) * ARC..][..ARC], ask, *slope);
                }
            }
        }
    }
    let mut by_asker = vec![0f32; asker.len()];
    weights.asks.0.back(&asker, &by_asks, Some(&mut by_asker));
    weights.asks.1.back_bias(&by_asks);
    times(&mut by_asker, &masks.0);
    times(&mut by_offer, &masks.1);
    spread(back, &by_asker, 0, ARC);
    spread(back, &by_offer, ARC, ARC);
}

/// Every word names its relation to its right head.
pub(super) fn relations(
    weights: &mut Weights,
    batch: &Batch<'_>,
    views: &[f32],
    back: &mut [f32],
    dropper: &mut Dropper,
    loss: &mut f64,
) {
    let mut sums = Vec::with_capacity(batch.words * LABEL);
    for (start, sentence) in batch.iter() {
        for word in 0..sentence.heads.len() {
            let (head, far) = place(start, word, sentence.heads[word], sentence.heads.len());
            let own = &views[(start + word) * VIEWS + 2 * ARC..][..LABEL];
            let other = head.map_or(&weights.root_label.weights[..], |head| {
                &views[head * VIEWS + 2 * ARC + LABEL..][..LABEL]
            });
            let far = &weights.distances.weights[far * LABEL..][..LABEL];
            let all = own.iter().zip(other).zip(far);
            sums.extend(all.map(|((own, other), far)| bend(own + other + far)));
        }
    }
    let bent = sums.clone();
    let mask = dropper.mask(sums.len());
    times(&mut sums, &mask);
    let mut scores = weights.labels.0.apply(&sums, Some(&weights.labels.1));
    let right = batch.sentences.iter().flat_map(|s| &s.relations);
    for (scores, right) in scores.chunks_exact_mut(CLASSES).zip(right) {
        *loss += cross(scores, usize::from(*right), 1.0 / batch.words as f32);
    }
    let mut slopes = vec![0f32; sums.len()];
    weights.labels.0.back(&sums, &scores, Some(&mut slopes));
    weights.labels.1.back_bias(&scores);
    times(&mut slopes, &mask);
    back_bend(&bent, &mut slopes);
    for (start, sentence) in batch.iter() {
        for word in 0..sentence.heads.len() {
            let (head, far) = place(start, word, sentence.heads[word], sentence.heads.len());
            let slopes = &slopes[(start + word) * LABEL..][..LABEL];
            add(
                &mut back[(start + word) * VIEWS + 2 * ARC..][..LABEL],
                slopes,
                1.0,
            );
            add(
                &mut weights.distances.slopes[far * LABEL..][..LABEL],
                slopes,
                1.0,
            );
            let into = match head {
                Some(head) => &mut back[head * VIEWS + 2 * ARC + LABEL..][..LABEL],
                None => &mut weights.root_label.slopes[..],
            };
            add(into, slopes, 1.0);
        }
    }
}

/// Where the head stands in the batch (none: it is the root), and how far off.
fn place(start: usize, word: usize, head: u32, words: usize) -> (Option<usize>, usize) {
    let head = head as usize;
    (
        (head < words).then_some(start + head),
        distance(word, head, words),
    )
}
