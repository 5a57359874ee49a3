use std::io::{self, BufRead, Write};

use rapporteur_base::{CodePoints, Date};
use rapporteur_story::timeline::{Ask, Told, timeline};
use serde_json::{Value, json};

use super::{closed, day, refuse};
use crate::cli::exit;

/// Arguments of `rapporteur pipe timeline`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Days at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    dates: usize,
    /// Sentences a day at most
    #[arg(long, value_name = "N", default_value_t = 1)]
    sentences: usize,
    /// First day
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// What it is about, words parted by commas
    #[arg(long, value_name = "WORDS", value_delimiter = ',')]
    keywords: Vec<String>,
}

struct Article {
    id: Value,
    text: String,
    published: Option<Date>,
}

fn article(line: &[u8]) -> Result<Article, (Value, String)> {
    let row: Value = serde_json::from_slice(line)
        .map_err(|error| (Value::Null, format!("not JSON: {error}")))?;
    let id = row.get("id").cloned().unwrap_or(Value::Null);
    let published = day(&row, "published").map_err(|error| (id.clone(), error))?;
    let Some(text) = row.get("text").and_then(Value::as_str) else {
        return Err((id, "`text` is missing or not text".into()));
    };
    let text = text.to_owned();
    Ok(Article {
        id,
        text,
        published,
    })
}

/// Articles -> one line with the timeline.
pub(super) fn run(args: &Args) -> u8 {
    let mut articles = Vec::new();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut failed = false;
    for line in io::stdin().lock().split(b'\n') {
        let line = match line {
            Ok(line) if line.iter().all(u8::is_ascii_whitespace) => continue,
            Ok(line) => line,
            Err(error) => return refuse(&error.to_string()),
        };
        match article(&line) {
            Ok(article) => articles.push(article),
            Err((id, error)) => {
                failed = true;
                let _ = writeln!(io::stderr(), "rapporteur: {id}: {error}");
            }
        }
    }
    match writeln!(out, "{}", answer(args, &articles)).and_then(|()| out.flush()) {
        Err(error) => closed(&error),
        Ok(()) if failed => exit::SOME_FAILED,
        Ok(()) => exit::OK,
    }
}

fn answer(args: &Args, articles: &[Article]) -> Value {
    let told: Vec<Told<'_>> = articles
        .iter()
        .map(|a| Told {
            text: &a.text,
            published: a.published,
        })
        .collect();
    let ask = Ask {
        dates: args.dates,
        sentences: args.sentences,
        from: args.from,
        to: args.to,
        keywords: args.keywords.clone(),
    };
    let days: Vec<Value> = timeline(&told, &ask)
        .into_iter()
        .map(|day| {
            let (mut lines, mut cites) = (Vec::new(), Vec::new());
            for (at, span) in day.sentences {
                let article = &articles[at];
                let (start, end) = CodePoints::new(&article.text).span(span);
                lines.push(span.of(&article.text));
                cites.push(json!({"id": article.id, "start": start, "end": end}));
            }
            json!({"date": day.date, "sentences": lines, "cites": cites})
        })
        .collect();
    json!({"timeline": days})
}

/// One article as a timeline of its own, for [`crate::probe`].
pub(crate) fn timeline_of(line: &[u8]) -> Result<Value, String> {
    let article = article(line).map_err(|(_, error)| error)?;
    let args = Args {
        dates: 20,
        sentences: 2,
        from: None,
        to: None,
        keywords: Vec::new(),
    };
    Ok(answer(&args, &[article]))
}
