//! Rewriting a large WhatsApp export on one thread and on two, with the rows of README's table.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::expect_used,
    reason = "a bench prints its figures, reads the clock, and stops where its input is broken"
)]

use std::fmt::Write as _;
use std::io::Cursor;
use std::time::Instant;

use presend::{Engine, Policy};
use presend_archive::{Options, Report, redact_export};
use presend_benches::mix::{Draw, Mix};
use presend_benches::rounds::quartiles;
use presend_benches::{is_measured, machine};

/// The senders of the chat: invented, in the forms in which phones save people.
const SENDERS: &[&str] = &[
    "Tola Adebanjo",
    "Sister Wiktoria",
    "Gethin (F1)",
    "Mr Prosser Ortho",
    "+44 7700 900123",
    "Nadia SHO",
    "Kev HCA",
    "Dr Venkataraman",
    "Bed Office",
    "Roisin",
    "Hamza A",
    "Elspeth Physio",
    "+44 7700 900456",
    "Ward Phone 9",
];
const ROUNDS: usize = 5;

fn main() {
    let messages = if is_measured() { 100_000 } else { 300 };
    let rounds = if is_measured() { ROUNDS } else { 1 };
    let chat = export(messages);
    let archive = Policy::built_in("archive").expect("a built-in policy");
    let engine = Engine::builder().policy(archive).build();
    println!("{}", machine::describe());
    println!("{messages} messages, {:.1} MB", chat.len() as f64 / 1e6);

    let mut outputs: Vec<Vec<u8>> = Vec::new();
    let mut medians = Vec::new();
    println!(
        "\n| threads | edits | MB/s | messages/s | quartiles, s |\n| ---: | ---: | ---: | ---: | ---: |"
    );
    for threads in [1, 2] {
        let options = Options { threads, ..Options::default() };
        let mut times = Vec::new();
        for round in 0..=rounds {
            let start = Instant::now();
            let (output, report) = redact(&chat, &engine, &options);
            // The first round warms up.
            if round > 0 {
                times.push(start.elapsed().as_secs_f64());
            }
            check(&report, messages);
            outputs.push(output);
            if round == rounds {
                let [low, median, high] = quartiles(times.iter().copied());
                println!(
                    "| {threads} | {} | {:.1} | {:.0} | {low:.2} to {high:.2} |",
                    report.edits,
                    chat.len() as f64 / median / 1e6,
                    messages as f64 / median,
                );
                medians.push(median);
            }
        }
    }
    assert!(outputs.windows(2).all(|pair| pair[0] == pair[1]), "the output depends on threads or rounds");
    if let [one, two] = medians.as_slice() {
        println!("\ntwo threads over one: {:.2}", one / two);
    }
}

/// An Android export of so many messages of the mix, one every few minutes.
fn export(messages: usize) -> String {
    let mut draw = Draw(4);
    let mut chat = String::new();
    let mut minutes = 0;
    for sample in &Mix::chat(messages, 4).samples {
        minutes += draw.below(7);
        let (day, hour, minute) = (minutes / 1440 % 28 + 1, minutes / 60 % 24, minutes % 60);
        let month = minutes / (1440 * 28) % 12 + 1;
        let year = 2020 + minutes / (1440 * 28 * 12);
        let sender = SENDERS[draw.below(SENDERS.len())];
        writeln!(chat, "{day:02}/{month:02}/{year}, {hour:02}:{minute:02} - {sender}: {}", sample.text)
            .expect("a string takes all");
    }
    chat
}

fn redact(chat: &str, engine: &Engine, options: &Options) -> (Vec<u8>, Report) {
    let mut output = Vec::with_capacity(chat.len());
    let report = redact_export(Cursor::new(chat.as_bytes()), &mut output, engine, options, &mut |_| {})
        .expect("the export is one that is read");
    (output, report)
}

fn check(report: &Report, messages: usize) {
    let messages = messages as u64;
    // Handovers of the corpora quote lines that look like a header: those cannot be told from messages.
    assert!((messages..messages + messages / 50).contains(&report.messages), "{} messages", report.messages);
    assert_eq!(report.senders_rewritten, report.messages, "a sender was left");
    assert!(report.edits > messages / 10, "only {} edits", report.edits);
}
