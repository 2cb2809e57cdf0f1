//! Streams of lines: order, errors in place, back-pressure, clients that go away.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests of a leaf, with helpers outside test functions"
)]

#[path = "service/common/mod.rs"]
mod common;

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use common::{Behaviour, Gate, MESSAGE, engine, start, start_with};
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use hyper::Request;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use presend_service::http::Extras;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const NDJSON: [(&str, &str); 1] = [("content-type", "application/x-ndjson")];

#[tokio::test]
async fn each_line_is_answered_before_the_next_is_sent() {
    let running = start(&[]).await;
    let mut lines = running.stream("/v1/stream?offsets=bytes&policy=redact").await;
    for number in 1..=3 {
        lines.write(format!("{}\n", json!({ "id": number * 10, "text": MESSAGE }))).await;
        let answer = lines.read().await.unwrap();
        assert_eq!((answer["line"].as_u64(), answer["id"].as_u64()), (Some(number), Some(number * 10)));
        assert_eq!(answer["outcome"]["policy"], "redact");
    }
    lines.write("\n \n{\"text\": \"no line break").await;
    lines.write("\"}").await;
    lines.finish();
    assert_eq!(lines.read().await.unwrap()["line"], 6);
    assert!(lines.read().await.is_none());
}

#[tokio::test]
async fn a_bad_line_is_an_error_in_its_place() {
    let running = start(&[("limits.stream_window", "3")]).await;
    let lines: Vec<Vec<u8>> = (1..=10)
        .map(|number| match number {
            5 => b"{\"id\": 5, \"text\": Okafor}\n".to_vec(),
            7 => b"{\"id\": 7, \"text\": \"\xff\"}\n".to_vec(),
            number => format!("{}\n", json!({ "id": number, "text": MESSAGE })).into_bytes(),
        })
        .collect();
    let answer = running.send("POST", "/v1/stream", &NDJSON, Body::from(lines.concat())).await;
    assert!(!answer.text().contains("Okafor"));
    let answers: Vec<serde_json::Value> =
        answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 10);
    for (number, answer) in (1_u64..).zip(&answers) {
        assert_eq!(answer["line"], number);
        match number {
            5 => assert_eq!(answer["error"]["status"], 400),
            7 => assert_eq!(answer["error"]["type"], "urn:presend:problem:bad-encoding"),
            _ => assert_eq!(
                (&answer["id"], answer["outcome"]["verdict"].as_str()),
                (&json!(number), Some("minimise"))
            ),
        }
    }
}

#[tokio::test]
async fn a_line_of_a_hundred_megabytes_is_passed_over() {
    let running = start(&[]).await;
    let chunk = Bytes::from(vec![b'x'; 1 << 20]);
    let long = stream::iter(0..100).map(move |_| chunk.clone());
    let first = stream::iter([Bytes::from("{\"text\": \"one\"}\n{\"text\": \"")]);
    let last = stream::iter([Bytes::from("\"}\n{\"text\": \"three\"}\n")]);
    let body = first.chain(long).chain(last).map(Ok::<_, std::convert::Infallible>);
    let before = memory();
    let answer = running.send("POST", "/v1/stream", &NDJSON, Body::from_stream(body)).await;
    let grown = memory().saturating_sub(before);
    let answers: Vec<serde_json::Value> =
        answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[1]["error"]["status"], 413);
    assert_eq!(answers[2]["outcome"]["safer_text"], "three");
    assert!(grown < 50 << 20, "{grown} bytes more at the peak");
}

/// The most memory this process has had, in bytes; 0 where the system does not say.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.unwrap_or_default() * 1024
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_read_from() {
    let gate = Arc::new(Gate::default());
    let settings = [("limits.stream_window", "4"), ("server.threads", "1")];
    let running = start_with(engine(Behaviour::Waits(Arc::clone(&gate))), &settings, Extras::default()).await;
    let mut lines = running.stream("/v1/stream").await;
    let send = lines.send.take().unwrap();
    let taken = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let writer = tokio::spawn({
        let taken = Arc::clone(&taken);
        async move {
            let line = Bytes::from(format!("{{\"text\": \"{}\"}}\n", "bloods ".repeat(10_000)));
            for _ in 0..1000 {
                if send.send(line.clone()).await.is_err() {
                    return;
                }
                taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    });
    // 70 MB are offered while nothing is answered: the window and the connection's buffers fill, and then it stands.
    // Client and service share this thread, so each has had many turns by the time that so many brought nothing more.
    let (mut before, mut still) = (0, 0);
    while still < 5_000 {
        tokio::task::yield_now().await;
        let now = taken.load(std::sync::atomic::Ordering::Relaxed);
        still = if now == before && running.service.jobs() > 0 { still + 1 } else { 0 };
        before = now;
    }
    assert!(before < 500, "{before} lines of 70 kB were taken");
    assert!(running.service.jobs() <= 4);
    gate.open();
    for number in 1..=1000 {
        assert_eq!(lines.read().await.unwrap()["line"], number);
    }
    writer.await.unwrap();
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing_behind() {
    let gate = Arc::new(Gate::default());
    let settings = [("server.threads", "1"), ("server.queue", "8")];
    let running = start_with(engine(Behaviour::Waits(Arc::clone(&gate))), &settings, Extras::default()).await;
    for _ in 0..3 {
        let mut client = running.tcp().await;
        let head = format!(
            "POST /v1/stream HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n",
            running.address
        );
        client.write_all(head.as_bytes()).await.unwrap();
        client.write_all(b"10\r\n{\"text\": \"one\"}\n\r\n5\r\n{\"tex\r\n").await.unwrap();
        while running.service.jobs() == 0 {
            tokio::task::yield_now().await;
        }
        drop(client);
    }
    gate.open();
    while running.service.jobs() != 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(running.check("Bloods at 6").await.status, 200);
}

#[tokio::test]
async fn a_stream_without_lines_ends() {
    let running = start(&[("limits.idle_seconds", "1")]).await;
    let mut lines = running.stream("/v1/stream").await;
    lines.write("{\"text\": \"one\"}\n").await;
    assert_eq!(lines.read().await.unwrap()["line"], 1);
    let last = lines.read().await.unwrap();
    assert_eq!((last["line"].as_u64(), last["error"]["status"].as_u64()), (Some(2), Some(408)));
    assert!(lines.read().await.is_none());
}

#[tokio::test]
async fn a_stream_of_http_2_that_nobody_reads_ends() {
    let running = start(&[("limits.idle_seconds", "1")]).await;
    let socket = TokioIo::new(running.tcp().await);
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), socket).await.unwrap();
    tokio::spawn(connection);
    let (lines, received) = tokio::sync::mpsc::channel::<Bytes>(1);
    let body = stream::unfold(received, async |mut received| {
        received.recv().await.map(|line| (Ok::<_, Infallible>(line), received))
    });
    let uri = |path| format!("http://{}{path}", running.address);
    let request = Request::post(uri("/v1/stream")).header("content-type", "application/x-ndjson");
    let response = sender.send_request(request.body(Body::from_stream(body)).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    let line = Bytes::from(format!("{}\n", json!({ "text": "fine ".repeat(1000) })));
    let writer = tokio::spawn(async move { while lines.send(line.clone()).await.is_ok() {} });
    while !running.get("/metrics").await.text().contains("too-slow") {}
    assert!(response.into_body().collect().await.is_err());
    writer.await.unwrap();
    let request = Request::get(uri("/healthz")).body(Body::empty()).unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), 200, "the connection lives on");
}

#[tokio::test]
async fn a_half_open_connection_ends() {
    let running = start(&[("limits.header_seconds", "1")]).await;
    for start in ["", "P", "POST /v1/check HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: "] {
        let mut client = running.tcp().await;
        client.write_all(start.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        // The other end closes; without that the test would wait for ever.
        let _ = client.read_to_end(&mut rest).await;
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_are_shed() {
    let running = start(&[("limits.connections", "1")]).await;
    let mut lines = running.stream("/v1/stream").await;
    let mut client = running.tcp().await;
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 1"), "{answer}");
    lines.write("{\"text\": \"one\"}\n").await;
    assert_eq!(lines.read().await.unwrap()["line"], 1);
}

#[tokio::test]
async fn a_stop_lets_lines_end_and_says_which_were_not_read() {
    let gate = Arc::new(Gate::default());
    let mut running = start_with(engine(Behaviour::Waits(Arc::clone(&gate))), &[], Extras::default()).await;
    let mut lines = running.stream("/v1/stream").await;
    lines.write("{\"text\": \"one\"}\n").await;
    while running.service.jobs() == 0 {
        tokio::task::yield_now().await;
    }
    running.stop();
    while !running.service.is_stopping() {
        tokio::task::yield_now().await;
    }
    gate.open();
    let one = lines.read().await.unwrap();
    assert_eq!((one["line"].as_u64(), one["outcome"]["safer_text"].as_str()), (Some(1), Some("one")));
    let last = lines.read().await.unwrap();
    assert_eq!((last["line"].as_u64(), last["error"]["status"].as_u64()), (Some(2), Some(503)));
    assert!(lines.read().await.is_none());
    assert!(tokio::net::TcpStream::connect(running.address).await.is_err());
    running.ended().await;
}

#[tokio::test]
async fn what_does_not_end_is_cut_off() {
    let gate = Arc::new(Gate::default());
    let engine = engine(Behaviour::Waits(Arc::clone(&gate)));
    let mut running = start_with(engine, &[("limits.drain_seconds", "1")], Extras::default()).await;
    let lines = running.stream("/v1/stream").await;
    lines.write("{\"text\": \"one\"}\n").await;
    while running.service.jobs() == 0 {
        tokio::task::yield_now().await;
    }
    running.stop();
    running.ended().await;
    gate.open();
}
