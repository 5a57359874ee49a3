//! The audit log: who signed in, what was refused, what changed in the accounts, what was taken out.
//!
//! One JSON object a line in `audit.jsonl`, only ever appended to. Each line carries the hash of
//! the one before it, as corrections do: a line that is changed or removed breaks the chain. The
//! end of the log cannot be guarded so: who can write the file can also cut its tail off.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::accounts::private;
use super::guard::hex;

/// Name of the file in the desk's folder.
pub const FILE: &str = "audit.jsonl";

/// What a line about accounts is called.
pub(crate) const ACCOUNT: &str = "account";

/// A line to be written.
#[derive(Clone, Copy, Debug)]
pub struct Note<'n> {
    /// Now, RFC 3339.
    pub at: &'n str,
    /// Name of the account, or `command line`.
    pub who: &'n str,
    /// Address that the request came from, if it was one.
    pub from: &'n str,
    /// What happened: `sign-in`, `sign-in failed`, `sign-out`, `account`, `export`, `refused`, `check`.
    pub what: &'n str,
    /// Of what. Never anything secret.
    pub about: &'n str,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Number, from 1.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// From which address.
    pub from: String,
    /// What.
    pub what: String,
    /// Of what.
    pub about: String,
    /// Hash of the line before; zeros for the first.
    pub prev: String,
    /// SHA-256 over all of the above.
    pub hash: String,
}

impl Entry {
    fn link(&self) -> String {
        let mut hash = Sha256::new();
        let seq = self.seq.to_string();
        let parts = [
            &self.prev,
            &seq,
            &self.at,
            &self.who,
            &self.from,
            &self.what,
            &self.about,
        ];
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// The log as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Its lines, in order.
    pub entries: Vec<Entry>,
    /// Number of the line where the chain breaks first.
    pub broken: Option<u64>,
}

/// Most bytes of one value: a line is short and is read back from the end of the file.
const LONGEST: usize = 400;
/// More than the longest line, escapes included.
const TAIL: u64 = 16 << 10;

/// Appends a line. It is on the disk when this returns.
///
/// # Errors
/// The file cannot be written or its last line cannot be read.
pub fn append(dir: &Path, note: &Note<'_>) -> Result<(), String> {
    let path = dir.join(FILE);
    write(&path, note).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, note: &Note<'_>) -> std::io::Result<()> {
    let mut file = private(path, false)?;
    file.lock()?;
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(end.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let (last, torn) = last(&tail)?;
    let (seq, prev) = last.map_or((1, "0".repeat(64)), |last| (last.seq + 1, last.hash));
    let mut entry = Entry {
        seq,
        at: cut(note.at),
        who: cut(note.who),
        from: cut(note.from),
        what: cut(note.what),
        about: cut(note.about),
        prev,
        hash: String::new(),
    };
    entry.hash = entry.link();
    let mut line = serde_json::to_string(&entry).map_err(std::io::Error::other)?;
    line.push('\n');
    if torn {
        // A write that a crash cut short stays as a line of its own, which the check tells.
        line.insert(0, '\n');
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(line.as_bytes())?;
    file.sync_data()
}

/// The last whole line, and whether something torn stands behind it.
fn last(tail: &[u8]) -> std::io::Result<(Option<Entry>, bool)> {
    let torn = tail.last().is_some_and(|b| *b != b'\n');
    let lines = tail.split(|b| *b == b'\n').rev().filter(|l| !l.is_empty());
    let mut any = false;
    for line in lines {
        any = true;
        if let Ok(entry) = serde_json::from_slice(line) {
            return Ok((Some(entry), torn));
        }
    }
    if any {
        return Err(std::io::Error::other(
            "its last lines are no lines of an audit log; move the file away to begin a new one",
        ));
    }
    Ok((None, false))
}

/// A value of bounded length without signs that steer a terminal or turn the reading order.
fn cut(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if out.len() + c.len_utf8() > LONGEST {
            break;
        }
        let turns =
            matches!(u32::from(c), 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF);
        out.push(if c.is_control() || turns {
            '\u{fffd}'
        } else {
            c
        });
    }
    out
}

/// Reads the log and checks its chain. A desk without one has an empty log.
///
/// # Errors
/// The file cannot be read.
pub fn read(dir: &Path) -> Result<Log, String> {
    let path = dir.join(FILE);
    let text = match fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Log::default()),
        Err(e) => return Err(format!("{}: {e}", path.display())),
    };
    let mut log = Log::default();
    let mut prev = "0".repeat(64);
    for line in text.lines().filter(|line| !line.is_empty()) {
        let seq = log.entries.len() as u64 + 1;
        let Ok(entry) = serde_json::from_str::<Entry>(line) else {
            log.broken.get_or_insert(seq);
            continue;
        };
        if entry.seq != seq || entry.prev != prev || entry.hash != entry.link() {
            log.broken.get_or_insert(seq);
        }
        prev.clone_from(&entry.hash);
        log.entries.push(entry);
    }
    Ok(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note<'n>(what: &'n str, about: &'n str) -> Note<'n> {
        Note {
            at: "2024-05-07T10:00:00Z",
            who: "Ana",
            from: "192.0.2.1",
            what,
            about,
        }
    }

    fn folder(name: &str) -> std::path::PathBuf {
        let dir =
            std::env::temp_dir().join(format!("rapporteur-audit-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn a_changed_or_removed_line_breaks_the_chain() {
        let dir = folder("chain");
        for about in ["one", "two", "three \u{202e}\n four"] {
            append(&dir, &note("account", about)).unwrap();
        }
        let log = read(&dir).unwrap();
        assert_eq!((log.entries.len(), log.broken), (3, None));
        assert!(!log.entries[2].about.contains(['\u{202e}', '\n']));
        let text = fs::read_to_string(dir.join(FILE)).unwrap();
        fs::write(dir.join(FILE), text.replacen("two", "zwo", 1)).unwrap();
        assert_eq!(read(&dir).unwrap().broken, Some(2));
        let without: Vec<&str> = text
            .lines()
            .enumerate()
            .filter(|(n, _)| *n != 1)
            .map(|(_, l)| l)
            .collect();
        fs::write(dir.join(FILE), without.join("\n")).unwrap();
        assert_eq!(read(&dir).unwrap().broken, Some(2));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_torn_line_is_told_and_the_log_goes_on() {
        let dir = folder("torn");
        append(&dir, &note("account", "one")).unwrap();
        let mut text = fs::read_to_string(dir.join(FILE)).unwrap();
        text.push_str("{\"seq\":2,\"at\":\"20");
        fs::write(dir.join(FILE), text).unwrap();
        append(&dir, &note("account", "two")).unwrap();
        let log = read(&dir).unwrap();
        assert_eq!(log.entries.len(), 2);
        assert_eq!(log.entries[1].seq, 2);
        assert_eq!(log.broken, Some(2));
        fs::remove_dir_all(dir).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_log() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = folder("mode");
        append(&dir, &note("account", "one")).unwrap();
        let mode = fs::metadata(dir.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(dir).unwrap();
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_and_only_a_whole_chain_holds(bytes: Vec<u8>) {
            let dir = folder("bytes");
            fs::write(dir.join(FILE), &bytes).unwrap();
            let log = read(&dir).unwrap();
            let blank = bytes.iter().all(|b| b"\r\n".contains(b));
            proptest::prop_assert_eq!(log.broken.is_none(), blank);
            fs::remove_dir_all(dir).unwrap();
        }
    }
}
