use crate::{Folder, add, on, page};

const PAGE: [&str; 2] = [
    "The Blue River Front attacked an army post near the ferry on Tuesday, the governor said.",
    "A spokesman for the Blue River Front told reporters that talks with the government would resume next week.",
];

#[test]
fn a_desk_knows_the_actors_of_its_own_file() {
    let folder = Folder::new();
    let desk = folder.desk();
    std::fs::write(
        desk.join("actors.tsv"),
        "kind\tname\taliases\tcountry\tsector\ngroup\tBlue River Front\tBRF\tSDN\tREB\n",
    )
    .unwrap();
    let news = folder.write("a.html", page("Attack at the ferry", "2024-03-13", &PAGE));
    assert_eq!(add(&desk, &[&news]).code, 0);
    let out = on(&desk, &["actors", "--json"]);
    let row = out
        .out
        .lines()
        .find(|line| line.contains("Blue River Front"))
        .unwrap_or_else(|| panic!("{}", out.out));
    assert!(row.contains("SDN") && row.contains("REB"), "{row}");
}

#[test]
fn faults_of_the_file_are_told_with_their_lines() {
    let folder = Folder::new();
    let desk = folder.desk();
    std::fs::write(
        desk.join("actors.tsv"),
        "group\tBlue River Front\t\tSDX\tREB\nperson\t\t\tSDN\tGOV\n",
    )
    .unwrap();
    let news = folder.write("a.html", page("Attack at the ferry", "2024-03-13", &PAGE));
    let out = add(&desk, &[&news]);
    assert_ne!(out.code, 0);
    assert!(
        out.err.contains("actors.tsv:1") && out.err.contains("actors.tsv:2"),
        "{}",
        out.err
    );
}
