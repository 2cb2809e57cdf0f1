//! A service on a free port, and a client that speaks to it over TCP.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "tests of a leaf"
)]

pub mod tls;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};

use axum::body::{Body, Bytes};
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use presend::{Engine, Review, Reviewer};
use presend_detect::Reading;
use presend_service::http::Extras;
use presend_service::server::Server;
use presend_service::{Config, Service};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};

/// A message with invented people; the number is of the range that is never given out.
pub const MESSAGE: &str = "Mrs Doris Ekwueme NHS 999 123 4004, bloods at 6";

pub struct Running {
    pub address: SocketAddr,
    pub service: Service,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The problem's kind, once it is well-formed.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        assert!(problem["title"].is_string() && problem["detail"].is_string());
        problem["type"].as_str().unwrap().strip_prefix("urn:presend:problem:").unwrap().to_owned()
    }
}

pub fn config(settings: &[(&str, &str)]) -> Config {
    let all = [("server.listen", "127.0.0.1:0"), ("server.threads", "2")];
    let all: Vec<(String, String)> =
        all.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(None, [], &all).unwrap()
}

pub async fn start(settings: &[(&str, &str)]) -> Running {
    start_with(Engine::new(), settings, Extras::default()).await
}

pub async fn start_with(engine: Engine, settings: &[(&str, &str)], extras: Extras) -> Running {
    let config = config(settings);
    let service = Service::builder(Arc::new(engine)).start(&config).unwrap();
    serve_with(&config, service, &extras).await
}

pub async fn serve(config: &Config, service: Service) -> Running {
    serve_with(config, service, &Extras::default()).await
}

async fn serve_with(config: &Config, service: Service, extras: &Extras) -> Running {
    let server = Server::bind(config, service.clone(), extras).await.unwrap();
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    Running { address, service, stop: Some(stop), task }
}

impl Running {
    pub fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub async fn ended(self) {
        self.task.await.unwrap();
    }

    pub async fn tcp(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection for clients of gRPC.
    pub async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body.into()).await
    }

    pub async fn check(&self, text: &str) -> Answer {
        self.post("/v1/check", serde_json::json!({ "text": text }).to_string()).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        collect(exchange(self.tcp().await, self.address, method, path, headers, body).await).await
    }

    /// Sends lines and reads lines, each when the caller likes.
    pub async fn stream(&self, path: &str) -> Lines {
        let (send, receive) = mpsc::channel::<Bytes>(1);
        let body = stream::unfold(receive, async |mut receive| {
            receive.recv().await.map(|bytes| (Ok::<_, Infallible>(bytes), receive))
        });
        let headers = [("content-type", "application/x-ndjson")];
        let body = Body::from_stream(body);
        let response = exchange(self.tcp().await, self.address, "POST", path, &headers, body).await;
        assert_eq!(response.status(), 200);
        Lines { send: Some(send), body: response.into_body(), rest: Vec::new() }
    }
}

pub struct Lines {
    pub send: Option<mpsc::Sender<Bytes>>,
    body: Incoming,
    rest: Vec<u8>,
}

impl Lines {
    pub async fn write(&self, bytes: impl Into<Bytes>) {
        self.send.as_ref().unwrap().send(bytes.into()).await.unwrap();
    }

    pub fn finish(&mut self) {
        self.send = None;
    }

    pub async fn read(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).unwrap());
            }
            let frame = self.body.frame().await?.ok()?;
            self.rest.extend_from_slice(&frame.into_data().unwrap());
        }
    }
}

pub async fn exchange<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Response<Incoming> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", address.to_string());
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    sender.send_request(request.body(body).unwrap()).await.unwrap()
}

pub async fn collect(response: Response<Incoming>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// What a stream holds, in chunks of a size.
pub fn repeated(byte: u8, chunks: usize, size: usize) -> Body {
    let chunk = Bytes::from(vec![byte; size]);
    Body::from_stream(stream::iter(0..chunks).map(move |_| Ok::<_, Infallible>(chunk.clone())))
}

/// A model that fails, panics or waits, as told.
pub struct Model(pub Behaviour);

pub enum Behaviour {
    Fails,
    Panics,
    Waits(Arc<Gate>),
}

#[derive(Default)]
pub struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    pub fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

impl Reviewer for Model {
    fn id(&self) -> &str {
        "test"
    }

    fn runtime(&self) -> &str {
        "none"
    }

    fn review(&self, readings: &mut [Reading], reviews: &mut Vec<Review>) {
        let review = match &self.0 {
            Behaviour::Fails => Review::Failed,
            Behaviour::Panics => panic!("words of the message"),
            Behaviour::Waits(gate) => {
                let closed = gate.is_open.lock().unwrap();
                drop(gate.opened.wait_while(closed, |is_open| !*is_open).unwrap());
                Review::Read
            }
        };
        reviews.extend(readings.iter().map(|_| review));
    }
}

pub fn engine(behaviour: Behaviour) -> Engine {
    Engine::builder().reviewer(Box::new(Model(behaviour))).build()
}
