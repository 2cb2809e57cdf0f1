//! `presend doctor`: what this installation works with, and whether it works.

use std::io::Write as _;
use std::time::Instant;

use anstyle::Style;
use anyhow::Result;
use presend::{Engine, Scratch};
use presend_detect::detectors;
use serde::Serialize;

use crate::args::DoctorArgs;
use crate::engine::finder;
use crate::style::{self, Stream, Table};
use crate::{Exit, model};

/// An invented message that the model has to read, and how it must come out.
const MESSAGE: &str = "grace in b4 c/o cp again, trop at 6. dtr ebele on 07700 900123";
const NAMES: [&str; 2] = ["grace", "ebele"];

/// How often the message is timed.
const ROUNDS: u32 = 20;

#[derive(Serialize)]
struct Report {
    version: &'static str,
    detectors: usize,
    model: Option<String>,
    runtime: Option<String>,
    libraries: Vec<String>,
    microseconds: u128,
    works: bool,
    /// Why the model could not read the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

pub(crate) fn run(args: &DoctorArgs) -> Result<Exit> {
    let engine = &finder(&args.engine)?;
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        detectors: detectors().count(),
        model: engine.reviewer().map(|model| model.id().to_owned()),
        runtime: engine.reviewer().map(|model| model.runtime().to_owned()),
        libraries: model::candidates().iter().map(|path| path.display().to_string()).collect(),
        microseconds: time(engine),
        works: works(engine),
        // After the rounds above, which would have shown it.
        failure: engine.reviewer().and_then(|model| model.last_failure()),
    };
    let (mut out, _) = style::stdout();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        out.write_all(table(&report).as_bytes())?;
    }
    out.flush()?;
    Ok(if report.works { Exit::Good } else { Exit::Incomplete })
}

/// The middle time of one message, in microseconds.
fn time(engine: &Engine) -> u128 {
    let mut scratch = Scratch::default();
    let mut times: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            let _ = engine.findings_with(&mut scratch, MESSAGE);
            begun.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Whether the names of the message are found: by the rules alone not all of them need be.
fn works(engine: &Engine) -> bool {
    let findings = engine.findings(MESSAGE);
    let found = |name: &&str| findings.iter().any(|finding| finding.span.of(MESSAGE) == Some(*name));
    engine.reviewer().is_none() || NAMES.iter().all(found)
}

fn table(report: &Report) -> String {
    let mut table = Table::new(Stream::Stdout, 1, 20);
    let none = || "none".to_owned();
    let libraries = match report.libraries.as_slice() {
        [] => format!("none found; `presend runtime install` fetches it, or set {}", model::LIBRARY_VARIABLE),
        found => found.join(", "),
    };
    let (works, style) = if report.works {
        ("the test message came out right".to_owned(), style::GOOD)
    } else {
        ("the test message came out wrong".to_owned(), style::ERROR)
    };
    for (what, value, style) in [
        ("version", report.version.to_owned(), Style::new()),
        ("detectors", report.detectors.to_string(), Style::new()),
        ("model", report.model.clone().unwrap_or_else(none), Style::new()),
        ("runtime", report.runtime.clone().unwrap_or_else(none), Style::new()),
        ("ONNX Runtime", libraries, Style::new()),
        ("one message", format!("{:.1} ms", report.microseconds as f64 / 1000.0), Style::new()),
        ("self-test", works, style),
    ] {
        table.row([(what.to_owned(), style::HEADING), (value, style)]);
    }
    if let Some(failure) = &report.failure {
        table.row([("failure".to_owned(), style::HEADING), (failure.clone(), style::ERROR)]);
    }
    table.render()
}
