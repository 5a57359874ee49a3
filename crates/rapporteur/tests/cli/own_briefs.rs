//! A brief of one's own in the browser, by plain forms: begun, cited, held back, exported.

use crate::on;
use crate::serve::{Answer, Served};

fn went(answer: &Answer) -> String {
    assert_eq!(answer.code, 303, "{}", answer.body);
    let to = answer.head.split("location: ").nth(1).unwrap();
    to.lines().next().unwrap().trim().to_owned()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text
        .split(start)
        .nth(1)
        .unwrap_or_else(|| panic!("no {start} in {text}"));
    rest.split(end).next().unwrap()
}

#[test]
fn a_sentence_without_a_citation_that_holds_cannot_leave() {
    let served = Served::new();
    let token = served.token();
    let made = served.post("/b", &format!("token={token}&title=Talks&who=Ana"), "");
    let brief = went(&made);
    let save = |version: &str, more: &str| {
        served.post(
            &brief,
            &format!("token={token}&version={version}&who=Ana&title=Talks&{more}"),
            "",
        )
    };
    let saved = save(
        "1",
        "do=save&h.0=Where+it+stands&t.0.0=The+talks+were+held.%0A%0AA+second+sentence.",
    );
    assert_eq!(went(&saved), brief);
    let refused = served.get(&format!("{brief}/brief.md"));
    assert_eq!(refused.code, 422);
    assert!(
        refused.body.contains("The talks were held."),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("cites nothing"));
    // Without scripts: the button saves and leads to the search, whose hits can be cited.
    let found = save(
        "2",
        "do=find.0.0&h.0=Where+it+stands&t.0.0=The+talks+were+held.",
    );
    let found = went(&found);
    assert!(found.contains("into=0.0"), "{found}");
    let picker = served
        .get(&format!("{brief}?into=0.0&find=talks+Baghdad"))
        .body;
    let mark = between(&picker, "name=\"mark\" value=\"", "\"").to_owned();
    assert!(mark.starts_with("[@d-"), "{mark}");
    let cited = save(
        "3",
        &format!("do=cite&into=0.0&mark={}", mark.replace('@', "%40")),
    );
    went(&cited);
    let page = served.get(&brief).body;
    assert!(
        page.contains("chip live") && page.contains("brief.md"),
        "{page}"
    );
    let exported = served.get(&format!("{brief}/brief.md"));
    assert_eq!(exported.code, 200);
    assert!(exported.body.contains("[^1]: “"), "{}", exported.body);
    for file in ["brief.html", "brief.json"] {
        let file = served.get(&format!("{brief}/{file}"));
        assert_eq!(file.code, 200);
        assert!(!file.body.contains("<script"));
    }
    stale(&served, &brief, between(&mark, "[@", ":"));
}

/// The document goes: the chip is stale, and the brief stays in the desk until it is back.
fn stale(served: &Served, brief: &str, doc: &str) {
    let gone = on(
        &served.desk,
        &[
            "correct",
            doc,
            "suppressed",
            "true",
            "--who",
            "Ben",
            "--why",
            "a hoax",
        ],
    );
    assert_eq!(gone.code, 0, "{}", gone.err);
    let page = served.get(brief).body;
    assert!(
        page.contains("chip stale") && page.contains("a hoax"),
        "{page}"
    );
    assert_eq!(served.get(&format!("{brief}/brief.md")).code, 422);
    assert_eq!(
        on(
            &served.desk,
            &["undo", "1", "--who", "Ben", "--why", "it is none"]
        )
        .code,
        0
    );
    assert_eq!(served.get(&format!("{brief}/brief.md")).code, 200);
}

#[test]
fn two_people_who_write_at_once_lose_nothing() {
    let served = Served::new();
    let token = served.token();
    let made = served.post("/b", &format!("token={token}&title=Talks&who=Ana"), "");
    let brief = went(&made);
    let save = |who: &str, version: &str, text: &str| {
        let form = format!(
            "token={token}&version={version}&who={who}&title=Talks&do=save&h.0=Head&t.0.0={text}"
        );
        served.post(&brief, &form, "")
    };
    went(&save("Ana", "1", "From+Ana."));
    let late = save("Ben", "1", "From+Ben.");
    assert_eq!(late.code, 409);
    assert!(late.body.contains("From Ana.") && late.body.contains("From Ben."));
    let version = between(&late.body, "name=\"version\" value=\"", "\"").to_owned();
    assert_eq!(version, "2");
    went(&save("Ben", &version, "From+Ana.%0A%0AFrom+Ben."));
    let history = served.get(&format!("{brief}?history=1")).body;
    assert_eq!(history.matches("name=\"restore\"").count(), 2, "{history}");
    let back = served.post(
        &brief,
        &format!("token={token}&version=3&who=Ana&do=restore&restore=2"),
        "",
    );
    went(&back);
    assert!(!served.get(&brief).body.contains("From Ben."));
    let away = served.post(
        &brief,
        &format!("token={token}&version=4&who=Ana&do=remove"),
        "",
    );
    assert_eq!(went(&away), "/b");
    assert_eq!(served.get(&brief).code, 404);
}

#[test]
fn a_brief_begins_from_the_lines_of_a_selection() {
    let served = Served::new();
    let token = served.token();
    let form = format!("token={token}&who=Ana&from=selection&query=type%3DCONSULT");
    let brief = went(&served.post("/b", &form, ""));
    let page = served.get(&brief).body;
    assert!(page.contains("chip live"), "{page}");
    let exported = served.get(&format!("{brief}/brief.json"));
    assert_eq!(exported.code, 200, "{}", exported.body);
    let json: serde_json::Value = serde_json::from_str(&exported.body).unwrap();
    assert!(!json["passages"].as_array().unwrap().is_empty());
    assert!(served.get("/b").body.contains(&brief));
    let answer = served.get(&format!("/api/v1{}", brief.replace("/b/", "/briefs/")));
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(json["exportable"], true);
    assert_eq!(json["citations"][0]["state"], "live");
    let answer = served.get("/api/v1/passages?q=talks");
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert!(
        json["items"][0]["mark"]
            .as_str()
            .unwrap()
            .starts_with("[@d-")
    );
}
