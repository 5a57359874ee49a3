//! Sitemaps and news sitemaps: the pages of a site with the days that the site itself states.

use crate::error::{Error, Kind};
use crate::feed::Entry;
use crate::html::{Dom, NodeId, Tag, decode_entities, parse};
use crate::{sniff, when};

/// Pages of one sitemap, as the format itself limits them.
const MOST: usize = 50_000;
/// Bytes of one value that are read.
const LONGEST: usize = 4000;

/// Whether a document is a sitemap or an index of sitemaps.
pub(crate) fn is_sitemap(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(2048)];
    ["<urlset", "<sitemapindex"]
        .iter()
        .any(|tag| memchr::memmem::find(head, tag.as_bytes()).is_some())
}

/// Reads a sitemap. `lastmod` is evidence of change, `news:publication_date` of publication.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Entry>, Error> {
    let decoded = sniff::decode(bytes, None);
    let dom = parse(&decoded.text);
    let named = |id: NodeId, name: &str| is(&dom, id, name);
    let mut out = Vec::new();
    for id in dom.all().filter(|id| named(*id, "url")) {
        if out.len() >= MOST {
            break;
        }
        out.extend(entry(&dom, id));
    }
    if out.is_empty() && dom.all().any(|id| named(id, "sitemap")) {
        let what = "an index of sitemaps: read the sitemaps that it lists";
        return Err(Error::new(0, Kind::NotAFeed(what.into())));
    }
    Ok(out)
}

/// Whether a node is an element of that name; sitemaps use names that HTML does not have.
fn is(dom: &Dom<'_>, id: NodeId, name: &str) -> bool {
    if dom.tag(id) == Tag::Text {
        return false;
    }
    let tag = dom.src.get(dom.node(id).from as usize + 1..).unwrap_or("");
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    tag[..end.unwrap_or(tag.len())].eq_ignore_ascii_case(name)
}

fn entry(dom: &Dom<'_>, url: NodeId) -> Option<Entry> {
    let (mut entry, mut titled) = (Entry::default(), None);
    for id in dom.subtree(url).skip(1) {
        let text = || {
            // An HTML reader takes CDATA for a comment, so the source is read itself.
            let raw = dom.src.get(dom.node(id).to as usize..).unwrap_or("");
            let mut cut = raw.len().min(LONGEST);
            while !raw.is_char_boundary(cut) {
                cut -= 1;
            }
            let raw = raw[..cut].trim_start();
            let raw = match raw.strip_prefix("<![CDATA[") {
                Some(data) => data.split("]]>").next().unwrap_or(""),
                None => raw.split('<').next().unwrap_or(""),
            };
            let text = decode_entities(raw);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        if is(dom, id, "loc") && entry.url.is_none() {
            entry.url = Some(text());
        } else if is(dom, id, "lastmod") {
            entry.modified_time = Some(text());
        } else if is(dom, id, "news:publication_date") {
            entry.published_time = Some(text());
        } else if is(dom, id, "news:title") {
            titled = Some(text());
        }
    }
    entry.url = entry.url.filter(|u| u.starts_with("http"));
    entry.url.as_ref()?;
    entry.title = titled.filter(|t| !t.is_empty());
    let day = |time: &Option<String>| time.as_deref().and_then(when::iso_day);
    entry.published = day(&entry.published_time);
    entry.modified = day(&entry.modified_time);
    entry.sitemap = true;
    Some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_with_their_days() {
        let page = br#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
            <loc>https://courier.example/a?x=1&amp;y=2</loc><lastmod>2031-03-05T10:00:00Z</lastmod>
            <news:news><news:publication><news:name>Courier</news:name></news:publication>
            <news:publication_date>2031-03-04T08:00:00+03:00</news:publication_date>
            <news:title><![CDATA[Envoys meet]]></news:title></news:news></url>
            <url><loc>https://courier.example/b</loc></url><url><loc>/c</loc></url></urlset>"#;
        assert!(is_sitemap(page));
        let read = read(page).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(
            read[0].url.as_deref(),
            Some("https://courier.example/a?x=1&y=2")
        );
        assert_eq!(read[0].published.unwrap().to_string(), "2031-03-04");
        assert_eq!(read[0].modified.unwrap().to_string(), "2031-03-05");
        assert_eq!(read[0].title.as_deref(), Some("Envoys meet"));
        assert_eq!(read[1].published, None);
    }

    #[test]
    fn an_index_says_what_it_is() {
        let page = b"<sitemapindex><sitemap><loc>https://courier.example/s.xml</loc></sitemap></sitemapindex>";
        assert!(
            read(page)
                .unwrap_err()
                .to_string()
                .contains("index of sitemaps")
        );
    }

    proptest::proptest! {
        #[test]
        fn never_panics(page in "(</?(urlset|url|loc|lastmod|news:title|title|script)>?|http://a|<!\\[CDATA\\[|é|2031-03-04){0,40}") {
            let _ = read(page.as_bytes());
        }
    }
}
