//! Gold messages: text whose identifiers a person has marked, in either of two formats.
//!
//! **Marked**, for writing by hand. Messages are separated by a line `---`; a message may open with lines of
//! metadata, and a span is written in place:
//!
//! ```text
//! # setting=acute style=terse
//! [[WARD_BED|7B bed 12]] [[PERSON:patient|ezeilo]] K 2.9, hosp no [[MRN|{mrn}]]
//! ---
//! ```
//!
//! A slot such as `{mrn}` within a span is filled with an invented identifier of that kind, the same one for the
//! same seed and message: see [`SLOTS`]. Stored files thus hold no identifier that could be somebody's.
//!
//! **JSONL**, for programs: one object a line, `{"id","text","entities":[{"start","end","label","role"}],"meta":{}}`,
//! with offsets in Unicode code points, end exclusive. It has no slots.
//!
//! The labels and span rules are those of the project's annotation guideline.

mod jsonl;
mod marked;
mod slots;

use std::collections::BTreeMap;
use std::fmt;

use presend_detect::{Label, Role};
use presend_text::Span;

pub use jsonl::{parse_jsonl, to_jsonl};
pub use marked::parse_marked;
pub use slots::{SLOTS, Slot};

/// One marked message.
///
/// Debug output gives lengths and counts, never the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The name of the message in its file: what the file says, else its number there, from 1.
    pub id: String,
    /// The message as it would be sent, with slots filled and marks taken out.
    pub text: String,
    /// What the file says about the message, such as `setting` and `style`.
    pub meta: BTreeMap<String, String>,
    /// The identifiers, ordered by start, then by end.
    pub spans: Vec<GoldSpan>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("text_bytes", &self.text.len())
            .field("meta_keys", &self.meta.len())
            .field("spans", &self.spans)
            .finish_non_exhaustive()
    }
}

/// One marked identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoldSpan {
    /// Where in the message, in UTF-8 bytes.
    pub span: Span,
    /// What kind of identifier.
    pub label: Label,
    /// Whose name it is; for [`Label::Person`] only, and `None` there where a JSONL file does not say.
    pub role: Option<Role>,
}

/// Reads gold messages in either format, which the first character that is not white space decides.
///
/// A text that opens with `{"` (white space between them allowed) is JSONL, any other is marked. `seed` chooses what
/// goes into the slots of the marked format. A leading byte order mark is passed over.
///
/// # Errors
///
/// The first line that breaks the format, as [`GoldError`].
pub fn parse(text: &str, seed: u64) -> Result<Vec<Message>, GoldError> {
    let opening = text.trim_start_matches('\u{feff}').trim_start();
    let is_jsonl = opening.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
    if is_jsonl { parse_jsonl(text) } else { parse_marked(text, seed) }
}

/// Why a gold file could not be read, and on which line. It never holds message text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoldError {
    line: usize,
    kind: GoldErrorKind,
}

impl GoldError {
    const fn new(line: usize, kind: GoldErrorKind) -> Self {
        Self { line, kind }
    }

    /// The line that breaks the format, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// How the line breaks the format.
    #[must_use]
    pub const fn kind(&self) -> GoldErrorKind {
        self.kind
    }
}

impl fmt::Display for GoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.kind.about())
    }
}

impl std::error::Error for GoldError {}

/// The ways in which a line can break the gold formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GoldErrorKind {
    /// The label of a span is none of [`Label::ALL`].
    UnknownLabel,
    /// The role of a PERSON is none of [`Role::ALL`].
    UnknownRole,
    /// A PERSON of the marked format has no role.
    MissingRole,
    /// A label other than PERSON has a role.
    UnexpectedRole,
    /// `[[` without its `]]`.
    UnclosedSpan,
    /// `]]` without its `[[`.
    StrayClose,
    /// `[[` inside a span.
    NestedSpan,
    /// A span without `|` between its label and its text.
    MissingBar,
    /// A span with no text.
    EmptySpan,
    /// A slot inside a span that is none of [`SLOTS`].
    UnknownSlot,
    /// One of [`SLOTS`] in text that is not marked.
    SlotOutsideSpan,
    /// A metadata line with a word that is not `key=value`.
    BadMeta,
    /// A metadata key given twice for one message.
    RepeatedMeta,
    /// Metadata with no message under it.
    NoText,
    /// Not a JSON object of the documented shape.
    BadJson,
    /// Offsets past the end of the text, or not in order.
    BadOffsets,
}

impl GoldErrorKind {
    const fn about(self) -> &'static str {
        match self {
            Self::UnknownLabel => "the span's label is not one of the annotation guideline",
            Self::UnknownRole => "the role is not one of patient, relative, staff, other and unknown",
            Self::MissingRole => "a PERSON needs a role, as in [[PERSON:patient|...]]",
            Self::UnexpectedRole => "only a PERSON has a role",
            Self::UnclosedSpan => "the span opened here with [[ is never closed with ]]",
            Self::StrayClose => "]] closes a span that was never opened",
            Self::NestedSpan => "a span opens with [[ inside the span opened here",
            Self::MissingBar => "the span has no | between its label and its text",
            Self::EmptySpan => "the span has no text",
            Self::UnknownSlot => "the span holds a slot of no known name",
            Self::SlotOutsideSpan => "a slot stands outside any span",
            Self::BadMeta => "the metadata line holds a word that is not key=value",
            Self::RepeatedMeta => "a metadata key is given twice for one message",
            Self::NoText => "the message has metadata and no text",
            Self::BadJson => "not a JSON object of the gold format",
            Self::BadOffsets => "an entity's offsets are out of order or past the end of the text",
        }
    }
}
