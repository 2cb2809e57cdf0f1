//! Compiles `dictionaries/lists` and `dictionaries/own` into `dictionaries/words.bin`:
//! `cargo run -p presend-detect --features dictionary-compiler --example compile_dictionaries`.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool that reads and writes files")]

use std::error::Error;
use std::fs;
use std::path::Path;

use presend_detect::dictionary::compile::{Sources, compile};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
    let mut sources = Sources::new();
    for list in ["lists", "own"] {
        for file in fs::read_dir(folder.join(list))? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "tsv" || extension == "txt") {
                sources.insert(path.strip_prefix(&folder)?.to_string_lossy(), fs::read_to_string(&path)?);
            }
        }
    }
    let bytes = compile(&sources)?;
    fs::write(folder.join("words.bin"), &bytes)?;
    println!("words.bin: {} bytes", bytes.len());
    Ok(())
}
