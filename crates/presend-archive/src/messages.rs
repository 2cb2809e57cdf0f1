//! Files of messages, one a line: plain text, or JSON objects with an `id` and a `text`.

use std::fmt;
use std::io::{BufRead, Write};
use std::ops::Range;

use presend::{Engine, Finding, Folded, Scratch};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::batch::{Emit, Runner};
use crate::export::Counted;
use crate::lines::{Lines, without_ending};
use crate::rewrite::{Found, Lookout, Rewriter};
use crate::whatsapp::Kind;
use crate::words::is_telling;
use crate::{Error, Options, Progress, Report};

/// What the lines of a file of messages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Every line is a message.
    Lines,
    /// Every line is a JSON object with the message under `text` and, if there is one, its name under `id`.
    ///
    /// Escapes of lone surrogates (`\ud83d`), which no Rust string can hold, count as U+FFFD. Lines that are blank are
    /// passed over. Other members are kept and not looked at.
    Jsonl,
}

/// Why a line holds no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineError {
    /// It is no JSON object, or one with two `id`s or two `text`s.
    Json,
    /// It has no `text` that is a string.
    NoText,
    /// It is longer than [`Options::max_message`].
    TooLong,
}

impl LineError {
    /// The reason in words.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            LineError::Json => "not a JSON object",
            LineError::NoText => "no text in it",
            LineError::TooLong => "longer than the limit",
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.about())
    }
}

/// One line of a file of messages.
pub struct Record<'a> {
    /// The line, counted from 1.
    pub line: u64,
    /// The message's `id` as JSON, quotes and all.
    pub id: Option<&'a str>,
    /// The message and what was found in it, or why there is none.
    pub content: Result<Scanned<'a>, LineError>,
}

/// A message and what was found in it.
pub struct Scanned<'a> {
    /// The message; what is not UTF-8 is read as Windows-1252, and lone surrogates are shown as U+FFFD.
    pub text: &'a str,
    /// What was found, sorted by start; no two overlap.
    pub findings: Vec<Finding>,
    /// Whether this is a further piece of a line too long to be scanned whole.
    pub is_continued: bool,
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("line", &self.line)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Scanned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanned")
            .field("text_len", &self.text.len())
            .field("findings", &self.findings)
            .field("is_continued", &self.is_continued)
            .finish()
    }
}

/// Writes a file of messages with their identifiers rewritten; all lines are one conversation.
///
/// Plain lines keep every byte that is not rewritten. In JSONL only the string under `text` is written anew, and only
/// where something in it is rewritten: as `serde_json` writes strings, so that its escapes may differ. Lines in error
/// are rewritten as plain text, since nobody knows what they hold, and counted.
///
/// # Errors
///
/// Where the input cannot be read, the output cannot be written, or the engine fails on a message.
pub fn redact_messages(
    input: impl BufRead,
    output: &mut dyn Write,
    format: Format,
    engine: &Engine,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let report = run(input, format, engine, options, progress, Target::Write(output))?;
    output.flush().map_err(Error::write)?;
    Ok(report)
}

/// Looks for identifiers in a file of messages and hands every line with what was found to `visit`, in order.
///
/// # Errors
///
/// Like [`redact_messages`], and whatever error `visit` gives.
pub fn scan_messages(
    input: impl BufRead,
    format: Format,
    engine: &Engine,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
    visit: &mut dyn FnMut(&Record<'_>) -> Result<(), Error>,
) -> Result<Report, Error> {
    run(input, format, engine, options, progress, Target::Visit(visit))
}

enum Target<'a> {
    Write(&'a mut dyn Write),
    Visit(&'a mut dyn FnMut(&Record<'_>) -> Result<(), Error>),
}

fn run(
    input: impl BufRead,
    format: Format,
    engine: &Engine,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
    target: Target<'_>,
) -> Result<Report, Error> {
    let lookout = Lookout { engine, members: None };
    let writes = matches!(target, Target::Write(_));
    let look = |scratch: &mut Scratch, item: &Item| {
        let bytes = match &item.content {
            Content::Text { text, .. } => text.as_bytes(),
            Content::Blank => return None,
            Content::Error(_) if !writes => return None,
            Content::Plain | Content::Error(_) => {
                item.raw.get(..without_ending(&item.raw)).unwrap_or_default()
            }
        };
        Some(lookout.look(scratch, bytes, Kind::Message))
    };
    let runner = Runner::new(options)?;
    let mut run = runner.run(
        look,
        Records { rewriter: Rewriter::new(engine, options.conversation()), target, out: Vec::new() },
    );
    let mut lines = Lines::new(Counted::new(input, 0, None, progress), options.max_message);
    while let Some(line) = lines.next()? {
        let content = match (format, line.first && line.last) {
            (Format::Lines, _) => Content::Plain,
            (Format::Jsonl, false) => Content::Error(LineError::TooLong),
            (Format::Jsonl, true) => parse(line.bytes),
        };
        let item = Item { raw: line.bytes.to_vec(), line: line.number, is_continued: !line.first, content };
        run.push(item.line, item.raw.len(), item)?;
    }
    Ok(run.finish()?.rewriter.finish())
}

struct Item {
    raw: Vec<u8>,
    line: u64,
    is_continued: bool,
    content: Content,
}

enum Content {
    Plain,
    Text { text: String, string: Range<usize>, id: Option<Range<usize>>, others: bool },
    Blank,
    Error(LineError),
}

struct Records<'a, 't> {
    rewriter: Rewriter<'a>,
    target: Target<'t>,
    out: Vec<u8>,
}

impl Emit<Item, Option<Found>> for Records<'_, '_> {
    fn emit(&mut self, item: Item, found: Option<Found>) -> Result<(), Error> {
        let Item { raw, line, is_continued, content } = item;
        let report = &mut self.rewriter.report;
        report.bytes_in += raw.len() as u64;
        let end = without_ending(&raw);
        let plain = raw.get(..end).unwrap_or_default();
        let (bytes, id) = match &content {
            Content::Plain => {
                report.cut += u64::from(is_continued);
                report.messages += u64::from(!is_continued);
                (plain, None)
            }
            Content::Text { text, id, others, .. } => {
                report.messages += 1;
                report.other_members += u64::from(*others);
                (text.as_bytes(), id.clone())
            }
            Content::Error(_) => {
                report.errors += u64::from(!is_continued);
                (plain, None)
            }
            Content::Blank => (&[] as &[u8], None),
        };
        match &mut self.target {
            Target::Visit(visit) => {
                let content = match (&content, &found) {
                    (Content::Error(_), _) if is_continued => return Ok(()),
                    (Content::Error(error), _) => Err(*error),
                    (_, Some(found)) => {
                        self.rewriter.count(bytes, found);
                        let findings = found.marks.iter().map(|mark| mark.finding.clone()).collect();
                        Ok(Scanned { text: found.view.text(bytes), findings, is_continued })
                    }
                    _ => return Ok(()),
                };
                let id = id.and_then(|id| std::str::from_utf8(raw.get(id)?).ok());
                visit(&Record { line, id, content })
            }
            Target::Write(output) => {
                self.out.clear();
                let string = match &content {
                    Content::Text { string, .. } => string.clone(),
                    _ => 0..end,
                };
                if let Some(found) = &found {
                    self.rewriter.text(bytes, found, &mut self.out);
                }
                if found.is_none() || self.out == bytes {
                    self.rewriter.report.bytes_out += raw.len() as u64;
                    return output.write_all(&raw).map_err(Error::write);
                }
                if let Content::Text { .. } = content {
                    let text = String::from_utf8_lossy(&self.out);
                    let json = serde_json::to_vec(&text).unwrap_or_default();
                    self.out = json;
                }
                let before = raw.get(..string.start).unwrap_or_default();
                let after = raw.get(string.end..).unwrap_or_default();
                self.rewriter.report.bytes_out += (before.len() + self.out.len() + after.len()) as u64;
                [before, &self.out, after]
                    .into_iter()
                    .try_for_each(|part| output.write_all(part))
                    .map_err(Error::write)
            }
        }
    }
}

/// Reads one line of JSONL.
fn parse(line: &[u8]) -> Content {
    let json = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let skipped = line.len() - json.len();
    if json.trim_ascii().is_empty() {
        return Content::Blank;
    }
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let members = deserializer.deserialize_map(MembersVisitor);
    let Ok(members) = members.and_then(|members| deserializer.end().map(|()| members)) else {
        return Content::Error(LineError::Json);
    };
    let place = |raw: &RawValue| {
        let start = (raw.get().as_ptr() as usize).saturating_sub(json.as_ptr() as usize) + skipped;
        start..start + raw.get().len()
    };
    let Some((text, string)) = members.text.and_then(|raw| Some((string(raw)?, place(raw)))) else {
        return Content::Error(LineError::NoText);
    };
    let others = members.others || members.id.is_some_and(names_someone);
    Content::Text { text, string, id: members.id.map(place), others }
}

/// Whether a word of an `id` is somebody's name; the letters of hexadecimal numbers are none.
fn names_someone(id: &RawValue) -> bool {
    let mut words = id.get().split(|c: char| !c.is_alphabetic());
    words.any(|word| {
        !word.bytes().all(|byte| byte.is_ascii_hexdigit()) && is_telling(Folded::new(word).text(), false)
    })
}

#[derive(Default)]
struct Members<'a> {
    id: Option<&'a RawValue>,
    text: Option<&'a RawValue>,
    others: bool,
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members::default();
        while let Some(name) = map.next_key::<String>()? {
            let slot = match name.as_str() {
                "id" => &mut members.id,
                "text" => &mut members.text,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    members.others = true;
                    continue;
                }
            };
            if slot.replace(map.next_value()?).is_some() {
                return Err(serde::de::Error::custom("a member twice"));
            }
        }
        Ok(members)
    }
}

/// The string that a JSON value is, with U+FFFD for lone surrogates; `None` where it is none.
fn string(raw: &RawValue) -> Option<String> {
    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }

    if !raw.get().starts_with('"') {
        return None;
    }
    // Asked for bytes, serde_json gives lone surrogates in three bytes each, as WTF-8 has them.
    let mut bytes = serde_json::Deserializer::from_str(raw.get()).deserialize_bytes(Bytes).ok()?;
    for at in memchr::memchr_iter(0xed, &bytes.clone()) {
        if let Some(surrogate @ [_, 0xa0..=0xbf, _]) = bytes.get_mut(at..at + 3) {
            surrogate.copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> Result<String, Option<LineError>> {
        match parse(line.as_bytes()) {
            Content::Text { text, string, .. } => {
                assert!(
                    line.get(string).is_some_and(|string| string.starts_with('"') && string.ends_with('"'))
                );
                Ok(text)
            }
            Content::Error(error) => Err(Some(error)),
            _ => Err(None),
        }
    }

    #[test]
    fn jsonl_lines_are_read() {
        for (line, expected) in [
            (r#"{"id":"a1","text":"bed 4"}"#, Ok("bed 4")),
            (r#" { "text" : "a\"b\\\n\u00e9" , "id" : 7 } "#, Ok("a\"b\\\né")),
            ("\u{feff}{\"text\":\"x\"}", Ok("x")),
            (r#"{"text":"\ud83d\ude00 ok"}"#, Ok("😀 ok")),
            (r#"{"text":"\ud83d ok \ude00"}"#, Ok("\u{fffd} ok \u{fffd}")),
            (r#"{"text":"\ud7ff ퟿"}"#, Ok("\u{d7ff} ퟿")),
            (r#"{"text":"x","sender":{"a":[1]}}"#, Ok("x")),
            (r#"{"text":"x"} {"text":"y"}"#, Err(Some(LineError::Json))),
            (r#"{"text":"x","text":"y"}"#, Err(Some(LineError::Json))),
            (r#"{"text":"x""#, Err(Some(LineError::Json))),
            (r#"["x"]"#, Err(Some(LineError::Json))),
            ("not json", Err(Some(LineError::Json))),
            (r#"{"id":"a"}"#, Err(Some(LineError::NoText))),
            (r#"{"text":null}"#, Err(Some(LineError::NoText))),
            (r#"{"text":7}"#, Err(Some(LineError::NoText))),
            ("  ", Err(None)),
            ("", Err(None)),
        ] {
            assert_eq!(text(line), expected.map(str::to_owned), "{line:?}");
        }
        assert!(matches!(parse(b"{\"text\":\"\xff\"}"), Content::Error(_)));
    }

    #[test]
    fn ids_and_other_members_are_noted() {
        let line = r#"{"text":"x","id":"a 1","by":"n"}"#;
        let Content::Text { id, others, .. } = parse(line.as_bytes()) else { panic!("a message") };
        assert_eq!(id.and_then(|id| line.get(id)), Some("\"a 1\""));
        assert!(others);
        for (id, named) in
            [("Haddow-4", false), ("okafor 4", true), ("3fa85f64-ada1-4562", false), ("msg-17", false)]
        {
            let line = format!(r#"{{"id":"{id}","text":"x"}}"#);
            let Content::Text { others, .. } = parse(line.as_bytes()) else { panic!("a message") };
            assert_eq!(others, named, "{id}");
        }
    }
}
