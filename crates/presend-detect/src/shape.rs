//! Whether an unknown word is spelled like a name: the letter sequences of the name list against those of the word
//! lists.
//!
//! The table holds, for every three letters in a row (the word's start and end count as letters), the logarithm of how
//! much likelier the third follows the first two in a name than in an ordinary, clinical or drug word. It is counted
//! from the dictionary's own lists by [`compile`], with nothing to tune.

/// Letters and the boundary mark.
const SYMBOLS: usize = 27;
const BOUNDARY: usize = 26;
/// Table values are this many to one natural logarithm.
const SCALE: f32 = 24.0;

static TABLE: &[u8] = include_bytes!("../dictionaries/name_shape.bin");

fn symbol(byte: u8) -> Option<usize> {
    byte.is_ascii_lowercase().then(|| usize::from(byte - b'a'))
}

/// How much likelier a folded word is as a name than as a word: a natural logarithm, 0 where nothing can be said.
pub(crate) fn name_score(word: &str) -> f32 {
    let (mut first, mut second) = (BOUNDARY, BOUNDARY);
    let mut sum = 0;
    let mut add = |first: usize, second: usize, third: usize| {
        let at = (first * SYMBOLS + second) * SYMBOLS + third;
        sum += i32::from(TABLE.get(at).copied().unwrap_or_default().cast_signed());
    };
    for byte in word.bytes().filter(|byte| *byte != b'\'') {
        let Some(third) = symbol(byte) else { return 0.0 };
        add(first, second, third);
        (first, second) = (second, third);
    }
    add(first, second, BOUNDARY);
    sum as f32 / SCALE
}

/// Counts the table of name spellings from the contents of the name list and of the word lists.
///
/// Each line's first field is the entry; in `words.tsv` (three fields) only what is marked `l`, a word of an English
/// dictionary, counts. A name that is also such a word counts as a word.
#[cfg(feature = "dictionary-compiler")]
#[must_use]
pub fn compile(names: &str, words: &[&str]) -> Vec<u8> {
    let entries = |list: &'_ str| -> std::collections::BTreeSet<String> {
        list.lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split('\t').collect::<Vec<_>>())
            .filter(|fields| {
                fields.len() != 3
                    || fields.get(2) == Some(&"l")
                    || fields
                        .get(2)
                        .is_some_and(|last| last.len() == 1 && last.as_bytes()[0].is_ascii_digit())
            })
            .filter_map(|fields| fields.first().map(|entry| (*entry).to_owned()))
            .collect()
    };
    let words: std::collections::BTreeSet<String> = words
        .iter()
        .flat_map(|list| entries(list))
        .flat_map(|entry| entry.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let names = entries(names);
    let names = counts(names.iter().filter(|name| !words.contains(*name)).map(String::as_str));
    let words = counts(words.iter().map(String::as_str));
    (0..SYMBOLS * SYMBOLS * SYMBOLS)
        .map(|at| {
            let pair = at / SYMBOLS;
            let share = |counts: &[u32]| {
                let all: u32 = counts.iter().skip(pair * SYMBOLS).take(SYMBOLS).sum();
                // Half a count each stands for what the lists do not show.
                (f64::from(counts.get(at).copied().unwrap_or_default()) + 0.5)
                    / (f64::from(all) + 0.5 * SYMBOLS as f64)
            };
            let value = (share(&names) / share(&words)).ln() * f64::from(SCALE);
            (value.round().clamp(-127.0, 127.0) as i8).cast_unsigned()
        })
        .collect()
}

#[cfg(feature = "dictionary-compiler")]
fn counts<'w>(words: impl Iterator<Item = &'w str>) -> Vec<u32> {
    let mut counts = vec![0; SYMBOLS * SYMBOLS * SYMBOLS];
    for word in words.filter(|word| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase())) {
        let (mut first, mut second) = (BOUNDARY, BOUNDARY);
        for third in word.bytes().filter_map(symbol).chain([BOUNDARY]) {
            if let Some(count) = counts.get_mut((first * SYMBOLS + second) * SYMBOLS + third) {
                *count += 1;
            }
            (first, second) = (second, third);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::name_score;

    #[test]
    fn names_in_no_list_score_above_words_in_no_list() {
        for name in ["androulla", "farrokhzad", "goonetilleke", "okonedo", "yevhenia"] {
            assert!(name_score(name) > 0.5, "{name} {}", name_score(name));
        }
        for word in ["apexificationed", "interscalenes", "oxygenatored", "thoracostomied", "mouthcared"] {
            assert!(name_score(word) < 0.5, "{word} {}", name_score(word));
        }
        assert_eq!(name_score("42"), 0.0);
        assert_eq!(name_score("иван"), 0.0);
    }
}
