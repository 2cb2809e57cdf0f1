//! Turns every `detectors/*.toml` into static tables, so that a detector is one file and starting up reads none.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a build script reads files and stops the build with a message where one is wrong"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DetectorFile {
    id: String,
    label: String,
    category: String,
    explanation: String,
    source: String,
    #[serde(default)]
    pattern: Vec<PatternEntry>,
    #[serde(default)]
    context: ContextEntry,
    must_match: Vec<String>,
    must_not_match: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternEntry {
    regex: String,
    confidence: f32,
    validator: Option<String>,
    #[serde(default)]
    needs_context: bool,
    #[serde(default)]
    gate: Gate,
    note: String,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Gate {
    #[default]
    Digit,
    At,
    Dot,
    Word,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ContextEntry {
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    against: Vec<String>,
    #[serde(default = "default_window")]
    window: usize,
    #[serde(default)]
    boost: f32,
}

fn default_window() -> usize {
    5
}

fn main() {
    println!("cargo::rerun-if-changed=detectors");
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let mut files: Vec<_> = fs::read_dir(Path::new(&root).join("detectors"))
        .expect("detectors/ is readable")
        .map(|entry| entry.expect("detectors/ is readable").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .collect();
    files.sort();

    let mut code = String::from(
        "/// Every detector, by file name.\npub(crate) static DETECTORS: &[DetectorSpec] = &[\n",
    );
    let mut ids = BTreeSet::new();
    for path in &files {
        let text = fs::read_to_string(path).expect("a detector file is UTF-8");
        let file: DetectorFile =
            toml::from_str(&text).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a detector file has a UTF-8 name");
        assert_eq!(file.id, stem, "{}: the id must be the file's name", path.display());
        assert!(ids.insert(file.id.clone()), "{}: the id is taken", path.display());
        assert!(!file.must_match.is_empty(), "{}: give at least one must_match", path.display());
        assert!(!file.must_not_match.is_empty(), "{}: give at least one must_not_match", path.display());
        write_detector(&mut code, &file);
    }
    code.push_str("];\n");
    fs::write(Path::new(&out).join("detectors.rs"), code).expect("OUT_DIR is writable");
}

fn write_detector(code: &mut String, file: &DetectorFile) {
    let variant = camel(&file.label);
    writeln!(
        code,
        "DetectorSpec {{ id: {:?}, label: Label::{variant}, category: {:?}, explanation: {:?}, source: {:?},",
        file.id, file.category, file.explanation, file.source
    )
    .expect("writing to a string");
    code.push_str("  patterns: &[\n");
    for pattern in &file.pattern {
        let validator = match &pattern.validator {
            Some(name) => format!("Some(validators::{name})"),
            None => "None".to_owned(),
        };
        let gate = match pattern.gate {
            Gate::Digit => "Digit",
            Gate::At => "At",
            Gate::Dot => "Dot",
            Gate::Word => "Word",
        };
        writeln!(code, "    PatternSpec {{ regex: {:?}, confidence: {:?}, validator: {validator}, needs_context: {}, gate: Gate::{gate}, note: {:?} }},",
            pattern.regex, pattern.confidence, pattern.needs_context, pattern.note).expect("writing to a string");
    }
    let context = &file.context;
    writeln!(code, "  ], context: ContextSpec {{ before: &{:?}, after: &{:?}, against: &{:?}, window: {}, boost: {:?} }},",
        context.before, context.after, context.against, context.window, context.boost).expect("writing to a string");
    writeln!(code, "  must_match: &{:?}, must_not_match: &{:?} }},", file.must_match, file.must_not_match)
        .expect("writing to a string");
}

/// `NHS_NUMBER` to `NhsNumber`: the variant of `Label` by its name.
fn camel(label: &str) -> String {
    label
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + &letters.as_str().to_ascii_lowercase()
            })
        })
        .collect()
}
