//! The service of presend: [`Service`] checks messages on a bounded pool of threads, [`http`] answers for it over
//! HTTP and WebSocket, [`grpc`] over gRPC, and [`server`] listens.
//!
//! No message text goes into logs, metrics, errors or the audit log, and what could not be checked is refused or said to
//! be incomplete, never passed as clean.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a leaf: it has a clock, threads, files and the network"
)]

pub mod api;
pub mod audit;
pub mod auth;
mod clock;
pub mod config;
pub mod conversations;
pub mod grpc;
pub mod http;
mod jwt;
mod keys;
mod limits;
mod live;
pub mod logging;
mod metrics;
pub mod page;
mod pool;
pub mod presidio;
mod problem;
mod read;
pub mod server;
mod service;
mod tls;
pub mod traces;
mod window;

pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Config, ConfigError};
pub use keys::Keys;
pub use metrics::Metrics;
pub use pool::Lane;
pub use problem::{Problem, ProblemKind};
pub use service::{Batch, Check, Live, Redacted, Service, ServiceBuilder};
