//! A whole export in one file: the brief in every form, the record in every format, and beside
//! them codebooks, licence, citation and a manifest with the hash of every file.

use rapporteur_base::sha256_hex;
use rapporteur_record::View;
use rapporteur_record::export::{CITATION, File, Format, LICENCE, export, zip};

use crate::{Brief, Room, brief, docx, html, markdown};

/// Forms of the brief as files: name, kind of content.
pub const BRIEFS: [(&str, &str); 3] = [
    ("brief.html", "text/html; charset=utf-8"),
    ("brief.md", "text/markdown; charset=utf-8"),
    (
        "brief.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
];

/// The brief without a limit on its lines.
const ALL: Room = Room {
    events: usize::MAX,
    rows: usize::MAX,
    since: None,
};

/// A form of the brief of a view, whole, by the name of its file.
pub fn brief_file(view: &View, name: &str) -> Option<Vec<u8>> {
    BRIEFS.iter().find(|(known, _)| *known == name)?;
    Some(in_form(&brief(view, ALL), name))
}

fn in_form(brief: &Brief, name: &str) -> Vec<u8> {
    match name {
        "brief.html" => html(brief).into_bytes(),
        "brief.md" => markdown(brief).into_bytes(),
        _ => docx(brief),
    }
}

/// One format with its codebook and manifest, packed; `None` if it is more than a zip holds.
pub fn packed(view: &View, format: Format, program: &str) -> Option<Vec<u8>> {
    zip(&export(view, format, program))
}

/// Everything, packed; `None` if it is more than a zip holds. `program` is name and version, for
/// the manifests.
pub fn bundle(view: &View, program: &str) -> Option<Vec<u8>> {
    let whole = brief(view, ALL);
    let mut files: Vec<File> = BRIEFS
        .iter()
        .map(|(name, _)| File {
            name: (*name).to_owned(),
            bytes: in_form(&whole, name),
        })
        .collect();
    for format in Format::ALL {
        files.extend(export(view, format, program).into_iter().map(|file| File {
            name: format!("{}/{}", format.name(), file.name),
            bytes: file.bytes,
        }));
    }
    files.push(text("codebook.md", contents()));
    files.push(text("LICENCE.txt", LICENCE.to_owned()));
    files.push(text("CITATION.txt", CITATION.to_owned()));
    let manifest = manifest(view, program, &files);
    files.push(text("manifest.json", manifest));
    zip(&files)
}

fn text(name: &str, text: String) -> File {
    File {
        name: name.to_owned(),
        bytes: text.into_bytes(),
    }
}

/// Where the meaning of each folder's files stands.
fn contents() -> String {
    let mut out = String::from(
        "# What is in here\n\nThe brief, cited line by line: `brief.html` (one page, ready to print), `brief.md`, `brief.docx`. \
         Then one folder a format, each with the meaning of its columns in its own `codebook.md` and what it was made of \
         in its own `manifest.json`:\n\n",
    );
    for format in Format::ALL {
        let files = format.files();
        let data: Vec<&str> = files.iter().map(String::as_str).collect();
        let data = data.get(..data.len() - 2).unwrap_or_default();
        out.push_str(&format!("- `{}/`: {}\n", format.name(), data.join(", ")));
    }
    out.push_str("\n`LICENCE.txt` says whose the content is, `CITATION.txt` how to cite it, `manifest.json` has the SHA-256 of every file.\n");
    out
}

fn manifest(view: &View, program: &str, files: &[File]) -> String {
    let listed: Vec<_> = files
        .iter()
        .map(|f| {
            serde_json::json!({"name": f.name, "bytes": f.bytes.len(), "sha256": sha256_hex(&f.bytes)})
        })
        .collect();
    let all = serde_json::json!({"program": program, "filter": view.filter, "documents": view.docs.len(), "files": listed});
    format!("{all:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_holds_every_format_and_is_the_same_twice() {
        let view = View::default();
        let bytes = bundle(&view, "rapporteur test").unwrap();
        assert_eq!(bytes, bundle(&view, "rapporteur test").unwrap());
        let holds = |name: &str| bytes.windows(name.len()).any(|w| w == name.as_bytes());
        for format in Format::ALL {
            for file in format.files() {
                let name = format!("{}/{file}", format.name());
                assert!(holds(&name), "{name}");
            }
        }
        assert!(holds("LICENCE.txt") && holds("CITATION.txt") && holds("brief.docx"));
        assert_eq!(brief_file(&view, "brief.pdf"), None);
    }
}
