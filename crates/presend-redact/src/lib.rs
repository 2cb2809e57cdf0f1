//! Writes the safer text: one edit a finding, everything else byte for byte as it came.
//!
//! What is done with each finding is decided elsewhere ([`presend_policy`]); here are the operators that do it, the keys
//! that some of them need, and the [`State`] that keeps what stands for a person the same throughout a conversation.

mod aead;
mod brackets;
mod canonical;
mod dates;
pub mod format;
mod generalise;
pub mod hash;
mod initials;
mod keys;
mod mask;
mod memory;
mod numerals;
mod operators;
pub mod people;
mod realistic;
pub mod seal;
mod shift;
mod state;
mod surrogates;
pub mod token;
mod tokens;
mod written;

use std::fmt;

use jiff::civil::Date;
use operators::Beside;
use presend_detect::{Finding, Label};
use presend_policy::{Action, Decision};
use presend_text::Span;

pub use dates::Written;
pub use generalise::generalise;
pub use keys::{Key, KeyError, KeyErrorKind, KeyRing, Purpose, Scope, ScopedKeys, UnknownScope};
pub use mask::Mask;
pub use people::{People, PeopleState, PersonId, StateError, civil_title};
pub use shift::{days_for, shift};
pub use state::{SavedState, State};
pub use surrogates::{Surrogates, SurrogatesState};
pub use written::written;

/// The text of a message after its decisions were carried out.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Redacted {
    /// The new text.
    pub text: String,
    /// How many spans were rewritten.
    pub edits: usize,
    /// Where each finding lies in the new text, whether rewritten or not; in the order of the findings.
    pub spans: Vec<Span>,
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
/// breaks inside a rewritten span stay, so that the text keeps its lines. `today` is the day from which ages and
/// "3 days ago" are counted.
///
/// An action that cannot be carried out on the words redacts instead, which gives away less: one that needs a key where
/// `state` has none, a date that cannot be read, a word that no table generalises.
#[must_use]
pub fn redact(
    text: &str,
    findings: &[Finding],
    decisions: &[Decision],
    state: &mut State,
    today: Option<Date>,
) -> Redacted {
    let mut out = Redacted {
        text: String::with_capacity(text.len()),
        edits: 0,
        spans: Vec::with_capacity(findings.len()),
    };
    let does = |action: Action| decisions.iter().any(|decision| decision.action == action);
    let ages = if does(Action::Generalise) { ages(text, findings) } else { Vec::new() };
    let longer =
        if does(Action::Initials) { initials::longer(text, findings, decisions) } else { Vec::new() };
    let mut at = 0;
    for (place, finding) in findings.iter().enumerate() {
        let words = finding.span.of(text).filter(|_| finding.span.start() >= at);
        let between = words.and_then(|_| text.get(at..finding.span.start()));
        let (Some(words), Some(between)) = (words, between) else {
            out.spans.push(Span::new(out.text.len(), out.text.len()));
            continue;
        };
        out.text.push_str(between);
        let start = out.text.len();
        match decisions.get(place).filter(|decision| decision.action.rewrites()) {
            None => out.text.push_str(words),
            Some(decision) => {
                let longer = longer.get(place).and_then(Option::as_deref);
                operators::write(
                    &mut out.text,
                    text,
                    finding,
                    decision,
                    state,
                    &Beside { today, ages: &ages, longer },
                );
                let goes_on = text.get(finding.span.end()..).unwrap_or_default();
                let written = out.text.get(start..).unwrap_or_default();
                if goes_on_as_written(written, words, goes_on, finding.label, decision.action) {
                    out.text.pop();
                }
                // Tokens hold the line breaks themselves, and masks leave them where they are.
                if !matches!(decision.action, Action::Mask | Action::Token) {
                    let written = out.text.get(start..).unwrap_or_default().contains(['\r', '\n']);
                    if !written {
                        operators::keep_line_breaks(&mut out.text, words);
                    }
                }
                out.edits += 1;
            }
        }
        out.spans.push(Span::new(start, out.text.len()));
        at = finding.span.end();
    }
    out.text.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The ages that a message gives, in years.
fn ages(text: &str, findings: &[Finding]) -> Vec<u32> {
    let of_age = findings.iter().filter(|finding| finding.label == Label::Age);
    of_age.filter_map(|finding| generalise::age_in_years(finding.span.of(text)?)).collect()
}

/// Whether the last character of what was written stands behind the finding already: the full stop of an initial, the
/// `+` of "90+", the "s" of "80s".
fn goes_on_as_written(written: &str, words: &str, goes_on: &str, label: Label, action: Action) -> bool {
    match action {
        Action::Initials => {
            let is_cut = ends_in_initial(words) || written.strip_suffix('.') == Some(words);
            is_cut && goes_on.starts_with('.') && written.ends_with('.')
        }
        Action::Generalise | Action::Surrogate if label == Label::Age => {
            let mut rest = goes_on.trim_start_matches(['\'', '\u{2019}']).chars();
            let is_decade = rest.next() == Some('s') && !rest.next().is_some_and(char::is_alphanumeric);
            // "90s" is no less general than "90+".
            written.ends_with('+') && (goes_on.starts_with('+') || is_decade)
                || written.ends_with('s') && is_decade
        }
        _ => false,
    }
}

/// Whether the name's last part is one letter: the full stop after it is the initial's own.
fn ends_in_initial(words: &str) -> bool {
    let mut letters = words.chars().rev();
    letters.next().is_some_and(char::is_alphabetic)
        && letters.next().is_none_or(|before| !before.is_alphabetic())
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test: what fails here fails it")]
mod tests {
    use presend_detect::Signals;
    use presend_policy::{Context, Policy};

    use super::*;

    #[test]
    fn an_age_whose_ending_lies_behind_the_finding_is_not_ended_twice() {
        for (policy, text, words, wanted) in [
            ("group", "aged 90+ fell", "90", "aged 90+ fell"),
            ("group", "aged 92+ fell", "92", "aged 90+ fell"),
            ("group", "in her 90s, fell", "90", "in her 90s, fell"),
            ("group", "aged 92 fell", "92", "aged 90+ fell"),
            ("teaching", "80s NOF#", "80", "80s NOF#"),
            ("teaching", "in his 80's", "80", "in his 80's"),
            ("teaching", "82 stable", "82", "80s stable"),
        ] {
            let start = text.find(words).expect("in the text");
            let span = Span::new(start, start + words.len());
            let findings = [Finding {
                span,
                label: Label::Age,
                role: None,
                confidence: 0.97,
                rule: "test",
                evidence: Vec::new(),
            }];
            let policy = Policy::built_in(policy).expect("built in");
            let plan = policy.plan(text, &findings, &Context::default(), Signals::default());
            let redacted = redact(text, &findings, &plan.decisions, &mut State::new(), None);
            assert_eq!(redacted.text, wanted);
        }
    }
}
