//! Learning the language models.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rapporteur_base::sha256_hex;
use rapporteur_text::Reader;
use rapporteur_text::conllu::{self, Block};
use rapporteur_text::train::{self as learn, Data};

use crate::{option, say};

/// The genres of GUM whose texts are open; the others are non-commercial and stay out.
pub(crate) const GUM_GENRES: [&str; 8] = [
    "news",
    "interview",
    "bio",
    "voyage",
    "textbook",
    "vlog",
    "conversation",
    "speech",
];

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let data_dir = PathBuf::from(option(args, "--data").ok_or("--data DIR is missing")?);
    let out = PathBuf::from(option(args, "--out").unwrap_or("data/text"));
    match option(args, "--only") {
        None => parser(&data_dir, &out)?,
        Some("names") => {}
        Some(other) => return Err(format!("--only {other}: the one part is `names`")),
    }
    names(&data_dir, &out)?;
    manifest(&out)
}

/// Tagger, parser and lemmas.
fn parser(data_dir: &Path, out: &Path) -> Result<(), String> {
    let mut data = Data {
        trees: trees(data_dir)?,
        ..Data::default()
    };
    clusters(Path::new(CLASSES), &mut data)?;
    data.vectors = fs::read(VECTORS).map_err(|e| format!("{VECTORS}: {e}"))?;
    say(&format!("{} trees", data.trees.len()));
    let learnt = learn::train(&data, &mut |line| say(&line));
    write(&out.join("model.bin"), &learnt.model)?;
    write(&out.join("lemmas.tsv"), learnt.lemmas.as_bytes())
}

/// The name models, over the tagger that stands in `out`.
fn names(data_dir: &Path, out: &Path) -> Result<(), String> {
    let model = fs::read(out.join("model.bin")).map_err(|e| format!("model.bin: {e}"))?;
    let lemmas = read(out, "lemmas.tsv")?;
    let reader = Reader::from_parts(model, Vec::new(), lemmas);
    let data = crate::names::data(data_dir)?;
    say(&format!("{} sentences with names", data.names.len()));
    let (bytes, log) = learn::train_names(&data, &reader);
    log.iter().for_each(|line| say(line));
    write(&out.join("names.bin"), &bytes)
}

/// The sums of what was written.
fn manifest(out: &Path) -> Result<(), String> {
    let mut manifest = MANIFEST.to_owned();
    let classes = PathBuf::from(CLASSES);
    let files = [
        ("model.bin", out.join("model.bin")),
        ("names.bin", out.join("names.bin")),
        ("lemmas.tsv", out.join("lemmas.tsv")),
        ("clusters.tsv", classes),
        ("vectors.bin", PathBuf::from(VECTORS)),
    ];
    for (name, path) in files {
        let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        manifest.push_str(&format!("\"{name}\" = \"{}\"\n", sha256_hex(&bytes)));
    }
    write(&out.join("manifest.toml"), manifest.as_bytes())
}

/// The table of word classes that training reads.
const CLASSES: &str = "data/text/clusters.tsv";

/// The vectors of its words that training begins with.
const VECTORS: &str = "data/text/vectors.bin";

/// The head of the manifest; the sums follow.
const MANIFEST: &str = r#"# Written by the command below; do not edit.
command = "cargo xtask train --data DIR"
data = [
  "UD_English-EWT train (CC BY-SA 4.0)",
  "UD_English-GUM train, genres news interview bio voyage textbook vlog conversation speech (CC BY, public domain)",
  "UNER_English-EWT train (CC BY-SA 4.0)",
  "WNUT17 train (CC BY 4.0)",
  "ANERcorp train (CC BY-SA 4.0)",
  "people.tsv from Faker 40.63.0 (MIT)",
  "re3d train without BBC (public domain, OGL, CC BY, CC BY-SA)",
  "clusters.tsv and vectors.bin from all-MiniLM-L6-v2 (Apache-2.0)",
]

[sha256]
"#;

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}

/// Reads `DIR/name` or `DIR/name.gz`.
pub(crate) fn read(dir: &Path, name: &str) -> Result<String, String> {
    let path = dir.join(name);
    if path.exists() {
        return fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()));
    }
    let path = dir.join(format!("{name}.gz"));
    let file = fs::File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(text)
}

pub(crate) fn trees(dir: &Path) -> Result<Vec<Block>, String> {
    let mut all: Vec<Block> = conllu::blocks(&read(dir, "ud/en_ewt-train.conllu")?).collect();
    all.extend(open_gum(dir)?);
    all.retain(|block| !block.words.is_empty());
    Ok(all)
}

/// The sentences of GUM's open genres.
pub(crate) fn open_gum(dir: &Path) -> Result<Vec<Block>, String> {
    let text = read(dir, "ud/en_gum-train.conllu")?;
    let open = |block: &Block| {
        let genre = block.comment("sent_id").and_then(|id| id.split('_').nth(1));
        genre.is_some_and(|genre| GUM_GENRES.contains(&genre))
    };
    Ok(conllu::blocks(&text).filter(open).collect())
}

/// The committed table of word classes: "word TAB fine TAB coarse".
fn clusters(path: &Path, data: &mut Data) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let row = (
            columns.next(),
            columns.next().map(str::parse::<u16>),
            columns.next().map(str::parse::<u8>),
        );
        let (Some(word), Some(Ok(fine)), Some(Ok(coarse))) = row else {
            return Err(format!(
                "{}: not \"word TAB class TAB class\": {line}",
                path.display()
            ));
        };
        data.clusters.push((word.to_owned(), fine));
        let at = usize::from(fine);
        if data.coarse.len() <= at {
            data.coarse.resize(at + 1, 0);
        }
        data.coarse[at] = coarse;
    }
    Ok(())
}
