//! The service over gRPC, on the same port as HTTP and behind the same guard: `proto/presend/v1/presend.proto` is the
//! contract.

mod convert;
mod health;
mod live;
mod status;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response as HttpResponse};
use axum::routing::post_service;
use futures_util::StreamExt as _;
use tonic::{Request, Response, Status, Streaming};
use tonic_health::pb::health_server::HealthServer;

pub(crate) use status::finish;

use crate::api::{LabelBody, PolicyBody};
use crate::auth::Caller;
use crate::config::ConfigError;
use crate::http::{App, stopped};
use crate::pool::Lane;
use crate::problem::{Problem, ProblemKind};
use crate::service::{Batch, Check};
use proto::presend_server::{Presend, PresendServer};

/// The types, the server and a client of `presend.v1`, as generated from the `.proto`.
///
/// None of them has `Debug`, for they hold message text.
#[allow(
    clippy::all,
    missing_docs,
    unreachable_pub,
    reason = "generated; the comments are those of the .proto, and clients and servers have none"
)]
pub mod proto {
    tonic::include_proto!("presend.v1");
}

/// The `.proto` as a `google.protobuf.FileDescriptorSet`, with its comments, as reflection gives it.
pub const DESCRIPTOR: &[u8] = tonic::include_file_descriptor_set!("presend.v1");

/// The methods that only callers may use.
pub(crate) fn guarded(app: &Arc<App>) -> Router<Arc<App>> {
    let limits = &app.config.limits;
    let methods = Arc::new(Methods { app: Arc::clone(app) });
    let taking =
        |bytes| post_service(PresendServer::from_arc(Arc::clone(&methods)).max_decoding_message_size(bytes));
    let unary = Router::new()
        .route("/presend.v1.Presend/Check", taking(limits.body_bytes))
        .route("/presend.v1.Presend/Redact", taking(limits.body_bytes))
        .route("/presend.v1.Presend/Batch", taking(limits.batch_bytes))
        .route("/presend.v1.Presend/ListLabels", taking(limits.body_bytes))
        .route("/presend.v1.Presend/ListPolicies", taking(limits.body_bytes))
        .route_layer(from_fn_with_state(Arc::clone(app), in_time));
    unary
        .route("/presend.v1.Presend/Stream", taking(limits.line_bytes))
        .route("/presend.v1.Presend/Live", taking(limits.line_bytes))
        .route_layer(from_fn(grpc_only))
}

/// The methods that anybody may use: whether the service is there, and what it offers.
pub(crate) fn open(app: &Arc<App>) -> Result<Router<Arc<App>>, ConfigError> {
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTOR)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let failed = |error| ConfigError::new(format!("the description of the gRPC API cannot be read: {error}"));
    // The older version is the only one that some clients know.
    let (new, old) =
        (reflection().build_v1().map_err(failed)?, reflection().build_v1alpha().map_err(failed)?);
    let health = HealthServer::new(health::Watched::new(app));
    Ok(Router::new()
        .route_service("/grpc.reflection.v1.ServerReflection/{method}", post_service(new))
        .route_service("/grpc.reflection.v1alpha.ServerReflection/{method}", post_service(old))
        .route_layer(from_fn_with_state(Arc::clone(app), short))
        .route_service("/grpc.health.v1.Health/{method}", post_service(health))
        .route_layer(from_fn(grpc_only)))
}

/// Whether a request is of gRPC, so that its refusal has to be too.
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok());
    given.is_some_and(|given| given.starts_with("application/grpc"))
}

/// Refuses what is no gRPC in Protobuf. That also keeps other sites' forms out.
async fn grpc_only(request: HttpRequest, next: Next) -> Result<HttpResponse, Problem> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok());
    let given = given.unwrap_or_default().split(';').next().unwrap_or_default().trim_end();
    if matches!(given, "application/grpc" | "application/grpc+proto") {
        return Ok(next.run(request).await);
    }
    Err(Problem::new(ProblemKind::BadMediaType, "The path takes application/grpc."))
}

/// Around methods with one request and one response: the time that both take together, and what tonic refuses itself.
async fn in_time(State(app): State<Arc<App>>, request: HttpRequest, next: Next) -> HttpResponse {
    let time = Duration::from_secs(app.config.limits.request_seconds);
    let problem = match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => match status::unread_in(response.headers()) {
            None => return response,
            Some(problem) => problem,
        },
        Err(_) => Problem::new(ProblemKind::TimedOut, "The call was not answered in time.").retry_after(2),
    };
    app.service.metrics().refused(problem.kind().name());
    problem.into_response()
}

/// Around reflection, which goes on for as long as it is asked: no longer than a request, and not beyond a stop.
async fn short(State(app): State<Arc<App>>, request: HttpRequest, next: Next) -> HttpResponse {
    let time = Duration::from_secs(app.config.limits.request_seconds);
    let mut stopping = app.stopping.clone();
    let over = async move {
        let _ = tokio::time::timeout(time, stopped(&mut stopping)).await;
    };
    let request = request.map(|body| Body::from_stream(body.into_data_stream().take_until(Box::pin(over))));
    next.run(request).await
}

/// What the methods do.
struct Methods {
    app: Arc<App>,
}

/// Who asks, as the guard has found, and what for.
fn opened<T>(request: Request<T>) -> Result<(Caller, T), Problem> {
    let missing = || Problem::new(ProblemKind::Internal, "The caller is not known.");
    let caller = request.extensions().get::<Caller>().cloned().ok_or_else(missing)?;
    Ok((caller, request.into_inner()))
}

#[tonic::async_trait]
impl Presend for Methods {
    type StreamStream = stream::Answers;
    type LiveStream = live::Answers;

    async fn check(&self, request: Request<proto::CheckRequest>) -> Result<Response<proto::Outcome>, Status> {
        let (caller, request) = opened(request)?;
        let check = convert::check(request, "check")?;
        let outcome = self.app.service.check(&caller, check, Lane::AtOnce).await?;
        Ok(Response::new((*outcome).into()))
    }

    async fn redact(
        &self,
        request: Request<proto::RedactRequest>,
    ) -> Result<Response<proto::RedactResponse>, Status> {
        let (caller, request) = opened(request)?;
        let check = Check {
            text: request.text,
            context: convert::context(request.context)?,
            policy: request.policy,
            conversation: request.conversation,
            by: "redact",
            ..Check::default()
        };
        let redacted = self.app.service.redact(&caller, check, Lane::AtOnce).await?;
        Ok(Response::new(redacted.into()))
    }

    async fn batch(
        &self,
        request: Request<proto::BatchRequest>,
    ) -> Result<Response<proto::BatchResponse>, Status> {
        let (caller, request) = opened(request)?;
        let like = Check {
            context: convert::context(request.context)?,
            policy: request.policy,
            offsets: Some(convert::unit(&request.offsets)?),
            conversation: request.conversation,
            by: "batch",
            ..Check::default()
        };
        let (ids, texts): (Vec<_>, Vec<_>) =
            request.messages.into_iter().map(|message| (message.id, message.text)).unzip();
        let results = self.app.batch(&caller, Batch { texts, like }).await?;
        let answers = ids.into_iter().zip(results).map(|(id, result)| {
            use proto::batch_answer::Result as Answer;
            let result = Some(match result {
                Ok(outcome) => Answer::Outcome((*outcome).into()),
                Err(problem) => Answer::Problem(problem.into()),
            });
            proto::BatchAnswer { id, result }
        });
        Ok(Response::new(proto::BatchResponse { answers: answers.collect() }))
    }

    async fn stream(
        &self,
        request: Request<Streaming<proto::StreamRequest>>,
    ) -> Result<Response<stream::Answers>, Status> {
        let (caller, requests) = opened(request)?;
        Ok(Response::new(stream::answers(Arc::clone(&self.app), caller, requests)))
    }

    async fn live(
        &self,
        request: Request<Streaming<proto::LiveRequest>>,
    ) -> Result<Response<live::Answers>, Status> {
        let (caller, requests) = opened(request)?;
        Ok(Response::new(live::answers(Arc::clone(&self.app), caller, requests)?))
    }

    async fn list_labels(
        &self,
        _: Request<proto::ListLabelsRequest>,
    ) -> Result<Response<proto::ListLabelsResponse>, Status> {
        let labels = LabelBody::all().map(Into::into).collect();
        Ok(Response::new(proto::ListLabelsResponse { labels }))
    }

    async fn list_policies(
        &self,
        _: Request<proto::ListPoliciesRequest>,
    ) -> Result<Response<proto::ListPoliciesResponse>, Status> {
        let policies = PolicyBody::all(self.app.service.policies()).map(Into::into).collect();
        Ok(Response::new(proto::ListPoliciesResponse { policies }))
    }
}

#[cfg(test)]
mod tests {
    use prost_reflect::DescriptorPool;

    use super::*;
    use crate::config::Config;
    use crate::service::Service;

    #[tokio::test]
    async fn every_method_of_the_contract_is_routed() {
        use tower::ServiceExt as _;

        let config = Config::default();
        let service = Service::builder(Arc::new(presend::Engine::new())).start(&config).unwrap();
        let (_stop, stopping) = tokio::sync::watch::channel(false);
        let app = Arc::new(App::new(config, service, stopping).unwrap());
        let router = guarded(&app).with_state(Arc::clone(&app));
        let pool = DescriptorPool::decode(DESCRIPTOR).unwrap();
        let methods: Vec<_> =
            pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()).collect();
        assert_eq!(methods.len(), 7);
        for method in methods {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let request = HttpRequest::post(&path).body(Body::empty()).unwrap();
            // A path that is not there has 404.
            assert_eq!(router.clone().oneshot(request).await.unwrap().status(), 415, "{path}");
        }
    }

    #[test]
    fn the_contract_says_what_every_part_is() {
        let pool = DescriptorPool::decode(DESCRIPTOR).unwrap();
        let file = pool.get_file_by_name("presend/v1/presend.proto").unwrap();
        let comments = &file.file_descriptor_proto().source_code_info.as_ref().unwrap().location;
        let has_comment = |path: &[i32]| {
            comments.iter().any(|location| {
                location.path == path
                    && location.leading_comments.as_deref().is_some_and(|said| !said.is_empty())
            })
        };
        let mut bare = Vec::new();
        for message in file.messages() {
            for field in message.fields() {
                if !has_comment(field.path()) {
                    bare.push(field.full_name().to_owned());
                }
            }
            if !has_comment(message.path()) {
                bare.push(message.full_name().to_owned());
            }
        }
        for method in file.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
            if !has_comment(method.path()) {
                bare.push(method.full_name().to_owned());
            }
        }
        assert!(bare.is_empty(), "no comment: {bare:?}");
    }
}
