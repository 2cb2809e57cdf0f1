use std::fmt;

use serde::{Deserialize, Serialize};

use crate::format::HealthNumbers;
use crate::{Purpose, ScopedKeys, StateError, Surrogates, SurrogatesState, days_for};

/// The key under which people are told apart.
fn link_key(keys: &ScopedKeys) -> [u8; 32] {
    keys.mac(Purpose::Link, &[b"people"])
}

/// A [`State`] as it is kept between runs, without its keys.
#[derive(Clone, Serialize, Deserialize)]
pub struct SavedState {
    surrogates: SurrogatesState,
    numbers: Vec<u8>,
    subject: Vec<u8>,
}

impl fmt::Debug for SavedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavedState").finish_non_exhaustive()
    }
}

/// What is kept from message to message of one conversation or archive, so that the same person and number get the same
/// stand-in throughout; and the keys in force.
#[derive(Clone, Default)]
pub struct State {
    pub(crate) surrogates: Surrogates,
    pub(crate) numbers: HealthNumbers,
    pub(crate) keys: Option<ScopedKeys>,
    /// Whose dates are being moved.
    subject: Vec<u8>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("surrogates", &self.surrogates)
            .field("numbers", &self.numbers)
            .field("has_keys", &self.keys.is_some())
            .finish()
    }
}

impl State {
    /// The start, without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The start, with keys for the operators that need them.
    #[must_use]
    pub fn with_keys(keys: ScopedKeys) -> Self {
        let surrogates = Surrogates::with_key(&link_key(&keys));
        Self { surrogates, keys: Some(keys), ..Self::default() }
    }

    /// The keys in force.
    #[must_use]
    pub const fn keys(&self) -> Option<&ScopedKeys> {
        self.keys.as_ref()
    }

    /// What has to be kept to go on later; it holds keyed hashes and invented values, no words of any message.
    #[must_use]
    pub fn save(&self) -> SavedState {
        SavedState {
            surrogates: self.surrogates.state(),
            numbers: self.numbers.to_bytes(),
            subject: self.subject.clone(),
        }
    }

    /// Goes on from what was kept, with the keys that it was made with.
    ///
    /// # Errors
    /// Fails where the state was made with other keys or another version of the program, or was changed.
    pub fn restore(saved: SavedState, keys: Option<ScopedKeys>) -> Result<Self, StateError> {
        let key = keys.as_ref().map(link_key).unwrap_or_default();
        Ok(Self {
            surrogates: Surrogates::restore(saved.surrogates, &key)?,
            numbers: HealthNumbers::from_bytes(&saved.numbers).unwrap_or_default(),
            keys,
            subject: saved.subject,
        })
    }

    /// Sets whose dates those that follow are, where the caller knows; dates of one subject move by the same days.
    ///
    /// Without it, all dates of the scope move together.
    pub fn set_subject(&mut self, subject: &[u8]) {
        self.subject = subject.to_vec();
    }

    /// By how many days dates move; `None` without keys.
    pub(crate) fn days(&self) -> Option<i32> {
        let key = self.keys.as_ref()?.mac(Purpose::Shift, &[b"days"]);
        Some(days_for(&key, &self.subject))
    }

    /// The surrogate of a sender of messages, such as `[PERSON 1]`: a name or a phone number as an export shows it.
    #[must_use]
    pub fn sender(&mut self, words: &str) -> String {
        self.surrogates.sender(words)
    }

    /// The surrogate of somebody called so in a text: of the sender of that very name, else of whom the name fits.
    #[must_use]
    pub fn mentioned(&mut self, words: &str) -> String {
        self.surrogates.mentioned(words)
    }

    /// How many different identifiers have a numbered stand-in.
    #[must_use]
    pub fn surrogates(&self) -> usize {
        self.surrogates.len()
    }
}
