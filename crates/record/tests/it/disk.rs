//! What a disk and other processes can do to a desk.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};

use rapporteur_record::{
    Applied, Desk, ErrorKind, Filter, Mode, NewCorrection, Query, Store, View,
};

use crate::make::{Dir, NOW, Page, corpus};

fn filled(name: &str) -> Dir {
    let dir = Dir::new(name);
    let mut desk = Desk::init(&dir.0).unwrap();
    let items: Vec<_> = corpus().iter().map(Page::incoming).collect();
    desk.apply(&items, NOW).unwrap();
    dir
}

fn open(dir: &Dir, mode: Mode) -> Desk {
    Desk::open(&dir.0, mode).unwrap()
}

fn kind(result: Result<Desk, rapporteur_record::Error>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn a_folder_becomes_a_desk_once() {
    let dir = Dir::new("once");
    assert_eq!(kind(Desk::open(&dir.0, Mode::Read)), ErrorKind::NotADesk);
    let desk = Desk::init(&dir.0.join("deep/er")).unwrap();
    assert!(Desk::is_desk(desk.root()));
    assert_eq!(kind(Desk::init(desk.root())), ErrorKind::Exists);
}

#[test]
fn one_writes_and_many_read() {
    let dir = filled("two");
    let mut writer = open(&dir, Mode::Write);
    let error = Desk::open(&dir.0, Mode::Write).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    let pid = std::process::id().to_string();
    assert!(error.what().contains(&pid), "{error}");
    let mut reader = open(&dir, Mode::Read);
    let mut page = corpus().remove(0);
    page.bundle.raw.url = Some("https://elsewhere.example/".into());
    assert_eq!(
        writer.apply(&[page.incoming()], NOW).unwrap(),
        [Applied::New]
    );
    assert_eq!(reader.search(&Query::new("envoys")).unwrap().len(), 2);
    let refused = reader.apply(&[page.incoming()], NOW).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ReadOnly);
    drop(writer);
    open(&dir, Mode::Write);
}

#[test]
fn a_newer_desk_is_left_alone() {
    let dir = filled("newer");
    let db = rusqlite::Connection::open(dir.0.join("record.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    assert_eq!(
        kind(Desk::open(&dir.0, Mode::Write)),
        ErrorKind::NewerSchema
    );
    assert_eq!(kind(Desk::open(&dir.0, Mode::Read)), ErrorKind::NewerSchema);
}

#[test]
fn another_file_is_not_a_desk() {
    let dir = Dir::new("other");
    let path = dir.0.join("record.db");
    fs::write(
        &path,
        "some notes, not a database, and long enough to have a head of a page",
    )
    .unwrap();
    for mode in [Mode::Read, Mode::Write] {
        assert_eq!(kind(Desk::open(&dir.0, mode)), ErrorKind::Corrupt);
    }
    fs::remove_file(&path).unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 1;")
        .unwrap();
    drop(db);
    assert_eq!(kind(Desk::open(&dir.0, Mode::Write)), ErrorKind::NotADesk);
}

#[test]
fn a_read_only_desk_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let dir = filled("frozen");
    let set = |folder: u32, file: u32| {
        for entry in fs::read_dir(&dir.0).unwrap() {
            let entry = entry.unwrap();
            let mode = if entry.path().is_dir() { folder } else { file };
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(&dir.0, fs::Permissions::from_mode(folder)).unwrap();
    };
    set(0o555, 0o444);
    let probe = fs::write(dir.0.join("probe"), "x");
    if probe.is_ok() {
        // The superuser may write anywhere: nothing to see here.
        set(0o755, 0o644);
        return;
    }
    let refused = kind(Desk::open(&dir.0, Mode::Write));
    let found = Desk::open(&dir.0, Mode::Read).map(|desk| desk.search(&Query::new("envoys")));
    set(0o755, 0o644);
    assert_eq!(refused, ErrorKind::ReadOnly);
    assert_eq!(found.unwrap().unwrap().len(), 1);
}

#[test]
fn the_tail_of_an_interrupted_write_is_cut() {
    let dir = filled("tail");
    let segment = dir.0.join("pages/00001.warc.gz");
    let whole = fs::read(&segment).unwrap();
    let mut file = OpenOptions::new().append(true).open(&segment).unwrap();
    file.write_all(&whole[..40]).unwrap();
    drop(file);
    assert_eq!(open(&dir, Mode::Read).check().unwrap().findings, []);
    let mut desk = open(&dir, Mode::Write);
    assert_eq!(fs::read(&segment).unwrap(), whole);
    let mut page = corpus().remove(0);
    page.bytes.push(b'!');
    page.bundle.raw.sha256 = rapporteur_base::sha256_hex(&page.bytes);
    page.bundle.raw.len += 1;
    desk.apply(&[page.incoming()], NOW).unwrap();
    assert_eq!(desk.raw(&page.bundle.raw.sha256).unwrap(), page.bytes);
    assert_eq!(desk.check().unwrap().findings, []);
}

#[test]
fn lost_bytes_are_found_and_nothing_is_written_over() {
    let dir = filled("short");
    let segment = dir.0.join("pages/00001.warc.gz");
    let len = fs::metadata(&segment).unwrap().len();
    OpenOptions::new()
        .write(true)
        .open(&segment)
        .unwrap()
        .set_len(len - 9)
        .unwrap();
    let mut desk = open(&dir, Mode::Write);
    let found = desk.check().unwrap().findings;
    assert!(found.iter().any(|f| f.what == "segments"), "{found:?}");
    assert!(found.iter().any(|f| f.what == "raw"), "{found:?}");
    let mut page = corpus().remove(0);
    page.bytes.push(b'!');
    page.bundle.raw.sha256 = rapporteur_base::sha256_hex(&page.bytes);
    page.bundle.raw.len += 1;
    desk.apply(&[page.incoming()], NOW).unwrap();
    assert!(dir.0.join("pages/00002.warc.gz").is_file());
    assert_eq!(fs::metadata(&segment).unwrap().len(), len - 9);
}

#[test]
fn a_flipped_byte_is_found() {
    let dir = filled("flip");
    let segment = dir.0.join("pages/00001.warc.gz");
    let len = fs::metadata(&segment).unwrap().len();
    let mut bytes = fs::read(&segment).unwrap();
    bytes[usize::try_from(len).unwrap() / 2] ^= 0x40;
    fs::write(&segment, bytes).unwrap();
    let found = open(&dir, Mode::Read).check().unwrap().findings;
    assert!(found.iter().any(|f| f.what == "raw"), "{found:?}");

    let dir = filled("flip-db");
    let path = dir.0.join("record.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    let change = "UPDATE coding SET marks_z = zeroblob(9) WHERE rowid = 1";
    db.execute(change, []).unwrap();
    drop(db);
    let desk = open(&dir, Mode::Read);
    let found = desk.check().unwrap().findings;
    assert_eq!(
        (found.len(), found[0].what.as_str()),
        (1, "rows"),
        "{found:?}"
    );
    // The others are read, and the view says which one is left out.
    let view = View::load(&desk, &Filter::default()).unwrap();
    assert_eq!((view.docs.len(), view.damaged.len()), (2, 1));
    assert_eq!(view.damaged[0].doc, found[0].at);
}

#[test]
fn a_changed_correction_breaks_the_chain() {
    let dir = filled("chain");
    let mut desk = open(&dir, Mode::Write);
    let view = View::load(&desk, &Filter::default()).unwrap();
    for (row, new) in [(&view.docs[0], "A title"), (&view.docs[1], "Another")] {
        let body = NewCorrection {
            at: NOW.into(),
            who: "Ana".into(),
            why: "typing error".into(),
            ..view.propose(&row.id, "title", new).unwrap()
        };
        desk.correct(&body).unwrap();
    }
    assert_eq!(desk.check().unwrap().findings, []);
    drop(desk);
    let db = rusqlite::Connection::open(dir.0.join("record.db")).unwrap();
    assert!(db.execute("UPDATE correction SET new = 'x'", []).is_err());
    assert!(db.execute("DELETE FROM correction", []).is_err());
    db.execute_batch(
        "DROP TRIGGER correction_stays; UPDATE correction SET new = 'x' WHERE seq = 1",
    )
    .unwrap();
    drop(db);
    let found = open(&dir, Mode::Read).check().unwrap().findings;
    assert_eq!(
        (found[0].what.as_str(), found[0].at.as_str()),
        ("corrections", "1")
    );
}

#[test]
fn a_lost_index_row_is_found() {
    let dir = filled("index");
    let db = rusqlite::Connection::open(dir.0.join("record.db")).unwrap();
    db.execute(
        "DELETE FROM fts WHERE rowid = (SELECT max(rowid) FROM fts)",
        [],
    )
    .unwrap();
    db.execute("UPDATE meta SET value = '0' WHERE key = 'analyser'", [])
        .unwrap();
    drop(db);
    let found = open(&dir, Mode::Read).check().unwrap().findings;
    assert!(found.iter().any(|f| f.what == "index"), "{found:?}");
    // Another analyser's index is made again by the next writer.
    let desk = open(&dir, Mode::Write);
    assert_eq!(desk.check().unwrap().findings, []);
    assert_eq!(desk.search(&Query::new("southland")).unwrap().len(), 3);
}

#[test]
fn a_backup_is_a_desk() {
    let dir = filled("backup");
    let to = Dir::new("copy");
    open(&dir, Mode::Read).backup(&to.0, &[]).unwrap();
    let (one, two) = (open(&dir, Mode::Read), open(&to, Mode::Write));
    assert_eq!(two.check().unwrap().findings, []);
    let all = Filter::default();
    assert_eq!(
        View::load(&one, &all).unwrap(),
        View::load(&two, &all).unwrap()
    );
    assert_eq!(
        kind(one.backup(&to.0, &[]).map(|_| unreachable!())),
        ErrorKind::Exists
    );
}

#[test]
fn a_full_disk_loses_nothing() {
    let dir = filled("full");
    let mut desk = open(&dir, Mode::Write);
    // No file system is needed: the database may not grow, which fails like a full disk.
    let pages = desk.limit_pages(0).unwrap();
    let mut last = Ok(());
    let mut kept = 3;
    for n in 0..200 {
        let mut page = corpus().remove(0);
        page.bytes.extend(format!("{n}").repeat(2000).into_bytes());
        page.bundle.raw.sha256 = rapporteur_base::sha256_hex(&page.bytes);
        page.bundle.raw.len = page.bytes.len() as u64;
        match desk.apply(&[page.incoming()], NOW) {
            Ok(_) => kept += 1,
            Err(error) => {
                last = Err(error.kind());
                break;
            }
        }
    }
    assert_eq!(last, Err(ErrorKind::DiskFull));
    assert_eq!(desk.check().unwrap().findings, []);
    let view = View::load(&desk, &Filter::default()).unwrap();
    assert_eq!(view.docs.len(), kept);
    desk.limit_pages(pages + 100_000).unwrap();
    let mut page = corpus().remove(1);
    page.bundle.raw.url = None;
    desk.apply(&[page.incoming()], NOW).unwrap();
    assert_eq!(desk.check().unwrap().findings, []);
    let mut file = fs::File::open(dir.0.join("pages/00001.warc.gz")).unwrap();
    assert!(file.seek(SeekFrom::End(0)).unwrap() > 0);
}
