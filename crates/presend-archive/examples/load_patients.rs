//! Measures loading a CSV table of invented patients into a list of known patients.
//!
//! ```text
//! cargo run --release -p presend-archive --example load_patients -- [PATIENTS]
//! ```
//!
//! Prints figures only. The table is made in memory first, and its size is taken off the peak.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "an example is a program: it reads its arguments, a file and the clock, and prints"
)]

#[path = "../../presend-detect/examples/support/people.rs"]
#[allow(dead_code, reason = "shared with another example")]
mod people;

use std::fmt::Write as _;
use std::io::Cursor;
use std::time::Instant;

use presend_archive::tables::{Columns, Format, load_patients};

const SEED: u64 = 20_240_229;

/// A line of /proc/self/status in MB; nothing on a system without it.
fn memory(line: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|entry| entry.strip_prefix(line))?;
    let kib: f64 = value.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let mut table = String::from("NHS Number,Surname,Forename,DOB,Hosp No,Mobile\n");
    for index in 0..count {
        let person = people::person(SEED, index);
        let (year, month, day) = person.birth;
        let people::Person { given, family, nhs, mrn, phone, .. } = person;
        let written = writeln!(table, "{nhs},{family},{given},{day:02}/{month:02}/{year},{mrn},{phone}");
        assert!(written.is_ok(), "a string can be written to");
    }
    let size = table.len() as f64 / 1e6;
    let before = memory("VmRSS");
    let start = Instant::now();
    let columns = Columns::automatic();
    match load_patients(
        Cursor::new(table.into_bytes()),
        Format::Csv,
        &columns,
        *b"not a secret key",
        &mut |_| {},
    ) {
        Ok((list, report)) => println!(
            "CSV of {size:.0} MB: {} rows, {} loaded, {} skipped, {} problems, in {:.2} s; list {:.1} MB; \
             resident before {before:.1?} MB, at most {:.1?} MB",
            report.rows,
            report.loaded,
            report.skipped,
            report.problems.len(),
            start.elapsed().as_secs_f64(),
            list.memory_bytes() as f64 / 1e6,
            memory("VmHWM")
        ),
        Err(error) => println!("{error}"),
    }
}
