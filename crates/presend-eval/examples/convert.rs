//! Turns a gold file of either format into JSONL on standard output.
//!
//! `cargo run -p presend-eval --example convert -- [--seed N] FILE`, with seed 1 unless told otherwise. The seed
//! chooses what goes into the slots of a marked file; the same seed gives the same bytes.
#![allow(clippy::disallowed_methods, reason = "it reads its arguments and the file they name")]
#![allow(clippy::print_stderr, reason = "its complaints go to the terminal")]

use std::io::Write as _;
use std::process::ExitCode;

use presend_eval::gold;

const USAGE: &str = "usage: convert [--seed N] FILE";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("convert: {complaint}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut seed = 1;
    let mut path = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--seed" {
            seed = arguments.next().ok_or(USAGE)?.parse().map_err(|_| "the seed is a whole number")?;
        } else if path.replace(argument).is_some() {
            return Err(USAGE.into());
        }
    }
    let text = std::fs::read_to_string(path.ok_or(USAGE)?)?;
    let jsonl = gold::to_jsonl(&gold::parse(&text, seed)?)?;
    Ok(std::io::stdout().lock().write_all(jsonl.as_bytes())?)
}
