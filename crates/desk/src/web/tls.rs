//! TLS: the certificate and key of a desk that is reached from elsewhere.
//!
//! The crypto is ring, the one that fetching brings; no second library comes in.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{Error, ServerConfig};

/// A certificate with its key.
#[derive(Clone, Debug)]
pub struct Tls {
    pub(crate) config: Arc<ServerConfig>,
    certificate: CertificateDer<'static>,
}

impl Tls {
    /// Reads a certificate (with those that lead to its root) and its key, both PEM.
    ///
    /// # Errors
    /// Which file is wrong, and what to do. Nothing of a key is ever in the message.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, String> {
        let chain = read_chain(certificate)?;
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| {
            told(
                key,
                &e,
                "no private key stands in it",
                "give the key in PEM form (-----BEGIN PRIVATE KEY-----), without a passphrase",
            )
        })?;
        let first = chain.first().cloned().ok_or_else(|| empty(certificate))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .map_err(|e| match e {
                Error::InconsistentKeys(_) => format!(
                    "{} and {} do not belong together\n  give the key that the certificate was made for",
                    certificate.display(),
                    key.display()
                ),
                Error::InvalidCertificate(why) => format!(
                    "{}: the certificate cannot be used: {why:?}\n  make or get another one",
                    certificate.display()
                ),
                _ => format!(
                    "{}: the key cannot be used\n  use an RSA, ECDSA (P-256, P-384) or Ed25519 key",
                    key.display()
                ),
            })?;
        let tls = Self {
            config: Arc::new(config),
            certificate: first,
        };
        if ParsedCertificate::try_from(&tls.certificate).is_err() {
            return Err(format!(
                "{}: the certificate cannot be read\n  make or get another one (X.509 version 3 with subjectAltName)",
                certificate.display()
            ));
        }
        Ok(tls)
    }

    /// Whether the certificate is for this host name or address.
    pub fn is_for(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let Ok(name) = ServerName::try_from(host) else {
            return false;
        };
        ParsedCertificate::try_from(&self.certificate)
            .is_ok_and(|parsed| verify_server_name(&parsed, &name).is_ok())
    }
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let what = "no certificate stands in it";
    let remedy = "give a certificate in PEM form (-----BEGIN CERTIFICATE-----)";
    let all = CertificateDer::pem_file_iter(path).map_err(|e| told(path, &e, what, remedy))?;
    let all: Vec<CertificateDer<'static>> = all
        .collect::<Result<_, _>>()
        .map_err(|e| told(path, &e, what, remedy))?;
    if all.is_empty() {
        Err(empty(path))
    } else {
        Ok(all)
    }
}

fn empty(path: &Path) -> String {
    format!(
        "{}: no certificate stands in it\n  give a certificate in PEM form (-----BEGIN CERTIFICATE-----)",
        path.display()
    )
}

fn told(path: &Path, error: &PemError, what: &str, remedy: &str) -> String {
    match error {
        PemError::Io(e) => format!(
            "{}: {e}\n  give a file that this user may read",
            path.display()
        ),
        PemError::NoItemsFound => format!("{}: {what}\n  {remedy}", path.display()),
        _ => format!("{}: this is no sound PEM file\n  {remedy}", path.display()),
    }
}
