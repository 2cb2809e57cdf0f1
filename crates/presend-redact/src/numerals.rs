//! Numbers in words, read and written.

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

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number below 100 as said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) value: u32,
    /// "fourth" and not "four".
    pub(crate) ordinal: bool,
    /// "oh four", "zero four".
    pub(crate) zero: bool,
}

/// What one word says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Zero,
    /// 1 to 19.
    Small(u32),
    Tens(u32),
    Ordinal(u32),
}

fn word(word: &str) -> Option<Word> {
    let find =
        |table: &[&str]| table.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    match word {
        "oh" | "o" | "zero" | "nought" => return Some(Word::Zero),
        "twentieth" => return Some(Word::Ordinal(20)),
        "thirtieth" => return Some(Word::Ordinal(30)),
        "fourty" => return Some(Word::Tens(40)),
        _ => {}
    }
    find(&SMALL)
        .map(Word::Small)
        .or_else(|| find(&TENS).map(|tens| Word::Tens(tens * 10 + 20)))
        .or_else(|| find(&ORDINALS).filter(|ordinal| *ordinal > 0).map(Word::Ordinal))
}

/// Whether the word is one of a number.
pub(crate) fn is_number_word(text: &str) -> bool {
    word(text).is_some() || matches!(text, "hundred" | "thousand")
}

/// Reads a number below 100 from the front of the words: the number and how many words it took.
pub(crate) fn read(words: &[&str]) -> Option<(Number, usize)> {
    let second = words.get(1).and_then(|text| word(text));
    let number = |value, ordinal, zero, used| Some((Number { value, ordinal, zero }, used));
    match (word(words.first()?)?, second) {
        (Word::Zero, Some(Word::Small(unit @ 1..=9))) => number(unit, false, true, 2),
        (Word::Zero, Some(Word::Ordinal(unit @ 1..=9))) => number(unit, true, true, 2),
        (Word::Zero, _) => number(0, false, false, 1),
        (Word::Tens(tens), Some(Word::Small(unit @ 1..=9))) => number(tens + unit, false, false, 2),
        (Word::Tens(tens), Some(Word::Ordinal(unit @ 1..=9))) => number(tens + unit, true, false, 2),
        (Word::Tens(value) | Word::Small(value), _) => number(value, false, false, 1),
        (Word::Ordinal(value), _) => number(value, true, false, 1),
    }
}

/// Reads an age in words from the front: up to 199, with "a hundred", "one hundred and four".
pub(crate) fn read_age(words: &[&str]) -> Option<(u32, usize)> {
    if let [first, "hundred", rest @ ..] = words {
        if !matches!(*first, "a" | "one") {
            return None;
        }
        let (tail, and) = if let ["and", tail @ ..] = rest { (tail, 1) } else { (rest, 0) };
        return Some(match read(tail) {
            Some((number, used)) if !number.ordinal => (100 + number.value, 2 + and + used),
            _ => (100, 2),
        });
    }
    if words.first() == Some(&"hundred") {
        return Some((100, 1));
    }
    read(words).map(|(number, used)| (number.value, used))
}

/// Writes a number below 100: `forty two`, or with a hyphen.
pub(crate) fn cardinal(value: u32, hyphen: bool) -> String {
    compound(value, hyphen, &SMALL)
}

/// Writes the ordinal of a number below 100 that is not a round number of tens above 30.
pub(crate) fn ordinal(value: u32, hyphen: bool) -> String {
    match value {
        20 => "twentieth".to_owned(),
        30 => "thirtieth".to_owned(),
        _ => compound(value, hyphen, &ORDINALS),
    }
}

fn compound(value: u32, hyphen: bool, units: &[&str; 20]) -> String {
    let name = |table: &[&'static str], at: u32| {
        usize::try_from(at).ok().and_then(|at| table.get(at)).copied().unwrap_or_default()
    };
    if value < 20 {
        let at = usize::try_from(value).unwrap_or_default();
        return (*units.get(at).unwrap_or(&"")).to_owned();
    }
    let mut out = name(&TENS, value / 10 - 2).to_owned();
    if !value.is_multiple_of(10) {
        out.push(if hyphen { '-' } else { ' ' });
        let at = usize::try_from(value % 10).unwrap_or_default();
        out.push_str(units.get(at).unwrap_or(&""));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_alike() {
        for value in 1..100 {
            let text = cardinal(value, false);
            let words: Vec<&str> = text.split(' ').collect();
            let number = Number { value, ordinal: false, zero: false };
            assert_eq!(read(&words), Some((number, words.len())), "{text}");
        }
        for value in 1..32 {
            let text = ordinal(value, false);
            let words: Vec<&str> = text.split(' ').collect();
            let number = Number { value, ordinal: true, zero: false };
            assert_eq!(read(&words), Some((number, words.len())), "{text}");
        }
        assert_eq!(cardinal(42, true), "forty-two");
        assert_eq!(read(&["oh", "four", "ten"]), Some((Number { value: 4, ordinal: false, zero: true }, 2)));
        assert_eq!(read(&["house"]), None);
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn ages_pass_a_hundred() {
        for (text, read) in [
            ("ninety two year", Some((92, 2))),
            ("a hundred and one", Some((101, 4))),
            ("one hundred", Some((100, 2))),
            ("hundred", Some((100, 1))),
            ("a house", None),
            ("two hundred", None),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(read_age(&words), read, "{text}");
        }
    }
}
