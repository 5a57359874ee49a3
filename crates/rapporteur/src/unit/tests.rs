use std::path::Path;

use rapporteur_page::warc::{self, Record};

use super::shelf::Folder;
use super::*;

/// A folder that goes away with the test.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new() -> Self {
        let mut bytes = [0u8; 8];
        getrandom::fill(&mut bytes).unwrap();
        let name = format!("rapporteur-unit-{:016x}", u64::from_le_bytes(bytes));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An archive of three articles, a page without one, and a damaged end.
pub(super) fn archive(to: &Path) {
    let mut out = Vec::new();
    for (n, town) in ["Velmouth", "Ostrey", "Tarnhead"].iter().enumerate() {
        let body = format!(
            "<html><head><title>Envoys meet in {town}</title>\
             <meta property=\"article:published_time\" content=\"2031-03-1{n}T08:00:00Z\"></head><body><article>\
             <h1>Envoys meet in {town}</h1><p>Delegations from France and Japan met in {town} on Monday to discuss the withdrawal of observers from the border zone, the two governments said.</p>\
             <p>About {n}00 observers are still stationed along the border, according to the joint commission that supervises the arrangement.</p></article></body></html>"
        );
        put(
            &mut out,
            &format!("https://{town}.example/{n}"),
            body.as_bytes(),
        );
    }
    put(
        &mut out,
        "https://empty.example/",
        b"<html><body><nav><a href=/>Home</a></nav></body></html>",
    );
    out.extend_from_slice(&[0x1f, 0x8b, 0x08, 0, 1, 2, 3]);
    std::fs::write(to, out).unwrap();
}

fn put(out: &mut Vec<u8>, url: &str, body: &[u8]) {
    let record = Record {
        url: url.into(),
        date: Some("2031-03-20T00:00:00Z".into()),
        mime: "text/html".into(),
        charset: Some("utf-8".into()),
        body: body.to_vec(),
    };
    warc::write_record(out, &record).unwrap();
}

pub(super) fn work<'w>(rules: &'w Rules, gate: Option<&'w Gate>, jobs: usize) -> Work<'w> {
    Work { rules, gate, jobs }
}

/// Every file below a folder that is no part in the making, with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push((
                entry.file_name().into_string().unwrap(),
                std::fs::read(&path).unwrap(),
            ));
        }
    }
    out.sort();
    out
}

#[test]
fn a_unit_is_the_same_by_any_name_and_any_number_of_threads() {
    let scratch = Scratch::new();
    let (a, b) = (scratch.0.join("a.warc.gz"), scratch.0.join("other.warc.gz"));
    archive(&a);
    archive(&b);
    let rules = Rules::embedded();
    let (x, y) = (Folder(scratch.0.join("x")), Folder(scratch.0.join("y")));
    let one = work(&rules, None, 1).unit("a", &a, &x).unwrap();
    let two = work(&rules, None, 3).unit("a", &b, &y).unwrap();
    assert_eq!(one.receipt(), two.receipt());
    assert_eq!(
        (
            one.receipt().pages,
            one.receipt().docs,
            one.receipt().errors
        ),
        (4, 3, 2)
    );
    assert_eq!(files(&x.0), files(&y.0));
    assert_eq!(files(&x.0).len(), 3, "nothing in the making is left");
}

#[test]
fn a_receipt_ends_it_and_what_a_killed_run_left_does_no_harm() {
    let scratch = Scratch::new();
    let a = scratch.0.join("a.warc.gz");
    archive(&a);
    let rules = Rules::embedded();
    let out = Folder(scratch.0.join("out"));
    let done = work(&rules, None, 2).unit("a", &a, &out).unwrap();
    let key = Key::new(&done.receipt().unit, rules.set().id(), None);
    let before = files(&out.0);
    let again = work(&rules, None, 2).unit("a", &a, &out).unwrap();
    assert!(matches!(again, Done::Known(_)));
    // Killed before the receipt, with a file in the making.
    std::fs::remove_file(out.0.join(key.of(RECEIPT))).unwrap();
    let left = out
        .stage()
        .unwrap()
        .join(format!("{}-left.pages", &done.receipt().unit[..16]));
    std::fs::write(&left, b"half").unwrap();
    let again = work(&rules, None, 2).unit("a", &a, &out).unwrap();
    assert!(matches!(again, Done::Read(_)));
    assert_eq!(files(&out.0), before);
    // A result that is not this one is never overwritten.
    std::fs::remove_file(out.0.join(key.of(RECEIPT))).unwrap();
    let bundles = out.0.join(key.of(BUNDLES));
    std::fs::write(&bundles, b"torn").unwrap();
    let failure = work(&rules, None, 2).unit("a", &a, &out).unwrap_err();
    assert!(failure.what.contains("damaged"), "{failure}");
    assert_eq!(std::fs::read(&bundles).unwrap(), b"torn");
    assert!(!out.0.join(key.of(RECEIPT)).exists());
}

#[test]
fn two_at_once_do_no_harm() {
    let scratch = Scratch::new();
    let a = scratch.0.join("a.warc.gz");
    archive(&a);
    let rules = Rules::embedded();
    let folder = scratch.0.join("out");
    let receipts: Vec<Receipt> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| work(&rules, None, 1).unit("a", &a, &Folder(folder.clone()))))
            .collect();
        runs.into_iter()
            .map(|run| run.join().unwrap().unwrap().receipt().clone())
            .collect()
    });
    assert!(receipts.iter().all(|r| *r == receipts[0]));
    assert_eq!(files(&folder).len(), 3);
}

#[test]
fn the_gate_keeps_out_before_the_parse_and_has_a_result_of_its_own() {
    let scratch = Scratch::new();
    let a = scratch.0.join("a.warc.gz");
    archive(&a);
    let rules = Rules::embedded();
    let out = Folder(scratch.0.join("out"));
    let gate = Gate::parse("gate", "[actors]\nJapan\n[places]\nOstrey\nTarnhead\n").unwrap();
    let done = work(&rules, Some(&gate), 1).unit("a", &a, &out).unwrap();
    let receipt = done.receipt();
    assert_eq!(
        (
            receipt.pages,
            receipt.docs,
            receipt.passed_over,
            receipt.errors
        ),
        (4, 2, 2, 1)
    );
    let whole = work(&rules, None, 1).unit("a", &a, &out).unwrap();
    assert!(
        matches!(whole, Done::Read(_)),
        "another gate is another result"
    );
    assert_eq!(out.receipts().unwrap().len(), 2);
}
