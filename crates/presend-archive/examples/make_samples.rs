//! Writes `corpora/samples` anew: `cargo run -p presend-archive --example make_samples`.

#![expect(clippy::disallowed_methods, reason = "an example reads and writes files")]
#![expect(clippy::expect_used, clippy::print_stdout, reason = "an example may fail and speak")]
#![allow(dead_code, reason = "shared with the tests")]

#[path = "../tests/archive/support/render.rs"]
mod render;
#[path = "../tests/archive/support/samples.rs"]
mod samples;

use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/samples");
    for (name, bytes) in samples::samples() {
        std::fs::write(folder.join(name), &bytes).expect("the folder corpora/samples");
        println!("{name}: {} bytes", bytes.len());
    }
}
