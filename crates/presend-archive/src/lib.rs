//! Chat exports and files of messages: read, looked through in parallel, and written with their identifiers rewritten.
//!
//! | input | look | rewrite |
//! | --- | --- | --- |
//! | a WhatsApp export, text or zip | [`scan_export`] | [`redact_export`] |
//! | messages, one a line, plain or JSONL | [`scan_messages`] | [`redact_messages`] |
//!
//! All four take an [`Engine`](presend::Engine), [`Options`] and a function that is told of [`Progress`], and give a
//! [`Report`] in numbers. [`whatsapp`] reads exports without an engine, and [`batch`] is the runner beneath.
//!
//! # Untrusted input
//!
//! No input makes this crate panic, and a panic of the engine becomes an [`Error`] that names the line. (The panic
//! hook runs before that; a program whose standard error must stay free of message text sets its own hook.) Memory is
//! bounded by the window and the longest message in [`Options`], not by the input, save for names: members of a chat
//! (65,536 at most), surrogates given and files renamed. Time grows linearly with the input. Zip archives are held to
//! [`Limits`].
//!
//! # Determinism
//!
//! The output depends on the input, the engine and [`Options::max_message`], never on threads or windows.

pub mod batch;
mod error;
mod export;
mod files;
mod lines;
mod members;
mod messages;
mod options;
mod package;
mod report;
mod rewrite;
pub mod tables;
mod view;
pub mod whatsapp;
mod words;

pub use error::{Error, ErrorKind};
pub use export::{Seen, is_zip, redact_export, scan_export};
pub use messages::{Format, LineError, Record, Scanned, redact_messages, scan_messages};
pub use options::{Limits, Options, Progress};
pub use report::Report;
