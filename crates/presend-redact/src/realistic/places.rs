//! Places, postcodes, addresses, organisations and occupations.

use std::ops::Range;
use std::sync::LazyLock;

use presend_detect::dictionary::{Class, ClassSet, Dictionary};
use presend_text::Folded;

use super::draw::Draw;
use super::style;

/// Letters that no postcode has after its last digit.
const NEVER_INWARD: &[u8] = b"cikmov";
/// Letters that no outward code has after its digit.
const NEVER_OUTWARD: &[u8] = b"lqz";
/// After so many attempts a place of another size will do, and after as many again a coined name.
const PATIENCE: u32 = 60;

/// Words of an address that lead in a number.
const UNITS: &[&str] = &[
    "apartment",
    "apt",
    "block",
    "bungalow",
    "caravan",
    "first",
    "flat",
    "floor",
    "ground",
    "number",
    "no",
    "pitch",
    "plot",
    "room",
    "second",
    "the",
    "top",
    "unit",
];
/// Words of an organisation's name that say what it is.
const KINDS: &[&str] = &[
    "a",
    "academy",
    "ambulance",
    "and",
    "association",
    "at",
    "authority",
    "board",
    "boys",
    "care",
    "center",
    "centre",
    "charity",
    "chemist",
    "childrens",
    "church",
    "city",
    "clinic",
    "college",
    "community",
    "company",
    "council",
    "county",
    "court",
    "day",
    "dental",
    "department",
    "district",
    "doctors",
    "eye",
    "first",
    "for",
    "foundation",
    "general",
    "girls",
    "gp",
    "grammar",
    "group",
    "gurdwara",
    "hall",
    "health",
    "healthcare",
    "high",
    "home",
    "homes",
    "hospice",
    "hospital",
    "house",
    "housing",
    "hub",
    "infant",
    "infants",
    "infirmary",
    "junior",
    "limited",
    "lodge",
    "ltd",
    "maternity",
    "medical",
    "mental",
    "minor",
    "mosque",
    "nhs",
    "nursery",
    "nursing",
    "of",
    "opticians",
    "park",
    "partnership",
    "pharmacy",
    "plc",
    "police",
    "practice",
    "pre",
    "primary",
    "prison",
    "residential",
    "royal",
    "school",
    "secondary",
    "service",
    "services",
    "social",
    "solicitors",
    "station",
    "surgery",
    "team",
    "temple",
    "the",
    "trust",
    "university",
    "womens",
];
/// Words that join the parts of a name.
const SMALL: &[&str] = &["a", "and", "at", "for", "of", "the"];
/// Words before an occupation that are no part of it.
const BEFORE_WORK: &[&str] = &["ex", "former", "retired", "semi", "student", "trainee"];

static PLACES: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    let lines = include_str!("../../data/places.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(':'))
        .map(|(size, names)| (size, names.split_whitespace().collect()))
        .collect()
});

static COINED: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/coined.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

static WORK: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("../../data/professions.txt").lines().collect());

/// A postcode, read.
pub(super) struct Postcode {
    area: String,
    /// The digits of the outward code, and whether a letter follows them.
    digits: usize,
    letter: bool,
    full: bool,
}

impl Postcode {
    /// Reads a postcode or an outward code from its letters and digits; `None` where it is none.
    pub(super) fn read(compact: &str) -> Option<Self> {
        let inward = compact.len().checked_sub(3).and_then(|at| compact.get(at..));
        let is_inward = |code: &str| {
            let mut bytes = code.bytes();
            bytes.next().is_some_and(|b| b.is_ascii_digit()) && bytes.all(|b| b.is_ascii_lowercase())
        };
        let full = compact.len() >= 5 && inward.is_some_and(is_inward);
        let outward = if full { compact.get(..compact.len() - 3)? } else { compact };
        let digits_at = outward.find(|c: char| !c.is_ascii_lowercase())?;
        let (area, rest) = outward.split_at_checked(digits_at)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let tail = rest.get(digits..)?;
        let letter = match tail.as_bytes() {
            [] => false,
            [letter] => letter.is_ascii_lowercase(),
            _ => return None,
        };
        let sane = (1..=2).contains(&area.len()) && (1..=2).contains(&digits) && (letter || tail.is_empty());
        sane.then(|| Self { area: area.to_owned(), digits, letter, full })
    }

    /// Draws a code of the same area that cannot be: in small letters, without a space.
    pub(super) fn draw(&self, draw: &mut Draw<'_>) -> String {
        let mut code = self.area.clone();
        code.push(draw.letter(b"123456789"));
        if !self.full {
            code.push(draw.letter(NEVER_OUTWARD));
            return code;
        }
        if self.digits == 2 {
            code.push(draw.digit());
        }
        if self.letter {
            code.push(draw.letter(b"abehw"));
        }
        code.push(draw.digit());
        code.push(draw.letter(NEVER_INWARD));
        code.push(draw.letter(NEVER_INWARD));
        code
    }

    /// Writes a drawn code in the form of the original.
    pub(super) fn write(&self, words: &str, drawn: &str) -> String {
        if self.full { super::shape::write(words, drawn) } else { style::like(words, &drawn.to_uppercase()) }
    }
}

/// Another place of similar size: over 100,000 people, over 10,000, or fewer.
pub(super) fn place(spaced: &str, draw: &mut Draw<'_>) -> Option<String> {
    let own = PLACES.iter().position(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(spaced)));
    let is_large = || {
        let phrase = Dictionary::embedded().phrase_at(spaced.split(' '));
        Dictionary::embedded().lookup(spaced).has(Class::PlaceLarge)
            || phrase.is_some_and(|phrase| {
                phrase.has(Class::PlaceLarge) && phrase.words() == spaced.split(' ').count()
            })
    };
    let size = own.unwrap_or_else(|| if is_large() { 0 } else { PLACES.len().saturating_sub(1) });
    let found = match draw.attempt() / PATIENCE {
        0 => PLACES.get(size).and_then(|(_, names)| draw.one(names)),
        1 => PLACES.get((size + 1) % PLACES.len().max(1)).and_then(|(_, names)| draw.one(names)),
        _ => draw.one(&COINED),
    }?;
    let shares = spaced.split(' ').any(|word| word.eq_ignore_ascii_case(found));
    (!shares).then(|| (*found).to_owned())
}

/// Another occupation that shares no word with this one.
pub(super) fn work(spaced: &str, draw: &mut Draw<'_>) -> Option<String> {
    let (before, own): (Vec<&str>, Vec<&str>) =
        spaced.split(' ').partition(|word| BEFORE_WORK.contains(word));
    let found = draw.one(&WORK)?;
    let shares = found.split(' ').any(|word| own.contains(&word));
    let before: Vec<&str> = before.into_iter().take(1).collect();
    (!shares).then(|| before.iter().copied().chain([*found]).collect::<Vec<_>>().join(" "))
}

/// A word of a name of something, or what stands between two.
struct Word<'t> {
    text: &'t str,
    folded: String,
    is_word: bool,
}

impl Word<'_> {
    fn is_number(&self) -> bool {
        self.folded.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether it is a mark that parts one line of an address from the next.
    fn parts(&self) -> bool {
        !self.is_word && self.text.contains([',', ';', '\r', '\n', '(', ')'])
    }

    /// Whether it is a short word that is spelt: LGI, QMC.
    fn is_acronym(&self) -> bool {
        let capitals = self.text.chars().all(char::is_uppercase);
        let vowel = self.folded.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        (2..=5).contains(&self.folded.chars().count()) && (capitals || !vowel)
    }
}

/// Splits words into runs of letters and digits, and what stands between them.
fn words_of(text: &str) -> Vec<Word<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = is_part(first);
        let end = rest.find(|c| is_part(c) != is_word).unwrap_or(rest.len());
        let (run, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let folded = Folded::new(run).into_text().replace('\'', "");
        words.push(Word { text: run, folded, is_word });
        rest = tail;
    }
    words
}

/// An invented house and street of the same form: numbers of as many digits, the same kind of street, a coined name.
pub(super) fn address(text: &str, draw: &mut Draw<'_>) -> Option<String> {
    const KINDS_OF_STREET: ClassSet = ClassSet::of(&[Class::StreetType, Class::Building]);
    let words = words_of(text);
    let mut kept = vec![false; words.len()];
    for segment in segments(&words) {
        let is_name = |at: &usize| {
            words.get(*at).is_some_and(|word| {
                word.is_word && !word.is_number() && !UNITS.contains(&word.folded.as_str())
            })
        };
        for at in segment.clone() {
            if let (Some(kept), Some(word)) = (kept.get_mut(at), words.get(at)) {
                *kept = UNITS.contains(&word.folded.as_str());
            }
        }
        let names: Vec<usize> = segment.filter(is_name).collect();
        let is_kind = |word: &Word<'_>| Dictionary::embedded().lookup(&word.folded).has_any(KINDS_OF_STREET);
        if let [_, .., last] = names.as_slice()
            && words.get(*last).is_some_and(is_kind)
            && let Some(kept) = kept.get_mut(*last)
        {
            *kept = true;
        }
    }
    rename(&words, &kept, draw)
}

/// An invented organisation of the same kind: the words that say what it is stay, the others become a coined name.
pub(super) fn organisation(text: &str, draw: &mut Draw<'_>) -> Option<String> {
    let words = words_of(text);
    let own: Vec<&Word<'_>> = words.iter().filter(|word| word.is_word).collect();
    if let [word] = own.as_slice()
        && word.is_acronym()
    {
        let letters: String = word.folded.chars().map(|_| draw.letter(b"abcdefghklmnprstuw")).collect();
        let known = Dictionary::embedded().lookup(&letters).is_known();
        return (!known).then(|| style::like(word.text, &letters.to_uppercase()));
    }
    let is_kind = |word: &Word<'_>| {
        let head = Dictionary::embedded().lookup(&word.folded).has(Class::OrgHeadStrong);
        head || KINDS.contains(&word.folded.as_str())
    };
    let mut kept: Vec<bool> = words.iter().map(is_kind).collect();
    if own.iter().all(|word| is_kind(word)) {
        let name = draw.one(&COINED)?;
        let kind = text.replace(['\r', '\n'], " ");
        return (!own.is_empty()).then(|| format!("{} {kind}", style::like(text, name)));
    }
    // "St Mary's C of E Primary" has one name: the small words that join parts of it go with it.
    for at in 0..words.len() {
        let is_small = words.get(at).is_some_and(|word| SMALL.contains(&word.folded.as_str()));
        let named = |at: Option<usize>| {
            at.is_some_and(|at| {
                words.get(at).is_some_and(|word| word.is_word) && kept.get(at) == Some(&false)
            })
        };
        let joins = named(at.checked_sub(2)) && named(at.checked_add(2));
        if is_small
            && joins
            && let Some(kept) = kept.get_mut(at)
        {
            *kept = false;
        }
    }
    rename(&words, &kept, draw)
}

/// The parts of a name of something between commas and line breaks, as ranges of its words.
fn segments(words: &[Word<'_>]) -> Vec<Range<usize>> {
    let mut segments = Vec::new();
    let mut start = 0;
    for (at, word) in words.iter().enumerate() {
        if word.parts() {
            segments.push(start..at);
            start = at + 1;
        }
    }
    segments.push(start..words.len());
    segments
}

/// Writes each run of words that are not kept as one coined name, and numbers as others of as many digits.
fn rename(words: &[Word<'_>], kept: &[bool], draw: &mut Draw<'_>) -> Option<String> {
    let mut out = String::new();
    // The marks between the words of a run go with them.
    let mut gap = "";
    let mut in_run = false;
    for (word, kept) in words.iter().zip(kept) {
        if !word.is_word {
            in_run &= !word.parts();
            gap = word.text;
            continue;
        }
        if *kept || word.is_number() {
            in_run = false;
            out.push_str(&style::between(gap));
            if word.is_number() { number(&word.folded, draw, &mut out) } else { out.push_str(word.text) }
        } else if !in_run {
            in_run = true;
            out.push_str(&style::between(gap));
            let name = draw.one(&COINED)?;
            if words.iter().any(|word| word.folded.eq_ignore_ascii_case(name)) {
                return None;
            }
            out.push_str(&style::like(word.text, name));
        }
        gap = "";
    }
    out.push_str(&style::between(gap));
    words.iter().any(|word| word.is_word).then_some(out)
}

/// A house number of as many digits, and another letter where one follows.
fn number(folded: &str, draw: &mut Draw<'_>, out: &mut String) {
    let is_house = folded.chars().filter(|c| !c.is_ascii_digit()).count() < 2;
    for (at, c) in folded.chars().enumerate() {
        out.push(match c {
            '0'..='9' if at == 0 => draw.letter(b"123456789"),
            '0'..='9' => draw.digit(),
            _ if is_house => draw.letter(b"abcdefgh"),
            c => c,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw::Key;
    use super::*;

    fn drawn(words: &str, of: impl Fn(&str, &mut Draw<'_>) -> Option<String>) -> String {
        let key = Key::new(&[1; 32]);
        let found = (0..50).find_map(|attempt| of(words, &mut Draw::new(&key, "test", words, attempt)));
        found.expect("50 attempts")
    }

    /// A coined name as *, a digit as 9.
    fn masked(text: &str) -> String {
        let mask = |word: Word<'_>| {
            if COINED.iter().any(|name| name.eq_ignore_ascii_case(word.text)) {
                return "*".to_owned();
            }
            let house = word.is_number() && word.text.chars().filter(|c| c.is_alphabetic()).count() == 1;
            let mask = |c: char| match c {
                '0'..='9' => '9',
                c if house => {
                    if c.is_alphabetic() {
                        'x'
                    } else {
                        c
                    }
                }
                c => c,
            };
            word.text.chars().map(mask).collect()
        };
        words_of(text).into_iter().map(mask).collect()
    }

    #[test]
    fn postcodes_are_of_the_same_area_and_cannot_be() {
        for (words, area, len) in [
            ("LS9 7TF", "LS", 7),
            ("M1 1AA", "M", 6),
            ("sw1a 2aa", "sw", 8),
            ("B331TX", "B", 6),
            ("LS9", "LS", 4),
            ("SW1A", "SW", 4),
        ] {
            let code = Postcode::read(&style::compact(words)).expect(words);
            for attempt in 0..30 {
                let key = Key::new(&[1; 32]);
                let written = code.write(words, &code.draw(&mut Draw::new(&key, "POSTCODE", words, attempt)));
                assert!(written.starts_with(area) && written.len() == len, "{words} {written}");
                assert_eq!(written.find(' '), words.find(' '), "{words} {written}");
                let last = written.chars().last().map(|c| c.to_ascii_lowercase());
                let never = if code.full { NEVER_INWARD } else { NEVER_OUTWARD };
                assert!(last.is_some_and(|c| never.contains(&(c as u8))), "{words} {written}");
            }
        }
        for words in ["", "gir0aa", "bfpo12", "12345", "abc", "m", "ls9zz"] {
            assert!(Postcode::read(words).is_none(), "{words}");
        }
    }

    #[test]
    fn addresses_keep_their_form() {
        for (words, expected) in [
            ("12 Acacia Road", "99 * Road"),
            ("12a acacia rd", "99x * rd"),
            ("Flat 3, 114 Old Mill Lane", "Flat 9, 999 * Lane"),
            ("Rose Cottage, Church Street", "* Cottage, * Street"),
            ("The Larches", "The *"),
            ("MAIN STREET", "* STREET"),
            ("1st floor, Elm House", "9st floor, * House"),
            ("Broadway", "*"),
            ("5 St John's Wood Road", "9 * Road"),
        ] {
            let written = drawn(words, address);
            assert_eq!(masked(&written), expected, "{words}: {written}");
        }
    }

    #[test]
    fn organisations_keep_their_kind() {
        for (words, expected) in [
            ("Willowbank Surgery", "* Surgery"),
            ("Leeds General Infirmary", "* General Infirmary"),
            ("St Mary's C of E Primary School", "* Primary School"),
            ("The Willows care home", "The * care home"),
            ("Royal Infirmary", "* Royal Infirmary"),
            ("ROYAL INFIRMARY OF EDINBURGH", "ROYAL INFIRMARY OF *"),
            ("King's", "*"),
            ("tesco", "*"),
            ("Crowther and Vine Funerals", "* Funerals"),
            ("Bright Horizons Nursery, Leeds", "* Nursery, *"),
        ] {
            assert_eq!(masked(&drawn(words, organisation)), expected, "{words}");
        }
        let acronym = drawn("LGI", organisation);
        assert!(acronym.len() == 3 && acronym != "LGI" && acronym.bytes().all(|b| b.is_ascii_uppercase()));
    }

    #[test]
    fn places_are_of_similar_size() {
        for (words, size) in
            [("leeds", 0), ("newcastle upon tyne", 0), ("banbury", 1), ("banham", 2), ("nowhere at all", 2)]
        {
            let written = drawn(words, place);
            let listed = PLACES.get(size).is_some_and(|(_, names)| names.contains(&written.as_str()));
            assert!(listed, "{words}: {written}");
            assert!(!written.eq_ignore_ascii_case(words));
        }
        let key = Key::new(&[1; 32]);
        let late = place("leeds", &mut Draw::new(&key, "PLACE", "leeds", 2 * PATIENCE));
        assert!(late.is_some_and(|name| COINED.contains(&name.as_str())));
    }

    #[test]
    fn occupations_share_no_word() {
        let written = drawn("retired bus driver", work);
        assert!(written.starts_with("retired ") && !written.contains("driver"), "{written}");
        assert!(WORK.len() > 50 && COINED.len() > 400);
    }
}
