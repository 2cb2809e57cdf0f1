//! Messages checked as they are typed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::common::{Behaviour, Gate, Running, engine, start, start_with};
use axum::body::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use presend_service::http::Extras;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};

struct Socket<S = TcpStream>(WebSocketStream<S>);

async fn connect(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Socket, Error> {
    let mut request = format!("ws://{address}/v1/live").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(address).await.unwrap();
    Ok(Socket(tokio_tungstenite::client_async(request, stream).await?.0))
}

async fn open(running: &Running) -> Socket {
    connect(running.address, &[]).await.unwrap()
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    async fn send(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    async fn read(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Sends a text and gives the outcome for it, past those of edits before.
    async fn ask(&mut self, frame: Value) -> Value {
        let seq = frame["seq"].clone();
        self.send(frame).await;
        loop {
            let answer = self.read().await.unwrap();
            if answer["seq"] == seq {
                return answer;
            }
        }
    }
}

#[tokio::test]
async fn a_message_is_checked_as_it_is_typed() {
    let running = start(&[]).await;
    let mut socket = open(&running).await;
    socket
        .send(
            json!({ "type": "open", "context": { "audience": "team" }, "policy": null, "offsets": "utf-16" }),
        )
        .await;
    let first = socket.ask(json!({ "type": "text", "text": "😀 NHS 999 123 4004", "seq": 1 })).await;
    assert_eq!(first["type"], "outcome");
    assert_eq!(first["outcome"]["findings"][0]["start"], 7);
    let edit = json!({ "type": "edit", "from": 0, "to": 2, "insert": "Mrs Doris Ekwueme", "seq": 2 });
    let second = socket.ask(edit).await;
    assert_eq!(second["outcome"]["findings"].as_array().unwrap().len(), 2, "{second}");
    let inside = socket.ask(json!({ "type": "text", "text": "😀", "seq": 3 })).await;
    assert_eq!(inside["outcome"]["findings"], json!([]));
    for (from, to) in [(1, 2), (0, 3), (2, 0)] {
        socket.ask(json!({ "type": "text", "text": "😀", "seq": 3 })).await;
        let bad = socket.ask(json!({ "type": "edit", "from": from, "to": to, "insert": "", "seq": 4 })).await;
        assert_eq!((bad["type"].as_str(), bad["problem"]["status"].as_u64()), (Some("problem"), Some(422)));
    }
    socket.ask(json!({ "type": "text", "text": "😀", "seq": 3 })).await;
    let lone = socket.ask(json!({ "type": "edit", "from": 2, "to": 2, "insert": "!", "seq": 5 })).await;
    assert_eq!(lone["outcome"]["safer_text"], "😀!");
}

#[tokio::test]
async fn what_is_sent_becomes_the_conversation_and_drafts_do_not() {
    let dir = tempfile::tempdir().unwrap();
    let audit = dir.path().join("audit.jsonl");
    let running = start(&[("audit.file", audit.to_str().unwrap())]).await;
    let mut socket = open(&running).await;
    socket.send(json!({ "type": "open", "policy": "archive" })).await;
    let text = |seq: u64, text: &str| json!({ "type": "text", "text": text, "seq": seq });
    let draft = socket.ask(text(1, "Mr Tom Abernathy went home")).await;
    assert!(draft["outcome"]["safer_text"].as_str().unwrap().contains('1'));
    socket.ask(text(2, "Mrs Doris Ekwueme is worse")).await;
    let sent = socket.ask(json!({ "type": "sent", "seq": 3 })).await;
    assert_eq!(sent["type"], "sent");
    assert!(sent["outcome"]["safer_text"].as_str().unwrap().contains('1'), "the draft was no part of it");
    let next = socket
        .ask(json!({ "type": "edit", "from": 0, "to": 0, "insert": "Mr Tom Abernathy went", "seq": 4 }))
        .await;
    assert!(next["outcome"]["safer_text"].as_str().unwrap().contains('2'), "{next}");
    assert_eq!(presend_service::audit::verify(&audit).unwrap().entries, 1);
}

#[tokio::test]
async fn a_named_conversation_goes_on_in_other_requests() {
    let running = start(&[]).await;
    let mut socket = open(&running).await;
    socket.send(json!({ "type": "open", "policy": "archive", "conversation": "chat" })).await;
    let safer = |answer: &Value| {
        let text = answer["outcome"]["safer_text"].as_str().or(answer["safer_text"].as_str());
        text.unwrap().split(" is").next().unwrap().to_owned()
    };
    let text = |seq: u64, text: &str| json!({ "type": "text", "text": text, "seq": seq });
    let doris = safer(&socket.ask(text(1, "Mrs Doris Ekwueme is worse")).await);
    assert_eq!(safer(&socket.ask(text(2, "Mrs Ada Pellow is worse")).await), doris, "both are drafts");
    let request =
        |text: &str| json!({ "text": text, "policy": "archive", "conversation": "chat" }).to_string();
    let posted = running.post("/v1/check", request("Mrs Doris Ekwueme is worse")).await.json();
    assert_eq!(safer(&posted), doris);
    let ada = safer(&socket.ask(text(3, "Mrs Ada Pellow is worse")).await);
    assert_ne!(ada, doris);
    assert_eq!(safer(&socket.ask(json!({ "type": "sent", "seq": 4 })).await), ada);
    let mut other = open(&running).await;
    other.send(json!({ "type": "open", "policy": "archive", "conversation": "chat" })).await;
    assert_eq!(safer(&other.ask(text(1, "Mrs Ada Pellow is better")).await), ada);
    let long = json!({ "type": "open", "conversation": "x".repeat(129), "seq": 9 });
    assert_eq!(socket.ask(long).await["problem"]["status"], 400);
}

/// A WebSocket over HTTP/2: an extended CONNECT beside other streams of the connection (RFC 8441).
#[tokio::test]
async fn a_socket_opens_over_http_2() {
    let running = start(&[]).await;
    let stream = TokioIo::new(running.tcp().await);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), stream)
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = |method: &str, path: &str| {
        hyper::Request::builder().method(method).uri(format!("http://{}{path}", running.address))
    };
    // The server's settings, which allow the method, come before its first answer.
    let health = request("GET", "/healthz").body(Empty::new()).unwrap();
    assert_eq!(sender.send_request(health).await.unwrap().status(), 200);
    let connect = request("CONNECT", "/v1/live")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-protocol", "presend.v1")
        .extension(hyper::ext::Protocol::from_static("websocket"))
        .body(Empty::new())
        .unwrap();
    let response = sender.send_request(connect).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["sec-websocket-protocol"], "presend.v1");
    let upgraded = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    let mut socket = Socket(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await);
    let answer = socket.ask(json!({ "type": "text", "text": "Mrs Doris Ekwueme", "seq": 1 })).await;
    assert_eq!(answer["outcome"]["findings"][0]["label"], "PERSON", "{answer}");
}

#[tokio::test]
async fn the_newest_edit_wins() {
    let gate = Arc::new(Gate::default());
    let running = start_with(engine(Behaviour::Waits(Arc::clone(&gate))), &[], Extras::default()).await;
    let mut socket = open(&running).await;
    for seq in 1..=50 {
        socket.send(json!({ "type": "text", "text": format!("draft {seq}"), "seq": seq })).await;
    }
    while running.service.jobs() == 0 {
        tokio::task::yield_now().await;
    }
    // A frame that is answered at once: what came before it has been read.
    socket.send(json!({ "type": "edit", "seq": 99 })).await;
    assert_eq!(socket.read().await.unwrap()["problem"]["status"], 400);
    gate.open();
    let first = socket.read().await.unwrap();
    let second = socket.read().await.unwrap();
    assert_eq!((first["seq"].as_u64(), second["seq"].as_u64()), (Some(1), Some(50)));
    assert_eq!(second["outcome"]["safer_text"], "draft 50");
}

#[tokio::test]
async fn frames_that_cannot_be_read_are_told_of_without_their_words() {
    let running = start(&[("limits.text_bytes", "100")]).await;
    let mut socket = open(&running).await;
    for (frame, status) in [
        ("Okafor".to_owned(), 400),
        (json!({ "type": "Okafor" }).to_string(), 400),
        (json!({ "type": "text", "text": "a", "Okafor": 1 }).to_string(), 400),
        (json!({ "type": "text" }).to_string(), 400),
        (json!({ "type": "open", "policy": "Okafor" }).to_string(), 422),
        (json!({ "type": "text", "text": "x".repeat(101) }).to_string(), 413),
    ] {
        socket.0.send(Message::text(frame)).await.unwrap();
        let answer = socket.read().await.unwrap();
        assert_eq!(
            (answer["type"].as_str(), answer["problem"]["status"].as_u64()),
            (Some("problem"), Some(status))
        );
        assert!(!answer.to_string().contains("Okafor"));
        // What may have been an open has to be said again.
        socket.send(json!({ "type": "open" })).await;
    }
    socket.0.send(Message::binary(vec![0])).await.unwrap();
    assert_eq!(socket.read().await.unwrap()["problem"]["status"], 400);
    // Far beyond any text: the socket ends.
    let _ = socket.0.send(Message::text("x".repeat(100_000))).await;
    assert!(socket.read().await.is_none());
    assert_eq!(running.check("fine").await.status, 200);
}

#[tokio::test]
async fn sockets_are_cheap_and_bounded() {
    const MANY: usize = 1000;
    let running = start(&[("limits.sockets", "1000"), ("limits.rate", "0")]).await;
    let before = memory();
    let mut sockets = Vec::new();
    for _ in 0..MANY {
        let mut socket = open(&running).await;
        socket.send(json!({ "type": "text", "text": "NHS 999 123 4004" })).await;
        assert_eq!(socket.read().await.unwrap()["type"], "outcome");
        sockets.push(socket);
    }
    let each = memory().saturating_sub(before) / MANY;
    // The client's half is in this process too, with its own buffers of 128 KiB.
    assert!(each < 400 * 1024, "{each} bytes a socket");
    let full = connect(running.address, &[]).await;
    assert!(matches!(full, Err(Error::Http(answer)) if answer.status() == 503));
    assert!(running.get("/metrics").await.text().contains("presend_sockets 1000"));
    drop(sockets);
    loop {
        if connect(running.address, &[]).await.is_ok() {
            break;
        }
    }
}

/// The memory of this process in bytes; 0 where the system does not say.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let now = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = now.and_then(|now| now.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.unwrap_or_default() * 1024
}

#[tokio::test]
async fn a_socket_whose_peer_is_gone_ends() {
    let running = start(&[("limits.socket_idle_seconds", "1")]).await;
    let silent = open(&running).await;
    let mut alive = open(&running).await;
    // The silent one reads nothing, so it answers no ping; the other one reads.
    let pinged = tokio::spawn(async move {
        let _ = tokio::time::timeout(Duration::from_millis(2500), alive.read()).await;
        alive
    });
    let mut alive = pinged.await.unwrap();
    assert!(running.get("/metrics").await.text().contains("presend_sockets 1"));
    alive.send(json!({ "type": "text", "text": "here" })).await;
    assert_eq!(alive.read().await.unwrap()["outcome"]["safer_text"], "here");
    drop(silent);
}

#[tokio::test]
async fn a_stop_closes_sockets() {
    let mut running = start(&[]).await;
    let mut socket = open(&running).await;
    running.stop();
    let last = socket.0.next().await.unwrap().unwrap();
    assert!(matches!(last, Message::Close(Some(frame)) if u16::from(frame.code) == 1001));
    drop(socket);
    running.ended().await;
}

#[tokio::test]
async fn other_sites_and_strangers_get_no_socket() {
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys");
    // The SHA-256 of `abc`.
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    std::fs::write(&keys, format!("ward:{hash}\n")).unwrap();
    let running = start(&[("auth.keys_file", keys.to_str().unwrap())]).await;
    let status = async |headers: &[(&'static str, &str)]| match connect(running.address, headers).await {
        Ok(_) => 101,
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(_) => 0,
    };
    assert_eq!(status(&[]).await, 401);
    assert_eq!(status(&[("sec-websocket-protocol", "presend.v1, bearer.abc")]).await, 101);
    assert_eq!(status(&[("sec-websocket-protocol", "presend.v1, bearer.abd")]).await, 401);
    assert_eq!(status(&[("authorization", "Bearer abc"), ("origin", "https://evil.example")]).await, 403);
    assert_eq!(status(&[("authorization", "Bearer abc"), ("host", "evil.example")]).await, 403);
    let own = format!("http://{}", running.address);
    assert_eq!(status(&[("authorization", "Bearer abc"), ("origin", &own)]).await, 101);
}

#[tokio::test]
async fn nothing_is_checked_after_a_refused_open() {
    let running = start(&[]).await;
    for refused in [
        r#"{"type":"open","context":{"audience":"socal"},"offsets":"utf-16"}"#,
        r#"{"type":"open","policy":"none","offsets":"utf-16"}"#,
        r#"{"type":"open","conversation":"","policy":"archive"}"#,
        r#"{"type":"open","policy":"archive""#,
    ] {
        let mut socket = open(&running).await;
        let text = json!({ "type": "text", "text": "😀 Mrs Okafor", "seq": 2 });
        assert_eq!(socket.ask(text.clone()).await["outcome"]["policy"], "direct-care");
        socket.0.send(Message::text(refused)).await.unwrap();
        assert_eq!(socket.read().await.unwrap()["type"], "problem", "{refused}");
        let edit = json!({ "type": "edit", "from": 0, "to": 0, "insert": "a", "seq": 3 });
        for frame in [edit, text.clone(), json!({ "type": "sent", "seq": 4 })] {
            assert_eq!(socket.ask(frame).await["problem"]["status"], 400, "{refused}");
        }
        socket
            .send(json!({ "type": "open", "context": { "audience": "social" }, "offsets": "utf-16" }))
            .await;
        // What was refused is not in the text here, so that neither a part of it nor its sending can be judged.
        let edit = json!({ "type": "edit", "from": 0, "to": 0, "insert": "a", "seq": 5 });
        for frame in [edit, json!({ "type": "sent", "seq": 6 })] {
            assert_eq!(socket.ask(frame).await["type"], "problem", "{refused}");
        }
        let answer = socket.ask(text).await;
        assert_eq!(answer["outcome"]["policy"], "social", "{answer}");
        assert_eq!(answer["outcome"]["findings"][0]["start"], 7);
    }
}

#[tokio::test]
async fn an_edit_after_a_refused_change_is_not_judged_by_the_old_text() {
    let running = start(&[("limits.text_bytes", "40")]).await;
    let mut socket = open(&running).await;
    let text = json!({ "type": "text", "text": "bloods at 6", "seq": 1 });
    let edit = json!({ "type": "edit", "from": 0, "to": 0, "insert": "ok ", "seq": 3 });
    for (refused, is_open) in [
        (json!({ "type": "text", "text": "Mrs Okafor ".repeat(7), "seq": 2 }).to_string(), false),
        (json!({ "type": "text", "text": "Mrs Okafor", "seq": "2" }).to_string(), false),
        (json!({ "type": "text", "seq": 2 }).to_string(), false),
        (json!({ "type": "edit", "from": 0, "to": 0, "insert": "x".repeat(50) }).to_string(), false),
        (json!({ "type": "edit", "from": 50, "to": 60, "insert": "x" }).to_string(), false),
        (json!({ "type": "edit", "from": 0 }).to_string(), false),
        (json!({ "type": "ping" }).to_string(), false),
        (json!({ "type": "sent", "seq": "2" }).to_string(), false),
        (json!({ "type": "OPEN", "policy": "archive" }).to_string(), true),
        (r#"{"type":"open","policy":"archive""#.to_owned(), true),
        ("ping".to_owned(), true),
    ] {
        socket.send(json!({ "type": "open" })).await;
        assert_eq!(socket.ask(text.clone()).await["type"], "outcome");
        socket.0.send(Message::text(refused.clone())).await.unwrap();
        assert_eq!(socket.read().await.unwrap()["type"], "problem", "{refused}");
        for frame in [edit.clone(), json!({ "type": "sent", "seq": 4 })] {
            assert_eq!(socket.ask(frame).await["type"], "problem", "{refused}");
        }
        let whole = socket.ask(text.clone()).await;
        assert_eq!(whole["type"] == "problem", is_open, "{refused}");
        let is_unread = whole.to_string().contains("A frame could not be read");
        assert_eq!(is_unread, is_open && !refused.contains("OPEN"), "{refused}");
        if !is_open {
            assert_eq!(socket.ask(edit.clone()).await["outcome"]["safer_text"], "ok bloods at 6");
        }
    }
}

#[tokio::test]
async fn a_socket_says_why_it_closes() {
    let running = start(&[("limits.text_bytes", "100")]).await;
    let code = async |socket: &mut Socket| loop {
        match socket.0.next().await.unwrap() {
            Ok(Message::Close(frame)) => break u16::from(frame.unwrap().code),
            Ok(_) => {}
            Err(_) => break 0,
        }
    };
    let mut socket = open(&running).await;
    let _ = socket.0.send(Message::text("x".repeat(10_000))).await;
    assert_eq!(code(&mut socket).await, 1009);
    let mut socket = open(&running).await;
    // A final text frame of one byte, masked with zeros, that is no UTF-8.
    socket.0.get_mut().write_all(&[0x81, 0x81, 0, 0, 0, 0, 0xff]).await.unwrap();
    assert_eq!(code(&mut socket).await, 1007);
}
