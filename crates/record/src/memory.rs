use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Date, Id};

use crate::known::{self, day_number, fold_words, has_words, known_at, terms};
use crate::search::{Found, Meaning, hit};
use crate::{
    Applied, Change, Correction, DocBundle, Error, ErrorKind, Hit, InboxRow, Incoming,
    NewCorrection, Packed, Query, RawRef, Reading, RuleSet, Seq, Store, StoredDoc, Tokens,
};

/// A record in memory: for tests, dry runs and texts that are read but not kept.
#[derive(Debug, Default)]
pub struct Memory {
    pages: BTreeMap<String, (Packed, RawRef)>,
    docs: BTreeMap<Id, Doc>,
    rulesets: BTreeMap<Id, RuleSet>,
    corrections: Vec<Correction>,
    changes: Vec<Change>,
    inbox: BTreeMap<String, InboxRow>,
}

#[derive(Debug)]
struct Doc {
    /// Order of arrival, from 1.
    n: i64,
    captures: BTreeSet<(String, String)>,
    readings: BTreeMap<Id, DocBundle>,
    head: Id,
}

impl Doc {
    fn stored(&self, id: Id, bundle: &DocBundle, ruleset: Id) -> StoredDoc {
        let captures: Vec<_> = self.captures.iter().cloned().collect();
        let first = captures
            .iter()
            .find(|(at, _)| !at.is_empty())
            .or(captures.first());
        let published = bundle.article.published.as_ref().map(|p| p.date);
        StoredDoc {
            id,
            known_at: known_at(published, captures.iter().map(|(at, _)| at.as_str())),
            raw: RawRef {
                captured_at: first.map(|(at, _)| at.clone()).filter(|at| !at.is_empty()),
                source: first.map(|(_, source)| source.clone()).unwrap_or_default(),
                ..bundle.raw.clone()
            },
            captures,
            ruleset,
            article: bundle.article.clone(),
            sentences: bundle.sentences.clone(),
            times: bundle.times.clone(),
            coding: bundle.coding.clone(),
            notes: bundle.notes.clone(),
            digest: bundle.digest.clone(),
        }
    }

    fn shown(&self, id: Id) -> StoredDoc {
        self.stored(id, &self.readings[&self.head], self.head)
    }
}

impl Memory {
    fn log(&mut self, now: &str, kind: &str, key: String) {
        self.changes.push(Change {
            seq: self.changes.len() as u64 + 1,
            at: now.to_owned(),
            kind: kind.to_owned(),
            key,
        });
    }

    fn put(&mut self, item: &Incoming, now: &str) -> Applied {
        let bundle = &item.bundle;
        let raw = &bundle.raw;
        self.pages
            .entry(raw.sha256.clone())
            .or_insert_with(|| (item.page.clone(), raw.clone()));
        let id = bundle.doc_id();
        let ruleset = bundle.ruleset.unwrap_or_else(|| RuleSet::default().id());
        let n = self.docs.len() as i64 + 1;
        let new = !self.docs.contains_key(&id);
        let doc = self.docs.entry(id).or_insert_with(|| Doc {
            n,
            captures: BTreeSet::new(),
            readings: BTreeMap::new(),
            head: ruleset,
        });
        let new_capture = doc.captures.insert((
            raw.captured_at.clone().unwrap_or_default(),
            raw.source.clone(),
        ));
        let new_reading = !doc.readings.contains_key(&ruleset);
        if new_reading {
            doc.readings.insert(ruleset, bundle.clone());
            let coding = Id::of([id.as_bytes().as_slice(), ruleset.as_bytes()]);
            self.log(now, "coding", coding.to_string());
        }
        if new {
            self.log(now, "document", id.to_string());
            return Applied::New;
        }
        if new_capture {
            self.log(now, "capture", id.to_string());
        }
        match (new_reading, new_capture) {
            (true, _) => Applied::NewCoding,
            (false, true) => Applied::NewCapture,
            (false, false) => Applied::Known,
        }
    }
}

impl Store for Memory {
    fn register(&mut self, rules: &RuleSet, now: &str) -> Result<(), Error> {
        if self.rulesets.insert(rules.id(), rules.clone()).is_none() {
            self.log(now, "ruleset", rules.id().to_string());
        }
        Ok(())
    }

    fn apply(&mut self, items: &[Incoming], now: &str) -> Result<Vec<Applied>, Error> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.push(self.put(item, now));
            if let Some(receipt) = &item.receipt {
                self.inbox.insert(receipt.key.clone(), receipt.clone());
            }
        }
        Ok(out)
    }

    fn visit(
        &self,
        reading: Reading,
        as_of: Option<Date>,
        each: &mut dyn FnMut(StoredDoc) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for (id, doc) in &self.docs {
            let ruleset = match reading {
                Reading::Active => doc.head,
                Reading::By(ruleset) => ruleset,
            };
            let Some(bundle) = doc.readings.get(&ruleset) else {
                continue;
            };
            // Whether it was known is asked of what is shown, whichever reading is wanted.
            let known = doc.shown(*id).known_at;
            if as_of.is_none() || known.is_some_and(|day| Some(day) <= as_of) {
                each(doc.stored(*id, bundle, ruleset))?;
            }
        }
        Ok(())
    }

    fn document(&self, id: Id) -> Result<Option<StoredDoc>, Error> {
        Ok(self.docs.get(&id).map(|doc| doc.shown(id)))
    }

    fn raw(&self, sha256: &str) -> Result<Vec<u8>, Error> {
        match self.pages.get(sha256) {
            Some((page, raw)) => Packed::unpack(&page.member, raw.len),
            None => Err(Error::new(
                ErrorKind::NotFound,
                format!("the record has no page {sha256}"),
                "",
            )),
        }
    }

    fn correct(&mut self, body: &NewCorrection) -> Result<Correction, Error> {
        if let Some(same) = known::repeated(&self.corrections, body) {
            return Ok(same.clone());
        }
        known::admit(body, self.corrections.len() as u64)?;
        let line = known::chain(self.corrections.last(), body);
        self.corrections.push(line.clone());
        self.log(&body.at, "correction", line.seq.to_string());
        Ok(line)
    }

    fn corrections(&self) -> Result<Vec<Correction>, Error> {
        Ok(self.corrections.clone())
    }

    fn changes(&self, after: Seq) -> Result<Vec<Change>, Error> {
        let rest = self.changes.iter().filter(|c| c.seq > after);
        Ok(rest.cloned().collect())
    }

    /// Reads every document: a store in memory is small. Ranked is newest first here.
    fn search(&self, query: &Query) -> Result<Vec<Hit>, Error> {
        let meaning = Meaning::parse(&query.text);
        if meaning.all.is_empty() && !meaning.none.is_empty() {
            return Err(Error::invalid(
                "a search needs a word that must occur",
                "add a word without a minus",
            ));
        }
        let to = query.to.into_iter().chain(query.as_of).min();
        let mut found = Vec::new();
        for (id, doc) in &self.docs {
            let stored = doc.shown(*id);
            let day = stored.known_at;
            let inside = (query.from.is_none() && to.is_none())
                || day.is_some_and(|d| {
                    query.from.is_none_or(|f| f <= d) && to.is_none_or(|t| d <= t)
                });
            let names = terms(&stored.article, &stored.coding);
            let named = |kind: &str, wanted: &Option<String>| match wanted {
                Some(text) => {
                    let text = fold_words(text);
                    names.iter().any(|(k, v)| *k == kind && has_words(v, &text))
                }
                None => true,
            };
            if inside
                && named("actor", &query.actor)
                && named("type", &query.kind)
                && named("place", &query.place)
                && meaning.matches(&Tokens::of(&stored.article))
            {
                found.push(((day_number(day), doc.n), stored));
            }
        }
        found.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
        let page = found.into_iter().skip(query.offset).take(query.limit);
        Ok(page
            .map(|(_, doc)| {
                let found = Found {
                    key: doc.id,
                    title: doc.article.title,
                    site: doc.article.site,
                    known_at: doc.known_at,
                    published: doc.article.published.map(|p| p.date),
                    text: doc.article.text,
                };
                hit(found, &meaning)
            })
            .collect())
    }

    fn stale(&self, ruleset: Id) -> Result<Vec<RawRef>, Error> {
        let old = self.docs.iter().filter(|(_, doc)| doc.head != ruleset);
        Ok(old.map(|(id, doc)| doc.shown(*id).raw).collect())
    }

    fn rulesets(&self) -> Result<Vec<(Id, RuleSet)>, Error> {
        Ok(self
            .rulesets
            .iter()
            .map(|(id, r)| (*id, r.clone()))
            .collect())
    }

    fn activate(&mut self, ruleset: Id, now: &str) -> Result<usize, Error> {
        let mut changed = 0;
        for doc in self.docs.values_mut() {
            if doc.head != ruleset && doc.readings.contains_key(&ruleset) {
                doc.head = ruleset;
                changed += 1;
            }
        }
        if changed > 0 {
            self.log(now, "activate", ruleset.to_string());
        }
        Ok(changed)
    }

    fn journal(&mut self, row: &InboxRow) -> Result<(), Error> {
        self.inbox.insert(row.key.clone(), row.clone());
        Ok(())
    }

    fn journaled(&self, key: &str) -> Result<Option<InboxRow>, Error> {
        Ok(self.inbox.get(key).cloned())
    }

    fn inbox(&self) -> Result<Vec<InboxRow>, Error> {
        let mut rows: Vec<_> = self.inbox.values().cloned().collect();
        rows.sort_by(|a, b| (&a.at, &a.key).cmp(&(&b.at, &b.key)));
        Ok(rows)
    }
}
