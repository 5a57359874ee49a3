//! The built-in example, served by the real binary.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A served desk, closed with the test.
pub(crate) struct Served {
    child: Child,
    root: PathBuf,
    /// `http://127.0.0.1:PORT`.
    pub(crate) address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Served {
    /// Makes the example and serves it.
    pub(crate) fn example() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("rapporteur-browser-{}-{n}", std::process::id());
        let root = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&root).unwrap();
        let program = env!("CARGO_BIN_EXE_rapporteur");
        let made = Command::new(program)
            .args(["demo", "--at"])
            .arg(&root)
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let mut child = Command::new(program)
            .arg("--desk")
            .arg(root.join("desk"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let at = line.find("http://").unwrap();
        let address = line[at..].split(['/', ' ']).nth(2).unwrap();
        Self {
            address: format!("http://{address}"),
            child,
            root,
        }
    }

    /// Pages that stand alone, as the command line writes them: name and address of the file.
    pub(crate) fn pages(&self) -> Vec<(&'static str, String)> {
        let desk = self.root.join("desk");
        let page = |name: &'static str, args: &[&str]| {
            let path = self.root.join(format!("{name}.html"));
            let made = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
                .arg("--desk")
                .arg(&desk)
                .args(args)
                .arg(&path)
                .output()
                .unwrap();
            let why = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.success(), "{why}");
            (name, format!("file://{}", path.display()))
        };
        vec![
            page("page-of-brief", &["brief", "--format", "html", "--output"]),
            page("page-of-process", &["process", "project", "--html"]),
        ]
    }

    /// The body of a screen, asked for without a browser.
    pub(crate) fn get(&self, path: &str) -> String {
        let agent = ureq::Agent::config_builder()
            .proxy(None)
            .build()
            .new_agent();
        let mut answer = agent.get(format!("{}{path}", self.address)).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    }

    /// The first link of a screen that begins so.
    fn link(&self, screen: &str, start: &str) -> String {
        let page = self.get(screen);
        let at = page
            .find(&format!("href=\"{start}"))
            .unwrap_or_else(|| panic!("{screen} has no link {start}"));
        let link = page[at..].split('"').nth(1).unwrap();
        link.split(['?', '#']).next().unwrap().to_owned()
    }

    /// Every screen: a short name for its picture, and its address.
    pub(crate) fn screens(&self) -> Vec<(&'static str, String)> {
        let fixed = [
            ("brief", "/"),
            ("brief-since", "/?since=2024-02-01"),
            ("timeline", "/timeline"),
            (
                "timeline-filtered",
                "/timeline?type=CONSULT&from=2024-01-01",
            ),
            ("events", "/events"),
            ("stories", "/stories"),
            ("processes", "/p"),
            ("actors", "/actors"),
            ("positions", "/positions"),
            ("commitments", "/commitments"),
            ("figures", "/figures"),
            ("quotes", "/quotes"),
            ("conflicts", "/conflicts"),
            ("conflicts-all", "/conflicts?all=1"),
            ("map", "/map"),
            ("network", "/network"),
            ("documents", "/documents"),
            ("search", "/search?q=talks"),
            ("search-empty", "/search"),
            ("inbox", "/inbox"),
            ("log", "/log"),
            ("export", "/export"),
            ("briefs", "/b"),
            ("saved", "/saved"),
            ("names", "/names"),
            ("coverage", "/coverage"),
            ("admin", "/admin"),
            ("not-found", "/nothing"),
        ];
        let mut out: Vec<_> = fixed
            .iter()
            .map(|(name, path)| (*name, (*path).to_owned()))
            .collect();
        for (name, screen, start) in [
            ("event", "/timeline", "/e/e-"),
            ("document", "/documents", "/d/d-"),
            ("actor", "/actors", "/a/n-"),
            ("story", "/stories", "/s/s-"),
            ("quote", "/quotes", "/r/q-"),
            ("process", "/p", "/p/"),
        ] {
            let link = self.link(screen, start);
            if name == "document" {
                out.push(("original", format!("{link}/original")));
                let marked = format!("{link}?show=event,figure,quote,time,actor,place&c=10-60");
                out.push(("document-marked", marked));
            }
            out.push((name, link));
        }
        out
    }
}
