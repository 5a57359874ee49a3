//! Signing in and out, and what people manage of their own account.

use std::fmt::Write as _;

use axum::http::StatusCode;

use super::{Ask, Failure, Form, Reply};
use crate::html::escape;
use crate::web::accounts::{self, Book};
use crate::web::audit::{self, Note};
use crate::web::credentials::folded;
use crate::web::limits::Cost;
use crate::web::session::Owner;
use crate::web::{Shared, gate, guard};

pub(super) fn page(ask: &Ask) -> Result<Reply, Failure> {
    Ok(Reply::page(ask.ui.t("sign-in"), form(ask, ask.get("next"))))
}

fn form(ask: &Ask, next: Option<&str>) -> String {
    let ui = ask.ui;
    if !ask.visit.has_accounts {
        return format!("<p>{}</p>", ui.t("no-accounts"));
    }
    format!(
        "<form method=\"post\" action=\"/login\" class=\"sign-in\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"next\" value=\"{}\">\
         <label>{} <input name=\"name\" required autocomplete=\"username\" dir=\"auto\" autocapitalize=\"none\" spellcheck=\"false\"></label>\
         <label>{} <input type=\"password\" name=\"password\" required autocomplete=\"current-password\" dir=\"auto\"></label> <button>{}</button></form>",
        ask.token,
        escape(next.unwrap_or("/")),
        ui.t("account-name"),
        ui.t("password"),
        ui.t("sign-in"),
    )
}

/// A name and a password. What is wrong with them is not told: the answer and its time are the
/// same for a name that is not known.
pub(super) fn post(shared: &Shared, ask: &Ask, form: &Form) -> Result<Reply, Failure> {
    let typed = form.get("name").unwrap_or_default();
    let book = shared.accounts()?;
    let password = form.fields.get("password").map_or("", String::as_str);
    let owner = prove(shared, ask, &book, typed, password)?;
    let Some(owner) = owner else {
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            ask.ui.t("wrong-password"),
            ask.ui.t("wrong-password-note"),
        ));
    };
    logged(shared, ask, &owner.name, "sign-in", "")?;
    let next = form.get("next").filter(|to| super::correct::is_local(to));
    let session = begin(shared, ask, owner);
    Ok(Reply::Enter {
        to: next.unwrap_or("/").to_owned(),
        session: Some(session),
    })
}

/// Whom a name and a password prove somebody to be. Tries are counted, wrong ones are logged.
fn prove(
    shared: &Shared,
    ask: &Ask,
    book: &Book,
    typed: &str,
    password: &str,
) -> Result<Option<Owner>, Failure> {
    let now = shared.seconds();
    let name = folded(&typed.chars().take(100).collect::<String>());
    let pair = format!("{name} from {}", gate::place(ask.visit.from));
    shared
        .limits
        .may_try(&pair, now)
        .map_err(Failure::too_many)?;
    gate::within(shared, Cost::Name, &name, now)?;
    let opened = book.opened(&name, password);
    if let Some(account) = opened {
        shared.limits.succeeded(&pair);
        return Ok(Some(Owner {
            name: account.name.clone(),
            generation: account.generation,
        }));
    }
    shared.limits.failed(&pair, now);
    // What was typed as a name may be a password: only a name that is known is written down.
    let known = book.find(&name).map_or("", |account| account.name.as_str());
    logged(shared, ask, known, "sign-in failed", "")?;
    Ok(None)
}

fn logged(shared: &Shared, ask: &Ask, who: &str, what: &str, about: &str) -> Result<(), Failure> {
    let mut visit = ask.visit.clone();
    visit.account = Some(Owner {
        name: who.to_owned(),
        generation: 0,
    });
    gate::noted(shared, &visit, what, about)
}

/// Begins a session under a new id; the one before, if there was one, ends.
fn begin(shared: &Shared, ask: &Ask, owner: Owner) -> String {
    shared.sessions.end(&ask.session);
    let id = guard::hex(&shared.config.world.random());
    shared.sessions.begin(&id, owner, shared.seconds());
    id
}

pub(super) fn out(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    shared.sessions.end(&ask.session);
    gate::note(shared, &ask.visit, "sign-out", "");
    Ok(Reply::Enter {
        to: "/login".into(),
        session: None,
    })
}

/// Who is signed in; a desk without accounts has nobody.
fn own(ask: &Ask) -> Result<&Owner, Failure> {
    ask.visit.account.as_ref().ok_or_else(|| {
        Failure::new(
            StatusCode::NOT_FOUND,
            ask.ui.t("no-accounts"),
            "`rapporteur account add NAME --role admin` makes the first",
        )
    })
}

pub(super) fn account(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let owner = own(ask)?;
    let book = shared.accounts()?;
    let account = book.find(&owner.name).ok_or_else(Failure::internal)?;
    let token = &ask.token;
    let mut body = format!(
        "<p><bdi>{}</bdi> · {}</p><section aria-labelledby=\"password\"><h2 id=\"password\">{}</h2>\
         <form method=\"post\" action=\"/account/password\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <label>{} <input type=\"password\" name=\"current\" required autocomplete=\"current-password\" dir=\"auto\"></label> \
         <label>{} <input type=\"password\" name=\"new\" required minlength=\"12\" autocomplete=\"new-password\" dir=\"auto\"></label> \
         <label>{} <input type=\"password\" name=\"again\" required minlength=\"12\" autocomplete=\"new-password\" dir=\"auto\"></label> <button>{}</button></form></section>",
        escape(&account.name),
        role(ask, account.role),
        ui.t("change-password"),
        ui.t("current-password"),
        ui.t("new-password"),
        ui.t("password-again"),
        ui.t("save"),
    );
    let _ = write!(
        body,
        "<section aria-labelledby=\"tokens\"><h2 id=\"tokens\">{}</h2><p class=\"note\">{}</p><ul>",
        ui.t("tokens"),
        ui.t("tokens-note")
    );
    for known in &account.tokens {
        let _ = write!(
            body,
            "<li><form method=\"post\" action=\"/account/revoke\" class=\"edit\"><code>{0}</code> <bdi>{1}</bdi> <span class=\"faint\">{2}</span>\
             <input type=\"hidden\" name=\"token\" value=\"{token}\"><input type=\"hidden\" name=\"id\" value=\"{0}\"><button>{3}</button></form></li>",
            escape(&known.id),
            escape(&known.label),
            escape(&known.made),
            ui.t("revoke")
        );
    }
    let _ = write!(
        body,
        "</ul><form method=\"post\" action=\"/account/token\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <label>{} <input name=\"label\" maxlength=\"60\" dir=\"auto\"></label> <button>{}</button></form></section>\
         <section aria-labelledby=\"sessions\"><h2 id=\"sessions\">{}</h2><p class=\"note\">{}</p>\
         <form method=\"post\" action=\"/account/sessions\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{token}\"><button>{2}</button></form></section>",
        ui.t("token-label"),
        ui.t("make-token"),
        ui.t("end-sessions"),
        ui.t("sessions-note"),
    );
    Ok(Reply::page(ui.t("account"), body))
}

/// The word for a role.
pub(super) fn role(ask: &Ask, role: accounts::Role) -> &'static str {
    match role {
        accounts::Role::Reader => ask.ui.t("role-reader"),
        accounts::Role::Analyst => ask.ui.t("role-analyst"),
        accounts::Role::Admin => ask.ui.t("role-admin"),
    }
}

/// Changes the accounts, with a line in the audit log.
pub(super) fn changed<T>(
    shared: &Shared,
    ask: &Ask,
    about: &str,
    change: impl FnOnce(&mut Book) -> Result<T, String>,
) -> Result<T, Failure> {
    let now = shared.config.world.now();
    let from = ask.visit.from.to_string();
    let note = Note {
        at: &now,
        who: &own(ask)?.name,
        from: &from,
        what: audit::ACCOUNT,
        about,
    };
    accounts::change(&shared.config.dir, &note, change).map_err(|why| {
        let (what, remedy) = why.split_once('\n').unwrap_or((&why, ""));
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, what, remedy.trim())
    })
}

/// Another password; other sessions end, this one goes on under a new id.
pub(super) fn password(shared: &Shared, ask: &Ask, form: &Form) -> Result<Reply, Failure> {
    let owner = own(ask)?;
    let field = |name: &str| form.fields.get(name).map_or("", String::as_str);
    let book = shared.accounts()?;
    if prove(shared, ask, &book, &owner.name, field("current"))?.is_none() {
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            "the current password is another one",
            "nothing was changed",
        ));
    }
    if field("new") != field("again") {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the two new passwords differ",
            "write the same one twice; nothing was changed",
        ));
    }
    let random = shared.config.world.random();
    let name = owner.name.clone();
    let owner = changed(shared, ask, "own password", |book| {
        book.set_password(&name, field("new"), &random)?;
        let generation = book.find(&name).map_or(0, |a| a.generation);
        Ok(Owner { name, generation })
    })?;
    Ok(Reply::Enter {
        to: "/account".into(),
        session: Some(begin(shared, ask, owner)),
    })
}

/// A new token, shown this once.
pub(super) fn token(shared: &Shared, ask: &Ask, form: &Form) -> Result<Reply, Failure> {
    let name = &own(ask)?.name;
    let world = &shared.config.world;
    let label = form.get("label").unwrap_or_default();
    let token = changed(shared, ask, "own token made", |book| {
        book.add_token(name, label, &world.random(), &world.now())
    })?;
    let ui = ask.ui;
    let body = format!(
        "<p>{}</p><p><code class=\"secret\" dir=\"ltr\">{}</code></p><p><a class=\"button\" href=\"/account\">{}</a></p>",
        ui.t("token-once"),
        escape(&token),
        ui.t("account")
    );
    Ok(Reply::page(ui.t("make-token"), body))
}

pub(super) fn revoke(shared: &Shared, ask: &Ask, form: &Form) -> Result<Reply, Failure> {
    let id = form.need("id", "id")?;
    let name = &own(ask)?.name;
    changed(shared, ask, &format!("own token {id} revoked"), |book| {
        book.revoke(name, id)
    })?;
    Ok(Reply::Go {
        to: "/account".into(),
        who: None,
    })
}

/// Ends every session of the account, this one too.
pub(super) fn end_sessions(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let name = &own(ask)?.name;
    changed(shared, ask, "own sessions ended", |book| {
        book.end_sessions(name)
    })?;
    shared.sessions.end(&ask.session);
    Ok(Reply::Enter {
        to: "/login".into(),
        session: None,
    })
}
