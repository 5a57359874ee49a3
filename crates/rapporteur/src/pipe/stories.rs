use std::io::{self, BufRead, Write};

use rapporteur_story::{Arrival, CopyIndex, Settings, Signature, Stream, Weights};
use serde_json::{Value, json};

use super::{closed, day, refuse};
use crate::cli::exit;

/// Arguments of `rapporteur pipe stories`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Near-duplicate pairs instead of clusters
    #[arg(long)]
    pairs: bool,
}

/// Articles whose terms are counted together before they are placed: bounds what has to be
/// looked over again, not the length of the stream.
const ROUND: usize = 4096;
/// Pairs are written from this Jaccard index or containment on.
const PAIR: (f64, f64) = (0.5, 0.8);

struct Article {
    id: Value,
    title: String,
    text: String,
    published: Option<rapporteur_base::Date>,
}

fn article(line: &[u8]) -> Result<Article, (Value, String)> {
    let row: Value = serde_json::from_slice(line)
        .map_err(|error| (Value::Null, format!("not JSON: {error}")))?;
    let id = row.get("id").cloned().unwrap_or(Value::Null);
    let words = |name: &str| {
        row.get(name)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    let (title, text) = (words("title"), words("text"));
    if title.is_empty() && text.is_empty() {
        return Err((id, "neither `title` nor `text` is given".into()));
    }
    let published = day(&row, "published").map_err(|error| (id.clone(), error))?;
    Ok(Article {
        id,
        title,
        text,
        published,
    })
}

/// Articles in stream order -> clusters and families. The last line of the input can still move
/// an article of its round, so everything is written at the end.
pub(super) fn run(args: &Args) -> u8 {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut reader = Reading::default();
    for line in io::stdin().lock().split(b'\n') {
        match line {
            Ok(line) if line.iter().all(u8::is_ascii_whitespace) => {}
            Ok(line) => reader.take(&line, args.pairs),
            Err(error) => return refuse(&error.to_string()),
        }
    }
    let failed = reader.failed;
    match reader
        .write(&mut out, args.pairs)
        .and_then(|()| out.flush())
    {
        Err(error) => closed(&error),
        Ok(()) if failed => exit::SOME_FAILED,
        Ok(()) => exit::OK,
    }
}

/// What has been read so far.
struct Reading {
    /// Id of every line, and its position among the good ones or what is wrong with it.
    lines: Vec<(Value, Result<usize, String>)>,
    good: usize,
    round: Vec<Arrival>,
    stream: Stream,
    copies: CopyIndex,
    pairs: Vec<rapporteur_story::Pair>,
    failed: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            good: 0,
            round: Vec::new(),
            stream: Stream::new(Settings::default()),
            copies: CopyIndex::default(),
            pairs: Vec::new(),
            failed: false,
        }
    }
}

impl Reading {
    fn take(&mut self, line: &[u8], pairs: bool) {
        let article = match article(line) {
            Ok(article) => article,
            Err((id, error)) => {
                self.failed = true;
                self.lines.push((id, Err(error)));
                return;
            }
        };
        self.lines.push((article.id, Ok(self.good)));
        self.good += 1;
        if pairs {
            let signature = Signature::of(&article.title, &article.text);
            self.pairs
                .extend(self.copies.add(signature, PAIR.0, PAIR.1));
            return;
        }
        self.round.push(Arrival::of(
            &article.title,
            &article.text,
            article.published,
            &Weights::default(),
        ));
        if self.round.len() == ROUND {
            self.stream.add(std::mem::take(&mut self.round));
        }
    }

    fn write(mut self, out: &mut impl Write, pairs: bool) -> io::Result<()> {
        if pairs {
            return self.write_pairs(out);
        }
        self.stream.add(std::mem::take(&mut self.round));
        let placed = self.stream.placed();
        let names: Vec<String> = self.names();
        for (id, place) in &self.lines {
            let line = match place {
                Ok(at) => json!({
                    "id": id,
                    "cluster": names[placed[*at].story],
                    "family": names[placed[*at].family],
                }),
                Err(error) => json!({"id": id, "error": error}),
            };
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    /// What each good line is called: its id as text.
    fn names(&self) -> Vec<String> {
        self.lines
            .iter()
            .filter(|(_, place)| place.is_ok())
            .map(|(id, _)| match id {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect()
    }

    fn write_pairs(&self, out: &mut impl Write) -> io::Result<()> {
        let good: Vec<&Value> = self
            .lines
            .iter()
            .filter(|(_, place)| place.is_ok())
            .map(|(id, _)| id)
            .collect();
        for pair in &self.pairs {
            let round = |x: f64| (x * 10_000.0).round() / 10_000.0;
            let line = json!({
                "a": good[pair.a],
                "b": good[pair.b],
                "jaccard": round(pair.likeness.jaccard),
                "containment": round(pair.likeness.containment),
            });
            writeln!(out, "{line}")?;
        }
        for (id, place) in &self.lines {
            if let Err(error) = place {
                writeln!(out, "{}", json!({"id": id, "error": error}))?;
            }
        }
        Ok(())
    }
}
