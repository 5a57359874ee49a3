//! Events joined, parted and confirmed, on the command line and in the browser; names added.

use crate::on;
use crate::serve::Served;

fn ids(served: &Served) -> Vec<String> {
    let out = on(&served.desk, &["events", "--json"]).out;
    let rows = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

const SIGNED: [&str; 4] = ["--who", "Ana", "--why", "read both"];

#[test]
fn events_are_joined_parted_and_confirmed_on_the_command_line() {
    let served = Served::new();
    let before = ids(&served);
    let run = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(SIGNED);
        on(&served.desk, &all)
    };
    let joined = run(&["merge", &before[0], &before[1]]);
    assert_eq!(joined.code, 0, "{}", joined.err);
    assert_eq!(ids(&served).len(), before.len() - 1);
    let shown = on(&served.desk, &["show", &before[1], "--json"]).out;
    let shown: serde_json::Value = serde_json::from_str(shown.lines().next().unwrap()).unwrap();
    assert_eq!(shown["id"], before[0].as_str());
    let reports = shown["members"].as_array().unwrap();
    let report = reports[1]["id"].as_str().unwrap();
    let parted = run(&["split", &before[0], report]);
    assert_eq!(parted.code, 0, "{}", parted.err);
    assert_eq!(ids(&served).len(), before.len());
    assert_eq!(run(&["confirm", &before[0]]).code, 0);
    assert_eq!(run(&["merge", &before[0], &before[0]]).code, 2);
    assert_eq!(run(&["split", &before[0], "m-ffffffffffff"]).code, 2);
    let log = on(&served.desk, &["log"]).out;
    for word in ["entry merge", "entry split", "entry confirmed"] {
        assert!(log.contains(word), "{log}");
    }
    for seq in ["3", "2", "1"] {
        let mut all = vec!["undo", seq];
        all.extend(SIGNED);
        assert_eq!(on(&served.desk, &all).code, 0);
    }
    assert_eq!(ids(&served), before);
    // Newer rules read the pages again: what people said holds.
    assert_eq!(run(&["merge", &before[0], &before[1]]).code, 0);
    assert_eq!(on(&served.desk, &["recode"]).code, 0);
    assert_eq!(ids(&served).len(), before.len() - 1);
    assert_eq!(on(&served.desk, &["check"]).code, 0);
}

#[test]
fn events_are_joined_and_taken_out_in_the_browser() {
    let served = Served::new();
    let token = served.token();
    let before = ids(&served);
    let page = served.get(&format!("/e/{}", before[0])).body;
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap();
    let seen = seen.split('"').next().unwrap().replace(',', "%2C");
    let post = |action: &str, seen: &str, more: &str| {
        served.post(
            "/arrange",
            &format!(
                "token={token}&id={}&seen={seen}&do={action}&who=Ana&why=same{more}",
                before[0]
            ),
            "",
        )
    };
    assert_eq!(post("merge", "m-0", "").code, 409);
    assert_eq!(post("merge", &seen, "").code, 422);
    let other = format!("&other={}", before[1]);
    assert_eq!(post("merge", &seen, &other).code, 303);
    assert_eq!(ids(&served).len(), before.len() - 1);
    // Somebody joined it meanwhile.
    assert_eq!(post("confirm", &seen, "").code, 409);
    assert!(
        served
            .get(&format!("/e/{}", before[1]))
            .body
            .contains(&before[0])
    );
    let page = served.get(&format!("/e/{}", before[0])).body;
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap();
    let seen = seen.split('"').next().unwrap().replace(',', "%2C");
    assert_eq!(post("confirm", &seen, "").code, 303);
    assert!(
        served
            .get(&format!("/e/{}", before[0]))
            .body
            .contains("Confirmed by")
    );
    assert_eq!(post("suppress", &seen, "").code, 303);
    assert_eq!(served.get(&format!("/e/{}", before[0])).code, 404);
    assert!(served.get("/log").body.contains("suppressed"));
}

#[test]
fn an_actor_and_a_place_are_added_in_the_browser() {
    let served = Served::new();
    let token = served.token();
    let add = |more: &str| {
        served.post(
            "/names",
            &format!("token={token}&who=Ana&why=own+notes&{more}"),
            "",
        )
    };
    let bad = add("kind=group&name=Blue+River+Front&country=XQX");
    assert_eq!(bad.code, 422);
    assert!(bad.body.contains("no country code"), "{}", bad.body);
    assert_eq!(
        add("kind=group&name=Blue+River+Front&aliases=BRF&country=SDN&sector=REB").code,
        303
    );
    assert_eq!(
        add("kind=place&name=Old+Ferry+Post&country=SDN&precision=5").code,
        303
    );
    let page = served.get("/names?added=Baghdad").body;
    assert!(page.contains("Blue River Front") && page.contains("Old Ferry Post"));
    assert!(page.contains("rapporteur recode"), "{page}");
    let text = "Shots near the ferry%0A%0A7 May 2024%0A%0AThe Blue River Front attacked an army post near Old Ferry Post on Tuesday, the governor said. \
        Soldiers left the post before noon and nobody was hurt, the governor told reporters.";
    let text = text.replace(' ', "+");
    assert_eq!(
        served
            .post("/inbox", &format!("token={token}&text={text}"), "")
            .code,
        303
    );
    let actors = on(&served.desk, &["actors", "--json"]).out;
    assert!(actors.contains("Blue River Front"), "{actors}");
    assert!(served.get("/api/v1/places").body.contains("Old Ferry Post"));
}
