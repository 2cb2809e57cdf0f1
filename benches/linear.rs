//! The cost of a byte as the text grows, and for inputs made to be slow, with the rows of README's tables.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::time::Duration;

use presend_benches::mix::Mix;
use presend_benches::rounds::{processor_time, quartiles};
use presend_benches::{is_measured, machine};
use presend_detect::{Detector, Scratch};

/// The sizes of text, in bytes.
const SIZES: [usize; 5] = [1_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
/// The dearest size may cost so many times as much a byte as the cheapest.
const MOST_SPREAD: f64 = 3.0;
/// A worst case may cost so many times as much a byte as chat does.
const MOST_WORST: f64 = 20.0;
/// The size of a worst case, in bytes.
const WORST: usize = 1_000_000;
/// Findings a megabyte may differ so much between the sizes: what a text writes in capitals elsewhere, and who speaks
/// again in it, is evidence.
const MOST_DRIFT: f64 = 1.15;

fn main() {
    let measured = is_measured();
    let detector = Detector::new();
    // So few messages that a megabyte holds them all: then findings a byte are the same at every size but for their
    // surroundings.
    let mix = Mix::chat(if measured { 10_000 } else { 50 }, 2);
    let sizes = if measured { SIZES.as_slice() } else { &SIZES[..2] };
    println!("{}", machine::describe());
    println!("{}", mix.describe());

    println!(
        "\n| text | given as | findings | findings a MB | ns a byte | MB/s |\n| --- | --- | ---: | ---: | ---: | ---: |"
    );
    let mut chat = 0.0;
    for whole in [true, false] {
        let given = if whole { "one text" } else { "messages" };
        let (mut costs, mut densities) = (Vec::new(), Vec::new());
        for &size in sizes {
            let (found, bytes, cost) = measure(&detector, &mix, size, whole);
            let density = found as f64 * 1e6 / bytes as f64;
            println!(
                "| {} | {given} | {found} | {density:.0} | {cost:.2} | {:.1} |",
                named(size),
                1e3 / cost
            );
            costs.push(cost);
            densities.push(density);
        }
        let spread = largest(&costs) / smallest(&costs);
        println!("| | {given} | | | dearest over cheapest {spread:.2} | |");
        if measured {
            assert!(spread <= MOST_SPREAD, "the cost of a byte grows {spread:.2} times");
            let drift = largest(&densities) / smallest(&densities);
            assert!(drift <= MOST_DRIFT, "findings a byte differ {drift:.3} times");
        }
        chat = smallest(&costs);
    }

    println!(
        "\n| one line of a megabyte | findings | ns a byte | times chat |\n| --- | ---: | ---: | ---: |"
    );
    let size = if measured { WORST } else { 2_000 };
    for (name, unit, most) in WORST_CASES {
        let text = unit.repeat(size / unit.len());
        let (found, cost) =
            time(size, || detector.scan_with(&mut Scratch::default(), black_box(&text)).len());
        println!("| {name} | {found} | {cost:.2} | {:.2} |", cost / chat);
        assert!(found <= *most, "{name}: {found} findings, at most {most} make sense");
        if measured {
            assert!(cost <= MOST_WORST * chat, "{name}: {cost:.1} ns a byte");
        }
    }
}

/// Inputs made to be slow, what each repeats, and how many findings could make sense.
const WORST_CASES: &[(&str, &str, usize)] = &[
    ("digits", "9", 0),
    ("the letter a", "a", 0),
    ("`9 `", "9 ", 0),
    ("`@`", "@", 0),
    ("emoji", "😷", 0),
    ("a letter under combining accents", "e\u{301}\u{302}\u{323}", 0),
    ("accents alone", "\u{301}", 0),
    ("Cyrillic look-alikes", "а", 0),
    ("a name over and over", "okafor ", usize::MAX),
    ("speakers of lines", "okafor: ok\n", usize::MAX),
    ("beds over and over", "bed 4 ", usize::MAX),
    ("full stops", ".", 0),
    ("spaces", " ", 0),
    ("line breaks", "\n", 0),
    ("single letters", "a b c d ", usize::MAX),
    ("letters with full stops", "a.", 0),
    ("a name that is a word over and over", "Hope ", usize::MAX),
    ("hyphenated words", "well-", usize::MAX),
    ("a word for a house number", "no ", 0),
    ("a number in words", "one ", usize::MAX),
];

/// Findings, bytes and nanoseconds a byte of chat in texts of about `size` bytes, or message by message.
///
/// Small texts are as many as make up [`WORST`] bytes: the same kilobyte over and over would be learned by heart by the
/// processor.
fn measure(detector: &Detector, mix: &Mix, size: usize, whole: bool) -> (usize, usize, f64) {
    let mut scratch = Scratch::default();
    let total = size.max(WORST);
    let mut texts: Vec<String> = Vec::new();
    let mut bytes = 0;
    for message in mix.texts().cycle() {
        if bytes >= total {
            break;
        }
        bytes += message.len() + 1;
        match texts.last_mut().filter(|text| whole && text.len() < size) {
            Some(text) => text.push_str(message),
            None => texts.push(message.to_owned()),
        }
        texts.last_mut().into_iter().for_each(|text| text.push('\n'));
    }
    let pass = || texts.iter().map(|text| detector.scan_with(&mut scratch, black_box(text)).len()).sum();
    let (found, cost) = time(bytes, pass);
    (found, bytes, cost)
}

/// What a pass counts, and the median of its nanoseconds a byte: of one run where that takes long, else of many.
fn time(bytes: usize, mut pass: impl FnMut() -> usize) -> (usize, f64) {
    let budget = Duration::from_millis(400);
    let mut costs = Vec::new();
    let mut counts = Vec::new();
    let mut spent = Duration::ZERO;
    // The first run of a short text warms up and does not count.
    let mut warm = bytes > WORST;
    while costs.is_empty() || spent < budget && costs.len() < 10_000 {
        let start = processor_time();
        counts.push(pass());
        let taken = processor_time().saturating_sub(start);
        spent += taken;
        if warm {
            costs.push(taken.as_secs_f64() * 1e9 / bytes as f64);
        }
        warm = true;
    }
    let found = counts[0];
    assert!(counts.iter().all(|count| *count == found), "the count changes from run to run");
    (found, quartiles(costs.into_iter())[1])
}

fn named(size: usize) -> String {
    if size >= 1_000_000 { format!("{} MB", size / 1_000_000) } else { format!("{} kB", size / 1_000) }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::MIN, f64::max)
}

fn smallest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::MAX, f64::min)
}
