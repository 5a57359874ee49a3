use super::{Browser, Trial};

#[test]
fn an_admin_manages_accounts_in_the_browser() {
    let trial = Trial::guarded();
    let ana = Browser::signed_in(&trial, "ana");
    let change = |form: &str| ana.post("/admin/accounts/change", form).code;
    let add = "name=Mio&role=reader&password=nine+green+harbours";
    assert_eq!(ana.post("/admin/accounts/add", add).code, 303);
    assert_eq!(ana.post("/admin/accounts/add", add).code, 422);
    let mut mio = Browser::new(&trial);
    assert_eq!(mio.sign_in("mio", "nine green harbours").code, 303);
    assert_eq!(mio.get("/admin").code, 403);
    assert_eq!(change("name=Mio&do=role&role=admin"), 303);
    assert_eq!(mio.get("/").code, 303);
    assert_eq!(mio.sign_in("mio", "nine green harbours").code, 303);
    assert_eq!(mio.get("/admin").code, 200);
    assert_eq!(
        change("name=Mio&do=password&password=ten+blue+lanterns"),
        303
    );
    assert_eq!(change("name=Mio&do=sessions"), 303);
    let token = trial.token("Mio");
    let page = ana.get("/admin").body;
    let id = page.split("name=\"id\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    assert_eq!(change(&format!("name=Mio&do=revoke&id={id}")), 303);
    let bearer = format!("Bearer {token}");
    assert_eq!(
        trial.get("/api/v1", &[("authorization", &bearer)]).code,
        401
    );
    assert_eq!(change("name=Mio&do=remove"), 303);
    for bad in [
        "name=ana&do=role&role=reader",
        "name=ana&do=remove",
        "name=nobody&do=remove",
        "name=ana&do=nothing",
        "name=ana&do=role&role=king",
    ] {
        assert_eq!(change(bad), 422, "{bad}");
    }
    the_log_tells_of_mio(&ana);
}

fn the_log_tells_of_mio(ana: &Browser<'_>) {
    let log = ana.get("/admin/audit?what=mio").body;
    for about in [
        "added Mio as reader",
        "Mio is admin",
        "password of Mio",
        "removed Mio",
        "revoked",
    ] {
        assert!(log.contains(about), "{about}");
    }
    assert!(
        !ana.get("/admin/audit?who=nobody")
            .body
            .contains("added Mio")
    );
    assert!(
        !ana.get("/admin/audit?to=2000-01-01")
            .body
            .contains("added Mio")
    );
    assert_eq!(ana.get("/admin/audit?from=someday").code, 422);
}

#[test]
fn the_audit_log_has_sign_ins_exports_and_refusals() {
    let trial = Trial::guarded();
    let rio = Browser::signed_in(&trial, "rio");
    assert_eq!(
        Browser::new(&trial).sign_in("rio", "a wrong password").code,
        403
    );
    assert_eq!(rio.get("/export/csv/events.csv?from=2024-01-01").code, 200);
    assert_eq!(rio.post("/correct", "").code, 403);
    assert_eq!(rio.post("/logout", "").code, 303);
    let lines: Vec<(String, String, String)> = trial
        .audit()
        .into_iter()
        .skip(3)
        .map(|e| (e.who, e.what, e.about))
        .collect();
    let line =
        |who: &str, what: &str, about: &str| (who.to_owned(), what.to_owned(), about.to_owned());
    assert_eq!(
        lines,
        [
            line("rio", "sign-in", ""),
            line("rio", "sign-in failed", ""),
            line("rio", "export", "/export/csv/events.csv?from=2024-01-01"),
            line("rio", "refused", "/correct"),
            line("rio", "sign-out", ""),
        ]
    );
}

#[test]
fn nobody_signs_in_and_nothing_goes_out_unlogged() {
    let trial = Trial::guarded();
    let rio = Browser::signed_in(&trial, "rio");
    let path = trial.dir.join(crate::web::AUDIT);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(rio.get("/export/csv/events.csv").code, 503);
    assert_eq!(
        Browser::new(&trial).sign_in("rio", super::PASSWORD).code,
        503
    );
    assert_eq!(rio.get("/log").code, 200);
}

#[test]
fn the_admin_screen_shows_the_state_of_the_desk() {
    let trial = Trial::new();
    trial.document(
        "Example Gazette",
        "The delegations met in Port Karim for three hours.",
    );
    crate::web::note_backup(&trial.dir, "2024-05-07T00:00:00Z", "/backups/one".as_ref()).unwrap();
    let page = trial.get("/admin", &[]);
    assert_eq!(page.code, 200);
    for part in [
        "Example Gazette",
        "2024-05-06",
        "test",
        "record.db",
        "/backups/one",
        "rapporteur account add",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(trial.get("/", &[]).body.contains("href=\"/admin\""));
    let cookie = page.cookie().unwrap();
    let token = super::token_of(&page.body);
    let form = format!("token={token}");
    let check = trial.post("/admin/check", &form, &[("cookie", &cookie)]);
    assert_eq!(check.code, 200, "{}", check.body);
    assert!(
        check.body.contains("The record is whole."),
        "{}",
        check.body
    );
    let arabic = trial.get("/admin?lang=ar", &[]);
    assert!(arabic.body.contains("dir=\"rtl\"") && arabic.body.contains("الحسابات"));
}

#[test]
fn coverage_marks_the_gaps_of_a_source() {
    let trial = Trial::new();
    for (day, text) in [
        (
            "2024-05-01",
            "The delegations met in Port Karim for three hours.",
        ),
        (
            "2024-05-04",
            "The delegations met again, the ministry said.",
        ),
        ("2024-05-06", "The third round ended without a statement."),
    ] {
        trial.document_on(day, "Example Gazette", text);
    }
    let page = trial.get("/coverage", &[]);
    assert_eq!(page.code, 200);
    assert!(page.body.contains("Example Gazette") && page.body.contains("2024-05-06"));
    assert_eq!(page.body.matches("class=\"gap\"").count(), 3);
    assert!(page.body.contains("Gaps: 3"), "{}", page.body);
    let part = trial.get("/coverage?from=2024-05-04&to=2024-05-06", &[]);
    assert_eq!(part.body.matches("class=\"gap\"").count(), 1);
    let back = "/coverage?from=2024-05-06&to=2024-05-01";
    assert_eq!(trial.get(back, &[]).code, 422);
    let all = "/coverage?from=0001-01-01&to=9999-12-31";
    assert_eq!(trial.get(all, &[]).code, 200);
}
