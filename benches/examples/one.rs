//! temp
#![allow(clippy::all, warnings)]
use presend_benches::mix::Mix;
use presend_detect::{Detector, Scratch};
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mix = Mix::chat(4_000, 2);
    let detector = Detector::new();
    let mut scratch = Scratch::default();
    let text = mix.joined(n);
    for _ in 0..2 {
        let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let c = detector.scan_with(&mut scratch, &text).len();
        let u = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let s = (u.tv_sec - t.tv_sec) as f64 + (u.tv_nsec - t.tv_nsec) as f64 / 1e9;
        println!(
            "{c} {:.1} ns/byte {} MB",
            s * 1e9 / text.len() as f64,
            presend_benches::machine::peak_memory().unwrap() / 1000000
        );
    }
}
