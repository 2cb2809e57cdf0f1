use std::fmt;
use std::io;

/// What went wrong, without a word of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input could not be read.
    Read,
    /// The output could not be written.
    Write,
    /// The input starts like a zip archive and is none that can be read.
    Zip,
    /// The chat in the archive is encrypted.
    Encrypted,
    /// The archive holds no chat text.
    NoChat,
    /// The archive holds more than one chat text.
    ManyChats,
    /// The text in the archive has no headers that are known: it is another app's, in another language, or UTF-16.
    UnknownChat,
    /// The archive is packed in a way that this cannot unpack, such as bzip2 or LZMA.
    Packing,
    /// Something unpacks to more bytes than the limit.
    TooLarge,
    /// Something unpacks to too many times its packed size, as a zip bomb does.
    TooCompressed,
    /// The archive lists more files than the limit.
    TooManyFiles,
    /// A worker thread panicked on the message of that line.
    Panic,
    /// The worker threads could not be started.
    Threads,
}

impl ErrorKind {
    /// The kind in words.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            ErrorKind::Read => "the input could not be read",
            ErrorKind::Write => "the output could not be written",
            ErrorKind::Zip => "not a zip archive that can be read",
            ErrorKind::Encrypted => "the archive is encrypted",
            ErrorKind::NoChat => "the archive holds no chat (_chat.txt or WhatsApp Chat with ….txt)",
            ErrorKind::ManyChats => "the archive holds more than one chat",
            ErrorKind::UnknownChat => "the text in the archive is no chat that is known",
            ErrorKind::Packing => "the archive is packed in a way that cannot be read here",
            ErrorKind::TooLarge => "the archive unpacks to more than the limit",
            ErrorKind::TooCompressed => "the archive is packed too tightly to be a chat",
            ErrorKind::TooManyFiles => "the archive holds more files than the limit",
            ErrorKind::Panic => "the engine failed on a message",
            ErrorKind::Threads => "the worker threads could not be started",
        }
    }
}

/// Why an archive could not be read or written; it never shows message text, names or file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    line: Option<u64>,
    io: Option<io::ErrorKind>,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind) -> Self {
        Self { kind, line: None, io: None }
    }

    pub(crate) const fn at(kind: ErrorKind, line: u64) -> Self {
        Self { kind, line: Some(line), io: None }
    }

    /// The error of a failed read.
    ///
    /// Errors that this crate's own readers put into an [`io::Error`] come out again as they went in.
    #[must_use]
    pub fn read(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(inner) => *inner,
            None => Self { kind: ErrorKind::Read, line: None, io: Some(error.kind()) },
        }
    }

    /// The error of a failed write, for callers' own writers.
    #[must_use]
    pub fn write(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(inner) => *inner,
            None => Self { kind: ErrorKind::Write, line: None, io: Some(error.kind()) },
        }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The input line it went wrong at, counted from 1, where one line is to blame.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        self.line
    }

    /// What the operating system said, for [`ErrorKind::Read`] and [`ErrorKind::Write`].
    #[must_use]
    pub const fn io(&self) -> Option<io::ErrorKind> {
        self.io
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.about())?;
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        if let Some(io) = self.io {
            write!(f, ": {io}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_and_where() {
        assert_eq!(Error::at(ErrorKind::Panic, 7).to_string(), "the engine failed on a message (line 7)");
        let full = Error::write(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!((full.kind(), full.io()), (ErrorKind::Write, Some(io::ErrorKind::StorageFull)));
    }

    #[test]
    fn an_error_wrapped_as_io_comes_back() {
        let inner = Error::new(ErrorKind::TooLarge);
        assert_eq!(Error::read(io::Error::other(inner)), inner);
        assert_eq!(Error::write(io::Error::other(inner)), inner);
    }
}
