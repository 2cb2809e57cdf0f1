//! The service as its clients meet it: one program, since each costs a link of the whole service. `canary.rs` and
//! `stream.rs` stand alone, for they look at what is the whole process's: what it tells `tracing`, and its memory.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests of a leaf, with helpers outside test functions"
)]

mod collector;
mod common;
mod grpc;
mod http;
mod live;
mod presidio;
mod redis;
mod redis_server;
mod security;
mod traces;
