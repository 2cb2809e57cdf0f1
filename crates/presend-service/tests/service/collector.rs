//! A collector of spans that keeps what it is sent.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests"
)]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::routing::post;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

pub struct Collector {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<Bytes>>>,
}

impl Collector {
    pub async fn start() -> Self {
        Self::answering(StatusCode::OK).await
    }

    /// One that refuses everything.
    pub async fn broken() -> Self {
        Self::answering(StatusCode::INTERNAL_SERVER_ERROR).await
    }

    async fn answering(status: StatusCode) -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&sent);
        let take = post(move |body: Bytes| async move {
            kept.lock().unwrap().push(body);
            status
        });
        let router = Router::new().route("/v1/traces", take);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let router = router.clone();
                let answer = service_fn(move |request: Request<hyper::body::Incoming>| {
                    router.clone().oneshot(request.map(Body::new))
                });
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), answer));
            }
        });
        Self { address, sent }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that was sent, as text where it is text.
    pub fn bytes(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().unwrap().concat()).into_owned()
    }

    pub fn spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        for body in self.sent.lock().unwrap().iter() {
            let request = ExportTraceServiceRequest::decode(body.clone()).unwrap();
            for resource in request.resource_spans {
                spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        spans
    }
}

/// What a span says under a name, whatever the type.
pub fn attribute(span: &Span, name: &str) -> Option<String> {
    let attribute = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match attribute.value.clone()?.value? {
        Value::StringValue(text) => Some(text),
        Value::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}
