//! Turns every `detectors/*.toml` into static tables, so that a detector is one file and starting up reads none.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a build script reads files and stops the build with a message where one is wrong"
)]

#[path = "../src/opening.rs"]
mod opening;
mod openings;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde::Deserialize;

use opening::{EIGHTS, FOURS, PAIRS, THREES, eight_bit, four_bit, pair_bit, three_bit};
use openings::{NEAR, Pattern};

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

#[derive(Deserialize, Default, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Gate {
    #[default]
    Digit,
    At,
    Dot,
    Colons,
    Underscore,
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

/// The patterns that are looked for together.
struct Group {
    pairs: [u64; PAIRS],
    threes: [u64; THREES],
    fours: [u64; FOURS],
    eights: [u64; EIGHTS],
    /// The detector's number and the pattern's number in it.
    members: Vec<(usize, usize)>,
}

impl Default for Group {
    fn default() -> Self {
        Self {
            pairs: [0; PAIRS],
            threes: [0; THREES],
            fours: [0; FOURS],
            eights: [0; EIGHTS],
            members: Vec::new(),
        }
    }
}

/// By gate, and by how soon a match meets a digit, where it does.
type Groups = BTreeMap<(Gate, Option<usize>), Group>;

fn main() {
    println!("cargo::rerun-if-changed=detectors");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/opening.rs");
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
    let mut groups = Groups::new();
    for (detector, path) in files.iter().enumerate() {
        let text = fs::read_to_string(path).expect("a detector file is UTF-8");
        let file: DetectorFile =
            toml::from_str(&text).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a detector file has a UTF-8 name");
        assert_eq!(file.id, stem, "{}: the id must be the file's name", path.display());
        assert!(ids.insert(file.id.clone()), "{}: the id is taken", path.display());
        assert!(!file.must_match.is_empty(), "{}: give at least one must_match", path.display());
        assert!(!file.must_not_match.is_empty(), "{}: give at least one must_not_match", path.display());
        write_detector(&mut code, &file);
        for (number, entry) in file.pattern.iter().enumerate() {
            add_to_group(&mut groups, (detector, number), entry)
                .unwrap_or_else(|err| panic!("{}: pattern {}: {err}", path.display(), number + 1));
        }
    }
    code.push_str("];\n");
    write_groups(&mut code, &groups);
    fs::write(Path::new(&out).join("detectors.rs"), code).expect("OUT_DIR is writable");
}

fn add_to_group(groups: &mut Groups, member: (usize, usize), entry: &PatternEntry) -> Result<(), String> {
    let pattern = Pattern::new(&entry.regex)?;
    let near =
        NEAR.into_iter().filter(|_| entry.gate == Gate::Digit).find(|near| pattern.needs_digit_within(*near));
    let group = groups.entry((entry.gate, near)).or_default();
    group.members.push(member);
    let set = |table: &mut [u64], bit: usize| table[bit / 64] |= 1 << (bit % 64);
    for opening in pattern.openings() {
        match *opening {
            [first, second] => set(&mut group.pairs, pair_bit(first, second)),
            [a, b, c] => set(&mut group.threes, three_bit([a, b, c])),
            [a, b, c, d] => set(&mut group.fours, four_bit([a, b, c, d])),
            [a, b, c, d, e, f, g, h] => set(&mut group.eights, eight_bit([a, b, c, d, e, f, g, h])),
            _ => return Err("it can match nothing".to_owned()),
        }
    }
    Ok(())
}

fn write_groups(code: &mut String, groups: &Groups) {
    code.push_str(
        "/// The patterns, by how they are looked for.\npub(crate) static GROUPS: &[GroupSpec] = &[\n",
    );
    for ((gate, near), Group { pairs, threes, fours, eights, members }) in groups {
        writeln!(
            code,
            "GroupSpec {{ gate: Gate::{gate:?}, near_digit: {near:?}, members: &{members:?},\n  \
             openings: Openings {{ pairs: &{pairs:?}, threes: &{threes:?}, fours: &{fours:?}, eights: &{eights:?} }} }},"
        )
        .expect("writing to a string");
    }
    code.push_str("];\n");
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
        writeln!(code, "    PatternSpec {{ regex: {:?}, confidence: {:?}, validator: {validator}, needs_context: {}, note: {:?} }},",
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
