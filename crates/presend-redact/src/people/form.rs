//! Reads the words of a mention: its pieces in the text, and the parts of the name in their order.

use presend_detect::dictionary::Dictionary;
use presend_text::{Folded, Span};

use super::hashing::{Hashing, Kind as Hashed};
use super::nicknames;
use crate::realistic::is_listed;

/// A name of more pieces than this is compared as a whole.
const MOST_PIECES: usize = 8;
/// So many single letters or more are a word spelt out.
const SPELT_FROM: usize = 4;
/// Shorter words have no misspellings: too many of them are one letter apart.
const NEAR_FROM: usize = 5;
/// Longer words have none either, so that a word keeps a bounded number of hashes.
pub(super) const NEAR_TO: usize = 24;
/// From this grade on a word of the dictionary counts as somebody's name.
const KNOWN_FROM: u8 = 2;

/// Titles: no part of the name after them.
const TITLES: &[&str] = &[
    "dame",
    "doctor",
    "dr",
    "lady",
    "lord",
    "madam",
    "master",
    "matron",
    "midwife",
    "miss",
    "mr",
    "mrs",
    "ms",
    "mstr",
    "mx",
    "nurse",
    "prof",
    "professor",
    "rev",
    "revd",
    "reverend",
    "sir",
    "sister",
];
/// Titles that say nothing of somebody's work: a patient's or a relative's rather than a colleague's.
const CIVIL_TITLES: &[&str] = &["madam", "master", "miss", "mr", "mrs", "ms", "mstr", "mx"];
/// Titles that a baby may bear.
const TITLES_OF_ALL_AGES: &[&str] = &["master", "miss", "mstr", "mx"];
/// What a baby known by a parent's name is called.
const BABY: &[&str] = &["baby", "infant", "newborn", "triplet", "twin"];
/// What follows a name that stands for a whole family.
const GROUP: &[&str] = &["family"];
/// What tells two bearers of one name apart; it belongs to the name.
const SUFFIXES: &[&str] = &["ii", "iii", "iv", "jnr", "jr", "junior", "senior", "snr"];
/// Words within a name that are no name.
const SMALL: &[&str] = &["and", "of", "the"];
/// Particles that belong to the word after them wherever they stand.
const PARTICLES: &[&str] = &[
    "abu", "bin", "bint", "de", "del", "della", "den", "der", "dos", "das", "du", "el", "ibn", "mc", "st",
    "ten", "ter", "van", "von",
];
/// Particles that belong to the word after them within a name or before a hyphen; at its start they may be a name.
const INNER_PARTICLES: &[&str] = &["al", "ap", "ben", "da", "di", "la", "le", "mac", "san", "ud", "ul", "ur"];

/// What kind of name a form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormKind {
    Person,
    /// A baby known by a parent's name: Baby Okafor, Twin 1 Begum.
    Baby,
    /// A family by its name.
    Group,
    /// Too many pieces, or no letters: compared as a whole.
    Whole,
}

/// What a piece of a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// A word of the name.
    Word,
    /// A letter, or several in one piece, that stand for words of the name.
    Initials,
    /// A title, a marker such as "baby", a suffix such as "Jr", a small word: no part of anybody's name.
    Other,
}

/// A piece of a mention in the text.
#[derive(Clone)]
pub(crate) struct Piece {
    /// Its bytes in the mention's words.
    pub(crate) span: Span,
    /// Folded, letters and digits alone.
    pub(crate) text: String,
    pub(crate) kind: PieceKind,
    /// Without its particle, or with Mac for Mc; the text where it has neither.
    stem: String,
    hyphen_before: bool,
    comma_before: bool,
    slash_before: bool,
    dot_after: bool,
}

/// A word of a name as a form has it.
#[derive(Clone)]
pub(super) struct FormWord {
    pub(super) text: String,
    pub(super) exact: u64,
    pub(super) stem: u64,
    /// Names that it may be short for.
    pub(super) formal: Vec<u64>,
    /// Short forms of it.
    pub(super) short: Vec<u64>,
    /// Somebody's given name, by the dictionary.
    pub(super) given: bool,
    /// Somebody's surname, by the dictionary.
    pub(super) surname: bool,
    /// Somebody's name by any list, be it rare.
    pub(super) listed: bool,
}

/// A part of a name as a form has it: a word, or its first letter alone.
#[derive(Clone)]
pub(super) struct FormToken {
    /// The piece that it comes from.
    pub(super) piece: usize,
    /// A hyphen joins it to the part before.
    pub(super) joined: bool,
    pub(super) letter: u64,
    pub(super) stem_letter: u64,
    pub(super) word: Option<FormWord>,
}

/// A mention's words, read.
#[derive(Clone)]
pub(crate) struct Form {
    /// In the order of the text.
    pub(crate) pieces: Vec<Piece>,
    /// In the order of the name; not empty.
    pub(super) tokens: Vec<FormToken>,
    /// The only piece as a word, where the tokens read it as initials.
    pub(super) alternative: Option<FormWord>,
    pub(super) kind: FormKind,
    /// A comma tells the order.
    pub(super) ordered: bool,
    /// A title that no baby bears.
    pub(super) adult: bool,
    /// The hash of the civil title before it.
    pub(super) civil: Option<u64>,
}

/// The civil title, such as "Mrs", that a text ends in, up to the name that comes next.
///
/// ```
/// assert_eq!(presend_redact::civil_title("seen by Mrs. "), Some("Mrs. "));
/// assert_eq!(presend_redact::civil_title("seen by Dr "), None);
/// ```
#[must_use]
pub fn civil_title(before: &str) -> Option<&str> {
    let end = before.trim_end_matches([' ', '.', '\u{a0}']).len();
    let word = before.get(..end)?;
    let start = word.trim_end_matches(char::is_alphabetic).len();
    let title = word.get(start..)?;
    let is_title = CIVIL_TITLES.iter().any(|civil| title.eq_ignore_ascii_case(civil));
    (is_title && end < before.len()).then(|| before.get(start..)).flatten()
}

/// The misspellings of a word, to be looked up.
pub(super) struct Near {
    /// With one letter replaced, by position: less that letter.
    pub(super) replaced: Vec<u64>,
    /// With one letter more, by position: what the longer word has less that letter.
    pub(super) missing: Vec<u64>,
    /// With one letter less, and with two neighbours swapped: whole words.
    pub(super) whole: Vec<u64>,
}

impl Form {
    pub(crate) fn new(words: &str, hashing: &Hashing) -> Self {
        let mut pieces = pieces_of(words);
        let mut form = Self {
            pieces: Vec::new(),
            tokens: Vec::new(),
            alternative: None,
            kind: FormKind::Person,
            ordered: false,
            adult: false,
            civil: None,
        };
        let skip = form.read_titles(&mut pieces, hashing);
        join_spelt(&mut pieces, skip);
        form.kind = kind_of(&mut pieces, skip);
        if form.kind != FormKind::Whole {
            join_particles(&mut pieces, skip);
        }
        form.pieces = pieces;
        form.read_tokens(skip, hashing);
        form
    }

    /// Marks the titles at the start, and returns how many pieces they are; one piece at least is the name.
    fn read_titles(&mut self, pieces: &mut [Piece], hashing: &Hashing) -> usize {
        let mut count = 0;
        while count + 1 < pieces.len()
            && let Some(piece) = pieces.get_mut(count)
            && TITLES.contains(&piece.text.as_str())
        {
            piece.kind = PieceKind::Other;
            self.adult |= !TITLES_OF_ALL_AGES.contains(&piece.text.as_str());
            if CIVIL_TITLES.contains(&piece.text.as_str()) {
                self.civil = Some(hashing.of(Hashed::Word, &piece.text));
            }
            count += 1;
        }
        count
    }

    fn read_tokens(&mut self, skip: usize, hashing: &Hashing) {
        if self.kind == FormKind::Whole {
            let whole: Vec<&str> = self.pieces.iter().skip(skip).map(|piece| piece.text.as_str()).collect();
            let text = whole.join(" ");
            self.tokens.push(FormToken::word(skip, &text, &text, hashing));
            return;
        }
        let alone = self.pieces.len() == skip + 1;
        let mut comma = None;
        for (at, piece) in self.pieces.iter_mut().enumerate().skip(skip) {
            if SMALL.contains(&piece.text.as_str()) && !alone {
                piece.kind = PieceKind::Other;
                continue;
            }
            if piece.comma_before && !self.tokens.is_empty() && comma.is_none() {
                comma = Some(self.tokens.len());
            }
            match letters_of(piece, alone) {
                Letters::None => {
                    let token = FormToken::word(at, &piece.text, &piece.stem, hashing);
                    self.tokens.push(FormToken { joined: piece.hyphen_before, ..token });
                }
                Letters::Maybe | Letters::Certain => {
                    if piece.text.chars().count() > 1 && alone {
                        self.alternative = Some(FormWord::new(&piece.text, &piece.stem, hashing));
                    }
                    piece.kind = PieceKind::Initials;
                    let letters = piece.text.chars();
                    self.tokens.extend(letters.map(|letter| FormToken::letter(at, letter, hashing)));
                }
            }
            if SUFFIXES.contains(&piece.text.as_str()) && !alone {
                piece.kind = PieceKind::Other;
            }
        }
        if self.tokens.is_empty() {
            let text = self.pieces.last().map_or("", |piece| piece.text.as_str()).to_owned();
            self.tokens.push(FormToken::word(self.pieces.len().saturating_sub(1), &text, &text, hashing));
        }
        // Ekwueme, Doris
        if let Some(comma) = comma.filter(|_| self.kind == FormKind::Person) {
            self.tokens.rotate_left(comma);
            self.ordered = true;
        }
    }

    /// Whether all its parts are initials.
    pub(super) fn is_initials(&self) -> bool {
        self.tokens.len() > 1 && self.tokens.iter().all(|token| token.word.is_none())
    }
}

impl FormToken {
    fn word(piece: usize, text: &str, stem: &str, hashing: &Hashing) -> Self {
        let letter = |text: &str| {
            let first = text.chars().next().map(String::from).unwrap_or_default();
            hashing.of(Hashed::Letter, &first)
        };
        Self {
            piece,
            joined: false,
            letter: letter(text),
            stem_letter: letter(stem),
            word: Some(FormWord::new(text, stem, hashing)),
        }
    }

    fn letter(piece: usize, letter: char, hashing: &Hashing) -> Self {
        let letter = hashing.of(Hashed::Letter, &String::from(letter));
        Self { piece, joined: false, letter, stem_letter: letter, word: None }
    }
}

impl FormWord {
    fn new(text: &str, stem: &str, hashing: &Hashing) -> Self {
        let hash = |text: &str| hashing.of(Hashed::Word, text);
        let (given, surname) = grades(text);
        Self {
            text: text.to_owned(),
            exact: hash(text),
            stem: hash(stem),
            formal: nicknames::formal(text).iter().map(|name| hash(name)).collect(),
            short: nicknames::short(text).map(hash).collect(),
            given: given >= KNOWN_FROM,
            surname: surname >= KNOWN_FROM,
            listed: given > 0 || surname > 0 || is_listed(text),
        }
    }

    /// By position, the hash of the word less that letter; nothing where it is too short or too long.
    pub(super) fn near(&self, hashing: &Hashing) -> Vec<u64> {
        let letters: Vec<char> = self.text.chars().collect();
        if !(NEAR_FROM..=NEAR_TO).contains(&letters.len()) || !letters.iter().all(|c| c.is_alphabetic()) {
            return Vec::new();
        }
        (0..letters.len()).map(|at| hashing.near(at, &without(&letters, at))).collect()
    }

    /// Where the words lie that are one slip of the keyboard away.
    pub(super) fn misspellings(&self, hashing: &Hashing) -> Near {
        let replaced = self.near(hashing);
        let letters: Vec<char> = self.text.chars().collect();
        if replaced.is_empty() {
            return Near { replaced, missing: Vec::new(), whole: Vec::new() };
        }
        let missing = (0..=letters.len()).map(|at| hashing.near(at, &self.text)).collect();
        let mut whole = Vec::new();
        if letters.len() > NEAR_FROM {
            whole.extend((0..letters.len()).map(|at| hashing.of(Hashed::Word, &without(&letters, at))));
        }
        for at in 1..letters.len() {
            let mut swapped = letters.clone();
            swapped.swap(at - 1, at);
            whole.push(hashing.of(Hashed::Word, &swapped.iter().collect::<String>()));
        }
        Near { replaced, missing, whole }
    }
}

/// How common a folded word is as a given name and as a surname, 0 to 3.
pub(crate) fn grades(text: &str) -> (u8, u8) {
    let entry = Dictionary::embedded().lookup(text);
    (entry.given(), entry.surname())
}

fn without(letters: &[char], at: usize) -> String {
    letters.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, letter)| *letter).collect()
}

/// Whether a piece is initials.
enum Letters {
    None,
    /// It may as well be a short name.
    Maybe,
    Certain,
}

fn letters_of(piece: &Piece, alone: bool) -> Letters {
    let count = piece.text.chars().count();
    if count == 1 {
        // Only scripts with capitals have initials: a single ideograph is a whole name.
        let cased = piece.text.chars().all(char::is_lowercase);
        return if cased { Letters::Certain } else { Letters::None };
    }
    let plain = piece.text.bytes().all(|byte| byte.is_ascii_lowercase());
    let no_vowel = !piece.text.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    if !plain || count > 3 || SUFFIXES.contains(&piece.text.as_str()) {
        return Letters::None;
    }
    let (given, surname) = grades(&piece.text);
    if given >= KNOWN_FROM || surname >= KNOWN_FROM {
        return Letters::None;
    }
    if no_vowel || (alone && count == 2) { Letters::Maybe } else { Letters::None }
}

/// Splits words into pieces: runs of letters and digits, apostrophes between letters dropped.
fn pieces_of(words: &str) -> Vec<Piece> {
    let folded = Folded::new(words);
    let text = folded.text();
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut hyphen, mut comma, mut slash) = (false, false, false);
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if !c.is_alphanumeric() {
            let only = |mark| !hyphen && !comma && !slash && c == mark;
            (hyphen, comma, slash) = (only('-'), comma || c == ',', only('/'));
            if let Some(last) = pieces.last_mut().filter(|last| last.span.end() == at) {
                last.dot_after = c == '.';
            }
            at += c.len_utf8();
            continue;
        }
        let end = at + piece_len(text.get(at..).unwrap_or_default());
        let whole = text.get(at..end).unwrap_or_default();
        // The possessive is no part of a name; what it leaves of "o's" would be.
        let bare = whole.strip_suffix("'s").filter(|bare| bare.chars().count() > 1).unwrap_or(whole);
        let letters = bare.replace('\'', "");
        pieces.push(Piece {
            span: Span::new(at, at + bare.len()),
            stem: stem_of(bare, &letters),
            text: letters,
            kind: PieceKind::Word,
            hyphen_before: hyphen && !pieces.is_empty(),
            comma_before: comma,
            slash_before: slash,
            dot_after: false,
        });
        (hyphen, comma, slash) = (false, false, false);
        at = end;
    }
    if pieces.is_empty() {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        return vec![Piece {
            span: Span::new(0, words.len()),
            stem: text.clone(),
            text,
            kind: PieceKind::Word,
            hyphen_before: false,
            comma_before: false,
            slash_before: false,
            dot_after: false,
        }];
    }
    for piece in &mut pieces {
        piece.span = folded.original_span(piece.span);
    }
    pieces
}

/// The length of the run of letters and digits that text starts with, apostrophes between letters included.
fn piece_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !(c.is_alphanumeric() || (c == '\'' && at > 0 && next)) {
            return at;
        }
    }
    text.len()
}

/// A piece without an elided particle, or with Mac for Mc.
fn stem_of(bare: &str, letters: &str) -> String {
    if let Some((particle, rest)) = bare.split_once('\'')
        && matches!(particle, "d" | "l" | "dell")
        && rest.chars().count() > 2
    {
        return rest.replace('\'', "");
    }
    match letters.strip_prefix("mc") {
        Some(rest) if rest.chars().count() > 2 => format!("mac{rest}"),
        _ => letters.to_owned(),
    }
}

/// What kind of name the pieces after the titles are; marks what is no name.
fn kind_of(pieces: &mut [Piece], skip: usize) -> FormKind {
    let name = pieces.get_mut(skip..).unwrap_or_default();
    if name.len() > MOST_PIECES || name.iter().all(|piece| !piece.text.contains(char::is_alphanumeric)) {
        return FormKind::Whole;
    }
    if let [first, .., last] = &mut *name {
        if GROUP.contains(&last.text.as_str()) {
            last.kind = PieceKind::Other;
            return FormKind::Group;
        }
        if BABY.contains(&first.text.as_str()) {
            first.kind = PieceKind::Other;
        }
    }
    if let [b, o, _, ..] = &mut *name
        && b.text == "b"
        && o.text == "o"
        && o.slash_before
    {
        (b.kind, o.kind) = (PieceKind::Other, PieceKind::Other);
    }
    if name.first().is_none_or(|first| first.kind == PieceKind::Word) {
        return FormKind::Person;
    }
    // Twin 1, twin B
    if let [_, number, _, ..] = &mut *name
        && number.kind == PieceKind::Word
        && (number.text.bytes().all(|byte| byte.is_ascii_digit()) || number.text.len() == 1)
    {
        number.kind = PieceKind::Other;
    }
    FormKind::Baby
}

/// Joins the letters of a name that is spelt out: E K W U E M E.
fn join_spelt(pieces: &mut Vec<Piece>, skip: usize) {
    let letters = pieces.get(skip..).unwrap_or_default();
    let spelt = letters.len() >= SPELT_FROM && letters.iter().all(|piece| piece.text.chars().count() == 1);
    let (Some(first), Some(last)) = (letters.first().filter(|_| spelt), letters.last()) else { return };
    let text: String = letters.iter().map(|piece| piece.text.as_str()).collect();
    let span = Span::new(first.span.start(), last.span.end());
    let joined =
        Piece { span, stem: stem_of(&text, &text), text, dot_after: last.dot_after, ..first.clone() };
    pieces.splice(skip.., [joined]);
}

/// Joins particles to the word after them: van der Berg, al-Hassan, Mc Donald, O Neil.
fn join_particles(pieces: &mut Vec<Piece>, skip: usize) {
    let mut at = pieces.len();
    // From the end, so that van joins der Berg.
    while at > skip + 1 {
        at -= 1;
        let (Some(word), Some(particle)) = (pieces.get(at), pieces.get(at - 1)) else { continue };
        let is_first = at - 1 == skip;
        let long = word.text.chars().count() > 2;
        let joins = particle.kind == PieceKind::Word
            && word.kind == PieceKind::Word
            && !word.comma_before
            && long
            && (PARTICLES.contains(&particle.text.as_str())
                || (INNER_PARTICLES.contains(&particle.text.as_str()) && (!is_first || word.hyphen_before))
                || (particle.text == "o" && !is_first && !particle.dot_after));
        if !joins {
            continue;
        }
        let stem = match particle.text.as_str() {
            "mc" | "mac" => format!("mac{}", word.text),
            "o" => format!("o{}", word.text),
            _ => word.stem.clone(),
        };
        let joined = Piece {
            span: Span::new(particle.span.start(), word.span.end()),
            text: format!("{}{}", particle.text, word.text),
            stem,
            dot_after: word.dot_after,
            ..particle.clone()
        };
        pieces.splice(at - 1..=at, [joined]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(words: &str) -> Form {
        Form::new(words, &Hashing::new([0; 16]))
    }

    /// The name's parts in order, initials with a dot.
    fn parts(words: &str) -> String {
        let form = form(words);
        let part = |token: &FormToken| match &token.word {
            Some(word) => word.text.clone(),
            None => ".".to_owned(),
        };
        form.tokens.iter().map(part).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_read_as_parts_of_a_name() {
        for (words, expected) in [
            ("Doris Ekwueme", "doris ekwueme"),
            ("  DORIS\u{a0}Ékwueme's ", "doris ekwueme"),
            ("Ekwueme, Doris A", "doris . ekwueme"),
            ("Mrs Ekwueme", "ekwueme"),
            ("Dr. Prof. Chen", "chen"),
            ("Dr", ". ."),
            ("D.E.", ". ."),
            ("DE", ". ."),
            ("Jo", "jo"),
            ("D Ekwueme", ". ekwueme"),
            ("JTS Patel", ". . . patel"),
            ("Md Rahman", "md rahman"),
            ("Ng", "ng"),
            ("E K W U E M E", "ekwueme"),
            ("d-o-r-i-s", "doris"),
            ("Noor ul-Haq", "noor ulhaq"),
            ("Sean O\u{2019}Neil", "sean oneil"),
            ("Sean O Neil", "sean oneil"),
            ("Sean O. Neil", "sean . neil"),
            ("O Neil", ". neil"),
            ("Anna van der Berg", "anna vanderberg"),
            ("van der Berg", "vanderberg"),
            ("al-Hassan", "alhassan"),
            ("Al Hassan", "al hassan"),
            ("Omar Al Hassan", "omar alhassan"),
            ("Jean D'Souza", "jean dsouza"),
            ("Mc Donald", "mcdonald"),
            ("Smith-Jones", "smith jones"),
            ("Twin 1 Begum", "twin 1 begum"),
            ("B/O Begum", ". . begum"),
            ("Baby of Fatima Begum", "baby fatima begum"),
            ("محمد علي", "محمد علي"),
            ("विक्रम", "विकरम"),
            ("王", "王"),
            ("🌸", "🌸"),
            ("", ""),
        ] {
            assert_eq!(parts(words), expected, "{words:?}");
        }
    }

    #[test]
    fn kinds_and_titles_are_told_apart() {
        for (words, kind) in [
            ("Mrs Ekwueme", FormKind::Person),
            ("Baby", FormKind::Person),
            ("Bo Okafor", FormKind::Person),
            ("Baby Okafor", FormKind::Baby),
            ("twin b Okafor", FormKind::Baby),
            ("B/O Okafor", FormKind::Baby),
            ("Adeyinka family", FormKind::Group),
            ("aa bb cc dd ee ff gg hh ii", FormKind::Whole),
            ("🌸", FormKind::Whole),
        ] {
            assert_eq!(form(words).kind, kind, "{words:?}");
        }
        assert!(form("Mrs Begum").adult && !form("Miss Begum").adult && !form("Begum").adult);
    }

    #[test]
    fn spans_lie_where_the_pieces_do() {
        let words = "Mrs Zoë van\u{200b} der Berg's";
        let form = form(words);
        let spans: Vec<&str> = form.pieces.iter().filter_map(|piece| piece.span.of(words)).collect();
        assert_eq!(spans, ["Mrs", "Zoë", "van\u{200b} der Berg"]);
    }
}
