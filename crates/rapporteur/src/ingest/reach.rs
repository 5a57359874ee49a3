//! Which machines may be fetched from. What a person types into a browser is fetched by the desk's
//! machine, which may see networks that the person must not: only public addresses then, on the
//! ports of the web, also after redirects.
//!
//! A name is resolved once for each connection, what it stands for is checked, and the connection
//! goes to one of the addresses that were checked: a name that stands for something else a moment
//! later gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::address::Address;

/// How far fetching reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Wherever the command line says.
    #[default]
    Anywhere,
    /// Public addresses, ports 80 and 443.
    Public,
}

/// Ports of the web.
const PORTS: [u16; 2] = [80, 443];

const PRIVATE: &str = "an address of this machine or its network; nothing is fetched there";

impl Reach {
    /// Whether an address may be asked for at all, before its name is resolved.
    pub(crate) fn admits(self, address: &Address) -> Result<(), String> {
        if self == Self::Anywhere {
            return Ok(());
        }
        let number = address.bare_host().parse::<IpAddr>();
        if address.is_loopback() || number.is_ok_and(|ip| !is_public(ip)) {
            return Err(PRIVATE.into());
        }
        match address.port() {
            Some(port) if PORTS.contains(&port) => Ok(()),
            _ => Err("only the ports of the web (80 and 443) are fetched from".into()),
        }
    }
}

/// Resolves names, and gives only addresses that are allowed.
#[derive(Debug)]
pub(crate) struct Guarded<R> {
    inner: R,
    allows: fn(IpAddr) -> bool,
}

impl Guarded<DefaultResolver> {
    /// Gives public addresses only.
    pub(crate) fn public() -> Self {
        Self {
            inner: DefaultResolver::default(),
            allows: is_public,
        }
    }
}

impl<R> Guarded<R> {
    #[cfg(test)]
    pub(crate) fn new(inner: R, allows: fn(IpAddr) -> bool) -> Self {
        Self { inner, allows }
    }
}

impl<R: Resolver> Resolver for Guarded<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // One private address among public ones is a trick, not a choice.
        let refused = |at: &SocketAddr| !(self.allows)(at.ip());
        if found.iter().any(refused) {
            return Err(Error::Io(std::io::Error::new(
                std::io::ErrorKind::PermissionDenied,
                PRIVATE,
            )));
        }
        Ok(found)
    }
}

/// Whether an address is one of the public internet (the registries of special addresses,
/// RFC 6890, and those that carry another address inside).
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(a == 0
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        // Addresses shared behind a provider's translation.
        || (a == 100 && (64..128).contains(&b))
        // Assignments of protocols, 6to4 relays.
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        // Measurements of networks.
        || (a == 198 && (18..20).contains(&b))
        // Multicast, reserved, broadcast.
        || a >= 224)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // An IPv4 address in IPv6 clothes: mapped, translated by a gateway, 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            embedded(high, low)
        }
        [0x2002, high, low, ..] => embedded(high, low),
        // Only 2000::/3 is given out; in it stand documentation and tunnels.
        [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => false,
        [0x2001, 0..0x200, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_local_networks_are_told_from_public_ones() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fec0::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::a00:1",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "93.184.215.14",
            "1.1.1.1",
            "172.32.0.1",
            "2606:2800:21f::1",
            "2001:4860:4860::8888",
            "64:ff9b::5db8:d70e",
            "2002:5db8:d70e::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn only_ports_of_the_web_are_fetched_from() {
        let admits = |text: &str| Reach::Public.admits(&Address::parse(text).unwrap()).is_ok();
        for good in [
            "http://example.org/",
            "https://example.org:443/",
            "http://example.org:80/",
        ] {
            assert!(admits(good), "{good}");
        }
        for bad in [
            "http://example.org:22/",
            "http://example.org:8080/",
            "http://10.0.0.1/",
            "http://[::1]/",
            "http://[fd00::1]/",
            "http://localhost/",
            "http://example.org:x/",
        ] {
            assert!(!admits(bad), "{bad}");
        }
        assert!(
            Reach::Anywhere
                .admits(&Address::parse("http://10.0.0.1:9/").unwrap())
                .is_ok()
        );
    }
}
