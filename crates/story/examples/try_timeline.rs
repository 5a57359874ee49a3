use rapporteur_story::timeline::*;
use std::io::{BufRead, Write};
fn main() {
    // args: timelines.jsonl dir -> predictions on stdout
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rows = |f: &str| -> Vec<serde_json::Value> {
        std::io::BufReader::new(std::fs::File::open(f).unwrap())
            .lines()
            .map(|l| serde_json::from_str(&l.unwrap()).unwrap())
            .collect()
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut cache: (String, Vec<serde_json::Value>) = Default::default();
    let only = std::env::var("ONLY").ok();
    for t in rows(&args[0]) {
        if only.as_ref().is_some_and(|o| {
            t["topic"].as_str() != Some(o)
                && t["topic"].as_str().map(|x| x.split('_').next().unwrap()) != Some(o)
        }) {
            continue;
        }
        let file = format!(
            "{}/{}",
            args[1],
            t["articles"].as_str().unwrap().rsplit('/').next().unwrap()
        );
        if cache.0 != file {
            cache = (file.clone(), rows(&file));
        }
        let get = |r: &serde_json::Value, k: &str| {
            r.get(k).and_then(|v| v.as_str()).unwrap_or("").to_owned()
        };
        let texts: Vec<(String, Option<rapporteur_base::Date>)> = cache
            .1
            .iter()
            .map(|r| {
                (
                    get(r, "text"),
                    get(r, "published").get(..10).and_then(|d| d.parse().ok()),
                )
            })
            .collect();
        let told: Vec<Told<'_>> = texts
            .iter()
            .map(|(t, p)| Told {
                text: t,
                published: *p,
            })
            .collect();
        let tl = t["timeline"].as_array().unwrap();
        let mut ds: Vec<&str> = tl.iter().map(|x| x["date"].as_str().unwrap()).collect();
        ds.sort();
        let n: usize = tl
            .iter()
            .map(|x| x["sentences"].as_array().map_or(0, Vec::len))
            .sum();
        let ask = Ask {
            dates: tl.len(),
            sentences: ((n as f64 / tl.len() as f64).round() as usize).max(1),
            from: ds[0].parse().ok(),
            to: ds[ds.len() - 1].parse().ok(),
            keywords: t["keywords"]
                .as_array()
                .map(|k| k.iter().map(|x| x.as_str().unwrap().to_owned()).collect())
                .unwrap_or_default(),
        };
        if std::env::var("TAG").is_ok() {
            let s = std::time::Instant::now();
            let n: usize = told
                .iter()
                .map(|t| rapporteur_temporal::tag(t.text, t.published).len())
                .sum();
            eprintln!("tag {} articles {n} times {:?}", told.len(), s.elapsed());
        }
        let s = std::time::Instant::now();
        let days = timeline(&told, &ask);
        eprintln!(
            "{} {} articles {} bytes {:?}",
            t["name"],
            told.len(),
            texts.iter().map(|t| t.0.len()).sum::<usize>(),
            s.elapsed()
        );
        let v:Vec<serde_json::Value>=days.iter().map(|d|serde_json::json!({"date":d.date,"sentences":d.sentences.iter().map(|(a,s)|s.of(&texts[*a].0)).collect::<Vec<_>>() })).collect();
        writeln!(
            out,
            "{}",
            serde_json::json!({"set":t["set"],"topic":t["topic"],"name":t["name"],"timeline":v})
        )
        .unwrap();
    }
}
