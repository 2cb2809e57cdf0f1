//! The service under load, over loopback from this process to one of its own that serves: streams against the library,
//! latency at half of the peak, memory over a long stream, and many sockets at a time. Prints the rows of README's table.
//!
//! `cargo bench -p presend-benches --bench load -- 7` runs seven rounds.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a bench prints its figures, reads the clock and starts itself anew"
)]

use std::env;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::{SinkExt as _, StreamExt as _, stream};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use presend::{Context, Conversation, Engine, Scratch};
use presend_benches::mix::Mix;
use presend_benches::rounds::quartiles;
use presend_benches::{is_measured, machine, number_argument};
use presend_service::grpc::proto::stream_response::Result as Answered;
use presend_service::grpc::proto::{CheckRequest, StreamRequest, StreamResponse};
use presend_service::http::Extras;
use presend_service::{Clock as _, Config, Service, SystemClock, server};
use prost::Message as _;
use prost::bytes::{Buf as _, BufMut as _};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Endpoint;
use tonic::{Request as Call, Status};

/// Says that this process is the one that serves, and by how many engine threads.
const SERVE: &str = "PRESEND_BENCH_SERVE";
/// The aims: the share of the library's rate that streams reach, the 99th percentile of a check's latency over the median,
/// and how far memory may grow from a tenth of a long stream to its end.
const LEAST_SHARE: f64 = 0.7;
const MOST_TAIL: f64 = 5.0;
const MOST_GROWTH: f64 = 1.1;

/// How much of everything is done.
struct Size {
    messages: usize,
    rounds: usize,
    long: usize,
    sockets: usize,
    seconds: u64,
}

fn main() {
    if let Ok(threads) = env::var(SERVE) {
        return serve(&threads);
    }
    let size = if is_measured() {
        let rounds = number_argument().unwrap_or(7);
        Size { messages: 20_000, rounds, long: 1_000_000, sockets: 1_000, seconds: 5 }
    } else {
        Size { messages: 300, rounds: 1, long: 3_000, sockets: 20, seconds: 1 }
    };
    println!("{}", machine::describe());
    let mix = Mix::chat(size.messages, 1);
    println!("{}; {} rounds; rules alone", mix.describe(), size.rounds);
    let texts: Vec<String> = mix.texts().map(str::to_owned).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!(
        "\n| engine threads | side | messages/s | of the library, quartiles | aim |\n| ---: | --- | ---: | --- | ---: |"
    );
    for threads in [1, cores] {
        streams(threads, &texts, size.rounds, &runtime);
    }
    println!("\n| what | figure | aim |\n| --- | ---: | ---: |");
    // The service has all cores but one and the client has that one, so that neither waits for the other.
    use_cores(1..cores);
    let served = Served::start(cores.saturating_sub(1).max(1));
    use_cores(0..1);
    runtime.block_on(latency(served.address, &texts, size.seconds, size.rounds));
    use_cores(0..cores);
    drop(served);
    let served = Served::start(cores);
    runtime.block_on(sockets(served.address, size.sockets));
    memory(&served, &texts, size.long);
}

/// Serves until it is killed; prints where.
fn serve(threads: &str) {
    let settings = [
        ("server.listen", "127.0.0.1:0"),
        ("server.threads", threads),
        ("limits.rate", "0"),
        ("log.level", "warn"),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(None, [], &settings).expect("the settings are right");
    let service = Service::builder(Arc::new(Engine::new())).start(&config).expect("the service starts");
    server::run(&config, service, &Extras::default(), |address| println!("{address}")).expect("it serves");
}

/// A process of this program that serves; it ends with this value.
struct Served {
    process: Child,
    address: SocketAddr,
}

impl Served {
    fn start(threads: usize) -> Self {
        let mut process = Command::new(env::current_exe().expect("the program knows its path"))
            .arg("--bench")
            .env(SERVE, threads.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts itself");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().parse().expect("it says an address");
        Self { process, address }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Has this thread, and what it starts from now on, run on these cores alone, where there are any and the system can.
fn use_cores(cores: Range<usize>) {
    #[cfg(target_os = "linux")]
    if !cores.is_empty() {
        let mut set = rustix::thread::CpuSet::new();
        cores.for_each(|core| set.set(core));
        // Where it is not allowed, they share all cores.
        let _ = rustix::thread::sched_setaffinity(None, &set);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = cores;
}

/// One way to have all messages checked: its name, and a pass that gives what counts the findings once the clock stands.
type Side<'a> = (&'static str, Box<dyn FnMut() -> Count + 'a>);
type Count = Box<dyn FnOnce() -> usize>;

fn counted(found: usize) -> Count {
    Box::new(move || found)
}

/// The rates of both streams beside that of the library in this process, in turn.
fn streams(threads: usize, texts: &[String], rounds: usize, runtime: &tokio::runtime::Runtime) {
    let served = Served::start(threads);
    let engine = Engine::new();
    let body = Arc::new(lines(texts));
    let requests: Vec<Bytes> = texts.iter().map(|text| request(text).encode_to_vec().into()).collect();
    let expected = library(&engine, 1, texts);
    let mut sides: [Side<'_>; 3] = [
        ("library", Box::new(|| counted(library(&engine, threads, texts)))),
        ("NDJSON stream", Box::new(|| counted(ndjson(served.address, &body, texts.len())))),
        ("gRPC stream", Box::new(|| runtime.block_on(grpc(served.address, requests.clone())))),
    ];
    let mut rates = vec![Vec::new(); sides.len()];
    for round in 0..=rounds {
        for ((name, side), rates) in sides.iter_mut().zip(&mut rates) {
            let begun = Instant::now();
            let count = side();
            let taken = begun.elapsed().as_secs_f64();
            assert_eq!(count(), expected, "{name} found something else");
            if round > 0 {
                rates.push(texts.len() as f64 / taken);
            }
        }
    }
    for ((name, _), own) in sides.iter().zip(&rates) {
        let [_, rate, _] = quartiles(own.iter().copied());
        let [low, share, high] = quartiles(own.iter().zip(&rates[0]).map(|(own, library)| own / library));
        let share = format!("{share:.2} ({low:.2} to {high:.2})");
        let (share, aim) = if *name == "library" {
            (String::new(), String::new())
        } else {
            (share, LEAST_SHARE.to_string())
        };
        println!("| {threads} | {name} | {rate:.0} | {share} | {aim} |");
    }
}

/// Checks every message on so many threads; gives how many findings there were.
fn library(engine: &Engine, threads: usize, texts: &[String]) -> usize {
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut scratch, mut found) = (Scratch::default(), 0);
        let context = Context { today: Some(SystemClock::default().today()), ..Context::default() };
        let policy = engine.policy_for(&context);
        while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut conversation = Conversation::within(context);
            let outcome = engine.check_under(&policy, &mut scratch, text, &mut conversation);
            // Outcomes work these out when they are asked, and what streams answer holds them.
            let identifiability = &outcome.identifiability;
            black_box([identifiability.before(), identifiability.after(), identifiability.conversation()]);
            found += outcome.findings.len();
        }
        found
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        work() + others.into_iter().map(|other| other.join().expect("no thread panics")).sum::<usize>()
    })
}

/// The messages as lines of a stream.
fn lines(texts: &[String]) -> Vec<u8> {
    let mut lines = Vec::new();
    for text in texts {
        serde_json::to_writer(&mut lines, &serde_json::json!({ "text": text }))
            .expect("strings have a form in JSON");
        lines.push(b'\n');
    }
    lines
}

/// Sends lines in chunks and counts the findings of the answers.
fn ndjson(address: SocketAddr, body: &Arc<Vec<u8>>, messages: usize) -> usize {
    let mut socket = TcpStream::connect(address).expect("the service takes connections");
    let head = "POST /v1/stream HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    socket.write_all(head.as_bytes()).expect("the service reads");
    let mut sending = socket.try_clone().expect("a socket can be had twice");
    let body = Arc::clone(body);
    let writer = thread::spawn(move || {
        for chunk in body.chunks(16 * 1024) {
            let frame = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
            sending.write_all(&frame).expect("the service reads");
        }
        sending.write_all(b"0\r\n\r\n").expect("the service reads");
    });
    let (answers, found) = count(&mut socket);
    writer.join().expect("the writer ends");
    assert_eq!(answers, messages, "a line has no outcome");
    found
}

/// Counts outcomes and findings in an answer, which is not read as JSON: the client is not what is measured.
fn count(socket: &mut TcpStream) -> (usize, usize) {
    let (mut outcomes, mut found, mut kept) = (0, 0, Vec::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = socket.read(&mut buffer).expect("the service answers");
        kept.extend_from_slice(&buffer[..length]);
        let whole = memchr::memrchr(b'\n', &kept).map_or(0, |end| end + 1);
        outcomes += memchr::memmem::find_iter(&kept[..whole], b"\"outcome\":{").count();
        found += memchr::memmem::find_iter(&kept[..whole], b"\"start\":").count();
        kept.drain(..whole);
        if length == 0 {
            return (outcomes, found);
        }
    }
}

fn request(text: &str) -> StreamRequest {
    StreamRequest {
        check: Some(CheckRequest { text: text.to_owned(), ..CheckRequest::default() }),
        ..StreamRequest::default()
    }
}

/// Leaves messages as they are on the wire: the client is not what is measured.
#[derive(Clone, Copy)]
struct AsTheyAre;

impl Codec for AsTheyAre {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for AsTheyAre {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put(message);
        Ok(())
    }
}

impl Decoder for AsTheyAre {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}

/// Sends messages over a gRPC stream and keeps the answers.
async fn grpc(address: SocketAddr, requests: Vec<Bytes>) -> Count {
    let messages = requests.len();
    let channel = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    let channel = channel.connect().await.expect("the service takes connections");
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("the channel is open");
    let path = "/presend.v1.Presend/Stream".try_into().expect("a path");
    let answers = client.streaming(Call::new(stream::iter(requests)), path, AsTheyAre).await;
    let mut answers = answers.expect("the stream opens").into_inner();
    let mut kept = Vec::with_capacity(messages);
    while let Some(answer) = answers.message().await.expect("the stream holds") {
        kept.push(answer);
    }
    Box::new(move || {
        assert_eq!(kept.len(), messages, "a message has no answer");
        let findings = kept.into_iter().map(|answer| {
            let answer = StreamResponse::decode(answer).expect("an answer is a message");
            let Some(Answered::Outcome(outcome)) = answer.result else { return None };
            Some(outcome.findings.len())
        });
        findings.sum::<Option<usize>>().expect("every message has an outcome")
    })
}

type Connection = SendRequest<Full<Bytes>>;

async fn connect(address: SocketAddr) -> Connection {
    let socket = tokio::net::TcpStream::connect(address).await.expect("the service takes connections");
    socket.set_nodelay(true).expect("a socket has the option");
    let (sender, connection) = http1::handshake(TokioIo::new(socket)).await.expect("the service speaks HTTP");
    tokio::spawn(connection);
    sender
}

/// Asks for something that every service has, or for a check of a message.
async fn ask(connection: &mut Connection, message: Option<Bytes>) {
    let request = match message {
        None => Request::get("/healthz").header("host", "127.0.0.1").body(Full::default()),
        Some(message) => Request::post("/v1/check")
            .header("host", "127.0.0.1")
            .header("content-type", "application/json")
            .body(Full::new(message)),
    };
    let response = connection.send_request(request.expect("the request is right")).await;
    let response = response.expect("the service answers");
    assert!(response.status().is_success(), "a request was refused: {}", response.status());
    response.into_body().collect().await.expect("the answer is whole");
}

/// The peak rate of checks, then the latency of checks that come evenly at half of it, beside that of requests which need
/// no work: what these wait for is the machine and the client.
async fn latency(address: SocketAddr, texts: &[String], seconds: u64, rounds: usize) {
    let bodies: Arc<[Bytes]> =
        texts.iter().map(|text| serde_json::json!({ "text": text }).to_string().into()).collect();
    let end = Instant::now() + Duration::from_secs(seconds);
    let busy = (0..16).map(|from| {
        let bodies = Arc::clone(&bodies);
        async move {
            let (mut connection, mut done) = (connect(address).await, 0);
            for body in bodies.iter().cycle().skip(from * 97) {
                if Instant::now() > end {
                    break;
                }
                ask(&mut connection, Some(body.clone())).await;
                done += 1;
            }
            done
        }
    });
    let done: usize = join_all(busy).await.into_iter().sum();
    let peak = done as f64 / seconds as f64;
    println!("| peak of `/v1/check`, 16 connections | {peak:.0} a second | |");

    let (mut nothing, mut checks) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        nothing.push(paced(address, &bodies, false, peak / 2.0, seconds).await);
        checks.push(paced(address, &bodies, true, peak / 2.0, seconds).await);
    }
    for (what, all, aim) in
        [("`/healthz`", nothing, String::new()), ("`/v1/check`", checks, format!("under {MOST_TAIL} times"))]
    {
        let [_, median, _] = quartiles(all.iter().map(|[median, _]| *median));
        let [_, tail, _] = quartiles(all.iter().map(|[_, tail]| *tail));
        let [low, share, high] = quartiles(all.iter().map(|[median, tail]| tail / median));
        println!("| {what} at half of that, median | {median:.2} ms | |");
        println!(
            "| 99th percentile | {tail:.2} ms, {share:.1} ({low:.1} to {high:.1}) times the median | {aim} |"
        );
    }
}

/// The median and the 99th percentile of the latency of requests that come evenly, in milliseconds.
async fn paced(
    address: SocketAddr,
    bodies: &Arc<[Bytes]>,
    is_check: bool,
    rate: f64,
    seconds: u64,
) -> [f64; 2] {
    // Every connection has its own even clock; a request that is due while the last one runs is late, and that counts.
    const CONNECTIONS: usize = 32;
    let gap = Duration::from_secs_f64(CONNECTIONS as f64 / rate);
    let begin = Instant::now() + Duration::from_millis(200);
    let clients = (0..CONNECTIONS).map(|number| {
        let bodies = Arc::clone(bodies);
        async move {
            let (mut connection, mut times) = (connect(address).await, Vec::new());
            let first = begin + gap.mul_f64(number as f64 / CONNECTIONS as f64);
            for (due, body) in
                (0..).map(|count| first + gap * count).zip(bodies.iter().cycle().skip(number * 97))
            {
                if due > begin + Duration::from_secs(seconds) {
                    break;
                }
                tokio::time::sleep_until(due.into()).await;
                ask(&mut connection, is_check.then(|| body.clone())).await;
                times.push(due.elapsed().as_secs_f64() * 1e3);
            }
            times
        }
    });
    let mut times: Vec<f64> = join_all(clients).await.into_iter().flatten().collect();
    times.sort_by(f64::total_cmp);
    [0.5, 0.99].map(|share| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default())
}

/// Opens so many sockets and has a message checked on each, while all of them are open, twice.
async fn sockets(address: SocketAddr, number: usize) {
    let begun = Instant::now();
    let opened = (0..number).map(|_| async {
        let request = format!("ws://{address}/v1/live").into_client_request().expect("an address");
        let socket = tokio::net::TcpStream::connect(address).await.expect("the service takes connections");
        tokio_tungstenite::client_async(request, socket).await.expect("the service takes sockets").0
    });
    let mut open = stream::iter(opened).buffered(64).collect::<Vec<_>>().await;
    for seq in 1..=2 {
        let asked = open.iter_mut().map(|socket| async move {
            let frame = serde_json::json!({ "type": "text", "seq": seq, "text": "pt Doris Ekwueme NHS 999 123 4004" });
            socket.send(Message::text(frame.to_string())).await.expect("the socket is open");
            while let Some(Ok(frame)) = socket.next().await {
                if let Message::Text(text) = frame {
                    let answer: serde_json::Value = serde_json::from_str(&text).expect("answers are JSON");
                    return answer["seq"] == seq && answer["outcome"]["findings"].as_array().is_some_and(|all| all.len() == 2);
                }
            }
            false
        });
        let right = join_all(asked).await.into_iter().filter(|right| *right).count();
        assert_eq!(right, number, "a socket was not answered");
    }
    println!(
        "| sockets open at a time, each answered twice | {number} in {:.1} s | 1000 |",
        begun.elapsed().as_secs_f64()
    );
}

/// Sends a long stream and reads the server's memory as it goes.
fn memory(served: &Served, texts: &[String], messages: usize) {
    let body = Arc::new(lines(texts));
    let held = || machine::memory_of(served.process.id()).map_or(0.0, machine::megabytes);
    let (mut sent, mut early) = (0, 0.0);
    while sent < messages {
        ndjson(served.address, &body, texts.len());
        sent += texts.len();
        if early == 0.0 && sent * 10 >= messages {
            early = held();
        }
    }
    let late = held();
    println!(
        "| memory of the service after {} messages, and after {sent} | {early:.1} MB, {late:.1} MB | {MOST_GROWTH} times at most |",
        messages / 10
    );
    assert!(late <= early * MOST_GROWTH + 1.0, "memory grows: {early:.1} MB, then {late:.1} MB");
}
