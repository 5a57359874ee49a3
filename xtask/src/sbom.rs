//! `xtask sbom`: what the binary is made of, as CycloneDX JSON. The same lock file gives the same
//! bytes: no clock, no random serial number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::option;

/// Writes it to `--out FILE` or to standard output.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let ran = Command::new(cargo)
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|e| format!("cargo metadata: {e}"))?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&ran.stdout).map_err(|e| e.to_string())?;
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).map_err(|e| e.to_string())?;
    let sbom = bill(&metadata, &sums(&lock))?;
    let text = format!("{:#}\n", sbom);
    match option(args, "--out") {
        Some(path) => std::fs::write(path, text).map_err(|e| format!("{path}: {e}")),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}

/// Checksums of the lock file, by name and version.
fn sums(lock: &str) -> BTreeMap<(String, String), String> {
    let table: toml::Table = lock.parse().unwrap_or_default();
    let packages = table.get("package").and_then(toml::Value::as_array);
    let text = |p: &toml::Value, key: &str| p.get(key)?.as_str().map(str::to_owned);
    let rows = packages.into_iter().flatten().filter_map(|p| {
        Some((
            (text(p, "name")?, text(p, "version")?),
            text(p, "checksum")?,
        ))
    });
    rows.collect()
}

/// The bill of the package `rapporteur`: what is linked or run to build it, not what only tests use.
fn bill(metadata: &Value, sums: &BTreeMap<(String, String), String>) -> Result<Value, String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages: BTreeMap<String, Value> = list(&metadata["packages"])
        .into_iter()
        .map(|p| (word(&p["id"]), p))
        .collect();
    let nodes: BTreeMap<String, Value> = list(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|n| (word(&n["id"]), n))
        .collect();
    let top = packages
        .iter()
        .find(|(_, p)| p["name"] == "rapporteur")
        .map(|(id, _)| id.clone())
        .ok_or("the workspace has no package `rapporteur`")?;
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open = vec![top.clone()];
    while let Some(id) = open.pop() {
        if uses.contains_key(&id) {
            continue;
        }
        let needed: BTreeSet<String> = list(&nodes[&id]["deps"])
            .iter()
            .filter(|dep| {
                list(&dep["dep_kinds"])
                    .iter()
                    .any(|kind| kind["kind"] != "dev")
            })
            .map(|dep| word(&dep["pkg"]))
            .collect();
        open.extend(needed.iter().cloned());
        uses.insert(id, needed);
    }
    let component = |id: &String| component(&packages[id], sums);
    let mut components: Vec<Value> = uses
        .keys()
        .filter(|id| **id != top)
        .map(component)
        .collect();
    components.sort_by_key(|c| word(&c["bom-ref"]));
    let mut dependencies: Vec<Value> = uses
        .iter()
        .map(|(id, needed)| {
            let mut on: Vec<String> = needed.iter().map(|id| purl(&packages[id])).collect();
            on.sort();
            json!({"ref": purl(&packages[id]), "dependsOn": on})
        })
        .collect();
    dependencies.sort_by_key(|d| word(&d["ref"]));
    Ok(json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": component(&top)},
        "components": components, "dependencies": dependencies,
    }))
}

fn component(package: &Value, sums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (word(&package["name"]), word(&package["version"]));
    let mut out = json!({
        "type": if name == "rapporteur" { "application" } else { "library" },
        "bom-ref": purl(package), "name": name, "version": version, "purl": purl(package),
    });
    if let Some(license) = package["license"].as_str() {
        // Old manifests write a slash where SPDX has a word.
        out["licenses"] = json!([{"expression": license.replace('/', " OR ")}]);
    }
    if let Some(sum) = sums.get(&(name, version)) {
        out["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
    }
    if let Some(repository) = package["repository"].as_str() {
        out["externalReferences"] = json!([{"type": "vcs", "url": repository}]);
    }
    out
}

fn purl(package: &Value) -> String {
    format!(
        "pkg:cargo/{}@{}",
        word(&package["name"]),
        word(&package["version"])
    )
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bill_names_what_is_linked_and_leaves_out_what_only_tests_use() {
        let package = |name: &str, license: &str| json!({"id": name, "name": name, "version": "1.0.0", "license": license});
        let on = |id: &str, kind: Value| json!({"pkg": id, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [package("rapporteur", "MIT OR Apache-2.0"), package("a", "MIT/Apache-2.0"), package("b", "MIT"), package("t", "MIT")],
            "resolve": {"nodes": [
                {"id": "rapporteur", "deps": [on("b", Value::Null), on("t", json!("dev"))]},
                {"id": "b", "deps": [on("a", json!("build"))]}, {"id": "a", "deps": []}, {"id": "t", "deps": []},
            ]},
        });
        let sums = sums("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"abc\"\n");
        let made = bill(&metadata, &sums).unwrap();
        let names: Vec<String> = made["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| word(&c["name"]))
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(made["components"][0]["hashes"][0]["content"], "abc");
        assert_eq!(
            made["components"][0]["licenses"][0]["expression"],
            "MIT OR Apache-2.0"
        );
        assert_eq!(made, bill(&metadata, &sums).unwrap());
        assert!(bill(&json!({}), &sums).is_err());
    }
}
