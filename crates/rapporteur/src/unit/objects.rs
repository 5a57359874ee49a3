//! Object storage, through the `object_store` crate: addresses that it knows (`s3://BUCKET/PREFIX`,
//! `memory://`), settings from the environment (`AWS_ENDPOINT`, `AWS_ACCESS_KEY_ID`, …).

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::StreamExt;
use object_store::path::Path as Place;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use tokio::runtime::Runtime;
use url::Url;

use super::shelf::same;
use super::{Put, RECEIPT, Shelf, told};

/// A prefix in object storage.
#[derive(Debug)]
pub(crate) struct Objects {
    runtime: Runtime,
    store: Arc<dyn ObjectStore>,
    base: Place,
    uri: String,
}

impl Objects {
    pub(crate) fn open(uri: &str) -> Result<Self, String> {
        // The library of encrypted connections has to be told which arithmetic to use.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = Url::parse(uri).map_err(|e| format!("{uri}: {e}"))?;
        let settings = std::env::vars_os().filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?.to_lowercase(),
                value.into_string().ok()?,
            ))
        });
        let (store, base) =
            object_store::parse_url_opts(&url, settings).map_err(|e| format!("{uri}: {e}"))?;
        Self::of(Arc::from(store), base, uri)
    }

    pub(super) fn of(store: Arc<dyn ObjectStore>, base: Place, uri: &str) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| format!("{uri}: {e}"))?;
        Ok(Self {
            runtime,
            store,
            base,
            uri: uri.trim_end_matches('/').to_owned(),
        })
    }

    fn place(&self, key: &str) -> Place {
        let parts = key.split('/').filter(|part| !part.is_empty());
        parts.fold(self.base.clone(), |place, part| place.join(part))
    }

    /// Writes an object to a file; false when there is none.
    fn fetch(&self, key: &str, to: &mut File) -> Result<bool, String> {
        let fault = |e: &dyn std::fmt::Display| format!("{}: {e}", self.name(key));
        self.runtime.block_on(async {
            let found = match self.store.get(&self.place(key)).await {
                Ok(found) => found,
                Err(Error::NotFound { .. }) => return Ok(false),
                Err(e) => return Err(fault(&e)),
            };
            let mut stream = found.into_stream();
            while let Some(piece) = stream.next().await {
                let piece = piece.map_err(|e| fault(&e))?;
                to.write_all(&piece).map_err(|e| fault(&e))?;
            }
            Ok(true)
        })
    }
}

/// A new file that only this run knows.
fn fresh() -> Result<(File, PathBuf), String> {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).map_err(|e| format!("no random number: {e}"))?;
    let name = format!("rapporteur-{:016x}", u64::from_le_bytes(bytes));
    let path = std::env::temp_dir().join(name);
    let file = File::options()
        .create_new(true)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(|e| told(&path, &e))?;
    Ok((file, path))
}

/// Brings an object here.
pub(super) fn fetch(uri: &str) -> Result<PathBuf, String> {
    let objects = Objects::open(uri)?;
    let (mut file, path) = fresh()?;
    let found = objects.fetch("", &mut file);
    if let Ok(true) = found {
        return Ok(path);
    }
    let _ = std::fs::remove_file(&path);
    found.and_then(|_| Err(format!("{uri}: there is no such object; check the address")))
}

impl Shelf for Objects {
    fn name(&self, key: &str) -> String {
        format!("{}/{key}", self.uri)
    }

    fn open(&self, key: &str) -> Result<Option<File>, String> {
        let (mut file, path) = fresh()?;
        let found = self.fetch(key, &mut file);
        // The open file is all that is needed; its name goes at once.
        let _ = std::fs::remove_file(&path);
        if !found? {
            return Ok(None);
        }
        file.rewind().map_err(|e| told(&path, &e))?;
        Ok(Some(file))
    }

    /// One conditional request, so the object is in memory while it goes out.
    fn put_new(&self, key: &str, file: &Path) -> Result<Put, String> {
        let bytes = std::fs::read(file).map_err(|e| told(file, &e))?;
        let put = self.runtime.block_on(self.store.put_opts(
            &self.place(key),
            bytes.into(),
            PutOptions::from(PutMode::Create),
        ));
        match put {
            Ok(_) => Ok(Put::New),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                let there = Shelf::open(self, key)?;
                let there = there.ok_or_else(|| format!("{} is gone again", self.name(key)))?;
                same(Ok(there), file).map_err(|e| told(file, &e))
            }
            Err(e) => Err(format!("{}: {e}", self.name(key))),
        }
    }

    fn stage(&self) -> Result<PathBuf, String> {
        Ok(std::env::temp_dir())
    }

    fn receipts(&self) -> Result<Vec<String>, String> {
        let base = self.base.as_ref();
        let mut out = self.runtime.block_on(async {
            let mut found = Vec::new();
            let mut list = self.store.list(Some(&self.base));
            while let Some(one) = list.next().await {
                let one = one.map_err(|e| format!("{}: {e}", self.uri))?;
                let key = one.location.as_ref();
                let key = key
                    .strip_prefix(base)
                    .unwrap_or(key)
                    .trim_start_matches('/');
                if key == RECEIPT || key.ends_with(&format!("/{RECEIPT}")) {
                    found.push(key.to_owned());
                }
            }
            Ok::<_, String>(found)
        })?;
        out.sort();
        Ok(out)
    }
}

#[cfg(test)]
mod tests;
