//! Problems as gRPC has them: statuses, and problems in the place of an outcome.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::response::Response;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

use super::proto;
use crate::problem::{Problem, ProblemKind};

/// The metadata that names a status's problem.
const PROBLEM: &str = "presend-problem";

impl From<Problem> for Status {
    fn from(problem: Problem) -> Self {
        let mut metadata = MetadataMap::new();
        metadata.insert(PROBLEM, MetadataValue::from_static(problem.kind().name()));
        if let Some(seconds) = problem.retry_seconds() {
            metadata.insert("retry-after", seconds.into());
            // What gRPC's own retries go by.
            metadata.insert("grpc-retry-pushback-ms", (u64::from(seconds) * 1000).into());
        }
        Self::with_metadata(problem.kind().code(), problem.to_string(), metadata)
    }
}

impl From<Problem> for proto::Problem {
    fn from(problem: Problem) -> Self {
        let kind = problem.kind();
        Self {
            kind: kind.name().to_owned(),
            title: kind.title().to_owned(),
            detail: problem.detail().to_owned(),
            code: kind.code() as u32,
            retry_after_seconds: problem.retry_seconds(),
        }
    }
}

/// What a request's status from tonic means; its own words could change, and show what the request holds.
pub(super) fn unread(code: Code) -> Problem {
    match code {
        Code::OutOfRange => Problem::new(ProblemKind::TooLarge, "A message is longer than limits allow."),
        _ => Problem::new(
            ProblemKind::BadRequest,
            "A message is not what the method takes, or did not arrive whole.",
        ),
    }
}

/// What tonic itself refused before a method saw it; `None` where it did not.
pub(super) fn unread_in(headers: &HeaderMap) -> Option<Problem> {
    let status = Status::from_header_map(headers).filter(|_| !headers.contains_key(PROBLEM))?;
    matches!(status.code(), Code::OutOfRange | Code::Internal).then(|| unread(status.code()))
}

/// The answer to a request of gRPC, where `response` may be a refusal as HTTP has it; and the HTTP status that it counts
/// as, for gRPC answers everything with 200.
pub(crate) fn finish(mut response: Response) -> (Response, u16) {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let status = problem.kind().status();
        return (Status::from(problem).into_http::<Body>(), status);
    }
    let name = response.headers().get(PROBLEM).map(axum::http::HeaderValue::as_bytes);
    let kind = ProblemKind::ALL.iter().find(|kind| Some(kind.name().as_bytes()) == name);
    let status = kind.map_or(response.status().as_u16(), |kind| kind.status());
    (response, status)
}
