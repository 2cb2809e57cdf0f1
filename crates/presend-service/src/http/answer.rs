//! Reading bodies and writing answers.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::App;
use crate::problem::{Problem, ProblemKind};
use crate::read;

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_seconds() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UPGRADE_REQUIRED {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"presend\""));
        }
        // For the guard, which says it otherwise where gRPC asked.
        response.extensions_mut().insert(self);
        response
    }
}

/// An answer in JSON.
pub(super) fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let failed = |_| Problem::new(ProblemKind::Internal, "The answer could not be written.");
    let body = serde_json::to_vec(value).map_err(failed)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Refuses a body of another type. That also keeps other sites' forms out, which can send only three types.
pub(super) fn needs_type(headers: &HeaderMap, taken: &[&'static str]) -> Result<(), Problem> {
    let given = super::text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if taken.contains(&given.as_str()) {
        return Ok(());
    }
    let detail = format!("The path takes {}.", taken.join(" or "));
    Err(Problem::new(ProblemKind::BadMediaType, detail))
}

/// The whole body, where it is not too long and does not take too long to come.
pub(super) async fn read(body: Body, headers: &HeaderMap, app: &App, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::too_large("The body", limit);
    let said = super::text(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if said.is_some_and(|said| said > limit as u64) {
        return Err(too_large());
    }
    let time = Duration::from_secs(app.config.limits.request_seconds);
    match tokio::time::timeout(time, axum::body::to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => {
            let source = std::error::Error::source(&error);
            match source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>()) {
                true => Err(too_large()),
                false => Err(Problem::new(ProblemKind::BadRequest, "The body did not arrive whole.")),
            }
        }
        Err(_) => Err(Problem::new(ProblemKind::TooSlow, "The body did not arrive in time.")),
    }
}

/// Reads JSON; what is wrong with it is said without quoting it.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let not_text = |error: std::str::Utf8Error| {
        let detail = format!("The bytes from {} on are no UTF-8.", error.valid_up_to());
        Problem::new(ProblemKind::BadEncoding, detail)
    };
    let text = std::str::from_utf8(bytes).map_err(not_text)?;
    read::json(text)
}
