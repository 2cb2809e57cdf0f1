//! Places, organisations, named wards, occupations and backgrounds: what the dictionary lists, and what an unknown
//! capitalised word is by the word at its end or the preposition before it.

use crate::Label;
use crate::cues::Cue;
use crate::dictionary::{Class, ClassSet, Dictionary, Entry};
use crate::document::Document;
use crate::finding::Raw;
use crate::names::NOBLE;
use crate::token::{Case, Token, TokenKind};

/// Prepositions after which a name is a place or an institution.
const LOCATIVES: &[&str] = &[
    "at",
    "in",
    "from",
    "near",
    "to",
    "outside",
    "around",
    "via",
    "over",
    "off",
    "into",
    "towards",
    "nr",
    "frm",
    "fr",
    "@",
    "xfer",
    "transfer",
    "transferred",
    "moved",
    "moving",
    "lives",
    "living",
    "of",
    "based",
];

/// The stronger of them: a person does not usually follow.
const STRONG_LOCATIVES: &[&str] =
    &["at", "in", "near", "outside", "around", "via", "lives", "living", "nr", "based", "into"];

/// Words that end the name of a road, a landmark or a part of a town, where no house number stands before it.
const LANDMARKS: &[&str] = &[
    "airport",
    "arcade",
    "avenue",
    "beach",
    "bridge",
    "bypass",
    "canal",
    "castle",
    "cathedral",
    "common",
    "crescent",
    "estate",
    "ferry",
    "flyover",
    "green",
    "harbour",
    "heath",
    "high street",
    "hill",
    "interchange",
    "island",
    "junction",
    "lane",
    "lanes",
    "library",
    "market",
    "mall",
    "marina",
    "moor",
    "parade",
    "park",
    "pier",
    "promenade",
    "quay",
    "quays",
    "rd",
    "reservoir",
    "road",
    "roundabout",
    "rye",
    "services",
    "sq",
    "square",
    "st",
    "station",
    "stn",
    "street",
    "terminal",
    "tunnel",
    "underpass",
    "viaduct",
    "woods",
];

/// The landmark words that are too ordinary to end a name in lower case, or after one ordinary word.
const WEAK_LANDMARKS: &[&str] =
    &["common", "green", "hill", "library", "market", "park", "services", "st", "station", "woods", "island"];

/// Words after a background that show it is somebody's.
const BACKGROUND_FOLLOWERS: &[&str] = &[
    "speaking",
    "speaker",
    "speakers",
    "interpreter",
    "interp",
    "interpreters",
    "national",
    "lady",
    "gent",
    "gentleman",
    "man",
    "woman",
    "male",
    "female",
    "boy",
    "girl",
    "family",
    "origin",
    "only",
    "community",
    "heritage",
    "background",
    "chaplain",
    "priest",
    "patient",
    "pt",
    "mum",
    "dad",
    "passport",
    "descent",
    "faith",
    "couple",
    "student",
    "nurse",
    "carer",
];

/// Words before a background that show it is somebody's.
const BACKGROUND_LEADS: &[&str] = &[
    "speaks",
    "speak",
    "speaking",
    "is",
    "she's",
    "he's",
    "hes",
    "shes",
    "ethnicity",
    "religion",
    "faith",
    "language",
    "nationality",
    "originally",
    "practising",
    "devout",
    "needs",
    "from",
];

/// Words before a word for an institution that leave it without a name.
const GENERIC_LEADS: &[&str] = &[
    "a", "another", "any", "both", "each", "every", "her", "his", "my", "no", "our", "refused", "same",
    "some", "that", "the", "their", "this", "your",
];

/// Words before the name of an institution, and never in it.
const LEADS: &[&str] =
    &["at", "back", "by", "for", "from", "in", "near", "of", "off", "on", "to", "via", "with"];

const TITLES: ClassSet = ClassSet::of(&[Class::TitleAny, Class::TitleStaff, Class::TitleKin]);

/// Labels of a form behind which somebody's name stands, beside the roles and the words for a patient.
const NAME_LABELS: &[&str] = &[
    "cons",
    "firstname",
    "forename",
    "forenames",
    "kin",
    "lastname",
    "name",
    "names",
    "nok",
    "surname",
    "surnames",
];

/// Words that such a label may end in.
const LABEL_TAILS: &[&str] =
    &["address", "bed", "date", "id", "name", "no", "number", "num", "tel", "time", "type"];

/// How many words of a name may stand before the label of the next field.
const NAME_WORDS: usize = 5;

/// Whether it stands beside a person's name: "Jack Russell, dob 1/2/34".
fn is_personal(label: Label) -> bool {
    matches!(label, Label::Age | Label::DateOfBirth) || label.is_patients_number()
}

/// How many bytes may lie between.
const PERSONAL_GAP: usize = 8;

/// Words behind which a name is that of a ward: "on Rose bed 2".
pub(crate) const WARD_LEADS: &[&str] = &["at", "from", "in", "on", "onto", "to", "ward"];

/// Nouns that make a nationality a technical term.
const BACKGROUND_STOPS: &[&str] =
    &["flu", "measles", "gauge", "fr", "dressing", "remover", "nails", "gp", "summer", "tea", "coffee"];

/// Finds dictionary entries other than personal names.
///
/// `blocked` gets the token ranges of listed phrases that hold no identifier, such as "glasgow coma scale": no name is
/// sought in them.
pub(crate) fn scan(
    document: &Document,
    dictionary: &Dictionary,
    numbers: &[Raw],
    found: &mut Vec<Raw>,
    blocked: &mut Vec<(usize, usize)>,
) {
    let finder = Finder { document, dictionary, numbers };
    let mut index = 0;
    while index < document.tokens().len() {
        let phrase = if finder.entry(index).has(Class::PhraseStart) { finder.phrase(index) } else { None };
        let phrase =
            phrase.filter(|(len, classes)| !(classes.meets(HARMLESS) && finder.names_somebody(index, *len)));
        if let Some((len, classes)) = phrase
            && !classes.meets(NAMED)
            && classes.meets(HARMLESS)
        {
            blocked.push((index, index + len));
            index += len;
        } else {
            index = finder.at(index, phrase, found).max(index + 1);
        }
    }
}

/// The classes of phrases that hold no identifier.
const HARMLESS: ClassSet = ClassSet::of(&[
    Class::NotPerson,
    Class::Eponym,
    Class::Clinical,
    Class::Device,
    Class::Drug,
    Class::Score,
    Class::NationalBody,
    Class::Country,
]);

/// The classes of phrases that name a place or an institution.
const NAMED: ClassSet = ClassSet::of(&[Class::Hospital, Class::HospitalShort, Class::Service, Class::Place]);

/// Classes of technical terms, which name no place.
const TECHNICAL: ClassSet = ClassSet::of(&[
    Class::Clinical,
    Class::Drug,
    Class::Eponym,
    Class::Device,
    Class::Score,
    Class::NotPerson,
    Class::UnitGeneric,
    Class::NationalBody,
    Class::Country,
    Class::Weekday,
    Class::Month,
    Class::StaffRole,
]);

/// Classes of words that end the name of a street or a building.
const LOCAL: ClassSet = ClassSet::of(&[Class::OrgHeadWeak, Class::StreetType, Class::Building]);

/// Classes of lower-case words that are no part of an institution's name.
const NOT_NAMING: ClassSet = ClassSet::of(&[
    Class::Ordinary,
    Class::Clinical,
    Class::Drug,
    Class::StaffRole,
    Class::UnitGeneric,
    Class::NationalBody,
    Class::WardWord,
    Class::NotPerson,
]);

struct Finder<'d> {
    document: &'d Document,
    dictionary: &'d Dictionary,
    numbers: &'d [Raw],
}

/// Whether the word comes before a saint's name.
fn is_saint(word: &str) -> bool {
    matches!(word, "st" | "saint")
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

    /// The word just before on the same line, with nothing but space (or a bracket) between.
    fn before(&self, index: usize) -> Option<usize> {
        (0..index).rev().find_map(|at| {
            let word = || self.word(at);
            match self.token(at)?.kind {
                TokenKind::Newline => Some(None),
                TokenKind::Punct if matches!(word(), "(" | ":" | "\"" | "'" | "-" | "=") => None,
                TokenKind::Punct if word() == "@" => Some(Some(at)),
                TokenKind::Punct => Some(None),
                _ => Some(Some(at)),
            }
        })?
    }

    fn before_word(&self, index: usize) -> &str {
        self.before(index).map_or("", |at| self.word(at))
    }

    fn push(
        &self,
        found: &mut Vec<Raw>,
        range: (usize, usize),
        label: Label,
        confidence: f32,
        why: &'static str,
    ) {
        let (Some(first), Some(last)) = (self.token(range.0), self.token(range.1)) else { return };
        let range = (first.start as usize, last.end as usize);
        found.push(Raw::plain(range, label, confidence, rule_of(label), why));
    }

    /// Looks at what starts at the token; gives the index to go on from.
    fn at(&self, index: usize, phrase: Option<(usize, ClassSet)>, found: &mut Vec<Raw>) -> usize {
        let Some(token) = self.token(index) else { return index + 1 };
        if !token.is_word() || phrase.is_none() && token.case == Case::Lower && token.entry.is_plain_word() {
            return index + 1;
        }
        let entry = token.entry;
        if let Some((len, classes)) = phrase
            && len > 1
        {
            // "St Luke's hospice": the short name of a hospital is the start of another institution's.
            let heads =
                classes.has(Class::HospitalShort) && self.entry(index + len).has(Class::OrgHeadStrong);
            if heads && let Some(next) = self.headed(index, found) {
                return next;
            }
            return self.phrase_at(index, len, classes, found);
        }
        if let Some(next) = self.headed(index, found) {
            return next;
        }
        if let Some(next) = self.named_ward(index, found) {
            return next;
        }
        if let Some(next) = self.landmark(index, found) {
            return next;
        }
        if self.single(index, token, entry, found) {
            return index + 1;
        }
        self.unknown_place(index, token, entry, found)
    }

    /// The longest listed phrase that starts at the token: how many tokens it takes, and its classes.
    fn phrase(&self, index: usize) -> Option<(usize, ClassSet)> {
        let joins = |token: &Token| {
            token.kind == TokenKind::Punct && matches!(self.document.word(token), "-" | "&" | "." | "/")
        };
        let tokens = self.document.tokens().get(index..)?;
        let words = || {
            tokens
                .iter()
                .enumerate()
                .take_while(|(_, token)| {
                    !matches!(token.kind, TokenKind::Newline)
                        && (token.kind != TokenKind::Punct || joins(token))
                })
                .filter(|(_, token)| token.kind != TokenKind::Punct)
        };
        let phrase =
            self.dictionary.phrase_of(words().map(|(_, token)| (self.document.word(token), token.hash)))?;
        let (last, _) = words().nth(phrase.words() - 1)?;
        // "B.M." is somebody's initials, and "B&M" is the shop.
        if self.document.word_at(index + 1) == "."
            && words().take(phrase.words()).all(|(_, token)| token.len() == 1)
        {
            return None;
        }
        Some((last + 1, phrase.classes()))
    }

    /// Whether a listed phrase is a full name, and the message speaks of a person there: "Mr Jack Russell", "tom collins
    /// 78M". A bed is no such evidence: "ivor lewis bed 4" is an operation.
    fn names_somebody(&self, index: usize, len: usize) -> bool {
        if len != 2 || self.entry(index).given() < 2 || self.entry(index + 1).surname() < 2 {
            return false;
        }
        if let Some(before) = self.before(index)
            && (self.is_title(before) || self.entry(before).has(Class::PatientWord))
        {
            return true;
        }
        let Some((first, last)) = self.token(index).zip(self.token(index + 1)) else { return false };
        let (start, end) = (first.start as usize, last.full_end as usize);
        let at = self.numbers.partition_point(|raw| raw.start < start);
        let before = at.checked_sub(1).and_then(|at| self.numbers.get(at));
        let speaks = |raw: &Raw| {
            let gap = if raw.start < start { raw.end..start } else { end..raw.start };
            let near = |gap: &str| gap.len() <= PERSONAL_GAP && !gap.contains(['.', '\n']);
            is_personal(raw.label) && self.document.text().get(gap).is_some_and(near)
        };
        before.is_some_and(speaks) || self.numbers.get(at).is_some_and(speaks)
    }

    /// Whether the word is a title, with or without its full stop.
    fn is_title(&self, index: usize) -> bool {
        self.entry(index).has_any(TITLES)
    }

    fn phrase_at(&self, index: usize, len: usize, classes: ClassSet, found: &mut Vec<Raw>) -> usize {
        let last = index + len - 1;
        let range = (index, last);
        if classes.has(Class::Hospital) || classes.has(Class::Service) {
            let label_end = self.institution_end(last);
            self.push(
                found,
                (index, label_end),
                Label::Organisation,
                0.9,
                "on the list of hospitals and services",
            );
            return label_end + 1;
        }
        if classes.has(Class::WardName) && self.is_ward_context(index, last) {
            self.push(found, range, Label::WardBed, 0.7, "on the list of ward names");
        } else if classes.has(Class::Demographic) {
            self.push(found, range, Label::Demographic, 0.85, "on the list of backgrounds");
        } else if classes.has(Class::Profession) {
            if self.is_occupation(index, last) || len >= 2 && !classes.has(Class::StaffRole) {
                self.push_occupation(range, found);
            }
        } else if classes.has(Class::Place) {
            if let Some(next) = self.headed(index, found) {
                return next;
            }
            self.push(found, range, Label::Place, 0.85, "on the list of places");
        }
        last + 1
    }

    /// Takes in "hospital", "surgery" and such that follow a listed institution.
    fn institution_end(&self, last: usize) -> usize {
        let next = last + 1;
        match self.token(next) {
            Some(token) if token.spaced && token.is_word() && token.entry.has(Class::OrgHeadStrong) => next,
            _ => last,
        }
    }

    /// "Larkhill Court", "Harbour Road Surgery", "St Aidan's Primary": name words up to a word for an institution.
    fn headed(&self, index: usize, found: &mut Vec<Raw>) -> Option<usize> {
        let first = self.token(index)?;
        if !self.is_name_word(index, first.is_capitalised()) {
            return None;
        }
        // "From Oak House": a capital that opens the sentence.
        if self.opens_sentence(index) && LEADS.contains(&self.word(index)) {
            return None;
        }
        let capital = first.is_capitalised() && !self.document.shouts();
        let mut last = index;
        let mut at = index + 1;
        let mut head = None;
        while at < index + 6 {
            // The next field of a form: "Joan Harker   Hosp: no".
            let Some(token) = self.token(at).filter(|_| !self.document.is_apart(at)) else { break };
            if !token.is_word() || !token.spaced && self.word(at - 1) != "-" {
                if self.joins_names(at)
                    || token.kind == TokenKind::Punct && self.word(at) == "." && self.word(at - 1) == "st"
                {
                    at += 1;
                    continue;
                }
                break;
            }
            // "fernbank lodge", "st wilfrids court": in lower case only after a word that is no other word.
            let weak = token.entry.has(Class::OrgHeadWeak)
                && (capital && token.is_capitalised()
                    || !capital && at == index + 1 && !first.entry.is_known()
                    || !capital && self.word(index) == "st" && at == index + 2);
            // "The Laurels nursing home".
            let phrase = if token.entry.has(Class::PhraseStart) { self.phrase(at) } else { None };
            if let Some((len, classes)) = phrase
                && len > 1
                && classes.has(Class::OrgHeadStrong)
            {
                if self.is_next_label(at, at + len - 1) {
                    break;
                }
                last = at + len - 1;
                head = Some(last);
                at += len;
                continue;
            }
            if token.entry.has(Class::OrgHeadStrong) || weak {
                if self.is_next_label(at, at) {
                    break;
                }
                head = Some(at);
                last = at;
                at += 1;
                continue;
            }
            if head.is_some() || !self.is_name_word(at, capital) {
                break;
            }
            at += 1;
        }
        let head = head?;
        // "the surgery", "his school": a head with nothing to name it. "hospital number": the head of something else.
        let number = matches!(self.word(last + 1), "number" | "no" | "num" | "id" | "appointment" | "letter");
        if head == index || number {
            return None;
        }
        let strong = self.entry(head).has(Class::OrgHeadStrong);
        let named = (index..head).any(|at| {
            let entry = self.entry(at);
            // A capital says little at the start of a sentence, or where every word bears one.
            let capital = self.token(at).is_some_and(|token| token.case == Case::Capital)
                && !GENERIC_LEADS.contains(&self.word(at))
                && !self.document.titled()
                && (at > index || !self.opens_sentence(at));
            !entry.has(Class::Ordinary)
                && !entry.has(Class::Clinical)
                && !entry.has(Class::Drug)
                && self.token(at).is_some_and(Token::is_word)
                || capital
                || entry.has(Class::Place)
                || is_saint(self.word(at)) && at + 1 < head
        });
        if !named {
            return None;
        }
        let confidence = if strong { 0.85 } else { 0.65 };
        self.push(
            found,
            (index, last),
            Label::Organisation,
            confidence,
            "a name before a word for an institution",
        );
        Some(last + 1)
    }

    /// Whether the mark joins two words of an institution's name: the dash of "Barton-upon-Humber", and not that of "Anne
    /// Doyle - school nurse"; the sign of "Pugh & Marks Solicitors", and not that of "Anne Doyle & school nurse".
    fn joins_names(&self, index: usize) -> bool {
        let (Some(mark), Some(next)) = (self.token(index), self.token(index + 1)) else { return false };
        mark.kind == TokenKind::Punct
            && match self.word(index) {
                "-" => !mark.spaced && !next.spaced,
                "&" => {
                    let alone = next.entry.has(Class::OrgHeadStrong)
                        && !matches!(self.word(index + 1), "co" | "sons");
                    !alone || next.is_capitalised()
                }
                _ => false,
            }
    }

    /// Whether the word labels the next field of a form, and what stands before it is somebody: "Name: Ann Smith Ward: 12",
    /// "Mr Patel Clinic: 3". "Larkhill Surgery: please ring" is who speaks.
    fn is_next_label(&self, head: usize, last: usize) -> bool {
        let birth = ["place", "of", "birth"].iter().zip(head..).all(|(word, at)| self.word(at) == *word);
        // "Ward:", "Ward no:", "Ward/bed:".
        let tail = last + if self.word(last + 1) == "/" { 2 } else { 1 };
        let tailed = LABEL_TAILS.contains(&self.word(tail)) && self.word(tail + 1) == ":";
        if self.word(last + 1) != ":" && !tailed && !birth {
            return false;
        }
        let mut at = head;
        // Behind such a mark or word something else begins: only the label of a form speaks for the whole line.
        let mut parted = false;
        for _ in 0..NAME_WORDS {
            let Some(before) = at.checked_sub(1) else { return false };
            let Some(token) = self.token(before) else { return false };
            let entry = token.entry;
            match (token.kind, self.word(before)) {
                (TokenKind::Word, word) if LEADS.contains(&word) => parted = true,
                (TokenKind::Word, _) if parted => {}
                // "Hawthorn B, Larkhill Infirmary:" has no initial.
                (TokenKind::Word, _)
                    if self.is_title(before) || token.len() == 1 && self.word(before + 1) != "," =>
                {
                    return at < head;
                }
                // "Ann Smith Ward:", but not "Victoria Park Surgery:".
                (TokenKind::Word, _)
                    if at < head
                        && entry.given() >= 2
                        && !entry.has(Class::Ordinary)
                        && !self.entry(at).has_any(LOCAL)
                        && !LANDMARKS.contains(&self.word(at)) =>
                {
                    return true;
                }
                (TokenKind::Word, _) => {}
                (TokenKind::Punct, ",") => parted = true,
                (TokenKind::Punct, "-") => parted |= token.spaced,
                (TokenKind::Punct, ".") => {
                    let stopped = before.checked_sub(1);
                    let short =
                        |at: usize| self.is_title(at) || self.token(at).is_some_and(|word| word.len() == 1);
                    parted |= !stopped.is_some_and(short);
                }
                (TokenKind::Punct, ":" | "=") if parted => return false,
                (TokenKind::Punct, ":" | "=") => {
                    let named = self.entry(head - 1).given().max(self.entry(head - 1).surname()) >= 2;
                    return at < head
                        && before.checked_sub(1).is_some_and(|label| self.asks_for_name(label, named));
                }
                _ => return false,
            }
            at = before;
        }
        false
    }

    /// Whether somebody's name stands behind the label: always where it asks for one, behind a role where it is one.
    fn asks_for_name(&self, label: usize, named: bool) -> bool {
        const PERSONS: ClassSet =
            ClassSet::of(&[Class::PatientWord, Class::Kin, Class::StaffRole, Class::TitleStaff]);
        NAME_LABELS.contains(&self.word(label)) || named && self.entry(label).has_any(PERSONS)
    }

    /// Whether the token is the first of its line, or a mark that ends a sentence or opens a list item stands before it.
    fn opens_sentence(&self, index: usize) -> bool {
        self.document.starts_line(index)
            || index.checked_sub(1).is_some_and(|before| {
                matches!(self.word(before), "." | "!" | "?" | ":" | "\u{2022}" | ">" | "*" | "-" | "\"")
            })
    }

    /// "Gravelly Hill", "sauchiehall street", "concert square": a named road or landmark.
    fn landmark(&self, index: usize, found: &mut Vec<Raw>) -> Option<usize> {
        let first = self.token(index)?;
        let capital = first.is_capitalised() && !self.document.shouts();
        if !self.is_name_word(index, capital)
            || first.entry.has(Class::StreetType) && self.word(index) != "st"
        {
            return None;
        }
        let number = index
            .checked_sub(1)
            .and_then(|at| self.token(at))
            .is_some_and(|token| token.kind == TokenKind::Number);
        for at in index + 1..index + 4 {
            let token = self.token(at)?;
            if !token.is_word() || !token.spaced {
                return None;
            }
            let word = self.word(at);
            if LANDMARKS.contains(&word) {
                if self.is_next_label(at, at) {
                    return None;
                }
                let weak = WEAK_LANDMARKS.contains(&word);
                let named = (index..at).any(|at| {
                    let entry = self.entry(at);
                    !entry.has(Class::Ordinary) && !entry.has(Class::Clinical)
                });
                let led = LOCATIVES.contains(&self.before_word(index))
                    || matches!(
                        self.before_word(index),
                        "on" | "by" | "along" | "past" | "down" | "up" | "the"
                    );
                let sure =
                    if capital { token.is_capitalised() || named && !weak } else { named && (!weak || led) };
                if !sure || number {
                    return None;
                }
                self.push(
                    found,
                    (index, at),
                    Label::Place,
                    0.7,
                    "a name before a word for a road or a landmark",
                );
                return Some(at + 1);
            }
            if !self.is_name_word(at, capital) {
                return None;
            }
        }
        None
    }

    /// Whether the word can be part of an institution's name.
    fn is_name_word(&self, index: usize, capital: bool) -> bool {
        let Some(token) = self.token(index) else { return false };
        if !token.is_word() || token.len() < 2 {
            return false;
        }
        let entry = token.entry;
        let word = self.word(index);
        if is_saint(word) || matches!(word, "royal" | "new" | "old" | "our" | "lady" | "of" | "and" | "upon")
        {
            return capital || is_saint(word);
        }
        // "Children's Services".
        let possessive = capital && token.is_possessive();
        if entry.has(Class::TitleAny)
            || entry.has(Class::TitleStaff) && word != "sr"
            || entry.has(Class::Kin) && !possessive
        {
            return false;
        }
        if capital {
            return token.is_capitalised() && !entry.has(Class::StaffRole) && !entry.has(Class::Weekday);
        }
        // Lower case: only what is no ordinary or clinical word, unless a saint is called so.
        is_saint(self.before_word(index)) || !entry.has_any(NOT_NAMING) && entry.zipf_tenths() < 45
    }

    /// "Lister ward", "Snowdrop suite", "Hazel rm 4", "ward Juniper".
    fn named_ward(&self, index: usize, found: &mut Vec<Raw>) -> Option<usize> {
        let token = self.token(index)?;
        let next = self.token(index + 1)?;
        if !next.spaced {
            return None;
        }
        let word = self.word(index + 1);
        let unit = matches!(word, "ward" | "wd" | "wing" | "suite" | "unit" | "corridor");
        let entry = token.entry;
        if next.is_word() && unit && !self.is_next_label(index + 1, index + 1) {
            let listed = entry.has(Class::WardName);
            let ordinary = entry.has(Class::Ordinary)
                || entry.has(Class::Clinical)
                || entry.has(Class::UnitGeneric)
                || entry.has(Class::StaffRole);
            let inside =
                token.is_capitalised() && token.case != Case::Upper && !self.document.starts_line(index);
            let name = !entry.is_known() || entry.given().max(entry.surname()) >= 2;
            let round =
                matches!(self.word(index + 2), "round" | "rounds" | "clerk" | "manager" | "sister" | "staff");
            let known = listed && (word != "unit" || token.is_capitalised())
                || !ordinary && (name || entry.has(Class::Place)) && word != "unit" && word != "corridor"
                || inside
                    && (word == "ward" || word == "wing" || word == "suite")
                    && !entry.has(Class::Clinical);
            // "Simon Ward" and "Mr Ward" are people.
            let surname = word == "ward"
                && next.case == Case::Capital
                && token.case == Case::Capital
                && !self.document.titled()
                && (entry.given() >= 2 || self.is_title(index))
                && !WARD_LEADS.contains(&self.before_word(index));
            // "Mr Ahmed ward 3", "patel ward 7b": a patient and where they are, unless a ward is called so.
            let numbered = self
                .token(index + 2)
                .is_some_and(|at| matches!(at.kind, TokenKind::Number | TokenKind::Mixed) && at.len() <= 3);
            let lies_on = matches!(word, "ward" | "wd")
                && (self
                    .before(index)
                    .is_some_and(|before| self.is_title(before) && !NOBLE.contains(&self.word(before)))
                    || numbered && !listed && name && !WARD_LEADS.contains(&self.before_word(index)));
            if known && !surname && !lies_on && !entry.has(Class::UnitGeneric) {
                let end = if word == "corridor" || round && word != "ward" { index } else { index + 1 };
                self.push(found, (index, end), Label::WardBed, 0.8, "a name before a word for a ward");
                return Some(index + 2);
            }
        }
        // A listed ward name beside a bed or a shift.
        if entry.has(Class::WardName)
            && (token.is_capitalised() || !entry.has(Class::Ordinary))
            && !self.is_more_of_a_person(index, entry)
        {
            let at = self.numbers.partition_point(|raw| raw.start < token.end as usize);
            let bed = self.numbers.get(at).filter(|raw| {
                raw.label == Label::WardBed
                    && self
                        .document
                        .text()
                        .get(token.end as usize..raw.start)
                        .is_some_and(|gap| gap == " " || gap == ", ")
            });
            if let Some(bed) = bed {
                let (range, label) = ((token.start as usize, bed.end), Label::WardBed);
                found.push(Raw::plain(range, label, 0.85, rule_of(label), "a ward's name before a bed"));
                return Some(self.document.token_from(bed.end));
            }
            // "oak 4", "poplar b3": a ward's name and a bed.
            let number = self.document.text().get(next.range()).unwrap_or_default();
            let digits = number.trim_start_matches(|letter: char| ('a'..='h').contains(&letter));
            let bed = !digits.is_empty()
                && number.len() <= digits.len() + 1
                && digits.parse::<u8>().is_ok_and(|bed| (1..=60).contains(&bed))
                && !self.token(index + 2).is_some_and(|after| {
                    !after.spaced
                        && after.kind == TokenKind::Punct
                        && matches!(self.word(index + 2), "." | "/" | "%")
                });
            if bed && entry.given() < 2 {
                self.push(found, (index, index + 1), Label::WardBed, 0.75, "a ward's name before a bed");
                return Some(index + 2);
            }
            if next.is_word()
                && matches!(word, "nights" | "days" | "handover" | "staffing" | "board")
                && token.is_capitalised()
            {
                self.push(found, (index, index), Label::WardBed, 0.65, "a ward's name before a shift");
                return Some(index + 1);
            }
        }
        None
    }

    /// Whether a ward's name is rather somebody's: "Mr Martin bed 6", "Steve Martin bed 6", "Poppy bed 2".
    fn is_more_of_a_person(&self, index: usize, entry: Entry) -> bool {
        let before = self.before(index);
        let named = |at: usize| {
            let token = self.token(at);
            let initial = token.is_some_and(|token| token.is_word() && token.len() == 1);
            let given = self.entry(at).given() >= 2 && !self.entry(at).has(Class::Ordinary);
            self.is_title(at) || initial || given && token.is_some_and(Token::is_capitalised)
        };
        before.is_some_and(named) || entry.given() == 3 && !WARD_LEADS.contains(&self.before_word(index))
    }

    fn is_ward_context(&self, index: usize, last: usize) -> bool {
        matches!(self.word(last + 1), "ward" | "wing" | "suite" | "unit")
            || matches!(self.before_word(index), "ward" | "on" | "wd")
    }

    /// One-word entries; says whether it took the word.
    fn single(&self, index: usize, token: &Token, entry: Entry, found: &mut Vec<Raw>) -> bool {
        let range = (index, index);
        let ordinary = entry.has(Class::Ordinary);
        // A shop or a brand is somebody's employer only where the words say so: "works at tesco", not "the tesco bag".
        let brand = entry.has(Class::NotPerson) && !entry.has(Class::Hospital);
        let employs =
            || matches!(self.before_word(index), "at" | "for" | "from" | "outside" | "with" | "works");
        if (entry.has(Class::Hospital) || entry.has(Class::Service))
            && (!brand || employs())
            && (token.is_capitalised() || !ordinary && entry.given().max(entry.surname()) < 2)
        {
            let last = self.institution_end(index);
            self.push(
                found,
                (index, last),
                Label::Organisation,
                0.8,
                "on the list of hospitals and services",
            );
            return true;
        }
        if entry.has(Class::Demographic) && self.is_background(index, token, entry) {
            self.push(found, range, Label::Demographic, 0.8, "on the list of backgrounds");
            return true;
        }
        if entry.has(Class::Profession) && self.is_occupation(index, index) {
            self.push_occupation(range, found);
            return true;
        }
        if entry.has(Class::Place) {
            return self.place(index, token, entry, found);
        }
        false
    }

    fn is_background(&self, index: usize, token: &Token, entry: Entry) -> bool {
        let after = self.word(index + 1);
        // How well somebody speaks English is no background: "no English", "English small".
        if self.word(index) == "english" {
            return self.before_word(index) == "white"
                || matches!(
                    after,
                    "born" | "gent" | "gentleman" | "lad" | "lady" | "man" | "patient" | "pt" | "woman"
                );
        }
        if BACKGROUND_STOPS.contains(&after) || self.document.cues_at(index + 1).has(Cue::Goods) {
            return false;
        }
        if !entry.has(Class::Ordinary) && !entry.has(Class::Clinical) && token.case != Case::Upper {
            return true;
        }
        let follows = BACKGROUND_FOLLOWERS.contains(&after);
        let led = BACKGROUND_LEADS.contains(&self.before_word(index));
        follows
            || token.case == Case::Capital && (led || !self.document.starts_line(index))
            || led && !entry.has(Class::Clinical)
    }

    /// Whether the words stand where somebody's occupation does.
    fn is_occupation(&self, first: usize, last: usize) -> bool {
        let lead = self.before_word(first);
        let strong = matches!(
            lead,
            "retired" | "retd" | "ret'd" | "ex" | "former" | "job" | "occupation" | "employed" | "trained"
        );
        if strong {
            return true;
        }
        let start = self.token(first).map_or(0, |token| token.start as usize);
        // The numbers are settled: sorted, and none overlaps another.
        let last_before = self.numbers.partition_point(|raw| raw.end <= start).checked_sub(1);
        let near_age = last_before.and_then(|at| self.numbers.get(at)).is_some_and(|raw| {
            raw.label == Label::Age
                && self.document.text().get(raw.end..start).is_some_and(|gap| {
                    gap.len() <= 5 && gap.bytes().all(|byte| !byte.is_ascii_digit() && byte != b'\n')
                })
        });
        let staff = self.entry(last).has(Class::StaffRole);
        if near_age && !staff {
            return true;
        }
        let article = matches!(lead, "a" | "an" | "as" | "local" | "the" | "trainee");
        if article {
            let verb = self.before(first).and_then(|at| self.before(at)).map_or("", |at| self.word(at));
            let being = matches!(
                verb,
                "is" | "was"
                    | "works"
                    | "worked"
                    | "working"
                    | "as"
                    | "she's"
                    | "he's"
                    | "hes"
                    | "shes"
                    | "i'm"
                    | "im"
                    | "been"
                    | "being"
                    | "am"
                    | "who's"
                    | "whos"
                    | "be"
            );
            let kin = matches!(verb, "dad" | "mum" | "husband" | "wife" | "son" | "daughter" | "partner");
            if being && lead != "the" || kin && !staff {
                return true;
            }
        }
        // ", the plasterer,", "(crofter)": beside a name.
        let opens = |at: usize| matches!(self.word(at), "," | "(");
        let start = if article { first.checked_sub(2) } else { first.checked_sub(1) };
        let closes = self.token(last + 1).is_none_or(|next| next.kind == TokenKind::Newline)
            || matches!(self.word(last + 1), "," | ")" | ".");
        !staff && start.is_some_and(opens) && closes && (article || !self.entry(last).has(Class::Clinical))
    }

    fn push_occupation(&self, range: (usize, usize), found: &mut Vec<Raw>) {
        let mut first = range.0;
        // "retired", "ex-" and "former" belong to the occupation.
        while let Some(at) = first.checked_sub(1) {
            let word = self.word(at);
            let dash = word == "-" && at > 0 && self.word(at - 1) == "ex";
            if matches!(word, "retired" | "retd" | "ret'd" | "ex" | "former" | "semi") || dash {
                first = at;
            } else {
                break;
            }
        }
        self.push(found, (first, range.1), Label::Profession, 0.75, "on the list of occupations");
    }

    fn place(&self, index: usize, token: &Token, entry: Entry, found: &mut Vec<Raw>) -> bool {
        let capital = token.case == Case::Capital || token.case == Case::Mixed;
        let ordinary =
            entry.has(Class::Ordinary) || entry.zipf_tenths() >= 50 && !entry.has(Class::PlaceLarge);
        let person = entry.given().max(entry.surname());
        let lead = self.before_word(index);
        let led = LOCATIVES.contains(&lead);
        let strong = STRONG_LOCATIVES.contains(&lead);
        let clinical = entry.has(Class::Clinical)
            || entry.has(Class::Eponym)
            || entry.has(Class::Drug)
            || entry.has(Class::Score);
        if self.document.cues_at(index + 1).has(Cue::Goods) {
            return false;
        }
        // "transferred from OSH": the abbreviation.
        let abbreviated = token.case == Case::Upper && !self.document.shouts();
        let score = if entry.has(Class::PlaceLarge) { 1.5 } else { 0.8 }
            + if capital { 1.0 } else { 0.0 }
            + if strong {
                2.0
            } else if led {
                1.5
            } else {
                0.0
            }
            - if ordinary { if capital { 1.2 } else { 3.2 } } else { 0.0 }
            - f32::from(person) * if led { 0.2 } else { 0.7 }
            - if clinical && abbreviated {
                3.0
            } else if clinical {
                2.0
            } else {
                0.0
            };
        if score < 1.0 {
            return false;
        }
        // "Perth Royal" and "Bradford Royal" are hospitals by their short names.
        let royal = self.token(index + 1).is_some_and(|next| next.spaced && next.is_capitalised())
            && matches!(self.word(index + 1), "royal" | "general" | "area" | "infirmary" | "city");
        if royal {
            self.push(
                found,
                (index, index + 1),
                Label::Organisation,
                0.8,
                "a place's name before a word for a hospital",
            );
            return true;
        }
        self.push(
            found,
            (index, index),
            Label::Place,
            (0.45 + score * 0.12).min(0.9),
            "on the list of places",
        );
        true
    }

    /// A capitalised word in no dictionary after a preposition of place.
    fn unknown_place(&self, index: usize, token: &Token, entry: Entry, found: &mut Vec<Raw>) -> usize {
        let known =
            entry.is_known() && (entry.has(Class::Ordinary) || entry.given().max(entry.surname()) >= 2);
        let strong = || {
            let lead = self.before_word(index);
            STRONG_LOCATIVES.contains(&lead) || lead == "@"
        };
        if known
            || token.case != Case::Capital
            || self.document.shouts()
            || token.len() < 4
            || entry.has_any(TECHNICAL)
            || !strong()
        {
            return index + 1;
        }
        let mut last = index;
        while let Some(next) = self.token(last + 1) {
            let joins = next.is_word()
                && next.spaced
                && next.case == Case::Capital
                && next.len() > 2
                && !next.entry.has_any(TECHNICAL);
            if !joins {
                break;
            }
            last += 1;
        }
        self.push(found, (index, last), Label::Place, 0.6, "an unknown name after a preposition of place");
        last + 1
    }
}

const fn rule_of(label: Label) -> &'static str {
    match label {
        Label::Place => "place",
        Label::Organisation => "organisation",
        Label::WardBed => "named_ward",
        Label::Profession => "profession",
        Label::Demographic => "demographic",
        _ => "dictionary",
    }
}
