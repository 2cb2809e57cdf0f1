//! WhatsApp exports in and out.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use presend::{Engine, Finding, Scratch};

use crate::batch::{Emit, Runner};
use crate::members::Members;
use crate::package::{self, Package};
use crate::rewrite::{Found, Lookout, Rewriter};
use crate::view::View;
use crate::whatsapp::{Entry, Kind, Reader, Survey};
use crate::{Error, ErrorKind, Options, Progress, Report};

/// Writes a WhatsApp export with its identifiers rewritten as the engine's policy says.
///
/// The input is a chat's text or the zip archive that iOS and Android make, told apart by how it starts; a zip archive
/// gives a zip archive. All that is not an identifier comes out byte for byte as it went in: dates and times, line
/// endings, direction marks, bytes that are not UTF-8. Under a policy that rewrites nothing, such as `flag`, the text
/// comes out identical.
///
/// **Senders** and members whom the app names (in notices and after `@`) become `[PERSON 1]`, `[PERSON 2]`, … in the
/// order in which the chat names them, under every policy that rewrites PERSON in the role staff (PHONE for numbers),
/// `redact` and `mask` among them: a chat without speakers cannot be read. Only a policy that cuts names to initials
/// cuts theirs too. Where members are named in someone's own words, the policy decides as on any name, and a
/// surrogate is the same as the sender's. The **group's name** becomes `[GROUP]` under a policy that rewrites
/// ORGANISATION. **Files** whose names hold an identifier are renamed, in the text and in the archive alike.
///
/// **Zip archives** are written with fixed dates, so that the same input gives the same bytes. Media are left out
/// unless [`Options::keep_media`]; kept, they are copied without a look. [`Limits`](crate::Limits) guard against
/// archives made to exhaust memory or disk, and no name in the archive is used as a path.
///
/// # Errors
///
/// Where the input cannot be read or is no archive that this reads, where the text in an archive is no chat, where a limit is passed, where the output cannot
/// be written, and where the engine fails on a message. What was written until then is incomplete.
pub fn redact_export(
    input: impl Read + Seek,
    output: &mut dyn Write,
    engine: &Engine,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    match open(input)? {
        Input::Text(mut text) => {
            let mut chat = Chat::survey(&mut text, engine, progress)?;
            let rewriter = chat.run(&mut text, options, progress, Target::Write(output))?;
            output.flush().map_err(Error::write)?;
            Ok(rewriter.finish())
        }
        Input::Zip(input) => {
            let mut package = Package::open(input, options.limits)?;
            let mut chat = Chat::survey(&mut package, engine, progress)?;
            chat.must_be_one()?;
            let mut archive = package::Writer::new(output);
            archive.start_chat(&package, chat.lookout.engine)?;
            let mut rewriter = chat.run(&mut package, options, progress, Target::Write(&mut archive))?;
            package.media(&mut archive, &chat.lookout, &mut rewriter, options.keep_media)?;
            archive.finish()?;
            Ok(rewriter.finish())
        }
    }
}

/// Looks for identifiers in a WhatsApp export and hands every entry with what was found to `visit`, in order.
///
/// The input is as in [`redact_export`]; nothing is written, and the report counts no edits.
///
/// # Errors
///
/// Like [`redact_export`], and whatever error `visit` gives.
pub fn scan_export(
    input: impl Read + Seek,
    engine: &Engine,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
    visit: &mut dyn FnMut(&Seen<'_>) -> Result<(), Error>,
) -> Result<Report, Error> {
    let (mut source, is_zip): (Box<dyn Source + '_>, bool) = match open(input)? {
        Input::Text(text) => (Box::new(text), false),
        Input::Zip(input) => (Box::new(Package::open(input, options.limits)?), true),
    };
    let mut chat = Chat::survey(source.as_mut(), engine, progress)?;
    if is_zip {
        chat.must_be_one()?;
    }
    Ok(chat.run(source.as_mut(), options, progress, Target::Visit(visit))?.finish())
}

/// An entry of a chat and what was found in its text.
pub struct Seen<'a> {
    /// The line it starts on, counted from 1.
    pub line: u64,
    /// What it is.
    pub kind: Kind,
    /// Who sent it.
    pub sender: Option<Cow<'a, str>>,
    /// The text; bytes that are not UTF-8 are read as Windows-1252.
    pub text: &'a str,
    /// What was found in the text, sorted by start; no two overlap.
    pub findings: Vec<Finding>,
}

impl fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen")
            .field("line", &self.line)
            .field("kind", &self.kind)
            .field("text_len", &self.text.len())
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

/// A chat's text that can be read from its start as often as needed.
pub(crate) trait Source {
    /// Starts to read from the start.
    fn open(&mut self) -> Result<Box<dyn BufRead + '_>, Error>;

    /// How many bytes there are to read.
    fn size(&self) -> u64;
}

enum Input<R> {
    Text(Text<R>),
    Zip(R),
}

struct Text<R> {
    input: R,
    size: u64,
}

impl<R: Read + Seek> Source for Text<R> {
    fn open(&mut self) -> Result<Box<dyn BufRead + '_>, Error> {
        self.input.seek(SeekFrom::Start(0)).map_err(Error::read)?;
        Ok(Box::new(BufReader::with_capacity(1 << 16, &mut self.input)))
    }

    fn size(&self) -> u64 {
        self.size
    }
}

/// Whether an input that starts like this is a zip archive: with a file, or with the end of an empty list of files.
#[must_use]
pub fn is_zip(start: &[u8]) -> bool {
    [b"PK\x03\x04", b"PK\x05\x06"].iter().any(|mark| start.starts_with(*mark))
}

/// Tells a zip archive from text by its first bytes.
fn open<R: Read + Seek>(mut input: R) -> Result<Input<R>, Error> {
    let size = input.seek(SeekFrom::End(0)).map_err(Error::read)?;
    input.seek(SeekFrom::Start(0)).map_err(Error::read)?;
    let mut start = Vec::with_capacity(4);
    input.by_ref().take(4).read_to_end(&mut start).map_err(Error::read)?;
    input.seek(SeekFrom::Start(0)).map_err(Error::read)?;
    Ok(if is_zip(&start) { Input::Zip(input) } else { Input::Text(Text { input, size }) })
}

/// A chat after its first reading.
struct Chat<'a> {
    lookout: Lookout<'a>,
    survey: Survey,
}

enum Target<'a> {
    Write(&'a mut dyn Write),
    Visit(&'a mut dyn FnMut(&Seen<'_>) -> Result<(), Error>),
}

impl<'a> Chat<'a> {
    fn survey(
        source: &mut (impl Source + ?Sized),
        engine: &'a Engine,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Error> {
        let total = Some(source.size().saturating_mul(2));
        let survey = Survey::read(Counted::new(source.open()?, 0, total, progress))?;
        let members = Some(Members::new(&survey));
        Ok(Self { lookout: Lookout { engine, members }, survey })
    }

    /// Refuses an archive whose text has no headers that are known: it may be UTF-16 or no chat at all, and nobody who
    /// gives an archive sees what is in it.
    fn must_be_one(&self) -> Result<(), Error> {
        if self.survey.is_chat() { Ok(()) } else { Err(Error::new(ErrorKind::UnknownChat)) }
    }

    /// Reads the chat a second time, looks at its entries in parallel and hands them over in order.
    fn run(
        &mut self,
        source: &mut (impl Source + ?Sized),
        options: &Options,
        progress: &mut dyn FnMut(Progress),
        target: Target<'_>,
    ) -> Result<Rewriter<'a>, Error> {
        let engine = self.lookout.engine;
        let rewriter = match &self.lookout.members {
            Some(members) => Rewriter::of_chat(engine, options.conversation(), &self.survey, members),
            None => Rewriter::new(engine, options.conversation()),
        };
        let size = source.size();
        let input = Counted::new(source.open()?, size, Some(size.saturating_mul(2)), progress);
        let runner = Runner::new(options)?;
        let lookout = &self.lookout;
        let look = |scratch: &mut Scratch, item: &Item| {
            lookout.look(scratch, item.raw.get(item.text.clone()).unwrap_or_default(), item.kind)
        };
        let mut run = runner.run(look, Entries { rewriter, target, out: Vec::new() });
        Reader::new(&self.survey).limit(options.max_message).read(input, &mut |entry: &Entry<'_>| {
            run.push(entry.line(), entry.raw().len(), Item::of(entry))
        })?;
        Ok(run.finish()?.rewriter)
    }
}

/// An entry that waits in the window.
struct Item {
    raw: Vec<u8>,
    line: u64,
    kind: Kind,
    sender: Option<Range<usize>>,
    text: Range<usize>,
    is_continued: bool,
}

impl Item {
    fn of(entry: &Entry<'_>) -> Self {
        Self {
            raw: entry.raw().to_vec(),
            line: entry.line(),
            kind: entry.kind(),
            sender: entry.sender_span().map(presend::Span::range),
            text: entry.text_span().range(),
            is_continued: entry.is_continued(),
        }
    }

    fn sender(&self) -> Option<Cow<'_, str>> {
        Some(View::read(self.raw.get(self.sender.clone()?)?))
    }
}

/// Takes the entries of a chat in order and writes them, or shows them.
struct Entries<'a, 't> {
    rewriter: Rewriter<'a>,
    target: Target<'t>,
    out: Vec<u8>,
}

impl Emit<Item, Found> for Entries<'_, '_> {
    fn emit(&mut self, item: Item, found: Found) -> Result<(), Error> {
        let report = &mut self.rewriter.report;
        report.bytes_in += item.raw.len() as u64;
        if item.is_continued {
            report.cut += 1;
        } else {
            match item.kind {
                Kind::Message => report.messages += 1,
                Kind::System => report.system += 1,
                Kind::Media => report.media += 1,
                Kind::Unparsed => report.unparsed += 1,
            }
        }
        let bytes = item.raw.get(item.text.clone()).unwrap_or_default();
        match &mut self.target {
            Target::Visit(visit) => {
                self.rewriter.count(bytes, &found);
                visit(&Seen {
                    line: item.line,
                    kind: item.kind,
                    sender: item.sender(),
                    text: found.view.text(bytes),
                    findings: found.marks.iter().map(|mark| mark.finding.clone()).collect(),
                })
            }
            Target::Write(output) => {
                self.out.clear();
                let mut at = 0;
                if let (Some(range), Some(name)) = (&item.sender, item.sender())
                    && let Some(written) = self.rewriter.sender(&name)
                {
                    self.out.extend_from_slice(item.raw.get(..range.start).unwrap_or_default());
                    self.out.extend_from_slice(written.as_bytes());
                    at = range.end;
                }
                self.out.extend_from_slice(item.raw.get(at..item.text.start).unwrap_or_default());
                self.rewriter.text(bytes, &found, &mut self.out);
                self.out.extend_from_slice(item.raw.get(item.text.end..).unwrap_or_default());
                self.rewriter.report.bytes_out += self.out.len() as u64;
                output.write_all(&self.out).map_err(Error::write)
            }
        }
    }
}

/// How many bytes are read between two calls of the progress function.
const PROGRESS_STEP: u64 = 1 << 20;

/// Counts the bytes that are read.
pub(crate) struct Counted<'p, R> {
    inner: R,
    done: u64,
    told: u64,
    total: Option<u64>,
    progress: &'p mut dyn FnMut(Progress),
}

impl<'p, R> Counted<'p, R> {
    pub(crate) fn new(
        inner: R,
        done: u64,
        total: Option<u64>,
        progress: &'p mut dyn FnMut(Progress),
    ) -> Self {
        Self { inner, done, told: done, total, progress }
    }

    fn tell(&mut self) {
        self.told = self.done;
        (self.progress)(Progress { done: self.done, total: self.total });
    }
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.done = self.done.saturating_add(amount as u64);
        if self.done - self.told >= PROGRESS_STEP {
            self.tell();
        }
    }
}

impl<R> Drop for Counted<'_, R> {
    fn drop(&mut self) {
        self.tell();
    }
}
