//! How like articles and stories are: which story an article belongs to, which two are one.

use std::cmp::Ordering;

use super::{CANDIDATES, HOLDERS, PROBES, Point, Stream};
use crate::terms::Term;
use crate::words::Table;

impl Stream {
    /// The unit vector of an article: names and numbers on one side, topic words on the other, each
    /// with a fixed share of the length, so that two earthquakes do not become one by their words.
    pub(super) fn vector(&self, terms: &[Term], total: f32) -> Vec<(u64, f32)> {
        let rare = |t: &Term| {
            let df = self.frequency.get(&t.key).copied().unwrap_or(1) as f32;
            let idf = (1.0 + (total + self.settings.unseen) / (df + 0.5)).ln();
            (t.key, t.weight * idf.powf(self.settings.idf))
        };
        let side = |name: bool| {
            let mut part: Vec<(u64, f32)> =
                terms.iter().filter(|t| t.name == name).map(rare).collect();
            part.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            part.truncate(self.settings.top / 2);
            let norm = part.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
            (part, norm.max(f32::MIN_POSITIVE))
        };
        let ((names, n), (topics, t)) = (side(true), side(false));
        let share = match (names.is_empty(), topics.is_empty()) {
            (true, _) => 0.0,
            (_, true) => 1.0,
            _ => self.settings.names * fullness(terms) as f32,
        };
        let scale =
            |part: Vec<(u64, f32)>, by: f32| part.into_iter().map(move |(k, w)| (k, w * by));
        let mut out: Vec<(u64, f32)> = scale(names, share.sqrt() / n)
            .chain(scale(topics, (1.0 - share).sqrt() / t))
            .collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out
    }

    pub(super) fn threshold(&self, at: usize) -> f64 {
        let s = &self.settings;
        s.join_short + (s.join - s.join_short) * self.points[at].full
    }

    /// The story most like an article, copies first.
    pub(super) fn best(&self, at: usize) -> Option<(usize, f64)> {
        let point = &self.points[at];
        if point.family != at && self.points[point.family].story != usize::MAX {
            let story = self.points[point.family].story;
            if self.in_time(story, point.day) {
                return Some((story, 1.0));
            }
        }
        let mut near: Vec<(usize, f64)> = self
            .shared(point)
            .into_iter()
            .filter(|(story, _)| {
                !self.stories[*story].members.is_empty() && self.in_time(*story, point.day)
            })
            .map(|(story, sum)| (story, sum / self.stories[story].weight.max(1e-9)))
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(CANDIDATES);
        near.into_iter()
            .map(|(s, _)| (s, self.likeness(at, s)))
            .max_by(|a, b| order(a.1, b.1).then(b.0.cmp(&a.0)))
    }

    /// Stories that hold the weightiest terms of an article, with the sum of what is shared.
    pub(super) fn shared(&self, point: &Point) -> Vec<(usize, f64)> {
        let mut place: Table<usize> = Table::default();
        let mut found: Vec<(usize, f64)> = Vec::new();
        // A term that so many stories hold tells none from another, and its list is the longest.
        let telling = |list: &&Vec<(u32, f32)>| list.len() < HOLDERS;
        for (key, weight) in point.vector.iter().take(PROBES) {
            let list = self.holders.get(key).filter(telling);
            for (story, sum) in list.into_iter().flatten() {
                let at = *place.entry(u64::from(*story)).or_insert(found.len());
                if at == found.len() {
                    found.push((*story as usize, 0.0));
                }
                found[at].1 += f64::from(*weight * *sum);
            }
        }
        found
    }

    /// Likeness of an article to a story, itself left out when it is a member.
    pub(super) fn likeness(&self, at: usize, story: usize) -> f64 {
        let point = &self.points[at];
        let s = &self.stories[story];
        let dot: f64 = point
            .vector
            .iter()
            .map(|(k, w)| f64::from(*w) * f64::from(s.sum.get(k).copied().unwrap_or(0.0)))
            .sum();
        if point.story != story {
            return dot / s.weight.max(1e-9);
        }
        let size = self.weight(s.members.len() - 1);
        if size <= 0.0 { 0.0 } else { (dot - 1.0) / size }
    }

    pub(super) fn in_time(&self, story: usize, day: Option<i32>) -> bool {
        let s = &self.stories[story];
        match (day, s.first, s.last) {
            (Some(day), Some(first), Some(last)) => {
                day >= first - self.settings.silence && day <= last + self.settings.silence
            }
            _ => true,
        }
    }

    pub(super) fn nearest_story(&self, story: usize) -> Option<usize> {
        let a = &self.stories[story];
        if a.members.is_empty() {
            return None;
        }
        let mut near: Vec<usize> = Vec::new();
        for member in a.members.iter().take(16) {
            for (key, _) in self.points[*member].vector.iter().take(8) {
                near.extend(
                    self.holders
                        .get(key)
                        .into_iter()
                        .flatten()
                        .map(|(s, _)| *s as usize),
                );
            }
        }
        near.sort_unstable();
        near.dedup();
        near.into_iter()
            .filter(|other| *other != story && !self.stories[*other].members.is_empty())
            .filter(|other| {
                let b = &self.stories[*other];
                self.in_time(story, b.first) || self.in_time(story, b.last)
            })
            .map(|other| (other, self.story_likeness(story, other)))
            .filter(|(other, score)| *score >= self.merge_threshold(story, *other))
            .max_by(|x, y| order(x.1, y.1).then(y.0.cmp(&x.0)))
            .map(|(other, _)| other)
    }

    pub(super) fn merge_threshold(&self, a: usize, b: usize) -> f64 {
        let s = &self.settings;
        let full = |story: usize| {
            let members = &self.stories[story].members;
            members.iter().map(|m| self.points[*m].full).sum::<f64>() / members.len().max(1) as f64
        };
        let full = full(a).min(full(b));
        s.merge_short + (s.merge - s.merge_short) * full
    }

    /// Average likeness of the members of two stories.
    pub(super) fn story_likeness(&self, a: usize, b: usize) -> f64 {
        let (small, large) = if self.stories[a].members.len() < self.stories[b].members.len() {
            (a, b)
        } else {
            (b, a)
        };
        let large_sum = &self.stories[large].sum;
        let dot: f64 = self.stories[small]
            .members
            .iter()
            .flat_map(|m| &self.points[*m].vector)
            .map(|(k, w)| f64::from(*w) * f64::from(large_sum.get(k).copied().unwrap_or(0.0)))
            .sum();
        dot / (self.stories[a].weight * self.stories[b].weight).max(1.0)
    }
}

fn order(a: f64, b: f64) -> Ordering {
    a.total_cmp(&b)
}

pub(super) fn fullness(terms: &[Term]) -> f64 {
    ((terms.len() as f64 - 8.0) / 60.0).clamp(0.0, 1.0)
}
