use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Browser, PASSWORD, Steered, Trial};
use crate::web::accounts::Role;
use crate::web::session::{ABSOLUTE, IDLE};
use crate::web::{Access, Config, Proxy, Tls};

/// Something that the command line does to the accounts.
type Change = fn(&mut crate::web::Book) -> Result<(), String>;

fn config(dir: &Path, listen: &str, access: Access) -> Config {
    Config {
        dir: dir.to_owned(),
        listen: listen.parse().unwrap(),
        world: Arc::new(Steered::default()),
        access,
    }
}

fn proxy() -> Access {
    Access {
        tls: None,
        proxy: Some(Proxy {
            hosts: vec!["desk.example.org".into()],
            addresses: vec!["192.0.2.7".parse().unwrap()],
        }),
    }
}

#[test]
fn beyond_this_machine_a_desk_needs_accounts_and_then_tls_or_a_proxy() {
    let trial = Trial::new();
    let check = |listen: &str, access| config(&trial.dir, listen, access).check();
    assert_eq!(check("127.0.0.1:8750", Access::default()), Ok(()));
    assert_eq!(check("[::1]:8750", Access::default()), Ok(()));
    for listen in ["0.0.0.0:8750", "192.0.2.1:8750", "[::]:8750"] {
        let why = check(listen, Access::default()).unwrap_err();
        assert!(why.contains("no accounts"), "{why}");
        assert!(check(listen, proxy()).unwrap_err().contains("no accounts"));
    }
    // A proxy reaches it from elsewhere, wherever it listens.
    assert!(
        check("127.0.0.1:8750", proxy())
            .unwrap_err()
            .contains("no accounts")
    );
    trial.accounts();
    let why = check("0.0.0.0:8750", Access::default()).unwrap_err();
    assert!(why.contains("without TLS"), "{why}");
    assert_eq!(check("0.0.0.0:8750", proxy()), Ok(()));
    assert_eq!(check("127.0.0.1:8750", proxy()), Ok(()));
    // And nobody can open it past that check.
    let bare = config(&trial.dir, "0.0.0.0:0", Access::default());
    assert!(crate::web::serve(bare, |_| panic!("it was opened")).is_err());
}

#[test]
fn accounts_that_cannot_be_read_let_nobody_in() {
    let trial = Trial::guarded();
    std::fs::write(trial.dir.join(crate::web::ACCOUNTS), "{").unwrap();
    for path in ["/", "/login", "/api/v1/events", "/assets/desk.css"] {
        assert_eq!(trial.get(path, &[]).code, 503, "{path}");
    }
    // Nor does a desk that is reached from elsewhere open when its accounts are gone.
    let mut trial = Trial::with("0.0.0.0:8750", proxy());
    trial.from("192.0.2.7");
    let asked = [
        ("host", "desk.example.org"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", "198.51.100.1"),
    ];
    assert_eq!(trial.get("/", &asked).code, 503);
}

#[cfg(unix)]
#[test]
fn accounts_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let trial = Trial::guarded();
    for name in [crate::web::ACCOUNTS, crate::web::AUDIT] {
        let meta = std::fs::metadata(trial.dir.join(name)).unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert!(crate::web::exposed(&trial.dir).is_empty());
}

#[test]
fn a_desk_without_accounts_belongs_to_its_user_and_one_with_them_does_not() {
    let trial = Trial::new();
    assert_eq!(trial.get("/", &[]).code, 200);
    assert_eq!(trial.get("/admin", &[]).code, 200);
    trial.account("ana", Role::Admin);
    assert_eq!(trial.get("/", &[]).code, 303);
    let answer = trial.get("/api/v1/events", &[]);
    assert_eq!(answer.code, 401);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
}

#[test]
fn signing_in_begins_a_session_under_a_new_id_and_signing_out_ends_it() {
    let trial = Trial::guarded();
    let mut browser = Browser::new(&trial);
    let before = browser.cookie.clone();
    let answer = browser.sign_in("Ana", PASSWORD);
    assert_eq!(answer.code, 303);
    let set = answer.header("set-cookie");
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Strict"),
        "{set}"
    );
    assert_ne!(browser.cookie, before);
    assert_eq!(trial.get("/", &[("cookie", &before)]).code, 303);
    assert_eq!(browser.get("/").code, 200);
    let out = browser.post("/logout", "");
    assert_eq!(out.code, 303);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(browser.get("/").code, 303);
    // A session that somebody made up is none.
    let made_up = format!("rapporteur={}", "ab".repeat(32));
    assert_eq!(trial.get("/", &[("cookie", &made_up)]).code, 303);
}

#[test]
fn a_sign_in_leads_back_into_the_desk_only() {
    let trial = Trial::guarded();
    for (next, to) in [
        ("%2Flog%3Fpage%3D2", "/log?page=2"),
        ("https%3A%2F%2Fevil.example", "/"),
        ("%2F%2Fevil.example", "/"),
        ("%2F%5Cevil.example", "/"),
    ] {
        let browser = Browser::new(&trial);
        let form = format!("name=ana&password=seven+quiet+rivers&next={next}");
        let answer = browser.post("/login", &form);
        assert_eq!(
            (answer.code, answer.header("location")),
            (303, to),
            "{next}"
        );
        trial.world.pass(60);
    }
}

#[test]
fn a_session_ends_by_time_and_by_every_change_of_its_account() {
    let trial = Trial::guarded();
    let ana = Browser::signed_in(&trial, "ana");
    trial.world.pass(IDLE + 1);
    assert_eq!(ana.get("/").code, 303);
    let ana = Browser::signed_in(&trial, "ana");
    for _ in 0..(ABSOLUTE / IDLE) {
        assert_eq!(ana.get("/").code, 200);
        trial.world.pass(IDLE);
    }
    trial.world.pass(1);
    assert_eq!(ana.get("/").code, 303);
    let changes: [Change; 4] = [
        |book| book.set_password("rio", "eight loud mountains", &[9; 32]),
        |book| book.set_role("rio", Role::Analyst),
        |book| book.end_sessions("rio"),
        |book| book.remove("rio"),
    ];
    let mut password = PASSWORD;
    for change in changes {
        let mut rio = Browser::new(&trial);
        assert_eq!(rio.sign_in("rio", password).code, 303);
        assert_eq!(rio.get("/").code, 200);
        trial.change(change);
        assert_eq!(rio.get("/").code, 303);
        password = "eight loud mountains";
    }
    // One that is made anew under the same name does not wake the old sessions.
    trial.account("rio", Role::Reader);
    assert_eq!(Browser::signed_in(&trial, "rio").get("/").code, 200);
}

#[test]
fn an_unknown_name_and_a_wrong_password_are_told_alike_and_take_as_long() {
    let trial = Trial::guarded();
    let pages: Vec<String> = ["ana", "nobody"]
        .into_iter()
        .map(|name| {
            let mut browser = Browser::new(&trial);
            let answer = browser.sign_in(name, "no password of anybody");
            assert_eq!(answer.code, 403);
            answer.body.replace(&browser.token, "")
        })
        .collect();
    assert_eq!(pages[0], pages[1]);
    let book = crate::web::Book::read(&trial.dir).unwrap();
    let mut times = [Duration::MAX; 2];
    for round in 0..20 {
        // Now one first, now the other: a busy machine interrupts whoever comes second.
        for turn in 0..2 {
            let at = (round + turn) % 2;
            let name = ["ana", "nobody"][at];
            let before = worked();
            assert!(book.opened(name, "no password of anybody").is_none());
            times[at] = times[at].min(worked() - before);
        }
        let (short, long) = (times[0].min(times[1]), times[0].max(times[1]));
        if long.as_secs_f64() < short.as_secs_f64() * 1.3 {
            return;
        }
    }
    panic!("they take longer or shorter: {times:?}");
}

/// How long this thread has worked, where the system tells; else the time of day.
fn worked() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|text| text.split(' ').next()?.parse().ok());
    let spent = spent.filter(|nanos: &u64| *nanos > 0);
    spent.map_or_else(
        || START.get_or_init(Instant::now).elapsed(),
        Duration::from_nanos,
    )
}

#[test]
fn a_token_opens_the_desk_to_a_program_until_it_is_revoked() {
    let trial = Trial::guarded();
    let token = trial.token("rio");
    let bearer = format!("Bearer {token}");
    let auth: &[(&str, &str)] = &[("authorization", &bearer)];
    let answer = trial.get("/api/v1/events", auth);
    assert_eq!(answer.code, 200);
    assert!(answer.headers.get("set-cookie").is_none());
    assert_eq!(trial.get("/export/csv/events.csv", auth).code, 200);
    let wrong = format!("Bearer {}0", &token[..token.len() - 1]);
    for bad in ["Bearer x", &wrong, "Bearer "] {
        let answer = trial.get("/api/v1/events", &[("authorization", bad)]);
        assert_eq!(answer.code, 401, "{bad}");
    }
    let rio = Browser::signed_in(&trial, "rio");
    let page = rio.get("/account").body;
    let id = page.split("<code>").nth(1).unwrap();
    let id = id.split('<').next().unwrap();
    assert_eq!(rio.post("/account/revoke", &format!("id={id}")).code, 303);
    assert_eq!(trial.get("/api/v1/events", auth).code, 401);
}

#[test]
fn people_change_their_own_password_and_make_tokens() {
    let trial = Trial::guarded();
    let other = Browser::signed_in(&trial, "rio");
    let mut rio = Browser::signed_in(&trial, "rio");
    let form = |current: &str, new: &str, again: &str| {
        format!("current={current}&new={new}&again={again}").replace(' ', "+")
    };
    let new = "eight loud mountains";
    for (bad, code) in [
        (form("wrong password", new, new), 403),
        (form(PASSWORD, new, "eight loud mountain"), 422),
        (form(PASSWORD, "short", "short"), 422),
    ] {
        assert_eq!(rio.post("/account/password", &bad).code, code, "{bad}");
    }
    let done = rio.post("/account/password", &form(PASSWORD, new, new));
    assert_eq!(done.code, 303, "{}", done.body);
    rio.cookie = done.cookie().unwrap();
    assert_eq!(rio.get("/").code, 200);
    assert_eq!(other.get("/").code, 303);
    assert_eq!(Browser::new(&trial).sign_in("rio", PASSWORD).code, 403);
    rio.token = super::token_of(&rio.get("/account").body);
    let page = rio.post("/account/token", "label=a+script").body;
    let token = page
        .split("rpt_")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    assert_eq!(token.len(), 64);
    assert!(!rio.get("/account").body.contains(token));
    assert_eq!(rio.post("/account/sessions", "").code, 303);
    assert_eq!(rio.get("/").code, 303);
}

#[test]
fn behind_a_proxy_its_headers_count_and_only_from_it() {
    let mut trial = Trial::with("127.0.0.1:8750", proxy());
    trial.accounts();
    trial.from("192.0.2.7");
    let good = [
        ("host", "desk.example.org"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", "203.0.113.9, 198.51.100.1"),
    ];
    let page = trial.get("/login", &good);
    assert_eq!(page.code, 200, "{}", page.body);
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
    let cookie = page.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-rapporteur=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    // The address before the last is what its client wrote.
    let token = super::token_of(&page.body);
    let cookie = page.cookie().unwrap();
    let mut headers = good.to_vec();
    headers.push(("cookie", &cookie));
    headers.push(("origin", "https://desk.example.org"));
    let form = format!("token={token}&name=ana&password=seven+quiet+rivers");
    assert_eq!(trial.post("/login", &form, &headers).code, 303);
    assert_eq!(trial.audit().last().unwrap().from, "198.51.100.1");
    for (name, value) in [
        ("host", "evil.example"),
        ("host", "127.0.0.1:8750"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-for", "nonsense"),
        ("x-forwarded-host", "evil.example"),
    ] {
        let mut bad: Vec<(&str, &str)> = good.to_vec();
        bad.retain(|(n, _)| *n != name);
        bad.push((name, value));
        assert_eq!(trial.get("/login", &bad).code, 403, "{name}: {value}");
    }
    trial.from("192.0.2.8");
    assert_eq!(trial.get("/login", &good).code, 403);
    // Without a stated proxy such headers mean nothing.
    let plain = Trial::guarded();
    let answer = plain.get(
        "/login",
        &[
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
        ],
    );
    assert_eq!(answer.code, 200);
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[test]
fn certificates_and_keys_that_do_not_do_are_told_with_their_files() {
    let trial = Trial::new();
    let write = |name: &str, text: &str| {
        let path = trial.dir.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let nothing = write("nothing.pem", "no pem at all\n");
    let torn = write(
        "torn.pem",
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    );
    let gone = trial.dir.join("gone.pem");
    for (cert, says) in [
        (&nothing, "no certificate stands in it"),
        (&torn, "no sound PEM file"),
        (&gone, "this user may read"),
    ] {
        let why = Tls::read(cert, &nothing).unwrap_err();
        assert!(
            why.contains(says) && why.contains(cert.to_str().unwrap()),
            "{why}"
        );
    }
}
