//! Detector files as static tables, written by the build script from `detectors/*.toml`.

use crate::opening::{EIGHTS, FOURS, PAIRS, THREES};
use crate::{Label, validators};

/// What a validator says of a candidate that a pattern found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Not such an identifier.
    Reject,
    /// The shape is right and nothing more could be checked.
    Plausible,
    /// A check digit or an exact rule holds; the text says what was checked.
    Valid(&'static str),
    /// The shape is right but the check digit fails: counts only with context.
    Doubtful(&'static str),
}

/// What a validator looks at: the candidate and the folded message around it.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'t> {
    /// The whole folded message.
    pub(crate) text: &'t str,
    /// Where the candidate starts in it.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

impl<'t> Candidate<'t> {
    /// The candidate's own folded text.
    pub(crate) fn as_str(&self) -> &'t str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// The folded text before the candidate.
    pub(crate) fn before(&self) -> &'t str {
        self.text.get(..self.start).unwrap_or_default()
    }

    /// The folded text after the candidate.
    pub(crate) fn after(&self) -> &'t str {
        self.text.get(self.end..).unwrap_or_default()
    }

    /// The candidate's ASCII digits as values 0 to 9.
    pub(crate) fn digits(&self) -> impl Iterator<Item = u8> + Clone + 't {
        self.as_str().bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0')
    }
}

/// A check on a candidate; see [`Verdict`].
pub(crate) type Validator = fn(&Candidate<'_>) -> Verdict;

/// Which cheap test of the message must hold before the pattern is tried at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// The message holds an ASCII digit (after folding).
    Digit,
    /// The message holds an `@`.
    At,
    /// The message holds a full stop between letters or digits, or the word "dot".
    Dot,
    /// The message holds two colons or more.
    Colons,
    /// The message holds an underscore.
    Underscore,
    /// Always tried: keep such patterns few.
    Word,
}

/// One pattern of a detector.
pub(crate) struct PatternSpec {
    pub(crate) regex: &'static str,
    pub(crate) confidence: f32,
    pub(crate) validator: Option<Validator>,
    pub(crate) needs_context: bool,
    pub(crate) note: &'static str,
}

/// The openings of a group of patterns, each of two, three, four or eight bytes; no opening begins another of its pattern.
///
/// Pairs of ASCII bytes are told exactly. Longer openings share bits now and then, which only costs a look at the text
/// that finds nothing.
#[derive(Clone, Copy)]
pub(crate) struct Openings<'a> {
    pub(crate) pairs: &'a [u64; PAIRS],
    pub(crate) threes: &'a [u64; THREES],
    pub(crate) fours: &'a [u64; FOURS],
    pub(crate) eights: &'a [u64; EIGHTS],
}

/// Patterns that are looked for together, with what the build script worked out of how they can begin.
pub(crate) struct GroupSpec {
    pub(crate) gate: Gate,
    /// How many bytes may stand before the first digit of a match, where each has one.
    pub(crate) near_digit: Option<usize>,
    pub(crate) openings: Openings<'static>,
    /// The number of a detector and of a pattern in it.
    pub(crate) members: &'static [(usize, usize)],
}

/// Whole words around a candidate that speak for or against it.
pub(crate) struct ContextSpec {
    pub(crate) before: &'static [&'static str],
    pub(crate) after: &'static [&'static str],
    pub(crate) against: &'static [&'static str],
    /// How many words on either side are looked at.
    pub(crate) window: usize,
    pub(crate) boost: f32,
}

/// One detector file.
pub(crate) struct DetectorSpec {
    pub(crate) id: &'static str,
    pub(crate) label: Label,
    pub(crate) category: &'static str,
    pub(crate) explanation: &'static str,
    pub(crate) source: &'static str,
    pub(crate) patterns: &'static [PatternSpec],
    pub(crate) context: ContextSpec,
    pub(crate) must_match: &'static [&'static str],
    pub(crate) must_not_match: &'static [&'static str],
}

/// What a detector file says of itself, for listings and documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetectorInfo {
    /// The file's name, and the rule id in findings.
    pub id: &'static str,
    /// The label of what it finds.
    pub label: Label,
    /// The group it belongs to, such as "health identifier".
    pub category: &'static str,
    /// Why it identifies, for a clinician.
    pub explanation: &'static str,
    /// Where the format comes from.
    pub source: &'static str,
    /// Texts in which it must find what stands in double square brackets.
    pub must_match: &'static [&'static str],
    /// Texts in which it must find nothing.
    pub must_not_match: &'static [&'static str],
}

/// Every detector file, by name.
pub fn detectors() -> impl Iterator<Item = DetectorInfo> {
    DETECTORS.iter().map(|spec| DetectorInfo {
        id: spec.id,
        label: spec.label,
        category: spec.category,
        explanation: spec.explanation,
        source: spec.source,
        must_match: spec.must_match,
        must_not_match: spec.must_not_match,
    })
}

include!(concat!(env!("OUT_DIR"), "/detectors.rs"));
