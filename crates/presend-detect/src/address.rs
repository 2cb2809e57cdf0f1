//! Street lines: a house number or name with its street, a flat, a named block or farm.

use crate::Label;
use crate::cues::Cue;
use crate::dictionary::{Class, ClassSet, Entry};
use crate::document::Document;
use crate::finding::Raw;
use crate::token::{Case, Token, TokenKind};
use crate::validators::is_outward;

/// Street types that are little else: enough in lower case after a number and a name.
const STRONG_TYPES: &[&str] = &[
    "ave",
    "avenue",
    "brae",
    "boulevard",
    "cl",
    "close",
    "cotts",
    "cottages",
    "cres",
    "crescent",
    "gardens",
    "gdns",
    "grove",
    "lane",
    "ln",
    "mews",
    "parade",
    "rd",
    "road",
    "street",
    "terrace",
    "terr",
    "tce",
    "wynd",
    "crofts",
];

/// Street types that are everyday words too: a lower-case ordinary word before one makes no street.
const VAGUE_TYPES: &[&str] = &[
    "view", "way", "rise", "gate", "place", "drive", "walk", "end", "path", "cut", "hill", "down", "top",
    "bank", "ct",
];

/// Words that end the name of a site where people live in caravans, boats, chalets or above shops.
const SITES: &[&str] = &[
    "park",
    "estate",
    "site",
    "moorings",
    "marina",
    "yard",
    "arcade",
    "wharf",
    "quay",
    "dock",
    "farm",
    "lanes",
    "parade",
    "square",
    "mews",
    "almshouses",
];

const FLOOR_WORDS: &[&str] =
    &["floor", "flr", "fl", "flat", "maisonette", "left", "right", "front", "rear", "back"];

/// What an old building was, where "the old ..." is now the name of a home.
const OLD_HOMES: &[&str] = &[
    "bakehouse",
    "bakery",
    "chapel",
    "coach",
    "creamery",
    "dairy",
    "forge",
    "granary",
    "maltings",
    "manse",
    "parsonage",
    "post",
    "police",
    "rectory",
    "school",
    "schoolhouse",
    "smithy",
    "stables",
    "vicarage",
];

/// Words before a building's name that show somebody lives there.
const LIVES: &[&str] = &["at", "from", "lives", "address", "to", "outside", "in", "addr", "add", "near"];

/// Words that no street and no building is called by: before one the number was a time, a day or a count ("0742 from
/// Haywards Heath", "12 June with Dr Amin", "64 slice CT").
const NEVER_IN_NAMES: &[&str] = &[
    "about", "after", "before", "but", "from", "into", "is", "onset", "onto", "or", "since", "slice",
    "slices", "then", "till", "until", "via", "was", "with", "without",
];

/// The most words that a house number takes: "one hundred and forty-five".
const NUMBER_WORDS: usize = 6;

/// Classes of words that are in no street's name when in lower case.
const NOT_STREET: ClassSet = ClassSet::of(&[
    Class::Clinical,
    Class::Drug,
    Class::StaffRole,
    Class::UnitGeneric,
    Class::Weekday,
    Class::WardWord,
    Class::PatientWord,
    Class::Kin,
    Class::TitleAny,
    Class::NumberWord,
]);

/// Classes of words that in capitals stand for a finding or a test, and hardly for a street: AKI, CT, HDU.
const ABBREVIATED: ClassSet =
    ClassSet::of(&[Class::Clinical, Class::Drug, Class::Device, Class::Score, Class::UnitGeneric]);

/// Street types that are clinical words as well, with the words after them that show it: "ST elevation", "close obs".
const CLINICAL_TYPES: &[(&str, &[&str])] = &[
    ("av", &["block", "node", "nodal", "pacing", "fistula", "valve", "delay", "malformation"]),
    (
        "close",
        &[
            "obs",
            "observation",
            "observations",
            "monitoring",
            "supervision",
            "watch",
            "eye",
            "contact",
            "contacts",
            "follow",
            "fu",
        ],
    ),
    (
        "ct",
        &[
            "head",
            "brain",
            "neck",
            "spine",
            "chest",
            "abdo",
            "abdomen",
            "pelvis",
            "kub",
            "ap",
            "tap",
            "cap",
            "pa",
            "ctpa",
            "aorta",
            "angio",
            "scan",
            "scans",
            "report",
            "reported",
            "showed",
            "shows",
            "done",
            "booked",
            "requested",
            "normal",
            "nad",
            "neg",
            "negative",
            "pos",
            "positive",
        ],
    ),
    ("end", &["of", "stage", "tidal"]),
    ("gate", &["review"]),
    ("st", &["elevation", "depression", "segment", "segments", "changes", "change", "elev"]),
    ("walk", &["test", "tests", "aid", "aids"]),
];

/// An age with a sex letter begins here, a house number with a letter ends: "67m", "82f", but "9f".
const SEXED_FROM: u32 = 16;

/// Finds street lines; `blocked` gets the minutes of a time before a street, which are no house number to a model either.
pub(crate) fn scan(document: &Document, found: &mut Vec<Raw>, blocked: &mut Vec<(usize, usize)>) {
    if !document.classes().has(Class::StreetType)
        && !document.cues().has_any(&[Cue::Building, Cue::HomeUnit, Cue::Home])
    {
        return;
    }
    let finder = Finder { document };
    let mut index = 0;
    while let Some(token) = document.tokens().get(index) {
        if token.kind == TokenKind::Number && finder.is_minutes(index) && finder.street(index + 1).is_some() {
            blocked.push((index, index + 1));
        }
        // What follows a street is told from names the same once the street is gone.
        if let Some(last) = finder.placeholder(index) {
            let last = finder.towns(last, found);
            index = finder.outward_code(last, found);
            continue;
        }
        let line = || {
            finder
                .flat(index)
                .or_else(|| finder.floor(index))
                .or_else(|| finder.tenement(index))
                .or_else(|| finder.numbered(index))
                .or_else(|| finder.numbered_building(index))
                .or_else(|| finder.named_house(index))
                .or_else(|| finder.old_home(index))
        };
        let Some((last, confidence, why)) = finder.can_begin(token).then(line).flatten() else {
            index += 1;
            continue;
        };
        let end = document.tokens().get(last).map_or(token.end, |last| last.end);
        let range = (token.start as usize, end as usize);
        found.push(Raw::plain(range, Label::Address, confidence, "address", why));
        let last = finder.towns(last, found);
        index = finder.outward_code(last, found);
    }
}

/// The words of addresses that may be without a word for a street, a building or a numbered home; "address" is that of
/// `[ADDRESS]`.
pub(crate) fn homes() -> impl Iterator<Item = &'static str> {
    OLD_HOMES.iter().copied().chain(["address"])
}

/// The last token of an address, how sure it is, and why.
type Line = (usize, f32, &'static str);

struct Finder<'d> {
    document: &'d Document,
}

impl Finder<'_> {
    fn token(&self, index: usize) -> Option<&Token> {
        self.document.tokens().get(index)
    }

    /// Whether a street line can begin with the token: with most words none can.
    fn can_begin(&self, token: &Token) -> bool {
        match token.kind {
            TokenKind::Newline | TokenKind::Punct => false,
            TokenKind::Number | TokenKind::Mixed => true,
            TokenKind::Word => {
                token.entry.has(Class::NumberWord)
                    || self.can_name_house(token)
                    || token.cues.has_any(&[Cue::HomeUnit, Cue::Floor, Cue::Opening])
            }
        }
    }

    /// Whether the name of a house can begin with the word.
    fn can_name_house(&self, token: &Token) -> bool {
        let capital = token.is_capitalised() && !self.document.shouts();
        (capital || !token.entry.has(Class::Ordinary)) && !token.entry.has_any(NOT_STREET)
    }

    /// An outward code right after a street line ("27 Ravensbourne Close, WV3"); gives the index to go on from.
    fn outward_code(&self, last: usize, found: &mut Vec<Raw>) -> usize {
        let mut at = last + 1;
        if self.word(at) == "," {
            at += 1;
        }
        let Some(token) = self.token(at).filter(|token| token.kind == TokenKind::Mixed) else {
            return last + 1;
        };
        if !is_outward(self.word(at)) {
            return last + 1;
        }
        let range = (token.start as usize, token.end as usize);
        found.push(Raw::plain(
            range,
            Label::Postcode,
            0.85,
            "postcode",
            "an outward code after a street line",
        ));
        at + 1
    }

    /// Towns of one word after a street line, which are as well somebody's name ("7 Oak Avenue, Preston PR1 2AB"); gives
    /// the last token of the whole.
    fn towns(&self, mut last: usize, found: &mut Vec<Raw>) -> usize {
        while let Some((at, why)) = self.town(last)
            && let Some(token) = self.token(at)
        {
            // Surer than that the word is a name, be it ever so common a one.
            let range = (token.start as usize, token.end as usize);
            found.push(Raw::plain(range, Label::Place, 0.98, "place", why));
            last = at;
        }
        last
    }

    /// A town between the line that ends here and a postcode, or alone after its comma.
    fn town(&self, last: usize) -> Option<(usize, &'static str)> {
        let parts = |index| self.word(index) == "," || self.is_newline(index);
        let at = if parts(last + 1) { last + 2 } else { last + 1 };
        let town = self.token(at).filter(|token| token.is_word())?;
        let known = town.entry.has(Class::Place) && !town.is_possessive();
        let next = if parts(at + 1) { at + 2 } else { at + 1 };
        let outward = self.token(next).is_some_and(|token| token.kind == TokenKind::Mixed)
            && is_outward(self.word(next));
        let inward = self.token(next + 1).is_some_and(|token| {
            token.kind == TokenKind::Mixed
                && token.len() == 3
                && self.word(next + 1).starts_with(|digit: char| digit.is_ascii_digit())
        });
        if outward && (known || inward && self.is_capital(at)) {
            return Some((at, "a town between a street line and a postcode"));
        }
        // "14 Oak St, Mark": a common name that is an ordinary word besides is a place of few people.
        let rather_name = town.entry.given() == 3 && town.entry.has(Class::Ordinary);
        let ends =
            self.token(at + 1).is_none_or(|next| matches!(next.kind, TokenKind::Punct | TokenKind::Newline));
        let alone = self.word(last + 1) == "," && ends && known && town.is_capitalised() && !rather_name;
        alone.then_some((at, "a town after a street line"))
    }

    /// The end of `[ADDRESS]` or `[ADDRESS 2]` that begins at the token.
    fn placeholder(&self, index: usize) -> Option<usize> {
        let begins = self.word(index) == "[" && self.word(index + 1) == "address";
        (index + 2..index + 4).find(|at| begins && self.word(*at) == "]")
    }

    fn is_newline(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| token.kind == TokenKind::Newline)
    }

    fn word(&self, index: usize) -> &str {
        self.document.word_at(index)
    }

    fn entry(&self, index: usize) -> Entry {
        self.token(index).map_or_else(Entry::default, |token| token.entry)
    }

    /// "14b", "27", "27-29", "sixty-two", "a hundred and four": gives the token after the house number.
    fn house_number(&self, index: usize) -> Option<usize> {
        let token = self.token(index)?;
        match token.kind {
            // "0742 High Street" tells the time.
            TokenKind::Number if token.len() > 2 && self.word(index).starts_with('0') => None,
            TokenKind::Number if token.len() <= 4 => {
                let range = self.word(index + 1) == "-"
                    && self.token(index + 2).is_some_and(|to| to.kind == TokenKind::Number && !to.spaced);
                // "9/2 Skene Square": a Scottish flat and its stair.
                let stair = self.word(index + 1) == "/"
                    && self.token(index + 1).is_some_and(|slash| !slash.spaced)
                    && self
                        .token(index + 2)
                        .is_some_and(|to| to.kind == TokenKind::Number && !to.spaced && to.len() <= 2)
                    && self.token(index + 3).is_some_and(|name| name.spaced && name.is_capitalised());
                Some(if range || stair { index + 3 } else { index + 1 })
            }
            TokenKind::Mixed => {
                let text = self.word(index);
                let digits = text.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
                let house = (1..=4).contains(&digits.len()) && text.len() == digits.len() + 1;
                let number = digits.parse::<u32>().ok().filter(|_| house)?;
                let sexed = text.ends_with(['f', 'm']) && number >= SEXED_FROM;
                (!sexed).then_some(index + 1)
            }
            TokenKind::Word => {
                let mut at = index;
                if self.word(at) == "a" && self.word(at + 1) == "hundred" {
                    at += 1;
                }
                let first = at;
                while at - first < NUMBER_WORDS
                    && (self.entry(at).has(Class::NumberWord)
                        || at > first && matches!(self.word(at), "and" | "hundred" | "-"))
                {
                    at += 1;
                }
                // "ten five five five" is dictation.
                let dictated =
                    at - first >= 3 && !(first..at).any(|at| matches!(self.word(at), "hundred" | "and"));
                (at > first && !dictated).then_some(at)
            }
            _ => None,
        }
    }

    /// Whether the number tells the minutes of a time: "10:30".
    fn is_minutes(&self, index: usize) -> bool {
        let head = self.token(index).and_then(|token| self.document.text().get(..token.start as usize));
        head.and_then(|head| head.strip_suffix(':'))
            .is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()))
    }

    /// Whether the number is a part of something else: "1/2", "3.5 close", "10:30 Church Road".
    fn is_joined(&self, index: usize) -> bool {
        let Some(token) = self.token(index) else { return true };
        !token.spaced
            && index.checked_sub(1).is_some_and(|before| {
                (!matches!(self.word(before), "(" | "," | ":" | "\"" | "-" | "#" | "@" | "'")
                    || self.is_minutes(index))
                    && self.token(before).is_some_and(|before| before.kind != TokenKind::Newline)
            })
    }

    /// Whether the number is a place's on a ward: "bed 9 Falls close obs", "bed 4 Kestrel House".
    fn is_of_ward(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| {
            let entry = self.entry(before);
            entry.has(Class::WardWord) || entry.has(Class::UnitGeneric) || self.word(before) == "x"
        })
    }

    /// "27 Ravensbourne Close", "sixty-two Cobden Terrace".
    fn numbered(&self, index: usize) -> Option<Line> {
        if self.is_joined(index) || self.is_of_ward(index) {
            return None;
        }
        let mut at = self.house_number(index)?;
        if self.word(at) == "," {
            at += 1;
        }
        let (last, strong, named) = self.street(at)?;
        let spoken = self.token(index).is_some_and(Token::is_word);
        if spoken
            && !strong
            && !self.token(last).is_some_and(Token::is_capitalised)
            && VAGUE_TYPES.contains(&self.word(last))
            && self.word(last) != "drive"
        {
            return None;
        }
        let confidence = match (strong, named) {
            (true, true) => 0.93,
            (true, false) | (false, true) => 0.8,
            (false, false) => return None,
        };
        Some((last, confidence, "a house number before a street"))
    }

    /// "17 Duxford House", "fifty two Thornhill House", "number nine Rochdale Road".
    fn numbered_building(&self, index: usize) -> Option<Line> {
        if !self.is_joined(index) && matches!(self.word(index), "number" | "no") {
            let at = if self.word(index + 1) == "." { index + 2 } else { index + 1 };
            return self.numbered(at).or_else(|| self.building_after_number(at));
        }
        self.building_after_number(index)
    }

    /// "17 Duxford House", without a word for a number before it.
    fn building_after_number(&self, index: usize) -> Option<Line> {
        if self.is_joined(index) {
            return None;
        }
        let at = self.house_number(index).filter(|_| !self.is_of_ward(index))?;
        let capital = self.is_capital(at);
        let last = self.building(at).filter(|_| capital)?;
        Some((self.further_street(last), 0.8, "a number before a building's name"))
    }

    /// "2/1, 88 Tollcross Rd": a Scottish flat told by its floor and place on the landing.
    fn tenement(&self, index: usize) -> Option<Line> {
        let figure = |at: usize| {
            self.token(at).is_some_and(|token| token.kind == TokenKind::Number && token.len() == 1)
        };
        let glued = |at: usize| self.token(at).is_some_and(|token| !token.spaced);
        if self.is_joined(index)
            || !figure(index)
            || self.word(index + 1) != "/"
            || !figure(index + 2)
            || !glued(index + 1)
            || !glued(index + 2)
        {
            return None;
        }
        let at = if self.word(index + 3) == "," { index + 4 } else { index + 3 };
        let (last, ..) = self.numbered(at)?;
        Some((last, 0.95, "a flat with its house number and street"))
    }

    /// "Ground Floor Right, 31 Copland Quadrant", "Top Flat, 4 Saddler's Court": a flat told by its floor.
    fn floor(&self, index: usize) -> Option<Line> {
        if !self.document.cues_at(index).has(Cue::Floor) {
            return None;
        }
        let mut at = index + 1;
        while at < index + 4 && FLOOR_WORDS.contains(&self.word(at)) {
            at += 1;
        }
        if at == index + 1 || self.word(at) != "," {
            return None;
        }
        let (last, ..) = self.numbered(at + 1).or_else(|| self.numbered_building(at + 1))?;
        Some((last, 0.93, "a floor with its house number and street"))
    }

    /// "at The Old Forge", "the old rectory, Church Lane": what the building was names the home.
    fn old_home(&self, index: usize) -> Option<Line> {
        if self.word(index) != "the"
            || self.word(index + 1) != "old"
            || !OLD_HOMES.contains(&self.word(index + 2))
        {
            return None;
        }
        let second = match (self.word(index + 2), self.word(index + 3)) {
            ("coach" | "school" | "police", "house") | ("post", "office") | ("police", "station") => 1,
            ("coach" | "post" | "police", _) => return None,
            _ => 0,
        };
        let last = index + 2 + second;
        let capital = self.is_capital(last);
        let led = index.checked_sub(1).is_none_or(|before| {
            LIVES.contains(&self.word(before))
                || self.token(before).is_some_and(|token| token.kind != TokenKind::Word)
        });
        let end = self.further_street(last);
        (capital || led || end > last).then_some((
            end,
            0.75,
            "what an old building was, as the name of a home",
        ))
    }

    /// Whether the token begins with a capital letter, in a text that does not write everything so.
    fn is_capital(&self, index: usize) -> bool {
        self.token(index).is_some_and(Token::is_capitalised) && !self.document.shouts()
    }

    /// Whether what would be the type of a street or building is in capitals after words in lower case, and so a test:
    /// "14 Khan needs CT".
    fn is_test(&self, first: usize, of_type: usize) -> bool {
        let is = |at: usize, case: Case| self.token(at).is_some_and(|token| token.case == case);
        is(of_type, Case::Upper) && !self.document.shouts() && (first..of_type).any(|at| is(at, Case::Lower))
    }

    fn is_measure(&self, index: usize) -> bool {
        self.document.cues_at(index).has(Cue::Measure) || NEVER_IN_NAMES.contains(&self.word(index))
    }

    /// Whether the word, in what would be a street's name, is a finding or a test, given how the type is written:
    /// "AKI Cr", "COPD walk", "Asthma way". A short word in capitals before a small type is an
    /// abbreviation that no list knows.
    fn is_abbreviated(&self, word: &Token, of_type: &Token) -> bool {
        let clinical = word.entry.has_any(ABBREVIATED) && !word.entry.has(Class::WordAndName);
        match word.case {
            Case::Upper => {
                clinical || !self.document.shouts() && of_type.case == Case::Lower && word.len() <= 5
            }
            Case::Capital => clinical && of_type.case != Case::Capital,
            _ => false,
        }
    }

    /// Whether what could be a street's type is a clinical word by what comes after it: "ST elevation", "Cr 340".
    fn is_clinical_type(&self, at: usize) -> bool {
        let Some(next) = self.token(at + 1).filter(|next| next.kind != TokenKind::Newline) else {
            return false;
        };
        let (word, after) = (self.word(at), self.word(at + 1));
        let result =
            matches!(word, "cr" | "cl") && next.kind == TokenKind::Number && (2..=4).contains(&next.len());
        result || CLINICAL_TYPES.iter().any(|(of, tails)| *of == word && tails.contains(&after))
    }

    /// Whether what could be a street or building from `first` on, with its type at `at`, is a clinical note.
    fn is_clinical_line(&self, first: usize, at: usize) -> bool {
        let Some(of_type) = self.token(at) else { return false };
        self.is_clinical_type(at)
            || (first..at)
                .any(|index| self.token(index).is_some_and(|name| self.is_abbreviated(name, of_type)))
    }

    /// The street whose name starts at the token: its last token, whether its type is a strong one, and whether its
    /// name is no ordinary word.
    fn street(&self, first: usize) -> Option<(usize, bool, bool)> {
        let capital = self.is_capital(first);
        let mut named = false;
        for at in first..first + 5 {
            let token = self.token(at)?;
            let stop = self.word(at) == "." && at > first && self.word(at - 1) == "st";
            if token.kind == TokenKind::Punct && (stop || matches!(self.word(at), "-" | "'")) && !token.spaced
            {
                continue;
            }
            if !token.is_word() {
                return None;
            }
            let word = self.word(at);
            if at > first && token.entry.has(Class::StreetType) {
                // "St" may begin a saint's name: "12 St Mary's Road".
                let saint = word == "st"
                    && self.token(at + 1).is_some_and(|next| {
                        next.is_word()
                            && next.is_capitalised()
                            && (!self.document.shouts() || next.entry.given() > 0)
                    });
                if !saint {
                    if self.is_test(first, at) || self.is_clinical_line(first, at) {
                        return None;
                    }
                    // "spinney hill rd": the last of two is the type.
                    let last = match self.token(at + 1) {
                        Some(next) if next.spaced && STRONG_TYPES.contains(&self.word(at + 1)) => at + 1,
                        _ => at,
                    };
                    let strong = STRONG_TYPES.contains(&self.word(last));
                    let seldom = !VAGUE_TYPES.contains(&word)
                        && (first..at).all(|at| {
                            self.entry(at).zipf_tenths() < 47 || self.document.word_at(at) == "old"
                        });
                    return Some((last, strong, named || seldom || capital && token.is_capitalised()));
                }
            }
            if word == "mm"
                || self.is_measure(at) && !(capital && matches!(word, "the" | "of" | "and" | "in" | "on"))
            {
                return None;
            }
            if !token.is_capitalised() && token.entry.has_any(NOT_STREET) {
                return None;
            }
            named |= !token.entry.has(Class::Ordinary) || token.is_capitalised() && capital;
        }
        None
    }

    /// "Flat 9 Alderman House", "Flat 3, Brackley Hall", "Unit B, Tansy Mews", "flat 2 14 Pendle View".
    fn flat(&self, index: usize) -> Option<Line> {
        if !self.document.cues_at(index).has(Cue::HomeUnit) {
            return None;
        }
        let number = self.token(index + 1)?;
        let text = self.word(index + 1);
        let short = matches!(number.kind, TokenKind::Number | TokenKind::Mixed) && number.len() <= 4
            || number.is_word() && (text.len() == 1 || number.entry.has(Class::NumberWord));
        if !short {
            return None;
        }
        let mut at = index + 2;
        if matches!(self.word(at), "," | "/") {
            at += 1;
        }
        // "block C, 40 Jacaranda Walk"; but "house 5 people": these words count things too.
        let common = matches!(self.word(index), "house" | "hse" | "shop" | "block" | "lodge" | "unit");
        if let Some((last, ..)) = self.numbered(at) {
            return Some((last, 0.95, "a flat with its house number and street"));
        }
        if let Some(last) = self.building(at) {
            let last = self.further_street(last);
            return Some((last, 0.92, "a flat in a named building"));
        }
        if let Some((last, _, named)) = self.street(at)
            && named
            && !(common && at == index + 2)
        {
            return Some((last, 0.9, "a flat in a street"));
        }
        if let Some(last) = self.site(at) {
            return Some((last, 0.9, "a numbered home on a named site"));
        }
        let bare = self.word(index) == "flat" && number.kind != TokenKind::Word;
        bare.then_some((index + 1, 0.6, "a flat's number"))
    }

    /// The end of a building's name that starts at the token.
    fn building(&self, first: usize) -> Option<usize> {
        let capital = self.is_capital(first);
        for at in first..first + 4 {
            let token = self.token(at)?;
            if !token.is_word() {
                return None;
            }
            if at > first
                && self.document.cues_at(at).has(Cue::Building)
                && (token.is_capitalised() || !capital)
            {
                return (!self.is_test(first, at) && !self.is_clinical_line(first, at)).then_some(at);
            }
            if NEVER_IN_NAMES.contains(&self.word(at))
                || !token.is_capitalised()
                    && (token.entry.has_any(NOT_STREET) || self.is_measure(at) && self.word(at) != "the")
            {
                return None;
            }
        }
        None
    }

    /// The end of a site's name that starts at the token: "Withy Caravan Park".
    fn site(&self, first: usize) -> Option<usize> {
        let capital = self.token(first)?.is_capitalised();
        (first + 1..first + 4).find(|at| SITES.contains(&self.word(*at))).filter(|last| {
            (first..*last).all(|at| {
                self.token(at).is_some_and(|token| {
                    token.is_word()
                        && (token.is_capitalised()
                            || !capital && !token.entry.has_any(NOT_STREET) && !self.is_measure(at))
                })
            })
        })
    }

    /// The end of a street after a building's name and a comma, or the building's own end.
    fn further_street(&self, last: usize) -> usize {
        let comma = self.word(last + 1) == ",";
        let at = if comma { last + 2 } else { last + 1 };
        if let Some((end, ..)) = self.numbered(at) {
            return end;
        }
        match self.street(at) {
            Some((end, _, true)) if comma => end,
            _ => last,
        }
    }

    /// "The Hollies, 44 Barrack Lane": "the" and a name in capitals, a comma, and a numbered street.
    fn name_and_number(&self, index: usize) -> Option<usize> {
        if self.word(index) != "the" || self.document.shouts() {
            return None;
        }
        let comma = (index + 2..index + 5).find(|at| self.word(*at) == ",")?;
        let named = (index + 1..comma)
            .all(|at| self.token(at).is_some_and(|token| token.is_word() && token.is_capitalised()));
        let (last, ..) = self.numbered(comma + 1).filter(|_| named)?;
        Some(last)
    }

    /// "Rowan Cottage, Mill Brae", "The Old Forge, Church Lane", "lives at Kestrel House".
    fn named_house(&self, index: usize) -> Option<Line> {
        let token = self.token(index).filter(|token| token.is_word())?;
        let capital = token.is_capitalised() && !self.document.shouts();
        if !self.can_name_house(token) {
            return None;
        }
        if let Some(last) = self.name_and_number(index) {
            return Some((last, 0.93, "a house's name before its number and street"));
        }
        let last = self.building(index)?;
        let end = self.further_street(last);
        if end > last {
            return Some((end, 0.9, "a named house with its street"));
        }
        // A farm or a cottage is a home; a house, a court or a lodge can be an institution.
        let home = matches!(
            self.word(last),
            "farm" | "cottage" | "farmhouse" | "barn" | "croft" | "bungalow" | "tower" | "flats"
        );
        let led = index.checked_sub(1).is_some_and(|before| LIVES.contains(&self.word(before)));
        (home && capital && led).then_some((last, 0.75, "a named home"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detector;

    /// What is found as one of the labels.
    fn found(text: &str, labels: &[Label]) -> Vec<(Label, String)> {
        Detector::new()
            .scan(text)
            .iter()
            .filter(|finding| labels.contains(&finding.label))
            .map(|finding| (finding.label, finding.span.of(text).unwrap_or_default().to_owned()))
            .collect()
    }

    #[test]
    fn streets_are_addresses_however_they_are_written() {
        for (text, street) in [
            ("14 OAK ST", "14 OAK ST"),
            ("LIVES AT 14 OAK ST AND WANTS TO GO HOME TODAY", "14 OAK ST"),
            ("LIVES AT 4 ST MARYS RD AND WANTS TO GO HOME TODAY", "4 ST MARYS RD"),
            ("14 oak st", "14 oak st"),
            ("12a High St", "12a High St"),
            ("9f High St", "9f High St"),
            ("lives at 4 PARK RD", "4 PARK RD"),
            ("lives at 22 BANK ST", "22 BANK ST"),
            ("lives at 9 KGV Close", "9 KGV Close"),
            ("9 St John's Close", "9 St John's Close"),
            ("Room 2, 14 Oak St", "14 Oak St"),
            ("pt in bed 4 14 Oak St", "14 Oak St"),
            ("flat 3, 21 Heart Close", "flat 3, 21 Heart Close"),
            ("seen at 17 Mill Gate, Cr 340", "17 Mill Gate"),
            ("lives at no. 17 Duxford House", "no. 17 Duxford House"),
            ("address:12 Elm Road", "12 Elm Road"),
            ("3 June Close", "3 June Close"),
            ("14 Oak Ct", "14 Oak Ct"),
        ] {
            assert_eq!(found(text, &[Label::Address]), [(Label::Address, street.to_owned())], "{text}");
        }
    }

    #[test]
    fn lines_of_a_handover_are_no_addresses() {
        for text in [
            "67M DKA cr 210 K 5.9",
            "4 PE CT done",
            "67M SAH CT head",
            "67M NSTEMI ST depression",
            "44M CHB AV pacing",
            "67M CAP Dr to see",
            "2 mm ST elevation",
            "Bed 9 EUPD close obs",
            "Smith 82 AKI Cr 340",
            "22F OD close obs",
            "82F TIA Dr to see",
            "12 CVA gate review",
            "bay 3 COPD walk test",
            "67 Stroke CT head",
            "67 Sepsis Cr 210",
            "67M Sepsis Cr 210",
            "9 Patel close obs",
            "5 Delirium Close obs",
            "Bed 9 Falls close obs",
            "Bed 3 Sepsis Dr aware",
            "9 Asthma way better",
            "67M DKA CR 210 BED 4 OBS STABLE, BLOODS TAKEN",
            "Meet at 10:30 Church Road",
            "bus 10:42 High Street",
            "0742 Station Road",
            "07:42 from Haywards Heath",
            "0742 from Haywards Heath",
            "seen 12 June with Dr Rose Amin",
            "lkw 0340 onset ct neg",
            "64 slice ct",
            "64 Slice CT",
        ] {
            assert_eq!(found(text, &[Label::Address]), [], "{text}");
        }
    }

    #[test]
    fn the_minutes_of_a_time_are_blocked() {
        let mut document = Document::default();
        for (text, minutes) in [
            ("Meet at 10:30 Church Road", Some((4, 5))),
            ("address:12 Elm Road", None),
            ("seen 10:30 by Dr Amin", None),
        ] {
            document.prepare(text, crate::dictionary::Dictionary::embedded());
            let mut blocked = Vec::new();
            scan(&document, &mut Vec::new(), &mut blocked);
            assert_eq!(blocked.first().copied(), minutes, "{text}");
        }
    }

    #[test]
    fn words_for_numbers_in_a_row_take_no_stack_and_little_time() {
        let scan = || {
            for unit in ["no ", "number ", "no. ", "one ", "a hundred and "] {
                let text = unit.repeat(80_000 / unit.len());
                assert_eq!(found(&text, &[Label::Address]), [], "{unit}");
            }
        };
        let small = std::thread::Builder::new().stack_size(2 << 20).spawn(scan);
        small.unwrap().join().unwrap();
    }

    #[test]
    fn a_town_after_a_street_is_nobodys_name() {
        for (text, town) in [
            ("7 Oak Avenue, Preston PR1 2AB", "Preston"),
            ("7 Oak Avenue, Derby DE1 2AB", "Derby"),
            ("7 Oak Avenue, Hull, HU1 2AB", "Hull"),
            ("7 Oak Avenue Leeds LS1 2AB", "Leeds"),
            ("7 Oak Avenue\nLincoln\nLN1 2AB", "Lincoln"),
            ("lives at 7 Oak Avenue, Chester, with her son", "Chester"),
            ("7 Oak Avenue, Bury.", "Bury"),
        ] {
            let found = found(text, &[Label::Person, Label::Place]);
            assert_eq!(found, [(Label::Place, town.to_owned())], "{text}");
        }
        for (text, name) in [
            ("7 Oak Avenue, Lincoln Okafor aware", "Lincoln Okafor"),
            ("7 Oak Avenue, Preston's son", "Preston"),
        ] {
            let found = found(text, &[Label::Person, Label::Place]);
            assert_eq!(found, [(Label::Person, name.to_owned())], "{text}");
        }
    }
}
