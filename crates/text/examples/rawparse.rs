//! temp
use rapporteur_text::{Reader, conllu};
use std::io::Read;
fn main() {
    let mut t = String::new();
    std::io::stdin().read_to_string(&mut t).unwrap();
    let r = match std::env::args().nth(1) {
        Some(dir) => Reader::from_parts(
            std::fs::read(format!("{dir}/model.bin")).unwrap(),
            std::fs::read_to_string(format!("{dir}/lemmas.tsv")).unwrap(),
        ),
        None => Reader::embedded(),
    };
    let mut out = String::new();
    if t.starts_with('#') {
        for b in conllu::blocks(&t) {
            let f: Vec<&str> = b.words.iter().map(|w| w.form.as_str()).collect();
            let s = r.read_words(&f);
            conllu::write(&mut out, &s, &f, Some(&b));
        }
    } else {
        for s in r.read(&t) {
            let f: Vec<&str> = s.tokens.iter().map(|x| x.span.of(&t)).collect();
            conllu::write(&mut out, &s, &f, None);
        }
    }
    print!("{out}");
}
