//! From stored documents to rows: overlay, merge, rows, filter.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{CodePoints, Date, Id, Span};
use rapporteur_story::{Digest, Merged, merge_digests};

use super::View;
use super::keys::Keys;
use super::overlay::{self, Overlay, is_suppressed};
use crate::bundle;
use crate::known::short;
use crate::{Cite, Edit, Error, Filter, Reading, Store, StoredDoc};

/// Corrections of one document and its rows, beside the lists that they belong to.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    pub document: Vec<Edit>,
    pub events: Vec<Vec<Edit>>,
    pub figures: Vec<Vec<Edit>>,
    pub quotes: Vec<Vec<Edit>>,
    pub positions: Vec<Vec<Edit>>,
    pub commitments: Vec<Vec<Edit>>,
    pub indicators: Vec<Vec<Edit>>,
    pub assessments: Vec<Vec<Edit>>,
}

/// A document with its corrections laid over it.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub id: String,
    pub stored: StoredDoc,
    pub keys: Keys,
    pub edits: Edits,
}

impl Loaded {
    fn new(stored: StoredDoc) -> Self {
        Self {
            id: short('d', stored.id),
            keys: Keys::of(&stored),
            edits: Edits::default(),
            stored,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.stored.article.text
    }

    /// Corrections of row `at` of a list.
    pub(crate) fn edits(list: &[Vec<Edit>], at: usize) -> Vec<Edit> {
        list.get(at).cloned().unwrap_or_default()
    }
}

/// Makes cites of one document.
pub(crate) struct Citer<'d> {
    doc: &'d Loaded,
    points: CodePoints<'d>,
}

impl<'d> Citer<'d> {
    pub(crate) fn new(doc: &'d Loaded) -> Self {
        Self {
            doc,
            points: CodePoints::new(doc.text()),
        }
    }

    /// A span that does not fit the text becomes an empty passage, and a row that rests on it goes.
    pub(crate) fn cite(&self, span: Span) -> Cite {
        let fits = self.doc.text().get(span.range()).is_some();
        let span = if fits { span } else { Span::default() };
        let (start, end) = self.points.span(span);
        Cite {
            doc: self.doc.id.clone(),
            start,
            end,
            bytes: span,
            text: span.of(self.doc.text()).to_owned(),
        }
    }
}

/// Documents of a view and what merging made of them.
pub(crate) struct Material {
    /// By publication, then id; undated last.
    pub docs: Vec<Loaded>,
    /// Position in `docs`.
    pub index: BTreeMap<Id, usize>,
    pub merged: Merged,
}

impl Material {
    fn of(mut docs: Vec<Loaded>) -> Self {
        docs.sort_by_key(|d| {
            let day = d.stored.article.published.as_ref().map(|p| p.date);
            (day.is_none(), day, d.stored.id)
        });
        let merged = merged(&docs);
        let index = docs
            .iter()
            .enumerate()
            .map(|(at, d)| (d.stored.id, at))
            .collect();
        Self {
            docs,
            index,
            merged,
        }
    }
}

/// The material with what makes cites of each document, made once.
pub(crate) struct Sheet<'m> {
    pub material: &'m Material,
    /// In the order of the documents.
    pub citers: Vec<Citer<'m>>,
}

impl<'m> Sheet<'m> {
    pub(crate) fn new(material: &'m Material) -> Self {
        Self {
            material,
            citers: material.docs.iter().map(Citer::new).collect(),
        }
    }

    /// Documents with their citers.
    pub(crate) fn docs(&self) -> impl Iterator<Item = (&'m Loaded, &Citer<'m>)> {
        self.material.docs.iter().zip(&self.citers)
    }

    /// Members in the order of the documents.
    pub(crate) fn ordered(&self, members: &[(Id, usize)]) -> Vec<(&'m Loaded, &Citer<'m>, usize)> {
        let mut found: Vec<(usize, usize)> = members
            .iter()
            .filter_map(|(doc, at)| Some((*self.material.index.get(doc)?, *at)))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
            .into_iter()
            .map(|(doc, at)| (&self.material.docs[doc], &self.citers[doc], at))
            .collect()
    }
}

/// Merges what was kept of the documents; what was not kept, or was corrected, is read again.
fn merged(docs: &[Loaded]) -> Merged {
    let made: Vec<Option<Digest>> = docs
        .iter()
        .map(|d| {
            let missing = d.stored.digest.is_none();
            missing.then(|| bundle::digest(d.stored.id, &d.stored.article, &d.stored.coding))
        })
        .collect();
    let digests: Vec<&Digest> = docs
        .iter()
        .zip(&made)
        .filter_map(|(d, made)| made.as_ref().or(d.stored.digest.as_ref()))
        .collect();
    merge_digests(&digests)
}

/// Calls `each` with what merging reads of every document that a view of `as_of` would show, with
/// the corrections laid over it; in any order, one in memory at a time.
pub fn visit_digests(
    store: &dyn Store,
    as_of: Option<Date>,
    each: &mut dyn FnMut(Digest) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut overlay = Overlay::of(store.corrections()?, as_of);
    if overlay.is_empty() {
        return store.digests(as_of, each);
    }
    store.visit(Reading::Active, as_of, &mut |stored| {
        let mut doc = Loaded::new(stored);
        overlay::apply(&mut overlay, &mut doc);
        if is_suppressed(&doc.edits.document) {
            return Ok(());
        }
        let stored = doc.stored;
        each(match stored.digest {
            Some(digest) => digest,
            None => bundle::digest(stored.id, &stored.article, &stored.coding),
        })
    })
}

impl View {
    /// Loads the part of the record that `filter` asks for.
    pub fn load(store: &dyn Store, filter: &Filter) -> Result<Self, Error> {
        Self::load_reading(store, filter, Reading::Active)
    }

    /// The same from another reading of the documents, before it is shown.
    pub fn load_reading(
        store: &dyn Store,
        filter: &Filter,
        reading: Reading,
    ) -> Result<Self, Error> {
        let mut overlay = Overlay::of(store.corrections()?, filter.as_of);
        let mut docs = Vec::new();
        store.visit(reading, filter.as_of, &mut |stored| {
            let mut doc = Loaded::new(stored);
            overlay::apply(&mut overlay, &mut doc);
            if !is_suppressed(&doc.edits.document) {
                docs.push(doc);
            }
            Ok(())
        })?;
        let damaged = store.damaged();
        let mut material = Material::of(docs);
        let mut view = super::build::rows(&material, &mut overlay);
        view.orphaned = overlay.orphaned();
        if let Some(process) = &filter.process {
            let members = members(&view, process)?;
            material.docs.retain(|d| members.contains(&d.id));
            material = Material::of(material.docs);
            view = super::build::rows(&material, &mut overlay);
        }
        super::links::link(&mut view);
        view.filter = filter.clone();
        view.damaged = damaged;
        super::narrow::narrow(&mut view);
        Ok(view)
    }
}

/// Documents of a story.
fn members(view: &View, process: &str) -> Result<BTreeSet<String>, Error> {
    match view.find(process)? {
        super::Item::Story(story) => Ok(story.docs.into_iter().collect()),
        super::Item::Saga(saga) => {
            let own = view.stories.iter().filter(|s| saga.stories.contains(&s.id));
            Ok(own.flat_map(|s| s.docs.iter().cloned()).collect())
        }
        _ => Err(Error::invalid(
            format!("{process} is not a story"),
            "name a story, `s-…`, or a saga, `h-…`; `rapporteur stories` lists them",
        )),
    }
}
