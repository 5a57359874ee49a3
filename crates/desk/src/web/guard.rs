//! Who may ask, and what every answer carries.
//!
//! The desk listens on the loopback address. Another page open in the same browser may still send
//! requests to it, so a change needs three things: a cookie that only the desk's own pages send
//! (`SameSite=Strict`), a token made from it, and an `Origin` that is the desk's. The `Host` must
//! be a loopback name or the address that is listened on: names that an attacker lets point to
//! 127.0.0.1 are refused.

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
    let host = text(headers, header::HOST.as_str());
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
        let bare = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"));
        bare.is_some() && bare == host
    });
    if same {
        Ok(())
    } else {
        refuse("this form was sent by another site")
    }
}

/// Whether a `Host` names this desk.
fn is_ours(shared: &Shared, host: &str) -> bool {
    let listen = shared.config.listen;
    let name = host
        .strip_suffix(&format!(":{}", listen.port()))
        .unwrap_or(host);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name == listen.ip().to_string()
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
pub(crate) fn seal(mut response: Response) -> Response {
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
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
