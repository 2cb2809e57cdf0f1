//! `presend scan`: where the identifiers of a file are, as a stream.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use presend::{Engine, Finding, Offsets, Review, Role, Scratch, Unit};
use presend_archive::{Error, Options, Record, scan_messages};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::args::{Format, ScanArgs, ScanInput};
use crate::engine::finder;
use crate::{Exit, input, style};

/// The longest line, in bytes; a longer one gives an error in its place.
const LONGEST_LINE: usize = 16 << 20;
/// How much is read and worked on at a time, in bytes, where so much is at hand.
const BATCH: usize = 4 << 20;
/// A batch of fewer bytes than this is not worth a second thread.
const SMALL_BATCH: usize = 16 << 10;

pub(crate) fn run(args: &ScanArgs) -> Result<Exit> {
    let scanner =
        Scanner { engine: finder(&args.engine)?, input: args.input, format: args.format, unit: args.offsets };
    let mut out = io::stdout().lock();
    let tally = match args.input {
        ScanInput::Text => scanner.whole(&args.file, &mut out)?,
        ScanInput::Lines => {
            scanner.lines(&args.file, presend_archive::Format::Lines, args.threads.number(), &mut out)?
        }
        ScanInput::Jsonl => {
            scanner.lines(&args.file, presend_archive::Format::Jsonl, args.threads.number(), &mut out)?
        }
    };
    Ok(tally.tell())
}

/// What could not be read as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Lines that were not scanned.
    errors: u64,
    /// Messages with NUL bytes.
    binary: u64,
    /// Messages with bytes that are not UTF-8.
    replaced: u64,
    /// Messages that the model could not read.
    unread: u64,
}

impl Tally {
    /// Warns of it on standard error.
    fn tell(self) -> Exit {
        let count = |number, one, many| format!("{number} {}", if number == 1 { one } else { many });
        if self.replaced > 0 {
            let which = count(self.replaced, "message is", "messages are");
            style::warn(&format!("{which} not UTF-8; what cannot be read was scanned, and counts, as �"));
        }
        if self.binary > 0 {
            let which = count(self.binary, "message holds", "messages hold");
            style::warn(&format!(
                "{which} NUL bytes, as UTF-16 and files other than text do; save them as UTF-8"
            ));
        }
        if self.unread > 0 {
            let which = count(self.unread, "message", "messages");
            style::warn(&format!("the model could not read {which}; only the rules have looked"));
        }
        if self.errors > 0 {
            style::warn(&format!("{} not scanned", count(self.errors, "line was", "lines were")));
        }
        if self.errors + self.binary + self.unread > 0 { Exit::Incomplete } else { Exit::Good }
    }
}

struct Scanner {
    engine: Engine,
    input: ScanInput,
    format: Format,
    unit: Unit,
}

#[derive(Serialize)]
struct Entity {
    /// The line, where each is a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    start: usize,
    end: usize,
    label: &'static str,
    role: Option<&'static str>,
    score: f64,
    rule: &'static str,
}

#[derive(Serialize)]
struct Failed<'a> {
    line: u64,
    error: &'a str,
}

#[derive(Serialize)]
struct Scanned<'a> {
    id: Option<&'a RawValue>,
    entities: Vec<Entity>,
}

impl Scanner {
    /// Scans a file as one message.
    fn whole(&self, path: &Path, out: &mut impl Write) -> Result<Tally> {
        let bytes = input::read_message(path)?;
        refuse_zip(path, &bytes)?;
        // A byte order mark stays: offsets are the file's, and the engine makes nothing of it.
        let text = String::from_utf8_lossy(&bytes);
        self.head(out)?;
        let mut part = Vec::new();
        let (findings, review) = self.engine.reviewed_with(&mut Scratch::default(), &text);
        for entity in self.entities(findings, &text, None) {
            self.write(&mut part, &entity, None)?;
        }
        out.write_all(&part)?;
        out.flush()?;
        let replaced = u64::from(matches!(text, Cow::Owned(_)));
        let unread = u64::from(review == Review::Failed);
        Ok(Tally { errors: 0, binary: u64::from(text.contains('\0')), replaced, unread })
    }

    /// Scans a file line by line, on many threads and in order.
    fn lines(
        &self,
        path: &Path,
        format: presend_archive::Format,
        threads: usize,
        out: &mut impl Write,
    ) -> Result<Tally> {
        let failed = || format!("cannot read {}", input::name(path));
        let mut source = input::open(path, BATCH)?;
        refuse_zip(path, source.fill_buf().with_context(failed)?)?;
        let mut batches = Batches::new(source);
        self.head(out)?;
        let mut tally = Tally::default();
        let mut part = Vec::new();
        while let Some(batch) = batches.next().with_context(failed)? {
            let (first, bytes) = match batch {
                Batch::Lines { first, bytes } => (first, bytes),
                Batch::TooLong { line } => {
                    self.failed(&mut part, line, &format!("longer than {} MiB", LONGEST_LINE >> 20))?;
                    tally.errors += 1;
                    (line, Vec::new())
                }
            };
            let options = Options {
                threads: if bytes.len() < SMALL_BATCH { 1 } else { threads },
                window_items: usize::MAX,
                // The last line may be longer by its end.
                max_message: LONGEST_LINE + 2,
                ..Options::default()
            };
            let mut visit =
                |record: &Record<'_>| self.record(record, format, first, &mut part).map_err(Error::write);
            let report =
                scan_messages(bytes.as_slice(), format, &self.engine, &options, &mut |_| {}, &mut visit)
                    .map_err(|error| {
                        let line = first + error.line().map_or(0, |line| line.saturating_sub(1));
                        anyhow!("{}, line {line}: {}", input::name(path), error.kind().about())
                    })?;
            tally.errors += report.errors;
            tally.binary += report.not_examined;
            tally.replaced += report.invalid_utf8;
            tally.unread += report.model_failed;
            // What is at hand was worked off: whoever waits at the other end of a pipe gets it now.
            out.write_all(&part)?;
            out.flush()?;
            part.clear();
        }
        Ok(tally)
    }

    /// Writes what was found in one line of a batch whose first line has that number.
    fn record(
        &self,
        record: &Record<'_>,
        format: presend_archive::Format,
        first: u64,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let line = first + record.line.saturating_sub(1);
        let scanned = match &record.content {
            Ok(scanned) => scanned,
            Err(error) => return self.failed(out, line, error.about()),
        };
        let findings = scanned.findings.clone();
        let line = (format == presend_archive::Format::Lines).then_some(line);
        let entities = self.entities(findings, scanned.text, line);
        if line.is_none() && self.format == Format::Jsonl {
            let id = record.id.map(serde_json::from_str::<&RawValue>).transpose()?;
            return push_json(out, &Scanned { id, entities });
        }
        let id = line.is_none().then_some(record.id.unwrap_or("null"));
        entities.iter().try_for_each(|entity| self.write(out, entity, id))
    }

    fn entities(&self, findings: Vec<Finding>, text: &str, line: Option<u64>) -> Vec<Entity> {
        if findings.is_empty() {
            return Vec::new();
        }
        let offsets = Offsets::new(text);
        findings.iter().map(|finding| entity(finding, &offsets, self.unit, line)).collect()
    }

    fn failed(&self, out: &mut Vec<u8>, line: u64, error: &str) -> io::Result<()> {
        match self.format {
            Format::Jsonl => push_json(out, &Failed { line, error }),
            Format::Table => writeln!(out, "line {line} was not scanned: {error}"),
        }
    }

    /// The headings of a table. Its columns have fixed widths, because its rows are not known yet.
    fn head(&self, out: &mut impl Write) -> io::Result<()> {
        if self.format == Format::Jsonl {
            return Ok(());
        }
        let (line, last) = match self.input {
            ScanInput::Text => ("", "rule"),
            ScanInput::Lines => ("  line  ", "rule"),
            ScanInput::Jsonl => ("", "rule                  id"),
        };
        let [start, end, label, role, score] = ["start", "end", "label", "role", "score"];
        writeln!(out, "{line}{start:>7}  {end:>7}  {label:<20}  {role:<8}  {score:<5}  {last}")
    }

    /// Writes one finding of a message, with the message's id where it has one.
    fn write(&self, out: &mut Vec<u8>, entity: &Entity, id: Option<&str>) -> io::Result<()> {
        if self.format == Format::Jsonl {
            return push_json(out, entity);
        }
        if let Some(line) = entity.line {
            write!(out, "{line:>6}  ")?;
        }
        let Entity { start, end, label, score, rule, .. } = entity;
        let role = entity.role.unwrap_or("-");
        write!(out, "{start:>7}  {end:>7}  {label:<20}  {role:<8}  {score:.3}  ")?;
        match id {
            Some(id) => writeln!(out, "{rule:<20}  {id}"),
            None => writeln!(out, "{rule}"),
        }
    }
}

/// An archive's packed bytes are no text.
fn refuse_zip(path: &Path, start: &[u8]) -> Result<()> {
    if presend_archive::is_zip(start) {
        bail!(
            "{} is a zip archive; unpack it, or, if it is a chat export, give it to presend redact",
            input::name(path)
        );
    }
    Ok(())
}

fn push_json(out: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.push(b'\n');
    Ok(())
}

fn entity(finding: &Finding, offsets: &Offsets, unit: Unit, line: Option<u64>) -> Entity {
    let (start, end) = offsets.convert(finding.span, unit);
    Entity {
        line,
        start,
        end,
        label: finding.label.name(),
        role: finding.role.map(Role::name),
        score: super::score(finding.confidence),
        rule: finding.rule,
    }
}

/// Reads whole lines, as many as there are at hand, so that a slow pipe is answered line by line and a file in large
/// batches.
struct Batches<R> {
    source: R,
    /// The beginning of a line whose end was not read yet.
    begun: Vec<u8>,
    /// The number of the next line, from 1.
    next: u64,
}

#[derive(Debug, PartialEq, Eq)]
enum Batch {
    /// Whole lines with their ends, and the number of the first.
    Lines { first: u64, bytes: Vec<u8> },
    /// A line that was passed over.
    TooLong { line: u64 },
}

impl<R: BufRead> Batches<R> {
    fn new(source: R) -> Self {
        Self { source, begun: Vec::new(), next: 1 }
    }

    fn next(&mut self) -> io::Result<Option<Batch>> {
        loop {
            let available = match self.source.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let len = available.len();
            if len == 0 {
                let last = std::mem::take(&mut self.begun);
                return Ok((!last.is_empty()).then(|| self.batch(last)));
            }
            let first_end = available.iter().position(|byte| *byte == b'\n');
            if self.begun.len() + first_end.unwrap_or(len) > LONGEST_LINE {
                self.begun = Vec::new();
                self.source.skip_until(b'\n')?;
                self.next += 1;
                return Ok(Some(Batch::TooLong { line: self.next - 1 }));
            }
            let Some(last_end) = available.iter().rposition(|byte| *byte == b'\n') else {
                self.begun.extend_from_slice(available);
                self.source.consume(len);
                continue;
            };
            let (whole, begun) = available.split_at_checked(last_end + 1).unwrap_or((available, &[]));
            let mut bytes = std::mem::replace(&mut self.begun, begun.to_vec());
            bytes.extend_from_slice(whole);
            self.source.consume(len);
            return Ok(Some(self.batch(bytes)));
        }
    }

    fn batch(&mut self, bytes: Vec<u8>) -> Batch {
        let first = self.next;
        self.next += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        Batch::Lines { first, bytes }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn batches(input: &[u8], at_a_time: usize) -> Vec<Batch> {
        let mut batches = Batches::new(BufReader::with_capacity(at_a_time, input));
        std::iter::from_fn(|| batches.next().unwrap()).collect()
    }

    #[test]
    fn lines_are_the_same_however_they_come() {
        let input = b"\xef\xbb\xbfone\r\n\ntwo\rthree\n\n\nlast";
        for at_a_time in [1, 2, 3, 5, 100] {
            let mut all = Vec::new();
            for batch in batches(input, at_a_time) {
                let Batch::Lines { first, bytes } = batch else { panic!("no line is too long") };
                let before = all.iter().filter(|byte| **byte == b'\n').count() as u64;
                assert_eq!(first, before + 1, "{at_a_time}");
                all.extend(bytes);
            }
            assert_eq!(all, input, "{at_a_time}");
        }
        assert_eq!(batches(b"", 4), []);
        assert_eq!(batches(b"\n", 4), [Batch::Lines { first: 1, bytes: b"\n".to_vec() }]);
    }

    /// Offsets are those of the file.
    #[test]
    fn a_byte_order_mark_counts() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bom");
        let starts = |input, unit, bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let scanner = Scanner { engine: Engine::new(), input, format: Format::Jsonl, unit };
            let mut out = Vec::new();
            match input {
                ScanInput::Text => scanner.whole(&path, &mut out),
                ScanInput::Lines => scanner.lines(&path, presend_archive::Format::Lines, 1, &mut out),
                ScanInput::Jsonl => scanner.lines(&path, presend_archive::Format::Jsonl, 1, &mut out),
            }
            .unwrap();
            let out = String::from_utf8(out).unwrap();
            let starts = out.split("\"start\":").skip(1);
            starts.map(|rest| rest.split(',').next().unwrap().parse().unwrap()).collect::<Vec<usize>>()
        };
        let text = "\u{feff}Mrs Okafor\nMrs Okafor\n".as_bytes();
        for (unit, whole, lines) in [
            (Unit::Bytes, [7, 18], [7, 4]),
            (Unit::CodePoints, [5, 16], [5, 4]),
            (Unit::Utf16, [5, 16], [5, 4]),
        ] {
            assert_eq!(starts(ScanInput::Text, unit, text), whole);
            assert_eq!(starts(ScanInput::Lines, unit, text), lines);
            let line = "\u{feff}{\"text\":\"Mrs Okafor\"}\n".as_bytes();
            assert_eq!(starts(ScanInput::Jsonl, unit, line), [4]);
        }
        assert_eq!(starts(ScanInput::Text, Unit::Bytes, "\u{feff}Okafor\n".as_bytes()), [3]);
    }

    #[test]
    fn a_line_past_the_limit_gives_way_to_the_next() {
        for end in ["\nlast\n", "\nlast", "\n", ""] {
            let mut input = b"first\n".to_vec();
            input.resize(input.len() + LONGEST_LINE + 1, b'x');
            input.extend_from_slice(end.as_bytes());
            let found = batches(&input, BATCH);
            let first = Batch::Lines { first: 1, bytes: b"first\n".to_vec() };
            let last = end.trim_start_matches('\n').as_bytes().to_vec();
            let mut expected = vec![first, Batch::TooLong { line: 2 }];
            if !last.is_empty() {
                expected.push(Batch::Lines { first: 3, bytes: last });
            }
            assert!(found == expected, "{end:?}");
        }
    }
}
