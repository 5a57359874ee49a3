//! The tables of the file, one function each: its keys, what they mean, what they must be.

use toml::Spanned;
use toml::de::DeValue;

use super::conditions;
use super::names::Named;
use super::table::{Name, Reading, Table, in_order};
use crate::forecast::Model;
use crate::model::{
    Body, Commitment, Coverage, Level, Party, Phase, PhaseKind, Position, Process, Rating, Scope,
    Settings, Suspension, Track,
};
use crate::query::Query;

pub(super) type Value<'v> = Spanned<DeValue<'v>>;

pub(super) const JUDGES: &[&str] = &["party", "body", "judge"];
const LADDER: [&str; 6] = ["declared", "aim", "mandate", "agreed", "scheduled", "done"];

pub(crate) fn read(
    r: &mut Reading<'_>,
    head: &'static str,
    value: &Value<'_>,
    process: &mut Process,
    named: &mut Named,
) {
    match head {
        "process" => {
            self::process(r, value, process);
        }
        "coverage" => {
            if let Some(t) = r.open(head, value, &["articles", "sources", "note"]) {
                process.coverage = coverage(r, &t, Coverage::default());
            }
        }
        "projection" => settings(r, value, process, named),
        "party" | "judge" => {
            if let Some(party) = party(r, head, value, named) {
                match head {
                    "party" => process.parties.push(party),
                    _ => process.judges.push(party),
                }
            }
        }
        "body" => process.bodies.extend(body(r, value, named)),
        "track" => process.tracks.extend(track(r, value, named)),
        "scope" => process.scopes.extend(scope(r, value, named)),
        "level" => process.levels.extend(level(r, value, named)),
        "phase" => process.phases.extend(phase(r, value, named)),
        "condition" => process
            .conditions
            .extend(conditions::condition(r, value, named)),
        "rating" => process.ratings.extend(rating(r, value, named)),
        "position" => process.positions.extend(position(r, value, named)),
        "suspension" => process.suspensions.extend(suspension(r, value)),
        "commitment" => process.commitments.extend(commitment(r, value, named)),
        _ => process.tables.extend(table(r, value, named)),
    }
}

fn process(r: &mut Reading<'_>, value: &Value<'_>, process: &mut Process) -> Option<()> {
    let t = r.open("process", value, &["id", "title", "anchor", "note"])?;
    if let Some(id) = t.id(r) {
        process.id = id.word;
        if process.id.contains('/') || process.id.starts_with('.') {
            r.fault(
                &id.span,
                "the id is also the file's name: no `/`, no leading `.`",
            );
        }
    }
    process.title = t.required(r, "title").unwrap_or_default();
    process.anchor = t.when(r, "anchor");
    process.note = note(r, &t);
    Some(())
}

pub(super) fn note(r: &mut Reading<'_>, t: &Table<'_>) -> String {
    t.text(r, "note").unwrap_or_default()
}

pub(super) fn coverage(r: &mut Reading<'_>, t: &Table<'_>, default: Coverage) -> Coverage {
    let mut read = |key, default: usize| {
        let n = t.whole(r, key, (1, 1000));
        n.and_then(|n| usize::try_from(n).ok()).unwrap_or(default)
    };
    Coverage {
        articles: read("articles", default.articles),
        sources: read("sources", default.sources),
    }
}

fn settings(r: &mut Reading<'_>, value: &Value<'_>, process: &mut Process, named: &mut Named) {
    let keys = ["horizon", "draws", "seed", "model", "stops", "peak", "note"];
    let Some(t) = r.open("projection", value, &keys) else {
        return;
    };
    let default = Settings::default();
    let whole = |r: &mut Reading<'_>, key, range, default: usize| {
        let n = t.whole(r, key, range);
        n.and_then(|n| usize::try_from(n).ok()).unwrap_or(default)
    };
    let stops = t.name(r, "stops");
    if let Some(name) = &stops {
        named.using(&["measured"], "measured condition", name);
    }
    process.settings = Settings {
        horizon: whole(r, "horizon", (1, 120), default.horizon),
        draws: whole(r, "draws", (100, 100_000), default.draws),
        seed: t.whole(r, "seed", (0, 1 << 53)).unwrap_or(default.seed),
        model: t
            .one_of(r, "model", &Model::ALL.map(Model::name))
            .map_or(default.model, str::to_owned),
        stops: stops.map(|n| n.word),
        peak: t.bound(r, "peak"),
    };
    if process.settings.stops.is_some() && process.settings.peak.is_none() {
        r.fault(
            &t.place("stops"),
            "`stops` needs `peak`: which months stop the talks, like `>= 10 / month`",
        );
    }
}

fn party(
    r: &mut Reading<'_>,
    head: &'static str,
    value: &Value<'_>,
    named: &mut Named,
) -> Option<Party> {
    let t = r.open(head, value, &["id", "name", "aliases", "cite", "note"])?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, head, id);
    }
    Some(Party {
        id: id?.word,
        name: t.required(r, "name")?,
        aliases: t.texts(r, "aliases"),
        cite: t.cite(r, "cite"),
        note: note(r, &t),
    })
}

fn body(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Body> {
    let t = r.open(
        "body",
        value,
        &["id", "name", "mandate", "members", "cite", "note"],
    )?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, "body", id);
    }
    let members = t.names(r, "members");
    for member in &members {
        named.using(&["party"], "party", member);
    }
    let name = t.required(r, "name");
    Some(Body {
        id: id?.word,
        name: name?,
        mandate: t.text(r, "mandate").unwrap_or_default(),
        members: words(members),
        cite: t.cite(r, "cite"),
        note: note(r, &t),
    })
}

pub(super) fn words(names: Vec<Name>) -> Vec<String> {
    names.into_iter().map(|n| n.word).collect()
}

fn track(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Track> {
    let t = r.open(
        "track",
        value,
        &["id", "title", "question", "body", "cite", "note"],
    )?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, "track", id);
    }
    let body = t.name(r, "body");
    if let Some(body) = &body {
        named.using(&["body"], "body", body);
    }
    let title = t.required(r, "title");
    Some(Track {
        id: id?.word,
        title: title?,
        question: t.text(r, "question").unwrap_or_default(),
        body: body.map(|b| b.word),
        cite: t.cite(r, "cite"),
        note: note(r, &t),
    })
}

fn scope(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Scope> {
    let t = r.open("scope", value, &["id", "title", "indicator", "note"])?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, "scope", id);
    }
    let title = t.required(r, "title");
    Some(Scope {
        id: id?.word,
        title: title?,
        indicator: indicator(r, &t, named),
    })
}

pub(super) fn indicator(r: &mut Reading<'_>, t: &Table<'_>, named: &mut Named) -> Option<Query> {
    let query = t.read(r, "indicator", Query::parse)?;
    if let Some(id) = query.term("id") {
        let name = Name {
            word: id.to_owned(),
            span: t.place("indicator"),
        };
        named.using(&["table"], "table", &name);
    }
    Some(query)
}

fn level(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Level> {
    let keys = [
        "scope", "value", "low", "high", "asof", "kind", "cite", "note",
    ];
    let t = r.open("level", value, &keys)?;
    let scope = t.required(r, "scope");
    if let Some(name) = t.name(r, "scope") {
        named.using(&["scope"], "scope", &name);
    }
    if !t.has("value") {
        r.fault(&t.span, "[level] needs `value`");
    }
    let value = t.number(r, "value");
    let (low, high) = (t.number(r, "low"), t.number(r, "high"));
    if let (Some(v), true) = (value, low.is_some() || high.is_some())
        && (low.is_some_and(|l| l > v) || high.is_some_and(|h| h < v))
    {
        r.fault(
            &t.place("value"),
            "`value` lies outside of `low` and `high`",
        );
    }
    let kinds = ["deployed", "authorised", "planned"];
    Some(Level {
        scope: scope?,
        value: value?,
        low,
        high,
        asof: t.when(r, "asof"),
        kind: t.one_of(r, "kind", &kinds).unwrap_or("deployed").to_owned(),
        cite: t.cite(r, "cite"),
        note: note(r, &t),
    })
}

const PHASE: [&str; 15] = [
    "id",
    "title",
    "kind",
    "after",
    "levels",
    "no_earlier",
    "no_later",
    "takes",
    "needs",
    "unless",
    "except",
    "fields",
    "done",
    "cite",
    "note",
];

fn phase(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Phase> {
    let t = r.open("phase", value, &PHASE)?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, "phase", id);
    }
    let (after, needs) = (t.names(r, "after"), t.names(r, "needs"));
    for name in &after {
        named.using(&["phase"], "phase", name);
    }
    for name in &needs {
        named.using(&["condition"], "condition", name);
    }
    let levels = t.ceilings(r, "levels");
    for (name, _) in &levels {
        named.using(&["scope"], "scope", name);
    }
    let (no_earlier, no_later) = (t.when(r, "no_earlier"), t.when(r, "no_later"));
    if !in_order(no_earlier.as_ref(), no_later.as_ref()) {
        r.fault(&t.place("no_later"), "`no_later` lies before `no_earlier`");
    }
    let kind = t.one_of(r, "kind", &["reduction", "transition", "end"]);
    let id = id?.word;
    Some(Phase {
        title: t.text(r, "title").unwrap_or_else(|| id.clone()),
        id,
        kind: match kind {
            Some("transition") => PhaseKind::Transition,
            Some("end") => PhaseKind::End,
            _ => PhaseKind::Reduction,
        },
        after: words(after),
        levels: levels.into_iter().map(|(n, b)| (n.word, b)).collect(),
        no_earlier,
        no_later,
        takes: t.length(r, "takes"),
        needs: words(needs),
        unless: t.text(r, "unless").unwrap_or_default(),
        except: t.texts(r, "except"),
        fields: t.texts(r, "fields"),
        done: t.when(r, "done"),
        cite: t.cite(r, "cite"),
        note: note(r, &t),
    })
}

fn rating(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Rating> {
    let t = r.open(
        "rating",
        value,
        &["condition", "by", "on", "value", "cite", "note"],
    )?;
    for key in ["condition", "by"] {
        t.required(r, key);
    }
    for key in ["on", "value"].into_iter().filter(|key| !t.has(key)) {
        r.fault(&t.span, format!("[rating] needs `{key}`"));
    }
    let (condition, by) = (t.name(r, "condition"), t.name(r, "by"));
    if let Some(name) = &condition {
        named.using(&["condition"], "condition", name);
    }
    if let Some(name) = &by {
        named.using(JUDGES, "party, body or judge", name);
    }
    let on = t.when(r, "on");
    Some(Rating {
        condition: condition?.word,
        by: by?.word,
        on: on?,
        value: t.rung(r, "value", 10)?,
        cite: t.cite(r, "cite"),
        note: note(r, &t),
    })
}

fn position(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Position> {
    let keys = [
        "party", "on", "earliest", "best", "latest", "asof", "said", "note",
    ];
    let t = r.open("position", value, &keys)?;
    for key in ["party", "on"] {
        t.required(r, key);
    }
    let (party, on) = (t.name(r, "party"), t.name(r, "on"));
    if let Some(name) = &party {
        named.using(&["party"], "party", name);
    }
    if let Some(name) = &on {
        named.using(&["phase"], "phase", name);
    }
    let (earliest, best) = (t.when(r, "earliest"), t.when(r, "best"));
    let latest = t.when(r, "latest");
    for (first, second, key) in [
        (&earliest, &best, "best"),
        (&best, &latest, "latest"),
        (&earliest, &latest, "latest"),
    ] {
        if !in_order(first.as_ref(), second.as_ref()) {
            r.fault(
                &t.place(key),
                "the dates of a position rise: earliest, best, latest",
            );
            break;
        }
    }
    Some(Position {
        party: party?.word,
        on: on?.word,
        earliest,
        best,
        latest,
        asof: t.when(r, "asof"),
        cite: t.cite(r, "said"),
        note: note(r, &t),
    })
}

fn suspension(r: &mut Reading<'_>, value: &Value<'_>) -> Option<Suspension> {
    let t = r.open("suspension", value, &["from", "to", "cause", "note"])?;
    if !t.has("from") {
        r.fault(&t.span, "[suspension] needs `from`");
    }
    let (from, to) = (t.when(r, "from"), t.when(r, "to"));
    if !in_order(from.as_ref(), to.as_ref()) {
        r.fault(&t.place("to"), "`to` lies before `from`");
    }
    Some(Suspension {
        from: from?,
        to,
        cause: t.cite(r, "cause"),
        note: note(r, &t),
    })
}

fn commitment(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<Commitment> {
    let keys = [
        "id",
        "by",
        "what",
        "strength",
        "due",
        "score",
        "scored_by",
        "scored_on",
        "cite",
        "note",
    ];
    let t = r.open("commitment", value, &keys)?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, "commitment", id);
    }
    let what = t.required(r, "what");
    if t.has("score") && !t.has("scored_by") {
        r.fault(
            &t.place("score"),
            "a score needs `scored_by`: whose judgement it is",
        );
    }
    Some(Commitment {
        id: id?.word,
        by: t.texts(r, "by"),
        what: what?,
        strength: t
            .one_of(r, "strength", &LADDER)
            .unwrap_or("declared")
            .to_owned(),
        due: t.when(r, "due"),
        score: t.rung(r, "score", 3),
        scored_by: t.text(r, "scored_by").unwrap_or_default(),
        scored_on: t.when(r, "scored_on"),
        cite: t.cite(r, "cite"),
        note: note(r, &t),
    })
}

fn table(r: &mut Reading<'_>, value: &Value<'_>, named: &mut Named) -> Option<crate::model::Table> {
    let t = r.open(
        "table",
        value,
        &["id", "file", "month", "value", "published", "note"],
    )?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, "table", id);
    }
    let file = t.required(r, "file");
    let outside = |f: &String| f.starts_with('/') || f.contains("..") || f.contains('\\');
    if file.as_ref().is_some_and(outside) {
        r.fault(
            &t.place("file"),
            "the table lies beside the process file: no `/` in front, no `..`",
        );
    }
    Some(crate::model::Table {
        id: id?.word,
        file: file?,
        month: t.text(r, "month").unwrap_or_else(|| "month".into()),
        value: t.text(r, "value").unwrap_or_else(|| "value".into()),
        published: t.text(r, "published"),
        note: note(r, &t),
    })
}
