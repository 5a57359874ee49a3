//! Pages that nobody means to be read: each ends in a stated result, whole or in part, within its
//! time and memory, and the page beside it goes in.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// For one hostile page with a good one beside it; a busy machine and a slow build included.
const TIME: Duration = Duration::from_secs(60);
/// Resident at most, in KiB. The program itself with its models has about 120,000.
const MEMORY: u64 = 900_000;

/// What must come of a page.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// In the record, whole.
    Read,
    /// In the record in part, with a note that says so.
    InPart(&'static str),
    /// Not in the record: the error says why.
    Refused(&'static str),
    /// One or the other: what a page of noise is, is for the reader of pages to decide.
    Stated,
}

use Ends::{InPart, Read, Refused, Stated};

struct Scratch(std::path::PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn scratch(name: &str) -> Scratch {
    let dir = std::env::temp_dir().join(format!("rapporteur-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    Scratch(dir)
}

fn rapporteur(desk: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.arg("--desk").arg(desk).args(args);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The sentences that every page has somewhere.
const TALKS: &str = "<p>Delegations from France and Japan met in Geneva on 12 March 2024 to discuss the withdrawal of observers from the border zone, the two governments said in a joint statement.</p>\
    <p>About 400 observers are still stationed along the border, down from more than 900 in the previous year, according to the joint commission.</p>";

fn page(before: &str, after: &str) -> Vec<u8> {
    format!("<html><head><meta charset=\"utf-8\"><title>Delegations meet</title></head><body>{before}<article><h1>Delegations meet</h1>{TALKS}</article>{after}</body></html>").into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// A gigabyte of the same letter.
fn bomb() -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let piece = vec![b'a'; 1 << 20];
    (0..1024).for_each(|_| gzip.write_all(&piece).unwrap());
    gzip.finish().unwrap()
}

/// Ten entities, each ten times the one before.
fn entities() -> String {
    let mut out = String::from("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a0 \"report\">");
    for n in 1..12 {
        let ten = format!("&a{};", n - 1).repeat(10);
        out.push_str(&format!("<!ENTITY a{n} \"{ten}\">"));
    }
    out.push_str("]><rss version=\"2.0\"><channel><title>&a11;</title><item><title>&a11;</title><description>&a11;</description></item></channel></rss>");
    out
}

fn warc(body: &[u8], says: usize) -> Vec<u8> {
    let mut out = format!("WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://example.org/\r\nContent-Type: text/html\r\nContent-Length: {says}\r\n\r\n").into_bytes();
    out.extend_from_slice(body);
    out
}

/// A name, the bytes, what must come of them.
type Hostile = (&'static str, Vec<u8>, Ends);

/// A page with a long piece in it, many times.
fn sized(n: usize, piece: &str) -> String {
    piece.repeat(n)
}

/// Elements without end.
fn tangled() -> Vec<Hostile> {
    let wide = |n: usize| sized(n, "<td>1</td>");
    vec![
        (
            "nested.html",
            page(&sized(200_000, "<div>"), ""),
            InPart("nest"),
        ),
        (
            "formatted.html",
            page(&sized(60_000, "<b><i><a href=x>"), ""),
            Stated,
        ),
        (
            "misnested.html",
            page(&sized(20_000, "<a><table><a><b>"), ""),
            Stated,
        ),
        (
            "siblings.html",
            page(&sized(700_000, "<i>x</i>"), ""),
            Refused("nodes"),
        ),
        (
            "table.html",
            page(
                "",
                &format!(
                    "<table>{}</table>",
                    sized(600, &format!("<tr>{}</tr>", wide(500)))
                ),
            ),
            Read,
        ),
        (
            "links.html",
            page(&sized(80_000, "<li><a href=/a>more</a></li>"), ""),
            Read,
        ),
    ]
}

/// Parts that no reader wants.
fn swollen() -> Vec<Hostile> {
    vec![
        (
            "entities.html",
            page(
                "",
                &format!("<p>{}</p>", sized(300_000, "&lt;&#x110000;&#0;")),
            ),
            Read,
        ),
        (
            "attribute.html",
            page(
                &format!("<div data-x=\"{}\">", sized(10 << 20, "a")),
                "</div>",
            ),
            Read,
        ),
        (
            "attributes.html",
            page(
                &format!(
                    "<div {}>",
                    (0..200_000).map(|n| format!("a{n}=1 ")).collect::<String>()
                ),
                "</div>",
            ),
            Read,
        ),
        (
            "metas.html",
            page(&sized(100_000, "<meta property=og:title content=x>"), ""),
            Read,
        ),
        (
            "comment.html",
            page("", &format!("<!-- {}", sized(15 << 20, "x"))),
            Read,
        ),
        (
            "script.html",
            page("", &format!("<script>{}", sized(15 << 20, "x"))),
            Read,
        ),
        (
            "ld.html",
            page(
                &format!(
                    "<script type=\"application/ld+json\">{}</script>",
                    sized(200_000, "[{\"a\":")
                ),
                "",
            ),
            Read,
        ),
    ]
}

/// What unpacks to more than it says, or to something else.
fn packed() -> Vec<Hostile> {
    vec![
        ("bomb.xml", entities().into_bytes(), Refused("")),
        ("bomb.html.gz", bomb(), Refused("more than 32 MiB")),
        (
            "twice.html.gz",
            gzip(&gzip(&page("", ""))),
            Refused("compressed twice"),
        ),
        ("lies.warc", warc(&page("", ""), 1 << 40), Refused("")),
        ("short.warc", warc(&page("", ""), 7), Refused("")),
        (
            "deep.jsonl",
            format!("{}\n", sized(100_000, "[")).into_bytes(),
            Refused("not JSON"),
        ),
    ]
}

/// Texts that are none.
fn odd_texts() -> Vec<Hostile> {
    vec![
        (
            "word.html",
            page(
                "",
                &format!("<article><p>{}</p></article>", sized(2 << 20, "w")),
            ),
            Read,
        ),
        (
            "numbers.html",
            page(
                "",
                &format!(
                    "<article><p>{}</p></article>",
                    sized(200_000, "12 000 of 3.5 ")
                ),
            ),
            Read,
        ),
        (
            "brackets.html",
            page(
                "",
                &format!("<article><p>{}</p></article>", sized(400_000, "(“")),
            ),
            Read,
        ),
        (
            "marks.html",
            page(
                "",
                &format!("<article><p>a{}</p></article>", sized(400_000, "\u{301}")),
            ),
            Read,
        ),
        (
            "long.txt",
            sized(
                60_000,
                "The committee met again on 3 May 2024 and adjourned. ",
            )
            .into_bytes(),
            InPart("coded"),
        ),
    ]
}

/// Bytes that are not what they say.
fn odd_bytes() -> Vec<Hostile> {
    vec![
        (
            "nulls.html",
            page(&sized(100_000, "\0"), "\0"),
            Refused("not a page"),
        ),
        (
            "lies-utf16.html",
            [&b"\xff\xfe"[..], &page("", "")].concat(),
            Read,
        ),
        (
            "lies-utf8.html",
            [&page("", "")[..], &b"<p>\xe9\xff\xfe\x80</p>"[..]].concat(),
            Read,
        ),
        (
            "bidi.html",
            page(
                "",
                "<p>The \u{202e}gpj.exe\u{202c} report \u{2066}of the\u{2069} com\u{200b}mission was read twice.</p>",
            ),
            Read,
        ),
    ]
}

#[test]
fn each_ends_in_a_stated_result() {
    let pages = [tangled(), swollen(), packed(), odd_texts(), odd_bytes()].concat();
    let dir = scratch("hostile");
    let mut wrong = Vec::new();
    for (name, bytes, ends) in &pages {
        wrong.extend(
            one(&dir.0, name, bytes, *ends)
                .err()
                .map(|why| format!("{name}: {why}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Adds a hostile page and a good one.
fn one(dir: &Path, name: &str, bytes: &[u8], ends: Ends) -> Result<(), String> {
    let desk = dir.join("desk");
    let _ = std::fs::remove_dir_all(&desk);
    let made = rapporteur(&desk, &["init", desk.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(made.status.success());
    let (bad, good) = (dir.join(name), dir.join("good.txt"));
    std::fs::write(&bad, bytes).unwrap();
    std::fs::write(&good, "Envoys return\n\n4 April 2024\n\nThe envoys returned to Geneva on Thursday and will meet the commission, a spokesman said. They plan to stay for a week.\n").unwrap();
    let args = [
        "add",
        "--json",
        "--offline",
        bad.to_str().unwrap(),
        good.to_str().unwrap(),
    ];
    let begun = Instant::now();
    let child = rapporteur(&desk, &args).spawn().unwrap();
    let (output, peak) = watched(child)?;
    let took = begun.elapsed();
    let _ = std::fs::remove_file(&bad);
    within(name, took, peak, &output.0)?;
    judged(&desk, name, &output, ends)
}

/// Time and memory were enough.
fn within(name: &str, took: Duration, peak: u64, out: &str) -> Result<(), String> {
    if std::env::var_os("RAPPORTEUR_TOLD").is_some() {
        let first: String = out.lines().next().unwrap_or("").chars().take(300).collect();
        let (seconds, peak) = (took.as_secs_f64(), peak >> 10);
        let line = format!("{name}: {seconds:.1} s, {peak} MiB, {first}\n");
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    }
    if took > TIME || peak > MEMORY {
        return Err(format!("took {took:?} and {peak} KiB"));
    }
    Ok(())
}

/// What is told of both pages.
fn judged(desk: &Path, name: &str, output: &(String, String), ends: Ends) -> Result<(), String> {
    let lines: Vec<Value> = output
        .0
        .lines()
        .filter_map(|l| serde_json::from_str(l).ok())
        .collect();
    let about = |name: &str| {
        lines
            .iter()
            .find(|l| l["input"].as_str().is_some_and(|i| i.contains(name)))
    };
    if about("good.txt").is_none_or(|l| l["result"] != "new") {
        return Err(format!(
            "the page beside it did not go in: {} {}",
            output.0, output.1
        ));
    }
    let told = about(name).ok_or_else(|| format!("nothing is told: {} {}", output.0, output.1))?;
    let error = told["error"].as_str().unwrap_or_default();
    match ends {
        Refused(says) if told["result"] == "failed" && error.contains(says) => Ok(()),
        Stated if told["result"] == "failed" && !error.is_empty() => Ok(()),
        Read | InPart(_) | Stated if told["result"] == "new" => noted(desk, told, ends),
        _ => Err(format!("{told}")),
    }
}

/// What was read in part says so in its notes.
fn noted(desk: &Path, told: &Value, ends: Ends) -> Result<(), String> {
    let id = format!("d-{}", &told["doc"].as_str().unwrap_or_default()[..12]);
    let shown = rapporteur(desk, &["show", &id]).output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    let stopped = text.contains("-stopped");
    if told["title"] == "" && ends == Read {
        return Err("it has no title".to_owned());
    }
    let checked = rapporteur(desk, &["check"]).output().unwrap();
    let says = match ends {
        InPart(word) => text.contains(word),
        _ => true,
    };
    if !says || stopped || !checked.status.success() {
        let notes: Vec<&str> = text.lines().filter(|l| l.contains('/')).collect();
        return Err(format!(
            "notes: {notes:?}, check {:?}",
            checked.status.code()
        ));
    }
    Ok(())
}

/// Lets a child end; its output, and the most memory it had.
fn watched(mut child: std::process::Child) -> Result<((String, String), u64), String> {
    let status = format!("/proc/{}/status", child.id());
    let (mut peak, begun) = (0, Instant::now());
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let now = text.lines().find_map(|l| {
            l.strip_prefix("VmHWM:")?
                .trim()
                .strip_suffix(" kB")?
                .trim()
                .parse()
                .ok()
        });
        peak = peak.max(now.unwrap_or(0));
        if begun.elapsed() > TIME * 2 || peak > MEMORY * 4 {
            let _ = child.kill();
            return Err(format!(
                "killed after {:?} with {peak} KiB",
                begun.elapsed()
            ));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    if output.status.code().is_none() {
        return Err(format!("ended by {}", output.status));
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(((text(&output.stdout), text(&output.stderr)), peak))
}

#[test]
fn a_stream_without_an_end_is_left() {
    let dir = scratch("endless");
    let desk = dir.0.join("desk");
    assert!(
        rapporteur(&desk, &["init", desk.to_str().unwrap()])
            .output()
            .unwrap()
            .status
            .success()
    );
    let mut command = rapporteur(&desk, &["add", "--json", "-"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let piece = b"<p>And the talks went on.</p>\n".repeat(4000);
        // Ends when nobody reads any more.
        while input.write_all(&piece).is_ok() {}
    });
    let (output, peak) = watched(child).unwrap();
    writer.join().unwrap();
    assert!(
        output.0.contains("more than 32 MiB"),
        "{} {}",
        output.0,
        output.1
    );
    assert!(peak < MEMORY, "{peak} KiB");
}
