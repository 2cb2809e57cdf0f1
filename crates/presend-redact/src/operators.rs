//! What is written in place of an identifier.

use presend_detect::Label;

/// The digits of a number that a mask leaves for recognising it, as on a card receipt.
const MASK_KEEPS: usize = 4;
/// A number shorter than this is masked whole: four digits of six would give most of it away.
const MASK_KEEPS_FROM: usize = 8;

/// `[NHS NUMBER]`.
pub(crate) fn placeholder(out: &mut String, label: Label) {
    out.push('[');
    out.push_str(label.placeholder());
    out.push(']');
}

/// Letters and digits as `*`, one for one, but for the last four digits of a long number.
pub(crate) fn mask(out: &mut String, words: &str) {
    let digits = words.chars().filter(char::is_ascii_digit).count();
    let letters = words.chars().filter(|letter| letter.is_alphabetic()).count();
    let keep = if digits >= MASK_KEEPS_FROM && digits > 2 * letters { MASK_KEEPS } else { 0 };
    let mut seen = 0;
    for letter in words.chars() {
        if letter.is_ascii_digit() {
            seen += 1;
            out.push(if seen + keep > digits { letter } else { '*' });
        } else if letter.is_alphanumeric() {
            out.push('*');
        } else {
            out.push(letter);
        }
    }
}

/// A name as `D.E.`; anything else as its placeholder.
pub(crate) fn initials(out: &mut String, words: &str, label: Label) {
    if label != Label::Person {
        placeholder(out, label);
        return;
    }
    let parts = words.split(|mark: char| mark.is_whitespace() || mark == '-' || mark == '.');
    let mut written = false;
    for first in parts.filter_map(|part| part.chars().find(|letter| letter.is_alphabetic())) {
        out.extend(first.to_uppercase());
        out.push('.');
        written = true;
    }
    if !written {
        placeholder(out, label);
    }
}

/// Adds the line breaks that the rewritten words held, so that the text keeps its lines.
pub(crate) fn keep_line_breaks(out: &mut String, words: &str) {
    let mut rest = words;
    while let Some(at) = rest.find(['\r', '\n']) {
        let tail = rest.get(at..).unwrap_or_default();
        let len = if tail.starts_with("\r\n") { 2 } else { 1 };
        out.push_str(tail.get(..len).unwrap_or_default());
        rest = tail.get(len..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn masks_keep_shape_and_the_last_four_of_a_long_number() {
        for (words, masked) in [
            ("999 123 4004", "*** *** 4004"),
            ("07700 900617", "***** **0617"),
            ("2201", "****"),
            ("12-34-56", "**-**-**"),
            ("Doris Ekwueme", "***** *******"),
            ("GILLI058300C99BD", "****************"),
            ("", ""),
        ] {
            assert_eq!(written(|out| mask(out, words)), masked);
        }
    }

    #[test]
    fn initials_take_every_part_of_a_name() {
        for (words, short) in [
            ("Doris Ekwueme", "D.E."),
            ("jean-pierre", "J.P."),
            ("D.M.", "D.M."),
            ("Étienne", "É."),
            ("--", "[NAME]"),
        ] {
            assert_eq!(written(|out| initials(out, words, Label::Person)), short);
        }
        assert_eq!(written(|out| initials(out, "ward 4", Label::WardBed)), "[WARD/BED]");
    }

    #[test]
    fn line_breaks_survive() {
        assert_eq!(written(|out| keep_line_breaks(out, "999\r\n123\n4560")), "\r\n\n");
    }
}
