//! Certificates that are made for a test, and clients that know them.

use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, CertifiedIssuer, DnType, KeyPair, date_time_ymd};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub fn write(path: &Path, text: String) -> String {
    std::fs::write(path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

pub fn certificate(name: &str, issuer: &CertifiedIssuer<'_, KeyPair>, is_expired: bool) -> (String, String) {
    let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if is_expired {
        parameters.not_before = date_time_ymd(2020, 1, 1);
        parameters.not_after = date_time_ymd(2020, 2, 1);
    }
    let key = KeyPair::generate().unwrap();
    let signed = parameters.signed_by(&key, issuer).unwrap();
    (signed.pem(), key.serialize_pem())
}

pub fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// The settings by which a service shows a certificate of this authority for `localhost`, kept in a folder.
pub fn serving(dir: &Path, own: &CertifiedIssuer<'_, KeyPair>) -> [(&'static str, String); 2] {
    let (certificate, key) = certificate("localhost", own, false);
    [
        ("tls.certificate", write(&dir.join("own.pem"), certificate)),
        ("tls.key", write(&dir.join("own.key"), key)),
    ]
}

pub fn client(ca: &str, identity: Option<&(String, String)>, alpn: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let mut tls = match identity {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
            builder
                .with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap())
                .unwrap()
        }
    };
    tls.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    TlsConnector::from(Arc::new(tls))
}
