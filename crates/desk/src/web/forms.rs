//! What a form sent.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderMap, Request, StatusCode, header};

use super::{Failure, ask, guard};

/// Fields and files of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pub(crate) fields: BTreeMap<String, String>,
    /// Name and bytes of each file, in the order they were given.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Form {
    /// Reads the body of a POST.
    pub(crate) async fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, Failure> {
        let kind = guard::text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            return Self::read_parts(kind, body).await;
        }
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !body.is_empty() && !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("a form is no {essence:?}"),
                "send application/x-www-form-urlencoded or multipart/form-data",
            ));
        }
        let text = String::from_utf8_lossy(&body);
        let fields = ask::long_pairs(&text);
        Ok(Self {
            fields,
            files: Vec::new(),
        })
    }

    async fn read_parts(kind: &str, body: Bytes) -> Result<Self, Failure> {
        let broken = || {
            Failure::new(
                StatusCode::BAD_REQUEST,
                "the form cannot be read",
                "send it again from its page",
            )
        };
        let request = Request::builder()
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .map_err(|_| broken())?;
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| broken())?;
        let mut out = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(plain_name);
            let bytes = part.bytes().await.map_err(|_| broken())?;
            match file {
                Some(file) if !bytes.is_empty() => out.files.push((file, bytes.to_vec())),
                Some(_) => {}
                None => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    out.fields.insert(name, text);
                }
            }
        }
        Ok(out)
    }

    /// A field that says something.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.fields.get(name).map(|v| v.trim());
        value.filter(|v| !v.is_empty())
    }

    /// A field that must say something.
    pub(crate) fn need(&self, name: &str, label: &str) -> Result<&str, Failure> {
        self.get(name).ok_or_else(|| {
            Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("“{label}” is empty"),
                "go back and fill it in; nothing was changed",
            )
        })
    }
}

/// What a form of any kind and any bytes says: fields and files, or nothing. For fuzzers.
#[doc(hidden)]
pub fn probe(kind: &str, body: &[u8]) -> Option<(usize, usize)> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, kind.parse().ok()?);
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(1).build().ok()?;
    let form = runtime.block_on(Form::read(&headers, Bytes::copy_from_slice(body)));
    form.ok().map(|form| (form.fields.len(), form.files.len()))
}

/// The name of a file without folders or signs that steer a terminal.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if clean.is_empty() {
        "upload".to_owned()
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn an_uploaded_name_has_no_folders() {
        assert_eq!(plain_name("../../etc/page.html"), "page.html");
        assert_eq!(plain_name("C:\\papers\\page.html"), "page.html");
        assert_eq!(plain_name("\u{1b}[2J"), "[2J");
        assert_eq!(plain_name("/"), "upload");
    }
}
