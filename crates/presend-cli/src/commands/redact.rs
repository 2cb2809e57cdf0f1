//! `presend redact`: chat exports and other files with their identifiers minimised.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, IsTerminal as _, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anstyle::Style;
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum as _;
use indicatif::{ProgressBar, ProgressStyle};
use presend::{Conversation, Engine, Policies, Review, ScopedKeys};
use presend_archive::whatsapp::Survey;
use presend_archive::{Error, ErrorKind, Format, Options, Progress, Report, redact_export, redact_messages};
use serde::Serialize;

use crate::args::{Media, RedactArgs, RedactInput};
use crate::engine::with_policies;
use crate::output::{self, Output};
use crate::policy::{self, Chosen};
use crate::style::{self, Stream, Table};
use crate::{Exit, input};

/// How much of a file is looked at to find out what it is, in bytes.
const SAMPLE: u64 = 64 << 10;
/// The most of a pipe that is held in memory where it has to be read twice, in bytes.
const LARGEST_PIPE: u64 = 1 << 30;
/// A buffer for reading, in bytes.
const BUFFER: usize = 256 << 10;

pub(crate) fn run(args: &RedactArgs) -> Result<Exit> {
    let outputs: Vec<&Path> =
        std::iter::once(&args.output).chain(&args.report).map(std::path::PathBuf::as_path).collect();
    output::refuse_clashes(&args.input_file, &outputs, args.force)?;
    let (kind, source) = Source::open(args)?;
    let mut policies = Policies::built_in();
    for path in &args.policy_layer {
        policies.add(&policy::layer(path)?)?;
    }
    let fixed = Some(policy::find(&mut policies, &args.policy)?);
    let engine = with_policies(&args.engine, Chosen { policies, fixed })?;
    let mut out = Output::create(&args.output, args.force)?;
    let mut report_out = args.report.as_deref().map(|path| Output::create(path, args.force)).transpose()?;

    let mut bar = Bar::new(source.size());
    let report = redact(args, kind, source, &engine, &mut out, &mut |progress| bar.show(progress))?;
    bar.clear();
    out.commit()?;
    if let Some(mut out) = report_out.take() {
        let model = engine.reviewer();
        let written = Written {
            input: name(kind),
            policy: engine.policy().name(),
            model: model.map(|model| model.id()),
            runtime: model.map(|model| model.runtime()),
            report: &report,
        };
        serde_json::to_writer_pretty(&mut out, &written)?;
        writeln!(out)?;
        out.commit()?;
    }
    style::stderr().write_all(summary(args, &report).as_bytes())?;
    let incomplete = report.not_examined + report.model_failed + report.errors;
    Ok(if incomplete == 0 { Exit::Good } else { Exit::Incomplete })
}

fn redact(
    args: &RedactArgs,
    kind: RedactInput,
    source: Source,
    engine: &Engine,
    out: &mut Output,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report> {
    let options = Options {
        threads: args.threads.number(),
        keep_media: args.media == Media::Keep,
        keys: args.keys.keys_for(engine.policy())?,
        ..Options::default()
    };
    let report = match (kind, source) {
        (RedactInput::Text, source) => return whole(args, source, engine, options.keys, out),
        (RedactInput::Lines, source) => {
            redact_messages(source.stream(), out, Format::Lines, engine, &options, progress)
        }
        (RedactInput::Jsonl, source) => {
            redact_messages(source.stream(), out, Format::Jsonl, engine, &options, progress)
        }
        (RedactInput::Whatsapp, Source::File { file, .. }) => {
            redact_export(file, out, engine, &options, progress)
        }
        (RedactInput::Whatsapp, Source::Memory(bytes)) => {
            redact_export(bytes, out, engine, &options, progress)
        }
        (RedactInput::Whatsapp, Source::Pipe(pipe)) => {
            redact_export(Cursor::new(into_memory(pipe)?), out, engine, &options, progress)
        }
    };
    report.map_err(|error| failed(args, error))
}

/// Says which file an error is about, and how to mend it.
fn failed(args: &RedactArgs, error: Error) -> anyhow::Error {
    let mend = match error.kind() {
        ErrorKind::Write if input::is_dash(&args.output) => return error.into(),
        ErrorKind::Write => return anyhow::Error::new(error).context(format!("`{}`", args.output.display())),
        ErrorKind::Zip => "; export the chat again",
        ErrorKind::Encrypted => "; unpack it and give the .txt in it",
        ErrorKind::UnknownChat => "; unpack it and say what its .txt is with --input text or --input lines",
        ErrorKind::NoChat | ErrorKind::ManyChats | ErrorKind::Packing => {
            "; unpack it and give the chat's .txt"
        }
        ErrorKind::TooLarge | ErrorKind::TooCompressed | ErrorKind::TooManyFiles => {
            "; if you trust it, unpack it and give the chat's .txt"
        }
        _ => "",
    };
    anyhow::anyhow!("{}: {error}{mend}", input::name(&args.input_file))
}

/// Minimises a file that is one message.
fn whole(
    args: &RedactArgs,
    source: Source,
    engine: &Engine,
    keys: Option<ScopedKeys>,
    out: &mut Output,
) -> Result<Report> {
    let text = input::decode(&args.input_file, into_memory(source.stream())?)?;
    let mut conversation = Conversation::new();
    if let Some(keys) = keys {
        conversation = conversation.with_keys(keys);
    }
    let outcome = engine.check_in(&text, &mut conversation);
    out.write_all(outcome.text.as_bytes())?;
    let mut report = Report::default();
    report.messages = 1;
    report.model_failed = u64::from(outcome.review == Review::Failed);
    for finding in &outcome.findings {
        *report.findings.entry(finding.label).or_default() += 1;
    }
    report.edits = outcome.decisions.iter().filter(|decision| decision.action.rewrites()).count() as u64;
    report.bytes_in = text.len() as u64;
    report.bytes_out = outcome.text.len() as u64;
    Ok(report)
}

/// Where the input comes from.
enum Source {
    /// A file that can be read as often as needed.
    File { file: File, size: u64 },
    /// What came through a pipe, where it is to be read more than once.
    Memory(Cursor<Vec<u8>>),
    /// What comes through a pipe.
    Pipe(Box<dyn BufRead + Send>),
}

impl Source {
    /// Opens the input and finds out what it is where the options do not say.
    fn open(args: &RedactArgs) -> Result<(RedactInput, Self)> {
        let path = &args.input_file;
        let mut source = if input::is_dash(path) {
            Self::Pipe(input::open(path, BUFFER)?)
        } else {
            let file = input::open_file(path)?;
            match file.metadata() {
                Ok(about) if about.is_file() => Self::File { file, size: about.len() },
                _ => Self::Pipe(Box::new(BufReader::with_capacity(BUFFER, file))),
            }
        };
        let failed = || format!("cannot read {}", input::name(path));
        if args.input.is_none()
            && let Self::Pipe(pipe) = source
        {
            source = Self::Memory(Cursor::new(into_memory(pipe).with_context(failed)?));
        }
        let sample = source.sample().with_context(failed)?;
        let is_zip = presend_archive::is_zip(&sample);
        if is_zip && !matches!(args.input, None | Some(RedactInput::Whatsapp)) {
            bail!(
                "{} is a zip archive; leave --input out if it is a chat export, else unpack it",
                input::name(path)
            );
        }
        if !is_zip && sample.contains(&0) {
            bail!(input::nul(path));
        }
        if is_zip && input::is_dash(&args.output) && io::stdout().is_terminal() {
            bail!("a zip archive cannot be shown on a terminal; give --output a file");
        }
        if sample.is_empty() && args.input.is_none() {
            bail!("{} is empty; there is nothing to minimise", input::name(path));
        }
        let Some(kind) = args.input.or_else(|| detect(&sample, is_zip)) else {
            bail!(
                "{} is no WhatsApp export and no JSON lines; say what it is with --input text or --input lines",
                input::name(path)
            );
        };
        Ok((kind, source))
    }

    /// The start of the input, which is not used up; of a pipe, what is at hand.
    fn sample(&mut self) -> io::Result<Vec<u8>> {
        let mut sample = Vec::new();
        match self {
            Self::File { file, .. } => {
                Read::take(&*file, SAMPLE).read_to_end(&mut sample)?;
                file.seek(SeekFrom::Start(0))?;
            }
            Self::Memory(bytes) => {
                let start = bytes.get_ref().iter().take(usize::try_from(SAMPLE).unwrap_or(usize::MAX));
                sample.extend(start);
            }
            Self::Pipe(pipe) => sample.extend_from_slice(pipe.fill_buf()?),
        }
        Ok(sample)
    }

    fn size(&self) -> Option<u64> {
        match self {
            Self::File { size, .. } => Some(*size),
            Self::Memory(bytes) => Some(bytes.get_ref().len() as u64),
            Self::Pipe(_) => None,
        }
    }

    fn stream(self) -> Box<dyn BufRead + Send> {
        match self {
            Self::File { file, .. } => Box::new(BufReader::with_capacity(BUFFER, file)),
            Self::Memory(bytes) => Box::new(bytes),
            Self::Pipe(pipe) => pipe,
        }
    }
}

/// What an input is that starts like this; `None` where it could be anything.
fn detect(sample: &[u8], is_zip: bool) -> Option<RedactInput> {
    let start = sample.strip_prefix(input::MARK).unwrap_or(sample).trim_ascii_start();
    if is_zip || Survey::read(sample).is_ok_and(|survey| survey.is_chat()) {
        Some(RedactInput::Whatsapp)
    } else if is_json_line(start) {
        Some(RedactInput::Jsonl)
    } else {
        None
    }
}

/// Whether the first line is a JSON object, or the first part of one that is longer than the sample. A text that opens
/// with a brace is none, nor is an object that is spread over lines.
fn is_json_line(sample: &[u8]) -> bool {
    let line = sample.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_cut = line.len() == sample.len();
    line.starts_with(b"{")
        && match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line) {
            Ok(_) => true,
            Err(error) => is_cut && error.is_eof(),
        }
}

fn into_memory(source: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LARGEST_PIPE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_PIPE {
        bail!(
            "more than {} MiB, the most that is held in memory; read it as lines, or from a file",
            LARGEST_PIPE >> 20
        );
    }
    Ok(bytes)
}

/// The progress bar, which appears on a terminal when the work takes long.
struct Bar {
    begun: Instant,
    size: Option<u64>,
    shown: Option<ProgressBar>,
}

impl Bar {
    /// How long work goes on without a bar.
    const PATIENCE: Duration = Duration::from_secs(1);

    fn new(size: Option<u64>) -> Self {
        Self { begun: Instant::now(), size, shown: None }
    }

    fn show(&mut self, progress: Progress) {
        if self.shown.is_none() && (self.begun.elapsed() < Self::PATIENCE || !io::stderr().is_terminal()) {
            return;
        }
        let total = progress.total.or(self.size);
        let bar = self.shown.get_or_insert_with(|| {
            let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let look =
                if total.is_some() { "{wide_bar} {percent:>3} %  {eta} left" } else { "{spinner} {bytes}" };
            bar.set_style(
                ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar
        });
        bar.set_position(progress.done);
    }

    fn clear(&mut self) {
        if let Some(bar) = self.shown.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The report as it is written to a file.
#[derive(Serialize)]
struct Written<'a> {
    input: String,
    policy: &'a str,
    model: Option<&'a str>,
    runtime: Option<&'a str>,
    #[serde(flatten)]
    report: &'a Report,
}

fn name(kind: RedactInput) -> String {
    kind.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// What was done, for the person who had it done: what came out, then what to beware of.
fn summary(args: &RedactArgs, report: &Report) -> String {
    let mut out = String::new();
    if !input::is_dash(&args.output) {
        let done = style::paint(style::GOOD, "Wrote");
        out.push_str(&format!("{done} {} (policy {})\n", args.output.display(), args.policy));
    }
    let mut labels: Vec<_> = report.findings.iter().collect();
    labels.sort_by_key(|(label, count)| (std::cmp::Reverse(**count), **label));
    let labels: Vec<String> = labels.iter().map(|(label, count)| format!("{label} {count}")).collect();
    let mut table = Table::new(Stream::Stderr, 2, 20);
    let mut row = |what: &str, count: u64, more: String| {
        let count = (grouped(count), Style::new());
        table.row([(what.to_owned(), Style::new()), count, (more, style::FAINT)]);
    };
    row("messages", report.messages, String::new());
    row("identifiers", report.found(), labels.join(", "));
    if report.senders_rewritten > 0 {
        let headers = grouped(report.senders_rewritten);
        let lines = if report.senders_rewritten == 1 { "line" } else { "lines" };
        row("members", report.members, format!("rewritten at the head of {headers} {lines}"));
    }
    if report.files_dropped > 0 {
        row("media", report.files_dropped, "left out; --media keep copies them".to_owned());
    }
    if report.files_renamed > 0 {
        row("files", report.files_renamed, "given new names".to_owned());
    }
    out.push_str(&table.render());
    let warning = style::paint(style::WARNING, "warning:");
    for (count, one, many, what) in [
        (
            report.not_examined,
            "text",
            "texts",
            "holding NUL bytes, as files other than text do, may not have been seen through",
        ),
        (report.errors, "line", "lines", "holding no JSON object with a `text` examined as plain text"),
        (report.model_failed, "text", "texts", "that the model could not read, only the rules"),
        (report.files_kept, "media file", "media files", "came through without a look"),
        (
            report.other_members,
            "line",
            "lines",
            "with members besides `id` and `text`, or with a name in the `id`, which were left as they are",
        ),
        (report.cut, "message", "messages", "too long to be examined in one piece"),
        (report.unparsed, "line", "lines", "belonging to no message examined as text"),
        (report.other_headers, "line", "lines", "looking like another chat's examined as text"),
        (report.invalid_utf8, "text", "texts", "with bytes that are not UTF-8, which were kept"),
    ] {
        if count > 0 {
            let unit = if count == 1 { one } else { many };
            out.push_str(&format!("{warning} {} {unit} {what}\n", grouped(count)));
        }
    }
    out
}

/// A number with commas between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_told_apart_by_how_they_start() {
        let chat = "12/03/2024, 14:05 - Priya Nair: bed 4 is free\n";
        assert_eq!(detect(chat.as_bytes(), false), Some(RedactInput::Whatsapp));
        assert_eq!(detect(b"PK\x03\x04", true), Some(RedactInput::Whatsapp));
        assert_eq!(detect(b"\xef\xbb\xbf\n {\"id\":1}", false), Some(RedactInput::Jsonl));
        assert_eq!(detect(b"Dear Mrs Okafor,", false), None);
        let teams = "[12/03/2024 19:03] Young, Will\nbed 4 is free\n".repeat(4);
        assert_eq!(detect(teams.as_bytes(), false), None);
        assert_eq!(detect(b"", false), None);
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, shown) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), shown);
        }
    }
}
