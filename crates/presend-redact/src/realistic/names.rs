//! Given names and surnames by origin, from `data/names.txt`.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::draw::Draw;
use crate::people::grades;

/// What a word of a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    Given,
    Surname,
}

impl NameKind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Surname => "surname",
        }
    }

    /// What a word is that stands alone: by the dictionary, where it is better known as; a surname if unknown.
    pub(crate) fn of_alone(word: &str) -> Self {
        match grades(word) {
            (given, surname) if given > 0 && given >= surname => Self::Given,
            (0, 0) if TABLE.find(word, Self::Given).is_some() => Self::Given,
            _ => Self::Surname,
        }
    }
}

/// To whom a given name is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sex {
    Female,
    Male,
    Both,
}

/// The names of one origin.
#[derive(Default)]
struct Origin {
    name: &'static str,
    female: Names,
    male: Names,
    both: Names,
    surnames: Names,
}

/// Names that may be drawn, and names that are only known; each sorted without regard to case.
#[derive(Default)]
struct Names {
    drawn: Vec<&'static str>,
    known: Vec<&'static str>,
}

impl Names {
    fn has(&self, word: &str) -> bool {
        [&self.drawn, &self.known]
            .into_iter()
            .any(|names| names.binary_search_by(|name| compare(name, word)).is_ok())
    }
}

/// Compares a name with a folded word, without regard to case.
fn compare(name: &str, word: &str) -> Ordering {
    name.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(word.bytes())
}

/// All names, the origins that are commonest in the UK first.
pub(super) struct Table {
    origins: Vec<Origin>,
}

/// Whether the table has the folded word as a name.
pub(crate) fn is_listed(word: &str) -> bool {
    [NameKind::Given, NameKind::Surname].into_iter().any(|kind| TABLE.find(word, kind).is_some())
}

/// Where a name's own kind is found.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Known {
    origin: usize,
    sex: Option<Sex>,
}

/// The first of the table, whose names are drawn for what the dictionary calls common in the UK.
const ENGLISH: usize = 0;
/// With fewer names given to women or men alone, those given to both are drawn as well.
const TOO_FEW: usize = 12;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../data/names.txt")));

impl Table {
    pub(super) fn get() -> &'static Self {
        &TABLE
    }

    fn read(text: &'static str) -> Self {
        let mut origins: Vec<Origin> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((head, names)) = line.split_once(':') else { continue };
            let Some((origin, kind)) = head.split_once(' ') else { continue };
            let (drawn, known) = names.split_once('|').unwrap_or((names, ""));
            let sorted = |names: &'static str| {
                let mut names: Vec<&str> = names.split_whitespace().collect();
                names.sort_by_key(|name| name.to_ascii_lowercase());
                names
            };
            if origins.last().is_none_or(|last| last.name != origin) {
                origins.push(Origin { name: origin, ..Origin::default() });
            }
            let Some(found) = origins.last_mut() else { continue };
            let names = Names { drawn: sorted(drawn), known: sorted(known) };
            match kind {
                "F" => found.female = names,
                "M" => found.male = names,
                "U" => found.both = names,
                _ => found.surnames = names,
            }
        }
        Self { origins }
    }

    /// The first origin that has the folded word as a name of this kind, and to whom it is given.
    fn find(&self, word: &str, kind: NameKind) -> Option<Known> {
        self.origins.iter().enumerate().find_map(|(at, origin)| {
            let sex = match kind {
                NameKind::Surname if origin.surnames.has(word) => None,
                NameKind::Given if origin.female.has(word) => Some(Sex::Female),
                NameKind::Given if origin.male.has(word) => Some(Sex::Male),
                NameKind::Given if origin.both.has(word) => Some(Sex::Both),
                _ => return None,
            };
            Some(Known { origin: at, sex })
        })
    }

    /// The names of the same kind, origin and sex as a folded word, as far as these are known.
    ///
    /// A name of no list is taken for English where the dictionary calls it common in the UK, for one of the peoples
    /// that write in its script, else for one of an origin drawn by lot; and for a woman's as well as a man's.
    pub(super) fn alike(&self, word: &str, kind: NameKind, draw: &mut Draw<'_>) -> Vec<&'static str> {
        let found = self.find(word, kind).unwrap_or_else(|| {
            let (given, surname) = grades(word);
            let common = match kind {
                NameKind::Given => given,
                NameKind::Surname => surname,
            } > 2;
            let origin = if common { Some(ENGLISH) } else { self.origin_of_script(word) };
            Known { origin: origin.unwrap_or_else(|| draw.below(self.origins.len())), sex: None }
        });
        self.origins.get(found.origin).map(|origin| origin.drawn(kind, found.sex)).unwrap_or_default()
    }

    /// Every name of the kind, given to the same as the word as far as that is known.
    pub(super) fn all(&self, word: &str, kind: NameKind) -> Vec<&'static str> {
        let sex = self.find(word, kind).and_then(|place| place.sex);
        self.origins.iter().flat_map(|origin| origin.drawn(kind, sex)).collect()
    }

    /// A people that writes in the script of the word's first letter.
    fn origin_of_script(&self, word: &str) -> Option<usize> {
        let name = match word.chars().next()? {
            '\u{370}'..='\u{3ff}' => "italian_greek_balkan",
            '\u{400}'..='\u{52f}' => "ukrainian_russian",
            '\u{590}'..='\u{5ff}' => "jewish",
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => "arab",
            '\u{900}'..='\u{97f}' | '\u{a80}'..='\u{aff}' => "gujarati_hindi",
            '\u{980}'..='\u{9ff}' => "bangladeshi",
            '\u{a00}'..='\u{a7f}' => "punjabi_sikh",
            '\u{b80}'..='\u{bff}' | '\u{d00}'..='\u{d7f}' => "tamil_malayali",
            '\u{d80}'..='\u{dff}' => "sri_lankan",
            '\u{1200}'..='\u{137f}' => "eritrean_ethiopian",
            '\u{3400}'..='\u{9fff}' => "chinese",
            _ => return None,
        };
        self.origins.iter().position(|origin| origin.name == name)
    }
}

impl Origin {
    fn drawn(&self, kind: NameKind, sex: Option<Sex>) -> Vec<&'static str> {
        let lists: [&Names; 3] = match (kind, sex) {
            (NameKind::Surname, _) => [&self.surnames, &self.surnames, &self.surnames],
            (_, Some(Sex::Female)) => [&self.female, &self.both, &self.male],
            (_, Some(Sex::Male)) => [&self.male, &self.both, &self.female],
            (_, Some(Sex::Both)) => [&self.both, &self.female, &self.male],
            (_, None) => {
                return self
                    .female
                    .drawn
                    .iter()
                    .chain(&self.male.drawn)
                    .chain(&self.both.drawn)
                    .copied()
                    .collect();
            }
        };
        let mut names: Vec<&str> = Vec::new();
        for list in lists {
            if names.len() < TOO_FEW {
                names.extend(&list.drawn);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw::Key;
    use super::*;

    #[test]
    fn the_table_has_names_of_every_kind_for_every_origin() {
        assert_eq!(TABLE.origins.len(), 37);
        for origin in &TABLE.origins {
            for sex in [Some(Sex::Female), Some(Sex::Male), Some(Sex::Both), None] {
                assert!(origin.drawn(NameKind::Given, sex).len() >= TOO_FEW);
            }
            assert!(origin.drawn(NameKind::Surname, None).len() > 30);
            for names in [&origin.female, &origin.male, &origin.both, &origin.surnames] {
                for name in names.drawn.iter().chain(&names.known) {
                    assert!(name.bytes().all(|byte| byte.is_ascii_alphabetic()), "{name}");
                    assert!(names.has(&name.to_ascii_lowercase()), "{name}");
                }
            }
        }
    }

    #[test]
    fn names_are_of_like_origin_and_sex() {
        let key = Key::new(&[0; 32]);
        let alike = |word, kind| TABLE.alike(word, kind, &mut Draw::new(&key, "test", word, 0));
        for (word, kind, one, none) in [
            ("doris", NameKind::Given, "Ethel", "Terence"),
            ("ekwueme", NameKind::Surname, "Okafor", "Ackroyd"),
            ("kacper", NameKind::Given, "Kazimierz", "Agnieszka"),
            ("hopkin", NameKind::Surname, "Prytherch", "Ackroyd"),
            ("محمد", NameKind::Surname, "Khalil", "Ackroyd"),
            ("王", NameKind::Surname, "Zhao", "Ackroyd"),
        ] {
            let names = alike(word, kind);
            assert!(!names.contains(&none), "{word}");
            assert!(names.contains(&one), "{word}");
        }
        assert_eq!(NameKind::of_alone("doris"), NameKind::Given);
        assert_eq!(NameKind::of_alone("ekwueme"), NameKind::Surname);
        assert_eq!(NameKind::of_alone("xyzzyx"), NameKind::Surname);
    }

    #[test]
    fn every_script_finds_its_people() {
        for word in ["αννα", "анна", "שרה", "محمد", "विक्रम", "নাসরিন", "ਗੁਰ", "மலர்", "අමර", "ሰላም", "王"]
        {
            assert!(TABLE.origin_of_script(word).is_some(), "{word}");
        }
        assert_eq!(TABLE.origin_of_script("doris"), None);
    }
}
