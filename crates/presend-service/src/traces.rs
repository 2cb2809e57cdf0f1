//! Spans for OpenTelemetry: one for each request and one for each message, without text.
//!
//! A span holds names of the program's own, counts and times: never words of a message, the id of a conversation or who
//! asks. Of a request's headers `traceparent` alone is read, for what else callers send along (`tracestate`, `baggage`) is
//! theirs to fill.

use std::fmt;
use std::time::Duration;

use axum::http::{HeaderMap, Method};
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use presend::Outcome;
use tracing::field::Empty;
use tracing::{Span, Subscriber, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::config::{ConfigError, TracesConfig};
use crate::problem::Problem;

mod deliver;

/// The target of the spans, so that nothing else is taken for one.
pub(crate) const TARGET: &str = "presend_service::traces::span";
/// How long the collector may take to take spans, and the service to hand over its last ones.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands spans over to a collector, on a thread of its own: nothing waits for it, and what does not fit its queue is lost.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").finish_non_exhaustive()
    }
}

impl Traces {
    /// Starts to hand over spans; `None` where the configuration names no collector.
    ///
    /// # Errors
    ///
    /// Where the endpoint is no URL that spans can be sent to.
    pub fn start(config: &TracesConfig) -> Result<Option<Self>, ConfigError> {
        let Some(endpoint) = &config.endpoint else { return Ok(None) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(deliver::Client::new()?)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| ConfigError::new(format!("traces.endpoint: {error}")))?;
        let resource = Resource::builder().with_service_name("presend").build();
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.ratio)));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(sampler)
            .with_resource(resource)
            .build();
        Ok(Some(Self { provider }))
    }

    /// The layer that takes the service's spans, and nothing else.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + Send + Sync + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_tracer(self.provider.tracer("presend"))
            .with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO))
    }

    /// Hands over what is left and ends. It takes five seconds at most, and waits on the thread that calls it.
    pub fn finish(self) {
        // Where it fails, the log says so.
        let _ = self.provider.shutdown_with_timeout(PATIENCE);
    }
}

/// The one header that is taken from a request.
struct Traceparent<'a>(&'a HeaderMap);

impl Extractor for Traceparent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        if key == "traceparent" { self.0.get(key)?.to_str().ok() } else { None }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

/// A method by a name that is not the caller's to choose.
pub(crate) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "_OTHER",
    }
}

/// The span of a request; it goes on where the caller's `traceparent` left off.
pub(crate) fn request(method: &'static str, route: &str, headers: &HeaderMap) -> Span {
    let span = info_span!(
        target: TARGET,
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
    );
    if !span.is_disabled() {
        let parent = TraceContextPropagator::new().extract(&Traceparent(headers));
        if parent.span().span_context().is_valid() {
            // Where no layer takes spans there is none to set it.
            let _ = span.set_parent(parent);
        }
    }
    span
}

/// Notes how the request of a span was answered.
pub(crate) fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "error");
    }
}

/// The span of one message.
pub(crate) fn message(by: &'static str, bytes: usize) -> Span {
    info_span!(
        target: TARGET,
        "check",
        presend.by = by,
        presend.length = length_class(bytes),
        presend.policy = Empty,
        presend.verdict = Empty,
        presend.findings = Empty,
        presend.model_review = Empty,
        presend.queue_us = Empty,
        presend.engine_us = Empty,
        presend.problem = Empty,
        otel.status_code = Empty,
    )
}

/// Notes what came of the message of a span, how long it waited for the engine and how long that took.
pub(crate) fn checked(span: &Span, outcome: &Outcome, queue: Duration, engine: Duration) {
    if span.is_disabled() {
        return;
    }
    let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    span.record("presend.policy", tracing::field::display(&outcome.policy));
    span.record("presend.verdict", outcome.verdict.name());
    span.record("presend.findings", i64::try_from(outcome.findings.len()).unwrap_or(i64::MAX));
    span.record("presend.model_review", outcome.review.name());
    span.record("presend.queue_us", micros(queue));
    span.record("presend.engine_us", micros(engine));
}

/// Notes why the message of a span was not checked.
pub(crate) fn refused(span: &Span, problem: &Problem) {
    span.record("presend.problem", problem.kind().name());
    if problem.kind().status() >= 500 {
        span.record("otel.status_code", "error");
    }
}

/// About how long a message is, in bytes; the exact length could tell one message from another.
const fn length_class(bytes: usize) -> &'static str {
    match bytes {
        0..=64 => "0-64",
        65..=256 => "65-256",
        257..=1_024 => "257-1024",
        1_025..=4_096 => "1025-4096",
        4_097..=16_384 => "4097-16384",
        _ => "16385-",
    }
}

/// Whether spans can be sent to a URL: http or https, a host, and no password.
pub(crate) fn is_endpoint(url: &str) -> bool {
    let Ok(uri) = url.parse::<axum::http::Uri>() else { return false };
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    is_http && host && uri.query().is_none()
}
