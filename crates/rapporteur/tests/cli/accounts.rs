//! Accounts over the binary: the commands, the desk that is reached from elsewhere, and that
//! nothing secret is ever written where others may read it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::{Folder, Ran, command, on};

const PASSWORD: &str = "seven quiet rivers";

/// Runs a command of `account` with something on standard input.
fn account(desk: &Path, args: &[&str], input: &str) -> Ran {
    let mut all = vec!["--desk", desk.to_str().unwrap(), "account"];
    all.extend(args);
    let mut child = command(&all).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap().into()
}

fn with_accounts() -> (Folder, PathBuf) {
    let folder = Folder::new();
    let desk = folder.desk();
    for (name, role) in [("ana", "admin"), ("rio", "reader")] {
        let out = account(
            &desk,
            &["add", name, "--role", role],
            &format!("{PASSWORD}\n"),
        );
        assert_eq!(out.code, 0, "{}", out.err);
    }
    (folder, desk)
}

#[test]
fn accounts_are_managed_without_showing_a_password() {
    let folder = Folder::new();
    let desk = folder.desk();
    let mut seen = String::new();
    let mut go = |args: &[&str], input: &str, code: i32| {
        let out = account(&desk, args, input);
        assert_eq!(out.code, code, "{args:?}: {}", out.err);
        seen.push_str(&out.out);
        seen.push_str(&out.err);
        out
    };
    assert!(go(&["list"], "", 1).err.contains("this machine alone"));
    let line = format!("{PASSWORD}\n");
    assert!(
        go(&["add", "rio", "--role", "reader"], &line, 2)
            .err
            .contains("--role admin")
    );
    go(&["add", "ana", "--role", "admin"], &line, 0);
    go(&["add", "rio", "--role", "reader"], &line, 0);
    go(&["add", "Ana", "--role", "reader"], &line, 2);
    go(&["add", "lee", "--role", "king"], &line, 2);
    go(&["add", "lee", "--role", "analyst"], "", 2);
    assert!(
        go(&["add", "lee", "--role", "analyst"], "short\n", 2)
            .err
            .contains("12 characters")
    );
    // There is no flag for a password.
    go(
        &["add", "lee", "--role", "analyst", "--password", PASSWORD],
        "",
        2,
    );
    go(&["role", "rio", "analyst"], "", 0);
    go(&["password", "rio"], "eight loud mountains\n", 0);
    go(&["role", "ana", "reader"], "", 2);
    let token = go(&["token", "rio", "--label", "a script"], "", 0).out;
    let list = go(&["list"], "", 0).out;
    assert!(
        list.contains("rio  analyst") && list.contains("a script"),
        "{list}"
    );
    let json = go(&["list", "--json"], "", 0).out;
    let row: serde_json::Value = serde_json::from_str(json.lines().nth(1).unwrap()).unwrap();
    let id = row["tokens"][0][0].as_str().unwrap();
    go(&["revoke", "rio", id], "", 0);
    go(&["revoke", "rio", id], "", 2);
    go(&["remove", "rio"], "", 0);
    go(&["remove", "rio"], "", 2);
    let log = go(&["log"], "", 0).out;
    assert_eq!(log.lines().count(), 7, "{log}");
    assert!(log.contains("command line") && log.contains("removed rio"));
    assert_eq!(seen.matches(token.trim()).count(), 1);
    for secret in [PASSWORD, "eight loud mountains", "argon2"] {
        // Clap repeats the flag that it does not know, not its value.
        assert!(!seen.contains(secret), "{secret}: {seen}");
    }
}

#[test]
fn a_changed_line_of_the_audit_log_is_found() {
    let (_folder, desk) = with_accounts();
    assert_eq!(account(&desk, &["log"], "").code, 0);
    // A changed line of the log is found.
    let path = desk.join("audit.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("added rio", "added leo", 1)).unwrap();
    assert_eq!(account(&desk, &["log"], "").code, 4);
}

#[test]
fn accounts_stay_out_of_exports_and_of_other_eyes() {
    let (_folder, desk) = with_accounts();
    let export = on(&desk, &["export"]);
    assert!(!export.out.contains("argon2") && !export.out.contains("\"ana\""));
    #[cfg(unix)]
    for name in ["accounts.json", "audit.jsonl"] {
        use std::os::unix::fs::PermissionsExt as _;
        let meta = std::fs::metadata(desk.join(name)).unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

fn pem(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/tls");
    path.join(name).to_str().unwrap().to_owned()
}

#[test]
fn beyond_this_machine_the_desk_wants_accounts_tls_and_sound_keys() {
    let folder = Folder::new();
    let bare = folder.desk();
    let (_other, desk) = with_accounts();
    let serve = |desk: &Path, args: &[&str]| {
        let mut all = vec!["serve"];
        all.extend(args);
        let out = on(desk, &all);
        assert_eq!(out.code, 2, "{args:?}: {}", out.err);
        out.err
    };
    let (cert, key, other) = (pem("cert.pem"), pem("key.pem"), pem("other-key.pem"));
    let tls = [
        "--listen",
        "0.0.0.0:0",
        "--tls-cert",
        &cert,
        "--tls-key",
        &key,
    ];
    assert!(serve(&bare, &tls).contains("no accounts"));
    let proxied = ["--behind-proxy", "desk.example.org"];
    assert!(serve(&bare, &proxied).contains("no accounts"));
    assert!(serve(&desk, &["--listen", "0.0.0.0:0"]).contains("without TLS"));
    assert!(serve(&desk, &["--listen", "nowhere"]).contains("127.0.0.1:8750"));
    assert!(serve(&desk, &["--tls-cert", &cert]).contains("--tls-key"));
    assert!(
        serve(&desk, &["--behind-proxy", "https://desk.example.org/"]).contains("without https://")
    );
    let secret = std::fs::read_to_string(&key).unwrap();
    for (cert, key, says) in [
        (cert.as_str(), other.as_str(), "do not belong together"),
        (key.as_str(), key.as_str(), "no certificate stands in it"),
        (cert.as_str(), cert.as_str(), "no private key stands in it"),
        ("/nowhere/cert.pem", key.as_str(), "/nowhere/cert.pem"),
    ] {
        let err = serve(&desk, &["--tls-cert", cert, "--tls-key", key]);
        assert!(err.contains(says), "{says}: {err}");
        assert!(!err.contains(secret.lines().nth(1).unwrap()), "{err}");
    }
}

/// A served desk whose output is kept.
struct Served {
    child: Child,
    address: String,
    folder: Folder,
    desk: PathBuf,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn new(args: &[&str]) -> Self {
        let (folder, desk) = with_accounts();
        let err = std::fs::File::create(folder.path("stderr")).unwrap();
        let mut all = vec!["--desk", desk.to_str().unwrap(), "serve"];
        all.extend(args);
        let mut child = command(&all).stderr(err).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        std::fs::write(folder.path("stdout"), &line).unwrap();
        let kept = folder.path("stdout-rest");
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            let _ = out.read_to_end(&mut rest);
            let _ = std::fs::write(kept, rest);
        });
        let address = line.split("://").nth(1).unwrap_or_default();
        Self {
            address: address.split('/').next().unwrap().to_owned(),
            child,
            folder,
            desk,
        }
    }

    /// Sends a request in the clear and gives the whole answer.
    fn send(&self, method: &str, path: &str, extra: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{extra}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            form.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn between<'t>(text: &'t str, before: &str, after: char) -> &'t str {
    let rest = text.split(before).nth(1).unwrap_or_default();
    rest.split(after).next().unwrap_or_default()
}

#[test]
fn people_sign_in_over_the_wire_and_nothing_secret_is_printed_or_kept() {
    let served = Served::new(&["--listen", "127.0.0.1:0"]);
    let token = account(&served.desk, &["token", "ana"], "").out;
    let token = token.trim();
    assert!(served.send("GET", "/", "", "").starts_with("HTTP/1.1 303"));
    let page = served.send("GET", "/login", "", "");
    let cookie = format!(
        "Cookie: rapporteur={}\r\n",
        between(&page, "rapporteur=", ';')
    );
    let form = |name: &str, password: &str| {
        let token = between(&page, "name=\"token\" value=\"", '"');
        format!("token={token}&name={name}&password={password}").replace(' ', "+")
    };
    let wrong = "some wrong pass phrase";
    let mut answers = vec![
        served.send("POST", "/login", &cookie, &form("ana", wrong)),
        served.send("POST", "/login", &cookie, &form(PASSWORD, wrong)),
    ];
    let inside = served.send("POST", "/login", &cookie, &form("ana", PASSWORD));
    assert!(inside.starts_with("HTTP/1.1 303"), "{inside}");
    let session = between(&inside, "rapporteur=", ';').to_owned();
    let cookie = format!("Cookie: rapporteur={session}\r\n");
    let bearer = format!("Authorization: Bearer {token}\r\n");
    for (path, extra) in [
        ("/", &cookie),
        ("/account", &cookie),
        ("/admin", &cookie),
        ("/admin/audit", &cookie),
        ("/nowhere", &cookie),
        ("/e/%00", &cookie),
        ("/api/v1", &bearer),
        ("/api/v1/nowhere", &bearer),
        ("/api/v1/events?limit=x", &bearer),
    ] {
        let answer = served.send("GET", path, extra, "");
        assert!(
            !answer.starts_with("HTTP/1.1 401") && !answer.starts_with("HTTP/1.1 303"),
            "{path}: {answer}"
        );
        answers.push(answer);
    }
    // A session ends at once when the command line changes its account.
    let out = account(&served.desk, &["password", "ana"], "eight loud mountains\n");
    assert_eq!(out.code, 0, "{}", out.err);
    assert!(
        served
            .send("GET", "/", &cookie, "")
            .starts_with("HTTP/1.1 303")
    );
    answers.extend(written(&served));
    for text in answers {
        for secret in [PASSWORD, "eight loud mountains", wrong, token, &session] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

/// All that the desk wrote: its output, and the files in its folder.
fn written(served: &Served) -> Vec<String> {
    let mut kept = vec![served.folder.path("stderr"), served.folder.path("stdout")];
    kept.extend(
        std::fs::read_dir(&served.desk)
            .unwrap()
            .flatten()
            .map(|f| f.path()),
    );
    let files = kept.iter().filter(|path| path.is_file());
    files
        .map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned())
        .collect()
}

#[test]
fn over_tls_the_desk_answers_to_the_names_of_its_certificate() {
    let (cert, key) = (pem("cert.pem"), pem("key.pem"));
    let served = Served::new(&[
        "--listen",
        "0.0.0.0:0",
        "--tls-cert",
        &cert,
        "--tls-key",
        &key,
    ]);
    let port = served.address.rsplit(':').next().unwrap();
    let tls = ureq::tls::TlsConfig::builder()
        .disable_verification(true)
        .build();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build()
        .into();
    let url = format!("https://127.0.0.1:{port}/login");
    let answer = agent.get(&url).call().unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(header("strict-transport-security"), "max-age=31536000");
    let cookie = header("set-cookie");
    assert!(
        cookie.starts_with("__Host-rapporteur=") && cookie.contains("Secure"),
        "{cookie}"
    );
    for (host, code) in [
        ("desk.test", 200),
        ("evil.example", 403),
        ("localhost", 403),
    ] {
        let answer = agent
            .get(&url)
            .header("Host", format!("{host}:{port}"))
            .call()
            .unwrap();
        assert_eq!(answer.status().as_u16(), code, "{host}");
    }
    // Who speaks plain HTTP to it gets nothing.
    let mut plain = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    plain
        .write_all(b"GET / HTTP/1.1\r\nHost: desk.test\r\n\r\n")
        .unwrap();
    let mut bytes = Vec::new();
    let _ = plain.read_to_end(&mut bytes);
    assert!(!bytes.starts_with(b"HTTP"));
}
