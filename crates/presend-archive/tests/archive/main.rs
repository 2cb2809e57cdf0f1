//! Tests of the archive readers, writers and the batch runner, through the public interface.

#![allow(clippy::disallowed_methods, reason = "tests read the sample files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests may fail"
)]

mod messages;
mod package;
mod parse;
mod redact;
mod samples;
mod support;
