//! Every reader of bytes from outside, fed with damaged copies of good inputs: no panic, and the
//! same answer twice. `fuzz/` feeds the same functions for longer.

use rapporteur::probe;

use crate::suite::Chance;

/// Bytes that readers stumble over.
const SHARP: [&str; 20] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]]>",
    "<",
    ">",
    "&#x110000;",
    "\0",
    "\u{202e}",
    "\u{feff}",
    "\u{300}",
    "\r\n",
    "\t",
    "-",
    "99999999999999999999",
    "\u{1f600}",
    "%",
    "2024-02-30",
];

/// A copy of `seed` with some places changed.
fn damaged(chance: &mut Chance, seed: &[u8]) -> Vec<u8> {
    let mut out = seed.to_vec();
    for _ in 0..1 + chance.below(6) {
        let at = chance.below(out.len() as u64 + 1) as usize;
        match chance.below(5) {
            0 => {
                let end = (at + chance.below(12) as usize).min(out.len());
                out.drain(at..end);
            }
            1 => {
                let sharp = chance.one_of(&SHARP).as_bytes().iter().copied();
                out.splice(at..at, sharp);
            }
            2 if at < out.len() => out[at] ^= 1 << chance.below(8),
            3 => {
                let end = (at + chance.below(40) as usize).min(out.len());
                let piece = out[at..end].to_vec();
                out.splice(at..at, piece);
            }
            _ => out.truncate(at.max(1)),
        }
    }
    out
}

/// Runs `read` over damaged copies of each seed.
fn feed(runs: u64, seeds: &[&str], read: impl Fn(&[u8])) {
    let mut chance = Chance::new(7);
    for seed in seeds {
        read(seed.as_bytes());
        for _ in 0..runs {
            read(&damaged(&mut chance, seed.as_bytes()));
        }
    }
}

#[test]
fn filters() {
    let row = r#"{"id": 1, "text": "Envoys of France and Japan met in Geneva on 12 March 2024; about 400 observers left, the ministry said.", "headline": "Envoys meet", "body": "“We will come back,” the foreign minister of Japan said.", "html": "<p>Talks <b>resumed</b></p>", "date": "2024-03-13", "pair": {"source": "France", "target": "Japan"}, "context": "a minister"}"#;
    for name in probe::FILTERS {
        feed(25, &[row], |line| {
            assert_eq!(
                probe::filter(name, line),
                probe::filter(name, line),
                "{name}"
            );
        });
    }
}

#[test]
fn inputs_of_add() {
    let feed_of = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title><item><title>Talks open</title><link>https://example.org/a</link><pubDate>Tue, 12 Mar 2024 08:00:00 GMT</pubDate><description>They met.</description></item></channel></rss>";
    let archive = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\nContent-Type: application/http\r\nContent-Length: 79\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Talks.\r\n\r\n";
    let rows = "{\"title\":\"Talks\",\"text\":\"They met.\",\"published\":\"2024-03-12\",\"url\":\"https://example.org/b\"}\n{\"html\":\"<p>x\"}\n[1, 2]\n";
    let names = ["a.jsonl", "b.json", "c.xml", "d.warc", "e.html", "f.md"];
    for name in names {
        feed(60, &[feed_of, archive, rows], |bytes| {
            assert_eq!(
                probe::input(name, bytes),
                probe::input(name, bytes),
                "{name}"
            );
        });
    }
}

#[test]
fn rules_of_hosts_and_addresses() {
    let rules = "User-agent: *\nDisallow: /private/*$\nAllow: /private/open\nCrawl-delay: 2.5\nuser-agent: rapporteur\nDisallow: /x\n";
    feed(300, &[rules], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(
            probe::robots(&text, "/private/a"),
            probe::robots(&text, "/private/a")
        );
    });
    let addresses = [
        "https://user@Example.ORG:8443/a/../b?q=%41#part",
        "http://[::1]:80/",
        "https://xn--bcher-kva.example/\u{e4}?x=1&y",
    ];
    feed(300, &addresses, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(address) = probe::address(&text) {
            assert_eq!(probe::address(&address).as_ref(), Ok(&address), "{text:?}");
        }
    });
}

#[test]
fn tables_of_a_user() {
    let own =
        "kind\tname\taliases\tcountry\tsector\ngroup\tBlue River Front\tBRF;the Front\tSDN\tREB\n";
    let coded = "BLUE_RIVER_FRONT\tSDNREB\t200101\t\nGOVERNMENT\tSDNGOV\n\nMINISTER\t~GOV\n";
    feed(20, &[own, coded], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(probe::dictionary(&text), probe::dictionary(&text));
    });
    let series = "unit,month,deaths\n\"North\",2024-01,3\nSouth,2024-03,0.5\n";
    let days = "date,attacks,talks\n2024-01-01,1,\n2024-01-09,x,2\n";
    feed(300, &[series, days], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(probe::series(&text), probe::series(&text));
    });
    for far in [
        "unit,month,n\nA,2147483647-01,1\n",
        "date,n\n-009999-01-01,1\n9999-12-30,1\n",
    ] {
        let _ = probe::series(far);
    }
}

#[test]
fn forms_of_the_desk() {
    let plain = "token=abc&id=d-0123&field=title&old=&value=A%20title&who=Ana&why=%E2%80%9Cx%80";
    let parts = "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"../a.html\"\r\nContent-Type: text/html\r\n\r\n<p>Talks\r\n--x--\r\n";
    for kind in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        feed(60, &[plain, parts], |bytes| {
            let read = || rapporteur_desk::web::probe(kind, bytes);
            assert_eq!(read(), read());
        });
    }
}
