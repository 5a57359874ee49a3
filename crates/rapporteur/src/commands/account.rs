//! `account`: who may open a desk, and what each may do.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use rapporteur_desk::web::{self, Book, New, Note, Role};

use super::{Stop, open, print, print_rows};
use crate::{clock, desk_dir};

/// Longest line that is read as a password, in bytes.
const LONGEST: u64 = 4096;

/// Arguments of `account`.
#[derive(Debug, clap::Args)]
pub(crate) struct Account {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Add an account; its password is asked for, or read from standard input
    Add {
        /// Name, which corrections are signed with
        name: String,
        /// reader sees all, analyst also corrects, adds and decides, admin also manages accounts
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
    },
    /// The accounts with their roles and tokens
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Give an account another password; its sessions end
    Password {
        /// Name
        name: String,
    },
    /// Give an account another role; its sessions end
    Role {
        /// Name
        name: String,
        /// reader, analyst or admin
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Remove an account
    Remove {
        /// Name
        name: String,
    },
    /// Make a token for a program and print it, this once
    Token {
        /// Name of the account that the program acts for
        name: String,
        /// What it is for
        #[arg(long, value_name = "WORDS", default_value = "")]
        label: String,
    },
    /// Take a token back
    Revoke {
        /// Name of the account
        name: String,
        /// Id of the token, as `list` shows it
        id: String,
    },
    /// The audit log, its chain proved
    Log {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "one of reader, analyst, admin".to_owned())
}

impl Account {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        // A folder that is no desk says so first.
        drop(open(desk)?);
        let dir = desk_dir::dir(desk);
        match &self.what {
            What::Add { name, role } => {
                let password = new_password()?;
                let about = format!("added {name} as {}", role.name());
                change(&dir, &about, |book| {
                    book.add(&New {
                        name,
                        role: *role,
                        password: &password,
                        random: &random(),
                        now: &clock::now(),
                    })
                })?;
                say(&format!("{name} may open the desk as {}", role.name()))
            }
            What::List { json } => list(&dir, *json),
            What::Password { name } => {
                let password = new_password()?;
                change(&dir, &format!("password of {name}"), |book| {
                    book.set_password(name, &password, &random())
                })?;
                say(&format!("{name} has another password"))
            }
            What::Role { name, role } => {
                let about = format!("{name} is {}", role.name());
                change(&dir, &about, |book| book.set_role(name, *role))?;
                say(&format!("{name} is {} now", role.name()))
            }
            What::Remove { name } => {
                change(&dir, &format!("removed {name}"), |book| book.remove(name))?;
                say(&format!("{name} is removed"))
            }
            What::Token { name, label } => {
                let token = change(&dir, &format!("token of {name} made"), |book| {
                    book.add_token(name, label, &random(), &clock::now())
                })?;
                let _ = writeln!(
                    io::stderr(),
                    "Keep this token: it is not stored and cannot be shown again."
                );
                print(format!("{token}\n").as_bytes())
            }
            What::Revoke { name, id } => {
                let about = format!("token {id} of {name} revoked");
                change(&dir, &about, |book| book.revoke(name, id))?;
                say(&format!("the token {id} opens nothing any more"))
            }
            What::Log { json } => log(&dir, *json),
        }
    }
}

fn say(text: &str) -> Result<u8, Stop> {
    print(format!("{text}\n").as_bytes())
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("invariant: the system has randomness");
    bytes
}

fn change<T>(
    dir: &Path,
    about: &str,
    change: impl FnOnce(&mut Book) -> Result<T, String>,
) -> Result<T, Stop> {
    let now = clock::now();
    let note = Note {
        at: &now,
        who: "command line",
        from: "",
        what: "account",
        about,
    };
    web::change(dir, &note, change).map_err(Stop::usage)
}

/// A new password: asked for twice at a terminal, without showing it, else one line of standard
/// input.
fn new_password() -> Result<String, Stop> {
    let unreadable = |e: io::Error| Stop::usage(format!("the password cannot be read: {e}"));
    if io::stdin().is_terminal() {
        let ask = |what: &str| {
            let _ = write!(io::stderr(), "{what}: ");
            console::Term::stderr().read_secure_line()
        };
        let first = ask("Password").map_err(unreadable)?;
        let second = ask("The same again").map_err(unreadable)?;
        if first != second {
            return Err(Stop::usage("the two passwords differ; nothing was changed"));
        }
        return Ok(first);
    }
    let mut line = String::new();
    io::stdin()
        .lock()
        .take(LONGEST)
        .read_line(&mut line)
        .map_err(unreadable)?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(Stop::usage(
            "no password on standard input\n  give it there on a line of its own; it is not taken from flags or the environment",
        ));
    }
    Ok(password.to_owned())
}

/// An account as it is listed: nothing secret.
#[derive(serde::Serialize)]
struct Listed<'a> {
    name: &'a str,
    role: Role,
    made: &'a str,
    tokens: Vec<[&'a str; 3]>,
}

fn list(dir: &Path, json: bool) -> Result<u8, Stop> {
    let book = Book::read(dir).map_err(Stop::usage)?;
    let rows: Vec<Listed<'_>> = book
        .accounts()
        .iter()
        .map(|account| Listed {
            name: &account.name,
            role: account.role,
            made: &account.made,
            tokens: account
                .tokens
                .iter()
                .map(|t| [t.id.as_str(), t.label.as_str(), t.made.as_str()])
                .collect(),
        })
        .collect();
    if json {
        return print_rows(&rows);
    }
    if rows.is_empty() {
        return Err(Stop::nothing(
            "the desk has no accounts: it opens on this machine alone",
        ));
    }
    let mut out = String::new();
    for row in rows {
        out.push_str(&format!(
            "{}  {}  {}\n",
            row.name,
            row.role.name(),
            row.made
        ));
        for [id, label, made] in row.tokens {
            out.push_str(&format!("  token {id}  {made}  {label}\n"));
        }
    }
    print(out.as_bytes())
}

fn log(dir: &Path, json: bool) -> Result<u8, Stop> {
    let log = web::read_audit(dir).map_err(Stop::failed)?;
    if json {
        print_rows(&log.entries)?;
    } else {
        let mut out = String::new();
        for line in &log.entries {
            let from = if line.from.is_empty() {
                "-"
            } else {
                &line.from
            };
            out.push_str(&format!(
                "{}  {}  {}  {}  {} {}\n",
                line.seq, line.at, line.who, from, line.what, line.about
            ));
        }
        print(out.as_bytes())?;
    }
    match log.broken {
        None if log.entries.is_empty() => Err(Stop::nothing("the audit log is empty")),
        None => Ok(crate::cli::exit::OK),
        Some(line) => {
            let _ = writeln!(
                io::stderr(),
                "rapporteur: the chain of the audit log is broken at line {line}: a line was changed or removed"
            );
            Ok(crate::cli::exit::CHECK)
        }
    }
}
