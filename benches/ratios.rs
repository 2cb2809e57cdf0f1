//! The rule engine against a bare pass of its own automaton and against datafog-core, in turn on one core, with the rows
//! of README's table. `cargo bench -p presend-benches --bench ratios -- 31` runs 31 rounds.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::collections::BTreeSet;

use presend::{Context, Conversation, Engine, Signals};
use presend_benches::automaton::Unanchored;
use presend_benches::mix::Mix;
use presend_benches::rounds::{self, Entrant};
use presend_benches::{is_measured, machine, number_argument};
use presend_detect::{Detector, Scratch};
use presend_redact::State;
use presend_text::Folded;

fn main() {
    let (messages, rounds) = if is_measured() { (20_000, number_argument().unwrap_or(11)) } else { (500, 1) };
    let mix = Mix::chat(messages, 1);
    let bytes = mix.bytes();
    let detector = Detector::new();
    let engine = Engine::new();
    println!("{}", machine::describe());
    println!("{}; {rounds} rounds", mix.describe());
    println!("{}", against_gold(&mix, &detector));

    // What each pass must count, by another way where there is one.
    let present: usize = mix.texts().map(|text| detector.automaton_pass(&mut Scratch::default(), text)).sum();
    let mut unanchored = Unanchored::new();
    let occurring: usize = mix.texts().map(|text| unanchored.pass(text)).sum();
    let marks = mix.texts().flat_map(str::bytes).filter(|byte| matches!(byte, b'\n' | b'@')).count();
    let found: usize = mix.texts().map(|text| detector.scan(text).len()).sum();
    let theirs: usize = mix.texts().map(|text| datafog_core::scan(text).len()).sum();
    assert!([found, theirs, present, occurring].iter().all(|count| *count > 0));

    let mut scratch = Scratch::default();
    let (mut passed, mut checked, mut decided) = (Scratch::default(), Scratch::default(), Scratch::default());
    let mut folded = Folded::default();
    let mut entrants = [
        Entrant::new("rule engine, `scan_with`", found, || {
            mix.texts().map(|text| detector.scan_with(&mut scratch, text).len()).sum()
        }),
        Entrant::new("bare pass of its automaton (with folding and splitting)", present, || {
            mix.texts().map(|text| detector.automaton_pass(&mut passed, text)).sum()
        }),
        Entrant::new("datafog-core 0.4.4, `scan`", theirs, || {
            mix.texts().map(|text| datafog_core::scan(text).len()).sum()
        }),
        Entrant::new("scan, policy `direct-care`, redact", found, || {
            let context = Context::default();
            mix.texts()
                .map(|text| {
                    let findings = detector.scan_with(&mut decided, text);
                    let plan = engine.policy().plan(text, &findings, &context, Signals::default());
                    let redacted =
                        presend_redact::redact(text, &findings, &plan.decisions, &mut State::new(), None);
                    redacted.spans.len()
                })
                .sum()
        }),
        Entrant::new("check: scan, policy `direct-care`, identifiability, redact", found, || {
            mix.texts()
                .map(|text| {
                    let policy = engine.policy();
                    engine.check_under(policy, &mut checked, text, &mut Conversation::new()).findings.len()
                })
                .sum()
        }),
        Entrant::new("all digit patterns in one unanchored DFA", occurring, || {
            mix.texts().map(|text| unanchored.pass(text)).sum()
        }),
        Entrant::new("folding alone", bytes, || {
            mix.texts()
                .map(|text| {
                    folded.fold_into(text);
                    folded.original_len()
                })
                .sum()
        }),
        Entrant::new("memchr of newlines and `@`", marks, || {
            mix.texts().map(|text| memchr::memchr2_iter(b'\n', b'@', text.as_bytes()).count()).sum()
        }),
    ];
    let names: Vec<&str> = entrants.iter().map(|entrant| entrant.name).collect();
    let result = rounds::run(&mut entrants, rounds);

    println!("\n| pass | counts | MB/s | messages/s | µs a message |\n| --- | ---: | ---: | ---: | ---: |");
    for (index, entrant) in entrants.iter().enumerate() {
        let seconds = result.median(index).as_secs_f64();
        println!(
            "| {} | {} | {:.1} | {:.0} | {:.2} |",
            names[index],
            entrant.expected,
            bytes as f64 / seconds / 1e6,
            messages as f64 / seconds,
            seconds * 1e6 / messages as f64,
        );
    }
    println!("\n| ratio | median | quartiles | aim |\n| --- | ---: | ---: | ---: |");
    for (other, name, aim) in [
        (1, "engine over the bare pass of its automaton", "0.4"),
        (5, "engine over one unanchored DFA", ""),
        (2, "engine over datafog-core", "5"),
        (3, "engine over scan, policy and redaction", "1.25 at most"),
        (4, "engine over the whole check", ""),
    ] {
        let [low, median, high] = result.speed_against(0, other);
        println!("| {name} | {median:.2} | {low:.2} to {high:.2} | {aim} |");
    }
}

/// How the findings stand against the marks: the share of marked identifiers touched, and of messages without one that
/// raised something. A bench of an engine that finds nothing, or everything, would be worth nothing.
fn against_gold(mix: &Mix, detector: &Detector) -> String {
    let (mut marked, mut touched, mut clean, mut alarmed) = (0, 0, 0, 0);
    let mut labels = BTreeSet::new();
    for sample in &mix.samples {
        let findings = detector.scan(&sample.text);
        labels.extend(findings.iter().map(|finding| finding.label.name()));
        if sample.marked.is_empty() {
            clean += 1;
            alarmed += usize::from(!findings.is_empty());
        }
        marked += sample.marked.len();
        touched += sample
            .marked
            .iter()
            .filter(|(start, end)| {
                findings.iter().any(|finding| finding.span.start() < *end && *start < finding.span.end())
            })
            .count();
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let (reached, alarms) = (share(touched, marked), share(alarmed, clean));
    assert!(reached >= LEAST_TOUCHED, "only {reached:.1} % of marked identifiers are touched");
    assert!(alarms <= MOST_ALARMED, "{alarms:.1} % of messages without an identifier raise something");
    format!(
        "{reached:.1} % of marked identifiers touched, {alarms:.1} % of clean messages alarmed, {} labels found",
        labels.len()
    )
}

/// Below this share of identifiers touched, in per cent, the engine is not doing the work that is timed.
const LEAST_TOUCHED: f64 = 50.0;
/// Above this share of clean messages with a finding, in per cent, it finds too much.
const MOST_ALARMED: f64 = 20.0;
