//! Compiles the lists into `dictionaries/name_shape.bin`:
//! `cargo run -p presend-detect --features dictionary-compiler --example compile_name_shape`.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool that reads and writes files")]

use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let bytes = presend_detect::compile_name_shape(
        &read("lists/names.tsv")?,
        &[
            &read("lists/words.tsv")?,
            &read("lists/clinical.tsv")?,
            &read("lists/drugs.tsv")?,
            &read("own/clinical.txt")?,
            &read("own/drugs_extra.txt")?,
            &read("own/devices.txt")?,
        ],
    );
    fs::write(folder.join("name_shape.bin"), &bytes)?;
    println!("name_shape.bin: {} bytes", bytes.len());
    Ok(())
}
