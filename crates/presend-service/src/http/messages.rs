//! Checking messages that come whole, and what there is to choose from.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::{App, Shared, answer};
use crate::api::{
    BatchAnswer, BatchOutcome, BatchRequest, CheckRequest, LabelBody, OutcomeBody, PolicyBody, RedactAnswer,
    RedactRequest,
};
use crate::auth::Caller;
use crate::pool::Lane;
use crate::problem::{Problem, ProblemKind};
use crate::service::{Batch, Check};

/// Reads a request's body. A parameter of the query would be of no effect, and its sender think otherwise.
async fn read<T: DeserializeOwned>(app: &App, request: Request, limit: usize) -> Result<T, Problem> {
    let (parts, body) = request.into_parts();
    if parts.uri.query().is_some_and(|query| !query.is_empty()) {
        let detail = "The path takes no parameters in its query; they belong in the body, see /openapi.json.";
        return Err(Problem::new(ProblemKind::BadRequest, detail));
    }
    answer::needs_type(&parts.headers, &["application/json"])?;
    answer::parse(&answer::read(body, &parts.headers, app, limit).await?)
}

/// Check a message: what identifies somebody in it, why, and a safer text.
#[utoipa::path(post, path = "/v1/check", tag = "messages", request_body = CheckRequest, responses(
    (status = 200, description = "What was found and what to do.", body = OutcomeBody),
))]
pub(super) async fn check(
    State(app): Shared,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    let request: CheckRequest = read(&app, request, app.config.limits.body_bytes).await?;
    let check = Check {
        text: request.text.0,
        context: request.context.unwrap_or_default(),
        policy: request.policy,
        offsets: Some(request.offsets.into()),
        conversation: request.conversation,
        override_reason: request.overridden.map(|overridden| overridden.reason.0),
        is_draft: request.draft,
        by: "check",
    };
    answer::json(&app.service.check(&caller, check, Lane::AtOnce).await?)
}

/// Write the safer text of a message.
#[utoipa::path(post, path = "/v1/redact", tag = "messages", request_body = RedactRequest, responses(
    (status = 200, description = "The safer text.", body = RedactAnswer),
))]
pub(super) async fn redact(
    State(app): Shared,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    let request: RedactRequest = read(&app, request, app.config.limits.body_bytes).await?;
    let check = Check {
        text: request.text.0,
        context: request.context.unwrap_or_default(),
        policy: request.policy,
        conversation: request.conversation,
        by: "redact",
        ..Check::default()
    };
    let redacted = app.service.redact(&caller, check, Lane::AtOnce).await?;
    answer::json(&RedactAnswer {
        text: redacted.text,
        verdict: redacted.verdict,
        policy: redacted.policy,
        model_review: redacted.model_review,
        not_looked_at: redacted.not_looked_at,
    })
}

/// Check messages at once.
///
/// Each message has its own outcome or problem, in the order of the messages.
#[utoipa::path(post, path = "/v1/batch", tag = "messages", request_body = BatchRequest, responses(
    (status = 200, description = "The outcomes, in order.", body = BatchAnswer),
))]
pub(super) async fn batch(
    State(app): Shared,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    let request: BatchRequest = read(&app, request, app.config.limits.batch_bytes).await?;
    app.service.accepts(&caller, request.policy.as_deref(), request.conversation.as_deref())?;
    let (ids, texts): (Vec<_>, Vec<_>) =
        request.messages.into_iter().map(|message| (message.id, message.text.0)).unzip();
    let like = Check {
        context: request.context.unwrap_or_default(),
        policy: request.policy,
        offsets: Some(request.offsets.into()),
        conversation: request.conversation,
        by: "batch",
        ..Check::default()
    };
    let outcomes = app.batch(&caller, Batch { texts, like }).await?;
    let outcomes = ids.into_iter().zip(outcomes).map(|(id, result)| match result {
        Ok(outcome) => BatchOutcome { id, outcome: Some(outcome), error: None },
        Err(problem) => BatchOutcome { id, outcome: None, error: Some(problem) },
    });
    answer::json(&BatchAnswer { outcomes: outcomes.collect() })
}

/// List the labels that findings have.
#[utoipa::path(get, path = "/v1/labels", tag = "reference", responses(
    (status = 200, description = "The labels.", body = [LabelBody]),
))]
pub(super) async fn labels() -> Result<Response, Problem> {
    answer::json(&LabelBody::all().collect::<Vec<_>>())
}

/// List the policies that requests may name.
#[utoipa::path(get, path = "/v1/policies", tag = "reference", responses(
    (status = 200, description = "The policies.", body = [PolicyBody]),
))]
pub(super) async fn policies(State(app): Shared) -> Result<Response, Problem> {
    answer::json(&PolicyBody::all(app.service.policies()).collect::<Vec<_>>())
}
