//! temp
#![allow(clippy::all, warnings)]
use presend_benches::mix::Mix;
use presend_detect::{Detector, Scratch};
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mix = Mix::chat(20_000, 1);
    let detector = Detector::new();
    let mut scratch = Scratch::default();
    let mut c = 0;
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    for _ in 0..n {
        c += mix.texts().map(|t| detector.scan_with(&mut scratch, t).len()).sum::<usize>();
    }
    let u = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let s = (u.tv_sec - t.tv_sec) as f64 + (u.tv_nsec - t.tv_nsec) as f64 / 1e9;
    println!(
        "{c} {:.1} MB/s {:.2} us/msg cpu",
        n as f64 * mix.bytes() as f64 / s / 1e6,
        s * 1e6 / n as f64 / 20000.0
    );
}
