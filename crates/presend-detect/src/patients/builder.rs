//! Hashes patients one by one and lays the list out.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasherDefault;

use presend_text::AsItIs;

use super::keyed::Keyed;
use super::numbers::{self, Lengths};
use super::pieces::Pieces;
use super::record::PatientRecord;
use super::table::{Filling, PAYLOAD_BITS};
use super::{PatientList, SurnameAlone, pair, typo, word};

/// Persons and names are numbered in so many bits; the rest of a payload is flags.
pub(super) const ID_BITS: u32 = 24;
pub(super) const ID: u32 = (1 << ID_BITS) - 1;
const _: () = assert!(ID_BITS + 4 == PAYLOAD_BITS);

/// The most patients that one list holds.
const MOST_PATIENTS: u32 = ID;
/// The most entries of one table: the directory counts them in 32 bits.
const MOST_ENTRIES: usize = 1 << 31;

/// Titles, which are no part of a name.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "master",
    "dr",
    "prof",
    "professor",
    "rev",
    "sir",
    "dame",
    "lady",
    "lord",
];

/// What record systems hold in place of a given name that is not known.
const PLACEHOLDERS: &[&str] = &[
    "baby", "babyboy", "babygirl", "boy", "girl", "infant", "newborn", "male", "female", "twin", "triplet",
    "unknown", "unnamed", "one", "two", "of",
];

/// Parts of a family name that are never it alone.
const PARTICLES: &[&str] = &[
    "abu", "al", "ap", "ben", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do",
    "dos", "du", "el", "fitz", "ibn", "la", "le", "los", "mac", "mc", "nic", "san", "st", "ten", "ter",
    "van", "von", "zu",
];

/// Why a patient was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatientError {
    is_full: bool,
}

impl PatientError {
    /// Whether the list is full (16,777,215 patients); otherwise the record held nothing to find.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.is_full
    }
}

impl fmt::Display for PatientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_full {
            "the list of patients is full; split it over several lists"
        } else {
            "the record has no name of two letters or more and no number of four characters or more"
        })
    }
}

impl std::error::Error for PatientError {}

/// Collects patients for a [`PatientList`], keeping of each only keyed hashes.
///
/// ```
/// use presend_detect::{BirthDate, NumberKind, PatientListBuilder, PatientNumber, PatientRecord, Recogniser};
///
/// let key = *b"sixteen key byte"; // from the organisation's secret store; a new one each run will do as well
/// let mut builder = PatientListBuilder::new(key);
/// builder.add(&PatientRecord {
///     given: "Doris",
///     family: "Ekwueme",
///     date_of_birth: BirthDate::new(1949, 3, 7),
///     numbers: &[PatientNumber { kind: NumberKind::Nhs, value: "999 012 3454" }],
///     ..PatientRecord::default()
/// })?;
/// let list = builder.build();
///
/// let mut findings = Vec::new();
/// list.recognise("can you chase bloods for EKWUEME, Doris (7.3.49)", &mut findings);
/// let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
/// assert_eq!(rules, ["known_patient_name", "known_patient_dob"]);
/// # Ok::<(), presend_detect::PatientError>(())
/// ```
pub struct PatientListBuilder {
    keyed: Keyed,
    initials: bool,
    surname_alone: SurnameAlone,
    /// The id and flags of each name by its hash.
    words: HashMap<u64, u32, BuildHasherDefault<AsItIs>>,
    patterns: Filling,
    pairs: Filling,
    numbers: Filling,
    births: Filling,
    lengths: Lengths,
    /// Of each patient, the id of the name that stands for them: the family name or, without one, the given name.
    main_words: Vec<u32>,
    /// How many patients' main name each name is.
    bearers: Vec<u16>,
    buffers: Buffers,
}

#[derive(Default)]
struct Buffers {
    pieces: Pieces,
    bytes: Vec<u8>,
    given: Vec<u32>,
    families: Vec<(u32, u32)>,
}

impl fmt::Debug for PatientListBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientListBuilder")
            .field("patients", &self.main_words.len())
            .field("names", &self.words.len())
            .finish_non_exhaustive()
    }
}

impl PatientListBuilder {
    /// Starts an empty list whose hashes are made with this key.
    ///
    /// The key is for the caller to draw at random and to keep from whoever may see the list; a new key for each list
    /// is best, since lists are built in seconds and hashes under unlike keys cannot be compared.
    #[must_use]
    pub fn new(key: [u8; 16]) -> Self {
        Self {
            keyed: Keyed::new(&key),
            initials: false,
            surname_alone: SurnameAlone::default(),
            words: HashMap::default(),
            patterns: Filling::new(),
            pairs: Filling::new(),
            numbers: Filling::new(),
            births: Filling::new(),
            lengths: Lengths::default(),
            main_words: Vec::new(),
            bearers: Vec::new(),
            buffers: Buffers::default(),
        }
    }

    /// Whether an initial beside the family name (`D Ekwueme`) is found; off by default.
    ///
    /// Holds for the patients added after it. Among a million patients nearly any initial and common surname occur.
    #[must_use]
    pub fn initials(mut self, on: bool) -> Self {
        self.initials = on;
        self
    }

    /// When a family name is found without a given name; [`SurnameAlone::Linked`] by default.
    #[must_use]
    pub fn surname_alone(mut self, when: SurnameAlone) -> Self {
        self.surname_alone = when;
        self
    }

    /// How many patients have been added.
    #[must_use]
    pub fn len(&self) -> usize {
        self.main_words.len()
    }

    /// Whether no patient has been added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.main_words.is_empty()
    }

    /// Adds a patient.
    ///
    /// # Errors
    ///
    /// Where the record has neither a name of two letters nor a number of four characters with a digit, and where the
    /// list is full. Then nothing of the record is kept.
    pub fn add(&mut self, record: &PatientRecord<'_>) -> Result<(), PatientError> {
        let largest = self.patterns.len().max(self.pairs.len()).max(self.numbers.len());
        if self.main_words.len() >= MOST_PATIENTS as usize
            || self.words.len() >= MOST_PATIENTS as usize - 1024
            || largest >= MOST_ENTRIES
        {
            return Err(PatientError { is_full: true });
        }
        let person = self.main_words.len() as u32;
        let mut buffers = std::mem::take(&mut self.buffers);
        self.collect_given(record, &mut buffers);
        self.collect_families(record, &mut buffers);
        let numbered = record.numbers.iter().fold(false, |any, number| {
            let Buffers { pieces, bytes, .. } = &mut buffers;
            pieces.fill(number.value);
            let kept = numbers::canonical(number.kind, pieces, bytes);
            if kept {
                self.numbers.push(self.keyed.number(bytes), person | (number.kind as u32) << ID_BITS);
                self.lengths.add(bytes);
            }
            any | kept
        });

        let main = buffers.families.first().map(|&(family, _)| family).or(buffers.given.first().copied());
        if main.is_some() || numbered {
            // Patients without a name stand under a number that is no name's.
            let main = main.unwrap_or(ID);
            self.main_words.push(main);
            if let Some(bearers) = self.bearers.get_mut(main as usize) {
                *bearers = bearers.saturating_add(1);
            }
            for (index, &given) in buffers.given.iter().enumerate() {
                for &(family, flags) in &buffers.families {
                    let flags = flags | if index == 0 { 0 } else { pair::OTHER };
                    self.pairs.push(self.keyed.pair(given, family), person | flags << ID_BITS);
                }
            }
            if let Some(date) = record.date_of_birth {
                self.births.push(self.keyed.birth(main, date.packed()), person);
            }
            if self.initials {
                self.add_initials(person, record, &mut buffers);
            }
        }
        self.buffers = buffers;
        if main.is_some() || numbered { Ok(()) } else { Err(PatientError { is_full: false }) }
    }

    /// The given names: all of `given` joined, then each of its words and the other names.
    fn collect_given(&mut self, record: &PatientRecord<'_>, buffers: &mut Buffers) {
        let Buffers { pieces, bytes, given, .. } = buffers;
        given.clear();
        for name in [record.given].into_iter().chain(record.other_names.iter().copied()) {
            let Some((first, last)) = name_of(pieces, name, true) else { continue };
            let whole = self.word(pieces.joined(first, last), word::GIVEN, bytes);
            add_once(given, whole);
            if first < last {
                self.note_parts(pieces, first, last, bytes);
                for part in first..=last {
                    if pieces.text(part).len() > 2 {
                        let part = self.word(pieces.text(part), word::GIVEN, bytes);
                        add_once(given, part);
                    }
                }
            }
        }
    }

    /// The family names, each with the flags of its pairs: joined, then the parts that may stand for the whole.
    fn collect_families(&mut self, record: &PatientRecord<'_>, buffers: &mut Buffers) {
        let Buffers { pieces, bytes, families, .. } = buffers;
        families.clear();
        for name in [record.family].into_iter().chain(record.other_families.iter().copied()) {
            let Some((first, last)) = name_of(pieces, name, false) else { continue };
            let whole = self.word(pieces.joined(first, last), word::FAMILY, bytes);
            if !families.iter().any(|&(family, _)| family == whole) {
                families.push((whole, 0));
            }
            if first < last {
                self.note_parts(pieces, first, last, bytes);
                for part in first..=last {
                    let text = pieces.text(part);
                    if text.chars().count() > 2 && !PARTICLES.contains(&text) {
                        let part = self.word(text, word::FAMILY, bytes);
                        if !families.iter().any(|&(family, _)| family == part) {
                            families.push((part, pair::PART));
                        }
                    }
                }
            }
        }
    }

    /// Notes how a name of several words begins and what its words are, so that a scan tries longer runs of words only
    /// where one may be a name.
    fn note_parts(&mut self, pieces: &Pieces, first: usize, last: usize, bytes: &mut Vec<u8>) {
        for part in first..=last {
            self.word(pieces.text(part), word::PART, bytes);
            if part < last {
                self.word(pieces.joined(first, part), word::BEGINNING, bytes);
            }
        }
    }

    fn add_initials(&mut self, person: u32, record: &PatientRecord<'_>, buffers: &mut Buffers) {
        let Buffers { pieces, bytes, families, .. } = buffers;
        let Some((first, _)) = name_of(pieces, record.given, true) else { return };
        let Some(initial) = pieces.text(first).chars().next() else { return };
        let initial = self.word(initial.encode_utf8(&mut [0; 4]), word::GIVEN, bytes);
        for &(family, flags) in families.iter() {
            self.pairs.push(self.keyed.pair(initial, family), person | (flags | pair::INITIAL) << ID_BITS);
        }
    }

    /// The id of a name, which is listed as what `flag` says from here on.
    fn word(&mut self, letters: &str, flag: u32, bytes: &mut Vec<u8>) -> u32 {
        const NAME: u32 = word::GIVEN | word::FAMILY;
        let next = self.words.len() as u32;
        let hash = self.keyed.word(letters.as_bytes());
        if next >= ID && !self.words.contains_key(&hash) {
            return ID;
        }
        let entry = self.words.entry(hash).or_insert(next);
        let before = *entry >> ID_BITS;
        *entry |= flag << ID_BITS;
        let id = *entry & ID;
        if id == next {
            self.bearers.push(0);
        }
        if before & NAME == 0 && flag & NAME != 0 && typo::is_listed_with_patterns(letters) {
            typo::patterns(letters, bytes, |pattern| self.patterns.push(self.keyed.pattern(pattern), id));
        }
        id
    }

    /// Lays out the list. For a million patients this takes about a second; see [`PatientList`] for the memory.
    #[must_use]
    pub fn build(self) -> PatientList {
        let Self { keyed, surname_alone, words, patterns, pairs, numbers, births, lengths, .. } = self;
        // One table after the other, so that no two are held both filled and finished.
        let patterns = patterns.finish();
        let numbers = numbers.finish();
        let pairs = pairs.finish();
        let births = births.finish();
        let mut filling = Filling::new();
        for (hash, entry) in words {
            filling.push(hash, entry);
        }
        PatientList {
            keyed,
            surname_alone,
            words: filling.finish(),
            patterns,
            pairs,
            numbers,
            births,
            lengths: lengths.finish(),
            main_words: self.main_words.into_boxed_slice(),
            bearers: self.bearers.into_boxed_slice(),
        }
    }
}

fn add_once(ids: &mut Vec<u32>, id: u32) {
    if !ids.contains(&id) {
        ids.push(id);
    }
}

/// The first and the last word of a name in a field, without titles before it and, in a given name, without
/// placeholders; `None` where no name of two letters is left.
fn name_of(pieces: &mut Pieces, field: &str, is_given: bool) -> Option<(usize, usize)> {
    pieces.fill(field);
    let count = pieces.list().len();
    let is_name = |index: usize| {
        let is_digits = pieces.get(index).is_none_or(|piece| piece.is_digits);
        !(is_digits || is_given && PLACEHOLDERS.contains(&pieces.text(index)))
    };
    let mut first = 0;
    while first + 1 < count && TITLES.contains(&pieces.text(first)) {
        first += 1;
    }
    while first < count && !is_name(first) {
        first += 1;
    }
    // What follows a digit or a placeholder ("Twin 1 of Amina") is no more part of the name.
    let last = (first..count).take_while(|&index| is_name(index)).last()?;
    let name = pieces.joined(first, last);
    // One letter is an initial, but one ideograph is a name.
    (name.len() > 1).then_some((first, last))
}
