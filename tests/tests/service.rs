//! `presend serve` as a process: what outlives it, and what it answers to signals.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "it starts the binary and speaks to it over TCP"
)]

#[path = "../../crates/presend-service/tests/service/redis_server.rs"]
mod redis;
#[allow(dead_code, clippy::unwrap_used, unreachable_pub, reason = "a part of it is used here")]
#[path = "../../crates/presend-service/tests/service/common/tls.rs"]
mod tls;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use redis::{Certificate, Redis};
use serde_json::{Value, json};
use tls::{authority, certificate, write};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

const BINARY: &str = env!("CARGO_BIN_EXE_presend-under-test");

/// A service that is killed when it is dropped, as by SIGKILL.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        Self::start_trusting(None, arguments)
    }

    /// A service on a computer that trusts the certificates of this file and no others.
    fn start_trusting(trusted: Option<&str>, arguments: &[&str]) -> Self {
        let mut child = Command::new(BINARY)
            .args(["serve", "--model", "none", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(trusted.map(|file| ("SSL_CERT_FILE", file)))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split_once(": "));
        let (address, _) = address.expect("it says where it listens");
        Self { child, address: address.to_owned() }
    }

    /// The safer text of a message of the conversation `ward 7`.
    fn safer(&self, text: &str) -> String {
        let (head, body) = self.check(text);
        let body: Value = serde_json::from_str(&body).expect("JSON");
        body["safer_text"].as_str().unwrap_or_else(|| panic!("{head}")).to_owned()
    }

    /// The head and the body of the answer to a message of the conversation `ward 7`.
    fn check(&self, text: &str) -> (String, String) {
        let body = json!({ "text": text, "conversation": "ward 7", "policy": "archive" }).to_string();
        let head = format!(
            "POST /v1/check HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all((head + &body).as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
        (head.to_owned(), body.to_owned())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().expect("it is there to be killed");
        self.child.wait().expect("it ends");
    }
}

#[test]
fn a_conversation_in_redis_outlives_a_service_that_is_killed() {
    let redis = Redis::start();
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("keys");
    let keys = keys.to_str().expect("a name in UTF-8");
    let made = Command::new(BINARY).args(["keys", "new", keys]).output().expect("it runs");
    assert!(made.status.success());
    let store = redis.url();
    let arguments = ["--key-file", keys, "--conversations", &store];

    let first = Serving::start(&arguments);
    assert_eq!(first.safer("seen Mrs Okafor"), "seen Mrs [PERSON 1]");
    assert_eq!(first.safer("and Mr Haddow"), "and Mr [PERSON 2]");
    drop(first);
    let second = Serving::start(&arguments);
    assert_eq!(second.safer("ring Mr Haddow"), "ring Mr [PERSON 2]");
    assert_eq!(second.safer("ring Mrs Okafor"), "ring Mrs [PERSON 1]");
}

#[test]
fn redis_over_tls_is_held_to_its_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: String| write(&folder.path().join(name), text);
    let (own, other) = (authority("own"), authority("other"));
    let (chain, key) = certificate("127.0.0.1", &own, false);
    let certificate = Certificate { chain: file("redis.pem", chain), key: file("redis.key", key) };
    let redis = Redis::start_with(Some(certificate));
    let keys = file("keys", format!("1 {}\n", "0123456789abcdef".repeat(4)));
    let store = redis.url();
    assert!(store.starts_with("rediss:"));
    let arguments = ["--key-file", &keys, "--conversations", &store];

    let trusted = file("own.pem", own.pem());
    let first = Serving::start_trusting(Some(&trusted), &arguments);
    assert_eq!(first.safer("seen Mrs Okafor"), "seen Mrs [PERSON 1]");
    drop(first);
    let second = Serving::start_trusting(Some(&trusted), &arguments);
    assert_eq!(second.safer("and Mr Haddow"), "and Mr [PERSON 2]");

    // A server that a stranger vouches for is asked nothing, and no answer is made up in its place.
    let stranger = Serving::start_trusting(Some(&file("other.pem", other.pem())), &arguments);
    let (head, _) = stranger.check("ring Mr Haddow");
    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
}

/// Answers one request over TLS with 200, and gives it.
fn answer_once(listener: &TcpListener, (chain, key): &(String, String)) -> Vec<u8> {
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(chain.as_bytes()).expect("a certificate")],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key"),
        )
        .expect("a certificate with its key");
    let (stream, _) = listener.accept().expect("a client");
    let session = ServerConnection::new(Arc::new(config)).expect("a session");
    let mut stream = BufReader::new(StreamOwned::new(session, stream));
    let (mut request, mut length) = (Vec::new(), 0);
    loop {
        let from = request.len();
        stream.read_until(b'\n', &mut request).expect("a head");
        let line = String::from_utf8_lossy(&request[from..]).to_lowercase();
        if let Some(said) = line.strip_prefix("content-length:") {
            length = said.trim().parse().expect("a number");
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("a body");
    request.append(&mut body);
    let answer = stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    answer.and_then(|()| stream.get_mut().flush()).expect("it reads");
    request
}

#[test]
fn spans_go_to_a_collector_over_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = authority("own");
    let trusted = write(&folder.path().join("own.pem"), own.pem());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let collector =
        std::thread::spawn(move || answer_once(&listener, &certificate("127.0.0.1", &own, false)));

    let endpoint = format!("traces.endpoint=https://127.0.0.1:{port}");
    let serving = Serving::start_trusting(Some(&trusted), &["--set", &endpoint]);
    let (head, _) = serving.check("seen Mrs Okafor");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let request = collector.join().expect("a request");
    let request = String::from_utf8_lossy(&request);
    assert!(request.starts_with("POST /v1/traces "), "{request}");
    assert!(request.contains("/v1/check") && !request.contains("Okafor"), "{request}");
}

#[test]
fn redis_without_keys_or_with_a_wrong_url_is_refused_before_it_serves() {
    let check = |arguments: &[&str]| {
        let output = Command::new(BINARY).args(["serve", "--check-config"]).args(arguments).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let said = check(&["--conversations", "redis://:hunter2@127.0.0.1:1"]);
    assert!(said.contains("presend keys new") && !said.contains("hunter2"), "{said}");
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("keys");
    std::fs::write(&keys, format!("1 {}\n", "0123456789abcdef".repeat(4))).expect("a file");
    let keys = keys.to_str().expect("a name in UTF-8");
    let said = check(&["--key-file", keys, "--conversations", "http://:hunter2@127.0.0.1:1"]);
    assert!(said.contains("conversations.store takes") && !said.contains("hunter2"), "{said}");
}
