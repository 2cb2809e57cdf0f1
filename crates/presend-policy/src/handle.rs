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

    /// Whether no two people have the same.
    const fn is_of_one(self) -> bool {
        matches!(self, Part::HealthNumber | Part::RecordNumber | Part::Birth)
    }

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

named! {
    /// Whose a finding is in a message to one patient that names more than one.
    About, UnknownAbout, "about";
    /// A patient other than the one whom the message greets.
    AnotherPatient = "another-patient",
    /// One of several patients, where it cannot be told to which the message goes.
    UnclearPatient = "unclear-patient",
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
/// number, record number or date of birth than the patient's, or a name that shares no part with the patient's or has
/// another civil title. The patient's name opens another one of the same name where another number or date of birth
/// follows it. A second bed belongs to the next patient where the next part of a handle is another patient's name, as in
/// lists; else it is where the same patient was or is going.
pub(crate) fn subjects(text: &str, findings: &[Finding]) -> Vec<(Vec<usize>, bool)> {
    let parts: Vec<(usize, Part, Named<'_>)> = findings
        .iter()
        .enumerate()
        .filter_map(|(at, finding)| Some((at, Part::of(finding)?, Named::of(text, finding)?)))
        .collect();
    let mut subjects: Vec<(Vec<usize>, bool)> = Vec::new();
    // The words first seen of each part of the patient at hand.
    let mut held: [Option<Named<'_>>; Part::ALL.len()] = [None; Part::ALL.len()];
    for (order, &(at, part, words)) in parts.iter().enumerate() {
        let of_held = |part: Part| held.get(part as usize).copied().flatten();
        let others_value = |part: Part, words: Named<'_>| {
            part.is_of_one() && of_held(part).is_some_and(|held| !is_same(held.words, words.words))
        };
        let is_other = match (part, of_held(part)) {
            (_, None) => false,
            (Part::Name, Some(name)) => {
                let rest = parts.iter().skip(order + 1);
                let mut of_name = rest.take_while(|(_, part, _)| *part != Part::Name);
                !name.may_be(words) || of_name.any(|(_, part, words)| others_value(*part, *words))
            }
            (Part::Bed, Some(bed)) => {
                let next_name = parts.get(order + 1).filter(|(_, part, _)| *part == Part::Name);
                !is_same(bed.words, words.words)
                    && next_name.is_some_and(|(_, _, name)| {
                        of_held(Part::Name).is_some_and(|held| !held.may_be(*name))
                    })
            }
            (_, Some(_)) => others_value(part, words),
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
                part => part.is_of_one(),
            };
        }
    }
    subjects
}

/// Whose the findings of a message to one patient are, where it names more than one; else all are `None`.
///
/// The one addressed is whom a greeting names: `Dear Mrs Lund`, `hi Doris`.
pub(crate) fn about(text: &str, findings: &[Finding]) -> Vec<Option<About>> {
    let name = |at: &usize| findings.get(*at).and_then(|finding| Named::of(text, finding));
    let is_patient =
        |at: &&usize| findings.get(**at).is_some_and(|finding| finding.role == Some(Role::Patient));
    // Each patient's names and findings, wherever in the message.
    let mut people: Vec<(Vec<Named<'_>>, Vec<usize>)> = Vec::new();
    for (of_subject, _) in subjects(text, findings) {
        let names: Vec<Named<'_>> = of_subject.iter().filter(is_patient).filter_map(name).collect();
        let may_be = |known: &Named<'_>| names.iter().any(|name| known.may_be(*name));
        match people.iter_mut().find(|(known, _)| known.iter().any(may_be)) {
            Some((known, of_person)) => {
                known.extend(names);
                of_person.extend(of_subject);
            }
            None if !names.is_empty() => people.push((names, of_subject)),
            None => {}
        }
    }
    let mut about = vec![None; findings.len()];
    if people.len() < 2 {
        return about;
    }
    let greeted = findings
        .iter()
        .find(|finding| finding.label == Label::Person)
        .filter(|finding| follows_greeting(text, finding))
        .and_then(|finding| Named::of(text, finding));
    let is_addressed = |(names, _): &(Vec<Named<'_>>, Vec<usize>)| {
        greeted.is_some_and(|greeted| names.iter().any(|name| greeted.may_be(*name)))
    };
    let is_told = people.iter().filter(|person| is_addressed(person)).count() == 1;
    for person in &people {
        let of_person = match (is_told, is_addressed(person)) {
            (true, true) => continue,
            (true, false) => About::AnotherPatient,
            (false, _) => About::UnclearPatient,
        };
        for at in &person.1 {
            if let Some(slot) = about.get_mut(*at) {
                *slot = Some(of_person);
            }
        }
    }
    about
}

/// Words with which a message begins that is written to the one it names next.
const GREETINGS: &[&str] = &["dear", "hello", "hey", "hi", "hiya", "morning", "afternoon", "evening"];

fn follows_greeting(text: &str, finding: &Finding) -> bool {
    let mut before = words_before(text, finding).peekable();
    // "Dear Mr and Mrs", "Dear Miss".
    while before.next_if(|word| Title::of(word).is_some() || is_same(word, "dr")).is_some() {}
    before.next().is_some_and(|word| GREETINGS.iter().any(|greeting| is_same(word, greeting)))
        && before.count() < 2
}

/// The words of the text before a finding, the nearest first.
fn words_before<'t>(text: &'t str, finding: &Finding) -> impl Iterator<Item = &'t str> {
    let before = text.get(..finding.span.start()).unwrap_or_default();
    before.rsplit(|mark: char| !mark.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A title that everybody has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Title {
    /// A man's.
    Mr,
    /// A woman's: who is Mrs to one is Ms to another.
    Mrs,
}

impl Title {
    fn of(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "mr" | "master" | "mister" => Some(Title::Mr),
            "mrs" | "miss" | "ms" => Some(Title::Mrs),
            _ => None,
        }
    }
}

/// The words of a finding, with the civil title that stands before them.
#[derive(Clone, Copy)]
struct Named<'t> {
    words: &'t str,
    title: Option<Title>,
}

impl<'t> Named<'t> {
    fn of(text: &'t str, finding: &Finding) -> Option<Self> {
        let title = words_before(text, finding).next().and_then(Title::of);
        Some(Self { words: finding.span.of(text)?, title })
    }

    /// Whether two names may be one person's.
    fn may_be(self, other: Self) -> bool {
        let titles = self.title.zip(other.title);
        titles.is_none_or(|(one, other)| one == other) && is_same_name(self.words, other.words)
    }
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
#[must_use]
pub fn is_same_name(one: &str, other: &str) -> bool {
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
