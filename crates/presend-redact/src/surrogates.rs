//! Numbers that stand for people and things, the same throughout one conversation.

use std::collections::BTreeMap;
use std::fmt;

use presend_detect::{Finding, Label, Role};
use presend_text::Folded;

/// The surrogates given so far in one conversation.
///
/// The same words under the same label get the same number, however they are cased, accented or spaced; a word that
/// was seen as a part of one person's longer name gets that person's number. A person keeps the role first seen.
#[derive(Clone, Default)]
pub struct Surrogates {
    /// By what the surrogate is called, how many were given.
    counts: BTreeMap<&'static str, usize>,
    /// By label and folded words, the surrogate given.
    given: BTreeMap<(Label, String), Surrogate>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Surrogate {
    name: &'static str,
    number: usize,
    /// Two people share the word, so that alone it names neither.
    shared: bool,
}

impl fmt::Debug for Surrogates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surrogates").field("given", &self.given.len()).finish()
    }
}

impl Surrogates {
    /// A conversation's start: nothing given yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many different identifiers have a surrogate.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether no surrogate was given yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The surrogate of a sender of messages, such as `[PERSON 1]`: a name or a phone number as an export shows it.
    #[must_use]
    pub fn sender(&mut self, words: &str) -> String {
        let mut out = String::new();
        self.write_as(&mut out, words, Label::Person, "PERSON");
        out
    }

    pub(crate) fn write(&mut self, out: &mut String, words: &str, finding: &Finding) {
        let name = match (finding.label, finding.role) {
            (Label::Person, Some(Role::Patient)) => "PATIENT",
            (Label::Person, Some(Role::Relative)) => "RELATIVE",
            (Label::Person, Some(Role::Staff)) => "STAFF",
            (Label::Person, _) => "PERSON",
            (label, _) => label.placeholder(),
        };
        self.write_as(out, words, finding.label, name);
    }

    fn write_as(&mut self, out: &mut String, words: &str, label: Label, name: &'static str) {
        let surrogate = self.find_or_give(&key(words), label, name);
        out.push('[');
        out.push_str(surrogate.name);
        out.push(' ');
        out.push_str(&surrogate.number.to_string());
        out.push(']');
    }

    fn find_or_give(&mut self, key: &str, label: Label, name: &'static str) -> Surrogate {
        if let Some(known) = self.given.get(&(label, key.to_owned()))
            && !known.shared
        {
            return *known;
        }
        let count = self.counts.entry(name).or_default();
        *count += 1;
        let surrogate = Surrogate { name, number: *count, shared: false };
        self.given.insert((label, key.to_owned()), surrogate);
        if label == Label::Person && key.contains(' ') {
            for part in key.split(' ').filter(|part| part.len() > 1) {
                self.given
                    .entry((label, part.to_owned()))
                    .and_modify(|known| known.shared |= *known != surrogate)
                    .or_insert(surrogate);
            }
        }
        surrogate
    }
}

/// Words as compared: folded, with runs of anything but letters and digits as one space.
fn key(words: &str) -> String {
    let folded = Folded::new(words);
    let mut key = String::with_capacity(words.len());
    for part in folded.text().split(|mark: char| !mark.is_alphanumeric()).filter(|part| !part.is_empty()) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(part);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(surrogates: &mut Surrogates, words: &str, role: Role) -> String {
        let finding = Finding {
            span: presend_text::Span::new(0, words.len()),
            label: Label::Person,
            role: Some(role),
            confidence: 0.9,
            rule: "test",
            evidence: Vec::new(),
        };
        let mut out = String::new();
        surrogates.write(&mut out, words, &finding);
        out
    }

    #[test]
    fn one_person_keeps_one_number() {
        let mut surrogates = Surrogates::new();
        assert_eq!(numbered(&mut surrogates, "Doris Ekwueme", Role::Patient), "[PATIENT 1]");
        assert_eq!(numbered(&mut surrogates, "doris  EKWUEME", Role::Unknown), "[PATIENT 1]");
        assert_eq!(numbered(&mut surrogates, "Ekwueme", Role::Unknown), "[PATIENT 1]");
        assert_eq!(numbered(&mut surrogates, "Chen", Role::Staff), "[STAFF 1]");
        assert_eq!(surrogates.len(), 2);
    }

    #[test]
    fn a_surname_two_people_share_names_neither() {
        let mut surrogates = Surrogates::new();
        assert_eq!(numbered(&mut surrogates, "Rose Patel", Role::Patient), "[PATIENT 1]");
        assert_eq!(numbered(&mut surrogates, "Arun Patel", Role::Patient), "[PATIENT 2]");
        assert_eq!(numbered(&mut surrogates, "Patel", Role::Patient), "[PATIENT 3]");
        assert_eq!(numbered(&mut surrogates, "Arun", Role::Patient), "[PATIENT 2]");
    }

    #[test]
    fn debug_shows_no_words() {
        let mut surrogates = Surrogates::new();
        let _ = surrogates.sender("Doris Ekwueme");
        assert_eq!(format!("{surrogates:?}"), "Surrogates { given: 3 }");
    }
}
