//! Splits text into runs of letters and runs of digits, with what stands between them.

use presend_text::{Folded, Span};

/// What stands between two pieces: any of these, and nothing where they touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap(u8);

impl Gap {
    const SPACE: u8 = 1;
    const HYPHEN: u8 = 1 << 1;
    const DOT: u8 = 1 << 2;
    const COMMA: u8 = 1 << 3;
    const SLASH: u8 = 1 << 4;
    /// Parentheses, and the plus sign of a phone number.
    const PARENTHESIS: u8 = 1 << 5;
    /// Underscores, asterisks, apostrophes and other marks that mean nothing here.
    const MARK: u8 = 1 << 6;
    /// A line break, a mark that ends a thought, or more than a few characters.
    const BREAK: u8 = 1 << 7;
    const LONGEST: usize = 4;

    fn of(text: &str) -> Self {
        if text.len() > Self::LONGEST {
            return Self(Self::BREAK);
        }
        Self(text.bytes().fold(0, |gap, byte| {
            gap | match byte {
                b' ' | b'\t' => Self::SPACE,
                b'-' => Self::HYPHEN,
                b'.' => Self::DOT,
                b',' => Self::COMMA,
                b'/' => Self::SLASH,
                b'(' | b')' | b'+' => Self::PARENTHESIS,
                b'_' | b'*' | b'\'' | b'"' | b'~' => Self::MARK,
                _ => Self::BREAK,
            }
        }))
    }

    const fn is_within(self, allowed: u8) -> bool {
        self.0 & !allowed == 0
    }

    /// Whether the pieces touch.
    pub(super) const fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// Whether the parts of one name may stand so: `van der Berg`, `Smith-Jones`, `O' Neil`.
    pub(super) const fn is_in_name(self) -> bool {
        self.is_within(Self::SPACE | Self::HYPHEN | Self::MARK) && !self.is_nothing()
    }

    /// Whether a given name and a family name may stand so, in either order.
    pub(super) const fn is_between_names(self) -> bool {
        self.is_within(Self::SPACE | Self::HYPHEN | Self::MARK | Self::DOT | Self::COMMA | Self::SLASH)
            && !self.is_nothing()
    }

    /// Whether the groups of one number may stand so: `999 123-4567`, `(0117) 496 0000`.
    pub(super) const fn is_in_number(self) -> bool {
        self.is_within(Self::SPACE | Self::HYPHEN | Self::DOT | Self::PARENTHESIS)
    }

    /// Whether the parts of one date may stand so.
    pub(super) const fn is_in_date(self) -> bool {
        self.is_within(Self::SPACE | Self::HYPHEN | Self::DOT | Self::COMMA | Self::SLASH | Self::MARK)
    }

    /// Whether nothing that ends a thought stands here.
    pub(super) const fn is_loose(self) -> bool {
        self.0 & Self::BREAK == 0
    }
}

/// A run of letters or of digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// In the folded text.
    start: usize,
    end: usize,
    /// In the characters of all pieces.
    from: usize,
    to: usize,
    pub(super) is_digits: bool,
    /// What stands before it.
    pub(super) gap: Gap,
}

impl Piece {
    /// The length in bytes, without apostrophes.
    pub(super) const fn len(&self) -> usize {
        self.to - self.from
    }
}

/// A text in pieces, with buffers that can be used again.
#[derive(Default)]
pub(super) struct Pieces {
    folded: Folded,
    /// The characters of all pieces, without what stands between and without apostrophes in words.
    characters: String,
    pieces: Vec<Piece>,
}

impl Pieces {
    pub(super) fn new(text: &str) -> Self {
        let mut pieces = Self::default();
        pieces.fill(text);
        pieces
    }

    /// Splits another text.
    pub(super) fn fill(&mut self, text: &str) {
        self.folded.fold_into(text);
        self.characters.clear();
        self.pieces.clear();
        let text = self.folded.text();
        let bytes = text.as_bytes();
        let (mut at, mut gap_from) = (0, 0);
        while let Some(&byte) = bytes.get(at) {
            let from = self.characters.len();
            let start = at;
            let is_digits = byte.is_ascii_digit();
            if is_digits {
                at += bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
                self.characters.push_str(text.get(start..at).unwrap_or_default());
            } else {
                while let Some(len) = letter(text, at) {
                    let next = at + len;
                    self.characters.push_str(text.get(at..next).unwrap_or_default());
                    at = next;
                    // An apostrophe between letters is within the word, unless it is a possessive's.
                    if bytes.get(at) == Some(&b'\'')
                        && letter(text, at + 1).is_some()
                        && !(bytes.get(at + 1) == Some(&b's') && letter(text, at + 2).is_none())
                    {
                        at += 1;
                    }
                }
            }
            if at == start {
                at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                continue;
            }
            let to = self.characters.len();
            let gap = Gap::of(text.get(gap_from..start).unwrap_or_default());
            self.pieces.push(Piece { start, end: at, from, to, is_digits, gap });
            if bytes.get(at..at + 2) == Some(b"'s") && letter(text, at + 2).is_none() {
                at += 2;
            }
            gap_from = at;
        }
    }

    pub(super) fn list(&self) -> &[Piece] {
        &self.pieces
    }

    pub(super) fn get(&self, index: usize) -> Option<&Piece> {
        self.pieces.get(index)
    }

    /// The characters of the pieces from `first` to `last`, joined; empty where there are no such pieces.
    pub(super) fn joined(&self, first: usize, last: usize) -> &str {
        match (self.pieces.get(first), self.pieces.get(last)) {
            (Some(first), Some(last)) => self.characters.get(first.from..last.to).unwrap_or_default(),
            _ => "",
        }
    }

    /// The characters of one piece.
    pub(super) fn text(&self, index: usize) -> &str {
        self.joined(index, index)
    }

    /// One piece as the folded text has it, with its apostrophes.
    pub(super) fn folded(&self, index: usize) -> &str {
        self.pieces
            .get(index)
            .and_then(|piece| self.folded.text().get(piece.start..piece.end))
            .unwrap_or_default()
    }

    /// The bytes of the original from the start of one piece to the end of another.
    pub(super) fn original(&self, first: usize, last: usize) -> Span {
        match (self.pieces.get(first), self.pieces.get(last)) {
            (Some(first), Some(last)) => self.folded.original_span(Span::new(first.start, last.end)),
            _ => Span::default(),
        }
    }

    /// Whether the pieces from `first` to `last` are all letters, and each gap between them passes.
    pub(super) fn are_letters(&self, first: usize, last: usize, gap: impl Fn(Gap) -> bool) -> bool {
        self.pieces.get(first..=last).is_some_and(|pieces| {
            pieces.iter().enumerate().all(|(index, piece)| !piece.is_digits && (index == 0 || gap(piece.gap)))
        })
    }
}

/// The length of the letter at `at`, if one is there.
fn letter(text: &str, at: usize) -> Option<usize> {
    match text.as_bytes().get(at)? {
        b'a'..=b'z' => Some(1),
        0..=0x7f => None,
        _ => text.get(at..)?.chars().next().filter(|c| c.is_alphabetic()).map(char::len_utf8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        let pieces = Pieces::new(text);
        (0..pieces.list().len())
            .map(|index| {
                let span = pieces.original(index, index);
                assert!(span.of(text).is_some_and(|part| !part.is_empty()), "{text:?}");
                pieces.text(index).to_owned()
            })
            .collect()
    }

    #[test]
    fn letters_and_digits_part() {
        assert_eq!(
            split("Mrs O\u{2019}Neil's NHS no:999 123-4567"),
            ["mrs", "oneil", "nhs", "no", "999", "123", "4567"]
        );
        assert_eq!(split("K204417 d'Souza' 'quoted' ½ naïve"), ["k", "204417", "dsouza", "quoted", "naive"]);
        assert_eq!(split("''s s's 's"), ["s", "s", "s"]);
        assert_eq!(split("Дарья 李雷"), ["дарья", "李雷"]);
        assert_eq!(split(" \u{200b}-"), [""; 0]);
    }

    #[test]
    fn gaps_are_told_apart() {
        let pieces = Pieces::new("a b-c, d/e\nf: g....h(i)jÿ1");
        let gaps: Vec<Gap> = pieces.list().iter().map(|piece| piece.gap).collect();
        assert!(gaps[1].is_in_name() && gaps[2].is_in_name() && gaps[2].is_in_number());
        assert!(!gaps[3].is_in_name() && gaps[3].is_between_names());
        assert!(gaps[4].is_in_date() && !gaps[4].is_in_number());
        assert!(!gaps[5].is_loose() && !gaps[5].is_between_names());
        assert!(!gaps[6].is_loose());
        assert!(gaps[7].is_loose() && gaps[8].is_in_number());
        assert!(gaps.last().is_some_and(|gap| gap.is_nothing() && !gap.is_between_names()));
    }

    proptest::proptest! {
        #[test]
        fn takes_any_text(text in proptest::prelude::any::<String>()) {
            split(&text);
        }
    }
}
