//! One message after another through the whole pipeline: the time of the middle and of the slowest hundredth, the rate,
//! the share of messages that the model was asked about, and memory. Each engine runs in a process of its own.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a bench prints its figures, reads the clock and starts itself anew"
)]

use std::env;
use std::process::Command;

use presend_benches::configurations::configurations;
use presend_benches::mix::Mix;
use presend_benches::rounds::process_time;
use presend_benches::{is_measured, machine};
use presend_detect::{Review, Scratch};

/// The aim for memory with the model `small`, in bytes.
const MOST_MEMORY: f64 = 200e6;
const MESSAGES: usize = 2_000;
/// Says which engine a process that this program starts is to measure, and whether always.
const TASK: &str = "PRESEND_BENCH_TASK";

fn main() {
    if let Ok(task) = env::var(TASK) {
        let (always, place) = task.split_once(' ').expect("a task is two words");
        println!("{}", row(always == "always", place.parse().expect("a number"), MESSAGES));
    } else if is_measured() {
        all();
    } else {
        println!("{}", row(false, 1, 40));
    }
}

fn all() {
    println!("{}\n", machine::describe());
    println!(
        "| engine | messages/s | p50 | p99 | model asked | peak memory |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    );
    let count = configurations(false).len();
    for always in ["cascade", "always"] {
        for place in 0..count {
            if always == "always" && place == 0 {
                continue;
            }
            let program = env::current_exe().expect("the program knows its path");
            let task = format!("{always} {place}");
            let output =
                Command::new(program).arg("--bench").env(TASK, task).output().expect("it starts itself");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            print!("{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

/// Measures one engine: a row of the table.
fn row(always: bool, place: usize, messages: usize) -> String {
    let mix = Mix::chat(messages, 1);
    let engine = configurations(always).swap_remove(place);
    let mut scratch = Scratch::default();
    let (mut times, mut asked, mut found) = (Vec::new(), 0_usize, 0);
    for round in 0..2 {
        (asked, found) = (0, 0);
        times.clear();
        for text in mix.texts() {
            let begun = process_time();
            let (findings, review) = engine.detector.scan_reviewed(&mut scratch, text);
            times.push(process_time().saturating_sub(begun).as_secs_f64());
            assert_ne!(review, Review::Failed, "round {round}");
            asked += usize::from(review == Review::Read);
            found += findings.len();
        }
    }
    assert!(found > 0);
    let all: f64 = times.iter().sum();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize] * 1e3;
    let memory = machine::peak_memory().unwrap_or_default();
    assert!(memory < MOST_MEMORY as _, "{memory} bytes");
    let name = if always { format!("{}, always asked", engine.name) } else { engine.name };
    format!(
        "| {name} | {:.0} | {:.2} ms | {:.2} ms | {:.0} % | {:.0} MB |",
        messages as f64 / all,
        at(0.5),
        at(0.99),
        100.0 * asked as f64 / messages as f64,
        memory as f64 / 1e6,
    )
}
