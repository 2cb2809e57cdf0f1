//! The hand-kept tables against Unicode's own classes, as `regex-automata` has them.
//!
//! Fails when a new version of Unicode adds a digit, a dash, a space or a format character that folding misses.

#![allow(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use presend_text::Folded;
use regex_automata::meta::Regex;

/// Every character of a class, given as a regex.
fn members(class: &str) -> Vec<char> {
    let regex = Regex::new(&format!("^{class}$")).expect("a class that the engine knows");
    let members: Vec<char> =
        ('\0'..=char::MAX).filter(|c| regex.is_match(c.encode_utf8(&mut [0; 4]).as_bytes())).collect();
    assert!(!members.is_empty());
    members
}

/// The members of a class that do not fold to what `wanted` accepts.
fn misses(class: &str, wanted: impl Fn(&str) -> bool) -> Vec<char> {
    let mut folded = Folded::default();
    members(class)
        .into_iter()
        .filter(|c| {
            folded.fold_into(c.encode_utf8(&mut [0; 4]));
            !wanted(folded.text())
        })
        .collect()
}

#[test]
fn every_decimal_digit_is_an_ascii_digit() {
    let digits = members(r"\p{Nd}");
    // Each set runs from zero to nine, and they are sorted.
    for set in digits.chunks(10) {
        let text: String = set.iter().collect();
        assert_eq!(Folded::new(&text).text(), "0123456789", "U+{:04X}", u32::from(set[0]));
    }
}

#[test]
fn every_space_is_a_space() {
    assert_eq!(misses(r"\p{Zs}", |folded| folded == " "), []);
    assert_eq!(misses(r"[\p{Zl}\p{Zp}]", |folded| folded == "\n"), []);
}

#[test]
fn every_dash_is_a_hyphen() {
    assert_eq!(misses(r"\p{Pd}", |folded| folded == "-"), []);
}

#[test]
fn every_ignorable_character_is_dropped() {
    assert_eq!(misses(r"\p{Default_Ignorable_Code_Point}", str::is_empty), []);
    assert_eq!(misses(r"\p{Bidi_Control}", str::is_empty), []);
}

#[test]
fn every_accent_and_enclosing_mark_is_dropped() {
    assert_eq!(misses(r"\p{Me}", str::is_empty), []);
    assert_eq!(misses(r"[\p{Mn}&&\p{Inherited}]", str::is_empty), []);
}

#[test]
fn every_upper_case_letter_folds_as_its_lower_case_does() {
    let mut lower = Folded::default();
    let mut upper = Folded::default();
    for c in members(r"\p{Lu}") {
        // Beside a letter without a look-alike, so that only case is at issue.
        upper.fold_into(&format!("ж{c}"));
        lower.fold_into(&format!("ж{}", c.to_lowercase()));
        assert_eq!(upper.text(), lower.text(), "U+{:04X}", u32::from(c));
    }
}

#[test]
fn every_latin_letter_of_western_blocks_is_ascii() {
    // Basic Latin to Latin Extended-B, and Latin Extended Additional. What is left is l with a middle dot, which keeps
    // the dot, and clicks, tones, glottal stops and turned letters that no ASCII letter stands for.
    let without = misses(r"[\p{Latin}&&[\u{0}-\u{24F}\u{1E00}-\u{1EFF}]]", str::is_ascii);
    let text: String = without.into_iter().collect();
    assert_eq!(text, "ĿŀƄƅƍƛƜƢƣƧƨƩƪƸƹƻƼƽƾǀǁǂǃɁɂɅ");
}
