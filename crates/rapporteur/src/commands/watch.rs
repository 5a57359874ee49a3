//! `watch`: reads feeds and pages on a schedule. The desk is taken only while one of them is read, so
//! that people can work in it meanwhile; Ctrl-C ends it at once, and nothing half read is kept.

use std::path::Path;
use std::time::Duration;

use rapporteur_page::{Input, sniff};
use rapporteur_record::{Desk, ErrorKind, Kept, Mode};
use serde::{Deserialize, Serialize};

use super::{Stop, open, open_to_write, print, print_rows};
use crate::cli::exit;
use crate::ingest::fetch::{Fetched, Fetcher, Validators};
use crate::ingest::{self, Address, Limits, Plan, Reach};
use crate::pipeline::Rules;
use crate::{clock, desk_dir};

/// The kind under which watched addresses are kept.
const KIND: &str = "watch";
/// The kind of their state.
const STATE: &str = "watch";
/// Longest sleep: an address that is added meanwhile waits no longer.
const NAP: Duration = Duration::from_secs(15);
/// Longest pause after failures, in minutes.
const LONGEST: u64 = 24 * 60;

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Watch {
    #[command(subcommand)]
    what: Option<What>,
    /// How often each address is read: 30s, 15m, 2h
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = minutes)]
    every: u64,
    /// Read every address once, then end
    #[arg(long)]
    once: bool,
    /// Shortest pause between two requests to one host, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pause: f64,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Watch an address: a feed, a sitemap or a page
    Add {
        /// Its address
        url: String,
        /// Who asks for it
        #[arg(long, value_name = "NAME", default_value = "command line")]
        who: String,
    },
    /// The addresses that are watched, with their state
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Watch an address no longer; what was read of it stays
    Remove {
        /// Its address
        url: String,
        /// Who asks for it
        #[arg(long, value_name = "NAME", default_value = "command line")]
        who: String,
    },
}

/// Whole minutes; anything shorter is one of them, so that no host is asked more often.
fn minutes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let (digits, unit) = text.split_at(text.trim_end_matches(char::is_alphabetic).len());
    let n: u64 = digits
        .trim()
        .parse()
        .map_err(|_| format!("{text:?} is no time; write it like 15m or 2h"))?;
    match unit {
        "s" => Ok(n.div_ceil(60).max(1)),
        "" | "m" | "min" => Ok(n.max(1)),
        "h" => Ok(n.saturating_mul(60).max(1)),
        "d" => Ok(n.saturating_mul(24 * 60).max(1)),
        _ => Err(format!("{text:?} is no time; write it like 15m or 2h")),
    }
}

/// State of one address: the desk's inbox shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    /// When it was read last.
    last: String,
    /// When it is due again, in minutes since 1970.
    next: u64,
    /// Failures in a row.
    errors: u32,
    error: Option<String>,
    remedy: Option<String>,
    /// New pages of the last reading, and pages that failed.
    new: u64,
    failed: u64,
    validators: Validators,
    /// Hash of the article of a watched page: what changes around it is no news.
    article: Option<String>,
}

#[derive(Serialize)]
struct Listed<'l> {
    url: &'l str,
    who: &'l str,
    since: &'l str,
    #[serde(flatten)]
    state: State,
}

impl Watch {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        match &self.what {
            Some(What::Add { url, who }) => add(desk, url, who),
            Some(What::List { json }) => list(desk, *json),
            Some(What::Remove { url, who }) => remove(desk, url, who),
            None => self.watch(desk),
        }
    }

    fn watch(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        if !(self.pause.is_finite() && (0.0..=3600.0).contains(&self.pause)) {
            return Err(Stop::usage("--pause: give seconds between 0 and 3600"));
        }
        let dir = desk_dir::dir(desk);
        let mut failed = false;
        loop {
            // An older desk is brought up to date, which a writer does.
            if open(desk).is_err() {
                drop(open_to_write(desk)?);
            }
            let all = Desk::open(&dir, Mode::Read)?.all_kept(KIND)?;
            if all.is_empty() && self.once {
                return Err(Stop::nothing(
                    "nothing is watched; name a feed with `rapporteur watch add URL`",
                ));
            }
            for kept in &all {
                failed |= self.read_if_due(&dir, kept)?;
            }
            if self.once {
                return Ok(if failed { exit::SOME_FAILED } else { exit::OK });
            }
            std::thread::sleep(NAP);
        }
    }

    /// Reads an address when its time has come; whether that failed.
    fn read_if_due(&self, dir: &Path, kept: &Kept) -> Result<bool, Stop> {
        let now = minute(&clock::now());
        let mut state = state(&Desk::open(dir, Mode::Read)?, &kept.id)?;
        if state.next > now && !self.once {
            return Ok(false);
        }
        let outcome = self.read(dir, &kept.body, &mut state);
        state.last = clock::now();
        let line = match &outcome {
            Ok(told) => {
                state.errors = 0;
                (state.error, state.remedy) = (None, None);
                format!("{} {}: {told}\n", state.last, kept.body)
            }
            Err(failure) => {
                state.errors = state.errors.saturating_add(1);
                state.error = Some(failure.what.clone());
                state.remedy = Some(failure.remedy.clone());
                format!("{} {}: {}\n", state.last, kept.body, failure.what)
            }
        };
        // Twice as long after every failure in a row, a day at most.
        let wait = self.every.saturating_mul(1 << state.errors.min(10));
        state.next = now + wait.min(LONGEST.max(self.every));
        let body = serde_json::to_string(&state).unwrap_or_default();
        taken(dir)?.set_state(STATE, &kept.id, &body)?;
        print(line.as_bytes())?;
        Ok(outcome.is_err())
    }

    fn read(&self, dir: &Path, url: &str, state: &mut State) -> Result<String, ingest::Failure> {
        let fail = |what: String| ingest::Failure::new(url, what, "see `rapporteur check`");
        let address = Address::parse(url)
            .map_err(|what| ingest::Failure::new(url, what, "remove it and add it anew"))?;
        let limits = Limits {
            pause: Duration::from_secs_f64(self.pause),
            ..Limits::default()
        };
        // Asked before the desk is taken: most answers are that nothing is new.
        // What is watched may have been added in a browser: only an address that names this machine,
        // which a browser cannot add, may lead to it.
        let reach = if address.is_loopback() {
            Reach::Anywhere
        } else {
            Reach::Public
        };
        let found = Fetcher::new(limits, reach).get_if(&address, &state.validators)?;
        let Some(fetched) = found else {
            (state.new, state.failed) = (0, 0);
            return Ok("nothing new".into());
        };
        let validators = fetched.validators.clone();
        let article = article(&fetched);
        if article.is_some() && article == state.article {
            (state.new, state.failed, state.validators) = (0, 0, validators);
            return Ok("nothing new".into());
        }
        state.article = article;
        let plan = Plan {
            inputs: Vec::new(),
            given: Vec::new(),
            fetched: vec![(url.to_owned(), fetched)],
            reach,
            skip_known: true,
            jobs: 2,
            limits,
            offline: false,
            quiet: true,
            today: clock::today(),
            now: clock::now,
        };
        let rules = Rules::for_desk(dir).map_err(fail)?;
        let mut desk = taken(dir).map_err(|stop| fail(stop.message().to_owned()))?;
        let tally = ingest::add(&mut desk, &rules, &plan, &mut |_| {})
            .map_err(|error| fail(error.to_string()))?;
        (state.new, state.failed) = (tally.new, tally.failed);
        // What failed is asked for again, so the feed must come whole next time.
        state.validators = if tally.failed == 0 {
            validators
        } else {
            Validators::default()
        };
        Ok(format!("{} new, {} failed", tally.new, tally.failed))
    }
}

/// Hash of the article of a page; `None` for a feed, which is told apart by its entries.
fn article(fetched: &Fetched) -> Option<String> {
    let kind = sniff::kind(&fetched.bytes, Some(fetched.address.path()));
    if kind != sniff::Kind::Html {
        return None;
    }
    let input = Input::Html {
        bytes: &fetched.bytes,
        charset: fetched.charset.as_deref(),
    };
    let address = fetched.address.to_string();
    let article = rapporteur_page::extract(input, Some(&address), None);
    let both = format!("{}\n{}", article.title, article.text);
    (!article.text.is_empty()).then(|| rapporteur_base::sha256_hex(both.as_bytes()))
}

/// The desk to write, waited for while somebody else writes.
fn taken(dir: &Path) -> Result<Desk, Stop> {
    let mut tries = 0;
    loop {
        match Desk::open(dir, Mode::Write) {
            Err(error) if error.kind() == ErrorKind::Locked && tries < 120 => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(250));
            }
            other => return Ok(other?),
        }
    }
}

fn minute(now: &str) -> u64 {
    let second = now.parse::<jiff::Timestamp>().map(|t| t.as_second());
    second.map_or(0, |s| u64::try_from(s / 60).unwrap_or(0))
}

fn state(desk: &Desk, id: &str) -> Result<State, Stop> {
    let body = desk.states(STATE)?.remove(id).unwrap_or_default();
    Ok(serde_json::from_str(&body).unwrap_or_default())
}

/// Id of a watched address: of the address itself, so that it is watched once.
pub(crate) fn id(url: &str) -> String {
    rapporteur_base::sha256_hex(url.as_bytes())[..16].to_owned()
}

/// The address as it is kept, or what is wrong with it.
pub(crate) fn admit(url: &str) -> Result<String, String> {
    Ok(Address::parse(url)?.to_string())
}

fn add(desk: Option<&Path>, url: &str, who: &str) -> Result<u8, Stop> {
    let url = admit(url).map_err(|why| Stop::usage(format!("{url}: {why}")))?;
    let mut desk = open_to_write(desk)?;
    let id = id(&url);
    if desk.kept(KIND, &id)?.is_some() {
        return Err(Stop::usage(format!("{url} is watched already")));
    }
    let version = desk.history(KIND, &id)?.first().map_or(0, |k| k.version);
    desk.keep(&Kept {
        kind: KIND.into(),
        id,
        version,
        at: clock::now(),
        who: who.to_owned(),
        body: url.clone(),
    })?;
    print(format!("{url} is watched; `rapporteur watch` reads it\n").as_bytes())
}

fn remove(desk: Option<&Path>, url: &str, who: &str) -> Result<u8, Stop> {
    let mut desk = open_to_write(desk)?;
    let url = admit(url).map_err(|why| Stop::usage(format!("{url}: {why}")))?;
    let kept = desk.kept(KIND, &id(&url))?.ok_or_else(|| {
        Stop::nothing(format!("{url} is not watched; `watch list` shows what is"))
    })?;
    desk.keep(&Kept {
        at: clock::now(),
        who: who.to_owned(),
        body: String::new(),
        ..kept
    })?;
    print(format!("{url} is watched no longer; what was read of it stays\n").as_bytes())
}

fn list(desk: Option<&Path>, json: bool) -> Result<u8, Stop> {
    let desk = open(desk)?;
    let all = desk.all_kept(KIND)?;
    let mut rows = Vec::new();
    for kept in &all {
        rows.push(Listed {
            url: &kept.body,
            who: &kept.who,
            since: &kept.at,
            state: state(&desk, &kept.id)?,
        });
    }
    if json {
        return print_rows(&rows);
    }
    if rows.is_empty() {
        return Err(Stop::nothing(
            "nothing is watched; name a feed with `rapporteur watch add URL`",
        ));
    }
    let mut out = String::new();
    for row in &rows {
        let last = if row.state.last.is_empty() {
            "not read yet".to_owned()
        } else {
            format!("read {}, {} new", row.state.last, row.state.new)
        };
        out.push_str(&format!("{}\n  {last}\n", row.url));
        if let Some(error) = &row.state.error {
            let remedy = row.state.remedy.as_deref().unwrap_or_default();
            out.push_str(&format!(
                "  failed {} times in a row: {error}\n  {remedy}\n",
                row.state.errors
            ));
        }
    }
    print(out.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_minutes() {
        for (text, n) in [
            ("15m", 15),
            ("30s", 1),
            ("90s", 2),
            ("2h", 120),
            ("5", 5),
            ("1d", 1440),
        ] {
            assert_eq!(minutes(text), Ok(n), "{text}");
        }
        for bad in ["", "m", "-5m", "5 parsecs", "1.5h"] {
            assert!(minutes(bad).is_err(), "{bad}");
        }
    }
}
