use super::Facts;
use crate::article::{Article, Author, AuthorKind};
use crate::html::{Dom, Tag};
use crate::names;
use crate::page::{Blocks, Flags};
use crate::phrases::Kinds;

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
    add(lines(blocks, facts), "byline");
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
    article.authors = best.cloned().unwrap_or_default();
    article.authors.truncate(12);
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

/// "By …" lines and blocks with byline classes around the head.
fn lines(blocks: &Blocks, facts: &Facts<'_>) -> Vec<String> {
    let first = facts.first_block.min(blocks.list.len());
    let from = first.saturating_sub(14);
    let to = (first + 4).min(blocks.list.len());
    let near = &blocks.list[from..to];
    let said = near.iter().find(|b| {
        b.start.has(Kinds::BY)
            && b.words <= 20
            && names::split(&b.text).iter().any(|n| names::is_person(n))
    });
    let marked = || {
        near.iter().find(|b| {
            b.flags.has(Flags::BYLINE)
                && b.words <= 8
                && names::split(&b.text).iter().any(|n| names::is_person(n))
        })
    };
    let found = said.or_else(marked);
    found
        .map(|b| {
            names::split(&b.text)
                .into_iter()
                .filter(|n| names::is_person(n))
                .collect()
        })
        .unwrap_or_default()
}
