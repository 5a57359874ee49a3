use axum::body::Body;
use axum::http::{Method, Request};

use super::{Browser, PASSWORD, Trial};

/// Titles and texts that try to be more than text.
const TRICKS: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "</textarea></title><svg onload=alert(3)>",
    "evil\u{202e}gpj.exe",
    "Аna Silva javascript:alert(4)",
    "{{7*7}} ${7*7} %3Cscript%3E",
];

#[test]
fn stored_text_with_tricks_does_nothing() {
    let trial = Trial::new();
    let mut ids = Vec::new();
    for trick in TRICKS {
        ids.push(trial.document(
            trick,
            &format!("{trick} said the delegations met in Port Karim."),
        ));
    }
    for screen in screens(&ids) {
        let page = trial.get(&screen, &[]);
        assert!(page.code < 500, "{screen}");
        assert!(
            page.header("content-security-policy")
                .starts_with("default-src 'none'")
        );
        for live in [
            "<script>",
            "<img",
            "<svg onload",
            "href=\"javascript:",
            "49 49",
        ] {
            let alive = page
                .body
                .match_indices(live)
                .any(|(at, _)| !page.body[at..].starts_with("<img class"));
            assert!(!alive, "{screen} lets {live} live");
        }
        turns_nothing(&screen, &page.body);
    }
    let api = trial.get("/api/v1/documents", &[]);
    assert!(!api.body.contains('<') && !api.body.contains('>'));
    assert_eq!(api.header("x-content-type-options"), "nosniff");
}

/// Every screen of a desk with these documents, tricks in the addresses among them.
fn screens(ids: &[String]) -> Vec<String> {
    let mut screens: Vec<String> = [
        "/",
        "/documents",
        "/search?q=delegations",
        "/stories",
        "/coverage",
        "/admin",
        "/inbox",
        "/timeline",
        "/export",
        "/log",
        "/map",
        "/network",
    ]
    .map(str::to_owned)
    .to_vec();
    for id in ids {
        screens.extend([
            format!("/d/{id}"),
            format!("/d/{id}/original"),
            format!("/r/{id}"),
        ]);
    }
    // Tricks in the address itself, too.
    for trick in [
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(2)%3E",
    ] {
        screens.push(format!("/search?q={trick}"));
        screens.push(format!("/timeline?actor={trick}&place={trick}"));
        screens.push(format!("/admin/audit?who={trick}&what={trick}"));
        screens.push(format!("/coverage?actor={trick}"));
        screens.push(format!("/login?next={trick}"));
        screens.push(format!("/{trick}"));
        screens.push(format!("/e/{trick}"));
    }
    screens
}

/// A sign that turns the reading order stays inside an element of its own direction.
fn turns_nothing(screen: &str, body: &str) {
    for (at, _) in body.match_indices('\u{202e}') {
        let open = body[..at].rfind('<').map_or("", |tag| &body[tag..at]);
        let own = ["<bdi", "<mark", "<title", "<option", "<input"];
        let isolated = open.contains("dir=\"auto\"") || own.iter().any(|t| open.starts_with(t));
        let before = &body[..at];
        let inside = before.contains("dir=\"auto\"") || before.contains("<bdi");
        assert!(isolated || inside, "{screen}: {open}");
    }
}

#[test]
fn every_answer_carries_the_policy_and_no_page_has_inline_code() {
    let trial = Trial::guarded();
    let ana = Browser::signed_in(&trial, "ana");
    for path in [
        "/",
        "/login",
        "/account",
        "/admin",
        "/admin/audit",
        "/coverage",
        "/nowhere",
        "/api/v1",
    ] {
        let answer = ana.get(path);
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        for inline in ["<style", " style=\"", " onclick=", "<script>"] {
            assert!(!answer.body.contains(inline), "{path} has {inline}");
        }
    }
    // Refusals carry it too.
    let refused = trial.get("/", &[("host", "evil.example")]);
    assert_eq!(refused.code, 403);
    assert!(
        refused
            .header("content-security-policy")
            .contains("default-src 'none'")
    );
}

#[test]
fn a_form_needs_the_token_of_its_session_and_the_desks_origin() {
    let trial = Trial::guarded();
    let lee = Browser::signed_in(&trial, "lee");
    let rio = Browser::signed_in(&trial, "rio");
    let cookie: (&str, &str) = ("cookie", &lee.cookie);
    for token in ["", "no", &rio.token] {
        let form = format!("token={token}&seq=1&why=x");
        let answer = trial.post("/undo", &form, &[cookie]);
        assert_eq!(answer.code, 403, "{token}");
        assert!(answer.body.contains("another session"), "{}", answer.body);
    }
    let form = format!("token={}&seq=1&why=x", lee.token);
    for origin in [
        "http://evil.example",
        "https://127.0.0.1:8750",
        "null",
        "http://127.0.0.1:8750.evil.example",
    ] {
        let answer = trial.post("/undo", &form, &[cookie, ("origin", origin)]);
        assert_eq!(answer.code, 403, "{origin}");
    }
    let own = trial.post(
        "/undo",
        &form,
        &[cookie, ("origin", "http://127.0.0.1:8750")],
    );
    // There is no such correction, and that is all that is wrong.
    assert!([404, 422].contains(&own.code), "{}", own.body);
    // Signing in is a form as well: nobody is signed in as somebody else by another page.
    let form = "name=ana&password=seven+quiet+rivers";
    assert_eq!(trial.post("/login", form, &[]).code, 403);
    for method in [
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
        Method::TRACE,
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri("/log")
            .header("cookie", &lee.cookie);
        assert_eq!(
            trial.send(request.body(Body::empty()).unwrap()).code,
            405,
            "{method}"
        );
    }
}

#[test]
fn bodies_have_limits_by_what_they_are_for() {
    let trial = Trial::guarded();
    let big = |bytes: usize| "x".repeat(bytes);
    // Who is not let in does not get read.
    let stranger = trial.post("/inbox", &big(80 << 20), &[]);
    assert_eq!(stranger.code, 401);
    assert_eq!(trial.post("/login", &big(20 << 10), &[]).code, 413);
    let lee = Browser::signed_in(&trial, "lee");
    assert_eq!(lee.post("/correct", &big(3 << 20)).code, 413);
    assert_eq!(lee.post("/inbox", &big(65 << 20)).code, 413);
    assert_eq!(
        lee.post("/inbox", &format!("text={}", big(3 << 20))).code,
        303
    );
}

#[test]
fn who_asks_too_much_is_told_when_to_come_back() {
    let trial = Trial::guarded();
    let rio = Browser::signed_in(&trial, "rio");
    let mut last = None;
    for _ in 0..100 {
        let answer = rio.get("/api/v1/search?q=talks");
        if answer.code == 429 {
            last = Some(answer);
            break;
        }
        assert_eq!(answer.code, 200);
    }
    let told = last.expect("a limit of searches");
    assert_eq!(told.header("content-type"), "application/problem+json");
    let wait: i64 = told.header("retry-after").parse().unwrap();
    assert!(wait >= 1);
    // Others, and other things, are not held up by it.
    assert_eq!(rio.get("/log").code, 200);
    assert_eq!(
        Browser::signed_in(&trial, "lee")
            .get("/search?q=talks")
            .code,
        200
    );
    trial.world.pass(wait);
    assert_eq!(rio.get("/api/v1/search?q=talks").code, 200);
    // Requests of nobody are counted by their address.
    let codes: Vec<u16> = (0..400).map(|_| trial.get("/login", &[]).code).collect();
    assert!(codes.contains(&429));
    // A desk of one's own, without accounts, has no such limits.
    let own = Trial::new();
    assert!((0..400).all(|_| own.get("/api/v1/search?q=talks", &[]).code == 200));
}

#[test]
fn guessing_passwords_gets_slow() {
    let trial = Trial::guarded();
    let mut browser = Browser::new(&trial);
    let mut guesses = 0;
    for _ in 0..200 {
        let answer = browser.sign_in("ana", "another wrong guess");
        if answer.code == 403 {
            guesses += 1;
        } else {
            assert_eq!(answer.code, 429);
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
        }
        trial.world.pass(5);
    }
    assert!(guesses < 20, "{guesses} guesses in 1,000 seconds");
    // The right password opens once the pause is over.
    trial.world.pass(1000);
    assert_eq!(browser.sign_in("ana", PASSWORD).code, 303);
}

#[test]
fn no_secret_is_in_any_answer_or_file() {
    let trial = Trial::guarded();
    let token = trial.token("ana");
    let wrong = "a wrong pass phrase";
    let mut seen = Vec::new();
    let mut ana = Browser::new(&trial);
    // Somebody types the password into the field of the name, too.
    seen.push(ana.sign_in(wrong, PASSWORD).body);
    seen.push(ana.sign_in("ana", wrong).body);
    assert_eq!(ana.sign_in("ana", PASSWORD).code, 303);
    let bearer = format!("Bearer {token}");
    for path in [
        "/",
        "/api/v1",
        "/api/v1/nowhere",
        "/admin",
        "/export/csv/events.csv",
        "/export/csv/nothing",
    ] {
        let answer = trial.get(path, &[("authorization", &bearer)]);
        seen.push(format!("{:?}{}", answer.headers, answer.body));
    }
    for path in [
        "/",
        "/account",
        "/admin",
        "/admin/audit",
        "/log",
        "/nowhere",
        "/inbox",
    ] {
        let answer = ana.get(path);
        seen.push(format!("{:?}{}", answer.headers, answer.body));
    }
    let bad = format!("name=lee&do=password&password={}", "short");
    seen.push(ana.post("/admin/accounts/change", &bad).body);
    let add = format!("name=new&role=reader&password={}", wrong.replace(' ', "+"));
    seen.push(ana.post("/admin/accounts/add", &add).body);
    seen.push(
        ana.post("/account/password", "current=x&new=y&again=z")
            .body,
    );
    // Everything that lies in the folder.
    for file in std::fs::read_dir(&trial.dir).unwrap().flatten() {
        if let Ok(bytes) = std::fs::read(file.path()) {
            seen.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let session = ana.cookie.split('=').nth(1).unwrap();
    for text in seen {
        for secret in [PASSWORD, wrong, &token, session] {
            assert!(!text.contains(secret), "{secret:?} in {text}");
        }
        assert!(
            !text.contains("$argon2id") || text.contains("\"accounts\""),
            "{text}"
        );
    }
}
