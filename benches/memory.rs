//! The memory and the start of the rule engine, each in a process of its own, with the rows of README's table.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a bench prints its figures, reads the clock and starts itself anew"
)]

use std::env;
use std::process::{Command, Stdio};
use std::time::Instant;

use presend_benches::mix::Mix;
use presend_benches::rounds::{processor_time, quartiles};
use presend_benches::{is_measured, machine};
use presend_detect::{Detector, Scratch};

/// The aim for the start: from nothing to the first answer, in milliseconds.
const MOST_START: f64 = 50.0;
/// The aim for memory after [`SCANNED`], in bytes.
const MOST_MEMORY: usize = 150_000_000;
/// How much is scanned, in bytes.
const SCANNED: usize = 100_000_000;
/// How often the start is timed.
const STARTS: usize = 21;
/// Says what a process that this program starts is to do.
const TASK: &str = "PRESEND_BENCH_TASK";
const FIRST: &str = "pt Okafor bed 4, NHS 999 123 4561, bloods at 6";

fn main() {
    match env::var(TASK).as_deref() {
        Ok("start") => start(),
        Ok("nothing") => {}
        Ok("scan") => scan(SCANNED),
        _ if is_measured() => all(),
        _ => {
            start();
            scan(100_000);
        }
    }
}

fn all() {
    println!("{}", machine::describe());
    let (mut starts, mut nothings, mut inside, mut busy) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut after_start = 0.0;
    for _ in 0..STARTS {
        nothings.push(child("nothing").1);
        let (printed, taken) = child("start");
        starts.push(taken);
        let [ready, processor, resident] = numbers(&printed);
        inside.push(ready);
        busy.push(processor);
        after_start = resident;
    }
    let (printed, _) = child("scan");
    let [before, peak, found, messages] = numbers(&printed);
    let [start, nothing, inside, busy] =
        [starts, nothings, inside, busy].map(|times| quartiles(times.into_iter())[1]);

    println!("\n| what | figure | aim |\n| --- | ---: | ---: |");
    println!("| process from its start to the first answer | {start:.1} ms | under {MOST_START} ms |");
    println!("| of that, a process that does nothing | {nothing:.1} ms | |");
    println!("| `Detector::new` and the first answer inside a process | {inside:.2} ms | |");
    println!("| processor time of that | {busy:.2} ms | |");
    println!("| peak memory after the first answer | {:.1} MB | |", after_start / 1e6);
    println!("| memory with the messages, before the detector | {:.1} MB | |", before / 1e6);
    println!(
        "| peak memory after {messages} messages, {} MB ({found} findings) | {:.1} MB | under {} MB |",
        SCANNED / 1_000_000,
        peak / 1e6,
        MOST_MEMORY / 1_000_000,
    );
    // Processor time, so that what else runs on the machine does not count.
    assert!(busy < MOST_START, "the first answer takes {busy:.1} ms");
    assert!(peak < MOST_MEMORY as f64, "scanning takes {:.1} MB", peak / 1e6);
}

/// Starts this program for one task; gives what it printed and how many milliseconds it took.
fn child(task: &str) -> (String, f64) {
    let program = env::current_exe().expect("the program knows its path");
    let begun = Instant::now();
    let output = Command::new(program)
        .arg("--bench")
        .env(TASK, task)
        .stderr(Stdio::inherit())
        .output()
        .expect("the program starts itself");
    let taken = begun.elapsed().as_secs_f64() * 1e3;
    assert!(output.status.success(), "the task {task} failed");
    (String::from_utf8_lossy(&output.stdout).into_owned(), taken)
}

fn numbers<const N: usize>(printed: &str) -> [f64; N] {
    let mut numbers = printed.split_whitespace().map(|word| word.parse().expect("tasks print numbers"));
    std::array::from_fn(|_| numbers.next().expect("a task prints all its numbers"))
}

/// Prints the milliseconds to the first answer, those of the processor, and the peak memory then.
fn start() {
    let (begun, begun_processor) = (Instant::now(), processor_time());
    let found = Detector::new().scan_with(&mut Scratch::default(), FIRST);
    let processor = processor_time().saturating_sub(begun_processor).as_secs_f64() * 1e3;
    let taken = begun.elapsed().as_secs_f64() * 1e3;
    assert!(found.iter().any(|finding| finding.label.name() == "NHS_NUMBER"), "the first answer is wrong");
    println!("{taken} {processor} {}", machine::peak_memory().unwrap_or_default());
}

/// Scans so many bytes, a batch of messages at a time, and prints the memory before, the peak, findings and messages.
fn scan(bytes: usize) {
    let mix = Mix::chat(20_000, 1);
    let before = machine::memory().unwrap_or_default();
    let detector = Detector::new();
    let mut scratch = Scratch::default();
    let (mut scanned, mut messages, mut batches) = (0, 0, Vec::new());
    while scanned < bytes {
        let mut found = 0;
        for text in mix.texts() {
            found += detector.scan_with(&mut scratch, text).len();
            scanned += text.len();
            messages += 1;
        }
        batches.push(found);
    }
    assert!(batches.iter().all(|found| *found == batches[0]), "the same batch gives other findings");
    println!(
        "{before} {} {} {messages}",
        machine::peak_memory().unwrap_or_default(),
        batches.iter().sum::<usize>()
    );
}
