//! The desk's own state: accounts, sources, rules, what runs, whether it is whole, the audit log.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use axum::http::StatusCode;
use rapporteur_base::{Date, Id};
use rapporteur_record::{Filter, Store, View};

use super::{Ask, Failure, Form, Reply, login};
use crate::html::escape;
use crate::web::accounts::{Account, New, Role, exposed};
use crate::web::audit::{self, Entry};
use crate::web::{Shared, gate};

/// Lines of the audit log on one page.
const LINES: usize = 100;
/// Sources of the table; all are in the coverage.
const SOURCES: usize = 30;

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&Filter::default())?;
    let mut body = String::new();
    accounts(&mut body, shared, ask)?;
    sources(&mut body, ask, &loaded.view);
    rules(&mut body, shared, ask, &loaded.view)?;
    additions(&mut body, shared, ask);
    manifest(&mut body, shared, ask);
    health(&mut body, shared, ask);
    backups(&mut body, shared, ask);
    let ui = ask.ui;
    let _ = write!(
        body,
        "<section aria-labelledby=\"audit\"><h2 id=\"audit\">{}</h2><p class=\"note\">{}</p><p><a class=\"button\" href=\"/admin/audit\">{}</a></p></section>",
        ui.t("audit"),
        ui.t("audit-note"),
        ui.t("show"),
    );
    Ok(Reply::page(ui.t("nav-admin"), body))
}

fn begin(out: &mut String, id: &str, title: &str, note: &str) {
    let _ = write!(
        out,
        "<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2><p class=\"note\">{note}</p>"
    );
}

/// The head of a table in a region of its own name, which scrolls when it is wide.
fn table(out: &mut String, name: &str, columns: &[&str]) {
    let _ = write!(
        out,
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"{name}\"><table class=\"grid\"><thead><tr>"
    );
    for column in columns {
        let _ = write!(out, "<th scope=\"col\">{column}</th>");
    }
    out.push_str("</tr></thead><tbody>");
}

const TABLE_END: &str = "</tbody></table></div>";

fn accounts(out: &mut String, shared: &Shared, ask: &Ask) -> Result<(), Failure> {
    let ui = ask.ui;
    begin(out, "accounts", ui.t("accounts"), ui.t("accounts-note"));
    let book = shared.accounts()?;
    if book.is_empty() {
        let _ = write!(
            out,
            "<p>{}</p><p><code dir=\"ltr\">rapporteur account add NAME --role admin</code></p></section>",
            ui.t("no-accounts")
        );
        return Ok(());
    }
    out.push_str("<ul class=\"accounts\">");
    for account in book.accounts() {
        one(out, ask, account);
    }
    let _ = write!(
        out,
        "</ul><h3>{0}</h3><form method=\"post\" action=\"/admin/accounts/add\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{1}\">\
         <label>{2} <input name=\"name\" required dir=\"auto\" autocomplete=\"off\"></label> <label>{3} {4}</label> \
         <label>{5} <input type=\"password\" name=\"password\" required minlength=\"12\" autocomplete=\"new-password\" dir=\"auto\"></label> <button>{0}</button></form></section>",
        ui.t("add-account"),
        ask.token,
        ui.t("account-name"),
        ui.t("role"),
        roles(ask, Role::Reader),
        ui.t("first-password"),
    );
    Ok(())
}

/// An account with what may be done to it.
fn one(out: &mut String, ask: &Ask, account: &Account) {
    let ui = ask.ui;
    let start = format!(
        "<form method=\"post\" action=\"/admin/accounts/change\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"name\" value=\"{}\">",
        ask.token,
        escape(&account.name)
    );
    let _ = write!(
        out,
        "<li><details><summary><bdi>{}</bdi> · {} · <span class=\"faint\">{}</span></summary>\
         {start}<label>{} {}</label> <button name=\"do\" value=\"role\">{}</button></form>\
         {start}<label>{} <input type=\"password\" name=\"password\" required minlength=\"12\" autocomplete=\"new-password\" dir=\"auto\"></label> <button name=\"do\" value=\"password\">{}</button></form>\
         {start}<button name=\"do\" value=\"sessions\">{}</button> <button name=\"do\" value=\"remove\">{}</button></form>",
        escape(&account.name),
        login::role(ask, account.role),
        escape(&account.made),
        ui.t("role"),
        roles(ask, account.role),
        ui.t("save"),
        ui.t("new-password"),
        ui.t("save"),
        ui.t("end-sessions"),
        ui.t("remove-account"),
    );
    for token in &account.tokens {
        let _ = write!(
            out,
            "{start}<code>{0}</code> <bdi>{1}</bdi> <span class=\"faint\">{2}</span> <input type=\"hidden\" name=\"id\" value=\"{0}\"><button name=\"do\" value=\"revoke\">{3}</button></form>",
            escape(&token.id),
            escape(&token.label),
            escape(&token.made),
            ui.t("revoke"),
        );
    }
    out.push_str("</details></li>");
}

fn roles(ask: &Ask, now: Role) -> String {
    let mut out = String::from("<select name=\"role\">");
    for role in Role::ALL {
        let _ = write!(
            out,
            "<option value=\"{}\"{}>{}</option>",
            role.name(),
            if role == now { " selected" } else { "" },
            login::role(ask, role)
        );
    }
    out.push_str("</select>");
    out
}

fn role_of(form: &Form) -> Result<Role, Failure> {
    let name = form.need("role", "role")?;
    Role::parse(name).ok_or_else(|| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("there is no role {name:?}"),
            "reader, analyst or admin",
        )
    })
}

pub(super) fn add(shared: &Shared, ask: &Ask, form: &Form) -> Result<Reply, Failure> {
    let name = form.need("name", "name")?;
    let role = role_of(form)?;
    let password = form.fields.get("password").map_or("", String::as_str);
    let world = &shared.config.world;
    let about = format!("added {name} as {}", role.name());
    login::changed(shared, ask, &about, |book| {
        book.add(&New {
            name,
            role,
            password,
            random: &world.random(),
            now: &world.now(),
        })
    })?;
    Ok(back())
}

pub(super) fn change(shared: &Shared, ask: &Ask, form: &Form) -> Result<Reply, Failure> {
    let name = form.need("name", "name")?;
    let random = shared.config.world.random();
    match form.get("do").unwrap_or_default() {
        "role" => {
            let role = role_of(form)?;
            let about = format!("{name} is {}", role.name());
            login::changed(shared, ask, &about, |book| book.set_role(name, role))?;
        }
        "password" => {
            let password = form.fields.get("password").map_or("", String::as_str);
            login::changed(shared, ask, &format!("password of {name}"), |book| {
                book.set_password(name, password, &random)
            })?;
        }
        "sessions" => {
            login::changed(shared, ask, &format!("sessions of {name} ended"), |book| {
                book.end_sessions(name)
            })?;
        }
        "remove" => {
            login::changed(shared, ask, &format!("removed {name}"), |book| {
                book.remove(name)
            })?;
        }
        "revoke" => {
            let id = form.need("id", "id")?;
            let about = format!("token {id} of {name} revoked");
            login::changed(shared, ask, &about, |book| book.revoke(name, id))?;
        }
        _ => {
            return Err(Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "there is no such change of an account",
                "use the forms of the page; nothing was changed",
            ));
        }
    }
    Ok(back())
}

fn back() -> Reply {
    Reply::Go {
        to: "/admin#accounts".into(),
        who: None,
    }
}

fn sources(out: &mut String, ask: &Ask, view: &View) {
    let ui = ask.ui;
    begin(out, "sources", ui.t("sources"), ui.t("sources-note"));
    let mut of: BTreeMap<&str, (usize, Option<Date>, Option<Date>)> = BTreeMap::new();
    for doc in &view.docs {
        let source = of
            .entry(doc.site.as_deref().unwrap_or(ui.t("unknown")))
            .or_default();
        source.0 += 1;
        if let Some(published) = &doc.published {
            let day = published.date;
            source.1 = Some(source.1.map_or(day, |first| first.min(day)));
            source.2 = Some(source.2.map_or(day, |last| last.max(day)));
        }
    }
    table(
        out,
        ui.t("sources"),
        &[
            ui.t("outlet"),
            ui.t("nav-documents"),
            ui.t("from-day"),
            ui.t("to-day"),
        ],
    );
    let mut rows: Vec<_> = of.into_iter().collect();
    rows.sort_by_key(|(name, row)| (std::cmp::Reverse(row.0), *name));
    for (name, (count, first, last)) in rows.into_iter().take(SOURCES) {
        let day =
            |day: Option<Date>| day.map_or_else(|| ui.t("unknown").to_owned(), |d| d.to_string());
        let _ = write!(
            out,
            "<tr><th scope=\"row\" dir=\"auto\">{}</th><td>{count}</td><td>{}</td><td>{}</td></tr>",
            escape(name),
            day(first),
            day(last)
        );
    }
    let _ = write!(
        out,
        "{TABLE_END}<p><a class=\"button\" href=\"/coverage\">{}</a></p></section>",
        ui.t("coverage-days")
    );
}

fn rules(out: &mut String, shared: &Shared, ask: &Ask, view: &View) -> Result<(), Failure> {
    let ui = ask.ui;
    begin(out, "rules", ui.t("rules"), ui.t("rules-note"));
    let mut counts: BTreeMap<Id, usize> = BTreeMap::new();
    for doc in &view.docs {
        *counts.entry(doc.ruleset).or_default() += 1;
    }
    table(
        out,
        ui.t("rules"),
        &[ui.t("rules"), ui.t("nav-documents"), ui.t("parts")],
    );
    for (id, set) in shared.desk()?.rulesets()? {
        let count = counts.get(&id).copied().unwrap_or(0);
        let parts: Vec<String> = set
            .parts
            .iter()
            .map(|(name, version)| format!("{name} {}", short(version)))
            .collect();
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}{} <span class=\"id\">{}</span></th><td>{count}</td><td dir=\"ltr\">{}</td></tr>",
            escape(&set.label),
            if count > 0 {
                format!(" · {}", ui.t("in-use"))
            } else {
                String::new()
            },
            escape(&short(&id.to_string())),
            escape(&parts.join(" · "))
        );
    }
    out.push_str(TABLE_END);
    out.push_str("</section>");
    Ok(())
}

/// The beginning of a hash.
fn short(hash: &str) -> String {
    let digits = hash.strip_prefix("sha256:").unwrap_or(hash);
    digits.chars().take(12).collect()
}

fn additions(out: &mut String, shared: &Shared, ask: &Ask) {
    let ui = ask.ui;
    begin(out, "additions", ui.t("additions"), ui.t("additions-note"));
    let all = shared.config.world.additions(&shared.config.dir);
    if all.is_empty() {
        let _ = write!(out, "<p>{}</p>", ui.t("nothing-here"));
    }
    for (file, text) in all {
        let _ = write!(
            out,
            "<h3 dir=\"ltr\">{}</h3><pre class=\"source\" dir=\"auto\">{}</pre>",
            escape(&file),
            escape(&text)
        );
    }
    out.push_str("</section>");
}

fn manifest(out: &mut String, shared: &Shared, ask: &Ask) {
    let ui = ask.ui;
    begin(out, "manifest", ui.t("manifest"), ui.t("manifest-note"));
    let dir = &shared.config.dir;
    let mut rows = vec![(
        "rapporteur".to_owned(),
        env!("CARGO_PKG_VERSION").to_owned(),
    )];
    rows.extend(shared.config.world.manifest(dir));
    for (name, bytes) in sizes(dir) {
        rows.push((name, format!("{bytes} B")));
    }
    out.push_str("<dl class=\"facts\">");
    for (name, value) in rows {
        let _ = write!(
            out,
            "<div><dt dir=\"ltr\">{}</dt><dd dir=\"ltr\">{}</dd></div>",
            escape(&name),
            escape(&value)
        );
    }
    out.push_str("</dl></section>");
}

/// The record's files with their sizes, in the order of their names.
fn sizes(dir: &Path) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    for (folder, before) in [(dir.to_owned(), ""), (dir.join("pages"), "pages/")] {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_record = name.starts_with("record") || !before.is_empty();
            if let (true, Ok(meta)) = (is_record, entry.metadata())
                && meta.is_file()
            {
                all.push((format!("{before}{name}"), meta.len()));
            }
        }
    }
    all.sort();
    all
}

fn health(out: &mut String, shared: &Shared, ask: &Ask) {
    let ui = ask.ui;
    begin(out, "health", ui.t("health"), ui.t("health-note"));
    for file in exposed(&shared.config.dir) {
        let _ = write!(
            out,
            "<p class=\"problem\">{} <code dir=\"ltr\">chmod 600 {}</code></p>",
            ui.t("exposed"),
            escape(&file.display().to_string())
        );
    }
    let _ = write!(
        out,
        "<form method=\"post\" action=\"/admin/check\" class=\"edit\"><input type=\"hidden\" name=\"token\" value=\"{}\"><button>{}</button></form></section>",
        ask.token,
        ui.t("check-now")
    );
}

/// What `rapporteur check` says, now.
pub(super) fn check(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let report = shared.desk()?.check()?;
    let log = audit::read(&shared.config.dir).map_err(unreadable)?;
    let mut body = String::new();
    let mut findings: Vec<(String, String, String)> = report
        .findings
        .into_iter()
        .map(|f| (f.what, f.at, f.text))
        .collect();
    if let Some(line) = log.broken {
        findings.push((
            "audit".into(),
            line.to_string(),
            "the chain is broken here: a line was changed or removed".into(),
        ));
    }
    let about = format!("{} findings", findings.len());
    gate::noted(shared, &ask.visit, "check", &about)?;
    let verdict = if findings.is_empty() {
        ui.t("is-whole")
    } else {
        ui.t("is-broken")
    };
    let _ = write!(body, "<p role=\"status\"><strong>{verdict}</strong></p>");
    table(
        &mut body,
        ui.t("checked"),
        &[ui.t("checked"), ui.t("number")],
    );
    let mut checked = report.checked;
    checked.push(("audit".into(), log.entries.len() as u64));
    for (what, count) in checked {
        let _ = write!(
            body,
            "<tr><th scope=\"row\" dir=\"ltr\">{}</th><td>{count}</td></tr>",
            escape(&what)
        );
    }
    body.push_str(TABLE_END);
    if !findings.is_empty() {
        body.push_str("<ul>");
        for (what, at, text) in findings {
            let _ = write!(
                body,
                "<li class=\"problem\" dir=\"auto\">{} <code>{}</code>: {}</li>",
                escape(&what),
                escape(&at),
                escape(&text)
            );
        }
        body.push_str("</ul>");
    }
    let _ = write!(
        body,
        "<p><a class=\"button\" href=\"/admin#health\">{}</a></p>",
        ui.t("nav-admin")
    );
    Ok(Reply::page(ui.t("health"), body))
}

fn backups(out: &mut String, shared: &Shared, ask: &Ask) {
    let ui = ask.ui;
    begin(out, "backups", ui.t("backups"), ui.t("backups-note"));
    let _ = write!(
        out,
        "<p><code dir=\"ltr\">rapporteur --desk {} backup FOLDER</code></p>",
        escape(&shared.config.dir.display().to_string())
    );
    let all =
        std::fs::read_to_string(shared.config.dir.join(crate::web::BACKUPS)).unwrap_or_default();
    let mut lines: Vec<&str> = all.lines().collect();
    lines.reverse();
    if lines.is_empty() {
        let _ = write!(out, "<p>{}</p></section>", ui.t("no-backups"));
        return;
    }
    table(out, ui.t("backups"), &[ui.t("date"), ui.t("files")]);
    for line in lines.into_iter().take(LINES) {
        let (at, to) = line.split_once('\t').unwrap_or((line, ""));
        let _ = write!(
            out,
            "<tr><th scope=\"row\" dir=\"ltr\">{}</th><td dir=\"ltr\">{}</td></tr>",
            escape(at),
            escape(to)
        );
    }
    out.push_str(TABLE_END);
    out.push_str("</section>");
}

fn unreadable(why: String) -> Failure {
    Failure::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        why,
        "restore the file from a copy, or move it away to begin a new one",
    )
}

/// The lines of the audit log that are asked for, newest first.
fn chosen<'l>(ask: &Ask, entries: &'l [Entry]) -> Result<Vec<&'l Entry>, Failure> {
    let wanted = |name| ask.get(name).map(str::to_lowercase);
    let (who, what) = (wanted("who"), wanted("what"));
    let (from, to) = (ask.day("from")?, ask.day("to")?);
    let has = |text: &str, part: &Option<String>| {
        let part = part.as_ref();
        part.is_none_or(|part| text.to_lowercase().contains(part))
    };
    let fits = |entry: &&Entry| {
        let day = entry.at.get(..10).and_then(|day| day.parse::<Date>().ok());
        has(&entry.who, &who)
            && (has(&entry.what, &what) || has(&entry.about, &what))
            && from.is_none_or(|from| day.is_some_and(|day| day >= from))
            && to.is_none_or(|to| day.is_some_and(|day| day <= to))
    };
    Ok(entries.iter().rev().filter(fits).collect())
}

/// The audit log, newest first, filtered.
pub(super) fn log(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let ui = ask.ui;
    let log = audit::read(&shared.config.dir).map_err(unreadable)?;
    let chosen = chosen(ask, &log.entries)?;
    let mut body = log_form(ask);
    let chain = match log.broken {
        None => format!("<p class=\"note\">{}</p>", ui.t("chain-holds")),
        Some(line) => format!("<p class=\"problem\">{} {line}</p>", ui.t("chain-broken")),
    };
    let count = chosen.len();
    let _ = write!(
        body,
        "{chain}<p class=\"note\">{} {count}</p>",
        ui.t("rows")
    );
    let columns = [
        ui.t("number"),
        ui.t("date"),
        ui.t("who"),
        ui.t("address"),
        ui.t("what"),
    ];
    table(&mut body, ui.t("audit"), &columns);
    let from = (ask.page() * LINES).min(count);
    for entry in chosen.into_iter().skip(from).take(LINES) {
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{}</th><td dir=\"ltr\">{}</td><td><bdi>{}</bdi></td><td dir=\"ltr\">{}</td><td>{} <bdi>{}</bdi></td></tr>",
            entry.seq,
            escape(&entry.at),
            escape(&entry.who),
            escape(&entry.from),
            escape(&entry.what),
            escape(&entry.about)
        );
    }
    body.push_str(TABLE_END);
    body.push_str(&super::lists::pager(ask, count, LINES));
    Ok(Reply::page(ui.t("audit"), body))
}

fn log_form(ask: &Ask) -> String {
    let ui = ask.ui;
    let value = |name| escape(ask.get(name).unwrap_or_default());
    format!(
        "<form action=\"/admin/audit\" class=\"edit\"><label>{} <input name=\"who\" value=\"{}\" dir=\"auto\"></label> <label>{} <input name=\"what\" value=\"{}\" dir=\"auto\"></label> \
         <label>{} <input type=\"date\" name=\"from\" value=\"{}\"></label> <label>{} <input type=\"date\" name=\"to\" value=\"{}\"></label> <button>{}</button></form>",
        ui.t("who"),
        value("who"),
        ui.t("what"),
        value("what"),
        ui.t("from-day"),
        value("from"),
        ui.t("to-day"),
        value("to"),
        ui.t("show"),
    )
}
