//! The list of known patients: who is on it is found in messages as listed or with one slip, and it holds no plain text.
//!
//! # What is found
//!
//! - **Names** (`known_patient_name`): given name and family name beside each other in either order, with or without a
//!   comma, with middle names or initials between them, in any case, with or without accents, hyphens and apostrophes,
//!   a family name of several words in one word or in part, and both names in one word. One letter may be wrong,
//!   missing or too many, or two neighbours swapped (a Damerau-Levenshtein distance of one, in the optimal string
//!   alignment form), in a given or family name of three letters or more. What is then written in lower case and is
//!   an ordinary word is no slip: `mark went` is not `Mark West`. A given name alone is never found, unless a number
//!   of the same patient stands in the message; for a family name alone see [`SurnameAlone`].
//! - **Numbers** (`known_patient_number`): by digits and letters alone, whatever the spacing; ten digits whose Modulus 11
//!   check digit fails also with one digit wrong or two neighbours swapped. Where so many numbers of digits alone
//!   are listed that one of that length might be on the list by chance (more than one in a thousand is), where a number
//!   is short, and for postcodes, a word that announces a number, or a name or the date of birth of the same patient, has
//!   to stand in the message.
//! - **Dates of birth** (`known_patient_dob`), in numbers or words: of a patient whose name or number the message also
//!   holds. So a birthday that many share fires for nobody by itself.
//!
//! # What is kept
//!
//! Names are split into given and family names, and every distinct one is kept once: a hash of its letters, and for each
//! of its letters a hash with that letter blanked out, to find it with one slip. A patient is then a hash of two names'
//! ids. On a million synthetic patients (`examples/patient_list_scale.rs`) these take 1.4, 13.2 and 8.5 MB. The other
//! way, the hashes of each patient's whole name and all its one-letter deletions, took 133 MB for one order of the names
//! (287 MB at the peak) and gave a hundred candidates a name, which only plain text could have told apart.
//!
//! Hashes are SipHash-2-4 under the caller's key. Of each, 48 bits are kept, so a look-up in a table of `n` entries finds
//! what was never listed with a probability of `n / 2^48`: for a million patients about one in 280 million a look-up.
//!
//! This keeps names out of a memory dump, a swap file or a core file as text. It is no protection against somebody who
//! also has the key: with it, guesses at names can be tried.

mod builder;
mod dates;
mod keyed;
mod names;
mod numbers;
mod pieces;
mod record;
mod table;
mod typo;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

pub use builder::{PatientError, PatientListBuilder};
pub use record::{BirthDate, NumberKind, PatientNumber, PatientRecord};

use crate::dictionary::Class;
use crate::{Evidence, Finding, Label, Recogniser, Role};
use dates::DateAt;
use keyed::Keyed;
use names::{Hit, How, Message, NameAt};
use numbers::{Lengths, NumberAt};
use pieces::Pieces;
use table::Table;

/// A patient by number.
type Person = u32;

/// What a word is listed as.
mod word {
    pub(super) const GIVEN: u32 = 1;
    pub(super) const FAMILY: u32 = 1 << 1;
    /// The first words of a longer name.
    pub(super) const BEGINNING: u32 = 1 << 2;
    /// A word of a longer name.
    pub(super) const PART: u32 = 1 << 3;
}

/// What is special about a given name beside a family name.
mod pair {
    /// The given name is a middle name or another.
    pub(super) const OTHER: u32 = 1;
    /// The family name is a part of a longer one.
    pub(super) const PART: u32 = 1 << 1;
    /// The given name is an initial.
    pub(super) const INITIAL: u32 = 1 << 2;
}

const NAME_RULE: &str = "known_patient_name";
const NUMBER_RULE: &str = "known_patient_number";
const BIRTH_RULE: &str = "known_patient_dob";

/// Whether a rule is one of the list of known patients.
pub(crate) fn is_known(rule: &str) -> bool {
    [NAME_RULE, NUMBER_RULE, BIRTH_RULE].contains(&rule)
}

/// A family name that so many patients or fewer bear, beside the date of birth of one of them, is no chance: among 365
/// bearers a date of the last hundred years is somebody's birthday once in a hundred.
const RARE_BEARERS: u16 = 365;

/// A date of birth is compared with names and numbers that stand so many words and numbers from it or fewer, so that the
/// time for a long text grows with its length and not with the square of it.
const NEAR: usize = 200;

/// Words that announce a number or are part of its name.
const NUMBER_CUES: &[&str] = &[
    "call",
    "chi",
    "contact",
    "crn",
    "emis",
    "epr",
    "hcn",
    "hosp",
    "hospital",
    "id",
    "mob",
    "mobile",
    "mrn",
    "nhs",
    "no",
    "num",
    "number",
    "patient",
    "phone",
    "pid",
    "pt",
    "record",
    "ref",
    "ring",
    "rio",
    "systmone",
    "tel",
    "telephone",
    "unit",
    "postcode",
    "lives",
    "address",
];

/// Words that announce a date of birth.
const BIRTH_CUES: &[&str] = &["dob", "born", "birth", "birthdate", "bday", "b"];

/// Titles that a patient may bear and that few members of staff do.
const PATIENT_TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "master", "patient", "pt", "baby"];

/// When a listed family name is found without a given name beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SurnameAlone {
    /// Never.
    Never,
    /// Where the message also holds a number or the date of birth of a patient of that name.
    #[default]
    Linked,
    /// There, and after a title that patients bear (Mr, Mrs, Miss, ...). Among a million patients nearly every family
    /// name occurs, so this says little more than the title does.
    AfterTitle,
}

/// A list of known patients that finds them in messages; built by [`PatientListBuilder`].
///
/// A million patients with an NHS number, a record number, a phone number and a date of birth each take 62 MB
/// (`examples/patient_list_scale.rs` measures it). Shared by reference or by [`Arc`] between threads.
///
/// The time for a message grows linearly with its length.
pub struct PatientList {
    keyed: Keyed,
    surname_alone: SurnameAlone,
    words: Table,
    patterns: Table,
    pairs: Table,
    numbers: Table,
    births: Table,
    lengths: Lengths,
    main_words: Box<[u32]>,
    bearers: Box<[u16]>,
}

impl fmt::Debug for PatientList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientList")
            .field("patients", &self.len())
            .field("names", &self.words.len())
            .field("patterns", &self.patterns.len())
            .field("pairs", &self.pairs.len())
            .field("numbers", &self.numbers.len())
            .finish_non_exhaustive()
    }
}

impl PatientList {
    /// How many patients are on the list.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.main_words.len()
    }

    /// Whether nobody is on the list.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.main_words.is_empty()
    }

    /// How much memory the list takes, in bytes.
    #[must_use]
    pub const fn memory_bytes(&self) -> usize {
        size_of::<Self>()
            + self.words.bytes()
            + self.patterns.bytes()
            + self.pairs.bytes()
            + self.numbers.bytes()
            + self.births.bytes()
            + size_of_val::<[u32]>(&self.main_words)
            + size_of_val::<[u16]>(&self.bearers)
    }

    /// All that lies in memory of the list but its key, for the test that looks for plain text in it.
    #[cfg(test)]
    fn dump(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for table in [&self.words, &self.patterns, &self.pairs, &self.numbers, &self.births] {
            table.dump(&mut bytes);
        }
        bytes.extend(self.main_words.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(self.bearers.iter().flat_map(|count| count.to_le_bytes()));
        bytes
    }

    fn main_word(&self, person: Person) -> Option<u32> {
        self.main_words.get(person as usize).copied()
    }

    /// The patients with this main word who were born on one of these days.
    fn born<'a>(&'a self, main_word: u32, date: &'a DateAt) -> impl Iterator<Item = Person> + 'a {
        date.readings
            .iter()
            .flatten()
            .flat_map(move |day| self.births.get(self.keyed.birth(main_word, day.packed())))
    }

    fn is_birth_of(&self, person: Person, date: &DateAt) -> bool {
        self.main_word(person).is_some_and(|word| self.born(word, date).any(|born| born == person))
    }
}

/// What a message holds of the list, before it is said in findings; each sorted by place.
struct Seen<'a> {
    message: Message<'a>,
    hits: Vec<Hit>,
    names: Vec<NameAt>,
    numbers: Vec<NumberAt>,
    dates: Vec<DateAt>,
}

/// A date of birth that was found: its place in [`Seen::dates`], how sure it is, and why.
type Birth = (usize, f32, &'static str);

impl PatientList {
    fn look(&self, seen: &Seen<'_>, findings: &mut Vec<Finding>) {
        let mut numbered: Vec<Person> =
            seen.numbers.iter().flat_map(|number| number.patients.iter().copied()).collect();
        numbered.sort_unstable();
        let mut named: Vec<Person> = Vec::new();
        let mut births: Vec<Birth> = Vec::new();
        for name in &seen.names {
            let before = named.len();
            let people = name.pairs.iter().flat_map(|&(given, family)| self.patients_named(given, family));
            named.extend(people.filter(|person| numbered.binary_search(person).is_ok()));
            let birth = seen
                .dates_near(name.first)
                .find(|&(_, date)| name.pairs.iter().any(|&pair| self.is_birth_of_named(pair, date)));
            findings.push(self.name_finding(seen, name, named.len() > before, birth.is_some()));
            births.extend(birth.map(|(at, _)| {
                (at, 0.97, "the date of birth of a listed patient of the name in the message")
            }));
        }
        named.sort_unstable();
        let mut mentioned: Vec<u32> = seen.hits.iter().map(|hit| hit.id).collect();
        mentioned.sort_unstable();

        let mut numbers = Vec::new();
        for number in &seen.numbers {
            let birth = seen
                .dates_near(number.first)
                .find(|(_, date)| number.patients.iter().any(|&person| self.is_birth_of(person, date)));
            let is_linked = birth.is_some()
                || number.patients.iter().any(|person| {
                    let is_mentioned = |main: u32| mentioned.binary_search(&main).is_ok();
                    named.binary_search(person).is_ok() || self.main_word(*person).is_some_and(is_mentioned)
                });
            if let Some(finding) = number_finding(seen, number, is_linked) {
                findings.push(finding);
                numbers.push(number);
                births.extend(birth.map(|(at, _)| {
                    (at, 0.97, "the date of birth of the listed patient whose number is in the message")
                }));
            }
        }
        for hit in seen.hits_alone() {
            if let Some((confidence, why, birth)) = self.name_alone(seen, &numbers, hit) {
                findings.push(seen.person(hit.first, hit.last, confidence, vec![why]));
                births.extend(birth.map(|at| {
                    (at, 0.9, "the date of birth of a listed patient of the family name in the message")
                }));
            }
        }
        births.sort_by(|a, b| (a.0, b.1).partial_cmp(&(b.0, a.1)).unwrap_or(Ordering::Equal));
        births.dedup_by_key(|birth| birth.0);
        for (at, confidence, why) in births {
            if let Some(date) = seen.dates.get(at) {
                let (first, last) = (date.first, date.last);
                findings.push(seen.finding(
                    first,
                    last,
                    Label::DateOfBirth,
                    BIRTH_RULE,
                    confidence,
                    vec![why],
                ));
            }
        }
    }

    /// Whether somebody of this name was born on the day.
    fn is_birth_of_named(&self, (given, family): (u32, u32), date: &DateAt) -> bool {
        // Nearly all who share a name share their main word too, so that one look-up does for many.
        let mut last = None;
        self.patients_named(given, family).filter_map(|person| self.main_word(person)).any(|main| {
            let is_new = last.replace(main) != Some(main);
            is_new
                && self
                    .born(main, date)
                    .any(|born| self.patients_named(given, family).any(|named| named == born))
        })
    }

    fn name_finding(&self, seen: &Seen<'_>, name: &NameAt, has_number: bool, has_birth: bool) -> Finding {
        let message = &seen.message;
        let (mut confidence, why): (f32, _) = match name.how {
            How::Full if name.family_first => (0.97, "a listed patient's name, the family name first"),
            How::Full => (0.98, "a listed patient's given and family name"),
            How::Between => {
                (0.93, "a listed patient's given and family name with another name or initial between")
            }
            How::Joined => (0.9, "a listed patient's given and family name written as one word"),
            How::Part => (0.88, "a listed patient's given name and part of the family name"),
            How::Typo => (0.75, "a listed patient's name but for one letter"),
            How::DoubtfulTypo => {
                (0.45, "a listed patient's name but for one letter, and a word or name as it stands")
            }
            How::Initial => (0.6, "a listed patient's initial and family name"),
        };
        let mut evidence = vec![why];
        let is_plain = |index: usize| message.is_plain(index) && !message.is_capitalised(index);
        if name.how < How::Typo && (name.first..=name.last).all(is_plain) {
            confidence = confidence.min(0.6);
            evidence.push("each word of it is an ordinary word in lower case");
        }
        if let Some(before) = name.first.checked_sub(1)
            && message.pieces.get(name.first).is_some_and(|piece| piece.gap.is_loose())
            && [Class::TitleStaff, Class::StaffRole].into_iter().any(|class| message.entry(before).has(class))
        {
            confidence = confidence.min(0.4);
            evidence.push("a title or role of staff stands before it");
        }
        if has_number {
            confidence = confidence.max(0.97);
            evidence.push("a number of the same patient is in the message");
        }
        if has_birth {
            confidence = confidence.max(0.95);
            evidence.push("the date of birth of the same patient is in the message");
        }
        seen.person(name.first, name.last, confidence, evidence)
    }

    /// Whether a listed name alone counts: how sure, why, and by which date.
    fn name_alone(
        &self,
        seen: &Seen<'_>,
        numbers: &[&NumberAt],
        hit: &Hit,
    ) -> Option<(f32, &'static str, Option<usize>)> {
        if self.surname_alone == SurnameAlone::Never {
            return None;
        }
        let is_of_patient = |person: Person| {
            self.main_word(person).is_some_and(|main| {
                main == hit.id
                    || hit.flags & word::GIVEN != 0
                        && self.patients_named(hit.id, main).any(|named| named == person)
            })
        };
        let near = near(numbers, hit.first, |number| number.first);
        if near.iter().any(|number| number.patients.iter().any(|&person| is_of_patient(person))) {
            return Some((0.92, "a name of the listed patient whose number is in the message", None));
        }
        if hit.flags & word::FAMILY == 0 {
            return None;
        }
        let is_rare = self.bearers.get(hit.id as usize).is_some_and(|&bearers| bearers <= RARE_BEARERS);
        let birth = seen.dates_near(hit.first).find(|(_, date)| {
            (is_rare || seen.has_cue(date.first, BIRTH_CUES)) && self.born(hit.id, date).next().is_some()
        });
        if let Some((at, _)) = birth {
            return Some((
                0.88,
                "the family name of a listed patient whose date of birth is in the message",
                Some(at),
            ));
        }
        let title = hit.first.checked_sub(1).map(|before| seen.message.pieces.text(before));
        let follows_title = title.is_some_and(|title| PATIENT_TITLES.contains(&title));
        (self.surname_alone == SurnameAlone::AfterTitle && follows_title).then_some((
            0.55,
            "a listed patient's family name after a title",
            None,
        ))
    }
}

fn number_finding(seen: &Seen<'_>, number: &NumberAt, is_linked: bool) -> Option<Finding> {
    let (confidence, why) = match (number.is_typo, number.needs_support, is_linked) {
        (false, _, true) => {
            (0.98, "a number of the listed patient whose name or date of birth is in the message")
        }
        (true, _, true) => (
            0.93,
            "but for one digit, a number of the listed patient whose name or date of birth is in the message",
        ),
        (false, false, false) => (0.97, "a listed patient's number"),
        (false, true, false) if seen.has_cue(number.first, NUMBER_CUES) => {
            (0.8, "a listed patient's number, and a word before it announces one")
        }
        (true, false, false) => (0.55, "a listed patient's number but for one digit; its check digit fails"),
        _ => return None,
    };
    let label = number.kind.label();
    Some(seen.finding(number.first, number.last, label, NUMBER_RULE, confidence, vec![why]))
}

/// Those of a sorted list that stand within [`NEAR`] pieces of a place.
fn near<T>(sorted: &[T], at: usize, place: impl Fn(&T) -> usize) -> &[T] {
    let from = sorted.partition_point(|item| place(item) + NEAR < at);
    let to = sorted.partition_point(|item| place(item) <= at + NEAR);
    sorted.get(from..to).unwrap_or_default()
}

impl Seen<'_> {
    /// The dates near a piece, with their places.
    fn dates_near(&self, at: usize) -> impl Iterator<Item = (usize, &DateAt)> {
        let from = self.dates.partition_point(|date| date.first + NEAR < at);
        (from..).zip(near(&self.dates, at, |date| date.first))
    }

    /// The listed names that are in no name that was found.
    fn hits_alone(&self) -> impl Iterator<Item = &Hit> {
        let mut end = 0;
        self.hits.iter().filter(move |hit| {
            let next = self.names.get(self.names.partition_point(|name| name.last < hit.first));
            let is_free = hit.first >= end && next.is_none_or(|name| name.first > hit.last);
            if is_free {
                end = hit.last + 1;
            }
            is_free
        })
    }

    fn finding(
        &self,
        first: usize,
        last: usize,
        label: Label,
        rule: &'static str,
        confidence: f32,
        evidence: Vec<&'static str>,
    ) -> Finding {
        Finding {
            span: self.message.pieces.original(first, last),
            label,
            role: (label == Label::Person).then_some(Role::Patient),
            confidence,
            rule,
            evidence: evidence.into_iter().map(Evidence).collect(),
        }
    }

    fn person(&self, first: usize, last: usize, confidence: f32, evidence: Vec<&'static str>) -> Finding {
        self.finding(first, last, Label::Person, NAME_RULE, confidence, evidence)
    }

    /// Whether one of these words stands shortly before a piece.
    fn has_cue(&self, first: usize, cues: &[&str]) -> bool {
        const FAR: usize = 4;
        (first.saturating_sub(FAR)..first).any(|index| cues.contains(&self.message.pieces.text(index)))
    }
}

impl Recogniser for PatientList {
    fn id(&self) -> &'static str {
        "known_patients"
    }

    fn recognise(&self, text: &str, findings: &mut Vec<Finding>) {
        let pieces = Pieces::new(text);
        let message = Message::new(text, &pieces);
        let hits = self.find_words(&message);
        let numbers = self.find_numbers(&pieces);
        let names = self.find_names(&message, &hits);
        if hits.is_empty() && numbers.is_empty() && names.is_empty() {
            return;
        }
        let dates = dates::find(&pieces);
        let from = findings.len();
        self.look(&Seen { message, hits, names, numbers, dates }, findings);
        let mut found = findings.split_off(from);
        found.sort_by_key(|finding| finding.span);
        // A number may hold a name or be a date as well: of two that overlap the longer stays, then the surer.
        for finding in found {
            match findings.get_mut(from..).and_then(<[_]>::last_mut) {
                Some(last) if last.span.overlaps(finding.span) => {
                    let rank = |finding: &Finding| (finding.span.len(), (finding.confidence * 100.0) as u32);
                    if rank(&finding) > rank(last) {
                        *last = finding;
                    }
                }
                _ => findings.push(finding),
            }
        }
    }
}

impl Recogniser for Arc<PatientList> {
    fn id(&self) -> &'static str {
        self.as_ref().id()
    }

    fn recognise(&self, text: &str, findings: &mut Vec<Finding>) {
        self.as_ref().recognise(text, findings);
    }
}

#[cfg(test)]
mod tests;
