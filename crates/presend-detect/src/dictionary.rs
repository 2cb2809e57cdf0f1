//! The dictionary: what is known of a word by itself, and the phrases of more than one word.
//!
//! Word lists from registry packages and lists written for this project (`dictionaries/`, whose README says where each
//! comes from) are compiled into one file that is part of the program. Nothing is unpacked or allocated when the program
//! starts: a look-up hashes the word and reads the file's bytes where they lie.
//!
//! Words and phrases are looked up **folded**: as [`presend_text::Folded`] writes them, in lower case, without accents and
//! with `'` for every apostrophe. A word is a run of letters and digits with apostrophes between letters; everything else
//! divides words. So `x-ray` and `A&E` are phrases of two words, and `Stow-on-the-Wold` is the same phrase with hyphens
//! as with spaces.
//!
//! Phrases lie in a hash table of their own, by the hash of their words so far, and each beginning of a phrase lies there
//! too. A search goes on only while the words so far begin some phrase, and starts only at words of
//! [`Class::PhraseStart`], so that it costs next to nothing beside the look-up of the words. An Aho-Corasick automaton
//! over the same phrases was measured against it and given up: see the README for the figures.

mod class;
#[cfg(feature = "dictionary-compiler")]
pub mod compile;
pub(crate) mod hash;
mod table;

pub use class::{Class, ClassSet, Entry};

use table::{Filter, View};

/// A phrase that starts at some word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    words: usize,
    classes: ClassSet,
}

impl Phrase {
    /// How many words the phrase has: two or more.
    #[must_use]
    pub const fn words(self) -> usize {
        self.words
    }

    /// The classes the phrase is listed as.
    #[must_use]
    pub const fn classes(self) -> ClassSet {
        self.classes
    }

    /// Whether the phrase is listed as the class.
    #[must_use]
    pub const fn has(self, class: Class) -> bool {
        self.classes.has(class)
    }
}

/// The word and phrase lists of the program.
///
/// ```
/// use presend_detect::dictionary::{Class, Dictionary};
///
/// let dictionary = Dictionary::embedded();
/// let mark = dictionary.lookup("mark");
/// assert!(mark.has(Class::Ordinary) && mark.given() == 3);
///
/// let phrase = dictionary.phrase_at("stow on the wold today".split(' '));
/// assert_eq!(phrase.map(|phrase| (phrase.words(), phrase.has(Class::Place))), Some((4, true)));
/// ```
#[derive(Clone, Copy)]
pub struct Dictionary {
    view: View<'static>,
    phrases: &'static Filter,
}

/// The compiled lists, `words.bin`.
static WORDS: &[u8] = include_bytes!("../dictionaries/words.bin");

const VIEW: View<'static> = match View::parse(WORDS) {
    Some(view) => view,
    None => View::EMPTY,
};

static PHRASES: Filter = Filter::of(VIEW);

static EMBEDDED: Dictionary = Dictionary { view: VIEW, phrases: &PHRASES };

// With the compiler built in, the crate has to build in spite of a `words.bin` of another layout, to write the new one.
#[cfg(not(feature = "dictionary-compiler"))]
const _: () = assert!(
    View::parse(WORDS).is_some(),
    "dictionaries/words.bin is damaged or of another version: recompile it"
);

impl Dictionary {
    /// The dictionary that is part of the program. Costs nothing.
    #[must_use]
    pub const fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// What the dictionary says of a folded word; the empty entry where it lacks the word.
    ///
    /// The table keeps 32 bits of each word's hash, so a word that is in no list gets the entry of another with a
    /// probability of about one in 700 million.
    #[must_use]
    #[inline]
    pub fn lookup(&self, word: &str) -> Entry {
        self.view.word(hash::word(word.as_bytes()))
    }

    /// Like [`Dictionary::lookup`], by the word's hash.
    #[inline]
    pub(crate) fn lookup_hash(&self, hash: u64) -> Entry {
        self.view.word(hash)
    }

    /// The longest phrase that starts with the first of these folded words, if any does.
    ///
    /// Takes the words that follow each other in a text, and reads on only while they may be a phrase. The caller ends
    /// the words where no phrase can go on: at a line break or a full stop. A word's possessive `'s` makes no difference.
    /// Ask only at a word whose entry has [`Class::PhraseStart`]: no phrase starts anywhere else.
    #[must_use]
    pub fn phrase_at<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Option<Phrase> {
        self.phrase_of(words.into_iter().map(|word| (word, hash::word(word.as_bytes()))))
    }

    /// Like [`Dictionary::phrase_at`], of words with their hashes.
    pub(crate) fn phrase_of<'w>(&self, mut words: impl Iterator<Item = (&'w str, u64)>) -> Option<Phrase> {
        let mut key = phrase_word(words.next()?);
        let mut longest = None;
        for (count, word) in (2..).zip(words) {
            key = hash::longer(key, phrase_word(word));
            if !self.phrases.may_hold(key) {
                break;
            }
            let Some(entry) = self.view.phrase(key) else { break };
            if entry.is_whole_phrase() {
                longest = Some(Phrase { words: count, classes: entry.classes() });
            }
            if !entry.starts_longer_phrase() {
                break;
            }
        }
        longest
    }

    /// How many words the dictionary has.
    #[must_use]
    pub const fn word_count(&self) -> usize {
        self.view.word_count() as usize
    }

    /// How many phrases the dictionary has.
    #[must_use]
    pub const fn phrase_count(&self) -> usize {
        self.view.phrase_count() as usize
    }
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary")
            .field("words", &self.word_count())
            .field("phrases", &self.phrase_count())
            .finish()
    }
}

/// The hash of a word of a phrase without its possessive, given that of the whole word.
#[inline]
fn phrase_word((word, whole): (&str, u64)) -> u64 {
    word.strip_suffix("'s").map_or(whole, |word| hash::word(word.as_bytes()))
}
