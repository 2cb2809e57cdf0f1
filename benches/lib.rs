//! What the benches share: the mix of messages, interleaved timing, figures of the process. See README.md beside this
//! file.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    reason = "a bench reads files and the clock, and stops where its input is broken"
)]

pub mod automaton;
pub mod configurations;
pub mod machine;
pub mod mix;
pub mod rounds;

/// Whether the program was started by `cargo bench`; `cargo test --all-targets` starts benches too, to see that they run.
#[must_use]
pub fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// The first argument that is a number, such as 31 in `cargo bench --bench ratios -- 31`.
#[must_use]
pub fn number_argument() -> Option<usize> {
    std::env::args().skip(1).find_map(|argument| argument.parse().ok())
}
