//! Whole context words before and after a candidate.

use crate::document::Document;
use crate::token::TokenKind;

/// A set of context phrases, each of one or more whole words.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    /// The words of each phrase, sorted by the first word.
    phrases: Vec<Vec<&'static str>>,
}

impl Phrases {
    pub(crate) fn new(phrases: &[&'static str]) -> Self {
        let mut phrases: Vec<Vec<&'static str>> =
            phrases.iter().map(|phrase| phrase.split_ascii_whitespace().collect()).collect();
        phrases.sort_unstable();
        Self { phrases }
    }

    /// How many tokens the longest phrase that starts at the token covers.
    pub(crate) fn len_at(&self, document: &Document, index: usize) -> Option<usize> {
        let word = document.word_at(index);
        let from = self.phrases.partition_point(|phrase| phrase.first().is_some_and(|first| *first < word));
        self.phrases[from..]
            .iter()
            .take_while(|phrase| phrase.first() == Some(&word))
            .filter(|phrase| {
                phrase.iter().enumerate().all(|(offset, part)| document.word_at(index + offset) == *part)
            })
            .map(Vec::len)
            .max()
    }

    /// The distance in words from the candidate to the nearest phrase that ends before it.
    ///
    /// Looks at `window` words of the same line, or of the line above where the candidate starts its own line.
    pub(crate) fn before(&self, document: &Document, index: usize, window: usize) -> Option<usize> {
        if self.phrases.is_empty() {
            return None;
        }
        let mut distance = 0;
        let mut at = index;
        let mut crossed = false;
        while at > 0 && distance < window {
            at -= 1;
            let token = &document.tokens()[at];
            match token.kind {
                TokenKind::Newline if crossed || at + 1 < index => return None,
                TokenKind::Newline => crossed = true,
                TokenKind::Punct => {}
                _ => {
                    distance += 1;
                    if self.len_at(document, at).is_some_and(|len| at + len <= index) {
                        return Some(distance);
                    }
                }
            }
        }
        None
    }

    /// The distance in words from the candidate's end to the nearest phrase that starts after it on the same line.
    pub(crate) fn after(&self, document: &Document, index: usize, window: usize) -> Option<usize> {
        if self.phrases.is_empty() {
            return None;
        }
        let mut distance = 0;
        for (at, token) in document.tokens().iter().enumerate().skip(index) {
            match token.kind {
                TokenKind::Newline => return None,
                TokenKind::Punct => {}
                _ => {
                    distance += 1;
                    if distance > window {
                        return None;
                    }
                    if self.len_at(document, at).is_some() {
                        return Some(distance);
                    }
                }
            }
        }
        None
    }
}
