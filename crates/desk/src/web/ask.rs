//! A request as the screens read it.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode, Uri, header};
use rapporteur_base::Date;
use rapporteur_record::Filter;

use super::gate::Visit;
use super::ui::Ui;
use super::visits::{Fresh, Visit as Seen};
use super::{Failure, Shared, guard};

/// Longest value that is read from a query.
const LONGEST: usize = 2_000;

/// What was asked, by whom, in which language.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// Path, without the slash at its end.
    pub(crate) path: String,
    /// Path and query.
    pub(crate) whole: String,
    /// The query, last value wins.
    pub(crate) query: BTreeMap<String, String>,
    /// Words of the interface.
    pub(crate) ui: Ui,
    /// The session's id.
    pub(crate) session: String,
    /// Whether the session is new and its cookie must be set.
    pub(crate) is_new: bool,
    /// Token that forms carry.
    pub(crate) token: String,
    /// Name of the account, or the one that the person last signed with.
    pub(crate) who: String,
    /// Who asks, and what they may do.
    pub(crate) visit: Visit,
    /// The reader's marker, as the browser sent it.
    pub(crate) seen: Option<Seen>,
    /// What came in since the reader's last visit.
    pub(crate) fresh: Fresh,
    /// Where the change log ends; 0 where nobody asked.
    pub(crate) last: u64,
}

impl Ask {
    pub(crate) fn new(shared: &Shared, uri: &Uri, headers: &HeaderMap, visit: Visit) -> Self {
        let query = pairs(uri.query().unwrap_or_default());
        let cookies = cookies(headers);
        let known = session(shared, headers);
        let is_new = known.is_none();
        let session = known.unwrap_or_else(|| guard::hex(&shared.config.world.random()));
        let asked = query.get("lang").or_else(|| cookies.get("lang"));
        let accepted = guard::text(headers, header::ACCEPT_LANGUAGE.as_str()).unwrap_or_default();
        let path = uri.path().trim_end_matches('/');
        Self {
            path: if path.is_empty() { "/" } else { path }.to_owned(),
            whole: uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            ui: Ui::choose(asked.map(String::as_str), accepted),
            token: guard::token(&shared.secret, &session),
            is_new,
            session,
            who: match &visit.account {
                Some(owner) => owner.name.clone(),
                None => cookies.get("who").map(|w| decoded(w)).unwrap_or_default(),
            },
            visit,
            seen: cookies.get("visit").and_then(|v| Seen::read(v)),
            fresh: Fresh::default(),
            last: 0,
            query,
        }
    }

    /// A value of the query that says something.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        said(&self.query, name)
    }

    /// A day of the query.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Date>, Failure> {
        day(&self.query, name)
    }

    /// The part of the record that is asked for.
    pub(crate) fn filter(&self) -> Result<Filter, Failure> {
        filter(&self.query)
    }

    /// Number of the page of a list, from 0.
    pub(crate) fn page(&self) -> usize {
        let page = self.get("page").and_then(|p| p.parse::<usize>().ok());
        page.unwrap_or(1).clamp(1, 1_000_000) - 1
    }

    /// The same address with one value of the query changed.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let others = self.query.iter().filter(|(n, _)| *n != name);
        for (name, value) in others {
            query.append_pair(name, value);
        }
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        format!("{}?{}", self.path, query.finish())
    }
}

/// A value of a query that says something.
fn said<'q>(query: &'q BTreeMap<String, String>, name: &str) -> Option<&'q str> {
    let value = query.get(name).map(|v| v.trim());
    value.filter(|v| !v.is_empty())
}

fn day(query: &BTreeMap<String, String>, name: &str) -> Result<Option<Date>, Failure> {
    said(query, name)
        .map(|text| {
            text.parse().map_err(|_| {
                Failure::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    format!("{name}: {text:?} is no day"),
                    "write it like 2024-01-27",
                )
            })
        })
        .transpose()
}

/// The part of the record that a query asks for.
pub(crate) fn filter(query: &BTreeMap<String, String>) -> Result<Filter, Failure> {
    let word = |name| said(query, name).map(str::to_owned);
    Ok(Filter {
        from: day(query, "from")?,
        to: day(query, "to")?,
        as_of: day(query, "as_of")?,
        actor: word("actor"),
        kind: word("type"),
        place: word("place"),
        process: word("process"),
    })
}

/// Pairs of a query or a form.
pub(crate) fn pairs(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| (name.into_owned(), cut(&value).to_owned()))
        .collect()
}

/// Pairs of a form, whole: a pasted text is long.
pub(crate) fn long_pairs(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn cut(value: &str) -> &str {
    let mut end = value.len().min(LONGEST);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}

fn cookies(headers: &HeaderMap) -> BTreeMap<String, String> {
    let all = headers.get_all(header::COOKIE).iter();
    all.filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The id of a session that a browser sent.
pub(crate) fn session(shared: &Shared, headers: &HeaderMap) -> Option<String> {
    let mut cookies = cookies(headers);
    let id = cookies.remove(shared.cookie());
    id.filter(|id| is_session(id))
}

fn is_session(id: &str) -> bool {
    id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit())
}

fn decoded(text: &str) -> String {
    pairs(&format!("v={text}")).remove("v").unwrap_or_default()
}
