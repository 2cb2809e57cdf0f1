//! Tables that are searched where they lie in the program: one entry a line, sorted by byte, columns parted by tabs.
//!
//! Nothing is built when the program starts and a look-up allocates nothing. `data/generate.py` writes them.

/// Occupations.
pub(super) static PROFESSIONS: Table = Table(include_str!("../../data/professions.tsv"));
/// Ethnic groups, nationalities, languages and religions.
pub(super) static DEMOGRAPHICS: Table = Table(include_str!("../../data/demographics.tsv"));
/// Towns, villages, boroughs, counties and islands.
pub(super) static PLACES: Table = Table(include_str!("../../data/places.tsv"));
/// Rare conditions.
pub(super) static CONDITIONS: Table = Table(include_str!("../../data/conditions.tsv"));
/// Words that organisations' names end or start with.
pub(super) static ORGANISATIONS: Table = Table(include_str!("../../data/organisations.tsv"));

/// A sorted table.
pub(super) struct Table(&'static str);

/// What a table says of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    /// How many people in the United Kingdom, in the place, or whom the organisation serves.
    pub(super) people: f64,
    /// How far the figure may be off, as a factor, 1 or more.
    pub(super) factor: f64,
    /// Whether it is this project's own assumption.
    pub(super) assumed: bool,
    /// The table's own column: a letter, or the per cent of women.
    pub(super) mark: &'static str,
}

impl Table {
    /// Looks up a key: lower-case ASCII words with single spaces between them.
    pub(super) fn get(&self, key: &str) -> Option<Row> {
        let mut columns = self.columns(key)?.split('\t');
        Some(Row {
            people: columns.next()?.parse().ok()?,
            factor: columns.next()?.parse().ok()?,
            assumed: columns.next()? == "a",
            mark: columns.next()?,
        })
    }

    /// The columns of a key, by halving the text at whole lines.
    fn columns(&self, key: &str) -> Option<&'static str> {
        let (bytes, key) = (self.0.as_bytes(), key.as_bytes());
        let (mut low, mut high) = (0, bytes.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let before = bytes.get(low..middle)?;
            let start = before.iter().rposition(|byte| *byte == b'\n').map_or(low, |at| low + at + 1);
            let end = start + key.len();
            // The tab that ends a key sorts before every byte of a longer one, as the end itself would.
            let found = bytes.get(start..(end + 1).min(bytes.len()))?;
            match found.strip_prefix(key) {
                Some(b"\t") => {
                    let columns = self.0.get(end + 1..)?;
                    return columns.lines().next();
                }
                _ if found < key => {
                    let rest = bytes.get(middle..)?;
                    low =
                        middle + rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
                }
                _ => high = start,
            }
        }
        None
    }

    /// Every key with its row, for the tests and for the set of first letters.
    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, Row)> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once('\t')).filter_map(|(key, _)| Some((key, self.get(key)?)))
    }
}

/// The first words of a table's keys, as a filter that lets all of them through and few others.
///
/// Most words of a message start no key, and this says so without a search.
pub(super) struct FirstWords([u64; FirstWords::SLOTS]);

/// The first words of the table of conditions.
pub(super) static CONDITION_WORDS: FirstWords = FirstWords::of(CONDITIONS.0.as_bytes());

impl FirstWords {
    const SLOTS: usize = 256;

    /// Reads the keys of a table while the program is compiled.
    const fn of(text: &[u8]) -> Self {
        let mut bits = [0; Self::SLOTS];
        let mut at = 0;
        while at < text.len() {
            let mut hash = Self::START;
            while at < text.len() && text[at].is_ascii_alphanumeric() {
                hash = Self::add(hash, text[at]);
                at += 1;
            }
            let (slot, bit) = Self::place(hash);
            bits[slot] |= bit;
            while at < text.len() && text[at] != b'\n' {
                at += 1;
            }
            at += 1;
        }
        Self(bits)
    }

    /// FNV-1a.
    const START: u32 = 0x811c_9dc5;

    const fn add(hash: u32, byte: u8) -> u32 {
        (hash ^ byte as u32).wrapping_mul(0x0100_0193)
    }

    const fn place(hash: u32) -> (usize, u64) {
        let hash = hash ^ (hash >> 15);
        (hash as usize % Self::SLOTS, 1 << ((hash >> 8) % 64))
    }

    /// Whether this lower-case word, apostrophes apart, may be the first of a key.
    pub(super) fn may_hold(&self, word: &[u8]) -> bool {
        let letters = word.iter().filter(|byte| **byte != b'\'');
        let (slot, bit) = Self::place(letters.fold(Self::START, |hash, byte| Self::add(hash, *byte)));
        self.0.get(slot).is_some_and(|bits| bits & bit != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, &Table); 5] = [
        ("professions", &PROFESSIONS),
        ("demographics", &DEMOGRAPHICS),
        ("places", &PLACES),
        ("conditions", &CONDITIONS),
        ("organisations", &ORGANISATIONS),
    ];

    #[test]
    fn every_key_is_found_and_sane() {
        for (name, table) in ALL {
            let keys: Vec<_> = table.0.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(keys.is_sorted(), "{name} is not sorted");
            assert_eq!(table.iter().count(), keys.len(), "{name} has a key that is not found");
            for (key, row) in table.iter() {
                assert!(row.people >= 1.0 && row.people < 68_000_000.0, "{name}: {key}");
                assert!((1.0..=20.0).contains(&row.factor), "{name}: {key}");
                assert!(
                    key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b' '),
                    "{name}: {key}"
                );
            }
            for wrong in ["", "a", "zzzz", "no such key", "\n", "#"] {
                assert_eq!(table.get(wrong), None, "{name}");
            }
        }
    }

    #[test]
    fn the_filter_lets_every_condition_through_and_few_words_besides() {
        for (key, _) in CONDITIONS.iter() {
            let first = key.split(' ').next().unwrap_or_default();
            assert!(CONDITION_WORDS.may_hold(first.as_bytes()), "{key}");
        }
        let others = PLACES.iter().filter_map(|(key, _)| key.split(' ').next());
        let (through, all) = others.fold((0, 0), |(through, all), word| {
            (through + usize::from(CONDITION_WORDS.may_hold(word.as_bytes())), all + 1)
        });
        assert!(through * 20 < all, "{through} of {all}");
    }

    #[test]
    fn known_rows() {
        assert_eq!(PLACES.get("mousehole").map(|row| row.people), Some(697.0));
        assert_eq!(PROFESSIONS.get("scaffolder").map(|row| row.mark), Some("1"));
        assert_eq!(DEMOGRAPHICS.get("sikh").map(|row| row.mark), Some("r"));
        assert_eq!(CONDITIONS.get("mnd").map(|row| row.mark), Some("c"));
        assert_eq!(ORGANISATIONS.get("surgery").map(|row| row.people), Some(9500.0));
    }
}
