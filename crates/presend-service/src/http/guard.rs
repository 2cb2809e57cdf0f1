//! What happens to every request before and after it is answered.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use tracing::Instrument as _;

use super::{App, text};
use crate::grpc;
use crate::problem::{Problem, ProblemKind};
use crate::traces;

/// What is known of the other end of the connection.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    /// The SHA-256 of its certificate, where it showed one that holds.
    pub(crate) certificate: Option<Arc<str>>,
}

pub(super) const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Around every request: the name it came by, other sites' pages, panics, headers and counting.
pub(super) async fn every_request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = traces::method_name(request.method());
    let span = traces::request(method, &route, request.headers());
    let origin = allowed_origin(&app, request.headers());
    let is_grpc = grpc::is_grpc(request.headers());
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        && origin.is_some();
    let response = if !is_expected_host(&app, &request) {
        Problem::new(ProblemKind::Forbidden, "The service is not known by that name; see server.hosts.")
            .into_response()
    } else if is_preflight {
        preflight()
    } else {
        match AssertUnwindSafe(next.run(request).instrument(span.clone())).catch_unwind().await {
            Ok(response) => response,
            Err(_) => {
                tracing::error!(route, "a request panicked");
                Problem::new(ProblemKind::Internal, "The request was not answered.").into_response()
            }
        }
    };
    let (mut response, status) = if is_grpc {
        grpc::finish(response)
    } else {
        let status = response.status().as_u16();
        (response, status)
    };
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
        // All else that a page goes by it may read anyway.
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let time = start.elapsed();
    app.service.metrics().answered(&route, status, time);
    traces::answered(&span, status);
    tracing::info!(method, route, status, microseconds = time.as_micros(), "answered");
    response
}

const SECURITY: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, traceparent, x-api-key"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// The origin of another page that the configuration lets ask.
fn allowed_origin(app: &App, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = text(headers, &header::ORIGIN)?;
    let is_known = app.config.server.origins.iter().any(|known| known == origin);
    if is_known { headers.get(header::ORIGIN).cloned() } else { None }
}

/// Whether the request names a host that this service goes by, so that no foreign name can be bound to its address.
fn is_expected_host(app: &App, request: &Request) -> bool {
    let hosts = &app.config.server.hosts;
    if hosts.is_empty() && !app.config.server.listen.ip().is_loopback() {
        return true;
    }
    let name = host(request).map(without_port).unwrap_or_default();
    if hosts.is_empty() {
        return matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    }
    hosts.iter().any(|host| host.eq_ignore_ascii_case(name))
}

fn host(request: &Request) -> Option<&str> {
    let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
    authority.or_else(|| text(request.headers(), &header::HOST))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Before the paths that do something: where the request comes from, who asks and how often.
pub(super) async fn caller_only(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if let Some(origin) = request.headers().get(header::ORIGIN) {
        let own = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        let is_own = own.is_some_and(|(_, authority)| Some(authority) == host(&request));
        if !is_own && allowed_origin(&app, request.headers()).is_none() {
            let detail = "Pages of that origin may not ask; see server.origins.";
            return Err(Problem::new(ProblemKind::Forbidden, detail));
        }
    }
    let peer = request.extensions().get::<Peer>().cloned();
    let certificate = peer.as_ref().and_then(|peer| peer.certificate.as_deref());
    let address = peer.as_ref().map(|peer| peer.address.to_string()).unwrap_or_default();
    let now = app.service.clock().elapsed();
    let limited = |of: &str| {
        app.rate.take(of, now).map_err(|seconds| {
            Problem::new(ProblemKind::TooMany, "See limits.rate and limits.burst.").retry_after(seconds)
        })
    };
    let caller = match app.auth.caller(credential(request.headers()), certificate, app.service.clock().now())
    {
        Ok(caller) => caller,
        Err(problem) => {
            // Somebody who guesses is held up like a caller.
            limited(&format!("unknown:{address}"))?;
            return Err(problem);
        }
    };
    limited(if caller.name() == "anonymous" { &address } else { caller.name() })?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// The key or token that a request shows. Browsers can show one for a WebSocket only as a protocol `bearer.TOKEN`.
fn credential(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = text(headers, &header::AUTHORIZATION) {
        let (scheme, credential) = value.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then_some(credential.trim());
    }
    if let Some(key) = text(headers, &API_KEY) {
        return Some(key);
    }
    let protocols = text(headers, &header::SEC_WEBSOCKET_PROTOCOL)?;
    protocols.split(',').find_map(|protocol| protocol.trim().strip_prefix("bearer."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_taken_off_hosts() {
        for (host, name) in [
            ("localhost", "localhost"),
            ("localhost:80", "localhost"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("a.example:x", "a.example:x"),
        ] {
            assert_eq!(without_port(host), name);
        }
    }

    #[test]
    fn credentials_are_taken_from_three_headers() {
        let given = |name: &'static str, value: &'static str| {
            let headers =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
            credential(&headers).map(str::to_owned)
        };
        assert_eq!(given("authorization", "bearer abc").as_deref(), Some("abc"));
        assert_eq!(given("authorization", "Basic abc"), None);
        assert_eq!(given("x-api-key", "abc").as_deref(), Some("abc"));
        assert_eq!(given("sec-websocket-protocol", "presend.v1, bearer.abc").as_deref(), Some("abc"));
        assert_eq!(given("sec-websocket-protocol", "presend.v1"), None);
    }
}
