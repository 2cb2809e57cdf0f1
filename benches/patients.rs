//! The list of known patients at a million invented people: time to build, memory, look-ups, with the rows of README's
//! table.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints its figures and stops where its input is broken"
)]

#[path = "../crates/presend-detect/examples/support/people.rs"]
mod people;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use presend_benches::mix::Mix;
use presend_benches::rounds::{self, Entrant, processor_time};
use presend_benches::{is_measured, machine};
use presend_detect::{
    BirthDate, Detector, Finding, NumberKind, PatientList, PatientListBuilder, PatientNumber, PatientRecord,
    Recogniser, Scratch,
};

const SEED: u64 = 3;
const ROUNDS: usize = 7;

fn main() {
    let (patients, messages) = if is_measured() { (1_000_000, 50_000) } else { (2_000, 200) };
    println!("{}", machine::describe());

    let before = machine::memory().unwrap_or_default();
    let (list, building) = build(patients);
    let list = Arc::new(list);
    let peak = machine::peak_memory().unwrap_or_default();
    println!("\n| the list of known patients | figure |\n| --- | ---: |");
    println!("| people | {} |", list.len());
    println!("| processor time to build | {:.2} s |", building.as_secs_f64());
    println!("| memory of the list | {:.1} MB |", list.memory_bytes() as f64 / 1e6);
    println!(
        "| memory of the process before, peak while building | {:.1}, {:.1} MB |",
        before as f64 / 1e6,
        peak as f64 / 1e6
    );

    let listed: Vec<String> = (0..messages).map(|index| people::message(SEED, 0..patients, index)).collect();
    // The same sentences about people who are not on the list.
    let others: Vec<String> =
        (0..messages).map(|index| people::message(SEED, patients..2 * patients, index)).collect();
    let mix = Mix::chat(if is_measured() { 20_000 } else { 200 }, 1);
    let chat: Vec<String> = mix.texts().map(str::to_owned).collect();

    let plain = Detector::new();
    let with_list =
        Detector::builder().recogniser(Box::new(Arc::clone(&list))).build().expect("the lists are small");
    let count = |texts: &[String]| look_up(&list, texts);
    let (of_listed, of_others, of_chat) = (count(&listed), count(&others), count(&chat));
    // Every sentence about somebody is about a patient. Others share common names with patients, but no numbers.
    let naming = listed.iter().zip(&others).filter(|(one, other)| one != other).count();
    assert!(of_listed >= naming, "{of_listed} findings in {naming} messages about patients");
    assert!(of_others <= of_listed / 2, "{of_others} findings about others, {of_listed} about patients");
    let found = scan(&plain, &mut Scratch::default(), &chat);
    let found_with_list = scan(&with_list, &mut Scratch::default(), &chat);

    let (mut first, mut second) = (Scratch::default(), Scratch::default());
    let rows = [listed.len(), others.len(), chat.len(), chat.len(), chat.len()];
    let mut entrants = [
        Entrant::new("look-ups, messages about patients of the list", of_listed, || count(&listed)),
        Entrant::new("look-ups, messages about others", of_others, || count(&others)),
        Entrant::new("look-ups, chat", of_chat, || count(&chat)),
        Entrant::new("rule engine, chat", found, || scan(&plain, &mut first, &chat)),
        Entrant::new("rule engine with the list, chat", found_with_list, || {
            scan(&with_list, &mut second, &chat)
        }),
    ];
    let result = rounds::run(&mut entrants, if is_measured() { ROUNDS } else { 1 });
    println!("\n| pass | findings | messages/s | µs a message |\n| --- | ---: | ---: | ---: |");
    for (index, (entrant, texts)) in entrants.iter().zip(rows).enumerate() {
        let seconds = result.median(index).as_secs_f64();
        println!(
            "| {} | {} | {:.0} | {:.2} |",
            entrant.name,
            entrant.expected,
            texts as f64 / seconds,
            seconds * 1e6 / texts as f64,
        );
    }
}

/// The list of so many people, and the processor time to build it. Inventing them takes longer and is left out.
fn build(patients: u64) -> (PatientList, Duration) {
    let mut builder = PatientListBuilder::new(*b"not a secret key");
    let mut taken = Duration::ZERO;
    for from in (0..patients).step_by(1_000) {
        let people: Vec<_> =
            (from..patients.min(from + 1_000)).map(|index| people::person(SEED, index)).collect();
        let start = processor_time();
        for person in &people {
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
            builder.add(&record).expect("everybody has a name");
        }
        taken += processor_time().saturating_sub(start);
    }
    let start = processor_time();
    let list = builder.build();
    taken += processor_time().saturating_sub(start);
    assert_eq!(list.len() as u64, patients);
    (list, taken)
}

fn look_up(list: &PatientList, texts: &[String]) -> usize {
    let mut findings: Vec<Finding> = Vec::new();
    texts
        .iter()
        .map(|text| {
            findings.clear();
            list.recognise(black_box(text), &mut findings);
            findings.len()
        })
        .sum()
}

fn scan(detector: &Detector, scratch: &mut Scratch, texts: &[String]) -> usize {
    texts.iter().map(|text| detector.scan_with(scratch, black_box(text)).len()).sum()
}
