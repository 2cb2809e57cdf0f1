//! The least that still identifies the right patient to a colleague who has the record open.

use presend_detect::{Finding, Label, Role};

use crate::named::named;

named! {
    /// A set of identifiers by which a colleague with access to the record finds one patient.
    Handle, UnknownHandle, "handle";
    /// The whole NHS, CHI or Health and Care number.
    HealthNumber = "health-number",
    /// The last four digits of that number, with initials.
    LastFourAndInitials = "last-four-and-initials",
    /// A hospital or practice record number.
    RecordNumber = "record-number",
    /// Initials with the ward or bed.
    InitialsAndBed = "initials-and-bed",
    /// Initials with the year of birth.
    InitialsAndBirthYear = "initials-and-birth-year",
}

impl Handle {
    /// Whether it identifies wherever the reader is; the others need somebody who knows the ward or the clinic.
    #[must_use]
    pub const fn is_strong(self) -> bool {
        matches!(self, Handle::HealthNumber | Handle::LastFourAndInitials | Handle::RecordNumber)
    }

    /// The parts that make it up.
    const fn parts(self) -> &'static [Part] {
        match self {
            Handle::HealthNumber => &[Part::HealthNumber],
            Handle::LastFourAndInitials => &[Part::HealthNumber, Part::Name],
            Handle::RecordNumber => &[Part::RecordNumber],
            Handle::InitialsAndBed => &[Part::Name, Part::Bed],
            Handle::InitialsAndBirthYear => &[Part::Name, Part::Birth],
        }
    }

    /// What the sender would have to add for it, in words, where `held` are the parts that are there.
    fn missing(self, held: Parts) -> Vec<&'static str> {
        let lacks = |part: &&Part| !held.has(**part);
        self.parts()
            .iter()
            .filter(lacks)
            .map(|part| match (self, part) {
                (Handle::LastFourAndInitials, Part::HealthNumber) => "the last four digits of the NHS number",
                (_, Part::HealthNumber) => "the NHS number",
                (_, Part::RecordNumber) => "the hospital number",
                (_, Part::Name) => "initials",
                (_, Part::Bed) => "the ward and bed",
                (_, Part::Birth) => "the year of birth",
            })
            .collect()
    }
}

/// A kind of identifier that handles are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    HealthNumber,
    RecordNumber,
    Name,
    Bed,
    Birth,
}

impl Part {
    const ALL: [Part; 5] = [Part::HealthNumber, Part::RecordNumber, Part::Name, Part::Bed, Part::Birth];

    /// The part of a handle that a finding can be. A name whose role nobody knows may be the patient's.
    fn of(finding: &Finding) -> Option<Self> {
        match finding.label {
            Label::NhsNumber | Label::ChiNumber | Label::HscNumber => Some(Part::HealthNumber),
            Label::Mrn => Some(Part::RecordNumber),
            Label::WardBed => Some(Part::Bed),
            Label::DateOfBirth => Some(Part::Birth),
            Label::Person => match finding.role {
                Some(Role::Patient | Role::Unknown) | None => Some(Part::Name),
                Some(Role::Relative | Role::Staff | Role::Other) => None,
            },
            _ => None,
        }
    }
}

/// A set of parts.
#[derive(Clone, Copy, Default)]
struct Parts(u8);

impl Parts {
    fn has(self, part: Part) -> bool {
        self.0 & 1 << part as u8 != 0
    }

    fn add(&mut self, part: Part) {
        self.0 |= 1 << part as u8;
    }
}

/// One patient of a message, and by what a colleague would know which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The findings about the patient that handles are made of, by their place in the list of findings.
    pub findings: Vec<usize>,
    /// The handle that is kept; `None` where the message holds none.
    pub handle: Option<Handle>,
    /// What would make a handle of what the message holds, the policy's favourite first; empty where one is kept.
    pub offers: Vec<Vec<&'static str>>,
    /// Whether the message plainly speaks of a patient here: by a name in that role, a number or a date of birth.
    pub is_patient: bool,
}

/// Groups the findings of a message by patient.
///
/// In reading order, a finding belongs to the patient spoken of before it, until one comes that cannot: another health
/// number, record number or date of birth than the patient's, or a name that shares no part with the patient's. A
/// second bed belongs to the next patient where the next part of a handle is another patient's name, as in lists; else
/// it is where the same patient was or is going.
pub(crate) fn subjects(text: &str, findings: &[Finding]) -> Vec<(Vec<usize>, bool)> {
    let parts: Vec<(usize, Part, &str)> = findings
        .iter()
        .enumerate()
        .filter_map(|(at, finding)| Some((at, Part::of(finding)?, finding.span.of(text)?)))
        .collect();
    let mut subjects: Vec<(Vec<usize>, bool)> = Vec::new();
    // The words first seen of each part of the patient at hand.
    let mut held: [Option<&str>; Part::ALL.len()] = [None; Part::ALL.len()];
    for (order, &(at, part, words)) in parts.iter().enumerate() {
        let slot = held.get(part as usize).copied().flatten();
        let is_other = match (part, slot) {
            (_, None) => false,
            (Part::Name, Some(name)) => !is_same_name(name, words),
            (Part::Bed, Some(bed)) => {
                let next_name = parts.get(order + 1).filter(|(_, part, _)| *part == Part::Name);
                !is_same(bed, words)
                    && next_name.is_some_and(|(_, _, name)| {
                        held.get(Part::Name as usize)
                            .copied()
                            .flatten()
                            .is_some_and(|held| !is_same_name(held, name))
                    })
            }
            (_, Some(value)) => !is_same(value, words),
        };
        if subjects.is_empty() || is_other {
            subjects.push((Vec::new(), false));
            held = [None; Part::ALL.len()];
        }
        if let Some(slot) = held.get_mut(part as usize) {
            slot.get_or_insert(words);
        }
        if let Some((of_subject, is_patient)) = subjects.last_mut() {
            of_subject.push(at);
            *is_patient |= match part {
                Part::Name => findings.get(at).is_some_and(|finding| finding.role == Some(Role::Patient)),
                Part::Bed => false,
                Part::HealthNumber | Part::RecordNumber | Part::Birth => true,
            };
        }
    }
    subjects
}

/// Chooses the first handle of the rank that the patient's findings make.
pub(crate) fn choose(
    rank: &[Handle],
    findings: &[Finding],
    of_subject: &[usize],
    is_patient: bool,
) -> Subject {
    let mut held = Parts::default();
    for part in of_subject.iter().filter_map(|at| findings.get(*at).and_then(Part::of)) {
        held.add(part);
    }
    let handle = rank.iter().copied().find(|handle| handle.parts().iter().all(|part| held.has(*part)));
    let mut offers: Vec<Vec<&'static str>> = Vec::new();
    if handle.is_none() {
        // Whoever may send the last four has no need to be asked for the whole number.
        let short = rank.contains(&Handle::LastFourAndInitials);
        let asked = rank.iter().filter(|handle| !(short && **handle == Handle::HealthNumber));
        for offer in asked.map(|handle| handle.missing(held)) {
            if !offers.contains(&offer) {
                offers.push(offer);
            }
        }
        // What takes the least to add is the most likely to be added.
        offers.sort_by_key(Vec::len);
    }
    Subject { findings: of_subject.to_vec(), handle, offers, is_patient }
}

/// Whether a finding of the patient is a part of the handle.
pub(crate) fn is_part(handle: Handle, finding: &Finding) -> Option<Part> {
    Part::of(finding).filter(|part| handle.parts().contains(part))
}

/// Whether two values are the same but for case, spaces and marks.
fn is_same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(words: &str) -> impl Iterator<Item = char> {
    words.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether two names may be one person's: full names with the same first and last part, a part that is the other's too,
/// or one the initials of the other.
fn is_same_name(one: &str, other: &str) -> bool {
    fn parts(words: &str) -> impl DoubleEndedIterator<Item = &str> + Clone {
        words.split(|mark: char| !mark.is_alphanumeric()).filter(|part| !part.is_empty())
    }
    fn initials(words: &str) -> impl Iterator<Item = char> {
        parts(words).filter_map(|part| part.chars().next()).flat_map(char::to_lowercase)
    }
    if is_initials(one) && initials(other).eq(letters(one))
        || is_initials(other) && initials(one).eq(letters(other))
    {
        return true;
    }
    let is_full = |words| parts(words).nth(1).is_some();
    if is_full(one) && is_full(other) {
        let same = |one: Option<&str>, other: Option<&str>| {
            one.zip(other).is_some_and(|(one, other)| is_same(one, other))
        };
        return same(parts(one).next(), parts(other).next())
            && same(parts(one).next_back(), parts(other).next_back());
    }
    parts(one).any(|part| parts(other).any(|of_other| part.chars().count() > 1 && is_same(part, of_other)))
}

/// Whether a name is written as initials: two to four letters in capitals or with dots.
fn is_initials(words: &str) -> bool {
    let count = words.chars().filter(|letter| letter.is_alphabetic()).count();
    (2..=4).contains(&count)
        && (words.contains('.')
            || words.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase))
}
