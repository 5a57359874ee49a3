//! The screens, one function each: a request in, a page out.

mod actor;
mod admin;
mod arrange;
mod brief_edit;
mod brief_pick;
mod brief_save;
mod briefs;
mod conflicts;
mod correct;
mod coverage;
mod document;
mod event;
pub(crate) mod export;
mod feeds;
mod home;
mod inbox;
mod lists;
mod login;
mod map;
mod names;
mod network;
mod process;
mod row;
mod saved;
mod search;
mod stories;
mod watched;
mod whole;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;

use super::accounts::Role;
use super::ui::Ui;
use super::visits::{self, Fresh, Visit as Seen};
use super::{Ask, Failure, Form, Shared, api, gate, respond};
use crate::words;

const STYLE: &str = concat!(
    include_str!("../../brief.css"),
    include_str!("../../../assets/desk.css"),
    include_str!("../../../assets/work.css")
);
const SCRIPT: &str = concat!(
    include_str!("../../../assets/desk.js"),
    include_str!("../../../assets/work.js")
);

/// What a screen is.
#[derive(Debug)]
pub(crate) enum Reply {
    /// A page inside the frame.
    Page { title: String, body: String },
    /// A page inside the frame that says that something did not work.
    Told {
        status: StatusCode,
        title: String,
        body: String,
    },
    /// Go there; the name to remember for the next form.
    Go { to: String, who: Option<String> },
    /// Go there with another session; none: signed out.
    Enter { to: String, session: Option<String> },
    /// Bytes of another kind; the file's name when it is to be saved.
    File {
        kind: &'static str,
        body: Vec<u8>,
        name: Option<String>,
    },
}

impl Reply {
    fn page(title: impl Into<String>, body: String) -> Self {
        Self::Page {
            title: title.into(),
            body,
        }
    }
}

/// Screens of the navigation: address and key of its words.
fn nav(ask: &Ask) -> Vec<(&'static str, &'static str)> {
    let ui = ask.ui;
    if ask.visit.role.is_none() {
        return Vec::new();
    }
    let mut all = vec![
        ("/", ui.t("nav-home")),
        ("/timeline", ui.t("nav-timeline")),
        ("/stories", ui.t("nav-stories")),
        ("/p", ui.t("nav-processes")),
        ("/actors", ui.t("nav-actors")),
        ("/positions", ui.t("nav-positions")),
        ("/commitments", ui.t("nav-commitments")),
        ("/figures", ui.t("nav-figures")),
        ("/quotes", ui.t("nav-quotes")),
        ("/conflicts", ui.t("nav-conflicts")),
        ("/b", ui.t("nav-briefs")),
        ("/saved", ui.t("nav-saved")),
        ("/map", ui.t("nav-map")),
        ("/network", ui.t("nav-network")),
        ("/documents", ui.t("nav-documents")),
        ("/inbox", ui.t("nav-inbox")),
        ("/names", ui.t("nav-names")),
        ("/log", ui.t("nav-log")),
        ("/export", ui.t("nav-export")),
    ];
    if ask.visit.may(Role::Admin) {
        all.push(("/admin", ui.t("nav-admin")));
    }
    all
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Frame<'p> {
    ui: Ui,
    title: &'p str,
    body: &'p str,
    words: &'p str,
    active: &'p str,
    nav: Vec<(&'static str, &'static str)>,
    other: (&'static str, &'static str),
    other_href: String,
    account: Option<&'p str>,
    token: &'p str,
    /// Whether the page loads itself again each minute.
    refresh: bool,
    /// Where the change log ends.
    last: u64,
}

#[derive(Template)]
#[template(path = "filters.html")]
struct Filters<'p> {
    ui: Ui,
    action: &'p str,
    hidden: Vec<(&'p str, &'p str)>,
    open: bool,
    from: &'p str,
    to: &'p str,
    actor: &'p str,
    kind: &'p str,
    place: &'p str,
    as_of: &'p str,
    types: Vec<(&'static str, String)>,
}

/// The filter form of a list, filled with what was asked.
fn filters(ask: &Ask, keep: &[&'static str]) -> String {
    let value = |name| ask.get(name).unwrap_or_default();
    let hidden = keep.iter().filter_map(|n| ask.get(n).map(|v| (*n, v)));
    let names = ["from", "to", "actor", "type", "place", "as_of"];
    let form = shown(&Filters {
        ui: ask.ui,
        action: &ask.path,
        hidden: hidden.collect(),
        open: names.iter().any(|name| ask.get(name).is_some()),
        from: value("from"),
        to: value("to"),
        actor: value("actor"),
        kind: value("type"),
        place: value("place"),
        as_of: value("as_of"),
        types: words::TYPES.iter().map(|t| (*t, words::kind(t))).collect(),
    });
    form + &saved::form(ask)
}

/// Who signs a change: the account, or a field for a name where there are no accounts.
fn signature(ask: &Ask) -> String {
    match &ask.visit.account {
        Some(owner) => format!(
            "<span class=\"faint\">{} <bdi>{}</bdi></span>",
            ask.ui.t("signed-as"),
            crate::html::escape(&owner.name)
        ),
        None => format!(
            "<label>{} <input name=\"who\" required value=\"{}\" dir=\"auto\"></label>",
            ask.ui.t("your-name"),
            crate::html::escape(&ask.who)
        ),
    }
}

/// A template as text. Writing into a text cannot fail.
fn shown(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

/// Answers a request.
pub(crate) fn answer(
    shared: &Shared,
    ask: &Ask,
    headers: &HeaderMap,
    form: Option<&Form>,
) -> Response {
    if let (Some(path), None) = (ask.path.strip_prefix("/api/v1"), form) {
        return api::answer(shared, ask, headers, path.trim_start_matches('/'));
    }
    let (ask, visit) = &visited(shared, ask, form.is_none());
    let reply = match form {
        None => look(shared, ask),
        Some(form) => change(shared, ask, form),
    };
    let mut response = match reply {
        Ok(reply) => written(shared, ask, reply),
        Err(failure) => told(ask, &failure),
    };
    // A program has no use for cookies.
    if ask.is_new && !ask.visit.by_token {
        keep_session(shared, &mut response, &ask.session);
    }
    if let Some(visit) = visit {
        set_cookie(&mut response, "visit", &visit.cookie(), "Max-Age=31536000");
    }
    if let Some(lang) = ask.get("lang") {
        let lang = if lang == "ar" { "ar" } else { "en" };
        set_cookie(&mut response, "lang", lang, "Max-Age=31536000");
    }
    response
}

/// The request with what is new to its reader, and the reader's next marker. Forms and assets leave
/// the marker alone; a desk that cannot be asked has nothing new.
fn visited(shared: &Shared, ask: &Ask, is_look: bool) -> (Ask, Option<Seen>) {
    let mut ask = ask.clone();
    let is_screen = is_look
        && !["/assets", "/feeds", "/export"]
            .iter()
            .any(|p| ask.path.starts_with(p));
    if !is_screen {
        return (ask, None);
    }
    let found = shared.desk().and_then(|desk| {
        let last = desk.last_change()?;
        let now = visits::minutes(&shared.config.world.now());
        let visit = Seen::next(ask.seen, last, now);
        Ok((last, visit, Fresh::since(&desk, visit.from)?))
    });
    let Ok((last, visit, fresh)) = found else {
        return (ask, None);
    };
    (ask.last, ask.fresh) = (last, fresh);
    let next = (ask.seen != Some(visit)).then_some(visit);
    (ask, next)
}

/// Screens.
fn look(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let path = ask.path.as_str();
    let mut parts = path.trim_start_matches('/').splitn(3, '/');
    let place = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    match place {
        ("", None, None) => home::page(shared, ask),
        ("timeline", None, None) => lists::timeline(shared, ask),
        ("events", None, None) => lists::events(shared, ask),
        ("figures", None, None) => lists::figures(shared, ask),
        ("quotes", None, None) => lists::quotes(shared, ask),
        ("positions", None, None) => lists::positions(shared, ask),
        ("commitments", None, None) => lists::commitments(shared, ask),
        ("actors", None, None) => actor::list(shared, ask),
        ("a", Some(id), None) => actor::page(shared, ask, id),
        ("stories", None, None) => stories::list(shared, ask),
        ("s", Some(id), None) => stories::page(shared, ask, id),
        ("documents", None, None) => document::list(shared, ask),
        ("d", Some(id), None) => document::page(shared, ask, id),
        ("d", Some(id), Some("blocks")) => whole::blocks(shared, ask, id),
        ("d", Some(id), Some("versions")) => whole::versions(shared, ask, id),
        ("d", Some(id), Some("original")) => document::original(shared, ask, id),
        ("e", Some(id), None) => event::page(shared, ask, id),
        ("r", Some(id), None) => row::page(shared, ask, id),
        ("conflicts", None, None) => conflicts::page(shared, ask),
        ("export", None, None) => export::page(shared, ask),
        ("export", Some(format), Some(file)) => {
            gate::noted(shared, &ask.visit, "export", &ask.whole)?;
            export::file(shared, ask, format, file)
        }
        ("login", None, None) => login::page(ask),
        ("account", None, None) => login::account(shared, ask),
        ("admin", None, None) => admin::page(shared, ask),
        ("admin", Some("audit"), None) => admin::log(shared, ask),
        ("coverage", None, None) => coverage::page(shared, ask),
        ("b", None, None) => briefs::list(shared, ask),
        ("b", Some(id), None) => briefs::page(shared, ask, id),
        ("b", Some(id), Some(file)) => briefs::file(shared, ask, id, file),
        ("saved", None, None) => saved::page(shared, ask),
        ("feeds", Some(file), None) => feeds::page(shared, ask, file),
        ("names", None, None) => names::page(shared, ask),
        ("p", None, None) => process::list(shared, ask),
        ("p", Some(id), None) => process::page(shared, ask, id),
        ("map", None, None) => map::page(shared, ask),
        ("network", None, None) => network::page(shared, ask),
        ("search", None, None) => search::page(shared, ask),
        ("inbox", None, None) => inbox::page(shared, ask),
        ("log", None, None) => correct::log(shared, ask),
        ("assets", Some("desk.css"), None) => Ok(asset("text/css; charset=utf-8", STYLE)),
        ("assets", Some("desk.js"), None) => Ok(asset("text/javascript; charset=utf-8", SCRIPT)),
        _ => Err(Failure::not_found(format!("there is no screen {path}"))),
    }
}

fn asset(kind: &'static str, text: &'static str) -> Reply {
    Reply::File {
        kind,
        body: text.as_bytes().to_vec(),
        name: None,
    }
}

/// Forms. Each must carry the token of the session that its page was made for.
fn change(shared: &Shared, ask: &Ask, form: &Form) -> Result<Reply, Failure> {
    gate::admit_form(shared, ask, form)?;
    match ask.path.as_str() {
        "/correct" => correct::post(shared, form),
        "/undo" => correct::undo(shared, form),
        "/inbox" => inbox::post(shared, form),
        "/login" => login::post(shared, ask, form),
        "/logout" => login::out(shared, ask),
        "/account/password" => login::password(shared, ask, form),
        "/account/token" => login::token(shared, ask, form),
        "/account/revoke" => login::revoke(shared, ask, form),
        "/account/sessions" => login::end_sessions(shared, ask),
        "/admin/check" => admin::check(shared, ask),
        "/admin/accounts/add" => admin::add(shared, ask, form),
        "/admin/accounts/change" => admin::change(shared, ask, form),
        "/b" => briefs::create(shared, form),
        "/arrange" => arrange::post(shared, form),
        "/names" => names::post(shared, form),
        "/saved" => saved::post(shared, form),
        "/watch" => watched::post(shared, form),
        path => match path.strip_prefix("/b/") {
            Some(id) => brief_save::post(shared, ask, form, id),
            None => Err(Failure::not_found(format!("nothing is sent to {path}"))),
        },
    }
}

fn written(shared: &Shared, ask: &Ask, reply: Reply) -> Response {
    match reply {
        Reply::Page { title, body } => {
            let text = framed(ask, &title, &body);
            respond(
                StatusCode::OK,
                "text/html; charset=utf-8",
                text,
                HeaderMap::new(),
            )
        }
        Reply::Told {
            status,
            title,
            body,
        } => {
            let text = framed(ask, &title, &body);
            respond(status, "text/html; charset=utf-8", text, HeaderMap::new())
        }
        Reply::Go { to, who } => gone(&to, who.as_deref()),
        Reply::Enter { to, session } => {
            let mut response = gone(&to, None);
            match session {
                Some(id) => keep_session(shared, &mut response, &id),
                None => {
                    let name = shared.cookie();
                    let gone = if shared.is_secure() {
                        "HttpOnly; Secure; Max-Age=0"
                    } else {
                        "HttpOnly; Max-Age=0"
                    };
                    set_cookie(&mut response, name, "", gone);
                }
            }
            response
        }
        Reply::File { kind, body, name } => {
            let mut headers = HeaderMap::new();
            let saved = name.map(|name| format!("attachment; filename=\"{name}\""));
            if let Some(value) = saved.and_then(|text| HeaderValue::from_str(&text).ok()) {
                headers.insert(header::CONTENT_DISPOSITION, value);
            }
            respond(StatusCode::OK, kind, body, headers)
        }
    }
}

/// Sends the browser on; the name is remembered for the next form.
fn gone(to: &str, who: Option<&str>) -> Response {
    let mut headers = HeaderMap::new();
    let home = || HeaderValue::from_static("/");
    headers.insert(
        header::LOCATION,
        HeaderValue::from_str(to).unwrap_or_else(|_| home()),
    );
    let mut response = respond(
        StatusCode::SEE_OTHER,
        "text/plain; charset=utf-8",
        "",
        headers,
    );
    if let Some(who) = who {
        let value: String = form_urlencoded::byte_serialize(who.as_bytes()).collect();
        set_cookie(&mut response, "who", &value, "Max-Age=31536000");
    }
    response
}

fn told(ask: &Ask, failure: &Failure) -> Response {
    let body = format!(
        "<p class=\"problem\" role=\"alert\" dir=\"auto\">{}</p><p dir=\"auto\">{}</p>",
        crate::html::escape(&failure.what),
        crate::html::escape(&failure.remedy)
    );
    let text = framed(ask, ask.ui.t("problem"), &body);
    respond(
        failure.status,
        "text/html; charset=utf-8",
        text,
        failure.headers(),
    )
}

fn framed(ask: &Ask, title: &str, body: &str) -> String {
    let other = ask.ui.other();
    shown(&Frame {
        ui: ask.ui,
        title,
        body,
        words: ask.get("q").unwrap_or_default(),
        active: &ask.path,
        nav: nav(ask),
        other,
        other_href: ask.with("lang", other.0),
        account: ask.visit.account.as_ref().map(|owner| owner.name.as_str()),
        token: &ask.token,
        refresh: ask.path == "/inbox" && ask.get("refresh").is_some(),
        last: ask.last,
    })
}

/// Where somebody signs in who asked for a screen, and comes back to it.
pub(crate) fn to_login(uri: &Uri) -> Response {
    let whole = uri.path_and_query().map_or("/", |p| p.as_str());
    let next: String = form_urlencoded::byte_serialize(whole.as_bytes()).collect();
    let mut headers = HeaderMap::new();
    let to = HeaderValue::from_str(&format!("/login?next={next}"));
    let plain = HeaderValue::from_static("/login");
    headers.insert(header::LOCATION, to.unwrap_or(plain));
    respond(
        StatusCode::SEE_OTHER,
        "text/plain; charset=utf-8",
        "",
        headers,
    )
}

/// The cookie of a session. It ends with the browser; the session itself ends sooner or later.
fn keep_session(shared: &Shared, response: &mut Response, id: &str) {
    let keep = if shared.is_secure() {
        "HttpOnly; Secure"
    } else {
        "HttpOnly"
    };
    set_cookie(response, shared.cookie(), id, keep);
}

fn set_cookie(response: &mut Response, name: &str, value: &str, keep: &str) {
    let text = format!("{name}={value}; Path=/; SameSite=Strict; {keep}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
