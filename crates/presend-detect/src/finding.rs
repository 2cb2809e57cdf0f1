use presend_text::Span;

use crate::custom::is_customers;
use crate::patients::is_known;
use crate::{Label, Role};

/// One reason behind a finding, in words that are the program's own and never the message's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence(pub &'static str);

/// An identifier found in a message: where it is and why it counts, never the words themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Where in the original message, in UTF-8 bytes.
    pub span: Span,
    /// What kind of identifier.
    pub label: Label,
    /// Whose name it is; `Some` for [`Label::Person`] only.
    pub role: Option<Role>,
    /// How sure the recogniser is, from 0 to 1.
    pub confidence: f32,
    /// The id of the rule that found it, such as `nhs_number`.
    pub rule: &'static str,
    /// What speaks for it, and nothing that speaks against it: first what it is by itself, then what stands before it and
    /// after it.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// Whether it is on a list that this installation was given, of the customer's terms or of known patients, so that
    /// no model has a say in it.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        is_customers(self.rule) || is_known(self.rule)
    }
}

/// A finding before overlaps are resolved, in offsets of the folded text.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) label: Label,
    pub(crate) role: Option<Role>,
    pub(crate) confidence: f32,
    pub(crate) rule: &'static str,
    /// Whether a check digit or an exact rule holds.
    pub(crate) validated: bool,
    pub(crate) evidence: Vec<&'static str>,
}

impl Raw {
    /// What a rule found of nobody's role, without a check, and its one reason.
    pub(crate) fn plain(
        (start, end): (usize, usize),
        label: Label,
        confidence: f32,
        rule: &'static str,
        why: &'static str,
    ) -> Self {
        Self { start, end, label, role: None, confidence, rule, validated: false, evidence: vec![why] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_is_told_by_whole_names_of_rules() {
        let finding = |rule| Finding {
            span: Span::new(0, 1),
            label: Label::Person,
            role: None,
            confidence: 1.0,
            rule,
            evidence: Vec::new(),
        };
        for rule in [
            "customer_deny",
            "customer_staff",
            "customer_site",
            "customer_ward",
            "known_patient_name",
            "known_patient_number",
            "known_patient_dob",
        ] {
            assert!(finding(rule).is_listed(), "{rule}");
        }
        for rule in ["person", "model", "customer_reference", "known_patients"] {
            assert!(!finding(rule).is_listed(), "{rule}");
        }
    }
}
