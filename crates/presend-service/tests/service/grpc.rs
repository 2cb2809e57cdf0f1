//! gRPC over a real socket: what is answered, refused, streamed and ended, and a client that knows reflection alone.

use std::sync::Arc;

use crate::common::tls::{authority, client, serving, write};
use crate::common::{Behaviour, Gate, MESSAGE, Running, engine, start, start_with};
use axum::http::uri::PathAndQuery;
use futures_util::{StreamExt as _, stream};
use hyper_util::rt::TokioIo;
use presend_service::grpc::{DESCRIPTOR, proto};
use presend_service::http::Extras;
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use proto::live_request::Change;
use proto::live_response::Answer as LiveAnswer;
use proto::presend_client::PresendClient;
use proto::stream_response::Result as StreamResult;
use proto::{CheckRequest, Context, StreamRequest};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status, Streaming};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

type Client = PresendClient<Channel>;

async fn presend(running: &Running) -> Client {
    PresendClient::new(running.channel().await)
}

fn check(text: &str) -> CheckRequest {
    CheckRequest { text: text.to_owned(), ..CheckRequest::default() }
}

fn item(id: &str, check: CheckRequest) -> StreamRequest {
    StreamRequest { id: id.to_owned(), check: Some(check) }
}

/// The refusal of a call, whose message type has no `Debug`.
fn refused<T>(result: Result<T, Status>) -> Status {
    result.err().unwrap()
}

/// A status's problem, once it fits the code.
fn problem(status: &Status, code: Code) -> &str {
    assert_eq!(status.code(), code, "{status:?}");
    status.metadata().get("presend-problem").unwrap().to_str().unwrap()
}

/// A stream of requests that are sent when the test likes.
fn sending<T: Send + 'static>() -> (mpsc::Sender<T>, impl futures_util::Stream<Item = T> + Send + 'static) {
    let (send, receive) = mpsc::channel(1);
    (send, stream::unfold(receive, async |mut receive| receive.recv().await.map(|item| (item, receive))))
}

/// A message as the JSON of Protobuf, with the names of the `.proto`.
fn to_json(name: &str, message: &impl prost::Message) -> Value {
    let pool = DescriptorPool::decode(DESCRIPTOR).unwrap();
    let descriptor = pool.get_message_by_name(&format!("presend.v1.{name}")).unwrap();
    let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice()).unwrap();
    let options = SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false);
    dynamic.serialize_with_options(serde_json::value::Serializer, &options).unwrap()
}

/// What HTTP answers, as Protobuf has it: no nulls, and no lists of lists.
fn as_protobuf(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| match (name.as_str(), value) {
                ("add", Value::Array(ways)) => {
                    let ways = ways.into_iter().map(|parts| json!({ "parts": parts }));
                    (name, ways.collect())
                }
                (_, value) => (name, as_protobuf(value)),
            });
            fields.collect()
        }
        Value::Array(items) => items.into_iter().map(as_protobuf).collect(),
        value => value,
    }
}

#[tokio::test]
async fn outcomes_are_those_of_http() {
    let running = start(&[]).await;
    let mut client = presend(&running).await;
    let (mut add, mut advice, mut unseen) = (0, 0, 0);
    for (text, context, http_context) in [
        (MESSAGE, None, json!({})),
        ("okafor K 6.1, can you rpt gas at 2", None, json!({})),
        (
            "omg Mr Haddow \u{1f62c} in bay 2 pulled his catheter out, photo attached",
            Some(Context { audience: "social".to_owned(), attachments: 1, ..Context::default() }),
            json!({ "audience": "social", "attachments": 1 }),
        ),
        (
            "Doris Ekwueme 84F AF, eGFR 25, 52 kg, which apixaban dose?",
            Some(Context {
                channel: "assistant".to_owned(),
                approved: true,
                urgency: "emergency".to_owned(),
                purpose: "teaching".to_owned(),
                recipients: Some(proto::Recipients {
                    count: Some(30),
                    outsiders: Some(2),
                    recently_changed: Some(true),
                }),
                catchment: Some(200_000),
                today: "2026-03-31".to_owned(),
                ..Context::default()
            }),
            json!({
                "channel": "assistant", "approved": true, "urgency": "emergency", "purpose": "teaching",
                "recipients": { "count": 30, "outsiders": 2, "recently-changed": true },
                "catchment": 200_000, "today": "2026-03-31",
            }),
        ),
        ("", None, json!({})),
    ] {
        for offsets in ["bytes", "code-points", "utf-16"] {
            let request = CheckRequest {
                context: context.clone(),
                policy: (offsets == "bytes").then(|| "redact".to_owned()),
                offsets: offsets.to_owned(),
                ..check(text)
            };
            let body = json!({
                "text": text, "context": http_context, "offsets": offsets, "policy": request.policy,
            });
            let outcome = client.check(request).await.unwrap().into_inner();
            let expected = running.post("/v1/check", body.to_string()).await.json();
            add += outcome.patients.iter().map(|patient| patient.add.len()).sum::<usize>();
            advice += outcome.advice.len();
            unseen += outcome.not_looked_at.len();
            assert_eq!(to_json("Outcome", &outcome), as_protobuf(expected), "{offsets}");
        }
    }
    // Otherwise not every message of the contract was compared.
    assert!(add > 0 && advice > 0 && unseen > 0, "{add} {advice} {unseen}");
}

#[tokio::test]
async fn the_other_methods_answer_as_http_does() {
    let running = start(&[("limits.text_bytes", "100"), ("limits.batch_messages", "3")]).await;
    let mut client = presend(&running).await;
    let redact = proto::RedactRequest { text: MESSAGE.to_owned(), ..proto::RedactRequest::default() };
    let redacted = client.redact(redact).await.unwrap().into_inner();
    let expected = running.post("/v1/redact", json!({ "text": MESSAGE }).to_string()).await.json();
    assert_eq!(to_json("RedactResponse", &redacted), expected);

    let long = "x".repeat(101);
    let messages = [("a", MESSAGE), ("b", &long), ("c", "bloods at 6")];
    let message = |(id, text): (&str, &str)| proto::BatchMessage { id: id.to_owned(), text: text.to_owned() };
    let batch = proto::BatchRequest {
        messages: messages.into_iter().map(message).collect(),
        offsets: "utf-16".to_owned(),
        ..proto::BatchRequest::default()
    };
    let answers = client.batch(batch.clone()).await.unwrap().into_inner().answers;
    let body = json!({
        "offsets": "utf-16",
        "messages": messages.map(|(id, text)| json!({ "id": id, "text": text })),
    });
    let expected = running.post("/v1/batch", body.to_string()).await.json();
    for (answer, expected) in answers.iter().zip(expected["outcomes"].as_array().unwrap()) {
        assert_eq!(answer.id, expected["id"]);
        match answer.result.as_ref().unwrap() {
            proto::batch_answer::Result::Outcome(outcome) => {
                assert_eq!(to_json("Outcome", outcome), as_protobuf(expected["outcome"].clone()));
            }
            proto::batch_answer::Result::Problem(problem) => {
                assert_eq!((answer.id.as_str(), problem.kind.as_str()), ("b", "too-large"));
                assert_eq!(
                    (&*problem.title, &*problem.detail),
                    (
                        expected["error"]["title"].as_str().unwrap(),
                        expected["error"]["detail"].as_str().unwrap(),
                    )
                );
                assert_eq!(problem.code, Code::OutOfRange as u32);
            }
        }
    }
    assert_eq!(answers.len(), 3);
    let more = proto::BatchRequest { messages: vec![message(("", "x")); 4], ..batch };
    assert_eq!(problem(&refused(client.batch(more).await), Code::OutOfRange), "too-large");

    let labels = client.list_labels(proto::ListLabelsRequest {}).await.unwrap().into_inner();
    assert_eq!(to_json("ListLabelsResponse", &labels)["labels"], running.get("/v1/labels").await.json());
    let policies = client.list_policies(proto::ListPoliciesRequest {}).await.unwrap().into_inner();
    assert_eq!(
        to_json("ListPoliciesResponse", &policies)["policies"],
        running.get("/v1/policies").await.json()
    );
}

#[tokio::test]
async fn a_stream_answers_in_order_with_errors_in_their_place() {
    let running = start(&[("limits.text_bytes", "100"), ("limits.stream_window", "3")]).await;
    let mut client = presend(&running).await;
    let requests: Vec<StreamRequest> = (1..=12)
        .map(|number| match number {
            5 => item("5", check(&"Okafor ".repeat(20))),
            6 => StreamRequest { id: "6".to_owned(), check: None },
            7 => item("7", CheckRequest { offsets: "miles".to_owned(), ..check("fine") }),
            8 => item("8", CheckRequest { policy: Some("none".to_owned()), ..check("fine") }),
            9..=11 => {
                let text = if number == 9 { "Mrs Doris Ekwueme bed 4" } else { "Ekwueme better" };
                item(
                    &number.to_string(),
                    CheckRequest { conversation: Some("ward".to_owned()), ..check(text) },
                )
            }
            number => item(&number.to_string(), check(MESSAGE)),
        })
        .collect();
    let answers = client.stream(stream::iter(requests)).await.unwrap().into_inner();
    let answers: Vec<_> = answers.map(Result::unwrap).collect().await;
    assert_eq!(answers.len(), 12);
    let expected = [(5, "too-large"), (6, "bad-request"), (7, "bad-request"), (8, "unknown-policy")];
    for (number, answer) in (1_u64..).zip(&answers) {
        assert_eq!((answer.number, &answer.id), (number, &number.to_string()));
        let expected = expected.iter().find(|(at, _)| *at == number).map(|(_, kind)| *kind);
        match answer.result.as_ref().unwrap() {
            StreamResult::Outcome(outcome) => {
                assert!(expected.is_none() && !outcome.verdict.is_empty(), "{number}");
            }
            StreamResult::Problem(problem) => {
                assert_eq!(Some(problem.kind.as_str()), expected, "{number}");
                assert!(!problem.detail.contains("Okafor") && !problem.detail.contains("miles"));
            }
        }
    }
}

#[tokio::test]
async fn each_request_of_a_stream_is_answered_before_the_next_is_sent() {
    let running = start(&[]).await;
    let (send, requests) = sending();
    let mut client = presend(&running).await;
    let mut answers = client.stream(requests).await.unwrap().into_inner();
    for number in 1..=3 {
        send.send(item("", check(MESSAGE))).await.unwrap();
        assert_eq!(answers.message().await.unwrap().unwrap().number, number);
    }
    drop(send);
    assert!(answers.message().await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_longer_than_a_line_ends_a_stream_after_what_came_before() {
    let running = start(&[("limits.line_bytes", "1000")]).await;
    let mut client = presend(&running).await;
    let requests =
        [item("a", check(MESSAGE)), item("b", check(&"x".repeat(1000))), item("c", check(MESSAGE))];
    let mut answers = client.stream(stream::iter(requests)).await.unwrap().into_inner();
    assert_eq!(answers.message().await.unwrap().unwrap().id, "a");
    assert_eq!(problem(&refused(answers.message().await), Code::OutOfRange), "too-large");
}

#[tokio::test]
async fn a_stream_without_requests_ends() {
    let running = start(&[("limits.idle_seconds", "1")]).await;
    let (send, requests) = sending();
    let mut client = presend(&running).await;
    let mut answers = client.stream(requests).await.unwrap().into_inner();
    send.send(item("", check("one"))).await.unwrap();
    assert_eq!(answers.message().await.unwrap().unwrap().number, 1);
    assert_eq!(problem(&refused(answers.message().await), Code::DeadlineExceeded), "too-slow");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_read_from() {
    let gate = Arc::new(Gate::default());
    let settings = [("limits.stream_window", "4"), ("server.threads", "1")];
    let running = start_with(engine(Behaviour::Waits(Arc::clone(&gate))), &settings, Extras::default()).await;
    let (send, requests) = sending();
    let mut client = presend(&running).await;
    let mut answers = client.stream(requests).await.unwrap().into_inner();
    let text = "bloods ".repeat(9_000);
    let mut taken = 0;
    // 63 MB are offered while nothing is answered: HTTP/2's window fills, and then it stands.
    while taken < 1000 {
        let offered = send.send(item("", check(&text)));
        if tokio::time::timeout(std::time::Duration::from_millis(500), offered).await.is_err() {
            break;
        }
        taken += 1;
    }
    assert!(taken < 100, "{taken} requests of 63 kB were taken");
    assert!(running.service.jobs() <= 4);
    gate.open();
    for number in 1..=taken {
        assert_eq!(answers.message().await.unwrap().unwrap().number, number);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing_behind() {
    let gate = Arc::new(Gate::default());
    let settings = [("server.threads", "1"), ("server.queue", "8")];
    let running = start_with(engine(Behaviour::Waits(Arc::clone(&gate))), &settings, Extras::default()).await;
    for _ in 0..3 {
        let (send, requests) = sending();
        let mut client = presend(&running).await;
        let answers = client.stream(requests).await.unwrap();
        for _ in 0..3 {
            send.send(item("", check(MESSAGE))).await.unwrap();
        }
        while running.service.jobs() == 0 {
            tokio::task::yield_now().await;
        }
        drop((answers, client, send));
    }
    gate.open();
    while running.service.jobs() != 0 {
        tokio::task::yield_now().await;
    }
    assert!(presend(&running).await.check(check(MESSAGE)).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_checked_is_refused() {
    let gate = Arc::new(Gate::default());
    let settings = [("server.threads", "1"), ("server.queue", "1")];
    let running = start_with(engine(Behaviour::Waits(Arc::clone(&gate))), &settings, Extras::default()).await;
    let client = presend(&running).await;
    let ask = |mut client: Client| tokio::spawn(async move { client.check(check(MESSAGE)).await });
    let held = [ask(client.clone()), ask(client.clone())];
    while running.service.jobs() < 2 {
        tokio::task::yield_now().await;
    }
    let status = refused(client.clone().check(check(MESSAGE)).await);
    assert_eq!(problem(&status, Code::Unavailable), "overloaded");
    assert_eq!(status.metadata().get("retry-after").unwrap(), "1");
    assert_eq!(status.metadata().get("grpc-retry-pushback-ms").unwrap(), "1000");
    gate.open();
    for held in held {
        assert!(held.await.unwrap().is_ok());
    }
    let counts = running.get("/metrics").await.text();
    let refusals = r#"presend_http_requests_total{route="/presend.v1.Presend/Check",status="503"} 1"#;
    assert!(counts.contains(refusals), "{counts}");

    let running = start_with(engine(Behaviour::Fails), &[], Extras::default()).await;
    let outcome = presend(&running).await.check(check("7B bed 12 ezeilo K 2.9")).await.unwrap().into_inner();
    assert_eq!(outcome.model_review, "failed");
    assert_eq!(outcome.not_looked_at, ["model"]);
}

#[tokio::test]
async fn time_that_is_over_is_a_status() {
    let gate = Arc::new(Gate::default());
    let engine = engine(Behaviour::Waits(Arc::clone(&gate)));
    let running = start_with(engine, &[("limits.request_seconds", "1")], Extras::default()).await;
    let status = refused(presend(&running).await.check(check(MESSAGE)).await);
    assert_eq!(problem(&status, Code::DeadlineExceeded), "timed-out");
    gate.open();
}

#[tokio::test]
async fn a_request_that_cannot_be_met_is_a_status() {
    let running = start(&[("limits.body_bytes", "1000"), ("limits.text_bytes", "100")]).await;
    let mut client = presend(&running).await;
    let long = check(&"x".repeat(1000));
    assert_eq!(problem(&refused(client.check(long).await), Code::OutOfRange), "too-large");
    let long = check(&"x".repeat(101));
    assert_eq!(problem(&refused(client.check(long).await), Code::OutOfRange), "too-large");
    let policy = CheckRequest { policy: Some("none".to_owned()), ..check("fine") };
    assert_eq!(problem(&refused(client.check(policy).await), Code::NotFound), "unknown-policy");
    for context in [
        Context { channel: "Okafor".to_owned(), ..Context::default() },
        Context { today: "Okafor".to_owned(), ..Context::default() },
    ] {
        let status = refused(client.check(CheckRequest { context: Some(context), ..check("fine") }).await);
        assert_eq!(problem(&status, Code::InvalidArgument), "bad-request");
        assert!(status.message().contains("context.") && !status.message().contains("Okafor"));
    }
    let conversation = CheckRequest { conversation: Some(String::new()), ..check("fine") };
    assert_eq!(problem(&refused(client.check(conversation).await), Code::InvalidArgument), "bad-request");

    let mut raw = tonic::client::Grpc::new(running.channel().await);
    for (path, body, code, kind) in [
        ("/presend.v1.Presend/Check", &b"\x0a\x02\xff\xff"[..], Code::InvalidArgument, "bad-request"),
        ("/presend.v1.Presend/Check", b"\x0a\x50Okafor", Code::InvalidArgument, "bad-request"),
        ("/presend.v1.Presend/Ask", b"", Code::Unimplemented, "not-found"),
    ] {
        raw.ready().await.unwrap();
        let path = PathAndQuery::from_static(path);
        let status = refused(raw.unary(Request::new(body.to_vec()), path, Raw).await);
        assert_eq!(problem(&status, code), kind);
        assert!(!status.message().contains("Okafor"));
    }
    let json = running.post("/presend.v1.Presend/Check", "{}").await;
    assert_eq!((json.status, json.problem().as_str()), (415, "bad-media-type"));
}

/// Bytes as they are.
#[derive(Clone, Copy)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        prost::bytes::BufMut::put_slice(to, &item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        use prost::bytes::Buf as _;
        Ok(Some(from.copy_to_bytes(from.remaining()).to_vec()))
    }
}

#[tokio::test]
async fn callers_are_told_apart_and_others_kept_out() {
    let dir = tempfile::tempdir().unwrap();
    let keys = "ward:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n".to_owned();
    let audit = dir.path().join("audit.jsonl");
    let running = start(&[
        ("auth.keys_file", &write(&dir.path().join("keys"), keys)),
        ("audit.file", audit.to_str().unwrap()),
        ("limits.rate", "1"),
        ("limits.burst", "2"),
    ])
    .await;
    let mut client = presend(&running).await;
    let with = |name: &'static str, value: &'static str| {
        let mut request = Request::new(check("fine"));
        request.metadata_mut().insert(name, value.parse().unwrap());
        request
    };
    let status = refused(client.check(check("fine")).await);
    assert_eq!(problem(&status, Code::Unauthenticated), "unauthorised");
    let status = refused(client.stream(stream::iter([item("", check("fine"))])).await);
    assert_eq!(problem(&status, Code::Unauthenticated), "unauthorised");
    assert!(client.check(with("authorization", "Bearer abc")).await.is_ok());
    assert!(client.check(with("x-api-key", "abc")).await.is_ok());
    let status = refused(client.check(with("x-api-key", "abc")).await);
    assert_eq!(problem(&status, Code::ResourceExhausted), "too-many-requests");
    assert_eq!(status.metadata().get("retry-after").unwrap(), "1");
    let record = std::fs::read_to_string(&audit).unwrap();
    assert_eq!(record.matches(r#""caller":"key:ward","by":"check""#).count(), 2, "{record}");

    // What says nothing of messages is open.
    let mut health = HealthClient::new(running.channel().await);
    assert!(health.check(HealthCheckRequest::default()).await.is_ok());
    assert!(services(&running).await.contains(&"presend.v1.Presend".to_owned()));
}

#[tokio::test]
async fn foreign_names_are_kept_out() {
    let running = start(&[]).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", running.address)).unwrap();
    let channel = endpoint.origin("http://evil.example".parse().unwrap()).connect().await.unwrap();
    let status = refused(PresendClient::new(channel).check(check("fine")).await);
    assert_eq!(problem(&status, Code::PermissionDenied), "forbidden");
}

#[tokio::test]
async fn calls_go_over_tls() {
    let dir = tempfile::tempdir().unwrap();
    let own = authority("own");
    let settings = serving(dir.path(), &own);
    let running = start(&settings.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let (connector, address) = (client(&own.pem(), None, "h2"), running.address);
    let connect = tower::service_fn(move |_| {
        let connector = connector.clone();
        async move {
            let stream = tokio::net::TcpStream::connect(address).await?;
            let name = "localhost".try_into().map_err(std::io::Error::other)?;
            Ok::<_, std::io::Error>(TokioIo::new(connector.connect(name, stream).await?))
        }
    });
    // The scheme is plain for tonic alone, which has no TLS of its own here.
    let endpoint = Endpoint::from_static("http://localhost");
    let channel = endpoint.connect_with_connector(connect).await.unwrap();
    let outcome = PresendClient::new(channel).check(check(MESSAGE)).await.unwrap().into_inner();
    assert_eq!(outcome.verdict, "minimise");
}

#[tokio::test]
async fn typing_is_followed() {
    let running = start(&[]).await;
    let (send, requests) = sending();
    let mut client = presend(&running).await;
    let mut answers = client.live(requests).await.unwrap().into_inner();
    let change = |seq: Option<u64>, change| proto::LiveRequest { seq, change: Some(change) };
    let open = proto::LiveOpen {
        context: Some(Context { audience: "social".to_owned(), ..Context::default() }),
        policy: None,
        offsets: "utf-16".to_owned(),
        conversation: None,
    };
    send.send(change(None, Change::Open(open))).await.unwrap();
    let text = Change::Text("\u{1f62c} Mrs Okafor in bay 2".to_owned());
    send.send(change(Some(7), text)).await.unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    let Some(LiveAnswer::Outcome(outcome)) = answer.answer else { panic!() };
    assert_eq!((answer.seq, outcome.policy.as_str(), outcome.findings[0].start), (7, "social", 7));
    let edit = |from, to| Change::Edit(proto::LiveEdit { from, to, insert: "Haddow".to_owned() });
    send.send(change(None, edit(90, 91))).await.unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    let Some(LiveAnswer::Problem(problem)) = answer.answer else { panic!() };
    assert_eq!((answer.seq, problem.kind.as_str()), (8, "bad-edit"));
    // The text here is not the client's any more.
    send.send(change(Some(8), edit(7, 13))).await.unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    let Some(LiveAnswer::Problem(problem)) = answer.answer else { panic!() };
    assert_eq!((answer.seq, problem.kind.as_str()), (8, "bad-edit"));
    let text = Change::Text("\u{1f62c} Mrs Haddow in bay 2".to_owned());
    send.send(change(None, text)).await.unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    let Some(LiveAnswer::Outcome(_)) = answer.answer else { panic!() };
    assert_eq!(answer.seq, 9);
    send.send(change(None, Change::Sent(proto::LiveSent {}))).await.unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    let Some(LiveAnswer::Sent(sent)) = answer.answer else { panic!() };
    assert_eq!((answer.seq, sent.verdict.as_str()), (10, outcome.verdict.as_str()));
    // What was typed last is answered, though nothing comes after it.
    send.send(change(None, Change::Text("Mr Haddow again".to_owned()))).await.unwrap();
    drop(send);
    let answer = answers.message().await.unwrap().unwrap();
    let Some(LiveAnswer::Outcome(_)) = answer.answer else { panic!() };
    assert_eq!(answer.seq, 11);
    assert!(answers.message().await.unwrap().is_none());
}

#[tokio::test]
async fn typing_takes_a_place_among_the_sockets_and_gives_it_back() {
    let running = start(&[("limits.sockets", "1")]).await;
    let mut client = presend(&running).await;
    let (send, requests) = sending::<proto::LiveRequest>();
    let mut first = client.live(requests).await.unwrap().into_inner();
    let (_send, requests) = sending::<proto::LiveRequest>();
    assert_eq!(problem(&refused(client.live(requests).await), Code::Unavailable), "overloaded");
    drop(send);
    assert!(first.message().await.unwrap().is_none());
    while running.get("/metrics").await.text().contains("presend_sockets 1") {}
    let (_send, requests) = sending::<proto::LiveRequest>();
    assert!(client.live(requests).await.is_ok());
}

#[tokio::test]
async fn a_stop_ends_everything_that_is_open() {
    let gate = Arc::new(Gate::default());
    // The test ends in good time only if nothing is cut off.
    let settings = [("limits.drain_seconds", "600")];
    let engine = engine(Behaviour::Waits(Arc::clone(&gate)));
    let mut running = start_with(engine, &settings, Extras::default()).await;
    let mut client = presend(&running).await;
    let mut health = HealthClient::new(running.channel().await);
    let watch = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let mut watched = health.watch(watch("presend.v1.Presend")).await.unwrap().into_inner();
    let serving = |status: ServingStatus| status as i32;
    assert_eq!(watched.message().await.unwrap().unwrap().status, serving(ServingStatus::Serving));
    assert_eq!(health.check(watch("")).await.unwrap().into_inner().status, serving(ServingStatus::Serving));
    assert_eq!(refused(health.check(watch("other")).await).code(), Code::NotFound);

    let (send, requests) = sending();
    let mut answers = client.stream(requests).await.unwrap().into_inner();
    let (_live, changes) = sending::<proto::LiveRequest>();
    let mut live = client.live(changes).await.unwrap().into_inner();
    let (_ask, questions) = sending();
    let reflection = tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient::new(
        running.channel().await,
    )
    .server_reflection_info(questions)
    .await
    .unwrap();
    send.send(item("", check("one"))).await.unwrap();
    while running.service.jobs() == 0 {
        tokio::task::yield_now().await;
    }
    running.stop();
    assert_eq!(watched.message().await.unwrap().unwrap().status, serving(ServingStatus::NotServing));
    assert_eq!(refused(watched.message().await).code(), Code::Unavailable);
    gate.open();
    let one = answers.message().await.unwrap().unwrap();
    assert!(one.number == 1 && matches!(one.result, Some(StreamResult::Outcome(_))));
    assert_eq!(problem(&refused(answers.message().await), Code::Unavailable), "stopping");
    assert_eq!(problem(&refused(live.message().await), Code::Unavailable), "stopping");
    assert!(reflection.into_inner().message().await.unwrap().is_none());
    running.ended().await;
}

/// The services that reflection names.
async fn services(running: &Running) -> Vec<String> {
    use tonic_reflection::pb::v1alpha::ServerReflectionRequest;
    use tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1alpha::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1alpha::server_reflection_response::MessageResponse;

    let request = ServerReflectionRequest {
        message_request: Some(MessageRequest::ListServices(String::new())),
        ..ServerReflectionRequest::default()
    };
    let mut client = ServerReflectionClient::new(running.channel().await);
    let mut answers = client.server_reflection_info(stream::iter([request])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::ListServicesResponse(list)) = answer else { panic!() };
    list.service.into_iter().map(|service| service.name).collect()
}

/// Messages that are known from their description alone.
#[derive(Clone)]
struct Dynamic(MessageDescriptor);

impl Codec for Dynamic {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        self.clone()
    }

    fn decoder(&mut self) -> Self {
        self.clone()
    }
}

impl Encoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, item: DynamicMessage, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        item.encode(to).map_err(|error| Status::internal(error.to_string()))
    }
}

impl Decoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        let message = DynamicMessage::decode(self.0.clone(), from);
        message.map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}

/// As `grpcurl -plaintext -d '{"text": ...}' ADDRESS presend.v1.Presend/Check` does it.
#[tokio::test]
async fn a_client_that_knows_reflection_alone_checks_a_message() {
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

    let running = start(&[]).await;
    let symbol = services(&running).await.into_iter().find(|name| name.starts_with("presend.")).unwrap();
    let request = ServerReflectionRequest {
        message_request: Some(MessageRequest::FileContainingSymbol(symbol.clone())),
        ..ServerReflectionRequest::default()
    };
    let mut client = ServerReflectionClient::new(running.channel().await);
    let mut answers: Streaming<ServerReflectionResponse> =
        client.server_reflection_info(stream::iter([request])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::FileDescriptorResponse(files)) = answer else { panic!() };
    let mut pool = DescriptorPool::new();
    for file in files.file_descriptor_proto {
        pool.decode_file_descriptor_proto(file.as_slice()).unwrap();
    }
    let service = pool.get_service_by_name(&symbol).unwrap();
    let method = service.methods().find(|method| method.name() == "Check").unwrap();
    let body = json!({ "text": MESSAGE, "offsets": "utf-16", "context": { "audience": "social" } });
    let request = DynamicMessage::deserialize(method.input(), body).unwrap();
    let mut grpc = tonic::client::Grpc::new(running.channel().await);
    grpc.ready().await.unwrap();
    let path = format!("/{}/{}", service.full_name(), method.name()).parse().unwrap();
    let outcome = grpc.unary(Request::new(request), path, Dynamic(method.output())).await.unwrap();
    let outcome = serde_json::to_value(outcome.into_inner()).unwrap();
    assert_eq!((&outcome["verdict"], &outcome["policy"]), (&json!("block"), &json!("social")));
    assert_eq!(outcome["findings"][0]["label"], "PERSON");
}

#[tokio::test]
async fn nothing_typed_is_checked_after_a_refused_open() {
    let running = start(&[]).await;
    let mut client = presend(&running).await;
    let (send, requests) = sending::<proto::LiveRequest>();
    let mut answers = client.live(requests).await.unwrap().into_inner();
    let change = |change| proto::LiveRequest { seq: None, change: Some(change) };
    let open = |audience: &str| {
        let context = Some(Context { audience: audience.to_owned(), ..Context::default() });
        Change::Open(proto::LiveOpen { context, ..proto::LiveOpen::default() })
    };
    let text = || Change::Text("Mrs Okafor in bay 2".to_owned());
    send.send(change(open("socal"))).await.unwrap();
    send.send(change(text())).await.unwrap();
    for _ in 0..2 {
        let answer = answers.message().await.unwrap().unwrap().answer;
        let Some(LiveAnswer::Problem(problem)) = answer else { panic!() };
        assert_eq!(problem.kind, "bad-request");
    }
    send.send(change(open("social"))).await.unwrap();
    send.send(change(text())).await.unwrap();
    let Some(LiveAnswer::Outcome(outcome)) = answers.message().await.unwrap().unwrap().answer else {
        panic!()
    };
    assert_eq!(outcome.policy, "social");
}
