//! `serve`: the desk in a browser.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;

use rapporteur_base::Date;
use rapporteur_desk::Brief;
use rapporteur_desk::web::{self, Config, Given, Named, World};
use rapporteur_record::{Desk, InboxRow, Mode, Store};

use super::{Stop, open};
use crate::cli::exit;
use crate::ingest::{self, Address, Limits, Plan};
use crate::pipeline::{self, Rules};
use crate::{clock, desk_dir};

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Address and port to listen on; only this machine's own addresses
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8750")]
    listen: String,
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
        };
        web::serve(config, |bound| {
            let text = format!("The desk is open at http://{bound}/ (Ctrl-C closes it)\n");
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
        let bad = |why: &str| Stop::usage(format!("--listen {}: {why}", self.listen));
        let found = self.listen.to_socket_addrs().ok();
        let found = found.and_then(|mut all| all.next());
        let address = found.ok_or_else(|| bad("write it like 127.0.0.1:8750"))?;
        if address.ip().is_loopback() {
            Ok(address)
        } else {
            Err(bad(
                "the desk opens on this machine alone (127.0.0.1 or [::1]): it has no accounts yet; \
                 reach it from elsewhere through a tunnel such as `ssh -L`",
            ))
        }
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
            Named::Place(_) => Rules::with_tables(dir, &other(pipeline::OWN_ACTORS)?, &table)?,
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

    fn process(&self, dir: &Path, id: &str, as_of: Option<Date>) -> Result<Brief, String> {
        super::process::page(dir, id, as_of).map_err(|stop| stop.message().to_owned())
    }
}

/// An address that may be fetched for a person in a browser: of the web, and of no machine of the
/// local network, by name or by what the name stands for.
fn public(text: &str) -> Result<String, String> {
    let address = Address::parse(text).map_err(|why| format!("{text}: {why}"))?;
    let private =
        || format!("{text}: an address of this machine or its network; nothing is fetched there");
    if address.is_loopback() {
        return Err(private());
    }
    let known = (address.host(), 80).to_socket_addrs();
    if known.is_ok_and(|mut all| all.any(|a| !is_public(a.ip()))) {
        return Err(private());
    }
    Ok(text.to_owned())
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && (64..128).contains(&v4.octets()[1]);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || shared)
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public(IpAddr::V4(v4)),
            None => {
                let local = matches!(v6.segments()[0] & 0xffc0, 0xfe80)
                    || matches!(v6.segments()[0] & 0xfe00, 0xfc00);
                !(v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || local)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_local_network_are_told_from_public_ones() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "0.0.0.0",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["93.184.215.14", "2606:2800:21f::1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_of_this_machine_is_not_fetched_for_a_browser() {
        assert!(public("http://localhost:8080/").is_err());
        assert!(public("http://127.0.0.1/").is_err());
        assert!(public("ftp://example.org/").is_err());
    }
}
