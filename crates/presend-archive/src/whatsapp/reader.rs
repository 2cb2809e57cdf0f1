use std::collections::BTreeSet;
use std::io::BufRead;
use std::ops::Range;
use std::sync::Arc;

use presend::Span;

use crate::Error;
use crate::lines::{Line, Lines, without_ending};
use crate::view::View;
use crate::whatsapp::header::{self, Header};
use crate::whatsapp::{Entry, Kind, Stamp, Survey, marks, notices};

/// Takes the entries of a chat, in order.
pub trait Sink {
    /// Takes one entry; an error ends the reading.
    ///
    /// # Errors
    ///
    /// As the sink sees fit.
    fn entry(&mut self, entry: &Entry<'_>) -> Result<(), Error>;
}

impl<F: FnMut(&Entry<'_>) -> Result<(), Error>> Sink for F {
    fn entry(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        self(entry)
    }
}

/// Reads a chat and hands its entries to a [`Sink`] one by one.
#[derive(Clone, Debug)]
pub struct Reader {
    /// By layout, whether its headers count.
    layouts: u64,
    limit: usize,
    /// The members, where the file was surveyed.
    members: Option<Arc<BTreeSet<String>>>,
}

impl Reader {
    /// The most bytes of one entry that are held at a time, by default: 1 MiB.
    ///
    /// A longer entry comes in pieces, cut at a line's end, else after a space, else between two characters. An
    /// identifier that lies across such a cut may be missed.
    pub const DEFAULT_LIMIT: usize = 1 << 20;

    /// A reader for the file that was surveyed.
    #[must_use]
    pub fn new(survey: &Survey) -> Self {
        let members = survey.members().map(str::to_owned).collect();
        Self { layouts: survey.layouts(), limit: Self::DEFAULT_LIMIT, members: Some(Arc::new(members)) }
    }

    /// A reader that takes headers of every layout, for input that can be read only once.
    #[must_use]
    pub const fn any() -> Self {
        Self { layouts: u64::MAX, limit: Self::DEFAULT_LIMIT, members: None }
    }

    /// The same reader with another limit on the bytes of one entry.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Reads to the end of the input.
    ///
    /// # Errors
    ///
    /// Where the input cannot be read, and whatever error the sink gives.
    pub fn read(&self, input: impl BufRead, sink: &mut impl Sink) -> Result<(), Error> {
        let mut lines = Lines::new(input, self.limit);
        let mut open = Open::default();
        while let Some(line) = lines.next()? {
            let header = if line.first { self.header(line.bytes) } else { None };
            match (header, open.state) {
                (Some(header), _) => {
                    open.emit(self, sink)?;
                    open.start(&line, header);
                }
                (None, State::None) => {
                    open.state = State::Unparsed;
                    open.line = line.number;
                    open.raw.extend_from_slice(line.bytes);
                    open.emit(self, sink)?;
                    open.state = State::None;
                }
                (None, _) => {
                    if open.raw.len() + line.bytes.len() > self.limit {
                        open.emit(self, sink)?;
                        open.line = line.number;
                    }
                    open.raw.extend_from_slice(line.bytes);
                }
            }
        }
        open.emit(self, sink)
    }

    fn header(&self, line: &[u8]) -> Option<Header> {
        let line = line.get(..without_ending(line)).unwrap_or(line);
        header::parse(line).filter(|header| self.layouts & (1 << header.stamp.layout()) != 0)
    }

    fn kind(&self, raw: &[u8], sender: Option<&Range<usize>>, text: Span) -> Kind {
        let text = View::read(raw.get(text.range()).unwrap_or_default());
        let Some(sender) = sender else { return Kind::System };
        let sender = View::read(raw.get(sender.clone()).unwrap_or_default());
        let is_known = |name: &str| self.members.as_ref().is_none_or(|members| members.contains(name));
        if notices::is_notice_of(&sender, &text, is_known) {
            Kind::System
        } else if notices::media(&text).is_some() {
            Kind::Media
        } else {
            Kind::Message
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// No header was met yet.
    #[default]
    None,
    Unparsed,
    /// The entry starts with its header.
    Headed,
    /// The piece goes on where the last one of this kind was cut.
    Continued(Kind),
}

/// The entry that is being read.
#[derive(Default)]
struct Open {
    raw: Vec<u8>,
    line: u64,
    state: State,
    stamp: Option<Stamp>,
    header: usize,
    sender: Option<Range<usize>>,
    text: usize,
}

impl Open {
    fn start(&mut self, line: &Line<'_>, header: Header) {
        self.raw.extend_from_slice(line.bytes);
        self.line = line.number;
        self.state = State::Headed;
        self.stamp = Some(header.stamp);
        self.header = header.len;
        let rest = line.bytes.get(header.len..without_ending(line.bytes)).unwrap_or_default();
        let split = split(rest);
        self.sender = split.sender.map(|sender| sender.start + header.len..sender.end + header.len);
        self.text = header.len + split.text;
    }

    /// Hands the entry over, if there is one, and starts its continuation.
    fn emit(&mut self, reader: &Reader, sink: &mut impl Sink) -> Result<(), Error> {
        if self.raw.is_empty() {
            return Ok(());
        }
        let text = Span::new(self.text, without_ending(&self.raw).max(self.text));
        let kind = match self.state {
            State::None | State::Unparsed => Kind::Unparsed,
            State::Continued(kind) => kind,
            State::Headed => reader.kind(&self.raw, self.sender.as_ref(), text),
        };
        sink.entry(&Entry {
            raw: &self.raw,
            line: self.line,
            kind,
            stamp: self.stamp,
            header: Span::new(0, self.header),
            sender: self.sender.clone().map(Span::from),
            text,
            continued: matches!(self.state, State::Continued(_)),
        })?;
        self.raw.clear();
        (self.stamp, self.header, self.sender, self.text) = (None, 0, None, 0);
        self.state = State::Continued(kind);
        Ok(())
    }
}

/// A first line after its header.
pub(crate) struct Split {
    /// The sender's name, without marks.
    pub(crate) sender: Option<Range<usize>>,
    /// Where the text starts.
    pub(crate) text: usize,
}

/// A longer name is none, in bytes: the colon belongs to a notice.
const LONGEST_SENDER: usize = 200;

/// Words of notices that can hold a colon, so that they could be taken for a sender.
const NOTICE_WORDS: &[&str] = &[" created ", " changed ", " added ", " removed "];

/// Splits what follows a header into sender and text.
pub(crate) fn split(rest: &[u8]) -> Split {
    let notice = Split { sender: None, text: 0 };
    let (end, text) = match memchr::memmem::find(rest, b": ") {
        Some(at) => (at, at + 2),
        // A message without text: "John Doe:", and as one exporter has it, "John Doe:.".
        None => match rest.trim_ascii_end() {
            [name @ .., b':'] => (name.len(), rest.len()),
            [name @ .., b':', b'.'] => (name.len(), name.len() + 1),
            _ => return notice,
        },
    };
    let candidate = rest.get(..end).unwrap_or_default();
    if candidate.len() > LONGEST_SENDER {
        return notice;
    }
    let Ok(name) = std::str::from_utf8(candidate) else {
        return Split { sender: Some(0..end), text };
    };
    let inner = marks::name(name);
    if inner.is_empty() {
        return notice;
    }
    if NOTICE_WORDS.iter().any(|words| name.contains(words))
        && std::str::from_utf8(rest).is_ok_and(|rest| notices::notice(rest).is_some())
    {
        return notice;
    }
    Split { sender: Some(marks::range(name, inner)), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What follows a header, the sender and the text.
    const SPLITS: &[(&str, Option<&str>, &str)] = &[
        ("Priya Nair: bloods at 6", Some("Priya Nair"), "bloods at 6"),
        ("Priya Nair 🌸: K: 5.9", Some("Priya Nair 🌸"), "K: 5.9"),
        ("🌸: hi", Some("🌸"), "hi"),
        ("\u{202a}+44 7700 900123\u{202c}: hi", Some("+44 7700 900123"), "hi"),
        ("~ Kofi: hi", Some("Kofi"), "hi"),
        ("~\u{202f}Kofi: \u{200e}image omitted", Some("Kofi"), "\u{200e}image omitted"),
        ("John Doe:.", Some("John Doe"), "."),
        ("John Doe:", Some("John Doe"), ""),
        ("John Doe: ", Some("John Doe"), ""),
        ("You were added", None, "You were added"),
        ("Amara created group \"Ward 7: nights\"", None, "Amara created group \"Ward 7: nights\""),
        ("Amara: he created a mess: here", Some("Amara"), "he created a mess: here"),
        ("Sam added from gym: hello there", Some("Sam added from gym"), "hello there"),
        (": no name", None, ": no name"),
        ("", None, ""),
    ];

    #[test]
    fn senders_and_texts_are_split() {
        for (rest, sender, text) in SPLITS {
            let split = split(rest.as_bytes());
            assert_eq!(split.sender.map(|range| rest.get(range).unwrap()), *sender, "{rest:?}");
            assert_eq!(rest.get(split.text..), Some(*text), "{rest:?}");
        }
    }

    type Seen = Vec<(u64, Kind, Option<String>, String, bool)>;

    fn read(text: &[u8], limit: usize) -> Seen {
        let mut seen = Vec::new();
        let mut whole = Vec::new();
        Reader::any()
            .limit(limit)
            .read(text, &mut |entry: &Entry<'_>| {
                whole.extend_from_slice(entry.raw());
                let sender = entry.sender().map(|sender| sender.into_owned());
                seen.push((
                    entry.line(),
                    entry.kind(),
                    sender,
                    entry.text().into_owned(),
                    entry.is_continued(),
                ));
                Ok(())
            })
            .unwrap();
        assert_eq!(whole, text);
        seen
    }

    fn row(line: u64, kind: Kind, sender: Option<&str>, text: &str, continued: bool) -> Seen {
        vec![(line, kind, sender.map(str::to_owned), text.to_owned(), continued)]
    }

    #[test]
    fn entries_come_in_order_with_all_their_lines() {
        let text = "export of today\r\n\
            12/03/2024, 14:05 - Amara created group \"Ward 7\"\r\n\
            12/03/2024, 14:06 - Priya: jobs:\r\n\
            \r\n\
            1. bloods\r\n\
            12/03/2024, 14:07 - Priya: <Media omitted>\r\n\
            12/03/2024, 14:08 - \u{202a}+44 7700 900123\u{202c}: ok";
        let expected = [
            row(1, Kind::Unparsed, None, "export of today", false),
            row(2, Kind::System, None, "Amara created group \"Ward 7\"", false),
            row(3, Kind::Message, Some("Priya"), "jobs:\r\n\r\n1. bloods", false),
            row(6, Kind::Media, Some("Priya"), "<Media omitted>", false),
            row(7, Kind::Message, Some("+44 7700 900123"), "ok", false),
        ];
        assert_eq!(read(text.as_bytes(), 1000), expected.concat());
    }

    #[test]
    fn a_header_with_nothing_after_it_is_an_entry() {
        let expected = [row(1, Kind::System, None, "", false), row(2, Kind::Message, Some("Sam"), "", false)];
        assert_eq!(read(b"12/03/2024, 14:05 -\r\n12/03/2024, 14:06 - Sam: \n", 1000), expected.concat());
    }

    #[test]
    fn long_entries_come_in_pieces() {
        let text =
            "12/03/2024, 14:06 - Priya: jobs\nsecond line\nthird line of it\n12/03/2024, 14:07 - Sam: ok\n";
        let expected = [
            row(1, Kind::Message, Some("Priya"), "jobs", false),
            row(2, Kind::Message, None, "second line\nthird line of it", true),
            row(4, Kind::Message, Some("Sam"), "ok", false),
        ];
        assert_eq!(read(text.as_bytes(), 40), expected.concat());
    }

    #[test]
    fn bytes_that_are_not_text_are_kept() {
        let text = b"12/03/2024, 14:06 - Ren\xe9: caf\xe9 \xff\n\xfe\xfd";
        let seen = read(text, 1000);
        assert_eq!(seen, row(1, Kind::Message, Some("René"), "café ÿ\nþý", false));
    }
}
