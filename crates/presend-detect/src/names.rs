//! Personal names: every word gets a prior from its dictionary classes and its capitals, then evidence from what
//! stands around it; the words that pass are joined into spans, and cue words decide whose name it is.
//!
//! The weights are log-odds set by hand on the authored messages in `corpora/authored`; they are not learned.

mod edges;

pub(crate) use edges::NOBLE;

use crate::cues::{self, Cue};
use crate::dictionary::{Class, ClassSet, Dictionary, Entry};
use crate::document::Document;
use crate::finding::Raw;
use crate::shape::name_score;
use crate::token::{Case, Token, TokenKind, is_contraction};
use crate::validators::{leads_number, number_leads};
use crate::{Label, Role};

/// A word counts as a name from this score on.
const THRESHOLD: f32 = 1.0;
/// Names less sure than this, at a score of 1.6, do not stand alone.
const SURE: f32 = 0.78;
/// Below this prior no evidence could lift a word to the threshold, so none is gathered.
const HOPELESS: f32 = -4.6;

/// Why a word might be a name by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// In the name dictionary and no ordinary word.
    Name,
    /// In the name dictionary as a rare name.
    RareName,
    /// A name that a dictionary also has as a word, but hardly anybody uses as one.
    MostlyName,
    /// A name that is also a word.
    WordAndName,
    /// A name that is also a country, a drug, a month or another term.
    TermAndName,
    /// A name that is also a medical eponym.
    EponymAndName,
    /// In no dictionary.
    Unknown,
    /// A word and no name.
    Word,
    /// A word that could not be a name (a function word, a month, a title).
    Never,
}

const NEVER: ClassSet = ClassSet::of(&[
    Class::Weekday,
    Class::NumberWord,
    Class::Kin,
    Class::PatientWord,
    Class::TitleAny,
    Class::TitleStaff,
    Class::TitleKin,
    Class::StaffRole,
    Class::UnitGeneric,
    Class::NationalBody,
    Class::WardWord,
]);

const TECHNICAL: ClassSet = ClassSet::of(&[
    Class::Drug,
    Class::Device,
    Class::Score,
    Class::Clinical,
    Class::NotPerson,
    Class::Country,
    Class::Demographic,
    Class::Month,
    Class::OrgHeadStrong,
    Class::Profession,
]);

/// Classes that leave open that the word is a name.
const OPEN: ClassSet = ClassSet::of(&[
    Class::Place,
    Class::PlaceLarge,
    Class::PhraseStart,
    Class::WardName,
    Class::Hospital,
    Class::HospitalShort,
]);

/// What a word for a person is listed as.
const PERSONS: ClassSet = ClassSet::of(&[
    Class::Kin,
    Class::PatientWord,
    Class::StaffRole,
    Class::TitleAny,
    Class::TitleKin,
    Class::TitleStaff,
]);

/// Abbreviations: letters spelled out that make one are no name.
const ABBREVIATIONS: ClassSet = ClassSet::of(&[
    Class::Clinical,
    Class::UnitGeneric,
    Class::Drug,
    Class::Score,
    Class::NotPerson,
    Class::NationalBody,
]);

/// Abbreviations that the dictionary takes for rare names, or does not have: nobody's name unless written as one is.
const NO_NAMES: &[&str] =
    &["anx", "cpe", "dob", "doi", "hca", "mccd", "nok", "nrpf", "prim", "rosc", "rtc", "sn", "tia"];

/// What is written before a number of somebody's, and is no name there, besides what [`leads_number`].
const LEAD_INS: &[&str] = &[
    "acc", "chi", "cris", "crn", "emis", "fin", "hcn", "hosp", "hsc", "id", "lims", "mrn", "nhs", "pas",
    "pid", "rio",
];
/// The fewest digits of such a number, or of its first group: "Chi 82F" is somebody.
const LED_IN: usize = 3;

/// Labels of a form that ask for somebody's name.
const NAME_FIELDS: &[&str] =
    &["firstname", "forename", "forenames", "lastname", "name", "names", "surname", "surnames"];
/// Labels behind which a name stands, or what was said and done: "GP: Young", "GP: Will call back".
const PERSON_FIELDS: &[&str] = &["consultant", "gp", "kin", "nok"];
/// What stands before "name" in such a label and leaves open whose it is: "First name", and not "Ward name".
const KINDS_OF_NAME: &[&str] = &[
    "birth",
    "chosen",
    "christian",
    "family",
    "first",
    "former",
    "full",
    "given",
    "known",
    "last",
    "legal",
    "maiden",
    "married",
    "middle",
    "preferred",
    "previous",
];

/// Words after "on" and "off" that tell of somebody's shift.
const SHIFTS: &[&str] = &[
    "break", "call", "days", "duty", "earlies", "early", "late", "lates", "leave", "nights", "shift", "sick",
    "today", "tonight",
];

/// Words after which "miss" is a verb.
const BEFORE_MISSING: &[&str] = &[
    "can't", "cant", "could", "did", "didn't", "didnt", "don't", "dont", "i", "may", "might", "near",
    "never", "not", "they", "to", "we", "will", "won't", "wont", "would", "you",
];
/// What "mr" is an image of, though it is a surname too.
const IMAGED: &[&str] = &["foot", "hand", "head"];

/// What follows the figure of a dose.
const DOSES: &[&str] = &["bd", "mcg", "mg", "nocte", "od", "prn", "qds", "stat", "tds", "units"];

/// Verbs that open lines of a list of jobs far more often than they are somebody's name.
const ORDERS: &[&str] = &["chase", "page", "ring"];

/// Greetings that close a message, short: in no dictionary, and before a name.
const CLOSINGS: &[&str] = &["brgds", "brgs", "regds", "rgds", "rgrds"];

/// Letters that are words too, as people type them.
const SHORT_WORDS: &[&str] = &["a", "n", "o", "r", "u", "w", "y"];

/// Surnames that are words of the commonest kind.
const SHORT_SURNAMES: &[&str] = &["do", "so"];

/// What opens the subject of a message that was sent on.
const MAIL_MARKS: &[&str] = &["fw", "fwd", "re"];

/// Abbreviations that are no initials when written with their stops.
const DOTTED: &[&str] = &[
    "am", "bd", "dob", "eg", "gp", "id", "ie", "im", "iv", "lp", "nb", "ng", "nhs", "nok", "od", "ot", "pm",
    "po", "pr", "prn", "pv", "qds", "sc", "tds",
];
/// Such as are so before a number or a word for one: "N.I. No."
const DOTTED_NUMBERS: &[&str] = &["chi", "cn", "crn", "hc", "hcn", "hn", "hsc", "mrn", "ni"];
/// Words for a number.
const NUMBER_LEADS: &[&str] = &["no", "nos", "num", "number", "numbers"];

/// Words that are shouted more often than they are initials.
const SHOUTED: &[&str] = &["now", "out", "yes"];

/// The words that [`Finder::prior`] asks the lists about.
pub(crate) fn nobody() -> impl Iterator<Item = &'static str> {
    [CLOSINGS, NO_NAMES, SHOUTED, NOBLE].into_iter().flatten().copied()
}

/// The words that begin what [`Finder::nobody`] looks for, beside jobs and the letters of the royal colleges.
pub(crate) fn asides() -> impl Iterator<Item = &'static str> {
    edges::asides()
}

/// The surnames that are plain words.
pub(crate) fn short_surnames() -> impl Iterator<Item = &'static str> {
    SHORT_SURNAMES.iter().copied()
}

/// The words that [`Finder::is_lead_in`] asks the lists about.
pub(crate) fn lead_ins() -> impl Iterator<Item = &'static str> {
    LEAD_INS.iter().copied().chain(number_leads())
}

fn sort_of(entry: Entry) -> Sort {
    let name = entry.given().max(entry.surname());
    let word = entry.has(Class::Ordinary);
    if !entry.is_known() || name == 0 && !word && entry.zipf_tenths() < 33 && entry.classes().is_within(OPEN)
    {
        Sort::Unknown
    } else if entry.has_any(NEVER) {
        if entry.has(Class::WordAndName) { Sort::TermAndName } else { Sort::Never }
    } else if entry.has(Class::Eponym) && name > 0 {
        Sort::EponymAndName
    } else if name == 0 {
        Sort::Word
    } else if entry.has_any(TECHNICAL) {
        if name >= 2 || entry.has(Class::WordAndName) { Sort::TermAndName } else { Sort::Word }
    } else if word {
        if name >= 2 && !entry.has(Class::WordAndName) {
            Sort::MostlyName
        } else if name >= 2 || entry.has(Class::WordAndName) {
            Sort::WordAndName
        } else {
            Sort::Word
        }
    } else if name >= 2 {
        Sort::Name
    } else {
        Sort::RareName
    }
}

/// Whether a folded word may bear a capital inside as surnames do: McGrath, O'Brien, DeSouza.
fn surname_capitals(word: &str) -> bool {
    word.contains('\'')
        || ["mc", "mac", "de", "di", "du", "la", "le", "van", "fitz", "ap", "al", "el", "st", "ni", "nic"]
            .iter()
            .any(|start| word.starts_with(start) && word.len() > start.len() + 2)
}

/// The most reasons kept for one name.
const REASONS: usize = 10;

/// Why a word counts as a name, without allocating: most words that are scored turn out to be none.
#[derive(Clone, Copy)]
struct Reasons {
    all: [&'static str; REASONS],
    len: usize,
}

impl Reasons {
    const fn new() -> Self {
        Self { all: [""; REASONS], len: 0 }
    }

    fn push(&mut self, why: &'static str) {
        if let Some(slot) = self.all.get_mut(self.len) {
            *slot = why;
            self.len += 1;
        }
    }

    fn to_vec(self) -> Vec<&'static str> {
        self.all.into_iter().take(self.len).collect()
    }
}

struct Scored {
    index: usize,
    score: f32,
    evidence: Reasons,
}

impl Scored {
    /// Weighs what stands around the word; only what speaks for a name is a reason that it counts as one.
    fn add(&mut self, weight: f32, why: &'static str) {
        self.score += weight;
        if weight > 0.0 {
            self.evidence.push(why);
        }
    }
}

/// What was settled before names are sought.
pub(crate) struct Surroundings<'d> {
    /// What the patterns found, sorted by start: a bed, an age or a number near a word speaks for a name.
    pub(crate) numbers: &'d [Raw],
    /// Places, organisations and such that the dictionary found, sorted by start.
    pub(crate) words: &'d [Raw],
    /// Token ranges of listed phrases that hold no name.
    pub(crate) blocked: &'d [(usize, usize)],
}

/// Finds personal names; gives the token ranges beside them that are no part of a name, so that a model takes none for one.
pub(crate) fn scan(
    document: &Document,
    around: &Surroundings<'_>,
    found: &mut Vec<Raw>,
) -> Vec<(usize, usize)> {
    let tokens = document.tokens();
    let mut speakers: Vec<u64> = tokens
        .windows(2)
        .filter_map(|pair| match pair {
            [word, mark] if mark.kind == TokenKind::Punct && word.is_word() => {
                (document.word(mark) == ":").then_some(word.hash)
            }
            _ => None,
        })
        .collect();
    speakers.sort_unstable();
    let Surroundings { numbers, words, blocked } = *around;
    let finder = Finder { document, numbers, words, blocked, speakers };
    let mut index = 0;
    // Where the last name ended: the next begins no earlier.
    let mut floor = 0;
    let mut beside = Vec::new();
    while let Some(token) = tokens.get(index) {
        // Most words are none of these.
        let plain = token.len() > 1 && token.case == Case::Lower && token.entry.is_plain_word();
        if !token.is_word() || plain && !token.cues.has(Cue::ShortSurname) {
            index += 1;
            continue;
        }
        if let Some(end) = finder.nobody(index) {
            beside.push((index, end));
            index = end;
            continue;
        }
        if let Some(initials) = finder.spelled(index).or_else(|| finder.initials(index)) {
            index = initials.1;
            floor = index;
            found.push(initials.0);
            continue;
        }
        match finder.score(index) {
            Some(scored) if scored.score >= THRESHOLD => {
                let (raw, next, aside) = finder.span(&scored, floor);
                found.push(raw);
                index = next.max(index + 1);
                floor = index;
                if aside {
                    beside.push((index, index + 1));
                    index += 1;
                }
            }
            _ => index += 1,
        }
    }
    beside
}

/// Adds to `blocked` the words behind one for a person that name nobody, so that a model does not take them for names
/// either: the label of a number, a mark that is dictated, a relative's illness, the next heading of a table.
pub(crate) fn rule_out(document: &Document, numbers: &[Raw], blocked: &mut Vec<(usize, usize)>) {
    if !document.classes().meets(PERSONS) {
        return;
    }
    let finder = Finder { document, numbers, words: &[], blocked, speakers: Vec::new() };
    let found: Vec<(usize, usize)> = (0..document.tokens().len())
        .filter(|index| finder.is_ruled_out(*index) && !finder.is_blocked(*index))
        .map(|index| (index, index + 1))
        .collect();
    if !found.is_empty() {
        blocked.extend(found);
        blocked.sort_unstable();
    }
}

/// Leaves out names that are in doubt where nothing else in the message speaks of a person: without a model to confirm
/// them, most are none.
pub(crate) fn drop_doubtful(found: &mut Vec<Raw>) {
    if found.iter().all(|raw| raw.rule == "person" && raw.confidence < SURE) {
        found.clear();
    }
}

struct Finder<'d> {
    document: &'d Document,
    numbers: &'d [Raw],
    words: &'d [Raw],
    blocked: &'d [(usize, usize)],
    /// The hashes of the words before a colon, sorted.
    speakers: Vec<u64>,
}

impl Finder<'_> {
    fn token(&self, index: usize) -> Option<&Token> {
        self.document.tokens().get(index)
    }

    fn entry(&self, index: usize) -> Entry {
        self.token(index).map_or_else(Entry::default, |token| token.entry)
    }

    fn word(&self, index: usize) -> &str {
        self.document.word_at(index)
    }

    fn cue(&self, index: usize, cue: Cue) -> bool {
        self.document.cues_at(index).has(cue)
    }

    fn is_possessive(&self, index: usize) -> bool {
        self.token(index).is_some_and(Token::is_possessive)
    }

    fn is_punct(&self, index: usize, marks: &str) -> bool {
        self.token(index).is_some_and(|token| token.kind == TokenKind::Punct)
            && marks.contains(self.word(index))
    }

    /// The previous word of the same line, skipping the marks given.
    fn previous(&self, index: usize, skip: &str) -> Option<usize> {
        let mut at = index;
        while at > 0 {
            at -= 1;
            let token = self.token(at)?;
            match token.kind {
                TokenKind::Newline => return None,
                TokenKind::Punct if skip.contains(self.word(at)) => {}
                TokenKind::Punct => return None,
                _ => return Some(at),
            }
        }
        None
    }

    fn next(&self, index: usize, skip: &str) -> Option<usize> {
        let mut at = index + 1;
        loop {
            let token = self.token(at)?;
            match token.kind {
                TokenKind::Newline => return None,
                TokenKind::Punct if skip.contains(self.word(at)) => at += 1,
                TokenKind::Punct => return None,
                _ => return Some(at),
            }
        }
    }

    /// Whether the word begins a sentence or a list item, where a capital says nothing.
    fn opens_sentence(&self, index: usize) -> bool {
        let mut at = index;
        while at > 0 {
            at -= 1;
            let Some(token) = self.token(at) else { return true };
            match token.kind {
                TokenKind::Newline => return true,
                TokenKind::Punct => {
                    let mark = self.word(at);
                    if ".!?:;•>*#~".contains(mark) {
                        return true;
                    }
                    // A dash at the line's start is a bullet; elsewhere it joins.
                    if !"-\"'(".contains(mark) {
                        return !mark.is_ascii();
                    }
                }
                TokenKind::Number => return self.document.starts_line(at),
                _ => return false,
            }
        }
        true
    }

    /// Whether the word is first on its line, after a bullet or number.
    fn opens_item(&self, index: usize) -> bool {
        let mut at = index;
        while at > 0 {
            at -= 1;
            let Some(token) = self.token(at) else { return true };
            match token.kind {
                TokenKind::Newline => return true,
                TokenKind::Punct => {}
                TokenKind::Number if self.document.starts_line(at) => return true,
                _ => return false,
            }
        }
        true
    }

    fn prior(&self, index: usize) -> Option<(f32, Sort)> {
        let token = self.token(index).filter(|token| token.is_word() && token.len() >= 2)?;
        if self.is_bedded(index) {
            return Some((-3.0, Sort::Never));
        }
        if token.case == Case::Lower && token.entry.is_plain_word() {
            return None;
        }
        let word = self.document.word(token);
        if self.is_blocked(index) || is_contraction(word) {
            return None;
        }
        let listed = token.cues.has(Cue::Nobody);
        if listed && (CLOSINGS.contains(&word) || token.case != Case::Capital && !NOBLE.contains(&word)) {
            return None;
        }
        // "Nurse Patel".
        let staff = token.entry.has(Class::TitleStaff) && token.entry.given() < 2;
        if staff && self.name_like(index + 1, index) && !self.is_titled(index) {
            return None;
        }
        if self.is_lead_in(index)
            || word == "day" && self.digits_after(index) > 0
            || self.is_mail_mark(index)
            || self.is_crown(index)
        {
            return None;
        }
        let sort = sort_of(token.entry);
        if self.is_of_job(index, sort) || listed && self.is_noble(index) {
            return None;
        }
        let document = self.document;
        let capital = token.is_capitalised() && !document.shouts();
        // In "#RedToGreen" every word has its capital.
        let inside = capital && !self.opens_sentence(index) && !document.titled() && !self.is_glued(index);
        let acronym = token.case == Case::Upper && !document.shouts() && token.len() <= 4;
        let common = token.entry.given().max(token.entry.surname()) >= 3;
        let long = token.len() >= 5;
        let shape = match sort {
            Sort::Unknown | Sort::RareName if token.case != Case::Upper => self.shape(token),
            _ => 0.0,
        };
        let camel = token.case == Case::Mixed && !surname_capitals(self.document.word(token));
        let score = match sort {
            Sort::Name if acronym => {
                if token.len() < 4 {
                    -1.5
                } else {
                    0.3
                }
            }
            Sort::Name if capital => 3.0,
            Sort::Name => {
                if common {
                    2.0
                } else {
                    1.3
                }
            }
            Sort::RareName if acronym => -2.0,
            Sort::RareName if camel => -0.5,
            Sort::RareName if inside => 2.0,
            Sort::RareName if capital => 1.0,
            Sort::RareName => (if long { 1.0 } else { 0.1 }) + (0.3 * shape).clamp(-1.0, 1.0),
            Sort::MostlyName if acronym => -2.5,
            Sort::MostlyName => {
                (if token.entry.given() == 3 { 0.6 } else { -0.8 })
                    - f32::from(token.entry.zipf_tenths().saturating_sub(34)) * 0.12
                    + if inside {
                        1.8
                    } else if capital {
                        0.8
                    } else {
                        0.0
                    }
            }
            Sort::WordAndName if acronym => -3.5,
            Sort::WordAndName if inside => {
                if common {
                    1.2
                } else {
                    0.2
                }
            }
            Sort::WordAndName if capital => -1.0,
            Sort::WordAndName if token.entry.given() == 3 && token.entry.zipf_tenths() < 40 => -1.8,
            Sort::WordAndName if token.entry.given() == 3 && token.entry.zipf_tenths() < 45 => -2.5,
            Sort::WordAndName => -3.5,
            Sort::TermAndName if acronym => -4.0,
            Sort::TermAndName if capital => -1.8,
            Sort::TermAndName => -3.8,
            Sort::EponymAndName if token.entry.has(Class::EponymAmbiguous) && common && !acronym => {
                if inside {
                    1.3
                } else if capital {
                    0.4
                } else {
                    -0.8
                }
            }
            Sort::EponymAndName if inside => 0.2,
            Sort::EponymAndName if capital => -0.8,
            Sort::EponymAndName => -2.5,
            Sort::Unknown if acronym => -2.5,
            Sort::Unknown if camel => -1.5,
            Sort::Unknown if token.case == Case::Upper && capital => -0.8,
            Sort::Unknown if inside => 1.2 + (0.5 * shape).clamp(-1.5, 1.5),
            Sort::Unknown if capital => -0.3 + (0.6 * shape).clamp(-0.8, 2.0),
            Sort::Unknown if token.len() < 5 => -1.4 + (0.4 * shape).clamp(-1.0, 1.0),
            Sort::Unknown => (-0.4 + 0.85 * shape).clamp(-2.5, 2.0),
            // "pt DNAR": two letters may be initials too, more are the term.
            Sort::Word if acronym && token.len() > 2 && token.entry.has_any(ABBREVIATIONS) => return None,
            Sort::Word if inside => -2.5,
            // "Dr Sheikh", "Mrs Cousins".
            Sort::Never
                if token.case == Case::Capital && token.entry.surname() >= 1 && self.is_titled(index) =>
            {
                -3.0
            }
            // "Ward P 71F", "Surname: Price".
            Sort::Word | Sort::Never
                if token.entry.surname() >= 2 && self.is_listed(index) || self.is_field_value(index) =>
            {
                -3.0
            }
            Sort::Word | Sort::Never => return None,
        };
        Some((score, sort))
    }

    /// Whether a title of one word stands right before: no "Staff Nurse", no "Auntie".
    fn is_titled(&self, index: usize) -> bool {
        let before = self.previous(index, ".");
        before.is_some_and(|at| matches!(self.word(at), "mr" | "mrs" | "ms" | "miss" | "dr" | "prof"))
    }

    /// The word right before, past an initial: the "mrs" of "mrs khan" and "mrs k khan".
    fn title_place(&self, index: usize) -> Option<usize> {
        let before = self.previous(self.particles_before(index), ".")?;
        if self.is_initial(before) { self.previous(before, ".").or(Some(before)) } else { Some(before) }
    }

    /// Whether the token is in a phrase that holds no name, or was ruled out.
    fn is_blocked(&self, index: usize) -> bool {
        let at = self.blocked.partition_point(|(_, end)| *end <= index);
        self.blocked.get(at).is_some_and(|(start, _)| *start <= index)
    }

    /// Whether the word, behind one for a person, names nobody: see [`rule_out`].
    fn is_ruled_out(&self, index: usize) -> bool {
        let Some(token) = self.token(index).filter(|token| token.is_word()) else { return false };
        let Some(before) = self.previous(index, ":(").filter(|at| self.entry(*at).has_any(PERSONS)) else {
            return false;
        };
        let capitals = token.case == Case::Upper && !self.document.shouts();
        // "father MI 52".
        let illness = capitals
            && token.entry.given() < 2
            && token.entry.has_any(ABBREVIATIONS)
            && self.entry(before).has(Class::Kin)
            // "mum SB rang", "brother TB 07700 900461".
            && !self.cue(index + 1, Cue::PersonVerb)
            && !self.phone_follows(index);
        illness
            || capitals && self.is_another_cell(before, index)
            || token.case == Case::Lower && (self.word(index) == "colon" || self.is_short_verb(before, index))
            || self.is_lead_in(index)
    }

    /// Whether the word says in short what somebody did or was told: "mum phnd", "sis tel'd". A patient's name may be as
    /// short behind a title.
    fn is_short_verb(&self, before: usize, index: usize) -> bool {
        let word = self.word(index);
        let vowels = word.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        let known = self.entry(index).is_known();
        !self.entry(before).has(Class::TitleAny)
            && (word.ends_with("'d") || word.len() >= 3 && word.is_ascii() && !vowels && !known)
    }

    /// Whether a civil title stands right before: not the image of "mr head", not the verb of "will miss may".
    fn is_civil(&self, index: usize) -> bool {
        let Some(title) = self.title_place(index) else { return false };
        let written =
            self.document.shouts() || self.token(title).is_some_and(|token| token.case != Case::Upper);
        written
            && match self.word(title) {
                "mr" => !IMAGED.contains(&self.word(index)),
                "mrs" | "ms" => true,
                "miss" => {
                    let before = title.checked_sub(1).map_or("", |at| self.word(at));
                    !BEFORE_MISSING.contains(&before)
                }
                _ => false,
            }
    }

    /// Whether a letter after a title stands for a surname: "mrs k for hoist", and not "mr l spine", "mrs k khan".
    fn is_titled_letter(&self, index: usize) -> bool {
        let letter =
            self.token(index).is_some_and(|token| token.is_word() && token.len() == 1 && token.spaced);
        if !letter || self.word(index) == "x" || self.is_punct(index + 1, "-/&'") || !self.is_civil(index) {
            return false;
        }
        let title = self.previous(index, ".").map_or("", |title| self.word(title));
        let ends = self.next(index, ".").is_none_or(|after| {
            let entry = self.entry(after);
            let number = self.token(after).is_some_and(|token| token.kind == TokenKind::Number);
            let plain = entry.surname() < 2 && matches!(sort_of(entry), Sort::Word | Sort::Never);
            number || plain && (title == "mrs" || self.stands_alone(index))
        });
        ends && matches!(title, "mr" | "mrs")
    }

    /// Whether the word, an initial and an age with its sex stand here as on a list of patients: "Khan S 39F".
    fn is_listed(&self, index: usize) -> bool {
        let Some((token, initial)) = self.token(index).zip(self.token(index + 1)) else { return false };
        let single = initial.is_word() && initial.len() == 1 && initial.spaced;
        if !single || !initial.is_capitalised() || !token.is_capitalised() {
            return false;
        }
        let entry = token.entry;
        let lettered = entry.has(Class::WardWord) && ("a"..="h").contains(&self.word(index + 1));
        let term = entry.has(Class::Ordinary)
            || [NEVER, TECHNICAL, ABBREVIATIONS].iter().any(|no| entry.has_any(*no));
        if lettered
            || term && entry.surname() < 2
            || entry.has_any(ABBREVIATIONS) && !entry.has(Class::WardWord)
        {
            return false;
        }
        self.age_and_sex_follow(initial.full_end as usize)
    }

    /// Whether a short word that is a surname too is all that stands between a bed and an age: "bed 2 do 41m".
    fn is_bedded(&self, index: usize) -> bool {
        self.cue(index, Cue::ShortSurname)
            && self.bed_before(index)
            && self.token(index).is_some_and(|token| self.age_and_sex_follow(token.full_end as usize))
    }

    /// Whether the word is what stands in a labelled field: "Surname: Young", "GP: Long/Price", "<Surname>Young<".
    fn is_field_value(&self, index: usize) -> bool {
        let Some(token) = self.token(index) else { return false };
        let mut mark = index;
        // The second of two, as "Price" in "Long/Price".
        if index >= 2 && self.is_punct(index - 1, "/") && self.token(index - 2).is_some_and(Token::is_word) {
            mark -= 2;
        }
        let mut parted = false;
        while mark > 0 && self.is_punct(mark - 1, ":=>\"'") {
            mark -= 1;
            parted |= self.is_punct(mark, ":=>");
        }
        let Some(label) = mark.checked_sub(1).filter(|_| parted) else { return false };
        let word = self.word(label);
        let asks = NAME_FIELDS.contains(&word) && self.asks_for_name(label)
            || word == "as" && label > 0 && self.word(label - 1) == "known";
        if !(asks || PERSON_FIELDS.contains(&word) && token.case == Case::Capital) {
            return false;
        }
        let numbered = self
            .token(index + 1)
            .is_some_and(|next| token.entry.has(Class::WardWord) && next.kind == TokenKind::Number);
        let named = |at: usize| self.entry(at).given().max(self.entry(at).surname()) >= 2;
        // "St John", "Le Page".
        let joined = token.is_capitalised() && self.cue(index, Cue::Particle) && named(index + 1);
        (named(index) || joined)
            && !numbered
            && !self.is_punct(index + 1, ":")
            && (asks || !self.is_of_organisation(index))
            && self.next(index, "").is_none_or(|next| {
                let next = self.token(next);
                next.is_some_and(|next| token.is_capitalised() && next.is_capitalised() || !next.is_word())
            })
    }

    /// Whether the label's last word asks for somebody's name: "Forename" always, but not "Ward name", "User name".
    fn asks_for_name(&self, label: usize) -> bool {
        !matches!(self.word(label), "name" | "names")
            || self.previous(label, "<\"'(").is_none_or(|before| {
                let entry = self.entry(before);
                KINDS_OF_NAME.contains(&self.word(before))
                    || self.word(before) == "contact"
                    || cue(entry, self.word(before)).is_some()
                    || self.token(before).is_some_and(|token| token.kind == TokenKind::Number)
            })
    }

    /// Whose name a label asks for by what stands before its last word: "NOK Name", "Mother's first name".
    fn named_by_label(&self, label: usize) -> Option<Role> {
        if !NAME_FIELDS.contains(&self.word(label)) {
            return None;
        }
        let mut owner = self.previous(label, "'")?;
        if KINDS_OF_NAME.contains(&self.word(owner)) {
            owner = self.previous(owner, "'")?;
        }
        if self.word(owner) == "contact" {
            Some(Role::Relative)
        } else {
            cue(self.entry(owner), self.word(owner))
        }
    }

    /// Whether the word introduces a number that stands after it: "Patient Tel: 07700 900789", "Wife Mob: none".
    fn is_lead_in(&self, index: usize) -> bool {
        if !self.cue(index, Cue::LeadIn) {
            return false;
        }
        let is_answered = self.digits_after(index) >= LED_IN || self.phone_follows(index);
        let is_label = self.is_punct(index + 1, ":") && !self.opens_item(index);
        if !is_answered && !is_label {
            return false;
        }
        let word = self.word(index);
        let surname = self.entry(index).surname() >= 2;
        // "Mrs Page: bloods back".
        if surname && self.is_titled(index) {
            return false;
        }
        let numbers = leads_number(word);
        is_answered && (numbers || LEAD_INS.contains(&word)) || is_label && numbers && !surname
    }

    /// Whether a telephone number stands right after the word.
    fn phone_follows(&self, index: usize) -> bool {
        let Some(token) = self.token(index) else { return false };
        let end = token.full_end as usize;
        let at = self.numbers.partition_point(|raw| raw.start < end);
        let near = |raw: &Raw| {
            raw.start <= end + 3 && !self.document.text().get(end..raw.start).unwrap_or("\n").contains('\n')
        };
        self.numbers.get(at).is_some_and(|raw| raw.label == Label::Phone && near(raw))
    }

    /// Whether the words are in two cells of a table, so that the first does not introduce the second unless that can be
    /// a name: "Name<TAB>Age".
    fn is_another_cell(&self, before: usize, index: usize) -> bool {
        let entry = self.entry(index);
        let name = entry.given().max(entry.surname()) >= 2 && !entry.has_any(ABBREVIATIONS);
        entry.is_known() && !name && self.is_tabbed(before, index)
    }

    /// Whether a tab parts the words, and no colon.
    fn is_tabbed(&self, before: usize, index: usize) -> bool {
        let gap = self.document.gap(before, index);
        gap.contains('\t') && !gap.contains(':')
    }

    /// Whether a surname in capitals with its first name behind a comma stands here, as records have it: "WOOD, Janet".
    fn is_filed(&self, index: usize) -> bool {
        let Some(token) = self.token(index) else { return false };
        token.case == Case::Upper
            && token.len() >= 3
            && !self.document.shouts()
            && (token.entry.surname() >= 1 || !token.entry.is_known())
            && !token.entry.has_any(ABBREVIATIONS)
            && self.is_punct(index + 1, ",")
            && self.token(index + 2).is_some_and(|next| {
                next.spaced && next.case == Case::Capital && next.entry.given() >= 2 && !next.is_possessive()
            })
    }

    /// The digits of the number or code that comes after the word, past a mark.
    fn digits_after(&self, index: usize) -> usize {
        let next = self.next(index, ":#.=").map_or("", |at| self.word(at));
        next.bytes().filter(u8::is_ascii_digit).count()
    }

    /// How much the spelling of an unknown word is a name's rather than a word's.
    fn shape(&self, token: &Token) -> f32 {
        name_score(self.document.word(token))
    }

    fn score(&self, index: usize) -> Option<Scored> {
        let (prior, sort) = self.prior(index)?;
        if prior < HOPELESS {
            return None;
        }
        let mut scored = Scored { index, score: prior, evidence: Reasons::new() };
        scored.evidence.push(match sort {
            Sort::Name => "in the name dictionary",
            Sort::RareName => "in the name dictionary as a rare name",
            Sort::MostlyName | Sort::WordAndName | Sort::TermAndName => "a name that is also a word",
            Sort::EponymAndName => "a name that is also an eponym",
            Sort::Word | Sort::Never => "a word that is seldom a name",
            Sort::Unknown => "a word that is in no dictionary",
        });
        self.evidence_before(index, sort, &mut scored);
        let before = scored.score;
        self.evidence_after(index, sort, &mut scored);
        // "bed 4 NBM, bed 5 home": in a list of beds what stands between them is as often how somebody is.
        if sort != Sort::Word || before > prior {
            self.evidence_near(index, &mut scored);
        }
        Some(scored)
    }

    fn evidence_before(&self, index: usize, sort: Sort, scored: &mut Scored) {
        let lower_word = self.token(index).is_some_and(|token| token.case == Case::Lower)
            && matches!(
                sort,
                Sort::MostlyName | Sort::WordAndName | Sort::TermAndName | Sort::Word | Sort::EponymAndName
            );
        let modal = lower_word && self.cue(index, Cue::Modal) && !self.phone_follows(index);
        let mut add = |weight: f32, why: &'static str| scored.add(weight, why);
        let speaker = sort == Sort::Unknown && self.is_punct(index + 1, ":");
        if self.opens_item(index) && !lower_word && !speaker {
            add(0.8, "it opens a list item");
        }
        if let Some(title) = self.title_place(index)
            && self.is_title(title)
            && !self.is_another_cell(title, index)
        {
            let short = matches!(self.word(title), "mr" | "mrs" | "ms" | "dr" | "prof" | "nurse");
            let strength = match (modal, lower_word) {
                // "mr young cxr": with a surname of the lists that is enough.
                (_, true) if self.entry(index).surname() >= 2 && self.is_civil(index) => 6.0,
                (true, _) => 1.0,
                (false, true) if short => 5.0,
                (false, true) => 4.0,
                (false, false) => 6.0,
            };
            add(strength, "a title stands before it");
            return;
        }
        if self.is_field_value(index) {
            add(6.0, "a label that asks for a name stands before it");
            return;
        }
        // "wife T. followin behind": a misspelt word is no surname of the capital before it.
        let falls = |initial: usize| {
            sort == Sort::Unknown
                && self.token(index).is_some_and(|token| token.case == Case::Lower)
                && self.token(initial).is_some_and(Token::is_capitalised)
        };
        if self.initial_with_stop(index) && !falls(index - 2) {
            add(if lower_word { 1.0 } else { 2.0 }, "an initial stands before it");
        }
        if self.coordinated(index) && self.entry(index).given() >= 2 && !modal {
            add(2.5, "it is joined to another name by \"and\"");
        }
        let Some(before) = self.previous(index, ":=(,\"'-") else { return };
        if self.is_another_cell(before, index) {
            return;
        }
        let close = before + 1 == index;
        let entry = self.entry(before);
        let word = self.word(before);
        // "Sister: Ready when you are": what a speaker says is not the speaker's name.
        let spoken = !close
            && self.is_punct(index - 1, ":")
            && (lower_word
                || sort == Sort::Word
                || self.document.titled()
                || matches!(sort, Sort::WordAndName | Sort::MostlyName));
        if spoken {
            return;
        }
        if self.pet_before(index) {
            add(if matches!(word, "called" | "named") { -7.0 } else { -3.5 }, "an animal stands near it");
        }
        // "Mum's INR", "baby's cord": what is somebody's is not that somebody.
        if close && self.is_possessive(before) {
            return;
        }
        if entry.has(Class::PatientWord) {
            let weight = match word {
                "pt" | "patient" | "px" | "resident" | "baby" | "twin" | "client" => 3.0,
                _ => 1.5,
            };
            let weight = if lower_word && sort != Sort::MostlyName { weight * 0.6 } else { weight };
            add(if modal { 0.0 } else { weight }, "a word for the patient stands before it");
        }
        if entry.has(Class::Kin) {
            add(
                if modal {
                    0.0
                } else if lower_word {
                    2.8
                } else {
                    2.5
                },
                "a word for a relative stands before it",
            );
        }
        if entry.has(Class::StaffRole) || entry.has(Class::UnitGeneric) {
            add(
                if modal {
                    0.0
                } else if lower_word {
                    1.5
                } else {
                    2.0
                },
                "a staff role stands before it",
            );
        }
        if close && self.cue(before, Cue::Determiner) {
            add(if sort == Sort::Name { -1.0 } else { -2.0 }, "a determiner stands before it");
        }
        if close && self.cue(before, Cue::Familiar) && self.entry(index).given() >= 2 && !modal {
            add(2.0, "a familiar adjective stands before it");
        }
        if close && self.is_initial(before) {
            add(if lower_word { 1.0 } else { 2.0 }, "an initial stands before it");
        }
        // "Hello ward", "Dear Nurse": that is who they are, and not their name.
        let office = self.entry(index).has_any(NEVER) && !self.entry(index).has(Class::Kin);
        if let Some((weight, why)) = cues::name_lead(self.document.hash_at(before)).filter(|_| !office) {
            let greeting = weight >= 1.5 && self.entry(index).given() >= 2 && self.stands_alone(index);
            let scale = if modal {
                0.2
            } else if lower_word && greeting {
                2.0
            } else if lower_word {
                0.6
            } else {
                1.0
            };
            add(weight * scale, why);
        }
    }

    /// Whether an initial with its full stop stands before the word: "d. frith".
    fn initial_with_stop(&self, index: usize) -> bool {
        index >= 2
            && self.is_punct(index - 1, ".")
            && self.is_initial(index - 2)
            && self.token(index - 1).is_some_and(|stop| !stop.spaced)
    }

    /// Whether "and" or "&" joins the word to a plain name on either side.
    fn coordinated(&self, index: usize) -> bool {
        let joins = |at: usize| matches!(self.word(at), "and" | "&" | "+" | "n");
        let plain = |at: usize| {
            self.token(at).is_some_and(|token| {
                token.is_word() && sort_of(token.entry) == Sort::Name && token.entry.given() >= 2
            })
        };
        index >= 2 && joins(index - 1) && plain(index - 2) || joins(index + 1) && plain(index + 2)
    }

    /// Whether a bed stands right after the preposition: "may in rm 3".
    fn bed_follows(&self, preposition: usize) -> bool {
        let Some(token) = self.token(preposition) else { return false };
        let end = token.end as usize;
        let at = self.numbers.partition_point(|raw| raw.start < end);
        self.numbers.get(at).is_some_and(|raw| raw.label == Label::WardBed && raw.start <= end + 2)
    }

    /// Whether an animal is among the four words before: "the dog's called Bella".
    fn pet_before(&self, index: usize) -> bool {
        let mut at = index;
        for _ in 0..4 {
            let Some(before) = self.previous(at, ",.'\"-(") else { return false };
            if self.cue(before, Cue::Animal) {
                return true;
            }
            at = before;
        }
        false
    }

    /// Whether the token is one letter that can be somebody's initial: "f farrokhzad", "d. frith".
    fn is_initial(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| {
            let small = !token.is_capitalised() || self.document.shouts();
            token.is_word()
                && token.len() == 1
                && !token.is_possessive()
                // The s of "R.'s".
                && (token.spaced || !index.checked_sub(1).is_some_and(|mark| self.is_punct(mark, "'")))
                && (!(matches!(self.word(index), "i" | "x") || small && SHORT_WORDS.contains(&self.word(index)))
                    || self.is_introduced(index))
        })
    }

    /// Whether a letter that is a short word too stands where only an initial does: "mr n shah", "bed 18 r patel 57f".
    fn is_introduced(&self, index: usize) -> bool {
        let at = if self.is_punct(index + 1, ".") { index + 2 } else { index + 1 };
        let Some(name) = self.token(at).filter(|_| self.word(index) != "x") else { return false };
        if self.name_like(at, index) {
            self.is_titled(index) || self.bed_before(index) && self.age_and_sex_follow(name.full_end as usize)
        } else {
            // "mr w brown", but not "mr r will ring".
            name.entry.surname() == 3
                && !self.cue(at, Cue::Modal)
                && self
                    .previous(index, ".")
                    .is_some_and(|title| matches!(self.word(title), "mr" | "mrs" | "ms" | "dr" | "prof"))
        }
    }

    /// Whether a bed stands right before the word.
    fn bed_before(&self, index: usize) -> bool {
        let Some(start) = self.token(index).map(|token| token.start as usize) else { return false };
        let at = self.numbers.partition_point(|raw| raw.start < start);
        let bed = at.checked_sub(1).and_then(|at| self.numbers.get(at));
        bed.is_some_and(|bed| {
            let gap = self.document.text().get(bed.end..start);
            bed.label == Label::WardBed
                && gap.is_some_and(|gap| gap.len() <= 3 && gap.bytes().all(|byte| b" :-(,".contains(&byte)))
        })
    }

    /// Whether an age with its sex follows the offset: "39F", "(39 F)".
    fn age_and_sex_follow(&self, end: usize) -> bool {
        let text = self.document.text();
        self.follows(end, |age| {
            let mut after = text.get(age.end..).unwrap_or_default().trim_start_matches(' ').chars();
            age.label == Label::Age
                && matches!(after.next(), Some('m' | 'f'))
                && !after.next().is_some_and(char::is_alphanumeric)
        })
    }

    /// Whether what the patterns found next after the offset stands close to it, and is what is wanted.
    fn follows(&self, end: usize, wanted: impl Fn(&Raw) -> bool) -> bool {
        let at = self.numbers.partition_point(|raw| raw.start < end);
        self.numbers.get(at).is_some_and(|raw| {
            let gap = self.document.text().get(end..raw.start);
            gap.is_some_and(|gap| gap.len() <= 2 && gap.bytes().all(|byte| b" ,(".contains(&byte)))
                && wanted(raw)
        })
    }

    /// Whether a mark, the line's end or a word that no noun phrase goes on with follows the word.
    fn stands_alone(&self, index: usize) -> bool {
        self.token(index + 1).is_none_or(|next| {
            next.kind == TokenKind::Newline
                || next.kind == TokenKind::Punct && self.word(index + 1) != "-"
                || next.entry.has_any(NEVER)
                || next.entry.zipf_tenths() >= 55
        })
    }

    fn evidence_after(&self, index: usize, sort: Sort, scored: &mut Scored) {
        let Some(token) = self.token(index) else { return };
        let possessive = token.is_possessive();
        let modal = token.case == Case::Lower && self.cue(index, Cue::Modal);
        let mut add = |weight: f32, why: &'static str| scored.add(weight, why);
        if possessive && matches!(sort, Sort::Name | Sort::RareName | Sort::Unknown) {
            add(0.7, "it is possessive");
        }
        // "Graves', on carbimazole".
        let plural = self.word(index).ends_with('s')
            && self.is_punct(index + 1, "'")
            && self.token(index + 1).is_some_and(|mark| !mark.spaced);
        if (possessive || plural) && sort == Sort::EponymAndName && self.entry(index).given() < 3 {
            add(-2.0, "a possessive, as eponyms are");
        }
        if self.is_filed(index) {
            add(6.0, "a first name follows it behind a comma");
        }
        if self.is_listed(index) {
            add(6.0, "an initial, an age and a sex follow it");
        }
        if self.is_bedded(index) {
            add(2.0, "it stands between a bed and an age");
        }
        let quoted = |at: usize| self.is_punct(at, "\"'");
        if index > 0 && quoted(index - 1) && quoted(index + 1) && self.entry(index).zipf_tenths() < 50 {
            add(1.5, "it stands in quotation marks");
        }
        if self.is_punct(index + 1, ":") && self.opens_item(index) {
            let weight = match sort {
                Sort::Name | Sort::RareName => 2.0,
                Sort::MostlyName | Sort::WordAndName if self.entry(index).given() >= 2 => 2.6,
                // "Pharm:", "Caller:": a role rather than a name, unless it is spelled like one.
                Sort::Unknown => (0.5 * self.shape(token)).clamp(-2.0, 1.0),
                _ => 0.0,
            };
            add(weight, "it stands as the speaker of a line");
            let named = match sort {
                Sort::Unknown => self.shape(token) > 0.5,
                sort => !matches!(sort, Sort::Word | Sort::TermAndName | Sort::EponymAndName),
            };
            if named && self.speaks_again(index) {
                add(1.6, "it speaks more than one line");
            }
        }
        if self.is_punct(index + 1, "-")
            && self.token(index + 2).is_some_and(|next| !next.spaced && next.is_word() && next.len() > 1)
            && sort != Sort::Word
            && matches!(
                sort_of(self.entry(index + 2)),
                Sort::Name | Sort::RareName | Sort::MostlyName | Sort::WordAndName
            )
        {
            let both = self.entry(index).given() >= 2 && self.entry(index + 2).given() >= 2;
            add(if both { 3.0 } else { 1.0 }, "a hyphen joins it to another name");
        }
        let Some(after) = self.next(index, ",(:-\"'") else {
            if token.is_capitalised() && self.token(index + 1).is_none() && index > 3 {
                add(0.5, "it ends the message");
            }
            return;
        };
        let word = self.word(after);
        let close = after == index + 1;
        let next = self.entry(after);
        let civil = self.is_civil(index);
        // "Harvey the cardiac sim", "Freddie, the floor buffer".
        if word == "the"
            && (after + 1..after + 4).any(|at| self.cue(at, Cue::Animal) || self.cue(at, Cue::Machine))
        {
            add(-5.0, "an animal or a machine follows it");
        }
        if close && !possessive && self.cue(after, Cue::Goods) {
            add(-4.0, "goods follow it");
        }
        if close
            && matches!(sort, Sort::MostlyName | Sort::WordAndName | Sort::TermAndName)
            && self.token(after).is_some_and(|next| next.kind == TokenKind::Number)
            && token.case == Case::Lower
            && !civil
            && !self.phone_follows(index)
        {
            add(-2.0, "a figure follows it");
        }
        if close && token.case == Case::Lower && !civil && self.dose_follows(index) {
            add(-6.0, "a dose follows it");
        }
        // "sr brown on tonight", "hca wood off sick".
        if close
            && self.entry(index).surname() == 3
            && matches!(word, "on" | "off")
            && SHIFTS.contains(&self.word(after + 1))
            && self.previous(index, ".").is_some_and(|title| self.entry(title).has(Class::TitleStaff))
        {
            add(2.5, "a shift follows it");
        }
        if close && self.cue(after, Cue::EponymNoun) && !civil {
            add(-4.0, "a clinical noun follows it");
        }
        let eponym = self.entry(index).has(Class::Eponym) || self.entry(index).has(Class::EponymAmbiguous);
        if eponym && matches!(word, "neg" | "negative" | "pos" | "positive" | "squeeze") {
            add(-3.0, "the result of a sign follows it");
        }
        if sort == Sort::EponymAndName
            && self.token(after).is_some_and(|token| token.kind == TokenKind::Number)
        {
            add(-2.5, "a figure follows it");
        }
        if next.has(Class::OrgHeadStrong) || next.has(Class::StreetType) && close && !civil {
            add(
                if sort == Sort::Name { -0.7 } else { -1.5 },
                "a word for an institution or a street follows it",
            );
        }
        if close && self.entry(index).given() >= 2 && self.is_closing_initial(after) && sort != Sort::Word {
            add(if token.is_capitalised() { 1.5 } else { 2.2 }, "an initial follows it");
        }
        if close && matches!(word, "in" | "on" | "from" | "@" | "at") && self.bed_follows(after) {
            add(if modal { 4.5 } else { 2.5 }, "a bed follows it");
        }
        if self.cue(after, Cue::PersonVerb) {
            let weight = if token.is_capitalised() { 1.2 } else { 0.7 };
            add(weight, "a verb for a person follows it");
        }
        if !close && (next.has(Class::Kin) || next.has(Class::StaffRole)) {
            add(1.0, "a role follows it");
        }
        if close
            && !matches!(sort, Sort::Word | Sort::Name)
            && (self.name_like(after, index) || self.is_title_surname(after, index))
            && !self.is_order(index)
        {
            let lower_word = token.case == Case::Lower
                && matches!(sort, Sort::MostlyName | Sort::WordAndName | Sort::TermAndName);
            let weight = if lower_word {
                let given = self.entry(index).given() >= 2;
                match sort_of(next) {
                    Sort::Name if given && next.surname() >= 2 => 4.2,
                    Sort::RareName if given && next.surname() >= 1 => 3.4,
                    Sort::Unknown if given => 2.4,
                    _ => 1.0,
                }
            } else {
                2.2
            };
            add(weight, "another name follows it");
        }
    }

    /// Whether a figure and how often or how much of it follow the word, as behind a drug: "rami 10 od", "val 500mg".
    fn dose_follows(&self, index: usize) -> bool {
        let Some(figure) = self.token(index + 1) else { return false };
        let glued = self.word(index + 1).trim_start_matches(|c: char| c.is_ascii_digit());
        match figure.kind {
            TokenKind::Number => DOSES.contains(&self.word(index + 2)),
            TokenKind::Mixed => glued.len() < figure.len() && DOSES.contains(&glued),
            _ => false,
        }
    }

    /// Whether the word tells somebody what to do rather than names them: "Chase Kamal's CT".
    fn is_order(&self, index: usize) -> bool {
        ORDERS.contains(&self.word(index)) && self.opens_sentence(index)
    }

    /// Whether the word could be the second half of a name whose first half is `first`.
    fn name_like(&self, index: usize, first: usize) -> bool {
        let Some(token) = self.token(index).filter(|token| token.is_word() && token.len() > 1) else {
            return false;
        };
        let same_case =
            self.token(first).is_some_and(|first| first.is_capitalised() == token.is_capitalised());
        match sort_of(token.entry) {
            Sort::Name => true,
            Sort::RareName => same_case,
            Sort::Unknown => same_case && !self.document.shouts() && token.len() >= 4,
            Sort::MostlyName | Sort::WordAndName | Sort::EponymAndName => {
                same_case && token.is_capitalised() && !self.document.shouts()
            }
            Sort::TermAndName | Sort::Word | Sort::Never => false,
        }
    }

    fn evidence_near(&self, index: usize, scored: &mut Scored) {
        let Some(token) = self.token(index) else { return };
        let first = self.particles_before(index);
        let start = self.token(first).map_or(token.start, |first| first.start) as usize;
        let end = token.full_end as usize;
        let text = self.document.text();
        let covered = self.words.partition_point(|raw| raw.end <= start);
        if let Some(word) = self.words.get(covered).filter(|word| word.start <= start) {
            scored.add(-3.0 * word.confidence, "it can be a place or an institution");
        }
        let near = |from: usize, to: usize| {
            text.get(from..to)
                .is_some_and(|gap| gap.len() <= 4 && gap.bytes().all(|byte| b" ,:(-=.".contains(&byte)))
        };
        let at = self.numbers.partition_point(|raw| raw.start < start);
        if let Some(before) = at.checked_sub(1).and_then(|at| self.numbers.get(at))
            && near(before.end, start)
            && let Some(weight) = neighbour_weight(before.label)
        {
            scored.add(weight, "a bed, an age or a number stands before it");
        }
        if let Some(after) = self.numbers.get(at)
            && near(end, after.start)
            && let Some(weight) = neighbour_weight(after.label)
        {
            scored.add(weight, "a bed, an age or a number follows it");
        }
    }

    /// Whether the same word stands before a colon elsewhere, as the speaker of another line.
    fn speaks_again(&self, index: usize) -> bool {
        let Some(token) = self.token(index) else { return false };
        let from = self.speakers.partition_point(|speaker| *speaker < token.hash);
        let times =
            self.speakers.iter().skip(from).take(2).take_while(|speaker| **speaker == token.hash).count();
        times > usize::from(self.is_punct(index + 1, ":"))
    }

    /// Letters spelled out one by one: "N K E C H I".
    fn spelled(&self, index: usize) -> Option<(Raw, usize)> {
        let single = |at: usize| {
            self.token(at).is_some_and(|token| token.is_word() && token.len() == 1 && !token.is_possessive())
        };
        let mut end = index;
        loop {
            let dashed = end > index && self.is_punct(end, "-") && single(end + 1);
            let parted = end == index
                || self.token(end).is_some_and(|token| token.spaced)
                || self.is_punct(end - 1, "-");
            if !(dashed || single(end) && parted) {
                break;
            }
            end += 1;
        }
        if end < index + 4 {
            return None;
        }
        let letters: String = (index..end).map(|at| self.word(at)).filter(|word| *word != "-").collect();
        // The primary survey is no name.
        let entry = Dictionary::embedded().lookup(&letters);
        let term = entry.has_any(ABBREVIATIONS);
        if letters.len() < 4 || term || "abcdefgh".starts_with(letters.as_str()) {
            return None;
        }
        let (first, last) = (self.token(index)?, self.token(end - 1)?);
        let raw = Raw {
            start: first.start as usize,
            end: last.end as usize,
            label: Label::Person,
            role: Some(self.role(index, end - 1)),
            confidence: 0.8,
            rule: "person_spelled",
            validated: false,
            evidence: vec!["letters spelled out one by one"],
        };
        Some((raw, end))
    }

    /// Whether the word is a title of whoever is named after it, as "Nurse" is and "Nurse's" is not.
    fn is_title(&self, index: usize) -> bool {
        self.title_role(index).is_some() && !self.is_possessive(index)
    }

    /// Whose name follows the word, where it is a title.
    fn title_role(&self, index: usize) -> Option<Role> {
        let entry = self.entry(index);
        if self.is_judge(index) {
            Some(Role::Other)
        } else if entry.has(Class::TitleStaff) {
            Some(Role::Staff)
        } else if entry.has(Class::TitleKin) {
            Some(Role::Relative)
        } else if entry.has(Class::TitleAny) {
            Some(Role::Unknown)
        } else {
            None
        }
    }

    /// Joins what stands around a scored word into one name that begins at `floor` or later, and gives the index of the
    /// token after it and whether that is no part of a name.
    fn span(&self, scored: &Scored, floor: usize) -> (Raw, usize, bool) {
        let (mut first, mut last) = (self.particles_before(scored.index).max(floor), scored.index);
        // To the left only what the scan passed over as too weak alone: a first name that is also a word.
        while first > floor && self.joins_left(first) {
            first -= 1;
        }
        // What ended the last name is no start of this one.
        if self.token(first).is_some_and(|token| token.kind == TokenKind::Punct) {
            first += 1;
        }
        while let Some(next) = self.joins_right(first, last) {
            last = next;
        }
        let raw = Raw {
            start: self.token(first).map_or(0, |token| token.start as usize),
            end: self.token(last).map_or(0, |token| token.end as usize),
            label: Label::Person,
            role: Some(self.role(first, last)),
            confidence: 1.0 / (1.0 + (-scored.score * 0.8).exp()),
            rule: "person",
            validated: false,
            evidence: scored.evidence.to_vec(),
        };
        (raw, last + 1, self.is_aside(first, last))
    }

    fn joins_left(&self, first: usize) -> bool {
        let Some(before) = first.checked_sub(1).and_then(|at| self.token(at)) else { return false };
        let Some(token) = self.token(first) else { return false };
        if self.document.is_apart(first) || self.is_judge(first - 1) {
            return false;
        }
        // "f farrokhzad", "d. frith": the initial, and the full stop between.
        if self.is_punct(first - 1, ".") && first >= 2 && self.is_initial(first - 2) && !before.spaced {
            return self.token(first - 2).is_some_and(|initial| initial.spaced || first == 2);
        }
        if self.is_punct(first, ".") {
            return self.is_initial(first - 1);
        }
        // "jean-paul": the first half alone is too weak.
        if self.is_punct(first, "-") {
            return true;
        }
        if self.is_punct(first - 1, "-") && !before.spaced && !token.spaced && first >= 2 {
            let half = self.entry(first - 2);
            return half.given().max(half.surname()) >= 2
                && token.entry.given().max(token.entry.surname()) >= 2;
        }
        if self.is_surname_first(first) {
            return true;
        }
        // "T Reid", "(T Reid)".
        if token.spaced
            && (before.spaced || first >= 2 && self.is_punct(first - 2, "(["))
            && self.is_initial(first - 1)
            && before.is_capitalised() == token.is_capitalised()
        {
            return true;
        }
        if !token.spaced || !before.is_word() || before.is_possessive() {
            return false;
        }
        let sort = sort_of(before.entry);
        let given = before.entry.given() >= 2;
        // "Welcome Grace", "Ring Grace": a word that opens the sentence has its capital anyway, and a given name follows.
        let opening = self.opens_sentence(first - 1) && token.entry.given() > token.entry.surname()
            || self.is_order(first - 1);
        match sort {
            Sort::MostlyName | Sort::WordAndName | Sort::EponymAndName if given && !opening => {
                before.is_capitalised() && token.is_capitalised() && !self.document.shouts()
            }
            _ => false,
        }
    }

    fn joins_right(&self, first: usize, last: usize) -> Option<usize> {
        let token = self.token(last)?;
        if token.is_possessive() || self.is_lead_in(last + 1) {
            return None;
        }
        let next = self.token(last + 1)?;
        if next.kind == TokenKind::Punct {
            // A hyphen joins; a full stop after an initial joins.
            let mark = self.word(last + 1);
            let after = self.token(last + 2)?;
            let glued = !next.spaced && !after.spaced;
            let hyphen =
                mark == "-" && glued && after.is_word() && after.len() > 1 && !after.entry.has_any(NEVER);
            let initial = mark == "." && token.len() == 1 && last > first && self.name_like(last + 2, first);
            return (hyphen || initial).then_some(last + 2);
        }
        // Dots end the letters behind "Smith J.R.".
        if token.kind == TokenKind::Punct {
            return None;
        }
        if !next.is_word()
            || !next.spaced && !self.is_glued(last + 1)
            || self.document.is_apart(last + 1)
            || self.is_label(first, last)
        {
            return None;
        }
        if next.len() == 1 {
            // "Smith J.R.", but not "Smith p.o. fluids".
            if let Some((_, end)) = self.dotted_initials(last + 1) {
                let initials =
                    last == first && self.is_closing_initial(last + 1) && !self.is_dotted_term(last + 1, end);
                return initials.then_some(end - 1);
            }
            // "Lindsey P", "ifeoma e".
            let alone =
                self.is_closing_initial(last + 1) && (next.is_capitalised() || !token.is_capitalised());
            let used = last == first || self.name_like(last + 2, first);
            return (alone && used).then_some(last + 1);
        }
        if last == first && self.is_pair(last + 1) || self.is_title_surname(last + 1, first) {
            return Some(last + 1);
        }
        // "van Dijk", "de la Fuente".
        if let Some(joins) = self.particle_joins(last + 1, first) {
            return joins.then_some(last + 1);
        }
        if self.nobody(last + 1).is_some() || self.is_of_job(last + 1, sort_of(next.entry)) {
            return None;
        }
        if last - first >= 4 {
            return None;
        }
        let first_token = self.token(first)?;
        let same_case = first_token.is_capitalised() == next.is_capitalised();
        let particle = last > first && self.is_particle(last);
        let given = particle || self.entry(last).given() >= 1 || !self.entry(last).is_known();
        let joins = match sort_of(next.entry) {
            Sort::Name => same_case || !next.is_capitalised(),
            Sort::RareName => same_case,
            Sort::Unknown => {
                same_case
                    && (next.is_capitalised() && next.case != Case::Upper
                        || next.case == Case::Upper && next.len() > 3
                        || given && next.len() > 3)
            }
            Sort::MostlyName | Sort::WordAndName | Sort::EponymAndName => {
                same_case
                    && if next.is_capitalised() {
                        !self.document.shouts() || next.entry.surname() >= 2
                    } else {
                        given
                            && next.entry.surname() >= 2
                            && !self.cue(last + 1, Cue::Modal)
                            && next.entry.zipf_tenths() < 48
                            && !next.entry.has_any(TECHNICAL)
                    }
            }
            Sort::Word => {
                same_case
                    && next.case == Case::Capital
                    && given
                    && next.entry.zipf_tenths() < 45
                    && !next.entry.has_any(TECHNICAL)
                    && !next.entry.has(Class::OrgHeadStrong)
            }
            // "Simon Ward".
            Sort::TermAndName | Sort::Never => {
                next.entry.has(Class::WardWord)
                    && next.entry.surname() >= 2
                    && next.case == Case::Capital
                    && first_token.case == Case::Capital
                    && self.entry(last).given() >= 2
                    && !self.document.titled()
                    && self.token(last + 2).is_none_or(|after| after.kind != TokenKind::Number)
            }
        };
        joins.then_some(last + 1)
    }

    /// Two or three capitals that stand for a name: "pt JS", "D.M.", "bed 4 RT".
    fn initials(&self, index: usize) -> Option<(Raw, usize)> {
        let token = self.token(index)?;
        if !token.is_word() || self.document.shouts() || self.is_blocked(index) {
            return None;
        }
        let (end, next) = if self.is_titled_letter(index) {
            (token.end as usize, index + 1)
        } else if token.len() == 1 {
            self.dotted_initials(index)?
        } else if token.case == Case::Upper && (2..=3).contains(&token.len()) {
            (token.end as usize, index + 1)
        } else {
            return None;
        };
        let dotted = next > index + 1;
        if self.is_mail_mark(index) || dotted && self.is_dotted_term(index, next) {
            return None;
        }
        let start = token.start as usize;
        // The rest of "d.o.b.".
        if dotted && self.document.text().get(..start).is_some_and(|before| before.ends_with('.')) {
            return None;
        }
        let mut scored = Scored {
            index,
            score: if dotted && token.is_capitalised() {
                0.5
            } else if dotted {
                -1.0
            } else {
                -2.0
            },
            evidence: Reasons::new(),
        };
        scored.evidence.push("capitals that can be initials");
        let entry = token.entry;
        let word = self.document.word(token);
        if entry.has(Class::NationalBody) || SHOUTED.contains(&word) {
            return None;
        }
        let known = !dotted && token.len() > 1 && entry.has_any(ABBREVIATIONS);
        let abbreviation = known || !dotted && NO_NAMES.contains(&word);
        if abbreviation {
            scored.score -= if known { 2.0 } else { 1.0 };
        }
        if let Some(before) = self.previous(index, ".:=(") {
            let entry = self.entry(before);
            let lead = match self.word(before) {
                "pt" | "patient" | "px" | "pts" | "baby" => true,
                // "re INR".
                "re" => !known,
                _ => false,
            };
            if lead && entry.has(Class::PatientWord) && !self.is_possessive(before) {
                scored.score += 4.0;
                scored.evidence.push("a word for the patient stands before it");
            } else if self.is_title(before) && !(abbreviation && before + 1 < index) {
                scored.score += 5.0;
                scored.evidence.push("a title stands before it");
            }
        }
        let opens = self.opens_item(index) || index == 0;
        let text = self.document.text();
        let at = self.numbers.partition_point(|raw| raw.start < start);
        if self.bed_before(index) {
            scored.score += 3.2;
            scored.evidence.push("a bed stands before it");
        }
        if let Some(after) = self.numbers.get(at).filter(|_| !abbreviation)
            && (matches!(after.label, Label::WardBed | Label::Age | Label::DateOfBirth)
                || after.label.is_patients_number())
            && text
                .get(end..after.start)
                .is_some_and(|gap| gap.len() <= 3 && gap.bytes().all(|byte| b" :-(,".contains(&byte)))
        {
            scored.score += if opens { 3.5 } else { 2.5 };
            scored.evidence.push("a bed, an age or a number follows it");
        }
        if opens && !dotted && self.is_punct(next, ":") {
            scored.score += 1.8;
            scored.evidence.push("it opens a list item");
        }
        if opens && dotted {
            scored.score += 1.0;
        }
        if scored.score < THRESHOLD {
            return None;
        }
        let last = next - 1;
        let raw = Raw {
            start,
            end,
            label: Label::Person,
            role: Some(self.role(index, last)),
            confidence: 1.0 / (1.0 + (-scored.score * 0.8).exp()),
            rule: "person_initials",
            validated: false,
            evidence: scored.evidence.to_vec(),
        };
        Some((raw, next))
    }

    /// Whether the letters with their stops, up to the token at `next`, are an abbreviation: "p.r.n.", "I.D.", "N.I. No."
    fn is_dotted_term(&self, index: usize, next: usize) -> bool {
        let joined: String = (index..next).map(|at| self.word(at)).filter(|word| *word != ".").collect();
        let numbers = || NUMBER_LEADS.contains(&self.word(next)) || self.digits_after(next - 1) > LED_IN;
        let term = joined.len() > 2 && Dictionary::embedded().lookup(&joined).has_any(ABBREVIATIONS);
        term || DOTTED.contains(&joined.as_str()) || DOTTED_NUMBERS.contains(&joined.as_str()) && numbers()
    }

    /// Whether the word opens the subject of a message that was sent on: "RE: FW: theatre list".
    fn is_mail_mark(&self, index: usize) -> bool {
        let is_mark = |at: usize| self.is_punct(at + 1, ":") && MAIL_MARKS.contains(&self.word(at));
        is_mark(index) && (self.opens_item(index) || self.previous(index, ":").is_some_and(is_mark))
    }

    /// The end of "D.M." or "D. M." and the index after it.
    fn dotted_initials(&self, index: usize) -> Option<(usize, usize)> {
        let capital = self.token(index)?.is_capitalised();
        let mut at = index;
        let mut letters = 0;
        let mut end = 0;
        // A fourth letter settles that these are no initials.
        while let Some(token) = self.token(at).filter(|_| letters < 4) {
            let single = token.is_word() && token.len() == 1 && token.is_capitalised() == capital;
            if !single || letters > 0 && token.spaced || !self.is_punct(at + 1, ".") {
                if single && letters > 0 && !token.spaced {
                    letters += 1;
                    end = token.end as usize;
                    at += 1;
                }
                break;
            }
            letters += 1;
            end = self.token(at + 1)?.end as usize;
            at += 2;
        }
        (2..=3).contains(&letters).then_some((end, at))
    }

    /// Whose name it is, by the nearest cue.
    fn role(&self, first: usize, last: usize) -> Role {
        if let Some(title) = self.previous(first, ".")
            && let Some(role) = self.title_role(title)
            && role != Role::Unknown
        {
            return role;
        }
        if self.is_punct(last + 1, ":") && self.opens_item(first) && self.speaks_again(last) {
            return Role::Staff;
        }
        let before = self.cue_before(first);
        // A cue right before the name, or a bed, an age or a number beside it, is worth more than one further off.
        if let Some((role, 1)) = before {
            return role;
        }
        if self.beside_patient_number(first, last) {
            return Role::Patient;
        }
        let after = self.cue_after(last);
        match (before, after) {
            (Some((role, before)), Some((_, after))) if before <= after => role,
            (_, Some((role, _))) | (Some((role, _)), None) => role,
            (None, None) if self.clinical_after(last) => Role::Patient,
            (None, None) => Role::Unknown,
        }
    }

    /// The nearest cue among the three words before, and how far off it is.
    fn cue_before(&self, first: usize) -> Option<(Role, usize)> {
        let mut at = first;
        for distance in 1..=3 {
            let before = self.previous(at, ".:=(,\"'-/")?;
            let word = self.word(before);
            if distance == 1
                && let Some(role) = self.named_by_label(before)
            {
                return Some((role, distance));
            }
            if let Some(role) = cue(self.entry(before), word).filter(|_| !self.is_of_organisation(before)) {
                return Some((role, distance));
            }
            if distance == 1 && self.cue(before, Cue::Colleague) {
                return Some((Role::Staff, distance));
            }
            at = before;
        }
        None
    }

    /// Whether the word is part of an organisation's name: the chemist of "Marsh Chemist: tablets for L Okoro" is none.
    fn is_of_organisation(&self, index: usize) -> bool {
        let Some(token) = self.token(index) else { return false };
        let start = token.start as usize;
        let at = self.words.partition_point(|raw| raw.end <= start);
        self.words.get(at).is_some_and(|raw| raw.label == Label::Organisation && raw.start <= start)
    }

    /// The nearest cue among the two words after, and how far off it is.
    fn cue_after(&self, last: usize) -> Option<(Role, usize)> {
        let mut at = last;
        for distance in 1..=2 {
            let after = self.next(at, ",(-")?;
            if let Some(role) = cue(self.entry(after), self.word(after)) {
                return Some((role, distance));
            }
            // "Folasade the F1", "Grace from physio"
            if !matches!(self.word(after), "the" | "a" | "from" | "is" | "in" | "our" | "at") {
                return None;
            }
            at = after;
        }
        None
    }

    /// Whether a bed, an age or a patient's number stands beside the name.
    fn beside_patient_number(&self, first: usize, last: usize) -> bool {
        let (Some(start), Some(end)) = (self.token(first), self.token(last)) else { return false };
        let (start, end) = (start.start as usize, end.full_end as usize);
        let text = self.document.text();
        let short = |from: usize, to: usize| {
            text.get(from..to).is_some_and(|gap| gap.len() <= 5 && !gap.contains('\n'))
        };
        let near = self.numbers.partition_point(|raw| raw.start < start);
        let before =
            near.checked_sub(1).and_then(|at| self.numbers.get(at)).filter(|raw| short(raw.end, start));
        let after = self.numbers.get(near).filter(|raw| short(end, raw.start));
        before.into_iter().chain(after).any(|raw| {
            matches!(raw.label, Label::WardBed | Label::Age | Label::DateOfBirth)
                || raw.label.is_patients_number()
        })
    }

    /// Whether what is said of the person is clinical: "ezeilo K 2.9", "Enid - leg ulcer".
    fn clinical_after(&self, last: usize) -> bool {
        const CLINICAL: ClassSet =
            ClassSet::of(&[Class::Clinical, Class::Drug, Class::Score, Class::Device, Class::Eponym]);
        let mut at = last;
        for _ in 0..3 {
            let Some(after) = self.next(at, ",:(-=.;") else { return false };
            if self.entry(after).has_any(CLINICAL) && !self.entry(after).has(Class::Ordinary)
                || self.token(after).is_some_and(|token| token.kind == TokenKind::Number)
            {
                return true;
            }
            at = after;
        }
        false
    }
}

fn cue(entry: Entry, word: &str) -> Option<Role> {
    if entry.has(Class::Kin) || word == "kin" {
        Some(Role::Relative)
    } else if entry.has(Class::StaffRole) || entry.has(Class::TitleStaff) {
        Some(Role::Staff)
    } else if entry.has(Class::PatientWord) || word == "re" {
        Some(Role::Patient)
    } else {
        None
    }
}

fn neighbour_weight(label: Label) -> Option<f32> {
    match label {
        Label::WardBed | Label::DateOfBirth | Label::Age => Some(2.5),
        _ if label.is_patients_number() => Some(2.5),
        Label::NiNumber | Label::ProfessionalId | Label::Passport | Label::DrivingLicence => Some(2.0),
        Label::Phone | Label::Email | Label::Address => Some(1.0),
        _ => None,
    }
}
