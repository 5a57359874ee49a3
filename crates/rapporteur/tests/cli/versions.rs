use crate::{Folder, TALKS, add, on, page};

/// The page as its outlet shows it under its own address.
fn at(url: &str, page: &str) -> String {
    page.replace(
        "<head>",
        &format!("<head><link rel=\"canonical\" href=\"{url}\">"),
    )
}

#[test]
fn a_page_read_again_keeps_both_versions_and_shows_what_changed() {
    let folder = Folder::new();
    let desk = folder.desk();
    let url = "https://gazette.example/talks";
    let first = at(
        url,
        &page("Delegations meet in Geneva", "2024-03-13", &TALKS),
    );
    let mut body = TALKS;
    body[2] = "About 350 observers are still stationed along the border, down from more than 900 in the previous year, according to the joint commission that supervises the arrangement.";
    let later = at(
        &format!("{url}?utm_source=mail"),
        &page("Delegations meet again in Geneva", "2024-03-13", &body),
    );
    let other = page("Nothing else", "2024-03-14", &TALKS[..2]);
    let a = folder.write("a.html", first);
    let b = folder.write("b.html", later);
    let c = folder.write("c.html", at("https://gazette.example/else", &other));
    assert_eq!(add(&desk, &[&a, &c]).code, 0);
    assert_eq!(on(&desk, &["versions"]).code, 1);
    assert_eq!(add(&desk, &[&b]).code, 0);

    let out = on(&desk, &["versions", "--json"]);
    assert_eq!(out.code, 0, "{}", out.err);
    let row: serde_json::Value = serde_json::from_str(out.out.trim()).unwrap();
    let versions = row["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 2);
    let changes: Vec<_> = versions
        .iter()
        .flat_map(|v| v["changes"].as_array().unwrap().clone())
        .collect();
    let kinds: Vec<_> = changes
        .iter()
        .map(|c| c["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["title", "changed"], "{}", out.out);
    let told: Vec<_> = ["before", "after"]
        .iter()
        .map(|side| changes[1][side]["text"].as_str().unwrap())
        .collect();
    assert!(told.iter().any(|t| t.starts_with("About 400")), "{told:?}");
    assert!(told.iter().any(|t| t.starts_with("About 350")), "{told:?}");

    let told = on(&desk, &["versions", url]);
    assert!(
        told.out.contains("- About") && told.out.contains("+ About"),
        "{}",
        told.out
    );
    assert_eq!(
        on(&desk, &["versions", "https://gazette.example/else"]).code,
        1
    );
}
