//! schema.org data in `<script type="application/ld+json">`.

use std::collections::BTreeMap;

use rapporteur_base::Date;
use serde_json::{Map, Value};

use crate::html::{Dom, Tag};
use crate::when;

/// What the page's article object says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub(crate) headline: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) body: Option<String>,
    /// Entries of a live blog.
    pub(crate) updates: Vec<Update>,
}

/// One entry of a live blog as the data state it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Update {
    pub(crate) headline: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) date: Option<Date>,
    pub(crate) time: Option<String>,
}

/// Objects of one page that are looked at.
const MAX_OBJECTS: usize = 2000;

/// Reads all objects; the article is the one that says most about itself.
pub(crate) fn read(dom: &Dom<'_>) -> Schema {
    let mut values = Vec::new();
    for id in dom.all().filter(|id| dom.tag(*id) == Tag::Script) {
        let ld = dom.raw_attr(id, "type").is_some_and(|t| {
            t.trim()
                .to_ascii_lowercase()
                .starts_with("application/ld+json")
        });
        if ld && dom.node(id).end > id + 1 {
            values.extend(parse(dom.raw_text(id + 1)));
        }
    }
    let objects = objects(&values);
    let names: BTreeMap<&str, &str> = objects
        .iter()
        .filter_map(|o| Some((o.get("@id")?.as_str()?, o.get("name")?.as_str()?)))
        .collect();
    let best = objects
        .iter()
        .enumerate()
        .map(|(at, o)| (rank(o), std::cmp::Reverse(at), o))
        .filter(|(r, ..)| *r > 0)
        .max_by_key(|(r, at, _)| (*r, *at));
    best.map(|(_, _, o)| schema(o, &names)).unwrap_or_default()
}

/// Tolerates comments around it, raw line breaks in strings and doubled encoding.
fn parse(raw: &str) -> Option<Value> {
    let text = raw
        .trim()
        .trim_start_matches("<!--")
        .trim_end_matches("-->");
    let text = text
        .trim()
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    if text.len() > 4 << 20 {
        return None;
    }
    serde_json::from_str(text).ok().or_else(|| {
        let clean: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let mut stream = serde_json::Deserializer::from_str(&clean).into_iter();
        stream.next().and_then(Result::ok)
    })
}

/// All objects, outer ones first.
fn objects(values: &[Value]) -> Vec<&Map<String, Value>> {
    let mut out = Vec::new();
    let mut queue: std::collections::VecDeque<&Value> = values.iter().collect();
    while let Some(value) = queue.pop_front() {
        match value {
            Value::Array(items) => queue.extend(items),
            Value::Object(object) => {
                out.push(object);
                queue.extend(object.values().filter(|v| v.is_array() || v.is_object()));
            }
            _ => {}
        }
        if out.len() >= MAX_OBJECTS {
            break;
        }
    }
    out
}

fn types(object: &Map<String, Value>) -> Vec<&str> {
    match object.get("@type") {
        Some(Value::String(s)) => vec![s.rsplit('/').next().unwrap_or(s)],
        Some(Value::Array(a)) => a.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn rank(object: &Map<String, Value>) -> u8 {
    let kind = types(object)
        .iter()
        .map(|t| match *t {
            // Its entries are postings too; the whole is the article.
            "LiveBlogPosting" => 6,
            _ if t.ends_with("NewsArticle") => 5,
            "Article"
            | "BlogPosting"
            | "Report"
            | "AdvertiserContentArticle"
            | "SatiricalArticle"
            | "ScholarlyArticle"
            | "TechArticle"
            | "OpinionNewsArticle" => 5,
            "Review" | "SocialMediaPosting" | "CreativeWork" | "MedicalWebPage"
            | "PodcastEpisode" | "VideoObject" => 2,
            "WebPage" | "ItemPage" => 1,
            _ => 0,
        })
        .max()
        .unwrap_or(0);
    if kind == 0 {
        return 0;
    }
    let has = |key: &str| u8::from(object.contains_key(key));
    kind * 8 + has("headline") * 2 + has("datePublished") * 2 + has("author") + has("articleBody")
}

fn text(value: Option<&Value>) -> Option<String> {
    let found = match value? {
        Value::String(s) => s.as_str(),
        Value::Array(a) => a.first()?.as_str()?,
        Value::Object(o) => o
            .get("name")
            .or(o.get("@value"))
            .or(o.get("@id"))?
            .as_str()?,
        _ => return None,
    };
    let found = crate::html::decode_entities(found);
    let joined = found.split_whitespace().collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then_some(joined)
}

fn schema(o: &Map<String, Value>, names: &BTreeMap<&str, &str>) -> Schema {
    let mut authors = Vec::new();
    for key in ["author", "creator"] {
        if authors.is_empty() {
            people(o.get(key), names, &mut authors);
        }
    }
    let mut publisher = Vec::new();
    people(o.get("publisher"), names, &mut publisher);
    Schema {
        headline: text(o.get("headline")).or_else(|| text(o.get("name"))),
        published: text(o.get("datePublished")),
        modified: text(o.get("dateModified")),
        authors,
        publisher: publisher.into_iter().next(),
        section: text(o.get("articleSection")),
        language: text(o.get("inLanguage")),
        body: text(o.get("articleBody")),
        updates: updates(o.get("liveBlogUpdate")),
    }
}

fn updates(value: Option<&Value>) -> Vec<Update> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => return Vec::new(),
    };
    let update = |item: &Value| {
        let o = item.as_object()?;
        let time = text(o.get("datePublished"));
        Some(Update {
            headline: text(o.get("headline")),
            body: text(o.get("articleBody")),
            date: time.as_deref().and_then(when::iso_day),
            time,
        })
    };
    items.iter().take(MAX_OBJECTS).filter_map(update).collect()
}

fn people(value: Option<&Value>, names: &BTreeMap<&str, &str>, out: &mut Vec<String>) {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => return,
    };
    for item in items.iter().take(20) {
        match item {
            Value::String(s) => out.push(crate::html::decode_entities(s).into_owned()),
            Value::Object(o) => {
                let name = o
                    .get("name")
                    .or(o.get("@id").filter(|_| !o.contains_key("name")));
                match name {
                    Some(Value::Array(all)) => {
                        out.extend(all.iter().filter_map(Value::as_str).map(str::to_owned))
                    }
                    Some(Value::String(s)) => {
                        let s = names.get(s.as_str()).copied().unwrap_or(s);
                        out.push(crate::html::decode_entities(s).into_owned());
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    out.retain(|n| !n.trim().is_empty() && !n.starts_with("http") && !n.starts_with('#'));
}
