//! Times the reading and the estimating of typical messages, roughly: `cargo run --release -p presend-policy --example
//! identifiability_speed`.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program that measures time and says what it found"
)]

use std::hint::black_box;
use std::time::Instant;

use presend_detect::{Finding, Label};
use presend_policy::Facets;
use presend_text::Span;

/// A message with its findings: each is a label and the words that it covers.
fn message(text: &'static str, words: &[(Label, &str)]) -> (&'static str, Vec<Finding>) {
    let finding = |&(label, words): &(Label, &str)| {
        let start = text.find(words).unwrap_or_default();
        let span = Span::new(start, start + words.len());
        Finding { span, label, role: None, confidence: 0.9, rule: "example", evidence: Vec::new() }
    };
    (text, words.iter().map(finding).collect())
}

fn main() {
    const ROUNDS: u32 = 200_000;
    let messages = [
        message(
            "Can someone chase the CT for SR4 please, still waiting since this morning",
            &[(Label::WardBed, "SR4")],
        ),
        message(
            "43M goalkeeper from Mousehole, knee locked since Saturday, MRI tomorrow then home if he can weight bear",
            &[(Label::Age, "43"), (Label::Profession, "goalkeeper"), (Label::Place, "Mousehole")],
        ),
        message(
            "She's 82, retired headteacher from Bethesda, in with CAP, chest clearer, trop 22 then 24 and not in failure",
            &[(Label::Age, "82"), (Label::Profession, "retired headteacher"), (Label::Place, "Bethesda")],
        ),
        message(
            "82F, Sylheti speaker, from Llanuwchllyn \u{2013} known MND, PEG 12/3",
            &[
                (Label::Age, "82"),
                (Label::Demographic, "Sylheti"),
                (Label::Place, "Llanuwchllyn"),
                (Label::Date, "12/3"),
            ],
        ),
    ];
    for (text, findings) in &messages {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            black_box(Facets::read(black_box(text), black_box(findings), |_| false));
        }
        let read = start.elapsed() / ROUNDS;
        let facets = Facets::read(text, findings, |_| false);
        let start = Instant::now();
        for _ in 0..ROUNDS {
            black_box(black_box(facets).estimate(black_box(Some(350_000))));
        }
        let estimate = start.elapsed() / ROUNDS;
        println!("{} findings in {} bytes: read {read:?}, estimate {estimate:?}", findings.len(), text.len());
    }
}
