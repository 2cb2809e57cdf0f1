//! Checking a message as it is typed, over a WebSocket.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures_util::SinkExt as _;
use futures_util::stream::{SplitSink, StreamExt as _};
use presend::Unit;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite;

use super::{App, Place, Shared};
use crate::api::{LiveAnswer, LiveRequest, LiveType};
use crate::auth::Caller;
use crate::live::{Change, Missed, Session};
use crate::problem::{Problem, ProblemKind};
use crate::read;

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
/// `{"type":"problem","seq":n,"problem":{...}}`. After an `open` that is refused, or a frame that could not be read and
/// may have been one, nothing is checked until one holds; after any other frame that is refused, no edit and no `sent`
/// until the whole text came. A browser shows its key as a protocol: `["presend.v1", "bearer.KEY"]`.
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
    let place = app.socket()?;
    // Room for escapes in JSON around the longest text.
    let longest = app.config.limits.text_bytes.saturating_mul(6).saturating_add(BUFFER);
    let upgrade = upgrade
        .protocols(["presend.v1"])
        .max_message_size(longest)
        .max_frame_size(longest)
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(usize::MAX);
    Ok(upgrade.on_upgrade(move |socket| run(socket, app, caller, place)))
}

/// Where an answer cannot be sent any more.
struct Gone;

struct Sink {
    frames: SplitSink<WebSocket, Message>,
    patience: Duration,
}

async fn run(socket: WebSocket, app: Arc<App>, caller: Caller, place: Place) {
    let idle = Duration::from_secs(app.config.limits.socket_idle_seconds);
    let (frames_out, mut frames) = socket.split();
    let patience = Duration::from_secs(app.config.limits.idle_seconds);
    let mut sink = Sink { frames: frames_out, patience };
    let mut session = Session::new(app.service.live(caller));
    let mut stopping = app.stopping.clone();
    let mut heard = Instant::now();
    let mut ping = tokio::time::interval_at(heard + idle / 2, idle / 2);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut why = (close_code::NORMAL, "");
    loop {
        let result = tokio::select! {
            answer = session.checked() => sink.answer(&answer).await,
            frame = frames.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Message::Text(text))) => {
                        let answer = match read::json::<LiveRequest>(text.as_str()) {
                            Ok(request) => session.take(request.seq, Ok(request.change())).await,
                            Err(problem) => {
                                session.miss(missed(text.as_str()));
                                Some(unread(problem))
                            }
                        };
                        match answer {
                            Some(answer) => sink.answer(&answer).await,
                            None => Ok(()),
                        }
                    }
                    Some(Ok(Message::Binary(_))) => {
                        session.miss(Missed::Anything);
                        let problem = Problem::new(ProblemKind::BadRequest, "Frames are text.");
                        sink.answer(&unread(problem)).await
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    Some(Err(error)) => {
                        why = close_reason(error);
                        Err(Gone)
                    }
                    Some(Ok(Message::Close(_))) | None => Err(Gone),
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() >= idle {
                    why = (close_code::POLICY, "idle");
                    Err(Gone)
                } else {
                    sink.send(Message::Ping(Vec::new().into())).await
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
    let _ = tokio::time::timeout(Duration::from_secs(1), sink.frames.send(close)).await;
    drop(place);
}

/// Why the socket ends, as RFC 6455 has it, where what came cannot be read on.
fn close_reason(error: axum::Error) -> (u16, &'static str) {
    let error = error.into_inner().downcast::<tungstenite::Error>();
    match error.as_deref() {
        Ok(tungstenite::Error::Capacity(_)) => (close_code::SIZE, "too large"),
        Ok(tungstenite::Error::Utf8(_)) => (close_code::INVALID, "not UTF-8"),
        Ok(tungstenite::Error::Protocol(_)) => (close_code::PROTOCOL, "protocol error"),
        // The connection broke: nobody reads it.
        _ => (close_code::ERROR, "connection lost"),
    }
}

/// What a frame that could not be read may have been: an object says so by its type, and anything else does not.
fn missed(text: &str) -> Missed {
    #[derive(serde::Deserialize)]
    struct Typed {
        #[serde(rename = "type")]
        kind: String,
    }
    match read::json::<Typed>(text) {
        Ok(Typed { kind }) if kind.eq_ignore_ascii_case("open") => Missed::Open,
        Ok(Typed { kind }) if matches!(kind.as_str(), "edit" | "text" | "sent" | "ping" | "pong") => {
            Missed::Change
        }
        Ok(_) | Err(_) => Missed::Anything,
    }
}

/// The answer to a frame that holds no change.
fn unread(problem: Problem) -> LiveAnswer {
    LiveAnswer::Problem { seq: None, problem }
}

impl Sink {
    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        match tokio::time::timeout(self.patience, self.frames.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    async fn answer(&mut self, answer: &LiveAnswer) -> Result<(), Gone> {
        let text = serde_json::to_string(answer).map_err(|_| Gone)?;
        self.send(Message::Text(text.into())).await
    }
}

impl LiveRequest {
    fn change(self) -> Change {
        match self.kind {
            LiveType::Open => {
                let unit = self.offsets.map_or(Unit::CodePoints, Unit::from);
                Change::Open(self.context.unwrap_or_default(), self.policy, self.conversation, unit)
            }
            LiveType::Edit => match (self.from, self.to, self.insert) {
                (Some(from), Some(to), Some(insert)) => Change::Edit(from, to, insert.0),
                _ => Change::Lacking("An edit has from, to and insert."),
            },
            LiveType::Text => match self.text {
                Some(text) => Change::Text(text.0),
                None => Change::Lacking("A frame of the type text has a text."),
            },
            LiveType::Sent => Change::Sent,
        }
    }
}
