//! Parts a loosely joined story: two quakes share their words, not their places.

/// How readily the parts of a story stay together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Power of the size of the smaller part: what holds two articles together is not enough for
    /// two dozens.
    pub(crate) power: f32,
    /// Size from which a part counts as large as it gets.
    pub(crate) largest: f32,
}

/// Likeness of every two of `n` articles, over the least that joins them.
#[derive(Clone, Debug)]
pub(crate) struct Likenesses {
    n: usize,
    of: Vec<f32>,
}

impl Likenesses {
    /// Of articles as weighted terms; `over` gives what one pair's likeness is multiplied by.
    pub(crate) fn new(vectors: &[&[(u64, f32)]], over: impl Fn(usize, usize) -> f32) -> Self {
        let n = vectors.len();
        let mut entries: Vec<(u64, u32, f32)> = vectors
            .iter()
            .enumerate()
            .flat_map(|(at, vector)| vector.iter().map(move |(key, w)| (*key, at as u32, *w)))
            .collect();
        entries.sort_unstable_by_key(|(key, at, _)| (*key, *at));
        let mut of = vec![0.0; n * n];
        for holders in entries.chunk_by(|a, b| a.0 == b.0) {
            for (i, (_, a, wa)) in holders.iter().enumerate() {
                for (_, b, wb) in &holders[i + 1..] {
                    of[*a as usize * n + *b as usize] += wa * wb;
                }
            }
        }
        for a in 0..n {
            for b in a + 1..n {
                let value = of[a * n + b] * over(a, b);
                of[a * n + b] = value;
                of[b * n + a] = value;
            }
        }
        Self { n, of }
    }
}

/// The part of each article, named by its first member. Average link from single articles on,
/// the two parts first whose likeness is largest for their size; done when none reaches 1.
pub(crate) fn parts(mut like: Likenesses, rule: &Rule) -> Vec<usize> {
    let n = like.n;
    let mut part: Vec<usize> = (0..n).collect();
    let mut size = vec![1.0f32; n];
    let mut alive: Vec<usize> = (0..n).collect();
    let ask = |a: f32, b: f32| a.min(b).min(rule.largest).powf(rule.power);
    let nearest = |a: usize, alive: &[usize], like: &Likenesses, size: &[f32]| {
        let others = alive.iter().filter(|b| **b != a);
        others.fold((f32::MIN, usize::MAX), |best, b| {
            let value = like.of[a * n + b] / ask(size[a], size[*b]);
            if value > best.0 { (value, *b) } else { best }
        })
    };
    let mut best: Vec<(f32, usize)> = (0..n).map(|a| nearest(a, &alive, &like, &size)).collect();
    while let Some(a) = alive
        .iter()
        .copied()
        .reduce(|x, y| if best[y].0 > best[x].0 { y } else { x })
        .filter(|a| best[*a].0 >= 1.0)
    {
        let b = best[a].1;
        let (a, b) = (a.min(b), a.max(b));
        let (wa, wb) = (size[a], size[b]);
        alive.retain(|x| *x != b);
        for other in &alive {
            let mean = (like.of[a * n + other] * wa + like.of[b * n + other] * wb) / (wa + wb);
            like.of[a * n + other] = mean;
            like.of[other * n + a] = mean;
        }
        size[a] += size[b];
        for p in &mut part {
            if *p == b {
                *p = a;
            }
        }
        best[a] = nearest(a, &alive, &like, &size);
        for other in alive.clone() {
            if other == a {
                continue;
            }
            if best[other].1 == a || best[other].1 == b {
                best[other] = nearest(other, &alive, &like, &size);
            } else {
                let value = like.of[other * n + a] / ask(size[a], size[other]);
                if value > best[other].0 {
                    best[other] = (value, a);
                }
            }
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two groups of six that share one term of four.
    fn mixed() -> Vec<Vec<(u64, f32)>> {
        let one = |own: u64| {
            (0..4)
                .map(|i| (if i == 0 { 1 } else { own + i }, 0.5))
                .collect()
        };
        (0..12)
            .map(|at| one(if at < 6 { 100 } else { 200 }))
            .collect()
    }

    fn found(least: f32, power: f32) -> Vec<usize> {
        let vectors = mixed();
        let vectors: Vec<&[(u64, f32)]> = vectors.iter().map(Vec::as_slice).collect();
        let like = Likenesses::new(&vectors, |_, _| 1.0 / least);
        parts(
            like,
            &Rule {
                power,
                largest: 16.0,
            },
        )
    }

    #[test]
    fn large_parts_need_more_than_a_shared_topic() {
        let two: Vec<usize> = (0..12).map(|at| if at < 6 { 0 } else { 6 }).collect();
        assert_eq!(found(0.2, 0.0), [0; 12], "every two are alike enough");
        assert_eq!(found(0.2, 0.4), two, "but not two groups of six");
    }
}
