//! The table of name spellings in the program is what the lists in the repository give.
#![cfg(feature = "dictionary-compiler")]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test that reads the lists from the repository"
)]

use std::fs;
use std::path::Path;

#[test]
fn the_compiled_table_is_what_the_lists_give() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a readable list");
    let lists = [
        "lists/words.tsv",
        "lists/clinical.tsv",
        "lists/drugs.tsv",
        "own/clinical.txt",
        "own/drugs_extra.txt",
        "own/devices.txt",
    ]
    .map(read);
    let words: Vec<&str> = lists.iter().map(String::as_str).collect();
    let bytes = presend_detect::compile_name_shape(&read("lists/names.tsv"), &words);
    assert!(
        bytes == fs::read(folder.join("name_shape.bin")).expect("name_shape.bin"),
        "dictionaries/name_shape.bin is out of date: run the example compile_name_shape"
    );
}
