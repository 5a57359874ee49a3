//! `[[condition]]`: measured or judged.

use super::names::Named;
use super::sections::{JUDGES, Value, coverage, indicator, note, words};
use super::table::{Name, Reading, Table};
use crate::model::{Agree, Condition, Coverage, Judged, Kind, Measure, Stat};

const STATS: [&str; 5] = ["mean", "sum", "max", "min", "last"];

const MEASURED: [&str; 6] = ["indicator", "window", "stat", "test", "amber", "hold"];

const JUDGED: [&str; 5] = ["scale", "pass", "judged_by", "agree", "valid"];

pub(super) fn condition(
    r: &mut Reading<'_>,
    value: &Value<'_>,
    named: &mut Named,
) -> Option<Condition> {
    let mut keys = vec![
        "id", "title", "track", "basis", "kind", "articles", "sources", "estimate", "cite", "note",
    ];
    keys.extend(MEASURED);
    keys.extend(JUDGED);
    let t = r.open("condition", value, &keys)?;
    let id = t.id(r);
    if let Some(id) = &id {
        named.declare(r, "condition", id);
    }
    let track = t.name(r, "track");
    if let Some(track) = &track {
        named.using(&["track"], "track", track);
    }
    let asked = t.one_of(r, "kind", &["measured", "judged"]);
    let judged = asked.map_or(!t.has("indicator"), |k| k == "judged");
    let (others, own) = if judged {
        (&MEASURED[..], "judged")
    } else {
        (&JUDGED[..], "measured")
    };
    for key in others.iter().filter(|key| t.has(key)) {
        r.fault(
            &t.place(key),
            format!("`{key}` has no meaning in a {own} condition"),
        );
    }
    let kind = if judged {
        judgement(r, &t, named)
    } else {
        measure(r, &t, named, id.as_ref())
    };
    let basis = t.one_of(r, "basis", &["stated", "inferred"]);
    let id = id?.word;
    Some(Condition {
        title: t.text(r, "title").unwrap_or_else(|| id.clone()),
        id,
        track: track.map(|n| n.word),
        stated: basis == Some("stated"),
        coverage: coverage(
            r,
            &t,
            Coverage {
                articles: 0,
                sources: 0,
            },
        ),
        estimate: t.estimate(r, "estimate"),
        cite: t.cite(r, "cite"),
        note: note(r, &t),
        kind: kind?,
    })
}

fn measure(
    r: &mut Reading<'_>,
    t: &Table<'_>,
    named: &mut Named,
    id: Option<&Name>,
) -> Option<Kind> {
    if let Some(id) = id {
        named.declare(r, "measured", id);
    }
    for key in ["indicator", "test"] {
        t.required(r, key);
    }
    let indicator = indicator(r, t, named);
    let months = |r: &mut Reading<'_>, key| {
        let length = t.length(r, key)?;
        if length.days != 0 || !(1..=60).contains(&length.months) {
            r.fault(&t.place(key), format!("`{key}` is 1 to 60 whole months"));
        }
        usize::try_from(length.months).ok()
    };
    let window = months(r, "window").unwrap_or(1);
    let hold = t.read(r, "hold", |text| {
        let n = text.split(' ').next().and_then(|n| n.parse::<usize>().ok());
        n.filter(|n| (1..=36).contains(n))
            .ok_or_else(|| format!("`{text}`: write 1 to 36 evaluations, like `2 windows`"))
    });
    let stat = match t.one_of(r, "stat", &STATS) {
        Some("sum") => Stat::Sum,
        Some("max") => Stat::Max,
        Some("min") => Stat::Min,
        Some("last") => Stat::Last,
        _ => Stat::Mean,
    };
    let (test, amber) = (t.bound(r, "test"), t.bound(r, "amber"));
    if let (Some(test), Some(amber)) = (test, amber)
        && !amber.passes(test.than)
    {
        r.fault(
            &t.place("amber"),
            "`amber` is narrower than `test`: green would not be amber",
        );
    }
    Some(Kind::Measured(Measure {
        indicator: indicator?,
        window,
        stat,
        test: test?,
        amber,
        hold: hold.unwrap_or(1),
    }))
}

fn judgement(r: &mut Reading<'_>, t: &Table<'_>, named: &mut Named) -> Option<Kind> {
    let top = t.read(r, "scale", |text| {
        let top = text.strip_prefix("0..").and_then(|n| n.parse::<u8>().ok());
        top.filter(|n| (1..=10).contains(n))
            .ok_or_else(|| format!("`{text}` is no scale; write `0..3`"))
    });
    let top = top.unwrap_or(3);
    let by = t.names(r, "judged_by");
    if by.is_empty() {
        r.fault(
            &t.span,
            "[condition] needs `indicator` (measured) or `judged_by` (judged by those named)",
        );
    }
    for name in &by {
        named.using(JUDGES, "party, body or judge", name);
    }
    let pass = t.rung(r, "pass", top).unwrap_or(top);
    Some(Kind::Judged(Judged {
        top,
        pass,
        by: words(by),
        agree: match t.one_of(r, "agree", &["all", "majority", "any"]) {
            Some("majority") => Agree::Majority,
            Some("any") => Agree::Any,
            _ => Agree::All,
        },
        valid: t.length(r, "valid"),
    }))
}
