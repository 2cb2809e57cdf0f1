//! The machine and the process, read from `/proc`; Linux only, elsewhere nothing is known.

use std::fs;

/// The processor's name and how many cores it shows.
#[must_use]
pub fn describe() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = field(&cpus, "model name").unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{name}, {cores} cores")
}

/// The most memory the process has held so far, in bytes (`VmHWM`).
#[must_use]
pub fn peak_memory() -> Option<usize> {
    status("VmHWM")
}

/// The memory the process holds now, in bytes (`VmRSS`).
#[must_use]
pub fn memory() -> Option<usize> {
    status("VmRSS")
}

/// The memory that another process holds now, in bytes.
#[must_use]
pub fn memory_of(process: u32) -> Option<usize> {
    status_of(&process.to_string(), "VmRSS")
}

fn status(name: &str) -> Option<usize> {
    status_of("self", name)
}

fn status_of(process: &str, name: &str) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kibibytes: usize = field(&status, name)?.strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| Some(line.strip_prefix(name)?.trim_start().strip_prefix(':')?.trim()))
}

/// Bytes as megabytes of a million bytes, for tables.
#[must_use]
pub fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
