use std::error::Error;
use std::fmt;
use std::str::FromStr;

use crate::Span;

/// What another system counts when it gives a place in a text.
///
/// The names that [`FromStr`] reads and [`Display`](fmt::Display) writes are `bytes`, `code-points` and `utf-16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Bytes of UTF-8, as Rust and Go count.
    Bytes,
    /// Unicode code points, as Python counts.
    CodePoints,
    /// UTF-16 code units, as JavaScript, Java, C#, Swift's `NSString` and the Language Server Protocol count.
    Utf16,
}

impl Unit {
    /// Every unit, in the order of declaration.
    pub const ALL: [Self; 3] = [Self::Bytes, Self::CodePoints, Self::Utf16];

    /// The unit's name, as read back by [`FromStr`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::CodePoints => "code-points",
            Self::Utf16 => "utf-16",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Unit {
    type Err = ParseUnitError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|unit| unit.name() == name).ok_or(ParseUnitError { private: () })
    }
}

/// The name of a [`Unit`] was not one of `bytes`, `code-points` and `utf-16`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseUnitError {
    private: (),
}

impl fmt::Display for ParseUnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown offset unit; expected `bytes`, `code-points` or `utf-16`")
    }
}

impl Error for ParseUnitError {}

/// Converts byte offsets in one text to the units that other systems count, and back.
///
/// Building it reads the text once. A conversion is then a binary search over the runs of characters that take
/// the same number of bytes; a text in ASCII has no table at all, since all units agree on it. It holds no text.
///
/// Lone surrogates, which UTF-16 systems can send and UTF-8 cannot hold, are replaced by U+FFFD where text comes
/// in. Both take one UTF-16 code unit and one code point, so offsets in those units still agree with the sender's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// Empty for ASCII; otherwise sorted, the first at 0, neighbours of unlike width, and none empty.
    runs: Vec<Run>,
    len: Place,
}

/// One place in the text in each of the units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    bytes: usize,
    code_points: usize,
    utf16: usize,
}

/// Consecutive characters that take the same number of bytes in UTF-8, and so of code units in UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    start: Place,
    /// Bytes a character, 1 to 4.
    width: u8,
}

impl Place {
    const fn get(self, unit: Unit) -> usize {
        match unit {
            Unit::Bytes => self.bytes,
            Unit::CodePoints => self.code_points,
            Unit::Utf16 => self.utf16,
        }
    }
}

impl Run {
    /// How many of `unit` each character of the run takes.
    const fn step(self, unit: Unit) -> usize {
        match unit {
            Unit::Bytes => self.width as usize,
            Unit::CodePoints => 1,
            Unit::Utf16 => {
                if self.width == 4 {
                    2
                } else {
                    1
                }
            }
        }
    }
}

impl Offsets {
    /// Reads a text and records what conversion needs.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        let mut at = Place::default();
        if text.is_ascii() {
            let len = text.len();
            return Self { runs, len: Place { bytes: len, code_points: len, utf16: len } };
        }
        let mut width = 0;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let run = Run { start: at, width: c.len_utf8() as u8 };
            if run.width != width {
                width = run.width;
                runs.push(run);
            }
            let chars = if c.is_ascii() { crate::ascii_prefix(rest.as_bytes()) } else { 1 };
            at.bytes += chars * run.step(Unit::Bytes);
            at.code_points += chars;
            at.utf16 += chars * run.step(Unit::Utf16);
            rest = text.get(at.bytes..).unwrap_or_default();
        }
        Self { runs, len: at }
    }

    /// The length of the text in `unit`.
    #[must_use]
    pub const fn len(&self, unit: Unit) -> usize {
        self.len.get(unit)
    }

    /// Whether the text is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len.bytes == 0
    }

    /// Converts a span of bytes to a start and an end counted in `unit`.
    ///
    /// An offset inside a character is rounded outwards, the start down and the end up, so that the answer never
    /// covers less than the span did. An offset past the end of the text counts as the end.
    #[must_use]
    pub fn convert(&self, span: Span, unit: Unit) -> (usize, usize) {
        (self.in_unit(span.start(), unit, false), self.in_unit(span.end(), unit, true))
    }

    /// Converts an offset counted in `unit` to an offset in bytes.
    ///
    /// `None` where the offset lies past the end of the text or inside a character: between the two halves of a
    /// surrogate pair, or for [`Unit::Bytes`] between the bytes of one character.
    #[must_use]
    pub fn to_bytes(&self, offset: usize, unit: Unit) -> Option<usize> {
        if offset > self.len.get(unit) {
            return None;
        }
        let Some(run) = self.run_at(offset, unit) else {
            return Some(offset);
        };
        let into = offset - run.start.get(unit);
        let step = run.step(unit);
        into.is_multiple_of(step).then(|| run.start.bytes + into / step * run.step(Unit::Bytes))
    }

    /// Converts a start and an end counted in `unit` to a span of bytes.
    ///
    /// `None` where either is not a character boundary of the text (see [`Offsets::to_bytes`]) or the end comes
    /// before the start.
    #[must_use]
    pub fn to_span(&self, start: usize, end: usize, unit: Unit) -> Option<Span> {
        if start > end {
            return None;
        }
        Some(Span::new(self.to_bytes(start, unit)?, self.to_bytes(end, unit)?))
    }

    fn in_unit(&self, offset: usize, unit: Unit, up: bool) -> usize {
        let offset = offset.min(self.len.bytes);
        let Some(run) = self.run_at(offset, Unit::Bytes) else {
            return offset;
        };
        let into = offset - run.start.bytes;
        let width = run.step(Unit::Bytes);
        let chars = if up { into.div_ceil(width) } else { into / width };
        run.start.get(unit) + chars * run.step(unit)
    }

    /// The last run that starts at or before `offset`; `None` only where the text is ASCII.
    fn run_at(&self, offset: usize, unit: Unit) -> Option<Run> {
        let after = self.runs.partition_point(|run| run.start.get(unit) <= offset);
        self.runs.get(after.checked_sub(1)?).copied()
    }
}
