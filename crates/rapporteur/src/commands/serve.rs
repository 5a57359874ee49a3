//! `serve`: the desk in a browser.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rapporteur_base::Date;
use rapporteur_desk::Brief;
use rapporteur_desk::web::{self, Access, Config, Given, Named, Proxy, Tls, World};
use rapporteur_record::{Desk, InboxRow, Mode, Store};

use super::{Stop, open};
use crate::cli::exit;
use crate::ingest::{self, Address, Limits, Plan, Reach};
use crate::pipeline::{self, OWN_ACTORS, Rules};
use crate::{clock, desk_dir};

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Address and port to listen on; beyond this machine only with accounts and TLS or a proxy
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8750")]
    listen: String,
    /// Certificate in PEM form, with those that lead to its root; the desk answers to its names
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        conflicts_with = "behind_proxy"
    )]
    tls_cert: Option<PathBuf>,
    /// Key of the certificate, PEM without a passphrase
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy takes TLS for the desk under these public host names. It must take https only, set
    /// `X-Forwarded-Proto: https` and `X-Forwarded-For`, and pass `Host` on (or set
    /// `X-Forwarded-Host`)
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    behind_proxy: Vec<String>,
    /// Address of the proxy, if it is on another machine; nobody else may connect then
    #[arg(
        long,
        value_name = "IP",
        value_delimiter = ',',
        requires = "behind_proxy"
    )]
    proxy_address: Vec<IpAddr>,
}

impl Serve {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let listen = self.address()?;
        // A folder that is no desk says so now, not in the browser; an older desk is brought up to
        // date, which a writer does.
        if open(desk).is_err() {
            drop(super::open_to_write(desk)?);
        }
        let config = Config {
            dir: desk_dir::dir(desk),
            listen,
            world: Arc::new(Machine),
            access: self.access()?,
        };
        config
            .check()
            .map_err(|why| Stop::usage(format!("--listen {}: {why}", self.listen)))?;
        let scheme = if self.tls_cert.is_some() {
            "https"
        } else {
            "http"
        };
        let hosts = self.behind_proxy.join(", ");
        web::serve(config, |bound| {
            let mut text = format!("The desk is open at {scheme}://{bound}/ (Ctrl-C closes it)\n");
            if !hosts.is_empty() {
                text.push_str(&format!("It answers to its proxy as {hosts}\n"));
            }
            let _ = super::print(text.as_bytes());
        })
        .map_err(|error| {
            Stop::failed(format!(
                "{listen}: {error}\n  another program may use that port; choose one with --listen 127.0.0.1:PORT"
            ))
        })?;
        Ok(exit::OK)
    }

    fn address(&self) -> Result<SocketAddr, Stop> {
        let found = self.listen.to_socket_addrs().ok();
        let found = found.and_then(|mut all| all.next());
        found.ok_or_else(|| {
            Stop::usage(format!(
                "--listen {}: write it like 127.0.0.1:8750",
                self.listen
            ))
        })
    }

    fn access(&self) -> Result<Access, Stop> {
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => Some(Tls::read(cert, key).map_err(Stop::usage)?),
            _ => None,
        };
        for host in &self.behind_proxy {
            let fits = |c: char| c.is_ascii_alphanumeric() || ".-[]:".contains(c);
            if host.is_empty() || !host.chars().all(fits) {
                return Err(Stop::usage(format!(
                    "--behind-proxy {host}: write a host name like desk.example.org, without https:// and port"
                )));
            }
        }
        let proxy = (!self.behind_proxy.is_empty()).then(|| Proxy {
            hosts: self.behind_proxy.clone(),
            addresses: self.proxy_address.clone(),
        });
        Ok(Access { tls, proxy })
    }
}

/// What the desk asks of the machine.
#[derive(Debug)]
struct Machine;

impl World for Machine {
    fn now(&self) -> String {
        clock::now()
    }

    fn today(&self) -> Date {
        clock::today()
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("invariant: the system has randomness");
        bytes
    }

    fn take(&self, dir: &Path, given: Vec<Given>) -> Result<Vec<InboxRow>, String> {
        let mut plan = Plan {
            inputs: Vec::new(),
            given: Vec::new(),
            fetched: Vec::new(),
            skip_known: false,
            jobs: 2,
            limits: Limits::default(),
            reach: Reach::Public,
            offline: false,
            quiet: true,
            today: clock::today(),
            now: clock::now,
        };
        for one in given {
            match one {
                Given::Text { name, text } => plan.given.push((name, text.into_bytes())),
                Given::File { name, bytes } => plan.given.push((name, bytes)),
                Given::Address(text) => plan.inputs.push(public(&text)?),
            }
        }
        let rules = Rules::for_desk(dir)?;
        let mut desk = Desk::open(dir, Mode::Write).map_err(|e| e.to_string())?;
        ingest::add(&mut desk, &rules, &plan, &mut |_| {}).map_err(|e| e.to_string())?;
        desk.inbox().map_err(|e| e.to_string())
    }

    fn table(&self, dir: &Path, file: &str) -> Result<String, String> {
        pipeline::own(dir, file)
    }

    fn name(&self, dir: &Path, row: &Named) -> Result<(), String> {
        let (file, line) = row.line();
        let mut table = pipeline::own(dir, file)?;
        if !table.is_empty() && !table.ends_with('\n') {
            table.push('\n');
        }
        table.push_str(&line);
        table.push('\n');
        let other = |file| pipeline::own(dir, file);
        match row {
            Named::Actor(_) => Rules::with_tables(dir, &table, &other(pipeline::OWN_PLACES)?)?,
            Named::Place(_) => Rules::with_tables(dir, &other(OWN_ACTORS)?, &table)?,
        };
        // Written beside and moved over: a reader never sees half a table.
        let path = dir.join(file);
        let beside = path.with_extension("tsv.new");
        std::fs::write(&beside, table)
            .and_then(|()| std::fs::rename(&beside, &path))
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    fn watchable(&self, address: &str) -> Result<(String, String), String> {
        let url = super::watch::admit(&public(address)?)?;
        Ok((super::watch::id(&url), url))
    }

    fn processes(&self, dir: &Path) -> Vec<String> {
        super::process::known(dir)
    }

    fn manifest(&self, dir: &Path) -> Vec<(String, String)> {
        let mut all = vec![("rules".to_owned(), Rules::name().label)];
        // A file of actors with faults is told where it is used.
        let set = Rules::for_desk(dir).map_or_else(|_| Rules::name(), |r| r.set().clone());
        all.extend(set.parts);
        all
    }

    fn additions(&self, dir: &Path) -> Vec<(String, String)> {
        let own = [OWN_ACTORS, pipeline::OWN_PLACES].into_iter();
        own.filter_map(|name| {
            let text = std::fs::read_to_string(dir.join(name)).ok()?;
            Some((name.to_owned(), text))
        })
        .collect()
    }

    fn process(&self, dir: &Path, id: &str, as_of: Option<Date>) -> Result<Brief, String> {
        super::process::page(dir, id, as_of).map_err(|stop| stop.message().to_owned())
    }
}

/// An address that may be fetched for a person in a browser, as its parts were read. What its
/// name stands for is checked when it is connected to (see [`Reach`]).
fn public(text: &str) -> Result<String, String> {
    let address = Address::parse(text).map_err(|why| format!("{text}: {why}"))?;
    Reach::Public
        .admits(&address)
        .map_err(|why| format!("{text}: {why}"))?;
    Ok(address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_machine_is_not_fetched_for_a_browser() {
        for bad in [
            "http://localhost:8080/",
            "http://127.0.0.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://example.org:22/",
            "ftp://example.org/",
            "file:///etc/passwd",
        ] {
            assert!(public(bad).is_err(), "{bad}");
        }
        assert_eq!(
            public(" HTTPS://Example.org/a b").unwrap(),
            "https://example.org/a%20b"
        );
    }
}
