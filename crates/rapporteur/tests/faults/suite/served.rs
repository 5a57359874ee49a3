//! A served desk, spoken to by plain HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

pub(crate) struct Served {
    child: Arc<Mutex<Child>>,
    address: String,
    cookie: String,
    token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        end(&self.child);
    }
}

fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = child.kill();
    let _ = child.wait();
}

impl Served {
    pub(crate) fn start(mut command: Command) -> Result<Self, String> {
        command.stderr(std::process::Stdio::null());
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            let _ = BufReader::new(out).read_line(&mut line);
        }
        let address = line
            .split("http://")
            .nth(1)
            .and_then(|a| a.split('/').next());
        let mut served = Self {
            child: Arc::new(Mutex::new(child)),
            address: address.ok_or("serve named no address")?.to_owned(),
            cookie: String::new(),
            token: String::new(),
        };
        let (_, head, _) = served.get("/").ok_or("serve does not answer")?;
        let cookie = head.split("set-cookie: ").nth(1).unwrap_or_default();
        served.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let (_, _, page) = served.get("/inbox").ok_or("serve does not answer")?;
        let token = page
            .split("name=\"token\" value=\"")
            .nth(1)
            .unwrap_or_default();
        served.token = token.split('"').next().unwrap_or_default().to_owned();
        Ok(served)
    }

    /// Kills the server from another thread.
    pub(crate) fn kill_after(&self, after: Duration) -> JoinHandle<()> {
        let child = Arc::clone(&self.child);
        std::thread::spawn(move || {
            std::thread::sleep(after);
            end(&child);
        })
    }

    /// Code, head in small letters, body.
    fn send(&self, head: &str, body: &[u8]) -> Option<(u16, String, String)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .ok()?;
        let head = format!(
            "{head}Host: {}\r\nCookie: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            self.cookie,
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body).ok()?;
        let mut bytes = Vec::new();
        // A server that is killed resets the connection: no answer.
        let whole = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        whole.ok()?;
        let code = head.split(' ').nth(1)?.parse().ok()?;
        Some((code, head.to_lowercase(), body.to_owned()))
    }

    fn get(&self, path: &str) -> Option<(u16, String, String)> {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), b"")
    }

    /// Gives the desk a file; the code of the answer.
    pub(crate) fn upload(&self, name: &str, bytes: &str) -> Option<u16> {
        const EDGE: &str = "----edge-of-the-form";
        let body = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{}\r\n\
             --{EDGE}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n{bytes}\r\n--{EDGE}--\r\n",
            self.token
        );
        let head = format!(
            "POST /inbox HTTP/1.1\r\nContent-Type: multipart/form-data; boundary={EDGE}\r\n"
        );
        Some(self.send(&head, body.as_bytes())?.0)
    }

    /// Sets a title; the code of the answer.
    pub(crate) fn correct(&self, id: &str, title: &str) -> Option<u16> {
        let body = format!(
            "token={}&id={id}&field=title&value={}&who=Ana&why=read+again",
            self.token,
            title.replace(' ', "+")
        );
        let head = "POST /correct HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        Some(self.send(head, body.as_bytes())?.0)
    }
}
