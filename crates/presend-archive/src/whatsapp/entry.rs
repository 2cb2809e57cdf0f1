use std::borrow::Cow;
use std::fmt;

use presend::Span;
use serde::Serialize;

use crate::view::View;
use crate::whatsapp::notices::{self, Slots};
use crate::whatsapp::{Slot, Stamp};

/// What an entry of a chat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text that a member sent.
    Message,
    /// What the app wrote itself: who joined, who left, that the chat is encrypted.
    System,
    /// A picture, recording, document or contact card, or the words that stand in its place.
    Media,
    /// A line before the first header, or of a file without any.
    Unparsed,
}

/// One entry of a chat, borrowed from the reader; it may span several lines.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub(crate) raw: &'a [u8],
    pub(crate) line: u64,
    pub(crate) kind: Kind,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) header: Span,
    pub(crate) sender: Option<Span>,
    pub(crate) text: Span,
    pub(crate) continued: bool,
}

impl<'a> Entry<'a> {
    /// Every byte of the entry, line endings and all. The entries of a chat in order are the chat.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The line the entry starts on, counted from 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// What the entry is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// When it was sent; `None` for [`Kind::Unparsed`] and where [`Entry::is_continued`].
    #[must_use]
    pub const fn stamp(&self) -> Option<Stamp> {
        self.stamp
    }

    /// Where in the raw bytes the date and time stand, with all around them: empty where there are none.
    #[must_use]
    pub const fn header_span(&self) -> Span {
        self.header
    }

    /// Where in the raw bytes the sender's name stands, without direction marks and the `~` of an unsaved contact.
    #[must_use]
    pub const fn sender_span(&self) -> Option<Span> {
        self.sender
    }

    /// Where in the raw bytes the text stands, without the last line ending.
    #[must_use]
    pub const fn text_span(&self) -> Span {
        self.text
    }

    /// The sender's name; bytes that are not UTF-8 are read as Windows-1252.
    #[must_use]
    pub fn sender(&self) -> Option<Cow<'a, str>> {
        Some(View::read(self.raw.get(self.sender?.range())?))
    }

    /// The text, with its line endings; bytes that are not UTF-8 are read as Windows-1252.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        View::read(self.raw.get(self.text.range()).unwrap_or_default())
    }

    /// Whether this is a further piece of an entry that was too long to be handed over whole.
    #[must_use]
    pub const fn is_continued(&self) -> bool {
        self.continued
    }

    /// Whether the app marked the message as edited.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.kind != Kind::System && notices::is_edited(&self.text())
    }

    /// Whether the text stands in place of a message that was deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.kind == Kind::Message && notices::deleted(&self.text()).is_some()
    }

    /// The parts of [`Entry::text`] that the app wrote around names: members, groups and files, as spans of it.
    #[must_use]
    pub fn slots(&self) -> Vec<(Slot, Span)> {
        slots(self.kind, &self.text()).into_iter().map(|(slot, range)| (slot, Span::from(range))).collect()
    }
}

/// The parts of a text that the app wrote around names.
pub(crate) fn slots(kind: Kind, text: &str) -> Slots {
    match kind {
        Kind::System => notices::notice(text),
        Kind::Media => notices::media(text),
        Kind::Message => notices::deleted(text),
        Kind::Unparsed => None,
    }
    .unwrap_or_default()
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("line", &self.line)
            .field("kind", &self.kind)
            .field("header", &self.header)
            .field("sender", &self.sender)
            .field("text", &self.text)
            .field("len", &self.raw.len())
            .finish_non_exhaustive()
    }
}
