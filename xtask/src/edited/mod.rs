//! The edited set: invented coverage in which every figure, day, actor and state is known, because
//! the articles are made from known changes of them. `story-set` writes it, `measure-story` runs the
//! real chain over it (page, coder, stories) and sets what was found against what was put in.

mod gold;
mod make;
mod score;
mod tables;
mod wording;

use std::path::{Path, PathBuf};

use rapporteur_base::Date;

use crate::{option, say};
pub(crate) use gold::{Holds, Pair, pairs};

/// What a text tells of one fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Telling {
    /// Name of the fact within its event.
    pub(crate) fact: String,
    pub(crate) value: Value,
    pub(crate) voice: Voice,
    /// The words: a sentence, or a part of one, as it stands in the article.
    pub(crate) words: String,
}

/// A value as worded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Smallest and greatest number that the words allow.
    Number(f64, f64),
    /// First and last day.
    Days(Date, Date),
    /// An actor or a state.
    Word(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// The author's own telling.
    Own,
    /// Somebody is said to say so.
    Said,
    /// Somebody denies it.
    Deny,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Figure,
    Date,
    Actor,
    Status,
}

/// What is known of a fact whatever its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fact {
    pub(crate) kind: Kind,
    /// A toll: a later, greater number is news, no contradiction.
    pub(crate) rises: bool,
    /// A standing matter: the same in reports of other happenings of the situation.
    pub(crate) standing: bool,
    /// States that cannot both be the last word.
    pub(crate) clash: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Article {
    pub(crate) id: String,
    /// The happening: two alike ones of one situation share what stands before the first `-`.
    pub(crate) event: String,
    pub(crate) family: String,
    pub(crate) site: String,
    pub(crate) published: Date,
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) tellings: Vec<Telling>,
}

/// The articles and what their facts are: by situation and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    pub(crate) articles: Vec<Article>,
    pub(crate) facts: std::collections::BTreeMap<(String, String), Fact>,
}

/// The situation of an event: what stands before the first `-`.
pub(crate) fn situation(event: &str) -> &str {
    event.split('-').next().unwrap_or(event)
}

impl Article {
    /// The page as an outlet would serve it.
    fn html(&self) -> String {
        let escape = |s: &str| s.replace('&', "&amp;").replace('<', "&lt;");
        let paragraphs: String = self
            .paragraphs
            .iter()
            .map(|p| format!("<p>{}</p>\n", escape(p)))
            .collect();
        format!(
            "<!doctype html><html lang=\"en\"><head><title>{title}</title>\n\
             <meta property=\"og:site_name\" content=\"{site}\">\n\
             <meta property=\"article:published_time\" content=\"{day}T08:00:00Z\"></head>\n\
             <body><nav><a href=\"/\">Home</a></nav><article><h1>{title}</h1>\n{paragraphs}</article></body></html>\n",
            title = escape(&self.title),
            site = self.site,
            day = self.published,
        )
    }

    fn url(&self) -> String {
        format!("https://{}/{}", self.site, self.id)
    }
}

/// The folder of the passages.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/story/edited")
}

/// Made articles of every `step`-th situation, and with `hand` those written by hand.
fn set(step: usize, hand: bool) -> Result<Set, String> {
    let mut out = make::articles(&folder(), SEED, step)?;
    if hand {
        let more = tables::by_hand(&folder().join("hand.toml"))?;
        out.articles.extend(more.articles);
        out.facts.extend(more.facts);
    }
    Ok(out)
}

/// Another seed gives other values, wordings and fillers, and other years.
pub(crate) const SEED: u64 = 7;

/// `story-set --out DIR [--seed N]`: pages and gold as files.
pub(crate) fn write(args: &[String]) -> Result<(), String> {
    let dir = PathBuf::from(option(args, "--out").ok_or("--out DIR is missing")?);
    let set = match option(args, "--seed") {
        None => set(1, true)?,
        Some(seed) => {
            let seed: u64 = seed
                .parse()
                .map_err(|_| format!("--seed {seed}: no number"))?;
            let mut set = make::articles(&folder(), seed, 1)?;
            for article in &mut set.articles {
                article.id = format!("{}-s{seed}", article.id);
            }
            set
        }
    };
    std::fs::create_dir_all(dir.join("pages")).map_err(|e| format!("{}: {e}", dir.display()))?;
    let file = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    };
    let mut rows = String::new();
    for article in &set.articles {
        file(&format!("pages/{}.html", article.id), &article.html())?;
        let row = serde_json::json!({
            "id": article.id, "event": article.event, "family": article.family, "url": article.url(),
            "published": article.published.to_string(), "title": article.title,
        });
        rows.push_str(&format!("{row}\n"));
    }
    file("articles.jsonl", &rows)?;
    let mut gold = String::new();
    for pair in pairs(&set) {
        let row = serde_json::json!({
            "a": set.articles[pair.a].id, "b": set.articles[pair.b].id, "fact": pair.fact,
            "holds": pair.holds.name(), "words": [pair.words.0, pair.words.1],
        });
        gold.push_str(&format!("{row}\n"));
    }
    file("gold.jsonl", &gold)?;
    say(&format!(
        "{} articles in {}",
        set.articles.len(),
        dir.display()
    ));
    Ok(())
}

/// `measure-story [--show]`: the figures, with `--show` every miss and false alarm.
pub(crate) fn measure(args: &[String]) -> Result<(), String> {
    let show = args.iter().any(|a| a == "--show");
    if args.iter().any(|a| a == "--dump") {
        score::dump(&set(1, true)?);
        return Ok(());
    }
    for (name, set) in [
        ("made", set(1, false)?),
        ("by hand", tables::by_hand(&folder().join("hand.toml"))?),
        ("both", set(1, true)?),
    ] {
        if option(args, "--only").is_some_and(|only| only != name) {
            continue;
        }
        let found = score::score(&set);
        if show {
            found.remarks.iter().for_each(|line| say(line));
        }
        say(&format!("{name}: {found}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_the_same_twice_and_large_enough() {
        let (one, two) = (set(1, true).unwrap(), set(1, true).unwrap());
        assert_eq!(one.articles, two.articles);
        assert!(one.articles.len() >= 340, "{}", one.articles.len());
        for article in &one.articles {
            let text = article.paragraphs.join("\n");
            for telling in &article.tellings {
                assert!(
                    text.contains(&telling.words),
                    "{}: {}",
                    article.id,
                    telling.words
                );
            }
            assert!(!text.contains('{'), "{}: {text}", article.id);
        }
        let kinds: std::collections::BTreeSet<&str> =
            pairs(&one).iter().map(|p| p.holds.name()).collect();
        assert_eq!(kinds.len(), 6, "{kinds:?}");
    }

    /// Floors on a fifth of the made articles and on those written by hand.
    #[test]
    fn the_chain_finds_what_was_put_in() {
        let found = score::score(&set(5, true).unwrap());
        assert!(found.contradictions() >= 0.5, "{found}");
        assert!(found.alarms() <= 0.2, "{found}");
        assert!(found.families() >= 0.9, "{found}");
        assert!(found.apart() >= 0.9, "{found}");
    }
}
