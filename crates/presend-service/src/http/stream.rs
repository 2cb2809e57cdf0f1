//! Checking messages that come a line at a time, without end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::{self, BoxFuture, FutureExt as _};
use futures_util::stream::{self, FuturesOrdered, Stream, StreamExt as _};
use tokio::sync::watch;
use tracing::{Instrument as _, Span};

use super::{App, Shared, answer};
use crate::api::{ProblemBody, StreamAnswer, StreamLine, StreamQuery};
use crate::auth::Caller;
use crate::pool::Lane;
use crate::problem::{Problem, ProblemKind};
use crate::service::Check;

/// Answers that are ready are sent together up to this many bytes.
const TOGETHER: usize = 64 * 1024;

/// Check messages as they come, one JSON object a line.
///
/// A line is `{"id": anything, "text": "...", "context": {...}}`; the answer has a line for each, in the same order, as
/// soon as it is ready: `{"line": n, "id": ..., "outcome": {...}}`, or `{"line": n, "error": {...}}` for a line that
/// could not be checked. Where the service stops, the last line says from where on lines were not read.
#[utoipa::path(post, path = "/v1/stream", tag = "messages", params(StreamQuery),
    request_body(content = StreamLine, content_type = "application/x-ndjson"),
    responses(
        (status = 200, description = "A line for each line.", body = StreamAnswer, content_type = "application/x-ndjson"),
        (status = "4XX", description = "The request cannot be met.", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn stream(
    State(app): Shared,
    Extension(caller): Extension<Caller>,
    query: Result<Query<StreamQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    answer::needs_type(&headers, &["application/x-ndjson", "application/jsonl", "application/ndjson"])?;
    let bad = |_| Problem::new(ProblemKind::BadRequest, "The query takes policy, offsets and conversation.");
    let Query(query) = query.map_err(bad)?;
    if query.policy.as_deref().is_some_and(|name| app.service.policies().get(name).is_none()) {
        return Err(Problem::new(ProblemKind::UnknownPolicy, "GET /v1/policies lists those there are."));
    }
    // Messages of one conversation follow each other.
    let window = if query.conversation.is_some() { 1 } else { app.config.limits.stream_window };
    let pump = Pump {
        lines: Lines::new(body.into_data_stream().boxed(), app.config.limits.line_bytes),
        pending: FuturesOrdered::new(),
        number: 0,
        window,
        is_done: false,
        stopping: app.stopping.clone(),
        idle: Duration::from_secs(app.config.limits.idle_seconds),
        app,
        caller,
        query: Arc::new(query),
        span: Span::current(),
    };
    let body = Body::from_stream(stream::unfold(pump, Pump::next));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

type BodyStream = stream::BoxStream<'static, Result<Bytes, axum::Error>>;

/// Reads lines as long as there is room in the window. It is driven by the reader of the answer, so a client that does
/// not read is not read from either.
struct Pump {
    lines: Lines<BodyStream>,
    pending: FuturesOrdered<BoxFuture<'static, StreamAnswer>>,
    number: u64,
    window: usize,
    is_done: bool,
    stopping: watch::Receiver<bool>,
    idle: Duration,
    app: Arc<App>,
    caller: Caller,
    query: Arc<StreamQuery>,
    /// That of the request; it ends with the answer.
    span: Span,
}

impl Pump {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            let has_room = !self.is_done && self.pending.len() < self.window;
            if !has_room && self.pending.is_empty() {
                return None;
            }
            tokio::select! {
                biased;
                Some(answer) = self.pending.next(), if !self.pending.is_empty() => {
                    let mut out = Vec::new();
                    write(&mut out, &answer);
                    while out.len() < TOGETHER
                        && let Some(Some(answer)) = self.pending.next().now_or_never()
                    {
                        write(&mut out, &answer);
                    }
                    return Some((Ok(out.into()), self));
                }
                () = super::stopped(&mut self.stopping), if has_room => {
                    self.end(ProblemKind::Stopping, "Send this line and those after it again.");
                }
                line = tokio::time::timeout(self.idle, self.lines.next()), if has_room => match line {
                    Ok(Some(Ok(line))) => self.take(line),
                    Ok(Some(Err(Gone))) => return None,
                    Ok(None) => self.is_done = true,
                    Err(_) if self.pending.is_empty() => self.end(ProblemKind::TooSlow, "No line came in time."),
                    Err(_) => {}
                },
            }
        }
    }

    /// Ends the answer with a last line that says why.
    fn end(&mut self, kind: ProblemKind, detail: &'static str) {
        self.number += 1;
        self.is_done = true;
        self.refuse(Problem::new(kind, detail));
    }

    fn refuse(&mut self, problem: Problem) {
        self.app.service.metrics().refused(problem.kind().name());
        let answer = StreamAnswer { line: self.number, id: None, outcome: None, error: Some(problem) };
        self.pending.push_back(future::ready(answer).boxed());
    }

    fn take(&mut self, line: Line) {
        self.number += 1;
        let bytes = match line {
            Line::Whole(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => return,
            Line::Whole(bytes) => bytes,
            Line::TooLong => return self.refuse(Problem::too_large("A line", self.lines.limit)),
        };
        let StreamLine { id, text, context } = match answer::parse(&bytes) {
            Ok(line) => line,
            Err(problem) => return self.refuse(problem),
        };
        let check = Check {
            text: text.0,
            context: context.unwrap_or_default(),
            policy: self.query.policy.clone(),
            offsets: Some(self.query.offsets.into()),
            conversation: self.query.conversation.clone(),
            override_reason: None,
            by: "stream",
        };
        let (service, caller, number) = (self.app.service.clone(), self.caller.clone(), self.number);
        let work = async move {
            let (outcome, error) = match service.check(&caller, check, Lane::InTurn).await {
                Ok(outcome) => (Some(outcome), None),
                Err(problem) => (None, Some(problem)),
            };
            StreamAnswer { line: number, id, outcome, error }
        };
        self.pending.push_back(work.instrument(self.span.clone()).boxed());
    }
}

fn write(out: &mut Vec<u8>, answer: &StreamAnswer) {
    // Writing into memory cannot fail, and every field has a form in JSON.
    let _ = serde_json::to_writer(&mut *out, answer);
    out.push(b'\n');
}

/// The client went away.
struct Gone;

#[derive(Debug, PartialEq, Eq)]
enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// Cuts a body into lines and keeps no more of one than the limit.
struct Lines<S> {
    source: S,
    /// What has come and has not been looked at.
    chunk: Bytes,
    /// The beginning of the line.
    begun: Vec<u8>,
    is_too_long: bool,
    has_ended: bool,
    limit: usize,
}

impl<S: Stream<Item = Result<Bytes, axum::Error>> + Unpin> Lines<S> {
    fn new(source: S, limit: usize) -> Self {
        Self { source, chunk: Bytes::new(), begun: Vec::new(), is_too_long: false, has_ended: false, limit }
    }

    /// The next line. Nothing is lost where the future is dropped.
    async fn next(&mut self) -> Option<Result<Line, Gone>> {
        loop {
            let end = self.chunk.iter().position(|byte| *byte == b'\n');
            let piece = self.chunk.split_to(end.unwrap_or(self.chunk.len()));
            if self.begun.len() + piece.len() > self.limit {
                self.is_too_long = true;
                self.begun = Vec::new();
            } else if !self.is_too_long {
                self.begun.extend_from_slice(&piece);
            }
            if end.is_some() {
                // The line break itself.
                let _ = self.chunk.split_to(1);
                return Some(Ok(self.line()));
            }
            if self.has_ended {
                let is_nothing = self.begun.is_empty() && !self.is_too_long;
                return (!is_nothing).then(|| Ok(self.line()));
            }
            match self.source.next().await {
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(_)) => return Some(Err(Gone)),
                None => self.has_ended = true,
            }
        }
    }

    fn line(&mut self) -> Line {
        let begun = std::mem::take(&mut self.begun);
        match std::mem::take(&mut self.is_too_long) {
            true => Line::TooLong,
            false => Line::Whole(begun),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn cut(text: &'static [u8], chunk: usize, limit: usize) -> Vec<Line> {
        let chunks = text.chunks(chunk).map(|chunk| Ok(Bytes::from_static(chunk)));
        let mut lines = Lines::new(stream::iter(chunks), limit);
        let mut all = Vec::new();
        while let Some(Ok(line)) = lines.next().await {
            assert!(lines.begun.capacity() <= 2 * limit.max(8));
            all.push(line);
        }
        all
    }

    #[tokio::test]
    async fn lines_are_cut_the_same_however_they_come() {
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        for chunk in 1..20 {
            let lines = cut(b"one\n\ntoo long a line\n12345\nend", chunk, 5).await;
            assert_eq!(
                lines,
                [whole("one"), whole(""), Line::TooLong, whole("12345"), whole("end")],
                "{chunk}"
            );
            assert_eq!(cut(b"a\n", chunk, 5).await, [whole("a")]);
            assert_eq!(cut(b"too long", chunk, 5).await, [Line::TooLong]);
            assert_eq!(cut(b"", chunk, 5).await, []);
        }
    }
}
