//! Who asks, and whether they may: every request passes here before anything of it is read.
//!
//! A desk without accounts that listens on this machine alone belongs to its user, as ever. One
//! with accounts, or one that is reached from elsewhere, answers to who signed in (a session) or
//! to a program's token; what each may do stands in [`super::roles`].

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use tokio::sync::OwnedSemaphorePermit;

use super::accounts::{Book, Role};
use super::audit::{self, Note};
use super::limits::Cost;
use super::roles::{self, Need, Rule};
use super::session::Owner;
use super::{Ask, Failure, Form, Shared, api, ask, guard};

/// The other end of a connection; the listener adds it to each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Largest bodies, in bytes: of a form of nobody, and of any other than an upload.
const SMALL: usize = 16 << 10;
const MIDDLE: usize = 2 << 20;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The address that it came from.
    pub(crate) from: IpAddr,
    /// The account that signed in.
    pub(crate) account: Option<Owner>,
    /// What the visitor may do; `None`: nobody signed in where somebody must.
    pub(crate) role: Option<Role>,
    /// Whether a program's token opened the desk: nothing that a browser sends by itself.
    pub(crate) by_token: bool,
    /// Whether the desk has accounts.
    pub(crate) has_accounts: bool,
    /// The line of the table of roles.
    pub(crate) rule: &'static Rule,
}

impl Visit {
    /// Whether the visitor may do what this role may.
    pub(crate) fn may(&self, role: Role) -> bool {
        self.role.is_some_and(|own| own >= role)
    }

    fn meets(&self, need: Need) -> bool {
        match need {
            Need::Nothing => true,
            Need::Role(role) => self.may(role),
        }
    }

    /// Most bytes that the body may have.
    pub(crate) fn room(&self) -> usize {
        match (self.rule.cost, self.rule.need) {
            (Cost::Upload, _) => super::MAX_UPLOAD,
            (_, Need::Nothing) => SMALL,
            _ => MIDDLE,
        }
    }
}

/// Lets a request in, or says why not. Nothing of its body was read.
pub(crate) fn admit(shared: &Shared, parts: &Parts) -> Result<Visit, Failure> {
    let peer = parts.extensions.get::<Peer>();
    // Without a listener (a test of the router) it comes from this machine.
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let from = guard::sender(shared, &parts.headers, peer)?;
    guard::admit(shared, &parts.method, &parts.headers)?;
    let book = shared.accounts()?;
    let path = parts.uri.path();
    let rule = roles::rule(&parts.method, path);
    let mut visit = Visit {
        from,
        account: None,
        role: None,
        by_token: false,
        has_accounts: !book.is_empty(),
        rule,
    };
    if book.is_empty() {
        if shared.is_public() {
            return Err(Failure::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "this desk has no accounts",
                "make one with `rapporteur account add NAME --role admin`",
            ));
        }
        visit.role = Some(Role::Admin);
        return Ok(visit);
    }
    let now = shared.seconds();
    recognise(shared, parts, &book, &mut visit, now)?;
    let who = match &visit.account {
        Some(owner) => owner.name.clone(),
        None => place(from),
    };
    within(shared, Cost::Plain, &who, now)?;
    if !visit.meets(rule.need) {
        return Err(turned_away(shared, &visit, parts));
    }
    if rule.cost != Cost::Plain {
        within(shared, rule.cost, &who, now)?;
    }
    Ok(visit)
}

/// Finds out who asks, by a token or a session.
fn recognise(
    shared: &Shared,
    parts: &Parts,
    book: &Book,
    visit: &mut Visit,
    now: i64,
) -> Result<(), Failure> {
    if let Some(token) = bearer(&parts.headers) {
        let takes = takes_tokens(&parts.method, parts.uri.path());
        let Some((account, _)) = book.by_token(token).filter(|_| takes) else {
            // A guess costs as much as a guess at a password.
            within(shared, Cost::SignIn, &place(visit.from), now)?;
            return Err(Failure::new(
                StatusCode::UNAUTHORIZED,
                "this token opens nothing here",
                "make one with `rapporteur account token NAME`; tokens read any address and change what is below /api/v1",
            ));
        };
        visit.account = Some(Owner {
            name: account.name.clone(),
            generation: account.generation,
        });
        visit.role = Some(account.role);
        visit.by_token = true;
        return Ok(());
    }
    let id = ask::session(shared, &parts.headers);
    let owner = id.and_then(|id| shared.sessions.find(&id, now));
    let known = owner.and_then(|owner| {
        let account = book.find(&owner.name)?;
        (account.generation == owner.generation).then_some((owner, account.role))
    });
    if let Some((owner, role)) = known {
        visit.role = Some(role);
        visit.account = Some(owner);
    }
    Ok(())
}

/// What a token may open: any address to look, and what is made for programs to change.
fn takes_tokens(method: &Method, path: &str) -> bool {
    matches!(*method, Method::GET | Method::HEAD) || path.starts_with("/api/v1/")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = guard::text(headers, header::AUTHORIZATION.as_str())?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// An address as limits count it: a network of 64 bits is one asker in IPv6.
pub(crate) fn place(from: IpAddr) -> String {
    match from.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Takes from a bucket, or says when there is something in it again.
pub(crate) fn within(shared: &Shared, cost: Cost, who: &str, now: i64) -> Result<(), Failure> {
    shared
        .limits
        .take(cost, who, now)
        .map_err(Failure::too_many)
}

/// Why a visitor who is known, or not, may not have this.
fn turned_away(shared: &Shared, visit: &Visit, parts: &Parts) -> Failure {
    let path = parts.uri.path();
    let Some(owner) = &visit.account else {
        return Failure::new(
            StatusCode::UNAUTHORIZED,
            "you are not signed in",
            "sign in at /login; programs send `Authorization: Bearer TOKEN`",
        );
    };
    if visit.rule.changes {
        note(shared, visit, "refused", path);
    }
    too_low(owner, visit.rule.need)
}

fn too_low(owner: &Owner, need: Need) -> Failure {
    let role = match need {
        Need::Role(role) => role.name(),
        Need::Nothing => "",
    };
    Failure::new(
        StatusCode::FORBIDDEN,
        format!("{} may not do that", owner.name),
        format!("it needs the role {role}; ask an admin of this desk. Nothing was changed"),
    )
}

/// What a form must bring beside its address: the token of the session that its page was made
/// for, and the role that its content needs. A program's request has no page and no cookie.
pub(crate) fn admit_form(shared: &Shared, ask: &Ask, form: &Form) -> Result<(), Failure> {
    let token = form.get("token").unwrap_or_default();
    if !ask.visit.by_token && (ask.is_new || !guard::same(token, &ask.token)) {
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            "this form is from another session",
            "open its page again and repeat the change; nothing was changed",
        ));
    }
    // Without accounts the visitor may do all.
    let Some(owner) = &ask.visit.account else {
        return Ok(());
    };
    let need = ask.visit.rule.role_for(shared, form)?;
    if ask.visit.meets(need) {
        return Ok(());
    }
    note(shared, &ask.visit, "refused", &ask.path);
    Err(too_low(owner, need))
}

/// The answer to a request that was not let in.
pub(crate) fn refused(parts: &Parts, failure: &Failure) -> Response {
    let path = parts.uri.path();
    if path.starts_with("/api/") {
        return api::problem(path, failure);
    }
    let looks = matches!(parts.method, Method::GET | Method::HEAD);
    if failure.status == StatusCode::UNAUTHORIZED && looks && bearer(&parts.headers).is_none() {
        return super::pages::to_login(&parts.uri);
    }
    failure.plain()
}

/// A place for long work; others wait their turn, for a while.
pub(crate) async fn place_for_work(shared: &Shared, rule: &Rule) -> Result<Option<Held>, Failure> {
    if !rule.cost.is_heavy() {
        return Ok(None);
    }
    let wait = std::time::Duration::from_secs(30);
    match tokio::time::timeout(wait, Arc::clone(&shared.heavy).acquire_owned()).await {
        Ok(Ok(permit)) => Ok(Some(permit)),
        _ => Err(Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the desk has more long work than it can do at once",
            "try again in a minute; nothing was changed",
        )
        .after(30)),
    }
}

/// Writes a line of the audit log. A desk without accounts keeps none.
pub(crate) fn note(shared: &Shared, visit: &Visit, what: &str, about: &str) {
    // What must not happen unlogged is written by its own code, which looks at the outcome.
    let _ = noted(shared, visit, what, about);
}

/// The same, where nothing may happen without its line.
pub(crate) fn noted(
    shared: &Shared,
    visit: &Visit,
    what: &str,
    about: &str,
) -> Result<(), Failure> {
    if !visit.has_accounts {
        return Ok(());
    }
    let who = visit.account.as_ref().map_or("", |owner| &owner.name);
    let now = shared.config.world.now();
    let from = visit.from.to_string();
    let note = Note {
        at: &now,
        who,
        from: &from,
        what,
        about,
    };
    audit::append(&shared.config.dir, &note).map_err(|why| {
        Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("the audit log cannot be written: {why}"),
            "nothing was done; make room on the disk",
        )
    })
}

/// A place that is given back when dropped.
pub(crate) type Held = OwnedSemaphorePermit;
