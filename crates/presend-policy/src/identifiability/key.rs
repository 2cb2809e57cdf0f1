//! The words of a span, folded to the form in which tables hold their keys.

/// Longer names than any table holds.
const LIMIT: usize = 72;

/// The words of a span as lower-case ASCII with single spaces, in a buffer of its own.
///
/// Apostrophes are dropped, `&` is "and", whatever else is no letter or digit parts words, "saint" is "st" and a leading
/// "the" is dropped, as in `data/generate.py`. What is past the limit is left out, so that no table holds it.
pub(super) struct Key {
    bytes: [u8; LIMIT],
    len: usize,
}

impl Key {
    /// Folds text that is ASCII or came from `presend_text::Folded`; characters that are not ASCII part words.
    pub(super) fn of(text: &str) -> Self {
        let mut key = Self { bytes: [0; LIMIT], len: 0 };
        let mut word_start = 0;
        for byte in text.bytes() {
            match byte {
                b'\'' => {}
                b'&' => {
                    word_start = key.end_word(word_start);
                    for letter in *b"and" {
                        key.push(letter);
                    }
                    word_start = key.end_word(word_start);
                }
                _ if byte.is_ascii_alphanumeric() => key.push(byte.to_ascii_lowercase()),
                _ => word_start = key.end_word(word_start),
            }
        }
        key.end_word(word_start);
        key
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
    }

    /// Ends a word that started at `start`; gives where the next starts.
    fn end_word(&mut self, start: usize) -> usize {
        if self.bytes.get(start..self.len) == Some(b"saint".as_slice()) {
            self.len = start + 2;
            if let Some(word) = self.bytes.get_mut(start..self.len) {
                word.copy_from_slice(b"st");
            }
        }
        if self.len > start {
            self.push(b' ');
        }
        self.len
    }

    /// The key.
    pub(super) fn text(&self) -> &str {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        let text = std::str::from_utf8(bytes).unwrap_or_default().trim_end();
        match text.strip_prefix("the ") {
            Some(rest) => rest,
            None => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fold_as_the_generator_folds_them() {
        let cases = [
            ("Mousehole", "mousehole"),
            ("King's Lynn", "kings lynn"),
            ("Stoke-on-Trent ", "stoke on trent"),
            ("Saint Ives", "st ives"),
            ("the  Isle of Skye", "isle of skye"),
            ("Hammersmith & Fulham", "hammersmith and fulham"),
            ("A&E", "a and e"),
            ("", ""),
            ("...", ""),
            ("the", "the"),
            ("saint", "st"),
        ];
        for (words, folded) in cases {
            assert_eq!(Key::of(words).text(), folded, "{words}");
        }
        let long = "long ".repeat(40);
        assert!(Key::of(&long).text().len() <= LIMIT && long.starts_with(Key::of(&long).text()));
    }
}
