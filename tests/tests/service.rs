//! `presend serve` as a process: what outlives it, and what it answers to signals.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "it starts the binary and speaks to it over TCP"
)]

#[path = "../../crates/presend-service/tests/common/redis.rs"]
mod redis;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use redis::Redis;
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_presend-under-test");

/// A service that is killed when it is dropped, as by SIGKILL.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(BINARY)
            .args(["serve", "--model", "none", "--listen", "127.0.0.1:0"])
            .args(arguments)
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
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let body: Value = serde_json::from_str(body).expect("JSON");
        body["safer_text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
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
