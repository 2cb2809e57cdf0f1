//! Sends spans to the collector, on the thread that gathers them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::uri::Uri;
use axum::http::{HeaderValue, Request, Response, header};
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::config::ConfigError;

/// How long one delivery may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Makes a connection for each delivery: there is one every few seconds.
pub(super) struct Client {
    tls: TlsConnector,
    /// Whether the last delivery failed, so that the log says it once.
    has_failed: AtomicBool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// A client that trusts the certificates that the system trusts.
    pub(super) fn new() -> Result<Self, ConfigError> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| ConfigError::new(format!("traces.endpoint: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), has_failed: AtomicBool::new(false) })
    }

    async fn deliver(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let uri = request.uri().clone();
        let host = uri.host().ok_or("the endpoint has no host")?;
        let is_tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        // An IPv6 address stands in brackets in a URL, and without them everywhere else.
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((name, port)).await?;
        if is_tls {
            let name = ServerName::try_from(name.to_owned())?;
            exchange(self.tls.connect(name, stream).await?, &uri, request).await
        } else {
            exchange(stream, &uri, request).await
        }
    }

    fn note(&self, result: &Result<Response<Bytes>, HttpError>) {
        let has_failed = !result.as_ref().is_ok_and(|answer| answer.status().is_success());
        let had_failed = self.has_failed.swap(has_failed, Ordering::Relaxed);
        match (had_failed, has_failed) {
            (false, true) => tracing::warn!("the collector does not take spans; they are lost until it does"),
            (true, false) => tracing::info!("the collector takes spans again"),
            _ => {}
        }
    }
}

async fn exchange<S>(stream: S, uri: &Uri, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut parts, body) = request.into_parts();
    parts.uri = uri.path().parse()?;
    let host = uri.authority().map_or("", |authority| authority.as_str());
    parts.headers.insert(header::HOST, HeaderValue::from_str(host)?);
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let answer = sender.send_request(Request::from_parts(parts, Full::new(body))).await?;
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, LONGEST_ANSWER).collect().await?.to_bytes();
    Ok(Response::from_parts(parts, body))
}

impl HttpClient for Client {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> BoxFuture<'b, Result<Response<Bytes>, HttpError>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            // The thread that gathers spans has no runtime; this one ends with the delivery.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let delivery = async { tokio::time::timeout(PATIENCE, self.deliver(request)).await };
            let result = match runtime.block_on(delivery) {
                Ok(result) => result,
                Err(_) => Err("the collector did not answer in time".into()),
            };
            self.note(&result);
            result
        })
    }
}
