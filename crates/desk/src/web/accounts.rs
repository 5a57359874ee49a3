//! Accounts of a desk: names, roles, passwords as Argon2id hashes, tokens of programs as hashes.
//!
//! They stand in a file of their own beside the record, `accounts.json`, readable by its owner
//! alone. Nothing that exports or backs up the record touches it. Every change goes through
//! [`change`], which holds a lock, writes the line of the audit log and replaces the file whole.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, Params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::audit::{self, Note};
use super::credentials::{self, LONGEST, check_password, checked_name, folded, plain};
use super::guard::hex;

/// Name of the file in the desk's folder.
pub const FILE: &str = "accounts.json";
const LOCK: &str = "accounts.lock";

/// How a token begins, so that one that was pasted somewhere can be found.
const PREFIX: &str = "rpt_";

/// What an account may do. Each role may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees all, changes nothing.
    Reader,
    /// Corrects, adds, decides.
    Analyst,
    /// Also manages accounts and sources and suppresses documents.
    Admin,
}

impl Role {
    /// Every role, from the one that may least.
    pub const ALL: [Self; 3] = [Self::Reader, Self::Analyst, Self::Admin];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Analyst => "analyst",
            Self::Admin => "admin",
        }
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A password's hash, in the PHC text form. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Hashed(String);

impl std::fmt::Debug for Hashed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashed(…)")
    }
}

impl Hashed {
    fn new(password: &str, salt: &[u8; 32]) -> Result<Self, String> {
        let salt = SaltString::encode_b64(&salt[..16]).map_err(|e| e.to_string())?;
        let hash = Argon2::default().hash_password(plain(password).as_bytes(), &salt);
        Ok(Self(hash.map_err(|e| e.to_string())?.to_string()))
    }

    fn fits(&self, password: &str) -> bool {
        let Ok(hash) = PasswordHash::new(&self.0) else {
            return false;
        };
        Argon2::default()
            .verify_password(plain(password).as_bytes(), &hash)
            .is_ok()
    }
}

/// The work of a verification, for a name that is not known: it takes as long.
fn wasted(password: &str) -> bool {
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let _ = Argon2::default().hash_password_into(
        plain(password).as_bytes(),
        b"no account has this",
        &mut out,
    );
    out == [0; Params::DEFAULT_OUTPUT_LEN]
}

/// A token of a program: only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What it is called by: the first eight digits of its hash.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// When it was made.
    pub made: String,
    hash: String,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Name, which corrections are signed with.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub made: String,
    /// Grows with every change that must end the account's sessions.
    pub(crate) generation: u64,
    password: Hashed,
    /// Its tokens.
    #[serde(default)]
    pub tokens: Vec<Token>,
}

/// All accounts of a desk, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    accounts: Vec<Account>,
    /// The next generation: never used twice, also not by an account that is made anew.
    #[serde(default)]
    generations: u64,
}

impl Book {
    /// The accounts of the desk in `dir`. A desk without the file has none.
    ///
    /// # Errors
    /// The file cannot be read: never the same as no accounts.
    pub fn read(dir: &Path) -> Result<Self, String> {
        let path = dir.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(format!("{}: {e}", path.display())),
        };
        serde_json::from_str(&text).map_err(|e| {
            // Serde quotes what it did not expect; nothing of this file is quoted.
            format!(
                "{}:{}: this is no file of accounts\n  restore it from a copy, or remove it and make the accounts anew",
                path.display(),
                e.line()
            )
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// The accounts.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The account of a name, however it is written.
    pub fn find(&self, name: &str) -> Option<&Account> {
        let folded = folded(name);
        self.accounts
            .iter()
            .find(|a| credentials::folded(&a.name) == folded)
    }

    fn find_mut(&mut self, name: &str) -> Result<&mut Account, String> {
        let folded = folded(name);
        let found = self
            .accounts
            .iter_mut()
            .find(|a| credentials::folded(&a.name) == folded);
        found.ok_or_else(|| {
            format!("there is no account {name:?}\n  `rapporteur account list` shows them")
        })
    }

    /// The account that a name and a password open. An unknown name takes as long as a wrong
    /// password.
    pub fn opened(&self, name: &str, password: &str) -> Option<&Account> {
        if password.len() > LONGEST {
            return None;
        }
        match self.find(name) {
            Some(account) => account.password.fits(password).then_some(account),
            None => {
                std::hint::black_box(wasted(password));
                None
            }
        }
    }

    /// The account that a token opens, with the token's id.
    pub fn by_token(&self, token: &str) -> Option<(&Account, &str)> {
        let hash = hashed(token)?;
        // All are compared, so that the time does not tell which came near.
        let mut found = None;
        for account in &self.accounts {
            for known in &account.tokens {
                if super::guard::same(&known.hash, &hash) {
                    found = Some((account, known.id.as_str()));
                }
            }
        }
        found
    }

    /// Adds an account.
    ///
    /// # Errors
    /// The name or the password does not do, or the first account is no admin.
    pub fn add(&mut self, new: &New<'_>) -> Result<(), String> {
        let name = checked_name(new.name)?;
        if let Some(known) = self.find(&name) {
            return Err(format!("there is an account {:?} already", known.name));
        }
        if new.role != Role::Admin && self.accounts.is_empty() {
            return Err(
                "the first account must be an admin: nobody could manage the others\n  make it with --role admin".into(),
            );
        }
        check_password(&name, new.password)?;
        let account = Account {
            role: new.role,
            made: new.now.to_owned(),
            generation: self.next(),
            password: Hashed::new(new.password, new.random)?,
            tokens: Vec::new(),
            name,
        };
        self.accounts.push(account);
        self.accounts.sort_by_key(|a| folded(&a.name));
        Ok(())
    }

    /// Gives an account another password; its sessions end.
    ///
    /// # Errors
    /// There is no such account, or the password does not do.
    pub fn set_password(
        &mut self,
        name: &str,
        password: &str,
        random: &[u8; 32],
    ) -> Result<(), String> {
        let generation = self.next();
        let account = self.find_mut(name)?;
        check_password(&account.name, password)?;
        account.password = Hashed::new(password, random)?;
        account.generation = generation;
        Ok(())
    }

    /// Gives an account another role; its sessions end.
    ///
    /// # Errors
    /// There is no such account, or no admin would be left.
    pub fn set_role(&mut self, name: &str, role: Role) -> Result<(), String> {
        let generation = self.next();
        let account = self.find_mut(name)?;
        account.role = role;
        account.generation = generation;
        self.has_admin()
    }

    /// Ends the sessions of an account.
    ///
    /// # Errors
    /// There is no such account.
    pub fn end_sessions(&mut self, name: &str) -> Result<(), String> {
        let generation = self.next();
        self.find_mut(name)?.generation = generation;
        Ok(())
    }

    /// Removes an account. The last one may go; an admin may not leave others behind without one.
    ///
    /// # Errors
    /// There is no such account, or no admin would be left.
    pub fn remove(&mut self, name: &str) -> Result<(), String> {
        let gone = self.find_mut(name)?.name.clone();
        self.accounts.retain(|a| a.name != gone);
        self.has_admin()
    }

    /// Makes a token and gives it: it is not kept and cannot be shown again.
    ///
    /// # Errors
    /// There is no such account.
    pub fn add_token(
        &mut self,
        name: &str,
        label: &str,
        random: &[u8; 32],
        now: &str,
    ) -> Result<String, String> {
        let account = self.find_mut(name)?;
        if account.tokens.len() >= 20 {
            return Err("an account has at most 20 tokens\n  revoke one that is not used".into());
        }
        let token = format!("{PREFIX}{}", hex(random));
        let hash = hex(&Sha256::digest(token.as_bytes()));
        account.tokens.push(Token {
            id: hash[..8].to_owned(),
            label: clean(label),
            made: now.to_owned(),
            hash,
        });
        Ok(token)
    }

    /// Takes a token back.
    ///
    /// # Errors
    /// There is no such account or token.
    pub fn revoke(&mut self, name: &str, id: &str) -> Result<(), String> {
        let account = self.find_mut(name)?;
        let before = account.tokens.len();
        account.tokens.retain(|token| token.id != id);
        if account.tokens.len() == before {
            return Err(format!("{} has no token {id:?}", account.name));
        }
        Ok(())
    }

    fn next(&mut self) -> u64 {
        self.generations += 1;
        self.generations
    }

    fn has_admin(&self) -> Result<(), String> {
        let any = self.accounts.iter().any(|a| a.role == Role::Admin);
        if any || self.accounts.is_empty() {
            return Ok(());
        }
        Err(
            "no admin would be left; nothing was changed\n  make another account an admin first"
                .into(),
        )
    }
}

/// An account to be added.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a password")]
pub struct New<'n> {
    /// Its name.
    pub name: &'n str,
    /// What it may do.
    pub role: Role,
    /// Its password.
    pub password: &'n str,
    /// Bytes that nobody can guess.
    pub random: &'n [u8; 32],
    /// Now, RFC 3339.
    pub now: &'n str,
}

/// Changes the accounts of the desk in `dir`: one change at a time, whole or not at all, with its
/// line in the audit log.
///
/// # Errors
/// What `change` refuses; or the files cannot be written.
pub fn change<T>(
    dir: &Path,
    note: &Note<'_>,
    change: impl FnOnce(&mut Book) -> Result<T, String>,
) -> Result<T, String> {
    let path = dir.join(FILE);
    let told = |path: &Path, e: &std::io::Error| format!("{}: {e}", path.display());
    let lock_path = dir.join(LOCK);
    let lock = private(&lock_path, false).map_err(|e| told(&lock_path, &e))?;
    lock.lock().map_err(|e| told(&lock_path, &e))?;
    let mut book = Book::read(dir)?;
    let out = change(&mut book)?;
    let fresh = dir.join(format!("{FILE}.new"));
    let text = serde_json::to_string_pretty(&book).map_err(|e| e.to_string())?;
    let _ = fs::remove_file(&fresh);
    let mut file = private(&fresh, true).map_err(|e| told(&fresh, &e))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(|e| told(&fresh, &e))?;
    audit::append(dir, note)?;
    fs::rename(&fresh, &path).map_err(|e| told(&path, &e))?;
    Ok(out)
}

/// Opens a file to write that only its owner may read.
pub(crate) fn private(path: &Path, is_new: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    if is_new {
        options.create_new(true);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Files of the desk that others than their owner may read, though they should not.
pub fn exposed(dir: &Path) -> Vec<PathBuf> {
    let files = [FILE, audit::FILE].map(|name| dir.join(name));
    files.into_iter().filter(|path| is_exposed(path)).collect()
}

#[cfg(unix)]
fn is_exposed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &Path) -> bool {
    false
}

fn hashed(token: &str) -> Option<String> {
    let digits = token.strip_prefix(PREFIX)?;
    let fits = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| hex(&Sha256::digest(token.as_bytes())))
}

fn clean(label: &str) -> String {
    label
        .chars()
        .filter(|c| !c.is_control())
        .take(60)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "seven quiet rivers";

    fn new<'n>(name: &'n str, role: Role, password: &'n str) -> New<'n> {
        New {
            name,
            role,
            password,
            random: &[7; 32],
            now: "2024-05-07T10:00:00Z",
        }
    }

    #[test]
    fn a_password_opens_its_own_account_and_is_not_kept() {
        let mut book = Book::default();
        book.add(&new("Ana", Role::Admin, PASSWORD)).unwrap();
        let kept = serde_json::to_string(&book).unwrap();
        assert!(kept.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(!kept.contains(PASSWORD));
        assert!(!format!("{book:?}").contains("argon2id"));
        assert_eq!(book.opened("ana", PASSWORD).unwrap().name, "Ana");
        assert!(book.opened("Ana", "seven quiet river").is_none());
        assert!(book.opened("Bea", PASSWORD).is_none());
    }

    #[test]
    fn a_token_is_shown_once_and_opens_its_account() {
        let mut book = Book::default();
        book.add(&new("Ana", Role::Admin, PASSWORD)).unwrap();
        let token = book.add_token("Ana", "script", &[3; 32], "now").unwrap();
        assert!(!serde_json::to_string(&book).unwrap().contains(&token));
        let (account, id) = book.by_token(&token).unwrap();
        assert_eq!(account.name, "Ana");
        let id = id.to_owned();
        assert!(book.by_token(&token[..token.len() - 1]).is_none());
        book.revoke("Ana", &id).unwrap();
        assert!(book.by_token(&token).is_none());
    }

    #[test]
    fn there_is_always_an_admin() {
        let mut book = Book::default();
        assert!(book.add(&new("Bea", Role::Reader, PASSWORD)).is_err());
        book.add(&new("Ana", Role::Admin, PASSWORD)).unwrap();
        book.add(&new("Bea", Role::Reader, PASSWORD)).unwrap();
        assert!(book.clone().set_role("Ana", Role::Reader).is_err());
        assert!(book.clone().remove("Ana").is_err());
        book.remove("Bea").unwrap();
        book.remove("Ana").unwrap();
        assert!(book.is_empty());
    }

    #[test]
    fn one_name_has_one_account() {
        let mut book = Book::default();
        book.add(&new("Ana", Role::Admin, PASSWORD)).unwrap();
        assert!(book.add(&new("ＡＮＡ", Role::Reader, PASSWORD)).is_err());
    }

    #[test]
    fn composed_and_parted_letters_are_one_password() {
        let mut book = Book::default();
        book.add(&new("Ana", Role::Admin, "café au lait chaud"))
            .unwrap();
        assert!(book.opened("Ana", "cafe\u{301} au lait chaud").is_some());
    }
}
