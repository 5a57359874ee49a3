//! Stories: articles about one happening over days, found as they come in.

mod near;

use rapporteur_base::Date;

use crate::families::CopyIndex;
use crate::parting::{Likenesses, Rule, parts};
use crate::terms::{Term, Weights, terms};
use crate::words::Table;
use crate::{COPY, CUT, Likeness, Signature};
use near::fullness;

/// What decides whether an article joins a story. Set on development data only; one setting for
/// every kind of stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Weights of the kinds of terms.
    pub weights: Weights,
    /// Least likeness of a full article to join.
    pub join: f64,
    /// The same for a bare headline.
    pub join_short: f64,
    /// How far the size of a story counts against it: 1 is average link, 0.5 about the centroid.
    pub size: f64,
    /// A story that was silent for so many days is over.
    pub silence: i32,
    /// Least likeness of two stories that are one.
    pub merge: f64,
    /// The same for stories of bare headlines.
    pub merge_short: f64,
    /// Terms of an article that are compared.
    pub top: usize,
    /// Power of rarity.
    pub idf: f32,
    /// Articles that are taken to have come before, without any of the terms: keeps rarity alike in
    /// small and large streams.
    pub unseen: f32,
    /// Share of the names and numbers in the likeness, when an article has any.
    pub names: f32,
    /// Least likeness of two full articles of one part of a story.
    pub part: f64,
    /// The same for bare headlines.
    pub part_short: f64,
    /// Power of the size of the smaller of two parts in the likeness asked of them.
    pub part_power: f32,
    /// Size from which a part is as large as it gets.
    pub part_size: f32,
    /// Factor of the likeness of two articles of one day.
    pub near: f32,
    /// The same of days far apart; between them it falls by two thirds in three days.
    pub far: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            weights: Weights::default(),
            join: 0.12,
            join_short: 0.05,
            size: 0.75,
            silence: 60,
            merge: 0.25,
            merge_short: 0.17,
            top: 120,
            idf: 1.0,
            unseen: 300.0,
            names: 0.6,
            part: 0.13,
            part_short: 0.05,
            part_power: 0.37,
            part_size: 16.0,
            near: 1.2,
            far: 0.7,
        }
    }
}

/// An article as the clusters see it: a unit vector and a day.
#[derive(Clone, Debug)]
struct Point {
    vector: Vec<(u64, f32)>,
    day: Option<i32>,
    /// How much text there is, 0 a bare headline, 1 a full article.
    full: f64,
    story: usize,
    family: usize,
}

#[derive(Clone, Debug, Default)]
struct Story {
    sum: Table<f32>,
    /// Its size as a divisor of summed likeness.
    weight: f64,
    /// The pass in which members came or went last.
    changed: u32,
    members: Vec<usize>,
    first: Option<i32>,
    last: Option<i32>,
}

/// What was decided about one article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Position of the first article of its story.
    pub story: usize,
    /// Position of the first article of its family.
    pub family: usize,
}

/// Keeps the stories of a stream.
///
/// Articles come in rounds: a round is read for the frequency of its terms, then each article
/// joins the story it is most like, or opens one, and at the end of the round the stories are
/// looked over once (articles move, stories join). A round may be one article.
#[derive(Debug)]
pub struct Stream {
    settings: Settings,
    copies: CopyIndex,
    families: crate::families::Sets,
    frequency: Table<u32>,
    points: Vec<Point>,
    stories: Vec<Story>,
    /// Stories that hold a term, each with its sum of it: read one after the other, where the sums of
    /// the stories lie far apart.
    holders: Table<Vec<(u32, f32)>>,
    /// Stories that may still take articles, in the order they were opened.
    open: Vec<usize>,
    /// Number of the pass over a round, from 1.
    pass: u32,
}

/// An article of a stream.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Its shingles.
    pub signature: Signature,
    /// Its terms.
    pub terms: Vec<Term>,
    /// Publication day, or unknown.
    pub published: Option<Date>,
}

impl Arrival {
    /// Reads an article.
    pub fn of(title: &str, text: &str, published: Option<Date>, weights: &Weights) -> Self {
        Self {
            signature: Signature::of(title, text),
            terms: terms(title, text, weights),
            published,
        }
    }
}

/// Terms of an article that look for stories.
const PROBES: usize = 40;
/// Stories that are compared in full.
const CANDIDATES: usize = 4;
/// Stories listed under a term before it says nothing.
const HOLDERS: usize = 512;
/// Members of a story that is looked over for parts.
const PARTED: usize = 256;
/// Passes over a round at its end.
const REPAIRS: usize = 4;

impl Stream {
    /// An empty stream.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            copies: CopyIndex::default(),
            families: crate::families::Sets::default(),
            frequency: Table::default(),
            points: Vec::new(),
            stories: Vec::new(),
            holders: Table::default(),
            open: Vec::new(),
            pass: 1,
        }
    }

    /// Takes a round of articles in stream order.
    pub fn add(&mut self, round: Vec<Arrival>) {
        let start = self.points.len();
        for article in &round {
            for term in &article.terms {
                *self.frequency.entry(term.key).or_default() += 1;
            }
        }
        let total = (start + round.len()) as f32;
        for article in round {
            let at = self.points.len();
            let full = fullness(&article.terms);
            let vector = self.vector(&article.terms, total);
            self.families.push();
            for pair in self.copies.add(article.signature, COPY, CUT) {
                if self.copies.is_family(&pair) {
                    self.families.join(pair.a, pair.b);
                }
            }
            self.points.push(Point {
                vector,
                day: article.published.map(day_number),
                full,
                story: usize::MAX,
                family: self.families.root(at),
            });
            self.place(at);
        }
        for _ in 0..REPAIRS {
            let moved = self.reassign(start);
            if !(self.join_stories(start) || moved) {
                break;
            }
        }
        self.part_stories(start);
    }

    /// Parts the stories of the round that join what only shares its kind.
    fn part_stories(&mut self, start: usize) {
        let mut touched: Vec<usize> = (start..self.points.len())
            .map(|at| self.points[at].story)
            .collect();
        touched.sort_unstable();
        touched.dedup();
        for story in touched {
            let mut members = self.stories[story].members.clone();
            let full = members.iter().map(|m| self.points[*m].full).sum::<f64>();
            if !(3..=PARTED).contains(&members.len()) || full < 0.5 * members.len() as f64 {
                continue;
            }
            members.sort_unstable();
            let found = self.parts_of(&members);
            for (at, part) in members.iter().zip(&found) {
                if *part == 0 {
                    continue;
                }
                self.leave(*at);
                let first = members[*part];
                if *at == first {
                    let opened = self.open();
                    self.enter(*at, opened);
                } else {
                    let to = self.points[first].story;
                    self.enter(*at, to);
                }
            }
        }
    }

    fn parts_of(&self, members: &[usize]) -> Vec<usize> {
        let s = &self.settings;
        let points: Vec<&Point> = members.iter().map(|m| &self.points[*m]).collect();
        let vectors: Vec<&[(u64, f32)]> = points.iter().map(|p| p.vector.as_slice()).collect();
        let over = |a: usize, b: usize| {
            let (a, b) = (points[a], points[b]);
            let full = a.full.min(b.full);
            let least = (s.part_short + (s.part - s.part_short) * full) as f32;
            let days = match (a.day, b.day) {
                (Some(x), Some(y)) => {
                    s.far + (s.near - s.far) * (-(x - y).abs() as f32 / 3.0).exp()
                }
                _ => 1.0,
            };
            days / least
        };
        let rule = Rule {
            power: s.part_power,
            largest: s.part_size,
        };
        parts(Likenesses::new(&vectors, over), &rule)
    }

    /// Lets go of what was last told before `day`: such stories take no more articles and their
    /// copies are not looked for, but every article keeps its place. What is held in memory is then
    /// that of the days since, not of the whole stream.
    pub fn forget(&mut self, day: Date) {
        let before = day_number(day);
        // Only open stories are looked at: the work of a day does not grow with the years before it.
        let (over, open) = std::mem::take(&mut self.open).into_iter().partition(|at| {
            let story = &self.stories[*at];
            story.members.is_empty() || story.last.is_some_and(|last| last < before)
        });
        self.open = open;
        for at in over {
            self.stories[at].sum = Table::default();
            for i in 0..self.stories[at].members.len() {
                let member = self.stories[at].members[i];
                let vector = std::mem::take(&mut self.points[member].vector);
                self.unlist(at, &vector);
                self.copies.forget(member);
            }
        }
    }

    /// A new story.
    fn open(&mut self) -> usize {
        self.open.push(self.stories.len());
        self.stories.push(Story::default());
        self.stories.len() - 1
    }

    /// Takes a story off the lists of the terms of one of its articles.
    fn unlist(&mut self, story: usize, vector: &[(u64, f32)]) {
        for (key, _) in vector.iter().take(PROBES) {
            if let Some(holders) = self.holders.get_mut(key) {
                holders.retain(|(held, _)| *held as usize != story);
                if holders.is_empty() {
                    self.holders.remove(key);
                }
            }
        }
    }

    /// Story and family of every article so far, by position.
    pub fn placed(&mut self) -> Vec<Placed> {
        (0..self.points.len())
            .map(|at| Placed {
                story: self.stories[self.points[at].story]
                    .members
                    .iter()
                    .copied()
                    .min()
                    .unwrap_or(at),
                family: self.families.root(at),
            })
            .collect()
    }

    fn place(&mut self, at: usize) {
        let story = match self.best(at) {
            Some((story, score)) if score >= self.threshold(at) => story,
            _ => self.open(),
        };
        self.enter(at, story);
    }

    /// Size of a story as a divisor of summed likeness.
    fn weight(&self, members: usize) -> f64 {
        (members as f64).powf(self.settings.size)
    }

    fn enter(&mut self, at: usize, story: usize) {
        let point = &mut self.points[at];
        point.story = story;
        let s = &mut self.stories[story];
        for (rank, (key, weight)) in point.vector.iter().enumerate() {
            let sum = s.sum.entry(*key).or_default();
            *sum += weight;
            let sum = *sum;
            if rank >= PROBES {
                note_sum(&mut self.holders, *key, story, sum);
                continue;
            }
            let holders = self.holders.entry(*key).or_default();
            match holders.iter().position(|held| held.0 as usize == story) {
                Some(place) => holders[place].1 = sum,
                None if holders.len() < HOLDERS => holders.push((story as u32, sum)),
                None => {}
            }
        }
        s.members.push(at);
        s.weight = (s.members.len() as f64).powf(self.settings.size);
        s.changed = self.pass;
        s.first = min_day(s.first, point.day);
        s.last = s.last.max(point.day);
    }

    fn leave(&mut self, at: usize) {
        let story = self.points[at].story;
        let s = &mut self.stories[story];
        for (key, weight) in &self.points[at].vector {
            if let Some(sum) = s.sum.get_mut(key) {
                *sum -= weight;
                note_sum(&mut self.holders, *key, story, *sum);
            }
        }
        s.members.retain(|m| *m != at);
        s.weight = (s.members.len() as f64).powf(self.settings.size);
        s.changed = self.pass;
        s.first = None;
        s.last = None;
        for member in &s.members {
            let day = self.points[*member].day;
            s.first = min_day(s.first, day);
            s.last = s.last.max(day);
        }
        if s.members.is_empty() {
            s.sum = Table::default();
            let vector = std::mem::take(&mut self.points[at].vector);
            self.unlist(story, &vector);
            self.points[at].vector = vector;
        }
        self.points[at].story = usize::MAX;
    }

    /// Each article of the round once more: now that all are there, is another story nearer?
    fn reassign(&mut self, start: usize) -> bool {
        let mut moved = false;
        let restless: Vec<usize> = (start..self.points.len())
            .filter(|at| self.stories[self.points[*at].story].changed == self.pass)
            .collect();
        self.pass += 1;
        for at in restless {
            let from = self.points[at].story;
            let alone = self.stories[from].members.len() == 1;
            let here = self.likeness(at, from);
            let best = self.best(at);
            let threshold = self.threshold(at);
            match best {
                Some((to, score)) if to != from && score >= threshold && score > here * 1.02 => {
                    self.leave(at);
                    self.enter(at, to);
                    moved = true;
                }
                _ if !alone && here < threshold * 0.8 && self.points[at].family == at => {
                    self.leave(at);
                    let opened = self.open();
                    self.enter(at, opened);
                    moved = true;
                }
                _ => {}
            }
        }
        moved
    }

    /// Joins stories whose members are alike on average.
    fn join_stories(&mut self, start: usize) -> bool {
        let mut joined = false;
        let mut touched: Vec<usize> = (start..self.points.len())
            .map(|at| self.points[at].story)
            .collect();
        touched.sort_unstable();
        touched.dedup();
        for story in touched {
            while let Some(other) = self.nearest_story(story) {
                let (from, to) =
                    if self.stories[story].members.len() < self.stories[other].members.len() {
                        (story, other)
                    } else {
                        (other, story)
                    };
                for at in std::mem::take(&mut self.stories[from].members) {
                    self.enter(at, to);
                    let vector = std::mem::take(&mut self.points[at].vector);
                    self.unlist(from, &vector);
                    self.points[at].vector = vector;
                }
                self.stories[from] = Story::default();
                joined = true;
                if from == story {
                    break;
                }
            }
        }
        joined
    }

    /// Likeness of two articles' texts, for a reader.
    pub fn likeness_of(&self, a: &Signature, b: &Signature) -> Likeness {
        a.likeness(b)
    }
}

/// Keeps the sum that stands in the list of a term, where the story is listed.
fn note_sum(holders: &mut Table<Vec<(u32, f32)>>, key: u64, story: usize, sum: f32) {
    let list = holders.get_mut(&key).into_iter().flatten();
    for held in list.filter(|held| held.0 as usize == story) {
        held.1 = sum;
    }
}

fn min_day(a: Option<i32>, b: Option<i32>) -> Option<i32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i32 {
    let (y, m, d) = (
        i32::from(date.year()),
        i32::from(date.month()),
        i32::from(date.day()),
    );
    // Howard Hinnant's days_from_civil.
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year = y - era * 400;
    let day = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day - 719_468
}
