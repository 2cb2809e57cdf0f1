//! The rule engine on chat-like messages, one core, beside a bare pass of its automaton, memchr and datafog-core.
//! `ratios` takes the same passes in turn and gives the ratios; use its figures where the machine is busy.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use presend::{Conversation, Engine};
use presend_benches::automaton::Unanchored;
use presend_benches::is_measured;
use presend_benches::mix::Mix;
use presend_detect::{Detector, Scratch};

fn rules(criterion: &mut Criterion) {
    let mix = Mix::chat(if is_measured() { 20_000 } else { 500 }, 1);
    let detector = Detector::new();
    let engine = Engine::new();
    let mut group = criterion.benchmark_group("rules");
    group
        .throughput(Throughput::ElementsAndBytes {
            elements: mix.samples.len() as u64,
            bytes: mix.bytes() as u64,
        })
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .sample_size(15);

    let present: usize = mix.texts().map(|text| detector.automaton_pass(&mut Scratch::default(), text)).sum();
    assert!(present > 0);
    group.bench_function("bare_pass", |bencher| {
        let mut scratch = Scratch::default();
        bencher.iter(|| {
            let pass = |text| detector.automaton_pass(&mut scratch, black_box(text));
            assert_eq!(mix.texts().map(pass).sum::<usize>(), present);
        });
    });

    let mut unanchored = Unanchored::new();
    let occurring: usize = mix.texts().map(|text| unanchored.pass(text)).sum();
    assert!(occurring > 0);
    group.bench_function("unanchored_automaton", |bencher| {
        bencher.iter(|| {
            assert_eq!(mix.texts().map(|text| unanchored.pass(black_box(text))).sum::<usize>(), occurring)
        });
    });

    let marks = mix.texts().flat_map(str::bytes).filter(|byte| matches!(byte, b'\n' | b'@')).count();
    group.bench_function("memchr", |bencher| {
        bencher.iter(|| {
            let count = |text| memchr::memchr2_iter(b'\n', b'@', black_box(str::as_bytes(text))).count();
            assert_eq!(mix.texts().map(count).sum::<usize>(), marks);
        });
    });

    // Counted by `scan`, whose buffers are fresh for every message.
    let found: usize = mix.texts().map(|text| detector.scan(text).len()).sum();
    assert!(found > 0);
    group.bench_function("scan", |bencher| {
        let mut scratch = Scratch::default();
        bencher.iter(|| {
            let counted: usize =
                mix.texts().map(|text| detector.scan_with(&mut scratch, black_box(text)).len()).sum();
            assert_eq!(counted, found);
        });
    });

    group.bench_function("check", |bencher| {
        let mut scratch = Scratch::default();
        bencher.iter(|| {
            let (mut counted, mut same) = (0, true);
            for text in mix.texts() {
                let findings = engine.findings_with(&mut scratch, black_box(text));
                let outcome = engine.minimise(text, findings, &mut Conversation::new());
                counted += outcome.findings.len();
                same &= !outcome.findings.is_empty() || outcome.text == text;
            }
            assert_eq!(counted, found);
            assert!(same, "a message without a finding was changed");
        });
    });

    let theirs: usize = mix.texts().map(|text| datafog_core::scan(text).len()).sum();
    assert!(theirs > 0);
    group.bench_function("datafog_core_0.4.4", |bencher| {
        bencher.iter(|| {
            let counted: usize = mix.texts().map(|text| datafog_core::scan(black_box(text)).len()).sum();
            assert_eq!(counted, theirs);
        });
    });
    group.finish();
}

criterion_group!(benches, rules);
criterion_main!(benches);
