//! What merging asks of the documents again and again, worked out once.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::Id;

use crate::cluster::day_number;
use crate::digest::{Digest, EventNote, keys};
use crate::figures::Unit;

/// Keys of the parties of an event.
#[derive(Debug)]
pub(crate) struct Parties {
    pub(crate) source: Vec<String>,
    pub(crate) target: Vec<String>,
    /// Both sides.
    pub(crate) all: Vec<String>,
}

impl Parties {
    pub(crate) fn of(note: &EventNote) -> Self {
        Self {
            source: keys(&note.source),
            target: keys(&note.target),
            all: keys(note.source.iter().chain(&note.target)),
        }
    }
}

/// What is known of one document.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Day of publication.
    pub(crate) day: Option<i32>,
    /// Of its events, by position.
    pub(crate) parties: Vec<Parties>,
    /// Of its figures, by position.
    pub(crate) units: Vec<Unit>,
}

impl Facts {
    pub(crate) fn of(doc: &Digest) -> Self {
        Self {
            day: doc.published().map(day_number),
            parties: doc.events.iter().map(Parties::of).collect(),
            units: doc.figures.iter().map(|f| Unit::of(&f.quantity)).collect(),
        }
    }
}

/// Positions of documents by their ids.
pub(crate) fn positions(docs: &[&Digest]) -> BTreeMap<Id, usize> {
    let all = docs.iter().enumerate();
    all.map(|(at, doc)| (doc.id(), at)).collect()
}

/// Documents by pairs of their leading actors, so that nobody asks every document of every other.
#[derive(Debug)]
pub(crate) struct Leading<'d>(BTreeMap<(&'d str, &'d str), BTreeSet<(usize, usize)>>);

impl<'d> Leading<'d> {
    /// Leading actors looked at.
    pub(crate) const ACTORS: usize = 4;

    /// `place` gives family and story of a document.
    pub(crate) fn of(docs: &[&'d Digest], place: impl Fn(usize) -> (usize, usize)) -> Self {
        let mut out: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (at, doc) in docs.iter().enumerate() {
            for pair in Self::pairs(doc) {
                out.entry(pair).or_default().insert(place(at));
            }
        }
        Self(out)
    }

    /// Whether a document of another family and another story shares two leading actors.
    pub(crate) fn elsewhere(&self, doc: &'d Digest, (family, story): (usize, usize)) -> bool {
        Self::pairs(doc).any(|pair| {
            let held = self.0.get(&pair).into_iter().flatten();
            let mut others = held.filter(|(f, s)| *f != family && *s != story);
            others.next().is_some()
        })
    }

    fn pairs(doc: &'d Digest) -> impl Iterator<Item = (&'d str, &'d str)> {
        let leading: Vec<&str> = doc
            .actors
            .iter()
            .take(Self::ACTORS)
            .map(String::as_str)
            .collect();
        let mut out = Vec::new();
        for (i, p) in leading.iter().enumerate() {
            for q in &leading[i + 1..] {
                if p != q {
                    out.push((*p.min(q), *p.max(q)));
                }
            }
        }
        out.into_iter()
    }
}
