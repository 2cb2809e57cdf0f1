//! Writes invented words in the form of the original ones.

use presend_text::{Folded, Span};

/// Invented words in the case of the original: small letters, CAPITALS, or as they come.
pub(super) fn like(original: &str, invented: &str) -> String {
    let upper = original.chars().filter(|c| c.is_uppercase()).count();
    let lower = original.chars().filter(|c| c.is_lowercase()).count();
    match (upper, lower) {
        (0, 1..) => invented.to_lowercase(),
        (2.., 0) => invented.to_uppercase(),
        _ => invented.to_owned(),
    }
}

/// Invented words in the case of the original, with a capital for the first letter at most.
pub(super) fn sentence_like(original: &str, invented: &str) -> String {
    let mut letters = original.chars().filter(|c| c.is_alphabetic());
    let first = letters.next().is_some_and(char::is_uppercase);
    let mut invented = invented.chars();
    match invented.next() {
        Some(c) if first && letters.any(char::is_lowercase) => c.to_uppercase().chain(invented).collect(),
        Some(c) => like(original, &[c].iter().copied().chain(invented).collect::<String>()),
        None => String::new(),
    }
}

/// What stands between the pieces of an identifier, as far as it tells nothing: spaces and marks, and a possessive s.
///
/// Line breaks become spaces: whoever writes the text keeps its lines.
pub(super) fn between(text: &str) -> String {
    let kept = |c: char| match c {
        '\r' | '\n' => Some(' '),
        c if c.is_whitespace() => Some(c),
        '-' | '\'' | '’' | '.' | ',' | '(' | ')' | '/' | '&' | '–' | 's' | 'S' => Some(c),
        _ => None,
    };
    text.chars().filter_map(kept).collect()
}

/// What a character of the original is written as.
pub(super) enum Pour {
    /// As it stands.
    Keep,
    /// As this character, in the case of the original.
    Write(char),
    /// Not at all.
    Drop,
}

/// Writes an identifier anew, character by character of its folded form, in the case of the original.
pub(super) fn pour(words: &str, mut write: impl FnMut(char) -> Pour) -> String {
    let folded = Folded::new(words);
    let mut out = String::with_capacity(words.len());
    for (at, c) in folded.text().char_indices() {
        let c = match write(c) {
            Pour::Keep if matches!(c, '\r' | '\n') => ' ',
            Pour::Keep => c,
            Pour::Write(c) => c,
            Pour::Drop => continue,
        };
        let original = folded.original_span(Span::new(at, at + 1)).of(words).unwrap_or_default();
        if c.is_alphabetic() && original.chars().any(char::is_uppercase) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// Letters and digits alone, folded: what makes two spellings of a reference one.
pub(super) fn compact(words: &str) -> String {
    Folded::new(words).text().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Folded words with single spaces: what makes two spellings of a name of something one.
pub(crate) fn spaced(words: &str) -> String {
    let folded = Folded::new(words);
    let parts = folded.text().split(|mark: char| !mark.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Folded, with single spaces and with its commas: what makes two spellings of an address one.
pub(super) fn lined(words: &str) -> String {
    let lines = Folded::new(words).into_text().replace(['\r', '\n', ';'], ",");
    lines.split(',').map(spaced).collect::<Vec<_>>().join(", ")
}

/// Folded without spaces: what makes two spellings of an address on the net one.
pub(super) fn unspaced(words: &str) -> String {
    Folded::new(words).text().chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_follows_the_original() {
        for (original, written) in [
            ("doris", "mavis"),
            ("DORIS", "MAVIS"),
            ("Doris", "Mavis"),
            ("McDONALD", "Mavis"),
            ("D", "Mavis"),
            ("محمد", "Mavis"),
        ] {
            assert_eq!(like(original, "Mavis"), written);
        }
    }

    #[test]
    fn marks_stay_and_pictures_go() {
        assert_eq!(between(" 🌸\u{200b}-\r\n’s"), " -  ’s");
    }

    #[test]
    fn characters_are_written_in_place() {
        let x =
            |words: &str| pour(words, |c| if c.is_alphanumeric() { Pour::Write('x') } else { Pour::Keep });
        assert_eq!(x("Ab-1２\nß"), "Xx-xx xx");
        let none = |words: &str| pour(words, |c| if c == '(' { Pour::Drop } else { Pour::Keep });
        assert_eq!(none("(A"), "A");
    }

    #[test]
    fn two_spellings_are_one() {
        assert_eq!(
            (compact("K 20-44"), spaced(" Rose  Hill,"), unspaced("A @ B")),
            ("k2044".into(), "rose hill".into(), "a@b".into())
        );
    }
}
