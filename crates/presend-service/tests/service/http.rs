//! The service over HTTP: what it answers and what it refuses.

use std::sync::Arc;

use crate::common::{Behaviour, Gate, MESSAGE, Running, engine, start, start_with};
use axum::body::Body;
use presend_service::http::{Extras, Reply};
use serde_json::{Value, json};

#[tokio::test]
async fn a_check_says_what_was_found_in_the_unit_asked_for() {
    let running = start(&[]).await;
    for (unit, start) in [("bytes", 9), ("code-points", 6), ("utf-16", 7)] {
        let request = json!({ "text": format!("😀 {MESSAGE}"), "offsets": unit });
        let answer = running.post("/v1/check", request.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let outcome = answer.json();
        assert_eq!(outcome["offsets"], unit);
        assert_eq!(outcome["findings"][0]["start"].as_u64().unwrap(), start, "{outcome}");
        assert_eq!(outcome["safer_text"], "😀 Mrs D.E. NHS *** *** 4004, bloods at 6");
    }
    let lone = running.post("/v1/check", r#"{"text":"a \ud83d b","offsets":"utf-16"}"#).await;
    assert_eq!(lone.json()["safer_text"], "a \u{fffd} b");
}

#[tokio::test]
async fn context_and_policy_decide() {
    let running = start(&[]).await;
    let request = |more: Value| {
        let mut request = json!({ "text": MESSAGE });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request.to_string()
    };
    let social = json!({ "context": { "audience": "social", "recipients": { "recently-changed": true } } });
    assert_eq!(running.post("/v1/check", request(social)).await.json()["policy"], "social");
    let flag = running.post("/v1/check", request(json!({ "policy": "flag" }))).await.json();
    assert_eq!((flag["policy"].as_str(), flag["safer_text"].as_str()), (Some("flag"), Some(MESSAGE)));
    let none = running.post("/v1/check", request(json!({ "policy": null, "context": null }))).await.json();
    assert_eq!(none["policy"], "direct-care");
}

#[tokio::test]
async fn redact_gives_the_text_alone() {
    let running = start(&[]).await;
    let answer = running.post("/v1/redact", json!({ "text": MESSAGE, "policy": "redact" }).to_string()).await;
    let answer = answer.json();
    assert_eq!(answer["text"], "Mrs [NAME] NHS [NHS NUMBER], bloods at 6");
    assert_eq!((answer["verdict"].as_str(), answer["policy"].as_str()), (Some("minimise"), Some("redact")));
    assert_eq!(answer["model_review"], "absent");
}

#[tokio::test]
async fn a_batch_is_answered_in_order() {
    let running = start(&[("limits.batch_messages", "3"), ("limits.text_bytes", "100")]).await;
    let messages = json!([
        { "id": { "any": ["thing", 1.50] }, "text": "Bloods at 6" },
        { "id": 2, "text": "x".repeat(101) },
        { "text": MESSAGE },
    ]);
    let answer = running.post("/v1/batch", json!({ "messages": messages }).to_string()).await.json();
    let outcomes = answer["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 3);
    assert_eq!(outcomes[0]["id"], json!({ "any": ["thing", 1.50] }));
    assert_eq!(outcomes[0]["outcome"]["verdict"], "send");
    assert_eq!(outcomes[1]["id"], 2);
    assert_eq!(outcomes[1]["error"]["status"], 413);
    assert!(outcomes[2]["id"].is_null() && outcomes[2]["outcome"]["findings"].as_array().unwrap().len() > 1);
    let four = json!({ "messages": [{ "text": "" }, { "text": "" }, { "text": "" }, { "text": "" }] });
    assert_eq!(running.post("/v1/batch", four.to_string()).await.problem(), "too-large");
}

#[tokio::test]
async fn a_conversation_goes_on_from_request_to_request() {
    let running = start(&[]).await;
    let check = async |text: &str, conversation: Option<&str>| {
        let request = json!({ "text": text, "policy": "archive", "conversation": conversation });
        running.post("/v1/redact", request.to_string()).await.json()["text"].as_str().unwrap().to_owned()
    };
    let first = check("Mrs Doris Ekwueme is worse", Some("chat")).await;
    let other = check("Mr Tom Abernathy went home", Some("chat")).await;
    let again = check("Mrs Doris Ekwueme is better", Some("chat")).await;
    let name = |text: &str| text.split(" is").next().unwrap().to_owned();
    assert_eq!(name(&first), name(&again));
    assert!(other.contains('2'), "{other}");
    assert!(!check("Mr Tom Abernathy went home", None).await.contains('2'));
    assert!(!check("Mr Tom Abernathy went home", Some("another")).await.contains('2'));

    let messages =
        json!([{ "text": "Mrs Doris Ekwueme is worse" }, { "text": "Mr Tom Abernathy went home" }]);
    let batch = json!({ "messages": messages, "policy": "archive", "conversation": "new" });
    let batch = running.post("/v1/batch", batch.to_string()).await.json();
    assert_eq!(batch["outcomes"][1]["outcome"]["safer_text"], other);
}

#[tokio::test]
async fn there_are_lists_health_metrics_and_a_reference() {
    let running = start(&[]).await;
    let labels = running.get("/v1/labels").await.json();
    let nhs = json!({
        "label": "NHS_NUMBER", "kind": "direct", "placeholder": "[NHS NUMBER]",
        "about": "An NHS number of England, Wales or the Isle of Man.",
    });
    assert!(labels.as_array().unwrap().contains(&nhs));
    let policies = running.get("/v1/policies").await.json();
    let care = policies.as_array().unwrap().iter().find(|policy| policy["name"] == "direct-care").unwrap();
    assert!(care["title"].is_string() && care["about"].is_string() && care["guidance"].is_array());
    assert_eq!(running.get("/healthz").await.text(), "ok\n");
    assert_eq!(running.get("/readyz").await.text(), "ok\n");

    assert_eq!(running.check(MESSAGE).await.status, 200);
    assert_eq!(running.get("/no/such/path").await.problem(), "not-found");
    let metrics = running.get("/metrics").await.text();
    for line in [
        r#"presend_http_requests_total{route="/v1/check",status="200"} 1"#,
        r#"presend_http_requests_total{route="other",status="404"} 1"#,
        r#"presend_checks_total{verdict="minimise",model_review="absent"} 1"#,
        r#"presend_findings_total{label="NHS_NUMBER",action="mask"} 1"#,
        "presend_jobs 0",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }

    let api = running.get("/openapi.json").await.json();
    assert_eq!(api["openapi"], "3.1.0");
    for (path, methods) in api["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let answer = running.send(&method.to_uppercase(), path, &[], Body::empty()).await;
            assert!(![404, 405, 500].contains(&answer.status), "{method} {path}");
        }
    }
    for path in ["/docs", "/docs/docs.js", "/docs/docs.css"] {
        let answer = running.get(path).await;
        assert_eq!(answer.status, 200);
        let csp = answer.header("content-security-policy").unwrap();
        assert!(csp.starts_with("default-src 'self';") && csp.contains("frame-ancestors 'none'"), "{csp}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let page = running.get("/docs").await.text();
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<style"));
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_without_quoting_it() {
    let running = start(&[("limits.body_bytes", "1000"), ("limits.text_bytes", "500")]).await;
    let long = json!({ "text": "x".repeat(501) }).to_string();
    let cases: [(&[u8], u16, &str, &str); 17] = [
        (b"", 400, "bad-request", "ends too early"),
        (b"{\"text\": \"Okafor", 400, "bad-request", "ends too early"),
        (b"{\"text\": Okafor}", 400, "bad-request", "line 1, column 10"),
        (b"{\"text\": 99912}", 400, "bad-request", "text is not of the type"),
        (b"{\"words\": \"Okafor\"}", 400, "bad-request", "it has a field that is not"),
        (b"{\"text\": \"a\", \"Okafor\": 1}", 400, "bad-request", "it has a field that is not"),
        (
            b"{\"text\": \"a\", \"context\": {\"audience\": \"Okafor\"}}",
            400,
            "bad-request",
            "context.audience is not",
        ),
        (b"{\"text\": \"a\", \"text\": \"Okafor\"}", 400, "bad-request", "fields or types"),
        (b"[\"Okafor\"]", 400, "bad-request", "fields or types"),
        (b"{\"text\": \"a\", \"context\": [\"whatsapp\"]}", 400, "bad-request", "context is not"),
        (
            b"{\"text\": \"a\", \"context\": {\"recipients\": [3]}}",
            400,
            "bad-request",
            "context.recipients is not",
        ),
        (b"{\"text\": \"a\", \"override\": [\"Okafor\"]}", 400, "bad-request", "override is not"),
        (b"{\"text\": \"a\"} Okafor", 400, "bad-request", "no JSON"),
        (b"{\"text\": \"\xff Okafor\"}", 400, "bad-encoding", "from 10 on"),
        (b"{\"text\": \"a\", \"policy\": \"Okafor\"}", 422, "unknown-policy", "/v1/policies"),
        (b"{\"text\": \"a\", \"conversation\": \"\"}", 400, "bad-request", "1 to 128"),
        (long.as_bytes(), 413, "too-large", "500 bytes"),
    ];
    for (body, status, kind, detail) in cases {
        let answer = running.post("/v1/check", body.to_vec()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, kind), "{}", answer.text());
        let text = answer.text();
        assert!(text.contains(detail) && !text.contains("Okafor") && !text.contains("99912"), "{text}");
    }
    let length = running.post("/v1/check", vec![b' '; 1001]).await;
    assert_eq!(length.problem(), "too-large");
    let headers = [("content-type", "application/json")];
    let chunked = running.send("POST", "/v1/check", &headers, crate::common::repeated(b' ', 11, 100)).await;
    assert_eq!(chunked.problem(), "too-large");
    let form = running.send("POST", "/v1/check", &[("content-type", "text/plain")], Body::from("{}")).await;
    assert_eq!((form.status, form.problem().as_str()), (415, "bad-media-type"));
    assert_eq!(running.send("POST", "/v1/check", &[], Body::from("{}")).await.status, 415);
    assert_eq!(running.get("/v1/check").await.problem(), "bad-method");
    let plain = running.get("/v1/live").await;
    assert_eq!((plain.problem().as_str(), plain.header("upgrade")), ("upgrade-required", Some("websocket")));
    assert_eq!(running.post("/v1/live", "{}").await.problem(), "bad-method");
    let stream = [("content-type", "application/x-ndjson")];
    assert_eq!(running.send("POST", "/v1/stream?policy=Okafor", &stream, Body::empty()).await.status, 422);
    assert_eq!(running.send("POST", "/v1/stream?conversation=", &stream, Body::empty()).await.status, 400);
    let batch = json!({ "messages": [], "policy": "Okafor" });
    assert_eq!(running.post("/v1/batch", batch.to_string()).await.problem(), "unknown-policy");
    assert_eq!(running.post("/v1/batch", r#"{"messages":[["Okafor"]]}"#).await.status, 400);
    let whole = json!({ "text": "a", "context": { "attachments": 2.0, "recipients": { "count": 3.0 }, "catchment": 7e4 } });
    assert_eq!(running.post("/v1/check", whole.to_string()).await.status, 200);
    assert_eq!(running.send("POST", "/v1/stream?offset=1", &stream, Body::empty()).await.status, 400);
}

#[tokio::test]
async fn a_model_that_fails_is_never_a_clean_bill() {
    let running = start_with(engine(Behaviour::Fails), &[], Extras::default()).await;
    let outcome = running.check("Bloods at 6").await.json();
    assert_eq!(outcome["model_review"], "failed");
    assert_eq!(outcome["not_looked_at"], json!(["model"]));
    assert_ne!(outcome["verdict"], "send");
}

#[tokio::test]
async fn a_panic_is_an_error_without_its_words() {
    let running = start_with(engine(Behaviour::Panics), &[], Extras::default()).await;
    for _ in 0..4 {
        let answer = running.check("Bloods at 6").await;
        assert_eq!((answer.status, answer.problem().as_str()), (500, "internal"));
        assert!(!answer.text().contains("words"));
    }
    assert_eq!(running.get("/readyz").await.status, 200);
}

async fn wait_for_jobs(running: &Running, jobs: usize) {
    while running.service.jobs() != jobs {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn overload_is_shed_and_says_when_to_come_back() {
    let gate = Arc::new(Gate::default());
    let settings = [("server.threads", "1"), ("server.queue", "1")];
    let engine = engine(Behaviour::Waits(Arc::clone(&gate)));
    let running = Arc::new(start_with(engine, &settings, Extras::default()).await);
    let held: Vec<_> = (0..2)
        .map(|_| {
            let running = Arc::clone(&running);
            tokio::spawn(async move { running.check("Bloods at 6").await.status })
        })
        .collect();
    wait_for_jobs(&running, 2).await;
    let shed = running.check("Bloods at 6").await;
    assert_eq!((shed.status, shed.problem().as_str()), (503, "overloaded"));
    assert_eq!(shed.header("retry-after"), Some("1"));
    assert_eq!(running.get("/readyz").await.status, 503);
    assert_eq!(running.get("/healthz").await.status, 200);
    gate.open();
    for held in held {
        assert_eq!(held.await.unwrap(), 200);
    }
    assert_eq!(running.check("Bloods at 6").await.status, 200);
}

#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let gate = Arc::new(Gate::default());
    let engine = engine(Behaviour::Waits(Arc::clone(&gate)));
    let settings = [("limits.request_seconds", "1"), ("server.threads", "1")];
    let running = start_with(engine, &settings, Extras::default()).await;
    let late = running.check("Bloods at 6").await;
    assert_eq!((late.status, late.problem().as_str()), (503, "timed-out"));
    assert!(late.header("retry-after").is_some());
    gate.open();
    wait_for_jobs(&running, 0).await;
    assert_eq!(running.check("Bloods at 6").await.status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let running = start(&[("limits.request_seconds", "1")]).await;
    let body = Body::from_stream(futures_util::stream::pending::<Result<&[u8], std::convert::Infallible>>());
    let late = running.send("POST", "/v1/check", &[("content-type", "application/json")], body).await;
    assert_eq!((late.status, late.problem().as_str()), (408, "too-slow"));
}

#[tokio::test]
async fn what_is_decided_is_recorded_without_text() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let running = start(&[("audit.file", path.to_str().unwrap())]).await;
    let request = json!({ "text": MESSAGE, "override": { "reason": "the registrar has to ring" } });
    assert_eq!(running.post("/v1/check", request.to_string()).await.status, 200);
    assert_eq!(running.post("/v1/redact", json!({ "text": "fine" }).to_string()).await.status, 200);
    let blank = json!({ "text": MESSAGE, "override": { "reason": " " } });
    assert_eq!(running.post("/v1/check", blank.to_string()).await.status, 400);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["findings"]["NHS_NUMBER"], json!({ "mask": 1 }));
    assert_eq!(lines[0]["override"], "the registrar has to ring");
    assert_eq!((lines[0]["caller"].as_str(), lines[0]["by"].as_str()), (Some("anonymous"), Some("check")));
    assert_eq!((lines[1]["seq"].as_u64(), lines[1]["verdict"].as_str()), (Some(2), Some("send")));
    assert_eq!(presend_service::audit::verify(&path).unwrap().entries, 2);
}

#[tokio::test]
async fn a_draft_is_neither_recorded_nor_part_of_the_conversation() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let running = start(&[("audit.file", path.to_str().unwrap())]).await;
    let check = async |text: &str, is_draft: bool| {
        let request = json!({ "text": text, "policy": "archive", "conversation": "chat", "draft": is_draft });
        running.post("/v1/check", request.to_string()).await.json()["safer_text"].as_str().unwrap().to_owned()
    };
    assert!(check("Mr Tom Abernathy went home", true).await.contains('1'));
    assert!(check("Mrs Doris Ekwueme is worse", false).await.contains('1'));
    assert!(check("Mr Tom Abernathy went home", true).await.contains('2'), "drafts see the conversation");
    assert_eq!(presend_service::audit::verify(&path).unwrap().entries, 1);
}

#[tokio::test]
async fn what_is_sent_as_written_counts_as_it_stands() {
    let running = start(&[]).await;
    let people = async |conversation: &str, text: &str, reason: Option<&str>| {
        let overridden = reason.map(|reason| json!({ "reason": reason }));
        let request =
            json!({ "text": text, "policy": "redact", "conversation": conversation, "override": overridden });
        let outcome = running.post("/v1/check", request.to_string()).await.json();
        outcome["identifiability"]["conversation"]["people"].as_f64().unwrap()
    };
    assert!(people("safer", MESSAGE, None).await > 1000.0);
    assert!(people("written", MESSAGE, Some("the registrar has to ring")).await < 2.0);
    assert!(people("written", "Bloods at 6", None).await < 2.0, "it stays told");
}

fn asset(path: &str) -> Option<presend_service::http::Asset> {
    let found = presend_service::http::Asset { content_type: "text/html", bytes: b"<p>", etag: "\"1\"" };
    (path == "/").then_some(found)
}

#[tokio::test]
async fn a_page_and_another_api_can_be_mounted() {
    let api = |_: &mut presend::Scratch, method: &str, path: &str, _: Option<&str>, body: &[u8]| Reply {
        status: 201,
        body: format!("{method} {path} {}", body.len()).into_bytes(),
        content_type: "text/plain",
    };
    let extras = Extras { page: Some(asset), apis: vec![("/presidio", Arc::new(api))] };
    let running = start_with(presend::Engine::new(), &[], extras).await;
    let page = running.get("/").await;
    assert_eq!((page.status, page.header("etag"), page.body.as_slice()), (200, Some("\"1\""), &b"<p>"[..]));
    let known = running.send("GET", "/", &[("if-none-match", "\"1\"")], Body::empty()).await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(running.get("/page/none.js").await.problem(), "not-found");
    let answer = running.post("/presidio/analyze", "{}").await;
    assert_eq!((answer.status, answer.text().as_str()), (201, "POST /analyze 2"));
}

#[tokio::test]
async fn readiness_does_not_wait_for_the_engine() {
    let gate = Arc::new(Gate::default());
    let engine = engine(Behaviour::Waits(Arc::clone(&gate)));
    let running = Arc::new(start_with(engine, &[("server.threads", "1")], Extras::default()).await);
    let held = tokio::spawn({
        let running = Arc::clone(&running);
        async move { running.check("Bloods at 6").await.status }
    });
    wait_for_jobs(&running, 1).await;
    assert_eq!(running.get("/readyz").await.status, 200);
    gate.open();
    assert_eq!(held.await.unwrap(), 200);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_leaves_off_and_is_not_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let stops = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let engine = presend::Engine::builder().reviewer(Box::new(Endless(Arc::clone(&stops)))).build();
    let settings =
        [("limits.request_seconds", "1"), ("server.threads", "1"), ("audit.file", path.to_str().unwrap())];
    let api = |scratch: &mut presend::Scratch, _: &str, _: &str, _: Option<&str>, _: &[u8]| {
        while !scratch.is_stopped() {
            std::thread::yield_now();
        }
        Reply { status: 200, body: Vec::new(), content_type: "text/plain" }
    };
    let extras = Extras { page: None, apis: vec![("/other", Arc::new(api))] };
    let running = start_with(engine, &settings, extras).await;
    assert_eq!(running.check("Bloods at 6").await.problem(), "timed-out");
    wait_for_jobs(&running, 0).await;
    assert_eq!(running.get("/other/thing").await.problem(), "timed-out");
    wait_for_jobs(&running, 0).await;
    assert_eq!(stops.load(std::sync::atomic::Ordering::Relaxed), 1);
    assert_eq!(presend_service::audit::verify(&path).unwrap().entries, 0);
}

/// A model that reads until it is told to stop.
struct Endless(Arc<std::sync::atomic::AtomicUsize>);

impl presend::Reviewer for Endless {
    fn id(&self) -> &str {
        "test"
    }

    fn runtime(&self) -> &str {
        "none"
    }

    fn review(&self, _: &mut [presend_detect::Reading], _: &mut Vec<presend::Review>) {}

    fn review_until(
        &self,
        _: &mut [presend_detect::Reading],
        _: &mut Vec<presend::Review>,
        stop: &dyn Fn() -> bool,
    ) {
        while !stop() {
            std::thread::yield_now();
        }
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
}

#[tokio::test]
async fn parameters_in_the_query_are_refused_where_they_would_do_nothing() {
    let running = start(&[]).await;
    for path in ["/v1/check", "/v1/redact"] {
        let body = json!({ "text": MESSAGE }).to_string();
        let answer = running.post(&format!("{path}?policy=redact&offsets=utf-16"), body.clone()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-request"), "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("body"));
        assert_eq!(running.post(path, body).await.status, 200);
    }
    let batch = json!({ "messages": [] }).to_string();
    assert_eq!(running.post("/v1/batch?policy=redact", batch).await.status, 400);
}

#[tokio::test]
async fn what_is_json_is_not_called_none() {
    let running = start(&[]).await;
    for (body, detail) in [
        (r#"{"text":"a","offsets":5}"#, "offsets is not"),
        (r#"{"text":"a","draft":"Okafor"}"#, "draft is not"),
        (r#"{"offsets":"bytes"}"#, "text is missing"),
        (r#"{"text":"a","offsets":nil}"#, "no JSON"),
    ] {
        let answer = running.post("/v1/check", body).await;
        let said = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(answer.status == 400 && said.contains(detail) && !said.contains("Okafor"), "{said}");
    }
    let null = r#"{"text":"a","offsets":null,"draft":null,"override":null}"#;
    assert_eq!(running.post("/v1/check", null).await.json()["offsets"], "code-points");
    let batch = r#"{"messages":[{"text":"a"}],"offsets":null}"#;
    assert_eq!(running.post("/v1/batch", batch).await.status, 200);
}
