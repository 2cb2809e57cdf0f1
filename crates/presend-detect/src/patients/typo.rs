//! One typing slip: the look-ups that find every listed word at a Damerau-Levenshtein distance of one.
//!
//! For each listed word the list holds the hash of its letters, and for each of its letters the hash of the word with
//! that letter blanked out (`do_is`). Then the words one slip away from a written one are
//!
//! - one letter wrong: the written word with a letter blanked out is a listed pattern;
//! - one letter missing: the written word with a blank put in is a listed pattern;
//! - one letter too many: the written word without a letter is a listed word;
//! - two letters swapped: the written word with two neighbours swapped is a listed word.
//!
//! That is exact, where the deletes of the symmetric-delete method also give words two slips away, which only the plain
//! text could sort out. It stores as many hashes as they would.

/// Words of fewer letters are listed without their patterns: one slip makes any of them another.
pub(super) const MIN_LETTERS: usize = 3;
/// The longest word, in letters, that is listed with its patterns and looked up with a slip.
pub(super) const MAX_LETTERS: usize = 32;
/// Stands for the letter that is blanked out; occurs in no UTF-8.
const BLANK: u8 = 0xff;

/// A look-up to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// Among the words.
    Word,
    /// Among the patterns.
    Pattern,
}

/// The places between the letters of a word, both ends included, in bytes.
fn boundaries(word: &str) -> impl Iterator<Item = usize> + Clone + '_ {
    word.char_indices().map(|(at, _)| at).chain([word.len()])
}

/// Whether slips are allowed for in a listed word of so many letters.
pub(super) fn is_listed_with_patterns(word: &str) -> bool {
    (MIN_LETTERS..=MAX_LETTERS).contains(&word.chars().count())
}

fn put(buffer: &mut Vec<u8>, parts: [&[u8]; 4]) {
    buffer.clear();
    parts.into_iter().for_each(|part| buffer.extend_from_slice(part));
}

/// Gives each pattern of a listed word to `each`.
pub(super) fn patterns(word: &str, buffer: &mut Vec<u8>, mut each: impl FnMut(&[u8])) {
    let bytes = word.as_bytes();
    for (from, to) in boundaries(word).zip(boundaries(word).skip(1)) {
        let (head, tail) = (bytes.get(..from).unwrap_or_default(), bytes.get(to..).unwrap_or_default());
        put(buffer, [head, &[BLANK], tail, &[]]);
        each(buffer);
    }
}

/// Gives each look-up that finds the words one slip away from `word` to `each`: about four for each letter.
pub(super) fn lookups(word: &str, buffer: &mut Vec<u8>, mut each: impl FnMut(Lookup, &[u8])) {
    let bytes = word.as_bytes();
    let letters = word.chars().count();
    if letters > MAX_LETTERS + 1 {
        return;
    }
    patterns(word, buffer, |pattern| each(Lookup::Pattern, pattern));
    for at in boundaries(word) {
        let (head, tail) = (bytes.get(..at).unwrap_or_default(), bytes.get(at..).unwrap_or_default());
        put(buffer, [head, &[BLANK], tail, &[]]);
        each(Lookup::Pattern, buffer);
    }
    let mut before: &[u8] = &[];
    for (from, to) in boundaries(word).zip(boundaries(word).skip(1)) {
        let (head, tail) = (bytes.get(..from).unwrap_or_default(), bytes.get(to..).unwrap_or_default());
        let letter = bytes.get(from..to).unwrap_or_default();
        // Of a doubled letter, dropping one is dropping the other, and swapping them changes nothing.
        if letter != before && letters > MIN_LETTERS {
            put(buffer, [head, tail, &[], &[]]);
            each(Lookup::Word, buffer);
        }
        if letter != before && !before.is_empty() && letters >= MIN_LETTERS {
            let head = head.get(..head.len() - before.len()).unwrap_or_default();
            put(buffer, [head, letter, before, tail]);
            each(Lookup::Word, buffer);
        }
        before = letter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    /// The distance by the textbook's table, with swaps of neighbours (optimal string alignment).
    fn distance(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                rows[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mut best = (rows[i - 1][j] + 1)
                        .min(rows[i][j - 1] + 1)
                        .min(rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(rows[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        rows[a.len()][b.len()]
    }

    fn finds(listed: &str, written: &str) -> bool {
        let mut buffer = Vec::new();
        let mut listed_patterns = HashSet::new();
        patterns(listed, &mut buffer, |pattern| {
            listed_patterns.insert(pattern.to_vec());
        });
        let mut found = false;
        lookups(written, &mut buffer, |lookup, key| {
            found |= match lookup {
                Lookup::Word => key == listed.as_bytes(),
                Lookup::Pattern => listed_patterns.contains(key),
            };
        });
        found
    }

    proptest! {
        /// Few letters, so that words one slip apart are common.
        #[test]
        fn finds_what_the_table_finds(listed in "[abß]{3,6}", written in "[abß]{3,7}") {
            let wanted = distance(&listed, &written);
            prop_assume!(wanted > 0);
            prop_assert_eq!(finds(&listed, &written), wanted == 1, "{} {}", listed, written);
        }

        #[test]
        fn takes_any_text(word in any::<String>()) {
            let mut buffer = Vec::new();
            lookups(&word, &mut buffer, |_, _| {});
            patterns(&word, &mut buffer, |_| {});
        }
    }

    #[test]
    fn each_kind_of_slip() {
        for written in
            ["ekwume", "ekwuemee", "ekwuene", "ekwueme".replace("ue", "eu").as_str(), "kwueme", "ekweume"]
        {
            assert!(finds("ekwueme", written), "{written}");
        }
        for written in ["ekwm", "ekwumee".replace('k', "q").as_str(), "wkeueme"] {
            assert!(!finds("ekwueme", written), "{written}");
        }
    }
}
