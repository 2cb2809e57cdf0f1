//! The words and figures of a span, folded, with where they stand in it.

use presend_text::{Folded, Span};

/// Longest span, in bytes, that is read at all: the longest date that people say has some seventy letters.
const LONGEST: usize = 200;

/// A span's words as written and folded.
pub(crate) struct Text<'w> {
    words: &'w str,
    folded: Folded,
}

/// A run of letters or of digits.
#[derive(Clone, Copy)]
pub(crate) struct Token<'t> {
    /// Folded.
    pub(crate) text: &'t str,
    /// In the folded text.
    pub(crate) span: Span,
    pub(crate) digits: bool,
}

impl Token<'_> {
    /// The value of up to nine digits.
    pub(crate) fn value(&self) -> Option<u32> {
        (self.digits && self.text.len() <= 9).then(|| self.text.parse().ok())?
    }
}

impl<'w> Text<'w> {
    /// Folds the words; `None` where they are too long to be a single value.
    pub(crate) fn new(words: &'w str) -> Option<Self> {
        (words.len() <= LONGEST).then(|| Self { words, folded: Folded::new(words) })
    }

    pub(crate) fn folded(&self) -> &str {
        self.folded.text()
    }

    /// The words as written under a span of the folded text.
    pub(crate) fn written(&self, folded: Span) -> Option<&'w str> {
        self.original(folded).of(self.words)
    }

    /// Where a span of the folded text stands in the words as written.
    pub(crate) fn original(&self, folded: Span) -> Span {
        self.folded.original_span(folded)
    }

    /// The folded text between two folded offsets.
    pub(crate) fn between(&self, start: usize, end: usize) -> &str {
        self.folded().get(start..end).unwrap_or_default()
    }

    /// Runs of letters (with apostrophes inside them) and runs of digits, in order.
    ///
    /// An ordinal's ending is a token of its own although a month may be joined to it: `22ndjune`.
    pub(crate) fn tokens(&self) -> Vec<Token<'_>> {
        let text = self.folded();
        let mut tokens: Vec<Token<'_>> = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let first = rest.chars().next().unwrap_or_default();
            let digits = first.is_ascii_digit();
            let mut len = if digits {
                rest.bytes().take_while(u8::is_ascii_digit).count()
            } else if first.is_alphabetic() {
                letters(rest)
            } else {
                at += first.len_utf8();
                continue;
            };
            let joined = tokens.last().is_some_and(|last| last.digits && last.span.end() == at);
            if !digits && joined && is_ordinal_ending(rest.get(..2).unwrap_or_default()) {
                len = 2;
            }
            let token = rest.get(..len).unwrap_or_default();
            tokens.push(Token { text: token, span: Span::new(at, at + len), digits });
            at += len.max(1);
        }
        tokens
    }
}

/// How many bytes of letters, and apostrophes between letters, the text starts with.
fn letters(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside =
            c == '\'' && at > 0 && chars.peek().is_some_and(|(_, following)| following.is_alphabetic());
        if !c.is_alphabetic() && !inside {
            return at;
        }
    }
    text.len()
}

/// Whether the word is the ending of an ordinal in figures.
pub(crate) fn is_ordinal_ending(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th")
}

/// How words are cased, so that others can be written alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// `third of march`
    Lower,
    /// `Third`, `Twenty third`
    First,
    /// `Twenty Third`
    Each,
    /// `MAR`
    Upper,
}

impl Case {
    /// How the words are cased; a mixture counts as lower case.
    pub(crate) fn of(words: &str) -> Self {
        let upper = words.chars().filter(|c| c.is_uppercase()).count();
        let lower = words.chars().filter(|c| c.is_lowercase()).count();
        let starts: Vec<bool> = words
            .split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '\u{2019}'))
            .filter_map(|word| word.chars().next().map(char::is_uppercase))
            .collect();
        if upper > 1 && lower == 0 {
            Self::Upper
        } else if starts.len() > 1 && starts.len() == upper && starts.iter().all(|start| *start) {
            Self::Each
        } else if upper == 1 && starts.first() == Some(&true) {
            Self::First
        } else {
            Self::Lower
        }
    }

    /// Writes lower-case words so.
    pub(crate) fn apply(self, words: &str) -> String {
        match self {
            Self::Lower => words.to_owned(),
            Self::Upper => words.to_uppercase(),
            Self::First | Self::Each => {
                let mut start = true;
                words
                    .chars()
                    .map(|c| {
                        let wanted = start && c.is_alphabetic();
                        start = self == Self::Each && !c.is_alphanumeric() || start && !wanted;
                        if wanted { c.to_ascii_uppercase() } else { c }
                    })
                    .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_letters_and_digits_are_parted() {
        let text = Text::new("22ndJune '94, St Patrick\u{2019}s 3y4m").expect("short");
        let words: Vec<&str> = text.tokens().iter().map(|token| token.text).collect();
        assert_eq!(words, ["22", "nd", "june", "94", "st", "patrick's", "3", "y", "4", "m"]);
        assert!(Text::new(&"a".repeat(201)).is_none());
    }

    #[test]
    fn case_is_read_and_written() {
        for (words, case, written) in [
            ("march", Case::Lower, "twenty first"),
            ("March", Case::First, "Twenty first"),
            ("Twenty Third", Case::Each, "Twenty First"),
            ("MAR", Case::Upper, "TWENTY FIRST"),
            ("mAr", Case::Lower, "twenty first"),
            ("", Case::Lower, "twenty first"),
        ] {
            assert_eq!(Case::of(words), case, "{words}");
            assert_eq!(case.apply("twenty first"), written);
        }
    }
}
