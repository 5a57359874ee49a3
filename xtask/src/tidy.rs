//! Checks the shape of the repository: crate arrows, length of files and functions, and that the
//! project speaks of itself only.

use std::fs;
use std::path::{Path, PathBuf};

/// Crates in the order of the house: each may use only those before it.
const ORDER: [&str; 10] = [
    "base",
    "page",
    "text",
    "temporal",
    "coder",
    "story",
    "record",
    "process",
    "desk",
    "rapporteur",
];
/// These read bytes and text without knowing of each other.
const APART: [&str; 3] = ["page", "text", "temporal"];
const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;

/// Findings that are known and still to be mended, one `file: name` a line: the list may only get
/// shorter.
const KNOWN: &str = include_str!("../tidy-known.txt");

/// Runs every check below `root`; each finding is one line. What `tidy-known.txt` names is passed
/// over, and an entry there that is no longer found is itself a finding.
pub(crate) fn run(root: &Path) -> Vec<String> {
    let mut findings = all(root);
    for known in KNOWN
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let before = findings.len();
        findings.retain(|finding| !finding.starts_with(known));
        if findings.len() == before {
            findings.push(format!(
                "xtask/tidy-known.txt: `{known}` is mended; take the line out"
            ));
        }
    }
    findings
}

fn all(root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for name in ORDER {
        let manifest = root.join("crates").join(name).join("Cargo.toml");
        if let Ok(text) = fs::read_to_string(&manifest) {
            arrows(name, &text, &mut findings);
        }
    }
    let mut files = Vec::new();
    sources(&root.join("crates"), &mut files);
    sources(&root.join("xtask"), &mut files);
    files.sort();
    for file in files {
        if let Ok(text) = fs::read_to_string(&file) {
            let shown = file
                .strip_prefix(root)
                .unwrap_or(&file)
                .display()
                .to_string();
            lengths(&shown, &text, &mut findings);
        }
    }
    findings
}

fn arrows(name: &str, manifest: &str, findings: &mut Vec<String>) {
    let own = ORDER.iter().position(|n| *n == name);
    for line in manifest.lines() {
        let Some(used) = line.strip_prefix("rapporteur-") else {
            continue;
        };
        let used = used.split(['.', ' ', '=']).next().unwrap_or_default();
        let apart = APART.contains(&name) && used != "base";
        let later = ORDER.iter().position(|n| *n == used) >= own;
        if apart || later {
            findings.push(format!(
                "crates/{name}/Cargo.toml: `{name}` may not use `{used}`; move the shared part to an earlier crate"
            ));
        }
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn lengths(file: &str, text: &str, findings: &mut Vec<String>) {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() > FILE_LINES {
        findings.push(format!(
            "{file}: {} lines, more than {FILE_LINES}; a table belongs in data/, a second concept in a second file",
            lines.len()
        ));
    }
    // Formatted source closes a function with a brace at the indent of its `fn`.
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let Some(before) = code.split("fn ").next().filter(|_| code.contains("fn ")) else {
            continue;
        };
        let opens = before.split_whitespace().all(|word| {
            matches!(
                word,
                "pub" | "const" | "async" | "pub(crate)" | "pub(super)"
            )
        });
        if !opens || !bodied(&lines[at..]) {
            continue;
        }
        let close = format!("{}}}", &line[..line.len() - code.len()]);
        let end = lines[at..]
            .iter()
            .position(|l| *l == close)
            .map_or(0, |n| n + 1);
        if end > FUNCTION_LINES {
            let name = code.split("fn ").nth(1).unwrap_or_default();
            let name = name.split(['(', '<']).next().unwrap_or_default();
            findings.push(format!(
                "{file}: `{name}`, line {}: {end} lines, more than {FUNCTION_LINES}; part it",
                at + 1
            ));
        }
    }
}

/// Whether the function that begins on the first line has a body, and does not end with `;` as a
/// declaration in a trait does.
fn bodied(lines: &[&str]) -> bool {
    lines
        .iter()
        .find(|line| line.contains('{') || line.trim_end().ends_with(';'))
        .is_some_and(|line| line.contains('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_upwards_is_found() {
        let mut findings = Vec::new();
        arrows(
            "temporal",
            "rapporteur-base.workspace = true\nrapporteur-coder.workspace = true\n",
            &mut findings,
        );
        assert_eq!(findings.len(), 1, "{findings:?}");
    }

    #[test]
    fn long_functions_are_found() {
        let body = "    x();\n".repeat(FUNCTION_LINES);
        let mut findings = Vec::new();
        lengths(
            "a.rs",
            &format!("pub fn long() {{\n{body}}}\nfn short() {{\n}}\n"),
            &mut findings,
        );
        assert_eq!(findings.len(), 1, "{findings:?}");
    }

    #[test]
    fn a_declaration_has_no_length() {
        let rest = "    // x\n".repeat(FUNCTION_LINES);
        let declared = "    fn now(&self) -> [u8; 2];\n    fn all(\n        &self,\n    ) -> u8;\n";
        let mut findings = Vec::new();
        lengths(
            "a.rs",
            &format!("trait World {{\n{declared}{rest}    fn short() {{\n    }}\n}}\n"),
            &mut findings,
        );
        assert!(findings.is_empty(), "{findings:?}");
    }
}
