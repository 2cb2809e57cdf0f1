//! Spans as a collector gets them: what they tell, and that they tell no more.

use crate::collector::{Collector, attribute};
use crate::common::{Running, start};
use axum::body::Body;
use presend_service::config::{LogConfig, TracesConfig};
use presend_service::http::Extras;
use presend_service::logging::subscriber;
use presend_service::traces::Traces;
use serde_json::json;
use tracing::subscriber::DefaultGuard;

/// No words of any dictionary, so that they do not turn up by chance.
const SECRET: &str = "Zqxvbrandolf";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Spans go to the endpoint for as long as the guard is there. Requests are answered on the test's own thread.
fn traced(endpoint: String, ratio: f64) -> (Traces, DefaultGuard) {
    let config = TracesConfig { endpoint: Some(endpoint), ratio };
    let traces = Traces::start(&config).unwrap().unwrap();
    let subscriber = subscriber(&LogConfig::default(), std::io::sink, Some(&traces));
    let guard = tracing::subscriber::set_default(subscriber);
    (traces, guard)
}

async fn finish(traces: Traces) {
    tokio::task::spawn_blocking(|| traces.finish()).await.unwrap();
}

async fn check(running: &Running, headers: &[(&str, &str)], body: serde_json::Value) -> u16 {
    let headers = [&[("content-type", "application/json")], headers].concat();
    running.send("POST", "/v1/check", &headers, Body::from(body.to_string())).await.status
}

#[tokio::test]
async fn a_request_and_its_messages_are_told_without_text() {
    let collector = Collector::start().await;
    let (traces, guard) = traced(collector.endpoint(), 1.0);
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys");
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    std::fs::write(&keys, format!("{SECRET}:{abc}\n")).unwrap();
    let running = start(&[("auth.keys_file", keys.to_str().unwrap())]).await;

    let parent = format!("00-{TRACE}-b7ad6b7169203331-01");
    let state = format!("{SECRET}={SECRET}");
    let headers = [
        ("authorization", "Bearer abc"),
        ("traceparent", &parent),
        ("tracestate", &state.to_lowercase()),
        ("baggage", &state),
        ("user-agent", SECRET),
    ];
    let text = format!("Mrs {SECRET} Okafor NHS 999 123 4004");
    let message = json!({ "text": text, "conversation": SECRET, "policy": "redact" });
    assert_eq!(check(&running, &headers, message).await, 200);
    let unknown = json!({ "text": text, "policy": SECRET });
    assert_eq!(check(&running, &[("authorization", "Bearer abc")], unknown).await, 422);
    let batch = json!({ "messages": [{ "text": text }, { "text": "fine" }] }).to_string();
    let typed = [("content-type", "application/json"), ("authorization", "Bearer abc")];
    assert_eq!(running.send("POST", "/v1/batch", &typed, Body::from(batch)).await.status, 200);
    let typed = [("content-type", "application/x-ndjson"), ("authorization", "Bearer abc")];
    let lines = json!({ "text": text }).to_string();
    assert_eq!(running.send("POST", "/v1/stream", &typed, Body::from(lines)).await.status, 200);
    let path = format!("/{SECRET}?{SECRET}");
    assert_eq!(running.send(SECRET, &path, &[], Body::empty()).await.status, 404);
    finish(traces).await;
    drop(guard);

    let spans = collector.spans();
    let requests: Vec<_> = spans.iter().filter(|span| span.kind == 2).collect();
    let of_check = requests.iter().find(|span| span.trace_id == hex(TRACE)).unwrap();
    assert_eq!(of_check.parent_span_id, hex("b7ad6b7169203331"));
    assert_eq!((of_check.name.as_str(), of_check.trace_state.as_str()), ("POST /v1/check", ""));
    let told = |name| attribute(of_check, name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(told("http.request.method"), "POST");
    assert_eq!(told("http.route"), "/v1/check");
    assert_eq!(told("http.response.status_code"), "200");

    let message = spans.iter().find(|span| span.parent_span_id == of_check.span_id).unwrap();
    assert_eq!((message.name.as_str(), &message.trace_id), ("check", &of_check.trace_id));
    let told = |name| attribute(message, name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!((told("presend.by").as_str(), told("presend.policy").as_str()), ("check", "redact"));
    assert_eq!((told("presend.verdict").as_str(), told("presend.length").as_str()), ("minimise", "0-64"));
    assert!(told("presend.findings").parse::<u32>().unwrap() >= 2);
    assert_eq!(told("presend.model_review"), "absent");
    assert!(told("presend.queue_us").parse::<u64>().is_ok() && told("presend.engine_us") != "0");

    // A request that was refused, a batch, a stream with its lines, and a path and method of the caller's making.
    for (name, status, messages) in [
        ("POST /v1/check", "422", 0),
        ("POST /v1/batch", "200", 2),
        ("POST /v1/stream", "200", 1),
        ("_OTHER other", "404", 0),
    ] {
        let mut all = requests.iter().filter(|span| span.name == name);
        let request =
            all.find(|span| attribute(span, "http.response.status_code").as_deref() == Some(status));
        let request = request.unwrap_or_else(|| panic!("no {name} {status}"));
        let below = spans.iter().filter(|span| span.parent_span_id == request.span_id);
        assert_eq!(below.count(), messages, "{name}");
    }
    assert_eq!(requests.len(), 5);

    let bytes = collector.bytes().to_lowercase();
    assert!(bytes.contains("presend.verdict"));
    for word in [&SECRET.to_lowercase(), "okafor", "4004", "bearer", "ba7816bf"] {
        assert!(!bytes.contains(word), "{word}");
    }
}

fn hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[tokio::test]
async fn the_caller_or_else_the_ratio_decides_what_is_traced() {
    let collector = Collector::start().await;
    let (traces, guard) = traced(collector.endpoint(), 0.0);
    let running = start(&[]).await;
    let sampled = format!("00-{TRACE}-b7ad6b7169203331-01");
    let unsampled = format!("00-{TRACE}-b7ad6b7169203332-00");
    for headers in [&[][..], &[("traceparent", unsampled.as_str())], &[("traceparent", sampled.as_str())]] {
        assert_eq!(check(&running, headers, json!({ "text": "fine" })).await, 200);
    }
    finish(traces).await;
    drop(guard);
    let spans = collector.spans();
    assert_eq!(spans.len(), 2, "the request that its caller traces, and its message");
    assert!(spans.iter().all(|span| span.trace_id == hex(TRACE)));
}

#[tokio::test]
async fn a_collector_that_is_away_or_broken_holds_nothing_up() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}", closed.local_addr().unwrap());
    let broken = Collector::broken().await;
    for endpoint in [closed, broken.endpoint()] {
        let (traces, guard) = traced(endpoint, 1.0);
        let running =
            crate::common::start_with(presend::Engine::new(), &[("limits.rate", "0")], Extras::default())
                .await;
        // More spans than its queue takes.
        for _ in 0..700 {
            let batch = json!({ "messages": [{ "text": "fine" }, { "text": "fine" }] });
            assert_eq!(running.post("/v1/batch", batch.to_string()).await.status, 200);
        }
        finish(traces).await;
        drop(guard);
    }
}
