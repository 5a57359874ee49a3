//! Figures of the embedded language models on development data.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rapporteur_base::Span;
use rapporteur_text::conllu;
use rapporteur_text::{EntityKind, Reader, Sentence};

use crate::names::{documents, entities, iob};
use crate::train::read;
use crate::{option, raw, say};

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let dir = PathBuf::from(option(args, "--data").ok_or("--data DIR is missing")?);
    let reader = match option(args, "--model") {
        None => Reader::embedded(),
        Some(path) => {
            let path = PathBuf::from(path);
            let bytes = std::fs::read(path.join("model.bin")).map_err(|e| e.to_string())?;
            let lemmas =
                std::fs::read_to_string(path.join("lemmas.tsv")).map_err(|e| e.to_string())?;
            let names = std::fs::read(path.join("names.bin")).map_err(|e| e.to_string())?;
            Reader::from_parts(bytes, names, lemmas)
        }
    };
    for name in ["en_ewt", "en_gum"] {
        trees(
            &reader,
            name,
            &read(&dir, &format!("ud/{name}-dev.conllu"))?,
        );
    }
    for name in ["uner_en_ewt", "anercorp_ar", "aqmar_ar"] {
        names(&reader, name, &read(&dir, &format!("ner/{name}-dev.iob"))?);
    }
    mentions(&reader, &read(&dir, "re3d/re3d_en-dev.jsonl")?)?;
    Ok(())
}

fn trees(reader: &Reader, name: &str, text: &str) {
    let blocks: Vec<conllu::Block> = conllu::blocks(text)
        .filter(|b| !b.words.is_empty())
        .collect();
    let start = std::time::Instant::now();
    let parses: Vec<Sentence> = blocks
        .iter()
        .map(|b| reader.read_words(&b.words.iter().map(|w| w.form.as_str()).collect::<Vec<_>>()))
        .collect();
    let seconds = start.elapsed().as_secs_f64();
    let (mut all, mut upos, mut xpos, mut lemma, mut uas, mut las) = (0, 0, 0, 0, 0, 0);
    for (block, parse) in blocks.iter().zip(&parses) {
        for (row, token) in block.words.iter().zip(&parse.tokens) {
            all += 1;
            upos += usize::from(row.upos == token.upos.name());
            xpos += usize::from(row.xpos == token.xpos);
            lemma += usize::from(row.lemma == token.lemma || row.lemma == "_");
            if row.head == token.head.map_or(0, |h| h + 1) {
                uas += 1;
                let main = |name: &str| name.split(':').next().map(str::to_owned);
                las += usize::from(main(&row.deprel) == main(token.deprel.name()));
            }
        }
    }
    let share = |n: usize| 100.0 * n as f64 / all as f64;
    say(&format!(
        "{name}: UPOS {:.2} XPOS {:.2} lemma {:.2} UAS {:.2} LAS {:.2}   {:.0} words a wall second",
        share(upos),
        share(xpos),
        share(lemma),
        share(uas),
        share(las),
        all as f64 / seconds
    ));
    let [sentences, words, upos, uas, las] = raw::figures(reader, &blocks);
    say(&format!(
        "{name} from raw text: sentences {sentences:.2} words {words:.2} UPOS {upos:.2} UAS {uas:.2} LAS {las:.2}"
    ));
}

fn names(reader: &Reader, name: &str, text: &str) {
    let (mut right, mut found, mut gold) = ([0usize; 4], [0usize; 4], [0usize; 4]);
    for sentence in iob(text) {
        let forms: Vec<&str> = sentence.forms.iter().map(String::as_str).collect();
        let parse = reader.read_words(&forms);
        let mut truth: Vec<(usize, usize, usize)> = Vec::new();
        for (at, name) in sentence.names.iter().enumerate() {
            match (name, truth.last_mut()) {
                (Some((_, false)), Some(last)) if last.1 + 1 == at => last.1 = at,
                (Some((kind, _)), _) => truth.push((at, at, *kind as usize)),
                (None, _) => {}
            }
        }
        for name in &parse.names {
            found[name.kind as usize] += 1;
            let hit = truth.contains(&(name.first, name.last, name.kind as usize));
            right[name.kind as usize] += usize::from(hit);
        }
        truth.iter().for_each(|t| gold[t.2] += 1);
    }
    say(&line(name, &right, &found, &gold));
}

/// Mentions of people, organisations and places: spans by bytes, each kind by itself.
fn mentions(reader: &Reader, text: &str) -> Result<(), String> {
    let (mut right, mut found, mut gold) = ([0usize; 4], [0usize; 4], [0usize; 4]);
    for row in documents(text)? {
        let text = row["text"].as_str().unwrap_or_default();
        let truth: BTreeSet<(Span, EntityKind)> = entities(text, &row["entities"])
            .into_iter()
            .filter(|e| e.1 != EntityKind::Misc)
            .collect();
        let mut ours = BTreeSet::new();
        for sentence in reader.read(text) {
            let names = sentence.names.iter().map(|n| (n.span, n.kind));
            ours.extend(names.filter(|n| n.1 != EntityKind::Misc));
            ours.extend(
                reader
                    .mentions(text, &sentence)
                    .iter()
                    .map(|m| (m.span, m.kind)),
            );
        }
        for (span, kind) in &ours {
            found[*kind as usize] += 1;
            right[*kind as usize] += usize::from(truth.contains(&(*span, *kind)));
        }
        for (_, kind) in &truth {
            gold[*kind as usize] += 1;
        }
    }
    say(&line("re3d mentions", &right, &found, &gold));
    Ok(())
}

fn line(name: &str, right: &[usize; 4], found: &[usize; 4], gold: &[usize; 4]) -> String {
    let f1 = |r: usize, f: usize, g: usize| 200.0 * r as f64 / (f + g).max(1) as f64;
    let sum = |x: &[usize; 4]| x[..3].iter().sum::<usize>();
    format!(
        "{name}: F1 {:.2} (P {:.2} R {:.2}) PER {:.1} ORG {:.1} LOC {:.1} MISC {:.1}; F1 with MISC {:.2}",
        f1(sum(right), sum(found), sum(gold)),
        100.0 * sum(right) as f64 / sum(found).max(1) as f64,
        100.0 * sum(right) as f64 / sum(gold).max(1) as f64,
        f1(right[0], found[0], gold[0]),
        f1(right[1], found[1], gold[1]),
        f1(right[2], found[2], gold[2]),
        f1(right[3], found[3], gold[3]),
        f1(right.iter().sum(), found.iter().sum(), gold.iter().sum()),
    )
}
