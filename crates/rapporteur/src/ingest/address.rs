//! Web addresses, as far as polite fetching needs them: host, path, and where a redirect leads.

use std::fmt;

/// An absolute http or https address without its fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    scheme: String,
    /// Host with port, lower case.
    authority: String,
    /// Path and query, beginning with `/`.
    path: String,
}

impl Address {
    /// Reads an absolute address; the message says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| format!("{text:?} is not an address like https://example.org/page"))?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(format!("only http and https can be fetched, not {scheme}"));
        }
        let rest = rest.split('#').next().unwrap_or("");
        let cut = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(cut);
        if authority.contains('@') {
            return Err("addresses with a user name in them are not fetched".into());
        }
        if authority.is_empty() || authority.chars().any(char::is_whitespace) {
            return Err(format!("{text:?} names no host"));
        }
        let mut path = escape(path);
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        Ok(Self {
            scheme,
            authority: authority.to_ascii_lowercase(),
            path,
        })
    }

    /// Where `reference`, read on this page, leads.
    pub(crate) fn join(&self, reference: &str) -> Result<Self, String> {
        let reference = reference.trim();
        let head = reference.split(['/', '?', '#']).next().unwrap_or("");
        if head.contains(':') && reference.contains("://") {
            return Self::parse(reference);
        }
        if head.contains(':') {
            return Err(format!("{reference:?} is not a page"));
        }
        let path = if let Some(rest) = reference.strip_prefix("//") {
            return Self::parse(&format!("{}://{rest}", self.scheme));
        } else if reference.starts_with('/') {
            reference.to_owned()
        } else if reference.starts_with('?') {
            let base = self.path.split('?').next().unwrap_or("/");
            format!("{base}{reference}")
        } else if reference.is_empty() || reference.starts_with('#') {
            self.path.clone()
        } else {
            let base = self.path.split('?').next().unwrap_or("/");
            let folder = &base[..base.rfind('/').map_or(0, |at| at + 1)];
            format!("{folder}{reference}")
        };
        let path = path.split('#').next().unwrap_or("/");
        Self::parse(&format!(
            "{}://{}{}",
            self.scheme,
            self.authority,
            without_dots(path)
        ))
    }

    /// Host with port: the unit of politeness.
    pub(crate) fn host(&self) -> &str {
        &self.authority
    }

    /// Path with query.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The rules file of the same host.
    pub(crate) fn robots(&self) -> Self {
        Self {
            path: "/robots.txt".into(),
            ..self.clone()
        }
    }

    /// The host alone, without brackets and port.
    pub(crate) fn bare_host(&self) -> &str {
        match self.authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or(""),
            None => self.authority.split(':').next().unwrap_or(""),
        }
    }

    /// The port, the scheme's own if none stands there; `None` if what stands there is none.
    pub(crate) fn port(&self) -> Option<u16> {
        let after = match self.authority.rsplit_once(']') {
            Some((_, after)) => after,
            None => self
                .authority
                .find(':')
                .map_or("", |at| &self.authority[at..]),
        };
        match after.strip_prefix(':') {
            Some(port) => port.parse().ok(),
            None if after.is_empty() => Some(if self.scheme == "https" { 443 } else { 80 }),
            None => None,
        }
    }

    /// Whether the host is this very machine by name or number.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.bare_host();
        host == "localhost"
            || host.ends_with(".localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.to_canonical().is_loopback() || ip.is_unspecified())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// Percent-encodes what may not stand in a request line; escapes that are there stay.
fn escape(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
            )
        {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Removes `.` and `..` steps of a path, as RFC 3986 section 5.2.4 does.
fn without_dots(path: &str) -> String {
    let (path, query) = match path.find('?') {
        Some(at) => path.split_at(at),
        None => (path, ""),
    };
    let mut steps: Vec<&str> = Vec::new();
    let mut last = "";
    for step in path.split('/').skip(1) {
        last = step;
        match step {
            "." => {}
            ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    let slash = if matches!(last, "." | "..") { "/" } else { "" };
    format!("/{}{slash}{query}", steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, reference: &str) -> String {
        Address::parse(base)
            .and_then(|base| base.join(reference))
            .map_or_else(|e| e, |a| a.to_string())
    }

    #[test]
    fn references_lead_where_a_browser_goes() {
        let base = "HTTP://Example.org/news/2024/a.html?x=1#top";
        assert_eq!(
            joined(base, "b.html"),
            "http://example.org/news/2024/b.html"
        );
        assert_eq!(joined(base, "../c"), "http://example.org/news/c");
        assert_eq!(joined(base, "/d/./e"), "http://example.org/d/e");
        assert_eq!(
            joined(base, "?y=2"),
            "http://example.org/news/2024/a.html?y=2"
        );
        assert_eq!(joined(base, "//other.org/z"), "http://other.org/z");
        assert_eq!(joined(base, "https://other.org"), "https://other.org/");
        assert_eq!(
            joined(base, "/a?u=http://x/"),
            "http://example.org/a?u=http://x/"
        );
        assert!(joined(base, "javascript:void(0)").contains("not a page"));
    }

    #[test]
    fn odd_addresses_are_refused_with_a_reason() {
        for bad in [
            "ftp://example.org/",
            "http:///x",
            "https://me:pw@example.org/",
            "plain",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
        assert!(
            Address::parse("http://127.0.0.1:8080/")
                .unwrap()
                .is_loopback()
        );
        assert!(Address::parse("http://[::1]:80/").unwrap().is_loopback());
        assert!(
            !Address::parse("http://127.example.org/")
                .unwrap()
                .is_loopback()
        );
        assert_eq!(
            Address::parse("http://example.org/ü b").unwrap().path(),
            "/%C3%BC%20b"
        );
    }
}
