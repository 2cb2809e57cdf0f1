//! The invisible characters that exports wrap names, numbers and notices in.

/// Byte order mark, direction marks, embeddings, overrides and isolates.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// U+200E, which iOS puts before everything in a message that its sender did not write.
pub(crate) const NOTICE: char = '\u{200e}';

/// The length in bytes of the invisible characters that a line starts with.
pub(crate) fn leading(line: &[u8]) -> usize {
    let mut at = 0;
    while let Some(mark) = line.get(at..at + 3) {
        match std::str::from_utf8(mark).ok().and_then(|mark| mark.chars().next()) {
            Some(c) if is_mark(c) => at += 3,
            _ => break,
        }
    }
    at
}

/// The text without invisible characters and white space at its ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| is_mark(c) || c.is_whitespace())
}

/// The name itself: without invisible characters, white space and the `~` that iOS puts before unsaved contacts.
pub(crate) fn name(text: &str) -> &str {
    trim(trim(text).trim_start_matches('~'))
}

/// Where a part of a text lies in it, in bytes. Both come from the same string.
pub(crate) fn range(whole: &str, part: &str) -> std::ops::Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_passed_and_kept_out_of_names() {
        assert_eq!(leading("\u{feff}\u{200e}[12".as_bytes()), 6);
        assert_eq!(leading("é".as_bytes()), 0);
        assert_eq!(leading(b"\xe2\x80"), 0);
        for (text, inner) in [
            ("\u{202a}+44 7700 900123\u{202c}", "+44 7700 900123"),
            ("~\u{202f}Priya", "Priya"),
            ("\u{200e}~ Priya Nair 🌸 ", "Priya Nair 🌸"),
            ("Sam", "Sam"),
            ("~", ""),
        ] {
            assert_eq!(name(text), inner);
            assert_eq!(text.get(range(text, name(text))), Some(inner));
        }
    }
}
