//! Writes the safer text: one edit a finding, everything else byte for byte as it came.

mod operators;
mod surrogates;

use std::fmt;

use presend_detect::Finding;
use presend_policy::{Action, Decision};

pub use surrogates::Surrogates;

/// The text of a message after its decisions were carried out.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Redacted {
    /// The new text.
    pub text: String,
    /// How many spans were rewritten.
    pub edits: usize,
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacted").field("len", &self.text.len()).field("edits", &self.edits).finish()
    }
}

/// Carries out one decision a finding and gives the new text.
///
/// `findings` are sorted by start and do not overlap, as the engine gives them. A finding that lies out of range, off
/// a character boundary or before the end of the one before it is left as it is, as is one without a decision. Line
/// breaks inside a rewritten span stay, so that the text keeps its lines.
#[must_use]
pub fn redact(
    text: &str,
    findings: &[Finding],
    decisions: &[Decision],
    surrogates: &mut Surrogates,
) -> Redacted {
    let mut out = Redacted { text: String::with_capacity(text.len()), edits: 0 };
    let mut at = 0;
    for (finding, decision) in findings.iter().zip(decisions) {
        let Some(words) = finding.span.of(text) else { continue };
        if !decision.action.rewrites() || finding.span.start() < at {
            continue;
        }
        let Some(between) = text.get(at..finding.span.start()) else { continue };
        out.text.push_str(between);
        match decision.action {
            Action::Redact => operators::placeholder(&mut out.text, finding.label),
            Action::Mask => operators::mask(&mut out.text, words),
            Action::Initials => operators::initials(&mut out.text, words, finding.label),
            Action::Surrogate => surrogates.write(&mut out.text, words, finding),
            Action::Keep | Action::Flag => out.text.push_str(words),
        }
        if decision.action != Action::Mask {
            operators::keep_line_breaks(&mut out.text, words);
        }
        out.edits += 1;
        at = finding.span.end();
    }
    out.text.push_str(text.get(at..).unwrap_or_default());
    out
}
