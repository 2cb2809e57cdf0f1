//! The model by itself and in the pipeline: tokenisation, inference by batch and length, whole messages.
#![allow(
    missing_docs,
    clippy::expect_used,
    reason = "criterion's macros write undocumented functions; a bench may stop"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use presend_benches::configurations::{Configuration, configurations};
use presend_benches::is_measured;
use presend_benches::mix::Mix;
use presend_detect::{Detector, Reading, Scratch};
use presend_ner::{Bundle, Encoder};

/// Words of an invented message, repeated to the length that is wanted.
const WORDS: &str =
    "grace okafor in bed 4 on ward 7b trop 40 and bp 90 over 50 so please ring her son emeka ";

/// A message of about so many pieces.
fn message(pieces: usize) -> String {
    WORDS.split_inclusive(' ').cycle().take(pieces - 2).collect()
}

fn tokenise(criterion: &mut Criterion) {
    let encoder = Encoder::new(&Bundle::small().tokenizer).expect("the vocabulary reads");
    let mix = Mix::chat(if is_measured() { 2_000 } else { 50 }, 1);
    let detector = Detector::new();
    let mut scratch = Scratch::default();
    let readings: Vec<Reading> = mix
        .texts()
        .map(|text| {
            let mut reading = Reading::default();
            detector.read(&mut scratch, text, &mut reading);
            reading
        })
        .collect();
    let count = |reading: &Reading, pieces: &mut Vec<u32>| -> usize {
        pieces.clear();
        reading.words().iter().map(|word| encoder.encode(reading, word, pieces)).sum()
    };
    let mut pieces = Vec::new();
    let wanted: usize = readings.iter().map(|reading| count(reading, &mut pieces)).sum();
    assert!(wanted > readings.len());
    let mut group = criterion.benchmark_group("tokenise");
    group.throughput(Throughput::Elements(readings.len() as u64)).measurement_time(Duration::from_secs(3));
    group.bench_function("wordpiece", |bencher| {
        bencher.iter(|| {
            let counted: usize = readings.iter().map(|reading| count(black_box(reading), &mut pieces)).sum();
            assert_eq!(counted, wanted);
        });
    });
    group.finish();
}

fn inference(criterion: &mut Criterion) {
    for Configuration { name, detector } in configurations(true) {
        if detector.reviewer().is_none() {
            continue;
        }
        let mut group = criterion.benchmark_group(format!("inference/{name}"));
        group
            .measurement_time(Duration::from_secs(2))
            .warm_up_time(Duration::from_millis(300))
            .sample_size(10);
        for pieces in [16, 32, 64, 128] {
            for batch in [1_usize, 32] {
                let text = message(pieces);
                let texts = vec![text.as_str(); batch];
                let mut scratch = Scratch::default();
                let wanted = detector.scan_many(&mut scratch, &texts);
                assert!(wanted.iter().all(|(found, _)| !found.is_empty()));
                group.throughput(Throughput::Elements(batch as u64));
                group.bench_function(BenchmarkId::new(format!("batch_{batch}"), pieces), |bencher| {
                    bencher.iter(|| assert_eq!(detector.scan_many(&mut scratch, black_box(&texts)), wanted));
                });
            }
        }
        group.finish();
    }
}

fn pipeline(criterion: &mut Criterion) {
    let mix = Mix::chat(if is_measured() { 400 } else { 20 }, 1);
    let mut group = criterion.benchmark_group("pipeline");
    group
        .throughput(Throughput::Elements(mix.samples.len() as u64))
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4))
        .sample_size(10);
    for always in [false, true] {
        for Configuration { name, detector } in configurations(always) {
            if always && detector.reviewer().is_none() {
                continue;
            }
            let mut scratch = Scratch::default();
            let wanted: usize = mix.texts().map(|text| detector.scan_with(&mut scratch, text).len()).sum();
            assert!(wanted > 0);
            let name = if always { format!("{name}, always asked") } else { name };
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    let scan = |text| detector.scan_with(&mut scratch, black_box(text)).len();
                    assert_eq!(mix.texts().map(scan).sum::<usize>(), wanted);
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, tokenise, inference, pipeline);
criterion_main!(benches);
