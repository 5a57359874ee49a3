use super::{Browser, Trial};
use crate::web::accounts::Role;
use crate::web::roles::{Need, TABLE};

/// What each address needs, written down a second time: a change of the table is a change here.
/// `None`: nothing.
const POSTS: &[(&str, Option<Role>)] = &[
    ("/login", None),
    ("/logout", Some(Role::Reader)),
    ("/account/password", Some(Role::Reader)),
    ("/account/token", Some(Role::Reader)),
    ("/account/revoke", Some(Role::Reader)),
    ("/account/sessions", Some(Role::Reader)),
    ("/correct", Some(Role::Analyst)),
    ("/undo", Some(Role::Analyst)),
    ("/inbox", Some(Role::Analyst)),
    ("/b/**", Some(Role::Analyst)),
    ("/arrange", Some(Role::Analyst)),
    ("/names", Some(Role::Analyst)),
    ("/saved", Some(Role::Analyst)),
    ("/watch", Some(Role::Analyst)),
    ("/admin/check", Some(Role::Admin)),
    ("/admin/accounts/**", Some(Role::Admin)),
    ("/**", Some(Role::Admin)),
];

const GETS: &[(&str, Option<Role>)] = &[
    ("/assets/desk.css", None),
    ("/login", None),
    ("/", Some(Role::Reader)),
    ("/inbox", Some(Role::Reader)),
    ("/log", Some(Role::Reader)),
    ("/coverage", Some(Role::Reader)),
    ("/account", Some(Role::Reader)),
    ("/search?q=talks", Some(Role::Reader)),
    ("/export/csv/events.csv", Some(Role::Reader)),
    ("/api/v1", Some(Role::Reader)),
    ("/api/v1/events", Some(Role::Reader)),
    ("/api/v1/search?q=talks", Some(Role::Reader)),
    ("/api/v1/openapi.json", Some(Role::Reader)),
    ("/admin", Some(Role::Admin)),
    ("/admin/audit", Some(Role::Admin)),
    ("/admin/nothing", Some(Role::Admin)),
];

const PEOPLE: [(&str, Role); 3] = [
    ("rio", Role::Reader),
    ("lee", Role::Analyst),
    ("ana", Role::Admin),
];

/// An address that a pattern fits.
fn example(pattern: &str) -> String {
    match pattern {
        "/**" => "/anything/new".to_owned(),
        pattern => pattern.replace("**", "add"),
    }
}

#[test]
fn every_line_of_the_table_is_known_here() {
    for rule in TABLE.iter().filter(|rule| rule.changes) {
        let known = POSTS.iter().find(|(path, _)| *path == rule.path);
        let (_, role) = known.unwrap_or_else(|| panic!("POST {} is not tested", rule.path));
        let need = role.map_or(Need::Nothing, Need::Role);
        assert_eq!(rule.need, need, "POST {}", rule.path);
    }
    assert_eq!(TABLE.iter().filter(|r| r.changes).count(), POSTS.len());
}

#[test]
fn every_form_is_open_to_its_role_and_no_lower_one() {
    for (pattern, need) in POSTS {
        let trial = Trial::guarded();
        let path = example(pattern);
        // A form that brings nothing changes nothing, but tells whether it was let in.
        let stranger = Browser::new(&trial).post(&path, "");
        if need.is_some() {
            assert_eq!(stranger.code, 401, "POST {path} by nobody");
        }
        for (name, role) in PEOPLE {
            let answer = Browser::signed_in(&trial, name).post(&path, "");
            let may = need.is_none_or(|need| role >= need);
            let refused = answer.body.contains("may not do that");
            assert_eq!(!may, refused, "POST {path} by {name}: {}", answer.body);
            if !may {
                assert_eq!(answer.code, 403, "POST {path} by {name}");
            }
        }
    }
}

#[test]
fn every_screen_and_list_is_open_to_its_role_and_no_lower_one() {
    let trial = Trial::guarded();
    for (path, need) in GETS {
        let stranger = Browser::new(&trial).get(path);
        match need {
            None => assert_eq!(stranger.code, 200, "{path}"),
            Some(_) if path.starts_with("/api/") => assert_eq!(stranger.code, 401, "{path}"),
            Some(_) => {
                assert_eq!(stranger.code, 303, "{path}");
                assert!(stranger.header("location").starts_with("/login?next="));
            }
        }
        for (name, role) in PEOPLE {
            let answer = Browser::signed_in(&trial, name).get(path);
            let may = need.is_none_or(|need| role >= need);
            assert_eq!(
                !may,
                answer.code == 403,
                "{path} by {name}: {}",
                answer.code
            );
        }
        trial.world.pass(3600);
    }
}

#[test]
fn a_program_writes_by_its_accounts_role() {
    let trial = Trial::guarded();
    for (name, role) in PEOPLE {
        let bearer = format!("Bearer {}", trial.token(name));
        let auth: &[(&str, &str)] = &[("authorization", &bearer)];
        assert_eq!(trial.get("/api/v1/events", auth).code, 200, "{name}");
        // No write is declared below /api/v1, so any is for admins alone.
        for path in ["/api/v1/corrections", "/api/v1/anything"] {
            let answer = trial.post(path, "", auth);
            let allowed: &[u16] = if role < Role::Admin {
                &[403, 405]
            } else {
                &[404, 405]
            };
            assert!(
                allowed.contains(&answer.code),
                "POST {path} by {name}: {}",
                answer.code
            );
            if role < Role::Admin {
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
        // Forms of the screens are for people: a token opens none.
        for path in ["/correct", "/admin/accounts/add", "/account/token"] {
            assert_eq!(
                trial.post(path, "", auth).code,
                401,
                "POST {path} by {name}"
            );
        }
    }
}

#[test]
fn only_an_admin_suppresses_a_document_and_takes_that_back() {
    let trial = Trial::guarded();
    let id = trial.document(
        "A page",
        "The delegations met in Port Karim for three hours.",
    );
    let form = format!("id={id}&field=suppressed&value=true&why=wrong+page");
    let lee = Browser::signed_in(&trial, "lee");
    let ana = Browser::signed_in(&trial, "ana");
    assert_eq!(lee.post("/correct", &form).code, 403);
    // A beginning of the id names the same document.
    let short = form.replace(&id, &id[..8]);
    assert_eq!(lee.post("/correct", &short).code, 403);
    let title = format!("id={id}&field=title&value=Another+page&why=misread");
    assert_eq!(lee.post("/correct", &title).code, 303);
    let done = ana.post("/correct", &form);
    assert_eq!(done.code, 303, "{}", done.body);
    assert_eq!(lee.post("/undo", "seq=2&why=no").code, 403);
    assert_eq!(ana.post("/undo", "seq=2&why=no").code, 303);
    // Taking back the undo suppresses it again.
    assert_eq!(lee.post("/undo", "seq=3&why=no").code, 403);
    assert_eq!(lee.post("/undo", "seq=1&why=no").code, 303);
    let refused = trial
        .audit()
        .into_iter()
        .filter(|e| e.what == "refused")
        .count();
    assert_eq!(refused, 4);
}

#[test]
fn who_is_signed_in_signs() {
    let trial = Trial::guarded();
    let id = trial.document(
        "A page",
        "The delegations met in Port Karim for three hours.",
    );
    let lee = Browser::signed_in(&trial, "lee");
    let form = format!("id={id}&field=title&value=Another+page&why=misread&who=Somebody+else");
    assert_eq!(lee.post("/correct", &form).code, 303);
    let log = lee.get("/log").body;
    assert!(log.contains("<bdi>lee</bdi>") && !log.contains("Somebody else"));
    assert!(!log.contains("name=\"who\""));
    let reader = Browser::signed_in(&trial, "rio");
    for screen in ["/log", "/inbox", &format!("/r/{id}"), &format!("/d/{id}")] {
        let page = reader.get(screen);
        assert_eq!(page.code, 200, "{screen}");
        for form in ["/correct", "/undo", "/inbox"] {
            assert!(
                !page.body.contains(&format!("action=\"{form}\"")),
                "{screen} offers a reader {form}"
            );
        }
    }
}
