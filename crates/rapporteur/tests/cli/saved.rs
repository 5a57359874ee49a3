//! Saved queries, their feeds, and what is new since the last visit.

use crate::serve::Served;
use crate::{TALKS, on, page};

#[test]
fn a_saved_query_has_feeds_whose_bytes_stay() {
    let served = Served::new();
    let token = served.token();
    let save = |more: &str| served.post("/saved", &format!("token={token}&who=Ana&{more}"), "");
    let form = "name=Talks+%3Cb%3E&path=%2Ftimeline&query=type%3DCONSULT%26page%3D2&alert=1";
    assert_eq!(save(form).code, 303);
    assert_eq!(save("name=x&path=%2Fadmin&query=").code, 422);
    assert_eq!(
        save("name=x&path=%2Ftimeline&query=from%3Dsomeday").code,
        422
    );
    let list = served.get("/saved").body;
    assert!(list.contains("/timeline?type=CONSULT\""), "{list}");
    let at = list.find("/feeds/").unwrap();
    let atom = list[at..].split('"').next().unwrap().to_owned();
    let first = served.get(&atom);
    assert!(first.head.contains("application/atom+xml"));
    assert!(first.body.contains("<id>urn:rapporteur:e-") && !first.body.contains("<b>"));
    assert_eq!(served.get(&atom).body, first.body);
    let json = served.get(&atom.replace(".atom", ".json"));
    let feed: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    let stamp = feed["items"][0]["date_modified"].as_str().unwrap();
    assert!(stamp.ends_with('Z') && stamp.len() == 20, "{stamp}");
    assert_eq!(served.get("/feeds/v-000000000000.atom").code, 404);
    let id = atom.trim_start_matches("/feeds/").trim_end_matches(".atom");
    assert_eq!(save(&format!("id={id}&version=1&do=alert")).code, 303);
    assert_eq!(save(&format!("id={id}&version=1&do=remove")).code, 409);
    assert_eq!(save(&format!("id={id}&version=2&do=remove")).code, 303);
    assert_eq!(served.get(&atom).code, 404);
}

#[test]
fn what_came_in_since_the_last_visit_is_marked() {
    let mut served = Served::new();
    let token = served.token();
    let save = "name=All+talks&path=%2Ftimeline&query=&alert=1&who=Ana";
    assert_eq!(
        served
            .post("/saved", &format!("token={token}&{save}"), "")
            .code,
        303
    );
    let head = served.get("/timeline").head;
    let cookie = head
        .split("visit=")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    assert!(!served.get("/timeline").body.contains("new-sign"));
    let mut parts = cookie.split('-');
    let seen = parts.nth(1).unwrap().to_owned();
    let news = served.desk.with_file_name("c.html");
    std::fs::write(&news, page("A third meeting", "2024-03-14", &TALKS)).unwrap();
    assert_eq!(
        on(&served.desk, &["add", "--quiet", news.to_str().unwrap()]).code,
        0
    );
    // The visit before ended long ago.
    served.cookie = format!("{}; visit=0-{seen}-1", served.cookie);
    for screen in ["/timeline", "/documents"] {
        assert!(served.get(screen).body.contains("new-sign"), "{screen}");
    }
    let home = served.get("/").body;
    assert!(home.contains("Since your last visit"), "{home}");
    assert!(home.contains("All talks</a> "), "{home}");
}
