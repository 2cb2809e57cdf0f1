//! Measures the list of known patients: how long building it takes, how much memory, how fast it finds.
//!
//! ```text
//! cargo run --release -p presend-detect --example patient_list_scale -- [PATIENTS] [FILE OF MESSAGES, ONE A LINE]
//! ```
//!
//! Prints figures only. `distinct` as the second argument gives every patient names of their own: the most memory that a
//! list of the size can take.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "an example is a program: it reads its arguments, a file and the clock, and prints"
)]

#[path = "support/people.rs"]
mod people;

use std::sync::OnceLock;
use std::time::Instant;

use presend_detect::{
    BirthDate, Finding, NumberKind, PatientList, PatientListBuilder, PatientNumber, PatientRecord, Recogniser,
};

const SEED: u64 = 20_240_229;

/// Seconds since some point: those on the processor where the system tells (Linux), so that a busy machine does not count.
fn seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let wall = START.get_or_init(Instant::now).elapsed().as_secs_f64();
    let on_processor = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = on_processor.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.filter(|&nanoseconds| nanoseconds > 0.0).map_or(wall, |nanoseconds| nanoseconds / 1e9)
}

/// A line of /proc/self/status in MB; nothing on a system without it.
fn memory(line: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|entry| entry.strip_prefix(line))?;
    let kib: f64 = value.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

fn build(count: u64, is_distinct: bool) -> PatientList {
    let mut builder = PatientListBuilder::new(*b"not a secret key");
    for index in 0..count {
        let mut person = people::person(SEED, index);
        if is_distinct {
            let tail: String =
                index.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
            person.given.push_str(&tail);
            person.family.push_str(&tail);
        }
        let (year, month, day) = person.birth;
        let record = PatientRecord {
            given: &person.given,
            family: &person.family,
            date_of_birth: BirthDate::new(year, month, day),
            numbers: &[
                PatientNumber { kind: NumberKind::Nhs, value: &person.nhs },
                PatientNumber { kind: NumberKind::Mrn, value: &person.mrn },
                PatientNumber { kind: NumberKind::Phone, value: &person.phone },
            ],
            ..PatientRecord::default()
        };
        if let Err(error) = builder.add(&record) {
            println!("patient {index}: {error}");
        }
    }
    builder.build()
}

fn scan(name: &str, list: &PatientList, messages: &[String]) {
    let mut findings: Vec<Finding> = Vec::new();
    let bytes: usize = messages.iter().map(String::len).sum();
    let mut rules = [("known_patient_name", 0), ("known_patient_number", 0), ("known_patient_dob", 0)];
    let mut doubtful = 0;
    // Once to warm up, then the best of five.
    let mut best = f64::INFINITY;
    for round in 0..6 {
        let start = seconds();
        for message in messages {
            findings.clear();
            list.recognise(message, &mut findings);
            if round == 0 {
                for finding in &findings {
                    doubtful += usize::from(finding.confidence < 0.8);
                    for (rule, count) in &mut rules {
                        *count += usize::from(*rule == finding.rule);
                    }
                }
            }
        }
        if round > 0 {
            best = best.min(seconds() - start);
        }
    }
    println!(
        "{name}: {} messages of {:.0} bytes, {:.0} messages/s, {:.1} MB/s; found {rules:?}, {doubtful} of them below 0.8",
        messages.len(),
        bytes as f64 / messages.len().max(1) as f64,
        messages.len() as f64 / best,
        bytes as f64 / 1e6 / best,
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let second = arguments.next();
    let before = memory("VmRSS");

    let start = seconds();
    (0..count).for_each(|index| {
        std::hint::black_box(people::person(SEED, index));
    });
    let inventing = seconds() - start;
    let (start, wall) = (seconds(), Instant::now());
    let list = build(count, second.as_deref() == Some("distinct"));
    println!(
        "{count} patients in {:.2} s on the processor ({:.2} s by the clock), of which inventing them about {inventing:.2} s",
        seconds() - start,
        wall.elapsed().as_secs_f64()
    );
    println!("{list:?}");
    println!(
        "list {:.1} MB; resident before {before:.1?} MB, now {:.1?} MB, at most {:.1?} MB",
        list.memory_bytes() as f64 / 1e6,
        memory("VmRSS"),
        memory("VmHWM")
    );

    let messages: Vec<String> = (0..200_000).map(|index| people::message(SEED, 0..count, index)).collect();
    scan("about patients on the list", &list, &messages);
    let messages: Vec<String> =
        (0..200_000).map(|index| people::message(SEED + 1, count..2 * count, index)).collect();
    scan("about as many who are not", &list, &messages);
    if let Some(path) = second.filter(|second| second != "distinct") {
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
                // As often as it takes to be measured: the processor's time is told in steps of milliseconds.
                let messages: Vec<String> =
                    lines.iter().cycle().take(200_000).map(|&line| line.to_owned()).collect();
                scan("the file's", &list, &messages);
            }
            Err(error) => println!("{path}: {error}"),
        }
    }
}
