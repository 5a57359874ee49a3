use super::Facts;
use crate::article::{Article, Author, AuthorKind};
use crate::html::{Dom, Tag};
use crate::names;
use crate::page::{Blocks, Flags};
use crate::phrases::Kinds;
use crate::when;

/// Names of `<meta>` that give the author, best first.
const META: &[&str] = &[
    "author",
    "parsely-author",
    "sailthru.author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "byl",
    "article:author_name",
    "authors",
    "creator",
    "twitter:creator_name",
    "article_author",
];

/// Gathers the names and chooses the best source of them.
pub(super) fn read(dom: &Dom<'_>, blocks: &Blocks, facts: &Facts<'_>, article: &mut Article) {
    let site = facts.site.as_deref();
    let host = facts.host.as_deref();
    let mut sources: Vec<Vec<Author>> = Vec::new();
    let mut add = |names: Vec<String>, origin: &str| {
        let cleaned = names.iter().flat_map(|n| names::split(n)).collect();
        sources.push(names::authors(cleaned, origin, site, host));
    };
    add(facts.schema.authors.clone(), "json-ld");
    for name in META {
        add(
            facts
                .all(name)
                .filter(|v| !v.contains("://"))
                .map(str::to_owned)
                .collect(),
            "meta",
        );
    }
    add(marked(dom, blocks, facts), "byline");
    let line = lines(blocks, facts);
    let listed = line.is_some_and(|l| !l.contains([',', ';']));
    add(line.map(people).unwrap_or_default(), "byline");
    let person = |list: &Vec<Author>| {
        list.iter()
            .any(|a| a.kind == AuthorKind::Person && names::is_person(&a.name))
    };
    let some = |list: &Vec<Author>| list.iter().any(|a| a.kind == AuthorKind::Person);
    let best = sources
        .iter()
        .find(|l| person(l))
        .or_else(|| sources.iter().find(|l| some(l)))
        .or_else(|| sources.iter().find(|l| !l.is_empty()));
    let mut authors = best.cloned().unwrap_or_default();
    if let Some(seen) = sources
        .last()
        .filter(|seen| listed && names_more(seen, &authors))
    {
        authors.clone_from(seen);
    }
    let outlet = [site, host, article.url.as_deref().map(domain)];
    without_outlet(&mut authors, &outlet);
    authors.truncate(12);
    article.authors = authors;
}

/// Whether the line that readers see names all people of the page's data, and more.
fn names_more(seen: &[Author], stated: &[Author]) -> bool {
    let same = |a: &Author, b: &Author| names::squash(&a.name) == names::squash(&b.name);
    !stated.is_empty()
        && seen.len() > stated.len()
        && seen.iter().all(|a| names::is_person(&a.name))
        && stated.iter().all(|a| seen.iter().any(|b| same(a, b)))
}

/// Beside people the outlet's own name is no byline.
fn without_outlet(authors: &mut Vec<Author>, outlet: &[Option<&str>]) {
    if authors.iter().any(|a| a.kind == AuthorKind::Person) {
        let known: Vec<String> = outlet.iter().flatten().map(|s| names::squash(s)).collect();
        let own =
            |a: &Author| a.kind == AuthorKind::House && known.contains(&names::squash(&a.name));
        authors.retain(|a| !own(a));
    }
}

/// The host of an address without "www.".
fn domain(url: &str) -> &str {
    let rest = url.split("://").nth(1).unwrap_or(url);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or("");
    host.strip_prefix("www.").unwrap_or(host)
}

/// `rel="author"`, `itemprop="author"` and byline classes near the head of the article.
fn marked(dom: &Dom<'_>, blocks: &Blocks, facts: &Facts<'_>) -> Vec<String> {
    let first = facts.first_block.min(blocks.list.len());
    let start = blocks
        .list
        .get(first.saturating_sub(16))
        .map_or(0, |b| b.first.saturating_sub(6));
    let end = blocks.list.get(first + 3).map_or(u32::MAX, |b| b.first);
    let mut out: Vec<String> = Vec::new();
    let mut until = 0;
    for id in dom.all() {
        if id < until || id < start || out.len() >= 6 || id > end {
            continue;
        }
        let rel = dom.tag(id) == Tag::A
            && dom
                .raw_attr(id, "rel")
                .is_some_and(|r| r.contains("author"));
        let prop = dom.raw_attr(id, "itemprop").is_some_and(|p| p == "author");
        let class = dom.tag(id) == Tag::A
            && dom.raw_attr(id, "href").is_some_and(|h| {
                [
                    "/author/",
                    "/authors/",
                    "/by/",
                    "/autor/",
                    "/auteur/",
                    "/profile/",
                    "/people/",
                    "/staff/",
                    "/contributor",
                ]
                .iter()
                .any(|p| h.contains(p))
            });
        if rel || prop || class {
            let text = dom.text_of(id, 120);
            if !text.is_empty() && names::split(&text).iter().any(|n| names::is_person(n)) {
                out.push(text);
            }
            until = dom.node(id).end;
        }
    }
    out
}

/// A "By …" line, a block with a byline class, or a line of a name and a date around the head.
fn lines<'b>(blocks: &'b Blocks, facts: &Facts<'_>) -> Option<&'b str> {
    let first = facts.first_block.min(blocks.list.len());
    let from = first.saturating_sub(14);
    let to = (first + 4).min(blocks.list.len());
    let near = &blocks.list[from..to];
    let said = near
        .iter()
        .find(|b| b.start.has(Kinds::BY) && b.words <= 20 && !people(&b.text).is_empty());
    let marked = || {
        near.iter()
            .find(|b| b.flags.has(Flags::BYLINE) && b.words <= 8 && !people(&b.text).is_empty())
    };
    let dated = || {
        near.iter().find(|b| {
            let plain = b.words <= 16
                && b.links < 0.9
                && !b.flags.has(Flags::HEADING)
                && !b.start.has(Kinds::DATED.or(Kinds::UPDATED));
            plain
                && when::find(&b.text).first().is_some_and(|d| d.from > 0)
                && people(&b.text).len() == 1
                && names::split(&b.text).len() == 1
        })
    };
    let found = said.or_else(marked).or_else(dated)?;
    Some(&found.text)
}

/// The people that a byline names.
fn people(text: &str) -> Vec<String> {
    names::split(text)
        .into_iter()
        .filter(|n| names::is_person(n))
        .collect()
}
