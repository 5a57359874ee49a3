//! What a page left out, and its versions side by side, in the browser.

use crate::serve::Served;
use crate::{TALKS, on, page};

#[test]
fn what_was_left_out_and_what_changed_are_one_click_away() {
    let served = Served::new();
    let at = |page: &str| {
        let head = "<head><link rel=\"canonical\" href=\"https://gazette.example/talks\">";
        page.replace("<head>", head)
    };
    let first = at(&page("Delegations meet in Geneva", "2024-03-13", &TALKS));
    let mut body = TALKS;
    body[2] = "About 350 observers are still stationed along the border, down from more than 900 in the previous year, according to the joint commission that supervises the arrangement.";
    let later = at(&page("Delegations meet in Geneva", "2024-03-13", &body));
    for (name, text) in [("one.html", first), ("two.html", later)] {
        let path = served.desk.with_file_name(name);
        std::fs::write(&path, text).unwrap();
        assert_eq!(
            on(&served.desk, &["add", "--quiet", path.to_str().unwrap()]).code,
            0
        );
    }
    let found = on(&served.desk, &["versions", "--json"]).out;
    let row: serde_json::Value = serde_json::from_str(found.trim()).unwrap();
    let doc = row["versions"][0]["doc"].as_str().unwrap();
    let screen = served.get(&format!("/d/{doc}")).body;
    assert!(screen.contains(&format!("/d/{doc}/versions")), "{screen}");
    let sides = served.get(&format!("/d/{doc}/versions"));
    assert_eq!(sides.code, 200);
    assert!(sides.body.contains("About 350") && sides.body.contains("About 400"));
    let blocks = served.get(&format!("/d/{doc}/blocks"));
    assert_eq!(blocks.code, 200);
    assert!(
        blocks.body.contains("all rights reserved"),
        "{}",
        blocks.body
    );
    assert!(blocks.body.contains("class=\"out\""));
    let kept = blocks.body.split("About ").nth(1).unwrap();
    assert!(!kept.starts_with("<"), "{kept}");
    let other = served.link("/documents", "/d/d-");
    assert!(served.get("/d/d-ffffffffffff/versions").code == 404);
    assert_eq!(served.get(&format!("{other}/blocks")).code, 200);
}
