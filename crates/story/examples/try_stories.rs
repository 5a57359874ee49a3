use rapporteur_story::*;
use std::io::BufRead;
fn env(n: &str, d: f64) -> f64 {
    std::env::var(n)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(d)
}
fn main() {
    let d = Settings::default();
    let s = Settings {
        join: env("JOIN", d.join),
        join_short: env("JOINS", d.join_short),
        size: env("SIZE", d.size),
        silence: env("SIL", d.silence as f64) as i32,
        merge: env("MERGE", d.merge),
        merge_short: env("MERGES", d.merge_short),
        top: env("TOP", d.top as f64) as usize,
        idf: env("IDF", d.idf as f64) as f32,
        names: env("NAMES", d.names as f64) as f32,
        part: env("PART", d.part),
        part_power: env("POWER", d.part_power as f64) as f32,
        part_size: env("PSIZE", d.part_size as f64) as f32,
        part_short: env("PARTS", d.part_short),
        unseen: env("BG", d.unseen as f64) as f32,
        near: env("NEAR", d.near as f64) as f32,
        far: env("FAR", d.far as f64) as f32,
        ..d
    };
    let w = Weights::default();
    let w = Weights {
        title: env("WT", w.title as f64) as f32,
        lead: env("WL", w.lead as f64) as f32,
        name: env("WN", w.name as f64) as f32,
        number: env("WNUM", w.number as f64) as f32,
        pair: env("WP", w.pair as f64) as f32,
        title_pair: env("WTP", w.title_pair as f64) as f32,
        common: env("COMMON", w.common as f64) as f32,
    };
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut line_out = String::new();
    for f in &args {
        let file = std::fs::File::open(f).unwrap();
        let rows: Vec<serde_json::Value> = std::io::BufReader::new(file)
            .lines()
            .map(|l| serde_json::from_str(&l.unwrap()).unwrap())
            .collect();
        let half = std::env::var("HALF").ok();
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|r| {
                let Some(h) = &half else { return true };
                let key = r
                    .get("topic")
                    .and_then(|t| {
                        t.as_str()
                            .map(str::to_owned)
                            .or_else(|| t.as_i64().map(|x| x.to_string()))
                    })
                    .unwrap_or_else(|| r["story"].as_str().unwrap().to_owned());
                let n: u64 = key.bytes().map(u64::from).sum();
                n % env("MOD", 2.0) as u64 == h.parse::<u64>().unwrap()
            })
            .collect();
        let get = |r: &serde_json::Value, k: &str| {
            r.get(k).and_then(|v| v.as_str()).unwrap_or("").to_owned()
        };
        let t = std::time::Instant::now();
        let round: Vec<Arrival> = rows
            .iter()
            .map(|r| {
                let p = get(r, "published");
                Arrival::of(
                    &get(r, "title"),
                    &get(r, "text"),
                    p.get(..10).and_then(|d| d.parse().ok()),
                    &w,
                )
            })
            .collect();
        let t1 = t.elapsed();
        let mut st = Stream::new(s);
        st.add(round);
        let placed = st.placed();
        let t2 = t.elapsed();
        let gold: Vec<String> = rows.iter().map(|r| get(r, "story")).collect();
        let (b, bp, br, p, k) = score(&gold, &placed.iter().map(|p| p.story).collect::<Vec<_>>());
        line_out += &format!(
            "{} b {b:.4} ({bp:.3} {br:.3}) p {p:.4} k {k} [{:.0}/{:.0}/s]  ",
            &f.rsplit('/').next().unwrap()[..4],
            rows.len() as f64 / t1.as_secs_f64(),
            rows.len() as f64 / t2.as_secs_f64()
        );
        if std::env::var("SHOW").is_ok() {
            let mut m: std::collections::BTreeMap<usize, std::collections::BTreeMap<&str, usize>> =
                Default::default();
            for (g, p) in gold.iter().zip(&placed) {
                *m.entry(p.story).or_default().entry(g).or_default() += 1;
            }
            for (_, v) in &m {
                if v.len() > 1 {
                    println!("mixed {v:?}");
                }
            }
            let mut m: std::collections::BTreeMap<&str, std::collections::BTreeMap<usize, usize>> =
                Default::default();
            for (g, p) in gold.iter().zip(&placed) {
                *m.entry(g).or_default().entry(p.story).or_default() += 1;
            }
            for (g, v) in &m {
                if v.len() > 1 {
                    println!("split {g} {:?}", v.values().collect::<Vec<_>>());
                }
            }
        }
    }
    println!("{line_out}");
}
fn score(g: &[String], p: &[usize]) -> (f64, f64, f64, f64, usize) {
    use std::collections::BTreeMap;
    let mut gs: BTreeMap<&str, f64> = BTreeMap::new();
    let mut ps: BTreeMap<usize, f64> = BTreeMap::new();
    let mut c: BTreeMap<(&str, usize), f64> = BTreeMap::new();
    for (a, b) in g.iter().zip(p) {
        *gs.entry(a).or_default() += 1.;
        *ps.entry(*b).or_default() += 1.;
        *c.entry((a, *b)).or_default() += 1.;
    }
    let n = g.len() as f64;
    let bp = c.iter().map(|((_, b), x)| x * x / ps[b]).sum::<f64>() / n;
    let br = c.iter().map(|((a, _), x)| x * x / gs[a]).sum::<f64>() / n;
    let c2 = |x: &f64| x * (x - 1.) / 2.;
    let tp: f64 = c.values().map(c2).sum();
    let pp: f64 = ps.values().map(c2).sum();
    let gp: f64 = gs.values().map(c2).sum();
    (
        2. * bp * br / (bp + br),
        bp,
        br,
        2. * tp / (pp + gp),
        ps.len(),
    )
}
