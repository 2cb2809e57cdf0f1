//! Whole context words before and after a candidate.

use crate::dictionary::hash;
use crate::document::Document;
use crate::token::TokenKind;

/// A set of context phrases, each of one or more whole words.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    /// The hashes of the words of each phrase, sorted by the first.
    phrases: Vec<Vec<u64>>,
}

impl Phrases {
    pub(crate) fn new(phrases: &[&str]) -> Self {
        let words =
            |phrase: &&str| phrase.split_ascii_whitespace().map(|word| hash::word(word.as_bytes())).collect();
        let mut phrases: Vec<Vec<u64>> = phrases.iter().map(words).collect();
        phrases.sort_unstable();
        Self { phrases }
    }

    /// How many tokens the longest phrase that starts at the token covers.
    pub(crate) fn len_at(&self, document: &Document, index: usize) -> Option<usize> {
        let word = document.tokens().get(index)?.hash;
        let from = self.phrases.partition_point(|phrase| phrase.first().is_some_and(|first| *first < word));
        self.phrases
            .get(from..)?
            .iter()
            .take_while(|phrase| phrase.first() == Some(&word))
            .filter(|phrase| {
                let following = document.tokens().get(index..).unwrap_or_default();
                phrase.len() <= following.len()
                    && phrase.iter().zip(following).all(|(part, token)| token.hash == *part)
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
    ///
    /// What stands in square brackets is one word without a meaning, as `[WARD/BED]` is in a text that was minimised.
    pub(crate) fn after(&self, document: &Document, index: usize, window: usize) -> Option<usize> {
        if self.phrases.is_empty() {
            return None;
        }
        let mut distance = 0;
        let mut is_bracketed = false;
        for (at, token) in document.tokens().iter().enumerate().skip(index) {
            match token.kind {
                TokenKind::Newline => return None,
                TokenKind::Punct => match document.word(token) {
                    "[" => {
                        is_bracketed = true;
                        distance += 1;
                    }
                    "]" => is_bracketed = false,
                    _ => {}
                },
                _ if is_bracketed => {}
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
