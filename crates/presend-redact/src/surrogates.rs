//! Surrogates: numbers or invented values that stand for people and things, the same throughout one conversation.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use presend_detect::{Finding, Label, Role};
use serde::{Deserialize, Serialize};

use crate::canonical::canonical;
use crate::keys::hmac;
use crate::memory::Memory;
use crate::people::{Hashed, People, PeopleState, PersonId, StateError};
use crate::realistic::{Realistic, RealisticState, spaced};

/// The surrogates given so far in one conversation.
///
/// People are told apart by the rules of [`People`]: however a person is mentioned, the surrogate is the same, and it
/// keeps the role first seen. For any other label the same words, however they are cased, accented or spaced, have the
/// same surrogate, and so has the same number, whatever stands between its digits and letters.
///
/// No word of the original is kept: names and values are kept as keyed hashes. What is invented is kept as it is.
///
/// # Limits
///
/// People: [`People::CAPACITY`], and 65,536 different values of other labels. Past either the one that was mentioned (a
/// person) or first seen (a value) longest ago is forgotten; seen again, it counts as new and gets a new number.
///
/// ```
/// use presend_detect::{Label, Role};
/// use presend_redact::Surrogates;
///
/// let mut surrogates = Surrogates::new();
/// assert_eq!(surrogates.numbered("Doris Ekwueme", Label::Person, Some(Role::Patient)), "[PATIENT 1]");
/// assert_eq!(surrogates.numbered("Mrs Ekwume", Label::Person, None), "[PATIENT 1]");
///
/// let key = [7; 32];
/// let full = surrogates.realistic(&key, "Doris Ekwueme", Label::Person, None).unwrap();
/// let surname = surrogates.realistic(&key, "EKWUEME", Label::Person, None).unwrap();
/// assert!(full.to_uppercase().ends_with(&surname));
/// ```
#[derive(Clone)]
pub struct Surrogates {
    people: People,
    /// By what the surrogate is called, how many were given.
    counts: BTreeMap<&'static str, usize>,
    /// By person, the surrogate given.
    numbers: BTreeMap<PersonId, Numbered>,
    /// By label and words, the surrogate given.
    values: Memory<Numbered>,
    /// By name at the head of messages, the surrogate given.
    senders: Memory<Numbered>,
    realistic: Realistic,
}

/// A numbered surrogate.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Numbered {
    name: &'static str,
    number: usize,
}

/// The surrogates of a conversation as they are saved; see [`PeopleState`] for what that gives away.
#[derive(Clone, Serialize, Deserialize)]
pub struct SurrogatesState {
    people: PeopleState,
    counts: Vec<(String, usize)>,
    numbers: Vec<(PersonId, String, usize)>,
    values: Vec<(u64, String, usize)>,
    #[serde(default)]
    senders: Vec<(u64, String, usize)>,
    realistic: RealisticState,
}

impl fmt::Debug for SurrogatesState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SurrogatesState")
            .field("people", &self.people)
            .field("values", &self.values.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Surrogates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surrogates").field("given", &self.len()).finish()
    }
}

impl Default for Surrogates {
    fn default() -> Self {
        Self::new()
    }
}

impl Surrogates {
    /// A conversation's start, under the zero key: nothing given yet.
    #[must_use]
    pub fn new() -> Self {
        // Worked out once: a conversation is started for every message that is checked by itself.
        static KEY: LazyLock<[u8; 16]> = LazyLock::new(|| people_key(&[0; 32]));
        Self::of(People::new(*KEY))
    }

    /// A conversation's start, with a key for what is kept of names and values.
    ///
    /// The key changes no surrogate. It keeps a saved state from being read by trial of all names; the zero key does not.
    #[must_use]
    pub fn with_key(key: &[u8; 32]) -> Self {
        Self::of(People::new(people_key(key)))
    }

    fn of(people: People) -> Self {
        Self {
            people,
            counts: BTreeMap::new(),
            numbers: BTreeMap::new(),
            values: Memory::default(),
            senders: Memory::default(),
            realistic: Realistic::default(),
        }
    }

    /// How many different identifiers have a numbered surrogate.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether no numbered surrogate was given yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The people met so far.
    #[must_use]
    pub const fn people(&self) -> &People {
        &self.people
    }

    /// The surrogate of a sender of messages, such as `[PERSON 1]`: a name or a phone number as an export shows it.
    ///
    /// The same name, however it is cased, accented or spaced, is the same sender, and another name is another one, be it
    /// the first word of this one: whoever is called so in a text is linked to senders, but no sender to another.
    #[must_use]
    pub fn sender(&mut self, words: &str) -> String {
        let hash = self.hash_of_sender(words);
        if let Some(known) = self.senders.get(hash) {
            return known.to_string();
        }
        let id = self.people.sender(words);
        let given = self.number_of(id);
        self.senders.insert(hash, given);
        given.to_string()
    }

    /// The surrogate of somebody called so in a text: of the sender of that very name, else of whom the name fits.
    #[must_use]
    pub fn mentioned(&mut self, words: &str) -> String {
        match self.senders.get(self.hash_of_sender(words)) {
            Some(known) => known.to_string(),
            None => self.numbered(words, Label::Person, None),
        }
    }

    /// The numbered surrogate of an identifier, such as `[PATIENT 1]` or `[PLACE 2]`; `role` counts for names alone.
    #[must_use]
    pub fn numbered(&mut self, words: &str, label: Label, role: Option<Role>) -> String {
        let given = if label == Label::Person {
            let id = self.people.identify(words, role.unwrap_or(Role::Unknown));
            self.number_of(id)
        } else {
            self.number_of_value(words, label)
        };
        given.to_string()
    }

    /// An invented value of the same kind and form, drawn under the key; `None` where there is none.
    ///
    /// | label | written |
    /// | --- | --- |
    /// | PERSON | a name of like origin and of the same sex, as far as a table knows them, in the form of the mention: full name, given name, surname, initials, order, case, title, hyphens; "Baby", "Twin 1", "Jr" and "family" stay |
    /// | PHONE | a number that Ofcom keeps for drama, of the same sort and with the same spaces; a bleep of as many digits |
    /// | EMAIL, USERNAME | made of invented names, with as many digits; at example.org |
    /// | URL, IP_ADDRESS | a path at example.org; an address of the documentation nets |
    /// | ADDRESS | house numbers of as many digits, a coined name, the same kind of street |
    /// | POSTCODE | one of the same area that cannot be: no postcode has the letters CIKMOV at its end |
    /// | PLACE | another place of similar size (over 100,000 people, over 10,000, fewer) |
    /// | ORGANISATION | a coined name with the words that say what it is |
    /// | PROFESSION | another occupation that shares no word |
    /// | NI_NUMBER, MRN, PROFESSIONAL_ID, PASSPORT, DRIVING_LICENCE, VEHICLE_REGISTRATION, PAYMENT_CARD, BANK_ACCOUNT, DEVICE_ID, OTHER_ID | other digits and letters in the same places, spoilt where a check digit would tell |
    /// | NHS_NUMBER, CHI_NUMBER, HSC_NUMBER, DATE_OF_BIRTH, DATE, AGE, WARD_BED, DEMOGRAPHIC | `None`: other operators write them |
    ///
    /// `None` comes as well for words that are not what the label says (a postcode that is none, a reference in
    /// number words), and where all that
    /// could be invented is taken in this conversation: a conversation has 1,000 mobile numbers. The caller then writes
    /// something else, such as [`Surrogates::numbered`]. Line breaks come out as spaces.
    ///
    /// **The same value has the same surrogate** under the same key, any 32 bytes, also in other conversations, but where
    /// one given before in the conversation stands in its way: then the next is tried, so that the order of first sight
    /// decides. **No two values of a label share one**, none is the original or a word of it, and no name is written that
    /// somebody met before bears.
    ///
    /// **Names follow [`People`]**: a misspelling, a short form or an initial is written as that person's. Whoever shares a
    /// word of the name shares it in the surrogate, so that a family still reads as one, and a surname that fits two
    /// people still fits two; words that differ stay different, so that two people with different full names never get
    /// the same one. The words of an e-mail address are written as they are in names.
    ///
    /// Whoever sees many texts under one key can count how often a name comes; a key for each conversation prevents it.
    #[must_use]
    pub fn realistic(
        &mut self,
        key: &[u8; 32],
        words: &str,
        label: Label,
        role: Option<Role>,
    ) -> Option<String> {
        if label != Label::Person {
            return self.realistic.value(key, &self.people, label, words);
        }
        let mention = self.people.mention(words, role.unwrap_or(Role::Unknown));
        // Each person has a few parts; people who were forgotten are looked for only when many are.
        if self.realistic.parts() > 16 * self.people.capacity() {
            self.realistic.forget(&self.people);
        }
        self.realistic.person(key, &self.people, &mention, words)
    }

    pub(crate) fn write(&mut self, out: &mut String, words: &str, finding: &Finding) {
        out.push_str(&self.numbered(words, finding.label, finding.role));
    }

    /// What has to be saved so that [`Surrogates::restore`] goes on from here.
    #[must_use]
    pub fn state(&self) -> SurrogatesState {
        let known = self.numbers.iter().filter(|(id, _)| self.people.knows(**id));
        SurrogatesState {
            people: self.people.state(),
            counts: self.counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
            numbers: known.map(|(id, given)| (*id, given.name.to_owned(), given.number)).collect(),
            values: saved(&self.values),
            senders: saved(&self.senders),
            realistic: self.realistic.state(&self.people),
        }
    }

    /// Goes on from a saved state, under the key that it was saved under.
    ///
    /// # Errors
    ///
    /// If the state was saved under another key or by another version, or contradicts itself.
    pub fn restore(state: SurrogatesState, key: &[u8; 32]) -> Result<Self, StateError> {
        let mut surrogates = Self::of(People::restore(state.people, people_key(key))?);
        for (name, count) in state.counts {
            surrogates.counts.insert(name_of(&name).ok_or(StateError::DAMAGED)?, count);
        }
        let numbered = |surrogates: &Self, name: &str, number: usize| {
            let name = name_of(name).ok_or(StateError::DAMAGED)?;
            let given = surrogates.counts.get(name).copied().unwrap_or(0);
            if (1..=given).contains(&number) {
                Ok(Numbered { name, number })
            } else {
                Err(StateError::DAMAGED)
            }
        };
        for (id, name, number) in state.numbers {
            let given = numbered(&surrogates, &name, number)?;
            surrogates.numbers.insert(id, given);
        }
        for (hash, name, number) in state.values {
            let given = numbered(&surrogates, &name, number)?;
            surrogates.values.insert(hash, given);
        }
        for (hash, name, number) in state.senders {
            let given = numbered(&surrogates, &name, number)?;
            surrogates.senders.insert(hash, given);
        }
        surrogates.realistic = Realistic::restore(state.realistic, &surrogates.people);
        Ok(surrogates)
    }

    fn number_of(&mut self, id: PersonId) -> Numbered {
        if let Some(known) = self.numbers.get(&id) {
            return *known;
        }
        let name = match self.people.role(id) {
            Some(Role::Patient) => "PATIENT",
            Some(Role::Relative) => "RELATIVE",
            Some(Role::Staff) => "STAFF",
            _ => "PERSON",
        };
        let given = self.next(name);
        self.numbers.insert(id, given);
        // People who were forgotten are looked for only when as many again have come.
        if self.numbers.len() > 2 * self.people.capacity() {
            self.numbers.retain(|id, _| self.people.knows(*id));
        }
        given
    }

    fn hash_of_sender(&self, words: &str) -> u64 {
        let spaced = spaced(words);
        // A name without letters and digits is what it is.
        let name = if spaced.is_empty() { words } else { spaced.as_str() };
        self.people.hashing().of(Hashed::Value, name)
    }

    fn number_of_value(&mut self, words: &str, label: Label) -> Numbered {
        let words = canonical(label, words);
        let hash = self.people.hashing().pieces(Hashed::Value, &[label.name().as_bytes(), words.as_bytes()]);
        if let Some(known) = self.values.get(hash) {
            return *known;
        }
        let given = self.next(label.placeholder());
        self.values.insert(hash, given);
        given
    }

    fn next(&mut self, name: &'static str) -> Numbered {
        let count = self.counts.entry(name).or_default();
        *count = count.saturating_add(1);
        Numbered { name, number: *count }
    }
}

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} {}]", self.name, self.number)
    }
}

fn saved(given: &Memory<Numbered>) -> Vec<(u64, String, usize)> {
    given.iter().map(|(hash, given)| (hash, given.name.to_owned(), given.number)).collect()
}

/// What surrogates are called.
fn name_of(name: &str) -> Option<&'static str> {
    let people = ["PATIENT", "RELATIVE", "STAFF", "PERSON"];
    people.into_iter().chain(Label::ALL.iter().map(|label| label.placeholder())).find(|known| *known == name)
}

/// The key of the hashes of names, from the key given: HMAC-SHA-256, cut.
fn people_key(key: &[u8; 32]) -> [u8; 16] {
    let mut cut = [0; 16];
    cut.iter_mut().zip(hmac(key, &[b"presend surrogates 1"])).for_each(|(to, from)| *to = from);
    cut
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
    fn other_labels_are_numbered_by_their_words() {
        let mut surrogates = Surrogates::new();
        for (words, label, expected) in [
            ("Leeds", Label::Place, "[PLACE 1]"),
            ("LEEDS ", Label::Place, "[PLACE 1]"),
            ("Leeds", Label::Organisation, "[ORGANISATION 1]"),
            ("York", Label::Place, "[PLACE 2]"),
            ("999 123 4004", Label::NhsNumber, "[NHS NUMBER 1]"),
            ("999-123-4004", Label::NhsNumber, "[NHS NUMBER 1]"),
            ("9991234004", Label::NhsNumber, "[NHS NUMBER 1]"),
            ("07700 900123", Label::Phone, "[PHONE 1]"),
            ("07700900123", Label::Phone, "[PHONE 1]"),
            ("+44 7700 900123", Label::Phone, "[PHONE 1]"),
            ("07700-900-123", Label::Phone, "[PHONE 1]"),
            ("K204417", Label::Mrn, "[RECORD NUMBER 1]"),
            ("K 204417", Label::Mrn, "[RECORD NUMBER 1]"),
            ("j-smith@example.org", Label::Email, "[EMAIL 1]"),
            ("J-Smith@example.org", Label::Email, "[EMAIL 1]"),
            ("jsmith@example.org", Label::Email, "[EMAIL 2]"),
        ] {
            assert_eq!(surrogates.numbered(words, label, None), expected);
        }
        assert_eq!(surrogates.len(), 8);
    }

    #[test]
    fn senders_are_their_names() {
        for names in [
            ["Grace", "Grace Lim"],
            ["Sarah Khan", "Sarah"],
            ["JS", "John Smith"],
            ["John Smith", "JS"],
            ["Kate", "Catherine Neill"],
            ["Mr Lim", "Grace Lim"],
            ["Dr Khan", "Sarah Khan"],
            ["Sarah Khan", "Sara Khan"],
            ["🌸", "💙"],
        ] {
            let mut surrogates = Surrogates::new();
            assert_eq!(names.map(|name| surrogates.sender(name)), ["[PERSON 1]", "[PERSON 2]"], "{names:?}");
            let mut restored = Surrogates::restore(surrogates.state(), &[0; 32]).unwrap();
            assert_eq!(names.map(|name| restored.sender(name)), ["[PERSON 1]", "[PERSON 2]"], "{names:?}");
        }
        let mut surrogates = Surrogates::new();
        for name in ["Raj Patel", "raj  PATEL", "Ráj Patel 🌸"] {
            assert_eq!(surrogates.sender(name), "[PERSON 1]");
        }
        // Whom a text called so before sends now.
        assert_eq!(surrogates.numbered("Wumi Ade", Label::Person, None), "[PERSON 2]");
        assert_eq!(surrogates.sender("Wumi Ade"), "[PERSON 2]");
    }

    #[test]
    fn mentions_are_linked_to_the_one_sender_whom_they_fit() {
        for (words, role, expected) in [
            ("Raj", Role::Unknown, "[PERSON 1]"),
            ("Dr Patel", Role::Staff, "[PERSON 1]"),
            ("Mr Lim", Role::Unknown, "[PERSON 4]"),
            // Fits two.
            ("Grace", Role::Unknown, "[PERSON 5]"),
            ("Patel", Role::Patient, "[PATIENT 1]"),
            ("Raj", Role::Relative, "[RELATIVE 1]"),
            ("Mrs Patel", Role::Unknown, "[PERSON 5]"),
            ("Miss Lim", Role::Unknown, "[PERSON 5]"),
            ("Raj Kumar Patel", Role::Unknown, "[PERSON 5]"),
        ] {
            let mut surrogates = Surrogates::new();
            for (at, name) in ["Raj Patel", "Grace", "Grace Okoye", "Mr Lim"].iter().enumerate() {
                assert_eq!(surrogates.sender(name), format!("[PERSON {}]", at + 1));
            }
            assert_eq!(surrogates.numbered(words, Label::Person, Some(role)), expected, "{words}");
            assert_eq!(surrogates.mentioned("Grace"), "[PERSON 2]");
        }
    }

    #[test]
    fn debug_shows_no_words() {
        let mut surrogates = Surrogates::new();
        let _ = surrogates.sender("Doris Ekwueme");
        assert_eq!(format!("{surrogates:?}"), "Surrogates { given: 1 }");
        let state = format!("{:?}", surrogates.state());
        assert!(state.starts_with("SurrogatesState") && !state.to_lowercase().contains("doris"));
    }
}
