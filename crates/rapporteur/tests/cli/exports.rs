//! Exports as files: the same bytes twice, from the command line and from the desk.

use crate::serve::Served;
use crate::{Folder, on, run};

#[test]
fn binary_exports_want_a_file_and_are_the_same_twice() {
    let folder = Folder::new();
    let root = folder.path("example");
    assert_eq!(run(&["demo", "--at", root.to_str().unwrap()]).code, 0);
    let desk = root.join("desk");
    for format in ["docx", "zip", "parquet", "csv"] {
        let out = on(&desk, &["export", "--format", format]);
        assert_eq!(out.code, 2, "{format}: {}", out.err);
    }
    for format in ["docx", "zip"] {
        let files = ["one", "two"].map(|name| folder.path(&format!("{name}.{format}")));
        for file in &files {
            let args = ["export", "--format", format, "-o", file.to_str().unwrap()];
            let out = on(&desk, &args);
            assert_eq!(out.code, 0, "{}", out.err);
        }
        let [one, two] = files.map(|file| std::fs::read(file).unwrap());
        assert!(one.starts_with(b"PK") && one == two, "{format}");
    }
    let brief = folder.path("brief.docx");
    let args = ["brief", "--format", "docx", "-o", brief.to_str().unwrap()];
    assert_eq!(on(&desk, &args).code, 0);
    assert_eq!(on(&desk, &["brief", "--format", "docx"]).code, 2);
    let html = on(&desk, &["export", "--format", "html"]);
    assert!(html.code == 0 && html.out.starts_with("<!doctype html>"));
}

#[test]
fn the_desk_and_the_api_give_every_file_that_the_screen_names() {
    let served = Served::new();
    let page = served.get("/export").body;
    let links = page.split("href=\"/export/").skip(1);
    let links: Vec<&str> = links
        .map(|rest| rest.split(['"', '?']).next().unwrap())
        .collect();
    assert!(links.len() > 60, "{links:?}");
    assert!(links.contains(&"brief/brief.docx") && links.contains(&"whole/whole.zip"));
    for link in links {
        let screen = served.get(&format!("/export/{link}"));
        assert_eq!(screen.code, 200, "{link}");
        assert!(
            screen.head.contains("content-disposition: attachment"),
            "{link}"
        );
        let api = served.get(&format!("/api/v1/export/{link}"));
        assert_eq!(
            (api.code, api.body.len()),
            (200, screen.body.len()),
            "{link}"
        );
        assert!(api.head.contains("etag: "), "{link}");
    }
    assert_eq!(served.get("/api/v1/export/csv/none.csv").code, 404);
    assert_eq!(served.get("/api/v1/export/none/none").code, 404);
    assert_eq!(served.get("/export/whole/other.zip").code, 404);
}

#[test]
fn every_screen_of_the_example_is_light() {
    let served = Served::example();
    let assets = ["/assets/desk.css", "/assets/desk.js"].map(|path| served.get(path).body.len());
    let assets: usize = assets.iter().sum();
    for screen in served.screens() {
        if screen.starts_with("/export/") || screen.starts_with("/api/") {
            continue;
        }
        let weight = served.get(&screen).body.len() + assets;
        assert!(weight < 150_000, "{screen}: {weight} bytes");
    }
    let process = served.get("/p/coalition-talks").body.len() + assets;
    assert!(process < 150_000, "the process: {process} bytes");
}
