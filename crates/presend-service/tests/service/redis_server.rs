//! A real Redis server of a test's own.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests"
)]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to start before that counts as a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a port of its own that keeps nothing on disk; it ends when it is dropped.
pub struct Redis {
    child: Option<Child>,
    port: u16,
    certificate: Option<Certificate>,
}

/// The files of a server that speaks TLS alone.
pub struct Certificate {
    pub chain: String,
    pub key: String,
}

impl Redis {
    pub fn start() -> Self {
        Self::start_with(None)
    }

    pub fn start_with(certificate: Option<Certificate>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut redis = Self { child: None, port, certificate };
        redis.start_again();
        redis
    }

    /// Starts where the one before was, with nothing in it.
    pub fn start_again(&mut self) {
        let port = self.port.to_string();
        let listening = match &self.certificate {
            None => vec!["--port", &port],
            Some(Certificate { chain, key }) => vec![
                "--port",
                "0",
                "--tls-port",
                &port,
                "--tls-cert-file",
                chain,
                "--tls-key-file",
                key,
                "--tls-auth-clients",
                "no",
            ],
        };
        let child = Command::new("redis-server")
            .args(listening)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn();
        match child {
            Ok(child) => self.child = Some(child),
            Err(error) if error.kind() == ErrorKind::NotFound => panic!(
                "this test needs redis-server: `cargo xtask check` installs it, or `apt-get install redis-server`"
            ),
            Err(error) => panic!("redis-server does not start: {error}"),
        }
        let begun = Instant::now();
        while !self.answers() {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "redis-server ended: another process may have taken port {port}");
            assert!(begun.elapsed() < PATIENCE, "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        if self.certificate.is_some() {
            return true;
        }
        let mut answer = [0; 5];
        stream.write_all(b"PING\r\n").is_ok() && stream.read_exact(&mut answer).is_ok() && answer == *b"+PONG"
    }

    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "rediss" } else { "redis" };
        format!("{scheme}://127.0.0.1:{}/0", self.port)
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
