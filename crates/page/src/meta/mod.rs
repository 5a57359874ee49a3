//! Title, authors, dates, site: every form is gathered with its origin, then one is chosen.

mod authors;
mod dates;
mod jsonld;
mod title;

pub(crate) use jsonld::{Schema, Update, read as schema};

use rapporteur_base::Date;

use crate::article::{Article, Author};
use crate::html::{Dom, NodeId, Tag};
use crate::page::Blocks;

/// Everything the page says about itself outside its text.
#[derive(Debug)]
pub(crate) struct Facts<'p> {
    pub(crate) schema: &'p Schema,
    /// `<meta>` name or property (lower case) and content.
    pub(crate) meta: Vec<(String, String)>,
    pub(crate) url: Option<&'p str>,
    pub(crate) canonical: Option<String>,
    pub(crate) site: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) lang: Option<String>,
    /// Where the article's text begins, in nodes and blocks.
    pub(crate) first_block: usize,
}

impl Facts<'_> {
    /// Content of the first of `names` that the page has.
    pub(crate) fn get(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|n| {
            self.meta
                .iter()
                .find(|(k, _)| k == n)
                .map(|(_, v)| v.as_str())
        })
    }

    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.meta
            .iter()
            .filter(move |(k, _)| k == name)
            .map(|(_, v)| v.as_str())
    }
}

/// Fills everything but the text. `first` is the first block of the article.
pub(crate) fn read(
    dom: &Dom<'_>,
    blocks: &Blocks,
    schema: &Schema,
    first: Option<usize>,
    url: Option<&str>,
    crawled: Option<Date>,
    article: &mut Article,
) {
    let facts = facts(dom, blocks, schema, first, url);
    article.url = facts.canonical.clone().or_else(|| url.map(str::to_owned));
    article.site.clone_from(&facts.site);
    article.description = facts
        .get(&["og:description", "description", "twitter:description"])
        .map(str::to_owned);
    article.section = facts.schema.section.clone().or_else(|| {
        facts
            .get(&[
                "article:section",
                "section",
                "og:article:section",
                "parsely-section",
            ])
            .map(str::to_owned)
    });
    article.lang.clone_from(&facts.lang);
    title::read(dom, &facts, article);
    dates::read(dom, blocks, &facts, crawled, article);
    authors::read(dom, blocks, &facts, article);
    article.agency = agency(&article.authors);
}

fn agency(authors: &[Author]) -> Option<String> {
    authors
        .iter()
        .find(|a| a.kind == crate::AuthorKind::Agency)
        .map(|a| a.name.clone())
}

fn facts<'p>(
    dom: &Dom<'_>,
    blocks: &Blocks,
    schema: &'p Schema,
    first: Option<usize>,
    url: Option<&'p str>,
) -> Facts<'p> {
    let mut meta = Vec::new();
    let (mut canonical, mut lang) = (None, None);
    for id in dom.all() {
        match dom.tag(id) {
            Tag::Meta => meta.extend(pair(dom, id)),
            Tag::Link
                if canonical.is_none()
                    && dom
                        .raw_attr(id, "rel")
                        .is_some_and(|r| r.eq_ignore_ascii_case("canonical")) =>
            {
                canonical = dom
                    .attr(id, "href")
                    .map(|h| h.into_owned())
                    .filter(|h| h.starts_with("http"));
            }
            Tag::Html if lang.is_none() => {
                lang = dom
                    .raw_attr(id, "lang")
                    .or(dom.raw_attr(id, "xml:lang"))
                    .and_then(language)
            }
            _ => {}
        }
    }
    let get = |name: &str| {
        meta.iter()
            .find(|(k, _): &&(String, String)| k == name)
            .map(|(_, v)| v.clone())
    };
    let lang = lang
        .or_else(|| schema.language.as_deref().and_then(language))
        .or_else(|| get("og:locale").as_deref().and_then(language))
        .or_else(|| get("content-language").as_deref().and_then(language));
    let site = get("og:site_name")
        .or_else(|| schema.publisher.clone())
        .or_else(|| get("application-name"))
        .filter(|s| s.len() < 80);
    let canonical = canonical.or_else(|| get("og:url").filter(|u| u.starts_with("http")));
    let host = url.or(canonical.as_deref()).and_then(host);
    Facts {
        schema,
        meta,
        url,
        canonical,
        site,
        host,
        lang,
        first_block: first.unwrap_or(blocks.list.len()),
    }
}

fn pair(dom: &Dom<'_>, id: NodeId) -> Option<(String, String)> {
    let name = dom
        .attr(id, "property")
        .or(dom.attr(id, "name"))
        .or(dom.attr(id, "itemprop"))
        .or(dom.attr(id, "http-equiv"))?;
    let content = dom.attr(id, "content")?;
    let content = content.split_whitespace().collect::<Vec<_>>().join(" ");
    (!content.is_empty()).then(|| (name.trim().to_ascii_lowercase(), content))
}

/// `en_US` and `en-us` are `en`; what is no language tag is nothing.
fn language(tag: &str) -> Option<String> {
    let main = tag
        .trim()
        .split(['-', '_', ','])
        .next()?
        .to_ascii_lowercase();
    ((2..=3).contains(&main.len()) && main.bytes().all(|b| b.is_ascii_lowercase())).then_some(main)
}

/// The registered name of an address: `news.example.co.uk` is `example`.
fn host(url: &str) -> Option<String> {
    let rest = url.split("://").nth(1)?;
    let host = rest.split(['/', ':', '?', '#']).next()?;
    let labels: Vec<&str> = host.split('.').collect();
    let second = |l: &str| {
        matches!(
            l,
            "co" | "com" | "org" | "net" | "gov" | "ac" | "edu" | "or" | "ne" | "gob" | "gouv"
        )
    };
    let back = if labels.len() >= 3 && second(labels[labels.len() - 2]) {
        3
    } else {
        2
    };
    labels
        .len()
        .checked_sub(back)
        .map(|at| labels[at].to_owned())
}
