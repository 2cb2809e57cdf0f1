//! Checking a message as it is typed, over a WebSocket.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures_util::future::BoxFuture;
use futures_util::stream::{SplitSink, StreamExt as _};
use futures_util::{FutureExt as _, SinkExt as _};
use presend::{Unit, WireOutcome};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, MissedTickBehavior};

use super::{App, Shared};
use crate::api::{LiveAnswer, LiveRequest, LiveType};
use crate::auth::Caller;
use crate::problem::{Problem, ProblemKind};
use crate::read;
use crate::service::Live;

/// Buffers of each socket, in bytes; the usual 128 KiB each way are much for a thousand sockets.
const BUFFER: usize = 4 * 1024;

/// Check a message as it is typed (WebSocket).
///
/// Over HTTP/2 it is an extended CONNECT (RFC 8441). Frames are JSON objects. The client sends
/// `{"type":"open","context":{...},"policy":null,"offsets":"utf-16","conversation":"..."}`, then
/// `{"type":"edit","from":n,"to":n,"insert":"..."}` or `{"type":"text","text":"..."}`, each with a `seq` where it likes,
/// and `{"type":"sent"}` when the message has gone. Without a `conversation`, the socket has one of its own; a named one
/// goes on in other requests. The service answers the newest edit with
/// `{"type":"outcome","seq":n,"outcome":{...}}`, `sent` with the same under the type `sent`, and what it cannot do with
/// `{"type":"problem","seq":n,"problem":{...}}`. A browser shows its key as a protocol: `["presend.v1", "bearer.KEY"]`.
#[utoipa::path(get, path = "/v1/live", tag = "messages", responses(
    (status = 101, description = "The connection is a WebSocket from here on."),
))]
pub(super) async fn live(
    State(app): Shared,
    Extension(caller): Extension<Caller>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let no_socket = |_| Problem::new(ProblemKind::UpgradeRequired, "The path takes WebSocket connections.");
    let upgrade = upgrade.map_err(no_socket)?;
    let full = |_| Problem::new(ProblemKind::Overloaded, "Every socket is taken.").retry_after(5);
    let permit = Arc::clone(&app.sockets).try_acquire_owned().map_err(full)?;
    // Room for escapes in JSON around the longest text.
    let longest = app.config.limits.text_bytes.saturating_mul(6).saturating_add(BUFFER);
    let upgrade = upgrade
        .protocols(["presend.v1"])
        .max_message_size(longest)
        .max_frame_size(longest)
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(usize::MAX);
    Ok(upgrade.on_upgrade(move |socket| run(socket, app, caller, permit)))
}

/// Where an answer cannot be sent any more.
struct Gone;

struct Session {
    sink: SplitSink<WebSocket, Message>,
    live: Live,
    /// The newest edit that no check has begun for.
    newest: Option<u64>,
    /// The check that runs, with the number of the edit it is for.
    running: Option<(u64, BoxFuture<'static, Result<WireOutcome, Problem>>)>,
    /// Counts edits for clients that do not.
    count: u64,
    patience: Duration,
}

async fn run(socket: WebSocket, app: Arc<App>, caller: Caller, permit: OwnedSemaphorePermit) {
    let sockets = app.service.metrics().sockets.clone();
    sockets.inc();
    let idle = Duration::from_secs(app.config.limits.socket_idle_seconds);
    let (sink, mut frames) = socket.split();
    let live = app.service.live(caller);
    let patience = Duration::from_secs(app.config.limits.idle_seconds);
    let mut session = Session { sink, live, newest: None, running: None, count: 0, patience };
    let mut stopping = app.stopping.clone();
    let mut heard = Instant::now();
    let mut ping = tokio::time::interval_at(heard + idle / 2, idle / 2);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut why = (close_code::NORMAL, "");
    loop {
        if session.running.is_none()
            && let Some(seq) = session.newest.take()
        {
            session.running = Some((seq, session.live.check().boxed()));
        }
        let is_running = session.running.is_some();
        let running = async {
            match &mut session.running {
                Some((seq, check)) => (*seq, check.await),
                None => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            (seq, result) = running, if is_running => {
                session.running = None;
                session.tell(seq, result).await
            }
            frame = frames.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Message::Text(text))) => session.take(text.as_str()).await,
                    Some(Ok(Message::Binary(_))) => {
                        let problem = Problem::new(ProblemKind::BadRequest, "Frames are text.");
                        session.problem(None, &problem).await
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Gone),
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() >= idle {
                    why = (close_code::POLICY, "idle");
                    Err(Gone)
                } else {
                    session.send(Message::Ping(Vec::new().into())).await
                }
            }
            () = super::stopped(&mut stopping) => {
                why = (close_code::AWAY, "stopping");
                Err(Gone)
            }
        };
        if result.is_err() {
            break;
        }
    }
    let (code, reason) = why;
    let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
    let _ = tokio::time::timeout(Duration::from_secs(1), session.sink.send(close)).await;
    sockets.dec();
    drop(permit);
}

impl Session {
    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        match tokio::time::timeout(self.patience, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    async fn answer(&mut self, answer: &LiveAnswer<'_>) -> Result<(), Gone> {
        let text = serde_json::to_string(answer).map_err(|_| Gone)?;
        self.send(Message::Text(text.into())).await
    }

    async fn problem(&mut self, seq: Option<u64>, problem: &Problem) -> Result<(), Gone> {
        self.answer(&LiveAnswer::Problem { seq, problem }).await
    }

    async fn tell(&mut self, seq: u64, result: Result<WireOutcome, Problem>) -> Result<(), Gone> {
        match result {
            Ok(outcome) => self.answer(&LiveAnswer::Outcome { seq, outcome: &outcome }).await,
            Err(problem) => self.problem(Some(seq), &problem).await,
        }
    }

    async fn take(&mut self, frame: &str) -> Result<(), Gone> {
        let request: LiveRequest = match read::json(frame) {
            Ok(request) => request,
            Err(error) => return self.problem(None, &Problem::of_json(&error)).await,
        };
        self.count = request.seq.unwrap_or(self.count + 1);
        let seq = self.count;
        let lacks = |what| Err(Problem::new(ProblemKind::BadRequest, what));
        let changed = match request.kind {
            LiveType::Open => {
                let unit = request.offsets.map_or(Unit::CodePoints, Unit::from);
                let context = request.context.unwrap_or_default();
                let opened = self.live.open(context, request.policy.as_deref(), unit);
                opened.and_then(|()| self.live.go_on_with(request.conversation.as_deref()))
            }
            LiveType::Edit => match (request.from, request.to, request.insert) {
                (Some(from), Some(to), Some(insert)) => self.live.edit(from, to, &insert.0),
                _ => lacks("An edit has from, to and insert."),
            },
            LiveType::Text => match request.text {
                Some(text) => self.live.set_text(text.0),
                None => lacks("A frame of the type text has a text."),
            },
            LiveType::Sent => return self.sent(seq).await,
        };
        match changed {
            Ok(()) if request.kind == LiveType::Open => Ok(()),
            Ok(()) => {
                self.newest = Some(seq);
                Ok(())
            }
            Err(problem) => self.problem(Some(seq), &problem).await,
        }
    }

    async fn sent(&mut self, seq: u64) -> Result<(), Gone> {
        // What was typed before is settled by the last check.
        self.newest = None;
        self.running = None;
        match self.live.sent().await {
            Ok(outcome) => self.answer(&LiveAnswer::Sent { seq, outcome: &outcome }).await,
            Err(problem) => self.problem(Some(seq), &problem).await,
        }
    }
}
