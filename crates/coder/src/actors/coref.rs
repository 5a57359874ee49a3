//! Who is meant by a surname, "the minister", "the group", "he", "both sides", or initials that
//! the text has introduced. Conservative: two candidates are none.

use super::lists::{
    BLOC_NOUNS, BOTH, EMIRATE, FORCES, GROUP_NOUNS, KINGDOM, PERSON_NOUNS, SULTANATE,
};
use rapporteur_base::Span;

use super::chunk::{Class, Found};
use super::words::{Case, Line, Word, particle, spelt_out};
use crate::Actor;

/// A mention that later words may point back to.
#[derive(Clone, Debug)]
struct Seen {
    line: usize,
    first: usize,
    span: Span,
    /// Last word, as written then.
    head: String,
    actor: Actor,
    class: Class,
}

/// What the article has said so far.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seen: Vec<Seen>,
    /// Initials defined in the text, with who they stand for.
    initials: Vec<(String, Actor, Span, Class)>,
}

/// How far back a definite description may reach, in mentions: keeps the work linear.
const REACH: usize = 60;

impl Memory {
    /// Resolves the mentions of one sentence and adds those that only the text before explains.
    pub(super) fn resolve(
        &mut self,
        number: usize,
        line: &Line<'_>,
        text: &str,
        found: &mut Vec<Found>,
    ) {
        let mut extra = Vec::new();
        for at in 0..line.words.len() {
            let taken = found.iter().any(|f| f.first <= at && at <= f.last);
            if !taken {
                self.word(number, line, at, found, &mut extra);
            }
            for f in found.iter_mut().filter(|f| f.first == at) {
                self.mention(line, f);
                self.introduce(line, text, f);
                if !f.bare && f.rule != "actors/adjective" {
                    self.seen.push(seen(number, line, f));
                }
            }
        }
        found.retain(|f| {
            !extra
                .iter()
                .any(|e| e.rule == "coref/both" && e.first <= f.first && f.last <= e.last)
        });
        found.extend(extra);
        found.sort_by_key(|f| (f.first, f.last));
    }

    /// Surnames, pronouns, initials and "both sides": words that no mention covers.
    fn word(
        &mut self,
        number: usize,
        line: &Line<'_>,
        at: usize,
        found: &[Found],
        extra: &mut Vec<Found>,
    ) {
        let word = &line.words[at];
        if extra.iter().any(|f| f.first <= at && at <= f.last) {
            return;
        }
        match word.norm.as_str() {
            "he" | "she" | "him" | "her" | "his" => {
                if let Some(who) = self.pronoun(number, at) {
                    extra.push(point(
                        line,
                        (at, at),
                        &who,
                        "coref/pronoun",
                        "the only person in reach",
                    ));
                }
            }
            "both" | "two" => self.both(number, line, at, extra),
            "kingdom" => self.realm(line, at, &KINGDOM, extra),
            "emirate" => self.realm(line, at, &EMIRATE, extra),
            "sultanate" => self.realm(line, at, &SULTANATE, extra),
            _ if word.case == Case::Upper && word.norm.len() >= 2 => {
                let known = self
                    .initials
                    .iter()
                    .rev()
                    .find(|(i, ..)| *i == word.norm)
                    .cloned();
                if let Some((_, actor, span, class)) = known {
                    extra.push(made(
                        line,
                        (at, at),
                        actor,
                        Some(span),
                        class,
                        "coref/initials",
                        "initials defined in the text",
                    ));
                }
            }
            _ if word.case == Case::Title => self.surname(number, line, at, found, extra),
            _ => {}
        }
    }

    /// A capitalised word that ends a person's name seen before.
    fn surname(
        &mut self,
        number: usize,
        line: &Line<'_>,
        at: usize,
        found: &[Found],
        extra: &mut Vec<Found>,
    ) {
        let _ = number;
        let word = &line.words[at];
        let joined =
            |w: Option<&Word>| w.is_some_and(|w| w.soft && w.case == Case::Title && !w.poss);
        if joined(line.words.get(at + 1)) && !found.iter().any(|f| f.first == at + 1) {
            return;
        }
        let Some(who) = self.person_called(&word.norm) else {
            return;
        };
        let first = particle(line, at);
        extra.push(point(
            line,
            (first, at),
            &who,
            "coref/surname",
            "surname of a person named before",
        ));
    }

    /// "The kingdom": the state named last that is one.
    fn realm(&self, line: &Line<'_>, at: usize, realms: &[&str], extra: &mut Vec<Found>) {
        let before = at.checked_sub(1).and_then(|at| line.words.get(at));
        if before.is_none_or(|word| word.norm != "the") {
            return;
        }
        let is_one = |seen: &&Seen| {
            let name = seen.actor.name.to_lowercase().replace(' ', "-");
            seen.class == Class::State && realms.contains(&name.as_str())
        };
        if let Some(who) = self.seen.iter().rev().take(REACH).find(is_one) {
            extra.push(point(
                line,
                (at, at),
                who,
                "coref/definite",
                "the state of that kind named last",
            ));
        }
    }

    fn person_called(&self, surname: &str) -> Option<Seen> {
        let mut hit: Option<&Seen> = None;
        for seen in self.seen.iter().rev().filter(|s| s.class == Class::Person) {
            let last = seen.actor.name.rsplit([' ', '-']).next().unwrap_or("");
            if super::words::fold(last) == surname {
                if hit.is_some_and(|h| h.actor.name != seen.actor.name) {
                    return None;
                }
                hit = Some(seen);
            }
        }
        hit.cloned()
    }

    /// The one person named in this sentence so far or in the sentence before.
    fn pronoun(&self, number: usize, at: usize) -> Option<Seen> {
        let here: Vec<&Seen> = self
            .seen
            .iter()
            .rev()
            .take(REACH)
            .filter(|s| s.class == Class::Person && s.line == number && s.first < at)
            .collect();
        let before: Vec<&Seen> = self
            .seen
            .iter()
            .rev()
            .take(REACH)
            .filter(|s| matches!(s.class, Class::Person) && s.line + 1 == number)
            .collect();
        only(&here).or_else(|| here.is_empty().then(|| only(&before)).flatten())
    }

    /// "both sides", "the two countries": the last two parties named together.
    fn both(&self, number: usize, line: &Line<'_>, at: usize, extra: &mut Vec<Found>) {
        let mut last = at + 1;
        // one adjective may stand between: "both warring parties"
        if line
            .words
            .get(last)
            .is_some_and(|w| w.soft && !BOTH.contains(&w.norm.as_str()))
        {
            last += 1;
        }
        let Some(noun) = line
            .words
            .get(last)
            .filter(|w| w.soft && BOTH.contains(&w.norm.as_str()))
        else {
            return;
        };
        let _ = noun;
        let states_only = matches!(
            line.words[last].norm.as_str(),
            "countries"
                | "nations"
                | "governments"
                | "states"
                | "capitals"
                | "neighbours"
                | "neighbors"
        );
        let Some((a, b)) = self.pair(number, states_only) else {
            return;
        };
        for who in [a, b] {
            extra.push(point(
                line,
                (at, last),
                &who,
                "coref/both",
                "the two parties named last together",
            ));
        }
    }

    /// The latest sentence with exactly two parties, else the two named most.
    fn pair(&self, number: usize, states_only: bool) -> Option<(Seen, Seen)> {
        let fits = |s: &&Seen| s.class == Class::State || (!states_only && armed(s));
        let mut line = number + 1;
        let recent: Vec<&Seen> = self.seen.iter().rev().take(REACH).filter(fits).collect();
        while line > 0 && line + 8 > number {
            line -= 1;
            let mut parties: Vec<&Seen> = Vec::new();
            for s in recent.iter().filter(|s| s.line == line) {
                if !parties.iter().any(|p| same_side(p, s)) {
                    parties.push(s);
                }
            }
            if let [b, a] = parties.as_slice() {
                return Some(((*a).clone(), (*b).clone()));
            }
        }
        let mut counts: Vec<(usize, &Seen)> = Vec::new();
        // Whoever speaks of both sides for the first time here is a third.
        for s in self.seen.iter().filter(fits).filter(|s| s.line < number) {
            match counts.iter().position(|(_, p)| same_side(p, s)) {
                Some(i) => counts[i].0 += 1,
                None if counts.len() < 24 => counts.push((1, s)),
                None => {}
            }
        }
        counts.sort_by_key(|(n, s)| (std::cmp::Reverse(*n), s.span.start));
        match counts.as_slice() {
            [(_, a), (_, b)] => Some(((*a).clone(), (*b).clone())),
            [(_, a), (n, b), (m, _), ..] if n > m => Some(((*a).clone(), (*b).clone())),
            _ => None,
        }
    }

    /// Definite descriptions: "the minister", "the group", "the ministry".
    fn mention(&self, line: &Line<'_>, f: &mut Found) {
        if f.class == Class::Person {
            self.named_again(f);
            return;
        }
        if f.first == f.last && f.actor.country.is_none() && self.initials_of(line, f) {
            return;
        }
        let definite = f.first > 0
            && matches!(
                line.words[f.first - 1].norm.as_str(),
                "the" | "this" | "that" | "its" | "their"
            );
        let Some(head) = line.words.get(f.last) else {
            return;
        };
        let head = head.norm.as_str();
        if f.class == Class::Role && !f.plural && PERSON_NOUNS.contains(&head) {
            if f.antecedent.is_none()
                && (definite || f.actor.country.is_some())
                && let Some(who) = self.office(f, head)
            {
                adopt(
                    f,
                    &who,
                    "coref/office",
                    "the office of a person named before",
                );
            }
            return;
        }
        // "coalition troops" are those of the coalition named before.
        if f.bare && line.words[f.first].norm == "coalition" {
            if let Some(who) = self.ending("coalition", line, f) {
                adopt(f, &who, "coref/definite", "the coalition named before");
            }
            return;
        }
        if !f.bare || !definite {
            return;
        }
        let wanted = if BLOC_NOUNS.contains(&head) {
            self.ending(head, line, f)
        } else if GROUP_NOUNS.contains(&head) {
            self.group(f)
        } else {
            self.ending(head, line, f)
        };
        if let Some(who) = wanted {
            adopt(
                f,
                &who,
                "coref/definite",
                "points back to a body or group named before",
            );
        }
    }

    /// Initials that the text has defined, where another rule has taken them for a name of their own.
    fn initials_of(&self, line: &Line<'_>, f: &mut Found) -> bool {
        let word = &line.words[f.first];
        let known = self.initials.iter().rev().find(|(i, ..)| *i == word.norm);
        let (Case::Upper, Some((_, actor, span, class))) = (word.case, known) else {
            return false;
        };
        if *span == f.span {
            return false;
        }
        f.actor = actor.clone();
        f.antecedent = Some(*span);
        f.class = *class;
        f.rule = "coref/initials";
        "initials defined in the text".clone_into(&mut f.reason);
        true
    }

    /// A person named in full before and in short here.
    fn named_again(&self, f: &mut Found) {
        if let Some(full) = self.fuller(&f.actor) {
            let role = f.actor.role.take().or_else(|| full.actor.role.clone());
            f.actor = full.actor.clone();
            f.actor.role = role;
        }
    }

    /// The armed group or party named last; none where the last sentence with any names two. "The
    /// rebels" are not a company that fights for a government: the kind must agree where both
    /// have one.
    fn group(&self, f: &Found) -> Option<Seen> {
        let mut last: Option<&Seen> = None;
        let kind = |s: &&Seen| match f.actor.sector.as_deref() {
            None | Some("UAF" | "UNK") => true,
            sector => s.actor.sector.as_deref() == sector,
        };
        let fits = |s: &&Seen| armed(s) && kind(s);
        for seen in self.seen.iter().rev().take(REACH).filter(fits) {
            match last {
                None => last = Some(seen),
                Some(first) if first.line == seen.line && first.actor.name != seen.actor.name => {
                    return None;
                }
                Some(first) if first.line != seen.line => break,
                Some(_) => {}
            }
        }
        last.cloned()
    }

    /// The same person under a longer name, or with a country.
    fn fuller(&self, actor: &Actor) -> Option<Seen> {
        if actor.name.contains(' ') && actor.country.is_some() {
            return None;
        }
        let last = super::words::fold(actor.name.rsplit([' ', '-']).next().unwrap_or(""));
        let who = self.person_called(&last)?;
        let inside = who.actor.name == actor.name || !actor.name.contains(' ');
        inside.then_some(who)
    }

    /// The person who holds the office: same last noun of the role, same country when both have one.
    fn office(&self, f: &Found, head: &str) -> Option<Seen> {
        let role = f.actor.role.as_deref().unwrap_or(head).to_lowercase();
        self.seen
            .iter()
            .rev()
            .take(REACH)
            .filter(|s| s.class == Class::Person)
            .find(|s| {
                let theirs = s.actor.role.as_deref().unwrap_or("").to_lowercase();
                let country = f.actor.country.is_none() || s.actor.country == f.actor.country;
                let leads = role == "leader" && f.actor.country.is_some();
                let fits = if leads {
                    s.actor.sector.as_deref() == Some("GOV")
                } else if f.actor.country.is_some() || role.contains(' ') {
                    theirs == role
                } else {
                    theirs.split([' ', ',']).any(|w| w == head)
                };
                country && fits
            })
            .cloned()
    }

    /// The last mention whose name ends with the same noun ("the coalition", "the ministry").
    fn ending(&self, head: &str, line: &Line<'_>, f: &Found) -> Option<Seen> {
        let whole: Vec<&str> = line.words[f.first..=f.last]
            .iter()
            .map(|w| w.norm.as_str())
            .collect();
        let whole = whole.join(" ");
        let mut hits = self.seen.iter().rev().take(REACH).filter(|s| {
            let name = super::words::fold_words(&s.actor.name);
            s.span.end <= f.span.start
                && ((name.ends_with(&whole) && !FORCES.contains(&whole.as_str()))
                    || (head == "coalition" && name.ends_with(head))
                    || (whole == head
                        && (s.head == head
                            || (!FORCES.contains(&head) && name.rsplit(' ').next() == Some(head)))))
                && s.actor.country.is_some()
        });
        if let Some(hit) = hits.next() {
            return Some(hit.clone());
        }
        if matches!(
            head,
            "bloc" | "alliance" | "agency" | "mission" | "council" | "court" | "body" | "union"
        ) && whole == head
        {
            return self
                .seen
                .iter()
                .rev()
                .take(REACH)
                .find(|s| {
                    s.class == Class::Body
                        && matches!(s.actor.country.as_deref(), Some("IGO" | "UNO" | "EUR"))
                })
                .cloned();
        }
        None
    }

    /// "Full Name (FN)": the initials stand for the name from here on.
    fn introduce(&mut self, line: &Line<'_>, text: &str, f: &mut Found) {
        let Some(next) = line.words.get(f.last + 1) else {
            return;
        };
        let between = Span::new(f.span.end as usize, next.span.start as usize).of(text);
        let closed = text
            .get(next.span.end as usize..)
            .is_some_and(|t| t.starts_with(')'));
        if between.trim_start() == "("
            && closed
            && next.case == Case::Upper
            && matches!(f.class, Class::Body | Class::Group | Class::State)
        {
            if let Some(first) = spelt_out(line, f.last, &next.norm).filter(|at| *at < f.first) {
                // The initials show that the name is longer than what a rule took for it.
                f.first = first;
                f.span = line.words[first].span.cover(f.span);
                f.actor = Actor {
                    name: f.span.of(text).to_owned(),
                    sector: f.actor.sector.take().filter(|_| f.bare),
                    ..Actor::default()
                };
                f.bare = false;
                f.rule = "actors/initials";
                "spelt out by the initials behind it".clone_into(&mut f.reason);
            }
            self.initials
                .push((next.norm.clone(), f.actor.clone(), f.span, f.class));
        }
    }
}

fn seen(number: usize, line: &Line<'_>, f: &Found) -> Seen {
    Seen {
        head: line
            .words
            .get(f.last)
            .map_or_else(String::new, |w| w.norm.clone()),
        line: number,
        first: f.first,
        span: f.antecedent.unwrap_or(f.span),
        actor: f.actor.clone(),
        class: if f.rule == "coref/office" || f.rule == "actors/apposition" {
            Class::Person
        } else {
            f.class
        },
    }
}

/// A group that fights or stands for office, by its name or its country.
fn armed(seen: &Seen) -> bool {
    seen.class == Class::Group
        && seen.actor.country.is_some()
        && matches!(
            seen.actor.sector.as_deref(),
            Some("REB" | "PRM" | "UAF" | "CRM" | "PTY" | "PRE")
        )
}

fn same_side(a: &Seen, b: &Seen) -> bool {
    a.actor.name == b.actor.name
        || (a.class == Class::State
            && b.class == Class::State
            && a.actor.country == b.actor.country)
}

fn only(list: &[&Seen]) -> Option<Seen> {
    let first = list.first()?;
    list.iter()
        .all(|s| s.actor.name == first.actor.name)
        .then(|| (*first).clone())
}

fn adopt(f: &mut Found, who: &Seen, rule: &'static str, reason: &str) {
    let role = f.actor.role.take();
    f.actor = who.actor.clone();
    f.actor.role = f.actor.role.take().or(role);
    f.antecedent = Some(who.span);
    f.rule = rule;
    reason.clone_into(&mut f.reason);
    f.bare = false;
}

fn point(
    line: &Line<'_>,
    at: (usize, usize),
    who: &Seen,
    rule: &'static str,
    reason: &str,
) -> Found {
    made(
        line,
        at,
        who.actor.clone(),
        Some(who.span),
        who.class,
        rule,
        reason,
    )
}

fn made(
    line: &Line<'_>,
    at: (usize, usize),
    actor: Actor,
    antecedent: Option<Span>,
    class: Class,
    rule: &'static str,
    reason: &str,
) -> Found {
    Found {
        first: at.0,
        last: at.1,
        span: line.words[at.0].span.cover(line.words[at.1].span),
        actor,
        antecedent,
        class,
        plural: false,
        bare: false,
        rule,
        reason: reason.to_owned(),
    }
}
