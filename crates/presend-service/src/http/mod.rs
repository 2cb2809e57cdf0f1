//! The service over HTTP: routes, who may use them, and what every answer has in common.

mod answer;
mod description;
mod guard;
mod live;
mod messages;
mod stream;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use presend::{Scratch, WireOutcome};
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

pub use description::openapi;
pub(crate) use guard::Peer;

use crate::auth::{Auth, Caller};
use crate::config::{Config, ConfigError};
use crate::grpc;
use crate::limits::RateLimit;
use crate::pool::Lane;
use crate::problem::{Problem, ProblemKind};
use crate::service::{Batch, Service};

/// A file of the page that is served at `/` and below `/page/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its content type.
    pub content_type: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
    /// A name that changes with what it holds, in quotes.
    pub etag: &'static str,
}

/// Finds a file of the page by its path, such as `/` or `/page/app.js`.
pub type Page = fn(path: &str) -> Option<Asset>;

/// What another API answers.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The body's content type.
    pub content_type: &'static str,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).field("body_len", &self.body.len()).finish()
    }
}

/// Another API: takes the engine's buffers, the method, the path below its prefix with the query, the content type and the
/// body. It runs on the engine's threads.
pub type Api = Arc<dyn Fn(&mut Scratch, &str, &str, Option<&str>, &[u8]) -> Reply + Send + Sync>;

/// What is served beside the service's own paths.
#[derive(Clone, Default)]
pub struct Extras {
    /// The page at `/`.
    pub page: Option<Page>,
    /// Other APIs, each with a prefix such as `/presidio`; who may use `/v1` may use them.
    pub apis: Vec<(&'static str, Api)>,
}

impl fmt::Debug for Extras {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefixes: Vec<&str> = self.apis.iter().map(|(prefix, _)| *prefix).collect();
        f.debug_struct("Extras").field("page", &self.page.is_some()).field("apis", &prefixes).finish()
    }
}

/// What all requests share.
pub(crate) struct App {
    pub(crate) service: Service,
    pub(crate) auth: Auth,
    pub(crate) rate: RateLimit,
    pub(crate) config: Config,
    pub(crate) sockets: Arc<Semaphore>,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(
        config: Config,
        service: Service,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            auth: Auth::new(&config)?,
            rate: RateLimit::new(config.limits.rate, config.limits.burst),
            sockets: Arc::new(Semaphore::new(config.limits.sockets.min(Semaphore::MAX_PERMITS))),
            service,
            config,
            stopping,
        })
    }

    /// A place for one more socket.
    pub(crate) fn socket(&self) -> Result<Place, Problem> {
        let full = |_| Problem::new(ProblemKind::Overloaded, "Every socket is taken.").retry_after(5);
        let permit = Arc::clone(&self.sockets).try_acquire_owned().map_err(full)?;
        let open = self.service.metrics().sockets.clone();
        open.inc();
        Ok(Place { open, _permit: permit })
    }

    /// Checks messages at once, where they are not too many and do not take too long.
    pub(crate) async fn batch(
        &self,
        caller: &Caller,
        batch: Batch,
    ) -> Result<Vec<Result<Box<WireOutcome>, Problem>>, Problem> {
        let limits = &self.config.limits;
        if batch.texts.len() > limits.batch_messages {
            let detail = format!("A batch may have {} messages at most.", limits.batch_messages);
            return Err(Problem::new(ProblemKind::TooLarge, detail));
        }
        let time = Duration::from_secs(limits.request_seconds);
        let outcomes = tokio::time::timeout(time, self.service.batch(caller, batch)).await;
        outcomes.map_err(|_| {
            let detail = "The batch was not checked in time; send fewer messages, or use a stream.";
            Problem::new(ProblemKind::TimedOut, detail).retry_after(2)
        })
    }
}

/// A place among the sockets, until it is dropped.
pub(crate) struct Place {
    open: Gauge,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.dec();
    }
}

type Shared = State<Arc<App>>;

/// All routes.
///
/// # Errors
///
/// Where the API's description cannot be read.
pub(crate) fn router(app: &Arc<App>, extras: &Extras) -> Result<Router, ConfigError> {
    let mut guarded = Router::new()
        .route("/v1/check", post(messages::check))
        .route("/v1/redact", post(messages::redact))
        .route("/v1/batch", post(messages::batch))
        .route("/v1/stream", post(stream::stream))
        .route("/v1/live", get(live::live).connect(live::live))
        .route("/v1/labels", get(messages::labels))
        .route("/v1/policies", get(messages::policies))
        .route("/metrics", get(metrics))
        .merge(grpc::guarded(app));
    for (prefix, api) in extras.apis.clone() {
        let call = move |app: Shared, request: Request| mounted(app, api, prefix, request);
        guarded = guarded.route(&format!("{prefix}/{{*path}}"), any(call));
    }
    let guarded =
        guarded.route_layer(axum::middleware::from_fn_with_state(Arc::clone(app), guard::caller_only));
    let mut open = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/openapi.json", get(description::json))
        .route("/docs", get(description::page))
        .route("/docs/docs.js", get(description::script))
        .route("/docs/docs.css", get(description::style))
        .merge(grpc::open(app)?);
    if let Some(page) = extras.page {
        let serve = move |request: Request| async move { asset(page, &request) };
        open = open.route("/", get(serve)).route("/page/{*path}", get(serve));
    }
    let all = open
        .merge(guarded)
        .fallback(async || Problem::new(ProblemKind::NotFound, "See /openapi.json for what there is."))
        .method_not_allowed_fallback(async || {
            Problem::new(ProblemKind::BadMethod, "See /openapi.json for the methods of each path.")
        })
        .layer(axum::middleware::from_fn_with_state(Arc::clone(app), guard::every_request))
        .with_state(Arc::clone(app));
    Ok(all)
}

/// The process is there.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses(
    (status = 200, description = "The process is there.", body = String, content_type = "text/plain"),
))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// The engine takes messages.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (
        status = 200,
        description = "The engine takes messages. A second line says where messages of conversations are refused.",
        body = String,
        content_type = "text/plain",
    ),
))]
async fn readyz(State(app): Shared) -> Result<String, Problem> {
    app.service.ready()?;
    // No reason to send nobody here any more: every other message is checked.
    Ok(match app.service.conversations_ready().await {
        Ok(()) => "ok\n".to_owned(),
        Err(problem) => format!("ok\n{problem}\n"),
    })
}

/// Counts and times, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "Counts and times in the OpenMetrics text format.", body = String, content_type = "application/openmetrics-text"),
))]
async fn metrics(State(app): Shared) -> Response {
    let text = app.service.metrics().render(app.service.jobs());
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
        .into_response()
}

async fn mounted(
    State(app): Shared,
    api: Api,
    prefix: &'static str,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = answer::read(body, &parts.headers, &app, app.config.limits.body_bytes).await?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let path = path.strip_prefix(prefix).unwrap_or_default().to_owned();
    let work = app.service.job(Lane::AtOnce, move |scratch| {
        let content_type = text(&parts.headers, &header::CONTENT_TYPE);
        api(scratch, parts.method.as_str(), &path, content_type, &body)
    });
    let Reply { status, body, content_type } = work.await?;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Ok((status, [(header::CONTENT_TYPE, content_type)], body).into_response())
}

fn asset(page: Page, request: &Request) -> Response {
    let Some(asset) = page(request.uri().path()) else {
        return Problem::new(ProblemKind::NotFound, "The page has no such file.").into_response();
    };
    let known = text(request.headers(), &header::IF_NONE_MATCH);
    // The page holds no message, so it alone may be kept, as long as it is asked for anew.
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::ETAG, asset.etag),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    if known == Some(asset.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, Body::from(asset.bytes)).into_response()
}

/// A header's value, where it is text and stands once.
fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Is over when the service stops.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // A service that is gone has stopped too. The guard within is not to be held beyond this.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
