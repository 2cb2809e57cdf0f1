//! Finds identifiers in clinical messages by rules: labels, findings, recognisers and the [`Detector`] that runs them.
//!
//! # What takes precedence
//!
//! Where findings overlap, a term of the customer's lists (deny, staff, sites, wards) beats all else, unless it is a part
//! of a longer finding, or the message uses the name of a ward, site or colleague for a patient or as a plain word. Then
//! come, alike, built-in rules, known patients and other recognisers: what a check digit confirms, then the more specific
//! label, the longer and the surer. A term that is allowed takes out what it covers whole, known patients too, but no
//! term of the customer's other lists. A model ([`Reviewer`]) settles what is left, and has no say in what is listed
//! ([`Finding::is_listed`]), be it the customer's term or a known patient.

mod address;
mod beds;
mod context;
mod cues;
mod custom;
mod detector;
pub mod dictionary;
mod document;
mod finding;
mod label;
mod lexical;
mod names;
mod opening;
mod patients;
mod patterns;
mod reading;
mod recogniser;
mod resolve;
mod shape;
mod signals;
mod spec;
mod spoken;
mod token;
mod validators;

pub use custom::{ListError, ListKind};
pub use detector::{Detector, DetectorBuilder, Scratch};
pub use finding::{Evidence, Finding};
pub use label::{Kind, Label, Role, UnknownLabel, UnknownRole};
pub use patients::{
    BirthDate, NumberKind, PatientError, PatientList, PatientListBuilder, PatientNumber, PatientRecord,
    SurnameAlone,
};
pub use reading::{Features, Reading, Review, Reviewer, Word};
pub use recogniser::Recogniser;
#[cfg(feature = "dictionary-compiler")]
pub use shape::compile as compile_name_shape;
pub use signals::Signals;
pub use spec::{DetectorInfo, detectors};

#[cfg(test)]
mod detector_files {
    use crate::Detector;
    use crate::spec::DETECTORS;

    /// Splits `see [[this]] and [[that]]` into the plain text and the marked spans.
    fn unmark(marked: &str) -> (String, Vec<(usize, usize)>) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        let mut rest = marked;
        while let Some((head, tail)) = rest.split_once("[[") {
            let (inner, after) = tail.split_once("]]").expect("every [[ has its ]]");
            text.push_str(head);
            spans.push((text.len(), text.len() + inner.len()));
            text.push_str(inner);
            rest = after;
        }
        text.push_str(rest);
        (text, spans)
    }

    #[test]
    fn every_detector_finds_its_own_examples() {
        let detector = Detector::new();
        let mut failures = Vec::new();
        for spec in DETECTORS {
            for example in spec.must_match {
                let (text, wanted) = unmark(example);
                let found: Vec<(usize, usize)> = detector
                    .scan(&text)
                    .iter()
                    .filter(|finding| finding.rule == spec.id)
                    .map(|finding| (finding.span.start(), finding.span.end()))
                    .collect();
                if wanted.is_empty() || found != wanted {
                    failures.push(format!("{}: {example:?} gave {found:?}, wanted {wanted:?}", spec.id));
                }
            }
            for example in spec.must_not_match {
                let found: Vec<_> =
                    detector.scan(example).into_iter().filter(|finding| finding.rule == spec.id).collect();
                if !found.is_empty() {
                    failures.push(format!("{}: {example:?} must not match, gave {found:?}", spec.id));
                }
            }
        }
        assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    }

    #[test]
    fn every_pattern_compiles() {
        for spec in DETECTORS {
            for pattern in spec.patterns {
                assert!(crate::patterns::compiles(pattern.regex), "{}: {}", spec.id, pattern.regex);
            }
        }
    }
}
