//! `mcp`: the record for a language model, read only, over standard input and output.
//!
//! The Model Context Protocol: JSON-RPC 2.0, one message a line. Every answer carries passages with
//! document, first and last code point and exact words, so that whoever reads it can look them up.

use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Stop, open};
use crate::cli::exit;
use crate::desk_dir;

mod tools;

/// Versions of the protocol that are spoken, newest first.
const VERSIONS: [&str; 3] = ["2025-06-18", "2025-03-26", "2024-11-05"];
/// Longest message that is read, in bytes.
const LONGEST: u64 = 1 << 20;

const PARSE: i64 = -32700;
const REQUEST: i64 = -32600;
const METHOD: i64 = -32601;
const PARAMS: i64 = -32602;

/// Arguments of `mcp`.
#[derive(Debug, clap::Args)]
pub(crate) struct Mcp {}

impl Mcp {
    #[expect(clippy::unused_self, reason = "the shape of every command")]
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        drop(open(desk)?);
        let mut server = Server {
            dir: desk_dir::dir(desk),
            is_open: false,
        };
        let mut input = io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let read = input
                .by_ref()
                .take(LONGEST)
                .read_until(b'\n', &mut line)
                .map_err(|error| Stop::failed(format!("standard input: {error}")))?;
            if read == 0 {
                return Ok(exit::OK);
            }
            let is_cut = read as u64 == LONGEST && line.last() != Some(&b'\n');
            if is_cut {
                skip_line(&mut input)?;
            }
            let answer = if is_cut {
                Some(fault(
                    &Value::Null,
                    REQUEST,
                    "a message is longer than 1 MiB",
                ))
            } else if line.trim_ascii().is_empty() {
                None
            } else {
                server.line(&line)
            };
            if let Some(answer) = answer {
                let mut out = io::stdout().lock();
                writeln!(out, "{answer}")
                    .and_then(|()| out.flush())
                    .map_err(Stop::output)?;
            }
        }
    }
}

/// Reads on to the end of a line that is too long to be a message.
fn skip_line(input: &mut impl BufRead) -> Result<(), Stop> {
    loop {
        let mut rest = Vec::new();
        let read = input
            .by_ref()
            .take(LONGEST)
            .read_until(b'\n', &mut rest)
            .map_err(|error| Stop::failed(format!("standard input: {error}")))?;
        if read == 0 || rest.last() == Some(&b'\n') {
            return Ok(());
        }
    }
}

struct Server {
    dir: PathBuf,
    /// Whether the client has introduced itself.
    is_open: bool,
}

impl Server {
    /// The answer to one message; notifications have none.
    fn line(&mut self, line: &[u8]) -> Option<Value> {
        let message: Value = match serde_json::from_slice(line) {
            Ok(message) => message,
            Err(error) => return Some(fault(&Value::Null, PARSE, &format!("no JSON: {error}"))),
        };
        let is_id = |id: &Value| id.is_string() || id.is_i64() || id.is_u64();
        let id = message.get("id").cloned();
        let named = id.clone().filter(is_id).unwrap_or(Value::Null);
        let method = message.get("method").and_then(Value::as_str);
        let is_ours = message.get("jsonrpc").and_then(Value::as_str) == Some("2.0");
        let (Some(method), true) = (method, is_ours) else {
            // An answer to a question that was never asked is not answered.
            let is_answer = message.get("result").is_some() || message.get("error").is_some();
            return (!is_answer).then(|| {
                fault(
                    &named,
                    REQUEST,
                    "a message is one object with `jsonrpc` \"2.0\" and `method`",
                )
            });
        };
        let id = id?;
        if !is_id(&id) {
            return Some(fault(
                &Value::Null,
                REQUEST,
                "`id` is a text or a whole number",
            ));
        }
        let none = json!({});
        let params = message.get("params").unwrap_or(&none);
        if !params.is_object() {
            return Some(fault(&id, PARAMS, "`params` is an object"));
        }
        Some(match self.answer(method, params) {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err((code, why)) => fault(&id, code, &why),
        })
    }

    fn answer(&mut self, method: &str, params: &Value) -> Result<Value, (i64, String)> {
        if !self.is_open && !matches!(method, "initialize" | "ping") {
            return Err((REQUEST, "send `initialize` first".into()));
        }
        match method {
            "initialize" => {
                let asked = params.get("protocolVersion").and_then(Value::as_str);
                let asked = asked.ok_or((PARAMS, "`protocolVersion` is missing".to_owned()))?;
                self.is_open = true;
                let version = VERSIONS
                    .iter()
                    .find(|v| **v == asked)
                    .unwrap_or(&VERSIONS[0]);
                Ok(json!({
                    "protocolVersion": version,
                    "capabilities": {"tools": {"listChanged": false}},
                    "serverInfo": {"name": "rapporteur", "version": env!("CARGO_PKG_VERSION")},
                    "instructions": "A cited record of news coverage, read only. Every statement comes with passages (doc, start, end in code points, exact words): repeat them when you use it. What is unknown is null; it was not told by the sources.",
                }))
            }
            "ping" => Ok(json!({})),
            "tools/list" => Ok(json!({"tools": tools::list()})),
            "tools/call" => {
                let name = params
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let none = json!({});
                let arguments = params.get("arguments").unwrap_or(&none);
                let tool = tools::find(name)
                    .ok_or_else(|| (PARAMS, format!("there is no tool {name:?}")))?;
                tools::check(tool, arguments).map_err(|why| (PARAMS, why))?;
                Ok(match tools::call(&self.dir, name, arguments) {
                    Ok(value) => json!({
                        "content": [{"type": "text", "text": value.to_string()}],
                        "structuredContent": value,
                        "isError": false,
                    }),
                    Err(stop) => json!({
                        "content": [{"type": "text", "text": stop.message()}],
                        "isError": true,
                    }),
                })
            }
            other => Err((METHOD, format!("there is no method {other:?}"))),
        }
    }
}

fn fault(id: &Value, code: i64, why: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": why}})
}
