//! Where a name begins and ends: which letters behind it are initials, which words join it, and which words beside it
//! are a job, a qualification or the label of the next field.

use super::{ABBREVIATIONS, Finder, NEVER, SHORT_WORDS, Sort, TECHNICAL, neighbour_weight, sort_of};
use crate::Label;
use crate::cues::Cue;
use crate::dictionary::{Class, ClassSet};
use crate::token::{Case, Token, TokenKind};

/// Letters that begin a clinical term, and the words that make one of them.
const LETTERED: &[(&str, &[&str])] = &[
    ("a", &["fib", "fibrillation", "flutter", "line", "lines", "neg", "negative", "pos", "positive", "rh"]),
    ("ab", &["neg", "negative", "pos", "positive", "rh"]),
    ("b", &["cell", "cells", "neg", "negative", "pos", "positive", "rh", "strep", "symptoms"]),
    ("c", &["diff", "difficile", "peptide", "section", "sections", "spine"]),
    ("d", &["dimer", "dimers"]),
    ("e", &["cloacae", "coli", "faecalis", "faecium"]),
    ("h", &["influenzae", "pylori"]),
    ("k", &["pneumoniae", "wire", "wires"]),
    ("l", &["pneumophila", "spine"]),
    ("n", &["gonorrhoeae", "meningitidis"]),
    ("o", &["neg", "negative", "pos", "positive", "rh"]),
    ("p", &["aeruginosa", "falciparum", "mirabilis", "vivax", "wave", "waves"]),
    ("q", &["wave", "waves"]),
    ("r", &["wave", "waves"]),
    ("s", &["aureus", "epidermidis", "pneumoniae", "pyogenes", "typhi"]),
    ("t", &["cell", "cells", "inversion", "piece", "score", "scores", "spine", "tube", "wave", "waves"]),
    ("u", &["wave", "waves"]),
    ("v", &["fib", "tach"]),
];

/// Letters of an observation or a result, and the whole figures that it comes in: "T 38", "S 94". Another figure behind
/// an initial is an age; what has no bounds is a result, however small.
const READINGS: &[(&str, u32, u32)] = &[
    ("c", 0, u32::MAX),
    ("g", 0, 9),
    ("h", 0, u32::MAX),
    ("k", 0, u32::MAX),
    ("n", 0, u32::MAX),
    ("o", 0, u32::MAX),
    ("p", 0, u32::MAX),
    ("r", 5, 45),
    ("s", 70, 100),
    ("t", 30, 43),
];

/// What such a figure is joined to.
const UNITS: &[&str] = &["bpm", "c", "cm", "mm", "mmol"];

/// What "L" and "R" are said of, beside the words that are listed as clinical.
const SIDED: &[&str] = &[
    "ankle", "arm", "back", "breast", "buttock", "calf", "cheek", "chest", "ear", "elbow", "eye", "finger",
    "flank", "foot", "forearm", "groin", "hand", "heel", "hip", "iliac", "jaw", "knee", "leg", "lid", "limb",
    "lip", "loin", "lower", "lung", "neck", "shin", "shoulder", "side", "sided", "temple", "thigh", "thumb",
    "toe", "upper", "wrist",
];

/// What is said of people, whatever it ends: "Turner L discharged", "Okafor R NBM".
const OF_PEOPLE: &[&str] = &[
    "admitted",
    "arrived",
    "asleep",
    "awaiting",
    "awake",
    "better",
    "discharged",
    "dnacpr",
    "fasted",
    "home",
    "mffd",
    "nbm",
    "nil",
    "please",
    "pls",
    "sleeping",
    "thanks",
    "transferred",
    "tto",
    "ttos",
    "vomiting",
    "waiting",
];

/// From this frequency on a word goes on with a sentence about somebody rather than with what has a side: "Turner L is".
const SENTENCE: u8 = 60;

/// Particles that are as well abbreviations: delivered, elective, duodenal ulcer, local. In lower case a name that the
/// dictionary has must follow.
const ABBREVIATED: &[&str] = &["al", "da", "de", "del", "do", "du", "el", "la", "le", "st"];

/// From this frequency on a word behind a particle is rather itself than a surname.
const COMMON: u8 = 45;

/// What follows "de" and is no name.
const LATIN: &[&str] = &["facto", "novo"];

/// Letters behind a name, beside those of the royal colleges, which all begin alike.
const QUALIFICATIONS: &[&str] = &[
    "bchir", "bsc", "ffarcsi", "fficm", "mbbs", "mbchb", "mchir", "mpharm", "mphil", "msc", "pgcert",
    "pgdip", "phd",
];

/// Words that end a job's title and are in no list of roles, or of what only a job is said of.
const JOBS: &[&str] = &["fellow", "practitioner", "prescriber", "rota", "specialist"];
/// How such words end.
const JOB_ENDINGS: &[&str] = &["iatrician", "iatrist", "ologist", "scopist", "sthetist"];

/// The letters of an abbreviated label at most: "Asst:".
const LABEL: usize = 5;

/// Titles that are surnames too behind a first name.
const TITLES: ClassSet = ClassSet::of(&[Class::TitleAny, Class::TitleStaff]);

/// Titles of nobility, which are no part of the name behind them.
pub(crate) const NOBLE: &[&str] = &["baroness", "dame", "lady", "lord", "sir", "viscount"];

/// Whether the letters are those of a royal college or on the list.
fn is_qualification(token: &Token, word: &str) -> bool {
    let royal = word.len() >= 4 && (word.starts_with("frc") || word.starts_with("mrc"));
    royal || token.cues.has(Cue::Aside) && QUALIFICATIONS.contains(&word)
}

/// The words that begin what [`Finder::nobody`] looks for, beside jobs and the letters of the royal colleges.
pub(super) fn asides() -> impl Iterator<Item = &'static str> {
    [QUALIFICATIONS, LATIN].into_iter().flatten().copied().chain(["ab", "justice"])
}

fn ends_as_job(word: &str) -> bool {
    JOBS.contains(&word) || JOB_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

impl Finder<'_> {
    /// Whether a single letter after a name is that person's initial: no side ("L leg"), no result ("K 2.9"), no blood
    /// group ("O neg"), no short word ("w").
    pub(super) fn is_closing_initial(&self, index: usize) -> bool {
        let Some(token) =
            self.token(index).filter(|token| token.is_word() && token.len() == 1 && token.spaced)
        else {
            return false;
        };
        let next = self.token(index + 1);
        let ends = next.is_none_or(|next| matches!(next.kind, TokenKind::Newline | TokenKind::Punct));
        let short = SHORT_WORDS.contains(&self.word(index)) && !token.is_capitalised();
        let word = matches!(self.word(index), "i" | "x") || short && !ends;
        if word && !self.is_placed_initial(index) || self.is_blocked(index) {
            return false;
        }
        match next.map(|next| next.kind) {
            None | Some(TokenKind::Newline) => true,
            Some(TokenKind::Punct) => !self.is_symbol(index),
            Some(TokenKind::Number | TokenKind::Mixed) => !self.is_reading(index),
            Some(TokenKind::Word) => !self.begins_term(index) && !self.is_side(index),
        }
    }

    /// Whether a letter behind a name, though a word too, stands where only an initial does: before an age with its sex or
    /// a number of the patient's, "patel r 67m"; behind a title, before a bed, "mr shah n bed 4".
    fn is_placed_initial(&self, index: usize) -> bool {
        let Some(end) = self.token(index).map(|token| token.full_end as usize) else { return false };
        let titled = || index.checked_sub(1).is_some_and(|name| self.is_titled(name));
        self.age_and_sex_follow(end)
            || self
                .follows(end, |raw| raw.label.is_patients_number() || raw.label == Label::WardBed && titled())
    }

    /// Whether two letters that are no word stand behind a name, before an age with its sex or a number of the patient's:
    /// "singh rk 57f".
    pub(super) fn is_pair(&self, index: usize) -> bool {
        let Some(token) = self.token(index).filter(|token| token.is_word() && token.len() == 2) else {
            return false;
        };
        let entry = token.entry;
        let term = entry.has(Class::Ordinary)
            || [NEVER, TECHNICAL, ABBREVIATIONS].iter().any(|no| entry.has_any(*no));
        let end = token.full_end as usize;
        !term
            && token.spaced
            && (self.age_and_sex_follow(end) || self.follows(end, |raw| raw.label.is_patients_number()))
    }

    /// Whether the mark after the letter makes it a chemical, a result or half of an abbreviation: "K+", "B +ve",
    /// "T: 38", "N+V", "R/V", "D-dimer", "K ↑".
    fn is_symbol(&self, index: usize) -> bool {
        let (Some(mark), after) = (self.token(index + 1), self.token(index + 2)) else { return false };
        let figure = after.is_some_and(|after| after.kind == TokenKind::Number);
        let glued = !mark.spaced && after.is_some_and(|after| !after.spaced);
        let side = matches!(self.word(index), "l" | "r");
        match self.word(index + 1) {
            "+" => !mark.spaced || figure || self.word(index + 2) == "ve",
            "=" | "<" | ">" | "~" | "^" => !mark.spaced || figure,
            ":" => figure && !self.beside_identifier(index + 2),
            "-" => glued || self.word(index + 2) == "ve",
            "/" => glued && !self.name_like(index + 2, index),
            "#" => side,
            // "L ?DVT"
            "?" => {
                side && after.is_some_and(|after| !after.spaced) && !OF_PEOPLE.contains(&self.word(index + 2))
            }
            "↑" | "↓" => true,
            _ => false,
        }
    }

    /// Whether the figure after the letter is what it measures: a part of a figure, or as large as such figures are.
    fn is_reading(&self, index: usize) -> bool {
        let letter = self.word(index);
        if self.beside_identifier(index + 1) {
            return false;
        }
        if self.token(index + 1).is_some_and(|next| next.kind == TokenKind::Mixed) {
            let unit = self.word(index + 1).trim_start_matches(|figure: char| figure.is_ascii_digit());
            return UNITS.contains(&unit);
        }
        let figures = |at| self.token(at).is_some_and(|next| next.kind == TokenKind::Number && !next.spaced);
        let glued = self.token(index + 2).is_some_and(|mark| !mark.spaced);
        let part =
            glued && (self.is_punct(index + 2, "%") || self.is_punct(index + 2, "./") && figures(index + 3));
        let value = self.word(index + 1).parse().unwrap_or(u32::MAX);
        part || READINGS
            .iter()
            .any(|(reading, least, most)| *reading == letter && (*least..=*most).contains(&value))
    }

    /// Whether the figure is an age with a sex, a date of birth or such, or one stands right after it: "82M", "54, bed 3".
    fn beside_identifier(&self, index: usize) -> bool {
        let Some(token) = self.token(index) else { return false };
        let at = self.numbers.partition_point(|raw| raw.end <= token.start as usize);
        self.numbers
            .get(at)
            .is_some_and(|raw| neighbour_weight(raw.label).is_some() && raw.start <= token.end as usize + 2)
    }

    /// Whether the letter and the word after it are one clinical term: "C diff", "P wave", "O neg".
    fn begins_term(&self, index: usize) -> bool {
        let (letter, after) = (self.word(index), self.word(index + 1));
        LETTERED.iter().any(|(first, words)| *first == letter && words.contains(&after))
    }

    /// Whether the letter is the side of what follows: "L leg", "R NOF", "l sided weakness".
    fn is_side(&self, index: usize) -> bool {
        const CLINICAL: ClassSet =
            ClassSet::of(&[Class::Clinical, Class::Device, Class::Eponym, Class::Score]);
        let Some(next) = self.token(index + 1).filter(|_| matches!(self.word(index), "l" | "r")) else {
            return false;
        };
        let word = self.word(index + 1);
        if matches!(word, "and" | "or") {
            return matches!(self.word(index + 2), "l" | "r");
        }
        if SIDED.contains(&word) {
            return true;
        }
        let named = next.entry.given().max(next.entry.surname()) >= 2;
        // "Turner L bed 4", "Turner L dob 3/3/41".
        if named
            || OF_PEOPLE.contains(&word)
            || next.entry.has_any(NEVER)
            || self.cue(index + 1, Cue::PersonVerb)
            || self.beside_identifier(index + 1)
        {
            return false;
        }
        next.entry.has_any(CLINICAL)
            || match next.case {
                Case::Lower => next.entry.zipf_tenths() < SENTENCE,
                Case::Upper => next.len() <= 4 && !self.document.shouts(),
                Case::Capital | Case::Mixed => false,
            }
    }

    /// Whether the word is a particle of surnames, the second of "mac an tsaoir" with them.
    pub(super) fn is_particle(&self, index: usize) -> bool {
        self.cue(index, Cue::Particle)
            || self.word(index) == "an" && index.checked_sub(1).is_some_and(|mac| self.word(mac) == "mac")
    }

    /// Whether the word stands in surnames, before another word of them or as one by itself: "van Dijk", "Van".
    /// `None` where it is no particle at all.
    pub(super) fn particle_joins(&self, index: usize, first: usize) -> Option<bool> {
        if !self.is_particle(index) {
            return None;
        }
        let token = self.token(index)?;
        // "al-Amri".
        if self.is_punct(index + 1, "-") && self.token(index + 1).is_some_and(|mark| !mark.spaced) {
            return None;
        }
        let abbreviated = ABBREVIATED.contains(&self.word(index));
        let alone = token.case == Case::Capital
            && token.entry.surname() >= 2
            && !abbreviated
            && !self.document.titled();
        let follows = |at: usize| {
            let Some(name) = self.token(at).filter(|name| name.spaced && !self.document.is_apart(at)) else {
                return false;
            };
            if self.is_blocked(at) || self.is_latin(at) {
                return false;
            }
            // "van der berg": a surname that is an eponym too.
            let surname =
                name.entry.surname() >= 2 && name.entry.zipf_tenths() < COMMON && !name.entry.has_any(NEVER);
            let unknown = abbreviated && !name.is_capitalised() && sort_of(name.entry) == Sort::Unknown;
            surname || self.name_like(at, first) && !unknown
        };
        let second = self.is_particle(index + 1) && self.token(index + 1).is_some_and(|next| next.spaced);
        Some(alone || follows(index + 1) || second && follows(index + 2))
    }

    /// The first of the particles right before the word, where a bed or a title stands before them: "bed 4 bin rashid", "mr
    /// de la cruz". The word itself where there are none.
    pub(super) fn particles_before(&self, index: usize) -> usize {
        let Some(token) = self.token(index).filter(|token| token.spaced) else { return index };
        let mut start = index;
        while let Some(before) = start.checked_sub(1).filter(|_| index - start < 2) {
            let joins = self.is_particle(before)
                && self.token(before).is_some_and(|particle| {
                    particle.spaced && particle.is_capitalised() == token.is_capitalised()
                });
            if !joins || self.document.is_apart(before + 1) {
                break;
            }
            start = before;
        }
        if start == index {
            return index;
        }
        let titled = self.is_titled(start);
        // "bed 4 el lscs": elective.
        let sure = titled
            || index - start == 2
            || !ABBREVIATED.contains(&self.word(start))
            || self.age_and_sex_follow(token.full_end as usize);
        if sure && (titled || self.bed_before(start)) && !self.is_latin(index) { start } else { index }
    }

    /// Whether the word before a given name is the surname, as lists of patients have it, though a word too: "bed 1 price
    /// gwen 84".
    pub(super) fn is_surname_first(&self, first: usize) -> bool {
        let Some((surname, given)) =
            first.checked_sub(1).and_then(|before| self.token(before)).zip(self.token(first))
        else {
            return false;
        };
        surname.is_word()
            && given.spaced
            && given.entry.given() >= 2
            && surname.entry.surname() >= 2
            && surname.is_capitalised() == given.is_capitalised()
            && !surname.entry.has_any(NEVER)
            && !surname.entry.has_any(ABBREVIATIONS)
            && !self.cue(first - 1, Cue::Modal)
            && (self.bed_before(first - 1) || self.opens_with_bed(first - 1))
            && (self.follows(given.full_end as usize, |raw| raw.label == Label::Age)
                || self.token(first + 1).is_some_and(|age| age.kind == TokenKind::Number && age.len() == 2))
    }

    /// Whether a bed's code opens the line before the word, though nothing calls it one: "b1 price gwen 84".
    fn opens_with_bed(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|bed| {
            self.document.starts_line(bed)
                && self.token(bed).is_some_and(|token| token.len() <= 3 && token.kind == TokenKind::Mixed)
        })
    }

    /// Whether a title behind a first name is a surname: "Iqbal Sheikh", "Ruth Judge". Somebody named behind it bears it.
    pub(super) fn is_title_surname(&self, index: usize, first: usize) -> bool {
        let Some((token, given)) = self.token(index).zip(self.token(first)) else { return false };
        let entry = token.entry;
        let written = match token.case {
            Case::Capital => given.case == Case::Capital,
            // "ask tom porter".
            Case::Lower => {
                !given.is_capitalised()
                    && !entry.has(Class::StaffRole)
                    && self.follows(token.full_end as usize, |raw| neighbour_weight(raw.label).is_some())
            }
            Case::Upper | Case::Mixed => false,
        };
        written
            && token.is_word()
            && token.spaced
            && index == first + 1
            && given.entry.given() >= 2
            && entry.has_any(TITLES)
            && (entry.surname() >= 2 || entry.given().min(entry.surname()) >= 1)
            // "Sarah Bishop score 6", "Grace Constable ward".
            && !self.is_blocked(index)
            && !self.cue(index + 1, Cue::EponymNoun)
            && !self.is_taken(index)
            && !self.name_like(index + 1, index)
    }

    /// Whether the word is part of a place or an institution that was found.
    fn is_taken(&self, index: usize) -> bool {
        let Some(start) = self.token(index).map(|token| token.start as usize) else { return false };
        let at = self.words.partition_point(|raw| raw.end <= start);
        self.words.get(at).is_some_and(|raw| raw.start <= start)
    }

    /// Whether the word touches the one before, as the parts of "#SarahYoung" do.
    pub(super) fn is_glued(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| self.token(before));
        before.zip(self.token(index)).is_some_and(|(before, token)| {
            before.is_word() && token.is_word() && before.full_end == token.start
        })
    }

    /// Whether the word is the Crown in the name of a case: "Regina v Hollins".
    pub(super) fn is_crown(&self, index: usize) -> bool {
        matches!(self.word(index), "regina" | "rex") && matches!(self.word(index + 1), "v" | "vs")
    }

    /// Whether the word ends "de novo" or the like.
    pub(super) fn is_latin(&self, index: usize) -> bool {
        LATIN.contains(&self.word(index))
            && index.checked_sub(1).is_some_and(|before| self.word(before) == "de")
    }

    /// Whether the word after a name that goes from `first` to `last` is the label of the next field rather than its
    /// end: "Tunde Oyelaran Lang: Yoruba". A surname is common, or all that the name lacks.
    pub(super) fn is_label(&self, first: usize, last: usize) -> bool {
        let at = last + 1;
        let Some(token) = self.token(at).filter(|token| token.is_word() && token.len() > 1) else {
            return false;
        };
        if !self.is_punct(at + 1, ":") || self.speaks_again(at) {
            return false;
        }
        let forename = self.entry(last).given() >= 2 || !self.is_titled(first);
        let lacks = first == last && forename && !self.document.is_apart(at);
        match sort_of(token.entry) {
            Sort::Name if token.entry.surname() == 3 && !token.entry.has(Class::WordAndName) => false,
            Sort::Unknown => token.len() <= LABEL && !(lacks && self.shape(token) > 0.0),
            Sort::Word | Sort::Never => true,
            _ => !lacks,
        }
    }

    /// Whether the word after a name from `first` to `last` is no name by itself though it might be one elsewhere: a
    /// field's label, an abbreviation that is a particle too, a letter that is no initial.
    pub(super) fn is_aside(&self, first: usize, last: usize) -> bool {
        let at = last + 1;
        let Some(token) = self.token(at).filter(|token| token.is_word() && token.spaced) else {
            return false;
        };
        if token.len() > 1 {
            let abbreviated = ABBREVIATED.contains(&self.word(at));
            return self.is_label(first, last)
                || abbreviated && self.particle_joins(at, first) == Some(false);
        }
        // "C 12" can be a bay and a bed.
        let bed = matches!(self.word(at), "a" | "b" | "c" | "d" | "e" | "f")
            && self.token(at + 1).is_some_and(|next| next.kind == TokenKind::Number);
        // Letters spelled out are left to be found.
        let spelled = self.token(at + 1).is_some_and(|next| next.is_word() && next.len() == 1);
        !bed && !spelled && !self.is_closing_initial(at)
    }

    /// The end of what begins at the token and names nobody, whatever stands around it: a qualification with what stands
    /// in brackets behind it, "FRCS (Tr & Orth)"; a judge's title; a job; "AB neg"; "de novo".
    pub(super) fn nobody(&self, index: usize) -> Option<usize> {
        let token = self.token(index).filter(|token| token.is_word() && !token.entry.is_plain_word())?;
        if is_qualification(token, self.word(index)) {
            let inside = (index + 2..index + 8).find(|at| {
                self.token(*at).is_none_or(|token| !token.is_word()) && !self.is_punct(*at, "&/,.")
            });
            // "MRCP (Dr Patel to vet)" is a scan.
            let opens = self.is_punct(index + 1, "(") && self.word(index) != "mrcp";
            let closed = inside.filter(|at| opens && self.is_punct(*at, ")"));
            return Some(closed.unwrap_or(index) + 1);
        }
        let job = sort_of(token.entry) == Sort::Unknown && ends_as_job(self.word(index));
        if !job && !token.cues.has(Cue::Aside) {
            return None;
        }
        let group = self.word(index) == "ab" && (self.begins_term(index) || self.is_symbol(index));
        (job || group || self.is_judge(index) || self.is_latin(index)).then_some(index + 1)
    }

    /// Whether the word is part of a job rather than its holder's name: "Consultant Vascular Surgeon", "Nurse
    /// Prescriber", "Matron Rowan Ward".
    pub(super) fn is_of_job(&self, index: usize, sort: Sort) -> bool {
        let Some(before) = self.previous(index, "") else { return false };
        let title = self.entry(before);
        if !title.has(Class::TitleStaff)
            || !title.has(Class::StaffRole)
            || matches!(self.word(before), "dr" | "doctor")
        {
            return false;
        }
        let entry = self.entry(index);
        let known = entry.given().max(entry.surname());
        if ends_as_job(self.word(index)) || entry.has(Class::Clinical) && known < 2 {
            return true;
        }
        let ward = self.token(index + 1).is_some_and(|next| next.case == Case::Capital)
            && self.word(index + 1) == "ward"
            && self.token(index + 2).is_none_or(|after| after.kind != TokenKind::Number);
        if ward && entry.has(Class::WardName) {
            return true;
        }
        let is_job = |at: usize| self.entry(at).has(Class::StaffRole) || ends_as_job(self.word(at));
        let Some(next) = self.next(index, "") else { return false };
        let same_case = |at: usize| {
            self.token(at).map(|token| token.is_capitalised())
                == self.token(index).map(|token| token.is_capitalised())
        };
        let field = |at: usize| {
            same_case(at) && self.next(at, "").is_some_and(|after| same_case(after) && is_job(after))
        };
        match sort {
            Sort::Name | Sort::RareName => false,
            // "Consultant Upper GI".
            Sort::Word => is_job(next) || self.entry(next).has(Class::Clinical) || field(next),
            Sort::Unknown => same_case(next) && is_job(next) || field(next),
            _ => same_case(next) && is_job(next),
        }
    }

    /// Whether the word is the title of a judge: "Mr Justice Peel", "Lady Justice King". A patient may be called so:
    /// "Mr Justice Obi, bed 4".
    pub(super) fn is_judge(&self, index: usize) -> bool {
        self.word(index) == "justice"
            && self
                .token(index + 1)
                .is_some_and(|name| name.is_capitalised() && name.spaced && self.name_like(index + 1, index))
            && self
                .previous(index, ".")
                .is_some_and(|before| matches!(self.word(before), "mr" | "mrs" | "ms" | "lord" | "lady"))
            && !self.beside_patient_number(index, index + 1)
    }

    /// Whether the word is a title of nobility before a name: "Lord Bingham".
    pub(super) fn is_noble(&self, index: usize) -> bool {
        NOBLE.contains(&self.word(index)) && (self.name_like(index + 1, index) || self.is_judge(index + 1))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Detector, Finding, Label, Role};

    fn people(text: &str) -> Vec<Finding> {
        let mut found = Detector::new().scan(text);
        found.retain(|finding| finding.label == Label::Person);
        found
    }

    /// Holds the people found in each text against those marked in it.
    fn check(marked: &[&str]) {
        let mut failures = Vec::new();
        for marked in marked {
            let text = marked.replace("[[", "").replace("]]", "");
            let mut shown = text.clone();
            for finding in people(&text).iter().rev() {
                shown.insert_str(finding.span.end(), "]]");
                shown.insert_str(finding.span.start(), "[[");
            }
            if shown != *marked {
                failures.push(format!("{shown:?}, wanted {marked:?}"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn sides_results_and_groups_after_a_name_stay() {
        check(&[
            "Mrs [[Okafor]] L leg swollen",
            "Mrs [[Okafor]] L Leg swollen",
            "MRS [[OKAFOR]] L LEG SWOLLEN TODAY",
            "mrs [[okafor]] l leg swollen",
            "Mr [[Haddow]] R NOF for theatre",
            "Mr [[Haddow]] R #NOF",
            "Mr [[Haddow]] R sided weakness",
            "Mr [[Haddow]] L and R knees",
            "[[Turner L]] discharged, [[Clark R]] asleep",
            "[[Okafor L]] nbm",
            "Consent [[Haddow]] R TKR",
            "Mr [[Okafor]] B neg xm 2",
            "Mr [[Okafor]] O neg",
            "Mr [[Okafor]] AB neg",
            "Mr [[Okafor]] AB +ve",
            "Mr [[Okafor]] L ?DVT",
            "Mr [[Okafor]] B +ve",
            "Mr [[Haddow]] T 38.5",
            "Mr [[Haddow]] C diff +ve",
            "Mr [[Haddow]] A fib",
            "Mr [[Haddow]] D dimer",
            "Mr [[Haddow]] D-dimer",
            "Mr [[Haddow]] P wave",
            "Mr [[Haddow]] S aureus",
            "[[Haddow]] K+ 5.9",
            "Mrs [[Okafor]] K+ 6.1",
            "[[bankole]] K+ 5.9",
            "[[bankole]] K 5.9, repeat",
            "Mrs [[Okafor]] K: 6.1",
            "Mrs [[Okafor]] K 6",
            "Mrs [[Okafor]] N+V",
            "Mrs [[Okafor]] B+ve",
            "Mrs [[Okafor]] H+ 52",
            "Mrs [[Okafor]] R/V by 5",
        ]);
        check(&[
            "[[Turner L]] 82M",
            "[[Patel R]]. 54M",
            "[[Osei K]], bed 4",
            "[[Turner L]]: 82M",
            "[[Sharon P]]: express, top up",
            "[[Oonagh T]] 15min",
            "[[Yesufu T]] 40h s2",
            "[[Turner L]] bed 4",
            "[[Turner L]] dob 3/3/41",
            "[[Turner L]] is in bed 4",
            "[[Turner L]] reviewed by the reg",
            "[[Turner L]] 82, chest pain",
            "[[Bano S]] 42, bed 3",
            "[[Ahmed T]] 76, bed 3",
            "[[Smith P]] 72, bed 3",
            "bloods for [[Okafor L]]",
            "[[Okafor R]] (82)",
        ]);
    }

    #[test]
    fn a_model_is_kept_from_what_is_no_part_of_a_name() {
        let detector = Detector::new();
        let (mut scratch, mut reading) = (crate::Scratch::default(), crate::Reading::default());
        for (text, word) in [
            ("Mr Haddow T 38.5", "T"),
            ("mrs khan del 0410", "del"),
            ("Tunde Oyelaran Lang: Yoruba", "Lang"),
            ("Mr A K Banerjee FRCS(Orth)", "Orth"),
            ("before Mr Justice Peel", "Justice"),
        ] {
            detector.read(&mut scratch, text, &mut reading);
            let mut blocked = reading.words().iter().filter(|read| read.features.is_blocked());
            assert!(blocked.any(|read| read.span.of(text) == Some(word)), "{text}");
        }
    }

    #[test]
    fn an_observation_is_no_age() {
        for text in ["Mr Okafor T 39", "Mr Okafor T 38, P 90", "Mr Okafor R 24", "Mr Okafor S 94"] {
            assert!(Detector::new().scan(text).iter().all(|finding| finding.label != Label::Age), "{text}");
        }
    }

    #[test]
    fn particles_need_a_name_behind_them() {
        check(&[
            "mrs [[khan]] del 0410 svd ebl 300",
            "Mrs [[Khan]] Del 0410 svd ebl 300",
            "mrs [[walsh]] el lscs thurs",
            "Mrs [[Walsh]] El LSCS thurs",
            "mr [[patel]] de novo af",
            "Mr [[Patel]] De Novo AF",
            "mr [[patel]] du perf",
            "mrs [[cole]] del 0522",
            "mrs [[clarke]] del 3.2kg",
            "mrs [[cole]] del boy 3.2kg",
            "[[Pieter van Dijk]] bed 4",
            "[[pieter van dijk]] bed 4",
            "[[Pedro da Silva]] bed 4",
            "[[pedro da silva]] bed 4",
            "[[Carlos de la Cruz]] bed 4",
            "dr [[van der berg]] says",
            "Ms [[Zainab Al-Rubaie]] asked",
        ]);
    }

    #[test]
    fn names_end_before_the_next_field() {
        check(&[
            "Patient: [[Tunde Oyelaran]]\tProc: lap chole",
            "Mr [[V Rao]]  Asst: Dr [[Lim]]",
            "Mr [[Rao]]\tAsst:",
            "[[Joan Harker]]    Diag: CCF",
            "Patient: [[Tunde Oyelaran]] Lang: Yoruba",
            "[[Joan Harker]]  Freq: 2",
            "[[Joan Harker]]   Hosp: no",
            "[[Tunde Oyelaran]]  Unit: cardiac",
            "saw [[Joan  Harker]] yesterday, she is well",
            "[[Joan Harker]]: bloods are back",
            "[[Sunita Patel]]: bloods are back",
            "Dr [[Sunita Harker]]: bloods are back",
            "line out 8 [[Fan Xiuying]]: AFB neg x2, bed 4",
            "Mr [[Okafor]] Lang: Yoruba",
            "[[Joan Okezieh]]: AFB neg",
        ]);
        check(&[
            "Patient name: [[Ann Smith]] Ward: 12",
            "Patient name: [[Ann Kowalski]]\tWard: 12",
            "Patient name: [[Ann Pugh]]    Suite: 12",
            "Name: [[J. Smith]] Ward/bed: 12/4",
            "Name: [[Ann Smith-Jones]] Ward no: 12",
            "Surname: [[Smith]] Ward: 12",
            "Cons: [[PATEL]] Ward: AMU",
            "[[Ravi Patel]] Clinic: 12",
            "Name: [[Ravi Patel]] House: 12",
            "Name: [[Ravi Patel]] Care home: none",
            "[[Dilys Pugh]] Street: 14 Oak",
            "Name: [[Dilys Pugh]] Road: 14 Oak",
            "Larkhill Surgery: please ring",
            "Victoria Park Surgery: please ring",
            "GP: Larkhill Surgery: please ring",
            "Willow Ward: please ring",
        ]);
    }

    #[test]
    fn a_dash_between_blanks_ends_a_name() {
        check(&[
            "[[Anne Doyle]] - school nurse rang re asthma plan",
            "[[Anne Doyle]] – practice nurse rang",
            "Mrs [[Pugh]] - hospital pharmacist rang",
            "Seen by [[Anne Doyle]] - school nurse",
            "NOK: [[Anne Doyle]] - church friend",
            "[[Anne Doyle]] & school nurse",
            "Barton-upon-Humber surgery rang",
            "pugh & sons 10am",
        ]);
        for (text, name) in [
            ("Larkhill Surgery: please ring", "Larkhill Surgery"),
            ("GP: Larkhill Surgery: please ring", "Larkhill Surgery"),
            ("referral from Hawthorn B, Greatholm Infirmary: seen", "Greatholm Infirmary"),
            ("Barton-upon-Humber surgery rang", "Barton-upon-Humber surgery"),
            ("Marks & Pugh Solicitors rang", "Marks & Pugh Solicitors"),
            ("pugh & sons 10am", "pugh & sons"),
        ] {
            let found = Detector::new().scan(text);
            let mut places = found.iter().filter(|finding| finding.label == Label::Organisation);
            assert!(places.any(|finding| finding.span.of(text) == Some(name)), "{text}");
        }
    }

    #[test]
    fn jobs_and_qualifications_are_nobody() {
        check(&[
            "Mr [[A K Banerjee]] FRCS (Tr&Orth)",
            "Mr [[A K Banerjee]] FRCS (Tr & Orth)",
            "Mr [[A K Banerjee]] FRCS(Orth)",
            "Mr [[A K Banerjee]] FRCS(Glas)",
            "Mr [[A K Banerjee]] FRCP (Edin)",
            "Mr [[A K Banerjee]] FRCP (Lond)",
            "Mr [[A K Banerjee]] FRCS (Oto)",
            "MRCP ([[Patel]])",
            "Consultant Orthopaedic Surgeon",
            "Mr [[V Rao]], Consultant Cardiothoracic Surgeon",
            "Mr [[V Rao]], Consultant Plastic Surgeon",
            "Mr [[V Rao]], Consultant Trauma Surgeon",
            "Mr [[V Rao]], Consultant Upper GI",
            "Mr [[V Rao]], Consultant Upper GI Surgeon",
            "Dr [[V Rao]], Consultant Forensic Psychiatrist",
            "Dr [[V Rao]], Consultant Clinical Neurophysiologist",
            "Consultant Perioperative Anaesthetist",
            "Nurse Endoscopist",
            "Nurse Prescriber",
            "Specialist Nurse Practitioner",
            "Matron Orthopaedic",
            "Sister Juniper Ward",
            "Matron Rowan Ward",
            "Consultant Rota",
            "Nurse [[Patel]] asked surgeon",
            "Consultant [[Patel]], surgeon",
            "Sister [[Ann Okafor]]",
        ]);
    }

    #[test]
    fn greetings_and_titles_stay_outside() {
        check(&[
            "Rgds [[Bob]]",
            "Rgds [[Priya]]",
            "Brgds [[Anna]]",
            "heard before Mr Justice [[Peel]] today",
            "MR JUSTICE [[HOLROYDE]]",
            "Lady Justice [[King]]",
            "Lord Justice [[Baker]]",
            "Lord [[Bingham]]",
            "Mrs [[Justice]] in bed 4",
            "Mr [[Justice Obi]], bed 4",
            "before Mrs Justice [[Yip]] today",
            "Mrs [[Justice Obi]], bed 4",
            "Regina v [[Hollins]]",
            "[[Regina Hollins]] bed 4",
            "Mrs [[Grace Obi]] in bed 4",
        ]);
        for text in ["heard before Mr Justice Peel today", "Lady Justice King", "Lord Justice Baker"] {
            assert!(people(text).iter().all(|finding| finding.role == Some(Role::Other)), "{text}");
        }
    }

    #[test]
    fn letters_that_are_words_are_initials_where_only_those_stand() {
        check(&[
            "bed 9 [[patel r]] 67m",
            "w12 b3 [[kaur n]] 24f",
            "bed 4 [[singh r]] 999 123 4551",
            "bed 4 [[singh i]] 67m",
            "mr [[shah n]] bed 4",
            "bed 18 [[r patel]] 57f",
            "bed 25 [[y patel]] 64m",
            "mr [[r. singh]] bed 4",
            "mr [[n shah]] for discharge",
            "mr [[w brown]] for discharge",
            "dr [[a khan]] aware",
            "bed 4 [[singh rk]] 57f",
            "[[Patel RK]] 57F",
            "[[Smith J.R.]] bed 4",
            "[[singh a.n.]] bed 4",
        ]);
        check(&[
            "mr [[evans]] w chest pain",
            "mrs [[khan]] r leg",
            "mr [[patel]] i think for home",
            "[[patel]] a 67 yo man with cap",
            "need [[patel]] n bed 4 scanned",
            "bed 4 [[patel]] dc 57f",
            "[[singh]] dm 57f",
            "mr r may go",
            "miss a long shift",
            "dr a round at 9",
            "mr [[patel]] p.o. fluids",
            "mr [[patel]] t.t.o. done",
        ]);
    }

    #[test]
    fn the_words_between_a_bed_and_an_age_are_the_name() {
        check(&[
            "bed 4 [[bin rashid]] 33m",
            "bed 7 [[mac an tsaoir]]",
            "bed 11 [[umm kulthum]] 54f",
            "bed 8 [[ni bhriain]] 54f",
            "bed 5 [[de la cruz]] 60f",
            "bed 5 [[ap rhys]] 60m",
            "mrs [[de la cruz]] for ct",
            "mr [[mac an tsaoir]] bed 4",
            "b1 [[price gwen]] 84 cap",
            "bed 4 [[long gwen]] 84f",
            "bed 2 [[do]] 41m",
            "bed 3 [[so]] 55f",
            "bed 4 so tired",
            "bed 4 do 4 hrly obs",
            "bed 4 new 57f",
            "bed 4 lady 87f",
            "bed 4 el lscs 32f",
            "bed 4 de novo af 60m",
            "bed 4 bin full",
            "4 may jean 84",
        ]);
    }

    #[test]
    fn a_title_behind_a_first_name_is_a_surname() {
        check(&[
            "Mr [[Iqbal Sheikh]] bed 4",
            "[[Zara Imam]] bed 4",
            "[[Jo Canon]] bed 4",
            "[[Ann Constable]] bed 4",
            "[[Tom Bishop]] bed 4",
            "Patient [[Ruth Judge]] for CT",
            "mr [[iqbal sheikh]] bed 4",
            "[[Sarah]] Bishop score 7",
            "Grace Constable ward",
            "[[Ann]], nurse on 4B",
            "[[Ann]] Sister on 4B",
            "[[Sarah]] Pharmacist to see",
            "Sheikh [[Hamdan]] rang",
            "[[Ann]] Sheikh [[Hamdan]]",
            "ask tom porter",
        ]);
        let roles = people("Mr Iqbal Sheikh bed 4");
        assert!(roles.iter().all(|finding| finding.role == Some(Role::Patient)));
    }

    #[test]
    fn hashtags_fall_into_their_words() {
        check(&[
            "#PrayFor[[Sarah]]",
            "#[[HannahBrown]]",
            "#[[SarahYoung]]",
            "#[[HannahWu]]",
            "#RIP[[Margaret]]",
            "#RIP[[DerekHollins]]",
            "#JusticeFor[[Tyrone]]",
            "#ThankYou[[Sarah]]",
            "#EndPJParalysis #RedToGreen",
            "#HelloMyNameIs #DementiaAwareness",
            "#BrownBagLunch #MarkTheDay",
            "#RoseCottage #MayDay",
        ]);
    }

    #[test]
    fn marks_of_mail_and_of_numbers_are_no_initials() {
        check(&[
            "RE: FW: RE: theatre list",
            "Re: Fw: discharge letters",
            "RE: [[JS]]",
            "Patient I.D. band checked",
            "Patient I.D. number 4471",
            "N.I. No. QQ123456C",
            "N.I. number not held",
            "N.H.S. no 999 526 0182",
            "pt [[N.I.]] bed 4",
        ]);
    }

    #[test]
    fn a_dose_makes_no_name_of_a_drug() {
        check(&[
            "rami 40 od, asp 75",
            "on val 500mg bd",
            "start sita 100 mg",
            "[[rami]] in bed 4",
            "mr [[val]] 10 mg",
        ]);
    }

    #[test]
    fn no_name_begins_inside_another() {
        let text = "Hope ".repeat(200);
        for pair in people(&text).windows(2) {
            assert!(pair[0].span.end() <= pair[1].span.start());
        }
        assert!(people(&"a.".repeat(200)).is_empty());
        assert!(people("pt D.M. in bed 4").iter().any(|finding| finding.rule == "person_initials"));
    }

    #[test]
    fn only_what_speaks_for_a_name_is_a_reason() {
        let reasons = |text| people(text).into_iter().flat_map(|finding| finding.evidence).map(|why| why.0);
        assert!(reasons("Mr Darby toast").any(|why| why == "a title stands before it"));
        assert!(reasons("Mr Darby toast").all(|why| why != "goods follow it"));
        assert!(reasons("Mr Bingham").all(|why| why != "it can be a place or an institution"));
    }
}
