//! One table a kind of row, and one with every passage.

use super::marks;
use super::table::{Column, Table, cell, column, day, days, lossy, names, word};
use crate::View;

pub(super) const ID: Column = column(
    "id",
    "id of the row; the same in every export and on every machine",
);
pub(super) const RULE: Column = column("rule", "rule that made it");
pub(super) const EDITS: Column = column(
    "corrected",
    "number of corrections by people that hold for the row",
)
.whole();

/// Names of the tables, in the order of [`all`].
pub(super) const NAMES: [&str; 16] = [
    "docs",
    "events",
    "reports",
    "figures",
    "series",
    "quotes",
    "positions",
    "commitments",
    "indicators",
    "assessments",
    "comparisons",
    "stories",
    "actors",
    "places",
    "times",
    "evidence",
];

pub(super) fn all(view: &View) -> Vec<Table> {
    vec![
        docs(view),
        events(view),
        reports(view),
        figures(view),
        series(view),
        quotes(view),
        positions(view),
        commitments(view),
        indicators(view),
        assessments(view),
        comparisons(view),
        stories(view),
        marks::actors(view),
        marks::places(view),
        marks::times(view),
        marks::evidence(view),
    ]
}

fn docs(view: &View) -> Table {
    let mut out = Table::new(
        "docs",
        "Documents. Their text is part of the JSON export only: it belongs to its publisher.",
        &[
            ID,
            column("title", "title"),
            column("authors", "authors, parted by `;`"),
            column(
                "published",
                "day of publication; empty: the page states none",
            )
            .day(),
            column("published_by", "what the day was read from"),
            column(
                "known_at",
                "day from which the record counts the document as known",
            )
            .day(),
            column("site", "outlet"),
            column("url", "address"),
            column("lang", "language"),
            column("agency", "agency credited"),
            column("family", "family of copies; empty: no copy known"),
            column("sha256", "hash of the page's bytes"),
            column("ruleset", "rules that read it"),
            EDITS,
        ],
    );
    for d in &view.docs {
        out.push(vec![
            d.id.clone(),
            d.title.clone(),
            d.authors.join("; "),
            day(d.published.as_ref().map(|p| p.date)),
            cell(d.published.as_ref().map(|p| &p.origin)),
            day(d.known_at),
            cell(d.site.as_ref()),
            cell(d.url.as_ref()),
            cell(d.lang.as_ref()),
            cell(d.agency.as_ref()),
            cell(d.family.as_ref()),
            d.sha256.clone(),
            d.ruleset.to_string(),
            d.edits.len().to_string(),
        ]);
    }
    out
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}

fn events(view: &View) -> Table {
    let mut out = Table::new(
        "events",
        "Events: reports of the same happening are one row.",
        &[
            ID,
            column("type", "PLOVER type"),
            column("mode", "PLOVER mode; empty: none set"),
            column(
                "contexts",
                "PLOVER contexts, parted by `;`, each with its scope: sentence, paragraph, document",
            ),
            column(
                "scale",
                "score of type and mode on the PLOVER scale, -10 to 10",
            ).number(),
            column(
                "quad",
                "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict",
            ).whole(),
            column(
                "modality",
                "actual, planned, demanded, offered, denied, hypothetical",
            ),
            column(
                "from",
                "first day on which it may have been; empty: open or unknown",
            ).day(),
            column("to", "last day; empty: open or unknown").day(),
            column(
                "precision",
                "day, month, season, year, bounded; empty: no date known",
            ),
            lossy(
                "source",
                "who, parted by `;`; empty: not named",
                "codes and roles: see actors",
            ),
            lossy(
                "target",
                "to whom, parted by `;`; empty: not named",
                "codes and roles: see actors",
            ),
            column("place", "where; empty: not told"),
            column("status", "single-source, corroborated, disputed"),
            column("mentions", "reports").whole(),
            column("articles", "documents").whole(),
            column("families", "independent texts").whole(),
            column(
                "origins",
                "independent origins: ten copies of one wire are one",
            ).whole(),
            column("figures", "figures of its reports, parted by `;`"),
            column(
                "tolls",
                "which of them count its killed, injured, arrested and size, parted by `;`",
            ),
            EDITS,
        ],
    );
    for e in &view.events {
        let [from, to, precision] = days(e.date.as_ref());
        out.push(vec![
            e.id.clone(),
            e.kind.clone(),
            cell(e.mode.as_ref()),
            list(
                e.contexts
                    .iter()
                    .map(|c| format!("{} ({})", c.name, word(&c.scope))),
            ),
            format!("{}", e.scale),
            e.quad.to_string(),
            word(&e.modality),
            from,
            to,
            precision,
            names(&e.source),
            names(&e.target),
            cell(e.place.as_ref()),
            e.status.clone(),
            e.counts.mentions.to_string(),
            e.counts.articles.to_string(),
            e.counts.families.to_string(),
            e.counts.origins.to_string(),
            e.figures.join("; "),
            list(
                e.tolls
                    .iter()
                    .map(|t| format!("{} {}", word(&t.of), t.figure)),
            ),
            e.edits.len().to_string(),
        ]);
    }
    out
}

fn reports(view: &View) -> Table {
    let mut out = Table::new(
        "reports",
        "What each document says of an event.",
        &[
            ID,
            column("event", "event that it reports"),
            column("doc", "document"),
            column("type", "PLOVER type"),
            column("mode", "PLOVER mode"),
            column("modality", "how it is told here"),
            column("from", "first day by this report").day(),
            column("to", "last day by this report").day(),
            column("precision", "of that date"),
            column("date_basis", "what the date rests on"),
            column("source", "who, by this report"),
            column("target", "to whom, by this report"),
            column("said_by", "who claims it; empty: the author tells it"),
            column("relayed_by", "who reports that claim, from the inside out"),
            column("score", "calibrated score, 0 to 1").number(),
            RULE,
            EDITS,
        ],
    );
    for e in &view.events {
        for m in &e.members {
            let event = &m.event;
            let [from, to, precision] = days(event.date.as_ref().map(|d| &d.interval));
            let parties = |p: &[rapporteur_coder::Party]| {
                let names: Vec<&str> = p.iter().map(|p| p.actor.name.as_str()).collect();
                names.join("; ")
            };
            out.push(vec![
                m.id.clone(),
                e.id.clone(),
                m.doc.clone(),
                event.kind.clone(),
                cell(event.mode.as_ref()),
                word(&event.modality),
                from,
                to,
                precision,
                cell(event.date.as_ref().map(|d| &d.basis)),
                parties(&event.source),
                parties(&event.target),
                cell(event.said_by.as_ref().map(|p| &p.actor.name)),
                parties(&event.relayed_by),
                format!("{:.3}", event.score),
                event.why.rule.clone(),
                m.edits.len().to_string(),
            ]);
        }
    }
    out
}

fn figures(view: &View) -> Table {
    let mut out = Table::new(
        "figures",
        "Numbers as each document words them. Rows of different scope are never to be added.",
        &[
            ID,
            column("of", "what is counted, in the text's words"),
            lossy(
                "op",
                "= ~ > < range",
                "\"at least\" and \"over\" share a sign",
            ),
            column("value", "number written; empty for a range").number(),
            column("low", "smallest value that the words allow; empty: open").number(),
            column("high", "greatest value that the words allow; empty: open").number(),
            column("unit", "unit"),
            column("place", "where, in the text's words"),
            column("as_of_from", "first day that the number is of").day(),
            column("as_of_to", "last day").day(),
            column("as_of_precision", "of those days"),
            column("by", "whose number it is"),
            RULE,
            EDITS,
        ],
    );
    for f in &view.figures {
        let [from, to, precision] = days(f.as_of.as_ref());
        out.push(vec![
            f.id.clone(),
            f.of.clone(),
            f.op.sign().to_owned(),
            cell(f.value),
            cell(f.low),
            cell(f.high),
            f.unit.clone(),
            cell(f.place.as_ref()),
            from,
            to,
            precision,
            cell(f.by.as_ref().map(|a| &a.name)),
            f.why.rule.clone(),
            f.edits.len().to_string(),
        ]);
    }
    out
}

fn series(view: &View) -> Table {
    let mut out = Table::new(
        "series",
        "What several sources say of one number.",
        &[
            ID,
            column("of", "what is counted"),
            column(
                "best",
                "best value: most independent origins, newest as-of first; empty for a range",
            )
            .number(),
            column("op", "its operator"),
            column("low", "lowest told").number(),
            column("high", "highest told").number(),
            column("unit", "unit"),
            column("origins", "independent origins").whole(),
            column("status", "single-source, corroborated, disputed"),
            column("figures", "its figures, parted by `;`"),
        ],
    );
    for s in &view.series {
        out.push(vec![
            s.id.clone(),
            s.of.clone(),
            cell(s.best.value),
            s.best.op.sign().to_owned(),
            cell(s.low),
            cell(s.high),
            s.best.unit.clone(),
            s.counts.origins.to_string(),
            s.status.clone(),
            s.figures.join("; "),
        ]);
    }
    out
}

fn quotes(view: &View) -> Table {
    let mut out = Table::new(
        "quotes",
        "Quotations.",
        &[
            ID,
            column("kind", "direct, indirect, mixed"),
            column("speaker", "who is meant; empty: the text does not say"),
            column("speaker_words", "the words for the speaker"),
            column("cue", "words of saying"),
            column("text", "what is said; runs parted by ` … `"),
            RULE,
            EDITS,
        ],
    );
    for q in &view.quotes {
        let cue: Vec<&str> = q.cue.iter().map(|c| c.text.as_str()).collect();
        out.push(vec![
            q.id.clone(),
            word(&q.kind),
            cell(q.speaker.as_ref().map(|a| &a.name)),
            cell(q.speaker_cite.as_ref().map(|c| &c.text)),
            cue.join(" … "),
            q.text.clone(),
            q.why.rule.clone(),
            q.edits.len().to_string(),
        ]);
    }
    out
}

fn positions(view: &View) -> Table {
    let mut out = Table::new(
        "positions",
        "Who wants what. A wish is not a decision.",
        &[
            ID,
            column("holder", "whose position"),
            column("issue", "about what, in the text's words"),
            column("stance", "for, against, conditional, open"),
            column("strength", "soft, plain, firm"),
            column("as_of", "day of the document that tells it; empty: unknown").day(),
            RULE,
            EDITS,
        ],
    );
    for p in &view.positions {
        out.push(vec![
            p.id.clone(),
            p.holder.name.clone(),
            p.issue.clone(),
            p.stance.clone(),
            p.strength.clone(),
            cell(p.as_of),
            p.why.rule.clone(),
            p.edits.len().to_string(),
        ]);
    }
    out
}

fn commitments(view: &View) -> Table {
    let mut out = Table::new(
        "commitments",
        "Who undertook what.",
        &[
            ID,
            column("by", "by whom, parted by `;`"),
            column("what", "what, in the text's words"),
            column(
                "strength",
                "declared, aim, mandate, agreed, scheduled, done",
            ),
            column("due_from", "first day of the deadline; empty: open or none").day(),
            column("due_to", "last day").day(),
            column(
                "due_precision",
                "of the deadline; empty: the text gives none that is a date",
            ),
            column(
                "due_words",
                "words of the deadline; empty: the text gives none",
            ),
            column(
                "condition",
                "condition, in the text's words; empty: none stated",
            ),
            lossy(
                "links",
                "later rows that keep or break it, parted by `;`",
                "who claims it, passage and rule",
            ),
            RULE,
            EDITS,
        ],
    );
    for c in &view.commitments {
        let due = c.due.as_ref();
        let [from, to, precision] = days(due.and_then(|d| d.interval.as_ref()));
        out.push(vec![
            c.id.clone(),
            names(&c.by),
            c.what.clone(),
            word(&c.strength),
            from,
            to,
            precision,
            cell(due.and_then(|d| d.cite.as_ref()).map(|c| &c.text)),
            cell(c.condition.as_ref().map(|c| &c.text)),
            list(
                c.links
                    .iter()
                    .map(|l| format!("{} {}", word(&l.kind), l.row)),
            ),
            c.why.rule.clone(),
            c.edits.len().to_string(),
        ]);
    }
    out
}

fn indicators(view: &View) -> Table {
    let mut out = Table::new(
        "indicators",
        "Things that the coverage names as measured or decisive.",
        &[
            ID,
            column("name", "in the text's words"),
            column(
                "kind",
                "stated: something is said to depend on it; implied: subject of a mandate",
            ),
            column("track", "body that deals with it"),
            column(
                "controls",
                "what is said to depend on it, in the text's words",
            ),
            RULE,
            EDITS,
        ],
    );
    for i in &view.indicators {
        out.push(vec![
            i.id.clone(),
            i.name.clone(),
            i.kind.clone(),
            cell(i.track.as_ref()),
            cell(i.controls.as_ref()),
            i.why.rule.clone(),
            i.edits.len().to_string(),
        ]);
    }
    out
}

fn assessments(view: &View) -> Table {
    let mut out = Table::new(
        "assessments",
        "Judgements of authors and analysts: never facts.",
        &[
            ID,
            column("claim", "the words"),
            column("hedge", "hedge among them"),
            column("voice", "`author`, or who it is credited to"),
            RULE,
            EDITS,
        ],
    );
    for a in &view.assessments {
        out.push(vec![
            a.id.clone(),
            a.claim.clone(),
            cell(a.hedge.as_ref()),
            a.voice.clone(),
            a.why.rule.clone(),
            a.edits.len().to_string(),
        ]);
    }
    out
}

fn comparisons(view: &View) -> Table {
    let mut out = Table::new(
        "comparisons",
        "Passages set side by side.",
        &[
            ID,
            column(
                "kind",
                "contradiction, updates, refines, confirmed, only-in",
            ),
            column("topic", "what is compared"),
            column("value_a", "one value"),
            column("value_b", "the other"),
            column(
                "decision",
                "what a person decided: stands, reconciled, error, later; empty: nothing yet",
            ),
            RULE,
            column("reason", "why they stand so"),
        ],
    );
    for c in &view.comparisons {
        out.push(vec![
            c.id.clone(),
            word(&c.kind),
            c.topic.clone(),
            c.values.0.clone(),
            c.values.1.clone(),
            cell(c.decision.as_ref()),
            c.why.rule.clone(),
            c.why.reason.clone(),
        ]);
    }
    out
}

fn stories(view: &View) -> Table {
    let mut out = Table::new(
        "stories",
        "Articles about the same happening.",
        &[
            ID,
            column("title", "words for a reader"),
            column("docs", "documents, parted by `;`"),
            column("families", "independent texts").whole(),
            column("origins", "independent origins").whole(),
            column("saga", "the saga it is part of"),
        ],
    );
    for s in &view.stories {
        out.push(vec![
            s.id.clone(),
            s.title.clone(),
            s.docs.join("; "),
            s.families.len().to_string(),
            s.origins.to_string(),
            cell(s.saga.as_ref()),
        ]);
    }
    out
}
