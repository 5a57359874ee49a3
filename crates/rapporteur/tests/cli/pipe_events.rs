use std::io::Write as _;
use std::process::{Command, Stdio};

/// One row through `pipe events`.
fn events(text: &str) -> serde_json::Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
        .args(["pipe", "events"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let row = serde_json::json!({"id": "1", "date": "2031-05-20", "text": text});
    writeln!(child.stdin.take().unwrap(), "{row}").unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn events_come_with_scale_contexts_and_counts() {
    let out = events("Rebels killed three soldiers in an attack on the army near Goma.");
    let event = &out["events"][0];
    assert_eq!(event["type"], "ASSAULT");
    assert!(event["scale"].as_f64().unwrap() < 0.0, "{event}");
    assert!(event["contexts"].is_array(), "{event}");
    let count = &event["counts"][0];
    assert_eq!(count["of"], "killed", "{event}");
    assert_eq!(count["quantity"]["low"], 3.0, "{event}");
}

#[test]
fn a_pronoun_comes_with_the_words_that_it_stands_for() {
    let out = events("President Idriss Barka announced on Monday that he will visit Mali.");
    let source = out["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["type"] == "AGREE");
    let source = &source.unwrap_or_else(|| panic!("{out}"))["source"][0]["text"];
    assert!(source.as_str().unwrap().contains("Barka"), "{out}");
}
