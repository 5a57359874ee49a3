//! Events that a person joined or parted: the corrections are replayed over what merging made, so
//! newer rules neither lose one nor are kept from what they merge elsewhere.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Id, Interval, Precision};
use rapporteur_coder::Event;
use rapporteur_story::{Counts, Entry};

use super::load::{Loaded, Sheet};
use super::overlay::Overlay;
use crate::Edit;
use crate::known::short;

/// A report: its document and its place among the document's events.
type Report = (Id, usize);

struct Group<'e> {
    id: Id,
    /// What merging made of it; `None` for a part that was split off.
    base: Option<Cow<'e, Entry>>,
    members: Vec<Report>,
    edits: Vec<Edit>,
    is_changed: bool,
}

/// Every event with the corrections that joined or parted it. `joined` learns the ids that events
/// had before they were joined to others.
pub(crate) fn regroup<'e>(
    sheet: &Sheet<'_>,
    entries: Vec<Cow<'e, Entry>>,
    overlay: &mut Overlay,
    joined: &mut BTreeMap<String, String>,
) -> Vec<(Cow<'e, Entry>, Vec<Edit>)> {
    let lines = overlay.arranging();
    if lines.is_empty() {
        return entries.into_iter().map(|e| (e, Vec::new())).collect();
    }
    let mut all = Groups::new(sheet, entries);
    for (at, line) in lines {
        let (Some(key), Some(new)) = (Id::parse(&line.body.key), Id::parse(&line.body.new)) else {
            continue;
        };
        let done = match line.body.field.as_str() {
            "merge" => all.join(key, new),
            _ => all.part(key, new),
        };
        if let Some(group) = done {
            let edit = overlay.matched(at);
            all.groups[group].edits.push(edit);
        }
    }
    for (was, is) in &all.joined {
        // What took it in may have been joined itself.
        let mut now = *is;
        while let Some(next) = all.joined.get(&now) {
            now = *next;
        }
        joined.insert(short('e', *was), short('e', now));
    }
    all.entries(sheet)
}

struct Groups<'e> {
    groups: Vec<Group<'e>>,
    /// Reports by their stable key.
    reports: BTreeMap<Id, Report>,
    /// Group of each report.
    of: BTreeMap<Report, usize>,
    /// Parts that were split off, by the key that names them.
    parts: BTreeMap<Id, usize>,
    joined: BTreeMap<Id, Id>,
}

impl<'e> Groups<'e> {
    fn new(sheet: &Sheet<'_>, entries: Vec<Cow<'e, Entry>>) -> Self {
        let mut reports = BTreeMap::new();
        for doc in &sheet.material.docs {
            for (at, key) in doc.keys.events.iter().enumerate() {
                reports.insert(*key, (doc.stored.id, at));
            }
        }
        let mut of = BTreeMap::new();
        let mut groups = Vec::with_capacity(entries.len());
        for (at, entry) in entries.into_iter().enumerate() {
            of.extend(entry.members.iter().map(|member| (*member, at)));
            groups.push(Group {
                id: entry.id,
                members: entry.members.clone(),
                base: Some(entry),
                edits: Vec::new(),
                is_changed: false,
            });
        }
        Self {
            groups,
            reports,
            of,
            parts: BTreeMap::new(),
            joined: BTreeMap::new(),
        }
    }

    fn group(&self, key: Id) -> Option<(usize, Report)> {
        let report = *self.reports.get(&key)?;
        Some((*self.of.get(&report)?, report))
    }

    /// Puts the event of one report into that of another; the group that stays.
    fn join(&mut self, goes: Id, stays: Id) -> Option<usize> {
        let ((goes, _), (stays, _)) = (self.group(goes)?, self.group(stays)?);
        if goes == stays {
            return Some(stays);
        }
        let members = std::mem::take(&mut self.groups[goes].members);
        let edits = std::mem::take(&mut self.groups[goes].edits);
        for member in &members {
            self.of.insert(*member, stays);
        }
        self.joined
            .insert(self.groups[goes].id, self.groups[stays].id);
        let group = &mut self.groups[stays];
        group.members.extend(members);
        group.edits.extend(edits);
        group.is_changed = true;
        Some(stays)
    }

    /// Takes a report out of its event, into the part that `name` names; the part.
    fn part(&mut self, key: Id, name: Id) -> Option<usize> {
        let (from, report) = self.group(key)?;
        let into = match self.parts.get(&name) {
            Some(into) => *into,
            None => {
                let into = self.groups.len();
                self.parts.insert(name, into);
                self.groups.push(Group {
                    id: Id::of([b"part".as_slice(), name.as_bytes()]),
                    base: None,
                    members: Vec::new(),
                    edits: Vec::new(),
                    is_changed: true,
                });
                into
            }
        };
        if into != from {
            self.groups[from].members.retain(|m| *m != report);
            self.groups[from].is_changed = true;
            self.groups[into].members.push(report);
            self.of.insert(report, into);
        }
        Some(into)
    }

    fn entries(self, sheet: &Sheet<'_>) -> Vec<(Cow<'e, Entry>, Vec<Edit>)> {
        let groups = self.groups.into_iter().filter(|g| !g.members.is_empty());
        groups
            .filter_map(|group| {
                let entry = match (group.is_changed, group.base) {
                    (false, Some(entry)) => entry,
                    (_, base) => {
                        Cow::Owned(entry(sheet, group.id, base.as_deref(), &group.members)?)
                    }
                };
                Some((entry, group.edits))
            })
            .collect()
    }
}

/// An event made again of its reports, those of the event that it was first.
fn entry(sheet: &Sheet<'_>, id: Id, base: Option<&Entry>, members: &[Report]) -> Option<Entry> {
    let found: Vec<(&Loaded, &Event)> = members
        .iter()
        .filter_map(|(doc, at)| {
            let doc = &sheet.material.docs[*sheet.material.index.get(doc)?];
            Some((doc, doc.stored.coding.events.get(*at)?))
        })
        .collect();
    let (_, first) = found.first()?;
    let counts = counts(sheet, &found);
    let parties = |slot: fn(&Event) -> &Vec<rapporteur_coder::Party>| {
        let all = found.iter().flat_map(|(_, event)| slot(event));
        super::build::unique_actors(all.map(|party| party.actor.clone()).collect())
    };
    let kept = ["disputed", "superseded", "retracted"];
    let status = match base {
        Some(base) if kept.contains(&base.status.as_str()) => base.status.clone(),
        _ if counts.origins > 1 => "corroborated".into(),
        _ => "single-source".into(),
    };
    Some(Entry {
        id,
        kind: base.map_or_else(|| first.kind.clone(), |b| b.kind.clone()),
        mode: found.iter().find_map(|(_, event)| event.mode.clone()),
        modality: base.map_or(first.modality, |b| b.modality),
        date: found
            .iter()
            .filter_map(|(_, event)| event.date.as_ref().map(|d| d.interval))
            .reduce(narrower),
        source: parties(|event| &event.source),
        target: parties(|event| &event.target),
        place: found
            .iter()
            .find_map(|(_, event)| event.place.as_ref().map(|(_, name)| name.clone())),
        members: members.to_vec(),
        counts,
        status,
    })
}

/// Days that both agree on; where they do not, the first holds and the reports show the rest.
fn narrower(a: Interval, b: Interval) -> Interval {
    if !a.overlaps(&b) {
        return a;
    }
    let from = a.from.max(b.from);
    let to = match (a.to, b.to) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (x, y) => x.or(y),
    };
    let is_day = from.is_some() && from == to;
    Interval {
        from,
        to,
        precision: if is_day {
            Precision::Day
        } else {
            a.precision.min(b.precision)
        },
    }
}

/// Ten reprints of one wire are one source, here as in merging: what a report rests on is the
/// official quoted, the wire credited, or the text itself.
fn counts(sheet: &Sheet<'_>, reports: &[(&Loaded, &Event)]) -> Counts {
    let (mut articles, mut families) = (BTreeSet::new(), BTreeSet::new());
    let mut origins = BTreeSet::new();
    for (doc, event) in reports {
        let id = doc.stored.id;
        let own = |f: &&rapporteur_story::Family| f.docs.contains(&id);
        let family = sheet.material.merged.families.iter().find(own);
        let of = family.map_or(id, |f| f.id);
        articles.insert(id);
        families.insert(of);
        let wire = doc.stored.article.agency.as_deref();
        origins.insert(match (&event.said_by, wire) {
            (Some(speaker), _) => format!("by {}", speaker.actor.name),
            (None, Some(wire)) => format!("wire {wire}"),
            (None, None) => format!("text {of}"),
        });
    }
    Counts {
        mentions: reports.len(),
        articles: articles.len(),
        families: families.len(),
        origins: origins.len().min(families.len()),
    }
}
