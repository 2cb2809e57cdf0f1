//! Checking a message as it is typed.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::watch;
use tonic::{Status, Streaming};

use super::proto::live_request::Change as Given;
use super::proto::live_response::Answer;
use super::{convert, proto, status};
use crate::api::LiveAnswer;
use crate::auth::Caller;
use crate::http::{App, Place, stopped};
use crate::live::{Change, Missed, Session};
use crate::problem::{Problem, ProblemKind};

pub(super) type Answers = BoxStream<'static, Result<proto::LiveResponse, Status>>;

/// The answers to what is typed. It takes a place among the sockets, as a WebSocket does; whether the client is still
/// there is for the connection's pings to find out.
pub(super) fn answers(
    app: Arc<App>,
    caller: Caller,
    requests: Streaming<proto::LiveRequest>,
) -> Result<Answers, Problem> {
    let place = app.socket()?;
    let session = Session::new(app.service.live(caller));
    let typing = Typing { requests, session, stopping: app.stopping.clone(), is_done: false, _place: place };
    Ok(stream::unfold(Some(typing), async |typing| typing?.next().await).boxed())
}

struct Typing {
    requests: Streaming<proto::LiveRequest>,
    session: Session,
    stopping: watch::Receiver<bool>,
    /// Whether the client has nothing more to say.
    is_done: bool,
    _place: Place,
}

impl Typing {
    /// The next answer, and what goes on after it.
    async fn next(mut self) -> Option<(Result<proto::LiveResponse, Status>, Option<Self>)> {
        loop {
            if self.is_done && !self.session.is_busy() {
                return None;
            }
            let answered = tokio::select! {
                answer = self.session.checked() => Some(answer),
                request = self.requests.message(), if !self.is_done => match request {
                    Ok(Some(proto::LiveRequest { seq, change })) => self.session.take(seq, read(change)).await,
                    Ok(None) => {
                        self.is_done = true;
                        None
                    }
                    Err(error) => return Some((Err(status::unread(error.code()).into()), None)),
                },
                () = stopped(&mut self.stopping) => {
                    let problem = Problem::stopping();
                    return Some((Err(problem.into()), None));
                }
            };
            if let Some(answered) = answered {
                return Some((Ok(answered.into()), Some(self)));
            }
        }
    }
}

fn read(change: Option<Given>) -> Result<Change, (Missed, Problem)> {
    let refused = |problem| (Missed::Open, problem);
    let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    match change {
        Some(Given::Open(proto::LiveOpen { context, policy, offsets, conversation })) => {
            let context = convert::context(context).map_err(refused)?;
            let unit = convert::unit(&offsets).map_err(refused)?;
            Ok(Change::Open(context, policy, conversation, unit))
        }
        Some(Given::Edit(proto::LiveEdit { from, to, insert })) => {
            Ok(Change::Edit(place(from), place(to), insert))
        }
        Some(Given::Text(text)) => Ok(Change::Text(text)),
        Some(Given::Sent(proto::LiveSent {})) => Ok(Change::Sent),
        None => {
            let problem = Problem::new(ProblemKind::BadRequest, "A request has a change.");
            Err((Missed::Change, problem))
        }
    }
}

impl From<LiveAnswer> for proto::LiveResponse {
    fn from(answer: LiveAnswer) -> Self {
        let (seq, answer) = match answer {
            LiveAnswer::Outcome { seq, outcome } => (seq, Answer::Outcome((*outcome).into())),
            LiveAnswer::Sent { seq, outcome } => (seq, Answer::Sent((*outcome).into())),
            LiveAnswer::Problem { seq, problem } => {
                (seq.unwrap_or_default(), Answer::Problem(problem.into()))
            }
        };
        Self { seq, answer: Some(answer) }
    }
}
