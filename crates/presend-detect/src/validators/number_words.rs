//! Numbers written in words, as voice typing gives them.

/// What a word says of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberWord {
    /// "three" to "nineteen", "zero" and "oh".
    Small(u32),
    /// "twenty" to "ninety".
    Tens(u32),
    /// "third", "twelfth", "twentieth".
    Ordinal(u32),
    Hundred,
    Thousand,
}

/// Reads one word of a number; digits count as well, with or without "st", "nd", "rd" or "th".
pub(super) fn number_word(word: &str) -> Option<NumberWord> {
    let small =
        |table: &[&str]| table.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    if let Some(value) = small(&SMALL) {
        return Some(NumberWord::Small(value));
    }
    if let Some(value) = small(&ORDINALS) {
        return Some(NumberWord::Ordinal(value));
    }
    if let Some(value) = small(&TENS) {
        return Some(NumberWord::Tens(value * 10 + 20));
    }
    match word {
        "oh" | "o" | "nought" => Some(NumberWord::Small(0)),
        "twentieth" => Some(NumberWord::Ordinal(20)),
        "thirtieth" => Some(NumberWord::Ordinal(30)),
        "hundred" => Some(NumberWord::Hundred),
        "thousand" => Some(NumberWord::Thousand),
        _ => None,
    }
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

/// Reads a number below 100 (or "a hundred", "one hundred and four") from the front of `words`: its value and how many
/// words it took. Digits count too, with or without an ordinal ending.
pub(super) fn read_number(words: &[&str]) -> Option<(u32, usize)> {
    let first = words.first()?;
    if let Some(value) = digits(first) {
        return Some((value, 1));
    }
    let second = words.get(1).and_then(|word| number_word(word));
    match number_word(first)? {
        NumberWord::Small(value @ (0 | 1)) if second == Some(NumberWord::Hundred) => {
            let skip = usize::from(words.get(2) == Some(&"and"));
            let rest = read_number(words.get(2 + skip..)?).filter(|(rest, _)| value == 1 && *rest < 100);
            Some(rest.map_or((100, 2), |(rest, used)| (100 + rest, 2 + skip + used)))
        }
        NumberWord::Small(0) => match second {
            Some(NumberWord::Small(unit @ 1..=9)) => Some((unit, 2)),
            _ => None,
        },
        NumberWord::Small(value) | NumberWord::Ordinal(value) => Some((value, 1)),
        NumberWord::Tens(tens) => match second {
            Some(NumberWord::Small(unit @ 1..=9) | NumberWord::Ordinal(unit @ 1..=9)) => {
                Some((tens + unit, 2))
            }
            _ => Some((tens, 1)),
        },
        NumberWord::Hundred => Some((100, 1)),
        NumberWord::Thousand => None,
    }
}

/// The value of "12", "3rd" or "21st".
fn digits(word: &str) -> Option<u32> {
    let number = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    (number.len() <= 4 && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_the_front() {
        assert_eq!(read_number(&["fifty", "three", "year"]), Some((53, 2)));
        assert_eq!(read_number(&["nineteenth", "of"]), Some((19, 1)));
        assert_eq!(read_number(&["thirty", "first"]), Some((31, 2)));
        assert_eq!(read_number(&["oh", "four", "ten"]), Some((4, 2)));
        assert_eq!(read_number(&["one", "hundred", "and", "six"]), Some((106, 4)));
        assert_eq!(read_number(&["21st"]), Some((21, 1)));
        assert_eq!(read_number(&["sixty"]), Some((60, 1)));
        assert_eq!(read_number(&["house"]), None);
        assert_eq!(read_number(&[]), None);
    }
}
