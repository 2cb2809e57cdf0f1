//! Whole context words before and after a candidate.

use std::collections::BTreeMap;

use crate::dictionary::hash;
use crate::document::Document;
use crate::spec::{ContextSpec, DETECTORS};
use crate::token::TokenKind;

/// Which detectors, by number, may have a context phrase for them or against them in one message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Present {
    support: u128,
    against: u128,
}

impl Present {
    /// Whether a phrase that speaks for the detector may be there.
    pub(crate) fn supports(self, detector: usize) -> bool {
        self.support >> detector & 1 == 1
    }

    /// Whether a phrase that speaks against the detector may be there.
    pub(crate) fn opposes(self, detector: usize) -> bool {
        self.against >> detector & 1 == 1
    }
}

// A bit for each of them.
const _: () = assert!(DETECTORS.len() <= u128::BITS as usize);

/// The first words of all context phrases. Most messages hold none of a detector's, which settles at once what candidates
/// that need one come to.
pub(crate) struct Index {
    /// The words' hashes, each in the first slot of its probe that was free; 0 where a slot still is.
    words: Vec<u64>,
    /// Whose phrases the word of the same slot begins.
    present: Vec<Present>,
}

impl Index {
    pub(crate) fn new() -> Self {
        let mut words: BTreeMap<u64, Present> = BTreeMap::new();
        for (number, detector) in DETECTORS.iter().enumerate() {
            let bit = 1 << number;
            let ContextSpec { before, after, against, .. } = &detector.context;
            for phrase in before.iter().chain(*after) {
                words.entry(first(phrase)).or_default().support |= bit;
            }
            for phrase in *against {
                words.entry(first(phrase)).or_default().against |= bit;
            }
        }
        let slots = (2 * words.len()).next_power_of_two();
        let mut index = Self { words: vec![0; slots], present: vec![Present::default(); slots] };
        for (word, present) in words {
            let free = index.probe(word).find(|at| index.words.get(*at) == Some(&0));
            if let Some(at) = free
                && let (Some(slot), Some(held)) = (index.words.get_mut(at), index.present.get_mut(at))
            {
                (*slot, *held) = (word, present);
            }
        }
        index
    }

    /// The slots in which the word may be, in order.
    fn probe(&self, word: u64) -> impl Iterator<Item = usize> + use<> {
        let slots = self.words.len();
        (0..slots).map(move |step| (word as usize).wrapping_add(step) & (slots - 1))
    }

    /// Whose phrases the message's words begin.
    pub(crate) fn of(&self, document: &Document) -> Present {
        let mut all = Present::default();
        for token in document.tokens() {
            let held = self.probe(token.hash).find_map(|at| match self.words.get(at) {
                Some(word) if *word == token.hash => Some(self.present.get(at).copied()),
                Some(0) | None => Some(None),
                Some(_) => None,
            });
            if let Some(present) = held.flatten() {
                all.support |= present.support;
                all.against |= present.against;
            }
        }
        all
    }
}

/// The hash of a phrase's first word.
fn first(phrase: &str) -> u64 {
    hash::word(phrase.split_ascii_whitespace().next().unwrap_or_default().as_bytes())
}

/// The most tokens in square brackets that are taken for one word.
const BRACKETED: usize = 12;

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

    /// How many tokens the longest phrase that starts at the token covers. A full stop may stand behind a single letter: "n i
    /// no" is "N.I. No" too.
    pub(crate) fn len_at(&self, document: &Document, index: usize) -> Option<usize> {
        let word = document.tokens().get(index)?.hash;
        let from = self.phrases.partition_point(|phrase| phrase.first().is_some_and(|first| *first < word));
        self.phrases
            .get(from..)?
            .iter()
            .take_while(|phrase| phrase.first() == Some(&word))
            .filter_map(|phrase| {
                let mut at = index;
                for part in phrase {
                    let letter = at > index && document.tokens().get(at - 1)?.len() == 1;
                    if letter && document.word_at(at) == "." {
                        at += 1;
                    }
                    if document.tokens().get(at)?.hash != *part {
                        return None;
                    }
                    at += 1;
                }
                Some(at - index)
            })
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
    /// What stands in square brackets is one word without a meaning, as `[WARD/BED]` is in a text that was minimised; a
    /// bracket that is not closed soon is a mark like any other.
    pub(crate) fn after(&self, document: &Document, index: usize, window: usize) -> Option<usize> {
        if self.phrases.is_empty() {
            return None;
        }
        let mut distance = 0;
        let mut at = index;
        while let Some(token) = document.tokens().get(at) {
            let mut next = at + 1;
            match token.kind {
                TokenKind::Newline => return None,
                TokenKind::Punct => {
                    let on_line = |at: &usize| {
                        document.tokens().get(*at).is_some_and(|token| token.kind != TokenKind::Newline)
                    };
                    let closes = |at: &usize| document.word_at(*at) == "]";
                    if document.word(token) == "["
                        && let Some(end) = (next..=next + BRACKETED).take_while(on_line).find(closes)
                    {
                        distance += 1;
                        next = end + 1;
                    }
                    if distance >= window {
                        return None;
                    }
                }
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
            at = next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn what_is_in_brackets_is_one_word() {
        let mut document = Document::default();
        let mut after = |text: &str| {
            document.prepare(text, Dictionary::embedded());
            Phrases::new(&["fall"]).after(&document, 0, 2)
        };
        assert_eq!(after("[WARD/BED] fall"), Some(2));
        assert_eq!(after("[fall] seen"), None);
        assert_eq!(after("[seen fall"), Some(2));
        assert_eq!(after("[[[ seen fall"), Some(2));
        // Looked for over the whole line, the end of a bracket takes time with the square of the text.
        assert_eq!(after(&format!("[seen fall {}]", "and ".repeat(40))), Some(2));
    }

    #[test]
    fn no_phrase_that_is_found_is_ruled_out() {
        let index = Index::new();
        let mut document = Document::default();
        // Whether the phrase is found in a text of its own, and whose phrases the index says there are.
        let mut look = |phrase: &str| {
            document.prepare(phrase, Dictionary::embedded());
            let found = Phrases::new(&[phrase]).len_at(&document, 0).is_some();
            (found, index.of(&document))
        };
        let (mut found, mut all) = (0, 0);
        for (number, detector) in DETECTORS.iter().enumerate() {
            let ContextSpec { before, after, against, .. } = &detector.context;
            let supporting = before.iter().chain(*after).map(|phrase| (phrase, true));
            for (phrase, supports) in supporting.chain(against.iter().map(|phrase| (phrase, false))) {
                let (is_found, present) = look(phrase);
                all += 1;
                if is_found {
                    found += 1;
                    let told = if supports { present.supports(number) } else { present.opposes(number) };
                    assert!(told, "{}: {phrase}", detector.id);
                }
            }
        }
        // Some words are taken apart as two names.
        assert!(found * 100 > all * 98, "{found} of {all}");
        let (_, none) = look("zyzzyva");
        assert!((0..DETECTORS.len()).all(|number| !none.supports(number) && !none.opposes(number)));
    }
}
