//! Certificates and keys for TLS, by rustls with ring.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::auth::{Reloading, hex};
use crate::config::{ConfigError, TlsConfig};

/// The configuration of TLS, read again when its files change; `None` where the service has none.
pub(crate) fn load(config: &TlsConfig) -> Result<Option<Reloading<ServerConfig>>, ConfigError> {
    let (Some(certificate), Some(key)) = (config.certificate.clone(), config.key.clone()) else {
        return Ok(None);
    };
    let clients = config.client_ca.clone();
    let files: Vec<PathBuf> =
        [Some(&certificate), Some(&key), clients.as_ref()].into_iter().flatten().cloned().collect();
    Reloading::new(files, move || read(&certificate, &key, clients.as_deref())).map(Some)
}

fn read(certificate: &Path, key: &Path, clients: Option<&Path>) -> Result<ServerConfig, ConfigError> {
    let chain = certificates(certificate)?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| ConfigError::file(key, &error))?;
    let provider = Arc::new(default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::file(certificate, &error))?;
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(file) => {
            let mut roots = RootCertStore::empty();
            for root in certificates(file)? {
                roots.add(root).map_err(|error| ConfigError::file(file, &error))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.map_err(|error| ConfigError::file(file, &error))?)
        }
    };
    let mut tls =
        builder.with_single_cert(chain, secret).map_err(|error| ConfigError::file(certificate, &error))?;
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if certificates.is_empty() => Err(ConfigError::file(file, &"it has no certificate")),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(ConfigError::file(file, &error)),
    }
}

/// The SHA-256 of a certificate, by which its holder is known.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> Arc<str> {
    Arc::from(hex(&Sha256::digest(certificate)))
}
