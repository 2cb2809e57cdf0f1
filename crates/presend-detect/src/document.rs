//! One message prepared for the recognisers: folded, split into tokens, looked up.

use std::fmt;

use presend_text::{Folded, Span};

use crate::cues::{Cue, Cues};
use crate::dictionary::{ClassSet, Dictionary};
use crate::token::{self, Case, Memo, Token, TokenKind};

/// A message as the recognisers see it, with buffers that are kept from message to message.
#[derive(Default)]
pub(crate) struct Document {
    folded: Folded,
    tokens: Vec<Token>,
    memo: Memo,
    classes: ClassSet,
    cues: Cues,
    has_digit: bool,
    has_at: bool,
    has_dot: bool,
    has_colons: bool,
    has_underscore: bool,
    titled: bool,
    shouts: bool,
}

impl Document {
    /// Prepares `original`, dropping what was held of the message before.
    pub(crate) fn prepare(&mut self, original: &str, dictionary: &Dictionary) {
        self.folded.fold_decoded_into(original);
        self.has_underscore = memchr::memchr(b'_', self.folded.text().as_bytes()).is_some();
        if self.has_underscore {
            self.folded.part_italics();
        }
        token::tokenise(original, &self.folded, dictionary, &mut self.memo, &mut self.tokens);
        (self.classes, self.cues) =
            self.tokens.iter().fold((ClassSet::default(), Cues::default()), |(classes, cues), token| {
                (classes.union(token.entry.classes()), cues.union(token.cues))
            });
        self.has_digit =
            self.tokens.iter().any(|token| matches!(token.kind, TokenKind::Number | TokenKind::Mixed));
        self.has_at = memchr::memchr(b'@', self.folded.text().as_bytes()).is_some();
        self.has_colons = memchr::memchr_iter(b':', self.folded.text().as_bytes()).nth(1).is_some();
        let dots = memchr::memchr(b'.', self.folded.text().as_bytes()).is_some();
        let dots = dots || self.cues.has(Cue::Spoken);
        self.has_dot = dots
            && self.tokens.windows(2).any(|pair| match pair {
                [mark, next] => {
                    mark.kind == TokenKind::Punct
                        && !mark.spaced
                        && !next.spaced
                        && matches!(next.kind, TokenKind::Word | TokenKind::Mixed)
                        && self.word(mark) == "."
                        || mark.is_word() && self.word(mark) == "dot"
                }
                _ => false,
            });
        let (mut upper, mut other) = (0, 0);
        let mut capital = 0;
        for token in self.tokens.iter().filter(|token| token.is_word() && token.len() > 2) {
            match token.case {
                Case::Upper => upper += 1,
                Case::Capital | Case::Mixed => {
                    capital += 1;
                    other += 1;
                }
                Case::Lower => other += 1,
            }
        }
        self.shouts = upper > 3 && upper > 2 * other;
        self.titled = capital > 5 && capital > 2 * (other - capital);
    }

    /// The folded text.
    pub(crate) fn text(&self) -> &str {
        self.folded.text()
    }

    /// The tokens, in order.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The folded text of a token, without a possessive.
    pub(crate) fn word(&self, token: &Token) -> &str {
        self.folded.text().get(token.range()).unwrap_or_default()
    }

    /// The folded text of the token at `index`, or nothing past either end.
    pub(crate) fn word_at(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| self.word(token))
    }

    /// The classes of all its words.
    pub(crate) fn classes(&self) -> ClassSet {
        self.classes
    }

    /// The cues that any of its words is.
    pub(crate) fn cues(&self) -> Cues {
        self.cues
    }

    /// The cues that the token at `index` is; none past either end.
    pub(crate) fn cues_at(&self, index: usize) -> Cues {
        self.tokens.get(index).map_or_else(Cues::default, |token| token.cues)
    }

    /// The hash of the token's text at `index`; that of nothing past either end.
    pub(crate) fn hash_at(&self, index: usize) -> u64 {
        self.tokens.get(index).map_or(0, |token| token.hash)
    }

    /// Whether the folded message holds a digit.
    pub(crate) fn has_digit(&self) -> bool {
        self.has_digit
    }

    /// Whether the message holds an `@`.
    pub(crate) fn has_at(&self) -> bool {
        self.has_at
    }

    /// Whether the message holds a full stop between letters or digits, or the word "dot".
    pub(crate) fn has_dot(&self) -> bool {
        self.has_dot
    }

    /// Whether the message holds two colons or more.
    pub(crate) fn has_colons(&self) -> bool {
        self.has_colons
    }

    /// Whether the message holds an underscore.
    pub(crate) fn has_underscore(&self) -> bool {
        self.has_underscore
    }

    /// Whether nearly every word bears a capital, as in a heading, so that capitals say little.
    pub(crate) fn titled(&self) -> bool {
        self.titled
    }

    /// Whether nearly all is in capitals, so that capitals say nothing.
    pub(crate) fn shouts(&self) -> bool {
        self.shouts
    }

    /// The original bytes of a folded range.
    pub(crate) fn original(&self, start: usize, end: usize) -> Span {
        self.folded.original_span(Span::new(start, end))
    }

    /// The folded range of original bytes.
    pub(crate) fn folded_span(&self, original: Span) -> Span {
        self.folded.folded_span(original)
    }

    /// The index of the first token that starts at or after the folded offset.
    pub(crate) fn token_from(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| (token.start as usize) < offset)
    }

    /// The text between two tokens; empty where one of them is not there.
    pub(crate) fn gap(&self, before: usize, after: usize) -> &str {
        let ends = self.tokens.get(before).zip(self.tokens.get(after));
        ends.and_then(|(before, after)| self.text().get(before.full_end as usize..after.start as usize))
            .unwrap_or_default()
    }

    /// Whether the token is in another field of a form than the one before it: a tab or three spaces part them, or two
    /// before a label, "Rao  Asst:". Two alone are a slip of the thumb.
    pub(crate) fn is_apart(&self, index: usize) -> bool {
        let gap = index.checked_sub(1).map_or("", |before| self.gap(before, index));
        gap.contains('\t') || gap.len() > 2 || gap.len() == 2 && self.word_at(index + 1) == ":"
    }

    /// Whether the token is the first of its line.
    pub(crate) fn starts_line(&self, index: usize) -> bool {
        index == 0 || self.tokens.get(index - 1).is_some_and(|token| token.kind == TokenKind::Newline)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("folded_len", &self.text().len())
            .field("tokens", &self.tokens.len())
            .finish_non_exhaustive()
    }
}
