//! RSS, Atom and JSON Feed: the entries with their own dates and authors; sitemaps as feeds of
//! addresses with dates.

use rapporteur_base::Date;

use crate::error::{Error, Kind};
use crate::sitemap;

/// One entry of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Address of the article.
    pub url: Option<String>,
    /// Title, plain text.
    pub title: Option<String>,
    /// Day of publication as the feed states it (UTC).
    pub published: Option<Date>,
    /// The same with its time, RFC 3339.
    pub published_time: Option<String>,
    /// Day of the last change as the feed states it.
    pub modified: Option<Date>,
    /// The same with its time.
    pub modified_time: Option<String>,
    /// Whether a sitemap lists it, not a feed.
    pub sitemap: bool,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// Content, else summary, as HTML.
    pub html: Option<String>,
}

/// Reads a feed or a sitemap. The order of the entries is its own.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, Error> {
    if sitemap::is_sitemap(bytes) {
        return sitemap::read(bytes);
    }
    let feed =
        feed_rs::parser::parse(bytes).map_err(|e| Error::new(0, Kind::NotAFeed(e.to_string())))?;
    Ok(feed.entries.into_iter().map(entry).collect())
}

fn entry(e: feed_rs::model::Entry) -> Entry {
    let link = e
        .links
        .iter()
        .find(|l| l.rel.as_deref().unwrap_or("alternate") == "alternate")
        .or(e.links.first());
    // An entry's `updated` is evidence of change, not of publication.
    let published_time = e.published.map(|t| t.to_rfc3339());
    let modified_time = e.updated.map(|t| t.to_rfc3339());
    let day = |time: &Option<String>| time.as_deref()?.get(..10)?.parse().ok();
    Entry {
        url: link.map(|l| l.href.clone()),
        title: e
            .title
            .map(|t| t.content.trim().to_owned())
            .filter(|t| !t.is_empty()),
        published: day(&published_time),
        published_time,
        modified: day(&modified_time),
        modified_time,
        sitemap: false,
        authors: e
            .authors
            .into_iter()
            .filter_map(|p| Some(p.name?.trim().to_owned()))
            .filter(|n| !n.is_empty())
            .collect(),
        html: e
            .content
            .and_then(|c| c.body)
            .or(e.summary.map(|s| s.content)),
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn rss_and_json_are_read() {
        let rss = br#"<rss version="2.0"><channel><title>T</title><item><title>Envoys meet</title>
            <link>http://a.example/1</link><pubDate>Thu, 15 Feb 2024 08:00:00 GMT</pubDate>
            <description>&lt;p&gt;They met.&lt;/p&gt;</description></item></channel></rss>"#;
        let read = super::read(rss).unwrap();
        assert_eq!(read[0].title.as_deref(), Some("Envoys meet"));
        assert_eq!(read[0].published.unwrap().to_string(), "2024-02-15");
        assert_eq!(read[0].html.as_deref(), Some("<p>They met.</p>"));
        let json = br#"{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1","url":"http://a.example/2","content_html":"<p>x</p>","date_published":"2024-02-16T01:00:00+03:00"}]}"#;
        let read = super::read(json).unwrap();
        assert_eq!(read[0].url.as_deref(), Some("http://a.example/2"));
        assert!(super::read(b"<html>").is_err());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = super::read(&bytes);
        }
    }
}
