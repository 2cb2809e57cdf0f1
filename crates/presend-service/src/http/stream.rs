//! Checking messages that come a line at a time, without end.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::value::RawValue;

use super::{Shared, answer};
use crate::api::{StreamAnswer, StreamLine, StreamQuery};
use crate::auth::Caller;
use crate::problem::{Problem, ProblemKind};
use crate::service::Check;
use crate::window::{Answered, Ended, Next, Resting, Source, Window};

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
    app.service.accepts(&caller, query.policy.as_deref(), query.conversation.as_deref())?;
    let lines = Lines::new(body.into_data_stream().boxed(), app.config.limits.line_bytes);
    let window = Window::new(app, caller, Reader { lines, query });
    let body = Body::from_stream(stream::unfold(Resting::new(window), next));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

type BodyStream = stream::BoxStream<'static, Result<Bytes, axum::Error>>;
type Id = Option<Box<RawValue>>;

/// Reads messages from lines.
struct Reader {
    lines: Lines<BodyStream>,
    query: StreamQuery,
}

impl Source for Reader {
    type Id = Id;

    async fn next(&mut self) -> Next<Id> {
        let bytes = match self.lines.next().await {
            None => return Next::End,
            Some(Err(Gone)) => {
                let detail = "The body did not arrive whole.";
                return Next::Broken(Problem::new(ProblemKind::BadRequest, detail));
            }
            Some(Ok(Line::TooLong)) => {
                return Next::Message(None, Err(Problem::too_large("A line", self.lines.limit)));
            }
            Some(Ok(Line::Whole(bytes))) => bytes,
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Next::Nothing;
        }
        let StreamLine { id, text, context } = match answer::parse(&bytes) {
            Ok(line) => line,
            Err(problem) => return Next::Message(None, Err(problem)),
        };
        let check = Check {
            text: text.0,
            context: context.unwrap_or_default(),
            policy: self.query.policy.clone(),
            offsets: Some(self.query.offsets.into()),
            conversation: self.query.conversation.clone(),
            override_reason: None,
            is_draft: false,
            by: "stream",
        };
        Next::Message(id, Ok(check))
    }
}

/// The next lines of the answer: those that are ready together.
async fn next(resting: Resting<Reader>) -> Option<(Result<Bytes, Problem>, Resting<Reader>)> {
    let mut window = match resting.take() {
        Ok(window) => window,
        Err(problem) => return Some((Err(problem), resting)),
    };
    let mut out = Vec::new();
    match window.next().await? {
        Ok(answer) => write(&mut out, answer),
        Err(Ended { number, problem }) => {
            write(&mut out, Answered { number, id: None, result: Err(problem) })
        }
    }
    while out.len() < TOGETHER
        && let Some(answer) = window.at_once()
    {
        write(&mut out, answer);
    }
    resting.put(window);
    Some((Ok(out.into()), resting))
}

fn write(out: &mut Vec<u8>, answer: Answered<Id>) {
    let Answered { number, id, result } = answer;
    let (outcome, error) = match result {
        Ok(outcome) => (Some(outcome), None),
        Err(problem) => (None, Some(problem)),
    };
    // Writing into memory cannot fail, and every field has a form in JSON.
    let _ = serde_json::to_writer(&mut *out, &StreamAnswer { line: number, id, outcome, error });
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
