//! Compiles the word lists into the file that [`Dictionary::embedded`](super::Dictionary::embedded) reads.
//!
//! Pure: contents in, bytes out, the same bytes for the same contents. `examples/compile_dictionaries.rs` reads the lists
//! and writes the file; `tests/dictionary_drift.rs` checks that the file in the repository is what the lists give.

use std::collections::BTreeMap;
use std::fmt;

use presend_text::Folded;

use super::class::{Class, Entry};
use super::hash;
use super::table::{ENTRY, HEADER, MAGIC, SLOT, VERSION, View, fingerprint, first_slot};

/// What the entries of each list are; the lists of `lists/` that hold more than entries are read one by one.
const CLASS_OF: &[(&str, Class)] = &[
    ("lists/clinical.tsv", Class::Clinical),
    ("lists/drugs.tsv", Class::Drug),
    ("own/buildings.txt", Class::Building),
    ("own/chat_names_stop.txt", Class::NotPerson),
    ("own/clinical.txt", Class::Clinical),
    ("own/countries.txt", Class::Country),
    ("own/demographics.txt", Class::Demographic),
    ("own/devices.txt", Class::Device),
    ("own/drugs_extra.txt", Class::Drug),
    ("own/eponyms.txt", Class::Eponym),
    ("own/eponyms_ambiguous.txt", Class::EponymAmbiguous),
    ("own/hospitals.txt", Class::Hospital),
    ("own/hospitals_short.txt", Class::HospitalShort),
    ("own/kin.txt", Class::Kin),
    ("own/national_bodies.txt", Class::NationalBody),
    ("own/ordinary_names.txt", Class::WordAndName),
    ("own/org_heads_strong.txt", Class::OrgHeadStrong),
    ("own/org_heads_weak.txt", Class::OrgHeadWeak),
    ("own/patient_words.txt", Class::PatientWord),
    ("own/professions.txt", Class::Profession),
    ("own/scores.txt", Class::Score),
    ("own/services.txt", Class::Service),
    ("own/staff_roles.txt", Class::StaffRole),
    ("own/stop_phrases.txt", Class::NotPerson),
    ("own/street_types.txt", Class::StreetType),
    ("own/titles_any.txt", Class::TitleAny),
    ("own/titles_kin.txt", Class::TitleKin),
    ("own/titles_staff.txt", Class::TitleStaff),
    ("own/units_generic.txt", Class::UnitGeneric),
    ("own/ward_names.txt", Class::WardName),
    ("own/ward_words.txt", Class::WardWord),
];

const NAMES: &str = "lists/names.tsv";
const WORDS: &str = "lists/words.tsv";
const PLACES: &str = "lists/places.tsv";

/// The months and days of the week, and numbers in words up to those that ages and dates are said in.
const BUILT_IN: &[(Class, &str)] = &[
    (
        Class::Month,
        "january february march april may june july august september october november december \
         jan feb mar apr jun jul aug sep sept oct nov dec",
    ),
    (
        Class::Weekday,
        "monday tuesday wednesday thursday friday saturday sunday \
         mon tue tues wed weds thu thur thurs fri sat sun",
    ),
    (
        Class::NumberWord,
        "zero nought oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
         sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand \
         double triple treble first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth \
         thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth",
    ),
];

/// Share of the slots of a table that are filled, in per cent.
const FILL: usize = 70;

/// The contents of the lists, by path below `dictionaries/`, such as `own/kin.txt`.
///
/// Lines that are empty or start with `#` are no entries. A `.tsv` file has columns between tabs, the entry first.
#[derive(Clone, Default)]
pub struct Sources {
    files: BTreeMap<String, String>,
}

impl Sources {
    /// No lists.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list; one of the same path is replaced.
    pub fn insert(&mut self, path: impl Into<String>, contents: impl Into<String>) {
        self.files.insert(path.into(), contents.into());
    }

    /// Every entry of every list: the path, the line number from 1, and the columns.
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.files.iter().flat_map(|(path, contents)| {
            contents.lines().zip(1..).filter_map(move |(line, number)| {
                let line = line.trim();
                (!line.is_empty() && !line.starts_with('#')).then(|| Line { path, number, text: line })
            })
        })
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.files.keys()).finish()
    }
}

#[derive(Clone, Copy)]
struct Line<'a> {
    path: &'a str,
    number: usize,
    text: &'a str,
}

impl Line<'_> {
    fn columns<const N: usize>(&self) -> Result<[&str; N], CompileError> {
        let columns: Vec<&str> = self.text.split('\t').collect();
        columns.try_into().map_err(|_| self.error(Problem::Columns { wanted: N }))
    }

    fn number(&self, column: &str) -> Result<u8, CompileError> {
        column.parse().map_err(|_| self.error(Problem::Number))
    }

    fn error(&self, problem: Problem) -> CompileError {
        CompileError { path: self.path.to_owned(), line: self.number, problem }
    }
}

/// Why the lists could not be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    path: String,
    line: usize,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    UnknownList,
    Columns { wanted: usize },
    Number,
    NotFolded,
    NoWord,
    Collision,
    TooLarge,
}

impl CompileError {
    /// The path of the list at fault, empty where it is no one list.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line at fault, from 1; 0 where it is no one line.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}:{}: ", self.path, self.line)?;
        }
        match &self.problem {
            Problem::UnknownList => f.write_str("no class is known for this list: add it to CLASS_OF"),
            Problem::Columns { wanted } => write!(f, "needs {wanted} columns"),
            Problem::Number => f.write_str("a column is no number from 0 to 255"),
            Problem::NotFolded => f.write_str("the entry is not folded as the engine folds messages"),
            Problem::NoWord => f.write_str("the entry holds no letter or digit"),
            Problem::Collision => {
                f.write_str("two entries have the same hash: change hash.rs and raise VERSION")
            }
            Problem::TooLarge => f.write_str("more entries than the format can number"),
        }
    }
}

impl std::error::Error for CompileError {}

/// The entries gathered so far.
#[derive(Default)]
struct Gathered {
    words: BTreeMap<String, Entry>,
    phrases: BTreeMap<Vec<String>, Entry>,
    folded: Folded,
}

/// Compiles the lists.
///
/// Entries are folded as messages are and split into words; one word makes a word of the dictionary, more make a phrase.
/// A phrase with a possessive is found with and without it, and without its apostrophe ("St Mary's", "St Marys").
///
/// # Errors
///
/// Where a list is of no known class, a line lacks a column or holds no word, an entry of `lists/` is not folded, or the
/// entries do not fit the format.
pub fn compile(sources: &Sources) -> Result<Vec<u8>, CompileError> {
    let mut gathered = Gathered::default();
    for line in sources.lines() {
        gathered.read(line)?;
    }
    for &(class, words) in BUILT_IN {
        for word in words.split_ascii_whitespace() {
            gathered.words.entry(word.to_owned()).or_default().add(class);
        }
    }
    gathered.write()
}

impl Gathered {
    fn read(&mut self, line: Line<'_>) -> Result<(), CompileError> {
        match line.path {
            NAMES => {
                let [word, given, surname] = line.columns()?;
                let (given, surname) = (line.number(given)?, line.number(surname)?);
                self.word(line, word)?.set_grades(given, surname);
            }
            WORDS => {
                let [word, zipf, case] = line.columns()?;
                let zipf = line.number(zipf)?;
                let entry = self.word(line, word)?;
                entry.set_zipf_tenths(zipf);
                if case == "l" {
                    entry.add(Class::Ordinary);
                }
            }
            PLACES => {
                let [place, band, _area] = line.columns()?;
                let classes: &[Class] = if line.number(band)? >= 4 {
                    &[Class::Place, Class::PlaceLarge]
                } else {
                    &[Class::Place]
                };
                self.entry(line, place, classes)?;
            }
            path => {
                let (_, class) = CLASS_OF
                    .iter()
                    .find(|(known, _)| *known == path)
                    .ok_or_else(|| line.error(Problem::UnknownList))?;
                let entry = line.text.split('\t').next().unwrap_or_default();
                self.entry(line, entry, &[*class])?;
            }
        }
        Ok(())
    }

    /// The entry of a word of `lists/`, which has to be one word and folded.
    fn word(&mut self, line: Line<'_>, word: &str) -> Result<&mut Entry, CompileError> {
        self.folded.fold_into(word);
        if self.folded.text() != word || words_of(word).ne([word]) {
            return Err(line.error(Problem::NotFolded));
        }
        Ok(self.words.entry(word.to_owned()).or_default())
    }

    /// Adds a word or phrase of the given classes.
    fn entry(&mut self, line: Line<'_>, text: &str, classes: &[Class]) -> Result<(), CompileError> {
        self.folded.fold_into(text);
        let folded = self.folded.text();
        if line.path.starts_with("lists/") && folded != text {
            return Err(line.error(Problem::NotFolded));
        }
        let words: Vec<String> = words_of(folded).map(str::to_owned).collect();
        match words.as_slice() {
            [] => return Err(line.error(Problem::NoWord)),
            [word] => {
                let entry = self.words.entry(word.clone()).or_default();
                classes.iter().for_each(|&class| entry.add(class));
            }
            words => self.phrase(words, classes),
        }
        Ok(())
    }

    /// Adds a phrase, and what of it leads to it.
    fn phrase(&mut self, words: &[String], classes: &[Class]) {
        let bare: Vec<String> = words.iter().map(|w| w.strip_suffix("'s").unwrap_or(w).to_owned()).collect();
        let joined: Vec<String> = words
            .iter()
            .map(|word| word.strip_suffix("'s").map_or_else(|| word.clone(), |stem| format!("{stem}s")))
            .collect();
        for first in [words, &bare, &joined].into_iter().filter_map(|words| words.first()) {
            self.words.entry(first.clone()).or_default().add(Class::PhraseStart);
        }
        for words in [bare, joined] {
            for length in 2..words.len() {
                if let Some(start) = words.get(..length) {
                    self.phrases.entry(start.to_vec()).or_default().mark_starts_longer_phrase();
                }
            }
            let entry = self.phrases.entry(words).or_default();
            entry.mark_whole_phrase();
            classes.iter().for_each(|&class| entry.add(class));
        }
    }

    /// Lays the file out and checks that every entry is found in it.
    fn write(&self) -> Result<Vec<u8>, CompileError> {
        let whole = |problem| CompileError { path: String::new(), line: 0, problem };
        let mut distinct: Vec<u64> =
            self.words.values().chain(self.phrases.values()).map(|e| e.bits()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let index = |entry: &Entry| {
            let at = distinct.binary_search(&entry.bits()).map_err(|_| whole(Problem::TooLarge))?;
            u16::try_from(at).map_err(|_| whole(Problem::TooLarge))
        };
        let mut words = Vec::with_capacity(self.words.len());
        for (word, entry) in &self.words {
            words.push((hash::word(word.as_bytes()), index(entry)?));
        }
        let mut phrases = Vec::with_capacity(self.phrases.len());
        for (phrase, entry) in &self.phrases {
            phrases.push((phrase_hash(phrase), index(entry)?));
        }
        let (word_table, phrase_table) = (table(&words), table(&phrases));
        let whole_phrases = self.phrases.values().filter(|entry| entry.is_whole_phrase()).count();
        let numbers = [distinct.len(), word_table.len(), words.len(), phrase_table.len(), whole_phrases];
        let mut bytes = Vec::with_capacity(
            HEADER + ENTRY * distinct.len() + SLOT * (word_table.len() + phrase_table.len()),
        );
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        for number in numbers {
            bytes.extend(u32::try_from(number).map_err(|_| whole(Problem::TooLarge))?.to_le_bytes());
        }
        distinct.iter().for_each(|bits| bytes.extend(bits.to_le_bytes()));
        word_table.iter().chain(&phrase_table).for_each(|slot| bytes.extend(slot));

        let view = View::parse(&bytes).ok_or_else(|| whole(Problem::TooLarge))?;
        let found = self.words.iter().all(|(word, &entry)| view.word(hash::word(word.as_bytes())) == entry)
            && self.phrases.iter().all(|(phrase, &entry)| view.phrase(phrase_hash(phrase)) == Some(entry));
        if found { Ok(bytes) } else { Err(whole(Problem::Collision)) }
    }
}

fn phrase_hash(words: &[String]) -> u64 {
    let mut words = words.iter().map(|word| hash::word(word.as_bytes()));
    let first = words.next().unwrap_or_default();
    words.fold(first, hash::longer)
}

/// Fills a table; two entries of one hash are left for the check that follows to find.
fn table(entries: &[(u64, u16)]) -> Vec<[u8; SLOT]> {
    let mut slots = vec![[0; SLOT]; entries.len() * 100 / FILL + 1];
    for &(hash, index) in entries {
        let [a, b, c, d] = fingerprint(hash).to_le_bytes();
        let [low, high] = index.to_le_bytes();
        let start = first_slot(hash, slots.len());
        if let Some((before, after)) = slots.split_at_mut_checked(start)
            && let Some(free) = after.iter_mut().chain(before).find(|slot| slot.starts_with(&[0; 4]))
        {
            *free = [a, b, c, d, low, high];
        }
    }
    slots
}

/// The words of a folded text, divided as the engine divides a message: runs of letters and digits, with apostrophes
/// between letters.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let mut end = rest.len();
        let mut before = ' ';
        for (at, c) in rest.char_indices() {
            let inside = c == '\''
                && before.is_alphabetic()
                && rest.get(at + 1..).and_then(|after| after.chars().next()).is_some_and(char::is_alphabetic);
            if !c.is_alphanumeric() && !inside {
                end = at;
                break;
            }
            before = c;
        }
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}
