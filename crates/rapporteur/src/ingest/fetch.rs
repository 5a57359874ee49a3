//! Fetching as a polite reader: robots.txt first, one request at a time, a pause between two
//! requests to one host, and limits on size, time and redirects.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use ureq::http::Response;
use ureq::http::header::{
    CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

use super::address::Address;
use super::reach::{Guarded, Reach};
use super::robots::Robots;
use super::{Failure, MAX_PAGE};

/// The token that robots.txt files are searched for.
pub(crate) const AGENT: &str = "rapporteur";

/// Limits of fetching.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Most bytes of one answer.
    pub(crate) bytes: u64,
    /// Longest time for one answer, connection included.
    pub(crate) time: Duration,
    /// Most redirects followed from one address.
    pub(crate) redirects: usize,
    /// Shortest pause between two requests to one host; a longer `Crawl-delay` wins.
    pub(crate) pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: MAX_PAGE as u64,
            time: Duration::from_secs(30),
            redirects: 5,
            pause: Duration::from_secs(1),
        }
    }
}

/// What a server calls the state of a page: sent back to ask whether it has changed (RFC 9110, 13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Validators {
    /// `ETag`.
    pub(crate) etag: Option<String>,
    /// `Last-Modified`.
    pub(crate) modified: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    /// Where it came from, after redirects.
    pub(crate) address: Address,
    /// The body.
    pub(crate) bytes: Vec<u8>,
    /// The charset of the Content-Type header.
    pub(crate) charset: Option<String>,
    /// What to ask with next time.
    pub(crate) validators: Validators,
}

/// Fetches one address after the other. One fetcher serves a whole run, so that there is never
/// more than one request under way.
pub(crate) struct Fetcher {
    agent: Agent,
    limits: Limits,
    reach: Reach,
    hosts: BTreeMap<String, Host>,
}

struct Host {
    robots: Robots,
    last: Option<Instant>,
}

/// What is asked for.
const ACCEPTED: &str = "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5";

/// Largest rules file that is read (RFC 9309 asks for at least 500 KiB).
const MAX_ROBOTS: u64 = 512 * 1024;

impl Fetcher {
    pub(crate) fn new(limits: Limits, reach: Reach) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(limits.time))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("rapporteur/", env!("CARGO_PKG_VERSION")));
        let agent = match reach {
            Reach::Anywhere => config.build().into(),
            // A proxy would resolve names itself, and nobody could check what they stand for.
            Reach::Public => Agent::with_parts(
                config.proxy(None).build(),
                DefaultConnector::default(),
                Guarded::public(),
            ),
        };
        Self {
            agent,
            limits,
            reach,
            hosts: BTreeMap::new(),
        }
    }

    /// Fetches `address`, following redirects; every step asks its host's rules.
    pub(crate) fn get(&mut self, address: &Address) -> Result<Fetched, Failure> {
        let found = self.get_if(address, &Validators::default())?;
        found.ok_or_else(|| refused(&address.to_string(), address, 304, None))
    }

    /// Fetches `address` if it has changed; `None`: it has not.
    pub(crate) fn get_if(
        &mut self,
        address: &Address,
        known: &Validators,
    ) -> Result<Option<Fetched>, Failure> {
        let source = address.to_string();
        let mut at = address.clone();
        for _ in 0..=self.limits.redirects {
            if at.is_loopback() && !address.is_loopback() {
                return Err(Failure::new(
                    source,
                    format!("the page leads to an address on this machine ({at})"),
                    "nothing is fetched there; open the page in a browser, save it and add the file",
                ));
            }
            if let Err(why) = self.reach.admits(&at) {
                return Err(Failure::new(source, format!("{at}: {why}"), SAVE_IT));
            }
            match self.step(&source, &at, known)? {
                Step::Done(fetched) => return Ok(Some(fetched)),
                Step::Same => return Ok(None),
                Step::Redirect(to) => {
                    at = at.join(&to).map_err(|why| {
                        Failure::new(&source, format!("bad redirect: {why}"), SAVE_IT)
                    })?;
                }
            }
        }
        Err(Failure::new(
            source,
            format!("more than {} redirects", self.limits.redirects),
            "open the page in a browser and give the address where it ends, or save it and add the file",
        ))
    }

    fn step(&mut self, source: &str, at: &Address, known: &Validators) -> Result<Step, Failure> {
        self.ask_rules(source, at)?;
        let host = self.hosts.get(at.host());
        if host.is_some_and(|host| !host.robots.allow(at.path())) {
            return Err(Failure::new(
                source,
                format!(
                    "robots.txt of {} does not allow this page to be fetched",
                    at.host()
                ),
                SAVE_IT,
            ));
        }
        self.wait(at);
        let mut response = self.ask(source, at, known)?;
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let status = response.status().as_u16();
        let location = header(LOCATION);
        let retry = header(RETRY_AFTER);
        let charset = header(CONTENT_TYPE).as_deref().and_then(charset);
        let validators = Validators {
            etag: header(ETAG),
            modified: header(LAST_MODIFIED),
        };
        let has_asked = known.etag.is_some() || known.modified.is_some();
        match (status, location) {
            (304, _) if has_asked => return Ok(Step::Same),
            (301 | 302 | 303 | 307 | 308, Some(to)) => return Ok(Step::Redirect(to)),
            (200, _) => {}
            _ => return Err(refused(source, at, status, retry)),
        }
        let mut bytes = Vec::new();
        response
            .body_mut()
            .with_config()
            .limit(self.limits.bytes)
            .reader()
            .read_to_end(&mut bytes)
            .map_err(|error| self.explain(source, at, &ureq::Error::from(error)))?;
        Ok(Step::Done(Fetched {
            address: at.clone(),
            bytes,
            charset,
            validators,
        }))
    }

    /// One request; with validators it asks whether the page has changed.
    fn ask(
        &self,
        source: &str,
        at: &Address,
        known: &Validators,
    ) -> Result<Response<Body>, Failure> {
        let mut request = self.agent.get(at.to_string()).header("Accept", ACCEPTED);
        let asked = [
            (IF_NONE_MATCH, &known.etag),
            (IF_MODIFIED_SINCE, &known.modified),
        ];
        for (name, value) in asked {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        request
            .call()
            .map_err(|error| self.explain(source, at, &error))
    }

    /// Reads the host's rules, once a run.
    fn ask_rules(&mut self, source: &str, at: &Address) -> Result<(), Failure> {
        if self.hosts.contains_key(at.host()) {
            return Ok(());
        }
        let robots = self
            .rules_of(at)
            .map_err(|error| self.explain(source, at, &error))?;
        let host = Host {
            robots,
            last: Some(Instant::now()),
        };
        self.hosts.insert(at.host().to_owned(), host);
        Ok(())
    }

    /// 4xx means that there are no rules, 5xx that they cannot be known (RFC 9309, 2.3.1).
    /// Redirects of the rules file are followed within the same limit.
    fn rules_of(&self, at: &Address) -> Result<Robots, ureq::Error> {
        let mut address = at.robots();
        for _ in 0..=self.limits.redirects {
            let mut response = self.agent.get(address.to_string()).call()?;
            match response.status().as_u16() {
                200..300 => {
                    let mut text = Vec::new();
                    let body = response.body_mut().as_reader();
                    body.take(MAX_ROBOTS).read_to_end(&mut text)?;
                    return Ok(Robots::parse(&String::from_utf8_lossy(&text), AGENT));
                }
                300..400 => {
                    let to = response
                        .headers()
                        .get(LOCATION)
                        .and_then(|v| v.to_str().ok());
                    match to.map(|to| address.join(to)) {
                        Some(Ok(next))
                            if (!next.is_loopback() || at.is_loopback())
                                && self.reach.admits(&next).is_ok() =>
                        {
                            address = next;
                        }
                        _ => return Ok(Robots::everything()),
                    }
                }
                500.. => return Ok(Robots::nothing()),
                _ => return Ok(Robots::everything()),
            }
        }
        Ok(Robots::everything())
    }

    /// Keeps the pause between two requests to one host.
    fn wait(&mut self, at: &Address) {
        let Some(host) = self.hosts.get_mut(at.host()) else {
            return;
        };
        let pause = host.robots.delay.unwrap_or_default().max(self.limits.pause);
        if let Some(last) = host.last {
            std::thread::sleep(pause.saturating_sub(last.elapsed()));
        }
        host.last = Some(Instant::now());
    }

    fn explain(&self, source: &str, at: &Address, error: &ureq::Error) -> Failure {
        let host = at.host();
        let message = error.to_string();
        let too_long = format!(
            "{host} did not finish within {} s",
            self.limits.time.as_secs()
        );
        let (what, remedy): (String, &str) = match error {
            ureq::Error::HostNotFound => (
                format!("there is no host {host}, or no network"),
                "check the address and the connection; saved pages are read without a network",
            ),
            ureq::Error::Timeout(_) => (too_long, "try again later, or raise --timeout"),
            ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::TimedOut => {
                (too_long, "try again later, or raise --timeout")
            }
            ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::PermissionDenied => {
                (format!("{host}: {e}"), SAVE_IT)
            }
            ureq::Error::BodyExceedsLimit(limit) => (
                format!("the answer is larger than {} MiB", limit >> 20),
                "a page of that size is not an article; save the article alone and add the file",
            ),
            ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::ConnectionRefused => (
                format!("{host} refuses the connection"),
                "check the address; try again later",
            ),
            _ => (format!("cannot fetch from {host}: {message}"), SAVE_IT),
        };
        Failure::new(source, what, remedy)
    }
}

/// A status that gives no page.
fn refused(source: &str, at: &Address, status: u16, retry: Option<String>) -> Failure {
    if matches!(status, 429 | 503) {
        let when = retry.map_or_else(|| "later".to_owned(), |r| format!("after {r}"));
        return Failure::new(
            source,
            format!(
                "{} asks to be left alone for now (status {status})",
                at.host()
            ),
            format!("add the same address again {when}"),
        );
    }
    Failure::new(
        source,
        format!("{} answers with status {status}", at.host()),
        "check the address; a page behind a login can be saved in a browser and added as a file",
    )
}

const SAVE_IT: &str = "open the page in a browser, save it and add the file";

enum Step {
    Done(Fetched),
    Redirect(String),
    /// It has not changed.
    Same,
}

/// The charset of a Content-Type value.
fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};

    use ureq::config::Config;
    use ureq::http::Uri;
    use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
    use ureq::unversioned::transport::NextTimeout;

    use super::*;

    /// Names that stand for what a test says, the next answer each time.
    #[derive(Debug)]
    struct Names {
        port: u16,
        turns: std::sync::Mutex<usize>,
    }

    impl Resolver for Names {
        fn resolve(
            &self,
            uri: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, ureq::Error> {
            let mut turns = self.turns.lock().unwrap();
            *turns += 1;
            let last = match uri.host() {
                Some("open.test") => 1,
                Some("turning.test") if *turns < 2 => 1,
                _ => 2,
            };
            let mut all = self.empty();
            all.push((std::net::Ipv4Addr::new(127, 0, 0, last), self.port).into());
            Ok(all)
        }
    }

    /// A server that closes every connection after its answer; `/away` leads to a private name.
    fn server() -> u16 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut head = BufReader::new(stream.try_clone().unwrap());
                let mut first = String::new();
                let mut line = String::new();
                let _ = head.read_line(&mut first);
                while head.read_line(&mut line).is_ok_and(|n| n > 2) {
                    line.clear();
                }
                let status = match first.split(' ').nth(1) {
                    Some("/away") => "302 Found\r\nLocation: http://inner.test/",
                    Some("/robots.txt") => "404 Not Found",
                    _ => "200 OK",
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
            }
        });
        port
    }

    fn guarded() -> Fetcher {
        let names = Names {
            port: server(),
            turns: std::sync::Mutex::default(),
        };
        let mut fetcher = Fetcher::new(
            Limits {
                pause: Duration::ZERO,
                ..Limits::default()
            },
            Reach::Public,
        );
        // 127.0.0.1 plays the public internet here, 127.0.0.2 the private network.
        let guard = Guarded::new(names, |ip| ip == std::net::Ipv4Addr::new(127, 0, 0, 1));
        let config = fetcher.agent.config().clone();
        fetcher.agent = Agent::with_parts(config, DefaultConnector::default(), guard);
        fetcher
    }

    fn got(path: &str) -> Result<Fetched, Failure> {
        guarded().get(&Address::parse(path).unwrap())
    }

    #[test]
    fn a_redirect_to_a_private_address_is_not_followed() {
        assert!(got("http://open.test/").is_ok());
        let failure = got("http://open.test/away").unwrap_err();
        assert!(
            failure.what.contains("nothing is fetched there"),
            "{failure}"
        );
    }

    #[test]
    fn a_name_that_turns_private_between_two_requests_is_not_connected_to() {
        // Resolved for the rules file first: public. Then for the page: private.
        let failure = got("http://turning.test/").unwrap_err();
        assert!(
            failure.what.contains("nothing is fetched there"),
            "{failure}"
        );
    }

    #[test]
    fn the_charset_is_read_from_the_header() {
        assert_eq!(
            charset("text/html; Charset=\"UTF-8\"").as_deref(),
            Some("utf-8")
        );
        assert_eq!(charset("text/html"), None);
    }
}
