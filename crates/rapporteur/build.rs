//! Names the rules: a hash over everything that decides what a page becomes, so that a record
//! always knows which rules and which code read a document.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Parts of the rule set: a name, and what it is made of, from the root of the workspace. Stories
/// and views are not among them: they are made anew from what these read.
const PARTS: [(&str, &[&str]); 6] = [
    ("base", &["crates/base/src"]),
    ("page", &["crates/page/src", "data/page"]),
    ("text", &["crates/text/src", "data/text"]),
    ("temporal", &["crates/temporal/src", "crates/temporal/data"]),
    (
        "coder",
        &[
            "crates/coder/src",
            "data/actors",
            "data/events",
            "data/figures",
            "data/places",
            "data/quotes",
        ],
    ),
    (
        "pipeline",
        &[
            "crates/rapporteur/src/pipeline.rs",
            "crates/rapporteur/src/pipeline",
        ],
    ),
];

fn main() -> io::Result<()> {
    let here = std::env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let root = Path::new(&here).join("../..");
    let mut table = String::from("const PARTS: &[(&str, &str)] = &[\n");
    for (name, places) in PARTS {
        let mut hasher = Sha256::new();
        for place in places {
            let path = root.join(place);
            println!("cargo::rerun-if-changed={}", path.display());
            if !path.exists() {
                let what = format!("{place}: a part of the rules that is not there; mend PARTS");
                return Err(io::Error::other(what));
            }
            add(&mut hasher, &root, &path)?;
        }
        let hash: String = hasher
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        table.push_str(&format!("    ({name:?}, \"sha256:{hash}\"),\n"));
    }
    table.push_str("];\n");
    let out = std::env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("parts.rs"), table)?;
    example(&root, Path::new(&out))
}

/// Adds a file, or a folder's files sorted by name.
fn add(hasher: &mut Sha256, root: &Path, path: &Path) -> io::Result<()> {
    for file in files(path)? {
        let name = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(&file)?;
        hasher.update((name.len() as u64).to_le_bytes());
        hasher.update(&name);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
    }
    Ok(())
}

fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)?
        .map(|e| e.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let mut out = Vec::new();
    for entry in entries {
        out.extend(files(&entry)?);
    }
    Ok(out)
}

/// Embeds the pages of the built-in example.
fn example(root: &Path, out: &Path) -> io::Result<()> {
    let folder = root.join("examples/us-iraq-talks");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut table = String::from("pub(crate) const PAGES: &[(&str, &[u8])] = &[\n");
    for file in files(&folder)? {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let page = [".html", ".txt", ".xml", ".jsonl"]
            .iter()
            .any(|e| name.ends_with(e));
        if page || (name.ends_with(".md") && name != "README.md") {
            let path = file.canonicalize()?;
            table.push_str(&format!(
                "    ({name:?}, include_bytes!({:?})),\n",
                path.display().to_string()
            ));
        }
    }
    table.push_str("];\n");
    fs::write(out.join("example.rs"), table)
}
