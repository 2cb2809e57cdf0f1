//! Checking messages that come one after another, without end.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use tonic::{Status, Streaming};

use super::proto::stream_response::Result as Answer;
use super::{convert, proto, status};
use crate::auth::Caller;
use crate::http::App;
use crate::problem::{Problem, ProblemKind};
use crate::window::{Answered, Ended, Next, Resting, Source, Window};

pub(super) type Answers = BoxStream<'static, Result<proto::StreamResponse, Status>>;

/// The answers to a stream's requests, in order.
pub(super) fn answers(app: Arc<App>, caller: Caller, requests: Streaming<proto::StreamRequest>) -> Answers {
    let window = Window::new(app, caller, Reader(requests));
    stream::unfold(Resting::new(window), async |resting| {
        let mut window = match resting.take() {
            Ok(window) => window,
            Err(problem) => return Some((vec![Err(problem.into())], resting)),
        };
        let mut ready = vec![answer(window.next().await?)];
        // There are no more than the window is wide.
        ready.extend(std::iter::from_fn(|| window.at_once()).map(|answered| answer(Ok(answered))));
        resting.put(window);
        Some((ready, resting))
    })
    .map(stream::iter)
    .flatten()
    .boxed()
}

struct Reader(Streaming<proto::StreamRequest>);

impl Source for Reader {
    type Id = String;

    async fn next(&mut self) -> Next<String> {
        match self.0.message().await {
            Ok(Some(proto::StreamRequest { id, check })) => {
                let missing = || Problem::new(ProblemKind::BadRequest, "A request has a check.");
                let check = check.ok_or_else(missing).and_then(|check| convert::check(check, "stream"));
                Next::Message(id, check)
            }
            Ok(None) => Next::End,
            Err(error) => Next::Broken(status::unread(error.code())),
        }
    }
}

fn answer(step: Result<Answered<String>, Ended>) -> Result<proto::StreamResponse, Status> {
    let Answered { number, id, result } = step.map_err(|ended| ended.problem)?;
    let result = Some(match result {
        Ok(outcome) => Answer::Outcome((*outcome).into()),
        Err(problem) => Answer::Problem(problem.into()),
    });
    Ok(proto::StreamResponse { number, id, result })
}
