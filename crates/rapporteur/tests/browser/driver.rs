//! A browser driven over WebDriver: the few calls that the tests need, as plain HTTP.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What a browser is started with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mode {
    /// Whether pages may run scripts.
    pub(crate) scripts: bool,
}

/// One browser, closed with the test.
pub(crate) struct Browser {
    child: Child,
    agent: ureq::Agent,
    session: String,
    pub(crate) desk: String,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program that drives Chromium, or why there is none.
pub(crate) fn chromedriver() -> Result<String, String> {
    let name = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
    let found = Command::new(&name)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match found {
        Ok(status) if status.success() => Ok(name),
        _ => Err(format!(
            "{name} is not installed (Debian: chromium-driver), or name it in CHROMEDRIVER"
        )),
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Browser {
    /// Starts one; `desk` is the address of the served desk.
    pub(crate) fn start(program: &str, desk: &str, mode: Mode) -> Self {
        let port = free_port();
        let child = Command::new(program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let agent = ureq::Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .new_agent();
        let root = format!("http://127.0.0.1:{port}");
        let begin = Instant::now();
        while agent.get(format!("{root}/status")).call().is_err() {
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "chromedriver does not answer"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        let mut prefs = json!({"intl.accept_languages": "en"});
        if !mode.scripts {
            prefs["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                    "--hide-scrollbars", "--force-color-profile=srgb", "--no-proxy-server"],
                "prefs": prefs,
            },
        }}});
        let mut browser = Self {
            child,
            agent,
            session: format!("{root}/session"),
            desk: desk.to_owned(),
        };
        let made = browser.call("", &wanted);
        let id = made["sessionId"].as_str().unwrap();
        browser.session = format!("{root}/session/{id}");
        browser
    }

    fn call(&self, path: &str, body: &Value) -> Value {
        let answer = self.agent.post(format!("{}{path}", self.session));
        let answer = answer.header("content-type", "application/json");
        let mut answer = answer.send(body.to_string()).unwrap();
        let code = answer.status();
        let limit = answer.body_mut().with_config().limit(64 << 20);
        let text = limit.read_to_string().unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(
            code.is_success(),
            "{path} {}: {}",
            value["value"]["error"],
            value["value"]["message"]
        );
        value["value"].clone()
    }

    /// Opens a path of the desk, or a page that stands alone.
    pub(crate) fn open(&self, path: &str) {
        let url = if path.starts_with("file:") {
            path.to_owned()
        } else {
            format!("{}{path}", self.desk)
        };
        self.call("/url", &json!({"url": url}));
    }

    /// Runs a function body in the page; scripts of the page itself may be off.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.call("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs a function body that calls its last argument when it is done.
    pub(crate) fn run_async(&self, script: &str) -> Value {
        self.call("/execute/async", &json!({"script": script, "args": []}))
    }

    /// A command of the browser's own protocol.
    pub(crate) fn cdp(&self, command: &str, params: &Value) -> Value {
        let body = json!({"cmd": command, "params": params});
        self.call("/goog/cdp/execute", &body)
    }

    /// Width of the window and whether the person likes it dark.
    pub(crate) fn look(&self, width: u32, is_dark: bool) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if is_dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.cdp("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Lets scripts run, or not: of pages opened from now on.
    pub(crate) fn scripts(&self, may_run: bool) {
        let params = json!({"value": !may_run});
        self.cdp("Emulation.setScriptExecutionDisabled", &params);
    }

    fn find(&self, css: &str) -> String {
        let found = self.call("/element", &json!({"using": "css selector", "value": css}));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Clicks the first element.
    pub(crate) fn click(&self, css: &str) {
        let element = self.find(css);
        self.call(&format!("/element/{element}/click"), &json!({}));
    }

    /// Writes into the first element, in place of what was there.
    pub(crate) fn fill(&self, css: &str, words: &str) {
        let element = self.find(css);
        self.call(&format!("/element/{element}/clear"), &json!({}));
        self.call(
            &format!("/element/{element}/value"),
            &json!({"text": words}),
        );
    }

    /// Presses keys one after the other.
    pub(crate) fn press(&self, keys: &[&str]) {
        let mut actions = Vec::new();
        for key in keys {
            actions.push(json!({"type": "keyDown", "value": key}));
            actions.push(json!({"type": "keyUp", "value": key}));
        }
        let all = json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]});
        self.call("/actions", &all);
    }

    /// Path and query of the page that is open.
    pub(crate) fn place(&self) -> String {
        let place = self.run("return location.pathname + location.search");
        place.as_str().unwrap().to_owned()
    }

    /// Waits until a function body says yes: a navigation takes its time.
    pub(crate) fn wait(&self, what: &str, script: &str) {
        let begin = Instant::now();
        while self.run(script) != Value::Bool(true) {
            assert!(
                begin.elapsed() < Duration::from_secs(10),
                "{what}: {} says {}",
                self.place(),
                self.run("return document.querySelector('main')?.innerText.slice(0, 400)")
            );
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    /// The page as a picture, at most `height` high; PNG in base 64.
    pub(crate) fn picture(&self, height: u32) -> String {
        let full = self.run("return document.documentElement.scrollHeight");
        let width = self.run("return innerWidth");
        let high = full.as_u64().unwrap_or(900).min(u64::from(height));
        let clip = json!({"x": 0, "y": 0, "width": width, "height": high, "scale": 1});
        let shot = json!({"format": "png", "clip": clip, "captureBeyondViewport": true});
        let shot = self.cdp("Page.captureScreenshot", &shot);
        shot["data"].as_str().unwrap().to_owned()
    }
}
