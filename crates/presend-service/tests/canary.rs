//! A secret goes through every path, well-formed and not, and is then looked for in all that is written or answered.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests of a leaf, with helpers outside test functions"
)]

#[path = "service/collector.rs"]
mod collector;
#[path = "service/common/mod.rs"]
mod common;

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use collector::Collector;
use common::{Behaviour, Running, config, engine, start, start_with};
use futures_util::{SinkExt as _, StreamExt as _, stream};
use presend_service::config::TracesConfig;
use presend_service::http::Extras;
use presend_service::traces::Traces;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// No words of any dictionary, so that nothing takes them out by chance.
const SECRET: &str = "Zqxvbrandolf";

/// Takes down everything that anything tells `tracing`, at every level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

struct Writer<'a>(&'a mut String);

impl Visit for Writer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Everything {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Writer(&mut self.0.lock().unwrap()));
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut Writer(&mut self.0.lock().unwrap()));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        values.record(&mut Writer(&mut self.0.lock().unwrap()));
    }
}

/// A method, a path, headers and a body.
type Sent<'a> = (&'a str, String, Vec<(&'a str, &'a str)>, Vec<u8>);

async fn errors(running: &Running, errors: &mut String) {
    let json = [("content-type", "application/json")];
    let ndjson = [("content-type", "application/x-ndjson")];
    let bodies = [
        format!("{{\"text\": {SECRET}}}"),
        format!("{{\"text\": \"{SECRET}"),
        format!("{{\"{SECRET}\": 1}}"),
        format!("{{\"text\": \"a\", \"policy\": \"{SECRET}\"}}"),
        format!("{{\"text\": \"a\", \"offsets\": \"{SECRET}\"}}"),
        format!("{{\"text\": \"a\", \"context\": {{\"today\": \"{SECRET}\"}}}}"),
        format!("{{\"text\": [\"{SECRET}\"]}}"),
        format!("{{\"text\": \"{SECRET}\", \"conversation\": \"\"}}"),
        format!("{{\"text\": \"{}\"}}", SECRET.repeat(1000)),
        format!("{{\"messages\": \"{SECRET}\"}}"),
        SECRET.repeat(100_000),
    ];
    let mut requests: Vec<Sent<'_>> = Vec::new();
    for path in ["/v1/check", "/v1/redact", "/v1/batch"] {
        for body in &bodies {
            requests.push(("POST", path.to_owned(), json.to_vec(), body.clone().into_bytes()));
        }
        let not_text = [b"{\"text\": \"\xff", SECRET.as_bytes(), b"\"}"].concat();
        requests.push(("POST", path.to_owned(), json.to_vec(), not_text));
        requests.push((
            "POST",
            path.to_owned(),
            vec![("content-type", SECRET)],
            bodies[0].clone().into_bytes(),
        ));
        requests.push(("PUT", path.to_owned(), json.to_vec(), bodies[0].clone().into_bytes()));
    }
    requests.push(("POST", "/v1/stream".to_owned(), ndjson.to_vec(), bodies.join("\n").into_bytes()));
    requests.push(("POST", format!("/v1/stream?policy={SECRET}"), ndjson.to_vec(), Vec::new()));
    requests.push(("POST", format!("/v1/stream?{SECRET}=1"), ndjson.to_vec(), Vec::new()));
    requests.push(("GET", format!("/{SECRET}"), Vec::new(), Vec::new()));
    requests.push(("GET", format!("/docs?{SECRET}"), Vec::new(), Vec::new()));
    requests.push(("POST", "/v1/check".to_owned(), vec![("origin", SECRET)], Vec::new()));
    requests.push(("POST", "/v1/check".to_owned(), vec![("host", SECRET)], Vec::new()));
    requests.push((SECRET, "/v1/check".to_owned(), json.to_vec(), bodies[0].clone().into_bytes()));
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers =
        vec![("traceparent", parent), ("tracestate", "a=Zqxvbrandolf"), ("baggage", "a=Zqxvbrandolf")];
    requests.push(("GET", format!("/{SECRET}"), headers, Vec::new()));
    for (method, path, headers, body) in requests {
        let answer = running.send(method, &path, &headers, Body::from(body)).await;
        assert!(
            answer.status >= 400 || path.starts_with("/v1/stream") || path.starts_with("/docs"),
            "{method} {path}"
        );
        writeln!(errors, "{:?} {}", answer.headers, answer.text()).unwrap();
    }
}

async fn live(running: &Running, problems: &mut String) {
    let stream = running.tcp().await;
    let url = format!("ws://{}/v1/live", running.address);
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    for frame in [
        SECRET.to_owned(),
        json!({ "type": "open", "policy": SECRET }).to_string(),
        json!({ "type": "edit", "from": 9, "to": 9, "insert": SECRET }).to_string(),
    ] {
        socket.send(Message::text(frame)).await.unwrap();
        let answer = socket.next().await.unwrap().unwrap().into_text().unwrap();
        assert!(answer.contains("problem"));
        problems.push_str(&answer);
    }
    socket.send(Message::text(json!({ "type": "open" }).to_string())).await.unwrap();
    socket.send(Message::text(json!({ "type": "text", "text": SECRET }).to_string())).await.unwrap();
    assert!(socket.next().await.unwrap().unwrap().into_text().unwrap().contains(SECRET));
    socket.send(Message::text(json!({ "type": "sent" }).to_string())).await.unwrap();
    assert!(socket.next().await.unwrap().unwrap().into_text().unwrap().contains(SECRET));
}

async fn grpc(running: &Running, problems: &mut String) {
    use presend_service::grpc::proto::live_request::Change;
    use presend_service::grpc::proto::presend_client::PresendClient;
    use presend_service::grpc::proto::{
        BatchMessage, BatchRequest, CheckRequest, Context, LiveEdit, LiveOpen, LiveRequest, RedactRequest,
        StreamRequest, batch_answer, live_response, stream_response,
    };

    let mut client = PresendClient::new(running.channel().await);
    let text = || format!("{SECRET} NHS 999 123 4004");
    let check =
        || CheckRequest { text: text(), conversation: Some(SECRET.to_owned()), ..CheckRequest::default() };
    assert!(client.check(check()).await.unwrap().into_inner().safer_text.contains(SECRET));
    let redact = RedactRequest { text: text(), ..RedactRequest::default() };
    assert!(client.redact(redact).await.unwrap().into_inner().text.contains(SECRET));
    let message = BatchMessage { id: SECRET.to_owned(), text: text() };
    let batch = BatchRequest { messages: vec![message], ..BatchRequest::default() };
    let answers = client.batch(batch.clone()).await.unwrap().into_inner().answers;
    let Some(batch_answer::Result::Outcome(outcome)) = &answers[0].result else { panic!() };
    assert!(outcome.safer_text.contains(SECRET));

    let within = |context| CheckRequest { context: Some(context), ..check() };
    let word = SECRET.to_owned();
    let bad = [
        CheckRequest { policy: Some(word.clone()), ..check() },
        CheckRequest { offsets: word.clone(), ..check() },
        CheckRequest { conversation: Some(SECRET.repeat(20)), ..check() },
        CheckRequest { override_reason: Some(SECRET.repeat(100)), ..check() },
        CheckRequest { text: SECRET.repeat(1000), ..check() },
        within(Context { channel: word.clone(), ..Context::default() }),
        within(Context { today: word.clone(), ..Context::default() }),
    ];
    for bad in bad.clone() {
        write!(problems, "{:?}", client.check(bad).await.err().unwrap()).unwrap();
    }
    // Longer than the service reads, and cut off in the middle.
    let huge = CheckRequest { text: SECRET.repeat(100_000), ..check() };
    write!(problems, "{:?}", client.check(huge.clone()).await.err().unwrap()).unwrap();
    let batch = BatchRequest { policy: Some(word.clone()), ..batch };
    let answers = client.batch(batch).await.unwrap().into_inner().answers;
    let Some(batch_answer::Result::Problem(problem)) = &answers[0].result else { panic!() };
    write!(problems, "{} {}", problem.title, problem.detail).unwrap();

    let item = |check| StreamRequest { id: SECRET.to_owned(), check: Some(check) };
    let requests: Vec<_> = [check()].into_iter().chain(bad).chain([check(), huge]).map(item).collect();
    let mut answers = client.stream(stream::iter(requests)).await.unwrap().into_inner();
    let mut outcomes = 0;
    while let Some(answer) = match answers.message().await {
        Ok(answer) => answer,
        Err(status) => {
            write!(problems, "{status:?}").unwrap();
            None
        }
    } {
        match answer.result.unwrap() {
            stream_response::Result::Outcome(outcome) => {
                outcomes += usize::from(outcome.safer_text.contains(SECRET))
            }
            stream_response::Result::Problem(problem) => {
                write!(problems, "{} {}", problem.title, problem.detail).unwrap();
            }
        }
    }
    assert_eq!(outcomes, 2);

    let changes = [
        Change::Open(LiveOpen { policy: Some(word.clone()), ..LiveOpen::default() }),
        Change::Open(LiveOpen { offsets: word.clone(), ..LiveOpen::default() }),
        Change::Edit(LiveEdit { from: 9, to: 9, insert: word.clone() }),
        Change::Open(LiveOpen::default()),
        Change::Text(text()),
    ];
    let changes = changes.map(|change| LiveRequest { seq: None, change: Some(change) });
    let mut answers = client.live(stream::iter(changes)).await.unwrap().into_inner();
    for _ in 0..3 {
        let Some(live_response::Answer::Problem(problem)) = answers.message().await.unwrap().unwrap().answer
        else {
            panic!()
        };
        write!(problems, "{} {}", problem.title, problem.detail).unwrap();
    }
    let last = answers.message().await.unwrap().unwrap().answer;
    let Some(live_response::Answer::Outcome(outcome)) = last else { panic!() };
    assert!(outcome.safer_text.contains(SECRET));
}

#[tokio::test]
async fn no_text_is_written_anywhere() {
    let log = Everything::default();
    let collector = Collector::start().await;
    let config_of_traces = TracesConfig { endpoint: Some(collector.endpoint()), ..TracesConfig::default() };
    let traces = Traces::start(&config_of_traces).unwrap().unwrap();
    let subscriber = tracing_subscriber::registry().with(traces.layer()).with(log.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let audit = dir.path().join("audit.jsonl");
    let settings =
        [("audit.file", audit.to_str().unwrap()), ("limits.text_bytes", "10000"), ("limits.rate", "0")];
    let running = start(&settings).await;

    // What is well-formed: the answer holds the text, and nothing else does.
    let message = format!("{SECRET} NHS 999 123 4004");
    let check = json!({ "text": message, "conversation": SECRET }).to_string();
    assert!(running.post("/v1/check", check.clone()).await.text().contains(SECRET));
    assert!(running.post("/v1/redact", check).await.text().contains(SECRET));
    let batch = json!({ "messages": [{ "id": SECRET, "text": message }] }).to_string();
    assert!(running.post("/v1/batch", batch).await.text().contains(SECRET));
    let headers = [("content-type", "application/x-ndjson")];
    let line = Body::from(json!({ "id": 1, "text": message }).to_string());
    assert!(running.send("POST", "/v1/stream", &headers, line).await.text().contains(SECRET));

    let mut found = String::new();
    errors(&running, &mut found).await;
    live(&running, &mut found).await;
    grpc(&running, &mut found).await;
    found.push_str(&running.get("/metrics").await.text());
    found.push_str(&std::fs::read_to_string(&audit).unwrap());

    // What a panic says is for the process's hook to hold back, as that of `presend` does.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for behaviour in [Behaviour::Fails, Behaviour::Panics] {
        let running = start_with(engine(behaviour), &[], Extras::default()).await;
        let answer = running.check(&message).await;
        if answer.status != 200 {
            found.push_str(&answer.text());
        }
        found.push_str(&running.get("/metrics").await.text());
    }
    std::panic::set_hook(usual);
    let wrong = presend_service::Config::load(None, [], &[("limits.rate".to_owned(), SECRET.to_owned())]);
    found.push_str(&wrong.unwrap_err().to_string());
    let _ = write!(found, "{:?}", config(&settings));

    // The answer to a panic may come before its line.
    while !log.0.lock().unwrap().contains("a job panicked") {
        tokio::task::yield_now().await;
    }
    tokio::task::spawn_blocking(|| traces.finish()).await.unwrap();
    let spans = collector.bytes();
    assert!(spans.contains("presend.verdict") && spans.contains("/v1/stream"), "no spans were sent");
    let log = log.0.lock().unwrap().clone();
    assert!(log.contains("answered"), "nothing was taken down");
    assert!(std::fs::read_to_string(&audit).unwrap().lines().count() > 4);
    for (name, text) in
        [("the log", &log), ("a span", &spans), ("an answer, the metrics or the record", &found)]
    {
        for form in [SECRET.to_owned(), SECRET.to_lowercase(), SECRET.to_uppercase()] {
            if let Some(at) = text.find(&form) {
                let from = text[..at].char_indices().rev().nth(300).map_or(0, |(at, _)| at);
                panic!("{name}: {}", &text[from..at]);
            }
        }
    }
}
