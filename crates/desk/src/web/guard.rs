//! Who may ask, and what every answer carries.
//!
//! Another page open in the same browser may send requests to the desk, so a change needs three
//! things: a cookie that only the desk's own pages send (`SameSite=Strict`), a token made from it,
//! and an `Origin` that is the desk's. The `Host` must be the desk's own, so that names that an
//! attacker lets point to it are refused: on this machine a loopback name or the address that is
//! listened on; under TLS a name of the certificate; behind a proxy one of the names that were
//! stated.
//!
//! `X-Forwarded-For`, `-Proto` and `-Host` are read behind a stated proxy only, and only from its
//! address; nobody else may connect then. Elsewhere they mean nothing.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use sha2::{Digest, Sha256};

use super::{Failure, Shared};

/// Nothing loads but the desk's own style and script; nothing may frame it; forms stay home.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Refuses requests for another host or from another origin.
pub(crate) fn admit(shared: &Shared, method: &Method, headers: &HeaderMap) -> Result<(), Failure> {
    let refuse = |what: &str| {
        Err(Failure::new(
            StatusCode::FORBIDDEN,
            what.to_owned(),
            "open the desk by the address that `rapporteur serve` printed",
        ))
    };
    let host = host(shared, headers);
    if !host.is_some_and(|host| is_ours(shared, host)) {
        return refuse("this desk does not answer to that host name");
    }
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    if method != Method::POST {
        return Err(Failure::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "the desk knows GET, HEAD and POST",
            "",
        ));
    }
    let origin = text(headers, header::ORIGIN.as_str());
    let same = origin.is_none_or(|origin| {
        let scheme = if shared.is_secure() {
            "https://"
        } else {
            "http://"
        };
        let bare = origin.strip_prefix(scheme);
        bare.is_some_and(|bare| host.is_some_and(|host| host.eq_ignore_ascii_case(bare)))
    });
    if same {
        Ok(())
    } else {
        refuse("this form was sent by another site")
    }
}

/// The host that the browser asked for.
fn host<'h>(shared: &Shared, headers: &'h HeaderMap) -> Option<&'h str> {
    let forwarded = match shared.config.access.proxy {
        Some(_) => text(headers, "x-forwarded-host"),
        None => None,
    };
    forwarded.or_else(|| text(headers, header::HOST.as_str()))
}

/// Whether a `Host` names this desk.
fn is_ours(shared: &Shared, host: &str) -> bool {
    let access = &shared.config.access;
    if let Some(proxy) = &access.proxy {
        // A public name comes with the proxy's port, if that is not the usual one.
        let name = without_port(host);
        return proxy.hosts.iter().any(|own| own.eq_ignore_ascii_case(name));
    }
    let listen = shared.config.listen;
    let name = host
        .strip_suffix(&format!(":{}", listen.port()))
        .unwrap_or(host);
    let is_local = listen.ip().is_loopback()
        && (matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name == listen.ip().to_string());
    is_local || access.tls.as_ref().is_some_and(|tls| tls.is_for(name))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.contains(':') => {
            name
        }
        _ => host,
    }
}

/// Where a request comes from: its connection, or what the stated proxy says of it.
pub(crate) fn sender(
    shared: &Shared,
    headers: &HeaderMap,
    peer: IpAddr,
) -> Result<IpAddr, Failure> {
    let Some(proxy) = &shared.config.access.proxy else {
        return Ok(peer);
    };
    let refuse = |what: &str, remedy: &str| Err(Failure::new(StatusCode::FORBIDDEN, what, remedy));
    if !proxy.is_from(peer) {
        return refuse(
            "this desk is reached through its proxy only",
            "open it by its public address; a proxy on another machine is named with --proxy-address",
        );
    }
    if last(headers, "x-forwarded-proto") != Some("https") {
        return refuse(
            "the proxy does not say that it was reached over TLS",
            "let it take https only and set `X-Forwarded-Proto: https`",
        );
    }
    // The last one is the one that the proxy itself saw; those before it anybody may write.
    match last(headers, "x-forwarded-for").map(str::parse) {
        Some(Ok(from)) => Ok(from),
        _ => refuse(
            "the proxy does not say who asks",
            "let it set `X-Forwarded-For` to the address of its client",
        ),
    }
}

/// The last value of a list header.
fn last<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let value = headers.get_all(name).iter().next_back()?;
    value.to_str().ok()?.rsplit(',').next().map(str::trim)
}

pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The token of a session: what its forms carry.
pub(crate) fn token(secret: &[u8; 32], session: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(secret);
    hash.update(session.as_bytes());
    hex(&hash.finalize())[..40].to_owned()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Compares without telling by its duration where two texts differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

/// Headers of every answer.
pub(crate) fn seal(shared: &Shared, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let all = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        // Not `no-referrer`: under it a browser sends `Origin: null` with the desk's own forms.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "geolocation=(), camera=(), microphone=()",
        ),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if shared.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
