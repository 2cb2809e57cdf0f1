//! Turns labelled messages into the arrays that training reads, by the program's own splitting and features.
//!
//! `cargo run --release -p presend-ner --example training_arrays -- TOKENIZER.json OUT_DIR FILE.jsonl...`
//!
//! Each line of a file is `{"text", "entities": [{"start", "end", "label", "role"?, "optional"?}], "known"?: [labels]}`
//! with offsets in code points; a label `*` marks words that are not to be learned from. The arrays, little-endian:
//! `index.u32` (where each example's pieces start, and the end), and for each piece `ids.u16`, `features.u128`,
//! `first.u8` (1 for the first piece of a word), `tags.u8` (0 nothing, label + 1, 63 not to be learned from; plus 64
//! where a span begins, plus 128 where the label is optional), `roles.u8` (0 unknown, role + 1); for each example
//! `known.u64` (the labels that are marked everywhere) and a line of `sources.txt`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a program of its own that reads files"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use presend_detect::{Detector, Features, Label, Reading, Role, Scratch};
use presend_ner::Encoder;
use presend_text::{Offsets, Unit};
use serde::Deserialize;

/// The most pieces of an example; the rest of a longer one is left out.
const LONGEST: usize = 190;
const NOT_LEARNED: u8 = 63;
const BEGINS: u8 = 64;
const OPTIONAL: u8 = 128;

#[derive(Deserialize)]
struct Line {
    text: String,
    entities: Vec<Entity>,
    known: Option<Vec<String>>,
    #[serde(default)]
    source: String,
}

#[derive(Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    optional: bool,
}

/// An array file that is written as it grows.
struct Array(BufWriter<fs::File>);

impl Array {
    fn create(folder: &std::path::Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        Ok(Self(BufWriter::new(fs::File::create(&path).with_context(|| path.display().to_string())?)))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.0.write_all(bytes)?)
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(tokenizer), Some(folder)) = (arguments.next(), arguments.next()) else {
        bail!("usage: training_arrays TOKENIZER.json OUT_DIR FILE.jsonl...");
    };
    let encoder = Encoder::new(&fs::read(&tokenizer).with_context(|| tokenizer.display().to_string())?)?;
    fs::create_dir_all(&folder)?;
    let detector = Detector::new();
    let mut scratch = Scratch::default();
    let mut reading = Reading::default();
    let [index, ids, features, first, tags, roles, known, sources] = &mut [
        Array::create(&folder, "index.u32")?,
        Array::create(&folder, "ids.u16")?,
        Array::create(&folder, "features.u128")?,
        Array::create(&folder, "first.u8")?,
        Array::create(&folder, "tags.u8")?,
        Array::create(&folder, "roles.u8")?,
        Array::create(&folder, "known.u64")?,
        Array::create(&folder, "sources.txt")?,
    ];
    let (mut total, mut examples, mut cut) = (0_u32, 0_u32, 0_u32);
    let mut pieces = Vec::new();
    for path in arguments {
        for (number, line) in (1..).zip(BufReader::new(fs::File::open(&path)?).lines()) {
            let line: Line = serde_json::from_str(&line?)
                .ok()
                .with_context(|| format!("{}, line {number} is no example", path.display()))?;
            detector.read(&mut scratch, &line.text, &mut reading);
            let offsets = Offsets::new(&line.text);
            let mut spans = Vec::new();
            for entity in &line.entities {
                let span = offsets
                    .to_span(entity.start, entity.end, Unit::CodePoints)
                    .with_context(|| format!("{}, line {number}: a span does not fit", path.display()))?;
                let tag = match entity.label.as_str() {
                    "*" => NOT_LEARNED,
                    label => label.parse::<Label>()? as u8 + 1 + if entity.optional { OPTIONAL } else { 0 },
                };
                let role = match entity.role.as_deref() {
                    None | Some("") => 0,
                    Some(role) => match role.parse::<Role>()? {
                        Role::Patient => 1,
                        Role::Relative => 2,
                        Role::Staff => 3,
                        Role::Other => 4,
                        _ => 0,
                    },
                };
                spans.push((span, tag, role));
            }
            index.put(&total.to_le_bytes())?;
            let labels = match &line.known {
                None => u64::MAX,
                Some(labels) => labels
                    .iter()
                    .map(|label| label.parse::<Label>().map(|label| 1_u64 << label as u8))
                    .try_fold(0, |all, label| label.map(|label| all | label))?,
            };
            known.put(&labels.to_le_bytes())?;
            sources.put(line.source.as_bytes())?;
            sources.put(b"\n")?;
            let mut piece = |id: u32, bits: u128, is_first: bool, tag: u8, role: u8| -> Result<()> {
                ids.put(&u16::try_from(id)?.to_le_bytes())?;
                features.put(&bits.to_le_bytes())?;
                first.put(&[u8::from(is_first)])?;
                tags.put(&[tag])?;
                roles.put(&[role])?;
                total += 1;
                Ok(())
            };
            piece(encoder.start(), 0, false, 0, 0)?;
            let mut length = 2;
            for word in reading.words() {
                pieces.clear();
                length += encoder.encode(&reading, word, &mut pieces);
                if length > LONGEST {
                    cut += 1;
                    break;
                }
                let span = spans.iter().find(|(span, ..)| span.overlaps(word.span));
                let (tag, role) = match span {
                    None => (0, 0),
                    Some((_, NOT_LEARNED, _)) => (NOT_LEARNED, 0),
                    // A word that starts before the span still begins it: "DrPham" written in one.
                    Some((span, tag, role)) => {
                        let begins = word.span.start() <= span.start();
                        (tag | if begins { BEGINS } else { 0 }, *role)
                    }
                };
                for (at, id) in pieces.iter().enumerate() {
                    piece(*id, word.features.bits(), at == 0, tag, role)?;
                }
            }
            piece(encoder.end(), 0, false, 0, 0)?;
            examples += 1;
        }
    }
    index.put(&total.to_le_bytes())?;
    fs::write(folder.join("features.json"), serde_json::to_string(&Features::names())?)?;
    let labels: Vec<&str> = Label::ALL.iter().map(|label| label.name()).collect();
    fs::write(folder.join("labels.json"), serde_json::to_string(&labels)?)?;
    for array in [index, ids, features, first, tags, roles, known, sources] {
        array.0.flush()?;
    }
    #[expect(clippy::print_stdout, reason = "a program of its own")]
    {
        println!("{examples} examples, {total} pieces, {cut} cut short");
    }
    Ok(())
}
