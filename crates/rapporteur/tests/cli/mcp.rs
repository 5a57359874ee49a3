//! The record for a language model: a scripted session over standard input and output.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Folder, TALKS, add, command, page};

/// Sends lines; the answers.
fn session(desk: &Path, lines: &[&str]) -> Vec<Value> {
    let mut child = command(&["--desk", desk.to_str().unwrap(), "mcp"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for line in lines {
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(0));
    let text = String::from_utf8(out.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const HELLO: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;

#[expect(clippy::needless_pass_by_value, reason = "reads like a call")]
fn call(id: u64, tool: &str, arguments: Value) -> String {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}).to_string()
}

fn desk(folder: &Folder) -> std::path::PathBuf {
    let desk = folder.desk();
    let news = folder.write("a.html", page("Delegations meet", "2024-03-13", &TALKS));
    assert_eq!(add(&desk, &[&news]).code, 0);
    desk
}

/// Every passage of an answer equals its slice, as `cite` gives it.
fn spans(value: &Value, found: &mut Vec<(String, u64, u64, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| spans(v, found)),
        Value::Object(map) => {
            if let (Some(doc), Some(start), Some(end), Some(text)) = (
                map.get("doc").and_then(Value::as_str),
                map.get("start").and_then(Value::as_u64),
                map.get("end").and_then(Value::as_u64),
                map.get("text").and_then(Value::as_str),
            ) {
                found.push((doc.to_owned(), start, end, text.to_owned()));
            }
            map.values().for_each(|v| spans(v, found));
        }
        _ => {}
    }
}

#[test]
fn every_answer_carries_passages_that_can_be_looked_up() {
    let folder = Folder::new();
    let desk = desk(&folder);
    let lines = [
        HELLO.to_owned(),
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.into(),
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#.into(),
        call(2, "search", json!({"query": "withdrawal observers"})),
        call(3, "timeline", json!({"actor": "Japan"})),
        call(4, "conflicts", json!({})),
        call(5, "process", json!({})),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let answers = session(&desk, &lines);
    assert_eq!(answers.len(), 6);
    assert_eq!(answers[0]["result"]["protocolVersion"], "2024-11-05");
    let tools = answers[1]["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 6);
    assert!(tools.iter().all(|t| t["inputSchema"]["type"] == "object"));
    let mut found = Vec::new();
    for answer in &answers[2..4] {
        let before = found.len();
        spans(&answer["result"]["structuredContent"], &mut found);
        assert!(found.len() > before, "{answer}");
    }
    let event = &answers[3]["result"]["structuredContent"]["items"][0]["id"];
    let mut again: Vec<String> = vec![HELLO.into(), call(1, "event", json!({"id": event}))];
    for (at, (doc, start, end, _)) in found.iter().take(20).enumerate() {
        let arguments = json!({"doc": doc, "start": start, "end": end});
        again.push(call(at as u64 + 2, "cite", arguments));
    }
    let again: Vec<&str> = again.iter().map(String::as_str).collect();
    let answers = session(&desk, &again);
    spans(&answers[1]["result"]["structuredContent"], &mut Vec::new());
    for (answer, (_, _, _, text)) in answers[2..].iter().zip(&found) {
        assert_eq!(
            answer["result"]["structuredContent"]["text"],
            text.as_str(),
            "{answer}"
        );
    }
}

#[test]
fn malformed_messages_are_told_and_the_session_goes_on() {
    let folder = Folder::new();
    let desk = desk(&folder);
    let long = format!("{{\"x\":\"{}\"}}", "a".repeat(3 << 20));
    let unknown = call(9, "nothing", json!({}));
    let wrong = call(10, "search", json!({"query": 4}));
    let more = call(11, "event", json!({"id": "e-0", "colour": "red"}));
    let none = call(12, "event", json!({"id": "e-ffffffffffff"}));
    let cases: [(&str, Option<i64>); 14] = [
        (
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"}",
            Some(-32600),
        ),
        (HELLO, None),
        ("not json", Some(-32700)),
        ("\u{fffd}\u{0}{", Some(-32700)),
        ("[]", Some(-32600)),
        ("{\"id\":1,\"method\":\"ping\"}", Some(-32600)),
        (
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
            Some(-32600),
        ),
        (
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[1]}",
            Some(-32602),
        ),
        (
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"}",
            Some(-32601),
        ),
        (&unknown, Some(-32602)),
        (&wrong, Some(-32602)),
        (&more, Some(-32602)),
        (&long, Some(-32600)),
        (
            "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"ping\"}",
            None,
        ),
    ];
    let mut lines: Vec<&str> = cases.iter().map(|(line, _)| *line).collect();
    lines.push(&none);
    lines.push("{\"jsonrpc\":\"2.0\",\"method\":\"no/such/notice\"}");
    let answers = session(&desk, &lines);
    assert_eq!(answers.len(), cases.len() + 1);
    for (answer, (line, code)) in answers.iter().zip(&cases) {
        let line: String = line.chars().take(80).collect();
        assert_eq!(answer["error"]["code"].as_i64(), *code, "{line}: {answer}");
        assert_eq!(answer["jsonrpc"], "2.0");
    }
    // What the record does not have is an answer of the tool, not of the protocol.
    assert_eq!(answers[cases.len()]["result"]["isError"], true);
}
